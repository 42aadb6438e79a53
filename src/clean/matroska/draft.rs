//! Drafts the clean file from what a survey found: head, Info, Tracks, Cues, Clusters, and nothing else.

use super::cluster::Walk;
use super::group::bytes_or_copy;
use super::survey::{Cluster, Survey};
use super::{id, write};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Refusal};

/// Bytes of Segment's identifier and size, which is written in eight bytes always.
const SEGMENT_HEAD: [u8; 5] = [0x18, 0x53, 0x80, 0x67, 0x01];

/// The clean file, and what its samples give away besides.
pub(super) fn draft(cursor: &mut Cursor<'_>, survey: &mut Survey) -> Result<Plan, Refusal> {
    let offset = survey.times.offset();
    let info = survey.info.to_bytes(survey.times.duration());
    let tracks = survey.tracks.to_bytes();
    let front = len(&info).saturating_add(len(&tracks));
    let cues = cues(survey, front, offset);
    tell_cues(cursor, survey, &cues)?;
    let clusters = survey.clusters.iter().fold(0_u64, |sum, cluster| sum.saturating_add(whole_len(cluster, offset)));
    let body_len = front.saturating_add(len(&cues)).saturating_add(clusters);

    let mut plan = Plan::default();
    plan.bytes(survey.doc_type.to_bytes())?;
    plan.bytes(&SEGMENT_HEAD)?;
    plan.bytes(body_len.to_be_bytes().get(1..).unwrap_or_default())?;
    for bytes in [&info, &tracks, &cues] {
        plan.bytes(bytes)?;
    }
    let walk = Walk { tracks: &survey.tracks, scale: survey.info.scale };
    for cluster in &survey.clusters {
        // Told by the survey already, all but what samples say.
        let mut told = Findings::default();
        let findings = &mut survey.findings;
        let mut head = Some(cluster_head(cluster, offset));
        walk.blocks(cursor, cluster.extent, &mut told, &mut |cursor, _, kept| {
            if let Some(head) = head.take() {
                let place =
                    kept.first_frame_at().and_then(|at| at.checked_sub(kept.head_len())?.checked_sub(len(&head)));
                bytes_or_copy(cursor, &mut plan, &head, place)?;
            }
            match survey.tracks.kept.get(kept.track) {
                Some(track) => kept.draft(cursor, track, &mut plan, findings),
                None => Ok(()),
            }
        })?;
    }
    Ok(plan)
}

/// Identifier, size and Timestamp of a Cluster.
fn cluster_head(cluster: &Cluster, offset: u64) -> Vec<u8> {
    let timestamp = write::uint(id::TIMESTAMP, cluster.timestamp.saturating_sub(offset));
    let mut head = write::head(id::CLUSTER, len(&timestamp).saturating_add(cluster.blocks_len));
    head.extend(timestamp);
    head
}

fn whole_len(cluster: &Cluster, offset: u64) -> u64 {
    len(&cluster_head(cluster, offset)).saturating_add(cluster.blocks_len)
}

/// Cues, which stand behind `front` bytes of the Segment. A position has eight bytes, so that the length of Cues does
/// not depend on what they say.
fn cues(survey: &Survey, front: u64, offset: u64) -> Vec<u8> {
    let track = u64::try_from(survey.tracks.cued()).unwrap_or(0).saturating_add(1);
    let all = |positions: &[u64]| -> Vec<u8> {
        let point = |cue: &super::survey::Cue| {
            let time = u64::try_from(cue.time.saturating_sub_unsigned(offset)).unwrap_or(0);
            let position = positions.get(cue.cluster).copied().unwrap_or(0);
            let mut place = write::uint(id::CUE_TRACK, track);
            place.extend(write::element(id::CUE_CLUSTER_POSITION, &position.to_be_bytes()));
            let mut body = write::uint(id::CUE_TIME, time);
            body.extend(write::element(id::CUE_TRACK_POSITIONS, &place));
            write::element(id::CUE_POINT, &body)
        };
        let points: Vec<u8> = survey.cues.iter().flat_map(point).collect();
        if points.is_empty() { points } else { write::element(id::CUES, &points) }
    };
    let mut at = front.saturating_add(len(&all(&[])));
    let mut positions = Vec::with_capacity(survey.clusters.len());
    for cluster in &survey.clusters {
        positions.push(at);
        at = at.saturating_add(whole_len(cluster, offset));
    }
    all(&positions)
}

/// Says that Cues are others than before, if so.
fn tell_cues(cursor: &mut Cursor<'_>, survey: &mut Survey, cues: &[u8]) -> Result<(), Refusal> {
    let Some(before) = survey.cues_before else { return Ok(()) };
    let is_as_long = before.end().saturating_sub(before.at) == len(cues);
    cursor.go_to(before.at, "Cues")?;
    if !is_as_long || cursor.bytes(cues.len(), "Cues")? != cues {
        survey.findings.removed(Category::Software, "Cues");
    }
    Ok(())
}

fn len(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

//! Reads a file once, from front to back: what is kept, how long it will be, and what all else gives away. Hops over
//! frames, and keeps of Clusters no more than where they are.

use super::cluster::{Extent, Walk};
use super::head::DocType;
use super::info::Info;
use super::track::Tracks;
use super::{dropped, id};
use crate::clean::container::ebml::{self, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// A Cluster of which at least a block is kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cluster {
    pub(super) extent: Extent,
    /// Ticks.
    pub(super) timestamp: u64,
    /// Bytes of all its blocks in the clean file.
    pub(super) blocks_len: u64,
}

/// A keyframe that Cues lead to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cue {
    /// Ticks.
    pub(super) time: i64,
    /// The place of its Cluster among those kept.
    pub(super) cluster: usize,
}

/// What is known of a file once it has been read.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) doc_type: DocType,
    pub(super) info: Info,
    pub(super) tracks: Tracks,
    pub(super) clusters: Vec<Cluster>,
    pub(super) cues: Vec<Cue>,
    /// Where Cues are in the original.
    pub(super) cues_before: Option<Element>,
    pub(super) times: Times,
    pub(super) findings: Findings,
}

/// The earliest and the latest moments, in ticks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    first_cluster: Option<u64>,
    first_block: Option<i64>,
    end: Option<i64>,
}

impl Times {
    fn note(&mut self, cluster: u64, block: i64, ticks: u64) {
        self.first_cluster = Some(self.first_cluster.map_or(cluster, |first| first.min(cluster)));
        self.first_block = Some(self.first_block.map_or(block, |first| first.min(block)));
        let end = block.saturating_add_unsigned(ticks);
        self.end = Some(self.end.map_or(end, |last| last.max(end)));
    }

    /// What all timestamps are too large by: a file begins at zero, unless it begins before.
    pub(super) fn offset(&self) -> u64 {
        let block = self.first_block.and_then(|first| u64::try_from(first).ok()).unwrap_or(0);
        self.first_cluster.unwrap_or(0).min(block)
    }

    /// Duration, if there is one.
    pub(super) fn duration(&self) -> Option<u64> {
        let end = self.end?.checked_sub_unsigned(self.offset())?;
        u64::try_from(end).ok().filter(|&ticks| ticks > 0)
    }
}

impl Survey {
    /// Reads all of the file.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, Refusal> {
        let mut findings = Findings::default();
        let doc_type = DocType::read(cursor, &mut findings)?;
        let segment = segment(cursor, &mut findings)?;
        let mut level = Level { info: None, tracks: None, cues: None, findings };
        let mut found = Found::default();
        let mut next_at = segment.body_at;
        loop {
            cursor.go_to(next_at, "Segment")?;
            let Some(child) = ebml::next(cursor, segment.end())? else { break };
            if !segment.is_sized && matches!(child.id, id::EBML | id::SEGMENT) {
                break;
            }
            found.count(&child)?;
            next_at = if child.id == id::CLUSTER {
                level.cluster(cursor, &child, &mut found)?
            } else if child.is_sized {
                level.other(cursor, &child)?;
                child.end()
            } else {
                return Err(Refusal::new(Reason::NotUnderstood, "element of unknown size", child.at));
            };
        }
        tail(cursor, next_at, &mut level.findings)?;
        let missing = |part| Refusal::new(Reason::Damaged, part, segment.at);
        Ok(Self {
            doc_type,
            info: level.info.unwrap_or_default(),
            tracks: level.tracks.ok_or(missing("Segment without Tracks"))?,
            clusters: found.clusters,
            cues: found.cues,
            cues_before: level.cues,
            times: found.times,
            findings: level.findings,
        })
    }
}

/// What is read of the elements beside Clusters.
struct Level {
    info: Option<Info>,
    tracks: Option<Tracks>,
    cues: Option<Element>,
    findings: Findings,
}

impl Level {
    fn other(&mut self, cursor: &mut Cursor<'_>, child: &Element) -> Result<(), Refusal> {
        match child.id {
            id::INFO if self.info.is_none() => self.info = Some(Info::read(cursor, child, &mut self.findings)?),
            id::TRACKS if self.tracks.is_none() => {
                self.tracks = Some(Tracks::read(cursor, child, &mut self.findings)?);
            }
            id::TRACKS => return Err(Refusal::new(Reason::NotUnderstood, "more than one Tracks", child.at)),
            id::CUES if self.cues.is_none() => self.cues = Some(*child),
            id::CUES => self.findings.removed(Category::Software, "Cues"),
            _ => dropped::of_segment(cursor, child, &mut self.findings)?,
        }
        Ok(())
    }

    /// Looks through a Cluster. Returns where it ends.
    fn cluster(&mut self, cursor: &mut Cursor<'_>, child: &Element, found: &mut Found) -> Result<u64, Refusal> {
        let Some(tracks) = &self.tracks else {
            return Err(Refusal::new(Reason::NotUnderstood, "Cluster before Tracks", child.at));
        };
        // The clock of what was read may not change afterwards.
        let scale = self.info.get_or_insert_default().scale;
        let extent = Extent { at: child.body_at, end: child.end(), is_sized: child.is_sized };
        let (cued, index) = (tracks.cued(), found.clusters.len());
        let (mut blocks_len, mut at, mut is_cued) = (0_u64, None, false);
        let walk = Walk { tracks, scale };
        let end = walk.blocks(cursor, extent, &mut self.findings, &mut |_, timestamp, kept| {
            found.count(child)?;
            blocks_len = blocks_len.saturating_add(kept.len);
            at = Some(timestamp);
            let time = timestamp.cast_signed().saturating_add(kept.timestamp.into());
            found.times.note(timestamp, time, kept.ticks);
            if kept.track == cued && kept.is_keyframe && (!is_cued || found.is_due(time, scale)) {
                is_cued = true;
                found.cues.push(Cue { time, cluster: index });
            }
            Ok(())
        })?;
        if let Some(timestamp) = at {
            if index >= limits::CLUSTERS_MAX || found.cues.len() > limits::CUES_MAX {
                return Err(Refusal::new(Reason::TooLarge, "Clusters", child.at));
            }
            let extent = Extent { end, is_sized: true, ..extent };
            found.clusters.push(Cluster { extent, timestamp, blocks_len });
        }
        Ok(end)
    }
}

/// What is known of Clusters so far.
#[derive(Default)]
struct Found {
    clusters: Vec<Cluster>,
    cues: Vec<Cue>,
    times: Times,
    elements: u64,
}

impl Found {
    /// Whether it is long enough since the last cue for another in the same Cluster.
    fn is_due(&self, time: i64, scale: u64) -> bool {
        let ticks = limits::CUE_NANOSECONDS.checked_div(scale).unwrap_or(0).max(1);
        self.cues.last().is_none_or(|last| time >= last.time.saturating_add_unsigned(ticks))
    }

    fn count(&mut self, element: &Element) -> Result<(), Refusal> {
        self.elements = self.elements.saturating_add(1);
        if self.elements > limits::ELEMENTS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of elements", element.at));
        }
        Ok(())
    }
}

/// The one Segment, behind the head.
fn segment(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Element, Refusal> {
    loop {
        let (at, end) = (cursor.at(), cursor.len());
        match ebml::next(cursor, end)? {
            Some(found) if found.id == id::SEGMENT => return Ok(found),
            Some(found) if matches!(found.id, id::VOID | id::CRC_32) && found.is_sized => {
                dropped::element(cursor, &found, "file", findings)?;
                cursor.go_to(found.end(), "Void")?;
            }
            Some(_) => return Err(Refusal::new(Reason::Damaged, "Segment", at)),
            None => return Err(Refusal::new(Reason::Truncated, "Segment", at)),
        }
    }
}

/// What stands behind the Segment. Players go on there if it is another one, and so it cannot be left out.
fn tail(cursor: &mut Cursor<'_>, at: u64, findings: &mut Findings) -> Result<(), Refusal> {
    cursor.go_to(at, "Segment")?;
    if cursor.remaining() == 0 {
        return Ok(());
    }
    if cursor.remaining() >= 4 && matches!(cursor.be32("behind the Segment")?, id::EBML | id::SEGMENT) {
        return Err(Refusal::new(Reason::NotUnderstood, "another Segment", at));
    }
    findings.removed(Category::HiddenContent, "behind the Segment");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element() -> Element {
        Element { id: id::CLUSTER, at: 0, body_at: 0, body_len: 0, is_sized: true }
    }

    #[test]
    fn more_elements_than_the_limit_are_refused() {
        for (before, is_fine) in [(2, true), (1, true), (0, false)] {
            let mut found = Found { elements: limits::ELEMENTS_MAX - before, ..Found::default() };
            assert_eq!(found.count(&element()).is_ok(), is_fine);
        }
    }

    /// Looks through a Cluster of one keyframe after so many Clusters and points of Cues.
    fn is_fine(clusters: usize, cues: usize) -> bool {
        let file = b"\x16\x54\xAE\x6B\x97\xAE\x95\xD7\x81\x01\x83\x81\x01\x86\x85V_VP8\xE0\x86\xB0\x81\x40\xBA\x81\x30\
                     \x1F\x43\xB6\x75\x8A\xE7\x81\x00\xA3\x85\x81\x00\x00\x80K";
        let mut reader = std::io::Cursor::new(file.to_vec());
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let mut level = Level { info: None, tracks: None, cues: None, findings: Findings::default() };
        let end = cursor.len();
        let tracks = ebml::next(&mut cursor, end).unwrap().unwrap();
        level.other(&mut cursor, &tracks).unwrap();
        cursor.go_to(tracks.end(), "").unwrap();
        let cluster = ebml::next(&mut cursor, end).unwrap().unwrap();
        let extent = Extent { at: 0, end: 0, is_sized: true };
        let mut found = Found {
            clusters: vec![Cluster { extent, timestamp: 0, blocks_len: 0 }; clusters],
            cues: vec![Cue { time: 0, cluster: 0 }; cues],
            ..Found::default()
        };
        level.cluster(&mut cursor, &cluster, &mut found).is_ok()
    }

    #[test]
    fn more_clusters_or_cues_than_the_limit_are_refused() {
        assert!(is_fine(limits::CLUSTERS_MAX - 2, 0));
        assert!(is_fine(limits::CLUSTERS_MAX - 1, 0));
        assert!(!is_fine(limits::CLUSTERS_MAX, 0));
        assert!(is_fine(0, limits::CUES_MAX - 2));
        assert!(is_fine(0, limits::CUES_MAX - 1));
        assert!(!is_fine(0, limits::CUES_MAX));
    }
}

//! Clusters (RFC 9559, 5.1.3): walks over the blocks of one that are kept. Never reads a frame.

use super::group::{self, Kept};
use super::track::Tracks;
use super::{dropped, id};
use crate::clean::container::ebml;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// Where the children of a Cluster lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Extent {
    pub(super) at: u64,
    pub(super) end: u64,
    /// Whether that is the Cluster's own size, or the end of what holds it.
    pub(super) is_sized: bool,
}

/// What the walk needs to know of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Walk<'t> {
    pub(super) tracks: &'t Tracks,
    /// TimestampScale.
    pub(super) scale: u64,
}

/// What takes the blocks, with the Cluster's timestamp.
pub(super) type Each<'e> = &'e mut dyn FnMut(&mut Cursor<'_>, u64, Kept) -> Result<(), Refusal>;

impl Walk<'_> {
    /// Gives each block that is kept to `each`. Returns where the Cluster ends.
    pub(super) fn blocks(
        &self,
        cursor: &mut Cursor<'_>,
        extent: Extent,
        findings: &mut Findings,
        each: Each<'_>,
    ) -> Result<u64, Refusal> {
        let mut timestamp = None;
        let mut next_at = extent.at;
        loop {
            cursor.go_to(next_at, "Cluster")?;
            let Some(child) = ebml::next(cursor, extent.end)? else { return Ok(next_at) };
            if !extent.is_sized && ends_cluster(child.id) {
                return Ok(next_at);
            }
            if !child.is_sized {
                return Err(Refusal::new(Reason::NotUnderstood, "element of unknown size", child.at));
            }
            next_at = child.end();
            let kept = match child.id {
                id::TIMESTAMP => {
                    let ticks = ebml::uint(cursor, &child, "Timestamp")?.unwrap_or(0);
                    if ticks > limits::TICKS_MAX || timestamp.replace(ticks).is_some() {
                        return Err(Refusal::new(Reason::Damaged, "Timestamp", child.at));
                    }
                    continue;
                }
                id::SIMPLE_BLOCK => group::simple(cursor, &child, self.tracks, self.scale, findings)?,
                id::BLOCK_GROUP => group::group(cursor, &child, self.tracks, self.scale, findings)?,
                id::ENCRYPTED_BLOCK => {
                    return Err(Refusal::new(Reason::NotUnderstood, "EncryptedBlock", child.at));
                }
                id::POSITION | id::PREV_SIZE => {
                    findings.removed(Category::Software, "Cluster Position, PrevSize");
                    continue;
                }
                id::SILENT_TRACKS => {
                    findings.removed(Category::Software, "Cluster SilentTracks");
                    continue;
                }
                _ => {
                    dropped::element(cursor, &child, "Cluster", findings)?;
                    continue;
                }
            };
            if let Some(kept) = kept {
                let timestamp =
                    timestamp.ok_or(Refusal::new(Reason::Damaged, "Cluster without Timestamp", child.at))?;
                each(cursor, timestamp, kept)?;
            }
        }
    }
}

/// Whether a Cluster of unknown size ends before such an element: one of the level above (RFC 8794, 6.2).
fn ends_cluster(id: u32) -> bool {
    matches!(
        id,
        id::EBML
            | id::SEGMENT
            | id::SEEK_HEAD
            | id::INFO
            | id::TRACKS
            | id::CLUSTER
            | id::CUES
            | id::CHAPTERS
            | id::ATTACHMENTS
            | id::TAGS
    )
}

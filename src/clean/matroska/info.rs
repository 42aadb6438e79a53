//! Info of a Segment (RFC 9559, 5.1.2): its clock is kept, and all that it tells is told.

use super::{date, dropped, id, write};
use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What is kept of Info.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Info {
    /// TimestampScale: nanoseconds of a tick.
    pub(super) scale: u64,
}

impl Default for Info {
    fn default() -> Self {
        Self { scale: 1_000_000 }
    }
}

impl Info {
    /// Reads it.
    pub(super) fn read(cursor: &mut Cursor<'_>, info: &Element, findings: &mut Findings) -> Result<Self, Refusal> {
        let mut found = Self::default();
        let mut children = Children::of(info);
        while let Some(child) = children.next(cursor)? {
            let (category, name) = match child.id {
                id::TIMESTAMP_SCALE => {
                    found.scale = ebml::uint(cursor, &child, "TimestampScale")?.unwrap_or(1_000_000);
                    if !(1..=limits::TICK_NANOSECONDS_MAX).contains(&found.scale) {
                        return Err(Refusal::new(Reason::Damaged, "TimestampScale", child.at));
                    }
                    continue;
                }
                // Counted anew.
                id::DURATION => continue,
                id::DATE_UTC => {
                    let nanoseconds = ebml::sint(cursor, &child, "DateUTC")?.unwrap_or(0);
                    findings.removed_value(Category::Time, "Info DateUTC", &date::shown(nanoseconds));
                    continue;
                }
                id::SEGMENT_UUID | id::PREV_UUID | id::NEXT_UUID | id::SEGMENT_FAMILY => {
                    let bytes = ebml::bytes(cursor, &child, 64, "SegmentUUID")?;
                    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                    let name = match child.id {
                        id::SEGMENT_UUID => "Info SegmentUUID",
                        id::PREV_UUID => "Info PrevUUID",
                        id::NEXT_UUID => "Info NextUUID",
                        _ => "Info SegmentFamily",
                    };
                    findings.removed_value(Category::Identifier, name, &digits);
                    continue;
                }
                // Empty in a clean file.
                id::MUXING_APP | id::WRITING_APP if child.body_len == 0 => continue,
                id::MUXING_APP => (Category::Software, "Info MuxingApp"),
                id::WRITING_APP => (Category::Software, "Info WritingApp"),
                id::TITLE => (Category::Comment, "Info Title"),
                id::SEGMENT_FILENAME => (Category::History, "Info SegmentFilename"),
                id::PREV_FILENAME => (Category::History, "Info PrevFilename"),
                id::NEXT_FILENAME => (Category::History, "Info NextFilename"),
                id::CHAPTER_TRANSLATE => {
                    findings.removed(Category::Identifier, "Info ChapterTranslate");
                    continue;
                }
                _ => {
                    dropped::element(cursor, &child, "Info", findings)?;
                    continue;
                }
            };
            findings.removed_value(category, name, &ebml::text(cursor, &child)?);
        }
        Ok(found)
    }

    /// As it is written, for a file of `ticks`. MuxingApp and WritingApp are mandatory, and empty.
    pub(super) fn to_bytes(self, ticks: Option<u64>) -> Vec<u8> {
        let mut body = write::uint(id::TIMESTAMP_SCALE, self.scale);
        if let Some(ticks) = ticks {
            body.extend(write::float(id::DURATION, whole(ticks)));
        }
        body.extend(write::element(id::MUXING_APP, &[]));
        body.extend(write::element(id::WRITING_APP, &[]));
        write::element(id::INFO, &body)
    }
}

/// As a floating-point number; exact, since ticks are below 2^53.
fn whole(ticks: u64) -> f64 {
    let [high, low] = [ticks >> 32, ticks & u64::from(u32::MAX)].map(|half| u32::try_from(half).unwrap_or(u32::MAX));
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_exact() {
        for ticks in [0, 1, u64::from(u32::MAX), 1 << 32, (1 << 53) - 1] {
            assert_eq!(format!("{:.0}", whole(ticks)), ticks.to_string());
        }
    }
}

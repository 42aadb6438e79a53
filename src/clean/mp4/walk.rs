//! From box to box, counted. Never gives more boxes than a file may have, nor one that goes beyond what holds it.

use crate::clean::container::bmff::{self, BoxHeader};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// How many boxes there have been.
#[derive(Debug, Default)]
pub(super) struct Walk {
    boxes: usize,
}

impl Walk {
    /// The next box of what ends at `end`; `None` at its end, or where too few bytes for a box are left. The
    /// cursor stops at the body.
    pub(super) fn next(
        &mut self,
        cursor: &mut Cursor<'_>,
        end: u64,
        findings: &mut Findings,
    ) -> Result<Option<BoxHeader>, Refusal> {
        self.count(cursor.at())?;
        let left = end.saturating_sub(cursor.at());
        if left < 8 {
            // QuickTime ends some lists with 32 zero bits.
            let rest = cursor.bytes(usize::try_from(left).unwrap_or(0), "box header")?;
            if rest.iter().any(|&byte| byte != 0) {
                findings.removed(Category::HiddenContent, "bytes behind the last box");
            }
            return Ok(None);
        }
        bmff::next(cursor, end)
    }

    pub(super) fn count(&mut self, at: u64) -> Result<(), Refusal> {
        self.boxes = self.boxes.saturating_add(1);
        if self.boxes > limits::MP4_BOXES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of boxes", at));
        }
        Ok(())
    }
}

/// The body of a box, of up to `max` bytes.
pub(super) fn body(
    cursor: &mut Cursor<'_>,
    header: &BoxHeader,
    max: usize,
    part: &'static str,
) -> Result<Vec<u8>, Refusal> {
    let len = usize::try_from(header.body_len).ok().filter(|&len| len <= max);
    let len = len.ok_or(Refusal::new(Reason::TooLarge, part, header.at))?;
    cursor.go_to(header.body_at, part)?;
    cursor.bytes(len, part)
}

/// As much of the body of a box as is ever told.
pub(super) fn beginning(cursor: &mut Cursor<'_>, header: &BoxHeader, max: usize) -> Result<Vec<u8>, Refusal> {
    cursor.go_to(header.body_at, "box")?;
    cursor.bytes(usize::try_from(header.body_len).unwrap_or(max).min(max), "box")
}

//! Bytes of an item that may lie in several places of the file. Joins no more than it is allowed to.

use std::io::Read;

use zeroize::Zeroizing;

use super::location::Range;
use crate::clean::codec::Codec;
use crate::clean::cursor::Cursor;
use crate::clean::{Findings, Plan, Reason, Refusal};
use crate::limits;

/// All bytes of `ranges`, of which there are at most `max`.
pub(super) fn joined(ranges: &[Range], max: u64, cursor: &mut Cursor<'_>) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let total = total(ranges);
    let at = ranges.first().map_or(0, |range| range.at);
    let capacity = usize::try_from(total).unwrap_or(usize::MAX);
    if total > max {
        return Err(Refusal::new(Reason::TooLarge, "item", at));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(capacity));
    for range in ranges {
        cursor.go_to(range.at, "item")?;
        let part = Zeroizing::new(cursor.bytes(usize::try_from(range.len).unwrap_or(usize::MAX), "item")?);
        bytes.extend_from_slice(&part);
    }
    Ok(bytes)
}

pub(super) fn total(ranges: &[Range]) -> u64 {
    ranges.iter().fold(0, |total, range| total.saturating_add(range.len))
}

/// Plans a coded item, as its codec asks.
pub(super) fn coded(
    codec: Codec,
    ranges: &[Range],
    cursor: &mut Cursor<'_>,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    if let [range] = ranges {
        cursor.go_to(range.at, "item")?;
        return codec.sample(cursor, range.len, plan, findings);
    }
    let bytes = joined(ranges, limits::HEIF_SCATTERED_BYTES_MAX, cursor)?;
    let mut in_memory = std::io::Cursor::new(bytes.as_slice());
    let mut part = Plan::default();
    codec.sample(&mut Cursor::new(&mut in_memory)?, total(ranges), &mut part, findings)?;
    let mut clean = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let mut original = std::io::Cursor::new(bytes.as_slice());
    part.reader(&mut original).read_to_end(&mut clean).map_err(Refusal::unreadable)?;
    plan.bytes(&clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_joined_than_the_limit() {
        let file: Vec<u8> = (0..100).collect();
        let mut reader = std::io::Cursor::new(file);
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let ranges = [Range { at: 90, len: 4 }, Range { at: 10, len: 3 }];
        assert_eq!(*joined(&ranges, 8, &mut cursor).unwrap(), [90, 91, 92, 93, 10, 11, 12]);
        assert_eq!(joined(&ranges, 7, &mut cursor).unwrap().len(), 7);
        assert_eq!(joined(&ranges, 6, &mut cursor).unwrap_err().reason, Reason::TooLarge);
    }
}

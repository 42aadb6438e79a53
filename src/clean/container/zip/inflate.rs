//! The bytes of one member, in a block that is as long as they are and never grows. Asks for nothing that was not
//! bounded before.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use zeroize::Zeroizing;

use super::Member;
use crate::clean::cursor::Cursor;
use crate::clean::{Reason, Refusal};

/// Bytes that one byte of deflate can become at most: 258 for each two bits (RFC 1951).
const RATIO_MAX: u64 = 1032;

/// Stored bytes.
pub(super) fn stored(cursor: &mut Cursor<'_>, member: &Member) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    if member.stored_len != member.len {
        return Err(damaged("stored member", member.at));
    }
    cursor.go_to(member.at, "member")?;
    Ok(Zeroizing::new(cursor.bytes(usize::try_from(member.len).unwrap_or(usize::MAX), "member")?))
}

/// Deflated bytes: just as many as listed, from all that is stored.
pub(super) fn inflated(cursor: &mut Cursor<'_>, member: &Member) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    if member.len > member.stored_len.saturating_mul(RATIO_MAX) {
        return Err(damaged("length of a member", member.at));
    }
    cursor.go_to(member.at, "member")?;
    let len = usize::try_from(member.len).unwrap_or(usize::MAX);
    let mut bytes = Zeroizing::new(vec![0; len]);
    let mut state = Box::<DecompressorOxide>::default();
    let (mut left, mut at) = (member.stored_len, 0usize);
    loop {
        let data = cursor.buffered()?;
        let data = data.get(..usize::try_from(left).unwrap_or(usize::MAX).min(data.len())).unwrap_or_default();
        let more = u64::try_from(data.len()).unwrap_or(u64::MAX) < left;
        let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF
            | if more { inflate_flags::TINFL_FLAG_HAS_MORE_INPUT } else { 0 };
        let (status, taken, made) = decompress(&mut state, data, &mut bytes, at, flags);
        let starved = data.is_empty();
        cursor.consume(taken);
        left = left.saturating_sub(u64::try_from(taken).unwrap_or(u64::MAX));
        at = at.saturating_add(made);
        match status {
            TINFLStatus::Done if left == 0 && at == len => return Ok(bytes),
            TINFLStatus::NeedsMoreInput if !starved => {}
            _ => return Err(damaged("deflate data", cursor.at())),
        }
    }
}

fn damaged(part: &'static str, at: u64) -> Refusal {
    Refusal::new(Reason::Damaged, part, at)
}

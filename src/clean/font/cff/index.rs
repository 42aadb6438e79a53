//! INDEX structures of CFF (Adobe Technical Note 5176, section 5): read, written, accounted for.

use crate::clean::Unaccounted;
use crate::clean::font::read::{Strict, offset_at, short_at};

/// The items of an INDEX, and where it ends.
pub(super) struct Index<'a> {
    pub(super) items: Vec<&'a [u8]>,
    pub(super) end: usize,
}

/// Reads an INDEX. An item that is not in the file, or would lie before its predecessor, is empty.
pub(super) fn read(bytes: &[u8], at: usize) -> Option<Index<'_>> {
    let count = short_at(bytes, at)?;
    let offsets = at.checked_add(3)?;
    if count == 0 {
        return Some(Index { items: Vec::new(), end: at.checked_add(2)? });
    }
    let size = usize::from(*bytes.get(at.checked_add(2)?)?);
    if !(1..=4).contains(&size) {
        return None;
    }
    // Offsets count from the byte before the data.
    let base = offsets.checked_add(count.checked_add(1)?.checked_mul(size)?)?.checked_sub(1)?;
    let mut items = Vec::with_capacity(count);
    let mut start = base.checked_add(offset_at(bytes, offsets, size)?)?;
    for number in 1..=count {
        let offset = offset_at(bytes, offsets.checked_add(number.checked_mul(size)?)?, size)?;
        let end = base.checked_add(offset)?.min(bytes.len());
        items.push(bytes.get(start..end).unwrap_or_default());
        start = start.max(end);
    }
    Some(Index { items, end: start })
}

/// Writes an INDEX with the shortest offsets.
pub(super) fn write<I: AsRef<[u8]>>(items: &[I]) -> Vec<u8> {
    let mut made = u16::try_from(items.len()).unwrap_or(u16::MAX).to_be_bytes().to_vec();
    if items.is_empty() {
        return made;
    }
    let last = items.iter().fold(1usize, |sum, item| sum.saturating_add(item.as_ref().len()));
    let size = offset_bytes(last);
    made.push(u8::try_from(size).unwrap_or(4));
    let mut offset = 1usize;
    let sums = items.iter().map(|item| {
        offset = offset.saturating_add(item.as_ref().len());
        offset
    });
    for offset in std::iter::once(1).chain(sums) {
        let number = u32::try_from(offset).unwrap_or(u32::MAX).to_be_bytes();
        made.extend(number.get(4usize.saturating_sub(size)..).unwrap_or_default());
    }
    for item in items {
        made.extend_from_slice(item.as_ref());
    }
    made
}

/// Bytes that an offset needs.
fn offset_bytes(last: usize) -> usize {
    match last {
        0..=0xFF => 1,
        0x100..=0xFFFF => 2,
        0x1_0000..=0xFF_FFFF => 3,
        _ => 4,
    }
}

/// The items of an INDEX as [`write`] makes it.
pub(super) fn strict<'a>(font: &mut Strict<'a>, part: &'static str) -> Result<Vec<&'a [u8]>, Unaccounted> {
    let count = font.number(2, part)?;
    if count == 0 {
        return Ok(Vec::new());
    }
    let size = font.number(1, part)?;
    font.insist((1..=4).contains(&size), part)?;
    let first = font.number(size, part)?;
    font.insist(first == 1, part)?;
    let mut ends = Vec::new();
    for _ in 0..count {
        ends.push(font.number(size, part)?);
    }
    font.insist(ends.last().is_some_and(|last| offset_bytes(*last) == size), part)?;
    let mut start = 1usize;
    let mut items = Vec::new();
    for end in ends {
        let Some(len) = end.checked_sub(start) else { return font.wrong(part) };
        items.push(font.take(len, part)?);
        start = end;
    }
    Ok(items)
}

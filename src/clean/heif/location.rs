//! Where the bytes of an item lie (`iloc`, ISO/IEC 14496-12, 8.11.3): any version, any way of construction, as
//! ranges of the file. Never a range that is not wholly in it.

use std::collections::BTreeMap;

use super::fields::Fields;
use super::meta::Meta;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// Bytes of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Range {
    pub(super) at: u64,
    pub(super) len: u64,
}

impl Range {
    pub(super) fn end(&self) -> u64 {
        self.at.saturating_add(self.len)
    }
}

/// An entry of `iloc`.
#[derive(Debug, Default)]
pub(super) struct Location {
    method: u8,
    data_reference: u16,
    base: u64,
    extents: Vec<Extent>,
}

#[derive(Debug)]
struct Extent {
    index: u64,
    offset: u64,
    len: u64,
}

/// Reads the body of `iloc`. `None` if it is damaged, or says more than a picture can need.
pub(super) fn read(body: &[u8]) -> Option<BTreeMap<u32, Location>> {
    let mut fields = Fields::new(body);
    let (version @ 0..=2, _) = fields.full()? else { return None };
    let [sizes, more] = fields.array()?;
    let (offset_bytes, len_bytes, base_bytes) = (sizes >> 4, sizes & 15, more >> 4);
    let index_bytes = if version == 0 { 0 } else { more & 15 };
    let count = fields.id(version == 2)?;
    let mut locations = BTreeMap::new();
    let mut room = limits::HEIF_EXTENTS_MAX;
    for _ in 0..count {
        let id = fields.id(version == 2)?;
        let method = if version == 0 { 0 } else { u8::try_from(fields.u16()? & 15).ok()? };
        let mut location = Location { method, data_reference: fields.u16()?, ..Location::default() };
        location.base = fields.sized(base_bytes)?;
        for _ in 0..fields.u16()? {
            let (index, offset) = (fields.sized(index_bytes)?, fields.sized(offset_bytes)?);
            let len = fields.sized(len_bytes)?;
            room = room.checked_sub(1)?;
            location.extents.push(Extent { index, offset, len });
        }
        if locations.len() >= limits::HEIF_ENTRIES_MAX || locations.insert(id, location).is_some() {
            return None;
        }
    }
    Some(locations)
}

/// The bytes of item `id` in their order, those that touch joined. Empty if it has none.
pub(super) fn ranges(meta: &Meta, id: u32) -> Result<Vec<Range>, Refusal> {
    let Some(location) = meta.locations.get(&id) else { return Ok(Vec::new()) };
    let mut sources = Vec::new();
    if location.method == 2 {
        for base in meta.cut_out_of.get(&id).into_iter().flatten() {
            let base = meta.locations.get(base).ok_or(damaged(meta))?;
            // One in the other once, and in one piece: so that it ends, and soon.
            if base.method == 2 || base.extents.len() != 1 {
                return Err(Refusal::new(Reason::NotUnderstood, "iloc item_reference_index", meta.at));
            }
            sources.push(base.ranges(meta, &[])?);
        }
    }
    location.ranges(meta, &sources)
}

impl Location {
    /// `sources` are the items that this one is cut out of, where it is constructed so.
    fn ranges(&self, meta: &Meta, sources: &[Vec<Range>]) -> Result<Vec<Range>, Refusal> {
        if self.data_reference != 0 {
            return Err(Refusal::new(Reason::NotUnderstood, "iloc data_reference_index", meta.at));
        }
        let whole = [Range { at: 0, len: meta.file_len }];
        let idat = meta.idat.map(|idat| [idat]);
        let mut ranges: Vec<Range> = Vec::new();
        for extent in &self.extents {
            let source: &[Range] = match self.method {
                0 => &whole,
                1 => idat.as_ref().ok_or(damaged(meta))?,
                2 => {
                    let index = usize::try_from(extent.index.saturating_sub(1)).unwrap_or(usize::MAX);
                    sources.get(index).ok_or(damaged(meta))?
                }
                _ => return Err(Refusal::new(Reason::NotUnderstood, "iloc construction_method", meta.at)),
            };
            let offset = self.base.checked_add(extent.offset).ok_or(damaged(meta))?;
            slice(source, offset, extent.len, &mut ranges).map_err(|reason| Refusal::new(reason, "item", offset))?;
            if ranges.len() > limits::HEIF_EXTENTS_MAX {
                return Err(Refusal::new(Reason::TooLarge, "number of extents", meta.at));
            }
        }
        Ok(ranges)
    }
}

/// Appends the `len` bytes from `offset` of `source`; all to its end if `len` is 0.
fn slice(source: &[Range], mut offset: u64, len: u64, ranges: &mut Vec<Range>) -> Result<(), Reason> {
    let total = source.iter().fold(0u64, |total, range| total.saturating_add(range.len));
    let left = total.checked_sub(offset).ok_or(Reason::Truncated)?;
    let mut wanted = if len == 0 { left } else { len };
    if wanted > left {
        return Err(Reason::Truncated);
    }
    for range in source {
        let skipped = offset.min(range.len);
        offset = offset.saturating_sub(skipped);
        let taken = range.len.saturating_sub(skipped).min(wanted);
        wanted = wanted.saturating_sub(taken);
        let at = range.at.saturating_add(skipped);
        match ranges.last_mut() {
            _ if taken == 0 => {}
            Some(last) if last.end() == at => last.len = last.len.saturating_add(taken),
            _ => ranges.push(Range { at, len: taken }),
        }
    }
    Ok(())
}

fn damaged(meta: &Meta) -> Refusal {
    Refusal::new(Reason::Damaged, "iloc", meta.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_are_as_many_as_their_limit() {
        // Extents of which neither offset nor length is told take no bytes.
        let iloc = |second: usize| {
            let item = |id: u8, count: usize| {
                [&[0, id, 0, 0], u16::try_from(count).unwrap().to_be_bytes().as_slice()].concat()
            };
            [[0; 4].as_slice(), &[0, 0], &[0, 2], &item(1, 65_000), &item(2, second)].concat()
        };
        let left = limits::HEIF_EXTENTS_MAX - 65_000;
        assert!(read(&iloc(left - 1)).is_some());
        assert!(read(&iloc(left)).is_some());
        assert!(read(&iloc(left + 1)).is_none());
    }

    #[test]
    fn a_slice_joins_what_touches() {
        let source = [Range { at: 10, len: 5 }, Range { at: 15, len: 5 }, Range { at: 40, len: 5 }];
        let cut = |offset, len| {
            let mut ranges = Vec::new();
            slice(&source, offset, len, &mut ranges).map(|()| ranges)
        };
        assert_eq!(cut(0, 0), Ok(vec![Range { at: 10, len: 10 }, Range { at: 40, len: 5 }]));
        assert_eq!(cut(4, 2), Ok(vec![Range { at: 14, len: 2 }]));
        assert_eq!(cut(9, 2), Ok(vec![Range { at: 19, len: 1 }, Range { at: 40, len: 1 }]));
        assert_eq!(cut(14, 2), Err(Reason::Truncated));
        assert_eq!(cut(16, 0), Err(Reason::Truncated));
        assert_eq!(cut(0, u64::MAX), Err(Reason::Truncated));
    }
}

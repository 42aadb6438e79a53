//! A directory of a produced TIFF and the values behind it, each taken by whoever knows its tag. Judges none.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::clean::Unaccounted;
use crate::clean::metadata::icc;
use crate::clean::metadata::ifd::Order;
use crate::clean::produced::Produced;
use crate::limits;

/// Entries of a directory; every tag that a page may have stands there once at most.
const ENTRIES_MAX: u16 = 32;
/// Bytes of a value, at most: offsets of strips, or a profile.
const VALUE_BYTES_MAX: u64 = limits::TIFF_STRIPS_MAX * 4;

/// A directory.
pub(super) struct Tags {
    order: Order,
    /// Type, number of elements, bytes.
    values: BTreeMap<u16, (u16, u32, Vec<u8>)>,
    taken: RefCell<BTreeSet<u16>>,
    /// Offset of the next directory, or 0.
    pub(super) next: u32,
}

impl Tags {
    /// Reads the directory that stands here, with ascending tags, and its values in the same order.
    pub(super) fn read(input: &mut Produced<'_>, order: Order) -> Result<Self, Unaccounted> {
        let short = |bytes: [u8; 2]| order.u16(&bytes, 0).unwrap_or(0);
        let long = |bytes: [u8; 4]| order.u32(&bytes, 0).unwrap_or(0);
        let count = short(input.array()?);
        if !(1..=ENTRIES_MAX).contains(&count) {
            return input.wrong("number of entries");
        }
        let mut values = BTreeMap::new();
        let mut outside = Vec::new();
        let mut last = 0;
        for _ in 0..count {
            let (tag, kind, count) = (short(input.array()?), short(input.array()?), long(input.array()?));
            let field: [u8; 4] = input.array()?;
            let size = match kind {
                3 => 2,
                4 => 4,
                5 => 8,
                7 => 1,
                _ => return input.wrong("type of a value"),
            };
            let len = u64::from(count).saturating_mul(size);
            if tag <= last || count == 0 || len > VALUE_BYTES_MAX {
                return input.wrong("order of tags");
            }
            last = tag;
            let len = usize::try_from(len).unwrap_or(usize::MAX);
            match field.split_at_checked(len) {
                Some((value, filling)) => {
                    if filling.iter().any(|&byte| byte != 0) {
                        return input.wrong("filling of an entry");
                    }
                    values.insert(tag, (kind, count, value.to_vec()));
                }
                None => outside.push((tag, kind, count, len, long(field))),
            }
        }
        let next = long(input.array()?);
        for (tag, kind, count, len, at) in outside {
            if u64::from(at) != input.at() {
                return input.wrong("offset of a value");
            }
            let value = input.bytes(len)?;
            values.insert(tag, (kind, count, value));
            if len % 2 == 1 && input.byte()? != 0 {
                return input.wrong("byte behind a value");
            }
        }
        Ok(Self { order, values, taken: RefCell::default(), next })
    }

    /// The numbers of a tag of type 3 or 4.
    pub(super) fn list(&self, tag: u16, kind: u16) -> Option<Vec<u32>> {
        self.list_if(tag, kind, |_| true)
    }

    /// The same where they are just so many.
    pub(super) fn numbers(&self, tag: u16, kind: u16, count: usize) -> Option<Vec<u32>> {
        self.list_if(tag, kind, |len| len == count)
    }

    /// A tag of another type or count than is asked for is not taken.
    fn list_if(&self, tag: u16, kind: u16, is_count: impl Fn(usize) -> bool) -> Option<Vec<u32>> {
        let (_, count, value) = self.values.get(&tag).filter(|value| value.0 == kind)?;
        if !is_count(usize::try_from(*count).unwrap_or(usize::MAX)) {
            return None;
        }
        self.taken.borrow_mut().insert(tag);
        Some(match kind {
            3 => value.as_chunks::<2>().0.iter().filter_map(|raw| self.order.u16(raw, 0)).map(u32::from).collect(),
            _ => value.as_chunks::<4>().0.iter().filter_map(|raw| self.order.u32(raw, 0)).collect(),
        })
    }

    /// The only number of a tag.
    pub(super) fn one(&self, tag: u16, kind: u16) -> Option<u32> {
        self.numbers(tag, kind, 1).and_then(|list| list.first().copied())
    }

    /// Fractions: number over number.
    pub(super) fn fractions(&self, tag: u16) -> Option<Vec<(u32, u32)>> {
        let (_, _, value) = self.values.get(&tag).filter(|value| value.0 == 5)?;
        self.taken.borrow_mut().insert(tag);
        let pair = |raw: &[u8; 8]| Some((self.order.u32(raw, 0)?, self.order.u32(raw, 4)?));
        Some(value.as_chunks::<8>().0.iter().filter_map(pair).collect())
    }

    /// Whether the ICC profile, if there is one, is canonical.
    pub(super) fn profile(&self) -> Option<bool> {
        let (_, _, value) = self.values.get(&34_675).filter(|value| value.0 == 7)?;
        self.taken.borrow_mut().insert(34_675);
        Some(icc::is_canonical(value))
    }

    /// Whether every tag was asked for in the type and number that it has.
    pub(super) fn all_taken(&self) -> bool {
        self.values.keys().all(|tag| self.taken.borrow().contains(tag))
    }
}

//! Walks the directories of a TIFF structure, as Exif blocks and TIFF files have it (TIFF 6.0, section 2).
//! Never follows an offset out of the bytes it was given, and never visits a directory twice.

use std::collections::BTreeSet;

use crate::limits;

const SHORT: u16 = 3;
const LONG: u16 = 4;
const ENTRY_BYTES: usize = 12;

/// The order of bytes in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// `II`
    Little,
    /// `MM`
    Big,
}

/// One entry of a directory. Its value is not interpreted until it is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entry<'a> {
    /// Which property.
    pub(crate) tag: u16,
    /// The type of its elements: 1 BYTE, 2 ASCII, 3 SHORT, 4 LONG, 5 RATIONAL, …
    pub(crate) kind: u16,
    /// Number of elements.
    pub(crate) count: u32,
    /// The bytes of all elements; `None` where they lie outside the block or the type is unknown.
    pub(crate) value: Option<&'a [u8]>,
    /// Where these bytes begin in the block; 0 where they stand in the entry itself.
    pub(crate) at: u32,
    order: Order,
}

/// One directory.
#[derive(Debug)]
pub(crate) struct Directory<'a> {
    /// Its entries, as far as they could be read.
    pub(crate) entries: Vec<Entry<'a>>,
    /// Offset of the next one, 0 after the last; `None` where the block ends before it.
    pub(crate) next: Option<u32>,
    /// Whether all the entries it announces were there, and under [`limits::IFD_ENTRIES_MAX`].
    pub(crate) whole: bool,
}

/// A walk over the directories of one block. It remembers where it was.
#[derive(Debug)]
pub(crate) struct Walk<'a> {
    bytes: &'a [u8],
    order: Order,
    visited: BTreeSet<u32>,
}

impl<'a> Walk<'a> {
    /// Reads the header; gives the walk and the offset of the first directory. `None` if it is not TIFF.
    pub(crate) fn start(bytes: &'a [u8]) -> Option<(Self, u32)> {
        let order = match bytes.get(..4)? {
            [b'I', b'I', 42, 0] => Order::Little,
            [b'M', b'M', 0, 42] => Order::Big,
            _ => return None,
        };
        let first = order.u32(bytes, 4)?;
        Some((Self::over(bytes, order), first))
    }

    /// A walk over directories whose offsets count from the beginning of `bytes`, without a header.
    pub(crate) fn over(bytes: &'a [u8], order: Order) -> Self {
        Self { bytes, order, visited: BTreeSet::new() }
    }

    /// The whole block.
    pub(crate) fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The directory at offset `at`. `None` if it was visited before, if [`limits::IFDS_MAX`] have been, or
    /// if it lies outside the block.
    pub(crate) fn directory(&mut self, at: u32) -> Option<Directory<'a>> {
        if self.visited.len() >= limits::IFDS_MAX || !self.visited.insert(at) {
            return None;
        }
        let start = usize::try_from(at).ok()?;
        let announced = usize::from(self.order.u16(self.bytes, start)?);
        let count = announced.min(limits::IFD_ENTRIES_MAX);
        let table = self.bytes.get(start.checked_add(2)?..)?;
        let entries: Vec<_> = table.chunks_exact(ENTRY_BYTES).take(count).filter_map(|raw| self.entry(raw)).collect();
        let whole = entries.len() == announced;
        let next = announced.checked_mul(ENTRY_BYTES).and_then(|end| self.order.u32(table, end));
        Some(Directory { entries, next, whole })
    }

    /// `len` bytes at offset `at` of the block.
    pub(crate) fn range(&self, at: u32, len: u32) -> Option<&'a [u8]> {
        let at = usize::try_from(at).ok()?;
        self.bytes.get(at..at.checked_add(usize::try_from(len).ok()?)?)
    }

    /// The order of bytes that the header declares.
    pub(crate) fn order(&self) -> Order {
        self.order
    }

    fn entry(&self, raw: &'a [u8]) -> Option<Entry<'a>> {
        let order = self.order;
        let (tag, kind, count) = (order.u16(raw, 0)?, order.u16(raw, 2)?, order.u32(raw, 4)?);
        let len = element_bytes(kind).and_then(|size| size.checked_mul(count));
        let (at, value) = match len {
            // Up to four bytes stand in the entry itself.
            Some(len @ 0..=4) => (0, raw.get(8..).and_then(|field| field.get(..usize::try_from(len).ok()?))),
            Some(len) => {
                let at = order.u32(raw, 8)?;
                (at, self.range(at, len))
            }
            None => (0, None),
        };
        Some(Entry { tag, kind, count, value, at, order })
    }
}

impl Entry<'_> {
    /// Element `index` of a SHORT or LONG.
    pub(crate) fn unsigned(&self, index: usize) -> Option<u32> {
        let value = self.value?;
        match self.kind {
            SHORT => self.order.u16(value, index.checked_mul(2)?).map(u32::from),
            LONG | 13 => self.order.u32(value, index.checked_mul(4)?),
            _ => None,
        }
    }

    /// Element `index` of any numeric type; `None` for a fraction over zero.
    pub(crate) fn number(&self, index: usize) -> Option<f64> {
        let value = self.value?;
        let start = index.checked_mul(usize::try_from(element_bytes(self.kind)?).ok()?)?;
        let long = |at: usize| self.order.u32(value, start.checked_add(at)?);
        let fraction = |top: f64, bottom: f64| (bottom != 0.0).then_some(top / bottom);
        match self.kind {
            1 | 7 => value.get(start).map(|&byte| f64::from(byte)),
            3 => self.order.u16(value, start).map(f64::from),
            4 | 13 => long(0).map(f64::from),
            5 => fraction(f64::from(long(0)?), f64::from(long(4)?)),
            6 => value.get(start).map(|&byte| f64::from(byte.cast_signed())),
            8 => self.order.u16(value, start).map(|short| f64::from(short.cast_signed())),
            9 => long(0).map(|long| f64::from(long.cast_signed())),
            10 => fraction(f64::from(long(0)?.cast_signed()), f64::from(long(4)?.cast_signed())),
            11 => long(0).map(|bits| f64::from(f32::from_bits(bits))),
            12 => {
                let (high, low) = if self.order == Order::Big { (long(0)?, long(4)?) } else { (long(4)?, long(0)?) };
                Some(f64::from_bits((u64::from(high) << 32) | u64::from(low)))
            }
            _ => None,
        }
    }
}

impl Order {
    /// The number at `at` in `bytes`, if it is there whole.
    pub(crate) fn u16(self, bytes: &[u8], at: usize) -> Option<u16> {
        let raw = *bytes.get(at..)?.first_chunk()?;
        Some(if self == Self::Little { u16::from_le_bytes(raw) } else { u16::from_be_bytes(raw) })
    }

    /// The number at `at` in `bytes`, if it is there whole.
    pub(crate) fn u32(self, bytes: &[u8], at: usize) -> Option<u32> {
        let raw = *bytes.get(at..)?.first_chunk()?;
        Some(if self == Self::Little { u32::from_le_bytes(raw) } else { u32::from_be_bytes(raw) })
    }

    /// The bytes of a number.
    pub(crate) fn two(self, number: u16) -> [u8; 2] {
        if self == Self::Little { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    /// The bytes of a number.
    pub(crate) fn four(self, number: u32) -> [u8; 4] {
        if self == Self::Little { number.to_le_bytes() } else { number.to_be_bytes() }
    }
}

/// Bytes of one element of a type (TIFF 6.0, page 15; 13 IFD by Technical Note 1; 129 UTF-8 by Exif 3.0).
fn element_bytes(kind: u16) -> Option<u32> {
    match kind {
        1 | 2 | 6 | 7 | 129 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 => Some(8),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A little-endian block: header, one directory at 8 with `entries` of (tag, kind, count, field), `next`.
    fn block(entries: &[(u16, u16, u32, [u8; 4])], next: u32, tail: &[u8]) -> Vec<u8> {
        let mut bytes = b"II*\0\x08\0\0\0".to_vec();
        bytes.extend(u16::try_from(entries.len()).unwrap().to_le_bytes());
        for (tag, kind, count, field) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(kind.to_le_bytes());
            bytes.extend(count.to_le_bytes());
            bytes.extend(field);
        }
        bytes.extend(next.to_le_bytes());
        bytes.extend(tail);
        bytes
    }

    #[test]
    fn both_orders_are_read() {
        let little = block(&[(0x112, 3, 1, [6, 0, 0, 0])], 0, b"");
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
        for bytes in [little.as_slice(), big] {
            let (mut walk, first) = Walk::start(bytes).unwrap();
            let directory = walk.directory(first).unwrap();
            assert!(directory.whole);
            assert_eq!(directory.next, Some(0));
            assert_eq!(directory.entries[0].unsigned(0), Some(6));
        }
    }

    #[test]
    fn a_value_outside_the_block_is_none() {
        let bytes = block(&[(1, 2, 5, 26u32.to_le_bytes()), (2, 2, 5, 38u32.to_le_bytes())], 0, b"hello");
        let (mut walk, first) = Walk::start(&bytes).unwrap();
        let directory = walk.directory(first).unwrap();
        assert_eq!(directory.entries[1].value, Some(b"hello".as_slice()));
        let bytes = &bytes[..bytes.len() - 1];
        let (mut walk, first) = Walk::start(bytes).unwrap();
        assert_eq!(walk.directory(first).unwrap().entries[1].value, None);
    }

    #[test]
    fn a_directory_is_visited_once() {
        let bytes = block(&[], 8, b"");
        let (mut walk, first) = Walk::start(&bytes).unwrap();
        let next = walk.directory(first).unwrap().next.unwrap();
        assert!(walk.directory(next).is_none());
    }

    #[test]
    fn directories_are_limited() {
        let bytes = vec![0; 1000];
        let mut walk = Walk { bytes: &bytes, order: Order::Little, visited: BTreeSet::new() };
        let max = u32::try_from(limits::IFDS_MAX).unwrap();
        assert!((0..max).all(|at| walk.directory(at).is_some()));
        assert!(walk.directory(max).is_none());
    }

    #[test]
    fn entries_are_limited() {
        for (count, whole) in [(-1, true), (0, true), (1, false)]
            .map(|(by, whole)| (usize::try_from(i64::try_from(limits::IFD_ENTRIES_MAX).unwrap() + by).unwrap(), whole))
        {
            let bytes = block(&vec![(1, 1, 1, [0; 4]); count], 0, b"");
            let (mut walk, first) = Walk::start(&bytes).unwrap();
            let directory = walk.directory(first).unwrap();
            assert_eq!(directory.whole, whole);
            assert_eq!(directory.entries.len(), count.min(limits::IFD_ENTRIES_MAX));
        }
    }

    #[test]
    fn a_cut_directory_gives_what_is_left() {
        let bytes = block(&[(1, 1, 1, [7; 4]), (2, 1, 1, [8; 4])], 0, b"");
        let (mut walk, first) = Walk::start(&bytes[..25]).unwrap();
        let directory = walk.directory(first).unwrap();
        assert_eq!((directory.entries.len(), directory.whole, directory.next), (1, false, None));
    }

    #[test]
    fn numbers_of_every_type_are_read() {
        let tail = [3u32.to_le_bytes(), 4u32.to_le_bytes(), 0u32.to_le_bytes(), 0u32.to_le_bytes()].concat();
        let at = |entries: u32| (8 + 2 + 12 * entries + 4).to_le_bytes();
        let bytes = block(
            &[
                (1, 1, 1, [200, 0, 0, 0]),
                (2, 6, 1, [200, 0, 0, 0]),
                (3, 5, 2, at(6)),
                (4, 8, 1, [0xFE, 0xFF, 0, 0]),
                (5, 11, 1, 1.5f32.to_bits().to_le_bytes()),
                (6, 99, 1, [0; 4]),
            ],
            0,
            &tail,
        );
        let (mut walk, first) = Walk::start(&bytes).unwrap();
        let numbers: Vec<_> = walk.directory(first).unwrap().entries.iter().map(|entry| entry.number(0)).collect();
        assert_eq!(numbers, [Some(200.0), Some(-56.0), Some(0.75), Some(-2.0), Some(1.5), None]);
        let (mut walk, first) = Walk::start(&bytes).unwrap();
        assert_eq!(walk.directory(first).unwrap().entries[2].number(1), None, "a fraction over zero");
    }
}

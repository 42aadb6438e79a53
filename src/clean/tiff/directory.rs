//! Directories of a TIFF as they stand in a file of any size: entries and where their values are. Reads no value
//! before it is asked for, and none outside the file.

use crate::clean::cursor::Cursor;
use crate::clean::metadata::ifd::Order;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// How a file writes its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dialect {
    pub(super) order: Order,
    /// BigTIFF: offsets and counts of eight bytes.
    pub(super) big: bool,
}

/// An entry of a directory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) tag: u16,
    pub(super) kind: u16,
    pub(super) count: u64,
    /// Offset of the value, and its bytes; of a type that nobody knows, none.
    pub(super) at: u64,
    pub(super) len: u64,
    /// Offset of the entry itself.
    pub(super) entry_at: u64,
    /// The value stands in the entry.
    inline: bool,
}

impl Dialect {
    /// Reads the header; gives the offset of the first directory.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<(Self, u64), Refusal> {
        let (order, version) = match cursor.array("header")? {
            [b'I', b'I', version, 0] => (Order::Little, version),
            [b'M', b'M', 0, version] => (Order::Big, version),
            _ => return Err(Refusal::new(Reason::Damaged, "header", 0)),
        };
        let dialect = Self { order, big: version == 43 };
        if dialect.big {
            let sizes: [u8; 4] = cursor.array("header")?;
            if order.u16(&sizes, 0) != Some(8) || order.u16(&sizes, 2) != Some(0) {
                return Err(Refusal::new(Reason::Damaged, "header", 4));
            }
        }
        let first = dialect.offset(cursor, "header")?;
        Ok((dialect, first))
    }

    /// Bytes of the header.
    pub(super) fn header_bytes(self) -> u64 {
        if self.big { 16 } else { 8 }
    }

    fn offset(self, cursor: &mut Cursor<'_>, part: &'static str) -> Result<u64, Refusal> {
        if self.big {
            let bytes: [u8; 8] = cursor.array(part)?;
            return Ok(self.u64(&bytes, 0).unwrap_or(0));
        }
        let bytes: [u8; 4] = cursor.array(part)?;
        Ok(u64::from(self.order.u32(&bytes, 0).unwrap_or(0)))
    }

    fn u64(self, bytes: &[u8], at: usize) -> Option<u64> {
        let (one, two) = (self.order.u32(bytes, at)?, self.order.u32(bytes, at.checked_add(4)?)?);
        let (high, low) = if self.order == Order::Big { (one, two) } else { (two, one) };
        Some(u64::from(high) << 32 | u64::from(low))
    }

    /// Reads the directory at `at`: entries, and the offset of the next one. `entries` is what may still be read.
    pub(super) fn directory(
        self,
        cursor: &mut Cursor<'_>,
        at: u64,
        entries: &mut usize,
    ) -> Result<(Vec<Entry>, u64), Refusal> {
        cursor.go_to(at, "IFD")?;
        let count = if self.big {
            let bytes: [u8; 8] = cursor.array("IFD")?;
            usize::try_from(self.u64(&bytes, 0).unwrap_or(0)).unwrap_or(usize::MAX)
        } else {
            let bytes: [u8; 2] = cursor.array("IFD")?;
            usize::from(self.order.u16(&bytes, 0).unwrap_or(0))
        };
        *entries = entries.checked_sub(count).ok_or(Refusal::new(Reason::TooLarge, "number of IFD entries", at))?;
        let size = if self.big { 20 } else { 12 };
        let begin = cursor.at();
        let table = cursor.bytes(count.saturating_mul(size), "IFD")?;
        let places = (begin..).step_by(size);
        let entries = table.chunks_exact(size).zip(places).filter_map(|(raw, at)| self.entry(raw, at)).collect();
        // Some of the smallest files end before it.
        let missing = cursor.remaining() == 0;
        Ok((entries, if missing { 0 } else { self.offset(cursor, "offset of the next IFD")? }))
    }

    fn entry(self, raw: &[u8], entry_at: u64) -> Option<Entry> {
        let (tag, kind) = (self.order.u16(raw, 0)?, self.order.u16(raw, 2)?);
        let (count, field, inline) =
            if self.big { (self.u64(raw, 4)?, 12, 8) } else { (u64::from(self.order.u32(raw, 4)?), 8, 4) };
        let len = element_bytes(kind).unwrap_or(0).checked_mul(count)?;
        let inline = len <= inline;
        let at = if inline {
            entry_at.checked_add(u64::try_from(field).ok()?)?
        } else if self.big {
            self.u64(raw, field)?
        } else {
            u64::from(self.order.u32(raw, field)?)
        };
        Some(Entry { tag, kind, count, at, len, entry_at, inline })
    }

    /// The value of an entry as whole numbers, of which there may be no more than `max`.
    pub(super) fn numbers(self, cursor: &mut Cursor<'_>, entry: Entry, max: u64) -> Result<Vec<u64>, Refusal> {
        let refuse = |reason, part| Refusal::new(reason, part, entry.entry_at);
        if entry.count > max {
            return Err(refuse(Reason::TooLarge, "number of values"));
        }
        let size = element_bytes(entry.kind).unwrap_or(0);
        if !matches!(entry.kind, 1 | 3 | 4 | 13 | 16 | 18) {
            return Err(refuse(Reason::Damaged, "type of a value"));
        }
        let bytes = self.value(cursor, entry, entry.len)?;
        let size = usize::try_from(size).unwrap_or(1).max(1);
        let number = |raw: &[u8]| match entry.kind {
            1 => raw.first().map(|&byte| u64::from(byte)),
            3 => self.order.u16(raw, 0).map(u64::from),
            4 | 13 => self.order.u32(raw, 0).map(u64::from),
            _ => self.u64(raw, 0),
        };
        Ok(bytes.chunks_exact(size).filter_map(number).collect())
    }

    /// The first `len` bytes of an entry's value.
    pub(super) fn value(self, cursor: &mut Cursor<'_>, entry: Entry, len: u64) -> Result<Vec<u8>, Refusal> {
        let len = len.min(entry.len);
        if entry.at.saturating_add(len) > cursor.len() {
            return Err(Refusal::new(Reason::Truncated, "value of a tag", entry.entry_at));
        }
        cursor.go_to(entry.at, "value of a tag")?;
        cursor.bytes(usize::try_from(len).unwrap_or(usize::MAX), "value of a tag")
    }
}

impl Entry {
    /// Bytes that it has outside of its directory.
    pub(super) fn bytes_outside(&self) -> u64 {
        if self.inline { 0 } else { self.len }
    }
}

/// Bytes of one element of a type (TIFF 6.0, section 2; BigTIFF 16 to 18; Exif 3.0).
pub(super) fn element_bytes(kind: u16) -> Option<u64> {
    match kind {
        1 | 2 | 6 | 7 | 129 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 | 16..=18 => Some(8),
        _ => None,
    }
}

/// Entries of all directories together.
pub(super) const ENTRIES: usize = limits::TIFF_ENTRIES_MAX;

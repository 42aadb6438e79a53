//! Tags that no page needs: puts them into a small block of their own, so that `metadata::exif` can say what they say.
//! Keeps nothing.

use super::directory::{Dialect, Entry, element_bytes};
use super::tag::STRUCTURAL;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::exif;
use crate::clean::metadata::ifd::Order;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// Tags of directories: SubIFDs, Exif, GPS, Interoperability.
const DIRECTORIES: [u16; 4] = [0x014A, 0x8769, 0x8825, 0xA005];
/// Tags of whole blocks: XMP, IPTC, Photoshop.
const BLOCKS: [u16; 3] = [0x02BC, 0x83BB, 0x8649];
/// Bytes of any other value that are looked at.
const VALUE_BYTES_MAX: u64 = 4096;
/// Directories below a page: Exif and what it refers to.
const DEPTH_MAX: u32 = 2;

/// Reads foreign tags of a file's pages, all within one bound.
pub(super) struct Foreign {
    dialect: Dialect,
    bytes_left: usize,
    entries_left: usize,
}

impl Foreign {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, bytes_left: limits::METADATA_BYTES_MAX, entries_left: limits::TIFF_ENTRIES_MAX }
    }

    /// Says what the foreign tags of a page say. How many bytes directories below it have.
    pub(super) fn read(
        &mut self,
        cursor: &mut Cursor<'_>,
        entries: &[Entry],
        findings: &mut Findings,
    ) -> Result<u64, Refusal> {
        let foreign: Vec<Entry> = entries.iter().filter(|entry| !STRUCTURAL.contains(&entry.tag)).copied().collect();
        if foreign.is_empty() {
            return Ok(0);
        }
        let head: &[u8] = if self.dialect.order == Order::Big { b"MM\0*\0\0\0\x08" } else { b"II*\0\x08\0\0\0" };
        let mut block = Block { bytes: head.to_vec(), cut: false, referred: 0 };
        self.directory(cursor, &mut block, &foreign, DEPTH_MAX)?;
        findings.append(exif::read(&block.bytes).findings);
        if block.cut {
            findings.removed(Category::Unknown, "TIFF tags, more than can be read");
        }
        Ok(block.referred)
    }

    /// Appends a directory and its values; returns its place.
    fn directory(
        &mut self,
        cursor: &mut Cursor<'_>,
        block: &mut Block,
        entries: &[Entry],
        depth: u32,
    ) -> Result<u32, Refusal> {
        let place = block.place()?;
        let entries = entries.get(..limits::IFD_ENTRIES_MAX).unwrap_or(entries);
        let count = u16::try_from(entries.len()).unwrap_or(u16::MAX);
        let order = self.dialect.order;
        let mut table = order.two(count).to_vec();
        let room = entries.len().saturating_mul(12).saturating_add(6);
        block.bytes.resize(block.bytes.len().saturating_add(room), 0);
        for entry in entries {
            let (kind, len, value) = if DIRECTORIES.contains(&entry.tag) && depth > 0 {
                let places = self.below(cursor, block, entry, depth.saturating_sub(1))?;
                let value: Vec<u8> = places.iter().flat_map(|place| order.four(*place)).collect();
                (4, places.len(), value)
            } else {
                self.value(cursor, block, entry)?
            };
            table.extend_from_slice(&order.two(entry.tag));
            table.extend_from_slice(&order.two(kind));
            table.extend_from_slice(&order.four(u32::try_from(len).unwrap_or(0)));
            if value.len() <= 4 {
                table.extend(value.iter().copied().chain([0; 4]).take(4));
            } else {
                table.extend_from_slice(&order.four(block.place()?));
                block.bytes.extend_from_slice(&value);
            }
        }
        let from = usize::try_from(place).unwrap_or(usize::MAX);
        let to = block.bytes.iter_mut().skip(from).zip(table);
        to.for_each(|(to, byte)| *to = byte);
        Ok(place)
    }

    /// Directories that an entry refers to, as far as they can be read.
    fn below(
        &mut self,
        cursor: &mut Cursor<'_>,
        block: &mut Block,
        entry: &Entry,
        depth: u32,
    ) -> Result<Vec<u32>, Refusal> {
        let offsets = self.dialect.numbers(cursor, *entry, u64::try_from(limits::IFDS_MAX).unwrap_or(0));
        let mut places = Vec::new();
        for at in offsets.unwrap_or_default() {
            match self.dialect.directory(cursor, at, &mut self.entries_left) {
                Ok((entries, _)) => {
                    let len = u64::try_from(entries.len()).unwrap_or(u64::MAX).saturating_mul(12).saturating_add(6);
                    let outside = entries.iter().fold(len, |sum, entry| sum.saturating_add(entry.bytes_outside()));
                    block.referred = block.referred.saturating_add(outside);
                    places.push(self.directory(cursor, block, &entries, depth)?);
                }
                Err(Refusal { reason: Reason::Unreadable(kind), .. }) => {
                    return Err(Refusal::new(Reason::Unreadable(kind), "", at));
                }
                // Damage in what goes anyway.
                Err(_) => block.cut = true,
            }
        }
        Ok(places)
    }

    /// Type, number of elements and bytes of a value, as far as they are looked at.
    fn value(
        &mut self,
        cursor: &mut Cursor<'_>,
        block: &mut Block,
        entry: &Entry,
    ) -> Result<(u16, usize, Vec<u8>), Refusal> {
        let size = usize::try_from(element_bytes(entry.kind).unwrap_or(1)).unwrap_or(1).max(1);
        let bound = if BLOCKS.contains(&entry.tag) { u64::MAX } else { VALUE_BYTES_MAX };
        let wanted = usize::try_from(entry.len.min(bound)).unwrap_or(usize::MAX);
        if wanted > self.bytes_left || entry.at.saturating_add(entry.len) > cursor.len() {
            block.cut = true;
            return Ok((entry.kind, 0, Vec::new()));
        }
        let whole = wanted.saturating_sub(wanted.checked_rem(size).unwrap_or(0));
        let value = self.dialect.value(cursor, *entry, u64::try_from(whole).unwrap_or(0))?;
        self.bytes_left = self.bytes_left.saturating_sub(value.len());
        Ok((entry.kind, value.len().checked_div(size).unwrap_or(0), value))
    }
}

/// A block that is put together.
struct Block {
    bytes: Vec<u8>,
    /// Something did not fit or could not be read.
    cut: bool,
    referred: u64,
}

impl Block {
    fn place(&self) -> Result<u32, Refusal> {
        u32::try_from(self.bytes.len()).map_err(|_| Refusal::new(Reason::TooLarge, "foreign tags", 0))
    }
}

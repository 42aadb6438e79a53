//! TrueType and OpenType programs (ISO/IEC 14496-22), rebuilt of the tables that draw glyphs. Never copies a table
//! whole, but the instructions.

mod cmap;
mod glyf;
mod macintosh;
mod post;
mod verify;

use std::collections::BTreeMap;

use super::read::{long_at, short_at, slice, u16_at};
use super::{Program, cff, damaged};
use crate::clean::{Reason, Refusal};

pub(super) use verify::verify;

/// `head.magicNumber`.
const MAGIC: [u8; 4] = [0x5F, 0x0F, 0x3C, 0xF5];
/// What the checksum of a whole font is taken from (`head.checksumAdjustment`).
const WHOLE: u32 = 0xB1B0_AFBA;
/// Instructions and their values: copied.
const HINTS: [[u8; 4]; 3] = [*b"cvt ", *b"fpgm", *b"prep"];

/// The tables of a font.
struct Tables<'a> {
    whole: &'a [u8],
    /// Where each begins, and how long it claims to be.
    entries: BTreeMap<[u8; 4], (usize, usize)>,
}

impl<'a> Tables<'a> {
    /// The first font of a collection, or the only one.
    fn read(whole: &'a [u8]) -> Option<Self> {
        let start = if whole.starts_with(b"ttcf") { long_at(whole, 12)? } else { 0 };
        let count = short_at(whole, start.checked_add(4)?)?;
        let mut entries = BTreeMap::new();
        for number in 0..count {
            let at = start.checked_add(12)?.checked_add(number.checked_mul(16)?)?;
            // A directory that is cut off still names the tables before.
            let Some(entry) = slice(whole, at, 16) else { break };
            let (Ok(tag), Some(offset), Some(len)) =
                (entry.get(..4)?.try_into(), long_at(entry, 8), long_at(entry, 12))
            else {
                break;
            };
            if offset < whole.len() {
                entries.entry(tag).or_insert((offset, len));
            }
        }
        Some(Self { whole, entries })
    }

    /// A table, as far as the file goes.
    fn table(&self, tag: &[u8; 4]) -> Option<&'a [u8]> {
        let (offset, len) = *self.entries.get(tag)?;
        self.whole.get(offset..offset.saturating_add(len).min(self.whole.len()))
    }

    /// From the start of a table to where the next one starts: some are longer than the directory says.
    fn room(&self, tag: &[u8; 4]) -> Option<&'a [u8]> {
        let (offset, _) = *self.entries.get(tag)?;
        let others = self.entries.values().map(|(at, _)| *at).filter(|at| *at > offset);
        self.whole.get(offset..others.min().unwrap_or(self.whole.len()))
    }
}

/// Rebuilds a font.
pub(super) fn clean(bytes: &[u8]) -> Result<Program, Refusal> {
    let tables = Tables::read(bytes).ok_or(damaged("table directory"))?;
    let mut made: BTreeMap<[u8; 4], Vec<u8>> = BTreeMap::new();
    let outlines = tables.table(b"CFF ");
    let (glyphs, maxp) = maxp(tables.table(b"maxp"), outlines.is_some())?;
    let mut renamed = BTreeMap::new();
    let mut long_loca = false;
    if let Some(outlines) = outlines {
        let program = cff::clean(outlines)?;
        renamed = program.renamed;
        made.insert(*b"CFF ", program.bytes);
    } else {
        let glyf = tables.table(b"glyf").unwrap_or_default();
        let loca = tables.room(b"loca").ok_or(damaged("'loca' table"))?;
        let head = tables.table(b"head").ok_or(damaged("'head' table"))?;
        let claimed = tables.entries.get(b"loca").map_or(0, |(_, len)| *len);
        let source = glyf::Source::new(glyf, loca, claimed, u16_at(head, 50).unwrap_or(0) != 0);
        let (glyf, loca, long) = glyf::rebuilt(&source, glyphs)?;
        long_loca = long;
        made.extend([(*b"glyf", glyf), (*b"loca", loca)]);
        for tag in HINTS {
            let hints = tables.table(&tag).unwrap_or_default();
            // Values have two bytes each.
            let len = if tag == *b"cvt " { hints.len() & !1 } else { hints.len() };
            made.extend(hints.get(..len).filter(|hints| !hints.is_empty()).map(|hints| (tag, hints.to_vec())));
        }
        if let Some(table) = tables.table(b"post") {
            made.insert(*b"post", post::rebuilt(table, glyphs, &mut renamed));
        }
    }
    if outlines.is_some() && tables.entries.contains_key(b"post") {
        made.insert(*b"post", post::without_names(tables.table(b"post").unwrap_or_default()));
    }
    made.insert(*b"maxp", maxp);
    if let Some(head) = tables.table(b"head") {
        made.insert(*b"head", rebuilt_head(head, long_loca));
    }
    if let Some((hhea, hmtx)) = metrics(&tables, glyphs) {
        made.extend([(*b"hhea", hhea), (*b"hmtx", hmtx)]);
    }
    if let Some(table) = tables.table(b"cmap") {
        made.insert(*b"cmap", cmap::rebuilt(table, glyphs)?);
    }
    Ok(Program::new(assembled(&made, outlines.is_some()), renamed))
}

/// How many glyphs there are, and `maxp` anew.
fn maxp(table: Option<&[u8]>, outlines: bool) -> Result<(usize, Vec<u8>), Refusal> {
    let table = table.ok_or(damaged("'maxp' table"))?;
    let glyphs = short_at(table, 4).ok_or(damaged("'maxp' table"))?;
    if glyphs == 0 {
        return Err(damaged("'maxp' table"));
    }
    let mut maxp = if outlines { vec![0, 0, 0x50, 0] } else { vec![0, 1, 0, 0] };
    let len = if outlines { 6 } else { 32 };
    maxp.extend(table.get(4..).unwrap_or_default().iter().take(len).copied());
    maxp.resize(len, 0);
    Ok((glyphs, maxp))
}

/// `head` with neither revision nor dates; the sum of all is put in later.
fn rebuilt_head(table: &[u8], long_loca: bool) -> Vec<u8> {
    let mut head = vec![0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    head.extend_from_slice(&MAGIC);
    let kept = |at: usize, len: usize| (at..at.saturating_add(len)).map(|at| table.get(at).copied().unwrap_or(0));
    // flags, unitsPerEm; created and modified; box, macStyle, lowestRecPPEM, fontDirectionHint.
    head.extend(kept(16, 4));
    head.extend([0; 16]);
    head.extend(kept(36, 14));
    head.extend([0, u8::from(long_loca), 0, 0]);
    head
}

/// `hhea` and `hmtx`, with just one entry for each glyph.
fn metrics(tables: &Tables<'_>, glyphs: usize) -> Option<(Vec<u8>, Vec<u8>)> {
    let source = tables.table(b"hhea")?;
    let widths = tables.table(b"hmtx").unwrap_or_default();
    let kept = |at: usize, len: usize| (at..at.saturating_add(len)).map(|at| source.get(at).copied().unwrap_or(0));
    let claimed = short_at(source, 34).unwrap_or(0);
    let long = claimed.min(glyphs);
    let mut hhea = vec![0, 1, 0, 0];
    hhea.extend(kept(4, 20));
    hhea.extend([0; 10]);
    hhea.extend(u16::try_from(long).unwrap_or(u16::MAX).to_be_bytes());
    let len = long.saturating_mul(2).saturating_add(glyphs).saturating_sub(long).saturating_mul(2);
    let mut hmtx = if claimed == 0 { Vec::new() } else { widths.get(..len.min(widths.len()))?.to_vec() };
    hmtx.resize(len, 0);
    Some((hhea, hmtx))
}

/// All tables behind a directory, in the order of their tags.
fn assembled(tables: &BTreeMap<[u8; 4], Vec<u8>>, outlines: bool) -> Vec<u8> {
    let count = tables.len();
    let mut font = if outlines { b"OTTO".to_vec() } else { vec![0, 1, 0, 0] };
    let count_16 = u16::try_from(count).unwrap_or(u16::MAX);
    let power = count_16.checked_ilog2().unwrap_or(0);
    let range = 16u16.checked_shl(power).unwrap_or(0);
    for number in
        [count_16, range, u16::try_from(power).unwrap_or(0), count_16.saturating_mul(16).saturating_sub(range)]
    {
        font.extend(number.to_be_bytes());
    }
    let mut offset = count.saturating_mul(16).saturating_add(12);
    let mut body = Vec::new();
    let mut adjustment_at = None;
    for (tag, table) in tables {
        font.extend(tag);
        font.extend(sum(table).to_be_bytes());
        for number in [offset, table.len()] {
            font.extend(u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes());
        }
        if tag == b"head" {
            adjustment_at = Some(offset.saturating_add(8));
        }
        body.extend_from_slice(table);
        body.resize(body.len().next_multiple_of(4), 0);
        offset = count.saturating_mul(16).saturating_add(12).saturating_add(body.len());
    }
    font.extend(body);
    let adjustment = WHOLE.wrapping_sub(sum(&font)).to_be_bytes();
    if let Some(place) = adjustment_at.and_then(|at| font.get_mut(at..at.saturating_add(4))) {
        place.copy_from_slice(&adjustment);
    }
    font
}

/// The sum of a table's 32-bit numbers, the last one filled up with zeros.
fn sum(table: &[u8]) -> u32 {
    table.chunks(4).fold(0u32, |sum, chunk| {
        let mut number = [0; 4];
        for (to, from) in number.iter_mut().zip(chunk) {
            *to = *from;
        }
        sum.wrapping_add(u32::from_be_bytes(number))
    })
}

/// Over a limit.
fn too_large(part: &'static str) -> Refusal {
    Refusal::new(Reason::TooLarge, part, 0)
}

#[cfg(test)]
pub(super) mod tests;

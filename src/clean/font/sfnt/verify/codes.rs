//! Accounts for `cmap`: records in order, subtables one behind the other, each of a format and a shape that the cleaner
//! writes. Knows no characters.

use crate::clean::Unaccounted;
use crate::clean::font::read::Strict;

/// Reads the table to its end.
pub(super) fn verify(table: &mut Strict<'_>, glyphs: usize) -> Result<(), Unaccounted> {
    table.expect(&[0, 0], "'cmap' version")?;
    let count = table.number(2, "numTables")?;
    let mut offsets = Vec::new();
    let mut last = None;
    for _ in 0..count {
        let record = (table.number(2, "platformID")?, table.number(2, "encodingID")?);
        table.insist(record.0 <= 4 && record.1 <= 10 && Some(record) > last, "platformID")?;
        last = Some(record);
        offsets.push(table.number(4, "subtableOffset")?);
    }
    for offset in offsets {
        table.insist(offset == table.at(), "subtableOffset")?;
        match table.number(2, "subtable format")? {
            0 => {
                table.expect(&[1, 6, 0, 0], "subtable")?;
                let glyph_ids = table.take(256, "glyphIdArray")?;
                table.insist(glyph_ids.iter().all(|glyph| usize::from(*glyph) < glyphs), "glyphIdArray")?;
            }
            4 => segments(table, glyphs)?,
            6 => trimmed(table, glyphs)?,
            12 => groups(table, glyphs)?,
            _ => return table.wrong("subtable format"),
        }
    }
    table.end("'cmap' table")
}

/// Format 6.
fn trimmed(table: &mut Strict<'_>, glyphs: usize) -> Result<(), Unaccounted> {
    let len = table.number(2, "subtable length")?;
    table.expect(&[0, 0], "subtable language")?;
    let (first, count) = (table.number(2, "firstCode")?, table.number(2, "entryCount")?);
    table.insist(len == count.saturating_mul(2).saturating_add(10), "subtable length")?;
    table.insist(first.saturating_add(count) <= 0x1_0000, "entryCount")?;
    for _ in 0..count {
        let glyph = table.number(2, "glyphIdArray")?;
        table.insist(glyph < glyphs, "glyphIdArray")?;
    }
    Ok(())
}

/// Format 4, by differences alone.
fn segments(table: &mut Strict<'_>, glyphs: usize) -> Result<(), Unaccounted> {
    let len = table.number(2, "subtable length")?;
    table.expect(&[0, 0], "subtable language")?;
    let doubled = table.number(2, "segCountX2")?;
    table.insist(doubled >= 2 && doubled % 2 == 0, "segCountX2")?;
    table.insist(len == doubled.saturating_mul(4).saturating_add(16), "subtable length")?;
    let count = doubled >> 1;
    let power = count.checked_ilog2().unwrap_or(0);
    let range = 2usize.checked_shl(power).unwrap_or(0);
    for number in [range, usize::try_from(power).unwrap_or(0), doubled.saturating_sub(range)] {
        let said = table.number(2, "searchRange")?;
        table.insist(said == number, "searchRange")?;
    }
    let ends = column(table, count, "endCode")?;
    table.expect(&[0, 0], "reservedPad")?;
    let (starts, deltas) = (column(table, count, "startCode")?, column(table, count, "idDelta")?);
    let offsets = column(table, count, "idRangeOffset")?;
    table.insist(offsets.iter().all(|offset| *offset == 0), "idRangeOffset")?;
    let mut free = 0usize;
    for (number, ((end, start), delta)) in ends.iter().zip(&starts).zip(&deltas).enumerate() {
        if number.saturating_add(1) == count {
            return table.insist((*start, *end, *delta) == (0xFFFF, 0xFFFF, 1), "last segment");
        }
        let first = start.saturating_add(*delta) % 0x1_0000;
        let last = first.saturating_add(end.saturating_sub(*start));
        table.insist(*start >= free && end >= start && first > 0 && last < glyphs, "segment")?;
        free = end.saturating_add(1);
    }
    Ok(())
}

fn column(table: &mut Strict<'_>, count: usize, part: &'static str) -> Result<Vec<usize>, Unaccounted> {
    (0..count).map(|_| table.number(2, part)).collect()
}

/// Format 12.
fn groups(table: &mut Strict<'_>, glyphs: usize) -> Result<(), Unaccounted> {
    table.expect(&[0, 0], "subtable")?;
    let len = table.number(4, "subtable length")?;
    table.expect(&[0; 4], "subtable language")?;
    let count = table.number(4, "numGroups")?;
    table.insist(len == count.saturating_mul(12).saturating_add(16), "subtable length")?;
    let mut free = 0usize;
    for _ in 0..count {
        let first = table.number(4, "startCharCode")?;
        let last = table.number(4, "endCharCode")?;
        let glyph = table.number(4, "startGlyphID")?;
        let end = glyph.saturating_add(last.saturating_sub(first));
        table.insist(first >= free && last >= first && last <= 0x10_FFFF && glyph > 0 && end < glyphs, "group")?;
        free = last.saturating_add(1);
    }
    Ok(())
}

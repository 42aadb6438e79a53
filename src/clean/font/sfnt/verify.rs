//! The second walker of TrueType and OpenType programs: the directory, every table, every glyph. Knows only what a
//! clean font has.

use std::collections::BTreeMap;

use super::super::read::{Strict, long_at, short_at, slice};
use super::macintosh::NAMES;
use crate::clean::Unaccounted;
use crate::clean::font::{cff, names};

mod codes;

/// The tables of a clean font.
struct Clean<'a>(BTreeMap<&'a [u8], &'a [u8]>);

impl<'a> Clean<'a> {
    fn table(&self, tag: &[u8; 4]) -> Option<Strict<'a>> {
        self.0.get(tag.as_slice()).map(|table| Strict::new(table))
    }

    fn required(&self, tag: &[u8; 4], part: &'static str) -> Result<Strict<'a>, Unaccounted> {
        self.table(tag).ok_or_else(|| Unaccounted::new(part, 0))
    }
}

/// Accounts for every byte of a clean font.
pub(in crate::clean::font) fn verify(bytes: &[u8]) -> Result<(), Unaccounted> {
    let mut font = Strict::new(bytes);
    let outlines = bytes.starts_with(b"OTTO");
    font.expect(if outlines { b"OTTO" } else { &[0, 1, 0, 0] }, "sfnt version")?;
    let tables = directory(&mut font, bytes)?;
    let glyphs = maxp(&mut tables.required(b"maxp", "'maxp' table")?, outlines)?;
    let mut long = false;
    if let Some(mut head) = tables.table(b"head") {
        long = verify_head(&mut head)?;
        font.insist(sum(bytes) == 0xB1B0_AFBA, "checksumAdjustment")?;
    }
    if let Some(hhea) = tables.table(b"hhea") {
        metrics(hhea, &tables.required(b"hmtx", "'hmtx' table")?, glyphs)?;
    }
    for tag in tables.0.keys() {
        let known: bool = match *tag {
            b"CFF " => outlines,
            b"cvt " | b"fpgm" | b"prep" | b"glyf" | b"loca" => !outlines,
            b"hmtx" => tables.0.contains_key(b"hhea".as_slice()),
            b"cmap" | b"head" | b"hhea" | b"maxp" | b"post" => true,
            _ => false,
        };
        font.insist(known, "table")?;
    }
    if outlines {
        cff::verify(tables.required(b"CFF ", "'CFF ' table")?.rest())?;
    } else {
        tables.required(b"head", "'head' table")?;
        let glyf = tables.required(b"glyf", "'glyf' table")?.rest();
        verify_glyphs(glyf, tables.required(b"loca", "'loca' table")?.rest(), long, glyphs)?;
        let values = tables.table(b"cvt ").map_or(0, |values| values.rest().len());
        font.insist(values % 2 == 0, "'cvt ' table")?;
    }
    if let Some(mut cmap) = tables.table(b"cmap") {
        codes::verify(&mut cmap, glyphs)?;
    }
    tables.table(b"post").map_or(Ok(()), |mut table| post(&mut table, glyphs, outlines))
}

/// The directory in the order of tags, the tables behind it in the same order, zeros between.
fn directory<'a>(font: &mut Strict<'a>, bytes: &'a [u8]) -> Result<Clean<'a>, Unaccounted> {
    let count = font.number(2, "numTables")?;
    let power = count.checked_ilog2().unwrap_or(0);
    let range = 16usize.checked_shl(power).unwrap_or(0);
    let shift = count.saturating_mul(16).saturating_sub(range);
    for (number, part) in
        [(range, "searchRange"), (usize::try_from(power).unwrap_or(0), "entrySelector"), (shift, "rangeShift")]
    {
        let said = font.number(2, part)?;
        font.insist(said == number, part)?;
    }
    let mut tables = BTreeMap::new();
    let mut expected = count.saturating_mul(16).saturating_add(12);
    let mut last: &[u8] = &[];
    for _ in 0..count {
        let tag = font.take(4, "tag")?;
        font.insist(tag > last, "order of tables")?;
        last = tag;
        let said_sum = font.number(4, "checkSum")?;
        let (offset, len) = (font.number(4, "offset")?, font.number(4, "length")?);
        font.insist(offset == expected, "offset")?;
        let Some(table) = slice(bytes, offset, len) else { return font.wrong("length") };
        // The sum of 'head' is taken before the adjustment is in it.
        let adjustment = if tag == b"head" { long_at(table, 8).unwrap_or(0) } else { 0 };
        let table_sum = sum(table).wrapping_sub(u32::try_from(adjustment).unwrap_or(0));
        font.insist(u32::try_from(said_sum) == Ok(table_sum), "checkSum")?;
        expected = offset.saturating_add(len).next_multiple_of(4);
        let padding = bytes.get(offset.saturating_add(len)..expected);
        font.insist(padding.is_some_and(|padding| padding.iter().all(|byte| *byte == 0)), "padding")?;
        tables.insert(tag, table);
    }
    font.insist(expected == bytes.len(), "bytes behind the tables")?;
    Ok(Clean(tables))
}

fn sum(table: &[u8]) -> u32 {
    let mut sum = 0u32;
    for (at, byte) in table.iter().enumerate() {
        let shift = match at % 4 {
            0 => 24,
            1 => 16,
            2 => 8,
            _ => 0,
        };
        sum = sum.wrapping_add(u32::from(*byte).wrapping_shl(shift));
    }
    sum
}

fn maxp(table: &mut Strict<'_>, outlines: bool) -> Result<usize, Unaccounted> {
    table.expect(if outlines { &[0, 0, 0x50, 0] } else { &[0, 1, 0, 0] }, "'maxp' version")?;
    let glyphs = table.number(2, "numGlyphs")?;
    table.take(if outlines { 0 } else { 26 }, "'maxp' table")?;
    table.end("'maxp' table")?;
    table.insist(glyphs > 0, "numGlyphs")?;
    Ok(glyphs)
}

/// Whether `loca` has long offsets.
fn verify_head(table: &mut Strict<'_>) -> Result<bool, Unaccounted> {
    table.expect(&[0, 1, 0, 0, 0, 0, 0, 0], "fontRevision")?;
    table.take(4, "checksumAdjustment")?;
    table.expect(&[0x5F, 0x0F, 0x3C, 0xF5], "magicNumber")?;
    table.take(4, "unitsPerEm")?;
    table.expect(&[0; 16], "dates")?;
    table.take(14, "'head' table")?;
    let long = table.number(2, "indexToLocFormat")?;
    table.insist(long < 2, "indexToLocFormat")?;
    table.expect(&[0, 0], "glyphDataFormat")?;
    table.end("'head' table")?;
    Ok(long == 1)
}

fn metrics(mut hhea: Strict<'_>, hmtx: &Strict<'_>, glyphs: usize) -> Result<(), Unaccounted> {
    hhea.expect(&[0, 1, 0, 0], "'hhea' version")?;
    hhea.take(20, "'hhea' table")?;
    hhea.expect(&[0; 10], "'hhea' table")?;
    let long = hhea.number(2, "numberOfHMetrics")?;
    hhea.end("'hhea' table")?;
    hhea.insist(long <= glyphs, "numberOfHMetrics")?;
    let short = glyphs.saturating_sub(long);
    hmtx.insist(hmtx.rest().len() == long.saturating_mul(4).saturating_add(short.saturating_mul(2)), "'hmtx' table")
}

fn verify_glyphs(glyf: &[u8], loca: &[u8], long: bool, glyphs: usize) -> Result<(), Unaccounted> {
    let mut offsets = Strict::new(loca);
    let mut end = 0usize;
    for number in 0..=glyphs {
        let offset = if long {
            offsets.number(4, "'loca' table")?
        } else {
            offsets.number(2, "'loca' table")?.saturating_mul(2)
        };
        if number == 0 {
            offsets.insist(offset == 0, "'loca' table")?;
        } else if offset != end {
            let Some(glyph) = glyf.get(end..offset) else { return offsets.wrong("'loca' table") };
            verify_glyph(glyph, glyphs)?;
            end = offset;
        }
    }
    offsets.end("'loca' table")?;
    offsets.insist(end == glyf.len(), "'glyf' table")
}

fn verify_glyph(bytes: &[u8], glyphs: usize) -> Result<(), Unaccounted> {
    let mut glyph = Strict::new(bytes);
    let contours = glyph.number(2, "numberOfContours")?;
    glyph.take(8, "glyph bounds")?;
    match contours {
        0xFFFF => components(&mut glyph, glyphs)?,
        1..0x8000 => contour_points(&mut glyph, contours)?,
        _ => return glyph.wrong("numberOfContours"),
    }
    if glyph.at() % 2 == 1 {
        glyph.expect(&[0], "bytes behind a glyph")?;
    }
    glyph.end("bytes behind a glyph")
}

fn contour_points(glyph: &mut Strict<'_>, contours: usize) -> Result<(), Unaccounted> {
    let mut points = 0usize;
    for number in 0..contours {
        let after = glyph.number(2, "endPtsOfContours")?.saturating_add(1);
        glyph.insist(after > points || number == 0, "endPtsOfContours")?;
        points = after;
    }
    let instructions = glyph.number(2, "instructionLength")?;
    glyph.take(instructions, "instructions")?;
    let (mut across, mut up) = (0usize, 0usize);
    while points > 0 {
        let flag = glyph.number(1, "flags")?;
        let times = if flag & 8 == 0 { 1 } else { glyph.number(1, "flags")?.saturating_add(1) };
        glyph.insist(flag < 0x80 && times <= points, "flags")?;
        points = points.saturating_sub(times);
        let bytes = |short: usize, same: usize| match (flag & short, flag & same) {
            (0, 0) => 2usize,
            (0, _) => 0,
            _ => 1,
        };
        across = across.saturating_add(bytes(0x02, 0x10).saturating_mul(times));
        up = up.saturating_add(bytes(0x04, 0x20).saturating_mul(times));
    }
    glyph.take(across, "xCoordinates")?;
    glyph.take(up, "yCoordinates")?;
    Ok(())
}

fn components(glyph: &mut Strict<'_>, glyphs: usize) -> Result<(), Unaccounted> {
    loop {
        let flags = glyph.number(2, "component flags")?;
        let more = flags & 0x20 != 0;
        glyph.insist(flags & !0x1FEF == 0 && !(more && flags & 0x100 != 0), "component flags")?;
        let component = glyph.number(2, "glyphIndex")?;
        glyph.insist(component < glyphs, "glyphIndex")?;
        glyph.take(if flags & 1 != 0 { 4 } else { 2 }, "component arguments")?;
        let turned = match (flags & 8 != 0, flags & 0x40 != 0, flags & 0x80 != 0) {
            (true, ..) => 2,
            (false, true, _) => 4,
            (false, false, true) => 8,
            (false, false, false) => 0,
        };
        glyph.take(turned, "component transformation")?;
        if flags & 0x100 != 0 {
            let instructions = glyph.number(2, "numInstr")?;
            glyph.take(instructions, "instructions")?;
        }
        if !more {
            return Ok(());
        }
    }
}

fn post(table: &mut Strict<'_>, glyphs: usize, outlines: bool) -> Result<(), Unaccounted> {
    let version = table.number(4, "'post' version")?;
    table.take(12, "'post' table")?;
    table.expect(&[0; 16], "'post' table")?;
    match version {
        0x0001_0000 if !outlines => table.insist(glyphs == NAMES.len(), "'post' version")?,
        0x0002_0000 if !outlines => {
            let count = table.number(2, "numGlyphs")?;
            table.insist(count == glyphs, "numGlyphs")?;
            let numbers = table.take(glyphs.saturating_mul(2), "glyphNameIndex")?;
            // Own names are numbered as they are first used, and each is used.
            let mut next = NAMES.len();
            for number in numbers.chunks(2).filter_map(|number| short_at(number, 0)) {
                table.insist(number <= next, "glyphNameIndex")?;
                if number == next {
                    next = next.saturating_add(1);
                }
            }
            for _ in NAMES.len()..next {
                let len = table.number(1, "glyph name")?;
                let name = table.take(len, "glyph name")?;
                table.insist(names::plain(name), "glyph name")?;
            }
        }
        0x0003_0000 => {}
        _ => return table.wrong("'post' version"),
    }
    table.end("'post' table")
}

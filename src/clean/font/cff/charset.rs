//! Charsets, encodings and FDSelect of CFF (Adobe Technical Note 5176, sections 12, 13 and 19): read, written anew.

use crate::clean::font::read::{short_at, slice};

/// The string or character identifier of each glyph; of those behind a charset's end, zero.
pub(super) fn read(bytes: &[u8], offset: usize, glyphs: usize, by_cid: bool) -> Vec<u16> {
    let mut ids: Vec<u16> = vec![0];
    match offset {
        0..=2 if by_cid => ids.extend(1..=u16::MAX),
        0 => ids.extend(1..=228),
        1 => ids.extend(EXPERT.iter().flat_map(|(first, last)| *first..=*last)),
        2 => ids.extend(EXPERT_SUBSET.iter().flat_map(|(first, last)| *first..=*last)),
        _ => {
            custom(bytes, offset, glyphs, &mut ids);
        }
    }
    ids.resize(glyphs, 0);
    ids
}

fn custom(bytes: &[u8], offset: usize, glyphs: usize, ids: &mut Vec<u16>) -> Option<()> {
    let format = *bytes.get(offset)?;
    let mut at = offset.checked_add(1)?;
    while ids.len() < glyphs {
        let first = u16::try_from(short_at(bytes, at)?).ok()?;
        at = at.checked_add(2)?;
        let left = match format {
            0 => 0,
            1 => usize::from(*bytes.get(at)?),
            2 => short_at(bytes, at)?,
            _ => return None,
        };
        at = at.checked_add(usize::from(format))?;
        for step in 0..=left.min(glyphs.saturating_sub(ids.len()).saturating_sub(1)) {
            ids.push(first.saturating_add(u16::try_from(step).unwrap_or(u16::MAX)));
        }
    }
    Some(())
}

/// Format 2: ranges of identifiers that rise.
pub(super) fn write(ids: &[u16]) -> Vec<u8> {
    let mut ranges: Vec<(u16, u16)> = Vec::new();
    for id in ids.iter().skip(1) {
        match ranges.last_mut() {
            Some((first, left)) if first.checked_add(*left).and_then(|last| last.checked_add(1)) == Some(*id) => {
                *left = left.saturating_add(1);
            }
            _ => ranges.push((*id, 0)),
        }
    }
    let mut made = vec![2];
    for (first, left) in ranges {
        made.extend(first.to_be_bytes());
        made.extend(left.to_be_bytes());
    }
    made
}

/// An encoding of a font's own: codes of the glyphs from the second on, and further codes with string identifiers.
#[derive(Default)]
pub(super) struct Encoding {
    pub(super) codes: Vec<u8>,
    pub(super) supplements: Vec<(u8, u16)>,
}

/// Reads an encoding as far as it can be read.
pub(super) fn read_encoding(bytes: &[u8], offset: usize, glyphs: usize) -> Encoding {
    let mut encoding = Encoding::default();
    read_codes(bytes, offset, &mut encoding);
    encoding.codes.truncate(glyphs.saturating_sub(1).min(255));
    encoding
}

fn read_codes(bytes: &[u8], offset: usize, encoding: &mut Encoding) -> Option<()> {
    let format = *bytes.get(offset)?;
    let count = usize::from(*bytes.get(offset.checked_add(1)?)?);
    let mut at = offset.checked_add(2)?;
    for _ in 0..count {
        let first = *bytes.get(at)?;
        at = at.checked_add(1)?;
        if format & 0x7F == 0 {
            encoding.codes.push(first);
        } else {
            let left = *bytes.get(at)?;
            at = at.checked_add(1)?;
            encoding.codes.extend(first..=first.saturating_add(left));
        }
    }
    if format & 0x80 != 0 {
        let count = usize::from(*bytes.get(at)?);
        at = at.checked_add(1)?;
        for entry in slice(bytes, at, count.checked_mul(3)?)?.chunks(3) {
            encoding.supplements.push((*entry.first()?, u16::try_from(short_at(entry, 1)?).ok()?));
        }
    }
    Some(())
}

/// Format 0, with supplements where there are any.
pub(super) fn write_encoding(encoding: &Encoding) -> Vec<u8> {
    let count = |len: usize| u8::try_from(len).unwrap_or(u8::MAX);
    let mut made = vec![if encoding.supplements.is_empty() { 0 } else { 0x80 }, count(encoding.codes.len())];
    made.extend(&encoding.codes);
    if !encoding.supplements.is_empty() {
        made.push(count(encoding.supplements.len()));
        for (code, id) in &encoding.supplements {
            made.push(*code);
            made.extend(id.to_be_bytes());
        }
    }
    made
}

/// Which Font DICT each glyph is of; one that there is not becomes the last.
pub(super) fn read_select(bytes: &[u8], offset: usize, glyphs: usize, fonts: usize) -> Vec<u8> {
    let mut select = Vec::new();
    read_fonts(bytes, offset, glyphs, &mut select);
    select.resize(glyphs, 0);
    let last = u8::try_from(fonts.saturating_sub(1)).unwrap_or(u8::MAX);
    select.iter().map(|font| *font.min(&last)).collect()
}

fn read_fonts(bytes: &[u8], offset: usize, glyphs: usize, select: &mut Vec<u8>) -> Option<()> {
    let start = offset.checked_add(1)?;
    match *bytes.get(offset)? {
        0 => select.extend(bytes.get(start..)?.iter().take(glyphs)),
        3 => {
            for range in 0..short_at(bytes, start)? {
                let at = range.checked_mul(3)?.checked_add(start)?.checked_add(2)?;
                let (font, next) = (*bytes.get(at.checked_add(2)?)?, short_at(bytes, at.checked_add(3)?)?);
                select.resize(select.len().max(next.min(glyphs)), font);
            }
        }
        _ => {}
    }
    Some(())
}

/// Format 3: ranges of glyphs.
pub(super) fn write_select(select: &[u8]) -> Vec<u8> {
    let mut ranges: Vec<(usize, u8)> = Vec::new();
    for (glyph, font) in select.iter().enumerate() {
        if ranges.last().is_none_or(|(_, last)| last != font) {
            ranges.push((glyph, *font));
        }
    }
    let short = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes();
    let mut made = vec![3];
    made.extend(short(ranges.len()));
    for (glyph, font) in ranges {
        made.extend(short(glyph));
        made.push(font);
    }
    made.extend(short(select.len()));
    made
}

/// Appendix C, Expert: runs of string identifiers from the second glyph on.
const EXPERT: &[(u16, u16)] = &[
    (1, 1),
    (229, 238),
    (13, 15),
    (99, 99),
    (239, 248),
    (27, 28),
    (249, 266),
    (109, 110),
    (267, 318),
    (158, 158),
    (155, 155),
    (163, 163),
    (319, 326),
    (150, 150),
    (164, 164),
    (169, 169),
    (327, 378),
];
/// Appendix C, Expert Subset.
const EXPERT_SUBSET: &[(u16, u16)] = &[
    (1, 1),
    (231, 232),
    (235, 238),
    (13, 15),
    (99, 99),
    (239, 248),
    (27, 28),
    (249, 251),
    (253, 266),
    (109, 110),
    (267, 270),
    (272, 272),
    (300, 302),
    (305, 305),
    (314, 315),
    (158, 158),
    (155, 155),
    (163, 163),
    (320, 326),
    (150, 150),
    (164, 164),
    (169, 169),
    (327, 346),
];

//! `post`: names of glyphs, where a font has them. Never keeps a name that is not plain, or memory sizes.

use std::collections::BTreeMap;

use super::macintosh::NAMES;
use crate::clean::font::names::Renaming;
use crate::clean::font::read::{short_at, slice, u32_at};

/// The 32 bytes at the start: italicAngle, underline and isFixedPitch are kept.
fn header(version: u32, table: &[u8]) -> Vec<u8> {
    let mut made = version.to_be_bytes().to_vec();
    made.extend((4..16).map(|at| table.get(at).copied().unwrap_or(0)));
    made.resize(32, 0);
    made
}

/// Version 3.
pub(super) fn without_names(table: &[u8]) -> Vec<u8> {
    header(0x0003_0000, table)
}

/// Version 1 and 2 with plain names, everything else as version 3.
pub(super) fn rebuilt(table: &[u8], glyphs: usize, renamed: &mut BTreeMap<Vec<u8>, Vec<u8>>) -> Vec<u8> {
    let names = match u32_at(table, 0) {
        Some(0x0001_0000) if glyphs == NAMES.len() => return header(0x0001_0000, table),
        Some(0x0002_0000) => names(table, glyphs),
        _ => None,
    };
    let Some(names) = names else { return without_names(table) };
    let mut renaming = Renaming::new(names.iter().copied());
    let mut made = header(0x0002_0000, table);
    made.extend(u16::try_from(glyphs).unwrap_or(u16::MAX).to_be_bytes());
    let mut strings: Vec<u8> = Vec::new();
    let mut numbers: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
    for (glyph, name) in names.iter().enumerate() {
        let name = renaming.name(glyph, name);
        let number = match NAMES.iter().position(|standard| standard.as_bytes() == name) {
            Some(number) => number,
            None => {
                let next = numbers.len().saturating_add(NAMES.len());
                *numbers.entry(name).or_insert_with_key(|name| {
                    strings.push(u8::try_from(name.len()).unwrap_or(0));
                    strings.extend_from_slice(name);
                    next
                })
            }
        };
        made.extend(u16::try_from(number).unwrap_or(0).to_be_bytes());
    }
    made.extend(strings);
    renamed.extend(renaming.into_map());
    made
}

/// The name of each glyph; a number that names none is `.notdef`.
fn names(table: &[u8], glyphs: usize) -> Option<Vec<&[u8]>> {
    let count = short_at(table, 32)?;
    let mut strings = Vec::new();
    let mut at = count.checked_mul(2)?.checked_add(34)?;
    while let Some(len) = table.get(at) {
        let Some(string) = slice(table, at.checked_add(1)?, usize::from(*len)) else { break };
        strings.push(string);
        at = at.checked_add(1)?.checked_add(string.len())?;
    }
    let name = |glyph: usize| {
        let number = short_at(table, glyph.checked_mul(2)?.checked_add(34)?).filter(|_| glyph < count)?;
        match number.checked_sub(NAMES.len()) {
            None => NAMES.get(number).map(|name| name.as_bytes()),
            Some(number) => strings.get(number).copied().filter(|name| !name.is_empty()),
        }
    };
    Some((0..glyphs).map(|glyph| name(glyph).unwrap_or(b".notdef")).collect())
}

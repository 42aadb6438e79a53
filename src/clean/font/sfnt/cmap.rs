//! `cmap`: which character is which glyph. Every subtable is read into a map and written anew; never copied.

use std::collections::BTreeMap;

use super::too_large;
use crate::clean::Refusal;
use crate::clean::font::read::{long_at, short_at, u16_at};
use crate::limits;

/// A subtable: from codes to glyphs.
type Codes = BTreeMap<u32, u16>;

/// Segments that a subtable of format 4 has room for.
const SEGMENTS_MAX: usize = 8_000;
/// Subtables that are read.
const SUBTABLES_MAX: usize = 64;

/// All subtables of formats that map single codes; of several for one platform and encoding, the first.
pub(super) fn rebuilt(table: &[u8], glyphs: usize) -> Result<Vec<u8>, Refusal> {
    let mut subtables: BTreeMap<(u16, u16), Vec<u8>> = BTreeMap::new();
    let mut reading = Reading { glyphs, left: limits::FONT_CODES_MAX };
    for number in 0..short_at(table, 2).unwrap_or(0).min(SUBTABLES_MAX) {
        let at = number.saturating_mul(8).saturating_add(4);
        let (Some(platform), Some(encoding)) = (u16_at(table, at), u16_at(table, at.saturating_add(2))) else { break };
        if subtables.contains_key(&(platform, encoding)) || platform > 4 || encoding > 10 {
            continue;
        }
        let Some(codes) = reading.subtable(table, at)? else { continue };
        subtables.insert((platform, encoding), if platform == 1 { for_macintosh(&codes) } else { segments(&codes) });
    }
    let mut made = vec![0, 0];
    made.extend(u16::try_from(subtables.len()).unwrap_or(u16::MAX).to_be_bytes());
    let mut offset = subtables.len().saturating_mul(8).saturating_add(4);
    for ((platform, encoding), subtable) in &subtables {
        made.extend(platform.to_be_bytes());
        made.extend(encoding.to_be_bytes());
        made.extend(u32::try_from(offset).unwrap_or(u32::MAX).to_be_bytes());
        offset = offset.saturating_add(subtable.len());
    }
    made.extend(subtables.into_values().flatten());
    Ok(made)
}

struct Reading {
    glyphs: usize,
    /// Codes that may still be mapped.
    left: usize,
}

impl Reading {
    /// The subtable that the record at `record` refers to; none if it is not of a format for single codes.
    fn subtable(&mut self, table: &[u8], record: usize) -> Result<Option<Codes>, Refusal> {
        let subtable = long_at(table, record.saturating_add(4)).and_then(|at| table.get(at..)).unwrap_or_default();
        let mut codes = Codes::new();
        match u16_at(subtable, 0) {
            Some(0) => {
                for code in 0..256u16 {
                    let glyph = subtable.get(usize::from(code).saturating_add(6)).copied().unwrap_or(0);
                    self.map(&mut codes, u32::from(code), usize::from(glyph))?;
                }
            }
            Some(4) => self.segmented(subtable, &mut codes)?,
            Some(6) => self.trimmed(subtable, &mut codes, short_at(subtable, 6), short_at(subtable, 8), 10)?,
            Some(10) => self.trimmed(subtable, &mut codes, long_at(subtable, 12), long_at(subtable, 16), 20)?,
            Some(format @ (12 | 13)) => self.groups(subtable, &mut codes, format == 12)?,
            _ => return Ok(None),
        }
        Ok(Some(codes))
    }

    /// The first mapping of a code counts; to no glyph, or to one that is not there, is not one.
    fn map(&mut self, codes: &mut Codes, code: u32, glyph: usize) -> Result<(), Refusal> {
        self.left = self.left.checked_sub(1).ok_or(too_large("'cmap' table"))?;
        if let Ok(glyph) = u16::try_from(glyph)
            && glyph != 0
            && usize::from(glyph) < self.glyphs
        {
            codes.entry(code).or_insert(glyph);
        }
        Ok(())
    }

    fn segmented(&mut self, subtable: &[u8], codes: &mut Codes) -> Result<(), Refusal> {
        let doubled = short_at(subtable, 6).unwrap_or(0) & !1;
        for at in (0..doubled).step_by(2) {
            let part = |number: usize, reserved: usize| {
                let at = doubled.saturating_mul(number).saturating_add(at).saturating_add(14).saturating_add(reserved);
                u16_at(subtable, at).map(|value| (value, at))
            };
            let (Some((end, _)), Some((start, _)), Some((delta, _)), Some((range, range_at))) =
                (part(0, 0), part(1, 2), part(2, 2), part(3, 2))
            else {
                break;
            };
            if range == u16::MAX {
                continue;
            }
            for code in start..=end {
                let glyph = if range == 0 {
                    code.wrapping_add(delta)
                } else {
                    let index = usize::from(code.wrapping_sub(start)).saturating_mul(2);
                    let at = range_at.saturating_add(usize::from(range)).saturating_add(index);
                    match u16_at(subtable, at) {
                        None | Some(0) => 0,
                        Some(glyph) => glyph.wrapping_add(delta),
                    }
                };
                if code != u16::MAX {
                    self.map(codes, u32::from(code), usize::from(glyph))?;
                }
            }
        }
        Ok(())
    }

    fn trimmed(
        &mut self,
        subtable: &[u8],
        codes: &mut Codes,
        first: Option<usize>,
        count: Option<usize>,
        at: usize,
    ) -> Result<(), Refusal> {
        let first = first.and_then(|first| u32::try_from(first).ok()).unwrap_or(0);
        let glyphs = subtable.get(at..).unwrap_or_default().chunks_exact(2).take(count.unwrap_or(0));
        for (code, glyph) in (first..0x11_0000).zip(glyphs) {
            self.map(codes, code, short_at(glyph, 0).unwrap_or(0))?;
        }
        Ok(())
    }

    fn groups(&mut self, subtable: &[u8], codes: &mut Codes, rising: bool) -> Result<(), Refusal> {
        let groups = subtable.get(16..).unwrap_or_default().chunks_exact(12);
        for group in groups.take(long_at(subtable, 12).unwrap_or(0)) {
            let (Some(first), Some(last), Some(glyph)) = (long_at(group, 0), long_at(group, 4), long_at(group, 8))
            else {
                break;
            };
            for (number, code) in (first..=last.min(0x10_FFFF)).enumerate() {
                let glyph = if rising { glyph.saturating_add(number) } else { glyph };
                if glyph >= self.glyphs {
                    break;
                }
                self.map(codes, u32::try_from(code).unwrap_or(0), glyph)?;
            }
        }
        Ok(())
    }
}

/// Format 0 where it suffices, or format 6.
fn for_macintosh(codes: &Codes) -> Vec<u8> {
    let at = |code: u32| codes.get(&code).copied().unwrap_or(0);
    let last = codes.last_key_value().map_or(0, |(code, _)| *code);
    if last < 256 && codes.values().all(|glyph| *glyph < 256) {
        let mut made = vec![0, 0, 1, 6, 0, 0];
        made.extend((0..256).map(|code| u8::try_from(at(code)).unwrap_or(0)));
        return made;
    }
    let first = codes.first_key_value().map_or(0, |(code, _)| *code);
    let count = last.saturating_sub(first).saturating_add(1);
    if last > 0xFFFF || count > 0x7FF0 {
        return segments(codes);
    }
    let mut made = Vec::new();
    for number in [6, count.saturating_mul(2).saturating_add(10), 0, first, count] {
        made.extend(u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes());
    }
    made.extend((first..=last).flat_map(|code| at(code).to_be_bytes()));
    made
}

/// Codes and glyphs that rise together: first code, last code, first glyph.
fn runs(codes: &Codes) -> Vec<(u32, u32, u16)> {
    let mut runs: Vec<(u32, u32, u16)> = Vec::new();
    for (&code, &glyph) in codes {
        if let Some((first, last, start)) = runs.last_mut()
            && last.checked_add(1) == Some(code)
            && u32::from(*start).saturating_add(code.saturating_sub(*first)) == u32::from(glyph)
        {
            *last = code;
        } else {
            runs.push((code, code, glyph));
        }
    }
    runs
}

/// Format 4 where it suffices, or format 12.
fn segments(codes: &Codes) -> Vec<u8> {
    let runs = runs(codes);
    if runs.len() > SEGMENTS_MAX || codes.last_key_value().is_some_and(|(code, _)| *code > 0xFFFE) {
        return groups(&runs);
    }
    let short = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
    let count = u16::try_from(runs.len()).unwrap_or(u16::MAX).saturating_add(1);
    let power = count.ilog2();
    let range = 2u16.checked_shl(power).unwrap_or(0);
    let doubled = count.saturating_mul(2);
    let mut made = Vec::new();
    let header = [4, count.saturating_mul(8).saturating_add(16), 0, doubled, range, short(power)];
    made.extend(header.into_iter().chain([doubled.saturating_sub(range)]).flat_map(u16::to_be_bytes));
    made.extend(runs.iter().map(|(_, last, _)| short(*last)).chain([u16::MAX]).flat_map(u16::to_be_bytes));
    made.extend([0, 0]);
    made.extend(runs.iter().map(|(first, _, _)| short(*first)).chain([u16::MAX]).flat_map(u16::to_be_bytes));
    let deltas = runs.iter().map(|(first, _, glyph)| glyph.wrapping_sub(short(*first)));
    made.extend(deltas.chain([1]).flat_map(u16::to_be_bytes));
    made.resize(made.len().saturating_add(usize::from(doubled)), 0);
    made
}

fn groups(runs: &[(u32, u32, u16)]) -> Vec<u8> {
    let count = u32::try_from(runs.len()).unwrap_or(u32::MAX);
    let mut made = vec![0, 12, 0, 0];
    for number in [count.saturating_mul(12).saturating_add(16), 0, count] {
        made.extend(number.to_be_bytes());
    }
    for (first, last, glyph) in runs {
        made.extend([*first, *last, u32::from(*glyph)].into_iter().flat_map(u32::to_be_bytes));
    }
    made
}

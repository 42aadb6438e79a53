//! `glyf` and `loca`: each glyph is cut to the bytes that its own structure needs. Never keeps a gap between glyphs; a
//! glyph that no reader could draw becomes an empty one.

use super::too_large;
use crate::clean::Refusal;
use crate::clean::font::read::{long_at, short_at, slice, u16_at};
use crate::limits;

/// `ARG_1_AND_2_ARE_WORDS`.
const WORDS: u16 = 0x0001;
/// `WE_HAVE_A_SCALE`.
const SCALE: u16 = 0x0008;
/// `MORE_COMPONENTS`.
const MORE: u16 = 0x0020;
/// `WE_HAVE_AN_X_AND_Y_SCALE`.
const TWO_SCALES: u16 = 0x0040;
/// `WE_HAVE_A_TWO_BY_TWO`.
const MATRIX: u16 = 0x0080;
/// `WE_HAVE_INSTRUCTIONS`.
const INSTRUCTIONS: u16 = 0x0100;
/// Flags of a component that mean something.
const COMPONENT: u16 = 0x1FEF;
/// Flags of a point that mean something.
const POINT: u8 = 0x7F;
/// The next byte says how often a flag is repeated.
const REPEAT: u8 = 0x08;
/// The largest `glyf` that short offsets reach across.
const SHORT_BYTES_MAX: usize = 0x1_FFFE;

/// Where glyphs are found.
pub(super) struct Source<'a> {
    glyf: &'a [u8],
    loca: &'a [u8],
    long: bool,
    /// Offsets that `loca` has by the directory.
    claimed: usize,
}

impl<'a> Source<'a> {
    /// `loca` goes on to the next table, `claimed` is its length by the directory.
    pub(super) fn new(glyf: &'a [u8], loca: &'a [u8], claimed: usize, long: bool) -> Self {
        let claimed = claimed.min(loca.len()) >> if long { 2 } else { 1 };
        Self { glyf, loca, long, claimed }
    }

    fn offset(&self, index: usize) -> Option<usize> {
        if self.long {
            long_at(self.loca, index.checked_mul(4)?)
        } else {
            short_at(self.loca, index.checked_mul(2)?)?.checked_mul(2)
        }
    }

    /// The bytes of a glyph, as FreeType takes them where offsets are wrong.
    fn glyph(&self, glyph: usize, offsets: usize) -> &'a [u8] {
        let next = glyph.saturating_add(1);
        let Some(start) = self.offset(glyph).filter(|_| glyph < offsets) else { return &[] };
        let mut end = if next < offsets { self.offset(next).unwrap_or(start) } else { start };
        if end > self.glyf.len() {
            if next.saturating_add(1) < offsets {
                return &[];
            }
            end = self.glyf.len();
        }
        let end = if end >= start { end } else { self.glyf.len() };
        self.glyf.get(start..end).unwrap_or_default()
    }
}

/// `glyf`, `loca`, and whether the latter has long offsets.
pub(super) fn rebuilt(source: &Source<'_>, glyphs: usize) -> Result<(Vec<u8>, Vec<u8>, bool), Refusal> {
    // A table that is too short by the directory may go on behind.
    let offsets = glyphs.saturating_add(1);
    let offsets = if source.claimed < offsets && source.offset(glyphs).is_none() { source.claimed } else { offsets };
    let (mut glyf, mut ends) = (Vec::new(), vec![0usize]);
    for number in 0..glyphs {
        if let Some(glyph) = trimmed(source.glyph(number, offsets), glyphs) {
            glyf.extend(glyph);
            glyf.resize(glyf.len().next_multiple_of(2), 0);
        }
        if glyf.len() > limits::FONT_BYTES_MAX {
            return Err(too_large("'glyf' table"));
        }
        ends.push(glyf.len());
    }
    let long = glyf.len() > SHORT_BYTES_MAX;
    let mut loca = Vec::new();
    for end in ends {
        if long {
            loca.extend(u32::try_from(end).unwrap_or(u32::MAX).to_be_bytes());
        } else {
            loca.extend(u16::try_from(end >> 1).unwrap_or(u16::MAX).to_be_bytes());
        }
    }
    Ok((glyf, loca, long))
}

/// A glyph without what is behind it; none if there is nothing to draw.
fn trimmed(bytes: &[u8], glyphs: usize) -> Option<Vec<u8>> {
    match u16_at(bytes, 0)? {
        0 => None,
        contours @ 1..=0x7FFF => simple(bytes, usize::from(contours)),
        _ => composite(bytes, glyphs),
    }
}

fn simple(bytes: &[u8], contours: usize) -> Option<Vec<u8>> {
    let ends = slice(bytes, 10, contours.checked_mul(2)?)?;
    let mut points = 0usize;
    for (number, end) in ends.chunks(2).enumerate() {
        let after = short_at(end, 0)?.checked_add(1)?;
        if after <= points && number > 0 {
            return None;
        }
        points = after;
    }
    let instructions = contours.checked_mul(2)?.checked_add(10)?;
    let mut at = short_at(bytes, instructions)?.checked_add(instructions)?.checked_add(2)?;
    let mut glyph = bytes.get(..at)?.to_vec();
    let (mut left, mut coordinates) = (points, 0usize);
    while left > 0 {
        let flag = *bytes.get(at)?;
        at = at.checked_add(1)?;
        glyph.push(flag & POINT);
        let mut times = 1usize;
        if flag & REPEAT != 0 {
            let repeated = usize::from(*bytes.get(at)?).min(left.saturating_sub(1));
            at = at.checked_add(1)?;
            glyph.push(u8::try_from(repeated).ok()?);
            times = repeated.checked_add(1)?;
        }
        left = left.saturating_sub(times);
        coordinates = coordinates.checked_add(coordinate_bytes(flag).checked_mul(times)?)?;
    }
    glyph.extend_from_slice(slice(bytes, at, coordinates)?);
    Some(glyph)
}

/// Bytes that both coordinates of a point have.
fn coordinate_bytes(flag: u8) -> usize {
    let one = |short: u8, same: u8| match (flag & short != 0, flag & same != 0) {
        (true, _) => 1usize,
        (false, true) => 0,
        (false, false) => 2,
    };
    one(0x02, 0x10).saturating_add(one(0x04, 0x20))
}

fn composite(bytes: &[u8], glyphs: usize) -> Option<Vec<u8>> {
    let mut glyph = vec![0xFF, 0xFF];
    glyph.extend_from_slice(slice(bytes, 2, 8)?);
    let mut at = 10usize;
    loop {
        let flags = u16_at(bytes, at)?;
        let component = slice(bytes, at.checked_add(2)?, component_bytes(flags))?;
        at = at.checked_add(2)?.checked_add(component.len())?;
        if short_at(component, 0)? >= glyphs {
            return None;
        }
        let behind = if flags & (MORE | INSTRUCTIONS) == INSTRUCTIONS {
            short_at(bytes, at).and_then(|len| slice(bytes, at, len.checked_add(2)?))
        } else {
            None
        };
        let kept = if behind.is_some() { COMPONENT } else { COMPONENT & !INSTRUCTIONS };
        glyph.extend((flags & kept).to_be_bytes());
        glyph.extend_from_slice(component);
        glyph.extend_from_slice(behind.unwrap_or_default());
        if flags & MORE == 0 {
            return Some(glyph);
        }
    }
}

/// Bytes of a component behind its flags: the glyph, where it goes, how it is turned.
fn component_bytes(flags: u16) -> usize {
    let arguments = if flags & WORDS != 0 { 4 } else { 2 };
    let turned = if flags & SCALE != 0 {
        2
    } else if flags & TWO_SCALES != 0 {
        4
    } else if flags & MATRIX != 0 {
        8
    } else {
        0
    };
    2usize.saturating_add(arguments).saturating_add(turned)
}

//! Sets of fields that several headers of JPEG XL share: sizes, depths of samples. Reads and writes each.

use super::bits::{Bits, Choice, Reading, Wrong};
use crate::clean::Reason;
use crate::limits;

const SIDE: Choice = [(1, 9), (1, 13), (1, 18), (1, 30)];
const PREVIEW_SIDE: Choice = [(1, 6), (65, 8), (321, 10), (1345, 12)];
const PREVIEW_EIGHTHS: Choice = [(16, 0), (32, 0), (1, 5), (33, 9)];

/// Width as a share of the height (D.2, table D.3), from 1 on.
const RATIOS: [(u64, u64); 7] = [(1, 1), (12, 10), (4, 3), (3, 2), (16, 9), (5, 4), (2, 1)];

/// SizeHeader (D.2): width and height.
pub(super) fn size(reading: &mut Reading<'_>) -> Result<(u32, u32), Wrong> {
    let part = "size";
    let small = reading.bool(part)?;
    let side = |reading: &mut Reading<'_>| match small {
        true => Ok(reading.bits(5, part)?.saturating_add(1).saturating_mul(8)),
        false => reading.u32(&SIDE, part),
    };
    let height = side(reading)?;
    let width = match reading.bits(3, part)? {
        0 => side(reading)?,
        ratio => by_ratio(ratio, height).ok_or(Wrong(Reason::TooLarge, part))?,
    };
    Ok((width, height))
}

/// Whether a picture of this size is taken.
pub(super) fn is_in_bounds((width, height): (u32, u32)) -> bool {
    let pixels = u64::from(width).saturating_mul(height.into());
    width.max(height) <= limits::PICTURE_SIDE_MAX && pixels <= limits::PICTURE_PIXELS_MAX
}

/// The size in the one form that libjxl writes too.
pub(super) fn write_size(bits: &mut Bits, width: u32, height: u32) {
    let ratio = (1_u32..=7).find(|ratio| by_ratio(*ratio, height) == Some(width)).unwrap_or(0);
    let is_small = |side: u32| side <= 256 && side.is_multiple_of(8);
    let small = is_small(height) && (ratio != 0 || is_small(width));
    let side = |bits: &mut Bits, side: u32| match small {
        true => bits.bits((side / 8).saturating_sub(1).into(), 5),
        false => bits.u32(&SIDE, side),
    };
    bits.bool(small);
    side(bits, height);
    bits.bits(ratio.into(), 3);
    if ratio == 0 {
        side(bits, width);
    }
}

fn by_ratio(ratio: u32, height: u32) -> Option<u32> {
    let (numerator, denominator) = RATIOS.get(usize::try_from(ratio.checked_sub(1)?).ok()?)?;
    let width = u64::from(height).saturating_mul(*numerator).checked_div(*denominator)?;
    u32::try_from(width).ok()
}

/// PreviewHeader (D.3.5): width and height.
pub(super) fn preview(reading: &mut Reading<'_>) -> Result<(u32, u32), Wrong> {
    let part = "preview";
    let eighths = reading.bool(part)?;
    let side = |reading: &mut Reading<'_>| match eighths {
        true => Ok(reading.u32(&PREVIEW_EIGHTHS, part)?.saturating_mul(8)),
        false => reading.u32(&PREVIEW_SIDE, part),
    };
    let height = side(reading)?;
    let width = match reading.bits(3, part)? {
        0 => side(reading)?,
        ratio => by_ratio(ratio, height).ok_or(Wrong(Reason::TooLarge, part))?,
    };
    Ok((width, height))
}

/// BitDepth (D.3.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    Whole(u32),
    Float { bits: u32, exponent: u32 },
}

const WHOLE_BITS: Choice = [(8, 0), (10, 0), (12, 0), (1, 6)];
const FLOAT_BITS: Choice = [(32, 0), (16, 0), (24, 0), (1, 6)];

impl Depth {
    pub(super) fn read(reading: &mut Reading<'_>) -> Result<Self, Wrong> {
        let part = "bit depth";
        let wrong = Wrong(Reason::Damaged, part);
        if reading.bool(part)? {
            let bits = reading.u32(&FLOAT_BITS, part)?;
            let exponent = reading.bits(4, part)?.saturating_add(1);
            let mantissa = bits.checked_sub(exponent.saturating_add(1)).ok_or(wrong.clone())?;
            let accepted = (2..=8).contains(&exponent) && (2..=23).contains(&mantissa);
            accepted.then_some(Self::Float { bits, exponent }).ok_or(wrong)
        } else {
            let bits = reading.u32(&WHOLE_BITS, part)?;
            (bits <= 31).then_some(Self::Whole(bits)).ok_or(wrong)
        }
    }

    pub(super) fn write(self, bits: &mut Bits) {
        match self {
            Self::Whole(depth) => {
                bits.bool(false);
                bits.u32(&WHOLE_BITS, depth);
            }
            Self::Float { bits: depth, exponent } => {
                bits.bool(true);
                bits.u32(&FLOAT_BITS, depth);
                bits.bits(exponent.saturating_sub(1).into(), 4);
            }
        }
    }
}

//! Pictures made of others: `grid` and `iovl` (ISO/IEC 23008-12, 6.6.2). Reads what says how, and writes it in one form.

use super::fields::Fields;
use crate::limits;

/// How a picture is made of its inputs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Derivation {
    /// Inputs side by side, row by row.
    Grid { rows: u16, columns: u16, width: u32, height: u32 },
    /// Inputs one on the other, each at its place.
    Overlay { fill: [u8; 8], width: u32, height: u32, places: Vec<[i32; 2]> },
}

/// Bytes of a descriptor with so many inputs, at most.
pub(super) fn descriptor_bytes_max(inputs: usize) -> u64 {
    u64::try_from(inputs).unwrap_or(u64::MAX).saturating_mul(8).saturating_add(20)
}

/// Reads a descriptor. `None` if it is damaged.
pub(super) fn read(kind: [u8; 4], bytes: &[u8], inputs: usize) -> Option<Derivation> {
    let mut fields = Fields::new(bytes);
    let [0, flags] = fields.array()? else { return None };
    let is_wide = flags & 1 == 1;
    let derivation = if kind == *b"grid" {
        let [rows, columns] = [fields.u8()?, fields.u8()?].map(|less_one| u16::from(less_one).saturating_add(1));
        let (width, height) = (fields.id(is_wide)?, fields.id(is_wide)?);
        let count = usize::from(rows).saturating_mul(columns.into());
        (count == inputs).then_some(Derivation::Grid { rows, columns, width, height })?
    } else {
        let fill = fields.array()?;
        let (width, height) = (fields.id(is_wide)?, fields.id(is_wide)?);
        let places = (0..inputs).map(|_| Some([signed(&mut fields, is_wide)?, signed(&mut fields, is_wide)?]));
        Derivation::Overlay { fill, width, height, places: places.collect::<Option<_>>()? }
    };
    Some(derivation)
}

fn signed(fields: &mut Fields<'_>, is_wide: bool) -> Option<i32> {
    if is_wide { fields.u32().map(u32::cast_signed) } else { fields.u16().map(|value| value.cast_signed().into()) }
}

impl Derivation {
    /// Width and height.
    pub(super) fn size(&self) -> (u32, u32) {
        match *self {
            Self::Grid { width, height, .. } | Self::Overlay { width, height, .. } => (width, height),
        }
    }

    pub(super) fn is_within_limits(&self) -> bool {
        let (width, height) = self.size();
        let side = 1..=limits::PICTURE_SIDE_MAX;
        let pixels = u64::from(width).saturating_mul(height.into());
        side.contains(&width) && side.contains(&height) && pixels <= limits::PICTURE_PIXELS_MAX
    }

    /// Whether every input of an overlay can be seen, as far as its place tells.
    pub(super) fn has_all_in_sight(&self) -> bool {
        let Self::Overlay { width, height, places, .. } = self else { return true };
        let least = 0i64.saturating_sub(limits::PICTURE_SIDE_MAX.into());
        let is_in = |place: i32, side: u32| (least..i64::from(side)).contains(&i64::from(place));
        places.iter().all(|&[x, y]| is_in(x, *width) && is_in(y, *height))
    }

    /// Whether inputs of this size fill the grid, and each of them is seen.
    pub(super) fn is_filled_by(&self, (tile_width, tile_height): (u32, u32)) -> bool {
        let Self::Grid { rows, columns, width, height } = *self else { return true };
        let fits = |tile: u32, count: u16, side: u32| {
            let whole = tile.saturating_mul(count.into());
            whole >= side && whole.saturating_sub(tile) < side
        };
        fits(tile_width, columns, width) && fits(tile_height, rows, height)
    }

    /// In one form: sixteen bits wherever all numbers fit.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let (width, height) = self.size();
        let short = |value: u32| u16::try_from(value).unwrap_or(u16::MAX).to_be_bytes();
        match self {
            Self::Grid { rows, columns, .. } => {
                let [rows, columns] =
                    [rows, columns].map(|count| u8::try_from(count.saturating_sub(1)).unwrap_or(u8::MAX));
                [&[0, 0, rows, columns], short(width).as_slice(), &short(height)].concat()
            }
            Self::Overlay { fill, places, .. } => {
                let numbers: Vec<i32> = places.iter().flatten().copied().collect();
                let narrow: Option<Vec<[u8; 2]>> =
                    numbers.iter().map(|&number| i16::try_from(number).ok().map(i16::to_be_bytes)).collect();
                match narrow {
                    Some(narrow) => {
                        [&[0, 0], fill.as_slice(), &short(width), &short(height), &narrow.concat()].concat()
                    }
                    None => {
                        let wide: Vec<[u8; 4]> = numbers.iter().map(|number| number.to_be_bytes()).collect();
                        let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
                        [&[0, 1], fill.as_slice(), &size, &wide.concat()].concat()
                    }
                }
            }
        }
    }
}

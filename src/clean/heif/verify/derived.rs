//! The descriptors of a produced file's derived items: `grid` and `iovl`, in their one form.

use super::part::Part;
use super::property::is_size;
use crate::limits;

/// Rows and columns, width and height of a grid.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    rows: u32,
    columns: u32,
    width: u32,
    height: u32,
}

/// Accounts for the descriptor of a grid of so many tiles.
pub(super) fn grid(part: &mut Part<'_>, inputs: usize) -> Option<Grid> {
    part.just(&[0, 0])?;
    let [rows, columns] = part.array()?.map(|less_one: u8| u32::from(less_one).saturating_add(1));
    let (width, height) = (part.u16()?.into(), part.u16()?.into());
    let is_valid = is_size(width, height) && usize::try_from(rows.checked_mul(columns)?) == Ok(inputs);
    is_valid.then_some(Grid { rows, columns, width, height })
}

impl Grid {
    /// Whether tiles of this size fill it, and the last ones are seen.
    pub(super) fn is_filled(&self, (width, height): (u32, u32)) -> bool {
        let covers = |tile: u32, count: u32, side: u32| {
            let all = u64::from(tile).saturating_mul(count.into());
            (u64::from(side)..u64::from(side).saturating_add(tile.into())).contains(&all)
        };
        covers(width, self.columns, self.width) && covers(height, self.rows, self.height)
    }
}

/// Accounts for the descriptor of an overlay of so many pictures.
pub(super) fn overlay(part: &mut Part<'_>, inputs: usize) -> Option<()> {
    let is_wide = match part.array()? {
        [0, 0] => false,
        [0, 1] => true,
        _ => return None,
    };
    part.take(8)?;
    let number = |part: &mut Part<'_>| if is_wide { part.u32() } else { part.u16().map(u32::from) };
    let (width, height) = (number(part)?, number(part)?);
    is_size(width, height).then_some(())?;
    let mut needs_wide = false;
    for _ in 0..inputs {
        for side in [width, height] {
            let place: i32 = if is_wide { part.u32()?.cast_signed() } else { part.u16()?.cast_signed().into() };
            let least = 0i64.saturating_sub(limits::PICTURE_SIDE_MAX.into());
            (least..side.into()).contains(&place.into()).then_some(())?;
            needs_wide |= i16::try_from(place).is_err();
        }
    }
    (needs_wide == is_wide).then_some(())
}

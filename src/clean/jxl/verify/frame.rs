//! Accounts for one frame: its header, its table of contents, its sections.

use super::Picture;
use super::walker::Walker;
use crate::clean::Unaccounted;
use crate::limits;

/// What decides how many sections there are.
struct Layout {
    width: u32,
    height: u32,
    upsampling: u32,
    level: u32,
    group: u64,
    passes: u32,
}

/// Whether it was the last.
pub(super) fn account(walker: &mut Walker<'_>, picture: &Picture) -> Result<bool, Unaccounted> {
    let mut layout =
        Layout { width: picture.width, height: picture.height, upsampling: 1, level: 0, group: 256, passes: 1 };
    let mut last = true;
    if !walker.flag()? {
        walker.begin();
        last = header(walker, picture, &mut layout)?;
        let usual = usual(picture);
        walker.not_usual(&usual, "frame header")?;
    }
    walker.exactly(0, 1, "order of sections")?;
    walker.align()?;
    let Some(count) = sections(&layout).filter(|count| *count <= u64::from(limits::JXL_SECTIONS_MAX)) else {
        return walker.wrong("number of sections");
    };
    let mut lengths = Vec::new();
    for _ in 0..count {
        lengths.push(walker.number(&[(0, 10), (1024, 14), (17_408, 22), (4_211_712, 30)])?);
    }
    walker.align()?;
    for length in lengths {
        walker.section(length)?;
    }
    Ok(last)
}

fn sections(layout: &Layout) -> Option<u64> {
    let samples = |side: u32| {
        let side = u64::from(side).div_ceil(u64::from(layout.upsampling));
        Some(side.div_ceil(8_u64.checked_pow(layout.level)?))
    };
    let (wide, high) = (samples(layout.width)?, samples(layout.height)?);
    let groups = wide.div_ceil(layout.group).checked_mul(high.div_ceil(layout.group))?;
    let large = layout.group.checked_mul(8)?;
    let large_groups = wide.div_ceil(large).checked_mul(high.div_ceil(large))?;
    match (groups, layout.passes) {
        (1, 1) => Some(1),
        _ => groups.checked_mul(layout.passes.into())?.checked_add(large_groups)?.checked_add(2),
    }
}

/// What the short form of a header stands for, in values and lengths in bits.
fn usual(picture: &Picture) -> Vec<(u32, u32)> {
    let extra = || (0..picture.extra).map(|_| (0, 2));
    let mut fields = vec![(0, 2), (0, 1), (0, 2)];
    if !picture.xyb {
        fields.push((0, 1));
    }
    fields.push((0, 2));
    fields.extend(extra());
    if picture.xyb {
        fields.extend([(3, 3), (2, 3)]);
    }
    fields.extend([(0, 2), (0, 1), (0, 2)]);
    fields.extend(extra());
    if picture.animated {
        fields.push((0, 2));
    }
    fields.extend([(1, 1), (0, 2), (1, 1), (0, 2)]);
    fields
}

/// The header in full. Whether the frame is the last.
fn header(walker: &mut Walker<'_>, picture: &Picture, layout: &mut Layout) -> Result<bool, Unaccounted> {
    let kind = walker.bits(2)?;
    let (is_lf, is_reference) = (kind == 1, kind == 2);
    let modular = walker.flag()?;
    let flags = walker.long()?;
    if !matches!(flags & !0x20, 0..=3 | 0x10..=0x13 | 0x80..=0x83 | 0x90..=0x93) {
        return walker.wrong("flags of a frame");
    }
    let borrows_lf = flags & 0x20 != 0;
    let ycbcr = !picture.xyb && walker.flag()?;
    if ycbcr && !borrows_lf {
        walker.bits(6)?;
    }
    let upsampling = [(1, 0), (2, 0), (4, 0), (8, 0)];
    if !borrows_lf {
        layout.upsampling = walker.number(&upsampling)?;
        for _ in 0..picture.extra {
            walker.number(&upsampling)?;
        }
    }
    if modular {
        layout.group = 128_u64.wrapping_shl(walker.bits(2)?);
    }
    if !modular && picture.xyb {
        walker.bits(6)?;
    }
    if !is_reference {
        layout.passes = walker.number(&[(1, 0), (2, 0), (3, 0), (4, 3)])?;
        if layout.passes > 1 {
            let steps = walker.number(&[(0, 0), (1, 0), (2, 0), (3, 1)])?;
            walker.bits(layout.passes.saturating_sub(1).saturating_mul(2))?;
            for _ in 0..steps {
                walker.number(&upsampling)?;
            }
            for _ in 0..steps {
                walker.number(&[(0, 0), (1, 0), (2, 0), (0, 3)])?;
            }
        }
    }
    if is_lf {
        layout.level = walker.bits(2)?.saturating_add(1);
    }
    let covers = is_lf || placed(walker, picture, layout, is_reference)?;
    let (mut last, mut replaces, mut lasts) = (false, true, false);
    if !is_lf && !is_reference {
        replaces = blended(walker, picture, covers)?;
        lasts = picture.animated && walker.number(&[(0, 0), (1, 0), (0, 8), (0, 32)])? != 0;
        last = walker.flag()?;
    }
    let slot = if is_lf || last { 0 } else { walker.bits(2)? };
    let kept = !is_lf && !last && (slot != 0 || !lasts);
    if is_reference || (kept && covers && replaces) {
        walker.flag()?;
    }
    walker.exactly(0, 2, "name of a frame")?;
    restoration(walker, modular)?;
    walker.exactly(0, 2, "extensions")?;
    Ok(last)
}

/// Whether the frame covers the picture.
fn placed(
    walker: &mut Walker<'_>,
    picture: &Picture,
    layout: &mut Layout,
    is_reference: bool,
) -> Result<bool, Unaccounted> {
    if !walker.flag()? {
        return Ok(true);
    }
    let place = [(0, 8), (256, 11), (2304, 14), (18_688, 30)];
    let mut corner = [0_i64; 2];
    if !is_reference {
        for from in &mut corner {
            let folded = i64::from(walker.number(&place)?);
            *from = if folded % 2 == 0 { folded / 2 } else { (folded / 2).wrapping_neg().wrapping_sub(1) };
        }
    }
    (layout.width, layout.height) = (walker.number(&place)?, walker.number(&place)?);
    let side = 1..=limits::PICTURE_SIDE_MAX;
    let pixels = u64::from(layout.width).saturating_mul(layout.height.into());
    if !side.contains(&layout.width) || !side.contains(&layout.height) || pixels > limits::PICTURE_PIXELS_MAX {
        return walker.wrong("size of a frame");
    }
    let sides = [(layout.width, picture.width), (layout.height, picture.height)];
    let covers =
        |(from, (own, whole)): (i64, (u32, u32))| from <= 0 && from.saturating_add(own.into()) >= i64::from(whole);
    Ok(corner.into_iter().zip(sides).all(covers))
}

/// Whether all channels replace what was there, or none.
fn blended(walker: &mut Walker<'_>, picture: &Picture, covers: bool) -> Result<bool, Unaccounted> {
    let mut colours = None;
    for _ in 0..=picture.extra {
        let mode = walker.number(&[(0, 0), (1, 0), (2, 0), (3, 2)])?;
        let alpha = picture.extra > 0 && (mode == 2 || mode == 3);
        if mode > 4 {
            return walker.wrong("blending");
        }
        if alpha {
            walker.number(&[(0, 0), (1, 0), (2, 0), (3, 3)])?;
        }
        if alpha || mode == 4 {
            walker.flag()?;
        }
        if mode > 0 || !covers {
            walker.bits(2)?;
        }
        if covers && *colours.get_or_insert(mode == 0) != (mode == 0) {
            return walker.wrong("blending");
        }
        colours.get_or_insert(mode == 0);
    }
    Ok(colours.unwrap_or(true))
}

/// RestorationFilter.
fn restoration(walker: &mut Walker<'_>, modular: bool) -> Result<(), Unaccounted> {
    if walker.flag()? {
        return Ok(());
    }
    walker.begin();
    if walker.flag()? && walker.flag()? {
        walker.halves(6)?;
    }
    if walker.bits(2)? > 0 {
        if !modular && walker.flag()? {
            walker.halves(8)?;
        }
        if walker.flag()? {
            walker.halves(3)?;
            walker.exactly(0x38CD_3733, 32, "numbers that are passed over")?;
        }
        if walker.flag()? {
            walker.halves(if modular { 3 } else { 4 })?;
        }
        if modular {
            walker.halves(1)?;
        }
    }
    walker.exactly(0, 2, "extensions")?;
    let tail: &[(u32, u32)] = if modular { &[(0, 2), (0x3C00, 16)] } else { &[(0, 3)] };
    let usual = [&[(1, 1), (0, 1), (2, 2)], tail, &[(0, 2)]].concat();
    walker.not_usual(&usual, "restoration filter")
}

//! Picture parameter sets of H.265 and the scaling lists that sequences have too, as far as their syntax reaches.
//! Never keeps a bit that it has not passed.
//!
//! Source: ISO/IEC 23008-2:2020, 7.3.2.3, 7.3.4.

use crate::clean::codec::bits::Bits;
use crate::clean::codec::nal::Kept;

/// `scaling_list_data` (7.3.4).
pub(super) fn scaling_lists(bits: &mut Bits<'_>) -> Option<()> {
    for size in 0..4u32 {
        for _ in 0..if size == 3 { 2 } else { 6 } {
            if !bits.bit()? {
                bits.ue_to(5)?;
                continue;
            }
            if size > 1 {
                bits.se()?;
            }
            for _ in 0..if size == 0 { 16 } else { 64 } {
                bits.se().filter(|delta| (-128..=127).contains(delta))?;
            }
        }
    }
    Some(())
}

/// `pic_parameter_set_rbsp` (7.3.2.3).
pub(super) fn picture(raw: &[u8]) -> Option<Kept> {
    let mut kept = Kept::default();
    let mut bits = Bits::new(raw);
    bits.ue_to(63)?;
    bits.ue_to(15)?;
    bits.skip(7)?;
    bits.ue_to(14)?;
    bits.ue_to(14)?;
    bits.se()?;
    bits.bit()?;
    let transform_skip = bits.bit()?;
    if bits.bit()? {
        bits.ue_to(3)?;
    }
    bits.se()?;
    bits.se()?;
    bits.skip(4)?;
    let tiles = bits.bit()?;
    bits.bit()?;
    if tiles {
        let lines = bits.ue_to(255)?.checked_add(bits.ue_to(255)?)?;
        if !bits.bit()? {
            for _ in 0..lines {
                bits.ue_to(65_535)?;
            }
        }
        bits.bit()?;
    }
    bits.bit()?;
    if bits.bit()? {
        bits.bit()?;
        if !bits.bit()? {
            bits.se()?;
            bits.se()?;
        }
    }
    if bits.bit()? {
        scaling_lists(&mut bits)?;
    }
    bits.bit()?;
    bits.ue_to(4)?;
    bits.bit()?;
    if bits.bit()? {
        picture_extensions(&mut bits, transform_skip, &mut kept)?;
    }
    kept.end = bits.at();
    Some(kept)
}

fn picture_extensions(bits: &mut Bits<'_>, transform_skip: bool, kept: &mut Kept) -> Option<()> {
    let (range, multilayer, depth, screen) = (bits.bit()?, bits.bit()?, bits.bit()?, bits.bit()?);
    kept.cleared.push((bits.at(), 4));
    kept.cut = bits.take(4)? != 0;
    if range {
        if transform_skip {
            bits.ue_to(3)?;
        }
        bits.bit()?;
        if bits.bit()? {
            bits.ue_to(3)?;
            for _ in 0..=bits.ue_to(5)? {
                bits.se()?;
                bits.se()?;
            }
        }
        bits.ue_to(8)?;
        bits.ue_to(8)?;
    }
    if multilayer || depth {
        return None;
    }
    if screen {
        bits.bit()?;
        if bits.bit()? {
            bits.bit()?;
            for _ in 0..3 {
                bits.se()?;
            }
        }
        if bits.bit()? {
            let count = bits.ue_to(128)?;
            if count > 0 {
                let grey = bits.bit()?;
                let luma = bits.ue_to(8)?.checked_add(8)?;
                let chroma = if grey { 0 } else { bits.ue_to(8)?.checked_add(8)?.checked_mul(2)? };
                bits.skip(usize::try_from(count.checked_mul(luma.checked_add(chroma)?)?).ok()?)?;
            }
        }
    }
    Some(())
}

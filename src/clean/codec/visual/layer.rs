//! Visual object and video object layer headers of MPEG-4 Visual, as far as their syntax reaches.
//! Never passes a bit that is not there.
//!
//! Source: ISO/IEC 14496-2:2004, 6.2.2, 6.2.3.

use crate::clean::codec::bits::Bits;

/// Bits of a `VisualObject` header in front of its stuffing.
pub(super) fn visual(body: &[u8]) -> Option<usize> {
    let mut bits = Bits::new(body);
    if bits.bit()? {
        bits.skip(7)?;
    }
    // Video; still textures, meshes and faces are not for us.
    if bits.take(4)? != 1 {
        return None;
    }
    if bits.bit()? {
        bits.skip(4)?;
        if bits.bit()? {
            bits.skip(24)?;
        }
    }
    Some(bits.at())
}

/// Bits of a `VideoObjectLayer` header in front of its stuffing.
pub(super) fn layer(body: &[u8]) -> Option<usize> {
    let ends = |end: usize| {
        let mut bits = Bits::new(body);
        bits.skip(end).is_some() && (bits.left() == 0 || (bits.bit() == Some(false) && stuffed(&mut bits)))
    };
    // The version may be said by the visual object alone: 1 where it is not.
    let first = read(body, 1);
    first.filter(|&end| ends(end)).or_else(|| read(body, 2).filter(|&end| ends(end))).or(first)
}

/// Whether ones fill the byte.
fn stuffed(bits: &mut Bits<'_>) -> bool {
    let left = 8usize.saturating_sub(bits.at() % 8) % 8;
    (0..left).all(|_| bits.bit() == Some(true))
}

fn read(body: &[u8], version: u32) -> Option<usize> {
    let mut bits = Bits::new(body);
    let mut version = version;
    bits.skip(9)?;
    if bits.bit()? {
        version = bits.small(4)?;
        bits.skip(3)?;
    }
    if bits.take(4)? == 15 {
        bits.skip(16)?;
    }
    if bits.bit()? {
        bits.skip(3)?;
        if bits.bit()? {
            bits.skip(79)?;
        }
    }
    // Only rectangles.
    if bits.take(2)? != 0 || !bits.bit()? {
        return None;
    }
    let resolution = bits.small(16)?;
    bits.bit()?;
    if bits.bit()? {
        let width = 32u32.checked_sub(resolution.checked_sub(1)?.leading_zeros())?.max(1);
        bits.small(width)?;
    }
    bits.skip(29)?;
    bits.skip(2)?;
    let sprite = bits.small(if version == 1 { 1 } else { 2 })?;
    match sprite {
        1 => bits.skip(56 + 9 + 1)?,
        2 => bits.skip(9)?,
        _ => {}
    }
    if bits.bit()? {
        bits.skip(8)?;
    }
    if bits.bit()? {
        matrix(&mut bits)?;
        matrix(&mut bits)?;
    }
    if version != 1 {
        bits.bit()?;
    }
    // complexity_estimation_disable: what there would be is not understood.
    if !bits.bit()? {
        return None;
    }
    bits.bit()?;
    if bits.bit()? {
        bits.bit()?;
    }
    if version != 1 {
        if bits.bit()? {
            bits.skip(3)?;
        }
        bits.bit()?;
    }
    if bits.bit()? {
        bits.skip(27)?;
    }
    Some(bits.at())
}

/// A quantisation matrix: up to 64 values, or fewer and a zero.
fn matrix(bits: &mut Bits<'_>) -> Option<()> {
    if bits.bit()? {
        for _ in 0..64 {
            if bits.byte()? == 0 {
                break;
            }
        }
    }
    Some(())
}

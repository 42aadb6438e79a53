//! The sequence header of AV1, as far as its syntax reaches. Never passes a bit that is not there.
//!
//! Source: AV1 Bitstream & Decoding Process Specification, 5.5.

use crate::clean::codec::bits::Bits;

/// What the record repeats, and where the syntax ends.
#[derive(Debug)]
pub(super) struct Sequence {
    /// `seq_profile` and `seq_level_idx_0`, as the second byte of `av1C`.
    pub(super) profile: u8,
    /// Tier, depth and subsampling, as the third byte of `av1C`.
    pub(super) format: u8,
    /// Bits in front of the trailing ones.
    pub(super) end: usize,
}

/// `sequence_header_obu`.
pub(super) fn read(body: &[u8]) -> Option<Sequence> {
    let mut bits = Bits::new(body);
    let profile = bits.small(3).filter(|&profile| profile <= 2)?;
    bits.bit()?;
    let reduced = bits.bit()?;
    let (level, tier) = if reduced { (bits.small(5)?, false) } else { operating_points(&mut bits)? };
    let (width, height) = (bits.small(4)?, bits.small(4)?);
    bits.skip(usize::try_from(width.checked_add(height)?).ok()?.checked_add(2)?)?;
    if !reduced && bits.bit()? {
        bits.skip(7)?;
    }
    bits.skip(3)?;
    if !reduced {
        bits.skip(4)?;
        let order = bits.bit()?;
        if order {
            bits.skip(2)?;
        }
        let screen = bits.bit()? || bits.bit()?;
        if screen && !bits.bit()? {
            bits.bit()?;
        }
        if order {
            bits.skip(3)?;
        }
    }
    bits.skip(3)?;
    let format = colours(&mut bits, profile)?;
    bits.bit()?;
    let profile = u8::try_from((profile << 5) | level).ok()?;
    Some(Sequence { profile, format: (u8::from(tier) << 7) | format, end: bits.at() })
}

/// Timing, decoder model and operating points; level and tier of the first.
fn operating_points(bits: &mut Bits<'_>) -> Option<(u32, bool)> {
    let mut delay_bits = None;
    if bits.bit()? {
        bits.skip(64)?;
        if bits.bit()? {
            // An unsigned number with as many bits as zeros in front of it (4.10.3), as in H.264.
            bits.ue()?;
        }
        if bits.bit()? {
            delay_bits = Some(usize::try_from(bits.take(5)?).ok()?.checked_add(1)?);
            bits.skip(42)?;
        }
    }
    let display_delays = bits.bit()?;
    let mut first = None;
    for _ in 0..=bits.small(5)? {
        bits.skip(12)?;
        let level = bits.small(5)?;
        let tier = level > 7 && bits.bit()?;
        first = first.or(Some((level, tier)));
        if let Some(delay_bits) = delay_bits
            && bits.bit()?
        {
            bits.skip(delay_bits.checked_mul(2)?.checked_add(1)?)?;
        }
        if display_delays && bits.bit()? {
            bits.skip(4)?;
        }
    }
    first
}

/// `color_config`: the seven bits of `av1C` that repeat it.
fn colours(bits: &mut Bits<'_>, profile: u32) -> Option<u8> {
    let high = bits.bit()?;
    let twelve = profile == 2 && high && bits.bit()?;
    let grey = profile != 1 && bits.bit()?;
    let described = if bits.bit()? { bits.take(24)? } else { 0 };
    let (mut across, mut down, mut place) = (true, true, 0);
    if grey {
        bits.bit()?;
    } else if described == 0x01_0D_00 {
        // sRGB, without subsampling.
        (across, down) = (false, false);
        bits.bit()?;
    } else {
        bits.bit()?;
        (across, down) = match profile {
            0 => (true, true),
            1 => (false, false),
            _ if twelve => {
                let across = bits.bit()?;
                (across, across && bits.bit()?)
            }
            _ => (true, false),
        };
        if across && down {
            place = u8::try_from(bits.take(2)?).ok()?;
        }
        bits.bit()?;
    }
    let flags = [high, twelve, grey, across, down].into_iter().fold(0u8, |flags, flag| (flags << 1) | u8::from(flag));
    Some((flags << 2) | place)
}

//! Video and sequence parameter sets of H.265, as far as their syntax reaches. Never keeps a bit that it has not passed.
//!
//! Source: ISO/IEC 23008-2:2020, 7.3.2.1, 7.3.2.2, 7.3.3, 7.3.7, annex E.

use super::Timing;
use super::picture::{picture, scaling_lists};
use crate::clean::codec::bits::Bits;
use crate::clean::codec::nal::{self, Kept};

/// How far a parameter set reaches; `None` where it is not understood.
pub(in crate::clean::codec) fn kept(header: &[u8], raw: &[u8]) -> Option<Kept> {
    match header.first()? >> 1 {
        32 => video(raw),
        33 => Some(sequence(raw)?.kept),
        34 => picture(raw),
        _ => None,
    }
}

/// What a sequence parameter set says to the record.
pub(super) struct Summary {
    profile: Vec<u8>,
    chroma: u8,
    luma_depth: u8,
    chroma_depth: u8,
    layers: u8,
    nested: bool,
    pub(super) timing: Timing,
}

impl Summary {
    pub(super) fn of(unit: &[u8]) -> Option<Self> {
        let raw = nal::unescaped(unit.get(2..)?);
        let sps = sequence(&raw)?;
        Some(Self {
            profile: raw.get(1..13)?.to_vec(),
            chroma: u8::try_from(sps.chroma).ok()?,
            luma_depth: u8::try_from(sps.luma_depth).ok()?,
            chroma_depth: u8::try_from(sps.chroma_depth).ok()?,
            layers: u8::try_from(sps.layers).ok()?.checked_add(1)?,
            nested: raw.first()? & 1 != 0,
            timing: sps.timing,
        })
    }

    /// The fields in front of the arrays, without hints that decoding does not need.
    pub(super) fn fixed(&self, lengths: u8) -> Vec<u8> {
        let mut bytes = vec![1];
        bytes.extend(&self.profile);
        bytes.extend([0xF0, 0, 0xFC, 0xFC | self.chroma, 0xF8 | self.luma_depth, 0xF8 | self.chroma_depth, 0, 0]);
        bytes.push((self.layers << 3) | (u8::from(self.nested) << 2) | lengths);
        bytes
    }
}

/// `profile_tier_level` with the general profile (7.3.3), its reserved bits noted.
fn profile(bits: &mut Bits<'_>, layers: u32, cleared: &mut Vec<(usize, usize)>) -> Option<()> {
    general(bits, cleared)?;
    bits.skip(8)?;
    let mut present = Vec::new();
    for _ in 0..layers {
        present.push((bits.bit()?, bits.bit()?));
    }
    if layers > 0 {
        let reserved = usize::try_from(8u32.checked_sub(layers)?).ok()?.checked_mul(2)?;
        cleared.push((bits.at(), reserved));
        bits.skip(reserved)?;
    }
    for (profile, level) in present {
        if profile {
            general(bits, cleared)?;
        }
        if level {
            bits.skip(8)?;
        }
    }
    Some(())
}

/// The 88 bits of a profile: of the 43 constraint bits those stay that some profile defines.
fn general(bits: &mut Bits<'_>, cleared: &mut Vec<(usize, usize)>) -> Option<()> {
    bits.skip(3)?;
    let kind = bits.small(5)?;
    bits.skip(36)?;
    let at = bits.at();
    match kind {
        0..=3 => {
            let only = if kind == 2 { 7 } else { 0 };
            cleared.push((at, only));
            let rest = if kind == 2 { 8 } else { 0 };
            cleared.push((at.checked_add(rest)?, 44usize.checked_sub(rest)?));
        }
        _ => cleared.push((at.checked_add(10)?, 34)),
    }
    bits.skip(44)
}

/// `sub_layer_ordering_info`, in parameter sets of both kinds.
fn ordering(bits: &mut Bits<'_>, layers: u32) -> Option<()> {
    let first = if bits.bit()? { 0 } else { layers };
    for _ in first..=layers {
        bits.ue()?;
        bits.ue()?;
        bits.ue()?;
    }
    Some(())
}

/// `video_parameter_set_rbsp` (7.3.2.1), without its extension, which only further layers need.
fn video(raw: &[u8]) -> Option<Kept> {
    let mut kept = Kept::default();
    let mut bits = Bits::new(raw);
    bits.skip(12)?;
    let layers = bits.small(3)?;
    bits.bit()?;
    if bits.take(16)? != 0xFFFF || layers > 6 {
        return None;
    }
    profile(&mut bits, layers, &mut kept.cleared)?;
    ordering(&mut bits, layers)?;
    let highest = usize::try_from(bits.take(6)?).ok()?.checked_add(1)?;
    let sets = usize::try_from(bits.ue_to(1023)?).ok()?;
    bits.skip(sets.checked_mul(highest)?)?;
    if bits.bit()? {
        bits.skip(64)?;
        if bits.bit()? {
            bits.ue()?;
        }
        for index in 0..bits.ue_to(1024)? {
            bits.ue_to(1023)?;
            let common = index == 0 || bits.bit()?;
            reference_decoder(&mut bits, common, layers)?;
        }
    }
    let flag = bits.at();
    kept.cut = bits.bit()?;
    kept.cleared.push((flag, 1));
    kept.end = bits.at();
    Some(kept)
}

/// `hrd_parameters` (E.2.2): bits of the two delays, and whether there are delays of parts of pictures.
#[derive(Default)]
struct Delays {
    removal_bits: u8,
    output_bits: u8,
    parts: bool,
}

fn reference_decoder(bits: &mut Bits<'_>, common: bool, layers: u32) -> Option<Delays> {
    let (mut nal, mut vcl) = (false, false);
    let mut delays = Delays::default();
    if common {
        (nal, vcl) = (bits.bit()?, bits.bit()?);
        if nal || vcl {
            delays.parts = bits.bit()?;
            if delays.parts {
                bits.skip(19)?;
            }
            bits.skip(8)?;
            if delays.parts {
                bits.skip(4)?;
            }
            bits.skip(5)?;
            delays.removal_bits = u8::try_from(bits.small(5)?).ok()?.checked_add(1)?;
            delays.output_bits = u8::try_from(bits.small(5)?).ok()?.checked_add(1)?;
        }
    }
    for _ in 0..=layers {
        let general = bits.bit()?;
        let within = general || bits.bit()?;
        let mut low_delay = false;
        if within {
            bits.ue_to(2047)?;
        } else {
            low_delay = bits.bit()?;
        }
        let buffers = if low_delay { 0 } else { bits.ue_to(31)? };
        for _ in 0..u32::from(nal).checked_add(u32::from(vcl))? {
            for _ in 0..=buffers {
                for _ in 0..if delays.parts { 4 } else { 2 } {
                    bits.ue()?;
                }
                bits.bit()?;
            }
        }
    }
    Some(delays)
}

/// A sequence parameter set.
#[derive(Default)]
struct Sequence {
    kept: Kept,
    layers: u32,
    chroma: u32,
    luma_depth: u32,
    chroma_depth: u32,
    timing: Timing,
}

/// `seq_parameter_set_rbsp` (7.3.2.2).
fn sequence(raw: &[u8]) -> Option<Sequence> {
    let mut sps = Sequence::default();
    let mut bits = Bits::new(raw);
    bits.skip(4)?;
    sps.layers = bits.small(3)?;
    bits.bit()?;
    if sps.layers > 6 {
        return None;
    }
    profile(&mut bits, sps.layers, &mut sps.kept.cleared)?;
    bits.ue_to(15)?;
    sps.chroma = bits.ue_to(3)?;
    if sps.chroma == 3 {
        bits.bit()?;
    }
    bits.ue_to(65_535)?;
    bits.ue_to(65_535)?;
    if bits.bit()? {
        for _ in 0..4 {
            bits.ue_to(65_535)?;
        }
    }
    sps.luma_depth = bits.ue_to(7)?;
    sps.chroma_depth = bits.ue_to(7)?;
    let order_bits = bits.ue_to(12)?.checked_add(4)?;
    ordering(&mut bits, sps.layers)?;
    for _ in 0..6 {
        bits.ue_to(32)?;
    }
    if bits.bit()? && bits.bit()? {
        scaling_lists(&mut bits)?;
    }
    bits.skip(2)?;
    if bits.bit()? {
        bits.skip(8)?;
        bits.ue_to(32)?;
        bits.ue_to(32)?;
        bits.bit()?;
    }
    reference_pictures(&mut bits)?;
    if bits.bit()? {
        for _ in 0..bits.ue_to(32)? {
            bits.small(order_bits)?;
            bits.bit()?;
        }
    }
    bits.skip(2)?;
    if bits.bit()? {
        sps.timing = usability(&mut bits, sps.layers)?;
    }
    if bits.bit()? {
        sequence_extensions(&mut bits, &mut sps)?;
    }
    sps.kept.end = bits.at();
    Some(sps)
}

fn sequence_extensions(bits: &mut Bits<'_>, sps: &mut Sequence) -> Option<()> {
    let (range, multilayer, depth, screen) = (bits.bit()?, bits.bit()?, bits.bit()?, bits.bit()?);
    sps.kept.cleared.push((bits.at(), 4));
    sps.kept.cut = bits.take(4)? != 0;
    if range {
        bits.skip(9)?;
    }
    if multilayer {
        bits.bit()?;
    }
    if depth {
        return None;
    }
    if screen {
        bits.bit()?;
        if bits.bit()? {
            bits.ue_to(64)?;
            bits.ue_to(128)?;
            if bits.bit()? {
                let count = bits.ue_to(127)?.checked_add(1)?;
                let chroma_bits = sps.chroma_depth.checked_add(8)?.checked_mul(2)?;
                let colour_bits = if sps.chroma == 0 { 0 } else { chroma_bits };
                let each = sps.luma_depth.checked_add(8)?.checked_add(colour_bits)?;
                bits.skip(usize::try_from(count.checked_mul(each)?).ok()?)?;
            }
        }
        bits.skip(3)?;
    }
    Some(())
}

/// The short-term reference picture sets (7.3.7).
fn reference_pictures(bits: &mut Bits<'_>) -> Option<()> {
    let mut before = 0u32;
    for index in 0..bits.ue_to(64)? {
        let mut count = 0u32;
        if index > 0 && bits.bit()? {
            bits.bit()?;
            bits.ue_to(32_767)?;
            for _ in 0..=before {
                let used = bits.bit()?;
                if used || bits.bit()? {
                    count = count.checked_add(1)?;
                }
            }
        } else {
            count = bits.ue_to(16)?.checked_add(bits.ue_to(16)?)?;
            for _ in 0..count {
                bits.ue_to(32_767)?;
                bits.bit()?;
            }
        }
        if count > 16 {
            return None;
        }
        before = count;
    }
    Some(())
}

/// `vui_parameters` (E.2.1).
fn usability(bits: &mut Bits<'_>, layers: u32) -> Option<Timing> {
    let mut timing = Timing::default();
    nal::display(bits)?;
    bits.skip(2)?;
    timing.structure = bits.bit()?;
    if bits.bit()? {
        for _ in 0..4 {
            bits.ue_to(65_535)?;
        }
    }
    if bits.bit()? {
        bits.skip(64)?;
        if bits.bit()? {
            bits.ue()?;
        }
        if bits.bit()? {
            let delays = reference_decoder(bits, true, layers)?;
            if delays.parts {
                // Picture timing then has a part for each decoding unit; none of it is for display.
                timing = Timing::default();
            } else {
                (timing.removal_bits, timing.output_bits) = (delays.removal_bits, delays.output_bits);
            }
        }
    }
    if bits.bit()? {
        bits.skip(3)?;
        for _ in 0..5 {
            bits.ue_to(65_535)?;
        }
    }
    Some(timing)
}

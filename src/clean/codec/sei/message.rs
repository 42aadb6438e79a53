//! The SEI messages that stay, each read to its last bit. Never keeps one that says more than its syntax, nor a
//! time of day.
//!
//! Sources: ISO/IEC 14496-10:2020, D.1; ISO/IEC 23008-2:2020, D.2.

use crate::clean::codec::bits::{Bits, Written};
use crate::clean::codec::nal::Syntax;
use crate::clean::codec::{avc, hevc};

/// The payload as it stays; `None` for a message that goes.
pub(super) fn written(syntax: Syntax, header: &[u8], kind: u32, payload: &[u8]) -> Option<Vec<u8>> {
    let is_suffix = matches!(syntax, Syntax::Hevc(_)) && header.first().is_some_and(|high| high >> 1 == 40);
    let mut bits = Bits::new(payload);
    match (kind, syntax) {
        (132, Syntax::Hevc(_)) if is_suffix => picture_hash(payload)?,
        _ if is_suffix => return None,
        (0, Syntax::Avc(timing)) => buffering_period(&mut bits, timing)?,
        (1, Syntax::Avc(timing)) => return avc_picture_timing(&mut bits, timing),
        (1, Syntax::Hevc(timing)) => hevc_picture_timing(&mut bits, timing)?,
        (2, _) => pan_scan(&mut bits, syntax)?,
        (6, _) => recovery_point(&mut bits, syntax)?,
        (21, Syntax::Avc(_)) => {
            let fields = bits.bit()?;
            bits.skip(if fields { 3 } else { 4 })?;
        }
        (45, _) => frame_packing(&mut bits, syntax)?,
        (47, _) => orientation(&mut bits, syntax)?,
        (129, Syntax::Hevc(_)) => active_parameter_sets(&mut bits)?,
        (137, _) => mastering(&mut bits)?,
        (144, _) => bits.skip(4 * 8)?,
        (147, _) => bits.skip(8)?,
        (148, _) => {
            bits.skip(32)?;
            chromaticities(&mut bits, 2)?;
        }
        _ => return None,
    }
    ends(&mut bits, kind).then(|| payload.to_vec())
}

/// Whether a payload ends where its syntax does: at a byte, or with a one and zeros.
fn ends(bits: &mut Bits<'_>, kind: u32) -> bool {
    kind == 132 || bits.left() == 0 || (bits.left() < 8 && bits.stops())
}

fn buffering_period(bits: &mut Bits<'_>, timing: avc::Timing) -> Option<()> {
    bits.ue_to(31)?;
    let delays = usize::from(timing.nal_cpbs).checked_mul(timing.nal_initial_bits.into())?;
    let more = usize::from(timing.vcl_cpbs).checked_mul(timing.vcl_initial_bits.into())?;
    bits.skip(delays.checked_add(more)?.checked_mul(2)?)
}

/// Picture timing of H.264 (D.1.3), without clock timestamps, which are a time code.
fn avc_picture_timing(bits: &mut Bits<'_>, timing: avc::Timing) -> Option<Vec<u8>> {
    let mut written = Written::default();
    written.copy(bits, usize::from(timing.removal_bits).checked_add(timing.output_bits.into())?)?;
    if timing.structure {
        let structure = bits.take(4)?;
        written.put(4, structure);
        let clocks = match structure {
            0..=2 => 1,
            3 | 4 | 7 => 2,
            5 | 6 | 8 => 3,
            _ => return None,
        };
        for _ in 0..clocks {
            written.bit(false);
            if bits.bit()? {
                clock_timestamp(bits, timing)?;
            }
        }
    }
    let is_whole = bits.left() == 0 || (bits.left() < 8 && bits.stops());
    if written.len() % 8 != 0 {
        written.bit(true);
    }
    (is_whole && written.len() > 0).then(|| written.into_bytes())
}

fn clock_timestamp(bits: &mut Bits<'_>, timing: avc::Timing) -> Option<()> {
    bits.skip(8)?;
    let full = bits.bit()?;
    bits.skip(10)?;
    if full {
        bits.skip(17)?;
    } else if bits.bit()? {
        bits.skip(6)?;
        if bits.bit()? {
            bits.skip(6)?;
            if bits.bit()? {
                bits.skip(5)?;
            }
        }
    }
    bits.skip(timing.offset_bits.into())
}

fn hevc_picture_timing(bits: &mut Bits<'_>, timing: hevc::Timing) -> Option<()> {
    if timing == hevc::Timing::default() {
        return None;
    }
    if timing.structure {
        bits.skip(7)?;
    }
    bits.skip(usize::from(timing.removal_bits).checked_add(timing.output_bits.into())?)
}

fn pan_scan(bits: &mut Bits<'_>, syntax: Syntax) -> Option<()> {
    bits.ue()?;
    if bits.bit()? {
        return Some(());
    }
    for _ in 0..=bits.ue_to(2)? {
        for _ in 0..4 {
            bits.se()?;
        }
    }
    repetition(bits, syntax)
}

/// How long a message applies: a period in H.264, a flag in H.265.
fn repetition(bits: &mut Bits<'_>, syntax: Syntax) -> Option<()> {
    match syntax {
        Syntax::Avc(_) => bits.ue_to(16_384).map(|_| ()),
        Syntax::Hevc(_) => bits.bit().map(|_| ()),
    }
}

fn recovery_point(bits: &mut Bits<'_>, syntax: Syntax) -> Option<()> {
    match syntax {
        Syntax::Avc(_) => {
            bits.ue_to(65_535)?;
            bits.skip(4)
        }
        Syntax::Hevc(_) => {
            bits.se()?;
            bits.skip(2)
        }
    }
}

fn frame_packing(bits: &mut Bits<'_>, syntax: Syntax) -> Option<()> {
    bits.ue()?;
    if !bits.bit()? {
        let kind = bits.take(7)?;
        let quincunx = bits.bit()?;
        bits.skip(12)?;
        if !quincunx && kind != 5 {
            bits.skip(16)?;
        }
        // A reserved byte.
        if bits.byte()? != 0 {
            return None;
        }
        repetition(bits, syntax)?;
    }
    let extension = bits.bit()?;
    (matches!(syntax, Syntax::Hevc(_)) || !extension).then_some(())
}

fn orientation(bits: &mut Bits<'_>, syntax: Syntax) -> Option<()> {
    if bits.bit()? {
        return Some(());
    }
    bits.skip(18)?;
    repetition(bits, syntax)?;
    let extension = matches!(syntax, Syntax::Avc(_)) && bits.bit()?;
    (!extension).then_some(())
}

fn active_parameter_sets(bits: &mut Bits<'_>) -> Option<()> {
    bits.skip(6)?;
    for _ in 0..=bits.ue_to(15)? {
        bits.ue_to(15)?;
    }
    Some(())
}

/// The display that the picture was made on: three primaries, the white point, the brightest and the darkest.
fn mastering(bits: &mut Bits<'_>) -> Option<()> {
    chromaticities(bits, 8)?;
    (bits.take(32)? <= 100_000_000 && bits.take(32)? <= 100_000_000).then_some(())
}

/// Coordinates in parts of 50,000.
fn chromaticities(bits: &mut Bits<'_>, count: u32) -> Option<()> {
    for _ in 0..count {
        bits.take(16).filter(|&value| value <= 50_000)?;
    }
    Some(())
}

/// A hash of each plane: MD5, CRC or checksum.
fn picture_hash(payload: &[u8]) -> Option<()> {
    let (kind, hashes) = payload.split_first()?;
    let each = match kind {
        0 => 16,
        1 => 2,
        2 => 4,
        _ => return None,
    };
    (hashes.len() == each || Some(hashes.len()) == each.checked_mul(3)).then_some(())
}

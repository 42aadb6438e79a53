//! Reads a produced JPEG XL codestream and accounts for every bit of its headers and every byte between them, by a
//! grammar of its own (ISO/IEC 18181-1:2024, D to F). Looks into no section, and repairs nothing.
//!
//! `FF 0A size metadata transform profile? align (frame contents align lengths align sections)+`

mod frame;
mod walker;

use std::io::Read;

use self::walker::{Field, Walker};
use crate::clean::Unaccounted;
use crate::clean::metadata::icc;
use crate::limits;

/// What frames depend on.
struct Picture {
    width: u32,
    height: u32,
    animated: bool,
    extra: u32,
    xyb: bool,
}

/// Accounts for every byte up to the end of `produced`.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut walker = Walker::new(produced);
    walker.exactly(0x0AFF, 16, "signature")?;
    let picture = picture(&mut walker)?;
    walker.align()?;
    for _ in 0..limits::JXL_FRAMES_MAX {
        if frame::account(&mut walker, &picture)? {
            return walker.end();
        }
    }
    walker.wrong("number of frames")
}

/// SizeHeader and ImageMetadata, and the profile behind them.
fn picture(walker: &mut Walker<'_>) -> Result<Picture, Unaccounted> {
    let (width, height) = size(walker)?;
    let mut picture = Picture { width, height, animated: false, extra: 0, xyb: true };
    let mut profile = None;
    if !walker.flag()? {
        walker.begin();
        profile = metadata(walker, &mut picture)?;
        // No extra fields, 8 bits, narrow buffers, no extra channel, XYB, sRGB, no extensions.
        walker.not_usual(&[(0, 1), (0, 3), (1, 1), (0, 2), (1, 1), (1, 1), (0, 2)], "image header")?;
    }
    transform(walker, picture.xyb)?;
    if let Some(space) = profile {
        accept_profile(walker, space)?;
    }
    Ok(picture)
}

fn size(walker: &mut Walker<'_>) -> Result<(u32, u32), Unaccounted> {
    let sides: Field = [(1, 9), (1, 13), (1, 18), (1, 30)];
    let small = walker.flag()?;
    let eighths = |eighths: u32| eighths.saturating_add(1).saturating_mul(8);
    let height = if small { eighths(walker.bits(5)?) } else { walker.number(&sides)? };
    let ratio = walker.bits(3)?;
    let shaped = |ratio: u32| {
        let tall = u64::from(height);
        let (parts, of) = match ratio {
            1 => (1, 1),
            2 => (12, 10),
            3 => (4, 3),
            4 => (3, 2),
            5 => (16, 9),
            6 => (5, 4),
            7 => (2, 1),
            _ => (0, 1),
        };
        tall.saturating_mul(parts).checked_div(of).and_then(|wide| u32::try_from(wide).ok()).unwrap_or(0)
    };
    let width = match (ratio, small) {
        (0, true) => eighths(walker.bits(5)?),
        (0, false) => walker.number(&sides)?,
        (ratio, _) => shaped(ratio),
    };
    let first = (1..=7).find(|ratio| shaped(*ratio) == width).unwrap_or(0);
    let eighth = |side: u32| side <= 256 && side.is_multiple_of(8);
    let short = eighth(height) && (first != 0 || eighth(width));
    let pixels = u64::from(width).saturating_mul(height.into());
    let side = 1..=limits::PICTURE_SIDE_MAX;
    let in_bounds = side.contains(&width) && side.contains(&height) && pixels <= limits::PICTURE_PIXELS_MAX;
    if ratio != first || small != short || !in_bounds {
        return walker.wrong("size");
    }
    Ok((width, height))
}

/// ImageMetadata in full. The colour space of the profile that follows, if one does.
fn metadata(walker: &mut Walker<'_>, picture: &mut Picture) -> Result<Option<&'static [u8; 4]>, Unaccounted> {
    let more = walker.flag()?;
    let mut says = false;
    if more {
        says |= walker.bits(3)? != 0;
        walker.exactly(0, 2, "intrinsic size, preview")?;
        picture.animated = walker.flag()?;
        if picture.animated {
            says = true;
            walker.number(&[(100, 0), (1000, 0), (1, 10), (1, 30)])?;
            walker.number(&[(1, 0), (1001, 0), (1, 8), (1, 10)])?;
            walker.number(&[(0, 0), (0, 3), (0, 16), (0, 32)])?;
            walker.exactly(0, 1, "time codes")?;
        }
    }
    depth(walker)?;
    walker.flag()?;
    picture.extra = walker.number(&[(0, 0), (1, 0), (2, 4), (1, 12)])?;
    if picture.extra > limits::JXL_EXTRA_CHANNELS_MAX {
        return walker.wrong("number of extra channels");
    }
    for _ in 0..picture.extra {
        extra_channel(walker)?;
    }
    picture.xyb = walker.flag()?;
    let profile = colour(walker)?;
    if more && !walker.flag()? {
        says = true;
        walker.begin();
        walker.halves(2)?;
        walker.flag()?;
        walker.halves(1)?;
        // 255 nits, and nothing else.
        walker.not_usual(&[(0x5BF8, 16), (0, 16), (0, 1), (0, 16)], "tone mapping")?;
    }
    if more && !says {
        return walker.wrong("image header");
    }
    walker.exactly(0, 2, "extensions")?;
    Ok(profile)
}

fn depth(walker: &mut Walker<'_>) -> Result<(), Unaccounted> {
    let sound = if walker.flag()? {
        let bits = walker.number(&[(32, 0), (16, 0), (24, 0), (1, 6)])?;
        let exponent = walker.bits(4)?.saturating_add(1);
        let mantissa = bits.saturating_sub(exponent).saturating_sub(1);
        (2..=8).contains(&exponent) && (2..=23).contains(&mantissa)
    } else {
        walker.number(&[(8, 0), (10, 0), (12, 0), (1, 6)])? <= 31
    };
    if sound { Ok(()) } else { walker.wrong("bit depth") }
}

/// Alpha, a spot colour or black; nameless.
fn extra_channel(walker: &mut Walker<'_>) -> Result<(), Unaccounted> {
    if walker.flag()? {
        return Ok(());
    }
    walker.begin();
    let kind = walker.enumerated()?;
    depth(walker)?;
    walker.number(&[(0, 0), (3, 0), (4, 0), (1, 3)])?;
    walker.exactly(0, 2, "name of an extra channel")?;
    match kind {
        0 => walker.flag().map(drop)?,
        2 => walker.halves(4)?,
        4 => {}
        _ => return walker.wrong("extra channel"),
    }
    // Alpha of 8 bits, not associated.
    walker.not_usual(&[(0, 2), (0, 3), (0, 2), (0, 2), (0, 1)], "extra channel")
}

/// The colour space of the profile that follows, if one does.
fn colour(walker: &mut Walker<'_>) -> Result<Option<&'static [u8; 4]>, Unaccounted> {
    if walker.flag()? {
        return Ok(None);
    }
    walker.begin();
    let profiled = walker.flag()?;
    let grey = match walker.enumerated()? {
        0 => false,
        1 => true,
        _ => return walker.wrong("colour space"),
    };
    if profiled {
        walker.close();
        return Ok(Some(if grey { b"GRAY" } else { b"RGB " }));
    }
    match walker.enumerated()? {
        1 | 10 | 11 => {}
        2 => coordinates(walker, 2)?,
        _ => return walker.wrong("white point"),
    }
    if !grey {
        match walker.enumerated()? {
            1 | 9 | 11 => {}
            2 => coordinates(walker, 6)?,
            _ => return walker.wrong("primaries"),
        }
    }
    let transfer_is_known = if walker.flag()? {
        (1..=10_000_000).contains(&walker.bits(24)?)
    } else {
        matches!(walker.enumerated()?, 1 | 2 | 8 | 13 | 16 | 17 | 18)
    };
    if !transfer_is_known || walker.enumerated()? > 3 {
        return walker.wrong("colour encoding");
    }
    // RGB, D65, the primaries and the curve of sRGB, relative.
    walker.not_usual(&[(0, 1), (0, 2), (1, 2), (1, 2), (0, 1), (2, 2), (11, 4), (1, 2)], "colour encoding")?;
    Ok(None)
}

fn coordinates(walker: &mut Walker<'_>, count: u32) -> Result<(), Unaccounted> {
    for _ in 0..count {
        walker.number(&[(0, 19), (524_288, 19), (1_048_576, 20), (2_097_152, 21)])?;
    }
    Ok(())
}

/// OpsinInverseMatrix and weights, or none.
fn transform(walker: &mut Walker<'_>, xyb: bool) -> Result<(), Unaccounted> {
    if walker.flag()? {
        return Ok(());
    }
    let own_matrix = xyb && !walker.flag()?;
    if own_matrix {
        walker.halves(16)?;
    }
    let present = walker.bits(3)?;
    for (bit, count) in [(1, 15), (2, 55), (4, 210)] {
        if present & bit != 0 {
            walker.halves(count)?;
        }
    }
    if own_matrix || present != 0 { Ok(()) } else { walker.wrong("transform data") }
}

/// A canonical profile in the one form that they are packed in: each byte a code of eight bits.
fn accept_profile(walker: &mut Walker<'_>, space: &[u8; 4]) -> Result<(), Unaccounted> {
    let len = walker.long()?;
    if !(128..=PACKED_BYTES_MAX).contains(&len) {
        return walker.wrong("ICC profile");
    }
    // No LZ77; one distribution; prefix codes; 15; 256 symbols; code lengths of nothing but eight.
    walker.exactly(0b1_0010, 5, "ICC profile")?;
    walker.exactly(0b1111, 4, "ICC profile")?;
    walker.exactly(0b1111_1110_1111, 12, "ICC profile")?;
    walker.exactly(0, 22, "ICC profile")?;
    walker.exactly(1, 16, "ICC profile")?;
    let mut packed = Vec::new();
    for _ in 0..len {
        let code = walker.bits(8)?;
        packed.push(u8::try_from(code).unwrap_or(0).reverse_bits());
    }
    let profile = plain(&packed).filter(|profile| profile.get(16..20) == Some(space) && icc::is_canonical(profile));
    if profile.is_some() { Ok(()) } else { walker.wrong("ICC profile") }
}

/// More than a canonical profile takes.
const PACKED_BYTES_MAX: u64 = 4096;

/// The profile in `packed`: its length, five or six bytes of commands that say nothing but "all that follows", the
/// differences of its header from a usual one, and the rest as it is.
fn plain(packed: &[u8]) -> Option<Vec<u8>> {
    let (len, rest) = small_number(packed)?;
    let (commands_len, rest) = small_number(rest)?;
    let (commands, data) = rest.split_at_checked(commands_len)?;
    let (tail_len, after) = small_number(commands.strip_prefix(&[0, 1])?)?;
    let (differences, tail) = data.split_at_checked(128)?;
    if !after.is_empty() || tail.len() != tail_len || len.checked_sub(128)? != tail_len {
        return None;
    }
    let mut usual = [0; 128];
    let size = u32::try_from(len).ok()?.to_be_bytes();
    let known: [(usize, &[u8]); 8] = [
        (0, &size),
        (8, &[4]),
        (12, b"mntrRGB XYZ "),
        (36, b"acsp"),
        (70, &[246, 214]),
        (73, &[1]),
        (78, &[211, 45]),
        (80, &[0; 4]),
    ];
    for (at, bytes) in known {
        usual.get_mut(at..)?.get_mut(..bytes.len())?.copy_from_slice(bytes);
    }
    // Canonical profiles name no platform and no program, on which more would depend.
    let header = differences.iter().zip(usual).map(|(difference, usual)| difference.wrapping_add(usual));
    Some(header.chain(tail.iter().copied()).collect())
}

/// A number in groups of seven bits, in the fewest, below 2^14.
fn small_number(bytes: &[u8]) -> Option<(usize, &[u8])> {
    match bytes {
        [low @ 0..=0x7F, rest @ ..] => Some((usize::from(*low), rest)),
        [low, high @ 1..=0x7F, rest @ ..] => Some((usize::from(low & 0x7F) | usize::from(*high).wrapping_shl(7), rest)),
        _ => None,
    }
}

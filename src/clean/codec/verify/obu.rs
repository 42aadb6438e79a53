//! AV1 as it may stand in a clean sample or record: pictures, sequence headers, metadata of three kinds, padding of
//! zeros. Knows no other OBU.
//!
//! Sources: AV1 Bitstream & Decoding Process Specification, 5.3, 5.5, 5.8; AV1 in ISO media 1.2, 2.3.

use super::fields::Fields;
use crate::clean::Unaccounted;
use crate::clean::produced::Produced;
use crate::limits;

/// Accounts for a sample.
pub(super) fn sample(produced: &mut Produced<'_>, len: u64) -> Result<(), Unaccounted> {
    let mut left = len;
    while left > 0 {
        let header = produced.byte()?;
        let mut spent = 1u64;
        let (kind, extended, sized) = (header / 8, header & 4 != 0, header & 2 != 0);
        if header & 0x81 != 0 {
            return produced.wrong("OBU header");
        }
        if extended {
            spent = 2;
            if produced.byte()? & 7 != 0 {
                return produced.wrong("OBU extension header");
            }
        }
        let mut size = left.saturating_sub(spent);
        if sized {
            size = 0;
            let mut shift = 0u32;
            loop {
                let byte = produced.byte()?;
                spent = spent.saturating_add(1);
                size |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
                shift = shift.saturating_add(7);
                if byte < 0x80 {
                    break;
                }
                if shift >= 56 {
                    return produced.wrong("OBU size");
                }
            }
        }
        let Some(after) = left.checked_sub(spent).and_then(|left| left.checked_sub(size)) else {
            return produced.wrong("OBU size");
        };
        left = after;
        body(produced, kind, size)?;
    }
    Ok(())
}

fn body(produced: &mut Produced<'_>, kind: u8, size: u64) -> Result<(), Unaccounted> {
    match kind {
        2 if size == 0 => Ok(()),
        3 | 4 | 6 | 7 => produced.skip(size),
        1 | 5 if size <= limits::PARAMETER_SET_BYTES_MAX => {
            let body = produced.bytes(usize::try_from(size).unwrap_or(usize::MAX))?;
            let is_known = if kind == 1 { sequence_header(&body).is_some() } else { is_metadata(&body) };
            if is_known { Ok(()) } else { produced.wrong("OBU") }
        }
        15 => {
            for place in (0..size).rev() {
                if produced.byte()? != if place == 0 { 0x80 } else { 0 } {
                    return produced.wrong("padding OBU");
                }
            }
            Ok(())
        }
        _ => produced.wrong("OBU type"),
    }
}

/// Whether the trailing bits are all that is left.
fn trails(mut f: Fields<'_>) -> bool {
    let one = f.flag();
    f.holds(one);
    let left = u32::try_from(f.left()).unwrap_or(u32::MAX);
    f.zeros(left);
    f.sound()
}

fn is_metadata(body: &[u8]) -> bool {
    let mut f = Fields::new(body);
    match f.u(8) {
        1 => f.any(32),
        2 => {
            f.any(128);
            let (brightest, darkest) = (f.u(32), f.u(32));
            f.holds(brightest <= 2_560_000 && darkest <= 163_840_000);
        }
        3 => {
            if f.u(8) == 14 {
                let layers = f.u(2).saturating_add(1);
                let (sizes, described, group) = (f.flag(), f.flag(), f.flag());
                f.zeros(3);
                f.any(if sizes { layers.saturating_mul(32) } else { 0 });
                f.any(if described { layers.saturating_mul(8) } else { 0 });
                for _ in 0..if group { f.u(8) } else { 0 } {
                    f.any(5);
                    let references = f.u(3);
                    f.any(references.saturating_mul(8));
                }
            }
        }
        _ => return false,
    }
    trails(f)
}

/// The second and third byte of a record with this sequence header, if it is one and no more.
fn sequence_header(body: &[u8]) -> Option<[u8; 2]> {
    let mut f = Fields::new(body);
    let profile = f.u(3);
    f.holds(profile < 3);
    f.any(1);
    let reduced = f.flag();
    let (mut level, mut tier) = (0, false);
    if reduced {
        level = f.u(5);
    } else {
        let mut delay = None;
        if f.flag() {
            f.any(64);
            if f.flag() {
                f.ue(u32::MAX);
            }
            if f.flag() {
                delay = Some(f.u(5).saturating_add(1));
                f.any(42);
            }
        }
        let displayed = f.flag();
        for point in 0..=f.u(5) {
            f.any(12);
            let (this, high) = (f.u(5), 8);
            let this_tier = this >= high && f.flag();
            if point == 0 {
                (level, tier) = (this, this_tier);
            }
            if let Some(delay) = delay
                && f.flag()
            {
                f.any(delay.saturating_mul(2).saturating_add(1));
            }
            if displayed && f.flag() {
                f.any(4);
            }
        }
    }
    let (width, height) = (f.u(4), f.u(4));
    f.any(width.saturating_add(height).saturating_add(2));
    if !reduced && f.flag() {
        f.any(7);
    }
    f.any(3);
    if !reduced {
        f.any(4);
        let ordered = f.flag();
        f.any(if ordered { 2 } else { 0 });
        let tools = f.flag() || f.flag();
        if tools && !f.flag() {
            f.any(1);
        }
        f.any(if ordered { 3 } else { 0 });
    }
    f.any(3);
    let format = colours(&mut f, profile);
    f.any(1);
    let first = u8::try_from(profile.wrapping_mul(32) | level).ok()?;
    trails(f).then_some([first, if tier { format | 0x80 } else { format }])
}

/// The fields of `color_config` as the record has them.
fn colours(f: &mut Fields<'_>, profile: u64) -> u8 {
    let high = f.flag();
    let twelve = profile == 2 && high && f.flag();
    let grey = profile != 1 && f.flag();
    let srgb = f.flag() && [f.u(8), f.u(8), f.u(8)] == [1, 13, 0];
    let mut format = (u8::from(high) << 6) | (u8::from(twelve) << 5) | (u8::from(grey) << 4);
    if grey {
        f.any(1);
        return format | 0x0C;
    }
    if srgb {
        f.any(1);
        return format;
    }
    f.any(1);
    let subsampling = match (profile, twelve) {
        (0, _) => 3,
        (1, _) => 0,
        (_, false) => 2,
        (_, true) if !f.flag() => 0,
        (_, true) => 2 | u8::from(f.flag()),
    };
    format |= subsampling << 2;
    if subsampling == 3 {
        format |= u8::try_from(f.u(2)).unwrap_or(0);
    }
    f.any(1);
    format
}

/// `av1C`: the fields, and at most a sequence header that says the same.
pub(super) fn record(body: &[u8]) -> bool {
    let Some((&[0x81, profile, format, delay], rest)) = body.split_first_chunk::<4>() else { return false };
    if !matches!(delay, 0 | 0x10..=0x1F) {
        return false;
    }
    match rest {
        [] => true,
        [0x0A, len @ 0..=0x7F, payload @ ..] => {
            payload.len() == usize::from(*len) && is_repeated(payload, profile, format)
        }
        [0x0A, low, high @ 1..=0x7F, payload @ ..] => {
            payload.len() == usize::from(*low & 0x7F) | (usize::from(*high) << 7)
                && is_repeated(payload, profile, format)
        }
        _ => false,
    }
}

fn is_repeated(payload: &[u8], profile: u8, format: u8) -> bool {
    payload.last() != Some(&0) && sequence_header(payload) == Some([profile, format])
}

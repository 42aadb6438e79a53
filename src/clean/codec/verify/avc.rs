//! H.264 parameter sets and the record that holds them, as they may stand in a clean file. Every bit of a set is
//! passed by its syntax.
//!
//! Sources: ISO/IEC 14496-10:2020, 7.3.2.1, 7.3.2.2, E.1; ISO/IEC 14496-15:2019, 5.3.3.1.

use super::fields::Fields;
use super::units;
use crate::clean::codec::{AvcTiming, Codec};

/// What the record repeats of a sequence parameter set.
pub(super) struct Sequence {
    timing: AvcTiming,
    /// Profile, constraint flags, level.
    head: [u8; 3],
    formats: [u8; 3],
}

/// Whether the bits are a sequence parameter set and no more.
pub(super) fn sequence(raw: &[u8]) -> Option<Sequence> {
    let head = *raw.first_chunk::<3>()?;
    let [profile, flags, _] = head;
    let mut f = Fields::new(raw.get(3..)?);
    let mut read = Sequence { timing: AvcTiming::default(), head, formats: [1, 0, 0] };
    f.holds(flags & 3 == 0);
    f.ue(31);
    if matches!(profile, 44 | 83 | 86 | 100 | 110 | 118 | 122 | 128 | 134 | 135 | 138 | 139 | 244) {
        let chroma = f.ue(3);
        if chroma == 3 {
            f.flag();
        }
        let depths = [chroma, f.ue(6), f.ue(6)];
        read.formats = depths.map(|value| u8::try_from(value).unwrap_or(0));
        f.flag();
        if f.flag() {
            lists(&mut f, 6, if chroma == 3 { 6 } else { 2 });
        }
    }
    f.ue(12);
    let order = f.ue(2);
    if order == 0 {
        f.ue(12);
    } else if order == 1 {
        f.any(1);
        f.ses(2);
        let cycle = f.ue(255);
        f.ses(cycle);
    }
    f.ue(16);
    f.any(1);
    f.ues(2, 65_535);
    let frames_only = f.flag();
    f.any(if frames_only { 1 } else { 2 });
    if f.flag() {
        f.ues(4, 65_535);
    }
    if f.flag() {
        usability(&mut f, &mut read.timing);
    }
    f.close().then_some(read)
}

fn usability(f: &mut Fields<'_>, timing: &mut AvcTiming) {
    f.display();
    if f.flag() {
        f.any(65);
    }
    let nal = f.flag();
    if nal {
        timing.nal_cpbs = buffers(f);
        timing.nal_initial_bits = delays(f, timing);
    }
    let vcl = f.flag();
    if vcl {
        timing.vcl_cpbs = buffers(f);
        timing.vcl_initial_bits = delays(f, timing);
    }
    if nal || vcl {
        f.any(1);
    }
    timing.structure = f.flag();
    if f.flag() {
        f.any(1);
        f.ues(6, 65_535);
    }
}

fn buffers(f: &mut Fields<'_>) -> u8 {
    let count = f.ue(31).saturating_add(1);
    f.any(8);
    for _ in 0..count {
        f.ues(2, u32::MAX);
        f.any(1);
    }
    u8::try_from(count).unwrap_or(0)
}

fn delays(f: &mut Fields<'_>, timing: &mut AvcTiming) -> u8 {
    let [initial, removal, output, offset] = [f.u(5), f.u(5), f.u(5), f.u(5)].map(|n| u8::try_from(n).unwrap_or(0));
    timing.removal_bits = removal.saturating_add(1);
    timing.output_bits = output.saturating_add(1);
    timing.offset_bits = offset;
    initial.saturating_add(1)
}

/// Scaling lists: so many of 16, so many of 64.
fn lists(f: &mut Fields<'_>, small: u32, large: u32) {
    for list in 0..small.saturating_add(large) {
        if f.flag() {
            let mut scale = 8i64;
            for _ in 0..if list < small { 16 } else { 64 } {
                let delta = f.se();
                f.holds((-128..=127).contains(&delta));
                scale = scale.saturating_add(delta).rem_euclid(256);
                if scale == 0 {
                    break;
                }
            }
        }
    }
}

/// Whether the bits are a picture parameter set and no more, for one chroma format or the others.
pub(super) fn picture(raw: &[u8]) -> bool {
    [None, Some(2), Some(6)].into_iter().any(|large| {
        let mut f = Fields::new(raw);
        f.ue(255);
        f.ue(31);
        f.any(2);
        groups(&mut f);
        f.ues(2, 31);
        f.any(3);
        for _ in 0..3 {
            let offset = f.se();
            f.holds((-128..=127).contains(&offset));
        }
        f.any(3);
        if let Some(large) = large {
            let is_8x8 = f.flag();
            if f.flag() {
                lists(&mut f, 6, if is_8x8 { large } else { 0 });
            }
            let offset = f.se();
            f.holds((-12..=12).contains(&offset));
        }
        f.close()
    })
}

fn groups(f: &mut Fields<'_>) {
    let more = f.ue(7);
    if more == 0 {
        return;
    }
    match f.ue(6) {
        0 => f.ues(more.saturating_add(1), u32::MAX),
        2 => f.ues(more.saturating_mul(2), u32::MAX),
        3..=5 => {
            f.any(1);
            f.ue(u32::MAX);
        }
        6 => {
            let units = u64::from(f.ue(u32::MAX)).saturating_add(1);
            let bits = match more {
                1 => 1,
                2 | 3 => 2,
                _ => 3,
            };
            f.any(units.saturating_mul(bits));
        }
        _ => {}
    }
}

/// `avcC`: one spelling of each field.
pub(super) fn record(body: &[u8]) -> Option<Codec> {
    let (&[1, profile, flags, level, lengths, count], mut rest) = body.split_first_chunk::<6>()? else { return None };
    let length_bytes = match lengths {
        0xFC => 1,
        0xFD => 2,
        0xFF => 4,
        _ => return None,
    };
    let mut first: Option<Sequence> = None;
    for _ in 0..count.checked_sub(0xE0)? {
        let unit = sized(&mut rest)?;
        let read = (unit.first()? & 0x9F == 7).then(|| sequence(&units::raw(unit, 1)?)).flatten()?;
        first = first.or(Some(read));
    }
    let (&pictures, mut rest) = rest.split_first()?;
    for _ in 0..pictures {
        let unit = sized(&mut rest)?;
        if unit.first()? & 0x9F != 8 || !picture(&units::raw(unit, 1)?) {
            return None;
        }
    }
    let Some(first) = first else {
        return (rest.is_empty() && flags & 3 == 0).then_some(Codec::Avc { length_bytes });
    };
    let [chroma, luma_depth, chroma_depth] = first.formats;
    let high = [0xFC | chroma, 0xF8 | luma_depth, 0xF8 | chroma_depth, 0];
    let expected: &[u8] = if matches!(profile, 66 | 77 | 88) { &[] } else { &high };
    if rest != expected || first.head != [profile, flags, level] {
        return None;
    }
    let timing = first.timing;
    let is_timed = timing != AvcTiming::default();
    Some(if is_timed { Codec::AvcTimed { length_bytes, timing } } else { Codec::Avc { length_bytes } })
}

/// A unit behind its length of two bytes.
pub(super) fn sized<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (len, behind) = rest.split_first_chunk::<2>()?;
    let (unit, behind) = behind.split_at_checked(u16::from_be_bytes(*len).into())?;
    *rest = behind;
    Some(unit)
}

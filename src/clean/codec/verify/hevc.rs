//! H.265 parameter sets and the record that holds them, as they may stand in a clean file. Every bit of a set is
//! passed by its syntax.
//!
//! Sources: ISO/IEC 23008-2:2020, 7.3.2, 7.3.3, 7.3.4, 7.3.7, E.2; ISO/IEC 14496-15:2019, 8.3.3.1.

mod picture;

pub(super) use picture::picture;

use super::avc::sized;
use super::fields::Fields;
use super::units;
use crate::clean::codec::{Codec, HevcTiming};

/// What the record repeats of a sequence parameter set.
pub(super) struct Sequence {
    timing: HevcTiming,
    profile: Vec<u8>,
    formats: [u8; 3],
    layers: u8,
    nested: bool,
}

/// Profile, tier, level: constraint flags only where a profile has them.
fn profile(f: &mut Fields<'_>, layers: u64) {
    constraints(f);
    f.any(8);
    let present: Vec<(bool, bool)> = (0..layers).map(|_| (f.flag(), f.flag())).collect();
    if layers > 0 {
        for _ in layers..8 {
            f.zeros(2);
        }
    }
    for (profile, level) in present {
        if profile {
            constraints(f);
        }
        f.any(if level { 8 } else { 0 });
    }
}

fn constraints(f: &mut Fields<'_>) {
    f.any(3);
    let kind = f.u(5);
    f.any(36);
    match kind {
        2 => {
            f.zeros(7);
            f.any(1);
            f.zeros(36);
        }
        0 | 1 | 3 => f.zeros(44),
        _ => {
            f.any(10);
            f.zeros(34);
        }
    }
}

fn ordering(f: &mut Fields<'_>, layers: u64) {
    let all = f.flag();
    let count = if all { layers.saturating_add(1) } else { 1 };
    f.ues(u32::try_from(count).unwrap_or(0).saturating_mul(3), u32::MAX);
}

/// Whether the bits are a video parameter set and no more.
pub(super) fn video(raw: &[u8]) -> bool {
    let mut f = Fields::new(raw);
    f.any(12);
    let layers = f.u(3);
    f.any(1);
    let reserved = f.u(16);
    f.holds(reserved == 0xFFFF && layers < 7);
    profile(&mut f, layers);
    ordering(&mut f, layers);
    let highest = f.u(6).saturating_add(1);
    let sets = u64::from(f.ue(1023));
    f.any(sets.saturating_mul(highest));
    if f.flag() {
        f.any(64);
        if f.flag() {
            f.ue(u32::MAX);
        }
        for index in 0..f.ue(1024) {
            if !f.sound() {
                break;
            }
            f.ue(1023);
            let common = index == 0 || f.flag();
            decoder(&mut f, common, layers);
        }
    }
    // No extension.
    f.zeros(1);
    f.close()
}

/// `hrd_parameters`; bits of the delays, where pictures have no parts.
fn decoder(f: &mut Fields<'_>, common: bool, layers: u64) -> Option<(u8, u8)> {
    let (mut kinds, mut parts, mut bits) = (0u32, false, (0, 0));
    if common {
        kinds = u32::from(f.flag()).saturating_add(f.flag().into());
        if kinds > 0 {
            parts = f.flag();
            f.any(if parts { 19 + 8 + 4 } else { 8 });
            f.any(5);
            let [removal, output] = [f.u(5), f.u(5)].map(|bits| u8::try_from(bits).unwrap_or(0).saturating_add(1));
            bits = (removal, output);
        }
    }
    for _ in 0..=layers {
        let fixed = f.flag();
        let within = fixed || f.flag();
        let mut low_delay = false;
        if within {
            f.ue(2047);
        } else {
            low_delay = f.flag();
        }
        let buffers = if low_delay { 1 } else { f.ue(31).saturating_add(1) };
        for _ in 0..kinds.saturating_mul(buffers) {
            f.ues(if parts { 4 } else { 2 }, u32::MAX);
            f.any(1);
        }
    }
    (!parts).then_some(bits)
}

/// Whether the bits are a sequence parameter set and no more.
pub(super) fn sequence(raw: &[u8]) -> Option<Sequence> {
    let mut f = Fields::new(raw);
    f.any(4);
    let layers = f.u(3);
    let nested = f.flag();
    f.holds(layers < 7);
    profile(&mut f, layers);
    f.ue(15);
    let chroma = f.ue(3);
    if chroma == 3 {
        f.any(1);
    }
    f.ues(2, 65_535);
    if f.flag() {
        f.ues(4, 65_535);
    }
    let (luma_depth, chroma_depth) = (f.ue(7), f.ue(7));
    let order = u64::from(f.ue(12)).saturating_add(5);
    ordering(&mut f, layers);
    f.ues(6, 32);
    if f.flag() && f.flag() {
        scaling(&mut f);
    }
    f.any(2);
    if f.flag() {
        f.any(8);
        f.ues(2, 32);
        f.any(1);
    }
    references(&mut f);
    if f.flag() {
        // Each number has a flag behind it.
        let pictures = u64::from(f.ue(32));
        f.any(pictures.saturating_mul(order));
    }
    f.any(2);
    let timing = if f.flag() { usability(&mut f, layers) } else { HevcTiming::default() };
    if f.flag() {
        extensions(&mut f, chroma, luma_depth, chroma_depth);
    }
    let formats = [chroma, luma_depth, chroma_depth].map(|value| u8::try_from(value).unwrap_or(0));
    let layers = u8::try_from(layers).unwrap_or(0).saturating_add(1);
    let profile = raw.get(1..13)?.to_vec();
    f.close().then_some(Sequence { timing, profile, formats, layers, nested })
}

fn extensions(f: &mut Fields<'_>, chroma: u32, luma_depth: u32, chroma_depth: u32) {
    let (range, multilayer) = (f.flag(), f.flag());
    f.zeros(1);
    let screen = f.flag();
    f.zeros(4);
    f.any(if range { 9 } else { 0 });
    f.any(if multilayer { 1 } else { 0 });
    if screen {
        f.any(1);
        if f.flag() {
            f.ue(64);
            f.ue(128);
            if f.flag() {
                let entries = u64::from(f.ue(127)).saturating_add(1);
                let luma = u64::from(luma_depth).saturating_add(8);
                let both = u64::from(chroma_depth).saturating_add(8).saturating_mul(2);
                f.any(entries.saturating_mul(luma.saturating_add(if chroma == 0 { 0 } else { both })));
            }
        }
        f.any(3);
    }
}

fn references(f: &mut Fields<'_>) {
    let mut last = 0u32;
    for index in 0..f.ue(64) {
        if !f.sound() {
            return;
        }
        let mut pictures = 0u32;
        if index != 0 && f.flag() {
            f.any(1);
            f.ue(32_767);
            for _ in 0..last.saturating_add(1) {
                // Used by this picture, or else perhaps by later ones.
                let is_in = f.flag() || f.flag();
                pictures = pictures.saturating_add(is_in.into());
            }
        } else {
            pictures = f.ue(16).saturating_add(f.ue(16));
            for _ in 0..pictures {
                f.ue(32_767);
                f.any(1);
            }
        }
        f.holds(pictures <= 16);
        last = pictures;
    }
}

fn usability(f: &mut Fields<'_>, layers: u64) -> HevcTiming {
    let mut timing = HevcTiming::default();
    f.display();
    f.any(2);
    timing.structure = f.flag();
    if f.flag() {
        f.ues(4, 65_535);
    }
    if f.flag() {
        f.any(64);
        if f.flag() {
            f.ue(u32::MAX);
        }
        if f.flag() {
            match decoder(f, true, layers) {
                Some((removal, output)) => (timing.removal_bits, timing.output_bits) = (removal, output),
                None => timing = HevcTiming::default(),
            }
        }
    }
    if f.flag() {
        f.any(3);
        f.ues(5, 65_535);
    }
    timing
}

pub(super) fn scaling(f: &mut Fields<'_>) {
    for (coefficients, with_dc, matrices) in [(16, 0, 6), (64, 0, 6), (64, 1, 6), (64, 1, 2)] {
        for _ in 0..matrices {
            if !f.flag() {
                f.ue(5);
                continue;
            }
            f.ses(with_dc);
            for _ in 0..coefficients {
                let delta = f.se();
                f.holds((-128..=127).contains(&delta));
            }
        }
    }
}

/// `hvcC`: one spelling of each field, one array a kind.
pub(super) fn record(body: &[u8]) -> Option<Codec> {
    let (fixed, mut rest) = body.split_first_chunk::<23>()?;
    let &[1, .., nesting, arrays] = fixed else { return None };
    let mut first = None;
    let mut last_kind = 31;
    let mut completeness = None;
    for _ in 0..arrays {
        let (&[head, high, low], behind) = rest.split_first_chunk::<3>()?;
        rest = behind;
        let (kind, count) = (head & 0x7F, u16::from_be_bytes([high, low]));
        let is_next = (32..=34).contains(&kind) && kind > last_kind && count > 0;
        if !is_next || *completeness.get_or_insert(head & 0x80) != head & 0x80 {
            return None;
        }
        last_kind = kind;
        for _ in 0..count {
            let unit = sized(&mut rest)?;
            let (&[high, low], _) = unit.split_first_chunk::<2>()?;
            let raw = units::raw(unit, 2)?;
            let is_whole = match kind {
                32 => video(&raw),
                33 => {
                    let read = sequence(&raw);
                    let is_whole = read.is_some();
                    first = first.or(read);
                    is_whole
                }
                _ => picture(&raw),
            };
            if !is_whole || high != kind << 1 || !(1..=7).contains(&low) {
                return None;
            }
        }
    }
    let length_bytes = match nesting & 3 {
        2 => return None,
        lengths => lengths.saturating_add(1),
    };
    if !rest.is_empty() {
        return None;
    }
    let Some(first) = first else { return is_without_sets(fixed).then_some(Codec::Hevc { length_bytes }) };
    let [chroma, luma, depth] = first.formats;
    let mut expected = vec![1];
    expected.extend(&first.profile);
    expected.extend([0xF0, 0, 0xFC, 0xFC | chroma, 0xF8 | luma, 0xF8 | depth, 0, 0]);
    expected.push((first.layers << 3) | (u8::from(first.nested) << 2) | (nesting & 3));
    expected.push(arrays);
    if fixed.as_slice() != expected {
        return None;
    }
    let timing = first.timing;
    let is_timed = timing != HevcTiming::default();
    Some(if is_timed { Codec::HevcTimed { length_bytes, timing } } else { Codec::Hevc { length_bytes } })
}

/// The fields where all sequence parameter sets are in the samples.
fn is_without_sets(fixed: &[u8; 23]) -> bool {
    matches!(
        fixed,
        [1, _, _, _, _, _, flags, 0, 0, 0, 0, 0, _, 0xF0, 0, 0xFC, 0xFC..=0xFF, 0xF8..=0xFF, 0xF8..=0xFF, 0, 0, 0..=0x3F, _]
            if flags & 0x0F == 0
    )
}

//! H.264: what becomes of each kind of NAL unit, how far parameter sets reach, and the `avcC` record.
//! Never keeps a byte of a parameter set behind what its syntax asks for.
//!
//! Sources: ISO/IEC 14496-10:2020, 7.3.2.1, 7.3.2.2, annex E; ISO/IEC 14496-15:2019, 5.3.3.1.

use super::bits::Bits;
use super::nal::{self, Action, Kept, Syntax};
use super::{Codec, Configured};
use crate::clean::{Category, Findings, Reason, Refusal};

/// What the sequence parameter set says of timing, by which two SEI messages are read (D.1.2, D.1.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timing {
    /// `cpb_cnt_minus1` + 1 of the NAL HRD; 0 where there is none.
    pub(super) nal_cpbs: u8,
    /// Likewise of the VCL HRD.
    pub(super) vcl_cpbs: u8,
    /// `initial_cpb_removal_delay_length_minus1` + 1 of the NAL HRD.
    pub(super) nal_initial_bits: u8,
    /// Likewise of the VCL HRD.
    pub(super) vcl_initial_bits: u8,
    /// `cpb_removal_delay_length_minus1` + 1; 0 where pictures have no such delays.
    pub(super) removal_bits: u8,
    /// `dpb_output_delay_length_minus1` + 1.
    pub(super) output_bits: u8,
    /// `time_offset_length`.
    pub(super) offset_bits: u8,
    /// `pic_struct_present_flag`.
    pub(super) structure: bool,
}

/// What becomes of a unit with this header (table 7-1).
pub(super) fn action(header: u8) -> Action {
    if header & 0x80 != 0 {
        return Action::Drop(Category::Unknown, "NAL unit with the forbidden bit");
    }
    match header & 0x1F {
        1..=5 => Action::Slice,
        6 => Action::Sei,
        7 | 8 => Action::ParameterSet,
        9 => Action::Delimiter,
        10 | 11 => Action::Bare,
        12 => Action::Filler,
        13 | 19 => Action::Drop(Category::HiddenContent, "H.264 auxiliary picture"),
        14 => Action::Drop(Category::Unknown, "H.264 prefix NAL unit"),
        15 | 20 | 21 => Action::Drop(Category::HiddenContent, "H.264 second view or layer"),
        24..=31 | 0 => Action::Drop(Category::Unknown, "H.264 NAL unit of unspecified type"),
        _ => Action::Drop(Category::Unknown, "H.264 NAL unit of reserved type"),
    }
}

/// How far a parameter set reaches; `None` where it is not understood.
pub(super) fn kept(header: &[u8], raw: &[u8]) -> Option<Kept> {
    match header.first()? & 0x1F {
        7 => Some(sequence(raw)?.kept),
        8 => picture(raw, false).or_else(|| picture(raw, true)),
        _ => None,
    }
}

/// A sequence parameter set.
#[derive(Debug, Default)]
struct Sequence {
    kept: Kept,
    profile: u8,
    compatibility: u8,
    level: u8,
    chroma: u32,
    luma_depth: u32,
    chroma_depth: u32,
    timing: Timing,
}

/// Profiles whose sequence parameter sets have the fields of 7.3.2.1.1 behind `seq_parameter_set_id`.
const HIGH_PROFILES: [u8; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// `seq_parameter_set_data` (7.3.2.1.1).
fn sequence(raw: &[u8]) -> Option<Sequence> {
    let mut bits = Bits::new(raw);
    let mut sps = Sequence { profile: bits.byte()?, compatibility: bits.byte()?, ..Sequence::default() };
    sps.compatibility &= 0xFC;
    sps.kept.cleared.push((14, 2));
    sps.level = bits.byte()?;
    bits.ue_to(31)?;
    sps.chroma = 1;
    if HIGH_PROFILES.contains(&sps.profile) {
        sps.chroma = bits.ue_to(3)?;
        if sps.chroma == 3 {
            bits.bit()?;
        }
        sps.luma_depth = bits.ue_to(6)?;
        sps.chroma_depth = bits.ue_to(6)?;
        bits.bit()?;
        if bits.bit()? {
            scaling_matrix(&mut bits, if sps.chroma == 3 { 12 } else { 8 })?;
        }
    }
    bits.ue_to(12)?;
    match bits.ue_to(2)? {
        0 => {
            bits.ue_to(12)?;
        }
        1 => {
            bits.bit()?;
            bits.se()?;
            bits.se()?;
            for _ in 0..bits.ue_to(255)? {
                bits.se()?;
            }
        }
        _ => {}
    }
    bits.ue_to(16)?;
    bits.bit()?;
    bits.ue_to(65_535)?;
    bits.ue_to(65_535)?;
    if !bits.bit()? {
        bits.bit()?;
    }
    bits.bit()?;
    if bits.bit()? {
        for _ in 0..4 {
            bits.ue_to(65_535)?;
        }
    }
    if bits.bit()? {
        sps.timing = usability(&mut bits)?;
    }
    sps.kept.end = bits.at();
    Some(sps)
}

/// `vui_parameters` (E.1.1).
fn usability(bits: &mut Bits<'_>) -> Option<Timing> {
    let mut timing = Timing::default();
    nal::display(bits)?;
    // timing_info_present_flag
    if bits.bit()? {
        bits.skip(65)?;
    }
    let nal = bits.bit()?;
    if nal {
        (timing.nal_cpbs, timing.nal_initial_bits) = reference_decoder(bits, &mut timing)?;
    }
    let vcl = bits.bit()?;
    if vcl {
        (timing.vcl_cpbs, timing.vcl_initial_bits) = reference_decoder(bits, &mut timing)?;
    }
    if nal || vcl {
        bits.bit()?;
    }
    timing.structure = bits.bit()?;
    // bitstream_restriction_flag
    if bits.bit()? {
        bits.bit()?;
        for _ in 0..6 {
            bits.ue_to(65_535)?;
        }
    }
    Some(timing)
}

/// `hrd_parameters` (E.1.2): how many buffers, and the bits of their initial delays.
fn reference_decoder(bits: &mut Bits<'_>, timing: &mut Timing) -> Option<(u8, u8)> {
    let count = bits.ue_to(31)?.checked_add(1)?;
    bits.skip(8)?;
    for _ in 0..count {
        bits.ue()?;
        bits.ue()?;
        bits.bit()?;
    }
    let mut bit_count = || u8::try_from(bits.small(5)?).ok()?.checked_add(1);
    let initial = bit_count()?;
    timing.removal_bits = bit_count()?;
    timing.output_bits = bit_count()?;
    timing.offset_bits = u8::try_from(bits.small(5)?).ok()?;
    Some((u8::try_from(count).ok()?, initial))
}

/// Scaling lists of 16, then of 64 numbers (7.3.2.1.1.1).
fn scaling_matrix(bits: &mut Bits<'_>, lists: u32) -> Option<()> {
    for list in 0..lists {
        if !bits.bit()? {
            continue;
        }
        let (mut last, mut next) = (8i64, 8i64);
        for _ in 0..if list < 6 { 16 } else { 64 } {
            if next != 0 {
                let delta = bits.se().filter(|delta| (-128..=127).contains(delta))?;
                next = last.checked_add(delta)?.rem_euclid(256);
            }
            if next != 0 {
                last = next;
            }
        }
    }
    Some(())
}

/// `pic_parameter_set_rbsp` (7.3.2.2). How many scaling lists it has depends on the chroma format, which only the
/// sequence parameter set tells: the caller tries both.
fn picture(raw: &[u8], is_444: bool) -> Option<Kept> {
    let stop = nal::stop_bit(raw)?;
    let mut bits = Bits::new(raw);
    bits.ue_to(255)?;
    bits.ue_to(31)?;
    bits.skip(2)?;
    let groups = bits.ue_to(7)?;
    if groups > 0 {
        slice_groups(&mut bits, groups)?;
    }
    bits.ue_to(31)?;
    bits.ue_to(31)?;
    bits.skip(3)?;
    for _ in 0..3 {
        bits.se().filter(|offset| (-128..=127).contains(offset))?;
    }
    bits.skip(3)?;
    // more_rbsp_data
    if bits.at() < stop {
        let is_8x8 = bits.bit()?;
        if bits.bit()? {
            let lists = match (is_8x8, is_444) {
                (false, _) => 6,
                (true, false) => 8,
                (true, true) => 12,
            };
            scaling_matrix(&mut bits, lists)?;
        }
        bits.se().filter(|offset| (-12..=12).contains(offset))?;
    }
    (bits.at() == stop).then(|| Kept { end: stop, ..Kept::default() })
}

fn slice_groups(bits: &mut Bits<'_>, groups: u32) -> Option<()> {
    match bits.ue_to(6)? {
        0 => {
            for _ in 0..=groups {
                bits.ue()?;
            }
        }
        2 => {
            for _ in 0..groups {
                bits.ue()?;
                bits.ue()?;
            }
        }
        3..=5 => {
            bits.bit()?;
            bits.ue()?;
        }
        6 => {
            let units = bits.ue()?;
            let width = groups.checked_ilog2()?.checked_add(1)?;
            let count = usize::try_from(units).ok()?.checked_add(1)?;
            bits.skip(count.checked_mul(usize::try_from(width).ok()?)?)?;
        }
        _ => {}
    }
    Some(())
}

/// Rebuilds an `AVCDecoderConfigurationRecord`.
pub(super) fn record(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let truncated = Refusal::new(Reason::Truncated, "avcC", at);
    let mut rest = body;
    let mut take = |len: usize| {
        let (part, behind) = rest.split_at_checked(len)?;
        rest = behind;
        Some(part)
    };
    let Some(&[version, profile, compatibility, level, lengths, count]) = take(6) else { return Err(truncated) };
    let length_bytes = (lengths & 3).saturating_add(1);
    if version != 1 || length_bytes == 3 {
        return Err(Refusal::new(Reason::NotUnderstood, "avcC", at));
    }
    let mut sets: [Vec<Vec<u8>>; 2] = [Vec::new(), Vec::new()];
    let mut count = count & 0x1F;
    for (list, kind) in sets.iter_mut().zip([7, 8]) {
        for _ in 0..count {
            let len = take(2).and_then(|len| <[u8; 2]>::try_from(len).ok()).ok_or(truncated.clone())?;
            let unit = take(u16::from_be_bytes(len).into()).ok_or(truncated.clone())?;
            if unit.first().is_none_or(|header| header & 0x9F != kind) {
                return Err(Refusal::new(Reason::Damaged, "avcC parameter set", at));
            }
            list.push(nal::parameter_set(Syntax::Avc(Timing::default()), unit, at, findings)?);
        }
        if kind == 7 {
            count = take(1).and_then(|count| count.first().copied()).ok_or(truncated.clone())?;
        }
    }
    let [sequences, pictures] = sets;
    let first = sequences.first().and_then(|unit| sequence(&nal::unescaped(unit.get(1..)?)));
    let mut bytes = vec![1, profile, compatibility & 0xFC, level];
    if let Some(sps) = &first {
        bytes = vec![1, sps.profile, sps.compatibility, sps.level];
    }
    bytes.push(0xFC | (lengths & 3));
    bytes.push(0xE0 | u8::try_from(sequences.len()).unwrap_or(0));
    append(&mut bytes, &sequences);
    bytes.push(u8::try_from(pictures.len()).unwrap_or(u8::MAX));
    append(&mut bytes, &pictures);
    if let Some(sps) = first.as_ref().filter(|sps| !matches!(sps.profile, 66 | 77 | 88)) {
        let depths = [sps.chroma, sps.luma_depth, sps.chroma_depth].map(|value| u8::try_from(value).unwrap_or(0));
        bytes.extend([0xFC | depths[0], 0xF8 | depths[1], 0xF8 | depths[2], 0]);
    }
    // The extension is optional, and there may be sets for auxiliary pictures in it.
    let is_extension = matches!(rest, [0xFC..=0xFF, 0xF8..=0xFF, 0xF8..=0xFF, 0]);
    if !rest.is_empty() && !is_extension {
        findings.removed(Category::HiddenContent, "behind the parameter sets of avcC");
    }
    let timing = first.map_or(Timing::default(), |sps| sps.timing);
    Ok(Configured { codec: codec(length_bytes, timing), bytes })
}

fn append(bytes: &mut Vec<u8>, units: &[Vec<u8>]) {
    for unit in units {
        bytes.extend(u16::try_from(unit.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend(unit);
    }
}

/// How samples with this timing are coded.
pub(super) fn codec(length_bytes: u8, timing: Timing) -> Codec {
    if timing == Timing::default() { Codec::Avc { length_bytes } } else { Codec::AvcTimed { length_bytes, timing } }
}

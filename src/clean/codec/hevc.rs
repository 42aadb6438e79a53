//! H.265: what becomes of each kind of NAL unit, and the `hvcC` record. Never keeps a layer above the base layer.
//!
//! Sources: ISO/IEC 23008-2:2020, 7.3.2; ISO/IEC 14496-15:2019, 8.3.3.1.

mod parameters;
mod picture;

pub(super) use parameters::kept;

use super::nal::{self, Action, Syntax};
use super::{Codec, Configured};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What the sequence parameter set says of timing, by which picture timing messages are read (D.2.3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Timing {
    /// `frame_field_info_present_flag`.
    pub(super) structure: bool,
    /// `au_cpb_removal_delay_length_minus1` + 1; 0 where pictures have no such delays.
    pub(super) removal_bits: u8,
    /// `dpb_output_delay_length_minus1` + 1.
    pub(super) output_bits: u8,
}

/// What becomes of a unit with this header (table 7-1).
pub(super) fn action(header: [u8; 2]) -> Action {
    let [high, low] = header;
    if high & 0x80 != 0 || low & 7 == 0 {
        return Action::Drop(Category::Unknown, "NAL unit with an impossible header");
    }
    if high & 1 != 0 || low & 0xF8 != 0 {
        return Action::Drop(Category::HiddenContent, "H.265 second view or layer");
    }
    match high >> 1 {
        0..=9 | 16..=21 => Action::Slice,
        32..=34 => Action::ParameterSet,
        35 => Action::Delimiter,
        36 | 37 => Action::Bare,
        38 => Action::Filler,
        39 | 40 => Action::Sei,
        62 => Action::Drop(Category::Unknown, "Dolby Vision metadata"),
        63 => Action::Drop(Category::HiddenContent, "Dolby Vision enhancement layer"),
        48..=61 => Action::Drop(Category::Unknown, "H.265 NAL unit of unspecified type"),
        _ => Action::Drop(Category::Unknown, "H.265 NAL unit of reserved type"),
    }
}

/// Bytes in front of the arrays.
const FIXED_BYTES: usize = 23;

/// Rebuilds an `HEVCDecoderConfigurationRecord`.
pub(super) fn record(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let truncated = Refusal::new(Reason::Truncated, "hvcC", at);
    let (fixed, mut rest) = body.split_first_chunk::<FIXED_BYTES>().ok_or(truncated.clone())?;
    let [version, .., nesting, arrays] = *fixed;
    let length_bytes = (nesting & 3).saturating_add(1);
    // 0 was written before the standard was out.
    if version > 1 || length_bytes == 3 {
        return Err(Refusal::new(Reason::NotUnderstood, "hvcC", at));
    }
    let mut take = |len: usize| {
        let (part, behind) = rest.split_at_checked(len)?;
        rest = behind;
        Some(part)
    };
    let mut sets: [Vec<Vec<u8>>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    let mut complete = true;
    for _ in 0..arrays {
        let Some(&[head, high, low]) = take(3) else { return Err(truncated) };
        let kind = head & 0x3F;
        for _ in 0..u16::from_be_bytes([high, low]) {
            let len = take(2).and_then(|len| <[u8; 2]>::try_from(len).ok()).ok_or(truncated.clone())?;
            let unit = take(u16::from_be_bytes(len).into()).ok_or(truncated.clone())?;
            let Some(set) = kind.checked_sub(32).and_then(|index| sets.get_mut(usize::from(index))) else {
                told(kind, unit, findings);
                continue;
            };
            let Some(&[first, second]) = unit.get(..2) else {
                return Err(Refusal::new(Reason::Damaged, "hvcC parameter set", at));
            };
            if first & 0xFE != kind << 1 || second & 7 == 0 {
                return Err(Refusal::new(Reason::Damaged, "hvcC parameter set", at));
            }
            if first & 1 != 0 || second & 0xF8 != 0 {
                findings.removed(Category::HiddenContent, "H.265 second view or layer");
                continue;
            }
            complete &= head & 0x80 != 0;
            set.push(nal::parameter_set(Syntax::Hevc(Timing::default()), unit, at, findings)?);
        }
    }
    if sets.iter().map(Vec::len).sum::<usize>() > limits::PARAMETER_SETS_MAX {
        return Err(Refusal::new(Reason::TooLarge, "hvcC parameter sets", at));
    }
    if !rest.is_empty() {
        findings.removed(Category::HiddenContent, "behind the arrays of hvcC");
    }
    let [_, sequences, _] = &sets;
    let first = sequences.first().and_then(|unit| parameters::Summary::of(unit));
    let timing = first.as_ref().map_or(Timing::default(), |summary| summary.timing);
    let mut bytes = match &first {
        Some(summary) => summary.fixed(nesting & 3),
        None => without_sets(fixed),
    };
    bytes.push(u8::try_from(sets.iter().filter(|set| !set.is_empty()).count()).unwrap_or(0));
    for (set, kind) in sets.iter().zip([32u8, 33, 34]).filter(|(set, _)| !set.is_empty()) {
        bytes.push(if complete { 0x80 | kind } else { kind });
        bytes.extend(u16::try_from(set.len()).unwrap_or(u16::MAX).to_be_bytes());
        for unit in set {
            bytes.extend(u16::try_from(unit.len()).unwrap_or(u16::MAX).to_be_bytes());
            bytes.extend(unit);
        }
    }
    Ok(Configured { codec: codec(length_bytes, timing), bytes })
}

/// The fields in front of the arrays where parameter sets are only in the samples.
fn without_sets(fixed: &[u8; FIXED_BYTES]) -> Vec<u8> {
    let &[_, profile, c0, c1, c2, c3, flags, _, _, _, _, _, level, _, _, _, chroma, luma, depth, _, _, nesting, _] =
        fixed;
    let flags = flags & 0xF0;
    let start = [1, profile, c0, c1, c2, c3, flags, 0, 0, 0, 0, 0, level, 0xF0, 0, 0xFC];
    let end = [0xFC | (chroma & 3), 0xF8 | (luma & 7), 0xF8 | (depth & 7), 0, 0, nesting & 0x3F];
    [start.as_slice(), &end].concat()
}

/// A unit that is not kept in the record.
fn told(kind: u8, unit: &[u8], findings: &mut Findings) {
    if matches!(kind, 39 | 40) {
        // Only for what it says; the units of samples are where messages count.
        let _ = super::sei::rebuilt(Syntax::Hevc(Timing::default()), unit, findings);
    }
    findings.removed(Category::Unknown, "hvcC NAL unit that is no parameter set");
}

/// How samples with this timing are coded.
pub(super) fn codec(length_bytes: u8, timing: Timing) -> Codec {
    if timing == Timing::default() { Codec::Hevc { length_bytes } } else { Codec::HevcTimed { length_bytes, timing } }
}

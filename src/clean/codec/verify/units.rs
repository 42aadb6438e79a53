//! NAL units as they may stand in a clean sample: slices, parameter sets, delimiters, filler, and SEI messages of
//! the kinds that stay. Knows no other.

use super::{avc, hevc, sei};
use crate::clean::Unaccounted;
use crate::clean::codec::{AvcTiming, Codec, HevcTiming};
use crate::clean::produced::Produced;
use crate::limits;

/// What the header of a unit announces.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Slice,
    /// FF and a last 80.
    Filler,
    /// To be read whole.
    Small,
}

/// Which standard, and what timing messages go by.
#[derive(Clone, Copy)]
pub(super) enum Standard {
    H264(AvcTiming),
    H265(HevcTiming),
}

impl Standard {
    pub(super) fn of(codec: Codec) -> (Self, u8) {
        match codec {
            Codec::Hevc { length_bytes } => (Self::H265(HevcTiming::default()), length_bytes),
            Codec::HevcTimed { length_bytes, timing } => (Self::H265(timing), length_bytes),
            Codec::HevcAnnexB => (Self::H265(HevcTiming::default()), 0),
            Codec::Avc { length_bytes } => (Self::H264(AvcTiming::default()), length_bytes),
            Codec::AvcTimed { length_bytes, timing } => (Self::H264(timing), length_bytes),
            _ => (Self::H264(AvcTiming::default()), 0),
        }
    }

    /// Bytes of a header.
    pub(super) fn header_bytes(self) -> u64 {
        match self {
            Self::H264(_) => 1,
            Self::H265(_) => 2,
        }
    }

    /// What comes with this header; `None` for what may not stand in a sample.
    pub(super) fn kind(self, header: &[u8]) -> Option<Kind> {
        match (self, header) {
            (Self::H264(_), [byte]) => match byte {
                0x0C => Some(Kind::Filler),
                byte if byte & 0x80 != 0 => None,
                byte => match byte % 32 {
                    1..=5 => Some(Kind::Slice),
                    6..=11 => Some(Kind::Small),
                    _ => None,
                },
            },
            (Self::H265(_), [0x4C, 0x01]) => Some(Kind::Filler),
            // The base layer, of any temporal layer.
            (Self::H265(_), [high, 1..=7]) if high % 2 == 0 => match high / 2 {
                0..=9 | 16..=21 => Some(Kind::Slice),
                32..=37 | 39 | 40 => Some(Kind::Small),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether this is a whole unit of a small kind, with nothing but zeros behind.
    pub(super) fn is_small(self, unit: &[u8]) -> bool {
        let zeros = unit.iter().rev().take_while(|&&byte| byte == 0).count();
        let trimmed = unit.get(..unit.len().saturating_sub(zeros)).unwrap_or_default();
        match (self, unit) {
            (Self::H264(timing), [header, ..]) => match header % 32 {
                6 => zeros == 0 && raw(unit, 1).is_some_and(|raw| sei::h264(&raw, timing)),
                7 => raw(trimmed, 1).is_some_and(|raw| avc::sequence(&raw).is_some()),
                8 => raw(trimmed, 1).is_some_and(|raw| avc::picture(&raw)),
                9 => matches!(trimmed, [_, kind] if kind % 32 == 16),
                _ => unit.len() == 1,
            },
            (Self::H265(timing), [high, ..]) => match high / 2 {
                32 => raw(trimmed, 2).is_some_and(|raw| hevc::video(&raw)),
                33 => raw(trimmed, 2).is_some_and(|raw| hevc::sequence(&raw).is_some()),
                34 => raw(trimmed, 2).is_some_and(|raw| hevc::picture(&raw)),
                35 => matches!(trimmed, [_, _, kind] if kind % 32 == 16),
                36 | 37 => unit.len() == 2,
                suffix => zeros == 0 && raw(unit, 2).is_some_and(|raw| sei::h265(&raw, timing, suffix == 40)),
            },
            _ => false,
        }
    }
}

/// The payload behind the header without emulation prevention, which must stand where it is needed and only there.
pub(super) fn raw(unit: &[u8], header: usize) -> Option<Vec<u8>> {
    let mut raw = Vec::new();
    let mut rest = unit.get(header..)?;
    while let Some((&byte, behind)) = rest.split_first() {
        match rest {
            [0, 0, 3, next, ..] if *next <= 3 => {
                raw.extend([0, 0]);
                rest = rest.get(3..)?;
            }
            [0, 0, 0..=3, ..] => return None,
            _ => {
                raw.push(byte);
                rest = behind;
            }
        }
    }
    Some(raw)
}

/// Accounts for units behind their lengths.
pub(super) fn length_prefixed(codec: Codec, produced: &mut Produced<'_>, len: u64) -> Result<(), Unaccounted> {
    let (standard, length_bytes) = Standard::of(codec);
    let mut left = len;
    while left > 0 {
        let mut size = 0u64;
        for _ in 0..length_bytes {
            size = (size << 8) | u64::from(produced.byte()?);
        }
        left = match left.checked_sub(length_bytes.into()).and_then(|left| left.checked_sub(size)) {
            Some(left) if length_bytes > 0 => left,
            _ => return produced.wrong("NAL unit length"),
        };
        if size > 0 {
            unit(standard, produced, size)?;
        }
    }
    Ok(())
}

fn unit(standard: Standard, produced: &mut Produced<'_>, size: u64) -> Result<(), Unaccounted> {
    let Some(rest) = size.checked_sub(standard.header_bytes()) else { return produced.wrong("NAL unit header") };
    let mut unit = vec![produced.byte()?];
    if standard.header_bytes() == 2 {
        unit.push(produced.byte()?);
    }
    match standard.kind(&unit) {
        Some(Kind::Slice) => produced.skip(rest),
        Some(Kind::Filler) => {
            for place in (0..rest).rev() {
                if produced.byte()? != if place == 0 { 0x80 } else { 0xFF } {
                    return produced.wrong("NAL unit of filler data");
                }
            }
            Ok(())
        }
        Some(Kind::Small) if size <= limits::SEI_BYTES_MAX => {
            unit.extend(produced.bytes(usize::try_from(rest).unwrap_or(usize::MAX))?);
            if standard.is_small(&unit) { Ok(()) } else { produced.wrong("NAL unit") }
        }
        _ => produced.wrong("NAL unit type"),
    }
}

//! What is behind the header of a NAL unit: emulation prevention, and parameter sets as far as they are understood.
//! Never keeps a bit behind the syntax of a parameter set.
//!
//! Sources: ISO/IEC 14496-10, 7.3.2.11, 7.4.1; ISO/IEC 23008-2, 7.3.2.11, 7.4.2.

use super::Syntax;
use crate::clean::codec::{avc, hevc};
use crate::clean::{Category, Findings, Reason, Refusal};

/// What of a parameter set is kept: its first `end` bits behind the header, with some as zeros.
#[derive(Debug, Default)]
pub(in crate::clean::codec) struct Kept {
    pub(in crate::clean::codec) end: usize,
    /// Reserved bits that become zeros: the first, and how many.
    pub(in crate::clean::codec) cleared: Vec<(usize, usize)>,
    /// Whether an extension was cut off that may have been more than reserved.
    pub(in crate::clean::codec) cut: bool,
}

/// A parameter set as it is understood, which may be shorter than it was.
pub(in crate::clean::codec) fn parameter_set(
    syntax: Syntax,
    unit: &[u8],
    at: u64,
    findings: &mut Findings,
) -> Result<Vec<u8>, Refusal> {
    let not_understood = Refusal::new(Reason::NotUnderstood, "parameter set", at);
    let (header, payload) = unit.split_at_checked(syntax.header_len()).ok_or(not_understood.clone())?;
    let raw = unescaped(payload);
    let kept = match syntax {
        Syntax::Avc(_) => avc::kept(header, &raw),
        Syntax::Hevc(_) => hevc::kept(header, &raw),
    };
    let kept = kept.ok_or(not_understood)?;
    let mut rebuilt = header.to_vec();
    rebuilt.extend(escaped(&kept.apply(&raw)));
    let behind = unit.strip_prefix(rebuilt.as_slice());
    if behind.is_none_or(|behind| behind.iter().any(|&byte| byte != 0)) {
        let place = if kept.cut { "parameter set extension" } else { "behind a parameter set" };
        findings.removed(Category::HiddenContent, place);
    }
    Ok(rebuilt)
}

impl Kept {
    /// The bits that are kept, a one, and zeros up to a whole byte.
    fn apply(&self, raw: &[u8]) -> Vec<u8> {
        let mut bytes = raw.get(..(self.end / 8).saturating_add(1)).map_or_else(|| raw.to_vec(), <[u8]>::to_vec);
        if bytes.len() <= self.end / 8 {
            bytes.push(0);
        }
        for &(from, count) in &self.cleared {
            for place in from..from.saturating_add(count).min(self.end) {
                if let Some(byte) = bytes.get_mut(place / 8) {
                    *byte &= !mask(place);
                }
            }
        }
        if let Some(last) = bytes.last_mut() {
            let stop = mask(self.end);
            // What is above the stop bit stays, what is below is zero.
            *last = (*last & !(stop | stop.wrapping_sub(1))) | stop;
        }
        bytes
    }
}

/// The bit at this place of its byte.
fn mask(place: usize) -> u8 {
    0x80u8.checked_shr(u32::try_from(place % 8).unwrap_or(0)).unwrap_or(0)
}

/// Without emulation prevention bytes (H.264 7.4.1, H.265 7.4.2).
pub(in crate::clean::codec) fn unescaped(bytes: &[u8]) -> Vec<u8> {
    let mut raw = Vec::with_capacity(bytes.len());
    let mut zeros = 0u32;
    for &byte in bytes {
        if zeros >= 2 && byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if byte == 0 { zeros.saturating_add(1) } else { 0 };
        raw.push(byte);
    }
    raw
}

/// With emulation prevention bytes where they are needed.
pub(in crate::clean::codec) fn escaped(raw: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(raw.len());
    let mut zeros = 0u32;
    for &byte in raw {
        if zeros >= 2 && byte <= 3 {
            bytes.push(3);
            zeros = 0;
        }
        zeros = if byte == 0 { zeros.saturating_add(1) } else { 0 };
        bytes.push(byte);
    }
    bytes
}

/// Where the last one of `raw` stands: the stop bit.
pub(in crate::clean::codec) fn stop_bit(raw: &[u8]) -> Option<usize> {
    let last = raw.iter().rposition(|&byte| byte != 0)?;
    let zeros = usize::try_from(raw.get(last)?.trailing_zeros()).ok()?;
    last.checked_mul(8)?.checked_add(7)?.checked_sub(zeros)
}

//! AMR and H.263 configuration: `damr` and `d263`, without the vendor and its version. Never keeps a byte behind
//! the fields.
//!
//! Source: 3GPP TS 26.244 V17, 6.7, 6.8.

use super::{Codec, Configured};
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings, Reason, Refusal};

/// Rebuilds the body of `damr`.
pub(super) fn amr(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let truncated = Refusal::new(Reason::Truncated, "damr", at);
    let (&[v0, v1, v2, v3, version, modes, more, period, frames], behind) =
        body.split_first_chunk::<9>().ok_or(truncated)?;
    told("damr vendor", &[v0, v1, v2, v3], version, behind, findings);
    if frames == 0 {
        return Err(Refusal::new(Reason::NotUnderstood, "damr", at));
    }
    Ok(Configured { codec: Codec::Opaque, bytes: vec![0, 0, 0, 0, 0, modes, more, period, frames] })
}

/// Rebuilds the body of `d263`.
pub(super) fn h263(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let truncated = Refusal::new(Reason::Truncated, "d263", at);
    let (&[v0, v1, v2, v3, version, level, profile], behind) = body.split_first_chunk::<7>().ok_or(truncated)?;
    told("d263 vendor", &[v0, v1, v2, v3], version, behind, findings);
    Ok(Configured { codec: Codec::Opaque, bytes: vec![0, 0, 0, 0, 0, level, profile] })
}

fn told(place: &'static str, vendor: &[u8], version: u8, behind: &[u8], findings: &mut Findings) {
    if vendor != [0; 4] || version != 0 {
        findings.removed_value(Category::Software, place, &legible::text(vendor));
    }
    // `d263` may hold a box of bit rates.
    if !behind.is_empty() && behind.get(4..8) != Some(b"bitr") {
        findings.removed(Category::HiddenContent, "behind a 3GPP configuration");
    }
}

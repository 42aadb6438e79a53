//! AC-3 and E-AC-3 configuration: `dac3` and `dec3`, read and written again. Never keeps a byte behind the fields.
//!
//! Source: ETSI TS 102 366 V1.4.1, F.4, F.6; Dolby, E-AC-3 with JOC in ISO base media.

use super::bits::{Bits, Written};
use super::{Codec, Configured};
use crate::clean::{Category, Findings, Reason, Refusal};

/// Rebuilds the body of `dac3`.
pub(super) fn ac3(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let (&[first, second, third], behind) =
        body.split_first_chunk::<3>().ok_or(Refusal::new(Reason::Truncated, "dac3", at))?;
    if first >> 6 == 3 {
        return Err(Refusal::new(Reason::NotUnderstood, "dac3", at));
    }
    if !behind.is_empty() || third & 0x1F != 0 {
        findings.removed(Category::HiddenContent, "behind the fields of dac3");
    }
    Ok(Configured { codec: Codec::Opaque, bytes: vec![first, second, third & 0xE0] })
}

/// Rebuilds the body of `dec3`.
pub(super) fn enhanced(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let bytes = fields(body).ok_or(Refusal::new(Reason::Damaged, "dec3", at))?;
    if bytes != body {
        findings.removed(Category::HiddenContent, "behind the fields of dec3");
    }
    Ok(Configured { codec: Codec::Opaque, bytes })
}

fn fields(body: &[u8]) -> Option<Vec<u8>> {
    let mut bits = Bits::new(body);
    let mut written = Written::default();
    written.copy(&mut bits, 13)?;
    let streams = bits.take(3)?;
    written.put(3, streams);
    for _ in 0..=streams {
        // fscod, bsid; a reserved bit; asvc, bsmod, acmod, lfeon; three reserved bits.
        written.copy(&mut bits, 7)?;
        bits.bit()?;
        written.bit(false);
        written.copy(&mut bits, 8)?;
        bits.skip(3)?;
        written.put(3, 0);
        let dependent = bits.take(4)?;
        written.put(4, dependent);
        if dependent > 0 {
            written.copy(&mut bits, 9)?;
        } else {
            bits.bit()?;
            written.bit(false);
        }
    }
    // The extension for objects, where there is one: that it is used, and its complexity.
    let mut ahead = bits.clone();
    if ahead.left() >= 16 && ahead.skip(7).is_some() && ahead.bit()? {
        let complexity = ahead.take(8)?;
        written.put(8, 1);
        written.put(8, complexity);
    }
    Some(written.into_bytes())
}

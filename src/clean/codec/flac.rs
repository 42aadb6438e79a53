//! FLAC configuration: of the metadata blocks only STREAMINFO. Never keeps another.
//!
//! Sources: RFC 9639, 8; Encapsulation of FLAC in ISO Base Media File Format 0.0.4, 3.3.2.

use super::{Codec, Configured};
use crate::clean::metadata::vorbis_comment;
use crate::clean::{Category, Findings, Reason, Refusal};

/// The header of STREAMINFO as the last block.
const HEADER: [u8; 4] = [0x80, 0, 0, 34];

/// Rebuilds the body of `dfLa`.
pub(super) fn boxed(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let blocks = body.get(4..).ok_or(Refusal::new(Reason::Truncated, "dfLa", at))?;
    rebuilt(&[0; 4], blocks, at, findings)
}

/// Rebuilds `fLaC` and what follows it.
pub(super) fn blocks(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let blocks = body.strip_prefix(b"fLaC").ok_or(Refusal::new(Reason::NotUnderstood, "fLaC", at))?;
    rebuilt(b"fLaC", blocks, at, findings)
}

fn rebuilt(start: &[u8; 4], blocks: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let damaged = Refusal::new(Reason::Damaged, "FLAC metadata blocks", at);
    let (&[kind, l0, l1, l2], rest) = blocks.split_first_chunk::<4>().ok_or(damaged.clone())?;
    let info = rest.first_chunk::<34>().ok_or(damaged.clone())?;
    if kind & 0x7F != 0 || [l0, l1, l2] != [0, 0, 34] || !is_sound(info) {
        return Err(damaged);
    }
    if rest.len() > info.len() {
        others(rest.get(info.len()..).unwrap_or_default(), findings);
    }
    Ok(Configured { codec: Codec::Opaque, bytes: [start.as_slice(), &HEADER, info].concat() })
}

/// Block sizes and the sample rate in range (8.2).
fn is_sound(info: &[u8; 34]) -> bool {
    let &[b0, b1, b2, b3, ..] = info;
    let (least, most) = (u16::from_be_bytes([b0, b1]), u16::from_be_bytes([b2, b3]));
    let rate = info.get(10..13).is_some_and(|rate| rate != [0, 0, 0]);
    least >= 16 && most >= least && rate
}

/// Says what the other blocks were.
fn others(blocks: &[u8], findings: &mut Findings) {
    let mut rest = blocks;
    while let Some((&[kind, l0, l1, l2], behind)) = rest.split_first_chunk::<4>() {
        let len = usize::try_from(u32::from_be_bytes([0, l0, l1, l2])).unwrap_or(usize::MAX);
        let Some((body, behind)) = behind.split_at_checked(len) else { break };
        rest = behind;
        match kind & 0x7F {
            4 => findings.append(vorbis_comment::findings(body)),
            6 => findings.removed(Category::Thumbnail, "FLAC picture"),
            1 | 3 => {}
            _ => findings.removed(Category::Unknown, "FLAC metadata block"),
        }
    }
    if !rest.is_empty() {
        findings.removed(Category::HiddenContent, "behind the FLAC metadata blocks");
    }
}

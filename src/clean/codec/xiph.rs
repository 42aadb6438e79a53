//! Configuration of Vorbis and Opus as other containers than Ogg have it: headers in Xiph lacing, OpusHead, `dOps`.
//! Never keeps a byte behind their fields.
//!
//! Sources: RFC 3533, 6 (lacing), as Matroska uses it; RFC 7845, 5.1; Encapsulation of Opus in ISO Base Media File
//! Format 0.8.1, 4.3.2.

use super::{Codec, Configured, opus, vorbis};
use crate::clean::cursor::Cursor;
use crate::clean::metadata::vorbis_comment;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// Rebuilds the three headers of Vorbis.
pub(super) fn vorbis_record(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    Ok(Configured { codec: Codec::Opaque, bytes: vorbis_headers(body, at, findings)? })
}

/// The three headers in Xiph lacing, rebuilt.
pub(super) fn vorbis_headers(body: &[u8], at: u64, findings: &mut Findings) -> Result<Vec<u8>, Refusal> {
    let [first, second, third] = packets(body).ok_or(Refusal::new(Reason::Damaged, "Vorbis headers", at))?;
    let identification = vorbis::Identification::read(first);
    let identification = identification.ok_or(Refusal::new(Reason::NotUnderstood, "identification header", at))?;
    comment(second, findings);
    let setup = vorbis::Setup::read(third, identification);
    let setup = setup.ok_or(Refusal::new(Reason::NotUnderstood, "setup header", at))?.whole(third);
    if setup != third || first.len() > vorbis::IDENTIFICATION_BYTES {
        findings.removed(Category::HiddenContent, "behind a Vorbis header");
    }
    let mut bytes = vec![2, 30, 16];
    bytes.extend(identification.to_bytes());
    bytes.extend(vorbis::EMPTY_COMMENT);
    bytes.extend(setup);
    Ok(bytes)
}

/// Says what a comment header gives away.
fn comment(packet: &[u8], findings: &mut Findings) {
    let Some(block) = packet.strip_prefix(vorbis::COMMENT) else {
        return findings.removed(Category::Unknown, "comment header");
    };
    findings.append(vorbis_comment::findings(block));
    let behind = vorbis_comment::len(block).and_then(|len| block.get(len..));
    if behind.is_some_and(|behind| behind != [1] && behind.iter().any(|&byte| byte != 0)) {
        findings.removed(Category::HiddenContent, "behind the comment header");
    }
}

/// The three packets.
fn packets(body: &[u8]) -> Option<[&[u8]; 3]> {
    let mut rest = body.strip_prefix(&[2])?;
    let mut len = || {
        let mut len = 0usize;
        loop {
            let (&byte, behind) = rest.split_first()?;
            rest = behind;
            len = len.checked_add(byte.into())?;
            if byte != 0xFF {
                return Some(len);
            }
        }
    };
    let (first, second) = (len()?, len()?);
    let (first, rest) = rest.split_at_checked(first)?;
    let (second, third) = rest.split_at_checked(second)?;
    Some([first, second, third])
}

/// Rebuilds an `OpusHead`.
pub(super) fn opus_head(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let head = opus::Head::read(body).ok_or(Refusal::new(Reason::NotUnderstood, "OpusHead", at))?;
    let bytes = head.to_bytes();
    if body.len() > head.len() {
        findings.removed(Category::HiddenContent, "behind the Opus configuration");
    }
    if let Some(rate) = body.get(12..16).filter(|&rate| bytes.get(12..16) != Some(rate)) {
        let rate = rate.iter().rev().fold(0u32, |rate, &byte| (rate << 8) | u32::from(byte));
        findings.removed_value(Category::Device, "OpusHead input sample rate", &format!("{rate} Hz"));
    }
    Ok(Configured { codec: Codec::Opus { streams: head.streams() }, bytes })
}

/// Plans an Opus packet, its padding as zeros.
pub(super) fn opus_sample(
    streams: u8,
    cursor: &mut Cursor<'_>,
    len: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let at = cursor.at();
    if len > limits::OPUS_PACKET_BYTES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "Opus packet", at));
    }
    let packet = cursor.bytes(usize::try_from(len).unwrap_or(usize::MAX), "Opus packet")?;
    let read = opus::packet(&packet, streams).ok_or(Refusal::new(Reason::Damaged, "Opus packet", at))?;
    let mut rebuilt = packet.clone();
    for (from, len) in read.padding {
        rebuilt.iter_mut().skip(from).take(len).for_each(|byte| *byte = 0);
    }
    if rebuilt != packet {
        findings.removed(Category::HiddenContent, "padding of Opus packets");
    }
    plan.bytes_or_copy(&rebuilt, &packet, at)
}

/// Rebuilds the body of `dOps`: the same fields behind another version, big-endian.
pub(super) fn opus_box(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let Some((&[version, rest @ ..], table)) = body.split_first_chunk::<11>() else {
        return Err(Refusal::new(Reason::Truncated, "dOps", at));
    };
    if version != 0 {
        return Err(Refusal::new(Reason::NotUnderstood, "dOps", at));
    }
    let head = [opus::MAGIC.as_slice(), &[1], &turned(rest), table].concat();
    let rebuilt = opus_head(&head, at, findings)?;
    let fields = rebuilt.bytes.get(9..).and_then(<[u8]>::split_first_chunk::<10>);
    let (&fields, table) = fields.ok_or(Refusal::new(Reason::Damaged, "dOps", at))?;
    Ok(Configured { codec: rebuilt.codec, bytes: [&[0], turned(fields).as_slice(), table].concat() })
}

/// Channels, pre-skip, rate, gain and family, with the other order of bytes in each.
fn turned(fields: [u8; 10]) -> [u8; 10] {
    let [channels, s0, s1, r0, r1, r2, r3, g0, g1, family] = fields;
    [channels, s1, s0, r3, r2, r1, r0, g1, g0, family]
}

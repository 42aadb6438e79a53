//! AV1: walks over the OBUs of a sample and turns into padding what is neither a picture nor needed to decode or
//! show one; rebuilds the `av1C` record. Never changes the length of an OBU and never reads a picture.
//!
//! Sources: AV1 Bitstream & Decoding Process Specification, 5.3 to 5.8, 6.7; AV1 Codec ISO Media File Format
//! Binding 1.2, 2.3.

mod sequence;

use super::bits::Bits;
use super::{Codec, Configured};
use crate::clean::codec::nal;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// Where an OBU lies, and what its header says.
struct Unit {
    at: u64,
    kind: u8,
    /// Header as it should be: no reserved bits.
    header: Vec<u8>,
    /// Bytes of the size field, which keep their spelling.
    size_bytes: u64,
    body_at: u64,
    body_len: u64,
}

/// `obu_type` of padding (6.2.2).
const PADDING: u8 = 15;

/// Plans a sample.
pub(super) fn sample(
    cursor: &mut Cursor<'_>,
    len: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let end = nal::end(cursor, len)?;
    while cursor.at() < end {
        let unit = unit(cursor, end)?;
        obu(cursor, &unit, plan, findings)?;
        cursor.go_to(unit.body_at.saturating_add(unit.body_len), "OBU")?;
    }
    Ok(())
}

fn unit(cursor: &mut Cursor<'_>, end: u64) -> Result<Unit, Refusal> {
    let at = cursor.at();
    let damaged = Refusal::new(Reason::Damaged, "OBU header", at);
    let first = cursor.byte("OBU header")?;
    if first & 0x80 != 0 {
        return Err(damaged);
    }
    let mut header = vec![first & 0xFE];
    if first & 4 != 0 {
        header.push(cursor.byte("OBU header")? & 0xF8);
    }
    let size_at = cursor.at();
    let size = if first & 2 != 0 { Some(leb128(cursor)?.ok_or(damaged)?) } else { None };
    let body_at = cursor.at();
    let left = end.checked_sub(body_at).ok_or(Refusal::new(Reason::Damaged, "OBU header", at))?;
    let body_len = size.unwrap_or(left);
    if body_len > left {
        return Err(Refusal::new(Reason::Damaged, "OBU size", at));
    }
    Ok(Unit { at, kind: first >> 3, header, size_bytes: body_at.saturating_sub(size_at), body_at, body_len })
}

/// A number in groups of seven bits (4.10.5); `None` if it has more than eight of them or 32 bits.
fn leb128(cursor: &mut Cursor<'_>) -> Result<Option<u64>, Refusal> {
    let mut value = 0u64;
    for shift in (0..56).step_by(7) {
        let byte = cursor.byte("OBU size")?;
        value |= u64::from(byte & 0x7F).checked_shl(shift).unwrap_or(0);
        if byte & 0x80 == 0 {
            return Ok(Some(value).filter(|&value| value <= u64::from(u32::MAX)));
        }
    }
    Ok(None)
}

/// Plans one OBU.
fn obu(cursor: &mut Cursor<'_>, unit: &Unit, plan: &mut Plan, findings: &mut Findings) -> Result<(), Refusal> {
    match unit.kind {
        1 => {
            if unit.body_len > limits::PARAMETER_SET_BYTES_MAX {
                return Err(Refusal::new(Reason::TooLarge, "AV1 sequence header", unit.at));
            }
            let body = cursor.bytes(usize::try_from(unit.body_len).unwrap_or(usize::MAX), "OBU")?;
            let mut rebuilt = sequence_header(&body, unit.at, findings)?;
            rebuilt.resize(body.len(), 0);
            header(cursor, unit, unit.kind, plan)?;
            plan.bytes_or_copy(&rebuilt, &body, unit.body_at)
        }
        2 if unit.body_len == 0 => header(cursor, unit, unit.kind, plan),
        3 | 4 | 6 | 7 => {
            header(cursor, unit, unit.kind, plan)?;
            plan.copy(unit.body_at, unit.body_len)
        }
        5 => metadata(cursor, unit, plan, findings),
        PADDING => {
            if !is_padding(cursor, unit)? {
                findings.removed(Category::HiddenContent, "AV1 padding");
            }
            padding(cursor, unit, plan)
        }
        2 => {
            findings.removed(Category::HiddenContent, "AV1 temporal delimiter with content");
            padding(cursor, unit, plan)
        }
        8 => {
            findings.removed(Category::HiddenContent, "AV1 tile list");
            padding(cursor, unit, plan)
        }
        _ => {
            findings.removed(Category::Unknown, "AV1 OBU of reserved type");
            padding(cursor, unit, plan)
        }
    }
}

/// The header as a `kind`, reserved bits as zeros, and the size as it was spelled.
fn header(cursor: &mut Cursor<'_>, unit: &Unit, kind: u8, plan: &mut Plan) -> Result<(), Refusal> {
    let after = cursor.at();
    cursor.go_to(unit.at, "OBU header")?;
    let original = cursor.bytes(unit.header.len(), "OBU header")?;
    let mut written = unit.header.clone();
    if let Some(first) = written.first_mut() {
        *first = (*first & 0x06) | (kind << 3);
    }
    plan.bytes_or_copy(&written, &original, unit.at)?;
    plan.copy(unit.body_at.saturating_sub(unit.size_bytes), unit.size_bytes)?;
    cursor.go_to(after, "OBU")
}

/// A padding OBU in the place of another: zeros, and the trailing bit.
fn padding(cursor: &mut Cursor<'_>, unit: &Unit, plan: &mut Plan) -> Result<(), Refusal> {
    header(cursor, unit, PADDING, plan)?;
    if unit.body_len > 0 {
        plan.fill(0, unit.body_len.saturating_sub(1))?;
        plan.bytes(&[0x80])?;
    }
    Ok(())
}

fn is_padding(cursor: &mut Cursor<'_>, unit: &Unit) -> Result<bool, Refusal> {
    cursor.go_to(unit.body_at, "OBU")?;
    let mut left = unit.body_len;
    while left > 1 {
        let most = usize::try_from(left.saturating_sub(1)).unwrap_or(usize::MAX);
        let buffered = cursor.buffered()?;
        let part = buffered.get(..most.min(buffered.len())).unwrap_or_default();
        if part.is_empty() || part.iter().any(|&byte| byte != 0) {
            return Ok(false);
        }
        let passed = part.len();
        cursor.consume(passed);
        left = left.saturating_sub(u64::try_from(passed).unwrap_or(u64::MAX));
    }
    Ok(left == 0 || cursor.byte("OBU")? == 0x80)
}

/// Metadata (5.8): what display needs stays, all else becomes padding.
fn metadata(cursor: &mut Cursor<'_>, unit: &Unit, plan: &mut Plan, findings: &mut Findings) -> Result<(), Refusal> {
    let seen = usize::try_from(unit.body_len.min(limits::PARAMETER_SET_BYTES_MAX)).unwrap_or(0);
    let body = cursor.bytes(seen, "OBU")?;
    let is_whole = u64::try_from(seen).ok() == Some(unit.body_len);
    if is_whole && is_kept(&body).is_some() {
        header(cursor, unit, unit.kind, plan)?;
        return plan.copy(unit.body_at, unit.body_len);
    }
    match body.as_slice() {
        [4, 0xB5, 0x00, 0x3C, 0x00, 0x01, 4, ..] => findings.removed(Category::Unknown, "AV1 HDR10+ metadata"),
        [4, 0xB5, 0x00, 0x31, ..] => findings.removed(Category::Comment, "AV1 closed captions"),
        [4, 0xB5, 0x00, 0x3B, ..] => findings.removed(Category::Unknown, "AV1 Dolby metadata"),
        [4, words @ ..] => findings.removed_value(Category::Unknown, "AV1 registered user data", &words_of(words)),
        [5, ..] => findings.removed(Category::Time, "AV1 time code"),
        [1..=3, ..] => findings.removed(Category::Unknown, "AV1 metadata that is damaged"),
        words => findings.removed_value(Category::Unknown, "AV1 metadata of another type", &words_of(words)),
    }
    padding(cursor, unit, plan)
}

/// The longest run of printable bytes, if it has six of them.
fn words_of(bytes: &[u8]) -> String {
    let runs = bytes.split(|byte| !(0x20..0x7F).contains(byte));
    runs.max_by_key(|run| run.len()).filter(|run| run.len() >= 6).map(legible::text).unwrap_or_default()
}

/// Whether metadata are of a kind that stays, and read to their trailing bits.
fn is_kept(body: &[u8]) -> Option<()> {
    let mut bits = Bits::new(body);
    match bits.byte()? {
        1 => bits.skip(4 * 8)?,
        // Eight coordinates; then light in parts of 256 and of 16,384, where 10,000 is the most there is.
        2 => {
            bits.skip(16 * 8)?;
            if bits.take(32)? > 10_000 << 8 || bits.take(32)? > 10_000 << 14 {
                return None;
            }
        }
        3 => scalability(&mut bits)?,
        _ => return None,
    }
    (bits.bit()? && bits.are_zeros()).then_some(())
}

/// `metadata_scalability` (5.8.5, 5.8.6).
fn scalability(bits: &mut Bits<'_>) -> Option<()> {
    if bits.byte()? != 14 {
        return Some(());
    }
    let layers = usize::try_from(bits.take(2)?).ok()?.checked_add(1)?;
    let (sizes, description, group) = (bits.bit()?, bits.bit()?, bits.bit()?);
    if bits.take(3)? != 0 {
        return None;
    }
    if sizes {
        bits.skip(layers.checked_mul(32)?)?;
    }
    if description {
        bits.skip(layers.checked_mul(8)?)?;
    }
    if group {
        for _ in 0..bits.byte()? {
            bits.skip(5)?;
            let references = usize::try_from(bits.take(3)?).ok()?;
            bits.skip(references.checked_mul(8)?)?;
        }
    }
    Some(())
}

/// The payload of a sequence header OBU up to its trailing bit.
fn sequence_header(body: &[u8], at: u64, findings: &mut Findings) -> Result<Vec<u8>, Refusal> {
    let not_understood = Refusal::new(Reason::NotUnderstood, "AV1 sequence header", at);
    let end = sequence::read(body).ok_or(not_understood.clone())?.end;
    let mut bits = Bits::new(body);
    bits.skip(end).ok_or(not_understood.clone())?;
    if bits.bit() != Some(true) {
        return Err(not_understood);
    }
    if !bits.are_zeros() {
        findings.removed(Category::HiddenContent, "behind the AV1 sequence header");
    }
    let mut rebuilt = super::bits::Written::default();
    rebuilt.copy(&mut Bits::new(body), end).ok_or(not_understood)?;
    rebuilt.bit(true);
    Ok(rebuilt.into_bytes())
}

/// Rebuilds an `AV1CodecConfigurationRecord`: of the OBUs only the sequence header.
pub(super) fn record(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let Some((&[version, profile, format, delay], mut rest)) = body.split_first_chunk::<4>() else {
        return Err(Refusal::new(Reason::Truncated, "av1C", at));
    };
    if version != 0x81 {
        return Err(Refusal::new(Reason::NotUnderstood, "av1C", at));
    }
    let delay = if delay & 0x10 != 0 { delay & 0x1F } else { 0 };
    let mut bytes = vec![version, profile, format, delay];
    let mut met = false;
    while !rest.is_empty() {
        let Some((kind, payload, behind)) = obu_of(rest) else {
            findings.removed(Category::HiddenContent, "behind the OBUs of av1C");
            break;
        };
        rest = behind;
        if kind != 1 || met {
            findings.removed(Category::Unknown, "av1C OBU that is no sequence header");
            continue;
        }
        met = true;
        let header = sequence_header(payload, at, findings)?;
        let Some(read) = sequence::read(&header) else {
            return Err(Refusal::new(Reason::NotUnderstood, "AV1 sequence header", at));
        };
        bytes = vec![version, read.profile, read.format, delay];
        bytes.push(0x0A);
        let mut len = header.len();
        while len > 0x7F {
            bytes.push(0x80 | u8::try_from(len & 0x7F).unwrap_or(0));
            len >>= 7;
        }
        bytes.push(u8::try_from(len).unwrap_or(0));
        bytes.extend(header);
    }
    Ok(Configured { codec: Codec::Av1, bytes })
}

/// Type, payload and what is behind the OBU at the start of `bytes`.
fn obu_of(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&first, mut rest) = bytes.split_first()?;
    if first & 0x80 != 0 {
        return None;
    }
    if first & 4 != 0 {
        rest = rest.get(1..)?;
    }
    if first & 2 == 0 {
        return Some((first >> 3, rest, &[]));
    }
    let mut size = 0usize;
    for shift in (0..28).step_by(7) {
        let (&byte, behind) = rest.split_first()?;
        rest = behind;
        size |= usize::from(byte & 0x7F).checked_shl(shift)?;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let (payload, behind) = rest.split_at_checked(size)?;
    Some((first >> 3, payload, behind))
}

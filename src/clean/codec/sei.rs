//! Supplemental enhancement information: keeps the messages that decoding or display needs and puts filler
//! payload in the place of all others, within the same number of bytes.
//!
//! Sources: ISO/IEC 14496-10:2020, 7.3.2.3, annex D; ISO/IEC 23008-2:2020, 7.3.5, annex D.

mod message;
mod told;

use super::nal::{self, Syntax};
use crate::clean::{Category, Findings};

/// A message: its type and payload.
struct Message<'a> {
    kind: u32,
    payload: &'a [u8],
}

/// `payloadType` of filler payload, in both standards.
const FILLER: u32 = 3;

/// The unit with other messages as filler, just as long; `None` where there is no room for that.
pub(super) fn rebuilt(syntax: Syntax, unit: &[u8], findings: &mut Findings) -> Option<Vec<u8>> {
    let (header, payload) = unit.split_at_checked(syntax.header_len())?;
    let raw = nal::unescaped(payload);
    let (messages, whole) = messages(&raw);
    let mut kept = Vec::new();
    for message in &messages {
        if message.kind == FILLER {
            if message.payload.iter().any(|&byte| byte != 0xFF) {
                findings.removed(Category::HiddenContent, "SEI filler payload");
            }
            continue;
        }
        let written = message::written(syntax, header, message.kind, message.payload);
        if written.as_deref() != Some(message.payload) {
            told::dropped(syntax, message.kind, message.payload, findings);
        }
        if let Some(written) = written {
            append(&mut kept, message.kind, &written);
        }
    }
    if !whole {
        findings.removed(Category::HiddenContent, "behind the SEI messages");
    }
    with_filler(header, &kept, unit.len()).or_else(|| {
        if !kept.is_empty() {
            findings.removed(Category::Unknown, "SEI");
        }
        with_filler(header, &[], unit.len())
    })
}

/// Header, messages, filler payload and trailing bits in `len` bytes; `None` if they do not fit.
fn with_filler(header: &[u8], kept: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut bytes = header.to_vec();
    bytes.extend(nal::escaped(kept));
    // The byte of trailing bits.
    let mut room = len.checked_sub(bytes.len())?.checked_sub(1)?;
    if kept.is_empty() && room == 0 {
        return None;
    }
    while room > 0 {
        // One message has a byte for its type, one for each 255 bytes of its size and one more; then its bytes.
        let size = room.checked_sub(2)?;
        let size = size.saturating_sub(size / 256);
        // Of every 256 sizes one cannot be spelled at once: then a message of two bytes comes first.
        let size = if spelled_len(size) == room { size } else { 0 };
        append(&mut bytes, FILLER, &vec![0xFF; size]);
        room = room.checked_sub(spelled_len(size))?;
    }
    bytes.push(0x80);
    Some(bytes)
}

/// Bytes of a message of a one-byte type with a payload of this many bytes.
fn spelled_len(size: usize) -> usize {
    size.saturating_add(size / 255).saturating_add(2)
}

fn append(bytes: &mut Vec<u8>, kind: u32, payload: &[u8]) {
    number(bytes, usize::try_from(kind).unwrap_or(0));
    number(bytes, payload.len());
    bytes.extend(payload);
}

/// A type or a size: 255 for each whole 255, then the rest.
fn number(bytes: &mut Vec<u8>, value: usize) {
    bytes.resize(bytes.len().saturating_add(value / 255), 0xFF);
    bytes.push(u8::try_from(value % 255).unwrap_or(0));
}

/// The messages up to the first that is damaged, and whether nothing but trailing bits is behind them.
fn messages(raw: &[u8]) -> (Vec<Message<'_>>, bool) {
    let mut messages = Vec::new();
    let mut rest = raw;
    loop {
        match rest {
            [0x80, zeros @ ..] if zeros.iter().all(|&byte| byte == 0) => return (messages, true),
            _ => {}
        }
        let Some((kind, size)) = read_number(&mut rest).zip(read_number(&mut rest)) else { return (messages, false) };
        let Some((payload, behind)) = rest.split_at_checked(size) else { return (messages, false) };
        rest = behind;
        messages.push(Message { kind: u32::try_from(kind).unwrap_or(u32::MAX), payload });
    }
}

fn read_number(rest: &mut &[u8]) -> Option<usize> {
    let mut value = 0usize;
    loop {
        let (&byte, behind) = rest.split_first()?;
        *rest = behind;
        value = value.checked_add(byte.into())?;
        if byte != 0xFF {
            return Some(value);
        }
    }
}

//! Bytes to text: UTF-8, UTF-16, six Cyrillic encodings and one of Arabic. Never guesses, and never replaces what is malformed.

use encoding_rs::{Encoding, WINDOWS_1256};
use zeroize::Zeroizing;

use super::{arabic, buffer, cyrillic};
use crate::clean::{Reason, Refusal};
use crate::limits;

/// A text, and what its bytes said about where it came from.
pub(super) struct Decoded {
    /// Without the byte-order mark; holds no control characters but those of lines and tabs.
    pub(super) text: Zeroizing<String>,
    /// How it was encoded.
    pub(super) source: Source,
    /// Whether it began with a byte-order mark.
    pub(super) mark: bool,
}

/// An encoding that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Utf8,
    Utf16Le,
    Utf16Be,
    Legacy(&'static Encoding),
}

impl Source {
    /// As the finding names it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Legacy(encoding) => encoding.name(),
        }
    }

    /// Where the character stands in the original that stands at the end of `before` in the text.
    fn offset(self, before: &str, mark: bool) -> u64 {
        let offset = match self {
            Self::Utf8 => before.len().saturating_add(if mark { 3 } else { 0 }),
            Self::Utf16Le | Self::Utf16Be => {
                before.encode_utf16().count().saturating_add(usize::from(mark)).saturating_mul(2)
            }
            Self::Legacy(_) => before.chars().count(),
        };
        as_offset(offset)
    }
}

/// Decodes a whole text.
///
/// # Errors
/// [`Reason::Encoding`] if it is in no accepted encoding, or not in one beyond doubt; [`Reason::Damaged`]
/// or [`Reason::Truncated`] if it is, but a sequence is malformed; [`Reason::NotUnderstood`] at the first
/// control character that is not of text; [`Reason::TooLarge`] over [`limits::TEXT_BYTES_MAX`] as UTF-8.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let decoded = if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        let text = std::str::from_utf8(rest).map_err(|error| malformed_utf8(error, 3))?;
        Decoded { text: buffer::of(text), source: Source::Utf8, mark: true }
    } else if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        Decoded { text: utf16(rest, Source::Utf16Le)?, source: Source::Utf16Le, mark: true }
    } else if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        Decoded { text: utf16(rest, Source::Utf16Be)?, source: Source::Utf16Be, mark: true }
    } else {
        unmarked(bytes)?
    };
    if as_offset(decoded.text.len()) > limits::TEXT_BYTES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "text", 0));
    }
    if let Some((before, _)) = decoded.text.split_once(is_control) {
        let at = decoded.source.offset(before, decoded.mark);
        return Err(Refusal::new(Reason::NotUnderstood, "control character", at));
    }
    Ok(decoded)
}

/// The text of a file's first bytes, which may end within a character; `None` if it is not text. Only
/// its ASCII is sure, where the encoding is a single-byte one.
pub(super) fn decode_head(head: &[u8]) -> Option<Zeroizing<String>> {
    let text = if let Some(rest) = head.strip_prefix(b"\xef\xbb\xbf") {
        buffer::of(utf8_head(rest)?)
    } else if let Some(rest) = head.strip_prefix(b"\xff\xfe") {
        utf16_head(rest, Source::Utf16Le)?
    } else if let Some(rest) = head.strip_prefix(b"\xfe\xff") {
        utf16_head(rest, Source::Utf16Be)?
    } else if let Some(text) = utf8_head(head).filter(|text| !text.contains('\0')) {
        buffer::of(text)
    } else if head.contains(&0) {
        let even = head.get(..head.len() & !1).unwrap_or_default();
        unmarked_utf16(even)?.0
    } else if cyrillic::is_plausible(head) || arabic::is_plausible(head) {
        let mut text = buffer::with_capacity(head.len());
        head.iter().for_each(|&byte| text.push(if byte.is_ascii() { char::from(byte) } else { '?' }));
        text
    } else {
        return None;
    };
    (!text.contains(is_control)).then_some(text)
}

/// Control characters (general category Cc) that no text has. Those that end lines are left to the normaliser.
fn is_control(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n' | '\x0b' | '\x0c' | '\r' | '\u{85}')
}

fn unmarked(bytes: &[u8]) -> Result<Decoded, Refusal> {
    let nul = bytes.iter().position(|&byte| byte == 0);
    if nul.is_some()
        && let Some((text, source)) = unmarked_utf16(bytes)
    {
        return Ok(Decoded { text, source, mark: false });
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Decoded { text: buffer::of(text), source: Source::Utf8, mark: false }),
        Err(error) => {
            if let Some(at) = nul {
                return Err(Refusal::new(Reason::NotUnderstood, "control character", as_offset(at)));
            }
            if let Some(encoding) = single_byte(bytes) {
                return Ok(Decoded { text: legacy(bytes, encoding)?, source: Source::Legacy(encoding), mark: false });
            }
            // So many well-formed sequences are no accident: it is UTF-8, and it is broken.
            let sound = bytes.get(..error.valid_up_to()).unwrap_or_default();
            if sound.iter().filter(|byte| !byte.is_ascii()).count() >= UTF8_BYTES_SURE {
                return Err(malformed_utf8(error, 0));
            }
            Err(Refusal::new(Reason::Encoding, "", 0))
        }
    }
}

/// The single-byte encoding of `bytes`, if it is beyond doubt among Cyrillic and Arabic ones.
pub(super) fn single_byte(bytes: &[u8]) -> Option<&'static Encoding> {
    let Some(arabic) = arabic::cost(bytes) else { return cyrillic::detect(bytes) };
    let rival = cyrillic::cost_min(bytes).unwrap_or(u64::MAX);
    (rival.saturating_sub(arabic) >= arabic::MARGIN_MIN).then_some(WINDOWS_1256)
}

/// Bytes above ASCII in well-formed sequences that no other encoding brings about by chance.
const UTF8_BYTES_SURE: usize = 16;

fn malformed_utf8(error: std::str::Utf8Error, mark: usize) -> Refusal {
    let reason = if error.error_len().is_none() { Reason::Truncated } else { Reason::Damaged };
    Refusal::new(reason, "UTF-8 sequence", as_offset(error.valid_up_to().saturating_add(mark)))
}

fn utf8_head(head: &[u8]) -> Option<&str> {
    match std::str::from_utf8(head) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => std::str::from_utf8(head.get(..error.valid_up_to())?).ok(),
        Err(_) => None,
    }
}

/// Decodes UTF-16 that followed a byte-order mark.
fn utf16(bytes: &[u8], source: Source) -> Result<Zeroizing<String>, Refusal> {
    if !bytes.len().is_multiple_of(2) {
        return Err(Refusal::new(Reason::Truncated, "UTF-16 code unit", as_offset(bytes.len().saturating_add(1))));
    }
    // A code unit is at most three bytes of UTF-8.
    let mut text = buffer::with_capacity(bytes.len().saturating_mul(3).div_ceil(2));
    for decoded in char::decode_utf16(units(bytes, source)) {
        match decoded {
            Ok(c) => text.push(c),
            Err(_) => return Err(Refusal::new(Reason::Damaged, "UTF-16 surrogate", source.offset(&text, true))),
        }
    }
    Ok(text)
}

fn utf16_head(head: &[u8], source: Source) -> Option<Zeroizing<String>> {
    let even = head.get(..head.len() & !1)?;
    let whole = units(even, source).last().is_some_and(|unit| (0xd800..0xdc00).contains(&unit));
    let even = if whole { even.get(..even.len().saturating_sub(2))? } else { even };
    utf16(even, source).ok()
}

/// UTF-16 without a mark, where it cannot be anything else: in just one byte order it is well formed and
/// all but made of the scripts that are written here. The caller has seen a NUL, so that it is no other text.
fn unmarked_utf16(bytes: &[u8]) -> Option<(Zeroizing<String>, Source)> {
    let fits = |source: Source| {
        let text = utf16(bytes, source).ok()?;
        let usual = text.chars().filter(|&c| is_usual(c)).count();
        let all = text.chars().count();
        (all >= 4 && usual.saturating_mul(20) >= all.saturating_mul(19) && !text.contains(is_control))
            .then_some((text, source))
    };
    match (fits(Source::Utf16Le), fits(Source::Utf16Be)) {
        (Some(fit), None) | (None, Some(fit)) => Some(fit),
        _ => None,
    }
}

/// Basic Latin, Latin-1, Cyrillic, Arabic, general punctuation.
fn is_usual(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{a0}'..='ÿ' | 'Ѐ'..='ӿ' | '\u{600}'..='ۿ' | '‐'..='…')
}

fn units(bytes: &[u8], source: Source) -> impl Iterator<Item = u16> + '_ {
    bytes
        .as_chunks::<2>()
        .0
        .iter()
        .map(move |&pair| if source == Source::Utf16Be { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
}

fn legacy(bytes: &[u8], encoding: &'static Encoding) -> Result<Zeroizing<String>, Refusal> {
    let malformed = Refusal::new(Reason::Encoding, "", 0);
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let capacity = decoder.max_utf8_buffer_length_without_replacement(bytes.len()).ok_or(malformed.clone())?;
    let mut text = buffer::with_capacity(capacity);
    match decoder.decode_to_string_without_replacement(bytes, &mut text, true) {
        (encoding_rs::DecoderResult::InputEmpty, _) => Ok(text),
        _ => Err(malformed),
    }
}

fn as_offset(at: usize) -> u64 {
    u64::try_from(at).unwrap_or(u64::MAX)
}

//! Plain text, and the statement itself. Never keeps a character that is not seen, and never guesses an encoding.
//!
//! In: UTF-8, UTF-16, the six Cyrillic encodings in use, Windows-1256. Out: UTF-8 in NFC, LF, no byte-order mark, nothing
//! that can mark a copy unseen. Files that are written in text but mean something else (mark-up, mail,
//! scripts, keys) are not plain text.

mod arabic;
mod buffer;
mod cyrillic;
mod encoding;
mod escapes;
mod foreign;
mod joiners;
mod lookalikes;
mod marks;
mod normalise;
mod shape;
pub(crate) mod unseen;
mod verify;

use zeroize::Zeroizing;

use super::cursor::Cursor;
use super::{Category, Draft, Findings, Format, Plan, Reason, Refusal};
use crate::{limits, words};
use encoding::Source;
pub(crate) use foreign::Meaning;
use shape::Shape;

/// The line in the table. It stands last: whatever else a file could be, it is not plain text.
pub(crate) static FORMAT: Format = Format {
    media_type: "text/plain",
    extension: "txt",
    aliases: &[
        "text", "md", "markdown", "csv", "tsv", "json", "jsonl", "log", "srt", "yaml", "yml", "toml", "ini", "conf",
        "tex", "rst",
    ],
    name: "plain text",
    recognise,
    clean,
    verify: verify::verify,
};

/// The plain form of a statement, and what it gave away before: what the text format would make of a file of
/// these bytes, whatever they would otherwise mean.
///
/// # Errors
/// [`Reason::Empty`] if nothing is seen of it; [`Reason::Encoding`] if its encoding cannot be told beyond
/// doubt; [`Reason::Damaged`] or [`Reason::Truncated`] for malformed UTF-8 or UTF-16; [`Reason::NotUnderstood`]
/// at a control character; [`Reason::TooLarge`] over [`limits::TEXT_BYTES_MAX`]; [`Reason::Unaccounted`] if
/// the verifier does not accept the result.
pub fn statement(bytes: &[u8]) -> Result<(Zeroizing<String>, Findings), Refusal> {
    let (plain, findings) = plain(bytes)?;
    verify::verify(&mut plain.as_bytes())?;
    Ok((plain, findings))
}

fn recognise(head: &[u8]) -> bool {
    encoding::decode_head(head).is_some_and(|text| foreign::meaning(&text).is_none())
}

/// What a text that begins with `head` means, if it is no plain text.
pub(crate) fn meaning(head: &[u8]) -> Option<Meaning> {
    encoding::decode_head(head).and_then(|text| foreign::meaning(&text))
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let len = cursor.len();
    if len > limits::TEXT_BYTES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "text", 0));
    }
    let len_in_memory = usize::try_from(len).map_err(|_| Refusal::new(Reason::TooLarge, "text", 0))?;
    let original = Zeroizing::new(cursor.bytes(len_in_memory, "text")?);
    let (plain, findings) = plain(&original)?;
    let mut plan = Plan::default();
    if plain.as_bytes() == original.as_slice() {
        plan.copy(0, len)?;
    } else {
        plan.bytes(plain.as_bytes())?;
    }
    Ok(Draft::new(plan, findings))
}

/// What both have in common.
fn plain(bytes: &[u8]) -> Result<(Zeroizing<String>, Findings), Refusal> {
    let len = |bytes: &[u8]| u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if len(bytes) > limits::TEXT_BYTES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "text", 0));
    }
    let decoded = encoding::decode(bytes)?;
    let mut findings = Findings::default();
    if decoded.source != Source::Utf8 {
        findings.removed_value(Category::Software, "encoding", decoded.source.name());
    }
    if decoded.mark {
        findings.removed_value(Category::Software, "byte-order mark", decoded.source.name());
    }
    let shape = Shape::of(&decoded.text);
    let plain = normalise::normalise(&decoded.text, shape, &mut findings);
    if plain.is_empty() {
        return Err(Refusal::new(Reason::Empty, "", 0));
    }
    if len(plain.as_bytes()) > limits::TEXT_BYTES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "text", 0));
    }
    if !shape.is_kept_by(&plain) {
        return Err(Refusal::new(Reason::NotUnderstood, "records or JSON that plain characters would change", 0));
    }
    if shape == Shape::Json {
        escapes::look(&plain, &mut findings);
    }
    words::tell(&plain, &mut findings);
    Ok((plain, findings))
}

#[cfg(test)]
mod tests;

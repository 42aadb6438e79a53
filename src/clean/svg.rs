//! SVG (W3C SVG 1.1 and 2): drawn, never copied. What comes out is a PNG of what a viewer shows, and nothing of the
//! file itself; what could not be drawn as it is meant, or not in bounds, is refused.
//!
//! No file, no network and no font of the system is ever used: text is drawn in the one font that is part of the
//! program. The PNG goes through the cleaner for PNG and its verifier like any other.

mod document;
mod draw;
mod edges;
mod effort;
mod embedded;
mod png;
#[cfg(test)]
mod tests;
mod told;
mod weight;

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::cursor::Cursor;
use super::{Draft, Findings, Format, Reason, Refusal, Unaccounted};
use crate::limits;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "image/svg+xml",
    extension: "svg",
    aliases: &[],
    name: "SVG drawing",
    recognise,
    clean,
    verify,
};

/// XML whose first element is `svg`, with or without a prefix, as far as the first bytes tell.
fn recognise(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let mut rest = head.trim_ascii_start();
    loop {
        let passed: Option<(&[u8], &[u8])> =
            [(&b"<?"[..], &b"?>"[..]), (b"<!--", b"-->")].into_iter().find(|(begin, _)| rest.starts_with(begin));
        rest = match passed {
            Some((_, end)) => match behind(rest, end) {
                Some(rest) => rest.trim_ascii_start(),
                None => return false,
            },
            None if rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case(b"<!DOCTYPE")) => {
                // The subset in brackets may hold angle brackets of its own.
                let end: &[u8] = match rest.iter().find(|byte| matches!(byte, b'[' | b'>')) {
                    Some(b'[') => b"]",
                    _ => b">",
                };
                match behind(rest, end) {
                    Some(rest) => rest.trim_ascii_start().strip_prefix(b">").unwrap_or(rest).trim_ascii_start(),
                    None => return false,
                }
            }
            None => break,
        };
    }
    let Some(name) = rest.strip_prefix(b"<") else { return false };
    let len = name.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'));
    let name = name.get(..len.unwrap_or(name.len())).unwrap_or_default();
    name == b"svg" || name.ends_with(b":svg")
}

/// What follows the first `end`.
fn behind<'a>(bytes: &'a [u8], end: &[u8]) -> Option<&'a [u8]> {
    let at = bytes.windows(end.len()).position(|window| window == end)?;
    bytes.get(at.checked_add(end.len())?..)
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    if cursor.len() > limits::SVG_BYTES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "length", 0));
    }
    let bytes = cursor.bytes(usize::try_from(cursor.len()).unwrap_or(usize::MAX), "drawing")?;
    let text = document::text(&bytes)?;
    // Drawing is the work of others; whatever becomes of it, it is no more than a refusal.
    let drawn = catch_unwind(AssertUnwindSafe(|| {
        let document = document::parse(text)?;
        let mut findings = Findings::default();
        let images = told::tell(&document, text, &mut findings)?;
        weight::check(&document)?;
        let picture = draw::picture(&document, images, &mut findings)?;
        Ok((picture, findings))
    }));
    let (picture, mut findings) = drawn.unwrap_or(Err(Refusal::new(Reason::NotUnderstood, "drawing", 0)))?;
    let draft = png::draft(&picture)?;
    findings.append(draft.findings);
    Ok(Draft { plan: draft.plan, findings, becomes: Some(&super::png::FORMAT), careful: None })
}

/// What comes out is a PNG.
fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    (super::png::FORMAT.verify)(produced)
}

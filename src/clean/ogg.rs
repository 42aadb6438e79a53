//! Ogg with Opus, Vorbis or FLAC in it. Writes pages of its own, and never a byte that is neither sound nor needed to
//! decode it.
//!
//! Sources: RFC 3533 (pages), RFC 7845 (Opus), Vorbis I, appendix A, RFC 9639, 10.1 (FLAC). The original's pages are
//! read once ([`survey`]); their packets are laid on new pages in one way ([`paginate`]), which [`verify`] knows too.
//! Packets of sound are copied, but for padding in Opus packets, which becomes zeros.

mod page;
mod paginate;
mod sound;
mod survey;
#[cfg(test)]
mod tests;
mod timeline;
mod verify;

use super::cursor::Cursor;
use super::{Draft, Format, Refusal};
use crate::clean::codec::opus;

/// Opus in Ogg: a line in the table of formats.
pub(crate) static OPUS: Format = Format {
    media_type: "audio/opus",
    extension: "opus",
    aliases: &["ogg", "oga"],
    name: "Opus",
    recognise: recognise_opus,
    clean,
    verify: verify::opus,
};

/// Vorbis or FLAC in Ogg: a line in the table of formats.
pub(crate) static OGG: Format = Format {
    media_type: "audio/ogg",
    extension: "ogg",
    aliases: &["oga"],
    name: "Ogg",
    recognise: |head| head.starts_with(page::CAPTURE),
    clean,
    verify: verify::ogg,
};

/// Whether the first page holds nothing but the beginning of an Opus header.
fn recognise_opus(head: &[u8]) -> bool {
    let segments = head.get(page::HEADER_BYTES.saturating_sub(1)).copied().unwrap_or(0);
    let body = head.get(page::HEADER_BYTES.saturating_add(segments.into())..).unwrap_or_default();
    head.starts_with(page::CAPTURE) && body.starts_with(opus::MAGIC)
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    survey::survey(cursor)
}

//! JPEG: reads the segments of a picture and keeps what decoding its pixels takes. Copies no metadata, no comment and no gap.
//!
//! Of tables only those go on that a scan uses, of a scan's data only the bytes that its codes reach
//! ([`entropy`]); everything else is written anew ([`write`]) and checked apart ([`verify`]).
//! The standard is ITU-T T.81; where it is silent, libjpeg's habits decide.

mod bits;
mod entropy;
mod frame;
mod huffman;
mod metadata;
#[cfg(test)]
mod noise;
mod parse;
pub(super) mod part;
mod refine;
mod stride;
mod tables;
mod trailer;
mod verify;
mod write;

pub(super) use self::huffman::{STANDARD_AC_CHROMINANCE, STANDARD_AC_LUMINANCE};
use self::{
    bits::Source,
    parse::{Parse, Walking},
};
use super::{Draft, Format, Reason, Refusal, cursor::Cursor};
use crate::limits;

/// The format's line in the table.
pub(crate) static FORMAT: Format = Format {
    media_type: "image/jpeg",
    extension: "jpg",
    aliases: &["jpeg", "jpe", "jfif", "jif", "jfi"],
    name: "JPEG picture",
    recognise,
    clean,
    verify: verify::verify,
};

fn recognise(head: &[u8]) -> bool {
    head.starts_with(&[0xFF, 0xD8, 0xFF])
}

/// Assumes of coded data that they hold nothing but codes, where that is likely; only the verifier knows.
fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    match draft(cursor, Walking::Verifier) {
        Ok((draft, assumed)) => Ok(Draft { careful: assumed.then_some(carefully), ..draft }),
        Err(_) => carefully(cursor),
    }
}

/// Assumes nothing.
fn carefully(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    cursor.go_to(0, "SOI")?;
    draft(cursor, Walking::Cleaner).map(|(draft, _)| draft)
}

/// The draft, and whether it assumes something.
fn draft(cursor: &mut Cursor<'_>, walking: Walking) -> Result<(Draft, bool), Refusal> {
    if cursor.be16("SOI")? != 0xFFD8 {
        return Err(Refusal::new(Reason::Damaged, "SOI", 0));
    }
    let mut parse = Parse::new(walking);
    for _ in 0..limits::SEGMENTS_MAX {
        let code = parse.marker(cursor)?;
        if code == 0xD9 {
            return parse.finish(cursor);
        }
        parse.segment(code, cursor)?;
    }
    Err(Refusal::new(Reason::TooLarge, "number of segments", cursor.at()))
}

impl Source for Cursor<'_> {
    type Error = Refusal;

    fn buffered(&mut self) -> Result<&[u8], Refusal> {
        Cursor::buffered(self)
    }

    fn consume(&mut self, len: usize) {
        Cursor::consume(self, len);
    }

    fn at(&self) -> u64 {
        Cursor::at(self)
    }

    fn damaged(part: &'static str, at: u64) -> Refusal {
        Refusal::new(Reason::Damaged, part, at)
    }

    fn truncated(part: &'static str, at: u64) -> Refusal {
        Refusal::new(Reason::Truncated, part, at)
    }
}

#[cfg(test)]
mod tests;

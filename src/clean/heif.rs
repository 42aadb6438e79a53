//! HEIC, HEIF and AVIF: pictures in boxes. Writes only the boxes it has a constructor for, and never a byte of another.
//!
//! Sources: ISO/IEC 14496-12 (boxes), ISO/IEC 23008-12 (HEIF), ISO/IEC 23000-22 (MIAF), AVIF 1.1 (AOMedia). The
//! original's boxes are walked once ([`survey`]); of its items only those that make up the primary picture are
//! chosen ([`choose`]) and put together ([`picture`]), with an image sequence's tracks where it is one
//! ([`sequence`]). The file is then written in one form, index first, and [`verify`] reads it again.

mod brand;
mod choose;
mod colour;
mod derived;
mod fields;
mod gather;
mod location;
mod meta;
mod picture;
mod property;
mod sequence;
mod survey;
#[cfg(test)]
mod tests;
mod told;
mod verify;
mod write;

use super::cursor::Cursor;
use super::{Draft, Findings, Format, Reason, Refusal};
use brand::Family;
use picture::{Content, Picture};
use sequence::Movie;

/// The line in the table of formats for pictures coded by HEVC.
pub(crate) static HEIC: Format = Format {
    media_type: "image/heic",
    extension: "heic",
    aliases: &["heif", "hif", "heics"],
    name: "HEIC",
    recognise: |head| brand::family(head) == Some(Family::Heic),
    clean,
    verify: verify::heic,
};

/// The line in the table of formats for pictures coded by AV1.
pub(crate) static AVIF: Format = Format {
    media_type: "image/avif",
    extension: "avif",
    aliases: &["avifs"],
    name: "AVIF",
    recognise: |head| brand::family(head) == Some(Family::Avif),
    clean,
    verify: verify::avif,
};

/// The line in the table of formats for pictures coded by AVC or by several codecs.
pub(crate) static HEIF: Format = Format {
    media_type: "image/heif",
    extension: "heif",
    aliases: &["hif", "heifs", "avci", "avcs", "heic"],
    name: "HEIF",
    recognise: |head| brand::family(head) == Some(Family::Heif),
    clean,
    verify: verify::heif,
};

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    let survey = survey::survey(cursor, &mut findings)?;
    let movie = survey.moov.map(|moov| Movie::read(&moov, cursor, &mut findings)).transpose()?;
    let picture = match &survey.meta {
        Some(meta) if meta.primary.is_some() || movie.is_none() => Some(Picture::read(meta, cursor, &mut findings)?),
        Some(_) => None,
        None if movie.is_some() => None,
        None => return Err(Refusal::new(Reason::Damaged, "meta missing", 0)),
    };
    told::dropped(&survey, picture.as_ref(), movie.as_ref(), cursor, &mut findings)?;
    let items = picture.iter().flat_map(|picture| &picture.items);
    let coded = items.filter(|item| matches!(item.content, Content::Coded(..))).map(|item| item.kind);
    let coded: Vec<[u8; 4]> = coded.chain(movie.iter().flat_map(Movie::coded)).collect();
    let (family, brands) = brand::written(&coded, movie.is_some());
    let plan = write::file(&brands, picture.as_ref(), movie.as_ref(), cursor, &mut findings)?;
    let becomes = match family {
        Family::Heic => &HEIC,
        Family::Avif => &AVIF,
        Family::Heif => &HEIF,
    };
    Ok(Draft { becomes: Some(becomes), ..Draft::new(plan, findings) })
}

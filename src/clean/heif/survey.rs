//! Walks the boxes of a HEIF file: finds the few that matter and says what the others give away. Never writes.

use super::brand::Brands;
use super::location::Range;
use super::meta::Meta;
use super::told;
use crate::clean::container::bmff::{self, BoxHeader};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What the file holds.
pub(super) struct Survey {
    pub(super) brands: Brands,
    pub(super) meta: Option<Meta>,
    /// Where `moov` is, of a file that says it holds moving pictures.
    pub(super) moov: Option<BoxHeader>,
    /// What lies in `mdat`.
    pub(super) data: Vec<Range>,
}

/// Reads the boxes of the file up to its end, or to where another file begins.
pub(super) fn survey(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Survey, Refusal> {
    let header = next(cursor)?.ok_or(Refusal::new(Reason::Truncated, "ftyp", 0))?;
    let brands = Brands::read(cursor, &header)?;
    cursor.go_to(header.end(), "ftyp")?;
    let mut survey = Survey { brands, meta: None, moov: None, data: Vec::new() };
    let mut budget = limits::METADATA_BYTES_MAX;
    let mut count = 0usize;
    loop {
        let at = cursor.at();
        let header = match next(cursor) {
            Ok(Some(header)) => header,
            Ok(None) => return Ok(survey),
            // What is no box, behind all that is needed, is something that was appended.
            Err(refusal) if survey.meta.is_none() || is_cut(cursor, at)? => return Err(refusal),
            Err(_) => {
                let value = format!("{} bytes", cursor.len().saturating_sub(at));
                findings.removed_value(Category::HiddenContent, "behind the last box", &value);
                return Ok(survey);
            }
        };
        count = count.saturating_add(1);
        if count > limits::SEGMENTS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of boxes", at));
        }
        match &header.kind {
            b"meta" if survey.meta.is_none() => survey.meta = Some(Meta::read(cursor, header, findings)?),
            b"mdat" => survey.data.push(Range { at: header.body_at, len: header.body_len }),
            b"moov" if survey.brands.is_sequence() && survey.moov.is_none() => survey.moov = Some(header),
            b"meta" | b"ftyp" if survey.meta.is_none() => return Err(Refusal::new(Reason::Damaged, "ftyp twice", at)),
            b"moof" if survey.brands.is_sequence() => return Err(Refusal::new(Reason::NotUnderstood, "moof", at)),
            b"ftyp" => {
                let value = format!("{} bytes", cursor.len().saturating_sub(at));
                findings.removed_value(
                    Category::HiddenContent,
                    "another file behind the picture, such as a video",
                    &value,
                );
                return Ok(survey);
            }
            _ => told::top_box(cursor, &header, &mut budget, findings)?,
        }
        cursor.go_to(header.end(), "box")?;
    }
}

fn next(cursor: &mut Cursor<'_>) -> Result<Option<BoxHeader>, Refusal> {
    let end = cursor.len();
    bmff::next(cursor, end)
}

/// Whether the box at `at`, which goes beyond the end, is one that matters.
fn is_cut(cursor: &mut Cursor<'_>, at: u64) -> Result<bool, Refusal> {
    cursor.go_to(at, "box")?;
    if cursor.remaining() < 8 {
        return Ok(false);
    }
    let [_, _, _, _, kind @ ..] = cursor.array::<8>("box header")?;
    Ok(matches!(&kind, b"mdat" | b"moov" | b"meta" | b"moof"))
}

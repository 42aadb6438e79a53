//! Windows and OS/2 bitmaps. Writes one of three headers, the colours that are used and the pixels; copies nothing else.
//!
//! Sources: Microsoft, Bitmap Storage and BITMAPV5HEADER; IBM, OS/2 Presentation Manager, bitmap file format.
//! Pixels are read row by row, or run by run, so that it is known which bits of them are shown: padding,
//! unused bits and what stands behind the end of a run-length code become zero or go.

mod header;
mod palette;
mod rle;
mod rows;
#[cfg(test)]
mod tests;
mod verify;

use self::header::{Encoding, Header};
use self::palette::Palette;
use super::cursor::Cursor;
use super::{Category, Draft, Findings, Format, Plan, Reason, Refusal};

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "image/bmp",
    extension: "bmp",
    aliases: &["dib"],
    name: "BMP",
    recognise,
    clean,
    verify: verify::verify,
};

/// `BM`, and a header size that some version has; other texts begin with these letters.
fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"BM")
        && head.get(14..18).and_then(<[u8]>::first_chunk).is_some_and(|size| header::is_size(u32::from_le_bytes(*size)))
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    let header = Header::read(cursor, &mut findings)?;
    let palette = Palette::read(cursor, &header, &mut findings)?;
    let pixels_at = pixels_at(cursor, &header, palette.as_ref(), &mut findings)?;
    cursor.go_to(pixels_at, "pixels")?;
    let mut used = [false; 256];
    let pixels = match header.encoding {
        Encoding::Rle4 | Encoding::Rle8 => rle::pixels(cursor, &header, &mut used, &mut findings)?,
        _ => rows::pixels(cursor, &header, &mut used, &mut findings)?,
    };
    if cursor.remaining() > 0 {
        let behind = format!("{} bytes", cursor.remaining());
        findings.removed_value(Category::HiddenContent, "after the BMP pixels", &behind);
    }
    let colours = match &palette {
        Some(palette) => palette.canonical(&used).ok_or(Refusal::new(Reason::Damaged, "colour index", pixels_at))?,
        None => Vec::new(),
    };
    let mut plan = Plan::default();
    plan.bytes(&header.to_bytes(&colours, pixels.len())?)?;
    plan.append(&pixels)?;
    Ok(Draft::new(plan, findings))
}

/// Where the pixels begin, which is not always where the file header says.
fn pixels_at(
    cursor: &Cursor<'_>,
    header: &Header,
    palette: Option<&Palette>,
    findings: &mut Findings,
) -> Result<u64, Refusal> {
    let end = cursor.at();
    // Nothing, or the end of the header: then they follow the palette.
    if header.pixels_at == 0 || palette.is_some() && header.pixels_at == header.end {
        return Ok(end);
    }
    if header.pixels_at < end {
        return Err(Refusal::new(Reason::Damaged, "offset of the pixels", 10));
    }
    if header.pixels_at > end {
        let gap = format!("{} bytes", header.pixels_at.saturating_sub(end));
        findings.removed_value(Category::HiddenContent, "between BMP header and pixels", &gap);
    }
    Ok(header.pixels_at)
}

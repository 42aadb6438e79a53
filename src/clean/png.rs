//! PNG and animated PNG. Writes only the chunks it has a constructor for, and never a byte of another.
//!
//! Source: Portable Network Graphics (PNG) Specification, Third Edition, W3C 2025. The original is read
//! once ([`survey`]): every picture's zlib stream is inflated and its scanlines are checked, so that the
//! stream's exact end is known. The clean file is then drafted from what was understood, in one fixed
//! order, and [`verify`] reads it again. Compressed data are copied; padding bits of scanlines and the
//! compressor's own choices stay as they are.

mod animation;
mod chunk;
mod colour;
mod dropped;
mod image;
mod inflate;
mod palette;
mod rows;
mod stream;
mod survey;
#[cfg(test)]
mod tests;
mod text;
mod verify;

use super::cursor::Cursor;
use super::metadata::exif;
use super::{Draft, Format, Plan, Refusal};
use rows::Shape;
use survey::Survey;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "image/png",
    extension: "png",
    aliases: &["apng"],
    name: "PNG",
    recognise,
    clean,
    verify: verify::verify,
};

/// The first eight bytes (PNG 3rd edition, 5.2).
const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n'];

fn recognise(head: &[u8]) -> bool {
    head.starts_with(&SIGNATURE)
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut survey = Survey::start(cursor)?;
    while survey.next_chunk(cursor)? {}
    draft(survey)
}

/// Writes down, in the one order that [`verify`] accepts, what the survey kept.
fn draft(survey: Survey) -> Result<Draft, Refusal> {
    let kept = survey.finish()?;
    let mut plan = Plan::default();
    plan.bytes(&SIGNATURE)?;
    chunk::write(&mut plan, *b"IHDR", &header(kept.shape))?;
    if let Some(control) = kept.animation {
        chunk::write(&mut plan, *b"acTL", &control.to_bytes())?;
    }
    kept.colours.write(&mut plan)?;
    if let Some(palette) = &kept.palette {
        chunk::write(&mut plan, *b"PLTE", palette)?;
    }
    if let Some(transparency) = &kept.transparency {
        chunk::write(&mut plan, *b"tRNS", transparency)?;
    }
    if let Some(orientation) = kept.orientation {
        chunk::write(&mut plan, *b"eXIf", &exif::canonical(orientation))?;
    }
    if let Some(control) = &kept.first_frame {
        chunk::write(&mut plan, *b"fcTL", &control.to_bytes(0))?;
    }
    kept.image.write(&mut plan)?;
    for frame in &kept.frames {
        chunk::write(&mut plan, *b"fcTL", &frame.control.to_bytes(frame.sequence))?;
        frame.stream.write(&mut plan)?;
    }
    chunk::write(&mut plan, *b"IEND", &[])?;
    Ok(Draft::new(plan, kept.findings))
}

/// IHDR (PNG 3rd edition, 11.2.1); compression and filter method have only the value 0.
fn header(shape: Shape) -> Vec<u8> {
    let tail = [shape.depth, shape.colour.number(), 0, 0, u8::from(shape.interlaced)];
    [shape.width.to_be_bytes().as_slice(), &shape.height.to_be_bytes(), &tail].concat()
}

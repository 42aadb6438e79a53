//! JPEG XL (ISO/IEC 18181-1:2024, 18181-2:2024): keeps the codestream alone, with its headers written anew. Decodes no pixel.
//!
//! The container and all its boxes go, and with them what rebuilds an original JPEG. Of the codestream, image and
//! frame headers are read and spelled in one way ([`image`], [`frame`]); the sections that the tables of contents
//! speak of are copied, in their natural order. [`verify`] reads the result by a grammar of its own.

mod bits;
mod boxes;
mod colour;
mod fields;
mod frame;
mod image;
mod profile;
#[cfg(test)]
mod tests;
mod verify;

use self::bits::{Bits, Reading, Wrong};
use self::boxes::Stream;
use super::{Category, Draft, Findings, Format, Plan, Reason, Refusal, cursor::Cursor};
use crate::limits;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "image/jxl",
    extension: "jxl",
    aliases: &[],
    name: "JPEG XL picture",
    recognise,
    clean,
    verify: verify::verify,
};

/// The first two bytes of a codestream (18181-1, D.1).
const SIGNATURE: [u8; 2] = [0xFF, 0x0A];

fn recognise(head: &[u8]) -> bool {
    head.starts_with(&SIGNATURE) || head.starts_with(&boxes::SIGNATURE)
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    let stream = Stream::find(cursor, &mut findings)?;
    let mut plan = Plan::default();
    let (image, mut at) = header(cursor, &stream, &mut plan, &mut findings)?;
    if let Some(preview) = image.of_preview() {
        at = frame(cursor, &stream, at, &preview, &mut Findings::default())?.end;
    }
    let mut layers: u32 = 0;
    for _ in 0..limits::JXL_FRAMES_MAX {
        let found = frame(cursor, &stream, at, &image, &mut findings)?;
        at = found.end;
        plan.bytes(&found.header)?;
        for (section_at, len) in found.sections {
            stream.copy(&mut plan, section_at, len)?;
        }
        layers = layers.saturating_add(u32::from(found.is_layer));
        if found.is_last {
            if stream.len() > at {
                findings.removed(Category::HiddenContent, "after the last frame");
            }
            if layers > 0 {
                findings.remains(
                    Category::HiddenContent,
                    "frames in layers",
                    "parts that others cover are still there",
                );
            }
            return Ok(Draft::new(plan, findings));
        }
    }
    Err(Refusal::new(Reason::TooLarge, "number of frames", stream.file_offset(at)))
}

/// Reads the image header and writes it anew. Also the offset of what follows.
fn header(
    cursor: &mut Cursor<'_>,
    stream: &Stream,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(image::Image, u64), Refusal> {
    let (image, written, end, told) = windowed(cursor, stream, 0, |reading| {
        let mut told = Findings::default();
        reading.signature()?;
        let mut image = image::read(reading, &mut told)?;
        if image.colour.wants_profile() {
            let profile = profile::read(reading)?;
            image.colour = image.colour.with_profile(&profile, image.has_black(), &mut told)?;
        }
        let mut bits = Bits::default();
        SIGNATURE.iter().for_each(|byte| bits.bits(u64::from(*byte), 8));
        image.write(&mut bits);
        let end = reading.aligned("padding behind the image header")?;
        Ok((image, bits.into_bytes(), end, told))
    })?;
    findings.append(told);
    plan.bytes(&written)?;
    Ok((image, end))
}

/// A frame, with its offsets in the stream.
struct Found {
    header: Vec<u8>,
    sections: Vec<(u64, u64)>,
    is_last: bool,
    is_layer: bool,
    end: u64,
}

/// Reads the frame that begins at `at`.
fn frame(
    cursor: &mut Cursor<'_>,
    stream: &Stream,
    at: u64,
    image: &image::Image,
    findings: &mut Findings,
) -> Result<Found, Refusal> {
    let (found, told) = windowed(cursor, stream, at, |reading| {
        let mut told = Findings::default();
        let mut bits = Bits::default();
        let frame = frame::transcribe(reading, image, &mut bits, &mut told)?;
        let (sizes, order) = frame::contents(reading, &frame, &mut bits)?;
        let begin = at.saturating_add(reading.aligned("padding behind a table of contents")?);
        let mut next = begin;
        let mut placed: Vec<(u64, u64)> = Vec::with_capacity(sizes.len());
        for size in &sizes {
            placed.push((next, u64::from(*size)));
            next = next.saturating_add(u64::from(*size));
        }
        let sections = order.iter().filter_map(|place| placed.get(*place).copied()).collect();
        let (is_last, is_layer) = (frame.is_last, frame.is_layer());
        Ok((Found { header: bits.into_bytes(), sections, is_last, is_layer, end: next }, told))
    })?;
    if found.end > stream.len() {
        return Err(Refusal::new(Reason::Truncated, "section of a frame", stream.file_offset(stream.len())));
    }
    findings.append(told);
    Ok(found)
}

/// Bytes that are looked at for one header: few at first, more if it does not end there.
const WINDOWS: [usize; 3] = [4 * 1024, 128 * 1024, limits::JXL_HEADER_BYTES_MAX];

/// Reads a header at `at` of the stream.
fn windowed<T>(
    cursor: &mut Cursor<'_>,
    stream: &Stream,
    at: u64,
    read: impl Fn(&mut Reading<'_>) -> Result<T, Wrong>,
) -> Result<T, Refusal> {
    let mut wrong = Wrong(Reason::Truncated, "codestream");
    for len in WINDOWS {
        let window = stream.bytes(cursor, at, len)?;
        match read(&mut Reading::new(&window)) {
            Ok(value) => return Ok(value),
            Err(found) => wrong = found,
        }
        if wrong.0 != Reason::Truncated || window.len() < len {
            break;
        }
    }
    let Wrong(reason, part) = wrong;
    Err(Refusal::new(reason, part, stream.file_offset(at)))
}

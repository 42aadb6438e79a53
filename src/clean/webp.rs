//! WebP, still and animated. Writes only the chunks it has a constructor for, and never a byte of another.
//!
//! Source: RFC 9649 (WebP) and RFC 6386 (VP8). Every coded picture is walked to the last bit that decoders read
//! ([`vp8`], [`vp8l`]), so that nothing can hide behind it; its data are copied as they are. The header of extended
//! files is written anew, and only where something needs it.

mod alpha;
mod picture;
mod survey;
#[cfg(test)]
mod tests;
mod verify;
mod vp8;
mod vp8l;
mod walk;

use super::cursor::Cursor;
use super::metadata::exif;
use super::{Draft, Format, Plan, Reason, Refusal};
use survey::{Frame, Kept, Shown};

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "image/webp",
    extension: "webp",
    aliases: &[],
    name: "WebP",
    recognise,
    clean,
    verify: verify::verify,
};

fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"RIFF") && head.get(8..12) == Some(b"WEBP")
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let kept = survey::survey(cursor)?;
    let mut plan = Plan::default();
    draft(&kept, &mut plan)?;
    Ok(Draft::new(plan, kept.findings))
}

/// Flags of VP8X (RFC 9649, 2.7).
const FLAG_ICC: u8 = 0x20;
const FLAG_ALPHA: u8 = 0x10;
const FLAG_EXIF: u8 = 0x08;
const FLAG_ANIMATION: u8 = 0x02;

/// `RIFF WEBP (VP8X ICCP? (ANIM ANMF+ | ALPH? VP8 | VP8L) EXIF? | VP8 | VP8L)`
fn draft(kept: &Kept, plan: &mut Plan) -> Result<(), Refusal> {
    let header = extended(kept);
    let mut len: u64 = 4;
    len = len.saturating_add(header.map_or(0, |header| chunk_len(header.len())));
    len = len.saturating_add(kept.profile.as_ref().map_or(0, |profile| chunk_len(profile.len())));
    len = len.saturating_add(match &kept.shown {
        Shown::Still(picture) => picture.len(),
        Shown::Animation { frames, .. } => {
            frames.iter().map(Frame::len).fold(chunk_len(6), |sum, frame| sum.saturating_add(frame).saturating_add(8))
        }
    });
    len = len.saturating_add(kept.orientation.map_or(0, |_| chunk_len(26)));
    plan.bytes(b"RIFF")?;
    plan.bytes(&size(len)?)?;
    plan.bytes(b"WEBP")?;
    if let Some(header) = header {
        chunk(plan, *b"VP8X", &header)?;
    }
    if let Some(profile) = &kept.profile {
        chunk(plan, *b"ICCP", profile)?;
    }
    match &kept.shown {
        Shown::Still(picture) => picture.write(plan)?,
        Shown::Animation { control, frames } => {
            chunk(plan, *b"ANIM", control)?;
            for frame in frames {
                plan.bytes(b"ANMF")?;
                plan.bytes(&size(frame.len())?)?;
                plan.bytes(&frame.header)?;
                frame.picture.write(plan)?;
            }
        }
    }
    if let Some(orientation) = kept.orientation {
        chunk(plan, *b"EXIF", &exif::canonical(orientation))?;
    }
    Ok(())
}

/// VP8X, where there is something that only an extended file can have.
fn extended(kept: &Kept) -> Option<[u8; 10]> {
    let flag = |is_set: bool, flag: u8| if is_set { flag } else { 0 };
    let (is_animated, has_alpha, needs_it) = match &kept.shown {
        Shown::Still(picture) => (false, picture.has_alpha(), picture.has_alpha_chunk()),
        Shown::Animation { .. } => (true, kept.canvas.has_alpha, true),
    };
    if !needs_it && kept.profile.is_none() && kept.orientation.is_none() {
        return None;
    }
    let flags = flag(kept.profile.is_some(), FLAG_ICC)
        | flag(has_alpha, FLAG_ALPHA)
        | flag(kept.orientation.is_some(), FLAG_EXIF)
        | flag(is_animated, FLAG_ANIMATION);
    let [w0, w1, w2, _] = kept.canvas.width.saturating_sub(1).to_le_bytes();
    let [h0, h1, h2, _] = kept.canvas.height.saturating_sub(1).to_le_bytes();
    Some([flags, 0, 0, 0, w0, w1, w2, h0, h1, h2])
}

/// Bytes of a chunk with so many bytes in it, header and padding.
fn chunk_len(body: usize) -> u64 {
    let body = u64::try_from(body).unwrap_or(u64::MAX);
    body.saturating_add(body & 1).saturating_add(8)
}

/// A chunk's size field.
fn size(len: u64) -> Result<[u8; 4], Refusal> {
    // RFC 9649, 2.4: so that also the padding of what it is in can be counted.
    let size = u32::try_from(len).ok().filter(|&size| size <= u32::MAX.saturating_sub(9));
    size.map(u32::to_le_bytes).ok_or(Refusal::new(Reason::TooLarge, "RIFF size", 0))
}

fn chunk(plan: &mut Plan, kind: [u8; 4], body: &[u8]) -> Result<(), Refusal> {
    let size = size(u64::try_from(body.len()).unwrap_or(u64::MAX))?;
    plan.bytes(&[&kind, size.as_slice(), body].concat())?;
    plan.bytes(if body.len() % 2 == 1 { &[0] } else { &[] })
}

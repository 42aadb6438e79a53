//! Sample descriptions (ISO/IEC 14496-12, 8.5.2; QuickTime, Sample Description Atoms), rebuilt: fields and inner
//! boxes by list. Never copies an inner box that it does not understand.

mod audio;
mod colour;
mod visual;

use crate::clean::codec::{Codec, Record};
use crate::clean::container::bmff::{Boxed, Boxes};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// A sample description as it is written.
#[derive(Debug)]
pub(super) struct Entry {
    /// The whole box.
    pub(super) bytes: Vec<u8>,
    /// How samples are coded.
    pub(super) codec: Codec,
    /// For sound whose samples are all alike.
    pub(super) packing: Option<Packing>,
}

/// How sound is packed that is not compressed, or to a fixed rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Packing {
    /// Bytes of a packet, of all channels.
    pub(super) bytes: u32,
    /// Moments that a packet holds.
    pub(super) moments: u32,
}

/// What a kept track shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    Video,
    Sound,
}

/// Rebuilds the body of `stsd`, which stands at `at`. `foreign` are the data references that lead out of the file.
pub(super) fn rebuild(
    body: &[u8],
    at: u64,
    media: Media,
    foreign: &[u32],
    findings: &mut Findings,
) -> Result<Vec<Entry>, Refusal> {
    let damaged = Refusal::new(Reason::Damaged, "stsd", at);
    let (version, list) = body.split_first_chunk::<8>().ok_or(damaged.clone())?;
    let [version, _, _, _, count @ ..] = *version;
    let mut entries = Vec::new();
    for boxed in Boxes::new(list, at.saturating_add(8)) {
        // Bytes behind the last entry are slack.
        if entries.len() >= usize::try_from(u32::from_be_bytes(count)).unwrap_or(usize::MAX) {
            findings.removed(Category::HiddenContent, "bytes behind the sample descriptions");
            break;
        }
        if entries.len() >= limits::MP4_DESCRIPTIONS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of sample descriptions", at));
        }
        let boxed = boxed?;
        let reference = boxed.body.get(6..8).and_then(|bytes| bytes.try_into().ok()).map(u16::from_be_bytes);
        let reference = reference.ok_or(damaged.clone())?;
        if foreign.contains(&reference.into()) {
            return Err(Refusal::new(Reason::NotUnderstood, "data outside the file (dref)", boxed.body_at));
        }
        entries.push(match media {
            Media::Video => visual::rebuild(&boxed, findings)?,
            Media::Sound => audio::rebuild(&boxed, version, findings)?,
        });
    }
    if entries.is_empty() { Err(damaged) } else { Ok(entries) }
}

/// Encryption has its own words.
fn encrypted(kind: [u8; 4], at: u64) -> Option<Refusal> {
    let part = match &kind {
        b"encv" | b"enca" | b"encs" | b"enct" => "encrypted track (sinf)",
        b"drmi" | b"drms" | b"drmt" | b"p608" => "encrypted track (DRM)",
        b"resv" | b"resa" => "restricted track (rinf)",
        _ => return None,
    };
    Some(Refusal::new(Reason::NotUnderstood, part, at))
}

/// The inner boxes of a description, behind its fields. QuickTime ends the list with 32 zero bits.
fn inner<'a>(bytes: &'a [u8], at: u64, findings: &mut Findings) -> Result<Vec<Boxed<'a>>, Refusal> {
    let mut boxes = Vec::new();
    let mut rest = Boxes::new(bytes, at);
    for _ in 0..=INNER_MAX {
        let left = rest.left();
        if left.len() < 8 {
            if left.iter().any(|&byte| byte != 0) {
                findings.removed(Category::HiddenContent, "bytes behind a sample description");
            }
            return Ok(boxes);
        }
        let Some(boxed) = rest.next() else { return Ok(boxes) };
        boxes.push(boxed?);
    }
    Err(Refusal::new(Reason::TooLarge, "number of boxes in a sample description", at))
}

const INNER_MAX: usize = 64;

/// A configuration record, rebuilt in a box of its own. Returns how samples are coded.
fn configure(record: Record, boxed: &Boxed<'_>, out: &mut Vec<u8>, findings: &mut Findings) -> Result<Codec, Refusal> {
    let configured = record.rebuild(boxed.body, boxed.body_at, findings)?;
    push(out, boxed.kind, &configured.bytes)?;
    Ok(configured.codec)
}

/// Appends a box.
fn push(out: &mut Vec<u8>, kind: [u8; 4], body: &[u8]) -> Result<(), Refusal> {
    let size = body.len().checked_add(8).and_then(|size| u32::try_from(size).ok());
    let size = size.ok_or(Refusal::new(Reason::TooLarge, "sample description", 0))?;
    out.extend_from_slice(&size.to_be_bytes());
    out.extend_from_slice(&kind);
    out.extend_from_slice(body);
    Ok(())
}

/// Names inner boxes that are dropped: what is known to say nothing of anyone is passed over.
fn drop_inner(boxed: &Boxed<'_>, findings: &mut Findings) -> Result<(), Refusal> {
    match &boxed.kind {
        b"sinf" | b"rinf" => return Err(Refusal::new(Reason::NotUnderstood, "encrypted track (sinf)", boxed.body_at)),
        // Bit rates and the like, which say no more than the samples do.
        b"btrt" | b"gama" | b"m4ds" | b"free" | b"skip" | b"wide" if boxed.body.iter().all(|&byte| byte == 0) => {}
        b"btrt" | b"gama" => {}
        b"\0\0\0\0" if boxed.body.is_empty() => {}
        b"dvcC" | b"dvvC" | b"dvwC" => findings.removed(Category::Software, "Dolby Vision configuration"),
        b"st3d" | b"sv3d" | b"SA3D" | b"vexu" | b"hfov" | b"lhvC" => {
            findings.removed(Category::Unknown, format!("{}, shown without depth or turning", name(boxed.kind)));
        }
        _ => findings.removed(Category::Unknown, format!("sample description, {}", name(boxed.kind))),
    }
    Ok(())
}

/// A type of box in words.
pub(super) fn name(kind: [u8; 4]) -> String {
    let letters = kind.iter().map(|&byte| match byte {
        b' '..=b'~' => char::from(byte),
        0xA9 => '©',
        _ => '?',
    });
    letters.collect::<String>().trim_end().to_owned()
}

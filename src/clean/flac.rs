//! FLAC. Writes its stream information and seek table from the frames, copies the frames, and nothing else.
//!
//! Source: RFC 9639. Every frame is decoded, since only that tells where it ends and whether it is whole; so lengths,
//! sizes and the MD5 signature of the clean file are those of the sound, whatever the original said.

mod bits;
pub(super) mod frame;
mod frames;
mod md5;
pub(super) mod streaminfo;
#[cfg(test)]
mod tests;
pub(super) mod verify;

use super::container::tags;
use super::cursor::Cursor;
use super::metadata::{id3, legible, vorbis_comment};
use super::{Category, Draft, Findings, Format, Plan, Reason, Refusal};
use crate::limits;
use frame::{Blocking, Fault};
use frames::Window;
use streaminfo::{StreamInfo, Totals};

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "audio/flac",
    extension: "flac",
    aliases: &[],
    name: "FLAC",
    recognise,
    clean,
    verify: verify::verify,
};

/// The first four bytes (6).
pub(super) const MARKER: &[u8; 4] = b"fLaC";

/// FLAC may stand behind an ID3 tag that ends within `head`; behind a longer one the cleaner of MP3 finds it.
fn recognise(head: &[u8]) -> bool {
    let tag = head.first_chunk().and_then(|first| id3::tag_len(*first)).unwrap_or(0);
    usize::try_from(tag).ok().and_then(|tag| head.get(tag..)).is_some_and(|rest| rest.starts_with(MARKER))
}

pub(super) fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    tags::pass_all(cursor, &mut findings)?;
    let at = cursor.at();
    if cursor.array("marker")? != *MARKER {
        return Err(Refusal::new(Reason::Damaged, "marker", at));
    }
    let told = blocks(cursor, &mut findings)?;
    let first_frame = cursor.at();
    let (totals, end) = sound(cursor, told)?;
    cursor.go_to(end, "frames")?;
    tags::pass_rest(cursor, "behind the last frame", &mut findings)?;
    let info = totals.info();
    if told.md5 != info.md5 {
        findings.removed(Category::Software, "MD5 signature of other samples, or none");
    }
    let mut plan = Plan::default();
    plan.bytes(MARKER)?;
    plan.bytes(&[0, 0, 0, 34])?;
    plan.bytes(&info.to_bytes())?;
    let table = totals.seek_table();
    let [_, len @ ..] = u32::try_from(table.len()).unwrap_or(u32::MAX).to_be_bytes();
    plan.bytes(&[&[0x83], len.as_slice(), &table].concat())?;
    plan.copy(first_frame, end.saturating_sub(first_frame))?;
    Ok(Draft { becomes: Some(&FORMAT), ..Draft::new(plan, findings) })
}

/// Reads the metadata blocks (8), of which only the first is needed.
fn blocks(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<StreamInfo, Refusal> {
    let mut info = None;
    for _ in 0..limits::SEGMENTS_MAX {
        let at = cursor.at();
        let [kind, len @ ..]: [u8; 4] = cursor.array("metadata block header")?;
        let [a, b, c] = len;
        let body = cursor.bytes(usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(0), "metadata block")?;
        match (kind & 0x7F, info.is_some()) {
            (0, false) => {
                let read = StreamInfo::read(&body).ok_or(Refusal::new(Reason::NotUnderstood, "STREAMINFO", at))?;
                info = Some(read);
            }
            (_, false) => return Err(Refusal::new(Reason::Damaged, "STREAMINFO missing", at)),
            (kind, true) => tell(kind, &body, findings),
        }
        if kind & 0x80 != 0 {
            return info.ok_or(Refusal::new(Reason::Damaged, "STREAMINFO missing", at));
        }
    }
    Err(Refusal::new(Reason::TooLarge, "number of metadata blocks", cursor.at()))
}

/// What a block says that is dropped.
pub(super) fn tell(kind: u8, body: &[u8], findings: &mut Findings) {
    match kind {
        0 => findings.removed(Category::HiddenContent, "STREAMINFO twice"),
        1 if body.iter().any(|&byte| byte != 0) => findings.removed(Category::HiddenContent, "PADDING"),
        1 | 3 => {}
        2 => {
            let id = body.get(..4).unwrap_or(body);
            findings.removed_value(Category::Software, "APPLICATION", &legible::text(id));
        }
        4 => findings.append(vorbis_comment::findings(body)),
        5 => {
            let number = legible::text(body.get(..128).unwrap_or(body));
            findings.removed_value(Category::Identifier, "CUESHEET", &number);
        }
        6 => findings.append(vorbis_comment::picture(body)),
        other => findings.removed_value(Category::Unknown, "metadata block", &other.to_string()),
    }
}

/// Reads the frames, to the last. What they come to, and where they end.
fn sound(cursor: &mut Cursor<'_>, told: StreamInfo) -> Result<(Totals, u64), Refusal> {
    let mut window = Window::default();
    let mut totals = Totals::new(told.shape);
    loop {
        let at = window.at(cursor.at());
        let is_over = told.samples > 0 && totals.samples() >= told.samples;
        match window.next(cursor, told.shape)? {
            Ok(frame) => {
                let fits = totals.add(frame, window.samples());
                fits.ok_or(Refusal::new(Reason::NotUnderstood, "number or size of a frame", at))?;
            }
            Err(Fault::NoHeader) if is_over => return Ok((totals, at)),
            Err(Fault::Short) if at == cursor.len() && (is_over || (told.samples == 0 && totals.samples() > 0)) => {
                return Ok((totals, at));
            }
            Err(Fault::NoHeader) if told.samples == 0 && totals.samples() > 0 => {
                // How long it is was never known: then only a tag may follow.
                cursor.go_to(at, "frames")?;
                if tags::pass(cursor, &mut Findings::default())? {
                    return Ok((totals, at));
                }
                return Err(Refusal::new(Reason::Damaged, "frame header", at));
            }
            // Too little is left for a frame.
            Err(Fault::Short) if is_over => return Ok((totals, at)),
            Err(Fault::Short) => return Err(Refusal::new(Reason::Truncated, "frame", at)),
            Err(Fault::NoHeader) => return Err(Refusal::new(Reason::Damaged, "frame header", at)),
            Err(Fault::Wrong(part)) => return Err(Refusal::new(Reason::Damaged, part, at)),
        }
    }
}

/// Whether frames are numbered as they come.
pub(super) fn is_in_order(blocking: Blocking, number: u64, frames: u64, samples: u64) -> bool {
    number == if blocking == Blocking::Fixed { frames } else { samples }
}

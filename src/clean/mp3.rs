//! MPEG audio, Layer III. Writes a tag frame of its own where there was one, copies the other frames, and clears in
//! them what no decoder hears.
//!
//! Sources: ISO/IEC 11172-3 and 13818-3, 2.4; MPEG-2.5 as encoders and decoders agree on it; LAME's "Mp3 Info Tag
//! revision 1 Specifications". Side information says where the coded sound of each frame begins and ends: what lies
//! between ([`reservoir`]) is ancillary data, where encoders write their names.

mod header;
mod info;
mod reservoir;
mod side;
mod survey;
#[cfg(test)]
mod tests;
mod verify;

use super::cursor::Cursor;
use super::metadata::id3;
use super::{Draft, Format, Refusal};
use header::Header;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "audio/mpeg",
    extension: "mp3",
    aliases: &["mpga"],
    name: "MP3",
    recognise,
    clean,
    verify: verify::verify,
};

/// An ID3 tag, behind which the cleaner looks; two frames at the beginning; or three in a row soon after it, as in
/// a recording that begins within a frame.
fn recognise(head: &[u8]) -> bool {
    if head.first_chunk().is_some_and(|first| id3::tag_len(*first).is_some()) {
        return true;
    }
    let read = |at: usize| Header::read(*head.get(at..)?.first_chunk()?);
    let frames = |at: usize| {
        let (mut at, mut before, mut count) = (at, None, 0_u8);
        while let Some(header) = read(at).filter(|header| before.is_none_or(|before| header.belongs_to(before))) {
            at = at.saturating_add(header.len());
            before = Some(header);
            count = if at == head.len() { ENOUGH_FRAMES } else { ENOUGH_FRAMES.min(count.saturating_add(1)) };
        }
        count
    };
    let zeros = head.iter().take_while(|&&byte| byte == 0).count();
    frames(zeros) >= 2 || header::is_free(head) || (1..FRAME_BYTES_MAX).any(|at| frames(at) >= ENOUGH_FRAMES)
}

/// Frames in a row that are no chance.
const ENOUGH_FRAMES: u8 = 3;
/// Bytes of the longest frame.
const FRAME_BYTES_MAX: usize = 1_441;

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    survey::survey(cursor)
}

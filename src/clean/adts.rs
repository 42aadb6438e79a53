//! AAC in ADTS frames. Writes every frame header anew and copies the sound; never keeps a checksum, a bit of the
//! header that no decoder needs, or a byte that is in no frame.
//!
//! Source: ISO/IEC 14496-3:2019, 1.A.2.2, 1.A.3.2.

#[cfg(test)]
mod tests;
mod verify;

use super::codec::Codec;
use super::container::tags;
use super::cursor::Cursor;
use super::{Category, Draft, Findings, Format, Plan, Reason, Refusal};
use crate::limits;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "audio/aac",
    extension: "aac",
    aliases: &["adts", "adt"],
    name: "AAC",
    recognise,
    clean,
    verify: verify::verify,
};

/// Frames in a row that are no chance, or all of a short file.
const ENOUGH_FRAMES: usize = 2;
/// Bytes of a header without a checksum.
const HEADER_BYTES: u64 = 7;

/// What a frame's header says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Header {
    /// MPEG-2 or -4, profile, sampling frequency and channels, as they stand in the third and fourth byte, with
    /// the bit of the second that tells the standards apart.
    stream: [u8; 3],
    protected: bool,
    /// Bytes of the frame, the header among them.
    len: u64,
    /// `number_of_raw_data_blocks_in_frame`.
    blocks: u8,
}

impl Header {
    /// Reads a header; `None` if it is none, or one that no frame can have.
    fn read(bytes: [u8; 7]) -> Option<Self> {
        let [sync, flags, profile, channels, len, fullness, blocks] = bytes;
        let is_frequency = (profile >> 2) & 0x0F <= 12;
        if sync != 0xFF || flags & 0xF6 != 0xF0 || !is_frequency {
            return None;
        }
        let protected = flags & 1 == 0;
        let len = (u64::from(channels & 3) << 11) | (u64::from(len) << 3) | (u64::from(fullness) >> 5);
        let least = if protected { HEADER_BYTES.saturating_add(2) } else { HEADER_BYTES };
        let stream = [flags & 8, profile & 0xFD, channels & 0xC0];
        (len > least).then_some(Self { stream, protected, len, blocks: blocks & 3 })
    }

    /// Bytes in front of the sound.
    fn bytes(self) -> u64 {
        if self.protected { HEADER_BYTES.saturating_add(2) } else { HEADER_BYTES }
    }

    /// The header in its one form: no checksum, no copyright, the buffer as of a variable bit rate.
    fn written(self) -> [u8; 7] {
        let [flags, profile, channels] = self.stream;
        let len = self.len.saturating_sub(self.bytes()).saturating_add(HEADER_BYTES);
        // Thirteen bits of length go over three bytes.
        let part = |shift: u32, mask: u64| u8::try_from((len >> shift) & mask).unwrap_or(0);
        let (high, middle, low) = (part(11, 3), part(3, 0xFF), part(0, 7));
        [0xFF, 0xF1 | flags, profile, channels | high, middle, (low << 5) | 0x1F, 0xFC | self.blocks]
    }
}

fn recognise(head: &[u8]) -> bool {
    let (mut at, mut first, mut count) = (0usize, None, 0usize);
    while let Some(header) = head.get(at..).and_then(<[u8]>::first_chunk).copied().and_then(Header::read) {
        if *first.get_or_insert(header.stream) != header.stream {
            break;
        }
        count = count.saturating_add(1);
        at = at.saturating_add(usize::try_from(header.len).unwrap_or(usize::MAX));
    }
    // Frames may be so long that fewer of them show.
    count >= ENOUGH_FRAMES || (count >= 1 && at >= head.len())
}

/// Whether frames begin where `cursor` stands, as behind a tag.
pub(super) fn begins(cursor: &mut Cursor<'_>) -> Result<bool, Refusal> {
    let at = cursor.at();
    let len = usize::try_from(cursor.remaining()).unwrap_or(usize::MAX).min(limits::SNIFF_BYTES);
    let head = cursor.bytes(len, "frame")?;
    cursor.go_to(at, "frame")?;
    Ok(recognise(&head))
}

/// Cleans from where `cursor` stands: the beginning, or behind a tag that was told of.
pub(super) fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let (mut plan, mut findings) = (Plan::default(), Findings::default());
    while tags::pass(cursor, &mut findings)? {}
    let mut stream = None;
    while let Some(header) = next(cursor, stream, &mut findings)? {
        stream = Some(header.stream);
        frame(cursor, header, &mut plan, &mut findings)?;
    }
    if stream.is_none() {
        return Err(Refusal::new(Reason::Damaged, "frame", cursor.at()));
    }
    Ok(Draft { becomes: Some(&FORMAT), ..Draft::new(plan, findings) })
}

/// The header here, if it is one of the stream.
fn here(cursor: &mut Cursor<'_>, stream: Option<[u8; 3]>) -> Result<Option<Header>, Refusal> {
    let at = cursor.at();
    if cursor.remaining() < HEADER_BYTES {
        return Ok(None);
    }
    let header = Header::read(cursor.array("frame header")?);
    cursor.go_to(at, "frame header")?;
    Ok(header.filter(|header| stream.is_none_or(|stream| stream == header.stream)))
}

/// Goes to the next frame, passing over what is none. `None` at the end.
fn next(cursor: &mut Cursor<'_>, stream: Option<[u8; 3]>, findings: &mut Findings) -> Result<Option<Header>, Refusal> {
    loop {
        let at = cursor.at();
        if let Some(header) = here(cursor, stream)? {
            if header.len <= cursor.remaining() {
                return Ok(Some(header));
            }
            findings.removed(Category::History, "unfinished frame");
            cursor.go_to(cursor.len(), "frame")?;
            return Ok(None);
        }
        if tags::pass(cursor, findings)? {
            continue;
        }
        if cursor.remaining() == 0 {
            return Ok(None);
        }
        if !seek(cursor, stream)? {
            cursor.go_to(at, "frame")?;
            tags::pass_rest(cursor, "behind the last frame", findings)?;
            return Ok(None);
        }
        findings.removed(Category::HiddenContent, "between frames");
    }
}

/// Goes on to a frame that another follows, or the end; whether there is one.
fn seek(cursor: &mut Cursor<'_>, stream: Option<[u8; 3]>) -> Result<bool, Refusal> {
    let start = cursor.at();
    while cursor.remaining() > HEADER_BYTES {
        cursor.skip(1, "frame")?;
        let at = cursor.at();
        if at.saturating_sub(start) > limits::GAP_BYTES_MAX {
            return Ok(false);
        }
        // A look at one byte costs nothing.
        if cursor.buffered()?.first() != Some(&0xFF) {
            continue;
        }
        if let Some(header) = here(cursor, stream)?.filter(|header| header.len <= cursor.remaining()) {
            cursor.skip(header.len, "frame")?;
            let is_followed = cursor.remaining() == 0 || here(cursor, Some(header.stream))?.is_some();
            cursor.go_to(at, "frame")?;
            if is_followed {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Plans a frame.
fn frame(cursor: &mut Cursor<'_>, header: Header, plan: &mut Plan, findings: &mut Findings) -> Result<(), Refusal> {
    let at = cursor.at();
    if header.protected && header.blocks > 0 {
        // Each block has a checksum of its own, in places that the header points to.
        return Err(Refusal::new(Reason::NotUnderstood, "checksums of raw data blocks", at));
    }
    let original = cursor.array::<7>("frame header")?;
    let written = header.written();
    if header.protected {
        cursor.skip(2, "frame header")?;
    }
    // Private and copyright bits, those of a copyright number that goes over many frames, home.
    let [_, _, private, channels, ..] = original;
    if private & 2 != 0 || channels & 0x3C != 0 {
        findings.removed(Category::Identifier, "ADTS private and copyright bits");
    }
    plan.bytes_or_copy(&written, &original, at)?;
    Codec::Aac.sample(cursor, header.len.saturating_sub(header.bytes()), plan, findings)
}

//! The chunks of pictures and sound: which are kept, and how they are written. Their order is not changed.

use super::frames::Walk;
use super::header::{self, Header, Layout, Range};
use super::index::Flags;
use super::stream::{Coded, Stream};
use super::{id, size};
use crate::clean::codec::Codec;
use crate::clean::container::riff::{self, Chunk, Order};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// A chunk as it is written.
pub(super) struct Entry {
    /// The place of its stream.
    pub(super) stream: u8,
    pub(super) is_key: bool,
    pub(super) id: [u8; 4],
    pub(super) len: u32,
    /// Where its header stands in the original.
    at: u64,
    /// Whether header and padding are so in the original.
    is_header_same: bool,
    is_pad_same: bool,
}

impl Entry {
    /// Bytes with header and padding.
    pub(super) fn written_len(&self) -> u64 {
        u64::from(self.len).saturating_add(u64::from(self.len & 1)).saturating_add(8)
    }
}

/// Finds the chunks that are kept.
pub(super) fn entries(
    cursor: &mut Cursor<'_>,
    layout: &mut Layout,
    header: &Header,
    flags: &Flags,
) -> Result<Vec<Entry>, Refusal> {
    let mut entries = Vec::new();
    let mut begun = vec![false; header.streams.len()];
    let mut others = 0_usize;
    for Range { at, len } in layout.movi.clone() {
        let end = at.saturating_add(len);
        cursor.go_to(at, "movi")?;
        while let Some(chunk) = riff::next(cursor, end, Order::Little)? {
            if chunk.kind == *b"LIST" && chunk.len >= 4 {
                // `rec ` groups chunks for a disc; what is in it follows.
                let kind: [u8; 4] = cursor.array("LIST type")?;
                if kind == *b"rec " {
                    continue;
                }
            }
            let chunk = chunk.whole("chunk")?;
            match kept(header, chunk)? {
                Some(stream) => {
                    if entries.len() >= limits::AVI_CHUNKS_MAX {
                        return Err(Refusal::new(Reason::TooLarge, "number of chunks", chunk.at));
                    }
                    let begun = begun.get_mut(stream.number).map(|begun| std::mem::replace(begun, true));
                    let by_index = || flags.is_key(chunk.at).unwrap_or(begun == Some(false));
                    let is_key = stream.is_intra() || by_index();
                    entries.push(entry(cursor, chunk, stream, is_key, end, &mut layout.findings)?);
                }
                None => {
                    others = others.saturating_add(1);
                    if others > limits::AVI_CHUNKS_MAX {
                        return Err(Refusal::new(Reason::TooLarge, "number of chunks", chunk.at));
                    }
                    other(cursor, chunk, header, &mut layout.findings)?;
                }
            }
            header::pad(cursor, &chunk, end, &mut layout.findings)?;
        }
        if cursor.at() < end {
            layout.findings.removed(Category::HiddenContent, "bytes behind the last chunk of movi");
        }
    }
    Ok(entries)
}

/// The stream of a chunk, where that is kept.
fn kept(header: &Header, chunk: Chunk) -> Result<Option<&Stream>, Refusal> {
    let [tens @ b'0'..=b'9', ones @ b'0'..=b'9', kind @ ..] = chunk.kind else { return Ok(None) };
    let number = usize::from(tens.wrapping_sub(b'0')).saturating_mul(10).saturating_add(ones.wrapping_sub(b'0').into());
    let Some(Some(place)) = header.kept.get(number) else { return Ok(None) };
    let Some(stream) = header.streams.get(*place) else { return Ok(None) };
    match (&kind, stream.is_video()) {
        (b"dc" | b"db", true) | (b"wb", false) => Ok(Some(stream)),
        (b"pc", true) => Err(Refusal::new(Reason::NotUnderstood, "palette change", chunk.at)),
        _ => Ok(None),
    }
}

/// Says what a chunk among pictures and sound gives away.
fn other(cursor: &mut Cursor<'_>, chunk: Chunk, header: &Header, findings: &mut Findings) -> Result<(), Refusal> {
    match chunk.kind {
        [b'i', b'x', _, _] => Ok(()),
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', ..] => {
            let number =
                usize::from(tens.wrapping_sub(b'0')).saturating_mul(10).saturating_add(ones.wrapping_sub(b'0').into());
            let of_known = matches!(header.kept.get(number), Some(Some(_)));
            let place = if of_known {
                "movi chunk of another type than its stream"
            } else {
                "movi chunk of a stream that is not kept"
            };
            findings.removed(Category::HiddenContent, place);
            Ok(())
        }
        _ if !chunk.is_named() => Err(header::damaged("chunk type", chunk.at)),
        _ => header::dropped_chunk(cursor, chunk, findings),
    }
}

/// Judges a chunk's size, and how it is written.
fn entry(
    cursor: &mut Cursor<'_>,
    chunk: Chunk,
    stream: &Stream,
    is_key: bool,
    end: u64,
    findings: &mut Findings,
) -> Result<Entry, Refusal> {
    let len = match &stream.coded {
        Coded::Raw { len, .. } if chunk.size > *len => {
            findings.removed(Category::HiddenContent, "bytes behind a picture");
            *len
        }
        Coded::Raw { len, .. } if chunk.size != 0 && chunk.size < *len => {
            return Err(Refusal::new(Reason::Truncated, "picture", chunk.at));
        }
        Coded::Samples(format) => {
            let (whole, _) = format.whole(chunk.len);
            let len = u32::try_from(whole).unwrap_or(u32::MAX);
            if len < chunk.size {
                findings.removed(Category::HiddenContent, "bytes behind the last whole sample");
            }
            len
        }
        _ => chunk.size,
    };
    let id = id(stream);
    let is_whole = len == chunk.size;
    let is_pad_same = is_whole && len % 2 == 1 && chunk.end() <= end.min(cursor.len()) && {
        cursor.go_to(chunk.body_at.saturating_add(chunk.len), "chunk")?;
        cursor.byte("chunk padding")? == 0
    };
    let stream = u8::try_from(stream.number).unwrap_or(u8::MAX);
    Ok(Entry { stream, is_key, id, len, at: chunk.at, is_header_same: is_whole && chunk.kind == id, is_pad_same })
}

/// What is remembered of each stream while chunks are written.
pub(super) struct Walks<'h> {
    header: &'h Header,
    frames: Vec<Option<Walk>>,
    /// Whether a picture of the stream has come.
    begun: Vec<bool>,
}

impl<'h> Walks<'h> {
    pub(super) fn new(header: &'h Header) -> Self {
        let frames = header.streams.iter().map(|stream| match stream.coded {
            Coded::Frames { framing, .. } => Some(Walk::new(framing)),
            _ => None,
        });
        Self { header, frames: frames.collect(), begun: vec![false; header.streams.len()] }
    }

    /// Appends a chunk.
    pub(super) fn write(
        &mut self,
        cursor: &mut Cursor<'_>,
        entry: &Entry,
        plan: &mut Plan,
        findings: &mut Findings,
    ) -> Result<(), Refusal> {
        if entry.is_header_same {
            plan.copy(entry.at, 8)?;
        } else {
            plan.bytes(&[entry.id, size(entry.len.into())?].concat())?;
        }
        let at = entry.at.saturating_add(8);
        let len = u64::from(entry.len);
        cursor.go_to(at, "chunk")?;
        let stream = self.header.streams.get(usize::from(entry.stream));
        let planned = plan.len();
        match stream.map(|stream| &stream.coded) {
            // An empty chunk repeats what was shown before.
            _ if len == 0 => {}
            Some(Coded::Video { codec, .. }) => {
                if self.begun.get_mut(usize::from(entry.stream)).is_some_and(|begun| !std::mem::replace(begun, true)) {
                    insist_on_parameters(*codec, cursor, len)?;
                }
                codec.sample(cursor, len, plan, findings)?;
            }
            Some(Coded::Aac { codec, .. }) => codec.sample(cursor, len, plan, findings)?,
            Some(Coded::Frames { .. }) => {
                self.frames(cursor, entry)?;
                plan.copy(at, len)?;
            }
            _ => plan.copy(at, len)?,
        }
        if plan.len().checked_sub(planned) != Some(len) {
            return Err(header::damaged("sample", at));
        }
        if len & 1 == 0 {
            Ok(())
        } else if entry.is_pad_same {
            plan.copy(at.saturating_add(len), 1)
        } else {
            plan.fill(0, 1)
        }
    }

    /// Walks over the frames in a chunk.
    fn frames(&mut self, cursor: &mut Cursor<'_>, entry: &Entry) -> Result<(), Refusal> {
        let damaged = header::damaged("audio frame", entry.at);
        let Some(Some(walk)) = self.frames.get_mut(usize::from(entry.stream)) else { return Err(damaged) };
        let mut left = usize::try_from(entry.len).unwrap_or(usize::MAX);
        while left > 0 {
            let buffered = cursor.buffered()?;
            let part = buffered.get(..left.min(buffered.len())).unwrap_or_default();
            let len = part.len();
            if len == 0 || walk.feed(part).is_none() {
                return Err(damaged);
            }
            cursor.consume(len);
            left = left.saturating_sub(len);
        }
        Ok(())
    }
}

/// Bytes at the beginning of a picture in which its parameters are looked for.
const PARAMETERS_BYTES_MAX: u64 = 64 * 1024;

/// Insists that a stream of H.264 or H.265 begins with its parameters, since those in `strf` are not kept.
fn insist_on_parameters(codec: Codec, cursor: &mut Cursor<'_>, len: u64) -> Result<(), Refusal> {
    let is_parameters = |unit: u8| match codec {
        Codec::AvcAnnexB => unit & 0x1F == 7,
        Codec::HevcAnnexB => (unit >> 1) & 0x3F == 33,
        _ => true,
    };
    if is_parameters(0) {
        return Ok(());
    }
    let at = cursor.at();
    let beginning = cursor.bytes(usize::try_from(len.min(PARAMETERS_BYTES_MAX)).unwrap_or(0), "sample")?;
    cursor.go_to(at, "sample")?;
    if beginning.windows(4).any(|window| matches!(window, [0, 0, 1, unit] if is_parameters(*unit))) {
        Ok(())
    } else {
        Err(Refusal::new(Reason::NotUnderstood, "parameter sets outside of the stream", at))
    }
}

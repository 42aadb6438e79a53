//! Reads an MP3 once, frame by frame, passes over what is no frame, and drafts the clean file.

use super::FORMAT;
use super::header::Header;
use super::info::{self, Info, Totals};
use super::reservoir::{Reservoir, Settled};
use super::side::{HEADER_BYTES, Layout};
use crate::clean::container::tags;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::legible;
use crate::clean::{Category, Draft, Findings, Plan, Reason, Refusal, Unsupported, adts, flac};
use crate::limits;

/// Reads the file and drafts the clean one.
pub(super) fn survey(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    tags::pass_all(cursor, &mut findings)?;
    if begins_with(cursor, flac::MARKER)? {
        // FLAC behind a tag so long that its beginning did not show.
        cursor.go_to(0, "tag")?;
        return flac::clean(cursor);
    }
    if adts::begins(cursor)? {
        // AAC behind a tag.
        cursor.go_to(0, "tag")?;
        return adts::clean(cursor);
    }
    let start = cursor.at();
    let (mut told, mut passed) = (Findings::default(), 0);
    let Some(mut first) = next_frame(cursor, None, &mut told, &mut passed)? else {
        cursor.go_to(start, "frame")?;
        return Err(no_frame(cursor, start)?);
    };
    // A frame at the very beginning counts, even if what follows it does not.
    if let Some(header) = header_at(cursor, start)?
        && header.belongs_to(first)
        && u64::try_from(header.len()).is_ok_and(|len| start.saturating_add(len) <= cursor.at())
    {
        cursor.go_to(start, "frame")?;
        (first, told) = (header, Findings::default());
    }
    findings.append(told);
    let mut survey = Survey::new(first, findings);
    survey.first(cursor)?;
    while next_frame(cursor, Some(survey.stream), &mut survey.findings, &mut passed)?.is_some() {
        survey.frame(cursor)?;
    }
    survey.draft()
}

/// Why there is no frame at all.
fn no_frame(cursor: &mut Cursor<'_>, start: u64) -> Result<Refusal, Refusal> {
    let name = |name: &str| Refusal::new(Reason::NotSupported(Unsupported::sound(name)), "", start);
    let Ok([0xFF, kind, rates, _]) = cursor.array::<4>("frame") else {
        return Ok(Refusal::new(Reason::Damaged, "frame", start));
    };
    Ok(match (kind >> 5, (kind >> 1) & 3, rates >> 4) {
        (7, 0, _) => name("AAC"),
        (7, 3, _) => name("MPEG audio Layer I"),
        (7, 2, _) => name("MPEG audio Layer II"),
        (7, 1, 0) => name("free-format MP3"),
        _ => Refusal::new(Reason::Damaged, "frame", start),
    })
}

fn begins_with(cursor: &mut Cursor<'_>, beginning: &[u8]) -> Result<bool, Refusal> {
    let at = cursor.at();
    let len = u64::try_from(beginning.len()).unwrap_or(u64::MAX);
    let found = cursor.remaining() >= len && cursor.bytes(beginning.len(), "beginning")? == beginning;
    cursor.go_to(at, "beginning")?;
    Ok(found)
}

/// Goes to the next frame that belongs to the stream and is whole, and tells what is passed over. `None` at the end.
fn next_frame(
    cursor: &mut Cursor<'_>,
    stream: Option<Header>,
    findings: &mut Findings,
    passed: &mut usize,
) -> Result<Option<Header>, Refusal> {
    loop {
        if let Some(header) = header_at(cursor, cursor.at())? {
            if stream.is_none_or(|stream| header.belongs_to(stream)) && (stream.is_some() || is_followed(cursor)?) {
                if fits(cursor, header) {
                    return Ok(Some(header));
                }
                findings.removed(Category::History, "unfinished frame");
                cursor.go_to(cursor.len(), "frame")?;
                return Ok(None);
            }
            if stream.is_some() && is_followed(cursor)? {
                return Err(Refusal::new(Reason::NotUnderstood, "change of sample rate or channels", cursor.at()));
            }
        }
        if cursor.remaining() == 0 {
            return Ok(None);
        }
        if *passed >= limits::SOUND_TAGS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of tags", cursor.at()));
        }
        *passed = passed.saturating_add(1);
        if tags::pass(cursor, findings)? {
            continue;
        }
        let at = cursor.at();
        if !seek(cursor, stream)? {
            cursor.go_to(at, "frame")?;
            tags::pass_rest(cursor, "behind the last frame", findings)?;
            return Ok(None);
        }
        let place = if stream.is_some() { "between frames" } else { "before the first frame" };
        findings.removed(Category::HiddenContent, place);
    }
}

/// Goes on to a frame that is followed by another; whether there is one. What is looked at is read into memory, since
/// going back and forth for every byte that may begin a frame would take long.
fn seek(cursor: &mut Cursor<'_>, stream: Option<Header>) -> Result<bool, Refusal> {
    let start = cursor.at();
    cursor.skip(1.min(cursor.remaining()), "frame")?;
    while cursor.remaining() > 0 && cursor.at().saturating_sub(start) <= limits::GAP_BYTES_MAX {
        let at = cursor.at();
        let len = SEEK_BYTES.saturating_add(AHEAD_BYTES);
        let len = len.min(usize::try_from(cursor.remaining()).unwrap_or(usize::MAX));
        let window = cursor.bytes(len, "frame")?;
        let is_whole = cursor.remaining() == 0;
        let found = (0..window.len().min(SEEK_BYTES)).find(|&place| {
            let rest = window.get(place..).unwrap_or_default();
            begins_frame(rest, stream, is_whole)
        });
        let passed = found.unwrap_or(window.len().min(SEEK_BYTES));
        cursor.go_to(at.saturating_add(u64::try_from(passed).unwrap_or(u64::MAX)), "frame")?;
        if found.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a frame begins these bytes, and behind it another, a tag, or the end of the file, if that is theirs.
fn begins_frame(bytes: &[u8], stream: Option<Header>, is_whole: bool) -> bool {
    let read = |bytes: &[u8]| bytes.first_chunk().and_then(|first| Header::read(*first));
    let header = read(bytes).filter(|header| stream.is_none_or(|stream| header.belongs_to(stream)));
    let Some((header, behind)) = header.and_then(|header| Some((header, bytes.get(header.len()..)?))) else {
        return false;
    };
    match read(behind) {
        Some(next) => next.belongs_to(header),
        None => (behind.is_empty() && is_whole) || TAGS.iter().any(|tag| behind.starts_with(tag)),
    }
}

/// How tags begin.
const TAGS: [&[u8]; 4] = [b"ID3", b"TAG", b"APETAGEX", b"LYRICSBEGIN"];
/// Bytes that are searched at a time, and those behind them that must be seen: a frame and what begins the next.
const SEEK_BYTES: usize = 8 * 1024;
const AHEAD_BYTES: usize = 1_441 + 16;

fn fits(cursor: &Cursor<'_>, header: Header) -> bool {
    u64::try_from(header.len()).is_ok_and(|len| len <= cursor.remaining())
}

/// Whether behind the frame that begins here there is one that belongs to it, a tag, or the end.
fn is_followed(cursor: &mut Cursor<'_>) -> Result<bool, Refusal> {
    let at = cursor.at();
    let len = AHEAD_BYTES.min(usize::try_from(cursor.remaining()).unwrap_or(usize::MAX));
    let bytes = cursor.bytes(len, "frame")?;
    let is_whole = cursor.remaining() == 0;
    cursor.go_to(at, "frame")?;
    Ok(begins_frame(&bytes, None, is_whole))
}

/// The header at this offset; the cursor stays where it is.
fn header_at(cursor: &mut Cursor<'_>, at: u64) -> Result<Option<Header>, Refusal> {
    let here = cursor.at();
    if at.saturating_add(4) > cursor.len() {
        return Ok(None);
    }
    cursor.go_to(at, "frame header")?;
    let header = Header::read(cursor.array("frame header")?);
    cursor.go_to(here, "frame header")?;
    Ok(header)
}

/// Letters that are no chance.
const WORD_BYTES_MIN: usize = 5;

/// A part of the clean file.
enum Piece {
    Copy { at: u64, len: u64 },
    Zeros { len: u64 },
    Byte(u8),
}

struct Survey {
    stream: Header,
    emphasis: Option<u8>,
    findings: Findings,
    /// The tag frame: where it stood, what it was, and what is kept of it.
    tag: Option<(u64, Vec<u8>, Info)>,
    totals: Totals,
    reservoir: Reservoir,
    pieces: Vec<Piece>,
}

impl Survey {
    fn new(stream: Header, findings: Findings) -> Self {
        Self {
            stream,
            emphasis: None,
            findings,
            tag: None,
            totals: Totals::new(0),
            reservoir: Reservoir::default(),
            pieces: Vec::new(),
        }
    }

    /// The first frame, which may be a tag.
    fn first(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        let at = cursor.at();
        let frame = cursor.bytes(self.stream.len(), "frame")?;
        let Some(info) = Info::read(&frame, self.stream) else {
            cursor.go_to(at, "frame")?;
            return self.frame(cursor);
        };
        self.totals = Totals::new(self.tag_header().len());
        self.tag = Some((at, frame, info));
        Ok(())
    }

    fn tag_header(&self) -> Header {
        self.stream.for_tag(info::frame_bytes(self.stream))
    }

    /// A frame of sound, which is whole.
    fn frame(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        let at = cursor.at();
        let header = Header::read(cursor.array("frame header")?).ok_or(Refusal::new(Reason::Damaged, "frame", at))?;
        cursor.go_to(at, "frame")?;
        let original = cursor.bytes(header.len(), "frame")?;
        let layout = Layout::of(header);
        let side = layout.read(&original).ok_or(Refusal::new(Reason::Damaged, "side information", at))?;
        let mut bytes = original.clone();
        self.tell(header, &layout, &original);
        let emphasis = *self.emphasis.get_or_insert(header.emphasis());
        if let Some((head, _)) = bytes.split_first_chunk_mut::<HEADER_BYTES>() {
            *head = header.to_bytes(emphasis);
        }
        layout.clear_private(&mut bytes);
        if header.is_protected {
            let checksum = layout.checksum(&bytes).to_be_bytes();
            if let Some(place) = bytes.get_mut(HEADER_BYTES..layout.side) {
                place.copy_from_slice(&checksum);
            }
        }
        self.totals.add(header);
        self.reservoir.push(at, original, bytes, layout.main, side);
        while let Some(settled) = self.reservoir.settled() {
            self.settle(&settled)?;
        }
        Ok(())
    }

    fn tell(&mut self, header: Header, layout: &Layout, frame: &[u8]) {
        let (private, copyright, _) = header.marks();
        if private || layout.private(frame).is_some_and(|bits| bits != 0) {
            self.findings.removed(Category::HiddenContent, "private bits");
        }
        if copyright {
            self.findings.removed(Category::Person, "copyright bit");
        }
        let checksum = layout.checksum(frame).to_be_bytes();
        if header.is_protected && frame.get(HEADER_BYTES..layout.side) != Some(&checksum) {
            self.findings.removed(Category::HiddenContent, "checksum of another frame");
        }
    }

    /// A frame as it is written.
    fn settle(&mut self, frame: &Settled) -> Result<(), Refusal> {
        let at = frame.at;
        if frame.bytes == frame.original {
            self.copy(at, u64::try_from(frame.bytes.len()).unwrap_or(u64::MAX));
        } else {
            for ((now, was), at) in frame.bytes.iter().zip(&frame.original).zip(at..) {
                match self.pieces.last_mut() {
                    _ if now == was => self.copy(at, 1),
                    Some(Piece::Zeros { len }) if *now == 0 => *len = len.saturating_add(1),
                    _ if *now == 0 => self.pieces.push(Piece::Zeros { len: 1 }),
                    _ => self.pieces.push(Piece::Byte(*now)),
                }
            }
        }
        if self.pieces.len() > limits::PIECES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of pieces", at));
        }
        Ok(())
    }

    fn copy(&mut self, at: u64, more: u64) {
        match self.pieces.last_mut() {
            Some(Piece::Copy { at: from, len }) if from.checked_add(*len) == Some(at) => {
                *len = len.saturating_add(more)
            }
            _ => self.pieces.push(Piece::Copy { at, len: more }),
        }
    }

    fn draft(mut self) -> Result<Draft, Refusal> {
        if self.totals.frames() == 0 {
            return Err(Refusal::new(Reason::Truncated, "frame", 0));
        }
        self.reservoir.end();
        while let Some(settled) = self.reservoir.pop() {
            self.settle(&settled)?;
        }
        self.tell_ancillary();
        let mut plan = Plan::default();
        if let Some((at, original, info)) = &self.tag {
            let frame =
                self.totals.tag_frame(self.tag_header(), self.emphasis.unwrap_or(0), info.delays(self.totals.frames()));
            if frame != *original {
                self.findings.removed_value(Category::Software, "tag frame", &info.encoder);
            }
            plan.bytes_or_copy(&frame, original, *at)?;
        }
        for piece in self.pieces {
            match piece {
                Piece::Copy { at, len } => plan.copy(at, len)?,
                Piece::Zeros { len } => plan.fill(0, len)?,
                Piece::Byte(byte) => plan.bytes(&[byte])?,
            }
        }
        Ok(Draft { becomes: Some(&FORMAT), ..Draft::new(plan, self.findings) })
    }

    fn tell_ancillary(&mut self) {
        let bytes = std::mem::take(&mut self.reservoir.ancillary);
        if bytes.is_empty() {
            return;
        }
        let words = bytes.split(|byte| !(0x20..0x7F).contains(byte));
        let text = words.max_by_key(|word| word.len()).filter(|word| word.len() >= WORD_BYTES_MIN);
        let text = text.map(legible::text).unwrap_or_default();
        self.findings.removed_value(Category::HiddenContent, "ancillary data", &text);
    }
}

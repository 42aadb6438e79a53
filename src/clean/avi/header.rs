//! Finds the parts of an AVI and reads its headers. Never writes.

use super::dropped;
use super::stream::{Source, Stream};
use crate::clean::container::riff::{self, Chunk, Order};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// A range of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub(super) at: u64,
    pub(super) len: u64,
}

/// Where the parts lie, and what the others gave away.
pub(super) struct Layout {
    pub(super) findings: Findings,
    /// The body of `LIST hdrl`, without its type.
    pub(super) hdrl: Range,
    /// The bodies of `LIST movi` in all RIFF chunks, without their type.
    pub(super) movi: Vec<Range>,
    /// The body of `idx1`.
    pub(super) idx1: Option<Range>,
}

/// The streams that are kept.
pub(super) struct Header {
    pub(super) streams: Vec<Stream>,
    /// By number in the original: the place in `streams`.
    pub(super) kept: Vec<Option<usize>>,
}

/// Walks over the outermost chunks.
pub(super) fn layout(cursor: &mut Cursor<'_>) -> Result<Layout, Refusal> {
    let mut findings = Findings::default();
    let (mut hdrl, mut movi, mut idx1) = (None, Vec::new(), None);
    let mut count = 0_usize;
    while let Some(riff) = riff::next(cursor, u64::MAX, Order::Little)? {
        let kind = if riff.kind == *b"RIFF" && riff.len >= 4 { cursor.array("RIFF type")? } else { [0; 4] };
        if movi.is_empty() && kind != *b"AVI " {
            return Err(damaged("RIFF header", riff.at));
        }
        if kind != *b"AVI " && kind != *b"AVIX" || (!movi.is_empty() && kind == *b"AVI ") {
            cursor.go_to(riff.at, "RIFF")?;
            break;
        }
        // A program that did not come to the end has left 0 here.
        let end = if riff.size == 0 { cursor.len() } else { riff.body_at.saturating_add(riff.len) };
        while let Some(chunk) = riff::next(cursor, end, Order::Little)? {
            count = count.saturating_add(1);
            if count > limits::CHUNKS_MAX {
                return Err(Refusal::new(Reason::TooLarge, "number of chunks", chunk.at));
            }
            let is_rest = !chunk.is_named() || (!chunk.is_whole() && chunk.kind != *b"LIST");
            if !movi.is_empty() && is_rest {
                cursor.go_to(chunk.at, "chunk")?;
                break;
            }
            let chunk = chunk.whole("chunk")?;
            let list = if chunk.kind == *b"LIST" && chunk.len >= 4 { cursor.array("LIST type")? } else { [0; 4] };
            let inner = Range { at: chunk.body_at.saturating_add(4), len: chunk.len.saturating_sub(4) };
            match (&chunk.kind, &list) {
                (b"LIST", b"hdrl") if hdrl.is_none() => hdrl = Some(inner),
                (b"LIST", b"movi") if kind == *b"AVIX" || movi.is_empty() => movi.push(inner),
                (b"idx1", _) if idx1.is_none() => idx1 = Some(Range { at: chunk.body_at, len: chunk.len }),
                _ => dropped_chunk(cursor, chunk, &mut findings)?,
            }
            pad(cursor, &chunk, end, &mut findings)?;
        }
        if cursor.at() < end {
            findings.removed(Category::HiddenContent, "bytes behind the last chunk");
        }
        cursor.go_to(end.saturating_add(end & 1).min(cursor.len()), "RIFF")?;
    }
    if cursor.remaining() > 0 {
        findings.removed(Category::HiddenContent, "bytes behind the RIFF chunk");
    }
    match hdrl {
        Some(hdrl) if !movi.is_empty() => Ok(Layout { findings, hdrl, movi, idx1 }),
        _ => Err(damaged("hdrl or movi missing", 0)),
    }
}

/// Goes to the end of a chunk, over its padding.
pub(super) fn pad(cursor: &mut Cursor<'_>, chunk: &Chunk, end: u64, findings: &mut Findings) -> Result<(), Refusal> {
    let body_end = chunk.body_at.saturating_add(chunk.len);
    cursor.go_to(body_end, "chunk")?;
    if chunk.end() > body_end && chunk.end() <= end.min(cursor.len()) && cursor.byte("chunk padding")? != 0 {
        findings.removed(Category::HiddenContent, "chunk padding");
    }
    Ok(())
}

/// Says what a chunk gives away.
pub(super) fn dropped_chunk(cursor: &mut Cursor<'_>, chunk: Chunk, findings: &mut Findings) -> Result<(), Refusal> {
    match chunk.body(cursor, limits::METADATA_BYTES_MAX)? {
        Some(body) => dropped::chunk(chunk.kind, &body, findings),
        None => findings.removed(Category::Unknown, format!("{}, too long to be read", chunk.name())),
    }
    Ok(())
}

/// Reads the streams.
pub(super) fn read(cursor: &mut Cursor<'_>, hdrl: Range, findings: &mut Findings) -> Result<Header, Refusal> {
    cursor.go_to(hdrl.at, "hdrl")?;
    let too_large = Refusal::new(Reason::TooLarge, "hdrl", hdrl.at);
    let len = usize::try_from(hdrl.len).ok().filter(|&len| len <= limits::AVI_HEADER_BYTES_MAX).ok_or(too_large)?;
    let body = cursor.bytes(len, "hdrl")?;
    let mut micros = 0;
    let mut header = Header { streams: Vec::new(), kept: Vec::new() };
    for (kind, chunk) in riff::chunks(&body, Order::Little) {
        match (&kind, chunk.split_first_chunk::<4>()) {
            (b"avih", _) => {
                micros = chunk.first_chunk::<4>().map_or(0, |bytes| u32::from_le_bytes(*bytes));
                if chunk.get(40..).is_some_and(|reserved| reserved.iter().any(|&byte| byte != 0)) {
                    findings.removed(Category::HiddenContent, "avih reserved");
                }
            }
            (b"LIST", Some((b"strl", strl))) => {
                if header.kept.len() >= limits::AVI_STREAMS_MAX {
                    return Err(Refusal::new(Reason::TooLarge, "number of streams", hdrl.at));
                }
                let stream = stream(strl, header.streams.len(), micros, hdrl.at, findings)?;
                header.kept.push(stream.is_some().then_some(header.streams.len()));
                header.streams.extend(stream);
            }
            // How many frames all RIFF chunks have; the index says it.
            (b"LIST", Some((b"odml", _))) => {}
            _ => dropped::chunk(kind, chunk, findings),
        }
    }
    if header.streams.is_empty() {
        return Err(damaged("no video and no audio stream", hdrl.at));
    }
    Ok(header)
}

/// One `LIST strl`; none where it is neither pictures nor sound.
fn stream(
    strl: &[u8],
    number: usize,
    micros: u32,
    at: u64,
    findings: &mut Findings,
) -> Result<Option<Stream>, Refusal> {
    let (mut strh, mut strf, mut vprp) = (None, None, None);
    for (kind, chunk) in riff::chunks(strl, Order::Little) {
        match &kind {
            b"strh" if strh.is_none() => strh = Some(chunk),
            b"strf" if strf.is_none() => strf = Some(chunk),
            b"vprp" if vprp.is_none() && chunk.len() >= 36 => vprp = Some(chunk),
            // Where the chunks are; they are met anyhow.
            b"indx" => {}
            _ => dropped::chunk(kind, chunk, findings),
        }
    }
    let (Some(strh), Some(strf)) = (strh, strf) else { return Err(damaged("strh or strf missing", at)) };
    match strh.first_chunk::<4>() {
        Some(b"vids" | b"auds") => {
            let source = Source { number, strh, strf, vprp, at };
            Stream::read(&source, micros, findings).map(Some)
        }
        // A stream of DV holds sound within its pictures.
        Some(b"iavs") => Err(Refusal::new(Reason::NotUnderstood, "iavs stream", at)),
        Some(b"txts") => {
            findings.removed(Category::Comment, "txts stream");
            Ok(None)
        }
        Some(b"mids") => {
            findings.removed(Category::HiddenContent, "mids stream");
            Ok(None)
        }
        _ => {
            findings.removed(Category::Unknown, "stream of an unknown type");
            Ok(None)
        }
    }
}

pub(super) fn damaged(part: &'static str, at: u64) -> Refusal {
    Refusal::new(Reason::Damaged, part, at)
}

//! Reads a produced file once, and accounts for every byte, by a grammar of its own. Shares no parser and no table
//! with the cleaner, and repairs nothing.
//!
//! `ftyp moov mdat`, nothing else. `moov` is read whole, since it says what `mdat` is made of: each of its bytes
//! belongs to just one sample, in the order of their offsets.

mod bytes;
mod entry;
mod movie;
mod sound;
mod tables;

use std::io::Read;

use self::bytes::Bytes;
use self::movie::Track;
use crate::clean::Unaccounted;
use crate::clean::codec::Codec;
use crate::clean::produced::Produced;
use crate::limits;

/// Which of the family it says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Brand {
    Mp4,
    QuickTime,
    M4a,
    ThreeGp,
}

impl Brand {
    /// Major brand, version, and compatible brands: all of `ftyp`.
    fn file_type(self) -> &'static [u8] {
        match self {
            Self::Mp4 => b"isom\0\0\x02\0isomiso4mp42",
            Self::QuickTime => b"qt  \0\0\x02\0qt  ",
            Self::M4a => b"M4A \0\0\x02\0M4A isommp42",
            Self::ThreeGp => b"3gp6\0\0\x01\x003gp6isomiso4",
        }
    }
}

/// Samples that lie together.
#[derive(Clone, Copy, Debug)]
struct Chunk {
    at: u64,
    len: u64,
    track: usize,
    /// Counted from 0.
    first: u32,
    count: u32,
    description: usize,
}

/// Accounts for every byte up to the end of `produced`.
pub(super) fn verify(produced: &mut dyn Read, brand: Brand) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    let (size, kind) = head(&mut produced)?;
    let expected = brand.file_type();
    if kind != *b"ftyp" || usize::try_from(size) != Ok(expected.len()) {
        return produced.wrong("ftyp");
    }
    produced.expect(expected, "ftyp")?;
    let (size, kind) = head(&mut produced)?;
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    if kind != *b"moov" || size > limits::MP4_MOVIE_BYTES_MAX {
        return produced.wrong("moov");
    }
    let at = produced.at();
    let moov = produced.bytes(size)?;
    let tracks = movie::read(Bytes::new(&moov, at), brand)?;
    let mut chunks = Vec::new();
    for (index, track) in tracks.iter().enumerate() {
        track.tables.chunks(index, &mut chunks).ok_or(Unaccounted::new("chunks", at))?;
    }
    let (size, kind) = head(&mut produced)?;
    if kind != *b"mdat" {
        return produced.wrong("mdat");
    }
    let end = produced.at().checked_add(size).ok_or(Unaccounted::new("mdat", produced.at()))?;
    media(&mut produced, &tracks, chunks, end)?;
    produced.end("bytes after mdat")
}

/// The header of a box, in the shortest form: bytes of its body, and its type.
fn head(produced: &mut Produced<'_>) -> Result<(u64, [u8; 4]), Unaccounted> {
    let size = u32::from_be_bytes(produced.array()?);
    let kind = produced.array()?;
    if size != 1 {
        return match size.checked_sub(8) {
            Some(size) => Ok((size.into(), kind)),
            None => produced.wrong("box size"),
        };
    }
    let size = u64::from_be_bytes(produced.array()?);
    match size.checked_sub(16) {
        // 32 bits would do.
        Some(len) if len.saturating_add(8) > u64::from(u32::MAX) => Ok((len, kind)),
        _ => produced.wrong("box size"),
    }
}

/// Accounts for the body of `mdat`: chunk behind chunk, without gap or overlap, none of which could be longer.
fn media(
    produced: &mut Produced<'_>,
    tracks: &[Track<'_>],
    mut chunks: Vec<Chunk>,
    end: u64,
) -> Result<(), Unaccounted> {
    // A chunk without a byte stands before the one that begins there.
    chunks.sort_unstable_by_key(|chunk| (chunk.at, chunk.len > 0, chunk.track, chunk.first));
    let begins = produced.at();
    let mut last: Option<Chunk> = None;
    for chunk in chunks {
        let Some(track) = tracks.get(chunk.track) else { return produced.wrong("chunk") };
        let misplaced = chunk.at != produced.at() || (chunk.len == 0 && chunk.at != begins);
        if misplaced || last.is_some_and(|last| could_join(last, chunk, track)) {
            return produced.wrong("chunk offset");
        }
        let Some(&codec) = track.codecs.get(chunk.description) else { return produced.wrong("sample description") };
        if codec == Codec::Opaque {
            produced.skip(chunk.len)?;
        } else {
            for sample in (chunk.first..).take(usize::try_from(chunk.count).unwrap_or(usize::MAX)) {
                let size = track.tables.size(sample);
                if size > 0 {
                    codec.verify(produced, size.into())?;
                }
            }
        }
        if chunk.at.checked_add(chunk.len) != Some(produced.at()) {
            return produced.wrong("sample");
        }
        last = Some(chunk);
    }
    if produced.at() != end {
        return produced.wrong("mdat");
    }
    Ok(())
}

/// Whether two neighbours should have been one chunk.
fn could_join(last: Chunk, next: Chunk, track: &Track<'_>) -> bool {
    last.track == next.track
        && last.description == next.description
        && last.first.checked_add(last.count) == Some(next.first)
        && last.len.saturating_add(track.tables.size(next.first).into()) <= limits::MP4_CHUNK_BYTES_MAX
}

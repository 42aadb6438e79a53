//! Writes the clean file: `ftyp`, a `moov` built anew, `mdat` with the samples. Has a constructor for each box that
//! may stand there, and for no other.

mod tables;

use super::assemble::Track;
use super::brand::Kind;
use super::edits::{self, Edit};
use super::layout::{Chunk, Layout};
use super::matrix::Turn;
use super::survey::Movie;
use crate::clean::codec::Codec;
use crate::clean::cursor::Cursor;
use crate::clean::{Plan, Reason, Refusal};
use crate::limits;

/// The movie's timescale where nothing is told in it but whole durations.
const TIMESCALE_USUAL: u32 = 1000;
/// `und`, in the packed form of ISO/IEC 14496-12, 8.4.2.3.
const LANGUAGE_NONE: u16 = 0x55C4;
/// 1 in 16.16 fixed point.
const ONE: u32 = 0x0001_0000;

/// The plan of the clean file.
pub(super) fn plan(kind: Kind, movie: &mut Movie, layout: &Layout, cursor: &mut Cursor<'_>) -> Result<Plan, Refusal> {
    let mut plan = Plan::default();
    plan.bytes(kind.file_type())?;
    let heads = heads(movie);
    let mdat_head: u64 = if layout.len > u64::from(u32::MAX).saturating_sub(8) { 16 } else { 8 };
    let mut wide = vec![false; movie.tracks.len()];
    let moov = loop {
        // Offsets have a width, so the length is known before they are.
        let moov = Writer::moov(kind, movie, &heads, layout, 0, &wide)?;
        let begins = plan.len().saturating_add(len(&moov)).saturating_add(mdat_head);
        let needed = layout.chunks.iter().map(|chunks| {
            let last = chunks.iter().map(|chunk| chunk.at).max().unwrap_or(0);
            last.saturating_add(begins) > u64::from(u32::MAX)
        });
        let needed: Vec<bool> = needed.collect();
        if needed == wide {
            break Writer::moov(kind, movie, &heads, layout, begins, &wide)?;
        }
        wide = needed;
    };
    plan.bytes(&moov)?;
    let whole = layout.len.saturating_add(mdat_head);
    match u32::try_from(whole) {
        Ok(size) => plan.bytes(&[&size.to_be_bytes(), b"mdat".as_slice()].concat())?,
        Err(_) => plan.bytes(&[b"\0\0\0\x01mdat".as_slice(), &whole.to_be_bytes()].concat())?,
    }
    samples(&mut plan, movie, layout, cursor)?;
    Ok(plan)
}

fn len(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

fn samples(plan: &mut Plan, movie: &mut Movie, layout: &Layout, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
    for &(index, segment) in &layout.order {
        let track = usize::try_from(index).ok().and_then(|index| movie.tracks.get(index));
        let entry = track.and_then(|track| track.entries.get(usize::try_from(segment.entry).ok()?));
        let (Some(track), Some(entry)) = (track, entry) else {
            return Err(Refusal::new(Reason::Damaged, "sample description", segment.at));
        };
        if entry.codec == Codec::Opaque {
            plan.copy(segment.at, segment.len)?;
            continue;
        }
        let mut at = segment.at;
        for sample in (segment.first..).take(usize::try_from(segment.count).unwrap_or(usize::MAX)) {
            let size = track.samples.sizes.of(sample);
            if size > 0 {
                cursor.go_to(at, "sample")?;
                entry.codec.sample(cursor, size.into(), plan, &mut movie.findings)?;
            }
            at = at.saturating_add(size.into());
        }
    }
    Ok(())
}

/// What stands in the headers of a track, and depends on the others.
struct Head {
    edits: Vec<Edit>,
    /// In the movie's unit.
    duration: u64,
    group: u16,
}

struct Heads {
    timescale: u32,
    tracks: Vec<Head>,
}

fn heads(movie: &Movie) -> Heads {
    let lists: Vec<_> = movie.tracks.iter().map(|track| track.settled_edits(movie.timescale)).collect();
    let timescale = if lists.iter().all(Vec::is_empty) { TIMESCALE_USUAL } else { movie.timescale };
    let mut groups = Vec::new();
    for track in &movie.tracks {
        let members = movie.tracks.iter().filter(|other| other.group == track.group).count();
        if track.group > 0 && members > 1 && !groups.contains(&track.group) {
            groups.push(track.group);
        }
    }
    let heads = movie.tracks.iter().zip(lists).map(|(track, list)| {
        let duration = match list.as_slice() {
            [] => edits::scaled(track.duration(), track.timescale, timescale),
            list => list.iter().fold(0_u64, |sum, edit| sum.saturating_add(edit.duration)),
        };
        let group = groups.iter().position(|&group| group == track.group).map_or(0, |index| index.saturating_add(1));
        Head { edits: list, duration, group: u16::try_from(group).unwrap_or(0) }
    });
    Heads { timescale, tracks: heads.collect() }
}

/// Bytes to which boxes are appended.
struct Writer {
    out: Vec<u8>,
}

impl Writer {
    fn moov(
        kind: Kind,
        movie: &Movie,
        heads: &Heads,
        layout: &Layout,
        begins: u64,
        wide: &[bool],
    ) -> Result<Vec<u8>, Refusal> {
        let mut writer = Self { out: Vec::new() };
        writer.boxed(*b"moov", |writer| {
            writer.movie_header(heads)?;
            let tracks = movie.tracks.iter().zip(&heads.tracks).zip(layout.chunks.iter().zip(wide));
            for (number, ((track, head), (chunks, wide))) in (1_u32..).zip(tracks) {
                let shown = Shown { kind, number, track, head, chunks, begins, wide: *wide };
                writer.boxed(*b"trak", |writer| writer.track(&shown))?;
            }
            Ok(())
        })?;
        Ok(writer.out)
    }

    /// A box: its header, and what `body` appends.
    fn boxed(&mut self, kind: [u8; 4], body: impl FnOnce(&mut Self) -> Result<(), Refusal>) -> Result<(), Refusal> {
        let start = self.out.len();
        self.out.extend_from_slice(&[0; 4]);
        self.out.extend_from_slice(&kind);
        body(self)?;
        let too_large = Refusal::new(Reason::TooLarge, "moov", 0);
        if self.out.len() > limits::MP4_MOVIE_BYTES_MAX {
            return Err(too_large);
        }
        let size = u32::try_from(self.out.len().saturating_sub(start)).map_err(|_| too_large)?;
        if let Some(field) = self.out.get_mut(start..).and_then(<[u8]>::first_chunk_mut::<4>) {
            *field = size.to_be_bytes();
        }
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    fn u16(&mut self, number: u16) {
        self.bytes(&number.to_be_bytes());
    }

    fn u32(&mut self, number: u32) {
        self.bytes(&number.to_be_bytes());
    }

    /// 32 bits in version 0, 64 in version 1.
    fn wide(&mut self, version: u8, number: u64) {
        match u32::try_from(number) {
            Ok(number) if version == 0 => self.u32(number),
            _ => self.bytes(&number.to_be_bytes()),
        }
    }

    /// Version and flags.
    fn full(&mut self, version: u8, flags: u8) {
        self.bytes(&[version, 0, 0, flags]);
    }

    fn matrix(&mut self, turn: Turn, width: u32, height: u32) {
        for number in turn.numbers(width, height) {
            self.bytes(&number.to_be_bytes());
        }
    }

    /// 8.2.2
    fn movie_header(&mut self, heads: &Heads) -> Result<(), Refusal> {
        let duration = heads.tracks.iter().map(|head| head.duration).max().unwrap_or(0);
        let version = version(duration);
        let next = u32::try_from(heads.tracks.len()).unwrap_or(0).saturating_add(1);
        self.boxed(*b"mvhd", |writer| {
            writer.full(version, 0);
            writer.wide(version, 0);
            writer.wide(version, 0);
            writer.u32(heads.timescale);
            writer.wide(version, duration);
            // Rate 1, volume 1, reserved.
            writer.bytes(&[0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
            writer.matrix(Turn::UPRIGHT, 0, 0);
            writer.bytes(&[0; 24]);
            writer.u32(next);
            Ok(())
        })
    }

    fn track(&mut self, shown: &Shown<'_>) -> Result<(), Refusal> {
        let Shown { kind, number, track, head, .. } = shown;
        let version = version(head.duration);
        self.boxed(*b"tkhd", |writer| {
            // In the movie, and perhaps shown (8.3.2.3).
            writer.full(version, if track.is_enabled { 3 } else { 2 });
            writer.wide(version, 0);
            writer.wide(version, 0);
            writer.u32(*number);
            writer.u32(0);
            writer.wide(version, head.duration);
            writer.bytes(&[0; 10]);
            writer.u16(head.group);
            writer.bytes(if track.is_video() { &[0; 4] } else { &[1, 0, 0, 0] });
            writer.matrix(track.turn, track.width, track.height);
            writer.u32(track.width);
            writer.u32(track.height);
            Ok(())
        })?;
        if !head.edits.is_empty() {
            self.boxed(*b"edts", |writer| writer.edits(&head.edits))?;
        }
        let is_quicktime = *kind == Kind::QuickTime;
        self.boxed(*b"mdia", |writer| {
            let duration = track.duration();
            let version = self::version(duration);
            writer.boxed(*b"mdhd", |writer| {
                writer.full(version, 0);
                writer.wide(version, 0);
                writer.wide(version, 0);
                writer.u32(track.timescale);
                writer.wide(version, duration);
                writer.u16(LANGUAGE_NONE);
                writer.u16(0);
                Ok(())
            })?;
            writer.handler(if is_quicktime { b"mhlr" } else { &[0; 4] }, track.handler)?;
            writer.boxed(*b"minf", |writer| {
                if track.is_video() {
                    writer.boxed(*b"vmhd", |writer| {
                        writer.bytes(&[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
                        Ok(())
                    })?;
                } else {
                    writer.boxed(*b"smhd", |writer| {
                        writer.bytes(&[0; 8]);
                        Ok(())
                    })?;
                }
                if is_quicktime {
                    writer.handler(b"dhlr", *b"url ")?;
                }
                // All data are in this file (8.7.2).
                writer.bytes(b"\0\0\0\x24dinf\0\0\0\x1Cdref\0\0\0\0\0\0\0\x01\0\0\0\x0Curl \0\0\0\x01");
                writer.boxed(*b"stbl", |writer| writer.tables(shown))
            })
        })
    }

    /// 8.4.3, with an empty name: in QuickTime a length of 0, elsewhere a NUL.
    fn handler(&mut self, component: &[u8; 4], kind: [u8; 4]) -> Result<(), Refusal> {
        self.boxed(*b"hdlr", |writer| {
            writer.full(0, 0);
            writer.bytes(component);
            writer.bytes(&kind);
            writer.bytes(&[0; 13]);
            Ok(())
        })
    }

    /// 8.6.6
    fn edits(&mut self, edits: &[Edit]) -> Result<(), Refusal> {
        let is_long = |edit: &Edit| {
            edit.duration > u32::MAX.into() || edit.time.is_some_and(|time| time > i32::MAX.cast_unsigned().into())
        };
        let version = u8::from(edits.iter().any(is_long));
        self.boxed(*b"elst", |writer| {
            writer.full(version, 0);
            writer.u32(u32::try_from(edits.len()).unwrap_or(0));
            for edit in edits {
                writer.wide(version, edit.duration);
                match (edit.time, version) {
                    (Some(time), version) => writer.wide(version, time),
                    (None, 0) => writer.u32(u32::MAX),
                    (None, _) => writer.bytes(&u64::MAX.to_be_bytes()),
                }
                writer.u32(if edit.dwells { 0 } else { ONE });
            }
            Ok(())
        })
    }
}

/// A track as it is written.
struct Shown<'a> {
    kind: Kind,
    number: u32,
    track: &'a Track,
    head: &'a Head,
    chunks: &'a [Chunk],
    /// Where media data begin.
    begins: u64,
    wide: bool,
}

/// 0 where the number fits.
fn version(duration: u64) -> u8 {
    u8::from(duration > u64::from(u32::MAX))
}

//! The `moov` box of a produced file: a track of pictures, and perhaps that of their alpha; every byte of it.

use super::Coded;
use super::part::Part;
use super::property::{self, Meaning, TRANSFORMATION, common};
use crate::clean::codec::Codec;
use crate::limits;

/// What `moov` says of `mdat`.
#[derive(Debug)]
pub(super) struct Movie {
    /// Types of the sample entries.
    pub(super) kinds: Vec<[u8; 4]>,
    pub(super) tracks: Vec<Track>,
}

/// Samples of a track.
#[derive(Debug)]
pub(super) struct Track {
    pub(super) data: Vec<Coded>,
    times: Times,
    data_at: u64,
    is_wide: bool,
}

/// When samples are shown. Both tracks have the same.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Times {
    shown: u64,
    matrix: [i8; 4],
    edit: Option<(u64, bool)>,
    timescale: u32,
    spans: Vec<(u32, u32)>,
    offsets: Vec<(u32, u32)>,
}

/// Data of half of what 32 bits can tell have offsets of 64.
const WIDE_BYTES: u64 = 0x7FFF_FFFF;

impl Movie {
    /// Accounts for the body of `moov`; names the part that is not as it must be.
    pub(super) fn read(body: &[u8]) -> Result<Self, &'static str> {
        let mut part = Part::new(body);
        let mut mvhd = part.boxed(b"mvhd").ok_or("mvhd")?;
        let (timescale, duration, next) = movie_header(&mut mvhd).ok_or("mvhd")?;
        let mut main = part.boxed(b"trak").ok_or("trak")?;
        let has_alpha = !part.is_empty();
        let main = track(&mut main, 1, has_alpha)?;
        let mut kinds = vec![main.0];
        let mut tracks = vec![main.1];
        if has_alpha {
            let mut alpha = part.boxed(b"trak").ok_or("trak")?;
            let alpha = track(&mut alpha, 2, false)?;
            kinds.push(alpha.0);
            tracks.push(alpha.1);
        }
        part.end().ok_or("moov")?;
        let times = tracks.first().map(|track| &track.times).ok_or("trak")?;
        let is_same = tracks.iter().all(|track| track.times == *times);
        let is_told = times.timescale == timescale && times.shown == duration;
        let is_next = usize::try_from(next) == Ok(tracks.len().saturating_add(1));
        if is_same && is_told && is_next { Ok(Self { kinds, tracks }) } else { Err("moov") }
    }

    /// Whether the tables point to where samples are that begin at `at`, in `mdat` with so many bytes.
    pub(super) fn is_placed(&self, mut at: u64, data_len: u64) -> bool {
        self.tracks.iter().all(|track| {
            let is_there = track.data_at == at && track.is_wide == (data_len >= WIDE_BYTES);
            at = track.data.iter().fold(at, |at, coded| at.saturating_add(coded.len));
            is_there
        })
    }
}

/// `mvhd`: unit of time, duration, next number of a track.
fn movie_header(part: &mut Part<'_>) -> Option<(u32, u64, u32)> {
    part.just(&[1, 0, 0, 0])?;
    part.zeros(16)?;
    let (timescale, duration) = (part.u32()?, part.u64()?);
    part.just(&[0, 1, 0, 0, 1, 0])?;
    part.zeros(10)?;
    (matrix(part, 0, 0)? == [1, 0, 0, 1]).then_some(())?;
    part.zeros(24)?;
    let next = part.u32()?;
    part.end()?;
    Some((timescale, duration, next))
}

/// A turn by quarters, perhaps mirrored, that leaves the picture where x and y are positive.
fn matrix(part: &mut Part<'_>, width: u32, height: u32) -> Option<[i8; 4]> {
    let unit = |part: &mut Part<'_>| match part.u32()? {
        0 => Some(0i8),
        0x0001_0000 => Some(1),
        0xFFFF_0000 => Some(-1),
        _ => None,
    };
    let (a, b) = (unit(part)?, unit(part)?);
    part.zeros(4)?;
    let (c, d) = (unit(part)?, unit(part)?);
    part.zeros(4)?;
    let back = |by_width: i8, by_height: i8| {
        let sides = [(by_width, width), (by_height, height)];
        sides.iter().filter(|(unit, _)| *unit < 0).map(|(_, side)| u64::from(*side) << 16).sum::<u64>()
    };
    let [x, y] = [part.u32()?, part.u32()?].map(u64::from);
    part.just(&[0x40, 0, 0, 0])?;
    let is_turn = (a == 0) == (d == 0) && (b == 0) == (c == 0) && (a == 0) != (b == 0);
    (is_turn && x == back(a, c) && y == back(b, d)).then_some([a, b, c, d])
}

/// A track: the type of its sample entry, and its samples.
fn track(part: &mut Part<'_>, number: u32, has_alpha: bool) -> Result<([u8; 4], Track), &'static str> {
    let mut tkhd = part.boxed(b"tkhd").ok_or("tkhd")?;
    let (shown, matrix) = track_header(&mut tkhd, number).ok_or("tkhd")?;
    let edit = match part.optional(b"edts").ok_or("edts")? {
        Some(mut edts) => Some(edit(&mut edts).ok_or("elst")?),
        None => None,
    };
    references(part, number, has_alpha).ok_or("tref")?;
    let mut mdia = part.boxed(b"mdia").ok_or("mdia")?;
    part.end().ok_or("trak")?;
    let mut mdhd = mdia.boxed(b"mdhd").ok_or("mdhd")?;
    let (timescale, duration) = media_header(&mut mdhd).ok_or("mdhd")?;
    handler(&mut mdia, number).ok_or("hdlr")?;
    let mut minf = mdia.boxed(b"minf").ok_or("minf")?;
    mdia.end().ok_or("mdia")?;
    let mut stbl = information(&mut minf).ok_or("minf")?;
    let mut stsd = stbl.boxed(b"stsd").ok_or("stsd")?;
    let (kind, codec) = entry(&mut stsd, number == 2).ok_or("stsd")?;
    let tables = Tables::read(&mut stbl, codec).ok_or("stbl")?;
    let total = tables
        .spans
        .iter()
        .fold(0u64, |total, (count, span)| total.saturating_add(u64::from(*count).saturating_mul((*span).into())));
    let is_whole = match edit {
        None => shown == total,
        Some(Edit { once, from, is_again }) => {
            let is_again_and_again = shown == u64::MAX
                || (shown > once
                    && shown.checked_rem(once) == Some(0)
                    && shown.checked_div(once).is_some_and(|times| times <= u32::MAX.into()));
            once > 0
                && once == total
                && Some(from) == tables.first_shown()
                && if is_again { is_again_and_again } else { shown == once }
        }
    };
    let offsets = tables.offsets.iter().map(|(_, offset)| offset.cast_signed().unsigned_abs());
    let from = edit.and_then(|edit| u32::try_from(edit.from).ok());
    let times = tables.spans.iter().map(|(_, span)| *span).chain(offsets).chain(from);
    if duration != total || !is_whole || timescale == 0 || times.fold(timescale, common) != 1 {
        return Err("times");
    }
    let edit = edit.map(|edit| (edit.from, edit.is_again));
    let times = Times { shown, matrix, edit, timescale, spans: tables.spans, offsets: tables.offsets };
    Ok((kind, Track { data: tables.data, times, data_at: tables.data_at, is_wide: tables.is_wide }))
}

/// `tkhd`: how long it is shown, and how it is turned.
fn track_header(part: &mut Part<'_>, number: u32) -> Option<(u64, [i8; 4])> {
    part.just(&[1, 0, 0, 1])?;
    part.zeros(16)?;
    part.just(&number.to_be_bytes())?;
    part.zeros(4)?;
    let shown = part.u64()?;
    part.zeros(16)?;
    // Its last eight bytes are the size, by which the matrix is judged.
    let mut size = Part::new(part.all().get(36..)?);
    let [width, height] = [size.u32()?, size.u32()?];
    size.end()?;
    (width > 0 && height > 0 && width & 0xFFFF == 0 && height & 0xFFFF == 0).then_some(())?;
    let matrix = matrix(part, width >> 16, height >> 16)?;
    Some((shown, matrix))
}

#[derive(Clone, Copy)]
struct Edit {
    once: u64,
    from: u64,
    is_again: bool,
}

fn edit(edts: &mut Part<'_>) -> Option<Edit> {
    let mut elst = edts.boxed(b"elst")?;
    edts.end()?;
    elst.just(&[1, 0, 0])?;
    let is_again = match elst.u8()? {
        0 => false,
        1 => true,
        _ => return None,
    };
    elst.just(&[0, 0, 0, 1])?;
    let (once, from) = (elst.u64()?, elst.u64()?);
    elst.just(&[0, 1, 0, 0])?;
    elst.end()?;
    Some(Edit { once, from, is_again })
}

fn references(part: &mut Part<'_>, number: u32, has_alpha: bool) -> Option<()> {
    let (kind, to) = if number == 2 { (b"auxl", [0, 0, 0, 1]) } else { (b"prem", [0, 0, 0, 2]) };
    let Some(mut tref) = part.optional(b"tref")? else { return (number == 1).then_some(()) };
    let mut reference = tref.boxed(kind)?;
    reference.just(&to)?;
    reference.end()?;
    tref.end()?;
    (number == 2 || has_alpha).then_some(())
}

/// `mdhd`: unit of time and duration; the language is not said.
fn media_header(part: &mut Part<'_>) -> Option<(u32, u64)> {
    part.just(&[1, 0, 0, 0])?;
    part.zeros(16)?;
    let (timescale, duration) = (part.u32()?, part.u64()?);
    part.just(&[0x55, 0xC4, 0, 0])?;
    part.end()?;
    Some((timescale, duration))
}

fn handler(mdia: &mut Part<'_>, number: u32) -> Option<()> {
    let mut part = mdia.boxed(b"hdlr")?;
    part.zeros(8)?;
    let handler = part.array()?;
    part.zeros(13)?;
    part.end()?;
    matches!((number, &handler), (1, b"pict" | b"vide") | (2, b"auxv")).then_some(())
}

/// All of `minf` but `stbl`, which is returned.
fn information<'a>(minf: &mut Part<'a>) -> Option<Part<'a>> {
    minf.boxed(b"vmhd")?.just(&[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])?;
    minf.boxed(b"dinf")?.just(b"\0\0\0\x1Cdref\0\0\0\0\0\0\0\x01\0\0\0\x0Curl \0\0\0\x01")?;
    let stbl = minf.boxed(b"stbl")?;
    minf.end()?;
    Some(stbl)
}

/// `stsd`: how samples are coded.
fn entry(stsd: &mut Part<'_>, is_alpha: bool) -> Option<([u8; 4], Codec)> {
    stsd.just(&[0, 0, 0, 0, 0, 0, 0, 1])?;
    let (kind, mut part) = stsd.any()?;
    stsd.end()?;
    part.just(&[0, 0, 0, 0, 0, 0, 0, 1])?;
    part.zeros(16)?;
    let sides = [part.u16()?, part.u16()?];
    part.just(&[0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1])?;
    part.zeros(32)?;
    part.just(&[0, 0x18, 0xFF, 0xFF])?;
    let mut codec = None;
    let (mut last, mut seen) = (0, Vec::new());
    while part.kind().is_some_and(|kind| !matches!(&kind, b"ccst" | b"auxi")) {
        let property = property::read(&mut part)?;
        // Of a picture that moves, neither size nor depth nor layers are told so.
        matches!(property.rank, 3..=6 | 8..=10 | TRANSFORMATION).then_some(())?;
        let is_after = property.rank > last || (property.rank == TRANSFORMATION && last == TRANSFORMATION);
        let key = (property.rank, property.kind);
        (is_after && !seen.contains(&key)).then_some(())?;
        seen.push(key);
        last = property.rank;
        if let Meaning::Config(own, of) = property.meaning {
            codec = (of == kind).then_some(own);
        }
    }
    if let Some(mut ccst) = part.optional(b"ccst")? {
        ccst.zeros(4)?;
        (ccst.u8()? & 3 == 0).then_some(())?;
        ccst.zeros(3)?;
        ccst.end()?;
    }
    let auxi = part.optional(b"auxi")?;
    (auxi.is_some() == is_alpha).then_some(())?;
    if let Some(mut auxi) = auxi {
        property::alpha(&mut auxi)?;
    }
    part.end()?;
    (!sides.contains(&0)).then_some((kind, codec?))
}

/// What follows `stsd` in `stbl`.
struct Tables {
    spans: Vec<(u32, u32)>,
    offsets: Vec<(u32, u32)>,
    data: Vec<Coded>,
    data_at: u64,
    is_wide: bool,
}

impl Tables {
    /// The earliest time at which a sample is shown, but not before the beginning.
    fn first_shown(&self) -> Option<u64> {
        let mut offsets = self.offsets.iter().flat_map(|(count, offset)| (0..*count).map(|_| offset.cast_signed()));
        let spans = self.spans.iter().flat_map(|(count, span)| (0..*count).map(|_| *span));
        let mut coded_at = 0i64;
        let mut earliest: Option<i64> = None;
        for span in spans {
            let shown_at = coded_at.checked_add(offsets.next().unwrap_or(0).into())?;
            earliest = Some(earliest.map_or(shown_at, |earliest| earliest.min(shown_at)));
            coded_at = coded_at.checked_add(span.into())?;
        }
        u64::try_from(earliest?.max(0)).ok()
    }

    fn read(stbl: &mut Part<'_>, codec: Codec) -> Option<Self> {
        let mut stts = stbl.boxed(b"stts")?;
        stts.zeros(4)?;
        let (spans, count) = runs(&mut stts)?;
        (1..=limits::HEIF_SAMPLES_MAX).contains(&usize::try_from(count).ok()?).then_some(())?;
        let offsets = match stbl.optional(b"ctts")? {
            None => Vec::new(),
            Some(mut ctts) => {
                let version = ctts.u8()?;
                ctts.zeros(3)?;
                let (offsets, offset_count) = runs(&mut ctts)?;
                let has_negative = offsets.iter().any(|(_, offset)| offset.cast_signed() < 0);
                let says_something = offsets.iter().any(|(_, offset)| *offset != 0);
                (offset_count == count && version == u8::from(has_negative) && says_something).then_some(())?;
                offsets
            }
        };
        if let Some(mut stss) = stbl.optional(b"stss")? {
            independent(&mut stss, count)?;
        }
        let mut stsc = stbl.boxed(b"stsc")?;
        stsc.just(&[0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1])?;
        stsc.just(&count.to_be_bytes())?;
        stsc.just(&[0, 0, 0, 1])?;
        stsc.end()?;
        let data = sizes(&mut stbl.boxed(b"stsz")?, count, codec)?;
        let (kind, mut chunks) = stbl.any()?;
        chunks.just(&[0, 0, 0, 0, 0, 0, 0, 1])?;
        let (data_at, is_wide) = match &kind {
            b"stco" => (chunks.u32()?.into(), false),
            b"co64" => (chunks.u64()?, true),
            _ => return None,
        };
        chunks.end()?;
        stbl.end()?;
        Some(Self { spans, offsets, data, data_at, is_wide })
    }
}

/// Runs of different values, and of how many samples they are.
fn runs(part: &mut Part<'_>) -> Option<(Vec<(u32, u32)>, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    let mut total = 0u32;
    for _ in 0..part.u32()? {
        let (count, value) = (part.u32()?, part.u32()?);
        let is_another = runs.last().is_none_or(|(_, last)| *last != value);
        (count > 0 && is_another).then_some(())?;
        total = total.checked_add(count)?;
        runs.push((count, value));
    }
    part.end()?;
    Some((runs, total))
}

/// `stss`: rising numbers, fewer than there are samples.
fn independent(part: &mut Part<'_>, count: u32) -> Option<()> {
    part.zeros(4)?;
    let listed = part.u32()?;
    (listed < count).then_some(())?;
    let mut last = 0;
    for _ in 0..listed {
        let number = part.u32()?;
        (number > last && number <= count).then_some(())?;
        last = number;
    }
    part.end()
}

/// `stsz`: one size if all have it, or else a table.
fn sizes(part: &mut Part<'_>, count: u32, codec: Codec) -> Option<Vec<Coded>> {
    part.zeros(4)?;
    let one = part.u32()?;
    part.just(&count.to_be_bytes())?;
    let mut data = Vec::new();
    let mut is_even = true;
    let mut first = None;
    for _ in 0..count {
        let size = if one == 0 { part.u32()? } else { one };
        (size > 0).then_some(())?;
        is_even &= *first.get_or_insert(size) == size;
        data.push(Coded { codec, len: size.into() });
    }
    part.end()?;
    (is_even == (one != 0)).then_some(data)
}

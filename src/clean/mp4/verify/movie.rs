//! `moov` of a clean file: `mvhd trak+`, and `trak` is `tkhd edts? mdia`. Reads no sample.

use super::Brand;
use super::bytes::Bytes;
use super::entry;
use super::tables::Tables;
use crate::clean::Unaccounted;
use crate::clean::codec::Codec;
use crate::limits;

/// What is needed of a track to read its samples.
pub(super) struct Track<'a> {
    pub(super) tables: Tables<'a>,
    /// How the samples of each description are coded.
    pub(super) codecs: Vec<Codec>,
    is_video: bool,
    group: u16,
    /// As `tkhd` has it, in the movie's unit.
    duration: u64,
}

struct Header {
    timescale: u32,
    duration: u64,
    next_track: u32,
}

/// Accounts for the body of `moov`.
pub(super) fn read(mut moov: Bytes<'_>, brand: Brand) -> Result<Vec<Track<'_>>, Unaccounted> {
    let header = movie_header(moov.boxed(*b"mvhd", "mvhd")?)?;
    let mut tracks = Vec::new();
    let mut has_edits = false;
    while !moov.is_empty() {
        moov.insist(tracks.len() < limits::MP4_TRACKS_MAX, "number of tracks")?;
        let number = u32::try_from(tracks.len()).unwrap_or(u32::MAX).saturating_add(1);
        let trak = moov.boxed(*b"trak", "trak")?;
        tracks.push(track(trak, number, brand, &header, &mut has_edits)?);
    }
    let count = u32::try_from(tracks.len()).unwrap_or(u32::MAX);
    moov.insist(count > 0 && header.next_track == count.saturating_add(1), "next_track_ID")?;
    let longest = tracks.iter().map(|track| track.duration).max();
    moov.insist(longest == Some(header.duration), "mvhd duration")?;
    moov.insist(has_edits || header.timescale == 1000, "mvhd timescale")?;
    let has_video = tracks.iter().any(|track| track.is_video);
    let is_right = match brand {
        Brand::Mp4 => has_video,
        Brand::M4a => !has_video,
        Brand::QuickTime | Brand::ThreeGp => true,
    };
    moov.insist(is_right, "ftyp")?;
    moov.insist(are_groups_right(&tracks), "alternate_group")?;
    Ok(tracks)
}

/// Groups are numbered in the order in which they come, and none is of one track.
fn are_groups_right(tracks: &[Track<'_>]) -> bool {
    let mut most: u16 = 0;
    tracks.iter().filter(|track| track.group > 0).all(|track| {
        let members = tracks.iter().filter(|other| other.group == track.group).count();
        let is_known = track.group <= most;
        let is_next = most.checked_add(1) == Some(track.group);
        most = most.max(track.group);
        (is_known || is_next) && members > 1
    })
}

/// ISO/IEC 14496-12, 8.2.2
fn movie_header(mut mvhd: Bytes<'_>) -> Result<Header, Unaccounted> {
    let version = version(&mut mvhd, &[0])?;
    let timescale = mvhd.u32()?;
    let duration = mvhd.wide(version)?;
    mvhd.insist(timescale > 0 && fits(version, duration), "mvhd")?;
    mvhd.expect(&[0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], "mvhd rate, volume")?;
    let numbers = matrix(&mut mvhd)?;
    mvhd.insist(numbers == placed([1, 0, 0, 1], 0, 0), "mvhd matrix")?;
    mvhd.expect(&[0; 24], "mvhd reserved")?;
    let next_track = mvhd.u32()?;
    mvhd.end("mvhd")?;
    Ok(Header { timescale, duration, next_track })
}

/// Version 0 or 1, one of these flags, and two times that are 0.
fn version(full: &mut Bytes<'_>, flags: &[u8]) -> Result<u8, Unaccounted> {
    let [version, zero, more, own] = full.array()?;
    full.insist(version <= 1 && (zero, more) == (0, 0) && flags.contains(&own), "version and flags")?;
    full.expect(if version == 0 { &[0; 8] } else { &[0; 16] }, "times")?;
    Ok(version)
}

/// Whether version 1 is only there where it must be.
fn fits(version: u8, duration: u64) -> bool {
    (version == 1) == (duration > u64::from(u32::MAX))
}

fn track<'a>(
    mut trak: Bytes<'a>,
    number: u32,
    brand: Brand,
    movie: &Header,
    has_edits: &mut bool,
) -> Result<Track<'a>, Unaccounted> {
    let shown = track_header(trak.boxed(*b"tkhd", "tkhd")?, number)?;
    let edits = match trak.optional(*b"edts")? {
        Some(mut edts) => {
            let list = edit_list(edts.boxed(*b"elst", "elst")?)?;
            edts.end("edts")?;
            *has_edits = true;
            Some(list)
        }
        None => None,
    };
    let mut mdia = trak.boxed(*b"mdia", "mdia")?;
    trak.end("trak")?;
    let (timescale, duration) = media_header(mdia.boxed(*b"mdhd", "mdhd")?)?;
    let is_video = handler(mdia.boxed(*b"hdlr", "hdlr")?, brand)?;
    mdia.insist(is_video == shown.is_video, "tkhd volume")?;
    let mut minf = mdia.boxed(*b"minf", "minf")?;
    mdia.end("mdia")?;
    if is_video {
        minf.boxed(*b"vmhd", "vmhd")?.expect_all(&[0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], "vmhd")?;
    } else {
        minf.boxed(*b"smhd", "smhd")?.expect_all(&[0; 8], "smhd")?;
    }
    if brand == Brand::QuickTime {
        let data = [b"\0\0\0\0dhlrurl ".as_slice(), &[0; 13]].concat();
        minf.boxed(*b"hdlr", "hdlr")?.expect_all(&data, "hdlr")?;
    }
    let mut dinf = minf.boxed(*b"dinf", "dinf")?;
    dinf.boxed(*b"dref", "dref")?.expect_all(b"\0\0\0\0\0\0\0\x01\0\0\0\x0Curl \0\0\0\x01", "dref")?;
    dinf.end("dinf")?;
    let mut stbl = minf.boxed(*b"stbl", "stbl")?;
    minf.end("minf")?;
    let descriptions = entry::list(stbl.boxed(*b"stsd", "stsd")?, is_video)?;
    let tables = Tables::read(&mut stbl, &descriptions)?;
    stbl.end("stbl")?;
    trak.insist(tables.duration() == duration, "mdhd duration")?;
    let of_all = scaled(duration, timescale, movie.timescale);
    let expected = match &edits {
        None => of_all,
        Some(edits) => {
            let trivial = edits.is_trivial(duration, timescale, movie.timescale) && !tables.is_shifted();
            trak.insist(!trivial, "elst")?;
            edits.duration
        }
    };
    trak.insist(shown.duration == expected, "tkhd duration")?;
    let codecs = descriptions.iter().map(|description| description.codec).collect();
    Ok(Track { tables, codecs, is_video, group: shown.group, duration: shown.duration })
}

impl<'a> Bytes<'a> {
    /// Accounts for just these, and that there are no others.
    fn expect_all(mut self, bytes: &[u8], part: &'static str) -> Result<(), Unaccounted> {
        self.expect(bytes, part)?;
        self.end(part)
    }
}

struct Shown {
    is_video: bool,
    group: u16,
    duration: u64,
}

/// 8.3.2
fn track_header(mut tkhd: Bytes<'_>, number: u32) -> Result<Shown, Unaccounted> {
    // In the movie, and perhaps enabled.
    let version = version(&mut tkhd, &[2, 3])?;
    let id = tkhd.u32()?;
    tkhd.insist(id == number, "track_ID")?;
    tkhd.expect(&[0; 4], "tkhd reserved")?;
    let duration = tkhd.wide(version)?;
    tkhd.insist(fits(version, duration), "tkhd duration")?;
    tkhd.expect(&[0; 10], "tkhd reserved")?;
    let group = tkhd.u16()?;
    let volume: [u8; 4] = tkhd.array()?;
    let is_video = volume == [0; 4];
    tkhd.insist(is_video || volume == [1, 0, 0, 0], "tkhd volume")?;
    let numbers = matrix(&mut tkhd)?;
    let (width, height) = (tkhd.u32()?, tkhd.u32()?);
    tkhd.end("tkhd")?;
    let turns = [
        [1, 0, 0, 1],
        [0, 1, -1, 0],
        [-1, 0, 0, -1],
        [0, -1, 1, 0],
        [-1, 0, 0, 1],
        [1, 0, 0, -1],
        [0, 1, 1, 0],
        [0, -1, -1, 0],
    ];
    let is_turn = turns.into_iter().any(|turn| numbers == placed(turn, width, height));
    let is_upright = numbers == placed([1, 0, 0, 1], 0, 0) && (width, height) == (0, 0);
    tkhd.insist(if is_video { is_turn } else { is_upright }, "tkhd matrix")?;
    Ok(Shown { is_video, group, duration })
}

fn matrix(bytes: &mut Bytes<'_>) -> Result<[i64; 9], Unaccounted> {
    let mut numbers = [0; 9];
    for number in &mut numbers {
        *number = i64::from(bytes.u32()?.cast_signed());
    }
    Ok(numbers)
}

/// A turn in 16.16, with the picture moved so that its corner is at the origin again: x' = a x + c y + tx.
fn placed([a, b, c, d]: [i64; 4], width: u32, height: u32) -> [i64; 9] {
    const ONE: i64 = 65_536;
    // What does not fit a signed number is not moved.
    let [width, height] = [width, height].map(|side| i32::try_from(side).map_or(0, i64::from));
    let corner = |x: i64, y: i64| {
        let wide = if x < 0 { width } else { 0 };
        let high = if y < 0 { height } else { 0 };
        wide.saturating_add(high).min(i32::MAX.into())
    };
    let unit = |sign: i64| sign.saturating_mul(ONE);
    [unit(a), unit(b), 0, unit(c), unit(d), 0, corner(a, c), corner(b, d), 0x4000_0000]
}

/// 8.4.2: timescale and duration.
fn media_header(mut mdhd: Bytes<'_>) -> Result<(u32, u64), Unaccounted> {
    let version = version(&mut mdhd, &[0])?;
    let timescale = mdhd.u32()?;
    let duration = mdhd.wide(version)?;
    mdhd.insist(timescale > 0 && fits(version, duration), "mdhd")?;
    mdhd.expect(&[0x55, 0xC4, 0, 0], "mdhd language")?;
    mdhd.end("mdhd")?;
    Ok((timescale, duration))
}

/// 8.4.3: whether it is of pictures.
fn handler(mut hdlr: Bytes<'_>, brand: Brand) -> Result<bool, Unaccounted> {
    hdlr.expect(&[0; 4], "hdlr")?;
    let component: &[u8; 4] = if brand == Brand::QuickTime { b"mhlr" } else { &[0; 4] };
    hdlr.expect(component, "hdlr")?;
    let kind: [u8; 4] = hdlr.array()?;
    hdlr.insist(matches!(&kind, b"vide" | b"soun"), "handler_type")?;
    hdlr.expect(&[0; 13], "hdlr name")?;
    hdlr.end("hdlr")?;
    Ok(kind == *b"vide")
}

struct Edits {
    duration: u64,
    /// The only one, from the beginning at the usual rate: how long.
    only: Option<u64>,
}

impl Edits {
    /// Whether the list shows what would be shown without it: all but less than a unit of the movie.
    fn is_trivial(&self, media: u64, timescale: u32, movie: u32) -> bool {
        self.only.is_some_and(|shown| {
            let shown = u128::from(shown).saturating_add(1).saturating_mul(timescale.into());
            shown > u128::from(media).saturating_mul(movie.into())
        })
    }
}

/// 8.6.6
fn edit_list(mut elst: Bytes<'_>) -> Result<Edits, Unaccounted> {
    let [version, flags @ ..] = elst.array::<4>()?;
    let count = elst.u32()?;
    let is_counted = (1..=limits::MP4_EDITS_MAX).contains(&count);
    elst.insist(version <= 1 && flags == [0; 3] && is_counted, "elst")?;
    let (mut sum, mut only, mut is_long) = (0_u64, None, false);
    for _ in 0..count {
        let duration = elst.wide(version)?;
        let time = if version == 0 {
            i64::from(elst.u32()?.cast_signed())
        } else {
            u64::from_be_bytes(elst.array()?).cast_signed()
        };
        let rate = elst.u32()?;
        let is_right = duration > 0
            && duration <= TIME_MAX
            && time >= -1
            && time.unsigned_abs() <= TIME_MAX
            && (rate == 0x0001_0000 || (rate == 0 && time >= 0));
        elst.insist(is_right, "elst entry")?;
        is_long |= duration > u32::MAX.into() || time > i32::MAX.into();
        only = (count == 1 && time == 0 && rate != 0).then_some(duration);
        sum = sum.saturating_add(duration);
    }
    elst.insist((version == 1) == is_long, "elst version")?;
    elst.end("elst")?;
    Ok(Edits { duration: sum, only })
}

/// Eight years in microseconds.
const TIME_MAX: u64 = 1 << 48;

/// A duration in another unit, rounded up.
fn scaled(duration: u64, from: u32, to: u32) -> u64 {
    let product = u128::from(duration).saturating_mul(to.into());
    u64::try_from(product.div_ceil(u128::from(from.max(1)))).unwrap_or(u64::MAX)
}

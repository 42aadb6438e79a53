//! Reads a produced Matroska or WebM file and accounts for every byte, by a grammar of its own. Shares nothing with the
//! cleaner but what [`crate::clean::codec`] knows of samples, and repairs nothing.
//!
//! `EBML Segment(Info Tracks Cues? Cluster*)`, each size and integer as short as it can be, but the size of the Segment
//! and the positions in Cues, which have eight bytes.

mod clusters;
mod fields;
mod tracks;

use std::io::Read;

use crate::clean::Unaccounted;
use crate::clean::produced::Produced;
use crate::limits;
use clusters::Clusters;
use fields::Fields;

/// What a file claims to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Matroska,
    MatroskaAudio,
    WebM,
    WebMAudio,
}

impl Kind {
    fn is_webm(self) -> bool {
        matches!(self, Self::WebM | Self::WebMAudio)
    }

    fn has_video(self) -> bool {
        matches!(self, Self::Matroska | Self::WebM)
    }
}

/// Bytes of all TrackEntries, of which configurations are nearly all.
const TRACKS_BYTES_MAX: u64 = 2 << 20;
/// Bytes of Info.
const INFO_BYTES_MAX: u64 = 64;
/// Bytes of a CuePoint.
const CUE_POINT_BYTES_MAX: u64 = 32;

/// Accounts for every byte up to the end of `produced`.
pub(super) fn verify(produced: &mut dyn Read, kind: Kind) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    head(&mut produced, kind)?;
    produced.expect(&[0x18, 0x53, 0x80, 0x67, 0x01], "Segment")?;
    let size: [u8; 7] = produced.array()?;
    let size = size.iter().fold(0_u64, |size, &byte| (size << 8) | u64::from(byte));
    let start = produced.at();
    let end = start.saturating_add(size);
    let info = info(&mut produced)?;
    produced.expect(&[0x16, 0x54, 0xAE, 0x6B], "Tracks")?;
    let tracks = body(&mut produced, TRACKS_BYTES_MAX, "Tracks")?;
    let Some(tracks) = tracks::read(&tracks).filter(|tracks| {
        !tracks.is_empty()
            && tracks.len() <= limits::TRACKS_MAX
            && kind.has_video() == tracks.iter().any(|track| track.is_video)
            && (!kind.is_webm() || tracks.iter().all(|track| track.is_webm))
    }) else {
        return produced.wrong("Tracks");
    };
    let mut clusters = Clusters::new(tracks, info, start);
    let mut is_first = true;
    while produced.at() < end {
        let first = produced.byte()?;
        match (first, is_first) {
            (0x1C, true) => {
                produced.expect(&[0x53, 0xBB, 0x6B], "Cues")?;
                cues(&mut produced, &mut clusters)?;
            }
            (0x1F, _) => {
                produced.expect(&[0x43, 0xB6, 0x75], "Cluster")?;
                clusters.cluster(&mut produced)?;
            }
            _ => return produced.wrong("Segment"),
        }
        is_first = false;
    }
    if produced.at() != end {
        return produced.wrong("Segment");
    }
    clusters.end(&produced)?;
    produced.end("behind the Segment")
}

/// EBML with the six elements that a reader needs.
fn head(produced: &mut Produced<'_>, kind: Kind) -> Result<(), Unaccounted> {
    let name: &[u8] = if kind.is_webm() { b"webm" } else { b"matroska" };
    let doc_type = [&[0x42, 0x82, if kind.is_webm() { 0x84 } else { 0x88 }], name].concat();
    let expected = [
        &[0x1A, 0x45, 0xDF, 0xA3, if kind.is_webm() { 0x80 | 31 } else { 0x80 | 35 }][..],
        // EBMLVersion 1, EBMLReadVersion 1, EBMLMaxIDLength 4, EBMLMaxSizeLength 8.
        &[0x42, 0x86, 0x81, 1, 0x42, 0xF7, 0x81, 1, 0x42, 0xF2, 0x81, 4, 0x42, 0xF3, 0x81, 8],
        &doc_type,
        // DocTypeVersion 4, DocTypeReadVersion 2.
        &[0x42, 0x87, 0x81, 4, 0x42, 0x85, 0x81, 2],
    ];
    produced.expect(&expected.concat(), "EBML")
}

/// What Info says.
#[derive(Clone, Copy, Debug)]
struct Info {
    scale: u64,
    duration: Option<f64>,
}

/// TimestampScale, Duration, and two names that are empty.
fn info(produced: &mut Produced<'_>) -> Result<Info, Unaccounted> {
    produced.expect(&[0x15, 0x49, 0xA9, 0x66], "Info")?;
    let body = body(produced, INFO_BYTES_MAX, "Info")?;
    let read = || {
        let mut fields = Fields::new(&body);
        let scale = fields.uint(&[0x2A, 0xD7, 0xB1])??;
        let duration = fields.float(&[0x44, 0x89])?;
        let are_empty = fields.optional(&[0x4D, 0x80])??.is_empty() && fields.optional(&[0x57, 0x41])??.is_empty();
        let is_known = are_empty && fields.is_at_end() && (1..=limits::TICK_NANOSECONDS_MAX).contains(&scale);
        is_known.then_some(Info { scale, duration })
    };
    match read() {
        Some(info) => Ok(info),
        None => produced.wrong("Info"),
    }
}

/// Cues, of which there is at least one: CueTime, CueTrack, CueClusterPosition.
fn cues(produced: &mut Produced<'_>, clusters: &mut Clusters) -> Result<(), Unaccounted> {
    let size = size(produced, "Cues")?;
    let end = produced.at().saturating_add(size);
    if size == 0 {
        return produced.wrong("Cues");
    }
    while produced.at() < end {
        produced.expect(&[0xBB], "CuePoint")?;
        let body = body(produced, CUE_POINT_BYTES_MAX, "CuePoint")?;
        let read = || {
            let mut fields = Fields::new(&body);
            let time = fields.uint(&[0xB3])??;
            let mut place = Fields::new(fields.optional(&[0xB7])??);
            let track = place.uint(&[0xF7])??;
            let position = place.optional(&[0xF1])??;
            let position = u64::from_be_bytes(position.try_into().ok()?);
            (fields.is_at_end() && place.is_at_end()).then_some((time, track, position))
        };
        let is_kept = read().is_some_and(|(time, track, position)| clusters.announce(time, track, position));
        if !is_kept {
            return produced.wrong("CuePoint");
        }
    }
    if produced.at() == end { Ok(()) } else { produced.wrong("Cues") }
}

/// A size, as short as it can be.
fn size(produced: &mut Produced<'_>, part: &'static str) -> Result<u64, Unaccounted> {
    let first = produced.byte()?;
    let more = first.leading_zeros();
    let marker = 0x80_u8.checked_shr(more).unwrap_or(0);
    let mut size = u64::from(first ^ marker);
    for _ in 0..more {
        size = (size << 8) | u64::from(produced.byte()?);
    }
    match fields::bytes_of_size(size) {
        Some(len) if more < 8 && len == more.saturating_add(1) => Ok(size),
        _ => produced.wrong(part),
    }
}

/// Size and body of an element that is small.
fn body(produced: &mut Produced<'_>, len_max: u64, part: &'static str) -> Result<Vec<u8>, Unaccounted> {
    let size = size(produced, part)?;
    match usize::try_from(size).ok().filter(|_| size <= len_max) {
        Some(len) => produced.bytes(len),
        None => produced.wrong(part),
    }
}

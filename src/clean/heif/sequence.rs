//! Image sequences: the track of pictures, and that of their alpha (ISO/IEC 23008-12, 7; AVIF 1.1, 3). Other tracks
//! are hidden content. The tracks are written anew; of their times only what is shown stays.

mod entry;
mod tables;
mod track;

use super::location::Range;
use super::told;
use super::write::boxed;
use crate::clean::container::bmff::{BoxHeader, Boxed, Boxes};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;
use track::{Role, Track};

/// The tracks that are kept.
#[derive(Debug)]
pub(super) struct Movie {
    main: Track,
    alpha: Option<Track>,
    is_premultiplied: bool,
}

impl Movie {
    /// Reads `moov`.
    pub(super) fn read(header: &BoxHeader, cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Self, Refusal> {
        if header.body_len > limits::HEIF_MOVIE_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "moov", header.at));
        }
        cursor.go_to(header.body_at, "moov")?;
        let body = cursor.bytes(usize::try_from(header.body_len).unwrap_or(usize::MAX), "moov")?;
        let mut tracks = Vec::new();
        let mut timescale = None;
        for boxed in Boxes::new(&body, header.body_at) {
            let boxed = boxed?;
            match &boxed.kind {
                b"mvhd" => timescale = track::movie_timescale(boxed.body),
                b"trak" if tracks.len() < limits::HEIF_TRACKS_MAX => tracks.push(boxed),
                b"trak" => return Err(Refusal::new(Reason::TooLarge, "number of tracks", boxed.body_at)),
                b"mvex" => return Err(Refusal::new(Reason::NotUnderstood, "mvex", boxed.body_at)),
                b"meta" | b"udta" => findings.removed(Category::Unknown, format!("moov {}", told::four(boxed.kind))),
                _ => told::unknown_box("moov", boxed.kind, boxed.body, findings),
            }
        }
        let timescale = timescale.ok_or(Refusal::new(Reason::Damaged, "mvhd", header.at))?;
        let mut movie = choose(&tracks, timescale, cursor.len(), header.at, findings)?;
        movie.reduce();
        Ok(movie)
    }

    fn tracks(&self) -> impl Iterator<Item = &Track> {
        std::iter::once(&self.main).chain(&self.alpha)
    }

    /// How the pictures are coded.
    pub(super) fn coded(&self) -> impl Iterator<Item = [u8; 4]> {
        self.tracks().map(|track| track.entry.kind)
    }

    /// Bytes of all samples.
    pub(super) fn data_len(&self) -> u64 {
        self.tracks().fold(0, |total, track| total.saturating_add(track.data_len()))
    }

    /// Where the samples lie in the original.
    pub(super) fn ranges(&self) -> Vec<Range> {
        self.tracks().flat_map(|track| track.samples.iter().copied()).collect()
    }

    /// Plans the samples of one track, then those of the other.
    pub(super) fn plan_samples(
        &self,
        cursor: &mut Cursor<'_>,
        plan: &mut Plan,
        findings: &mut Findings,
    ) -> Result<(), Refusal> {
        for track in self.tracks() {
            for sample in &track.samples {
                cursor.go_to(sample.at, "sample")?;
                track.entry.codec.sample(cursor, sample.len, plan, findings)?;
            }
        }
        Ok(())
    }

    /// `moov`, whose samples begin at `data_at`. Its length does not depend on that.
    pub(super) fn to_bytes(&self, data_at: u64, is_wide: bool) -> Vec<u8> {
        let (timescale, duration) = (self.main.timescale.to_be_bytes(), self.main.shown().to_be_bytes());
        let next = if self.alpha.is_some() { 3u32 } else { 2 }.to_be_bytes();
        let mut header = [[1, 0, 0, 0].as_slice(), &[0; 16], &timescale, &duration].concat();
        header.extend([[0, 1, 0, 0].as_slice(), &[1, 0], &[0; 10], &track::UPRIGHT, &[0; 24], &next].concat());
        let mut tracks = Vec::new();
        let mut at = data_at;
        for (track, id) in self.tracks().zip(1u32..) {
            let references = match (id, &self.alpha) {
                (2, _) => boxed(*b"tref", &[&boxed(*b"auxl", &[&1u32.to_be_bytes()])]),
                (_, Some(_)) if self.is_premultiplied => boxed(*b"tref", &[&boxed(*b"prem", &[&2u32.to_be_bytes()])]),
                _ => Vec::new(),
            };
            tracks.push(track.to_bytes(id, &references, at, is_wide));
            at = at.saturating_add(track.data_len());
        }
        boxed(*b"moov", &[&boxed(*b"mvhd", &[&header]), &tracks.concat()])
    }

    /// Times in the largest unit that tells them.
    fn reduce(&mut self) {
        let divisor = self.main.times_divisor();
        self.main.divide_times(divisor);
        if let Some(alpha) = &mut self.alpha {
            alpha.divide_times(divisor);
        }
    }
}

/// The first track of pictures, and its alpha if it has one.
fn choose(
    tracks: &[Boxed<'_>],
    timescale: u32,
    file_len: u64,
    at: u64,
    findings: &mut Findings,
) -> Result<Movie, Refusal> {
    let mut heads = Vec::new();
    for boxed in tracks {
        heads.push(track::Head::read(boxed)?);
    }
    let main = heads.iter().position(|head| head.role == Role::Pictures && !head.is_auxiliary());
    let main = main.ok_or(Refusal::new(Reason::Damaged, "track of pictures missing", at))?;
    let id = heads.get(main).map(|head| head.id);
    let alpha = heads.iter().position(|head| {
        head.role == Role::Auxiliary && head.is_alpha && head.auxiliary_of.iter().any(|of| Some(*of) == id)
    });
    let mut kept = [Some(main), alpha].map(|_| None);
    for (place, (head, boxed)) in heads.iter().zip(tracks).enumerate() {
        if place == main || Some(place) == alpha {
            let track = Track::read(head, boxed, timescale, file_len, findings)?;
            let [first, second] = &mut kept;
            *(if place == main { first } else { second }) = Some(track);
        } else {
            let handler = told::four(head.handler);
            findings.removed_value(Category::HiddenContent, "further track", &handler);
        }
    }
    let [Some(main_track), mut alpha_track] = kept else {
        return Err(Refusal::new(Reason::Damaged, "track of pictures missing", at));
    };
    if let Some(alpha) = &mut alpha_track
        && !alpha.keep_step_with(&main_track)
    {
        return Err(Refusal::new(Reason::NotUnderstood, "alpha out of step", at));
    }
    let alpha_id = alpha.and_then(|place| heads.get(place)).map(|head| head.id);
    let premultiplied_by = heads.get(main).map(|head| head.premultiplied_by.as_slice()).unwrap_or_default();
    let is_premultiplied = premultiplied_by.iter().any(|by| Some(*by) == alpha_id);
    Ok(Movie { main: main_track, alpha: alpha_track, is_premultiplied })
}

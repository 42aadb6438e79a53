//! One track of pictures: which samples it has, when each is shown, how often all of them. Written in one form; ids,
//! dates, languages, names, chunks and the unit of time are chosen here.

mod write;

use super::entry::Entry;
use super::tables::{self, Run};
use crate::clean::container::bmff::{Boxed, Boxes};
use crate::clean::heif::fields::Fields;
use crate::clean::heif::location::Range;
use crate::clean::heif::property::divisor;
use crate::clean::heif::told;
use crate::clean::{Category, Findings, Reason, Refusal};

/// The matrix of a picture that is not turned (ISO/IEC 14496-12, 8.2.2).
pub(super) const UPRIGHT: [u8; 36] =
    [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0];

/// What a track is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Pictures,
    Auxiliary,
    Other,
}

/// As much of a track as is needed to choose.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) id: u32,
    pub(super) role: Role,
    pub(super) handler: [u8; 4],
    pub(super) is_alpha: bool,
    pub(super) auxiliary_of: Vec<u32>,
    pub(super) premultiplied_by: Vec<u32>,
    is_thumbnail: bool,
}

/// A track that is kept.
#[derive(Debug)]
pub(super) struct Track {
    handler: [u8; 4],
    pub(super) timescale: u32,
    width: u32,
    height: u32,
    turn: Turn,
    edit: Option<Edit>,
    pub(super) entry: Entry,
    times: Vec<Run<u32>>,
    /// Signed, in the bits of the file.
    offsets: Vec<Run<u32>>,
    sync: Vec<u32>,
    pub(super) samples: Vec<Range>,
}

/// The edit list: from when on, and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edit {
    from: u32,
    plays: Plays,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plays {
    Once,
    /// At least twice.
    Times(u32),
    Forever,
}

/// Quarter turns and mirrors, as a, b, c and d of the matrix.
type Turn = [i8; 4];

/// `timescale` of `mvhd`.
pub(super) fn movie_timescale(body: &[u8]) -> Option<u32> {
    let mut fields = Fields::new(body);
    let skipped = if fields.full()?.0 == 1 { 16 } else { 8 };
    Fields::new(fields.rest().get(skipped..)?).u32().filter(|&timescale| timescale > 0)
}

impl Head {
    pub(super) fn read(trak: &Boxed<'_>) -> Result<Self, Refusal> {
        let damaged = |part| Refusal::new(Reason::Damaged, part, trak.body_at);
        let id = child(trak, *b"tkhd")?.and_then(|tkhd| track_id(tkhd.body)).ok_or(damaged("tkhd"))?;
        let mdia = child(trak, *b"mdia")?.ok_or(damaged("mdia"))?;
        let handler = child(&mdia, *b"hdlr")?.and_then(|hdlr| hdlr.body.get(8..12)?.try_into().ok());
        let handler: [u8; 4] = handler.ok_or(damaged("hdlr"))?;
        let role = match &handler {
            b"pict" | b"vide" => Role::Pictures,
            b"auxv" => Role::Auxiliary,
            _ => Role::Other,
        };
        let mut head = Self {
            id,
            role,
            handler,
            is_alpha: false,
            auxiliary_of: Vec::new(),
            premultiplied_by: Vec::new(),
            is_thumbnail: false,
        };
        if let Some(tref) = child(trak, *b"tref")? {
            for reference in tref.children(0).into_iter().flatten() {
                let reference = reference?;
                let ids = || reference.body.as_chunks::<4>().0.iter().copied().map(u32::from_be_bytes).collect();
                match &reference.kind {
                    b"auxl" => head.auxiliary_of = ids(),
                    b"prem" => head.premultiplied_by = ids(),
                    b"thmb" => head.is_thumbnail = true,
                    _ => {}
                }
            }
        }
        if let Some(minf) = child(&mdia, *b"minf")?
            && let Some(stbl) = child(&minf, *b"stbl")?
            && let Some(stsd) = child(&stbl, *b"stsd")?
        {
            head.is_alpha = Entry::is_alpha(&stsd);
        }
        Ok(head)
    }

    pub(super) fn is_auxiliary(&self) -> bool {
        self.is_thumbnail || !self.auxiliary_of.is_empty()
    }
}

impl Track {
    pub(super) fn read(
        head: &Head,
        trak: &Boxed<'_>,
        movie_timescale: u32,
        file_len: u64,
        findings: &mut Findings,
    ) -> Result<Self, Refusal> {
        let damaged = |part| Refusal::new(Reason::Damaged, part, trak.body_at);
        let tkhd = child(trak, *b"tkhd")?.and_then(|tkhd| Header::read(tkhd.body)).ok_or(damaged("tkhd"))?;
        let mdia = child(trak, *b"mdia")?.ok_or(damaged("mdia"))?;
        if let Some(hdlr) = child(&mdia, *b"hdlr")? {
            told::name(Category::Software, "hdlr", hdlr.body.get(24..).unwrap_or_default(), findings);
        }
        let timescale = child(&mdia, *b"mdhd")?.and_then(|mdhd| self::movie_timescale(mdhd.body));
        let timescale = timescale.ok_or(damaged("mdhd"))?;
        let minf = child(&mdia, *b"minf")?.ok_or(damaged("minf"))?;
        let stbl = child(&minf, *b"stbl")?.ok_or(damaged("stbl"))?;
        let tables = Tables::read(&stbl, file_len, findings)?;
        for boxed in trak.children(0).into_iter().flatten() {
            let boxed = boxed?;
            if !matches!(&boxed.kind, b"tkhd" | b"mdia" | b"tref" | b"edts") {
                told::unknown_box("trak", boxed.kind, boxed.body, findings);
            }
        }
        let (width, height) = tables.entry.size();
        let mut track = Self {
            handler: head.handler,
            timescale,
            width: if tkhd.width == 0 { width.into() } else { tkhd.width },
            height: if tkhd.height == 0 { height.into() } else { tkhd.height },
            turn: tkhd.turn.ok_or(Refusal::new(Reason::NotUnderstood, "tkhd matrix", trak.body_at))?,
            edit: None,
            entry: tables.entry,
            times: tables.times,
            offsets: tables.offsets,
            sync: tables.sync,
            samples: tables.samples,
        };
        if let Some(edts) = child(trak, *b"edts")?
            && let Some(elst) = child(&edts, *b"elst")?
        {
            let edit = track.edit(elst.body, tkhd.duration, movie_timescale);
            track.edit = Some(edit.ok_or(Refusal::new(Reason::NotUnderstood, "elst", elst.body_at))?);
        }
        Ok(track)
    }

    /// One edit that shows all of the track, perhaps again and again (ISO/IEC 14496-12, 8.6.6). `None` if it is another.
    fn edit(&self, elst: &[u8], track_duration: u64, movie_timescale: u32) -> Option<Edit> {
        let mut fields = Fields::new(elst);
        let (version, flags) = fields.full()?;
        let 1 = fields.u32()? else { return None };
        let bytes = if version == 1 { 8 } else { 4 };
        let (shown, from) = (fields.sized(bytes)?, fields.sized(bytes)?);
        let from = u32::try_from(from).ok().filter(|from| *from <= i32::MAX.cast_unsigned())?;
        if fields.u32()? != 0x0001_0000 || shown == 0 {
            return None;
        }
        // Pictures before that would never be shown.
        let first = self.first_shown()?;
        if from > first || self.duration() == 0 {
            return None;
        }
        // The same span in units of this track; off by no more than two of either.
        let is_all = {
            let here = u128::from(self.duration()).checked_mul(movie_timescale.into())?;
            let there = u128::from(shown).checked_mul(self.timescale.into())?;
            let slack = u128::from(self.timescale.max(movie_timescale)).checked_mul(2)?;
            there.checked_add(slack)? >= here
        };
        let plays = match track_duration {
            _ if flags & 1 == 0 => Plays::Once,
            u64::MAX => Plays::Forever,
            duration => match u32::try_from(duration.div_ceil(shown)).ok()? {
                0 | 1 => Plays::Once,
                count => Plays::Times(count),
            },
        };
        is_all.then_some(Edit { from: first, plays })
    }

    /// When the first picture is shown, in the order of coding.
    fn first_shown(&self) -> Option<u32> {
        let mut offsets = self
            .offsets
            .iter()
            .flat_map(|&(len, offset)| std::iter::repeat_n(offset, usize::try_from(len).unwrap_or(0)));
        let mut at = 0i64;
        let mut first = i64::MAX;
        for &(len, time) in &self.times {
            for _ in 0..len {
                let offset = offsets.next().unwrap_or(0).cast_signed();
                first = first.min(at.saturating_add(offset.into()));
                at = at.saturating_add(time.into());
            }
        }
        u32::try_from(first.max(0)).ok()
    }

    /// Of all samples, in units of [`Track::timescale`].
    fn duration(&self) -> u64 {
        let spans = self.times.iter().map(|(len, time)| u64::from(*len).saturating_mul((*time).into()));
        spans.fold(0, u64::saturating_add)
    }

    /// How long the track is shown; the largest number is forever.
    pub(super) fn shown(&self) -> u64 {
        let once = self.duration();
        match self.edit.map(|edit| edit.plays) {
            None | Some(Plays::Once) => once,
            Some(Plays::Times(count)) => once.saturating_mul(count.into()),
            Some(Plays::Forever) => u64::MAX,
        }
    }

    pub(super) fn data_len(&self) -> u64 {
        self.samples.iter().fold(0, |total, sample| total.saturating_add(sample.len))
    }

    /// Takes its edits and turns from `main`, if each of its pictures belongs to one of that, at the same time.
    pub(super) fn keep_step_with(&mut self, main: &Self) -> bool {
        (self.edit, self.turn) = (main.edit, main.turn);
        self.timescale == main.timescale && self.times == main.times && self.offsets == main.offsets
    }

    /// What all times of the track can be divided by.
    pub(super) fn times_divisor(&self) -> u32 {
        let offsets = self.offsets.iter().map(|(_, offset)| offset.cast_signed().unsigned_abs());
        let times = self.times.iter().map(|(_, time)| *time).chain(offsets);
        times.chain(self.edit.map(|edit| edit.from)).fold(self.timescale, divisor).max(1)
    }

    /// Divides all times. They are multiples of `by`.
    pub(super) fn divide_times(&mut self, by: u32) {
        let divided = |value: u32| value.checked_div(by).unwrap_or(value);
        self.timescale = divided(self.timescale);
        self.times.iter_mut().for_each(|(_, time)| *time = divided(*time));
        for (_, offset) in &mut self.offsets {
            let magnitude = divided(offset.cast_signed().unsigned_abs());
            *offset = if offset.cast_signed() < 0 { 0u32.wrapping_sub(magnitude) } else { magnitude };
        }
        if let Some(edit) = &mut self.edit {
            edit.from = divided(edit.from);
        }
    }
}

/// What `stbl` says.
struct Tables {
    entry: Entry,
    times: Vec<Run<u32>>,
    offsets: Vec<Run<u32>>,
    sync: Vec<u32>,
    samples: Vec<Range>,
}

impl Tables {
    fn read(stbl: &Boxed<'_>, file_len: u64, findings: &mut Findings) -> Result<Self, Refusal> {
        let damaged = |part| Refusal::new(Reason::Damaged, part, stbl.body_at);
        let stsd = child(stbl, *b"stsd")?.ok_or(damaged("stsd"))?;
        let (mut sizes, mut chunks) = (None, None);
        let (mut stts, mut ctts, mut stss, mut stsc) = (None, None, None, None);
        for boxed in stbl.children(0).into_iter().flatten() {
            let boxed = boxed?;
            match &boxed.kind {
                b"stsd" => {}
                b"stts" => stts = Some(boxed.body),
                b"ctts" => ctts = Some(boxed.body),
                b"stss" => stss = Some(boxed.body),
                b"stsc" => stsc = Some(boxed.body),
                b"stsz" | b"stz2" => sizes = tables::sizes(boxed.kind, boxed.body),
                b"stco" | b"co64" => chunks = tables::chunks(boxed.kind, boxed.body),
                // What refers to what, for editors; the coded pictures say it themselves.
                b"sdtp" | b"sgpd" | b"sbgp" | b"csgp" | b"cslg" | b"stdp" => {}
                b"senc" | b"saiz" | b"saio" => {
                    return Err(Refusal::new(Reason::NotUnderstood, "encrypted samples", boxed.body_at));
                }
                _ => told::unknown_box("stbl", boxed.kind, boxed.body, findings),
            }
        }
        let sizes = sizes.ok_or(damaged("stsz"))?;
        let count = sizes.len();
        let chunks = chunks.ok_or(damaged("stco"))?;
        let samples = tables::samples(stsc.ok_or(damaged("stsc"))?, &chunks, &sizes, file_len);
        let samples = samples.filter(|samples| !samples.is_empty()).ok_or(damaged("stsc"))?;
        let total = samples.iter().fold(0u64, |total, sample| total.saturating_add(sample.len));
        if total > file_len {
            return Err(damaged("samples overlap"));
        }
        Ok(Self {
            entry: Entry::read(&stsd, findings)?,
            times: stts.and_then(|body| tables::runs(body, count)).ok_or(damaged("stts"))?,
            offsets: match ctts {
                Some(body) => {
                    let offsets = tables::runs(body, count).ok_or(damaged("ctts"))?;
                    if offsets.iter().any(|(_, offset)| *offset != 0) { offsets } else { Vec::new() }
                }
                None => Vec::new(),
            },
            sync: match stss {
                Some(body) => tables::sync(body, count).ok_or(damaged("stss"))?,
                None => (1u32..).take(count).collect(),
            },
            samples,
        })
    }
}

/// What matters of `tkhd` (ISO/IEC 14496-12, 8.3.2).
struct Header {
    duration: u64,
    turn: Option<Turn>,
    width: u32,
    height: u32,
}

impl Header {
    fn read(body: &[u8]) -> Option<Self> {
        let mut fields = Fields::new(body);
        let duration = if fields.full()?.0 == 1 {
            fields.array::<24>()?;
            fields.u64()?
        } else {
            fields.array::<16>()?;
            let duration = fields.u32()?;
            if duration == u32::MAX { u64::MAX } else { duration.into() }
        };
        fields.array::<16>()?;
        let matrix: [u8; 36] = fields.array()?;
        let sides = [fields.u32()?, fields.u32()?];
        let [width, height] = sides.map(|side| side >> 16);
        Some(Self { duration, turn: turn(&matrix), width, height })
    }
}

fn track_id(tkhd: &[u8]) -> Option<u32> {
    let mut fields = Fields::new(tkhd);
    let skipped = if fields.full()?.0 == 1 { 16 } else { 8 };
    Fields::new(fields.rest().get(skipped..)?).u32()
}

/// a, b, c and d of a matrix of quarter turns and mirrors. Where it moves the picture to is not read.
fn turn(matrix: &[u8; 36]) -> Option<Turn> {
    let numbers: Vec<u32> = matrix.as_chunks::<4>().0.iter().copied().map(u32::from_be_bytes).collect();
    let &[a, b, 0, c, d, 0, _, _, 0x4000_0000] = numbers.as_slice() else { return None };
    let unit = |number: u32| match number {
        0 => Some(0i8),
        0x0001_0000 => Some(1),
        0xFFFF_0000 => Some(-1),
        _ => None,
    };
    let turn @ [a, b, c, d] = [unit(a)?, unit(b)?, unit(c)?, unit(d)?];
    matches!([a != 0, b != 0, c != 0, d != 0], [true, false, false, true] | [false, true, true, false]).then_some(turn)
}

fn child<'a>(parent: &Boxed<'a>, kind: [u8; 4]) -> Result<Option<Boxed<'a>>, Refusal> {
    let mut children = parent.children(0).unwrap_or(Boxes::new(&[], 0));
    children.find(|child| child.as_ref().map_or(true, |child| child.kind == kind)).transpose()
}

//! Movie fragments (ISO/IEC 14496-12, 8.8), whose samples are appended to the tables of their tracks. Keeps every
//! decoding time, by the durations of samples, and never one that says when the file was made.

use super::assemble::{self, Segment, Track};
use super::edits::{Edit, TIME_MAX};
use super::fields::Fields;
use super::runs::Runs;
use super::survey::Context;
use super::{dropped, walk};
use crate::clean::container::bmff::BoxHeader;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};

/// What samples of a track have unless they say otherwise (8.8.3).
#[derive(Clone, Copy, Debug)]
pub(super) struct Defaults {
    track: u32,
    description: u32,
    duration: u32,
    size: u32,
    flags: u32,
}

/// A sample depends on others (8.8.3.1).
const NON_SYNC: u32 = 0x0001_0000;
const SMALL_BYTES_MAX: usize = 4096;

/// Reads `mvex`.
pub(super) fn defaults(
    cursor: &mut Cursor<'_>,
    header: &BoxHeader,
    context: &mut Context,
) -> Result<Vec<Defaults>, Refusal> {
    let mut list = Vec::new();
    cursor.go_to(header.body_at, "mvex")?;
    while let Some(child) = context.walk.next(cursor, header.end(), &mut context.findings)? {
        match &child.kind {
            b"trex" => {
                context.take_entries(1, child.at)?;
                let body = walk::body(cursor, &child, SMALL_BYTES_MAX, "trex")?;
                list.push(Defaults::read(&body).ok_or(Refusal::new(Reason::Damaged, "trex", child.at))?);
            }
            b"mehd" | b"leva" | b"trep" => {}
            _ => dropped::name_box("mvex", &child, cursor, &mut context.findings)?,
        }
        cursor.go_to(child.end(), "box")?;
    }
    Ok(list)
}

impl Defaults {
    fn read(body: &[u8]) -> Option<Self> {
        let mut fields = Fields::new(body);
        fields.skip(4)?;
        Some(Self {
            track: fields.u32()?,
            description: fields.u32()?,
            duration: fields.u32()?,
            size: fields.u32()?,
            flags: fields.u32()?,
        })
    }
}

/// Reads `moof`, and appends its samples.
pub(super) fn read(
    cursor: &mut Cursor<'_>,
    header: &BoxHeader,
    kept: &mut [Track],
    dropped: &mut [Track],
    defaults: &[Defaults],
    context: &mut Context,
) -> Result<(), Refusal> {
    cursor.go_to(header.body_at, "moof")?;
    // Where data of a track begin that says nothing of it: at the box, and then behind those of the one before.
    let mut base = header.at;
    while let Some(child) = context.walk.next(cursor, header.end(), &mut context.findings)? {
        match &child.kind {
            b"traf" => {
                let mut traf = Traf { moof: header.at, base, next: base, flags: 0, chosen: None, time: None };
                traf.read(cursor, &child, (&mut *kept, &mut *dropped), defaults, context)?;
                base = traf.next;
            }
            b"mfhd" => {}
            _ => dropped::name_box("moof", &child, cursor, &mut context.findings)?,
        }
        cursor.go_to(child.end(), "box")?;
    }
    Ok(())
}

/// A `traf` box while it is read.
struct Traf {
    moof: u64,
    base: u64,
    /// Behind the data of the last run.
    next: u64,
    flags: u32,
    chosen: Option<(Defaults, Place)>,
    time: Option<u64>,
}

/// Which track.
#[derive(Clone, Copy)]
enum Place {
    Kept(usize),
    Dropped(usize),
    /// None that there is.
    Nowhere,
}

impl Traf {
    fn read(
        &mut self,
        cursor: &mut Cursor<'_>,
        header: &BoxHeader,
        (kept, dropped): (&mut [Track], &mut [Track]),
        defaults: &[Defaults],
        context: &mut Context,
    ) -> Result<(), Refusal> {
        while let Some(child) = context.walk.next(cursor, header.end(), &mut context.findings)? {
            let damaged = |part| Refusal::new(Reason::Damaged, part, child.at);
            match &child.kind {
                b"tfhd" => {
                    let body = walk::body(cursor, &child, SMALL_BYTES_MAX, "tfhd")?;
                    self.header(&body, (&*kept, &*dropped), defaults).ok_or(damaged("tfhd"))?;
                }
                b"tfdt" => {
                    let body = walk::body(cursor, &child, SMALL_BYTES_MAX, "tfdt")?;
                    let mut fields = Fields::new(&body);
                    let version = fields.array::<4>().map(|[version, ..]| version);
                    self.time = Some(version.and_then(|version| fields.wide(version)).ok_or(damaged("tfdt"))?);
                }
                b"trun" => {
                    let (defaults, place) = self.chosen.ok_or(damaged("trun before tfhd"))?;
                    let track = match place {
                        Place::Kept(index) => kept.get_mut(index),
                        Place::Dropped(index) => dropped.get_mut(index),
                        Place::Nowhere => None,
                    };
                    if let Some(track) = track {
                        self.run(cursor, &child, track, defaults, context)?;
                    }
                }
                b"sdtp" | b"sbgp" | b"sgpd" | b"subs" | b"saiz" | b"saio" | b"senc" | b"csgp" => {}
                _ => dropped::name_box("traf", &child, cursor, &mut context.findings)?,
            }
            cursor.go_to(child.end(), "box")?;
        }
        Ok(())
    }

    /// 8.8.7
    fn header(&mut self, body: &[u8], (kept, dropped): (&[Track], &[Track]), defaults: &[Defaults]) -> Option<()> {
        let mut fields = Fields::new(body);
        self.flags = fields.u32()? & 0x00FF_FFFF;
        let track = fields.u32()?;
        let known = defaults.iter().find(|known| known.track == track).copied();
        let mut own = known.unwrap_or(Defaults { track, description: 1, duration: 0, size: 0, flags: 0 });
        if self.flags & 0x1 != 0 {
            self.base = fields.u64()?;
        } else if self.flags & 0x2_0000 != 0 {
            self.base = self.moof;
        }
        self.next = self.base;
        for (flag, field) in
            [(0x2, &mut own.description), (0x8, &mut own.duration), (0x10, &mut own.size), (0x20, &mut own.flags)]
        {
            if self.flags & flag != 0 {
                *field = fields.u32()?;
            }
        }
        let find = |tracks: &[Track]| tracks.iter().position(|known| known.id == track);
        let place = match (find(kept), find(dropped)) {
            (Some(index), _) => Place::Kept(index),
            (None, Some(index)) => Place::Dropped(index),
            (None, None) => Place::Nowhere,
        };
        self.chosen = Some((own, place));
        Some(())
    }

    /// 8.8.8
    fn run(
        &mut self,
        cursor: &mut Cursor<'_>,
        header: &BoxHeader,
        track: &mut Track,
        defaults: Defaults,
        context: &mut Context,
    ) -> Result<(), Refusal> {
        let part = "trun";
        let damaged = || Refusal::new(Reason::Damaged, part, header.at);
        let flags = cursor.be32(part)? & 0x00FF_FFFF;
        let count = cursor.be32(part)?;
        if flags & 0x1 != 0 {
            let offset = i64::from(cursor.be32(part)?.cast_signed());
            self.next = self.base.checked_add_signed(offset).ok_or(damaged())?;
        }
        let mut first_flags = if flags & 0x4 != 0 { Some(cursor.be32(part)?) } else { None };
        let fields = [0x100, 0x200, 0x400, 0x800].map(|flag| flags & flag != 0);
        let width = fields.iter().fold(0_u64, |sum, &is_there| if is_there { sum.saturating_add(4) } else { sum });
        if u64::from(count).saturating_mul(width) > header.end().saturating_sub(cursor.at()) {
            return Err(damaged());
        }
        context.take_entries(count.into(), header.at)?;
        let mut adding = Adding::begin(track, context, header.at)?;
        if let Some(time) = self.time.take() {
            adding.go_to(time).ok_or(Refusal::new(Reason::Damaged, "tfdt", header.at))?;
        }
        let first = adding.track.samples.sizes.count();
        let begins = self.next;
        for _ in 0..count {
            let mut field = |is_there: bool, usual: u32| if is_there { cursor.be32(part) } else { Ok(usual) };
            let [has_duration, has_size, has_flags, has_offset] = fields;
            let duration = field(has_duration, defaults.duration)?;
            let size = field(has_size, defaults.size)?;
            let own = field(has_flags, defaults.flags)?;
            let offset = field(has_offset, 0)?.cast_signed();
            let sample = Sample { duration, size, offset, is_sync: first_flags.take().unwrap_or(own) & NON_SYNC == 0 };
            adding.push(sample, context, header.at)?;
            self.next = self.next.saturating_add(size.into());
        }
        let entry = defaults.description.checked_sub(1).ok_or(damaged())?;
        let segment = Segment { at: begins, len: self.next.saturating_sub(begins), first, count, entry };
        assemble::append(&mut adding.track.samples.segments, segment, &mut context.segments_left)
    }
}

struct Sample {
    duration: u32,
    size: u32,
    offset: i32,
    is_sync: bool,
}

/// A track to which samples are added.
struct Adding<'a> {
    track: &'a mut Track,
    clock: u64,
}

impl<'a> Adding<'a> {
    fn begin(track: &'a mut Track, context: &mut Context, at: u64) -> Result<Self, Refusal> {
        let clock = match track.clock {
            Some(clock) => clock,
            None => {
                // From here on tables grow one by one.
                if track.samples.sizes.count() > 0 {
                    context.take_entries(track.samples.sizes.count().into(), at)?;
                }
                track.duration()
            }
        };
        track.clock = Some(clock);
        Ok(Self { track, clock })
    }

    /// The next sample is decoded at `time`: the one before lasts until then.
    fn go_to(&mut self, time: u64) -> Option<()> {
        if self.track.samples.durations.samples() == 0 {
            (self.track.begins, self.clock) = (time, time);
            self.track.clock = Some(time);
            return Some(());
        }
        if time == self.clock {
            return Some(());
        }
        let last = u64::from(self.track.samples.durations.pop()?);
        let longer = last.checked_add(time)?.checked_sub(self.clock)?;
        let longer = u32::try_from(longer).ok().filter(|&duration| duration <= i32::MAX.cast_unsigned())?;
        self.track.samples.durations.push(1, longer);
        self.clock = time;
        self.track.clock = Some(time);
        Some(())
    }

    fn push(&mut self, sample: Sample, context: &mut Context, at: u64) -> Result<(), Refusal> {
        let damaged = Refusal::new(Reason::Damaged, "trun duration", at);
        if sample.duration > i32::MAX.cast_unsigned() {
            return Err(damaged);
        }
        let is_video = self.track.is_video();
        let samples = &mut self.track.samples;
        let count = samples.sizes.count();
        let number = count.checked_add(1).ok_or(damaged)?;
        samples.sizes.push(sample.size);
        samples.durations.push(1, sample.duration);
        if sample.offset != 0 || samples.offsets.samples() > 0 {
            // So far there was none.
            samples.offsets.resize(count, 0);
            samples.offsets.push(1, sample.offset);
        }
        if is_video && !sample.is_sync && samples.sync.is_none() {
            context.take_entries(count.into(), at)?;
            samples.sync = Some((1..number).collect());
        }
        if let Some(sync) = samples.sync.as_mut().filter(|_| sample.is_sync || !is_video) {
            sync.push(number);
        }
        self.clock = self.clock.saturating_add(sample.duration.into());
        self.track.clock = Some(self.clock);
        Ok(())
    }
}

/// Brings the movie to its beginning: the earliest track begins at 0, and a later one with an empty edit. Returns
/// the timescale, in which that can be said.
pub(super) fn settle_beginnings(tracks: &mut [Track], timescale: u32, findings: &mut Findings) -> Result<u32, Refusal> {
    for track in &mut *tracks {
        if track.samples.offsets.list().iter().all(|(_, offset)| *offset == 0) {
            track.samples.offsets = Runs::new();
        }
        let count = track.samples.sizes.count();
        track.samples.sync.take_if(|sync| u32::try_from(sync.len()) == Ok(count));
    }
    let product = |time: u64, scale: u32| u128::from(time).saturating_mul(scale.into());
    let earliest = tracks.iter().map(|track| (track.begins, track.timescale));
    let earliest = earliest.min_by(|one, other| product(one.0, other.1).cmp(&product(other.0, one.1)));
    let Some((first, scale)) = earliest else { return Ok(timescale) };
    if first > 0 {
        let seconds = first.checked_div(scale.into()).unwrap_or(0);
        findings.removed_value(Category::Time, "tfdt, time of the first sample", &format!("{seconds} s"));
    }
    if tracks.iter().all(|track| product(track.begins, scale) == product(first, track.timescale)) {
        return Ok(timescale);
    }
    let exact = tracks.iter().try_fold(timescale, |common, track| common_multiple(common, track.timescale));
    let finer = exact.and_then(|common| common_multiple(common, scale)).unwrap_or(timescale);
    let factor = u64::from(finer.checked_div(timescale).unwrap_or(1));
    for track in tracks {
        for edit in &mut track.edits {
            edit.duration = edit.duration.saturating_mul(factor);
        }
        // (begins / own scale − first / scale), in units of `finer`.
        let own = u128::from(track.timescale);
        let later = product(track.begins, scale).saturating_sub(product(first, track.timescale));
        let denominator = own.saturating_mul(scale.into()).max(1);
        let later = later.saturating_mul(finer.into()).checked_div(denominator).unwrap_or(0);
        let later = u64::try_from(later).unwrap_or(u64::MAX);
        if later > 0 {
            if track.edits.is_empty() {
                track.edits.push(Edit { duration: 0, time: Some(0), dwells: false });
            }
            track.edits.insert(0, Edit { duration: later, time: None, dwells: false });
        }
        if track.edits.iter().any(|edit| edit.duration > TIME_MAX) {
            return Err(Refusal::new(Reason::TooLarge, "tfdt", track.at));
        }
    }
    Ok(finer)
}

/// The least common multiple, up to a bound at which a day is still a number of 48 bits.
fn common_multiple(one: u32, other: u32) -> Option<u32> {
    let (mut a, mut b) = (one, other);
    while b > 0 {
        (a, b) = (b, a.checked_rem(b)?);
    }
    one.checked_div(a)?.checked_mul(other).filter(|&common| common <= TIMESCALE_MAX)
}

const TIMESCALE_MAX: u32 = 1_000_000_000;

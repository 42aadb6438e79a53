//! Reads a file box by box (ISO/IEC 14496-12, 4.2 and 8), and keeps what a clean one is made of. Never writes.

use super::assemble::{self, Track};
use super::brand::{self, Kind};
use super::dropped::{self, Coverage};
use super::edits::Edit;
use super::entry::{self, Media};
use super::fields::Fields;
use super::fragment::{self, Defaults};
use super::matrix::Turn;
use super::track::Raw;
use super::walk::{self, Walk};
use crate::clean::container::bmff::{self, BoxHeader};
use crate::clean::cursor::Cursor;
use crate::clean::metadata::quicktime;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What a clean file is made of.
#[derive(Debug)]
pub(super) struct Movie {
    pub(super) kind: Kind,
    /// Parts of a second that its durations are told in.
    pub(super) timescale: u32,
    /// Those that stay, in their order.
    pub(super) tracks: Vec<Track>,
    pub(super) findings: Findings,
}

/// What is counted over the whole file, and what is found.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) walk: Walk,
    pub(super) findings: Findings,
    entries_left: u64,
    /// How many more runs of samples there may be.
    pub(super) segments_left: usize,
}

impl Context {
    pub(super) fn new() -> Self {
        Self {
            walk: Walk::default(),
            findings: Findings::default(),
            entries_left: limits::MP4_ENTRIES_MAX,
            segments_left: limits::PIECES_MAX,
        }
    }

    /// Takes `count` entries of sample tables from what a file may have.
    pub(super) fn take_entries(&mut self, count: u64, at: u64) -> Result<(), Refusal> {
        let left = self.entries_left.checked_sub(count);
        self.entries_left = left.ok_or(Refusal::new(Reason::TooLarge, "number of table entries", at))?;
        Ok(())
    }
}

/// The movie box, read.
struct Presentation {
    timescale: u32,
    kept: Vec<Track>,
    dropped: Vec<Track>,
    defaults: Vec<Defaults>,
    /// Samples of sound that are not to be heard at the beginning, as user data say.
    delay: Option<u32>,
}

/// Reads the whole file.
pub(super) fn survey(cursor: &mut Cursor<'_>) -> Result<Movie, Refusal> {
    let mut survey = Survey { context: Context::new(), kind: None, presentation: None, coverage: Coverage::default() };
    while let Some(header) = survey.next_box(cursor)? {
        survey.top(&header, cursor)?;
        cursor.go_to(header.end(), "box")?;
    }
    survey.finish(cursor)
}

struct Survey {
    context: Context,
    kind: Option<Kind>,
    presentation: Option<Presentation>,
    coverage: Coverage,
}

impl Survey {
    /// The next box of the file. What is none, behind those that matter, is named and passed over.
    fn next_box(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<BoxHeader>, Refusal> {
        self.context.walk.count(cursor.at())?;
        let (at, end) = (cursor.at(), cursor.len());
        if at == end {
            return Ok(None);
        }
        let is_whole = self.presentation.is_some() && !self.coverage.is_empty();
        let claimed = bmff::claimed(cursor, end);
        let header = match claimed {
            Ok(Some(header)) if header.kind.iter().all(|&byte| byte == 0xA9 || (b' '..=b'~').contains(&byte)) => header,
            Ok(Some(_)) | Err(_) if is_whole => return self.trailer(cursor, at).map(|()| None),
            Ok(Some(_)) => return Err(Refusal::new(Reason::Damaged, "box type", at)),
            other => return other,
        };
        if header.end() <= end {
            return Ok(Some(header));
        }
        let left = end.saturating_sub(header.body_at);
        match &header.kind {
            // Recorders that stop in a hurry leave it too long; whether its samples are there is asked later.
            b"mdat" => Ok(Some(BoxHeader { body_len: left, ..header })),
            b"moof" | b"moov" => Err(Refusal::new(Reason::Truncated, "box", at)),
            _ if is_whole => self.trailer(cursor, at).map(|()| None),
            _ => Err(Refusal::new(Reason::Truncated, "box", at)),
        }
    }

    fn trailer(&mut self, cursor: &mut Cursor<'_>, at: u64) -> Result<(), Refusal> {
        dropped::name_trailer(cursor, at, &mut self.context.findings)?;
        cursor.go_to(cursor.len(), "trailer")
    }

    fn top(&mut self, header: &BoxHeader, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        let findings = &mut self.context.findings;
        match &header.kind {
            b"ftyp" | b"styp" => {
                if self.kind.is_none() && header.at == 0 {
                    let head = {
                        cursor.go_to(0, "ftyp")?;
                        let len = usize::try_from(header.end()).unwrap_or(usize::MAX).min(limits::SNIFF_BYTES);
                        cursor.bytes(len, "ftyp")?
                    };
                    self.kind = brand::recognise(&head);
                }
                Ok(())
            }
            b"mdat" => self.coverage.add(header.body_at, header.body_len),
            b"moov" => {
                if self.presentation.is_some() {
                    return Err(Refusal::new(Reason::Damaged, "moov twice", header.at));
                }
                self.presentation = Some(movie(header, cursor, &mut self.context)?);
                Ok(())
            }
            b"moof" => {
                let Some(presentation) = &mut self.presentation else {
                    return Err(Refusal::new(Reason::Damaged, "moof before moov", header.at));
                };
                let Presentation { kept, dropped, defaults, .. } = presentation;
                fragment::read(cursor, header, kept, dropped, defaults, &mut self.context)
            }
            // Indexes over what is written anew.
            b"sidx" | b"ssix" | b"mfra" | b"pdin" => Ok(()),
            b"udta" => {
                let body = walk::beginning(cursor, header, limits::METADATA_BYTES_MAX)?;
                quicktime::user_data(&body, header.body_at, findings);
                Ok(())
            }
            _ => dropped::name_box("", header, cursor, findings),
        }
    }

    fn finish(self, cursor: &mut Cursor<'_>) -> Result<Movie, Refusal> {
        let Self { mut context, kind, presentation, coverage } = self;
        let missing = Refusal::new(Reason::Damaged, "moov missing", cursor.len());
        let Presentation { timescale, mut kept, dropped, delay, .. } = presentation.ok_or(missing)?;
        for track in &dropped {
            dropped::tell_track(track, cursor, &mut context.findings)?;
        }
        for track in &mut kept {
            track.samples.sizes.merge();
        }
        kept.retain(|track| !track.samples.segments.is_empty());
        if kept.is_empty() {
            return Err(Refusal::new(Reason::NotUnderstood, "no picture and no sound", 0));
        }
        for track in &mut kept {
            dropped::drop_unused_entries(track, &mut context.findings)?;
        }
        let all = || kept.iter().chain(&dropped).flat_map(|track| &track.samples.segments);
        for segment in kept.iter().flat_map(|track| &track.samples.segments) {
            if segment.len > 0 && segment.end() > cursor.len() {
                return Err(Refusal::new(Reason::Truncated, "sample", cursor.len()));
            }
            if segment.len > 0 && !coverage.holds(segment.at, segment.len) {
                return Err(Refusal::new(Reason::Damaged, "sample outside mdat", segment.at));
            }
        }
        let unused = coverage.bytes_unused(all().map(|segment| (segment.at, segment.end())));
        if unused > 0 {
            let told = format!("{unused} bytes");
            context.findings.removed_value(Category::HiddenContent, "mdat, bytes of no sample", &told);
        }
        if let ([only], Some(delay)) = (kept.as_mut_slice(), delay)
            && !only.is_video()
            && only.edits.is_empty()
            && u64::from(delay) < only.duration()
            && delay > 0
        {
            only.edits.push(Edit { duration: 0, time: Some(delay.into()), dwells: false });
        }
        let timescale = fragment::settle_beginnings(&mut kept, timescale, &mut context.findings)?;
        let kind = kind.unwrap_or(Kind::QuickTime);
        Ok(Movie { kind, timescale, tracks: kept, findings: context.findings })
    }
}

/// Reads `moov` (8.2.1).
fn movie(header: &BoxHeader, cursor: &mut Cursor<'_>, context: &mut Context) -> Result<Presentation, Refusal> {
    let mut raws = Vec::new();
    let mut defaults = Vec::new();
    let (mut head, mut delay, mut is_fragmented) = (None, None, false);
    cursor.go_to(header.body_at, "moov")?;
    while let Some(child) = context.walk.next(cursor, header.end(), &mut context.findings)? {
        match &child.kind {
            b"mvhd" => {
                let body = walk::body(cursor, &child, 4096, "mvhd")?;
                let damaged = Refusal::new(Reason::Damaged, "mvhd", child.at);
                if head.replace(movie_header(&body, context).ok_or(damaged.clone())?).is_some() {
                    return Err(damaged);
                }
            }
            b"trak" => {
                if raws.len() >= limits::MP4_TRACKS_MAX {
                    return Err(Refusal::new(Reason::TooLarge, "number of tracks", child.at));
                }
                raws.push(Raw::read(cursor, &child, context)?);
            }
            b"mvex" => {
                defaults = fragment::defaults(cursor, &child, context)?;
                is_fragmented = true;
            }
            b"cmov" => return Err(Refusal::new(Reason::NotUnderstood, "compressed movie (cmov)", child.at)),
            b"udta" => {
                let body = walk::beginning(cursor, &child, limits::METADATA_BYTES_MAX)?;
                quicktime::user_data(&body, child.body_at, &mut context.findings);
                delay = quicktime::encoder_delay(&body);
            }
            _ => dropped::name_box("moov", &child, cursor, &mut context.findings)?,
        }
        cursor.go_to(child.end(), "box")?;
    }
    let (timescale, turn) = head.ok_or(Refusal::new(Reason::Damaged, "mvhd missing", header.at))?;
    let chapters: Vec<u32> = raws.iter().flat_map(|raw| raw.chapters.iter().copied()).collect();
    let (mut kept, mut dropped) = (Vec::new(), Vec::new());
    for mut raw in raws {
        // Writers know no duration when they begin, and players go by none.
        if is_fragmented && let Some(last) = raw.edits.last_mut().filter(|last| last.time.is_some()) {
            last.duration = 0;
        }
        let media = match &raw.handler {
            b"vide" if !chapters.contains(&raw.id) => Some(Media::Video),
            b"soun" => Some(Media::Sound),
            _ => None,
        };
        match media {
            Some(media) => kept.push(keep(raw, media, turn, context)?),
            None => dropped.push(drop(raw, &chapters, context)),
        }
    }
    Ok(Presentation { timescale, kept, dropped, defaults, delay })
}

/// 8.2.2: the timescale, and how all pictures are turned.
fn movie_header(body: &[u8], context: &mut Context) -> Option<(u32, [i32; 9])> {
    let mut fields = Fields::new(body);
    let [version, ..] = fields.array::<4>()?;
    let times = [fields.wide(version)?, fields.wide(version)?];
    dropped::tell_times(times, &mut context.findings);
    let timescale = fields.u32()?;
    fields.wide(version)?;
    fields.skip(16)?;
    let mut matrix = [0; 9];
    for number in &mut matrix {
        *number = fields.i32()?;
    }
    (timescale > 0).then_some((timescale, matrix))
}

fn keep(raw: Raw, media: Media, movie: [i32; 9], context: &mut Context) -> Result<Track, Refusal> {
    let at = raw.at;
    if raw.timescale == 0 {
        return Err(Refusal::new(Reason::Damaged, "mdhd", at));
    }
    let (descriptions, stands) = raw.descriptions.ok_or(Refusal::new(Reason::Damaged, "stsd missing", at))?;
    let entries = entry::rebuild(&descriptions, stands, media, &raw.foreign, &mut context.findings)?;
    let odd = Refusal::new(Reason::NotUnderstood, "transformation matrix", at);
    let turn = match media {
        Media::Video => Turn::of(raw.matrix).and_then(|own| Turn::of(movie).map(|all| own.then(all))).ok_or(odd)?,
        Media::Sound => Turn::UPRIGHT,
    };
    let mut packings = entries.iter().map(|entry| entry.packing);
    let packing = packings.next().flatten().filter(|first| packings.all(|other| other == Some(*first)));
    let samples = assemble::assemble(raw.tables, packing, at, &mut context.segments_left)?;
    let is_video = media == Media::Video;
    Ok(Track {
        at,
        id: raw.id,
        handler: raw.handler,
        is_enabled: raw.is_enabled,
        group: raw.group,
        width: if is_video { raw.width } else { 0 },
        height: if is_video { raw.height } else { 0 },
        turn,
        timescale: raw.timescale,
        edits: raw.edits,
        entries,
        samples,
        begins: 0,
        clock: None,
    })
}

/// A track that goes: its samples as far as its tables can be followed.
fn drop(raw: Raw, chapters: &[u32], context: &mut Context) -> Track {
    dropped::name_track(&raw, chapters.contains(&raw.id), &mut context.findings);
    let samples = assemble::assemble(raw.tables, None, raw.at, &mut context.segments_left);
    Track {
        at: raw.at,
        id: raw.id,
        handler: dropped::telling(raw.handler, raw.descriptions.as_ref().map(|(body, _)| body.as_slice())),
        is_enabled: raw.is_enabled,
        group: 0,
        width: 0,
        height: 0,
        turn: Turn::UPRIGHT,
        timescale: raw.timescale,
        edits: Vec::new(),
        entries: Vec::new(),
        samples: samples.unwrap_or_default(),
        begins: 0,
        clock: None,
    }
}

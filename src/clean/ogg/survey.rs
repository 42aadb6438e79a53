//! Reads the pages of an Ogg file once, and lays the packets of its sound on clean pages. Never keeps a page.
//!
//! Streams that follow one another are kept if they are of one codec. Beside the sound there may be streams that
//! are dropped; a second sound or a video at the same time is refused.

use super::page::{self, CONTINUED, FIRST, LAST, Page};
use super::paginate::{Break, Pages, Paginator, Piece};
use super::sound::{self, Kind, Packet, Sound, Stream};
use super::timeline::Timeline;
use super::{OGG, OPUS};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Draft, Findings, Plan, Reason, Refusal, Unsupported};
use crate::limits;

/// Reads the file and drafts the clean one.
pub(super) fn survey(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut survey = Survey::default();
    while let Some(page) = page::next(cursor, &mut survey.findings)? {
        survey.page(page)?;
    }
    survey.end_link()?;
    if survey.links == 0 {
        return Err(Refusal::new(Reason::Damaged, "sound missing", 0));
    }
    let becomes = if survey.kind == Some(Kind::Opus) { &OPUS } else { &OGG };
    Ok(Draft { plan: survey.plan, findings: survey.findings, becomes: Some(becomes), careful: None })
}

#[derive(Default)]
struct Survey {
    plan: Plan,
    findings: Findings,
    kind: Option<Kind>,
    link: Option<Link>,
    /// Streams of sound so far; each is numbered by it.
    links: u32,
    /// Serial numbers of sound that is over, and of what is dropped.
    over: Vec<u32>,
    dropped: Vec<u32>,
}

impl Survey {
    fn page(&mut self, page: Page) -> Result<(), Refusal> {
        if page.flags & FIRST != 0 {
            return self.first_page(&page);
        }
        match &mut self.link {
            Some(link) if link.serial == page.serial => link.page(page, &mut self.findings),
            _ if self.dropped.contains(&page.serial) => Ok(()),
            _ if self.over.contains(&page.serial) => Err(Refusal::new(
                Reason::NotSupported(Unsupported::sound("Ogg with several streams of sound")),
                "",
                page.at,
            )),
            _ => {
                self.findings.removed(Category::HiddenContent, "pages of no stream");
                Ok(())
            }
        }
    }

    fn first_page(&mut self, page: &Page) -> Result<(), Refusal> {
        let kind = match sound::stream(&page.body) {
            Stream::Sound(kind) => kind,
            Stream::Dropped(name) => {
                self.findings.removed(Category::HiddenContent, name);
                if self.dropped.len() >= limits::OGG_STREAMS_MAX {
                    return Err(Refusal::new(Reason::TooLarge, "number of streams", page.at));
                }
                self.dropped.push(page.serial);
                return Ok(());
            }
            Stream::Refused(name) => {
                return Err(Refusal::new(Reason::NotSupported(Unsupported::sound(name)), "", page.at));
            }
        };
        if self.link.as_ref().is_some_and(|link| link.sound.is_none() || link.is_at_start()) {
            return Err(Refusal::new(
                Reason::NotSupported(Unsupported::sound("Ogg with several streams of sound")),
                "",
                page.at,
            ));
        }
        self.end_link()?;
        if self.kind.is_some_and(|before| before != kind) {
            return Err(Refusal::new(Reason::NotUnderstood, "chained streams of different codecs", page.at));
        }
        if page.lacing.iter().filter(|&&segment| segment < 255).count() != 1 || page.lacing.last() == Some(&255) {
            return Err(Refusal::new(Reason::Damaged, "first page of a stream", page.at));
        }
        self.kind = Some(kind);
        self.links = self.links.saturating_add(1);
        let sound = Sound::start(kind, &page.body, page.at, &mut self.findings)?;
        self.link = Some(Link::new(page, self.links, sound));
        Ok(())
    }

    /// Writes the stream that is being read.
    fn end_link(&mut self) -> Result<(), Refusal> {
        let Some(link) = self.link.take() else { return Ok(()) };
        if self.over.len() >= limits::OGG_STREAMS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of streams", link.at));
        }
        self.over.push(link.serial);
        link.write(&mut self.plan, &mut self.findings)
    }
}

/// A logical stream of sound.
struct Link {
    serial: u32,
    sequence: u32,
    /// Offset of its first page.
    at: u64,
    /// `None` only while a header is read.
    sound: Option<Sound>,
    /// Its number in the clean file.
    number: u32,
    /// From the first packet of sound on.
    paginator: Option<Paginator>,
    timeline: Timeline,
    /// A packet that goes on.
    open: Option<Packet>,
    has_ended: bool,
    /// Whether there was sound on a page that was not the last.
    pages: Pages,
}

impl Link {
    fn new(page: &Page, number: u32, sound: Sound) -> Self {
        Self {
            serial: page.serial,
            sequence: page.sequence,
            at: page.at,
            number,
            paginator: None,
            timeline: Timeline::new(sound.kind()),
            sound: Some(sound),
            open: None,
            has_ended: false,
            pages: Pages::Any,
        }
    }

    /// Whether nothing but the first page has come.
    fn is_at_start(&self) -> bool {
        matches!(self.sound, Some(Sound::OpusHead(_) | Sound::VorbisIdentification(_) | Sound::FlacBlocks(_)))
    }

    fn page(&mut self, page: Page, findings: &mut Findings) -> Result<(), Refusal> {
        if self.has_ended {
            return Err(Refusal::new(Reason::Damaged, "page behind the last of its stream", page.at));
        }
        let expected = self.sequence.wrapping_add(1);
        self.sequence = page.sequence;
        let mut is_lost = page.flags & CONTINUED != 0 && self.open.is_none();
        if page.sequence != expected || is_lost || (page.flags & CONTINUED == 0 && self.open.is_some()) {
            // What is missing was lost when it was recorded or sent.
            self.open = None;
            is_lost = page.flags & CONTINUED != 0;
            findings.removed(Category::History, "pages missing");
        }
        let mut kept = Vec::new();
        let mut samples = 0_u64;
        let mut at = page.body_at;
        let mut body = page.body.as_slice();
        for &segment in &page.lacing {
            let (bytes, rest) = body.split_at_checked(segment.into()).unwrap_or_default();
            body = rest;
            let packet = self.open.get_or_insert_default();
            if packet.bytes.len().saturating_add(bytes.len()) > limits::METADATA_BYTES_MAX {
                return Err(Refusal::new(Reason::TooLarge, "packet", at));
            }
            packet.bytes.extend_from_slice(bytes);
            packet.pieces.push(Piece::Copy { at, len: bytes.len() });
            at = at.saturating_add(segment.into());
            if segment < 255 {
                let packet = self.open.take().unwrap_or_default();
                if std::mem::take(&mut is_lost) {
                    continue;
                }
                if let Some(packet) = self.packet(packet, page.at, findings)? {
                    samples = samples.saturating_add(packet.samples.into());
                    kept.push(packet);
                }
            }
        }
        if is_lost {
            self.open = None;
        }
        self.has_ended = page.flags & LAST != 0;
        self.lay(kept, samples, page.granule)
    }

    /// A whole packet; `None` if it is a header, or holds no sound.
    fn packet(&mut self, packet: Packet, at: u64, findings: &mut Findings) -> Result<Option<sound::Kept>, Refusal> {
        match self.sound.take() {
            Some(sound) if sound.is_in_headers() => {
                self.sound = Some(sound.header(&packet.bytes, at, findings)?);
                Ok(None)
            }
            // Some programs end a stream with an empty packet.
            Some(sound) if packet.bytes.is_empty() => {
                self.sound = Some(sound);
                Ok(None)
            }
            Some(mut sound) => {
                let kept = sound.packet(packet, at, findings);
                self.sound = Some(sound);
                kept
            }
            None => Ok(None),
        }
    }

    /// Lays the packets that end on one page of the original.
    fn lay(&mut self, kept: Vec<sound::Kept>, samples: u64, granule: Option<u64>) -> Result<(), Refusal> {
        if kept.is_empty() {
            return Ok(());
        }
        let Some(sound) = &self.sound else { return Ok(()) };
        let paginator = match &mut self.paginator {
            Some(paginator) => paginator,
            // Pages of headers are only counted now: those of FLAC say what is known at the end.
            none => {
                let sequence = sound.write_headers(&mut Plan::default(), self.number)?;
                none.insert(Paginator::new(self.number, sequence, sound.rate()))
            }
        };
        if sound.kind() == Kind::Vorbis && !self.has_ended {
            self.pages = Pages::Several;
        }
        let before = self.timeline.end();
        let span = self.timeline.page(samples, granule, self.has_ended);
        let mut end = span.start;
        let has_gap = span.start > before;
        // Players count from the end of such a page, so that it has to be where it was.
        let is_kept = has_gap || span.cut > 0;
        let mut how = if has_gap { Break::Always } else { Break::IfFull };
        for sound::Kept { packet, samples } in kept {
            end = end.saturating_add(samples.into());
            let bounded = end.saturating_sub(span.cut).min(span.end);
            paginator.packet((&packet.bytes, &packet.pieces), samples, bounded, how)?;
            how = if is_kept { Break::Never } else { Break::IfFull };
        }
        if is_kept {
            paginator.end_page();
        }
        Ok(())
    }

    fn write(mut self, plan: &mut Plan, findings: &mut Findings) -> Result<(), Refusal> {
        if self.timeline.was_cut {
            findings.removed(Category::History, "number of the first sample");
        }
        if self.open.take().is_some() {
            findings.removed(Category::History, "unfinished packet");
        }
        let sound = self.sound.filter(|sound| !sound.is_in_headers());
        let Some((sound, paginator)) = sound.zip(self.paginator) else {
            return Err(Refusal::new(Reason::Truncated, "sound", self.at));
        };
        sound.write_headers(plan, self.number)?;
        paginator.finish(self.pages, plan)
    }
}

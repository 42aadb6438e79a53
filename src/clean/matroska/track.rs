//! Tracks (RFC 9559, 5.1.4): which of them are kept, and what is kept of each.

use super::coding::{self, Coding, Private};
use super::picture::Picture;
use super::sound::Sound;
use super::{dropped, encoding, id, write};
use crate::clean::codec::Codec;
use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// A track of moving pictures or sound, which is kept.
#[derive(Clone, Debug)]
pub(super) struct Track {
    /// TrackNumber in the original; in the clean file they count from 1.
    number_before: u64,
    media: Media,
    pub(super) coding: Coding,
    /// Nanoseconds of a frame, where all have as many.
    pub(super) default_duration: Option<u64>,
    codec_delay: u64,
    seek_pre_roll: u64,
    /// Bytes that stand in front of each frame and were left out of the file.
    pub(super) stripped: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Media {
    Video(Box<Picture>),
    Audio(Sound),
}

impl Track {
    pub(super) fn is_video(&self) -> bool {
        matches!(self.media, Media::Video(_))
    }

    /// Whether BlockAdditional of its blocks is the alpha channel.
    pub(super) fn has_alpha(&self) -> bool {
        matches!(&self.media, Media::Video(picture) if picture.has_alpha)
    }

    pub(super) fn codec(&self) -> Codec {
        self.coding.codec
    }

    /// TrackEntry, as it is written.
    fn to_bytes(&self, number: u64) -> Vec<u8> {
        let kind = if self.is_video() { 1 } else { 2 };
        let mut body = [
            write::uint(id::TRACK_NUMBER, number),
            write::uint(id::TRACK_UID, number),
            write::uint(id::TRACK_TYPE, kind),
            // Left out, it would mean English.
            write::element(id::LANGUAGE, b"und"),
        ]
        .concat();
        if let Some(duration) = self.default_duration {
            body.extend(write::uint(id::DEFAULT_DURATION, duration));
        }
        if self.has_alpha() {
            body.extend(write::uint(id::MAX_BLOCK_ADDITION_ID, 1));
        }
        body.extend(write::element(id::CODEC_ID, self.coding.codec_id.as_bytes()));
        if let Some(private) = &self.coding.private {
            body.extend(write::element(id::CODEC_PRIVATE, private));
        }
        for (id, value) in [(id::CODEC_DELAY, self.codec_delay), (id::SEEK_PRE_ROLL, self.seek_pre_roll)] {
            if value > 0 {
                body.extend(write::uint(id, value));
            }
        }
        body.extend(match &self.media {
            Media::Video(picture) => picture.to_bytes(),
            Media::Audio(sound) => sound.to_bytes(),
        });
        write::element(id::TRACK_ENTRY, &body)
    }
}

/// All tracks that are kept, and the numbers of those that are not.
#[derive(Clone, Debug, Default)]
pub(super) struct Tracks {
    pub(super) kept: Vec<Track>,
    dropped: Vec<u64>,
}

impl Tracks {
    /// Reads them.
    pub(super) fn read(cursor: &mut Cursor<'_>, tracks: &Element, findings: &mut Findings) -> Result<Self, Refusal> {
        let mut found = Self::default();
        let mut children = Children::of(tracks);
        while let Some(child) = children.next(cursor)? {
            if child.id != id::TRACK_ENTRY {
                dropped::element(cursor, &child, "Tracks", findings)?;
                continue;
            }
            let entry = Entry::read(cursor, &child, findings)?;
            let number = entry.number;
            if number == 0 || found.dropped.contains(&number) || found.index(number).is_some() {
                return Err(Refusal::new(Reason::Damaged, "TrackNumber", child.at));
            }
            match entry.kept(cursor, found.kept.len(), findings)? {
                Some(track) => found.kept.push(track),
                None => found.dropped.push(number),
            }
            if found.kept.len() > limits::TRACKS_MAX || found.dropped.len() > limits::TRACKS_MAX {
                return Err(Refusal::new(Reason::TooLarge, "Tracks", child.at));
            }
        }
        if found.kept.is_empty() {
            return Err(Refusal::new(Reason::NotUnderstood, "Tracks without video or audio", tracks.at));
        }
        Ok(found)
    }

    /// The place among those kept of the track that the original calls `number`.
    pub(super) fn index(&self, number: u64) -> Option<usize> {
        self.kept.iter().position(|track| track.number_before == number)
    }

    /// Whether `number` is that of a track that is not kept.
    pub(super) fn is_dropped(&self, number: u64) -> bool {
        self.dropped.contains(&number)
    }

    /// The place among those kept of the track that Cues speak of: the first of moving pictures, or else of sound.
    pub(super) fn cued(&self) -> usize {
        self.kept.iter().position(Track::is_video).unwrap_or(0)
    }

    /// As they are written.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let entries: Vec<u8> = (1..).zip(&self.kept).flat_map(|(number, track)| track.to_bytes(number)).collect();
        write::element(id::TRACKS, &entries)
    }
}

/// What a TrackEntry says, before it is known what kind it is.
struct Entry {
    at: u64,
    number: u64,
    uid: u64,
    kind: u64,
    is_enabled: bool,
    codec_id: Vec<u8>,
    private: Option<Private>,
    language: Option<String>,
    name: Option<String>,
    default_duration: Option<u64>,
    codec_delay: u64,
    seek_pre_roll: u64,
    stripped: Result<Vec<u8>, Refusal>,
    has_encodings: bool,
    /// What only a track that is kept is refused for.
    strange: Option<Refusal>,
    video: Option<Element>,
    audio: Option<Element>,
}

impl Entry {
    fn new(at: u64) -> Self {
        Self {
            at,
            number: 0,
            uid: 0,
            kind: 0,
            is_enabled: true,
            codec_id: Vec::new(),
            private: None,
            language: None,
            name: None,
            default_duration: None,
            codec_delay: 0,
            seek_pre_roll: 0,
            stripped: Ok(Vec::new()),
            has_encodings: false,
            strange: None,
            video: None,
            audio: None,
        }
    }

    fn read(cursor: &mut Cursor<'_>, entry: &Element, findings: &mut Findings) -> Result<Self, Refusal> {
        let mut found = Self::new(entry.at);
        let mut children = Children::of(entry);
        while let Some(child) = children.next(cursor)? {
            found.insist_on_one(&child)?;
            let mut number = |part| Ok::<_, Refusal>(ebml::uint(cursor, &child, part)?.unwrap_or(0));
            match child.id {
                id::TRACK_NUMBER => found.number = number("TrackNumber")?,
                id::TRACK_UID => found.uid = number("TrackUID")?,
                id::TRACK_TYPE => found.kind = number("TrackType")?,
                id::FLAG_ENABLED => found.is_enabled = ebml::uint(cursor, &child, "FlagEnabled")? != Some(0),
                id::DEFAULT_DURATION => {
                    let duration = number("DefaultDuration")?;
                    found.default_duration =
                        Some(duration).filter(|duration| (1..=limits::FRAME_NANOSECONDS_MAX).contains(duration));
                }
                id::CODEC_DELAY => found.codec_delay = delay(number("CodecDelay")?, "CodecDelay", &child)?,
                id::SEEK_PRE_ROLL => found.seek_pre_roll = delay(number("SeekPreRoll")?, "SeekPreRoll", &child)?,
                id::CODEC_ID => found.codec_id = codec_id(cursor, &child)?,
                id::CODEC_PRIVATE => {
                    let bytes = ebml::bytes(cursor, &child, limits::CODEC_PRIVATE_BYTES_MAX, "CodecPrivate")?;
                    found.private = Some(Private { bytes, at: child.body_at });
                }
                id::CONTENT_ENCODINGS => {
                    (found.stripped, found.has_encodings) = (encoding::stripped(cursor, &child), true);
                }
                id::TRACK_OPERATION => {
                    found.strange = Some(Refusal::new(Reason::NotUnderstood, "TrackOperation", child.at));
                }
                id::TRACK_TIMESTAMP_SCALE => {
                    let scale = ebml::float(cursor, &child, "TrackTimestampScale")?.unwrap_or(1.0);
                    if scale.ne(&1.0) {
                        found.strange = Some(Refusal::new(Reason::NotUnderstood, "TrackTimestampScale", child.at));
                    }
                }
                id::TRACK_OFFSET => {
                    if ebml::sint(cursor, &child, "TrackOffset")?.unwrap_or(0) != 0 {
                        found.strange = Some(Refusal::new(Reason::NotUnderstood, "TrackOffset", child.at));
                    }
                }
                id::VIDEO => found.video = Some(child),
                id::AUDIO => found.audio = Some(child),
                id::NAME => found.name = Some(ebml::text(cursor, &child)?),
                id::LANGUAGE | id::LANGUAGE_BCP47 => {
                    let language = ebml::text(cursor, &child)?;
                    found.language = Some(language).filter(|language| language != "und").or(found.language);
                }
                _ => dropped::of_track(cursor, &child, findings)?,
            }
        }
        Ok(found)
    }

    /// Refuses a second one of what decoders do not agree on.
    fn insist_on_one(&self, child: &Element) -> Result<(), Refusal> {
        let (is_second, part) = match child.id {
            id::CODEC_ID => (!self.codec_id.is_empty(), "more than one CodecID"),
            id::CODEC_PRIVATE => (self.private.is_some(), "more than one CodecPrivate"),
            id::CONTENT_ENCODINGS => (self.has_encodings, "more than one ContentEncodings"),
            id::VIDEO => (self.video.is_some(), "more than one Video"),
            id::AUDIO => (self.audio.is_some(), "more than one Audio"),
            _ => return Ok(()),
        };
        if is_second { Err(Refusal::new(Reason::Damaged, part, child.at)) } else { Ok(()) }
    }

    /// The track, if it is one of those that are kept.
    fn kept(self, cursor: &mut Cursor<'_>, index: usize, findings: &mut Findings) -> Result<Option<Track>, Refusal> {
        if let Some(name) = &self.name {
            findings.removed_value(Category::Comment, "TrackEntry Name", name);
        }
        if let Some(language) = &self.language {
            findings.removed_value(Category::Person, "TrackEntry Language", language);
        }
        if !matches!(self.kind, 1 | 2) {
            self.tell_dropped(findings);
            return Ok(None);
        }
        let number = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1);
        if self.uid != number && self.uid != 0 {
            findings.removed_value(Category::Identifier, "TrackEntry TrackUID", &format!("{:016x}", self.uid));
        }
        if !self.is_enabled {
            findings.remains(Category::HiddenContent, "TrackEntry FlagEnabled", "a track that players do not play");
        }
        if let Some(strange) = self.strange {
            return Err(strange);
        }
        let private = self.private.as_ref();
        let (media, coding) = if self.kind == 1 {
            let missing = Refusal::new(Reason::Damaged, "TrackEntry without Video", self.at);
            let mut picture = Picture::read(cursor, &self.video.ok_or(missing)?, findings)?;
            let coding = coding::video(&self.codec_id, private, picture.size(), self.at, findings)?;
            picture.has_alpha &= matches!(coding.codec_id, "V_VP8" | "V_VP9");
            (Media::Video(Box::new(picture)), coding)
        } else {
            let missing = Refusal::new(Reason::Damaged, "TrackEntry without Audio", self.at);
            let mut sound = Sound::read(cursor, &self.audio.ok_or(missing)?, findings)?;
            let coding = coding::audio(&self.codec_id, private, &mut sound, self.at, findings)?;
            (Media::Audio(sound.settle(coding.needs_bit_depth, self.at, findings)?), coding)
        };
        let stripped = self.stripped?;
        // What cleans a sample finds its parts in the file.
        if !stripped.is_empty() && coding.codec != Codec::Opaque {
            return Err(Refusal::new(Reason::NotUnderstood, "ContentCompSettings", self.at));
        }
        Ok(Some(Track {
            number_before: self.number,
            media,
            coding,
            default_duration: self.default_duration,
            codec_delay: self.codec_delay,
            seek_pre_roll: self.seek_pre_roll,
            stripped,
        }))
    }

    /// Says what goes with a track of subtitles, buttons, or whatever else is neither seen nor heard as it is.
    fn tell_dropped(&self, findings: &mut Findings) {
        let kind = match self.kind {
            0x03 => "complex track",
            0x10 => "logo",
            0x11 => "subtitle track",
            0x12 => "buttons",
            0x20 => "control track",
            0x21 => "metadata track",
            _ => "track of unknown type",
        };
        let words = [self.name.as_deref(), self.language.as_deref()].into_iter().flatten();
        let codec = String::from_utf8_lossy(&self.codec_id);
        let told = words.chain([&*codec]).collect::<Vec<_>>().join(", ");
        findings.removed_value(Category::HiddenContent, kind, &told);
    }
}

fn codec_id(cursor: &mut Cursor<'_>, element: &Element) -> Result<Vec<u8>, Refusal> {
    let mut name = ebml::bytes(cursor, element, limits::CODEC_ID_BYTES_MAX, "CodecID")?;
    // A string may be filled up with zeros (RFC 8794, 7.4).
    while name.last() == Some(&0) {
        name.pop();
    }
    Ok(name)
}

fn delay(nanoseconds: u64, part: &'static str, element: &Element) -> Result<u64, Refusal> {
    if nanoseconds > limits::DELAY_NANOSECONDS_MAX {
        return Err(Refusal::new(Reason::Damaged, part, element.at));
    }
    Ok(nanoseconds)
}

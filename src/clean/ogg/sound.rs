//! The streams that Ogg may hold: which of them are sound that is kept, and what their packets are. Knows nothing of
//! pages.

use super::paginate::Piece;
use crate::clean::codec::opus;
use crate::clean::codec::vorbis;
use crate::clean::flac as flac_blocks;
use crate::clean::flac::frame::{self, Decoded, Fault};
use crate::clean::flac::streaminfo::{BYTES, StreamInfo, Totals};
use crate::clean::metadata::vorbis_comment;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};

/// Sound that is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Opus,
    Vorbis,
    Flac,
}

/// What the first packet of a stream says that the stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    Sound(Kind),
    /// Dropped and told: what it is.
    Dropped(&'static str),
    /// Refused: the name of such a file in a sentence.
    Refused(&'static str),
}

/// Looks at the first packet of a stream.
pub(super) fn stream(first: &[u8]) -> Stream {
    let found = STREAMS.iter().find(|(beginning, _)| first.starts_with(beginning));
    found.map_or(Stream::Dropped("stream of an unknown kind"), |&(_, stream)| stream)
}

/// The beginnings of the first packets (the codecs' own mappings, and Xiph's list of MIME types and codecs).
const STREAMS: &[(&[u8], Stream)] = &[
    (opus::MAGIC, Stream::Sound(Kind::Opus)),
    (vorbis::IDENTIFICATION, Stream::Sound(Kind::Vorbis)),
    (b"\x7FFLAC", Stream::Sound(Kind::Flac)),
    (b"fLaC", Stream::Refused("early Ogg FLAC")),
    (b"Speex   ", Stream::Refused("Ogg Speex")),
    (b"CELT    ", Stream::Refused("Ogg CELT")),
    (b"PCM     ", Stream::Refused("Ogg PCM")),
    (b"\x80theora", Stream::Refused("Ogg video (Theora)")),
    (b"\x80daala", Stream::Refused("Ogg video (Daala)")),
    (b"BBCD", Stream::Refused("Ogg video (Dirac)")),
    (b"OVP80", Stream::Refused("Ogg video (VP8)")),
    (b"\x01video", Stream::Refused("Ogg video (OGM)")),
    (b"\x01audio", Stream::Refused("OGM")),
    (b"OggMIDI", Stream::Refused("Ogg MIDI")),
    (b"UVS ", Stream::Refused("Ogg video")),
    (b"YUV4MPEG", Stream::Refused("Ogg video")),
    (b"\x8BJNG", Stream::Refused("Ogg pictures (JNG)")),
    (b"\x8AMNG", Stream::Refused("Ogg pictures (MNG)")),
    (b"\x89PNG", Stream::Refused("Ogg pictures (PNG)")),
    (b"fishead\0", Stream::Dropped("Skeleton")),
    (b"\x80kate", Stream::Dropped("subtitles (Kate)")),
    (b"CMML", Stream::Dropped("captions (CMML)")),
    (b"Annodex", Stream::Dropped("Annodex")),
    (b"\x01text", Stream::Dropped("subtitles (OGM)")),
];

/// A packet of the original: its bytes, and where in the file they are.
#[derive(Debug, Default)]
pub(super) struct Packet {
    pub(super) bytes: Vec<u8>,
    pub(super) pieces: Vec<Piece>,
}

/// A packet as it is written.
pub(super) struct Kept {
    pub(super) packet: Packet,
    pub(super) samples: u32,
}

/// What has been read of a stream's headers, and what is needed to read its packets.
#[derive(Debug)]
pub(super) enum Sound {
    /// Before the comment header.
    OpusHead(opus::Head),
    Opus(opus::Head),
    /// Before the comment header.
    VorbisIdentification(vorbis::Identification),
    /// Before the setup header.
    VorbisComment(vorbis::Identification),
    Vorbis {
        identification: vorbis::Identification,
        setup: Vec<u8>,
        lengths: vorbis::Lengths,
    },
    /// Before the last metadata block.
    FlacBlocks(Box<Totals>),
    Flac {
        totals: Box<Totals>,
        decoded: Decoded,
    },
}

impl Sound {
    /// Reads the first header.
    pub(super) fn start(kind: Kind, first: &[u8], at: u64, findings: &mut Findings) -> Result<Self, Refusal> {
        let (len, written, sound) = match kind {
            Kind::Opus => {
                let head = opus::Head::read(first).ok_or(Refusal::new(Reason::NotUnderstood, "OpusHead", at))?;
                (head.len(), head.to_bytes(), Self::OpusHead(head))
            }
            Kind::Vorbis => {
                let read = vorbis::Identification::read(first);
                let read = read.ok_or(Refusal::new(Reason::NotUnderstood, "identification header", at))?;
                (vorbis::IDENTIFICATION_BYTES, read.to_bytes(), Self::VorbisIdentification(read))
            }
            Kind::Flac => return flac(first, at, findings),
        };
        if first.len() > len {
            findings.removed(Category::HiddenContent, "behind the identification header");
        }
        if first.get(..len) != Some(&written) {
            match kind {
                Kind::Opus => {
                    let rate = first.get(12..).and_then(|rest| rest.first_chunk()).copied().map(u32::from_le_bytes);
                    let rate = format!("{} Hz", rate.unwrap_or(0));
                    findings.removed_value(Category::Device, "OpusHead input sample rate", &rate);
                }
                _ => findings.removed(Category::Software, "identification header bit rates"),
            }
        }
        Ok(sound)
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::OpusHead(_) | Self::Opus(_) => Kind::Opus,
            Self::VorbisIdentification(_) | Self::VorbisComment(_) | Self::Vorbis { .. } => Kind::Vorbis,
            Self::FlacBlocks(_) | Self::Flac { .. } => Kind::Flac,
        }
    }

    /// Samples a second that positions count.
    pub(super) fn rate(&self) -> u32 {
        match self {
            Self::OpusHead(_) | Self::Opus(_) => opus::RATE,
            Self::VorbisIdentification(read) | Self::VorbisComment(read) => read.rate,
            Self::Vorbis { identification, .. } => identification.rate,
            Self::FlacBlocks(totals) | Self::Flac { totals, .. } => totals.shape().rate,
        }
    }

    /// Whether the next packet is a header.
    pub(super) fn is_in_headers(&self) -> bool {
        !matches!(self, Self::Opus(_) | Self::Vorbis { .. } | Self::Flac { .. })
    }

    /// The next header.
    pub(super) fn header(self, packet: &[u8], at: u64, findings: &mut Findings) -> Result<Self, Refusal> {
        match self {
            Self::OpusHead(head) => {
                comment(packet, b"OpusTags", &[], at, findings)?;
                Ok(Self::Opus(head))
            }
            Self::VorbisIdentification(identification) => {
                comment(packet, vorbis::COMMENT, &[1], at, findings)?;
                Ok(Self::VorbisComment(identification))
            }
            Self::VorbisComment(identification) => {
                let setup = vorbis::Setup::read(packet, identification);
                let setup = setup.ok_or(Refusal::new(Reason::Damaged, "setup header", at))?;
                let whole = setup.whole(packet);
                if whole != packet {
                    findings.removed(Category::HiddenContent, "behind the setup header");
                }
                let lengths = vorbis::Lengths::new(identification, setup);
                Ok(Self::Vorbis { identification, setup: whole, lengths })
            }
            Self::FlacBlocks(totals) => {
                let (&[kind, ..], body) = packet.split_first_chunk::<4>().ok_or(Refusal::new(
                    Reason::Damaged,
                    "metadata block header",
                    at,
                ))?;
                flac_blocks::tell(kind & 0x7F, body, findings);
                Ok(Self::after_block(totals, kind))
            }
            other => Ok(other),
        }
    }

    fn after_block(totals: Box<Totals>, kind: u8) -> Self {
        if kind & 0x80 == 0 { Self::FlacBlocks(totals) } else { Self::Flac { totals, decoded: Decoded::default() } }
    }

    /// A packet behind the headers. `None` if it holds no sound, which is then told.
    pub(super) fn packet(&mut self, packet: Packet, at: u64, findings: &mut Findings) -> Result<Option<Kept>, Refusal> {
        match self {
            Self::Opus(head) => {
                let read = opus::packet(&packet.bytes, head.streams());
                let read = read.ok_or(Refusal::new(Reason::Damaged, "Opus packet", at))?;
                let blank = blanked(packet, &read.padding);
                if blank.1 {
                    findings.removed(Category::HiddenContent, "padding of Opus packets");
                }
                Ok(Some(Kept { packet: blank.0, samples: read.samples }))
            }
            // Odd ones are headers, which decoders pass over here.
            Self::Vorbis { .. } if packet.bytes.first().is_some_and(|first| first & 1 == 1) => {
                findings.removed(Category::HiddenContent, "packets without sound");
                Ok(None)
            }
            Self::Vorbis { lengths, .. } => {
                let samples = lengths.next(&packet.bytes);
                let samples = samples.ok_or(Refusal::new(Reason::Damaged, "Vorbis packet", at))?;
                Ok(Some(Kept { packet, samples }))
            }
            Self::Flac { totals, decoded } => {
                let wrong = |part| Refusal::new(Reason::Damaged, part, at);
                let frame = match frame::read(&packet.bytes, totals.shape(), decoded) {
                    Ok(frame) if frame.len == packet.bytes.len() => frame,
                    Ok(_) => return Err(wrong("packet of a frame")),
                    Err(Fault::Short) => return Err(wrong("frame")),
                    Err(Fault::NoHeader) => return Err(wrong("frame header")),
                    Err(Fault::Wrong(part)) => return Err(wrong(part)),
                };
                totals.add(frame, decoded.bytes()).ok_or(wrong("number or size of a frame"))?;
                Ok(Some(Kept { packet, samples: frame.samples }))
            }
            _ => Ok(None),
        }
    }

    /// Writes the pages of the headers. How many those are.
    pub(super) fn write_headers(&self, plan: &mut Plan, serial: u32) -> Result<u32, Refusal> {
        match self {
            Self::Opus(head) => {
                super::paginate::headers(plan, serial, &[&head.to_bytes(), b"OpusTags\0\0\0\0\0\0\0\0"])
            }
            Self::Vorbis { identification, setup, .. } => {
                let packets = [&identification.to_bytes(), vorbis::EMPTY_COMMENT.as_slice(), setup];
                super::paginate::headers(plan, serial, &packets)
            }
            Self::Flac { totals, .. } => {
                let first = [FLAC_HEAD.as_slice(), &totals.info().to_bytes()].concat();
                super::paginate::headers(plan, serial, &[&first, EMPTY_FLAC_COMMENT])
            }
            _ => Err(Refusal::new(Reason::Truncated, "headers", 0)),
        }
    }
}

/// Version 1.0, one more header, the marker, and the header of STREAMINFO (RFC 9639, 10.1).
const FLAC_HEAD: &[u8; 17] = b"\x7FFLAC\x01\0\0\x01fLaC\0\0\0\x22";
/// The last metadata block, which is a comment that says nothing.
const EMPTY_FLAC_COMMENT: &[u8] = b"\x84\0\0\x08\0\0\0\0\0\0\0\0";

/// The first packet of FLAC.
fn flac(first: &[u8], at: u64, findings: &mut Findings) -> Result<Sound, Refusal> {
    let not_understood = Refusal::new(Reason::NotUnderstood, "first packet of FLAC", at);
    let block = first.strip_prefix(b"\x7FFLAC\x01").and_then(|rest| rest.get(3..)?.strip_prefix(b"fLaC"));
    let (&[kind, 0, 0, 34], body) = block.and_then(<[u8]>::split_first_chunk).ok_or(not_understood.clone())? else {
        return Err(not_understood);
    };
    let (info, behind) = body.split_at_checked(BYTES).ok_or(not_understood.clone())?;
    let info = StreamInfo::read(info).filter(|_| kind & 0x7F == 0).ok_or(not_understood)?;
    if !behind.is_empty() {
        findings.removed(Category::HiddenContent, "behind the identification header");
    }
    Ok(Sound::after_block(Box::new(Totals::new(info.shape)), kind))
}

/// A comment header: what it says, and what stands behind it but `end`.
fn comment(packet: &[u8], magic: &[u8], end: &[u8], at: u64, findings: &mut Findings) -> Result<(), Refusal> {
    let body = packet.strip_prefix(magic).ok_or(Refusal::new(Reason::Damaged, "comment header", at))?;
    findings.append(vorbis_comment::findings(body));
    let behind = vorbis_comment::len(body).and_then(|len| body.get(len..)).unwrap_or_default();
    if behind != end && behind.iter().any(|&byte| byte != 0) {
        findings.removed(Category::HiddenContent, "behind the comments");
    }
    Ok(())
}

/// The packet with zeros in these places, and whether there was anything else.
fn blanked(mut packet: Packet, padding: &[(usize, usize)]) -> (Packet, bool) {
    let mut is_changed = false;
    for &(from, len) in padding {
        let until = from.saturating_add(len);
        if let Some(bytes) = packet.bytes.get_mut(from..until)
            && bytes.iter().any(|&byte| byte != 0)
        {
            bytes.fill(0);
            is_changed = true;
            let (mut pieces, rest) = super::paginate::split(&packet.pieces, from);
            pieces.push(Piece::Zeros { len });
            pieces.extend(super::paginate::split(&rest, len).1);
            packet.pieces = pieces;
        }
    }
    (packet, is_changed)
}

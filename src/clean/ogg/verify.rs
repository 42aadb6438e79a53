//! Reads produced Ogg and accounts for every byte, by a grammar of its own. Shares with the cleaner only the walk over
//! packets of sound, and repairs nothing.
//!
//! `stream+`, each `first-page header-page+ sound-page+`; the streams are numbered from 1, their pages from 0.

use std::io::Read;

use crate::clean::Unaccounted;
use crate::clean::checksum::ogg_crc32;
use crate::clean::codec::VorbisStream;
use crate::clean::codec::opus;
use crate::clean::flac::frame::{self, Decoded, Shape};
use crate::clean::flac::verify::{self as flac, Seen};
use crate::clean::produced::Produced;
use crate::limits;

/// Granule position of a page on which no packet ends.
const NONE: u64 = u64::MAX;

/// Accounts for every byte up to the end of `produced`: Opus.
pub(super) fn opus(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    Walker::new(produced).file(|first| first.starts_with(b"OpusHead"))
}

/// Accounts for every byte up to the end of `produced`: Vorbis or FLAC.
pub(super) fn ogg(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    Walker::new(produced).file(|first| !first.starts_with(b"OpusHead"))
}

/// How the packets of a stream are read.
enum Packets {
    Opus { streams: u8 },
    Vorbis(VorbisStream),
    Flac(Box<Flac>),
}

/// FLAC, whose header says what its frames come to.
struct Flac {
    shape: Shape,
    info: [u8; 34],
    seen: Seen,
    decoded: Decoded,
}

impl Packets {
    /// Samples of a packet; `None` if it is not as it should be.
    fn samples(&mut self, packet: &[u8]) -> Option<u64> {
        match self {
            Self::Opus { streams } => {
                let read = opus::packet(packet, *streams)?;
                let is_blank =
                    |&(from, len): &(usize, usize)| packet.iter().skip(from).take(len).all(|&byte| byte == 0);
                read.padding.iter().all(is_blank).then_some(read.samples.into())
            }
            Self::Vorbis(stream) => stream.samples(packet).map(u64::from),
            Self::Flac(flac) => {
                let frame = frame::read(packet, flac.shape, &mut flac.decoded).ok()?;
                let is_next = frame.len == packet.len() && flac.seen.frame(frame, flac.decoded.bytes());
                is_next.then_some(frame.samples.into())
            }
        }
    }

    /// Whether the headers have said what came.
    fn were_announced(self) -> bool {
        match self {
            Self::Opus { .. } | Self::Vorbis { .. } => true,
            Self::Flac(flac) => flac.seen.info(flac.shape) == Some(flac.info),
        }
    }
}

/// A page.
struct Page {
    flags: u8,
    granule: u64,
    lacing: Vec<u8>,
    body: Vec<u8>,
}

impl Page {
    /// Whether its last packet goes on; then it is nothing but a part of that packet.
    fn goes_on(&self) -> bool {
        self.lacing.last() == Some(&255)
    }

    fn is_solid(&self) -> bool {
        self.lacing.len() == 255 && self.lacing.iter().all(|&segment| segment == 255)
    }

    /// Its packets, and parts of packets.
    fn packets(&self) -> Vec<&[u8]> {
        let (mut packets, mut rest, mut len) = (Vec::new(), self.body.as_slice(), 0_usize);
        for &segment in &self.lacing {
            len = len.saturating_add(segment.into());
            if segment < 255 {
                let (packet, after) = rest.split_at_checked(len).unwrap_or_default();
                packets.push(packet);
                (rest, len) = (after, 0);
            }
        }
        if len > 0 {
            packets.push(rest);
        }
        packets
    }

    /// Segments of its first packet; more than there can be, where that goes on.
    fn first_segments(&self) -> usize {
        self.lacing.iter().position(|&segment| segment < 255).unwrap_or(self.lacing.len()).saturating_add(1)
    }
}

struct Walker<'a> {
    produced: Produced<'a>,
    serial: u32,
    sequence: u32,
}

impl<'a> Walker<'a> {
    fn new(produced: &'a mut dyn Read) -> Self {
        Self { produced: Produced::new(produced), serial: 0, sequence: 0 }
    }

    fn file(&mut self, is_own: fn(&[u8]) -> bool) -> Result<(), Unaccounted> {
        let mut codec: Option<Vec<u8>> = None;
        loop {
            self.serial = self.serial.saturating_add(1);
            self.sequence = 0;
            let first = self.page()?;
            let is_whole = first.flags == 2 && first.granule == 0 && first.packets().len() == 1 && !first.goes_on();
            if !is_whole || !is_own(&first.body) {
                return self.produced.wrong("first page");
            }
            let magic = first.body.get(..7).unwrap_or_default().to_vec();
            if *codec.get_or_insert_with(|| magic.clone()) != magic {
                return self.produced.wrong("codec");
            }
            let (mut packets, rate) = self.headers(&first.body)?;
            self.sound(&mut packets, rate.into())?;
            if !packets.were_announced() {
                return self.produced.wrong("STREAMINFO");
            }
            if self.produced.buffered()?.is_empty() {
                return Ok(());
            }
        }
    }

    /// The page that comes next in this stream.
    fn page(&mut self) -> Result<Page, Unaccounted> {
        let head: [u8; 22] = self.produced.array()?;
        let checksum: [u8; 4] = self.produced.array()?;
        let segments = self.produced.byte()?;
        let lacing = self.produced.bytes(segments.into())?;
        let body = self.produced.bytes(lacing.iter().copied().map(usize::from).sum())?;
        let [b'O', b'g', b'g', b'S', 0, flags @ 0..=7, rest @ ..] = head else {
            return self.produced.wrong("page header");
        };
        let (granule, numbers) = rest.split_first_chunk::<8>().unwrap_or((&[0; 8], &[]));
        if numbers != [self.serial.to_le_bytes(), self.sequence.to_le_bytes()].concat() {
            return self.produced.wrong("serial or sequence number");
        }
        if ogg_crc32(&[&head, &[0; 4], &[segments], &lacing, &body]).to_le_bytes() != checksum {
            return self.produced.wrong("page checksum");
        }
        self.sequence = self.sequence.saturating_add(1);
        Ok(Page { flags, granule: u64::from_le_bytes(*granule), lacing, body })
    }

    /// The headers behind the first page: how packets are read, and samples a second.
    fn headers(&mut self, first: &[u8]) -> Result<(Packets, u32), Unaccounted> {
        if let Some(streams) = opus_streams(first) {
            if self.header_packets(1)? != [b"OpusTags\0\0\0\0\0\0\0\0"] {
                return self.produced.wrong("comment header");
            }
            return Ok((Packets::Opus { streams }, 48_000));
        }
        if let Some(info) = first.strip_prefix(b"\x7FFLAC\x01\0\0\x01fLaC\0\0\0\x22") {
            let info = <[u8; 34]>::try_from(info).ok();
            let Some((info, shape)) = info.and_then(|info| Some((info, flac::shape(&info)?))) else {
                return self.produced.wrong("STREAMINFO");
            };
            if self.header_packets(1)? != [b"\x84\0\0\x08\0\0\0\0\0\0\0\0"] {
                return self.produced.wrong("comment header");
            }
            let flac = Flac { shape, info, seen: Seen::new(shape), decoded: Decoded::default() };
            return Ok((Packets::Flac(Box::new(flac)), shape.rate));
        }
        let Ok(identification) = <[u8; 30]>::try_from(first) else {
            return self.produced.wrong("identification header");
        };
        let packets = self.header_packets(2)?;
        let [comment, setup] = packets.as_slice() else { return self.produced.wrong("headers") };
        let comment = <[u8; 16]>::try_from(comment.as_slice()).ok();
        let stream = comment.and_then(|comment| VorbisStream::of(&identification, &comment, setup));
        let Some(stream) = stream else { return self.produced.wrong("headers") };
        let rate = stream.rate;
        Ok((Packets::Vorbis(stream), rate))
    }

    /// So many packets, which fill their pages and end the last one.
    fn header_packets(&mut self, count: usize) -> Result<Vec<Vec<u8>>, Unaccounted> {
        let mut packets: Vec<Vec<u8>> = Vec::new();
        let mut is_open = false;
        while packets.len() < count || is_open {
            let page = self.page()?;
            let ends = page.lacing.iter().any(|&segment| segment < 255);
            if page.flags != u8::from(is_open) || page.granule != if ends { 0 } else { NONE } {
                return self.produced.wrong("header page");
            }
            for (index, packet) in page.packets().into_iter().enumerate() {
                match packets.last_mut().filter(|_| is_open && index == 0) {
                    Some(open) => open.extend_from_slice(packet),
                    None => packets.push(packet.to_vec()),
                }
            }
            is_open = page.goes_on();
            let is_last = packets.len() == count && !is_open;
            let bytes: usize = packets.iter().map(Vec::len).sum();
            let is_bounded = packets.len() <= count && bytes <= limits::METADATA_BYTES_MAX;
            if !is_bounded || (!is_last && page.lacing.len() < 255) {
                return self.produced.wrong("header page");
            }
        }
        Ok(packets)
    }

    /// Pages of sound, up to the last of the stream.
    fn sound(&mut self, packets: &mut Packets, second: u64) -> Result<(), Unaccounted> {
        let mut before = Before { may_end: true, is_first: true, ..Before::default() };
        let mut open: Vec<u8> = Vec::new();
        loop {
            let page = self.page()?;
            let is_last = page.flags & 4 != 0;
            if page.flags & 1 != u8::from(!open.is_empty()) || page.flags & 2 != 0 || page.lacing.is_empty() {
                return self.produced.wrong("page flags");
            }
            if page.goes_on() {
                if !page.is_solid() || page.granule != NONE || is_last {
                    return self.produced.wrong("page within a packet");
                }
                if open.is_empty() && !before.may_end && before.segments.saturating_add(256) <= 255 {
                    return self.produced.wrong("page that is not full");
                }
                open.extend_from_slice(&page.body);
                if open.len() > limits::METADATA_BYTES_MAX {
                    return self.produced.wrong("packet");
                }
                continue;
            }
            let is_large = !open.is_empty();
            let mut samples = Vec::new();
            for (index, packet) in page.packets().into_iter().enumerate() {
                if is_large && index > 0 {
                    return self.produced.wrong("packet behind a large one");
                }
                open.extend_from_slice(packet);
                match packets.samples(&open) {
                    Some(count) => samples.push(count),
                    None => return self.produced.wrong("packet"),
                }
                open.clear();
            }
            let lies = before.next(&page, &samples, is_large, packets, second);
            before = match lies {
                Some(before) => before,
                None => return self.produced.wrong("granule position, or page that is not full"),
            };
            if is_last {
                return Ok(());
            }
        }
    }
}

/// What a page of sound leaves to the next one.
#[derive(Default)]
struct Before {
    /// Where its last packet ends.
    end: u64,
    segments: usize,
    /// Whether it may end where it does, whatever follows.
    may_end: bool,
    /// Whether sound has ended before the packets did.
    trimmed: bool,
    is_first: bool,
    /// Packets and samples of it, if it is the first of two; else none.
    half: Option<(usize, u64)>,
}

impl Before {
    /// The page behind it, with packets of these lengths; `None` if it does not lie where it should.
    fn next(&self, page: &Page, samples: &[u64], is_large: bool, packets: &Packets, second: u64) -> Option<Self> {
        let total = samples.iter().try_fold(0_u64, |sum, &count| sum.checked_add(count))?;
        let expected = self.end.checked_add(total)?;
        let is_last = page.flags & 4 != 0;
        let (mut trimmed, mut is_cut, mut has_gap) = (self.trimmed, false, false);
        if matches!(packets, Packets::Flac(_)) && page.granule != expected {
            return None;
        }
        if self.trimmed {
            if page.granule != self.end {
                return None;
            }
        } else if page.granule > expected {
            // Only between pages, so that a stream begins at 0.
            has_gap = true;
            if self.is_first || page.granule == NONE {
                return None;
            }
        } else if page.granule < expected {
            is_cut = self.is_first && !is_last && matches!(packets, Packets::Vorbis { .. });
            trimmed = !is_cut;
            if page.granule < self.end {
                return None;
            }
        }
        let fits = self.segments.saturating_add(page.first_segments()) <= 255;
        // Two halves of what one page would hold, but for the beginning that decoders make of it.
        let is_half = self.half.is_some_and(|(packets, before)| {
            let both = before.saturating_add(total).saturating_sub(samples.last().copied().unwrap_or(0));
            let segments = self.segments.saturating_add(page.lacing.len());
            let is_even = packets.checked_sub(samples.len()).is_some_and(|more| more <= 1);
            is_last && is_even && both < second && segments <= 255
        });
        if !self.may_end && fits && !has_gap && !is_large && !is_half {
            return None;
        }
        // The last packet may make it full, but not one before.
        let without_last = total.checked_sub(samples.last().copied()?)?;
        if without_last >= second && samples.len() > 1 && !is_cut && !has_gap {
            return None;
        }
        let may_end = is_large || is_cut || has_gap || total >= second;
        let half = (self.is_first && matches!(packets, Packets::Vorbis { .. })).then_some((samples.len(), total));
        Some(Self { end: page.granule, segments: page.lacing.len(), may_end, trimmed, is_first: false, half })
    }
}

/// Coded streams of an Opus header in its one form (RFC 7845, 5.1).
fn opus_streams(head: &[u8]) -> Option<u8> {
    let rest = head.strip_prefix(b"OpusHead\x01")?;
    let &[channels, _, _, 0x80, 0xBB, 0, 0, _, _, family, ref table @ ..] = rest else { return None };
    match (family, table) {
        (0, []) => matches!(channels, 1 | 2).then_some(1),
        (1 | 2 | 255, &[streams, coupled, ref mapping @ ..]) => {
            let decoded = u16::from(streams).checked_add(coupled.into())?;
            let is_mapped = mapping.iter().all(|&channel| channel == 255 || u16::from(channel) < decoded);
            let accepted = is_mapped
                && mapping.len() == usize::from(channels)
                && (1..=if family == 1 { 8 } else { 255 }).contains(&channels)
                && streams > 0
                && coupled <= streams
                && decoded <= 255;
            accepted.then_some(streams)
        }
        _ => None,
    }
}

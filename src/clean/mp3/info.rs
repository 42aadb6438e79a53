//! The tag frame that many encoders put first: Xing's, with LAME's fields in it, or Fraunhofer's (VBRI). Reads of it
//! what players need to cut the encoder's silence, and writes it anew.
//!
//! Sources: LAME's "Mp3 Info Tag revision 1 Specifications"; Xing's VBR header SDK; Fraunhofer's VBRI header as
//! decoders read it.

use super::header::Header;
use super::side::Layout;
use crate::clean::checksum::lame_crc16;
use crate::clean::metadata::legible;

/// Bytes of the tag: Xing's 120 and LAME's 36.
pub(super) const BYTES: usize = 156;
/// Entries of the table of contents.
const ENTRIES: u64 = 100;
/// Offsets of frames that are remembered for it.
pub(super) const OFFSETS_MAX: usize = 4_096;

/// What is kept of the tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Info {
    /// Samples that the encoder put before and behind the sound, twelve bits each; `None` where players do not look.
    delays: Option<[u8; 3]>,
    /// Frames of sound behind it, as it says.
    frames: Option<u32>,
    /// The program that wrote it.
    pub(super) encoder: String,
}

impl Info {
    /// Reads the tag in a whole frame. `None` if the frame holds sound, or a tag that counts neither frames nor
    /// bytes, which players take for silence.
    pub(super) fn read(frame: &[u8], header: Header) -> Option<Self> {
        let layout = Layout::of(header);
        let tag = |at: usize| frame.get(at..).unwrap_or_default();
        // Some encoders forget the checksum when they count.
        for at in [layout.main, layout.main.saturating_sub(layout.side).saturating_add(4)] {
            if tag(at).starts_with(b"Xing") || tag(at).starts_with(b"Info") {
                return Self::read_xing(tag(at));
            }
        }
        let counts = tag(46).get(..8).is_some_and(|counts| counts != [0; 8]);
        (counts && tag(36).starts_with(b"VBRI\0\x01")).then(|| Self {
            delays: None,
            frames: None,
            encoder: "Fraunhofer".to_owned(),
        })
    }

    /// The delays that still hold, if there are so many frames: where some are missing or more, the end is none.
    pub(super) fn delays(&self, frames: u64) -> Option<[u8; 3]> {
        let [first, second, third] = self.delays?;
        let is_whole = self.frames.is_some_and(|told| u64::from(told) == frames);
        Some(if is_whole { [first, second, third] } else { [first, second & 0xF0, 0] })
    }

    fn read_xing(tag: &[u8]) -> Option<Self> {
        let flags = tag.get(7).copied().unwrap_or(0);
        let counted = 4_usize.saturating_mul(usize::try_from((flags & 3).count_ones()).unwrap_or(0));
        tag.get(8..)?.get(..counted)?.iter().find(|&&byte| byte != 0)?;
        let fields = [(1, 4), (2, 4), (4, 100), (8, 4_usize)];
        let skipped: usize = fields.iter().filter(|(flag, _)| flags & flag != 0).map(|(_, len)| len).sum();
        let lame = tag.get(skipped.saturating_add(8)..).unwrap_or_default();
        let name = lame.get(..9).unwrap_or_default();
        // Others write the same fields; players that cut silence ask for these names.
        let is_known = [b"LAME", b"Lavf", b"Lavc"].iter().any(|known| name.starts_with(*known));
        let delays = lame.get(21..).and_then(|rest| rest.first_chunk::<3>()).copied();
        let is_printable = name.iter().all(|byte| (0x20..0x7F).contains(byte) || *byte == 0);
        let encoder = if is_printable { legible::text(name) } else { String::new() };
        let frames = tag.get(8..).and_then(|rest| rest.first_chunk()).copied().map(u32::from_be_bytes);
        Some(Self { delays: delays.filter(|_| is_known), frames: frames.filter(|_| flags & 1 != 0), encoder })
    }
}

/// What the frames of a stream come to.
#[derive(Debug, Default)]
pub(super) struct Totals {
    frames: u64,
    bytes: u64,
    /// Kilobits a second of all frames; `None` where they differ.
    kilobits: Option<u32>,
    varies: bool,
    /// Offset of every so many frames.
    offsets: Vec<u64>,
    every: u64,
}

impl Totals {
    /// Behind a tag frame of so many bytes.
    pub(super) fn new(tag_bytes: usize) -> Self {
        Self { bytes: u64::try_from(tag_bytes).unwrap_or(0), every: 1, ..Self::default() }
    }

    pub(super) fn frames(&self) -> u64 {
        self.frames
    }

    #[cfg(test)]
    pub(super) fn offsets_len(&self) -> usize {
        self.offsets.len()
    }

    /// The next frame.
    pub(super) fn add(&mut self, header: Header) {
        if self.frames.checked_rem(self.every) == Some(0) {
            if self.offsets.len() >= OFFSETS_MAX {
                let mut index = 0_usize;
                self.offsets.retain(|_| {
                    index = index.wrapping_add(1);
                    index % 2 == 1
                });
                self.every = self.every.saturating_mul(2);
            }
            if self.frames.checked_rem(self.every) == Some(0) {
                self.offsets.push(self.bytes);
            }
        }
        self.varies |= self.kilobits.replace(header.kilobits()).is_some_and(|before| before != header.kilobits());
        self.frames = self.frames.saturating_add(1);
        self.bytes = self.bytes.saturating_add(u64::try_from(header.len()).unwrap_or(0));
    }

    /// The tag frame in a stream of such frames.
    pub(super) fn tag_frame(&self, header: Header, emphasis: u8, delays: Option<[u8; 3]>) -> Vec<u8> {
        let layout = Layout::of(header);
        let number = |value: u64| u32::try_from(value).unwrap_or(u32::MAX).to_be_bytes();
        let mut frame = header.to_bytes(emphasis).to_vec();
        frame.resize(layout.main, 0);
        frame.extend_from_slice(if self.varies { b"Xing" } else { b"Info" });
        frame.extend_from_slice(&[0, 0, 0, 15]);
        frame.extend_from_slice(&number(self.frames));
        frame.extend_from_slice(&number(self.bytes));
        frame.extend((0..ENTRIES).map(|entry| self.entry(entry)));
        // No quality, which is a choice of the encoder's.
        frame.extend_from_slice(&[0; 4]);
        let mut lame = [0; 34];
        if let Some(delays) = delays {
            for (to, from) in lame.iter_mut().zip(b"LAME") {
                *to = *from;
            }
            for (to, from) in lame.iter_mut().skip(21).zip(delays) {
                *to = from;
            }
        }
        frame.extend_from_slice(&lame);
        let checksum = if delays.is_some() { lame_crc16(&frame) } else { 0 };
        frame.extend_from_slice(&checksum.to_be_bytes());
        frame.resize(header.len(), 0);
        frame
    }

    /// Where in 256 parts of the file this hundredth of the frames begins.
    fn entry(&self, entry: u64) -> u8 {
        let frame = entry.saturating_mul(self.frames) / ENTRIES;
        let index = frame.checked_div(self.every).and_then(|index| usize::try_from(index).ok());
        let offset = index.and_then(|index| self.offsets.get(index)).copied().unwrap_or(0);
        let part = offset.saturating_mul(256).checked_div(self.bytes).unwrap_or(0);
        u8::try_from(part).unwrap_or(u8::MAX)
    }
}

/// Bytes that a tag frame of this stream needs.
pub(super) fn frame_bytes(first: Header) -> usize {
    let plain = first.for_tag(0);
    Layout::of(plain).main.saturating_add(BYTES)
}

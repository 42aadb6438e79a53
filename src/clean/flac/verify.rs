//! Reads a produced FLAC file and accounts for every byte, by a grammar of its own. Shares with the cleaner only the
//! decoding of frames, and repairs nothing.
//!
//! `fLaC STREAMINFO SEEKTABLE frame+`; stream information and seek table say what the frames come to.

use std::io::Read;

use super::frame::{Blocking, Fault, Frame, Shape};
use super::frames::Window;
use super::md5::Md5;
use crate::clean::Unaccounted;
use crate::clean::produced::Produced;
use crate::limits;

/// Accounts for every byte up to the end of `produced`.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    produced.expect(b"fLaC\0\0\0\x22", "marker or STREAMINFO")?;
    let info: [u8; 34] = produced.array()?;
    let Some(shape) = shape(&info) else { return produced.wrong("STREAMINFO") };
    let [last, len @ ..]: [u8; 4] = produced.array()?;
    let [a, b, c] = len;
    let len = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(0);
    if last != 0x83 || len % 18 != 0 || len / 18 > limits::FLAC_SEEK_POINTS_MAX {
        return produced.wrong("SEEKTABLE");
    }
    let table = produced.bytes(len)?;
    let mut seen = Seen::new(shape);
    let mut points = table.as_chunks::<18>().0.iter();
    let mut window = Window::default();
    loop {
        match window.next(&mut produced, shape)? {
            Ok(frame) => {
                if let Some(point) = seen.point(frame.samples)
                    && points.next() != Some(&point)
                {
                    return produced.wrong("SEEKTABLE");
                }
                if !seen.frame(frame, window.samples()) {
                    return produced.wrong("number or size of a frame");
                }
            }
            Err(Fault::Short) if window.is_empty() => break,
            Err(Fault::Short | Fault::NoHeader) => return produced.wrong("frame"),
            Err(Fault::Wrong(part)) => return produced.wrong(part),
        }
    }
    if points.next().is_some() {
        return produced.wrong("SEEKTABLE");
    }
    if seen.info(shape) != Some(info) {
        return produced.wrong("STREAMINFO");
    }
    Ok(())
}

/// Rate, channels and depth (RFC 9639, 8.2).
pub(in crate::clean) fn shape(info: &[u8; 34]) -> Option<Shape> {
    let &[_, _, _, _, _, _, _, _, _, _, high, middle, low, depth, ..] = info;
    let rate = u32::from_be_bytes([0, high, middle, low]) >> 4;
    let bits = ((low & 1) << 4 | depth >> 4).checked_add(1)?;
    let channels = (low >> 1 & 7).checked_add(1)?;
    (rate > 0 && bits >= 4).then_some(Shape { rate, channels, bits })
}

/// What the frames so far say.
pub(in crate::clean) struct Seen {
    blocking: Blocking,
    blocks: Option<Blocks>,
    frames: u64,
    samples: u64,
    bytes: u64,
    /// Shortest and longest.
    frame_bytes: (u32, u32),
    /// Samples of ten seconds, and the next of those that a seek point is due for.
    ten_seconds: u64,
    due: u64,
    md5: Md5,
}

/// Samples of blocks.
#[derive(Clone, Copy)]
struct Blocks {
    smallest_before: Option<u32>,
    largest: u32,
    last: u32,
}

impl Seen {
    pub(in crate::clean) fn new(shape: Shape) -> Self {
        Self {
            blocking: Blocking::Fixed,
            blocks: None,
            frames: 0,
            samples: 0,
            bytes: 0,
            frame_bytes: (u32::MAX, 0),
            ten_seconds: u64::from(shape.rate).saturating_mul(10),
            due: 0,
            md5: Md5::new(),
        }
    }

    /// The seek point of the next frame, of so many samples, if one is due.
    fn point(&mut self, samples: u32) -> Option<[u8; 18]> {
        let end = self.samples.saturating_add(samples.into());
        if end <= self.due {
            return None;
        }
        while self.due < end {
            self.due = self.due.saturating_add(self.ten_seconds);
        }
        let samples = u16::try_from(samples).unwrap_or(0);
        let point = [self.samples.to_be_bytes().as_slice(), &self.bytes.to_be_bytes(), &samples.to_be_bytes()].concat();
        point.try_into().ok()
    }

    /// Whether a frame may come next; `decoded` are its samples as they are signed.
    pub(in crate::clean) fn frame(&mut self, frame: Frame, decoded: &[u8]) -> bool {
        let Frame { blocking, number, samples, .. } = frame;
        let len = u32::try_from(frame.len).unwrap_or(u32::MAX);
        self.md5.update(decoded);
        let blocks = match self.blocks {
            None => {
                self.blocking = blocking;
                Blocks { smallest_before: None, largest: samples, last: samples }
            }
            Some(Blocks { smallest_before, largest, last }) => Blocks {
                smallest_before: Some(smallest_before.map_or(last, |smallest| smallest.min(last))),
                largest: largest.max(samples),
                last: samples,
            },
        };
        let expected = match blocking {
            Blocking::Fixed => self.frames,
            Blocking::Variable => self.samples,
        };
        let is_even =
            blocking == Blocking::Variable || blocks.smallest_before.is_none_or(|smallest| smallest == blocks.largest);
        let is_accepted = blocking == self.blocking
            && number == expected
            && is_even
            && blocks.smallest_before.is_none_or(|smallest| smallest >= 16)
            && len < 1 << 24;
        self.blocks = Some(blocks);
        self.frames = self.frames.saturating_add(1);
        self.samples = self.samples.saturating_add(samples.into());
        self.bytes = self.bytes.saturating_add(len.into());
        self.frame_bytes = (self.frame_bytes.0.min(len), self.frame_bytes.1.max(len));
        is_accepted && self.samples < 1 << 36
    }

    /// The stream information that says just this.
    pub(in crate::clean) fn info(self, shape: Shape) -> Option<[u8; 34]> {
        let blocks = self.blocks?;
        let smallest = u16::try_from(blocks.smallest_before.unwrap_or(blocks.last).max(16)).ok()?;
        let largest = u16::try_from(blocks.largest.max(16)).ok()?;
        let [_, shortest @ ..] = self.frame_bytes.0.to_be_bytes();
        let [_, longest @ ..] = self.frame_bytes.1.to_be_bytes();
        let [rate_high, rate_low @ ..] = (shape.rate << 12).to_be_bytes();
        let [rate_middle, rate_low, _] = rate_low;
        let (channels, bits) = (shape.channels.checked_sub(1)?, shape.bits.checked_sub(1)?);
        let [.., total, a, b, c, d] = self.samples.to_be_bytes();
        let (smallest, largest, md5) = (smallest.to_be_bytes(), largest.to_be_bytes(), self.md5.finish());
        let info = [
            smallest.as_slice(),
            &largest,
            &shortest,
            &longest,
            &[rate_high, rate_middle, rate_low | (channels << 1) | (bits >> 4), (bits << 4) | total, a, b, c, d],
            &md5,
        ];
        info.concat().try_into().ok()
    }
}

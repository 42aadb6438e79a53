//! The stream information of FLAC (RFC 9639, 8.2), read, and made from the frames together with the seek table.

use super::frame::{Blocking, Frame, Shape};
use super::md5::Md5;
use crate::limits;

/// Bytes of the block's body.
pub(in crate::clean) const BYTES: usize = 34;
/// Seconds from one seek point to the next.
const SEEK_SECONDS: u64 = 10;

/// What the block says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::clean) struct StreamInfo {
    pub(in crate::clean) shape: Shape,
    /// 0 where it is not known.
    pub(in crate::clean) samples: u64,
    pub(in crate::clean) md5: [u8; 16],
    /// Of all blocks, the last of them not counted in the smallest.
    blocks: (u32, u32),
    /// Bytes.
    frames: (u32, u32),
}

impl StreamInfo {
    /// Reads a body. `None` if it is shorter than it should be, or describes no sound.
    pub(in crate::clean) fn read(body: &[u8]) -> Option<Self> {
        let (&head, md5) = body.split_first_chunk::<18>()?;
        let [.., a, b, c, d, e, f, g, h] = head;
        let packed = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        let shape = Shape {
            rate: u32::try_from(packed >> 44).ok()?,
            channels: u8::try_from(packed >> 41 & 7).ok()?.checked_add(1)?,
            bits: u8::try_from(packed >> 36 & 31).ok()?.checked_add(1)?,
        };
        let is_sound = shape.rate > 0 && shape.bits >= 4 && body.len() == BYTES;
        let info =
            Self { shape, samples: packed & 0xF_FFFF_FFFF, md5: md5.try_into().ok()?, blocks: (0, 0), frames: (0, 0) };
        is_sound.then_some(info)
    }

    /// The body.
    pub(in crate::clean) fn to_bytes(self) -> Vec<u8> {
        let word = |value: u32, bytes: usize| value.to_be_bytes().into_iter().skip(4_usize.saturating_sub(bytes));
        let shape = self.shape;
        let packed = (u64::from(shape.rate) << 44)
            | (u64::from(shape.channels.saturating_sub(1)) << 41)
            | (u64::from(shape.bits.saturating_sub(1)) << 36)
            | (self.samples & 0xF_FFFF_FFFF);
        let blocks = word(self.blocks.0, 2).chain(word(self.blocks.1, 2));
        let frames = word(self.frames.0, 3).chain(word(self.frames.1, 3));
        blocks.chain(frames).chain(packed.to_be_bytes()).chain(self.md5).collect()
    }
}

/// What the frames of a stream come to.
#[derive(Clone, Debug)]
pub(in crate::clean) struct Totals {
    shape: Shape,
    blocking: Option<Blocking>,
    samples: u64,
    frames: u64,
    bytes: u64,
    /// Smallest block before the last, and the last.
    smallest: Option<u32>,
    last: u32,
    largest: u32,
    shortest_frame: u32,
    longest_frame: u32,
    md5: Md5,
    /// First sample, offset behind the first frame, and samples.
    points: Vec<(u64, u64, u16)>,
    next_point: u64,
}

impl Totals {
    pub(in crate::clean) fn new(shape: Shape) -> Self {
        Self {
            shape,
            blocking: None,
            samples: 0,
            frames: 0,
            bytes: 0,
            smallest: None,
            last: 0,
            largest: 0,
            shortest_frame: u32::MAX,
            longest_frame: 0,
            md5: Md5::new(),
            points: Vec::new(),
            next_point: 0,
        }
    }

    /// What its frames have in common.
    pub(in crate::clean) fn shape(&self) -> Shape {
        self.shape
    }

    /// Samples of each channel so far.
    pub(in crate::clean) fn samples(&self) -> u64 {
        self.samples
    }

    /// A frame, and its samples as they are signed. `None` if it cannot stand behind those before.
    pub(in crate::clean) fn add(&mut self, frame: Frame, decoded: &[u8]) -> Option<()> {
        let blocking = *self.blocking.get_or_insert(frame.blocking);
        let is_next = super::is_in_order(blocking, frame.number, self.frames, self.samples);
        if self.frames > 0 {
            self.smallest = Some(self.smallest.map_or(self.last, |smallest| smallest.min(self.last)));
        }
        // Where blocks are of one size, only the last is shorter.
        let is_sized = blocking == Blocking::Variable
            || self.frames == 0
            || (self.smallest == Some(self.largest) && frame.samples <= self.largest);
        let is_block = self.smallest.is_none_or(|smallest| smallest >= BLOCK_SAMPLES_MIN);
        if !is_next || !is_sized || !is_block || blocking != frame.blocking {
            return None;
        }
        let width = u64::from(self.shape.bits.div_ceil(8)).checked_mul(self.shape.channels.into())?;
        let samples = self.samples.checked_add(frame.samples.into())?;
        samples.checked_mul(width).filter(|&bytes| bytes <= limits::FLAC_DECODED_BYTES_MAX)?;
        let len = u32::try_from(frame.len).ok().filter(|&len| len < 1 << 24)?;
        if self.samples.checked_add(frame.samples.into())? > self.next_point {
            let samples = u16::try_from(frame.samples).ok()?;
            if self.points.len() >= limits::FLAC_SEEK_POINTS_MAX {
                return None;
            }
            self.points.push((self.samples, self.bytes, samples));
            let every = u64::from(self.shape.rate).checked_mul(SEEK_SECONDS)?;
            self.next_point = self.samples.checked_add(frame.samples.into())?.next_multiple_of(every);
        }
        (self.last, self.largest) = (frame.samples, self.largest.max(frame.samples));
        (self.shortest_frame, self.longest_frame) = (self.shortest_frame.min(len), self.longest_frame.max(len));
        self.samples = self.samples.checked_add(frame.samples.into()).filter(|&samples| samples < 1 << 36)?;
        self.bytes = self.bytes.checked_add(len.into())?;
        self.frames = self.frames.checked_add(1)?;
        self.md5.update(decoded);
        Some(())
    }

    /// The block that describes these frames.
    pub(in crate::clean) fn info(&self) -> StreamInfo {
        let smallest = self.smallest.unwrap_or(self.last).max(BLOCK_SAMPLES_MIN);
        StreamInfo {
            shape: self.shape,
            samples: self.samples,
            md5: self.md5.clone().finish(),
            blocks: (smallest, self.largest.max(BLOCK_SAMPLES_MIN)),
            frames: (self.shortest_frame, self.longest_frame),
        }
    }

    /// The body of the seek table (8.5): the frame in which each ten seconds begin.
    pub(in crate::clean) fn seek_table(&self) -> Vec<u8> {
        let points = self.points.iter().flat_map(|&(sample, offset, samples)| {
            sample.to_be_bytes().into_iter().chain(offset.to_be_bytes()).chain(samples.to_be_bytes())
        });
        points.collect()
    }
}

/// Samples of a block that is not the last (8.2).
const BLOCK_SAMPLES_MIN: u32 = 16;

//! Control chunks of an animated PNG: parsed into numbers and written anew. Never holds picture data.

use super::rows::Shape;
use super::stream::Stream;
use crate::limits;

/// acTL (PNG 3rd edition, 11.3.6.1).
#[derive(Clone, Copy, Debug)]
pub(super) struct Control {
    /// Number of fcTL chunks.
    pub(super) frames: u32,
    /// Repetitions; 0 is forever.
    pub(super) plays: u32,
}

impl Control {
    /// Reads the data; `None` if they are against the specification.
    pub(super) fn new(data: [u8; 8]) -> Option<Self> {
        let [f0, f1, f2, f3, plays @ ..] = data;
        let frames = u32::from_be_bytes([f0, f1, f2, f3]);
        // Nobody sees the end of so many, and the number could carry anything.
        let plays = Some(u32::from_be_bytes(plays)).filter(|&plays| plays <= limits::PNG_PLAYS_MAX).unwrap_or(0);
        (frames > 0).then_some(Self { frames, plays })
    }

    pub(super) fn to_bytes(self) -> Vec<u8> {
        [self.frames, self.plays].map(u32::to_be_bytes).concat()
    }
}

/// fcTL without its sequence number (PNG 3rd edition, 11.3.6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FrameControl {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) x: u32,
    pub(super) y: u32,
    /// In seconds: numerator and denominator.
    delay: (u16, u16),
    dispose: u8,
    blend: u8,
}

impl FrameControl {
    /// Reads the data into the sequence number and the rest; `None` if they are against the specification
    /// or the frame is not inside `canvas`.
    pub(super) fn new(data: [u8; 26], canvas: Shape) -> Option<(u32, Self)> {
        let (words, rest) = data.as_chunks::<4>();
        let mut words = words.iter().copied().map(u32::from_be_bytes);
        let (sequence, width, height) = (words.next()?, words.next()?, words.next()?);
        let (x, y, delay) = (words.next()?, words.next()?, words.next()?);
        let &[dispose, blend] = rest else { return None };
        let fits = x.checked_add(width).is_some_and(|right| right <= canvas.width)
            && y.checked_add(height).is_some_and(|bottom| bottom <= canvas.height);
        if width == 0 || height == 0 || !fits || dispose > 2 || blend > 1 {
            return None;
        }
        let [n0, n1, d0, d1] = delay.to_be_bytes();
        let delay = canonical_delay(u16::from_be_bytes([n0, n1]), u16::from_be_bytes([d0, d1]));
        Some((sequence, Self { width, height, x, y, delay, dispose, blend }))
    }

    /// Whether the frame is all of `canvas`, as one that IDAT holds must be.
    pub(super) fn covers(&self, canvas: Shape) -> bool {
        (self.width, self.height, self.x, self.y) == (canvas.width, canvas.height, 0, 0)
    }

    /// The chunk's data.
    pub(super) fn to_bytes(self, sequence: u32) -> Vec<u8> {
        let words = [sequence, self.width, self.height, self.x, self.y].map(u32::to_be_bytes);
        let delay = [self.delay.0, self.delay.1].map(u16::to_be_bytes);
        [words.as_flattened(), delay.as_flattened(), &[self.dispose, self.blend]].concat()
    }
}

/// A frame that is not in IDAT.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) control: FrameControl,
    /// Of its fcTL.
    pub(super) sequence: u32,
    pub(super) stream: Stream,
}

/// The same duration as a reduced fraction, to the millisecond where the fraction is finer.
fn canonical_delay(numerator: u16, denominator: u16) -> (u16, u16) {
    // 0 stands for 100 (PNG 3rd edition, 11.3.6.2).
    let denominator = if denominator == 0 { 100 } else { denominator };
    let (numerator, denominator) = reduced(numerator, denominator);
    if denominator <= limits::PNG_DELAY_PARTS_MAX {
        return (numerator, denominator);
    }
    let parts = u32::from(numerator)
        .saturating_mul(u32::from(limits::PNG_DELAY_PARTS_MAX))
        .saturating_add(u32::from(denominator).div_ceil(2))
        .checked_div(u32::from(denominator))
        .unwrap_or(0);
    reduced(u16::try_from(parts).unwrap_or(u16::MAX), limits::PNG_DELAY_PARTS_MAX)
}

fn reduced(numerator: u16, denominator: u16) -> (u16, u16) {
    let (mut divisor, mut rest) = (denominator, numerator);
    while rest != 0 {
        (divisor, rest) = (rest, divisor.checked_rem(rest).unwrap_or(0));
    }
    (numerator.checked_div(divisor).unwrap_or(0), denominator.checked_div(divisor).unwrap_or(1))
}

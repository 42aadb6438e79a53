//! A FLAC frame from its sync code to its CRC-16, decoded to samples (RFC 9639, 9). That is what proves where it ends,
//! and that nothing stands between its parts.

use super::bits::{Bits, Short};
use crate::clean::checksum::{flac_crc8, flac_crc16};

/// What every frame of a stream has in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::clean) struct Shape {
    pub(in crate::clean) rate: u32,
    pub(in crate::clean) channels: u8,
    pub(in crate::clean) bits: u8,
}

/// Why there is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::clean) enum Fault {
    /// The bytes end before it does.
    Short,
    /// No frame begins here.
    NoHeader,
    /// A frame begins here, and is not as it should be.
    Wrong(&'static str),
}

impl From<Short> for Fault {
    fn from(_: Short) -> Self {
        Self::Short
    }
}

/// How frames are numbered (9.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::clean) enum Blocking {
    /// All blocks but the last are of one size; frames are counted.
    Fixed,
    /// Samples are counted.
    Variable,
}

/// A frame that has been read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::clean) struct Frame {
    pub(in crate::clean) len: usize,
    pub(in crate::clean) blocking: Blocking,
    pub(in crate::clean) number: u64,
    /// Samples of each channel.
    pub(in crate::clean) samples: u32,
}

/// Samples of one channel after the other, as a frame is decoded.
#[derive(Debug, Default)]
pub(in crate::clean) struct Decoded {
    channels: Vec<Vec<i64>>,
    bytes: Vec<u8>,
}

impl Decoded {
    /// The samples as they are hashed: channels interleaved, little-endian, in whole bytes (8.2).
    fn interleave(&mut self, shape: Shape, samples: usize) {
        let width = usize::from(shape.bits.div_ceil(8));
        let channels = self.channels.get(..shape.channels.into()).unwrap_or_default();
        self.bytes.clear();
        self.bytes.resize(samples.saturating_mul(width).saturating_mul(channels.len()), 0);
        let stride = width.saturating_mul(channels.len()).max(1);
        for (channel, values) in channels.iter().enumerate() {
            let from = channel.saturating_mul(width);
            let frames = self.bytes.chunks_exact_mut(stride).zip(values);
            match width {
                1 => frames.for_each(|(frame, value)| put::<1>(frame, from, *value)),
                2 => frames.for_each(|(frame, value)| put::<2>(frame, from, *value)),
                3 => frames.for_each(|(frame, value)| put::<3>(frame, from, *value)),
                _ => frames.for_each(|(frame, value)| put::<4>(frame, from, *value)),
            }
        }
    }

    /// What the MD5 signature is taken of.
    pub(in crate::clean) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Writes the lowest bytes of a sample.
fn put<const WIDTH: usize>(frame: &mut [u8], from: usize, value: i64) {
    let place = frame.get_mut(from..).and_then(|rest| rest.first_chunk_mut::<WIDTH>());
    if let (Some(place), Some(bytes)) = (place, value.to_le_bytes().first_chunk::<WIDTH>()) {
        *place = *bytes;
    }
}

/// Reads and decodes the frame that `bytes` begin with.
pub(in crate::clean) fn read(bytes: &[u8], shape: Shape, decoded: &mut Decoded) -> Result<Frame, Fault> {
    let header = Header::read(bytes, shape)?;
    let mut bits = Bits::new(bytes.get(header.len..).unwrap_or_default());
    let samples = usize::try_from(header.samples).unwrap_or(0);
    decoded.channels.resize_with(shape.channels.into(), Vec::new);
    for (index, channel) in decoded.channels.iter_mut().enumerate() {
        let is_side = matches!((header.assignment, index), (8 | 10, 1) | (9, 0));
        subframe(&mut bits, u32::from(shape.bits).saturating_add(is_side.into()), samples, channel)?;
    }
    if bits.pad()? != 0 {
        return Err(Fault::Wrong("padding of a frame"));
    }
    let coded = header.len.saturating_add(bits.bytes());
    let checksum = bits.read(16)?;
    if u32::from(flac_crc16(bytes.get(..coded).unwrap_or_default())) != checksum {
        return Err(Fault::Wrong("CRC-16 of a frame"));
    }
    join(header.assignment, &mut decoded.channels);
    decoded.interleave(shape, samples);
    let len = coded.saturating_add(2);
    Ok(Frame { len, blocking: header.blocking, number: header.number, samples: header.samples })
}

/// A frame header (9.1).
struct Header {
    len: usize,
    blocking: Blocking,
    number: u64,
    samples: u32,
    assignment: u32,
}

impl Header {
    fn read(bytes: &[u8], shape: Shape) -> Result<Self, Fault> {
        let mut bits = Bits::new(bytes);
        if bits.read(15)? != 0b111_1111_1111_1100 {
            return Err(Fault::NoHeader);
        }
        let blocking = if bits.read(1)? == 0 { Blocking::Fixed } else { Blocking::Variable };
        let (size, rate, assignment) = (bits.read(4)?, bits.read(4)?, bits.read(4)?);
        let (depth, reserved) = (bits.read(3)?, bits.read(1)?);
        let number = coded_number(&mut bits)?;
        let samples = match size {
            0 => return Err(Fault::NoHeader),
            1 => 192,
            2..=5 => 144_u32.wrapping_shl(size),
            6 => bits.read(8)?.saturating_add(1),
            7 => bits.read(16)?.saturating_add(1),
            _ => 1_u32.wrapping_shl(size),
        };
        let rate = match rate {
            0 => shape.rate,
            12 => bits.read(8)?.saturating_mul(1_000),
            13 => bits.read(16)?,
            14 => bits.read(16)?.saturating_mul(10),
            other => RATES.get(usize::try_from(other).unwrap_or(usize::MAX)).copied().ok_or(Fault::NoHeader)?,
        };
        let len = bits.bytes();
        if bits.read(8)? != u32::from(flac_crc8(bytes.get(..len).unwrap_or_default())) {
            return Err(Fault::NoHeader);
        }
        // From here on it is one beyond doubt.
        let channels = if assignment < 8 { assignment.saturating_add(1) } else { 2 };
        let is_shaped = rate == shape.rate
            && channels == u32::from(shape.channels)
            && assignment <= 10
            && DEPTHS
                .get(usize::try_from(depth).unwrap_or(usize::MAX))
                .is_some_and(|&own| own == 0 || own == shape.bits)
            && depth != 3
            && reserved == 0
            && samples < 65_536;
        if !is_shaped {
            return Err(Fault::Wrong("frame header"));
        }
        Ok(Self { len: len.saturating_add(1), blocking, number, samples, assignment })
    }
}

/// Sample rates by their code; those of 12 to 14 are in the header (9.1.2).
const RATES: [u32; 12] = [0, 88_200, 176_400, 192_000, 8_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];
/// Bits of a sample by their code; 0 is as the stream says, and 3 is reserved (9.1.4).
const DEPTHS: [u8; 8] = [0, 8, 12, 0, 16, 20, 24, 32];

/// A number of up to 36 bits, coded like a character of UTF-8 in its shortest form (9.1.5).
fn coded_number(bits: &mut Bits<'_>) -> Result<u64, Fault> {
    let first = bits.read(8)?;
    let ones = (first << 24).leading_ones();
    let more = match ones {
        0 => return Ok(first.into()),
        2..=7 => ones.saturating_sub(1),
        _ => return Err(Fault::NoHeader),
    };
    let mut number = u64::from(first) & 0x7F_u64.wrapping_shr(ones);
    for _ in 0..more {
        let byte = bits.read(8)?;
        if byte >> 6 != 0b10 {
            return Err(Fault::NoHeader);
        }
        number = (number << 6) | u64::from(byte & 0x3F);
    }
    let shortest = match more {
        1 => 1 << 7,
        more => 1_u64.wrapping_shl(more.saturating_mul(5).saturating_add(1)),
    };
    if number < shortest { Err(Fault::NoHeader) } else { Ok(number) }
}

/// A subframe (9.2): the samples of a channel, of so many bits each.
fn subframe(bits: &mut Bits<'_>, depth: u32, samples: usize, channel: &mut Vec<i64>) -> Result<(), Fault> {
    channel.clear();
    if bits.read(1)? != 0 {
        return Err(Fault::Wrong("subframe header"));
    }
    let kind = bits.read(6)?;
    let wasted = if bits.read(1)? == 0 { 0 } else { bits.unary()?.saturating_add(1) };
    let depth = depth.checked_sub(wasted).filter(|&depth| depth > 0).ok_or(Fault::Wrong("wasted bits"))?;
    match kind {
        0 => {
            let value = bits.signed(depth)?;
            channel.resize(samples, value);
        }
        1 => {
            for _ in 0..samples {
                channel.push(bits.signed(depth)?);
            }
        }
        8..=12 => {
            let coefficients = FIXED.get(usize::try_from(kind & 7).unwrap_or(0)).copied().unwrap_or_default();
            warm_up(bits, depth, coefficients.len(), samples, channel)?;
            residual(bits, coefficients.len(), samples, channel)?;
            predict(channel, coefficients, 0);
        }
        32..=63 => {
            let order = usize::try_from(kind & 31).unwrap_or(0).saturating_add(1);
            warm_up(bits, depth, order, samples, channel)?;
            let precision = bits.read(4)?.saturating_add(1);
            let shift = bits.signed(5)?;
            let shift = u32::try_from(shift).ok().filter(|_| precision < 16);
            let shift = shift.ok_or(Fault::Wrong("linear predictor"))?;
            let mut coefficients = [0; 32];
            for coefficient in coefficients.iter_mut().take(order) {
                *coefficient = bits.signed(precision)?;
            }
            residual(bits, order, samples, channel)?;
            predict(channel, coefficients.get(..order).unwrap_or_default(), shift);
        }
        _ => return Err(Fault::Wrong("type of a subframe")),
    }
    if wasted > 0 {
        channel.iter_mut().for_each(|value| *value = value.wrapping_shl(wasted));
    }
    Ok(())
}

/// Coefficients of the fixed predictors, the nearest sample first (9.2.5).
const FIXED: [&[i64]; 5] = [&[], &[1], &[2, -1], &[3, -3, 1], &[4, -6, 4, -1]];

/// The samples that a predictor begins with.
fn warm_up(bits: &mut Bits<'_>, depth: u32, order: usize, samples: usize, channel: &mut Vec<i64>) -> Result<(), Fault> {
    if order > samples {
        return Err(Fault::Wrong("order of a predictor"));
    }
    for _ in 0..order {
        channel.push(bits.signed(depth)?);
    }
    Ok(())
}

/// The coded residual (9.2.7), behind the samples that are there.
fn residual(bits: &mut Bits<'_>, order: usize, samples: usize, channel: &mut Vec<i64>) -> Result<(), Fault> {
    let parameter_bits = match bits.read(2)? {
        0 => 4,
        1 => 5,
        _ => return Err(Fault::Wrong("coding of the residual")),
    };
    let escape = (1_u32.wrapping_shl(parameter_bits)).wrapping_sub(1);
    let partitions = 1_usize.wrapping_shl(bits.read(4)?);
    let each = samples.checked_div(partitions).unwrap_or(0);
    if !samples.is_multiple_of(partitions) || each < order {
        return Err(Fault::Wrong("partitions of the residual"));
    }
    for partition in 1..=partitions {
        let until = each.saturating_mul(partition);
        let parameter = bits.read(parameter_bits)?;
        let count = until.saturating_sub(channel.len());
        if parameter == escape {
            let width = bits.read(5)?;
            for _ in 0..count {
                channel.push(bits.signed(width)?);
            }
        } else {
            for _ in 0..count {
                let high = bits.unary()?;
                let low = bits.read(parameter)?;
                let folded = u64::from(high).wrapping_shl(parameter) | u64::from(low);
                channel.push((folded >> 1).cast_signed() ^ (folded & 1).cast_signed().wrapping_neg());
            }
        }
    }
    Ok(())
}

/// Turns the residual into samples. Predictors of like order go one way, which is what makes it fast.
fn predict(channel: &mut [i64], coefficients: &[i64], shift: u32) {
    match coefficients.len() {
        0 => {}
        1..=4 => predict_by::<4>(channel, coefficients, shift),
        5..=8 => predict_by::<8>(channel, coefficients, shift),
        9..=12 => predict_by::<12>(channel, coefficients, shift),
        _ => predict_by::<32>(channel, coefficients, shift),
    }
}

/// With a predictor of at most `N` coefficients.
fn predict_by<const N: usize>(channel: &mut [i64], coefficients: &[i64], shift: u32) {
    // The farthest sample first, as they stand before the one that is predicted.
    let mut farthest_first = [0_i64; N];
    for (to, from) in farthest_first.iter_mut().rev().zip(coefficients) {
        *to = *from;
    }
    for at in coefficients.len()..channel.len() {
        let Some((before, rest)) = channel.split_at_mut_checked(at) else { return };
        let Some(value) = rest.first_mut() else { return };
        let sum = if let Some(history) = before.last_chunk::<N>() {
            let pairs = history.iter().zip(&farthest_first);
            pairs.fold(0_i64, |sum, (&sample, &own)| sum.wrapping_add(sample.wrapping_mul(own)))
        } else {
            let pairs = before.iter().rev().zip(coefficients);
            pairs.fold(0_i64, |sum, (&sample, &own)| sum.wrapping_add(sample.wrapping_mul(own)))
        };
        *value = value.wrapping_add(sum.wrapping_shr(shift));
    }
}

/// Left and right out of what was coded instead (9.1.3).
fn join(assignment: u32, channels: &mut [Vec<i64>]) {
    let [first, second] = channels else { return };
    for (first, second) in first.iter_mut().zip(second) {
        match assignment {
            8 => *second = first.wrapping_sub(*second),
            9 => *first = first.wrapping_add(*second),
            10 => {
                let side = *second;
                let mid = (*first << 1) | (side & 1);
                (*first, *second) = (mid.wrapping_add(side) >> 1, mid.wrapping_sub(side) >> 1);
            }
            _ => return,
        }
    }
}

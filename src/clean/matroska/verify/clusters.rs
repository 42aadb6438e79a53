//! Accounts for Clusters, block by block and frame by frame, and holds Cues, Duration and timestamps to what is there.

use std::collections::VecDeque;

use super::fields::bytes_of_size;
use super::tracks::Track;
use super::{Info, size};
use crate::clean::Unaccounted;
use crate::clean::produced::Produced;
use crate::limits;

/// What is to be known from one Cluster to the next.
pub(super) struct Clusters {
    tracks: Vec<Track>,
    info: Info,
    /// The first byte of the Segment's body, from which positions count.
    start: u64,
    /// The number of the track that Cues speak of.
    cued: u64,
    /// What Cues announced and has not come: time and position.
    announced: VecDeque<(u64, u64)>,
    last_cue: Option<i64>,
    first_cluster: Option<u64>,
    first_block: Option<i64>,
    end: Option<i64>,
}

impl Clusters {
    pub(super) fn new(tracks: Vec<Track>, info: Info, start: u64) -> Self {
        let cued = tracks.iter().zip(1..).find(|(track, _)| track.is_video).map_or(1, |(_, number)| number);
        let announced = VecDeque::new();
        Self { tracks, info, start, cued, announced, last_cue: None, first_cluster: None, first_block: None, end: None }
    }

    /// Remembers what a CuePoint says. False if it can be no good.
    pub(super) fn announce(&mut self, time: u64, track: u64, position: u64) -> bool {
        self.announced.push_back((time, position));
        track == self.cued && self.announced.len() <= limits::CUES_MAX
    }

    /// Accounts for the Cluster whose identifier was just read.
    pub(super) fn cluster(&mut self, produced: &mut Produced<'_>) -> Result<(), Unaccounted> {
        let position = produced.at().saturating_sub(4).saturating_sub(self.start);
        let size = size(produced, "Cluster")?;
        let end = produced.at().saturating_add(size);
        produced.expect(&[0xE7], "Timestamp")?;
        let timestamp = uint(produced, "Timestamp")?;
        if timestamp > limits::TICKS_MAX || produced.at() >= end {
            return produced.wrong("Timestamp");
        }
        self.first_cluster = Some(self.first_cluster.map_or(timestamp, |first| first.min(timestamp)));
        let mut is_cued = false;
        while produced.at() < end {
            let seen = match produced.byte()? {
                0xA3 => {
                    let len = self::size(produced, "SimpleBlock")?;
                    self.block(produced, len, Within::SimpleBlock)?
                }
                0xA0 => self.group(produced)?,
                _ => return produced.wrong("Cluster"),
            };
            let time = timestamp.cast_signed().saturating_add(seen.timestamp.into());
            self.first_block = Some(self.first_block.map_or(time, |first| first.min(time)));
            let until = time.saturating_add_unsigned(seen.ticks);
            self.end = Some(self.end.map_or(until, |end| end.max(until)));
            let step = limits::CUE_NANOSECONDS.checked_div(self.info.scale).unwrap_or(0).max(1);
            let is_due = self.last_cue.is_none_or(|last| time >= last.saturating_add_unsigned(step));
            if seen.number == self.cued && seen.is_keyframe && (!is_cued || is_due) {
                (is_cued, self.last_cue) = (true, Some(time));
                if self.announced.pop_front() != Some((u64::try_from(time).unwrap_or(0), position)) {
                    return produced.wrong("Cues");
                }
            }
        }
        if produced.at() == end { Ok(()) } else { produced.wrong("Cluster") }
    }

    /// A BlockGroup, which says at least one thing that a SimpleBlock could not.
    fn group(&self, produced: &mut Produced<'_>) -> Result<Seen, Unaccounted> {
        let size = size(produced, "BlockGroup")?;
        let end = produced.at().saturating_add(size);
        produced.expect(&[0xA1], "Block")?;
        let len = self::size(produced, "Block")?;
        let mut seen = self.block(produced, len, Within::BlockGroup)?;
        seen.is_keyframe = true;
        // What has come: alpha, duration, reference, padding, in this order.
        let (mut stage, mut is_needed) = (0, false);
        while produced.at() < end {
            let before = stage;
            let mut id = vec![produced.byte()?];
            if id == [0x75] {
                id.push(produced.byte()?);
            }
            stage = match id.as_slice() {
                [0x75, 0xA1] => {
                    self.alpha(produced, seen.number)?;
                    1
                }
                [0x9B] => {
                    seen.ticks = uint(produced, "BlockDuration")?;
                    2
                }
                [0xFB] => {
                    produced.expect(&[0x81, 0], "ReferenceBlock")?;
                    seen.is_keyframe = false;
                    3
                }
                [0x75, 0xA2] => {
                    let padding = sint(produced, "DiscardPadding")?;
                    if padding == 0 || padding.unsigned_abs() > limits::DELAY_NANOSECONDS_MAX {
                        return produced.wrong("DiscardPadding");
                    }
                    4
                }
                _ => return produced.wrong("BlockGroup"),
            };
            is_needed |= stage != 3;
            if stage <= before {
                return produced.wrong("BlockGroup");
            }
        }
        if produced.at() != end || !is_needed || seen.ticks > limits::TICKS_MAX {
            return produced.wrong("BlockGroup");
        }
        Ok(seen)
    }

    /// BlockAdditions of one BlockMore: BlockAddID 1 and the alpha channel, of a track that has one.
    fn alpha(&self, produced: &mut Produced<'_>, number: u64) -> Result<(), Unaccounted> {
        let additions = size(produced, "BlockAdditions")?;
        let additions_end = produced.at().saturating_add(additions);
        produced.expect(&[0xA6], "BlockMore")?;
        let more = size(produced, "BlockMore")?;
        let more_end = produced.at().saturating_add(more);
        produced.expect(&[0xEE, 0x81, 1, 0xA5], "BlockAddID")?;
        let len = size(produced, "BlockAdditional")?;
        let end = produced.at().saturating_add(len);
        let has_alpha = self.track(number).is_some_and(|track| track.has_alpha);
        if !has_alpha || more_end != end || additions_end != end {
            return produced.wrong("BlockAdditions");
        }
        produced.skip(len)
    }

    /// A block of `len` bytes.
    fn block(&self, produced: &mut Produced<'_>, len: u64, within: Within) -> Result<Seen, Unaccounted> {
        let end = produced.at().saturating_add(len);
        let [number, high, low, flags] = produced.array()?;
        let timestamp = i16::from_be_bytes([high, low]);
        let number = u64::from(number ^ 0x80);
        let Some(track) = self.track(number).copied() else { return produced.wrong("block") };
        let allowed = match within {
            // Keyframe, invisible, lacing, discardable.
            Within::SimpleBlock => 0x8F,
            Within::BlockGroup => 0x0E,
        };
        if flags & !allowed != 0 || produced.at() > end {
            return produced.wrong("block");
        }
        let sizes = match (flags & 0x06) >> 1 {
            0 => vec![end.saturating_sub(produced.at())],
            lacing => lace(produced, end, lacing)?,
        };
        for size in &sizes {
            let behind = produced.at().saturating_add(*size);
            track.codec.verify(produced, *size)?;
            if produced.at() != behind {
                return produced.wrong("frame");
            }
        }
        let frames = u64::try_from(sizes.len()).unwrap_or(u64::MAX);
        let nanoseconds = frames.saturating_mul(track.default_duration);
        let half = self.info.scale / 2;
        let ticks = nanoseconds.saturating_add(half).checked_div(self.info.scale).unwrap_or(0);
        Ok(Seen { number, timestamp, is_keyframe: flags & 0x80 != 0, ticks })
    }

    fn track(&self, number: u64) -> Option<&Track> {
        self.tracks.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// Insists that all that was announced has come.
    pub(super) fn end(&self, produced: &Produced<'_>) -> Result<(), Unaccounted> {
        if !self.announced.is_empty() {
            return produced.wrong("Cues");
        }
        if self.first_cluster.is_some_and(|first| first > 0) && self.first_block.is_some_and(|first| first > 0) {
            return produced.wrong("Timestamp");
        }
        let ticks = self.end.and_then(|end| u64::try_from(end).ok()).filter(|&ticks| ticks > 0);
        let is_told = match (self.info.duration, ticks) {
            (None, None) => true,
            (Some(told), Some(ticks)) => {
                // Both are whole, and below 2^53.
                let [high, low] = [ticks >> 32, ticks & 0xFFFF_FFFF].map(u32::try_from);
                let whole = f64::from(high.unwrap_or(0)) * 4_294_967_296.0 + f64::from(low.unwrap_or(0));
                told.to_bits() == whole.to_bits()
            }
            _ => false,
        };
        if is_told { Ok(()) } else { produced.wrong("Duration") }
    }
}

/// The element a block stands in.
#[derive(Clone, Copy)]
enum Within {
    SimpleBlock,
    BlockGroup,
}

/// What was seen of a block.
struct Seen {
    number: u64,
    timestamp: i16,
    is_keyframe: bool,
    ticks: u64,
}

/// The sizes of at least two frames, written in the one way that there is: once if they are equal, or else as Xiph
/// does where that is shorter than EBML's way.
fn lace(produced: &mut Produced<'_>, end: u64, lacing: u8) -> Result<Vec<u64>, Unaccounted> {
    let more = u64::from(produced.byte()?);
    if more == 0 {
        return produced.wrong("lace");
    }
    let mut sizes = Vec::new();
    match lacing {
        1 => {
            for _ in 0..more {
                let mut size = 0_u64;
                let mut byte = 255;
                while byte == 255 {
                    byte = produced.byte()?;
                    size = size.saturating_add(byte.into());
                }
                sizes.push(size);
            }
        }
        3 => {
            let mut last = size(produced, "lace")?;
            sizes.push(last);
            for _ in 1..more {
                let difference = difference(produced)?;
                match last.checked_add_signed(difference) {
                    Some(size) => last = size,
                    None => return produced.wrong("lace"),
                }
                sizes.push(last);
            }
        }
        _ => {
            let left = end.saturating_sub(produced.at());
            let count = more.saturating_add(1);
            let size = left.checked_div(count).unwrap_or(0);
            sizes.resize(usize::try_from(more).unwrap_or(0), size);
        }
    }
    let sum = sizes.iter().fold(0_u64, |sum, size| sum.saturating_add(*size));
    let Some(last) = end.checked_sub(produced.at()).and_then(|left| left.checked_sub(sum)) else {
        return produced.wrong("lace");
    };
    let are_equal = sizes.iter().all(|size| *size == last);
    if are_equal != (lacing == 2) || (!are_equal && (xiph_len(&sizes) < ebml_len(&sizes)) != (lacing == 1)) {
        return produced.wrong("lace");
    }
    sizes.push(last);
    Ok(sizes)
}

fn xiph_len(sizes: &[u64]) -> u64 {
    sizes.iter().fold(0, |len, size| len.saturating_add(size / 255).saturating_add(1))
}

fn ebml_len(sizes: &[u64]) -> u64 {
    let first = sizes.first().and_then(|first| bytes_of_size(*first)).unwrap_or(8);
    let rest = sizes.windows(2).map(|pair| match pair {
        &[a, b] => bytes_of_difference(b.cast_signed().saturating_sub(a.cast_signed())),
        _ => 0,
    });
    rest.fold(u64::from(first), |sum, len| sum.saturating_add(len.into()))
}

/// Bytes of a difference: seven bits of each, less one value on either side.
fn bytes_of_difference(difference: i64) -> u32 {
    let fits = |len: &u32| {
        let half = 1_u64.checked_shl(len.saturating_mul(7).saturating_sub(1)).unwrap_or(0);
        difference.unsigned_abs() < half
    };
    (1_u32..=8).find(fits).unwrap_or(8)
}

/// The difference between two sizes of an EBML lace, as short as it can be.
fn difference(produced: &mut Produced<'_>) -> Result<i64, Unaccounted> {
    let first = produced.byte()?;
    let more = first.leading_zeros();
    let mut value = u64::from(first ^ 0x80_u8.checked_shr(more).unwrap_or(0));
    for _ in 0..more {
        value = (value << 8) | u64::from(produced.byte()?);
    }
    let len = more.saturating_add(1);
    let middle = 1_i64.checked_shl(len.saturating_mul(7).saturating_sub(1)).unwrap_or(0).saturating_sub(1);
    let difference = value.cast_signed().saturating_sub(middle);
    if more < 8 && bytes_of_difference(difference) == len { Ok(difference) } else { produced.wrong("lace") }
}

/// An unsigned integer without needless bytes.
fn uint(produced: &mut Produced<'_>, part: &'static str) -> Result<u64, Unaccounted> {
    let len = size(produced, part)?;
    let body = match usize::try_from(len) {
        Ok(len @ 1..=8) => produced.bytes(len)?,
        _ => return produced.wrong(part),
    };
    if matches!(body.as_slice(), [0, _, ..]) {
        return produced.wrong(part);
    }
    Ok(body.iter().fold(0, |value, &byte| (value << 8) | u64::from(byte)))
}

/// A signed integer without needless bytes.
fn sint(produced: &mut Produced<'_>, part: &'static str) -> Result<i64, Unaccounted> {
    let len = size(produced, part)?;
    let body = match usize::try_from(len) {
        Ok(len @ 1..=8) => produced.bytes(len)?,
        _ => return produced.wrong(part),
    };
    if matches!(body.as_slice(), [0, 0..=0x7F, ..] | [0xFF, 0x80..=0xFF, ..]) {
        return produced.wrong(part);
    }
    let filling = if body.first().is_some_and(|first| *first >= 0x80) { -1 } else { 0 };
    Ok(body.iter().fold(filling, |value, &byte| (value << 8) | i64::from(byte)))
}

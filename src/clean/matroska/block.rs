//! Blocks (RFC 9559, 10): the frames of one, and how they are laced. What is kept of a block is written in one form
//! that is, byte for byte, the one most writers choose.

use super::write;
use crate::clean::container::ebml::{self, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Reason, Refusal};

/// Bits of a block's flags (RFC 9559, 10.1, 10.2).
pub(super) const KEYFRAME: u8 = 0x80;
const INVISIBLE: u8 = 0x08;
const LACING: u8 = 0x06;
const DISCARDABLE: u8 = 0x01;

/// Where a frame lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) at: u64,
    pub(super) len: u64,
}

/// The number of the track of the block whose body begins where `cursor` stands.
pub(super) fn track_number(cursor: &mut Cursor<'_>, block: &Element) -> Result<u64, Refusal> {
    Ok(ebml::vint(cursor, block.end(), 8, "block header")?.value)
}

/// A block, behind its track number.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Ticks after the Cluster's timestamp.
    pub(super) timestamp: i16,
    flags: u8,
    pub(super) frames: Vec<Frame>,
}

/// In which element a block stands, which decides what its flags may say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Within {
    SimpleBlock,
    BlockGroup,
}

impl Block {
    /// Reads what follows the track number.
    pub(super) fn read(cursor: &mut Cursor<'_>, element: &Element, within: Within) -> Result<Self, Refusal> {
        let end = element.end();
        if end.saturating_sub(cursor.at()) < 3 {
            return Err(Refusal::new(Reason::Truncated, "block header", element.at));
        }
        let timestamp = cursor.be16("block header")?.cast_signed();
        let flags = cursor.byte("block header")?;
        let frames = match (flags & LACING) >> 1 {
            0 => vec![Frame { at: cursor.at(), len: end.saturating_sub(cursor.at()) }],
            lacing => laced(cursor, element, lacing)?,
        };
        let told = match within {
            Within::SimpleBlock => KEYFRAME | INVISIBLE | DISCARDABLE,
            Within::BlockGroup => INVISIBLE,
        };
        Ok(Self { timestamp, flags: flags & told, frames })
    }

    pub(super) fn is_keyframe(&self) -> bool {
        self.flags & KEYFRAME != 0
    }

    /// Becomes what it would be in a SimpleBlock.
    pub(super) fn set_keyframe(&mut self) {
        self.flags |= KEYFRAME;
    }

    /// What stands in front of the frames in the clean file, where each has `stripped` bytes more than in the original.
    pub(super) fn head(&self, number: u64, stripped: u64) -> Vec<u8> {
        let sizes: Vec<u64> = self.frames.iter().map(|frame| frame.len.saturating_add(stripped)).collect();
        let lace = Lace::of(&sizes);
        let mut bytes = write::size(number);
        bytes.extend_from_slice(&self.timestamp.to_be_bytes());
        bytes.push(self.flags | (lace.lacing << 1));
        bytes.extend_from_slice(&lace.head);
        bytes
    }
}

/// The frames of a block that has several.
fn laced(cursor: &mut Cursor<'_>, element: &Element, lacing: u8) -> Result<Vec<Frame>, Refusal> {
    let damaged = Refusal::new(Reason::Damaged, "lace", element.at);
    let end = element.end();
    if cursor.at() >= end {
        return Err(damaged);
    }
    let count = usize::from(cursor.byte("lace")?).saturating_add(1);
    let mut sizes = Vec::with_capacity(count);
    match lacing {
        1 => xiph_sizes(cursor, end, count, &mut sizes)?,
        3 => ebml_sizes(cursor, end, count, &mut sizes).and_then(|sizes| sizes.ok_or(damaged.clone()))?,
        _ => {
            let left = end.saturating_sub(cursor.at());
            let count_of_it = u64::try_from(count).unwrap_or(u64::MAX);
            if left.checked_rem(count_of_it) != Some(0) {
                return Err(damaged);
            }
            sizes.resize(count.saturating_sub(1), left.checked_div(count_of_it).unwrap_or(0));
        }
    }
    let mut at = cursor.at();
    let mut frames = Vec::with_capacity(count);
    for len in sizes {
        frames.push(Frame { at, len });
        at = at.checked_add(len).filter(|&at| at <= end).ok_or(damaged.clone())?;
    }
    frames.push(Frame { at, len: end.saturating_sub(at) });
    Ok(frames)
}

/// All sizes but the last, each as bytes of 255 and one below (RFC 9559, 10.3.2).
fn xiph_sizes(cursor: &mut Cursor<'_>, end: u64, count: usize, sizes: &mut Vec<u64>) -> Result<(), Refusal> {
    for _ in 1..count {
        let mut size = 0_u64;
        loop {
            if cursor.at() >= end {
                return Err(Refusal::new(Reason::Damaged, "lace", cursor.at()));
            }
            let byte = cursor.byte("lace")?;
            size = size.saturating_add(byte.into());
            if byte < 255 {
                break;
            }
        }
        sizes.push(size);
    }
    Ok(())
}

/// All sizes but the last, the first as it is and the others by what they differ (RFC 9559, 10.3.3). `None` where
/// one is below zero.
fn ebml_sizes(cursor: &mut Cursor<'_>, end: u64, count: usize, sizes: &mut Vec<u64>) -> Result<Option<()>, Refusal> {
    let mut size = 0_u64;
    for index in 1..count {
        let number = ebml::vint(cursor, end, 8, "lace")?;
        let next = if index == 1 {
            Some(number.value)
        } else {
            let middle =
                1_i64.checked_shl(number.len.saturating_mul(7).saturating_sub(1)).unwrap_or(0).saturating_sub(1);
            size.checked_add_signed(number.value.cast_signed().saturating_sub(middle))
        };
        match next {
            Some(next) => size = next,
            None => return Ok(None),
        }
        sizes.push(size);
    }
    Ok(Some(()))
}

/// The one way to write sizes: none for one frame, one for all if they are equal, or else the shorter of Xiph's and
/// EBML's, as libmatroska chooses.
struct Lace {
    lacing: u8,
    head: Vec<u8>,
}

impl Lace {
    fn of(sizes: &[u64]) -> Self {
        let (Some((_, all_but_last)), Some((first, rest))) = (sizes.split_last(), sizes.split_first()) else {
            return Self { lacing: 0, head: Vec::new() };
        };
        if rest.is_empty() {
            return Self { lacing: 0, head: Vec::new() };
        }
        let count = u8::try_from(rest.len()).unwrap_or(u8::MAX);
        if rest.iter().all(|size| size == first) {
            return Self { lacing: 2, head: vec![count] };
        }
        let mut ebml = vec![count];
        ebml.extend(write::size(*first));
        for pair in all_but_last.windows(2) {
            if let &[before, size] = pair {
                ebml.extend(write::lace_difference(size.cast_signed().saturating_sub(before.cast_signed())));
            }
        }
        // A size of a gigabyte has four million bytes of 255: counted, not made.
        let xiph_len = all_but_last.iter().fold(1_u64, |len, size| len.saturating_add(size / 255).saturating_add(1));
        if xiph_len >= u64::try_from(ebml.len()).unwrap_or(0) {
            return Self { lacing: 3, head: ebml };
        }
        let mut xiph = vec![count];
        for size in all_but_last {
            xiph.extend(std::iter::repeat_n(255, usize::try_from(size / 255).unwrap_or(0)));
            xiph.push(u8::try_from(size % 255).unwrap_or(0));
        }
        Self { lacing: 1, head: xiph }
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn read(body: &[u8]) -> Result<Block, Reason> {
        let mut reader = io::Cursor::new(body.to_vec());
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let body_len = u64::try_from(body.len()).unwrap();
        let element = Element { id: 0xA3, at: 0, body_at: 0, body_len, is_sized: true };
        track_number(&mut cursor, &element)
            .and_then(|_| Block::read(&mut cursor, &element, Within::SimpleBlock))
            .map_err(|refusal| refusal.reason)
    }

    fn sizes(body: &[u8]) -> Vec<u64> {
        read(body).unwrap().frames.iter().map(|frame| frame.len).collect()
    }

    #[test]
    fn frames_of_every_lace_are_found() {
        assert_eq!(sizes(&[0x81, 0, 0, 0x80, 1, 2, 3]), [3]);
        assert_eq!(sizes(&[0x81, 0, 0, 0x82, 1, 2, 1, 2, 3]), [2, 1]);
        assert_eq!(sizes(&[0x81, 0, 0, 0x84, 2, 1, 2, 3]), [1, 1, 1]);
        assert_eq!(sizes(&[0x81, 0, 0, 0x86, 2, 0x82, 0xBE, 1, 2, 3, 4]), [2, 1, 1]);
    }

    #[test]
    fn a_lace_that_does_not_add_up_is_damaged() {
        assert_eq!(read(&[0x81, 0, 0]).unwrap_err(), Reason::Truncated);
        for body in [
            &[0x81, 0, 0, 0x82][..],
            &[0x81, 0, 0, 0x82, 1],
            &[0x81, 0, 0, 0x82, 1, 9, 1, 2],
            &[0x81, 0, 0, 0x84, 2, 1, 2],
            &[0x81, 0, 0, 0x86, 2, 0x81, 0x80, 1, 2],
        ] {
            assert_eq!(read(body).unwrap_err(), Reason::Damaged, "{body:?}");
        }
    }

    #[test]
    fn reserved_flags_go_and_lacing_is_chosen_anew() {
        let block = read(&[0x40, 0x01, 0, 5, !LACING, 1]).unwrap();
        assert_eq!(block.head(1, 0), [0x81, 0, 5, KEYFRAME | INVISIBLE | DISCARDABLE]);
        // A Xiph lace of equal frames, and one of a single frame.
        assert_eq!(read(&[0x81, 0, 0, 0x82, 1, 1, 7, 8]).unwrap().head(1, 0), [0x81, 0, 0, 0x84, 1]);
        assert_eq!(read(&[0x81, 0, 0, 0x86, 0, 7, 8]).unwrap().head(1, 0), [0x81, 0, 0, 0x80]);
    }

    #[test]
    fn the_shorter_lace_is_chosen_and_ebml_where_they_are_even() {
        assert_eq!(Lace::of(&[2, 3, 9]).head, [2, 0x82, 0xC0]);
        assert_eq!(Lace::of(&[200, 3, 9]).lacing, 1);
        assert_eq!(Lace::of(&[900, 901, 9]).lacing, 3);
        assert_eq!(Lace::of(&[5, 5]).head, [1]);
    }
}

//! Fields of JPEG XL headers as they are read, and as they are written: each in its shortest spelling (18181-1, B).
//! Knows no header.

use jxl_bitstream::Bitstream;
use jxl_coding::Decoder;

use crate::clean::Reason;

/// What is wrong with a header: the caller knows where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong(pub(super) Reason, pub(super) &'static str);

/// The four ways to write a U32 (B.2.2): what is added, and how many bits are read.
pub(super) type Choice = [(u32, u32); 4];

/// The selector of an enumeration (B.2.6).
pub(super) const ENUM: Choice = [(0, 0), (1, 0), (2, 4), (18, 6)];

/// Reads from the first byte of a window.
pub(super) struct Reading<'a> {
    inner: Bitstream<'a>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(window: &'a [u8]) -> Self {
        Self { inner: Bitstream::new(window) }
    }

    pub(super) fn signature(&mut self) -> Result<(), Wrong> {
        let found = self.bits(16, "signature")?;
        if found == 0x0AFF { Ok(()) } else { Err(Wrong(Reason::Damaged, "signature")) }
    }

    /// Up to 32 bits.
    pub(super) fn bits(&mut self, count: u32, part: &'static str) -> Result<u32, Wrong> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        self.inner.read_bits(count).map_err(|_| Wrong(Reason::Truncated, part))
    }

    pub(super) fn bool(&mut self, part: &'static str) -> Result<bool, Wrong> {
        Ok(self.bits(1, part)? == 1)
    }

    pub(super) fn u32(&mut self, choice: &Choice, part: &'static str) -> Result<u32, Wrong> {
        let selector = usize::try_from(self.bits(2, part)?).unwrap_or(0);
        let (offset, count) = choice.get(selector).copied().unwrap_or_default();
        self.bits(count, part)?.checked_add(offset).ok_or(Wrong(Reason::Damaged, part))
    }

    pub(super) fn u64(&mut self, part: &'static str) -> Result<u64, Wrong> {
        self.inner.read_u64().map_err(|_| Wrong(Reason::Truncated, part))
    }

    /// A half-precision number, as its bits. Never infinite, always a number (B.2.5).
    pub(super) fn half(&mut self, part: &'static str) -> Result<u16, Wrong> {
        let half = u16::try_from(self.bits(16, part)?).unwrap_or(0);
        if half & 0x7C00 == 0x7C00 { Err(Wrong(Reason::Damaged, part)) } else { Ok(half) }
    }

    /// A name (D.3.4).
    pub(super) fn name(&mut self, part: &'static str) -> Result<Vec<u8>, Wrong> {
        let len = self.u32(&NAME_LEN, part)?;
        (0..len).map(|_| Ok(u8::try_from(self.bits(8, part)?).unwrap_or(0))).collect()
    }

    /// Whether there were extensions, which are passed over (B.3).
    pub(super) fn extensions(&mut self, part: &'static str) -> Result<bool, Wrong> {
        let present = self.u64(part)?;
        let mut len: u64 = 0;
        for _ in 0..present.count_ones() {
            len = len.saturating_add(self.u64(part)?);
        }
        let len = usize::try_from(len).map_err(|_| Wrong(Reason::TooLarge, part))?;
        self.inner.skip_bits(len).map_err(|_| Wrong(Reason::Truncated, part))?;
        Ok(present != 0)
    }

    /// An entropy decoder for so many contexts (C).
    pub(super) fn decoder(&mut self, contexts: u32, part: &'static str) -> Result<Decoder, Wrong> {
        let mut decoder = Decoder::parse(&mut self.inner, contexts).map_err(|error| coding(&error, part))?;
        decoder.begin(&mut self.inner).map_err(|error| coding(&error, part))?;
        Ok(decoder)
    }

    pub(super) fn symbol(&mut self, decoder: &mut Decoder, context: u32, part: &'static str) -> Result<u32, Wrong> {
        decoder.read_varint(&mut self.inner, context).map_err(|error| coding(&error, part))
    }

    /// A permutation of so many (F.3.2): for each place, which of those that are left comes next.
    pub(super) fn permutation(&mut self, len: u32, part: &'static str) -> Result<Vec<usize>, Wrong> {
        let wrong = Wrong(Reason::Damaged, part);
        let mut decoder = self.decoder(8, part)?;
        let context = |value: u32| 32_u32.saturating_sub(value.leading_zeros()).min(7);
        let count = self.symbol(&mut decoder, context(len), part)?;
        let mut left = Left::new(len);
        let mut permutation = Vec::new();
        let mut last = 0;
        for place in 0..len {
            let skipped = if place < count { self.symbol(&mut decoder, context(last), part)? } else { 0 };
            last = skipped;
            permutation.push(left.take(skipped).ok_or(wrong.clone())?);
        }
        if count > len {
            return Err(wrong);
        }
        decoder.finalize().map_err(|error| coding(&error, part))?;
        Ok(permutation)
    }

    /// Goes on at the next whole byte, and says which that is.
    pub(super) fn aligned(&mut self, part: &'static str) -> Result<u64, Wrong> {
        // Decoders insist on zeros here.
        self.inner.zero_pad_to_byte().map_err(|error| match error {
            jxl_bitstream::Error::NonZeroPadding => Wrong(Reason::Damaged, part),
            _ => Wrong(Reason::Truncated, part),
        })?;
        Ok(u64::try_from(self.inner.num_read_bits() / 8).unwrap_or(u64::MAX))
    }
}

/// Numbers that have not been taken, counted in a tree (Fenwick), so that none takes long to find.
struct Left {
    counts: Vec<u32>,
}

impl Left {
    fn new(len: u32) -> Self {
        let size = len.next_power_of_two();
        // A node counts as many as the lowest bit of its number says.
        let count = |node: u32| {
            let first = node.saturating_sub(node & node.wrapping_neg());
            node.min(len).saturating_sub(first.min(len))
        };
        Self { counts: (0..=size).map(count).collect() }
    }

    /// Takes the number before which `skipped` others are left.
    fn take(&mut self, skipped: u32) -> Option<usize> {
        let size = self.counts.len().saturating_sub(1);
        let (mut found, mut skipped, mut step) = (0_usize, skipped, size);
        while step > 0 {
            let node = found.saturating_add(step);
            if let Some(count) = self.counts.get(node)
                && *count <= skipped
            {
                skipped = skipped.saturating_sub(*count);
                found = node;
            }
            step /= 2;
        }
        if found >= size {
            return None;
        }
        let mut node = found.saturating_add(1);
        while let Some(count) = self.counts.get_mut(node) {
            *count = count.checked_sub(1)?;
            node = node.saturating_add(node & node.wrapping_neg());
        }
        Some(found)
    }
}

fn coding(error: &jxl_coding::Error, part: &'static str) -> Wrong {
    Wrong(if error.unexpected_eof() { Reason::Truncated } else { Reason::Damaged }, part)
}

/// The length of a name in bytes.
const NAME_LEN: Choice = [(0, 0), (0, 4), (16, 5), (48, 10)];

/// Bits as they are written, the first in the lowest place of the first byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits(Vec<bool>);

impl Bits {
    #[cfg(test)]
    fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn bits(&mut self, value: u64, count: u32) {
        self.0.extend((0..count).map(|bit| value.checked_shr(bit).unwrap_or(0) & 1 == 1));
    }

    pub(super) fn bool(&mut self, value: bool) {
        self.0.push(value);
    }

    pub(super) fn half(&mut self, value: u16) {
        self.bits(value.into(), 16);
    }

    /// In the first way that fits.
    pub(super) fn u32(&mut self, choice: &Choice, value: u32) {
        let fits = |(offset, count): (u32, u32)| {
            value.checked_sub(offset).is_some_and(|rest| u64::from(rest) < 1_u64.checked_shl(count).unwrap_or(0))
        };
        let selected = (0_u64..).zip(choice).find(|(_, way)| fits(**way));
        if let Some((selector, (offset, count))) = selected {
            self.bits(selector, 2);
            self.bits(value.saturating_sub(*offset).into(), *count);
        }
    }

    /// B.2.4.
    pub(super) fn u64(&mut self, value: u64) {
        match value {
            0 => self.bits(0, 2),
            1..=16 => {
                self.bits(1, 2);
                self.bits(value.saturating_sub(1), 4);
            }
            17..=272 => {
                self.bits(2, 2);
                self.bits(value.saturating_sub(17), 8);
            }
            _ => {
                self.bits(3, 2);
                self.bits(value, 12);
                let mut rest = value.wrapping_shr(12);
                let mut done = 12;
                while rest > 0 {
                    self.bool(true);
                    let count = if done == 60 { 4 } else { 8 };
                    self.bits(rest, count);
                    rest = rest.wrapping_shr(count);
                    done = count.saturating_add(done);
                }
                if done < 64 {
                    self.bool(false);
                }
            }
        }
    }

    /// No name.
    pub(super) fn no_name(&mut self) {
        self.u32(&NAME_LEN, 0);
    }

    pub(super) fn append(&mut self, other: &Self) {
        self.0.extend(&other.0);
    }

    /// A set of fields that has a short form for when all are as usual: `fields` in full, or just a one where
    /// they are `usual`.
    pub(super) fn bundle(&mut self, fields: &Self, usual: &Self) {
        self.bool(fields == usual);
        if fields != usual {
            self.append(fields);
        }
    }

    /// Fills the last byte with zeros.
    pub(super) fn align(&mut self) {
        self.0.resize(self.0.len().next_multiple_of(8), false);
    }

    pub(super) fn into_bytes(mut self) -> Vec<u8> {
        self.align();
        let byte = |bits: &[bool; 8]| bits.iter().rev().fold(0_u8, |byte, bit| byte.wrapping_shl(1) | u8::from(*bit));
        self.0.as_chunks::<8>().0.iter().map(byte).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        let choice = [(0, 8), (256, 11), (2304, 14), (18_688, 30)];
        let values = [0, 1, 16, 17, 272, 273, 4095, 4096, (1 << 60) - 1, 1 << 60, u64::MAX];
        let mut bits = Bits::default();
        for value in values {
            bits.u64(value);
            bits.u32(&choice, u32::try_from(value & 0xFFFF).unwrap());
        }
        let bytes = bits.into_bytes();
        let mut reading = Reading::new(&bytes);
        for value in values {
            assert_eq!(reading.u64("").unwrap(), value);
            assert_eq!(u64::from(reading.u32(&choice, "").unwrap()), value & 0xFFFF);
        }
        reading.aligned("").unwrap();
    }

    #[test]
    fn each_number_is_taken_once() {
        for len in [1, 2, 3, 7, 8, 1000] {
            let mut left = Left::new(len);
            let mut plain: Vec<usize> = (0..usize::try_from(len).unwrap()).collect();
            for place in 0..len {
                let skipped = place * 7919 % (len - place);
                let expected = plain.remove(usize::try_from(skipped).unwrap());
                assert_eq!(left.take(skipped), Some(expected), "{place} of {len}");
            }
            assert_eq!(left.take(0), None);
        }
        assert_eq!(Left::new(5).take(5), None);
    }

    #[test]
    fn the_shortest_spelling_is_taken() {
        let choice = [(0, 0), (0, 4), (16, 5), (48, 10)];
        for (value, len) in [(0, 2), (1, 6), (15, 6), (16, 7), (47, 7), (48, 12)] {
            let mut bits = Bits::default();
            bits.u32(&choice, value);
            assert_eq!(bits.len(), len, "{value}");
        }
    }
}

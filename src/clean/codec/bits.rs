//! Bits of coded headers, read and written, first to last. Never gives one beyond the end.

/// Bits of `bytes`, the highest of each byte first.
#[derive(Clone, Debug)]
pub(super) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bits read so far.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// Bits that are left.
    pub(super) fn left(&self) -> usize {
        self.bytes.len().saturating_mul(8).saturating_sub(self.at)
    }

    /// The next bit.
    pub(super) fn bit(&mut self) -> Option<bool> {
        let byte = *self.bytes.get(self.at / 8)?;
        let shift = 7usize.saturating_sub(self.at % 8);
        self.at = self.at.saturating_add(1);
        Some((usize::from(byte) >> u32::try_from(shift).unwrap_or(0)) & 1 == 1)
    }

    /// The next `count` bits as a number; at most 64.
    pub(super) fn take(&mut self, count: u32) -> Option<u64> {
        let mut value = 0u64;
        for _ in 0..count {
            value = (value << 1) | u64::from(self.bit()?);
        }
        Some(value)
    }

    /// The next bits as a small number; at most 32.
    pub(super) fn small(&mut self, count: u32) -> Option<u32> {
        u32::try_from(self.take(count)?).ok()
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        u8::try_from(self.take(8)?).ok()
    }

    /// Passes over `count` bits that are there.
    pub(super) fn skip(&mut self, count: usize) -> Option<()> {
        if count > self.left() {
            return None;
        }
        self.at = self.at.saturating_add(count);
        Some(())
    }

    /// An unsigned Exp-Golomb number (ISO/IEC 14496-10, 9.1), of at most 32 bits.
    pub(super) fn ue(&mut self) -> Option<u32> {
        let mut zeros = 0u32;
        while !self.bit()? {
            zeros = zeros.saturating_add(1);
            if zeros > 32 {
                return None;
            }
        }
        let rest = self.take(zeros)?;
        u32::try_from(1u64.checked_shl(zeros)?.checked_sub(1)?.checked_add(rest)?).ok()
    }

    /// As [`Bits::ue`], if it is at most `max`.
    pub(super) fn ue_to(&mut self, max: u32) -> Option<u32> {
        self.ue().filter(|&value| value <= max)
    }

    /// A signed Exp-Golomb number (9.1.1).
    pub(super) fn se(&mut self) -> Option<i64> {
        let code = i64::from(self.ue()?);
        let half = code.checked_add(1)? / 2;
        Some(if code % 2 == 1 { half } else { half.checked_neg()? })
    }

    /// The bits up to the next whole byte, as a number.
    pub(super) fn align(&mut self) -> Option<u64> {
        let odd = u32::try_from(self.at % 8).ok()?;
        self.take(8u32.saturating_sub(odd) % 8)
    }

    /// Whether there is nothing left but a one and zeros (`rbsp_trailing_bits`), less than a byte and one bit of them.
    pub(super) fn stops(&mut self) -> bool {
        self.left() <= 8 && self.bit() == Some(true) && self.are_zeros()
    }

    /// Whether all bits that are left are zeros.
    pub(super) fn are_zeros(&mut self) -> bool {
        while self.left() > 0 {
            if self.bit() != Some(false) {
                return false;
            }
        }
        true
    }
}

/// Bits of `bytes`, the lowest of each byte first, as Vorbis packs them (Vorbis I, 2).
#[derive(Clone, Debug)]
pub(super) struct LowFirst<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> LowFirst<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Bits read so far.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next `count` bits as a number; at most 32.
    pub(super) fn take(&mut self, count: u32) -> Option<u32> {
        let mut value = 0u64;
        for place in 0..count.min(32) {
            let byte = u32::from(*self.bytes.get(self.at / 8)?);
            let bit = (byte >> u32::try_from(self.at % 8).ok()?) & 1;
            value |= u64::from(bit).checked_shl(place)?;
            self.at = self.at.saturating_add(1);
        }
        u32::try_from(value).ok()
    }

    /// The next bit.
    pub(super) fn bit(&mut self) -> Option<bool> {
        Some(self.take(1)? == 1)
    }
}

/// Bits that are written, the highest of each byte first.
#[derive(Debug, Default)]
pub(super) struct Written {
    bytes: Vec<u8>,
    /// Bits of the last byte that are not yet written.
    room: u32,
}

impl Written {
    pub(super) fn bit(&mut self, bit: bool) {
        if self.room == 0 {
            self.bytes.push(0);
            self.room = 8;
        }
        self.room = self.room.saturating_sub(1);
        if let Some(last) = self.bytes.last_mut() {
            *last |= u8::from(bit).checked_shl(self.room).unwrap_or(0);
        }
    }

    /// The lowest `count` bits of `value`; at most 64.
    pub(super) fn put(&mut self, count: u32, value: u64) {
        for place in (0..count.min(64)).rev() {
            self.bit(value.checked_shr(place).unwrap_or(0) & 1 == 1);
        }
    }

    /// The next `count` bits of `bits`.
    pub(super) fn copy(&mut self, bits: &mut Bits<'_>, count: usize) -> Option<()> {
        for _ in 0..count {
            self.bit(bits.bit()?);
        }
        Some(())
    }

    /// Zeros up to the next whole byte.
    pub(super) fn align(&mut self) {
        self.room = 0;
    }

    /// Bits written so far.
    pub(super) fn len(&self) -> usize {
        self.bytes.len().saturating_mul(8).saturating_sub(usize::try_from(self.room).unwrap_or(0))
    }

    /// The bytes, the last one filled up with zeros.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        let mut written = Written::default();
        written.put(3, 0b101);
        written.put(33, 0x1_2345_6789);
        written.align();
        written.bit(true);
        assert_eq!(written.len(), 41);
        let bytes = written.into_bytes();
        let mut bits = Bits::new(&bytes);
        assert_eq!(bits.take(3), Some(0b101));
        assert_eq!(bits.take(33), Some(0x1_2345_6789));
        assert_eq!(bits.align(), Some(0));
        assert!(bits.stops());
        assert_eq!(bits.bit(), None);
    }

    #[test]
    fn exp_golomb_numbers_are_those_of_the_table() {
        let mut bits = Bits::new(&[0b1010_0110, 0b0100_0010, 0b1000_0000]);
        assert_eq!([bits.ue(), bits.ue(), bits.ue(), bits.ue()], [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(bits.se(), Some(-2));
        let mut longest = Bits::new(&[0, 0, 0, 0, 0x80, 0, 0, 0, 0]);
        assert_eq!(longest.ue(), Some(u32::MAX));
        assert_eq!(Bits::new(&[0; 9]).ue(), None);
    }

    #[test]
    fn low_first_is_the_order_of_vorbis() {
        let mut bits = LowFirst::new(&[0b1111_1100, 0b0100_1000, 0b1100_1110, 0b0000_0110]);
        assert_eq!(
            [bits.take(4), bits.take(3), bits.take(7), bits.take(13)],
            [Some(12), Some(7), Some(17), Some(6969)]
        );
        assert_eq!(bits.take(6), None);
    }
}

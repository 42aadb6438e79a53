//! The bits of a lossless picture, the lowest of a byte first (RFC 9649, 3.2). Knows no code's meaning.

use crate::clean::webp::walk::Fault;

/// The bits of one chunk.
pub(super) struct Bits<'a> {
    data: &'a [u8],
    next: usize,
    /// Bits that were taken from the data and not yet read, from the lowest.
    value: u64,
    count: u32,
}

impl<'a> Bits<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, next: 0, value: 0, count: 0 }
    }

    /// A number of up to 32 bits.
    #[inline]
    pub(super) fn read(&mut self, bits: u32) -> Result<u32, Fault> {
        while self.count < bits {
            let Some(&byte) = self.data.get(self.next) else { return Err(Fault::truncated("VP8L data")) };
            self.next = self.next.wrapping_add(1);
            self.value |= u64::from(byte).wrapping_shl(self.count);
            self.count = self.count.wrapping_add(8);
        }
        let number = self.value & 1_u64.wrapping_shl(bits).wrapping_sub(1);
        self.value = self.value.wrapping_shr(bits);
        self.count = self.count.wrapping_sub(bits);
        Ok(u32::try_from(number).unwrap_or(u32::MAX))
    }

    /// Bytes of which a bit was read.
    pub(super) fn needed(&self) -> usize {
        self.next
    }

    /// The bits of the last of them that were read.
    pub(super) fn mask(&self) -> u8 {
        u8::MAX.wrapping_shr(self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_from_the_lowest_and_are_counted() {
        let mut bits = Bits::new(&[0b1010_0110, 0xFF, 0x01]);
        assert_eq!(bits.read(3), Ok(0b110));
        assert_eq!((bits.needed(), bits.mask()), (1, 0b0000_0111));
        assert_eq!(bits.read(5), Ok(0b10100));
        assert_eq!((bits.needed(), bits.mask()), (1, 0xFF));
        assert_eq!(bits.read(0), Ok(0));
        assert_eq!(bits.read(9), Ok(0x1FF));
        assert_eq!((bits.needed(), bits.mask()), (3, 0b0000_0001));
        assert_eq!(bits.read(8), Err(Fault::truncated("VP8L data")));
    }
}

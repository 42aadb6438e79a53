//! Reads bits from the highest of each byte down, as FLAC writes them. Never beyond the bytes that are there.

/// There are fewer bits than were asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Short;

/// A place among bits.
pub(super) struct Bits<'a> {
    rest: &'a [u8],
    /// The next bits, the first at the top; zeros behind them.
    cache: u64,
    have: u32,
    taken: usize,
}

impl<'a> Bits<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, cache: 0, have: 0, taken: 0 }
    }

    /// A number of up to 32 bits.
    pub(super) fn read(&mut self, count: u32) -> Result<u32, Short> {
        if self.have < count {
            self.refill();
            if self.have < count {
                return Err(Short);
            }
        }
        if count == 0 {
            return Ok(0);
        }
        let value = self.cache.wrapping_shr(64_u32.wrapping_sub(count));
        self.drop(count);
        Ok(u32::try_from(value).unwrap_or(u32::MAX))
    }

    /// A number of up to 33 bits in two's complement.
    pub(super) fn signed(&mut self, count: u32) -> Result<i64, Short> {
        let high = self.read(count.saturating_sub(16))?;
        let low = self.read(count.min(16))?;
        let value = (u64::from(high) << 16) | u64::from(low);
        let value = if count <= 16 { low.into() } else { value };
        let unused = 64_u32.saturating_sub(count);
        Ok(value.wrapping_shl(unused).cast_signed().wrapping_shr(unused))
    }

    /// Zeros up to the next one.
    pub(super) fn unary(&mut self) -> Result<u32, Short> {
        let mut zeros = 0_u32;
        while self.cache == 0 {
            zeros = zeros.saturating_add(self.have);
            self.have = 0;
            self.refill();
            if self.have == 0 {
                return Err(Short);
            }
        }
        let more = self.cache.leading_zeros();
        self.drop(more.wrapping_add(1));
        Ok(zeros.saturating_add(more))
    }

    /// The rest of the byte.
    pub(super) fn pad(&mut self) -> Result<u32, Short> {
        self.read(self.have % 8)
    }

    /// Whole bytes that have been read.
    pub(super) fn bytes(&self) -> usize {
        self.taken.saturating_sub(usize::try_from(self.have / 8).unwrap_or(0))
    }

    fn drop(&mut self, count: u32) {
        // Up to 64, which a single shift would not shift at all.
        self.cache = self.cache.wrapping_shl(count.saturating_sub(1)) << 1;
        self.have = self.have.saturating_sub(count);
    }

    fn refill(&mut self) {
        if let Some((bytes, _)) = self.rest.split_first_chunk::<8>() {
            let room = 64_u32.saturating_sub(self.have) / 8;
            let count = usize::try_from(room).unwrap_or(0);
            let used = room.saturating_mul(8);
            if used == 0 {
                return;
            }
            let word = u64::from_be_bytes(*bytes);
            let word = word & u64::MAX.wrapping_shl(64_u32.saturating_sub(used));
            self.cache |= word.wrapping_shr(self.have);
            self.have = self.have.saturating_add(used);
            self.rest = self.rest.get(count..).unwrap_or_default();
            self.taken = self.taken.saturating_add(count);
            return;
        }
        while self.have <= 56
            && let Some((&byte, rest)) = self.rest.split_first()
        {
            self.cache |= u64::from(byte).wrapping_shl(56_u32.saturating_sub(self.have));
            self.have = self.have.saturating_add(8);
            self.rest = rest;
            self.taken = self.taken.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_come_in_order_whatever_their_number() {
        let bytes: Vec<u8> = (0..40).map(|n: u8| n.wrapping_mul(37) ^ 0x5A).collect();
        let one_by_one: Vec<u32> =
            bytes.iter().flat_map(|byte| (0..8).rev().map(move |n| u32::from(byte >> n & 1))).collect();
        let mut bits = Bits::new(&bytes);
        let mut at = 0;
        for count in [1, 7, 32, 3, 31, 0, 32, 32, 13, 5, 29, 32, 32, 32, 32] {
            let expected = one_by_one[at..at + count].iter().fold(0_u32, |value, bit| (value << 1) | bit);
            assert_eq!(bits.read(u32::try_from(count).unwrap()), Ok(expected), "{count} at {at}");
            at += count;
            assert_eq!(bits.bytes(), at.div_ceil(8), "{at}");
        }
        assert_eq!(bits.read(32), Err(Short));
    }

    #[test]
    fn signed_numbers_have_up_to_33_bits() {
        assert_eq!(Bits::new(&[0b1111_0000]).signed(5), Ok(-2));
        assert_eq!(Bits::new(&[0x80, 0, 0, 0]).signed(32), Ok(i64::from(i32::MIN)));
        assert_eq!(Bits::new(&[0x80, 0, 0, 0, 0]).signed(33), Ok(-(1 << 32)));
        assert_eq!(Bits::new(&[0x7F, 0xFF, 0xFF, 0xFF, 0x80]).signed(33), Ok((1 << 32) - 1));
        assert_eq!(Bits::new(&[0x12, 0x34]).signed(16), Ok(0x1234));
        assert_eq!(Bits::new(&[0x12, 0x34, 0x80]).signed(17), Ok(0x2469));
    }

    #[test]
    fn zeros_are_counted_over_many_bytes() {
        let mut bits = Bits::new(&[0b0001_0000, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0b0000_0001, 0xFF]);
        assert_eq!(bits.unary(), Ok(3));
        assert_eq!(bits.unary(), Ok(4 + 9 * 8 + 7));
        assert_eq!(bits.unary(), Ok(0));
        assert_eq!(bits.pad(), Ok(0x7F));
        assert_eq!(bits.unary(), Err(Short));
        assert_eq!(Bits::new(&[0; 20]).unary(), Err(Short));
    }
}

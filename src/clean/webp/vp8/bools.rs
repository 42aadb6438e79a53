//! The boolean entropy decoder of VP8 (RFC 6386, 7), and how far into its data it has looked. Knows no syntax.

/// The booleans of one partition.
pub(super) struct Bools<'a> {
    data: &'a [u8],
    /// Bytes that were asked for, also those behind the end.
    next: usize,
    value: u32,
    /// Bits in `value` below the eight that a decision looks at; negative where bytes are wanting.
    below: i32,
    /// The same at the last decision.
    unread: i32,
    /// One less than the range.
    range: u32,
}

impl<'a> Bools<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        Self { data, next: 0, value: 0, below: -8, unread: 0, range: 254 }
    }

    /// A boolean that is false with `probability` in 256.
    #[inline]
    pub(super) fn get(&mut self, probability: u8) -> bool {
        if self.below < 0 {
            // Behind the end there are zeros, which whoever reads on is told of later.
            let byte = self.data.get(self.next).copied().unwrap_or(0);
            self.next = self.next.wrapping_add(1);
            self.value = (self.value << 8) | u32::from(byte);
            self.below = self.below.wrapping_add(8);
        }
        self.unread = self.below;
        let split = self.range.wrapping_mul(u32::from(probability)) >> 8;
        let below = self.below.unsigned_abs();
        let is_set = self.value.wrapping_shr(below) > split;
        let range = if is_set {
            self.value = self.value.wrapping_sub(split.wrapping_add(1).wrapping_shl(below));
            self.range.wrapping_sub(split)
        } else {
            split.wrapping_add(1)
        };
        // The range is 1 to 255, and becomes 128 to 255.
        let shift = range.leading_zeros().wrapping_sub(24);
        self.range = range.wrapping_shl(shift).wrapping_sub(1);
        self.below = self.below.wrapping_sub_unsigned(shift);
        is_set
    }

    /// One bit.
    pub(super) fn flag(&mut self) -> bool {
        self.get(128)
    }

    /// A number of `bits` bits.
    pub(super) fn literal(&mut self, bits: u32) -> u32 {
        (0..bits).fold(0, |number, _| (number << 1) | u32::from(self.flag()))
    }

    /// A number of eight bits.
    pub(super) fn byte(&mut self) -> u8 {
        u8::try_from(self.literal(8)).unwrap_or(u8::MAX)
    }

    /// A number of `bits` bits, sign and all, that is there if a flag before it says so.
    pub(super) fn optional(&mut self, bits: u32) {
        if self.flag() {
            self.literal(bits);
        }
    }

    /// Whether more was asked for than there is.
    pub(super) fn is_starved(&self) -> bool {
        self.next > self.data.len()
    }

    /// Bytes that were looked at. One at least, since decoders look at that before they know.
    pub(super) fn needed(&self) -> usize {
        self.next.max(1)
    }

    /// The bits of the last of them that were looked at.
    pub(super) fn mask(&self) -> u8 {
        if self.next == 0 { 0 } else { u8::MAX.wrapping_shl(self.unread.unsigned_abs()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_of_even_probability_are_the_bits_there_are() {
        // With a probability of 128 the range stays 255 and halves: the first decision is the first bit.
        let mut bools = Bools::new(&[0b1000_0000, 0]);
        assert!(bools.flag());
        assert_eq!((bools.needed(), bools.mask()), (1, 0xFF));
        assert!(!bools.flag());
        assert_eq!((bools.needed(), bools.mask()), (2, 0b1000_0000));
    }

    #[test]
    fn what_is_never_asked_for_is_not_needed() {
        let mut bools = Bools::new(&[7, 7, 7]);
        assert_eq!((bools.needed(), bools.mask(), bools.is_starved()), (1, 0, false));
        bools.literal(17);
        assert_eq!((bools.needed(), bools.is_starved()), (3, false));
        bools.literal(8);
        assert!(bools.is_starved());
    }
}

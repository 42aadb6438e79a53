//! The size classes of a sealed file: lengths, nothing else. Knows nothing of keys or files.
//!
//! Every plaintext is padded to one of a few lengths, so that a statement looks like a scanned page and
//! nine photos like one. Up to 64 MiB the classes are powers of two, which gives large crowds where
//! submissions are many and small; above that quarter steps, which cost less where they are few and
//! large. `benches/padding.rs` measures the crowds.

use crate::limits::{PADDED_BYTES_MIN, PADDED_POWERS_MAX, PLAINTEXT_BYTES_MAX};

/// The padded length in bytes of a plaintext of `len` bytes: the smallest size class that holds it.
///
/// A power of two from 1 MiB to 64 MiB; above that the smallest of 1, 1.25, 1.5 or 1.75 × 2^k bytes.
/// `None` above [`PLAINTEXT_BYTES_MAX`].
#[must_use]
pub fn padded_len(len: u64) -> Option<u64> {
    if len > PLAINTEXT_BYTES_MAX {
        return None;
    }
    let power = len.max(PADDED_BYTES_MIN).checked_next_power_of_two()?;
    if power <= PADDED_POWERS_MAX {
        return Some(power);
    }
    let below = power.checked_div(2)?;
    let quarter = below.checked_div(4)?;
    // `below` is less than `len`, so the smallest candidate is five quarters of it.
    (5..=8u64).filter_map(|quarters| quarter.checked_mul(quarters)).find(|&class| class >= len)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn a_class_holds_its_own_length_and_the_next_byte_needs_the_next_class() {
        let classes = [1, 2, 4, 8, 16, 32, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320].map(|n| n * MIB);
        for pair in classes.windows(2) {
            assert_eq!(padded_len(pair[0] - 1), Some(pair[0]));
            assert_eq!(padded_len(pair[0]), Some(pair[0]));
            assert_eq!(padded_len(pair[0] + 1), Some(pair[1]));
        }
    }

    #[test]
    fn nothing_is_below_the_floor_or_above_the_limit() {
        assert_eq!(padded_len(0), Some(MIB));
        assert_eq!(padded_len(PLAINTEXT_BYTES_MAX), Some(PLAINTEXT_BYTES_MAX));
        assert_eq!(padded_len(PLAINTEXT_BYTES_MAX + 1), None);
        assert_eq!(padded_len(u64::MAX), None);
    }

    proptest! {
        #[test]
        fn padding_holds_the_plaintext_costs_at_most_a_doubling_and_is_a_fixpoint(len in 1u64..=PLAINTEXT_BYTES_MAX) {
            let padded = padded_len(len).unwrap();
            prop_assert!(padded >= len);
            prop_assert!(padded <= MIB || padded < 2 * len);
            prop_assert!(padded <= 64 * MIB || padded * 4 <= len * 5);
            prop_assert_eq!(padded_len(padded), Some(padded));
            prop_assert_eq!(padded % 512, 0);
        }

        #[test]
        fn a_longer_plaintext_never_has_a_shorter_class(a in 1u64..=PLAINTEXT_BYTES_MAX, b in 1u64..=PLAINTEXT_BYTES_MAX) {
            prop_assert!((a <= b) == (padded_len(a) <= padded_len(b)) || padded_len(a) == padded_len(b));
        }
    }
}

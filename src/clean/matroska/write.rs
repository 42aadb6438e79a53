//! Spells elements in the one form that a clean file has: sizes and integers as short as they can be,
//! floating-point numbers in eight bytes. Knows no element.

/// An element with its body.
pub(super) fn element(id: u32, body: &[u8]) -> Vec<u8> {
    let mut bytes = head(id, u64::try_from(body.len()).unwrap_or(u64::MAX));
    bytes.extend_from_slice(body);
    bytes
}

/// Identifier and size of an element whose body has `len` bytes.
pub(super) fn head(id: u32, len: u64) -> Vec<u8> {
    let mut bytes: Vec<u8> = id.to_be_bytes().into_iter().skip_while(|&byte| byte == 0).collect();
    bytes.extend_from_slice(&size(len));
    bytes
}

/// A size, as short as it can be; all ones are kept for the unknown (RFC 8794, 6.2).
pub(super) fn size(len: u64) -> Vec<u8> {
    let mut bytes_of_it = 1_u32;
    while bytes_of_it < 8 && len >= ones(bytes_of_it) {
        bytes_of_it = bytes_of_it.saturating_add(1);
    }
    vint(len, bytes_of_it)
}

/// The unsigned integer `value` in an element.
pub(super) fn uint(id: u32, value: u64) -> Vec<u8> {
    let significant: Vec<u8> = value.to_be_bytes().into_iter().skip_while(|&byte| byte == 0).collect();
    element(id, if significant.is_empty() { &[0] } else { &significant })
}

/// The signed integer `value` in an element.
pub(super) fn sint(id: u32, value: i64) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let filling = if value < 0 { u8::MAX } else { 0 };
    let is_needless = |pair: &&[u8]| matches!(pair, [first, second] if *first == filling && (first ^ second) < 0x80);
    let needless = bytes.windows(2).take_while(is_needless).count();
    element(id, bytes.get(needless..).unwrap_or(&bytes))
}

/// The number `value` in an element.
pub(super) fn float(id: u32, value: f64) -> Vec<u8> {
    element(id, &value.to_be_bytes())
}

/// The difference between two sizes in an EBML lace (RFC 9559, 10.3.3): a size, less half of what fits.
pub(super) fn lace_difference(difference: i64) -> Vec<u8> {
    let mut bytes_of_it = 1_u32;
    while bytes_of_it < 8 && difference.unsigned_abs() > ones(bytes_of_it) >> 1 {
        bytes_of_it = bytes_of_it.saturating_add(1);
    }
    let middle = (ones(bytes_of_it) >> 1).cast_signed();
    vint(difference.saturating_add(middle).cast_unsigned(), bytes_of_it)
}

/// The largest number in so many bytes of variable length.
fn ones(bytes_of_it: u32) -> u64 {
    1_u64.checked_shl(bytes_of_it.saturating_mul(7)).unwrap_or(u64::MAX).saturating_sub(1)
}

fn vint(value: u64, bytes_of_it: u32) -> Vec<u8> {
    let marker = 1_u64.checked_shl(bytes_of_it.saturating_mul(7)).unwrap_or(0);
    let skipped = usize::try_from(8_u32.saturating_sub(bytes_of_it)).unwrap_or(0);
    (value | marker).to_be_bytes().into_iter().skip(skipped).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_as_short_as_they_can_be_and_never_unknown() {
        let cases: [(u64, &[u8]); 7] = [
            (0, &[0x80]),
            (126, &[0xFE]),
            (127, &[0x40, 0x7F]),
            (16_382, &[0x7F, 0xFE]),
            (16_383, &[0x20, 0x3F, 0xFF]),
            (1 << 28, &[0x08, 0x10, 0, 0, 0]),
            (1 << 49, &[0x01, 2, 0, 0, 0, 0, 0, 0]),
        ];
        for (len, expected) in cases {
            assert_eq!(size(len), expected, "{len}");
        }
    }

    #[test]
    fn integers_are_as_short_as_they_can_be() {
        assert_eq!(uint(0xE7, 0), [0xE7, 0x81, 0]);
        assert_eq!(uint(0x73C5, 256), [0x73, 0xC5, 0x82, 1, 0]);
        let cases: [(i64, &[u8]); 8] = [
            (0, &[0]),
            (-1, &[0xFF]),
            (127, &[0x7F]),
            (128, &[0, 0x80]),
            (-128, &[0x80]),
            (-129, &[0xFF, 0x7F]),
            (i64::MIN, &[0x80, 0, 0, 0, 0, 0, 0, 0]),
            (i64::MAX, &[0x7F, 255, 255, 255, 255, 255, 255, 255]),
        ];
        for (value, expected) in cases {
            assert_eq!(sint(0xFB, value)[2..], *expected, "{value}");
        }
    }

    #[test]
    fn differences_in_a_lace_are_spelled_as_the_specification_shows() {
        // RFC 9559, 10.3.3: sizes 800, 500, 1000.
        assert_eq!(size(800), [0x43, 0x20]);
        assert_eq!(lace_difference(-300), [0x5E, 0xD3]);
        assert_eq!(lace_difference(500), [0x61, 0xF3]);
        assert_eq!(lace_difference(63), [0xFE]);
        assert_eq!(lace_difference(-63), [0x80]);
        assert_eq!(lace_difference(64).len(), 2);
    }
}

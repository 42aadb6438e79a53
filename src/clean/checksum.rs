//! Checksums of coded sound: the CRC-8 and CRC-16 of FLAC, the CRC-16 of MPEG audio and of LAME's tag, the CRC-32 of
//! Ogg. Knows nothing of what they protect.

use std::array;
use std::sync::LazyLock;

/// CRC-8 of FLAC's frame headers: x⁸ + x² + x + 1 from 0 (RFC 9639, 9.1.8).
pub(crate) fn flac_crc8(bytes: &[u8]) -> u8 {
    static TABLE: LazyLock<[u32; 256]> = LazyLock::new(|| left(0x07 << 24));
    top(&TABLE, 0, bytes).to_be_bytes()[0]
}

/// CRC-16 of FLAC's frames: x¹⁶ + x¹⁵ + x² + 1 from 0 (RFC 9639, 9.3).
pub(crate) fn flac_crc16(bytes: &[u8]) -> u16 {
    static TABLE: LazyLock<[[u16; 256]; 4]> = LazyLock::new(|| {
        let first = left(0x8005 << 16).map(high);
        // Four tables, to take four bytes at a time: the frames of a whole file pass here twice.
        let next = |table: &[u16; 256]| table.map(|entry| (entry << 8) ^ at(&first, entry.to_be_bytes()[0]));
        let second = next(&first);
        let third = next(&second);
        [first, second, third, next(&third)]
    });
    let [first, second, third, fourth] = &*TABLE;
    let (quads, rest) = bytes.as_chunks::<4>();
    let mut crc: u16 = 0;
    for &[a, b, c, d] in quads {
        let [high, low] = crc.to_be_bytes();
        crc = at(fourth, high ^ a) ^ at(third, low ^ b) ^ at(second, c) ^ at(first, d);
    }
    rest.iter().fold(crc, |crc, &byte| (crc << 8) ^ at(first, crc.to_be_bytes()[0] ^ byte))
}

/// CRC-16 of MPEG audio: x¹⁶ + x¹⁵ + x² + 1 from all ones (ISO/IEC 11172-3, 2.4.3.1).
pub(crate) fn mpeg_crc16(bytes: &[u8]) -> u16 {
    static TABLE: LazyLock<[u32; 256]> = LazyLock::new(|| left(0x8005 << 16));
    high(top(&TABLE, 0xFFFF_0000, bytes))
}

/// CRC-16 of LAME's tag: the same polynomial, the other way round, from 0 (LAME Tag revision 1, "Info Tag CRC").
pub(crate) fn lame_crc16(bytes: &[u8]) -> u16 {
    static TABLE: LazyLock<[u16; 256]> = LazyLock::new(|| {
        array::from_fn(|index| {
            (0..8).fold(u16::try_from(index).unwrap_or(0), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xA001 } else { 0 })
        })
    });
    bytes.iter().fold(0, |crc: u16, &byte| (crc >> 8) ^ at(&TABLE, crc.to_le_bytes()[0] ^ byte))
}

/// CRC-32 of Ogg's pages: the polynomial of Ethernet, highest bit first, from 0 (RFC 3533, 6).
pub(crate) fn ogg_crc32(parts: &[&[u8]]) -> u32 {
    static TABLE: LazyLock<[u32; 256]> = LazyLock::new(|| left(0x04C1_1DB7));
    parts.iter().fold(0, |crc, part| top(&TABLE, crc, part))
}

/// What each byte does to a register of 32 bits that is shifted to the left; shorter polynomials stand at its top.
fn left(polynomial: u32) -> [u32; 256] {
    array::from_fn(|index| {
        let register = u32::try_from(index).unwrap_or(0) << 24;
        (0..8).fold(register, |crc, _| (crc << 1) ^ if crc >> 31 == 1 { polynomial } else { 0 })
    })
}

fn top(table: &[u32; 256], crc: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(crc, |crc, &byte| {
        let [first, ..] = crc.to_be_bytes();
        (crc << 8) ^ table.get(usize::from(first ^ byte)).copied().unwrap_or(0)
    })
}

fn at(table: &[u16; 256], index: u8) -> u16 {
    table.get(usize::from(index)).copied().unwrap_or(0)
}

fn high(register: u32) -> u16 {
    let [a, b, ..] = register.to_be_bytes();
    u16::from_be_bytes([a, b])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The usual check word, and the values that the catalogue of parametrised CRC algorithms gives for it.
    #[test]
    fn each_has_its_catalogued_check_value() {
        let word = b"123456789";
        assert_eq!(flac_crc8(word), 0xF4);
        assert_eq!(flac_crc16(word), 0xFEE8);
        assert_eq!(mpeg_crc16(word), 0xAEE7);
        assert_eq!(lame_crc16(word), 0xBB3D);
        assert_eq!(ogg_crc32(&[&word[..3], &word[3..]]), 0x89A1_897F);
    }
}

//! The side information of a frame: where its coded sound begins and how many bits it has (ISO/IEC 11172-3, 2.4.1.7;
//! ISO/IEC 13818-3, 2.4.1.7). Reads no more of it.

use super::header::{Header, Version};
use crate::clean::checksum::mpeg_crc16;

/// Bytes of the header.
pub(super) const HEADER_BYTES: usize = 4;

/// What the side information says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Side {
    /// Bytes before this frame's own room at which its coded sound begins.
    pub(super) begin: usize,
    /// Bits of coded sound.
    pub(super) bits: usize,
}

/// Where the parts of a frame are, and how its fields are laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// Offset of the side information.
    pub(super) side: usize,
    /// Offset of the room for coded sound.
    pub(super) main: usize,
    begin_bits: usize,
    private_bits: usize,
    /// Bits before the first granule, of a granule in one channel, and how many of those there are.
    granules: (usize, usize, usize),
}

impl Layout {
    pub(super) fn of(header: Header) -> Self {
        let side = if header.is_protected { 6 } else { HEADER_BYTES };
        let (len, begin_bits, private_bits, granules) = match (header.version, header.is_mono()) {
            (Version::Mpeg1, true) => (17, 9, 5, (18, 59, 2)),
            (Version::Mpeg1, false) => (32, 9, 3, (20, 59, 4)),
            (_, true) => (9, 8, 1, (9, 63, 1)),
            (_, false) => (17, 8, 2, (10, 63, 2)),
        };
        let main = side.saturating_add(len);
        Self { side, main, begin_bits, private_bits, granules }
    }

    /// Reads the side information of a whole frame. `None` if the frame has no room for it.
    pub(super) fn read(&self, frame: &[u8]) -> Option<Side> {
        let side = frame.get(self.side..self.main)?;
        let (first, each, count) = self.granules;
        let mut bits = 0_usize;
        for granule in 0..count {
            let at = granule.checked_mul(each)?.checked_add(first)?;
            bits = bits.checked_add(field(side, at, 12)?)?;
        }
        Some(Side { begin: field(side, 0, self.begin_bits)?, bits })
    }

    /// The private bits, which nothing reads.
    pub(super) fn private(&self, frame: &[u8]) -> Option<usize> {
        field(frame.get(self.side..self.main)?, self.begin_bits, self.private_bits)
    }

    /// Clears the private bits.
    pub(super) fn clear_private(&self, frame: &mut [u8]) {
        for bit in self.begin_bits..self.begin_bits.saturating_add(self.private_bits) {
            if let Some(byte) = frame.get_mut(self.side.saturating_add(bit / 8)) {
                *byte &= !(0x80_u8 >> (bit % 8));
            }
        }
    }

    /// The checksum that a protected frame should have, over half the header and the side information.
    pub(super) fn checksum(&self, frame: &[u8]) -> u16 {
        let covered = [frame.get(2..4).unwrap_or_default(), frame.get(self.side..self.main).unwrap_or_default()];
        mpeg_crc16(&covered.concat())
    }
}

/// A number of up to 12 bits.
fn field(bytes: &[u8], at: usize, bits: usize) -> Option<usize> {
    let byte = |index: usize| bytes.get((at / 8).saturating_add(index)).copied().unwrap_or(0);
    if at.checked_add(bits)? > bytes.len().checked_mul(8)? {
        return None;
    }
    let word = u32::from_be_bytes([byte(0), byte(1), byte(2), 0]);
    let left = u32::try_from(at % 8).ok()?;
    let unused = 32_u32.checked_sub(u32::try_from(bits).ok()?)?;
    usize::try_from(word.checked_shl(left)?.checked_shr(unused)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of this header, in which every bit of the side information in `ones` is set.
    fn frame(header: [u8; 4], ones: std::ops::Range<usize>) -> (Layout, Vec<u8>) {
        let header_read = Header::read(header).unwrap();
        let layout = Layout::of(header_read);
        let mut frame = header.to_vec();
        frame.resize(header_read.len(), 0);
        for bit in ones {
            frame[layout.side + bit / 8] |= 0x80 >> (bit % 8);
        }
        (layout, frame)
    }

    #[test]
    fn fields_are_where_each_version_has_them() {
        for (header, begin, private, granules) in [
            ([0xFF, 0xFB, 0x90, 0xC4], 9, 5, &[18, 77][..]),
            ([0xFF, 0xFA, 0x90, 0x44], 9, 3, &[20, 79, 138, 197]),
            ([0xFF, 0xF3, 0x90, 0xC4], 8, 1, &[9]),
            ([0xFF, 0xE3, 0x90, 0x04], 8, 2, &[10, 73]),
        ] {
            let (layout, bytes) = frame(header, 0..begin);
            assert_eq!(layout.read(&bytes), Some(Side { begin: (1 << begin) - 1, bits: 0 }));
            assert_eq!(layout.private(&bytes), Some(0));
            let (layout, mut bytes) = frame(header, begin..begin + private);
            assert_eq!(layout.read(&bytes), Some(Side { begin: 0, bits: 0 }));
            assert_eq!(layout.private(&bytes), Some((1 << private) - 1));
            layout.clear_private(&mut bytes);
            assert_eq!(bytes, frame(header, 0..0).1);
            for &at in granules {
                let (layout, bytes) = frame(header, at..at + 12);
                assert_eq!(layout.read(&bytes), Some(Side { begin: 0, bits: 4095 }), "{at}");
            }
        }
    }

    #[test]
    fn a_frame_without_room_for_side_information_is_none() {
        let (layout, bytes) = frame([0xFF, 0xFB, 0x90, 0x44], 0..0);
        assert!(layout.read(&bytes[..36]).is_some());
        assert!(layout.read(&bytes[..35]).is_none());
    }
}

//! Vorbis: its three headers, and the lengths of its packets. Never decodes one, and knows nothing of what carries them.
//!
//! Source: Vorbis I specification, sections 3, 4, 6, 7 and 8. The setup header is read field by field, so that its
//! end is known and nothing stands behind it.

mod setup;

pub(crate) use setup::Setup;

/// The comment header that says nothing: no vendor, no comments, the framing bit.
pub(crate) const EMPTY_COMMENT: [u8; 16] = *b"\x03vorbis\0\0\0\0\0\0\0\0\x01";
/// The beginnings of the three headers (4.2.1).
pub(crate) const IDENTIFICATION: &[u8; 7] = b"\x01vorbis";
pub(crate) const COMMENT: &[u8; 7] = b"\x03vorbis";
pub(crate) const SETUP: &[u8; 7] = b"\x05vorbis";
/// Bytes of the identification header.
pub(crate) const IDENTIFICATION_BYTES: usize = 30;

/// What of the identification header bears on decoding (4.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identification {
    pub(crate) channels: u8,
    pub(crate) rate: u32,
    /// Binary logarithms of the two block sizes, the shorter first.
    blocks: (u8, u8),
}

impl Identification {
    /// Reads a header, of which anything may follow. `None` if there is none that decoders take.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(IDENTIFICATION)?.strip_prefix(&[0; 4])?;
        let (&[channels, rate @ ..], rest) = rest.split_first_chunk::<5>()?;
        let (_bitrates, rest) = rest.split_first_chunk::<12>()?;
        let &[blocks, framing, ..] = rest else { return None };
        let (rate, blocks) = (u32::from_le_bytes(rate), (blocks & 15, blocks >> 4));
        let is_valid = channels > 0 && rate > 0 && framing & 1 == 1;
        let are_blocks = blocks.0 >= 6 && blocks.0 <= blocks.1 && blocks.1 <= 13;
        (is_valid && are_blocks).then_some(Self { channels, rate, blocks })
    }

    /// The header in its one form, without the bit rates that an encoder aimed at.
    pub(crate) fn to_bytes(self) -> Vec<u8> {
        let head = [IDENTIFICATION.as_slice(), &[0; 4], &[self.channels], &self.rate.to_le_bytes()];
        [head.concat().as_slice(), &[0; 12], &[self.blocks.0 | (self.blocks.1 << 4), 1]].concat()
    }

    fn block(self, is_long: bool) -> u32 {
        1_u32.checked_shl(if is_long { self.blocks.1 } else { self.blocks.0 }.into()).unwrap_or(0)
    }
}

/// Counts the samples of packets, one after the other.
#[derive(Debug)]
pub(crate) struct Lengths {
    identification: Identification,
    setup: Setup,
    before: Option<u32>,
}

impl Lengths {
    pub(crate) fn new(identification: Identification, setup: Setup) -> Self {
        Self { identification, setup, before: None }
    }

    /// Samples that this packet adds; none, if it is the first (4.3.8). `None` if it is no packet of sound (4.3.1).
    pub(crate) fn next(&mut self, packet: &[u8]) -> Option<u32> {
        let block = self.identification.block(self.setup.is_long(packet)?);
        let before = self.before.replace(block);
        Some(before.map_or(0, |before| before.saturating_add(block) / 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identification_header_is_written_in_one_form() {
        let header = b"\x01vorbis\0\0\0\0\x02\x44\xAC\0\0\xFF\xFF\xFF\xFF\x80\x38\x01\0\0\0\0\0\xB8\x01";
        let read = Identification::read(header).unwrap();
        assert_eq!((read.channels, read.rate, read.block(false), read.block(true)), (2, 44_100, 256, 2048));
        let written = read.to_bytes();
        assert_eq!(written, b"\x01vorbis\0\0\0\0\x02\x44\xAC\0\0\0\0\0\0\0\0\0\0\0\0\0\0\xB8\x01");
        assert_eq!(written.len(), IDENTIFICATION_BYTES);
        for (at, value) in [(0, 2), (7, 1), (11, 0), (28, 0xB5), (28, 0x8B), (28, 0xE8), (29, 0)] {
            let mut header = *header;
            header[at] = value;
            assert_eq!(Identification::read(&header), None, "{at}");
        }
        assert_eq!(Identification::read(&header[..29]), None);
    }
}

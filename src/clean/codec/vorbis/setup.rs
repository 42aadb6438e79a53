//! The setup header of Vorbis, field by field up to its framing bit (Vorbis I, 4.2.4). Keeps only what lengths need.

use super::{Identification, SETUP};

/// Which modes are of long blocks, and where the header ends.
#[derive(Debug)]
pub(crate) struct Setup {
    is_long: Vec<bool>,
    bits: usize,
}

impl Setup {
    /// Reads a header, of which anything may follow. `None` if it is damaged, or says what no decoder heeds.
    pub(crate) fn read(bytes: &[u8], identification: Identification) -> Option<Self> {
        let mut bits = Bits { bytes: bytes.strip_prefix(SETUP)?, at: 0 };
        let books = bits.counted(8)?;
        for _ in 0..books {
            codebook(&mut bits)?;
        }
        for _ in 0..bits.counted(6)? {
            bits.zero(16)?;
        }
        let floors = bits.counted(6)?;
        for _ in 0..floors {
            floor(&mut bits, books)?;
        }
        let residues = bits.counted(6)?;
        for _ in 0..residues {
            residue(&mut bits, books)?;
        }
        let mappings = bits.counted(6)?;
        for _ in 0..mappings {
            mapping(&mut bits, identification.channels, floors, residues)?;
        }
        let mut is_long = Vec::new();
        for _ in 0..bits.counted(6)? {
            is_long.push(bits.flag()?);
            // Window and transform, of which there is one each.
            bits.zero(32)?;
            bits.below(8, mappings)?;
        }
        bits.flag()?.then_some(Self { is_long, bits: bits.at.checked_add(SETUP.len().checked_mul(8)?)? })
    }

    /// The header that [`Setup::read`] read from these bytes and nothing more.
    pub(crate) fn whole(&self, bytes: &[u8]) -> Vec<u8> {
        let mut whole = bytes.get(..self.bits.div_ceil(8)).unwrap_or_default().to_vec();
        if let (Some(last), used @ 1..) = (whole.last_mut(), self.bits % 8) {
            *last &= 0xFF_u8.checked_shr(8_u32.saturating_sub(u32::try_from(used).unwrap_or(0))).unwrap_or(0);
        }
        whole
    }

    /// Whether a packet of sound is of a long block; `None` if it is none.
    pub(super) fn is_long(&self, packet: &[u8]) -> Option<bool> {
        let mut bits = Bits { bytes: packet, at: 0 };
        bits.zero(1)?;
        let mode = bits.read(width(self.is_long.len().checked_sub(1)?))?;
        self.is_long.get(usize::try_from(mode).ok()?).copied()
    }
}

/// A codebook (3.2.1).
fn codebook(bits: &mut Bits<'_>) -> Option<()> {
    if bits.read(24)? != 0x56_43_42 {
        return None;
    }
    let dimensions = bits.read(16)?;
    let entries = bits.read(24)?;
    if bits.flag()? {
        let mut length = bits.read(5)?.checked_add(1)?;
        let mut next = 0_u32;
        while next < entries {
            let left = usize::try_from(entries.checked_sub(next)?).ok()?;
            next = next.checked_add(bits.read(width(left))?).filter(|&next| next <= entries && length <= 32)?;
            length = length.checked_add(1)?;
        }
    } else {
        let sparse = bits.flag()?;
        for _ in 0..entries {
            if !sparse || bits.flag()? {
                bits.read(5)?;
            }
        }
    }
    let lookup = bits.read(4)?;
    let values = match lookup {
        0 => return Some(()),
        1 => root(entries, dimensions)?,
        2 => u64::from(entries).checked_mul(dimensions.into())?,
        _ => return None,
    };
    bits.read(32)?;
    bits.read(32)?;
    let value_bits = bits.counted(4)?;
    bits.flag()?;
    bits.pass(values.checked_mul(value_bits.into())?)
}

/// The greatest number whose power of so many dimensions is not above the entries (9.2.3).
fn root(entries: u32, dimensions: u32) -> Option<u64> {
    if dimensions == 0 || entries == 0 {
        return None;
    }
    if dimensions == 1 {
        return Some(entries.into());
    }
    let fits = |root: u32| root.checked_pow(dimensions).is_some_and(|power| power <= entries);
    // A square has the largest root, of 24 bits.
    (1..=4_096_u32).take_while(|&root| fits(root)).last().map(u64::from)
}

/// A floor of either type (6.2.1, 7.2.2).
fn floor(bits: &mut Bits<'_>, books: u32) -> Option<()> {
    match bits.read(16)? {
        0 => {
            // Order, rate, size of the map, bits and offset of the amplitude.
            bits.pass(8 + 16 + 16 + 6 + 8)?;
            for _ in 0..bits.counted(4)? {
                bits.below(8, books)?;
            }
            Some(())
        }
        1 => {
            let mut classes = Vec::new();
            for _ in 0..bits.read(5)? {
                classes.push(usize::try_from(bits.read(4)?).ok()?);
            }
            let mut dimensions = Vec::new();
            for _ in 0..classes.iter().max().map_or(0, |&class| class.saturating_add(1)) {
                dimensions.push(bits.counted(3)?);
                let subclasses = bits.read(2)?;
                if subclasses > 0 {
                    bits.below(8, books)?;
                }
                for _ in 0..1_u32.checked_shl(subclasses)? {
                    // One less than the number of a book, or none.
                    bits.below(8, books.saturating_add(1))?;
                }
            }
            bits.read(2)?;
            let range_bits = bits.read(4)?;
            for class in classes {
                bits.pass(u64::from(*dimensions.get(class)?).checked_mul(range_bits.into())?)?;
            }
            Some(())
        }
        _ => None,
    }
}

/// A residue (8.6.1).
fn residue(bits: &mut Bits<'_>, books: u32) -> Option<()> {
    bits.below(16, 3)?;
    bits.pass(24 + 24 + 24)?;
    let classifications = bits.counted(6)?;
    bits.below(8, books)?;
    let mut cascaded = 0_u32;
    for _ in 0..classifications {
        let low = bits.read(3)?;
        let high = if bits.flag()? { bits.read(5)? } else { 0 };
        cascaded = cascaded.checked_add(low.count_ones())?.checked_add(high.count_ones())?;
    }
    for _ in 0..cascaded {
        bits.below(8, books)?;
    }
    Some(())
}

/// A mapping, of the one type that there is (4.2.4, "mappings").
fn mapping(bits: &mut Bits<'_>, channels: u8, floors: u32, residues: u32) -> Option<()> {
    bits.zero(16)?;
    let submaps = if bits.flag()? { bits.counted(4)? } else { 1 };
    if bits.flag()? {
        let channel_bits = width(usize::from(channels).checked_sub(1)?);
        for _ in 0..bits.counted(8)? {
            bits.below(channel_bits, channels.into())?;
            bits.below(channel_bits, channels.into())?;
        }
    }
    bits.zero(2)?;
    if submaps > 1 {
        for _ in 0..channels {
            bits.below(4, submaps)?;
        }
    }
    for _ in 0..submaps {
        // A place that nothing ever used.
        bits.zero(8)?;
        bits.below(8, floors)?;
        bits.below(8, residues)?;
    }
    Some(())
}

/// Bits that hold a number (9.2.1).
fn width(number: usize) -> u32 {
    usize::BITS.saturating_sub(number.leading_zeros())
}

/// Reads from the lowest bit of each byte up (2.1).
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// A number of at most 32 bits.
    fn read(&mut self, count: u32) -> Option<u32> {
        let (first, shift) = (self.at / 8, self.at % 8);
        let bytes = self.bytes.get(first..)?;
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(bytes) {
            *to = *from;
        }
        let end = self.at.checked_add(usize::try_from(count).ok()?)?;
        if end > self.bytes.len().checked_mul(8)? {
            return None;
        }
        self.at = end;
        let shifted = u64::from_le_bytes(word) >> shift;
        let mask = 1_u64.checked_shl(count)?.checked_sub(1)?;
        u32::try_from(shifted & mask).ok()
    }

    fn flag(&mut self) -> Option<bool> {
        Some(self.read(1)? == 1)
    }

    /// A number that stands for one more.
    fn counted(&mut self, count: u32) -> Option<u32> {
        self.read(count)?.checked_add(1)
    }

    fn zero(&mut self, count: u32) -> Option<()> {
        (self.read(count)? == 0).then_some(())
    }

    fn below(&mut self, count: u32, limit: u32) -> Option<()> {
        (self.read(count)? < limit).then_some(())
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        self.at = self.at.checked_add(usize::try_from(count).ok()?)?;
        (self.at <= self.bytes.len().checked_mul(8)?).then_some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_is_the_greatest_that_fits() {
        for (entries, dimensions, expected) in
            [(81, 4, 3), (80, 4, 2), (5, 1, 5), (1, 9, 1), (16_777_215, 2, 4095), (16_777_215, 65_535, 1)]
        {
            assert_eq!(root(entries, dimensions), Some(expected), "{entries} {dimensions}");
        }
        assert_eq!(root(9, 0), None);
    }

    #[test]
    fn bits_are_read_from_the_lowest_up_and_never_beyond_the_end() {
        let mut bits = Bits { bytes: &[0b1010_0101, 0xFF], at: 0 };
        assert_eq!(bits.read(3), Some(5));
        assert_eq!(bits.read(6), Some(0b11_0100));
        assert_eq!(bits.read(8), None);
        assert_eq!(bits.read(7), Some(127));
        assert_eq!(bits.read(0), Some(0));
        assert_eq!(bits.read(1), None);
    }
}

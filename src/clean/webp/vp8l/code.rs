//! Prefix codes of a lossless picture (RFC 9649, 3.7.2). Accepts only complete ones, as decoders do.

use super::bits::Bits;
use crate::clean::webp::walk::Fault;
use crate::limits;

/// Lengths of codes are 0 to 15.
const LENGTHS: usize = 16;

/// A code: which bits stand for which symbol.
#[derive(Debug)]
pub(super) struct Code {
    /// How many symbols have a code of each length.
    counts: [u16; LENGTHS],
    /// The symbols by length, then by number.
    symbols: Vec<u16>,
}

/// Symbols that all codes of a picture may have together.
pub(super) struct Symbols {
    left: usize,
}

impl Symbols {
    /// As many as there may be.
    pub(super) fn new() -> Self {
        Self { left: limits::WEBP_SYMBOLS_MAX }
    }
}

impl Code {
    /// Reads a code for the symbols below `alphabet`.
    pub(super) fn read(bits: &mut Bits<'_>, alphabet: usize, symbols: &mut Symbols) -> Result<Self, Fault> {
        let code = if bits.read(1)? == 1 { Self::simple(bits, alphabet)? } else { Self::normal(bits, alphabet)? };
        symbols.left =
            symbols.left.checked_sub(code.symbols.len()).ok_or(Fault::too_large("VP8L number of symbols"))?;
        Ok(code)
    }

    /// The only symbol, which takes no bits.
    pub(super) fn only(&self) -> Option<u16> {
        match self.symbols.as_slice() {
            &[symbol] => Some(symbol),
            _ => None,
        }
    }

    /// The next symbol.
    #[inline]
    pub(super) fn symbol(&self, bits: &mut Bits<'_>) -> Result<u16, Fault> {
        if let &[symbol] = self.symbols.as_slice() {
            return Ok(symbol);
        }
        // The codes of one length are consecutive numbers, and begin where those of the last length end.
        let (mut number, mut first, mut index): (u32, u32, u32) = (0, 0, 0);
        for &count in self.counts.get(1..).unwrap_or_default() {
            number |= bits.read(1)?;
            let past = number.wrapping_sub(first);
            if past < u32::from(count) {
                let at = usize::try_from(index.wrapping_add(past)).unwrap_or(usize::MAX);
                return self.symbols.get(at).copied().ok_or(Fault::damaged("VP8L code"));
            }
            index = index.wrapping_add(count.into());
            first = first.wrapping_add(count.into()).wrapping_shl(1);
            number = number.wrapping_shl(1);
        }
        Err(Fault::damaged("VP8L code"))
    }

    /// One symbol or two, spelt out (RFC 9649, 3.7.2.1.1).
    fn simple(bits: &mut Bits<'_>, alphabet: usize) -> Result<Self, Fault> {
        let has_two = bits.read(1)? == 1;
        let width = if bits.read(1)? == 1 { 8 } else { 1 };
        let mut lengths = vec![0; alphabet];
        let first = bits.read(width)?;
        let others = if has_two { Some(bits.read(8)?) } else { None };
        for symbol in std::iter::once(first).chain(others) {
            match usize::try_from(symbol).ok().and_then(|symbol| lengths.get_mut(symbol)) {
                // The same symbol twice is read in two ways by decoders.
                Some(length @ 0) => *length = 1,
                _ => return Err(Fault::damaged("VP8L simple code")),
            }
        }
        Self::of(&lengths)
    }

    /// Lengths, which are themselves coded (RFC 9649, 3.7.2.1.2).
    fn normal(bits: &mut Bits<'_>, alphabet: usize) -> Result<Self, Fault> {
        const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
        let count = usize::try_from(bits.read(4)?.saturating_add(4)).unwrap_or(0);
        let mut of_lengths = [0_u8; ORDER.len()];
        for &at in ORDER.iter().take(count) {
            if let Some(length) = of_lengths.get_mut(at) {
                *length = u8::try_from(bits.read(3)?).unwrap_or(0);
            }
        }
        let of_lengths = Self::of(&of_lengths)?;
        let mut left = alphabet;
        if bits.read(1)? == 1 {
            let width = bits.read(3)?.saturating_mul(2).saturating_add(2);
            left = usize::try_from(bits.read(width)?.saturating_add(2)).unwrap_or(usize::MAX);
            if left > alphabet {
                return Err(Fault::damaged("VP8L number of code lengths"));
            }
        }
        let mut lengths: Vec<u8> = Vec::with_capacity(alphabet);
        let mut last = 8;
        while lengths.len() < alphabet && left > 0 {
            left = left.saturating_sub(1);
            let (length, times) = match of_lengths.symbol(bits)? {
                16 => (last, bits.read(2)?.saturating_add(3)),
                17 => (0, bits.read(3)?.saturating_add(3)),
                18 => (0, bits.read(7)?.saturating_add(11)),
                length => (u8::try_from(length).unwrap_or(0), 1),
            };
            if length != 0 {
                last = length;
            }
            let len = lengths.len().saturating_add(usize::try_from(times).unwrap_or(usize::MAX));
            if len > alphabet {
                return Err(Fault::damaged("VP8L code lengths"));
            }
            lengths.resize(len, length);
        }
        Self::of(&lengths)
    }

    /// The code in which each symbol has this length; 0 is none.
    fn of(lengths: &[u8]) -> Result<Self, Fault> {
        let mut counts = [0_u16; LENGTHS];
        let mut sorted: Vec<(u8, u16)> = Vec::new();
        for (symbol, &length) in lengths.iter().enumerate().filter(|(_, length)| **length > 0) {
            if let Some(count) = counts.get_mut(usize::from(length)) {
                *count = count.saturating_add(1);
            }
            sorted.push((length, u16::try_from(symbol).unwrap_or(u16::MAX)));
        }
        sorted.sort_unstable();
        let symbols: Vec<u16> = sorted.into_iter().map(|(_, symbol)| symbol).collect();
        let room = |counts: &[u16; LENGTHS]| {
            counts.iter().skip(1).try_fold(1_u32, |left, &count| left.wrapping_shl(1).checked_sub(count.into()))
        };
        // A single symbol takes no bits, whatever its length.
        if symbols.len() == 1 || room(&counts) == Some(0) {
            Ok(Self { counts, symbols })
        } else {
            Err(Fault::damaged("VP8L code lengths"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_complete_codes_are_codes() {
        assert!(Code::of(&[1, 2, 2]).is_ok());
        assert!(Code::of(&[0, 3, 0]).is_ok());
        assert!(Code::of(&[0, 0]).is_err());
        assert!(Code::of(&[1, 2, 0]).is_err());
        assert!(Code::of(&[1, 1, 1]).is_err());
    }

    #[test]
    fn short_codes_come_first_and_equal_ones_by_number() {
        let code = Code::of(&[2, 1, 3, 3]).unwrap();
        let mut bits = Bits::new(&[0b0011_1010, 0b0000_0011]);
        let read: Vec<u16> = (0..3).map(|_| code.symbol(&mut bits).unwrap()).collect();
        // 0 is symbol 1, 10 is symbol 0, 111 is symbol 3; the first bit is the lowest.
        assert_eq!(read, [1, 0, 3]);
    }

    #[test]
    fn symbols_are_counted_over_all_codes() {
        // A simple code of one symbol: 1, 0, 0, then the symbol in one bit.
        for (left, expected) in [(2, true), (1, true), (0, false)] {
            let mut symbols = Symbols { left };
            assert_eq!(Code::read(&mut Bits::new(&[0b0001]), 40, &mut symbols).is_ok(), expected, "{left}");
        }
    }
}

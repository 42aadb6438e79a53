//! The Huffman tables of ITU-T T.81 annex K.3, and bits coded by them. Makes no tables of its own.

use crate::clean::jpeg::{STANDARD_AC_CHROMINANCE, STANDARD_AC_LUMINANCE};

/// A table: how many codes of each length, and their symbols.
pub(super) struct Table {
    pub(super) counts: [u8; 16],
    pub(super) symbols: &'static [u8],
}

/// Symbols of both tables for differences of DC (tables K.3 and K.4).
const SIZES: &[u8] = &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// Table K.3.
pub(super) const DC_LUMINANCE: Table =
    Table { counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0], symbols: SIZES };
/// Table K.5.
pub(super) const AC_LUMINANCE: Table =
    Table { counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125], symbols: &STANDARD_AC_LUMINANCE };
/// Table K.4.
pub(super) const DC_CHROMINANCE: Table =
    Table { counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0], symbols: SIZES };
/// Table K.6.
pub(super) const AC_CHROMINANCE: Table =
    Table { counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119], symbols: &STANDARD_AC_CHROMINANCE };

/// The code of each symbol and its length in bits (annex C).
pub(super) struct Codes([(u16, u8); 256]);

impl Codes {
    pub(super) fn of(table: &Table) -> Self {
        let mut codes = [(0, 0); 256];
        let mut symbols = table.symbols.iter();
        let mut code: u16 = 0;
        for (length, count) in (1_u8..=16).zip(table.counts) {
            for symbol in symbols.by_ref().take(usize::from(count)) {
                if let Some(entry) = codes.get_mut(usize::from(*symbol)) {
                    *entry = (code, length);
                }
                code = code.wrapping_add(1);
            }
            code = code.wrapping_shl(1);
        }
        Self(codes)
    }
}

/// Entropy-coded data, as it is written.
pub(super) struct Bits {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    /// Goes on behind `bytes`.
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self { bytes, held: 0, count: 0 }
    }

    /// A symbol, then the low `extra` bits of `value`; at most 16 and 11 bits.
    pub(super) fn put(&mut self, codes: &Codes, symbol: u8, value: i32, extra: u32) {
        let (code, length) = codes.0.get(usize::from(symbol)).copied().unwrap_or_default();
        self.bits(u32::from(code), length.into());
        let mask = 1_u32.wrapping_shl(extra).saturating_sub(1);
        self.bits(u32::from_ne_bytes(value.to_ne_bytes()) & mask, extra);
    }

    fn bits(&mut self, bits: u32, count: u32) {
        // At most 7 are held, so that 16 more fit.
        self.held = self.held.wrapping_shl(count) | bits;
        self.count = self.count.saturating_add(count);
        while self.count >= 8 {
            self.count = self.count.saturating_sub(8);
            let [.., byte] = self.held.wrapping_shr(self.count).to_be_bytes();
            self.bytes.push(byte);
            if byte == 0xFF {
                self.bytes.push(0);
            }
        }
    }

    /// Pads the last byte with ones.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let missing = self.count.wrapping_neg() & 7;
        self.bits(1_u32.wrapping_shl(missing).saturating_sub(1), missing);
        self.bytes
    }
}

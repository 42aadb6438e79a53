//! Huffman tables of a JPEG: checked, ready to decode with, and freed of whatever their unused codes could say. Reads no file.

use std::cell::Cell;

/// Bits looked up at once; longer codes take the slow way.
const FAST_BITS: u32 = 10;
const FAST_ENTRIES: usize = 1 << FAST_BITS;

/// A table as it stands in a DHT segment (T.81 B.2.4.2): codes of each length from 1 to 16, then symbols.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Definition {
    pub(super) counts: [u8; 16],
    pub(super) symbols: Vec<u8>,
}

/// Which symbols a table may hold.
#[derive(Clone, Copy, Debug)]
pub(super) struct Alphabet {
    /// DC or AC.
    pub(super) class: Class,
    /// Whether the frame is progressive, which gives AC tables their end-of-band runs.
    pub(super) progressive: bool,
    /// Bits of a sample.
    pub(super) precision: u8,
}

/// The two kinds of table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Dc,
    Ac,
}

impl Alphabet {
    /// Whether `symbol` means something (T.81 F.1.2.1, F.1.2.2, G.1.2): sizes up to 11 and 10 bits at
    /// 8 bits a sample, 15 and 14 at 12.
    fn holds(self, symbol: u8) -> bool {
        let more = if self.precision == 12 { 4 } else { 0 };
        let (run, size) = (symbol / 16, symbol % 16);
        match self.class {
            Class::Dc => symbol <= 11_u8.saturating_add(more),
            Class::Ac if size == 0 => self.progressive || run == 0 || run == 15,
            Class::Ac => size <= 10_u8.saturating_add(more),
        }
    }
}

/// A table that scans are decoded with. It remembers which of its symbols were met.
pub(super) struct Table {
    definition: Definition,
    alphabet: Alphabet,
    /// By the next [`FAST_BITS`] bits: length of the code · 256 + symbol, or 0.
    fast: Box<[u16; FAST_ENTRIES]>,
    /// By length: the first code too large for it, moved up to 16 bits; and what to add to a code of
    /// this length to find its symbol's place.
    limits: [(u32, i32); 16],
    met: Box<[Cell<bool>; 256]>,
}

impl Table {
    /// Checks a definition: codes that fit (T.81 annex C), and symbols that differ and mean something.
    /// The code of all ones, which T.81 reserves, is let pass, as every decoder does.
    pub(super) fn new(definition: Definition, alphabet: Alphabet) -> Result<Self, &'static str> {
        let mut seen = [false; 256];
        for &symbol in &definition.symbols {
            let seen = seen.get_mut(usize::from(symbol)).ok_or("DHT symbol")?;
            if *seen || !alphabet.holds(symbol) {
                return Err("DHT symbol");
            }
            *seen = true;
        }
        let mut fast = Box::new([0_u16; FAST_ENTRIES]);
        let mut limits = [(0, 0); 16];
        let (mut code, mut place) = (0_u32, 0_u32);
        for ((length, &count), limit) in (1_u32..).zip(&definition.counts).zip(&mut limits) {
            let first = code;
            let offset = i32::try_from(place).unwrap_or(0).wrapping_sub_unsigned(first);
            for _ in 0..count {
                let symbol = usize::try_from(place).ok().and_then(|place| definition.symbols.get(place));
                enter_fast(&mut fast, code, length, *symbol.ok_or("DHT counts")?);
                code = code.saturating_add(1);
                place = place.saturating_add(1);
            }
            if code > 1_u32.wrapping_shl(length) {
                return Err("DHT codes");
            }
            *limit = (code.wrapping_shl(16_u32.saturating_sub(length)), offset);
            code = code.wrapping_shl(1);
        }
        if usize::try_from(place) != Ok(definition.symbols.len()) {
            return Err("DHT counts");
        }
        let met = Box::new(std::array::from_fn(|_| Cell::new(false)));
        Ok(Self { definition, alphabet, fast, limits, met })
    }

    /// The definition it was made from.
    pub(super) fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Length of the code at the top of `bits`, and its symbol; a length of 0 where there is none.
    #[inline]
    pub(super) fn decode(&self, bits: u64) -> (u32, u8) {
        let (length, symbol) = self.find(bits);
        self.meet(symbol);
        (length, symbol)
    }

    /// As [`Table::decode`], without a memory.
    #[inline]
    pub(super) fn find(&self, bits: u64) -> (u32, u8) {
        let index = usize::try_from(bits >> (64 - FAST_BITS)).unwrap_or(0);
        let [symbol, length] = self.fast.get(index).copied().unwrap_or(0).to_le_bytes();
        if length == 0 { self.decode_long(bits) } else { (u32::from(length), symbol) }
    }

    /// Remembers that `symbol` was met.
    #[inline]
    pub(super) fn meet(&self, symbol: u8) {
        if let Some(met) = self.met.get(usize::from(symbol)) {
            met.set(true);
        }
    }

    #[cold]
    fn decode_long(&self, bits: u64) -> (u32, u8) {
        let top = u32::try_from(bits >> 48).unwrap_or(0);
        for (length, &(limit, offset)) in (1_u32..).zip(&self.limits) {
            if top < limit {
                let code = top.wrapping_shr(16_u32.saturating_sub(length));
                let place = i32::try_from(code).unwrap_or(0).wrapping_add(offset);
                let symbol = usize::try_from(place).ok().and_then(|place| self.definition.symbols.get(place));
                return symbol.map_or((0, 0), |&symbol| (length, symbol));
            }
        }
        (0, 0)
    }

    /// Whether [`Table::canonical`] leaves it as it is, whatever is met: then nobody need remember.
    pub(super) fn is_fixed(&self) -> bool {
        is_standard(&self.definition)
    }

    /// Whether a scan that uses it probably uses all of it: a table of the standard, which stays as it is, or
    /// one that was made for the scan, which has fewer symbols than there are.
    pub(super) fn is_likely_used(&self) -> bool {
        self.is_fixed()
            || (0..=255).filter(|&symbol| self.alphabet.holds(symbol)).count() > self.definition.symbols.len()
    }

    fn has_met(&self, symbol: u8) -> bool {
        self.met.get(usize::from(symbol)).is_some_and(Cell::get)
    }

    /// Whether all its symbols were met.
    pub(super) fn is_met(&self) -> bool {
        self.definition.symbols.iter().all(|&symbol| self.has_met(symbol))
    }

    /// Takes all its symbols for met.
    pub(super) fn meet_all(&self) {
        self.definition.symbols.iter().for_each(|&symbol| self.meet(symbol));
    }

    /// The same table for what was decoded with it, saying nothing more: codes after the last one met
    /// are cut off, and those before it get symbols in a fixed order. The tables of T.81 annex K stay
    /// as they are, since everyone has them.
    pub(super) fn canonical(&self) -> Definition {
        if self.is_fixed() {
            return self.definition.clone();
        }
        let met = |symbol| self.has_met(symbol);
        let mut spare = (0..=255).filter(|&symbol| !met(symbol) && self.alphabet.holds(symbol));
        let last = self.definition.symbols.iter().rposition(|&symbol| met(symbol));
        let kept = last.map_or(0, |last| last.saturating_add(1));
        let symbols: Vec<u8> = (self.definition.symbols.iter().take(kept))
            .map(|&symbol| if met(symbol) { symbol } else { spare.next().unwrap_or(symbol) })
            .collect();
        let mut left = kept;
        let counts = self.definition.counts.map(|count| {
            let here = u8::try_from(left).unwrap_or(u8::MAX).min(count);
            left = left.saturating_sub(usize::from(here));
            here
        });
        Definition { counts, symbols }
    }
}

fn enter_fast(fast: &mut [u16; FAST_ENTRIES], code: u32, length: u32, symbol: u8) {
    let Some(spare) = FAST_BITS.checked_sub(length) else { return };
    let from = usize::try_from(code.wrapping_shl(spare)).unwrap_or(usize::MAX);
    let entry = u16::from_le_bytes([symbol, u8::try_from(length).unwrap_or(0)]);
    // Codes that do not fit fall outside here, and are refused by the caller.
    if let Some(slots) = from.checked_add(1_usize.wrapping_shl(spare)).and_then(|to| fast.get_mut(from..to)) {
        slots.fill(entry);
    }
}

/// The four tables of T.81 annex K.3, which most cameras use.
fn is_standard(definition: &Definition) -> bool {
    let symbols = definition.symbols.as_slice();
    match &definition.counts {
        [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0] | [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0] => {
            symbols == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
        }
        [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125] => symbols == STANDARD_AC_LUMINANCE,
        [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119] => symbols == STANDARD_AC_CHROMINANCE,
        _ => false,
    }
}

/// Symbols of T.81 table K.5.
#[rustfmt::skip]
pub(in crate::clean) const STANDARD_AC_LUMINANCE: [u8; 162] = [
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71,
    0x14, 0x32, 0x81, 0x91, 0xA1, 0x08, 0x23, 0x42, 0xB1, 0xC1, 0x15, 0x52, 0xD1, 0xF0, 0x24, 0x33, 0x62, 0x72,
    0x82, 0x09, 0x0A, 0x16, 0x17, 0x18, 0x19, 0x1A, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x34, 0x35, 0x36, 0x37,
    0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59,
    0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x83,
    0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0xA2, 0xA3,
    0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA, 0xC2, 0xC3,
    0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA, 0xE1, 0xE2,
    0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
];

/// Symbols of T.81 table K.6.
#[rustfmt::skip]
pub(in crate::clean) const STANDARD_AC_CHROMINANCE: [u8; 162] = [
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22,
    0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xA1, 0xB1, 0xC1, 0x09, 0x23, 0x33, 0x52, 0xF0, 0x15, 0x62, 0x72, 0xD1,
    0x0A, 0x16, 0x24, 0x34, 0xE1, 0x25, 0xF1, 0x17, 0x18, 0x19, 0x1A, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x35, 0x36,
    0x37, 0x38, 0x39, 0x3A, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A, 0x53, 0x54, 0x55, 0x56, 0x57, 0x58,
    0x59, 0x5A, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A,
    0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A,
    0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7, 0xA8, 0xA9, 0xAA, 0xB2, 0xB3, 0xB4, 0xB5, 0xB6, 0xB7, 0xB8, 0xB9, 0xBA,
    0xC2, 0xC3, 0xC4, 0xC5, 0xC6, 0xC7, 0xC8, 0xC9, 0xCA, 0xD2, 0xD3, 0xD4, 0xD5, 0xD6, 0xD7, 0xD8, 0xD9, 0xDA,
    0xE2, 0xE3, 0xE4, 0xE5, 0xE6, 0xE7, 0xE8, 0xE9, 0xEA, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8, 0xF9, 0xFA,
];

#[cfg(test)]
mod tests {
    use super::*;

    const AC: Alphabet = Alphabet { class: Class::Ac, progressive: false, precision: 8 };

    fn definition(counts: &[u8], symbols: &[u8]) -> Definition {
        let mut sixteen = [0; 16];
        sixteen[..counts.len()].copy_from_slice(counts);
        Definition { counts: sixteen, symbols: symbols.to_vec() }
    }

    fn part(counts: &[u8], symbols: &[u8]) -> Option<&'static str> {
        Table::new(definition(counts, symbols), AC).err()
    }

    #[test]
    fn codes_of_every_length_are_decoded() {
        // Lengths 1 to 16: codes 0, 10, 110, …
        let symbols: Vec<u8> = (0..10).map(|size| size + 1).chain((0..6).map(|size| size + 0x11)).collect();
        let table = Table::new(definition(&[1; 16], &symbols), AC).unwrap();
        for (length, &symbol) in (1_u32..).zip(&symbols) {
            let code = !(u64::MAX >> (length - 1));
            assert_eq!(table.decode(code), (length, symbol), "length {length}");
        }
        assert_eq!(table.decode(u64::MAX).0, 0, "sixteen ones are no code");
    }

    #[test]
    fn codes_that_do_not_fit_are_refused() {
        assert_eq!(part(&[2], &[1, 2]), None);
        assert_eq!(part(&[3], &[1, 2, 3]), Some("DHT codes"));
        assert_eq!(part(&[1, 3], &[1, 2, 3, 4]), Some("DHT codes"));
        assert_eq!(part(&[1, 1], &[1]), Some("DHT counts"));
        assert_eq!(part(&[1], &[1, 2]), Some("DHT counts"));
    }

    #[test]
    fn symbols_must_differ_and_mean_something() {
        assert_eq!(part(&[0, 2], &[1, 1]), Some("DHT symbol"));
        assert_eq!(part(&[1], &[0x0B]), Some("DHT symbol"), "a coefficient of 11 bits");
        assert_eq!(part(&[1], &[0x10]), Some("DHT symbol"), "an end-of-band run in a sequential frame");
        assert_eq!(part(&[1], &[0xF0]), None);
        let holds = |class, progressive, precision, symbol| Alphabet { class, progressive, precision }.holds(symbol);
        assert!(holds(Class::Ac, true, 8, 0xE0));
        assert!(holds(Class::Ac, false, 12, 0x0E) && !holds(Class::Ac, false, 12, 0x0F));
        assert!(holds(Class::Dc, false, 8, 11) && !holds(Class::Dc, false, 8, 12));
        assert!(holds(Class::Dc, false, 12, 15) && !holds(Class::Dc, false, 12, 16));
    }

    #[test]
    fn unused_codes_lose_what_they_say() {
        let table = Table::new(definition(&[0, 2, 2, 2], &[0x43, 0x41, 0x00, 0x52, 0x59, 0x58]), AC).unwrap();
        // The third code, 100, is the only one met.
        assert_eq!(table.decode(0b100 << 61), (3, 0));
        let canonical = table.canonical();
        assert_eq!(canonical, definition(&[0, 2, 1], &[0x01, 0x02, 0x00]));
        let again = Table::new(canonical.clone(), AC).unwrap();
        assert_eq!(again.decode(0b100 << 61), (3, 0));
        assert_eq!(again.canonical(), canonical);
    }

    #[test]
    fn standard_tables_stay() {
        let counts = [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 125];
        let table = Table::new(definition(&counts, &STANDARD_AC_LUMINANCE), AC).unwrap();
        assert_eq!(&table.canonical(), table.definition());
        let counts = [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 119];
        let table = Table::new(definition(&counts, &STANDARD_AC_CHROMINANCE), AC).unwrap();
        assert_eq!(&table.canonical(), table.definition());
    }
}

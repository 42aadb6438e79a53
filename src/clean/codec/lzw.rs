//! Walks LZW codes to the last that a picture needs, as GIF (89a, appendix F) and TIFF (6.0, section 13) have them.
//! Makes no pixel and keeps no data: it knows how long strings are and which roots occur.
//!
//! Every string begins as another that was met, and one more byte that was met. So the bytes that a picture
//! is made of are just the roots that stand in the data as codes of their own.

/// Codes of a table (12 bits).
const CODES_MAX: usize = 1 << WIDTH_MAX;
/// Bits of the longest code.
const WIDTH_MAX: u32 = 12;

/// Whose LZW.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flavour {
    /// Low bits first; codes grow when the table is full.
    Gif,
    /// High bits first; codes grow one entry earlier.
    Tiff,
}

/// A code that nothing has defined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UndefinedCode;

/// A walk over the codes of one picture or strip.
pub(crate) struct Walk {
    flavour: Flavour,
    clear: usize,
    /// Length of the string of each code behind the end code.
    lengths: Box<[u32; CODES_MAX]>,
    next: usize,
    width: u32,
    before: Option<u32>,
    bits: u32,
    count: u32,
    /// Whole bytes taken, and the last four of them.
    taken: u64,
    recent: [u8; 4],
    left: u64,
    end_code: bool,
    roots: [bool; 256],
}

impl Walk {
    /// A walk over `samples` bytes that are coded with roots of `root_bits`, 1 to 8.
    pub(crate) fn new(flavour: Flavour, root_bits: u32, samples: u64) -> Self {
        let clear = 1_usize.wrapping_shl(root_bits.clamp(1, 8));
        let mut walk = Self {
            flavour,
            clear,
            lengths: Box::new([0; CODES_MAX]),
            next: 0,
            width: 0,
            before: None,
            bits: 0,
            count: 0,
            taken: 0,
            recent: [0; 4],
            left: samples,
            end_code: false,
            roots: [false; 256],
        };
        walk.reset();
        walk
    }

    /// Takes `bytes`, up to the one that holds the last bit of the last code that matters. How many those are.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Result<usize, UndefinedCode> {
        let mut used = 0_usize;
        for &byte in bytes {
            if self.has_ended() {
                break;
            }
            used = used.saturating_add(1);
            self.taken = self.taken.saturating_add(1);
            let [_, b, c, d] = self.recent;
            self.recent = [b, c, d, byte];
            self.bits = match self.flavour {
                Flavour::Gif => self.bits | u32::from(byte).wrapping_shl(self.count),
                Flavour::Tiff => self.bits.wrapping_shl(8) | u32::from(byte),
            };
            self.count = self.count.saturating_add(8);
            while self.count >= self.width && !self.has_ended() {
                let code = self.code();
                self.take(code)?;
            }
        }
        Ok(used)
    }

    /// Whether all samples have been met, or the end code before.
    pub(crate) fn has_ended(&self) -> bool {
        self.left == 0 || self.end_code
    }

    /// Samples that have not been met.
    pub(crate) fn missing(&self) -> u64 {
        self.left
    }

    /// Which values are met in the picture.
    pub(crate) fn roots(&self) -> &[bool; 256] {
        &self.roots
    }

    /// Bytes from the first that hold nothing but codes that matter.
    pub(crate) fn kept(&self) -> u64 {
        self.kept_bits() / 8
    }

    /// What follows those: the rest of the last code, the end code, zeros up to a whole byte.
    pub(crate) fn tail(&self) -> Vec<u8> {
        let begun = u32::try_from(self.kept_bits() % 8).unwrap_or(0);
        let end = u32::try_from(self.clear.saturating_add(1)).unwrap_or(0);
        let total = begun.saturating_add(self.width);
        let partial = if begun == 0 { 0 } else { u32::from(self.since_kept().first().copied().unwrap_or(0)) };
        let bytes = usize::try_from(total.div_ceil(8)).unwrap_or(0);
        match self.flavour {
            Flavour::Gif => {
                let low = partial & 1_u32.wrapping_shl(begun).wrapping_sub(1);
                let all = low | end.wrapping_shl(begun);
                all.to_le_bytes().into_iter().take(bytes).collect()
            }
            Flavour::Tiff => {
                let high = partial.wrapping_shr(8_u32.saturating_sub(begun));
                let all = high.wrapping_shl(self.width) | end;
                all.wrapping_shl(32_u32.saturating_sub(total)).to_be_bytes().into_iter().take(bytes).collect()
            }
        }
    }

    /// Whether what was taken, and `rest` behind it, ends with just [`Walk::tail`].
    pub(crate) fn ends_with(&self, rest: &[u8]) -> bool {
        self.since_kept().iter().chain(rest).copied().eq(self.tail())
    }

    fn kept_bits(&self) -> u64 {
        let end = if self.end_code { self.width } else { 0 };
        self.taken.saturating_mul(8).saturating_sub(u64::from(self.count)).saturating_sub(u64::from(end))
    }

    /// Bytes taken behind those of [`Walk::kept`]: at most three.
    fn since_kept(&self) -> &[u8] {
        let since = usize::try_from(self.taken.saturating_sub(self.kept())).unwrap_or(usize::MAX);
        self.recent.get(self.recent.len().saturating_sub(since)..).unwrap_or_default()
    }

    fn code(&mut self) -> usize {
        let mask = 1_u32.wrapping_shl(self.width).wrapping_sub(1);
        let code = match self.flavour {
            Flavour::Gif => {
                let code = self.bits & mask;
                self.bits = self.bits.wrapping_shr(self.width);
                code
            }
            Flavour::Tiff => self.bits.wrapping_shr(self.count.saturating_sub(self.width)) & mask,
        };
        self.count = self.count.saturating_sub(self.width);
        usize::try_from(code).unwrap_or(usize::MAX)
    }

    fn take(&mut self, code: usize) -> Result<(), UndefinedCode> {
        if code == self.clear {
            self.reset();
            return Ok(());
        }
        if code == self.clear.saturating_add(1) {
            self.end_code = true;
            return Ok(());
        }
        let length = if code < self.clear {
            if let Some(root) = self.roots.get_mut(code) {
                *root = true;
            }
            1
        } else if code < self.next {
            self.lengths.get(code).copied().ok_or(UndefinedCode)?
        } else if code == self.next {
            // The string that this very code completes.
            self.before.ok_or(UndefinedCode)?.saturating_add(1)
        } else {
            return Err(UndefinedCode);
        };
        if let Some(before) = self.before
            && let Some(entry) = self.lengths.get_mut(self.next)
        {
            *entry = before.saturating_add(1);
            self.next = self.next.saturating_add(1);
            let early = if self.flavour == Flavour::Tiff { 1 } else { 0 };
            if self.next.saturating_add(early) == 1_usize.wrapping_shl(self.width) && self.width < WIDTH_MAX {
                self.width = self.width.saturating_add(1);
            }
        }
        self.before = Some(length);
        self.left = self.left.saturating_sub(u64::from(length));
        Ok(())
    }

    fn reset(&mut self) {
        self.next = self.clear.saturating_add(2);
        self.width = self.clear.trailing_zeros().saturating_add(1);
        self.before = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs codes of these widths.
    fn packed(flavour: Flavour, codes: &[(u32, u32)]) -> Vec<u8> {
        let mut bits: Vec<bool> = Vec::new();
        for &(code, width) in codes {
            let places: Vec<u32> = (0..width).collect();
            match flavour {
                Flavour::Gif => bits.extend(places.iter().map(|place| code >> place & 1 == 1)),
                Flavour::Tiff => bits.extend(places.iter().rev().map(|place| code >> place & 1 == 1)),
            }
        }
        bits.chunks(8)
            .map(|byte| {
                byte.iter().enumerate().fold(0, |sum, (place, &bit)| {
                    sum | u8::from(bit) << if flavour == Flavour::Gif { place } else { 7 - place }
                })
            })
            .collect()
    }

    #[test]
    fn strings_are_counted_and_roots_remembered() {
        // Clear, 1, the string 1 1, the string 1 1 1, then 0.
        let codes = [(4, 3), (1, 3), (6, 3), (7, 3), (0, 4), (5, 4)];
        let bytes = packed(Flavour::Gif, &codes);
        let mut walk = Walk::new(Flavour::Gif, 2, 7);
        assert_eq!(walk.feed(&bytes), Ok(2));
        assert!(walk.has_ended());
        assert_eq!(walk.roots()[..4], [true, true, false, false]);
        assert!(walk.ends_with(&bytes[2..]));
    }

    #[test]
    fn the_tail_is_the_same_whatever_follows_the_last_code() {
        let codes = [(4, 3), (1, 3), (6, 3)];
        for flavour in [Flavour::Gif, Flavour::Tiff] {
            let (clear, width) = if flavour == Flavour::Gif { (4, 3) } else { (256, 9) };
            let codes = codes.map(|(code, _)| (if code >= 4 { clear + code - 4 } else { code }, width));
            let sound = packed(flavour, &[&codes[..], &[(clear + 1, width)]].concat());
            for noise in [vec![], vec![(clear + 1, width), (5, 4)], vec![(3, width), (3, width)]] {
                let bytes = packed(flavour, &[&codes[..], &noise].concat());
                let mut walk = Walk::new(flavour, if flavour == Flavour::Gif { 2 } else { 8 }, 3);
                let used = walk.feed(&bytes).unwrap();
                let kept = usize::try_from(walk.kept()).unwrap();
                assert_eq!([&bytes[..kept], &walk.tail()].concat(), sound, "{noise:?}");
                assert_eq!(walk.ends_with(&bytes[used..]), bytes == sound, "{noise:?}");
            }
        }
    }

    #[test]
    fn an_end_code_before_the_last_sample_ends_the_walk() {
        let bytes = packed(Flavour::Gif, &[(4, 3), (1, 3), (5, 3), (7, 3), (7, 3)]);
        let mut walk = Walk::new(Flavour::Gif, 2, 9);
        walk.feed(&bytes).unwrap();
        assert_eq!((walk.has_ended(), walk.missing()), (true, 8));
        assert_eq!(
            [&bytes[..usize::try_from(walk.kept()).unwrap()], &walk.tail()].concat(),
            packed(Flavour::Gif, &[(4, 3), (1, 3), (5, 3)])
        );
    }

    #[test]
    fn a_code_that_nothing_defined_is_a_fault() {
        for codes in [[(4, 3), (6, 3), (0, 3)], [(4, 3), (1, 3), (7, 3)]] {
            assert_eq!(Walk::new(Flavour::Gif, 2, 9).feed(&packed(Flavour::Gif, &codes)), Err(UndefinedCode));
        }
    }

    #[test]
    fn a_full_table_keeps_its_width() {
        // A clear code, and then so many roots that the table is full long before the end.
        let mut codes = vec![(256, 9)];
        codes.extend((0..5000).map(|number| (number % 256, 9)));
        let mut entries = 258_u32;
        let mut width = 9;
        for (place, code) in codes.iter_mut().enumerate().skip(1) {
            code.1 = width;
            if place > 1 && entries < 4096 {
                entries += 1;
                if entries == 1 << width && width < 12 {
                    width += 1;
                }
            }
        }
        let bytes = packed(Flavour::Gif, &codes);
        let mut walk = Walk::new(Flavour::Gif, 8, 5000);
        walk.feed(&bytes).unwrap();
        assert_eq!(walk.missing(), 0);
        assert_eq!(walk.next, 4096);
    }
}

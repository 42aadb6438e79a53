//! The three headers of Vorbis as they may stand in a clean file: no bit rates, no comments, and a setup that ends
//! with its framing bit. From them, how many samples its packets have.
//!
//! Source: Vorbis I, 3.2.1, 4.2, 4.3, 6.2.1, 7.2.2, 8.6.1.

use crate::clean::codec::bits::LowFirst;

/// Whether `body` is the three headers in Xiph lacing, and no more.
pub(super) fn headers(body: &[u8]) -> bool {
    let Some((head, rest)) = body.split_first_chunk::<3>() else { return false };
    let Some((identification, rest)) = rest.split_first_chunk::<30>() else { return false };
    let Some((comment, setup)) = rest.split_first_chunk() else { return false };
    head == &[2, 30, 16] && VorbisStream::of(identification, comment, setup).is_some()
}

/// A stream of packets of sound.
pub(crate) struct VorbisStream {
    /// Samples a second.
    pub(crate) rate: u32,
    /// Samples of a short and of a long block.
    blocks: [u32; 2],
    /// For each mode whether its blocks are long.
    modes: Vec<bool>,
    before: Option<u32>,
}

impl VorbisStream {
    /// `None` unless these are the headers of a clean stream, each to its last byte.
    pub(crate) fn of(identification: &[u8; 30], comment: &[u8; 16], setup: &[u8]) -> Option<Self> {
        let &[1, b'v', b'o', b'r', b'b', b'i', b's', 0, 0, 0, 0, channels, a, b, c, d, ref rates @ .., sizes, 1] =
            identification
        else {
            return None;
        };
        let (small, large) = (sizes % 16, sizes / 16);
        let rate = u32::from_le_bytes([a, b, c, d]);
        let is_sound = channels > 0 && rate > 0 && 6 <= small && small <= large && large <= 13;
        let is_plain = rates == &[0; 12] && comment == b"\x03vorbis\0\0\0\0\0\0\0\0\x01";
        if !is_sound || !is_plain {
            return None;
        }
        let modes = modes(setup, channels.into())?;
        Some(Self { rate, blocks: [small, large].map(|size| 1 << size.min(13)), modes, before: None })
    }

    /// Samples that the next packet adds; none, if it is the first. `None` if it is no packet of sound.
    pub(crate) fn samples(&mut self, packet: &[u8]) -> Option<u32> {
        let mut bits = LowFirst::new(packet);
        let is_sound = !bits.bit()?;
        let last = u32::try_from(self.modes.len()).ok()?.checked_sub(1)?;
        let mode = bits.take(width(last)).filter(|_| is_sound)?;
        let is_long = *self.modes.get(usize::try_from(mode).ok()?)?;
        let block = *self.blocks.get(usize::from(is_long))?;
        let before = self.before.replace(block);
        Some(before.map_or(0, |before| before.saturating_add(block) / 4))
    }
}

/// The modes of a setup header that ends with its last byte: whether each is of long blocks.
fn modes(packet: &[u8], channels: u32) -> Option<Vec<bool>> {
    let body = packet.strip_prefix(b"\x05vorbis")?;
    let mut setup = Setup { bits: LowFirst::new(body), sound: true, modes: Vec::new() };
    setup.read(channels);
    // Zeros up to the end of the byte, which is the last.
    let odd = setup.bits.at() % 8;
    let padding = if odd == 0 { 0 } else { 8usize.saturating_sub(odd) };
    let zeros = (0..padding).all(|_| setup.bits.bit() == Some(false));
    (setup.sound && zeros && setup.bits.at() / 8 == body.len()).then_some(setup.modes)
}

struct Setup<'a> {
    bits: LowFirst<'a>,
    sound: bool,
    modes: Vec<bool>,
}

impl Setup<'_> {
    fn u(&mut self, count: u32) -> u32 {
        let value = self.bits.take(count).filter(|_| self.sound);
        self.sound &= value.is_some();
        value.unwrap_or(0)
    }

    fn flag(&mut self) -> bool {
        self.u(1) == 1
    }

    fn holds(&mut self, condition: bool) {
        self.sound &= condition;
    }

    /// As many fields of so many bits.
    fn fields(&mut self, count: u32, bits: u32) {
        for _ in 0..count {
            if !self.sound {
                return;
            }
            self.u(bits);
        }
    }

    /// As many numbers of so many bits, each of one of `things`.
    fn numbers(&mut self, count: u32, bits: u32, things: u32) {
        for _ in 0..count {
            if !self.sound {
                return;
            }
            let number = self.u(bits);
            self.holds(number < things);
        }
    }

    /// A count, less one, in so many bits.
    fn count(&mut self, bits: u32) -> u32 {
        self.u(bits).saturating_add(1)
    }

    fn read(&mut self, channels: u32) {
        let books = self.count(8);
        for _ in 0..books {
            self.codebook();
        }
        let times = self.count(6);
        self.numbers(times, 16, 1);
        let floors = self.count(6);
        for _ in 0..floors {
            match self.u(16) {
                0 => {
                    self.fields(1, 32);
                    self.fields(1, 22);
                    let count = self.count(4);
                    self.numbers(count, 8, books);
                }
                1 => self.floor(books),
                _ => self.sound = false,
            }
        }
        let residues = self.count(6);
        for _ in 0..residues {
            self.residue(books);
        }
        let mappings = self.count(6);
        for _ in 0..mappings {
            self.mapping(channels, floors, residues);
        }
        for _ in 0..self.count(6) {
            let is_long = self.flag();
            self.modes.push(is_long);
            self.numbers(1, 32, 1);
            self.numbers(1, 8, mappings);
        }
        let framing = self.flag();
        self.holds(framing);
    }

    fn codebook(&mut self) {
        let sync = self.u(24);
        self.holds(sync == 0x564342);
        let (dimensions, entries) = (self.u(16), self.u(24));
        if self.flag() {
            self.u(5);
            let mut left = entries;
            while left > 0 && self.sound {
                let run = self.u(width(left));
                self.holds(run <= left);
                left = left.saturating_sub(run);
            }
        } else {
            let sparse = self.flag();
            for _ in 0..entries {
                if !self.sound {
                    break;
                }
                if !sparse || self.flag() {
                    self.u(5);
                }
            }
        }
        let lookup = self.u(4);
        self.holds(lookup <= 2);
        if lookup == 0 {
            return;
        }
        self.fields(2, 32);
        let bits = self.count(4);
        self.u(1);
        let values = if lookup == 2 { entries.checked_mul(dimensions) } else { root(entries, dimensions) };
        self.holds(values.is_some());
        self.fields(values.unwrap_or(0), bits);
    }

    fn floor(&mut self, books: u32) {
        let partitions = self.u(5);
        let classes: Vec<u32> = (0..partitions).map(|_| self.u(4)).collect();
        let mut dimensions = [0u32; 16];
        let used = classes.iter().copied().max().map_or(0, |class| class.saturating_add(1));
        for dimension in dimensions.iter_mut().take(usize::try_from(used).unwrap_or(0)) {
            *dimension = self.count(3);
            let subclasses = self.u(2);
            self.numbers(u32::from(subclasses > 0), 8, books);
            // Each one more than the number of a book, or zero.
            self.numbers(1 << subclasses.min(3), 8, books.saturating_add(1));
        }
        self.u(2);
        let bits = self.u(4);
        for class in classes {
            let points = usize::try_from(class).ok().and_then(|class| dimensions.get(class).copied());
            self.fields(points.unwrap_or(0), bits);
        }
    }

    fn residue(&mut self, all: u32) {
        let kind = self.u(16);
        self.holds(kind <= 2);
        self.fields(3, 24);
        let classes = self.count(6);
        self.numbers(1, 8, all);
        let mut books = 0u32;
        for _ in 0..classes {
            let low = self.u(3);
            let high = if self.flag() { self.u(5) } else { 0 };
            books = books.saturating_add(low.count_ones()).saturating_add(high.count_ones());
        }
        self.numbers(books, 8, all);
    }

    fn mapping(&mut self, channels: u32, floors: u32, residues: u32) {
        let kind = self.u(16);
        self.holds(kind == 0);
        let submaps = if self.flag() { self.count(4) } else { 1 };
        if self.flag() {
            let steps = self.count(8);
            self.numbers(steps.saturating_mul(2), width(channels.saturating_sub(1)), channels);
        }
        let reserved = self.u(2);
        self.holds(reserved == 0);
        self.numbers(if submaps > 1 { channels } else { 0 }, 4, submaps);
        for _ in 0..submaps {
            self.u(8);
            self.numbers(1, 8, floors);
            self.numbers(1, 8, residues);
        }
    }
}

/// Bits that a number needs.
fn width(value: u32) -> u32 {
    u32::BITS.saturating_sub(value.leading_zeros())
}

/// The largest whole number whose power is not above `entries`.
fn root(entries: u32, dimensions: u32) -> Option<u32> {
    let (mut low, mut high) = (0u32, entries);
    if dimensions == 0 {
        return None;
    }
    while low < high {
        // Halfway, rounded up.
        let half = low.saturating_add(high.saturating_sub(low).saturating_add(1) / 2);
        if half.checked_pow(dimensions).is_some_and(|power| power <= entries) {
            low = half;
        } else {
            high = half.saturating_sub(1);
        }
    }
    Some(low)
}

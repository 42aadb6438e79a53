//! The three headers of Vorbis in Xiph lacing, as they may stand in a clean file: no bit rates, no comments, and a
//! setup that ends with its framing bit.
//!
//! Source: Vorbis I, 3.2.1, 4.2.

use crate::clean::codec::bits::LowFirst;

/// Whether `body` is the three headers, and no more.
pub(super) fn headers(body: &[u8]) -> bool {
    let Some((head, rest)) = body.split_first_chunk::<3>() else { return false };
    let Some((identification, rest)) = rest.split_first_chunk::<30>() else { return false };
    let Some(setup_packet) = rest.strip_prefix(b"\x03vorbis\0\0\0\0\0\0\0\0\x01") else { return false };
    head == &[2, 30, 16] && is_identification(identification) && is_setup(setup_packet, identification)
}

/// Version 0, no bit rates, block sizes in order, framing.
fn is_identification(packet: &[u8; 30]) -> bool {
    let &[1, b'v', b'o', b'r', b'b', b'i', b's', 0, 0, 0, 0, channels, a, b, c, d, ref rates @ .., sizes, 1] = packet
    else {
        return false;
    };
    let (small, large) = (sizes % 16, sizes / 16);
    channels > 0 && [a, b, c, d] != [0; 4] && rates == &[0; 12] && 6 <= small && small <= large && large <= 13
}

fn is_setup(packet: &[u8], identification: &[u8; 30]) -> bool {
    let channels = u32::from(identification.get(11).copied().unwrap_or(0));
    let Some(body) = packet.strip_prefix(b"\x05vorbis") else { return false };
    let mut setup = Setup { bits: LowFirst::new(body), sound: true };
    setup.read(channels);
    // Zeros up to the end of the byte, which is the last.
    let odd = setup.bits.at() % 8;
    let padding = if odd == 0 { 0 } else { 8usize.saturating_sub(odd) };
    let zeros = (0..padding).all(|_| setup.bits.bit() == Some(false));
    setup.sound && zeros && setup.bits.at() / 8 == body.len()
}

struct Setup<'a> {
    bits: LowFirst<'a>,
    sound: bool,
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

    /// A count, less one, in so many bits.
    fn count(&mut self, bits: u32) -> u32 {
        self.u(bits).saturating_add(1)
    }

    fn read(&mut self, channels: u32) {
        for _ in 0..self.count(8) {
            self.codebook();
        }
        for _ in 0..self.count(6) {
            let time = self.u(16);
            self.holds(time == 0);
        }
        for _ in 0..self.count(6) {
            match self.u(16) {
                0 => {
                    self.fields(1, 32);
                    self.fields(1, 22);
                    let books = self.count(4);
                    self.fields(books, 8);
                }
                1 => self.floor(),
                _ => self.sound = false,
            }
        }
        for _ in 0..self.count(6) {
            self.residue();
        }
        for _ in 0..self.count(6) {
            self.mapping(channels);
        }
        for _ in 0..self.count(6) {
            self.u(1);
            let types = self.u(32);
            self.holds(types == 0);
            self.u(8);
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

    fn floor(&mut self) {
        let partitions = self.u(5);
        let classes: Vec<u32> = (0..partitions).map(|_| self.u(4)).collect();
        let mut dimensions = [0u32; 16];
        let used = classes.iter().copied().max().map_or(0, |class| class.saturating_add(1));
        for dimension in dimensions.iter_mut().take(usize::try_from(used).unwrap_or(0)) {
            *dimension = self.count(3);
            let subclasses = self.u(2);
            self.fields(u32::from(subclasses > 0), 8);
            self.fields(1 << subclasses.min(3), 8);
        }
        self.u(2);
        let bits = self.u(4);
        for class in classes {
            let points = usize::try_from(class).ok().and_then(|class| dimensions.get(class).copied());
            self.fields(points.unwrap_or(0), bits);
        }
    }

    fn residue(&mut self) {
        let kind = self.u(16);
        self.holds(kind <= 2);
        self.fields(3, 24);
        let classes = self.count(6);
        self.u(8);
        let mut books = 0u32;
        for _ in 0..classes {
            let low = self.u(3);
            let high = if self.flag() { self.u(5) } else { 0 };
            books = books.saturating_add(low.count_ones()).saturating_add(high.count_ones());
        }
        self.fields(books, 8);
    }

    fn mapping(&mut self, channels: u32) {
        let kind = self.u(16);
        self.holds(kind == 0);
        let submaps = if self.flag() { self.count(4) } else { 1 };
        if self.flag() {
            let steps = self.count(8);
            self.fields(steps.saturating_mul(2), width(channels.saturating_sub(1)));
        }
        let reserved = self.u(2);
        self.holds(reserved == 0);
        self.fields(if submaps > 1 { channels } else { 0 }, 4);
        self.fields(submaps.saturating_mul(3), 8);
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

//! Compressed strips, walked to the last byte that matters. Serves cleaner and verifier; knows neither.

use super::fax;
use super::layout::{Compression, Layout, Piece};
use crate::clean::codec::lzw;
use crate::clean::codec::zlib::{Inflate, Then};

/// What is wrong with a strip, in the format's words.
pub(super) type Fault = &'static str;

/// A walk over the data of one strip or tile.
pub(super) struct Walk {
    coded: Coded,
    reversed: bool,
    /// Which byte values the samples have, where that is asked for and can be told.
    met: Option<Box<[bool; 256]>>,
    /// Rows of a whole strip where the last one needs fewer.
    overfull: bool,
}

enum Coded {
    Stored { left: u64, taken: u64 },
    Lzw(Box<lzw::Walk>),
    Deflate(Box<Deflate>),
    PackBits(PackBits),
    Fax(Box<Fax>),
}

struct Deflate {
    inflate: Inflate,
    taken: u64,
    made: u64,
    needed: u64,
    full: u64,
    ended: bool,
}

struct PackBits {
    left: u64,
    taken: u64,
    /// Bytes that follow as they are, or one that is repeated so often.
    literal: u64,
    repeat: u64,
}

struct Fax {
    shape: fax::Shape,
    data: Vec<u8>,
    end: Option<fax::End>,
}

impl Walk {
    /// A walk over a strip of `layout`. With `watch`, byte values are remembered. JPEG strips have their own.
    pub(super) fn new(layout: &Layout, piece: Piece, watch: bool) -> Self {
        let needed = layout.bytes(piece, piece.rows);
        let coded = match layout.compression {
            Compression::None | Compression::Jpeg => Coded::Stored { left: needed, taken: 0 },
            Compression::Lzw => Coded::Lzw(Box::new(lzw::Walk::new(lzw::Flavour::Tiff, 8, needed))),
            Compression::Deflate => Coded::Deflate(Box::new(Deflate {
                inflate: Inflate::new(),
                taken: 0,
                made: 0,
                needed,
                full: layout.bytes(piece, piece.rows_max),
                ended: false,
            })),
            Compression::PackBits => Coded::PackBits(PackBits { left: needed, taken: 0, literal: 0, repeat: 0 }),
            Compression::Rle | Compression::Group3 | Compression::Group4 => {
                Coded::Fax(Box::new(Fax { shape: fax::Shape::new(layout, piece), data: Vec::new(), end: None }))
            }
        };
        let met = watch.then(|| Box::new([false; 256]));
        Self { coded, reversed: layout.reversed, met, overfull: false }
    }

    /// Takes bytes, up to the last one that matters. How many those are.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        if !self.reversed {
            return self.take(bytes);
        }
        let turned: Vec<u8> = bytes.iter().map(|byte| byte.reverse_bits()).collect();
        self.take(&turned)
    }

    fn take(&mut self, bytes: &[u8]) -> Result<usize, Fault> {
        let met = &mut self.met;
        match &mut self.coded {
            Coded::Stored { left, taken } => {
                let n = bytes.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                remember(met, bytes.get(..n).unwrap_or_default());
                let len = u64::try_from(n).unwrap_or(u64::MAX);
                (*left, *taken) = (left.saturating_sub(len), taken.saturating_add(len));
                Ok(n)
            }
            Coded::Lzw(walk) => {
                // The form before TIFF 5 has its bits the other way round, and so begins otherwise.
                let n = walk.feed(bytes).map_err(|_| "LZW code")?;
                if walk.has_ended() && walk.missing() > 0 { Err("LZW data of too few rows") } else { Ok(n) }
            }
            Coded::Deflate(walk) => walk.take(bytes, met),
            Coded::PackBits(walk) => walk.take(bytes, met),
            Coded::Fax(walk) => {
                walk.data.extend_from_slice(bytes);
                Ok(bytes.len())
            }
        }
    }

    /// Says that there is no more.
    pub(super) fn finish(&mut self) -> Result<(), Fault> {
        match &mut self.coded {
            Coded::Stored { left: 0, .. } => Ok(()),
            Coded::Stored { .. } => Err("strip of too few bytes"),
            Coded::Lzw(walk) if walk.has_ended() => {
                if let Some(met) = &mut self.met {
                    **met = *walk.roots();
                }
                Ok(())
            }
            Coded::Deflate(walk) if walk.ended => {
                self.overfull = walk.made > walk.needed;
                Ok(())
            }
            Coded::PackBits(walk) if walk.has_ended() => Ok(()),
            Coded::Fax(walk) => {
                walk.end = Some(fax::walk(&walk.data, walk.shape)?);
                self.met = None;
                Ok(())
            }
            _ => Err("strip that ends too early"),
        }
    }

    /// Whether nothing more is needed. A fax is read to the end of its strip first.
    pub(super) fn has_ended(&self) -> bool {
        match &self.coded {
            Coded::Stored { left, .. } => *left == 0,
            Coded::Lzw(walk) => walk.has_ended(),
            Coded::Deflate(walk) => walk.ended,
            Coded::PackBits(walk) => walk.has_ended(),
            Coded::Fax(_) => false,
        }
    }

    /// Bytes from the first that are kept as they are.
    pub(super) fn kept(&self) -> u64 {
        match &self.coded {
            Coded::Stored { taken, .. } => *taken,
            Coded::Lzw(walk) => walk.kept(),
            Coded::Deflate(walk) => walk.taken,
            Coded::PackBits(walk) => walk.taken,
            Coded::Fax(walk) => walk.end.as_ref().map_or(0, |end| end.kept),
        }
    }

    /// What follows those, in the order of bits that the file has.
    pub(super) fn tail(&self) -> Vec<u8> {
        let tail = match &self.coded {
            Coded::Lzw(walk) => walk.tail(),
            Coded::Fax(walk) => walk.end.as_ref().map(|end| end.tail.clone()).unwrap_or_default(),
            _ => Vec::new(),
        };
        if self.reversed { tail.iter().map(|byte| byte.reverse_bits()).collect() } else { tail }
    }

    /// Whether the last strip has rows that no page shows.
    pub(super) fn is_overfull(&self) -> bool {
        self.overfull
    }

    /// Which byte values occur; `None` where any may.
    pub(super) fn met(&self) -> Option<&[bool; 256]> {
        self.met.as_deref()
    }

    /// Bytes that were inflated, which take time.
    pub(super) fn inflated(&self) -> u64 {
        match &self.coded {
            Coded::Deflate(walk) => walk.made,
            _ => 0,
        }
    }
}

impl Deflate {
    fn take(&mut self, bytes: &[u8], met: &mut Option<Box<[bool; 256]>>) -> Result<usize, Fault> {
        let mut used = 0_usize;
        while !self.ended {
            let portion = self.inflate.next(bytes.get(used..).unwrap_or_default());
            used = used.saturating_add(portion.taken);
            remember(met, portion.made);
            let more = |sum: u64, len: usize| sum.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
            (self.taken, self.made) = (more(self.taken, portion.taken), more(self.made, portion.made.len()));
            if self.made > self.full.max(self.needed) {
                return Err("zlib stream of too many rows");
            }
            match portion.then {
                Then::Damage => return Err("zlib stream"),
                Then::End if self.made == self.needed || self.made == self.full => self.ended = true,
                Then::End => return Err("zlib stream of too few rows"),
                Then::More if portion.taken == 0 && portion.made.is_empty() => break,
                Then::More => {}
            }
        }
        Ok(used)
    }
}

impl PackBits {
    /// TIFF 6.0, section 9. Runs end with the strip.
    fn take(&mut self, bytes: &[u8], met: &mut Option<Box<[bool; 256]>>) -> Result<usize, Fault> {
        let mut rest = bytes;
        while let Some((&byte, behind)) = rest.split_first().filter(|_| !self.has_ended()) {
            if self.literal > 0 {
                let n = rest.len().min(usize::try_from(self.literal).unwrap_or(usize::MAX));
                let (here, behind) = rest.split_at_checked(n).unwrap_or((rest, &[]));
                remember(met, here);
                self.literal = self.literal.saturating_sub(u64::try_from(n).unwrap_or(u64::MAX));
                rest = behind;
                continue;
            }
            rest = behind;
            if self.repeat > 0 {
                remember(met, &[byte]);
                self.repeat = 0;
                continue;
            }
            let run = match byte.cast_signed() {
                // Says nothing.
                i8::MIN => continue,
                count @ 0.. => {
                    self.literal = u64::from(count.unsigned_abs()).saturating_add(1);
                    self.literal
                }
                count => {
                    self.repeat = u64::from(count.unsigned_abs()).saturating_add(1);
                    self.repeat
                }
            };
            self.left = self.left.checked_sub(run).ok_or("PackBits run beyond its strip")?;
        }
        let used = bytes.len().saturating_sub(rest.len());
        self.taken = self.taken.saturating_add(u64::try_from(used).unwrap_or(u64::MAX));
        Ok(used)
    }

    fn has_ended(&self) -> bool {
        self.left == 0 && self.literal == 0 && self.repeat == 0
    }
}

fn remember(met: &mut Option<Box<[bool; 256]>>, bytes: &[u8]) {
    let Some(met) = met else { return };
    for &byte in bytes {
        if let Some(met) = met.get_mut(usize::from(byte)) {
            *met = true;
        }
    }
}

/// The indices of `bits` in bytes that were met; all of them where that is not known.
pub(super) fn indices(met: Option<&[bool; 256]>, bits: u16) -> [bool; 256] {
    let Some(met) = met else { return [true; 256] };
    if bits == 8 {
        return *met;
    }
    let mask = 0xFF_u8.wrapping_shr(8_u32.saturating_sub(bits.into()));
    let mut indices = [false; 256];
    for (byte, _) in (0..=u8::MAX).zip(met).filter(|(_, met)| **met) {
        for shift in (0..8).step_by(usize::from(bits.max(1))) {
            if let Some(index) = indices.get_mut(usize::from(byte.wrapping_shr(shift) & mask)) {
                *index = true;
            }
        }
    }
    indices
}

//! Walks a lossless WebP picture to its last bit (RFC 9649, 3). Makes no pixels but those that choose codes.

mod bits;
mod code;

use self::bits::Bits;
use self::code::{Code, Symbols};
use super::walk::{Budget, Fault, Trimmed};
use crate::limits;

/// What a walk has found.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Whether the header says that there is transparency.
    pub(super) has_alpha: bool,
    /// The data as they are written.
    pub(super) trimmed: Trimmed,
}

/// Walks the picture in `data`, the body of a `VP8L` chunk (RFC 9649, 3.4).
pub(super) fn walk(data: &[u8], budget: &mut Budget) -> Result<Walked, Fault> {
    let mut bits = Bits::new(data);
    if bits.read(8)? != 0x2F {
        return Err(Fault::damaged("VP8L signature"));
    }
    let (width, height) = (bits.read(14)?.saturating_add(1), bits.read(14)?.saturating_add(1));
    let has_alpha = bits.read(1)? == 1;
    if bits.read(3)? != 0 {
        return Err(Fault::not_understood("VP8L version"));
    }
    stream(&mut bits, width, height, budget)?;
    let mut trimmed = Trimmed::default();
    trimmed.masked(data, 0, bits.needed(), bits.mask());
    Ok(Walked { width, height, has_alpha, trimmed })
}

/// Walks the picture of one channel in `data`, the body of an `ALPH` chunk with its first byte, which is not judged
/// (RFC 9649, 2.7.1.2). Bytes that are needed, and the bits of the last of them.
pub(super) fn walk_alpha(data: &[u8], width: u32, height: u32, budget: &mut Budget) -> Result<(usize, u8), Fault> {
    let mut bits = Bits::new(data);
    bits.read(8)?;
    stream(&mut bits, width, height, budget)?;
    Ok((bits.needed(), bits.mask()))
}

/// Transforms, then the picture (RFC 9649, 3.5 and 3.6).
fn stream(bits: &mut Bits<'_>, width: u32, height: u32, budget: &mut Budget) -> Result<(), Fault> {
    let mut walk = Walk { bits, budget, symbols: Symbols::new() };
    let mut width = width;
    let mut met = [false; 4];
    while walk.bits.read(1)? == 1 {
        let kind = walk.bits.read(2)?;
        match usize::try_from(kind).ok().and_then(|kind| met.get_mut(kind)) {
            Some(met) if !*met => *met = true,
            _ => return Err(Fault::damaged("VP8L transform twice")),
        }
        match kind {
            // Predictors and colour transforms: a value for each block.
            0 | 1 => {
                let size_bits = walk.bits.read(3)?.saturating_add(2);
                walk.description(blocks(width, size_bits), blocks(height, size_bits))?;
            }
            // Green is subtracted, and there is nothing to say.
            2 => {}
            // A colour table; where it is short, several pixels are packed in one.
            _ => {
                let colours = walk.bits.read(8)?.saturating_add(1);
                walk.description(colours, 1)?;
                width = blocks(
                    width,
                    match colours {
                        0..=2 => 3,
                        3..=4 => 2,
                        5..=16 => 1,
                        _ => 0,
                    },
                );
            }
        }
    }
    walk.picture(width, height)
}

/// How many blocks of 2 to the power of `size_bits` pixels a side is cut into.
fn blocks(side: u32, size_bits: u32) -> u32 {
    side.div_ceil(1_u32.wrapping_shl(size_bits))
}

struct Walk<'w, 'd> {
    bits: &'w mut Bits<'d>,
    budget: &'w mut Budget,
    symbols: Symbols,
}

/// The five codes of one part of a picture (RFC 9649, 3.7.1).
struct Group {
    green: Code,
    red: Code,
    blue: Code,
    alpha: Code,
    distance: Code,
}

impl Group {
    /// Whether every pixel is the same, and none takes a bit.
    fn is_flat(&self) -> bool {
        match self.green.only() {
            Some(0..LENGTHS_FROM) => [&self.red, &self.blue, &self.alpha].iter().all(|code| code.only().is_some()),
            Some(symbol) => symbol >= CACHE_FROM,
            None => false,
        }
    }
}

/// Symbols of the green code: values, then lengths, then places in the cache (RFC 9649, 3.6).
const LENGTHS_FROM: u16 = 256;
const CACHE_FROM: u16 = 280;
const DISTANCES: usize = 40;

/// Which group of codes a pixel has.
struct Groups {
    list: Vec<Group>,
    /// The number of the group of each block, where there are several.
    map: Vec<u16>,
    block_bits: u32,
    blocks_across: u32,
}

impl Groups {
    fn at(&self, x: u32, y: u32) -> Option<&Group> {
        if self.map.is_empty() {
            return self.list.first();
        }
        let block = y.wrapping_shr(self.block_bits).saturating_mul(self.blocks_across);
        let block = block.saturating_add(x.wrapping_shr(self.block_bits));
        let number = self.map.get(usize::try_from(block).ok()?)?;
        self.list.get(usize::from(*number))
    }

    /// The first column behind the block of column `x`.
    fn block_end(&self, x: u32) -> u32 {
        if self.map.is_empty() {
            return u32::MAX;
        }
        x.wrapping_shr(self.block_bits).saturating_add(1).saturating_mul(1_u32.wrapping_shl(self.block_bits))
    }
}

impl Walk<'_, '_> {
    /// An image that describes the picture, and has one group of codes.
    fn description(&mut self, width: u32, height: u32) -> Result<(), Fault> {
        let cache_bits = self.cache_bits()?;
        let group = self.group(cache_bits)?;
        let groups = Groups { list: vec![group], map: Vec::new(), block_bits: 0, blocks_across: 0 };
        self.pixels(width, height, &groups, &mut Unseen)
    }

    /// The picture, whose parts may have groups of codes of their own (RFC 9649, 3.7.2.2).
    fn picture(&mut self, width: u32, height: u32) -> Result<(), Fault> {
        let cache_bits = self.cache_bits()?;
        let mut map = Vec::new();
        let (mut block_bits, mut blocks_across) = (0, 0);
        if self.bits.read(1)? == 1 {
            block_bits = self.bits.read(3)?.saturating_add(2);
            blocks_across = blocks(width, block_bits);
            map = self.map(blocks_across, blocks(height, block_bits))?;
        }
        let count = map.iter().max().map_or(1, |&last| usize::from(last).saturating_add(1));
        let list = (0..count).map(|_| self.group(cache_bits)).collect::<Result<Vec<_>, _>>()?;
        self.pixels(width, height, &Groups { list, map, block_bits, blocks_across }, &mut Unseen)
    }

    /// The image whose red and green say which group each block has.
    fn map(&mut self, width: u32, height: u32) -> Result<Vec<u16>, Fault> {
        let cache_bits = self.cache_bits()?;
        let group = self.group(cache_bits)?;
        let groups = Groups { list: vec![group], map: Vec::new(), block_bits: 0, blocks_across: 0 };
        let len = usize::try_from(width.saturating_mul(height)).unwrap_or(usize::MAX);
        if len > limits::WEBP_MAP_PIXELS_MAX {
            return Err(Fault::too_large("VP8L entropy image"));
        }
        let mut seen =
            Seen { pixels: Vec::with_capacity(len), cache: vec![0; 1_usize.wrapping_shl(cache_bits)], cache_bits };
        self.pixels(width, height, &groups, &mut seen)?;
        Ok(seen.pixels.into_iter().map(|pixel| u16::try_from((pixel >> 8) & 0xFFFF).unwrap_or(0)).collect())
    }

    /// The colour cache's size as a power of two; 0 is none (RFC 9649, 3.6.3).
    fn cache_bits(&mut self) -> Result<u32, Fault> {
        if self.bits.read(1)? == 0 {
            return Ok(0);
        }
        match self.bits.read(4)? {
            bits @ 1..=11 => Ok(bits),
            _ => Err(Fault::damaged("VP8L colour cache")),
        }
    }

    fn group(&mut self, cache_bits: u32) -> Result<Group, Fault> {
        let cache = if cache_bits == 0 { 0 } else { 1_usize.wrapping_shl(cache_bits) };
        let mut code = |alphabet| Code::read(self.bits, alphabet, &mut self.symbols);
        Ok(Group {
            green: code(usize::from(CACHE_FROM).saturating_add(cache))?,
            red: code(256)?,
            blue: code(256)?,
            alpha: code(256)?,
            distance: code(DISTANCES)?,
        })
    }

    /// The coded pixels: values, copies of earlier ones, places in the cache.
    fn pixels(&mut self, width: u32, height: u32, groups: &Groups, sight: &mut impl Sight) -> Result<(), Fault> {
        self.budget.pixels(width, height)?;
        let damaged = Fault::damaged("VP8L group of codes");
        let (mut x, mut y) = (0, 0);
        while y < height {
            let group = groups.at(x, y).ok_or(damaged.clone())?;
            let end = groups.block_end(x).min(width);
            if group.is_flat() && !sight.looks() {
                x = end;
            }
            while x < end {
                self.budget.tokens(1)?;
                let copied = self.pixel(group, (x, y), (width, height), sight)?;
                x = x.saturating_add(1);
                if copied > 1 {
                    let to = u64::from(x).saturating_add(copied.saturating_sub(1));
                    let rows = to.checked_div(width.into()).unwrap_or(0);
                    y = y.saturating_add(u32::try_from(rows).unwrap_or(u32::MAX));
                    x = u32::try_from(to.checked_rem(width.into()).unwrap_or(0)).unwrap_or(0);
                    // Elsewhere codes may be others.
                    break;
                }
            }
            if x >= width {
                (x, y) = (0, y.saturating_add(1));
            }
        }
        Ok(())
    }

    /// One pixel, or several that are copied. How many those were.
    fn pixel(
        &mut self,
        group: &Group,
        place: (u32, u32),
        size: (u32, u32),
        sight: &mut impl Sight,
    ) -> Result<u64, Fault> {
        let symbol = group.green.symbol(self.bits)?;
        match symbol {
            0..LENGTHS_FROM => {
                let red = group.red.symbol(self.bits)?;
                let blue = group.blue.symbol(self.bits)?;
                let alpha = group.alpha.symbol(self.bits)?;
                sight.value([alpha, red, symbol, blue]);
                Ok(1)
            }
            LENGTHS_FROM..CACHE_FROM => {
                let length = self.extended(symbol.saturating_sub(LENGTHS_FROM))?;
                let code = group.distance.symbol(self.bits)?;
                let distance = distance(self.extended(code)?, size.0);
                let done = u64::from(place.1).saturating_mul(size.0.into()).saturating_add(place.0.into());
                let left = u64::from(size.0).saturating_mul(size.1.into()).saturating_sub(done);
                if distance > done || u64::from(length) > left {
                    return Err(Fault::damaged("VP8L copy"));
                }
                sight.copy(distance, length)?;
                Ok(length.into())
            }
            _ => {
                sight.cached(symbol.saturating_sub(CACHE_FROM))?;
                Ok(1)
            }
        }
    }

    /// A length or a distance by its prefix (RFC 9649, 3.6.2).
    fn extended(&mut self, prefix: u16) -> Result<u32, Fault> {
        let prefix = u32::from(prefix);
        if prefix < 4 {
            return Ok(prefix.saturating_add(1));
        }
        let extra = prefix.saturating_sub(2) >> 1;
        let offset = (2 | (prefix & 1)).wrapping_shl(extra);
        Ok(offset.saturating_add(self.bits.read(extra)?).saturating_add(1))
    }
}

/// How many pixels back: the first 120 distances are places nearby (RFC 9649, 3.6.2.1).
fn distance(code: u32, width: u32) -> u64 {
    match usize::try_from(code.saturating_sub(1)).ok().and_then(|at| NEARBY.get(at)) {
        Some(&(across, down)) => {
            let back = i64::from(down).saturating_mul(width.into()).saturating_add(across.into());
            u64::try_from(back.max(1)).unwrap_or(1)
        }
        None => u64::from(code).saturating_sub(120),
    }
}

/// Who looks at pixels as they are walked over.
trait Sight {
    /// Whether anybody does.
    fn looks(&self) -> bool;
    /// A pixel by its values: alpha, red, green, blue.
    fn value(&mut self, channels: [u16; 4]);
    /// A pixel from the cache.
    fn cached(&mut self, at: u16) -> Result<(), Fault>;
    /// `length` pixels from `distance` pixels before.
    fn copy(&mut self, distance: u64, length: u32) -> Result<(), Fault>;
}

/// Nobody.
struct Unseen;

impl Sight for Unseen {
    fn looks(&self) -> bool {
        false
    }
    fn value(&mut self, _: [u16; 4]) {}
    fn cached(&mut self, _: u16) -> Result<(), Fault> {
        Ok(())
    }
    fn copy(&mut self, _: u64, _: u32) -> Result<(), Fault> {
        Ok(())
    }
}

/// Keeps all pixels of a small image.
struct Seen {
    pixels: Vec<u32>,
    cache: Vec<u32>,
    cache_bits: u32,
}

impl Seen {
    fn push(&mut self, pixel: u32) {
        self.pixels.push(pixel);
        if self.cache_bits > 0 {
            // RFC 9649, 3.6.3.
            let at = pixel.wrapping_mul(0x1E35_A7BD).wrapping_shr(32_u32.saturating_sub(self.cache_bits));
            if let Some(cached) = usize::try_from(at).ok().and_then(|at| self.cache.get_mut(at)) {
                *cached = pixel;
            }
        }
    }
}

impl Sight for Seen {
    fn looks(&self) -> bool {
        true
    }

    fn value(&mut self, channels: [u16; 4]) {
        let [alpha, red, green, blue] = channels.map(|channel| u8::try_from(channel).unwrap_or(0));
        self.push(u32::from_be_bytes([alpha, red, green, blue]));
    }

    fn cached(&mut self, at: u16) -> Result<(), Fault> {
        let pixel = self.cache.get(usize::from(at)).copied().ok_or(Fault::damaged("VP8L colour cache"))?;
        self.push(pixel);
        Ok(())
    }

    fn copy(&mut self, distance: u64, length: u32) -> Result<(), Fault> {
        let back = usize::try_from(distance).unwrap_or(usize::MAX);
        for _ in 0..length {
            let from = self.pixels.len().checked_sub(back).and_then(|at| self.pixels.get(at)).copied();
            self.push(from.ok_or(Fault::damaged("VP8L copy"))?);
        }
        Ok(())
    }
}

/// Places by distance: columns to the left, rows up (RFC 9649, 3.6.2.1).
#[rustfmt::skip]
const NEARBY: [(i8, i8); 120] = [
    (0, 1), (1, 0), (1, 1), (-1, 1), (0, 2), (2, 0), (1, 2), (-1, 2), (2, 1), (-2, 1), (2, 2), (-2, 2),
    (0, 3), (3, 0), (1, 3), (-1, 3), (3, 1), (-3, 1), (2, 3), (-2, 3), (3, 2), (-3, 2), (0, 4), (4, 0),
    (1, 4), (-1, 4), (4, 1), (-4, 1), (3, 3), (-3, 3), (2, 4), (-2, 4), (4, 2), (-4, 2), (0, 5), (3, 4),
    (-3, 4), (4, 3), (-4, 3), (5, 0), (1, 5), (-1, 5), (5, 1), (-5, 1), (2, 5), (-2, 5), (5, 2), (-5, 2),
    (4, 4), (-4, 4), (3, 5), (-3, 5), (5, 3), (-5, 3), (0, 6), (6, 0), (1, 6), (-1, 6), (6, 1), (-6, 1),
    (2, 6), (-2, 6), (6, 2), (-6, 2), (4, 5), (-4, 5), (5, 4), (-5, 4), (3, 6), (-3, 6), (6, 3), (-6, 3),
    (0, 7), (7, 0), (1, 7), (-1, 7), (5, 5), (-5, 5), (7, 1), (-7, 1), (4, 6), (-4, 6), (6, 4), (-6, 4),
    (2, 7), (-2, 7), (7, 2), (-7, 2), (3, 7), (-3, 7), (7, 3), (-7, 3), (5, 6), (-5, 6), (6, 5), (-6, 5),
    (8, 0), (4, 7), (-4, 7), (7, 4), (-7, 4), (8, 1), (8, 2), (6, 6), (-6, 6), (8, 3), (5, 7), (-5, 7),
    (7, 5), (-7, 5), (8, 4), (6, 7), (-6, 7), (7, 6), (-7, 6), (8, 5), (7, 7), (-7, 7), (8, 6), (8, 7),
];

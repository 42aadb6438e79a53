//! Reads a produced PNG and accounts for every byte, by a grammar of its own. Shares with the cleaner only
//! the walk over a picture's scanlines, and repairs nothing.
//!
//! `signature IHDR acTL? cICP? iCCP? sRGB? gAMA? cHRM? PLTE? tRNS? eXIf? fcTL? IDAT+ (fcTL fdAT+)* IEND`

use std::io::{BufReader, Read};

use crc32fast::Hasher;

use super::image::Walk;
use super::inflate::inflated;
use super::rows::{Colour, Shape, Watch};
use crate::clean::Unaccounted;
use crate::clean::metadata::{exif, icc};
use crate::limits;

/// Bytes of a chunk that is not picture data: a palette has 768, a canonical profile less than this.
const SMALL_BYTES_MAX: u32 = 64 * 1024;

/// Accounts for every byte up to the end of `produced`.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut walker = Walker { reader: BufReader::with_capacity(64 * 1024, produced), at: 0, head: ([0; 4], 0) };
    if walker.array()? != [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] {
        return Err(walker.fault("signature"));
    }
    walker.read_head()?;
    let header = walker.optional(*b"IHDR")?.ok_or(walker.fault("IHDR"))?;
    let shape = shape(&header).ok_or(walker.fault("IHDR"))?;
    let animation = match walker.optional(*b"acTL")? {
        Some(data) => Some(frames(&data).ok_or(walker.fault("acTL"))?),
        None => None,
    };
    colour_chunks(&mut walker, shape)?;
    let palette = walker.optional(*b"PLTE")?;
    let transparency = walker.optional(*b"tRNS")?;
    let mut watch = watch(shape, palette.as_deref(), transparency.as_deref()).ok_or(walker.fault("PLTE, tRNS"))?;
    if let Some(data) = walker.optional(*b"eXIf")?
        && !(2..=8).any(|orientation| exif::canonical(orientation) == data.as_slice())
    {
        return Err(walker.fault("eXIf"));
    }
    let mut sequence: u32 = 0;
    let mut met: u32 = 0;
    if let Some(data) = walker.optional(*b"fcTL")? {
        let frame = frame(&data, shape, sequence).ok_or(walker.fault("fcTL"))?;
        if animation.is_none() || frame != shape || data.get(12..20) != Some(&[0; 8]) {
            return Err(walker.fault("fcTL"));
        }
        (sequence, met) = (1, 1);
    }
    picture(&mut walker, shape, None, &mut watch)?;
    while let Some(data) = walker.optional(*b"fcTL")? {
        let frame = frame(&data, shape, sequence).filter(|_| animation.is_some()).ok_or(walker.fault("fcTL"))?;
        sequence = picture(&mut walker, frame, Some(sequence.saturating_add(1)), &mut watch)?;
        met = met.saturating_add(1);
    }
    if animation.is_some_and(|frames| frames != met) {
        return Err(walker.fault("acTL"));
    }
    if !are_used(shape, palette.as_deref(), transparency.as_deref(), &watch) {
        return Err(walker.fault("PLTE, tRNS"));
    }
    walker.end()
}

/// cICP, iCCP, sRGB, gAMA and cHRM, each with values that decoders know.
fn colour_chunks(walker: &mut Walker<'_>, shape: Shape) -> Result<(), Unaccounted> {
    if let Some(data) = walker.optional(*b"cICP")?
        && !matches!(data.as_slice(), [1 | 2 | 4..=12 | 22, 1 | 2 | 4..=18, 0, 0..=1])
    {
        return Err(walker.fault("cICP"));
    }
    let profile = walker.optional(*b"iCCP")?;
    if profile.as_ref().is_some_and(|data| !is_canonical_profile(data, shape.colour)) {
        return Err(walker.fault("iCCP"));
    }
    if let Some(data) = walker.optional(*b"sRGB")?
        && (profile.is_some() || !matches!(data.as_slice(), [0..=3]))
    {
        return Err(walker.fault("sRGB"));
    }
    if let Some(data) = walker.optional(*b"gAMA")?
        && !is_gamma(&data)
    {
        return Err(walker.fault("gAMA"));
    }
    if let Some(data) = walker.optional(*b"cHRM")?
        && !are_chromaticities(&data)
    {
        return Err(walker.fault("cHRM"));
    }
    Ok(())
}

/// A picture's chunks: all of them full but the last, the zlib stream ending with it. `sequence` is the
/// number of the first fdAT, or `None` for IDAT. Returns the number after the last.
fn picture(
    walker: &mut Walker<'_>,
    shape: Shape,
    mut sequence: Option<u32>,
    watch: &mut Watch,
) -> Result<u32, Unaccounted> {
    let (kind, prefix) = if sequence.is_some() { (*b"fdAT", 4) } else { (*b"IDAT", 0) };
    let mut walk = Walk::new(shape);
    let mut is_last = false;
    let mut window = vec![0; 16 * 1024];
    while walker.head.0 == kind {
        let size = u64::from(walker.head.1).saturating_sub(prefix);
        if is_last || size == 0 || size > limits::PNG_CHUNK_BYTES {
            return Err(walker.fault("chunk length"));
        }
        is_last = size < limits::PNG_CHUNK_BYTES;
        let mut hasher = Hasher::new();
        hasher.update(&kind);
        if let Some(number) = &mut sequence {
            let found = walker.array()?;
            hasher.update(&found);
            if u32::from_be_bytes(found) != *number {
                return Err(walker.fault("sequence number"));
            }
            *number = number.saturating_add(1);
        }
        let mut left = size;
        while left > 0 {
            let n = usize::try_from(left).unwrap_or(usize::MAX).min(window.len());
            let part = window.get_mut(..n).unwrap_or_default();
            walker.fill(part)?;
            hasher.update(part);
            if walk.feed(part, watch).map_err(|fault| walker.fault(fault.part()))? != part.len() {
                return Err(walker.fault("after the zlib stream"));
            }
            left = left.saturating_sub(u64::try_from(n).unwrap_or(u64::MAX));
        }
        walker.check(hasher)?;
        walker.read_head()?;
    }
    if !walk.has_ended() {
        return Err(walker.fault("zlib stream"));
    }
    Ok(sequence.unwrap_or(0))
}

/// The bytes, where they are, and the head of the chunk that comes next.
struct Walker<'a> {
    reader: BufReader<&'a mut dyn Read>,
    at: u64,
    head: ([u8; 4], u32),
}

impl Walker<'_> {
    fn fault(&self, part: &'static str) -> Unaccounted {
        Unaccounted::new(part, self.at)
    }

    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), Unaccounted> {
        self.reader.read_exact(bytes)?;
        self.at = self.at.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Unaccounted> {
        let mut array = [0; N];
        self.fill(&mut array)?;
        Ok(array)
    }

    fn read_head(&mut self) -> Result<(), Unaccounted> {
        let len = u32::from_be_bytes(self.array()?);
        self.head = (self.array()?, len);
        Ok(())
    }

    fn check(&mut self, hasher: Hasher) -> Result<(), Unaccounted> {
        if u32::from_be_bytes(self.array()?) != hasher.finalize() {
            return Err(self.fault("CRC"));
        }
        Ok(())
    }

    /// The data of the next chunk, if that is of type `kind`; then the chunk after it is next.
    fn optional(&mut self, kind: [u8; 4]) -> Result<Option<Vec<u8>>, Unaccounted> {
        let (next, len) = self.head;
        if next != kind {
            return Ok(None);
        }
        if len > SMALL_BYTES_MAX {
            return Err(self.fault("chunk length"));
        }
        let mut data = vec![0; usize::try_from(len).unwrap_or(0)];
        self.fill(&mut data)?;
        let mut hasher = Hasher::new();
        hasher.update(&kind);
        hasher.update(&data);
        self.check(hasher)?;
        self.read_head()?;
        Ok(Some(data))
    }

    /// IEND, and nothing after it.
    fn end(mut self) -> Result<(), Unaccounted> {
        // The CRC-32 of the four letters alone.
        if self.head != (*b"IEND", 0) || self.array()? != [0xAE, 0x42, 0x60, 0x82] {
            return Err(self.fault("IEND"));
        }
        let mut byte = [0];
        if self.reader.read(&mut byte)? != 0 {
            return Err(self.fault("after IEND"));
        }
        Ok(())
    }
}

fn shape(data: &[u8]) -> Option<Shape> {
    let (&width, rest) = data.split_first_chunk::<4>()?;
    let (&height, rest) = rest.split_first_chunk::<4>()?;
    let &[depth, colour, 0, 0, interlace @ 0..=1] = rest else { return None };
    let [width, height] = [width, height].map(u32::from_be_bytes);
    let side = 1..=limits::PICTURE_SIDE_MAX;
    let colour = Colour::new(colour, depth)?;
    let fits = side.contains(&width) && side.contains(&height);
    fits.then_some(Shape { width, height, depth, colour, interlaced: interlace == 1 })
}

/// acTL: the number of frames.
fn frames(data: &[u8]) -> Option<u32> {
    let (&frames, plays) = data.split_first_chunk::<4>()?;
    let plays = u32::from_be_bytes(plays.try_into().ok()?);
    Some(u32::from_be_bytes(frames)).filter(|&frames| frames > 0 && plays <= limits::PNG_PLAYS_MAX)
}

/// fcTL number `sequence`: the shape of the frame.
fn frame(data: &[u8], canvas: Shape, sequence: u32) -> Option<Shape> {
    let (words, rest) = data.as_chunks::<4>();
    let words: Vec<u32> = words.iter().copied().map(u32::from_be_bytes).collect();
    let &[number, width, height, x, y, delay] = words.as_slice() else { return None };
    let [n0, n1, d0, d1] = delay.to_be_bytes();
    let (numerator, denominator) = (u16::from_be_bytes([n0, n1]), u16::from_be_bytes([d0, d1]));
    let is_reduced = (2..=denominator)
        .all(|divisor| numerator.checked_rem(divisor) != Some(0) || denominator.checked_rem(divisor) != Some(0));
    let accepted = number == sequence
        && width > 0
        && height > 0
        && x.checked_add(width)? <= canvas.width
        && y.checked_add(height)? <= canvas.height
        && (1..=limits::PNG_DELAY_PARTS_MAX).contains(&denominator)
        && is_reduced
        && matches!(rest, [0..=2, 0..=1]);
    accepted.then_some(Shape { width, height, ..canvas })
}

/// A name of ours, method 0, and a canonical profile for such samples in stored blocks.
fn is_canonical_profile(data: &[u8], colour: Colour) -> bool {
    let Some(zlib) = data.strip_prefix(b"icc\0\0") else { return false };
    let inflated = inflated(zlib, data.len());
    let space: &[u8] = match colour {
        Colour::Grey | Colour::GreyAlpha => b"GRAY",
        Colour::Rgb | Colour::Palette | Colour::Rgba => b"RGB ",
    };
    // Two bytes of zlib header, five of one block's, four of Adler-32: nothing but stored.
    inflated.is_exact
        && zlib.starts_with(&[0x78, 0x01, 0x01])
        && inflated.bytes.len().checked_add(11) == Some(zlib.len())
        && inflated.bytes.get(16..20) == Some(space)
        && icc::is_canonical(&inflated.bytes)
}

fn is_gamma(data: &[u8]) -> bool {
    let Ok(data) = <[u8; 4]>::try_from(data) else { return false };
    let value = u32::from_be_bytes(data);
    matches!(value, 45_455 | 55_556 | 41_667 | 38_462)
        || (value.is_multiple_of(500) && (10_000..=1_000_000).contains(&value))
}

fn are_chromaticities(data: &[u8]) -> bool {
    let (words, rest) = data.as_chunks::<4>();
    let words: Vec<u32> = words.iter().copied().map(u32::from_be_bytes).collect();
    let &[white_x, white_y, ref primaries @ ..] = words.as_slice() else { return false };
    let is_round = |value: &u32| value.is_multiple_of(100);
    rest.is_empty()
        && primaries.len() == 6
        && primaries.iter().all(is_round)
        && words.as_chunks::<2>().0.iter().all(|[x, y]| x.saturating_add(*y) <= 100_000)
        && (matches!((white_x, white_y), (31_270, 32_900) | (34_570, 35_850))
            || (is_round(&white_x) && is_round(&white_y)))
}

/// What to look for in the pixels; `None` where a palette or transparency may not be there, or not so long.
fn watch(shape: Shape, palette: Option<&[u8]>, transparency: Option<&[u8]>) -> Option<Watch> {
    let narrow = |key: &[u8], max: u16| key.as_chunks::<2>().0.iter().all(|&value| u16::from_be_bytes(value) <= max);
    let low = |key: &[u8]| key.as_chunks::<2>().0.iter().map(|&[_, low]| low).collect::<Vec<u8>>();
    match (shape.colour, palette, transparency) {
        (Colour::Palette, Some(palette), alphas) => {
            let (entries, rest) = palette.as_chunks::<3>();
            let fits = rest.is_empty()
                && (1..=256).contains(&entries.len())
                && alphas.is_none_or(|alphas| (1..=entries.len()).contains(&alphas.len()));
            fits.then(Watch::samples)
        }
        (Colour::Palette, None, _) | (_, Some(_), _) => None,
        (_, None, None) => Some(Watch::Nothing),
        (Colour::Grey, _, Some(key)) if key.len() == 2 => match shape.depth {
            16 => Some(Watch::Pixel { bytes: key.to_vec(), seen: false }),
            depth => {
                let max = 1_u16.checked_shl(u32::from(depth)).map_or(0, |values| values.saturating_sub(1));
                narrow(key, max).then(Watch::samples)
            }
        },
        (Colour::Rgb, _, Some(key)) if key.len() == 6 => match shape.depth {
            16 => Some(Watch::Pixel { bytes: key.to_vec(), seen: false }),
            _ => narrow(key, 255).then(|| Watch::Pixel { bytes: low(key), seen: false }),
        },
        _ => None,
    }
}

/// Whether every entry of palette and transparency is one that pixels use, or blank.
fn are_used(shape: Shape, palette: Option<&[u8]>, transparency: Option<&[u8]>, watch: &Watch) -> bool {
    let transparency = transparency.unwrap_or_default();
    if shape.colour != Colour::Palette {
        return match watch {
            Watch::Nothing => transparency.is_empty(),
            Watch::Pixel { seen, .. } => *seen,
            Watch::Samples(_) => transparency.last().is_some_and(|&key| watch.met(usize::from(key))),
        };
    }
    let (entries, _) = palette.unwrap_or_default().as_chunks::<3>();
    let last = entries.len().saturating_sub(1);
    watch.met(last)
        && (entries.len()..256).all(|index| !watch.met(index))
        && entries.iter().enumerate().all(|(index, entry)| watch.met(index) || *entry == [0; 3])
        && transparency.iter().enumerate().all(|(index, &alpha)| watch.met(index) || alpha == u8::MAX)
        && transparency.last() != Some(&u8::MAX)
}

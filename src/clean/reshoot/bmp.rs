//! Decodes the bitmaps that a cleaner passes: BITMAPINFOHEADER and its later versions, uncompressed or run-length coded.
//! Follows no offset but that of the pixels.

use zeroize::Zeroizing;

use super::decode::{Colours, Layout, Pixels, Raster, bounded, bytes_of, damaged, not_reshot};
use crate::clean::Refusal;

/// BITMAPFILEHEADER.
const FILE_HEADER_BYTES: usize = 14;
/// BITMAPINFOHEADER, the shortest that is read.
const INFO_HEADER_BYTES: usize = 40;
/// BITMAPV2INFOHEADER: from here on the masks are part of the header.
const MASKS_IN_HEADER_BYTES: usize = 52;
/// Where alpha has a mask too.
const ALPHA_IN_HEADER_BYTES: usize = 56;

struct Header<'a> {
    file: &'a [u8],
    width: usize,
    height: usize,
    top_down: bool,
    depth: usize,
    compression: u32,
    palette: Vec<[u8; 3]>,
    masks: [u32; 4],
    pixels: &'a [u8],
}

pub(super) fn bmp(clean: &[u8]) -> Result<Raster, Refusal> {
    let header = Header::read(clean).ok_or_else(damaged)?;
    let (width, height) = (u32::try_from(header.width), u32::try_from(header.height));
    let (width, height) = (width.map_err(|_| damaged())?, height.map_err(|_| damaged())?);
    bounded(width, height)?;
    let mut rows = match (header.compression, header.depth) {
        (0, 1 | 4 | 8) => header.indexed()?,
        (1, 8) | (2, 4) => header.runs()?,
        (0, 24) => header.plain(3)?,
        (0, 16 | 32) | (3 | 6, 16 | 32) => header.masked()?,
        _ => return Err(not_reshot("BMP picture of this kind")),
    };
    if !header.top_down {
        rows.reverse();
    }
    let mut pixels = Pixels::new(width, height, Layout::Rgba);
    rows.iter().for_each(|row| pixels.take(row));
    pixels.finish(1, Colours::Srgb)
}

/// A row of red, green, blue and alpha.
type Row = Zeroizing<Vec<u8>>;

impl<'a> Header<'a> {
    fn read(file: &'a [u8]) -> Option<Self> {
        let field = |at: usize| file.get(at..)?.first_chunk::<4>().copied();
        let word = |at: usize| field(at).map(u32::from_le_bytes);
        let half = |at: usize| file.get(at..)?.first_chunk::<2>().copied().map(u16::from_le_bytes);
        let size = usize::try_from(word(FILE_HEADER_BYTES)?).ok()?;
        if !file.starts_with(b"BM") || size < INFO_HEADER_BYTES {
            return None;
        }
        let width = usize::try_from(i32::from_le_bytes(field(18)?)).ok()?;
        let height = i32::from_le_bytes(field(22)?);
        let (depth, compression) = (usize::from(half(28)?), word(30)?);
        let has_masks = matches!(compression, 3 | 6);
        let masks = match (has_masks, depth) {
            // They follow a header that has none in it, at the same place.
            (true, _) => {
                let has_alpha = size >= ALPHA_IN_HEADER_BYTES || compression == 6;
                [word(54)?, word(58)?, word(62)?, if has_alpha { word(66)? } else { 0 }]
            }
            (false, 16) => [0x7C00, 0x03E0, 0x001F, 0],
            (false, _) => [0xFF_0000, 0xFF00, 0xFF, 0],
        };
        let outside =
            if has_masks && size < MASKS_IN_HEADER_BYTES { if compression == 6 { 16 } else { 12 } } else { 0 };
        let colours = match (depth, usize::try_from(word(46)?).ok()?) {
            (1 | 4 | 8, 0) => 1_usize.checked_shl(u32::try_from(depth).ok()?)?,
            (1 | 4 | 8, used) => used.min(256),
            _ => 0,
        };
        let palette_at = FILE_HEADER_BYTES.checked_add(size)?.checked_add(outside)?;
        let entries = file.get(palette_at..)?.get(..colours.checked_mul(4)?)?;
        let palette = entries.as_chunks::<4>().0.iter().map(|&[blue, green, red, _]| [red, green, blue]).collect();
        let pixels = file.get(usize::try_from(word(10)?).ok()?..)?;
        let (top_down, height) = (height < 0, usize::try_from(height.unsigned_abs()).ok()?);
        Some(Self { file, width, height, top_down, depth, compression, palette, masks, pixels })
    }

    /// Rows as they stand, each padded to four bytes.
    fn rows(&self) -> Result<impl Iterator<Item = &'a [u8]>, Refusal> {
        let line = self.width.saturating_mul(self.depth).div_ceil(32).saturating_mul(4);
        let whole = line.checked_mul(self.height).and_then(|len| self.pixels.get(..len));
        debug_assert!(self.pixels.len() <= self.file.len());
        Ok(whole.ok_or_else(damaged)?.chunks_exact(line.max(4)))
    }

    fn colour(&self, index: u8) -> [u8; 4] {
        let [red, green, blue] = self.palette.get(usize::from(index)).copied().unwrap_or_default();
        [red, green, blue, u8::MAX]
    }

    fn indexed(&self) -> Result<Vec<Row>, Refusal> {
        let depth = u32::try_from(self.depth).unwrap_or(8);
        let mask = u8::MAX.checked_shr(8_u32.saturating_sub(depth)).unwrap_or(u8::MAX);
        let places: Vec<u32> =
            (0..8_u32.checked_div(depth).unwrap_or(1)).rev().map(|n| n.saturating_mul(depth)).collect();
        let row = |line: &[u8]| {
            let indices = line.iter().flat_map(|byte| places.iter().map(move |&by| byte.wrapping_shr(by) & mask));
            Zeroizing::new(indices.take(self.width).flat_map(|index| self.colour(index)).collect())
        };
        Ok(self.rows()?.map(row).collect())
    }

    fn plain(&self, bytes: usize) -> Result<Vec<Row>, Refusal> {
        let row = |line: &[u8]| {
            let pixels = line.chunks_exact(bytes).take(self.width);
            let pixel = |pixel: &[u8]| match *pixel {
                [blue, green, red] => [red, green, blue, u8::MAX],
                _ => [0; 4],
            };
            Zeroizing::new(pixels.flat_map(pixel).collect())
        };
        Ok(self.rows()?.map(row).collect())
    }

    fn masked(&self) -> Result<Vec<Row>, Refusal> {
        let row = |line: &[u8]| {
            let value =
                |pixel: &[u8]| pixel.iter().rev().fold(0_u32, |value, byte| value.wrapping_shl(8) | u32::from(*byte));
            let pixels = line.chunks_exact(self.depth / 8).take(self.width).map(value);
            let pixels = pixels.flat_map(|value| {
                let [red, green, blue, alpha] = self.masks;
                let opaque = if alpha == 0 { u8::MAX } else { masked(value, alpha) };
                [masked(value, red), masked(value, green), masked(value, blue), opaque]
            });
            Zeroizing::new(pixels.collect())
        };
        Ok(self.rows()?.map(row).collect())
    }

    /// BI_RLE8 and BI_RLE4. Pixels that are passed over are of the first colour.
    fn runs(&self) -> Result<Vec<Row>, Refusal> {
        let narrow = self.depth == 4;
        let line = bytes_of(u32::try_from(self.width).unwrap_or(u32::MAX), 1, 1);
        let mut rows = vec![Zeroizing::new(vec![0_u8; line]); self.height];
        let (mut x, mut y) = (0_usize, 0_usize);
        let mut bytes = self.pixels.iter().copied();
        while let (Some(count), Some(value)) = (bytes.next(), bytes.next()) {
            let run: Vec<u8> = match (count, value) {
                (0, 0) => {
                    (x, y) = (0, y.saturating_add(1));
                    continue;
                }
                (0, 1) => break,
                (0, 2) => {
                    let (Some(right), Some(up)) = (bytes.next(), bytes.next()) else { return Err(damaged()) };
                    (x, y) = (x.saturating_add(right.into()), y.saturating_add(up.into()));
                    continue;
                }
                (0, count) => {
                    let len = if narrow { usize::from(count).div_ceil(2) } else { usize::from(count) };
                    let coded: Vec<u8> = bytes.by_ref().take(len.next_multiple_of(2)).collect();
                    let halves = coded.iter().take(len).flat_map(|byte| [byte >> 4_u32, byte & 15]);
                    if narrow { halves.take(count.into()).collect() } else { coded.into_iter().take(len).collect() }
                }
                (count, value) if narrow => {
                    [value >> 4_u32, value & 15].into_iter().cycle().take(count.into()).collect()
                }
                (count, value) => vec![value; count.into()],
            };
            let row = rows.get_mut(y).ok_or_else(damaged)?;
            let to = row.get_mut(x..).ok_or_else(damaged)?;
            to.iter_mut().zip(&run).for_each(|(to, from)| *to = *from);
            x = x.saturating_add(run.len());
        }
        Ok(rows.iter().map(|row| Zeroizing::new(row.iter().flat_map(|&index| self.colour(index)).collect())).collect())
    }
}

/// A field of a pixel, as 8 bits.
fn masked(value: u32, mask: u32) -> u8 {
    let field = value & mask;
    let (shift, max) = (mask.trailing_zeros(), mask.checked_shr(mask.trailing_zeros()).unwrap_or(0));
    let field = u64::from(field.checked_shr(shift).unwrap_or(0)).saturating_mul(255).saturating_add(u64::from(max) / 2);
    u8::try_from(field.checked_div(max.into()).unwrap_or(0)).unwrap_or(u8::MAX)
}

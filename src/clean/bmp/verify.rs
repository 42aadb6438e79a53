//! Reads a produced bitmap to its end and accounts for every byte. Written from the specification; shares no reading
//! and no writing with the cleaner.

use std::io::Read;

use crate::clean::Unaccounted;
use crate::clean::produced::Produced;
use crate::limits;

/// Reads to the end of `produced`, which must be just what the cleaner makes.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut input = Produced::new(produced);
    input.expect(b"BM", "file header")?;
    let [total, reserved, offset] = words(&mut input)?;
    let [size, width, height] = words(&mut input)?;
    let [planes, p1, bits, b1] = input.array()?;
    let [compression, pixel_bytes, x, y, colours, important] = words(&mut input)?;
    if reserved != 0 || [planes, p1, b1] != [1, 0, 0] || [x, y, colours, important] != [0; 4] {
        return input.wrong("header");
    }
    let height = height.cast_signed();
    let shape = Shape { width, height: height.unsigned_abs(), bits: bits.into() };
    let sides = 1..=limits::PICTURE_SIDE_MAX;
    if !sides.contains(&shape.width) || !sides.contains(&shape.height) || shape.pixels() > limits::PICTURE_PIXELS_MAX {
        return input.wrong("width or height");
    }
    let mut met = [false; 256];
    let palette = match (size, compression, bits) {
        (40, 0, 1 | 2 | 4 | 8) | (40, 1, 8) | (40, 2, 4) => {
            let len = 4_usize.wrapping_shl(shape.bits);
            Some(input.bytes(len)?)
        }
        (40, 0, 16 | 24 | 32) | (40, 3, 16 | 32) | (108, 3, 16 | 32) => None,
        _ => return input.wrong("header"),
    };
    let shown = match (compression, bits) {
        (3, _) => masks(&mut input, size, shape.bits)?,
        (0, 16) => 0x7FFF_7FFF,
        (0, 32) => 0x00FF_FFFF,
        _ => u32::MAX,
    };
    if u64::from(offset) != input.at() || offset.checked_add(pixel_bytes) != Some(total) {
        return input.wrong("offset of the pixels");
    }
    match compression {
        1 | 2 if height > 0 => runs(&mut input, shape, &mut met)?,
        1 | 2 => return input.wrong("run lengths from the top"),
        _ => rows(&mut input, shape, shown, palette.is_some().then_some(&mut met))?,
    }
    if input.at() != u64::from(total) {
        return input.wrong("length");
    }
    if palette.is_some_and(|palette| !is_used(&palette, shape.bits, &met)) {
        return input.wrong("palette");
    }
    input.end("bytes after the pixels")
}

#[derive(Clone, Copy)]
struct Shape {
    width: u32,
    height: u32,
    bits: u32,
}

impl Shape {
    fn pixels(self) -> u64 {
        u64::from(self.width).saturating_mul(u64::from(self.height))
    }
}

fn words<const N: usize>(input: &mut Produced<'_>) -> Result<[u32; N], Unaccounted> {
    let mut words = [0; N];
    for word in &mut words {
        *word = u32::from_le_bytes(input.array()?);
    }
    Ok(words)
}

/// Red, green, blue and, in a header of 108 bytes, alpha: all bits that are shown. Not those that need no masks.
fn masks(input: &mut Produced<'_>, size: u32, bits: u32) -> Result<u32, Unaccounted> {
    let [red, green, blue] = words(input)?;
    let mut alpha = 0;
    if size == 108 {
        [alpha] = words(input)?;
        input.expect(b"BGRs", "colour space")?;
        input.expect(&[0; 48], "end points and gammas")?;
    }
    let used = [red, green, blue, alpha];
    let sum = used.iter().map(|mask| mask.count_ones()).sum::<u32>();
    let all = used.iter().fold(0, |all, mask| all | mask);
    // In one piece: the bits from the lowest to the highest are as many as there are.
    let is_whole = |mask: &u32| {
        let span = 32_u32.saturating_sub(mask.leading_zeros()).saturating_sub(mask.trailing_zeros());
        *mask != 0 && span == mask.count_ones()
    };
    let usual = match bits {
        16 => [0x7C00, 0x03E0, 0x001F, 0],
        _ => [0x00FF_0000, 0xFF00, 0xFF, 0],
    };
    let in_range = bits == 32 || all <= 0xFFFF;
    let with_alpha = size == 40 || alpha != 0;
    let pieces = used.iter().take(if size == 108 { 4 } else { 3 }).all(is_whole);
    if !pieces || !with_alpha || sum != all.count_ones() || !in_range || used == usual {
        return input.wrong("masks");
    }
    Ok(if bits == 16 { all | all.wrapping_shl(16) } else { all })
}

/// Rows of whole four bytes: pixels with no bit that is not shown, then zeros. Enters indices in `met`.
fn rows(
    input: &mut Produced<'_>,
    shape: Shape,
    shown: u32,
    mut met: Option<&mut [bool; 256]>,
) -> Result<(), Unaccounted> {
    let row_bits = u64::from(shape.width).saturating_mul(shape.bits.into());
    let stride = usize::try_from(row_bits.div_ceil(32).saturating_mul(4)).unwrap_or(usize::MAX);
    let mut bytes = [false; 256];
    for _ in 0..shape.height {
        let row = input.bytes(stride)?;
        if shown != u32::MAX {
            let all = row.as_chunks::<4>().0.iter().fold(0, |all, quad| all | u32::from_le_bytes(*quad));
            if all & !shown != 0 {
                return input.wrong("bits that are not shown");
            }
        }
        let content = usize::try_from(row_bits / 8).unwrap_or(usize::MAX);
        let (whole, rest) = row.split_at_checked(content).unwrap_or((&row, &[]));
        let over = u32::try_from(row_bits % 8).unwrap_or(0);
        let padding = match rest.split_first() {
            Some((&partial, padding)) if over > 0 => {
                if partial & 0xFF_u8.wrapping_shr(over) != 0 {
                    return input.wrong("padding of a row");
                }
                padding
            }
            _ => rest,
        };
        if padding.iter().any(|&byte| byte != 0) {
            return input.wrong("padding of a row");
        }
        if let Some(met) = met.as_deref_mut() {
            whole.iter().for_each(|&byte| enter(&mut bytes, byte));
            // Of the last byte only the bits in front of the padding.
            let pixels = over.checked_div(shape.bits).unwrap_or(0);
            if let Some(&partial) = rest.first() {
                (1..=pixels).for_each(|pixel| enter(met, pixel_of(partial, pixel, shape.bits)));
            }
        }
    }
    if let Some(met) = met {
        let in_byte = 8_u32.checked_div(shape.bits).unwrap_or(0);
        for (byte, _) in (0..=u8::MAX).zip(bytes).filter(|(_, seen)| *seen) {
            (1..=in_byte).for_each(|pixel| enter(met, pixel_of(byte, pixel, shape.bits)));
        }
    }
    Ok(())
}

/// Pixel number `pixel`, from 1, of those in a byte: the first is in the highest bits.
fn pixel_of(byte: u8, pixel: u32, bits: u32) -> u8 {
    let mask = 0xFF_u8.wrapping_shr(8_u32.saturating_sub(bits));
    byte.wrapping_shr(8_u32.saturating_sub(pixel.saturating_mul(bits))) & mask
}

fn enter(met: &mut [bool; 256], index: u8) {
    if let Some(met) = met.get_mut(usize::from(index)) {
        *met = true;
    }
}

/// Runs up to the last pixel, or to an earlier end of the bitmap; then the end of the bitmap.
fn runs(input: &mut Produced<'_>, shape: Shape, met: &mut [bool; 256]) -> Result<(), Unaccounted> {
    let narrow = shape.bits == 4;
    let (mut x, mut y) = (0_u32, 0_u32);
    let mut gaps = false;
    loop {
        if y >= shape.height || y.saturating_add(1) == shape.height && x == shape.width {
            input.expect(&[0, 1], "end of the bitmap")?;
            break;
        }
        match input.array()? {
            [0, 0] => {
                gaps |= x < shape.width;
                (x, y) = (0, y.saturating_add(1));
            }
            [0, 1] => {
                gaps = true;
                break;
            }
            [0, 2] => {
                let [right, down] = input.array()?;
                gaps = true;
                (x, y) = (x.saturating_add(right.into()), y.saturating_add(down.into()));
                if y >= shape.height {
                    return input.wrong("delta");
                }
            }
            [0, count] => {
                x = x.saturating_add(count.into());
                let bytes = if narrow { usize::from(count.div_ceil(2)) } else { count.into() };
                let mut indices: Vec<u8> = input.bytes(bytes)?;
                if narrow {
                    indices = indices.iter().flat_map(|byte| [byte >> 4, byte & 15]).collect();
                }
                let (shown, padding) = indices.split_at_checked(count.into()).unwrap_or((&indices, &[]));
                shown.iter().for_each(|&index| enter(met, index));
                if padding.iter().any(|&nibble| nibble != 0) || bytes % 2 == 1 && input.byte()? != 0 {
                    return input.wrong("padding of a run");
                }
            }
            [count, code] => {
                x = x.saturating_add(count.into());
                let pair = [code >> 4, code & 15];
                match pair {
                    _ if !narrow => enter(met, code),
                    [index, 0] if count == 1 => enter(met, index),
                    [first, second] if count > 1 => [first, second].into_iter().for_each(|index| enter(met, index)),
                    _ => return input.wrong("index that is not shown"),
                }
            }
        }
        if x > shape.width {
            return input.wrong("run beyond its row");
        }
    }
    met[0] |= gaps;
    Ok(())
}

/// Whether each colour is one that a pixel has, or black, or one of a whole ramp of greys.
fn is_used(palette: &[u8], bits: u32, met: &[bool; 256]) -> bool {
    let (colours, _) = palette.as_chunks::<4>();
    let grey = |index: usize| if bits == 1 { index.saturating_mul(255) } else { index };
    let is_ramp = colours
        .iter()
        .enumerate()
        .all(|(index, [b, g, r, _])| [b, g, r].iter().all(|&&part| usize::from(part) == grey(index)));
    colours.iter().zip(met).all(|(colour, met)| match colour {
        [0, 0, 0, 0] => true,
        [.., reserved] => *reserved == 0 && (*met || is_ramp),
    })
}

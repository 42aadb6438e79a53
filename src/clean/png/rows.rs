//! Scanlines of a PNG picture: their exact number and length, and which samples they use. Never keeps more than two.

use std::iter;

/// What a PNG's samples are (PNG 3rd edition, 11.2.1, "colour type").
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    /// Type 0.
    Grey,
    /// Type 2.
    Rgb,
    /// Type 3.
    Palette,
    /// Type 4.
    GreyAlpha,
    /// Type 6.
    Rgba,
}

impl Colour {
    /// The colour type of that number, if it may have samples of `depth` bits (table 12).
    pub(super) fn new(number: u8, depth: u8) -> Option<Self> {
        match (number, depth) {
            (0, 1 | 2 | 4 | 8 | 16) => Some(Self::Grey),
            (2, 8 | 16) => Some(Self::Rgb),
            (3, 1 | 2 | 4 | 8) => Some(Self::Palette),
            (4, 8 | 16) => Some(Self::GreyAlpha),
            (6, 8 | 16) => Some(Self::Rgba),
            _ => None,
        }
    }

    /// Its number in IHDR.
    pub(super) fn number(self) -> u8 {
        match self {
            Self::Grey => 0,
            Self::Rgb => 2,
            Self::Palette => 3,
            Self::GreyAlpha => 4,
            Self::Rgba => 6,
        }
    }

    fn channels(self) -> u8 {
        match self {
            Self::Grey | Self::Palette => 1,
            Self::GreyAlpha => 2,
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

/// Dimensions in pixels and kind of samples of one picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shape {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) depth: u8,
    pub(super) colour: Colour,
    pub(super) interlaced: bool,
}

impl Shape {
    /// Bytes that its scanlines have with their filter bytes, over all passes.
    pub(super) fn inflated_bytes(&self) -> u64 {
        self.passes()
            .map(|pass| u64::from(pass.height).saturating_mul(self.line_bytes(pass.width).saturating_add(1)))
            .fold(0, u64::saturating_add)
    }

    /// Bits of a pixel, at most 64.
    fn pixel_bits(&self) -> u8 {
        self.colour.channels().saturating_mul(self.depth)
    }

    fn line_bytes(&self, width: u32) -> u64 {
        u64::from(width).saturating_mul(u64::from(self.pixel_bits())).div_ceil(8)
    }

    /// The reduced images that hold pixels: one, or up to seven (PNG 3rd edition, 8.1, Adam7).
    fn passes(&self) -> impl Iterator<Item = Pass> + use<> {
        const WHOLE: [(u32, u32, u32, u32); 1] = [(0, 1, 0, 1)];
        /// First column, step; first row, step.
        const ADAM7: [(u32, u32, u32, u32); 7] =
            [(0, 8, 0, 8), (4, 8, 0, 8), (0, 4, 4, 8), (2, 4, 0, 4), (0, 2, 2, 4), (1, 2, 0, 2), (0, 1, 1, 2)];
        let (width, height) = (self.width, self.height);
        let steps: &'static [_] = if self.interlaced { &ADAM7 } else { &WHOLE };
        steps
            .iter()
            .map(move |&(column, columns, row, rows)| Pass {
                width: width.saturating_sub(column).div_ceil(columns),
                height: height.saturating_sub(row).div_ceil(rows),
            })
            .filter(|pass| pass.width > 0 && pass.height > 0)
    }
}

#[derive(Clone, Copy, Debug)]
struct Pass {
    width: u32,
    height: u32,
}

/// What to look for in the scanlines, over all pictures of a file.
#[derive(Debug)]
pub(super) enum Watch {
    /// Nothing: scanlines are only counted.
    Nothing,
    /// Which sample values occur, where a pixel is one sample of at most 8 bits.
    Samples(Box<[bool; 256]>),
    /// Whether a pixel of these bytes occurs, where a pixel is whole bytes.
    Pixel {
        /// As in an unfiltered scanline.
        bytes: Vec<u8>,
        /// Whether it was met.
        seen: bool,
    },
}

impl Watch {
    /// Looks for sample values.
    pub(super) fn samples() -> Self {
        Self::Samples(Box::new([false; 256]))
    }

    /// Whether sample value `value` was met.
    pub(super) fn met(&self, value: usize) -> bool {
        match self {
            Self::Samples(used) => used.get(value).copied().unwrap_or(false),
            Self::Nothing | Self::Pixel { .. } => false,
        }
    }

    fn is_idle(&self) -> bool {
        matches!(self, Self::Nothing | Self::Pixel { seen: true, .. })
    }

    fn look(&mut self, line: &[u8], depth: u8, width: u32) {
        match self {
            Self::Nothing => {}
            Self::Pixel { bytes, seen } => {
                *seen = *seen || line.chunks_exact(bytes.len().max(1)).any(|pixel| pixel == bytes.as_slice());
            }
            Self::Samples(used) => {
                let mut left = width;
                for &byte in line {
                    let mut byte = byte;
                    // Bits beyond the width are padding and no sample (PNG 3rd edition, 7.2).
                    for _ in 0..(8_u8.checked_div(depth).unwrap_or(1)) {
                        if left == 0 {
                            break;
                        }
                        left = left.saturating_sub(1);
                        byte = byte.rotate_left(u32::from(depth));
                        let mask = u8::MAX.checked_shr(8_u32.saturating_sub(u32::from(depth))).unwrap_or(u8::MAX);
                        if let Some(met) = used.get_mut(usize::from(byte & mask)) {
                            *met = true;
                        }
                    }
                }
            }
        }
    }
}

/// Why inflated bytes are not the picture's scanlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// More bytes than the picture has.
    TooMany,
    /// Fewer.
    TooFew,
    /// A filter type above 4.
    Filter,
}

/// Takes a picture's inflated bytes in any portions and checks them.
#[derive(Debug)]
pub(super) struct Rows {
    shape: Shape,
    passes: Vec<Pass>,
    /// The pass that is being read, if there is one left.
    pass: Option<Pass>,
    rows_left: u32,
    line_bytes: usize,
    filter: Option<u8>,
    taken: usize,
    line: Vec<u8>,
    above: Vec<u8>,
}

impl Rows {
    pub(super) fn new(shape: Shape) -> Self {
        let mut passes: Vec<Pass> = shape.passes().collect();
        passes.reverse();
        let mut rows = Self {
            shape,
            passes,
            pass: None,
            rows_left: 0,
            line_bytes: 0,
            filter: None,
            taken: 0,
            line: Vec::new(),
            above: Vec::new(),
        };
        rows.next_pass();
        rows
    }

    /// Takes the next `bytes`.
    pub(super) fn push(&mut self, mut bytes: &[u8], watch: &mut Watch) -> Result<(), Misfit> {
        while let Some((&first, rest)) = bytes.split_first() {
            if self.filter.is_none() {
                if self.pass.is_none() {
                    return Err(Misfit::TooMany);
                }
                if first > 4 {
                    return Err(Misfit::Filter);
                }
                self.filter = Some(first);
                bytes = rest;
                continue;
            }
            let n = self.line_bytes.saturating_sub(self.taken).min(bytes.len());
            let (part, rest) = bytes.split_at_checked(n).unwrap_or((bytes, &[]));
            if !watch.is_idle() {
                self.line.extend_from_slice(part);
            }
            self.taken = self.taken.saturating_add(n);
            bytes = rest;
            if self.taken >= self.line_bytes {
                self.end_line(watch);
            }
        }
        Ok(())
    }

    /// Insists that no byte is missing.
    pub(super) fn finish(&self) -> Result<(), Misfit> {
        if self.pass.is_some() { Err(Misfit::TooFew) } else { Ok(()) }
    }

    fn end_line(&mut self, watch: &mut Watch) {
        if !watch.is_idle() {
            let pixel_bytes = usize::from(self.shape.pixel_bits().div_ceil(8));
            unfilter(self.filter.unwrap_or(0), &mut self.line, &self.above, pixel_bytes);
            watch.look(&self.line, self.shape.depth, self.pass.map_or(0, |pass| pass.width));
            std::mem::swap(&mut self.line, &mut self.above);
            self.line.clear();
        }
        self.filter = None;
        self.taken = 0;
        self.rows_left = self.rows_left.saturating_sub(1);
        if self.rows_left == 0 {
            self.next_pass();
        }
    }

    fn next_pass(&mut self) {
        self.pass = self.passes.pop();
        let (width, height) = self.pass.map_or((0, 0), |pass| (pass.width, pass.height));
        self.rows_left = height;
        self.line_bytes = usize::try_from(self.shape.line_bytes(width)).unwrap_or(usize::MAX);
        // The line above the first of a pass counts as zeros.
        self.above.clear();
    }
}

/// Undoes a scanline's filter (PNG 3rd edition, 9.2). `above` is the line before, or empty for zeros.
fn unfilter(filter: u8, line: &mut [u8], above: &[u8], pixel_bytes: usize) {
    let size = pixel_bytes.clamp(1, 8);
    let mut left = [0_u8; 8];
    let mut corner = [0_u8; 8];
    let mut above = above.iter().copied().chain(iter::repeat(0));
    for pixel in line.chunks_mut(size) {
        for ((byte, a), c) in pixel.iter_mut().zip(&mut left).zip(&mut corner) {
            let b = above.next().unwrap_or(0);
            let predicted = match filter {
                1 => *a,
                2 => b,
                3 => a.midpoint(b),
                4 => paeth(*a, b, *c),
                _ => 0,
            };
            *byte = byte.wrapping_add(predicted);
            *a = *byte;
            *c = b;
        }
    }
}

/// The Paeth predictor (PNG 3rd edition, 9.4).
fn paeth(a: u8, b: u8, c: u8) -> u8 {
    let [wide_a, wide_b, wide_c] = [a, b, c].map(i16::from);
    let estimate = wide_a.saturating_add(wide_b).saturating_sub(wide_c);
    let [to_a, to_b, to_c] = [wide_a, wide_b, wide_c].map(|value| estimate.abs_diff(value));
    if to_a <= to_b && to_a <= to_c {
        a
    } else if to_b <= to_c {
        b
    } else {
        c
    }
}

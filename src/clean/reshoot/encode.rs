//! Encodes a picture as baseline JPEG with the tables of ITU-T T.81 annex K alone, so that all that come from
//! here are alike. Chooses nothing by the picture.

use super::decode::Channels;
use super::huffman::{AC_CHROMINANCE, AC_LUMINANCE, Bits, Codes, DC_CHROMINANCE, DC_LUMINANCE, Table};
use super::shrink::Small;
use crate::clean::metadata::icc::number::rounded;

/// The tables of annex K.1 in the measure that the IJG's library calls a quality of 75, which is what most
/// programs write if nobody tells them otherwise.
const SCALE_PERCENT: u16 = 50;

/// A whole JPEG file.
pub(super) fn jpeg(picture: &Small) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8];
    segment(&mut file, 0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0");
    let luminance = Coder::new(&LUMINANCE, &DC_LUMINANCE, &AC_LUMINANCE);
    let chrominance = Coder::new(&CHROMINANCE, &DC_CHROMINANCE, &AC_CHROMINANCE);
    let coders: &[(u8, &Coder)] = match picture.channels {
        Channels::Grey => &[(0, &luminance)],
        Channels::Rgb => &[(0, &luminance), (1, &chrominance)],
    };
    for (id, coder) in coders {
        segment(&mut file, 0xDB, &[&[*id], ZIGZAG.map(|at| entry(&coder.divisors, at)).as_slice()].concat());
    }
    let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX).to_be_bytes();
    let (frame, scan): (&[u8], &[u8]) = match picture.channels {
        Channels::Grey => (&[1, 1, 0x11, 0], &[1, 1, 0, 0, 63, 0]),
        Channels::Rgb => (&[3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1], &[3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0]),
    };
    segment(&mut file, 0xC0, &[&[8], side(picture.height).as_slice(), &side(picture.width), frame].concat());
    for class in [0_u8, 1] {
        for (id, coder) in coders {
            let table = if class == 0 { coder.dc_table } else { coder.ac_table };
            let head = (class << 4_u32) | id;
            segment(&mut file, 0xC4, &[&[head], table.counts.as_slice(), table.symbols].concat());
        }
    }
    segment(&mut file, 0xDA, scan);
    let mut bits = Bits::new(file);
    match picture.channels {
        Channels::Grey => grey(picture, &luminance, &mut bits),
        Channels::Rgb => colour(picture, &luminance, &chrominance, &mut bits),
    }
    let mut file = bits.finish();
    file.extend([0xFF, 0xD9]);
    file
}

fn segment(to: &mut Vec<u8>, code: u8, payload: &[u8]) {
    let len = u16::try_from(payload.len().saturating_add(2)).unwrap_or(u16::MAX);
    to.extend([0xFF, code]);
    to.extend(len.to_be_bytes());
    to.extend_from_slice(payload);
}

fn grey(picture: &Small, coder: &Coder, bits: &mut Bits) {
    let mut last = 0;
    for top in (0..picture.height).step_by(8) {
        for left in (0..picture.width).step_by(8) {
            let mut samples = [0.0; 64];
            for (sample, (x, y)) in samples.iter_mut().zip(square(left, top, 8)) {
                *sample = pixel(picture, x, y).first().map_or(0.0, |value| f32::from(*value)) - 128.0;
            }
            coder.block(&samples, &mut last, bits);
        }
    }
}

/// Blocks in units of 16 by 16 pixels: four of luminance, one each of blue and red differences.
fn colour(picture: &Small, luminance: &Coder, chrominance: &Coder, bits: &mut Bits) {
    let mut last = [0; 3];
    for top in (0..picture.height).step_by(16) {
        for left in (0..picture.width).step_by(16) {
            let mut quarters = [[0.0; 64]; 4];
            let mut sums = [[0.0_f32; 64]; 2];
            for (quarter, (x0, y0)) in quarters.iter_mut().zip([(0, 0), (8, 0), (0, 8), (8, 8)]) {
                let (left, top) = (left.saturating_add(x0), top.saturating_add(y0));
                for ((at, sample), (x, y)) in (0_u8..).zip(quarter.iter_mut()).zip(square(left, top, 8)) {
                    let [y, cb, cr] = ycc(pixel(picture, x, y));
                    *sample = y - 128.0;
                    // Four pixels share one place: the mean of each difference (T.81 A.1.1, JFIF 1.02).
                    let (column, row) = (at % 8, at / 8);
                    let half = |offset: u32, along: u8| (offset / 2).saturating_add(u32::from(along / 2));
                    let place = half(y0, row).saturating_mul(8).saturating_add(half(x0, column));
                    let place = usize::try_from(place).unwrap_or(0);
                    for (sum, difference) in sums.iter_mut().zip([cb, cr]) {
                        if let Some(sum) = sum.get_mut(place) {
                            *sum += difference * 0.25;
                        }
                    }
                }
            }
            let [last_y, last_cb, last_cr] = &mut last;
            for quarter in &quarters {
                luminance.block(quarter, last_y, bits);
            }
            for (sums, last) in sums.iter().zip([last_cb, last_cr]) {
                chrominance.block(sums, last, bits);
            }
        }
    }
}

/// The places of a square, row by row.
fn square(left: u32, top: u32, side: u32) -> impl Iterator<Item = (u32, u32)> {
    (0..side).flat_map(move |y| (0..side).map(move |x| (left.saturating_add(x), top.saturating_add(y))))
}

/// The samples of a pixel; beyond the edge those of the nearest.
fn pixel(picture: &Small, x: u32, y: u32) -> &[u8] {
    let channels = picture.channels.count();
    let (x, y) = (x.min(picture.width.saturating_sub(1)), y.min(picture.height.saturating_sub(1)));
    let at = u64::from(y).saturating_mul(picture.width.into()).saturating_add(x.into());
    let at = usize::try_from(at).unwrap_or(usize::MAX).saturating_mul(channels);
    picture.samples.get(at..).and_then(|rest| rest.get(..channels)).unwrap_or_default()
}

/// Luminance from 0 to 255 and the two differences around 0 (JFIF 1.02; ITU-R BT.601).
fn ycc(rgb: &[u8]) -> [f32; 3] {
    let &[r, g, b] = rgb else { return [0.0; 3] };
    let [r, g, b] = [r, g, b].map(f32::from);
    [
        0.299 * r + 0.587 * g + 0.114 * b,
        0.5 * b - 0.168_735_89 * r - 0.331_264_1 * g,
        0.5 * r - 0.418_687_59 * g - 0.081_312_41 * b,
    ]
}

/// Codes the blocks of one kind of component.
struct Coder {
    /// In rows.
    divisors: [u8; 64],
    dc_table: &'static Table,
    ac_table: &'static Table,
    dc: Codes,
    ac: Codes,
}

impl Coder {
    fn new(measures: &[u8; 64], dc_table: &'static Table, ac_table: &'static Table) -> Self {
        let scaled = |value: u8| u16::from(value).saturating_mul(SCALE_PERCENT).saturating_add(50) / 100;
        let divisors = measures.map(|value| u8::try_from(scaled(value)).unwrap_or(u8::MAX).max(1));
        Self { divisors, dc_table, ac_table, dc: Codes::of(dc_table), ac: Codes::of(ac_table) }
    }

    /// A block of samples around 0 (T.81 F.1.2). `last` is the DC of the one before.
    fn block(&self, samples: &[f32; 64], last: &mut i32, bits: &mut Bits) {
        let frequencies = transformed(&transformed(samples));
        let mut quantised = [0_i32; 64];
        for ((value, frequency), divisor) in quantised.iter_mut().zip(frequencies).zip(self.divisors) {
            *value = rounded(f64::from(frequency / f32::from(divisor))).clamp(-1023, 1023);
        }
        let mut ordered = ZIGZAG.iter().map(|at| quantised.get(usize::from(*at)).copied().unwrap_or(0));
        let dc = ordered.next().unwrap_or(0);
        let difference = dc.saturating_sub(*last);
        *last = dc;
        let (size, value) = sized(difference);
        bits.put(&self.dc, u8::try_from(size).unwrap_or(0), value, size);
        let mut zeros: u8 = 0;
        for value in ordered {
            if value == 0 {
                zeros = zeros.saturating_add(1);
                continue;
            }
            while zeros > 15 {
                bits.put(&self.ac, 0xF0, 0, 0);
                zeros = zeros.saturating_sub(16);
            }
            let (size, value) = sized(value);
            bits.put(&self.ac, (zeros << 4_u32) | u8::try_from(size).unwrap_or(0), value, size);
            zeros = 0;
        }
        if zeros > 0 {
            bits.put(&self.ac, 0, 0, 0);
        }
    }
}

/// How many bits a value takes, and what they are: negative ones count down from all ones.
fn sized(value: i32) -> (u32, i32) {
    let size = 32_u32.saturating_sub(value.unsigned_abs().leading_zeros());
    (size, if value < 0 { value.saturating_sub(1) } else { value })
}

/// The cosine transform (T.81 A.3.3) of each row, which comes out as a column. Two in a row are the whole.
fn transformed(block: &[f32; 64]) -> [f32; 64] {
    let mut out = [0.0; 64];
    let rows = block.as_chunks::<8>().0;
    let places = WAVES.iter().flat_map(|wave| rows.iter().map(move |row| (wave, row)));
    for (sum, (wave, row)) in out.iter_mut().zip(places) {
        for (factor, sample) in wave.iter().zip(row) {
            *sum += factor * sample;
        }
    }
    out
}

fn entry(table: &[u8; 64], at: u8) -> u8 {
    table.get(usize::from(at)).copied().unwrap_or(1)
}

/// Halves of the cosines of 1/16 to 7/16 of a half turn.
const C1: f32 = 0.490_392_64;
const C2: f32 = 0.461_939_77;
const C3: f32 = 0.415_734_8;
const C4: f32 = 0.353_553_4;
const C5: f32 = 0.277_785_12;
const C6: f32 = 0.191_341_72;
const C7: f32 = 0.097_545_16;

const WAVES: [[f32; 8]; 8] = [
    [C4, C4, C4, C4, C4, C4, C4, C4],
    [C1, C3, C5, C7, -C7, -C5, -C3, -C1],
    [C2, C6, -C6, -C2, -C2, -C6, C6, C2],
    [C3, -C7, -C1, -C5, C5, C1, C7, -C3],
    [C4, -C4, -C4, C4, C4, -C4, -C4, C4],
    [C5, -C1, C7, C3, -C3, -C7, C1, -C5],
    [C6, -C2, C2, -C6, -C6, C2, -C2, C6],
    [C7, -C5, C3, -C1, C1, -C3, C5, -C7],
];

/// T.81 figure A.6.
#[rustfmt::skip]
const ZIGZAG: [u8; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// T.81 table K.1.
#[rustfmt::skip]
const LUMINANCE: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61,
    12, 12, 14, 19, 26, 58, 60, 55,
    14, 13, 16, 24, 40, 57, 69, 56,
    14, 17, 22, 29, 51, 87, 80, 62,
    18, 22, 37, 56, 68, 109, 103, 77,
    24, 35, 55, 64, 81, 104, 113, 92,
    49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
];

/// T.81 table K.2.
#[rustfmt::skip]
const CHROMINANCE: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99,
    18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99,
];

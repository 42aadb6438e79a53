//! Pictures of black and white as PDF files code them, CCITT fax (ITU-T T.4 and T.6) and JBIG2 (ITU-T T.88): decoded to
//! packed rows. What is not a pixel cannot come through; never keeps the code.

use std::panic::{AssertUnwindSafe, catch_unwind};

use hayro_ccitt::{DecodeSettings, DecoderContext, EncodingMode};
use hayro_jbig2::{Globals, Page};

use crate::clean::{Reason, Refusal};
use crate::limits;

/// How a fax is coded (ISO 32000-1, table 11), and how large the picture is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fax {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Pixels that a coded row has.
    pub(crate) columns: u32,
    /// Below zero Group 4, zero Group 3 in one dimension, above in two.
    pub(crate) k: i64,
    pub(crate) end_of_line: bool,
    pub(crate) byte_aligned: bool,
    pub(crate) end_of_block: bool,
    pub(crate) black_is_one: bool,
}

/// Rows of one bit a pixel, each from a whole byte on. Rows that are missing are white.
struct Rows {
    bytes: Vec<u8>,
    row_bytes: usize,
    width: u32,
    /// Where the next row or pixel goes.
    row: usize,
    column: u32,
    height: usize,
}

impl Rows {
    /// All white.
    fn new(width: u32, height: u32) -> Result<Self, Refusal> {
        if u64::from(width).saturating_mul(u64::from(height)) > limits::BILEVEL_PIXELS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "pixels of a picture", 0));
        }
        let row_bytes = usize::try_from(width.div_ceil(8)).unwrap_or(0);
        let height = usize::try_from(height).unwrap_or(0);
        let bytes = vec![0; row_bytes.saturating_mul(height)];
        Ok(Self { bytes, row_bytes, width, row: 0, column: 0, height })
    }

    /// Makes pixels of the row black, as far as the picture has them.
    fn black(&mut self, from: u32, to: u32) {
        if self.row >= self.height {
            return;
        }
        let start = self.row.saturating_mul(self.row_bytes);
        let Some(line) = self.bytes.get_mut(start..start.saturating_add(self.row_bytes)) else { return };
        let (mut column, end) = (from, to.min(self.width));
        while column < end {
            let Some(byte) = usize::try_from(column / 8).ok().and_then(|at| line.get_mut(at)) else { return };
            let first = column % 8;
            let count = end.saturating_sub(column).min(8_u32.saturating_sub(first));
            let ones = 0xFF_u8.checked_shl(8_u32.saturating_sub(count)).unwrap_or(0);
            *byte |= ones.wrapping_shr(first);
            column = column.saturating_add(count);
        }
    }

    fn next(&mut self) {
        self.row = self.row.saturating_add(1);
        self.column = 0;
    }

    /// With ones for black, or for white; nothing in bits that are no pixels.
    fn finished(mut self, black_is_one: bool) -> Vec<u8> {
        let unused = self.width.next_multiple_of(8).saturating_sub(self.width);
        if !black_is_one && self.row_bytes > 0 {
            for line in self.bytes.chunks_mut(self.row_bytes) {
                line.iter_mut().for_each(|byte| *byte = !*byte);
                if let Some(last) = line.last_mut() {
                    *last &= u8::MAX.wrapping_shl(unused);
                }
            }
        }
        self.bytes
    }
}

impl hayro_ccitt::Decoder for Rows {
    fn push_row(&mut self, changes: &[u32]) {
        for span in changes.chunks(2) {
            if let Some(from) = span.first() {
                self.black(*from, span.get(1).copied().unwrap_or(u32::MAX));
            }
        }
        self.next();
    }
}

impl hayro_jbig2::Decoder for Rows {
    fn push_pixel(&mut self, black: bool) {
        let column = self.column;
        self.column = column.saturating_add(1);
        if black {
            self.black(column, self.column);
        }
    }

    fn push_pixel_chunk(&mut self, black: bool, chunk_count: u32) {
        let column = self.column;
        self.column = column.saturating_add(chunk_count.saturating_mul(8));
        if black {
            self.black(column, self.column);
        }
    }

    fn next_line(&mut self) {
        self.next();
    }
}

/// The rows of a fax. One that ends too early or breaks goes as far as it can be read, as in viewers.
pub(crate) fn fax(data: &[u8], fax: &Fax) -> Result<Vec<u8>, Refusal> {
    let mut rows = Rows::new(fax.width, fax.height)?;
    if fax.columns > limits::PICTURE_SIDE_MAX {
        return Err(Refusal::new(Reason::TooLarge, "Columns", 0));
    }
    let encoding = match fax.k {
        ..0 => EncodingMode::Group4,
        0 => EncodingMode::Group3_1D,
        _ => EncodingMode::Group3_2D,
    };
    let settings = DecodeSettings {
        columns: fax.columns,
        rows: fax.height,
        end_of_block: fax.end_of_block,
        end_of_line: fax.end_of_line,
        rows_are_byte_aligned: fax.byte_aligned,
        encoding,
        strict: false,
    };
    let decoded = catch_unwind(AssertUnwindSafe(|| {
        // What is wrong with a row is seen in those that are there.
        let broken = hayro_ccitt::decode(data, &mut rows, &mut DecoderContext::new(settings)).is_err();
        (rows, broken)
    }));
    match decoded {
        Ok((rows, broken)) if !broken || rows.row > 0 => Ok(rows.finished(fax.black_is_one)),
        _ => Err(Refusal::new(Reason::Damaged, "picture coded as a fax", 0)),
    }
}

/// The rows of a JBIG2 picture in its embedded form, with what it shares with others; ones are white, as PDF files have
/// it. It has `width` and `height` by the file around it.
pub(crate) fn jbig2(data: &[u8], globals: Option<&[u8]>, width: u32, height: u32) -> Result<Vec<u8>, Refusal> {
    let damaged = Refusal::new(Reason::Damaged, "picture coded as JBIG2", 0);
    let mut rows = Rows::new(width, height)?;
    let settings = hayro_jbig2::DecodeSettings { strict: false };
    let decoded = catch_unwind(AssertUnwindSafe(|| {
        let globals = globals.map(|globals| Globals::new(globals, &settings)).transpose().ok()?;
        let page = Page::new_embedded(data, globals.as_ref(), &settings).ok()?;
        let pixels = u64::from(page.width()).saturating_mul(u64::from(page.height()));
        if pixels > limits::BILEVEL_PIXELS_MAX {
            return None;
        }
        page.decode(&mut rows).ok()?;
        Some(rows)
    }));
    decoded.ok().flatten().map(|rows| rows.finished(false)).ok_or(damaged)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Group 4: one row of eight white pixels, and the end of the block.
    const WHITE_ROW: [u8; 4] = [0b1000_0000, 0b0000_1000, 0b0000_0001, 0];

    fn group4(width: u32, height: u32) -> Fax {
        Fax {
            width,
            height,
            columns: width,
            k: -1,
            end_of_line: false,
            byte_aligned: false,
            end_of_block: true,
            black_is_one: false,
        }
    }

    #[test]
    fn rows_that_are_missing_are_white() {
        assert_eq!(fax(&WHITE_ROW, &group4(12, 3)).unwrap(), [0xFF, 0xF0, 0xFF, 0xF0, 0xFF, 0xF0]);
        let ones = Fax { black_is_one: true, ..group4(12, 3) };
        assert_eq!(fax(&WHITE_ROW, &ones).unwrap(), [0; 6]);
    }

    #[test]
    fn what_is_behind_the_last_row_does_not_come_through() {
        let expected = fax(&WHITE_ROW, &group4(8, 1)).unwrap();
        assert_eq!(fax(&[&WHITE_ROW[..], b"MargotHellwig"].concat(), &group4(8, 1)).unwrap(), expected);
    }

    #[test]
    fn a_span_of_black_is_set_bit_by_bit() {
        let mut rows = Rows::new(20, 1).unwrap();
        rows.black(3, 17);
        rows.black(19, u32::MAX);
        assert_eq!(rows.finished(true), [0b0001_1111, 0xFF, 0b1001_0000]);
    }

    #[test]
    fn a_picture_over_the_limit_is_refused_before_memory_is_taken() {
        let large = group4(65_535, 65_535);
        assert_eq!(fax(&WHITE_ROW, &large).unwrap_err().reason, Reason::TooLarge);
        assert_eq!(jbig2(&[], None, 65_535, 65_535).unwrap_err().reason, Reason::TooLarge);
        assert_eq!(jbig2(b"MargotHellwig", None, 8, 8).unwrap_err().reason, Reason::Damaged);
    }

    #[test]
    fn a_jbig2_page_without_regions_is_white() {
        // Page information of 9 by 2 pixels, default white; end of page.
        let mut data = vec![0, 0, 0, 0, 48, 0, 1, 0, 0, 0, 19, 0, 0, 0, 9, 0, 0, 0, 2];
        data.extend([0; 11]);
        data.extend([0, 0, 0, 1, 49, 0, 1, 0, 0, 0, 0]);
        assert_eq!(jbig2(&data, None, 9, 2).unwrap(), [0xFF, 0x80, 0xFF, 0x80]);
    }
}

//! Walks the codes of a fax to the last row that a strip has (ITU-T T.4 and T.6; TIFF 6.0, sections 10 and 11).
//! Makes no pixel: of a row it knows where colours change, and that only until the next row is read.

mod codes;
#[cfg(test)]
mod tests;

use self::codes::{Colour, Mode};
use super::coded::Fault;
use super::layout::{Compression, Layout, Piece};

/// What a strip must hold.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    compression: Compression,
    /// T4Options: rows may refer to the row before.
    two_dimensional: bool,
    width: u32,
    rows: u32,
}

impl Shape {
    pub(super) fn new(layout: &Layout, piece: Piece) -> Self {
        Self {
            compression: layout.compression,
            two_dimensional: layout.fax_options & 1 == 1,
            width: piece.width,
            rows: piece.rows,
        }
    }
}

/// Where the last row ends.
pub(super) struct End {
    /// Whole bytes of codes.
    pub(super) kept: u64,
    /// The rest of the last code, for Group 4 the end-of-block code, zeros up to a whole byte.
    pub(super) tail: Vec<u8>,
}

/// EOL twice (ITU-T T.6, 2.4.1.1).
const EOFB: (u32, u32) = (0x00_1001, 24);

/// Walks the rows of a strip.
pub(super) fn walk(data: &[u8], shape: Shape) -> Result<End, Fault> {
    let mut bits = Bits { data, at: 0 };
    let (mut reference, mut row) = (Vec::new(), Vec::new());
    for _ in 0..shape.rows {
        row.clear();
        let alone = match shape.compression {
            Compression::Group4 => false,
            Compression::Group3 => {
                bits.end_of_line()?;
                !shape.two_dimensional || bits.take(1)? == 1
            }
            _ => {
                bits.align()?;
                true
            }
        };
        if alone {
            bits.one_dimensional(&mut row, shape.width)?;
        } else {
            bits.two_dimensional(&mut row, &reference, shape.width)?;
        }
        std::mem::swap(&mut reference, &mut row);
    }
    Ok(bits.end(if shape.compression == Compression::Group4 { EOFB } else { (0, 0) }))
}

struct Bits<'d> {
    data: &'d [u8],
    /// In bits.
    at: usize,
}

impl Bits<'_> {
    /// The next 24 bits or more from the top of a word; zeros behind the end.
    fn peek(&self) -> u32 {
        let from = self.data.get(self.at / 8..).unwrap_or_default();
        let word = match from.first_chunk::<4>() {
            Some(word) => u32::from_be_bytes(*word),
            None => from
                .iter()
                .take(4)
                .zip([24_u32, 16, 8, 0])
                .fold(0, |word, (&byte, by)| word | u32::from(byte).wrapping_shl(by)),
        };
        word.wrapping_shl(u32::try_from(self.at % 8).unwrap_or(0))
    }

    fn skip(&mut self, bits: u32) -> Result<(), Fault> {
        self.at = self.at.saturating_add(usize::try_from(bits).unwrap_or(usize::MAX));
        if self.at > self.data.len().saturating_mul(8) { Err("fax that ends too early") } else { Ok(()) }
    }

    fn take(&mut self, bits: u32) -> Result<u32, Fault> {
        let value = self.peek().checked_shr(32_u32.saturating_sub(bits)).unwrap_or(0);
        self.skip(bits)?;
        Ok(value)
    }

    /// To a whole byte, over zeros.
    fn align(&mut self) -> Result<(), Fault> {
        let over = u32::try_from(self.at % 8).unwrap_or(0);
        if over > 0 && self.take(8_u32.saturating_sub(over))? != 0 {
            return Err("padding of a fax row");
        }
        Ok(())
    }

    /// Eleven zeros or more, and a one (ITU-T T.4, 4.1.2).
    fn end_of_line(&mut self) -> Result<(), Fault> {
        if self.peek().leading_zeros() < 11 {
            return Err("fax row without EOL");
        }
        loop {
            let zeros = self.peek().leading_zeros().min(24);
            if zeros < 24 {
                return self.skip(zeros.saturating_add(1));
            }
            self.skip(zeros)?;
        }
    }

    /// A run of any length: make-up codes, then a terminating one.
    fn run(&mut self, colour: Colour) -> Result<u32, Fault> {
        let mut total = 0_u32;
        loop {
            let (run, bits) = codes::run(colour, self.peek()).ok_or("fax code")?;
            self.skip(bits)?;
            total = total.saturating_add(run);
            if run < 64 {
                return Ok(total);
            }
        }
    }

    /// ITU-T T.4, 4.1.
    fn one_dimensional(&mut self, row: &mut Vec<u32>, width: u32) -> Result<(), Fault> {
        let (mut at, mut colour) = (0_u32, Colour::White);
        while at < width {
            at = at.saturating_add(self.run(colour)?);
            change(row, at, width)?;
            colour = colour.other();
        }
        Ok(())
    }

    /// ITU-T T.4, 4.2 and T.6, 2.2. `reference` are the changes of the row before, of an imaginary white one none.
    fn two_dimensional(&mut self, row: &mut Vec<u32>, reference: &[u32], width: u32) -> Result<(), Fault> {
        let changing = |place: usize| reference.get(place).copied().unwrap_or(width);
        // The change in the reference row that a mode refers to: the first behind here and to the other colour.
        // Changes to black have even places.
        let (mut at, mut started, mut colour, mut place) = (0_u32, false, Colour::White, 0_usize);
        while at < width {
            while changing(place) <= at && place < reference.len() && (started || changing(place) < at) {
                place = place.saturating_add(2);
            }
            let b1 = changing(place);
            let (mode, bits) = codes::mode(self.peek()).ok_or("fax mode")?;
            self.skip(bits)?;
            match mode {
                Mode::Pass => at = changing(place.saturating_add(1)),
                Mode::Horizontal => {
                    for colour in [colour, colour.other()] {
                        at = at.saturating_add(self.run(colour)?);
                        change(row, at, width)?;
                    }
                }
                Mode::Vertical(by) => {
                    let a1 = b1.checked_add_signed(by).filter(|&a1| a1 >= at).ok_or("fax change out of order")?;
                    at = a1;
                    change(row, at, width)?;
                    colour = colour.other();
                    // A step to the left may uncover the change before.
                    place = place.checked_sub(1).unwrap_or(1);
                }
            }
            started = true;
        }
        Ok(())
    }

    fn end(&self, (code, len): (u32, u32)) -> End {
        let whole = self.at / 8;
        let begun = u32::try_from(self.at % 8).unwrap_or(0);
        let partial =
            self.data.get(whole).copied().filter(|_| begun > 0).unwrap_or(0) & !0xFF_u8.checked_shr(begun).unwrap_or(0);
        let code = u64::from(code)
            .wrapping_shl(64_u32.saturating_sub(len))
            .checked_shr(begun)
            .filter(|_| len > 0)
            .unwrap_or(0);
        let all = u64::from(partial).wrapping_shl(56) | code;
        let bytes = usize::try_from(begun.saturating_add(len).div_ceil(8)).unwrap_or(0);
        End {
            kept: u64::try_from(whole).unwrap_or(u64::MAX),
            tail: all.to_be_bytes().into_iter().take(bytes).collect(),
        }
    }
}

/// Notes that the colour changes at `at`. Two changes at one place are none.
fn change(row: &mut Vec<u32>, at: u32, width: u32) -> Result<(), Fault> {
    if at > width {
        return Err("fax run beyond its row");
    }
    if row.last() == Some(&at) {
        row.pop();
    } else if at < width {
        row.push(at);
    }
    Ok(())
}

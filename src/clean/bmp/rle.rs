//! Pixels as runs of indices (BI_RLE4, BI_RLE8), walked to the last. Makes no pixel.

use super::header::{Encoding, Header};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};

/// Indices behind the end of a row, at most: some encoders pad rows as if they were not compressed.
const OVERHANG_MAX: u32 = 3;

/// Drafts the runs up to the last pixel or the end of the bitmap, and enters the indices that pixels have in `used`.
pub(super) fn pixels(
    cursor: &mut Cursor<'_>,
    header: &Header,
    used: &mut [bool; 256],
    findings: &mut Findings,
) -> Result<Plan, Refusal> {
    let (width, height) = (header.width, header.height);
    let four_bits = header.encoding == Encoding::Rle4;
    let mut runs = Runs { plan: Plan::default(), four_bits, used, width, x: 0, y: 0, overhangs: false };
    loop {
        let last = height.saturating_sub(1);
        if runs.y > last || runs.y == last && runs.x >= width {
            break;
        }
        let at = cursor.at();
        let [count, code] = cursor.array("run")?;
        match (count, code) {
            (0, 0) => {
                runs.skipped(runs.x < width);
                (runs.x, runs.y) = (0, runs.y.saturating_add(1));
                runs.plan.copy(at, 2)?;
            }
            (0, 1) => {
                runs.skipped(true);
                break;
            }
            (0, 2) => {
                let [right, down] = cursor.array("delta")?;
                runs.skipped(true);
                (runs.x, runs.y) = (runs.x.saturating_add(right.into()), runs.y.saturating_add(down.into()));
                if runs.x > width || runs.y > last {
                    return Err(Refusal::new(Reason::Damaged, "delta", at));
                }
                runs.plan.copy(at, 4)?;
            }
            (0, count) => runs.absolute(cursor, count, at)?,
            (count, index) => runs.run(count, index, at)?,
        }
        if runs.x > width.saturating_add(OVERHANG_MAX) {
            return Err(Refusal::new(Reason::Damaged, "run beyond its row", at));
        }
    }
    if runs.overhangs {
        findings.removed(Category::HiddenContent, "BMP runs beyond their row");
    }
    let mut plan = runs.plan;
    plan.bytes(&[0, 1])?;
    // What is left of the end, so that only what is behind it is called hidden.
    let rest = cursor.buffered()?;
    let end =
        [&[0, 0, 0, 1][..], &[0, 1], &[0, 0]].into_iter().find(|end| rest.starts_with(end)).map_or(0, <[u8]>::len);
    cursor.consume(end);
    Ok(plan)
}

struct Runs<'u> {
    plan: Plan,
    four_bits: bool,
    used: &'u mut [bool; 256],
    width: u32,
    x: u32,
    y: u32,
    overhangs: bool,
}

impl Runs<'_> {
    /// Of so many indices those that are still in the row.
    fn advance(&mut self, count: u8) -> u8 {
        let room = u8::try_from(self.width.saturating_sub(self.x)).unwrap_or(u8::MAX);
        self.overhangs |= room < count;
        self.x = self.x.saturating_add(count.into());
        count.min(room)
    }

    /// The same one or two indices again and again.
    fn run(&mut self, count: u8, code: u8, at: u64) -> Result<(), Refusal> {
        let here = self.advance(count);
        if here == 0 {
            return Ok(());
        }
        let code_here = if self.four_bits {
            self.enter(code >> 4);
            if here > 1 {
                self.enter(code & 15);
            }
            // Of a single one the second is never shown.
            if here > 1 { code } else { code & 0xF0 }
        } else {
            self.enter(code);
            code
        };
        self.plan.bytes_or_copy(&[here, code_here], &[count, code], at)
    }

    /// Indices one by one, padded to two bytes.
    fn absolute(&mut self, cursor: &mut Cursor<'_>, count: u8, at: u64) -> Result<(), Refusal> {
        let here = self.advance(count);
        let bytes = |count: u8| if self.four_bits { usize::from(count.div_ceil(2)) } else { count.into() };
        let (len, here_len) = (bytes(count), bytes(here));
        let mut original = cursor.bytes(len, "absolute run")?;
        // A missing last byte of padding is as good as none.
        let padding = (len % 2).min(usize::try_from(cursor.remaining()).unwrap_or(usize::MAX));
        original.extend_from_slice(&cursor.bytes(padding, "absolute run")?);
        let mut shown = original.get(..here_len).unwrap_or(&original).to_vec();
        if self.four_bits
            && here % 2 == 1
            && let Some(last) = shown.last_mut()
        {
            *last &= 0xF0;
        }
        for (place, &byte) in shown.iter().enumerate() {
            if self.four_bits {
                self.enter(byte >> 4);
                if place.saturating_mul(2).saturating_add(1) < usize::from(here) {
                    self.enter(byte & 15);
                }
            } else {
                self.enter(byte);
            }
        }
        match (here, shown.as_slice()) {
            (0, _) => Ok(()),
            // Too few for such a run, since these counts mean something else.
            (1, &[index, ..]) => self.plan.bytes(&[1, index]),
            (2, &[pair]) => self.plan.bytes(&[2, pair]),
            (2, &[first, second]) => self.plan.bytes(&[1, first, 1, second]),
            _ => {
                shown.resize(here_len.next_multiple_of(2), 0);
                let both = [&[0, here], shown.as_slice()].concat();
                self.plan.bytes_or_copy(&both, &[&[0, count], original.as_slice()].concat(), at)
            }
        }
    }

    fn enter(&mut self, index: u8) {
        if let Some(used) = self.used.get_mut(usize::from(index)) {
            *used = true;
        }
    }

    /// Pixels that no run gives have index 0.
    fn skipped(&mut self, any: bool) {
        self.used[0] |= any;
    }
}

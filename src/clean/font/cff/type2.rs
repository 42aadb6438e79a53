//! Walks Type 2 charstrings (Adobe Technical Note 5177) to learn which bytes of them are run. Draws nothing, changes
//! nothing.

use crate::clean::font::reached::Reached;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// `return`.
pub(super) const RETURN: u8 = 11;
/// `endchar`.
pub(super) const ENDCHAR: u8 = 14;

/// Subroutines, and what of each is reached.
pub(super) struct Subroutines<'a> {
    items: Vec<&'a [u8]>,
    reached: Vec<Reached>,
}

impl<'a> Subroutines<'a> {
    pub(super) fn new(items: Vec<&'a [u8]>) -> Self {
        let reached = vec![Reached::default(); items.len()];
        Self { items, reached }
    }

    /// None is run any more.
    pub(super) fn forget(&mut self) {
        self.reached.fill(Reached::default());
    }

    /// Those that are run, trimmed; the others return at once.
    pub(super) fn kept(&self) -> Vec<Vec<u8>> {
        self.items.iter().zip(&self.reached).map(|(item, reached)| reached.kept(item, RETURN)).collect()
    }

    /// Whether each is just as long as it is run.
    pub(super) fn tight(&self) -> bool {
        self.items.iter().zip(&self.reached).all(|(item, reached)| reached.kept(item, RETURN) == *item)
    }

    /// The number of the subroutine that an operand calls (section 4.7).
    fn number(&self, operand: i32) -> Option<usize> {
        let bias = match self.items.len() {
            0..1240 => 107,
            1240..33900 => 1131,
            _ => 32768,
        };
        usize::try_from(operand.checked_add(bias)?).ok().filter(|number| *number < self.items.len())
    }
}

/// Where a byte is run.
#[derive(Clone, Copy)]
enum Place {
    Glyph,
    Global(usize),
    Local(usize),
}

/// How a step ends.
enum Step {
    On,
    Call(Place),
    Return,
    End,
}

/// Runs glyphs of one font, one after the other.
pub(super) struct Walk<'a, 's> {
    pub(super) global: &'s mut Subroutines<'a>,
    pub(super) steps: &'s mut u64,
}

/// The state of one glyph.
struct Glyph {
    /// Numbers, where they are known.
    stack: Vec<Option<i32>>,
    stems: usize,
}

impl<'a> Walk<'a, '_> {
    /// Runs one glyph; what of its own charstring is reached, or nothing if it cannot be run.
    pub(super) fn glyph(
        &mut self,
        charstring: &'a [u8],
        local: &mut Subroutines<'a>,
    ) -> Result<Option<Reached>, Refusal> {
        let mut glyph = Glyph { stack: Vec::new(), stems: 0 };
        let mut own = Reached::default();
        let mut frames: Vec<(Place, &'a [u8], usize)> = vec![(Place::Glyph, charstring, 0)];
        while let Some((place, bytes, at)) = frames.pop() {
            *self.steps = self.steps.checked_sub(1).ok_or(Refusal::new(Reason::TooLarge, "charstrings", 0))?;
            let mut next = at;
            let step = if bytes.get(at).is_none() { Some(Step::Return) } else { glyph.step(bytes, &mut next) };
            let reached = match place {
                Place::Glyph => Some(&mut own),
                Place::Global(number) => self.global.reached.get_mut(number),
                Place::Local(number) => local.reached.get_mut(number),
            };
            if let Some(reached) = reached {
                reached.len = reached.len.max(next);
                reached.open |= bytes.get(at).is_none();
            }
            match step {
                Some(Step::On) => frames.push((place, bytes, next)),
                Some(Step::Return) => {}
                Some(Step::End) => return Ok(Some(own)),
                Some(Step::Call(callee)) => {
                    let operand = glyph.stack.pop().flatten();
                    let called = match callee {
                        Place::Global(_) => called(self.global, operand).map(|(n, bytes)| (Place::Global(n), bytes)),
                        _ => called(local, operand).map(|(n, bytes)| (Place::Local(n), bytes)),
                    };
                    let Some((place_called, called)) = called else { return Ok(None) };
                    frames.push((place, bytes, next));
                    if frames.len() > limits::FONT_CALLS_MAX {
                        return Ok(None);
                    }
                    frames.push((place_called, called, 0));
                }
                None => return Ok(None),
            }
        }
        Ok(Some(own))
    }
}

fn called<'a>(subroutines: &Subroutines<'a>, operand: Option<i32>) -> Option<(usize, &'a [u8])> {
    let number = subroutines.number(operand?)?;
    Some((number, subroutines.items.get(number)?))
}

impl Glyph {
    /// One operator or operand; `at` goes behind it.
    fn step(&mut self, bytes: &[u8], at: &mut usize) -> Option<Step> {
        let mut byte = || {
            let byte = bytes.get(*at).copied();
            *at = at.saturating_add(1).min(bytes.len());
            byte
        };
        let first = byte()?;
        match first {
            28 => self.push(Some(i32::from(i16::from_be_bytes([byte()?, byte()?]))))?,
            32..=246 => self.push(Some(i32::from(first).saturating_sub(139)))?,
            247..=250 => {
                let high = i32::from(first).saturating_sub(247).saturating_mul(256);
                self.push(Some(high.saturating_add(i32::from(byte()?)).saturating_add(108)))?;
            }
            251..=254 => {
                let high = i32::from(first).saturating_sub(251).saturating_mul(256);
                let magnitude = high.saturating_add(i32::from(byte()?)).saturating_add(108);
                self.push(Some(0i32.saturating_sub(magnitude)))?;
            }
            255 => {
                let number = i32::from_be_bytes([byte()?, byte()?, byte()?, byte()?]);
                self.push(Some(number >> 16))?;
            }
            10 => return Some(Step::Call(Place::Local(0))),
            29 => return Some(Step::Call(Place::Global(0))),
            RETURN => return Some(Step::Return),
            ENDCHAR => return Some(Step::End),
            12 => {
                let second = byte()?;
                self.escape(second)?;
            }
            1 | 3 | 18 | 23 => self.stem(),
            19 | 20 => {
                self.stem();
                for _ in 0..self.stems.div_ceil(8) {
                    byte()?;
                }
            }
            // Everything that draws, and what is reserved, empties the stack.
            _ => self.stack.clear(),
        }
        Some(Step::On)
    }

    fn push(&mut self, number: Option<i32>) -> Option<()> {
        (self.stack.len() < limits::FONT_OPERANDS_MAX).then(|| self.stack.push(number))
    }

    fn stem(&mut self) {
        self.stems = self.stems.saturating_add(self.stack.len() >> 1);
        self.stack.clear();
    }

    /// Arithmetic and flex; a number that is computed is known where that may matter to a call.
    fn escape(&mut self, operator: u8) -> Option<()> {
        let (taken, made) = match operator {
            // and, or, add, sub, div, eq, mul.
            3 | 4 | 10 | 11 | 12 | 15 | 24 => (2, 1),
            // not, abs, neg, get, sqrt.
            5 | 9 | 14 | 21 | 26 => (1, 1),
            // drop, put, ifelse, random.
            18 => (1, 0),
            20 => (2, 0),
            22 => (4, 1),
            23 => (0, 1),
            27 => return self.push(self.stack.last().copied()?),
            28 => {
                let (last, before) = (self.stack.pop()?, self.stack.pop()?);
                self.push(last)?;
                return self.push(before);
            }
            29 => {
                let depth = usize::try_from(self.stack.pop()??.max(0)).ok()?;
                let at = self.stack.len().checked_sub(depth.checked_add(1)?)?;
                return self.push(self.stack.get(at).copied()?);
            }
            30 => return self.roll(),
            _ => {
                self.stack.clear();
                return Some(());
            }
        };
        let values: Vec<_> = self.stack.iter().rev().take(taken).copied().collect();
        self.stack.truncate(self.stack.len().checked_sub(taken)?);
        let computed = match (operator, values.as_slice()) {
            (10, [Some(b), Some(a)]) => a.checked_add(*b),
            (11, [Some(b), Some(a)]) => a.checked_sub(*b),
            (14, [Some(a)]) => a.checked_neg(),
            _ => None,
        };
        if made == 1 { self.push(computed) } else { Some(()) }
    }

    fn roll(&mut self) -> Option<()> {
        let (by, count) = (self.stack.pop()??, self.stack.pop()??);
        let count = usize::try_from(count).ok()?;
        let start = self.stack.len().checked_sub(count)?;
        let rolled = self.stack.get_mut(start..)?;
        let by = by.checked_rem_euclid(i32::try_from(count).ok()?)?;
        rolled.rotate_right(usize::try_from(by).ok()?);
        Some(())
    }
}

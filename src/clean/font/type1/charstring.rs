//! Walks Type 1 charstrings (Adobe Type 1 Font Format, chapter 6) to learn which bytes of them are run. Draws nothing,
//! changes nothing.

use std::collections::BTreeMap;

use crate::clean::font::reached::Reached;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// `return`.
pub(super) const RETURN: u8 = 11;
/// `endchar`.
pub(super) const ENDCHAR: u8 = 14;

/// Subroutines by their numbers, decrypted.
pub(super) type Subroutines = BTreeMap<usize, Vec<u8>>;

/// Runs glyphs of one font, one after the other.
pub(super) struct Walk<'a> {
    subroutines: &'a Subroutines,
    reached: BTreeMap<usize, Reached>,
    /// That are left.
    pub(super) steps: u64,
}

/// How a step ends.
enum Step {
    On,
    Call,
    Return,
    End,
}

/// The state of one glyph.
#[derive(Default)]
struct Glyph {
    /// Numbers, where they are known.
    stack: Vec<Option<i32>>,
    /// What `pop` gives back.
    handed: Vec<Option<i32>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(subroutines: &'a Subroutines, steps: u64) -> Self {
        Self { subroutines, reached: BTreeMap::new(), steps }
    }

    /// Those that are run, trimmed; the others return at once.
    pub(super) fn kept(&self) -> Subroutines {
        let kept = |number| self.reached.get(number).copied().unwrap_or_default();
        self.subroutines.iter().map(|(number, item)| (*number, kept(number).kept(item, RETURN))).collect()
    }

    /// Runs one glyph; what of its own charstring is reached, or nothing if it cannot be run.
    pub(super) fn glyph(&mut self, charstring: &'a [u8]) -> Result<Option<Reached>, Refusal> {
        let (mut glyph, mut own) = (Glyph::default(), Reached::default());
        let mut frames: Vec<(Option<usize>, &'a [u8], usize)> = vec![(None, charstring, 0)];
        while let Some((place, bytes, at)) = frames.pop() {
            self.steps = self.steps.checked_sub(1).ok_or(Refusal::new(Reason::TooLarge, "charstrings", 0))?;
            let mut next = at;
            let over = bytes.get(at).is_none();
            let step = if over { Some(Step::Return) } else { glyph.step(bytes, &mut next) };
            let reached = match place {
                None => &mut own,
                Some(number) => self.reached.entry(number).or_default(),
            };
            reached.len = reached.len.max(next);
            reached.open |= over;
            match step {
                Some(Step::On) => frames.push((place, bytes, next)),
                Some(Step::Return) => {}
                Some(Step::End) => return Ok(Some(own)),
                Some(Step::Call) => {
                    let number = glyph.stack.pop().flatten().and_then(|number| usize::try_from(number).ok());
                    let Some((number, called)) = number.and_then(|number| self.subroutines.get_key_value(&number))
                    else {
                        return Ok(None);
                    };
                    frames.push((place, bytes, next));
                    if frames.len() > limits::FONT_CALLS_MAX {
                        return Ok(None);
                    }
                    frames.push((Some(*number), called, 0));
                }
                None => return Ok(None),
            }
        }
        Ok(Some(own))
    }
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
        let number = match first {
            32..=246 => i32::from(first).saturating_sub(139),
            247..=250 => {
                let high = i32::from(first).saturating_sub(247).saturating_mul(256);
                high.saturating_add(i32::from(byte()?)).saturating_add(108)
            }
            251..=254 => {
                let high = i32::from(first).saturating_sub(251).saturating_mul(256);
                0i32.saturating_sub(high.saturating_add(i32::from(byte()?)).saturating_add(108))
            }
            255 => i32::from_be_bytes([byte()?, byte()?, byte()?, byte()?]),
            10 => return Some(Step::Call),
            RETURN => return Some(Step::Return),
            ENDCHAR => return Some(Step::End),
            12 => {
                let second = byte()?;
                return self.escape(second);
            }
            // Everything that draws, and what is reserved, empties the stack.
            _ => {
                self.stack.clear();
                return Some(Step::On);
            }
        };
        self.push(Some(number))?;
        Some(Step::On)
    }

    fn push(&mut self, number: Option<i32>) -> Option<()> {
        (self.stack.len() < limits::FONT_OPERANDS_MAX).then(|| self.stack.push(number))
    }

    fn escape(&mut self, operator: u8) -> Option<Step> {
        match operator {
            // seac ends a glyph.
            6 => return Some(Step::End),
            // div.
            12 => {
                let (divisor, number) = (self.stack.pop()?, self.stack.pop()?);
                let exact = |number: i32, divisor: i32| {
                    (number.checked_rem(divisor)? == 0).then(|| number.checked_div(divisor)).flatten()
                };
                self.push(number.zip(divisor).and_then(|(number, divisor)| exact(number, divisor)))?;
            }
            16 => {
                let _other = self.stack.pop()??;
                let count = usize::try_from(self.stack.pop()??).ok()?;
                let start = self.stack.len().checked_sub(count)?;
                // The first argument is on top of what is handed on.
                self.handed = self.stack.split_off(start).into_iter().rev().collect();
                if self.handed.len() > 2 {
                    // Of flex, the height stays with the procedure.
                    self.handed.truncate(2);
                }
            }
            17 => {
                let handed = self.handed.pop().flatten();
                self.push(handed)?;
            }
            _ => self.stack.clear(),
        }
        Some(Step::On)
    }
}

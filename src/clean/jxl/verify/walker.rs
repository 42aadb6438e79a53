//! Bits under verification, the lowest of a byte first (ISO/IEC 18181-1:2024, B). Takes each number in its shortest
//! spelling only; knows no header.

use std::io::Read;

use crate::clean::Unaccounted;
use crate::clean::produced::Produced;

/// Offsets and lengths in bits of the four ways to spell a number.
pub(super) type Field = [(u32, u32); 4];

/// Reads bits once, and remembers those since a mark.
pub(super) struct Walker<'a> {
    produced: Produced<'a>,
    byte: u8,
    left: u32,
    /// Since each mark that is still open.
    marked: Vec<Vec<bool>>,
}

impl<'a> Walker<'a> {
    pub(super) fn new(reader: &'a mut dyn Read) -> Self {
        Self { produced: Produced::new(reader), byte: 0, left: 0, marked: Vec::new() }
    }

    pub(super) fn wrong<T>(&self, part: &'static str) -> Result<T, Unaccounted> {
        self.produced.wrong(part)
    }

    pub(super) fn flag(&mut self) -> Result<bool, Unaccounted> {
        if self.left == 0 {
            self.byte = self.produced.byte()?;
            self.left = 8;
        }
        let bit = self.byte & 1 == 1;
        self.byte >>= 1_u32;
        self.left = self.left.saturating_sub(1);
        self.marked.iter_mut().for_each(|marked| marked.push(bit));
        Ok(bit)
    }

    /// Up to 32 bits.
    pub(super) fn bits(&mut self, count: u32) -> Result<u32, Unaccounted> {
        let mut value = 0_u32;
        for place in 0..count {
            value |= u32::from(self.flag()?).wrapping_shl(place);
        }
        Ok(value)
    }

    pub(super) fn exactly(&mut self, value: u32, count: u32, part: &'static str) -> Result<(), Unaccounted> {
        if self.bits(count)? == value { Ok(()) } else { self.wrong(part) }
    }

    /// A number, in the first way that it can be spelled in.
    pub(super) fn number(&mut self, field: &Field) -> Result<u32, Unaccounted> {
        let selector = usize::try_from(self.bits(2)?).unwrap_or(0);
        let (offset, count) = field.get(selector).copied().unwrap_or_default();
        let value = u64::from(self.bits(count)?).saturating_add(offset.into());
        let holds = |(offset, count): &(u32, u32)| {
            let first = u64::from(*offset);
            (first..first.saturating_add(1_u64.wrapping_shl(*count))).contains(&value)
        };
        match (field.iter().position(holds) == Some(selector), u32::try_from(value)) {
            (true, Ok(value)) => Ok(value),
            _ => self.wrong("number in a long spelling"),
        }
    }

    pub(super) fn enumerated(&mut self) -> Result<u32, Unaccounted> {
        self.number(&[(0, 0), (1, 0), (2, 4), (18, 6)])
    }

    /// A number of up to 64 bits of which only the short spellings are needed here: below 2^20.
    pub(super) fn long(&mut self) -> Result<u64, Unaccounted> {
        let (value, least) = match self.bits(2)? {
            0 => (0, 0),
            1 => (self.bits(4)?.saturating_add(1), 1),
            2 => (self.bits(8)?.saturating_add(17), 17),
            _ => {
                let low = self.bits(12)?;
                let high = if self.flag()? { self.bits(8)?.wrapping_shl(12) } else { 0 };
                if low | high > 0xFFF && self.flag()? {
                    return self.wrong("number");
                }
                (low | high, 273)
            }
        };
        if value < least { self.wrong("number in a long spelling") } else { Ok(value.into()) }
    }

    /// Numbers of half precision, none of them infinite.
    pub(super) fn halves(&mut self, count: usize) -> Result<(), Unaccounted> {
        for _ in 0..count {
            if self.bits(16)? & 0x7C00 == 0x7C00 {
                return self.wrong("number without end");
            }
        }
        Ok(())
    }

    /// Marks the beginning of fields that have a short form.
    pub(super) fn begin(&mut self) {
        self.marked.push(Vec::new());
    }

    /// Forgets the last mark.
    pub(super) fn close(&mut self) {
        self.marked.pop();
    }

    /// Insists that what came since the last mark is not what the short form stands for: values and lengths in bits.
    pub(super) fn not_usual(&mut self, usual: &[(u32, u32)], part: &'static str) -> Result<(), Unaccounted> {
        let spelled = usual.iter().flat_map(|(value, count)| (0..*count).map(|bit| value.wrapping_shr(bit) & 1 == 1));
        let marked = self.marked.pop().unwrap_or_default();
        if spelled.eq(marked) { self.wrong(part) } else { Ok(()) }
    }

    /// Goes on at the next byte; what is left of this one is zeros.
    pub(super) fn align(&mut self) -> Result<(), Unaccounted> {
        let left = self.left;
        self.exactly(0, left, "padding")
    }

    /// Passes over a section.
    pub(super) fn section(&mut self, len: u32) -> Result<(), Unaccounted> {
        self.produced.skip(len.into())
    }

    pub(super) fn end(&mut self) -> Result<(), Unaccounted> {
        self.produced.end("after the last frame")
    }
}

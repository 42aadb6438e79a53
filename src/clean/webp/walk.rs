//! What the walks over coded pictures share: why they stop, what they may spend, and what is left of the data.
//! Knows no code.

use crate::clean::{Plan, Reason, Refusal, Unaccounted};
use crate::limits;

/// Why a picture's data are not a picture, with the part in the format's own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    reason: Reason,
    part: &'static str,
}

impl Fault {
    pub(super) fn damaged(part: &'static str) -> Self {
        Self { reason: Reason::Damaged, part }
    }

    pub(super) fn truncated(part: &'static str) -> Self {
        Self { reason: Reason::Truncated, part }
    }

    pub(super) fn too_large(part: &'static str) -> Self {
        Self { reason: Reason::TooLarge, part }
    }

    pub(super) fn not_understood(part: &'static str) -> Self {
        Self { reason: Reason::NotUnderstood, part }
    }

    /// Of an original, whose chunk stands at offset `at`.
    pub(super) fn refusal(self, at: u64) -> Refusal {
        Refusal::new(self.reason, self.part, at)
    }

    /// Of a result.
    pub(super) fn unaccounted(self, at: u64) -> Unaccounted {
        Unaccounted::new(self.part, at)
    }
}

/// What all pictures of a file may cost together.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    pixels: u64,
    tokens: u64,
}

impl Budget {
    /// A whole one.
    pub(super) fn new() -> Self {
        Self { pixels: limits::PICTURE_PIXELS_MAX, tokens: limits::WEBP_TOKENS_MAX }
    }

    /// Takes the pixels of a picture, or of one that describes another.
    pub(super) fn pixels(&mut self, width: u32, height: u32) -> Result<(), Fault> {
        let wanted = u64::from(width).saturating_mul(height.into());
        self.pixels = self.pixels.checked_sub(wanted).ok_or(Fault::too_large("number of pixels"))?;
        Ok(())
    }

    /// Takes coefficients.
    pub(super) fn tokens(&mut self, count: u64) -> Result<(), Fault> {
        self.tokens = self.tokens.checked_sub(count).ok_or(Fault::too_large("number of coefficients"))?;
        Ok(())
    }
}

/// The data of a picture from which everything is gone that no decoder reads.
#[derive(Debug, Default)]
pub(super) struct Trimmed {
    segments: Vec<Segment>,
    len: u64,
}

#[derive(Debug)]
enum Segment {
    /// This range of the data.
    Copy { from: usize, len: usize },
    /// These bytes instead.
    Bytes(Vec<u8>),
}

impl Trimmed {
    /// Keeps `len` bytes from `from`.
    pub(super) fn copy(&mut self, from: usize, len: usize) {
        self.len = self.len.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
        if let Some(Segment::Copy { from: last, len: last_len }) = self.segments.last_mut()
            && last.checked_add(*last_len) == Some(from)
        {
            *last_len = last_len.saturating_add(len);
        } else if len > 0 {
            self.segments.push(Segment::Copy { from, len });
        }
    }

    /// Writes `bytes`, which `data` may have at `from` already.
    pub(super) fn bytes(&mut self, data: &[u8], from: usize, bytes: Vec<u8>) {
        if data.get(from..).is_some_and(|rest| rest.starts_with(&bytes)) {
            self.copy(from, bytes.len());
        } else {
            self.len = self.len.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            self.segments.push(Segment::Bytes(bytes));
        }
    }

    /// Keeps `len` bytes from `from`, of the last one only the bits in `mask`.
    pub(super) fn masked(&mut self, data: &[u8], from: usize, len: usize, mask: u8) {
        let Some(last) = len.checked_sub(1) else { return };
        self.copy(from, last);
        let at = from.saturating_add(last);
        self.bytes(data, at, vec![data.get(at).copied().unwrap_or(0) & mask]);
    }

    /// Bytes that are left.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// Whether nothing of `data` was to go, and nothing to change.
    pub(super) fn is_all_of(&self, data: &[u8]) -> bool {
        match self.segments.as_slice() {
            &[Segment::Copy { from: 0, len }] => len == data.len(),
            _ => false,
        }
    }

    /// Appends what is left to `plan`. The data stand at offset `at` of the original.
    pub(super) fn write(&self, plan: &mut Plan, at: u64) -> Result<(), Refusal> {
        for segment in &self.segments {
            match segment {
                Segment::Copy { from, len } => {
                    let from = at.saturating_add(u64::try_from(*from).unwrap_or(u64::MAX));
                    plan.copy(from, u64::try_from(*len).unwrap_or(u64::MAX))?;
                }
                Segment::Bytes(bytes) => plan.bytes(bytes)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_spent_to_the_last_and_no_further() {
        let most = limits::WEBP_TOKENS_MAX;
        for (first, second, expected) in [(most - 1, 0, true), (most - 1, 1, true), (most - 1, 2, false)] {
            let mut budget = Budget::new();
            assert!(budget.tokens(first).is_ok());
            assert_eq!(budget.tokens(second).is_ok(), expected);
        }
        let half = 1 << 15;
        let mut budget = Budget::new();
        assert!(budget.pixels(half, half - 1).is_ok() && budget.pixels(half, 1).is_ok());
        assert_eq!(budget.pixels(1, 1), Err(Fault::too_large("number of pixels")));
    }

    #[test]
    fn what_is_left_is_all_of_the_data_or_not() {
        let mut trimmed = Trimmed::default();
        trimmed.bytes(b"abcd", 0, b"ab".to_vec());
        trimmed.masked(b"abcd", 2, 2, 0xFF);
        assert!(trimmed.is_all_of(b"abcd") && !trimmed.is_all_of(b"abcde"));
        let mut masked = Trimmed::default();
        masked.masked(b"abcd", 0, 4, 0xF0);
        assert!(!masked.is_all_of(b"abcd") && masked.len() == 4);
    }
}

//! LZW data cut anew into sub-blocks of one size. Holds ranges of the original, and of bytes only the last few.

use std::collections::VecDeque;

use crate::clean::{Plan, Refusal};

/// Bytes of every sub-block but the last (GIF 89a, 15).
const SUB_BLOCK_BYTES: u64 = 255;
/// Bytes that are held back, since the end of the codes may be found only behind them.
const HELD_BYTES: u64 = 4;

/// The sub-blocks of one picture, as they are drafted.
#[derive(Default)]
pub(super) struct Blocks {
    plan: Plan,
    /// Offset and length of what is not drafted yet.
    waiting: VecDeque<(u64, u64)>,
    waiting_bytes: u64,
    drafted: u64,
}

impl Blocks {
    /// Appends `len` bytes of data, which stand in the original from offset `at`.
    pub(super) fn push(&mut self, at: u64, len: u64) -> Result<(), Refusal> {
        self.waiting.push_back((at, len));
        self.waiting_bytes = self.waiting_bytes.saturating_add(len);
        while self.waiting_bytes >= SUB_BLOCK_BYTES.saturating_add(HELD_BYTES) {
            self.draft(SUB_BLOCK_BYTES, &[])?;
        }
        Ok(())
    }

    /// Ends the data after `kept` bytes with `tail`, and with the block terminator.
    pub(super) fn finish(mut self, kept: u64, tail: &[u8]) -> Result<Plan, Refusal> {
        let mut left = kept.saturating_sub(self.drafted).min(self.waiting_bytes);
        let mut tail = tail;
        while left > 0 || !tail.is_empty() {
            let copied = left.min(SUB_BLOCK_BYTES);
            let room = usize::try_from(SUB_BLOCK_BYTES.saturating_sub(copied)).unwrap_or(0);
            let (here, rest) = tail.split_at_checked(room).unwrap_or((tail, &[]));
            self.draft(copied, if left > copied { &[] } else { here })?;
            if left <= copied {
                tail = rest;
            }
            left = left.saturating_sub(copied);
        }
        self.plan.bytes(&[0])?;
        Ok(self.plan)
    }

    /// Drafts a sub-block of `len` waiting bytes and of `tail`.
    fn draft(&mut self, len: u64, tail: &[u8]) -> Result<(), Refusal> {
        let size = len.saturating_add(u64::try_from(tail.len()).unwrap_or(0));
        let size = u8::try_from(size).unwrap_or(u8::MAX);
        match self.waiting.front() {
            // The original has just this sub-block, with its length before it.
            Some(&(at, all)) if all == len && len == SUB_BLOCK_BYTES => self.plan.copy(at.saturating_sub(1), 1)?,
            _ => self.plan.bytes(&[size])?,
        }
        let mut left = len;
        while left > 0 {
            let Some((at, all)) = self.waiting.pop_front() else { break };
            let n = all.min(left);
            self.plan.copy(at, n)?;
            if n < all {
                self.waiting.push_front((at.saturating_add(n), all.saturating_sub(n)));
            }
            left = left.saturating_sub(n);
        }
        self.waiting_bytes = self.waiting_bytes.saturating_sub(len);
        self.drafted = self.drafted.saturating_add(len);
        self.plan.bytes(tail)
    }
}

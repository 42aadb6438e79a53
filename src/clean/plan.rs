//! A cleaned file as a list of pieces over the original: copy this range, or these bytes instead.
//! Its length is known before a byte is written, and what is kept is bit-identical.

use std::fmt;
use std::io::{self, Read, Seek, SeekFrom};

use zeroize::Zeroizing;

use super::{Reader, Reason, Refusal};
use crate::limits;

/// The pieces of a clean file, in order.
#[derive(Default)]
pub struct Plan {
    pieces: Vec<Piece>,
    /// What was written anew, in blocks that never grow, since growing them would leave copies behind.
    written: Vec<Zeroizing<Vec<u8>>>,
    len: u64,
    rebuilt: u64,
}

impl fmt::Debug for Plan {
    /// Shape only: the bytes may be testimony.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.pieces).finish()
    }
}

/// Bytes of the first block of a plan, and of the largest that is made for more than one piece.
const BLOCK_BYTES: std::ops::RangeInclusive<usize> = 1024..=64 * 1024;

#[derive(Clone, Copy, Debug)]
enum Piece {
    /// This range of the original.
    Copy { at: u64, len: u64 },
    /// This range of a block.
    Bytes { block: u32, from: u32, len: u32 },
    /// The same byte again and again.
    Fill { byte: u8, len: u64 },
    /// This range of the original, of each four bytes only these bits.
    Masked { at: u64, len: u64, mask: [u8; 4] },
}

impl Plan {
    /// Appends `len` bytes of the original from offset `at`. A range that continues the last one joins it.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] over the limits on length and number of pieces.
    pub fn copy(&mut self, at: u64, len: u64) -> Result<(), Refusal> {
        if len == 0 {
            return Ok(());
        }
        self.grow(len, at)?;
        if let Some(Piece::Copy { at: last_at, len: last_len }) = self.pieces.last_mut()
            && last_at.checked_add(*last_len) == Some(at)
            && let Some(joined) = last_len.checked_add(len)
        {
            *last_len = joined;
            return Ok(());
        }
        self.push(Piece::Copy { at, len }, at)
    }

    /// Appends `bytes` that are not the original's.
    ///
    /// # Errors
    /// As for [`Plan::copy`].
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let too_large = Refusal::new(Reason::TooLarge, "rebuilt bytes", 0);
        let len = u32::try_from(bytes.len()).map_err(|_| too_large.clone())?;
        if len == 0 {
            return Ok(());
        }
        self.grow(len.into(), 0)?;
        self.rebuilt = self.rebuilt.saturating_add(len.into());
        let room = |block: &Zeroizing<Vec<u8>>| block.capacity().saturating_sub(block.len());
        if self.written.last().is_none_or(|block| room(block) < bytes.len()) {
            let last = self.written.last().map_or(0, |block| block.capacity());
            let usual = last.saturating_mul(2).clamp(*BLOCK_BYTES.start(), *BLOCK_BYTES.end());
            self.written.push(Zeroizing::new(Vec::with_capacity(bytes.len().max(usual))));
        }
        let index = u32::try_from(self.written.len().saturating_sub(1)).map_err(|_| too_large.clone())?;
        let Some(block) = self.written.last_mut() else { return Err(too_large) };
        let start = u32::try_from(block.len()).map_err(|_| too_large.clone())?;
        block.extend_from_slice(bytes);
        if let Some(Piece::Bytes { block, from, len: last }) = self.pieces.last_mut()
            && *block == index
            && from.checked_add(*last) == Some(start)
            && let Some(joined) = last.checked_add(len)
        {
            *last = joined;
            return Ok(());
        }
        self.push(Piece::Bytes { block: index, from: start, len }, 0)
    }

    /// Appends `bytes`, which the original may have at `at`: if `original` are the same, they are copied from
    /// there, so that a file which is clean already becomes few pieces.
    ///
    /// # Errors
    /// As for [`Plan::copy`].
    pub fn bytes_or_copy(&mut self, bytes: &[u8], original: &[u8], at: u64) -> Result<(), Refusal> {
        if bytes == original {
            self.copy(at, u64::try_from(bytes.len()).unwrap_or(u64::MAX))
        } else {
            self.bytes(bytes)
        }
    }

    /// Appends `len` times the same byte, which takes no memory.
    ///
    /// # Errors
    /// As for [`Plan::copy`].
    pub fn fill(&mut self, byte: u8, len: u64) -> Result<(), Refusal> {
        if len == 0 {
            return Ok(());
        }
        self.grow(len, 0)?;
        self.push(Piece::Fill { byte, len }, 0)
    }

    /// Appends `len` bytes of the original from offset `at`, of each four bytes only the bits of `mask`; the others
    /// are zero. So pixels lose what is not shown of them, and no memory is taken.
    ///
    /// # Errors
    /// As for [`Plan::copy`].
    pub fn masked(&mut self, at: u64, len: u64, mask: [u8; 4]) -> Result<(), Refusal> {
        if len == 0 {
            return Ok(());
        }
        self.grow(len, at)?;
        if let Some(Piece::Masked { at: last_at, len: last_len, mask: last_mask }) = self.pieces.last_mut()
            && last_at.checked_add(*last_len) == Some(at)
            && *last_mask == mask
            && last_len.is_multiple_of(4)
            && let Some(joined) = last_len.checked_add(len)
        {
            *last_len = joined;
            return Ok(());
        }
        self.push(Piece::Masked { at, len, mask }, at)
    }

    /// Appends all that `other` produces: what was drafted before it was known what stands in front of it.
    ///
    /// # Errors
    /// As for [`Plan::copy`].
    pub fn append(&mut self, other: &Self) -> Result<(), Refusal> {
        self.append_moved(other, 0)
    }

    /// Appends what `other` produces over a range of the original that begins at `by`.
    ///
    /// # Errors
    /// As for [`Plan::copy`].
    pub(crate) fn append_moved(&mut self, other: &Self, by: u64) -> Result<(), Refusal> {
        let moved = |at: u64| at.checked_add(by).ok_or(Refusal::new(Reason::TooLarge, "length", at));
        for piece in &other.pieces {
            match *piece {
                Piece::Copy { at, len } => self.copy(moved(at)?, len)?,
                Piece::Bytes { block, from, len } => self.bytes(other.written(block, from, len))?,
                Piece::Fill { byte, len } => self.fill(byte, len)?,
                Piece::Masked { at, len, mask } => self.masked(moved(at)?, len, mask)?,
            }
        }
        Ok(())
    }

    /// Exact length in bytes of what the plan produces.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "nobody asks: an empty plan is a length of 0")]
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Bytes that are held in memory.
    #[must_use]
    pub fn rebuilt_bytes(&self) -> u64 {
        self.rebuilt
    }

    /// Produces the bytes over `original`.
    pub fn reader<'a>(&'a self, original: &'a mut dyn Reader) -> PlanReader<'a, &'a mut dyn Reader> {
        self.owning_reader(original)
    }

    pub(crate) fn owning_reader<R: Read + Seek>(&self, original: R) -> PlanReader<'_, R> {
        PlanReader { plan: self, next: 0, done: 0, original }
    }

    fn written(&self, block: u32, from: u32, len: u32) -> &[u8] {
        let block = usize::try_from(block).ok().and_then(|block| self.written.get(block));
        let rest = block.zip(usize::try_from(from).ok()).and_then(|(block, from)| block.get(from..));
        rest.zip(usize::try_from(len).ok()).and_then(|(rest, len)| rest.get(..len)).unwrap_or_default()
    }

    fn grow(&mut self, len: u64, at: u64) -> Result<(), Refusal> {
        self.len = self
            .len
            .checked_add(len)
            .filter(|&total| total <= limits::ATTACHMENT_BYTES_MAX)
            .ok_or(Refusal::new(Reason::TooLarge, "length", at))?;
        Ok(())
    }

    fn push(&mut self, piece: Piece, at: u64) -> Result<(), Refusal> {
        if self.pieces.len() >= limits::PIECES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of pieces", at));
        }
        self.pieces.push(piece);
        Ok(())
    }
}

/// Fills `buf` with what is left of `bytes` behind the first `done`. How many bytes that were.
pub(crate) fn copy_from(bytes: &[u8], done: u64, buf: &mut [u8]) -> usize {
    let rest = usize::try_from(done).ok().and_then(|done| bytes.get(done..)).unwrap_or_default();
    let n = rest.len().min(buf.len());
    if let (Some(to), Some(from)) = (buf.get_mut(..n), rest.get(..n)) {
        to.copy_from_slice(from);
    }
    n
}

/// Takes from `bytes`, the first of which is number `done` of its range, all bits that `mask` has not.
fn mask_bytes(bytes: &mut [u8], done: u64, mask: [u8; 4]) {
    let mut mask = mask;
    mask.rotate_left(usize::try_from(done % 4).unwrap_or(0));
    let (quads, rest) = bytes.as_chunks_mut::<4>();
    let whole = u32::from_ne_bytes(mask);
    for quad in quads {
        *quad = (u32::from_ne_bytes(*quad) & whole).to_ne_bytes();
    }
    for (byte, mask) in rest.iter_mut().zip(mask) {
        *byte &= mask;
    }
}

/// Reads what a [`Plan`] produces.
pub struct PlanReader<'a, R> {
    plan: &'a Plan,
    next: usize,
    done: u64,
    original: R,
}

impl<R: Read + Seek> Read for PlanReader<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let Some(piece) = self.plan.pieces.get(self.next).copied() else { return Ok(0) };
        let (n, whole) = match piece {
            Piece::Bytes { block, from, len } => {
                (copy_from(self.plan.written(block, from, len), self.done, buf), len.into())
            }
            Piece::Fill { byte, len } => {
                let n = usize::try_from(len.saturating_sub(self.done)).unwrap_or(usize::MAX).min(buf.len());
                buf.get_mut(..n).unwrap_or_default().fill(byte);
                (n, len)
            }
            Piece::Copy { at, len } | Piece::Masked { at, len, .. } => {
                if self.done == 0 {
                    self.original.seek(SeekFrom::Start(at))?;
                }
                let rest = len.saturating_sub(self.done);
                let n = usize::try_from(rest).unwrap_or(usize::MAX).min(buf.len());
                let n = self.original.read(buf.get_mut(..n).unwrap_or_default())?;
                if n == 0 {
                    // The file is shorter than when it was planned.
                    return Err(io::ErrorKind::InvalidData.into());
                }
                if let Piece::Masked { mask, .. } = piece {
                    mask_bytes(buf.get_mut(..n).unwrap_or_default(), self.done, mask);
                }
                (n, len)
            }
        };
        self.done = self.done.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        if self.done >= whole {
            self.next = self.next.saturating_add(1);
            self.done = 0;
        }
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads `by` bytes at a time.
    fn produced(plan: &Plan, by: usize) -> Vec<u8> {
        let mut original = io::Cursor::new((0_u8..=255).collect::<Vec<_>>());
        let mut reader = plan.reader(&mut original);
        let mut all = Vec::new();
        let mut part = vec![0; by];
        loop {
            match reader.read(&mut part).unwrap() {
                0 => return all,
                n => all.extend_from_slice(&part[..n]),
            }
        }
    }

    #[test]
    fn masked_bytes_lose_the_same_bits_however_they_are_read() {
        let mut plan = Plan::default();
        plan.bytes(b"x").unwrap();
        plan.masked(100, 10, [0xFF, 0, 0x0F, 0xFF]).unwrap();
        for by in 1..12 {
            assert_eq!(produced(&plan, by), [b'x', 100, 0, 6, 103, 104, 0, 10, 107, 108, 0], "{by}");
        }
    }

    #[test]
    fn a_plan_that_is_appended_produces_what_it_did() {
        let mut other = Plan::default();
        other.copy(3, 4).unwrap();
        other.bytes(b"ab").unwrap();
        other.fill(7, 3).unwrap();
        other.masked(9, 2, [1; 4]).unwrap();
        let mut plan = Plan::default();
        plan.copy(1, 2).unwrap();
        plan.append(&other).unwrap();
        assert_eq!(produced(&plan, 5), [1, 2, 3, 4, 5, 6, b'a', b'b', 7, 7, 7, 1, 0]);
        assert_eq!(plan.len(), 13);
    }
}

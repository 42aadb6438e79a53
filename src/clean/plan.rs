//! A cleaned file as a list of pieces over the original: copy this range, or these bytes instead.
//! Its length is known before a byte is written, and what is kept is bit-identical.

use std::io::{self, Read, Seek, SeekFrom};

use zeroize::Zeroizing;

use super::{Reader, Reason, Refusal};
use crate::limits;

/// The pieces of a clean file, in order.
#[derive(Debug, Default)]
pub struct Plan {
    pieces: Vec<Piece>,
    len: u64,
    rebuilt: u64,
}

enum Piece {
    Copy { at: u64, len: u64 },
    Bytes(Zeroizing<Vec<u8>>),
}

impl std::fmt::Debug for Piece {
    /// Shape only: the bytes may be testimony.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Copy { at, len } => write!(f, "Copy({at}, {len})"),
            Self::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
        }
    }
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
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if len == 0 {
            return Ok(());
        }
        self.grow(len, 0)?;
        self.rebuilt = self.rebuilt.saturating_add(len);
        // Small pieces join; a large one keeps its own allocation, since growing it would leave copies behind.
        if let Some(Piece::Bytes(last)) = self.pieces.last_mut()
            && last.capacity().saturating_sub(last.len()) >= bytes.len()
        {
            last.extend_from_slice(bytes);
            return Ok(());
        }
        let mut piece = Zeroizing::new(Vec::with_capacity(bytes.len().max(256)));
        piece.extend_from_slice(bytes);
        self.push(Piece::Bytes(piece), 0)
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
        PlanReader { pieces: &self.pieces, next: 0, done: 0, original }
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

/// Reads what a [`Plan`] produces.
pub struct PlanReader<'a, R> {
    pieces: &'a [Piece],
    next: usize,
    done: u64,
    original: R,
}

impl<R: Read + Seek> Read for PlanReader<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let Some(piece) = self.pieces.get(self.next) else { return Ok(0) };
        let (n, whole) = match piece {
            Piece::Bytes(bytes) => (copy_from(bytes, self.done, buf), u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            Piece::Copy { at, len } => {
                if self.done == 0 {
                    self.original.seek(SeekFrom::Start(*at))?;
                }
                let rest = len.saturating_sub(self.done);
                let n = usize::try_from(rest).unwrap_or(usize::MAX).min(buf.len());
                let n = self.original.read(buf.get_mut(..n).unwrap_or_default())?;
                if n == 0 {
                    // The file is shorter than when it was planned.
                    return Err(io::ErrorKind::InvalidData.into());
                }
                (n, *len)
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

//! The payload of an age file: STREAM over ChaCha20-Poly1305 (C2SP `age.md`, "Payload"), in batches of
//! chunks that are sealed and opened in place, side by side.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::num::NonZeroUsize;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;
use zeroize::Zeroize;

use super::secret::{self, Key};
use super::{OpenError, SealError};
use crate::limits::{PAYLOAD_THREADS_MAX, PLAINTEXT_BYTES_MAX};
use crate::parallel::stream_in_order;

/// Bytes of plaintext in every chunk but the last.
const CHUNK_BYTES: usize = 64 * 1024;
const TAG_BYTES: usize = 16;
const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;
/// Chunks that one thread works on at a time.
const BATCH_CHUNKS: usize = 8;

/// Seals all of `plaintext`. Holds a few batches, whatever the length.
///
/// # Errors
/// [`SealError`].
pub(super) fn seal(
    key: &Key,
    workers: NonZeroUsize,
    plaintext: impl Read,
    output: &mut (impl Write + ?Sized),
) -> Result<(), SealError> {
    secret::on_clean_cipher_stack(|| {
        let cipher = cipher(key).map_err(|_| SealError::Cipher)?;
        let work = |mut batch: Batch| {
            let sealed = secret::on_clean_cipher_stack(|| batch.seal(&cipher));
            (batch, sealed)
        };
        let batches = RefCell::new(Batches::new(plaintext, CHUNK_BYTES));
        stream(
            workers,
            || batches.borrow_mut().next().map_err(SealError::Read),
            work,
            |(batch, sealed)| {
                sealed.map_err(|_| SealError::Cipher)?;
                output.write_all(batch.held()).map_err(SealError::Write)?;
                batches.borrow_mut().spare.push(batch);
                Ok(())
            },
        )
    })
}

/// Opens all of `sealed` and says how many bytes that were. A chunk reaches `output` once it, and every
/// chunk before it, has authenticated; that none is missing is known at the end.
///
/// # Errors
/// [`OpenError::Payload`], [`OpenError::TooLarge`], [`OpenError::Read`], [`OpenError::Write`].
pub(super) fn open(
    key: &Key,
    workers: NonZeroUsize,
    sealed: impl Read,
    output: &mut (impl Write + ?Sized),
) -> Result<u64, OpenError> {
    secret::on_clean_cipher_stack(|| {
        let cipher = cipher(key).map_err(|_| OpenError::Payload)?;
        let work = |mut batch: Batch| {
            let opened = secret::on_clean_cipher_stack(|| batch.open(&cipher));
            (batch, opened)
        };
        let batches = RefCell::new(Batches::new(sealed, SEALED_CHUNK_BYTES));
        let mut len = 0u64;
        stream(
            workers,
            || batches.borrow_mut().next().map_err(|error| OpenError::reading(error, OpenError::Payload)),
            work,
            |(batch, opened)| {
                for chunk in batch.held().chunks(SEALED_CHUNK_BYTES).take(opened.chunks) {
                    let plain = chunk.get(..chunk.len().saturating_sub(TAG_BYTES)).unwrap_or_default();
                    len = len.saturating_add(u64::try_from(plain.len()).unwrap_or(u64::MAX));
                    if len > PLAINTEXT_BYTES_MAX {
                        return Err(OpenError::TooLarge);
                    }
                    output.write_all(plain).map_err(OpenError::Write)?;
                }
                batches.borrow_mut().spare.push(batch);
                if opened.all { Ok(()) } else { Err(OpenError::Payload) }
            },
        )?;
        Ok(len)
    })
}

fn stream<R: Send, E>(
    workers: NonZeroUsize,
    source: impl FnMut() -> Result<Option<Batch>, E>,
    work: impl Fn(Batch) -> R + Sync,
    sink: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let workers = workers.min(PAYLOAD_THREADS_MAX);
    // One for each to work on, and one more for each to have next.
    stream_in_order(workers, workers.saturating_add(workers.get()), source, work, sink)
}

fn cipher(key: &Key) -> Result<LessSafeKey, Unspecified> {
    UnboundKey::new(&CHACHA20_POLY1305, &key[..]).map(LessSafeKey::new)
}

/// Chunks that stand one after another, each with room for its tag. Wiped when dropped.
struct Batch {
    /// Never longer than its capacity, so it stays where it is.
    bytes: Vec<u8>,
    /// Bytes that chunks and their tags take up, or will when sealed.
    len: usize,
    /// Bytes that ever held something.
    touched: usize,
    /// Number of the first chunk.
    first: u64,
    last: Last,
}

/// Whether a batch or a chunk is the last of its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Last {
    No,
    Yes,
}

/// How much of a batch is authentic.
struct Opened {
    chunks: usize,
    all: bool,
}

impl Batch {
    fn new() -> Self {
        let bytes = Vec::with_capacity(BATCH_CHUNKS * SEALED_CHUNK_BYTES);
        Self { bytes, len: 0, touched: 0, first: 0, last: Last::No }
    }

    fn held(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }

    /// Fills it from `input` with chunks of `step` bytes. How many bytes came.
    fn fill(&mut self, input: &mut impl Read, step: usize) -> io::Result<usize> {
        self.len = 0;
        let mut came = 0usize;
        for chunk in 0..BATCH_CHUNKS {
            let begin = chunk.saturating_mul(SEALED_CHUNK_BYTES);
            let end = begin.saturating_add(SEALED_CHUNK_BYTES);
            if self.bytes.len() < end {
                self.bytes.resize(end, 0);
            }
            let room = self.bytes.get_mut(begin..begin.saturating_add(step)).unwrap_or_default();
            let filled = fill(input, room);
            self.touched = self.touched.max(begin.saturating_add(*filled.as_ref().unwrap_or(&step)));
            let n = filled?;
            came = came.saturating_add(n);
            // When sealing, the tag is still to come.
            let tag = if n == 0 { 0 } else { SEALED_CHUNK_BYTES.saturating_sub(step) };
            self.len = self.len.saturating_add(n).saturating_add(tag);
            if n < step {
                break;
            }
        }
        Ok(came)
    }

    fn seal(&mut self, cipher: &LessSafeKey) -> Result<(), Unspecified> {
        for (chunk, nonce) in self.chunks_mut() {
            let (plain, tag) = chunk.split_at_mut(chunk.len().saturating_sub(TAG_BYTES));
            tag.copy_from_slice(cipher.seal_in_place_separate_tag(nonce, Aad::empty(), plain)?.as_ref());
        }
        Ok(())
    }

    fn open(&mut self, cipher: &LessSafeKey) -> Opened {
        let first = self.first;
        let mut chunks = 0usize;
        for (chunk, nonce) in self.chunks_mut() {
            // Only an empty file has an empty chunk.
            let empty = chunk.len() <= TAG_BYTES && (first > 0 || chunks > 0);
            if empty || cipher.open_in_place(nonce, Aad::empty(), chunk).is_err() {
                return Opened { chunks, all: false };
            }
            chunks = chunks.saturating_add(1);
        }
        Opened { chunks, all: chunks > 0 }
    }

    /// Its chunks, with their nonces.
    fn chunks_mut(&mut self) -> impl Iterator<Item = (&mut [u8], Nonce)> {
        let (first, last) = (self.first, self.last);
        let held = self.bytes.get_mut(..self.len).unwrap_or_default();
        let count = held.len().div_ceil(SEALED_CHUNK_BYTES);
        (first..).zip(1usize..).zip(held.chunks_mut(SEALED_CHUNK_BYTES)).map(move |((number, nth), chunk)| {
            let last = if nth == count { last } else { Last::No };
            (chunk, nonce(number, last))
        })
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.bytes.get_mut(..self.touched).unwrap_or_default().zeroize();
    }
}

/// Cuts an input into batches, of which the last is known to be the last.
struct Batches<R> {
    input: R,
    /// Bytes of the input that a chunk is made from.
    step: usize,
    /// Read, but not yet known to be the last.
    read: Option<Batch>,
    /// Number of the chunk to be read next; 0 before anything has been.
    next_chunk: u64,
    /// Done with, to be filled again.
    spare: Vec<Batch>,
}

impl<R: Read> Batches<R> {
    fn new(input: R, step: usize) -> Self {
        Self { input, step, read: None, next_chunk: 0, spare: Vec::new() }
    }

    fn next(&mut self) -> io::Result<Option<Batch>> {
        if self.next_chunk == 0 {
            let (batch, _) = self.read_one()?;
            // An input of no bytes is sealed as one chunk of none.
            self.read = Some(batch);
        }
        let Some(mut batch) = self.read.take() else { return Ok(None) };
        let full = BATCH_CHUNKS * SEALED_CHUNK_BYTES;
        if batch.len == full {
            let (following, came) = self.read_one()?;
            if came > 0 {
                self.read = Some(following);
                return Ok(Some(batch));
            }
        }
        batch.last = Last::Yes;
        if batch.len == 0 && self.step == CHUNK_BYTES {
            batch.len = TAG_BYTES;
        }
        Ok(Some(batch))
    }

    fn read_one(&mut self) -> io::Result<(Batch, usize)> {
        let mut batch = self.spare.pop().unwrap_or_else(Batch::new);
        batch.first = self.next_chunk;
        self.next_chunk = self.next_chunk.saturating_add(u64::try_from(BATCH_CHUNKS).unwrap_or(u64::MAX));
        let came = batch.fill(&mut self.input, self.step)?;
        Ok((batch, came))
    }
}

/// Eleven bytes of big-endian counter and the last-chunk flag. The key is used for one file only, so that
/// a counter never repeats under it.
fn nonce(counter: u64, last: Last) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    let (_, tail) = nonce.split_at_mut(3);
    let (number, flag) = tail.split_at_mut(8);
    number.copy_from_slice(&counter.to_be_bytes());
    flag.copy_from_slice(&[u8::from(last == Last::Yes)]);
    Nonce::assume_unique_for_key(nonce)
}

/// Reads until `buf` is full or the input ends.
fn fill(input: &mut impl Read, buf: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0usize;
    while let Some(rest) = buf.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(n) => filled = filled.saturating_add(n),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(test)]
mod tests;

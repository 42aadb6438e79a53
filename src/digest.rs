//! SHA-256 of what passes by.

use std::io::{self, Read};

use ring::digest::{Context, SHA256};

/// Passes bytes through, counts and hashes them on the way.
pub(crate) struct Hashing<R> {
    inner: R,
    context: Context,
    len: u64,
}

impl<R: Read> Hashing<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, context: Context::new(&SHA256), len: 0 }
    }

    /// Bytes so far.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// SHA-256 of the bytes so far.
    pub(crate) fn digest(&self) -> [u8; 32] {
        let mut digest = [0; 32];
        digest.copy_from_slice(self.context.clone().finish().as_ref());
        digest
    }
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.context.update(buf.get(..n).unwrap_or_default());
        self.len = self.len.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        Ok(n)
    }
}

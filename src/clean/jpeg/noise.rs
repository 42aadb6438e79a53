//! Entropy-coded data for tests that means nothing, and a source for it. The same at every run.

use super::bits::Source;

/// Numbers that look random (xorshift).
pub(super) struct Noise(pub(super) u64);

impl Noise {
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(super) fn below(&mut self, limit: u64) -> usize {
        usize::try_from(self.next() % limit).unwrap()
    }

    /// Up to `len` bytes, stuffed, and the marker behind them, or none.
    pub(super) fn entropy(&mut self, len: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Three of four bytes are sparse, so that there are long codes and many full bytes too.
        let sparse = self.next() % 4;
        for _ in 0..self.below(len) {
            let byte = u8::try_from(self.next() >> 56).unwrap();
            let other = u8::try_from(self.next() >> 56).unwrap();
            let byte = [byte, byte & other, byte | other, byte][usize::try_from(sparse).unwrap()];
            bytes.push(byte);
            if byte == 0xFF {
                bytes.push(0);
            }
        }
        if !self.next().is_multiple_of(4) {
            bytes.extend_from_slice(&[0xFF, 0xD9]);
        }
        bytes
    }
}

/// All of the data, given out in small portions.
pub(super) struct Portions<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Portions<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }
}

impl Source for Portions<'_> {
    type Error = String;

    fn buffered(&mut self) -> Result<&[u8], String> {
        let end = self.bytes.len().min((self.at / 97 + 1) * 97);
        Ok(&self.bytes[self.at..end])
    }

    fn consume(&mut self, len: usize) {
        self.at += len;
    }

    fn at(&self) -> u64 {
        u64::try_from(self.at).unwrap()
    }

    fn damaged(part: &'static str, at: u64) -> String {
        format!("{part} at {at}")
    }

    fn truncated(part: &'static str, at: u64) -> String {
        format!("truncated {part} at {at}")
    }
}

//! The bytes under verification, read once from front to back and counted. Judges none of them.

use std::io::{ErrorKind, Read};

use crate::clean::{Unaccounted, jpeg::bits::Source};

pub(super) type Result<T> = std::result::Result<T, Unaccounted>;

/// The produced bytes, counted.
pub(super) struct Input<'a> {
    reader: &'a mut dyn Read,
    buffer: Vec<u8>,
    next: usize,
    len: usize,
    at: u64,
}

impl<'a> Input<'a> {
    pub(super) fn new(reader: &'a mut dyn Read) -> Self {
        Self { reader, buffer: vec![0; 64 * 1024], next: 0, len: 0, at: 0 }
    }

    /// Not accounted for, here.
    pub(super) fn wrong<T>(&self, part: &'static str) -> Result<T> {
        Err(Unaccounted::new(part, self.at))
    }

    pub(super) fn byte(&mut self) -> Result<u8> {
        match self.buffered()?.first().copied() {
            Some(byte) => {
                self.consume(1);
                Ok(byte)
            }
            None => self.wrong("end"),
        }
    }

    /// The second byte of a marker that stands just here.
    pub(super) fn marker(&mut self) -> Result<u8> {
        if self.byte()? != 0xFF {
            return self.wrong("marker");
        }
        self.byte()
    }

    /// The payload of a segment, by its length.
    pub(super) fn payload(&mut self) -> Result<Vec<u8>> {
        let len = u16::from_be_bytes([self.byte()?, self.byte()?]);
        (2..len).map(|_| self.byte()).collect()
    }
}

impl Source for Input<'_> {
    type Error = Unaccounted;

    fn buffered(&mut self) -> Result<&[u8]> {
        while self.next >= self.len {
            self.next = 0;
            self.len = match self.reader.read(&mut self.buffer) {
                Ok(0) => return Ok(&[]),
                Ok(len) => len,
                Err(error) if error.kind() == ErrorKind::Interrupted => 0,
                Err(error) => return Err(error.into()),
            };
        }
        Ok(self.buffer.get(self.next..self.len).unwrap_or_default())
    }

    fn consume(&mut self, len: usize) {
        self.next = self.next.saturating_add(len);
        self.at = self.at.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
    }

    fn at(&self) -> u64 {
        self.at
    }

    fn damaged(part: &'static str, at: u64) -> Unaccounted {
        Unaccounted::new(part, at)
    }

    fn truncated(part: &'static str, at: u64) -> Unaccounted {
        Unaccounted::new(part, at)
    }
}

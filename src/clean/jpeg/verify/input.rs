//! The produced bytes as markers and segments. Judges none of them.

use std::io::Read;

use crate::clean::{Unaccounted, jpeg::bits::Source, produced::Produced};

pub(super) type Result<T> = std::result::Result<T, Unaccounted>;

/// The produced bytes, counted.
pub(super) struct Input<'a>(Produced<'a>);

impl<'a> Input<'a> {
    pub(super) fn new(reader: &'a mut dyn Read) -> Self {
        Self(Produced::new(reader))
    }

    /// Not accounted for, here.
    pub(super) fn wrong<T>(&self, part: &'static str) -> Result<T> {
        self.0.wrong(part)
    }

    pub(super) fn byte(&mut self) -> Result<u8> {
        self.0.byte()
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
        let len = u16::from_be_bytes(self.0.array()?);
        self.0.bytes(usize::from(len.saturating_sub(2)))
    }
}

impl Source for Input<'_> {
    type Error = Unaccounted;

    fn buffered(&mut self) -> Result<&[u8]> {
        self.0.buffered()
    }

    fn consume(&mut self, len: usize) {
        self.0.consume(len);
    }

    fn at(&self) -> u64 {
        self.0.at()
    }

    fn damaged(part: &'static str, at: u64) -> Unaccounted {
        Unaccounted::new(part, at)
    }

    fn truncated(part: &'static str, at: u64) -> Unaccounted {
        Unaccounted::new(part, at)
    }
}

//! A place in a file that is being read: buffered, counted, and never past the end without saying so.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use super::nesting::Nesting;
use super::window::Window;
use super::{Options, Reader, Reason, Refusal};

/// Reads a file's structure. Every shortfall is a [`Reason::Truncated`] at the offset where it began.
pub(crate) struct Cursor<'a> {
    reader: BufReader<&'a mut dyn Reader>,
    at: u64,
    len: u64,
    nesting: Nesting,
}

impl<'a> Cursor<'a> {
    /// Starts at the first byte.
    pub(crate) fn new(reader: &'a mut dyn Reader) -> Result<Self, Refusal> {
        let len = reader.seek(SeekFrom::End(0)).map_err(Refusal::unreadable)?;
        reader.seek(SeekFrom::Start(0)).map_err(Refusal::unreadable)?;
        let nesting = Nesting::outermost(len, Options::default());
        Ok(Self { reader: BufReader::with_capacity(64 * 1024, reader), at: 0, len, nesting })
    }

    /// Starts at the first byte of a file that stands in another.
    pub(crate) fn nested(reader: &'a mut dyn Reader, nesting: Nesting) -> Result<Self, Refusal> {
        Ok(Self { nesting, ..Self::new(reader)? })
    }

    /// Where the file stands among those in one another.
    pub(crate) fn nesting(&self) -> &Nesting {
        &self.nesting
    }

    /// Offset of the next byte.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    /// Length of the file in bytes.
    pub(crate) fn len(&self) -> u64 {
        self.len
    }

    /// Bytes from here to the end.
    pub(crate) fn remaining(&self) -> u64 {
        self.len.saturating_sub(self.at)
    }

    /// The next byte; `part` names what is being read, for the refusal.
    pub(crate) fn byte(&mut self, part: &'static str) -> Result<u8, Refusal> {
        let [byte] = self.array(part)?;
        Ok(byte)
    }

    /// The next two bytes, big-endian.
    pub(crate) fn be16(&mut self, part: &'static str) -> Result<u16, Refusal> {
        Ok(u16::from_be_bytes(self.array(part)?))
    }

    /// The next four bytes, big-endian.
    pub(crate) fn be32(&mut self, part: &'static str) -> Result<u32, Refusal> {
        Ok(u32::from_be_bytes(self.array(part)?))
    }

    /// The next eight bytes, big-endian.
    pub(crate) fn be64(&mut self, part: &'static str) -> Result<u64, Refusal> {
        Ok(u64::from_be_bytes(self.array(part)?))
    }

    /// The next two bytes, little-endian.
    pub(crate) fn le16(&mut self, part: &'static str) -> Result<u16, Refusal> {
        Ok(u16::from_le_bytes(self.array(part)?))
    }

    /// The next four bytes, little-endian.
    pub(crate) fn le32(&mut self, part: &'static str) -> Result<u32, Refusal> {
        Ok(u32::from_le_bytes(self.array(part)?))
    }

    /// Goes on at this offset, before or behind; [`Reason::Truncated`] beyond the end.
    pub(crate) fn go_to(&mut self, at: u64, part: &'static str) -> Result<(), Refusal> {
        if at > self.len {
            return Err(Refusal::new(Reason::Truncated, part, self.len));
        }
        // Within the buffer this costs nothing.
        let by = i128::from(at).saturating_sub(i128::from(self.at));
        match i64::try_from(by) {
            Ok(by) => self.reader.seek_relative(by).map_err(Refusal::unreadable)?,
            Err(_) => return Err(Refusal::new(Reason::TooLarge, part, at)),
        }
        self.at = at;
        Ok(())
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self, part: &'static str) -> Result<[u8; N], Refusal> {
        let mut array = [0; N];
        self.fill(&mut array, part)?;
        Ok(array)
    }

    /// The next `len` bytes. The caller bounds `len`; it is checked against the file before memory is taken.
    pub(crate) fn bytes(&mut self, len: usize, part: &'static str) -> Result<Vec<u8>, Refusal> {
        if u64::try_from(len).unwrap_or(u64::MAX) > self.remaining() {
            return Err(Refusal::new(Reason::Truncated, part, self.at));
        }
        let mut bytes = vec![0; len];
        self.fill(&mut bytes, part)?;
        Ok(bytes)
    }

    /// Passes over `len` bytes.
    pub(crate) fn skip(&mut self, len: u64, part: &'static str) -> Result<(), Refusal> {
        if len > self.remaining() {
            return Err(Refusal::new(Reason::Truncated, part, self.at));
        }
        let by = i64::try_from(len).map_err(|_| Refusal::new(Reason::TooLarge, part, self.at))?;
        self.reader.seek_relative(by).map_err(Refusal::unreadable)?;
        self.at = self.at.saturating_add(len);
        Ok(())
    }

    /// The bytes that are in the buffer now, reading more if there are none; empty at the end of the file.
    pub(crate) fn buffered(&mut self) -> Result<&[u8], Refusal> {
        self.reader.fill_buf().map_err(Refusal::unreadable)
    }

    /// Passes over `len` bytes of what [`Cursor::buffered`] returned.
    pub(crate) fn consume(&mut self, len: usize) {
        self.reader.consume(len);
        self.at = self.at.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
    }

    /// Hands `len` bytes from `at` on to `read`, as a file of their own; then goes on where it was.
    pub(crate) fn within<T>(
        &mut self,
        at: u64,
        len: u64,
        read: impl FnOnce(&mut dyn Reader) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        if at.checked_add(len).is_none_or(|end| end > self.len) {
            return Err(Refusal::new(Reason::Truncated, "member", self.len));
        }
        let outcome = Window::new(*self.reader.get_mut(), at, len)
            .map_err(Refusal::unreadable)
            .and_then(|mut part| read(&mut part));
        // What is in the buffer is no longer what stands in front of the reader.
        self.reader.seek(SeekFrom::Start(self.at)).map_err(Refusal::unreadable)?;
        outcome
    }

    fn fill(&mut self, buf: &mut [u8], part: &'static str) -> Result<(), Refusal> {
        if u64::try_from(buf.len()).unwrap_or(u64::MAX) > self.remaining() {
            return Err(Refusal::new(Reason::Truncated, part, self.at));
        }
        self.reader.read_exact(buf).map_err(Refusal::unreadable)?;
        self.at = self.at.saturating_add(u64::try_from(buf.len()).unwrap_or(u64::MAX));
        Ok(())
    }
}

//! The bytes under verification, read once from front to back and counted. Judges none of them.

use std::io::{ErrorKind, Read};

use super::Unaccounted;

/// What a plan produces, as a verifier reads it.
pub(crate) struct Produced<'a> {
    reader: &'a mut dyn Read,
    buffer: Vec<u8>,
    next: usize,
    len: usize,
    at: u64,
}

impl<'a> Produced<'a> {
    /// Starts at the first byte.
    pub(crate) fn new(reader: &'a mut dyn Read) -> Self {
        Self { reader, buffer: vec![0; 64 * 1024], next: 0, len: 0, at: 0 }
    }

    /// Offset of the next byte.
    pub(crate) fn at(&self) -> u64 {
        self.at
    }

    /// Not accounted for, here; `part` in the format's own words.
    pub(crate) fn wrong<T>(&self, part: &'static str) -> Result<T, Unaccounted> {
        Err(Unaccounted::new(part, self.at))
    }

    /// The next byte.
    pub(crate) fn byte(&mut self) -> Result<u8, Unaccounted> {
        match self.buffered()?.first().copied() {
            Some(byte) => {
                self.consume(1);
                Ok(byte)
            }
            None => self.wrong("end"),
        }
    }

    /// The next `N` bytes.
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Unaccounted> {
        let mut array = [0; N];
        self.fill(&mut array)?;
        Ok(array)
    }

    /// The next `len` bytes. The caller bounds `len`; memory is taken as bytes come.
    pub(crate) fn bytes(&mut self, len: usize) -> Result<Vec<u8>, Unaccounted> {
        let mut bytes = Vec::new();
        while bytes.len() < len {
            let wanted = len.saturating_sub(bytes.len());
            let buffered = self.buffered()?;
            let taken = buffered.get(..wanted.min(buffered.len())).unwrap_or_default();
            if taken.is_empty() {
                return self.wrong("end");
            }
            bytes.extend_from_slice(taken);
            let n = taken.len();
            self.consume(n);
        }
        Ok(bytes)
    }

    /// Accounts for just these bytes.
    pub(crate) fn expect(&mut self, bytes: &[u8], part: &'static str) -> Result<(), Unaccounted> {
        for expected in bytes {
            if self.byte()? != *expected {
                return self.wrong(part);
            }
        }
        Ok(())
    }

    /// Passes over `len` bytes, which the caller accounts for as coded content.
    pub(crate) fn skip(&mut self, mut len: u64) -> Result<(), Unaccounted> {
        while len > 0 {
            let n = usize::try_from(len).unwrap_or(usize::MAX).min(self.buffered()?.len());
            if n == 0 {
                return self.wrong("end");
            }
            self.consume(n);
            len = len.saturating_sub(u64::try_from(n).unwrap_or(u64::MAX));
        }
        Ok(())
    }

    /// Insists that nothing follows.
    pub(crate) fn end(&mut self, part: &'static str) -> Result<(), Unaccounted> {
        if self.buffered()?.is_empty() { Ok(()) } else { self.wrong(part) }
    }

    /// The bytes that are in the buffer now, reading more if there are none; empty at the end.
    pub(crate) fn buffered(&mut self) -> Result<&[u8], Unaccounted> {
        while self.next >= self.len {
            // Nothing of what was passed over may be seen again, not even behind the end.
            (self.next, self.len) = (0, 0);
            self.len = match self.reader.read(&mut self.buffer) {
                Ok(0) => return Ok(&[]),
                Ok(len) => len,
                Err(error) if error.kind() == ErrorKind::Interrupted => 0,
                Err(error) => return Err(error.into()),
            };
        }
        Ok(self.buffer.get(self.next..self.len).unwrap_or_default())
    }

    /// Passes over `len` bytes of what [`Produced::buffered`] returned.
    pub(crate) fn consume(&mut self, len: usize) {
        self.next = self.next.saturating_add(len);
        self.at = self.at.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
    }

    fn fill(&mut self, buf: &mut [u8]) -> Result<(), Unaccounted> {
        let mut done = 0usize;
        while let Some(rest) = buf.get_mut(done..).filter(|rest| !rest.is_empty()) {
            let buffered = self.buffered()?;
            let n = rest.len().min(buffered.len());
            match (rest.get_mut(..n), buffered.get(..n)) {
                (Some(to), Some(from)) if n > 0 => to.copy_from_slice(from),
                _ => return self.wrong("end"),
            }
            self.consume(n);
            done = done.saturating_add(n);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives at most three bytes at a time.
    struct Slowly<'a>(&'a [u8]);

    impl Read for Slowly<'_> {
        fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
            let n = buf.len().min(3);
            self.0.read(&mut buf[..n])
        }
    }

    #[test]
    fn every_byte_is_counted_once_however_it_is_read() {
        let mut slowly = Slowly(b"0123456789ABCDEF");
        let mut produced = Produced::new(&mut slowly);
        assert_eq!(produced.byte().unwrap(), b'0');
        assert_eq!(&produced.array::<4>().unwrap(), b"1234");
        assert_eq!(produced.bytes(5).unwrap(), b"56789");
        produced.skip(4).unwrap();
        assert_eq!(produced.at(), 14);
        assert!(produced.end("bytes after the end").is_err());
        produced.expect(b"EF", "digits").unwrap();
        produced.end("bytes after the end").unwrap();
        assert!(produced.byte().is_err());
    }

    #[test]
    fn the_end_stays_the_end_however_often_one_asks() {
        let mut bytes = &b"abc"[..];
        let mut produced = Produced::new(&mut bytes);
        produced.skip(3).unwrap();
        for _ in 0..3 {
            assert!(produced.buffered().unwrap().is_empty());
            produced.end("bytes after the end").unwrap();
        }
    }

    #[test]
    fn what_is_not_there_is_never_given() {
        for len in [4, 5, 1 << 40] {
            let (mut a, mut b, mut c) = (&b"abc"[..], &b"abc"[..], &b"abc"[..]);
            assert!(Produced::new(&mut a).skip(len).is_err());
            assert!(Produced::new(&mut b).bytes(usize::try_from(len).unwrap()).is_err());
            assert!(Produced::new(&mut c).array::<4>().is_err());
        }
    }
}

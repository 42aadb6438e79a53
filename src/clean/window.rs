//! A range of a file, read as if it were a file of its own. Never reads outside of it.

use std::io::{self, Read, Seek, SeekFrom};

use super::Reader;

/// Bytes `at` up to `at + len` of a file.
pub(crate) struct Window<'a> {
    inner: &'a mut dyn Reader,
    at: u64,
    len: u64,
    next: u64,
}

impl<'a> Window<'a> {
    /// Starts at the first byte of the range.
    pub(crate) fn new(inner: &'a mut dyn Reader, at: u64, len: u64) -> io::Result<Self> {
        inner.seek(SeekFrom::Start(at))?;
        Ok(Self { inner, at, len, next: 0 })
    }
}

impl Read for Window<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.len.saturating_sub(self.next)).unwrap_or(usize::MAX);
        let most = buf.len().min(left);
        let n = self.inner.read(buf.get_mut(..most).unwrap_or_default())?;
        self.next = self.next.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        Ok(n)
    }
}

impl Seek for Window<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let next = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.next.checked_add_signed(by),
        };
        let invalid = io::Error::from(io::ErrorKind::InvalidInput);
        let Some((next, at)) = next.and_then(|next| Some((next, self.at.checked_add(next)?))) else {
            return Err(invalid);
        };
        self.inner.seek(SeekFrom::Start(at))?;
        self.next = next;
        Ok(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_shows_its_range_and_no_more() {
        let mut file = io::Cursor::new(b"0123456789".to_vec());
        let mut window = Window::new(&mut file, 3, 4).unwrap();
        let mut bytes = Vec::new();
        window.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, b"3456");
        assert_eq!(window.seek(SeekFrom::End(-3)).unwrap(), 1);
        assert_eq!(window.seek(SeekFrom::Current(1)).unwrap(), 2);
        bytes.clear();
        window.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes, b"56");
        // Behind the end there is nothing, as in a file.
        assert_eq!(window.seek(SeekFrom::Start(5)).unwrap(), 5);
        assert_eq!(window.read(&mut [0; 4]).unwrap(), 0);
        assert!(window.seek(SeekFrom::End(-5)).is_err());
    }
}

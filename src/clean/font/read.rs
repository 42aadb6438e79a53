//! Big-endian numbers of font programs: for cleaners at any offset, for verifiers one behind the other. Judges none.

use crate::clean::Unaccounted;

/// `len` bytes at `at`.
pub(super) fn slice(bytes: &[u8], at: usize, len: usize) -> Option<&[u8]> {
    bytes.get(at..at.checked_add(len)?)
}

/// The two bytes at `at`.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(slice(bytes, at, 2)?.try_into().ok()?))
}

/// The four bytes at `at`.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(slice(bytes, at, 4)?.try_into().ok()?))
}

/// The number of `size` bytes at `at`, as an offset.
pub(super) fn offset_at(bytes: &[u8], at: usize, size: usize) -> Option<usize> {
    let mut number = 0usize;
    for byte in slice(bytes, at, size)? {
        number = number.checked_mul(256)?.checked_add(usize::from(*byte))?;
    }
    Some(number)
}

/// The four bytes at `at`, as an offset or a length.
pub(super) fn long_at(bytes: &[u8], at: usize) -> Option<usize> {
    offset_at(bytes, at, 4)
}

/// The two bytes at `at`, as a count.
pub(super) fn short_at(bytes: &[u8], at: usize) -> Option<usize> {
    offset_at(bytes, at, 2)
}

/// What is produced, read from front to back.
pub(super) struct Strict<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Strict<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn at(&self) -> usize {
        self.at
    }

    pub(super) fn wrong<T>(&self, part: &'static str) -> Result<T, Unaccounted> {
        Err(Unaccounted::new(part, u64::try_from(self.at).unwrap_or(u64::MAX)))
    }

    /// Insists on `right`.
    pub(super) fn insist(&self, right: bool, part: &'static str) -> Result<(), Unaccounted> {
        if right { Ok(()) } else { self.wrong(part) }
    }

    pub(super) fn take(&mut self, len: usize, part: &'static str) -> Result<&'a [u8], Unaccounted> {
        match slice(self.bytes, self.at, len) {
            Some(taken) => {
                self.at = self.at.saturating_add(len);
                Ok(taken)
            }
            None => self.wrong(part),
        }
    }

    pub(super) fn expect(&mut self, bytes: &[u8], part: &'static str) -> Result<(), Unaccounted> {
        if slice(self.bytes, self.at, bytes.len()) == Some(bytes) {
            self.at = self.at.saturating_add(bytes.len());
            Ok(())
        } else {
            self.wrong(part)
        }
    }

    /// The number in the next `size` bytes.
    pub(super) fn number(&mut self, size: usize, part: &'static str) -> Result<usize, Unaccounted> {
        let at = self.at;
        self.take(size, part)?;
        offset_at(self.bytes, at, size).map_or_else(|| self.wrong(part), Ok)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn end(&self, part: &'static str) -> Result<(), Unaccounted> {
        self.insist(self.rest().is_empty(), part)
    }
}

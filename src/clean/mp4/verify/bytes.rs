//! Bytes of a box under verification, taken one behind the other. Judges none of them.

use crate::clean::Unaccounted;

/// What is not accounted for yet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bytes<'a> {
    rest: &'a [u8],
    at: u64,
}

impl<'a> Bytes<'a> {
    /// `bytes`, which stand at `at` in the file.
    pub(super) fn new(bytes: &'a [u8], at: u64) -> Self {
        Self { rest: bytes, at }
    }

    /// Not accounted for, here.
    pub(super) fn wrong<T>(&self, part: &'static str) -> Result<T, Unaccounted> {
        Err(Unaccounted::new(part, self.at))
    }

    /// Goes on only if `is_right`.
    pub(super) fn insist(&self, is_right: bool, part: &'static str) -> Result<(), Unaccounted> {
        if is_right { Ok(()) } else { self.wrong(part) }
    }

    pub(super) fn take(&mut self, len: usize) -> Result<&'a [u8], Unaccounted> {
        let Some((taken, rest)) = self.rest.split_at_checked(len) else { return self.wrong("end of a box") };
        self.rest = rest;
        self.at = self.at.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
        Ok(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Unaccounted> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N)?);
        Ok(array)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Unaccounted> {
        Ok(u16::from_be_bytes(self.array()?))
    }

    pub(super) fn u32(&mut self) -> Result<u32, Unaccounted> {
        Ok(u32::from_be_bytes(self.array()?))
    }

    /// 32 bits, or 64 for version 1.
    pub(super) fn wide(&mut self, version: u8) -> Result<u64, Unaccounted> {
        if version == 0 { Ok(self.u32()?.into()) } else { Ok(u64::from_be_bytes(self.array()?)) }
    }

    /// Accounts for just these.
    pub(super) fn expect(&mut self, bytes: &[u8], part: &'static str) -> Result<(), Unaccounted> {
        let taken = self.take(bytes.len())?;
        self.insist(taken == bytes, part)
    }

    /// The body of the next box, which must be of this type.
    pub(super) fn boxed(&mut self, kind: [u8; 4], part: &'static str) -> Result<Self, Unaccounted> {
        match self.optional(kind)? {
            Some(body) => Ok(body),
            None => self.wrong(part),
        }
    }

    /// The body of the next box, if it is of this type.
    pub(super) fn optional(&mut self, kind: [u8; 4]) -> Result<Option<Self>, Unaccounted> {
        if self.rest.get(4..8) != Some(kind.as_slice()) {
            return Ok(None);
        }
        let size = usize::try_from(self.u32()?).unwrap_or(usize::MAX);
        self.take(4)?;
        let at = self.at;
        let Some(len) = size.checked_sub(8) else { return self.wrong("box size") };
        Ok(Some(Self { rest: self.take(len)?, at }))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// All that is left.
    pub(super) fn rest(&mut self) -> &'a [u8] {
        self.at = self.at.saturating_add(u64::try_from(self.rest.len()).unwrap_or(u64::MAX));
        std::mem::take(&mut self.rest)
    }

    /// Insists that nothing is left.
    pub(super) fn end(&self, part: &'static str) -> Result<(), Unaccounted> {
        self.insist(self.rest.is_empty(), part)
    }
}

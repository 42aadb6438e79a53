//! Fields of a box in memory, one behind the other. Never reads past what it was given.

/// What is left of a box.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (array, rest) = self.rest.split_first_chunk::<N>()?;
        self.rest = rest;
        Some(*array)
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_be_bytes)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// A number of 0, 4 or 8 bytes, as `iloc` has them.
    pub(super) fn sized(&mut self, bytes: u8) -> Option<u64> {
        match bytes {
            0 => Some(0),
            4 => self.u32().map(u64::from),
            8 => self.u64(),
            _ => None,
        }
    }

    /// Sixteen or thirty-two bits.
    pub(super) fn id(&mut self, is_wide: bool) -> Option<u32> {
        if is_wide { self.u32() } else { self.u16().map(u32::from) }
    }

    /// Version and flags of a full box.
    pub(super) fn full(&mut self) -> Option<(u8, u32)> {
        let [version, a, b, c] = self.array()?;
        Some((version, u32::from_be_bytes([0, a, b, c])))
    }

    /// Text up to a NUL, or up to the end where there is none.
    pub(super) fn text(&mut self) -> &'a [u8] {
        let len = self.rest.iter().position(|&byte| byte == 0);
        let text = len.map_or(self.rest, |len| self.rest.get(..len).unwrap_or_default());
        self.rest = self.rest.get(text.len().saturating_add(1)..).unwrap_or_default();
        text
    }
}

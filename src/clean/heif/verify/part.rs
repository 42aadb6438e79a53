//! Bytes that are accounted for one after the other. What is not taken is left over, and [`Part::end`] says so.

/// What has not been accounted for.
#[derive(Clone, Copy)]
pub(super) struct Part<'a>(&'a [u8]);

impl<'a> Part<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
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

    /// Just these bytes.
    pub(super) fn just(&mut self, bytes: &[u8]) -> Option<()> {
        (self.take(bytes.len())? == bytes).then_some(())
    }

    /// So many zeros.
    pub(super) fn zeros(&mut self, len: usize) -> Option<()> {
        self.take(len)?.iter().all(|&byte| byte == 0).then_some(())
    }

    /// The type of the next box.
    pub(super) fn kind(&self) -> Option<[u8; 4]> {
        self.0.get(4..8)?.try_into().ok()
    }

    /// The next box, of any type.
    pub(super) fn any(&mut self) -> Option<([u8; 4], Self)> {
        let len = self.u32()?.checked_sub(8)?;
        let kind = self.array()?;
        Some((kind, Self(self.take(usize::try_from(len).ok()?)?)))
    }

    /// The next box, which is of this type.
    pub(super) fn boxed(&mut self, kind: &[u8; 4]) -> Option<Self> {
        self.any().filter(|(own, _)| own == kind).map(|(_, body)| body)
    }

    /// The next box if it is of this type.
    pub(super) fn optional(&mut self, kind: &[u8; 4]) -> Option<Option<Self>> {
        if self.kind().as_ref() == Some(kind) { self.boxed(kind).map(Some) } else { Some(None) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is left, all of it.
    pub(super) fn all(&self) -> &'a [u8] {
        self.0
    }

    /// Nothing is left.
    pub(super) fn end(&self) -> Option<()> {
        self.0.is_empty().then_some(())
    }
}

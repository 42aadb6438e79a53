//! Small elements in memory, one behind the other in a fixed order, each spelled as short as it can be. Nothing here
//! skips an element.

/// What is left of the body of an element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    pub(super) fn new(body: &'a [u8]) -> Self {
        Self { rest: body }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    /// The body of the next element if that is `id`. The outer `None` is for one that is not well spelled.
    pub(super) fn optional(&mut self, id: &[u8]) -> Option<Option<&'a [u8]>> {
        let Some(after) = self.rest.strip_prefix(id) else { return Some(None) };
        let more = after.first()?.leading_zeros();
        let len = usize::try_from(more).ok()?.checked_add(1)?;
        let (size, after) = after.split_at_checked(len).filter(|_| len <= 8)?;
        let marked = size.iter().fold(0_u64, |size, &byte| (size << 8) | u64::from(byte));
        let size = marked ^ 1_u64.checked_shl(u32::try_from(len).ok()?.checked_mul(7)?)?;
        if bytes_of_size(size)? != more.checked_add(1)? {
            return None;
        }
        let (body, after) = after.split_at_checked(usize::try_from(size).ok()?)?;
        self.rest = after;
        Some(Some(body))
    }

    /// An unsigned integer without needless bytes, as [`Fields::optional`].
    pub(super) fn uint(&mut self, id: &[u8]) -> Option<Option<u64>> {
        match self.optional(id)? {
            None => Some(None),
            Some([0, _, ..] | []) => None,
            Some(body) if body.len() > 8 => None,
            Some(body) => Some(Some(body.iter().fold(0, |value, &byte| (value << 8) | u64::from(byte)))),
        }
    }

    /// An unsigned integer that is told only where it is not 0; then within `1..=max`. 0 where it is not told.
    pub(super) fn told(&mut self, id: &[u8], max: u64) -> Option<u64> {
        match self.uint(id)? {
            None => Some(0),
            Some(value) => (1..=max).contains(&value).then_some(value),
        }
    }

    /// A floating-point number of eight bytes, as [`Fields::optional`].
    pub(super) fn float(&mut self, id: &[u8]) -> Option<Option<f64>> {
        match self.optional(id)? {
            None => Some(None),
            Some(body) => Some(Some(f64::from_be_bytes(body.try_into().ok()?))),
        }
    }
}

/// Bytes of the shortest way to write a size; all ones mean unknown. `None` if there is none.
pub(super) fn bytes_of_size(size: u64) -> Option<u32> {
    (1_u32..=8).find(|len| {
        let values = 1_u64.checked_shl(len.saturating_mul(7)).unwrap_or(0);
        size < values.saturating_sub(1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shortest_spelling_is_read() {
        assert_eq!(Fields::new(&[0xE7, 0x81, 5]).uint(&[0xE7]), Some(Some(5)));
        assert_eq!(Fields::new(&[0xE7, 0x81, 0]).uint(&[0xE7]), Some(Some(0)));
        assert_eq!(Fields::new(&[0xE7, 0x80]).uint(&[0xE7]), None);
        assert_eq!(Fields::new(&[0xE7, 0x82, 0, 5]).uint(&[0xE7]), None);
        assert_eq!(Fields::new(&[0xE7, 0x40, 1, 5]).uint(&[0xE7]), None);
        assert_eq!(Fields::new(&[0xE7, 0xFF, 5]).uint(&[0xE7]), None);
        assert_eq!(Fields::new(&[0xE7, 0x82, 5]).uint(&[0xE7]), None);
        assert_eq!(Fields::new(&[0xE8, 0x81, 5]).uint(&[0xE7]), Some(None));
        assert_eq!(Fields::new(&[0xE7, 0x81, 0]).told(&[0xE7], 9), None);
        assert_eq!(Fields::new(&[]).told(&[0xE7], 9), Some(0));
    }

    #[test]
    fn sizes_of_all_ones_take_a_byte_more() {
        assert_eq!(bytes_of_size(126), Some(1));
        assert_eq!(bytes_of_size(127), Some(2));
        assert_eq!(bytes_of_size((1 << 56) - 2), Some(8));
        assert_eq!(bytes_of_size((1 << 56) - 1), None);
    }
}

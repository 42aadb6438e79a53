//! Which bytes of a charstring some glyph runs. Charstrings do not jump, so that they are always the first ones.

/// What is known of one charstring.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Reached {
    /// Bytes from its start that some glyph runs; none if no glyph needs it.
    pub(super) len: usize,
    /// Whether a glyph ran over its end, where `return` or `endchar` should be.
    pub(super) open: bool,
}

impl Reached {
    /// The charstring without what is never run.
    pub(super) fn kept(self, charstring: &[u8], end: u8) -> Vec<u8> {
        let mut kept = charstring.get(..self.len).unwrap_or_default().to_vec();
        if self.open || kept.is_empty() {
            kept.push(end);
        }
        kept
    }
}

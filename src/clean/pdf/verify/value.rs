//! Values in their one spelling. Forgives nothing: no white space but one, no comment, no escape.

use crate::limits;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum V {
    Bool(bool),
    Int(i64),
    /// A number with a fraction.
    Real,
    Text(Vec<u8>),
    Name(String),
    Array(Vec<V>),
    Dict(Vec<(String, V)>),
    Ref(u32),
}

impl V {
    pub(super) fn int(&self) -> Option<i64> {
        if let Self::Int(int) = self { Some(*int) } else { None }
    }

    pub(super) fn name(&self) -> Option<&str> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub(super) fn array(&self) -> Option<&[Self]> {
        if let Self::Array(array) = self { Some(array) } else { None }
    }

    pub(super) fn get(&self, wanted: &str) -> Option<&Self> {
        let Self::Dict(fields) = self else { return None };
        fields.iter().find(|(key, _)| key == wanted).map(|(_, value)| value)
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(self, Self::Int(_) | Self::Real)
    }
}

/// A place in the produced bytes.
pub(super) struct Parser<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Parser<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    /// Passes over exactly these bytes.
    pub(super) fn expect(&mut self, bytes: &[u8]) -> Option<()> {
        if !self.rest().starts_with(bytes) {
            return None;
        }
        self.at = self.at.saturating_add(bytes.len());
        Some(())
    }

    fn while_true(&mut self, accept: impl Fn(u8) -> bool) -> &'a [u8] {
        let rest = self.rest();
        let len = rest.iter().position(|byte| !accept(*byte)).unwrap_or(rest.len());
        self.at = self.at.saturating_add(len);
        rest.get(..len).unwrap_or_default()
    }

    /// A value; nothing but the value.
    pub(super) fn value(&mut self, depth: usize) -> Option<V> {
        if depth > limits::PDF_NESTING_MAX {
            return None;
        }
        match self.rest() {
            [b'<', b'<', ..] => self.dict(depth),
            [b'<', ..] => self.text(),
            [b'[', ..] => self.array(depth),
            [b'/', ..] => self.name().map(V::Name),
            [b't', ..] => self.expect(b"true").map(|()| V::Bool(true)),
            [b'f', ..] => self.expect(b"false").map(|()| V::Bool(false)),
            _ => self.number(),
        }
    }

    pub(super) fn name(&mut self) -> Option<String> {
        self.expect(b"/")?;
        let name =
            self.while_true(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b'_' | b','));
        if name.is_empty() { None } else { String::from_utf8(name.to_vec()).ok() }
    }

    fn text(&mut self) -> Option<V> {
        self.expect(b"<")?;
        let digits = self.while_true(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
        self.expect(b">")?;
        let (pairs, rest) = digits.as_chunks::<2>();
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => byte.wrapping_sub(b'0'),
            _ => byte.wrapping_sub(b'A').wrapping_add(10),
        };
        let text = pairs.iter().map(|[high, low]| digit(*high).wrapping_shl(4) | digit(*low)).collect();
        rest.is_empty().then_some(V::Text(text))
    }

    fn array(&mut self, depth: usize) -> Option<V> {
        self.expect(b"[")?;
        let mut array = Vec::new();
        while self.expect(b"]").is_none() {
            if !array.is_empty() {
                self.expect(b" ")?;
            }
            array.push(self.value(depth.saturating_add(1))?);
        }
        Some(V::Array(array))
    }

    fn dict(&mut self, depth: usize) -> Option<V> {
        self.expect(b"<<")?;
        let mut fields = Vec::new();
        while self.expect(b">>").is_none() {
            let key = self.name()?;
            if !matches!(self.rest().first(), Some(b'<' | b'[' | b'/')) {
                self.expect(b" ")?;
            }
            fields.push((key, self.value(depth.saturating_add(1))?));
        }
        Some(V::Dict(fields))
    }

    /// A number, or a reference.
    fn number(&mut self) -> Option<V> {
        let negative = self.expect(b"-").is_some();
        let whole = self.while_true(|byte| byte.is_ascii_digit());
        let sound = whole == b"0" || whole.first().is_some_and(|first| *first != b'0');
        if !sound || whole.len() > 19 {
            return None;
        }
        if self.expect(b".").is_some() {
            let fraction = self.while_true(|byte| byte.is_ascii_digit());
            let sound = (1..=8).contains(&fraction.len()) && fraction.last() != Some(&b'0');
            return sound.then_some(V::Real);
        }
        let int: i64 = std::str::from_utf8(whole).ok()?.parse().ok()?;
        if negative {
            return (int != 0).then_some(V::Int(int.saturating_neg()));
        }
        // `1 0 0 RG` is none.
        if !self.rest().get(4).is_some_and(u8::is_ascii_alphanumeric) && self.expect(b" 0 R").is_some() {
            return u32::try_from(int).ok().map(V::Ref);
        }
        Some(V::Int(int))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &[u8]) -> Option<V> {
        let mut parser = Parser::new(text);
        parser.value(0).filter(|_| parser.rest().is_empty())
    }

    #[test]
    fn one_spelling_is_read_and_no_other() {
        for sound in ["<</A 1/B[1 0.5]/C/D>>", "<0A>", "-3", "-0.25", "4 0 R", "[true false]", "[]", "<<>>"] {
            assert!(value(sound.as_bytes()).is_some(), "{sound}");
        }
        for other in
            ["<< /A 1>>", "(a)", "<0a>", "<0>", "01", "+1", "-0", "1.0", "1.", ".5", "/A#42", "[1  2]", "null", "1 %a"]
        {
            assert!(value(other.as_bytes()).is_none(), "{other}");
        }
    }
}

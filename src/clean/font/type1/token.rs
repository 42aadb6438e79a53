//! Tokens of PostScript (PostScript Language Reference, 3.2) as Type 1 programs use it. Runs nothing.

/// One token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A literal name, without its slash.
    Name(&'a [u8]),
    /// An executable name or a number.
    Word(&'a [u8]),
    /// `[`, `]`, `{` or `}`.
    Bracket(u8),
    /// A string or anything else that has no meaning here.
    Other,
}

/// Tokens from some offset on.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn on(&mut self) {
        self.at = self.at.saturating_add(1);
    }

    /// The next token, past white space and comments.
    pub(super) fn next(&mut self) -> Option<Token<'a>> {
        loop {
            match self.peek()? {
                b'%' => self.while_(|byte| !matches!(byte, b'\r' | b'\n')),
                byte if is_space(byte) => self.on(),
                _ => break,
            };
        }
        let first = self.peek()?;
        match first {
            b'[' | b']' | b'{' | b'}' => {
                self.on();
                Some(Token::Bracket(first))
            }
            b'/' => {
                self.on();
                Some(Token::Name(self.regular()))
            }
            b'(' => {
                self.string();
                Some(Token::Other)
            }
            b')' | b'<' | b'>' => {
                self.on();
                Some(Token::Other)
            }
            _ => Some(Token::Word(self.regular())),
        }
    }

    /// The next token, if it is a whole number from zero on.
    pub(super) fn count(&mut self) -> Option<usize> {
        match self.next()? {
            Token::Word(word) => count(word),
            _ => None,
        }
    }

    /// Behind one byte, `len` bytes.
    pub(super) fn binary(&mut self, len: usize) -> Option<&'a [u8]> {
        let start = self.at.checked_add(1)?;
        let end = start.checked_add(len)?;
        let bytes = self.bytes.get(start..end)?;
        self.at = end;
        Some(bytes)
    }

    fn regular(&mut self) -> &'a [u8] {
        let start = self.at;
        self.while_(|byte| {
            !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
        });
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    fn while_(&mut self, wanted: impl Fn(u8) -> bool) {
        while self.peek().is_some_and(&wanted) {
            self.on();
        }
    }

    /// To the bracket that closes the string.
    fn string(&mut self) {
        let mut depth = 0usize;
        while let Some(byte) = self.peek() {
            self.on();
            match byte {
                b'\\' => self.on(),
                b'(' => depth = depth.saturating_add(1),
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 {
                return;
            }
        }
    }
}

/// White space of PostScript.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// A whole number from zero on, perhaps with a radix: `65`, `8#101`.
pub(super) fn count(word: &[u8]) -> Option<usize> {
    let text = std::str::from_utf8(word).ok()?;
    let (radix, digits) = text.split_once('#').map_or(Some((10, text)), |(radix, digits)| {
        radix.parse().ok().filter(|radix| (2..=36).contains(radix)).map(|radix| (radix, digits))
    })?;
    usize::try_from(u32::from_str_radix(digits, radix).ok()?).ok()
}

/// Characters of the longest number; more have no meaning.
const NUMBER_BYTES_MAX: usize = 24;

/// Whether `word` is a decimal number: a sign, digits with at most one point, perhaps an exponent.
pub(super) fn is_number(word: &[u8]) -> bool {
    let unsigned = word.strip_prefix(b"-").or(word.strip_prefix(b"+")).unwrap_or(word);
    let mut halves = unsigned.splitn(2, |byte| matches!(byte, b'e' | b'E'));
    let (mantissa, exponent) = (halves.next().unwrap_or_default(), halves.next());
    let points = mantissa.iter().filter(|byte| **byte == b'.').count();
    let exponent = exponent.map(|exponent| exponent.strip_prefix(b"-").unwrap_or(exponent));
    word.len() <= NUMBER_BYTES_MAX
        && mantissa.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
        && points <= 1
        && mantissa.len() > points
        && exponent.is_none_or(|exponent| !exponent.is_empty() && exponent.iter().all(u8::is_ascii_digit))
}

//! The words that files, contents and character maps are made of (ISO 32000-1, 7.2 and 7.3). Forgives what viewers
//! forgive; never goes back, and never deeper than a limit.

use super::object::{Dict, Object};
use crate::limits;

/// A word.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Int(i64),
    Real(f64),
    Text(Vec<u8>),
    Name(Vec<u8>),
    /// `[ ] << >> { }`.
    Mark(&'static str),
    /// Anything else: an operator, `obj`, `true`.
    Word(&'a [u8]),
    End,
}

/// A place in bytes.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

/// White space (7.2.2, table 1).
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b'\0' | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// White space or a delimiter (table 2).
pub(super) fn ends_word(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

/// The value of a hexadecimal digit.
pub(super) fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn step(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at = self.at.saturating_add(1);
        Some(byte)
    }

    /// Passes over white space and comments.
    pub(super) fn skip_space(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                let len = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
                self.at = self.at.saturating_add(len);
            } else if is_space(byte) {
                self.at = self.at.saturating_add(1);
            } else {
                return;
            }
        }
    }

    /// The next word.
    pub(super) fn token(&mut self) -> Token<'a> {
        self.skip_space();
        let start = self.at;
        let Some(byte) = self.step() else { return Token::End };
        match byte {
            b'(' => Token::Text(self.literal()),
            b'<' if self.peek() == Some(b'<') => self.mark("<<"),
            b'<' => Token::Text(self.hexadecimal()),
            b'>' if self.peek() == Some(b'>') => self.mark(">>"),
            b'/' => Token::Name(self.rest_of_name()),
            b'[' => Token::Mark("["),
            b']' => Token::Mark("]"),
            b'{' => Token::Mark("{"),
            b'}' => Token::Mark("}"),
            b'>' | b')' => Token::Word(self.bytes.get(start..self.at).unwrap_or_default()),
            _ => {
                let rest = self.bytes.get(start..).unwrap_or_default();
                let len = rest.iter().position(|byte| ends_word(*byte)).unwrap_or(rest.len());
                self.at = start.saturating_add(len);
                let word = rest.get(..len).unwrap_or_default();
                number(word).unwrap_or(Token::Word(word))
            }
        }
    }

    fn mark(&mut self, mark: &'static str) -> Token<'a> {
        self.at = self.at.saturating_add(1);
        Token::Mark(mark)
    }

    /// A literal string behind its parenthesis (7.3.4.2).
    fn literal(&mut self) -> Vec<u8> {
        let (mut text, mut open) = (Vec::new(), 1_u32);
        while let Some(byte) = self.step() {
            match byte {
                b'(' => open = open.saturating_add(1),
                b')' if open == 1 => break,
                b')' => open = open.saturating_sub(1),
                b'\\' => {
                    text.extend(self.escape());
                    continue;
                }
                b'\r' => {
                    self.pass(b'\n');
                    text.push(b'\n');
                    continue;
                }
                _ => {}
            }
            text.push(byte);
        }
        text
    }

    fn pass(&mut self, byte: u8) {
        if self.peek() == Some(byte) {
            self.at = self.at.saturating_add(1);
        }
    }

    /// What an escape stands for, behind its backslash.
    fn escape(&mut self) -> Option<u8> {
        match self.step()? {
            b'n' => Some(b'\n'),
            b'r' => Some(b'\r'),
            b't' => Some(b'\t'),
            b'b' => Some(8),
            b'f' => Some(12),
            b'\n' => None,
            b'\r' => {
                self.pass(b'\n');
                None
            }
            first @ b'0'..=b'7' => {
                let mut code = u32::from(first & 7);
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    self.at = self.at.saturating_add(1);
                    code = code.wrapping_shl(3) | u32::from(digit & 7);
                }
                code.to_le_bytes().first().copied()
            }
            other => Some(other),
        }
    }

    /// A hexadecimal string behind its bracket (7.3.4.3).
    fn hexadecimal(&mut self) -> Vec<u8> {
        let (mut text, mut half) = (Vec::new(), None);
        while let Some(byte) = self.step().filter(|byte| *byte != b'>') {
            let Some(digit) = hex(byte) else { continue };
            match half.take() {
                None => half = Some(digit),
                Some(high) => text.push(high << 4 | digit),
            }
        }
        text.extend(half.map(|high| high << 4));
        text
    }

    /// A name behind its solidus (7.3.5).
    fn rest_of_name(&mut self) -> Vec<u8> {
        let mut name = Vec::new();
        while let Some(byte) = self.peek().filter(|byte| !ends_word(*byte)) {
            self.at = self.at.saturating_add(1);
            let digits = (self.bytes.get(self.at).copied(), self.bytes.get(self.at.saturating_add(1)).copied());
            if byte == b'#'
                && let (Some(high), Some(low)) = (digits.0.and_then(hex), digits.1.and_then(hex))
            {
                self.at = self.at.saturating_add(2);
                name.push(high << 4 | low);
            } else {
                name.push(byte);
            }
        }
        name
    }

    /// The next object; `None` for a word that is none, which is passed over, and at the end. `refs` is whether
    /// `1 0 R` is a reference here. Every object counts towards `budget`.
    pub(super) fn object(&mut self, refs: bool, budget: &mut usize) -> Option<Object> {
        let token = self.token();
        self.object_from(token, refs, budget, 0)
    }

    /// The object that begins with `token`.
    pub(super) fn object_from(
        &mut self,
        token: Token<'a>,
        refs: bool,
        budget: &mut usize,
        depth: usize,
    ) -> Option<Object> {
        *budget = budget.checked_sub(1)?;
        if depth > limits::PDF_NESTING_MAX {
            // Nothing that is parsed after this counts.
            *budget = 0;
            return None;
        }
        Some(match token {
            Token::Int(int) if refs => self.reference(int).unwrap_or(Object::Int(int)),
            Token::Int(int) => Object::Int(int),
            Token::Real(real) => Object::Real(real),
            Token::Text(text) => Object::Text(text),
            Token::Name(name) => Object::Name(name),
            Token::Word(b"true") => Object::Bool(true),
            Token::Word(b"false") => Object::Bool(false),
            Token::Word(b"null") => Object::Null,
            Token::Mark("[") => self.array(refs, budget, depth)?,
            Token::Mark("<<") => Object::Dict(self.dict(refs, budget, depth)?),
            Token::Mark(_) | Token::Word(_) | Token::End => return None,
        })
    }

    fn array(&mut self, refs: bool, budget: &mut usize, depth: usize) -> Option<Object> {
        let mut array = Vec::new();
        loop {
            let before = self.at;
            match self.token() {
                Token::Mark("]") | Token::End => {
                    array.shrink_to_fit();
                    return Some(Object::Array(array));
                }
                Token::Word(b"endobj" | b"stream" | b"endstream") => {
                    self.at = before;
                    return Some(Object::Array(array));
                }
                token => array.extend(self.object_from(token, refs, budget, depth.saturating_add(1))),
            }
            if *budget == 0 {
                return None;
            }
        }
    }

    /// A dictionary behind its brackets.
    pub(super) fn dict(&mut self, refs: bool, budget: &mut usize, depth: usize) -> Option<Dict> {
        let mut pairs = Vec::new();
        loop {
            let before = self.at;
            match self.token() {
                Token::Mark(">>") | Token::End => return Some(Dict::from_iter(pairs)),
                Token::Word(b"endobj" | b"stream" | b"endstream") => {
                    self.at = before;
                    return Some(Dict::from_iter(pairs));
                }
                Token::Name(key) => {
                    let before = self.at;
                    let token = self.token();
                    if matches!(token, Token::Mark(">>") | Token::End | Token::Word(b"endobj" | b"stream")) {
                        self.at = before;
                    } else if let Some(value) = self.object_from(token, refs, budget, depth.saturating_add(1)) {
                        pairs.push((key, value));
                    }
                }
                _ => {}
            }
            if *budget == 0 {
                return None;
            }
        }
    }

    /// The reference that begins with this number (7.3.10), if it is one.
    fn reference(&mut self, number: i64) -> Option<Object> {
        let number = u32::try_from(number).ok()?;
        let before = self.at;
        if self.peek().is_some_and(is_space)
            && matches!(self.token(), Token::Int(0..=65_535))
            && self.token() == Token::Word(b"R")
        {
            return Some(Object::Ref(number));
        }
        self.at = before;
        None
    }
}

/// A number (7.3.3), as viewers read it: doubled signs, and signs within, are passed over.
fn number<'a>(word: &[u8]) -> Option<Token<'a>> {
    let signs = word.iter().take_while(|byte| matches!(byte, b'+' | b'-')).count();
    let (signs, digits) = word.split_at_checked(signs)?;
    let len = digits.iter().position(|byte| !matches!(byte, b'0'..=b'9' | b'.')).unwrap_or(digits.len());
    let (digits, tail) = digits.split_at_checked(len)?;
    if !(digits.iter().any(u8::is_ascii_digit) || digits == b"." && tail.is_empty()) {
        return (word == b"-").then_some(Token::Int(0));
    }
    if !tail.is_empty() && tail.first() != Some(&b'-') {
        return None;
    }
    let negative = signs.first() == Some(&b'-');
    let mut parts = digits.split(|byte| *byte == b'.');
    let (whole, fraction) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if fraction.iter().all(|digit| *digit == b'0') {
        let int = whole
            .iter()
            .fold(0_i64, |int, digit| int.saturating_mul(10).saturating_add(i64::from(digit.saturating_sub(b'0'))));
        return Some(Token::Int(if negative { int.saturating_neg() } else { int }));
    }
    let spelled = format!("{}.{}", String::from_utf8_lossy(whole), String::from_utf8_lossy(fraction));
    let real = format!("0{spelled}").parse::<f64>().ok().filter(|real| real.is_finite())?;
    Some(Token::Real(if negative { -real } else { real }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(bytes: &[u8]) -> Option<Object> {
        Lexer::new(bytes, 0).object(true, &mut 1000)
    }

    #[test]
    fn words_are_read_as_viewers_read_them() {
        assert_eq!(object(b"12"), Some(Object::Int(12)));
        assert_eq!(object(b"-.5"), Some(Object::Real(-0.5)));
        assert_eq!(object(b"4.00"), Some(Object::Int(4)));
        assert_eq!(object(b"--7"), Some(Object::Int(-7)));
        assert_eq!(object(b"(a\\)(b)\\101\\\n)"), Some(Object::Text(b"a)(b)A".to_vec())));
        assert_eq!(object(b"<4 1 4>"), Some(Object::Text(b"A@".to_vec())));
        assert_eq!(object(b"/A#42#"), Some(Object::Name(b"AB#".to_vec())));
        assert_eq!(object(b"[1 0 R 2]"), Some(Object::Array(vec![Object::Ref(1), Object::Int(2)])));
        assert_eq!(object(b"% words\n true"), Some(Object::Bool(true)));
        assert_eq!(object(b"obj"), None);
    }

    #[test]
    fn nesting_and_number_of_objects_are_bounded() {
        let deep = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
        assert!(object(&deep(limits::PDF_NESTING_MAX)).is_some());
        assert!(object(&deep(limits::PDF_NESTING_MAX + 1)).is_some());
        assert!(object(&deep(limits::PDF_NESTING_MAX + 2)).is_none());
        assert!(object(&[b"[".as_slice(), &b"1 ".repeat(998)].concat()).is_some());
        assert!(object(&[b"[".as_slice(), &b"1 ".repeat(1_000)].concat()).is_none());
    }
}

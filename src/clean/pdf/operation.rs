//! Content streams as operations (ISO 32000-1, 7.8.2 and annex A): an operator with the operands in front of it.

use super::lex::{Lexer, Token, is_space};
use super::object::{Dict, Object};
use crate::limits;

/// An operator and its operands.
pub(super) struct Operation<'a> {
    pub(super) operator: &'a [u8],
    pub(super) operands: Vec<Object>,
    /// The picture between `BI` and `EI`.
    pub(super) inline: Option<(Dict, &'a [u8])>,
}

/// The operations of a content stream, one after the other.
pub(super) struct Operations<'a> {
    lexer: Lexer<'a>,
}

impl<'a> Operations<'a> {
    pub(super) fn new(content: &'a [u8]) -> Self {
        Self { lexer: Lexer::new(content, 0) }
    }
}

impl<'a> Iterator for Operations<'a> {
    type Item = Operation<'a>;

    fn next(&mut self) -> Option<Operation<'a>> {
        let mut operands: Vec<Object> = Vec::new();
        loop {
            match self.lexer.token() {
                Token::End => return None,
                Token::Word(b"BI") => {
                    let inline = Some(picture(&mut self.lexer));
                    return Some(Operation { operator: b"BI", operands: Vec::new(), inline });
                }
                Token::Word(operator) if !matches!(operator, b"true" | b"false" | b"null") => {
                    return Some(Operation { operator, operands, inline: None });
                }
                token => {
                    // What is more than any operator takes does not count.
                    if operands.len() >= limits::PDF_OPERANDS_MAX {
                        operands.clear();
                    }
                    let mut budget = limits::PDF_OPERAND_VALUES_MAX;
                    operands.extend(self.lexer.object_from(token, false, &mut budget, 0));
                }
            }
        }
    }
}

/// The dictionary and the data of an inline picture (8.9.7), behind `BI`.
fn picture<'a>(lexer: &mut Lexer<'a>) -> (Dict, &'a [u8]) {
    let mut pairs = Vec::new();
    loop {
        match lexer.token() {
            Token::Name(key) => {
                let mut budget = limits::PDF_OPERAND_VALUES_MAX;
                if let Some(value) = lexer.object(false, &mut budget) {
                    pairs.push((key, value));
                }
            }
            Token::Word(b"ID") | Token::End => break,
            _ => {}
        }
    }
    let dict = Dict::from_iter(pairs);
    if lexer.peek().is_some_and(is_space) {
        lexer.at = lexer.at.saturating_add(1);
    }
    let rest = lexer.bytes.get(lexer.at..).unwrap_or_default();
    let len = exact(&dict).filter(|len| ends_at(rest, *len)).or_else(|| end(rest)).unwrap_or(rest.len());
    let data = rest.get(..len).unwrap_or_default();
    lexer.at = lexer.at.saturating_add(len);
    // `EI` itself.
    let _ = lexer.token();
    (dict, data)
}

/// Bytes of a picture without filters in a device colour space.
fn exact(dict: &Dict) -> Option<usize> {
    let either = |short: &str, long: &str| dict.get(short.as_bytes()).or_else(|| dict.get(long.as_bytes()));
    let size = |short, long| either(short, long).and_then(Object::int).and_then(|int| usize::try_from(int).ok());
    if either("F", "Filter").is_some() {
        return None;
    }
    let mask = either("IM", "ImageMask").and_then(Object::bool) == Some(true);
    let components = match either("CS", "ColorSpace") {
        _ if mask => 1,
        Some(Object::Name(name)) => match name.as_slice() {
            b"G" | b"DeviceGray" => 1,
            b"RGB" | b"DeviceRGB" => 3,
            b"CMYK" | b"DeviceCMYK" => 4,
            _ => return None,
        },
        Some(Object::Array(_)) => 1,
        _ => return None,
    };
    let bits = if mask { 1 } else { size("BPC", "BitsPerComponent")? };
    let row = size("W", "Width")?.checked_mul(components)?.checked_mul(bits)?.div_ceil(8);
    row.checked_mul(size("H", "Height")?)
}

/// Whether `EI` follows these many bytes.
fn ends_at(rest: &[u8], len: usize) -> bool {
    let Some(behind) = rest.get(len..) else { return false };
    let behind = behind.trim_ascii_start();
    behind.strip_prefix(b"EI").is_some_and(|rest| rest.first().copied().is_none_or(is_space))
}

/// Where the `EI` is that has white space around it and text behind it.
fn end(rest: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(rest, b"EI").find(|at| {
        let before = at.checked_sub(1).and_then(|at| rest.get(at)).copied();
        let behind = rest.get(at.saturating_add(2)..).unwrap_or_default();
        let text = behind.get(..behind.len().min(12)).unwrap_or_default();
        before.is_none_or(|byte| is_space(byte) || byte == b'>')
            && behind.first().copied().is_none_or(is_space)
            && text.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~'))
    })
}

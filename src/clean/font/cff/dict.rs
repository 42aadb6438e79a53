//! DICT data of CFF (Adobe Technical Note 5176, section 4): operators with their operands, numbers in their
//! shortest form.

use std::collections::BTreeMap;

use crate::clean::font::read::slice;

/// Two-byte operators are this and the second byte.
pub(super) const ESCAPE: u16 = 0x0C00;
/// Operands of one operator.
const OPERANDS_MAX: usize = 513;
/// Nibbles of a real number; more have no meaning.
const NIBBLES_MAX: usize = 32;

/// A number, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Integer(i32),
    /// Its nibbles, without the end.
    Real(Vec<u8>),
}

/// What a DICT says: the last operands of each operator.
pub(super) type Dict = BTreeMap<u16, Vec<Operand>>;

/// Reads a DICT as far as it can be read.
pub(super) fn read(bytes: &[u8]) -> Dict {
    let mut dict = Dict::new();
    let (mut at, mut operands) = (0usize, Vec::new());
    while let Some((token, len)) = token(bytes, at) {
        at = at.saturating_add(len);
        match token {
            Token::Operand(operand) if operands.len() < OPERANDS_MAX => operands.push(operand),
            Token::Operator(operator) => {
                dict.insert(operator, std::mem::take(&mut operands));
            }
            Token::Operand(_) | Token::Reserved => {}
        }
    }
    dict
}

/// One element of a DICT.
pub(super) enum Token {
    Operator(u16),
    Operand(Operand),
    Reserved,
}

/// The element at `at` and its length.
pub(super) fn token(bytes: &[u8], at: usize) -> Option<(Token, usize)> {
    let first = *bytes.get(at)?;
    let second = || bytes.get(at.checked_add(1)?).copied().map(i32::from);
    let integer = |number: i32, len| Some((Token::Operand(Operand::Integer(number)), len));
    match first {
        12 => Some((Token::Operator(ESCAPE | u16::try_from(second()?).ok()?), 2)),
        0..=21 => Some((Token::Operator(u16::from(first)), 1)),
        28 => integer(i32::from(i16::from_be_bytes(slice(bytes, at.checked_add(1)?, 2)?.try_into().ok()?)), 3),
        29 => integer(i32::from_be_bytes(slice(bytes, at.checked_add(1)?, 4)?.try_into().ok()?), 5),
        30 => real(bytes, at),
        32..=246 => integer(i32::from(first).saturating_sub(139), 1),
        247..=250 => {
            let high = i32::from(first).saturating_sub(247).saturating_mul(256);
            integer(high.saturating_add(second()?).saturating_add(108), 2)
        }
        251..=254 => {
            let high = i32::from(first).saturating_sub(251).saturating_mul(256);
            integer(0i32.saturating_sub(high).saturating_sub(second()?).saturating_sub(108), 2)
        }
        _ => Some((Token::Reserved, 1)),
    }
}

/// A real number: nibbles to the first that is 15.
fn real(bytes: &[u8], at: usize) -> Option<(Token, usize)> {
    let mut nibbles = Vec::new();
    let start = at.checked_add(1)?;
    for (number, byte) in bytes.get(start..)?.iter().enumerate() {
        for nibble in [byte >> 4, byte & 15] {
            if nibble == 15 {
                let operand = Operand::Real(if is_number(&nibbles) { nibbles } else { vec![0] });
                return Some((Token::Operand(operand), number.checked_add(2)?));
            }
            if nibbles.len() < NIBBLES_MAX {
                nibbles.push(nibble);
            }
        }
    }
    None
}

/// Whether nibbles are a sign, digits with at most one point, and perhaps an exponent.
fn is_number(nibbles: &[u8]) -> bool {
    let unsigned = nibbles.strip_prefix(&[14]).unwrap_or(nibbles);
    let mantissa = unsigned.split(|nibble| matches!(nibble, 11 | 12)).next().unwrap_or_default();
    let exponent = unsigned.get(mantissa.len().saturating_add(1)..).unwrap_or_default();
    let points = mantissa.iter().filter(|nibble| **nibble == 10).count();
    let digits = |nibbles: &[u8]| nibbles.iter().all(|nibble| *nibble < 10);
    let has_exponent = mantissa.len() < unsigned.len();
    mantissa.iter().all(|nibble| *nibble <= 10)
        && points <= 1
        && mantissa.len() > points
        && digits(exponent)
        && exponent.is_empty() != has_exponent
}

/// The value of an operand that is an offset, a count or a string identifier.
pub(super) fn unsigned(operand: Option<&Operand>) -> Option<usize> {
    match operand? {
        Operand::Integer(number) => usize::try_from(*number).ok(),
        Operand::Real(_) => None,
    }
}

/// Appends an operator with its operands.
pub(super) fn write(made: &mut Vec<u8>, operands: &[Operand], operator: u16) {
    for operand in operands {
        match operand {
            Operand::Integer(number) => integer(made, *number),
            Operand::Real(nibbles) => {
                made.push(30);
                let mut nibbles = nibbles.clone();
                nibbles.push(15);
                if nibbles.len() % 2 == 1 {
                    nibbles.push(15);
                }
                for pair in nibbles.chunks(2) {
                    made.push(pair.iter().fold(0u8, |byte, nibble| byte.wrapping_shl(4) | nibble));
                }
            }
        }
    }
    self::operator(made, operator);
}

/// Appends an operator whose operands are offsets, in five bytes each so that they do not move what they point at.
pub(super) fn write_offsets(made: &mut Vec<u8>, offsets: &[usize], operator: u16) {
    for offset in offsets {
        made.push(29);
        made.extend(i32::try_from(*offset).unwrap_or(i32::MAX).to_be_bytes());
    }
    self::operator(made, operator);
}

fn operator(made: &mut Vec<u8>, operator: u16) {
    let [first, second] = operator.to_be_bytes();
    if first == 12 {
        made.push(first);
    }
    made.push(second);
}

fn integer(made: &mut Vec<u8>, number: i32) {
    let split = |by: i32, first: u8| {
        let magnitude = u16::try_from(number.abs().saturating_sub(by)).unwrap_or(0);
        let [high, low] = magnitude.to_be_bytes();
        [first.saturating_add(high), low]
    };
    match number {
        -107..=107 => made.push(u8::try_from(number.saturating_add(139)).unwrap_or(139)),
        108..=1131 => made.extend(split(108, 247)),
        -1131..=-108 => made.extend(split(108, 251)),
        _ => match i16::try_from(number) {
            Ok(short) => {
                made.push(28);
                made.extend(short.to_be_bytes());
            }
            Err(_) => {
                made.push(29);
                made.extend(number.to_be_bytes());
            }
        },
    }
}

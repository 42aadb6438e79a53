//! Checksums of numbers that issuers give to people and things. Each takes the characters without separators.

/// Luhn's (ISO/IEC 7812-1, annex B): cards, IMEI.
pub(super) fn luhn(digits: &str) -> bool {
    let sum = digits.bytes().rev().enumerate().fold(0_u32, |sum, (at, byte)| {
        let digit = value(byte);
        let doubled = digit.saturating_mul(2);
        let part = if at % 2 == 0 { digit } else { (doubled / 10).saturating_add(doubled % 10) };
        sum.saturating_add(part)
    });
    sum.is_multiple_of(10) && digits.bytes().any(|byte| byte != b'0')
}

/// A Russian taxpayer's number of 10 or 12 digits (order ED-7-14/617@ of the tax service).
pub(super) fn inn(digits: &str) -> bool {
    let check = |weights: &[i64], at: usize| sum(digits, weights).rem_euclid(11) % 10 == digit_at(digits, at);
    match digits.len() {
        10 => check(&[2, 4, 10, 3, 5, 9, 4, 6, 8], 9),
        12 => check(&[7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 10) && check(&[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8], 11),
        _ => false,
    }
}

/// A Russian insurance number of 11 digits.
pub(super) fn snils(digits: &str) -> bool {
    let check = sum(digits, &[9, 8, 7, 6, 5, 4, 3, 2, 1]).rem_euclid(101) % 100;
    digits.len() == 11 && check == digit_at(digits, 9).saturating_mul(10).saturating_add(digit_at(digits, 10))
}

/// A Russian registration number of 13 digits, or 15 of a sole trader.
pub(super) fn ogrn(digits: &str) -> bool {
    let Some((body, last)) = digits.split_at_checked(digits.len().saturating_sub(1)) else { return false };
    let (Ok(body), Ok(last)) = (body.parse::<u64>(), last.parse::<u64>()) else { return false };
    match digits.len() {
        13 => body % 11 % 10 == last,
        15 => body % 13 % 10 == last,
        _ => false,
    }
}

/// A Ukrainian taxpayer's number of 10 digits (RNOKPP).
pub(super) fn rnokpp(digits: &str) -> bool {
    let check = sum(digits, &[-1, 5, 7, 9, 4, 6, 10, 5, 7]).rem_euclid(11) % 10;
    digits.len() == 10 && check == digit_at(digits, 9)
}

/// A Ukrainian number of the demographic register of 13 digits (UNZR): date of birth, number, check digit.
pub(super) fn unzr(digits: &str) -> bool {
    let check = sum(digits, &[7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]).rem_euclid(10);
    digits.len() == 13 && check == digit_at(digits, 12)
}

/// A Belarusian personal number of 14 characters, in Latin letters.
pub(super) fn belarusian(number: &str) -> bool {
    let check = sum(number, &[7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7]).rem_euclid(10);
    number.len() == 14 && check == digit_at(number, 13)
}

/// An Iranian national code of 10 digits.
pub(super) fn iranian(digits: &str) -> bool {
    let rest = sum(digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2]).rem_euclid(11);
    let check = if rest < 2 { rest } else { 11_i64.saturating_sub(rest) };
    let is_one_digit = digits.bytes().all(|byte| Some(&byte) == digits.as_bytes().first());
    digits.len() == 10 && check == digit_at(digits, 9) && !is_one_digit
}

/// ISO 7064 MOD 97-10, as ISO 13616 asks of an IBAN.
pub(super) fn iban(number: &str) -> bool {
    let Some((head, rest)) = number.split_at_checked(4) else { return false };
    let rest = rest.bytes().chain(head.bytes()).fold(0_u32, |rest, byte| {
        let value = value(byte);
        let shift = if value > 9 { 100 } else { 10 };
        rest.saturating_mul(shift).saturating_add(value) % 97
    });
    rest == 1
}

/// The sum of the first characters' values, each times its weight.
fn sum(number: &str, weights: &[i64]) -> i64 {
    let products = number.bytes().zip(weights).map(|(byte, weight)| i64::from(value(byte)).saturating_mul(*weight));
    products.fold(0, i64::saturating_add)
}

fn digit_at(number: &str, at: usize) -> i64 {
    number.as_bytes().get(at).map_or(-1, |byte| i64::from(value(*byte)))
}

/// Of a digit or a letter, as in base 36; nothing else comes here.
fn value(byte: u8) -> u32 {
    char::from(byte).to_digit(36).unwrap_or(0)
}

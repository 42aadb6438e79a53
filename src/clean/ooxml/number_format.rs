//! Number formats of sheets and charts (ISO/IEC 29500-1, 18.8.31): known codes, and literals that are short. Judges
//! text only; what is not understood is shown as a plain number.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::clean::text::unseen;
use crate::clean::xml::Value;
use crate::limits;

/// The code of a format.
pub(crate) const NUMBER_FORMAT: Value = Value::With(canonical);

/// What is written of a code; `General` if it is not understood.
fn canonical(code: &str) -> Option<Cow<'_, str>> {
    let is_known = code.chars().count() <= limits::NUMBER_FORMAT_CHARS_MAX && unseen::is_shown(code) && is_code(code);
    Some(Cow::Borrowed(if is_known { code } else { "General" }))
}

/// Whether a code is kept as it is.
pub(crate) fn is_kept(code: &str) -> bool {
    canonical(code).is_some_and(|same| same == code)
}

fn is_code(code: &str) -> bool {
    let mut rest = code.chars();
    loop {
        let here = rest.as_str();
        let Some(c) = rest.next() else { return true };
        let is_known = match c {
            '"' => is_ended(&mut rest, '"', is_literal),
            '[' => is_ended(&mut rest, ']', is_bracketed),
            // The next one as it is, as wide as it, or again and again.
            '\\' | '_' | '*' => rest.next().is_some_and(|c| !c.is_control()),
            c if c.is_ascii_alphabetic() => match behind_letters(here) {
                Some(behind) => {
                    rest = behind.chars();
                    true
                }
                None => false,
            },
            c => SIGNS.contains(c),
        };
        if !is_known {
            return false;
        }
    }
}

/// What stands behind a word, or behind a letter as often as dates and times have it.
fn behind_letters(code: &str) -> Option<&str> {
    let is_first = |word: &&&str| code.get(..word.len()).is_some_and(|first| first.eq_ignore_ascii_case(word));
    if let Some(word) = WORDS.iter().find(is_first) {
        return code.get(word.len()..);
    }
    let first = code.chars().next()?.to_ascii_lowercase();
    let count = code.bytes().take_while(|byte| char::from(byte.to_ascii_lowercase()) == first).count();
    let is_known = LETTERS.iter().any(|(letter, counts)| *letter == first && counts.contains(&count));
    if is_known { code.get(count..) } else { None }
}

/// Whether what stands before the next `end` is as it should be.
fn is_ended(rest: &mut std::str::Chars<'_>, end: char, is_known: fn(&str) -> bool) -> bool {
    match rest.as_str().split_once(end) {
        Some((inner, behind)) => {
            *rest = behind.chars();
            is_known(inner)
        }
        None => false,
    }
}

fn is_literal(text: &str) -> bool {
    text.chars().count() <= limits::NUMBER_FORMAT_LITERAL_CHARS_MAX && !text.contains(char::is_control)
}

/// A colour, a condition, time that has passed, digits of a language, or a currency with its place.
fn is_bracketed(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let are_digits = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(currency) = text.strip_prefix('$') {
        let (sign, place) = currency.split_once('-').unwrap_or((currency, ""));
        let is_place = place.len() <= 8 && place.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        return sign.chars().count() <= 5 && !sign.contains(char::is_control) && is_place;
    }
    let condition = lower.trim_start_matches(['<', '>', '=']);
    COLOURS.contains(&lower.as_str())
        || ["h", "hh", "m", "mm", "s", "ss"].contains(&lower.as_str())
        || lower.strip_prefix("color").is_some_and(|number| number.len() <= 2 && are_digits(number))
        || lower.strip_prefix("dbnum").is_some_and(|number| number.len() == 1 && are_digits(number))
        || condition.len() < lower.len() && Value::Decimal.canonical(condition).is_some_and(|same| same == condition)
}

/// Placeholders, and what stands between them.
const SIGNS: &str = "0123456789#?.,%/@;:+-() $€£¥₽!&'~{}=^<>\u{a0}\u{202f}";
const WORDS: [&str; 3] = ["general", "am/pm", "a/p"];
/// Of years, months, days, hours, seconds, eras and exponents, Buddhist years and days of the week.
const LETTERS: [(char, RangeInclusive<usize>); 9] = [
    ('y', 1..=4),
    ('m', 1..=5),
    ('d', 1..=4),
    ('h', 1..=2),
    ('s', 1..=2),
    ('e', 1..=2),
    ('g', 1..=3),
    ('b', 2..=4),
    ('a', 3..=4),
];
const COLOURS: [&str; 8] = ["black", "blue", "cyan", "green", "magenta", "red", "white", "yellow"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stay_where_they_are_understood() {
        for code in [
            "General",
            "0.00E+00",
            "#,##0.00\\ \"₽\";[Red]\\-#,##0.00\\ \"₽\"",
            "[$-419]d\\ mmmm\\ yyyy;@",
            "_-* #,##0\\ [$€-407]_-",
            "[h]:mm:ss",
            "[>=100]0;[<1]0.0;General",
            "h:mm AM/PM",
            "yyyymmdd",
            "0.0E+0",
        ] {
            assert!(is_kept(code), "{code}");
        }
        for code in
            ["Anna", "Gala", "mmmmmm", "[Anna]0", "\"open", "0\\", "[$Anna Ivanova]0", "\"\u{200b}\"0", "[>]0", "[>x]0"]
        {
            assert_eq!(NUMBER_FORMAT.canonical(code).as_deref(), Some("General"), "{code}");
        }
    }

    #[test]
    fn long_literals_and_long_codes_are_not_kept() {
        for by in [-1, 0, 1] {
            let literal = limits::NUMBER_FORMAT_LITERAL_CHARS_MAX.checked_add_signed(by).unwrap();
            assert_eq!(is_kept(&format!("0\"{}\"", "ы".repeat(literal))), by < 1);
            let code = limits::NUMBER_FORMAT_CHARS_MAX.checked_add_signed(by).unwrap();
            assert_eq!(is_kept(&"0".repeat(code)), by < 1);
        }
    }
}

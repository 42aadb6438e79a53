//! How values of sheets look: places and numbers. Judges text only.

use std::borrow::Cow;

use crate::clean::xml::Value;

/// A place of a cell (ISO/IEC 29500-1, 18.18.7).
pub(super) const CELL: Value = Value::With(cell);
/// A cell or all between two (18.18.62).
pub(super) const RANGE: Value = Value::With(range);
/// Several of them (18.18.76).
pub(super) const RANGES: Value = Value::With(ranges);
/// What a cell holds that is no word: a number, a day, an error, or the number of a shared string.
pub(super) const CELL_VALUE: Value = Value::With(cell_value);
/// What a style of cells is called: `Normal`, or a number.
pub(super) const STYLE_NAME: Value = Value::With(style_name);

/// What of a sheet is printed, or repeated on each page (18.2.5): ranges, each behind the name of the sheet in quotes.
pub(super) const PRINTED: Value = Value::With(printed);

/// The ranges of such a name; none, if it is anything else than ranges.
pub(super) fn printed_ranges(raw: &str) -> Option<Vec<&str>> {
    let mut ranges = Vec::new();
    let mut rest = Some(raw);
    while let Some(text) = rest {
        let behind = match text.strip_prefix('\'') {
            Some(quoted) => behind_quotes(quoted)?.strip_prefix('!')?,
            None => text.split_once('!')?.1,
        };
        let (range, more) = behind.split_once(',').map_or((behind, None), |(range, more)| (range, Some(more)));
        if !is_fixed_range(range) || ranges.len() > RANGES_MAX {
            return None;
        }
        ranges.push(range);
        rest = more;
    }
    Some(ranges)
}

/// What stands behind the closing quotation mark; two of them are one of the name.
fn behind_quotes(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        let (_, behind) = rest.split_once('\'')?;
        match behind.strip_prefix('\'') {
            Some(more) => rest = more,
            None => return Some(behind),
        }
    }
}

fn printed(raw: &str) -> Option<Cow<'_, str>> {
    (raw.starts_with('\'') && printed_ranges(raw).is_some()).then_some(Cow::Borrowed(raw))
}

/// Whether it is a range with a sign before each column and row: `$A$1:$B$2`, `$A:$B` or `$1:$2`.
fn is_fixed_range(raw: &str) -> bool {
    let plain = raw.replace('$', "");
    let is_fixed = raw.split(':').all(|place| {
        let mut parts = place.split('$');
        parts.next() == Some("")
            && parts.all(|part| {
                !part.is_empty()
                    && (part.bytes().all(|byte| byte.is_ascii_digit())
                        || part.bytes().all(|byte| byte.is_ascii_uppercase()))
            })
    });
    is_fixed && is_range(&plain)
}

fn cell(raw: &str) -> Option<Cow<'_, str>> {
    is_cell(raw).then_some(Cow::Borrowed(raw))
}

fn range(raw: &str) -> Option<Cow<'_, str>> {
    is_range(raw).then_some(Cow::Borrowed(raw))
}

fn ranges(raw: &str) -> Option<Cow<'_, str>> {
    let words: Vec<&str> = raw.split_ascii_whitespace().collect();
    (words.len() <= RANGES_MAX && words.iter().all(|word| is_range(word))).then(|| Cow::Owned(words.join(" ")))
}

fn cell_value(raw: &str) -> Option<Cow<'_, str>> {
    let trimmed = raw.trim_matches([' ', '\t', '\r', '\n']);
    let is_day = trimmed.len() <= 30
        && trimmed.starts_with(|c: char| c.is_ascii_digit())
        && trimmed.bytes().all(|byte| byte.is_ascii_digit() || b"-:.TZ+".contains(&byte));
    if ERRORS.contains(&trimmed) || is_day || Value::Decimal.canonical(trimmed).is_some() {
        return Some(Cow::Borrowed(trimmed));
    }
    // More digits than a number has.
    let is_long = trimmed.len() <= 400 && trimmed.bytes().all(|byte| b"+-.eE0123456789".contains(&byte));
    let number: f64 = if is_long { trimmed.parse().ok()? } else { return None };
    number.is_finite().then(|| Cow::Owned(format!("{number:e}")))
}

fn style_name(raw: &str) -> Option<Cow<'_, str>> {
    let digits = raw.strip_prefix("Style ").unwrap_or_default();
    let is_number = (1..=5).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    (raw == "Normal" || is_number).then_some(Cow::Borrowed(raw))
}

/// Whether it is a cell, by at most three letters and seven digits.
fn is_cell(raw: &str) -> bool {
    let digits = raw.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = raw.len().saturating_sub(digits.len());
    (1..=3).contains(&letters) && is_row(digits)
}

fn is_row(digits: &str) -> bool {
    (1..=7).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0')
}

fn is_range(raw: &str) -> bool {
    let is_column = |word: &str| (1..=3).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase());
    match raw.split_once(':') {
        Some((from, to)) => [is_cell, is_row, is_column].iter().any(|is| is(from) && is(to)),
        None => is_cell(raw),
    }
}

/// What cells say that could not be calculated (18.17.2.7 and 18.18.11).
const ERRORS: [&str; 10] =
    ["#BLOCKED!", "#CALC!", "#DIV/0!", "#GETTING_DATA", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"];
/// Ranges of one list.
const RANGES_MAX: usize = 8_192;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_letters_and_digits_of_a_sheet() {
        for place in ["A1", "XFD1048576", "A1:B2", "A:C", "3:4"] {
            assert!(RANGE.canonical(place).is_some(), "{place}");
        }
        for place in ["", "A", "1", "A0", "ANNA1", "a1", "A1:B", "A1:B2:C3", "A12345678", "$A$1"] {
            assert!(RANGE.canonical(place).is_none(), "{place}");
        }
        assert_eq!(RANGES.canonical(" A1  B2:C3 ").as_deref(), Some("A1 B2:C3"));
    }

    #[test]
    fn what_is_printed_is_ranges_of_one_sheet() {
        for (raw, ranges) in [
            ("KYC!$1:$1", Some(vec!["$1:$1"])),
            ("'It''s, one!'!$A$1:$B$2,'It''s, one!'!$A:$C", Some(vec!["$A$1:$B$2", "$A:$C"])),
            ("#REF!", None),
            ("Anna", None),
            ("S!$A$1,Anna", None),
            ("S!Anna", None),
            ("S!A1", None),
            ("OFFSET(S!$A$1,0,0)", None),
        ] {
            assert_eq!(printed_ranges(raw), ranges, "{raw}");
        }
        assert!(PRINTED.canonical("'a'!$A$1").is_some() && PRINTED.canonical("a!$A$1").is_none());
    }

    #[test]
    fn values_are_numbers_days_and_errors() {
        for (raw, value) in [
            (" 1.5 ", Some("1.5")),
            ("-1.2345678901234567E-100", Some("-1.2345678901234567E-100")),
            ("0.1000000000000000055511151231257827", Some("1e-1")),
            ("2026-09-14T18:30:42Z", Some("2026-09-14T18:30:42Z")),
            ("#DIV/0!", Some("#DIV/0!")),
            ("#ANNA", None),
            ("Anna", None),
            ("1e999999999999999999999999999", None),
        ] {
            let canonical = CELL_VALUE.canonical(raw);
            assert_eq!(canonical.as_deref(), value, "{raw}");
            if let Some(canonical) = canonical {
                assert_eq!(CELL_VALUE.canonical(&canonical).as_deref(), Some(&*canonical));
            }
        }
    }
}

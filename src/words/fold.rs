//! One spelling for what people write in several: digits, dashes, primes, blanks, and letters that Arabic and Persian
//! have two of. Never changes how many characters there are.

use std::borrow::Cow;

/// `text` in that spelling.
pub(super) fn folded(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || !text.chars().any(|c| fold(c) != c) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(fold).collect())
}

fn fold(c: char) -> char {
    let digit = |first: char| u32::from(c).saturating_sub(u32::from(first));
    match c {
        '٠'..='٩' => char::from_digit(digit('٠'), 10).unwrap_or(c),
        '۰'..='۹' => char::from_digit(digit('۰'), 10).unwrap_or(c),
        '０'..='９' => char::from_digit(digit('０'), 10).unwrap_or(c),
        '٫' => '.',
        '،' | '٬' => ',',
        '‐' | '‑' | '‒' | '–' | '—' | '−' => '-',
        '′' | '’' | '‘' | 'ʼ' => '\'',
        '″' => '"',
        '\u{a0}' | '\u{202f}' | '\u{2007}' | '\u{2009}' | '\u{200c}' | '\t' => ' ',
        '＋' => '+',
        '＠' => '@',
        'ي' | 'ى' => 'ی',
        'ك' => 'ک',
        'º' | '˚' => '°',
        _ => c,
    }
}

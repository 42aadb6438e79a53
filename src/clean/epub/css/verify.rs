//! Accounts for every character of a written style sheet, line by line. Reads only the one form that is written.

use std::collections::BTreeSet;

use super::words::{
    MEDIA, family, is_colour, is_counted, is_element, is_keyword, is_property, is_pseudo, is_sign, is_unit, number,
};

/// Classes and identifiers of a style sheet; none if a character in it is not accounted for.
pub(in super::super) fn names(text: &str) -> Option<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    let mut is_within = false;
    let mut is_empty = true;
    let lines = text.strip_suffix('\n')?;
    for line in lines.split('\n') {
        if let Some(media) = line.strip_prefix("@media ").and_then(|media| media.strip_suffix('{')) {
            if is_within || !media.split(',').all(|name| MEDIA.contains(&name)) {
                return None;
            }
            (is_within, is_empty) = (true, true);
            continue;
        }
        if line == "}" {
            if !is_within || is_empty {
                return None;
            }
            is_within = false;
            continue;
        }
        is_empty = false;
        let (selector, block) = line.strip_suffix('}')?.split_once('{')?;
        let is_page = selector == "@page" && !is_within;
        if !is_page && !selector.split(',').all(|selector| is_selector(selector, &mut names)) {
            return None;
        }
        if !are_declarations(block) {
            return None;
        }
    }
    (!is_within).then_some(names)
}

/// Simple selectors with signs between them.
fn is_selector(selector: &str, names: &mut BTreeSet<String>) -> bool {
    selector.split([' ', '>', '+', '~']).all(|compound| {
        let end = compound.find(['.', '#', ':']).unwrap_or(compound.len());
        let Some((element, mut rest)) = compound.split_at_checked(end) else { return false };
        if compound.is_empty() || !(element.is_empty() || element == "*" || is_element(element)) {
            return false;
        }
        while let Some(first) = rest.chars().next() {
            let colons = if rest.starts_with("::") { 2 } else { 1 };
            let Some((_, body)) = rest.split_at_checked(colons) else { return false };
            let end = body.find(['.', '#', ':']).unwrap_or(body.len());
            let Some((name, behind)) = body.split_at_checked(end) else { return false };
            let is_known = match first {
                '.' => is_numbered(name, 'c') && names.insert(name.to_owned()) | true,
                '#' => is_numbered(name, 'i') && names.insert(name.to_owned()) | true,
                _ => match name.strip_suffix(')').and_then(|name| name.split_once('(')) {
                    Some((name, count)) => {
                        colons == 1 && is_counted(name) && number(count).is_some_and(|known| known == count)
                    }
                    None => is_pseudo(&format!("{}{name}", if colons == 2 { "::" } else { ":" })),
                },
            };
            if !is_known {
                return false;
            }
            rest = behind;
        }
        true
    })
}

/// One letter, and a number behind it.
pub(in super::super) fn is_numbered(name: &str, letter: char) -> bool {
    let digits = name.strip_prefix(letter).unwrap_or_default();
    !digits.starts_with('0')
        && digits.len() <= 9
        && !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Declarations with a semicolon between them.
pub(super) fn are_declarations(block: &str) -> bool {
    let mut rest = block;
    loop {
        let Some((name, value)) = rest.split_once(':') else { return false };
        if !is_property(name) {
            return false;
        }
        let Some(behind) = behind_value(value, name == "font-family") else { return false };
        let behind = behind.strip_prefix("!important").unwrap_or(behind);
        match behind.strip_prefix(';') {
            Some(next) => rest = next,
            None => return behind.is_empty(),
        }
    }
}

/// What stands behind a value.
fn behind_value(value: &str, are_families: bool) -> Option<&str> {
    let mut rest = value;
    loop {
        rest = match rest.strip_prefix('"') {
            Some(text) => {
                let (text, behind) = text.split_once('"')?;
                let is_known = if are_families { family(text) == Some(format!("\"{text}\"")) } else { is_sign(text) };
                if !is_known {
                    return None;
                }
                behind
            }
            None => {
                let end = rest.find([' ', ',', '/', ';', '!']).unwrap_or(rest.len());
                let (word, behind) = rest.split_at_checked(end)?;
                let is_known = if are_families { family(word).as_deref() == Some(word) } else { is_word(word) };
                if !is_known {
                    return None;
                }
                behind
            }
        };
        let next = if are_families { rest.strip_prefix(',') } else { rest.strip_prefix([' ', ',', '/']) };
        match next {
            Some(next) => rest = next,
            None => return Some(rest),
        }
    }
}

fn is_word(word: &str) -> bool {
    if let Some(digits) = word.strip_prefix('#') {
        return is_colour(digits);
    }
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    if digits.is_empty() || !word.starts_with(|c: char| c.is_ascii_digit() || c == '-') || is_keyword(word) {
        return is_keyword(word);
    }
    word.strip_prefix(digits).is_some_and(is_unit) && number(digits).is_some_and(|known| known == digits)
}

//! Style sheets as tokens (CSS Syntax Level 3, section 4), as far as they are understood. Judges nothing.

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Word(String),
    /// A word with the bracket behind it, in small letters.
    Function(String),
    /// In small letters.
    At(String),
    Hash(String),
    Text(String),
    /// Digits as they stand, and the unit in small letters.
    Number(String, String),
    Sign(char),
    Blank,
}

/// The tokens of a style sheet, and whether there were comments.
pub(super) fn tokens(text: &str) -> (Vec<Token>, bool) {
    let (mut all, mut comments, mut rest) = (Vec::new(), false, text);
    while let Some(first) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            comments = true;
            rest = comment.split_once("*/").map_or("", |(_, behind)| behind);
        } else if let Some(behind) = rest.strip_prefix("<!--").or(rest.strip_prefix("-->")) {
            rest = behind;
        } else if first.is_ascii_whitespace() {
            taken(&mut rest, |c| c.is_ascii_whitespace());
            if all.last() != Some(&Token::Blank) {
                all.push(Token::Blank);
            }
        } else if let Some(number) = number(&mut rest) {
            all.push(number);
        } else if is_of_name(first) {
            word(&mut rest, &mut all);
        } else {
            rest = rest.strip_prefix(first).unwrap_or_default();
            match first {
                '"' | '\'' => all.push(Token::Text(string(&mut rest, first))),
                '#' => all.push(Token::Hash(taken(&mut rest, is_of_name).to_owned())),
                '@' => all.push(Token::At(taken(&mut rest, is_of_name).to_ascii_lowercase())),
                _ => all.push(Token::Sign(first)),
            }
        }
    }
    (all, comments)
}

fn taken<'t>(rest: &mut &'t str, is_one: impl Fn(char) -> bool) -> &'t str {
    let end = rest.find(|c| !is_one(c)).unwrap_or(rest.len());
    let (taken, behind) = rest.split_at_checked(end).unwrap_or((*rest, ""));
    *rest = behind;
    taken
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

/// A word or the name of a function; an address without quotation marks is passed over.
fn word(rest: &mut &str, all: &mut Vec<Token>) {
    let name = taken(rest, is_of_name);
    let Some(behind) = rest.strip_prefix('(') else {
        all.push(Token::Word(name.to_owned()));
        return;
    };
    *rest = behind;
    all.push(Token::Function(name.to_ascii_lowercase()));
    if name.eq_ignore_ascii_case("url") && !rest.trim_ascii_start().starts_with(['"', '\'']) {
        taken(rest, |c| c != ')');
    }
}

/// A number (4.3.12), without exponents.
fn number(rest: &mut &str) -> Option<Token> {
    let unsigned = rest.strip_prefix(['+', '-']).unwrap_or(rest);
    let is_number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit());
    if !is_number(unsigned) && !unsigned.strip_prefix('.').is_some_and(is_number) {
        return None;
    }
    let mut digits = String::new();
    if rest.starts_with('-') {
        digits.push('-');
    }
    *rest = unsigned;
    digits.push_str(taken(rest, |c| c.is_ascii_digit()));
    if let Some(fraction) = rest.strip_prefix('.').filter(|fraction| is_number(fraction)) {
        *rest = fraction;
        digits.push('.');
        digits.push_str(taken(rest, |c| c.is_ascii_digit()));
    }
    let unit = match rest.strip_prefix('%') {
        Some(behind) => {
            *rest = behind;
            "%".to_owned()
        }
        None => taken(rest, is_of_name).to_ascii_lowercase(),
    };
    Some(Token::Number(digits, unit))
}

/// What stands in quotation marks, with escapes resolved (4.3.5 and 4.3.7).
fn string(rest: &mut &str, quote: char) -> String {
    let mut text = String::new();
    while let Some(c) = rest.chars().next() {
        *rest = rest.strip_prefix(c).unwrap_or_default();
        match c {
            '\n' => break,
            _ if c == quote => break,
            '\\' => {
                let len = rest.chars().take(6).take_while(char::is_ascii_hexdigit).count();
                let (digits, behind) = rest.split_at_checked(len).unwrap_or(("", *rest));
                if digits.is_empty() {
                    continue;
                }
                *rest = behind.strip_prefix([' ', '\t', '\n']).unwrap_or(behind);
                text.extend(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32));
            }
            _ => text.push(c),
        }
    }
    text
}

//! Marks that JSON spells as escapes (RFC 8259, section 7): not seen by whoever reads the text of a value. They
//! stay, since the file would mean something else without them; the source is shown them.

use super::normalise::mark_of;
use crate::clean::Findings;

/// Looks for them in JSON.
pub(super) fn look(json: &str, findings: &mut Findings) {
    let mut told = 0_usize;
    for (line, number) in json.lines().zip(1_u64..) {
        let mut rest = line;
        while let Some((_, escape)) = rest.split_once('\\') {
            let Some((c, spelt, after)) = unescaped(escape) else {
                // Whatever else is escaped is one character long; a backslash must not escape the next one.
                let mut chars = escape.chars();
                chars.next();
                rest = chars.as_str();
                continue;
            };
            rest = after;
            if let Some(mark) = mark_of(c)
                && told < ESCAPES_MAX
            {
                told = told.saturating_add(1);
                findings.remains(mark.category(), format!("line {number}"), &format!("{spelt}, {}", mark.name()));
            }
        }
    }
}

/// Escapes that are shown.
const ESCAPES_MAX: usize = 20;

/// The character that `escape` spells, what follows a backslash; how it is spelt; and what follows it.
fn unescaped(escape: &str) -> Option<(char, String, &str)> {
    let (high, digits, rest) = unit(escape)?;
    if let Some(c) = char::from_u32(high) {
        return Some((c, format!("\\u{digits}"), rest));
    }
    let (low, low_digits, rest) = unit(rest.strip_prefix('\\')?)?;
    let mut pair = char::decode_utf16([u16::try_from(high).ok()?, u16::try_from(low).ok()?]);
    Some((pair.next()?.ok()?, format!("\\u{digits}\\u{low_digits}"), rest))
}

/// A code unit in four hexadecimal digits, these, and what follows.
fn unit(escape: &str) -> Option<(u32, &str, &str)> {
    let (digits, rest) = escape.strip_prefix('u')?.split_at_checked(4)?;
    (digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
        .then(|| Some((u32::from_str_radix(digits, 16).ok()?, digits, rest)))?
}

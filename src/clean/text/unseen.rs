//! Characters that nobody sees, in words that stand inside a document. Changes neither composition nor blanks nor line
//! ends: those are the document's own.

use std::borrow::Cow;

use super::joiners::{JOINER, NON_JOINER, is_spelling};
use super::marks::{Mark, Marks};
use super::normalise::{Allowed, allowed};
use crate::clean::Findings;

/// `text` without characters that nobody sees; `place` is where it stands, for what is told.
pub(crate) fn without<'a>(text: &'a str, place: &str, findings: &mut Findings) -> Cow<'a, str> {
    let mut marks = Marks::default();
    let seen = shown(text, &mut marks);
    marks.tell_in(place, findings);
    seen
}

/// Whether all characters of `text` are seen, or spell.
pub(crate) fn is_shown(text: &str) -> bool {
    matches!(shown(text, &mut Marks::default()), Cow::Borrowed(_))
}

fn shown<'a>(text: &'a str, marks: &mut Marks) -> Cow<'a, str> {
    if !text.chars().any(|c| is_unseen(c) || matches!(c, JOINER | NON_JOINER)) {
        return Cow::Borrowed(text);
    }
    // Unseen characters first, since joiners are judged by what stands beside them then.
    let mut kept = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unseen(c) { marks.note(Mark::of(c), 1) } else { kept.push(c) }
    }
    let mut seen = String::with_capacity(kept.len());
    let mut rest = kept.chars();
    while let Some(c) = rest.next() {
        if matches!(c, JOINER | NON_JOINER) && !is_spelling(&seen, c, rest.as_str()) {
            marks.note(Mark::Character(c), 1);
        } else {
            seen.push(c);
        }
    }
    if seen == text { Cow::Borrowed(text) } else { Cow::Owned(seen) }
}

/// Whether a character shows nothing wherever it stands. Line ends, blanks of any width and private characters, which
/// symbol fonts show, are the document's own.
fn is_unseen(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{e000}'..='\u{f8ff}' => false,
        _ => matches!(allowed(c), Allowed::Not(_)),
    }
}

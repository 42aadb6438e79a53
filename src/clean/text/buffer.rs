//! Strings that are wiped, and that leave no copy behind when they grow.

use zeroize::Zeroizing;

/// An empty string with room for `bytes`.
pub(super) fn with_capacity(bytes: usize) -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(bytes))
}

/// A copy of `text`.
pub(super) fn of(text: &str) -> Zeroizing<String> {
    let mut copy = with_capacity(text.len());
    copy.push_str(text);
    copy
}

/// Appends `c`; a string that is full moves to twice the room, and the old one is wiped.
pub(super) fn push(text: &mut Zeroizing<String>, c: char) {
    make_room(text, c.len_utf8());
    text.push(c);
}

/// Appends `more`, as [`push`] does.
pub(super) fn push_str(text: &mut Zeroizing<String>, more: &str) {
    make_room(text, more.len());
    text.push_str(more);
}

fn make_room(text: &mut Zeroizing<String>, bytes: usize) {
    let needed = text.len().saturating_add(bytes);
    if needed > text.capacity() {
        let mut larger = with_capacity(needed.max(text.capacity().saturating_mul(2)));
        larger.push_str(text);
        *text = larger;
    }
}

//! Numbers in place of names: classes and identifiers in the order in which they are met, members by what they are.
//! Gives none to what nothing refers to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::css::verify::is_numbered;

/// Classes and identifiers of a book.
#[derive(Default)]
pub(super) struct Names {
    /// Classes that elements have.
    pub(super) used_classes: BTreeSet<String>,
    /// Identifiers that elements have.
    pub(super) given_ids: BTreeSet<String>,
    classes: BTreeMap<String, String>,
    ids: BTreeMap<String, String>,
}

impl Names {
    /// The new name of a class that a style sheet speaks of.
    pub(super) fn styled_class(&mut self, name: &str) -> Option<String> {
        self.used_classes.contains(name).then(|| numbered(&mut self.classes, name, 'c'))
    }

    /// The new name of an identifier that a style sheet or a link speaks of.
    pub(super) fn styled_id(&mut self, name: &str) -> Option<String> {
        self.given_ids.contains(name).then(|| numbered(&mut self.ids, name, 'i'))
    }

    /// The new names of an element's classes, without those that no style sheet speaks of.
    pub(super) fn classes(&self, names: &str) -> String {
        let new: Vec<&str> =
            names.split_ascii_whitespace().filter_map(|name| Some(self.classes.get(name)?.as_str())).collect();
        new.join(" ")
    }

    /// The new name of an element's identifier.
    pub(super) fn id(&self, name: &str) -> Option<String> {
        self.ids.get(name).cloned()
    }
}

fn numbered(known: &mut BTreeMap<String, String>, name: &str, letter: char) -> String {
    let next = known.len().saturating_add(1);
    known.entry(name.to_owned()).or_insert_with(|| format!("{letter}{next}")).clone()
}

/// The name of a member: what it is, and its number.
pub(super) fn member(kind: &str, number: usize, extension: &str) -> String {
    format!("{kind}{number:03}.{extension}")
}

/// The number of a member of that kind, if its name is one that [`member`] gives.
pub(super) fn number(name: &str, kind: &str, extension: &str) -> Option<usize> {
    let digits = name.strip_prefix(kind)?.strip_suffix(extension)?.strip_suffix('.')?;
    let number: usize = digits.parse().ok()?;
    (number > 0 && member(kind, number, extension) == name).then_some(number)
}

/// Where a link of a book leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// The member.
    pub(super) path: String,
    /// The place in it.
    pub(super) fragment: Option<String>,
}

/// Where `link` in the member `base` leads; none if that is not in the book.
pub(super) fn resolve(base: &str, link: &str) -> Option<Target> {
    let link = link.trim();
    let (path, fragment) = link.split_once('#').map_or((link, None), |(path, fragment)| (path, Some(fragment)));
    let path = path.split('?').next().unwrap_or_default();
    if path.starts_with("//") || path.split('/').next().is_some_and(|first| first.contains(':')) {
        return None;
    }
    let path = decoded(path)?;
    let fragment = fragment.filter(|fragment| !fragment.is_empty()).and_then(decoded);
    if path.is_empty() {
        return Some(Target { path: base.to_owned(), fragment });
    }
    let mut parts: Vec<&str> = if path.starts_with('/') { Vec::new() } else { base.split('/').collect() };
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    Some(Target { path: parts.join("/"), fragment })
}

/// Without escapes (RFC 3986, 2.1).
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut parts = text.split('%');
    bytes.extend_from_slice(parts.next()?.as_bytes());
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend_from_slice(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

/// A link to a document of the clean book, perhaps to a place in it.
pub(super) fn document_link(raw: &str) -> Option<Cow<'_, str>> {
    let (name, id) = raw.split_once('#').map_or((raw, None), |(name, id)| (name, Some(id)));
    (number(name, "ch", "xhtml").is_some() && id.is_none_or(|id| is_numbered(id, 'i'))).then_some(Cow::Borrowed(raw))
}

/// A link to a picture of the clean book.
pub(super) fn picture_link(raw: &str) -> Option<Cow<'_, str>> {
    let extension = raw.rsplit_once('.')?.1;
    number(raw, "img", extension).is_some().then_some(Cow::Borrowed(raw))
}

/// A link to a style sheet of the clean book.
pub(super) fn sheet_link(raw: &str) -> Option<Cow<'_, str>> {
    number(raw, "css", "css").is_some().then_some(Cow::Borrowed(raw))
}

/// Classes with one blank between them.
pub(super) fn class_names(raw: &str) -> Option<Cow<'_, str>> {
    raw.split(' ').all(|name| is_numbered(name, 'c')).then_some(Cow::Borrowed(raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_followed_within_the_book() {
        let to = |base: &str, link: &str| resolve(base, link).map(|target| (target.path, target.fragment));
        assert_eq!(to("OPS/a/b.html", "../c%20d.html#e"), Some(("OPS/c d.html".to_owned(), Some("e".to_owned()))));
        assert_eq!(to("OPS/b.html", "#e"), Some(("OPS/b.html".to_owned(), Some("e".to_owned()))));
        assert_eq!(to("b.html", "/c.html?x#"), Some(("c.html".to_owned(), None)));
        assert_eq!(to("b.html", "../../c.html"), Some(("c.html".to_owned(), None)));
        for elsewhere in ["http://kvarz.example/", "mailto:hanna@kvarz.example", "//kvarz.example", "%zz"] {
            assert_eq!(to("b.html", elsewhere), None);
        }
    }

    #[test]
    fn names_of_members_are_numbers() {
        assert_eq!(
            (member("ch", 7, "xhtml").as_str(), number("ch1000.xhtml", "ch", "xhtml")),
            ("ch007.xhtml", Some(1000))
        );
        for other in ["ch07.xhtml", "ch000.xhtml", "ch0007.xhtml", "ch+07.xhtml", "ch007.html", "hanna.xhtml"] {
            assert_eq!(number(other, "ch", "xhtml"), None, "{other}");
        }
    }
}

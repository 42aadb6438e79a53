//! Writes XML in one form: one declaration, all namespaces on the root, attributes as given, no blanks that are not
//! content. Knows no lists.

use super::grammar::Grammar;

/// What every part begins with.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// A part on its way.
pub(crate) struct Writer {
    out: String,
    /// Names of elements that have not ended, by the table's words.
    open: Vec<&'static str>,
    /// The last start tag lacks its `>`.
    is_tag_open: bool,
}

impl Writer {
    /// Begins a part with the declaration and the root of `grammar`, which is left open for attributes.
    pub(crate) fn new(grammar: &Grammar) -> Self {
        let mut writer = Self { out: DECLARATION.to_owned(), open: Vec::new(), is_tag_open: false };
        writer.start(grammar.root);
        for namespace in grammar.namespaces {
            let Some(uri) = namespace.uris.first() else { continue };
            match namespace.prefix {
                "" => writer.attribute("xmlns", uri),
                prefix => writer.attribute(&format!("xmlns:{prefix}"), uri),
            }
        }
        writer
    }

    /// Begins an element in the one that is open.
    pub(crate) fn start(&mut self, name: &'static str) {
        self.close_tag();
        self.out.push('<');
        self.out.push_str(name);
        self.open.push(name);
        self.is_tag_open = true;
    }

    /// Adds an attribute to the element that was begun last, before anything else stands in it.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, Place::Attribute, &mut self.out);
        self.out.push('"');
    }

    /// Adds characters.
    pub(crate) fn text(&mut self, text: &str) {
        if !text.is_empty() {
            self.close_tag();
            escape(text, Place::Text, &mut self.out);
        }
    }

    /// Ends the element that was begun last.
    pub(crate) fn end(&mut self) {
        let Some(name) = self.open.pop() else { return };
        if std::mem::take(&mut self.is_tag_open) {
            self.out.push_str("/>");
        } else {
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }

    /// A whole element without anything in it.
    pub(crate) fn empty(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name);
        attributes.iter().for_each(|(name, value)| self.attribute(name, value));
        self.end();
    }

    /// Bytes so far, about.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// Ends all that is open.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        while !self.open.is_empty() {
            self.end();
        }
        self.out.into_bytes()
    }

    fn close_tag(&mut self) {
        if std::mem::take(&mut self.is_tag_open) {
            self.out.push('>');
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    Attribute,
}

/// What XML may not hold as it is (XML 1.0, 2.4, 2.11 and 3.3.3). Characters that it may not hold at all have not come
/// in, and none is made.
fn escape(text: &str, place: Place, out: &mut String) {
    for c in text.chars() {
        match (c, place) {
            ('&', _) => out.push_str("&amp;"),
            ('<', _) => out.push_str("&lt;"),
            ('>', _) => out.push_str("&gt;"),
            ('\r', _) => out.push_str("&#13;"),
            ('"', Place::Attribute) => out.push_str("&quot;"),
            ('\t', Place::Attribute) => out.push_str("&#9;"),
            ('\n', Place::Attribute) => out.push_str("&#10;"),
            (c, _) if is_no_character(c) => {}
            (c, _) => out.push(c),
        }
    }
}

/// Characters that no XML document may hold (XML 1.0, 2.2).
pub(super) fn is_no_character(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}')
}

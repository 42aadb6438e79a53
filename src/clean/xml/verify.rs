//! Accounts for every character of a written part, by a scanner of its own. Reads only the one form that is written,
//! and passes nothing that the grammar does not list.

use std::borrow::Cow;

use super::grammar::{Element, Fate, Grammar, Text, Value};
use super::write::{DECLARATION, is_no_character};
use crate::clean::Unaccounted;
use crate::clean::text::unseen;
use crate::limits;

/// What stands in a part that has to agree with other parts: `attribute` is its name, empty for characters.
pub(crate) struct Met<'a> {
    pub(crate) attribute: &'static str,
    pub(crate) value: &'a str,
}

/// Accounts for a whole part; `see` is given every reference and may object to it.
///
/// # Errors
/// [`Unaccounted`] with the offset in the part.
pub(crate) fn verify(
    bytes: &[u8],
    grammar: &'static Grammar,
    see: &mut dyn FnMut(Met<'_>) -> bool,
) -> Result<(), Unaccounted> {
    let text = std::str::from_utf8(bytes).map_err(|_| Unaccounted::new("XML characters", 0))?;
    let mut scanner = Scanner { rest: text, len: text.len(), grammar, see };
    scanner.part()
}

struct Scanner<'a, 's> {
    rest: &'a str,
    len: usize,
    grammar: &'static Grammar,
    see: &'s mut dyn FnMut(Met<'_>) -> bool,
}

impl<'a> Scanner<'a, '_> {
    fn part(&mut self) -> Result<(), Unaccounted> {
        self.expect(DECLARATION)?;
        let mut open: Vec<(&'static Element, bool)> = Vec::new();
        self.expect("<")?;
        let root = self.name();
        let element = self.grammar.element(root).filter(|element| element.name == self.grammar.root);
        let Some(element) = element else { return self.wrong("root of XML") };
        for namespace in self.grammar.namespaces {
            let Some(uri) = namespace.uris.first() else { return self.wrong("namespaces of XML") };
            self.expect(if namespace.prefix.is_empty() { " xmlns" } else { " xmlns:" })?;
            self.expect(namespace.prefix)?;
            self.expect("=\"")?;
            self.expect(uri)?;
            self.expect("\"")?;
        }
        if self.attributes(element)? {
            open.push((element, false));
        }
        while let Some((parent, has_content)) = open.last_mut() {
            let parent = *parent;
            if let Some(rest) = self.rest.strip_prefix("</") {
                // An element without content is written as an empty tag.
                if !*has_content {
                    return self.wrong("empty element");
                }
                self.rest = rest;
                self.expect(parent.name)?;
                self.expect(">")?;
                open.pop();
                continue;
            }
            *has_content = true;
            if let Some(rest) = self.rest.strip_prefix('<') {
                self.rest = rest;
                let child = self.name();
                let listed = self.grammar.element(child).filter(|child| child.fate == Fate::Kept);
                let Some(child) = listed.filter(|child| parent.holds(child.name)) else {
                    return self.wrong("element of XML");
                };
                if self.attributes(child)? {
                    open.push((child, false));
                }
                if open.len() > limits::XML_DEPTH_MAX {
                    return self.wrong("depth of XML");
                }
                continue;
            }
            self.characters(parent)?;
        }
        if self.rest.is_empty() { Ok(()) } else { self.wrong("characters behind XML") }
    }

    /// The attributes and the end of a start tag; whether something is to stand in the element.
    fn attributes(&mut self, element: &'static Element) -> Result<bool, Unaccounted> {
        let mut known = element.attributes.iter();
        loop {
            if let Some(rest) = self.rest.strip_prefix("/>") {
                self.rest = rest;
                return Ok(false);
            }
            if let Some(rest) = self.rest.strip_prefix('>') {
                self.rest = rest;
                return Ok(true);
            }
            self.expect(" ")?;
            let name = self.name();
            // In the order of the list, so that the order says nothing.
            let Some(attribute) = known.find(|attribute| attribute.name == name) else {
                return self.wrong("attribute of XML");
            };
            self.expect("=\"")?;
            let Some((raw, rest)) = self.rest.split_once('"') else { return self.wrong("attribute of XML") };
            let value = self.unescaped(raw, &ATTRIBUTE_REFERENCES)?;
            if value.contains(['\t', '\n']) && raw.contains(['\t', '\n']) {
                return self.wrong("attribute of XML");
            }
            self.judge(attribute.value, &value)?;
            if matches!(attribute.value, Value::Reference(_))
                && !(self.see)(Met { attribute: attribute.name, value: &value })
            {
                return self.wrong("reference");
            }
            self.rest = rest;
        }
    }

    fn characters(&mut self, element: &'static Element) -> Result<(), Unaccounted> {
        let (raw, rest) = match self.rest.find('<').and_then(|at| self.rest.split_at_checked(at)) {
            Some(parts) => parts,
            None => (self.rest, ""),
        };
        if raw.is_empty() {
            return self.wrong("end");
        }
        let text = self.unescaped(raw, &TEXT_REFERENCES)?;
        match element.text {
            Text::None => return self.wrong("characters"),
            Text::Content => self.judge(Value::Content, &text)?,
            Text::Value(value) => {
                self.judge(value, &text)?;
                if matches!(value, Value::Reference(_)) && !(self.see)(Met { attribute: "", value: &text }) {
                    return self.wrong("reference");
                }
            }
        }
        self.rest = rest;
        Ok(())
    }

    fn judge(&self, value: Value, text: &str) -> Result<(), Unaccounted> {
        let is_canonical = match value {
            Value::Content => unseen::is_shown(text) && !text.contains(is_no_character),
            other => other.canonical(text).is_some_and(|canonical| canonical == text),
        };
        if is_canonical { Ok(()) } else { self.wrong("value") }
    }

    /// The characters that `raw` stands for, if it has only the references that are written.
    fn unescaped(&self, raw: &'a str, references: &[(&str, char)]) -> Result<Cow<'a, str>, Unaccounted> {
        if raw.contains(['<', '>', '\r']) {
            return self.wrong("characters");
        }
        if !raw.contains('&') {
            return Ok(Cow::Borrowed(raw));
        }
        let mut text = String::with_capacity(raw.len());
        let mut parts = raw.split('&');
        text.push_str(parts.next().unwrap_or_default());
        for part in parts {
            let known = references.iter().find_map(|(name, c)| Some((part.strip_prefix(name)?, *c)));
            let Some((rest, c)) = known else { return self.wrong("reference to a character") };
            text.push(c);
            text.push_str(rest);
        }
        Ok(Cow::Owned(text))
    }

    /// Letters up to the end of a name; what is no name is in no table.
    fn name(&mut self) -> &'a str {
        let end = self.rest.find([' ', '>', '/', '=', '"', '<']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        name
    }

    fn expect(&mut self, text: &str) -> Result<(), Unaccounted> {
        match self.rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => self.wrong("XML"),
        }
    }

    fn wrong<T>(&self, part: &'static str) -> Result<T, Unaccounted> {
        let at = self.len.saturating_sub(self.rest.len());
        Err(Unaccounted::new(part, u64::try_from(at).unwrap_or(u64::MAX)))
    }
}

const TEXT_REFERENCES: [(&str, char); 4] = [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("#13;", '\r')];
const ATTRIBUTE_REFERENCES: [(&str, char); 7] =
    [("amp;", '&'), ("lt;", '<'), ("gt;", '>'), ("#13;", '\r'), ("quot;", '"'), ("#9;", '\t'), ("#10;", '\n')];

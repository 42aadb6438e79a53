//! From one part to the same part by list: elements and attributes that the grammar names, in one form. What is left
//! out is told.

use std::borrow::Cow;

use super::grammar::{Element, Fate, Grammar, Text, Value};
use super::read::{DocumentType, Event, Raw, Reader, decoded};
use super::write::Writer;
use crate::clean::text::unseen;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What becomes of one element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// What the grammar says.
    AsListed,
    /// Gone, but what it holds stands in its place.
    Unwrapped,
    /// Gone with all that it holds.
    Dropped,
    /// Gone with all that it holds; it has been written, or replaced, by the hook.
    Replaced,
}

/// What a format has to say while a part is filtered. All does nothing by default.
pub(crate) trait Hooks {
    /// At every start tag that is not in something dropped, before the grammar is asked; whether it may stand where it
    /// is has not been judged. `parent` is the innermost element that was written. The hook may write into it.
    ///
    /// # Errors
    /// Whatever makes the part one that is refused.
    fn start(
        &mut self,
        raw: &mut Raw,
        parent: &'static str,
        writer: &mut Writer,
        findings: &mut Findings,
    ) -> Result<Decision, Refusal> {
        let _ = (raw, parent, writer, findings);
        Ok(Decision::AsListed)
    }

    /// At the end of an element that was kept or unwrapped, before its end tag is written.
    ///
    /// # Errors
    /// As for `start`.
    fn end(&mut self, name: &str, writer: &mut Writer, findings: &mut Findings) -> Result<(), Refusal> {
        let _ = (name, writer, findings);
        Ok(())
    }

    /// What a reference of this kind becomes; none drops the attribute.
    fn reference(&mut self, kind: &'static str, value: &str, findings: &mut Findings) -> Option<String> {
        let _ = (kind, value, findings);
        None
    }

    /// Characters that stay, in the element of that name: for those who collect words.
    fn text(&mut self, name: &'static str, text: &str) {
        let _ = (name, text);
    }
}

/// Hooks of formats that need none.
pub(crate) struct Plain;
impl Hooks for Plain {}

/// Keeps of a part what `grammar` lists. `place` begins what is told: `word/document.xml`.
///
/// # Errors
/// As for [`Reader::next`] and the hooks; [`Reason::Damaged`] where the root is another.
pub(crate) fn filter(
    bytes: &[u8],
    grammar: &'static Grammar,
    place: &str,
    hooks: &mut dyn Hooks,
    findings: &mut Findings,
) -> Result<Vec<u8>, Refusal> {
    filter_with(bytes, grammar, DocumentType::Refused, place, hooks, findings)
}

/// As [`filter`], with a word on document types.
pub(crate) fn filter_with(
    bytes: &[u8],
    grammar: &'static Grammar,
    document_type: DocumentType,
    place: &str,
    hooks: &mut dyn Hooks,
    findings: &mut Findings,
) -> Result<Vec<u8>, Refusal> {
    let text = decoded(bytes)?;
    let mut reader = Reader::with(&text, grammar.namespaces, document_type);
    let mut filter =
        Filter { grammar, place, hooks, findings, writer: Writer::new(grammar), open: Vec::new(), dropped: 0 };
    // What stands between two tags is judged as one, however references divide it.
    let mut words = String::new();
    loop {
        let at = reader.at();
        let event = reader.next()?;
        if !matches!(event, Event::Text(_)) {
            filter.text(&words);
            words.clear();
        }
        match event {
            Event::Start(raw) => filter.start(raw, at)?,
            Event::End => filter.end()?,
            Event::Text(text) => words.push_str(&text),
            Event::Finish => break,
        }
        if filter.writer.len() > limits::XML_PART_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "XML", at));
        }
    }
    if reader.passed_over() > 0 {
        filter.findings.removed(Category::Comment, format!("{place}, comments and instructions"));
    }
    Ok(filter.writer.finish())
}

struct Filter<'a> {
    grammar: &'static Grammar,
    place: &'a str,
    hooks: &'a mut dyn Hooks,
    findings: &'a mut Findings,
    writer: Writer,
    open: Vec<Open>,
    /// Elements that are open in one that was dropped, it included.
    dropped: usize,
}

enum Open {
    Kept(&'static Element),
    /// By its own name.
    Unwrapped(String),
}

impl Filter<'_> {
    fn start(&mut self, mut raw: Raw, at: u64) -> Result<(), Refusal> {
        if self.dropped > 0 {
            self.dropped = self.dropped.saturating_add(1);
            return Ok(());
        }
        let Some(parent) = self.parent() else { return self.root(raw, at) };
        let decision = self.hooks.start(&mut raw, parent.name, &mut self.writer, self.findings)?;
        let listed = self.grammar.element(&raw.name);
        match (decision, listed.map(|element| (element, element.fate))) {
            (Decision::Replaced, _) => self.dropped = 1,
            (Decision::Dropped, _) => {
                let category = match listed.map(|element| element.fate) {
                    Some(Fate::Unwrapped(category) | Fate::Dropped(category)) => category,
                    Some(Fate::Kept) | None => None,
                };
                self.drop_element(&raw, category);
            }
            (Decision::Unwrapped, _) => self.open.push(Open::Unwrapped(raw.name)),
            (Decision::AsListed, Some((_, Fate::Unwrapped(category)))) => {
                if let Some(category) = category {
                    self.tell(category, &raw.name);
                }
                self.tell_attributes(&raw, None);
                self.open.push(Open::Unwrapped(raw.name));
            }
            (Decision::AsListed, Some((element, Fate::Kept))) if parent.holds(element.name) => {
                self.writer.start(element.name);
                self.keep(element, &raw);
            }
            (Decision::AsListed, Some((_, Fate::Dropped(category)))) => self.drop_element(&raw, category),
            (Decision::AsListed, _) => self.drop_element(&raw, Some(Category::Unknown)),
        }
        Ok(())
    }

    fn root(&mut self, raw: Raw, at: u64) -> Result<(), Refusal> {
        match self.grammar.element(&raw.name) {
            Some(element) if element.name == self.grammar.root => {
                self.keep(element, &raw);
                Ok(())
            }
            _ => Err(Refusal::new(Reason::NotUnderstood, "root of XML", at)),
        }
    }

    fn end(&mut self) -> Result<(), Refusal> {
        if self.dropped > 0 {
            self.dropped = self.dropped.saturating_sub(1);
            return Ok(());
        }
        match self.open.pop() {
            Some(Open::Kept(element)) => {
                self.hooks.end(element.name, &mut self.writer, self.findings)?;
                self.writer.end();
            }
            Some(Open::Unwrapped(name)) => self.hooks.end(&name, &mut self.writer, self.findings)?,
            None => {}
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if self.dropped > 0 || text.is_empty() {
            return;
        }
        // Characters directly in something that was unwrapped are nobody's.
        let Some(Open::Kept(element)) = self.open.last() else { return };
        let name = element.name;
        match element.text {
            Text::None => {
                if !text.trim_matches([' ', '\t', '\r', '\n']).is_empty() {
                    self.findings.removed(Category::HiddenContent, format!("{}, characters in {name}", self.place));
                }
            }
            Text::Content => {
                let seen = unseen::without(text, self.place, self.findings);
                self.hooks.text(name, &seen);
                self.writer.text(&seen);
            }
            Text::Value(value) => match self.value(value, text) {
                Some(canonical) => self.writer.text(&canonical),
                None => self.tell(Category::Unknown, name),
            },
        }
    }

    /// The innermost element that is written, if there is one.
    fn parent(&self) -> Option<&'static Element> {
        self.open.iter().rev().find_map(|open| match open {
            Open::Kept(element) => Some(*element),
            Open::Unwrapped(_) => None,
        })
    }

    /// Writes the attributes that are listed, in the order of the list.
    fn keep(&mut self, element: &'static Element, raw: &Raw) {
        for attribute in element.attributes {
            let Some(value) = raw.attribute(attribute.name) else { continue };
            match self.value(attribute.value, value) {
                Some(canonical) => self.writer.attribute(attribute.name, &canonical),
                None => self.tell_attribute(attribute.name, value),
            }
        }
        self.tell_attributes(raw, Some(element));
        self.open.push(Open::Kept(element));
    }

    fn value<'v>(&mut self, value: Value, raw: &'v str) -> Option<Cow<'v, str>> {
        match value {
            Value::Reference(kind) => {
                let translated = self.hooks.reference(kind, raw, self.findings)?;
                Value::is_reference(&translated).then_some(Cow::Owned(translated))
            }
            Value::Content => Some(unseen::without(raw, self.place, self.findings)),
            other => other.canonical(raw),
        }
    }

    fn drop_element(&mut self, raw: &Raw, category: Option<Category>) {
        if let Some(category) = category {
            self.tell(category, &raw.name);
        }
        self.dropped = 1;
    }

    fn tell(&mut self, category: Category, name: &str) {
        self.findings.removed(category, format!("{}, {name}", self.place));
    }

    /// Tells of attributes that are not listed for `element`.
    fn tell_attributes(&mut self, raw: &Raw, element: Option<&Element>) {
        for (name, value) in &raw.attributes {
            let is_listed = element.is_some_and(|element| element.attributes.iter().any(|known| known.name == name));
            if !is_listed {
                self.tell_attribute(name, value);
            }
        }
    }

    fn tell_attribute(&mut self, name: &str, value: &str) {
        // Numbers that differ from one paragraph to the next would be hundreds of lines.
        match self.grammar.category(name) {
            Category::Identifier => self.tell(Category::Identifier, name),
            Category::Unknown => self.tell(Category::Unknown, name),
            category => self.findings.removed_value(category, format!("{}, {name}", self.place), value),
        }
    }
}

//! Content streams, written anew operation by operation (ISO 32000-1, annex A). Never copies a comment, an operator
//! that is not in the table, marked content, or a name of a resource.

use std::borrow::Cow;

use super::context::{Cleaner, Scope, number};
use super::object::{Dict, Object};
use super::operation::{Operation, Operations};
use super::resources::Used;
use super::write::{Value, name, spell};
use crate::clean::{Category, Refusal};
use crate::limits;

/// A content stream on its way.
pub(super) struct Rewriting<'c, 'd> {
    cleaner: &'c mut Cleaner<'d>,
    scope: Scope<'d>,
    used: &'c mut Used,
    text: String,
    /// For each open marked content whether it is hidden.
    marked: Vec<bool>,
    /// Saved graphics states.
    saved: usize,
    in_text: bool,
}

/// What a content stream has become, and the resources it uses.
pub(super) struct Rewritten {
    pub(super) content: String,
    pub(super) used: Used,
}

/// Operators that take nothing but so many numbers.
const NUMBERS: &[(&str, usize)] = &[
    ("J", 1),
    ("K", 4),
    ("M", 1),
    ("TL", 1),
    ("Tc", 1),
    ("Td", 2),
    ("TD", 2),
    ("Tm", 6),
    ("Tr", 1),
    ("Ts", 1),
    ("Tw", 1),
    ("Tz", 1),
    ("c", 6),
    ("cm", 6),
    ("d0", 2),
    ("d1", 6),
    ("G", 1),
    ("RG", 3),
    ("g", 1),
    ("i", 1),
    ("j", 1),
    ("k", 4),
    ("l", 2),
    ("m", 2),
    ("re", 4),
    ("rg", 3),
    ("v", 4),
    ("w", 1),
    ("y", 4),
];

/// Operators that take nothing.
const BARE: &[&str] = &["BT", "ET", "S", "T*", "W", "W*", "b", "B", "b*", "B*", "f", "f*", "h", "n", "s"];

/// Those of them that paint a path.
const PAINTING: &[&str] = &["S", "b", "B", "b*", "B*", "f", "f*", "s"];

/// Writes a content stream anew.
pub(super) fn rewrite<'d>(cleaner: &mut Cleaner<'d>, scope: Scope<'d>, content: &[u8]) -> Result<Rewritten, Refusal> {
    let mut used = Used::default();
    let content = rewrite_with(cleaner, scope, content, &mut used)?;
    Ok(Rewritten { content, used })
}

/// Writes one of several content streams anew that have their resources together.
pub(super) fn rewrite_with<'d>(
    cleaner: &mut Cleaner<'d>,
    scope: Scope<'d>,
    content: &[u8],
    used: &mut Used,
) -> Result<String, Refusal> {
    // To read it word by word is more work than to inflate it.
    cleaner.doc.spend(content.len().saturating_mul(2))?;
    let text = String::new();
    let mut rewriting = Rewriting { cleaner, scope, used, text, marked: Vec::new(), saved: 0, in_text: false };
    for operation in Operations::new(content) {
        rewriting.operation(operation)?;
    }
    if rewriting.in_text {
        rewriting.write(&[], "ET");
    }
    for _ in 0..rewriting.saved {
        rewriting.write(&[], "Q");
    }
    Ok(rewriting.text)
}

impl<'d> Rewriting<'_, 'd> {
    fn operation(&mut self, operation: Operation<'_>) -> Result<(), Refusal> {
        let Operation { operator, operands, inline } = operation;
        let hidden = self.marked.contains(&true);
        match operator {
            b"q" if self.saved < limits::PDF_SAVED_MAX => {
                self.saved = self.saved.saturating_add(1);
                self.write(&[], "q");
            }
            b"Q" => {
                if let Some(saved) = self.saved.checked_sub(1) {
                    self.saved = saved;
                    self.write(&[], "Q");
                }
            }
            b"BMC" => self.marked.push(false),
            b"BDC" => self.begin_marked(&operands),
            b"EMC" => {
                self.marked.pop();
            }
            b"BI" => {
                if let Some((dict, data)) = inline.filter(|_| !hidden) {
                    self.inline(dict, data)?;
                }
            }
            b"Do" | b"gs" | b"sh" | b"CS" | b"cs" | b"SCN" | b"scn" | b"SC" | b"sc" | b"Tf" => {
                self.resource(operator, &operands, hidden)?;
            }
            b"d" | b"ri" | b"Tj" | b"TJ" | b"'" | b"\"" => self.mixed(operator, &operands, hidden),
            _ => self.plain(operator, &operands, hidden),
        }
        Ok(())
    }

    /// Operators that take nothing or only numbers.
    fn plain(&mut self, operator: &[u8], operands: &[Object], hidden: bool) {
        let operator = if operator == b"F" { b"f" } else { operator };
        if let Some(bare) = BARE.iter().find(|bare| bare.as_bytes() == operator) {
            match *bare {
                "BT" => self.in_text = true,
                "ET" => self.in_text = false,
                _ => {}
            }
            self.write(&[], if hidden && PAINTING.contains(bare) { "n" } else { bare });
        } else if let Some((word, count)) = NUMBERS.iter().find(|(word, _)| word.as_bytes() == operator)
            && let Some(values) = last_numbers(operands, *count)
        {
            self.write(&values, word);
        }
    }

    /// Operators that take arrays, strings and names that are no resources.
    fn mixed(&mut self, operator: &[u8], operands: &[Object], hidden: bool) {
        match (operator, operands) {
            (b"d", [.., Object::Array(dashes), phase]) => {
                let dashes: Option<Vec<Value>> = dashes.iter().map(number).collect();
                if let (Some(dashes), Some(phase)) = (dashes, number(phase)) {
                    self.write(&[Value::Array(dashes), phase], "d");
                }
            }
            (b"ri", [.., Object::Name(intent)]) => {
                if let Some(intent) = super::context::one_of(intent, super::state::INTENTS) {
                    self.write(&[name(intent)], "ri");
                }
            }
            (b"Tj", [.., Object::Text(text)]) if !hidden => self.write(&[Value::Text(text.clone())], "Tj"),
            (b"TJ", [.., Object::Array(array)]) if !hidden => {
                let spaced = array.iter().filter_map(|item| match item {
                    Object::Text(text) => Some(Value::Text(text.clone())),
                    other => number(other),
                });
                self.write(&[Value::Array(spaced.collect())], "TJ");
            }
            (b"'", _) if hidden => self.write(&[], "T*"),
            (b"'", [.., Object::Text(text)]) => self.write(&[Value::Text(text.clone())], "'"),
            (b"\"", [.., word, character, Object::Text(text)]) => {
                if let (Some(word), Some(character)) = (number(word), number(character)) {
                    if hidden {
                        self.write(&[word], "Tw");
                        self.write(&[character], "Tc");
                        self.write(&[], "T*");
                    } else {
                        self.write(&[word, character, Value::Text(text.clone())], "\"");
                    }
                }
            }
            _ => {}
        }
    }

    /// Operators that name a resource or a colour.
    fn resource(&mut self, operator: &[u8], operands: &[Object], hidden: bool) -> Result<(), Refusal> {
        let (cleaner, scope) = (&mut *self.cleaner, self.scope);
        match (operator, operands) {
            (b"Do", [.., Object::Name(source)]) if !hidden => {
                if let Some(new) = self.used.x_object(cleaner, scope, source)? {
                    self.write(&[new], "Do");
                }
            }
            (b"gs", [.., Object::Name(source)]) => {
                if let Some(new) = self.used.state(cleaner, scope, source)? {
                    self.write(&[new], "gs");
                }
            }
            (b"sh", [.., Object::Name(source)]) if !hidden => {
                if let Some(new) = self.used.shading(cleaner, scope, source)? {
                    self.write(&[new], "sh");
                }
            }
            (b"CS" | b"cs", [.., Object::Name(source)]) => {
                if let Some(new) = self.used.colour(cleaner, scope, source)? {
                    self.write(&[new], if operator == b"CS" { "CS" } else { "cs" });
                }
            }
            (b"Tf", [.., Object::Name(source), size]) => {
                if let Some(size) = number(size)
                    && let Some(new) = self.used.font(cleaner, scope, source)?
                {
                    self.write(&[new, size], "Tf");
                }
            }
            (b"SCN" | b"scn" | b"SC" | b"sc", _) => {
                let skipped = operands.len().saturating_sub(limits::PDF_COMPONENTS_MAX.saturating_add(1));
                let operands = operands.get(skipped..).unwrap_or_default();
                let mut values: Vec<Value> = operands.iter().filter_map(number).collect();
                if let Some(Object::Name(source)) = operands.last() {
                    match self.used.pattern(cleaner, scope, source)? {
                        Some(new) => values.push(new),
                        None => return Ok(()),
                    }
                }
                let stroking = matches!(operator, b"SCN" | b"SC");
                if !values.is_empty() {
                    self.write(&values, if stroking { "SCN" } else { "scn" });
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begin_marked(&mut self, operands: &[Object]) {
        let hidden = match operands {
            [.., Object::Name(tag), Object::Name(source)] if tag == b"OC" => {
                let doc = self.cleaner.doc;
                let properties = doc.get(self.scope.resources, b"Properties").dict();
                let group = properties.and_then(|properties| properties.get(source));
                group.is_some_and(|group| self.cleaner.layers.hides(doc, group))
            }
            _ => false,
        };
        if hidden {
            self.cleaner.findings.removed(Category::HiddenContent, "layer that is not shown");
        }
        // So many are damage; the rest is passed over as if unmarked.
        if self.marked.len() < limits::PDF_MARKED_MAX {
            self.marked.push(hidden);
        }
    }

    fn inline(&mut self, dict: Dict, data: &[u8]) -> Result<(), Refusal> {
        if let Some(new) = self.used.inline(self.cleaner, self.scope, &dict, data)? {
            self.write(&[new], "Do");
        }
        Ok(())
    }

    fn write(&mut self, operands: &[Value], operator: &str) {
        for operand in operands {
            spell(operand, &mut self.text);
            self.text.push(' ');
        }
        self.text.push_str(operator);
        self.text.push('\n');
    }
}

/// The last so many operands, if they are numbers.
fn last_numbers(operands: &[Object], count: usize) -> Option<Vec<Value>> {
    let from = operands.len().checked_sub(count)?;
    operands.get(from..)?.iter().map(number).collect()
}

/// A neutral name of a resource.
pub(super) fn numbered(prefix: &str, index: usize) -> Cow<'static, str> {
    Cow::Owned(format!("{prefix}{index}"))
}

//! Optional content (ISO 32000-1, 8.11): which layers are seen when a file is opened. Never keeps their names.

use std::collections::BTreeSet;

use super::object::{Dict, Object};
use super::read::Document;
use crate::limits;

/// The groups that are not seen.
#[derive(Default)]
pub(super) struct Layers {
    hidden: BTreeSet<u32>,
}

impl Layers {
    /// Reads the default configuration of the catalogue.
    pub(super) fn read(doc: &Document<'_>) -> Self {
        let root = doc.get(&doc.trailer, b"Root").dict();
        let Some(properties) = root.and_then(|root| doc.get(root, b"OCProperties").dict()) else {
            return Self::default();
        };
        let refs = |dict: &Dict, key: &[u8]| -> Vec<u32> {
            let array = doc.get(dict, key).array().unwrap_or_default();
            array
                .iter()
                .filter_map(|object| if let Object::Ref(number) = object { Some(*number) } else { None })
                .collect()
        };
        let mut hidden = BTreeSet::new();
        if let Some(usual) = doc.get(properties, b"D").dict() {
            if doc.get(usual, b"BaseState").name() == Some(b"OFF") {
                hidden.extend(refs(properties, b"OCGs"));
                for number in refs(usual, b"ON") {
                    hidden.remove(&number);
                }
            }
            hidden.extend(refs(usual, b"OFF"));
        }
        Self { hidden }
    }

    /// Whether what belongs to this group or membership (8.11.2.2) is not seen.
    pub(super) fn hides(&self, doc: &Document<'_>, object: &Object) -> bool {
        if let Object::Ref(number) = object
            && self.hidden.contains(number)
        {
            return true;
        }
        let Some(dict) = doc.resolve(object).dict() else { return false };
        if doc.get(dict, b"Type").name() != Some(b"OCMD") {
            return false;
        }
        if let Some(expression) = doc.get(dict, b"VE").array() {
            return !self.holds(doc, expression, 0);
        }
        let groups: Vec<&Object> = match dict.get(b"OCGs".as_slice()) {
            Some(one @ Object::Ref(_)) => match doc.resolve(one) {
                Object::Array(array) => array.iter().collect(),
                _ => vec![one],
            },
            Some(Object::Array(array)) => array.iter().collect(),
            _ => Vec::new(),
        };
        let seen = |group: &&Object| !matches!(group, Object::Ref(number) if self.hidden.contains(number));
        let mut groups = groups.into_iter().filter(|group| doc.resolve(group).dict().is_some()).peekable();
        if groups.peek().is_none() {
            return false;
        }
        !match doc.get(dict, b"P").name() {
            Some(b"AllOn") => groups.all(|group| seen(&group)),
            Some(b"AnyOff") => groups.any(|group| !seen(&group)),
            Some(b"AllOff") => groups.all(|group| !seen(&group)),
            _ => groups.any(|group| seen(&group)),
        }
    }

    /// A visibility expression (8.11.2.2).
    fn holds(&self, doc: &Document<'_>, expression: &[Object], depth: usize) -> bool {
        let Some((operator, operands)) = expression.split_first() else { return true };
        if depth > limits::PDF_NESTING_MAX {
            return true;
        }
        let mut held = operands.iter().map(|operand| match doc.resolve(operand) {
            Object::Array(inner) => self.holds(doc, inner, depth.saturating_add(1)),
            _ => !matches!(operand, Object::Ref(number) if self.hidden.contains(number)),
        });
        match doc.resolve(operator).name() {
            Some(b"And") => held.all(|held| held),
            Some(b"Or") => held.any(|held| held),
            Some(b"Not") => !held.next().unwrap_or(false),
            _ => true,
        }
    }
}

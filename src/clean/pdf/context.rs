//! What all parts of the cleaner hand from one to the other: the file that is read, the one that is written, and what
//! of the first has become what in the second. Knows no part itself.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::layers::Layers;
use super::object::{Dict, Object};
use super::read::Document;
use super::write::{Fields, Value, Writer, field};
use crate::clean::{Findings, Reason, Refusal};
use crate::limits;

/// What an object is used as. One that is used as several becomes several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    Colour,
    Encoding,
    Font,
    FontFile,
    Function,
    Glyph,
    Pattern,
    Profile,
    Shading,
    State,
    ToUnicode,
    XObject,
}

/// A file on its way to a clean one.
pub(super) struct Cleaner<'d> {
    pub(super) doc: &'d Document<'d>,
    pub(super) out: Writer,
    pub(super) findings: Findings,
    pub(super) layers: Layers,
    /// Words for colorants that are no process colours, in the order they are met.
    pub(super) colorants: BTreeMap<Vec<u8>, usize>,
    /// Neutral names for fonts likewise.
    pub(super) fonts: usize,
    /// What names in fonts and encodings are called now.
    pub(super) renamed: BTreeMap<u32, BTreeMap<Vec<u8>, Vec<u8>>>,
    made: BTreeMap<(Role, u32), Option<Value>>,
    open: BTreeSet<(Role, u32)>,
    depth: usize,
}

/// The resources that names in a content stream refer to, in the file that is read.
#[derive(Clone, Copy)]
pub(super) struct Scope<'d> {
    pub(super) resources: &'d Dict,
}

impl<'d> Cleaner<'d> {
    pub(super) fn new(doc: &'d Document<'d>) -> Self {
        Self {
            doc,
            out: Writer::default(),
            findings: Findings::default(),
            layers: Layers::read(doc),
            colorants: BTreeMap::new(),
            fonts: 0,
            renamed: BTreeMap::new(),
            made: BTreeMap::new(),
            open: BTreeSet::new(),
            depth: 0,
        }
    }

    /// What `object` becomes in this role, made the first time it is asked for; `None` if it is left out, as a part of
    /// itself is.
    pub(super) fn once<'o>(
        &mut self,
        role: Role,
        object: &'o Object,
        make: impl FnOnce(&mut Self, &'o Object) -> Result<Option<Value>, Refusal>,
    ) -> Result<Option<Value>, Refusal>
    where
        'd: 'o,
    {
        let key = if let Object::Ref(number) = object { Some((role, *number)) } else { None };
        if let Some(key) = key {
            if let Some(made) = self.made.get(&key) {
                return Ok(made.clone());
            }
            if !self.open.insert(key) {
                return Ok(None);
            }
        }
        if self.depth >= limits::PDF_DEPTH_MAX {
            return Err(Refusal::new(Reason::TooLarge, "nesting of resources", 0));
        }
        self.depth = self.depth.saturating_add(1);
        let made = make(self, self.doc.resolve(object))?;
        self.depth = self.depth.saturating_sub(1);
        if let Some(key) = key {
            self.open.remove(&key);
            self.made.insert(key, made.clone());
        }
        Ok(made)
    }

    /// The value of a key.
    pub(super) fn get<'o>(&self, dict: &'o Dict, key: &str) -> &'o Object
    where
        'd: 'o,
    {
        let doc: &'o Document<'o> = self.doc;
        doc.get(dict, key.as_bytes())
    }

    /// An array of so many numbers.
    pub(super) fn numbers(&self, object: &Object, len: RangeInclusive<usize>) -> Option<Vec<Value>> {
        let array = self.doc.resolve(object).array()?;
        if !len.contains(&array.len()) {
            return None;
        }
        array.iter().map(|object| number(self.doc.resolve(object))).collect()
    }

    /// Keeps an array of numbers under its key, if it is one.
    pub(super) fn keep_numbers(&self, dict: &Dict, key: &'static str, len: RangeInclusive<usize>, to: &mut Fields) {
        let numbers = self.numbers(self.get(dict, key), len);
        to.extend(numbers.map(|numbers| field(key, Value::Array(numbers))));
    }

    /// Keeps a number under its key, if it is one.
    pub(super) fn keep_number(&self, dict: &Dict, key: &'static str, to: &mut Fields) {
        to.extend(number(self.get(dict, key)).map(|number| field(key, number)));
    }

    /// Keeps a whole number of this range under its key, if it is one.
    pub(super) fn keep_int(&self, dict: &Dict, key: &'static str, range: RangeInclusive<i64>, to: &mut Fields) {
        let int = self.get(dict, key).int().filter(|int| range.contains(int));
        to.extend(int.map(|int| field(key, Value::Int(int))));
    }

    /// Keeps a truth value under its key, if it is one.
    pub(super) fn keep_bool(&self, dict: &Dict, key: &'static str, to: &mut Fields) {
        to.extend(self.get(dict, key).bool().map(|bool| field(key, Value::Bool(bool))));
    }

    /// Keeps a name under its key, if it is one of `words`.
    pub(super) fn keep_name(&self, dict: &Dict, key: &'static str, words: &[&'static str], to: &mut Fields) {
        let word = self.get(dict, key).name().and_then(|name| one_of(name, words));
        to.extend(word.map(|word| field(key, super::write::name(word))));
    }

    /// A whole number that fits a size.
    pub(super) fn size(&self, dict: &Dict, key: &str) -> Option<usize> {
        self.get(dict, key).int().and_then(|int| usize::try_from(int).ok())
    }
}

/// The word that a name is.
pub(super) fn one_of(name: &[u8], words: &[&'static str]) -> Option<&'static str> {
    words.iter().copied().find(|word| word.as_bytes() == name)
}

/// A number to be written.
pub(super) fn number(object: &Object) -> Option<Value> {
    match object {
        Object::Int(int) => Some(Value::Int((*int).clamp(i64::from(i32::MIN), i64::from(i32::MAX)))),
        Object::Real(real) if real.abs() >= f64::from(i32::MAX) => {
            Some(Value::Int(i64::from(if *real < 0.0 { i32::MIN } else { i32::MAX })))
        }
        Object::Real(real) => Some(Value::Real(*real)),
        _ => None,
    }
}

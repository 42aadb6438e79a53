//! The resources that a content stream uses (ISO 32000-1, 7.8.3), under names that count them. Never keeps one that is
//! not used, or its name.

use std::collections::BTreeMap;

use super::colour;
use super::content::numbered;
use super::context::{Cleaner, Role, Scope};
use super::object::{Dict, Object};
use super::write::{Fields, Id, Value, field};
use super::{font, image, pattern, state, x_object};
use crate::clean::Refusal;

/// What a content stream uses, by category.
#[derive(Default)]
pub(super) struct Used {
    colours: Names,
    states: Names,
    fonts: Names,
    patterns: Names,
    shadings: Names,
    x_objects: Names,
}

/// Resources of one category: what operators are given for their names before, if anything, and what they are now.
#[derive(Default)]
struct Names {
    met: BTreeMap<Vec<u8>, Option<Value>>,
    kept: Vec<Id>,
    places: BTreeMap<Id, usize>,
}

impl Names {
    /// What operators are given for this name, if it was met.
    fn known(&self, source: &[u8]) -> Option<Option<Value>> {
        self.met.get(source).cloned()
    }

    /// Gives a resource its name.
    fn name(&mut self, source: Option<&[u8]>, prefix: &str, made: Option<Value>) -> Option<Value> {
        let named = if let Some(Value::Ref(id)) = made {
            let next = self.kept.len().saturating_add(1);
            let index = *self.places.entry(id).or_insert(next);
            if index == next {
                self.kept.push(id);
            }
            Some(Value::Name(numbered(prefix, index)))
        } else {
            None
        };
        if let Some(source) = source {
            self.met.insert(source.to_vec(), named.clone());
        }
        named
    }

    fn field(self, key: &'static str, prefix: &str, to: &mut Fields) {
        if !self.kept.is_empty() {
            let names = self.kept.into_iter().zip(1_usize..);
            let entries = names.map(|(id, index)| (numbered(prefix, index), Value::Ref(id))).collect();
            to.push(field(key, Value::Dict(entries)));
        }
    }
}

/// The resource of this name in the file that is read.
pub(super) fn find<'d>(cleaner: &Cleaner<'d>, scope: Scope<'d>, category: &str, name: &[u8]) -> Option<&'d Object> {
    cleaner.get(scope.resources, category).dict()?.get(name)
}

impl Used {
    pub(super) fn x_object<'d>(
        &mut self,
        cleaner: &mut Cleaner<'d>,
        scope: Scope<'d>,
        source: &[u8],
    ) -> Result<Option<Value>, Refusal> {
        if let Some(known) = self.x_objects.known(source) {
            return Ok(known);
        }
        let made = match find(cleaner, scope, "XObject", source) {
            Some(object) => x_object::x_object(cleaner, scope, object)?,
            None => None,
        };
        Ok(self.x_objects.name(Some(source), "X", made))
    }

    /// An object that is made already, drawn in addition.
    pub(super) fn further_x_object(&mut self, made: Value) -> Option<Value> {
        self.x_objects.name(None, "X", Some(made))
    }

    pub(super) fn inline<'d>(
        &mut self,
        cleaner: &mut Cleaner<'d>,
        scope: Scope<'d>,
        dict: &Dict,
        data: &[u8],
    ) -> Result<Option<Value>, Refusal> {
        let made = image::inline(cleaner, scope, dict, data)?;
        Ok(self.x_objects.name(None, "X", made))
    }

    pub(super) fn state<'d>(
        &mut self,
        cleaner: &mut Cleaner<'d>,
        scope: Scope<'d>,
        source: &[u8],
    ) -> Result<Option<Value>, Refusal> {
        if let Some(known) = self.states.known(source) {
            return Ok(known);
        }
        let made = match find(cleaner, scope, "ExtGState", source) {
            Some(object) => {
                cleaner.once(Role::State, object, |cleaner, object| state::state(cleaner, scope, object))?
            }
            None => None,
        };
        Ok(self.states.name(Some(source), "G", made))
    }

    pub(super) fn shading<'d>(
        &mut self,
        cleaner: &mut Cleaner<'d>,
        scope: Scope<'d>,
        source: &[u8],
    ) -> Result<Option<Value>, Refusal> {
        if let Some(known) = self.shadings.known(source) {
            return Ok(known);
        }
        let made = match find(cleaner, scope, "Shading", source) {
            Some(object) => super::shading::shading(cleaner, scope, object)?,
            None => None,
        };
        Ok(self.shadings.name(Some(source), "S", made))
    }

    pub(super) fn pattern<'d>(
        &mut self,
        cleaner: &mut Cleaner<'d>,
        scope: Scope<'d>,
        source: &[u8],
    ) -> Result<Option<Value>, Refusal> {
        if let Some(known) = self.patterns.known(source) {
            return Ok(known);
        }
        let made = match find(cleaner, scope, "Pattern", source) {
            Some(object) => pattern::pattern(cleaner, scope, object)?,
            None => None,
        };
        Ok(self.patterns.name(Some(source), "P", made))
    }

    pub(super) fn font<'d>(
        &mut self,
        cleaner: &mut Cleaner<'d>,
        scope: Scope<'d>,
        source: &[u8],
    ) -> Result<Option<Value>, Refusal> {
        if let Some(known) = self.fonts.known(source) {
            return Ok(known);
        }
        let made = match find(cleaner, scope, "Font", source) {
            Some(object) => font::font(cleaner, scope, object)?,
            None => None,
        };
        Ok(self.fonts.name(Some(source), "F", made))
    }

    /// A colour space: its own name where it is one of a device.
    pub(super) fn colour<'d>(
        &mut self,
        cleaner: &mut Cleaner<'d>,
        scope: Scope<'d>,
        source: &[u8],
    ) -> Result<Option<Value>, Refusal> {
        if let Some(known) = self.colours.known(source) {
            return Ok(known);
        }
        match colour::named(cleaner, scope, source)? {
            Some(device @ Value::Name(_)) => Ok(Some(device)),
            made => Ok(self.colours.name(Some(source), "C", made)),
        }
    }

    /// The dictionary.
    pub(super) fn into_value<'d>(self, cleaner: &mut Cleaner<'d>, scope: Scope<'d>) -> Result<Value, Refusal> {
        let mut fields = Fields::new();
        let usual = colour::usual(cleaner, scope)?;
        self.colours.field("ColorSpace", "C", &mut fields);
        match fields.first_mut() {
            Some((_, Value::Dict(colours))) => colours.extend(usual),
            _ if !usual.is_empty() => fields.push(field("ColorSpace", Value::Dict(usual))),
            _ => {}
        }
        self.states.field("ExtGState", "G", &mut fields);
        self.fonts.field("Font", "F", &mut fields);
        self.patterns.field("Pattern", "P", &mut fields);
        self.shadings.field("Shading", "S", &mut fields);
        self.x_objects.field("XObject", "X", &mut fields);
        Ok(Value::Dict(fields))
    }
}

//! Encodings of simple fonts (ISO 32000-1, 9.6.6): which glyph each code shows, by names that say no more than that.

use std::collections::BTreeMap;

use crate::clean::font::plain_glyph_name;
use crate::clean::pdf::context::{Cleaner, one_of};
use crate::clean::pdf::object::{Dict, Object};
use crate::clean::pdf::write::{Value, field, name};

/// Predefined encodings.
const ENCODINGS: &[&str] = &["MacExpertEncoding", "MacRomanEncoding", "StandardEncoding", "WinAnsiEncoding"];

/// The encoding of a font whose glyphs have been renamed like this.
pub(super) fn encoding(cleaner: &Cleaner<'_>, dict: &Dict, renamed: &BTreeMap<Vec<u8>, Vec<u8>>) -> Option<Value> {
    match cleaner.get(dict, "Encoding") {
        Object::Name(predefined) => one_of(predefined, ENCODINGS).map(name),
        Object::Dict(encoding) => {
            let mut fields = vec![field("Type", name("Encoding"))];
            cleaner.keep_name(encoding, "BaseEncoding", ENCODINGS, &mut fields);
            let differences = differences(cleaner, encoding);
            if !differences.is_empty() {
                let called = differences.into_iter().map(|(code, glyph)| (code, call(glyph, renamed)));
                fields.push(field("Differences", spelled(called)));
            }
            Some(Value::Dict(fields))
        }
        _ => None,
    }
}

/// Codes and the glyphs that they show instead of the usual ones; the last of several counts.
pub(super) fn differences<'o>(cleaner: &'o Cleaner<'_>, encoding: &'o Dict) -> BTreeMap<u8, &'o [u8]> {
    let (mut all, mut code) = (BTreeMap::new(), 0_i64);
    for object in cleaner.get(encoding, "Differences").array().unwrap_or_default() {
        match cleaner.doc.resolve(object) {
            Object::Int(int) => code = *int,
            Object::Name(glyph) => {
                if let Ok(code) = u8::try_from(code) {
                    all.insert(code, glyph.as_slice());
                }
                code = code.saturating_add(1);
            }
            _ => {}
        }
    }
    all
}

/// `Differences`, with each run of codes once.
pub(super) fn spelled(all: impl Iterator<Item = (u8, String)>) -> Value {
    let (mut values, mut next) = (Vec::new(), None);
    for (code, glyph) in all {
        if next != Some(code) {
            values.push(Value::Int(code.into()));
        }
        values.push(Value::Name(glyph.into()));
        next = code.checked_add(1);
    }
    Value::Array(values)
}

/// What a glyph is called now; one that no font can have is none.
fn call(glyph: &[u8], renamed: &BTreeMap<Vec<u8>, Vec<u8>>) -> String {
    let glyph = renamed.get(glyph).map_or(glyph, Vec::as_slice);
    if plain_glyph_name(glyph) { String::from_utf8_lossy(glyph).into_owned() } else { ".notdef".to_owned() }
}

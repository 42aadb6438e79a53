//! What a file's objects are if its tables do not say: whatever looks like one, the later before the earlier.

use std::collections::BTreeMap;

use super::{Document, Place, indirect};
use crate::clean::pdf::lex::{Lexer, Token, is_space};
use crate::clean::pdf::object::{Dict, Object};
use crate::clean::{Reason, Refusal};
use crate::limits;

/// Where every object is, and the trailer.
pub(super) fn read(
    bytes: &[u8],
    doc: &Document<'_>,
    budget: &mut usize,
) -> Result<(BTreeMap<u32, Place>, Dict), Refusal> {
    let mut places = BTreeMap::new();
    for found in memchr::memmem::find_iter(bytes, b"obj") {
        if let Some((number, at)) = header(bytes, found) {
            places.insert(number, Place::At(at));
            bounded(places.len())?;
        }
    }
    let mut trailer = Dict::new();
    for found in memchr::memmem::find_iter(bytes, b"trailer") {
        let mut lexer = Lexer::new(bytes, found.saturating_add("trailer".len()));
        if let Some(Object::Dict(dict)) = lexer.object(true, budget) {
            trailer = dict.or(trailer);
        }
    }
    let mut members = BTreeMap::new();
    for (number, place) in &places {
        let Place::At(at) = *place else { continue };
        let Some((_, Object::Stream(stream))) = indirect(bytes, at, &places, budget) else { continue };
        match stream.dict.get(b"Type".as_slice()).and_then(Object::name) {
            Some(b"XRef") => {
                trailer = trailer.or(stream.dict);
            }
            Some(b"ObjStm") => {
                let data = doc.data(&stream)?;
                let mut lexer = Lexer::new(&data, 0);
                let count = stream.dict.get(b"N".as_slice()).and_then(Object::int).unwrap_or(0);
                for _ in 0..count {
                    let (Token::Int(member), Token::Int(_)) = (lexer.token(), lexer.token()) else { break };
                    let Ok(member) = u32::try_from(member) else { break };
                    // The container that stands last is the newest.
                    let newest = members.entry(member).or_insert((at, *number));
                    *newest = (*newest).max((at, *number));
                    bounded(members.len())?;
                }
            }
            _ => {}
        }
    }
    for (member, (at, container)) in members {
        let newer = matches!(places.get(&member), Some(Place::At(plain)) if *plain > at);
        if !newer {
            places.insert(member, Place::Within(container));
            bounded(places.len())?;
        }
    }
    Ok((places, trailer))
}

/// Refuses more objects than are kept in memory.
fn bounded(objects: usize) -> Result<(), Refusal> {
    if objects > limits::PDF_OBJECTS_MAX {
        return Err(Refusal::new(Reason::TooLarge, "number of objects", 0));
    }
    Ok(())
}

/// The number of the object whose `obj` is at `found`, and where it begins.
fn header(bytes: &[u8], found: usize) -> Option<(u32, usize)> {
    let (before, _) = bytes.split_at_checked(found)?;
    let (_, before) = last_number(before)?;
    if !before.last().copied().is_some_and(is_space) {
        return None;
    }
    let (number, before) = last_number(before)?;
    Some((number, before.len()))
}

/// The number at the end of `bytes`, space behind it passed over, and what is in front of it.
fn last_number(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let end = bytes.iter().rposition(|byte| !is_space(*byte))?.saturating_add(1);
    let bytes = bytes.get(..end)?;
    let start = bytes.iter().rposition(|byte| !byte.is_ascii_digit()).map_or(0, |at| at.saturating_add(1));
    let (before, digits) = bytes.split_at_checked(start)?;
    Some((std::str::from_utf8(digits).ok()?.parse().ok()?, before))
}

/// Finds the catalogue where the trailer does not name it.
pub(super) fn find_root(doc: &mut Document<'_>) {
    if doc.has_pages() {
        return;
    }
    let is_root = |object: &Object| {
        object.dict().is_some_and(|dict| {
            dict.get(b"Type".as_slice()).and_then(Object::name) == Some(b"Catalog")
                && dict.contains_key(b"Pages".as_slice())
        })
    };
    let root = doc.objects.iter().rev().find(|(_, object)| is_root(object)).map(|(number, _)| *number);
    if let Some(root) = root {
        doc.trailer.put(b"Root", Object::Ref(root));
    }
}

//! What is drawn by name (ISO 32000-1, 8.8): forms, which are content streams, and pictures. PostScript is left out.

use super::content;
use super::context::{Cleaner, Role, Scope};
use super::object::{Object, Stream};
use super::write::{Fields, Value, field, name};
use super::{image, state};
use crate::clean::{Category, Refusal};

/// A form or a picture; `None` if it is on a layer that is not shown.
pub(super) fn x_object<'d>(
    cleaner: &mut Cleaner<'d>,
    scope: Scope<'d>,
    object: &'d Object,
) -> Result<Option<Value>, Refusal> {
    cleaner.once(Role::XObject, object, |cleaner, object| {
        let Object::Stream(stream) = object else { return Ok(None) };
        if stream.dict.get(b"OC".as_slice()).is_some_and(|group| cleaner.layers.hides(cleaner.doc, group)) {
            cleaner.findings.removed(Category::HiddenContent, "layer that is not shown");
            return Ok(None);
        }
        match cleaner.get(&stream.dict, "Subtype").name() {
            Some(b"Image") => image::image(cleaner, scope, stream),
            Some(b"Form") => form(cleaner, scope, stream).map(Some),
            _ if stream.dict.contains_key(b"BBox".as_slice()) => form(cleaner, scope, stream).map(Some),
            _ => Ok(None),
        }
    })
}

/// A form (8.10).
pub(super) fn form<'d>(cleaner: &mut Cleaner<'d>, scope: Scope<'d>, stream: &'d Stream) -> Result<Value, Refusal> {
    let dict = &stream.dict;
    let mut fields: Fields = vec![field("Type", name("XObject")), field("Subtype", name("Form"))];
    cleaner.keep_numbers(dict, "BBox", 4..=4, &mut fields);
    cleaner.keep_numbers(dict, "Matrix", 6..=6, &mut fields);
    let id = cleaner.out.reserve()?;
    let group = state::group(cleaner, dict)?;
    fields.extend(group.map(|group| field("Group", group)));
    let scope = cleaner.get(dict, "Resources").dict().map_or(scope, |resources| Scope { resources });
    let data = cleaner.doc.data(stream)?;
    let content::Rewritten { content, used } = content::rewrite(cleaner, scope, &data)?;
    fields.push(field("Resources", used.into_value(cleaner, scope)?));
    cleaner.out.put_deflated(id, fields, content.as_bytes())?;
    Ok(Value::Ref(id))
}

//! Patterns (ISO 32000-1, 8.7): tiles, which are content streams, and shadings.

use super::content;
use super::context::{Cleaner, Role, Scope};
use super::object::{Object, Stream};
use super::write::{Fields, Value, field};
use super::{shading, state};
use crate::clean::Refusal;

/// A pattern.
pub(super) fn pattern<'d>(
    cleaner: &mut Cleaner<'d>,
    scope: Scope<'d>,
    object: &'d Object,
) -> Result<Option<Value>, Refusal> {
    cleaner.once(Role::Pattern, object, |cleaner, object| {
        let Some(dict) = object.dict() else { return Ok(None) };
        match (cleaner.get(dict, "PatternType").int(), object) {
            (Some(1), Object::Stream(stream)) => tiling(cleaner, scope, stream),
            (Some(2), _) => {
                let mut fields = vec![field("PatternType", Value::Int(2))];
                let Some(object) = dict.get(b"Shading".as_slice()) else { return Ok(None) };
                let Some(made) = shading::shading(cleaner, scope, object)? else { return Ok(None) };
                fields.push(field("Shading", made));
                cleaner.keep_numbers(dict, "Matrix", 6..=6, &mut fields);
                if let Some(object) = dict.get(b"ExtGState".as_slice())
                    && let Some(made) =
                        cleaner.once(Role::State, object, |cleaner, object| state::state(cleaner, scope, object))?
                {
                    fields.push(field("ExtGState", made));
                }
                Ok(Some(Value::Ref(cleaner.out.add(&Value::Dict(fields))?)))
            }
            _ => Ok(None),
        }
    })
}

fn tiling<'d>(cleaner: &mut Cleaner<'d>, scope: Scope<'d>, stream: &'d Stream) -> Result<Option<Value>, Refusal> {
    let dict = &stream.dict;
    let mut fields: Fields = vec![field("PatternType", Value::Int(1))];
    cleaner.keep_int(dict, "PaintType", 1..=2, &mut fields);
    cleaner.keep_int(dict, "TilingType", 1..=3, &mut fields);
    cleaner.keep_numbers(dict, "BBox", 4..=4, &mut fields);
    cleaner.keep_number(dict, "XStep", &mut fields);
    cleaner.keep_number(dict, "YStep", &mut fields);
    cleaner.keep_numbers(dict, "Matrix", 6..=6, &mut fields);
    let id = cleaner.out.reserve()?;
    let scope = cleaner.get(dict, "Resources").dict().map_or(scope, |resources| Scope { resources });
    let data = cleaner.doc.data(stream)?;
    let content::Rewritten { content, used } = content::rewrite(cleaner, scope, &data)?;
    fields.push(field("Resources", used.into_value(cleaner, scope)?));
    cleaner.out.put_deflated(id, fields, content.as_bytes())?;
    Ok(Some(Value::Ref(id)))
}

//! Type 3 fonts (ISO 32000-1, 9.6.5): glyphs that are content streams. Keeps those that have a code.

use std::collections::BTreeMap;

use super::encoding::{differences, spelled};
use super::{to_unicode, widths};
use crate::clean::font::plain_glyph_name;
use crate::clean::pdf::content;
use crate::clean::pdf::context::{Cleaner, Role, Scope};
use crate::clean::pdf::object::{Dict, Object};
use crate::clean::pdf::write::{Fields, Value, field, name};
use crate::clean::{Refusal, pdf::resources::Used};

/// A font of drawn glyphs.
pub(super) fn type3<'d>(cleaner: &mut Cleaner<'d>, scope: Scope<'d>, dict: &'d Dict) -> Result<Fields, Refusal> {
    let mut fields = vec![field("Type", name("Font")), field("Subtype", name("Type3"))];
    cleaner.keep_numbers(dict, "FontBBox", 4..=4, &mut fields);
    cleaner.keep_numbers(dict, "FontMatrix", 6..=6, &mut fields);
    widths(cleaner, dict, &mut fields);
    let scope = cleaner.get(dict, "Resources").dict().map_or(scope, |resources| Scope { resources });
    let Some(encoding) = cleaner.get(dict, "Encoding").dict() else { return Ok(fields) };
    let drawn = cleaner.get(dict, "CharProcs").dict();
    let codes: BTreeMap<u8, Vec<u8>> =
        differences(cleaner, encoding).into_iter().map(|(code, glyph)| (code, glyph.to_vec())).collect();
    let (mut called, mut glyphs, mut resources) = (BTreeMap::<Vec<u8>, String>::new(), Fields::new(), None);
    for glyph in codes.values() {
        if called.contains_key(glyph) {
            continue;
        }
        let new = if plain_glyph_name(glyph) {
            String::from_utf8_lossy(glyph).into_owned()
        } else {
            free_name(&codes, called.len())
        };
        called.insert(glyph.clone(), new.clone());
        if let Some(object) = drawn.and_then(|drawn| drawn.get(glyph))
            && let Some(made) = draw(cleaner, scope, object, resources.get_or_insert_with(Used::default))?
        {
            glyphs.push((new.into(), made));
        }
    }
    let spelled_out = codes.iter().filter_map(|(code, glyph)| Some((*code, called.get(glyph)?.clone())));
    let differences = spelled(spelled_out);
    fields
        .push(field("Encoding", Value::Dict(vec![field("Type", name("Encoding")), field("Differences", differences)])));
    fields.push(field("CharProcs", Value::Dict(glyphs)));
    let used = resources.unwrap_or_default().into_value(cleaner, scope)?;
    fields.push(field("Resources", used));
    to_unicode(cleaner, dict, &mut fields)?;
    Ok(fields)
}

/// A name that no glyph has.
fn free_name(codes: &BTreeMap<u8, Vec<u8>>, from: usize) -> String {
    let mut number = from.saturating_add(1);
    loop {
        let new = format!("glyph{number}");
        if !codes.values().any(|glyph| glyph == new.as_bytes()) {
            return new;
        }
        number = number.saturating_add(256);
    }
}

/// A glyph, whose resources are those of the font.
fn draw<'d>(
    cleaner: &mut Cleaner<'d>,
    scope: Scope<'d>,
    object: &'d Object,
    used: &mut Used,
) -> Result<Option<Value>, Refusal> {
    cleaner.once(Role::Glyph, object, |cleaner, object| {
        let Object::Stream(stream) = object else { return Ok(None) };
        let data = cleaner.doc.data(stream)?;
        let id = cleaner.out.reserve()?;
        let content = content::rewrite_with(cleaner, scope, &data, used)?;
        cleaner.out.put_deflated(id, Fields::new(), content.as_bytes())?;
        Ok(Some(Value::Ref(id)))
    })
}

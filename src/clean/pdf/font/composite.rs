//! Composite fonts (ISO 32000-1, 9.7): codes of several bytes, a character map, and one font of numbered glyphs.

use super::{base_font, describe, to_unicode};
use crate::clean::pdf::context::{Cleaner, Role, number};
use crate::clean::pdf::object::{Dict, Object};
use crate::clean::pdf::write::{Fields, Value, field, name};
use crate::clean::pdf::{cmap, font_program, names};
use crate::clean::{Reason, Refusal};
use crate::limits;

/// A composite font.
pub(super) fn composite<'d>(cleaner: &mut Cleaner<'d>, dict: &'d Dict) -> Result<Option<Fields>, Refusal> {
    let below = cleaner.get(dict, "DescendantFonts").array().and_then(|below| below.first());
    let Some(below) = below.and_then(|below| cleaner.doc.resolve(below).dict()) else { return Ok(None) };
    let descriptor = cleaner.get(below, "FontDescriptor").dict();
    let embedded = match descriptor {
        Some(descriptor) => font_program::embedded(cleaner, descriptor, true)?,
        None => None,
    };
    let base = base_font(cleaner, below, embedded.is_some());
    let mut fields = vec![
        field("Type", name("Font")),
        field("Subtype", name("Type0")),
        field("BaseFont", Value::Name(base.clone().into())),
    ];
    let Some(object) = dict.get(b"Encoding".as_slice()) else { return Ok(None) };
    let Some(encoding) = encoding(cleaner, object)? else { return Ok(None) };
    fields.push(field("Encoding", encoding));
    let below = descendant(cleaner, below, descriptor, base, embedded)?;
    fields.push(field("DescendantFonts", Value::Array(vec![below])));
    to_unicode(cleaner, dict, &mut fields)?;
    Ok(Some(fields))
}

/// Which glyph a code is for: a predefined map, or one of the file's own.
fn encoding<'d>(cleaner: &mut Cleaner<'d>, object: &'d Object) -> Result<Option<Value>, Refusal> {
    cleaner.once(Role::Encoding, object, |cleaner, object| match object {
        Object::Name(map) => match names::predefined_map(map) {
            Some(map) => Ok(Some(name(map))),
            None => Err(Refusal::new(Reason::NotUnderstood, "Encoding of a composite font", 0)),
        },
        Object::Stream(stream) => {
            let map = cmap::parse(&cleaner.doc.data(stream)?);
            let base = match cleaner.get(&stream.dict, "UseCMap") {
                Object::Name(base) => names::predefined_map(base),
                Object::Null => None,
                _ => return Err(Refusal::new(Reason::NotUnderstood, "UseCMap", cleaner.doc.offset(stream))),
            };
            let mut fields = vec![
                field("Type", name("CMap")),
                field("CMapName", name("M")),
                field("CIDSystemInfo", system_info("UCS", 0)),
            ];
            if map.vertical() {
                fields.push(field("WMode", Value::Int(1)));
            }
            fields.extend(map.base().or(base).map(|base| field("UseCMap", name(base))));
            let id = cleaner.out.reserve()?;
            cleaner.out.put_deflated(id, fields, map.spell(false).as_bytes())?;
            Ok(Some(Value::Ref(id)))
        }
        _ => Ok(None),
    })
}

fn system_info(ordering: &'static str, supplement: i64) -> Value {
    Value::Dict(vec![
        field("Registry", Value::Text(b"Adobe".to_vec())),
        field("Ordering", Value::Text(ordering.as_bytes().to_vec())),
        field("Supplement", Value::Int(supplement)),
    ])
}

/// The font of numbered glyphs (9.7.4).
fn descendant<'d>(
    cleaner: &mut Cleaner<'d>,
    dict: &'d Dict,
    descriptor: Option<&'d Dict>,
    base: String,
    embedded: Option<font_program::Embedded>,
) -> Result<Value, Refusal> {
    let of_outlines = cleaner.get(dict, "Subtype").name() == Some(b"CIDFontType0");
    let mut fields = vec![
        field("Type", name("Font")),
        field("Subtype", name(if of_outlines { "CIDFontType0" } else { "CIDFontType2" })),
        field("BaseFont", Value::Name(base.clone().into())),
    ];
    let info = cleaner.get(dict, "CIDSystemInfo").dict();
    let ordering = info.and_then(|info| cleaner.get(info, "Ordering").text()).map_or("Identity", names::ordering);
    let supplement = info.and_then(|info| cleaner.get(info, "Supplement").int()).unwrap_or(0).clamp(0, 15);
    fields.push(field("CIDSystemInfo", system_info(ordering, supplement)));
    if let Some(descriptor) = descriptor {
        fields.push(field("FontDescriptor", describe(cleaner, descriptor, base, embedded)?));
    }
    cleaner.keep_number(dict, "DW", &mut fields);
    fields.extend(runs(cleaner, dict, "W").map(|runs| field("W", runs)));
    cleaner.keep_numbers(dict, "DW2", 2..=2, &mut fields);
    fields.extend(runs(cleaner, dict, "W2").map(|runs| field("W2", runs)));
    match dict.get(b"CIDToGIDMap".as_slice()).map(|object| cleaner.doc.resolve(object)) {
        Some(Object::Name(_)) => fields.push(field("CIDToGIDMap", name("Identity"))),
        Some(Object::Stream(stream)) => {
            let mut data = cleaner.doc.data(stream)?;
            // Two bytes for each of at most 65,536 glyphs.
            data.truncate(data.len().min(2 * 65_536) & !1);
            let id = cleaner.out.reserve()?;
            cleaner.out.put_deflated(id, Fields::new(), &data)?;
            fields.push(field("CIDToGIDMap", Value::Ref(id)));
        }
        _ => {}
    }
    Ok(Value::Ref(cleaner.out.add(&Value::Dict(fields))?))
}

/// Widths in runs (9.7.4.3): numbers, and arrays of them.
fn runs(cleaner: &Cleaner<'_>, dict: &Dict, key: &str) -> Option<Value> {
    let array = cleaner.get(dict, key).array().filter(|array| array.len() <= limits::PDF_WIDTHS_MAX)?;
    let values = array.iter().filter_map(|object| match cleaner.doc.resolve(object) {
        Object::Array(_) => cleaner.numbers(object, 0..=limits::PDF_WIDTHS_MAX).map(Value::Array),
        other => number(other),
    });
    Some(Value::Array(values.collect()))
}

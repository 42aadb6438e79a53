//! Graphics states (ISO 32000-1, 8.4.5), soft masks (11.6.5.3) and transparency groups (11.6.6), by their fields. What
//! only a certain printer goes by is left out: halftones, black generation, undercolour removal, flatness.

use super::colour;
use super::context::{Cleaner, Scope, number, one_of};
use super::object::{Dict, Object};
use super::write::{Fields, Value, field, name};
use super::{font, function, x_object};
use crate::clean::Refusal;
use crate::limits;

/// Rendering intents (8.6.5.8).
pub(super) const INTENTS: &[&str] = &["AbsoluteColorimetric", "Perceptual", "RelativeColorimetric", "Saturation"];

/// Blend modes (11.3.5).
const BLEND_MODES: &[&str] = &[
    "Color",
    "ColorBurn",
    "ColorDodge",
    "Compatible",
    "Darken",
    "Difference",
    "Exclusion",
    "HardLight",
    "Hue",
    "Lighten",
    "Luminosity",
    "Multiply",
    "Normal",
    "Overlay",
    "Saturation",
    "Screen",
    "SoftLight",
];

/// A graphics state.
pub(super) fn state<'d>(
    cleaner: &mut Cleaner<'d>,
    scope: Scope<'d>,
    object: &'d Object,
) -> Result<Option<Value>, Refusal> {
    let Some(dict) = object.dict() else { return Ok(None) };
    let mut fields = vec![field("Type", name("ExtGState"))];
    cleaner.keep_number(dict, "LW", &mut fields);
    cleaner.keep_int(dict, "LC", 0..=2, &mut fields);
    cleaner.keep_int(dict, "LJ", 0..=2, &mut fields);
    cleaner.keep_number(dict, "ML", &mut fields);
    if let Some([dashes, phase]) = cleaner.get(dict, "D").array()
        && let Some(dashes) = cleaner.numbers(dashes, 0..=limits::PDF_COMPONENTS_MAX)
        && let Some(phase) = number(cleaner.doc.resolve(phase))
    {
        fields.push(field("D", Value::Array(vec![Value::Array(dashes), phase])));
    }
    cleaner.keep_name(dict, "RI", INTENTS, &mut fields);
    if let Some([face, size]) = cleaner.get(dict, "Font").array()
        && let Some(size) = number(cleaner.doc.resolve(size))
        && let Some(face) = font::font(cleaner, scope, face)?
    {
        fields.push(field("Font", Value::Array(vec![face, size])));
    }
    cleaner.keep_bool(dict, "OP", &mut fields);
    cleaner.keep_bool(dict, "op", &mut fields);
    cleaner.keep_int(dict, "OPM", 0..=1, &mut fields);
    for key in ["TR", "TR2"] {
        if let Some(object) = dict.get(key.as_bytes())
            && let Some(made) = function::transfer(cleaner, object)?
        {
            fields.push(field(key, made));
        }
    }
    cleaner.keep_bool(dict, "SA", &mut fields);
    fields.extend(blend_mode(cleaner, dict).map(|mode| field("BM", name(mode))));
    if let Some(mask) = soft_mask(cleaner, scope, cleaner.get(dict, "SMask"))? {
        fields.push(field("SMask", mask));
    }
    cleaner.keep_number(dict, "CA", &mut fields);
    cleaner.keep_number(dict, "ca", &mut fields);
    cleaner.keep_bool(dict, "AIS", &mut fields);
    cleaner.keep_bool(dict, "TK", &mut fields);
    Ok(Some(Value::Ref(cleaner.out.add(&Value::Dict(fields))?)))
}

/// A blend mode: of several the first that is known.
fn blend_mode(cleaner: &Cleaner<'_>, dict: &Dict) -> Option<&'static str> {
    match cleaner.get(dict, "BM") {
        Object::Name(mode) => one_of(mode, BLEND_MODES),
        Object::Array(modes) => {
            modes.iter().filter_map(|mode| cleaner.doc.resolve(mode).name()).find_map(|mode| one_of(mode, BLEND_MODES))
        }
        _ => None,
    }
}

fn soft_mask<'d>(cleaner: &mut Cleaner<'d>, scope: Scope<'d>, object: &'d Object) -> Result<Option<Value>, Refusal> {
    let dict = match object {
        Object::Name(none) => return Ok((none == b"None").then(|| name("None"))),
        Object::Dict(dict) => dict,
        _ => return Ok(None),
    };
    let mut fields = vec![field("Type", name("Mask"))];
    cleaner.keep_name(dict, "S", &["Alpha", "Luminosity"], &mut fields);
    let Some(form) = dict.get(b"G".as_slice()) else { return Ok(None) };
    let Some(form) = x_object::x_object(cleaner, scope, form)? else { return Ok(None) };
    fields.push(field("G", form));
    let backdrop = dict.get(b"BC".as_slice()).and_then(|backdrop| colour::values(cleaner, backdrop));
    fields.extend(backdrop.map(|backdrop| field("BC", backdrop)));
    if let Some(object) = dict.get(b"TR".as_slice())
        && let Some(made) = function::transfer(cleaner, object)?
    {
        fields.push(field("TR", made));
    }
    Ok(Some(Value::Dict(fields)))
}

/// The transparency group of a page or a form.
pub(super) fn group<'d>(cleaner: &mut Cleaner<'d>, dict: &'d Dict) -> Result<Option<Value>, Refusal> {
    let Some(dict) = cleaner.get(dict, "Group").dict() else { return Ok(None) };
    if cleaner.get(dict, "S").name() != Some(b"Transparency") {
        return Ok(None);
    }
    let mut fields: Fields = vec![field("S", name("Transparency"))];
    if let Some(object) = dict.get(b"CS".as_slice())
        && let Some(space) = colour::space(cleaner, object)?
    {
        fields.push(field("CS", space));
    }
    cleaner.keep_bool(dict, "I", &mut fields);
    cleaner.keep_bool(dict, "K", &mut fields);
    Ok(Some(Value::Dict(fields)))
}

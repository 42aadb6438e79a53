//! Colour spaces (ISO 32000-1, 8.6). Never keeps a profile as it is, or the name of a colour that no printer has.

use super::content::numbered;
use super::context::{Cleaner, Role, Scope, number, one_of};
use super::function;
use super::object::{Dict, Object};
use super::resources;
use super::write::{Fields, Value, field, name};
use crate::clean::Refusal;
use crate::clean::metadata::icc;
use crate::limits;

/// Colorants that every printer or screen has, and those of no colour (8.6.6.4).
const PROCESS: &[&str] = &["All", "Black", "Blue", "Cyan", "Gray", "Green", "Magenta", "None", "Red", "Yellow"];

/// The device colour space of a name, in either spelling (8.9.7, table 94).
fn device(source: &[u8]) -> Option<Value> {
    Some(name(match source {
        b"DeviceGray" | b"G" | b"CalGray" => "DeviceGray",
        b"DeviceRGB" | b"RGB" | b"CalRGB" => "DeviceRGB",
        b"DeviceCMYK" | b"CMYK" | b"CalCMYK" => "DeviceCMYK",
        b"Pattern" => "Pattern",
        _ => return None,
    }))
}

/// The colour space that a name in a content stream stands for.
pub(super) fn named<'d>(cleaner: &mut Cleaner<'d>, scope: Scope<'d>, source: &[u8]) -> Result<Option<Value>, Refusal> {
    if let Some(object) = resources::find(cleaner, scope, "ColorSpace", source) {
        return space(cleaner, object);
    }
    Ok(device(source))
}

/// The colour spaces that take the place of those of devices (8.6.5.6).
pub(super) fn usual<'d>(cleaner: &mut Cleaner<'d>, scope: Scope<'d>) -> Result<Fields, Refusal> {
    let mut fields = Fields::new();
    for key in ["DefaultCMYK", "DefaultGray", "DefaultRGB"] {
        if let Some(object) = resources::find(cleaner, scope, "ColorSpace", key.as_bytes())
            && let Some(made @ Value::Ref(_)) = space(cleaner, object)?
        {
            fields.push(field(key, made));
        }
    }
    Ok(fields)
}

/// A colour space: the name of a device's, or an object.
pub(super) fn space<'o, 'd: 'o>(cleaner: &mut Cleaner<'d>, object: &'o Object) -> Result<Option<Value>, Refusal> {
    cleaner.once(Role::Colour, object, |cleaner, object| {
        let array = match object {
            Object::Name(name) => return Ok(device(name)),
            Object::Array(array) => array,
            _ => return Ok(None),
        };
        let Some((family, operands)) = array.split_first() else { return Ok(None) };
        let Some(family) = cleaner.doc.resolve(family).name() else { return Ok(None) };
        let values = match family {
            b"ICCBased" => return based_on_profile(cleaner, operands),
            b"CalGray" | b"CalRGB" | b"Lab" => calibrated(cleaner, family, operands),
            b"Indexed" | b"I" => indexed(cleaner, operands)?,
            b"Separation" | b"DeviceN" => separation(cleaner, family, operands)?,
            b"Pattern" if !operands.is_empty() => pattern(cleaner, operands)?,
            _ => return Ok(device(family)),
        };
        let made = values.map(|values| cleaner.out.add(&Value::Array(values))).transpose()?;
        Ok(made.map(Value::Ref))
    })
}

/// ICCBased (8.6.5.5): a profile written anew, or what it says stands in its place.
fn based_on_profile<'o, 'd: 'o>(cleaner: &mut Cleaner<'d>, operands: &'o [Object]) -> Result<Option<Value>, Refusal> {
    let Some(object) = operands.first() else { return Ok(None) };
    cleaner.once(Role::Profile, object, |cleaner, object| {
        let Object::Stream(stream) = object else { return Ok(None) };
        let count = cleaner.get(&stream.dict, "N").int();
        let (device, signature): (_, &[u8]) = match count {
            Some(1) => ("DeviceGray", b"GRAY"),
            Some(3) => ("DeviceRGB", b"RGB "),
            Some(4) => ("DeviceCMYK", b"CMYK"),
            _ => return Ok(None),
        };
        let profile = cleaner.doc.data(stream)?;
        let canonical = if profile.len() > limits::METADATA_BYTES_MAX {
            None
        } else {
            icc::canonical(&profile, &mut cleaner.findings)
        };
        let Some(canonical) = canonical.filter(|profile| profile.get(16..20) == Some(signature)) else {
            if let Some(other) = stream.dict.get(b"Alternate".as_slice())
                && cleaner.doc.resolve(other).array().is_some()
                && components(cleaner, other, 0) == usize::try_from(count.unwrap_or(0)).ok()
            {
                return space(cleaner, other);
            }
            return Ok(Some(name(device)));
        };
        let profile = cleaner.out.reserve()?;
        let fields = vec![field("N", Value::Int(count.unwrap_or(0))), field("Alternate", name(device))];
        cleaner.out.put_deflated(profile, fields, &canonical)?;
        Ok(Some(Value::Ref(cleaner.out.add(&Value::Array(vec![name("ICCBased"), Value::Ref(profile)]))?)))
    })
}

/// CalGray, CalRGB and Lab (8.6.5.2 to 8.6.5.4).
fn calibrated(cleaner: &Cleaner<'_>, family: &[u8], operands: &[Object]) -> Option<Vec<Value>> {
    let dict = cleaner.doc.resolve(operands.first()?).dict()?;
    let mut fields = Fields::new();
    cleaner.keep_numbers(dict, "WhitePoint", 3..=3, &mut fields);
    cleaner.keep_numbers(dict, "BlackPoint", 3..=3, &mut fields);
    let word = match family {
        b"CalGray" => {
            cleaner.keep_number(dict, "Gamma", &mut fields);
            "CalGray"
        }
        b"CalRGB" => {
            cleaner.keep_numbers(dict, "Gamma", 3..=3, &mut fields);
            cleaner.keep_numbers(dict, "Matrix", 9..=9, &mut fields);
            "CalRGB"
        }
        _ => {
            cleaner.keep_numbers(dict, "Range", 4..=4, &mut fields);
            "Lab"
        }
    };
    Some(vec![name(word), Value::Dict(fields)])
}

/// Indexed (8.6.6.3): the table no longer and no shorter than its colours.
fn indexed<'o, 'd: 'o>(cleaner: &mut Cleaner<'d>, operands: &'o [Object]) -> Result<Option<Vec<Value>>, Refusal> {
    let [base, highest, table, ..] = operands else { return Ok(None) };
    let doc = cleaner.doc;
    let Some(count) = components(cleaner, base, 0) else { return Ok(None) };
    let Some(highest) = doc.resolve(highest).int().map(|highest| highest.clamp(0, 255)) else { return Ok(None) };
    let Some(base) = space(cleaner, base)? else { return Ok(None) };
    let mut colours = match doc.resolve(table) {
        Object::Text(text) => text.clone(),
        Object::Stream(stream) => doc.data(stream)?,
        _ => return Ok(None),
    };
    let entries = usize::try_from(highest).unwrap_or(0).saturating_add(1);
    colours.resize(entries.saturating_mul(count), 0);
    Ok(Some(vec![name("Indexed"), base, Value::Int(highest), Value::Text(colours)]))
}

/// Separation and DeviceN (8.6.6.4 and 8.6.6.5), without what DeviceN says of its colorants.
fn separation<'o, 'd: 'o>(
    cleaner: &mut Cleaner<'d>,
    family: &[u8],
    operands: &'o [Object],
) -> Result<Option<Vec<Value>>, Refusal> {
    let [names, other, tint, ..] = operands else { return Ok(None) };
    let doc = cleaner.doc;
    let Some(other) = space(cleaner, other)? else { return Ok(None) };
    let Some(tint) = function::function(cleaner, tint)? else { return Ok(None) };
    let (family, names) = match (family, doc.resolve(names)) {
        (b"Separation", Object::Name(one)) => ("Separation", colorant(cleaner, one)),
        (_, Object::Array(all)) if all.len() <= limits::PDF_COMPONENTS_MAX => {
            let all = all.iter().filter_map(|one| doc.resolve(one).name());
            ("DeviceN", Value::Array(all.map(|one| colorant(cleaner, one)).collect()))
        }
        _ => return Ok(None),
    };
    Ok(Some(vec![name(family), names, other, tint]))
}

/// A colorant: its name if every device has it, a number if it is one of its own.
fn colorant(cleaner: &mut Cleaner<'_>, source: &[u8]) -> Value {
    if let Some(process) = one_of(source, PROCESS) {
        return name(process);
    }
    let next = cleaner.colorants.len().saturating_add(1);
    let index = *cleaner.colorants.entry(source.to_vec()).or_insert(next);
    let new = numbered("Spot", index);
    if new.as_bytes() != source {
        let said = String::from_utf8_lossy(source);
        cleaner.findings.removed_value(crate::clean::Category::Software, "colorant", &said);
    }
    Value::Name(new)
}

/// Pattern with a colour space below (8.7.3.3).
fn pattern<'o, 'd: 'o>(cleaner: &mut Cleaner<'d>, operands: &'o [Object]) -> Result<Option<Vec<Value>>, Refusal> {
    let Some(base) = operands.first() else { return Ok(None) };
    Ok(space(cleaner, base)?.map(|base| vec![name("Pattern"), base]))
}

/// Numbers of a colour in a colour space of the file that is read.
pub(super) fn components(cleaner: &Cleaner<'_>, object: &Object, depth: usize) -> Option<usize> {
    if depth > limits::PDF_DEPTH_MAX {
        return None;
    }
    let doc = cleaner.doc;
    let array = match doc.resolve(object) {
        Object::Name(name) => return family_components(name),
        Object::Array(array) => array,
        _ => return None,
    };
    let (family, operands) = array.split_first()?;
    let first = operands.first().map(|first| doc.resolve(first));
    match doc.resolve(family).name()? {
        b"ICCBased" => {
            let dict: &Dict = first?.dict()?;
            doc.get(dict, b"N").int().and_then(|count| usize::try_from(count).ok()).filter(|count| *count <= 4)
        }
        b"Indexed" | b"I" | b"Separation" => Some(1),
        b"DeviceN" => first?.array().map(<[Object]>::len).filter(|len| *len <= limits::PDF_COMPONENTS_MAX),
        name => family_components(name),
    }
}

fn family_components(name: &[u8]) -> Option<usize> {
    match name {
        b"DeviceGray" | b"G" | b"CalGray" => Some(1),
        b"DeviceRGB" | b"RGB" | b"CalRGB" | b"Lab" => Some(3),
        b"DeviceCMYK" | b"CMYK" => Some(4),
        _ => None,
    }
}

/// The numbers of a colour.
pub(super) fn values(cleaner: &Cleaner<'_>, object: &Object) -> Option<Value> {
    let array = cleaner.doc.resolve(object).array().filter(|array| array.len() <= limits::PDF_COMPONENTS_MAX)?;
    let values: Option<Vec<Value>> = array.iter().map(|value| number(cleaner.doc.resolve(value))).collect();
    values.map(Value::Array)
}

//! Shadings (ISO 32000-1, 8.7.4.5), types 1 to 7. Of meshes no more than their whole records.

use super::context::{Cleaner, Role, Scope, number};
use super::object::{Dict, Object, Stream};
use super::write::{Fields, Value, field};
use super::{colour, function};
use crate::clean::Refusal;

/// A shading.
pub(super) fn shading<'d>(
    cleaner: &mut Cleaner<'d>,
    scope: Scope<'d>,
    object: &'d Object,
) -> Result<Option<Value>, Refusal> {
    cleaner.once(Role::Shading, object, |cleaner, object| {
        let Some(dict) = object.dict() else { return Ok(None) };
        let Some(kind) = cleaner.get(dict, "ShadingType").int() else { return Ok(None) };
        let mut fields: Fields = vec![field("ShadingType", Value::Int(kind))];
        let Some(object_space) = dict.get(b"ColorSpace".as_slice()) else { return Ok(None) };
        let space = match cleaner.doc.resolve(object_space) {
            Object::Name(source) => colour::named(cleaner, scope, source)?,
            _ => colour::space(cleaner, object_space)?,
        };
        let Some(space) = space else { return Ok(None) };
        fields.push(field("ColorSpace", space));
        let background = dict.get(b"Background".as_slice()).and_then(|object| colour::values(cleaner, object));
        fields.extend(background.map(|background| field("Background", background)));
        cleaner.keep_numbers(dict, "BBox", 4..=4, &mut fields);
        cleaner.keep_bool(dict, "AntiAlias", &mut fields);
        match kind {
            1 => {
                cleaner.keep_numbers(dict, "Domain", 4..=4, &mut fields);
                cleaner.keep_numbers(dict, "Matrix", 6..=6, &mut fields);
            }
            2 | 3 => {
                let count = if kind == 2 { 4 } else { 6 };
                cleaner.keep_numbers(dict, "Coords", count..=count, &mut fields);
                cleaner.keep_numbers(dict, "Domain", 2..=2, &mut fields);
                extend(cleaner, dict, &mut fields);
            }
            4..=7 => {}
            _ => return Ok(None),
        }
        let mut has_function = false;
        if let Some(object) = dict.get(b"Function".as_slice())
            && let Some(made) = function::functions(cleaner, object)?
        {
            has_function = true;
            fields.push(field("Function", made));
        }
        if kind < 4 {
            return Ok(Some(Value::Ref(cleaner.out.add(&Value::Dict(fields))?)));
        }
        let Object::Stream(stream) = object else { return Ok(None) };
        let count = if has_function { Some(1) } else { colour::components(cleaner, object_space, 0) };
        mesh(cleaner, stream, kind, count, fields)
    })
}

fn extend(cleaner: &Cleaner<'_>, dict: &Dict, to: &mut Fields) {
    if let Some([before, behind]) = cleaner.get(dict, "Extend").array()
        && let (Some(before), Some(behind)) = (cleaner.doc.resolve(before).bool(), cleaner.doc.resolve(behind).bool())
    {
        to.push(field("Extend", Value::Array(vec![Value::Bool(before), Value::Bool(behind)])));
    }
}

/// A shading of triangles or patches, whose data are vertices.
fn mesh(
    cleaner: &mut Cleaner<'_>,
    stream: &Stream,
    kind: i64,
    colours: Option<usize>,
    mut fields: Fields,
) -> Result<Option<Value>, Refusal> {
    let dict = &stream.dict;
    cleaner.keep_int(dict, "BitsPerCoordinate", 1..=32, &mut fields);
    cleaner.keep_int(dict, "BitsPerComponent", 1..=16, &mut fields);
    if kind == 5 {
        cleaner.keep_int(dict, "VerticesPerRow", 2..=1 << 20, &mut fields);
    } else {
        cleaner.keep_int(dict, "BitsPerFlag", 2..=8, &mut fields);
    }
    let decode = cleaner.get(dict, "Decode").array().unwrap_or_default();
    let decode: Option<Vec<Value>> = decode.iter().map(|value| number(cleaner.doc.resolve(value))).collect();
    fields.extend(decode.map(|decode| field("Decode", Value::Array(decode))));
    let (Some(coordinate), Some(component), Some(colours)) =
        (cleaner.size(dict, "BitsPerCoordinate"), cleaner.size(dict, "BitsPerComponent"), colours)
    else {
        return Ok(None);
    };
    let bits_of_flag = if kind == 5 { 0 } else { cleaner.size(dict, "BitsPerFlag").unwrap_or(8) };
    if coordinate > 32 || component > 16 || bits_of_flag > 8 {
        return Ok(None);
    }
    let mut data = cleaner.doc.data(stream)?;
    let colour = component.saturating_mul(colours);
    let point = coordinate.saturating_mul(2);
    let len = if kind < 6 {
        let vertex = bits_of_flag.saturating_add(point).saturating_add(colour).div_ceil(8);
        data.len().saturating_sub(data.len().checked_rem(vertex).unwrap_or(0))
    } else {
        patches(&data, bits_of_flag, point, colour, if kind == 6 { 12 } else { 16 })
    };
    data.truncate(len);
    let id = cleaner.out.reserve()?;
    cleaner.out.put_deflated(id, fields, &data)?;
    Ok(Some(Value::Ref(id)))
}

/// Bytes of the whole patches in `data`: the first of a row with all its points, the others with four fewer.
fn patches(data: &[u8], flag: usize, point: usize, colour: usize, points: usize) -> usize {
    let mut at = 0_usize;
    while let Some(byte) = data.get(at) {
        let shift = u32::try_from(8_usize.saturating_sub(flag)).unwrap_or(0);
        let first = byte.wrapping_shr(shift) & 3 == 0;
        let (points, colours) = if first { (points, 4) } else { (points.saturating_sub(4), 2) };
        let bits = flag.saturating_add(points.saturating_mul(point)).saturating_add(colour.saturating_mul(colours));
        let next = at.saturating_add(bits.div_ceil(8));
        if next > data.len() || next == at {
            break;
        }
        at = next;
    }
    at
}

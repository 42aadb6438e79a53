//! Pictures (ISO 32000-1, 8.9): their dictionaries by list, their samples no more and no fewer than the picture has.
//! An inline picture becomes one that is drawn by name. Never keeps alternates, thumbnails or metadata.

use super::context::{Cleaner, Scope, number};
use super::filter::Decoded;
use super::object::{Dict, Object, Stream};
use super::write::{Fields, Value, field, name};
use super::{colour, filter, state, x_object};
use crate::clean::codec::bilevel::{self, Fax};
use crate::clean::codec::jpeg2000;
use crate::clean::{Reason, Refusal, cleaned, jpeg};
use crate::limits;

/// Long keys and names for the short ones of inline pictures (8.9.7, tables 93 and 94).
const SHORT: &[(&str, &str)] = &[
    ("BPC", "BitsPerComponent"),
    ("CS", "ColorSpace"),
    ("D", "Decode"),
    ("DP", "DecodeParms"),
    ("F", "Filter"),
    ("H", "Height"),
    ("I", "Interpolate"),
    ("IM", "ImageMask"),
    ("W", "Width"),
];

/// A picture in a stream.
pub(super) fn image<'d>(
    cleaner: &mut Cleaner<'d>,
    scope: Scope<'d>,
    stream: &'d Stream,
) -> Result<Option<Value>, Refusal> {
    let dict = &stream.dict;
    let decoded = cleaner.doc.decoded(stream)?;
    let Some(shape) = Shape::read(cleaner, scope, dict, decoded.coded())? else { return Ok(None) };
    let mut fields = shape.fields(cleaner, dict);
    match cleaner.get(dict, "Mask") {
        Object::Array(_) => {
            cleaner.keep_numbers(dict, "Mask", 2..=limits::PDF_COMPONENTS_MAX.saturating_mul(2), &mut fields);
        }
        Object::Stream(_) => {
            if let Some(mask) = dict.get(b"Mask".as_slice())
                && let Some(made) = x_object::x_object(cleaner, scope, mask)?
            {
                fields.push(field("Mask", made));
            }
        }
        _ => {}
    }
    if let Some(mask) = dict.get(b"SMask".as_slice())
        && let Some(made) = x_object::x_object(cleaner, scope, mask)?
    {
        fields.push(field("SMask", made));
    }
    if decoded.coded() == Some(b"JPXDecode") {
        cleaner.keep_int(dict, "SMaskInData", 0..=2, &mut fields);
    }
    cleaner.keep_numbers(dict, "Matte", 1..=limits::PDF_COMPONENTS_MAX, &mut fields);
    write(cleaner, &shape, fields, decoded, cleaner.doc.offset(stream)).map(Some)
}

/// A picture between `BI` and `EI`.
pub(super) fn inline<'d>(
    cleaner: &mut Cleaner<'d>,
    scope: Scope<'d>,
    short: &Dict,
    data: &[u8],
) -> Result<Option<Value>, Refusal> {
    let long = |key: &Vec<u8>| {
        let long = SHORT.iter().find(|(short, _)| short.as_bytes() == key.as_slice());
        long.map_or_else(|| key.clone(), |(_, long)| long.as_bytes().to_vec())
    };
    let dict: Dict = short.iter().map(|(key, value)| (long(key), value.clone())).collect();
    let decoded = filter::decode(cleaner.doc, &dict, data, 0)?;
    let Some(shape) = Shape::read(cleaner, scope, &dict, decoded.coded())? else { return Ok(None) };
    let fields = shape.fields(cleaner, &dict);
    write(cleaner, &shape, fields, decoded, 0).map(Some)
}

/// How the samples of a picture lie.
struct Shape {
    width: usize,
    height: usize,
    mask: bool,
    bits: usize,
    components: Option<usize>,
    space: Option<Value>,
}

impl Shape {
    fn read<'o, 'd: 'o>(
        cleaner: &mut Cleaner<'d>,
        scope: Scope<'d>,
        dict: &'o Dict,
        coded: Option<&[u8]>,
    ) -> Result<Option<Self>, Refusal> {
        let (Some(width), Some(height)) = (cleaner.size(dict, "Width"), cleaner.size(dict, "Height")) else {
            return Ok(None);
        };
        let side = usize::try_from(limits::PICTURE_SIDE_MAX).unwrap_or(usize::MAX);
        if width == 0 || height == 0 {
            return Ok(None);
        }
        if width > side || height > side {
            return Err(Refusal::new(Reason::TooLarge, "Width and Height of a picture", 0));
        }
        let mask = cleaner.get(dict, "ImageMask").bool() == Some(true);
        let of_one_bit = matches!(coded, Some(b"CCITTFaxDecode" | b"CCF" | b"JBIG2Decode"));
        let bits = if mask || of_one_bit { 1 } else { cleaner.size(dict, "BitsPerComponent").unwrap_or(8) };
        let (mut components, mut space) = (Some(1), None);
        if !mask {
            components = None;
            if let Some(object) = dict.get(b"ColorSpace".as_slice()) {
                space = match cleaner.doc.resolve(object) {
                    Object::Name(source) => {
                        components = super::resources::find(cleaner, scope, "ColorSpace", source)
                            .and_then(|object| colour::components(cleaner, object, 0))
                            .or_else(|| colour::components(cleaner, object, 0));
                        colour::named(cleaner, scope, source)?
                    }
                    _ => {
                        components = colour::components(cleaner, object, 0);
                        colour::space(cleaner, object)?
                    }
                };
            }
        }
        if !matches!(bits, 1 | 2 | 4 | 8 | 16) {
            return Ok(None);
        }
        Ok(Some(Self { width, height, mask, bits, components, space }))
    }

    /// Width and height.
    fn sides(&self) -> (u32, u32) {
        let [width, height] = [self.width, self.height].map(|side| u32::try_from(side).unwrap_or(u32::MAX));
        (width, height)
    }

    /// What all pictures have.
    fn fields(&self, cleaner: &Cleaner<'_>, dict: &Dict) -> Fields {
        let int = |size: usize| Value::Int(i64::try_from(size).unwrap_or(i64::MAX));
        let mut fields = vec![
            field("Type", name("XObject")),
            field("Subtype", name("Image")),
            field("Width", int(self.width)),
            field("Height", int(self.height)),
        ];
        if self.mask {
            fields.push(field("ImageMask", Value::Bool(true)));
        }
        fields.extend(self.space.clone().map(|space| field("ColorSpace", space)));
        fields.push(field("BitsPerComponent", int(self.bits)));
        cleaner.keep_numbers(dict, "Decode", 2..=limits::PDF_COMPONENTS_MAX.saturating_mul(2), &mut fields);
        if cleaner.get(dict, "Interpolate").bool() == Some(true) {
            fields.push(field("Interpolate", Value::Bool(true)));
        }
        cleaner.keep_name(dict, "Intent", state::INTENTS, &mut fields);
        fields
    }

    /// Makes the samples exactly as many as there are pixels, with nothing in the bits that are none.
    fn fit(&self, samples: &mut Vec<u8>, at: u64) -> Result<(), Refusal> {
        let components = self.components.ok_or(Refusal::new(Reason::Damaged, "ColorSpace of a picture", at))?;
        let bits = self.width.saturating_mul(components).saturating_mul(self.bits);
        let row = bits.div_ceil(8);
        let len = row.saturating_mul(self.height);
        if len > limits::PDF_STREAM_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "samples of a picture", at));
        }
        samples.resize(len, 0);
        let unused = u32::try_from(row.saturating_mul(8).saturating_sub(bits)).unwrap_or(0);
        if unused > 0 {
            for line in samples.chunks_mut(row) {
                if let Some(last) = line.last_mut() {
                    *last &= u8::MAX.wrapping_shl(unused);
                }
            }
        }
        Ok(())
    }
}

fn write(
    cleaner: &mut Cleaner<'_>,
    shape: &Shape,
    mut fields: Fields,
    decoded: Decoded,
    at: u64,
) -> Result<Value, Refusal> {
    let id = cleaner.out.reserve()?;
    let here = |refusal: Refusal| Refusal { at: refusal.at.saturating_add(at), ..refusal };
    let Decoded { mut bytes, left } = decoded;
    match left.as_ref().map(|(name, parms)| (name.as_slice(), parms)) {
        None => {
            shape.fit(&mut bytes, at)?;
            cleaner.out.put_deflated(id, fields, &bytes)?;
        }
        Some((b"DCTDecode" | b"DCT", parms)) => {
            let (picture, findings, _) = cleaned::clean_as(&jpeg::FORMAT, &bytes).map_err(here)?;
            cleaner.findings.append(findings);
            fields.push(field("Filter", name("DCTDecode")));
            let transform = number(cleaner.get(parms, "ColorTransform"));
            let transform = transform.filter(|value| matches!(value, Value::Int(0 | 1)));
            let parms = transform.map(|value| Value::Dict(vec![field("ColorTransform", value)]));
            fields.extend(parms.map(|parms| field("DecodeParms", parms)));
            cleaner.out.put_stream(id, fields, &picture)?;
        }
        Some((b"CCITTFaxDecode" | b"CCF", parms)) => {
            let mut rows = bilevel::fax(&bytes, &fax(cleaner, shape, parms)).map_err(here)?;
            shape.fit(&mut rows, at)?;
            cleaner.out.put_deflated(id, fields, &rows)?;
        }
        Some((b"JBIG2Decode", parms)) => {
            let shared = match cleaner.get(parms, "JBIG2Globals") {
                Object::Stream(stream) => Some(cleaner.doc.data(stream)?),
                _ => None,
            };
            let (width, height) = shape.sides();
            let mut rows = bilevel::jbig2(&bytes, shared.as_deref(), width, height).map_err(here)?;
            shape.fit(&mut rows, at)?;
            cleaner.out.put_deflated(id, fields, &rows)?;
        }
        Some(_) => {
            let picture = jpeg2000::clean(&bytes).map_err(here)?;
            fields.push(field("Filter", name("JPXDecode")));
            cleaner.out.put_stream(id, fields, &picture)?;
        }
    }
    Ok(Value::Ref(id))
}

/// How a fax is coded (7.4.6, table 11).
fn fax(cleaner: &Cleaner<'_>, shape: &Shape, parms: &Dict) -> Fax {
    let (width, height) = shape.sides();
    let flag = |key: &str, usual: bool| cleaner.get(parms, key).bool().unwrap_or(usual);
    Fax {
        width,
        height,
        columns: cleaner.size(parms, "Columns").and_then(|columns| u32::try_from(columns).ok()).unwrap_or(1728),
        k: cleaner.get(parms, "K").int().unwrap_or(0),
        end_of_line: flag("EndOfLine", false),
        byte_aligned: flag("EncodedByteAlign", false),
        end_of_block: flag("EndOfBlock", true),
        black_is_one: flag("BlackIs1", false),
    }
}

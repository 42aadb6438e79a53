//! Fonts (ISO 32000-1, 9.5 to 9.8): dictionaries by list, under names that count them or that everyone has. Never
//! keeps what a subset was called, what its glyphs are for, or a map it does not understand.

mod composite;
mod encoding;
mod type3;

use super::context::{Cleaner, Role, Scope};
use super::font_program;
use super::object::{Dict, Object};
use super::write::{Fields, Value, field, name};
use super::{cmap, names};
use crate::clean::{Category, Refusal};
use crate::limits;

/// A font.
pub(super) fn font<'d>(
    cleaner: &mut Cleaner<'d>,
    scope: Scope<'d>,
    object: &'d Object,
) -> Result<Option<Value>, Refusal> {
    cleaner.once(Role::Font, object, |cleaner, object| {
        let Some(dict) = object.dict() else { return Ok(None) };
        let fields = match cleaner.get(dict, "Subtype").name() {
            Some(b"Type0") => composite::composite(cleaner, dict)?,
            Some(b"Type3") => Some(type3::type3(cleaner, scope, dict)?),
            Some(b"TrueType") => Some(simple(cleaner, dict, "TrueType")?),
            Some(b"MMType1") => Some(simple(cleaner, dict, "MMType1")?),
            _ => Some(simple(cleaner, dict, "Type1")?),
        };
        fields.map(|fields| Ok(Value::Ref(cleaner.out.add(&Value::Dict(fields))?))).transpose()
    })
}

/// Type 1 and TrueType fonts (9.6.2 and 9.6.3).
fn simple<'d>(cleaner: &mut Cleaner<'d>, dict: &'d Dict, subtype: &'static str) -> Result<Fields, Refusal> {
    let descriptor = cleaner.get(dict, "FontDescriptor").dict();
    let embedded = match descriptor {
        Some(descriptor) => font_program::embedded(cleaner, descriptor, false)?,
        None => None,
    };
    let base = base_font(cleaner, dict, embedded.is_some());
    let mut fields = vec![
        field("Type", name("Font")),
        field("Subtype", name(subtype)),
        field("BaseFont", Value::Name(base.clone().into())),
    ];
    widths(cleaner, dict, &mut fields);
    let renamed = embedded.as_ref().map(|embedded| embedded.renamed.clone()).unwrap_or_default();
    if let Some(descriptor) = descriptor {
        fields.push(field("FontDescriptor", describe(cleaner, descriptor, base, embedded)?));
    }
    if let Some(encoding) = encoding::encoding(cleaner, dict, &renamed) {
        fields.push(field("Encoding", encoding));
    }
    to_unicode(cleaner, dict, &mut fields)?;
    Ok(fields)
}

fn widths(cleaner: &Cleaner<'_>, dict: &Dict, fields: &mut Fields) {
    cleaner.keep_int(dict, "FirstChar", 0..=255, fields);
    cleaner.keep_int(dict, "LastChar", 0..=255, fields);
    cleaner.keep_numbers(dict, "Widths", 0..=limits::PDF_WIDTHS_MAX, fields);
}

/// What the font is called from now on.
fn base_font(cleaner: &mut Cleaner<'_>, dict: &Dict, embedded: bool) -> String {
    let source = cleaner.get(dict, "BaseFont").name().unwrap_or_default().to_vec();
    let (source, tagged) = names::without_tag(&source);
    cleaner.fonts = cleaner.fonts.saturating_add(1);
    let known = names::known_font(source);
    let base = known.clone().unwrap_or_else(|| format!("Font{}{}", cleaner.fonts, names::style(source)));
    if base.as_bytes() != source && known.is_none() {
        cleaner.findings.removed_value(Category::Software, "BaseFont", &String::from_utf8_lossy(source));
    }
    if embedded && tagged { format!("{}+{base}", tag(cleaner.fonts)) } else { base }
}

/// The tag of the subset of this number: six letters that count.
fn tag(number: usize) -> String {
    let (mut letters, mut rest) = ([b'A'; 6], number.saturating_sub(1));
    for letter in letters.iter_mut().rev() {
        *letter = letter.saturating_add(u8::try_from(rest % 26).unwrap_or(0));
        rest /= 26;
    }
    letters.iter().map(|letter| char::from(*letter)).collect()
}

/// A font descriptor (9.8): numbers, and the program.
fn describe<'d>(
    cleaner: &mut Cleaner<'d>,
    dict: &'d Dict,
    base: String,
    embedded: Option<font_program::Embedded>,
) -> Result<Value, Refusal> {
    let mut fields = vec![field("Type", name("FontDescriptor")), field("FontName", Value::Name(base.into()))];
    cleaner.keep_int(dict, "Flags", 0..=i64::from(u32::MAX), &mut fields);
    cleaner.keep_numbers(dict, "FontBBox", 4..=4, &mut fields);
    for key in [
        "ItalicAngle",
        "Ascent",
        "Descent",
        "Leading",
        "CapHeight",
        "XHeight",
        "StemV",
        "StemH",
        "AvgWidth",
        "MaxWidth",
        "MissingWidth",
        "FontWeight",
    ] {
        cleaner.keep_number(dict, key, &mut fields);
    }
    fields.extend(embedded.map(|embedded| field(embedded.key, embedded.stream)));
    Ok(Value::Ref(cleaner.out.add(&Value::Dict(fields))?))
}

/// What codes mean as text (9.10.3).
fn to_unicode<'d>(cleaner: &mut Cleaner<'d>, dict: &'d Dict, fields: &mut Fields) -> Result<(), Refusal> {
    let Some(object) = dict.get(b"ToUnicode".as_slice()) else { return Ok(()) };
    let made = cleaner.once(Role::ToUnicode, object, |cleaner, object| match object {
        Object::Name(map) => Ok(super::context::one_of(map, &["Identity-H", "Identity-V"]).map(name)),
        Object::Stream(stream) => {
            let map = cmap::parse(&cleaner.doc.data(stream)?);
            let id = cleaner.out.reserve()?;
            cleaner.out.put_deflated(id, Fields::new(), map.spell(true).as_bytes())?;
            Ok(Some(Value::Ref(id)))
        }
        _ => Ok(None),
    })?;
    fields.extend(made.map(|made| field("ToUnicode", made)));
    Ok(())
}

//! Values whose kind is more than a word in a table: names from lists, arrays, dictionaries with names of their own.

use super::schema::Role;
use super::value::V;
use super::walk::Walk;
use crate::clean::font::plain_glyph_name;
use crate::clean::pdf::names;

/// Predefined encodings of simple fonts.
pub(super) const ENCODINGS: &[&str] = &["MacExpertEncoding", "MacRomanEncoding", "StandardEncoding", "WinAnsiEncoding"];

/// Whether `name` is `prefix` and a number that does not begin with zero.
pub(super) fn is_numbered(name: &str, prefix: &str) -> bool {
    name.strip_prefix(prefix).is_some_and(|number| {
        !number.is_empty()
            && number.len() <= 7
            && !number.starts_with('0')
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}

fn refers(walk: &mut Walk<'_>, value: &V, role: Role) -> bool {
    if let V::Ref(number) = value { walk.meet(*number, role) } else { false }
}

fn all(value: &V, mut each: impl FnMut(&V) -> bool) -> bool {
    value.array().is_some_and(|array| array.iter().all(&mut each))
}

pub(super) fn pages(walk: &mut Walk<'_>, value: &V) -> bool {
    all(value, |page| refers(walk, page, Role::Page))
}

pub(super) fn parent(walk: &mut Walk<'_>, value: &V) -> bool {
    refers(walk, value, Role::Pages)
}

pub(super) fn quarter_turns(_: &mut Walk<'_>, value: &V) -> bool {
    matches!(value, V::Int(90 | 180 | 270))
}

pub(super) fn one_or_three(_: &mut Walk<'_>, value: &V) -> bool {
    value.is_number() || value.array().is_some_and(|array| array.len() == 3 && array.iter().all(V::is_number))
}

pub(super) fn two_bools(_: &mut Walk<'_>, value: &V) -> bool {
    matches!(value.array(), Some([V::Bool(_), V::Bool(_)]))
}

pub(super) fn dashes(_: &mut Walk<'_>, value: &V) -> bool {
    matches!(value.array(), Some([dashes, phase]) if all(dashes, V::is_number) && phase.is_number())
}

pub(super) fn font_and_size(walk: &mut Walk<'_>, value: &V) -> bool {
    matches!(value.array(), Some([font, size]) if size.is_number() && refers(walk, font, Role::Font))
}

pub(super) fn transfer(walk: &mut Walk<'_>, value: &V) -> bool {
    let one = |walk: &mut Walk<'_>, value: &V| {
        matches!(value.name(), Some("Identity" | "Default")) || refers(walk, value, Role::Function)
    };
    match value.array() {
        Some(array) => array.len() == 4 && array.iter().all(|value| one(walk, value)),
        None => one(walk, value),
    }
}

pub(super) fn functions(walk: &mut Walk<'_>, value: &V) -> bool {
    refers(walk, value, Role::Function) || all(value, |value| refers(walk, value, Role::Function))
}

pub(super) fn soft_mask(walk: &mut Walk<'_>, value: &V) -> bool {
    value.name() == Some("None") || walk.dict(value, Role::SoftMask)
}

pub(super) fn mask(walk: &mut Walk<'_>, value: &V) -> bool {
    refers(walk, value, Role::XObject) || all(value, V::is_number)
}

/// A colour space in its place: the name of a device's, or an object.
pub(super) fn colour(walk: &mut Walk<'_>, value: &V) -> bool {
    matches!(value.name(), Some("DeviceGray" | "DeviceRGB" | "DeviceCMYK" | "Pattern"))
        || refers(walk, value, Role::Colour)
}

/// A colour space's array.
pub(super) fn colour_array(walk: &mut Walk<'_>, value: &V) -> bool {
    let Some([V::Name(family), operands @ ..]) = value.array() else { return false };
    match (family.as_str(), operands) {
        ("ICCBased", [profile]) => refers(walk, profile, Role::Profile),
        ("CalGray" | "CalRGB" | "Lab", [dict]) => walk.dict(dict, Role::Calibrated),
        ("Indexed", [base, V::Int(0..=255), V::Text(_)]) | ("Pattern", [base]) => colour(walk, base),
        ("Separation", [colorant, base, tint]) => {
            is_colorant(colorant) && colour(walk, base) && refers(walk, tint, Role::Function)
        }
        ("DeviceN", [colorants, base, tint]) => {
            all(colorants, is_colorant) && colour(walk, base) && refers(walk, tint, Role::Function)
        }
        _ => false,
    }
}

fn is_colorant(value: &V) -> bool {
    const PROCESS: &[&str] = &["All", "Black", "Blue", "Cyan", "Gray", "Green", "Magenta", "None", "Red", "Yellow"];
    value.name().is_some_and(|name| PROCESS.contains(&name) || is_numbered(name, "Spot"))
}

/// The resources of a content stream: by category, under names that count them.
pub(super) fn resources(walk: &mut Walk<'_>, value: &V) -> bool {
    let V::Dict(categories) = value else { return false };
    categories.iter().all(|(category, names)| {
        let (prefix, role) = match category.as_str() {
            "ColorSpace" => ("C", Role::Colour),
            "ExtGState" => ("G", Role::State),
            "Font" => ("F", Role::Font),
            "Pattern" => ("P", Role::Pattern),
            "Shading" => ("S", Role::Shading),
            "XObject" => ("X", Role::XObject),
            _ => return false,
        };
        let V::Dict(names) = names else { return false };
        names.iter().all(|(name, value)| {
            let usual = role == Role::Colour && matches!(name.as_str(), "DefaultCMYK" | "DefaultGray" | "DefaultRGB");
            (usual || is_numbered(name, prefix)) && refers(walk, value, role)
        })
    })
}

/// A name that many files have, or a number; with the tag of a subset or without.
pub(super) fn font_name(_: &mut Walk<'_>, value: &V) -> bool {
    let Some(name) = value.name() else { return false };
    let (bare, _) = names::without_tag(name.as_bytes());
    let Ok(bare) = std::str::from_utf8(bare) else { return false };
    let stem = ["-BoldItalic", "-Bold", "-Italic"].iter().find_map(|style| bare.strip_suffix(style)).unwrap_or(bare);
    is_numbered(stem, "Font") || names::known_font(bare.as_bytes()).as_deref() == Some(bare)
}

pub(super) fn encoding(walk: &mut Walk<'_>, value: &V) -> bool {
    match value {
        V::Name(name) => ENCODINGS.contains(&name.as_str()) || names::predefined_map(name.as_bytes()).is_some(),
        V::Dict(_) => walk.dict(value, Role::Encoding),
        V::Ref(number) => walk.meet(*number, Role::GlyphMap),
        _ => false,
    }
}

pub(super) fn differences(_: &mut Walk<'_>, value: &V) -> bool {
    all(value, |value| match value {
        V::Int(0..=255) => true,
        V::Name(glyph) => plain_glyph_name(glyph.as_bytes()),
        _ => false,
    })
}

pub(super) fn glyphs(walk: &mut Walk<'_>, value: &V) -> bool {
    let V::Dict(glyphs) = value else { return false };
    glyphs.iter().all(|(glyph, value)| plain_glyph_name(glyph.as_bytes()) && refers(walk, value, Role::Glyph))
}

pub(super) fn descendants(walk: &mut Walk<'_>, value: &V) -> bool {
    matches!(value.array(), Some([below]) if refers(walk, below, Role::Descendant))
}

pub(super) fn to_unicode(walk: &mut Walk<'_>, value: &V) -> bool {
    matches!(value.name(), Some("Identity-H" | "Identity-V")) || refers(walk, value, Role::TextMap)
}

pub(super) fn runs(_: &mut Walk<'_>, value: &V) -> bool {
    all(value, |value| value.is_number() || all(value, V::is_number))
}

pub(super) fn glyph_numbers(walk: &mut Walk<'_>, value: &V) -> bool {
    value.name() == Some("Identity") || refers(walk, value, Role::GlyphNumbers)
}

pub(super) fn registry(_: &mut Walk<'_>, value: &V) -> bool {
    *value == V::Text(b"Adobe".to_vec())
}

pub(super) fn ordering(_: &mut Walk<'_>, value: &V) -> bool {
    matches!(value, V::Text(text) if names::ordering(text).as_bytes() == text.as_slice())
}

pub(super) fn predefined_map(_: &mut Walk<'_>, value: &V) -> bool {
    value.name().is_some_and(|name| names::predefined_map(name.as_bytes()).is_some())
}

//! From the catalogue to every object, each in one role, none left over.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::{Kind, Role, table};
use super::value::V;
use super::{Object, cmap, content, custom, wrong};
use crate::clean::codec::jpeg2000;
use crate::clean::codec::zlib::{Inflate, Portion, Then};
use crate::clean::metadata::icc;
use crate::clean::{Unaccounted, font, jpeg};
use crate::limits;

/// A walk on its way.
pub(super) struct Walk<'a> {
    /// The role of each object that has been mentioned.
    roles: BTreeMap<u32, Role>,
    /// Those that are still to be looked at.
    next: Vec<u32>,
    objects: &'a [Object],
    depth: usize,
}

/// Accounts for all objects.
pub(super) fn walk(bytes: &[u8], objects: &[Object], root: u32) -> Result<(), Unaccounted> {
    let mut walk = Walk { roles: BTreeMap::new(), next: Vec::new(), objects, depth: 0 };
    walk.meet(root, Role::Catalog);
    while let Some(number) = walk.next.pop() {
        let (Some(object), Some(role)) = (walk.object(number), walk.roles.get(&number).copied()) else {
            return wrong("reference", 0);
        };
        if !walk.check(object, role) {
            return wrong("dictionary", object.at);
        }
        if !walk.stream(bytes, object, role) {
            return wrong("stream", object.at);
        }
    }
    let (mentioned, all) = (walk.roles.len(), objects.len());
    if mentioned == all { Ok(()) } else { wrong("object that is not used", 0) }
}

impl<'a> Walk<'a> {
    fn object(&self, number: u32) -> Option<&'a Object> {
        let index = usize::try_from(number).ok()?.checked_sub(1)?;
        self.objects.get(index)
    }

    /// Notes that an object is mentioned in this role.
    pub(super) fn meet(&mut self, number: u32, role: Role) -> bool {
        if self.object(number).is_none() {
            return false;
        }
        match self.roles.insert(number, role) {
            None => {
                self.next.push(number);
                true
            }
            Some(before) => before == role,
        }
    }

    fn check(&mut self, object: &Object, role: Role) -> bool {
        if role == Role::Colour {
            return object.data.is_none() && custom::colour_array(self, &object.value);
        }
        self.dict(&object.value, role)
    }

    /// Whether each key and value is one that this role has.
    pub(super) fn dict(&mut self, value: &V, role: Role) -> bool {
        let V::Dict(fields) = value else { return false };
        let mut seen = BTreeSet::new();
        self.depth = self.depth.saturating_add(1);
        let sound = self.depth < 8
            && fields.iter().all(|(key, value)| {
                let kind = table(role).iter().find(|(name, _)| name == key).map(|(_, kind)| kind);
                seen.insert(key.as_str()) && kind.is_some_and(|kind| self.fits(value, kind))
            });
        self.depth = self.depth.saturating_sub(1);
        sound
    }

    fn fits(&mut self, value: &V, kind: &Kind) -> bool {
        match kind {
            Kind::Bool => matches!(value, V::Bool(_)),
            Kind::Int(from, to) => value.int().is_some_and(|int| (*from..=*to).contains(&int)),
            Kind::Number => value.is_number(),
            Kind::Numbers(from, to) => {
                value.array().is_some_and(|all| (*from..=*to).contains(&all.len()) && all.iter().all(V::is_number))
            }
            Kind::One(words) => value.name().is_some_and(|name| words.contains(&name)),
            Kind::Ref(role) => matches!(value, V::Ref(number) if self.meet(*number, *role)),
            Kind::In(role) => self.dict(value, *role),
            Kind::If(check) => check(self, value),
        }
    }

    /// Whether the data of a stream are what its role has; and of what has none, that it is no stream.
    fn stream(&self, bytes: &[u8], object: &Object, role: Role) -> bool {
        let value = &object.value;
        if role == Role::Page {
            let content = value.get("Contents").and_then(|content| self.number(content));
            return content.is_some_and(|content| self.contents(bytes, &[content], value.get("Resources")));
        }
        if role == Role::Font && value.name_of("Subtype") == Some("Type3") {
            let glyphs = match value.get("CharProcs") {
                Some(V::Dict(glyphs)) => glyphs.iter().filter_map(|(_, glyph)| self.number(glyph)).collect(),
                _ => Vec::new(),
            };
            return self.contents(bytes, &glyphs, value.get("Resources"));
        }
        let Some((at, len)) = object.data else { return !needs_data(value, role) };
        let raw = bytes.get(at..at.saturating_add(len)).unwrap_or_default();
        match value.name_of("Filter") {
            Some("DCTDecode") => return (jpeg::FORMAT.verify)(&mut &*raw).is_ok(),
            Some("JPXDecode") => return jpeg2000::verify(raw).is_ok(),
            Some("FlateDecode") => {}
            _ => return false,
        }
        let Some(data) = inflated(raw) else { return false };
        match role {
            // With their resources, when the page or font is looked at.
            Role::Content | Role::Glyph => true,
            Role::Profile => icc::is_canonical(&data),
            Role::TextMap => cmap::is_of_text(&data),
            Role::GlyphMap => cmap::is_of_glyphs(&data),
            Role::GlyphNumbers => data.len().is_multiple_of(2) && data.len() <= 2 * 65_536,
            Role::Type1Program => font::verify_type1(&data).is_ok(),
            Role::TrueTypeProgram => font::verify_sfnt(&data).is_ok(),
            Role::OtherProgram if value.name_of("Subtype") == Some("OpenType") => font::verify_sfnt(&data).is_ok(),
            Role::OtherProgram => font::verify_cff(&data).is_ok(),
            Role::Function => match value.get("FunctionType") {
                Some(V::Int(4)) => content::is_calculator(&data),
                Some(V::Int(0)) => samples(value).is_some_and(|len| len == data.len()),
                _ => false,
            },
            Role::Shading => matches!(value.get("ShadingType"), Some(V::Int(4..=7))),
            Role::Pattern => content::check(&[data], value.get("Resources")),
            Role::XObject if value.name_of("Subtype") == Some("Form") => {
                content::check(&[data], value.get("Resources"))
            }
            Role::XObject => self.pixels(value).is_some_and(|len| len == data.len()),
            _ => false,
        }
    }

    fn number(&self, value: &V) -> Option<&'a Object> {
        if let V::Ref(number) = value { self.object(*number) } else { None }
    }

    /// Checks content streams that have their resources together.
    fn contents(&self, bytes: &[u8], streams: &[&Object], resources: Option<&V>) -> bool {
        let data: Option<Vec<Vec<u8>>> = streams
            .iter()
            .map(|object| {
                let (at, len) = object.data?;
                inflated(bytes.get(at..at.checked_add(len)?)?)
            })
            .collect();
        data.is_some_and(|data| content::check(&data, resources))
    }

    /// Bytes of a picture's samples.
    fn pixels(&self, value: &V) -> Option<usize> {
        let int = |key: &str| value.get(key).and_then(V::int).and_then(|int| usize::try_from(int).ok());
        let components = match value.get("ImageMask") {
            Some(_) => 1,
            None => self.components(value.get("ColorSpace")?)?,
        };
        let row = int("Width")?.checked_mul(components)?.checked_mul(int("BitsPerComponent")?)?.div_ceil(8);
        row.checked_mul(int("Height")?)
    }

    fn components(&self, value: &V) -> Option<usize> {
        let array = match value {
            V::Name(name) => {
                return match name.as_str() {
                    "DeviceGray" => Some(1),
                    "DeviceRGB" => Some(3),
                    "DeviceCMYK" => Some(4),
                    _ => None,
                };
            }
            V::Ref(number) => self.object(*number)?.value.array()?,
            _ => return None,
        };
        match (array.first()?.name()?, array.get(1)?) {
            ("ICCBased", profile) => {
                self.number(profile)?.value.get("N").and_then(V::int).and_then(|count| usize::try_from(count).ok())
            }
            ("CalGray" | "Indexed" | "Separation", _) => Some(1),
            ("CalRGB" | "Lab", _) => Some(3),
            ("DeviceN", colorants) => colorants.array().map(<[V]>::len),
            _ => None,
        }
    }
}

impl V {
    fn name_of(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(V::name)
    }
}

/// Whether an object of this role has to be a stream.
fn needs_data(value: &V, role: Role) -> bool {
    match role {
        Role::Function => matches!(value.get("FunctionType"), Some(V::Int(0 | 4))),
        Role::Shading => matches!(value.get("ShadingType"), Some(V::Int(4..=7))),
        Role::Pattern => value.get("PatternType") == Some(&V::Int(1)),
        Role::Catalog | Role::Pages | Role::Colour | Role::State | Role::Font | Role::Descendant | Role::Descriptor => {
            false
        }
        _ => true,
    }
}

/// Bytes of the samples of a function.
fn samples(value: &V) -> Option<usize> {
    let size = |value: &V| value.int().and_then(|int| usize::try_from(int).ok());
    let outputs = value.get("Range")?.array()?.len() / 2;
    let mut bits = size(value.get("BitsPerSample")?)?.checked_mul(outputs)?;
    for side in value.get("Size")?.array()? {
        bits = bits.checked_mul(size(side)?)?;
    }
    Some(bits.div_ceil(8))
}

/// What a zlib stream holds, if it is sound and nothing follows it.
fn inflated(data: &[u8]) -> Option<Vec<u8>> {
    let (mut inflate, mut made, mut rest) = (Inflate::new(), Vec::new(), data);
    loop {
        let Portion { taken, made: portion, then } = inflate.next(rest);
        if made.len().saturating_add(portion.len()) > limits::PDF_STREAM_BYTES_MAX.saturating_mul(4) {
            return None;
        }
        made.extend_from_slice(portion);
        let empty = portion.is_empty();
        rest = rest.get(taken..)?;
        match then {
            Then::End => return rest.is_empty().then_some(made),
            Then::More if taken > 0 || !empty => {}
            _ => return None,
        }
    }
}

//! The way from a font's descriptor to its clean program (ISO 32000-1, 9.9). Never looks into one itself.

use std::collections::BTreeMap;

use super::context::{Cleaner, Role};
use super::object::{Dict, Object};
use super::write::{Fields, Value, field, name};
use crate::clean::font::{self, Kind};
use crate::clean::{Reason, Refusal};

/// A clean program: the key it stands under, the stream, and what its glyphs are called now.
pub(super) struct Embedded {
    pub(super) key: &'static str,
    pub(super) stream: Value,
    pub(super) renamed: BTreeMap<Vec<u8>, Vec<u8>>,
}

/// The program that a descriptor has, if any.
pub(super) fn embedded<'d>(
    cleaner: &mut Cleaner<'d>,
    descriptor: &'d Dict,
    composite: bool,
) -> Result<Option<Embedded>, Refusal> {
    for key in ["FontFile", "FontFile2", "FontFile3"] {
        let Some(object) = descriptor.get(key.as_bytes()) else { continue };
        let Object::Stream(stream) = cleaner.doc.resolve(object) else { continue };
        let at = cleaner.doc.offset(stream);
        let mut renamed = BTreeMap::new();
        let bytes = cleaner.doc.data(stream)?;
        let Some(kind) = font::kind(&bytes) else {
            return Err(Refusal::new(Reason::Damaged, "font program", at));
        };
        let key = match kind {
            Kind::TrueType => "FontFile2",
            Kind::OpenType | Kind::Cff => "FontFile3",
            Kind::Type1 => "FontFile",
        };
        let made = cleaner.once(Role::FontFile, object, |cleaner, _| {
            let program = match kind {
                Kind::TrueType | Kind::OpenType => font::clean_sfnt(&bytes),
                Kind::Cff => font::clean_cff(&bytes),
                Kind::Type1 => font::clean_type1(&bytes),
            };
            let program = program.map_err(|refusal| Refusal { at, ..refusal })?;
            renamed.clone_from(&program.renamed);
            let mut fields: Fields = Vec::new();
            match kind {
                Kind::TrueType => lengths(&program.lengths, 1, &mut fields),
                Kind::Type1 => lengths(&program.lengths, 3, &mut fields),
                Kind::OpenType => fields.push(field("Subtype", name("OpenType"))),
                Kind::Cff if composite => fields.push(field("Subtype", name("CIDFontType0C"))),
                Kind::Cff => fields.push(field("Subtype", name("Type1C"))),
            }
            let id = cleaner.out.reserve()?;
            cleaner.out.put_deflated(id, fields, &program.bytes)?;
            Ok(Some(Value::Ref(id)))
        })?;
        if let Object::Ref(number) = object {
            if renamed.is_empty() {
                renamed = cleaner.renamed.get(number).cloned().unwrap_or_default();
            } else {
                cleaner.renamed.insert(*number, renamed.clone());
            }
        }
        return Ok(made.map(|stream| Embedded { key, stream, renamed }));
    }
    Ok(None)
}

fn lengths(lengths: &[usize; 3], count: usize, to: &mut Fields) {
    for (key, len) in ["Length1", "Length2", "Length3"].into_iter().zip(lengths).take(count) {
        to.push(field(key, Value::Int(i64::try_from(*len).unwrap_or(i64::MAX))));
    }
}

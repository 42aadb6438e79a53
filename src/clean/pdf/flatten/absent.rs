//! What of a clean document is known to be drawn otherwise, or not at all, because it is not in the file: fonts. Also how
//! long its functions are, and that no picture is larger than it says. Draws nothing.

use crate::clean::codec::jpeg2000;
use crate::clean::pdf::object::{Dict, Object, Stream};
use crate::clean::pdf::read::Document;
use crate::clean::{Reason, Refusal, jpeg, reshoot};
use crate::limits;

/// What was seen.
#[derive(Clone, Copy)]
pub(super) struct Absent {
    /// Whether there are fonts that are not in the file. Of these a glyph may be missing.
    pub(super) is_any: bool,
    /// Whether one of them is none of those that every reader has (ISO 32000-1, 9.6.2.2).
    pub(super) is_replaced: bool,
    /// Whether there are patterns.
    pub(super) has_patterns: bool,
    /// What evaluating the longest function takes, where an addition is one.
    pub(super) function_steps: u32,
}

/// The fonts that every reader has.
const STANDARD: &[&[u8]] = &[
    b"Courier",
    b"Courier-Bold",
    b"Courier-BoldOblique",
    b"Courier-Oblique",
    b"Helvetica",
    b"Helvetica-Bold",
    b"Helvetica-BoldOblique",
    b"Helvetica-Oblique",
    b"Symbol",
    b"Times-Bold",
    b"Times-BoldItalic",
    b"Times-Italic",
    b"Times-Roman",
    b"ZapfDingbats",
];

/// Looks at all objects.
///
/// # Errors
/// [`Reason::NotFlattened`] for a composite font that is not in the file: which glyphs its codes mean is then a guess;
/// and for a picture that is more work than its size says.
pub(super) fn look(doc: &Document<'_>) -> Result<Absent, Refusal> {
    let mut absent = Absent { is_any: false, is_replaced: false, has_patterns: false, function_steps: 0 };
    for object in doc.objects.values() {
        let Some(dict) = object.dict() else { continue };
        if let Some(kind) = doc.get(dict, b"FunctionType").int() {
            absent.function_steps = absent.function_steps.max(steps(doc, kind, object, dict)?);
        }
        if let Object::Stream(stream) = object {
            insist_on_size(doc, stream)?;
        }
        absent.has_patterns |= dict.contains_key(b"PatternType");
        if doc.get(dict, b"Type").name() != Some(b"Font") {
            continue;
        }
        match doc.get(dict, b"Subtype").name() {
            Some(b"Type0" | b"Type3") => {}
            Some(b"CIDFontType0" | b"CIDFontType2") if !is_embedded(doc, dict) => {
                return Err(Refusal::new(Reason::NotFlattened, "a font for many letters that is not in the file", 0));
            }
            _ if is_embedded(doc, dict) => {}
            _ => {
                absent.is_any = true;
                let name = doc.get(dict, b"BaseFont").name().unwrap_or_default();
                absent.is_replaced |= !STANDARD.contains(&name);
            }
        }
    }
    Ok(absent)
}

/// A picture that is decoded by what it says itself has to be as large as its dictionary says (ISO 32000-1, 7.4.8 and
/// 7.4.9), by which its work is counted.
fn insist_on_size(doc: &Document<'_>, stream: &Stream) -> Result<(), Refusal> {
    let raw = doc.raw(stream);
    let samples = match doc.get(&stream.dict, b"Filter").name() {
        Some(b"DCTDecode") => reshoot::size(&jpeg::FORMAT, raw).map(|(width, height)| product(width, height)),
        Some(b"JPXDecode") => jpeg2000::size(raw).map(|(width, height, components)| {
            product(width, height).saturating_mul(u64::try_from(components).unwrap_or(u64::MAX)) / 3
        }),
        _ => return Ok(()),
    };
    let side = |key: &[u8]| doc.get(&stream.dict, key).int().and_then(|side| u32::try_from(side).ok()).unwrap_or(0);
    let said = product(side(b"Width"), side(b"Height"));
    match samples {
        Some(samples) if samples <= said.saturating_mul(2) && samples <= limits::RESHOT_PIXELS_MAX => Ok(()),
        _ => Err(Refusal::new(Reason::NotFlattened, "a picture that is larger than it says", 0)),
    }
}

fn product(width: u32, height: u32) -> u64 {
    u64::from(width).saturating_mul(u64::from(height))
}

fn is_embedded(doc: &Document<'_>, font: &Dict) -> bool {
    let descriptor = doc.get(font, b"FontDescriptor").dict();
    let keys: [&[u8]; 3] = [b"FontFile", b"FontFile2", b"FontFile3"];
    descriptor.is_some_and(|descriptor| keys.iter().any(|key| descriptor.contains_key(key)))
}

/// Words of a calculator function, each about so long; the parts of a stitched one, which may all be asked.
fn steps(doc: &Document<'_>, kind: i64, object: &Object, dict: &Dict) -> Result<u32, Refusal> {
    let count = match (kind, object) {
        (4, Object::Stream(stream)) => doc.data(stream)?.len() / 4,
        (3, _) => doc.get(dict, b"Functions").array().map_or(0, <[Object]>::len),
        _ => 0,
    };
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

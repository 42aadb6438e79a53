//! Pictures of a package: each cleaned by what it is, whatever its name and type say. One that no cleaner knows is
//! replaced by an empty one and told; none is ever copied.

use crate::clean::container::zip::Method;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, FORMATS, Findings, Format, Reason, Refusal, member};

/// The formats of pictures that office programs show.
const SHOWN: [&str; 6] = ["image/png", "image/jpeg", "image/gif", "image/bmp", "image/tiff", "image/webp"];

/// How a picture is stored: what its own format does not pack is deflated.
pub(super) fn method(format: &Format) -> Method {
    match format.media_type {
        "image/bmp" | "image/tiff" => Method::Deflated,
        _ => Method::Stored,
    }
}

/// The format of pictures whose names end so.
pub(super) fn by_extension(extension: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.extension == extension && SHOWN.contains(&format.media_type))
}

/// Cleans a picture, the `bytes` of a part called `name`.
///
/// # Errors
/// Whatever its cleaner has against it, with its name.
pub(crate) fn clean(
    name: &str,
    bytes: &[u8],
    cursor: &Cursor<'_>,
    findings: &mut Findings,
) -> Result<(Vec<u8>, &'static Format), Refusal> {
    let told = |findings: &mut Findings, what: &str| {
        findings.removed_value(Category::Unknown, format!("{name}, replaced by an empty picture"), what);
    };
    let mut said = Findings::default();
    match member::clean(name, bytes, cursor.nesting(), &mut said) {
        Ok((bytes, format)) if SHOWN.contains(&format.media_type) => {
            findings.append(said);
            return Ok((bytes, format));
        }
        Ok((_, format)) => told(findings, format.name),
        Err(Refusal { reason: Reason::NotSupported(kind), .. }) => told(findings, &kind.name),
        Err(Refusal { reason: Reason::Unknown | Reason::Empty | Reason::Encoding, .. }) => {
            told(findings, "unknown kind of picture");
        }
        Err(refusal) => return Err(refusal),
    }
    let (bytes, format) = placeholder()?;
    Ok((bytes.to_vec(), format))
}

/// An empty picture, for what cannot be cleaned.
///
/// # Errors
/// None that can come to pass.
pub(crate) fn placeholder() -> Result<(&'static [u8], &'static Format), Refusal> {
    let format = by_extension("png").ok_or(Refusal::new(Reason::NotUnderstood, "picture", 0))?;
    Ok((PLACEHOLDER, format))
}

/// A PNG of one light grey pixel.
const PLACEHOLDER: &[u8] = b"\x89PNG\r\n\x1A\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x00\x00\x00\x00:~\x9BU\x00\x00\x00\nIDATx\xDAc\xB8\x0B\x00\x00\xDF\x00\xDE\x84\xF1\n;\x00\x00\x00\x00IEND\xAEB`\x82";

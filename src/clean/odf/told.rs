//! What the members of a package give away that are not made anew, and which packages are refused. Reads none of them but
//! the manifest and the metadata.

use super::Kind;
use crate::clean::container::zip::{Archive, MIMETYPE};
use crate::clean::cursor::Cursor;
use crate::clean::xml::read::{DocumentType, decoded};
use crate::clean::xml::{Event, Namespace, Reader};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// Refuses what is encrypted or of another kind; says what else is in the package.
pub(super) fn check(
    archive: &Archive,
    cursor: &mut Cursor<'_>,
    kind: Kind,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let said = match archive.member(MIMETYPE) {
        Some(member) => String::from_utf8_lossy(&archive.bytes(cursor, member, 128)?).trim().to_owned(),
        None => String::new(),
    };
    if said != kind.media_type() {
        return Err(Refusal::new(Reason::NotUnderstood, "mimetype", 0));
    }
    if let Some(member) = archive.member(super::MANIFEST) {
        let bytes = archive.bytes(cursor, member, limits::TEXT_BYTES_MAX)?;
        if memchr::memmem::find(&bytes, b"encryption-data").is_some() {
            return Err(Refusal::new(Reason::Encrypted, "manifest:encryption-data", member.at));
        }
    }
    if let Some(member) = archive.member("meta.xml") {
        let bytes = archive.bytes(cursor, member, limits::TEXT_BYTES_MAX)?;
        // It goes anyway, so that it need not be sound.
        let _ = meta(&bytes, findings);
    }
    for member in archive.members() {
        if let Some((category, place)) = part(&member.name) {
            findings.removed(category, place);
        }
    }
    Ok(())
}

/// What a member is by its name, if it is one that goes.
fn part(name: &str) -> Option<(Category, &'static str)> {
    Some(match name {
        "meta.xml" => return None,
        "META-INF/documentsignatures.xml" | "META-INF/macrosignatures.xml" | "META-INF/packagesignatures.xml" => {
            (Category::Person, "signature")
        }
        "layout-cache" => (Category::Software, "layout-cache"),
        "VersionList.xml" => (Category::History, "VersionList.xml"),
        _ if name.ends_with(".rdf") => (Category::Unknown, "RDF metadata"),
        _ if name.starts_with("Thumbnails/") => (Category::Thumbnail, "Thumbnails"),
        _ if name.starts_with("Basic/") || name.starts_with("Scripts/") || name.starts_with("Dialogs/") => {
            (Category::HiddenContent, "macros")
        }
        _ if name.starts_with("Versions/") => (Category::History, "earlier versions"),
        _ if name.starts_with("Fonts/") => (Category::HiddenContent, "embedded fonts"),
        _ if name.starts_with("Configurations2/") => (Category::Software, "Configurations2"),
        _ if name.starts_with("Obj") && !name.contains('/') => (Category::HiddenContent, "embedded objects"),
        _ if KNOWN.iter().any(|known| name == *known || known.ends_with('/') && name.starts_with(known)) => {
            return None;
        }
        _ if name.starts_with("Object ") => return None,
        _ => (Category::Unknown, "other members"),
    })
}

/// Members that are made anew, or belong to some that are.
const KNOWN: [&str; 8] = [
    "mimetype",
    "META-INF/",
    "content.xml",
    "styles.xml",
    "settings.xml",
    "Pictures/",
    "ObjectReplacements/",
    "Configurations2/",
];

const NAMESPACES: &[Namespace] = &[
    Namespace { prefix: "office", uris: &["urn:oasis:names:tc:opendocument:xmlns:office:1.0"] },
    Namespace { prefix: "meta", uris: &["urn:oasis:names:tc:opendocument:xmlns:meta:1.0"] },
    Namespace { prefix: "dc", uris: &["http://purl.org/dc/elements/1.1/"] },
];

/// Says what `meta.xml` says (part 3, 4.3).
fn meta(bytes: &[u8], findings: &mut Findings) -> Result<(), Refusal> {
    let text = decoded(bytes)?;
    let mut reader = Reader::with(&text, NAMESPACES, DocumentType::Html);
    let mut open = Vec::new();
    loop {
        match reader.next()? {
            Event::Start(raw) => {
                for (name, value) in raw.attributes.iter().filter(|_| raw.name != "meta:document-statistic") {
                    findings.removed_value(Category::Identifier, format!("meta.xml, {} {name}", raw.name), value);
                }
                open.push(raw.name);
            }
            Event::End => {
                open.pop();
            }
            Event::Text(words) => {
                if let Some(name) = open.last().filter(|_| !words.trim().is_empty()) {
                    findings.removed_value(category(name), format!("meta.xml, {name}"), &words);
                }
            }
            Event::Finish => return Ok(()),
        }
    }
}

fn category(name: &str) -> Category {
    match name {
        "dc:creator" | "meta:initial-creator" | "meta:printed-by" => Category::Person,
        "dc:date" | "meta:creation-date" | "meta:print-date" => Category::Time,
        "meta:generator" => Category::Software,
        "meta:editing-cycles" | "meta:editing-duration" => Category::History,
        _ => Category::Comment,
    }
}

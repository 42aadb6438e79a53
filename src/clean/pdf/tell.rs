//! Says what a file gives away besides its pages. Keeps none of it.

use std::collections::BTreeSet;

use super::context::Cleaner;
use super::object::{Dict, Object};
use crate::clean::metadata::xmp;
use crate::clean::{Category, Findings};
use crate::limits;

/// Keys of the information dictionary (ISO 32000-1, 14.3.3) and what they say.
const INFO: &[(&str, Category)] = &[
    ("Title", Category::Comment),
    ("Author", Category::Person),
    ("Subject", Category::Comment),
    ("Keywords", Category::Comment),
    ("Creator", Category::Software),
    ("Producer", Category::Software),
    ("CreationDate", Category::Time),
    ("ModDate", Category::Time),
    ("Trapped", Category::Software),
];

/// Keys of the catalogue, and what is behind them.
const CATALOG: &[(&str, Category)] = &[
    ("AA", Category::HiddenContent),
    ("AF", Category::HiddenContent),
    ("AcroForm", Category::HiddenContent),
    ("Dests", Category::Comment),
    ("Lang", Category::Person),
    ("MarkInfo", Category::Software),
    ("Names", Category::HiddenContent),
    ("OCProperties", Category::HiddenContent),
    ("OpenAction", Category::HiddenContent),
    ("Outlines", Category::Comment),
    ("OutputIntents", Category::Software),
    ("PageLabels", Category::Comment),
    ("PieceInfo", Category::Software),
    ("StructTreeRoot", Category::Comment),
    ("Threads", Category::Comment),
    ("URI", Category::Location),
];

/// Keys of the catalogue that say nothing.
const CATALOG_PLAIN: &[&str] = &["Type", "Pages", "Metadata", "Version", "PageLayout", "PageMode", "ViewerPreferences"];

/// Keys of pages, and what is behind them.
const PAGE: &[(&str, Category)] = &[
    ("AA", Category::HiddenContent),
    ("AF", Category::HiddenContent),
    ("B", Category::Comment),
    ("LastModified", Category::Time),
    ("PieceInfo", Category::Software),
    ("Thumb", Category::Thumbnail),
];

/// Keys of pages that are kept or say nothing, or are told elsewhere.
const PAGE_PLAIN: &[&str] = &[
    "Annots",
    "ArtBox",
    "BleedBox",
    "BoxColorInfo",
    "Contents",
    "Count",
    "CropBox",
    "Dur",
    "Group",
    "ID",
    "Kids",
    "MediaBox",
    "Metadata",
    "Parent",
    "PZ",
    "Resources",
    "Rotate",
    "StructParents",
    "Tabs",
    "Trans",
    "TrimBox",
    "Type",
    "UserUnit",
    "VP",
];

/// Says what belongs to the file as a whole.
pub(super) fn file(cleaner: &mut Cleaner<'_>) {
    let doc = cleaner.doc;
    if let Some(info) = doc.get(&doc.trailer, b"Info").dict() {
        for (key, value) in info.iter() {
            let known = INFO.iter().find(|(name, _)| name.as_bytes() == key);
            let category = known.map_or(Category::Unknown, |(_, category)| *category);
            let place = format!("Info {}", known.map_or("own key", |(name, _)| name));
            say(&mut cleaner.findings, category, place, doc.resolve(value));
        }
    }
    if doc.trailer.contains_key(b"ID".as_slice()) {
        cleaner.findings.removed(Category::Identifier, "trailer ID");
    }
    if doc.revisions > 1 {
        cleaner.findings.removed(Category::History, "earlier revisions");
    }
    if let Some(root) = doc.get(&doc.trailer, b"Root").dict() {
        keys(&mut cleaner.findings, root, "Catalog", CATALOG, CATALOG_PLAIN);
        if let Some(names) = doc.get(root, b"Names").dict() {
            for key in ["EmbeddedFiles", "JavaScript"] {
                if names.contains_key(key.as_bytes()) {
                    cleaner.findings.removed(Category::HiddenContent, key);
                }
            }
        }
    }
    objects(cleaner);
}

/// Goes through all objects for what may stand in any.
fn objects(cleaner: &mut Cleaner<'_>) {
    let doc = cleaner.doc;
    let mut packets = BTreeSet::new();
    for object in doc.objects.values() {
        let Some(dict) = object.dict() else { continue };
        match doc.get(dict, b"Metadata") {
            Object::Stream(stream) if packets.insert(stream.at) => {
                cleaner.findings.removed(Category::Comment, "Metadata");
                match doc.data(stream) {
                    Ok(packet) if packet.len() <= limits::METADATA_BYTES_MAX => {
                        cleaner.findings.append(xmp::findings(&packet));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        let kind = doc.get(dict, b"Type").name();
        match (kind, doc.get(dict, b"S").name()) {
            (Some(b"Page"), _) => keys(&mut cleaner.findings, dict, "Page", PAGE, PAGE_PLAIN),
            (Some(b"Filespec" | b"F"), _) => {
                for key in [b"UF".as_slice(), b"F", b"Desc"] {
                    say(&mut cleaner.findings, Category::HiddenContent, "file name".to_owned(), doc.get(dict, key));
                }
            }
            (Some(b"OCG"), _) => {
                say(&mut cleaner.findings, Category::Comment, "layer".to_owned(), doc.get(dict, b"Name"));
            }
            (_, Some(b"JavaScript")) => {
                say(&mut cleaner.findings, Category::HiddenContent, "JavaScript".to_owned(), doc.get(dict, b"JS"));
                cleaner.findings.removed(Category::HiddenContent, "JavaScript");
            }
            (_, Some(b"URI")) => {
                say(&mut cleaner.findings, Category::Comment, "link".to_owned(), doc.get(dict, b"URI"));
            }
            _ => {}
        }
        if dict.contains_key(b"PieceInfo".as_slice()) {
            cleaner.findings.removed(Category::Software, "PieceInfo");
        }
    }
}

/// Says which keys of a dictionary are left out.
fn keys(findings: &mut Findings, dict: &Dict, place: &str, known: &[(&str, Category)], plain: &[&str]) {
    for key in dict.keys() {
        if plain.iter().any(|plain| plain.as_bytes() == key) {
            continue;
        }
        match known.iter().find(|(name, _)| name.as_bytes() == key) {
            Some((name, category)) => findings.removed(*category, format!("{place} {name}")),
            None => findings.removed_value(Category::Unknown, format!("{place} own key"), &text(key)),
        }
    }
}

/// Says what an annotation or form field says beside what is seen of it.
pub(super) fn annotation(cleaner: &mut Cleaner<'_>, dict: &Dict, seen: bool) {
    let subtype = cleaner.get(dict, "Subtype").name().unwrap_or_default();
    let known = [
        "Text",
        "Link",
        "FreeText",
        "Line",
        "Square",
        "Circle",
        "Polygon",
        "PolyLine",
        "Highlight",
        "Underline",
        "Squiggly",
        "StrikeOut",
        "Stamp",
        "Caret",
        "Ink",
        "Popup",
        "FileAttachment",
        "Sound",
        "Movie",
        "Widget",
        "Screen",
        "PrinterMark",
        "TrapNet",
        "Watermark",
        "3D",
        "Redact",
        "RichMedia",
    ];
    let kind = super::context::one_of(subtype, &known).unwrap_or("of its own kind");
    let doc = cleaner.doc;
    let place = |what: &str| format!("annotation {kind} {what}");
    let category = if kind == "Popup" { Category::Comment } else { Category::HiddenContent };
    match (seen, kind) {
        (true, _) => cleaner.findings.removed(Category::Comment, format!("annotation {kind}, drawn on the page")),
        (false, "Link") => cleaner.findings.removed(Category::Comment, "annotation Link"),
        (false, _) => cleaner.findings.removed(category, format!("annotation {kind}, not drawn")),
    }
    for (key, category) in [
        ("Contents", Category::Comment),
        ("T", if kind == "Widget" { Category::Comment } else { Category::Person }),
        ("TU", Category::Comment),
        ("NM", Category::Identifier),
        ("M", Category::Time),
        ("CreationDate", Category::Time),
        ("Subj", Category::Comment),
    ] {
        say(&mut cleaner.findings, category, place(key), doc.get(dict, key.as_bytes()));
    }
    if !seen && kind == "Widget" {
        say(&mut cleaner.findings, Category::HiddenContent, place("V"), doc.get(dict, b"V"));
    }
}

/// Says what a string says.
fn say(findings: &mut Findings, category: Category, place: String, object: &Object) {
    match object {
        Object::Text(bytes) => findings.removed_value(category, place, &text(bytes)),
        Object::Name(bytes) => findings.removed_value(category, place, &text(bytes)),
        _ => {}
    }
}

/// A text string (7.9.2.2): UTF-16, UTF-8, or else as Latin-1, which is near enough to be recognised.
pub(super) fn text(bytes: &[u8]) -> String {
    if let Some(wide) = bytes.strip_prefix(b"\xFE\xFF") {
        let units: Vec<u16> =
            wide.chunks_exact(2).filter_map(|pair| Some(u16::from_be_bytes(pair.try_into().ok()?))).collect();
        return String::from_utf16_lossy(&units);
    }
    if let Some(utf8) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

//! What must hold of every cleaner, whatever it is given; a fuzz target a family of formats.

use deponent::clean::fuzzing::clean_as;
use deponent::clean::{FORMATS, Fate, Format};

/// The families, and the extensions of their formats.
pub const FAMILIES: &[(&str, &[&str])] = &[
    ("jpeg", &["jpg"]),
    ("png", &["png"]),
    ("gif", &["gif"]),
    ("webp", &["webp"]),
    ("bmp", &["bmp"]),
    ("tiff", &["tif"]),
    ("heif", &["heic", "heif", "avif"]),
    ("jxl", &["jxl"]),
    ("svg", &["svg"]),
    ("pdf", &["pdf"]),
    ("odf", &["odt", "ods", "odp"]),
    ("mp4", &["mp4", "mov", "m4a", "3gp"]),
    ("matroska", &["mkv", "mka", "webm"]),
    ("avi", &["avi"]),
    ("wav", &["wav"]),
    ("aiff", &["aiff"]),
    ("flac", &["flac"]),
    ("ogg", &["ogg", "opus"]),
    ("mp3", &["mp3"]),
    ("adts", &["aac"]),
    ("amr", &["amr", "awb"]),
    ("zip", &["zip"]),
    ("tar", &["tar", "tar.gz"]),
    ("docx", &["docx"]),
    ("xlsx", &["xlsx"]),
    ("pptx", &["pptx"]),
    ("text", &["txt"]),
];

/// The formats of a family.
pub fn formats(family: &str) -> Vec<&'static Format> {
    let (_, extensions) = FAMILIES.iter().find(|(name, _)| *name == family).expect("a family");
    let formats = FORMATS.iter().copied().filter(|format| extensions.contains(&format.extension));
    formats.collect()
}

/// Cleans `input` as each format of the family. It may be refused; nothing may panic. What was cleaned is clean:
/// cleaning it again changes nothing and finds nothing that goes.
pub fn clean(family: &str, input: &[u8]) {
    for format in formats(family) {
        let Some((bytes, _, format)) = clean_as(format, input) else { continue };
        let (again, findings, _) = clean_as(format, &bytes).expect("what was cleaned can be cleaned");
        assert!(again == bytes, "{}: cleaning it again changes it", format.name);
        let removed: Vec<_> = findings.iter().filter(|finding| finding.fate == Fate::Removed).collect();
        assert!(removed.is_empty(), "{}: a clean file has {removed:?}", format.name);
    }
}

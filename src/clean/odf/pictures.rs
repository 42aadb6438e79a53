//! Pictures of a package: each cleaned as a file of its own by what it is. Those that no cleaner knows become an empty
//! picture, and that is told.

use std::collections::BTreeMap;

use super::source::Source;
use crate::clean::{Category, FORMATS, Findings, Format, Refusal};

/// Clean pictures, in the order in which they were met.
#[derive(Default)]
pub(super) struct Pictures {
    /// Their new names by the old ones; none for what cannot be shown.
    known: BTreeMap<String, Option<String>>,
    /// New names and clean bytes.
    pub(super) clean: Vec<(String, Vec<u8>)>,
}

impl Pictures {
    /// The new name of the picture behind a link, cleaned; none if it is not in the package, or no cleaner knows it.
    pub(super) fn take(
        &mut self,
        link: &str,
        source: &mut dyn Source,
        findings: &mut Findings,
    ) -> Result<Option<String>, Refusal> {
        let name = link.strip_prefix("./").unwrap_or(link);
        if let Some(known) = self.known.get(name) {
            return Ok(known.clone());
        }
        let picture = source.picture(name, findings)?;
        let new = picture.map(|(bytes, extension)| self.add(bytes, extension));
        self.known.insert(name.to_owned(), new.clone());
        Ok(new)
    }

    /// The name of a picture without anything on it.
    pub(super) fn empty(&mut self) -> String {
        // Under a name that no package has.
        if let Some(Some(known)) = self.known.get("") {
            return known.clone();
        }
        let new = self.add(EMPTY.to_vec(), "png");
        self.known.insert(String::new(), Some(new.clone()));
        new
    }

    fn add(&mut self, bytes: Vec<u8>, extension: &'static str) -> String {
        // The same picture twice is one, so that an empty one which was here before is not joined by another.
        if let Some((known, _)) = self.clean.iter().find(|(_, known)| *known == bytes) {
            return known.clone();
        }
        let name = format!("Pictures/{}.{extension}", self.clean.len().saturating_add(1));
        self.clean.push((name.clone(), bytes));
        name
    }
}

/// The format of a picture that may stand in a document, by its first bytes.
pub(super) fn format(bytes: &[u8]) -> Option<&'static Format> {
    let head = bytes.get(..bytes.len().min(crate::limits::SNIFF_BYTES)).unwrap_or_default();
    let format = FORMATS.iter().copied().find(|format| (format.recognise)(head))?;
    (SHOWN.contains(&format.media_type) || format.media_type == DRAWING).then_some(format)
}

/// Kinds of pictures that stay what they are.
pub(in crate::clean) const SHOWN: [&str; 6] =
    ["image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp", "image/tiff"];
/// The kind that becomes a PNG.
pub(super) const DRAWING: &str = "image/svg+xml";

/// Says that a picture could not stay.
pub(super) fn tell_empty(name: &str, findings: &mut Findings) {
    findings.removed(Category::HiddenContent, format!("{name}, picture of a kind that is not cleaned"));
}

/// One pixel that nobody sees, as a PNG.
pub(super) const EMPTY: &[u8] = &[
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x04, 0x00, 0x00, 0x00, 0xB5, 0x1C, 0x0C, 0x02, 0x00, 0x00, 0x00, 0x0B, 0x49,
    0x44, 0x41, 0x54, 0x78, 0x9C, 0x63, 0x60, 0x60, 0x00, 0x00, 0x00, 0x03, 0x00, 0x01, 0xB8, 0xAD, 0x3A, 0x63, 0x00,
    0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::memory::produced;

    #[test]
    fn the_empty_picture_is_clean() {
        assert_eq!(produced(EMPTY).unwrap().0, EMPTY);
    }
}

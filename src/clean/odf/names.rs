//! Names of styles: what programs act on keeps its name, everything else becomes a number in the order of use. Knows
//! nothing of what a style says.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::values::PRESENTATION_NAME;
use crate::clean::xml::Value;

/// New names by old ones. Styles of different families may share a name; they share the new one too.
#[derive(Default)]
pub(super) struct Names {
    new: BTreeMap<String, String>,
    taken: BTreeSet<&'static str>,
    next: usize,
}

impl Names {
    /// The new name of `raw`.
    pub(super) fn renamed(&mut self, raw: &str) -> String {
        if let Some(known) = self.new.get(raw) {
            return known.clone();
        }
        let usual = usual(raw).filter(|usual| self.taken.insert(usual.name));
        let new = usual.map_or_else(
            || {
                self.next = self.next.saturating_add(1);
                format!("s{}", self.next)
            },
            |usual| usual.name.to_owned(),
        );
        self.new.insert(raw.to_owned(), new.clone());
        new
    }
}

/// A style that programs know by its name.
#[derive(Debug)]
struct Usual {
    /// As it is written.
    name: &'static str,
    /// As programs show it, where that is another.
    display: Option<&'static str>,
}

/// The usual style of that name, if it is one: as programs write it, or as it is written here.
fn usual(raw: &str) -> Option<&'static Usual> {
    let plain = raw.replace("_20_", "");
    USUAL.iter().find(|usual| usual.name == plain)
}

/// What programs show for a style that is called `name` now.
pub(super) fn display_name(name: &str) -> Option<&'static str> {
    USUAL.iter().find(|usual| usual.name == name)?.display
}

/// Whether a style takes part without being named: programs use it for what has no other.
pub(super) fn is_implicit(raw: &str) -> bool {
    matches!(
        raw,
        "Standard" | "standard" | "Default" | "default" | "Graphics" | "Frame" | "OLE" | "Formula" | "Outline"
    )
}

/// A name that is shown: one of the usual ones, or that of a presentation's style.
pub(super) const DISPLAY_NAME: Value = Value::With(shown);

fn shown(raw: &str) -> Option<Cow<'_, str>> {
    let known = USUAL.iter().any(|usual| usual.display == Some(raw));
    if known { Some(Cow::Borrowed(raw)) } else { PRESENTATION_NAME.canonical(raw) }
}

const fn plain(name: &'static str) -> Usual {
    Usual { name, display: None }
}

const fn shown_as(name: &'static str, display: &'static str) -> Usual {
    Usual { name, display: Some(display) }
}

/// Styles that LibreOffice makes by itself and acts on.
static USUAL: &[Usual] = &[
    plain("Standard"),
    plain("standard"),
    plain("Default"),
    plain("default"),
    plain("Graphics"),
    plain("Frame"),
    plain("OLE"),
    plain("Formula"),
    plain("Outline"),
    plain("Heading"),
    shown_as("Heading1", "Heading 1"),
    shown_as("Heading2", "Heading 2"),
    shown_as("Heading3", "Heading 3"),
    shown_as("Heading4", "Heading 4"),
    shown_as("Heading5", "Heading 5"),
    shown_as("Heading6", "Heading 6"),
    shown_as("Heading7", "Heading 7"),
    shown_as("Heading8", "Heading 8"),
    shown_as("Heading9", "Heading 9"),
    shown_as("Heading10", "Heading 10"),
    plain("Title"),
    plain("Subtitle"),
    shown_as("Textbody", "Text body"),
    shown_as("Firstlineindent", "First line indent"),
    plain("List"),
    shown_as("List1", "List 1"),
    shown_as("Numbering1", "Numbering 1"),
    plain("Caption"),
    plain("Index"),
    plain("Header"),
    plain("Footer"),
    plain("Footnote"),
    plain("Endnote"),
    plain("Quotations"),
    shown_as("TableContents", "Table Contents"),
    shown_as("TableHeading", "Table Heading"),
    shown_as("Framecontents", "Frame contents"),
    shown_as("FootnoteSymbol", "Footnote Symbol"),
    shown_as("EndnoteSymbol", "Endnote Symbol"),
    shown_as("BulletSymbols", "Bullet Symbols"),
    shown_as("Internetlink", "Internet link"),
    shown_as("PageNumber", "Page Number"),
    shown_as("ContentsHeading", "Contents Heading"),
    shown_as("Contents1", "Contents 1"),
    shown_as("Contents2", "Contents 2"),
    shown_as("Contents3", "Contents 3"),
    shown_as("Contents4", "Contents 4"),
    plain("Illustration"),
    plain("Table"),
    plain("Text"),
    plain("Drawing"),
    plain("Emphasis"),
    shown_as("StrongEmphasis", "Strong Emphasis"),
    shown_as("FirstPage", "First Page"),
    plain("Landscape"),
    plain("Result"),
    plain("Result2"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_programs_act_on_stay_and_others_are_numbers() {
        let mut names = Names::default();
        assert_eq!(names.renamed("Heading_20_1"), "Heading1");
        assert_eq!(names.renamed("Anna's_20_style"), "s1");
        assert_eq!(names.renamed("Heading1"), "s2", "two styles must not become one");
        assert_eq!(names.renamed("Heading_20_1"), "Heading1");
        assert_eq!(display_name("Heading1"), Some("Heading 1"));
        assert_eq!(display_name("s1"), None);
    }

    #[test]
    fn usual_names_are_names_of_references() {
        assert!(USUAL.iter().all(|usual| Value::is_reference(usual.name)));
        assert!(USUAL.iter().filter_map(|usual| usual.display).all(|name| shown(name).is_some()));
        assert!(shown("s3-outline2").is_some() && shown("Anna").is_none());
    }
}

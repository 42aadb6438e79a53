//! DrawingML (ISO/IEC 29500-1, 20 and 21): what pictures, shapes, text in shapes and themes may hold, by list, for all
//! office documents. Tables only; what a graphic refers to is for the hooks of each format.

mod effects;
mod fills;
pub(crate) mod groups;
mod shapes;
#[cfg(test)]
mod tests;
mod text;
mod theme;
pub(crate) mod values;

use crate::clean::Category;
use crate::clean::xml::{Element, Grammar, Namespace};

/// Shapes, text, fills and tables, with prefix `a`. For grammars to stand beside their own; all sorted by name.
pub(crate) const TABLES: [&[Element]; 4] = [fills::ELEMENTS, effects::ELEMENTS, shapes::ELEMENTS, text::ELEMENTS];
/// Themes.
pub(crate) static THEME: Grammar = Grammar {
    root: "a:theme",
    namespaces: &[A, R],
    elements: &[theme::ELEMENTS, TABLES[0], TABLES[1], TABLES[2], TABLES[3]],
    told: &TOLD,
};
/// The type of themes.
pub(crate) const THEME_TYPE: &str = "application/vnd.openxmlformats-officedocument.theme+xml";

/// `a`, transitional and strict.
pub(crate) const A: Namespace = Namespace {
    prefix: "a",
    uris: &["http://schemas.openxmlformats.org/drawingml/2006/main", "http://purl.oclc.org/ooxml/drawingml/main"],
};
/// `r`, of relationships.
pub(crate) const R: Namespace = Namespace {
    prefix: "r",
    uris: &[
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ],
};
/// `c`, of charts.
pub(crate) const C: Namespace = Namespace {
    prefix: "c",
    uris: &["http://schemas.openxmlformats.org/drawingml/2006/chart", "http://purl.oclc.org/ooxml/drawingml/chart"],
};

/// What attributes of shapes and runs reveal that are not kept.
pub(crate) const TOLD: [(&str, Category); 8] = [
    ("descr", Category::Comment),
    ("title", Category::Comment),
    ("bmk", Category::Identifier),
    ("dirty", Category::History),
    ("err", Category::History),
    ("macro", Category::HiddenContent),
    ("r:link", Category::HiddenContent),
    ("textlink", Category::HiddenContent),
];

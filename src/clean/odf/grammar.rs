//! What parts of an OpenDocument package may hold (OASIS OpenDocument 1.3, part 3): content, styles, settings and
//! embedded formulas. Tables only.

mod chart;
mod drawing;
mod math;
mod properties;
mod settings;
mod style;
mod table;
mod text;

use crate::clean::Category;
use crate::clean::xml::{Attribute, Element, Fate, Grammar, Namespace, Text, Value};

/// `content.xml` (3.1.3.2), of the document and of charts in it.
pub(super) static CONTENT: Grammar =
    Grammar { root: "office:document-content", namespaces: NAMESPACES, elements: ELEMENTS, told: TOLD };
/// `styles.xml` (3.1.3.3).
pub(super) static STYLES: Grammar =
    Grammar { root: "office:document-styles", namespaces: NAMESPACES, elements: ELEMENTS, told: TOLD };
pub(super) use math::MATH;
pub(super) use settings::{LAYOUT, LAYOUT_SET, SETTINGS};

static ELEMENTS: &[&[Element]] =
    &[text::ELEMENTS, style::ELEMENTS, style::NUMBERS, table::ELEMENTS, drawing::ELEMENTS, chart::ELEMENTS];

/// Namespaces under the prefixes that everyone uses for them. Those that no written name has stand here too, so that
/// what is left out is told by its usual name.
pub(super) static NAMESPACES: &[Namespace] = &[
    Namespace { prefix: "office", uris: &["urn:oasis:names:tc:opendocument:xmlns:office:1.0"] },
    Namespace { prefix: "style", uris: &["urn:oasis:names:tc:opendocument:xmlns:style:1.0"] },
    Namespace { prefix: "text", uris: &["urn:oasis:names:tc:opendocument:xmlns:text:1.0"] },
    Namespace { prefix: "table", uris: &["urn:oasis:names:tc:opendocument:xmlns:table:1.0"] },
    Namespace { prefix: "draw", uris: &["urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"] },
    Namespace { prefix: "fo", uris: &["urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"] },
    Namespace { prefix: "xlink", uris: &["http://www.w3.org/1999/xlink"] },
    Namespace { prefix: "number", uris: &["urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"] },
    Namespace { prefix: "presentation", uris: &["urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"] },
    Namespace { prefix: "svg", uris: &["urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"] },
    Namespace { prefix: "chart", uris: &["urn:oasis:names:tc:opendocument:xmlns:chart:1.0"] },
    Namespace { prefix: "dr3d", uris: &["urn:oasis:names:tc:opendocument:xmlns:dr3d:1.0"] },
    Namespace { prefix: "form", uris: &["urn:oasis:names:tc:opendocument:xmlns:form:1.0"] },
    Namespace { prefix: "script", uris: &["urn:oasis:names:tc:opendocument:xmlns:script:1.0"] },
    Namespace { prefix: "anim", uris: &["urn:oasis:names:tc:opendocument:xmlns:animation:1.0"] },
    Namespace { prefix: "smil", uris: &["urn:oasis:names:tc:opendocument:xmlns:smil-compatible:1.0"] },
    Namespace { prefix: "meta", uris: &["urn:oasis:names:tc:opendocument:xmlns:meta:1.0"] },
    Namespace { prefix: "db", uris: &["urn:oasis:names:tc:opendocument:xmlns:database:1.0"] },
    Namespace { prefix: "dc", uris: &["http://purl.org/dc/elements/1.1/"] },
    Namespace { prefix: "css3t", uris: &["http://www.w3.org/TR/css3-text/"] },
    Namespace { prefix: "officeooo", uris: &["http://openoffice.org/2009/office"] },
    Namespace { prefix: "loext", uris: &["urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"] },
    Namespace { prefix: "calcext", uris: &["urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"] },
    Namespace { prefix: "field", uris: &["urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"] },
];

/// What attributes reveal that are not kept.
static TOLD: &[(&str, Category)] = &[
    ("officeooo:*", Category::Identifier),
    ("xml:id", Category::Identifier),
    ("draw:id", Category::Identifier),
    ("draw:name", Category::Identifier),
    ("form:id", Category::Identifier),
    ("text:id", Category::Identifier),
    ("text:name", Category::Identifier),
    ("text:protection-key*", Category::Identifier),
    ("table:protection-key*", Category::Identifier),
    ("table:name", Category::Identifier),
    ("table:formula", Category::HiddenContent),
    ("office:string-value", Category::HiddenContent),
    ("xlink:href", Category::Location),
    ("draw:filter-name", Category::Software),
    ("style:display-name", Category::Identifier),
];

/// The name of a style, or of something that styles refer to.
const STYLE: Value = Value::Reference("style");
/// How something is counted (19.500). Programs give names of their own to letters of other scripts.
const NUMBERING: Value = Value::Token(&[
    "1",
    "",
    "i",
    "I",
    "a",
    "A",
    "01",
    "1st",
    "01, 02, 03, ...",
    "001, 002, 003, ...",
    "А, Б, .., Аа, Аб, ... (bg)",
    "а, б, .., аа, аб, ... (bg)",
    "А, Б, .., Аа, Бб, ... (bg)",
    "а, б, .., аа, бб, ... (bg)",
    "А, Б, .., Аа, Аб, ... (ru)",
    "а, б, .., аа, аб, ... (ru)",
    "А, Б, .., Аа, Бб, ... (ru)",
    "а, б, .., аа, бб, ... (ru)",
    "А, Б, .., Аа, Аб, ... (sr)",
    "а, б, .., аа, аб, ... (sr)",
    "А, Б, .., Аа, Бб, ... (sr)",
    "а, б, .., аа, бб, ... (sr)",
    "А, Б, .., Аа, Аб, ... (uk)",
    "а, б, .., аа, аб, ... (uk)",
    "А, Б, .., Аа, Бб, ... (uk)",
    "а, б, .., аа, бб, ... (uk)",
    "Α, Β, Γ, ... (gr)",
    "α, β, γ, ... (gr)",
    "א, י, ק, ...",
    "أ, ب, ت, ث, ...",
    "١, ٢, ٣, ٤, ...",
    "۱, ۲, ۳, ۴, ...",
    "ا, ب, پ, ت, ...",
    "一, 二, 三, ...",
    "①, ②, ③, ...",
]);
/// A count.
const COUNT: Value = Value::Integer(0, 1 << 31);

/// What stands in a document one below the other.
const BLOCKS: &[&str] = &[
    "draw:caption",
    "draw:circle",
    "draw:connector",
    "draw:custom-shape",
    "draw:ellipse",
    "draw:frame",
    "draw:g",
    "draw:line",
    "draw:measure",
    "draw:path",
    "draw:polygon",
    "draw:polyline",
    "draw:rect",
    "draw:regular-polygon",
    "table:table",
    "text:h",
    "text:list",
    "text:p",
    "text:section",
];
/// What is drawn.
const SHAPES: &[&str] = &[
    "draw:caption",
    "draw:circle",
    "draw:connector",
    "draw:custom-shape",
    "draw:ellipse",
    "draw:frame",
    "draw:g",
    "draw:line",
    "draw:measure",
    "draw:path",
    "draw:polygon",
    "draw:polyline",
    "draw:rect",
    "draw:regular-polygon",
];

const fn of(name: &'static str, value: Value) -> Attribute {
    Attribute { name, value }
}

const fn kept(name: &'static str, children: &'static [&'static str], attributes: &'static [Attribute]) -> Element {
    Element { name, fate: Fate::Kept, children, attributes, text: Text::None }
}

/// One that holds characters that are seen.
const fn worded(name: &'static str, children: &'static [&'static str], attributes: &'static [Attribute]) -> Element {
    Element { name, fate: Fate::Kept, children, attributes, text: Text::Content }
}

const fn dropped(name: &'static str, told: Option<Category>) -> Element {
    Element { name, fate: Fate::Dropped(told), children: &[], attributes: &[], text: Text::None }
}

const fn unwrapped(name: &'static str, told: Option<Category>) -> Element {
    Element { name, fate: Fate::Unwrapped(told), children: &[], attributes: &[], text: Text::None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_name_only_what_they_have() {
        for grammar in [&CONTENT, &STYLES, &MATH, &SETTINGS] {
            for table in grammar.elements {
                assert!(table.is_sorted_by_key(|element| element.name), "{}", grammar.root);
                for element in *table {
                    for child in element.children.iter().filter(|child| **child != "*") {
                        let known = grammar.element(child).is_some_and(|child| child.fate == Fate::Kept);
                        assert!(known, "{child} in {}", element.name);
                    }
                }
            }
        }
    }
}

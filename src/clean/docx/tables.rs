//! What the parts of a word-processing document may hold, by list. Tables only.

mod canvas;
mod definitions;
mod graphics;
mod math;
mod properties;
mod vml;
mod words;

use super::values;
use crate::clean::Category;
pub(super) use crate::clean::ooxml::chart::CHART as CHARTS;
pub(super) use crate::clean::ooxml::drawing::THEME as THEMES;
use crate::clean::ooxml::drawing::{A, C, R, TABLES};
use crate::clean::xml::{Element, Grammar, Namespace};

/// Of parts with words in them.
pub(super) static NAMESPACES: &[Namespace] = &[
    Namespace {
        prefix: "w",
        uris: &[
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
            "http://purl.oclc.org/ooxml/wordprocessingml/main",
        ],
    },
    R,
    A,
    C,
    Namespace {
        prefix: "wp",
        uris: &[
            "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
            "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing",
        ],
    },
    Namespace {
        prefix: "pic",
        uris: &[
            "http://schemas.openxmlformats.org/drawingml/2006/picture",
            "http://purl.oclc.org/ooxml/drawingml/picture",
        ],
    },
    Namespace {
        prefix: "lc",
        uris: &[
            "http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas",
            "http://purl.oclc.org/ooxml/drawingml/lockedCanvas",
        ],
    },
    Namespace { prefix: "wps", uris: &["http://schemas.microsoft.com/office/word/2010/wordprocessingShape"] },
    Namespace { prefix: "wpg", uris: &["http://schemas.microsoft.com/office/word/2010/wordprocessingGroup"] },
    Namespace {
        prefix: "m",
        uris: &[
            "http://schemas.openxmlformats.org/officeDocument/2006/math",
            "http://purl.oclc.org/ooxml/officeDocument/math",
        ],
    },
    Namespace { prefix: "v", uris: &["urn:schemas-microsoft-com:vml"] },
    Namespace { prefix: "o", uris: &["urn:schemas-microsoft-com:office:office"] },
    Namespace { prefix: "w10", uris: &["urn:schemas-microsoft-com:office:word"] },
];

static ELEMENTS: &[&[Element]] = {
    let [fills, effects, shapes, text] = TABLES;
    &[
        canvas::ELEMENTS,
        words::ELEMENTS,
        properties::ELEMENTS,
        definitions::ELEMENTS,
        graphics::ELEMENTS,
        vml::ELEMENTS,
        math::ELEMENTS,
        fills,
        effects,
        shapes,
        text,
    ]
};
/// What attributes reveal that are not kept.
static TOLD: &[(&str, Category)] = &[
    ("w:rsid*", Category::Identifier),
    ("w:author", Category::Person),
    ("w:initials", Category::Person),
    ("w:date", Category::Time),
    ("w:durableId", Category::Identifier),
    ("w:tplc", Category::Identifier),
    ("descr", Category::Comment),
    ("title", Category::Comment),
    ("alt", Category::Comment),
    ("o:title", Category::Comment),
    ("o:gfxdata", Category::HiddenContent),
    ("o:spid", Category::Identifier),
    ("id", Category::Identifier),
    ("w:eastAsia", Category::Software),
    ("w:bidi", Category::Software),
    ("{http://schemas.microsoft.com/office/word/*", Category::Identifier),
    ("{http://schemas.openxmlformats.org/markup-compatibility/2006}*", Category::Software),
];

const fn grammar(root: &'static str) -> Grammar {
    Grammar { root, namespaces: NAMESPACES, elements: ELEMENTS, told: TOLD }
}

pub(super) static DOCUMENT: Grammar = grammar("w:document");
pub(super) static HEADER: Grammar = grammar("w:hdr");
pub(super) static FOOTER: Grammar = grammar("w:ftr");
pub(super) static FOOTNOTES: Grammar = grammar("w:footnotes");
pub(super) static ENDNOTES: Grammar = grammar("w:endnotes");
pub(super) static STYLES: Grammar = grammar("w:styles");
pub(super) static NUMBERING: Grammar = grammar("w:numbering");
pub(super) static SETTINGS: Grammar = grammar("w:settings");
pub(super) static FONTS: Grammar = grammar("w:fonts");
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_and_say_all_that_they_name() {
        for table in ELEMENTS {
            assert!(table.windows(2).all(|pair| pair[0].name < pair[1].name));
        }
        for element in ELEMENTS.iter().copied().flatten() {
            for child in element.children {
                assert!(DOCUMENT.element(child).is_some(), "{child} in {}", element.name);
            }
        }
    }
}

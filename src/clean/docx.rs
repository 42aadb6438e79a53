//! Word-processing documents (ECMA-376-1, 17; ISO/IEC 29500-1): parts, elements and attributes by list, pictures through
//! their own cleaners. Never keeps a name that somebody gave, a change that was tracked, or a part that is not listed.

mod build;
mod drawings;
mod fields;
mod hooks;
mod names;
mod shared;
mod tables;
#[cfg(test)]
mod tests;
mod values;

use std::io::Read;

use super::cursor::Cursor;
use super::ooxml::verify::{Kind, Layout, verify as verify_package};
use super::{Draft, Format, Refusal, Unaccounted};

/// The line in the table.
pub(super) static FORMAT: Format = Format {
    media_type: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    extension: "docx",
    aliases: &[],
    name: "Word document",
    // An archive is looked into: see `package`.
    recognise: |_| false,
    clean,
    verify,
};

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    build::draft(cursor)
}

fn verify(reader: &mut dyn Read) -> Result<(), Unaccounted> {
    verify_package(reader, &LAYOUT, &mut |_, _| true)
}

macro_rules! kind {
    ($relationship:literal, $content_type:literal, $name:literal, $grammar:ident) => {
        Kind {
            relationship: $relationship,
            content_type: concat!("application/vnd.openxmlformats-officedocument.", $content_type, "+xml"),
            name: $name,
            grammar: &tables::$grammar,
        }
    };
}

/// What a clean document holds, in the order in which the parts stand.
static LAYOUT: Layout = Layout {
    kinds: &[
        kind!("officeDocument", "wordprocessingml.document.main", "word/document.xml", DOCUMENT),
        kind!("styles", "wordprocessingml.styles", "word/styles.xml", STYLES),
        kind!("numbering", "wordprocessingml.numbering", "word/numbering.xml", NUMBERING),
        kind!("settings", "wordprocessingml.settings", "word/settings.xml", SETTINGS),
        kind!("fontTable", "wordprocessingml.fontTable", "word/fontTable.xml", FONTS),
        kind!("theme", "theme", "word/theme/theme1.xml", THEMES),
        kind!("footnotes", "wordprocessingml.footnotes", "word/footnotes.xml", FOOTNOTES),
        kind!("endnotes", "wordprocessingml.endnotes", "word/endnotes.xml", ENDNOTES),
        kind!("header", "wordprocessingml.header", "word/header#.xml", HEADER),
        kind!("footer", "wordprocessingml.footer", "word/footer#.xml", FOOTER),
        kind!("chart", "drawingml.chart", "word/charts/chart#.xml", CHARTS),
    ],
    pictures: "word/media/",
};

//! Workbooks (ISO/IEC 29500-1, 18): visible sheets with the values that their cells show, looks, pictures and charts,
//! each part written anew by list. Keeps no formula, no name of a place or person, no hidden sheet, and nothing that
//! belongs to another program.

mod cells;
mod drawing_grammar;
mod grammar;
mod sheet;
mod shown;
mod strings;
mod styles;
#[cfg(test)]
mod tests;
mod values;
mod workbook;

use std::collections::BTreeSet;
use std::io::Read;

use super::cursor::Cursor;
use super::ooxml::graphics::Media;
use super::ooxml::package::Package;
use super::ooxml::relationships::Relationship;
use super::ooxml::verify::{Kind, Layout};
use super::ooxml::write::{Content, Part, write};
use super::ooxml::{chart, drawing, told, verify as packages};
use super::{Draft, Findings, Format, Refusal, Unaccounted};
use strings::Strings;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extension: "xlsx",
    aliases: &[],
    name: "Excel workbook",
    recognise,
    clean,
    verify,
};

/// Its first bytes are those of any archive; it is told by what is in it.
fn recognise(_: &[u8]) -> bool {
    false
}

/// What a workbook may hold.
static LAYOUT: Layout = Layout {
    kinds: &[
        Kind {
            relationship: "officeDocument",
            content_type: WORKBOOK,
            name: "xl/workbook.xml",
            grammar: &grammar::WORKBOOK,
        },
        Kind {
            relationship: "worksheet",
            content_type: WORKSHEET,
            name: "xl/worksheets/sheet#.xml",
            grammar: &grammar::WORKSHEET,
        },
        Kind {
            relationship: "chartsheet",
            content_type: CHARTSHEET,
            name: "xl/chartsheets/sheet#.xml",
            grammar: &grammar::CHARTSHEET,
        },
        Kind {
            relationship: "theme",
            content_type: drawing::THEME_TYPE,
            name: "xl/theme/theme1.xml",
            grammar: &drawing::THEME,
        },
        Kind { relationship: "styles", content_type: STYLES, name: "xl/styles.xml", grammar: &grammar::STYLES },
        Kind {
            relationship: "sharedStrings",
            content_type: STRINGS,
            name: "xl/sharedStrings.xml",
            grammar: &grammar::STRINGS,
        },
        Kind {
            relationship: "drawing",
            content_type: DRAWING,
            name: "xl/drawings/drawing#.xml",
            grammar: &drawing_grammar::DRAWING,
        },
        Kind { relationship: "chart", content_type: chart::TYPE, name: "xl/charts/chart#.xml", grammar: &chart::CHART },
    ],
    pictures: "xl/media/",
};

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml";
const WORKSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml";
const CHARTSHEET: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.chartsheet+xml";
const STYLES: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml";
const STRINGS: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml";
const DRAWING: &str = "application/vnd.openxmlformats-officedocument.drawing+xml";

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    let package = Package::read(cursor)?;
    let main = package.main(cursor)?;
    let relationships = package.relationships(cursor, &main)?;
    let mut read = BTreeSet::from([main.to_ascii_lowercase()]);
    let book = workbook::read(&package.bytes(cursor, &main)?, &main, &relationships, &mut findings)?;
    let source = |kind: &str| relationships.iter().find(|known| known.is(kind)).and_then(Relationship::part);
    let strings_source = source("sharedStrings").filter(|name| package.has(name));
    let bytes = match strings_source {
        Some(name) => Some(package.bytes(cursor, name)?),
        None => None,
    };
    let mut strings = Strings::read(bytes.as_deref().map(Vec::as_slice))?;
    let mut parts = Vec::new();
    let mut media = Media::new(&package, cursor, "xl/");
    let mut drawings = Vec::new();
    for entry in &book.sheets {
        read.insert(entry.source.to_ascii_lowercase());
        parts.push(sheet::clean(entry, &mut media, &mut strings, &mut drawings, &mut findings)?);
    }
    for kind in ["theme", "styles"] {
        let Some(name) = source(kind).filter(|name| media.package.has(name)) else { continue };
        read.insert(name.to_ascii_lowercase());
        parts.push(match kind {
            "theme" => sheet::theme(name, &mut media, &mut findings)?,
            _ => styles::clean(name, &mut media, &mut findings)?,
        });
    }
    if let (Some(name), Some(bytes)) =
        (strings_source, strings.clean(strings_source.unwrap_or_default(), &mut media.fonts, &mut findings)?)
    {
        read.insert(name.to_ascii_lowercase());
        parts.push(Part {
            name: "xl/sharedStrings.xml".to_owned(),
            content: Content::Xml(STRINGS, bytes),
            links: Vec::new(),
        });
    }
    let mut all = vec![workbook::write(&book, &parts)];
    all.append(&mut parts);
    for (index, source) in drawings.iter().enumerate() {
        read.insert(source.to_ascii_lowercase());
        all.push(sheet::drawing(source, index.saturating_add(1), &mut media, &mut findings)?);
    }
    media.tell_fonts(&mut findings);
    read.extend(media.read().map(str::to_ascii_lowercase));
    all.append(&mut media.into_parts());
    told::tell(&package, cursor, &read, &mut findings)?;
    shown::tell(&all, &mut findings)?;
    Ok(Draft::new(write(&all)?, findings))
}

fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    packages::verify(produced, &LAYOUT, &mut |_, _| true)
}

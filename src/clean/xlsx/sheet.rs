//! Sheets, their drawings and the theme (ISO/IEC 29500-1, 18.3, 20.5, 20.1.6), each filtered by list.

use super::cells;
use super::drawing_grammar::DRAWING;
use super::grammar::{CHARTSHEET, WORKSHEET};
use super::strings::{Strings, note_font};
use super::workbook::Sheet;
use crate::clean::ooxml::drawing::{self, THEME};
use crate::clean::ooxml::graphics::{Graphics, Media};
use crate::clean::ooxml::survey::{Group, settled};
use crate::clean::ooxml::{
    diagram,
    write::{Content, Part},
};
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Decision, Hooks, Raw, Writer, filter};
use crate::clean::{Findings, Refusal};

/// A sheet. `drawings` are those that are to be written, by the names of their parts.
pub(super) fn clean(
    sheet: &Sheet,
    media: &mut Media<'_, '_>,
    strings: &mut Strings,
    drawings: &mut Vec<String>,
    findings: &mut Findings,
) -> Result<Part, Refusal> {
    let source = sheet.source.as_str();
    let bytes = media.package.bytes(media.cursor, source)?;
    let text = cells::settled(&decoded(&bytes)?, strings, source, findings)?;
    let (grammar, content_type) = match sheet.is_chart {
        true => (&CHARTSHEET, super::CHARTSHEET),
        false => (&WORKSHEET, super::WORKSHEET),
    };
    let graphics = Graphics::new(media, source, "")?;
    let mut hooks = References { graphics, drawings };
    let clean = filter(text.as_bytes(), grammar, source, &mut hooks, findings)?;
    Ok(Part { name: sheet.name.clone(), content: Content::Xml(content_type, clean), links: hooks.graphics.finish()? })
}

/// What a sheet refers to.
struct References<'h, 'm, 'a, 'c> {
    graphics: Graphics<'m, 'a, 'c>,
    drawings: &'h mut Vec<String>,
}

impl Hooks for References<'_, '_, '_, '_> {
    fn start(
        &mut self,
        raw: &mut Raw,
        parent: &'static str,
        writer: &mut Writer,
        findings: &mut Findings,
    ) -> Result<Decision, Refusal> {
        note_font(raw, &mut self.graphics.media.fonts);
        // What the program has calculated for itself, and counts.
        raw.attributes.retain(|(name, _)| !matches!(name.as_str(), "spans" | "count" | DESCENT));
        self.graphics.start(raw, parent, writer, findings)
    }

    fn reference(&mut self, kind: &'static str, value: &str, findings: &mut Findings) -> Option<String> {
        if kind != "drawing" {
            return self.graphics.reference(kind, value, findings);
        }
        let source = self.graphics.target("drawing", value).filter(|name| self.graphics.media.package.has(name))?;
        let at = self.drawings.iter().position(|known| *known == source).unwrap_or_else(|| {
            self.drawings.push(source);
            self.drawings.len().saturating_sub(1)
        });
        Some(self.graphics.link("drawing", format!("xl/drawings/drawing{}.xml", at.saturating_add(1))))
    }
}

const DESCENT: &str = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac}dyDescent";

/// Groups of a sheet's drawing.
const GROUP: Group =
    Group { namespace: "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing", description: "" };

/// The drawing of a sheet, which becomes the one of that number.
pub(super) fn drawing(
    source: &str,
    number: usize,
    media: &mut Media<'_, '_>,
    findings: &mut Findings,
) -> Result<Part, Refusal> {
    let bytes = media.package.bytes(media.cursor, source)?;
    let text = decoded(&bytes)?;
    let mut shapes = |data: &str| diagram::shapes(source, data, media);
    let text = settled(&text, source, &GROUP, &mut shapes, findings)?;
    let mut graphics = Graphics::new(media, source, "xdr:")?;
    let clean = filter(text.as_bytes(), &DRAWING, source, &mut graphics, findings)?;
    let name = format!("xl/drawings/drawing{number}.xml");
    Ok(Part { name, content: Content::Xml(super::DRAWING, clean), links: graphics.finish()? })
}

/// The theme.
pub(super) fn theme(source: &str, media: &mut Media<'_, '_>, findings: &mut Findings) -> Result<Part, Refusal> {
    let bytes = media.package.bytes(media.cursor, source)?;
    let mut graphics = Graphics::new(media, source, "a:")?;
    let clean = filter(&bytes, &THEME, source, &mut graphics, findings)?;
    let name = "xl/theme/theme1.xml".to_owned();
    Ok(Part { name, content: Content::Xml(drawing::THEME_TYPE, clean), links: graphics.finish()? })
}

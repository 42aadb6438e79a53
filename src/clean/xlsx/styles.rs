//! Styles of cells (ISO/IEC 29500-1, 18.8): looks by list, number formats that are used, and no names.

use std::collections::BTreeSet;

use super::grammar::STYLES;
use super::strings::{note_font, offset};
use crate::clean::ooxml::edits::Edits;
use crate::clean::ooxml::graphics::Media;
use crate::clean::ooxml::number_format;
use crate::clean::ooxml::write::{Content, Part};
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Decision, Event, Hooks, Raw, Reader, Writer, filter};
use crate::clean::{Category, Findings, Refusal};

/// The styles of a workbook.
pub(super) fn clean(source: &str, media: &mut Media<'_, '_>, findings: &mut Findings) -> Result<Part, Refusal> {
    let bytes = media.package.bytes(media.cursor, source)?;
    let text = with_used_formats(&decoded(&bytes)?, source, findings)?;
    let clean = filter(
        text.as_bytes(),
        &STYLES,
        source,
        &mut Names { place: source, count: 0, fonts: &mut media.fonts },
        findings,
    )?;
    Ok(Part { name: "xl/styles.xml".to_owned(), content: Content::Xml(super::STYLES, clean), links: Vec::new() })
}

/// The same without number formats that no cell has.
fn with_used_formats(text: &str, place: &str, findings: &mut Findings) -> Result<String, Refusal> {
    let mut reader = Reader::new(text, STYLES.namespaces);
    let mut used = BTreeSet::new();
    let mut listed: Vec<(String, usize, usize)> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut list = (0, 0);
    loop {
        let from = offset(reader.at());
        match reader.next()? {
            Event::Start(raw) => {
                let number = raw.attribute("numFmtId").unwrap_or_default().to_owned();
                match raw.name.as_str() {
                    "numFmts" => list = (from, 0),
                    "numFmt" if open.last().is_some_and(|parent| parent == "numFmts") => listed.push((number, from, 0)),
                    "xf" => _ = used.insert(number),
                    _ => {}
                }
                open.push(raw.name);
            }
            Event::End => {
                let closed = open.pop().unwrap_or_default();
                let is_listed = closed == "numFmt" && open.last().is_some_and(|parent| parent == "numFmts");
                if let Some((_, _, to)) = listed.last_mut().filter(|_| is_listed) {
                    *to = offset(reader.at());
                }
                if closed == "numFmts" {
                    list.1 = offset(reader.at());
                }
            }
            Event::Text(_) => {}
            Event::Finish => break,
        }
    }
    let mut edits = Edits::default();
    let dropped = listed.iter().filter(|(number, _, _)| !used.contains(number));
    dropped.clone().for_each(|(_, from, to)| edits.cut(*from, *to));
    if dropped.clone().count() > 0 {
        findings.removed(Category::HiddenContent, format!("{place}, number formats that no cell has"));
    }
    if dropped.count() == listed.len() {
        edits.cut(list.0, list.1);
    }
    Ok(edits.apply(text))
}

struct Names<'p> {
    place: &'p str,
    count: u32,
    fonts: &'p mut BTreeSet<String>,
}

impl Hooks for Names<'_> {
    fn start(
        &mut self,
        raw: &mut Raw,
        _: &'static str,
        _: &mut Writer,
        findings: &mut Findings,
    ) -> Result<Decision, Refusal> {
        note_font(raw, self.fonts);
        raw.attributes.retain(|(name, _)| !matches!(name.as_str(), "count" | KNOWN_FONTS));
        let is_built_in = raw.attribute("builtinId").is_some();
        let is_normal = raw.attribute("builtinId") == Some("0");
        for (name, value) in &mut raw.attributes {
            match (raw.name.as_str(), name.as_str()) {
                ("cellStyle", "name") => {
                    self.count = self.count.saturating_add(1);
                    let canonical = if is_normal { "Normal".to_owned() } else { format!("Style {}", self.count) };
                    if !is_built_in && *value != canonical {
                        findings.removed_value(Category::Identifier, format!("{}, name of a style", self.place), value);
                    }
                    *value = canonical;
                }
                ("numFmt", "formatCode") if !number_format::is_kept(value) => {
                    findings.removed_value(Category::Unknown, format!("{}, number format", self.place), value);
                }
                _ => {}
            }
        }
        Ok(Decision::AsListed)
    }
}

const KNOWN_FONTS: &str = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/ac}knownFonts";

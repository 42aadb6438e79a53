//! Charts (ISO/IEC 29500-1, 21.2): the values that were shown last become the chart's own. Keeps no formula, no workbook
//! and no name of where values are from.

mod grammar;
#[cfg(test)]
mod tests;

use super::drawing::{A, C, R, TABLES, TOLD};
use super::graphics::{Graphics, Media};
use super::write::{Content, Part};
use crate::clean::xml::{Decision, Grammar, Hooks, Raw, Writer, filter};
use crate::clean::{Category, Findings, Refusal};

/// The type of charts.
pub(crate) const TYPE: &str = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml";

/// What a chart may hold.
pub(crate) static CHART: Grammar = Grammar {
    root: "c:chartSpace",
    namespaces: &[C, A, R],
    elements: &[grammar::ELEMENTS, TABLES[0], TABLES[1], TABLES[2], TABLES[3]],
    told: &TOLD,
};

/// The chart in the part `source`, as a part called `name`.
///
/// # Errors
/// As for [`filter`].
pub(crate) fn clean(
    source: &str,
    name: String,
    media: &mut Media<'_, '_>,
    findings: &mut Findings,
) -> Result<Part, Refusal> {
    let bytes = media.package.bytes(media.cursor, source)?;
    let graphics = Graphics::new(media, source, "c:")?;
    let mut hooks = Values { graphics, axes: Vec::new(), is_title: false, is_rich: false, points: 0, levels: 0 };
    let clean = filter(&bytes, &CHART, source, &mut hooks, findings)?;
    Ok(Part { name, content: Content::Xml(TYPE, clean), links: hooks.graphics.finish()? })
}

struct Values<'m, 'a, 'c> {
    graphics: Graphics<'m, 'a, 'c>,
    /// What axes are called.
    axes: Vec<String>,
    /// In something whose text is rich, not in the name of a series.
    is_title: bool,
    /// Rich text has been begun for a value.
    is_rich: bool,
    /// Values of one name, and levels of one category.
    points: u32,
    levels: u32,
}

impl Hooks for Values<'_, '_, '_> {
    fn start(
        &mut self,
        raw: &mut Raw,
        parent: &'static str,
        writer: &mut Writer,
        findings: &mut Findings,
    ) -> Result<Decision, Refusal> {
        let is_name = parent == "c:tx";
        match raw.name.as_str() {
            "c:title" | "c:dLbl" | "c:trendlineLbl" | "c:dispUnitsLbl" => self.is_title = true,
            "c:tx" => self.points = 0,
            "c:strCache" | "c:numCache" if is_name => return Ok(Decision::Unwrapped),
            "c:ptCount" | "c:formatCode" if is_name => return Ok(Decision::Dropped),
            "c:pt" if is_name => {
                self.points = self.points.saturating_add(1);
                if self.points > 1 {
                    findings.removed(Category::Unknown, "further cells of a name in a chart");
                    return Ok(Decision::Dropped);
                }
                if self.is_title {
                    self.is_rich = true;
                    writer.start("c:rich");
                    writer.empty("a:bodyPr", &[]);
                    writer.start("a:p");
                    writer.start("a:r");
                }
                return Ok(Decision::Unwrapped);
            }
            "c:v" if is_name && self.is_title => raw.name = "a:t".to_owned(),
            "c:numCache" => raw.name = "c:numLit".to_owned(),
            "c:strCache" | "c:multiLvlStrCache" => {
                self.levels = 0;
                raw.name = "c:strLit".to_owned();
            }
            "c:lvl" => {
                self.levels = self.levels.saturating_add(1);
                if self.levels > 1 {
                    findings.removed(Category::Unknown, "further levels of categories in a chart");
                    return Ok(Decision::Dropped);
                }
                return Ok(Decision::Unwrapped);
            }
            _ => {}
        }
        self.graphics.start(raw, parent, writer, findings)
    }

    fn end(&mut self, name: &str, writer: &mut Writer, findings: &mut Findings) -> Result<(), Refusal> {
        match name {
            "c:title" | "c:dLbl" | "c:trendlineLbl" | "c:dispUnitsLbl" => self.is_title = false,
            "c:pt" if self.is_rich => {
                self.is_rich = false;
                (0..3).for_each(|_| writer.end());
            }
            _ => {}
        }
        self.graphics.end(name, writer, findings)
    }

    fn reference(&mut self, kind: &'static str, value: &str, findings: &mut Findings) -> Option<String> {
        if kind != "axis" {
            return self.graphics.reference(kind, value, findings);
        }
        let at = self.axes.iter().position(|known| known == value).unwrap_or_else(|| {
            self.axes.push(value.to_owned());
            self.axes.len().saturating_sub(1)
        });
        Some(at.saturating_add(1).to_string())
    }
}

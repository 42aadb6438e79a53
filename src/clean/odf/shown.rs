//! Words of a clean document and where they stand: the line of a text, the row of a sheet, the slide.

use super::grammar::CONTENT;
use super::{Kind, Package};
use crate::clean::shown::{Inner, Reading, Words};
use crate::clean::xml::Raw;
use crate::clean::{Findings, Refusal};

/// Paragraphs, one a line.
static PARAGRAPHS: Reading = Reading {
    namespaces: CONTENT.namespaces,
    lines: &["text:p", "text:h"],
    words: &[],
    signs: &[("text:tab", '\t'), ("text:s", ' '), ("text:line-break", ' ')],
    inner: Inner::Apart,
};
/// Rows, one a line.
static ROWS: Reading = Reading {
    lines: &["table:table-row", "text:p", "text:h"],
    inner: Inner::Joined,
    namespaces: PARAGRAPHS.namespaces,
    words: PARAGRAPHS.words,
    signs: PARAGRAPHS.signs,
};

impl Package {
    /// Tells which words give a person away.
    pub(super) fn tell_words(&self, kind: Kind, findings: &mut Findings) -> Result<(), Refusal> {
        let mut words = Words::new();
        let mut place = Place::default();
        match kind {
            Kind::Text | Kind::Chart => words.part(&self.content, &PARAGRAPHS, None, &mut |_| None)?,
            Kind::Spreadsheet => words.part(&self.content, &ROWS, Some("sheet"), &mut |raw| place.row(raw))?,
            Kind::Presentation => words.part(&self.content, &PARAGRAPHS, Some("slide"), &mut |raw| place.slide(raw))?,
        }
        let around = if kind == Kind::Presentation { "master" } else { "header or footer" };
        if let Some(styles) = &self.styles {
            words.part(styles, &PARAGRAPHS, Some(around), &mut |_| None)?;
        }
        for (number, object) in (1_usize..).zip(&self.objects) {
            words.part(&object.content, &PARAGRAPHS, Some(&format!("object {number}")), &mut |_| None)?;
        }
        words.tell(findings);
        Ok(())
    }
}

/// Where one is in a document.
#[derive(Default)]
struct Place {
    sheet: u64,
    row: u64,
    /// Rows that the last one stands for.
    rows: u64,
}

impl Place {
    fn row(&mut self, raw: &Raw) -> Option<String> {
        match raw.name.as_str() {
            "table:table" => *self = Self { sheet: self.sheet.saturating_add(1), ..Self::default() },
            "table:table-row" => {
                self.row = self.row.saturating_add(self.rows.max(1));
                let repeated = raw.attribute("table:number-rows-repeated").and_then(|number| number.parse().ok());
                self.rows = repeated.unwrap_or(1);
                return Some(format!("sheet {} row {}", self.sheet, self.row));
            }
            _ => return None,
        }
        Some(format!("sheet {}", self.sheet))
    }

    fn slide(&mut self, raw: &Raw) -> Option<String> {
        (raw.name == "draw:page").then(|| {
            self.row = self.row.saturating_add(1);
            format!("slide {}", self.row)
        })
    }
}

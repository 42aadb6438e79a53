//! Settles a sheet before it is filtered: numbers of strings anew, words in cells as words, rules and headers without
//! what refers to elsewhere. What stands there then is filtered like all else.

use super::grammar::WORKSHEET;
use super::strings::{Strings, offset};
use super::values::CELL_VALUE;
use crate::clean::ooxml::edits::{Edits, escaped};
use crate::clean::xml::{Event, Raw, Reader, Value};
use crate::clean::{Category, Findings, Refusal};

/// The text of a sheet, settled.
pub(super) fn settled(
    text: &str,
    strings: &mut Strings,
    place: &str,
    findings: &mut Findings,
) -> Result<String, Refusal> {
    let mut reader = Reader::new(text, WORKSHEET.namespaces);
    let mut cells =
        Cells { strings, place, findings, edits: Edits::default(), open: Vec::new(), cell: Cell::default(), rules: 0 };
    loop {
        let from = offset(reader.at());
        match reader.next()? {
            Event::Start(raw) => cells.start(raw, from, offset(reader.at())),
            Event::Text(text) => cells.text(&text),
            Event::End => cells.end(from, offset(reader.at())),
            Event::Finish => return Ok(cells.edits.apply(text)),
        }
    }
}

struct Cells<'s> {
    strings: &'s mut Strings,
    place: &'s str,
    findings: &'s mut Findings,
    edits: Edits,
    open: Vec<Open>,
    cell: Cell,
    /// Rules that stay in one range.
    rules: usize,
}

#[derive(Default)]
struct Open {
    name: String,
    from: usize,
    /// Behind the start tag.
    inner: usize,
    text: String,
    /// Of a rule: whether it depends on what cells are called.
    is_dropped: bool,
}

/// What is known of a cell.
#[derive(Default)]
struct Cell {
    attributes: Raw,
    value: Option<String>,
    has_formula: bool,
}

impl Cells<'_> {
    fn start(&mut self, raw: Raw, from: usize, inner: usize) {
        let is_hidden = matches!(raw.attribute("hidden"), Some("1" | "true"));
        let mut open = Open { from, inner, ..Open::default() };
        match raw.name.as_str() {
            "row" if is_hidden => self.stays("hidden row"),
            "col" if is_hidden => self.stays("hidden column"),
            "f" => self.cell.has_formula = true,
            "cfRule" => open.is_dropped = !RULES.contains(&raw.attribute("type").unwrap_or_default()),
            "cfvo" if raw.attribute("type") == Some("formula") => {
                if let Some(rule) = self.open.iter_mut().rev().find(|open| open.name == "cfRule") {
                    rule.is_dropped = true;
                }
            }
            "conditionalFormatting" => self.rules = 0,
            _ => {}
        }
        open.name.clone_from(&raw.name);
        if raw.name == "c" {
            self.cell = Cell { attributes: raw, ..Cell::default() };
        }
        self.open.push(open);
    }

    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.last_mut()
            && (matches!(open.name.as_str(), "v" | "formula") || HEADERS.contains(&open.name.as_str()))
        {
            open.text.push_str(text);
        }
    }

    fn end(&mut self, behind: usize, to: usize) {
        let Some(closed) = self.open.pop() else { return };
        match closed.name.as_str() {
            "v" => self.cell.value = Some(closed.text),
            "c" => self.cell(closed.from, to),
            "formula" if Value::Decimal.canonical(&closed.text).is_none() => {
                if let Some(rule) = self.open.last_mut() {
                    rule.is_dropped = true;
                }
            }
            "cfRule" if closed.is_dropped => {
                self.findings.removed(Category::HiddenContent, format!("{}, rule by formula", self.place));
                self.edits.cut(closed.from, to);
            }
            "cfRule" => self.rules = self.rules.saturating_add(1),
            "conditionalFormatting" if self.rules == 0 => self.edits.cut(closed.from, to),
            name if HEADERS.contains(&name) => {
                let kept = without_paths(&closed.text);
                if kept != closed.text {
                    self.findings.removed(Category::Person, format!("{}, file name in {name}", self.place));
                    self.edits.replace(closed.inner, behind, escaped(&kept));
                }
            }
            _ => {}
        }
    }

    fn cell(&mut self, from: usize, to: usize) {
        let cell = std::mem::take(&mut self.cell);
        if cell.has_formula {
            let what = if cell.value.is_some() { "formulas" } else { "formula that was never calculated" };
            self.findings.removed(Category::HiddenContent, format!("{}, {what}", self.place));
        }
        let Some(value) = cell.value else { return };
        let content = match cell.attributes.attribute("t") {
            Some("s") => {
                let index = value.trim().parse().ok();
                match index.and_then(|index| self.strings.used(index)) {
                    Some(number) => format!("<v>{number}</v>"),
                    None => String::new(),
                }
            }
            Some("inlineStr") => return,
            Some("str") => words(&value),
            _ if CELL_VALUE.canonical(&value).is_some() => return,
            // No program shows it.
            _ => {
                let place = format!("{}, words in place of a number", self.place);
                self.findings.removed_value(Category::HiddenContent, place, &value);
                String::new()
            }
        };
        let kind = match (content.starts_with("<v>"), content.is_empty()) {
            (_, true) => "",
            (true, false) => " t=\"s\"",
            (false, false) => " t=\"inlineStr\"",
        };
        let attribute =
            |name: &str| match cell.attributes.attribute(name).filter(|value| !value.contains(['"', '<', '&'])) {
                Some(value) => format!(" {name}=\"{value}\""),
                None => String::new(),
            };
        let (r, s) = (attribute("r"), attribute("s"));
        let uri = WORKSHEET.namespaces.first().and_then(|main| main.uris.first()).copied().unwrap_or_default();
        self.edits.replace(from, to, format!("<c xmlns=\"{uri}\"{r}{s}{kind}>{content}</c>"));
    }

    fn stays(&mut self, what: &str) {
        self.findings.remains(Category::HiddenContent, format!("{}, {what}", self.place), "");
    }
}

/// Words in the cell itself.
fn words(text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!("<is><t xml:space=\"preserve\">{}</t></is>", escaped(text)),
    }
}

/// A header or footer without the codes for the file's name and path, and for a picture (18.3.1.46).
fn without_paths(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '&' {
            kept.push(c);
            continue;
        }
        match rest.next() {
            Some('F' | 'f' | 'Z' | 'z' | 'G' | 'g') => {}
            Some(code) => kept.extend([c, code]),
            None => kept.push(c),
        }
    }
    kept
}

/// What is printed around a sheet.
pub(super) const HEADERS: [&str; 6] =
    ["evenFooter", "evenHeader", "firstFooter", "firstHeader", "oddFooter", "oddHeader"];
/// Rules that say all themselves (18.18.12).
const RULES: [&str; 8] =
    ["aboveAverage", "cellIs", "colorScale", "dataBar", "duplicateValues", "iconSet", "top10", "uniqueValues"];

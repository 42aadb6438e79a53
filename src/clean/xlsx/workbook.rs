//! The workbook part (ISO/IEC 29500-1, 18.2): which sheets are seen, in order. All else of it is written anew.

use super::grammar::WORKBOOK;
use super::values::printed_ranges;
use super::{CHARTSHEET, Relationship};
use crate::clean::ooxml::write::{Content, Link, Part};
use crate::clean::text::unseen;
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Event, Raw, Reader, Writer};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What of it matters.
pub(super) struct Book {
    /// Days are counted from 1904.
    is_of_1904: bool,
    pub(super) sheets: Vec<Sheet>,
    /// Of each sheet of the original, which of those that are seen it is.
    seen: Vec<Option<usize>>,
    prints: Vec<Print>,
}

/// What of a sheet is printed, or repeated on each page.
struct Print {
    name: &'static str,
    sheet: usize,
    ranges: Vec<String>,
}

/// A sheet that is seen.
pub(super) struct Sheet {
    /// What its tab says.
    title: String,
    /// The part in the original, and in what is written.
    pub(super) source: String,
    pub(super) name: String,
    pub(super) is_chart: bool,
}

/// Reads it, and tells what of it goes.
pub(super) fn read(
    bytes: &[u8],
    place: &str,
    relationships: &[Relationship],
    findings: &mut Findings,
) -> Result<Book, Refusal> {
    let text = decoded(bytes)?;
    let mut reader = Reader::new(&text, WORKBOOK.namespaces);
    let mut book = Book { is_of_1904: false, sheets: Vec::new(), seen: Vec::new(), prints: Vec::new() };
    let mut is_root = true;
    let mut named: Option<(Raw, String)> = None;
    loop {
        match reader.next()? {
            Event::Start(raw) if is_root => {
                is_root = false;
                if raw.name != WORKBOOK.root {
                    return Err(Refusal::new(Reason::NotUnderstood, "root of XML", 0));
                }
            }
            Event::Start(raw) if raw.name == "sheet" && book.seen.len() <= limits::SHEETS_MAX => {
                let before = book.sheets.len();
                sheet(&raw, relationships, place, &mut book, findings);
                book.seen.push((book.sheets.len() > before).then_some(before));
            }
            Event::Start(raw) if raw.name == "definedName" => named = Some((raw, String::new())),
            Event::Start(raw) => {
                if raw.name == "workbookPr" {
                    book.is_of_1904 = matches!(raw.attribute("date1904"), Some("1" | "true"));
                }
                tell(&raw, place, findings);
            }
            Event::Text(text) => {
                if let Some((_, words)) = &mut named {
                    words.push_str(&text);
                }
            }
            Event::End => {
                if let Some((raw, words)) = named.take()
                    && !book.prints(&raw, &words)
                {
                    tell(&raw, place, findings);
                }
            }
            Event::Finish => break,
        }
    }
    if book.seen.len() > limits::SHEETS_MAX {
        return Err(Refusal::new(Reason::TooLarge, "sheets", 0));
    }
    if book.sheets.is_empty() {
        return Err(Refusal::new(Reason::NotUnderstood, "workbook without a sheet that is seen", 0));
    }
    Ok(book)
}

impl Book {
    /// Keeps what of a sheet is printed; whether a name is of that kind.
    fn prints(&mut self, raw: &Raw, words: &str) -> bool {
        let name = PRINTS.into_iter().find(|name| raw.attribute("name") == Some(name));
        let index = raw.attribute("localSheetId").and_then(|index| index.trim().parse::<usize>().ok());
        let sheet = index.and_then(|index| self.seen.get(index).copied().flatten());
        let (Some(name), Some(sheet), Some(ranges)) = (name, sheet, printed_ranges(words.trim())) else { return false };
        let ranges = ranges.into_iter().map(str::to_owned).collect();
        if self.prints.iter().any(|known| (known.name, known.sheet) == (name, sheet)) {
            return false;
        }
        self.prints.push(Print { name, sheet, ranges });
        true
    }
}

/// Names that say how a sheet is printed (18.2.5).
const PRINTS: [&str; 2] = ["_xlnm.Print_Area", "_xlnm.Print_Titles"];

fn sheet(raw: &Raw, relationships: &[Relationship], place: &str, book: &mut Book, findings: &mut Findings) {
    let title = raw.attribute("name").unwrap_or_default();
    if matches!(raw.attribute("state"), Some("hidden" | "veryHidden")) {
        findings.removed_value(Category::HiddenContent, format!("{place}, hidden sheet"), title);
        return;
    }
    let found = relationships.iter().find(|known| Some(known.id.as_str()) == raw.attribute("r:id"));
    let source = found.filter(|known| known.is("worksheet") || known.is("chartsheet"));
    let Some((kind, source)) = source.and_then(|known| Some((known, known.part()?))) else {
        findings.removed_value(Category::HiddenContent, format!("{place}, sheet of another kind"), title);
        return;
    };
    // None stands in two tabs.
    if book.sheets.iter().any(|known| known.source == source) {
        findings.removed_value(Category::HiddenContent, format!("{place}, sheet that stands there already"), title);
        return;
    }
    let is_chart = kind.is("chartsheet");
    let number = book.sheets.iter().filter(|sheet| sheet.is_chart == is_chart).count().saturating_add(1);
    let name = match is_chart {
        true => format!("xl/chartsheets/sheet{number}.xml"),
        false => format!("xl/worksheets/sheet{number}.xml"),
    };
    let title = unseen::without(title, place, findings).into_owned();
    book.sheets.push(Sheet { title, source: source.to_owned(), name, is_chart });
}

/// What goes with other elements than sheets.
fn tell(raw: &Raw, place: &str, findings: &mut Findings) {
    let local = raw.name.rsplit_once('}').map_or(raw.name.as_str(), |(_, local)| local);
    let of = |name| raw.attribute(name).unwrap_or_default();
    let (category, value) = match local {
        "absPath" => (Category::Person, of("url")),
        "fileSharing" => (Category::Person, of("userName")),
        "fileVersion" => (Category::Software, of("appName")),
        "revisionPtr" => (Category::Identifier, of("documentId")),
        "workbookProtection" | "fileRecoveryPr" => (Category::History, ""),
        "definedName" => (Category::HiddenContent, of("name")),
        "workbookPr" if !of("codeName").is_empty() => (Category::Identifier, of("codeName")),
        "workbookView" | "customWorkbookView" => (Category::History, ""),
        "externalReference" | "pivotCache" | "webPublishing" | "webPublishObject" | "smartTagType"
        | "functionGroup" => (Category::HiddenContent, ""),
        _ => return,
    };
    // A window of which nothing is said is what is written.
    if local != "workbookView" || !raw.attributes.is_empty() {
        findings.removed_value(category, format!("{place}, {local}"), value);
    }
}

/// The workbook of these parts.
pub(super) fn write(book: &Book, parts: &[Part]) -> Part {
    let mut writer = Writer::new(&WORKBOOK);
    if book.is_of_1904 {
        writer.empty("workbookPr", &[("date1904", "1")]);
    }
    writer.start("bookViews");
    writer.empty("workbookView", &[]);
    writer.end();
    writer.start("sheets");
    for (index, sheet) in book.sheets.iter().enumerate() {
        let number = index.saturating_add(1).to_string();
        writer.empty("sheet", &[("name", &sheet.title), ("sheetId", &number), ("r:id", &format!("rId{number}"))]);
    }
    writer.end();
    if !book.prints.is_empty() {
        writer.start("definedNames");
    }
    for print in &book.prints {
        let title = book.sheets.get(print.sheet).map_or("", |sheet| sheet.title.as_str()).replace('\'', "''");
        let ranges: Vec<String> = print.ranges.iter().map(|range| format!("'{title}'!{range}")).collect();
        writer.start("definedName");
        writer.attribute("name", print.name);
        writer.attribute("localSheetId", &print.sheet.to_string());
        writer.text(&ranges.join(","));
        writer.end();
    }
    let kind = |part: &Part| match (&part.content, part.name.as_str()) {
        (Content::Xml(CHARTSHEET, _), _) => "chartsheet",
        (_, "xl/theme/theme1.xml") => "theme",
        (_, "xl/styles.xml") => "styles",
        (_, "xl/sharedStrings.xml") => "sharedStrings",
        _ => "worksheet",
    };
    let links = parts.iter().map(|part| Link { kind: kind(part), target: part.name.clone() }).collect();
    Part { name: "xl/workbook.xml".to_owned(), content: Content::Xml(super::WORKBOOK, writer.finish()), links }
}

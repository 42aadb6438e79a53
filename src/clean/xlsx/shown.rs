//! Words and numbers of a clean workbook: a row is a line, its cells apart by tabs. The rest of it is drawings.

use super::cells::HEADERS;
use super::grammar::{STRINGS, WORKSHEET};
use crate::clean::ooxml::told;
use crate::clean::ooxml::write::{Content, Part};
use crate::clean::shown::Words;
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Event, Reader};
use crate::clean::{Findings, Refusal};

/// Tells which words of these parts give a person away.
pub(super) fn tell(parts: &[Part], findings: &mut Findings) -> Result<(), Refusal> {
    let mut words = Words::new();
    let part = |name: &str| {
        parts.iter().find_map(|part| match &part.content {
            Content::Xml(_, bytes) if part.name == name => Some(bytes.as_slice()),
            _ => None,
        })
    };
    let strings = part("xl/sharedStrings.xml").map(strings).transpose()?.unwrap_or_default();
    for number in 1_usize.. {
        let Some(bytes) = part(&format!("xl/worksheets/sheet{number}.xml")) else { break };
        rows(bytes, number, &strings, &mut words)?;
        headers(bytes, number, &mut words)?;
    }
    told::see(parts, &mut words)?;
    words.tell(findings);
    Ok(())
}

/// Looks at what is printed around a sheet.
fn headers(bytes: &[u8], sheet: usize, words: &mut Words) -> Result<(), Refusal> {
    let text = decoded(bytes)?;
    let mut reader = Reader::new(&text, WORKSHEET.namespaces);
    let mut said: Option<String> = None;
    loop {
        match reader.next()? {
            Event::Start(raw) => said = HEADERS.contains(&raw.name.as_str()).then(String::new),
            Event::Text(text) => said.iter_mut().for_each(|said| said.push_str(&text)),
            Event::End => {
                if let Some(said) = said.take() {
                    words.look(Some(&format!("sheet {sheet} header or footer")), &without_codes(&said));
                }
            }
            Event::Finish => return Ok(()),
        }
    }
}

/// The words of a header: without codes for places, fonts, sizes and colours (18.3.1.46).
fn without_codes(said: &str) -> String {
    let mut words = String::new();
    let mut rest = said;
    while let Some((before, code)) = rest.split_once('&') {
        words.push_str(before);
        rest = match code.chars().next() {
            Some('"') => code.get(1..).and_then(|font| font.split_once('"')).map_or("", |(_, behind)| behind),
            Some('0'..='9') => code.trim_start_matches(|c: char| c.is_ascii_digit()),
            Some('K') => code.get(7..).unwrap_or_default(),
            Some('&') => {
                words.push('&');
                code.get(1..).unwrap_or_default()
            }
            Some(other) => {
                words.push(' ');
                code.get(other.len_utf8()..).unwrap_or_default()
            }
            None => "",
        };
    }
    words.push_str(rest);
    words
}

/// The shared strings, without their readings.
fn strings(bytes: &[u8]) -> Result<Vec<String>, Refusal> {
    let text = decoded(bytes)?;
    let mut reader = Reader::new(&text, STRINGS.namespaces);
    let mut strings: Vec<String> = Vec::new();
    let mut open: Vec<String> = Vec::new();
    loop {
        match reader.next()? {
            Event::Start(raw) => {
                if raw.name == "si" {
                    strings.push(String::new());
                }
                open.push(raw.name);
            }
            Event::Text(text) => {
                let is_seen = open.last().is_some_and(|name| name == "t") && !open.iter().any(|name| name == "rPh");
                if let Some(string) = strings.last_mut().filter(|_| is_seen) {
                    string.push_str(&text);
                }
            }
            Event::End => drop(open.pop()),
            Event::Finish => return Ok(strings),
        }
    }
}

/// Looks at the rows of a sheet.
fn rows(bytes: &[u8], sheet: usize, strings: &[String], words: &mut Words) -> Result<(), Refusal> {
    let text = decoded(bytes)?;
    let mut reader = Reader::new(&text, WORKSHEET.namespaces);
    let (mut line, mut value) = (String::new(), String::new());
    let (mut row, mut is_shared) = (0_u64, false);
    let mut open: Vec<String> = Vec::new();
    while words.has_room() {
        match reader.next()? {
            Event::Start(raw) => {
                match raw.name.as_str() {
                    "row" => {
                        row = raw.attribute("r").and_then(|r| r.parse().ok()).unwrap_or(row.saturating_add(1));
                        line.clear();
                    }
                    "c" => {
                        is_shared = raw.attribute("t") == Some("s");
                        value.clear();
                    }
                    _ => {}
                }
                open.push(raw.name);
            }
            Event::Text(text) => {
                if open.last().is_some_and(|name| matches!(name.as_str(), "v" | "t")) {
                    value.push_str(&text);
                }
            }
            Event::End => match open.pop().as_deref() {
                Some("c") => {
                    let string = value.parse().ok().and_then(|index: usize| strings.get(index));
                    let shown = string.filter(|_| is_shared).unwrap_or(&value);
                    // Far more than a screen shows is not looked at.
                    if line.len() < ROW_BYTES_MAX {
                        line.push_str(shown);
                        line.push('\t');
                    }
                }
                Some("row") => words.look(Some(&format!("sheet {sheet} row {row}")), &line),
                _ => {}
            },
            Event::Finish => break,
        }
    }
    Ok(())
}

/// Bytes of a row that are looked at; the last cell may go over.
const ROW_BYTES_MAX: usize = 1 << 16;

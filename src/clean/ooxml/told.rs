//! Tells what is in the parts of a package that are not kept: properties by name and value, the others by what they are.
//! Keeps nothing.

use std::collections::BTreeSet;

use super::drawing::{A, C};
use super::package::Package;
use super::write::{Content, Part};
use crate::clean::cursor::Cursor;
use crate::clean::shown::{Inner, Reading, Words};
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Event, Reader};
use crate::clean::{Category, Findings, Refusal};

/// Tells of all parts whose names, in small letters, are not among `kept`.
pub(crate) fn tell(
    package: &Package,
    cursor: &mut Cursor<'_>,
    kept: &BTreeSet<String>,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    package.tell_archive(findings);
    for name in package.names() {
        let lower = name.to_ascii_lowercase();
        if kept.contains(&lower) || lower.ends_with(".rels") || lower == "[content_types].xml" {
            continue;
        }
        let content_type = package.content_type(&name).unwrap_or_default();
        if content_type.ends_with("-properties+xml") {
            let bytes = package.bytes(cursor, &name)?;
            // What is not well-formed goes all the same.
            if properties(&name, &bytes, findings).is_err() {
                findings.removed(Category::Unknown, name);
            }
            continue;
        }
        if let Some(category) = category(&lower, content_type) {
            findings.removed(category, name);
        }
    }
    Ok(())
}

/// What a part reveals; nothing, if that is nothing beyond the document.
fn category(name: &str, content_type: &str) -> Option<Category> {
    let is = |words: &[&str]| words.iter().any(|word| name.contains(word) || content_type.contains(word));
    Some(match () {
        () if is(&["websettings", "stylewitheffects", "styleswitheffects", "charts/style", "charts/colors"]) => {
            return None;
        }
        () if is(&["thumbnail"]) => Category::Thumbnail,
        () if is(&["printersettings", "devmode"]) => Category::Device,
        () if is(&["signature", "people", "person"]) => Category::Person,
        () if is(&["comment"]) => Category::Comment,
        () if is(&["embedding", "oleobject", "activex", "glossary", "attachedtoolbars", "media/", "externallink"]) => {
            Category::HiddenContent
        }
        () if is(&["calcchain", "presprops", "viewprops", "tablestyles"]) => Category::History,
        () if is(&["notesslide"]) => Category::Comment,
        () if is(&["slidelayout", "slidemaster", "notesmaster", "handoutmaster", "slides/", "diagrams/"]) => {
            Category::HiddenContent
        }
        () if is(&["customxml", "custom-xml", "docmetadata"]) => Category::Identifier,
        () => Category::Unknown,
    })
}

/// Words of shapes, tables, slides and charts.
static DRAWN: Reading = Reading {
    namespaces: &[A, C],
    lines: &["a:p", "c:v"],
    words: &["a:t", "c:v"],
    signs: &[("a:br", ' ')],
    inner: Inner::Apart,
};

/// Tells which words of slides, drawings and charts give a person away, by the numbers of the parts.
///
/// # Errors
/// As for [`Words::part`].
pub(crate) fn tell_words(parts: &[Part], findings: &mut Findings) -> Result<(), Refusal> {
    let mut words = Words::new();
    see(parts, &mut words)?;
    words.tell(findings);
    Ok(())
}

/// Looks at the words of slides, drawings and charts.
pub(crate) fn see(parts: &[Part], words: &mut Words) -> Result<(), Refusal> {
    for part in parts {
        let Content::Xml(_, bytes) = &part.content else { continue };
        let file = part.name.rsplit_once('/').map_or(part.name.as_str(), |(_, file)| file);
        let number = file.trim_start_matches(|c: char| c.is_ascii_alphabetic()).trim_end_matches(".xml");
        let place = DRAWINGS
            .iter()
            .find(|(kind, _)| file.strip_suffix(".xml").and_then(|stem| stem.strip_suffix(number)) == Some(kind));
        if let Some((_, place)) = place {
            words.part(bytes, &DRAWN, Some(&format!("{place} {number}")), &mut |_| None)?;
        }
    }
    Ok(())
}

/// Parts with words in shapes and charts, as they are called and told.
const DRAWINGS: [(&str, &str); 5] = [
    ("slide", "slide"),
    ("slideLayout", "layout"),
    ("slideMaster", "master"),
    ("drawing", "drawing"),
    ("chart", "chart"),
];

/// Tells the properties of a document (ECMA-376-2, 11; ECMA-376-1, 22.2 and 22.3).
fn properties(place: &str, bytes: &[u8], findings: &mut Findings) -> Result<(), Refusal> {
    let text = decoded(bytes)?;
    let mut reader = Reader::new(&text, &[]);
    let mut names: Vec<String> = Vec::new();
    let mut words = String::new();
    loop {
        match reader.next()? {
            Event::Start(raw) => {
                words.clear();
                let local = raw.name.rsplit_once('}').map_or(raw.name.as_str(), |(_, local)| local);
                // A custom property is named by an attribute.
                names.push(raw.attribute("name").unwrap_or(local).to_owned());
            }
            Event::Text(text) => words.push_str(&text),
            Event::End => {
                let inner = names.pop().unwrap_or_default();
                let depth = names.len();
                let name = if depth > 1 { names.get(1).cloned().unwrap_or(inner) } else { inner };
                if !words.trim().is_empty() {
                    findings.removed_value(property(&name), format!("{place}, {name}"), &words);
                }
                words.clear();
            }
            Event::Finish => return Ok(()),
        }
    }
}

/// What a property reveals.
fn property(name: &str) -> Category {
    match name {
        "creator" | "lastModifiedBy" | "Company" | "Manager" => Category::Person,
        "created" | "modified" | "lastPrinted" | "TotalTime" => Category::Time,
        "Application" | "AppVersion" | "Template" => Category::Software,
        "revision" | "version" => Category::History,
        "identifier" | "HyperlinkBase" => Category::Identifier,
        "title" | "subject" | "description" | "keywords" | "category" | "contentStatus" => Category::Comment,
        "Pages"
        | "Words"
        | "Characters"
        | "Lines"
        | "Paragraphs"
        | "CharactersWithSpaces"
        | "DocSecurity"
        | "ScaleCrop"
        | "LinksUpToDate"
        | "SharedDoc"
        | "HyperlinksChanged"
        | "language" => Category::Software,
        _ => Category::Unknown,
    }
}

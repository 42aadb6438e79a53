//! Where everything in a book is: the container and the package document (EPUB 3.3, 5; OPF 2.0.1). Keeps of metadata
//! the language and what decides the layout; says all else.

use std::collections::{BTreeMap, BTreeSet};

use super::names::resolve;
use super::{IDENTIFIER, MODIFIED, TITLE};
use crate::clean::odf::source::Source;
use crate::clean::xml::read::{DocumentType, decoded};
use crate::clean::xml::{Event, Namespace, Raw, Reader, Value};
use crate::clean::{Category, Findings, Reason, Refusal};

/// A book, by the names of its members.
#[derive(Default)]
pub(super) struct Book {
    /// The package document.
    pub(super) path: String,
    /// Documents in the order of reading.
    pub(super) spine: Vec<Page>,
    /// All members that are documents.
    pub(super) documents: BTreeSet<String>,
    pub(super) nav: Option<String>,
    pub(super) ncx: Option<String>,
    pub(super) cover: Option<String>,
    pub(super) language: Option<String>,
    /// In which direction pages are turned.
    pub(super) direction: Option<&'static str>,
    /// Properties of the layout and their values.
    pub(super) layout: BTreeMap<&'static str, &'static str>,
}

/// A document in the order of reading.
#[derive(Default)]
pub(super) struct Page {
    pub(super) path: String,
    /// It is only shown where a link leads to it.
    pub(super) is_aside: bool,
    pub(super) properties: Vec<&'static str>,
}

const CONTAINER: &[Namespace] = &[Namespace { prefix: "", uris: &["urn:oasis:names:tc:opendocument:xmlns:container"] }];
const PACKAGE: &[Namespace] = &[
    Namespace {
        prefix: "",
        uris: &["http://www.idpf.org/2007/opf", "http://openebook.org/namespaces/oeb-package/1.0/"],
    },
    Namespace {
        prefix: "dc",
        uris: &[
            "http://purl.org/dc/elements/1.1/",
            "http://purl.org/dc/elements/1.0/",
            "http://purl.org/metadata/dublin_core",
        ],
    },
];

/// Properties that decide the layout, with their values (EPUB 3.3, 8.2).
pub(super) const LAYOUT: [(&str, &[&str]); 4] = [
    ("rendition:flow", &["auto", "paginated", "scrolled-continuous", "scrolled-doc"]),
    ("rendition:layout", &["pre-paginated", "reflowable"]),
    ("rendition:orientation", &["auto", "landscape", "portrait"]),
    ("rendition:spread", &["auto", "both", "landscape", "none"]),
];
/// Directions of reading.
pub(super) const DIRECTIONS: [&str; 3] = ["default", "ltr", "rtl"];
/// Properties of a document in the order of reading.
pub(super) const PAGE: [&str; 8] = [
    "page-spread-left",
    "page-spread-right",
    "rendition:layout-pre-paginated",
    "rendition:layout-reflowable",
    "rendition:page-spread-center",
    "rendition:spread-both",
    "rendition:spread-landscape",
    "rendition:spread-none",
];

/// An entry of the manifest.
struct Item {
    path: String,
    media_type: String,
    properties: String,
}

/// What is being read of the package document.
#[derive(Default)]
struct Reading {
    items: BTreeMap<String, Item>,
    references: Vec<Raw>,
    toc: Option<String>,
    cover: Option<String>,
    /// Names, and what the innermost one says about layout.
    open: Vec<Raw>,
    words: String,
}

impl Book {
    /// Reads what the container leads to.
    pub(super) fn read(source: &mut dyn Source, findings: &mut Findings) -> Result<Self, Refusal> {
        let missing = |part| Refusal::new(Reason::Damaged, part, 0);
        let container = source.part("META-INF/container.xml")?.ok_or(missing("META-INF/container.xml"))?;
        let path = root_file(&container)?.ok_or(missing("rootfile"))?;
        let bytes = source.part(&path)?.ok_or(missing("package document"))?;
        let mut book = Self { path, ..Self::default() };
        let mut reading = Reading::default();
        let text = decoded(&bytes)?;
        let mut reader = Reader::with(&text, PACKAGE, DocumentType::Html);
        loop {
            match reader.next()? {
                Event::Start(raw) => {
                    book.start(&raw, &mut reading, findings);
                    reading.words.clear();
                    reading.open.push(raw);
                }
                Event::Text(words) => reading.words.push_str(&words),
                Event::End => {
                    if let Some(raw) = reading.open.pop() {
                        let words = std::mem::take(&mut reading.words);
                        book.end(&raw, words.trim(), findings);
                    }
                }
                Event::Finish => break,
            }
        }
        if reader.passed_over() > 0 {
            findings.removed(Category::Comment, "package, comments and instructions");
        }
        book.arrange(reading);
        Ok(book)
    }

    fn start(&mut self, raw: &Raw, reading: &mut Reading, findings: &mut Findings) {
        match raw.name.as_str() {
            "item" => {
                let href = raw.attribute("href").unwrap_or_default();
                if let (Some(id), Some(target)) = (raw.attribute("id"), resolve(&self.path, href)) {
                    let word = |name| raw.attribute(name).unwrap_or_default().to_owned();
                    let item =
                        Item { path: target.path, media_type: word("media-type"), properties: word("properties") };
                    reading.items.insert(id.to_owned(), item);
                }
            }
            "itemref" => reading.references.push(raw.clone()),
            "spine" => {
                reading.toc = raw.attribute("toc").map(str::to_owned);
                let direction = raw.attribute("page-progression-direction");
                self.direction = DIRECTIONS.into_iter().find(|known| Some(*known) == direction);
            }
            "reference" | "site" | "tour" | "collection" | "bindings" => {
                findings.removed_value(
                    Category::Unknown,
                    format!("package, {}", raw.name),
                    raw.attribute("title").unwrap_or_default(),
                );
            }
            "link" => {
                let href = raw.attribute("href").unwrap_or_default();
                findings.removed_value(Category::Identifier, "package, link", href);
            }
            "meta" => {
                let (name, content) = (raw.attribute("name"), raw.attribute("content").unwrap_or_default());
                match name {
                    Some("cover") => reading.cover = Some(content.to_owned()),
                    Some(name) => {
                        findings.removed_value(category(name), format!("package, {}", short(name)), content);
                    }
                    None => {}
                }
            }
            name if name.starts_with("dc:") => {
                for (attribute, value) in raw.attributes.iter().filter(|(attribute, _)| attribute != "id") {
                    findings.removed_value(category(name), format!("package, {name} {}", short(attribute)), value);
                }
            }
            "package" => {
                let known = ["version", "unique-identifier", "xml:lang", "dir"];
                for (name, value) in raw.attributes.iter().filter(|(name, _)| !known.contains(&name.as_str())) {
                    findings.removed_value(Category::Unknown, format!("package, {}", short(name)), value);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, raw: &Raw, words: &str, findings: &mut Findings) {
        if words.is_empty() {
            return;
        }
        let is_constant = match raw.name.as_str() {
            "dc:identifier" => words == IDENTIFIER,
            "dc:title" => words == TITLE,
            "dc:language" if self.language.is_none() => {
                self.language = Value::Language.canonical(words).map(std::borrow::Cow::into_owned);
                self.language.is_some()
            }
            "meta" => {
                let property = raw.attribute("property").unwrap_or_default();
                let known = LAYOUT.iter().find(|(name, _)| *name == property && raw.attribute("refines").is_none());
                let value =
                    known.and_then(|(name, values)| Some((*name, *values.iter().find(|value| **value == words)?)));
                self.layout.extend(value);
                value.is_some() || property == "dcterms:modified" && words == MODIFIED
            }
            _ => false,
        };
        if !is_constant {
            let name = raw.attribute("property").unwrap_or(&raw.name);
            findings.removed_value(category(name), format!("package, {}", short(name)), words);
        }
    }

    /// What belongs to what, once all is read.
    fn arrange(&mut self, reading: Reading) {
        let is_document = |item: &Item| {
            matches!(item.media_type.as_str(), "application/xhtml+xml" | "text/html" | "text/x-oeb1-document")
        };
        let has = |item: &Item, property: &str| item.properties.split_ascii_whitespace().any(|word| word == property);
        let items = &reading.items;
        let find =
            |is_it: &dyn Fn(&Item) -> bool| items.values().find(|item| is_it(item)).map(|item| item.path.clone());
        self.documents = items.values().filter(|item| is_document(item)).map(|item| item.path.clone()).collect();
        self.nav = find(&|item| is_document(item) && has(item, "nav"));
        let is_ncx = |item: &Item| item.media_type == "application/x-dtbncx+xml";
        let listed = reading.toc.as_ref().and_then(|id| items.get(id)).filter(|item| is_ncx(item));
        self.ncx = listed.map(|item| item.path.clone()).or_else(|| find(&is_ncx));
        let named =
            reading.cover.as_ref().and_then(|id| items.get(id)).filter(|item| item.media_type.starts_with("image/"));
        self.cover = find(&|item| has(item, "cover-image")).or_else(|| named.map(|item| item.path.clone()));
        let mut met = BTreeSet::new();
        for raw in &reading.references {
            let item = raw.attribute("idref").and_then(|id| items.get(id)).filter(|item| is_document(item));
            let Some(item) = item.filter(|item| met.insert(item.path.clone())) else { continue };
            let said = raw.attribute("properties").unwrap_or_default();
            self.spine.push(Page {
                path: item.path.clone(),
                is_aside: raw.attribute("linear") == Some("no"),
                properties: PAGE
                    .into_iter()
                    .filter(|name| said.split_ascii_whitespace().any(|word| word == *name))
                    .collect(),
            });
        }
    }
}

/// Where the package document is.
fn root_file(container: &[u8]) -> Result<Option<String>, Refusal> {
    let text = decoded(container)?;
    let mut reader = Reader::with(&text, CONTAINER, DocumentType::Html);
    let mut path = None;
    loop {
        match reader.next()? {
            Event::Start(raw) if raw.name == "rootfile" && path.is_none() => {
                path = raw.attribute("full-path").map(str::to_owned);
            }
            Event::Finish => return Ok(path),
            _ => {}
        }
    }
}

/// Names come from outside.
fn short(name: &str) -> String {
    name.chars().take(60).collect()
}

fn category(name: &str) -> Category {
    match name {
        "dc:creator" | "dc:contributor" | "dc:publisher" | "role" | "file-as" => Category::Person,
        "dc:date" | "dcterms:modified" | "dcterms:created" => Category::Time,
        "dc:identifier" | "dc:source" | "dc:relation" | "identifier-type" => Category::Identifier,
        "generator" | "Sigil version" => Category::Software,
        _ if name.starts_with("dc:") => Category::Comment,
        _ => Category::Unknown,
    }
}

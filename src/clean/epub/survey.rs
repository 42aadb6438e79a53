//! What has to be known of a book's documents before the first is written: which there are, what refers to what, and
//! which style sheets they use. Changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use zeroize::Zeroizing;

use super::book::Book;
use super::grammar::XHTML;
use super::names::{Names, resolve};
use crate::clean::odf::source::Source;
use crate::clean::xml::read::{DocumentType, decoded};
use crate::clean::xml::{Event, Raw, Reader};
use crate::clean::{Reason, Refusal};
use crate::limits;

/// What was seen in all documents together.
#[derive(Default)]
pub(super) struct Survey {
    /// Documents that are shown and their bytes, in the order in which they are numbered.
    pub(super) documents: Vec<(String, Zeroizing<Vec<u8>>)>,
    /// Style sheets by member, or by document and number, in the order in which they are met.
    pub(super) sheets: Vec<(String, Zeroizing<Vec<u8>>)>,
    /// Places that links lead to, in the order in which they are met.
    pub(super) fragments: Vec<String>,
    /// Identifiers in each document.
    ids: BTreeMap<String, BTreeSet<String>>,
    /// Bytes that documents may still have.
    left: u64,
    /// Bytes that style sheets may still have.
    sheets_left: u64,
}

impl Survey {
    /// Reads the documents in the order of reading, then those that links lead to.
    pub(super) fn of(source: &mut dyn Source, book: &Book, most: u64, names: &mut Names) -> Result<Self, Refusal> {
        let mut survey = Self { left: most, sheets_left: limits::EPUB_SHEETS_BYTES_MAX, ..Self::default() };
        let mut order: Vec<String> = book.spine.iter().map(|page| page.path.clone()).collect();
        order.extend(book.nav.iter().filter(|nav| !order.contains(nav)).cloned().collect::<Vec<_>>());
        let mut known: BTreeSet<String> = order.iter().cloned().collect();
        let mut at = 0_usize;
        while let Some(path) = order.get(at).cloned() {
            at = at.saturating_add(1);
            let Some(bytes) = source.part(&path)? else { continue };
            count(&mut survey.left, bytes.len())?;
            if survey.documents.len() >= limits::EPUB_DOCUMENTS_MAX {
                return Err(Refusal::new(Reason::TooLarge, "number of documents", 0));
            }
            let linked = survey.read(&path, &bytes, source, names).map_err(|refusal| refusal.within(&path))?;
            survey.documents.push((path, bytes));
            for path in linked.into_iter().filter(|path| book.documents.contains(path)) {
                if known.insert(path.clone()) {
                    order.push(path);
                }
            }
        }
        if survey.documents.is_empty() {
            return Err(Refusal::new(Reason::Damaged, "spine", 0));
        }
        Ok(survey)
    }

    /// Whether there is an element with this identifier in a document.
    pub(super) fn has(&self, path: &str, id: &str) -> bool {
        self.ids.get(path).is_some_and(|ids| ids.contains(id))
    }

    /// Reads one document; the members that its links lead to.
    fn read(
        &mut self,
        path: &str,
        bytes: &[u8],
        source: &mut dyn Source,
        names: &mut Names,
    ) -> Result<Vec<String>, Refusal> {
        let text = decoded(bytes)?;
        let mut reader = Reader::with(&text, XHTML.namespaces, DocumentType::Html);
        let (mut open, mut linked, mut styles): (Vec<String>, Vec<String>, usize) = (Vec::new(), Vec::new(), 0);
        let mut words = String::new();
        loop {
            match reader.next()? {
                Event::Start(mut raw) => {
                    raw.name.make_ascii_lowercase();
                    self.start(path, &raw, names, &mut linked);
                    if is_sheet(&raw) {
                        self.sheet(path, &raw, source)?;
                    }
                    words.clear();
                    open.push(raw.name);
                }
                Event::Text(text) if open.last().is_some_and(|name| name == "style") => words.push_str(&text),
                Event::Text(_) => {}
                Event::End => {
                    let name = open.pop();
                    if name.as_deref() == Some("style") && open.last().is_some_and(|name| name == "head") {
                        styles = styles.saturating_add(1);
                        count(&mut self.sheets_left, words.len())?;
                        let text = Zeroizing::new(std::mem::take(&mut words).into_bytes());
                        self.sheets.push((style_key(path, styles), text));
                    }
                }
                Event::Finish => return Ok(linked),
            }
        }
    }

    fn start(&mut self, path: &str, raw: &Raw, names: &mut Names, linked: &mut Vec<String>) {
        let anchor = raw.attribute("name").filter(|_| raw.name == "a");
        if let Some(id) = raw.attribute("id").or(anchor) {
            names.given_ids.insert(id.to_owned());
            self.ids.entry(path.to_owned()).or_default().insert(id.to_owned());
        }
        if let Some(classes) = raw.attribute("class") {
            names.used_classes.extend(classes.split_ascii_whitespace().map(str::to_owned));
        }
        let link = raw.attribute("href").filter(|_| raw.name == "a").and_then(|link| resolve(path, link));
        if let Some(target) = link {
            self.fragments.extend(target.fragment);
            linked.push(target.path);
        }
    }

    fn sheet(&mut self, path: &str, raw: &Raw, source: &mut dyn Source) -> Result<(), Refusal> {
        let target = raw.attribute("href").and_then(|link| resolve(path, link));
        let Some(target) = target.filter(|target| self.sheets.iter().all(|(known, _)| *known != target.path)) else {
            return Ok(());
        };
        if let Some(bytes) = source.part(&target.path)? {
            count(&mut self.sheets_left, bytes.len())?;
            self.sheets.push((target.path, bytes));
        }
        Ok(())
    }
}

/// Takes `len` bytes from those that are left.
fn count(left: &mut u64, len: usize) -> Result<(), Refusal> {
    let len = u64::try_from(len).unwrap_or(u64::MAX);
    *left = left.checked_sub(len).ok_or(Refusal::new(Reason::TooLarge, "documents and style sheets", 0))?;
    Ok(())
}

/// Whether an element leads to a style sheet that is used without being asked for.
pub(super) fn is_sheet(raw: &Raw) -> bool {
    let rel = raw.attribute("rel").unwrap_or_default().to_ascii_lowercase();
    let mut words = rel.split_ascii_whitespace();
    raw.name == "link" && words.clone().any(|word| word == "stylesheet") && !words.any(|word| word == "alternate")
}

/// By what a style sheet within a document is called.
pub(super) fn style_key(path: &str, number: usize) -> String {
    format!("{path}\0{number}")
}

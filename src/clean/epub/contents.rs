//! What happens to each element of an NCX while it is filtered: entries numbered, links by their new names, what names
//! the book by what names every book.

use super::names::Names;
use super::pass::{Known, new_link};
use super::survey::Survey;
use super::{IDENTIFIER, TITLE};
use crate::clean::xml::{Decision, Hooks, Raw, Writer};
use crate::clean::{Category, Findings, Refusal};

/// The table of contents on its way.
pub(super) struct Contents<'a> {
    pub(super) path: &'a str,
    pub(super) survey: &'a Survey,
    pub(super) names: &'a Names,
    pub(super) documents: &'a Known,
    /// Entries so far.
    pub(super) count: usize,
}

impl Hooks for Contents<'_> {
    fn start(
        &mut self,
        raw: &mut Raw,
        parent: &'static str,
        writer: &mut Writer,
        findings: &mut Findings,
    ) -> Result<Decision, Refusal> {
        match raw.name.as_str() {
            "head" if parent == "ncx" => {
                writer.start("head");
                writer.empty("meta", &[("name", "dtb:uid"), ("content", IDENTIFIER)]);
                writer.end();
                return Ok(Decision::Replaced);
            }
            "docTitle" if parent == "ncx" => {
                writer.start("docTitle");
                writer.start("text");
                writer.text(TITLE);
                writer.end();
                writer.end();
                return Ok(Decision::Replaced);
            }
            "navPoint" => {
                self.count = self.count.saturating_add(1);
                raw.attributes.retain(|(name, _)| !matches!(name.as_str(), "id" | "playOrder" | "class"));
                raw.attributes.push(("id".to_owned(), String::new()));
                raw.attributes.push(("playOrder".to_owned(), self.count.to_string()));
            }
            "content" => {
                let link = raw.attribute("src").unwrap_or_default().to_owned();
                let new = new_link(self.path, &link, self.documents, self.survey, self.names);
                raw.attributes.clear();
                match new {
                    Some(new) => raw.attributes.push(("src".to_owned(), new)),
                    None => findings.removed_value(Category::Identifier, "table of contents, link", &link),
                }
            }
            "navMap" | "navLabel" | "text" => raw.attributes.clear(),
            _ => {}
        }
        Ok(Decision::AsListed)
    }

    fn reference(&mut self, _: &'static str, _: &str, _: &mut Findings) -> Option<String> {
        Some(format!("n{}", self.count))
    }
}

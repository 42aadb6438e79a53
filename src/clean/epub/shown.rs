//! Words of a clean book, by the number of their document in the order of reading.

use super::Package;
use super::grammar::XHTML;
use crate::clean::shown::{Inner, Reading, Words};
use crate::clean::{Findings, Refusal};

/// Blocks, one a line.
static BLOCKS: Reading = Reading {
    namespaces: XHTML.namespaces,
    lines: &[
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "td",
        "th",
        "ul",
    ],
    words: &[],
    signs: &[("br", ' ')],
    inner: Inner::Between,
};

impl Package {
    /// Tells which words give a person away.
    pub(super) fn tell_words(&self, findings: &mut Findings) -> Result<(), Refusal> {
        let mut words = Words::new();
        for (number, (_, document)) in (1_usize..).zip(&self.documents) {
            words.part(document, &BLOCKS, Some(&format!("document {number}")), &mut |_| None)?;
        }
        words.tell(findings);
        Ok(())
    }
}

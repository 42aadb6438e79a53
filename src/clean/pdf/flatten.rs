//! Pages as pictures: each page of a clean document is drawn, and the result is a new document of as many pages of the
//! same sizes, with one picture on each and nothing else. Only what the cleaner wrote and its verifier accepted is drawn.
//!
//! Drawing is the work of others (`hayro`). What it would draw wrongly is refused; whatever becomes of it is no more than
//! a refusal. No file, no network and no font of the system is used.

mod absent;
mod draw;
mod effort;
mod groups;
mod operations;
mod painted;
mod paper;
mod picture;
#[cfg(test)]
mod tests;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use zeroize::Zeroizing;

use super::write::Writer;
use crate::clean::{Category, Draft, Fate, Findings, Format, Reason, Refusal};
use crate::limits;

/// Dots an inch that pages are drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resolution(u16);

impl Resolution {
    /// `None` outside [`limits::FLAT_DOTS`].
    #[must_use]
    pub fn new(dots: u16) -> Option<Self> {
        limits::FLAT_DOTS.contains(&dots).then_some(Self(dots))
    }
}

/// Whether files of this format have pages that can become pictures.
pub(in crate::clean) fn concerns(format: &Format) -> bool {
    format.media_type == super::FORMAT.media_type
}

/// Draws the pages of a `clean` document, in which `found` was found before.
///
/// # Errors
/// [`Reason::NotFlattened`] where a page cannot be drawn as it is meant, or where that takes too much.
pub(in crate::clean) fn flattened(
    clean: Zeroizing<Vec<u8>>,
    resolution: Resolution,
    found: Findings,
) -> Result<Draft, Refusal> {
    let mut findings = settled(found);
    let drawn = catch_unwind(AssertUnwindSafe(|| document(clean, resolution, &mut findings)));
    let (writer, root) = drawn.unwrap_or_else(|thrown| Err(effort::thrown(&*thrown).unwrap_or(FAILED)))?;
    Ok(Draft::new(writer.finish(root, &[])?, findings))
}

const FAILED: Refusal = Refusal { reason: Reason::NotFlattened, part: "drawing", at: 0, inside: Vec::new() };

/// What was found before and is still true of pictures: text that no page shows is not in them.
fn settled(found: Findings) -> Findings {
    let mut findings = Findings::default();
    for finding in found.into_vec() {
        if finding.fate == Fate::Remains && super::hidden::is_of_text_not_drawn(&finding.place) {
            findings.removed_value(finding.category, finding.place, finding.value.as_deref().unwrap_or_default());
        } else {
            findings.add(finding);
        }
    }
    findings
}

/// The written document and the number of its catalogue.
fn document(
    mut clean: Zeroizing<Vec<u8>>,
    resolution: Resolution,
    findings: &mut Findings,
) -> Result<(Writer, super::write::Id), Refusal> {
    let (absent, parted) = {
        let document = super::read::Document::parse(&clean)?;
        operations::check(&document)?;
        (absent::look(&document)?, groups::parted(&document)?)
    };
    if parted.differs {
        findings.removed(Category::Software, "blend modes in groups, drawn without them");
    }
    for range in parted.ranges {
        clean.get_mut(range).unwrap_or_default().fill(b' ');
    }
    if absent.is_replaced {
        findings.removed(Category::Software, "fonts that are not in the file, drawn in similar ones");
    }
    let mut pages = picture::Pages::new()?;
    let drawn = draw::each(Arc::new(clean), resolution, absent, &mut |picture| pages.add(picture, findings))?;
    findings.remains(
        Category::Comment,
        "pages made pictures",
        &format!("{drawn} of them; what they show is the same, but their text can no longer be searched or copied"),
    );
    pages.finish()
}

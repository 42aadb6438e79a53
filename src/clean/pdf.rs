//! PDF (ISO 32000-1 and -2): rebuilt object by object. Of each object there is a list of what is kept; pages are drawn
//! with what they use and nothing else is there. What cannot be rebuilt is refused.
//!
//! The file is parsed as viewers do, by its tables or, where they are damaged, by a walk over all of it. Everything
//! that is written is made by constructors of `write`; the verifier in `verify` reads it with a parser of its own.

mod annotation;
mod cmap;
mod colour;
mod content;
mod context;
mod filter;
pub(super) mod flatten;
mod font;
mod font_program;
mod function;
mod hidden;
mod image;
mod layers;
mod lex;
mod matrix;
mod names;
mod object;
mod operation;
mod page;
mod pattern;
mod read;
mod resources;
mod shading;
mod state;
mod tell;
#[cfg(test)]
mod tests;
mod verify;
mod write;
mod x_object;

use super::cursor::Cursor;
use super::{Draft, Format, Reason, Refusal};
use crate::limits;
use context::Cleaner;
use object::Object;
use read::Document;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "application/pdf",
    extension: "pdf",
    aliases: &[],
    name: "PDF document",
    recognise,
    clean,
    verify: verify::verify,
};

/// Where the header may begin at the latest (ISO 32000-1, annex H, note 13).
const HEADER_WITHIN: usize = 1024;

fn recognise(head: &[u8]) -> bool {
    let head = head.get(..head.len().min(HEADER_WITHIN)).unwrap_or_default();
    memchr::memmem::find(head, b"%PDF-").is_some()
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    if cursor.len() > limits::PDF_BYTES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "length", 0));
    }
    let bytes = cursor.bytes(usize::try_from(cursor.len()).unwrap_or(usize::MAX), "document")?;
    let document = Document::parse(&bytes)?;
    refuse(&document)?;
    let mut cleaner = Cleaner::new(&document);
    tell::file(&mut cleaner);
    let root = page::write(&mut cleaner)?;
    let plan = cleaner.out.finish(root, &bytes)?;
    Ok(Draft::new(plan, cleaner.findings))
}

/// Refuses what cannot be rebuilt as what it is.
fn refuse(doc: &Document<'_>) -> Result<(), Refusal> {
    let refused = |part| Err(Refusal::new(Reason::NotUnderstood, part, 0));
    if doc.trailer.contains_key(b"Encrypt".as_slice()) {
        return refused("Encrypt: it is encrypted");
    }
    let Some(root) = doc.get(&doc.trailer, b"Root").dict() else {
        return Err(Refusal::new(Reason::Damaged, "Root", 0));
    };
    if doc.get(root, b"AcroForm").dict().is_some_and(|form| *doc.get(form, b"XFA") != Object::Null) {
        return refused("XFA: its form is another document");
    }
    if doc.get(root, b"Collection").dict().is_some() {
        return refused("Collection: a portfolio of files");
    }
    if doc.get(root, b"Perms").dict().is_some_and(|perms| !perms.is_empty()) {
        return refused("Perms: it is signed");
    }
    let signed =
        |dict: &object::Dict| doc.get(dict, b"FT").name() == Some(b"Sig") && doc.get(dict, b"V").dict().is_some();
    if doc.objects.values().filter_map(Object::dict).any(signed) {
        return refused("signature field: it is signed");
    }
    Ok(())
}

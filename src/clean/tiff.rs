//! TIFF, of one page or many. Rebuilds every directory from a list of structural tags, and copies strips no further
//! than their samples reach.
//!
//! Sources: TIFF Revision 6.0 (Aldus 1992), TIFF Technical Note 2 (JPEG), the BigTIFF design, and where these are
//! silent the habits of libtiff. A clean file has each directory, then its values, then its strips in order, in
//! the byte order of the original, which samples share. JPEG strips get their tables back and lose JPEGTables.

mod coded;
mod directory;
mod fax;
mod foreign;
mod layout;
mod page;
mod raw;
mod strips;
mod tag;
#[cfg(test)]
mod tests;
mod verify;
mod write;

use std::collections::BTreeSet;

use self::directory::{Dialect, ENTRIES, Entry};
use self::foreign::Foreign;
use self::page::Page;
use self::strips::Budget;
use super::cursor::Cursor;
use super::{Category, Draft, Findings, Format, Plan, Reason, Refusal};
use crate::limits;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "image/tiff",
    extension: "tif",
    aliases: &["tiff"],
    name: "TIFF",
    recognise,
    clean,
    verify: verify::verify,
};

fn recognise(head: &[u8]) -> bool {
    [b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| head.starts_with(*magic))
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let (dialect, first) = Dialect::read(cursor)?;
    let mut file = File::new(dialect);
    file.directories(cursor, first)?;
    let pages = file.pages(cursor)?;
    let mut budget = Budget::new(cursor.len());
    let mut plan = Plan::default();
    write::header(&mut plan, dialect.order)?;
    for (number, page) in (1..).zip(&pages) {
        let strips = strips::draft(cursor, page, &mut budget, &mut file.findings)?;
        file.referred = file.referred.saturating_add(strips.referred);
        write::page(&mut plan, dialect.order, page, &strips, number == pages.len())?;
    }
    file.tell_hidden(cursor.len());
    Ok(Draft::new(plan, file.findings))
}

/// What is known of the file besides the pages that are kept.
struct File {
    dialect: Dialect,
    directories: Vec<Vec<Entry>>,
    /// Bytes that something refers to, and in how many places.
    referred: u64,
    places: u64,
    findings: Findings,
}

impl File {
    fn new(dialect: Dialect) -> Self {
        Self {
            dialect,
            directories: Vec::new(),
            referred: dialect.header_bytes(),
            places: 1,
            findings: Findings::default(),
        }
    }

    /// Follows the chain of directories.
    fn directories(&mut self, cursor: &mut Cursor<'_>, first: u64) -> Result<(), Refusal> {
        let (mut at, mut entries) = (first, ENTRIES);
        let mut visited = BTreeSet::new();
        while at != 0 {
            if !visited.insert(at) {
                return Err(Refusal::new(Reason::Damaged, "chain of IFDs in a circle", at));
            }
            if visited.len() > limits::TIFF_PAGES_MAX {
                return Err(Refusal::new(Reason::TooLarge, "number of pages", at));
            }
            let (directory, next) = self.dialect.directory(cursor, at, &mut entries)?;
            let (entry, ends) = if self.dialect.big { (20, 16) } else { (12, 6) };
            let len = u64::try_from(directory.len()).unwrap_or(u64::MAX);
            let outside = directory.iter().fold(0, |sum: u64, entry| sum.saturating_add(entry.bytes_outside()));
            self.referred = self.referred.saturating_add(len.saturating_mul(entry).saturating_add(ends));
            self.referred = self.referred.saturating_add(outside);
            self.places = self.places.saturating_add(len.saturating_add(1));
            self.directories.push(directory);
            at = next;
        }
        if self.directories.is_empty() {
            return Err(Refusal::new(Reason::Damaged, "no IFD", 4));
        }
        raw::refuse(cursor, self.dialect, &self.directories)
    }

    /// The pages to keep; says what the others are and what foreign tags say.
    fn pages(&mut self, cursor: &mut Cursor<'_>) -> Result<Vec<Page>, Refusal> {
        let mut foreign = Foreign::new(self.dialect);
        for directory in &self.directories {
            self.referred = self.referred.saturating_add(foreign.read(cursor, directory, &mut self.findings)?);
        }
        let mut reduced = Vec::new();
        for directory in &self.directories {
            reduced.push(page::is_reduced(cursor, self.dialect, directory)?);
        }
        // Where all claim to be smaller versions of something, none is.
        let all = reduced.iter().all(|&reduced| reduced);
        let (mut pages, mut strips) = (Vec::new(), 0_u64);
        for (directory, reduced) in self.directories.iter().zip(reduced) {
            if reduced && !all {
                let size = page::size(cursor, self.dialect, directory)?;
                self.findings.removed_value(Category::Thumbnail, "TIFF reduced-resolution page", &size);
                self.referred = self.referred.saturating_add(page::declared(cursor, self.dialect, directory)?);
                continue;
            }
            let page = Page::read(cursor, self.dialect, directory, &mut self.findings)?;
            strips = strips.saturating_add(page.layout.pieces());
            if strips > limits::TIFF_STRIPS_MAX {
                return Err(Refusal::new(Reason::TooLarge, "number of strips or tiles", page.at));
            }
            self.places = self.places.saturating_add(page.layout.pieces());
            pages.push(page);
        }
        for page in pages.iter().skip(1) {
            let size = format!("{} × {}", page.layout.width, page.layout.height);
            self.findings.remains(Category::HiddenContent, "TIFF further page, which not every program shows", &size);
        }
        Ok(pages)
    }

    /// Bytes that nothing refers to, but for those that bring others to a whole word.
    fn tell_hidden(&mut self, len: u64) {
        let hidden = len.saturating_sub(self.referred);
        if hidden > self.places {
            let value = format!("{hidden} bytes");
            self.findings.removed_value(Category::HiddenContent, "TIFF bytes that nothing refers to", &value);
        }
    }
}

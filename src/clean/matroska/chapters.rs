//! What Chapters give away (RFC 9559, 5.1.7): their names and numbers.

use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Refusal};

const EDITION_ENTRY: u32 = 0x45B9;
const CHAPTER_ATOM: u32 = 0xB6;
const CHAPTER_UID: u32 = 0x73C4;
const CHAPTER_STRING_UID: u32 = 0x5654;
const CHAPTER_DISPLAY: u32 = 0x80;
const CHAP_STRING: u32 = 0x85;
/// Chapters are read in one another no deeper than menus go.
const DEPTH_MAX: usize = 5;

/// Says what a Chapters element gives away.
pub(super) fn findings(cursor: &mut Cursor<'_>, chapters: &Element, findings: &mut Findings) -> Result<(), Refusal> {
    findings.removed(Category::History, "Chapters");
    let mut editions = Children::of(chapters);
    while let Some(edition) = editions.next(cursor)? {
        if edition.id != EDITION_ENTRY {
            super::dropped::element(cursor, &edition, "Chapters", findings)?;
            continue;
        }
        let mut children = Children::of(&edition);
        while let Some(child) = children.next(cursor)? {
            if child.id == CHAPTER_ATOM {
                atom(cursor, &child, DEPTH_MAX, findings)?;
            }
        }
    }
    Ok(())
}

/// One chapter and those in it, `depth` deep.
fn atom(cursor: &mut Cursor<'_>, atom: &Element, depth: usize, findings: &mut Findings) -> Result<(), Refusal> {
    let mut children = Children::of(atom);
    while let Some(child) = children.next(cursor)? {
        match child.id {
            CHAPTER_UID => {
                let uid = ebml::uint(cursor, &child, "ChapterUID")?.unwrap_or(0);
                findings.removed_value(Category::Identifier, "ChapterUID", &format!("{uid:016x}"));
            }
            CHAPTER_STRING_UID => {
                findings.removed_value(Category::Identifier, "ChapterStringUID", &ebml::text(cursor, &child)?);
            }
            CHAPTER_DISPLAY => {
                let mut display = Children::of(&child);
                while let Some(field) = display.next(cursor)? {
                    if field.id == CHAP_STRING {
                        findings.removed_value(Category::Comment, "ChapString", &ebml::text(cursor, &field)?);
                    }
                }
            }
            CHAPTER_ATOM => match depth.checked_sub(1) {
                Some(depth) => self::atom(cursor, &child, depth, findings)?,
                None => findings.removed(Category::HiddenContent, "ChapterAtom, in many others"),
            },
            _ => {}
        }
    }
    Ok(())
}

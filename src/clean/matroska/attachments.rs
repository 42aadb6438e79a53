//! What Attachments give away (RFC 9559, 5.1.6): names, kinds and numbers of the files within.

use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Refusal};

const ATTACHED_FILE: u32 = 0x61A7;
const FILE_DESCRIPTION: u32 = 0x467E;
const FILE_NAME: u32 = 0x466E;
const FILE_MEDIA_TYPE: u32 = 0x4660;
const FILE_DATA: u32 = 0x465C;
const FILE_UID: u32 = 0x46AE;

/// Says what an Attachments element gives away.
pub(super) fn findings(cursor: &mut Cursor<'_>, attachments: &Element, findings: &mut Findings) -> Result<(), Refusal> {
    let mut files = Children::of(attachments);
    while let Some(file) = files.next(cursor)? {
        if file.id == ATTACHED_FILE {
            attached(cursor, &file, findings)?;
        } else {
            super::dropped::element(cursor, &file, "Attachments", findings)?;
        }
    }
    Ok(())
}

fn attached(cursor: &mut Cursor<'_>, file: &Element, findings: &mut Findings) -> Result<(), Refusal> {
    let (mut name, mut media_type, mut len) = (String::new(), String::new(), 0);
    let mut children = Children::of(file);
    while let Some(child) = children.next(cursor)? {
        match child.id {
            FILE_NAME => name = ebml::text(cursor, &child)?,
            FILE_MEDIA_TYPE => media_type = ebml::text(cursor, &child)?,
            FILE_DATA => len = child.body_len,
            FILE_DESCRIPTION => {
                findings.removed_value(Category::Comment, "AttachedFile FileDescription", &ebml::text(cursor, &child)?);
            }
            FILE_UID => {
                let uid = ebml::uint(cursor, &child, "FileUID")?.unwrap_or(0);
                findings.removed_value(Category::Identifier, "AttachedFile FileUID", &format!("{uid:016x}"));
            }
            _ => super::dropped::element(cursor, &child, "AttachedFile", findings)?,
        }
    }
    let category = if media_type.starts_with("image/") { Category::Thumbnail } else { Category::HiddenContent };
    findings.removed_value(category, "AttachedFile", &format!("{name}, {media_type}, {len} bytes"));
    Ok(())
}

//! The members of an archive, whatever their headers are extended by. Tells what these say besides.

use super::header::{Block, Header, text};
use super::{BLOCK_BYTES, padding};
use crate::clean::archive::Kind;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// A member.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) kind: Kind,
    /// Offset of its content.
    pub(super) at: u64,
    pub(super) len: u64,
}

/// What extended headers say of the member behind them.
#[derive(Default)]
struct Extended {
    name: Option<String>,
    len: Option<u64>,
}

/// Reads all headers, up to the end of the archive.
pub(super) fn members(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Vec<Member>, Refusal> {
    let (mut members, mut extended, mut blocks) = (Vec::new(), Extended::default(), 0usize);
    // Some writers leave out the blocks that end an archive.
    while cursor.remaining() > 0 {
        let at = cursor.at();
        let block: Block = cursor.array("header")?;
        if block.iter().all(|&byte| byte == 0) {
            break;
        }
        blocks = blocks.saturating_add(1);
        if blocks > limits::TAR_HEADERS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of members", at));
        }
        let header = Header::read(&block).ok_or(Refusal::new(Reason::Damaged, "header", at))?;
        match header.kind {
            b'x' | b'X' => pax(&extension(cursor, &header)?, &mut extended, at, findings)?,
            b'g' => pax(&extension(cursor, &header)?, &mut Extended::default(), at, findings)?,
            b'L' => extended.name = Some(text(&extension(cursor, &header)?).0),
            b'K' => drop(extension(cursor, &header)?),
            // The label of a volume.
            b'V' => findings.removed_value(Category::Comment, "tar volume header", &header.name),
            _ => members.push(member(cursor, header, std::mem::take(&mut extended), at, findings)?),
        }
    }
    trailer(cursor, findings)?;
    Ok(members)
}

/// The member behind its header, whose content is passed over.
fn member(
    cursor: &mut Cursor<'_>,
    header: Header,
    extended: Extended,
    at: u64,
    findings: &mut Findings,
) -> Result<Member, Refusal> {
    tell(&header, findings);
    let name = extended.name.unwrap_or(header.name);
    let kind = match header.kind {
        b'0' | 0 | b'7' if name.ends_with('/') => Kind::Folder,
        b'0' | 0 | b'7' => Kind::File,
        b'5' => Kind::Folder,
        b'1' | b'2' | b'3' | b'4' | b'6' => Kind::Special,
        b'S' => return Err(Refusal::new(Reason::NotUnderstood, "sparse file", at)),
        b'M' => return Err(Refusal::new(Reason::NotUnderstood, "archive of several volumes", at)),
        _ => return Err(Refusal::new(Reason::NotUnderstood, "type of member", at)),
    };
    // Links and folders have no content, whatever their headers say of what they stand for.
    let len = if kind == Kind::File { extended.len.unwrap_or(header.len) } else { 0 };
    let at = cursor.at();
    cursor.skip(len, "member")?;
    pad(cursor, len, findings)?;
    Ok(Member { name, kind, at, len })
}

/// Passes over the rest of a block. The last one may be missing, where nothing follows.
fn pad(cursor: &mut Cursor<'_>, len: u64, findings: &mut Findings) -> Result<(), Refusal> {
    let len = padding(len).min(cursor.remaining());
    let bytes = cursor.bytes(usize::try_from(len).unwrap_or(0), "padding")?;
    if bytes.iter().any(|&byte| byte != 0) {
        findings.removed(Category::HiddenContent, "tar, behind a member");
    }
    Ok(())
}

/// The content of a header that extends another.
fn extension(cursor: &mut Cursor<'_>, header: &Header) -> Result<Vec<u8>, Refusal> {
    let len = usize::try_from(header.len).ok().filter(|&len| len <= limits::TAR_EXTENSION_BYTES_MAX);
    let len = len.ok_or(Refusal::new(Reason::TooLarge, "extended header", cursor.at()))?;
    let bytes = cursor.bytes(len, "extended header")?;
    cursor.skip(padding(header.len), "extended header")?;
    Ok(bytes)
}

/// Records of an extended header: `LENGTH KEYWORD=VALUE\n` (POSIX.1-2024, `pax`, "pax Extended Header").
fn pax(mut records: &[u8], extended: &mut Extended, at: u64, findings: &mut Findings) -> Result<(), Refusal> {
    let damaged = || Refusal::new(Reason::Damaged, "extended header", at);
    while !records.is_empty() {
        let blank = records.iter().position(|&byte| byte == b' ').ok_or_else(damaged)?;
        let digits = records.get(..blank).and_then(|digits| std::str::from_utf8(digits).ok());
        let len: usize = digits.and_then(|digits| digits.parse().ok()).ok_or_else(damaged)?;
        let (record, rest) = records.split_at_checked(len).ok_or_else(damaged)?;
        records = rest;
        let record = record.get(blank.saturating_add(1)..).and_then(|record| record.strip_suffix(b"\n"));
        let record = String::from_utf8_lossy(record.ok_or_else(damaged)?);
        let (keyword, value) = record.split_once('=').ok_or_else(damaged)?;
        match keyword {
            "path" => extended.name = Some(value.to_owned()),
            "size" => extended.len = Some(value.parse().map_err(|_| damaged())?),
            _ if keyword.starts_with("GNU.sparse.") => {
                return Err(Refusal::new(Reason::NotUnderstood, "sparse file", at));
            }
            "atime" | "ctime" | "mtime" | "LIBARCHIVE.creationtime" => {
                findings.removed(Category::Time, "tar extended header: times");
            }
            "uid" | "gid" => findings.removed_value(Category::Person, "tar extended header: owner", value),
            "uname" | "gname" => findings.removed_value(Category::Person, "tar extended header: owner", value),
            "comment" => findings.removed_value(Category::Comment, "tar extended header: comment", value),
            "linkpath" | "charset" | "hdrcharset" => {}
            _ => findings.removed(Category::Unknown, "tar extended header"),
        }
    }
    Ok(())
}

/// What a header gives away besides the name.
fn tell(header: &Header, findings: &mut Findings) {
    if header.time != 0 {
        // Days and seconds since 1970 would be many findings; that there is a time is one.
        findings.removed(Category::Time, "tar modification time");
    }
    if header.owner != 0 || header.group != 0 {
        let numbers = format!("{}, {}", header.owner, header.group);
        findings.removed_value(Category::Person, "tar numbers of owner and group", &numbers);
    }
    for name in [&header.owner_name, &header.group_name].into_iter().filter(|name| !name.is_empty()) {
        findings.removed_value(Category::Person, "tar owner and group", name);
    }
    if header.mode != 0o644 {
        findings.removed(Category::Software, "tar mode");
    }
    if header.has_slack {
        findings.removed(Category::HiddenContent, "tar, between fields of a header");
    }
}

/// Looks at what follows the first block of zeros, which should be more of them.
fn trailer(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<(), Refusal> {
    let rest = cursor.remaining();
    let mut is_hidden = false;
    loop {
        let buffered = cursor.buffered()?;
        let len = buffered.len();
        is_hidden |= buffered.iter().any(|&byte| byte != 0);
        if len == 0 || is_hidden {
            break;
        }
        cursor.consume(len);
    }
    if is_hidden {
        findings.removed(Category::HiddenContent, "tar, after the end");
    } else if rest > BLOCK_BYTES {
        // Writers of tapes fill up to their blocks, of which each has its own size.
        findings.removed(Category::Software, "tar, zeros after the end");
    }
    Ok(())
}

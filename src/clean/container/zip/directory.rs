//! The end of an archive and its central directory (APPNOTE.TXT 4.3.12 to 4.3.16). Believes none of what local headers
//! have yet to confirm.

use super::told::Told;
use super::{CENTRAL, END, END64, LOCATOR64, Method, method};
use crate::clean::cursor::Cursor;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// What the directory says of a member.
pub(super) struct Listed {
    /// Its name, byte by byte.
    pub(super) raw_name: Vec<u8>,
    pub(super) flags: u16,
    pub(super) method: Method,
    pub(super) crc: u32,
    pub(super) stored_len: u64,
    pub(super) len: u64,
    /// Offset of its local header.
    pub(super) at: u64,
    pub(super) unix_kind: Option<u16>,
}

/// All members as the directory lists them, and where it begins.
pub(super) struct Directory {
    pub(super) listed: Vec<Listed>,
    pub(super) at: u64,
}

/// Where the directory is.
struct End {
    at: u64,
    len: u64,
    count: u64,
    /// Where the records that end the archive begin.
    end: u64,
}

/// Length of the end record without a comment.
const END_BYTES: u64 = 22;
/// Length of the locator of the zip64 end record.
const LOCATOR64_BYTES: u64 = 20;
/// Length of the zip64 end record without extensible data, from its signature on.
const END64_BYTES: u64 = 56;

/// Finds the directory and reads it.
pub(super) fn read(cursor: &mut Cursor<'_>, told: &mut Told) -> Result<Directory, Refusal> {
    let end = end(cursor, told)?;
    if end.count > u64::try_from(limits::ZIP_MEMBERS_MAX).unwrap_or(u64::MAX) {
        return Err(Refusal::new(Reason::TooLarge, "number of members", end.end));
    }
    if end.len > limits::ZIP_DIRECTORY_BYTES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "central directory", end.at));
    }
    let behind = end.at.checked_add(end.len).filter(|&behind| behind <= end.end);
    let behind = behind.ok_or(damaged("end of central directory record", end.end))?;
    cursor.go_to(end.at, "central directory")?;
    let mut listed = Vec::new();
    for _ in 0..end.count {
        listed.push(entry(cursor, told)?);
        if cursor.at() > behind {
            return Err(damaged("central directory", cursor.at()));
        }
    }
    told.gap(end.end.saturating_sub(cursor.at()));
    Ok(Directory { listed, at: end.at })
}

/// The last end record whose comment and directory fit, and the zip64 one in front of it.
fn end(cursor: &mut Cursor<'_>, told: &mut Told) -> Result<End, Refusal> {
    let tail_len = cursor.len().min(END_BYTES.saturating_add(u16::MAX.into()));
    let tail_at = cursor.len().saturating_sub(tail_len);
    cursor.go_to(tail_at, "end of central directory record")?;
    let tail = cursor.bytes(usize::try_from(tail_len).unwrap_or(0), "end of central directory record")?;
    let mut before = tail.len();
    while let Some(found) = memchr::memmem::rfind(tail.get(..before).unwrap_or_default(), &END) {
        let at = tail_at.saturating_add(u64::try_from(found).unwrap_or(0));
        if cursor.len().saturating_sub(at) >= END_BYTES {
            cursor.go_to(at, "end of central directory record")?;
            if let Some(end) = end_at(cursor, at, told)? {
                return Ok(end);
            }
        }
        before = found.saturating_add(3).min(before.saturating_sub(1));
    }
    Err(Refusal::new(Reason::Truncated, "end of central directory record", cursor.len()))
}

/// Reads the end record at `at`; `None` if it cannot be one.
fn end_at(cursor: &mut Cursor<'_>, at: u64, told: &mut Told) -> Result<Option<End>, Refusal> {
    const PART: &str = "end of central directory record";
    cursor.skip(4, PART)?;
    let disks = [cursor.le16(PART)?, cursor.le16(PART)?];
    let counts = [cursor.le16(PART)?, cursor.le16(PART)?];
    let (len, start) = (cursor.le32(PART)?, cursor.le32(PART)?);
    let comment_len = cursor.le16(PART)?;
    if u64::from(comment_len) > cursor.remaining() {
        return Ok(None);
    }
    let comment = cursor.bytes(comment_len.into(), PART)?;
    let trailer = cursor.remaining();
    let is_long = disks.contains(&u16::MAX) || counts.contains(&u16::MAX) || [len, start].contains(&u32::MAX);
    let long = if is_long { end64(cursor, at)? } else { None };
    let end = match long {
        Some(end) => end,
        None if disks != [0, 0] || counts.first() != counts.last() => {
            return Err(Refusal::new(Reason::NotUnderstood, "archive of several disks", at));
        }
        None => End { at: start.into(), len: len.into(), count: counts.first().copied().unwrap_or(0).into(), end: at },
    };
    if end.at.checked_add(end.len).is_none_or(|behind| behind > end.end) {
        return Ok(None);
    }
    told.comment(&comment);
    told.trailer(trailer);
    Ok(Some(end))
}

/// The zip64 end record, if there is a locator of it in front of the end record at `at`.
fn end64(cursor: &mut Cursor<'_>, at: u64) -> Result<Option<End>, Refusal> {
    const PART: &str = "zip64 end of central directory record";
    let Some(locator) = at.checked_sub(LOCATOR64_BYTES) else { return Ok(None) };
    cursor.go_to(locator, PART)?;
    if cursor.array(PART)? != LOCATOR64 {
        return Ok(None);
    }
    let disk = cursor.le32(PART)?;
    let record = le64(cursor, PART)?;
    // Some writers count no disk at all.
    if disk != 0 || cursor.le32(PART)? > 1 {
        return Err(Refusal::new(Reason::NotUnderstood, "archive of several disks", locator));
    }
    cursor.go_to(record, PART)?;
    if cursor.array(PART)? != END64 {
        return Err(damaged(PART, record));
    }
    let size = le64(cursor, PART)?.checked_add(12);
    if size.is_none_or(|size| size < END64_BYTES || record.checked_add(size).is_none_or(|end| end > locator)) {
        return Err(damaged(PART, record));
    }
    cursor.skip(4, PART)?;
    let disks = [cursor.le32(PART)?, cursor.le32(PART)?];
    let counts = [le64(cursor, PART)?, le64(cursor, PART)?];
    let (len, start) = (le64(cursor, PART)?, le64(cursor, PART)?);
    if disks != [0, 0] || counts.first() != counts.last() {
        return Err(Refusal::new(Reason::NotUnderstood, "archive of several disks", record));
    }
    Ok(Some(End { at: start, len, count: counts.first().copied().unwrap_or(0), end: record }))
}

/// One header of the directory.
fn entry(cursor: &mut Cursor<'_>, told: &mut Told) -> Result<Listed, Refusal> {
    const PART: &str = "central directory header";
    let start = cursor.at();
    if cursor.array(PART)? != CENTRAL {
        return Err(damaged(PART, start));
    }
    let made_by = cursor.le16(PART)?;
    cursor.skip(2, PART)?;
    let (flags, number) = (cursor.le16(PART)?, cursor.le16(PART)?);
    let (time, date) = (cursor.le16(PART)?, cursor.le16(PART)?);
    let (crc, stored_len, len) = (cursor.le32(PART)?, cursor.le32(PART)?, cursor.le32(PART)?);
    let (name_len, extra_len, comment_len) = (cursor.le16(PART)?, cursor.le16(PART)?, cursor.le16(PART)?);
    let (disk, internal, external) = (cursor.le16(PART)?, cursor.le16(PART)?, cursor.le32(PART)?);
    let at = cursor.le32(PART)?;
    let raw_name = cursor.bytes(name_len.into(), PART)?;
    let method = method(flags, number, start).map_err(|refusal| match refusal.reason {
        Reason::Encrypted => refusal,
        _ => refusal.within(&String::from_utf8_lossy(&raw_name)),
    })?;
    let extra = cursor.bytes(extra_len.into(), PART)?;
    let comment = cursor.bytes(comment_len.into(), PART)?;
    let long = Long::read(&extra, [len, stored_len, at]).ok_or(damaged("zip64 extra field", start))?;
    if disk != 0 && disk != u16::MAX {
        return Err(Refusal::new(Reason::NotUnderstood, "archive of several disks", start));
    }
    told.made_by(made_by);
    told.time(date, time);
    told.attributes(internal, external);
    told.extra(&extra);
    told.comment(&comment);
    // Only where a Unix system, or macOS, says that it made the archive (4.4.2.2).
    let unix_kind = matches!(made_by >> 8, 3 | 19).then_some(u16::try_from(external >> 28).unwrap_or(0));
    let [len, stored_len, at] = long.0;
    Ok(Listed { raw_name, flags, method, crc, stored_len, len, at, unix_kind })
}

/// Length, stored length and offset, from the zip64 extra field where they do not fit their own (4.5.3).
pub(super) struct Long(pub(super) [u64; 3]);

impl Long {
    /// `None` if the extra field lacks one that it must have.
    pub(super) fn read(extra: &[u8], short: [u32; 3]) -> Option<Self> {
        let mut long = fields(extra).find(|(id, _)| *id == ZIP64).map(|(_, bytes)| bytes).unwrap_or_default();
        let mut all = [0; 3];
        for (value, short) in all.iter_mut().zip(short) {
            *value = match (short, long.split_first_chunk()) {
                (u32::MAX, Some((first, rest))) => {
                    long = rest;
                    u64::from_le_bytes(*first)
                }
                (u32::MAX, None) => return None,
                _ => short.into(),
            };
        }
        Some(Self(all))
    }
}

/// The extra field that holds what is too long (4.5.3).
const ZIP64: u16 = 1;

/// Extra fields: their numbers and bytes (4.5.1). What is not one comes last, as number 0.
pub(super) fn fields(mut extra: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    std::iter::from_fn(move || {
        if extra.is_empty() {
            return None;
        }
        let head = extra.split_first_chunk().map(|(&[a, b, c, d], rest)| ([a, b], [c, d], rest));
        let field = head.and_then(|(id, len, rest)| {
            let (bytes, rest) = rest.split_at_checked(u16::from_le_bytes(len).into())?;
            Some((u16::from_le_bytes(id), bytes, rest))
        });
        let (id, bytes, rest) = field.unwrap_or((0, extra, &[]));
        extra = rest;
        Some((id, bytes))
    })
}

fn le64(cursor: &mut Cursor<'_>, part: &'static str) -> Result<u64, Refusal> {
    Ok(u64::from_le_bytes(cursor.array(part)?))
}

fn damaged(part: &'static str, at: u64) -> Refusal {
    Refusal::new(Reason::Damaged, part, at)
}

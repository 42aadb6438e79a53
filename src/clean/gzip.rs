//! Tar archives that are packed by gzip (RFC 1952): unpacked, cleaned as tar archives, and packed again behind a header
//! that says nothing. A gzip of anything else is refused.

#[cfg(test)]
mod tests;

use std::io::Read;

use zeroize::Zeroizing;

use super::codec::zlib::{Inflate, Then};
use super::container::zip::deflated;
use super::cursor::Cursor;
use super::produced::Produced;
use super::{Category, Draft, Findings, Format, Plan, Reason, Refusal, Unaccounted, cleaned, tar};
use crate::limits;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "application/gzip",
    extension: "tar.gz",
    aliases: &["tgz", "gz"],
    name: "tar.gz",
    recognise: |head| head.starts_with(&[0x1F, 0x8B, 8]),
    clean,
    verify: |produced| verify_at(produced, 0),
};

/// Deflate, no flags, no time, no level, unknown system, as every file is written (2.3.1).
const HEADER: [u8; 10] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    let mut len = 0_u64;
    let nesting = cursor.nesting().clone();
    // Once to learn how long it is, so that the second time no memory has to grow.
    unpack(cursor, &mut findings, &mut |bytes, at| {
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        len = len.saturating_add(more);
        if len > limits::MEMBER_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "unpacked bytes", at));
        }
        nesting.take(more, at)
    })?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(len).unwrap_or(0)));
    unpack(cursor, &mut Findings::default(), &mut |part, _| {
        bytes.extend_from_slice(part);
        Ok(())
    })?;
    if !tar::recognise(&bytes) {
        return Err(Refusal::new(Reason::NotUnderstood, "something other than a tar archive, packed", 0));
    }
    let (bytes, said, _) = cleaned::clean_within(&bytes, &nesting)?;
    findings.append(said);
    let mut plan = Plan::default();
    plan.bytes(&HEADER)?;
    plan.bytes(&packed(&bytes))?;
    plan.bytes(&crc32fast::hash(&bytes).to_le_bytes())?;
    plan.bytes(&length(&bytes))?;
    Ok(Draft::new(plan, findings))
}

/// Bytes modulo 2^32 (ISIZE, 2.3.1).
fn length(bytes: &[u8]) -> [u8; 4] {
    let [a, b, c, d, ..] = u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_le_bytes();
    [a, b, c, d]
}

/// Deflated in the one way that is known here; in stored blocks (RFC 1951, 3.2.4) where that would not be shorter.
fn packed(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    if let Some(deflated) = deflated(bytes) {
        return deflated;
    }
    let blocks = bytes.len().div_ceil(BLOCK_BYTES);
    let len = blocks.saturating_mul(5).saturating_add(bytes.len());
    let mut packed = Zeroizing::new(Vec::with_capacity(len));
    for (index, block) in bytes.chunks(BLOCK_BYTES).enumerate() {
        let is_last = index.saturating_add(1) == blocks;
        let len = u16::try_from(block.len()).unwrap_or(u16::MAX);
        packed.push(u8::from(is_last));
        packed.extend_from_slice(&len.to_le_bytes());
        packed.extend_from_slice(&(!len).to_le_bytes());
        packed.extend_from_slice(block);
    }
    packed
}

/// Bytes of a stored block.
const BLOCK_BYTES: usize = 65_535;

/// What is done with unpacked bytes, and where the packed ones stand.
type Take<'t> = dyn FnMut(&[u8], u64) -> Result<(), Refusal> + 't;

/// Hands all that is packed to `take`: one member or several (2.2). Tells what headers say, and what follows.
fn unpack(cursor: &mut Cursor<'_>, findings: &mut Findings, take: &mut Take<'_>) -> Result<(), Refusal> {
    cursor.go_to(0, "header")?;
    loop {
        header(cursor, findings)?;
        member(cursor, take)?;
        if cursor.remaining() == 0 {
            return Ok(());
        }
        let at = cursor.at();
        let next = cursor.remaining().min(3);
        let next = cursor.bytes(usize::try_from(next).unwrap_or(0), "header")?;
        if next != [0x1F, 0x8B, 8] {
            findings.removed(Category::HiddenContent, "gzip, after the end");
            return Ok(());
        }
        cursor.go_to(at, "header")?;
    }
}

/// A header (2.3).
fn header(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<(), Refusal> {
    let at = cursor.at();
    let [one, other, method, flags] = cursor.array("header")?;
    if [one, other, method] != [0x1F, 0x8B, 8] || flags & 0xE0 != 0 {
        return Err(Refusal::new(Reason::NotUnderstood, "header", at));
    }
    let time = cursor.le32("time")?;
    let [level, system] = cursor.array("header")?;
    if time != 0 {
        findings.removed(Category::Time, "gzip modification time");
    }
    if level != 0 || system != 0xFF || flags & 1 != 0 {
        findings.removed(Category::Software, "gzip system and level");
    }
    if flags & 4 != 0 {
        let len = cursor.le16("extra field")?;
        cursor.skip(len.into(), "extra field")?;
        findings.removed(Category::Unknown, "gzip extra field");
    }
    for (flag, category, place) in [(8, Category::Comment, "gzip file name"), (16, Category::Comment, "gzip comment")] {
        if flags & flag != 0 {
            // ISO 8859-1 by the specification, but written as the system has it.
            findings.removed_value(category, place, &String::from_utf8_lossy(&string(cursor)?));
        }
    }
    if flags & 2 != 0 {
        cursor.skip(2, "checksum of the header")?;
    }
    Ok(())
}

/// Bytes up to a NUL.
fn string(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Refusal> {
    let mut string = Vec::new();
    loop {
        match cursor.byte("name or comment")? {
            0 => return Ok(string),
            _ if string.len() >= limits::ZIP_NAME_BYTES_MAX => {
                return Err(Refusal::new(Reason::TooLarge, "name or comment", cursor.at()));
            }
            byte => string.push(byte),
        }
    }
}

/// Deflated bytes, their sum and their length.
fn member(cursor: &mut Cursor<'_>, take: &mut Take<'_>) -> Result<(), Refusal> {
    let damaged = |part, cursor: &Cursor<'_>| Err(Refusal::new(Reason::Damaged, part, cursor.at()));
    let (mut inflate, mut sum, mut len) = (Inflate::raw(), crc32fast::Hasher::new(), 0_u64);
    loop {
        let at = cursor.at();
        let data = cursor.buffered()?;
        let is_end = data.is_empty();
        let portion = inflate.next(data);
        sum.update(portion.made);
        len = len.saturating_add(u64::try_from(portion.made.len()).unwrap_or(u64::MAX));
        take(portion.made, at)?;
        let (taken, then, made) = (portion.taken, portion.then, portion.made.len());
        cursor.consume(taken);
        match then {
            Then::End => break,
            Then::More if is_end && made == 0 => return Err(Refusal::new(Reason::Truncated, "deflate data", at)),
            Then::More => {}
            Then::Damage => return damaged("deflate data", cursor),
        }
    }
    if cursor.le32("CRC-32")? != sum.finalize() {
        return damaged("CRC-32", cursor);
    }
    let [a, b, c, d, ..] = len.to_le_bytes();
    if cursor.array("length")? == [a, b, c, d] { Ok(()) } else { damaged("length", cursor) }
}

/// Verifies a packed archive that stands `depth` deep in others.
pub(super) fn verify_at(produced: &mut dyn Read, depth: usize) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    produced.expect(&HEADER, "header")?;
    let most = usize::try_from(limits::MEMBER_BYTES_MAX).unwrap_or(usize::MAX);
    let mut rest = Zeroizing::new(Vec::new());
    loop {
        let buffered = produced.buffered()?;
        let len = buffered.len();
        if len == 0 {
            break;
        }
        rest.extend_from_slice(buffered);
        produced.consume(len);
        // Stored blocks are longer than what is in them by less than one part in ten thousand.
        if rest.len() > most.saturating_add(most / 10_000) {
            return produced.wrong("length");
        }
    }
    let Some((data, [a, b, c, d, e, f, g, h])) = rest.split_last_chunk::<8>() else { return produced.wrong("end") };
    let bytes = miniz_oxide::inflate::decompress_to_vec_with_limit(data, most).map(Zeroizing::new);
    match bytes {
        // Of all the ways to pack these bytes only one is known, so that the choice says nothing.
        Ok(bytes)
            if **packed(&bytes) == *data
                && crc32fast::hash(&bytes).to_le_bytes() == [*a, *b, *c, *d]
                && length(&bytes) == [*e, *f, *g, *h] =>
        {
            tar::verify_at(&mut bytes.as_slice(), depth)
        }
        _ => produced.wrong("deflate data"),
    }
}

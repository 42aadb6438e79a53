//! Pages of an Ogg stream, as the cleaner reads them (RFC 3533, 6). Never gives a page whose checksum is wrong.

use super::super::checksum::ogg_crc32;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// The first four bytes of every page.
pub(super) const CAPTURE: &[u8; 4] = b"OggS";
/// The first packet on the page continues one from the page before.
pub(super) const CONTINUED: u8 = 0x01;
/// The first page of a logical stream.
pub(super) const FIRST: u8 = 0x02;
/// The last page of a logical stream.
pub(super) const LAST: u8 = 0x04;
/// Bytes of a page's header before its lacing values.
pub(super) const HEADER_BYTES: usize = 27;

/// A page.
pub(super) struct Page {
    /// Offset of its first byte.
    pub(super) at: u64,
    pub(super) flags: u8,
    /// `None` where no packet ends on it.
    pub(super) granule: Option<u64>,
    pub(super) serial: u32,
    pub(super) sequence: u32,
    pub(super) lacing: Vec<u8>,
    /// Offset of its body.
    pub(super) body_at: u64,
    pub(super) body: Vec<u8>,
}

/// Reads the next page, passing over what is none. `None` at the end.
///
/// # Errors
/// [`Reason::Truncated`] for a page that is cut, [`Reason::Damaged`] where its checksum is wrong.
pub(super) fn next(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Option<Page>, Refusal> {
    let at = cursor.at();
    if !seek(cursor)? {
        if at < cursor.len() {
            findings.removed(Category::HiddenContent, "after the last page");
        }
        return Ok(None);
    }
    if cursor.at() > at {
        findings.removed(Category::HiddenContent, "between pages");
    }
    read(cursor).map(Some)
}

/// Goes on to the next page. Whether there is one.
fn seek(cursor: &mut Cursor<'_>) -> Result<bool, Refusal> {
    let start = cursor.at();
    let mut matched = 0_usize;
    loop {
        let buffered = cursor.buffered()?;
        if buffered.is_empty() {
            return Ok(false);
        }
        let mut passed = 0_usize;
        for &byte in buffered {
            passed = passed.saturating_add(1);
            matched = match CAPTURE.get(matched) {
                Some(&expected) if expected == byte => matched.saturating_add(1),
                // No letter of the pattern but the first is an O.
                _ => usize::from(byte == b'O'),
            };
            if matched == CAPTURE.len() {
                break;
            }
        }
        cursor.consume(passed);
        if matched == CAPTURE.len() {
            let found = cursor.at().saturating_sub(4);
            cursor.go_to(found, "page")?;
            return Ok(true);
        }
        if cursor.at().saturating_sub(start) > limits::GAP_BYTES_MAX {
            return Ok(false);
        }
    }
}

fn read(cursor: &mut Cursor<'_>) -> Result<Page, Refusal> {
    let at = cursor.at();
    cursor.skip(4, "page header")?;
    let version = cursor.byte("page header")?;
    let flags = cursor.byte("page header")?;
    let granule: [u8; 8] = cursor.array("page header")?;
    let serial = cursor.le32("page header")?;
    let sequence = cursor.le32("page header")?;
    let checksum = cursor.le32("page header")?;
    let segments = cursor.byte("page header")?;
    if version != 0 {
        return Err(Refusal::new(Reason::NotUnderstood, "stream structure version", at));
    }
    let lacing = cursor.bytes(segments.into(), "segment table")?;
    let body_at = cursor.at();
    let body_len = lacing.iter().copied().map(usize::from).sum();
    let body = cursor.bytes(body_len, "page")?;
    let head =
        [CAPTURE.as_slice(), &[version, flags], &granule, &serial.to_le_bytes(), &sequence.to_le_bytes()].concat();
    if ogg_crc32(&[&head, &[0; 4], &[segments], &lacing, &body]) != checksum {
        return Err(Refusal::new(Reason::Damaged, "page checksum", at));
    }
    let granule = Some(u64::from_le_bytes(granule)).filter(|&granule| granule != u64::MAX);
    Ok(Page { at, flags, granule, serial, sequence, lacing, body_at, body })
}

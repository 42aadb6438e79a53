//! What a chunk of an AIFF that is not kept gives away. Knows no chunk that is kept.

use crate::clean::container::riff::Chunk;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::{id3, legible, xmp};
use crate::clean::{Category, Findings, Refusal};
use crate::limits;

/// Says what the chunk gives away.
pub(super) fn chunk(cursor: &mut Cursor<'_>, chunk: Chunk, findings: &mut Findings) -> Result<(), Refusal> {
    let name = chunk.name();
    let Some(body) = chunk.body(cursor, limits::METADATA_BYTES_MAX)? else {
        findings.removed(Category::Unknown, format!("{name}, too long to be read"));
        return Ok(());
    };
    match &chunk.kind {
        b"NAME" | b"ANNO" => findings.removed_value(Category::Comment, name, &legible::text(&body)),
        b"AUTH" | b"(c) " | b"\xA9cpy" => findings.removed_value(Category::Person, name, &legible::text(&body)),
        b"COMT" => comments(&body, findings),
        b"APPL" if body.starts_with(b"XMP ") => findings.append(xmp::findings(body.get(4..).unwrap_or_default())),
        b"APPL" => {
            let (program, data) = body.split_at_checked(4).unwrap_or((&body, &[]));
            let value = [legible::text(program), legible::text(data)].join(" ");
            findings.removed_value(Category::Software, name, &value);
        }
        b"ID3 " | b"id3 " => findings.append(id3::findings(&body)),
        b"MARK" | b"INST" | b"MIDI" | b"AESD" | b"CHAN" | b"SAXL" => findings.removed(Category::Comment, name),
        b"FVER" | b"FLLR" | b"PAD " | b"JUNK" if body.iter().all(|&byte| byte == 0) => {
            findings.removed(Category::Software, format!("{name} padding"));
        }
        b"FVER" => findings.removed(Category::Software, name),
        b"FLLR" | b"PAD " | b"JUNK" => findings.removed(Category::HiddenContent, name),
        _ => findings.removed(Category::Unknown, format!("chunk {name}")),
    }
    Ok(())
}

/// COMT: comments, each with the second it was made in since 1904 (AIFF 1.3, "Comments Chunk").
fn comments(body: &[u8], findings: &mut Findings) {
    findings.removed(Category::Time, "COMT");
    let Some((_, mut rest)) = body.split_first_chunk::<2>() else { return };
    while let Some((header, after)) = rest.split_first_chunk::<8>() {
        let &[t0, t1, t2, t3, _, _, n0, n1] = header;
        let len = usize::from(u16::from_be_bytes([n0, n1]));
        let (text, after) = after.split_at_checked(len).unwrap_or((after, &[]));
        findings.removed_value(Category::Time, "COMT time", &since_1904(u32::from_be_bytes([t0, t1, t2, t3])));
        findings.removed_value(Category::Comment, "COMT", &legible::text(text));
        rest = if len % 2 == 1 { after.get(1..).unwrap_or_default() } else { after };
    }
}

/// A date by seconds since the beginning of 1904.
fn since_1904(seconds: u32) -> String {
    let (mut days, rest) = (seconds / 86_400, seconds % 86_400);
    let is_leap = |year: u32| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1904_u32;
    loop {
        let len = if is_leap(year) { 366 } else { 365 };
        let Some(left) = days.checked_sub(len) else { break };
        (days, year) = (left, year.saturating_add(1));
    }
    let february = if is_leap(year) { 29 } else { 28 };
    let mut month = 1_u32;
    for len in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        let Some(left) = days.checked_sub(len) else { break };
        (days, month) = (left, month.saturating_add(1));
    }
    let day = days.saturating_add(1);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60)
}

#[cfg(test)]
mod tests {
    use super::since_1904;

    #[test]
    fn seconds_since_1904_are_dates() {
        assert_eq!(since_1904(0), "1904-01-01 00:00:00");
        assert_eq!(since_1904(2_082_844_800), "1970-01-01 00:00:00");
        assert_eq!(since_1904(3_791_237_845), "2024-02-20 01:37:25");
        assert_eq!(since_1904(u32::MAX), "2040-02-06 06:28:15");
    }
}

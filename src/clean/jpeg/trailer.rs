//! Says what stands behind the end of a picture: further pictures, a video, a maker's blocks. Keeps none of it.
//!
//! Phones put a gain map there (ISO 21496-1, Ultra HDR), a depth map, a preview (CIPA DC-007) or the video of a
//! motion photo, and Samsung's a list of blocks at the very end, which says what they are.

use crate::{
    clean::metadata::{calendar, legible, xmp},
    clean::{Category, Findings, Reason, Refusal, cursor::Cursor},
    limits,
};

/// Bytes looked at for the end of a further picture, or for its beginning.
const LOOKED_AT_MAX: u64 = 64 << 20;
const PARTS_MAX: usize = 64;

/// Names everything from here to the end of the file.
pub(super) fn findings(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<(), Refusal> {
    let from = cursor.at();
    if cursor.remaining() == 0 {
        return Ok(());
    }
    let mut named = Findings::default();
    samsung(cursor, from, &mut named)?;
    cursor.go_to(from, "after EOI")?;
    for _ in 0..PARTS_MAX {
        if !part(cursor, from, &mut named)? {
            break;
        }
    }
    if named.is_empty() {
        let len = cursor.len().saturating_sub(from);
        named.removed_value(Category::HiddenContent, "after EOI", &format!("{len} bytes"));
    }
    findings.append(named);
    Ok(())
}

/// The next part that has a name; whether there was one.
fn part(cursor: &mut Cursor<'_>, from: u64, findings: &mut Findings) -> Result<bool, Refusal> {
    loop {
        if cursor.at().saturating_sub(from) > LOOKED_AT_MAX {
            return Ok(false);
        }
        let at = cursor.at();
        let buffered = cursor.buffered()?;
        let Some(offset) = buffered.iter().position(|&byte| byte == 0xFF || byte == b'f') else {
            let len = buffered.len();
            if len == 0 {
                return Ok(false);
            }
            cursor.consume(len);
            continue;
        };
        cursor.consume(offset);
        let at = at.saturating_add(u64::try_from(offset).unwrap_or(0));
        if cursor.remaining() < 8 {
            return Ok(false);
        }
        let head: [u8; 8] = cursor.array("after EOI")?;
        if head.starts_with(&[0xFF, 0xD8, 0xFF]) {
            cursor.go_to(at.saturating_add(2), "after EOI")?;
            picture(cursor, findings)?;
            return Ok(true);
        }
        // The type of a file's first box, behind its length.
        if head.starts_with(b"ftyp") && at.saturating_sub(from) >= 4 {
            findings.removed_value(Category::HiddenContent, "after EOI", "a video behind the photo (motion photo)");
            return Ok(false);
        }
        cursor.go_to(at.saturating_add(1), "after EOI")?;
    }
}

/// A further JPEG: what it is by its segments; leaves the cursor where its coded data begin.
fn picture(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<(), Refusal> {
    let mut what = Further::default();
    for _ in 0..limits::SEGMENTS_MAX {
        if cursor.remaining() < 4 {
            break;
        }
        let [mark, code, high, low] = cursor.array("after EOI")?;
        let len = u64::from(u16::from_be_bytes([high, low])).saturating_sub(2);
        if mark != 0xFF || len > cursor.remaining() {
            break;
        }
        let payload = cursor.bytes(usize::try_from(len).unwrap_or(0), "after EOI")?;
        what.segment(code, &payload);
        if code == 0xDA {
            break;
        }
    }
    findings.removed_value(Category::HiddenContent, "after EOI", &what.told());
    Ok(())
}

#[derive(Default)]
struct Further {
    gain_map: bool,
    depth: bool,
    size: Option<(u16, u16)>,
}

impl Further {
    fn segment(&mut self, code: u8, payload: &[u8]) {
        let holds = |part: &[u8]| payload.windows(part.len()).any(|window| window == part);
        match code {
            0xE1 | 0xE2 => {
                self.gain_map |=
                    holds(b"hdr-gain-map") || holds(b"HDRGainMap") || holds(b"hdrgainmap") || holds(b"21496");
                self.depth |= holds(b"depth") || holds(b"Depth") || holds(b"matte");
            }
            0xC0..=0xC2 => {
                if let Some(&[a, b, c, d]) = payload.get(1..5).and_then(<[u8]>::first_chunk::<4>) {
                    self.size = Some((u16::from_be_bytes([c, d]), u16::from_be_bytes([a, b])));
                }
            }
            _ => {}
        }
    }

    fn told(&self) -> String {
        let what = match (self.gain_map, self.depth) {
            (true, _) => "a gain map, without which bright parts look less bright on HDR screens",
            (_, true) => "a depth map or cut-out",
            _ => "a further JPEG picture",
        };
        match self.size {
            Some((width, height)) => format!("{what} ({width} × {height})"),
            None => what.to_owned(),
        }
    }
}

const SAMSUNG_BLOCKS_MAX: u32 = 64;
const SAMSUNG_NAME_BYTES_MAX: u32 = 64;
const SAMSUNG_VALUE_BYTES_MAX: u32 = 64;

/// The blocks that a Samsung phone lists at the very end: `SEFH`, version, count, entries, length, `SEFT`.
/// Their layout is that of the files, and of exiftool's description of them.
fn samsung(cursor: &mut Cursor<'_>, from: u64, findings: &mut Findings) -> Result<(), Refusal> {
    let end = cursor.len();
    let Some(tail) = end.checked_sub(8).filter(|&at| at >= from) else { return Ok(()) };
    cursor.go_to(tail, "SEFT")?;
    let (len, mark) = (cursor.le32("SEFT")?, cursor.array("SEFT")?);
    let Some(head) = tail.checked_sub(len.into()).filter(|&at| at >= from && &mark == b"SEFT" && len >= 12) else {
        return Ok(());
    };
    cursor.go_to(head, "SEFH")?;
    if &cursor.array("SEFH")? != b"SEFH" {
        return Ok(());
    }
    let (_, count) = (cursor.le32("SEFH")?, cursor.le32("SEFH")?);
    for number in 0..count.min(SAMSUNG_BLOCKS_MAX) {
        let entry = head.saturating_add(12).saturating_add(u64::from(number).saturating_mul(12));
        if entry.saturating_add(12) > tail {
            break;
        }
        cursor.go_to(entry.saturating_add(4), "SEFH")?;
        let (offset, size) = (cursor.le32("SEFH")?, cursor.le32("SEFH")?);
        if let Some(at) = head.checked_sub(offset.into()).filter(|&at| at >= from) {
            cursor.go_to(at, "SEFH")?;
            match block(cursor, size, findings) {
                Err(refusal) if refusal.reason != Reason::Truncated => return Err(refusal),
                _ => {}
            }
        }
    }
    Ok(())
}

/// One block: two numbers, the length of its name, its name, its value.
fn block(cursor: &mut Cursor<'_>, size: u32, findings: &mut Findings) -> Result<(), Refusal> {
    cursor.skip(4, "SEFH")?;
    let name_len = cursor.le32("SEFH")?.min(SAMSUNG_NAME_BYTES_MAX);
    let name = legible::text(&cursor.bytes(usize::try_from(name_len).unwrap_or(0), "SEFH")?);
    let len = size.saturating_sub(8).saturating_sub(name_len).min(SAMSUNG_VALUE_BYTES_MAX);
    let value = cursor.bytes(usize::try_from(len).unwrap_or(0), "SEFH")?;
    let place = format!("Samsung trailer {name}");
    let said = legible::text(&value);
    if name.contains("MotionPhoto") || name.contains("EmbeddedVideo") {
        findings.removed_value(Category::HiddenContent, place, "a video behind the photo (motion photo)");
    } else if name.contains("UTC") {
        // Milliseconds since 1970.
        let moment = said.parse::<u64>().ok().and_then(|all| i64::try_from(all / 1000).ok()).map(calendar::moment);
        findings.removed_value(Category::Time, place, &moment.unwrap_or(said));
    } else if name.contains("MCC") {
        // The country of the mobile network.
        findings.removed_value(Category::Location, place, &said);
    } else if name.contains("SoundShot") || name.contains("AutoEnhance") || name.contains("Depth") {
        findings.removed(Category::HiddenContent, place);
    } else if value.starts_with(b"<") {
        findings.append(xmp::findings(&value));
        findings.removed(Category::Unknown, place);
    } else {
        findings.removed_value(Category::Unknown, place, &said);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// What is said of these bytes behind the end of a picture: category, place, value.
    fn told(tail: &[u8]) -> Vec<(Category, String, String)> {
        let file = [b"\xFF\xD8\xFF\xD9".as_slice(), tail].concat();
        let mut reader = io::Cursor::new(file);
        let mut cursor = Cursor::new(&mut reader).unwrap();
        cursor.go_to(4, "EOI").unwrap();
        let mut list = Findings::default();
        findings(&mut cursor, &mut list).unwrap();
        let list = list.into_vec().into_iter();
        list.map(|finding| (finding.category, finding.place, finding.value.unwrap_or_default())).collect()
    }

    fn samsung_trailer(blocks: &[(&str, &[u8])]) -> Vec<u8> {
        let mut body = Vec::new();
        let mut entries = Vec::new();
        for (name, value) in blocks {
            entries.push((body.len(), 8 + name.len() + value.len()));
            body.extend_from_slice(&[0, 0, 1, 0x0A]);
            body.extend_from_slice(&u32::try_from(name.len()).unwrap().to_le_bytes());
            body.extend_from_slice(name.as_bytes());
            body.extend_from_slice(value);
        }
        let len = body.len();
        let mut directory = b"SEFH\x6A\0\0\0".to_vec();
        directory.extend_from_slice(&u32::try_from(blocks.len()).unwrap().to_le_bytes());
        for (at, size) in entries {
            directory.extend_from_slice(&[0, 0, 1, 0x0A]);
            directory.extend_from_slice(&u32::try_from(len - at).unwrap().to_le_bytes());
            directory.extend_from_slice(&u32::try_from(size).unwrap().to_le_bytes());
        }
        let directory_len = u32::try_from(directory.len()).unwrap();
        [body, directory, directory_len.to_le_bytes().to_vec(), b"SEFT".to_vec()].concat()
    }

    #[test]
    fn further_pictures_and_the_video_behind_them_are_told_apart() {
        let gain_map =
            b"\xFF\xD8\xFF\xE1\0\x1Chttp://x/hdr-gain-map/1.0/\xFF\xC0\0\x08\x08\0\x10\0\x20\x01\xFF\xDA\0\x02data";
        let video = b"\0\0\0\x14ftypmp42\0\0\0\0isom";
        let list = told(&[gain_map.as_slice(), b"\xFF\xD9", video].concat());
        assert!(list[0].2.starts_with("a gain map") && list[0].2.ends_with("(32 × 16)"), "{list:?}");
        assert_eq!((list.len(), list[1].2.as_str()), (2, "a video behind the photo (motion photo)"));
    }

    #[test]
    fn the_blocks_of_a_samsung_phone_are_told_by_name() {
        let list = told(&samsung_trailer(&[
            ("Image_UTC_Data", b"1773981000123"),
            ("MCC_Data", b"250"),
            ("MotionPhoto_Data", b"\0\0\0\x18ftypmp42"),
        ]));
        let expected = [
            (Category::Time, "Samsung trailer Image_UTC_Data", "2026-03-20 04:30:00 UTC"),
            (Category::Location, "Samsung trailer MCC_Data", "250"),
            (Category::HiddenContent, "Samsung trailer MotionPhoto_Data", "a video behind the photo (motion photo)"),
        ];
        for (finding, (category, place, value)) in list.iter().zip(expected) {
            assert_eq!((finding.0, finding.1.as_str(), finding.2.as_str()), (category, place, value));
        }
    }

    #[test]
    fn bytes_without_a_name_are_counted() {
        assert_eq!(told(b"abc"), [(Category::HiddenContent, "after EOI".to_owned(), "3 bytes".to_owned())]);
        assert_eq!(told(&[0xFF; 4096])[0].2, "4096 bytes");
        assert_eq!(told(b""), []);
    }

    #[test]
    fn a_directory_that_lies_leads_nowhere() {
        for len in [0_u32, 11, 12, 24, u32::MAX] {
            let tail = [b"SEFH\x6A\0\0\0\xFF\xFF\xFF\xFF".as_slice(), &len.to_le_bytes(), b"SEFT"].concat();
            assert_eq!(told(&tail).len(), 1, "{len}");
        }
    }
}

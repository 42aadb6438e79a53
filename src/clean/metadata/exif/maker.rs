//! Looks into a maker note for what names one device, one owner or one shot: serial numbers and identifiers.
//! Notes have no standard; where these few stand is known from cameras' own files and exiftool's tables.

use super::words;
use crate::clean::metadata::ifd::{Entry, Order, Walk};
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings};

/// Where a maker's directory stands.
enum Layout {
    /// At this offset of the note, with offsets from the note's beginning, in this order of bytes.
    Note(u32, Order),
    /// At this offset of the note, with offsets from the beginning of the Exif block.
    Block(u32),
    /// A TIFF header at this offset of the note, from which offsets count.
    Tiff(usize),
}

/// What is told: tag, category, what it is.
type Tells = &'static [(u16, Category, &'static str)];

const APPLE: Tells = &[
    (0x0011, Category::Identifier, "ContentIdentifier, which pairs the photo with its video (Live Photo)"),
    (0x0015, Category::Identifier, "ImageUniqueID"),
    (0x000B, Category::Identifier, "BurstUUID"),
    (0x002B, Category::Identifier, "PhotoIdentifier"),
    (0x0020, Category::Identifier, "ImageCaptureRequestID"),
];
const CANON: Tells = &[
    (0x0009, Category::Person, "OwnerName"),
    (0x000C, Category::Device, "SerialNumber"),
    (0x0096, Category::Device, "InternalSerialNumber"),
    (0x0028, Category::Identifier, "ImageUniqueID"),
    (0x0007, Category::Software, "FirmwareVersion"),
];
const NIKON: Tells = &[(0x001D, Category::Device, "SerialNumber"), (0x00A7, Category::Identifier, "ShutterCount")];
const FUJIFILM: Tells = &[(0x0010, Category::Device, "InternalSerialNumber")];
const PANASONIC: Tells = &[(0x0025, Category::Device, "InternalSerialNumber"), (0x0069, Category::Location, "City")];
const OLYMPUS: Tells = &[(0x0404, Category::Device, "SerialNumber"), (0x0207, Category::Device, "CameraType")];
const PENTAX: Tells = &[(0x0229, Category::Device, "SerialNumber"), (0x0215, Category::Device, "CameraInfo")];
const SAMSUNG: Tells = &[(0xA002, Category::Device, "SerialNumber"), (0xA001, Category::Software, "FirmwareName")];

/// Says what `note`, which lies at `at` of `block`, names. `order` is the block's own.
pub(super) fn findings((note, at): (&[u8], u32), block: &[u8], order: Order, make: &str, findings: &mut Findings) {
    let Some((layout, maker, tells)) = layout(note, make, order) else { return };
    let directory = match layout {
        Layout::Note(offset, order) => Walk::over(note, order).directory(offset),
        Layout::Block(offset) => at.checked_add(offset).and_then(|at| Walk::over(block, order).directory(at)),
        Layout::Tiff(offset) => {
            note.get(offset..).and_then(Walk::start).and_then(|(mut walk, first)| walk.directory(first))
        }
    };
    for entry in directory.iter().flat_map(|directory| &directory.entries) {
        let Some((_, category, name)) = tells.iter().find(|(tag, ..)| *tag == entry.tag) else { continue };
        let said = said(entry);
        if !said.is_empty() {
            findings.removed_value(*category, format!("Exif maker note, {maker} {name}"), &said);
        }
    }
}

fn layout(note: &[u8], make: &str, order: Order) -> Option<(Layout, &'static str, Tells)> {
    let make = make.to_lowercase();
    if note.starts_with(b"Apple iOS\0") {
        Some((
            Layout::Note(14, if note.get(12..14) == Some(b"II") { Order::Little } else { Order::Big }),
            "Apple",
            APPLE,
        ))
    } else if note.starts_with(b"Nikon\0\x02") {
        Some((Layout::Tiff(10), "Nikon", NIKON))
    } else if note.starts_with(b"FUJIFILM") {
        Some((Layout::Note(Order::Little.u32(note, 8)?, Order::Little), "Fujifilm", FUJIFILM))
    } else if note.starts_with(b"Panasonic\0") {
        Some((Layout::Block(12), "Panasonic", PANASONIC))
    } else if note.starts_with(b"OLYMP\0") {
        Some((Layout::Block(8), "Olympus", OLYMPUS))
    } else if note.starts_with(b"PENTAX \0") {
        Some((
            Layout::Note(10, if note.get(8..10) == Some(b"II") { Order::Little } else { Order::Big }),
            "Pentax",
            PENTAX,
        ))
    } else if make.starts_with("canon") {
        Some((Layout::Block(0), "Canon", CANON))
    } else if make.starts_with("samsung") {
        // Its own offsets count from the note, the few short values stand in the entries.
        Some((Layout::Note(0, order), "Samsung", SAMSUNG))
    } else {
        None
    }
}

/// A text as it is, a number as digits.
fn said(entry: &Entry<'_>) -> String {
    match entry.kind {
        1 | 2 | 7 | 129 => legible::text(entry.value.unwrap_or_default()),
        _ => words::numbers(entry),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An Exif block with Make and a maker note; what the note gives away.
    fn told(make: &[u8], note: &[u8], note_at: u32) -> Vec<(Category, String, Option<String>)> {
        let mut block = b"II*\0\x08\0\0\0\x02\0".to_vec();
        block.extend_from_slice(&[0x0F, 1, 2, 0]);
        block.extend_from_slice(&u32::try_from(make.len()).unwrap().to_le_bytes());
        block.extend_from_slice(&38_u32.to_le_bytes());
        block.extend_from_slice(&[0x7C, 0x92, 7, 0]);
        block.extend_from_slice(&u32::try_from(note.len()).unwrap().to_le_bytes());
        block.extend_from_slice(&note_at.to_le_bytes());
        block.extend_from_slice(&[0; 4]);
        block.extend_from_slice(make);
        block.resize(usize::try_from(note_at).unwrap(), 0);
        block.extend_from_slice(note);
        let list = super::super::read(&block).findings.into_vec();
        let noted = list.into_iter().filter(|finding| finding.place.starts_with("Exif maker note, "));
        noted.map(|finding| (finding.category, finding.place, finding.value)).collect()
    }

    #[test]
    fn an_apple_note_tells_which_video_belongs_to_the_photo() {
        let mut note = b"Apple iOS\0\0\x01MM\0\x01\0\x11\0\x02\0\0\0\x09\0\0\0\x20\0\0\0\0".to_vec();
        note.extend_from_slice(b"8A5F-01C\0");
        let told = told(b"Apple\0", &note, 64);
        assert_eq!(told.len(), 1);
        assert_eq!((told[0].0, told[0].2.as_deref()), (Category::Identifier, Some("8A5F-01C")));
    }

    #[test]
    fn offsets_count_from_where_each_maker_counts() {
        // Canon: from the beginning of the block. The note is at 64, the value at 64 + 18.
        let mut canon = b"\x01\0\x09\0\x02\0\x08\0\0\0\x52\0\0\0\0\0\0\0".to_vec();
        canon.extend_from_slice(b"O. Petr\0");
        assert_eq!(told(b"Canon\0", &canon, 64)[0].2.as_deref(), Some("O. Petr"));
        // Nikon: from a header of its own.
        let mut nikon = b"Nikon\0\x02\x10\0\0II*\0\x08\0\0\0\x01\0\x1D\0\x02\0\x08\0\0\0\x1A\0\0\0\0\0\0\0".to_vec();
        nikon.extend_from_slice(b"6001234\0");
        assert_eq!(told(b"NIKON\0", &nikon, 64)[0].2.as_deref(), Some("6001234"));
        // Fujifilm: from the beginning of the note, which says where its directory is.
        let mut fuji = b"FUJIFILM\x0C\0\0\0\x01\0\x10\0\x02\0\x08\0\0\0\x1E\0\0\0\0\0\0\0".to_vec();
        fuji.extend_from_slice(b"FPX 4711");
        assert_eq!(told(b"FUJI\0", &fuji, 64)[0].2.as_deref(), Some("FPX 4711"));
    }

    #[test]
    fn a_note_that_leads_nowhere_is_only_named() {
        assert_eq!(told(b"Canon\0", b"\xFF\xFF", 64), []);
        assert_eq!(told(b"Apple\0", b"Apple iOS\0\0\x01MM", 64), []);
        assert_eq!(told(b"Fuji\0", b"FUJIFILM\xFF\xFF\xFF\xFF", 64), []);
    }
}

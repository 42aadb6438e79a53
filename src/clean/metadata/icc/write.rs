//! Writes minimal profiles from numbers (ICC.1:2022, version 4.3). Takes no text and no byte from elsewhere.

use super::Rows;
use super::curve::Shape;

/// No profile written here is longer.
pub(super) const BYTES_MAX: usize = 1024;

/// D50, as every profile has it in its header and here as its white.
const D50: [i32; 3] = [0xF6D6, 0x1_0000, 0xD32D];

/// An RGB profile of three primaries and their curves.
pub(super) fn rgb(rows: &Rows, shapes: &[Shape; 3]) -> Vec<u8> {
    let [red, green, blue] = rows;
    let [red_curve, green_curve, blue_curve] = shapes;
    profile(
        b"RGB ",
        &[
            (*b"desc", text("RGB")),
            (*b"cprt", text("None")),
            (*b"wtpt", xyz(&D50)),
            (*b"rXYZ", xyz(red)),
            (*b"gXYZ", xyz(green)),
            (*b"bXYZ", xyz(blue)),
            (*b"rTRC", red_curve.bytes()),
            (*b"gTRC", green_curve.bytes()),
            (*b"bTRC", blue_curve.bytes()),
        ],
    )
}

/// A grey profile of one curve.
pub(super) fn grey(shape: &Shape) -> Vec<u8> {
    profile(
        b"GRAY",
        &[(*b"desc", text("Grey")), (*b"cprt", text("None")), (*b"wtpt", xyz(&D50)), (*b"kTRC", shape.bytes())],
    )
}

fn profile(space: &[u8; 4], tags: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut table = count(tags.len()).to_be_bytes().to_vec();
    let start = tags.len().saturating_mul(12).saturating_add(132);
    let mut contents: Vec<u8> = Vec::new();
    let mut written: Vec<(&[u8], u32)> = Vec::new();
    for (signature, content) in tags {
        // Equal contents are written once.
        let before = written.iter().find(|(known, _)| known == content).map(|(_, at)| *at);
        let at = before.unwrap_or_else(|| {
            let at = count(start.saturating_add(contents.len()));
            contents.extend(content);
            contents.resize(contents.len().next_multiple_of(4), 0);
            written.push((content, at));
            at
        });
        table.extend(signature);
        table.extend(at.to_be_bytes());
        table.extend(count(content.len()).to_be_bytes());
    }
    let mut bytes = header(space, count(start.saturating_add(contents.len())));
    bytes.extend(table);
    bytes.extend(contents);
    bytes
}

/// Section 7.2, table 17. What could name a program, a platform, a device or a day is zero or the same for all.
fn header(space: &[u8; 4], size: u32) -> Vec<u8> {
    let mut bytes = size.to_be_bytes().to_vec();
    bytes.extend([0, 0, 0, 0]); // preferred CMM
    bytes.extend([4, 0x30, 0, 0]); // version
    bytes.extend(b"mntr");
    bytes.extend(space);
    bytes.extend(b"XYZ ");
    bytes.extend([2000, 1, 1, 0, 0, 0].iter().flat_map(|number: &u16| number.to_be_bytes()));
    bytes.extend(b"acsp");
    bytes.extend([0; 28]); // platform, flags, manufacturer, model, attributes, rendering intent
    bytes.extend(D50.iter().flat_map(|number| number.to_be_bytes()));
    bytes.resize(128, 0); // creator, profile ID, reserved
    bytes
}

/// A `multiLocalizedUnicodeType` with one record (section 10.15).
fn text(words: &str) -> Vec<u8> {
    let wide: Vec<u8> = words.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut bytes = b"mluc\0\0\0\0\0\0\0\x01\0\0\0\x0CenUS".to_vec();
    bytes.extend(count(wide.len()).to_be_bytes());
    bytes.extend(28u32.to_be_bytes());
    bytes.extend(wide);
    bytes
}

/// An `XYZType` (section 10.31).
fn xyz(numbers: &[i32; 3]) -> Vec<u8> {
    let mut bytes = b"XYZ \0\0\0\0".to_vec();
    bytes.extend(numbers.iter().flat_map(|number| number.to_be_bytes()));
    bytes
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

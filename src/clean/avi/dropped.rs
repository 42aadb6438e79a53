//! What a chunk of an AVI that is not kept gives away: words, dates, and what cameras write. Knows no chunk that is kept.

use crate::clean::container::riff::{self, Order};
use crate::clean::metadata::{exif, id3, info, legible, xmp};
use crate::clean::{Category, Findings};

/// Says what the chunk gives away.
pub(super) fn chunk(kind: [u8; 4], body: &[u8], findings: &mut Findings) {
    let name = riff::name(kind);
    let is_blank = body.iter().all(|&byte| byte == 0);
    match (&kind, body.split_first_chunk::<4>()) {
        // Sound and pictures of cameras that follow Exif, and some that do not.
        (b"LIST", Some((b"exif" | b"INFO", tags))) => {
            riff::chunks(tags, Order::Little).for_each(|(kind, body)| info::tag(kind, body, findings));
        }
        (b"LIST", Some((b"ncdt", chunks))) => {
            for (kind, body) in riff::chunks(chunks, Order::Little) {
                nikon(kind, body, findings);
            }
        }
        (b"LIST", Some((b"hydt" | b"pntx", _))) => findings.removed(Category::Device, "Pentax data"),
        (b"LIST", _) => findings.append(info::list(body)),
        (b"IDIT", _) => findings.removed_value(Category::Time, "IDIT", &legible::text(body)),
        (b"ISMP" | b"tc_O" | b"tc_A", _) => findings.removed_value(Category::Time, name, &legible::text(body)),
        (b"strn", _) => findings.removed_value(Category::Comment, "strn", &legible::text(body)),
        (b"strd", _) => {
            findings.removed(Category::Device, "strd");
            // Behind eight bytes stands the Exif of a camera.
            if body.starts_with(b"AVIF") {
                findings.append(exif::read(body.get(8..).unwrap_or_default()).findings);
            }
        }
        (b"_PMX" | b"XMP ", _) => findings.append(xmp::findings(body)),
        (b"id3 " | b"ID3 ", _) => findings.append(id3::findings(body)),
        (b"C2PA", _) => findings.removed(Category::History, "C2PA"),
        (b"thma" | b"thum", _) => findings.removed(Category::Thumbnail, name),
        (b"segm" | b"vedt" | b"DXDT" | b"PrmI" | b"Cr8r", _) => findings.removed(Category::History, name),
        (b"idx1" | b"indx" | b"vprp", _) => findings.removed(Category::Software, name),
        (b"JUNK" | b"PAD " | b"FLLR", _) if is_blank => {
            findings.removed(Category::Software, format!("{name} padding"));
        }
        // Left over from writing, but cameras and programs also sign here.
        (b"JUNK" | b"PAD " | b"FLLR", _) => findings.removed_value(Category::HiddenContent, name, &words(body)),
        (b"strh" | b"strf" | b"avih", _) => findings.removed(Category::HiddenContent, name),
        _ => findings.removed(Category::Unknown, format!("chunk {name}")),
    }
}

/// The printable beginning.
fn words(body: &[u8]) -> String {
    let end = body.iter().position(|byte| !(b' '..=b'~').contains(byte)).unwrap_or(body.len());
    if end < 4 { String::new() } else { legible::text(body.get(..end).unwrap_or_default()) }
}

/// Nikon's `nctg`: number, length, value, again and again (known from cameras' files).
fn nikon(kind: [u8; 4], body: &[u8], findings: &mut Findings) {
    if kind != *b"nctg" {
        findings.removed(Category::Device, format!("Nikon {}", riff::name(kind)));
        return;
    }
    let mut rest = body;
    while let Some((&[t0, t1, n0, n1], after)) = rest.split_first_chunk::<4>() {
        let len = usize::from(u16::from_le_bytes([n0, n1]));
        let (value, after) = after.split_at_checked(len).unwrap_or((after, &[]));
        let known = match u16::from_le_bytes([t0, t1]) {
            0x03 => Some((Category::Device, "Make")),
            0x04 => Some((Category::Device, "Model")),
            0x05 => Some((Category::Software, "Software")),
            0x06 => Some((Category::Device, "Equipment")),
            0x13 => Some((Category::Time, "DateTimeOriginal")),
            0x14 => Some((Category::Time, "CreateDate")),
            _ => None,
        };
        match known {
            Some((category, name)) => {
                findings.removed_value(category, format!("Nikon {name}"), &legible::text(value));
            }
            None => findings.removed(Category::Device, "Nikon camera settings"),
        }
        rest = after;
    }
}

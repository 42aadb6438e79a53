//! Extensions of a GIF: what they say is told, two of them are understood. Keeps no byte.

use super::frame::Control;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::{icc, legible, xmp};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What matters to how the picture is shown.
pub(super) enum Extension {
    Control(Control),
    Loop(Loop),
}

/// How often an animation is shown again; 0 is forever.
#[derive(Clone, Copy)]
pub(super) struct Loop(u16);

impl Loop {
    /// Netscape's application extension.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        [b"\x21\xFF\x0BNETSCAPE2.0\x03\x01".as_slice(), &self.0.to_le_bytes(), &[0]].concat()
    }
}

/// Reads an extension behind its introducer.
pub(super) fn read(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Option<Extension>, Refusal> {
    let at = cursor.at();
    match cursor.byte("extension")? {
        0xF9 => {
            let block = sub_blocks(cursor)?;
            let Some((&control, rest)) = block.split_first_chunk::<4>() else {
                return Err(Refusal::new(Reason::Damaged, "graphic control extension", at));
            };
            if !rest.is_empty() {
                findings.removed(Category::HiddenContent, "GIF graphic control extension, further bytes");
            }
            let [packed, ..] = control;
            if packed & 0xE2 != 0 {
                findings.removed(Category::Unknown, "GIF graphic control extension, flags");
            }
            return Ok(Some(Extension::Control(Control::new(control))));
        }
        0xFE => findings.removed_value(Category::Comment, "GIF comment", &legible::text(&sub_blocks(cursor)?)),
        0x01 => {
            let block = sub_blocks(cursor)?;
            // Twelve bytes say where and in which colours (GIF 89a, 25).
            let text = legible::text(block.get(12..).unwrap_or_default());
            findings.removed_value(Category::Comment, "GIF plain text", &text);
        }
        0xFF => return application(cursor, findings),
        label => {
            let block = sub_blocks(cursor)?;
            findings.removed_value(Category::Unknown, format!("GIF extension 0x{label:02X}"), &legible::text(&block));
        }
    }
    Ok(None)
}

/// An application extension (GIF 89a, 26): who it is of, and its data.
fn application(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Option<Extension>, Refusal> {
    let len = usize::from(cursor.byte("application extension")?);
    let id = cursor.bytes(len, "application extension")?;
    if len == 0 {
        findings.removed(Category::Unknown, "GIF application extension");
        return Ok(None);
    }
    let begin = cursor.at();
    let block = sub_blocks(cursor)?;
    if id.len() > 11 {
        findings.removed(Category::HiddenContent, "GIF application extension, further bytes");
    }
    match id.get(..11).unwrap_or(&id) {
        b"NETSCAPE2.0" | b"ANIMEXTS1.0" => {
            if block.len() > 3 || block.is_empty() {
                findings.removed(Category::HiddenContent, "GIF loop extension, further bytes");
            }
            if let Some(&[1, low, high]) = block.get(..3) {
                return Ok(Some(Extension::Loop(Loop(u16::from_le_bytes([low, high])))));
            }
        }
        b"XMP DataXMP" => {
            // The packet is not cut into sub-blocks; a trailer leads those who think so to its end.
            let end = cursor.at();
            let len = usize::try_from(end.saturating_sub(begin)).unwrap_or(usize::MAX);
            cursor.go_to(begin, "XMP")?;
            let packet = cursor.bytes(len.min(limits::METADATA_BYTES_MAX), "XMP")?;
            cursor.go_to(end, "XMP")?;
            let packet = packet.split(|&byte| byte == 1).next().unwrap_or_default();
            findings.append(xmp::findings(packet));
        }
        b"ICCRGBG1012" => findings.append(icc::findings(&block)),
        _ => findings.removed_value(Category::Unknown, "GIF application extension", &legible::text(&id)),
    }
    Ok(None)
}

/// The joined data of sub-blocks up to their terminator, as far as they are read for what they say.
fn sub_blocks(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Refusal> {
    let mut joined = Vec::new();
    loop {
        let len = usize::from(cursor.byte("extension")?);
        if len == 0 {
            return Ok(joined);
        }
        let block = cursor.bytes(len, "extension")?;
        if joined.len() < limits::METADATA_BYTES_MAX {
            joined.extend_from_slice(&block);
        }
    }
}

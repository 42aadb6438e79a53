//! What an ancillary chunk that is not kept gives away. Knows no chunk that is kept.

use super::chunk;
use crate::clean::{Category, Findings};

/// Says what the chunk of type `kind` with these data gives away.
pub(super) fn findings(kind: [u8; 4], data: &[u8], findings: &mut Findings) {
    let name = chunk::name(kind);
    match &kind {
        b"tIME" => findings.removed_value(Category::Time, name, &time(data)),
        b"pHYs" => findings.removed_value(Category::Device, name, &resolution(data)),
        b"sPLT" => findings.removed_value(Category::HiddenContent, name, &leading_text(data)),
        b"dSIG" => findings.removed(Category::Identifier, name),
        // C2PA 2.1, A.3.2: the whole story of the picture, signed.
        b"caBX" => findings.removed(Category::History, name),
        // Macromedia Fireworks keeps the picture before it was flattened, and a preview.
        b"prVW" => findings.removed(Category::Thumbnail, name),
        b"mkBF" | b"mkBS" | b"mkBT" | b"mkTS" => findings.removed(Category::History, name),
        // Of the sensor, the scale, the lens, the screen.
        b"sBIT" | b"sCAL" | b"pCAL" | b"sTER" | b"mDCV" | b"mDCv" | b"cLLI" | b"cLLi" => {
            findings.removed(Category::Device, name);
        }
        // By these one tells Apple's, ImageMagick's, GIF converters' and others' work.
        b"iDOT" | b"vpAg" | b"caNv" | b"orNT" | b"bKGD" | b"oFFs" | b"gIFg" | b"gIFx" | b"gIFt" => {
            findings.removed(Category::Software, name);
        }
        b"hIST" | b"tRNS" | b"acTL" | b"fcTL" | b"fdAT" => findings.removed(Category::HiddenContent, name),
        b"gAMA" | b"cHRM" | b"sRGB" | b"cICP" | b"iCCP" => findings.removed(Category::Software, name),
        _ => findings.removed(Category::Unknown, format!("chunk {name}")),
    }
}

/// tIME: year, month, day, hour, minute, second (PNG 3rd edition, 11.3.5.3).
fn time(data: &[u8]) -> String {
    match *data {
        [high, low, month, day, hour, minute, second] => {
            let year = u16::from_be_bytes([high, low]);
            format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
        }
        _ => String::new(),
    }
}

/// pHYs: pixels a unit across and down, and whether the unit is the metre (PNG 3rd edition, 11.3.4.3).
fn resolution(data: &[u8]) -> String {
    match *data {
        [x0, x1, x2, x3, y0, y1, y2, y3, unit] => {
            let (x, y) = (u32::from_be_bytes([x0, x1, x2, x3]), u32::from_be_bytes([y0, y1, y2, y3]));
            if unit == 1 { format!("{x} x {y} / m") } else { format!("{x} : {y}") }
        }
        _ => String::new(),
    }
}

fn leading_text(data: &[u8]) -> String {
    data.split(|&byte| byte == 0).next().unwrap_or_default().iter().copied().map(char::from).collect()
}

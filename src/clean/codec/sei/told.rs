//! Says what an SEI message gave away that is gone. Never fails: what is not understood is named as that.
//!
//! Sources: ISO/IEC 14496-10:2020, D.1, D.2.6, D.2.7; ATSC A/53 part 4, 6.2.3; SMPTE ST 2094-40; MISB ST 0604;
//! AVCHD "modified digital video pack metadata" as exiftool reads it.

use crate::clean::codec::nal::Syntax;
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings};

/// Says that a message is gone.
pub(super) fn dropped(syntax: Syntax, kind: u32, payload: &[u8], findings: &mut Findings) {
    let (category, place) = match (kind, syntax) {
        (4, _) => return registered(payload, findings),
        (5, _) => return unregistered(payload, findings),
        (0, _) => (Category::Unknown, "SEI buffering period"),
        (1, Syntax::Avc(_)) => (Category::Time, "SEI picture timing"),
        (1, Syntax::Hevc(_)) => (Category::Unknown, "SEI picture timing"),
        (136, Syntax::Hevc(_)) => (Category::Time, "SEI time code"),
        (19, _) => (Category::Unknown, "SEI film grain"),
        (23, _) => (Category::Unknown, "SEI tone mapping"),
        (15 | 16, _) => (Category::HiddenContent, "SEI spare picture or scene"),
        (130, Syntax::Hevc(_)) => (Category::Unknown, "SEI decoding unit"),
        (165, Syntax::Hevc(_)) => (Category::HiddenContent, "SEI alpha channel"),
        (176..=180, Syntax::Hevc(_)) => (Category::Unknown, "SEI three-dimensional display"),
        _ => (Category::Unknown, "SEI message of another type"),
    };
    match legible_run(payload) {
        Some(words) if category == Category::Unknown => findings.removed_value(category, place, &words),
        _ => findings.removed(category, place),
    }
}

/// `user_data_registered_itu_t_t35`: by country, provider and the provider's own numbers.
fn registered(payload: &[u8], findings: &mut Findings) {
    let (category, place) = match payload {
        [0xB5, 0x00, 0x31, b'G', b'A', b'9', b'4', 3, ..] => (Category::Comment, "SEI closed captions"),
        [0xB5, 0x00, 0x2F, ..] => (Category::Comment, "SEI closed captions"),
        [0xB5, 0x00, 0x31, b'D', b'T', b'G', b'1', ..] => (Category::Unknown, "SEI active format"),
        [0xB5, 0x00, 0x3C, 0x00, 0x01, 4, ..] => (Category::Unknown, "SEI HDR10+ metadata"),
        [0xB5, 0x00, 0x3B, ..] => (Category::Unknown, "SEI Dolby metadata"),
        [0x26, 0x00, 0x04 | 0x05, ..] => (Category::Unknown, "SEI HDR Vivid metadata"),
        _ => (Category::Unknown, "SEI registered user data"),
    };
    match legible_run(payload) {
        Some(words) if category == Category::Unknown => findings.removed_value(category, place, &words),
        _ => findings.removed(category, place),
    }
}

/// Settings of x264, settings of x265.
const ENCODERS: [[u8; 16]; 2] = [
    [0xDC, 0x45, 0xE9, 0xBD, 0xE6, 0xD9, 0x48, 0xB7, 0x96, 0x2C, 0xD8, 0x20, 0xD9, 0x23, 0xEE, 0xEF],
    [0x2C, 0xA2, 0xDE, 0x09, 0xB5, 0x17, 0x47, 0xDB, 0xBB, 0x55, 0xA4, 0xFE, 0x7F, 0xC2, 0xFC, 0x4E],
];
/// What cameras of the AVCHD family write.
const CAMERA: [u8; 16] =
    [0x17, 0xEE, 0x8C, 0x60, 0xF8, 0x4D, 0x11, 0xD9, 0x8C, 0xD6, 0x08, 0x00, 0x20, 0x0C, 0x9A, 0x66];

/// `user_data_unregistered`: by its UUID.
fn unregistered(payload: &[u8], findings: &mut Findings) {
    let Some((uuid, content)) = payload.split_first_chunk::<16>() else {
        return findings.removed(Category::Unknown, "SEI user data");
    };
    if let (b"MISPmicrosectime" | b"MISPnanosectime\0", rest) = (uuid, content) {
        return match precision_time(rest) {
            Some(time) => findings.removed_value(Category::Time, "SEI precision time stamp", &time),
            None => findings.removed(Category::Time, "SEI precision time stamp"),
        };
    }
    if *uuid == CAMERA
        && let Some(packs) = content.strip_prefix(b"MDPM")
    {
        return camera(packs, findings);
    }
    let words = legible_run(content);
    if ENCODERS.contains(uuid) {
        return findings.removed_value(Category::Software, "SEI encoder settings", words.as_deref().unwrap_or(""));
    }
    findings.removed_value(Category::Identifier, "SEI user data UUID", &hex(uuid));
    if let Some(words) = words {
        findings.removed_value(Category::Comment, "SEI user data", &words);
    }
}

fn hex(uuid: &[u8]) -> String {
    uuid.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// A run of at least six printable bytes, if the payload has one: what a person may want to see.
fn legible_run(payload: &[u8]) -> Option<String> {
    let runs = payload.split(|&byte| !(0x20..0x7F).contains(&byte) && byte < 0xC0 && !(0x80..0xC0).contains(&byte));
    let longest = runs.max_by_key(|run| run.len())?;
    (longest.len() >= 6 && longest.iter().filter(|byte| byte.is_ascii_graphic()).count() > longest.len() / 2)
        .then(|| legible::text(longest))
}

/// MISB ST 0604: a status byte, then eight bytes with FF between each two; microseconds or nanoseconds since 1970.
fn precision_time(content: &[u8]) -> Option<String> {
    let &[_, a, b, 0xFF, c, d, 0xFF, e, f, 0xFF, g, h] = content.get(..12)? else { return None };
    let count = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    // Nanoseconds have been above this since the middle of 1970, microseconds are below until 2540.
    let seconds = count.checked_div(if count > 1 << 54 { 1_000_000_000 } else { 1_000_000 })?;
    Some(format!("{seconds} s after 1970-01-01"))
}

/// The packs of an AVCHD camera: a tag and four bytes each.
fn camera(packs: &[u8], findings: &mut Findings) {
    let place = "SEI camera data";
    let (_, packs) = packs.split_first().unwrap_or((&0, &[]));
    let mut year_month = None;
    let mut numbers: Vec<(u8, [u8; 4])> = Vec::new();
    for &[tag, a, b, c, d] in packs.as_chunks::<5>().0 {
        match tag {
            0x18 => year_month = Some((b, c, d)),
            0x19 => {
                if let Some((century, year, month)) = year_month {
                    let date = format!("{century:02x}{year:02x}-{month:02x}-{a:02x} {b:02x}:{c:02x}:{d:02x}");
                    findings.removed_value(Category::Time, place, &date);
                }
            }
            0xE0 => {
                let maker = match [a, b] {
                    [0x01, 0x03] => "Panasonic",
                    [0x01, 0x08] => "Sony",
                    [0x10, 0x11] => "Canon",
                    [0x11, 0x04] => "JVC",
                    _ => "",
                };
                findings.removed_value(Category::Device, place, maker);
            }
            0xE4..=0xE6 => findings.removed_value(Category::Device, place, &legible::text(&[a, b, c, d])),
            0xB1..=0xB8 => numbers.push((tag, [a, b, c, d])),
            _ => {}
        }
    }
    if !numbers.is_empty() {
        let latitude = coordinate(&numbers, 0xB1);
        let longitude = coordinate(&numbers, 0xB5);
        let value = [latitude, longitude].map(Option::unwrap_or_default).join(" ");
        findings.removed_value(Category::Location, place, &value);
    }
    findings.removed(Category::Device, "SEI camera settings");
}

/// Reference letter, degrees, minutes and seconds, which are fractions of two numbers of 16 bits.
fn coordinate(numbers: &[(u8, [u8; 4])], first: u8) -> Option<String> {
    let value = |offset: u8| numbers.iter().find(|(tag, _)| Some(*tag) == first.checked_add(offset));
    let fraction = |offset: u8| {
        let (_, [a, b, c, d]) = value(offset)?;
        let (number, parts) = (u16::from_be_bytes([*a, *b]), u16::from_be_bytes([*c, *d]));
        (parts > 0).then(|| f64::from(number) / f64::from(parts))
    };
    let (_, reference) = value(0)?;
    Some(format!("{} {}°{}′{:.2}″", legible::text(reference), fraction(1)?, fraction(2)?, fraction(3)?))
}

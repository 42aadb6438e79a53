//! `udta` and `uuid` boxes. Reads only, and never fails.

use super::{ITEMS_MAX, Says, gpmf, iso6709, keys, kind_name, meta};
use crate::clean::container::bmff::{Boxed, Boxes};
use crate::clean::metadata::ifd::Order;
use crate::clean::metadata::{exif, legible, xmp};
use crate::clean::{Category, Findings};

/// The body of a `udta` box, which stands at `at`.
pub(crate) fn user_data(body: &[u8], at: u64, findings: &mut Findings) {
    for (index, item) in Boxes::new(body, at).enumerate() {
        match item {
            Ok(item) if index < ITEMS_MAX => tell(&item, findings),
            Ok(_) => {
                findings.removed(Category::Unknown, "udta, further items");
                break;
            }
            // 32 zero bits end the list in QuickTime.
            Err(_) => break,
        }
    }
}

fn tell(item: &Boxed<'_>, findings: &mut Findings) {
    let Boxed { kind, body, body_at } = *item;
    match &kind {
        b"meta" => meta(body, body_at, findings),
        b"XMP_" => findings.append(xmp::findings(body)),
        b"uuid" => unique(body, findings),
        b"GPMF" => {
            gpmf(body, findings);
            findings.removed(Category::Device, "udta GPMF (GoPro)");
        }
        b"loci" => location(body, findings),
        b"Xtra" => extra(body, findings),
        // How a player window stood, and the like.
        b"WLOC" | b"LOOP" | b"SelO" | b"AllF" | b"ptv " | b"hnti" | b"hinf" | b"hinv" | b"TAGS" | b"strk" | b"tagc"
        | b"kind" | b"FIEL" => findings.removed(Category::Software, format!("udta {}", kind_name(kind))),
        b"free" | b"skip" if body.iter().all(|&byte| byte == 0) => {}
        b"free" | b"skip" => findings.removed(Category::HiddenContent, "udta free"),
        b"\0\0\0\0" if body.is_empty() => {}
        _ => words(item, findings),
    }
}

/// A text: QuickTime's (length, language), 3GPP's (version, language), iTunes' (`data`), or bare.
fn words(item: &Boxed<'_>, findings: &mut Findings) {
    let Says { category, words } = keys::item(item.kind);
    let place = format!("udta {}{words}", kind_name(item.kind));
    let body = item.body;
    let text = match (item.kind, body) {
        ([0xA9, ..], [high, low, _, _, text @ ..]) if body.get(4..8) != Some(b"data") => {
            let len = usize::from(u16::from_be_bytes([*high, *low]));
            text.get(..len).unwrap_or(text)
        }
        ([0xA9, ..], _) => body.get(16..).unwrap_or_default(),
        (_, [0, 0, 0, 0, _, _, text @ ..]) if is_3gpp(item.kind) => text,
        _ => body,
    };
    let text = match text {
        [0xFE, 0xFF, rest @ ..] => legible::utf16(rest, Order::Big),
        [0xFF, 0xFE, rest @ ..] => legible::utf16(rest, Order::Little),
        _ => legible::text(text),
    };
    let is_legible = text.chars().all(|letter| !letter.is_control() && letter != char::REPLACEMENT_CHARACTER);
    match iso6709(&text) {
        Some(position) if category == Category::Location => findings.removed_value(category, place, &position),
        _ if is_legible => findings.removed_value(category, place, &text),
        _ => findings.removed_value(category, place, &format!("{} bytes", body.len())),
    }
}

/// Asset information that begins with version, flags and language (3GPP TS 26.244, 8).
fn is_3gpp(kind: [u8; 4]) -> bool {
    matches!(&kind, b"titl" | b"dscp" | b"cprt" | b"perf" | b"auth" | b"gnre" | b"albm" | b"kywd" | b"clsf" | b"rtng")
}

/// 3GPP TS 26.244, 8.2: name, role, longitude, latitude, altitude, body, notes.
fn location(body: &[u8], findings: &mut Findings) {
    let rest = body.get(6..).unwrap_or_default();
    let (name, rest) = if rest.starts_with(&[0xFE, 0xFF]) {
        let units = rest.as_chunks::<2>().0;
        let len = units.iter().position(|unit| *unit == [0, 0]).unwrap_or(units.len());
        let end = len.saturating_mul(2);
        let name = legible::utf16(rest.get(2..end).unwrap_or_default(), Order::Big);
        (name, rest.get(end.saturating_add(2)..).unwrap_or_default())
    } else {
        let len = rest.iter().position(|&byte| byte == 0).unwrap_or(rest.len());
        (legible::text(rest.get(..len).unwrap_or_default()), rest.get(len.saturating_add(1)..).unwrap_or_default())
    };
    findings.removed_value(Category::Location, "udta loci name", &name);
    let number = |at: usize| {
        let bytes: [u8; 4] = rest.get(at..at.saturating_add(4))?.try_into().ok()?;
        Some(f64::from(i32::from_be_bytes(bytes)) / 65_536.0)
    };
    let position = number(5).zip(number(1)).map(|(latitude, longitude)| format!("{latitude:.5}, {longitude:.5}"));
    findings.removed_value(Category::Location, "udta loci position", &position.unwrap_or_default());
}

/// Microsoft's list: length of each entry, of its name, the name, values.
fn extra(body: &[u8], findings: &mut Findings) {
    let mut rest = body;
    for _ in 0..ITEMS_MAX {
        let Some((len, after)) = rest.split_first_chunk::<4>() else { return };
        let len = usize::try_from(u32::from_be_bytes(*len)).unwrap_or(usize::MAX);
        let Some(entry) = len.checked_sub(4).and_then(|len| after.get(..len)) else { break };
        if let Some((name_len, named)) = entry.split_first_chunk::<4>() {
            let name_len = usize::try_from(u32::from_be_bytes(*name_len)).unwrap_or(usize::MAX);
            let name = legible::text(named.get(..name_len).unwrap_or_default());
            // Number of values, length and type of the first: 8 is UTF-16.
            let value = named.get(name_len..).and_then(|values| values.get(10..)).unwrap_or_default();
            let value = legible::utf16(value, Order::Little);
            findings.removed_value(keys::category_of(&name), format!("udta Xtra {name}"), &value);
        }
        rest = after.get(entry.len()..).unwrap_or_default();
    }
    if !rest.is_empty() {
        findings.removed(Category::Unknown, "udta Xtra (Microsoft)");
    }
}

/// The body of a `uuid` box: 16 bytes of name, and what is called so.
pub(crate) fn unique(body: &[u8], findings: &mut Findings) {
    let Some((name, value)) = body.split_first_chunk::<16>() else {
        findings.removed(Category::Unknown, "uuid");
        return;
    };
    let known = UNIQUE.iter().find(|(known, ..)| known == name);
    match known.map(|(_, what, place)| (what, *place)) {
        Some((What::Xmp, _)) => findings.append(xmp::findings(value)),
        Some((What::Exif, _)) => findings.append(exif::read(value).findings),
        Some((What::Text(category), place)) => findings.removed_value(*category, place, &legible::text(value)),
        Some((What::Named(category), place)) => findings.removed(*category, place),
        None => {
            let told: String = name.iter().map(|byte| format!("{byte:02x}")).collect();
            findings.removed_value(Category::Unknown, "uuid", &told);
        }
    }
}

enum What {
    Xmp,
    Exif,
    Text(Category),
    Named(Category),
}

const UNIQUE: &[([u8; 16], What, &str)] = &[
    (*b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC", What::Xmp, ""),
    (*b"JpgTiffExif->JP2", What::Exif, ""),
    (*b"\x05\x37\xCD\xAB\x9D\x0C\x44\x31\xA7\x2A\xFA\x56\x1F\x2A\x11\x3E", What::Exif, ""),
    (
        *b"\xFF\xCC\x82\x63\xF8\x55\x4A\x93\x88\x14\x58\x7A\x02\x52\x1F\xDD",
        What::Text(Category::Software),
        "uuid spherical video",
    ),
    (*b"PROF\x21\xD2\x4F\xCE\xBB\x88\x69\x5C\xFA\xC9\xC7\x40", What::Named(Category::Device), "uuid PROF (Sony)"),
    (*b"USMT\x21\xD2\x4F\xCE\xBB\x88\x69\x5C\xFA\xC9\xC7\x40", What::Named(Category::Device), "uuid USMT (Sony)"),
    (*b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81", What::Named(Category::History), "uuid C2PA"),
    (*b"\x85\xC0\xB6\x87\x82\x0F\x11\xE0\x81\x11\xF4\xCE\x46\x2B\x6A\x48", What::Named(Category::Device), "uuid Canon"),
    (*b"\x33\xC7\xA4\xD2\xB8\x1D\x47\x23\xA0\xBA\xF1\xA3\xE0\x97\xAD\x38", What::Named(Category::Comment), "uuid IPTC"),
    (
        *b"\x6D\x1D\x9B\x05\x42\xD5\x44\xE6\x80\xE2\x14\x1D\xAF\xF7\x57\xB2",
        What::Named(Category::Time),
        "uuid tfxd (fragment time)",
    ),
    (
        *b"\xD4\x80\x7E\xF2\xCA\x39\x46\x95\x8E\x54\x26\xCB\x9E\x46\xA7\x9F",
        What::Named(Category::Time),
        "uuid tfrf (fragment time)",
    ),
];

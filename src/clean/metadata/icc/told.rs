//! What a profile gives away: names, dates, serial numbers (ICC.1:2022, sections 7.2 and 9.2). Reads only.

use super::number::signature;
use super::parse::Profile;
use crate::clean::metadata::ifd::Order;
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings};

/// Tells it all; at least one finding for any profile.
pub(super) fn findings(profile: &Profile<'_>, findings: &mut Findings) {
    let mut told = Findings::default();
    header(profile, &mut told);
    let mut unknown = Vec::new();
    for (name, content) in &profile.tags {
        match TAGS.iter().find(|(known, ..)| *known == name) {
            Some((_, category, place)) => {
                told.removed_value(*category, format!("ICC profile {place}"), &value(content));
            }
            None if TECHNICAL.contains(&name) => {}
            None => unknown.push(signature(*name)),
        }
    }
    if !unknown.is_empty() {
        told.removed_value(Category::Unknown, "ICC profile, further tags", &unknown.join(" "));
    }
    if !profile.trailer.is_empty() {
        told.removed(Category::HiddenContent, "after the ICC profile");
    }
    if told.is_empty() {
        told.removed(Category::Device, "ICC profile");
    }
    findings.append(told);
}

fn header(profile: &Profile<'_>, told: &mut Findings) {
    let field = |at: usize| profile.header.get(at..).and_then(<[u8]>::first_chunk::<4>).copied().unwrap_or_default();
    for (at, category, place) in [
        (4, Category::Software, "ICC profile colour engine"),
        (40, Category::Software, "ICC profile platform"),
        (48, Category::Device, "ICC profile manufacturer"),
        (52, Category::Device, "ICC profile model"),
        (80, Category::Software, "ICC profile creator"),
    ] {
        let field = field(at);
        if field != [0; 4] {
            told.removed_value(category, place, &signature(field));
        }
    }
    if let Some(date) = date(profile.header.get(24..).unwrap_or_default()) {
        told.removed_value(Category::Time, "ICC profile date", &date);
    }
    let id = profile.header.get(84..100).unwrap_or_default();
    if id.iter().any(|&byte| byte != 0) {
        let digits: String = id.iter().map(|byte| format!("{byte:02x}")).collect();
        told.removed_value(Category::Identifier, "ICC profile ID", &digits);
    }
}

/// The text of a tag, if it is one.
fn value(content: &[u8]) -> String {
    let Some((kind, rest)) = content.split_first_chunk::<4>() else { return String::new() };
    let rest = rest.get(4..).unwrap_or_default();
    let number = |at: usize| Order::Big.u32(content, at);
    match kind {
        b"text" => legible::text(rest),
        b"desc" => {
            let len = number(8).and_then(|len| usize::try_from(len).ok()).unwrap_or(0);
            legible::text(content.get(12..).and_then(|text| text.get(..len)).unwrap_or_default())
        }
        b"mluc" => first_record(content).unwrap_or_default(),
        b"mmod" => match (number(8), number(12), number(16)) {
            (Some(maker), Some(model), Some(serial)) => {
                format!("maker {maker:08x}, model {model:08x}, serial {serial:08x}")
            }
            _ => String::new(),
        },
        b"dtim" => date(rest).unwrap_or_default(),
        _ => String::new(),
    }
}

/// A `dateTimeNumber` (section 4.2): six numbers. `None` for year 0.
fn date(bytes: &[u8]) -> Option<String> {
    let (numbers, _) = bytes.get(..12)?.as_chunks::<2>();
    let [year, month, day, hours, minutes, seconds] = numbers else { return None };
    let [year, month, day] = [year, month, day].map(|raw| u16::from_be_bytes(*raw));
    let [hours, minutes, seconds] = [hours, minutes, seconds].map(|raw| u16::from_be_bytes(*raw));
    (year != 0).then(|| format!("{year:04}-{month:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02}"))
}

/// The text of the first language.
fn first_record(content: &[u8]) -> Option<String> {
    let len = usize::try_from(Order::Big.u32(content, 20)?).ok()?;
    let at = usize::try_from(Order::Big.u32(content, 24)?).ok()?;
    Some(legible::utf16(content.get(at..at.checked_add(len)?)?, Order::Big))
}

const TAGS: &[(&[u8; 4], Category, &str)] = &[
    (b"desc", Category::Device, "description"),
    (b"dscm", Category::Device, "description"),
    (b"dmnd", Category::Device, "device manufacturer"),
    (b"dmdd", Category::Device, "device model"),
    (b"mmod", Category::Device, "display"),
    (b"vcgt", Category::Device, "display calibration"),
    (b"vcgp", Category::Device, "display calibration"),
    (b"ndin", Category::Device, "display calibration"),
    (b"meta", Category::Device, "device data"),
    (b"targ", Category::Device, "measurements"),
    (b"DevD", Category::Device, "measurements"),
    (b"CIED", Category::Device, "measurements"),
    (b"calt", Category::Time, "calibration date"),
    (b"cprt", Category::Person, "copyright"),
    (b"vued", Category::Comment, "viewing conditions"),
    (b"scrd", Category::Comment, "screening"),
    (b"psid", Category::Identifier, "sequence identifier"),
    (b"pseq", Category::History, "sequence of profiles"),
];

/// Numbers of colour and light.
const TECHNICAL: &[&[u8; 4]] = &[
    b"wtpt", b"bkpt", b"chad", b"chrm", b"lumi", b"view", b"meas", b"tech", b"gamt", b"cicp", b"clro", b"rXYZ",
    b"gXYZ", b"bXYZ", b"rTRC", b"gTRC", b"bTRC", b"kTRC", b"A2B0", b"A2B1", b"A2B2", b"B2A0", b"B2A1", b"B2A2",
    b"aarg", b"aagg", b"aabg", b"pre0", b"pre1", b"pre2", b"rig0", b"ciis", b"D2B0", b"D2B1", b"D2B2", b"D2B3",
    b"B2D0", b"B2D1", b"B2D2", b"B2D3",
];

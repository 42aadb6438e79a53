//! What user data and metadata boxes of QuickTime, MP4 and 3GP give away. Reads only, and never fails; nothing of
//! them is ever kept.
//!
//! Sources: QuickTime File Format Specification, User Data Atoms and Metadata; 3GPP TS 26.244, 8; ISO/IEC 14496-12,
//! 8.11; for makers' own, what their files hold.

mod gpmf;
mod keys;
mod user_data;

pub(crate) use self::gpmf::gpmf;
use self::keys::Says;
pub(crate) use self::keys::key;
pub(crate) use self::user_data::{unique, user_data};
use super::{calendar, legible};
use crate::clean::container::bmff::{Boxed, Boxes};
use crate::clean::{Category, Findings};

/// Items of one list that are told.
const ITEMS_MAX: usize = 500;

/// The body of a `meta` box: a full box, or in QuickTime none (`hdlr` then stands first). Its items by key.
pub(crate) fn meta(body: &[u8], at: u64, findings: &mut Findings) {
    let is_plain = body.get(4..8) == Some(b"hdlr") || body.get(..4) != Some(&[0; 4]);
    let list = if is_plain { body } else { body.get(4..).unwrap_or_default() };
    let boxes: Vec<_> = Boxes::new(list, at).map_while(Result::ok).take(ITEMS_MAX).collect();
    let names = boxes.iter().find(|boxed| boxed.kind == *b"keys").map(|keys| key_names(keys.body)).unwrap_or_default();
    for boxed in &boxes {
        match &boxed.kind {
            b"hdlr" | b"keys" => {}
            b"ilst" => {
                for item in Boxes::new(boxed.body, boxed.body_at).map_while(Result::ok).take(ITEMS_MAX) {
                    tell_item(&item, &names, findings);
                }
            }
            b"free" if boxed.body.iter().all(|&byte| byte == 0) => {}
            b"free" => findings.removed(Category::HiddenContent, "meta free"),
            b"xml " => findings.removed_value(
                Category::Unknown,
                "meta xml",
                &legible::text(boxed.body.get(4..).unwrap_or_default()),
            ),
            b"ID32" => findings.removed(Category::Unknown, "meta ID3"),
            b"uuid" => unique(boxed.body, findings),
            kind => findings.removed(Category::Unknown, format!("meta {}", kind_name(*kind))),
        }
    }
    if boxes.is_empty() {
        findings.removed(Category::Unknown, "meta");
    }
}

/// How many samples of sound come before what is to be heard, as iTunes says it in user data (`iTunSMPB`).
pub(crate) fn encoder_delay(user_data: &[u8]) -> Option<u32> {
    let find = |list: &'_ [u8], kind: [u8; 4]| -> Vec<Vec<u8>> {
        let boxes = Boxes::new(list, 0).map_while(Result::ok).take(ITEMS_MAX);
        boxes.filter(|boxed| boxed.kind == kind).map(|boxed| boxed.body.to_vec()).collect()
    };
    let meta = find(user_data, *b"meta").into_iter().next()?;
    let list = find(meta.get(4..)?, *b"ilst").into_iter().next()?;
    let own = find(&list, *b"----");
    let item = own.iter().find(|item| find(item, *b"name").iter().any(|name| name.ends_with(b"iTunSMPB")))?;
    let data = find(item, *b"data").into_iter().next()?;
    // Hexadecimal: zero, delay, padding, samples.
    let text = legible::text(data.get(8..)?);
    u32::from_str_radix(text.split_whitespace().nth(1)?, 16).ok()
}

/// `keys` (QuickTime, Metadata Item Keys): a name for each number, from 1.
fn key_names(body: &[u8]) -> Vec<String> {
    let list = body.get(8..).unwrap_or_default();
    Boxes::new(list, 0).map_while(Result::ok).take(ITEMS_MAX).map(|key| legible::text(key.body)).collect()
}

fn tell_item(item: &Boxed<'_>, names: &[String], findings: &mut Findings) {
    let number = usize::try_from(u32::from_be_bytes(item.kind)).ok().and_then(|number| number.checked_sub(1));
    let parts: Vec<_> = Boxes::new(item.body, item.body_at).map_while(Result::ok).take(ITEMS_MAX).collect();
    let value = parts.iter().find(|part| part.kind == *b"data").map(|data| value(data.body)).unwrap_or_default();
    let (category, place) = match number.and_then(|number| names.get(number)) {
        Some(name) => {
            let (category, words) = key(name);
            (category, format!("metadata {words}"))
        }
        None if item.kind == *b"----" => {
            // A name of its own: who made it up, and the name.
            let part = |kind: [u8; 4]| {
                let own = parts.iter().find(|part| part.kind == kind);
                own.map(|own| legible::text(own.body.get(4..).unwrap_or_default())).unwrap_or_default()
            };
            let (mean, name) = (part(*b"mean"), part(*b"name"));
            (keys::category_of(&name), format!("ilst {mean} {name}"))
        }
        None => {
            let Says { category, words } = keys::item(item.kind);
            (category, format!("ilst {}{words}", kind_name(item.kind)))
        }
    };
    if category == Category::Location
        && let Some(position) = iso6709(&value)
    {
        findings.removed_value(category, place, &position);
        return;
    }
    findings.removed_value(category, place, &value);
}

/// The body of a `data` box: type, locale, value.
fn value(body: &[u8]) -> String {
    let Some((head, value)) = body.split_first_chunk::<8>() else { return String::new() };
    let [_, _, _, kind, ..] = *head;
    match (kind, value) {
        (1 | 2, _) => legible::text(value),
        (13 | 14 | 27, _) => format!("picture of {} bytes", value.len()),
        (21 | 22 | 0, &[byte]) => byte.to_string(),
        (21 | 22 | 0, &[high, low]) => u16::from_be_bytes([high, low]).to_string(),
        (21 | 22, &[a, b, c, d]) => u32::from_be_bytes([a, b, c, d]).to_string(),
        (23, &[a, b, c, d]) => f32::from_be_bytes([a, b, c, d]).to_string(),
        (24, _) => value.first_chunk().map(|bytes| f64::from_be_bytes(*bytes).to_string()).unwrap_or_default(),
        // Track 3 of 12.
        (0, &[0, 0, _, number, _, of, ..]) => format!("{number} of {of}"),
        _ => legible::text(value),
    }
}

/// A position in the form of ISO 6709, Annex H: `+50.0042+036.2292+120/`, in words.
pub(crate) fn iso6709(text: &str) -> Option<String> {
    let text = text.trim_matches(|letter: char| letter.is_whitespace() || letter == '\0');
    let rest = text.trim_end_matches('/');
    let rest = rest.split("CRS").next()?;
    let mut numbers = Vec::new();
    let mut starts = rest.char_indices().filter(|(_, letter)| matches!(letter, '+' | '-')).map(|(at, _)| at).peekable();
    if starts.peek() != Some(&0) {
        return None;
    }
    while let Some(start) = starts.next() {
        let end = starts.peek().copied().unwrap_or(rest.len());
        numbers.push(rest.get(start..end)?);
    }
    let latitude = degrees(numbers.first()?, 2, 90.0)?;
    let longitude = degrees(numbers.get(1)?, 3, 180.0)?;
    let height = numbers.get(2).and_then(|height| height.parse::<f64>().ok());
    Some(match height {
        Some(height) => format!("{latitude:.6}, {longitude:.6}, {height:.1} m"),
        None => format!("{latitude:.6}, {longitude:.6}"),
    })
}

/// Degrees, or degrees and minutes, or with seconds, told apart by the digits before the point.
fn degrees(number: &str, whole: usize, most: f64) -> Option<f64> {
    let value: f64 = number.parse().ok()?;
    let digits = number.trim_start_matches(['+', '-']).split('.').next()?.len();
    let size = value.abs();
    let parts = match digits.checked_sub(whole) {
        Some(2) => (size / 100.0).trunc() + (size % 100.0) / 60.0,
        Some(4) => (size / 10_000.0).trunc() + ((size / 100.0).trunc() % 100.0) / 60.0 + (size % 100.0) / 3600.0,
        _ => size,
    };
    (parts <= most).then_some(if value < 0.0 { -parts } else { parts })
}

/// Seconds since 1904 (ISO/IEC 14496-12, 8.2.2.3) as a date. Careless programs count from 1970.
pub(crate) fn date(seconds: u64) -> Option<String> {
    let since_1970 = i64::try_from(seconds).ok()?.checked_sub(SECONDS_1904_TO_1970)?;
    let since_1970 = if since_1970 < 0 { i64::try_from(seconds).ok()? } else { since_1970 };
    (since_1970 < SECONDS_1970_TO_10000).then(|| calendar::moment(since_1970))
}

/// From here on a year has five digits, and the number is no date.
const SECONDS_1970_TO_10000: i64 = 253_402_300_800;
const SECONDS_1904_TO_1970: i64 = 2_082_844_800;

/// A type of box in words.
fn kind_name(kind: [u8; 4]) -> String {
    let letters = kind.iter().map(|&byte| match byte {
        b' '..=b'~' => char::from(byte),
        0xA9 => '©',
        _ => '?',
    });
    letters.collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests;

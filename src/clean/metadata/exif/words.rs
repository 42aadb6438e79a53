//! Puts the values of Exif entries into words. Decodes no more of them than is shown.

use std::collections::BTreeSet;

use crate::clean::metadata::ifd::{Entry, Order};
use crate::clean::metadata::legible::{shown, text, utf16};

const NUMBERS_MAX: usize = 12;

/// UTF-16, little-endian, up to its NUL.
pub(super) fn wide(value: &[u8]) -> String {
    utf16(value, Order::Little)
}

/// Text after an eight-byte charset code (Exif 3.0, section 4.6.5, `UserComment`).
pub(super) fn coded(value: &[u8], order: Order) -> String {
    let Some((code, rest)) = value.split_first_chunk::<8>() else { return text(value) };
    match code {
        b"UNICODE\0" => match rest {
            [0xFE, 0xFF, rest @ ..] => utf16(rest, Order::Big),
            [0xFF, 0xFE, rest @ ..] => utf16(rest, Order::Little),
            rest => utf16(rest, likely_order(shown(rest), order)),
        },
        b"JIS\0\0\0\0\0" => encoding_rs::ISO_2022_JP.decode_without_bom_handling(shown(rest)).0.trim().to_owned(),
        b"ASCII\0\0\0" | b"\0\0\0\0\0\0\0\0" => text(rest),
        // No code at all, against the standard.
        _ => text(value),
    }
}

/// Numbers with a blank between them, rounded to four places.
pub(super) fn numbers(entry: &Entry<'_>) -> String {
    let numbers: Vec<_> = (0..NUMBERS_MAX)
        .map_while(|index| entry.number(index))
        .map(|number| {
            let digits = format!("{number:.4}");
            digits.trim_end_matches('0').trim_end_matches('.').to_owned()
        })
        .collect();
    numbers.join(" ")
}

/// Hexadecimal digits.
pub(super) fn hex(value: &[u8]) -> String {
    shown(value).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whose maker note it is, by its first bytes. Some makers (Canon, early Samsung) have none that tell.
pub(super) fn maker(note: &[u8]) -> Option<&'static str> {
    MAKERS.iter().find(|(prefix, _)| note.starts_with(prefix)).map(|(_, maker)| *maker)
}

const MAKERS: &[(&[u8], &str)] = &[
    (b"Apple iOS", "Apple"),
    (b"Nikon\0", "Nikon"),
    (b"OLYMP", "Olympus"),
    (b"OM SYSTEM", "OM System"),
    (b"FUJIFILM", "Fujifilm"),
    (b"Panasonic\0", "Panasonic"),
    (b"MKE\0", "Panasonic"),
    (b"SONY ", "Sony"),
    (b"PENTAX", "Pentax"),
    (b"AOC\0", "Pentax"),
    (b"LEICA", "Leica"),
    (b"RICOH", "Ricoh"),
    (b"Ricoh", "Ricoh"),
    (b"SIGMA", "Sigma"),
    (b"FOVEON", "Sigma"),
    (b"KDK", "Kodak"),
    (b"QVC\0", "Casio"),
    (b"HDRP", "Google"),
    (b"Motorola", "Motorola"),
    (b"MOT\0", "Motorola"),
    (b"HUAWEI", "Huawei"),
    (b"SANYO\0", "Sanyo"),
    (b"Kyocera", "Kyocera"),
    (b"Reconyx", "Reconyx"),
    (b"RECONYX", "Reconyx"),
    (b"DJI", "DJI"),
];

/// The standard leaves the order of `UNICODE` comments open, and cameras differ. In a text of one script the
/// high bytes vary less than the low ones.
fn likely_order(value: &[u8], otherwise: Order) -> Order {
    let (mut first, mut second) = (BTreeSet::new(), BTreeSet::new());
    for pair in value.chunks_exact(2) {
        if let &[a, b] = pair {
            first.insert(a);
            second.insert(b);
        }
    }
    match first.len().cmp(&second.len()) {
        std::cmp::Ordering::Less => Order::Big,
        std::cmp::Ordering::Equal => otherwise,
        std::cmp::Ordering::Greater => Order::Little,
    }
}

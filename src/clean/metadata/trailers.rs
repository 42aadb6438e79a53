//! What the tags say that stand behind sound: ID3v1, its extension, APE and Lyrics3. Reads only; nothing of them
//! is ever kept.
//!
//! Sources: ID3v1 and ID3v1.1 (Eric Kemp, Michael Mutschler); APEv2 specification (hydrogenaudio); Lyrics3 v2.00.

use super::{field_names, legible};
use crate::clean::{Category, Findings};

/// Bytes of an ID3v1 tag.
pub(crate) const ID3V1_BYTES: usize = 128;
/// Bytes of the tag `TAG+` that may stand before it.
pub(crate) const ID3V1_EXTENSION_BYTES: usize = 227;
/// Bytes of the header and the footer of an APE tag.
pub(crate) const APE_HEADER_BYTES: usize = 32;
/// Items of an APE tag that are read.
const APE_ITEMS_MAX: usize = 4_096;
/// The end of a Lyrics3 block, behind its size.
const LYRICS_ENDS: [&[u8]; 2] = [b"LYRICS200", b"LYRICSEND"];

/// What an ID3v1 tag says, from its `TAG` on. There is always at least one finding.
pub(crate) fn id3v1(tag: &[u8]) -> Findings {
    let mut findings = Findings::default();
    for (from, len, category, name) in [
        (3, 30, Category::Comment, "title"),
        (33, 30, Category::Person, "artist"),
        (63, 30, Category::Comment, "album"),
        (93, 4, Category::Time, "year"),
        (97, 30, Category::Comment, "comment"),
    ] {
        tell(&mut findings, tag, (from, len), category, &format!("ID3v1 {name}"));
    }
    if findings.is_empty() {
        findings.removed(Category::Software, "ID3v1");
    }
    findings
}

/// What an extended tag says, from its `TAG+` on. There is always at least one finding.
pub(crate) fn id3v1_extension(tag: &[u8]) -> Findings {
    let mut findings = Findings::default();
    for (from, len, category, name) in [
        (4, 60, Category::Comment, "title"),
        (64, 60, Category::Person, "artist"),
        (124, 60, Category::Comment, "album"),
        (185, 30, Category::Comment, "genre"),
    ] {
        tell(&mut findings, tag, (from, len), category, &format!("ID3v1 extension {name}"));
    }
    if findings.is_empty() {
        findings.removed(Category::Software, "ID3v1 extension");
    }
    findings
}

fn tell(findings: &mut Findings, tag: &[u8], (from, len): (usize, usize), category: Category, place: &str) {
    let field = tag.get(from..).unwrap_or_default();
    let value = legible::text(field.get(..len).unwrap_or(field));
    if !value.is_empty() {
        findings.removed_value(category, place, &value);
    }
}

/// Length in bytes of the items and footer of the APE tag that `head` is the header or footer of, and whether
/// `head` is the header. `None` if it is neither (APEv2, "APE Tags Header").
pub(crate) fn ape_len(head: [u8; APE_HEADER_BYTES]) -> Option<(u64, bool)> {
    let (magic, rest) = head.split_first_chunk::<8>()?;
    let (words, _) = rest.as_chunks::<4>();
    let [_, size, _, flags, ..] = *words else { return None };
    (magic == b"APETAGEX").then(|| (u32::from_le_bytes(size).into(), u32::from_le_bytes(flags) & 0x2000_0000 != 0))
}

/// What the items of an APE tag say, between header and footer. There is always at least one finding.
pub(crate) fn ape(items: &[u8]) -> Findings {
    let mut findings = Findings::default();
    let mut rest = items;
    for _ in 0..APE_ITEMS_MAX {
        if rest.is_empty() || rest.starts_with(b"APETAGEX") {
            break;
        }
        let Some(ApeItem { key, flags, value, after }) = ape_item(rest) else {
            findings.removed(Category::Unknown, "APE (damaged)");
            break;
        };
        let key = legible::text(key);
        let category = field_names::category(&key);
        if flags & 0x06 == 0x02 {
            // Binary: a file name, a NUL and the file.
            let name = value.split(|&byte| byte == 0).next().unwrap_or_default();
            let category = if category == Category::Comment { Category::HiddenContent } else { category };
            findings.removed_value(category, format!("APE {key}"), &legible::text(name));
        } else {
            findings.removed_value(category, format!("APE {key}"), &legible::text(value));
        }
        rest = after;
    }
    if findings.is_empty() {
        findings.removed(Category::Unknown, "APE");
    }
    findings
}

struct ApeItem<'a> {
    key: &'a [u8],
    flags: u32,
    value: &'a [u8],
    /// What follows it.
    after: &'a [u8],
}

/// The first item.
fn ape_item(bytes: &[u8]) -> Option<ApeItem<'_>> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    let (flags, rest) = rest.split_first_chunk::<4>()?;
    let end = rest.iter().position(|&byte| byte == 0)?;
    let (key, rest) = rest.split_at_checked(end)?;
    let (value, after) = rest.get(1..)?.split_at_checked(usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
    Some(ApeItem { key, flags: u32::from_le_bytes(*flags), value, after })
}

/// Length in bytes of the Lyrics3 block that these bytes begin with, its end counted. `None` if it has none.
pub(crate) fn lyrics3_len(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(9).position(|window| LYRICS_ENDS.contains(&window))?;
    end.checked_add(9)
}

/// What a Lyrics3 block says, from its `LYRICSBEGIN` on. There is always at least one finding.
pub(crate) fn lyrics3(block: &[u8]) -> Findings {
    let mut findings = Findings::default();
    let mut rest = block.strip_prefix(b"LYRICSBEGIN".as_slice()).unwrap_or(block);
    if let Some(text) = rest.strip_suffix(LYRICS_ENDS[1]) {
        findings.removed_value(Category::Comment, "Lyrics3 lyrics", &legible::text(text));
        return findings;
    }
    while let Some((id, len, after)) = lyrics3_field(rest) {
        let (value, after) = after.split_at_checked(len).unwrap_or((after, &[]));
        let (category, name) = match id {
            b"LYR" => (Category::Comment, "lyrics"),
            b"INF" => (Category::Comment, "information"),
            b"AUT" => (Category::Person, "author"),
            b"EAL" => (Category::Comment, "album"),
            b"EAR" => (Category::Person, "artist"),
            b"ETT" => (Category::Comment, "title"),
            b"IMG" => (Category::Comment, "file name of a picture"),
            b"IND" => (Category::Software, "indications"),
            _ => (Category::Unknown, "further field"),
        };
        findings.removed_value(category, format!("Lyrics3 {name}"), &legible::text(value));
        rest = after;
    }
    if findings.is_empty() {
        findings.removed(Category::Comment, "Lyrics3");
    }
    findings
}

/// Three letters, five digits of length.
fn lyrics3_field(bytes: &[u8]) -> Option<(&[u8], usize, &[u8])> {
    let (id, rest) = bytes.split_at_checked(3).filter(|(id, _)| id.iter().all(u8::is_ascii_uppercase))?;
    let (digits, rest) = rest.split_at_checked(5)?;
    let len = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((id, len, rest))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::*;

    fn check(findings: Findings, expected: &[(Category, &str, Option<&str>)]) {
        let findings = findings.into_vec();
        let told: Vec<_> = findings.iter().map(|f| (f.category, f.place.as_str(), f.value.as_deref())).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn id3v1_tells_its_fields() {
        let mut tag = b"TAG".to_vec();
        for (text, len) in [("at the gate", 30), ("Kira Velm", 30), ("", 30), ("2026", 4), ("for Osk", 30)] {
            tag.extend(text.as_bytes());
            tag.resize(tag.len() + len - text.len(), 0);
        }
        tag.push(255);
        assert_eq!(tag.len(), ID3V1_BYTES);
        check(
            id3v1(&tag),
            &[
                (Category::Comment, "ID3v1 title", Some("at the gate")),
                (Category::Person, "ID3v1 artist", Some("Kira Velm")),
                (Category::Time, "ID3v1 year", Some("2026")),
                (Category::Comment, "ID3v1 comment", Some("for Osk")),
            ],
        );
        let extension = [b"TAG+the longer title".as_slice(), &[0; 207]].concat();
        assert_eq!(extension.len(), ID3V1_EXTENSION_BYTES);
        check(id3v1_extension(&extension), &[(Category::Comment, "ID3v1 extension title", Some("the longer title"))]);
    }

    #[test]
    fn ape_items_are_told_by_name() {
        let item = |key: &str, flags: u32, value: &[u8]| {
            let len = u32::try_from(value.len()).unwrap();
            [&len.to_le_bytes(), &flags.to_le_bytes(), key.as_bytes(), b"\0", value].concat()
        };
        let items = [
            item("Artist", 0, b"Kira"),
            item("Cover Art (Front)", 2, b"gate.jpg\0\xFF\xD8"),
            item("Notes", 2, b"n.bin\0?"),
            b"\xFF\xFF".to_vec(),
        ];
        check(
            ape(&items.concat()),
            &[
                (Category::Person, "APE Artist", Some("Kira")),
                (Category::Thumbnail, "APE Cover Art (Front)", Some("gate.jpg")),
                (Category::HiddenContent, "APE Notes", Some("n.bin")),
                (Category::Unknown, "APE (damaged)", None),
            ],
        );
        let head = |flags: u32| {
            let mut head = [0; APE_HEADER_BYTES];
            head[..8].copy_from_slice(b"APETAGEX");
            head[12..16].copy_from_slice(&77u32.to_le_bytes());
            head[20..24].copy_from_slice(&flags.to_le_bytes());
            head
        };
        assert_eq!(ape_len(head(0xA000_0000)), Some((77, true)));
        assert_eq!(ape_len(head(0x8000_0000)), Some((77, false)));
        assert_eq!(ape_len([0; 32]), None);
    }

    #[test]
    fn lyrics3_fields_are_told() {
        check(
            lyrics3(b"LYRICSBEGININD0000210EAR00004KiraLYR00006at the000040LYRICS200"),
            &[
                (Category::Software, "Lyrics3 indications", Some("10")),
                (Category::Person, "Lyrics3 artist", Some("Kira")),
                (Category::Comment, "Lyrics3 lyrics", Some("at the")),
            ],
        );
        check(lyrics3(b"LYRICSBEGINwordsLYRICSEND"), &[(Category::Comment, "Lyrics3 lyrics", Some("words"))]);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for told in [id3v1(&bytes), id3v1_extension(&bytes), ape(&bytes), lyrics3(&bytes)] {
                assert!(!told.is_empty());
            }
            assert!(!lyrics3(&[b"LYRICSBEGINLYR99999".as_slice(), &bytes].concat()).is_empty());
        }
    }
}

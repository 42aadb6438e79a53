//! What Vorbis comments give away, as Ogg and FLAC carry them, with the picture blocks in them. Reads only; nothing
//! of them is ever kept.
//!
//! Sources: Vorbis I, section 5, "Comment field and header specification"; RFC 9639, 8.6 and 8.8. The block is
//! read up to its last comment; a framing bit or what else may follow is the caller's.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{field_names, legible};
use crate::clean::{Category, Findings};

/// Comments of one block that are read.
const COMMENTS_MAX: u32 = 4_096;
/// Characters of a picture in base64 that are decoded: its type, MIME type and description stand at its beginning.
const PICTURE_CHARS_MAX: usize = 4_096;

/// What the vendor string and the comments say, from the length of the vendor string on. Never fails. There are
/// no findings if the vendor string is empty and there are no comments.
pub(crate) fn findings(block: &[u8]) -> Findings {
    let mut findings = Findings::default();
    if read(block, &mut findings).is_none() {
        findings.removed(Category::Unknown, "comment (damaged)");
    }
    findings
}

/// Length in bytes of the vendor string and the comments; `None` if they go beyond the end.
pub(crate) fn len(block: &[u8]) -> Option<usize> {
    let (_, rest) = counted(block)?;
    let (count, mut rest) = rest.split_first_chunk::<4>()?;
    for _ in 0..u32::from_le_bytes(*count) {
        rest = counted(rest)?.1;
    }
    block.len().checked_sub(rest.len())
}

fn read(block: &[u8], findings: &mut Findings) -> Option<()> {
    let (vendor, rest) = counted(block)?;
    if !vendor.is_empty() {
        findings.removed_value(Category::Software, "vendor string", &legible::text(vendor));
    }
    let (count, mut rest) = rest.split_first_chunk::<4>()?;
    for _ in 0..u32::from_le_bytes(*count).min(COMMENTS_MAX) {
        let (comment, after) = counted(rest)?;
        tell(comment, findings);
        rest = after;
    }
    Some(())
}

fn tell(comment: &[u8], findings: &mut Findings) {
    let end = comment.iter().position(|&byte| byte == b'=').unwrap_or(comment.len());
    let (name, value) = comment.split_at_checked(end).unwrap_or_default();
    let value = value.get(1..).unwrap_or_default();
    if end == comment.len() {
        findings.removed_value(Category::Comment, "comment", &legible::text(comment));
        return;
    }
    let name = legible::text(name);
    if name.eq_ignore_ascii_case("METADATA_BLOCK_PICTURE") {
        let chars = value.get(..PICTURE_CHARS_MAX).unwrap_or(value);
        let whole = chars.len().saturating_sub(chars.len() % 4);
        let decoded = STANDARD.decode(chars.get(..whole).unwrap_or_default()).unwrap_or_default();
        findings.append(picture(&decoded));
    } else if name.eq_ignore_ascii_case("COVERART") {
        findings.removed(Category::Thumbnail, "comment COVERART");
    } else {
        findings.removed_value(field_names::category(&name), format!("comment {name}"), &legible::text(value));
    }
}

/// What a picture block says (RFC 9639, 8.8); as much of it as is there. There is always at least one finding.
pub(crate) fn picture(block: &[u8]) -> Findings {
    let mut findings = Findings::default();
    let said = block.get(4..).and_then(|rest| {
        let (kind, rest) = counted_be(rest)?;
        Some((kind, counted_be(rest).map_or(&[][..], |(description, _)| description)))
    });
    let (kind, description) = said.unwrap_or_default();
    findings.removed_value(Category::Thumbnail, "picture", &legible::text(kind));
    if !description.is_empty() {
        findings.removed_value(Category::Comment, "picture description", &legible::text(description));
    }
    findings
}

/// Bytes behind their length, and what follows them.
fn counted(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_le_bytes(*len)).ok()?)
}

fn counted_be(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (len, rest) = bytes.split_first_chunk::<4>()?;
    rest.split_at_checked(usize::try_from(u32::from_be_bytes(*len)).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::*;

    fn block(vendor: &str, comments: &[&str]) -> Vec<u8> {
        let mut block = Vec::new();
        let mut push = |text: &str| {
            block.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
            block.extend(text.as_bytes());
        };
        push(vendor);
        let mut rest = Vec::new();
        for comment in comments {
            rest.extend(u32::try_from(comment.len()).unwrap().to_le_bytes());
            rest.extend(comment.as_bytes());
        }
        block.extend(u32::try_from(comments.len()).unwrap().to_le_bytes());
        [block, rest].concat()
    }

    fn check(findings: Findings, expected: &[(Category, &str, Option<&str>)]) {
        let findings = findings.into_vec();
        let told: Vec<_> = findings.iter().map(|f| (f.category, f.place.as_str(), f.value.as_deref())).collect();
        assert_eq!(told, expected);
    }

    fn picture_block() -> Vec<u8> {
        [b"\0\0\0\x03\0\0\0\x09image/png\0\0\0\x05front".as_slice(), &[0; 20], b"\x89PNG"].concat()
    }

    #[test]
    fn comments_are_told_by_name() {
        let picture = format!("METADATA_BLOCK_PICTURE={}", STANDARD.encode(picture_block()));
        let comments = ["ARTIST=Kira", "Location=at the gate", "DATE=2026-09-14", "no name", "X==", &picture];
        check(
            findings(&block("Lavf58.76.100", &comments)),
            &[
                (Category::Software, "vendor string", Some("Lavf58.76.100")),
                (Category::Person, "comment ARTIST", Some("Kira")),
                (Category::Location, "comment Location", Some("at the gate")),
                (Category::Time, "comment DATE", Some("2026-09-14")),
                (Category::Comment, "comment", Some("no name")),
                (Category::Comment, "comment X", Some("=")),
                (Category::Thumbnail, "picture", Some("image/png")),
                (Category::Comment, "picture description", Some("front")),
            ],
        );
    }

    #[test]
    fn an_empty_block_says_nothing_and_a_cut_one_says_that() {
        check(findings(&block("", &[])), &[]);
        check(findings(&[0; 7]), &[(Category::Unknown, "comment (damaged)", None)]);
        let cut = block("", &["ARTIST=Kira", "DATE=2026"]);
        check(
            findings(&cut[..cut.len() - 1]),
            &[(Category::Person, "comment ARTIST", Some("Kira")), (Category::Unknown, "comment (damaged)", None)],
        );
    }

    #[test]
    fn the_length_is_that_of_the_comments() {
        let whole = block("vendor", &["A=1", "B=2"]);
        assert_eq!(len(&[whole.as_slice(), b"\x01rest"].concat()), Some(whole.len()));
        assert_eq!(len(&whole[..whole.len() - 1]), None);
        assert_eq!(len(b"\0\0\0\0\xFF\xFF\xFF\xFF"), None);
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = (findings(&bytes), len(&bytes));
            assert!(!picture(&bytes).is_empty());
        }
    }
}

//! Archives through the engine: members cleaned, named, refused; bombs that never go off.

use std::io::Read;

use crate::clean::memory::{Memory, cut_and_flip, fixture, produced, says, verifies, zipped};
use crate::clean::{Category, Fate, LongSide, MemberNames, Options, Pictures, Reason, Refusal, clean_with};
use crate::limits;

use super::FORMAT;

const WORDS: &[u8] = b"words and words and words and words\n";

fn reason(bytes: &[u8]) -> (Reason, Vec<String>) {
    produced(bytes).map(|_| ()).map_err(|Refusal { reason, inside, .. }| (reason, inside)).unwrap_err()
}

#[test]
fn names_are_kept_if_asked_and_then_told_as_what_remains() {
    let original = Memory(zipped(&[("Ivan/letter.md", WORDS), ("Ivan/photo", &fixture("dirty/one-pixel.jpg"))]));
    let options = Options { names: MemberNames::Kept, ..Options::default() };
    let cleaned = clean_with(&original, options).unwrap();
    let mut bytes = Vec::new();
    cleaned.content(&original).unwrap().read_to_end(&mut bytes).unwrap();
    let expected = zipped(&[("Ivan/letter.txt", WORDS)]);
    assert!(bytes.starts_with(&expected[..60]));
    let remaining: Vec<_> = cleaned.findings().iter().filter(|finding| finding.fate == Fate::Remains).collect();
    assert!(says(remaining.iter().copied(), Category::Comment, "Ivan/photo.jpg"));
    assert!(says(cleaned.findings(), Category::Comment, "Ivan/photo"));
    assert!(verifies(&FORMAT, &bytes));
    assert!(says(&produced(&bytes).unwrap().1, Category::Comment, "Ivan/letter.txt"));
}

#[test]
fn pictures_inside_are_made_anew_if_that_is_asked() {
    let original = Memory(zipped(&[("a.jpg", &fixture("dirty/restart.jpg"))]));
    let kept = clean_with(&original, Options::default()).unwrap();
    let side = LongSide::new(limits::RESHOT_SIDE.start().to_owned()).unwrap();
    let options = Options { pictures: Pictures::Reshot(side), ..Options::default() };
    assert_ne!(clean_with(&original, options).unwrap().len(), kept.len());
}

#[test]
fn a_refused_member_is_named_through_all_archives_around_it() {
    let inner = zipped(&[("a.txt", WORDS), ("photos/1.psd", b"8BPS\0\x01\0\0\0\0\0\0\0\0")]);
    let (reason, inside) = reason(&zipped(&[("b.txt", WORDS), ("inner.zip", &inner)]));
    assert!(matches!(reason, Reason::NotSupported(_)));
    assert_eq!(inside, ["inner.zip", "photos/1.psd"]);
}

#[test]
fn archives_stand_in_one_another_up_to_a_depth() {
    let mut archive = zipped(&[("a.txt", WORDS)]);
    for _ in 1..limits::NESTING_MAX {
        archive = zipped(&[("a.zip", &archive)]);
    }
    assert!(verifies(&FORMAT, &produced(&archive).unwrap().0));
    assert_eq!(reason(&zipped(&[("a.zip", &archive)])).0, Reason::TooLarge);
}

#[test]
fn whatever_is_changed_in_an_archive_it_is_clean_or_refused() {
    cut_and_flip(&zipped(&[("001.txt", WORDS)]));
}

#[test]
fn an_archive_is_clean_only_if_its_members_and_their_names_are() {
    assert!(verifies(&FORMAT, &zipped(&[("001.txt", WORDS), ("Ivan/a.txt", WORDS)])));
    for (name, bytes) in
        [("001.jpg", WORDS), ("001.txt", b"\xEF\xBB\xBFa\n"), ("001", WORDS), ("-a.txt", WORDS), ("a/.b.txt", WORDS)]
    {
        assert!(!verifies(&FORMAT, &zipped(&[(name, bytes)])), "{name}");
    }
    assert!(!verifies(&FORMAT, &zipped(&[])));
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let full = vec![b'a'; usize::try_from(limits::MEMBER_BYTES_MAX).unwrap()];
    // One member that is too long, many that are together, archives of them.
    let flat = zipped(&[("a.txt", &[&full[..], b"a"].concat())]);
    assert_eq!(reason(&flat).0, Reason::TooLarge);
    let text = &full[..usize::try_from(limits::TEXT_BYTES_MAX).unwrap()];
    let one = zipped(&[("a.txt", text)]);
    let inner: Vec<(String, &[u8])> = (0..40).map(|n| (format!("{n}.zip"), &one[..])).collect();
    let inner: Vec<(&str, &[u8])> = inner.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    assert_eq!(reason(&zipped(&inner)).0, Reason::TooLarge);
}

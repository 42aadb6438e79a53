//! AIFFs from the fixtures, cut and changed, cleaned as the engine does.

use super::FORMAT;
use crate::clean::memory::{fixture, produced as clean, says, verifies};
use crate::clean::{Category, Reason};

fn verify(bytes: &[u8]) -> bool {
    verifies(&FORMAT, bytes)
}

#[test]
fn a_file_cut_or_changed_anywhere_is_refused_or_clean() {
    for name in ["clean/8.aiff", "dirty/field.aiff", "dirty/offset.aiff", "dirty/sowt.aiff"] {
        let whole = fixture(name);
        let check = |bytes: &[u8]| {
            if let Ok((produced, _)) = clean(bytes) {
                let (again, findings) = clean(&produced).unwrap();
                assert!(again == produced && findings.is_empty(), "{name}");
            }
        };
        (0..whole.len()).for_each(|len| check(&whole[..len]));
        for bit in 0..whole.len().min(900) * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            check(&flipped);
        }
    }
}

#[test]
fn the_verifier_accepts_no_byte_too_many_or_too_few() {
    for name in ["clean/8.aiff", "clean/24.aiff", "clean/sowt.aiff", "clean/ima4.aiff"] {
        let whole = fixture(name);
        assert!(verify(&whole));
        assert!(!verify(&[whole.as_slice(), &[0]].concat()));
        assert!((0..whole.len()).all(|len| !verify(&whole[..len])), "{name}");
        for bit in 0..160 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!verify(&flipped), "{name} {bit}");
        }
    }
}

#[test]
fn what_was_said_is_told_with_its_date() {
    let (_, findings) = clean(&fixture("dirty/field.aiff")).unwrap();
    assert!(says(&findings, Category::Person, "Melnyk Ostap"));
    assert!(says(&findings, Category::Time, "2026-09-14 18:30:42"));
    assert!(says(&findings, Category::Comment, "made 2026-09-14 near Slobidske"));
}

#[test]
fn the_order_of_chunks_does_not_matter() {
    let (produced, _) = clean(&fixture("dirty/offset.aiff")).unwrap();
    assert!(produced.starts_with(b"FORM") && produced.get(12..16) == Some(b"COMM"));
    let mut twice = fixture("dirty/streamed.aiff");
    let sound = twice.split_off(38);
    twice.extend([sound.as_slice(), &sound].concat());
    assert_eq!(clean(&twice).unwrap_err().reason, Reason::Damaged);
}

//! AVIs from the fixtures, cut and changed, cleaned as the engine does.

use super::FORMAT;
use crate::clean::memory::{fixture, produced as clean, says, verifies};
use crate::clean::{Category, Fate};
use crate::limits;

fn verify(bytes: &[u8]) -> bool {
    verifies(&FORMAT, bytes)
}

#[test]
fn a_file_cut_or_changed_anywhere_is_refused_or_clean() {
    for name in ["clean/raw.avi", "dirty/DSCN0931.avi", "dirty/opendml.avi", "dirty/lists.avi", "dirty/mpeg4.avi"] {
        let whole = fixture(name);
        let check = |bytes: &[u8]| {
            if let Ok((produced, _)) = clean(bytes) {
                let (again, findings) = clean(&produced).unwrap();
                assert!(again == produced && findings.iter().all(|one| one.fate == Fate::Remains), "{name}");
            }
        };
        (0..whole.len()).step_by(61).for_each(|len| check(&whole[..len]));
        for bit in (0..whole.len().min(1_000) * 8).step_by(3) {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            check(&flipped);
        }
    }
}

#[test]
fn the_verifier_accepts_no_byte_too_many_or_too_few() {
    for name in ["clean/raw.avi", "clean/lists.avi", "clean/sound.avi", "clean/xvid-ac3.avi"] {
        let whole = fixture(name);
        assert!(verify(&whole), "{name}");
        assert!(!verify(&[whole.as_slice(), &[0]].concat()));
        assert!((0..whole.len()).step_by(5).all(|len| !verify(&whole[..len])), "{name}");
        // All of the headers up to the first stream's.
        for bit in 0..88 * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!verify(&flipped), "{name} {bit}");
        }
        // All of the index.
        let at = whole.windows(4).rposition(|window| window == b"idx1").unwrap();
        for bit in at * 8..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            // Whether a frame needs others is for the index alone to say.
            let is_flag = (bit / 8 - at) % 16 == 12 && bit % 8 == 4;
            assert!(is_flag || !verify(&flipped), "{name} {bit}");
        }
    }
}

#[test]
fn what_a_camera_wrote_is_told() {
    let (_, findings) = clean(&fixture("dirty/DSCN0931.avi")).unwrap();
    assert!(says(&findings, Category::Device, "Kvarz N7-B KVZ7Q20418"));
    assert!(says(&findings, Category::Time, "Mon Sep 14 18:30:42 2026"));
    assert!(says(&findings, Category::Time, "2026:09:14 18:30:42"));
    assert!(says(&findings, Category::Person, "Melnyk Ostap"));
    assert!(says(&findings, Category::HiddenContent, "Kvarz Mobile KVZ7Q20418"));
}

#[test]
fn pictures_of_all_riff_chunks_are_kept_in_one() {
    let (produced, _) = clean(&fixture("dirty/opendml.avi")).unwrap();
    let count = produced.windows(4).filter(|window| *window == b"00dc").count();
    // Each once in movi and once in the index.
    assert_eq!(count, 8);
}

#[test]
fn streams_are_counted() {
    let whole = fixture("clean/sound.avi");
    let strl_at =
        whole.windows(8).position(|window| window.starts_with(b"LIST") && window != *b"LIST\0\0\0\0").unwrap();
    let hdrl = |count: usize| {
        let at = 12 + 12 + 64;
        assert!(strl_at <= at);
        let len = u32::from_le_bytes(whole[at + 4..at + 8].try_into().unwrap()) as usize + 8;
        let strl = &whole[at..at + len];
        let streams = strl.repeat(count);
        let hdrl_len = u32::try_from(4 + 64 + streams.len()).unwrap().to_le_bytes();
        let mut file = [&whole[..16], &hdrl_len, &whole[20..at], &streams, &whole[at + len..]].concat();
        let all = u32::try_from(file.len() - 8).unwrap().to_le_bytes();
        file[4..8].copy_from_slice(&all);
        clean(&file)
    };
    let most = limits::AVI_STREAMS_MAX;
    assert!(hdrl(most - 1).is_ok() && hdrl(most).is_ok() && hdrl(most + 1).is_err());
}

#[test]
fn headers_have_a_largest_size() {
    let whole = fixture("clean/sound.avi");
    let len = u32::from_le_bytes(whole[16..20].try_into().unwrap()) as usize;
    let hdrl_end = 20 + len;
    for (more, expected) in [(-1_isize, true), (0, true), (1, false)] {
        // hdrl without its type is what is counted; the junk has a head of eight bytes.
        let junk = limits::AVI_HEADER_BYTES_MAX.checked_add_signed(more).unwrap() - (len - 4) - 8;
        let head = [b"JUNK".as_slice(), &u32::try_from(junk).unwrap().to_le_bytes()].concat();
        let size = u32::try_from(len + 8 + junk).unwrap().to_le_bytes();
        let pad = vec![0; (len + 8 + junk) % 2];
        let mut file =
            [&whole[..16], &size, &whole[20..hdrl_end], &head, &vec![0; junk], &pad, &whole[hdrl_end..]].concat();
        let all = u32::try_from(file.len() - 8).unwrap().to_le_bytes();
        file[4..8].copy_from_slice(&all);
        assert_eq!(clean(&file).is_ok(), expected, "{more}");
    }
}

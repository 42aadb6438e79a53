//! TIFFs made entry by entry, cleaned as the engine does.

use std::io::Cursor as Bytes;

use super::directory::Dialect;
use super::page::Page;
use super::strips::{self, Budget};
use crate::clean::cursor::Cursor;
use crate::clean::memory::{cut_and_flip, produced as clean, zlib};
use crate::clean::{Category, Fate, Finding, Findings, Reason};
use crate::limits;

type Entry = (u16, u16, u32, u32);

/// One page of grey samples: these entries, others as here given, the strip behind the directory.
fn tiff(entries: &[Entry], strip: &[u8]) -> Vec<u8> {
    chain(&[entries.to_vec()], strip)
}

/// Pages that share a strip, which stands behind all directories. An entry of ours takes the place of a usual one.
fn chain(pages: &[Vec<Entry>], strip: &[u8]) -> Vec<u8> {
    let usual: [Entry; 9] = [
        (256, 4, 1, 4),
        (257, 4, 1, 2),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, u32::MAX),
        (277, 3, 1, 1),
        (278, 4, 1, 2),
        (279, 4, 1, u32::try_from(strip.len()).unwrap()),
    ];
    let mut all: Vec<Vec<Entry>> = Vec::new();
    for own in pages {
        let mut entries = own.clone();
        entries.extend(usual.iter().filter(|entry| own.iter().all(|own| own.0 != entry.0)));
        entries.retain(|entry| entry.1 != 0);
        entries.sort_by_key(|entry| entry.0);
        all.push(entries);
    }
    let strip_at = 8 + all.iter().map(|entries| 6 + 12 * entries.len()).sum::<usize>();
    let mut bytes = b"II*\0\x08\0\0\0".to_vec();
    for (number, entries) in all.iter().enumerate() {
        bytes.extend_from_slice(&u16::try_from(entries.len()).unwrap().to_le_bytes());
        for &(tag, kind, count, value) in entries {
            let value = if value == u32::MAX { u32::try_from(strip_at).unwrap() } else { value };
            bytes.extend_from_slice(&[tag, kind].map(u16::to_le_bytes).concat());
            bytes.extend_from_slice(&[count, value].map(u32::to_le_bytes).concat());
        }
        let next = if number + 1 < all.len() { u32::try_from(bytes.len() + 4).unwrap() } else { 0 };
        bytes.extend_from_slice(&next.to_le_bytes());
    }
    bytes.extend_from_slice(strip);
    bytes
}

fn cleaned(tiff: &[u8]) -> (Vec<u8>, Vec<Finding>) {
    let (bytes, findings) = clean(tiff).unwrap();
    let (again, second) = clean(&bytes).unwrap();
    assert_eq!(again, bytes);
    assert!(second.iter().all(|finding| finding.fate == Fate::Remains), "{second:?}");
    (bytes, findings)
}

fn reason(tiff: &[u8]) -> Option<Reason> {
    clean(tiff).err().map(|refusal| refusal.reason)
}

#[test]
fn a_plain_page_stays_as_it_is() {
    let plain = tiff(&[], b"ABCDEFGH");
    assert_eq!(cleaned(&plain), (plain, Vec::new()));
}

#[test]
fn both_orders_and_big_files_are_read() {
    let big = b"MM\0+\0\x08\0\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0\0\x05";
    let entry = |tag: u8, kind: u8, value: &[u8]| {
        [&[1, tag, 0, kind, 0, 0, 0, 0, 0, 0, 0, 1], value, &vec![0; 8 - value.len()]].concat()
    };
    let entries = [
        entry(0, 3, &[0, 4]),
        entry(1, 3, &[0, 2]),
        entry(2, 3, &[0, 8]),
        entry(6, 3, &[0, 1]),
        entry(17, 16, &[0, 0, 0, 0, 0, 0, 0, 132]),
    ];
    let file = [big.as_slice(), &entries.concat(), &[0; 8], b"ABCDEFGH"].concat();
    let (bytes, _) = cleaned(&file);
    assert!(bytes.starts_with(b"MM\0*\0\0\0\x08") && bytes.ends_with(b"ABCDEFGH"));
}

#[test]
fn foreign_tags_are_told_and_gone() {
    let (bytes, findings) = cleaned(&tiff(&[(0x0131, 2, 4, u32::from_le_bytes(*b"Kvz\0"))], b"ABCDEFGH"));
    assert_eq!(bytes, tiff(&[], b"ABCDEFGH"));
    assert!(
        findings
            .iter()
            .any(|finding| finding.category == Category::Software && finding.value.as_deref() == Some("Kvz"))
    );
}

#[test]
fn bytes_that_nothing_refers_to_are_told() {
    let (bytes, findings) = cleaned(&[tiff(&[], b"ABCDEFGH"), vec![b'x'; 40]].concat());
    assert_eq!(bytes, tiff(&[], b"ABCDEFGH"));
    assert_eq!(findings.len(), 1, "{findings:?}");
}

#[test]
fn smaller_versions_of_a_page_go_and_further_pages_stay() {
    let pages = chain(&[vec![], vec![(254, 4, 1, 1)]], b"ABCDEFGH");
    let (bytes, findings) = cleaned(&pages);
    assert_eq!(bytes, tiff(&[], b"ABCDEFGH"));
    assert!(findings.iter().any(|finding| finding.category == Category::Thumbnail));
    let (_, findings) = cleaned(&chain(&[vec![], vec![]], b"ABCDEFGH"));
    assert!(findings.iter().any(|finding| finding.fate == Fate::Remains), "{findings:?}");
    // Where all say that they are smaller, none is.
    assert_eq!(cleaned(&tiff(&[(254, 4, 1, 1)], b"ABCDEFGH")).0, bytes);
}

#[test]
fn slack_goes_however_strips_are_coded() {
    for (compression, strip) in
        [(1, b"ABCDEFGH".to_vec()), (8, zlib(b"ABCDEFGH")), (32_773, b"\x07ABCDEFGH".to_vec()), (5, lzw(b"ABCDEFGH"))]
    {
        let entry = [(259, 3, 1, compression)];
        let clean = tiff(&entry, &strip);
        assert_eq!(cleaned(&clean).0, clean, "{compression}");
        let (bytes, findings) = cleaned(&tiff(&entry, &[strip, b"behind".to_vec()].concat()));
        assert_eq!(bytes, clean, "{compression}");
        assert!(findings.iter().any(|finding| finding.category == Category::HiddenContent), "{compression}");
    }
}

/// Clear, the bytes, end: nine bits each.
fn lzw(bytes: &[u8]) -> Vec<u8> {
    let codes = [256].into_iter().chain(bytes.iter().map(|&byte| u32::from(byte))).chain([257]);
    let bits: Vec<u8> =
        codes.flat_map(|code| (0..9).rev().map(move |place| u8::from(code >> place & 1 == 1))).collect();
    let byte = |bits: &[u8]| bits.iter().zip((0..8).rev()).map(|(bit, place)| bit << place).sum();
    bits.chunks(8).map(byte).collect()
}

#[test]
fn strips_of_too_many_or_too_few_samples_are_refused() {
    for (compression, strip) in [
        (1, b"ABCDEFG".to_vec()),
        (8, zlib(b"ABCDEFG")),
        (8, zlib(b"ABCDEFGHI")),
        (32_773, b"\x08ABCDEFGHI".to_vec()),
        (32_773, b"\x06ABCDEFG".to_vec()),
        (5, lzw(b"ABCDEFG")),
    ] {
        assert_eq!(reason(&tiff(&[(259, 3, 1, compression)], &strip)), Some(Reason::Damaged), "{compression}");
    }
}

#[test]
fn colours_that_no_sample_has_become_black() {
    // Two bits: a palette of four behind the strip.
    let palette = |unused: &[u8; 2]| {
        let plane = [*b"11", *b"22", *unused, *unused].concat();
        [[0b0001_0000, 0b0100_0001].as_slice(), &plane.repeat(3)].concat()
    };
    let page = |unused| {
        let at = 8 + 2 + 120 + 4 + 2;
        tiff(&[(258, 3, 1, 2), (262, 3, 1, 3), (279, 4, 1, 2), (320, 3, 12, at)], &palette(unused))
    };
    assert_eq!(cleaned(&page(b"xx")).0, cleaned(&page(b"\0\0")).0);
}

#[test]
fn of_resolutions_only_high_or_wide_pixels_are_left() {
    let page = |x: [u32; 2], y: [u32; 2]| {
        let numbers = [x, y].concat().iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
        let at = 8 + 2 + 12 * 12 + 4 + 8;
        tiff(
            &[(282, 5, 1, at), (283, 5, 1, at + 8), (296, 3, 1, 2), (279, 4, 1, 8)],
            &[b"ABCDEFGH", &*numbers].concat(),
        )
    };
    let plain = tiff(&[], b"ABCDEFGH");
    for (x, y, keeps) in [
        ([300, 1], [300, 1], false),
        ([204, 1], [196, 1], false),
        ([204, 1], [98, 1], true),
        ([77, 1], [154, 1], true),
        ([1, 0], [0, 0], false),
    ] {
        let (bytes, findings) = cleaned(&page(x, y));
        assert_eq!(bytes != plain, keeps, "{x:?} {y:?}");
        assert!(findings.iter().any(|finding| finding.place == "TIFF resolution"));
    }
    assert_eq!(cleaned(&page([204, 1], [98, 1])).0, cleaned(&page([200, 1], [100, 1])).0);
}

#[test]
fn raw_pictures_of_cameras_are_named() {
    for entry in [(0xC612, 1, 4, 1), (262, 3, 1, 32_803), (259, 3, 1, 34_713)] {
        assert!(matches!(reason(&tiff(&[entry], b"ABCDEFGH")), Some(Reason::NotSupported(_))), "{entry:?}");
    }
}

#[test]
fn pages_have_a_limit() {
    let max = limits::TIFF_PAGES_MAX;
    for (count, refused) in [(max - 1, None), (max, None), (max + 1, Some(Reason::TooLarge))] {
        let one = vec![(256, 4, 1, 1), (257, 4, 1, 1), (278, 4, 1, 1)];
        assert_eq!(reason(&chain(&vec![one; count], b"A")), refused, "{count}");
    }
}

#[test]
fn entries_have_a_limit() {
    let file = tiff(&[], b"ABCDEFGH");
    for (left, refused) in [(10, None), (9, None), (8, Some(Reason::TooLarge))] {
        let mut reader = Bytes::new(file.clone());
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let (dialect, at) = Dialect::read(&mut cursor).unwrap();
        let mut left = left;
        assert_eq!(dialect.directory(&mut cursor, at, &mut left).err().map(|refusal| refusal.reason), refused);
    }
}

#[test]
fn strips_and_samples_have_a_limit() {
    // Tiles of one pixel, and no offsets: who comes so far is refused for that.
    for (width, refused) in [(1023, Reason::Damaged), (1024, Reason::Damaged), (1025, Reason::TooLarge)] {
        let tiles = [(256, 4, 1, width), (257, 4, 1, 512), (322, 4, 1, 1), (323, 4, 1, 1)];
        assert_eq!(reason(&tiff(&tiles, b"ABCDEFGH")), Some(refused), "{width}");
    }
    for (samples, refused) in [(63, Reason::Damaged), (64, Reason::Damaged), (65, Reason::TooLarge)] {
        assert_eq!(reason(&tiff(&[(277, 3, 1, samples)], b"ABCDEFGH")), Some(refused), "{samples}");
    }
}

#[test]
fn inflated_bytes_have_a_limit() {
    let file = tiff(&[(259, 3, 1, 8)], &zlib(b"ABCDEFGH"));
    for (left, refused) in [(9, None), (8, None), (7, Some(Reason::TooLarge))] {
        let mut reader = Bytes::new(file.clone());
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let (dialect, at) = Dialect::read(&mut cursor).unwrap();
        let (entries, _) = dialect.directory(&mut cursor, at, &mut 99).unwrap();
        let mut findings = Findings::default();
        let page = Page::read(&mut cursor, dialect, &entries, &mut findings).unwrap();
        let mut budget = Budget::of(1000, left);
        let found = strips::draft(&mut cursor, &page, &mut budget, &mut findings);
        assert_eq!(found.err().map(|refusal| refusal.reason), refused);
    }
}

#[test]
fn a_fax_has_a_limit_of_bytes() {
    let max = usize::try_from(limits::TIFF_FAX_BYTES_MAX).unwrap();
    for (len, refused) in [(max - 1, None), (max, None), (max + 1, Some(Reason::Damaged))] {
        // Zeros to fill with, EOL, and a white row of four pixels.
        let mut strip = vec![0; len];
        strip[len - 2..].copy_from_slice(&[0x01, 0b1011_0000]);
        let fax = [(257, 4, 1, 1), (258, 3, 1, 1), (259, 3, 1, 3), (278, 4, 1, 1)];
        assert_eq!(reason(&tiff(&fax, &strip)), refused, "{len}");
    }
}

#[test]
fn every_prefix_and_every_flipped_bit_is_refused_or_clean() {
    for (compression, strip) in [(1, b"ABCDEFGH".to_vec()), (5, lzw(b"ABCDEFGH")), (8, zlib(b"ABCDEFGH"))] {
        let whole = tiff(&[(259, 3, 1, compression), (0x010E, 2, 4, 0x0041_4243), (274, 3, 1, 6)], &strip);
        cut_and_flip(&whole);
    }
}

use std::io::Read;

use super::page::{self, FIRST, LAST};
use super::{OGG, OPUS, verify};
use crate::clean::checksum::ogg_crc32;
use crate::clean::cursor::Cursor;
use crate::clean::memory::produced;
use crate::clean::{Category, Findings, Reason};
use crate::limits;

/// Clean files.
const OPUS_FILE: &[u8] = include_bytes!("../../../tests/fixtures/clean/constant.opus");
const VORBIS_FILE: &[u8] = include_bytes!("../../../tests/fixtures/clean/behind.ogg");

/// A page with a right checksum.
fn page(flags: u8, granule: u64, serial: u32, sequence: u32, packets: &[&[u8]]) -> Vec<u8> {
    let mut lacing = Vec::new();
    for packet in packets {
        lacing.extend(vec![255; packet.len() / 255]);
        lacing.push(u8::try_from(packet.len() % 255).unwrap());
    }
    laced(flags, granule, serial, sequence, &lacing, &packets.concat())
}

fn laced(flags: u8, granule: u64, serial: u32, sequence: u32, lacing: &[u8], body: &[u8]) -> Vec<u8> {
    let numbers = [granule.to_le_bytes().as_slice(), &serial.to_le_bytes(), &sequence.to_le_bytes()].concat();
    let head = [b"OggS\0".as_slice(), &[flags], &numbers].concat();
    let count = [u8::try_from(lacing.len()).unwrap()];
    let checksum = ogg_crc32(&[&head, &[0; 4], &count, lacing, body]).to_le_bytes();
    [head.as_slice(), &checksum, &count, lacing, body].concat()
}

const HEAD: &[u8] = b"OpusHead\x01\x01\x38\x01\x80\xBB\0\0\0\0\0";
const TAGS: &[u8] = b"OpusTags\0\0\0\0\0\0\0\0";
/// 20 milliseconds.
const PACKET: &[u8] = &[0x98, 1, 2, 3];

/// An Opus file of these pages of sound.
fn opus(pages: &[Vec<u8>]) -> Vec<u8> {
    [page(FIRST, 0, 1, 0, &[HEAD]), page(0, 0, 1, 1, &[TAGS]), pages.concat()].concat()
}

fn accepts(bytes: &[u8]) -> bool {
    let mut bytes = bytes;
    verify::opus(&mut bytes as &mut dyn Read).is_ok()
}

#[test]
fn a_clean_file_stays_as_it_is_and_gives_nothing_away() {
    for file in [OPUS_FILE, VORBIS_FILE] {
        let (clean, findings) = produced(file).unwrap();
        assert!(clean == file);
        assert_eq!(findings, []);
    }
}

#[test]
fn every_prefix_is_refused_or_comes_out_clean() {
    for file in [OPUS_FILE, VORBIS_FILE] {
        for len in (0..file.len()).step_by(3) {
            if let Ok((clean, _)) = produced(&file[..len]) {
                assert!(produced(&clean).unwrap().0 == clean, "{len}");
            }
        }
    }
}

#[test]
fn every_flipped_bit_is_refused() {
    for file in [OPUS_FILE, VORBIS_FILE] {
        for at in 0..file.len() {
            let mut flipped = file.to_vec();
            flipped[at] ^= 1 << (at % 8);
            // A page that is none is passed over; what is left is no whole file.
            assert!(produced(&flipped).is_err() || file[..at].ends_with(b"Ogg") || at < 4, "{at}");
        }
    }
}

#[test]
fn every_page_is_verified_whatever_its_checksum_says() {
    let head = [page(2, 0, 1, 0, &[HEAD]), page(0, 0, 1, 1, &[TAGS])].concat();
    let accepted = |sound: Vec<Vec<u8>>| accepts(&[head.clone(), sound.concat()].concat());
    assert!(accepted(vec![page(LAST, 1_920, 1, 2, &[PACKET, PACKET])]));
    assert!(accepted(vec![page(LAST, 1_500, 1, 2, &[PACKET, PACKET])]), "cut at the end");
    assert!(!accepted(vec![page(LAST, 1_921, 1, 2, &[PACKET, PACKET])]), "not from 0");
    assert!(!accepted(vec![page(0, 1_920, 1, 2, &[PACKET, PACKET])]), "no end");
    assert!(!accepted(vec![page(LAST | 8, 1_920, 1, 2, &[PACKET, PACKET])]), "flags");
    assert!(!accepted(vec![page(LAST, 1_920, 2, 2, &[PACKET, PACKET])]), "serial number");
    assert!(!accepted(vec![page(LAST, 1_920, 1, 3, &[PACKET, PACKET])]), "sequence number");
    assert!(!accepted(vec![page(LAST, 960, 1, 2, &[PACKET, b""])]), "empty packet");
    assert!(!accepted(vec![page(LAST, 0, 1, 2, &[])]), "empty page");
    assert!(!accepted(vec![page(0, 960, 1, 2, &[PACKET]), page(LAST, 1_920, 1, 3, &[PACKET])]), "not full");
    assert!(accepted(vec![page(0, 960, 1, 2, &[PACKET]), page(LAST, 2_000, 1, 3, &[PACKET])]), "a gap");
    assert!(!accepted(vec![page(LAST, 960, 1, 2, &[&[0x9B, 0x41, 1, 7, 9]])]), "padding that is not zero");
    assert!(accepted(vec![page(LAST, 960, 1, 2, &[&[0x9B, 0x41, 1, 7, 0]])]));
    let second = [PACKET; 50];
    assert!(accepted(vec![page(0, 48_000, 1, 2, &second), page(LAST, 48_960, 1, 3, &[PACKET])]));
    assert!(!accepted(vec![page(LAST, 48_960, 1, 2, &[PACKET; 51])]), "more than full");
    assert!(!accepted(vec![page(LAST, 960, 1, 2, &[PACKET]), b"!".to_vec()]), "bytes behind the end");
    let large = page(LAST, 960, 1, 2, &[PACKET]);
    assert!(!accepts(
        &[page(2, 0, 1, 0, &[HEAD]), page(0, 0, 1, 1, &[b"OpusTags\x01\0\0\0X\0\0\0\0"]), large].concat()
    ));
}

#[test]
fn packets_are_laid_on_pages_in_one_way() {
    let one_by_one: Vec<_> =
        (0..60).map(|n: u64| page(if n == 59 { LAST } else { 0 }, 960 * (n + 1), 7, 2 + n as u32, &[PACKET])).collect();
    let mut file = opus(&one_by_one);
    // The serial number is that of the sound.
    file.splice(..0, Vec::new());
    let whole = [page(FIRST, 0, 7, 0, &[HEAD]), page(0, 0, 7, 1, &[TAGS]), one_by_one.concat()].concat();
    let (clean, findings) = produced(&whole).unwrap();
    let expected = opus(&[page(0, 48_000, 1, 2, &[PACKET; 50]), page(LAST, 57_600, 1, 3, &[PACKET; 10])]);
    assert!(clean == expected);
    assert_eq!(findings, []);
}

#[test]
fn a_packet_longer_than_a_page_has_pages_of_its_own() {
    // Streams of 1,275 bytes each, delimited by themselves but for the last.
    let streams = 60_u8;
    let mut head = HEAD[..18].to_vec();
    head.extend([255, streams, 0, 0]);
    let long: Vec<u8> = (1..=streams)
        .flat_map(|stream| {
            let len: &[u8] = if stream < streams { &[0xFF, 0xFF] } else { &[] };
            [&[0x98], len, &[stream; 1_275]].concat()
        })
        .collect();
    let short: Vec<u8> =
        (1..=streams).flat_map(|stream| if stream < streams { vec![0x98, 1, 9] } else { vec![0x98, 9] }).collect();
    let file = [
        page(FIRST, 0, 1, 0, &[&head]),
        page(0, 0, 1, 1, &[TAGS]),
        page(0, 960, 1, 2, &[&short]),
        laced(0, u64::MAX, 1, 3, &[255; 255], &long[..65_025]),
        page(1 | LAST, 1_920, 1, 4, &[&long[65_025..]]),
    ]
    .concat();
    let (clean, _) = produced(&file).unwrap();
    assert!(clean == file);
    // Begun on the page before, it is moved.
    let lacing = [vec![u8::try_from(short.len()).unwrap()], vec![255; 254]].concat();
    let moved = [
        page(FIRST, 0, 1, 0, &[&head]),
        page(0, 0, 1, 1, &[TAGS]),
        laced(0, 960, 1, 2, &lacing, &[short.as_slice(), &long[..254 * 255]].concat()),
        page(1 | LAST, 1_920, 1, 3, &[&long[254 * 255..]]),
    ];
    assert!(produced(&moved.concat()).unwrap().0 == file);
}

#[test]
fn streams_are_limited() {
    let link = |serial| {
        let sound = page(LAST, 960, serial, 2, &[PACKET]);
        [page(FIRST, 0, serial, 0, &[HEAD]), page(0, 0, serial, 1, &[TAGS]), sound].concat()
    };
    for (count, is_accepted) in
        [(limits::OGG_STREAMS_MAX - 1, true), (limits::OGG_STREAMS_MAX, true), (limits::OGG_STREAMS_MAX + 1, false)]
    {
        let file: Vec<u8> = (1..=u32::try_from(count).unwrap()).flat_map(link).collect();
        match produced(&file) {
            Ok((clean, _)) => assert!(is_accepted && clean == file, "{count}"),
            Err(refusal) => assert!(!is_accepted && refusal.reason == Reason::TooLarge, "{count}: {refusal:?}"),
        }
    }
}

#[test]
fn dropped_streams_are_limited() {
    for (count, is_accepted) in
        [(limits::OGG_STREAMS_MAX - 1, true), (limits::OGG_STREAMS_MAX, true), (limits::OGG_STREAMS_MAX + 1, false)]
    {
        let others: Vec<u8> =
            (0..u32::try_from(count).unwrap()).flat_map(|n| page(FIRST, 0, 100 + n, 0, &[b"CMML"])).collect();
        assert_eq!(produced(&[OPUS_FILE, &others].concat()).is_ok(), is_accepted, "{count}");
    }
}

#[test]
fn a_page_with_a_wrong_checksum_is_refused_and_what_is_no_page_is_passed() {
    let mut file = opus(&[page(LAST, 960, 1, 2, &[PACKET])]);
    let (clean, findings) = produced(&[file.as_slice(), b"OggOggO"].concat()).unwrap();
    assert!(clean == file);
    assert_eq!(findings[0].place, "after the last page");
    *file.last_mut().unwrap() ^= 1;
    assert_eq!(produced(&file).unwrap_err().reason, Reason::Damaged);
}

#[test]
fn a_gap_between_pages_is_limited() {
    let (first, second) = (page(0, 960, 1, 0, &[PACKET]), page(LAST, 1_920, 1, 1, &[PACKET]));
    let limit = usize::try_from(limits::GAP_BYTES_MAX).unwrap();
    for (gap, is_found) in [(limit - 4, true), (limit - 3, true), (limit + 128 * 1024, false)] {
        let mut reader = std::io::Cursor::new([first.clone(), vec![b'.'; gap], second.clone()].concat());
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let mut findings = Findings::default();
        page::next(&mut cursor, &mut findings).unwrap().unwrap();
        assert_eq!(page::next(&mut cursor, &mut findings).unwrap().is_some(), is_found, "{gap}");
        assert_eq!(findings.into_vec()[0].category, Category::HiddenContent);
    }
}

#[test]
fn files_are_told_by_their_first_page() {
    assert!((OPUS.recognise)(OPUS_FILE) && (OGG.recognise)(OPUS_FILE));
    assert!(!(OPUS.recognise)(VORBIS_FILE) && (OGG.recognise)(VORBIS_FILE));
    // Behind a skeleton Opus shows only later.
    let skeleton = page(FIRST, 0, 9, 0, &[b"fishead\0"]);
    let file = [skeleton.as_slice(), OPUS_FILE].concat();
    assert!(!(OPUS.recognise)(&file));
    assert!(produced(&file).unwrap().0 == OPUS_FILE);
}

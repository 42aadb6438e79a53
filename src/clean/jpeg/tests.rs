//! The format as a whole, through the engine: what goes, what stays, what is refused.

mod samples;

use samples::{dht, dqt, grey, markers, samples, segment, sof, sos, with};

use super::verify;
use crate::clean::memory::produced as cleaned;
use crate::{
    clean::metadata::exif,
    clean::{Category, Reason},
    limits,
};

const CANARY: &[u8] = b"CANARYxx";

fn holds_canary(bytes: &[u8]) -> bool {
    bytes.windows(CANARY.len()).any(|window| window == CANARY)
}

/// Cleaning `dirty` gives just what cleaning `plain` gives.
fn check(dirty: &[u8], plain: &[u8], what: &str) {
    let (clean, _) = cleaned(dirty).unwrap_or_else(|refusal| panic!("{what}: {refusal:?}"));
    assert!(!holds_canary(&clean), "{what}");
    assert_eq!(clean, cleaned(plain).unwrap().0, "{what}");
}

fn refusal(bytes: &[u8]) -> (Reason, &'static str) {
    let refusal = cleaned(bytes).unwrap_err();
    (refusal.reason, refusal.part)
}

fn intruders() -> Vec<(String, Vec<u8>)> {
    let mut list = Vec::new();
    for n in 0..16_u8 {
        list.push((format!("APP{n}"), segment(0xE0 | n, CANARY)));
    }
    let payloads: [(u8, &[u8]); 7] = [
        (0xE0, b"JFXX\0\x10CANARYxx"),
        (0xE1, b"Exif\0\0CANARYxx"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0CANARYxx"),
        (0xE1, b"http://ns.adobe.com/xmp/extension/\0CANARYxxCANARYxxCANARYxxCANARYxx\0\0\0\x08\0\0\0\0CANARYxx"),
        (0xE2, b"ICC_PROFILE\0\x01\x02CANARYxx"),
        (0xE2, b"MPF\0CANARYxx"),
        (0xED, b"Photoshop 3.0\0CANARYxx"),
    ];
    for (code, payload) in payloads {
        list.push((String::from_utf8_lossy(payload).into_owned(), segment(code, payload)));
    }
    list.push(("COM".to_owned(), segment(0xFE, CANARY)));
    list.push(("unused DQT".to_owned(), segment(0xDB, &[&[3], &CANARY.repeat(8)[..]].concat())));
    let unused = [&[0x13], &[0; 7][..], &[8], &[0; 8], CANARY].concat();
    list.push(("unused DHT".to_owned(), segment(0xC4, &unused)));
    list.push(("gap".to_owned(), CANARY.to_vec()));
    list.push(("gap that looks like data".to_owned(), [CANARY, &[0xFF, 0, 7]].concat()));
    list.push(("fill".to_owned(), vec![0xFF, 0xFF]));
    list.push(("stray markers".to_owned(), vec![0xFF, 0xD5, 0xFF, 0x01]));
    list
}

#[test]
fn whatever_stands_between_segments_and_scans_goes() {
    for plain in samples() {
        for (at, code) in markers(&plain).into_iter().skip(1).filter(|(_, code)| !(0xD0..=0xD7).contains(code)) {
            // Right behind SOI only a marker makes it a JPEG.
            for (name, intruder) in intruders().into_iter().filter(|(_, bytes)| at > 2 || bytes[0] == 0xFF) {
                check(&with(&plain, at, &intruder), &plain, &format!("{name} before {code:X} at {at}"));
            }
        }
    }
}

#[test]
fn whatever_stands_before_a_restart_marker_goes() {
    for plain in samples() {
        let restarts = markers(&plain).into_iter().filter(|(_, code)| (0xD0..=0xD7).contains(code));
        for (at, code) in restarts {
            check(&with(&plain, at, CANARY), &plain, &format!("{code:X} at {at}"));
            check(&with(&plain, at, &[0xFF]), &plain, &format!("fill before {code:X} at {at}"));
        }
    }
}

#[test]
fn whatever_stands_behind_the_end_goes_and_is_told() {
    for plain in samples() {
        let trailer = [&[0, 0, 0, 24], &b"ftypmp42"[..], CANARY].concat();
        let dirty = [&plain[..], &trailer].concat();
        check(&dirty, &plain, "trailer");
        let (_, findings) = cleaned(&dirty).unwrap();
        assert_eq!((findings[0].category, findings[0].place.as_str()), (Category::HiddenContent, "after EOI"));
    }
}

#[test]
fn tails_of_known_segments_go() {
    let [plain, _] = samples();
    let behind_jfif = markers(&plain)[2].0;
    let rest = &plain[behind_jfif..];
    let thumbnail = segment(0xE0, b"JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x03CANARYxx.");
    check(&[&[0xFF, 0xD8], &thumbnail[..], rest].concat(), &plain, "JFIF thumbnail");
    let adobe = |tail: &[u8]| with(&plain, 2, &segment(0xEE, &[b"Adobe\0\x64\0\0\0\0\x01", tail].concat()));
    check(&adobe(CANARY), &adobe(b""), "Adobe tail");
    let numbers = with(&plain, 2, &segment(0xEE, b"Adobe\x12\x34CANA\x01"));
    check(&numbers, &adobe(b""), "Adobe version and flags");
}

#[test]
fn tables_that_are_replaced_before_use_go() {
    for plain in samples() {
        for (at, code) in markers(&plain).into_iter().filter(|&(_, code)| code == 0xC4 || code == 0xDB) {
            let head = plain[at + 4];
            let table = match code {
                0xC4 => [&[head], &[0; 7][..], &[8], &[0; 8], CANARY].concat(),
                _ => [&[head], &CANARY.repeat(8)[..]].concat(),
            };
            check(&with(&plain, at, &segment(code, &table)), &plain, &format!("{code:X} at {at}"));
        }
    }
}

#[test]
fn a_table_says_nothing_with_codes_that_are_never_met() {
    // Run and size of each letter are legal; the picture uses the first code alone.
    let symbols = b"\x00CBAQRSTV";
    let table = segment(0xC4, &[&[0x10, 1, 0, 0, 8], &[0; 12][..], symbols].concat());
    let dirty =
        [&[0xFF, 0xD8][..], &dqt(0), &sof(0xC0, 8, 8, 8), &dht(0, 0), &table, &sos(0, 63, 0), &[0x3F, 0xFF, 0xD9]];
    check(&dirty.concat(), &grey(8, 8, &[], &[0x3F]), "symbols");
}

#[test]
fn what_decoders_ignore_is_written_in_one_way() {
    let plain = grey(24, 8, &[], &[0b0000_0011]);
    check(&grey(24, 8, &[], &[0b0000_0000]), &plain, "padding of zeros");
    check(&grey(24, 8, &segment(0xDD, &[0, 3]), &[3]), &plain, "an interval that is never reached");
    let band = |from: &[u8], to: &[u8]| {
        let at = plain.windows(from.len()).position(|window| window == from).unwrap();
        [&plain[..at], to, &plain[at + from.len()..]].concat()
    };
    check(&band(&sos(0, 63, 0), &sos(9, 1, 0x42)), &plain, "the band of a sequential scan");
    let wide = segment(0xDB, &[&[0x10], &[0, 1].repeat(64)[..]].concat());
    check(&band(&dqt(0), &wide), &plain, "two bytes where one will do");
    let at = markers(&plain).iter().find(|marker| marker.1 == 0xDA).unwrap().0;
    let renamed = band(&sof(0xC0, 8, 24, 8), &segment(0xC0, &[8, 0, 8, 0, 24, 1, b'C', 0x11, 0]));
    let renamed = [&renamed[..at + 5], b"C", &renamed[at + 6..]].concat();
    check(&renamed, &plain, "component id");
}

#[test]
fn intervals_end_in_ones_and_a_full_byte_is_stuffed() {
    let restart = segment(0xDD, &[0, 1]);
    let (clean, findings) = cleaned(&grey(16, 8, &restart, &[0x00, 0xFF, 0xD0, 0x15])).unwrap();
    assert!(clean.ends_with(&[0x3F, 0xFF, 0xD0, 0x3F, 0xFF, 0xD9]));
    assert!(findings.is_empty());
    // One more bit in DC, then the end of the block: 111.
    let table = |head, symbols: [u8; 2]| segment(0xC4, &[&[head, 2], &[0; 15][..], &symbols].concat());
    let tables = [table(0, [0, 1]), table(0x10, [1, 0])].concat();
    let (clean, _) = cleaned(&grey(8, 8, &tables, &[0b1110_0000])).unwrap();
    assert!(clean.ends_with(&[0xFF, 0x00, 0xFF, 0xD9]));
}

#[test]
fn a_component_keeps_the_quantisation_table_of_its_first_scan() {
    let other = segment(0xDB, &[&[0], &[2; 64][..]].concat());
    let frame = segment(0xC0, &[8, 0, 8, 0, 8, 2, 1, 0x11, 0, 2, 0x11, 0]);
    let scan = |id| [segment(0xDA, &[1, id, 0, 0, 63, 0]), vec![0x3F]].concat();
    let head = [vec![0xFF, 0xD8], dqt(0), frame, dht(0, 0), dht(0x10, 0)].concat();
    let file = [&head, &scan(1), &other, &scan(2), &[0xFF, 0xD9][..]].concat();
    assert_eq!(cleaned(&file).unwrap(), (file, Vec::new()));
    let twice = [&head, &scan(1), &scan(1), &scan(2), &[0xFF, 0xD9][..]].concat();
    assert_eq!(refusal(&twice).0, Reason::Damaged);
    let missing = [&head, &scan(1), &[0xFF, 0xD9][..]].concat();
    assert_eq!(refusal(&missing), (Reason::Damaged, "component without a scan"));
}

#[test]
fn a_clean_file_is_left_alone() {
    for plain in samples() {
        let (clean, findings) = cleaned(&plain).unwrap();
        assert!(findings.is_empty());
        assert_eq!(cleaned(&clean).unwrap(), (clean, Vec::new()));
    }
}

#[test]
fn a_file_cut_anywhere_is_truncated() {
    for plain in samples() {
        for len in 3..plain.len() {
            assert_eq!(refusal(&plain[..len]).0, Reason::Truncated, "{len}");
        }
    }
}

#[test]
fn files_that_contradict_themselves_are_refused_by_part() {
    let [plain, _] = samples();
    let put = |intruder: &[u8]| refusal(&with(&plain, 2, intruder));
    assert_eq!(put(&[0xFF, 0xD8]), (Reason::Damaged, "second SOI"));
    assert_eq!(put(&segment(0xDA, &[1, 1, 0, 0, 63, 0])), (Reason::Damaged, "SOS before SOF"));
    assert_eq!(put(&[0xFF, 0xD9]), (Reason::Damaged, "EOI before SOF"));
    assert_eq!(put(&sof(0xC0, 8, 8, 8)), (Reason::Damaged, "second SOF"));
    assert_eq!(put(&[0xFF, 0xE5, 0, 1]), (Reason::Damaged, "segment length"));
    assert_eq!(put(&segment(0xDB, &[0; 64])), (Reason::Damaged, "DQT"));
    assert_eq!(put(&segment(0xC4, &[0; 16])), (Reason::Damaged, "DHT"));
    assert_eq!(put(&segment(0xDD, &[0])), (Reason::Damaged, "DRI"));
    assert_eq!(refusal(&grey(8, 8, &dht(0, 12), &[0x3F])), (Reason::Damaged, "DHT symbol"));
    assert_eq!(refusal(&grey(8, 8, &[], &[0xFF, 0].repeat(3))), (Reason::Damaged, "Huffman code"));
    assert_eq!(refusal(&grey(80, 8, &[], &[0, 0])), (Reason::Damaged, "entropy-coded data too short"));
    // A run of sixteen zeros too many, and one that a coefficient should follow.
    assert_eq!(refusal(&grey(8, 8, &dht(0x10, 0xF0), &[0x07])), (Reason::Damaged, "coefficient out of range"));
    let restart = segment(0xDD, &[0, 1]);
    assert_eq!(refusal(&grey(16, 8, &restart, &[0x3F, 0xFF, 0xD1, 0x3F])), (Reason::Damaged, "RST"));
    let no_tables = [&[0xFF, 0xD8][..], &dqt(0), &sof(0xC0, 8, 8, 8), &sos(0, 63, 0), &[0x3F, 0xFF, 0xD9]].concat();
    assert_eq!(refusal(&no_tables), (Reason::Damaged, "SOS without its DHT"));
}

#[test]
fn what_is_not_understood_is_refused_by_part() {
    let [plain, _] = samples();
    let at = markers(&plain).iter().find(|marker| marker.1 == 0xC0).unwrap().0;
    let parts = [
        (0xC3, "lossless frame"),
        (0xC5, "hierarchical frame"),
        (0xC9, "arithmetic coding"),
        (0xCA, "arithmetic coding"),
        (0xCC, "arithmetic coding"),
        (0xC8, "JPG extension"),
        (0xF7, "JPG extension"),
        (0xDC, "DNL"),
        (0xDE, "hierarchical frame"),
        (0x02, "reserved marker"),
    ];
    for (code, part) in parts {
        let mut other = plain.clone();
        other[at + 1] = code;
        assert_eq!(refusal(&other), (Reason::NotUnderstood, part));
    }
    assert_eq!(refusal(&grey(8, 0, &[], &[0x3F])), (Reason::NotUnderstood, "height 0 (DNL)"));
}

#[test]
fn twelve_bits_a_sample_are_understood() {
    let tables = [dht(0, 0), dht(0x10, 0)].concat();
    let file =
        [&[0xFF, 0xD8], &dqt(0)[..], &sof(0xC1, 12, 8, 8), &tables, &sos(0, 63, 0), &[0x3F, 0xFF, 0xD9]].concat();
    assert_eq!(cleaned(&file).unwrap(), (file, Vec::new()));
}

#[test]
fn changed_bytes_never_pass_for_clean() {
    // Whatever the verifier accepts, the cleaner must find nothing in and give back as it is.
    let mut accepted = 0;
    for plain in samples() {
        let (clean, _) = cleaned(&plain).unwrap();
        for at in 0..clean.len() {
            for flip in [1, 0x10, 0x80, 0xFF] {
                let mut other = clean.clone();
                other[at] ^= flip;
                if verify::verify(&mut &other[..]).is_ok() {
                    accepted += 1;
                    assert_eq!(cleaned(&other).unwrap(), (other, Vec::new()), "{at}");
                } else if let Ok((again, _)) = cleaned(&other) {
                    assert_ne!(again, other, "{at}");
                }
            }
        }
    }
    assert!(accepted > 0, "some flips are other pictures");
}

#[test]
fn the_verifier_accounts_for_every_byte() {
    for plain in samples() {
        let (clean, _) = cleaned(&plain).unwrap();
        assert!(verify::verify(&mut &clean[..]).is_ok());
        for (at, code) in markers(&clean) {
            for (name, intruder) in intruders() {
                let dirty = with(&clean, at, &intruder);
                assert!(verify::verify(&mut &dirty[..]).is_err(), "{name} before {code:X} at {at}");
            }
        }
        assert!(verify::verify(&mut &with(&clean, clean.len(), &[0])[..]).is_err());
        for len in 0..clean.len() {
            assert!(verify::verify(&mut &clean[..len]).is_err(), "{len}");
        }
    }
}

#[test]
fn the_verifier_takes_no_orientation_but_the_canonical_ones() {
    let [plain, _] = samples();
    let (clean, _) = cleaned(&plain).unwrap();
    let behind_jfif = markers(&clean)[2].0;
    for orientation in 0..=9 {
        let block = segment(0xE1, &[&b"Exif\0\0"[..], &exif::canonical(orientation)].concat());
        let turned = with(&clean, behind_jfif, &block);
        assert_eq!(verify::verify(&mut &turned[..]).is_ok(), (2..=8).contains(&orientation), "{orientation}");
    }
}

#[test]
fn scans_have_a_limit() {
    let file = |scans: usize| {
        let mut file = [vec![0xFF, 0xD8], dqt(0), sof(0xC2, 8, 8, 8), dht(0, 0), sos(0, 0, 0), vec![0x7F]].concat();
        file.extend_from_slice(&dht(0x10, 0));
        let bits = [0x03, 0x32, 0x21, 0x10];
        let bands = bits.into_iter().flat_map(|bits| (1..=63).map(move |k| sos(k, k, bits)));
        for header in bands.take(scans - 1) {
            file.extend_from_slice(&header);
            file.push(0x7F);
        }
        file.extend_from_slice(&[0xFF, 0xD9]);
        file
    };
    for scans in [limits::SCANS_MAX - 1, limits::SCANS_MAX] {
        assert!(cleaned(&file(scans)).is_ok(), "{scans}");
    }
    assert_eq!(refusal(&file(limits::SCANS_MAX + 1)), (Reason::TooLarge, "number of scans"));
}

#[test]
fn segments_have_a_limit() {
    let plain = grey(8, 8, &[], &[0x3F]);
    let own = markers(&plain).len() - 1;
    let file = |segments: usize| with(&plain, 2, &segment(0xFE, b"").repeat(segments - own));
    for segments in [limits::SEGMENTS_MAX - 1, limits::SEGMENTS_MAX] {
        assert!(cleaned(&file(segments)).is_ok(), "{segments}");
    }
    assert_eq!(refusal(&file(limits::SEGMENTS_MAX + 1)), (Reason::TooLarge, "number of segments"));
}

#[test]
fn pieces_of_data_have_a_limit() {
    let file = |pieces: usize| {
        // A good interval in front is a piece; each one padded with zeros makes two, with its marker.
        let (good, padded) = (pieces % 2, pieces / 2);
        let blocks = (good + padded + 1).next_multiple_of(4096);
        let mut data = Vec::new();
        for number in 0..blocks {
            let zeros = (good..good + padded).contains(&number);
            data.extend_from_slice(&[if zeros { 0 } else { 0x3F }, 0xFF, 0xD0 | u8::try_from(number % 8).unwrap()]);
        }
        data.truncate(data.len() - 2);
        let height = u16::try_from(blocks / 4096 * 8).unwrap();
        grey(4096 * 8, height, &segment(0xDD, &[0, 1]), &data)
    };
    for pieces in [limits::SCAN_PIECES_MAX - 1, limits::SCAN_PIECES_MAX] {
        assert!(cleaned(&file(pieces)).is_ok(), "{pieces}");
    }
    let over = file(limits::SCAN_PIECES_MAX + 1);
    assert_eq!(refusal(&over), (Reason::TooLarge, "pieces of entropy-coded data"));
}

#[test]
fn what_a_progression_remembers_has_a_limit() {
    const ROW: usize = 4096;
    let rows_max = usize::try_from(limits::PROGRESSIVE_BYTES_MAX).unwrap() / 8 / ROW;
    let file = |rows: usize| {
        let height = u16::try_from(rows * 8).unwrap();
        let mut file = [vec![0xFF, 0xD8], dqt(0), sof(0xC2, 8, 8 * 4096, height), dht(0, 0), sos(0, 0, 0)].concat();
        file.resize(file.len() + rows * ROW / 8, 0);
        // Each code, a zero and twelve more bits, ends 4096 blocks: a row.
        file.extend_from_slice(&[dht(0x10, 0xC0), sos(1, 63, 0)].concat());
        let bits = rows * 13;
        file.resize(file.len() + bits / 8, 0);
        if !bits.is_multiple_of(8) {
            file.push(0xFF >> (bits % 8));
        }
        file.extend_from_slice(&[0xFF, 0xD9]);
        file
    };
    for rows in [rows_max - 1, rows_max] {
        assert!(cleaned(&file(rows)).is_ok(), "{rows}");
    }
    assert_eq!(refusal(&file(rows_max + 1)), (Reason::TooLarge, "number of progressive blocks"));
}

#[test]
fn a_gap_without_a_marker_is_passed_over_up_to_a_limit() {
    let [baseline, _] = samples();
    let limit = usize::try_from(limits::GAP_BYTES_MAX).unwrap();
    // The marker's own two bytes are looked at too.
    for (len, accepted) in [(limit - 2, true), (limit - 1, true), (limit, false)] {
        let (first, _) = markers(&baseline)[2];
        let mut bytes = baseline[..first].to_vec();
        bytes.resize(first + len, b'x');
        bytes.extend_from_slice(&baseline[first..]);
        assert_eq!(cleaned(&bytes).is_ok(), accepted, "{len}");
    }
}

#[test]
fn bytes_behind_the_last_code_are_passed_over_up_to_a_limit() {
    let [baseline, _] = samples();
    let (eoi, _) = *markers(&baseline).last().unwrap();
    let limit = usize::try_from(limits::GAP_BYTES_MAX).unwrap();
    // What is passed over is counted a buffer at a time, so the limit is not exact to the byte.
    for (len, accepted) in [(limit - 64 * 1024, true), (limit + 64 * 1024, false)] {
        let mut bytes = baseline[..eoi].to_vec();
        bytes.resize(eoi + len, b'x');
        bytes.extend_from_slice(&baseline[eoi..]);
        assert_eq!(cleaned(&bytes).is_ok(), accepted, "{len}");
    }
}

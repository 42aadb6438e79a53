use proptest::prelude::{any, prop, proptest};

use super::*;
use crate::clean::memory::zlib;

fn tag(major: u8, flags: u8, frames: &[u8]) -> Vec<u8> {
    let len = u32::try_from(frames.len()).unwrap();
    let size = [21, 14, 7, 0].map(|shift| u8::try_from(len >> shift & 0x7F).unwrap());
    [b"ID3".as_slice(), &[major, 0, flags], &size, frames].concat()
}

fn frame(major: u8, id: &str, flags: u8, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len()).unwrap();
    match major {
        2 => [id.as_bytes(), &len.to_be_bytes()[1..], body].concat(),
        3 => [id.as_bytes(), &len.to_be_bytes(), &[0, flags], body].concat(),
        _ => {
            let size = [21, 14, 7, 0].map(|shift| u8::try_from(len >> shift & 0x7F).unwrap());
            [id.as_bytes(), &size, &[0, flags], body].concat()
        }
    }
}

fn check(tag: &[u8], category: Category, place: &str, value: Option<&str>) {
    let findings = findings(tag).into_vec();
    let found = findings.iter().any(|finding| {
        (finding.category, finding.place.as_str(), finding.value.as_deref()) == (category, place, value)
    });
    let told: Vec<_> = findings.iter().map(|f| (f.category, &f.place, &f.value)).collect();
    assert!(found, "{place} {value:?} not in {told:#?}");
}

#[test]
fn frames_of_every_version_are_told_by_what_they_mean() {
    for (major, id) in [(2, "TP1"), (3, "TPE1"), (4, "TPE1")] {
        let place = format!("ID3 {id} artist");
        check(&tag(major, 0, &frame(major, id, 0, b"\0Kira Velm")), Category::Person, &place, Some("Kira Velm"));
    }
    let v3 = |id, body: &[u8]| tag(3, 0, &frame(3, id, 0, body));
    check(&v3("TSSE", b"\0Lavf58"), Category::Software, "ID3 TSSE encoder", Some("Lavf58"));
    check(&v3("TDRC", b"\x032026-09-14\0"), Category::Time, "ID3 TDRC recording time", Some("2026-09-14"));
    check(&v3("COMM", b"\0eng\0at the gate"), Category::Comment, "ID3 COMM comment", Some("at the gate"));
    check(&v3("TXXX", b"\0Serial\0R77"), Category::Identifier, "ID3 TXXX text Serial", Some("R77"));
    check(&v3("PRIV", b"a@b\0\x01\x02"), Category::Identifier, "ID3 PRIV private data", Some("a@b"));
    check(&v3("UFID", b"http://x\0id77"), Category::Identifier, "ID3 UFID file identifier", Some("http://x id77"));
    check(
        &v3("GEOB", b"\0text/x\0n.txt\0why\0?"),
        Category::HiddenContent,
        "ID3 GEOB object",
        Some("text/x; n.txt; why"),
    );
    check(&v3("APIC", b"\0image/png\0\x03front\0\x89PNG"), Category::Thumbnail, "ID3 APIC picture", Some("image/png"));
    check(&v3("APIC", b"\0image/png\0\x03front\0"), Category::Comment, "ID3 APIC picture description", Some("front"));
    check(&v3("POPM", b"a@b\0\xFF\0"), Category::Person, "ID3 POPM rating", Some("a@b"));
    check(&v3("XYZW", b"?"), Category::Unknown, "ID3 further frames", Some("XYZW"));
    check(&tag(2, 0, &frame(2, "PIC", 0, b"\0JPG\x03\0?")), Category::Thumbnail, "ID3 PIC picture", Some("JPG"));
}

#[test]
fn text_is_read_in_each_encoding() {
    let v3 = |body: &[u8]| tag(3, 0, &frame(3, "TIT2", 0, body));
    for body in [
        b"\0K\xF6ln".as_slice(),
        b"\x01\xFF\xFEK\0\xF6\0l\0n\0",
        b"\x01\xFE\xFF\0K\0\xF6\0l\0n\0\0",
        b"\x02\0K\0\xF6\0l\0n",
        b"\x03K\xC3\xB6ln",
    ] {
        check(&v3(body), Category::Comment, "ID3 TIT2 title", Some("Köln"));
    }
    check(&v3(b"\x03a\0b\0"), Category::Comment, "ID3 TIT2 title", Some("a; b"));
}

#[test]
fn unsynchronised_extended_compressed_and_encrypted_frames_are_read_or_named() {
    let body = frame(3, "TXXX", 0, b"\x01\xFF\x00\xFEs\0\0\0\xFF\x00\xFEk\0\0\0");
    let unsynchronised = [b"TXXX\0\0\0\x0D\0\0".as_slice(), &body[10..]].concat();
    check(&tag(3, 0x80, &unsynchronised), Category::Comment, "ID3 TXXX text s", Some("k"));
    let extended = [b"\0\0\0\x06\0\0\0\0\0\0".as_slice(), &frame(3, "TIT2", 0, b"\0x")].concat();
    check(&tag(3, 0x40, &extended), Category::Comment, "ID3 TIT2 title", Some("x"));
    let extended = [b"\0\0\0\x06\x01\0".as_slice(), &frame(4, "TIT2", 0, b"\0x")].concat();
    check(&tag(4, 0x40, &extended), Category::Comment, "ID3 TIT2 title", Some("x"));
    let compressed = [b"\0\0\0\x0D".as_slice(), &zlib(b"\0hidden words")].concat();
    check(&tag(3, 0, &frame(3, "TIT2", 0x80, &compressed)), Category::Comment, "ID3 TIT2 title", Some("hidden words"));
    check(&tag(4, 0, &frame(4, "TIT2", 0x09, &compressed)), Category::Comment, "ID3 TIT2 title", Some("hidden words"));
    check(&tag(4, 0, &frame(4, "TIT2", 0x04, b"\x80??")), Category::Comment, "ID3 TIT2 title", Some("encrypted"));
    check(&tag(3, 0, &frame(3, "TIT2", 0x80, b"????!!!!")), Category::Comment, "ID3 TIT2 title", Some("compressed"));
}

#[test]
fn sizes_that_are_not_synchsafe_are_read() {
    let long = [b"\0".as_slice(), &[b'a'; 199]].concat();
    let frames = [frame(3, "TIT2", 0, &long), frame(3, "TPE1", 0, b"\0Kira")].concat();
    check(&tag(4, 0, &frames), Category::Person, "ID3 TPE1 artist", Some("Kira"));
}

#[test]
fn titles_of_chapters_are_read() {
    let title = frame(4, "TIT2", 0, b"\0the gate");
    let chapter = frame(4, "CHAP", 0, &[b"c1\0".as_slice(), &[0; 16], &title].concat());
    check(&tag(4, 0, &chapter), Category::Comment, "ID3 TIT2 title", Some("the gate"));
    let contents = frame(4, "CTOC", 0, &[b"toc\0\x03\x02c1\0c2\0".as_slice(), &title].concat());
    check(&tag(4, 0, &contents), Category::Comment, "ID3 TIT2 title", Some("the gate"));
}

#[test]
fn padding_that_is_not_zero_and_damage_are_told_beside_what_is_whole() {
    let padded = [frame(3, "TPE1", 0, b"\0Kira"), b"\0\0\0hidden".to_vec()].concat();
    check(&tag(3, 0, &padded), Category::HiddenContent, "ID3 padding", None);
    let cut = [frame(3, "TPE1", 0, b"\0Kira"), b"TIT2\0\0\xFF\xFF\0\0".to_vec()].concat();
    check(&tag(3, 0, &cut), Category::Person, "ID3 TPE1 artist", Some("Kira"));
    check(&tag(3, 0, &cut), Category::Unknown, "ID3 (damaged)", None);
}

#[test]
fn the_length_of_a_tag_counts_header_and_footer() {
    assert_eq!(tag_len(*b"ID3\x03\0\0\0\0\x01\x01"), Some(10 + 129));
    assert_eq!(tag_len(*b"ID3\x04\0\x10\0\0\0\x05"), Some(10 + 5 + 10));
    assert_eq!(tag_len(*b"ID3\x03\0\0\0\0\x80\x01"), None);
    assert_eq!(tag_len(*b"ID3\xFF\0\0\0\0\0\x01"), None);
    assert_eq!(tag_len(*b"3DI\x03\0\0\0\0\0\x01"), None);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), major in 2u8..5, flags in any::<u8>()) {
        assert!(!findings(&bytes).is_empty());
        assert!(!findings(&tag(major, flags, &bytes)).is_empty());
        for id in ["TIT2", "TXXX", "COMM", "APIC", "GEOB", "PRIV", "CHAP", "CTOC", "USER", "WXXX", "POPM"] {
            assert!(!findings(&tag(major, 0, &frame(major.max(3), id, flags, &bytes))).is_empty());
        }
        for id in ["TT2", "TXX", "COM", "PIC", "GEO", "UFI"] {
            assert!(!findings(&tag(2, 0, &frame(2, id, flags, &bytes))).is_empty());
        }
    }
}

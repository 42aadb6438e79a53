use super::info::{Info, OFFSETS_MAX, Totals};
use super::{Header, recognise};
use crate::clean::memory::produced;
use crate::clean::{Category, Reason, Unsupported};
use crate::limits;

/// Without and with a tag frame, clean.
const PLAIN: &[u8] = include_bytes!("../../../tests/fixtures/clean/quarter-rate.mp3");
const TAGGED: &[u8] = include_bytes!("../../../tests/fixtures/clean/constant.mp3");

fn header(bytes: &[u8]) -> Header {
    Header::read(*bytes.first_chunk().unwrap()).unwrap()
}

#[test]
fn a_clean_file_stays_as_it_is_and_gives_nothing_away() {
    for file in [PLAIN, TAGGED] {
        let (clean, findings) = produced(file).unwrap();
        assert!(clean == file);
        assert_eq!(findings, []);
    }
}

#[test]
fn every_prefix_is_refused_or_comes_out_clean() {
    for (file, step) in [(PLAIN, 1), (TAGGED, 7)] {
        for len in (0..file.len()).step_by(step) {
            if let Ok((clean, _)) = produced(&file[..len]) {
                assert!(produced(&clean).unwrap().0 == clean, "{len}");
            }
        }
    }
}

#[test]
fn every_flipped_bit_is_refused_or_comes_out_clean() {
    for (file, step) in [(PLAIN, 1), (TAGGED, 7)] {
        for at in (0..file.len()).step_by(step) {
            let mut flipped = file.to_vec();
            flipped[at] ^= 1 << (at % 8);
            if let Ok((clean, _)) = produced(&flipped) {
                assert!(produced(&clean).unwrap().0 == clean, "{at}");
            }
        }
    }
}

#[test]
fn a_file_is_told_by_its_frames_or_its_tag() {
    assert!(recognise(PLAIN));
    assert!(recognise(b"ID3\x03\0\0\0\0\0\x05?????"));
    assert!(recognise(&[&[0; 100], PLAIN].concat()));
    assert!(recognise(&[b"from within a frame".as_slice(), PLAIN].concat()));
    assert!(recognise(&PLAIN[..header(PLAIN).len()]), "a whole file of one frame");
    assert!(!recognise(&PLAIN[..header(PLAIN).len() - 1]));
    assert!(!recognise(&[b"a chance".as_slice(), &PLAIN[..2 * header(PLAIN).len()], b"and more"].concat()));
    assert!(!recognise(b"ID3 is how these words begin"));
    assert!(!recognise("\u{FEFF}слова".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>().as_slice()));
    assert!(!recognise(&[0xFF; 4096]));
}

#[test]
fn ancillary_data_are_cleared_and_told() {
    let frame_len = header(PLAIN).len();
    let (mut file, mut places) = (PLAIN.to_vec(), 0);
    // Where a clean file has zeros at the end of a frame, there may be words.
    for end in (frame_len..=file.len()).step_by(frame_len) {
        if file[end - 8..end] == [0; 8] {
            file[end - 6..end].copy_from_slice(b"KVRZ77");
            places += 1;
        }
    }
    assert!(places > 0);
    let (clean, findings) = produced(&file).unwrap();
    assert!(clean == PLAIN);
    let [finding] = findings.as_slice() else { panic!("{findings:?}") };
    assert_eq!((finding.category, finding.place.as_str()), (Category::HiddenContent, "ancillary data"));
    assert!(finding.value.as_ref().unwrap().starts_with("KVRZ77"), "{:?}", finding.value);
}

#[test]
fn delays_hold_only_for_as_many_frames_as_the_tag_counts() {
    let first = header(TAGGED);
    let info = Info::read(&TAGGED[..first.len()], first).unwrap();
    let count = u64::try_from(TAGGED.len() / first.len()).unwrap() - 1;
    let [a, b, c] = info.delays(count).unwrap();
    assert_ne!((b & 0x0F, c), (0, 0));
    assert_eq!(info.delays(count + 1), Some([a, b & 0xF0, 0]));
    // A frame less, and the clean file cuts nothing from its end.
    let (clean, _) = produced(&TAGGED[..TAGGED.len() - first.len()]).unwrap();
    let cut = Info::read(&clean[..first.len()], first).unwrap();
    assert_eq!(cut.delays(count - 1), Some([a, b & 0xF0, 0]));
}

#[test]
fn a_tag_that_counts_nothing_is_sound() {
    let first = header(TAGGED);
    let mut frame = TAGGED[..first.len()].to_vec();
    let at = frame.windows(4).position(|word| word == b"Info" || word == b"Xing").unwrap();
    frame[at + 7] = 0;
    assert_eq!(Info::read(&frame, first), None);
}

#[test]
fn offsets_for_the_table_of_contents_are_limited() {
    let first = header(PLAIN);
    for count in [OFFSETS_MAX - 1, OFFSETS_MAX, OFFSETS_MAX + 1, 5 * OFFSETS_MAX] {
        let mut totals = Totals::new(100);
        (0..count).for_each(|_| totals.add(first));
        assert!(totals.offsets_len() <= OFFSETS_MAX);
        let frame = totals.tag_frame(first.for_tag(200), 0, None);
        let at = frame.windows(4).position(|word| word == b"Info").unwrap() + 16;
        // Of frames of one length the table is a straight line.
        for entry in 0..100_u8 {
            let expected = f64::from(entry) * 2.56;
            assert!((f64::from(frame[at + usize::from(entry)]) - expected).abs() < 1.5, "{count} {entry}");
        }
    }
}

#[test]
fn what_is_no_mp3_behind_a_tag_is_refused_by_name() {
    let tag = b"ID3\x03\0\0\0\0\0\0";
    for (behind, name) in [
        (b"\xFF\xFD\x90\0????".as_slice(), "MPEG audio Layer II"),
        (b"\xFF\xFF\x90\0????", "MPEG audio Layer I"),
        (b"\xFF\xFB\x00\0????", "free-format MP3"),
    ] {
        let refusal = produced(&[tag.as_slice(), behind].concat()).unwrap_err();
        assert_eq!(refusal.reason, Reason::NotSupported(Unsupported::sound(name)));
    }
}

#[test]
fn flac_behind_a_long_tag_becomes_flac() {
    let flac = include_bytes!("../../../tests/fixtures/clean/one-frame.flac");
    let tag = [b"ID3\x03\0\0\0\x02\0\0".as_slice(), &[0; 2 << 14]].concat();
    let tag = [tag.as_slice(), &[0; 0]].concat();
    let (clean, _) = produced(&[&tag[..10 + (2 << 14)], flac].concat()).unwrap();
    assert!(clean == flac);
}

#[test]
fn gaps_between_frames_are_limited() {
    let frame = &PLAIN[..header(PLAIN).len()];
    let two = [frame, frame, b"?"].concat();
    for (count, is_accepted) in
        [(limits::SOUND_TAGS_MAX - 1, true), (limits::SOUND_TAGS_MAX, true), (limits::SOUND_TAGS_MAX + 1, false)]
    {
        assert_eq!(produced(&two.repeat(count)).is_ok(), is_accepted, "{count}");
    }
}

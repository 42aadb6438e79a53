//! Tests of what becomes of frames, and of what is none.

use super::*;
use crate::clean::Finding;
use crate::clean::memory::produced;

/// Sound that begins with a single channel element.
const SOUND: &[u8] = &[0x01, 0x40, 0x22, 0x80, 0xA3, 0x7F, 0x25];

/// A frame of AAC-LC, 44,100 Hz, one channel.
fn frame(sound: &[u8]) -> Vec<u8> {
    let len = u64::try_from(sound.len()).unwrap() + HEADER_BYTES;
    let header = Header { stream: [0, 0x50, 0x40], protected: false, len, blocks: 0 };
    [&header.written(), sound].concat()
}

fn cleaned(bytes: &[u8]) -> (Vec<u8>, Vec<Finding>) {
    let (clean, findings) = produced(bytes).unwrap();
    let (again, left) = produced(&clean).unwrap();
    assert!(again == clean && left.is_empty(), "{left:?}");
    (clean, findings)
}

#[test]
fn headers_have_one_form() {
    let plain = [frame(SOUND), frame(SOUND), frame(SOUND)].concat();
    assert_eq!(cleaned(&plain).0, plain);
    let mut marked = plain.clone();
    // Private, original, home, copyright number, fullness of the buffer.
    marked[2] |= 2;
    marked[3] |= 0x3C;
    marked[5] &= 0xE0;
    marked[6] &= 3;
    let (clean, findings) = cleaned(&marked);
    assert_eq!(clean, plain);
    assert_eq!(findings[0].category, Category::Identifier);
}

#[test]
fn checksums_are_left_out() {
    let plain = [frame(SOUND), frame(SOUND), frame(SOUND)].concat();
    let longer = frame(&[&[0xAB, 0xCD], SOUND].concat());
    let protected: Vec<u8> =
        longer.iter().enumerate().map(|(at, &byte)| if at == 1 { byte & 0xFE } else { byte }).collect();
    assert_eq!(cleaned(&protected.repeat(3)).0, plain);
    let mut blocks = protected.repeat(3);
    blocks[6] |= 1;
    assert_eq!(produced(&blocks).unwrap_err().reason, Reason::NotUnderstood);
}

#[test]
fn what_is_no_frame_goes() {
    let plain = frame(SOUND).repeat(5);
    let len = frame(SOUND).len();
    let mut tag = b"TAGat the gate".to_vec();
    tag.resize(128, 0);
    let id3 = b"ID3\x03\0\0\0\0\0\x11TPE1\0\0\0\x05\0\0\0Kira\0\0".to_vec();
    for (planted, places) in [
        ([id3.as_slice(), &plain].concat(), &["ID3 TPE1 artist"][..]),
        ([plain.as_slice(), &tag].concat(), &["ID3v1 title"]),
        ([&plain[..2 * len], b"garbage \xFF\xF1 garbage", &plain[2 * len..]].concat(), &["between frames"]),
        ([plain.as_slice(), b"behind the end"].concat(), &["behind the last frame"]),
        ([plain.as_slice(), &plain[..len - 1]].concat(), &["unfinished frame"]),
    ] {
        let (clean, findings) = cleaned(&planted);
        assert_eq!(clean, plain);
        assert_eq!(findings.iter().map(|finding| finding.place.as_str()).collect::<Vec<_>>(), places);
    }
}

#[test]
fn a_signature_in_front_of_the_sound_goes() {
    let mut bits = vec![0xDE, 0x02, 0x00];
    bits.extend(b"Lavc59.37.100");
    bits.extend([0, 0x01, 0x40, 0x22]);
    let (clean, findings) = cleaned(&[frame(&bits), frame(SOUND), frame(SOUND)].concat());
    assert!(!clean.windows(4).any(|four| four == b"Lavc"));
    assert_eq!(findings[0].value.as_deref(), Some("Lavc59.37.100"));
}

#[test]
fn prefixes_and_turned_bits_are_clean_or_refused() {
    let plain = [frame(SOUND).repeat(4), b"ID3\x04\0\0\0\0\0\x03abc".to_vec(), frame(SOUND).repeat(3)].concat();
    for len in 0..plain.len() {
        let _ = produced(&plain[..len]);
    }
    for at in 0..plain.len() * 8 {
        let mut turned = plain.clone();
        turned[at / 8] ^= 1 << (at % 8);
        if let Ok((clean, _)) = produced(&turned) {
            assert_eq!(produced(&clean).map(|(again, _)| again), Ok(clean));
        }
    }
}

#[test]
fn a_gap_has_a_limit() {
    let max = usize::try_from(limits::GAP_BYTES_MAX).unwrap();
    let plain = frame(SOUND).repeat(4);
    for (gap, is_passed) in [(max - 1, true), (max, true), (max + 1, false)] {
        let (clean, _) = cleaned(&[plain.as_slice(), &vec![0; gap], &plain].concat());
        assert_eq!(clean.len() == 2 * plain.len(), is_passed, "{gap}");
    }
}

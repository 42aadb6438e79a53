//! WebPs made chunk by chunk from a few coded pictures, cleaned as the engine does.

use super::FORMAT;
use crate::clean::memory::{produced as clean, verifies};
use crate::clean::{Category, Fate, Reason};
use crate::limits;

const LOSSY: &[u8] = include_bytes!("../../../tests/fixtures/clean/lossy.webp");
const LOSSLESS: &[u8] = include_bytes!("../../../tests/fixtures/clean/palette.webp");
const ONE_PIXEL: &[u8] = include_bytes!("../../../tests/fixtures/clean/one-pixel.webp");
const ANIMATED: &[u8] = include_bytes!("../../../tests/fixtures/clean/animated.webp");

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let pad: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
    [kind.as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), body, pad].concat()
}

fn webp(chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"RIFF", &[b"WEBP".as_slice(), &chunks.concat()].concat())
}

/// The body of the first chunk.
fn first(file: &[u8]) -> &[u8] {
    let len = u32::from_le_bytes(file[16..20].try_into().unwrap()) as usize;
    &file[20..20 + len]
}

fn verify(bytes: &[u8]) -> bool {
    verifies(&FORMAT, bytes)
}

/// Refused, or clean and the same when cleaned again.
fn check(bytes: &[u8]) {
    if let Ok((produced, _)) = clean(bytes) {
        let (again, findings) = clean(&produced).unwrap();
        assert!(again == produced && findings.iter().all(|finding| finding.fate == Fate::Remains));
    }
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    for whole in [LOSSLESS, ANIMATED] {
        // The first bytes alone could be a text.
        for len in 12..whole.len() {
            assert!(clean(&whole[..len]).is_err(), "{len}");
        }
    }
}

#[test]
fn no_flipped_bit_makes_a_panic_or_an_unstable_result() {
    for whole in [ONE_PIXEL, LOSSLESS, ANIMATED] {
        for bit in 0..whole.len().min(500) * 8 {
            let mut flipped = whole.to_vec();
            flipped[bit / 8] ^= 1 << (bit % 8);
            check(&flipped);
        }
    }
}

#[test]
fn the_verifier_accepts_no_byte_too_many_or_too_few() {
    for whole in [LOSSY, LOSSLESS, ANIMATED] {
        assert!(verify(whole));
        assert!(!verify(&[whole, &[0]].concat()));
        for len in 0..whole.len() {
            assert!(!verify(&whole[..len]), "{len}");
        }
    }
    // Two bytes more in the chunk, and the last bits of a picture not as they must be.
    for (kind, whole) in [(b"VP8 ", LOSSY), (b"VP8L", LOSSLESS)] {
        let data = first(whole);
        assert!(verify(&webp(&[chunk(kind, data)])));
        assert!(!verify(&webp(&[chunk(kind, &[data, &[0, 0]].concat())])));
    }
}

#[test]
fn an_extended_header_that_nothing_needs_goes() {
    let header = chunk(b"VP8X", &[0x0C, 0, 0, 0, 59, 0, 0, 39, 0, 0]);
    let dirty = webp(&[header, chunk(b"VP8L", first(LOSSLESS)), chunk(b"XMP ", b"<x/>"), chunk(b"zzzz", b"q")]);
    let (produced, findings) = clean(&dirty).unwrap();
    assert!(produced == LOSSLESS);
    assert!(findings.iter().any(|finding| finding.category == Category::Unknown && finding.place == "chunk zzzz"));
}

#[test]
fn a_coded_picture_has_a_largest_size() {
    let len = usize::try_from(limits::WEBP_PICTURE_BYTES_MAX).unwrap();
    for (more, expected) in [(-1_isize, true), (0, true), (1, false)] {
        let mut data = first(LOSSLESS).to_vec();
        data.resize(len.checked_add_signed(more).unwrap(), 0);
        let result = clean(&webp(&[chunk(b"VP8L", &data)]));
        assert_eq!(result.is_ok(), expected, "{more}");
        assert!(expected || result.unwrap_err().reason == Reason::TooLarge);
    }
}

#[test]
fn chunks_are_counted() {
    for (more, expected) in [(0, true), (1, false)] {
        let mut chunks = vec![chunk(b"VP8L", first(ONE_PIXEL))];
        chunks.resize(limits::CHUNKS_MAX + more, chunk(b"zzzz", b""));
        assert_eq!(clean(&webp(&chunks)).is_ok(), expected, "{more}");
    }
}

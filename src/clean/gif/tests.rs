//! GIFs made block by block, cleaned as the engine does.

use crate::clean::memory::{cut_and_flip, produced as clean};
use crate::clean::{Category, Fate, Finding, Reason, Refusal};
use crate::limits;

/// A red, a green, a blue and a black pixel, with roots of two bits: clear, 0, 1, 2, 3, end.
const CODES: [u8; 5] = [3, 0x44, 0x34, 0x05, 0];
const COLOURS: [u8; 12] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0];

fn header(width: u16, height: u16, packed: u8, background: u8) -> Vec<u8> {
    [b"GIF89a".as_slice(), &width.to_le_bytes(), &height.to_le_bytes(), &[packed, background, 0]].concat()
}

fn image(width: u16, height: u16, data: &[u8]) -> Vec<u8> {
    [b",\0\0\0\0".as_slice(), &width.to_le_bytes(), &height.to_le_bytes(), &[0, 2], data].concat()
}

fn gif(blocks: &[u8]) -> Vec<u8> {
    [header(2, 2, 0xF1, 0).as_slice(), &COLOURS, blocks, b";"].concat()
}

fn cleaned(gif: &[u8]) -> (Vec<u8>, Vec<Finding>) {
    let (bytes, findings) = clean(gif).unwrap();
    let (again, second) = clean(&bytes).unwrap();
    assert_eq!(again, bytes);
    assert!(second.iter().all(|finding| finding.fate == Fate::Remains), "{second:?}");
    (bytes, findings)
}

fn reason(gif: &[u8]) -> Reason {
    clean(gif).map(|_| ()).map_err(|Refusal { reason, .. }| reason).unwrap_err()
}

#[test]
fn a_plain_picture_stays_as_it_is() {
    let plain = gif(&image(2, 2, &CODES));
    assert_eq!(cleaned(&plain), (plain, Vec::new()));
}

#[test]
fn bytes_behind_the_codes_and_bits_beside_them_go() {
    let plain = gif(&image(2, 2, &CODES));
    let cut = [1, CODES[1], 2, CODES[2], CODES[3] | 0xF0, 2, 7, 7, 0];
    let (bytes, findings) = cleaned(&gif(&image(2, 2, &cut)));
    assert_eq!(bytes, plain);
    assert!(findings.iter().any(|finding| finding.category == Category::HiddenContent), "{findings:?}");
}

#[test]
fn data_without_an_end_code_get_one() {
    let without = [2, CODES[1], CODES[2] & 0x7F, 0];
    assert_eq!(cleaned(&gif(&image(2, 2, &without))).0.len(), gif(&image(2, 2, &CODES)).len());
}

#[test]
fn colours_that_nothing_draws_are_black_or_gone() {
    // Twice the first colour, and a table of eight.
    let codes = [2, 0b00_000_100, 0b0000_1010, 0];
    let colours = [COLOURS, *b"hidden words"].concat();
    let dirty = [header(2, 1, 0xF2, 5).as_slice(), &colours, &image(2, 1, &codes), b";"].concat();
    let expected = [header(2, 1, 0xF0, 0).as_slice(), &[255, 0, 0, 0, 0, 0], &image(2, 1, &codes), b";"].concat();
    assert_eq!(cleaned(&dirty).0, expected);
}

#[test]
fn a_ramp_of_greys_stays_one() {
    let codes = [2, 0b00_010_100, 0b0000_1010, 0];
    let ramp: Vec<u8> = (0..8).flat_map(|grey| [grey; 3]).collect();
    let dirty = [header(2, 1, 0xF2, 0).as_slice(), &ramp, &image(2, 1, &codes), b";"].concat();
    let expected = [header(2, 1, 0xF1, 0).as_slice(), &ramp[..12], &image(2, 1, &codes), b";"].concat();
    assert_eq!(cleaned(&dirty).0, expected);
}

#[test]
fn a_pixel_outside_its_table_is_refused() {
    let dirty = [header(2, 2, 0xF0, 0).as_slice(), &COLOURS[..6], &image(2, 2, &CODES), b";"].concat();
    assert_eq!(reason(&dirty), Reason::Damaged);
}

#[test]
fn pictures_have_a_limit_of_pixels() {
    // Far too few codes: what is not there is not drawn.
    let of = |width, height| [header(1, 1, 0xF1, 0).as_slice(), &COLOURS, &image(width, height, &CODES), b";"].concat();
    assert!(clean(&of(32_767, 32_768)).is_ok());
    assert!(clean(&of(32_768, 32_768)).is_ok());
    assert_eq!(reason(&of(32_769, 32_768)), Reason::TooLarge);
}

#[test]
fn extensions_and_frames_have_a_limit() {
    let max = limits::GIF_BLOCKS_MAX;
    let single = image(2, 2, &CODES);
    for (count, refused) in [(max - 1, false), (max, false), (max + 1, true)] {
        let comments = [b"!\xFE\0".repeat(count), single.clone()].concat();
        let frames = single.repeat(count);
        for blocks in [comments, frames] {
            let found = clean(&gif(&blocks)).map(|_| ()).map_err(|refusal| refusal.reason);
            assert_eq!(found, if refused { Err(Reason::TooLarge) } else { Ok(()) }, "{count}");
        }
    }
}

#[test]
fn every_prefix_and_every_flipped_bit_is_refused_or_clean() {
    let loops = b"!\xFF\x0BNETSCAPE2.0\x03\x01\x05\0\0";
    let control = b"!\xF9\x04\x05\x0A\0\x02\0";
    let frames = [control, image(2, 2, &CODES).as_slice(), control, &image(1, 1, &[2, 0x44, 1, 0])].concat();
    let whole = gif(&[loops.as_slice(), &frames].concat());
    cleaned(&whole);
    cut_and_flip(&whole);
}

//! Bitmaps made field by field, cleaned as the engine does.

use crate::clean::memory::{cut_and_flip, produced as clean};
use crate::clean::{Fate, Finding, Reason};

/// File header, a header of 40 bytes, `behind` it palette or masks, pixels.
fn bmp(size: (u32, i32), bits: u16, compression: u32, behind: &[u8], pixels: &[u8]) -> Vec<u8> {
    let offset = 54 + u32::try_from(behind.len()).unwrap();
    let len = u32::try_from(pixels.len()).unwrap();
    let info = [
        [40, size.0, size.1.cast_unsigned()].map(u32::to_le_bytes).concat(),
        [1, bits].map(u16::to_le_bytes).concat(),
        [compression, len, 0, 0, 0, 0].map(u32::to_le_bytes).concat(),
    ];
    [b"BM".as_slice(), &[offset + len, 0, offset].map(u32::to_le_bytes).concat(), &info.concat(), behind, pixels]
        .concat()
}

fn cleaned(bmp: &[u8]) -> (Vec<u8>, Vec<Finding>) {
    let (bytes, findings) = clean(bmp).unwrap();
    let (again, second) = clean(&bytes).unwrap();
    assert_eq!(again, bytes);
    assert!(second.iter().all(|finding| finding.fate == Fate::Remains), "{second:?}");
    (bytes, findings)
}

const RED_GREEN: [u8; 8] = [0, 0, 255, 0, 0, 255, 0, 0];

#[test]
fn padding_and_bits_behind_the_last_pixel_become_zero() {
    let clean = bmp((5, 2), 1, 0, &RED_GREEN, &[0b1010_1000, 0, 0, 0, 0b0101_0000, 0, 0, 0]);
    let dirty = bmp((5, 2), 1, 0, &RED_GREEN, &[0b1010_1111, 9, 9, 9, 0b0101_0000, 0, 0, 1]);
    assert_eq!(cleaned(&clean), (clean.clone(), Vec::new()));
    assert_eq!(cleaned(&dirty).0, clean);
}

#[test]
fn the_fourth_byte_of_a_pixel_becomes_zero() {
    let clean = bmp((2, 1), 32, 0, &[], &[1, 2, 3, 0, 4, 5, 6, 0]);
    assert_eq!(cleaned(&bmp((2, 1), 32, 0, &[], &[1, 2, 3, b'C', 4, 5, 6, b'N'])).0, clean);
}

#[test]
fn usual_masks_are_none_and_others_stay() {
    let masks = |masks: [u32; 3]| masks.map(u32::to_le_bytes).concat();
    let pixels = [1, 2, 3, 0];
    let usual = bmp((1, 1), 32, 3, &masks([0xFF_0000, 0xFF00, 0xFF]), &pixels);
    assert_eq!(cleaned(&usual).0, bmp((1, 1), 32, 0, &[], &pixels));
    let other = bmp((1, 1), 16, 3, &masks([0xF800, 0x07E0, 0x001F]), &[1, 2, 0, 0]);
    assert_eq!(cleaned(&other).0, other);
    for wrong in [[0xF800, 0x0FE0, 0x001F], [0xF0F0, 0x0F00, 0x000F], [0, 0x07E0, 0x001F], [0x1_F800, 0x07E0, 0x001F]] {
        let refused = clean(&bmp((1, 1), 16, 3, &masks(wrong), &[1, 2, 0, 0]));
        assert_eq!(refused.unwrap_err().reason, Reason::NotUnderstood, "{wrong:?}");
    }
}

#[test]
fn a_last_row_may_lack_its_padding() {
    let whole = bmp((1, 2), 24, 0, &[], &[1, 2, 3, 0, 4, 5, 6, 0]);
    assert_eq!(cleaned(&whole[..whole.len() - 1]).0, whole);
    assert_eq!(clean(&whole[..whole.len() - 2]).unwrap_err().reason, Reason::Truncated);
}

#[test]
fn runs_end_with_the_last_pixel() {
    let palette: Vec<u8> = (0..=255).flat_map(|grey| [grey, grey, 255, 0]).collect();
    let reduced: Vec<u8> =
        (0..=255_u8).flat_map(|grey| if grey == 5 || grey == 7 { [grey, grey, 255, 0] } else { [0; 4] }).collect();
    let clean = bmp((4, 2), 8, 1, &reduced, &[4, 5, 0, 0, 0, 4, 7, 7, 7, 7, 0, 1]);
    let dirty = bmp((4, 2), 8, 1, &palette, &[6, 5, 0, 0, 0, 5, 7, 7, 7, 7, 9, 9, 0, 0, 0, 1, b'C', b'N']);
    assert_eq!(cleaned(&dirty).0, clean);
    let beyond = bmp((4, 2), 8, 1, &palette, &[8, 5, 0, 1]);
    assert_eq!(super::super::memory::produced(&beyond).unwrap_err().reason, Reason::Damaged);
}

#[test]
fn four_bit_runs_lose_the_half_byte_that_is_not_shown() {
    let ramp: Vec<u8> = (0..16).flat_map(|grey| [grey, grey, grey, 0]).collect();
    let dirty = bmp((5, 1), 4, 2, &ramp, &[1, 0x3C, 0, 3, 0x12, 0x3C, 1, 0x4C, 0, 1]);
    let clean = bmp((5, 1), 4, 2, &ramp, &[1, 0x30, 0, 3, 0x12, 0x30, 1, 0x40, 0, 1]);
    assert_eq!(cleaned(&dirty).0, clean);
}

#[test]
fn a_picture_within_is_refused() {
    for compression in [4, 5, 7, 11] {
        let refused = clean(&bmp((1, 1), 24, compression, &[], &[0; 4]));
        assert_eq!(refused.unwrap_err().reason, Reason::NotUnderstood, "{compression}");
    }
}

#[test]
fn sides_and_pixels_have_limits() {
    let reason = |size| clean(&bmp(size, 24, 0, &[], &[0; 4])).unwrap_err().reason;
    for (size, expected) in [
        ((65_534, 1), Reason::Truncated),
        ((65_535, 1), Reason::Truncated),
        ((65_536, 1), Reason::TooLarge),
        ((1, -65_535), Reason::Truncated),
        ((1, -65_536), Reason::TooLarge),
        ((32_768, 32_768), Reason::Truncated),
        ((32_769, 32_768), Reason::TooLarge),
        ((1, i32::MIN), Reason::TooLarge),
        ((0, 1), Reason::Damaged),
        ((1, 0), Reason::Damaged),
    ] {
        assert_eq!(reason(size), expected, "{size:?}");
    }
}

#[test]
fn every_prefix_and_every_flipped_bit_is_refused_or_clean() {
    let masks = [0xF800_u32, 0x07E0, 0x001F].map(u32::to_le_bytes).concat();
    let palette: Vec<u8> = (0..16).flat_map(|grey| [grey, 9, grey, 0]).collect();
    for whole in [
        bmp((5, 2), 1, 0, &RED_GREEN, &[0b1010_1000, 0, 0, 0, 0b0101_0000, 0, 0, 0]),
        bmp((3, 1), 16, 3, &masks, &[1, 2, 3, 4, 5, 6, 0, 0]),
        bmp((5, 1), 4, 2, &palette, &[1, 0x30, 0, 3, 0x12, 0x30, 1, 0x40, 0, 1]),
    ] {
        cut_and_flip(&whole);
    }
}

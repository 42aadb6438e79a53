//! Small pictures written bit by bit: headers at their bounds, odd forms, every prefix and every flipped bit.

use super::bits::{Bits, Choice, ENUM};
use crate::clean::memory::produced;
use crate::clean::{Category, Fate, Reason};
use crate::limits;

const SIDE: Choice = [(1, 9), (1, 13), (1, 18), (1, 30)];

/// The beginning of a naked codestream of this size, up to the fields of its image.
fn sized(width: u32, height: u32) -> Bits {
    let mut bits = Bits::default();
    bits.bits(0x0AFF, 16);
    super::fields::write_size(&mut bits, width, height);
    bits
}

/// A frame as usual with one section of so many bytes.
fn frame(file: &mut Vec<u8>, len: u32) {
    let mut bits = Bits::default();
    bits.bits(1, 2);
    bits.align();
    bits.u32(&[(0, 10), (1024, 14), (17_408, 22), (4_211_712, 30)], len);
    file.extend(bits.into_bytes());
    file.extend((0..len).map(|at| u8::try_from(at % 251).unwrap()));
}

/// A picture whose fields are all as usual.
fn plain(width: u32, height: u32) -> Vec<u8> {
    let mut bits = sized(width, height);
    bits.bits(3, 2);
    let mut file = bits.into_bytes();
    frame(&mut file, 40);
    file
}

#[track_caller]
fn check(file: &[u8], reason: &Reason, part: &str) {
    let refusal = produced(file).unwrap_err();
    assert_eq!((&refusal.reason, refusal.part), (reason, part));
}

#[test]
fn a_plain_picture_stays_as_it_is() {
    for (width, height) in [(1, 1), (40, 30), (256, 256), (8, 256), (200, 100)] {
        let file = plain(width, height);
        let (clean, findings) = produced(&file).unwrap();
        assert!(clean == file, "{width} by {height}");
        assert!(findings.is_empty());
    }
}

#[test]
fn sides_and_pixels_have_bounds() {
    // Large pictures have many sections, which this one does not: then it is the size that was accepted.
    let part = |width, height| produced(&plain(width, height)).unwrap_err().part;
    let side = limits::PICTURE_SIDE_MAX;
    assert_ne!(part(side - 1, 300), "size");
    assert_ne!(part(side, 300), "size");
    assert_eq!(part(side + 1, 300), "size");
    assert_ne!(part(32_768, 32_767), "size");
    assert_ne!(part(32_768, 32_768), "size");
    assert_eq!(part(32_768, 32_769), "size");
}

#[test]
fn a_size_in_a_long_spelling_is_written_in_the_short_one() {
    let mut bits = Bits::default();
    bits.bits(0x0AFF, 16);
    bits.bool(false);
    // 8 by 8, once as 30 bits and without the ratio.
    bits.bits(3, 2);
    bits.bits(7, 30);
    bits.bits(0, 3);
    bits.u32(&SIDE, 8);
    bits.bits(3, 2);
    let mut file = bits.into_bytes();
    frame(&mut file, 40);
    assert!(produced(&file).unwrap().0 == plain(8, 8));
}

#[test]
fn extra_channels_have_a_bound_and_those_nobody_sees_are_refused() {
    let with = |count: u32, kind: Option<u32>| {
        let mut bits = sized(40, 30);
        // Not as usual, without more fields, eight bits, wide buffers.
        bits.bits(0, 6);
        bits.u32(&[(0, 0), (1, 0), (2, 4), (1, 12)], count);
        for _ in 0..count {
            bits.bool(kind.is_none());
            if let Some(kind) = kind {
                bits.u32(&ENUM, kind);
                bits.bits(0, 7);
            }
        }
        // XYB, sRGB, no extensions; nothing of its own.
        bits.bits(0b10011, 5);
        let mut file = bits.into_bytes();
        frame(&mut file, 40);
        file
    };
    let most = limits::JXL_EXTRA_CHANNELS_MAX;
    assert!(produced(&with(most - 1, None)).is_ok());
    assert!(produced(&with(most, None)).is_ok());
    check(&with(most + 1, None), &Reason::TooLarge, "number of extra channels");
    for kind in [1, 3, 5, 6, 7, 15, 16, 40] {
        check(&with(1, Some(kind)), &Reason::NotUnderstood, "extra channel that is not shown");
    }
    assert!(produced(&with(1, Some(4))).is_ok());
}

#[test]
fn frames_and_sections_have_bounds() {
    // A reference frame, again and again, before the last.
    let with = |count: usize| {
        let mut bits = sized(8, 8);
        bits.bits(3, 2);
        let mut file = bits.into_bytes();
        let mut bits = Bits::default();
        bits.bool(false);
        // Reference only, VarDCT, no flags; no enlarging, quantisation as usual; no crop; slot 0, before colours; no
        // name; restored as usual; no extensions; one section, which is empty.
        bits.bits(2, 2);
        bits.bits(0, 5);
        bits.bits(0b010_011, 6);
        bits.bits(0, 6);
        bits.bits(1, 1);
        bits.bits(0, 3);
        bits.align();
        bits.u32(&[(0, 10), (1024, 14), (17_408, 22), (4_211_712, 30)], 0);
        let one = bits.into_bytes();
        file.extend(one.repeat(count));
        frame(&mut file, 40);
        file
    };
    assert!(produced(&with(limits::JXL_FRAMES_MAX - 2)).is_ok());
    assert!(produced(&with(limits::JXL_FRAMES_MAX - 1)).is_ok());
    check(&with(limits::JXL_FRAMES_MAX), &Reason::TooLarge, "number of frames");
}

#[test]
fn layers_are_said_to_remain() {
    let mut bits = sized(40, 30);
    bits.bits(3, 2);
    let mut file = bits.into_bytes();
    let mut bits = Bits::default();
    bits.bool(false);
    // Regular, VarDCT, no flags, not enlarged, quantised as usual, one pass, no crop, replaced; not the last; slot 1,
    // after colours; no name, restored as usual, no extensions; natural order.
    bits.bits(0, 5);
    bits.bits(0, 2);
    bits.bits(0b010_011, 6);
    bits.bits(0, 5);
    bits.bits(0, 1);
    bits.bits(1, 2);
    bits.bits(0, 3);
    bits.bits(1, 1);
    bits.bits(0, 3);
    bits.align();
    bits.u32(&[(0, 10), (1024, 14), (17_408, 22), (4_211_712, 30)], 5);
    file.extend(bits.into_bytes());
    file.extend([1, 2, 3, 4, 5]);
    frame(&mut file, 40);
    let (clean, findings) = produced(&file).unwrap();
    assert!(clean == file);
    assert!(findings.iter().any(|found| found.category == Category::HiddenContent && found.fate == Fate::Remains));
}

#[test]
fn no_part_of_a_picture_is_a_picture() {
    let whole = plain(40, 30);
    for len in 0..whole.len() {
        assert!(produced(&whole[..len]).is_err(), "{len}");
    }
}

#[test]
fn flipped_bits_are_refused_or_clean_and_never_crash() {
    for file in ["dirty/parts.jxl", "dirty/profile.jxl", "dirty/groups.jxl", "clean/animated.jxl"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(file);
        #[expect(clippy::disallowed_methods, reason = "a fixture")]
        let whole = std::fs::read(path).unwrap();
        for at in 0..whole.len().min(150) {
            for bit in 0..8 {
                let mut flipped = whole.clone();
                flipped[at] ^= 1 << bit;
                if let Ok((clean, _)) = produced(&flipped) {
                    assert!(produced(&clean).unwrap().0 == clean, "{file} at {at}");
                }
            }
        }
    }
}

//! Rows of a fax, code by code.

use super::codes::{Colour, Mode, mode, run};
use super::{Bits, Compression, Shape, walk};

/// Bits as text to bytes.
fn packed(bits: &str) -> Vec<u8> {
    let bits: Vec<u8> = bits.bytes().filter(|bit| *bit != b' ').map(|bit| bit - b'0').collect();
    bits.chunks(8).map(|byte| byte.iter().zip((0..8).rev()).map(|(bit, place)| bit << place).sum()).collect()
}

fn shape(compression: Compression, width: u32, rows: u32) -> Shape {
    Shape { compression, two_dimensional: false, width, rows }
}

#[test]
fn every_run_has_one_code_and_no_code_begins_another() {
    for colour in [Colour::White, Colour::Black] {
        let mut words = 0;
        let mut runs = std::collections::BTreeMap::new();
        for bits in (0..1_u32 << 13).map(|word| word << 19) {
            if let Some((run, len)) = run(colour, bits) {
                words += 1;
                // All words that begin with a code are its own.
                *runs.entry(run).or_insert(0) += 1;
                assert_eq!(super::codes::run(colour, bits >> (32 - len) << (32 - len)), Some((run, len)));
            }
        }
        let expected: Vec<u32> = (0..64).chain((1..=40).map(|number| number * 64)).collect();
        assert_eq!(runs.keys().copied().collect::<Vec<_>>(), expected);
        assert_eq!(runs.values().sum::<i32>(), words);
    }
}

#[test]
fn modes_are_told_apart() {
    for (bits, expected) in [
        ("1", Mode::Vertical(0)),
        ("011", Mode::Vertical(1)),
        ("000010", Mode::Vertical(-2)),
        ("0000011", Mode::Vertical(3)),
        ("001", Mode::Horizontal),
        ("0001", Mode::Pass),
    ] {
        let word = u32::from_str_radix(bits, 2).unwrap() << (32 - bits.len());
        assert_eq!(mode(word), Some((expected, u32::try_from(bits.len()).unwrap())));
    }
    assert_eq!(mode(0b0000_0011_1100 << 20), None, "an extension");
}

#[test]
fn a_row_of_runs_ends_with_its_width() {
    // Two white, three black, five white; the next row is all white.
    let strip = packed("0111 10 1100 0000 10100");
    let end = walk(&strip, shape(Compression::Rle, 10, 1)).map(|end| end.kept);
    assert_eq!(end, Ok(1));
    assert!(walk(&packed("0111 10 1011"), shape(Compression::Rle, 8, 1)).is_err(), "beyond the row");
    assert!(walk(&packed("0111 10"), shape(Compression::Rle, 9, 1)).is_err(), "too short");
}

#[test]
fn rows_refer_to_the_row_before() {
    // Horizontal 2 white 3 black, then V0 to the end; the same again with V0, VR1, V0; a pass over both; EOFB.
    let codes = "001 0111 10 1  1 011 1  0001 1";
    let block = "000000000001 000000000001";
    let sound = packed(&format!("{codes} {block}"));
    let end = walk(&sound, shape(Compression::Group4, 10, 3)).unwrap();
    let kept = usize::try_from(end.kept).unwrap();
    assert_eq!([&sound[..kept], &end.tail].concat(), sound);
    // Whatever follows, the end is the same.
    let noise = walk(&packed(&format!("{codes} 1111 0101")), shape(Compression::Group4, 10, 3)).unwrap();
    assert_eq!((noise.kept, noise.tail), (end.kept, end.tail));
}

#[test]
fn changes_that_fall_together_are_none() {
    // White 0, black 3, white 0, black 2, white 5: black from 0 to 5.
    let mut row = Vec::new();
    let strip = packed("00110101 10 00110101 11 1100");
    Bits { data: &strip, at: 0 }.one_dimensional(&mut row, 10).unwrap();
    assert_eq!(row, [0, 5]);
}

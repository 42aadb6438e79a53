use super::*;
use crate::clean::font::{clean_cff, verify_cff};

const CANARY: &[u8] = b"MargotHellwig";

fn operand(number: i32) -> Operand {
    Operand::Integer(number)
}

/// A font with a canary wherever CFF has room for one.
pub(in crate::clean::font) fn font(by_cid: bool) -> Vec<u8> {
    let gap = [CANARY, CANARY].concat();
    let mut body = gap.clone();
    let start = 400;
    let mut place = |part: Vec<u8>| {
        let at = body.len().saturating_add(start);
        body.extend(part);
        body.extend(&gap);
        i32::try_from(at).unwrap()
    };
    let mut private = Vec::new();
    dict::write(&mut private, &[operand(-10), operand(10)], 6);
    dict::write(&mut private, &[operand(4711)], ESCAPE | 16);
    let subrs = private.len().saturating_add(6);
    dict::write_offsets(&mut private, &[subrs], SUBRS);
    let private_len = i32::try_from(private.len()).unwrap();
    private.extend(index::write(&[[&[139, 239, 5, 11], CANARY].concat(), CANARY.to_vec()]));
    let private = place(private);
    let glyph = [&[139, 139, 21, 32, 10, 14], CANARY].concat();
    let charstrings = place(index::write(&[vec![14], glyph.clone(), glyph]));
    let charset = place(if by_cid { vec![0, 0, 1, 0, 7] } else { vec![0, 0, 34, 1, 135] });
    let encoding = place(vec![0x80, 2, 65, 66, 1, 67, 1, 135]);
    let mut top = Vec::new();
    if by_cid {
        let mut font = Vec::new();
        dict::write(&mut font, &[operand(391)], ESCAPE | 38);
        dict::write(&mut font, &[operand(private_len), operand(private)], PRIVATE_DICT);
        let fonts = place(index::write(&[font]));
        let select = place(vec![0, 0, 0, 0]);
        dict::write(&mut top, &[operand(391), operand(391), operand(0)], ROS);
        dict::write(&mut top, &[operand(fonts)], FD_ARRAY);
        dict::write(&mut top, &[operand(select)], FD_SELECT);
    } else {
        dict::write(&mut top, &[operand(encoding)], ENCODING);
        dict::write(&mut top, &[operand(private_len), operand(private)], PRIVATE_DICT);
    }
    for notice in [0, 1, 2, 3, 4, ESCAPE, ESCAPE | 21, ESCAPE | 22] {
        dict::write(&mut top, &[operand(391)], notice);
    }
    dict::write(&mut top, &[operand(0), operand(-10), operand(500), operand(700)], 5);
    dict::write(&mut top, &[operand(4711)], 13);
    dict::write(&mut top, &[operand(charset)], CHARSET);
    dict::write(&mut top, &[operand(charstrings)], CHAR_STRINGS);
    let mut made = [&[1, 0, 17, 4], CANARY].concat();
    made.extend(index::write(&[CANARY]));
    made.extend(index::write(&[top]));
    made.extend(index::write(&[CANARY, b"alternate"]));
    made.extend(index::write(&[CANARY]));
    made.resize(start, b'M');
    made.extend(body);
    made
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn nothing_but_what_draws_is_kept() {
    for by_cid in [false, true] {
        let original = font(by_cid);
        let program = clean_cff(&original).unwrap();
        verify_cff(&program.bytes).unwrap();
        assert!(!has(&program.bytes, &CANARY[..3]) && !has(&program.bytes, b"alternate"), "{by_cid}");
        assert!(has(&program.bytes, &[139, 139, 21, 32, 10, 14]), "the glyph is there");
        assert!(has(&program.bytes, &[139, 239, 5, 11]), "the subroutine that it runs is there");
        assert_eq!(program.renamed.len(), usize::from(!by_cid));
    }
}

#[test]
fn codes_and_names_go_with_their_glyphs() {
    let program = clean_cff(&font(false)).unwrap();
    assert_eq!(program.renamed.get(CANARY).unwrap(), b"g2");
    assert!(has(&program.bytes, b"g2"));
    // Codes 65 and 66 in order, and 67 for the renamed one.
    assert!(has(&program.bytes, &[0x80, 2, 65, 66, 1, 67, 1, 135]));
}

#[test]
fn numbers_keep_their_value_in_the_shortest_form() {
    for number in [0, 107, 108, -107, -108, 1131, -1131, 1132, -1132, 32_767, -32_768, 32_768, i32::MAX, i32::MIN] {
        let mut made = Vec::new();
        dict::write(&mut made, &[operand(number)], 5);
        assert_eq!(dict::read(&made), Dict::from([(5, vec![operand(number)])]));
    }
    let real = [30, 0xE2, 0xA2, 0x5F, 5];
    assert_eq!(dict::read(&real), Dict::from([(5, vec![Operand::Real(vec![14, 2, 10, 2, 5])])]));
}

#[test]
fn subroutines_that_call_one_another_without_end_are_bounded() {
    let endless = index::write(&[[32, 29, 32, 29, 32, 29]]);
    let mut walked = Subroutines::new(index::read(&endless, 0).unwrap().items);
    let mut steps = limits::FONT_STEPS_MAX;
    let mut walk = Walk { global: &mut walked, steps: &mut steps };
    assert!(walk.glyph(&[32, 29], &mut Subroutines::new(Vec::new())).unwrap().is_none());
    *walk.steps = 1;
    assert_eq!(walk.glyph(&[32, 29], &mut Subroutines::new(Vec::new())).unwrap_err().reason, Reason::TooLarge);
}

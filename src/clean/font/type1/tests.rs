use super::*;
use crate::clean::font::{clean_type1, verify_type1};

/// Says that a place is not part of what a clean program has.
const CANARY: &str = "MargotHellwig";

/// A charstring with `lead` bytes in front and `tail` behind, encrypted.
fn coded(charstring: &[u8], tail: &[u8], key: u16) -> Vec<u8> {
    let mut cipher = Vec::new();
    let mut key = key;
    for plain in b"lead".iter().chain(charstring).chain(tail) {
        let byte = plain ^ key.to_be_bytes()[0];
        key = u16::from(byte).wrapping_add(key).wrapping_mul(52845).wrapping_add(22719);
        cipher.push(byte);
    }
    cipher
}

/// A program with a canary wherever Type 1 has room for one.
pub(in crate::clean::font) fn program() -> Vec<u8> {
    let mut private =
        b"dup /Private 9 dict dup begin /RD {string currentfile exch readstring pop} executeonly def\n".to_vec();
    private.extend(
        format!("/UniqueID 4711 def % {CANARY}\n/Notice ({CANARY}) def /BlueValues [-10 0 700 710] def\n").bytes(),
    );
    private.extend(b"/StdHW [20] def /lenIV 4 def /Subrs 3 array\n");
    let line = [139, 239, 5, 11];
    for (number, (subroutine, tail)) in
        [(&line[..], CANARY.as_bytes()), (CANARY.as_bytes(), b""), (&[11][..], b"")].into_iter().enumerate()
    {
        let cipher = coded(subroutine, tail, CHARSTRING);
        private.extend(format!("dup {number} {} RD ", cipher.len()).bytes());
        private.extend(cipher);
        private.extend(b" NP\n");
    }
    private.extend(b"ND\n2 index /CharStrings 3 dict dup begin\n");
    let glyph = [139, 248, 136, 13, 139, 139, 21, 139, 10, 9, 14];
    for name in [".notdef", "A", CANARY] {
        let cipher = coded(&glyph, CANARY.as_bytes(), CHARSTRING);
        private.extend(format!("/{name} {} RD ", cipher.len()).bytes());
        private.extend(cipher);
        private.extend(b" ND\n");
    }
    private.extend(format!("end end readonly put noaccess put mark currentfile closefile {CANARY}").bytes());
    let mut made = format!(
        "%!PS-AdobeFont-1.0: {CANARY} 1.0\n%%CreationDate: {CANARY}\n11 dict begin /FontInfo 3 dict dup begin /Notice \
         ({CANARY}) def /{CANARY} 3 def end def /FontName /{CANARY} def /FontMatrix [0.001 0 0 0.001 0 0] readonly def \
         /Encoding 256 array 0 1 255 {{1 index exch /.notdef put}} for dup 65 /A put dup 8#102 /{CANARY} put readonly \
         def /FontBBox {{0 -10 500 700}} def /XUID [47 11] def currentdict end currentfile eexec\n"
    )
    .into_bytes();
    made.extend(coded(&private, b"", EEXEC));
    made.extend(format!("\n{:0512}\ncleartomark {CANARY}", 0).bytes());
    made
}

/// Everything in a clean program, with what is encrypted in the clear.
fn laid_open(program: &Program) -> Vec<u8> {
    let (clear, rest) = program.bytes.split_at(program.lengths[0]);
    let mut all = clear.to_vec();
    let private = crypt::decrypted(&rest[..program.lengths[1]], EEXEC);
    let parsed = parse::parse(&program.bytes).unwrap();
    all.extend(private);
    all.extend(parsed.glyphs.into_iter().flat_map(|(name, charstring)| [name, charstring]).flatten());
    all.extend(parsed.subroutines.into_values().flatten());
    all.extend(&rest[program.lengths[1]..]);
    all
}

#[test]
fn nothing_but_what_draws_is_kept() {
    let program = clean_type1(&program()).unwrap();
    verify_type1(&program.bytes).unwrap();
    let all = laid_open(&program);
    for canary in [CANARY, "4711", "47 11", "lead", "Notice"] {
        assert!(!all.windows(canary.len()).any(|window| window == canary.as_bytes()), "{canary}");
    }
    assert_eq!(program.renamed.get(CANARY.as_bytes()).map(Vec::as_slice), Some(b"g2".as_slice()));
    let parsed = parse::parse(&program.bytes).unwrap();
    let codes = BTreeMap::from([(65, b"A".to_vec()), (66, b"g2".to_vec())]);
    assert_eq!(parsed.encoding, Encoding::Custom(codes));
    assert_eq!(parsed.subroutines.get(&0).unwrap(), &[139, 239, 5, 11]);
    assert_eq!(parsed.subroutines.get(&1).unwrap(), &[11]);
}

#[test]
fn segments_and_hexadecimal_digits_are_read_as_bytes_are() {
    let original = program();
    let expected = clean_type1(&original).unwrap();
    let at = original.windows(6).position(|window| window == b"eexec\n").unwrap() + 6;
    let (clear, rest) = original.split_at(at);
    let line = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>() + "\n";
    let hex: String = rest[..rest.len() - 540].chunks(32).map(line).collect();
    assert_eq!(clean_type1(&[clear, hex.as_bytes()].concat()).unwrap(), expected);
    let segment = |kind: u8, data: &[u8]| {
        let len = u32::try_from(data.len()).unwrap().to_le_bytes();
        [&[0x80, kind][..], &len, data].concat()
    };
    let pfb = [segment(1, clear), segment(2, rest), vec![0x80, 3]].concat();
    assert_eq!(clean_type1(&pfb).unwrap(), expected);
}

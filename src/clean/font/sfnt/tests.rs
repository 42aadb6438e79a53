use super::*;
use crate::clean::font::{clean_sfnt, verify_sfnt};

const CANARY: &[u8] = b"MargotHellwig";

fn shorts(numbers: &[u16]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// A triangle, with two bytes of instructions.
fn triangle() -> Vec<u8> {
    let mut glyph = shorts(&[1, 0, 0, 100, 100, 2, 2]);
    glyph.extend([0xB0, 0x00, 0x37, 0x37, 0x37, 0, 100, 50, 0, 0, 100]);
    glyph
}

/// A font with a canary wherever TrueType has room for one.
pub(in crate::clean::font) fn font() -> Vec<u8> {
    let mut glyf = CANARY.to_vec();
    glyf.push(0);
    let mut offsets = vec![glyf.len()];
    for glyph in [triangle(), Vec::new(), [shorts(&[0xFFFF, 0, 0, 1, 1, 0xE002, 0]), vec![0, 0]].concat()] {
        if !glyph.is_empty() {
            glyf.extend(glyph);
            glyf.extend(CANARY);
            glyf.resize(glyf.len().next_multiple_of(2), 0);
        }
        offsets.push(glyf.len());
    }
    glyf.extend(CANARY);
    let loca = offsets.iter().flat_map(|offset| u16::try_from(offset / 2).unwrap().to_be_bytes()).collect();
    let mut head = shorts(&[1, 0, 0x4D61, 0x7267, 0, 0]);
    head.extend(MAGIC);
    head.extend(shorts(&[0, 1000]));
    head.extend(b"Margot!!Hellwig!");
    head.extend(shorts(&[0, 0, 100, 100, 0, 8, 2, 0, 0]));
    let mut hhea = shorts(&[1, 0, 800, 200, 0, 500, 0, 0, 500, 1, 0, 0]);
    hhea.extend(b"Margot!!");
    hhea.extend(shorts(&[0x4D4D, 2]));
    let mut maxp = shorts(&[1, 0, 3, 3, 1]);
    maxp.resize(32, 0);
    maxp.extend(CANARY);
    let mut cmap = shorts(&[0, 2, 1, 0, 0, 20, 3, 1, 0, 300]);
    cmap.extend(shorts(&[6, 12, 0, 65, 2, 1, 2]));
    cmap.resize(300, b'M');
    cmap.extend(shorts(&[4, 40, 0x4D61, 4, 0, 0, 0, 66, 0xFFFF, 0, 65, 0xFFFF, 0, 1, 4, 0, 1, 2, 0x4D61]));
    let mut post = shorts(&[2, 0, 0, 0, 0, 0, 0, 0]);
    post.extend(b"Margot!!Hellwig!");
    post.extend(shorts(&[3, 0, 258, 36]));
    post.push(13);
    post.extend(CANARY);
    let mut tables = BTreeMap::from([
        (*b"cmap", cmap),
        (*b"glyf", glyf),
        (*b"head", head),
        (*b"hhea", hhea),
        (*b"hmtx", [shorts(&[500, 0, 400, 0, 7]), CANARY.to_vec()].concat()),
        (*b"loca", loca),
        (*b"maxp", maxp),
        (*b"post", post),
        (*b"cvt ", vec![0, 1, b'M']),
    ]);
    for unknown in [b"name", b"OS/2", b"DSIG", b"mrgt", b"meta", b"FFTM"] {
        tables.insert(*unknown, CANARY.to_vec());
    }
    let mut made = assembled(&tables, false);
    made.extend(CANARY);
    made
}

#[test]
fn nothing_but_what_draws_is_kept() {
    let program = clean_sfnt(&font()).unwrap();
    verify_sfnt(&program.bytes).unwrap();
    for canary in [b"Marg".as_slice(), b"Hell", b"gotH"] {
        assert!(!program.bytes.windows(canary.len()).any(|window| window == canary));
    }
    assert_eq!(program.renamed.get(CANARY).unwrap(), b"g1");
    let tables = Tables::read(&program.bytes).unwrap();
    let tags: Vec<_> = tables.entries.keys().map(|tag| std::str::from_utf8(tag).unwrap()).collect();
    assert_eq!(tags, ["cmap", "cvt ", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "post"]);
    let glyf = tables.table(b"glyf").unwrap();
    assert_eq!(&glyf[..triangle().len()], triangle());
    assert_eq!(tables.table(b"hmtx").unwrap(), shorts(&[500, 0, 400, 0, 7]));
}

#[test]
fn codes_keep_their_glyphs() {
    let program = clean_sfnt(&font()).unwrap();
    let cmap = Tables::read(&program.bytes).unwrap().table(b"cmap").unwrap().to_vec();
    // Macintosh: format 0, `A` and `B`; Windows: one segment with a difference.
    assert_eq!(short_at(&cmap, 20), Some(0));
    assert_eq!(&cmap[26 + 65..26 + 67], [1, 2]);
    assert_eq!(&cmap[20 + 262..], shorts(&[4, 32, 0, 4, 4, 1, 0, 66, 0xFFFF, 0, 65, 0xFFFF, 0xFFC0, 1, 0, 0]));
}

#[test]
fn a_whole_font_of_thousands_of_glyphs_is_cleaned() {
    let original = dejavu::sans::regular();
    let program = clean_sfnt(original).unwrap();
    verify_sfnt(&program.bytes).unwrap();
    assert!(program.bytes.len() * 2 > original.len(), "its glyphs are there");
    assert!(!program.bytes.windows(9).any(|window| window == b"Bitstream"));
}

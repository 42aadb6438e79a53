//! PNGs made chunk by chunk, cleaned as the engine does, and looked at chunk by chunk.

use super::{FORMAT, SIGNATURE};
use crate::clean::memory::{produced as clean, verifies, zlib};
use crate::clean::metadata::exif;
use crate::clean::{Category, Fate, Finding, Reason};
use crate::limits;

const MARK: &[u8] = b"XCANARYX";

/// Cleans, checks that cleaning again changes nothing, and returns the chunks and the findings.
fn cleaned(png: &[u8]) -> (Vec<Chunk>, Vec<Finding>) {
    let (bytes, findings) = clean(png).unwrap();
    let (again, second) = clean(&bytes).unwrap();
    assert_eq!(again, bytes);
    assert!(second.iter().all(|finding| finding.fate == Fate::Remains), "{second:?}");
    (chunks(&bytes), findings)
}

fn reason(png: &[u8]) -> Reason {
    clean(png).unwrap_err().reason
}

type Chunk = ([u8; 4], Vec<u8>);

type Change<'a> = &'a dyn Fn(&mut Vec<Chunk>);

fn chunks(mut png: &[u8]) -> Vec<Chunk> {
    png = png.strip_prefix(&SIGNATURE).unwrap();
    let mut list = Vec::new();
    while !png.is_empty() {
        let len = u32::from_be_bytes(png[..4].try_into().unwrap()) as usize;
        list.push((png[4..8].try_into().unwrap(), png[8..8 + len].to_vec()));
        png = &png[12 + len..];
    }
    list
}

fn kinds(chunks: &[Chunk]) -> Vec<String> {
    chunks.iter().map(|(kind, _)| String::from_utf8(kind.to_vec()).unwrap()).collect()
}

fn data_of(chunks: &[Chunk], kind: &[u8; 4]) -> Vec<u8> {
    chunks.iter().filter(|chunk| chunk.0 == *kind).flat_map(|chunk| chunk.1.clone()).collect()
}

fn png(chunks: &[Chunk]) -> Vec<u8> {
    let mut bytes = SIGNATURE.to_vec();
    for (kind, data) in chunks {
        bytes.extend_from_slice(&(data.len() as u32).to_be_bytes());
        bytes.extend_from_slice(kind);
        bytes.extend_from_slice(data);
        bytes.extend_from_slice(&crc32fast::hash(&[kind.as_slice(), data].concat()).to_be_bytes());
    }
    bytes
}

fn ihdr(width: u32, height: u32, depth: u8, colour: u8, interlace: u8) -> Chunk {
    let size = [width, height].map(u32::to_be_bytes).concat();
    (*b"IHDR", [size, vec![depth, colour, 0, 0, interlace]].concat())
}

fn idat(scanlines: &[u8]) -> Chunk {
    (*b"IDAT", zlib(scanlines))
}

fn iend() -> Chunk {
    (*b"IEND", Vec::new())
}

/// A picture of 2 by 2 RGB pixels with `extra` before IDAT.
fn rgb(extra: &[Chunk]) -> Vec<Chunk> {
    let scanlines = [0, 1, 2, 3, 4, 5, 6, 0, 7, 8, 9, 10, 11, 12];
    [&[ihdr(2, 2, 8, 2, 0)], extra, &[idat(&scanlines), iend()]].concat()
}

/// A picture of 4 by 1 pixels of a palette at depth 8, using entries 0 and 2.
fn indexed(palette: &[u8], extra: &[Chunk]) -> Vec<Chunk> {
    let plte = (*b"PLTE", palette.to_vec());
    [&[ihdr(4, 1, 8, 3, 0), plte], extra, &[idat(&[1, 0, 2, 0, 254]), iend()]].concat()
}

fn fctl(sequence: u32, width: u32, height: u32, delay: [u8; 4]) -> Chunk {
    let words = [sequence, width, height, 0, 0].map(u32::to_be_bytes).concat();
    (*b"fcTL", [words, delay.to_vec(), vec![0, 0]].concat())
}

/// Two frames of 2 by 2 and 1 by 1 RGB pixels; the first in IDAT.
fn animation() -> Vec<Chunk> {
    let actl = (*b"acTL", [2_u32, 7].map(u32::to_be_bytes).concat());
    let mut chunks = rgb(&[actl, fctl(0, 2, 2, [0, 10, 0, 100])]);
    let fdat = (*b"fdAT", [&2_u32.to_be_bytes(), zlib(&[0, 1, 2, 3]).as_slice()].concat());
    chunks.splice(4..4, [fctl(1, 1, 1, [0, 1, 0, 25]), fdat]);
    chunks
}

fn contains_mark(chunks: &[Chunk]) -> bool {
    png(chunks).windows(4).any(|window| window == &MARK[..4])
}

#[test]
fn a_plain_picture_stays_as_it_is_to_the_byte() {
    let plain = png(&rgb(&[(*b"gAMA", 45_455_u32.to_be_bytes().to_vec())]));
    let (bytes, findings) = clean(&plain).unwrap();
    assert_eq!((bytes, findings), (plain, Vec::new()));
}

#[test]
fn every_chunk_that_is_not_listed_goes_wherever_it_stands() {
    let known = [b"tEXt", b"zTXt", b"iTXt", b"tIME", b"pHYs", b"sBIT", b"bKGD", b"hIST", b"sPLT", b"eXIf", b"caBX"];
    let invented = [b"iDOT", b"orNT", b"vpAg", b"prVt", b"abCd", b"zzzz", b"mDCV", b"dSIG", b"fcTL", b"fdAT"];
    for kind in known.into_iter().chain(invented) {
        for base in [rgb(&[]), indexed(&[9; 9], &[])] {
            for at in 1..base.len() {
                let mut dirty = base.clone();
                // 26 bytes, since an fcTL of another length is damaged.
                dirty.insert(at, (*kind, [MARK, MARK, MARK, b"ab"].concat()));
                let (clean, findings) = cleaned(&png(&dirty));
                assert!(!contains_mark(&clean), "{kind:?} at {at}");
                // What the readers of metadata blocks find is theirs.
                assert!(*kind == *b"eXIf" || !findings.is_empty(), "{kind:?} at {at}");
            }
        }
    }
}

#[test]
fn text_is_told_by_its_keyword_and_with_its_value() {
    let packed = [b"Software\0\0".as_slice(), &zlib(b"Paint 1.0")].concat();
    let dirty = rgb(&[
        (*b"tEXt", b"Author\0Ivan".to_vec()),
        (*b"zTXt", packed),
        (*b"iTXt", [b"Creation Time\0\0\0ru\0\0".as_slice(), "утро".as_bytes()].concat()),
        (*b"tIME", vec![7, 230, 2, 24, 4, 5, 6]),
    ]);
    let (_, findings) = cleaned(&png(&dirty));
    let told: Vec<_> = findings.iter().map(|finding| (finding.category, finding.value.as_deref().unwrap())).collect();
    assert_eq!(
        told,
        [
            (Category::Person, "Ivan"),
            (Category::Software, "Paint 1.0"),
            (Category::Time, "утро"),
            (Category::Time, "2022-02-24 04:05:06"),
        ]
    );
}

#[test]
fn bytes_after_the_zlib_stream_and_after_the_end_are_hidden_content() {
    let mut slack = rgb(&[]);
    slack[1].1.extend_from_slice(MARK);
    slack.insert(2, (*b"IDAT", MARK.to_vec()));
    slack.last_mut().unwrap().1.extend_from_slice(MARK);
    let (clean, findings) = cleaned(&[png(&slack), MARK.to_vec()].concat());
    assert_eq!(clean, rgb(&[]));
    let places: Vec<_> = findings.iter().map(|finding| (finding.category, finding.place.as_str())).collect();
    let hidden = Category::HiddenContent;
    assert_eq!(places, [(hidden, "IDAT after the picture"), (hidden, "IEND"), (hidden, "after IEND")]);
}

#[test]
fn image_data_is_cut_into_chunks_of_one_size_whatever_it_was_before() {
    let size = usize::try_from(limits::PNG_CHUNK_BYTES).unwrap();
    // Noise, which deflate does not shrink: 300 lines of 300 grey pixels.
    let mut state = 1_u32;
    let noise: Vec<u8> = (0..300 * 301)
        .map(|i| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            if i % 301 == 0 { 0 } else { (state >> 24) as u8 }
        })
        .collect();
    let data = zlib(&noise);
    assert!(data.len() > size);
    for piece in [1, 7, 8192, size - 1, size, size + 1, data.len()] {
        let mut dirty = vec![ihdr(300, 300, 8, 0, 0)];
        dirty.extend(data.chunks(piece).map(|part| (*b"IDAT", part.to_vec())));
        dirty.extend([(*b"IDAT", Vec::new()), iend()]);
        let (clean, _) = cleaned(&png(&dirty));
        let sizes: Vec<_> = clean.iter().filter(|chunk| &chunk.0 == b"IDAT").map(|chunk| chunk.1.len()).collect();
        assert_eq!(sizes, [size, data.len() - size], "pieces of {piece}");
        assert_eq!(data_of(&clean, b"IDAT"), data);
    }
}

#[test]
fn palette_entries_that_no_pixel_uses_are_blanked_and_cut() {
    let mut palette = vec![10, 10, 10, 66, 67, 68, 30, 30, 30];
    palette.extend_from_slice(&[MARK, b"."].concat());
    let trns = (*b"tRNS", vec![255, 77, 128, 88]);
    let (clean, findings) = cleaned(&png(&indexed(&palette, &[trns])));
    assert_eq!(data_of(&clean, b"PLTE"), [10, 10, 10, 0, 0, 0, 30, 30, 30]);
    assert_eq!(data_of(&clean, b"tRNS"), [255, 255, 128]);
    assert_eq!(findings[0].place, "unused palette entries");
}

#[test]
fn a_palette_index_beyond_the_palette_is_damage() {
    assert_eq!(reason(&png(&indexed(&[1; 6], &[]))), Reason::Damaged);
}

#[test]
fn samples_of_all_depths_are_told_apart_and_padding_is_no_sample() {
    // 3 pixels wide: at depth 1, 2 and 4 the last byte has padding, here all ones.
    for (depth, line) in [(1, vec![0b0101_1111]), (2, vec![0b0001_0011]), (4, vec![0x01, 0x0F])] {
        let count = 1 << depth;
        let palette = (*b"PLTE", (1..=count).flat_map(|entry| [entry as u8; 3]).collect());
        let scanlines = [vec![0], line].concat();
        let picture = [ihdr(3, 1, depth, 3, 0), palette, idat(&scanlines), iend()];
        let (clean, _) = cleaned(&png(&picture));
        assert_eq!(data_of(&clean, b"PLTE"), [1, 1, 1, 2, 2, 2], "depth {depth}");
    }
}

#[test]
fn interlaced_pictures_have_their_own_number_of_scanlines() {
    // 3 by 3 at 8 bits: passes of 1x1, (none), (none), 1x1, 2x1, 1x2 and 3x1.
    let scanlines = [0, 1, 0, 2, 0, 3, 4, 0, 5, 0, 6, 0, 7, 8, 9];
    let picture = |scanlines: &[u8]| png(&[ihdr(3, 3, 8, 0, 1), idat(scanlines), iend()]);
    assert!(clean(&picture(&scanlines)).is_ok());
    assert_eq!(reason(&picture(&scanlines[..14])), Reason::Damaged);
    assert_eq!(reason(&picture(&[scanlines.as_slice(), &[0]].concat())), Reason::Damaged);
}

#[test]
fn too_many_or_too_few_scanlines_or_an_unknown_filter_are_damage() {
    let picture = |scanlines: &[u8]| png(&[ihdr(1, 2, 8, 0, 0), idat(scanlines), iend()]);
    assert!(clean(&picture(&[0, 1, 4, 2])).is_ok());
    for scanlines in [[0, 1, 4].as_slice(), &[0, 1, 4, 2, 0], &[0, 1, 5, 2], &[]] {
        assert_eq!(reason(&picture(scanlines)), Reason::Damaged, "{scanlines:?}");
    }
}

#[test]
fn a_wrong_adler_is_damage() {
    let mut picture = rgb(&[]);
    *picture[1].1.last_mut().unwrap() ^= 1;
    assert_eq!(reason(&png(&picture)), Reason::Damaged);
}

#[test]
fn a_file_cut_anywhere_is_truncated() {
    for whole in [png(&rgb(&[])), png(&animation())] {
        for len in SIGNATURE.len()..whole.len() {
            assert_eq!(reason(&whole[..len]), Reason::Truncated, "at {len}");
        }
    }
}

#[test]
fn no_flipped_bit_makes_a_panic_or_another_picture() {
    for whole in [png(&rgb(&[])), png(&animation()), png(&indexed(&[9, 9, 9, 8, 8, 8, 7, 7, 7], &[]))] {
        for bit in 0..whole.len() * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            // A flip in the type of acTL makes it an unknown chunk with a wrong CRC, and the file no animation.
            let is_still = |bytes: &[u8]| kinds(&chunks(bytes)) == ["IHDR", "IDAT", "IEND"];
            assert!(clean(&flipped).map_or(true, |(bytes, _)| is_still(&bytes)), "bit {bit}");
        }
    }
}

#[test]
fn a_transparent_colour_stays_only_where_a_pixel_has_it() {
    let key = |bytes: [u8; 6]| png(&rgb(&[(*b"tRNS", bytes.to_vec())]));
    let (clean, findings) = cleaned(&key([0, 4, 0, 5, 0, 6]));
    assert_eq!((data_of(&clean, b"tRNS"), findings.len()), (vec![0, 4, 0, 5, 0, 6], 0));
    let (clean, findings) = cleaned(&key(*b"X4\0\x05\0\x06"));
    assert_eq!((data_of(&clean, b"tRNS").len(), findings.len()), (0, 2));
    let (clean, _) = cleaned(&key(*b"X\x04\0\x05\0\x06"));
    assert_eq!(data_of(&clean, b"tRNS"), [0, 4, 0, 5, 0, 6]);
}

#[test]
fn colour_values_stay_where_they_are_plausible_and_lose_their_last_digits() {
    let words = |values: &[u32]| values.iter().flat_map(|value| value.to_be_bytes()).collect::<Vec<u8>>();
    let chrm = [31_269, 32_899, 63_999, 33_001, 30_000, 60_000, 15_000, 5_999];
    let extra =
        [(*b"gAMA", words(&[45_454])), (*b"cHRM", words(&chrm)), (*b"sRGB", vec![1]), (*b"cICP", vec![9, 16, 0, 1])];
    let (clean, findings) = cleaned(&png(&rgb(&extra)));
    assert_eq!(kinds(&clean), ["IHDR", "cICP", "sRGB", "gAMA", "cHRM", "IDAT", "IEND"]);
    assert_eq!(data_of(&clean, b"gAMA"), words(&[45_455]));
    assert_eq!(data_of(&clean, b"cHRM"), words(&[31_270, 32_900, 64_000, 33_000, 30_000, 60_000, 15_000, 6_000]));
    assert_eq!(findings, []);

    let marks =
        [(*b"gAMA", MARK[..4].to_vec()), (*b"cHRM", MARK.repeat(4)), (*b"sRGB", vec![4]), (*b"cICP", vec![1, 1, 1, 1])];
    let (clean, findings) = cleaned(&png(&rgb(&marks)));
    assert_eq!((kinds(&clean).len(), findings.len()), (3, 4));
}

#[test]
fn the_smallest_and_largest_gamma_have_edges() {
    for (gamma, stays) in [(9_999_u32, false), (10_000, true), (10_001, true), (1_000_000, true), (1_000_001, false)] {
        let (clean, _) = cleaned(&png(&rgb(&[(*b"gAMA", gamma.to_be_bytes().to_vec())])));
        assert_eq!(clean.len() == 4, stays, "{gamma}");
    }
}

#[test]
fn an_animation_is_numbered_anew_and_keeps_its_frames_and_delays() {
    let (clean, findings) = cleaned(&png(&animation()));
    assert_eq!(kinds(&clean), ["IHDR", "acTL", "fcTL", "IDAT", "fcTL", "fdAT", "IEND"]);
    assert_eq!(clean[2].1[20..24], [0, 1, 0, 10]);
    assert_eq!(clean[5], animation()[5]);
    assert_eq!(findings, []);
}

#[test]
fn an_animation_that_contradicts_itself_is_damage() {
    let broken = |change: Change| {
        let mut chunks = animation();
        change(&mut chunks);
        reason(&png(&chunks))
    };
    let changes: [Change; 7] = [
        &|chunks| chunks[1].1[3] = 3,      // more frames than there are
        &|chunks| chunks[4].1[3] = 2,      // sequence numbers out of order
        &|chunks| chunks[5].1[3] = 1,      // the same, in fdAT
        &|chunks| chunks[4].1[7] = 3,      // wider than the canvas
        &|chunks| chunks[4].1[24] = 3,     // no such disposal
        &|chunks| chunks[5].1.truncate(5), // no picture
        &|chunks| chunks[2].1[7] = 1,      // the frame in IDAT is not all of it
    ];
    for (index, change) in changes.iter().enumerate() {
        assert_eq!(broken(change), Reason::Damaged, "change {index}");
    }
}

#[test]
fn plays_beyond_the_limit_are_forever_and_delays_are_told_to_the_millisecond() {
    let plays = |count: u32| {
        let mut chunks = animation();
        chunks[1].1[4..].copy_from_slice(&count.to_be_bytes());
        u32::from_be_bytes(data_of(&cleaned(&png(&chunks)).0, b"acTL")[4..].try_into().unwrap())
    };
    let most = limits::PNG_PLAYS_MAX;
    assert_eq!([plays(most - 1), plays(most), plays(most + 1)], [most - 1, most, 0]);

    let delay = |numerator: u16, denominator: u16| {
        let mut chunks = animation();
        chunks[2].1[20..24].copy_from_slice([numerator, denominator].map(u16::to_be_bytes).as_flattened());
        let fctl = cleaned(&png(&chunks)).0[2].1.clone();
        [u16::from_be_bytes([fctl[20], fctl[21]]), u16::from_be_bytes([fctl[22], fctl[23]])]
    };
    let most = limits::PNG_DELAY_PARTS_MAX;
    assert_eq!(delay(1, most - 1), [1, most - 1]);
    assert_eq!(delay(3, most), [3, most]);
    assert_eq!(delay(3, most + 1), [3, most]);
    assert_eq!(delay(0, 5), [0, 1]);
    assert_eq!(delay(10, 0), [1, 10]);
}

#[test]
fn order_and_number_of_critical_chunks_are_insisted_on() {
    let plain = rgb(&[]);
    let mut twice = plain.clone();
    twice.insert(1, plain[0].clone());
    let mut apart = plain.clone();
    apart.splice(2..2, [(*b"tEXt", b"a\0b".to_vec()), plain[1].clone()]);
    let without_image = [plain[0].clone(), iend()];
    let without_palette = [ihdr(1, 1, 8, 3, 0), idat(&[0, 0]), iend()];
    for (name, chunks) in [
        ("IHDR twice", twice.as_slice()),
        ("IDAT apart", &apart),
        ("IDAT missing", &without_image),
        ("PLTE missing", &without_palette),
        ("IHDR missing", &plain[1..]),
    ] {
        let refusal = clean(&png(chunks)).unwrap_err();
        assert_eq!((refusal.reason, refusal.part), (Reason::Damaged, name));
    }
}

#[test]
fn unknown_critical_chunks_and_apples_variant_are_not_understood() {
    assert_eq!(reason(&png(&rgb(&[(*b"ABCD", MARK.to_vec())]))), Reason::NotUnderstood);
    let apple = [vec![(*b"CgBI", vec![0; 4])], rgb(&[])].concat();
    assert_eq!(reason(&png(&apple)), Reason::NotUnderstood);
}

#[test]
fn a_wrong_crc_drops_an_ancillary_chunk_and_damages_a_critical_one() {
    let mut ancillary = png(&rgb(&[(*b"gAMA", 45_455_u32.to_be_bytes().to_vec())]));
    ancillary[33 + 12] ^= 1;
    assert_eq!(kinds(&cleaned(&ancillary).0), ["IHDR", "IDAT", "IEND"]);
    let mut critical = png(&rgb(&[]));
    critical[29] ^= 1;
    assert_eq!(reason(&critical), Reason::Damaged);
}

#[test]
fn a_picture_of_the_largest_side_is_walked_and_one_more_is_refused() {
    let line = |width: u32| {
        let scanline = vec![0; 1 + width.div_ceil(8) as usize];
        png(&[ihdr(width, 1, 1, 0, 0), idat(&scanline), iend()])
    };
    let side = limits::PICTURE_SIDE_MAX;
    assert!(clean(&line(side - 1)).is_ok());
    assert!(clean(&line(side)).is_ok());
    assert_eq!(reason(&line(side + 1)), Reason::TooLarge);
}

#[test]
fn a_zlib_bomb_in_a_text_does_not_grow_beyond_the_budget() {
    let bomb = [b"Comment\0\0".as_slice(), &zlib(&vec![b'a'; limits::METADATA_BYTES_MAX + 1])].concat();
    let mut budget = limits::METADATA_BYTES_MAX;
    let findings = super::text::findings(*b"zTXt", &bomb, &mut budget).into_vec();
    assert_eq!((budget, findings.len()), (0, 1));
    // Nothing is left for another.
    let findings = super::text::findings(*b"zTXt", &bomb, &mut budget).into_vec();
    assert_eq!(findings[0].value, None);
}

fn verify(bytes: &[u8]) -> bool {
    verifies(&FORMAT, bytes)
}

#[test]
fn the_verifier_accepts_only_canonical_values() {
    let word = |value: u32| value.to_be_bytes().to_vec();
    assert!(verify(&png(&rgb(&[]))));
    assert!(verify(&png(&rgb(&[(*b"eXIf", exif::canonical(6).to_vec())]))));
    for extra in [
        (*b"tEXt", b"a\0b".to_vec()),
        (*b"eXIf", exif::canonical(1).to_vec()),
        (*b"eXIf", [exif::canonical(6).as_slice(), &[0]].concat()),
        (*b"gAMA", word(45_454)),
        (*b"gAMA", word(500)),
        (*b"sRGB", vec![4]),
        (*b"cICP", vec![1, 1, 1, 0]),
        (*b"iCCP", [b"icc\0\0".as_slice(), &zlib(MARK)].concat()),
        (*b"PLTE", vec![0; 3]),
        (*b"tRNS", vec![0, 1, 0, 1, 0, 1]),
        (*b"fcTL", vec![0; 26]),
        (*b"ABCD", Vec::new()),
    ] {
        assert!(!verify(&png(&rgb(std::slice::from_ref(&extra)))), "{extra:?}");
    }
}

#[test]
fn the_verifier_accepts_no_byte_too_many_or_too_few() {
    let clean = clean(&png(&animation())).unwrap().0;
    assert!(verify(&clean));
    assert!(!verify(&[clean.as_slice(), &[0]].concat()));
    for len in 0..clean.len() {
        assert!(!verify(&clean[..len]), "cut at {len}");
    }
    let mut slack = rgb(&[]);
    slack[1].1.push(0);
    assert!(!verify(&png(&slack)));
    let mut split = rgb(&[]);
    let tail = split[1].1.split_off(3);
    split.insert(2, (*b"IDAT", tail));
    assert!(!verify(&png(&split)), "a chunk that is not full before another");
}

#[test]
fn the_verifier_accepts_only_palette_entries_that_are_used_or_blank() {
    assert!(verify(&png(&indexed(&[9, 9, 9, 0, 0, 0, 7, 7, 7], &[]))));
    for palette in [[9, 9, 9, 0, 1, 0, 7, 7, 7].as_slice(), &[9, 9, 9, 0, 0, 0, 7, 7, 7, 0, 0, 0], &[9; 6]] {
        assert!(!verify(&png(&indexed(palette, &[]))), "{palette:?}");
    }
    for alphas in [vec![1, 0, 3], vec![1, 255], vec![1, 255, 3, 4], Vec::new()] {
        let trns = (*b"tRNS", alphas.clone());
        assert!(!verify(&png(&indexed(&[9, 9, 9, 0, 0, 0, 7, 7, 7], &[trns]))), "{alphas:?}");
    }
}

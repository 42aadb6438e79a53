//! Files made box by box and fixtures, cleaned as the engine does; the verifier against what is nearly right.

use super::write::boxed;
use super::{AVIF, HEIC, HEIF, verify};
use crate::clean::memory::produced as clean;
use crate::clean::{Category, Fate, Finding, Format, Reason};
use crate::limits;

const DIRTY: &[&[u8]] = &[
    include_bytes!("../../../tests/fixtures/dirty/overlay.heic"),
    include_bytes!("../../../tests/fixtures/dirty/alpha.heic"),
    include_bytes!("../../../tests/fixtures/dirty/properties.heic"),
    include_bytes!("../../../tests/fixtures/dirty/deep-colours.heic"),
    include_bytes!("../../../tests/fixtures/dirty/wide-numbers.heic"),
    include_bytes!("../../../tests/fixtures/dirty/cut-out-of-items.heic"),
    include_bytes!("../../../tests/fixtures/dirty/sequence.heif"),
    include_bytes!("../../../tests/fixtures/dirty/sequence-of-avc.heif"),
    include_bytes!("../../../tests/fixtures/dirty/avc.heif"),
    include_bytes!("../../../tests/fixtures/dirty/grid.avif"),
    include_bytes!("../../../tests/fixtures/dirty/layers.avif"),
    include_bytes!("../../../tests/fixtures/dirty/animated.avif"),
];

/// Those of them that have every kind of box.
const SHORT: &[&[u8]] = &[
    include_bytes!("../../../tests/fixtures/dirty/overlay.heic"),
    include_bytes!("../../../tests/fixtures/dirty/properties.heic"),
    include_bytes!("../../../tests/fixtures/dirty/sequence.heif"),
    include_bytes!("../../../tests/fixtures/dirty/layers.avif"),
];

/// Cleans, checks that cleaning again changes nothing, and returns the bytes and the findings.
fn cleaned(file: &[u8]) -> (Vec<u8>, Vec<Finding>) {
    let (bytes, findings) = clean(file).unwrap();
    let (again, second) = clean(&bytes).unwrap();
    assert!(again == bytes, "cleaning again changes it");
    assert!(second.iter().all(|finding| finding.fate == Fate::Remains), "{second:?}");
    (bytes, findings)
}

fn reason(file: &[u8]) -> Reason {
    clean(file).unwrap_err().reason
}

fn format_of(file: &[u8]) -> &'static Format {
    [&HEIC, &AVIF, &HEIF].into_iter().find(|format| (format.recognise)(file)).unwrap()
}

#[test]
fn every_prefix_is_refused() {
    for dirty in DIRTY {
        let (whole, _) = cleaned(dirty);
        for len in 0..whole.len() {
            assert!(clean(&whole[..len]).is_err(), "cut to {len} bytes");
        }
    }
}

/// How much of a file is index: what is behind is judged by the tests of its codec.
fn index_len(file: &[u8]) -> usize {
    file.windows(4).position(|window| window == b"mdat").unwrap() + 6
}

#[test]
fn a_flipped_byte_is_refused_or_cleaned_to_something_that_stays() {
    for dirty in SHORT {
        for at in 0..index_len(dirty) {
            for flip in [0x01, 0xFF] {
                let mut file = dirty.to_vec();
                file[at] ^= flip;
                if let Ok((bytes, _)) = clean(&file) {
                    let (again, second) = clean(&bytes).unwrap();
                    assert!(again == bytes, "byte {at} by {flip}");
                    assert!(second.iter().all(|finding| finding.fate == Fate::Remains), "{at} by {flip}: {second:?}");
                }
            }
        }
    }
}

#[test]
fn the_verifier_accepts_nothing_that_cleaning_would_change() {
    for dirty in SHORT {
        let (whole, _) = cleaned(dirty);
        for at in 0..index_len(&whole) {
            for flip in [0x01, 0x02, 0x10, 0x80, 0xFF] {
                let mut file = whole.clone();
                file[at] ^= flip;
                let accepted =
                    [verify::heic, verify::avif, verify::heif].map(|verify| verify(&mut file.as_slice()).is_ok());
                if accepted.contains(&true) {
                    let (bytes, findings) =
                        clean(&file).unwrap_or_else(|refusal| panic!("{at} by {flip}: {refusal:?}"));
                    assert!(bytes == file, "byte {at} by {flip}");
                    assert!(
                        findings.iter().all(|finding| finding.fate == Fate::Remains),
                        "{at} by {flip}: {findings:?}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_file_is_verified_by_its_own_format_only() {
    for dirty in DIRTY {
        let (whole, _) = cleaned(dirty);
        let accepted = [&HEIC, &AVIF, &HEIF].map(|format| (format.verify)(&mut whole.as_slice()).is_ok());
        assert_eq!(accepted.iter().filter(|accepted| **accepted).count(), 1);
        assert!((format_of(&whole).verify)(&mut whole.as_slice()).is_ok());
        let longer = [whole.as_slice(), b"\0"].concat();
        assert!((format_of(&whole).verify)(&mut longer.as_slice()).is_err());
    }
}

/// A picture of 64 x 64: its configuration and data, out of a fixture.
fn coded() -> (Vec<u8>, Vec<u8>) {
    let (whole, _) = cleaned(include_bytes!("../../../tests/fixtures/dirty/general-brand.heif"));
    let at = whole.windows(4).position(|window| window == b"hvcC").unwrap() - 4;
    let len = usize::try_from(u32::from_be_bytes(whole[at..at + 4].try_into().unwrap())).unwrap();
    let data = whole.windows(4).position(|window| window == b"mdat").unwrap() + 4;
    (whole[at..at + len].to_vec(), whole[data..].to_vec())
}

/// What [`file`] is made of.
struct Made {
    /// Type, what it is made of, its descriptor.
    items: Vec<([u8; 4], Vec<u16>, Vec<u8>)>,
    /// More properties, of the first item.
    properties: Vec<Vec<u8>>,
    /// More boxes of `meta`.
    more: Vec<u8>,
    /// Extents of each coded item.
    extents: usize,
    /// Padding before the data of which no item knows.
    data: Vec<u8>,
}

impl Made {
    fn of(items: Vec<([u8; 4], Vec<u16>, Vec<u8>)>) -> Self {
        Self { items, properties: Vec::new(), more: Vec::new(), extents: 1, data: coded().1 }
    }

    fn one() -> Self {
        Self::of(vec![(*b"hvc1", Vec::new(), Vec::new())])
    }

    /// A file in which every coded item has the same data.
    fn file(&self) -> Vec<u8> {
        let (config, data) = (coded().0, &self.data);
        let extent = boxed(*b"ispe", &[&[0; 4], &64u32.to_be_bytes(), &64u32.to_be_bytes()]);
        let count = u16::try_from(self.items.len()).unwrap().to_be_bytes();
        let mut iinf = [[0; 4].as_slice(), &count].concat();
        let (mut iref, mut idat) = (vec![0; 4], Vec::new());
        let mut ipma = [[0, 0, 0, 1].as_slice(), &[0, 0], &count].concat();
        let mut iloc = [[1, 0, 0, 0, 0x44, 0].as_slice(), &count].concat();
        let mut offsets = Vec::new();
        for ((kind, inputs, descriptor), number) in self.items.iter().zip(1u16..) {
            let number = number.to_be_bytes();
            iinf.extend(boxed(*b"infe", &[&[2, 0, 0, 0], &number, &[0, 0], kind, &[0]]));
            if !inputs.is_empty() {
                let numbers: Vec<u8> = inputs.iter().flat_map(|input| input.to_be_bytes()).collect();
                let inputs = u16::try_from(inputs.len()).unwrap().to_be_bytes();
                iref.extend(boxed(*b"dimg", &[&number, &inputs, &numbers]));
            }
            let more = if number == [0, 1] { self.properties.len() } else { 0 };
            let places: Vec<u8> = (0..more).flat_map(|place| u16::try_from(place + 3).unwrap().to_be_bytes()).collect();
            // No more than 253 of the others have room.
            let (own, places) = if more > 253 { (2, Vec::new()) } else { (2 + more, places) };
            ipma.extend([number.as_slice(), &[u8::try_from(own).unwrap()], &[0, 1, 0x80, 2], &places].concat());
            let is_coded = kind == b"hvc1";
            let extents = if is_coded { self.extents } else { usize::from(!descriptor.is_empty()) };
            iloc.extend(
                [number.as_slice(), &[0, u8::from(!is_coded), 0, 0], &u16::try_from(extents).unwrap().to_be_bytes()]
                    .concat(),
            );
            for extent in 0..extents {
                let (at, len) = if is_coded {
                    let step = data.len() / extents;
                    let last = extent + 1 == extents;
                    offsets.push(iloc.len());
                    (extent * step, if last { data.len() - extent * step } else { step })
                } else {
                    (idat.len(), descriptor.len())
                };
                iloc.extend([u32::try_from(at).unwrap(), u32::try_from(len).unwrap()].map(u32::to_be_bytes).concat());
            }
            idat.extend(descriptor);
        }
        let ipco = boxed(*b"ipco", &[&extent, &config, &self.properties.concat()]);
        let meta = |iloc: &[u8]| {
            boxed(
                *b"meta",
                &[
                    &[0; 4],
                    &boxed(*b"hdlr", &[&[0; 8], b"pict", &[0; 13]]),
                    &boxed(*b"pitm", &[&[0, 0, 0, 0, 0, 1]]),
                    &boxed(*b"iinf", &[&iinf]),
                    &boxed(*b"iref", &[&iref]),
                    &boxed(*b"iprp", &[&ipco, &boxed(*b"ipma", &[&ipma])]),
                    &boxed(*b"idat", &[&idat]),
                    &boxed(*b"iloc", &[iloc]),
                    &self.more,
                ],
            )
        };
        let ftyp = boxed(*b"ftyp", &[b"heic\0\0\0\0mif1heic"]);
        let data_at = u32::try_from(ftyp.len() + meta(&iloc).len() + 8).unwrap();
        for at in offsets {
            let old = u32::from_be_bytes(iloc[at..at + 4].try_into().unwrap());
            iloc[at..at + 4].copy_from_slice(&(old + data_at).to_be_bytes());
        }
        [ftyp, meta(&iloc), boxed(*b"mdat", &[data])].concat()
    }
}

/// A grid of so many rows and columns, each tile an item of its own.
fn grid(rows: u16, columns: u16) -> Made {
    let tiles: Vec<u16> = (0..rows * columns).map(|tile| tile + 2).collect();
    let [width, height] = [columns, rows].map(|count| (count * 64).to_be_bytes());
    let less_one = [rows, columns].map(|count| u8::try_from(count - 1).unwrap());
    let descriptor = [&[0, 0], less_one.as_slice(), &width, &height].concat();
    let mut items = vec![(*b"grid", tiles.clone(), descriptor)];
    items.extend(tiles.iter().map(|_| (*b"hvc1", Vec::new(), Vec::new())));
    Made::of(items)
}

#[test]
fn a_picture_has_as_many_items_as_its_limit() {
    // 129 x 127 tiles and the grid are 16,384 items.
    assert_eq!(limits::HEIF_ITEMS_MAX, 129 * 127 + 1);
    for (rows, columns) in [(128, 127), (129, 127)] {
        let (bytes, _) = cleaned(&grid(rows, columns).file());
        // All tiles are one, and written once.
        assert!(bytes.ends_with(&[b"mdat".as_slice(), &coded().1].concat()));
    }
    assert_eq!(reason(&grid(128, 128).file()), Reason::TooLarge);
}

#[test]
fn a_picture_is_derived_in_as_many_steps_as_its_limit() {
    let chain = |steps: usize| {
        let mut items: Vec<_> =
            (0..steps).map(|step| (*b"iden", vec![u16::try_from(step + 2).unwrap()], Vec::new())).collect();
        items.push((*b"hvc1", Vec::new(), Vec::new()));
        Made::of(items).file()
    };
    cleaned(&chain(limits::HEIF_DEPTH_MAX - 1));
    cleaned(&chain(limits::HEIF_DEPTH_MAX));
    assert_eq!(reason(&chain(limits::HEIF_DEPTH_MAX + 1)), Reason::TooLarge);
}

#[test]
fn a_file_has_as_many_properties_as_its_limit() {
    let with = |count: usize| {
        let properties = vec![boxed(*b"free", &[]); count - 2];
        Made { properties, ..Made::one() }.file()
    };
    cleaned(&with(limits::HEIF_PROPERTIES_MAX - 1));
    cleaned(&with(limits::HEIF_PROPERTIES_MAX));
    assert_eq!(reason(&with(limits::HEIF_PROPERTIES_MAX + 1)), Reason::TooLarge);
}

/// A sequence whose tracks stand at its end, with more in `moov`.
fn sequence(more: &[u8]) -> Vec<u8> {
    let (whole, _) = cleaned(include_bytes!("../../../tests/fixtures/dirty/sequence-of-avc.heif"));
    let at = |kind: &[u8]| whole.windows(4).position(|window| window == kind).unwrap() - 4;
    let (moov, mdat) = (at(b"moov"), at(b"mdat"));
    let mut movie = [&whole[moov + 8..mdat], more].concat();
    let table = movie.windows(4).position(|window| window == b"stco").unwrap() + 12;
    movie[table..table + 4].copy_from_slice(&u32::try_from(moov + 8).unwrap().to_be_bytes());
    [&whole[..moov], &whole[mdat..], &boxed(*b"moov", &[&movie])].concat()
}

#[test]
fn tracks_are_as_many_as_their_limit() {
    let plain = cleaned(&sequence(&[])).0;
    let movie = sequence(&[]);
    let trak = movie.windows(4).position(|window| window == b"trak").unwrap() - 4;
    let further = |count: usize| sequence(&movie[trak..].repeat(count));
    assert!(cleaned(&further(limits::HEIF_TRACKS_MAX - 2)).0 == plain);
    assert!(cleaned(&further(limits::HEIF_TRACKS_MAX - 1)).0 == plain);
    assert_eq!(reason(&further(limits::HEIF_TRACKS_MAX)), Reason::TooLarge);
}

#[test]
fn an_index_of_tracks_is_as_long_as_its_limit() {
    let plain = cleaned(&sequence(&[])).0;
    let movie = sequence(&[]);
    let moov = movie.windows(4).position(|window| window == b"moov").unwrap() + 4;
    let room = usize::try_from(limits::HEIF_MOVIE_BYTES_MAX).unwrap() - (movie.len() - moov) - 8;
    let with = |len: usize| sequence(&boxed(*b"free", &[&vec![0; len]]));
    assert!(cleaned(&with(room - 1)).0 == plain);
    assert!(cleaned(&with(room)).0 == plain);
    assert_eq!(reason(&with(room + 1)), Reason::TooLarge);
}

#[test]
fn an_index_is_as_long_as_its_limit() {
    let index_len = |file: &[u8]| usize::try_from(u32::from_be_bytes(file[24..28].try_into().unwrap())).unwrap();
    let with = |len: usize| {
        let made = Made { properties: vec![boxed(*b"free", &[])], ..Made::one() };
        // Its header, its own four bytes, and the headers of the boxes in it but `idat` do not count.
        let rest = index_len(&made.file()) - 8 - 4 - 7 * 8;
        Made { properties: vec![boxed(*b"free", &[&vec![0; len - rest]])], ..made }.file()
    };
    cleaned(&with(limits::HEIF_META_BYTES_MAX - 1));
    cleaned(&with(limits::HEIF_META_BYTES_MAX));
    assert_eq!(reason(&with(limits::HEIF_META_BYTES_MAX + 1)), Reason::TooLarge);
}

#[test]
fn items_and_references_are_as_many_as_their_limit() {
    let with = |references: usize| {
        let reference = boxed(*b"cdsc", &[&[0, 9, 0, 1, 0, 1]]);
        let file = Made { more: Vec::new(), ..Made::one() }.file();
        let at = file.windows(4).position(|window| window == b"iref").unwrap() + 8;
        let grown = u32::try_from(reference.len() * references).unwrap();
        let mut longer = [&file[..at], &reference.repeat(references), &file[at..]].concat();
        for size in [24, at - 12] {
            let old = u32::from_be_bytes(longer[size..size + 4].try_into().unwrap());
            longer[size..size + 4].copy_from_slice(&(old + grown).to_be_bytes());
        }
        let data = longer.windows(4).position(|window| window == b"iloc").unwrap() + 4 + 8 + 8;
        let old = u32::from_be_bytes(longer[data..data + 4].try_into().unwrap());
        longer[data..data + 4].copy_from_slice(&(old + grown).to_be_bytes());
        longer
    };
    cleaned(&with(limits::HEIF_ENTRIES_MAX - 1));
    cleaned(&with(limits::HEIF_ENTRIES_MAX));
    assert_eq!(reason(&with(limits::HEIF_ENTRIES_MAX + 1)), Reason::TooLarge);
}

#[test]
fn data_in_pieces_are_joined() {
    let (bytes, _) = cleaned(&Made { extents: 7, ..Made::one() }.file());
    assert_eq!(bytes, cleaned(&Made::one().file()).0);
}

#[test]
fn a_grid_is_filled_and_no_tile_is_out_of_sight() {
    let with = |width: u16| {
        let mut made = grid(1, 2);
        made.items[0].2[4..6].copy_from_slice(&width.to_be_bytes());
        made.file()
    };
    cleaned(&with(65));
    cleaned(&with(128));
    assert_eq!(reason(&with(64)), Reason::Damaged);
    assert_eq!(reason(&with(129)), Reason::Damaged);
}

#[test]
fn what_says_nothing_is_not_kept() {
    let plain = cleaned(&Made::one().file()).0;
    let upright = boxed(*b"irot", &[&[0]]);
    let square = boxed(*b"pasp", &[&7u32.to_be_bytes(), &7u32.to_be_bytes()]);
    let made = Made { properties: vec![upright, square], ..Made::one() };
    assert_eq!(cleaned(&made.file()).0, plain);
}

#[test]
fn a_crop_stays_and_is_told() {
    let fractions: Vec<u8> = [30u32, 1, 30, 1, 0, 1, 0, 1].iter().flat_map(|number| number.to_be_bytes()).collect();
    let made = Made { properties: vec![boxed(*b"clap", &[&fractions])], ..Made::one() };
    let (bytes, findings) = cleaned(&made.file());
    assert!(bytes.windows(32).any(|window| window == fractions));
    let told = |finding: &&Finding| finding.fate == Fate::Remains && finding.category == Category::HiddenContent;
    assert_eq!(findings.iter().filter(told).count(), 1);
}

#[test]
fn numbers_of_light_are_rounded() {
    let levels: Vec<u8> = [8_501u16, 39_849, 6_551, 2_299, 35_401, 14_601, 15_635, 16_450]
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .chain([10_004_999u32, 54].iter().flat_map(|number| number.to_be_bytes()))
        .collect();
    let made = Made { properties: vec![boxed(*b"mdcv", &[&levels])], ..Made::one() };
    let rounded: Vec<u8> = [8_500u16, 39_850, 6_550, 2_300, 35_400, 14_600, 15_635, 16_450]
        .iter()
        .flat_map(|number| number.to_be_bytes())
        .chain([10_000_000u32, 50].iter().flat_map(|number| number.to_be_bytes()))
        .collect();
    assert!(cleaned(&made.file()).0.windows(24).any(|window| window == rounded));
}

#[test]
fn a_video_is_no_picture_and_a_picture_of_general_brand_is_known_by_the_others() {
    let family = |brands: &[u8]| {
        let head = boxed(*b"ftyp", &[brands]);
        [&HEIC, &AVIF, &HEIF].into_iter().find(|format| (format.recognise)(&head)).map(|format| format.extension)
    };
    assert_eq!(family(b"heic\0\0\0\0mif1heic"), Some("heic"));
    assert_eq!(family(b"mif1\0\0\0\0mif1avif"), Some("avif"));
    assert_eq!(family(b"mif1\0\0\0\0mif1heic"), Some("heic"));
    assert_eq!(family(b"mif1\0\0\0\0mif1"), Some("heif"));
    assert_eq!(family(b"KVRZ\0\0\0\0mif1heic"), Some("heic"));
    assert_eq!(family(b"isom\0\0\0\0mif1heic"), None);
    assert_eq!(family(b"qt  \0\0\0\0qt  mif1"), None);
    assert_eq!(family(b"M4A \0\0\0\0M4A "), None);
    assert_eq!(family(b"mp42"), None);
}

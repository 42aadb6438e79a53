use proptest::prelude::{any, prop, proptest};

use super::*;
use crate::clean::{Fate, Finding};

/// Writes Exif blocks: directories with entries, values behind them.
struct Writer {
    order: Order,
    bytes: Vec<u8>,
}

type Field<'a> = (u16, u16, u32, &'a [u8]);

impl Writer {
    fn new(order: Order) -> Self {
        let bytes = if order == Order::Little { b"II*\0\x08\0\0\0" } else { b"MM\0*\0\0\0\x08" };
        Self { order, bytes: bytes.to_vec() }
    }

    fn short(&self, number: u16) -> [u8; 2] {
        if self.order == Order::Little { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    fn long(&self, number: u32) -> [u8; 4] {
        if self.order == Order::Little { number.to_le_bytes() } else { number.to_be_bytes() }
    }

    fn len(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap()
    }

    /// Appends a directory whose values follow it; `next` of `None` is 0, else the end of this one.
    fn directory(&mut self, fields: &[Field<'_>], more: bool) {
        let mut values_at = self.len() + 2 + 12 * u32::try_from(fields.len()).unwrap() + 4;
        let mut values = Vec::<u8>::new();
        self.bytes.extend(self.short(u16::try_from(fields.len()).unwrap()));
        for (tag, kind, count, value) in fields {
            self.bytes.extend(self.short(*tag));
            self.bytes.extend(self.short(*kind));
            self.bytes.extend(self.long(*count));
            if value.len() <= 4 {
                self.bytes.extend(value.iter().copied().chain(std::iter::repeat(0)).take(4));
            } else {
                self.bytes.extend(self.long(values_at));
                values.extend(*value);
                values_at += u32::try_from(value.len()).unwrap();
            }
        }
        let next = if more { values_at } else { 0 };
        self.bytes.extend(self.long(next));
        self.bytes.extend(values);
    }

    /// A block with `fields` in its first directory and, below `pointer`, `inner`.
    fn nested(order: Order, fields: &[Field<'_>], pointer: u16, inner: &[Field<'_>]) -> Vec<u8> {
        let mut writer = Self::new(order);
        let size: usize = fields.iter().map(|field| if field.3.len() > 4 { field.3.len() } else { 0 }).sum();
        let at = writer.long(u32::try_from(8 + 2 + 12 * (fields.len() + 1) + 4 + size).unwrap());
        let mut outer = fields.to_vec();
        outer.push((pointer, 4, 1, &at));
        writer.directory(&outer, false);
        writer.directory(inner, false);
        writer.bytes
    }

    fn ratios(&self, numbers: &[(u32, u32)]) -> Vec<u8> {
        numbers.iter().flat_map(|&(top, bottom)| [self.long(top), self.long(bottom)]).flatten().collect()
    }
}

fn check(bytes: &[u8], category: Category, place: &str, value: Option<&str>) {
    let findings = read(bytes).findings.into_vec();
    let wanted = Finding { category, place: place.to_owned(), value: value.map(str::to_owned), fate: Fate::Removed };
    assert!(findings.contains(&wanted), "{wanted:?} not in {findings:#?}");
}

fn one(tag: u16, kind: u16, value: &[u8]) -> Vec<u8> {
    let mut writer = Writer::new(Order::Little);
    writer.directory(&[(tag, kind, u32::try_from(value.len()).unwrap(), value)], false);
    writer.bytes
}

#[test]
fn a_canonical_block_gives_its_orientation_and_no_finding() {
    for orientation in 1..=8 {
        let exif = read(&canonical(orientation));
        assert_eq!(exif.orientation, Some(orientation));
        assert!(exif.findings.is_empty());
    }
}

#[test]
fn any_other_block_gives_a_finding() {
    let mut tailed = canonical(6).to_vec();
    tailed.push(0);
    let mut big = Writer::new(Order::Big);
    big.directory(&[(0x0112, 3, 1, &[0, 6])], false);
    for bytes in
        [b"".as_slice(), b"Exif\0\0", &tailed, &big.bytes, &canonical(0), &canonical(9), &one(0x011A, 2, b"72")]
    {
        assert!(!read(bytes).findings.is_empty(), "{bytes:?}");
    }
    assert_eq!(read(&big.bytes).orientation, Some(6));
    assert_eq!(read(&canonical(9)).orientation, None);
}

#[test]
fn coordinates_are_told_as_one_decimal_pair() {
    for order in [Order::Little, Order::Big] {
        let writer = Writer::new(order);
        let latitude = writer.ratios(&[(50, 1), (27, 1), (36, 100)]);
        let longitude = writer.ratios(&[(30, 1), (31, 1), (24_240, 1000)]);
        let height = writer.ratios(&[(1234, 10)]);
        let clock = writer.ratios(&[(7, 1), (5, 1), (950, 100)]);
        let gps: &[Field<'_>] = &[
            (0, 1, 4, &[2, 3, 0, 0]),
            (1, 2, 2, b"S\0"),
            (2, 5, 3, &latitude),
            (3, 2, 2, b"E\0"),
            (4, 5, 3, &longitude),
            (5, 1, 1, &[1]),
            (6, 5, 1, &height),
            (7, 5, 3, &clock),
            (0x1B, 7, 15, b"ASCII\0\0\0CELLID\0"),
            (0x1D, 2, 11, b"2024:05:01\0"),
            (0x77, 2, 2, b"?\0"),
        ];
        let bytes = Writer::nested(order, &[], 0x8825, gps);
        check(&bytes, Category::Location, "Exif GPS", Some("-50.450100, 30.523400"));
        check(&bytes, Category::Location, "Exif GPSAltitude", Some("-123.4 m"));
        check(&bytes, Category::Location, "Exif GPSProcessingMethod", Some("CELLID"));
        check(&bytes, Category::Location, "Exif GPS, further tags", None);
        check(&bytes, Category::Time, "Exif GPS time", Some("2024:05:01 07:05:09.5 UTC"));
    }
}

#[test]
fn coordinates_that_cannot_be_computed_are_still_told() {
    let bytes = Writer::nested(Order::Little, &[], 0x8825, &[(2, 5, 3, &[0; 24])]);
    check(&bytes, Category::Location, "Exif GPS", None);
}

#[test]
fn names_devices_and_times_are_told_with_their_values() {
    check(&one(0x013B, 2, b"Olena\0"), Category::Person, "Exif Artist", Some("Olena"));
    check(&one(0x8298, 2, b"A\0B\0"), Category::Person, "Exif Copyright", Some("A; B"));
    check(&one(0x013B, 2, b"Andr\xE9\0"), Category::Person, "Exif Artist", Some("André"));
    check(&one(0x0110, 2, b"Phone X\0"), Category::Device, "Exif Model", Some("Phone X"));
    check(&one(0xA431, 2, b"SN123\0"), Category::Device, "Exif BodySerialNumber", Some("SN123"));
    check(&one(0x0132, 2, b"2024:05:01\0"), Category::Time, "Exif DateTime", Some("2024:05:01"));
    check(&one(0x9C9D, 1, b"\x1E\x04\x3B\x04\0\0"), Category::Person, "Exif XPAuthor", Some("Ол"));
    check(&one(0xA420, 2, b"abc0\0"), Category::Identifier, "Exif ImageUniqueID", Some("abc0"));
    let inner: &[Field<'_>] = &[(0x9003, 2, 20, b"2024:05:01 10:00:00\0"), (0x8827, 3, 1, &[0, 100])];
    let bytes = Writer::nested(Order::Big, &[], 0x8769, inner);
    check(&bytes, Category::Time, "Exif DateTimeOriginal", Some("2024:05:01 10:00:00"));
    check(&bytes, Category::Device, "Exif camera settings", None);
}

#[test]
fn comments_are_read_in_their_charset() {
    let comment = |bytes: &[u8], said| check(&one(0x9286, 7, bytes), Category::Comment, "Exif UserComment", Some(said));
    comment(b"ASCII\0\0\0hello\0\0", "hello");
    comment(b"\0\0\0\0\0\0\0\0hello", "hello");
    comment(b"UNICODE\0\x1F\x04\x40\x04\x38\x04", "При");
    comment(b"UNICODE\0\x04\x1F\x04\x40\x04\x38", "При");
    comment(b"UNICODE\0\xFE\xFF\x04\x1F\x04\x40", "Пр");
    comment(b"JIS\0\0\0\0\0\x1B$B$\"\x1B(B", "あ");
    comment(b"no code at all", "no code at all");
}

#[test]
fn an_empty_text_is_not_told() {
    let findings = read(&one(0x9286, 7, b"ASCII\0\0\0   \0\0\0")).findings.into_vec();
    assert!(findings.iter().all(|finding| finding.category == Category::Unknown), "{findings:?}");
}

#[test]
fn a_thumbnail_is_told() {
    let mut writer = Writer::new(Order::Little);
    writer.directory(&[(0x0112, 3, 1, &[3, 0])], true);
    writer.directory(&[(0x0201, 4, 1, &[8, 0, 0, 0]), (0x0202, 4, 1, &[4, 0, 0, 0])], false);
    check(&writer.bytes, Category::Thumbnail, "Exif thumbnail", None);
    assert_eq!(read(&writer.bytes).orientation, Some(3));
}

#[test]
fn a_maker_note_is_told_with_its_maker() {
    let note: &[Field<'_>] = &[(0x927C, 7, 14, b"Apple iOS\0\0\x01MM")];
    let bytes = Writer::nested(Order::Big, &[], 0x8769, note);
    check(&bytes, Category::Device, "Exif maker note", Some("Apple"));
    let note: &[Field<'_>] = &[(0x927C, 7, 8, b"\x12\0\x01\0\x03\0\x32\0")];
    let bytes = Writer::nested(Order::Little, &[(0x010F, 2, 6, b"Canon\0")], 0x8769, note);
    check(&bytes, Category::Device, "Exif maker note", Some("Canon"));
}

#[test]
fn unknown_tags_are_told_by_number() {
    check(&one(0xBEEF, 2, b"MARKER\0"), Category::Unknown, "Exif further tags", Some("0xBEEF"));
}

#[test]
fn a_value_outside_the_block_is_told_as_damage_beside_what_is_whole() {
    let mut writer = Writer::new(Order::Little);
    writer.directory(&[(0x0112, 3, 1, &[8, 0]), (0x010F, 2, 500, b"\xFF\xFF\xFF\x7F")], false);
    check(&writer.bytes, Category::Unknown, "Exif (damaged)", None);
    check(&writer.bytes, Category::Device, "Exif Make", None);
    assert_eq!(read(&writer.bytes).orientation, Some(8));
}

#[test]
fn a_loop_of_directories_ends() {
    let bytes = b"II*\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x08\0\0\0\x08\0\0\0";
    check(bytes, Category::Unknown, "Exif (damaged)", None);
}

#[test]
fn photoshop_in_exif_in_photoshop_ends() {
    let mut block = one(0x8649, 7, b"8BIM\x04\x04\0\0\0\0\0\0");
    for _ in 0..2000 {
        let mut resource = b"8BIM\x04\x22\0\0".to_vec();
        resource.extend(u32::try_from(block.len()).unwrap().to_be_bytes());
        resource.extend(&block);
        block = one(0x8649, 7, &resource);
    }
    assert!(!read(&block).findings.is_empty());
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut block = b"II*\0\x08\0\0\0".to_vec();
        block.extend(&bytes);
        assert!(!read(&bytes).findings.is_empty());
        assert!(!read(&block).findings.is_empty());
    }

    #[test]
    fn a_changed_block_does_not_make_it_panic(at in 0usize..200, byte in any::<u8>(), len in 0usize..200) {
        let gps: &[Field<'_>] = &[(1, 2, 2, b"N\0"), (2, 5, 3, &[9; 24]), (0x1D, 2, 11, b"2024:05:01\0")];
        let mut bytes = Writer::nested(Order::Big, &[(0x013B, 2, 8, b"Someone\0")], 0x8825, gps);
        let at = at % bytes.len();
        bytes[at] = byte;
        bytes.truncate(len.max(1));
        assert!(!read(&bytes).findings.is_empty());
    }
}

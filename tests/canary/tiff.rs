//! TIFFs with marks: in every tag there is or could be, at every level and of every type, between directories and
//! strips, behind the codes of strips, and in strips that are JPEGs.

use std::sync::Arc;

use super::{Canary, Marks};
use crate::harness::fixture;

/// A base file of one page or several, little-endian, and its first directory.
struct Base {
    name: &'static str,
    whole: Arc<[u8]>,
    entries: Vec<Entry>,
    next: u32,
}

#[derive(Clone)]
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    field: [u8; 4],
}

const BASES: [&str; 12] = [
    "scan.tif",
    "scan-lzw.tif",
    "scan-deflate.tif",
    "scan-packbits.tif",
    "scan-jpeg.tif",
    "fax.tif",
    "fax-group3.tif",
    "fax-rows.tif",
    "sixteen-bits.tif",
    "palette.tif",
    "pages.tif",
    "alpha.tif",
];

/// Tags of TIFF and its supplements, of Exif, GeoTIFF, DNG and many programs; and some that nobody has defined.
const TAGS: &[u16] = &[
    0x0000, 0x0001, 0x000B, 0x0107, 0x0108, 0x0109, 0x010D, 0x010E, 0x010F, 0x0110, 0x0118, 0x0119, 0x011D, 0x011E,
    0x011F, 0x0120, 0x0121, 0x0122, 0x0123, 0x0129, 0x012C, 0x012D, 0x0131, 0x0132, 0x013B, 0x013C, 0x013E, 0x013F,
    0x0141, 0x0146, 0x0147, 0x0148, 0x014D, 0x014E, 0x0150, 0x0151, 0x0154, 0x0155, 0x0156, 0x0157, 0x0158, 0x0159,
    0x015A, 0x0190, 0x0191, 0x01B1, 0x01B2, 0x01B3, 0x0200, 0x0201, 0x0202, 0x0203, 0x0205, 0x0206, 0x0207, 0x0208,
    0x0209, 0x0213, 0x022F, 0x02BC, 0x0303, 0x0320, 0x03E7, 0x1000, 0x4746, 0x4749, 0x5001, 0x5110, 0x7000, 0x800D,
    0x80A3, 0x80A4, 0x80A6, 0x80E3, 0x827D, 0x828D, 0x828E, 0x828F, 0x8298, 0x829A, 0x830E, 0x835C, 0x83BB, 0x847E,
    0x8480, 0x8482, 0x8546, 0x8568, 0x85B8, 0x85D7, 0x85D8, 0x8602, 0x8606, 0x8649, 0x87AC, 0x87AF, 0x87B0, 0x87B1,
    0x8822, 0x885C, 0x8871, 0x888A, 0x9000, 0x9003, 0x920A, 0x9286, 0x927C, 0x932F, 0x935C, 0x9999, 0x9C9B, 0x9C9C,
    0x9C9D, 0x9C9E, 0x9C9F, 0xA005, 0xA20B, 0xA420, 0xA430, 0xA431, 0xA434, 0xA480, 0xA481, 0xB4C3, 0xC427, 0xC44F,
    0xC4A5, 0xC51B, 0xC573, 0xC580, 0xC5A0, 0xC5E0, 0xC614, 0xC62F, 0xC634, 0xC640, 0xC65D, 0xC68B, 0xC6BF, 0xC6DC,
    0xC71C, 0xC7A1, 0xC7E9, 0xDEAD, 0xEA1C, 0xEA1D, 0xFDE8, 0xFDE9, 0xFE00, 0xFFFF,
];

/// Tags that a page is built of: with a mark for a value, decoders take them for damage.
const STRUCTURAL: &[u16] = &[
    0x00FF, 0x0112, 0x011A, 0x011B, 0x0128, 0x0115, 0x0116, 0x011C, 0x0124, 0x0125, 0x013D, 0x014C, 0x0152, 0x0153,
    0x015B, 0x0211, 0x0212, 0x0213, 0x0214, 0x8773,
];

/// Tags of directories of their own.
const DIRECTORIES: &[u16] = &[0x014A, 0x8769, 0x8825, 0xA005, 0xC634, 0x0190];

impl Base {
    fn of(name: &'static str) -> Self {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        assert!(whole.starts_with(b"II*\0\x08\0\0\0"));
        let count = usize::from(u16::from_le_bytes([whole[8], whole[9]]));
        let (table, rest) = whole[10..].split_at(count * 12);
        let entries = table.chunks(12).map(Entry::read).collect();
        let next = u32::from_le_bytes(rest[..4].try_into().unwrap());
        Self { name, entries, next, whole: whole.into() }
    }

    /// The file with its first directory moved to the end and changed; `extra` stands before it, at an offset that
    /// `change` is told.
    fn moved(&self, extra: &[u8], change: impl FnOnce(&mut Vec<Entry>, u32)) -> Vec<u8> {
        let mut file = self.whole.to_vec();
        // Nothing of the old directory may look like a mark's hiding place of its own.
        let old = 2 + self.entries.len() * 12 + 4;
        file[8..8 + old].fill(0);
        file.resize(file.len().next_multiple_of(2), 0);
        let at = u32::try_from(file.len()).unwrap();
        file.extend_from_slice(extra);
        file.resize(file.len().next_multiple_of(2), 0);
        let mut entries = self.entries.clone();
        change(&mut entries, at);
        entries.sort_by_key(|entry| entry.tag);
        let directory = u32::try_from(file.len()).unwrap();
        file[4..8].copy_from_slice(&directory.to_le_bytes());
        file.extend_from_slice(&table(&entries, self.next));
        file
    }

    fn number(&self, tag: u16) -> u32 {
        let entry = self.entries.iter().find(|entry| entry.tag == tag).unwrap();
        assert_eq!(entry.count, 1);
        u32::from_le_bytes(entry.field)
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(Arc::clone(&self.whole)) }
    }
}

impl Entry {
    fn read(raw: &[u8]) -> Self {
        Self {
            tag: u16::from_le_bytes([raw[0], raw[1]]),
            kind: u16::from_le_bytes([raw[2], raw[3]]),
            count: u32::from_le_bytes(raw[4..8].try_into().unwrap()),
            field: raw[8..].try_into().unwrap(),
        }
    }

    fn long(tag: u16, kind: u16, count: usize, value: u32) -> Self {
        Self { tag, kind, count: u32::try_from(count).unwrap(), field: value.to_le_bytes() }
    }
}

fn table(entries: &[Entry], next: u32) -> Vec<u8> {
    let mut bytes = u16::try_from(entries.len()).unwrap().to_le_bytes().to_vec();
    for entry in entries {
        bytes.extend_from_slice(&entry.tag.to_le_bytes());
        bytes.extend_from_slice(&entry.kind.to_le_bytes());
        bytes.extend_from_slice(&entry.count.to_le_bytes());
        bytes.extend_from_slice(&entry.field);
    }
    bytes.extend_from_slice(&next.to_le_bytes());
    bytes
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    for (number, base) in BASES.map(Base::of).iter().enumerate() {
        gaps(base, &mut marks, &mut all);
        entries(base, &mut marks, &mut all);
        strips(base, &mut marks, &mut all);
        // The rest has nothing to do with how strips are coded.
        if matches!(number, 4 | 8 | 10) {
            tags(base, &mut marks, &mut all);
            directories(base, &mut marks, &mut all);
        }
    }
    jpeg(&mut marks, &mut all);
    palette(&mut marks, &mut all);
    all
}

/// Every tag of every type, with the mark behind the directory; short marks in the entry itself.
fn tags(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for (kind, list) in [("tag", TAGS), ("structural tag", STRUCTURAL)] {
        for &tag in list {
            for kind_of in [1, 2, 7, 3, 4, 129, 999] {
                let mark = marks.text();
                let size = match kind_of {
                    3 => 2,
                    4 => 4,
                    _ => 1,
                };
                let count = mark.len() / size;
                let place = format!("{tag:04X} of type {kind_of}");
                if base.entries.iter().all(|entry| entry.tag != tag) {
                    let file = base.moved(&mark, |entries, at| entries.push(Entry::long(tag, kind_of, count, at)));
                    all.push(base.canary(kind, &place, file, mark.clone()));
                    let short: [u8; 4] = mark[8..12].try_into().unwrap();
                    let file = base.moved(&[], |entries, _| {
                        entries.push(Entry {
                            tag,
                            kind: kind_of,
                            count: u32::try_from(4 / size).unwrap(),
                            field: short,
                        });
                    });
                    all.push(base.canary(kind, &format!("{place} in its entry"), file, short.to_vec()));
                }
            }
        }
    }
}

/// Directories below the page and behind it.
fn directories(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for &pointer in DIRECTORIES {
        for tag in [0x0001, 0x0002, 0x010E, 0x0110, 0x9003, 0x927C, 0xA431, 0x8769, 0xDEAD, 0x0111, 0x0201] {
            let mark = marks.text();
            let at_least = u32::try_from(base.whole.len().next_multiple_of(2)).unwrap();
            let below = table(&[Entry::long(tag, 2, mark.len(), at_least + 18)], 0);
            let extra = [below, mark.clone()].concat();
            let file = base.moved(&extra, |entries, at| {
                assert_eq!(at, at_least);
                entries.push(Entry::long(pointer, 4, 1, at));
            });
            all.push(base.canary("directory", &format!("{pointer:04X} with {tag:04X}"), file, mark));
        }
    }
    // A smaller version of the page, whose samples are the mark.
    for (name, flag) in [("NewSubfileType", (254, 4, 1)), ("SubfileType", (255, 3, 2))] {
        let mark = marks.text();
        let at = u32::try_from(base.whole.len().next_multiple_of(2)).unwrap();
        let short = |tag, value| Entry::long(tag, 3, 1, value);
        let entries = [
            Entry::long(flag.0, flag.1, 1, flag.2),
            short(256, 4),
            short(257, 4),
            short(258, 8),
            short(259, 1),
            short(262, 1),
            Entry::long(273, 4, 1, at),
            short(278, 4),
            Entry::long(279, 4, 1, 16),
        ];
        let mut file = base.whole.to_vec();
        file.resize(at as usize, 0);
        file.extend_from_slice(&mark);
        let directory = u32::try_from(file.len()).unwrap();
        file.extend_from_slice(&table(&entries, base.next));
        // It comes second.
        let link = 8 + 2 + base.entries.len() * 12;
        file[link..link + 4].copy_from_slice(&directory.to_le_bytes());
        all.push(base.canary("reduced page", name, file, mark));
    }
}

/// Between the parts of a file and behind it.
fn gaps(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let mark = marks.text();
    all.push(base.canary("gap", "before the directory", base.moved(&mark, |_, _| {}), mark));
    for (name, beginning) in
        [("bytes", &b""[..]), ("a ZIP", b"PK\x03\x04"), ("another TIFF", b"II*\0"), ("zeros", &[0; 64])]
    {
        let mark = marks.text();
        all.push(base.canary("behind the end", name, [&base.whole, beginning, mark.as_slice()].concat(), mark));
    }
    let mark = marks.text();
    let mut file = base.moved(&[], |_, _| {});
    // Where the old directory was.
    file[10..10 + mark.len()].copy_from_slice(&mark);
    all.push(base.canary("gap", "in place of a directory", file, mark));
}

/// What entries hold beyond their values, and values beyond what is needed.
fn entries(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for (place, entry) in base.entries.iter().enumerate().filter(|(_, entry)| entry.kind == 3 && entry.count == 1) {
        let mut file = base.whole.to_vec();
        file[10 + place * 12 + 10..][..2].copy_from_slice(b"CN");
        all.push(base.canary("filling", &format!("{:04X}", entry.tag), file, Vec::new()));
    }
    for &tag in &[273, 279] {
        // More offsets than there are strips.
        let Some(entry) = base.entries.iter().find(|entry| entry.tag == tag && entry.count == 1) else { continue };
        let mark = marks.text();
        let extra = [entry.field.as_slice(), &mark].concat();
        let file = base.moved(&extra, |entries, at| {
            let entry = entries.iter_mut().find(|entry| entry.tag == tag).unwrap();
            (entry.count, entry.field) = (5, at.to_le_bytes());
        });
        all.push(base.canary("further strips", &format!("{tag}"), file, mark));
    }
    for kind in [0, 2, 8, 0x434E_5200] {
        let file = base.moved(&[], |entries, _| {
            entries.retain(|entry| entry.tag != 254);
            entries.push(Entry::long(254, 4, 1, kind));
        });
        all.push(base.canary("filling", &format!("NewSubfileType {kind}"), file, Vec::new()));
    }
    // The order of the directory, and how large numbers are written.
    let file = base.moved(&[], |entries, _| {
        for entry in entries.iter_mut().filter(|entry| entry.tag == 256 || entry.tag == 257) {
            entry.kind = 3;
        }
    });
    all.push(base.canary("filling", "short sides", file, Vec::new()));
}

/// Behind the samples of a strip, where that is the only one.
fn strips(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    if base.entries.iter().all(|entry| entry.tag != 273 || entry.count != 1) {
        return;
    }
    let (at, len) = (base.number(273) as usize, base.number(279));
    for (name, beginning) in [("bytes", &b""[..]), ("zeros", &[0; 9]), ("a JPEG", b"\xFF\xD8\xFF\xE1")] {
        let mark = marks.text();
        let strip = [&base.whole[at..at + len as usize], beginning, &mark].concat();
        let count = u32::try_from(strip.len()).unwrap();
        let file = base.moved(&strip, |entries, moved| {
            for entry in entries {
                match entry.tag {
                    273 => entry.field = moved.to_le_bytes(),
                    279 => entry.field = count.to_le_bytes(),
                    _ => {}
                }
            }
        });
        all.push(base.canary("behind the samples", name, file, mark));
    }
}

/// In a strip that is a JPEG, and in the tables of all of them.
fn jpeg(marks: &mut Marks, all: &mut Vec<Canary>) {
    let base = Base::of("scan-jpeg.tif");
    let (at, len) = (base.number(273) as usize, base.number(279) as usize);
    let strip = &base.whole[at..at + len];
    let segment = |code: u8, payload: &[u8]| {
        let len = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, code], len.as_slice(), payload].concat()
    };
    let mut places = vec![2];
    while strip[places[places.len() - 1] + 1] != 0xDA {
        let from = places[places.len() - 1];
        places.push(from + 2 + usize::from(u16::from_be_bytes([strip[from + 2], strip[from + 3]])));
    }
    let with = |strip: Vec<u8>, tables: Option<Vec<u8>>| {
        let count = u32::try_from(strip.len()).unwrap();
        let tables_len = tables.as_ref().map_or(0, Vec::len);
        let extra = [tables.clone().unwrap_or_default(), strip].concat();
        base.moved(&extra, |entries, moved| {
            let strip_at = moved + u32::try_from(tables_len).unwrap();
            for entry in entries.iter_mut() {
                match entry.tag {
                    273 => entry.field = strip_at.to_le_bytes(),
                    279 => entry.field = count.to_le_bytes(),
                    _ => {}
                }
            }
            if tables.is_some() {
                entries.push(Entry::long(347, 7, tables_len, moved));
            }
        })
    };
    for code in (0xE0..=0xEF).chain([0xFE]) {
        for &place in &places {
            for name in [
                &b""[..],
                b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0",
                b"Adobe\0\x64\0\0\0\0\x01",
                b"Exif\0\0",
                b"ICC_PROFILE\0\x01\x01",
            ] {
                let mark = marks.text();
                let extra = segment(code, &[name, &mark].concat());
                let file = with([&strip[..place], extra.as_slice(), &strip[place..]].concat(), None);
                all.push(base.canary(
                    "in a JPEG",
                    &format!("{code:02X} {} at {place}", String::from_utf8_lossy(name)),
                    file,
                    mark,
                ));
            }
        }
        let mark = marks.text();
        let tables = [&[0xFF, 0xD8], segment(code, &mark).as_slice(), &[0xFF, 0xD9]].concat();
        all.push(base.canary("JPEGTables", &format!("{code:02X}"), with(strip.to_vec(), Some(tables)), mark));
    }
    let mark = marks.text();
    let values = [&[3], mark.repeat(4).as_slice()].concat();
    let tables = [&[0xFF, 0xD8], segment(0xDB, &values).as_slice(), &[0xFF, 0xD9]].concat();
    all.push(base.canary("JPEGTables", "a table that nothing uses", with(strip.to_vec(), Some(tables)), mark));
    let mark = marks.text();
    let tables = [b"\xFF\xD8\xFF\xD9".as_slice(), &mark].concat();
    all.push(base.canary("JPEGTables", "behind EOI", with(strip.to_vec(), Some(tables)), mark));
}

/// Colours that no sample has.
fn palette(marks: &mut Marks, all: &mut Vec<Canary>) {
    let base = Base::of("palette.tif");
    let entry = base.entries.iter().find(|entry| entry.tag == 320).unwrap();
    let at = u32::from_le_bytes(entry.field) as usize;
    for plane in 0..3 {
        let mark = marks.text();
        let mut file = base.whole.to_vec();
        file[at + plane * 512 + 200 * 2..][..16].copy_from_slice(&mark);
        all.push(base.canary("unused colours", &format!("plane {plane}"), file, mark));
    }
    let mark = marks.text();
    let colours = [&base.whole[at..at + 1536], mark.as_slice()].concat();
    let file = base.moved(&colours, |entries, moved| {
        let entry = entries.iter_mut().find(|entry| entry.tag == 320).unwrap();
        (entry.count, entry.field) = (776, moved.to_le_bytes());
    });
    all.push(base.canary("unused colours", "further ones", file, mark));
}

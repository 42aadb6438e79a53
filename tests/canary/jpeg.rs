//! JPEG with marks: in every segment there is or could be, at every gap, and in what no segment holds.

use std::sync::Arc;

use super::exif::Tiff;
use super::{Canary, Marks};
use crate::harness::fixture;

/// A base picture in parts, with a name.
struct Base {
    name: &'static str,
    parts: Vec<Part>,
    whole: Arc<[u8]>,
}

/// A segment with its marker, and for SOS the data up to the next marker that is no restart.
struct Part {
    code: u8,
    bytes: Vec<u8>,
}

impl Base {
    fn of(name: &'static str) -> Self {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        Self { name, parts: split(&whole), whole: whole.into() }
    }

    /// The gaps: before each part but SOI, so that the first is after SOI and the last before EOI.
    fn gaps(&self) -> impl Iterator<Item = usize> + '_ {
        1..self.parts.len()
    }

    /// The picture with `extra` in a gap.
    fn with(&self, gap: usize, extra: &[u8]) -> Vec<u8> {
        let mut file = Vec::new();
        for (index, part) in self.parts.iter().enumerate() {
            if index == gap {
                file.extend_from_slice(extra);
            }
            file.extend_from_slice(&part.bytes);
        }
        file
    }

    /// The picture with its first part of a kind changed.
    fn changed(&self, code: u8, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let at = self.first(code);
        let mut parts: Vec<Vec<u8>> = self.parts.iter().map(|part| part.bytes.clone()).collect();
        change(&mut parts[at]);
        parts.concat()
    }

    fn first(&self, code: u8) -> usize {
        self.parts.iter().position(|part| part.code == code).unwrap()
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(Arc::clone(&self.whole)) }
    }
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let baseline = Base::of("restart.jpg");
    let progressive = Base::of("comment-between-scans.jpg");
    let without_jfif = Base::of("no-jfif.jpg");
    let apart = Base::of("scans.jpg");
    let mut all = Vec::new();
    for base in [&baseline, &progressive] {
        segments(base, &mut marks, &mut all);
        gaps(base, &mut marks, &mut all);
    }
    for base in [&baseline, &progressive, &without_jfif, &apart] {
        known_segments(base, &mut marks, &mut all);
        entropy(base, &mut marks, &mut all);
        tables(base, &mut marks, &mut all);
        tails(base, &mut marks, &mut all);
    }
    unused_symbols(&mut all);
    jfif_and_adobe(&baseline, &mut marks, &mut all);
    exif(&baseline, &mut marks, &mut all);
    profile(&mut marks, &mut all);
    all
}

/// Every marker there is, 01 to FE, with a length and a mark, in every gap.
fn segments(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for code in 0x01..=0xFE {
        let kind = match code {
            0x02..=0xBF => "reserved marker",
            0xE0..=0xEF | 0xFE => "application or comment segment",
            0x01 | 0xD0..=0xD7 => "marker without a segment",
            0xD8 => "start of another picture",
            0xD9 => "end too early",
            0xC0..=0xDF => "structural marker",
            _ => "marker for extensions",
        };
        for gap in base.gaps() {
            let mark = marks.text();
            let file = base.with(gap, &segment(code, &mark));
            let canary = base.canary(kind, &format!("FF{code:02X} before part {gap}"), file, mark);
            // A progressive picture that ends early is a coarser picture.
            let is_cut = code == 0xD9;
            all.push(if is_cut { Canary { twin: None, ..canary } } else { canary });
        }
    }
}

/// Bytes that no marker introduces, and fill bytes, whose number can say something.
fn gaps(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for gap in base.gaps() {
        let mark = marks.text();
        let file = base.with(gap, &mark);
        all.push(base.canary("bytes in a gap", &format!("before part {gap}"), file, mark));
        let file = base.with(gap, &[0xFF; 37]);
        all.push(base.canary("fill bytes", &format!("before part {gap}"), file, Vec::new()));
    }
}

/// What cameras and programs write, each as its beginning and a mark, after SOI and before the first SOS.
fn known_segments(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    const BEGINNINGS: &[(u8, &[u8])] = &[
        (0xE0, b"JFXX\0\x10"),
        (0xE0, b"JFXX\0\x13\x01\x01"),
        (0xE0, b"AVI1\0"),
        (0xE0, b"Ocad$Rev: "),
        (0xE0, b"CIFF"),
        (0xE1, b"Exif\0\0"),
        (0xE1, b"Exif\0\0II*\0\x08\0\0\0"),
        (0xE1, b"http://ns.adobe.com/xap/1.0/\0"),
        (0xE1, b"http://ns.adobe.com/xmp/extension/\08D1F4C7A0B3E5D6F9A2C4E6081B3D5F7\0\0\0\x10\0\0\0\0"),
        (0xE1, b"QVCI\0"),
        (0xE1, b"FLIR\0\x01\0\0"),
        (0xE2, b"MPF\0II*\0\x08\0\0\0\0\0\0\0\0\0"),
        (0xE2, b"ICC_PROFILE\0\x01\x02"),
        (0xE2, b"ICC_PROFILE\0\x00\x00"),
        (0xE2, b"FPXR\0\0\x01"),
        (0xE2, b"urn:iso:std:iso:ts:21496:-1\0"),
        (0xE3, b"Meta\0\0"),
        (0xE3, b"Stim\0\0"),
        (0xE3, b"_JPSJPS_"),
        (0xE4, b"SCALADO\0"),
        (0xE5, b"RMETA\0"),
        (0xE5, b"ssuniqueid\0"),
        (0xE6, b"EPPIM\0"),
        (0xE6, b"NITF\0"),
        (0xE6, b"GoPro\0DEVC\0\x01\0\x10"),
        (0xE6, b"TDHD\x01\0\0\0"),
        (0xE7, b"PENTAX \0II"),
        (0xE7, b"Qualcomm Camera Attributes"),
        (0xE8, b"SPIFF\0"),
        (0xE9, b"Media Jukebox\0"),
        (0xEA, b"UNICODE\0"),
        (0xEB, b"JP\0\x01\0\0\0\x01\0\0\0\x20jumb"),
        (0xEB, b"HDR_RI ver=11\n"),
        (0xEC, b"Ducky\0\x01\0\x04"),
        (0xEC, b"Picture Info\0"),
        (0xED, b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x15\x1c\x02\x50\0\x10"),
        (0xED, b"Adobe_CM\0"),
        (0xED, b"Adobe_Photoshop2.5:"),
        (0xEE, b"Adobe"),
        (0xEF, b"GraphicConverter\0"),
        (0xFE, b""),
        (0xFE, b"CREATOR: gd-jpeg v1.0 "),
    ];
    for (code, beginning) in BEGINNINGS {
        for (place, gap) in [("after SOI", 1), ("before SOS", base.first(0xDA))] {
            let mark = marks.text();
            let payload = [beginning, mark.as_slice()].concat();
            let file = base.with(gap, &segment(*code, &payload));
            let kind = format!("{}, FF{code:02X}", String::from_utf8_lossy(&beginning[..beginning.len().min(8)]));
            let canary = base.canary(&kind.replace(':', " "), place, file, mark);
            // An Adobe segment settles the colours, and so its canonical form stays.
            let is_adobe = *code == 0xEE;
            all.push(if is_adobe { Canary { twin: None, ..canary } } else { canary });
        }
    }
}

/// Bytes after the last code of a scan or restart interval, and the bits that fill up its last byte.
fn entropy(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for (index, part) in base.parts.iter().enumerate().filter(|(_, part)| part.code == 0xDA) {
        let restarts: Vec<usize> = part
            .bytes
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| pair[0] == 0xFF && (0xD0..=0xD7).contains(&pair[1]))
            .map(|(at, _)| at)
            .collect();
        let ends = restarts.iter().copied().take(3).chain([part.bytes.len()]);
        for end in ends {
            let mark = marks.text();
            let mut parts: Vec<Vec<u8>> = base.parts.iter().map(|part| part.bytes.clone()).collect();
            parts[index].splice(end..end, mark.iter().copied());
            let place = format!("part {index}, byte {end}");
            all.push(base.canary("slack after the last code", &place, parts.concat(), mark));
            // The last byte ends in ones; as a zero, the last of them says something.
            let last = part.bytes[end - 1];
            if last & 1 == 1 && last != 0xFF {
                let mut parts: Vec<Vec<u8>> = base.parts.iter().map(|part| part.bytes.clone()).collect();
                parts[index][end - 1] = last & !1;
                all.push(Canary { twin: None, ..base.canary("padding bit", &place, parts.concat(), Vec::new()) });
            }
        }
    }
}

/// Tables that no scan uses: with a number of their own, or replaced before they are used.
fn tables(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let sos = base.first(0xDA);
    let codes = [0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0];
    for slot in 0..4 {
        let free = slot == 3;
        let (place, gap) = if free { ("never used", sos) } else { ("replaced", 1) };
        let mark = marks.text();
        let words = [mark.as_slice(), &[b'.'; 48]].concat();
        let table = [&[slot], words.as_slice()].concat();
        let file = base.with(gap, &segment(0xDB, &table));
        all.push(base.canary("quantisation table", &format!("slot {slot}, {place}"), file, mark));
        for class in [0x00, 0x10] {
            let mark = marks.text();
            let table = [&[class | slot], codes.as_slice(), &mark].concat();
            let file = base.with(gap, &segment(0xC4, &table));
            all.push(base.canary("Huffman table", &format!("class {class:02X}, slot {slot}, {place}"), file, mark));
        }
    }
    // 16-bit values, where 8 would do, in a table that is never used.
    let mark = marks.text();
    let table = [&[0x13], mark.as_slice(), &[b'.'; 112]].concat();
    let file = base.with(sos, &segment(0xDB, &table));
    all.push(base.canary("quantisation table", "of 16 bits", file, mark));
    let file = base.with(sos, &segment(0xDD, &[0, 0]));
    if !base.parts.iter().any(|part| part.code == 0xDD) {
        all.push(base.canary("restart interval of 0", "before SOS", file, Vec::new()));
    }
}

/// What stands behind EOI.
fn tails(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    const BEGINNINGS: &[(&str, &[u8])] = &[
        ("bytes", b""),
        ("a video", b"\0\0\0\x18ftypmp42\0\0\0\0isommp42\0\0\0\x18free"),
        ("another picture", b"\xff\xd8\xff\xfe\0\x12"),
        ("a ZIP", b"PK\x03\x04\x14\0\0\0\0\0"),
        ("zeros", &[0; 512]),
        ("a Samsung trailer", b"SEFH\x6b\0\0\0\x01\0\0\0"),
        ("another end", b"\xff\xd9"),
    ];
    for (name, beginning) in BEGINNINGS {
        let mark = marks.text();
        let file = [&base.whole, *beginning, mark.as_slice()].concat();
        all.push(base.canary("behind the end", name, file, mark));
    }
}

/// Codes that no block uses, in a table that is used.
fn unused_symbols(all: &mut Vec<Canary>) {
    for name in ["one-pixel.jpg", "adobe-tail.jpg", "cmyk.jpg"] {
        let base = Base::of(name);
        let at = base.parts.iter().position(|part| part.code == 0xC4).unwrap();
        let table = &base.parts[at].bytes;
        let counts = &table[5..21];
        let total: usize = counts.iter().map(|&count| usize::from(count)).sum();
        // Codes of 16 bits that are still free; the one of all ones is not allowed.
        let taken: u32 = counts.iter().zip(1..).map(|(&count, bits)| u32::from(count) << (16 - bits)).sum();
        let free = 0xFFFF_u32.saturating_sub(taken).min(8) as usize;
        let known = &table[21..21 + total];
        let symbols: Vec<u8> = (0..12).filter(|symbol| !known.contains(symbol)).rev().take(free).collect();
        if symbols.is_empty() {
            continue;
        }
        let file = base.changed(0xC4, |bytes| {
            bytes[20] += u8::try_from(symbols.len()).unwrap();
            bytes.splice(21 + total..21 + total, symbols.iter().copied());
            let length = u16::from_be_bytes([bytes[2], bytes[3]]) + u16::try_from(symbols.len()).unwrap();
            bytes[2..4].copy_from_slice(&length.to_be_bytes());
        });
        all.push(base.canary("unused symbols", "of a used table", file, Vec::new()));
    }
}

/// What JFIF and Adobe segments hold besides what decoders need.
fn jfif_and_adobe(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let jfif = |tail: &[u8]| [b"JFIF\0\x01\x02\x01\x01\x2c\x01\x2c".as_slice(), tail].concat();
    let mark = marks.text();
    let after = jfif(&[b"\0\0", mark.as_slice()].concat());
    let file = base.changed(0xE0, |bytes| *bytes = segment(0xE0, &after));
    all.push(base.canary("JFIF", "after its fields", file, mark));
    let mark = marks.text();
    let thumbnail = jfif(&[b"\x04\x02", mark.as_slice(), &[0; 8]].concat());
    let file = base.changed(0xE0, |bytes| *bytes = segment(0xE0, &thumbnail));
    all.push(base.canary("JFIF", "thumbnail", file, mark));
    for (field, range) in [("version", 9..11), ("density", 11..16)] {
        let file = base.changed(0xE0, |bytes| bytes[range].fill(0x5A));
        all.push(base.canary("JFIF", field, file, Vec::new()));
    }
    let adobe = Base::of("adobe-tail.jpg");
    let mark = marks.text();
    let file = adobe.changed(0xEE, |bytes| {
        bytes.extend_from_slice(&mark);
        let length = u16::try_from(bytes.len() - 2).unwrap();
        bytes[2..4].copy_from_slice(&length.to_be_bytes());
    });
    all.push(adobe.canary("Adobe", "after its fields", file, mark));
    let file = adobe.changed(0xEE, |bytes| bytes[9..15].copy_from_slice(b"\x12\x34Z\x01\x02\x03"));
    all.push(adobe.canary("Adobe", "version and flags", file, Vec::new()));
}

/// A mark in every tag of every directory, known and unknown.
fn exif(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for (place, tiff, mark) in Tiff::canaries(marks) {
        let file = base.with(1, &segment(0xE1, &[b"Exif\0\0", tiff.as_slice()].concat()));
        all.push(base.canary("Exif", &place, file, mark));
    }
}

/// Marks in an ICC profile. Its colours stay, so the picture with the untouched profile is the twin.
fn profile(marks: &mut Marks, all: &mut Vec<Canary>) {
    let photo = std::fs::read(fixture("dirty/IMG_20260914_183042.jpg")).unwrap();
    let profile = split(&photo)
        .into_iter()
        .find(|part| part.bytes.get(4..).is_some_and(|payload| payload.starts_with(b"ICC_PROFILE")))
        .unwrap()
        .bytes;
    let profile = &profile[18..];
    let base = Base::of("444.jpg");
    let with = |profile: &[u8]| base.with(2, &segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", profile].concat()));
    let twin: Arc<[u8]> = with(profile).into();
    let mut push = |place: &str, file: Vec<u8>, mark: Vec<u8>| {
        let name = format!("ICC profile: {place}");
        all.push(Canary { name, file, mark, twin: Some(Arc::clone(&twin)) });
    };
    for words in ["Kvarz N7 Display P3", "Copyright Kvarz Mobile 2026", "serial KVZ7Q20418"] {
        let at = profile.windows(words.len()).position(|window| window == words.as_bytes()).unwrap();
        let (mut marked, mark) = (profile.to_vec(), marks.text());
        marked[at..at + mark.len()].copy_from_slice(&mark);
        push(words, with(&marked), mark);
    }
    let fields = [("CMM", 4..8), ("date", 24..36), ("platform", 40..44), ("flags", 44..48), ("maker", 48..52)];
    let more =
        [("model", 52..56), ("attributes", 56..64), ("creator", 80..84), ("ID", 84..100), ("reserved", 100..128)];
    for (field, range) in fields.into_iter().chain(more) {
        let (mut marked, mark) = (profile.to_vec(), marks.text().repeat(2));
        let len = range.len();
        marked[range].copy_from_slice(&mark[..len]);
        push(field, with(&marked), if len < 16 { Vec::new() } else { mark[..len].to_vec() });
    }
    let mark = marks.text();
    push("behind its end", with(&[profile, &mark].concat()), mark);
    // One part in a curve's thousand: not to be seen, but enough to tell one screen from another.
    let mut marked = profile.to_vec();
    let curve = marked.windows(4).position(|window| window == b"curv").unwrap();
    for sample in [100, 300, 700] {
        marked[curve + 13 + 2 * sample] ^= 1;
    }
    push("lowest bits of a curve", with(&marked), Vec::new());
    let mut marked = profile.to_vec();
    let colorant = marked.windows(4).position(|window| window == b"rXYZ").unwrap();
    let at = u32::from_be_bytes(marked[colorant + 4..colorant + 8].try_into().unwrap()) as usize;
    marked[at + 11] ^= 3;
    push("lowest bits of a colorant", with(&marked), Vec::new());
}

fn segment(code: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, code], length.as_slice(), payload].concat()
}

fn split(file: &[u8]) -> Vec<Part> {
    let mut parts = vec![Part { code: 0xD8, bytes: file[..2].to_vec() }];
    let mut at = 2;
    loop {
        let code = file[at + 1];
        if code == 0xD9 {
            parts.push(Part { code, bytes: file[at..at + 2].to_vec() });
            return parts;
        }
        let mut end = at + 2 + usize::from(u16::from_be_bytes([file[at + 2], file[at + 3]]));
        if code == 0xDA {
            while file[end] != 0xFF || matches!(file[end + 1], 0x00 | 0xD0..=0xD7) {
                end += 1;
            }
        }
        parts.push(Part { code, bytes: file[at..end].to_vec() });
        at = end;
    }
}

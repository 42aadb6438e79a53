//! PNG and APNG with marks: in every chunk there is or could be, at every place, and in what no chunk holds.

use std::io::Write;
use std::sync::Arc;

use flate2::{Compression, write::ZlibEncoder};

use super::exif::Tiff;
use super::{Canary, Marks};
use crate::harness::fixture;

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Every ancillary chunk that is registered or known in the wild, and some invented.
const KINDS: &[&[u8; 4]] = &[
    b"tEXt", b"zTXt", b"iTXt", b"tIME", b"pHYs", b"sPLT", b"hIST", b"bKGD", b"sBIT", b"eXIf", b"zxIf", b"gIFg",
    b"gIFx", b"gIFt", b"sTER", b"oFFs", b"pCAL", b"sCAL", b"fRAc", b"dSIG", b"caBX", b"iDOT", b"vpAg", b"npTc",
    b"npLb", b"npOl", b"mkBF", b"mkBS", b"mkBT", b"mkTS", b"prVW", b"prVt", b"skMf", b"skRf", b"mDCV", b"mDCv",
    b"cLLI", b"cLLi", b"meTa", b"tXMP", b"raNd", b"ruSt", b"orNT", b"grAb", b"alPh", b"cpIp", b"snAp", b"acTL",
    b"iCCP", b"cICP", b"cHRM", b"gAMA", b"sRGB", b"aaAa", b"zzZz", b"abCd", b"xxAx",
];

/// Critical chunks that nobody knows: no decoder shows such a picture.
const CRITICAL: &[&[u8; 4]] = &[b"CgBI", b"FOOB", b"JDAT", b"MHDR"];

/// A base picture in chunks, with a name.
struct Base {
    name: &'static str,
    chunks: Vec<Chunk>,
    whole: Arc<[u8]>,
}

#[derive(Clone)]
struct Chunk {
    kind: [u8; 4],
    data: Vec<u8>,
}

impl Base {
    fn of(name: &'static str) -> Self {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        Self { name, chunks: split(&whole), whole: whole.into() }
    }

    /// The gaps: before each chunk but IHDR.
    fn gaps(&self) -> impl Iterator<Item = usize> + '_ {
        1..self.chunks.len()
    }

    fn with(&self, gap: usize, extra: &[Chunk]) -> Vec<u8> {
        let mut chunks = self.chunks.clone();
        chunks.splice(gap..gap, extra.iter().cloned());
        join(&chunks)
    }

    fn changed(&self, kind: [u8; 4], change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut chunks = self.chunks.clone();
        change(&mut chunks[self.first(kind)].data);
        join(&chunks)
    }

    fn first(&self, kind: [u8; 4]) -> usize {
        self.chunks.iter().position(|chunk| chunk.kind == kind).unwrap()
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(Arc::clone(&self.whole)) }
    }
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let [rgb, palette, animated, cover] =
        ["rgb16.png", "palette.png", "animated.png", "animated-cover.png"].map(Base::of);
    let mut all = Vec::new();
    for base in [&rgb, &palette, &animated, &cover] {
        chunks(base, &mut marks, &mut all);
        image_data(base, &mut marks, &mut all);
        outside(base, &mut marks, &mut all);
        compressed(base, &mut marks, &mut all);
    }
    palettes(&rgb, &palette, &mut marks, &mut all);
    animations(&rgb, &animated, &mut marks, &mut all);
    exif(&rgb, &mut marks, &mut all);
    profile(&rgb, &mut marks, &mut all);
    all
}

/// Every kind at every place, with a mark and without any data.
fn chunks(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for kind in KINDS {
        let name = String::from_utf8_lossy(*kind);
        for gap in base.gaps() {
            let before = String::from_utf8_lossy(&base.chunks[gap].kind).into_owned();
            let mark = marks.text();
            let file = base.with(gap, &[Chunk { kind: **kind, data: mark.clone() }]);
            all.push(base.canary(&name, &format!("before {before}"), file, mark));
            let file = base.with(gap, &[Chunk { kind: **kind, data: Vec::new() }]);
            all.push(base.canary(&name, &format!("empty before {before}"), file, Vec::new()));
        }
    }
    for kind in CRITICAL {
        let mark = marks.text();
        let file = base.with(1, &[Chunk { kind: **kind, data: mark.clone() }]);
        all.push(base.canary("unknown critical chunk", &String::from_utf8_lossy(*kind), file, mark));
    }
    for kind in [b"tEXt", b"prVt"] {
        let mark = marks.text();
        let (at, mut chunks) = (base.first(*b"IDAT"), base.chunks.clone());
        let rest = chunks[at].data.split_off(9);
        let between = [Chunk { kind: *kind, data: mark.clone() }, Chunk { kind: *b"IDAT", data: rest }];
        chunks.splice(at + 1..at + 1, between);
        all.push(base.canary("between IDATs", &String::from_utf8_lossy(kind), join(&chunks), mark));
    }
}

/// Within IDAT: behind the stream, in one chunk or in one more; and how the stream is cut.
fn image_data(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let mark = marks.text();
    let file = base.changed(*b"IDAT", |data| data.extend_from_slice(&mark));
    all.push(base.canary("IDAT", "behind the stream", file, mark));
    let mark = marks.text();
    let file = base.with(base.first(*b"IDAT") + 1, &[Chunk { kind: *b"IDAT", data: mark.clone() }]);
    all.push(base.canary("IDAT", "one more", file, mark));
    let file = base.with(base.first(*b"IDAT"), &[Chunk { kind: *b"IDAT", data: Vec::new() }]);
    all.push(base.canary("IDAT", "empty and first", file, Vec::new()));
    // The lengths of the pieces can spell something.
    let (at, mut chunks) = (base.first(*b"IDAT"), base.chunks.clone());
    let whole = std::mem::take(&mut chunks[at].data);
    let (mut rest, mut pieces) = (whole.as_slice(), Vec::new());
    for len in b"CNRY".iter().map(|&letter| usize::from(letter) % 16 + 1) {
        let (piece, after) = rest.split_at(len.min(rest.len()));
        pieces.push(Chunk { kind: *b"IDAT", data: piece.to_vec() });
        rest = after;
    }
    pieces.push(Chunk { kind: *b"IDAT", data: rest.to_vec() });
    chunks.splice(at..=at, pieces);
    all.push(base.canary("IDAT", "lengths of the pieces", join(&chunks), Vec::new()));
    // Rows that no picture has.
    let mark = marks.text();
    let mut rows = inflated(&whole);
    rows.extend_from_slice(&mark);
    let file = base.changed(*b"IDAT", |data| *data = deflated(&rows));
    all.push(base.canary("more rows than the picture has", "IDAT", file, mark));
}

/// What no chunk holds.
fn outside(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let tails: [(&str, &[u8]); 4] =
        [("bytes", b""), ("a ZIP", b"PK\x03\x04"), ("another PNG", SIGNATURE), ("zeros", &[0; 64])];
    for (name, beginning) in tails {
        let mark = marks.text();
        all.push(base.canary("behind IEND", name, [&base.whole, beginning, mark.as_slice()].concat(), mark));
    }
    let mark = marks.text();
    let after = chunk(&Chunk { kind: *b"tEXt", data: [b"Author\0", mark.as_slice()].concat() });
    all.push(base.canary("behind IEND", "a chunk", [&base.whole, after.as_slice()].concat(), mark));
    let mark = marks.text();
    let file = base.changed(*b"IEND", |data| data.extend_from_slice(&mark));
    all.push(base.canary("IEND", "with data", file, mark));
    let mark = marks.text();
    let file = [SIGNATURE, mark.as_slice(), &base.whole[8..]].concat();
    all.push(base.canary("bytes between chunks", "after the signature", file, mark));
    let mark = marks.text();
    let (head, rest) = base.whole.split_at(base.whole.len() - 12);
    all.push(base.canary("bytes between chunks", "before IEND", [head, mark.as_slice(), rest].concat(), mark));
    // Decoders pass over a wrong checksum of a chunk that they need not understand.
    let mark = marks.text();
    let mut text = chunk(&Chunk { kind: *b"tEXt", data: [b"Author\0", mark.as_slice()].concat() });
    text.truncate(text.len() - 4);
    text.extend_from_slice(b"CNRY");
    let file = [&base.whole[..33], text.as_slice(), &base.whole[33..]].concat();
    all.push(base.canary("wrong checksum", "of tEXt", file, mark));
}

/// Texts that are compressed, once and twice.
fn compressed(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let before_data = base.first(*b"IDAT");
    for gap in [1, before_data, base.chunks.len() - 1] {
        let heads: [(&[u8; 4], &[u8]); 4] = [
            (b"zTXt", b"Comment\0\0"),
            (b"zTXt", b"Raw profile type exif\0\0"),
            (b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0"),
            (b"iCCP", b"panel\0\0"),
        ];
        for (kind, head) in heads {
            let mark = marks.text();
            let data = [head, deflated(&mark).as_slice()].concat();
            let file = base.with(gap, &[Chunk { kind: *kind, data }]);
            all.push(base.canary("compressed", &format!("{} in gap {gap}", String::from_utf8_lossy(kind)), file, mark));
        }
    }
}

/// Colours that no pixel has.
fn palettes(rgb: &Base, palette: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let at = rgb.first(*b"IDAT");
    let mark = marks.text();
    let colours = [mark.as_slice(), b".."].concat();
    let file = rgb.with(at, &[Chunk { kind: *b"PLTE", data: colours }]);
    all.push(rgb.canary("suggested palette", "PLTE", file, mark));
    let mark = marks.text();
    let suggestion = [b"panel\0\x08".as_slice(), &mark, b"...."].concat();
    let file = rgb.with(at, &[Chunk { kind: *b"sPLT", data: suggestion }]);
    all.push(rgb.canary("suggested palette", "sPLT", file, mark));
    let mark = marks.text();
    let file = palette.changed(*b"PLTE", |data| data.extend_from_slice(&[mark.as_slice(), b".."].concat()));
    all.push(palette.canary("unused colours", "at the end", file, mark));
    // Transparency of colours that are not used.
    let mut chunks = palette.chunks.clone();
    let (plte, trns) = (palette.first(*b"PLTE"), palette.first(*b"tRNS"));
    let mark = marks.text()[..4].to_vec();
    chunks[plte].data.extend_from_slice(&[0; 12]);
    let opaque = chunks[plte].data.len() / 3 - 4 - chunks[trns].data.len();
    chunks[trns].data.extend(std::iter::repeat_n(255, opaque));
    chunks[trns].data.extend_from_slice(&mark);
    all.push(palette.canary("unused colours", "transparency", join(&chunks), mark));
    let file = rgb.with(at, &[Chunk { kind: *b"tRNS", data: b"\x12\x34\x56\x78\x9a\xbc".to_vec() }]);
    all.push(rgb.canary("transparent colour", "that no pixel has", file, Vec::new()));
}

/// What animation chunks hold beyond their fields.
fn animations(rgb: &Base, animated: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for kind in [b"fcTL", b"acTL"] {
        let mark = marks.text();
        let file = animated.changed(*kind, |data| data.extend_from_slice(&mark));
        all.push(animated.canary("longer than its fields", &String::from_utf8_lossy(kind), file, mark));
    }
    let mark = marks.text();
    let file = animated.changed(*b"fdAT", |data| data.extend_from_slice(&mark));
    all.push(animated.canary("fdAT", "behind the stream", file, mark));
    // In a still picture they are nothing.
    for (kind, len) in [(b"fcTL", 26), (b"fdAT", 20)] {
        for gap in rgb.gaps() {
            let mark = marks.text();
            let mut data = mark.clone();
            data.resize(len, 0);
            let file = rgb.with(gap, &[Chunk { kind: *kind, data }]);
            let place = format!("{} in gap {gap}", String::from_utf8_lossy(kind));
            all.push(rgb.canary("animation chunk in a still picture", &place, file, mark));
        }
    }
}

/// A mark in every tag of every directory.
fn exif(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for (place, tiff, mark) in Tiff::canaries(marks) {
        let file = base.with(1, &[Chunk { kind: *b"eXIf", data: tiff }]);
        all.push(base.canary("Exif", &place, file, mark));
    }
}

/// Marks in the name and the words of a profile. Its colours stay, so the picture with it is the twin.
fn profile(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let screenshot = split(&std::fs::read(fixture("dirty/Screenshot_20260914-183501.png")).unwrap());
    let data = &screenshot.iter().find(|chunk| &chunk.kind == b"iCCP").unwrap().data;
    let name_len = data.iter().position(|&byte| byte == 0).unwrap();
    let profile = inflated(&data[name_len + 2..]);
    let with = |name: &[u8], profile: &[u8], tail: &[u8]| {
        let data = [name, b"\0\0", &deflated(profile), tail].concat();
        base.with(1, &[Chunk { kind: *b"iCCP", data }])
    };
    let twin: Arc<[u8]> = with(b"icc", &profile, b"").into();
    let mut push = |place: &str, file: Vec<u8>, mark: Vec<u8>| {
        let name = format!("ICC profile: {place}");
        all.push(Canary { name, file, mark, twin: Some(Arc::clone(&twin)) });
    };
    let mark = marks.text();
    push("name", with(&mark, &profile, b""), mark);
    let mark = marks.text();
    push("behind its stream", with(b"icc", &profile, &mark), mark);
    let mark = marks.text();
    push("behind its end", with(b"icc", &[profile.as_slice(), &mark].concat(), b""), mark);
    for words in ["Kvarz N7 panel 0931", "Copyright Kvarz Mobile 2026", "panel KVZ7Q20418"] {
        let at = profile.windows(words.len()).position(|window| window == words.as_bytes()).unwrap();
        let (mut marked, mark) = (profile.clone(), marks.text());
        marked[at..at + mark.len()].copy_from_slice(&mark);
        push(words, with(b"icc", &marked, b""), mark);
    }
}

fn split(file: &[u8]) -> Vec<Chunk> {
    let mut rest = file.strip_prefix(SIGNATURE).unwrap();
    let mut chunks = Vec::new();
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let len = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        chunks.push(Chunk { kind: [head[4], head[5], head[6], head[7]], data: after[..len].to_vec() });
        rest = &after[len + 4..];
    }
    chunks
}

fn join(chunks: &[Chunk]) -> Vec<u8> {
    let mut file = SIGNATURE.to_vec();
    chunks.iter().for_each(|one| file.extend(chunk(one)));
    file
}

fn chunk(Chunk { kind, data }: &Chunk) -> Vec<u8> {
    let len = u32::try_from(data.len()).unwrap().to_be_bytes();
    let mut crc = crc32fast::Hasher::new();
    crc.update(kind);
    crc.update(data);
    [len.as_slice(), kind, data, &crc.finalize().to_be_bytes()].concat()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut inflated = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::ZlibDecoder::new(bytes), &mut inflated).unwrap();
    inflated
}

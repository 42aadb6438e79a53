//! WebP, WAV, AIFF and AVI with marks: in every chunk there is or could be, at every place and level, in fields that
//! nobody needs, behind coded data, in padding, and in what no chunk holds.

use std::sync::Arc;

use super::exif::Tiff;
use super::{Canary, Marks};
use crate::harness::fixture;

/// Chunks that are registered or known in the wild in any of these formats, and some invented.
const KINDS: &[&[u8; 4]] = &[
    b"LIST", b"JUNK", b"junk", b"PAD ", b"FLLR", b"bext", b"iXML", b"_PMX", b"XMP ", b"EXIF", b"ICCP", b"id3 ",
    b"ID3 ", b"cue ", b"smpl", b"inst", b"plst", b"acid", b"cart", b"aXML", b"axml", b"chna", b"umid", b"minf",
    b"elm1", b"regn", b"DISP", b"levl", b"PEAK", b"afsp", b"strc", b"SNDM", b"LGWV", b"C2PA", b"JUMB", b"IDIT",
    b"ISMP", b"ISFT", b"strn", b"strd", b"segm", b"vedt", b"DXDT", b"tdat", b"thma", b"nctg", b"NAME", b"AUTH",
    b"(c) ", b"ANNO", b"COMT", b"MARK", b"INST", b"MIDI", b"APPL", b"AESD", b"CHAN", b"SAXL", b"FVER", b"fact",
    b"ds64", b"indx", b"idx1", b"ix00", b"vprp", b"ANIM", b"ALPH", b"UNKN", b"zzzz", b"KVZ1", b"abcd", b"A000",
    b"\xA9too", b"id3\0",
];

/// Types of lists.
const LISTS: &[&[u8; 4]] =
    &[b"INFO", b"adtl", b"exif", b"ncdt", b"hydt", b"pntx", b"odml", b"wavl", b"Tdat", b"KVZl", b"rec "];

/// The order of the bytes in sizes.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

impl Order {
    fn size(self, len: usize) -> [u8; 4] {
        let len = u32::try_from(len).unwrap();
        match self {
            Self::Little => len.to_le_bytes(),
            Self::Big => len.to_be_bytes(),
        }
    }

    fn read(self, bytes: &[u8]) -> usize {
        let bytes = bytes[..4].try_into().unwrap();
        (match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }) as usize
    }

    fn chunk(self, kind: [u8; 4], body: &[u8]) -> Vec<u8> {
        let pad: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
        [kind.as_slice(), &self.size(body.len()), body, pad].concat()
    }
}

/// A chunk, or a list of chunks.
#[derive(Clone)]
struct Node {
    kind: [u8; 4],
    body: Vec<u8>,
    /// The type of a list and what is in it; then `body` is empty.
    list: Option<([u8; 4], Vec<Node>)>,
}

impl Node {
    fn leaf(kind: [u8; 4], body: &[u8]) -> Self {
        Self { kind, body: body.to_vec(), list: None }
    }

    fn bytes(&self, order: Order) -> Vec<u8> {
        match &self.list {
            None => order.chunk(self.kind, &self.body),
            Some((list, nodes)) => {
                let body: Vec<u8> = nodes.iter().flat_map(|node| node.bytes(order)).collect();
                order.chunk(self.kind, &[list.as_slice(), &body].concat())
            }
        }
    }
}

fn parse(bytes: &[u8], order: Order) -> Vec<Node> {
    let mut rest = bytes;
    let mut nodes = Vec::new();
    while rest.len() >= 8 {
        let kind: [u8; 4] = rest[..4].try_into().unwrap();
        let len = order.read(&rest[4..]);
        let body = &rest[8..8 + len];
        nodes.push(match &kind {
            b"RIFF" | b"FORM" | b"LIST" => {
                let list = (body[..4].try_into().unwrap(), parse(&body[4..], order));
                Node { kind, body: Vec::new(), list: Some(list) }
            }
            _ => Node::leaf(kind, body),
        });
        rest = &rest[(8 + len + len % 2).min(rest.len())..];
    }
    nodes
}

/// A clean file to plant in.
struct Base {
    name: &'static str,
    order: Order,
    root: Node,
    whole: Arc<[u8]>,
}

/// Where a list stands in the tree.
type Path = Vec<usize>;

impl Base {
    fn of(name: &'static str) -> Self {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        let order = if whole.starts_with(b"FORM") { Order::Big } else { Order::Little };
        let root = parse(&whole, order).remove(0);
        assert_eq!(root.bytes(order), whole);
        Self { name, order, root, whole: whole.into() }
    }

    /// All lists, the file itself among them.
    fn lists(&self) -> Vec<Path> {
        fn walk(node: &Node, path: &mut Path, all: &mut Vec<Path>) {
            let Some((_, nodes)) = &node.list else { return };
            all.push(path.clone());
            for (at, node) in nodes.iter().enumerate() {
                path.push(at);
                walk(node, path, all);
                path.pop();
            }
        }
        let mut all = Vec::new();
        walk(&self.root, &mut Vec::new(), &mut all);
        all
    }

    fn changed(&self, path: &[usize], change: impl FnOnce(&mut Vec<Node>)) -> Vec<u8> {
        let mut root = self.root.clone();
        let mut node = &mut root;
        for &at in path {
            node = &mut node.list.as_mut().unwrap().1[at];
        }
        change(&mut node.list.as_mut().unwrap().1);
        root.bytes(self.order)
    }

    fn count(&self, path: &[usize]) -> usize {
        let mut node = &self.root;
        for &at in path {
            node = &node.list.as_ref().unwrap().1[at];
        }
        node.list.as_ref().unwrap().1.len()
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(Arc::clone(&self.whole)) }
    }
}

/// All of WebP.
pub(crate) fn webp() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    let names =
        ["lossy.webp", "lossless.webp", "alpha.webp", "animated.webp", "rotated.webp", "IMG_20260914_183042.webp"];
    for base in names.map(Base::of) {
        everywhere(&base, KINDS, &mut marks, &mut all);
        outside(&base, &mut marks, &mut all);
        coded(&base, &mut marks, &mut all);
        frames(&base, &mut marks, &mut all);
    }
    fields(&Base::of("rotated.webp"), b"VP8X", 10, &mut marks, &mut all);
    fields(&Base::of("animated.webp"), b"ANIM", 6, &mut marks, &mut all);
    exif(&Base::of("alpha.webp"), &mut marks, &mut all);
    all
}

/// All of WAV.
pub(crate) fn wav() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    for base in ["voice.wav", "odd.wav", "float.wav", "ima.wav", "ms.wav", "surround.wav", "gsm.wav"].map(Base::of) {
        everywhere(&base, KINDS, &mut marks, &mut all);
        lists(&base, &mut marks, &mut all);
        outside(&base, &mut marks, &mut all);
        fields(&base, b"fmt ", usize::MAX, &mut marks, &mut all);
    }
    for base in ["float.wav", "ima.wav"].map(Base::of) {
        fields(&base, b"fact", 4, &mut marks, &mut all);
    }
    unfinished(&Base::of("voice.wav"), &mut marks, &mut all);
    all
}

/// All of AIFF.
pub(crate) fn aiff() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    for base in ["field.aiff", "8.aiff", "sowt.aiff", "ima4.aiff"].map(Base::of) {
        everywhere(&base, KINDS, &mut marks, &mut all);
        outside(&base, &mut marks, &mut all);
        fields(&base, b"COMM", usize::MAX, &mut marks, &mut all);
        sound_data(&base, &mut marks, &mut all);
    }
    all
}

/// All of AVI.
pub(crate) fn avi() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    for base in ["raw.avi", "mjpeg.avi", "sound.avi", "mpeg4.avi"].map(Base::of) {
        everywhere(&base, KINDS, &mut marks, &mut all);
        lists(&base, &mut marks, &mut all);
        outside(&base, &mut marks, &mut all);
        for kind in [b"strh", b"avih", b"idx1"] {
            fields(&base, kind, usize::MAX, &mut marks, &mut all);
        }
        numbers(&base, &mut marks, &mut all);
    }
    fields(&Base::of("raw.avi"), b"strf", usize::MAX, &mut marks, &mut all);
    fields(&Base::of("raw.avi"), b"00db", usize::MAX, &mut marks, &mut all);
    all
}

/// Every kind at every place of every list, with a mark of even and of odd length.
fn everywhere(base: &Base, kinds: &[&[u8; 4]], marks: &mut Marks, all: &mut Vec<Canary>) {
    for path in base.lists() {
        for gap in 0..=base.count(&path) {
            for kind in kinds {
                // A WebP begins with a chunk of its own.
                let is_first = base.name.ends_with(".webp") && gap == 0;
                let name = String::from_utf8_lossy(*kind).into_owned();
                let place = format!("{name} in list {path:?} at {gap}");
                let name = if is_first { "first chunk".to_owned() } else { name };
                let mark = marks.text();
                let file = base.changed(&path, |nodes| nodes.insert(gap, Node::leaf(**kind, &mark)));
                all.push(base.canary(&name, &place, file, mark));
            }
            if base.name.ends_with(".webp") && gap == 0 {
                continue;
            }
            // The byte that makes a chunk's length even, and a size of 0.
            let mark = marks.text();
            let body = [mark.as_slice(), b"x"].concat();
            let file = base.changed(&path, |nodes| nodes.insert(gap, Node::leaf(*b"KVZ2", &body)));
            all.push(base.canary("KVZ2", &format!("odd, in list {path:?} at {gap}"), file, mark));
            let file = base.changed(&path, |nodes| nodes.insert(gap, Node::leaf(*b"KVZ3", b"")));
            all.push(base.canary("KVZ3", &format!("empty, in list {path:?} at {gap}"), file, Vec::new()));
        }
    }
}

/// Lists of every type in every list, with a mark in a tag.
fn lists(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for path in base.lists() {
        for gap in 0..=base.count(&path) {
            for list in LISTS {
                for tag in [b"ISFT", b"KVZt"] {
                    let mark = marks.text();
                    let inner = Node::leaf(*tag, &mark);
                    let node = Node { kind: *b"LIST", body: Vec::new(), list: Some((**list, vec![inner])) };
                    let file = base.changed(&path, |nodes| nodes.insert(gap, node));
                    let name = format!("list {}", String::from_utf8_lossy(*list));
                    all.push(base.canary(&name, &format!("in list {path:?} at {gap}"), file, mark));
                }
            }
        }
    }
}

/// What no chunk holds.
fn outside(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let tails: [(&str, &[u8]); 5] =
        [("bytes", b""), ("a ZIP", b"PK\x03\x04"), ("ID3v1", b"TAG"), ("zeros", &[0; 64]), ("odd", b"x")];
    for (name, beginning) in tails {
        let mark = marks.text();
        all.push(base.canary("behind the end", name, [&base.whole, beginning, mark.as_slice()].concat(), mark));
    }
    let mark = marks.text();
    let another = base.order.chunk(*b"RIFF", &[b"KVZf", mark.as_slice()].concat());
    all.push(base.canary("behind the end", "another RIFF", [&base.whole, another.as_slice()].concat(), mark));
    // The four bytes that a size leaves over.
    let mark = marks.text()[..7].to_vec();
    let mut file = [&base.whole, mark.as_slice()].concat();
    let len = file.len() - 8;
    file[4..8].copy_from_slice(&base.order.size(len));
    all.push(base.canary("less than a chunk", "at the end", file, mark));
}

/// A mark behind the fields of a chunk, and in place of each of its bytes that may be any.
fn fields(base: &Base, kind: &[u8; 4], whole: usize, marks: &mut Marks, all: &mut Vec<Canary>) {
    let name = String::from_utf8_lossy(kind).into_owned();
    for path in base.lists() {
        for at in 0..base.count(&path) {
            let mark = marks.text();
            let mut met = false;
            let file = base.changed(&path, |nodes| {
                if nodes[at].list.is_none() && nodes[at].kind == *kind {
                    assert!(whole == usize::MAX || nodes[at].body.len() == whole);
                    nodes[at].body.extend(&mark);
                    met = true;
                }
            });
            if met {
                all.push(base.canary("behind the fields", &format!("{name} in {path:?}"), file, mark));
            }
        }
    }
}

/// Headers of AVI whose numbers are written anew: each word of them replaced by four letters.
fn numbers(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    // Flags, priority and language, initial frames, length, buffer size, quality, frame rectangle; and of avih all but
    // the time of a frame.
    let words: [(&[u8; 4], &[usize]); 2] =
        [(b"strh", &[8, 12, 16, 32, 36, 40, 48, 52]), (b"avih", &[4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 44, 48, 52])];
    for (kind, words) in words {
        for path in base.lists() {
            for node in 0..base.count(&path) {
                for &word in words {
                    let mark = marks.text()[12..].to_vec();
                    let mut met = false;
                    let file = base.changed(&path, |nodes| {
                        if nodes[node].kind == *kind {
                            nodes[node].body[word..word + 4].copy_from_slice(&mark);
                            met = true;
                        }
                    });
                    if met {
                        let place = format!("{} word at {word} in {path:?}", String::from_utf8_lossy(kind));
                        all.push(base.canary("numbers written anew", &place, file, mark));
                    }
                }
            }
        }
    }
}

/// Behind the last bit of coded pictures and their transparency.
fn coded(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for len in [1, 2, 16] {
        for kind in [b"VP8 ", b"VP8L", b"ALPH"] {
            let mark = marks.text()[16 - len..].to_vec();
            let mut met = false;
            let file = base.changed(&[], |nodes| {
                if let Some(node) = nodes.iter_mut().find(|node| node.kind == *kind) {
                    node.body.extend(&mark);
                    met = true;
                }
            });
            if met {
                // One letter or two could be anywhere.
                let mark = if len < 16 { Vec::new() } else { mark };
                let name = String::from_utf8_lossy(kind).into_owned();
                all.push(base.canary("behind the picture", &format!("{len} bytes in {name}"), file, mark));
            }
        }
    }
    // Between the partitions of VP8: the first, whose size is in the header, and those behind it.
    let mark = marks.text();
    let mut met = false;
    let file = base.changed(&[], |nodes| {
        if let Some(node) = nodes.iter_mut().find(|node| node.kind == *b"VP8 ") {
            let tag = u32::from_le_bytes([node.body[0], node.body[1], node.body[2], 0]);
            let (first, low) = ((tag >> 5) as usize, tag & 31);
            node.body.splice(10 + first..10 + first, mark.iter().copied());
            let tag = (u32::try_from(first + mark.len()).unwrap() << 5) | low;
            node.body[..3].copy_from_slice(&tag.to_le_bytes()[..3]);
            met = true;
        }
    });
    if met {
        all.push(base.canary("behind the picture", "first partition of VP8", file, mark));
        for (byte, bits) in [(7, 0x40), (7, 0x80), (7, 0xC0), (9, 0x40), (9, 0x80), (9, 0xC0)] {
            let file = base.changed(&[], |nodes| {
                nodes.iter_mut().find(|node| node.kind == *b"VP8 ").unwrap().body[byte] |= bits;
            });
            all.push(base.canary("scaling of VP8", &format!("byte {byte} bits {bits}"), file, Vec::new()));
        }
    }
}

/// Chunks in frames, bits of their headers, and behind their pictures.
fn frames(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for at in 0..base.count(&[]) {
        let (_, nodes) = base.root.list.as_ref().unwrap();
        if nodes[at].kind != *b"ANMF" {
            continue;
        }
        let (header, inner) = nodes[at].body.split_at(16);
        let inner = parse(inner, base.order);
        let rebuilt = |header: &[u8], inner: &[Node]| {
            let body: Vec<u8> = inner.iter().flat_map(|node| node.bytes(base.order)).collect();
            base.changed(&[], |nodes| nodes[at].body = [header, &body].concat())
        };
        for gap in 0..=inner.len() {
            for kind in KINDS {
                let mark = marks.text();
                let mut more = inner.clone();
                more.insert(gap, Node::leaf(**kind, &mark));
                let name = format!("{} in a frame", String::from_utf8_lossy(*kind));
                all.push(base.canary(&name, &format!("frame {at} at {gap}"), rebuilt(header, &more), mark));
            }
        }
        for number in 0..inner.len() {
            let mark = marks.text();
            let mut more = inner.clone();
            more[number].body.extend(&mark);
            all.push(base.canary(
                "behind the picture",
                &format!("in frame {at}, chunk {number}"),
                rebuilt(header, &more),
                mark,
            ));
        }
        for bit in 2..8 {
            let mut header = header.to_vec();
            header[15] |= 1 << bit;
            all.push(base.canary(
                "reserved bits of a frame",
                &format!("bit {bit}"),
                rebuilt(&header, &inner),
                Vec::new(),
            ));
        }
    }
}

/// A mark in every tag of every directory.
fn exif(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for (place, tiff, mark) in Tiff::canaries(marks) {
        let file = base.changed(&[], |nodes| nodes.push(Node::leaf(*b"EXIF", &tiff)));
        all.push(base.canary("Exif", &place, file, mark));
    }
}

/// Before and behind the sound of an AIFF, in a name, in the digits of the rate.
fn sound_data(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let changed = |kind: &[u8; 4], change: &dyn Fn(&mut Vec<u8>)| {
        base.changed(&[], |nodes| change(&mut nodes.iter_mut().find(|node| node.kind == *kind).unwrap().body))
    };
    let mark = marks.text();
    let file = changed(b"SSND", &|body| {
        body[3] = 16;
        body.splice(8..8, mark.iter().copied());
    });
    all.push(base.canary("sound", "before the offset", file, mark));
    // More than a frame, so that the number of frames is what tells.
    let mark = marks.text();
    let file = changed(b"SSND", &|body| body.extend(mark.repeat(8)));
    all.push(base.canary("sound", "behind the last frame", file, mark));
    let mark = marks.text()[12..].to_vec();
    let file = changed(b"SSND", &|body| body[4..8].copy_from_slice(&mark));
    all.push(base.canary("sound", "block size", file, mark));
    let mark = marks.text()[12..].to_vec();
    let file = changed(b"COMM", &|body| body[14..18].copy_from_slice(&mark));
    all.push(base.canary("sound", "digits of the rate", file, mark));
    if base.root.list.as_ref().unwrap().0 == *b"AIFC" {
        let mark = marks.text();
        let file = changed(b"COMM", &|body| {
            body.truncate(22);
            body.push(16);
            body.extend(&mark);
            body.push(0);
        });
        all.push(base.canary("sound", "compression name", file, mark));
    }
}

/// Sound of unknown length, with chunks behind it.
fn unfinished(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for size in [0_u32, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF] {
        for kind in KINDS {
            let mark = marks.text();
            let mut file = [&base.whole, base.order.chunk(**kind, &mark).as_slice()].concat();
            let at = file.windows(4).position(|window| window == b"data").unwrap();
            file[at + 4..at + 8].copy_from_slice(&size.to_le_bytes());
            file[4..8].copy_from_slice(&size.to_le_bytes());
            let name = format!("behind unfinished sound: {} after {size:08X}", String::from_utf8_lossy(*kind));
            // With a size of 0 nothing may be left of the sound: that is another file than the base.
            all.push(Canary { name, file, mark, twin: None });
        }
    }
}

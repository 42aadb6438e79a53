//! GIFs with marks: in every extension there is or could be, at every place, in colours that nothing draws, behind
//! the codes of a picture, and in fields that nobody looks at.

use std::sync::Arc;

use super::{Canary, Marks};
use crate::harness::fixture;

/// A base picture: what stands before its blocks, its blocks, the trailer.
struct Base {
    name: &'static str,
    head: Vec<u8>,
    blocks: Vec<Vec<u8>>,
    whole: Arc<[u8]>,
}

impl Base {
    fn of(name: &'static str) -> Self {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        let (head, mut rest) = whole.split_at(13 + table_bytes(whole[10]));
        let mut blocks = Vec::new();
        while rest[0] != 0x3B {
            let head = if rest[0] == 0x21 { 2 } else { 11 + table_bytes(rest[9]) };
            let (block, after) = rest.split_at(head + sub_blocks_len(&rest[head..]));
            blocks.push(block.to_vec());
            rest = after;
        }
        Self { name, head: head.to_vec(), blocks, whole: whole.into() }
    }

    fn joined(&self, blocks: &[Vec<u8>]) -> Vec<u8> {
        [&self.head, &blocks.concat(), b";".as_slice()].concat()
    }

    fn with(&self, gap: usize, extra: &[u8]) -> Vec<u8> {
        let mut blocks = self.blocks.clone();
        blocks.insert(gap, extra.to_vec());
        self.joined(&blocks)
    }

    /// With the first image changed.
    fn image(&self, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
        let mut blocks = self.blocks.clone();
        change(blocks.iter_mut().find(|block| block[0] == 0x2C).unwrap());
        self.joined(&blocks)
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(Arc::clone(&self.whole)) }
    }
}

fn table_bytes(packed: u8) -> usize {
    if packed & 0x80 == 0 { 0 } else { 3 << ((packed & 7) + 1) }
}

fn sub_blocks_len(bytes: &[u8]) -> usize {
    let mut at = 0;
    while bytes[at] != 0 {
        at += 1 + usize::from(bytes[at]);
    }
    at + 1
}

fn sub_blocks(parts: &[&[u8]]) -> Vec<u8> {
    let blocks = parts.iter().flat_map(|part| [&[u8::try_from(part.len()).unwrap()], *part].concat());
    blocks.chain([0]).collect()
}

fn extension(label: u8, parts: &[&[u8]]) -> Vec<u8> {
    [&[0x21, label], sub_blocks(parts).as_slice()].concat()
}

/// Application identifiers: known in the wild, and some invented.
const APPLICATIONS: &[&[u8]] = &[
    b"XMP DataXMP",
    b"ICCRGBG1012",
    b"ADOBE:IR1.0",
    b"MGK8BIM0000",
    b"MGKIPTC0000",
    b"fractintC01",
    b"JASC    PSP",
    b"XCANARY 1.0",
    b"NETSCAPE2.1",
    b"NETSCAPE",
    b"C2PA_GIF\x01\x00\x00",
    b"A",
];

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let bases =
        ["comments.gif", "animated.gif", "local-tables.gif", "photo.gif", "transparent.gif", "grey.gif"].map(Base::of);
    let mut all = Vec::new();
    for base in &bases {
        extensions(base, &mut marks, &mut all);
        applications(base, &mut marks, &mut all);
        outside(base, &mut marks, &mut all);
        data(base, &mut marks, &mut all);
        fields(base, &mut all);
    }
    tables(&mut marks, &mut all);
    all
}

fn extensions(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for gap in 0..=base.blocks.len() {
        let place = format!("gap {gap}");
        for label in (0..=0xFF).filter(|label| !matches!(label, 0xF9 | 0xFF)) {
            let mark = marks.text();
            let parts: [&[u8]; 2] = if label == 1 { [&[0; 12], &mark] } else { [&mark[..7], &mark[7..]] };
            let whole = if label == 1 { mark.clone() } else { mark[..7].to_vec() };
            all.push(base.canary(
                &format!("label {label:02X}"),
                &place,
                base.with(gap, &extension(label, &parts)),
                whole,
            ));
        }
        let mark = marks.text();
        all.push(base.canary("comment", &place, base.with(gap, &extension(0xFE, &[&mark])), mark));
        all.push(base.canary("zeros", &place, base.with(gap, &[0; 3]), Vec::new()));
        let mark = marks.text();
        all.push(base.canary("garbage", &place, base.with(gap, &mark), mark));
    }
}

fn applications(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for gap in 0..=base.blocks.len() {
        for id in APPLICATIONS {
            let mark = marks.text();
            let file = base.with(gap, &extension(0xFF, &[id, &mark]));
            all.push(base.canary("application", &format!("{} in gap {gap}", String::from_utf8_lossy(id)), file, mark));
        }
        let mark = marks.text();
        let packet = [b"\x21\xFF\x0BXMP DataXMP<x>".as_slice(), &mark, b"</x>\x01"].concat();
        let trailer: Vec<u8> = (0..=255).rev().chain([0]).collect();
        let file = base.with(gap, &[packet, trailer].concat());
        all.push(base.canary("application", &format!("XMP with its trailer in gap {gap}"), file, mark));
        let mark = marks.text();
        let file = base.with(gap, &extension(0xFF, &[&mark]));
        all.push(base.canary("application", &format!("the mark as its name in gap {gap}"), file, mark));
    }
    // Where there is a loop already, another one that says less and more.
    for gap in 0..base.blocks.len() {
        let mark = marks.text();
        let file = base.with(gap, &extension(0xFF, &[b"NETSCAPE2.0", b"\x02", &mark]));
        all.push(base.canary("application", &format!("buffering in gap {gap}"), file, mark));
    }
}

fn outside(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let tails: [(&str, &[u8]); 4] =
        [("bytes", b""), ("a ZIP", b"PK\x03\x04"), ("another GIF", b"GIF89a"), ("zeros", &[0; 64])];
    for (name, beginning) in tails {
        let mark = marks.text();
        all.push(base.canary("behind the trailer", name, [&base.whole, beginning, mark.as_slice()].concat(), mark));
    }
    let mark = marks.text();
    let hidden = extension(0xFE, &[&mark]);
    all.push(base.canary("behind the trailer", "a comment", [&base.whole, hidden.as_slice()].concat(), mark));
    all.push(base.canary("trailer", "none", base.whole[..base.whole.len() - 1].to_vec(), Vec::new()));
}

/// Behind the end code; and how the data are cut.
fn data(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let parts = |block: &[u8]| {
        let head = 11 + table_bytes(block[9]);
        let (mut at, mut codes) = (head, Vec::new());
        while block[at] != 0 {
            let len = usize::from(block[at]);
            codes.extend_from_slice(&block[at + 1..at + 1 + len]);
            at += 1 + len;
        }
        (block[..head].to_vec(), codes)
    };
    let mark = marks.text();
    let file = base.image(|block| {
        let end = block.len() - 1;
        block.splice(end..end, [&[16], mark.as_slice()].concat());
    });
    all.push(base.canary("image data", "one more sub-block", file, mark));
    let mark = marks.text();
    let file = base.image(|block| {
        let (head, codes) = parts(block);
        let mut cut: Vec<Vec<u8>> = codes.chunks(200).map(<[u8]>::to_vec).collect();
        cut.last_mut().unwrap().extend_from_slice(&mark);
        *block = [head, sub_blocks(&cut.iter().map(Vec::as_slice).collect::<Vec<_>>())].concat();
    });
    all.push(base.canary("image data", "behind the end code", file, mark));
    for size in [1, 7, 100, 254] {
        let file = base.image(|block| {
            let (head, codes) = parts(block);
            *block = [head, sub_blocks(&codes.chunks(size).collect::<Vec<_>>())].concat();
        });
        all.push(base.canary("image data", &format!("sub-blocks of {size}"), file, Vec::new()));
    }
    let file = base.image(|block| {
        let (head, mut codes) = parts(block);
        *codes.last_mut().unwrap() |= 0x80;
        *block = [head, sub_blocks(&codes.chunks(255).collect::<Vec<_>>())].concat();
    });
    all.push(base.canary("image data", "padding bits", file, Vec::new()));
}

/// Fields that nobody looks at.
fn fields(base: &Base, all: &mut Vec<Canary>) {
    let mut set = |place: &str, at: usize, bits: u8| {
        let mut file = base.whole.to_vec();
        file[at] ^= bits;
        all.push(base.canary("field", place, file, Vec::new()));
    };
    set("version", 4, b'9' ^ b'7');
    for bits in [0x10, 0x20, 0x40, 0x08] {
        set(&format!("screen bit {bits:02X}"), 10, bits);
    }
    for aspect in [1, 49, 0x43, 255] {
        set(&format!("aspect {aspect}"), 12, aspect);
    }
    let image = base.head.len() + base.blocks.iter().take_while(|block| block[0] != 0x2C).map(Vec::len).sum::<usize>();
    for bits in [0x20, 0x10, 0x08] {
        set(&format!("image bit {bits:02X}"), image + 9, bits);
    }
    let control = base.blocks.iter().position(|block| block.starts_with(&[0x21, 0xF9]));
    if let Some(number) = control {
        let at = base.head.len() + base.blocks[..number].iter().map(Vec::len).sum::<usize>();
        for bits in [0x80, 0x40, 0x20, 0x02] {
            set(&format!("control bit {bits:02X}"), at + 3, bits);
        }
        let mark = b"CNRYcnry".to_vec();
        let mut blocks = base.blocks.clone();
        blocks[number] = [&blocks[number][..8 - 1], &[8], &mark, &[0]].concat();
        all.push(base.canary("field", "control with one more sub-block", base.joined(&blocks), mark));
    }
}

/// Colours that nothing draws.
fn tables(marks: &mut Marks, all: &mut Vec<Canary>) {
    let base = Base::of("comments.gif");
    let len = base.head.len();
    for packed in [0xF4, 0xF5, 0xF7] {
        let mark = marks.text();
        let mut head = base.head.clone();
        head[10] = packed;
        head.extend_from_slice(&mark);
        head.resize(13 + table_bytes(packed), b'.');
        assert!(head.len() > len);
        let file = [&head, &base.blocks.concat(), b";".as_slice()].concat();
        all.push(base.canary("unused colours", &format!("table {packed:02X}"), file, mark));
    }
    // A global table beside images that all have their own.
    let local = Base::of("local-tables.gif");
    if local.head.len() == 13 {
        let mark = marks.text();
        let mut head = local.head.clone();
        head[10] = 0xF3;
        head.extend_from_slice(&[mark.as_slice(), &[b'.'; 32]].concat());
        let file = [&head, &local.blocks.concat(), b";".as_slice()].concat();
        all.push(local.canary("unused colours", "a whole table", file, mark));
    }
    // What a still picture says of time.
    let still = Base::of("comments.gif");
    let control = [0x21, 0xF9, 4, 0x08, b'C', b'N', 0, 0];
    all.push(still.canary("still", "delay and disposal", still.with(0, &control), Vec::new()));
    all.push(still.canary(
        "still",
        "transparent colour that nothing has",
        still.with(0, &[0x21, 0xF9, 4, 0, 0, 0, 99, 0]),
        Vec::new(),
    ));
    let loops = extension(0xFF, &[b"NETSCAPE2.0", b"\x01CN"]);
    all.push(still.canary("still", "loop", still.with(0, &loops), Vec::new()));
}

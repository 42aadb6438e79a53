//! MP4, QuickTime, M4A and 3GP with marks: in every box there is or could be, at every place in every box that
//! holds others, in every field that says nothing of pictures and sound, in tables, in media data and around them.

use std::sync::Arc;

use super::{Canary, Marks};
use crate::harness::fixture;

/// Boxes that are registered (mp4ra.org), QuickTime's, those of makers, and some invented. None that a file is
/// built of.
const KINDS: &[&[u8; 4]] = &[
    b"udta", b"meta", b"uuid", b"free", b"skip", b"wide", b"iods", b"pdin", b"sidx", b"ssix", b"prft", b"emsg",
    b"mfra", b"tfra", b"mfro", b"bxml", b"xml ", b"ipro", b"iloc", b"iinf", b"idat", b"iref", b"pitm", b"ID32",
    b"cprt", b"tsel", b"strk", b"kind", b"elng", b"nmhd", b"hmhd", b"sthd", b"gmhd", b"code", b"sdtp", b"cslg",
    b"sgpd", b"sbgp", b"csgp", b"subs", b"saiz", b"saio", b"senc", b"stdp", b"padb", b"stsh", b"stvp", b"tapt",
    b"clef", b"prof", b"enof", b"load", b"imap", b"txas", b"clip", b"crgn", b"matt", b"kmat", b"ctab", b"pnot",
    b"PICT", b"XMP_", b"Xtra", b"Cr8r", b"SEFH", b"smta", b"auth", b"titl", b"loci", b"\xA9xyz", b"\xA9nam", b"GPMF",
    b"thum", b"thmb", b"jumb", b"c2pa", b"mebx", b"camm", b"gpmd", b"beam", b"inst", b"moof", b"trak", b"KVRZ",
    b"zzzz", b"ZZZZ", b"....",
];

/// Boxes that hold others in a clean file, and how many bytes stand before those.
const CONTAINERS: &[(&[u8; 4], usize)] = &[
    (b"moov", 0),
    (b"trak", 0),
    (b"edts", 0),
    (b"mdia", 0),
    (b"minf", 0),
    (b"dinf", 0),
    (b"dref", 8),
    (b"stbl", 0),
    (b"stsd", 8),
    (b"avc1", 78),
    (b"mp4a", 28),
    (b"mp4v", 78),
    (b"jpeg", 78),
];

#[derive(Clone)]
struct Node {
    kind: [u8; 4],
    /// The fields; all of the body, where no boxes are inside.
    fields: Vec<u8>,
    inside: Vec<Node>,
}

impl Node {
    fn leaf(kind: &[u8; 4], body: &[u8]) -> Self {
        Self { kind: *kind, fields: body.to_vec(), inside: Vec::new() }
    }

    fn bytes(&self) -> Vec<u8> {
        let inside = self.inside.iter().flat_map(Self::bytes).collect::<Vec<_>>();
        let size = u32::try_from(8 + self.fields.len() + inside.len()).unwrap();
        [size.to_be_bytes().as_slice(), &self.kind, &self.fields, &inside].concat()
    }

    /// Every box at or in this one, by the way to it.
    fn ways(&self, way: &mut Vec<usize>, all: &mut Vec<Vec<usize>>) {
        all.push(way.clone());
        for (index, inside) in self.inside.iter().enumerate() {
            way.push(index);
            inside.ways(way, all);
            way.pop();
        }
    }

    fn at(&mut self, way: &[usize]) -> &mut Self {
        way.iter().fold(self, |node, &index| &mut node.inside[index])
    }
}

fn split(bytes: &[u8]) -> Vec<Node> {
    let (mut rest, mut nodes) = (bytes, Vec::new());
    while let Some((head, _)) = rest.split_first_chunk::<8>() {
        let size = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let kind = [head[4], head[5], head[6], head[7]];
        let (whole, after) = rest.split_at(size);
        let body = &whole[8..];
        nodes.push(match CONTAINERS.iter().find(|(known, _)| **known == kind) {
            Some((_, skipped)) if kind != *b"mp4a" || body.len() > 28 => {
                Node { kind, fields: body[..*skipped].to_vec(), inside: split(&body[*skipped..]) }
            }
            _ => Node { kind, fields: body.to_vec(), inside: Vec::new() },
        });
        rest = after;
    }
    nodes
}

/// A clean file, taken apart: a root that holds its boxes.
struct Base {
    name: &'static str,
    root: Node,
    whole: Arc<[u8]>,
}

impl Base {
    fn of(name: &'static str) -> Self {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        let root = Node { kind: *b"root", fields: Vec::new(), inside: split(&whole) };
        Self { name, root, whole: whole.into() }
    }

    fn ways(&self) -> Vec<Vec<usize>> {
        let mut all = Vec::new();
        self.root.ways(&mut Vec::new(), &mut all);
        all
    }

    /// The first box of this type.
    fn find(&self, kind: &[u8; 4]) -> Option<Vec<usize>> {
        self.ways().into_iter().find(|way| self.root.clone().at(way).kind == *kind)
    }

    /// The file after a change, with the offsets of its chunks set right: `within` more bytes stand before the
    /// samples in the first mdat.
    fn changed(&self, within: usize, change: impl FnOnce(&mut Node)) -> Vec<u8> {
        let mut root = self.root.clone();
        let before = media_at(&root);
        change(&mut root);
        let shift = (media_at(&root) + within).wrapping_sub(before) as u32;
        shift_chunks(&mut root, shift);
        root.inside.iter().flat_map(Node::bytes).collect()
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(Arc::clone(&self.whole)) }
    }
}

fn media_at(root: &Node) -> usize {
    let before = root.inside.iter().take_while(|node| node.kind != *b"mdat");
    before.map(|node| node.bytes().len()).sum::<usize>() + 8
}

fn shift_chunks(node: &mut Node, shift: u32) {
    if node.kind == *b"stco" {
        let (head, offsets) = node.fields.split_at_mut(8);
        let count = u32::from_be_bytes(head[4..8].try_into().unwrap()) as usize;
        for offset in offsets.as_chunks_mut::<4>().0.iter_mut().take(count) {
            *offset = u32::from_be_bytes(*offset).wrapping_add(shift).to_be_bytes();
        }
    }
    node.inside.iter_mut().for_each(|inside| shift_chunks(inside, shift));
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    for name in ["phone.mp4", "motion-jpeg.mov", "voice.m4a", "note.3gp"] {
        let base = Base::of(name);
        boxes(&base, &mut marks, &mut all);
        fields(&base, &mut marks, &mut all);
        tables(&base, &mut marks, &mut all);
        media(&base, &mut marks, &mut all);
        tracks(&base, &mut marks, &mut all);
        known(&base, &mut marks, &mut all);
        forms(&base, &mut marks, &mut all);
    }
    fragments(&mut marks, &mut all);
    all
}

/// Every kind at every place: as text; some also behind eight bytes that are 0, and empty. In all bases but the
/// first every fifth kind, and another fifth in each box.
fn boxes(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for way in base.ways() {
        let holder = base.root.clone().at(&way).clone();
        let holds = way.is_empty() || CONTAINERS.iter().any(|(kind, _)| **kind == holder.kind);
        if !holds || (holder.kind == *b"mp4a" && holder.inside.is_empty()) {
            continue;
        }
        let inside = String::from_utf8_lossy(&holder.kind).into_owned();
        // Before the first box of a file there is nothing to tell it by.
        for gap in usize::from(way.is_empty())..=holder.inside.len() {
            for (index, kind) in KINDS.iter().enumerate() {
                let called = String::from_utf8_lossy(*kind).into_owned();
                let is_chosen = (index + gap + way.len()) % 5 == 0;
                if base.name != "phone.mp4" && !is_chosen {
                    continue;
                }
                for form in 0..if is_chosen { 3 } else { 1 } {
                    let mark = if form < 2 { marks.text() } else { Vec::new() };
                    let body = [&[0; 8][..if form == 1 { 8 } else { 0 }], &mark].concat();
                    let file = base.changed(0, |root| root.at(&way).inside.insert(gap, Node::leaf(kind, &body)));
                    let group = match (&holder.kind, *kind) {
                        (b"stsd", _) => "sample description of its own".to_owned(),
                        (b"dref", _) => "data reference of its own".to_owned(),
                        (b"root" | b"moov", b"moof" | b"trak") => "box that a file is built of".to_owned(),
                        _ => called.clone(),
                    };
                    all.push(base.canary(&group, &format!("{called} in {inside}, gap {gap}, form {form}"), file, mark));
                }
            }
        }
    }
}

/// Fields that are written in one form: type of box, first byte, bytes.
const FIELDS: &[(&[u8; 4], usize, usize)] = &[
    (b"mvhd", 4, 8),   // times
    (b"mvhd", 20, 6),  // rate and volume
    (b"mvhd", 26, 10), // reserved
    (b"mvhd", 60, 8),  // where the matrix moves the picture
    (b"mvhd", 72, 16), // previews, poster, selection
    (b"mvhd", 88, 12), // current time, next track
    (b"tkhd", 4, 8),
    (b"tkhd", 16, 4),
    (b"tkhd", 24, 8),
    (b"tkhd", 32, 2), // layer
    (b"tkhd", 34, 2), // alternate group
    (b"tkhd", 36, 4), // volume
    (b"tkhd", 64, 8),
    (b"mdhd", 4, 8),
    (b"mdhd", 20, 2), // language
    (b"mdhd", 22, 2), // quality
    (b"hdlr", 4, 4),  // component type
    (b"hdlr", 12, 12),
    (b"vmhd", 4, 8),
    (b"smhd", 4, 4),
    (b"avc1", 0, 6),
    (b"avc1", 8, 16), // version, vendor, qualities
    (b"avc1", 28, 14),
    (b"avc1", 42, 32), // name of the compressor
    (b"jpeg", 8, 16),
    (b"jpeg", 42, 32),
    (b"mp4a", 0, 6),
    (b"mp4a", 10, 6), // revision, vendor
    (b"mp4a", 20, 4), // compression, packet size
    (b"samr", 10, 6),
    (b"sowt", 10, 6),
];

fn fields(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for &(kind, at, len) in FIELDS {
        for way in base.ways().into_iter().filter(|way| base.root.clone().at(way).kind == *kind) {
            let mut mark = marks.text();
            mark.truncate(len);
            let file = base.changed(0, |root| {
                let node = root.at(&way);
                // A movement of the picture is no turn of it, and its numbers are elsewhere.
                for (field, letter) in node.fields[at..at + len].iter_mut().zip(mark.iter().cycle()) {
                    *field = *letter;
                }
            });
            // Few letters could stand there by chance; the twin tells.
            let mark = if mark.len() < 8 { Vec::new() } else { mark };
            all.push(base.canary("field", &format!("{} at {at}", String::from_utf8_lossy(kind)), file, mark));
        }
    }
    // Names, however long.
    for name in [b"".as_slice(), b"\x10", b"Kvarz "] {
        let mark = marks.text();
        let way = base.find(b"hdlr").unwrap();
        let file = base.changed(0, |root| {
            let node = root.at(&way);
            node.fields.truncate(24);
            node.fields.extend_from_slice(name);
            node.fields.extend_from_slice(&mark);
        });
        all.push(base.canary("name", "hdlr", file, mark));
    }
    // Behind the fields.
    let leaves = base.ways().into_iter().skip(1).filter(|way| {
        let node = base.root.clone().at(way).clone();
        node.inside.is_empty() && node.kind != *b"mdat"
    });
    for way in leaves {
        let mark = marks.text();
        let file = base.changed(0, |root| root.at(&way).fields.extend_from_slice(&mark));
        let kind = String::from_utf8_lossy(&base.root.clone().at(&way).kind).into_owned();
        all.push(base.canary("behind the fields", &kind, file, mark));
    }
}

/// Entries that no sample needs, and other spellings.
fn tables(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let mut push = |kind: &[u8; 4], place: &str, mark: Vec<u8>, change: &dyn Fn(&mut Vec<u8>)| {
        for way in base.ways().into_iter().filter(|way| base.root.clone().at(way).kind == *kind) {
            let file = base.changed(0, |root| change(&mut root.at(&way).fields));
            all.push(base.canary("table", &format!("{}, {place}", String::from_utf8_lossy(kind)), file, mark.clone()));
        }
    };
    let count = |fields: &mut Vec<u8>, at: usize, more: u32| {
        let old = u32::from_be_bytes(fields[at..at + 4].try_into().unwrap());
        fields[at..at + 4].copy_from_slice(&(old + more).to_be_bytes());
    };
    let mark = marks.text();
    push(b"stts", "more samples than there are", mark[..8].to_vec(), &|fields| {
        count(fields, 4, 1);
        fields.extend_from_slice(&mark[..8]);
    });
    push(b"stts", "runs of no sample", Vec::new(), &|fields| {
        count(fields, 4, 1);
        fields.splice(8..8, [0, 0, 0, 0, 0, 0x43, 0x4E, 0x52]);
    });
    push(b"stts", "one run in two", Vec::new(), &|fields| {
        let first = u32::from_be_bytes(fields[8..12].try_into().unwrap());
        if first > 1 {
            count(fields, 4, 1);
            let delta = fields[12..16].to_vec();
            fields[8..12].copy_from_slice(&(first - 1).to_be_bytes());
            fields.splice(8..8, [&[0, 0, 0, 1], delta.as_slice()].concat());
        }
    });
    push(b"stsz", "more sizes than there are samples", Vec::new(), &|fields| {
        count(fields, 8, 1);
        if fields[4..8] == [0; 4] {
            fields.extend_from_slice(b"CNRY");
        }
    });
    push(b"stco", "more chunks than there are samples", Vec::new(), &|fields| {
        count(fields, 4, 1);
        fields.extend_from_slice(b"\0CNR");
    });
    push(b"stsc", "a group more than there are chunks", Vec::new(), &|fields| {
        count(fields, 4, 1);
        fields.extend_from_slice(b"CNRYCNRY\0\0\0\x01");
    });
    push(b"stss", "a sample twice, and one that is none", Vec::new(), &|fields| {
        count(fields, 4, 2);
        fields.extend_from_slice(b"\0\0\0\x01CNRY");
    });
    push(b"elst", "an edit of no length", Vec::new(), &|fields| {
        count(fields, 4, 1);
        fields.splice(8..8, *b"\0\0\0\0\0CNR\0\x01\0\0");
    });
}

/// In media data that no sample has, and behind the last box.
fn media(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let mark = marks.text();
    let file = base.changed(mark.len(), |root| {
        let media = root.inside.iter_mut().find(|node| node.kind == *b"mdat").unwrap();
        media.fields.splice(0..0, mark.iter().copied());
    });
    all.push(base.canary("media data", "before the first sample", file, mark));
    let mark = marks.text();
    let file = base.changed(0, |root| {
        let media = root.inside.iter_mut().find(|node| node.kind == *b"mdat").unwrap();
        media.fields.extend_from_slice(&mark);
    });
    all.push(base.canary("media data", "behind the last sample", file, mark));
    for (place, gap) in [("before the first", 1), ("behind the last", base.root.inside.len())] {
        let mark = marks.text();
        let file = base.changed(if gap == 1 { 8 + mark.len() } else { 0 }, |root| {
            root.inside.insert(gap, Node::leaf(b"mdat", &mark));
        });
        // Offsets were shifted by the place of the first mdat, which is the new one.
        let name = format!("a box of its own {place}");
        let file = if gap == 1 { own_mdat_first(base, &mark) } else { file };
        all.push(base.canary("media data", &name, file, mark));
    }
    let tails: [(&str, &[u8]); 6] = [
        ("bytes", b""),
        ("zeros", &[0; 40]),
        ("a ZIP", b"PK\x03\x04"),
        ("another film", &base.whole[..32]),
        ("a box that is too long", b"\x7F\0\0\0KVRZ"),
        ("a size of nothing", b"\0\0\0\x03KVRZ"),
    ];
    for (name, beginning) in tails {
        let mark = marks.text();
        let file = [&base.whole, beginning, mark.as_slice()].concat();
        all.push(base.canary("behind the last box", name, file, mark));
    }
}

fn own_mdat_first(base: &Base, mark: &[u8]) -> Vec<u8> {
    let mut root = base.root.clone();
    shift_chunks(&mut root, u32::try_from(8 + mark.len()).unwrap());
    root.inside.insert(1, Node::leaf(b"mdat", mark));
    root.inside.iter().flat_map(Node::bytes).collect()
}

/// Tracks that are neither picture nor sound, with a mark in their samples, names and descriptions.
fn tracks(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let handlers: [(&[u8; 4], &[u8; 4]); 18] = [
        (b"meta", b"gpmd"),
        (b"meta", b"camm"),
        (b"meta", b"mebx"),
        (b"meta", b"mett"),
        (b"meta", b"rtmd"),
        (b"meta", b"zzzz"),
        (b"tmcd", b"tmcd"),
        (b"text", b"text"),
        (b"text", b"tx3g"),
        (b"sbtl", b"tx3g"),
        (b"subt", b"stpp"),
        (b"clcp", b"c608"),
        (b"hint", b"rtp "),
        (b"odsm", b"mp4s"),
        (b"auxv", b"jpeg"),
        (b"pict", b"jpeg"),
        (b"KVRZ", b"KVRZ"),
        (b"\0\0\0\0", b"zzzz"),
    ];
    let first = base.find(b"trak").unwrap();
    let trak = base.root.clone().at(&first).clone();
    for (handler, description) in handlers {
        for place in ["sample", "description", "name"] {
            let mark = marks.text();
            let media_len = base.whole.len();
            let file = base.changed(0, |root| {
                let mut other = trak.clone();
                let at = |node: &mut Node, kind: &[u8; 4], change: &dyn Fn(&mut Node)| each(node, kind, change);
                let words = if place == "description" { mark.as_slice() } else { b"" };
                at(&mut other, b"stsd", &|stsd| {
                    stsd.inside = vec![Node::leaf(description, &[&[0, 0, 0, 0, 0, 0, 0, 1], words].concat())];
                });
                at(&mut other, b"hdlr", &|hdlr| {
                    if &hdlr.fields[8..12] != b"url " {
                        hdlr.fields[8..12].copy_from_slice(handler);
                        if place == "name" {
                            hdlr.fields.truncate(24);
                            hdlr.fields.extend_from_slice(&mark);
                        }
                    }
                });
                at(&mut other, b"tkhd", &|tkhd| tkhd.fields[12..16].copy_from_slice(&9_u32.to_be_bytes()));
                at(&mut other, b"stsz", &|stsz| stsz.fields = [0, 0, 0, 0, 0, 0, 0, 16, 0, 0, 0, 1].to_vec());
                at(&mut other, b"stts", &|stts| {
                    stts.fields = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 9].to_vec()
                });
                at(&mut other, b"stsc", &|stsc| {
                    stsc.fields = [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1].to_vec();
                });
                at(&mut other, b"stco", &|stco| {
                    stco.fields =
                        [&[0, 0, 0, 0, 0, 0, 0, 1], u32::try_from(media_len).unwrap().to_be_bytes().as_slice()]
                            .concat();
                });
                root.at(&first[..1]).inside.push(other);
                let words = if place == "sample" { mark.clone() } else { vec![0x20; 16] };
                root.inside.push(Node::leaf(b"mdat", &words));
            });
            let name = format!("{}, {place}", String::from_utf8_lossy(description));
            all.push(base.canary("track that is dropped", &name, file, mark));
        }
    }
}

fn each(node: &mut Node, kind: &[u8; 4], change: &dyn Fn(&mut Node)) {
    if node.kind == *kind {
        change(node);
    }
    node.inside.iter_mut().for_each(|inside| each(inside, kind, change));
}

/// Metadata in the forms that programs write them in.
fn known(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let boxed = |kind: &[u8; 4], body: &[u8]| Node::leaf(kind, body).bytes();
    let types: [&[u8; 16]; 5] = [
        b"\xBE\x7A\xCF\xCB\x97\xA9\x42\xE8\x9C\x71\x99\x94\x91\xE3\xAF\xAC",
        b"PROF\x21\xD2\x4F\xCE\xBB\x88\x69\x5C\xFA\xC9\xC7\x40",
        b"USMT\x21\xD2\x4F\xCE\xBB\x88\x69\x5C\xFA\xC9\xC7\x40",
        b"\xD8\xFE\xC3\xD6\x1B\x0E\x48\x3C\x92\x97\x58\x28\x87\x7E\xC4\x81",
        b"0123456789ABCDEF",
    ];
    let items: [&[u8; 4]; 30] = [
        b"\xA9nam", b"\xA9cmt", b"\xA9too", b"\xA9day", b"\xA9xyz", b"\xA9mak", b"\xA9mod", b"\xA9swr", b"\xA9ART",
        b"covr", b"desc", b"apID", b"----", b"titl", b"auth", b"dscp", b"gnre", b"loci", b"yrrc", b"albm", b"cprt",
        b"name", b"hnti", b"SDLN", b"smrd", b"smta", b"Xtra", b"chpl", b"GPMF", b"zzzz",
    ];
    let ways: Vec<_> = [Some(Vec::new()), base.find(b"moov"), base.find(b"trak")].into_iter().flatten().collect();
    for way in ways {
        let mut push = |place: String, node: Node, mark: Vec<u8>| {
            let file = base.changed(0, |root| root.at(&way).inside.push(node));
            all.push(base.canary("known metadata", &format!("{place} at depth {}", way.len()), file, mark));
        };
        for kind in types {
            let mark = marks.text();
            push("uuid".to_owned(), Node::leaf(b"uuid", &[kind.as_slice(), &mark].concat()), mark);
        }
        for kind in items {
            let called = String::from_utf8_lossy(kind).into_owned();
            let mark = marks.text();
            let quicktime = boxed(kind, &[&[0, 16, 0x15, 0xC7], mark.as_slice()].concat());
            push(format!("udta {called}"), Node::leaf(b"udta", &quicktime), mark);
            let mark = marks.text();
            let mobile = boxed(kind, &[&[0, 0, 0, 0, 0x15, 0xC7], mark.as_slice(), &[0]].concat());
            push(format!("udta {called} of 3GPP"), Node::leaf(b"udta", &mobile), mark);
            let mark = marks.text();
            let data = boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], mark.as_slice()].concat());
            let list = boxed(b"ilst", &boxed(kind, &data));
            let meta =
                [&[0; 4], boxed(b"hdlr", b"\0\0\0\0\0\0\0\0mdirappl\0\0\0\0\0\0\0\0\0").as_slice(), &list].concat();
            push(format!("ilst {called}"), Node::leaf(b"udta", &boxed(b"meta", &meta)), mark);
        }
        for value in [true, false] {
            let mark = marks.text();
            let (name, told) =
                if value { (b"com.kvarz.key".as_slice(), mark.as_slice()) } else { (mark.as_slice(), b"1".as_slice()) };
            let keys = [&[0, 0, 0, 0, 0, 0, 0, 1], boxed(b"mdta", name).as_slice()].concat();
            let data = boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], told].concat());
            let meta = [
                boxed(b"hdlr", b"\0\0\0\0\0\0\0\0mdta\0\0\0\0\0\0\0\0\0\0\0\0\0"),
                boxed(b"keys", &keys),
                boxed(b"ilst", &boxed(&[0, 0, 0, 1], &data)),
            ];
            push(format!("keys {value}"), Node::leaf(b"meta", &meta.concat()), mark);
        }
    }
}

/// Other forms of the same: nothing to find, but the same to come out.
fn forms(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    // 64-bit sizes.
    let media = base.root.inside.iter().find(|node| node.kind == *b"mdat").unwrap();
    let mut root = base.root.clone();
    shift_chunks(&mut root, 8);
    root.inside.retain(|node| node.kind != *b"mdat");
    let mut file: Vec<u8> = root.inside.iter().flat_map(Node::bytes).collect();
    file.extend_from_slice(b"\0\0\0\x01mdat");
    file.extend_from_slice(&(media.fields.len() as u64 + 16).to_be_bytes());
    file.extend_from_slice(&media.fields);
    all.push(base.canary("form", "long size", file, Vec::new()));
    // Up to the end of the file.
    let mut file = base.whole.to_vec();
    let at = file.len() - media.fields.len() - 8;
    file[at..at + 4].copy_from_slice(&[0; 4]);
    all.push(base.canary("form", "size 0", file.clone(), Vec::new()));
    // Longer than the file.
    file[at..at + 4].copy_from_slice(&(media.fields.len() as u32 + 900).to_be_bytes());
    all.push(base.canary("form", "size too long", file, Vec::new()));
    // Other brands of the same family.
    for brand in [b"CNRY", b"zzzz"] {
        let file = base.changed(0, |root| root.inside[0].fields.extend_from_slice(brand));
        all.push(base.canary("form", "compatible brand", file, Vec::new()));
        let mark = marks.text();
        let file = base.changed(0, |root| root.inside[0].fields.extend_from_slice(&mark));
        all.push(base.canary("form", "compatible brands", file, mark));
        let file = base.changed(0, |root| root.inside[0].fields[4..8].copy_from_slice(brand));
        all.push(base.canary("form", "minor version", file, Vec::new()));
    }
    // Tracks by other numbers.
    let file = base.changed(0, |root| {
        each(root, b"tkhd", &|tkhd| tkhd.fields[12] = b'C');
    });
    all.push(base.canary("form", "track numbers", file, Vec::new()));
    // Media data before the index.
    let mut root = base.root.clone();
    let before: usize = root.inside[1].bytes().len();
    shift_chunks(&mut root, (before as u32).wrapping_neg());
    root.inside.swap(1, 2);
    let file = root.inside.iter().flat_map(Node::bytes).collect();
    all.push(base.canary("form", "media data first", file, Vec::new()));
}

/// In the boxes of fragments.
fn fragments(marks: &mut Marks, all: &mut Vec<Canary>) {
    let whole: Arc<[u8]> = std::fs::read(fixture("dirty/fragmented.mp4")).unwrap().into();
    let mut root = Node { kind: *b"root", fields: Vec::new(), inside: split_fragments(&whole) };
    let mut ways = Vec::new();
    root.ways(&mut Vec::new(), &mut ways);
    for (index, way) in ways.into_iter().enumerate() {
        let holder = root.at(&way).clone();
        if !way.is_empty() && !matches!(&holder.kind, b"moof" | b"traf" | b"mvex") {
            continue;
        }
        for gap in usize::from(way.is_empty())..=holder.inside.len() {
            let chosen = KINDS.iter().skip((index + gap) % 5).step_by(5);
            for kind in chosen.filter(|kind| !matches!(**kind, b"moof" | b"trak")) {
                let mark = marks.text();
                let mut changed = root.clone();
                let own = Node::leaf(kind, &mark);
                let len = u32::try_from(own.bytes().len()).unwrap();
                changed.at(&way).inside.insert(gap, own);
                // Data of a fragment are found from the beginning of its box.
                if holder.kind == *b"moof" || holder.kind == *b"traf" {
                    each(changed.at(&way[..1]), b"trun", &|trun| add(&mut trun.fields[8..12], len));
                }
                if way.is_empty() && gap > 0 && root.inside[gap - 1].kind == *b"moof" {
                    each(&mut changed.inside[gap - 1], b"trun", &|trun| add(&mut trun.fields[8..12], len));
                }
                let file = changed.inside.iter().flat_map(Node::bytes).collect();
                let name = format!(
                    "in a fragment: {} in {}, gap {gap}",
                    String::from_utf8_lossy(*kind),
                    String::from_utf8_lossy(&holder.kind)
                );
                all.push(Canary { name, file, mark, twin: Some(Arc::clone(&whole)) });
            }
        }
    }
}

fn add(field: &mut [u8], more: u32) {
    let old = u32::from_be_bytes(field.try_into().unwrap());
    field.copy_from_slice(&(old + more).to_be_bytes());
}

fn split_fragments(bytes: &[u8]) -> Vec<Node> {
    split(bytes)
        .into_iter()
        .map(|node| match &node.kind {
            b"moof" | b"traf" | b"mvex" => {
                Node { kind: node.kind, fields: Vec::new(), inside: split_fragments(&node.fields) }
            }
            b"moov" => Node {
                inside: node
                    .inside
                    .into_iter()
                    .map(|inside| match &inside.kind {
                        b"mvex" => Node { kind: inside.kind, fields: Vec::new(), inside: split(&inside.fields) },
                        _ => inside,
                    })
                    .collect(),
                ..node
            },
            _ => node,
        })
        .collect()
}

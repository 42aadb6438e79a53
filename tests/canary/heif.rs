//! HEIC, HEIF and AVIF with marks: in boxes known and invented at every place, in every name, reserved field and
//! unused value, in items and properties of every kind, in data of no item, and in how a writer may number and order.

use std::sync::Arc;

use super::{Canary, Marks};
use crate::harness::fixture;

/// Boxes of this and of other formats, and some invented.
const KINDS: &[&[u8; 4]] = &[
    b"free",
    b"skip",
    b"wide",
    b"uuid",
    b"udta",
    b"prVt",
    b"Exif",
    b"XMP_",
    b"mpvd",
    b"sefd",
    b"jumb",
    b"c2pa",
    b"pnot",
    b"styp",
    b"sidx",
    b"ssix",
    b"prft",
    b"emsg",
    b"mfra",
    b"ilst",
    b"keys",
    b"name",
    b"loci",
    b"cprt",
    b"xml ",
    b"bxml",
    b"dinf",
    b"grpl",
    b"ipro",
    b"meco",
    b"fiin",
    b"sinf",
    b"gps0",
    b"GUMI",
    b"SEAL",
    b"KVRZ",
    b"\0\0\0\0",
    b"zzzz",
];

/// Descriptive properties of HEIF, MIAF and AVIF that a clean picture does without, and some invented.
const PROPERTIES: &[&[u8; 4]] = &[
    b"udes", b"altt", b"crtt", b"mdft", b"cmin", b"cmex", b"wipp", b"rloc", b"cclv", b"reve", b"ndwt", b"subs",
    b"tols", b"oinf", b"tinf", b"elng", b"iscl", b"uuid", b"free", b"skip", b"aebr", b"afbr", b"dobr", b"fobr",
    b"wbbr", b"prVt", b"mskC", b"splz", b"cmpd", b"uncC", b"KVRZ", b"GUMI", b"hvcX", b"j2kH", b"jpgC", b"vvcC",
];

#[derive(Clone)]
struct Node {
    kind: [u8; 4],
    /// What stands before the boxes in it; all of its body if there are none.
    head: Vec<u8>,
    children: Vec<Node>,
}

/// A clean picture in boxes, with a name.
#[derive(Clone)]
struct Base {
    name: &'static str,
    nodes: Vec<Node>,
    whole: Arc<[u8]>,
    data: Vec<u8>,
    data_at: usize,
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    let stills =
        ["IMG_0419.heic", "alpha.heic", "overlay.heic", "alpha.avif", "photo.avif", "general-brand.heif"].map(Base::of);
    let moving = ["animated-alpha.avif", "sequence.heif"].map(Base::of);
    for base in stills.iter().chain(&moving) {
        boxes(base, &mut marks, &mut all);
        types(base, &mut marks, &mut all);
        outside(base, &mut marks, &mut all);
        names(base, &mut marks, &mut all);
        data(base, &mut marks, &mut all);
        items(base, &mut marks, &mut all);
        properties(base, &mut marks, &mut all);
        choices(base, &mut all);
    }
    moving.iter().for_each(|base| tracks(base, &mut marks, &mut all));
    all
}

impl Base {
    fn of(name: &'static str) -> Self {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        let nodes = parse(&whole, &[]);
        let data = nodes.iter().find(|node| node.kind == *b"mdat").unwrap().head.clone();
        let data_at = whole.len() - data.len();
        Self { name, nodes, whole: whole.into(), data, data_at }
    }

    fn at(&mut self, path: &[&[u8; 4]]) -> &mut Node {
        let (first, rest) = path.split_first().unwrap();
        let mut node = self.nodes.iter_mut().find(|node| node.kind == **first).unwrap();
        for kind in rest {
            node = node.children.iter_mut().find(|node| node.kind == **kind).unwrap();
        }
        node
    }

    fn has(&self, path: &[&[u8; 4]]) -> bool {
        let mut nodes = &self.nodes;
        path.iter().all(|kind| match nodes.iter().find(|node| node.kind == **kind) {
            Some(node) => {
                nodes = &node.children;
                true
            }
            None => false,
        })
    }

    /// The file, with offsets that fit.
    fn file(mut self) -> Vec<u8> {
        let bytes = written(&self.nodes);
        let data_at = bytes.windows(self.data.len()).position(|window| window == self.data).unwrap();
        let moved = |at: &mut [u8]| {
            let old = u32::from_be_bytes(at[..4].try_into().unwrap());
            let new = u32::try_from(usize::try_from(old).unwrap() + data_at - self.data_at).unwrap();
            at[..4].copy_from_slice(&new.to_be_bytes());
        };
        for node in &mut self.nodes {
            node.each(&mut |node| match &node.kind {
                b"iloc" => {
                    for entry in node.head[8..].chunks_exact_mut(16).filter(|entry| entry[3] == 0) {
                        moved(&mut entry[8..]);
                    }
                }
                b"stco" => moved(&mut node.head[8..]),
                _ => {}
            });
        }
        written(&self.nodes)
    }

    fn canary(&self, kind: &str, place: &str, changed: Base, mark: Vec<u8>) -> Canary {
        let twin = Some(Arc::clone(&self.whole));
        Canary { name: format!("{kind}: {place}, {}", self.name), file: changed.file(), mark, twin }
    }

    /// As it is, but for one change; nothing to look for.
    fn choice(&self, kind: &str, change: impl FnOnce(&mut Base)) -> Canary {
        let mut changed = self.clone();
        change(&mut changed);
        self.canary(kind, "choice", changed, Vec::new())
    }

    /// With one more item, whose data follow the others.
    fn with_item(&self, kind: &[u8; 4], rest: &[u8], data: &[u8], reference: &[u8; 4]) -> Base {
        let mut changed = self.clone();
        let number = 900u16.to_be_bytes();
        let iinf = changed.at(&[b"meta", b"iinf"]);
        let count = u16::from_be_bytes(iinf.head[4..6].try_into().unwrap()) + 1;
        iinf.head[4..6].copy_from_slice(&count.to_be_bytes());
        iinf.children.push(leaf(b"infe", &[&[2, 0, 0, 0], &number, &[0, 0], kind, b"\0", rest]));
        let end = u32::try_from(self.data_at + self.data.len()).unwrap().to_be_bytes();
        let len = u32::try_from(data.len()).unwrap().to_be_bytes();
        let iloc = changed.at(&[b"meta", b"iloc"]);
        let count = u16::from_be_bytes(iloc.head[6..8].try_into().unwrap()) + 1;
        iloc.head[6..8].copy_from_slice(&count.to_be_bytes());
        iloc.head.extend([number.as_slice(), &[0, 0, 0, 0, 0, 1], &end, &len].concat());
        if !changed.has(&[b"meta", b"iref"]) {
            changed.at(&[b"meta"]).children.insert(3, Node { kind: *b"iref", head: vec![0; 4], children: Vec::new() });
        }
        let reference = leaf(reference, &[&number, &[0, 1, 0, 1]]);
        changed.at(&[b"meta", b"iref"]).children.push(reference);
        changed.at(&[b"mdat"]).head.extend(data);
        changed
    }

    /// With one more property, of item 1.
    fn with_property(&self, property: Node, is_essential: bool) -> Base {
        let mut changed = self.clone();
        let ipco = changed.at(&[b"meta", b"iprp", b"ipco"]);
        ipco.children.push(property);
        let index = u8::try_from(ipco.children.len()).unwrap() | if is_essential { 0x80 } else { 0 };
        let ipma = &mut changed.at(&[b"meta", b"iprp", b"ipma"]).head;
        ipma[10] += 1;
        let end = 10 + usize::from(ipma[10]);
        ipma.insert(end, index);
        changed
    }
}

impl Node {
    fn each(&mut self, visit: &mut impl FnMut(&mut Node)) {
        visit(self);
        self.children.iter_mut().for_each(|child| child.each(visit));
    }
}

fn leaf(kind: &[u8; 4], parts: &[&[u8]]) -> Node {
    Node { kind: *kind, head: parts.concat(), children: Vec::new() }
}

fn parse(mut bytes: &[u8], within: &[[u8; 4]]) -> Vec<Node> {
    let mut nodes = Vec::new();
    while !bytes.is_empty() {
        let len = usize::try_from(u32::from_be_bytes(bytes[..4].try_into().unwrap())).unwrap();
        let kind: [u8; 4] = bytes[4..8].try_into().unwrap();
        let (body, rest) = (&bytes[8..len], &bytes[len..]);
        let head = match &kind {
            b"moov" | b"trak" | b"mdia" | b"minf" | b"stbl" | b"edts" | b"dinf" | b"iprp" | b"ipco" | b"tref" => 0,
            b"meta" | b"iref" => 4,
            b"iinf" => 6,
            b"dref" | b"stsd" => 8,
            b"av01" | b"hvc1" if within.last() == Some(b"stsd") => 78,
            _ => body.len(),
        };
        let path = [within, &[kind]].concat();
        nodes.push(Node { kind, head: body[..head].to_vec(), children: parse(&body[head..], &path) });
        bytes = rest;
    }
    nodes
}

fn written(nodes: &[Node]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for node in nodes {
        let body = [node.head.as_slice(), &written(&node.children)].concat();
        bytes.extend(u32::try_from(body.len() + 8).unwrap().to_be_bytes());
        bytes.extend(node.kind);
        bytes.extend(body);
    }
    bytes
}

/// Every kind at every place among the boxes of the file and of every box that has boxes.
fn boxes(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let parents: &[&[&[u8; 4]]] = &[
        &[b"meta"],
        &[b"meta", b"iprp"],
        &[b"moov"],
        &[b"moov", b"trak"],
        &[b"moov", b"trak", b"mdia"],
        &[b"moov", b"trak", b"mdia", b"minf"],
        &[b"moov", b"trak", b"mdia", b"minf", b"dinf"],
        &[b"moov", b"trak", b"mdia", b"minf", b"stbl"],
        &[b"moov", b"trak", b"edts"],
    ];
    for kind in KINDS {
        let name = format!("box {}", String::from_utf8_lossy(*kind));
        for gap in 1..=base.nodes.len() {
            let (mark, mut changed) = (marks.text(), base.clone());
            changed.nodes.insert(gap, leaf(kind, &[&mark]));
            all.push(base.canary(&name, &format!("top level {gap}"), changed, mark));
        }
        for path in parents.iter().filter(|path| base.has(path)) {
            let count = base.clone().at(path).children.len();
            for gap in 0..=count {
                let (mark, mut changed) = (marks.text(), base.clone());
                changed.at(path).children.insert(gap, leaf(kind, &[&mark]));
                let parent = String::from_utf8_lossy(*path.last().unwrap());
                all.push(base.canary(&name, &format!("in {parent} {gap}"), changed, mark));
            }
        }
    }
    // Deep in boxes that nobody knows.
    let (mark, mut changed) = (marks.text(), base.clone());
    let mut nested = leaf(b"KVRZ", &[&mark]);
    for _ in 0..1_000 {
        nested = Node { kind: *b"meta", head: vec![0; 4], children: vec![nested] };
    }
    changed.nodes.push(nested);
    all.push(base.canary("nested", "a thousand boxes deep", changed, mark));
}

/// Brands, and what stands at the end of `ftyp`.
fn types(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let mark = marks.text();
    let mut changed = base.clone();
    changed.at(&[b"ftyp"]).head.extend(&mark);
    all.push(base.canary("ftyp", "compatible brands", changed, mark));
    all.push(base.choice("ftyp", |changed| changed.at(&[b"ftyp"]).head[4..8].copy_from_slice(b"KVRZ")));
    all.push(base.choice("ftyp", |changed| changed.at(&[b"ftyp"]).head.extend(b"odd")));
}

/// Behind the last box, and another file.
fn outside(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let twin = || Some(Arc::clone(&base.whole));
    for before in
        [b"".as_slice(), b"\0\0\0\0", b"\xFF\xD8\xFF\xE0", b"\0\0\x7F\xFFfree", b"\0\0\0\x03free", b"PK\x03\x04"]
    {
        let mark = marks.text();
        let file = [&base.whole, before, &mark].concat();
        all.push(Canary { name: format!("behind the end: {before:?}, {}", base.name), file, mark, twin: twin() });
    }
    let mark = marks.text();
    let video = [b"\0\0\0\x10ftypmp42\0\0\0\0\0\0\0\x18moov".as_slice(), &mark].concat();
    let file = [&base.whole, video.as_slice()].concat();
    all.push(Canary { name: format!("behind the end: a video, {}", base.name), file, mark, twin: twin() });
    let mark = marks.text();
    let file = [&base.whole, b"\0\0\0\0mdat".as_slice(), &mark].concat();
    all.push(Canary { name: format!("behind the end: mdat to the end, {}", base.name), file, mark, twin: twin() });
}

/// Names, reserved fields, and fields that are there for other uses.
fn names(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let mark = marks.text();
    let mut changed = base.clone();
    let hdlr = &mut changed.at(&[b"meta", b"hdlr"]).head;
    hdlr.truncate(24);
    hdlr.extend(&mark);
    all.push(base.canary("hdlr", "name", changed, mark));
    let mark = marks.text();
    let mut changed = base.clone();
    changed.at(&[b"meta", b"hdlr"]).head.extend(&mark);
    all.push(base.canary("hdlr", "behind the name", changed, mark));
    let mark = marks.text();
    let mut changed = base.clone();
    changed.at(&[b"meta", b"hdlr"]).head[12..24].copy_from_slice(&mark[..12]);
    all.push(base.canary("hdlr", "reserved", changed, mark[..12].to_vec()));
    all.push(base.choice("hdlr", |changed| changed.at(&[b"meta", b"hdlr"]).head[4..8].copy_from_slice(b"mhlr")));
    let count = base.clone().at(&[b"meta", b"iinf"]).children.len();
    for item in 0..count {
        let mark = marks.text();
        let mut changed = base.clone();
        let infe = &mut changed.at(&[b"meta", b"iinf"]).children[item].head;
        infe.truncate(12);
        infe.extend(&mark);
        infe.push(0);
        all.push(base.canary("infe", &format!("name of {item}"), changed, mark));
        let mark = marks.text();
        let mut changed = base.clone();
        changed.at(&[b"meta", b"iinf"]).children[item].head.extend(&mark);
        all.push(base.canary("infe", &format!("behind {item}"), changed, mark));
        all.push(base.choice("infe", |changed| changed.at(&[b"meta", b"iinf"]).children[item].head[3] ^= 1));
        all.push(base.choice("infe", |changed| changed.at(&[b"meta", b"iinf"]).children[item].head[1] = 0x5A));
    }
    for path in [b"pitm", b"iloc"] {
        let mark = marks.text();
        let mut changed = base.clone();
        let head = &mut changed.at(&[b"meta", path]).head;
        // What a chunk of the table cannot be.
        head.extend(&mark[..15]);
        all.push(base.canary("behind the fields", &String::from_utf8_lossy(path), changed, mark[..15].to_vec()));
    }
    let mark = marks.text();
    let mut changed = base.clone();
    changed.at(&[b"meta", b"iprp", b"ipma"]).head.extend(&mark);
    all.push(base.canary("behind the fields", "ipma", changed, mark));
}

/// In data of no item: before, behind, and in further `mdat` and `idat`.
fn data(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let mark = marks.text();
    let mut changed = base.clone();
    changed.at(&[b"mdat"]).head.splice(0..0, mark.iter().copied());
    all.push(base.canary("mdat", "before the items", changed, mark));
    let mark = marks.text();
    let mut changed = base.clone();
    changed.at(&[b"mdat"]).head.extend(&mark);
    all.push(base.canary("mdat", "behind the items", changed, mark));
    for gap in 1..=base.nodes.len() {
        let (mark, mut changed) = (marks.text(), base.clone());
        changed.nodes.insert(gap, leaf(b"mdat", &[&mark]));
        all.push(base.canary("mdat", &format!("another {gap}"), changed, mark));
    }
    let mark = marks.text();
    let mut changed = base.clone();
    if changed.has(&[b"meta", b"idat"]) {
        changed.at(&[b"meta", b"idat"]).head.extend(&mark);
    } else {
        changed.at(&[b"meta"]).children.push(leaf(b"idat", &[&mark]));
    }
    all.push(base.canary("idat", "of no item", changed, mark));
    // An item that says less than lies between it and the next: the first of them in two pieces, a mark between.
    let mark = marks.text();
    let mut changed = base.clone();
    let iloc = &mut changed.at(&[b"meta", b"iloc"]).head;
    let place = (0..).find(|place| iloc[8 + 16 * place + 3] == 0).unwrap();
    let entry = 8 + 16 * place;
    let (offset, len) = (entry + 8, entry + 12);
    let [old, all_of_it] = [offset, len].map(|at| u32::from_be_bytes(iloc[at..at + 4].try_into().unwrap()));
    let copy: Vec<u8> = {
        let from = usize::try_from(old).unwrap() - base.data_at;
        base.data[from..from + usize::try_from(all_of_it).unwrap()].to_vec()
    };
    let end = u32::try_from(base.data_at + base.data.len()).unwrap();
    let half = all_of_it / 2;
    iloc[entry + 7] = 2;
    iloc.splice(
        offset..offset + 8,
        [end, half, end + half + 16, all_of_it - half].iter().flat_map(|number| number.to_be_bytes()),
    );
    let (first, second) = copy.split_at(usize::try_from(half).unwrap());
    changed.at(&[b"mdat"]).head.extend([first, &mark, second].concat());
    // The table is no longer even, and so its offsets are moved here: nothing before the data has changed but it.
    let grown = 8;
    let mut bytes = written(&changed.nodes);
    let table = bytes.windows(4).position(|window| window == b"iloc").unwrap() + 12;
    let mut at = table;
    while bytes.get(at + 4..at + 8) != Some(b"mdat")
        && at + 16 <= table + changed.at(&[b"meta", b"iloc"]).head.len() - 8
    {
        let (method, extents) = (bytes[at + 3], usize::from(bytes[at + 7]));
        for extent in 0..extents {
            let place = at + 8 + 8 * extent;
            let old = u32::from_be_bytes(bytes[place..place + 4].try_into().unwrap());
            let moved = if method == 0 { old + grown } else { old };
            bytes[place..place + 4].copy_from_slice(&moved.to_be_bytes());
        }
        at += 8 + 8 * extents;
    }
    for at in find_all(&bytes, b"stco") {
        let old = u32::from_be_bytes(bytes[at + 12..at + 16].try_into().unwrap());
        bytes[at + 12..at + 16].copy_from_slice(&(old + grown).to_be_bytes());
    }
    let twin = Some(Arc::clone(&base.whole));
    all.push(Canary { name: format!("iloc: between two extents, {}", base.name), file: bytes, mark, twin });
}

fn find_all(bytes: &[u8], kind: &[u8; 4]) -> Vec<usize> {
    bytes.windows(4).enumerate().filter(|(_, window)| *window == kind).map(|(at, _)| at).collect()
}

/// Items of every kind, in every relation to the picture.
fn items(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let kinds: &[(&[u8; 4], &[u8])] = &[
        (b"Exif", b""),
        (b"mime", b"application/rdf+xml\0"),
        (b"mime", b"application/c2pa\0"),
        (b"mime", b"text/plain\0deflate\0"),
        (b"uri ", b"urn:kvarz:serial\0"),
        (b"hvc1", b""),
        (b"av01", b""),
        (b"jpeg", b""),
        (b"grid", b""),
        (b"tmap", b""),
        (b"KVRZ", b""),
    ];
    for (kind, rest) in kinds {
        for reference in [b"cdsc", b"thmb", b"auxl", b"dimg", b"base", b"prem", b"KVRZ"] {
            let mark = marks.text();
            let changed = base.with_item(kind, rest, &mark, reference);
            let place = format!("{} by {}", String::from_utf8_lossy(*kind), String::from_utf8_lossy(reference));
            all.push(base.canary("item", &place, changed, mark));
        }
    }
    let mark = marks.text();
    let changed = base.with_item(b"mime", &[mark.as_slice(), b"\0"].concat(), b"words", b"cdsc");
    all.push(base.canary("item", "content_type", changed, mark));
    let mark = marks.text();
    let changed = base.with_item(b"mime", &[b"text/plain\0".as_slice(), &mark, b"\0"].concat(), b"words", b"cdsc");
    all.push(base.canary("item", "content_encoding", changed, mark));
    // A reference whose numbers are the mark.
    let mark = marks.text();
    let mut changed = base.with_item(b"KVRZ", b"", b"words", b"cdsc");
    changed.at(&[b"meta", b"iref"]).children.push(leaf(b"KVRZ", &[&[0, 1, 0, 8], &mark]));
    all.push(base.canary("iref", "numbers", changed, mark));
}

/// Properties of every kind, of the picture and of nothing; and what those that stay do not need.
fn properties(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for kind in PROPERTIES {
        let name = String::from_utf8_lossy(*kind).into_owned();
        let mark = marks.text();
        let body = [[0; 4].as_slice(), &mark].concat();
        let changed = base.with_property(leaf(kind, &[&body]), false);
        all.push(base.canary("property", &name, changed, mark));
        let (mark, mut changed) = (marks.text(), base.clone());
        changed.at(&[b"meta", b"iprp", b"ipco"]).children.push(leaf(kind, &[&mark]));
        all.push(base.canary("property", &format!("{name} of nothing"), changed, mark));
        let mark = marks.text();
        let changed = base.with_property(leaf(kind, &[&mark]), true);
        all.push(base.canary("essential property", &name, changed, mark));
    }
    for kind in [b"ispe", b"hvcC", b"av1C", b"colr", b"pixi", b"auxC", b"irot", b"clap", b"mdcv"] {
        let (mark, mut changed) = (marks.text(), base.clone());
        changed.at(&[b"meta", b"iprp", b"ipco"]).children.push(leaf(kind, &[&mark]));
        all.push(base.canary("property", &format!("{} of nothing", String::from_utf8_lossy(kind)), changed, mark));
    }
    let count = base.clone().at(&[b"meta", b"iprp", b"ipco"]).children.len();
    for place in 0..count {
        let mark = marks.text();
        let mut changed = base.clone();
        let property = &mut changed.at(&[b"meta", b"iprp", b"ipco"]).children[place];
        let name = String::from_utf8_lossy(&property.kind).into_owned();
        property.head.extend(&mark);
        all.push(base.canary(&format!("longer {name}"), &place.to_string(), changed, mark));
    }
    let mark = marks.text();
    let changed = base.with_property(leaf(b"auxC", &[&[0; 4], b"urn:kvarz:", &mark, b"\0"]), false);
    all.push(base.canary("property", "auxC of no alpha", changed, mark));
    for kind in [b"nclc", b"KVRZ"] {
        let mark = marks.text();
        let changed = base.with_property(leaf(b"colr", &[kind, &mark]), false);
        all.push(base.canary("property", "colr of another kind", changed, mark));
    }
    let mark = marks.text();
    let changed = base.with_property(leaf(b"colr", &[b"prof", &profile(&mark)]), false);
    all.push(base.canary("property", "colr with a profile", changed, mark));
    let mark = marks.text();
    let changed = base.with_property(leaf(b"colr", &[b"prof", &mark]), false);
    all.push(base.canary("property", "colr with no profile", changed, mark));
}

/// A profile that says the mark in its description.
fn profile(mark: &[u8]) -> Vec<u8> {
    let length = u32::try_from(128 + 4 + 12 + 12 + mark.len() + 1).unwrap();
    let description = [b"desc\0\0\0\0\0\0\0\x11".as_slice(), mark, b"\0"].concat();
    let size = u32::try_from(description.len()).unwrap().to_be_bytes();
    let mut header = vec![0; 128];
    header[..4].copy_from_slice(&length.to_be_bytes());
    header[12..24].copy_from_slice(b"mntrRGB XYZ ");
    header[36..40].copy_from_slice(b"acsp");
    [header.as_slice(), &[0, 0, 0, 1], b"desc", &144u32.to_be_bytes(), &size, &description].concat()
}

/// What can be said in more than one way.
fn choices(base: &Base, all: &mut Vec<Canary>) {
    // The boxes of `meta` in another order.
    all.push(base.choice("order of boxes", |changed| changed.at(&[b"meta"]).children[1..].reverse()));
    all.push(base.choice("order of items", |changed| changed.at(&[b"meta", b"iinf"]).children.reverse()));
    // Numbers of items, in both widths: each number is its own times seven.
    all.push(base.choice("numbers of items", |changed| renumber(changed, 7)));
    // 31 places more in `ipco`, and associations of two bytes.
    all.push(base.choice("places of properties", |changed| {
        let ipco = changed.at(&[b"meta", b"iprp", b"ipco"]);
        ipco.children.splice(0..0, (0..31).map(|_| leaf(b"free", &[])));
        let ipma = &mut changed.at(&[b"meta", b"iprp", b"ipma"]).head;
        ipma[3] |= 1;
        let (mut at, mut wide) = (8, ipma[..8].to_vec());
        while at < ipma.len() {
            let count = usize::from(ipma[at + 2]);
            wide.extend(&ipma[at..at + 3]);
            for byte in &ipma[at + 3..at + 3 + count] {
                let index = (u16::from(byte & 0x7F) + 31) | (u16::from(byte & 0x80) << 8);
                wide.extend(index.to_be_bytes());
            }
            at += 3 + count;
        }
        *ipma = wide;
    }));
    // Every property once more, and told twice.
    all.push(base.choice("properties twice", |changed| {
        let ipco = changed.at(&[b"meta", b"iprp", b"ipco"]);
        ipco.children.extend(ipco.children.clone());
    }));
    all.push(base.choice("pitm of 32 bits", |changed| {
        changed.at(&[b"meta", b"pitm"]).head = vec![1, 0, 0, 0, 0, 0, 0, 1];
    }));
}

fn renumber(changed: &mut Base, by: u16) {
    let times = |bytes: &mut [u8]| {
        let number = u16::from_be_bytes(bytes[..2].try_into().unwrap()) * by;
        bytes[..2].copy_from_slice(&number.to_be_bytes());
    };
    times(&mut changed.at(&[b"meta", b"pitm"]).head[4..]);
    changed.at(&[b"meta", b"iinf"]).children.iter_mut().for_each(|infe| times(&mut infe.head[4..]));
    changed.at(&[b"meta", b"iloc"]).head[8..].chunks_exact_mut(16).for_each(times);
    if changed.has(&[b"meta", b"iref"]) {
        for reference in &mut changed.at(&[b"meta", b"iref"]).children {
            times(&mut reference.head);
            reference.head[4..].chunks_exact_mut(2).for_each(times);
        }
    }
    let ipma = &mut changed.at(&[b"meta", b"iprp", b"ipma"]).head;
    let mut at = 8;
    while at < ipma.len() {
        times(&mut ipma[at..]);
        at += 3 + usize::from(ipma[at + 2]);
    }
}

/// Times, names, reserved fields and tables of moving pictures.
fn tracks(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let stbl: &[&[u8; 4]] = &[b"moov", b"trak", b"mdia", b"minf", b"stbl"];
    let fields: &[(&[&[u8; 4]], std::ops::Range<usize>)] = &[
        (&[b"moov", b"mvhd"], 4..20),
        (&[b"moov", b"mvhd"], 32..48),
        (&[b"moov", b"mvhd"], 84..108),
        (&[b"moov", b"trak", b"tkhd"], 1..4),
        (&[b"moov", b"trak", b"tkhd"], 4..20),
        (&[b"moov", b"trak", b"tkhd"], 36..52),
        (&[b"moov", b"trak", b"mdia", b"mdhd"], 4..20),
        (&[b"moov", b"trak", b"mdia", b"mdhd"], 32..36),
        (&[b"moov", b"trak", b"mdia", b"hdlr"], 4..8),
        (&[b"moov", b"trak", b"mdia", b"hdlr"], 12..24),
        (&[b"moov", b"trak", b"mdia", b"minf", b"vmhd"], 4..12),
    ];
    for (path, range) in fields {
        let mark: Vec<u8> = marks.text().into_iter().cycle().take(range.len()).collect();
        let mut changed = base.clone();
        changed.at(path).head[range.clone()].copy_from_slice(&mark);
        let kind = String::from_utf8_lossy(*path.last().unwrap()).into_owned();
        let looked_for = if mark.len() < 12 { Vec::new() } else { mark };
        all.push(base.canary("field of a track", &format!("{kind} {range:?}"), changed, looked_for));
    }
    for kind in [b"hdlr", b"mdhd"] {
        let (mark, mut changed) = (marks.text(), base.clone());
        changed.at(&[b"moov", b"trak", b"mdia", kind]).head.extend(&mark);
        all.push(base.canary("behind the fields", &String::from_utf8_lossy(kind), changed, mark));
    }
    for kind in [b"tkhd", b"edts"].into_iter().filter(|kind| base.has(&[b"moov", b"trak", kind])) {
        let (mark, mut changed) = (marks.text(), base.clone());
        let node = changed.at(&[b"moov", b"trak", kind]);
        node.children.last_mut().map_or(&mut node.head, |child| &mut child.head).extend(&mark);
        all.push(base.canary("behind the fields", &String::from_utf8_lossy(kind), changed, mark));
    }
    let tables = base.clone().at(stbl).children.iter().map(|table| table.kind).collect::<Vec<_>>();
    for kind in tables.iter().filter(|kind| **kind != *b"stsd") {
        let (mark, mut changed) = (marks.text(), base.clone());
        changed.at(&[stbl, &[kind]].concat()).head.extend(&mark);
        all.push(base.canary("behind the fields", &String::from_utf8_lossy(kind), changed, mark));
    }
    for kind in [b"sdtp", b"sgpd", b"sbgp", b"cslg", b"subs", b"padb", b"stdp", b"KVRZ"] {
        let (mark, mut changed) = (marks.text(), base.clone());
        changed.at(stbl).children.push(leaf(kind, &[&[0; 4], &mark]));
        all.push(base.canary("table", &String::from_utf8_lossy(kind), changed, mark));
    }
    entries(base, marks, all);
    // Every reference that a track can have, to tracks that are not there.
    for kind in [b"thmb", b"cdsc", b"hint", b"chap", b"KVRZ"] {
        let (mark, mut changed) = (marks.text(), base.clone());
        let tref = Node { kind: *b"tref", head: Vec::new(), children: vec![leaf(kind, &[&mark])] };
        changed.at(&[b"moov", b"trak"]).children.insert(1, tref);
        all.push(base.canary("tref", &String::from_utf8_lossy(kind), changed, mark));
    }
    // A further track: of the same pictures, and of something else.
    for handler in [b"pict", b"vide", b"soun", b"meta", b"text", b"auxv", b"KVRZ"] {
        let (mark, mut changed) = (marks.text(), base.clone());
        let mut track = changed.at(&[b"moov", b"trak"]).clone();
        track.each(&mut |node| match &node.kind {
            b"hdlr" => node.head.splice(8..24, [handler.as_slice(), &[0; 12]].concat()).for_each(drop),
            b"tkhd" => node.head[20..24].copy_from_slice(&[0, 0, 0, 9]),
            _ => {}
        });
        track.children.push(leaf(b"udta", &[&mark]));
        changed.at(&[b"moov"]).children.push(track);
        all.push(base.canary("further track", &String::from_utf8_lossy(handler), changed, mark));
    }
}

/// Marks in the sample entry.
fn entries(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for (place, range) in [("pre_defined", 8..24), ("compressorname", 43..59), ("compressorname end", 58..74)] {
        let (mark, mut changed) = (marks.text(), base.clone());
        let stsd = changed.at(&[b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"]);
        stsd.children[0].head[range].copy_from_slice(&mark);
        all.push(base.canary("sample entry", place, changed, mark));
    }
    for kind in KINDS.iter().copied().chain([b"btrt", b"fiel", b"cclv", b"sinf", b"taic"]) {
        let (mark, mut changed) = (marks.text(), base.clone());
        let stsd = changed.at(&[b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"]);
        stsd.children[0].children.push(leaf(kind, &[&mark]));
        all.push(base.canary("in the sample entry", &String::from_utf8_lossy(kind), changed, mark));
    }
    all.push(base.choice("ccst", |changed| {
        let stsd = changed.at(&[b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"]);
        let ccst = stsd.children[0].children.iter_mut().find(|child| child.kind == *b"ccst").unwrap();
        ccst.head[4] |= 3;
        ccst.head[5..8].copy_from_slice(b"KVZ");
    }));
}

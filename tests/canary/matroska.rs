//! Matroska and WebM with marks: every element there is, and some there is not, at every place of every level; in
//! what elements hold beside what they mean; and in what no element holds.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Canary, Marks};

/// Every element of RFC 8794 and RFC 9559 that a cleaner reads for what it keeps or refuses: with a mark as its body
/// most of them are nonsense.
const READ: &[&[u32]] = &[
    // EBML: EBMLReadVersion, EBMLMaxIDLength, EBMLMaxSizeLength, DocType, DocTypeReadVersion.
    &[0x42F7, 0x42F2, 0x42F3, 0x4282, 0x4285],
    // EBML, Segment, Info, Tracks, Cluster, and what in them is a number, a structure or a block.
    &[
        0x1A45DFA3, 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675, 0x2AD7B1, 0xAE, 0xD7, 0x73C5, 0x83, 0xB9, 0x23E383,
        0x56AA, 0x56BB, 0x86, 0x6D80, 0xE2, 0x23314F, 0x537F, 0xE0, 0xE1, 0xE7, 0xA3, 0xA0, 0xAF, 0xA1, 0x75A1, 0xA6,
        0x9B, 0x75A2, 0xA4, 0xEE, 0xFB, 0xA5,
    ],
    // Video, Colour, MasteringMetadata, Projection.
    &[
        0x9A, 0x9D, 0x53B8, 0x53C0, 0xB0, 0xBA, 0x54AA, 0x54BB, 0x54CC, 0x54DD, 0x54B0, 0x54BA, 0x54B2, 0x55B0, 0x55B1,
        0x55B7, 0x55B8, 0x55B9, 0x55BA, 0x55BB, 0x55BC, 0x55BD, 0x55D0, 0x55D1, 0x55D2, 0x55D3, 0x55D4, 0x55D5, 0x55D6,
        0x55D7, 0x55D8, 0x55D9, 0x55DA, 0x7670, 0x7671, 0x7672, 0x7673, 0x7674, 0x7675,
    ],
    // Audio.
    &[0xB5, 0x78B5, 0x9F, 0x6264],
    // Structures of Tags, Chapters and Attachments, which are read to tell of them; DateUTC and numbers of things.
    &[0x1254C367, 0x7373, 0x67C8, 0x1043A770, 0x45B9, 0xB6, 0x80, 0x73C4, 0x1941A469, 0x61A7, 0x46AE, 0x4461],
];

/// All others, which are passed over whatever they hold.
const PASSED: &[&[u32]] = &[
    // EBMLVersion, DocTypeVersion, DocTypeExtension and its fields, CRC-32, Void, the signatures of old EBML.
    &[0x4286, 0x4287, 0x4281, 0x4283, 0x4284, 0xBF, 0xEC, 0x1B538667, 0x7E8A, 0x7E9A, 0x7EA5, 0x7EB5],
    // SeekHead.
    &[0x114D9B74, 0x4DBB, 0x53AB, 0x53AC],
    // Info.
    &[
        0x73A4, 0x7384, 0x3CB923, 0x3C83AB, 0x3EB923, 0x3E83BB, 0x4444, 0x6924, 0x69FC, 0x69BF, 0x69A5, 0x4489, 0x7BA9,
        0x4D80, 0x5741,
    ],
    // Tracks.
    &[
        0x88, 0x55AA, 0x55AB, 0x55AC, 0x55AD, 0x55AE, 0x55AF, 0x9C, 0x6DE7, 0x6DF8, 0x234E7A, 0x55EE, 0x41E4, 0x41F0,
        0x41A4, 0x41E7, 0x41ED, 0x536E, 0x22B59C, 0x22B59D, 0x63A2, 0x258688, 0x7446, 0x3A9697, 0x3B4040, 0x26B240,
        0xAA, 0x6FAB, 0x6624, 0x66FC, 0x66BF, 0x66A5, 0xC0, 0xC1, 0xC4, 0xC6, 0xC7, 0x53B9, 0x54B3, 0x2EB524, 0x2FB523,
        0x2383E3, 0x55B2, 0x55B3, 0x55B4, 0x55B5, 0x55B6, 0x7D7B, 0x52F1, 0xE3, 0xE4, 0xE5, 0xE6, 0xE9, 0xED,
    ],
    // Encodings.
    &[
        0x6240, 0x5031, 0x5032, 0x5033, 0x5034, 0x4254, 0x4255, 0x5035, 0x47E1, 0x47E2, 0x47E3, 0x47E4, 0x47E5, 0x47E6,
        0x47E7, 0x47E8,
    ],
    // Clusters.
    &[0x5854, 0x58D7, 0xA7, 0xAB, 0xA2, 0xFA, 0xFD, 0x8E, 0xE8, 0xCC, 0xCD, 0xCB, 0xCE, 0xCF, 0xC8, 0xC9, 0xCA],
    // Cues.
    &[0x1C53BB6B, 0xBB, 0xB3, 0xB7, 0xF7, 0xF1, 0xF0, 0xB2, 0x5378, 0xEA, 0xDB, 0x96, 0x97, 0x535F, 0xEB],
    // Attachments.
    &[0x467E, 0x466E, 0x4660, 0x465C, 0x4675, 0x4661, 0x4662],
    // Chapters.
    &[
        0x45BC, 0x45BD, 0x45DB, 0x45DD, 0x4520, 0x4521, 0x45E4, 0x5654, 0x91, 0x92, 0x98, 0x4598, 0x6E67, 0x6EBC,
        0x4588, 0x63C3, 0x8F, 0x89, 0x85, 0x437C, 0x437D, 0x437E, 0x6944, 0x6955, 0x450D, 0x6911, 0x6922, 0x6933,
    ],
    // Tags.
    &[0x63C0, 0x68CA, 0x63CA, 0x63C5, 0x63C9, 0x63C6, 0x45A3, 0x447A, 0x447B, 0x4484, 0x44B4, 0x4487, 0x4485],
    // Invented, of each length.
    &[0x84, 0xD8, 0x95, 0x4FFE, 0x5ABC, 0x7001, 0x2ABCDE, 0x3FFFFE, 0x1ABCDEF0, 0x1FFFFFFE],
];

/// An element: what it holds is bytes or other elements.
#[derive(Clone)]
struct Node {
    id: u32,
    body: Body,
    /// Bytes of its size; 0 for as few as possible.
    size_len: usize,
}

#[derive(Clone)]
enum Body {
    Bytes(Vec<u8>),
    Nodes(Vec<Node>),
}

fn leaf(id: u32, bytes: &[u8]) -> Node {
    Node { id, body: Body::Bytes(bytes.to_vec()), size_len: 0 }
}

fn node(id: u32, nodes: &[Node]) -> Node {
    Node { id, body: Body::Nodes(nodes.to_vec()), size_len: 0 }
}

fn text(id: u32, value: &str) -> Node {
    leaf(id, value.as_bytes())
}

impl Node {
    fn to_bytes(&self) -> Vec<u8> {
        let body = match &self.body {
            Body::Bytes(bytes) => bytes.clone(),
            Body::Nodes(nodes) => nodes.iter().flat_map(Node::to_bytes).collect(),
        };
        [id_bytes(self.id), size(body.len(), self.size_len), body].concat()
    }

    /// The places of elements that hold others, as indices from level to level.
    fn masters(&self) -> Vec<Vec<usize>> {
        let Body::Nodes(nodes) = &self.body else { return Vec::new() };
        let inner = nodes
            .iter()
            .enumerate()
            .flat_map(|(index, node)| node.masters().into_iter().map(move |path| [vec![index], path].concat()));
        std::iter::once(Vec::new()).chain(inner).collect()
    }

    fn at(&mut self, path: &[usize]) -> &mut Self {
        path.iter().fold(self, |node, &index| match &mut node.body {
            Body::Nodes(nodes) => &mut nodes[index],
            Body::Bytes(_) => panic!("no way there"),
        })
    }

    fn nodes(&mut self) -> &mut Vec<Self> {
        match &mut self.body {
            Body::Nodes(nodes) => nodes,
            Body::Bytes(_) => panic!("nothing in it"),
        }
    }

    /// The first of this kind below, in depth.
    fn first(&mut self, id: u32) -> &mut Self {
        let path = self.path(id).unwrap_or_else(|| panic!("no {id:X}"));
        self.at(&path)
    }

    fn path(&self, id: u32) -> Option<Vec<usize>> {
        if self.id == id {
            return Some(Vec::new());
        }
        let Body::Nodes(nodes) = &self.body else { return None };
        nodes.iter().enumerate().find_map(|(index, node)| Some([vec![index], node.path(id)?].concat()))
    }
}

fn id_bytes(id: u32) -> Vec<u8> {
    id.to_be_bytes().into_iter().skip_while(|&byte| byte == 0).collect()
}

fn size(len: usize, size_len: usize) -> Vec<u8> {
    let len = u64::try_from(len).unwrap();
    let least = (1..=8).find(|bytes| len < (1_u64 << (7 * bytes)) - 1).unwrap();
    let bytes = size_len.max(least);
    (len | (1 << (7 * bytes))).to_be_bytes()[8 - bytes..].to_vec()
}

/// A file in two trees: EBML and Segment.
#[derive(Clone)]
struct Base {
    name: &'static str,
    head: Node,
    segment: Node,
}

impl Base {
    fn to_bytes(&self) -> Vec<u8> {
        [self.head.to_bytes(), self.segment.to_bytes()].concat()
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        let twin: Arc<[u8]> = self.to_bytes().into();
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(twin) }
    }

    /// With a change to the Segment.
    fn changed(&self, change: impl FnOnce(&mut Node)) -> Vec<u8> {
        let mut copy = self.clone();
        change(&mut copy.segment);
        copy.to_bytes()
    }
}

fn head(doc_type: &str) -> Node {
    let fields = [
        leaf(0x4286, &[1]),
        leaf(0x42F7, &[1]),
        leaf(0x42F2, &[4]),
        leaf(0x42F3, &[8]),
        text(0x4282, doc_type),
        leaf(0x4287, &[4]),
        leaf(0x4285, &[2]),
    ];
    node(0x1A45_DFA3, &fields)
}

fn simple(number: u8, timestamp: i16, flags: u8, frames: &[u8]) -> Node {
    leaf(0xA3, &block(number, timestamp, flags, frames))
}

fn block(number: u8, timestamp: i16, flags: u8, frames: &[u8]) -> Vec<u8> {
    [&[0x80 | number], timestamp.to_be_bytes().as_slice(), &[flags], frames].concat()
}

/// All that a file may have: video with alpha and colour, sound, subtitles, Cues, Tags, Chapters, Attachments.
fn whole() -> Base {
    let floats = |ids: std::ops::RangeInclusive<u32>, value: f64| -> Vec<Node> {
        ids.map(|id| leaf(id, &value.to_be_bytes())).collect()
    };
    let screen = [floats(0x55D1..=0x55D8, 0.25), floats(0x55D9..=0x55DA, 100.0)].concat();
    let colour = node(0x55B0, &[leaf(0x55B1, &[9]), leaf(0x55BB, &[9]), node(0x55D0, &screen)]);
    let projection = node(0x7670, &[leaf(0x7671, &[1]), leaf(0x7673, &30.0_f64.to_be_bytes())]);
    let pictures = node(0xE0, &[leaf(0xB0, &[64]), leaf(0xBA, &[48]), leaf(0x53C0, &[1]), colour, projection]);
    let entry = |number: u8, kind: u8, codec: &str, more: &[Node]| {
        let fields = [leaf(0xD7, &[number]), leaf(0x73C5, &[number]), leaf(0x83, &[kind]), text(0x86, codec)];
        node(0xAE, &[&fields, more].concat())
    };
    let sound = node(0xE1, &[leaf(0xB5, &8_000.0_f64.to_be_bytes()), leaf(0x9F, &[1]), leaf(0x6264, &[16])]);
    let tracks = [
        entry(1, 1, "V_VP9", &[leaf(0x55EE, &[1]), pictures]),
        entry(2, 2, "A_PCM/INT/LIT", &[sound]),
        entry(3, 0x11, "S_TEXT/UTF8", &[text(0x536E, "words")]),
    ];
    let more = node(0xA6, &[leaf(0xEE, &[1]), text(0xA5, "alpha")]);
    let group = node(0xA0, &[leaf(0xA1, &block(1, 5, 0, b"key")), node(0x75A1, &[more]), leaf(0x9B, &[40])]);
    let clusters = [
        node(0x1F43_B675, &[leaf(0xE7, &[0]), simple(1, 0, 0x80, b"key"), simple(2, 3, 0x80, b"pcm."), group]),
        node(0x1F43_B675, &[leaf(0xE7, &[90]), simple(1, 0, 0x80, b"key"), simple(3, 1, 0x80, b"words")]),
    ];
    let place = node(0xB7, &[leaf(0xF7, &[1]), leaf(0xF1, &[0, 0, 1, 0])]);
    let tag = node(0x67C8, &[text(0x45A3, "TITLE"), text(0x4487, "a well")]);
    let display = node(0x80, &[text(0x85, "One"), text(0x437C, "eng")]);
    let children = [
        node(0x114D_9B74, &[node(0x4DBB, &[leaf(0x53AB, &[0x16, 0x54, 0xAE, 0x6B]), leaf(0x53AC, &[60])])]),
        node(0x1549_A966, &[leaf(0x2A_D7B1, &[0x0F, 0x42, 0x40]), text(0x4D80, "panel"), text(0x5741, "panel")]),
        node(0x1654_AE6B, &tracks),
        clusters[0].clone(),
        clusters[1].clone(),
        node(0x1C53_BB6B, &[node(0xBB, &[leaf(0xB3, &[0]), place])]),
        node(0x1043_A770, &[node(0x45B9, &[node(0xB6, &[leaf(0x73C4, &[7]), leaf(0x91, &[0]), display])])]),
        node(0x1254_C367, &[node(0x7373, &[node(0x63C0, &[leaf(0x68CA, &[50])]), tag])]),
        node(0x1941_A469, &[node(0x61A7, &[text(0x466E, "a.txt"), text(0x4660, "text/plain"), text(0x465C, "words")])]),
    ];
    Base { name: "whole", head: head("matroska"), segment: node(0x1853_8067, &children) }
}

/// A WebM file of pictures alone.
fn small() -> Base {
    let pictures = node(0xE0, &[leaf(0xB0, &[64]), leaf(0xBA, &[48])]);
    let fields = [leaf(0xD7, &[1]), leaf(0x73C5, &[1]), leaf(0x83, &[1]), text(0x86, "V_VP8"), pictures];
    let clusters = [leaf(0xE7, &[0]), simple(1, 0, 0x80, b"key"), simple(1, 40, 0, b"delta")];
    let children = [node(0x1654_AE6B, &[node(0xAE, &fields)]), node(0x1F43_B675, &clusters)];
    Base { name: "small", head: head("webm"), segment: node(0x1853_8067, &children) }
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    for base in [whole(), small()] {
        elements(&base, &mut marks, &mut all);
        numbers(&base, &mut marks, &mut all);
        spelling(&base, &mut all);
        outside(&base, &mut marks, &mut all);
        endless(&base, &mut marks, &mut all);
        blocks(&base, &mut marks, &mut all);
        private(&base, &mut marks, &mut all);
    }
    metadata(&whole(), &mut marks, &mut all);
    tracks(&whole(), &mut marks, &mut all);
    all
}

/// Every element at every place, with a mark and without anything.
fn elements(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for (tree, root) in [("EBML", &base.head), ("Segment", &base.segment)] {
        for path in root.masters() {
            let count = root.clone().at(&path).nodes().len();
            let parent = root.clone().at(&path).id;
            // Where order matters to what stands there, also in the midst.
            let midst = if matches!(parent, 0x1853_8067 | 0xAE | 0x1F43_B675 | 0xA0) { count / 2 } else { 0 };
            for gap in BTreeSet::from([0, midst, count]) {
                let mut add = |kind: &str, id: u32, body: &[u8], mark: Vec<u8>| {
                    let mut copy = base.clone();
                    let target = if tree == "EBML" { &mut copy.head } else { &mut copy.segment };
                    target.at(&path).nodes().insert(gap, leaf(id, body));
                    let place = format!("{id:X} of {} bytes at {gap} in {parent:X} {path:?}", body.len());
                    let mut canary = base.canary(kind, &place, copy.to_bytes(), mark);
                    // That a block depends on another is kept; a projection that nobody follows is not.
                    if matches!((parent, id), (0xA0, 0xFB) | (0x7670, 0x7672)) {
                        canary.twin = None;
                    }
                    all.push(canary);
                };
                for id in PASSED.iter().copied().flatten() {
                    let mark = marks.text();
                    add("element that is passed over", *id, &mark, mark.clone());
                }
                for id in READ.iter().copied().flatten() {
                    let mark = marks.text();
                    add("element that is read", *id, &mark, mark.clone());
                }
                add("empty element", 0xEC, &[], Vec::new());
                add("empty element", 0x7BA9, &[], Vec::new());
            }
        }
    }
}

/// Numbers that are not kept, with the letters of a mark as their value.
fn numbers(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let track = |id: u32| (0xAE_u32, id);
    let places = [
        track(0x73C5),
        track(0x88),
        track(0x55AA),
        track(0x9C),
        track(0x6DE7),
        track(0x6DF8),
        track(0x234E7A),
        track(0x7446),
        track(0x55EE),
        track(0xAA),
        track(0x6FAB),
        (0xE0, 0x54B3),
        (0xE0, 0x2383E3),
        (0xE0, 0x2FB523),
        (0xE0, 0x9A),
        (0xE0, 0x53B8),
        (0x1F43B675, 0xA7),
        (0x1F43B675, 0xAB),
        (0x18538067, 0xBF),
    ];
    for (parent, id) in places {
        for len in [4, 8] {
            let mark = marks.text()[..len].to_vec();
            let file = base.changed(|segment| segment.first(parent).nodes().push(leaf(id, &mark)));
            all.push(base.canary("number", &format!("{id:X} of {len} bytes in {parent:X}"), file, mark));
        }
    }
    if base.name == "small" {
        return;
    }
    let places = [
        (0x1549A966, 0x4489),
        (0x1549A966, 0x4461),
        (0xA0, 0xFA),
        (0x55D0, 0x55D1),
        (0x7670, 0x7674),
        (0xBB, 0xB3),
        (0xB7, 0xF1),
        (0xB6, 0x73C4),
        (0xB6, 0x91),
        (0x61A7, 0x46AE),
        (0x63C0, 0x63C5),
    ];
    for (parent, id) in places {
        let mark = marks.text()[..8].to_vec();
        let file = base.changed(|segment| segment.first(parent).nodes().push(leaf(id, &mark)));
        let mut canary = base.canary("number", &format!("{id:X} in {parent:X}"), file, mark);
        // A screen that is not whole goes, and with it what it said.
        if id == 0x55D1 {
            canary.twin = None;
        }
        all.push(canary);
    }
    // Which block a block depends on.
    let mark = marks.text()[..8].to_vec();
    let with = |bytes: &[u8]| base.changed(|segment| segment.first(0xA0).nodes().push(leaf(0xFB, bytes)));
    let canary = base.canary("number", "ReferenceBlock", with(&mark), mark);
    all.push(Canary { twin: Some(with(&[0xFF]).into()), ..canary });
}

/// How sizes and numbers are spelled.
fn spelling(base: &Base, all: &mut Vec<Canary>) {
    for (tree, root) in [("EBML", &base.head), ("Segment", &base.segment)] {
        for path in root.masters() {
            for index in 0..root.clone().at(&path).nodes().len() {
                for len in 2..=8 {
                    let mut copy = base.clone();
                    let target = if tree == "EBML" { &mut copy.head } else { &mut copy.segment };
                    target.at(&path).nodes()[index].size_len = len;
                    let place = format!("size in {len} bytes of {index} in {tree} {path:?}");
                    all.push(base.canary("spelling", &place, copy.to_bytes(), Vec::new()));
                }
            }
        }
    }
    for (parent, id) in [(0xAE, 0xD7), (0xAE, 0x83), (0xE0, 0xB0), (0x1F43B675, 0xE7)] {
        for zeros in 1..=7 {
            let file = base.changed(|segment| {
                let Body::Bytes(bytes) = &mut segment.first(parent).first(id).body else { panic!("a number") };
                bytes.splice(0..0, vec![0; zeros]);
            });
            all.push(base.canary("spelling", &format!("{zeros} zeros in {id:X}"), file, Vec::new()));
        }
    }
    // Strings may be filled up with zeros.
    let mut copy = base.clone();
    let Body::Bytes(name) = &mut copy.head.first(0x4282).body else { panic!("a string") };
    name.extend_from_slice(&[0; 9]);
    all.push(base.canary("spelling", "DocType with zeros", copy.to_bytes(), Vec::new()));
    let file = base.changed(|segment| {
        let Body::Bytes(name) = &mut segment.first(0x86).body else { panic!("a string") };
        name.extend_from_slice(&[0; 9]);
    });
    all.push(base.canary("spelling", "CodecID with zeros", file, Vec::new()));
}

/// What no element holds.
fn outside(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let whole = base.to_bytes();
    let tails: [(&str, &[u8]); 6] = [
        ("bytes", b""),
        ("a ZIP", b"PK\x03\x04"),
        ("zeros", &[0; 64]),
        ("Void", &[0xEC, 0x90]),
        ("a JPEG", &[0xFF, 0xD8, 0xFF, 0xE0]),
        ("Tags", &[0x12, 0x54, 0xC3, 0x67, 0x90]),
    ];
    for (name, beginning) in tails {
        let mark = marks.text();
        let file = [&whole, beginning, mark.as_slice()].concat();
        all.push(base.canary("behind the Segment", name, file, mark));
    }
    for (name, beginning) in [("EBML", base.head.to_bytes()), ("Segment", vec![0x18, 0x53, 0x80, 0x67, 0x90])] {
        let mark = marks.text();
        let file = [whole.as_slice(), &beginning, &mark].concat();
        all.push(base.canary("another Segment", name, file, mark));
    }
    let (head, segment) = (base.head.to_bytes(), base.segment.to_bytes());
    for (name, between) in [("Void", 0xEC), ("CRC-32", 0xBF)] {
        let mark = marks.text();
        let file = [head.as_slice(), &leaf(between, &mark).to_bytes(), &segment].concat();
        all.push(base.canary("before the Segment", name, file, mark));
    }
    let mark = marks.text();
    all.push(base.canary("bytes before the Segment", "after EBML", [head.as_slice(), &mark, &segment].concat(), mark));
    let mark = marks.text();
    let mut copy = base.clone();
    let Body::Bytes(name) = &mut copy.head.first(0x4282).body else { panic!("a string") };
    name.extend_from_slice(&[&[0], mark.as_slice()].concat());
    all.push(base.canary("DocType", "behind its NUL", copy.to_bytes(), mark));
}

/// Segment and Clusters of unknown size, with marks where one ends and the next begins.
fn endless(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let unknown = [0x01, 255, 255, 255, 255, 255, 255, 255];
    let Body::Nodes(children) = &base.segment.body else { panic!("a Segment") };
    let live = |node: &Node, more: &[u8]| match &node.body {
        Body::Nodes(nodes) if node.id == 0x1F43_B675 => {
            let inner: Vec<u8> = nodes.iter().flat_map(Node::to_bytes).collect();
            [&id_bytes(node.id), unknown.as_slice(), &inner, more].concat()
        }
        _ => node.to_bytes(),
    };
    for (name, id) in [("nothing", None), ("Void", Some(0xEC)), ("invented", Some(0x5ABC)), ("PrevSize", Some(0xAB))] {
        let mark = marks.text();
        let more = id.map_or_else(Vec::new, |id| leaf(id, &mark).to_bytes());
        let inner: Vec<u8> = children.iter().flat_map(|node| live(node, &more)).collect();
        let file = [base.head.to_bytes(), vec![0x18, 0x53, 0x80, 0x67], unknown.to_vec(), inner].concat();
        let mark = if id.is_some() { mark } else { Vec::new() };
        all.push(base.canary("unknown size", &format!("with {name} at the end of Clusters"), file, mark));
    }
}

/// What blocks hold beside their frames.
fn blocks(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for flag in [0x10, 0x20, 0x40, 0x70] {
        let file = base.changed(|segment| {
            let Body::Bytes(bytes) = &mut segment.first(0xA3).body else { panic!("a block") };
            bytes[3] |= flag;
        });
        all.push(base.canary("flags of a block", &format!("{flag:X}"), file, Vec::new()));
    }
    // A track number in more bytes than it needs.
    for len in 2..=8_usize {
        let file = base.changed(|segment| {
            let Body::Bytes(bytes) = &mut segment.first(0xA3).body else { panic!("a block") };
            bytes.splice(0..1, size(1, len));
        });
        all.push(base.canary("number of a track", &format!("in {len} bytes"), file, Vec::new()));
    }
    // Two frames in every lace, and one frame in a lace.
    let laces: [(&str, u8, &[u8]); 6] = [
        ("Xiph's of equals", 0x02, &[1, 3]),
        ("EBML's of equals", 0x06, &[1, 0x83]),
        ("EBML's of equals, in eight bytes", 0x06, &[1, 1, 0, 0, 0, 0, 0, 0, 3]),
        ("Xiph's of one", 0x02, &[0]),
        ("EBML's of one", 0x06, &[0]),
        ("fixed of one", 0x04, &[0]),
    ];
    for (name, flag, sizes) in laces {
        let with = |flag: u8, sizes: &[u8]| {
            base.changed(|segment| {
                let block = simple(1, 7, 0x80 | flag, &[sizes, b"keykey"].concat());
                segment.first(0x1F43_B675).nodes().push(block);
            })
        };
        let twin = if sizes[0] == 0 { with(0, &[]) } else { with(0x04, &[1]) };
        let canary = base.canary("lace", name, with(flag, sizes), Vec::new());
        all.push(Canary { twin: Some(twin.into()), ..canary });
    }
    // Blocks of tracks that are not there, and of those that go.
    for number in [4_u8, 9, 100, 126] {
        for group in [false, true] {
            let mark = marks.text();
            let bytes = block(number, 2, if group { 0 } else { 0x80 }, &mark);
            let node = if group { node(0xA0, &[leaf(0xA1, &bytes)]) } else { leaf(0xA3, &bytes) };
            let file = base.changed(|segment| segment.first(0x1F43_B675).nodes().push(node));
            all.push(base.canary("block of no track", &format!("{number}, group {group}"), file, mark));
        }
    }
    // What stands beside a frame, and is no alpha channel.
    for (name, number) in [("HDR10+", 4_u8), ("unknown", 99), ("alpha of a track without", 1)] {
        let mark = marks.text();
        let more = node(0xA6, &[leaf(0xEE, &[number]), leaf(0xA5, &mark)]);
        let track = if base.name == "whole" { 2 } else { 1 };
        let with = |more: &[Node]| {
            base.changed(|segment| {
                let nodes = [&[leaf(0xA1, &block(track, 8, 0, b"keys"))], more].concat();
                segment.first(0x1F43_B675).nodes().push(node(0xA0, &nodes));
            })
        };
        let canary = base.canary("beside a frame", name, with(&[node(0x75A1, &[more])]), mark);
        all.push(Canary { twin: Some(with(&[]).into()), ..canary });
    }
}

/// What CodecPrivate holds where a codec has none, or behind what is known of it.
fn private(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let with = |codec: &str, private: Option<&[u8]>| {
        base.changed(|segment| {
            let entry = segment.first(0xAE);
            entry.first(0x86).body = Body::Bytes(codec.as_bytes().to_vec());
            entry.nodes().extend(private.map(|bytes| leaf(0x63A2, bytes)));
        })
    };
    let mark = marks.text();
    let canary = base.canary("CodecPrivate", "of VP8", with("V_VP8", Some(&mark)), mark);
    all.push(Canary { twin: Some(with("V_VP8", None).into()), ..canary });
    // What stands before the mark, and what of it is left.
    let features: [(&str, &[u8], &[u8]); 3] = [
        ("unknown feature", &[9, 16], &[]),
        ("behind a feature", &[1, 1, 0], &[1, 1, 0]),
        ("feature of many bytes", &[3, 1, 8, 2, 16], &[3, 1, 8]),
    ];
    for (name, before, plain) in features {
        let mark = marks.text();
        let private = [before, &mark].concat();
        let canary = base.canary("CodecPrivate", &format!("VP9, {name}"), with("V_VP9", Some(&private)), mark);
        all.push(Canary { twin: Some(with("V_VP9", Some(plain)).into()), ..canary });
    }
    // BITMAPINFOHEADER: what is not the four letters, and behind it.
    let bitmap = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut header = [&[40, 0, 0, 0, 64, 0, 0, 0, 48, 0, 0, 0, 1, 0, 24, 0], b"VP80".as_slice(), &[0; 20]].concat();
        change(&mut header);
        header
    };
    let vfw = "V_MS/VFW/FOURCC";
    let plain: Arc<[u8]> = with(vfw, Some(&bitmap(&|_| ()))).into();
    for (name, at, len) in
        [("size", 0, 4), ("sides", 4, 8), ("bits", 12, 4), ("resolution", 20, 16), ("colours", 32, 8)]
    {
        let mark = marks.text()[..len].to_vec();
        let private = bitmap(&|header| header[at..at + len].copy_from_slice(&mark));
        let canary = base.canary("BITMAPINFOHEADER", name, with(vfw, Some(&private)), mark);
        all.push(Canary { twin: Some(Arc::clone(&plain)), ..canary });
    }
    let mark = marks.text();
    let private = bitmap(&|header| header.extend_from_slice(&mark));
    let canary = base.canary("BITMAPINFOHEADER", "behind it", with(vfw, Some(&private)), mark);
    all.push(Canary { twin: Some(plain), ..canary });
    let mark = marks.text();
    all.push(base.canary(
        "CodecID",
        "behind a NUL",
        with(&format!("V_VP8\0{}", String::from_utf8_lossy(&mark)), None),
        mark,
    ));
}

/// Words and files, as deep as they go.
fn metadata(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for depth in 1..=9 {
        for id in [0x45A3, 0x4487, 0x4485, 0x447A] {
            let mark = marks.text();
            let inner = node(0x67C8, &[leaf(id, &mark)]);
            let nested = (1..depth).fold(inner, |inner, _| node(0x67C8, &[text(0x45A3, "IN"), inner]));
            let file = base.changed(|segment| segment.first(0x7373).nodes().push(nested));
            all.push(base.canary("SimpleTag", &format!("{id:X} {depth} deep"), file, mark));
        }
        let mark = marks.text();
        let inner = node(0xB6, &[node(0x80, &[leaf(0x85, &mark)])]);
        let nested = (1..depth).fold(inner, |inner, _| node(0xB6, &[inner]));
        let file = base.changed(|segment| segment.first(0x45B9).nodes().push(nested));
        all.push(base.canary("ChapterAtom", &format!("{depth} deep"), file, mark));
    }
    for media_type in ["image/jpeg", "font/ttf", "application/zip", "text/html", ""] {
        let mark = marks.text();
        let fields = [text(0x466E, "f"), text(0x4660, media_type), leaf(0x465C, &mark)];
        let file = base.changed(|segment| segment.first(0x1941_A469).nodes().push(node(0x61A7, &fields)));
        all.push(base.canary("AttachedFile", media_type, file, mark));
    }
    for name in ["ENCODER", "ARTIST", "DATE_RECORDED", "LOCATION", "com.android.version", "_STATISTICS_TAGS", "KVARZ"] {
        for utf16 in [false, true] {
            let mark = marks.text();
            let value: Vec<u8> = if utf16 { mark.iter().flat_map(|&byte| [byte, 0]).collect() } else { mark.clone() };
            let tag = node(0x67C8, &[text(0x45A3, name), leaf(0x4487, &value)]);
            let file = base.changed(|segment| segment.first(0x7373).nodes().push(tag));
            all.push(base.canary("SimpleTag", &format!("{name}, UTF-16 {utf16}"), file, mark));
        }
    }
}

/// Tracks that are not kept, and what ContentEncodings and ProjectionPrivate hold.
fn tracks(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for kind in [0_u8, 3, 0x10, 0x11, 0x12, 0x20, 0x21, 0x77] {
        for id in [0x536E, 0x63A2, 0x86, 0x22B59C, 0x22B59D, 0x258688, 0x41E4] {
            let mark = marks.text();
            let fields = [leaf(0xD7, &[9]), leaf(0x83, &[kind]), leaf(id, &mark)];
            let file = base.changed(|segment| segment.first(0x1654_AE6B).nodes().push(node(0xAE, &fields)));
            all.push(base.canary("track that is not kept", &format!("type {kind:X}, {id:X}"), file, mark));
        }
        let mark = marks.text();
        let file = base.changed(|segment| {
            segment.first(0x1654_AE6B).nodes().push(node(0xAE, &[leaf(0xD7, &[9]), leaf(0x83, &[kind])]));
            segment.first(0x1F43_B675).nodes().push(simple(9, 1, 0x80, &mark));
        });
        all.push(base.canary("track that is not kept", &format!("type {kind:X}, block"), file, mark));
        let mark = marks.text();
        let encodings = node(0x6D80, &[node(0x6240, &[node(0x5034, &[leaf(0x4254, &[0]), leaf(0x4255, &mark)])])]);
        let fields = [leaf(0xD7, &[9]), leaf(0x83, &[kind]), encodings];
        let file = base.changed(|segment| segment.first(0x1654_AE6B).nodes().push(node(0xAE, &fields)));
        all.push(base.canary("track that is not kept", &format!("type {kind:X}, compressed"), file, mark));
    }
    for kind in 0..=4_u8 {
        let with = |kind: u8, private: &[u8]| {
            base.changed(|segment| {
                let projection = segment.first(0x7670);
                projection.nodes()[0] = leaf(0x7671, &[kind]);
                projection.nodes().push(leaf(0x7672, private));
            })
        };
        let mark = marks.text();
        let canary = base.canary("ProjectionPrivate", &format!("of type {kind}"), with(kind, &mark), mark);
        all.push(Canary { twin: None, ..canary });
        let mark = marks.text();
        let behind = [[0; 20].as_slice(), &mark].concat();
        let canary = base.canary("ProjectionPrivate", &format!("of type {kind}, behind"), with(kind, &behind), mark);
        all.push(Canary { twin: None, ..canary });
    }
    let mark = marks.text();
    let encodings = node(0x6D80, &[node(0x6240, &[node(0x5034, &[leaf(0x4254, &[3])]), leaf(0x5031, &mark)])]);
    let file = base.changed(|segment| segment.first(0xAE).nodes().push(encodings));
    all.push(base.canary("ContentEncodings", "ContentEncodingOrder", file, mark));
}

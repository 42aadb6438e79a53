//! FLAC with marks: in every kind of metadata block, in what the stream information says, and around the file.

use std::sync::Arc;

use super::{Canary, Marks, tags};
use crate::harness::fixture;

/// A base file: stream information, other blocks, frames.
struct Base {
    name: &'static str,
    info: Vec<u8>,
    table: Vec<u8>,
    frames: Vec<u8>,
    whole: Arc<[u8]>,
}

impl Base {
    fn of(name: &'static str) -> Self {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        let len = usize::from(whole[44]) << 8 | usize::from(whole[45]);
        let (info, table) = (whole[8..42].to_vec(), whole[46..46 + len].to_vec());
        Self { name, info, table, frames: whole[46 + len..].to_vec(), whole: whole.into() }
    }

    fn with(&self, blocks: &[(u8, &[u8])]) -> Vec<u8> {
        [assemble(blocks), self.frames.clone()].concat()
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(Arc::clone(&self.whole)) }
    }
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let bases = ["deep.flac", "mono.flac", "one-frame.flac"].map(Base::of);
    let mut all = Vec::new();
    for base in &bases {
        known(base, &mut marks, &mut all);
        info(base, &mut marks, &mut all);
        around(base, &mut marks, &mut all);
    }
    // The shortest, since these are many.
    blocks(&bases[2], &mut marks, &mut all);
    for (place, tag, mark) in tags::before(&mut marks) {
        let file = [&tag, bases[2].whole.as_ref()].concat();
        all.push(bases[2].canary("before the marker", &place, file, mark));
    }
    all
}

/// Every kind of block, before and behind the seek table.
fn blocks(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for kind in 0..=126_u8 {
        for place in ["first", "last", "twice"] {
            let mark = marks.text();
            let (info, table) = ((0, base.info.as_slice()), (3, base.table.as_slice()));
            let own = (kind, mark.as_slice());
            let file = match place {
                "first" => base.with(&[info, own, table]),
                "last" => base.with(&[info, table, own]),
                _ => base.with(&[info, own, table, own]),
            };
            all.push(base.canary("metadata block", &format!("{kind} {place}"), file, mark));
        }
        let file = base.with(&[(0, &base.info), (kind, &[])]);
        all.push(base.canary("metadata block", &format!("{kind}, empty"), file, Vec::new()));
    }
}

/// Blocks as they should be, with a mark in one field.
fn known(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let counted = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_le_bytes(), bytes].concat();
    let counted_be = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_be_bytes(), bytes].concat();
    let mut push = |kind: u8, place: &str, make: &dyn Fn(&[u8]) -> Vec<u8>| {
        let mark = marks.text();
        let file = base.with(&[(0, &base.info), (kind, &make(&mark)), (3, &base.table)]);
        all.push(base.canary("known block", place, file, mark));
    };
    push(4, "vendor string", &|mark| [counted(mark), vec![0; 4]].concat());
    push(4, "comment", &|mark| {
        [vec![0; 4], 1_u32.to_le_bytes().to_vec(), counted(&[b"ARTIST=", mark].concat())].concat()
    });
    push(4, "name of a comment", &|mark| {
        [vec![0; 4], 1_u32.to_le_bytes().to_vec(), counted(&[mark, b"=x"].concat())].concat()
    });
    push(4, "behind the comments", &|mark| [&[0; 8], mark].concat());
    push(6, "kind of a picture", &|mark| [vec![0; 4], counted_be(mark), vec![0; 24]].concat());
    push(6, "description of a picture", &|mark| [vec![0; 8], counted_be(mark), vec![0; 20]].concat());
    push(6, "picture", &|mark| [vec![0; 28], counted_be(mark)].concat());
    push(2, "application", &|mark| [b"riff", mark].concat());
    push(5, "cue sheet", &|mark| [mark, &[0; 380 + 36]].concat());
    push(1, "padding", &|mark| [&[0; 100], mark, &[0; 100]].concat());
    push(3, "seek point", &|mark| [mark, &[0; 2]].concat());
}

/// What the stream information says beside the shape of the sound.
fn info(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let mut push = |place: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut info = base.info.clone();
        change(&mut info);
        let file = base.with(&[(0, &info), (3, &base.table)]);
        all.push(base.canary("stream information", place, file, Vec::new()));
    };
    push("smallest block", &|info| info[..2].copy_from_slice(b"CN"));
    push("largest block", &|info| info[2..4].copy_from_slice(b"RY"));
    push("shortest frame", &|info| info[4..7].copy_from_slice(b"CNR"));
    push("longest frame", &|info| info[7..10].copy_from_slice(b"YXZ"));
    push("no length", &|info| {
        info[13] &= 0xF0;
        info[14..18].fill(0);
    });
    push("no signature", &|info| info[18..].fill(0));
    let mark = marks.text();
    let marked = [&base.info[..18], &mark].concat();
    let file = base.with(&[(0, &marked), (3, &base.table)]);
    all.push(base.canary("stream information", "signature", file, mark));
}

/// Before the marker, between frames, and behind the last.
fn around(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for (place, tag, mark) in tags::behind(marks) {
        all.push(base.canary("behind the last frame", &place, [base.whole.as_ref(), &tag].concat(), mark));
    }
    for beginning in [&b""[..], b"PK\x03\x04", b"fLaC", b"\xFF\xF8", b"\xFF\xF9", &[0; 64]] {
        let mark = marks.text();
        let file = [&base.whole, beginning, &mark].concat();
        all.push(base.canary("behind the last frame", &format!("{beginning:X?}"), file, mark));
    }
    let mark = marks.text();
    let before_sound = [&base.whole[..46 + base.table.len()], &mark, &base.frames].concat();
    all.push(base.canary("before the first frame", "bytes", before_sound, mark));
}

fn assemble(blocks: &[(u8, &[u8])]) -> Vec<u8> {
    let mut file = b"fLaC".to_vec();
    for (number, (kind, body)) in blocks.iter().enumerate() {
        let last = if number + 1 == blocks.len() { 0x80 } else { 0 };
        file.push(kind | last);
        file.extend(&u32::try_from(body.len()).unwrap().to_be_bytes()[1..]);
        file.extend_from_slice(body);
    }
    file
}

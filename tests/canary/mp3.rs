//! MP3 with marks: in tags everywhere, between frames, in the tag frame, and in all bits of a frame that are no sound.

use std::sync::Arc;

use super::{Canary, Marks, tags};
use crate::harness::fixture;

/// A base file in frames, with a name.
struct Base {
    name: &'static str,
    frames: Vec<Vec<u8>>,
    whole: Arc<[u8]>,
}

impl Base {
    fn of(name: &'static str) -> Self {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        let mut rest = whole.as_slice();
        let mut frames = Vec::new();
        while !rest.is_empty() {
            let (frame, after) = rest.split_at(frame_len(rest));
            frames.push(frame.to_vec());
            rest = after;
        }
        assert!(frames.len() > 5, "{name}");
        Self { name, frames, whole: whole.into() }
    }

    fn with(&self, gap: usize, extra: &[u8]) -> Vec<u8> {
        let mut frames = self.frames.clone();
        frames.insert(gap, extra.to_vec());
        frames.concat()
    }

    fn changed(&self, change: impl FnOnce(&mut [Vec<u8>])) -> Vec<u8> {
        let mut frames = self.frames.clone();
        change(&mut frames);
        frames.concat()
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(Arc::clone(&self.whole)) }
    }

    fn is_protected(&self) -> bool {
        self.frames.last().unwrap()[1] & 1 == 0
    }

    fn has_tag(&self) -> bool {
        let first = &self.frames[0];
        [13, 21, 36].iter().any(|&at| matches!(&first[at..at + 4], b"Xing" | b"Info"))
    }
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let names =
        ["voice.mp3", "checksums.mp3", "half-rate.mp3", "quarter-rate.mp3", "no-tag-frame.mp3", "ancillary.mp3"];
    let bases = names.map(Base::of);
    let mut all = Vec::new();
    for base in &bases {
        around(base, &mut marks, &mut all);
        between(base, &mut marks, &mut all);
        bits(base, &mut all);
        if base.has_tag() {
            tag_frame(base, &mut marks, &mut all);
        }
    }
    for (place, tag, mark) in tags::before(&mut marks) {
        let file = [&tag, bases[0].whole.as_ref()].concat();
        all.push(bases[0].canary("before the first frame", &place, file, mark));
    }
    ancillary(&bases[5], &mut marks, &mut all);
    all
}

/// Before the first frame and behind the last.
fn around(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let mark = marks.text();
    all.push(base.canary("before the first frame", "bytes", [&mark, base.whole.as_ref()].concat(), mark));
    let mark = marks.text();
    let file = [&[0; 30], mark.as_slice(), &[0; 30], &base.whole].concat();
    all.push(base.canary("before the first frame", "bytes among zeros", file, mark));
    for (place, tag, mark) in tags::behind(marks) {
        let file = [base.whole.as_ref(), &tag].concat();
        all.push(base.canary("behind the last frame", &place, file, mark));
    }
    for beginning in [&b""[..], b"PK\x03\x04", b"\xFF\xD8\xFF\xE0", b"RIFF", b"APETAGEX", b"ID3", &[0; 64]] {
        let mark = marks.text();
        let file = [&base.whole, beginning, &mark].concat();
        all.push(base.canary("behind the last frame", &format!("{beginning:X?}"), file, mark));
    }
    // A frame that is cut.
    let mark = marks.text();
    let last = base.frames.last().unwrap();
    let file = [&base.whole, &last[..12], &mark].concat();
    all.push(base.canary("behind the last frame", "a part of a frame", file, mark));
}

/// In every gap between frames.
fn between(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for gap in 1..base.frames.len() - 1 {
        let mark = marks.text();
        all.push(base.canary("between frames", &format!("bytes in gap {gap}"), base.with(gap, &mark), mark));
    }
    for (place, tag, mark) in tags::behind(marks) {
        all.push(base.canary("between frames", &place, base.with(3, &tag), mark));
    }
    let mark = marks.text();
    let strange = [b"\xFF\xFB".as_slice(), &mark, b"\xFF\xE0\xFF\xF3\0\0", &[0xFF; 9]].concat();
    all.push(base.canary("between frames", "what looks like frames", base.with(4, &strange), mark));
}

/// Choices that spell something, bit by bit, in all frames of sound.
fn bits(base: &Base, all: &mut Vec<Canary>) {
    let mut flip = |place: &str, at: usize, mask: u8| {
        let skipped = usize::from(base.has_tag());
        let file = base.changed(|frames| {
            for (number, frame) in frames.iter_mut().enumerate().skip(skipped) {
                if [0xC4, 0x4E, 0x52, 0x59][number / 8 % 4] >> (number % 8) & 1 == 1 {
                    frame[at] ^= mask;
                }
            }
        });
        all.push(base.canary("bits of frames", place, file, Vec::new()));
    };
    flip("private", 2, 1);
    flip("copyright", 3, 8);
    flip("original", 3, 4);
    if base.frames.last().unwrap()[3] >> 6 != 1 {
        flip("mode extension", 3, 0x30);
    }
    let side = if base.is_protected() { 6 } else { 4 };
    // Which of the bits behind main_data_begin are private.
    let last = base.frames.last().unwrap();
    let (byte, mask) = match (last[1] >> 3 & 3 == 3, last[3] >> 6 == 3) {
        (true, true) => (1, 0x7C),
        (true, false) => (1, 0x70),
        (false, true) => (1, 0x80),
        (false, false) => (1, 0xC0),
    };
    flip("private in side information", side + byte, mask);
    if base.is_protected() {
        flip("checksum", 4, 0xFF);
        flip("checksum, second byte", 5, 0x5A);
    }
}

/// Every byte of the tag frame but those that say how many frames there are and how much silence.
fn tag_frame(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let first = &base.frames[0];
    let at = [13, 21, 36].into_iter().find(|&at| matches!(&first[at..at + 4], b"Xing" | b"Info")).unwrap();
    // From the side information to the tag, the table of contents, quality and encoder, and what follows.
    let spans = [
        (4, at),
        (at + 12, at + 16),
        (at + 16, at + 116),
        (at + 116, at + 120),
        (at + 129, at + 141),
        (at + 144, first.len()),
    ];
    for (from, until) in spans {
        for from in (from..until).step_by(8) {
            let mark = marks.text();
            let len = mark.len().min(until - from);
            let mark = mark[..len].to_vec();
            let file = base.changed(|frames| frames[0][from..from + len].copy_from_slice(&mark));
            let mark = if len < 16 { Vec::new() } else { mark };
            all.push(base.canary("tag frame", &format!("byte {from}"), file, mark));
        }
    }
    let file = base.changed(|frames| frames[0][at + 124..at + 129].copy_from_slice(b"3.99r"));
    all.push(base.canary("tag frame", "encoder", file, Vec::new()));
    let mark = marks.text();
    let file = base.changed(|frames| frames[0][at + 7] = 0x0F);
    all.push(base.canary("tag frame", "flags", [file, mark.clone()].concat(), mark));
}

/// At the end of every frame of a stream whose frames hold no more than their own sound.
fn ancillary(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for number in 0..base.frames.len() {
        let mark = marks.text();
        let file = base.changed(|frames| {
            let end = frames[number].len() - 2;
            frames[number][end - mark.len()..end].copy_from_slice(&mark);
        });
        all.push(base.canary("ancillary data", &format!("frame {number}"), file, mark));
    }
}

/// Bytes of the frame that these begin with (ISO/IEC 11172-3, 2.4.2.3).
fn frame_len(bytes: &[u8]) -> usize {
    const KILOBITS: [[usize; 15]; 2] = [
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ];
    let version = bytes[1] >> 3 & 3;
    let (table, slots, divisor) = match version {
        3 => (KILOBITS[0], 144_000, 1),
        2 => (KILOBITS[1], 72_000, 2),
        _ => (KILOBITS[1], 72_000, 4),
    };
    let rate = [44_100, 48_000, 32_000][usize::from(bytes[2] >> 2 & 3)] / divisor;
    slots * table[usize::from(bytes[2] >> 4)] / rate + usize::from(bytes[2] >> 1 & 1)
}

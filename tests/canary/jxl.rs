//! JPEG XL with marks: in every box at every place, between, before and behind them; and, in codestreams written here
//! bit by bit, in every field of a header that says nothing of the picture.

use std::sync::Arc;

use super::exif::Tiff;
use super::{Canary, Marks};
use crate::harness::fixture;

const SIGNATURE: &[u8] = b"\0\0\0\x0CJXL \r\n\x87\n";

/// Every box that is registered or known in the wild, and some invented.
const KINDS: &[&[u8; 4]] = &[
    b"Exif",
    b"xml ",
    b"jumb",
    b"jbrd",
    b"brob",
    b"jxli",
    b"jxll",
    b"jhgm",
    b"uuid",
    b"free",
    b"skip",
    b"mdat",
    b"meta",
    b"moov",
    b"colr",
    b"c2pa",
    b"jp2c",
    b"jp2h",
    b"url ",
    b"xmpx",
    b"EXIF",
    b"abcd",
    b"zzzz",
    b"\0\0\0\0",
    b"\xFF\xFF\xFF\xFF",
    b"JXL ",
    b"jxl ",
    b"ftyp",
    b"idat",
];

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    for name in ["lossless.jxl", "alpha.jxl", "profile.jxl", "animated.jxl", "groups.jxl"] {
        boxes(name, &mut marks, &mut all);
    }
    blocks(&mut marks, &mut all);
    fields(&mut marks, &mut all);
    profiles(&mut marks, &mut all);
    all
}

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&u32::try_from(body.len() + 8).unwrap().to_be_bytes(), kind.as_slice(), body].concat()
}

/// The same with a length of 64 bits.
fn large(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    [&[0, 0, 0, 1], kind.as_slice(), &u64::try_from(body.len() + 16).unwrap().to_be_bytes(), body].concat()
}

/// A codestream in a container, as one box or as parts, with the gaps between boxes.
fn forms(stream: &[u8]) -> Vec<(&'static str, Vec<Vec<u8>>)> {
    let ftyp = boxed(b"ftyp", b"jxl \0\0\0\0jxl ");
    let (first, rest) = stream.split_at(stream.len() / 3);
    let part = |index: u32, bytes: &[u8]| boxed(b"jxlp", &[&index.to_be_bytes(), bytes].concat());
    vec![
        ("whole", vec![ftyp.clone(), boxed(b"jxlc", stream)]),
        ("large", vec![ftyp.clone(), large(b"jxlc", stream)]),
        ("parts", vec![ftyp, part(0, first), part(1, &[]), part(0x8000_0002, rest)]),
    ]
}

fn boxes(name: &'static str, marks: &mut Marks, all: &mut Vec<Canary>) {
    let stream = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
    let twin: Arc<[u8]> = stream.clone().into();
    let mut push = |kind: &str, place: String, file: Vec<u8>, mark: Vec<u8>| {
        all.push(Canary { name: format!("{kind}: {place}, {name}"), file, mark, twin: Some(Arc::clone(&twin)) });
    };
    for (form, parts) in forms(&stream) {
        let joined = |gap: usize, extra: &[u8]| {
            let (before, behind) = parts.split_at(gap);
            [SIGNATURE, &before.concat(), extra, &behind.concat()].concat()
        };
        for gap in 1..=parts.len() {
            for kind in KINDS {
                let place = format!("{} before {gap}, {form}", String::from_utf8_lossy(*kind));
                let mark = marks.text();
                push("box", place.clone(), joined(gap, &boxed(kind, &mark)), mark);
                let mark = marks.text();
                push("large box", place.clone(), joined(gap, &large(kind, &mark)), mark);
                let mark = marks.text();
                push("box in a box", place, joined(gap, &boxed(kind, &boxed(b"free", &mark))), mark);
            }
        }
        let mark = marks.text();
        push(
            "box without a length",
            form.to_owned(),
            joined(parts.len(), &[b"\0\0\0\0prVt", mark.as_slice()].concat()),
            mark,
        );
        let mark = marks.text();
        push("bytes behind the boxes", form.to_owned(), joined(parts.len(), &mark), mark);
        let mark = marks.text();
        let brands = boxed(b"ftyp", &[b"jxl \0\0\0\0jxl ", mark.as_slice()].concat());
        let file = [SIGNATURE, &brands, &parts[1..].concat()].concat();
        push("ftyp", form.to_owned(), file, mark);
        let version = [SIGNATURE, &boxed(b"ftyp", b"jxl KVRZjxl "), &parts[1..].concat()].concat();
        push("ftyp", format!("version, {form}"), version, b"KVRZ".to_vec());
    }
    let mark = marks.text();
    push("behind the last frame", "naked".to_owned(), [stream.as_slice(), &mark].concat(), mark);
    let mark = marks.text();
    let inner = [stream.as_slice(), &mark].concat();
    for (form, parts) in forms(&inner) {
        push("behind the last frame", form.to_owned(), [SIGNATURE, &parts.concat()].concat(), mark.clone());
    }
}

/// Every Exif tag with a mark, and XMP.
fn blocks(marks: &mut Marks, all: &mut Vec<Canary>) {
    let stream = std::fs::read(fixture("clean/alpha.jxl")).unwrap();
    let twin: Arc<[u8]> = stream.clone().into();
    let ftyp = boxed(b"ftyp", b"jxl \0\0\0\0jxl ");
    for (place, tiff, mark) in Tiff::canaries(marks) {
        let exif = boxed(b"Exif", &[&[0; 4], tiff.as_slice()].concat());
        let file = [SIGNATURE, &ftyp, &exif, &boxed(b"jxlc", &stream)].concat();
        all.push(Canary { name: format!("Exif: {place}"), file, mark, twin: Some(Arc::clone(&twin)) });
    }
}

/// Bits, the first in the lowest place.
#[derive(Clone, Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn put(&mut self, value: u64, count: u32) {
        self.0.extend((0..count).map(|bit| value >> bit & 1 == 1));
    }

    /// A selector and what follows it.
    fn choice(&mut self, selector: u64, value: u64, count: u32) {
        self.put(selector, 2);
        self.put(value, count);
    }

    fn mark(&mut self, mark: &[u8]) {
        mark.iter().for_each(|byte| self.put(u64::from(*byte), 8));
    }

    fn name(&mut self, mark: Option<&[u8]>) {
        match mark {
            // 16 + 0
            Some(mark) => {
                self.choice(2, 0, 5);
                self.mark(mark);
            }
            None => self.put(0, 2),
        }
    }

    /// Extension 5 with 128 bits, or none.
    fn extension(&mut self, mark: Option<&[u8]>) {
        match mark {
            Some(mark) => {
                self.choice(2, 32 - 17, 8);
                self.choice(2, 128 - 17, 8);
                self.mark(mark);
            }
            None => self.put(0, 2),
        }
    }

    fn bytes(mut self) -> Vec<u8> {
        self.0.resize(self.0.len().next_multiple_of(8), false);
        self.0.chunks(8).map(|bits| bits.iter().rev().fold(0, |byte, bit| byte << 1 | u8::from(*bit))).collect()
    }
}

/// Where in a codestream a mark is, if anywhere.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Nowhere,
    IntrinsicSize,
    Preview,
    PreviewFrame,
    TimeCode,
    ChannelName(u8),
    ImageExtension,
    FrameName(u8),
    FrameExtension(u8),
    FilterExtension(u8),
    PassedOver(u8),
    LongNumber,
    SpelledOut,
    SpelledOutFrame,
}

/// A picture of 40 by 30 with two extra channels and three frames, moving or not, whose sections are noise.
fn codestream(place: Place, moves: bool, mark: &[u8]) -> Vec<u8> {
    let at = |wanted: Place| (place == wanted).then_some(mark);
    let two = |from: usize| u64::from(u16::from_le_bytes([mark[from], mark[from + 1]]));
    let mut bits = Bits::default();
    bits.put(0x0AFF, 16);
    // 40 by 30: not small, height 30 in nine bits, or in thirteen; ratio 3 is four to three.
    bits.put(0, 1);
    match place {
        Place::LongNumber => bits.choice(1, 29, 13),
        _ => bits.choice(0, 29, 9),
    }
    bits.put(3, 3);
    bits.put(0, 1);
    let more =
        moves || matches!(place, Place::IntrinsicSize | Place::Preview | Place::PreviewFrame | Place::SpelledOut);
    bits.put(more.into(), 1);
    let previewed = matches!(place, Place::Preview | Place::PreviewFrame);
    if more {
        bits.put(0, 3);
        bits.put((place == Place::IntrinsicSize).into(), 1);
        if place == Place::IntrinsicSize {
            bits.put(0, 1);
            bits.choice(1, two(0) & 0x1FFF, 13);
            bits.put(0, 3);
            bits.choice(1, two(2) & 0x1FFF, 13);
        }
        bits.put(previewed.into(), 1);
        if previewed {
            // 20 by 20.
            bits.put(0, 1);
            bits.choice(0, 19, 6);
            bits.put(1, 3);
        }
        bits.put(moves.into(), 1);
        if moves {
            bits.put(0, 6);
            bits.put((place == Place::TimeCode).into(), 1);
        }
    }
    // Eight bits; wide buffers; two extra channels.
    bits.put(0, 3);
    bits.put(0, 1);
    bits.choice(2, 0, 4);
    for channel in 0..2 {
        bits.put(0, 1);
        match channel {
            0 => bits.put(0, 2),
            _ => bits.choice(2, 0, 4),
        }
        bits.put(0, 5);
        bits.name(at(Place::ChannelName(channel)));
        match channel {
            0 => bits.put(1, 1),
            _ => [0x3800_u64, 0, 0x3C00, 0x3400].iter().for_each(|half| bits.put(*half, 16)),
        }
    }
    // Not XYB; sRGB; tone mapping as usual where there is one.
    bits.put(0, 1);
    match place {
        Place::SpelledOut => {
            bits.put(0, 4);
            bits.choice(1, 0, 0);
            bits.choice(1, 0, 0);
            bits.put(0, 1);
            bits.choice(2, 11, 4);
            bits.choice(1, 0, 0);
            // And the tone mapping.
            bits.put(0, 1);
            [0x5BF8_u64, 0].iter().for_each(|half| bits.put(*half, 16));
            bits.put(0, 1);
            bits.put(0, 16);
        }
        _ => {
            bits.put(1, 1);
            if more {
                bits.put(1, 1);
            }
        }
    }
    bits.extension(at(Place::ImageExtension));
    bits.put(1, 1);
    let mut file = bits.bytes();
    if previewed {
        frame(&mut file, 9, place, moves, mark);
    }
    (0..3).for_each(|number| frame(&mut file, number, place, moves, mark));
    file
}

/// Frame `number`; 9 is that of the preview.
fn frame(file: &mut Vec<u8>, number: u8, place: Place, moves: bool, mark: &[u8]) {
    let at = |wanted: Place| (place == wanted).then_some(mark);
    let is_last = number == 2 || number == 9;
    // The last frame of a picture that stands still is as usual in all, and mostly says so in one bit.
    let usual = number == 2 && !moves;
    let spelled = matches!(
        place,
        Place::SpelledOutFrame
            | Place::FrameName(2)
            | Place::FrameExtension(2)
            | Place::FilterExtension(2)
            | Place::PassedOver(2)
    );
    let mut bits = Bits::default();
    bits.put((usual && !spelled).into(), 1);
    if !usual || spelled {
        // Regular; VarDCT or modular; no flags; RGB.
        bits.put(0, 2);
        bits.put((!usual).into(), 1);
        bits.put(0, 3);
        bits.put(0, 6);
        if !usual {
            bits.put(1, 2);
        }
        // One pass, no crop, everything replaced.
        bits.put(0, 3);
        bits.put(0, 6);
        if moves {
            bits.choice(2, 10, 8);
            if place == Place::TimeCode {
                bits.put(u64::from(u32::from_le_bytes([mark[0], mark[1], mark[2], mark[3]])), 32);
            }
        }
        bits.put(is_last.into(), 1);
        if !is_last {
            // Kept as reference 0; before colours are transformed or not only where nothing moves.
            bits.put(0, 2);
            if !moves {
                bits.put(0, 1);
            }
        }
        bits.name(at(Place::FrameName(number)));
        let own = matches!(place, Place::FilterExtension(n) | Place::PassedOver(n) if n == number);
        bits.put((!own).into(), 1);
        if own {
            // No gaborish; one step, with weights of its own where bits are passed over.
            bits.put(0, 1);
            bits.put(1, 2);
            if usual {
                bits.put(0, 1);
            }
            let weights = place == Place::PassedOver(number);
            bits.put(weights.into(), 1);
            if weights {
                [0x5100_u64, 0x4500, 0x4300].iter().for_each(|half| bits.put(*half, 16));
                bits.put(u64::from(u32::from_le_bytes([mark[0], mark[1], mark[2], mark[3]])), 32);
            }
            bits.put(0, 1);
            if !usual {
                bits.put(0x3C00, 16);
            }
            bits.extension(at(Place::FilterExtension(number)));
        }
        bits.extension(at(Place::FrameExtension(number)));
    }
    // One section, in its order.
    bits.put(0, 1);
    file.extend(bits.bytes());
    let preview_mark = number == 9 && place == Place::PreviewFrame;
    let section: Vec<u8> = if preview_mark { mark.to_vec() } else { (0..50 + number).map(|byte| byte * 3).collect() };
    let mut bits = Bits::default();
    bits.choice(0, u64::try_from(section.len()).unwrap(), 10);
    file.extend(bits.bytes());
    file.extend(section);
}

/// Marks that stand across bytes, so that only the twin tells whether they are left.
fn fields(marks: &mut Marks, all: &mut Vec<Canary>) {
    let mut places =
        vec![Place::IntrinsicSize, Place::Preview, Place::PreviewFrame, Place::TimeCode, Place::ImageExtension];
    places.extend([
        Place::LongNumber,
        Place::SpelledOut,
        Place::SpelledOutFrame,
        Place::ChannelName(0),
        Place::ChannelName(1),
    ]);
    for number in 0..3 {
        places.extend([Place::FrameName(number), Place::FrameExtension(number), Place::FilterExtension(number)]);
        places.push(Place::PassedOver(number));
    }
    for moves in [false, true] {
        for place in &places {
            let mark = marks.text();
            let file = codestream(*place, moves, &mark);
            // A filter of its own is part of the picture: its twin has it too.
            let twin = match place {
                Place::FilterExtension(_) | Place::PassedOver(_) => codestream(*place, moves, &marks.text()),
                // Only what moves has time codes, and only what stands still has a frame as usual.
                Place::TimeCode | Place::SpelledOutFrame if moves != (*place == Place::TimeCode) => continue,
                _ => codestream(Place::Nowhere, moves, &mark),
            };
            let seen = if *place == Place::PreviewFrame { mark } else { Vec::new() };
            let name = format!("header: {place:?}, moves {moves}");
            all.push(Canary { name, file, mark: seen, twin: Some(twin.into()) });
        }
    }
}

/// Marks in the words of profiles, which are packed: the same profile with other words is the twin.
fn profiles(marks: &mut Marks, all: &mut Vec<Canary>) {
    let clean = std::fs::read(fixture("clean/profile.jxl")).unwrap();
    let dirty = std::fs::read(fixture("dirty/profile.jxl")).unwrap();
    let mark = marks.text();
    let file = [dirty.as_slice(), &mark].concat();
    all.push(Canary { name: "ICC profile: behind".to_owned(), file, mark, twin: Some(clean.into()) });
}

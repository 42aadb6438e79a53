//! Bitmaps with marks: in every field of every header version, between its parts, in colours that no pixel has, and
//! in bits of pixels and rows that nobody shows.

use std::sync::Arc;

use super::{Canary, Marks};
use crate::harness::fixture;

struct Base {
    name: &'static str,
    whole: Arc<[u8]>,
}

impl Base {
    fn of(name: &'static str) -> Self {
        Self { name, whole: std::fs::read(fixture(&format!("clean/{name}"))).unwrap().into() }
    }

    fn u32(&self, at: usize) -> usize {
        u32::from_le_bytes(self.whole[at..at + 4].try_into().unwrap()) as usize
    }

    fn bits(&self) -> usize {
        usize::from(self.whole[28])
    }

    /// Bytes of a row, and those of them that hold whole pixels.
    fn row(&self) -> (usize, usize) {
        let bits = self.u32(18) * self.bits();
        (bits.div_ceil(32) * 4, bits / 8)
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(Arc::clone(&self.whole)) }
    }

    /// With other bytes at `at`.
    fn set(&self, at: usize, bytes: &[u8]) -> Vec<u8> {
        let mut file = self.whole.to_vec();
        file[at..at + bytes.len()].copy_from_slice(bytes);
        file
    }

    /// With so many bytes more before the pixels, which begin behind them.
    fn before_pixels(&self, extra: &[u8]) -> Vec<u8> {
        let offset = self.u32(10);
        let mut file = self.whole.to_vec();
        file.splice(offset..offset, extra.iter().copied());
        let moved = u32::try_from(offset + extra.len()).unwrap();
        file[10..14].copy_from_slice(&moved.to_le_bytes());
        file
    }

    /// With a longer header of `size` bytes that ends with `rest`, where the header is one of 40.
    fn longer(&self, size: u32, rest: &[u8]) -> Vec<u8> {
        let mut file = self.before_pixels(&[]);
        let extra = [vec![0; size as usize - 40 - rest.len()], rest.to_vec()].concat();
        file.splice(54..54, extra.iter().copied());
        file[14..18].copy_from_slice(&size.to_le_bytes());
        let moved = u32::try_from(self.u32(10) + extra.len()).unwrap();
        file[10..14].copy_from_slice(&moved.to_le_bytes());
        file
    }
}

const BASES: [&str; 13] = [
    "indexed.bmp",
    "one-bit.bmp",
    "four-bits.bmp",
    "photo.bmp",
    "hidden.bmp",
    "thousands.bmp",
    "fields.bmp",
    "alpha.bmp",
    "from-the-top.bmp",
    "runs.bmp",
    "old.bmp",
    "os2.bmp",
    "one-pixel.bmp",
];

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    for base in BASES.map(Base::of) {
        parts(&base, &mut marks, &mut all);
        headers(&base, &mut marks, &mut all);
        pixels(&base, &mut marks, &mut all);
        colours(&base, &mut marks, &mut all);
    }
    runs(&mut marks, &mut all);
    all
}

/// Fields, gaps and tails.
fn parts(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for (place, at, len) in [
        ("file size", 2, 4),
        ("reserved", 6, 4),
        ("image size", 34, 4),
        ("resolution", 38, 8),
        ("important", 50, 4),
        ("planes", 26, 2),
    ] {
        let mark = marks.text()[8..8 + len].to_vec();
        // Two bytes may stand anywhere.
        let sought = if len > 2 { mark.clone() } else { Vec::new() };
        all.push(base.canary("field", place, base.set(at, &mark), sought));
    }
    for count in [1, 3, 16, 1000, 70_000] {
        let mark = marks.text();
        let gap = [vec![b'.'; count - 1], mark.clone()].concat();
        all.push(base.canary("gap", &format!("of {count} bytes and a mark"), base.before_pixels(&gap), mark));
    }
    let tails: [(&str, &[u8]); 4] =
        [("bytes", b""), ("a ZIP", b"PK\x03\x04"), ("another BMP", b"BM"), ("zeros", &[0; 64])];
    for (name, beginning) in tails {
        let mark = marks.text();
        all.push(base.canary("behind the pixels", name, [&base.whole, beginning, mark.as_slice()].concat(), mark));
    }
}

/// Longer versions of the header, and what they say at every place.
fn headers(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    if base.u32(14) != 40 || base.u32(30) == 3 {
        return;
    }
    for size in [52, 56, 64, 108, 124_u32] {
        all.push(base.canary("header", &format!("of {size} bytes"), base.longer(size, &[]), Vec::new()));
        for end in (56..=size).step_by(4) {
            let mark = marks.text();
            // It ends before `end`, and zeros follow.
            let rest = [mark.clone(), vec![0; (size - end) as usize]].concat();
            if rest.len() + 40 <= size as usize {
                let file = base.longer(size, &rest);
                all.push(base.canary("header", &format!("of {size} bytes, before byte {end}"), file, mark));
            }
        }
    }
    // A profile inside, and the path of one outside.
    for (name, kind) in [("embedded", b"DEBM"), ("linked", b"KNIL")] {
        let mark = marks.text();
        let header = base.longer(124, &[]);
        let at = u32::try_from(header.len() - 14).unwrap();
        let mut file = [header, mark.clone()].concat();
        file[70..74].copy_from_slice(kind);
        file[126..130].copy_from_slice(&at.to_le_bytes());
        file[130..134].copy_from_slice(&16_u32.to_le_bytes());
        all.push(base.canary("profile", name, file, mark));
    }
}

/// Padding of rows, bits that are not shown.
fn pixels(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let offset = base.u32(10);
    if matches!(base.u32(30), 1 | 2) {
        return;
    }
    let (stride, content) = base.row();
    let height = (base.u32(22) as u32).cast_signed().unsigned_abs() as usize;
    let partial = base.u32(18) * base.bits() % 8;
    for row in 0..height {
        let mut file = base.whole.to_vec();
        let from = offset + row * stride + content + usize::from(partial > 0);
        if from < offset + (row + 1) * stride {
            file[from..offset + (row + 1) * stride].fill(b'C');
            all.push(base.canary("padding", &format!("of row {row}"), file, Vec::new()));
        }
        if partial > 0 {
            let mut file = base.whole.to_vec();
            file[from - 1] |= 0xFF >> partial;
            all.push(base.canary("padding", &format!("bits of row {row}"), file, Vec::new()));
        }
    }
    let compression = base.u32(30);
    let (step, at, bits) = match (compression, base.bits()) {
        (0, 32) => (4, 3, 0xFF_u8),
        (0, 16) => (2, 1, 0x80),
        _ => return,
    };
    let mut file = base.whole.to_vec();
    let mark = marks.text();
    for row in 0..height {
        for (pixel, letter) in (0..base.u32(18)).zip(mark.iter().cycle()) {
            file[offset + row * stride + pixel * step + at] |= letter & bits;
        }
    }
    all.push(base.canary("bits that are not shown", "in all pixels", file, Vec::new()));
    let mut file = base.whole.to_vec();
    file[offset + at] |= bits;
    all.push(base.canary("bits that are not shown", "in the first pixel", file, Vec::new()));
}

/// Reserved bytes of colours, colours that no pixel has, palettes that nothing goes by.
fn colours(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    if base.bits() > 8 {
        if base.u32(14) == 40 && base.u32(30) == 0 {
            let mark = marks.text();
            let mut file = base.before_pixels(&mark);
            file[46] = 4;
            all.push(base.canary("palette", "a suggestion", file, mark));
        }
        return;
    }
    let count = 1_usize << base.bits();
    for index in 0..count {
        let mut file = base.whole.to_vec();
        file[54 + index * 4 + 3] = b'C';
        all.push(base.canary("palette", &format!("reserved byte {index}"), file, Vec::new()));
    }
    let mark = marks.text();
    let mut file = base.before_pixels(&mark);
    let more = u32::try_from(count + 4).unwrap();
    file[46..50].copy_from_slice(&more.to_le_bytes());
    all.push(base.canary("palette", "further colours", file, mark));
    // Black ones are those that no pixel has.
    let unused: Vec<usize> = (0..count).filter(|index| base.whole[54 + index * 4..][..3] == [0; 3]).collect();
    if unused.len() > 20 {
        let mark = marks.text();
        let mut file = base.whole.to_vec();
        let from = unused[unused.len() - 8];
        for (place, letter) in mark.iter().enumerate() {
            file[54 + from * 4 + place / 3 * 4 + place % 3] = *letter;
        }
        all.push(base.canary("palette", "colours that no pixel has", file, Vec::new()));
    }
}

/// Behind the end of run lengths, and in what they skip.
fn runs(marks: &mut Marks, all: &mut Vec<Canary>) {
    let base = Base::of("runs.bmp");
    let offset = base.u32(10);
    // Absolute runs of three have one byte of padding.
    let places: Vec<usize> = (offset..base.whole.len() - 5)
        .filter(|&at| base.whole[at..].starts_with(&[0, 3]) && (at - offset).is_multiple_of(2))
        .collect();
    for at in places {
        all.push(base.canary("runs", &format!("padding at {at}"), base.set(at + 5, b"C"), Vec::new()));
    }
    let mark = marks.text();
    let size = base.whole.len();
    let file = [&base.whole[..size - 2], &[0, 0, 0, 1], mark.as_slice()].concat();
    all.push(base.canary("runs", "behind an end of line", file, mark));
    let mark = marks.text();
    let file = [&base.whole[..size - 2], mark.as_slice(), &[0, 1]].concat();
    all.push(base.canary("runs", "behind the last pixel", file, mark));
}

//! Ogg with marks: between and in the headers of pages, in all headers of the codecs, in streams beside the sound, in
//! padding, and in how packets are laid on pages.

use std::sync::Arc;

use super::{Canary, Marks};
use crate::harness::fixture;

/// The beginnings of streams that are dropped, known and invented.
const STREAMS: &[&[u8]] = &[
    b"fishead\0\x03\0\0\0",
    b"\x80kate\0\0\0\0\0\0\0",
    b"CMML\0\0\0\0",
    b"Annodex\0",
    b"\x01text\0",
    b"KVRZ",
    b"",
    b"\0\0\0\0",
    b"Opus",
    b"vorbis",
    b"FLAC",
];

/// A page.
#[derive(Clone)]
struct Page {
    flags: u8,
    granule: u64,
    serial: u32,
    sequence: u32,
    lacing: Vec<u8>,
    body: Vec<u8>,
}

impl Page {
    fn of(flags: u8, granule: u64, serial: u32, packets: &[&[u8]]) -> Self {
        let lacing = packets.iter().flat_map(|packet| lacing(packet.len())).collect();
        Self { flags, granule, serial, sequence: 0, lacing, body: packets.concat() }
    }

    fn packets(&self) -> Vec<Vec<u8>> {
        let (mut packets, mut at, mut start) = (Vec::new(), 0, 0);
        for &segment in &self.lacing {
            at += usize::from(segment);
            if segment < 255 {
                packets.push(self.body[start..at].to_vec());
                start = at;
            }
        }
        packets
    }

    fn with_packets(&self, packets: &[Vec<u8>]) -> Self {
        let packets: Vec<&[u8]> = packets.iter().map(Vec::as_slice).collect();
        Self { sequence: self.sequence, ..Self::of(self.flags, self.granule, self.serial, &packets) }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut page = [
            b"OggS\0".as_slice(),
            &[self.flags],
            &self.granule.to_le_bytes(),
            &self.serial.to_le_bytes(),
            &self.sequence.to_le_bytes(),
            &[0; 4],
            &[u8::try_from(self.lacing.len()).unwrap()],
            &self.lacing,
            &self.body,
        ]
        .concat();
        let checksum = checksum(&page);
        page[22..26].copy_from_slice(&checksum.to_le_bytes());
        page
    }
}

/// A base file in pages, with a name.
struct Base {
    name: &'static str,
    pages: Vec<Page>,
    /// Pages of headers.
    headers: usize,
    whole: Arc<[u8]>,
}

impl Base {
    fn of(name: &'static str) -> Self {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        let mut rest = whole.as_slice();
        let mut pages = Vec::new();
        while !rest.is_empty() {
            let segments = usize::from(rest[26]);
            let lacing = rest[27..27 + segments].to_vec();
            let len = lacing.iter().copied().map(usize::from).sum::<usize>();
            let word = |at: usize| u32::from_le_bytes(rest[at..at + 4].try_into().unwrap());
            let body = rest[27 + segments..][..len].to_vec();
            let granule = u64::from_le_bytes(rest[6..14].try_into().unwrap());
            pages.push(Page { flags: rest[5], granule, serial: word(14), sequence: word(18), lacing, body });
            rest = &rest[27 + segments + len..];
        }
        let headers = pages.iter().filter(|page| page.granule == 0 || page.granule == u64::MAX).count();
        Self { name, pages, headers, whole: whole.into() }
    }

    /// The gaps: before each page but the first, and at the end.
    fn gaps(&self) -> std::ops::RangeInclusive<usize> {
        1..=self.pages.len()
    }

    fn with(&self, gap: usize, extra: &[Page]) -> Vec<u8> {
        let mut pages = self.pages.clone();
        pages.splice(gap..gap, extra.iter().cloned());
        join(&pages)
    }

    fn changed(&self, change: impl FnOnce(&mut Vec<Page>)) -> Vec<u8> {
        let mut pages = self.pages.clone();
        change(&mut pages);
        join(&pages)
    }

    fn canary(&self, kind: &str, place: &str, file: Vec<u8>, mark: Vec<u8>) -> Canary {
        Canary { name: format!("{kind}: {place}, {}", self.name), file, mark, twin: Some(Arc::clone(&self.whole)) }
    }
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let names = ["voice.ogg", "pages.ogg", "flac.ogg", "voice.opus", "surround.opus", "constant.opus"];
    let mut all = Vec::new();
    for base in &names.map(Base::of) {
        between(base, &mut marks, &mut all);
        page_headers(base, &mut all);
        streams(base, &mut marks, &mut all);
        codec_headers(base, &mut marks, &mut all);
        comments(base, &mut marks, &mut all);
        packets(base, &mut marks, &mut all);
    }
    all
}

/// Bytes that are on no page.
fn between(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for gap in base.gaps() {
        for beginning in [&b""[..], b"Ogg", b"\0\0\0\0", b"ID3\x03\0\0\0\0\0\x20"] {
            let mark = marks.text();
            let (before, after) = base.pages.split_at(gap);
            let file = [join(before), beginning.to_vec(), mark.clone(), join(after)].concat();
            all.push(base.canary("bytes between pages", &format!("{beginning:X?} in gap {gap}"), file, mark));
        }
    }
    let mark = marks.text();
    let file = [&mark, base.whole.as_ref()].concat();
    all.push(base.canary("bytes before the first page", "bytes", file, mark));
}

/// What a page's header may say without being heard.
fn page_headers(base: &Base, all: &mut Vec<Canary>) {
    let mut push = |place: &str, change: &dyn Fn(usize, &mut Page)| {
        let file = base.changed(|pages| pages.iter_mut().enumerate().for_each(|(number, page)| change(number, page)));
        all.push(base.canary("page headers", place, file, Vec::new()));
    };
    push("serial number", &|_, page| page.serial = u32::from_le_bytes(*b"CNRY"));
    push("first sequence number", &|_, page| page.sequence += 0x434E_5259);
    for bit in 3..8 {
        push(&format!("flag {bit}"), &|number, page| page.flags |= u8::from(number % 2 == 1) << bit);
    }
    push("granule position of headers", &|number, page| {
        if number < base.headers && page.granule == 0 {
            page.granule = u64::from_le_bytes(*b"CNRYCNR\0");
        }
    });
    // Pages that say nothing but a granule position.
    let empty = Page::of(0, u64::from_le_bytes(*b"CNRYCNR\0"), base.pages[0].serial, &[]);
    for gap in base.gaps().take(base.pages.len() - 1) {
        let mut pages = base.pages.clone();
        pages.insert(gap, empty.clone());
        let file = join(&numbered(pages));
        all.push(base.canary("page headers", &format!("empty page in gap {gap}"), file, Vec::new()));
    }
}

/// Streams beside the sound, at every place, and pages of no stream.
fn streams(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for beginning in STREAMS {
        for gap in std::iter::once(0).chain(base.gaps()) {
            let mark = marks.text();
            let pages = [Page::of(2, 0, 999, &[beginning, &mark]), Page::of(4, 7, 999, &[&mark])];
            let place = format!("{:?} in gap {gap}", String::from_utf8_lossy(beginning));
            all.push(base.canary("stream beside the sound", &place, base.with(gap, &pages), mark));
        }
    }
    for gap in base.gaps() {
        let mark = marks.text();
        let file = base.with(gap, &[Page::of(0, 7, 998, &[&mark])]);
        all.push(base.canary("page of no stream", &format!("in gap {gap}"), file, mark));
    }
}

/// Behind and in the codecs' own headers.
fn codec_headers(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let mark = marks.text();
    let file = base.changed(|pages| {
        let first = [pages[0].body.as_slice(), &mark].concat();
        pages[0] = pages[0].with_packets(&[first]);
    });
    all.push(base.canary("codec headers", "behind the first", file, mark));
    if base.pages[0].body.starts_with(b"OpusHead") {
        for rate in [0, 1, 16_000, 0x434E_5259_u32] {
            let file = base.changed(|pages| pages[0].body[12..16].copy_from_slice(&rate.to_le_bytes()));
            all.push(base.canary("codec headers", &format!("sample rate {rate}"), file, Vec::new()));
        }
        for minor in 0..16 {
            let file = base.changed(|pages| pages[0].body[8] = minor);
            all.push(base.canary("codec headers", &format!("version {minor}"), file, Vec::new()));
        }
    } else if base.pages[0].body.starts_with(b"\x01vorbis") {
        let mark = marks.text();
        let file = base.changed(|pages| pages[0].body[16..28].copy_from_slice(&mark[..12]));
        all.push(base.canary("codec headers", "bit rates", file, mark[..12].to_vec()));
        let mark = marks.text();
        let file = with_headers(base, |headers| headers[1].extend_from_slice(&mark));
        all.push(base.canary("codec headers", "behind the setup", file, mark));
    } else {
        for kind in 1..=126 {
            let mark = marks.text();
            let file = with_headers(base, |headers| {
                let block = [&[kind, 0, 0, 16], mark.as_slice()].concat();
                headers.insert(0, block);
            });
            all.push(base.canary("codec headers", &format!("metadata block {kind}"), file, mark));
        }
        let mark = marks.text();
        let file = base.changed(|pages| pages[0].body[35..51].copy_from_slice(&mark));
        all.push(base.canary("codec headers", "signature", file, mark));
    }
}

/// Every place of a comment header.
fn comments(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    let counted = |bytes: &[u8]| [&u32::try_from(bytes.len()).unwrap().to_le_bytes(), bytes].concat();
    let mut push = |place: &str, make: &dyn Fn(&[u8]) -> Vec<u8>| {
        let mark = marks.text();
        let file = with_headers(base, |headers| {
            let body = make(&mark);
            headers[0] = match headers[0][0] {
                b'O' => [b"OpusTags".as_slice(), &body].concat(),
                3 => [b"\x03vorbis".as_slice(), &body, &[1]].concat(),
                _ => [&[0x84], &u32::try_from(body.len()).unwrap().to_be_bytes()[1..], &body].concat(),
            };
        });
        all.push(base.canary("comments", place, file, mark));
    };
    push("vendor string", &|mark| [counted(mark), vec![0; 4]].concat());
    push("behind the comments", &|mark| [vec![0; 8], mark.to_vec()].concat());
    let one = |comment: &[u8]| [vec![0; 4], 1_u32.to_le_bytes().to_vec(), counted(comment)].concat();
    for name in ["ARTIST", "ENCODER", "METADATA_BLOCK_PICTURE", "COVERART", "R128_TRACK_GAIN", "KVRZ", ""] {
        push(name, &|mark| one(&[name.as_bytes(), b"=", mark].concat()));
    }
    push("name", &|mark| one(&[mark, b"=x"].concat()));
    push("no name", &|mark| one(mark));
    push("long", &|mark| one(&[&vec![b'A'; 70_000], mark].concat()));
    push("a thousand", &|mark| {
        let all: Vec<u8> = (0..1_000).flat_map(|_| counted(mark)).collect();
        [vec![0; 4], 1_000_u32.to_le_bytes().to_vec(), all].concat()
    });
}

/// Packets that hold no sound, padding, and how packets lie on pages.
fn packets(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    for number in base.headers..base.pages.len() {
        let file = base.changed(|pages| {
            let mut packets = pages[number].packets();
            packets.push(Vec::new());
            pages[number] = pages[number].with_packets(&packets);
        });
        all.push(base.canary("packets", &format!("empty one on page {number}"), file, Vec::new()));
    }
    let mark = marks.text();
    let file = base.changed(|pages| {
        let last = pages.last_mut().unwrap();
        last.lacing.push(255);
        last.body.extend([mark.as_slice(), &[0; 239]].concat());
    });
    all.push(base.canary("packets", "unfinished one at the end", file, mark));
    if base.pages[0].body.starts_with(b"\x01vorbis") {
        for kind in [1, 3, 5, 0xFF] {
            let mark = marks.text();
            let file = base.changed(|pages| {
                let mut packets = pages[base.headers].packets();
                packets.insert(2, [&[kind], mark.as_slice()].concat());
                pages[base.headers] = pages[base.headers].with_packets(&packets);
            });
            all.push(base.canary("packets", &format!("of type {kind}"), file, mark));
        }
    }
    if base.pages[0].body.starts_with(b"OpusHead") {
        let from: u64 = u32::from_le_bytes(*b"CNRY").into();
        let file = base.changed(|pages| {
            let headers = base.headers;
            pages.iter_mut().skip(headers).for_each(|page| page.granule += from);
        });
        if base.pages.len() > base.headers + 1 {
            all.push(base.canary("packets", "number of the first sample", file, Vec::new()));
        }
        padding(base, marks, all);
        partitions(base, all);
    }
}

/// Marks as the padding of packets; the twin has as many zeros there.
fn padding(base: &Base, marks: &mut Marks, all: &mut Vec<Canary>) {
    // Streams of several coded ones say where each ends, which would have to be made here.
    if base.name == "surround.opus" {
        return;
    }
    for number in base.headers..base.pages.len() {
        for index in 0..base.pages[number].packets().len() {
            let with = |padding: &[u8]| {
                base.changed(|pages| {
                    let mut packets = pages[number].packets();
                    let packet = &packets[index];
                    if packet[0] & 3 == 0 {
                        packets[index] = [&[packet[0] | 3, 0x41, 16], &packet[1..], padding].concat();
                    }
                    pages[number] = pages[number].with_packets(&packets);
                })
            };
            let mark = marks.text();
            let name = format!("padding: packet {index} of page {number}, {}", base.name);
            all.push(Canary { name, file: with(&mark), mark, twin: Some(with(&[0; 16]).into()) });
        }
    }
}

/// Packets of 20 milliseconds, so many on a page that they spell something.
fn partitions(base: &Base, all: &mut Vec<Canary>) {
    let packets: Vec<Vec<u8>> = base.pages[base.headers..].iter().flat_map(Page::packets).collect();
    let end = base.pages.last().unwrap().granule;
    for letters in [*b"CNRY", *b"1111", *b"zzzz"] {
        let mut pages = base.pages[..base.headers].to_vec();
        let (mut rest, mut granule, mut letter) = (packets.as_slice(), 0, 0);
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(usize::from(letters[letter % 4]) % 7 + 1));
            granule += 960 * u64::try_from(now.len()).unwrap();
            let page = Page::of(if later.is_empty() { 4 } else { 0 }, granule.min(end), base.pages[0].serial, &[]);
            pages.push(page.with_packets(now));
            (rest, letter) = (later, letter + 1);
        }
        let place = String::from_utf8_lossy(&letters).into_owned();
        all.push(base.canary("packets on pages", &place, join(&numbered(pages)), Vec::new()));
    }
}

/// The base with other headers behind the first.
fn with_headers(base: &Base, change: impl FnOnce(&mut Vec<Vec<u8>>)) -> Vec<u8> {
    let (mut bytes, mut headers) = (Vec::new(), Vec::new());
    for page in &base.pages[1..base.headers] {
        let mut rest = page.body.as_slice();
        for &segment in &page.lacing {
            bytes.extend_from_slice(&rest[..usize::from(segment)]);
            rest = &rest[usize::from(segment)..];
            if segment < 255 {
                headers.push(std::mem::take(&mut bytes));
            }
        }
    }
    change(&mut headers);
    let segments: Vec<u8> = headers.iter().flat_map(|packet| lacing(packet.len())).collect();
    let whole = headers.concat();
    let (mut pages, mut rest, mut flags) = (vec![base.pages[0].clone()], whole.as_slice(), 0);
    for lacing in segments.chunks(255) {
        let len = lacing.iter().copied().map(usize::from).sum();
        let body = rest[..len].to_vec();
        let granule = if lacing.iter().any(|&segment| segment < 255) { 0 } else { u64::MAX };
        pages.push(Page { flags, granule, serial: base.pages[0].serial, sequence: 0, lacing: lacing.to_vec(), body });
        (rest, flags) = (&rest[len..], u8::from(lacing.last() == Some(&255)));
    }
    pages.extend_from_slice(&base.pages[base.headers..]);
    join(&numbered(pages))
}

fn numbered(mut pages: Vec<Page>) -> Vec<Page> {
    pages.iter_mut().zip(0..).for_each(|(page, number)| page.sequence = number);
    pages
}

fn lacing(len: usize) -> Vec<u8> {
    let mut lacing = vec![255; len / 255];
    lacing.push(u8::try_from(len % 255).unwrap());
    lacing
}

fn join(pages: &[Page]) -> Vec<u8> {
    pages.iter().flat_map(Page::bytes).collect()
}

/// RFC 3533, 6.
fn checksum(page: &[u8]) -> u32 {
    let mut crc = 0_u32;
    for &byte in page {
        crc ^= u32::from(byte) << 24;
        for _ in 0..8 {
            crc = if crc >> 31 == 1 { crc << 1 ^ 0x04C1_1DB7 } else { crc << 1 };
        }
    }
    crc
}

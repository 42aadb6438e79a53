//! Streams and records with one mark planted in one place: in every kind of unit, message, object, segment,
//! element and descriptor that there is or could be. No mark is left; refusals are counted and explained.

use std::collections::BTreeMap;

use super::super::{Codec, Record};
use super::streams::{dirty, prefixed, units_of};
use super::{cleaned, rebuilt};

/// Sixteen letters and digits, no two alike, with nothing in them that coding would spell otherwise.
const MARK: &[u8] = b"CNRY4D7A19E2B6F8";

/// What became of the marks of one family.
#[derive(Default)]
struct Tally {
    planted: usize,
    refused: BTreeMap<&'static str, usize>,
    leaks: Vec<String>,
}

impl Tally {
    fn sample(&mut self, codec: Codec, kind: &'static str, place: &str, bytes: &[u8]) {
        let clean = cleaned(codec, bytes).map(|(clean, _)| clean);
        self.count(kind, place, bytes, clean.ok());
    }

    fn record(&mut self, record: Record, kind: &'static str, place: &str, bytes: &[u8]) {
        let clean = rebuilt(record, bytes).map(|(configured, _)| configured.bytes);
        self.count(kind, place, bytes, clean.ok());
    }

    fn count(&mut self, kind: &'static str, place: &str, bytes: &[u8], clean: Option<Vec<u8>>) {
        assert!(has(bytes, MARK), "{kind}: {place}: no mark was planted");
        self.planted += 1;
        match clean {
            // Half a mark is one too.
            Some(clean) if has(&clean, &MARK[..8]) || has(&clean, &MARK[8..]) => {
                self.leaks.push(format!("{kind}: {place}"));
            }
            Some(_) => {}
            None => *self.refused.entry(kind).or_default() += 1,
        }
    }

    fn check(self, planted: usize, refused: &[(&'static str, usize, &str)]) {
        assert!(self.leaks.is_empty(), "{} leaks: {:?}", self.leaks.len(), &self.leaks[..self.leaks.len().min(20)]);
        let expected: BTreeMap<_, _> = refused.iter().map(|&(kind, count, _)| (kind, count)).collect();
        assert_eq!((self.planted, self.refused), (planted, expected));
    }
}

fn has(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark)
}

/// Places in a list to put something: first, in the midst, last.
fn gaps(len: usize) -> [usize; 3] {
    [0, len / 2, len]
}

/// How units stand in a sample.
#[derive(Clone, Copy)]
enum Framing {
    Lengths(Codec),
    StartCodes(Codec),
}

impl Framing {
    fn plant(self, tally: &mut Tally, kind: &'static str, place: &str, units: &[Vec<u8>]) {
        match self {
            Self::Lengths(codec) => tally.sample(codec, kind, place, &prefixed(units)),
            Self::StartCodes(codec) => {
                let stream: Vec<u8> = units.iter().flat_map(|unit| [b"\0\0\0\x01", unit.as_slice()].concat()).collect();
                tally.sample(codec, kind, place, &stream);
            }
        }
    }
}

/// The first units, their slices cut short: nothing reads them.
fn few(stream: &str, is_slice: impl Fn(u8) -> bool) -> Vec<Vec<u8>> {
    let mut units = units_of(dirty(stream));
    units.truncate(8);
    for unit in units.iter_mut().filter(|unit| is_slice(unit[0])) {
        unit.truncate(40);
        unit.push(0x80);
    }
    units
}

fn with(units: &[Vec<u8>], gap: usize, unit: &[u8]) -> Vec<Vec<u8>> {
    let mut units = units.to_vec();
    units.insert(gap, unit.to_vec());
    units
}

/// With emulation prevention, by the shortest means.
fn escaped(raw: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = Vec::new();
    for &byte in raw {
        if byte <= 3 && bytes.ends_with(&[0, 0]) {
            bytes.push(3);
        }
        bytes.push(byte);
    }
    bytes
}

/// An SEI message.
fn message(kind: usize, payload: &[u8]) -> Vec<u8> {
    let spelled = |value: usize| [vec![0xFF; value / 255], vec![u8::try_from(value % 255).unwrap()]].concat();
    [spelled(kind), spelled(payload.len()), payload.to_vec()].concat()
}

/// SEI of every type, alone and beside others, in every form of payload.
fn messages(tally: &mut Tally, framing: Framing, units: &[Vec<u8>], header: &[u8], kept: &[u8]) {
    let long = [&[0x55; 280], MARK, &[0x55; 20]].concat();
    let zeros = [&[0; 7], MARK, &[0, 0, 0, 1]].concat();
    let uuid = [&[0xDC; 16], MARK].concat();
    let t35 = [&[0xB5, 0, 0x31, b'G', b'A', b'9', b'4', 3], MARK].concat();
    for kind in (0..=210).chain([254, 255, 256, 300, 1000]) {
        for payload in [MARK, &long, &zeros, &uuid, &t35] {
            let planted = message(kind, payload);
            for raw in [
                [planted.as_slice(), &[0x80]].concat(),
                [kept, &planted, &[0x80]].concat(),
                [&planted, kept, &[0x80]].concat(),
                [kept, &planted, kept, &[0x80]].concat(),
            ] {
                let unit = [header, &escaped(&raw)].concat();
                let gap = gaps(units.len())[tally.planted % 3];
                framing.plant(tally, "SEI", &format!("type {kind}"), &with(units, gap, &unit));
            }
        }
    }
    for raw in [
        // Behind the trailing bits, in a message that is cut off, in no message.
        [kept, &[0x80], MARK].concat(),
        [kept, &[6, 200], MARK].concat(),
        [kept, MARK].concat(),
        [kept, &[0xFF; 40], MARK, &[0x80]].concat(),
        // What stays, but longer than it is.
        [&message(6, &[&[0x84], MARK].concat()), [0x80].as_slice()].concat(),
        [&message(144, &[MARK, &[0]].concat()), [0x80].as_slice()].concat(),
        [&message(45, &[&[0x81], MARK].concat()), [0x80].as_slice()].concat(),
    ] {
        let unit = [header, &escaped(&raw)].concat();
        framing.plant(tally, "SEI", "malformed", &with(units, 0, &unit));
        framing.plant(tally, "SEI", "malformed, zeros", &with(units, 0, &[unit, vec![0; 3]].concat()));
    }
}

#[test]
fn nothing_hides_in_h264_units() {
    let timed = rebuilt(Record::AvcC, dirty("interlaced.avcc")).unwrap().0.codec;
    let units = few("interlaced.h264", |header| (1..=5).contains(&(header & 31)));
    let recovery = message(6, &[0x84]);
    let mut tally = Tally::default();
    for framing in [
        Framing::Lengths(timed),
        Framing::Lengths(Codec::Avc { length_bytes: 4 }),
        Framing::StartCodes(Codec::AvcAnnexB),
    ] {
        messages(&mut tally, framing, &units, &[6], &recovery);
        for header in (0..=0xFFu8).filter(|header| header & 0x80 != 0 || !(1..=5).contains(&(header & 31))) {
            for content in [MARK.to_vec(), [MARK, &[0x80]].concat(), [&[0x10], MARK].concat(), [MARK, MARK].concat()] {
                let unit = [&[header], content.as_slice()].concat();
                for gap in gaps(units.len()) {
                    let kind = if matches!(header & 0x9F, 7 | 8) { "parameter set" } else { "unit" };
                    framing.plant(&mut tally, kind, &format!("header {header:02x}"), &with(&units, gap, &unit));
                }
            }
        }
        // Behind what should be the end of a unit.
        for (index, unit) in units.iter().enumerate().filter(|(_, unit)| !(1..=5).contains(&(unit[0] & 31))) {
            for between in [&[][..], &[0x80], &[0, 0, 3]] {
                let mut longer = units.clone();
                longer[index] = [unit, between, MARK].concat();
                let kind = if matches!(unit[0] & 31, 7 | 8) { "behind a parameter set" } else { "behind a unit" };
                framing.plant(&mut tally, kind, &format!("unit {index}"), &longer);
            }
        }
    }
    tally.check(
        21_561,
        &[
            (
                "behind a parameter set",
                9,
                "a picture parameter set may go on: what there is cannot be told from a mark",
            ),
            ("parameter set", 180, "a parameter set that is none"),
        ],
    );
}

#[test]
fn nothing_hides_in_h265_units() {
    let timed = rebuilt(Record::HvcC, dirty("timed.hvcc")).unwrap().0.codec;
    let units = few("timed.hevc", |header| header < 44);
    let mut tally = Tally::default();
    for framing in [Framing::Lengths(timed), Framing::StartCodes(Codec::HevcAnnexB)] {
        messages(&mut tally, framing, &units, &[0x4E, 1], &message(144, &[0, 1, 0, 1]));
        messages(&mut tally, framing, &units, &[0x50, 1], &message(132, &[1, 7, 7]));
        for kind in (0..128u8).filter(|kind| !matches!(kind, 0..=9 | 16..=21)) {
            for low in [0, 1, 2, 9, 0xF9] {
                // The layer has a bit in the first byte.
                for high in [kind << 1, (kind << 1) | 1] {
                    for content in [MARK.to_vec(), [MARK, &[0x80]].concat(), [&[0x10], MARK].concat()] {
                        let unit = [&[high, low], content.as_slice()].concat();
                        let is_set = (32..=34).contains(&kind) && high & 1 == 0 && matches!(low, 1 | 2);
                        let name = if is_set { "parameter set" } else { "unit" };
                        framing.plant(&mut tally, name, &format!("{high:02x} {low:02x}"), &with(&units, 1, &unit));
                    }
                }
            }
        }
        for (index, unit) in units.iter().enumerate().filter(|(_, unit)| unit[0] >= 64) {
            for between in [&[][..], &[0x80], &[0, 0, 3]] {
                let mut longer = units.clone();
                longer[index] = [unit, between, MARK].concat();
                framing.plant(&mut tally, "behind a unit", &format!("unit {index}"), &longer);
            }
        }
    }
    tally.check(24_104, &[("parameter set", 36, "a parameter set that is none")]);
}

#[test]
fn nothing_hides_in_av1() {
    let mut tally = Tally::default();
    for name in ["plain.obu", "grey.obu"] {
        let stream = dirty(name);
        let plant = |tally: &mut Tally, kind, place: &str, obu: &[u8]| {
            for bytes in [[obu, stream].concat(), [stream, obu].concat()] {
                tally.sample(Codec::Av1, kind, place, &bytes);
            }
        };
        for header in (0..=0xFFu8).filter(|header| !matches!((header >> 3) & 15, 3 | 4 | 6 | 7)) {
            let kind = match (header & 0x80, (header >> 3) & 15) {
                (0x80, _) => "forbidden bit",
                (_, 1) => "sequence header",
                _ => "OBU",
            };
            let extension: &[u8] = if header & 4 != 0 { &[0x28] } else { &[] };
            for content in
                [MARK.to_vec(), [&[0; 40], MARK, &[0x80]].concat(), [&[4, 0xB5, 0, 0x3C, 0, 1, 4], MARK].concat()]
            {
                let len = [u8::try_from(content.len()).unwrap()];
                let size: &[u8] = if header & 2 != 0 { &len } else { &[] };
                let obu = [&[header], extension, size, &content].concat();
                if header & 2 != 0 {
                    plant(&mut tally, kind, &format!("header {header:02x}"), &obu);
                } else {
                    tally.sample(Codec::Av1, kind, &format!("header {header:02x}, last"), &[stream, &obu].concat());
                }
            }
        }
        for kind in (0..=64u8).chain([0x7F, 0xFF]) {
            for content in [
                [&[kind], MARK].concat(),
                [&[kind], MARK, &[0x80]].concat(),
                [&[kind, 0, 1, 0, 1, 0x80], MARK].concat(),
                [&[kind], [7; 24].as_slice(), &[0x80], MARK].concat(),
                [&[kind, 14, 0], MARK, &[0x80]].concat(),
            ] {
                let obu = [&[0x2A, u8::try_from(content.len()).unwrap()], content.as_slice()].concat();
                plant(&mut tally, "metadata", &format!("type {kind}"), &obu);
            }
        }
        // The sequence header, with more behind it.
        let at = stream.windows(1).position(|byte| byte == [0x0A]).unwrap();
        let len = usize::from(stream[at + 1]);
        let header = &stream[at + 2..at + 2 + len];
        for between in [&[][..], &[0; 3], &[0x80]] {
            let content = [header, between, MARK].concat();
            let obu = [&[0x0A, u8::try_from(content.len()).unwrap()], content.as_slice()].concat();
            plant(&mut tally, "behind the sequence header", "OBU", &obu);
        }
    }
    tally.check(
        3_080,
        &[("forbidden bit", 864, "no decoder goes on"), ("sequence header", 72, "a sequence header that is none")],
    );
}

#[test]
fn nothing_hides_between_start_codes_of_video() {
    let mut tally = Tally::default();
    for (codec, name, pictures) in [
        (Codec::Mpeg4Visual, "libavcodec.m4v", 0xB6..=0xB6),
        (Codec::Mpeg4Visual, "xvid.m4v", 0xB6..=0xB6),
        (Codec::MpegVideo, "second.m2v", 0x01..=0xAF),
        (Codec::MpegVideo, "first.m1v", 0x01..=0xAF),
    ] {
        // The headers, and the first picture in part.
        let stream = &dirty(name)[..300];
        let codes: Vec<usize> =
            (0..stream.len() - 3).filter(|&at| stream[at..].starts_with(&[0, 0, 1])).chain([stream.len()]).collect();
        let contents: [&[u8]; 7] = [b"", b"DivX503b1393", b"XviD0050", b"Lavc", &[0x40; 3], &[0x10; 9], &[0x87; 24]];
        for code in (0..=0xFFu8).filter(|code| !pictures.contains(code)) {
            for content in contents {
                let unit = [&[0, 0, 1, code], content, MARK].concat();
                for gap in gaps(codes.len() - 1).map(|gap| codes[gap]) {
                    let planted = [&stream[..gap], &unit, &stream[gap..]].concat();
                    let kind = match code {
                        0x00 | 0xB3 | 0xB8 if codec == Codec::MpegVideo => "header that is none",
                        0x20..=0x2F | 0xB0 | 0xB3 | 0xB5 if codec == Codec::Mpeg4Visual => "header that is none",
                        _ => "unit",
                    };
                    tally.sample(codec, kind, &format!("{name}: {code:02x}"), &planted);
                }
            }
        }
        // Behind each header, and in front of all.
        for pair in codes.windows(2).filter(|pair| !pictures.contains(&stream[pair[0] + 3])) {
            for between in [&[][..], &[0, 0], &[0x7F], &[0x80]] {
                let planted = [&stream[..pair[1]], between, MARK, &stream[pair[1]..]].concat();
                let place = format!("{name}: behind {:02x}", stream[pair[0] + 3]);
                tally.sample(codec, "behind a header", &place, &planted);
            }
        }
        tally.sample(codec, "in front", name, &[MARK, stream].concat());
    }
    for name in ["libavcodec.vol", "xvid.vol"] {
        let headers = dirty(name);
        for code in 0..=0xFFu8 {
            for content in [MARK.to_vec(), [b"XviD0050", MARK].concat()] {
                let kind = match code {
                    0x20..=0x2F | 0xB0 | 0xB3 | 0xB5 => "header that is none",
                    _ => "record",
                };
                let planted = [headers, &[0, 0, 1, code], content.as_slice()].concat();
                tally.record(Record::VisualHeaders, kind, name, &planted);
            }
        }
        tally.record(Record::VisualHeaders, "record", name, &[MARK, headers].concat());
        tally.record(Record::VisualHeaders, "record", name, &[headers, MARK].concat());
    }
    tally.check(15_220, &[("header that is none", 806, "pictures could not be decoded by it")]);
}

#[test]
fn nothing_hides_in_motion_jpeg_and_prores() {
    let mut tally = Tally::default();
    let picture = dirty("frame.mjpeg");
    let scan = picture.windows(2).position(|two| two == [0xFF, 0xDA]).unwrap();
    let mut segments = vec![2];
    while *segments.last().unwrap() < scan {
        let at = *segments.last().unwrap();
        segments.push(at + 2 + usize::from(u16::from_be_bytes([picture[at + 2], picture[at + 3]])));
    }
    for code in 1..=0xFEu8 {
        for content in
            [&[][..], b"AVI1\x01", b"JFIF\0", b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0", b"Adobe\0d\0\0\0\0\x01", b"mjpg"]
        {
            let body = [content, MARK].concat();
            let len = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
            let segment = [&[0xFF, code], len.as_slice(), &body].concat();
            for &at in &segments {
                let planted = [&picture[..at], &segment, &picture[at..]].concat();
                let kind = match code {
                    0xE0..=0xEF | 0xFE => "application segment or comment",
                    0xD8 | 0xD9 => "a picture that ends or begins",
                    _ => "another segment",
                };
                tally.sample(Codec::MotionJpeg, kind, &format!("{code:02x}"), &planted);
            }
        }
    }
    for &at in &segments {
        let planted = [&picture[..at], MARK, &picture[at..]].concat();
        tally.sample(Codec::MotionJpeg, "between segments", "gap", &planted);
    }
    for behind in [MARK.to_vec(), [&[0; 9], MARK].concat(), [MARK, &[0xFF]].concat(), [MARK, picture].concat()] {
        tally.sample(Codec::MotionJpeg, "behind EOI", "end", &[picture, &behind].concat());
    }
    let two = [picture, &[0; 5], picture].concat();
    tally.sample(Codec::MotionJpeg, "behind EOI", "two fields", &[&two, MARK].concat());
    let frame = dirty("frame.prores");
    tally.sample(Codec::ProRes, "ProRes", "behind", &[frame, MARK].concat());
    let header = usize::from(u16::from_be_bytes([frame[8], frame[9]]));
    let mut longer = [&frame[..8 + header], MARK, &frame[8 + header..]].concat();
    longer[..4].copy_from_slice(&u32::try_from(frame.len() + 16).unwrap().to_be_bytes());
    longer[8..10].copy_from_slice(&u16::try_from(header + 16).unwrap().to_be_bytes());
    tally.sample(Codec::ProRes, "ProRes", "in the header", &longer);
    tally.check(
        9_157,
        &[
            ("a picture that ends or begins", 36, "what is behind is a picture without a beginning"),
            ("another segment", 8_460, "a table or a frame that is none, or a marker that may not stand there"),
        ],
    );
}

#[test]
fn nothing_hides_in_front_of_aac() {
    let mut tally = Tally::default();
    // Sound that begins with a single channel element.
    let sound = [0x01, 0x40, 0x22, 0x80, 0xA3, 0x7F, 0x25];
    for shift in 0..8u32 {
        for count in [16usize, 20, 40, 300] {
            let content = [MARK, &vec![b'x'; count - 16]].concat();
            for is_fill in [true, false] {
                for align in [0u64, 1] {
                    if is_fill && count > 269 {
                        continue;
                    }
                    let mut bits = super::super::bits::Written::default();
                    // An empty fill element in front, so that the mark stands at any bit.
                    for _ in 0..shift {
                        bits.put(7, 0b110_0000);
                    }
                    if is_fill {
                        bits.put(3, 6);
                        bits.put(4, 15);
                        bits.put(8, u64::try_from(count + 1 - 14).unwrap());
                        bits.put(8, align << 4);
                    } else {
                        bits.put(3, 4);
                        bits.put(5, align);
                        bits.put(8, u64::try_from(count.min(255)).unwrap());
                        if count >= 255 {
                            bits.put(8, u64::try_from(count - 255).unwrap());
                        }
                        if align == 1 {
                            bits.align();
                        }
                    }
                    content.iter().chain(&sound).for_each(|&byte| bits.put(8, byte.into()));
                    let frame = bits.into_bytes();
                    let (clean, _) = cleaned(Codec::Aac, &frame).unwrap();
                    tally.planted += 1;
                    if (0..8).any(|shift| has(&shifted(&clean, shift), &MARK[..8])) {
                        tally.leaks.push(format!("shift {shift}, {count} bytes, fill {is_fill}"));
                    }
                }
            }
        }
    }
    tally.check(112, &[]);
}

/// The bytes, so many bits further.
fn shifted(bytes: &[u8], shift: u32) -> Vec<u8> {
    let pair = |two: &[u8]| (u16::from_be_bytes([two[0], two[1]]) << shift).to_be_bytes()[0];
    bytes.windows(2).map(pair).collect()
}

fn descriptor(tag: u8, body: &[u8]) -> Vec<u8> {
    [&[tag, 0x80, 0x80, 0x80, u8::try_from(body.len()).unwrap()], body].concat()
}

#[test]
fn nothing_hides_in_records() {
    let mut tally = Tally::default();
    for (record, name) in [
        (Record::AvcC, "interlaced.avcc"),
        (Record::AvcC, "progressive.avcc"),
        (Record::HvcC, "timed.hvcc"),
        (Record::Av1C, "plain.av1c"),
        (Record::AudioSpecificConfig, "stereo.asc"),
        (Record::AudioSpecificConfig, "program.asc"),
        (Record::OpusHead, "surround.opushead"),
        (Record::VorbisHeaders, "stereo.xiph"),
        (Record::AlacConfig, "mono.alac"),
    ] {
        for between in [&[][..], &[0], &[0; 8], &[0xFF; 4]] {
            tally.record(record, "behind a record", name, &[dirty(name), between, MARK].concat());
        }
    }
    let dops = [0, 2, 1, 0x38, 0, 0, 0xBB, 0x80, 0, 0, 0];
    let stream_info =
        [&[0x10, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x0A, 0xC4, 0x42, 0xF0, 0, 0, 1, 0][..], &[9; 16]].concat();
    for (record, whole) in [
        (Record::DOps, dops.to_vec()),
        (Record::DfLa, [&[0; 4], &[0x80, 0, 0, 34], stream_info.as_slice()].concat()),
        (Record::FlacBlocks, [b"fLaC", &[0x80, 0, 0, 34], stream_info.as_slice()].concat()),
        (Record::VpcC, vec![1, 0, 0, 0, 0, 10, 0x82, 2, 2, 2, 0, 16]),
        (Record::Alac, [&[0; 4], &dirty("mono.alac")[12..]].concat()),
        (Record::Dac3, vec![0x10, 0x3C, 0x60]),
        (Record::Dec3, vec![0x06, 0x00, 0x20, 0x0F, 0x00]),
        (Record::Damr, vec![0, 0, 0, 0, 0, 0x81, 0xFF, 0, 1]),
        (Record::D263, vec![0, 0, 0, 0, 0, 10, 0]),
    ] {
        assert!(rebuilt(record, &whole).is_ok(), "{record:?}");
        for between in [&[][..], &[0], &[0; 8], &[0xFF; 4]] {
            tally.record(record, "behind a record", &format!("{record:?}"), &[&whole, between, MARK].concat());
        }
        for kind in 0..=127u8 {
            if matches!(record, Record::DfLa | Record::FlacBlocks) {
                let block = [&[kind, 0, 0, 16], MARK].concat();
                tally.record(record, "FLAC block", &format!("{kind}"), &[&whole, block.as_slice()].concat());
            }
        }
    }
    for kind in 0..=255u8 {
        let unit = [&[kind << 1, 1], MARK].concat();
        let array = [&[kind, 0, 1, 0, 18], unit.as_slice()].concat();
        let mut record = [dirty("timed.hvcc"), &array].concat();
        record[22] += 1;
        let name = if (32..=34).contains(&(kind & 63)) { "parameter set that is none" } else { "array" };
        tally.record(Record::HvcC, name, &format!("hvcC array {kind}"), &record);
        let obu = [&[(kind << 3) | 2, 16], MARK].concat();
        tally.record(Record::Av1C, "OBU", &format!("av1C OBU {kind}"), &[dirty("plain.av1c"), &obu].concat());
    }
    descriptors(&mut tally);
    vorbis_headers(&mut tally);
    tally.check(
        1_879,
        &[
            ("headers that are none", 1, "MPEG-4 Visual headers without a layer"),
            ("parameter set that is none", 12, "it would have to be kept"),
            ("stream that is none", 1, "an ES_Descriptor without a decoder configuration"),
        ],
    );
}

/// A descriptor of every tag at each level of `esds`.
fn descriptors(tally: &mut Tally) {
    let specific = descriptor(5, &[0x12, 0x10]);
    let mut fixed = vec![0x40, 0x15, 0, 0, 0, 0, 1, 0xF4, 0, 0, 1, 0xF4, 0];
    fixed.extend(&specific);
    let sync = descriptor(6, &[2]);
    let esds = |config: &[u8], behind: &[u8], end: &[u8]| {
        let stream = [&[0, 1, 0], descriptor(4, config).as_slice(), &sync, behind].concat();
        [&[0; 4], descriptor(3, &stream).as_slice(), end].concat()
    };
    assert!(rebuilt(Record::Esds, &esds(&fixed, &[], &[])).is_ok());
    for tag in 0..=255u8 {
        let planted = descriptor(tag, MARK);
        for (place, body) in [
            ("decoder configuration", esds(&[fixed.as_slice(), &planted].concat(), &[], &[])),
            ("stream", esds(&fixed, &planted, &[])),
            ("end", esds(&fixed, &[], &planted)),
        ] {
            tally.record(Record::Esds, "descriptor", &format!("{place}: {tag}"), &body);
        }
        let first = [&[0; 4], planted.as_slice(), &esds(&fixed, &[], &[])[4..]].concat();
        let name = if tag == 3 { "stream that is none" } else { "descriptor" };
        tally.record(Record::Esds, name, &format!("first: {tag}"), &first);
    }
    // URL, OCR and dependence of the stream.
    let stream = [&[0, 1, 0x40, 16], MARK, &descriptor(4, &fixed), &sync].concat();
    tally.record(Record::Esds, "descriptor", "URL", &[&[0; 4], descriptor(3, &stream).as_slice()].concat());
    for object in [0x20u8, 0x69, 0x6B, 0x6C, 0x60, 0x65, 0xA5] {
        let config = [&[object], &fixed[1..13], &descriptor(5, MARK)].concat();
        let name = if object == 0x20 { "headers that are none" } else { "descriptor" };
        tally.record(Record::Esds, name, &format!("object {object:02x}"), &esds(&config, &[], &[]));
    }
}

/// Vendor, comments, and bytes behind each header.
fn vorbis_headers(tally: &mut Tally) {
    let body = dirty("stereo.xiph");
    let (first, second) = (usize::from(body[1]), usize::from(body[2]));
    let identification = &body[3..3 + first];
    let setup = &body[3 + first + second..];
    let laced = |first: &[u8], second: &[u8], third: &[u8]| {
        [&[2, u8::try_from(first.len()).unwrap(), u8::try_from(second.len()).unwrap()], first, second, third].concat()
    };
    let text = |text: &[u8]| [&u32::try_from(text.len()).unwrap().to_le_bytes(), text].concat();
    let plain = b"\x03vorbis\0\0\0\0\0\0\0\0\x01".to_vec();
    for (place, bytes) in [
        ("vendor", laced(identification, &[b"\x03vorbis", text(MARK).as_slice(), &[0, 0, 0, 0, 1]].concat(), setup)),
        (
            "comment",
            laced(identification, &[b"\x03vorbis\0\0\0\0\x01\0\0\0", text(MARK).as_slice(), &[1]].concat(), setup),
        ),
        ("behind the comments", laced(identification, &[plain.as_slice(), MARK].concat(), setup)),
        ("behind the identification", laced(&[identification, MARK].concat(), &plain, setup)),
        ("behind the setup", laced(identification, &plain, &[setup, MARK].concat())),
        ("no comments", laced(identification, &[b"\x03vorbis", MARK].concat(), setup)),
        (
            "bit rates",
            laced(
                &[&identification[..16], &MARK[..12], &identification[28..]].concat(),
                &[&plain, MARK].concat(),
                setup,
            ),
        ),
    ] {
        tally.record(Record::VorbisHeaders, "Vorbis header", place, &bytes);
    }
}

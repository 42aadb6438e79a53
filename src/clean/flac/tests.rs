use super::frame::{self, Blocking, Decoded, Fault, Frame, Shape};
use super::streaminfo::{StreamInfo, Totals};
use crate::clean::memory::produced;
use crate::clean::{Category, Finding, Reason};
use crate::limits;

/// A file of one frame, clean.
const ONE_FRAME: &[u8] = include_bytes!("../../../tests/fixtures/clean/one-frame.flac");
const SHAPE: Shape = Shape { rate: 44_100, channels: 2, bits: 16 };

fn frame_of(number: u64, samples: u32, len: usize) -> Frame {
    Frame { len, blocking: Blocking::Fixed, number, samples }
}

/// A frame of constant subframes, with these bits in its header.
fn constant(rates: u8, channels: u8, values: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xFF, 0xF8, rates, channels, 0];
    bytes.push(crate::clean::checksum::flac_crc8(&bytes));
    bytes.extend_from_slice(values);
    let crc = crate::clean::checksum::flac_crc16(&bytes).to_be_bytes();
    bytes.extend_from_slice(&crc);
    bytes
}

#[test]
fn a_clean_file_stays_as_it_is_and_gives_nothing_away() {
    let (clean, findings) = produced(ONE_FRAME).unwrap();
    assert!(clean == ONE_FRAME);
    assert_eq!(findings, []);
}

#[test]
fn every_prefix_is_refused() {
    // Three letters are a text.
    for len in 4..ONE_FRAME.len() {
        assert!(produced(&ONE_FRAME[..len]).is_err(), "{len}");
    }
}

#[test]
fn every_flipped_bit_is_refused_or_comes_out_clean() {
    let mut accepted = 0;
    for bit in 0..ONE_FRAME.len() * 8 {
        let mut flipped = ONE_FRAME.to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        if let Ok((clean, _)) = produced(&flipped) {
            accepted += 1;
            assert!(clean == ONE_FRAME, "bit {bit}");
        }
    }
    // Sizes, length and signature in the stream information, and the seek table.
    assert!((200..600).contains(&accepted), "{accepted}");
}

#[test]
fn a_frame_is_decoded_to_what_was_coded() {
    // 192 samples: left 0x0102, and the right channel 3 more, once as itself and once as the difference.
    let left = [0b0000_0000, 1, 2, 0b0000_0000, 1, 5];
    let plain = constant(0x10, 0x18, &left);
    let mut decoded = Decoded::default();
    let read = frame::read(&plain, SHAPE, &mut decoded).unwrap();
    assert_eq!(read, Frame { len: plain.len(), blocking: Blocking::Fixed, number: 0, samples: 192 });
    assert_eq!(decoded.bytes().len(), 192 * 4);
    assert!(decoded.bytes().chunks(4).all(|frame| frame == [2, 1, 5, 1]));
    // The difference has one bit more: 17 bits of −3, and seven of padding.
    let side = constant(0x10, 0x88, &[0, 1, 2, 0, 0b1111_1111, 0b1111_1110, 0b1000_0000]);
    frame::read(&side, SHAPE, &mut decoded).unwrap();
    assert!(decoded.bytes().chunks(4).all(|frame| frame == [2, 1, 5, 1]));
}

#[test]
fn a_frame_that_is_not_as_it_should_be_is_told_from_none() {
    let mut decoded = Decoded::default();
    let mut check = |bytes: &[u8], expected: Fault| assert_eq!(frame::read(bytes, SHAPE, &mut decoded), Err(expected));
    let plain = constant(0x10, 0x18, &[0, 1, 2, 0, 1, 5]);
    for len in 0..plain.len() {
        check(&plain[..len], Fault::Short);
    }
    check(&constant(0x10, 0x88, &[0, 1, 2, 0, 0xFF, 0xFE, 0x81]), Fault::Wrong("padding of a frame"));
    check(&constant(0x10, 0x18, &[0x80, 1, 2, 0, 1, 5]), Fault::Wrong("subframe header"));
    check(&constant(0x10, 0x18, &[0b0000_0100, 1, 2, 0, 1, 5]), Fault::Wrong("type of a subframe"));
    check(&constant(0x10, 0x08, &[0, 1, 2, 0, 1, 5]), Fault::Wrong("frame header"));
    check(&constant(0x11, 0x18, &[0, 1, 2, 0, 1, 5]), Fault::Wrong("frame header"));
    check(&constant(0x10, 0x1C, &[0, 1, 2, 0, 1, 5]), Fault::Wrong("frame header"));
    check(&constant(0x00, 0x18, &[0, 1, 2, 0, 1, 5]), Fault::NoHeader);
    let mut wrong = plain;
    wrong[9] ^= 1;
    check(&wrong, Fault::Wrong("CRC-16 of a frame"));
    check(b"TAG and what comes behind it", Fault::NoHeader);
}

#[test]
fn stream_information_is_what_the_frames_come_to() {
    let mut totals = Totals::new(SHAPE);
    for (number, samples, len) in [(0, 4096, 900), (1, 4096, 300), (2, 17, 40)] {
        totals.add(frame_of(number, samples, len), b"").unwrap();
    }
    let info = totals.info().to_bytes();
    assert_eq!(info[..10], [0x10, 0, 0x10, 0, 0, 0, 40, 0, 3, 0x84]);
    assert_eq!(StreamInfo::read(&info).unwrap().samples, 8_209);
    assert_eq!(totals.seek_table(), [&[0; 16], [0x10, 0].as_slice()].concat());
    // A shorter block is the last, and numbers are in order.
    assert_eq!(totals.add(frame_of(3, 4096, 900), b""), None);
    let mut totals = Totals::new(SHAPE);
    assert_eq!(totals.add(frame_of(1, 4096, 900), b""), None);
}

#[test]
fn a_seek_point_stands_where_every_ten_seconds_begin() {
    let mut totals = Totals::new(Shape { rate: 100, ..SHAPE });
    for number in 0..10 {
        totals.add(frame_of(number, 400, 50), b"").unwrap();
    }
    let table = totals.seek_table();
    let firsts: Vec<u64> = table.chunks(18).map(|point| u64::from_be_bytes(point[..8].try_into().unwrap())).collect();
    assert_eq!(firsts, [0, 800, 2000, 2800]);
}

#[test]
fn seek_points_are_limited() {
    for (count, is_accepted) in [
        (limits::FLAC_SEEK_POINTS_MAX - 1, true),
        (limits::FLAC_SEEK_POINTS_MAX, true),
        (limits::FLAC_SEEK_POINTS_MAX + 1, false),
    ] {
        let mut totals = Totals::new(Shape { rate: 1, ..SHAPE });
        let added = (0..count).all(|number| totals.add(frame_of(number.try_into().unwrap(), 16, 20), b"").is_some());
        // Of 16 samples at one a second every frame holds the beginning of ten seconds.
        assert_eq!(added, is_accepted, "{count}");
    }
}

#[test]
fn frames_are_limited_to_what_the_stream_information_can_say() {
    for (len, expected) in [
        (limits::FLAC_FRAME_BYTES_MAX - 1, Some(())),
        (limits::FLAC_FRAME_BYTES_MAX, None),
        (limits::FLAC_FRAME_BYTES_MAX + 1, None),
    ] {
        assert_eq!(Totals::new(SHAPE).add(frame_of(0, 4096, len), b""), expected, "{len}");
    }
}

#[test]
fn what_a_file_says_of_itself_is_told() {
    let mut file = b"fLaC\0\0\0\x22".to_vec();
    file.extend_from_slice(&ONE_FRAME[8..42]);
    file.extend_from_slice(b"\x02\0\0\x08KVRZ1234");
    file.extend_from_slice(b"\x84\0\0\x1B\0\0\0\0\x01\0\0\0\x0F\0\0\0ARTIST=Kira Vel");
    file.extend_from_slice(&ONE_FRAME[64..]);
    file.extend_from_slice(b"and more");
    let (clean, findings) = produced(&file).unwrap();
    assert!(clean == ONE_FRAME);
    let told = |finding: &Finding| (finding.category, finding.place.clone(), finding.value.clone());
    assert_eq!(
        findings.iter().map(told).collect::<Vec<_>>(),
        [
            (Category::Software, "APPLICATION".to_owned(), Some("KVRZ".to_owned())),
            (Category::Person, "comment ARTIST".to_owned(), Some("Kira Vel".to_owned())),
            (Category::HiddenContent, "behind the last frame".to_owned(), None),
        ]
    );
}

#[test]
fn blocks_are_limited() {
    for (count, is_accepted) in
        [(limits::SEGMENTS_MAX - 1, true), (limits::SEGMENTS_MAX, true), (limits::SEGMENTS_MAX + 1, false)]
    {
        let mut file = ONE_FRAME[..42].to_vec();
        file[4] = 0;
        (2..count).for_each(|_| file.extend_from_slice(&[1, 0, 0, 0]));
        file.extend_from_slice(&[0x81, 0, 0, 0]);
        file.extend_from_slice(&ONE_FRAME[64..]);
        let result = produced(&file);
        assert_eq!(result.is_ok(), is_accepted, "{count}");
        assert!(is_accepted || result.is_err_and(|refusal| refusal.reason == Reason::TooLarge));
    }
}

#[test]
fn decoded_bytes_are_limited() {
    // A frame of 32,768 samples in 8 channels of 4 bytes is a mebibyte.
    let frames = limits::FLAC_DECODED_BYTES_MAX >> 20;
    let mut totals = Totals::new(Shape { rate: 44_100, channels: 8, bits: 32 });
    for number in 0..frames - 1 {
        totals.add(frame_of(number, 32_768, 100), b"").unwrap();
    }
    let last = |samples| totals.clone().add(frame_of(frames - 1, samples, 100), b"");
    assert_eq!(last(32_767), Some(()));
    assert_eq!(last(32_768), Some(()));
    let mut one_more = totals.clone();
    one_more.add(frame_of(frames - 1, 32_768, 100), b"").unwrap();
    assert_eq!(one_more.add(frame_of(frames, 1, 100), b""), None);
}

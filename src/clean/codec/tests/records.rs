//! Tests of records that real streams at hand do not have: small ones by value, object types, forms of containers.

use super::super::{Codec, Record};
use super::streams::dirty;
use super::{cleaned, rebuilt};
use crate::clean::{Category, Reason};
use crate::limits;

fn bytes(record: Record, body: &[u8]) -> Vec<u8> {
    rebuilt(record, body).unwrap().0.bytes
}

fn reason(record: Record, body: &[u8]) -> Reason {
    rebuilt(record, body).unwrap_err().reason
}

#[test]
fn vendors_of_3gpp_are_zeros() {
    let (amr, findings) = rebuilt(Record::Damr, b"FFMP\x00\x81\xFF\x00\x01").unwrap();
    assert_eq!(amr.bytes, [0, 0, 0, 0, 0, 0x81, 0xFF, 0, 1]);
    assert_eq!((findings[0].category, findings[0].value.as_deref()), (Category::Software, Some("FFMP")));
    assert_eq!(bytes(Record::D263, b"nok1\x09\x0A\x00"), [0, 0, 0, 0, 0, 10, 0]);
    assert_eq!(reason(Record::Damr, b"FFMP\x00\x81\xFF"), Reason::Truncated);
    assert_eq!(reason(Record::Damr, &[0; 9]), Reason::NotUnderstood);
}

#[test]
fn reserved_bits_of_ac3_are_zeros() {
    assert_eq!(bytes(Record::Dac3, &[0x10, 0x3C, 0x7F]), [0x10, 0x3C, 0x60]);
    assert_eq!(bytes(Record::Dec3, &[0x06, 0x00, 0x21, 0x0F, 0xE1]), [0x06, 0x00, 0x20, 0x0F, 0x00]);
    // With objects.
    let joc = [0x18, 0x00, 0x20, 0x0F, 0x00, 0x01, 0x10];
    assert_eq!(bytes(Record::Dec3, &joc), joc);
    assert_eq!(reason(Record::Dec3, &[6, 0, 0x20]), Reason::Damaged);
}

#[test]
fn vp9_of_the_draft_becomes_that_of_the_standard() {
    assert_eq!(
        bytes(Record::VpcC, &[1, 0, 0, 0, 0, 31, 0x80, 2, 2, 2, 0, 0]),
        [1, 0, 0, 0, 0, 31, 0x80, 2, 2, 2, 0, 0]
    );
    assert_eq!(bytes(Record::VpcC, &[0, 0, 0, 0, 1, 31, 0x82, 0x31, 0, 0]), [1, 0, 0, 0, 1, 31, 0x87, 2, 2, 2, 0, 0]);
    assert_eq!(reason(Record::VpcC, &[1, 0, 0, 0, 4, 31, 0x80, 2, 2, 2, 0, 0]), Reason::NotUnderstood);
}

#[test]
fn channels_of_opus_are_mapped_to_streams_that_are_there() {
    let head =
        |family: u8, table: &[u8]| [b"OpusHead\x01\x02\x38\x01\x80\xBB\0\0\0\0".as_slice(), &[family], table].concat();
    assert_eq!(bytes(Record::OpusHead, &head(0, &[])), head(0, &[]));
    assert_eq!(bytes(Record::OpusHead, &head(1, &[1, 1, 0, 1])), head(1, &[1, 1, 0, 1]));
    assert_eq!(bytes(Record::OpusHead, &head(255, &[2, 0, 255, 1])), head(255, &[2, 0, 255, 1]));
    for table in [&[1, 1, 0, 2][..], &[0, 0, 0, 0], &[1, 2, 0, 0], &[1, 1, 0]] {
        assert_eq!(reason(Record::OpusHead, &head(1, table)), Reason::NotUnderstood);
    }
    assert_eq!(reason(Record::OpusHead, &head(7, &[])), Reason::NotUnderstood);
}

#[test]
fn padding_of_opus_packets_is_zeros() {
    let codec = Codec::Opus { streams: 1 };
    // One frame of two bytes, seven of padding.
    let packet = [&[0x0B, 0x41, 7, 9, 9][..], b"secret!"].concat();
    assert_eq!(cleaned(codec, &packet).unwrap().0, [&[0x0B, 0x41, 7, 9, 9][..], &[0; 7]].concat());
    assert_eq!(cleaned(codec, &[]).unwrap_err().reason, Reason::Damaged);
    let max = usize::try_from(limits::OPUS_PACKET_BYTES_MAX).unwrap();
    for (len, reason) in [(max - 1, Reason::Damaged), (max, Reason::Damaged), (max + 1, Reason::TooLarge)] {
        assert_eq!(cleaned(codec, &vec![0; len]).unwrap_err().reason, reason);
    }
}

#[test]
fn an_elementary_stream_descriptor_has_one_spelling() {
    let asc = [0x12, 0x10];
    let expected = [&[0, 0, 0, 0, 3, 25, 0, 0, 0, 4, 17, 0x40, 0x15][..], &[0; 11], &[5, 2], &asc, &[6, 1, 2]].concat();
    let long = |tag: u8, body: &[u8]| [&[tag, 0x80, 0x80, 0x80, u8::try_from(body.len()).unwrap()], body].concat();
    let config = [&[0x40, 0x14, 0, 6, 0, 0, 1, 0xF4, 0, 0, 1, 0xF4, 0][..], &long(5, &asc)].concat();
    // A stream id, an OCR stream, a language and a registration descriptor.
    let stream =
        [&[0, 7, 0x20, 0, 9][..], &long(4, &config), &long(6, &[2]), &long(0x43, b"ukr"), &long(0x0D, b"abcd")];
    let (rebuilt, findings) = rebuilt(Record::Esds, &[&[0; 4][..], &long(3, &stream.concat())].concat()).unwrap();
    assert_eq!((rebuilt.bytes, rebuilt.codec), (expected, Codec::Aac));
    assert_eq!(findings.len(), 1);
}

#[test]
fn object_types_decide_how_samples_are_coded() {
    let esds = |object: u8, specific: &[u8]| {
        let info = if specific.is_empty() {
            Vec::new()
        } else {
            [&[5, u8::try_from(specific.len()).unwrap()], specific].concat()
        };
        let config = [&[object, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0][..], &info].concat();
        let stream = [&[0, 0, 0, 4, u8::try_from(config.len()).unwrap()][..], &config, &[6, 1, 2]].concat();
        [&[0, 0, 0, 0, 3, u8::try_from(stream.len()).unwrap()][..], &stream].concat()
    };
    let headers = dirty("xvid.vol");
    for (object, specific, codec) in [
        (0x20, headers, Codec::Mpeg4Visual),
        (0x40, dirty("stereo.asc"), Codec::Aac),
        (0x40, &[0xF8, 0xF2, 0x10, 0x00], Codec::Opaque),
        (0x67, &[0x12, 0x10], Codec::Aac),
        (0x6B, &[], Codec::Opaque),
        (0x69, &[], Codec::Opaque),
        (0x6C, &[], Codec::MotionJpeg),
        (0x61, &[0, 0, 1, 0xB3, 9], Codec::MpegVideo),
        (0xA5, &[], Codec::Opaque),
    ] {
        assert_eq!(rebuilt(Record::Esds, &esds(object, specific)).unwrap().0.codec, codec, "{object:02x}");
    }
    assert_eq!(reason(Record::Esds, &esds(0xE0, &[])), Reason::NotUnderstood);
    assert_eq!(reason(Record::Esds, &esds(0x40, &[0xFF, 0xFF])), Reason::NotUnderstood);
    assert_eq!(reason(Record::Esds, &[0; 4]), Reason::Damaged);
}

#[test]
fn audio_configurations_are_read_to_their_end() {
    for (body, codec) in [
        // LC; LC with SBR said behind, with SBR and PS, with neither.
        (&[0x12, 0x10][..], Codec::Aac),
        (&[0x13, 0x90, 0x56, 0xE5, 0xA0], Codec::Aac),
        (&[0x13, 0x88, 0x56, 0xE5, 0xA5, 0x48, 0x80], Codec::Aac),
        (&[0x12, 0x10, 0x56, 0xE5, 0x00], Codec::Aac),
        // SBR said in front; PS in front; a frequency in 24 bits.
        (&[0x2B, 0x92, 0x08, 0x00], Codec::Aac),
        (&[0xEB, 0x8A, 0x08, 0x00], Codec::Aac),
        (&[0x17, 0x80, 0x5D, 0xC0, 0x10], Codec::Aac),
        // Low delay, enhanced low delay, MPEG audio.
        (&[0xB9, 0x90, 0x00], Codec::Opaque),
        (&[0xF8, 0xE8, 0x50, 0x00], Codec::Opaque),
    ] {
        let (configured, findings) = rebuilt(Record::AudioSpecificConfig, body).unwrap();
        assert_eq!((configured.bytes.as_slice(), configured.codec), (body, codec));
        assert!(findings.is_empty());
    }
    assert_eq!(bytes(Record::AudioSpecificConfig, &[0x12, 0x10, 0, 0, 0]), [0x12, 0x10]);
    // Error protection with a configuration of its own; an object type that is reserved.
    assert_eq!(reason(Record::AudioSpecificConfig, &[0xB9, 0x90, 0x80]), Reason::NotUnderstood);
    assert_eq!(reason(Record::AudioSpecificConfig, &[0x52, 0x10]), Reason::NotUnderstood);
}

#[test]
fn only_the_lead_of_an_aac_frame_is_read() {
    let max = usize::try_from(limits::AAC_LEAD_BYTES_MAX).unwrap();
    // Fill elements of 269 bytes of content, which with their head are 270 bytes and 7 bits.
    let mut bits = super::super::bits::Written::default();
    for _ in 0..9 {
        bits.put(7, 0b110_1111);
        bits.put(8, 255);
        for _ in 0..269 {
            bits.put(8, 0x0B);
        }
    }
    let frame = bits.into_bytes();
    for len in [max - 1, max, max + 1, frame.len()] {
        let (clean, _) = cleaned(Codec::Aac, &frame[..len]).unwrap();
        // Seven elements lie in the lead, the eighth never wholly.
        assert!(clean[..1890] != frame[..1890] && clean[1905..] == frame[1905..len]);
    }
}

#[test]
fn flac_blocks_are_told() {
    let info = [&[0x10, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0x0A, 0xC4, 0x42, 0xF0, 0, 0, 1, 0][..], &[9; 16]].concat();
    let comment = b"\x04\0\0\x1E\x05\0\0\0Lavf5\x01\0\0\0\x0D\0\0\0ARTIST=Olena.";
    let whole = [b"fLaC\0\0\0\x22", info.as_slice(), comment, b"\x86\0\0\x01x"].concat();
    let (configured, findings) = rebuilt(Record::FlacBlocks, &whole).unwrap();
    assert_eq!(configured.bytes, [b"fLaC\x80\0\0\x22", info.as_slice()].concat());
    let person = findings.iter().find(|finding| finding.category == Category::Person).unwrap();
    assert_eq!(person.value.as_deref(), Some("Olena."));
    assert!(findings.iter().any(|finding| finding.category == Category::Thumbnail));
    assert_eq!(reason(Record::FlacBlocks, b"fLaC\x84\0\0\0"), Reason::Damaged);
}

#[test]
fn the_first_sequence_parameter_set_says_what_the_record_repeats() {
    let record = dirty("progressive.avcc");
    let mut lying = record.to_vec();
    (lying[1], lying[2], lying[3], lying[4], lying[5]) = (77, 0xFF, 99, 0x03, 0x01);
    assert_eq!(bytes(Record::AvcC, &lying), bytes(Record::AvcC, record));
    lying[4] = 0x02;
    assert_eq!(reason(Record::AvcC, &lying), Reason::NotUnderstood);
    // Where sets are in the samples there is none to go by.
    assert_eq!(bytes(Record::AvcC, &[1, 66, 0xC3, 30, 0xFF, 0xE0, 0]), [1, 66, 0xC0, 30, 0xFF, 0xE0, 0]);
}

#[test]
fn the_mark_by_which_decoders_trim_sound_stays_in_one_form() {
    // A fill element of 24 bytes: 17 bits, and the name, shifted by one.
    let frame = |name: &[u8]| {
        let mut bits = vec![true, true, false, true, true, true, true];
        bits.extend((0..8).rev().map(|bit| (10u8 >> bit) & 1 == 1));
        bits.extend([false; 17]);
        for byte in name.iter().chain(std::iter::repeat(&0)).take(21) {
            bits.extend((0..8).rev().map(|bit| (byte >> bit) & 1 == 1));
        }
        bits.extend([false; 7 + 6]);
        bits.chunks(8).map(|byte| byte.iter().fold(0u8, |sum, &bit| (sum << 1) | u8::from(bit))).collect::<Vec<u8>>()
    };
    let (first, findings) = cleaned(Codec::Aac, &frame(b"libfaac 1.28 (Jan 2)")).unwrap();
    let (second, _) = cleaned(Codec::Aac, &frame(b"libfaac 1.30 of N. N.")).unwrap();
    assert_eq!(first, second);
    assert_eq!(first, frame(b"libfaac 1.0"));
    assert!(findings.iter().any(|finding| finding.value.as_deref().unwrap_or_default().contains("libfaac 1.28")));
    // Without a version nobody looks at it.
    let (other, _) = cleaned(Codec::Aac, &frame(b"libfaac unstable")).unwrap();
    assert_ne!(other, first);
}

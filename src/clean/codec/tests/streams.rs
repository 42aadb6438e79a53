//! Real streams and records, whole, cut off and with single bits turned. `tests/cases/judges_coded.rs` decodes them.

use super::super::{Codec, Record};
use super::{cleaned, rebuilt};
use crate::clean::{Category, Fate, Finding};

/// A stream as its encoder wrote it, and as it is cleaned.
macro_rules! stream {
    ($name:literal) => {
        (
            $name,
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/coded/dirty/", $name)).as_slice(),
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/coded/clean/", $name)).as_slice(),
        )
    };
}

/// Name, dirty, clean.
pub(super) type Stream = (&'static str, &'static [u8], &'static [u8]);

pub(super) const STREAMS: [(Codec, Stream); 13] = [
    (Codec::AvcAnnexB, stream!("interlaced.h264")),
    (Codec::AvcAnnexB, stream!("progressive.h264")),
    (Codec::HevcAnnexB, stream!("timed.hevc")),
    (Codec::HevcAnnexB, stream!("hdr.hevc")),
    (Codec::Av1, stream!("plain.obu")),
    (Codec::Av1, stream!("grey.obu")),
    (Codec::Mpeg4Visual, stream!("libavcodec.m4v")),
    (Codec::Mpeg4Visual, stream!("xvid.m4v")),
    (Codec::MpegVideo, stream!("second.m2v")),
    (Codec::MpegVideo, stream!("first.m1v")),
    (Codec::MotionJpeg, stream!("frame.mjpeg")),
    (Codec::Aac, stream!("signed.aac")),
    (Codec::ProRes, stream!("frame.prores")),
];

pub(super) const RECORDS: [(Record, Stream); 14] = [
    (Record::AvcC, stream!("interlaced.avcc")),
    (Record::AvcC, stream!("progressive.avcc")),
    (Record::HvcC, stream!("timed.hvcc")),
    (Record::HvcC, stream!("hdr.hvcc")),
    (Record::Av1C, stream!("plain.av1c")),
    (Record::Av1C, stream!("grey.av1c")),
    (Record::VisualHeaders, stream!("libavcodec.vol")),
    (Record::VisualHeaders, stream!("xvid.vol")),
    (Record::AudioSpecificConfig, stream!("stereo.asc")),
    (Record::AudioSpecificConfig, stream!("program.asc")),
    (Record::OpusHead, stream!("surround.opushead")),
    (Record::VorbisHeaders, stream!("stereo.xiph")),
    (Record::VorbisHeaders, stream!("surround.xiph")),
    (Record::AlacConfig, stream!("mono.alac")),
];

/// The bytes of a dirty stream or record.
pub(super) fn dirty(name: &str) -> &'static [u8] {
    let streams = STREAMS.iter().map(|(_, stream)| stream).chain(RECORDS.iter().map(|(_, stream)| stream));
    streams.clone().find(|(other, ..)| *other == name).unwrap().1
}

/// The units of a byte stream.
pub(super) fn units_of(stream: &[u8]) -> Vec<Vec<u8>> {
    let mut units = Vec::new();
    let mut rest = stream;
    while let Some(at) = rest.windows(3).position(|three| three == [0, 0, 1]) {
        let behind = &rest[at + 3..];
        let next = behind.windows(3).position(|three| three == [0, 0, 1]).unwrap_or(behind.len());
        let zeros = behind[..next].iter().rev().take_while(|&&byte| byte == 0).count();
        units.push(behind[..next - zeros].to_vec());
        rest = &behind[next..];
    }
    units
}

/// The units behind lengths of four bytes.
pub(super) fn prefixed(units: &[Vec<u8>]) -> Vec<u8> {
    units
        .iter()
        .flat_map(|unit| [&u32::try_from(unit.len()).unwrap().to_be_bytes(), unit.as_slice()].concat())
        .collect()
}

fn says(findings: &[Finding], category: Category, value: &str) -> bool {
    findings.iter().any(|finding| {
        let has = finding.value.as_deref().unwrap_or("").contains(value);
        finding.category == category && finding.fate == Fate::Removed && has
    })
}

#[test]
#[ignore = "writes the clean streams that the other tests compare with"]
#[expect(clippy::disallowed_methods, reason = "makes fixtures")]
fn clean_streams_are_written() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/coded/clean/");
    std::fs::create_dir_all(folder).unwrap();
    for (codec, (name, dirty, _)) in STREAMS {
        std::fs::write(format!("{folder}{name}"), cleaned(codec, dirty).unwrap().0).unwrap();
    }
    for (record, (name, dirty, _)) in RECORDS {
        std::fs::write(format!("{folder}{name}"), rebuilt(record, dirty).unwrap().0.bytes).unwrap();
    }
}

#[test]
fn real_streams_come_out_as_the_clean_ones() {
    for (codec, (name, dirty, clean)) in STREAMS {
        assert!(cleaned(codec, dirty).unwrap().0 == clean, "{name}");
        assert!(cleaned(codec, clean).unwrap().0 == clean, "{name}, cleaned");
    }
    for (record, (name, dirty, clean)) in RECORDS {
        assert!(rebuilt(record, dirty).unwrap().0.bytes == clean, "{name}");
    }
}

#[test]
fn encoders_are_told() {
    for (codec, name, value) in [
        (Codec::AvcAnnexB, "interlaced.h264", "x264 - core"),
        (Codec::HevcAnnexB, "hdr.hevc", "x265 (build"),
        (Codec::Mpeg4Visual, "libavcodec.m4v", "Lavc"),
        (Codec::Aac, "signed.aac", "Lavc"),
        (Codec::ProRes, "frame.prores", "Lavc"),
    ] {
        let (clean, findings) = cleaned(codec, dirty(name)).unwrap();
        assert!(says(&findings, Category::Software, value), "{name}: {findings:?}");
        let mark = value.as_bytes();
        let is_left = clean.windows(mark.len()).any(|window| window == mark);
        assert_eq!(is_left, name == "libavcodec.m4v", "{name}");
    }
    let (_, findings) = cleaned(Codec::MpegVideo, dirty("second.m2v")).unwrap();
    assert!(says(&findings, Category::Time, "01:02:03:04"), "{findings:?}");
    let (_, findings) = rebuilt(Record::AudioSpecificConfig, dirty("program.asc")).unwrap();
    assert!(says(&findings, Category::Comment, "Lavc"), "{findings:?}");
    let (_, findings) = rebuilt(Record::VorbisHeaders, dirty("stereo.xiph")).unwrap();
    assert!(says(&findings, Category::Software, "libVorbis"), "{findings:?}");
}

#[test]
fn timing_messages_stay_where_the_record_says_how_they_are_read() {
    for (record, name, stream, kind, nal) in [
        (Record::AvcC, "interlaced.avcc", "interlaced.h264", 1u8, 6u8),
        (Record::AvcC, "interlaced.avcc", "interlaced.h264", 0, 6),
        (Record::HvcC, "timed.hvcc", "timed.hevc", 1, 0x4E),
    ] {
        let codec = rebuilt(record, dirty(name)).unwrap().0.codec;
        let units = units_of(dirty(stream));
        let (clean, _) = cleaned(codec, &prefixed(&units)).unwrap();
        let header = usize::from(nal != 6) + 1;
        let is_timing = |unit: &Vec<u8>| unit[0] == nal && unit[header] == kind;
        let timing: Vec<_> = units.iter().filter(|unit| is_timing(unit)).collect();
        assert!(!timing.is_empty(), "{stream}");
        for unit in timing {
            assert!(clean.windows(unit.len()).any(|window| window == unit), "{stream}: {kind}");
        }
    }
}

#[test]
fn slices_stay_as_they_are() {
    for (record, name, stream, shift) in
        [(Record::AvcC, "interlaced.avcc", "interlaced.h264", 0u32), (Record::HvcC, "hdr.hvcc", "hdr.hevc", 1)]
    {
        let codec = rebuilt(record, dirty(name)).unwrap().0.codec;
        let units = units_of(dirty(stream));
        let (clean, _) = cleaned(codec, &prefixed(&units)).unwrap();
        let mut rest = clean.as_slice();
        for unit in units {
            let (len, behind) = rest.split_first_chunk::<4>().unwrap();
            let (written, behind) = behind.split_at(usize::try_from(u32::from_be_bytes(*len)).unwrap());
            rest = behind;
            let kind = (unit[0] >> shift) & if shift == 0 { 31 } else { 63 };
            let is_slice = if shift == 0 { (1..=5).contains(&kind) } else { kind < 22 };
            assert!(!is_slice || written == unit);
        }
        assert!(rest.is_empty());
    }
}

#[test]
fn a_prefix_is_clean_or_refused() {
    for (codec, (_, dirty, _)) in STREAMS {
        // Each length where there are headers, some where there are pictures.
        let lengths = (0..dirty.len()).filter(|&len| len < 250 || len % 397 == 0);
        for len in lengths {
            let _ = cleaned(codec, &dirty[..len]);
        }
    }
    for (record, (_, dirty, _)) in RECORDS {
        for len in (0..dirty.len()).filter(|&len| len < 120 || len % 61 == 0) {
            let _ = rebuilt(record, &dirty[..len]);
        }
    }
}

#[test]
fn a_turned_bit_is_clean_or_refused() {
    for (codec, (_, dirty, _)) in STREAMS {
        for at in (0..dirty.len().min(250)).chain((250..dirty.len()).step_by(331)) {
            let mut turned = dirty.to_vec();
            turned[at] ^= 1 << (at % 8);
            let _ = cleaned(codec, &turned);
        }
    }
    for (record, (_, dirty, _)) in RECORDS {
        for at in (0..dirty.len().min(120)).chain((120..dirty.len()).step_by(97)) {
            let mut turned = dirty.to_vec();
            turned[at] ^= 1 << (at * 7 / 5 % 8);
            let _ = rebuilt(record, &turned);
        }
    }
}

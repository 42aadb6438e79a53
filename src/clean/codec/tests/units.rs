//! Tests of how units are overwritten: SEI of every length, clock timestamps, parameter sets with more behind them,
//! lengths, limits.

use super::super::nal::{self, Syntax};
use super::super::{AvcTiming, Codec, HevcTiming, Record};
use super::streams::{dirty, prefixed, units_of};
use super::{cleaned, rebuilt, verified};
use crate::clean::memory::says;
use crate::clean::{Category, Finding, Reason};
use crate::limits;

const AVC: Codec = Codec::Avc { length_bytes: 4 };
const HEVC: Codec = Codec::Hevc { length_bytes: 4 };

/// What a unit becomes.
fn unit(codec: Codec, unit: &[u8]) -> (Vec<u8>, Vec<Finding>) {
    let (clean, findings) = cleaned(codec, &prefixed(&[unit.to_vec()])).unwrap();
    (clean[4..].to_vec(), findings)
}

fn refused(codec: Codec, bytes: &[u8]) -> Reason {
    cleaned(codec, bytes).unwrap_err().reason
}

#[test]
fn sei_of_any_length_becomes_filler_of_that_length() {
    for len in 0..1100usize {
        for (codec, header) in [(AVC, &[6u8][..]), (HEVC, &[0x4E, 1])] {
            let mut sei = [header, &vec![5; len]].concat();
            let (clean, _) = unit(codec, &sei);
            assert_eq!(clean.len(), sei.len());
            // Also between start codes, where no other start code may come up.
            let stream = if codec == AVC { Codec::AvcAnnexB } else { Codec::HevcAnnexB };
            sei.splice(0..0, [0, 0, 1]);
            assert_eq!(cleaned(stream, &sei).unwrap().0[3..], clean);
        }
    }
}

#[test]
fn of_several_messages_those_for_display_stay() {
    let kept = [6u8, 1, 0x84, 144, 4, 0, 9, 0, 4];
    let (clean, findings) =
        unit(AVC, &[&[6][..], &kept[..3], &[5, 20], &[0x41; 20], &kept[3..], &[4, 1, 9, 0x80]].concat());
    let filler = [&[3u8, 23][..], &[0xFF; 23], &[0x80]].concat();
    assert_eq!(clean, [&[6][..], &kept, &filler].concat());
    assert!(findings.iter().any(|finding| finding.place == "SEI user data UUID"));
}

#[test]
fn a_clock_timestamp_is_taken_out_of_picture_timing() {
    let timing = AvcTiming { structure: true, offset_bits: 24, ..AvcTiming::default() };
    let codec = Codec::AvcTimed { length_bytes: 4, timing };
    let mut bits = super::super::bits::Written::default();
    // A frame, one clock: full timestamp 12:34:56 and an offset.
    for (count, value) in
        [(4, 0), (1, 1), (2, 0), (1, 0), (5, 0), (1, 1), (1, 0), (1, 0), (8, 7), (6, 56), (6, 34), (5, 12), (24, 9)]
    {
        bits.put(count, value);
    }
    bits.bit(true);
    let payload = bits.into_bytes();
    let len = u8::try_from(payload.len()).unwrap();
    let (clean, findings) = unit(codec, &[&[6, 1, len], payload.as_slice(), &[0x80]].concat());
    // pic_struct 0, clock_timestamp_flag 0, a one and zeros.
    assert_eq!(clean[..4], [6, 1, 1, 0b0000_0100]);
    assert_eq!(clean[4], 3);
    assert_eq!((findings[0].category, findings[0].place.as_str()), (Category::Time, "SEI picture timing"));
}

#[test]
fn timing_is_not_guessed() {
    let (clean, _) = unit(AVC, &[6, 1, 1, 0x04, 0x80]);
    assert_eq!(clean, [6, 3, 1, 0xFF, 0x80]);
    let timing = HevcTiming { structure: true, ..HevcTiming::default() };
    let timed = Codec::HevcTimed { length_bytes: 4, timing };
    let message = [0x4E, 1, 1, 1, 0b0001_0101, 0x80];
    assert_eq!(unit(timed, &message).0, message);
    assert_eq!(unit(HEVC, &message).0, [0x4E, 1, 3, 1, 0xFF, 0x80]);
}

#[test]
fn a_camera_is_told_with_its_place_and_time() {
    let mut payload =
        vec![0x17, 0xEE, 0x8C, 0x60, 0xF8, 0x4D, 0x11, 0xD9, 0x8C, 0xD6, 0x08, 0x00, 0x20, 0x0C, 0x9A, 0x66];
    payload.extend(b"MDPM\x0B");
    for pack in [
        [0x18u8, 0x02, 0x20, 0x26, 0x03],
        [0x19, 0x14, 0x09, 0x41, 0x05],
        [0xB1, b'N', 0, 0, 0],
        [0xB2, 0, 50, 0, 1],
        [0xB3, 0, 27, 0, 1],
        [0xB4, 0, 30, 0, 1],
        [0xB5, b'E', 0, 0, 0],
        [0xB6, 0, 30, 0, 1],
        [0xB7, 0, 31, 0, 1],
        [0xB8, 0, 24, 0, 1],
        [0xE0, 0x01, 0x08, 0, 0],
    ] {
        payload.extend(pack);
    }
    let message = [&[6, 5, u8::try_from(payload.len()).unwrap()][..], &payload, &[0x80]].concat();
    // Zeros among the packs need emulation prevention.
    let (_, findings) = unit(AVC, &[&[6][..], &nal::escaped(&message[1..])].concat());
    assert!(says(findings.iter(), Category::Time, "2026-03-14 09:41:05"), "{findings:?}");
    assert!(says(findings.iter(), Category::Location, "N 50°27′30.00″ E 30°31′24.00″"), "{findings:?}");
    assert!(says(findings.iter(), Category::Device, "Sony"), "{findings:?}");
}

#[test]
fn layers_above_the_base_go() {
    let (clean, findings) = unit(HEVC, &[0x03, 0x09, 7, 7, 7]);
    assert_eq!(clean, [0x4C, 1, 0xFF, 0xFF, 0x80]);
    assert_eq!(findings[0].place, "H.265 second view or layer");
    let (clean, findings) = unit(AVC, &[0x74, 7, 7]);
    assert_eq!(clean, [0x0C, 0xFF, 0x80]);
    assert_eq!(findings[0].place, "H.264 second view or layer");
}

#[test]
fn dolby_vision_goes_and_its_base_stays() {
    for (kind, place) in [(62u8, "Dolby Vision metadata"), (63, "Dolby Vision enhancement layer")] {
        let slice = vec![0x26, 1, 9, 9];
        let (clean, findings) = cleaned(HEVC, &prefixed(&[slice.clone(), vec![kind << 1, 1, 25, 8]])).unwrap();
        assert_eq!(clean, prefixed(&[slice, vec![0x4C, 1, 0xFF, 0x80]]));
        assert_eq!(findings[0].place, place);
    }
}

#[test]
fn a_video_parameter_set_loses_its_extension() {
    let vps = &units_of(dirty("hdr.hevc"))[0];
    let raw = nal::unescaped(&vps[2..]);
    let stop = nal::stop_bit(&raw).unwrap();
    // vps_extension_flag is the last bit in front of the stop bit: set it, and put an extension behind.
    let mut bits = super::super::bits::Written::default();
    bits.copy(&mut super::super::bits::Bits::new(&raw), stop - 1).unwrap();
    bits.bit(true);
    b"secret".iter().for_each(|&byte| bits.put(8, byte.into()));
    bits.bit(true);
    let longer = [&vps[..2], &nal::escaped(&bits.into_bytes())].concat();
    let (clean, findings) = unit(HEVC, &longer);
    assert_eq!(clean[..vps.len()], vps[..]);
    assert!(clean[vps.len()..].iter().all(|&byte| byte == 0));
    assert_eq!(findings[0].place, "parameter set extension");
}

#[test]
fn lengths_lie_in_the_sample() {
    for (bytes, length_bytes) in
        [(&[0, 0, 0, 2, 9][..], 4), (&[0, 0, 0][..], 4), (&[0][..], 2), (&[3, 9, 0x10][..], 1), (&[0xFF; 4][..], 4)]
    {
        for codec in [Codec::Avc { length_bytes }, Codec::Hevc { length_bytes }] {
            assert_eq!(refused(codec, bytes), Reason::Damaged);
        }
    }
    assert_eq!(cleaned(Codec::Avc { length_bytes: 2 }, &[0, 2, 9, 0x10, 0, 0]).unwrap().0, [0, 2, 9, 0x10, 0, 0]);
}

#[test]
fn a_parameter_set_has_a_limit() {
    let max = usize::try_from(limits::PARAMETER_SET_BYTES_MAX).unwrap();
    let pps = &units_of(dirty("interlaced.h264"))[2];
    assert_eq!(pps[0] & 31, 8);
    for (len, is_accepted) in [(max - 1, true), (max, true), (max + 1, false)] {
        let mut unit = pps.clone();
        unit.resize(len, 0);
        let result = cleaned(AVC, &prefixed(&[unit]));
        assert_eq!(result.err().map(|refusal| refusal.reason), (!is_accepted).then_some(Reason::TooLarge));
    }
}

#[test]
fn sei_over_its_limit_is_overwritten_unread() {
    let max = usize::try_from(limits::SEI_BYTES_MAX).unwrap();
    for (len, is_read) in [(max - 1, true), (max, true), (max + 1, false)] {
        // A recovery point, then trailing bits and zeros.
        let mut sei = vec![6, 6, 1, 0x84, 0x80];
        sei.resize(len, 0);
        let (clean, _) = unit(AVC, &sei);
        assert_eq!(clean.starts_with(&[6, 6, 1, 0x84]), is_read);
    }
}

#[test]
fn record_sets_have_a_limit() {
    let record = dirty("hdr.hvcc");
    let pps = units_of(dirty("hdr.hevc"))[2].clone();
    assert_eq!(pps[0] >> 1, 34);
    for (more, is_accepted) in [
        (limits::PARAMETER_SETS_MAX - 4, true),
        (limits::PARAMETER_SETS_MAX - 3, true),
        (limits::PARAMETER_SETS_MAX - 2, false),
    ] {
        let mut longer = record.to_vec();
        longer[22] += 1;
        longer.push(0x22);
        longer.extend(u16::try_from(more).unwrap().to_be_bytes());
        for _ in 0..more {
            longer.extend(u16::try_from(pps.len()).unwrap().to_be_bytes());
            longer.extend(&pps);
        }
        let result = rebuilt(Record::HvcC, &longer);
        assert_eq!(result.is_ok(), is_accepted);
    }
}

#[test]
fn emulation_prevention_is_taken_out_and_put_in() {
    let raw = [0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0, 4, 0, 0, 0x80];
    let escaped = nal::escaped(&raw);
    assert_eq!(escaped, [0, 0, 3, 0, 0, 3, 1, 0, 0, 3, 2, 0, 0, 3, 3, 0, 0, 4, 0, 0, 0x80]);
    assert_eq!(nal::unescaped(&escaped), raw);
}

#[test]
fn the_verifier_knows_one_spelling() {
    let message = |bytes: &[u8]| verified(AVC, &prefixed(&[bytes.to_vec()]));
    assert!(message(&[6, 6, 1, 0x84, 0x80]));
    assert!(message(&[6, 3, 1, 0xFF, 0x80]));
    for bytes in [
        &[6, 3, 1, 0xFE, 0x80][..],
        &[6, 3, 1, 0xFF, 0x80, 0],
        &[6, 3, 0, 3, 0, 3, 0, 0x80],
        &[6, 3, 1, 0xFF, 6, 1, 0x84, 0x80],
        &[6, 6, 2, 0x84, 0, 0x80],
        &[6, 0x80],
        &[12, 0xFF, 0xFF],
        &[12, 0x7F, 0x80],
        &[0x2C, 0xFF, 0x80],
        &[9, 0x10, 1],
        &[9, 0x11],
        &[10, 0],
        &[14, 0x80],
        &[20, 9],
        &[30, 9],
        &[0x81, 9],
    ] {
        assert!(!message(bytes), "{bytes:02x?}");
    }
    let syntax = Syntax::Hevc(HevcTiming::default());
    assert_eq!(syntax.header_len(), 2);
    assert!(!verified(HEVC, &prefixed(&[vec![0x4C, 2, 0xFF, 0x80]])));
    assert!(!verified(HEVC, &prefixed(&[vec![0x02, 9, 7]])));
}

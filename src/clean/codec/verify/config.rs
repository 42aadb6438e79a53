//! Configuration records of few fields, as they may stand in a clean file: each has one spelling.
//!
//! Sources: as named in the modules that write them.

use super::fields::Fields;
use super::{audio, startcode, vorbis};
use crate::clean::codec::Codec;

/// Version and flags, an ES_Descriptor with a DecoderConfigDescriptor and the SLConfigDescriptor of MP4.
pub(super) fn elementary_stream(body: &[u8]) -> Option<Codec> {
    let stream = descriptor(3, body.strip_prefix(&[0; 4])?, &[])?;
    let config = descriptor(4, stream.strip_prefix(&[0; 3])?, &[6, 1, 2])?;
    let (&[object, kind, ref zeros @ ..], rest) = config.split_first_chunk::<13>()?;
    if zeros != &[0; 11] {
        return None;
    }
    let specific = if rest.is_empty() { &[] } else { descriptor(5, rest, &[])? };
    let has_specific = !rest.is_empty();
    let is_visual = kind == 0x11;
    if !is_visual && kind != 0x15 || (has_specific && specific.is_empty()) {
        return None;
    }
    match (object, is_visual, has_specific) {
        (0x20, true, false) => Some(Codec::Mpeg4Visual),
        (0x20, true, true) => startcode::visual_headers(specific).then_some(Codec::Mpeg4Visual),
        (0x60..=0x65 | 0x6A, true, false) => Some(Codec::MpegVideo),
        (0x6C, true, false) => Some(Codec::MotionJpeg),
        (0x40 | 0x66..=0x68, false, false) => Some(Codec::Aac),
        (0x40 | 0x66..=0x68, false, true) => audio::specific_config(specific),
        (0x69 | 0x6B | 0xA5 | 0xA6 | 0xA9, false, false) => Some(Codec::Opaque),
        (0xDD, false, true) => vorbis::headers(specific).then_some(Codec::Opaque),
        _ => None,
    }
}

/// The body of a descriptor with this tag, its length in as few bytes as it needs, and just `behind` behind it.
fn descriptor<'a>(tag: u8, bytes: &'a [u8], behind: &[u8]) -> Option<&'a [u8]> {
    let rest = bytes.strip_suffix(behind)?.strip_prefix(&[tag])?;
    let (len, body) = match rest {
        [a @ 0..=0x7F, body @ ..] => (usize::from(*a), body),
        [a @ 0x81..=0xFF, b @ 0..=0x7F, body @ ..] => ((usize::from(a & 0x7F) << 7) | usize::from(*b), body),
        [a @ 0x81..=0xFF, b @ 0x80..=0xFF, c @ 0..=0x7F, body @ ..] => {
            ((usize::from(a & 0x7F) << 14) | (usize::from(b & 0x7F) << 7) | usize::from(*c), body)
        }
        _ => return None,
    };
    (len == body.len()).then_some(body)
}

/// `vpcC` of version 1.
pub(super) fn vp(body: &[u8]) -> bool {
    matches!(body, [1, 0, 0, 0, 0..=3, _, _, _, _, _, 0, 0])
}

/// The fields of `dOps` and OpusHead behind the version: pre-skip and gain may have any value, the rate has one.
pub(super) fn opus(body: &[u8], rate: [u8; 4]) -> Option<Codec> {
    let (&[channels, _, _, r0, r1, r2, r3, _, _, family], table) = body.split_first_chunk::<10>()?;
    if [r0, r1, r2, r3] != rate || (family == 1 && channels > 8) {
        return None;
    }
    let is_mapped = match (family, table) {
        (0, []) => channels == 1 || channels == 2,
        (1 | 2 | 255, [streams, coupled, mapping @ ..]) => {
            let decoded = u16::from(*streams).saturating_add((*coupled).into());
            channels > 0
                && coupled <= streams
                && *streams > 0
                && decoded <= 255
                && mapping.len() == usize::from(channels)
                && mapping.iter().all(|&index| index == 255 || u16::from(index) < decoded)
        }
        _ => false,
    };
    is_mapped.then_some(Codec::Opus { streams: table.first().copied().unwrap_or(1) })
}

/// STREAMINFO as the only block.
pub(super) fn stream_info(body: &[u8]) -> bool {
    let Some(info) = body.strip_prefix(&[0x80, 0, 0, 34]) else { return false };
    let &[l0, l1, m0, m1, _, _, _, _, _, _, r0, r1, r2, ..] = info else { return false };
    let (least, most) = (u16::from_be_bytes([l0, l1]), u16::from_be_bytes([m0, m1]));
    info.len() == 34 && (16..=most).contains(&least) && [r0, r1, r2] != [0; 3]
}

/// ALACSpecificConfig, with or without a channel layout.
pub(super) fn alac(body: &[u8]) -> bool {
    let Some((fixed, layout)) = body.split_first_chunk::<24>() else { return false };
    let &[f0, f1, f2, f3, 0, 1..=32, _, _, _, 1..=8, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, r0, r1, r2, r3] = fixed else {
        return false;
    };
    let is_layout = matches!(
        layout,
        [] | [0, 0, 0, 24, b'c', b'h', b'a', b'n', 0, 0, 0, 0, 0, 100..=200, 0, 1..=8, 0, 0, 0, 0, 0, 0, 0, 0]
    );
    [f0, f1, f2, f3] != [0; 4] && [r0, r1, r2, r3] != [0; 4] && is_layout
}

/// `dac3`.
pub(super) fn ac3(body: &[u8]) -> bool {
    matches!(body, [first, _, third] if *first < 0xC0 && third & 0x1F == 0)
}

/// `dec3`.
pub(super) fn enhanced_ac3(body: &[u8]) -> bool {
    let mut f = Fields::new(body);
    f.any(13);
    for _ in 0..=f.u(3) {
        f.any(7);
        f.zeros(1);
        f.any(8);
        f.zeros(3);
        if f.u(4) > 0 {
            f.any(9);
        } else {
            f.zeros(1);
        }
    }
    if f.left() > 0 {
        f.zeros(7);
        let objects = f.flag();
        f.holds(objects);
        f.any(8);
    }
    f.sound() && f.left() == 0
}

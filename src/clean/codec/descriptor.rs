//! The ES_Descriptor of an `esds` box: rebuilt from the few fields that decoders read. Never keeps a descriptor
//! that it has no constructor for.
//!
//! Sources: ISO/IEC 14496-1:2010, 7.2.2.2, 7.2.6.5 to 7.2.6.8; ISO/IEC 14496-14:2020, 5.6; MP4 registration
//! authority, object types.

use super::{Codec, Configured, asc, visual, xiph};
use crate::clean::{Category, Findings, Reason, Refusal};

/// Descriptor tags (table 1).
const ES: u8 = 3;
const DECODER_CONFIG: u8 = 4;
const DECODER_SPECIFIC_INFO: u8 = 5;

/// A descriptor at the start of `rest`, which then is what is behind it.
fn next<'a>(rest: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (&tag, mut behind) = rest.split_first()?;
    let mut len = 0usize;
    for _ in 0..4 {
        let (&byte, after) = behind.split_first()?;
        behind = after;
        len = (len << 7) | usize::from(byte & 0x7F);
        if byte & 0x80 == 0 {
            break;
        }
    }
    let (body, behind) = behind.split_at_checked(len)?;
    *rest = behind;
    Some((tag, body))
}

/// Appends a descriptor, its length in as few bytes as it needs.
fn append(bytes: &mut Vec<u8>, tag: u8, body: &[u8]) {
    bytes.push(tag);
    let len = body.len();
    for shift in [21u32, 14, 7] {
        if let Some(part @ 1..) = len.checked_shr(shift) {
            bytes.push(0x80 | u8::try_from(part & 0x7F).unwrap_or(0));
        }
    }
    bytes.push(u8::try_from(len & 0x7F).unwrap_or(0));
    bytes.extend(body);
}

/// What an ES_Descriptor says that decoders need.
struct Stream<'a> {
    object: u8,
    specific: &'a [u8],
}

/// Rebuilds the body of an `esds` box.
pub(super) fn record(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let damaged = Refusal::new(Reason::Damaged, "esds", at);
    let mut rest = body.get(4..).ok_or(damaged.clone())?;
    let stream = loop {
        let (tag, body) = next(&mut rest).ok_or(damaged.clone())?;
        if tag == ES {
            break stream(body, findings).ok_or(damaged.clone())?;
        }
        findings.removed(Category::Unknown, "esds descriptor");
    };
    if rest.iter().any(|&byte| byte != 0) {
        findings.removed(Category::HiddenContent, "behind the ES_Descriptor");
    }
    let not_understood = Refusal::new(Reason::NotUnderstood, "esds DecoderSpecificInfo", at);
    let (codec, specific, is_visual) = match stream.object {
        0x20 if stream.specific.is_empty() => (Codec::Mpeg4Visual, Vec::new(), true),
        0x20 => {
            let headers = visual::headers(stream.specific, at, findings)?;
            (Codec::Mpeg4Visual, headers, true)
        }
        0x60..=0x65 | 0x6A => (Codec::MpegVideo, Vec::new(), true),
        0x6C => (Codec::MotionJpeg, Vec::new(), true),
        0x40 | 0x66..=0x68 if stream.specific.is_empty() => (Codec::Aac, Vec::new(), false),
        0x40 | 0x66..=0x68 => {
            let rebuilt = asc::rebuilt(stream.specific, findings).ok_or(not_understood)?;
            (rebuilt.codec, rebuilt.bytes, false)
        }
        0x69 | 0x6B | 0xA5 | 0xA6 | 0xA9 => (Codec::Opaque, Vec::new(), false),
        0xDD => (Codec::Opaque, xiph::vorbis_headers(stream.specific, at, findings)?, false),
        _ => return Err(Refusal::new(Reason::NotUnderstood, "esds object type", at)),
    };
    if specific.is_empty() && !stream.specific.is_empty() {
        findings.removed(Category::Unknown, "esds DecoderSpecificInfo");
    }
    // Stream type and a reserved bit; buffer size and bit rates, which no decoder goes by, as zeros.
    let mut config = vec![stream.object, if is_visual { 0x11 } else { 0x15 }];
    config.resize(13, 0);
    if !specific.is_empty() {
        append(&mut config, DECODER_SPECIFIC_INFO, &specific);
    }
    let mut descriptor = vec![0, 0, 0];
    append(&mut descriptor, DECODER_CONFIG, &config);
    // SLConfigDescriptor: predefined for MP4.
    append(&mut descriptor, 6, &[2]);
    let mut bytes = vec![0; 4];
    append(&mut bytes, ES, &descriptor);
    Ok(Configured { codec, bytes })
}

/// The fields of an ES_Descriptor (7.2.6.5), up to the decoder's configuration.
fn stream<'a>(body: &'a [u8], findings: &mut Findings) -> Option<Stream<'a>> {
    let (&[_, _, flags], mut rest) = body.split_first_chunk::<3>()?;
    if flags & 0x80 != 0 {
        rest = rest.get(2..)?;
    }
    if flags & 0x40 != 0 {
        let (&len, behind) = rest.split_first()?;
        rest = behind.get(usize::from(len)..)?;
        findings.removed(Category::Unknown, "esds URL");
    }
    if flags & 0x20 != 0 {
        rest = rest.get(2..)?;
    }
    let mut stream = None;
    while !rest.is_empty() {
        let Some((tag, body)) = next(&mut rest) else {
            findings.removed(Category::HiddenContent, "behind the descriptors of esds");
            break;
        };
        match tag {
            DECODER_CONFIG if stream.is_none() => stream = Some(decoder(body, findings)?),
            6 if body.len() <= 32 => {}
            _ => findings.removed(Category::Unknown, "esds descriptor"),
        }
    }
    stream
}

/// The fields of a DecoderConfigDescriptor (7.2.6.6).
fn decoder<'a>(body: &'a [u8], findings: &mut Findings) -> Option<Stream<'a>> {
    let (fixed, mut rest) = body.split_first_chunk::<13>()?;
    let mut stream = Stream { object: *fixed.first()?, specific: &[] };
    while !rest.is_empty() {
        match next(&mut rest) {
            Some((DECODER_SPECIFIC_INFO, specific)) if stream.specific.is_empty() => stream.specific = specific,
            Some(_) => findings.removed(Category::Unknown, "esds descriptor"),
            None => {
                findings.removed(Category::HiddenContent, "behind the decoder configuration of esds");
                break;
            }
        }
    }
    Some(stream)
}

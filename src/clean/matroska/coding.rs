//! How a track is coded: CodecID and CodecPrivate (RFC 9559, 5.1.4.1; Matroska codec specifications), by list.
//! Never keeps a byte of a CodecPrivate that it has no form for.

use std::io::{self, Read};

use super::riff;
use super::sound::Sound;
use crate::clean::codec::{Codec, Configured, Record};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};

/// A CodecPrivate, and where it stands.
#[derive(Clone, Debug)]
pub(super) struct Private {
    pub(super) bytes: Vec<u8>,
    pub(super) at: u64,
}

/// How a track is coded, as the clean file says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Coding {
    pub(super) codec_id: &'static str,
    pub(super) private: Option<Vec<u8>>,
    pub(super) codec: Codec,
    /// Whether a WebM file may have it (WebM container guidelines).
    pub(super) is_webm: bool,
    /// Whether a sample's bits are told by the container alone.
    pub(super) needs_bit_depth: bool,
}

/// What CodecPrivate is to a codec.
enum Form {
    /// It has none.
    Without(Codec),
    /// It cannot be decoded without.
    Required(Record),
    /// Such tracks are also met without.
    Optional(Record, Codec),
    /// VP9's own list of features.
    Vp9,
    /// What else stands at the beginning of a sample, if anything.
    Leading(Codec),
}

/// The moving pictures of CodecID `id`.
pub(super) fn video(
    id: &[u8],
    private: Option<&Private>,
    size: [u32; 2],
    at: u64,
    findings: &mut Findings,
) -> Result<Coding, Refusal> {
    let (codec_id, form, is_webm) = match id {
        b"V_MPEG4/ISO/AVC" => ("V_MPEG4/ISO/AVC", Form::Required(Record::AvcC), false),
        b"V_MPEGH/ISO/HEVC" => ("V_MPEGH/ISO/HEVC", Form::Required(Record::HvcC), false),
        b"V_AV1" => ("V_AV1", Form::Optional(Record::Av1C, Codec::Av1), true),
        b"V_VP8" => ("V_VP8", Form::Without(Codec::Opaque), true),
        b"V_VP9" => ("V_VP9", Form::Vp9, true),
        // Simple, advanced simple and advanced profile differ in name only.
        b"V_MPEG4/ISO/ASP" | b"V_MPEG4/ISO/SP" | b"V_MPEG4/ISO/AP" => {
            ("V_MPEG4/ISO/ASP", Form::Optional(Record::VisualHeaders, Codec::Mpeg4Visual), false)
        }
        b"V_MJPEG" => ("V_MJPEG", Form::Without(Codec::MotionJpeg), false),
        b"V_MPEG1" => ("V_MPEG1", Form::Leading(Codec::MpegVideo), false),
        b"V_MPEG2" => ("V_MPEG2", Form::Leading(Codec::MpegVideo), false),
        b"V_MS/VFW/FOURCC" => return riff::video(private, size, at, findings),
        other => return Err(Refusal::new(Reason::NotUnderstood, refused(other), at)),
    };
    let needs_bit_depth = false;
    let (private, codec) = configured(form, private, at, findings)?;
    Ok(Coding { codec_id, private, codec, is_webm, needs_bit_depth })
}

/// The sound of CodecID `id`; `sound` takes on what CodecPrivate says of it.
pub(super) fn audio(
    id: &[u8],
    private: Option<&Private>,
    sound: &mut Sound,
    at: u64,
    findings: &mut Findings,
) -> Result<Coding, Refusal> {
    let opaque = || Form::Without(Codec::Opaque);
    let (codec_id, form, is_webm) = match id {
        b"A_OPUS" => ("A_OPUS", Form::Required(Record::OpusHead), true),
        b"A_VORBIS" => ("A_VORBIS", Form::Required(Record::VorbisHeaders), true),
        b"A_FLAC" => ("A_FLAC", Form::Required(Record::FlacBlocks), false),
        b"A_ALAC" => ("A_ALAC", Form::Required(Record::AlacConfig), false),
        b"A_AAC" => ("A_AAC", Form::Required(Record::AudioSpecificConfig), false),
        b"A_MPEG/L1" => ("A_MPEG/L1", opaque(), false),
        b"A_MPEG/L2" => ("A_MPEG/L2", opaque(), false),
        b"A_MPEG/L3" => ("A_MPEG/L3", opaque(), false),
        b"A_AC3" | b"A_AC3/BSID9" | b"A_AC3/BSID10" => ("A_AC3", opaque(), false),
        b"A_EAC3" => ("A_EAC3", opaque(), false),
        b"A_DTS" | b"A_DTS/EXPRESS" | b"A_DTS/LOSSLESS" => ("A_DTS", opaque(), false),
        b"A_TRUEHD" => ("A_TRUEHD", opaque(), false),
        b"A_PCM/INT/LIT" => ("A_PCM/INT/LIT", opaque(), false),
        b"A_PCM/INT/BIG" => ("A_PCM/INT/BIG", opaque(), false),
        b"A_PCM/FLOAT/IEEE" => ("A_PCM/FLOAT/IEEE", opaque(), false),
        b"A_MS/ACM" => return riff::audio(private, sound, at, findings),
        other => match other.strip_prefix(b"A_AAC/") {
            Some(profile) => return named_aac(profile, sound, at, findings),
            None => return Err(Refusal::new(Reason::NotUnderstood, refused(other), at)),
        },
    };
    let needs_bit_depth = codec_id.starts_with("A_PCM/");
    let (private, codec) = configured(form, private, at, findings)?;
    Ok(Coding { codec_id, private, codec, is_webm, needs_bit_depth })
}

/// Rebuilds a CodecPrivate of this form.
fn configured(
    form: Form,
    private: Option<&Private>,
    at: u64,
    findings: &mut Findings,
) -> Result<(Option<Vec<u8>>, Codec), Refusal> {
    let private = private.filter(|private| !private.bytes.is_empty());
    let mut rebuilt = |record: Record, private: &Private| {
        let Configured { codec, bytes } = record.rebuild(&private.bytes, private.at, findings)?;
        Ok((Some(bytes), codec))
    };
    match (form, private) {
        (Form::Required(record) | Form::Optional(record, _), Some(private)) => rebuilt(record, private),
        (Form::Required(_), None) => Err(Refusal::new(Reason::Damaged, "CodecPrivate", at)),
        (Form::Optional(_, codec) | Form::Without(codec), None) => Ok((None, codec)),
        (Form::Without(codec), Some(_)) => {
            findings.removed(Category::Software, "TrackEntry CodecPrivate");
            Ok((None, codec))
        }
        (Form::Vp9, None) => Ok((None, Codec::Opaque)),
        (Form::Vp9, Some(private)) => {
            let features = vp9(&private.bytes);
            if features != private.bytes {
                findings.removed(Category::Unknown, "TrackEntry CodecPrivate, in features of VP9");
            }
            Ok((Some(features).filter(|features| !features.is_empty()), Codec::Opaque))
        }
        (Form::Leading(codec), None) => Ok((None, codec)),
        (Form::Leading(codec), Some(private)) => Ok((Some(leading(codec, private, findings)?), codec)),
    }
}

/// VP9's features that are known, each once and in order (WebM container guidelines, VP9 codec feature metadata).
fn vp9(list: &[u8]) -> Vec<u8> {
    let mut known: [Option<u8>; 4] = [None; 4];
    let mut rest = list;
    while let [number, len, after @ ..] = rest {
        let Some((value, after)) = after.split_at_checked(usize::from(*len)) else { break };
        let feature = known.get_mut(usize::from(number.wrapping_sub(1)));
        if let ([value], Some(feature)) = (value, feature)
            && is_vp9_feature(*number, *value)
        {
            *feature = Some(*value);
        }
        rest = after;
    }
    let numbered = (1_u8..).zip(known);
    numbered.filter_map(|(number, value)| value.map(|value| [number, 1, value])).flatten().collect()
}

/// Profile, level, bit depth, chroma subsampling.
fn is_vp9_feature(number: u8, value: u8) -> bool {
    match number {
        1 => value <= 3,
        2 => matches!(value, 10 | 11 | 20 | 21 | 30 | 31 | 40 | 41 | 50..=52 | 60..=62),
        3 => matches!(value, 8 | 10 | 12),
        4 => value <= 3,
        _ => false,
    }
}

/// Cleans a CodecPrivate that is a part of a sample.
pub(super) fn leading(codec: Codec, private: &Private, findings: &mut Findings) -> Result<Vec<u8>, Refusal> {
    let mut reader = io::Cursor::new(private.bytes.as_slice());
    let mut plan = Plan::default();
    let len = u64::try_from(private.bytes.len()).unwrap_or(u64::MAX);
    let in_file = |refusal: Refusal| Refusal { at: refusal.at.saturating_add(private.at), ..refusal };
    codec.sample(&mut Cursor::new(&mut reader)?, len, &mut plan, findings).map_err(in_file)?;
    let mut bytes = Vec::new();
    plan.reader(&mut reader).read_to_end(&mut bytes).map_err(Refusal::unreadable)?;
    Ok(bytes)
}

/// AAC of files before CodecPrivate was agreed on: profile in the name, rates in Audio.
fn named_aac(name: &[u8], sound: &Sound, at: u64, findings: &mut Findings) -> Result<Coding, Refusal> {
    let strange = Refusal::new(Reason::NotUnderstood, "CodecID A_AAC/…", at);
    let profile = name.strip_prefix(b"MPEG2/").or(name.strip_prefix(b"MPEG4/"));
    let (kind, is_sbr) = match profile {
        Some(b"MAIN") => (1_u16, false),
        Some(b"LC") => (2, false),
        Some(b"SSR") => (3, false),
        Some(b"LTP") => (4, false),
        Some(b"LC/SBR") => (2, true),
        _ => return Err(strange),
    };
    let index = |hertz: f64| AAC_RATES.iter().zip(0_u16..).find(|(rate, _)| hertz.eq(*rate)).map(|(_, index)| index);
    let base = index(sound.hertz).ok_or(strange.clone())?;
    let channels = u16::try_from(sound.channels).ok().filter(|channels| (1..=6).contains(channels));
    // AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1), with the extension that tells of SBR behind it.
    let mut config = ((kind << 11) | (base << 7) | (channels.ok_or(strange.clone())? << 3)).to_be_bytes().to_vec();
    if is_sbr {
        let extended = index(sound.output_hertz.unwrap_or(sound.hertz * 2.0)).ok_or(strange)?;
        let [_, low] = (0x80 | (extended << 3)).to_be_bytes();
        config.extend_from_slice(&[0x56, 0xE5, low]);
    }
    let Configured { codec, bytes } = Record::AudioSpecificConfig.rebuild(&config, at, findings)?;
    Ok(Coding { codec_id: "A_AAC", private: Some(bytes), codec, is_webm: false, needs_bit_depth: false })
}

/// Sampling frequencies by their index (ISO/IEC 14496-3, table 1.18).
const AAC_RATES: [f64; 13] = [
    96_000.0, 88_200.0, 64_000.0, 48_000.0, 44_100.0, 32_000.0, 24_000.0, 22_050.0, 16_000.0, 12_000.0, 11_025.0,
    8_000.0, 7_350.0,
];

/// The name of a codec that is not on the list, for the refusal.
fn refused(id: &[u8]) -> &'static str {
    const KNOWN: &[&str] = &[
        "V_PRORES",
        "V_THEORA",
        "V_FFV1",
        "V_UNCOMPRESSED",
        "V_QUICKTIME",
        "V_REAL/RV10",
        "V_REAL/RV20",
        "V_REAL/RV30",
        "V_REAL/RV40",
        "V_MPEG4/MS/V3",
        "V_MPEGI/ISO/VVC",
        "V_AVS2",
        "V_AVS3",
        "V_DIRAC",
        "V_SNOW",
        "A_MLP",
        "A_WAVPACK4",
        "A_TTA1",
        "A_QUICKTIME",
        "A_QUICKTIME/QDM2",
        "A_QUICKTIME/QDMC",
        "A_REAL/14_4",
        "A_REAL/28_8",
        "A_REAL/COOK",
        "A_REAL/SIPR",
        "A_REAL/RALF",
        "A_REAL/ATRC",
        "A_ATRAC/AT1",
        "A_MPC",
    ];
    KNOWN.iter().find(|known| known.as_bytes() == id).copied().unwrap_or("CodecID")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn private(bytes: &[u8]) -> Private {
        Private { bytes: bytes.to_vec(), at: 0 }
    }

    #[test]
    fn a_codec_that_is_not_listed_is_named() {
        let part = |id: &[u8]| video(id, None, [64, 48], 7, &mut Findings::default()).unwrap_err().part;
        assert_eq!(part(b"V_THEORA"), "V_THEORA");
        assert_eq!(part(b"V_KVARZ"), "CodecID");
    }

    #[test]
    fn features_of_vp9_come_in_order_and_unknown_ones_go() {
        assert_eq!(vp9(&[3, 1, 8, 9, 2, b'K', b'V', 1, 1, 0, 2, 1, 99]), [1, 1, 0, 3, 1, 8]);
        assert_eq!(vp9(&[1, 1, 0, 4, 9, 1]), [1, 1, 0]);
    }

    #[test]
    fn a_private_that_a_codec_does_not_have_goes() {
        let mut findings = Findings::default();
        let coding = video(b"V_VP8", Some(&private(b"KVZ7Q20418")), [64, 48], 0, &mut findings).unwrap();
        assert_eq!(coding.private, None);
        assert!(!findings.is_empty());
    }

    #[test]
    fn aac_that_is_told_by_its_name_gets_the_configuration_of_its_rates() {
        let mut sound = Sound { hertz: 44_100.0, output_hertz: None, channels: 2, bit_depth: None };
        let coding = audio(b"A_AAC/MPEG4/LC", None, &mut sound, 0, &mut Findings::default()).unwrap();
        assert_eq!((coding.codec_id, coding.private), ("A_AAC", Some(vec![0x12, 0x10])));
        assert!(audio(b"A_AAC/MPEG4/KVARZ", None, &mut sound, 0, &mut Findings::default()).is_err());
    }
}

//! Tracks in the dress of Windows: BITMAPINFOHEADER and WAVEFORMATEX in CodecPrivate. Keeps of them the four
//! letters of the codec and its configuration; everything else is in Video and Audio, or is nothing.

use super::coding::{self, Coding, Private};
use super::sound::Sound;
use crate::clean::codec::{Codec, Configured, Record};
use crate::clean::{Category, Findings, Reason, Refusal};

/// Bytes of a BITMAPINFOHEADER.
const BITMAP_BYTES: usize = 40;
/// Bytes of a WAVEFORMATEX without what cbSize announces.
const WAVE_BYTES: usize = 18;

/// What stands behind a BITMAPINFOHEADER.
#[derive(Clone, Copy)]
enum Extra {
    /// Nothing.
    None(Codec),
    /// This record, or nothing.
    Record(Record, Codec),
    /// What else stands at the beginning of a sample, or nothing.
    Leading(Codec),
}

/// V_MS/VFW/FOURCC. It stays one even where the codec has a name of its own, since its timestamps are those of
/// decoding.
pub(super) fn video(
    private: Option<&Private>,
    [width, height]: [u32; 2],
    at: u64,
    findings: &mut Findings,
) -> Result<Coding, Refusal> {
    let Some(Private { bytes, at: private_at }) = private else {
        return Err(Refusal::new(Reason::Damaged, "CodecPrivate of V_MS/VFW/FOURCC", at));
    };
    let Some((header, extra)) = bytes.split_at_checked(BITMAP_BYTES) else {
        return Err(Refusal::new(Reason::Damaged, "BITMAPINFOHEADER", *private_at));
    };
    let fourcc = header.get(16..20).unwrap_or_default();
    let visual = Extra::Record(Record::VisualHeaders, Codec::Mpeg4Visual);
    let (fourcc, extra_is) = match fourcc {
        b"XVID" | b"xvid" => (b"XVID", visual),
        b"DIVX" | b"divx" => (b"DIVX", visual),
        b"DX50" | b"dx50" => (b"DX50", visual),
        b"FMP4" | b"fmp4" => (b"FMP4", visual),
        b"MP4V" | b"mp4v" => (b"MP4V", visual),
        b"H264" | b"h264" | b"X264" | b"x264" | b"AVC1" | b"avc1" => (b"H264", Extra::Leading(Codec::AvcAnnexB)),
        b"HEVC" | b"hevc" | b"H265" | b"h265" => (b"HEVC", Extra::Leading(Codec::HevcAnnexB)),
        b"MPG1" | b"mpg1" => (b"MPG1", Extra::Leading(Codec::MpegVideo)),
        b"MPG2" | b"mpg2" => (b"MPG2", Extra::Leading(Codec::MpegVideo)),
        b"MJPG" | b"mjpg" => (b"MJPG", Extra::None(Codec::MotionJpeg)),
        b"VP80" => (b"VP80", Extra::None(Codec::Opaque)),
        b"VP90" => (b"VP90", Extra::None(Codec::Opaque)),
        _ => return Err(Refusal::new(Reason::NotUnderstood, "biCompression", *private_at)),
    };
    let extra_at = private_at.saturating_add(u64::try_from(BITMAP_BYTES).unwrap_or(0));
    let (extra, codec) = match extra_is {
        Extra::Record(_, codec) | Extra::Leading(codec) if extra.is_empty() => (Vec::new(), codec),
        Extra::Record(record, _) => {
            let Configured { codec, bytes } = record.rebuild(extra, extra_at, findings)?;
            (bytes, codec)
        }
        Extra::Leading(codec) => {
            // An `avcC` here would tell that NAL units have lengths, and nobody agrees on it.
            if !extra.starts_with(&[0, 0, 1]) && !extra.starts_with(&[0, 0, 0, 1]) {
                return Err(Refusal::new(Reason::NotUnderstood, "behind BITMAPINFOHEADER", extra_at));
            }
            let private = Private { bytes: extra.to_vec(), at: extra_at };
            (coding::leading(codec, &private, findings)?, codec)
        }
        Extra::None(codec) => {
            if !extra.is_empty() {
                findings.removed(Category::Unknown, "TrackEntry CodecPrivate, behind BITMAPINFOHEADER");
            }
            (Vec::new(), codec)
        }
    };
    let private = [bitmap(*fourcc, width, height, extra.len()), extra].concat();
    if private.get(..BITMAP_BYTES) != Some(header) {
        findings.removed(Category::Software, "TrackEntry CodecPrivate, in BITMAPINFOHEADER");
    }
    Ok(Coding { codec_id: "V_MS/VFW/FOURCC", private: Some(private), codec, is_webm: false, needs_bit_depth: false })
}

/// A BITMAPINFOHEADER that says nothing of the size of a frame in bytes, of resolution and of colours.
fn bitmap(fourcc: [u8; 4], width: u32, height: u32, extra: usize) -> Vec<u8> {
    let size = u32::try_from(BITMAP_BYTES.saturating_add(extra)).unwrap_or(u32::MAX);
    let planes_and_bits = [1, 0, 24, 0];
    let [size, width, height] = [size, width, height].map(u32::to_le_bytes);
    [size.as_slice(), &width, &height, &planes_and_bits, &fourcc, &[0; 20]].concat()
}

/// A_MS/ACM. Where Matroska has a name for the codec, that takes its place.
pub(super) fn audio(
    private: Option<&Private>,
    sound: &mut Sound,
    at: u64,
    findings: &mut Findings,
) -> Result<Coding, Refusal> {
    let Some(Private { bytes, at: private_at }) = private else {
        return Err(Refusal::new(Reason::Damaged, "CodecPrivate of A_MS/ACM", at));
    };
    let Some(wave) = Wave::parse(bytes) else {
        return Err(Refusal::new(Reason::Damaged, "WAVEFORMATEX", *private_at));
    };
    let bare = |codec_id, needs_bit_depth| Coding {
        codec_id,
        private: None,
        codec: Codec::Opaque,
        is_webm: false,
        needs_bit_depth,
    };
    // RFC 2361.
    let coding = match (wave.format, wave.bits) {
        (0x0001, 8 | 16 | 24 | 32) => bare("A_PCM/INT/LIT", true),
        (0x0003, 32 | 64) => bare("A_PCM/FLOAT/IEEE", true),
        (0x0050, _) => bare("A_MPEG/L2", false),
        (0x0055, _) => bare("A_MPEG/L3", false),
        (0x2000, _) => bare("A_AC3", false),
        (0x2001, _) => bare("A_DTS", false),
        (0x00FF, _) => {
            let extra_at = private_at.saturating_add(u64::try_from(WAVE_BYTES).unwrap_or(0));
            let Configured { codec, bytes } = Record::AudioSpecificConfig.rebuild(wave.extra, extra_at, findings)?;
            Coding { private: Some(bytes), codec, ..bare("A_AAC", false) }
        }
        // A-law and μ-law have no other name.
        (format @ (0x0006 | 0x0007), _) => Coding { private: Some(law(format, &wave)), ..bare("A_MS/ACM", false) },
        _ => return Err(Refusal::new(Reason::NotUnderstood, "wFormatTag", *private_at)),
    };
    if coding.private.as_ref() != Some(bytes) {
        findings.removed(Category::Software, "TrackEntry CodecPrivate, in WAVEFORMATEX");
    }
    if coding.needs_bit_depth {
        sound.bit_depth = Some(wave.bits.into());
    }
    (sound.hertz, sound.channels) = (f64::from(wave.hertz), wave.channels.into());
    Ok(coding)
}

/// What matters of a WAVEFORMATEX.
struct Wave<'a> {
    format: u16,
    channels: u16,
    hertz: u32,
    bits: u16,
    extra: &'a [u8],
}

impl<'a> Wave<'a> {
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (fixed, rest) = bytes.split_at_checked(16)?;
        let word = |at: usize| {
            fixed.get(at..).and_then(|rest| rest.first_chunk()).map_or(0, |&pair: &[u8; 2]| u16::from_le_bytes(pair))
        };
        let hertz = u32::from(word(4)) | (u32::from(word(6)) << 16);
        let extra = rest.get(2..).unwrap_or_default();
        // WAVEFORMATEXTENSIBLE: the first two bytes of SubFormat are what wFormatTag would be.
        let format = match (word(0), extra.get(6..8)) {
            (0xFFFE, Some(&[low, high])) => u16::from_le_bytes([low, high]),
            (format, _) => format,
        };
        let wave = Self { format, channels: word(2), hertz, bits: word(14), extra };
        (wave.channels > 0 && wave.hertz > 0).then_some(wave)
    }
}

/// WAVEFORMATEX of a byte a sample.
fn law(format: u16, wave: &Wave<'_>) -> Vec<u8> {
    let bytes_a_second = wave.hertz.saturating_mul(wave.channels.into());
    [
        format.to_le_bytes().as_slice(),
        &wave.channels.to_le_bytes(),
        &wave.hertz.to_le_bytes(),
        &bytes_a_second.to_le_bytes(),
        &wave.channels.to_le_bytes(),
        &[8, 0, 0, 0],
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bitmap_header_keeps_its_compression_only() {
        let dirty = [[b'K'; 16].as_slice(), b"MJPG", &[b'K'; 20], b"KVZ7Q20418"].concat();
        let private = Private { bytes: dirty, at: 0 };
        let coding = video(Some(&private), [64, 48], 0, &mut Findings::default()).unwrap();
        let private = coding.private.unwrap();
        assert_eq!(private, [&[40, 0, 0, 0, 64, 0, 0, 0, 48, 0, 0, 0, 1, 0, 24, 0][..], b"MJPG", &[0; 20]].concat());
        let again = Private { bytes: private.clone(), at: 0 };
        let mut findings = Findings::default();
        assert_eq!(video(Some(&again), [64, 48], 0, &mut findings).unwrap().private, Some(private));
        assert!(findings.is_empty());
    }

    #[test]
    fn sound_gets_the_name_that_matroska_has_for_it() {
        let mut sound = Sound { hertz: 8_000.0, output_hertz: None, channels: 1, bit_depth: None };
        let wave = [0x55, 0, 2, 0, 0x44, 0xAC, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0].to_vec();
        let private = Private { bytes: wave, at: 0 };
        let coding = audio(Some(&private), &mut sound, 0, &mut Findings::default()).unwrap();
        assert_eq!((coding.codec_id, coding.private), ("A_MPEG/L3", None));
        assert_eq!((sound.hertz, sound.channels), (44_100.0, 2));
    }
}

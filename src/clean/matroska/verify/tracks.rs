//! Accounts for TrackEntries: each field in its place and its range, and none that says nothing.

use super::fields::Fields;
use crate::clean::codec::{Codec, Record};
use crate::clean::produced::Produced;
use crate::limits;

/// What is to be known of a track when its blocks come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Track {
    pub(super) is_video: bool,
    pub(super) is_webm: bool,
    pub(super) has_alpha: bool,
    pub(super) codec: Codec,
    /// Nanoseconds of a frame; 0 where that is not told.
    pub(super) default_duration: u64,
}

/// The tracks in the body of Tracks.
pub(super) fn read(body: &[u8]) -> Option<Vec<Track>> {
    let mut entries = Fields::new(body);
    let mut tracks = Vec::new();
    while !entries.is_at_end() {
        let number = u64::try_from(tracks.len()).ok()?.checked_add(1)?;
        tracks.push(entry(entries.optional(&[0xAE])??, number)?);
    }
    Some(tracks)
}

/// TrackNumber, TrackUID, TrackType, Language, DefaultDuration, MaxBlockAdditionID, CodecID, CodecPrivate, CodecDelay,
/// SeekPreRoll, and Video or Audio.
fn entry(body: &[u8], number: u64) -> Option<Track> {
    let mut fields = Fields::new(body);
    let are_numbered = fields.uint(&[0xD7])?? == number && fields.uint(&[0x73, 0xC5])?? == number;
    let kind = fields.uint(&[0x83])??;
    if !are_numbered || fields.optional(&[0x22, 0xB5, 0x9C])?? != b"und" {
        return None;
    }
    let default_duration = fields.told(&[0x23, 0xE3, 0x83], limits::FRAME_NANOSECONDS_MAX)?;
    let additions = fields.told(&[0x55, 0xEE], 1)?;
    let id = fields.optional(&[0x86])??;
    let private = fields.optional(&[0x63, 0xA2])?;
    fields.told(&[0x56, 0xAA], limits::DELAY_NANOSECONDS_MAX)?;
    fields.told(&[0x56, 0xBB], limits::DELAY_NANOSECONDS_MAX)?;
    let is_webm = matches!(id, b"V_VP8" | b"V_VP9" | b"V_AV1" | b"A_OPUS" | b"A_VORBIS");
    let (codec, has_alpha) = match kind {
        1 => {
            let seen = video(fields.optional(&[0xE0])??)?;
            if seen.has_alpha && !matches!(id, b"V_VP8" | b"V_VP9") {
                return None;
            }
            (pictures(id, private, seen.size)?, seen.has_alpha)
        }
        2 => {
            let heard = audio(fields.optional(&[0xE1])??)?;
            if heard.bits.is_some() != id.starts_with(b"A_PCM/") {
                return None;
            }
            (sound(id, private, &heard)?, false)
        }
        _ => return None,
    };
    let is_whole = fields.is_at_end() && (additions == 1) == has_alpha;
    is_whole.then_some(Track { is_video: kind == 1, is_webm, has_alpha, codec, default_duration })
}

/// How pictures are coded, by CodecID and CodecPrivate.
fn pictures(id: &[u8], private: Option<&[u8]>, size: [u64; 2]) -> Option<Codec> {
    match (id, private) {
        (b"V_MPEG4/ISO/AVC", Some(record)) => Record::AvcC.verify(record),
        (b"V_MPEGH/ISO/HEVC", Some(record)) => Record::HvcC.verify(record),
        (b"V_AV1", Some(record)) => Record::Av1C.verify(record),
        (b"V_AV1", None) => Some(Codec::Av1),
        (b"V_MPEG4/ISO/ASP", Some(record)) => Record::VisualHeaders.verify(record),
        (b"V_MPEG4/ISO/ASP", None) => Some(Codec::Mpeg4Visual),
        (b"V_MJPEG", None) => Some(Codec::MotionJpeg),
        (b"V_VP8" | b"V_VP9", None) => Some(Codec::Opaque),
        (b"V_VP9", Some(features)) => are_vp9_features(features).then_some(Codec::Opaque),
        (b"V_MPEG1" | b"V_MPEG2", None) => Some(Codec::MpegVideo),
        (b"V_MPEG1" | b"V_MPEG2", Some(header)) => is_leading(Codec::MpegVideo, header).then_some(Codec::MpegVideo),
        (b"V_MS/VFW/FOURCC", Some(header)) => bitmap(header, size),
        _ => None,
    }
}

/// Number, length 1, value, by rising numbers.
fn are_vp9_features(features: &[u8]) -> bool {
    let (features, rest) = features.as_chunks::<3>();
    let are_known = features.iter().all(|feature| {
        matches!(
            feature,
            [1, 1, 0..=3]
                | [2, 1, 10 | 11 | 20 | 21 | 30 | 31 | 40 | 41 | 50 | 51 | 52 | 60 | 61 | 62]
                | [3, 1, 8 | 10 | 12]
                | [4, 1, 0..=3]
        )
    });
    !features.is_empty() && rest.is_empty() && are_known && features.is_sorted_by(|a, b| a.first() < b.first())
}

/// BITMAPINFOHEADER, and behind it what MPEG-4 Visual has of configuration.
fn bitmap(header: &[u8], [width, height]: [u64; 2]) -> Option<Codec> {
    let le32 = |value: u64| u32::try_from(value).ok().map(u32::to_le_bytes);
    let (fixed, extra) = header.split_at_checked(40)?;
    let fourcc = fixed.get(16..20)?;
    let size = le32(u64::try_from(header.len()).ok()?)?;
    let expected = [size.as_slice(), &le32(width)?, &le32(height)?, &[1, 0, 24, 0], fourcc, &[0; 20]].concat();
    if fixed != expected {
        return None;
    }
    match (fourcc, extra) {
        (b"XVID" | b"DIVX" | b"DX50" | b"FMP4" | b"MP4V", []) => Some(Codec::Mpeg4Visual),
        (b"XVID" | b"DIVX" | b"DX50" | b"FMP4" | b"MP4V", extra) => Record::VisualHeaders.verify(extra),
        (b"H264", extra) => is_leading(Codec::AvcAnnexB, extra).then_some(Codec::AvcAnnexB),
        (b"HEVC", extra) => is_leading(Codec::HevcAnnexB, extra).then_some(Codec::HevcAnnexB),
        (b"MPG1" | b"MPG2", extra) => is_leading(Codec::MpegVideo, extra).then_some(Codec::MpegVideo),
        (b"MJPG", []) => Some(Codec::MotionJpeg),
        (b"VP80" | b"VP90", []) => Some(Codec::Opaque),
        _ => None,
    }
}

/// Whether `bytes` are nothing, or could stand at the beginning of a sample.
fn is_leading(codec: Codec, bytes: &[u8]) -> bool {
    let mut reader = bytes;
    let mut produced = Produced::new(&mut reader);
    let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    bytes.is_empty() || (codec.verify(&mut produced, len).is_ok() && produced.end("CodecPrivate").is_ok())
}

/// How sound is coded, by CodecID and CodecPrivate.
fn sound(id: &[u8], private: Option<&[u8]>, heard: &Audio) -> Option<Codec> {
    match (id, private) {
        (b"A_OPUS", Some(record)) => Record::OpusHead.verify(record),
        (b"A_VORBIS", Some(record)) => Record::VorbisHeaders.verify(record),
        (b"A_FLAC", Some(record)) => Record::FlacBlocks.verify(record),
        (b"A_ALAC", Some(record)) => Record::AlacConfig.verify(record),
        (b"A_AAC", Some(record)) => Record::AudioSpecificConfig.verify(record),
        (b"A_MPEG/L1" | b"A_MPEG/L2" | b"A_MPEG/L3" | b"A_AC3" | b"A_EAC3" | b"A_DTS" | b"A_TRUEHD", None)
        | (b"A_PCM/INT/LIT" | b"A_PCM/INT/BIG" | b"A_PCM/FLOAT/IEEE", None) => Some(Codec::Opaque),
        (b"A_MS/ACM", Some(header)) => is_law(header, heard).then_some(Codec::Opaque),
        _ => None,
    }
}

/// WAVEFORMATEX of A-law or μ-law: a byte a sample, as Audio says.
fn is_law(header: &[u8], heard: &Audio) -> bool {
    let (Ok(channels), Some((&format, rest))) = (u8::try_from(heard.channels), header.split_first_chunk::<2>()) else {
        return false;
    };
    let Some((&[c0, c1], rest)) = rest.split_first_chunk::<2>() else { return false };
    let Some((&hertz, rest)) = rest.split_first_chunk::<4>() else { return false };
    let hertz = u32::from_le_bytes(hertz);
    let a_second = hertz.saturating_mul(channels.into()).to_le_bytes();
    matches!(format, [6 | 7, 0])
        && [c0, c1] == [channels, 0]
        && heard.hertz.eq(&f64::from(hertz))
        && rest == [a_second.as_slice(), &[channels, 0, 8, 0, 0, 0]].concat()
}

/// What Video says that matters elsewhere.
struct Video {
    size: [u64; 2],
    has_alpha: bool,
}

/// Sizes, crops, display, interlacing, stereo, alpha, colour, projection.
fn video(body: &[u8]) -> Option<Video> {
    let mut fields = Fields::new(body);
    let side = u64::from(limits::PICTURE_SIDE_MAX);
    let [width, height] = [fields.uint(&[0xB0])??, fields.uint(&[0xBA])??];
    if !(1..=side).contains(&width) || !(1..=side).contains(&height) {
        return None;
    }
    let [bottom, top] = [fields.told(&[0x54, 0xAA], side)?, fields.told(&[0x54, 0xBB], side)?];
    let [left, right] = [fields.told(&[0x54, 0xCC], side)?, fields.told(&[0x54, 0xDD], side)?];
    let shown = [width.checked_sub(left)?.checked_sub(right)?, height.checked_sub(top)?.checked_sub(bottom)?];
    let display = [fields.told(&[0x54, 0xB0], side)?, fields.told(&[0x54, 0xBA], side)?];
    let is_display = match (display, fields.told(&[0x54, 0xB2], 4)?) {
        ([0, 0], 0 | 4) => true,
        (display, 0) => !display.contains(&0) && display != shown,
        // Without a common divisor.
        ([w, h], 3) => w > 0 && h > 0 && !(2..=w.min(h)).any(|by| w.is_multiple_of(by) && h.is_multiple_of(by)),
        _ => false,
    };
    let interlaced = fields.told(&[0x9A], 2)?;
    let is_field_order = match fields.uint(&[0x9D])? {
        None => true,
        Some(order) => interlaced == 1 && matches!(order, 0 | 1 | 6 | 9 | 14),
    };
    fields.told(&[0x53, 0xB8], 14)?;
    let has_alpha = fields.told(&[0x53, 0xC0], 1)? == 1;
    let is_colour = fields.optional(&[0x55, 0xB0])?.is_none_or(|body| colour(body).is_some());
    let is_projection = fields.optional(&[0x76, 0x70])?.is_none_or(|body| projection(body).is_some());
    let is_whole = fields.is_at_end() && !shown.contains(&0) && is_display && is_field_order;
    (is_whole && is_colour && is_projection).then_some(Video { size: [width, height], has_alpha })
}

/// Code points that say something, and the numbers of a screen.
fn colour(body: &[u8]) -> Option<()> {
    let mut fields = Fields::new(body);
    // For matrix, transfer and primaries 2 says nothing; for the others 0.
    let point = |fields: &mut Fields<'_>, last: u8, max: u64| match fields.uint(&[0x55, last])? {
        None => Some(()),
        Some(value) => (value <= max && value != 2).then_some(()),
    };
    point(&mut fields, 0xB1, 14)?;
    fields.told(&[0x55, 0xB7], 2)?;
    fields.told(&[0x55, 0xB8], 2)?;
    fields.told(&[0x55, 0xB9], 3)?;
    point(&mut fields, 0xBA, 18)?;
    point(&mut fields, 0xBB, 22)?;
    fields.told(&[0x55, 0xBC], 65_535)?;
    fields.told(&[0x55, 0xBD], 65_535)?;
    if let Some(screen) = fields.optional(&[0x55, 0xD0])? {
        let mut numbers = Fields::new(screen);
        for last in 0xD1..=0xDA_u8 {
            let (steps, max) = if last <= 0xD8 { (50_000.0, 1.0) } else { (10_000.0, 65_535.0) };
            let number = numbers.float(&[0x55, last])??;
            if !is_in_steps(number, steps) || !(0.0..=max).contains(&number) || number.is_sign_negative() {
                return None;
            }
        }
        if !numbers.is_at_end() {
            return None;
        }
    }
    (fields.is_at_end() && !body.is_empty()).then_some(())
}

/// Whether `number` is the nearest there is to a whole number of steps.
fn is_in_steps(number: f64, steps: f64) -> bool {
    ((number * steps).round() / steps).to_bits() == number.to_bits()
}

/// Kind, bounds or layout, and how it is turned.
fn projection(body: &[u8]) -> Option<()> {
    let mut fields = Fields::new(body);
    let kind = fields.uint(&[0x76, 0x71])??;
    let private = fields.optional(&[0x76, 0x72])?.map(|bytes| bytes.split_first_chunk::<4>());
    let is_private = match (kind, private) {
        (0 | 1, None) => true,
        (1, Some(Some(([0, 0, 0, 0], bounds)))) => bounds.len() == 16 && *bounds != [0; 16],
        (2, Some(Some(([0, 0, 0, 0], numbers)))) => matches!(numbers, [0, 0, 0, _, 0, 0, _, _]),
        _ => false,
    };
    let mut is_turned = false;
    for last in [0x73, 0x74, 0x75] {
        if let Some(angle) = fields.float(&[0x76, last])? {
            is_turned = true;
            if !is_in_steps(angle, 100.0) || !(-360.0..=360.0).contains(&angle) || angle == 0.0 {
                return None;
            }
        }
    }
    (fields.is_at_end() && is_private && (kind > 0 || is_turned)).then_some(())
}

/// What Audio says that matters elsewhere.
struct Audio {
    hertz: f64,
    channels: u64,
    bits: Option<u64>,
}

/// SamplingFrequency, OutputSamplingFrequency, Channels, BitDepth.
fn audio(body: &[u8]) -> Option<Audio> {
    let mut fields = Fields::new(body);
    let is_hertz = |hertz: f64| (1.0..=limits::AUDIO_HERTZ_MAX).contains(&hertz) && is_in_steps(hertz, 1.0);
    let hertz = fields.float(&[0xB5])??;
    let is_output = fields.float(&[0x78, 0xB5])?.is_none_or(|output| is_hertz(output) && output.ne(&hertz));
    let channels = fields.uint(&[0x9F])??;
    let bits = fields.uint(&[0x62, 0x64])?;
    let are_known = is_hertz(hertz)
        && is_output
        && (1..=limits::MATROSKA_CHANNELS_MAX).contains(&channels)
        && matches!(bits, None | Some(8 | 16 | 24 | 32 | 64));
    (fields.is_at_end() && are_known).then_some(Audio { hertz, channels, bits })
}

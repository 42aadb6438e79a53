//! Reads produced samples and configuration records by grammars of their own, and accounts for every byte but those
//! of coded pictures and sound. Shares with the cleaner only the reader of bits; repairs nothing.

mod audio;
mod avc;
mod coded;
mod config;
mod fields;
mod hevc;
mod obu;
mod sei;
mod startcode;
mod units;
mod vorbis;

pub(crate) use self::vorbis::VorbisStream;
use super::{Codec, Record};
use crate::clean::Unaccounted;
use crate::clean::produced::Produced;

/// Accounts for a sample of `len` bytes.
pub(super) fn sample(codec: Codec, produced: &mut Produced<'_>, len: u64) -> Result<(), Unaccounted> {
    match codec {
        Codec::Avc { .. } | Codec::AvcTimed { .. } | Codec::Hevc { .. } | Codec::HevcTimed { .. } => {
            units::length_prefixed(codec, produced, len)
        }
        Codec::AvcAnnexB | Codec::HevcAnnexB | Codec::Mpeg4Visual | Codec::MpegVideo => {
            startcode::sample(codec, produced, len)
        }
        Codec::Av1 => obu::sample(produced, len),
        Codec::MotionJpeg => coded::motion_jpeg(produced, len),
        Codec::ProRes => coded::prores(produced, len),
        Codec::Aac => audio::aac_frame(produced, len),
        Codec::Opus { streams } => audio::opus_packet(streams, produced, len),
        Codec::Opaque => produced.skip(len),
    }
}

/// How samples are coded, if `body` is a record that [`Record::rebuild`] makes.
pub(super) fn record(record: Record, body: &[u8]) -> Option<Codec> {
    match record {
        Record::AvcC => avc::record(body),
        Record::HvcC => hevc::record(body),
        Record::Av1C => obu::record(body).then_some(Codec::Av1),
        Record::Esds => config::elementary_stream(body),
        Record::AudioSpecificConfig => audio::specific_config(body),
        Record::VisualHeaders => startcode::visual_headers(body).then_some(Codec::Mpeg4Visual),
        Record::VorbisHeaders => vorbis::headers(body).then_some(Codec::Opaque),
        Record::VpcC => config::vp(body).then_some(Codec::Opaque),
        Record::DOps => config::opus(body.strip_prefix(&[0])?, 48_000u32.to_be_bytes()),
        Record::OpusHead => config::opus(body.strip_prefix(b"OpusHead\x01")?, 48_000u32.to_le_bytes()),
        Record::DfLa => config::stream_info(body.strip_prefix(&[0; 4])?).then_some(Codec::Opaque),
        Record::FlacBlocks => config::stream_info(body.strip_prefix(b"fLaC")?).then_some(Codec::Opaque),
        Record::Alac => config::alac(body.strip_prefix(&[0; 4])?).then_some(Codec::Opaque),
        Record::AlacConfig => config::alac(body).then_some(Codec::Opaque),
        Record::Dac3 => config::ac3(body).then_some(Codec::Opaque),
        Record::Dec3 => config::enhanced_ac3(body).then_some(Codec::Opaque),
        Record::Damr => matches!(body, [0, 0, 0, 0, 0, _, _, _, 1..=255]).then_some(Codec::Opaque),
        Record::D263 => matches!(body, [0, 0, 0, 0, 0, _, _]).then_some(Codec::Opaque),
    }
}

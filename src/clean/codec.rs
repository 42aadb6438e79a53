//! Coded pictures and sound, as samples of a container: what in them is not picture or sound is overwritten in
//! place, so that no length changes; configuration records are rebuilt. Knows nothing of the container.

mod aac;
mod alac;
mod asc;
mod av1;
mod avc;
pub(crate) mod bilevel;
mod bits;
mod descriptor;
mod dolby;
mod flac;
mod hevc;
pub(crate) mod jpeg2000;
pub(crate) mod lzw;
mod motion_jpeg;
mod mpeg_video;
mod nal;
pub(crate) mod opus;
mod prores;
mod sei;
#[cfg(test)]
mod tests;
mod threegpp;
mod verify;
mod visual;
pub(crate) mod vorbis;
mod vp;
mod xiph;
pub(crate) mod zlib;

use super::cursor::Cursor;
use super::produced::Produced;
use super::{Findings, Plan, Refusal, Unaccounted};
pub(crate) use avc::Timing as AvcTiming;
pub(crate) use hevc::Timing as HevcTiming;
pub(crate) use verify::VorbisStream;

/// How the samples of a track are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    /// H.264 (ISO/IEC 14496-10), each NAL unit behind its length in this many bytes (ISO/IEC 14496-15).
    Avc { length_bytes: u8 },
    /// H.265 (ISO/IEC 23008-2), likewise.
    Hevc { length_bytes: u8 },
    /// H.264 whose parameter sets say how SEI messages of timing are to be read.
    AvcTimed { length_bytes: u8, timing: AvcTiming },
    /// H.265 likewise.
    HevcTimed { length_bytes: u8, timing: HevcTiming },
    /// H.264 between start codes (annex B), as in AVI.
    AvcAnnexB,
    /// H.265 between start codes, as in AVI.
    HevcAnnexB,
    /// AV1 in low-overhead format (AV1 5.2).
    Av1,
    /// MPEG-4 Visual (ISO/IEC 14496-2).
    Mpeg4Visual,
    /// MPEG-1 and MPEG-2 video (ISO/IEC 11172-2, 13818-2).
    MpegVideo,
    /// A JPEG a sample, or two: one a field.
    MotionJpeg,
    /// ProRes (SMPTE RDD 36).
    ProRes,
    /// AAC (ISO/IEC 14496-3) without framing.
    Aac,
    /// Opus (RFC 6716), so many streams in each packet.
    Opus { streams: u8 },
    /// Kept as it is: nothing but coded content is known to have room in it.
    Opaque,
}

/// The forms in which a codec's configuration stands in a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Record {
    /// `avcC` body; CodecPrivate of V_MPEG4/ISO/AVC.
    AvcC,
    /// `hvcC` body; CodecPrivate of V_MPEGH/ISO/HEVC.
    HvcC,
    /// `av1C` body; CodecPrivate of V_AV1.
    Av1C,
    /// `vpcC` body, with version and flags.
    VpcC,
    /// `esds` body, with version and flags: MPEG-4 Visual, AAC, MP3.
    Esds,
    /// AudioSpecificConfig: CodecPrivate of A_AAC.
    AudioSpecificConfig,
    /// Visual object sequence to VOL: CodecPrivate of V_MPEG4/ISO/ASP, MPEG-4 Visual in AVI.
    VisualHeaders,
    /// `dOps` body.
    DOps,
    /// OpusHead: CodecPrivate of A_OPUS, first packet in Ogg.
    OpusHead,
    /// `dfLa` body, with version and flags.
    DfLa,
    /// `fLaC` and metadata blocks: CodecPrivate of A_FLAC.
    FlacBlocks,
    /// The three headers in Xiph lacing: CodecPrivate of A_VORBIS.
    VorbisHeaders,
    /// `alac` body, with version and flags.
    Alac,
    /// ALACSpecificConfig alone: CodecPrivate of A_ALAC.
    AlacConfig,
    /// `dac3` body.
    Dac3,
    /// `dec3` body.
    Dec3,
    /// `damr` body.
    Damr,
    /// `d263` body.
    D263,
}

/// What a configuration record becomes.
#[derive(Debug)]
pub(crate) struct Configured {
    /// How samples are coded.
    pub(crate) codec: Codec,
    /// The record, rebuilt.
    pub(crate) bytes: Vec<u8>,
}

impl Record {
    /// Rebuilds a record, which stands at offset `at` of the file.
    pub(crate) fn rebuild(self, body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
        match self {
            Self::AvcC => avc::record(body, at, findings),
            Self::HvcC => hevc::record(body, at, findings),
            Self::Av1C => av1::record(body, at, findings),
            Self::VpcC => vp::record(body, at, findings),
            Self::Esds => descriptor::record(body, at, findings),
            Self::AudioSpecificConfig => asc::record(body, at, findings),
            Self::VisualHeaders => visual::record(body, at, findings),
            Self::DOps => xiph::opus_box(body, at, findings),
            Self::OpusHead => xiph::opus_head(body, at, findings),
            Self::DfLa => flac::boxed(body, at, findings),
            Self::FlacBlocks => flac::blocks(body, at, findings),
            Self::VorbisHeaders => xiph::vorbis_record(body, at, findings),
            Self::Alac => alac::boxed(body, at, findings),
            Self::AlacConfig => alac::config(body, at, findings),
            Self::Dac3 => dolby::ac3(body, at, findings),
            Self::Dec3 => dolby::enhanced(body, at, findings),
            Self::Damr => threegpp::amr(body, at, findings),
            Self::D263 => threegpp::h263(body, at, findings),
        }
    }

    /// Whether `body` is a record that [`Record::rebuild`] makes, read by a grammar of its own; how samples are coded.
    pub(crate) fn verify(self, body: &[u8]) -> Option<Codec> {
        verify::record(self, body)
    }
}

impl Codec {
    /// Plans the sample of `len` bytes that begins where `cursor` stands, and stops behind it. Appends just `len` bytes.
    pub(crate) fn sample(
        self,
        cursor: &mut Cursor<'_>,
        len: u64,
        plan: &mut Plan,
        findings: &mut Findings,
    ) -> Result<(), Refusal> {
        match self {
            Self::Avc { .. } | Self::AvcTimed { .. } | Self::Hevc { .. } | Self::HevcTimed { .. } => {
                let (syntax, length_bytes) = self.units();
                nal::length_prefixed(syntax, length_bytes, cursor, len, plan, findings)
            }
            Self::AvcAnnexB | Self::HevcAnnexB => nal::byte_stream(self.units().0, cursor, len, plan, findings),
            Self::Av1 => av1::sample(cursor, len, plan, findings),
            Self::Mpeg4Visual => visual::sample(cursor, len, plan, findings),
            Self::MpegVideo => mpeg_video::sample(cursor, len, plan, findings),
            Self::MotionJpeg => motion_jpeg::sample(cursor, len, plan, findings),
            Self::ProRes => prores::sample(cursor, len, plan, findings),
            Self::Aac => aac::sample(cursor, len, plan, findings),
            Self::Opus { streams } => xiph::opus_sample(streams, cursor, len, plan, findings),
            Self::Opaque => {
                let at = cursor.at();
                cursor.skip(len, "sample")?;
                plan.copy(at, len)
            }
        }
    }

    /// Accounts for a sample of `len` bytes.
    pub(crate) fn verify(self, produced: &mut Produced<'_>, len: u64) -> Result<(), Unaccounted> {
        verify::sample(self, produced, len)
    }

    /// The syntax of NAL units, and the bytes of the length in front of each; 0 where there are start codes.
    fn units(self) -> (nal::Syntax, u8) {
        match self {
            Self::Avc { length_bytes } => (nal::Syntax::Avc(AvcTiming::default()), length_bytes),
            Self::AvcTimed { length_bytes, timing } => (nal::Syntax::Avc(timing), length_bytes),
            Self::Hevc { length_bytes } => (nal::Syntax::Hevc(HevcTiming::default()), length_bytes),
            Self::HevcTimed { length_bytes, timing } => (nal::Syntax::Hevc(timing), length_bytes),
            Self::HevcAnnexB => (nal::Syntax::Hevc(HevcTiming::default()), 0),
            _ => (nal::Syntax::Avc(AvcTiming::default()), 0),
        }
    }
}

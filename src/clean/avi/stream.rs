//! One stream of an AVI: how it is coded, when it plays, and the headers that say so, always the same for the same
//! numbers. Knows no chunk of `movi`.

use super::frames::Framing;
use crate::clean::codec::{Codec, Record};
use crate::clean::wave::WaveFormat;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// A stream that is kept.
#[derive(Debug)]
pub(super) struct Stream {
    /// Its number in the clean file.
    pub(super) number: usize,
    pub(super) coded: Coded,
    /// A unit lasts `scale` / `rate` seconds.
    pub(super) scale: u32,
    pub(super) rate: u32,
    /// Units that it starts late.
    pub(super) start: u32,
    /// dwFrameAspectRatio of `vprp`: height, width.
    pub(super) aspect: Option<[u16; 2]>,
}

/// What it carries.
#[derive(Debug)]
pub(super) enum Coded {
    /// Pictures.
    Video { kind: [u8; 4], width: u32, height: u32, codec: Codec, extra: Vec<u8> },
    /// Pictures that are not compressed, each of so many bytes; a negative height is from the top.
    Raw { kind: [u8; 4], width: u32, height: i32, bits: u16, len: u32 },
    /// Sound in blocks of one size.
    Samples(WaveFormat),
    /// Sound in frames that say how long they are, which may be cut anywhere.
    Frames { framing: Framing, format: Vec<u8>, sample_size: u32 },
    /// AAC, a frame a chunk.
    Aac { codec: Codec, format: Vec<u8> },
}

/// What `strh` and `strf` say, before it is understood.
pub(super) struct Source<'a> {
    pub(super) number: usize,
    pub(super) strh: &'a [u8],
    pub(super) strf: &'a [u8],
    pub(super) vprp: Option<&'a [u8]>,
    /// Offset for refusals.
    pub(super) at: u64,
}

impl Stream {
    /// Reads a stream of pictures or sound.
    pub(super) fn read(source: &Source<'_>, micros: u32, findings: &mut Findings) -> Result<Self, Refusal> {
        let Some(kind) = source.strh.first_chunk::<4>() else {
            return Err(Refusal::new(Reason::Damaged, "strh", source.at));
        };
        let field = |at: usize| {
            let bytes = source.strh.get(at..).and_then(|rest| rest.first_chunk::<4>());
            bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
        };
        let handler = source.strh.get(4..8).and_then(|bytes| <[u8; 4]>::try_from(bytes).ok()).unwrap_or_default();
        let (mut scale, mut rate) = (field(20), field(24));
        let (coded, aspect) = if kind == b"vids" {
            if scale == 0 || rate == 0 {
                (scale, rate) = if micros == 0 { (1, 25) } else { (micros, 1_000_000) };
            }
            let coded = pictures(source, handler, findings)?;
            let aspect = source.vprp.and_then(|vprp| aspect(vprp, &coded));
            (coded, aspect)
        } else {
            let coded = sound(source, field(44), findings)?;
            if scale == 0 || rate == 0 {
                return Err(Refusal::new(Reason::Damaged, "strh rate", source.at));
            }
            (coded, None)
        };
        if source.vprp.is_some() && aspect.is_none() {
            findings.removed(Category::Software, "vprp");
        }
        let divisor = common_divisor(scale, rate).max(1);
        (scale, rate) = (scale.checked_div(divisor).unwrap_or(1), rate.checked_div(divisor).unwrap_or(1));
        // More than an hour is nonsense, and players ignore it.
        let start = field(28);
        let late = u64::from(start).saturating_mul(scale.into()).checked_div(rate.into()).unwrap_or(0);
        let start = if late > 3_600 { 0 } else { start };
        Ok(Self { number: source.number, coded, scale, rate, start, aspect })
    }

    pub(super) fn is_video(&self) -> bool {
        matches!(self.coded, Coded::Video { .. } | Coded::Raw { .. })
    }

    /// Width and height; 0 for sound.
    pub(super) fn size(&self) -> (u32, u32) {
        match &self.coded {
            Coded::Video { width, height, .. } => (*width, *height),
            Coded::Raw { width, height, .. } => (*width, height.unsigned_abs()),
            Coded::Samples(_) | Coded::Frames { .. } | Coded::Aac { .. } => (0, 0),
        }
    }

    /// Whether every chunk can be shown without those before it.
    pub(super) fn is_intra(&self) -> bool {
        !matches!(&self.coded, Coded::Video { codec, .. } if *codec != Codec::MotionJpeg)
    }

    /// dwSampleSize: 0 where chunks are counted.
    pub(super) fn sample_size(&self) -> u32 {
        match &self.coded {
            Coded::Video { .. } | Coded::Raw { .. } | Coded::Aac { .. } => 0,
            Coded::Samples(format) => format.block.into(),
            Coded::Frames { sample_size, .. } => *sample_size,
        }
    }

    /// The body of `LIST strl`. `length` is dwLength, `longest` the bytes of the longest chunk.
    pub(super) fn strl(&self, length: u32, longest: u32) -> Vec<u8> {
        let (width, height) = self.size();
        let (kind, handler) = match &self.coded {
            Coded::Video { kind, .. } | Coded::Raw { kind, .. } => (*b"vids", *kind),
            Coded::Samples(_) | Coded::Frames { .. } | Coded::Aac { .. } => (*b"auds", [0; 4]),
        };
        let mut strl = b"strlstrh\x38\0\0\0".to_vec();
        strl.extend(kind);
        strl.extend(handler);
        // Flags, priority and language, initial frames; quality -1 is the usual.
        let fields = [0, 0, 0, self.scale, self.rate, self.start, length, longest, u32::MAX, self.sample_size(), 0];
        strl.extend(fields.map(u32::to_le_bytes).as_flattened());
        let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX).to_le_bytes();
        strl.extend([side(width), side(height)].as_flattened());
        chunk(&mut strl, *b"strf", &self.strf());
        if let Some(aspect) = self.aspect {
            chunk(&mut strl, *b"vprp", &self.vprp(aspect));
        }
        strl
    }

    /// BITMAPINFOHEADER or WAVEFORMATEX.
    fn strf(&self) -> Vec<u8> {
        let (kind, width, height, bits, len, extra) = match &self.coded {
            Coded::Samples(format) => return format.bytes(),
            Coded::Frames { format, .. } | Coded::Aac { format, .. } => return format.clone(),
            Coded::Raw { kind, width, height, bits, len } => {
                (*kind, *width, height.cast_unsigned(), *bits, *len, [].as_slice())
            }
            Coded::Video { kind, width, height, extra, .. } => {
                let len = width.saturating_mul(*height).saturating_mul(3);
                (*kind, *width, *height, 24, len, extra.as_slice())
            }
        };
        let mut strf = [40, width, height].map(u32::to_le_bytes).as_flattened().to_vec();
        strf.extend([1, bits].map(u16::to_le_bytes).as_flattened());
        strf.extend(kind);
        strf.extend([len, 0, 0, 0, 0].map(u32::to_le_bytes).as_flattened());
        strf.extend(extra);
        strf
    }

    /// OpenDML, 5.0: how wide a frame is shown, on a screen that is just the frame.
    fn vprp(&self, aspect: [u16; 2]) -> Vec<u8> {
        let (width, height) = self.size();
        let [low, high] = aspect.map(u16::to_le_bytes);
        let mut vprp = [0, 0, 0, width, height].map(u32::to_le_bytes).as_flattened().to_vec();
        vprp.extend(low);
        vprp.extend(high);
        vprp.extend([width, height, 1, height, width, height, width, 0, 0, 0, 0].map(u32::to_le_bytes).as_flattened());
        vprp
    }
}

fn chunk(bytes: &mut Vec<u8>, kind: [u8; 4], body: &[u8]) {
    bytes.extend(kind);
    bytes.extend(u32::try_from(body.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(body);
    if body.len() % 2 == 1 {
        bytes.push(0);
    }
}

/// Codecs by biCompression, or by fccHandler where that says nothing. MPEG-4 Visual keeps its name, since decoders go
/// by it to make good what some encoders did wrong.
pub(super) fn codec(kind: [u8; 4]) -> Option<([u8; 4], Codec)> {
    let kind = kind.map(|letter| letter.to_ascii_uppercase());
    Some(match &kind {
        b"MJPG" | b"JPEG" => (*b"MJPG", Codec::MotionJpeg),
        b"XVID" | b"DIVX" | b"DX50" | b"FMP4" | b"MP4V" | b"MP4S" | b"M4S2" | b"3IV2" | b"RMP4" | b"SEDG" | b"XVIX"
        | b"BLZ0" | b"UMP4" | b"WV1F" | b"GEOX" => (kind, Codec::Mpeg4Visual),
        b"H264" | b"X264" | b"AVC1" | b"DAVC" => (*b"H264", Codec::AvcAnnexB),
        b"HEVC" | b"H265" | b"X265" | b"HVC1" => (*b"HEVC", Codec::HevcAnnexB),
        b"MPG1" | b"MPG2" | b"MPEG" => (*b"MPEG", Codec::MpegVideo),
        _ => return None,
    })
}

/// BITMAPINFOHEADER.
fn pictures(source: &Source<'_>, handler: [u8; 4], findings: &mut Findings) -> Result<Coded, Refusal> {
    let damaged = Refusal::new(Reason::Damaged, "strf", source.at);
    let not_understood = Refusal::new(Reason::NotUnderstood, "strf video coding", source.at);
    let Some((header, extra)) = source.strf.split_first_chunk::<40>() else { return Err(damaged) };
    let (words, _) = header.as_chunks::<4>();
    let &[_, width, height, [_, _, d0, d1], compression, _, _, _, used, important] = words else { return Err(damaged) };
    let (width, signed) = (u32::from_le_bytes(width), i32::from_le_bytes(height));
    let height = signed.unsigned_abs();
    let side = 1..=limits::PICTURE_SIDE_MAX;
    if !side.contains(&width) || !side.contains(&height) {
        return Err(damaged);
    }
    let bits = u16::from_le_bytes([d0, d1]);
    if let Some((kind, bits)) = raw(compression, bits) {
        let len = raw_len(kind, width, height, bits).ok_or(not_understood)?;
        if !extra.is_empty() || used != [0; 4] || important != [0; 4] {
            findings.removed(Category::HiddenContent, "strf behind its fields");
        }
        // Only RGB may stand upside down.
        let height = if kind == [0; 4] { signed } else { signed.saturating_abs() };
        return Ok(Coded::Raw { kind, width, height, bits, len });
    }
    let (kind, codec) = codec(compression).or_else(|| codec(handler)).ok_or(not_understood)?;
    let at = source.at;
    let (codec, extra) = match codec {
        Codec::Mpeg4Visual if !extra.is_empty() => {
            let configured = Record::VisualHeaders.rebuild(extra, at, findings)?;
            (configured.codec, configured.bytes)
        }
        // Some programs write H.264 as MP4 has it.
        Codec::AvcAnnexB if extra.first() == Some(&1) => {
            let configured = Record::AvcC.rebuild(extra, at, findings)?;
            (configured.codec, configured.bytes)
        }
        _ => {
            if !extra.is_empty() {
                findings.removed(Category::Software, "strf behind its fields");
            }
            (codec, Vec::new())
        }
    };
    Ok(Coded::Video { kind, width, height, codec, extra })
}

/// Pictures that are not compressed: the name and bits a pixel that are written.
fn raw(compression: [u8; 4], bits: u16) -> Option<([u8; 4], u16)> {
    Some(match (&compression, bits) {
        (b"\0\0\0\0" | b"DIB " | b"RGB ", 16 | 24 | 32) => ([0; 4], bits),
        (b"YUY2" | b"YUYV" | b"yuy2", _) => (*b"YUY2", 16),
        (b"UYVY" | b"uyvy", _) => (*b"UYVY", 16),
        (b"I420" | b"IYUV" | b"i420", _) => (*b"I420", 12),
        (b"YV12" | b"yv12", _) => (*b"YV12", 12),
        (b"NV12", _) => (*b"NV12", 12),
        (b"Y800" | b"GREY" | b"Y8  ", _) => (*b"Y800", 8),
        _ => return None,
    })
}

/// Bytes of such a picture.
fn raw_len(kind: [u8; 4], width: u32, height: u32, bits: u16) -> Option<u32> {
    let half = |side: u32| side.div_ceil(2);
    match &kind {
        // Rows are filled up to four bytes.
        b"\0\0\0\0" => width.checked_mul(bits.into())?.div_ceil(32).checked_mul(4)?.checked_mul(height),
        b"YUY2" | b"UYVY" => half(width).checked_mul(4)?.checked_mul(height),
        b"Y800" => width.checked_mul(height),
        _ => width.checked_mul(height)?.checked_add(half(width).checked_mul(half(height))?.checked_mul(2)?),
    }
}

/// WAVEFORMATEX. `sample_size` is that of `strh`.
fn sound(source: &Source<'_>, sample_size: u32, findings: &mut Findings) -> Result<Coded, Refusal> {
    let strf = source.strf;
    let at = source.at;
    let damaged = Refusal::new(Reason::Damaged, "strf", at);
    let Some((fields, extra)) = strf.split_first_chunk::<16>() else {
        return WaveFormat::read(strf, at).map(Coded::Samples);
    };
    let &[t0, t1, c0, c1, r0, r1, r2, r3, b0, b1, b2, b3, a0, a1, _, _] = fields;
    let (channels, rate) = (u16::from_le_bytes([c0, c1]), u32::from_le_bytes([r0, r1, r2, r3]));
    let numbers = [channels.to_le_bytes().as_slice(), &rate.to_le_bytes(), &[b0, b1, b2, b3]].concat();
    let tag = u16::from_le_bytes([t0, t1]);
    let is_coded = matches!(tag, 0x50 | 0x55 | 0x2000 | 0xFF);
    if is_coded && (!(1..=8).contains(&channels) || !(1..=limits::AUDIO_RATE_MAX).contains(&rate)) {
        return Err(damaged);
    }
    // Of a constant bit rate, and so counted in bytes, or in chunks that are frames.
    let sample_size = u32::from(sample_size != 0);
    let block = if sample_size == 0 { [a0, a1] } else { [1, 0] };
    match tag {
        // MPEGLAYER3WAVEFORMAT, as every encoder writes it.
        0x55 => {
            let mut format = [[t0, t1].as_slice(), &numbers, &block, &[0, 0, 12, 0]].concat();
            format.extend([1, 0, 2, 0, 0, 0, 0x80, 4, 1, 0, 0x71, 5]);
            Ok(Coded::Frames { framing: Framing::Mpeg, format, sample_size })
        }
        0x50 | 0x2000 => {
            let framing = if tag == 0x50 { Framing::Mpeg } else { Framing::Ac3 };
            let format = [[t0, t1].as_slice(), &numbers, &block, &[0, 0, 0, 0]].concat();
            Ok(Coded::Frames { framing, format, sample_size })
        }
        0xFF => {
            let config = extra
                .split_first_chunk::<2>()
                .map(|(len, config)| config.get(..usize::from(u16::from_le_bytes(*len))).unwrap_or(config));
            let config = config.filter(|config| !config.is_empty()).ok_or(damaged.clone())?;
            let configured = Record::AudioSpecificConfig.rebuild(config, at, findings)?;
            let len = u16::try_from(configured.bytes.len()).map_err(|_| damaged)?;
            let mut format = [[t0, t1].as_slice(), &numbers, &[a0, a1], &[16, 0], &len.to_le_bytes()].concat();
            format.extend(configured.bytes);
            Ok(Coded::Aac { codec: configured.codec, format })
        }
        _ => WaveFormat::read(strf, at).map(Coded::Samples),
    }
}

/// dwFrameAspectRatio, where it is for the frame as it is coded.
fn aspect(vprp: &[u8], coded: &Coded) -> Option<[u16; 2]> {
    let (words, _) = vprp.as_chunks::<4>();
    let &[_, _, _, _, _, [y0, y1, x0, x1], width, height, ..] = words else { return None };
    let (own_width, own_height) = match coded {
        Coded::Video { width, height, .. } => (*width, *height),
        Coded::Raw { width, height, .. } => (*width, height.unsigned_abs()),
        Coded::Samples(_) | Coded::Frames { .. } | Coded::Aac { .. } => return None,
    };
    let aspect = [[y0, y1], [x0, x1]].map(u16::from_le_bytes);
    let fits = u32::from_le_bytes(width) == own_width && u32::from_le_bytes(height) == own_height;
    (fits && aspect.iter().all(|&side| side > 0)).then_some(aspect)
}

fn common_divisor(mut a: u32, mut b: u32) -> u32 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

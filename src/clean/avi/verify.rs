//! Reads a produced AVI and accounts for every byte, by a grammar of its own. Shares with the cleaner only the walk
//! over frames of sound; what is in pictures and sound is for the verifiers of [`crate::clean::codec`].
//!
//! `RIFF AVI LIST(hdrl avih LIST(strl strh strf vprp?)+) LIST(movi chunk*) idx1`

use std::io::Read;

use super::frames::{Framing, Walk};
use crate::clean::codec::{Codec, Record};
use crate::clean::produced::Produced;
use crate::clean::{Unaccounted, wave};
use crate::limits;

/// Bytes of the longest `strf`: a header and a codec's configuration.
const FORMAT_BYTES_MAX: u32 = 64 * 1024;

/// Accounts for every byte up to the end of `produced`.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    produced.expect(b"RIFF", "RIFF")?;
    let riff_end = end(&mut produced)?;
    produced.expect(b"AVI LIST", "AVI")?;
    let hdrl_end = end(&mut produced)?;
    produced.expect(b"hdrlavih\x38\0\0\0", "hdrl")?;
    let main: [u8; 56] = produced.array()?;
    let mut streams: Vec<Stream> = Vec::new();
    while produced.at() < hdrl_end {
        if streams.len() >= limits::AVI_STREAMS_MAX {
            return produced.wrong("number of streams");
        }
        produced.expect(b"LIST", "strl")?;
        let strl_end = end(&mut produced)?;
        let stream = strl(&mut produced, strl_end)?;
        streams.push(stream);
        if produced.at() != strl_end {
            return produced.wrong("strl size");
        }
    }
    if produced.at() != hdrl_end {
        return produced.wrong("hdrl size");
    }
    produced.expect(b"LIST", "movi")?;
    let movi_end = end(&mut produced)?;
    produced.expect(b"movi", "movi")?;
    let met = chunks(&mut produced, movi_end, &mut streams)?;
    index(&mut produced, &met, &streams)?;
    if produced.at() != riff_end {
        return produced.wrong("RIFF size");
    }
    if !is_main(&main, &streams) {
        return produced.wrong("avih");
    }
    if streams.is_empty() || !streams.iter().all(Stream::is_counted_right) {
        return produced.wrong("strh");
    }
    produced.end("after the RIFF chunk")
}

/// Where the chunk ends whose size is next.
fn end(produced: &mut Produced<'_>) -> Result<u64, Unaccounted> {
    let size = u64::from(u32::from_le_bytes(produced.array()?));
    Ok(produced.at().saturating_add(size))
}

/// How chunks of a stream are judged.
enum Coding {
    Coded(Codec),
    Raw(u32),
    Samples(wave::Checked),
    Frames(Walk),
}

/// A stream, and what was met of it.
struct Stream {
    is_video: bool,
    suffix: [u8; 2],
    coding: Coding,
    scale: u32,
    rate: u32,
    width: u32,
    height: u32,
    /// What strh says: dwLength, dwSuggestedBufferSize, dwSampleSize.
    said: [u32; 3],
    count: u32,
    longest: u32,
    bytes: u64,
}

impl Stream {
    fn is_intra(&self) -> bool {
        !self.is_video || matches!(self.coding, Coding::Raw(_) | Coding::Coded(Codec::MotionJpeg))
    }

    fn is_counted_right(&self) -> bool {
        let [length, longest, size] = self.said;
        let expected = match self.bytes.checked_div(size.into()) {
            Some(units) => units,
            None => self.count.into(),
        };
        u64::from(length) == expected && longest == self.longest
    }
}

fn strl(produced: &mut Produced<'_>, end: u64) -> Result<Stream, Unaccounted> {
    produced.expect(b"strlstrh\x38\0\0\0", "strh")?;
    let kind: [u8; 4] = produced.array()?;
    let handler: [u8; 4] = produced.array()?;
    let fields: [u8; 48] = produced.array()?;
    let (words, _) = fields.as_chunks::<4>();
    let numbers: Vec<u32> = words.iter().copied().map(u32::from_le_bytes).collect();
    let &[0, 0, 0, scale, rate, start, length, longest, u32::MAX, size, 0, corner] = numbers.as_slice() else {
        return produced.wrong("strh");
    };
    let late = u64::from(start).saturating_mul(scale.into()).checked_div(rate.into());
    if scale == 0 || late.is_none_or(|late| late > 3_600) || !is_reduced(scale, rate) {
        return produced.wrong("strh");
    }
    produced.expect(b"strf", "strf")?;
    let len = u32::from_le_bytes(produced.array()?);
    if len > FORMAT_BYTES_MAX {
        return produced.wrong("strf");
    }
    let format = produced.bytes(usize::try_from(len).unwrap_or(0))?;
    if len % 2 == 1 {
        produced.expect(&[0], "strf padding")?;
    }
    let said = [length, longest, size];
    let base = Stream {
        is_video: kind == *b"vids",
        suffix: *b"wb",
        coding: Coding::Raw(0),
        scale,
        rate,
        width: 0,
        height: 0,
        said,
        count: 0,
        longest: 0,
        bytes: 0,
    };
    let stream = match &kind {
        b"vids" => pictures(&format, handler, base),
        b"auds" if handler == [0; 4] => sound(&format, base),
        _ => None,
    };
    let Some(stream) = stream else { return produced.wrong("strf") };
    let [left, right] = [stream.width, stream.height].map(|side| u16::try_from(side).unwrap_or(0).to_le_bytes());
    if corner.to_le_bytes() != [left, right].as_flattened() {
        return produced.wrong("strh rcFrame");
    }
    if stream.is_video && produced.at() < end {
        vprp(produced, &stream)?;
    }
    Ok(stream)
}

/// BITMAPINFOHEADER.
fn pictures(format: &[u8], handler: [u8; 4], base: Stream) -> Option<Stream> {
    let (header, extra) = format.split_first_chunk::<40>()?;
    let (words, _) = header.as_chunks::<4>();
    let &[[40, 0, 0, 0], width, height, [1, 0, bits, 0], kind, len, ref zeros @ ..] = words else { return None };
    let (width, signed) = (u32::from_le_bytes(width), i32::from_le_bytes(height));
    let height = signed.unsigned_abs();
    let side = 1..=limits::PICTURE_SIDE_MAX;
    if kind != handler || *zeros != [[0; 4]; 4] || !side.contains(&width) || !side.contains(&height) {
        return None;
    }
    let len = u32::from_le_bytes(len);
    let pixels = u64::from(width).checked_mul(height.into())?;
    let wide = |bits: u64| u64::from(width).saturating_mul(bits).div_ceil(32).saturating_mul(4);
    let halves = u64::from(width.div_ceil(2));
    let raw = match (&kind, bits) {
        (b"\0\0\0\0", 16 | 24 | 32) => Some(wide(bits.into()).checked_mul(height.into())?),
        (b"YUY2" | b"UYVY", 16) => Some(halves.checked_mul(4)?.checked_mul(height.into())?),
        (b"I420" | b"YV12" | b"NV12", 12) => {
            Some(pixels.checked_add(halves.checked_mul(height.div_ceil(2).into())?.checked_mul(2)?)?)
        }
        (b"Y800", 8) => Some(pixels),
        _ => None,
    };
    if let Some(raw) = raw {
        let is_upright = kind == [0; 4] || signed > 0;
        let accepted = extra.is_empty() && is_upright && raw == u64::from(len);
        return accepted.then_some(Stream { coding: Coding::Raw(len), suffix: *b"db", width, height, ..base });
    }
    let codec = match &kind {
        b"MJPG" => Codec::MotionJpeg,
        b"XVID" | b"DIVX" | b"DX50" | b"FMP4" | b"MP4V" | b"MP4S" | b"M4S2" | b"3IV2" | b"RMP4" | b"SEDG" | b"XVIX"
        | b"BLZ0" | b"UMP4" | b"WV1F" | b"GEOX" => Codec::Mpeg4Visual,
        b"H264" => Codec::AvcAnnexB,
        b"HEVC" => Codec::HevcAnnexB,
        b"MPEG" => Codec::MpegVideo,
        _ => return None,
    };
    let codec = match codec {
        Codec::Mpeg4Visual if !extra.is_empty() => Record::VisualHeaders.verify(extra)?,
        Codec::AvcAnnexB if !extra.is_empty() => Record::AvcC.verify(extra)?,
        _ if extra.is_empty() => codec,
        _ => return None,
    };
    let accepted = signed > 0 && bits == 24 && len == width.saturating_mul(height).saturating_mul(3);
    accepted.then_some(Stream { coding: Coding::Coded(codec), suffix: *b"dc", width, height, ..base })
}

/// WAVEFORMATEX.
fn sound(format: &[u8], base: Stream) -> Option<Stream> {
    let [_, _, sample_size] = base.said;
    if let Some(checked) = wave::verify(format) {
        let accepted = u64::from(sample_size) == checked.block;
        return accepted.then_some(Stream { coding: Coding::Samples(checked), ..base });
    }
    let (fields, extra) = format.split_first_chunk::<18>()?;
    let &[tag, high, channels @ 1..=8, 0, r0, r1, r2, r3, _, _, _, _, b0, b1, bits, 0, n0, n1] = fields else {
        return None;
    };
    let rate = u32::from_le_bytes([r0, r1, r2, r3]);
    let (block, len) = (u16::from_le_bytes([b0, b1]), u16::from_le_bytes([n0, n1]));
    if !(1..=limits::AUDIO_RATE_MAX).contains(&rate) || usize::from(len) != extra.len() || channels == 0 {
        return None;
    }
    let is_sized = match sample_size {
        0 => true,
        1 => block == 1,
        _ => false,
    };
    let coding = match (u16::from_le_bytes([tag, high]), bits, extra) {
        (0x55, 0, [1, 0, 2, 0, 0, 0, 0x80, 4, 1, 0, 0x71, 5]) => Coding::Frames(Walk::new(Framing::Mpeg)),
        (0x50, 0, []) => Coding::Frames(Walk::new(Framing::Mpeg)),
        (0x2000, 0, []) => Coding::Frames(Walk::new(Framing::Ac3)),
        (0xFF, 16, config) if sample_size == 0 => Coding::Coded(Record::AudioSpecificConfig.verify(config)?),
        _ => return None,
    };
    is_sized.then_some(Stream { coding, ..base })
}

/// Video Properties Header.
fn vprp(produced: &mut Produced<'_>, stream: &Stream) -> Result<(), Unaccounted> {
    let words = |numbers: &[u32]| numbers.iter().flat_map(|number| number.to_le_bytes()).collect::<Vec<u8>>();
    let (width, height) = (stream.width, stream.height);
    produced.expect(b"vprp\x44\0\0\0", "vprp")?;
    produced.expect(&words(&[0, 0, 0, width, height]), "vprp")?;
    let aspect: [u8; 4] = produced.array()?;
    if matches!(aspect, [0, 0, _, _] | [_, _, 0, 0]) {
        return produced.wrong("vprp");
    }
    produced.expect(&words(&[width, height, 1, height, width, height, width, 0, 0, 0, 0]), "vprp")
}

/// A chunk of `movi`: the place of its stream, its bytes.
type Met = (u8, u32);

fn chunks(produced: &mut Produced<'_>, end: u64, streams: &mut [Stream]) -> Result<Vec<Met>, Unaccounted> {
    let mut met = Vec::new();
    while produced.at() < end {
        let [tens, ones, suffix @ ..]: [u8; 4] = produced.array()?;
        let len = u32::from_le_bytes(produced.array()?);
        let number = [tens, ones].iter().try_fold(0_u8, |number, digit| {
            let digit = digit.checked_sub(b'0').filter(|digit| *digit < 10)?;
            number.checked_mul(10)?.checked_add(digit)
        });
        let stream = number.and_then(|number| streams.get_mut(usize::from(number)));
        let (Some(number), Some(stream)) = (number, stream.filter(|stream| stream.suffix == suffix)) else {
            return produced.wrong("chunk type");
        };
        if met.len() >= limits::AVI_CHUNKS_MAX || produced.at().saturating_add(len.into()) > end {
            return produced.wrong("chunk size");
        }
        met.push((number, len));
        stream.count = stream.count.saturating_add(1);
        stream.longest = stream.longest.max(len);
        stream.bytes = stream.bytes.saturating_add(len.into());
        if len > 0 {
            sample(produced, len, &mut stream.coding)?;
        }
        if len % 2 == 1 {
            produced.expect(&[0], "chunk padding")?;
        }
    }
    if produced.at() == end { Ok(met) } else { produced.wrong("movi size") }
}

/// What a chunk holds.
fn sample(produced: &mut Produced<'_>, len: u32, coding: &mut Coding) -> Result<(), Unaccounted> {
    match coding {
        Coding::Coded(codec) => codec.verify(produced, len.into()),
        Coding::Raw(expected) if len != *expected => produced.wrong("picture"),
        Coding::Samples(checked) if checked.samples(len.into()).is_none() => produced.wrong("samples"),
        Coding::Raw(_) | Coding::Samples(_) => produced.skip(len.into()),
        Coding::Frames(walk) => {
            let mut left = usize::try_from(len).unwrap_or(usize::MAX);
            while left > 0 {
                let buffered = produced.buffered()?;
                let part = buffered.get(..left.min(buffered.len())).unwrap_or_default();
                let taken = part.len();
                if taken == 0 || walk.feed(part).is_none() {
                    return produced.wrong("audio frame");
                }
                produced.consume(taken);
                left = left.saturating_sub(taken);
            }
            Ok(())
        }
    }
}

/// `idx1`, with just the chunks that were met.
fn index(produced: &mut Produced<'_>, met: &[Met], streams: &[Stream]) -> Result<(), Unaccounted> {
    produced.expect(b"idx1", "idx1")?;
    let size = u64::from(u32::from_le_bytes(produced.array()?));
    if size != u64::try_from(met.len()).unwrap_or(u64::MAX).saturating_mul(16) {
        return produced.wrong("idx1 size");
    }
    let mut at: u32 = 4;
    for &(number, len) in met {
        let Some(stream) = streams.get(usize::from(number)) else { return produced.wrong("idx1") };
        let [a, b] = stream.suffix;
        let [tens, ones] = [number / 10, number % 10].map(|digit| digit.saturating_add(b'0'));
        produced.expect(&[tens, ones, a, b], "idx1 type")?;
        match u32::from_le_bytes(produced.array()?) {
            0x10 => {}
            0 if !stream.is_intra() => {}
            _ => return produced.wrong("idx1 flags"),
        }
        produced.expect(&at.to_le_bytes(), "idx1 offset")?;
        produced.expect(&len.to_le_bytes(), "idx1 size")?;
        at = at.saturating_add(len).saturating_add(len & 1).saturating_add(8);
    }
    Ok(())
}

/// MainAVIHeader.
fn is_main(main: &[u8; 56], streams: &[Stream]) -> bool {
    let (words, _) = main.as_chunks::<4>();
    let numbers: Vec<u32> = words.iter().copied().map(u32::from_le_bytes).collect();
    let video = streams.iter().find(|stream| stream.is_video);
    let micros = video.map_or(0, |video| {
        let micros = u64::from(video.scale).saturating_mul(1_000_000).checked_div(video.rate.into()).unwrap_or(0);
        u32::try_from(micros).unwrap_or(u32::MAX)
    });
    let (count, width, height) = video.map_or((0, 0, 0), |video| (video.count, video.width, video.height));
    let all = u32::try_from(streams.len()).unwrap_or(0);
    numbers == [micros, 0, 0, 0x110, count, 0, all, 0, width, height, 0, 0, 0, 0]
}

fn is_reduced(scale: u32, rate: u32) -> bool {
    let (mut a, mut b) = (scale, rate);
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a == 1
}

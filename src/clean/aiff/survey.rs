//! Reads an AIFF once, chunk by chunk, and finds where the sound lies. Never writes.

use super::dropped;
use crate::clean::container::riff::{self, Chunk, Order};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What a clean AIFF is made of.
pub(super) struct Kept {
    pub(super) findings: Findings,
    pub(super) compression: Compression,
    pub(super) channels: u16,
    /// Sample frames, or packets of ADPCM.
    pub(super) frames: u32,
    pub(super) bits: u16,
    pub(super) rate: u32,
    /// Where the sound begins.
    pub(super) at: u64,
    /// Its bytes.
    pub(super) len: u64,
}

/// How samples are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    /// The highest byte first, in AIFF.
    Aiff,
    /// By the type in AIFF-C.
    Aifc([u8; 4]),
}

/// COMM, understood.
#[derive(Clone, Copy)]
struct Common {
    compression: Compression,
    channels: u16,
    frames: u32,
    bits: u16,
    rate: u32,
    /// Bytes of a frame.
    block: u16,
}

#[derive(Default)]
struct Survey {
    findings: Findings,
    is_aifc: bool,
    common: Option<Common>,
    sound: Option<(u64, u64)>,
}

/// Sizes from here on are of programs that did not know how long a recording would be.
const UNKNOWN_FROM: u32 = 0x7F00_0000;

/// Reads all of it.
pub(super) fn survey(cursor: &mut Cursor<'_>) -> Result<Kept, Refusal> {
    let is_aifc = match cursor.array("FORM header")? {
        [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'F'] => false,
        [b'F', b'O', b'R', b'M', _, _, _, _, b'A', b'I', b'F', b'C'] => true,
        _ => return Err(damaged("FORM header", 0)),
    };
    let mut survey = Survey { is_aifc, ..Survey::default() };
    riff::each(cursor, Order::Big, |cursor, chunk| survey.chunk(cursor, chunk))?;
    if cursor.remaining() > 0 {
        survey.findings.removed(Category::HiddenContent, "bytes behind the last chunk");
    }
    survey.finish()
}

impl Survey {
    /// Reads one chunk. Whether another may follow.
    fn chunk(&mut self, cursor: &mut Cursor<'_>, chunk: Chunk) -> Result<bool, Refusal> {
        let is_complete = self.common.is_some() && self.sound.is_some();
        if is_complete && (!chunk.is_named() || !chunk.is_whole()) {
            cursor.go_to(chunk.at, "chunk")?;
            return Ok(false);
        }
        match &chunk.kind {
            b"COMM" if self.common.is_none() => self.common(cursor, chunk.whole("COMM")?)?,
            b"COMM" => return Err(damaged("COMM twice", chunk.at)),
            b"SSND" if self.sound.is_none() => self.sound(cursor, chunk)?,
            // Decoders disagree on which is played.
            b"SSND" => return Err(damaged("SSND twice", chunk.at)),
            // The version of AIFF-C; there is but one.
            b"FVER" if self.is_aifc => {
                if chunk.len != 4 || cursor.array("FVER")? != super::VERSION {
                    return Err(Refusal::new(Reason::NotUnderstood, "FVER", chunk.at));
                }
            }
            _ => dropped::chunk(cursor, chunk.whole("chunk")?, &mut self.findings)?,
        }
        let body_end = chunk.body_at.saturating_add(chunk.len);
        cursor.go_to(body_end, "chunk")?;
        if chunk.end() > body_end && cursor.remaining() > 0 && cursor.byte("chunk padding")? != 0 {
            self.findings.removed(Category::HiddenContent, "chunk padding");
        }
        Ok(true)
    }

    fn common(&mut self, cursor: &mut Cursor<'_>, chunk: Chunk) -> Result<(), Refusal> {
        let body = chunk.body(cursor, usize::from(u16::MAX))?.ok_or(damaged("COMM", chunk.at))?;
        let Some((&fields, rest)) = body.split_first_chunk::<18>() else { return Err(damaged("COMM", chunk.at)) };
        let [c0, c1, f0, f1, f2, f3, b0, b1, rate @ ..] = fields;
        let channels = u16::from_be_bytes([c0, c1]);
        let frames = u32::from_be_bytes([f0, f1, f2, f3]);
        let bits = u16::from_be_bytes([b0, b1]);
        let rounded = rounded(rate);
        if !(1..=limits::AUDIO_CHANNELS_MAX).contains(&channels) || !(1..=limits::AUDIO_RATE_MAX).contains(&rounded) {
            return Err(damaged("COMM", chunk.at));
        }
        if super::rate(rounded) != rate {
            self.findings.removed(Category::Identifier, "COMM digits of the sample rate");
        }
        let not_understood = Refusal::new(Reason::NotUnderstood, "COMM compression type", chunk.at);
        let name = match rest.split_first_chunk::<4>() {
            Some((_, name)) if self.is_aifc => name,
            _ => rest,
        };
        let compression = match rest.first_chunk::<4>() {
            Some(kind) if self.is_aifc => Compression::Aifc(canonical(*kind)),
            _ if self.is_aifc => return Err(damaged("COMM", chunk.at)),
            _ => Compression::Aiff,
        };
        if let Some((_, name)) = name.split_first()
            && name.iter().any(|&byte| byte != 0)
        {
            let place = if self.is_aifc { "COMM compression name" } else { "COMM beyond its fields" };
            self.findings.removed_value(Category::Software, place, &crate::clean::metadata::legible::text(name));
        }
        let (bits, sample) = sample(compression, bits).ok_or(not_understood.clone())?;
        let block = sample.checked_mul(channels).ok_or(not_understood)?;
        self.common = Some(Common { compression, channels, frames, bits, rate: rounded, block });
        Ok(())
    }

    fn sound(&mut self, cursor: &mut Cursor<'_>, chunk: Chunk) -> Result<(), Refusal> {
        if !chunk.is_whole() && chunk.size < UNKNOWN_FROM {
            return Err(Refusal::new(Reason::Truncated, "SSND", chunk.at));
        }
        if chunk.len < 8 {
            return Err(damaged("SSND", chunk.at));
        }
        let (offset, block) = (u64::from(cursor.be32("SSND")?), cursor.be32("SSND")?);
        let room = chunk.len.saturating_sub(8);
        let len = room.checked_sub(offset).ok_or(damaged("SSND offset", chunk.at))?;
        if offset > 0 {
            self.findings.removed(Category::HiddenContent, "SSND before its offset");
        }
        if block > 0 {
            self.findings.removed(Category::Software, "SSND block size");
        }
        self.sound = Some((chunk.body_at.saturating_add(8).saturating_add(offset), len));
        Ok(())
    }

    fn finish(mut self) -> Result<Kept, Refusal> {
        let Some(common) = self.common else { return Err(damaged("COMM missing", 0)) };
        // Without sound there need not be any SSND.
        let (at, there) = match self.sound {
            Some(sound) => sound,
            None if common.frames == 0 => (0, 0),
            None => return Err(damaged("SSND missing", 0)),
        };
        let block = u64::from(common.block.max(1));
        let whole = there.checked_div(block).unwrap_or(0);
        // A program that wrote before it knew has left 0, or too many.
        let said = u64::from(common.frames);
        let frames = if said == 0 { whole } else { said.min(whole) };
        let len = frames.saturating_mul(block);
        if len < there {
            self.findings.removed(Category::HiddenContent, "SSND behind the last sample frame");
        }
        let too_large = Refusal::new(Reason::TooLarge, "number of sample frames", at);
        Ok(Kept {
            findings: self.findings,
            compression: common.compression,
            channels: common.channels,
            frames: u32::try_from(frames).map_err(|_| too_large)?,
            bits: common.bits,
            rate: common.rate,
            at,
            len,
        })
    }
}

/// Types that mean the same are written as one.
fn canonical(kind: [u8; 4]) -> [u8; 4] {
    match &kind {
        b"twos" => *b"NONE",
        b"FL32" => *b"fl32",
        b"FL64" => *b"fl64",
        b"ALAW" => *b"alaw",
        b"ULAW" => *b"ulaw",
        _ => kind,
    }
}

/// The sample size that is written, and the bytes of a frame of one channel.
fn sample(compression: Compression, bits: u16) -> Option<(u16, u16)> {
    let integer = (1..=32).contains(&bits).then(|| (bits, bits.div_ceil(8)));
    match &compression {
        Compression::Aiff | Compression::Aifc([b'N', b'O', b'N', b'E']) => integer,
        Compression::Aifc(kind) => match kind {
            b"sowt" => integer,
            b"raw " => Some((8, 1)),
            b"in24" | b"42ni" => Some((24, 3)),
            b"in32" | b"23ni" => Some((32, 4)),
            b"fl32" => Some((32, 4)),
            b"fl64" => Some((64, 8)),
            // 16 is what it decodes to.
            b"alaw" | b"ulaw" => Some((16, 1)),
            // A packet of 64 samples.
            b"ima4" => Some((16, 34)),
            _ => None,
        },
    }
}

/// An extended float of IEEE 754 in 80 bits as the nearest whole number; 0 where that is none.
fn rounded(rate: [u8; 10]) -> u32 {
    let [e0, e1, mantissa @ ..] = rate;
    let exponent = u32::from(u16::from_be_bytes([e0, e1]));
    // Numbers from 1 to below 2 to the 32nd; the sign is the highest bit.
    let Some(power) = exponent.checked_sub(16_383).filter(|power| *power < 32) else { return 0 };
    let scaled = u128::from(u64::from_be_bytes(mantissa)).wrapping_shl(power.saturating_add(1));
    let rounded = scaled.saturating_add(1_u128.wrapping_shl(63)).wrapping_shr(64);
    u32::try_from(rounded).unwrap_or(0)
}

fn damaged(part: &'static str, at: u64) -> Refusal {
    Refusal::new(Reason::Damaged, part, at)
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn rates_are_whole_numbers_there_and_back() {
        for rate in [1, 8_000, 11_025, 44_100, 48_000, 96_000, 192_000, 99_999_999] {
            assert_eq!(rounded(crate::clean::aiff::rate(rate)), rate);
        }
        // 22,254.545…, of the first Macintosh.
        assert_eq!(rounded([0x40, 0x0D, 0xAD, 0xDD, 0x17, 0x45, 0xD1, 0x74, 0x5D, 0x17]), 22_255);
        assert_eq!(rounded([0; 10]), 0);
        assert_eq!(rounded([0xFF; 10]), 0);
        assert_eq!(rounded([0xC0, 0x0E, 0xAC, 0x44, 0, 0, 0, 0, 0, 0]), 0);
    }
}

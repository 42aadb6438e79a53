//! How sound is coded, as WAV and AVI say it: WAVEFORMATEX (Microsoft, `mmreg.h`; RFC 2361), read and written anew.
//! Keeps no byte that is not a number known here. Knows no container.

mod verify;

use super::{Reason, Refusal};
use crate::limits;

pub(crate) use verify::{Checked, verify};

/// Codings, by their number in WAVEFORMATEX.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// 0x0001
    Pcm,
    /// 0x0002
    MsAdpcm,
    /// 0x0003
    Float,
    /// 0x0006
    ALaw,
    /// 0x0007
    MuLaw,
    /// 0x0011
    ImaAdpcm,
    /// 0x0031
    Gsm,
}

impl Coding {
    fn number(self) -> u16 {
        match self {
            Self::Pcm => 0x0001,
            Self::MsAdpcm => 0x0002,
            Self::Float => 0x0003,
            Self::ALaw => 0x0006,
            Self::MuLaw => 0x0007,
            Self::ImaAdpcm => 0x0011,
            Self::Gsm => 0x0031,
        }
    }

    fn of(number: u16) -> Option<Self> {
        let known = [Self::Pcm, Self::MsAdpcm, Self::Float, Self::ALaw, Self::MuLaw, Self::ImaAdpcm, Self::Gsm];
        known.into_iter().find(|coding| coding.number() == number)
    }
}

/// Which speakers the channels are for, and what else only WAVEFORMATEXTENSIBLE can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Layout {
    valid_bits: u16,
    /// dwChannelMask
    mask: u32,
    is_ambisonic: bool,
}

/// How sound is coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct WaveFormat {
    pub(crate) coding: Coding,
    pub(crate) channels: u16,
    /// Samples a second, of each channel.
    pub(crate) rate: u32,
    /// Bytes that belong together: one sample of each channel, or a block of ADPCM.
    pub(crate) block: u16,
    bits: u16,
    layout: Option<Layout>,
}

/// The speakers there are names for (`SPEAKER_…`).
const SPEAKERS: u32 = 0x3_FFFF;
/// wFormatTag of WAVEFORMATEXTENSIBLE.
const EXTENSIBLE: u16 = 0xFFFE;
/// A SubFormat behind the number of the coding: KSDATAFORMAT_SUBTYPE_…, and its like for B-format.
const SUBTYPE: [u8; 14] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
const SUBTYPE_AMBISONIC: [u8; 14] = [0, 0, 0x21, 0x07, 0xD3, 0x11, 0x86, 0x44, 0xC8, 0xC1, 0xCA, 0, 0, 0];
/// The seven pairs of coefficients that every Microsoft ADPCM file has.
const COEFFICIENTS: [(i16, i16); 7] = [(256, 0), (512, -256), (0, 0), (192, 64), (240, 0), (460, -208), (392, -232)];

impl WaveFormat {
    /// Reads the body of a `fmt ` or `strf` chunk, which stands at offset `at`.
    pub(crate) fn read(body: &[u8], at: u64) -> Result<Self, Refusal> {
        let truncated = Refusal::new(Reason::Truncated, "fmt", at);
        let mut fields = Fields { rest: body };
        let number = fields.u16().ok_or(truncated.clone())?;
        let channels = fields.u16().ok_or(truncated.clone())?;
        let rate = fields.u32().ok_or(truncated.clone())?;
        fields.u32().ok_or(truncated.clone())?; // bytes a second
        let block = fields.u16().ok_or(truncated.clone())?;
        // WAVEFORMAT, of 14 bytes, has none.
        let bits = fields.u16().unwrap_or(0);
        let extra_len = usize::from(fields.u16().unwrap_or(0));
        let extra = fields.rest.get(..extra_len.min(fields.rest.len())).unwrap_or_default();
        if !(1..=limits::AUDIO_CHANNELS_MAX).contains(&channels) || !(1..=limits::AUDIO_RATE_MAX).contains(&rate) {
            return Err(Refusal::new(Reason::Damaged, "fmt", at));
        }
        let not_understood = Refusal::new(Reason::NotUnderstood, "fmt coding", at);
        let (coding, layout) = if number == EXTENSIBLE {
            let (coding, layout) = extensible(extra, channels, bits).ok_or(not_understood.clone())?;
            (coding, Some(layout))
        } else {
            (Coding::of(number).ok_or(not_understood.clone())?, None)
        };
        let format = Self { coding, channels, rate, block, bits, layout };
        format.sound(extra).map(Self::reduced).ok_or(not_understood)
    }

    /// With fields that agree, where they are known.
    fn sound(self, extra: &[u8]) -> Option<Self> {
        let sample = |bits: u16| {
            let block = bits.div_ceil(8).checked_mul(self.channels)?;
            (matches!(self.block, 0) || self.block == block).then_some(Self { bits, block, ..self })
        };
        match self.coding {
            Coding::Pcm => sample(self.bits).filter(|_| matches!(self.bits, 8 | 12 | 16 | 20 | 24 | 32 | 64)),
            Coding::Float => sample(self.bits).filter(|_| matches!(self.bits, 32 | 64)),
            Coding::ALaw | Coding::MuLaw => sample(8),
            Coding::MsAdpcm => {
                let header = self.channels.checked_mul(7)?;
                let mut fields = Fields { rest: extra };
                let (samples, count) = (fields.u16()?, fields.u16()?);
                let are_usual = count == 7
                    && COEFFICIENTS.iter().all(|&(a, b)| {
                        fields.u16() == Some(a.cast_unsigned()) && fields.u16() == Some(b.cast_unsigned())
                    });
                let format = Self { bits: 4, ..self };
                let accepted = self.channels <= 2
                    && self.block > header
                    && are_usual
                    && u32::from(samples) == format.samples_a_block();
                accepted.then_some(format)
            }
            Coding::ImaAdpcm => {
                let header = self.channels.checked_mul(4)?;
                let samples = Fields { rest: extra }.u16();
                let format = Self { bits: 4, ..self };
                let is_whole = self.block > header && self.block.checked_rem(header) == Some(0);
                let accepted = self.bits == 4
                    && is_whole
                    && samples.is_none_or(|samples| u32::from(samples) == format.samples_a_block());
                accepted.then_some(format)
            }
            Coding::Gsm => {
                let is_usual = self.channels == 1 && matches!(self.block, 0 | 65);
                is_usual.then_some(Self { bits: 0, block: 65, ..self })
            }
        }
    }

    /// Without a layout that says nothing.
    fn reduced(self) -> Self {
        let says_nothing = |layout: &Layout| {
            let usual = if self.channels == 1 { 0b100 } else { 0b11 };
            self.channels <= 2
                && (layout.mask == 0 || layout.mask == usual)
                && layout.valid_bits == self.bits
                && !layout.is_ambisonic
        };
        Self { layout: self.layout.filter(|layout| !says_nothing(layout)), ..self }
    }

    /// Samples of each channel that a block decodes to.
    pub(crate) fn samples_a_block(&self) -> u32 {
        let (block, channels) = (u32::from(self.block), u32::from(self.channels));
        let in_header = |header: u32, samples: u32| {
            let nibbles = block.saturating_sub(header.saturating_mul(channels)).saturating_mul(2);
            nibbles.checked_div(channels).unwrap_or(0).saturating_add(samples)
        };
        match self.coding {
            Coding::Pcm | Coding::Float | Coding::ALaw | Coding::MuLaw => 1,
            Coding::MsAdpcm => in_header(7, 2),
            Coding::ImaAdpcm => in_header(4, 1),
            Coding::Gsm => 320,
        }
    }

    /// Bytes of the `len` that there are which decode to something, and the samples of each channel in them: a last
    /// block of ADPCM may be short.
    pub(crate) fn whole(&self, len: u64) -> (u64, u64) {
        let block = u64::from(self.block.max(1));
        let (blocks, rest) = (len.checked_div(block).unwrap_or(0), len.checked_rem(block).unwrap_or(0));
        let (bytes, samples) = (blocks.saturating_mul(block), blocks.saturating_mul(self.samples_a_block().into()));
        let channels = u64::from(self.channels);
        let (header, unit, first) = match self.coding {
            Coding::MsAdpcm => (channels.saturating_mul(7), channels, 2),
            Coding::ImaAdpcm => (channels.saturating_mul(4), channels.saturating_mul(4), 1),
            _ => return (bytes, samples),
        };
        let units = rest.checked_sub(header).and_then(|coded| coded.checked_div(unit)).unwrap_or(0);
        if units == 0 {
            return (bytes, samples);
        }
        let coded = units.saturating_mul(unit);
        let more = coded.saturating_mul(2).checked_div(channels).unwrap_or(0).saturating_add(first);
        (bytes.saturating_add(header).saturating_add(coded), samples.saturating_add(more))
    }

    /// Whether a WAV file has a `fact` chunk with the number of samples.
    pub(crate) fn has_fact(&self) -> bool {
        self.coding != Coding::Pcm
    }

    /// The body of a `fmt ` or `strf` chunk, always the same for the same numbers.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let number = if self.layout.is_some() { EXTENSIBLE } else { self.coding.number() };
        let byte_rate = u64::from(self.rate)
            .saturating_mul(self.block.into())
            .checked_div(self.samples_a_block().into())
            .unwrap_or(0);
        let mut bytes = number.to_le_bytes().to_vec();
        bytes.extend(self.channels.to_le_bytes());
        bytes.extend(self.rate.to_le_bytes());
        bytes.extend(u32::try_from(byte_rate).unwrap_or(u32::MAX).to_le_bytes());
        bytes.extend(self.block.to_le_bytes());
        bytes.extend(self.bits.to_le_bytes());
        let extra = self.extra();
        if self.coding != Coding::Pcm || self.layout.is_some() {
            bytes.extend(u16::try_from(extra.len()).unwrap_or(0).to_le_bytes());
            bytes.extend(extra);
        }
        bytes
    }

    fn extra(&self) -> Vec<u8> {
        let samples = u16::try_from(self.samples_a_block()).unwrap_or(u16::MAX);
        if let Some(layout) = self.layout {
            let subtype = if layout.is_ambisonic { SUBTYPE_AMBISONIC } else { SUBTYPE };
            let (valid, mask) = (layout.valid_bits.to_le_bytes(), layout.mask.to_le_bytes());
            return [valid.as_slice(), &mask, &self.coding.number().to_le_bytes(), &subtype].concat();
        }
        match self.coding {
            Coding::Pcm | Coding::Float | Coding::ALaw | Coding::MuLaw => Vec::new(),
            Coding::ImaAdpcm | Coding::Gsm => samples.to_le_bytes().to_vec(),
            Coding::MsAdpcm => {
                let pairs = COEFFICIENTS.iter().flat_map(|(a, b)| [a.to_le_bytes(), b.to_le_bytes()]);
                [samples.to_le_bytes(), 7_u16.to_le_bytes()].into_iter().chain(pairs).flatten().collect()
            }
        }
    }
}

/// What stands in WAVEFORMATEXTENSIBLE behind cbSize.
fn extensible(extra: &[u8], channels: u16, bits: u16) -> Option<(Coding, Layout)> {
    let mut fields = Fields { rest: extra };
    let (valid_bits, mask, number) = (fields.u16()?, fields.u32()?, fields.u16()?);
    let subtype = fields.rest.get(..14)?;
    let is_ambisonic = subtype == SUBTYPE_AMBISONIC;
    let coding = Coding::of(number).filter(|_| is_ambisonic || subtype == SUBTYPE)?;
    if matches!(coding, Coding::MsAdpcm | Coding::ImaAdpcm | Coding::Gsm) {
        return None;
    }
    let valid_bits = if valid_bits == 0 || valid_bits > bits { bits } else { valid_bits };
    // Speakers that nobody knows, or not as many as there are channels, are none.
    let is_layout = mask & !SPEAKERS == 0 && mask.count_ones() == u32::from(channels);
    Some((coding, Layout { valid_bits, mask: if is_layout { mask } else { 0 }, is_ambisonic }))
}

/// Numbers, the lowest byte first.
struct Fields<'a> {
    rest: &'a [u8],
}

impl Fields<'_> {
    fn u16(&mut self) -> Option<u16> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u16::from_le_bytes(*bytes))
    }

    fn u32(&mut self) -> Option<u32> {
        let (bytes, rest) = self.rest.split_first_chunk()?;
        self.rest = rest;
        Some(u32::from_le_bytes(*bytes))
    }
}

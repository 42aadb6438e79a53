//! Audio of a track (RFC 9559, 5.1.4.1.29): rates, channels and, where nothing else tells them, bits.

use super::{id, write};
use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What is kept of Audio.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sound {
    /// SamplingFrequency, a whole number.
    pub(super) hertz: f64,
    /// OutputSamplingFrequency, where it is another.
    pub(super) output_hertz: Option<f64>,
    pub(super) channels: u64,
    pub(super) bit_depth: Option<u64>,
}

impl Sound {
    /// Reads it. Fields that are not there have their defaults.
    pub(super) fn read(cursor: &mut Cursor<'_>, audio: &Element, findings: &mut Findings) -> Result<Self, Refusal> {
        let mut sound = Self { hertz: 8_000.0, output_hertz: None, channels: 1, bit_depth: None };
        let mut children = Children::of(audio);
        while let Some(child) = children.next(cursor)? {
            match child.id {
                id::SAMPLING_FREQUENCY => {
                    sound.hertz = hertz(cursor, &child, "SamplingFrequency")?.unwrap_or(8_000.0);
                }
                id::OUTPUT_SAMPLING_FREQUENCY => {
                    sound.output_hertz = hertz(cursor, &child, "OutputSamplingFrequency")?;
                }
                id::CHANNELS => sound.channels = ebml::uint(cursor, &child, "Channels")?.unwrap_or(1),
                id::BIT_DEPTH => sound.bit_depth = ebml::uint(cursor, &child, "BitDepth")?,
                0x52F1 => findings.removed(Category::Software, "Audio Emphasis"),
                0x7D7B => findings.removed(Category::Software, "Audio ChannelPositions"),
                _ => super::dropped::element(cursor, &child, "Audio", findings)?,
            }
        }
        if sound.channels == 0 || sound.channels > limits::MATROSKA_CHANNELS_MAX {
            return Err(Refusal::new(Reason::Damaged, "Channels", audio.at));
        }
        Ok(sound)
    }

    /// Leaves what the codec has no need for.
    pub(super) fn settle(mut self, needs_bit_depth: bool, at: u64, findings: &mut Findings) -> Result<Self, Refusal> {
        self.output_hertz = self.output_hertz.filter(|output| self.hertz.ne(output));
        if !needs_bit_depth {
            if self.bit_depth.take().is_some() {
                findings.removed(Category::Software, "Audio BitDepth");
            }
        } else if !matches!(self.bit_depth, Some(8 | 16 | 24 | 32 | 64)) {
            return Err(Refusal::new(Reason::NotUnderstood, "BitDepth", at));
        }
        Ok(self)
    }

    /// As it is written.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut body = write::float(id::SAMPLING_FREQUENCY, self.hertz);
        if let Some(hertz) = self.output_hertz {
            body.extend(write::float(id::OUTPUT_SAMPLING_FREQUENCY, hertz));
        }
        body.extend(write::uint(id::CHANNELS, self.channels));
        if let Some(bits) = self.bit_depth {
            body.extend(write::uint(id::BIT_DEPTH, bits));
        }
        write::element(id::AUDIO, &body)
    }
}

/// A frequency as a whole number. Zero stands for one that is not told.
fn hertz(cursor: &mut Cursor<'_>, element: &Element, part: &'static str) -> Result<Option<f64>, Refusal> {
    match ebml::float(cursor, element, part)?.map(f64::round) {
        None => Ok(None),
        Some(0.0) => Ok(None),
        Some(hertz) if (1.0..=limits::AUDIO_HERTZ_MAX).contains(&hertz) => Ok(Some(hertz)),
        Some(_) => Err(Refusal::new(Reason::Damaged, part, element.at)),
    }
}

//! AudioSpecificConfig: read field by field and written again without comments. Never copies what is behind them.
//!
//! Source: ISO/IEC 14496-3:2019, 1.6.2.1, 1.6.5, 4.4.1, 4.6.20.

use super::bits::{Bits, Written};
use super::{Codec, Configured};
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings, Reason, Refusal};

/// Bytes of a UsacConfig, which is kept as it is.
const USAC_BYTES_MAX: usize = 64;

/// Rebuilds the configuration.
pub(super) fn record(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    rebuilt(body, findings).ok_or(Refusal::new(Reason::NotUnderstood, "AudioSpecificConfig", at))
}

/// Reads and writes at once.
struct Copying<'a> {
    bits: Bits<'a>,
    written: Written,
}

impl Copying<'_> {
    fn take(&mut self, count: u32) -> Option<u32> {
        let value = self.bits.small(count)?;
        self.written.put(count, value.into());
        Some(value)
    }

    fn flag(&mut self) -> Option<bool> {
        Some(self.take(1)? == 1)
    }

    /// `GetAudioObjectType`.
    fn object(&mut self) -> Option<u32> {
        match self.take(5)? {
            31 => self.take(6)?.checked_add(32),
            object => Some(object),
        }
    }

    fn frequency(&mut self) -> Option<()> {
        if self.take(4)? == 15 {
            self.take(24)?;
        }
        Some(())
    }

    /// `program_config_element` (4.4.1.1), its comment left out.
    fn program(&mut self, findings: &mut Findings) -> Option<()> {
        self.take(10)?;
        let (front, side, back) = (self.take(4)?, self.take(4)?, self.take(4)?);
        let (low, associated, coupled) = (self.take(2)?, self.take(3)?, self.take(4)?);
        for bits in [4, 4, 3] {
            if self.flag()? {
                self.take(bits)?;
            }
        }
        for _ in 0..front.checked_add(side)?.checked_add(back)?.checked_add(coupled)? {
            self.take(5)?;
        }
        for _ in 0..low.checked_add(associated)? {
            self.take(4)?;
        }
        self.bits.align()?;
        self.written.align();
        let len = self.bits.byte()?;
        self.written.put(8, 0);
        let comment: Option<Vec<u8>> = (0..len).map(|_| self.bits.byte()).collect();
        let comment = comment?;
        if len > 0 {
            findings.removed_value(Category::Comment, "AAC program configuration comment", &legible::text(&comment));
        }
        Some(())
    }

    /// `GASpecificConfig` (4.4.1).
    fn general(&mut self, object: u32, channels: u32, findings: &mut Findings) -> Option<()> {
        self.flag()?;
        if self.flag()? {
            self.take(14)?;
        }
        let extension = self.flag()?;
        if channels == 0 {
            self.program(findings)?;
        }
        if matches!(object, 6 | 20) {
            self.take(3)?;
        }
        if extension {
            match object {
                22 => {
                    self.take(16)?;
                }
                17 | 19 | 20 | 23 => {
                    self.take(3)?;
                }
                _ => {}
            }
            // extensionFlag3, which nothing is defined for.
            if self.flag()? {
                return None;
            }
        }
        Some(())
    }

    /// `ELDSpecificConfig` (4.6.20.3), without extensions.
    fn low_delay(&mut self, channels: u32) -> Option<()> {
        self.take(4)?;
        if self.flag()? {
            self.take(2)?;
            let headers = match channels {
                1 | 2 => 1,
                3 => 2,
                4..=6 => 3,
                7 => 4,
                _ => return None,
            };
            for _ in 0..headers {
                self.replication()?;
            }
        }
        // eldExtType: the end.
        (self.take(4)? == 0).then_some(())
    }

    /// `sbr_header` (4.4.2.8).
    fn replication(&mut self) -> Option<()> {
        self.take(14)?;
        let (first, second) = (self.flag()?, self.flag()?);
        if first {
            self.take(5)?;
        }
        if second {
            self.take(6)?;
        }
        Some(())
    }

    /// The backward compatible extension (1.6.5.1).
    fn extension(&mut self) -> Option<()> {
        let mut ahead = self.bits.clone();
        if ahead.left() < 16 || ahead.take(11)? != 0x2B7 || ahead.take(5)? != 5 {
            return Some(());
        }
        self.take(16)?;
        if !self.flag()? {
            return Some(());
        }
        self.frequency()?;
        let mut ahead = self.bits.clone();
        if ahead.left() >= 12 && ahead.take(11)? == 0x548 {
            self.take(12)?;
        }
        Some(())
    }
}

/// Reads and writes a configuration; `None` where it is not understood.
pub(super) fn rebuilt(body: &[u8], findings: &mut Findings) -> Option<Configured> {
    let mut copying = Copying { bits: Bits::new(body), written: Written::default() };
    let mut object = copying.object()?;
    copying.frequency()?;
    let channels = copying.take(4)?;
    let explicit = matches!(object, 5 | 29);
    if explicit {
        copying.frequency()?;
        object = copying.object()?;
        if object == 22 {
            copying.take(4)?;
        }
    }
    match object {
        1..=4 | 6 | 7 | 17 | 19..=23 => copying.general(object, channels, findings)?,
        32..=34 => {
            copying.flag()?;
        }
        39 => copying.low_delay(channels)?,
        42 if body.len() <= USAC_BYTES_MAX => {
            let left = copying.bits.left();
            copying.written.copy(&mut copying.bits, left)?;
        }
        _ => return None,
    }
    // epConfig: error protection that needs no configuration of its own.
    if matches!(object, 17 | 19..=23 | 39) && copying.take(2)? > 1 {
        return None;
    }
    if !explicit {
        copying.extension()?;
    }
    if !copying.bits.are_zeros() {
        findings.removed(Category::HiddenContent, "behind the AudioSpecificConfig");
    }
    let codec = if matches!(object, 1..=4 | 6 | 7) { Codec::Aac } else { Codec::Opaque };
    Some(Configured { codec, bytes: copying.written.into_bytes() })
}

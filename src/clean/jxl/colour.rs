//! The colours of a JPEG XL picture (18181-1, E): one of the usual encodings, numbers, or a canonical profile.

use super::bits::{Bits, Choice, ENUM, Reading, Wrong};
use super::profile;
use crate::clean::metadata::icc;
use crate::clean::{Category, Findings, Reason};

/// ColourEncoding (E.2).
#[derive(Clone, Debug)]
pub(super) struct Colour {
    grey: bool,
    meaning: Meaning,
}

#[derive(Clone, Debug)]
enum Meaning {
    Numbers(Numbers),
    /// A profile follows the header; none where it has not been read yet.
    Profile(Option<Vec<u8>>),
}

/// White point, primaries, transfer function and intent, as they are written.
#[derive(Clone, Debug)]
struct Numbers {
    white: u32,
    white_xy: Vec<u32>,
    primaries: u32,
    primaries_xy: Vec<u32>,
    gamma: Option<u32>,
    transfer: u32,
    intent: u32,
}

/// D65, sRGB, sRGB, relative.
const SRGB: Numbers = Numbers {
    white: 1,
    white_xy: Vec::new(),
    primaries: 1,
    primaries_xy: Vec::new(),
    gamma: None,
    transfer: 13,
    intent: 1,
};

/// A coordinate, in 1/1,000,000, signs folded in.
const COORDINATE: Choice = [(0, 19), (524_288, 19), (1_048_576, 20), (2_097_152, 21)];
/// The discriminator that says that numbers of its own follow.
const CUSTOM: u32 = 2;
/// In 1/10,000,000.
const GAMMA_MAX: u32 = 10_000_000;

impl Colour {
    pub(super) fn srgb() -> Self {
        Self { grey: false, meaning: Meaning::Numbers(SRGB) }
    }

    pub(super) fn read(reading: &mut Reading<'_>, told: &mut Findings) -> Result<Self, Wrong> {
        let part = "colour encoding";
        if reading.bool(part)? {
            return Ok(Self::srgb());
        }
        let wants_profile = reading.bool(part)?;
        let grey = match reading.u32(&ENUM, part)? {
            0 => false,
            1 => true,
            _ => return Err(Wrong(Reason::NotUnderstood, "colour space")),
        };
        let meaning =
            if wants_profile { Meaning::Profile(None) } else { Meaning::Numbers(Numbers::read(reading, grey, told)?) };
        Ok(Self { grey, meaning })
    }

    pub(super) fn wants_profile(&self) -> bool {
        matches!(self.meaning, Meaning::Profile(_))
    }

    /// The same with what `profile` is reduced to.
    pub(super) fn with_profile(&self, profile: &[u8], has_black: bool, told: &mut Findings) -> Result<Self, Wrong> {
        let space: &[u8] = if self.grey { b"GRAY" } else { b"RGB " };
        if has_black {
            return Err(Wrong(Reason::NotUnderstood, "picture of four inks"));
        }
        // A profile for other samples describes nothing here.
        let canonical = icc::canonical(profile, told).filter(|canonical| canonical.get(16..20) == Some(space));
        let meaning = canonical.map_or(Meaning::Numbers(SRGB), |canonical| Meaning::Profile(Some(canonical)));
        Ok(Self { grey: self.grey, meaning })
    }

    pub(super) fn write(&self, bits: &mut Bits) {
        let usual = Self::srgb().fields();
        bits.bundle(&self.fields(), &usual);
    }

    fn fields(&self) -> Bits {
        let mut bits = Bits::default();
        bits.bool(self.wants_profile());
        bits.u32(&ENUM, self.grey.into());
        if let Meaning::Numbers(numbers) = &self.meaning {
            numbers.write(&mut bits, self.grey);
        }
        bits
    }

    /// The profile, where there is one, behind the header.
    pub(super) fn write_profile(&self, bits: &mut Bits) {
        if let Meaning::Profile(Some(canonical)) = &self.meaning {
            profile::write(bits, canonical);
        }
    }
}

impl Numbers {
    fn read(reading: &mut Reading<'_>, grey: bool, told: &mut Findings) -> Result<Self, Wrong> {
        let part = "colour encoding";
        let wrong = Wrong(Reason::Damaged, part);
        let mut numbers = SRGB;
        numbers.white = reading.u32(&ENUM, part)?;
        numbers.white_xy = coordinates(reading, numbers.white, 2)?;
        if !grey {
            numbers.primaries = reading.u32(&ENUM, part)?;
            numbers.primaries_xy = coordinates(reading, numbers.primaries, 6)?;
        }
        match reading.bool(part)? {
            true => numbers.gamma = Some(reading.bits(24, part)?),
            false => numbers.transfer = reading.u32(&ENUM, part)?,
        }
        numbers.intent = reading.u32(&ENUM, part)?;
        let accepted = matches!(numbers.white, 1 | 2 | 10 | 11)
            && matches!(numbers.primaries, 1 | 2 | 9 | 11)
            && numbers.gamma.is_none_or(|gamma| (1..=GAMMA_MAX).contains(&gamma))
            && matches!(numbers.transfer, 1 | 2 | 8 | 13 | 16..=18)
            && numbers.intent <= 3;
        if !accepted {
            return Err(wrong);
        }
        if !numbers.white_xy.is_empty() || !numbers.primaries_xy.is_empty() {
            told.remains(Category::Device, "primaries in numbers", "perhaps of one screen or scanner");
        }
        Ok(numbers)
    }

    fn write(&self, bits: &mut Bits, grey: bool) {
        bits.u32(&ENUM, self.white);
        self.white_xy.iter().for_each(|number| bits.u32(&COORDINATE, *number));
        if !grey {
            bits.u32(&ENUM, self.primaries);
            self.primaries_xy.iter().for_each(|number| bits.u32(&COORDINATE, *number));
        }
        bits.bool(self.gamma.is_some());
        match self.gamma {
            Some(gamma) => bits.bits(gamma.into(), 24),
            None => bits.u32(&ENUM, self.transfer),
        }
        bits.u32(&ENUM, self.intent);
    }
}

fn coordinates(reading: &mut Reading<'_>, kind: u32, count: u32) -> Result<Vec<u32>, Wrong> {
    let count = if kind == CUSTOM { count } else { 0 };
    (0..count).map(|_| reading.u32(&COORDINATE, "colour encoding")).collect()
}

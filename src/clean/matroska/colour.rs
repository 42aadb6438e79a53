//! Colour of a track's pictures (RFC 9559, 5.1.4.1.28.16): code points of ISO/IEC 23091-2 and the numbers of the
//! screen it was made on, in the steps that coded video has for them.

use super::{dropped, id, write};
use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};

/// What is kept of Colour; nothing of it for a field that is 0.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Colour {
    /// By [`FIELDS`].
    fields: [Option<u64>; 8],
    /// By [`MASTERING`].
    mastering: Option<[f64; 10]>,
}

/// Each field: its identifier, name, and largest value. Its own default is left out.
const FIELDS: [(u32, &str, u64); 8] = [
    (0x55B1, "MatrixCoefficients", 14),
    (0x55B7, "ChromaSitingHorz", 2),
    (0x55B8, "ChromaSitingVert", 2),
    (0x55B9, "Range", 3),
    (0x55BA, "TransferCharacteristics", 18),
    (0x55BB, "Primaries", 22),
    (0x55BC, "MaxCLL", 65_535),
    (0x55BD, "MaxFALL", 65_535),
];

/// MasteringMetadata: the chromaticities of red, green, blue and white, and the luminance at most and at least.
const MASTERING: std::ops::RangeInclusive<u32> = 0x55D1..=0x55DA;
/// Steps of a chromaticity, and of a candela a square metre (ITU-T H.265, D.3.28).
const STEPS: [f64; 2] = [50_000.0, 10_000.0];
/// The largest luminance there is room for.
const LUMINANCE_MAX: f64 = 65_535.0;

impl Colour {
    /// Reads it.
    pub(super) fn read(cursor: &mut Cursor<'_>, colour: &Element, findings: &mut Findings) -> Result<Self, Refusal> {
        let mut found = Self::default();
        let mut children = Children::of(colour);
        while let Some(child) = children.next(cursor)? {
            let known = FIELDS.iter().zip(&mut found.fields).find(|((id, _, _), _)| *id == child.id);
            match known {
                Some(((id, name, max), field)) => {
                    let value = ebml::uint(cursor, &child, name)?;
                    *field = value.filter(|value| value <= max && *value != default(*id));
                }
                None => match child.id {
                    0x55D0 if found.mastering.is_some() => {
                        return Err(Refusal::new(Reason::Damaged, "more than one MasteringMetadata", child.at));
                    }
                    0x55D0 => found.mastering = mastering(cursor, &child, findings)?,
                    0x55B2..=0x55B6 => findings.removed(Category::Software, "Colour BitsPerChannel, ChromaSubsampling"),
                    _ => dropped::element(cursor, &child, "Colour", findings)?,
                },
            }
        }
        Ok(found)
    }

    /// As it is written, if it says anything.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let told = FIELDS.iter().zip(self.fields).filter_map(|((id, _, _), field)| field.map(|value| (*id, value)));
        let mut body: Vec<u8> = told.flat_map(|(id, value)| write::uint(id, value)).collect();
        if let Some(numbers) = self.mastering {
            let numbers: Vec<u8> = MASTERING.zip(numbers).flat_map(|(id, number)| write::float(id, number)).collect();
            body.extend(write::element(0x55D0, &numbers));
        }
        if body.is_empty() { body } else { write::element(id::COLOUR, &body) }
    }
}

/// Unspecified, which matrix, transfer and primaries call 2.
fn default(id: u32) -> u64 {
    if matches!(id, 0x55B1 | 0x55BA | 0x55BB) { 2 } else { 0 }
}

/// All ten numbers, or none.
fn mastering(
    cursor: &mut Cursor<'_>,
    element: &Element,
    findings: &mut Findings,
) -> Result<Option<[f64; 10]>, Refusal> {
    let mut numbers = [None; 10];
    let mut children = Children::of(element);
    while let Some(child) = children.next(cursor)? {
        match MASTERING.zip(&mut numbers).find(|(id, _)| *id == child.id) {
            Some((_, number)) => *number = ebml::float(cursor, &child, "MasteringMetadata")?,
            None => dropped::element(cursor, &child, "MasteringMetadata", findings)?,
        }
    }
    let rounded: Vec<f64> = MASTERING.zip(numbers).map_while(|(id, number)| rounded(id, number?)).collect();
    let rounded = <[f64; 10]>::try_from(rounded).ok();
    if rounded.is_none() {
        findings.removed(Category::Device, "MasteringMetadata, not complete");
    } else if MASTERING.zip(numbers).any(|(id, number)| number != number.and_then(|number| self::rounded(id, number))) {
        findings.removed(Category::Device, "MasteringMetadata, beyond the steps of coded video");
    }
    Ok(rounded)
}

/// To the step that coded video has for it; `None` for what is no such number.
fn rounded(id: u32, number: f64) -> Option<f64> {
    let ([step, _], max) = if id <= 0x55D8 { (STEPS, 1.0) } else { ([STEPS[1]; 2], LUMINANCE_MAX) };
    (0.0..=max).contains(&number).then(|| (number * step).round() / step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_a_screen_are_rounded_once_and_for_all() {
        for id in [0x55D1, 0x55DA] {
            for number in [0.0, 0.680_000_007, 0.3127, 0.000_05, 1.0] {
                let once = rounded(id, number).unwrap();
                assert_eq!(rounded(id, once), Some(once));
            }
        }
        assert_eq!(rounded(0x55D1, 0.680_000_007), Some(0.68));
        assert_eq!(rounded(0x55D1, f64::NAN), None);
        assert_eq!(rounded(0x55D1, -0.1), None);
        assert_eq!(rounded(0x55D9, 65_536.0), None);
        assert_eq!(rounded(0x55D9, 1_000.0), Some(1_000.0));
    }
}

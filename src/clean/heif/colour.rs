//! What colours mean: `colr` (ISO/IEC 14496-12, 12.1.5) with code points of ITU-T H.273 or a profile, and the light
//! levels of HDR. Numbers only; a profile becomes a canonical one.

use super::fields::Fields;
use super::meta::Raw;
use super::property::{Kind, Outcome, Property};
use crate::clean::metadata::icc;
use crate::clean::{Category, Findings, Reason, Refusal};

/// Rebuilds `colr`.
pub(super) fn rebuild(raw: &Raw, findings: &mut Findings) -> Result<Outcome, Refusal> {
    let damaged = Refusal::new(Reason::Damaged, "colr", raw.at);
    let (kind, rest) = raw.body.split_first_chunk::<4>().ok_or(damaged.clone())?;
    Ok(match kind {
        b"nclx" => {
            let numbers @ [_, _, matrix, _] = code_points(rest).ok_or(damaged)?;
            // An unknown matrix makes other pixels; which, only its maker knows.
            if !matches!(matrix, 0..=2 | 4..=17) {
                return Err(Refusal::new(Reason::NotUnderstood, "colr matrix_coefficients", raw.at));
            }
            Outcome::Kept(Property::new(Kind::Numbers, *b"colr", &written(numbers, findings)))
        }
        b"prof" | b"rICC" => match icc::canonical(rest, findings) {
            Some(profile) => Outcome::Kept(Property::new(Kind::Profile, *b"colr", &[b"prof", &*profile].concat())),
            None => Outcome::Dropped,
        },
        _ => {
            findings.removed(Category::Unknown, "colr of an unknown kind");
            Outcome::Dropped
        }
    })
}

/// Primaries, transfer, matrix, full range.
fn code_points(rest: &[u8]) -> Option<[u16; 4]> {
    let mut fields = Fields::new(rest);
    Some([fields.u16()?, fields.u16()?, fields.u16()?, (fields.u8()? >> 7).into()])
}

fn written([primaries, transfer, matrix, range]: [u16; 4], findings: &mut Findings) -> Vec<u8> {
    let is_known = matches!(primaries, 1 | 2 | 4..=12 | 22) && matches!(transfer, 1 | 2 | 4..=18);
    // 2 is "unspecified", which is how decoders take a number that they do not know.
    let primaries = if matches!(primaries, 1 | 2 | 4..=12 | 22) { primaries } else { 2 };
    let transfer = if matches!(transfer, 1 | 2 | 4..=18) { transfer } else { 2 };
    if !is_known {
        findings.removed(Category::Unknown, "colr unknown numbers");
    }
    let numbers = [primaries, transfer, matrix].map(u16::to_be_bytes).concat();
    [b"nclx", numbers.as_slice(), &[if range == 0 { 0 } else { 0x80 }]].concat()
}

/// Rebuilds `clli`, `mdcv` or `amve` (ISO/IEC 14496-12, 12.1.6 to 12.1.8), rounded so that no screen is told from
/// another. `None` if it is damaged.
pub(super) fn light(raw: &Raw, findings: &mut Findings) -> Option<Outcome> {
    let mut fields = Fields::new(&raw.body);
    let mut bytes = Vec::with_capacity(24);
    let kind = match &raw.kind {
        b"clli" => {
            bytes.extend(fields.array::<4>()?);
            Kind::LightLevel
        }
        b"mdcv" => {
            for _ in 0..8 {
                bytes.extend(coordinate(fields.u16()?).to_be_bytes());
            }
            bytes.extend(luminance(fields.u32()?, 10_000).to_be_bytes());
            // In steps of a tenth of a thousandth: blacks are below one of them.
            bytes.extend(luminance(fields.u32()?, 10).to_be_bytes());
            Kind::Screen
        }
        _ => {
            bytes.extend(luminance(fields.u32()?, 10_000).to_be_bytes());
            bytes.extend(coordinate(fields.u16()?).to_be_bytes());
            bytes.extend(coordinate(fields.u16()?).to_be_bytes());
            Kind::Surroundings
        }
    };
    if !fields.rest().is_empty() {
        return None;
    }
    if bytes != raw.body {
        findings.removed(Category::Device, "light levels of the screen, rounded");
    }
    Some(Outcome::Kept(Property::new(kind, raw.kind, &bytes)))
}

/// A chromaticity in steps of 0.00002: the white of daylight as it is, others to 0.001.
fn coordinate(value: u16) -> u16 {
    match value {
        15_635 | 16_450 => value,
        _ => u16::try_from(rounded(value.min(50_000).into(), 50)).unwrap_or(50_000),
    }
}

/// A luminance in steps of 0.0001, up to 100,000 candelas.
fn luminance(value: u32, step: u32) -> u32 {
    rounded(value.min(1_000_000_000), step)
}

fn rounded(value: u32, step: u32) -> u32 {
    let half = step.checked_div(2).unwrap_or(0);
    value.saturating_add(half).checked_div(step).unwrap_or(0).saturating_mul(step)
}

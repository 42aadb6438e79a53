//! How pictures are to be shown: colours, shape of a pixel, clean part, fields, light. Each by its few numbers.

use super::super::fields::Fields;
use super::push;
use crate::clean::container::bmff::Boxed;
use crate::clean::metadata::icc;
use crate::clean::{Category, Findings, Refusal};

/// Code points of ITU-T H.273 go up to 22; QuickTime's of the same meaning too.
const CODE_MAX: u16 = 22;

/// Appends what is kept of the inner boxes of a visual description, in one order.
pub(super) fn write(
    boxes: &[Boxed<'_>],
    picture: (u16, u16),
    out: &mut Vec<u8>,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    for kind in [*b"nclx", *b"nclc"] {
        let colours = all(boxes, *b"colr").filter_map(|body| body.strip_prefix(&kind));
        let codes = colours.filter_map(|codes| coded(codes, kind)).next();
        if let Some(codes) = codes {
            push(out, *b"colr", &[kind.as_slice(), &codes].concat())?;
            // One set of code points is enough.
            break;
        }
    }
    let profiles = all(boxes, *b"colr").filter_map(|body| body.strip_prefix(b"prof").or(body.strip_prefix(b"rICC")));
    if let Some(profile) = profiles.take(1).find_map(|profile| icc::canonical(profile, findings)) {
        push(out, *b"colr", &[b"prof".as_slice(), &profile].concat())?;
    }
    if let Some(body) = all(boxes, *b"fiel").next()
        && let [1, 0, ..] | [2, 0 | 1 | 6 | 9 | 14, ..] = *body
        && let Some(fields) = body.get(..2)
    {
        push(out, *b"fiel", fields)?;
    }
    if let Some(body) = all(boxes, *b"pasp").next().and_then(pixel_aspect) {
        push(out, *b"pasp", &body)?;
    }
    if let Some(body) = all(boxes, *b"clap").next().and_then(|body| clean_aperture(body, picture)) {
        push(out, *b"clap", &body)?;
    }
    if let Some(body) = all(boxes, *b"mdcv").next().and_then(mastering) {
        push(out, *b"mdcv", &body)?;
    }
    if let Some(body) = all(boxes, *b"clli").next().and_then(|body| body.first_chunk::<4>()) {
        push(out, *b"clli", body)?;
    }
    tell_odd(boxes, findings);
    Ok(())
}

/// Boxes of these kinds that are longer than their fields.
fn tell_odd(boxes: &[Boxed<'_>], findings: &mut Findings) {
    for boxed in boxes {
        let expected = match &boxed.kind {
            b"fiel" => 2,
            b"pasp" => 8,
            b"clap" => 32,
            b"mdcv" => 24,
            b"clli" => 4,
            b"colr" if boxed.body.starts_with(b"nclx") => 11,
            b"colr" if boxed.body.starts_with(b"nclc") => 10,
            _ => continue,
        };
        if boxed.body.len() != expected || boxes.iter().filter(|other| other.kind == boxed.kind).count() > 2 {
            findings.removed(Category::HiddenContent, format!("sample description, {}", super::name(boxed.kind)));
        }
    }
}

fn all<'a>(boxes: &'a [Boxed<'a>], kind: [u8; 4]) -> impl Iterator<Item = &'a [u8]> {
    boxes.iter().filter(move |boxed| boxed.kind == kind).map(|boxed| boxed.body)
}

/// ISO/IEC 14496-12, 12.1.5; QuickTime's `nclc` lacks the range.
fn coded(codes: &[u8], kind: [u8; 4]) -> Option<Vec<u8>> {
    let mut fields = Fields::new(codes);
    let numbers = [fields.u16()?, fields.u16()?, fields.u16()?];
    if numbers.iter().any(|&number| number > CODE_MAX) {
        return None;
    }
    let mut out = numbers.map(u16::to_be_bytes).concat();
    if kind == *b"nclx" {
        out.push(fields.u8()? & 0x80);
    }
    Some(out)
}

/// 12.1.4.1, in lowest terms. Square pixels stay too: the coded pictures may say otherwise.
fn pixel_aspect(body: &[u8]) -> Option<[u8; 8]> {
    let mut fields = Fields::new(body);
    let (wide, high) = reduced(fields.u32()?, fields.u32()?)?;
    (wide > 0).then(|| pair(wide, high))
}

/// 12.1.4.1: width, height, horizontal and vertical offset, each a fraction in lowest terms; `None` for the whole
/// picture, and for what cannot be part of it.
fn clean_aperture(body: &[u8], (width, height): (u16, u16)) -> Option<Vec<u8>> {
    let mut fields = Fields::new(body);
    let mut out = Vec::new();
    let (mut is_whole, mut fits) = (true, true);
    for (side, is_offset) in [(width, false), (height, false), (width, true), (height, true)] {
        let (numerator, denominator) = (fields.i32()?, fields.i32()?);
        // Both signs may be turned.
        let is_negative = (numerator < 0) != (denominator < 0) && numerator != 0;
        let (above, below) = reduced(numerator.unsigned_abs(), denominator.unsigned_abs())?;
        let most = u64::from(below).saturating_mul(side.into());
        fits &= u64::from(above) <= most && below <= u32::from(u16::MAX);
        fits &= is_offset || (above > 0 && !is_negative);
        is_whole &= if is_offset { above == 0 } else { u64::from(above) == most };
        let above = i32::try_from(above).ok()?;
        let above = if is_negative { above.saturating_neg() } else { above };
        out.extend_from_slice(&above.to_be_bytes());
        out.extend_from_slice(&below.to_be_bytes());
    }
    (fits && !is_whole).then_some(out)
}

/// SMPTE ST 2086 as in 12.1.6: primaries and white in 1/50,000, luminances in 1/10,000 cd/m².
fn mastering(body: &[u8]) -> Option<[u8; 24]> {
    let body: [u8; 24] = *body.first_chunk()?;
    let (points, lights) = body.split_first_chunk::<16>()?;
    let are_colours = points.as_chunks::<2>().0.iter().all(|&point| u16::from_be_bytes(point) <= 50_000);
    let (lights, _) = lights.as_chunks::<4>();
    let are_lights = lights.iter().all(|&light| u32::from_be_bytes(light) <= 100_000_000);
    (are_colours && are_lights).then_some(body)
}

/// A fraction in lowest terms; `None` where it is none.
fn reduced(above: u32, below: u32) -> Option<(u32, u32)> {
    let (mut a, mut b) = (above, below);
    while b > 0 {
        (a, b) = (b, a.checked_rem(b)?);
    }
    Some((above.checked_div(a)?, below.checked_div(a)?)).filter(|(_, below)| *below > 0)
}

fn pair(one: u32, other: u32) -> [u8; 8] {
    let mut bytes = [0; 8];
    let (first, second) = bytes.split_at_mut(4);
    first.copy_from_slice(&one.to_be_bytes());
    second.copy_from_slice(&other.to_be_bytes());
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_in_lowest_terms() {
        assert_eq!(pixel_aspect(&pair(32, 24)), Some(pair(4, 3)));
        assert_eq!(pixel_aspect(&pair(7, 7)), Some(pair(1, 1)));
        assert_eq!(pixel_aspect(&pair(0, 7)), None);
        assert_eq!(pixel_aspect(&pair(1, 0)), None);
        let aperture = |numbers: [i32; 8]| clean_aperture(&numbers.map(i32::to_be_bytes).concat(), (720, 576));
        let same = [704, 1, 576, 1, -3, 2, 0, 1];
        assert_eq!(aperture(same).unwrap(), same.map(i32::to_be_bytes).concat());
        assert_eq!(aperture([1408, 2, 576, 1, 3, -2, 0, 5]).unwrap(), same.map(i32::to_be_bytes).concat());
        assert_eq!(aperture([720, 1, 576, 1, 0, 1, 0, 1]), None);
        assert_eq!(aperture([721, 1, 576, 1, 0, 1, 0, 1]), None);
    }
}

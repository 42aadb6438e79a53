//! One property of a produced file: its exact form, and values that a decoder knows.

use super::part::Part;
use crate::clean::codec::{Codec, Record};
use crate::clean::metadata::icc;
use crate::limits;

/// What the rest of the file must agree with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Extent(u32, u32),
    /// How an item of this type is coded.
    Config(Codec, [u8; 4]),
    Alpha,
    /// Bytes of the first layers of a coded item.
    Layers(u64),
    /// Of a coded item only.
    OfCoding,
    /// What changes the picture.
    Transformation,
    Nothing,
}

/// A property, and where it stands among others of an item.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) kind: [u8; 4],
    pub(super) rank: u8,
    pub(super) is_essential: bool,
    pub(super) meaning: Meaning,
}

/// Rank of all that changes the picture.
pub(super) const TRANSFORMATION: u8 = 14;

/// Reads the next property. `None` if it is not in its one form.
pub(super) fn read(part: &mut Part<'_>) -> Option<Property> {
    let (kind, mut body) = part.any()?;
    let (rank, meaning) = match &kind {
        b"ispe" => (1, extent(&mut body)?),
        b"pixi" => (2, depths(&mut body)?),
        b"hvcC" => (3, Meaning::Config(Record::HvcC.verify(rest(&mut body))?, *b"hvc1")),
        b"av1C" => (3, Meaning::Config(Record::Av1C.verify(rest(&mut body))?, *b"av01")),
        b"avcC" => (3, Meaning::Config(Record::AvcC.verify(rest(&mut body))?, *b"avc1")),
        b"colr" => match &body.array()? {
            b"nclx" => (4, code_points(&mut body)?),
            b"prof" => (5, icc::is_canonical(rest(&mut body)).then_some(Meaning::Nothing)?),
            _ => return None,
        },
        b"pasp" => (6, aspect(&mut body)?),
        b"auxC" => (7, alpha(&mut body)?),
        b"clli" => (8, body.take(4).map(|_| Meaning::Nothing)?),
        b"mdcv" => (9, screen(&mut body)?),
        b"amve" => (10, surroundings(&mut body)?),
        b"a1op" => (11, (body.u8()? < 32).then_some(Meaning::OfCoding)?),
        b"lsel" => (12, matches!(body.u16()?, 0..=3 | 0xFFFF).then_some(Meaning::OfCoding)?),
        b"a1lx" => (13, layers(&mut body)?),
        b"clap" => (TRANSFORMATION, aperture(&mut body)?),
        b"irot" => (TRANSFORMATION, matches!(body.u8()?, 1..=3).then_some(Meaning::Transformation)?),
        b"imir" => (TRANSFORMATION, matches!(body.u8()?, 0..=1).then_some(Meaning::Transformation)?),
        _ => return None,
    };
    body.end()?;
    Some(Property { kind, rank, is_essential: matches!(rank, 3 | 11 | 12 | TRANSFORMATION), meaning })
}

fn rest<'a>(body: &mut Part<'a>) -> &'a [u8] {
    let all = body.all();
    *body = Part::new(&[]);
    all
}

fn extent(body: &mut Part<'_>) -> Option<Meaning> {
    body.zeros(4)?;
    let (width, height) = (body.u32()?, body.u32()?);
    is_size(width, height).then_some(Meaning::Extent(width, height))
}

/// Whether a picture may be of this size.
pub(super) fn is_size(width: u32, height: u32) -> bool {
    let pixels = u64::from(width).saturating_mul(height.into());
    width.max(height) <= limits::PICTURE_SIDE_MAX && (1..=limits::PICTURE_PIXELS_MAX).contains(&pixels)
}

fn depths(body: &mut Part<'_>) -> Option<Meaning> {
    body.zeros(4)?;
    let count @ 1..=4 = body.u8()? else { return None };
    let depths = body.take(count.into())?;
    depths.iter().all(|depth| matches!(depth, 1..=16)).then_some(Meaning::Nothing)
}

/// ITU-T H.273, tables 2 to 4.
fn code_points(body: &mut Part<'_>) -> Option<Meaning> {
    let [primaries, transfer, matrix] = [body.u16()?, body.u16()?, body.u16()?];
    let is_known = matches!(primaries, 1 | 2 | 4..=12 | 22)
        && matches!(transfer, 1 | 2 | 4..=18)
        && matches!(matrix, 0..=2 | 4..=17)
        && matches!(body.u8()?, 0 | 0x80);
    is_known.then_some(Meaning::Nothing)
}

fn aspect(body: &mut Part<'_>) -> Option<Meaning> {
    let (horizontal, vertical) = (body.u32()?, body.u32()?);
    (horizontal > 0 && vertical > 0 && horizontal != vertical && is_reduced(horizontal, vertical))
        .then_some(Meaning::Nothing)
}

/// The names that an alpha picture may have.
pub(super) fn alpha(body: &mut Part<'_>) -> Option<Meaning> {
    body.zeros(4)?;
    let name = rest(body);
    let names: [&[u8]; 3] = [
        b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0",
        b"urn:mpeg:hevc:2015:auxid:1\0",
        b"urn:mpeg:avc:2015:auxid:1\0",
    ];
    names.contains(&name).then_some(Meaning::Alpha)
}

fn screen(body: &mut Part<'_>) -> Option<Meaning> {
    for _ in 0..8 {
        coordinate(body)?;
    }
    let (brightest, darkest) = (body.u32()?, body.u32()?);
    (is_step(brightest, 10_000) && is_step(darkest, 10)).then_some(Meaning::Nothing)
}

fn surroundings(body: &mut Part<'_>) -> Option<Meaning> {
    let light = body.u32()?;
    coordinate(body)?;
    coordinate(body)?;
    is_step(light, 10_000).then_some(Meaning::Nothing)
}

fn coordinate(body: &mut Part<'_>) -> Option<()> {
    let value = body.u16()?;
    (matches!(value, 15_635 | 16_450) || (value <= 50_000 && value.is_multiple_of(50))).then_some(())
}

fn is_step(value: u32, step: u32) -> bool {
    value <= 1_000_000_000 && value.is_multiple_of(step)
}

fn layers(body: &mut Part<'_>) -> Option<Meaning> {
    let sizes: [u32; 3] = match body.u8()? {
        0 => [body.u16()?, body.u16()?, body.u16()?].map(u32::from),
        1 => Some([body.u32()?, body.u32()?, body.u32()?]).filter(|sizes| sizes.iter().any(|&size| size > 0xFFFF))?,
        _ => return None,
    };
    Some(Meaning::Layers(sizes.iter().fold(0, |total, &size| total.saturating_add(size.into()))))
}

fn aperture(body: &mut Part<'_>) -> Option<Meaning> {
    for is_offset in [false, false, true, true] {
        let (numerator, denominator) = (body.u32()?, body.u32()?);
        let magnitude = if is_offset { numerator.cast_signed().unsigned_abs() } else { numerator };
        let is_valid = (is_offset || magnitude > 0)
            && (1..=i32::MAX.cast_unsigned()).contains(&denominator)
            && is_reduced(magnitude, denominator);
        if !is_valid {
            return None;
        }
    }
    Some(Meaning::Transformation)
}

/// Whether nothing divides both (Euclid).
pub(super) fn is_reduced(a: u32, b: u32) -> bool {
    common(a, b) == 1
}

/// What divides both, at most.
pub(super) fn common(a: u32, b: u32) -> u32 {
    let (mut a, mut b) = (a.max(b), a.min(b));
    while b > 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a
}

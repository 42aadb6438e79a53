//! Properties of items (ISO/IEC 23008-12, 6.5; AVIF 1.1, 2.3.2): each kind that may stand in a clean file, rebuilt from
//! the values that a decoder goes by. Never copies one of another kind.

use super::colour;
use super::fields::Fields;
use super::meta::Raw;
use super::write;
use crate::clean::codec::{Codec, Record};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// The kinds, in the order in which an item has them. The last three are applied in the order in which the original
/// has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Extent,
    Depth,
    Config,
    Numbers,
    Profile,
    Aspect,
    Alpha,
    LightLevel,
    Screen,
    Surroundings,
    OperatingPoint,
    Layer,
    LayerSizes,
    Aperture,
    Rotation,
    Mirror,
}

impl Kind {
    /// Whether a reader that does not know it must not show the item.
    pub(super) fn is_essential(self) -> bool {
        matches!(self, Self::Config | Self::OperatingPoint | Self::Layer) || self.is_transformation()
    }

    /// Whether it changes the picture, so that its place among others counts.
    pub(super) fn is_transformation(self) -> bool {
        matches!(self, Self::Aperture | Self::Rotation | Self::Mirror)
    }
}

/// A property that is kept.
#[derive(Clone, Debug)]
pub(super) struct Property {
    pub(super) kind: Kind,
    /// The whole box, as it will be written.
    pub(super) boxed: Vec<u8>,
    /// Of a configuration: how the item is coded.
    pub(super) codec: Option<(Codec, [u8; 4])>,
    /// Of an extent: width and height.
    pub(super) size: Option<(u32, u32)>,
}

/// What a property becomes.
#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Kept(Property),
    /// It says nothing about what is shown, or no more than its absence.
    Dropped,
    /// Nobody here knows what it does.
    Unknown,
}

/// Rebuilds a property, and says in `findings` what is lost.
pub(super) fn rebuild(raw: &Raw, findings: &mut Findings) -> Result<Outcome, Refusal> {
    let damaged = |part| Refusal::new(Reason::Damaged, part, raw.at);
    let body = raw.body.as_slice();
    let kept = |kind, fields: &[u8]| Outcome::Kept(Property::new(kind, raw.kind, fields));
    Ok(match &raw.kind {
        b"ispe" => {
            let (width, height) = extent(body).ok_or(damaged("ispe"))?;
            let pixels = u64::from(width).saturating_mul(height.into());
            if width.max(height) > limits::PICTURE_SIDE_MAX || pixels > limits::PICTURE_PIXELS_MAX {
                return Err(Refusal::new(Reason::TooLarge, "ispe", raw.at));
            }
            let fields = [[0; 4], width.to_be_bytes(), height.to_be_bytes()].concat();
            let property = Property::new(Kind::Extent, raw.kind, &fields);
            Outcome::Kept(Property { size: Some((width, height)), ..property })
        }
        b"pixi" => kept(Kind::Depth, &depths(body).ok_or(damaged("pixi"))?),
        b"hvcC" => config(Record::HvcC, *b"hvc1", raw, findings)?,
        b"av1C" => config(Record::Av1C, *b"av01", raw, findings)?,
        b"avcC" => config(Record::AvcC, *b"avc1", raw, findings)?,
        b"colr" => colour::rebuild(raw, findings)?,
        b"clli" | b"mdcv" | b"amve" => colour::light(raw, findings).ok_or(damaged("light level"))?,
        b"pasp" => match aspect(body).ok_or(damaged("pasp"))? {
            (1, 1) => Outcome::Dropped,
            (h, v) => kept(Kind::Aspect, &[h.to_be_bytes(), v.to_be_bytes()].concat()),
        },
        b"auxC" => {
            let text = Fields::new(body.get(4..).ok_or(damaged("auxC"))?).text();
            let Some(alpha) = Alpha::of(text) else { return Ok(Outcome::Dropped) };
            if body.len() > text.len().saturating_add(5) {
                findings.removed(Category::Unknown, "auxC aux_subtype");
            }
            kept(Kind::Alpha, &[&[0; 4], alpha.urn(), &[0]].concat())
        }
        b"a1op" => match *body {
            [point @ 0..=31] => kept(Kind::OperatingPoint, &[point]),
            _ => return Err(damaged("a1op")),
        },
        b"lsel" => match *body {
            [0, 0..=3] | [0xFF, 0xFF] => kept(Kind::Layer, body),
            _ => return Err(damaged("lsel")),
        },
        b"a1lx" => kept(Kind::LayerSizes, &layer_sizes(body).ok_or(damaged("a1lx"))?),
        b"clap" => {
            findings.remains(
                Category::HiddenContent,
                "clap",
                "the picture is cropped: what is cut off stays in the file",
            );
            kept(Kind::Aperture, &aperture(body).ok_or(damaged("clap"))?)
        }
        b"irot" => match body.first().ok_or(damaged("irot"))? & 3 {
            0 => Outcome::Dropped,
            quarters => kept(Kind::Rotation, &[quarters]),
        },
        b"imir" => kept(Kind::Mirror, &[body.first().ok_or(damaged("imir"))? & 1]),
        _ => Outcome::Unknown,
    })
}

impl Property {
    pub(super) fn new(kind: Kind, name: [u8; 4], fields: &[u8]) -> Self {
        Self { kind, boxed: write::boxed(name, &[fields]), codec: None, size: None }
    }
}

/// What an auxiliary picture calls itself if it is the alpha of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alpha {
    /// MIAF (ISO/IEC 23000-22, 7.3.5.2).
    Any,
    /// ISO/IEC 23008-12, B.2.3.
    Hevc,
    /// ISO/IEC 23008-12, E.2.3.
    Avc,
}

impl Alpha {
    pub(super) fn of(text: &[u8]) -> Option<Self> {
        [Self::Any, Self::Hevc, Self::Avc].into_iter().find(|alpha| alpha.urn() == text)
    }

    pub(super) fn urn(self) -> &'static [u8] {
        match self {
            Self::Any => b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha",
            Self::Hevc => b"urn:mpeg:hevc:2015:auxid:1",
            Self::Avc => b"urn:mpeg:avc:2015:auxid:1",
        }
    }
}

/// A configuration record, and the type of item that it is for.
fn config(record: Record, item: [u8; 4], raw: &Raw, findings: &mut Findings) -> Result<Outcome, Refusal> {
    let configured = record.rebuild(&raw.body, raw.at, findings)?;
    let property = Property::new(Kind::Config, raw.kind, &configured.bytes);
    Ok(Outcome::Kept(Property { codec: Some((configured.codec, item)), ..property }))
}

/// `ispe`: width and height.
fn extent(body: &[u8]) -> Option<(u32, u32)> {
    let mut fields = Fields::new(body);
    let (0, _) = fields.full()? else { return None };
    let (width, height) = (fields.u32()?, fields.u32()?);
    (width > 0 && height > 0).then_some((width, height))
}

/// `pixi`: bits of each channel. What later editions add behind is for other kinds of samples.
fn depths(body: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Fields::new(body);
    let (0, _) = fields.full()? else { return None };
    let count @ 1..=4 = fields.u8()? else { return None };
    let depths = fields.rest().get(..count.into())?;
    depths.iter().all(|depth| (1..=16).contains(depth)).then(|| [&[0, 0, 0, 0, count], depths].concat())
}

/// `pasp`: the fraction, reduced.
fn aspect(body: &[u8]) -> Option<(u32, u32)> {
    let mut fields = Fields::new(body);
    let (horizontal, vertical) = (fields.u32()?, fields.u32()?);
    let divisor = divisor(horizontal, vertical);
    Some((horizontal.checked_div(divisor)?, vertical.checked_div(divisor)?)).filter(|&(h, v)| h > 0 && v > 0)
}

/// `clap`: four fractions (ISO/IEC 14496-12, 12.1.4), reduced. Offsets may be negative.
fn aperture(body: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Fields::new(body);
    let mut bytes = Vec::with_capacity(32);
    for is_signed in [false, false, true, true] {
        let (numerator, denominator) = (fields.u32()?, fields.u32()?);
        let is_negative = is_signed && numerator.cast_signed() < 0;
        let magnitude = if is_signed { numerator.cast_signed().unsigned_abs() } else { numerator };
        // A denominator of 0 has no divisor but that of the numerator, and then no quotient.
        let divisor = divisor(magnitude, denominator);
        let (magnitude, denominator) = (magnitude.checked_div(divisor)?, denominator.checked_div(divisor)?);
        if denominator == 0 || denominator.cast_signed() < 0 || (!is_signed && magnitude == 0) {
            return None;
        }
        let numerator = if is_negative { 0u32.wrapping_sub(magnitude) } else { magnitude };
        bytes.extend(numerator.to_be_bytes());
        bytes.extend(denominator.to_be_bytes());
    }
    Some(bytes)
}

/// `a1lx` (AVIF 1.1, 2.3.2.3): bytes of the first three layers, in the shorter form if they fit.
fn layer_sizes(body: &[u8]) -> Option<Vec<u8>> {
    let mut fields = Fields::new(body);
    let is_wide = fields.u8()? & 1 == 1;
    let sizes = [fields.id(is_wide)?, fields.id(is_wide)?, fields.id(is_wide)?];
    let short: Option<Vec<[u8; 2]>> =
        sizes.iter().map(|&size| u16::try_from(size).ok().map(u16::to_be_bytes)).collect();
    Some(match short {
        Some(short) => [&[0], short.concat().as_slice()].concat(),
        None => [&[1], sizes.map(u32::to_be_bytes).concat().as_slice()].concat(),
    })
}

/// The greatest common divisor.
pub(super) fn divisor(mut a: u32, mut b: u32) -> u32 {
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}

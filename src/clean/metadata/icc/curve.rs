//! Tone curves: from any form a profile may have them in, to one of few (ICC.1:2022, sections 10.6 and 10.18).
//! Distances are measured in sRGB-encoded values, so that a step of 1/255 is a step of a pixel.

use std::sync::LazyLock;

use super::number::{encoded, linear, power, rounded};

/// Points a curve is looked at: every eighth is a knot of [`Shape::Table`].
const POINTS: u16 = 257;
const KNOTS: usize = 33;
/// Half again the step of a pixel.
const TOLERANCE: f64 = 0.006;
/// Exponents that are tried, in 1/256.
const GAMMA_MIN: i32 = 128;
const GAMMA_MAX: i32 = 1024;

/// A curve as a profile has it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'a> {
    /// A power.
    Gamma(f64),
    /// Parametric: the function's type and its parameters g, a, b, c, d, e, f.
    Parametric(u16, [f64; 7]),
    /// Big-endian 16-bit values, two or more, evenly spaced.
    Table(&'a [u8]),
}

/// A curve at [`POINTS`] places, in sRGB-encoded values from 0 to 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Samples(Vec<f64>);

/// A curve as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// IEC 61966-2-1.
    Srgb,
    /// ITU-R BT.709 and BT.2020, inverted.
    Rec709,
    /// A power, in 1/256.
    Gamma(u16),
    /// Encoded values of the knots, in 1/255.
    Table([u8; KNOTS]),
}

/// Linear, 1.8, 2.2 as Adobe RGB (1998) has it, 2.4.
const USUAL_GAMMAS: [u16; 4] = [256, 461, 563, 614];

impl Source<'_> {
    /// Reads the content of a `curv` or `para` tag.
    pub(super) fn parse(tag: &[u8]) -> Option<Source<'_>> {
        let (kind, rest) = tag.split_first_chunk::<4>()?;
        let rest = rest.get(4..)?;
        match kind {
            b"curv" => {
                let (count, rest) = rest.split_first_chunk()?;
                match u32::from_be_bytes(*count) {
                    0 => Some(Source::Gamma(1.0)),
                    1 => Some(Source::Gamma(f64::from(u16::from_be_bytes(*rest.first_chunk()?)) / 256.0)),
                    count => rest.get(..usize::try_from(count).ok()?.checked_mul(2)?).map(Source::Table),
                }
            }
            b"para" => {
                let kind = u16::from_be_bytes(*rest.first_chunk()?);
                let bytes = [4, 12, 16, 20, 28].get(usize::from(kind))?;
                let numbers = rest.get(4..)?.get(..*bytes)?;
                let mut parameters = [0.0; 7];
                for (parameter, number) in parameters.iter_mut().zip(numbers.as_chunks::<4>().0) {
                    *parameter = f64::from(i32::from_be_bytes(*number)) / 65_536.0;
                }
                Some(Source::Parametric(kind, parameters))
            }
            _ => None,
        }
    }

    /// The curve at all places; `None` where it is no usable one: falling, flat, or not of numbers.
    pub(super) fn samples(self) -> Option<Samples> {
        Samples(places().map(|place| encoded(self.at(place))).collect()).checked()
    }

    /// Linear light at `x`, both from 0 to 1.
    pub(super) fn at(self, x: f64) -> f64 {
        match self {
            Source::Gamma(gamma) => power(x, gamma),
            Source::Parametric(kind, [g, a, b, c, d, e, f]) => match kind {
                0 => power(x, g),
                // Types 1 and 2 break where a x + b is 0, and are 0 or c below.
                1 => power(a * x + b, g),
                2 => power(a * x + b, g) + c,
                3 if x >= d => power(a * x + b, g),
                3 => c * x,
                _ if x >= d => power(a * x + b, g) + e,
                _ => c * x + f,
            },
            Source::Table(values) => interpolated(values, x),
        }
    }
}

fn interpolated(values: &[u8], x: f64) -> f64 {
    let (values, _) = values.as_chunks::<2>();
    let last = u32::try_from(values.len().saturating_sub(1)).unwrap_or(u32::MAX);
    let place = x.clamp(0.0, 1.0) * f64::from(last);
    let value = |at: f64| {
        let value = usize::try_from(rounded(at)).ok().and_then(|at| values.get(at));
        value.map_or(0.0, |value| f64::from(u16::from_be_bytes(*value)) / 65_535.0)
    };
    let below = place.floor();
    let part = place - below;
    if part == 0.0 { value(below) } else { value(below) * (1.0 - part) + value(below + 1.0) * part }
}

fn places() -> impl Iterator<Item = f64> {
    (0..POINTS).map(|point| f64::from(point) / f64::from(POINTS - 1))
}

impl Samples {
    /// The largest difference anywhere.
    pub(super) fn distance(&self, other: &Self) -> f64 {
        self.0.iter().zip(&other.0).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    }

    /// The same curve where its values were lightness (CIE L*, of 1) and not luminance.
    pub(super) fn lightness_to_luminance(self) -> Self {
        let luminance = |lightness: f64| {
            let f = (lightness * 100.0 + 16.0) / 116.0;
            if f > 6.0 / 29.0 { f * f * f } else { (f - 4.0 / 29.0) * 108.0 / 841.0 }
        };
        Self(self.0.into_iter().map(|value| encoded(luminance(linear(value)))).collect())
    }

    fn checked(self) -> Option<Self> {
        let (first, last) = (*self.0.first()?, *self.0.last()?);
        let rising = self.0.is_sorted_by(|a, b| *a <= *b + NOISE);
        (rising && last - first >= RISE_MIN).then_some(self)
    }
}

/// How far a curve may fall between two places, as measured ones do.
const NOISE: f64 = 0.002;
const RISE_MIN: f64 = 0.5;

impl Shape {
    /// The curve at all places.
    pub(super) fn samples(&self) -> Samples {
        match self {
            // That is what the samples are measured in.
            Self::Srgb => Samples(places().collect()),
            Self::Table(levels) => {
                let values: Vec<u8> = table(levels).flat_map(u16::to_be_bytes).collect();
                Samples(places().map(|x| encoded(interpolated(&values, x))).collect())
            }
            Self::Rec709 => Samples(places().map(|x| encoded(rec709(x))).collect()),
            Self::Gamma(gamma) => Samples(places().map(|x| encoded(power(x, f64::from(*gamma) / 256.0))).collect()),
        }
    }

    /// Whether a thousand other profiles have it too.
    pub(super) fn is_usual(&self) -> bool {
        match self {
            Self::Srgb | Self::Rec709 => true,
            Self::Gamma(gamma) => USUAL_GAMMAS.contains(gamma),
            Self::Table(_) => false,
        }
    }

    /// The content of its tag.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            // g, a, b, c, d in 1/65536.
            Self::Srgb => parametric([0x0002_6666, 0xF2A7, 0x0D59, 0x13D0, 0x0A5B]),
            Self::Rec709 => parametric([0x0002_38E4, 0xE8F0, 0x1710, 0x38E4, 0x14BC]),
            Self::Gamma(gamma) => [b"curv\0\0\0\0\0\0\0\x01".as_slice(), &gamma.to_be_bytes()].concat(),
            Self::Table(levels) => {
                let mut bytes = b"curv\0\0\0\0\0\0\0\x21".to_vec();
                bytes.extend(table(levels).flat_map(u16::to_be_bytes));
                bytes
            }
        }
    }
}

fn rec709(x: f64) -> f64 {
    if x < 0.081 { x / 4.5 } else { power((x + 0.099) / 1.099, 1.0 / 0.45) }
}

fn parametric(parameters: [u32; 5]) -> Vec<u8> {
    let mut bytes = b"para\0\0\0\0\0\x03\0\0".to_vec();
    bytes.extend(parameters.iter().flat_map(|parameter| parameter.to_be_bytes()));
    bytes
}

fn table(levels: &[u8; KNOTS]) -> impl Iterator<Item = u16> {
    levels.iter().map(|&level| {
        let light = linear(f64::from(level) / 255.0);
        u16::try_from(rounded(light * 65_535.0)).unwrap_or(u16::MAX)
    })
}

/// The simplest shapes for the three channels: one for all where it fits all.
pub(super) fn fit_three(samples: &[Samples; 3]) -> Option<[Shape; 3]> {
    let [red, green, blue] = samples;
    let middle = fit(green)?;
    if red == green && green == blue {
        return Some([middle.clone(), middle.clone(), middle]);
    }
    let of_middle = middle.samples();
    if samples.iter().all(|samples| samples.distance(&of_middle) <= TOLERANCE) {
        return Some([middle.clone(), middle.clone(), middle]);
    }
    Some([fit(red)?, middle, fit(blue)?])
}

/// The simplest shape near `samples`.
pub(super) fn fit(samples: &Samples) -> Option<Shape> {
    let usual = || USUAL.iter().map(|(shape, of_shape)| (samples.distance(of_shape), shape.clone()));
    let gammas = || gammas_near(samples).map(Shape::Gamma).map(|shape| (samples.distance(&shape.samples()), shape));
    nearest(usual()).or_else(|| nearest(gammas())).or_else(|| table_of(samples))
}

/// The shapes that many profiles have, sampled once: most profiles have one of them.
static USUAL: LazyLock<Vec<(Shape, Samples)>> =
    LazyLock::new(|| usual_shapes().map(|shape| (shape.clone(), shape.samples())).collect());

/// The shapes that many profiles have.
pub(super) fn usual_shapes() -> impl Iterator<Item = Shape> {
    [Shape::Srgb, Shape::Rec709].into_iter().chain(USUAL_GAMMAS.map(Shape::Gamma))
}

fn nearest(far: impl Iterator<Item = (f64, Shape)>) -> Option<Shape> {
    let near = far.filter(|(distance, _)| *distance <= TOLERANCE);
    near.min_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, shape)| shape)
}

/// Exponents that bring some places of the curve to where they are.
fn gammas_near(samples: &Samples) -> impl Iterator<Item = u16> {
    let middle = samples.0.get(usize::from(POINTS / 2)).copied().unwrap_or_default();
    // A power grows less at one half as its exponent grows: halve the range until it is met.
    let (mut low, mut high) = (GAMMA_MIN, GAMMA_MAX);
    while low < high {
        let gamma = i32::midpoint(low, high);
        if encoded(power(0.5, f64::from(gamma) / 256.0)) > middle {
            low = gamma.saturating_add(1);
        } else {
            high = gamma;
        }
    }
    let around = low.saturating_sub(4)..=low.saturating_add(4);
    around.filter_map(|gamma| u16::try_from(gamma.clamp(GAMMA_MIN, GAMMA_MAX)).ok())
}

fn table_of(samples: &Samples) -> Option<Shape> {
    let mut levels = [0; KNOTS];
    let mut highest = 0;
    for (level, value) in levels.iter_mut().zip(samples.0.iter().step_by(8)) {
        highest = u8::try_from(rounded(value * 255.0)).ok()?.max(highest);
        *level = highest;
    }
    Some(Shape::Table(levels))
}

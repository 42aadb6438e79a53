//! From encoded samples to linear light and back, in sRGB. Whole numbers from 0 to 65,535; no pixel knows its neighbours.

use super::decode::{Channels, Colours, Raster, not_reshot};
use crate::clean::Refusal;
use crate::clean::metadata::icc::{self, number};

/// Linear light is told in this many steps.
const FULL: f64 = 65_535.0;

/// How the samples of one picture are turned into light.
pub(super) struct Light {
    /// By channel, of each encoded value.
    curves: Vec<[u16; 256]>,
    /// In 1/65,536.
    matrix: Option<[[i64; 3]; 3]>,
    /// Of each step of light, as sRGB encodes it.
    encoded: Vec<u8>,
}

impl Light {
    /// For a picture with its colours.
    pub(super) fn of(raster: &Raster) -> Result<Self, Refusal> {
        let whole = |number: f64| u16::try_from(number::rounded(number * FULL)).unwrap_or(u16::MAX);
        let by = |linear: &dyn Fn(f64) -> f64| {
            let mut curve = [0; 256];
            for (value, x) in curve.iter_mut().zip(0_u8..=255) {
                *value = whole(linear(f64::from(x) / 255.0));
            }
            curve
        };
        let (mut curves, matrix) = match &raster.colours {
            Colours::Srgb => (vec![by(&number::linear)], None),
            Colours::Gamma(gamma) if *gamma > 0.0 => (vec![by(&|x| number::power(x, 1.0 / gamma))], None),
            Colours::Gamma(_) => return Err(not_reshot("gamma of 0")),
            Colours::Profile(profile) => {
                let to_srgb = icc::to_srgb(profile).ok_or(not_reshot("colour profile of this kind"))?;
                let matrix = to_srgb
                    .matrix
                    .map(|rows| rows.map(|row| row.map(|number| i64::from(number::rounded(number * 65_536.0)))));
                (to_srgb.curves.iter().map(|curve| curve.map(whole)).collect(), matrix)
            }
        };
        let wanted = raster.channels.count();
        if curves.len() == 1
            && let Some(curve) = curves.first().copied()
        {
            curves.resize(wanted, curve);
        }
        if curves.len() != wanted || (matrix.is_some() && raster.channels == Channels::Grey) {
            return Err(not_reshot("colour profile for another kind of picture"));
        }
        let encoded = (0..=u16::MAX).map(|step| encoded(f64::from(step) / FULL)).collect();
        Ok(Self { curves, matrix, encoded })
    }

    /// The curve of a channel.
    pub(super) fn curve(&self, channel: usize) -> Option<&[u16; 256]> {
        self.curves.get(channel)
    }

    /// Encodes pixels of light for sRGB.
    pub(super) fn encode(&self, pixel: &[u16]) -> impl Iterator<Item = u8> {
        let mixed = match (&self.matrix, pixel) {
            (Some(rows), &[red, green, blue]) => rows.map(|[r, g, b]| {
                let sum = [(r, red), (g, green), (b, blue)].into_iter();
                let sum = sum
                    .fold(32_768_i64, |sum, (share, light)| sum.saturating_add(share.saturating_mul(i64::from(light))));
                u16::try_from((sum >> 16_u32).clamp(0, i64::from(u16::MAX))).unwrap_or(u16::MAX)
            }),
            (_, &[grey]) => [grey, 0, 0],
            (_, pixel) => <[u16; 3]>::try_from(pixel).unwrap_or_default(),
        };
        let encoded = mixed.map(|light| self.encoded.get(usize::from(light)).copied().unwrap_or(u8::MAX));
        encoded.into_iter().take(pixel.len())
    }
}

fn encoded(linear: f64) -> u8 {
    u8::try_from(number::rounded(number::encoded(linear) * 255.0)).unwrap_or(u8::MAX)
}

//! What a PNG says about its colour space, down to what changes the picture. Never keeps a digit more than is seen.

use super::chunk;
use super::inflate::inflated;
use super::rows::{Colour, Shape};
use crate::clean::metadata::icc;
use crate::clean::{Category, Findings, Plan, Refusal};
use crate::limits;

/// Gammas written exactly, in 1/100000: 1/2.2, 1/1.8, 1/2.4, 1/2.6.
const GAMMAS: [u32; 4] = [45_455, 55_556, 41_667, 38_462];
/// White points written exactly, in 1/100000: D65 and D50.
const WHITES: [(u32, u32); 2] = [(31_270, 32_900), (34_570, 35_850)];
/// Primaries of sRGB, Display P3, Adobe RGB and Rec. 2020, which say nothing about a device.
const PRIMARIES: [[u32; 6]; 4] = [
    [64_000, 33_000, 30_000, 60_000, 15_000, 6_000],
    [68_000, 32_000, 26_500, 69_000, 15_000, 6_000],
    [64_000, 33_000, 21_000, 71_000, 15_000, 6_000],
    [70_800, 29_200, 17_000, 79_700, 13_100, 4_600],
];
/// Profile names that tell nothing.
const PLAIN_NAMES: [&[u8]; 6] = [b"icc", b"ICC", b"icm", b"ICC profile", b"ICC Profile", b"Photoshop ICC profile"];

/// The colour chunks that are kept, as they will be written.
#[derive(Debug, Default)]
pub(super) struct Colours {
    cicp: Option<[u8; 4]>,
    profile: Option<Vec<u8>>,
    srgb: Option<u8>,
    gamma: Option<u32>,
    chromaticities: Option<[u32; 8]>,
    /// A profile was there that decoders go by, and was dropped because it is sRGB.
    profile_dropped: bool,
}

impl Colours {
    /// Takes the data of a colour chunk. The caller passes each kind once, before PLTE and IDAT.
    pub(super) fn take(&mut self, kind: [u8; 4], data: &[u8], shape: Shape, findings: &mut Findings) {
        let kept = match &kind {
            b"cICP" => {
                self.cicp = cicp(data);
                self.cicp.is_some()
            }
            b"iCCP" => {
                self.take_profile(data, shape.colour, findings);
                true
            }
            b"sRGB" => {
                self.srgb = <[u8; 1]>::try_from(data).ok().map(|[intent]| intent).filter(|&intent| intent <= 3);
                self.srgb.is_some()
            }
            b"gAMA" => {
                self.gamma = gamma(data, findings);
                self.gamma.is_some()
            }
            b"cHRM" => {
                self.chromaticities = chromaticities(data, findings);
                self.chromaticities.is_some()
            }
            _ => true,
        };
        if !kept {
            findings.removed(Category::HiddenContent, format!("{} out of range", chunk::name(kind)));
        }
    }

    /// Appends what is kept to `plan`, in order of precedence (PNG 3rd edition, 4.3).
    pub(super) fn write(&self, plan: &mut Plan) -> Result<(), Refusal> {
        if let Some(cicp) = self.cicp {
            chunk::write(plan, *b"cICP", &cicp)?;
        }
        if let Some(profile) = &self.profile {
            chunk::write(plan, *b"iCCP", &[b"icc\0\0".as_slice(), &stored(profile)].concat())?;
        }
        // Beside a profile it is ignored.
        if let Some(intent) = self.srgb.filter(|_| self.profile.is_none()) {
            chunk::write(plan, *b"sRGB", &[intent])?;
        }
        // A decoder that went by an sRGB profile would now go by these, which it ignored before.
        if self.profile_dropped {
            return Ok(());
        }
        if let Some(gamma) = self.gamma {
            chunk::write(plan, *b"gAMA", &gamma.to_be_bytes())?;
        }
        if let Some(chromaticities) = self.chromaticities {
            chunk::write(plan, *b"cHRM", chromaticities.map(u32::to_be_bytes).as_flattened())?;
        }
        Ok(())
    }

    /// iCCP: a name, a zero, compression method 0, a zlib stream (PNG 3rd edition, 11.3.2.3).
    fn take_profile(&mut self, data: &[u8], colour: Colour, findings: &mut Findings) {
        let mut parts = data.splitn(2, |&byte| byte == 0);
        let (name, rest) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if !PLAIN_NAMES.contains(&name) {
            let name: String = name.iter().copied().map(char::from).collect();
            findings.removed_value(Category::Device, "iCCP profile name", &name);
        }
        let inflated = match rest.split_first() {
            Some((0, zlib)) => inflated(zlib, limits::METADATA_BYTES_MAX),
            _ => inflated(&[], 0),
        };
        // Decoders ignore a profile for another kind of samples, and go on to sRGB and gAMA.
        let space: &[u8] = match colour {
            Colour::Grey | Colour::GreyAlpha => b"GRAY",
            Colour::Rgb | Colour::Palette | Colour::Rgba => b"RGB ",
        };
        let is_usable = inflated.bytes.get(16..20) == Some(space) && inflated.bytes.get(36..40) == Some(b"acsp");
        if !inflated.is_exact && !is_usable {
            findings.removed(Category::Unknown, "iCCP damaged");
            return;
        }
        if !inflated.is_exact {
            findings.removed(Category::HiddenContent, "iCCP beyond the profile");
        }
        let canonical = icc::canonical(&inflated.bytes, findings);
        if is_usable {
            self.profile_dropped = canonical.is_none();
            self.profile = canonical;
        }
    }
}

/// cICP (PNG 3rd edition, 11.3.2.6; values by ITU-T H.273, 8.1 to 8.3). RGB has matrix 0.
fn cicp(data: &[u8]) -> Option<[u8; 4]> {
    let values = <[u8; 4]>::try_from(data).ok()?;
    matches!(values, [1 | 2 | 4..=12 | 22, 1 | 2 | 4..=18, 0, 0 | 1]).then_some(values)
}

/// gAMA in 1/100000, near enough: 5 % is not seen, and this is within 2.5 %.
fn gamma(data: &[u8], findings: &mut Findings) -> Option<u32> {
    let exact = u32::from_be_bytes(<[u8; 4]>::try_from(data).ok()?);
    if !(10_000..=1_000_000).contains(&exact) {
        return None;
    }
    let near = GAMMAS.into_iter().find(|known| known.abs_diff(exact) <= 50).unwrap_or_else(|| rounded(exact, 500));
    if near.abs_diff(exact) > 5 {
        findings.removed_value(Category::Identifier, "gAMA digits", &exact.to_string());
    }
    Some(near)
}

/// cHRM in 1/100000, to three decimals: white, red, green, blue, each x and y.
fn chromaticities(data: &[u8], findings: &mut Findings) -> Option<[u32; 8]> {
    let (values, rest) = data.as_chunks::<4>();
    let exact = <[u32; 8]>::try_from(values.iter().copied().map(u32::from_be_bytes).collect::<Vec<_>>()).ok()?;
    let [white_x, white_y, red_x, red_y, green_x, green_y, blue_x, blue_y] = exact;
    let points = [(white_x, white_y), (red_x, red_y), (green_x, green_y), (blue_x, blue_y)];
    if !rest.is_empty() || white_y < 1_000 || points.iter().any(|(x, y)| x.saturating_add(*y) > 100_000) {
        return None;
    }
    let [white, red, green, blue] = points.map(|(x, y)| {
        let x = rounded(x, 100);
        (x, rounded(y, 100).min(100_000_u32.saturating_sub(x)))
    });
    let white = WHITES
        .into_iter()
        .find(|known| known.0.abs_diff(white.0) <= 100 && known.1.abs_diff(white.1) <= 100)
        .unwrap_or(white);
    let near = [white.0, white.1, red.0, red.1, green.0, green.1, blue.0, blue.1];
    if near.iter().zip(exact).any(|(near, exact)| near.abs_diff(exact) > 5) {
        let digits = exact.map(|value| value.to_string()).join(" ");
        findings.removed_value(Category::Identifier, "cHRM digits", &digits);
    }
    if !WHITES.contains(&white) || !PRIMARIES.iter().any(|known| near.ends_with(known)) {
        // As a screen reports them; to three decimals they may still tell its model.
        findings.remains(Category::Device, "cHRM", &near.map(|value| value.to_string()).join(" "));
    }
    Some(near)
}

fn rounded(value: u32, step: u32) -> u32 {
    let steps = value.saturating_add(step.div_ceil(2)).checked_div(step).unwrap_or(value);
    steps.saturating_mul(step)
}

/// A zlib stream of stored blocks: the same bytes from every version of every compressor.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut zlib = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(usize::from(u16::MAX)).peekable();
    while let Some(block) = blocks.next() {
        let len = u16::try_from(block.len()).unwrap_or(u16::MAX);
        zlib.push(u8::from(blocks.peek().is_none()));
        zlib.extend_from_slice(&len.to_le_bytes());
        zlib.extend_from_slice(&(!len).to_le_bytes());
        zlib.extend_from_slice(block);
    }
    zlib.extend_from_slice(&adler32(bytes).to_be_bytes());
    zlib
}

/// RFC 1950, 8.2.
fn adler32(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let reduce = |sum: u32| sum.checked_rem(MODULUS).unwrap_or(0);
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), &byte| {
        let low = reduce(low.saturating_add(u32::from(byte)));
        (low, reduce(high.saturating_add(low)))
    });
    high.rotate_left(16) | low
}

#[cfg(test)]
mod tests {
    use super::stored;
    use crate::clean::png::inflate::inflated;

    #[test]
    fn a_stored_stream_inflates_to_what_was_stored() {
        for len in [0, 1, 65_534, 65_535, 65_536, 200_000] {
            let bytes: Vec<u8> = (0..len).map(|i: u32| i.wrapping_mul(31).to_le_bytes()[0]).collect();
            let back = inflated(&stored(&bytes), bytes.len());
            // An empty profile is never stored, and so has no last block.
            assert_eq!((back.is_exact, back.bytes == bytes), (len > 0, true), "{len}");
        }
    }
}

//! ICC profiles: what they give away, and the nameless one that may stand in a profile's place (ICC.1:2022).
//! Never copies a byte: what is kept are a few numbers, rounded, in a profile that is written anew.
//!
//! Where colours can be described by three primaries and their curves (or one curve, for grey), these are
//! compared with the usual colour spaces and take their exact numbers; sRGB is dropped, since it is what a
//! picture without a profile has. Others keep their numbers, rounded so far that the eye does not see it.
//! Such numbers may still be those of one calibrated screen, which is said in a finding that remains.
//! CMYK, Lab and table-only profiles are dropped, and so the colours of such pictures may look different;
//! a finding says so.

mod curve;
mod light;
pub(crate) mod number;
mod parse;
mod told;
mod write;

use std::sync::LazyLock;

use self::curve::Shape;
pub(crate) use self::light::to_srgb;
use self::parse::Profile;
use crate::clean::{Category, Findings};

/// The profile to put in place of `profile`: `None` where it is sRGB, unusable, or of a kind that is dropped.
/// Says in `findings` what was dropped; nothing for a profile that [`is_canonical`].
pub(crate) fn canonical(profile: &[u8], findings: &mut Findings) -> Option<Vec<u8>> {
    if is_usual(profile) {
        return Some(profile.to_vec());
    }
    let Some(parsed) = Profile::parse(profile) else {
        findings.append(damaged());
        return None;
    };
    let reduced = reduce(&parsed);
    if reduced.is(profile) {
        return Some(profile.to_vec());
    }
    told::findings(&parsed, findings);
    match settle(reduced) {
        Reduced::Dropped => None,
        Reduced::Unusable => {
            // The one loss that can be seen: say which colours they were.
            let space = number::signature(parsed.space);
            findings.removed_value(Category::Device, "ICC profile, colours may look slightly different", &space);
            None
        }
        Reduced::Usual(bytes) => Some(bytes),
        Reduced::Rounded(bytes) => {
            findings.remains(Category::Device, "ICC profile colours, rounded", "perhaps of one screen or scanner");
            Some(bytes)
        }
    }
}

/// What `profile` says, wherever it stands, if nothing is put in its place. Never fails; at least one finding
/// unless it [`is_canonical`].
pub(crate) fn findings(profile: &[u8]) -> Findings {
    let mut findings = Findings::default();
    match Profile::parse(profile) {
        Some(_) if is_canonical(profile) => {}
        Some(parsed) => told::findings(&parsed, &mut findings),
        None => return damaged(),
    }
    findings
}

fn damaged() -> Findings {
    let mut findings = Findings::default();
    findings.removed(Category::Unknown, "ICC profile (damaged)");
    findings
}

/// Whether `profile` is one that [`canonical`] makes: reducing it changes nothing.
pub(crate) fn is_canonical(profile: &[u8]) -> bool {
    let reduces_to_itself = |parsed: Profile<'_>| reduce(&parsed).is(profile);
    is_usual(profile) || profile.len() <= write::BYTES_MAX && Profile::parse(profile).is_some_and(reduces_to_itself)
}

fn is_usual(profile: &[u8]) -> bool {
    USUAL_PROFILES.iter().any(|usual| usual == profile)
}

/// Those of one usual curve on usual primaries, which all reduce to themselves but sRGB, which is dropped.
static USUAL_PROFILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let shaped = |rows| curve::usual_shapes().map(move |shape| (rows, shape));
    let pairs = USUAL.iter().flat_map(shaped).filter(|(rows, shape)| (*rows, shape) != (&SRGB, &Shape::Srgb));
    pairs.map(|(rows, shape)| write::rgb(rows, &[shape.clone(), shape.clone(), shape])).collect()
});

/// What is left of a profile.
#[derive(Debug, PartialEq, Eq)]
enum Reduced {
    /// It is sRGB, or grey that looks the same.
    Dropped,
    /// It cannot be described by primaries and curves.
    Unusable,
    /// All its numbers are those of usual colour spaces.
    Usual(Vec<u8>),
    /// Some of its numbers are its own.
    Rounded(Vec<u8>),
}

impl Reduced {
    /// Whether it is `profile` itself.
    fn is(&self, profile: &[u8]) -> bool {
        match self {
            Self::Usual(bytes) | Self::Rounded(bytes) => bytes == profile,
            Self::Dropped | Self::Unusable => false,
        }
    }
}

/// Reduces again until nothing changes, since a rounded number may come into reach of a usual one.
fn settle(mut reduced: Reduced) -> Reduced {
    for _ in 0..SETTLE_MAX {
        let (Reduced::Usual(bytes) | Reduced::Rounded(bytes)) = &reduced else { return reduced };
        if is_usual(bytes) {
            return reduced;
        }
        let Some(again) = Profile::parse(bytes).map(|parsed| reduce(&parsed)) else { return Reduced::Unusable };
        if again == reduced {
            return reduced;
        }
        reduced = again;
    }
    Reduced::Unusable
}

fn reduce(profile: &Profile<'_>) -> Reduced {
    if !matches!(&profile.class, b"mntr" | b"scnr" | b"prtr" | b"spac") {
        return Reduced::Unusable;
    }
    let reduced = match (&profile.space, &profile.connection) {
        (b"RGB ", b"XYZ ") => rgb(profile),
        (b"GRAY", b"XYZ " | b"Lab ") => grey(profile),
        _ => None,
    };
    reduced.unwrap_or(Reduced::Unusable)
}

fn rgb(profile: &Profile<'_>) -> Option<Reduced> {
    let [red, green, blue] = [b"rXYZ", b"gXYZ", b"bXYZ"].map(|tag| profile.xyz(*tag));
    let colorants = [red?, green?, blue?];
    let samples = profile.curves([*b"rTRC", *b"gTRC", *b"bTRC"])?;
    let colorants = Colorants::of(colorants)?;
    let shapes = curve::fit_three(&samples)?;
    let usual = colorants.usual && shapes.iter().all(Shape::is_usual);
    if colorants.rows == SRGB && shapes.iter().all(|shape| *shape == Shape::Srgb) {
        return Some(Reduced::Dropped);
    }
    let bytes = write::rgb(&colorants.rows, &shapes);
    Some(if usual { Reduced::Usual(bytes) } else { Reduced::Rounded(bytes) })
}

fn grey(profile: &Profile<'_>) -> Option<Reduced> {
    let mut samples = profile.curve(*b"kTRC")?;
    if profile.connection == *b"Lab " {
        // Such a curve gives lightness, not luminance.
        samples = samples.lightness_to_luminance();
    }
    let shape = curve::fit(&samples)?;
    // Without a profile grey is shown as sRGB, which differs from a gamma of 2.2 in the deepest shadows only.
    if matches!(shape, Shape::Srgb | Shape::Gamma(563)) {
        return Some(Reduced::Dropped);
    }
    let bytes = write::grey(&shape);
    Some(if shape.is_usual() { Reduced::Usual(bytes) } else { Reduced::Rounded(bytes) })
}

/// X, Y and Z of red, green and blue, adapted to D50, in units of 1/65536.
type Rows = [[i32; 3]; 3];

struct Colorants {
    rows: Rows,
    usual: bool,
}

impl Colorants {
    /// The usual ones near `rows`, else `rows` rounded. `None` where no picture could have such.
    fn of(rows: Rows) -> Option<Self> {
        let near = |a: &i32, b: &i32| a.abs_diff(*b) <= COLORANT_TOLERANCE;
        let is_near = |usual: &&Rows| usual.iter().flatten().zip(rows.iter().flatten()).all(|(a, b)| near(a, b));
        if let Some(usual) = USUAL.iter().find(is_near) {
            return Some(Self { rows: *usual, usual: true });
        }
        let in_range = rows.iter().flatten().all(|number| (-COLORANT_MAX..=COLORANT_MAX).contains(number));
        if !in_range || determinant(&rows).abs() < DETERMINANT_MIN {
            return None;
        }
        let [red, green, blue] = rows.map(|row| row.map(rounded));
        let mut exact = blue;
        // Rounding must not tint the greys: where the three make D50 white, blue takes up the difference.
        for ((number, white), (red, green)) in exact.iter_mut().zip(WHITE).zip(red.iter().zip(&green)) {
            *number = white.saturating_sub(*red).saturating_sub(*green);
        }
        let is_white = exact.iter().zip(&blue).all(|(exact, blue)| exact.abs_diff(*blue) <= WHITE_TOLERANCE);
        let blue = if is_white { exact } else { blue };
        Some(Self { rows: [red, green, blue], usual: false })
    }
}

fn rounded(number: i32) -> i32 {
    number.saturating_add(COLORANT_STEP / 2).div_euclid(COLORANT_STEP).saturating_mul(COLORANT_STEP)
}

fn determinant(rows: &Rows) -> f64 {
    let [[a, b, c], [d, e, f], [g, h, i]] = rows.map(|row| row.map(|number| f64::from(number) / 65_536.0));
    a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
}

const SETTLE_MAX: usize = 4;
/// 0.0025
const COLORANT_TOLERANCE: u32 = 164;
/// 1/1024
const COLORANT_STEP: i32 = 64;
/// 3.0
const COLORANT_MAX: i32 = 3 * 65_536;
const DETERMINANT_MIN: f64 = 0.005;
/// D50 in whole steps, near 0.9642, 1 and 0.8249.
const WHITE: [i32; 3] = [987 * COLORANT_STEP, 1024 * COLORANT_STEP, 845 * COLORANT_STEP];
/// 0.004
const WHITE_TOLERANCE: u32 = 4 * 64;

const USUAL: &[Rows] = &[SRGB, DISPLAY_P3, ADOBE_RGB, REC_2020, PROPHOTO];
/// IEC 61966-2-1, adapted to D50 as in the ICC's own profile.
const SRGB: Rows = [[0x6FA2, 0x38F5, 0x0390], [0x6299, 0xB785, 0x18DA], [0x24A0, 0x0F84, 0xB6CF]];
/// SMPTE EG 432-1 with a D65 white.
const DISPLAY_P3: Rows = [[0x83DF, 0x3DBF, -0x0045], [0x4ABF, 0xB137, 0x0AB9], [0x2838, 0x110B, 0xC8B9]];
/// Adobe RGB (1998) Color Image Encoding, 2005-05.
const ADOBE_RGB: Rows = [[0x9C18, 0x4FA5, 0x04FC], [0x348D, 0xA02C, 0x0F95], [0x2631, 0x102F, 0xBE9C]];
/// ITU-R BT.2020-2.
const REC_2020: Rows = [[0xAC69, 0x476F, -0x007F], [0x2A69, 0xACE3, 0x07AD], [0x2003, 0x0BAE, 0xCBFF]];
/// ISO 22028-2 (ROMM RGB).
const PROPHOTO: Rows = [[0xCC34, 0x49BD, 0], [0x229C, 0xB63D, 0], [0x0806, 0x0006, 0xD32C]];

#[cfg(test)]
mod tests;

//! Powers and rounding that give the same bits on every machine, which the libraries of systems do not
//! promise. Only additions, multiplications and divisions, which IEEE 754 fixes to the last bit.

/// `base` to the power of `exponent`, for a base of 0 or more; within 1e-13 of it.
pub(crate) fn power(base: f64, exponent: f64) -> f64 {
    if base <= 0.0 || !base.is_normal() {
        return 0.0;
    }
    exponential(exponent * logarithm(base))
}

/// Linear light as sRGB encodes it (IEC 61966-2-1): equal steps look about equal, and are steps of a pixel.
pub(crate) fn encoded(linear: f64) -> f64 {
    let linear = linear.clamp(0.0, 1.0);
    if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * power(linear, 1.0 / 2.4) - 0.055 }
}

/// The linear light that sRGB encodes as `encoded`.
pub(crate) fn linear(encoded: f64) -> f64 {
    if encoded <= 0.040_45 { encoded / 12.92 } else { power((encoded + 0.055) / 1.055, 2.4) }
}

/// The nearest whole number, at the ends of the type where it is beyond them.
#[expect(clippy::as_conversions, reason = "no other way from a float; the cast saturates and NaN gives 0")]
pub(crate) fn rounded(number: f64) -> i32 {
    number.round() as i32
}

/// A four-byte signature in words, without what cannot be printed.
pub(crate) fn signature(bytes: [u8; 4]) -> String {
    let printed = bytes.iter().filter(|byte| byte.is_ascii_graphic() || **byte == b' ');
    printed.map(|&byte| char::from(byte)).collect::<String>().trim().to_owned()
}

/// Natural logarithm of a normal, positive number.
fn logarithm(number: f64) -> f64 {
    let bits = number.to_bits();
    let exponent = i32::try_from((bits >> 52) & 0x7FF).unwrap_or(1023).saturating_sub(1023);
    let mut mantissa = f64::from_bits((bits & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000);
    let mut exponent = f64::from(exponent);
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa /= 2.0;
        exponent += 1.0;
    }
    // ln m = 2 artanh t, with |t| < 0.172: the eleventh term is below 1e-17.
    let t = (mantissa - 1.0) / (mantissa + 1.0);
    exponent * std::f64::consts::LN_2 + 2.0 * t * polynomial(&ARTANH, t * t)
}

fn exponential(number: f64) -> f64 {
    let twos = rounded(number * std::f64::consts::LOG2_E).clamp(-1000, 1000);
    let rest = number - f64::from(twos) * std::f64::consts::LN_2;
    let sum = polynomial(&EXPONENTIAL, rest);
    let scale = u64::try_from(twos.saturating_add(1023)).unwrap_or(1) << 52;
    if (-1.0..=1.0).contains(&rest) { sum * f64::from_bits(scale) } else { f64::MAX }
}

/// With the coefficient of the highest power first.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().fold(0.0, |sum, coefficient| sum * x + coefficient)
}

/// Of artanh(t) / t in powers of t².
const ARTANH: [f64; 12] = [
    1.0 / 23.0,
    1.0 / 21.0,
    1.0 / 19.0,
    1.0 / 17.0,
    1.0 / 15.0,
    1.0 / 13.0,
    1.0 / 11.0,
    1.0 / 9.0,
    1.0 / 7.0,
    1.0 / 5.0,
    1.0 / 3.0,
    1.0,
];

/// Of e to the power of x: one over the factorials.
const EXPONENTIAL: [f64; 17] = [
    1.0 / 20_922_789_888_000.0,
    1.0 / 1_307_674_368_000.0,
    1.0 / 87_178_291_200.0,
    1.0 / 6_227_020_800.0,
    1.0 / 479_001_600.0,
    1.0 / 39_916_800.0,
    1.0 / 3_628_800.0,
    1.0 / 362_880.0,
    1.0 / 40_320.0,
    1.0 / 5_040.0,
    1.0 / 720.0,
    1.0 / 120.0,
    1.0 / 24.0,
    1.0 / 6.0,
    1.0 / 2.0,
    1.0,
    1.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_the_system_to_twelve_digits() {
        for base in (1..=2000).map(|k| f64::from(k) / 1000.0) {
            for exponent in [0.01, 1.0 / 2.4, 0.45, 1.0, 1.8, 2.2, 2.4, 10.0] {
                let (ours, theirs) = (power(base, exponent), base.powf(exponent));
                assert!((ours - theirs).abs() <= 1e-12 * theirs.max(1e-12), "{base}^{exponent}: {ours} {theirs}");
            }
        }
    }

    #[test]
    fn odd_numbers_stay_numbers() {
        for base in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE, 1e-320, f64::MAX] {
            for exponent in [0.0, 1.0, 32_767.0, -32_768.0] {
                assert!(power(base, exponent).is_finite(), "{base}^{exponent}");
            }
        }
    }

    #[test]
    fn encoding_and_back_is_the_same() {
        for k in 0..=255 {
            let value = f64::from(k) / 255.0;
            assert!((encoded(linear(value)) - value).abs() < 1e-6);
        }
    }
}

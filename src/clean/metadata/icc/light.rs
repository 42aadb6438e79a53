//! How to come from a canonical profile's samples to the light that sRGB would show. Converts no pixel itself.

use super::curve::Source;
use super::parse::Profile;
use super::{SRGB, determinant};

/// From encoded samples to linear light of sRGB's primaries.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ToSrgb {
    /// Linear light of each encoded value of 8 bits, from 0 to 1: of grey, or of red, green and blue.
    pub(crate) curves: Vec<[f64; 256]>,
    /// What of the three goes into red, green and blue; none for grey.
    pub(crate) matrix: Option<[[f64; 3]; 3]>,
}

/// `None` for a profile that primaries and curves do not describe.
pub(crate) fn to_srgb(profile: &[u8]) -> Option<ToSrgb> {
    let profile = Profile::parse(profile)?;
    let curve = |tag| -> Option<[f64; 256]> {
        let source = Source::parse(profile.tag(tag)?)?;
        let mut values = [0.0; 256];
        for (value, x) in values.iter_mut().zip(0_u8..=255) {
            *value = source.at(f64::from(x) / 255.0).clamp(0.0, 1.0);
        }
        Some(values)
    };
    if &profile.space == b"GRAY" {
        return Some(ToSrgb { curves: vec![curve(*b"kTRC")?], matrix: None });
    }
    let rows = [profile.xyz(*b"rXYZ")?, profile.xyz(*b"gXYZ")?, profile.xyz(*b"bXYZ")?];
    let matrix = match inverted(&SRGB)? {
        _ if rows == SRGB => None,
        // Rows here are what one unit of a primary gives, so the product is taken from the left.
        to_srgb => Some(transposed(&product(&numbers(&rows), &to_srgb))),
    };
    Some(ToSrgb { curves: vec![curve(*b"rTRC")?, curve(*b"gTRC")?, curve(*b"bTRC")?], matrix })
}

type Matrix = [[f64; 3]; 3];

fn numbers(rows: &super::Rows) -> Matrix {
    rows.map(|row| row.map(|number| f64::from(number) / 65_536.0))
}

fn inverted(rows: &super::Rows) -> Option<Matrix> {
    let divisor = determinant(rows);
    if divisor.abs() < super::DETERMINANT_MIN {
        return None;
    }
    let [[a, b, c], [d, e, f], [g, h, i]] = numbers(rows);
    let adjugate = [
        [e * i - f * h, c * h - b * i, b * f - c * e],
        [f * g - d * i, a * i - c * g, c * d - a * f],
        [d * h - e * g, b * g - a * h, a * e - b * d],
    ];
    Some(adjugate.map(|row| row.map(|number| number / divisor)))
}

fn product(left: &Matrix, right: &Matrix) -> Matrix {
    let [r0, r1, r2] = right;
    left.map(|[a, b, c]| {
        let mut row = [0.0; 3];
        for (((sum, x), y), z) in row.iter_mut().zip(r0).zip(r1).zip(r2) {
            *sum = a * x + b * y + c * z;
        }
        row
    })
}

fn transposed(&[[a, b, c], [d, e, f], [g, h, i]]: &Matrix) -> Matrix {
    [[a, d, g], [b, e, h], [c, f, i]]
}

#[cfg(test)]
mod tests {
    use super::super::{DISPLAY_P3, curve, write};
    use super::*;

    #[test]
    fn white_stays_white_and_a_wider_red_leaves_the_range() {
        let shape = curve::Shape::Srgb;
        let profile = write::rgb(&DISPLAY_P3, &[shape.clone(), shape.clone(), shape]);
        let light = to_srgb(&profile).unwrap();
        let [red, green, blue] = light.matrix.unwrap();
        for row in [red, green, blue] {
            assert!((row.iter().sum::<f64>() - 1.0).abs() < 0.001, "{row:?}");
        }
        // IEC 61966-2-1 and SMPTE EG 432-1: 1.2249, -0.2247, 0; -0.0420, 1.0419, 0; -0.0197, -0.0786, 1.0979.
        for (found, known) in red
            .iter()
            .chain(&green)
            .chain(&blue)
            .zip([1.2249, -0.2247, 0.0, -0.0420, 1.0419, 0.0, -0.0197, -0.0786, 1.0979])
        {
            assert!((found - known).abs() < 0.002, "{found} {known}");
        }
        assert!((light.curves[0][128] - 0.2158).abs() < 0.001);
    }

    #[test]
    fn the_primaries_of_srgb_need_no_matrix() {
        let shape = curve::Shape::Gamma(563);
        let profile = write::rgb(&SRGB, &[shape.clone(), shape.clone(), shape]);
        assert_eq!(to_srgb(&profile).unwrap().matrix, None);
    }
}

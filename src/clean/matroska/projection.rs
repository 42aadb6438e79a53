//! Projection of a track's pictures (RFC 9559, 5.1.4.1.28.41): flat, a sphere or a cube, and how it is turned. Knows
//! no mesh.

use super::{dropped, id, write};
use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Refusal};

const TYPE: u32 = 0x7671;
const PRIVATE: u32 = 0x7672;
/// ProjectionPoseYaw, -Pitch and -Roll.
const POSE: std::ops::RangeInclusive<u32> = 0x7673..=0x7675;
/// Steps of a degree: nobody sees less, and what is finer tells one rig from another.
const STEPS: f64 = 100.0;

/// What is kept of Projection.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Projection {
    /// 0 is flat, 1 equirectangular, 2 a cube.
    kind: u64,
    /// The numbers of ProjectionPrivate: bounds of the sphere, or layout and padding of the cube.
    private: Vec<u32>,
    pose: [f64; 3],
}

impl Projection {
    /// Reads it. `None` if it says nothing, or what nobody could follow.
    pub(super) fn read(
        cursor: &mut Cursor<'_>,
        projection: &Element,
        findings: &mut Findings,
    ) -> Result<Option<Self>, Refusal> {
        let (mut kind, mut private, mut pose) = (0, Vec::new(), [0.0; 3]);
        let mut children = Children::of(projection);
        while let Some(child) = children.next(cursor)? {
            match child.id {
                TYPE => kind = ebml::uint(cursor, &child, "ProjectionType")?.unwrap_or(0),
                PRIVATE => {
                    let len = usize::try_from(child.body_len).unwrap_or(usize::MAX).min(20);
                    private = cursor.bytes(len, "ProjectionPrivate")?;
                    if child.body_len > 20 {
                        findings.removed(Category::HiddenContent, "ProjectionPrivate");
                    }
                }
                _ => match POSE.zip(&mut pose).find(|(id, _)| *id == child.id) {
                    Some((_, angle)) => *angle = ebml::float(cursor, &child, "ProjectionPose")?.unwrap_or(0.0),
                    None => dropped::element(cursor, &child, "Projection", findings)?,
                },
            }
        }
        let turned = pose.map(turned);
        if turned.iter().zip(pose).any(|(turned, angle)| turned.to_bits() != angle.to_bits()) {
            findings.removed(Category::Device, "ProjectionPose, beyond hundredths of a degree");
        }
        match numbers(kind, &private) {
            Some(numbers) => {
                let projection = Self { kind, private: numbers, pose: turned };
                Ok(Some(projection).filter(|found| found.kind > 0 || found.pose != [0.0; 3]))
            }
            None => {
                findings.removed(Category::Unknown, "Projection");
                Ok(None)
            }
        }
    }

    /// As it is written.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut body = write::uint(TYPE, self.kind);
        if !self.private.is_empty() {
            // Version and flags come first, as in the boxes of ISO base media.
            let numbers: Vec<u8> =
                std::iter::once(0).chain(self.private.iter().copied()).flat_map(u32::to_be_bytes).collect();
            body.extend(write::element(PRIVATE, &numbers));
        }
        for (id, angle) in POSE.zip(self.pose).filter(|(_, angle)| *angle != 0.0) {
            body.extend(write::float(id, angle));
        }
        write::element(id::PROJECTION, &body)
    }
}

/// What ProjectionPrivate says. `None` where it is not understood.
fn numbers(kind: u64, private: &[u8]) -> Option<Vec<u32>> {
    let words: Vec<u32> = private.as_chunks::<4>().0.iter().copied().map(u32::from_be_bytes).collect();
    match (kind, words.as_slice()) {
        (0, _) | (1, []) => Some(Vec::new()),
        // Top, bottom, left, right, as fractions of 2^32: without any it is the whole sphere.
        (1, [0, 0, 0, 0, 0]) => Some(Vec::new()),
        (1, [0, bounds @ ..]) if bounds.len() == 4 => Some(bounds.to_vec()),
        (2, &[0, layout, padding]) if layout <= 255 && padding <= 65_535 => Some(vec![layout, padding]),
        _ => None,
    }
}

/// To the step; a whole turn at most.
fn turned(angle: f64) -> f64 {
    let rounded = (angle * STEPS).round() / STEPS;
    // Neither what is no number nor a zero with a sign.
    if (-360.0..=360.0).contains(&rounded) && rounded != 0.0 { rounded } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sphere_keeps_its_bounds_and_a_whole_one_needs_none() {
        assert_eq!(numbers(1, &[]), Some(Vec::new()));
        assert_eq!(numbers(1, &[0; 20]), Some(Vec::new()));
        let bounds = [0_u32, 1, 2, 3, 4].map(u32::to_be_bytes).concat();
        assert_eq!(numbers(1, &bounds), Some(vec![1, 2, 3, 4]));
        assert_eq!(numbers(2, &[0; 12]), Some(vec![0, 0]));
        assert_eq!(numbers(3, b"mshp"), None);
    }

    #[test]
    fn angles_are_rounded_once_and_for_all() {
        for angle in [0.0, -0.0, 12.345_678, -179.999, 90.0] {
            assert_eq!(turned(turned(angle)).to_bits(), turned(angle).to_bits());
        }
        assert_eq!(turned(f64::NAN), 0.0);
        assert_eq!(turned(1e9), 0.0);
    }
}

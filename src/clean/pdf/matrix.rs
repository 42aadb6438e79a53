//! Transformations and rectangles (ISO 32000-1, 8.3.3 and 7.9.5), to calculate with.

use super::object::Object;
use super::read::Document;

/// `[a b c d e f]`: what x and y become.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    /// This one first, then `then`.
    pub(super) fn then(&self, then: &Self) -> Self {
        let ([a, b, c, d, e, f], [p, q, r, s, t, u]) = (self.0, then.0);
        Self([a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u])
    }

    /// Where a point comes to.
    pub(super) fn point(&self, x: f64, y: f64) -> (f64, f64) {
        let [a, b, c, d, e, f] = self.0;
        (a * x + c * y + e, b * x + d * y + f)
    }

    /// The smallest upright rectangle around what a rectangle becomes.
    pub(super) fn around(&self, area: &Area) -> Area {
        let corners = [(area.left, area.low), (area.right, area.low), (area.left, area.high), (area.right, area.high)];
        let mut around = Area::EMPTY;
        for (x, y) in corners {
            let (x, y) = self.point(x, y);
            around.include(x, y);
        }
        around
    }
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) low: f64,
    pub(super) right: f64,
    pub(super) high: f64,
}

impl Area {
    /// Nothing; whatever is included becomes all of it.
    pub(super) const EMPTY: Self =
        Self { left: f64::INFINITY, low: f64::INFINITY, right: f64::NEG_INFINITY, high: f64::NEG_INFINITY };

    pub(super) fn include(&mut self, x: f64, y: f64) {
        self.left = self.left.min(x);
        self.low = self.low.min(y);
        self.right = self.right.max(x);
        self.high = self.high.max(y);
    }

    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(super) fn height(&self) -> f64 {
        self.high - self.low
    }

    /// Whether all of `other` is in it, up to a hundredth of a point.
    pub(super) fn covers(&self, other: &Self) -> bool {
        const SLACK: f64 = 0.01;
        self.left <= other.left + SLACK
            && self.low <= other.low + SLACK
            && self.right + SLACK >= other.right
            && self.high + SLACK >= other.high
    }

    /// What the two have in common.
    pub(super) fn meet(&self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            low: self.low.max(other.low),
            right: self.right.min(other.right),
            high: self.high.min(other.high),
        }
    }

    /// Without this part of its width and height at each side.
    pub(super) fn shrunk(&self, part: f64) -> Self {
        let (x, y) = (self.width() * part, self.height() * part);
        Self { left: self.left + x, low: self.low + y, right: self.right - x, high: self.high - y }
    }

    /// Whether the two have a point in common.
    pub(super) fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.low < other.high && other.low < self.high
    }
}

/// So many numbers of an array.
pub(super) fn floats<const N: usize>(doc: &Document<'_>, object: &Object) -> Option<[f64; N]> {
    let array = doc.resolve(object).array()?;
    let numbers: Option<Vec<f64>> = array.iter().map(|object| doc.resolve(object).number()).collect();
    numbers?.try_into().ok()
}

/// A rectangle with its corners in any order.
pub(super) fn area(doc: &Document<'_>, object: &Object) -> Option<Area> {
    let [a, b, c, d] = floats(doc, object)?;
    Some(Area { left: a.min(c), low: b.min(d), right: a.max(c), high: b.max(d) })
}

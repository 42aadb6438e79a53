//! How a picture is turned: one of four quarter turns, mirrored or not. Never keeps another transformation.

/// The upper left of a transformation matrix, in signs: x' = a x + c y, y' = b x + d y.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Turn {
    a: i32,
    b: i32,
    c: i32,
    d: i32,
}

/// 1 in 16.16 and in 2.30 fixed point.
const ONE: i32 = 0x0001_0000;
const ONE_30: i32 = 0x4000_0000;

impl Turn {
    pub(super) const UPRIGHT: Self = Self { a: 1, b: 0, c: 0, d: 1 };

    /// The turn in the nine numbers `a b u c d v x y w` (ISO/IEC 14496-12, 6.2.2; QuickTime, Matrices). A matrix
    /// of zeros, which careless programs write, is taken for upright. `None` for one that leans, stretches one
    /// way more than the other, or makes nothing of the picture.
    pub(super) fn of(numbers: [i32; 9]) -> Option<Self> {
        let [a, b, _, c, d, ..] = numbers;
        if (a, b, c, d) == (0, 0, 0, 0) {
            return Some(Self::UPRIGHT);
        }
        let straight = b == 0 && c == 0 && is_even(a, d);
        let across = a == 0 && d == 0 && is_even(b, c);
        (straight || across).then_some(Self { a: a.signum(), b: b.signum(), c: c.signum(), d: d.signum() })
    }

    /// This one first, and then `other`.
    pub(super) fn then(self, other: Self) -> Self {
        let sum = |p: i32, q: i32, r: i32, s: i32| p.saturating_mul(q).saturating_add(r.saturating_mul(s));
        Self {
            a: sum(self.a, other.a, self.b, other.c),
            b: sum(self.a, other.b, self.b, other.d),
            c: sum(self.c, other.a, self.d, other.c),
            d: sum(self.c, other.b, self.d, other.d),
        }
    }

    /// The nine numbers, with the picture of `width` and `height` (16.16) moved back to the origin.
    pub(super) fn numbers(self, width: u32, height: u32) -> [i32; 9] {
        let [wide, high] = [width, height].map(|side| i32::try_from(side).unwrap_or(0));
        let back = |of_wide: i32, of_high: i32| {
            let part = |sign: i32, side: i32| if sign < 0 { side } else { 0 };
            part(of_wide, wide).saturating_add(part(of_high, high))
        };
        let [a, b, c, d] = [self.a, self.b, self.c, self.d].map(|sign| sign.saturating_mul(ONE));
        [a, b, 0, c, d, 0, back(self.a, self.c), back(self.b, self.d), ONE_30]
    }
}

/// Whether both are the same but for their sign, and for a hundredth.
fn is_even(one: i32, other: i32) -> bool {
    let (one, other) = (u64::from(one.unsigned_abs()), u64::from(other.unsigned_abs()));
    one > 0 && other > 0 && one.abs_diff(other).saturating_mul(100) <= one.max(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix(a: i32, b: i32, c: i32, d: i32) -> [i32; 9] {
        [a, b, 0, c, d, 0, 77, 88, ONE_30]
    }

    #[test]
    fn quarter_turns_and_mirrors_stay_and_move_to_the_origin() {
        let (w, h) = (640 * ONE, 480 * ONE);
        for (signs, moved) in [
            ((1, 0, 0, 1), (0, 0)),
            ((0, 1, -1, 0), (h, 0)),
            ((-1, 0, 0, -1), (w, h)),
            ((0, -1, 1, 0), (0, w)),
            ((-1, 0, 0, 1), (w, 0)),
        ] {
            let (a, b, c, d) = signs;
            let turn = Turn::of(matrix(a * ONE, b * ONE, c * ONE, d * ONE)).unwrap();
            let numbers = turn.numbers(w.cast_unsigned(), h.cast_unsigned());
            assert_eq!(numbers, [a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, moved.0, moved.1, ONE_30]);
        }
    }

    #[test]
    fn what_is_no_turn_is_not_taken() {
        assert_eq!(Turn::of([0; 9]), Some(Turn::UPRIGHT));
        assert_eq!(Turn::of(matrix(2 * ONE, 0, 0, 2 * ONE)), Some(Turn::UPRIGHT));
        for (a, b, c, d) in [(ONE, ONE, 0, ONE), (ONE, 0, 0, 2 * ONE), (ONE, 0, 0, 0), (0, ONE, 0, 0)] {
            assert_eq!(Turn::of(matrix(a, b, c, d)), None);
        }
    }

    #[test]
    fn two_turns_are_one() {
        let quarter = Turn::of(matrix(0, ONE, -ONE, 0)).unwrap();
        let half = Turn::of(matrix(-ONE, 0, 0, -ONE)).unwrap();
        assert_eq!(quarter.then(quarter), half);
        assert_eq!(half.then(half), Turn::UPRIGHT);
    }
}

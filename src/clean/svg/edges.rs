//! The work of filling an outline: stepping along its edges row by row, and sorting those that cross. Fills nothing.

use resvg::usvg::Path;

use crate::clean::metadata::icc::number::rounded;

/// Rows that are told apart.
const ROWS_MAX: f64 = 4096.0;
/// How many pixels of plain colour a step along an edge is worth: a row is looked at in four parts.
const STEP_WEIGHT: f64 = 4.0;
/// Edges that a line of an outline becomes where it is stroked: two sides, an end or a join.
const STROKE_EDGES: f64 = 4.0;

/// About the work for `path`, `scale` times as large, in pixels of plain colour.
pub(super) fn work(path: &Path, scale: f64) -> f64 {
    let transform = path.abs_transform();
    let down =
        |x: f32, y: f32| (f64::from(transform.ky) * f64::from(x) + f64::from(transform.sy) * f64::from(y)) * scale;
    let ys: Vec<f64> = path.data().points().iter().map(|point| down(point.x, point.y)).collect();
    let wide = path.stroke().map_or(0.0, |stroke| {
        let (x, y) = transform.get_scale();
        f64::from(stroke.width().get()) * f64::from(x.max(y)) * scale
    });
    let fill = if path.fill().is_some() { rows(&ys, 0.0) } else { 0.0 };
    let stroke = if path.stroke().is_some() { rows(&ys, wide) * STROKE_EDGES } else { 0.0 };
    fill + stroke
}

/// The work for lines between these heights, each thicker by `wide`. Every edge is stepped along in each row that it
/// is in, and where it begins it may have to be sorted past all that are there.
fn rows(ys: &[f64], wide: f64) -> f64 {
    let lowest = ys.iter().copied().fold(f64::MAX, f64::min) - wide;
    let highest = ys.iter().copied().fold(f64::MIN, f64::max) + wide;
    let tall = highest - lowest;
    if !tall.is_finite() {
        return f64::MAX;
    }
    // Rows are joined where there are too many.
    let joined = (tall / ROWS_MAX).max(1.0);
    let row = |y: f64| usize::try_from(rounded((y - lowest) / joined)).unwrap_or(0);
    let count = row(highest).saturating_add(2);
    let (mut begun, mut ended) = (vec![0.0_f64; count], vec![0.0_f64; count]);
    for (a, b) in ys.iter().zip(ys.iter().skip(1)) {
        if let Some(begun) = begun.get_mut(row(a.min(*b) - wide / 2.0)) {
            *begun += 1.0;
        }
        if let Some(ended) = ended.get_mut(row(a.max(*b) + wide / 2.0).saturating_add(1)) {
            *ended += 1.0;
        }
    }
    let (mut active, mut work) = (0.0, 0.0);
    for (begun, ended) in begun.iter().zip(&ended) {
        active += begun - ended;
        work += active * STEP_WEIGHT * joined + begun * active;
    }
    work
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_all_cross_are_far_more_work_than_as_many_that_do_not() {
        let crossing: Vec<f64> = (0..10_000).map(|at| if at % 2 == 0 { 0.0 } else { 1000.0 }).collect();
        let in_a_row: Vec<f64> = (0..10_000).map(|at| f64::from(at) / 10.0).collect();
        assert!(rows(&crossing, 0.0) > 1e8);
        assert!(rows(&in_a_row, 0.0) < 1e6);
        assert!(rows(&in_a_row, 20.0) < rows(&crossing, 20.0));
        assert!(rows(&[0.0, 1e300, f64::INFINITY], 0.0) >= f64::MAX);
    }
}

//! Which text of a page is not seen, and why.

use super::{Colour, Cover, Run};
use crate::clean::pdf::matrix::Area;
use crate::limits;

pub(super) const INVISIBLE: &str = "invisible text";
pub(super) const OUTSIDE: &str = "text outside of the page";
pub(super) const COVERED: &str = "text under a rectangle or a picture";

/// Text of less than so many points cannot be read.
const POINTS_MIN: f64 = 1.0;
/// Parts of a colour that differ by less look the same.
const TONE: f64 = 0.02;

/// Kinds of unseen text, with the beginning of what they say.
pub(super) fn judge(runs: &[Run], covers: &[Cover], page: Option<Area>) -> Vec<(&'static str, String)> {
    let mut found: Vec<(&'static str, String)> = Vec::new();
    let mut compared = 0_usize;
    for run in runs {
        compared = compared.saturating_add(covers.len());
        if compared > limits::PDF_COMPARISONS_MAX {
            break;
        }
        let Some(kind) = kind(run, covers, page) else { continue };
        let text = run.face.say(&run.codes);
        if text.trim().is_empty() {
            continue;
        }
        match found.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, excerpt)) if excerpt.len() < limits::VALUE_CHARS_MAX => {
                excerpt.push(' ');
                excerpt.push_str(&text);
            }
            Some(_) => {}
            None => found.push((kind, text)),
        }
    }
    found
}

fn kind(run: &Run, covers: &[Cover], page: Option<Area>) -> Option<&'static str> {
    if matches!(run.mode, 3 | 7) {
        return Some(INVISIBLE);
    }
    if run.height < POINTS_MIN {
        return Some("text too small to be read");
    }
    if page.is_some_and(|page| !page.meets(&run.area)) {
        return Some(OUTSIDE);
    }
    // Letters do not fill their box.
    let core = run.area.shrunk(0.1);
    if covers.iter().any(|cover| cover.order > run.order && cover.area.covers(&core)) {
        return Some(COVERED);
    }
    let behind = covers.iter().rev().find(|cover| cover.order < run.order && cover.area.covers(&core));
    let behind = behind.map_or(Some([1.0; 3]), |cover| cover.colour);
    (run.mode == 0 && is_same(run.colour, behind)).then_some("text in the colour behind it")
}

fn is_same(one: Colour, other: Colour) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.iter().zip(other).all(|(one, other)| (one - other).abs() < TONE),
        _ => false,
    }
}

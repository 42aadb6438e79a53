//! What a page says, line by line, as far as the order and places of its texts tell. For reading, never for writing.

use super::Run;

/// Part of a text's height that is a blank between two of them.
const BLANK: f64 = 0.15;
/// How far back, in heights, the next text of a line may begin: accents are set so, columns are not.
const BACK: f64 = 2.0;

/// The texts of a page in the order they are shown, with blanks and line breaks where there is room between them.
pub(super) fn lines(runs: &[Run]) -> String {
    let mut lines = String::new();
    let mut last: Option<&Run> = None;
    for run in runs {
        if let Some(last) = last {
            lines.push_str(between(last, run));
        }
        lines.push_str(&run.face.say(&run.codes));
        last = Some(run);
    }
    lines
}

fn between(last: &Run, next: &Run) -> &'static str {
    let height = last.height.min(next.height);
    let shared = last.area.high.min(next.area.high) - last.area.low.max(next.area.low);
    let gap = next.area.left - last.area.right;
    if shared < last.area.height().min(next.area.height()) * 0.5 || gap < -BACK * height {
        return "\n";
    }
    if gap > BLANK * height { " " } else { "" }
}

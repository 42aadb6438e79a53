//! Presentations with marks in every place but the words that slides show, and the names of fonts.

use super::{Canary, packages};

pub(crate) fn canaries() -> Vec<Canary> {
    packages::canaries(&["briefing.pptx", "diagram.pptx"], "ppt/_rels/presentation.xml.rels", is_content)
}

fn is_content(element: &str, attribute: &str, _: &str) -> bool {
    matches!(
        (element, attribute),
        ("a:t" | "c:v", "")
            | ("a:latin" | "a:ea" | "a:cs" | "a:sym" | "a:font" | "a:buFont", "typeface")
            | ("a:buChar", "char")
    )
}

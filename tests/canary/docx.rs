//! Word documents with marks in every place but the words and formulas that pages show, and the names of fonts.

use super::{Canary, packages};

pub(crate) fn canaries() -> Vec<Canary> {
    packages::canaries(
        &["contract.docx", "diagram.docx", "drawn.docx", "strict.docx"],
        "word/_rels/document.xml.rels",
        is_content,
    )
}

fn is_content(element: &str, attribute: &str, _: &str) -> bool {
    matches!(
        (element, attribute),
        ("w:t" | "m:t" | "a:t" | "c:v", "")
            | ("w:rFonts", "w:ascii" | "w:hAnsi" | "w:eastAsia" | "w:cs")
            | ("w:font", "w:name")
            | ("a:latin" | "a:ea" | "a:cs" | "a:sym" | "a:font" | "a:buFont", "typeface")
            | ("a:buChar", "char")
            | ("w:lvlText", "w:val")
    )
}

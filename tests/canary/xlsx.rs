//! Workbooks with marks in every place but the words and numbers that cells, headers, tabs, shapes and charts show, and
//! the names of fonts.

use super::{Canary, packages};

pub(crate) fn canaries() -> Vec<Canary> {
    let names = ["depot.xlsx", "chart.xlsx", "rules.xlsx", "everything.xlsx"];
    packages::canaries(&names, "xl/_rels/workbook.xml.rels", is_content)
}

fn is_content(element: &str, attribute: &str, parent: &str) -> bool {
    // What a formula came to, where that is words.
    (element == "v" && parent.contains("t=\"str\""))
        || matches!(
            (element, attribute),
            ("t" | "a:t" | "c:v", "")
                | ("oddHeader" | "oddFooter" | "evenHeader" | "evenFooter" | "firstHeader" | "firstFooter", "")
                | ("sheet", "name")
                | ("rFont" | "name", "val")
                | ("a:latin" | "a:ea" | "a:cs" | "a:sym" | "a:font" | "a:buFont", "typeface")
                | ("a:buChar", "char")
        )
}

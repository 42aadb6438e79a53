use std::collections::BTreeSet;

use super::values::{FORMULA, GRAPHIC, GUIDE, SCRIPT};
use super::*;

#[test]
fn tables_are_sorted_and_name_each_element_once() {
    let mut names = BTreeSet::new();
    for table in THEME.elements {
        assert!(table.is_sorted_by(|one, other| one.name < other.name));
        assert!(table.iter().all(|element| names.insert(element.name)));
    }
    for element in THEME.elements.iter().copied().flatten() {
        for child in element.children.iter().filter(|child| child.starts_with("a:")) {
            assert!(names.contains(child), "{child} in {}", element.name);
        }
    }
}

#[test]
fn names_of_guides_are_those_that_programs_give() {
    for (raw, formula) in
        [("val 16667", "val 16667"), (" */  0 w 100 ", "*/ 0 w 100"), ("pin 0 adj1 3cd4", "pin 0 adj1 3cd4")]
    {
        assert_eq!(FORMULA.canonical(raw).as_deref(), Some(formula));
    }
    for raw in ["", "val", "val Anna", "copy 1", "*/ 1 2 3 4", "val adj123456"] {
        assert!(FORMULA.canonical(raw).is_none() || raw == "val", "{raw}");
    }
    for (raw, is_one) in
        [("connsiteX12", true), ("-7", true), ("hc", true), ("Anna", false), ("007", false), ("adj1x", false)]
    {
        assert_eq!(GUIDE.canonical(raw).is_some(), is_one, "{raw}");
    }
}

#[test]
fn kinds_of_graphics_and_scripts_are_those_that_everyone_has() {
    let strict = GRAPHIC.canonical("http://purl.oclc.org/ooxml/drawingml/chart").unwrap();
    assert_eq!(strict, "http://schemas.openxmlformats.org/drawingml/2006/chart");
    assert_eq!(GRAPHIC.canonical(&strict).as_deref(), Some(&*strict));
    assert!(GRAPHIC.canonical("urn:anna").is_none());
    assert!(SCRIPT.canonical("Cyrl").is_some() && SCRIPT.canonical("Anna").is_none());
}

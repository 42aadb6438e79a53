use super::*;

#[test]
fn the_table_is_sorted_and_names_what_it_holds() {
    let names: Vec<&str> = grammar::ELEMENTS.iter().map(|element| element.name).collect();
    assert!(names.is_sorted_by(|one, other| one < other));
    for child in grammar::ELEMENTS.iter().flat_map(|element| element.children) {
        assert!(CHART.element(child).is_some(), "{child}");
    }
}

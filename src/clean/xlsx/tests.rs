use super::*;
use crate::clean::memory::{fixture, produced, says, verifies};
use crate::clean::{Category, Fate};

#[test]
fn tables_are_sorted_and_name_what_they_hold() {
    for grammar in LAYOUT.kinds.iter().map(|kind| kind.grammar) {
        for table in grammar.elements {
            assert!(table.is_sorted_by(|one, other| one.name < other.name));
        }
        // Of the tables of drawings, some are for other formats.
        let own = grammar.elements.iter().copied().flatten().filter(|element| !element.name.starts_with("a:"));
        for child in own.flat_map(|element| element.children) {
            assert!(grammar.element(child).is_some(), "{child}");
        }
    }
}

#[test]
fn a_workbook_is_told_by_what_is_in_it_and_verified() {
    let dirty = fixture("dirty/depot.xlsx");
    let (clean, found) = produced(&dirty).unwrap();
    assert!(verifies(&FORMAT, &clean) && !verifies(&FORMAT, &dirty));
    assert_eq!(produced(&clean).unwrap().0, clean);
    assert!(says(&found, Category::Person, "Мельник Остап"));
    assert!(says(&found, Category::Person, r"C:\Users\melnyk.ostap\"));
    assert!(says(&found, Category::Comment, r"C:\Users\melnyk.ostap\a.jpg"));
}

#[test]
fn hidden_sheets_go_and_hidden_rows_stay_and_both_are_told() {
    let (_, found) = produced(&fixture("dirty/hidden.xlsx")).unwrap();
    assert!(says(&found, Category::HiddenContent, "Тайный"));
    let stays: Vec<&str> =
        found.iter().filter(|finding| finding.fate == Fate::Remains).map(|finding| finding.place.as_str()).collect();
    assert_eq!(stays, ["xl/worksheets/sheet1.xml, hidden column", "xl/worksheets/sheet1.xml, hidden row"]);
}

#[test]
fn words_where_a_number_belongs_are_not_shown_and_not_kept() {
    let (clean, found) = produced(&fixture("dirty/inline.xlsx")).unwrap();
    assert!(says(&found, Category::HiddenContent, "не число"));
    assert_eq!(produced(&clean).unwrap().0, clean);
}

#[test]
fn what_is_printed_stays_and_other_names_go() {
    let (_, found) = produced(&fixture("dirty/everything.xlsx")).unwrap();
    let names: Vec<&str> = found
        .iter()
        .filter(|finding| finding.place.ends_with("definedName"))
        .filter_map(|finding| finding.value.as_deref())
        .collect();
    assert_eq!(names, ["Мельник"]);
}

#[test]
fn a_bit_that_is_flipped_in_a_clean_workbook_is_noticed() {
    let clean = fixture("clean/inline.xlsx");
    for at in (0..clean.len()).step_by(7) {
        let mut flipped = clean.clone();
        flipped[at] ^= 1;
        assert!(!verifies(&FORMAT, &flipped), "{at}");
    }
}

#[test]
fn words_that_lead_to_a_person_are_told_with_their_row() {
    let (_, found) = produced(&fixture("dirty/told.xlsx")).unwrap();
    let told = found.iter().find(|own| own.place == "sheet 1 row 3, phone number").unwrap();
    assert_eq!((told.fate, told.value.as_deref()), (Fate::Remains, Some("+7 916 555-12-34")));
    for (place, value) in [
        ("sheet 1 row 5, e-mail address", "post@zavod.example"),
        ("sheet 1 header or footer, e-mail address", "sklad@zavod.example"),
    ] {
        assert!(found.iter().any(|own| own.place == place && own.value.as_deref() == Some(value)), "{found:?}");
    }
}

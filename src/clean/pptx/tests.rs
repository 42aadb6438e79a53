use super::*;
use crate::clean::memory::{fixture, produced, says, verifies};
use crate::clean::{Category, Fate, Reason};

#[test]
fn tables_are_sorted_and_name_what_they_hold() {
    for grammar in LAYOUT.kinds.iter().map(|kind| kind.grammar) {
        for table in grammar.elements {
            assert!(table.is_sorted_by(|one, other| one.name < other.name));
        }
        let own = grammar.elements.iter().copied().flatten().filter(|element| element.name.starts_with("p:"));
        for child in own.flat_map(|element| element.children) {
            assert!(grammar.element(child).is_some(), "{child}");
        }
    }
}

#[test]
fn a_presentation_is_told_by_what_is_in_it_and_verified() {
    let dirty = fixture("dirty/briefing.pptx");
    let (clean, found) = produced(&dirty).unwrap();
    assert!(verifies(&FORMAT, &clean) && !verifies(&FORMAT, &dirty));
    assert_eq!(produced(&clean).unwrap().0, clean);
    assert!(says(&found, Category::Person, "Мельник Остап"));
    assert!(says(&found, Category::Comment, r"C:\Users\melnyk.ostap\a.jpg"));
    let told = |category, place: &str| found.iter().any(|own| own.category == category && own.place == place);
    assert!(told(Category::Comment, "ppt/notesSlides/notesSlide1.xml"));
    assert!(told(Category::Comment, "ppt/comments/comment1.xml"));
    assert!(told(Category::HiddenContent, "ppt/media/media1.mp4"));
    assert!(told(Category::HiddenContent, "ppt/slideLayouts/slideLayout2.xml"));
    assert!(told(Category::History, "ppt/slides/slide1.xml, p:timing"));
}

#[test]
fn hidden_slides_and_shapes_go_and_are_told() {
    let (_, found) = produced(&fixture("dirty/hidden.pptx")).unwrap();
    let hidden: Vec<&str> =
        found.iter().filter(|own| own.place.contains("hidden")).map(|own| own.place.as_str()).collect();
    assert_eq!(hidden, ["ppt/slides/slide2.xml, hidden slide", "ppt/slides/slide1.xml, hidden shape"]);
    assert!(found.iter().all(|own| own.fate == Fate::Removed));
}

#[test]
fn a_presentation_of_no_slides_is_refused() {
    assert_eq!(produced(&fixture("corrupt/no-slide.pptx")).unwrap_err().reason, Reason::NotUnderstood);
    assert_eq!(produced(&fixture("corrupt/no-layout.pptx")).unwrap_err().reason, Reason::Damaged);
}

#[test]
fn fonts_that_not_everyone_has_are_told_and_stay() {
    let dirty = fixture("dirty/everything.xlsx");
    let (_, found) = produced(&dirty).unwrap();
    assert!(!found.iter().any(|own| own.place == "name of a font"));
    let (clean, found) = produced(&fixture("dirty/diagram.pptx")).unwrap();
    let fonts: Vec<_> = found.iter().filter(|own| own.place == "name of a font").collect();
    assert!(fonts.iter().all(|own| own.fate == Fate::Remains && own.value.as_deref() == Some("Остап Sans")));
    assert_eq!((fonts.len(), produced(&clean).unwrap().0), (1, clean));
}

#[test]
fn a_bit_that_is_flipped_in_a_clean_presentation_is_noticed() {
    let clean = fixture("clean/small.pptx");
    for at in (0..clean.len()).step_by(11) {
        let mut flipped = clean.clone();
        flipped[at] ^= 1;
        assert!(!verifies(&FORMAT, &flipped), "{at}");
    }
}

#[test]
fn words_that_lead_to_a_person_are_told_with_their_slide() {
    let (_, found) = produced(&fixture("dirty/told.pptx")).unwrap();
    let told = found.iter().find(|own| own.place == "slide 2, phone number").unwrap();
    assert_eq!((told.fate, told.value.as_deref()), (Fate::Remains, Some("+7 916 555-12-34")));
}

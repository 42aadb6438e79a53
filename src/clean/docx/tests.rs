//! What a clean document says, and what is told of it.

use super::FORMAT;
use crate::clean::memory::{fixture, produced, verifies};
use crate::clean::{Fate, Reason};

fn remaining(name: &str) -> Vec<(String, String)> {
    let (_, findings) = produced(&fixture(&format!("dirty/{name}.docx"))).unwrap();
    let remains = findings.into_iter().filter(|finding| finding.fate == Fate::Remains);
    remains.map(|finding| (finding.place, finding.value.unwrap_or_default())).collect()
}

#[test]
fn a_clean_document_stays_as_it_is() {
    for name in ["contract", "drawn", "hidden", "office", "strict"] {
        let clean = fixture(&format!("clean/{name}.docx"));
        assert!(verifies(&FORMAT, &clean), "{name}");
        assert_eq!(produced(&clean).unwrap().0, clean, "{name}");
    }
}

#[test]
fn words_that_are_not_seen_and_those_that_lead_to_a_person_are_told_and_stay() {
    let told = remaining("hidden");
    for (place, value) in [
        ("hidden text", "спрятано"),
        ("white text", "белым"),
        ("tiny text", "мелко"),
        ("line 5, phone number", "+7 916 555-12-34"),
    ] {
        assert!(told.contains(&(place.to_owned(), value.to_owned())), "{told:?}");
    }
    assert!(remaining("strict").is_empty());
}

#[test]
fn programs_and_documents_inside_are_refused() {
    for name in ["macros", "another-inside"] {
        let refusal = produced(&fixture(&format!("corrupt/{name}.docx"))).unwrap_err();
        assert_eq!(refusal.reason, Reason::NotUnderstood, "{name}");
    }
}

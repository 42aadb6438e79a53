//! What a clean document says, and what is told of it.

use super::FORMAT;
use crate::clean::cursor::Cursor;
use crate::clean::memory::{fixture, produced, says, verifies};
use crate::clean::ooxml::package::Package;
use crate::clean::{Category, Fate, Reason};

fn remaining(name: &str) -> Vec<(String, String)> {
    let (_, findings) = produced(&fixture(&format!("dirty/{name}.docx"))).unwrap();
    let remains = findings.into_iter().filter(|finding| finding.fate == Fate::Remains);
    remains.map(|finding| (finding.place, finding.value.unwrap_or_default())).collect()
}

#[test]
fn a_clean_document_stays_as_it_is() {
    for name in ["contract", "diagram", "drawn", "hidden", "named", "office", "strict"] {
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

/// A part of the clean copy of a fixture; none, if there is no such part.
fn part(fixture_name: &str, part: &str) -> Option<String> {
    let (clean, _) = produced(&fixture(&format!("dirty/{fixture_name}.docx"))).unwrap();
    let mut bytes = std::io::Cursor::new(clean);
    let mut cursor = Cursor::new(&mut bytes).unwrap();
    let package = Package::read(&mut cursor).unwrap();
    package.has(part).then(|| String::from_utf8(package.bytes(&mut cursor, part).unwrap().to_vec()).unwrap())
}

#[test]
fn charts_keep_what_they_showed_last_and_lose_their_workbook() {
    let document = part("drawn", "word/document.xml").unwrap();
    assert!(document.contains("<c:chart r:id=\"rId"));
    let chart = part("drawn", "word/charts/chart1.xml").unwrap();
    for shown in ["<a:t>Остатки</a:t>", "<c:v>Дизель</c:v>", "<c:v>15</c:v>"] {
        assert!(chart.contains(shown), "{shown}");
    }
    assert!(!chart.contains("xlsx") && part("drawn", "word/embeddings/sheet2.xlsx").is_none());
    let (_, found) = produced(&fixture("dirty/drawn.docx")).unwrap();
    assert!(found.iter().any(|own| own.category == Category::HiddenContent && own.place.ends_with("sheet2.xlsx")));
}

#[test]
fn diagrams_become_the_shapes_that_were_drawn_and_others_an_empty_picture() {
    let document = part("diagram", "word/document.xml").unwrap();
    assert_eq!(document.matches("<lc:lockedCanvas>").count(), 2);
    // What covers all of the diagram keeps its shapes in their places.
    let covers =
        "<a:ext cx=\"3600000\" cy=\"2700000\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/>";
    assert_eq!(document.matches(covers).count(), 1);
    assert_eq!(document.matches("<a:txSp><a:txBody>").count(), 3);
    // The look stands behind the words, as the schema has it.
    assert_eq!(document.matches("<a:useSpRect/></a:txSp><a:style>").count(), 2);
    assert_eq!(document.matches("<pic:pic>").count(), 2);
    assert!(["Штаб", "Склад", "Пост"].iter().all(|words| document.contains(&format!("<a:t>{words}</a:t>"))));
    assert!(part("diagram", "word/diagrams/data1.xml").is_none());
    let (_, found) = produced(&fixture("dirty/diagram.docx")).unwrap();
    assert!(found.iter().any(|own| own.place == "word/document.xml, data of a diagram"));
    assert!(says(&found, Category::Unknown, "chart") && says(&found, Category::Unknown, "diagram"));
}

#[test]
fn styles_of_ones_own_never_take_the_name_of_another() {
    let styles = part("named", "word/styles.xml").unwrap();
    let names: Vec<&str> = styles.split("<w:name w:val=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(names, ["Normal", "heading 1", "s3", "Table Grid", "s5", "s6", "Title", "s8"]);
}

#[test]
fn pictures_in_the_older_form_keep_their_outline_and_get_no_line() {
    let document = part("named", "word/document.xml").unwrap();
    assert!(document.contains(
        "path=\"m@4@5l@4@11@9@11@9@5xe\" filled=\"f\" stroked=\"f\"><v:stroke joinstyle=\"miter\"/><v:formulas>\
         <v:f eqn=\"if lineDrawn pixelLineWidth 0\"/><v:f eqn=\"sum @0 1 0\"/><v:f/></v:formulas>"
    ));
}

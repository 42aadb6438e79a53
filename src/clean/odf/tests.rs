use super::*;
use crate::clean::memory::{cut_and_flip, fixture, produced, says, verifies};
use crate::clean::{Category, Fate};

/// Fixtures of each kind.
const FIXTURES: [(&str, &Format); 3] =
    [("order.odt", &TEXT), ("roster.ods", &SPREADSHEET), ("briefing.odp", &PRESENTATION)];

/// The parts of a clean file as text, one behind the other.
fn parts(bytes: &[u8]) -> String {
    let mut reader = std::io::Cursor::new(bytes);
    let mut cursor = Cursor::new(&mut reader).unwrap();
    let archive = Archive::read(&mut cursor).unwrap();
    let names: Vec<_> = archive.members().to_vec();
    let texts = names.iter().map(|member| {
        let bytes = archive.bytes(&mut cursor, member, 1 << 24).unwrap();
        format!("{}\n{}\n", member.name, String::from_utf8_lossy(&bytes))
    });
    texts.collect()
}

#[test]
fn documents_become_clean_ones_that_stay_as_they_are() {
    for (name, format) in FIXTURES {
        let (clean, _) = produced(&fixture(&format!("dirty/{name}"))).unwrap();
        assert!(verifies(format, &clean), "{name}");
        assert_eq!(produced(&clean).unwrap().0, clean, "{name}");
        for (_, other) in FIXTURES.iter().filter(|(other, _)| *other != name) {
            assert!(!verifies(other, &clean), "{name}");
        }
    }
}

#[test]
fn what_is_not_seen_is_told_and_gone() {
    let (clean, findings) = produced(&fixture("dirty/tracked.odt")).unwrap();
    let text = parts(&clean);
    assert!(text.contains("стало") && text.contains("Было"));
    for gone in ["тайное", "Кварц", "проверь", "rsid", "ct1", "2026"] {
        assert!(!text.contains(gone), "{gone}");
    }
    assert!(says(&findings, Category::Person, "Ганна Кварц"));
    assert!(says(&findings, Category::Person, "Пётр Кварц"));
    let (clean, findings) = produced(&fixture("dirty/roster.ods")).unwrap();
    assert!(parts(&clean).contains("Состав") && !parts(&clean).contains("Черновик"));
    assert!(says(&findings, Category::HiddenContent, "Черновик"));
}

#[test]
fn fields_and_links_become_their_words() {
    let (clean, findings) = produced(&fixture("dirty/order.odt")).unwrap();
    let text = parts(&clean);
    assert!(text.contains("список") && !text.contains("kvarz.example"));
    assert!(text.contains("text:page-number"));
    assert!(says(&findings, Category::Identifier, "https://kvarz.example/?id=hanna"));
    let text = parts(&produced(&fixture("dirty/fields.odt")).unwrap().0);
    assert!(text.contains("14.09.2026") && !text.contains("text:date") && !text.contains("text:author-name"));
}

#[test]
fn pictures_that_no_cleaner_knows_become_empty_or_another() {
    let text = parts(&produced(&fixture("dirty/vector.odt")).unwrap().0);
    assert_eq!(text.matches("<draw:image ").count(), 4);
    assert!(text.contains("Pictures/2.png") && !text.contains("Pictures/3") && !text.contains("emf"));
}

#[test]
fn names_that_refer_to_nothing_are_not_accepted() {
    let (clean, _) = produced(&fixture("dirty/order.odt")).unwrap();
    let text = parts(&clean);
    assert!(text.contains("text:style-name=\"Heading1\"") && !text.contains("Ганны"));
    let verifies = |change: &dyn Fn(&str) -> String| {
        let mut reader = std::io::Cursor::new(&clean);
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let archive = Archive::read(&mut cursor).unwrap();
        let mut writer = Writer::default();
        for member in archive.members().to_vec() {
            let bytes = archive.bytes(&mut cursor, &member, 1 << 24).unwrap();
            let changed = match member.name.as_str() {
                "content.xml" => change(std::str::from_utf8(&bytes).unwrap()).into_bytes(),
                _ => bytes.to_vec(),
            };
            writer.add(&member.name, &changed, member.method).unwrap();
        }
        let mut made = Vec::new();
        let plan = writer.finish().unwrap();
        std::io::Read::read_to_end(&mut plan.reader(&mut std::io::empty()), &mut made).unwrap();
        verifies(&TEXT, &made)
    };
    assert!(verifies(&str::to_owned));
    assert!(!verifies(&|text| text.replace("\"Heading1\"", "\"s99\"")));
    assert!(!verifies(&|text| text.replace("Pictures/1", "Pictures/2")));
    assert!(!verifies(&|text| text.replace("<text:h ", "<text:hanna ")));
    assert!(!verifies(&|text| text.replace("office:text", "office:chart")));
}

#[test]
fn no_beginning_and_no_changed_bit_makes_what_is_not_accepted() {
    let members = [("mimetype", TEXT.media_type), ("content.xml", SMALL)];
    let mut writer = Writer::default();
    members.iter().for_each(|(name, text)| writer.add(name, text.as_bytes(), Method::Stored).unwrap());
    let mut bytes = Vec::new();
    let plan = writer.finish().unwrap();
    std::io::Read::read_to_end(&mut plan.reader(&mut std::io::empty()), &mut bytes).unwrap();
    assert!(produced(&bytes).is_ok());
    cut_and_flip(&bytes);
}

const SMALL: &str = "<o:document-content xmlns:o='urn:oasis:names:tc:opendocument:xmlns:office:1.0' \
    xmlns:t='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><o:body><o:text><t:p>a</t:p></o:text></o:body>\
    </o:document-content>";

#[test]
fn words_that_lead_to_a_person_are_told_with_their_place() {
    let (_, found) = produced(&fixture("dirty/told.odt")).unwrap();
    let told = found.iter().find(|own| own.place == "line 2, phone number").unwrap();
    assert_eq!((told.fate, told.value.as_deref()), (Fate::Remains, Some("+7 916 555-12-34")));
    let (_, found) = produced(&fixture("dirty/told.ods")).unwrap();
    let told = found.iter().find(|own| own.place == "sheet 1 row 3, phone number").unwrap();
    assert_eq!((told.fate, told.value.as_deref()), (Fate::Remains, Some("+7 916 555-12-34")));
    let (_, found) = produced(&fixture("dirty/told.odp")).unwrap();
    let told = found.iter().find(|own| own.place == "slide 2, phone number").unwrap();
    assert_eq!((told.fate, told.value.as_deref()), (Fate::Remains, Some("+7 916 555-12-34")));
}

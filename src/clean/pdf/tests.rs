//! What a clean document is, and what is refused.

use super::{FORMAT, recognise};
use crate::clean::memory::{fixture, produced, says, verifies};
use crate::clean::{Category, Fate, Reason};
use crate::limits;

/// A document of one page with this content, and these further objects from number 6 on.
pub(super) fn document(content: &str, resources: &str, further: &[&str]) -> Vec<u8> {
    let page = format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<<{resources}>>>>");
    let content = format!("<</Length {}>>\nstream\n{content}\nendstream", content.len());
    let font = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>";
    let first = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Kids[3 0 R]/Count 1>>", &page, &content, font];
    let mut file = "%PDF-1.4\n".to_owned();
    for (object, number) in first.iter().chain(further).zip(1..) {
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    file.push_str("trailer\n<</Root 1 0 R>>\n");
    file.into_bytes()
}

const HELVETICA: &str = "/Font<</F1 5 0 R>>";

fn remaining(content: &str) -> Vec<(String, String)> {
    let (_, findings) = produced(&document(content, HELVETICA, &[])).unwrap();
    let remains = findings.into_iter().filter(|finding| finding.fate == Fate::Remains);
    remains.map(|finding| (finding.place, finding.value.unwrap_or_default())).collect()
}

#[test]
fn a_pdf_is_told_by_its_header_within_the_first_1024_bytes() {
    for (garbage, recognised) in [(0, true), (1019, true), (1020, false)] {
        assert_eq!(recognise(&[vec![b' '; garbage], b"%PDF-1.7".to_vec()].concat()), recognised, "{garbage}");
    }
}

#[test]
fn a_clean_document_stays_as_it_is() {
    for name in ["letter", "packed", "drawn", "pictures", "form", "hidden", "revised"] {
        let clean = fixture(&format!("clean/{name}.pdf"));
        assert!(verifies(&FORMAT, &clean), "{name}");
        assert_eq!(produced(&clean).unwrap().0, clean, "{name}");
    }
}

#[test]
fn no_beginning_and_no_flipped_bit_of_a_document_makes_what_the_verifier_does_not_accept() {
    let whole = fixture("dirty/drawn.pdf");
    for at in (0..whole.len()).step_by(3) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        for file in [&whole[..at], &flipped] {
            if let Err(refusal) = produced(file) {
                assert_ne!(refusal.reason, Reason::Unaccounted, "byte {at}: {refusal:?}");
            }
        }
    }
}

#[test]
fn the_verifier_accepts_no_other_byte() {
    let clean = fixture("clean/packed.pdf");
    for at in 0..clean.len() {
        let mut other = clean.clone();
        other[at] = if other[at] == b'%' { b'#' } else { b'%' };
        assert!(!verifies(&FORMAT, &other), "byte {at}");
    }
    assert!(!verifies(&FORMAT, &[clean.as_slice(), b"\n"].concat()));
}

#[test]
fn text_that_is_not_seen_is_told_and_stays() {
    let told = |content: &str| remaining(content).into_iter().map(|(place, _)| place).collect::<Vec<_>>();
    let text = "BT /F1 12 Tf 20 100 Td (secret) Tj ET";
    assert_eq!(told(text), [""; 0]);
    assert_eq!(told(&format!("BT 3 Tr ET {text}")), ["page 1, invisible text"]);
    assert_eq!(told(&format!("{text} 0 g 10 90 100 30 re f")), ["page 1, text under a rectangle or a picture"]);
    assert_eq!(told(&format!("1 g {text}")), ["page 1, text in the colour behind it"]);
    assert_eq!(told(&format!("0 g 0 0 200 200 re f 1 g {text}")), [""; 0]);
    assert_eq!(told(&format!("1 0 0 1 300 0 cm {text}")), ["page 1, text outside of the page"]);
    assert_eq!(told(&format!(".05 0 0 .05 0 0 cm {text}")), ["page 1, text too small to be read"]);
    assert_eq!(remaining(&format!("BT 3 Tr ET {text}"))[0].1, "secret");
    // A bar that is drawn first, beside it or within a clip elsewhere hides nothing.
    assert_eq!(told(&format!("1 0 0 rg 10 90 100 30 re f 0 g {text}")), [""; 0]);
    assert_eq!(told(&format!("{text} 10 10 100 30 re f")), [""; 0]);
    assert_eq!(told(&format!("{text} q 0 0 5 5 re W n 10 90 100 30 re f Q")), [""; 0]);
}

#[test]
fn what_draws_itself_is_left_out_and_what_nests_too_deep_is_refused() {
    let form = |name: &str, next: usize| {
        let content = format!("/{name} Do");
        format!(
            "<</Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</{name} {next} 0 R>>>>/Length {}>>\nstream\n{content}\nendstream",
            content.len()
        )
    };
    let itself = form("Me", 6);
    produced(&document("/Me Do", "/XObject<</Me 6 0 R>>", &[&itself])).unwrap();
    let chain = |len: usize| {
        let forms: Vec<String> = (7..7 + len).map(|next| form("Fo", next)).collect();
        let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
        produced(&document("/Fo Do", "/XObject<</Fo 6 0 R>>", &forms)).map(|_| ())
    };
    chain(limits::PDF_DEPTH_MAX - 1).unwrap();
    assert_eq!(chain(limits::PDF_DEPTH_MAX + 1).unwrap_err().reason, Reason::TooLarge);
}

#[test]
fn what_says_who_wrote_it_is_told() {
    let (_, findings) = produced(&fixture("dirty/letter.pdf")).unwrap();
    assert!(says(&findings, Category::Person, "Margot Hellwig"));
    assert!(says(&findings, Category::HiddenContent, "salaries.xls"));
    assert!(says(&findings, Category::Software, "PDF Machine 3"));
}

#[test]
fn a_stream_that_grows_without_end_is_refused() {
    let zeros = crate::clean::memory::zlib(&vec![b' '; limits::PDF_STREAM_BYTES_MAX + 1]);
    let hex: String = zeros.iter().map(|byte| format!("{byte:02x}")).collect();
    let keys = "/Subtype/Form/BBox[0 0 9 9]/Filter[/ASCIIHexDecode/FlateDecode]";
    let form = format!("<<{keys}/Length {}>>\nstream\n{hex}\nendstream", hex.len());
    let refusal = produced(&document("/Fo Do", "/XObject<</Fo 6 0 R>>", &[&form])).unwrap_err();
    assert_eq!(refusal.reason, Reason::TooLarge);
}

#[test]
fn words_that_give_a_person_away_are_told_with_their_page() {
    // As programs set them: in pieces, letter by letter, with a blank as room, over two lines.
    for content in [
        "BT /F1 12 Tf 20 100 Td (My number is +7 916 555-12-34.) Tj ET",
        "BT /F1 12 Tf 20 100 Td [(My num) 20 (ber is) -250 (+7) -300 (916 5) 15 (55-12-34.)] TJ ET",
        "BT /F1 12 Tf 20 100 Td (Tel.) Tj 0 -14 Td (+7 916) Tj 42 0 Td (555-12-34) Tj ET",
    ] {
        let expected = ("page 1, phone number".to_owned(), "+7 916 555-12-34".to_owned());
        assert!(remaining(content).contains(&expected), "{content}: {:?}", remaining(content));
    }
    assert_eq!(remaining("BT /F1 12 Tf 20 100 Td (+7 91) Tj 0 -14 Td (6 555-12-34) Tj ET"), []);
}

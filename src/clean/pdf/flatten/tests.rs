//! What pages become, what is refused, and that drawing has bounds.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Resolution;
use super::effort::{give_up, thrown};
use crate::clean::memory::{Memory, fixture, says, verifies, zipped, zlib};
use crate::clean::pdf::object::Object;
use crate::clean::pdf::read::Document;
use crate::clean::pdf::{FORMAT, tests::document};
use crate::clean::{Category, Fate, Finding, Options, Pages, Reason, Refusal, clean_with};
use crate::limits;

fn flattened_at(dots: u16, bytes: &[u8]) -> Result<(Vec<u8>, Vec<Finding>), Refusal> {
    let original = Memory(bytes.to_vec());
    let pages = Pages::Flattened(Resolution::new(dots).unwrap());
    let cleaned = clean_with(&original, Options { pages, ..Options::default() })?;
    let mut made = Vec::new();
    cleaned.content(&original).unwrap().read_to_end(&mut made).unwrap();
    Ok((made, cleaned.findings().to_vec()))
}

fn flattened(bytes: &[u8]) -> Result<(Vec<u8>, Vec<Finding>), Refusal> {
    flattened_at(72, bytes)
}

fn refused(bytes: &[u8]) -> (Reason, &'static str) {
    let refusal = flattened(bytes).map(|_| ()).unwrap_err();
    (refusal.reason, refusal.part)
}

/// A picture with its width and height; of each pixel how dark it is, by its green.
struct Picture {
    width: usize,
    height: usize,
    greens: Vec<u8>,
}

impl Picture {
    fn at(&self, x: usize, y: usize) -> u8 {
        self.greens[y * self.width + x]
    }

    /// Dark pixels.
    fn dark(&self) -> usize {
        self.greens.iter().filter(|green| **green < 96).count()
    }
}

/// The pictures of a flattened document that are no JPEG.
fn pictures(made: &[u8]) -> Vec<Picture> {
    let doc = Document::parse(made).unwrap();
    let streams = doc.objects.values().filter_map(|object| match object {
        Object::Stream(stream) if stream.dict.contains_key(b"Width") => Some(stream),
        _ => None,
    });
    streams
        .map(|stream| {
            let side = |key: &[u8]| usize::try_from(doc.get(&stream.dict, key).int().unwrap()).unwrap();
            let (width, height) = (side(b"Width"), side(b"Height"));
            let data = doc.data(stream).unwrap();
            let channels = data.len() / (width * height);
            assert_eq!(data.len(), width * height * channels);
            let greens = data.chunks(channels).map(|pixel| pixel[channels / 2]).collect();
            Picture { width, height, greens }
        })
        .collect()
}

fn drawn(content: &str, resources: &str, further: &[&str]) -> Picture {
    let (made, _) = flattened(&document(content, resources, further)).unwrap();
    assert!(verifies(&FORMAT, &made));
    pictures(&made).pop().unwrap()
}

fn stream(keys: &str, content: &str) -> String {
    format!("<<{keys}/Length {}>>\nstream\n{content}\nendstream", content.len())
}

const HELVETICA: &str = "/Font<</F1 5 0 R>>";
const TEXT: &str = "BT /F1 30 Tf 20 100 Td (seen) Tj ET";

#[test]
fn resolutions_have_bounds() {
    for (dots, sound) in [(71, false), (72, true), (600, true), (601, false)] {
        assert_eq!(Resolution::new(dots).is_some(), sound, "{dots}");
    }
}

#[test]
fn a_page_becomes_one_picture_of_its_size_and_nothing_else() {
    let (made, findings) = flattened(&document(TEXT, HELVETICA, &[])).unwrap();
    let text = String::from_utf8_lossy(&made);
    assert!(text.contains("/MediaBox[0 0 200 200]"));
    assert!(["/Font", "Tj", "/ToUnicode", "/Rotate", "/CropBox"].iter().all(|word| !text.contains(word)));
    let pictures = pictures(&made);
    assert_eq!(pictures.len(), 1);
    assert_eq!((pictures[0].width, pictures[0].height), (200, 200));
    assert!(pictures[0].dark() > 100 && pictures[0].at(0, 0) == 255);
    let anew = findings.iter().find(|finding| finding.place == "pages made pictures").unwrap();
    assert!(anew.fate == Fate::Remains && anew.value.as_deref().unwrap().starts_with("1 of them;"));
}

#[test]
fn a_resolution_is_kept_where_there_is_room_and_said_where_not() {
    let wide = |width: f64| {
        let page = format!("/MediaBox[0 0 {width} 200]");
        let file = String::from_utf8(document("", "", &[])).unwrap().replace("/MediaBox[0 0 200 200]", &page);
        flattened_at(300, file.as_bytes())
    };
    let (made, findings) = wide(100.0).unwrap();
    assert_eq!(pictures(&made)[0].width, 417);
    assert!(!findings.iter().any(|finding| finding.place.contains("too large")));
    // 32,000 pixels at 300 dots an inch are 7,680 points.
    for (width, fewer) in [(7_679.0, false), (7_680.0, false), (7_681.0, true), (63_999.0, true)] {
        let (_, findings) = wide(width).unwrap();
        assert_eq!(findings.iter().any(|finding| finding.place.contains("too large")), fewer, "{width}");
    }
    // At 36 dots an inch it is twice 32,000 points.
    wide(64_000.0).unwrap();
    assert_eq!(wide(64_001.0).map(|_| ()).unwrap_err().reason, Reason::NotFlattened);
}

#[test]
fn pages_are_cut_turned_and_scaled_as_they_say() {
    let page = |keys: &str| {
        let file = String::from_utf8(document("0 180 20 20 re f", "", &[])).unwrap();
        let file = file.replace("/MediaBox[0 0 200 200]", keys);
        let (made, _) = flattened(file.as_bytes()).unwrap();
        (String::from_utf8_lossy(&made).into_owned(), pictures(&made).pop().unwrap())
    };
    // A dot at the upper left, then turned to the upper right, and so on.
    for (turned, x, y) in [(0, 10, 10), (90, 90, 10), (180, 90, 190), (270, 10, 90)] {
        let (_, picture) = page(&format!("/MediaBox[0 0 100 200]/Rotate {turned}"));
        let sides = if turned % 180 == 0 { (100, 200) } else { (200, 100) };
        assert_eq!((picture.width, picture.height), sides, "{turned}");
        let (x, y) = if turned == 90 { (190, y) } else { (x, y) };
        assert_eq!(picture.at(x, y), 0, "{turned}");
        assert!(picture.dark().abs_diff(400) < 40, "{turned}: {}", picture.dark());
    }
    let (text, picture) = page("/MediaBox[0 0 200 200]/CropBox[10 150 60 190]");
    assert!(text.contains("/MediaBox[0 0 50 40]"));
    assert!((picture.width, picture.height) == (50, 40) && picture.at(5, 5) == 0 && picture.at(15, 5) == 255);
    let (text, picture) = page("/MediaBox[0 0 200 200]/UserUnit 2");
    assert!(text.contains("/UserUnit 2/") && picture.width == 400 && picture.at(20, 20) == 0);
}

#[test]
fn the_same_document_gives_the_same_bytes_and_its_pictures_become_pictures() {
    let whole = fixture("dirty/letter.pdf");
    let (made, _) = flattened(&whole).unwrap();
    assert!(made == flattened(&whole).unwrap().0);
    assert!(made == crate::clean::memory::produced(&made).unwrap().0);
    let (again, _) = flattened(&made).unwrap();
    let (one, other) = (pictures(&made).pop().unwrap(), pictures(&again).pop().unwrap());
    assert_eq!((one.width, one.height), (other.width, other.height));
    let differ = one.greens.iter().zip(&other.greens).filter(|(one, other)| one.abs_diff(**other) > 64).count();
    assert!(differ * 100 < one.greens.len(), "{differ}");
}

#[test]
fn text_that_no_page_shows_is_gone_and_said_to_be() {
    let (made, findings) = flattened(&fixture("dirty/hidden.pdf")).unwrap();
    assert!(verifies(&FORMAT, &made));
    let fate = |kind: &str| findings.iter().find(|finding| finding.place.ends_with(kind)).unwrap().fate;
    assert_eq!(fate("invisible text"), Fate::Removed);
    assert_eq!(fate("text under a rectangle or a picture"), Fate::Removed);
    assert_eq!(fate("text outside of the page"), Fate::Removed);
    assert_eq!(fate("text too small to be read"), Fate::Remains);
    assert_eq!(fate("text in the colour behind it"), Fate::Remains);
}

#[test]
fn words_that_give_a_person_away_are_still_told() {
    let content = "BT /F1 12 Tf 20 100 Td (My number is +7 916 555-12-34.) Tj ET";
    let (_, findings) = flattened(&document(content, HELVETICA, &[])).unwrap();
    assert!(findings.iter().any(|finding| finding.value.as_deref() == Some("+7 916 555-12-34")));
}

#[test]
fn what_a_marker_lies_over_is_not_lost() {
    let content = format!("{TEXT} q /X1 Do Q");
    let resources = format!("{HELVETICA}/XObject<</X1 6 0 R>>/ExtGState<</G1 7 0 R/G2 8 0 R>>");
    let marker = |group: &str| {
        let keys = format!(
            "/Subtype/Form/BBox[0 0 200 200]/Group<</S/Transparency{group}>>/Resources<</ExtGState<</G1 7 0 R>>>>"
        );
        stream(&keys, "/G1 gs 1 1 0 rg 0 90 200 50 re f")
    };
    let (multiply, faint) = ("<</BM/Multiply>>", "<</ca .9>>");
    let plain = drawn(TEXT, HELVETICA, &[]).dark();
    let marked = drawn(&content, &resources, &[&marker(""), multiply, faint]);
    assert!(marked.dark() >= plain, "{} of {plain}", marked.dark());
    // What is isolated by itself does hide it.
    assert_eq!(drawn(&content, &resources, &[&marker("/I true"), multiply, faint]).dark(), 0);
    // As a whole and a little translucent, it is more than its parts.
    let whole = document(&content.replace("q /X1", "q /G2 gs /X1"), &resources, &[&marker(""), multiply, faint]);
    assert_eq!(refused(&whole).0, Reason::NotFlattened);
    let knockout = document(&content, &resources, &[&marker("/K true"), multiply, faint]);
    assert_eq!(refused(&knockout), (Reason::NotFlattened, "a blend mode in a knockout group"));
    // A shadow hides nothing either way.
    let shadow = document(
        &content.replace("q /X1", "q /G2 gs /X1"),
        &resources,
        &[&marker(""), "<</BM/Multiply/ca .5>>", faint],
    );
    let (_, findings) = flattened(&shadow).unwrap();
    assert!(findings.iter().any(|finding| finding.place == "blend modes in groups, drawn without them"));
}

#[test]
fn fonts_that_are_not_there_are_replaced_where_all_letters_are_seen_and_refused_where_not() {
    let font = |keys: &str| document("BT /F2 30 Tf 20 100 Td (AB) Tj ET", "/Font<</F2 6 0 R>>", &[keys]);
    let replaced = |bytes: &[u8]| {
        let (made, findings) = flattened(bytes).unwrap();
        assert!(pictures(&made)[0].dark() > 100);
        findings.iter().any(|finding| finding.place.starts_with("fonts that are not in the file"))
    };
    assert!(!replaced(&font("<</Type/Font/Subtype/Type1/BaseFont/Times-Bold>>")));
    assert!(replaced(&font("<</Type/Font/Subtype/TrueType/BaseFont/Calibri/Encoding/WinAnsiEncoding>>")));
    let cyrillic = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[65/afii10017/afii10018]>>>>";
    assert_eq!(refused(&font(cyrillic)), (Reason::NotFlattened, "a letter of a font that is not in the file"));
    let composite = "<</Type/Font/Subtype/Type0/BaseFont/A/Encoding/Identity-H/DescendantFonts[<</Type/Font\
        /Subtype/CIDFontType2/BaseFont/A/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>\
        /FontDescriptor<</Type/FontDescriptor/FontName/A/Flags 4>>>>]>>";
    assert_eq!(refused(&font(composite)), (Reason::NotFlattened, "a font for many letters that is not in the file"));
}

#[test]
fn what_is_refused_by_policy_stays_refused() {
    let encrypted = String::from_utf8(document(TEXT, HELVETICA, &[])).unwrap();
    let encrypted = encrypted.replace("/Root 1 0 R", "/Root 1 0 R/Encrypt<</Filter/Standard>>");
    assert_eq!(refused(encrypted.as_bytes()).0, Reason::NotUnderstood);
}

#[test]
fn documents_in_archives_become_pictures_and_other_files_stay() {
    let letter = fixture("dirty/letter.pdf");
    let archive = zipped(&[("a.txt", b"words and words\n"), ("b.pdf", &letter)]);
    let (made, findings) = flattened(&archive).unwrap();
    let (kept, _) = crate::clean::memory::produced(&archive).unwrap();
    assert_ne!(made, kept);
    assert!(findings.iter().any(|finding| finding.place == "b.pdf: pages made pictures"));
    let flood = "q Q ".repeat(usize::try_from(limits::FLAT_OPERATIONS_MAX / 2).unwrap());
    let refused = zipped(&[("b.pdf", &document(&flood, "", &[]))]);
    let refusal = flattened(&refused).map(|_| ()).unwrap_err();
    assert_eq!((refusal.reason, refusal.inside), (Reason::NotFlattened, vec!["b.pdf".to_owned()]));
    assert!(says(&flattened(&letter).unwrap().1, Category::Person, "Margot Hellwig"));
}

#[test]
fn a_page_takes_so_many_operations_and_no_more() {
    // Each counts, and so do sixteen bytes of content; the last line ends.
    let lines = usize::try_from(limits::FLAT_OPERATIONS_MAX).unwrap() * 8 / 9;
    let flood = |more: usize| document(&"n ".repeat(lines + more), "", &[]);
    flattened(&flood(0)).unwrap();
    assert_eq!(refused(&flood(lines / 8 + 16)), (Reason::NotFlattened, "too many operations to draw"));
}

#[test]
fn bombs_are_refused_before_they_are_drawn() {
    let refuses = |content: &str, resources: &str, further: &[&str]| {
        let (reason, part) = refused(&document(content, resources, further));
        assert_eq!(reason, Reason::NotFlattened, "{part}");
        part
    };
    // Forms that draw forms, without and with something to see.
    let form = |content: &str, next: usize| {
        let keys = format!("/Subtype/Form/BBox[0 0 200 200]/Resources<</XObject<</X1 {next} 0 R>>>>");
        stream(&keys, content)
    };
    for last in ["q Q", "0 0 9 9 re f"] {
        let mut forms: Vec<String> = (7..16).map(|next| form(&"/X1 Do ".repeat(10), next)).collect();
        forms.push(stream("/Subtype/Form/BBox[0 0 9 9]", last));
        let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
        assert_eq!(refuses("/X1 Do", "/XObject<</X1 6 0 R>>", &forms), "too many operations to draw");
    }
    let painted = "too much work to draw a page";
    let translucent = stream("/Subtype/Form/BBox[0 0 200 200]/Group<</S/Transparency>>", "0 0 200 200 re f");
    assert_eq!(refuses(&"/X1 Do ".repeat(100_000), "/XObject<</X1 6 0 R>>", &[&translucent]), painted);
    let cell =
        stream("/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9/Resources<<>>", "0 0 5 5 re f");
    let tiled = format!("/Pattern cs /P1 scn {}", "0 0 200 200 re f ".repeat(50_000));
    assert_eq!(refuses(&tiled, "/Pattern<</P1 6 0 R>>", &[&cell]), painted);
    let dense = cell.replace("/XStep 9/YStep 9", "/XStep .001/YStep .001");
    assert_eq!(
        refuses("/Pattern cs /P1 scn 0 0 9 9 re f", "/Pattern<</P1 6 0 R>>", &[&dense]),
        "too many operations to draw"
    );
    let held = "too much memory to draw a page";
    assert_eq!(refuses(&"0 0 m 200 200 l 0 200 l f ".repeat(200_000), "", &[]), held);
    assert_eq!(refuses("[.00005] 0 d 0 0 m 200 200 l S", "", &[]), held);
    let shading = "<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 9 9]/Function 7 0 R/Extend[true true]>>";
    let function = "<</FunctionType 2/Domain[0 1]/C0[1 1 1]/C1[0 0 0]/N 1>>";
    assert_eq!(refuses(&"/S1 sh ".repeat(20_000), "/Shading<</S1 6 0 R>>", &[shading, function]), painted);
    let (black, keys) = (zlib(&vec![0; 4_000 * 4_000]), "/Subtype/Image/Width 4000/Height 4000/BitsPerComponent 8");
    let hex: String = black.iter().map(|byte| format!("{byte:02x}")).collect();
    let keys = format!("{keys}/ColorSpace/DeviceGray/Filter[/ASCIIHexDecode/FlateDecode]");
    let picture = stream(&keys, &hex);
    let images = "/XObject<</X1 6 0 R>>";
    assert_eq!(refuses(&"/X1 Do ".repeat(100), images, &[&picture]), painted);
    // Made as long as it is drawn before it is cut.
    let small = picture.replace("/Width 4000/Height 4000", "/Width 1000/Height 1000");
    assert_eq!(refuses(&"q 200 0 0 900000 0 0 cm /X1 Do Q ".repeat(30), images, &[&small]), held);
}

#[test]
fn glyphs_that_draw_count_as_often_as_they_are_shown() {
    let font = "<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 97/LastChar 97\
        /Widths[9]/Encoding<</Differences[97/a]>>/CharProcs<</a 7 0 R>>/Resources<<>>>>";
    let glyph = stream("", &format!("9 0 d0 {}", "0 0 5 5 re f ".repeat(1_000)));
    let text = |count: usize| {
        let content = format!("BT /F2 9 Tf 20 20 Td ({}) Tj ET", "a".repeat(count));
        document(&content, "/Font<</F2 6 0 R>>", &[font, &glyph])
    };
    let (made, _) = flattened(&text(3)).unwrap();
    assert!(pictures(&made)[0].dark() > 10);
    assert_eq!(refused(&text(2_000)).0, Reason::NotFlattened);
}

#[test]
fn a_picture_is_no_larger_than_it_says() {
    let jpeg = fixture("clean/rgb.jpg");
    let hex: String = jpeg.iter().map(|byte| format!("{byte:02x}")).collect();
    let picture = |width: u32, height: u32| {
        let keys = format!("/Subtype/Image/Width {width}/Height {height}/BitsPerComponent 8/ColorSpace/DeviceRGB");
        let picture = stream(&format!("{keys}/Filter[/ASCIIHexDecode/DCTDecode]"), &hex);
        document("q 200 0 0 200 0 0 cm /X1 Do Q", "/XObject<</X1 6 0 R>>", &[&picture])
    };
    flattened(&picture(320, 240)).unwrap();
    assert_eq!(refused(&picture(8, 8)), (Reason::NotFlattened, "a picture that is larger than it says"));
}

#[test]
fn what_nests_as_deep_as_it_may_is_drawn() {
    let keys = "/Subtype/Form/BBox[0 0 200 200]/Group<</S/Transparency>>";
    let form = |next: usize| stream(&format!("{keys}/Resources<</XObject<</X1 {next} 0 R>>>>"), "q /X1 Do Q");
    let mut forms: Vec<String> = (7..6 + limits::PDF_DEPTH_MAX).map(form).collect();
    forms.push(stream(keys, "0 0 200 200 re f"));
    let forms: Vec<&str> = forms.iter().map(String::as_str).collect();
    let picture = drawn("/X1 Do", "/XObject<</X1 6 0 R>>", &forms);
    assert_eq!((picture.dark(), picture.height), (200 * 200, 200));
}

#[test]
fn giving_up_is_no_more_than_a_refusal() {
    let caught = catch_unwind(AssertUnwindSafe(|| give_up(Refusal::new(Reason::TooLarge, "a page", 7)))).unwrap_err();
    assert_eq!(thrown(&*caught), Some(Refusal::new(Reason::TooLarge, "a page", 7)));
    assert_eq!(thrown(&*catch_unwind(|| panic!("drawing failed")).unwrap_err()), None);
}

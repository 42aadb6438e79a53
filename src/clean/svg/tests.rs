//! Drawings that are hard to draw: each is refused, or drawn in bounds. What is hidden is told; limits hold.

use crate::clean::memory::produced;
use crate::clean::{Category, Finding, Reason, Refusal};
use crate::limits;

fn drawing(body: &str) -> String {
    sized("400", "4", body)
}

fn sized(width: &str, height: &str, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
         width=\"{width}\" height=\"{height}\">{body}</svg>"
    )
}

fn clean(text: &str) -> Result<(Vec<u8>, Vec<Finding>), Refusal> {
    produced(text.as_bytes())
}

#[track_caller]
fn check(body: &str, reason: Reason, part: &str) {
    let refusal = clean(&drawing(body)).unwrap_err();
    assert_eq!((refusal.reason, refusal.part), (reason, part));
}

#[test]
fn a_drawing_is_told_by_its_first_element() {
    for text in [
        "<svg/>",
        "\u{feff}<?xml version=\"1.0\"?>\n<!-- x --><!DOCTYPE svg [<!ENTITY a \"b\">]> <svg xmlns='x'>",
        "<svg:svg xmlns:svg=\"http://www.w3.org/2000/svg\">",
        "<!DOCTYPE svg PUBLIC \"a\" \"b\"><svg>",
    ] {
        assert!(super::recognise(text.as_bytes()), "{text}");
    }
    for text in [
        "",
        "<",
        "<html><svg/></html>",
        "<svgx/>",
        "<?xml version=\"1.0\"?>",
        "svg",
        "<!--",
        "<!DOCTYPE svg [",
        "<a:b/>",
    ] {
        assert!(!super::recognise(text.as_bytes()), "{text}");
    }
}

#[test]
fn what_would_look_otherwise_is_refused() {
    check("<foreignObject/>", Reason::NotUnderstood, "foreignObject");
    check(
        "<filter id=\"f\"><feFlood/></filter><rect filter=\"url(#f)\" width=\"1\" height=\"1\"/>",
        Reason::NotUnderstood,
        "filter",
    );
    check("<rect style=\"fill:red; filter : url(#f)\"/>", Reason::NotUnderstood, "filter");
    check("<style>rect{filter:blur(2px)}</style>", Reason::NotUnderstood, "filter");
    check("<image href=\"https://kvarz.example/a.png\"/>", Reason::NotUnderstood, "image of another file");
    check("<image href=\"a.png\"/>", Reason::NotUnderstood, "image of another file");
    check("<image href=\"data:image/svg+xml;base64,PHN2Zy8+\"/>", Reason::NotUnderstood, "image of this kind");
    check("<image href=\"data:image/png,abc\"/>", Reason::NotUnderstood, "data URL");
    check("<image/>", Reason::NotUnderstood, "image without a link");
    check("<use href=\"other.svg#a\"/>", Reason::NotUnderstood, "link to another file");
    check("<style>@import \"a.css\";</style>", Reason::NotUnderstood, "style sheet of another file");
    assert_eq!(clean("<svg/>").unwrap_err().part, "root element");
}

#[test]
fn entities_that_grow_or_fetch_are_refused() {
    for entity in [
        "<!ENTITY a \"&b;\">",
        "<!ENTITY a SYSTEM \"file:///etc/passwd\">",
        "<!ENTITY % a \"x\">",
        "<!ENTITY a '<g/>'>",
    ] {
        let text = format!("<!DOCTYPE svg [{entity}]>{}", drawing("<rect/>"));
        assert_eq!(clean(&text).unwrap_err().part, "entity", "{entity}");
    }
    let with = |len: usize, count: usize| {
        let entity = format!("<!DOCTYPE svg [<!ENTITY a \"{}\">]>", "x".repeat(len));
        clean(&(entity + &drawing(&format!("<desc>{}</desc>", "&a;".repeat(count)))))
    };
    let count = 1024;
    let len = limits::SVG_ENTITY_BYTES_MAX / count;
    assert!(with(len - 1, count).is_ok());
    assert!(with(len, count).is_ok());
    assert_eq!(with(len, count + 1).unwrap_err().part, "entities");
}

#[test]
fn nesting_attributes_and_words_have_bounds() {
    // The root counts, and so does the innermost.
    let deep = |count: usize| clean(&drawing(&format!("{}<rect/>{}", "<g>".repeat(count), "</g>".repeat(count))));
    let most = usize::try_from(limits::SVG_DEPTH_MAX).unwrap();
    assert!(deep(most - 3).is_ok());
    assert!(deep(most - 2).is_ok());
    assert_eq!(deep(most - 1).unwrap_err().part, "nesting of elements");
    let attributes = |count: usize| {
        let list: Vec<String> = (0..count).map(|at| format!("a{at}=\"\"")).collect();
        clean(&drawing(&format!("<rect {}/>", list.join(" "))))
    };
    assert!(attributes(limits::SVG_ATTRIBUTES_MAX - 1).is_ok());
    assert!(attributes(limits::SVG_ATTRIBUTES_MAX).is_ok());
    assert_eq!(attributes(limits::SVG_ATTRIBUTES_MAX + 1).unwrap_err().part, "number of attributes");
    let words = |count: usize| clean(&drawing(&format!("<text fill=\"none\">{}</text>", "w".repeat(count))));
    assert!(words(limits::SVG_TEXT_CHARS_MAX).is_ok());
    assert_eq!(words(limits::SVG_TEXT_CHARS_MAX + 1).unwrap_err().part, "characters of a text");
}

#[test]
fn what_multiplies_is_counted_before_it_is_spelled_out() {
    let uses: String = (0..9)
        .map(|n| format!("<g id=\"a{}\">{}</g>", n + 1, format!("<use xlink:href=\"#a{n}\"/>").repeat(10)))
        .collect();
    check(&format!("<rect id=\"a0\"/>{uses}<use href=\"#a9\"/>"), Reason::TooLarge, "number of elements");
    let patterns: String = (0..30)
        .map(|n| {
            let fill = format!("<rect width=\"9\" height=\"9\" fill=\"url(#p{})\"/>", n + 1);
            format!("<pattern id=\"p{n}\" width=\"1\" height=\"1\">{fill}{fill}</pattern>")
        })
        .collect();
    check(&format!("{patterns}<rect fill=\"url(#p0)\"/>"), Reason::TooLarge, "number of elements");
    let marker = format!("<marker id=\"k\">{}</marker>", "<rect/>".repeat(1000));
    let line = format!("<path marker-mid=\"url(#k)\" d=\"M0 0{}\"/>", "l1 1".repeat(200));
    check(&(marker + &line), Reason::TooLarge, "number of elements");
    let styled =
        "<style>rect{mask:url(#m)}</style><mask id=\"m\">".to_owned() + &"<circle r=\"1\"/>".repeat(400) + "</mask>";
    check(&(styled + &"<rect/>".repeat(400)), Reason::TooLarge, "number of elements");
}

#[test]
fn what_speaks_of_itself_is_drawn_or_refused_and_ends() {
    for body in [
        "<g id=\"a\"><use href=\"#a\"/></g>",
        "<pattern id=\"p\" width=\"1\" height=\"1\"><rect width=\"9\" height=\"9\" fill=\"url(#p)\"/></pattern><rect fill=\"url(#p)\" width=\"9\" height=\"3\"/>",
        "<mask id=\"m\" mask=\"url(#m)\"><rect/></mask><rect mask=\"url(#m)\" width=\"9\" height=\"3\"/>",
        "<clipPath id=\"c\" clip-path=\"url(#c)\"><rect/></clipPath><rect clip-path=\"url(#c)\" width=\"9\" height=\"3\"/>",
        "<linearGradient id=\"a\" href=\"#b\"/><linearGradient id=\"b\" href=\"#a\"/><rect fill=\"url(#a)\" width=\"9\" height=\"3\"/>",
        "<marker id=\"k\"><path d=\"M0 0l1 1l1 1\" marker-mid=\"url(#k)\"/></marker><path d=\"M0 0l1 1l1 1\" marker-mid=\"url(#k)\"/>",
    ] {
        let _ = clean(&drawing(body));
    }
}

#[test]
fn work_and_memory_are_told_before_drawing_begins() {
    let large = |body: &str| clean(&sized("1000", "1000", body)).unwrap_err();
    let square = "<rect width=\"1000\" height=\"1000\"/>";
    let layers = format!("{}{square}{}", "<g opacity=\"0.9\">".repeat(50), "</g>".repeat(50));
    assert_eq!(large(&layers).reason, Reason::TooLarge);
    assert_eq!(large(&format!("<g opacity=\"0.9\">{square}</g>").repeat(200)).part, "work to draw it");
    assert_eq!(large(&square.repeat(1000)).part, "work to draw it");
    let zigzag = format!("<path d=\"M0 0{}\"/>", "L1000 1000L0 3".repeat(40_000));
    assert_eq!(large(&zigzag).part, "work to draw it");
    let dashes = "<path d=\"M0 0L1000000000 1\" stroke=\"black\" stroke-dasharray=\"0.001\"/>";
    assert_eq!(large(dashes).reason, Reason::TooLarge);
    let tile = "<pattern id=\"p\" width=\"1e6\" height=\"1e6\" patternUnits=\"userSpaceOnUse\"><path d=\"M0 0h9v9\"/></pattern>";
    assert_eq!(large(&format!("{tile}<rect width=\"900\" height=\"900\" fill=\"url(#p)\"/>")).reason, Reason::TooLarge);
}

#[test]
fn sizes_are_kept_in_bounds() {
    let side = |width: &str, height: &str| {
        let (png, _) = clean(&sized(width, height, "<rect width=\"9\" height=\"9\"/>"))?;
        Ok::<_, Refusal>((
            u32::from_be_bytes(png[16..20].try_into().unwrap()),
            u32::from_be_bytes(png[20..24].try_into().unwrap()),
        ))
    };
    assert_eq!(side("10", "1").unwrap(), (1024, 102));
    assert_eq!(side("2000", "100").unwrap(), (2000, 100));
    assert_eq!(side("90000", "900").unwrap(), (4096, 41));
    assert_eq!(side("1", "1000000").unwrap(), (1, 4096));
    for wrong in ["0", "-5"] {
        assert!(side(wrong, "5").is_err(), "{wrong}");
    }
}

#[test]
fn what_is_hidden_or_said_is_told() {
    let body = "<title>plan</title><text display=\"none\">gone words</text><script>x</script>\
        <a href=\"https://kvarz.example/t\"><rect width=\"9\" height=\"3\" onclick=\"x\"/></a><!-- said -->";
    let (png, findings) = clean(&drawing(body)).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    let told = |category: Category, place: &str| {
        findings
            .iter()
            .find(|found| found.category == category && found.place == place)
            .map(|found| found.value.clone())
    };
    assert_eq!(told(Category::HiddenContent, "SVG hidden element").flatten().as_deref(), Some("gone words"));
    assert_eq!(told(Category::Comment, "SVG title").flatten().as_deref(), Some("plan"));
    assert_eq!(told(Category::Comment, "SVG comment").flatten().as_deref(), Some("said"));
    assert_eq!(told(Category::Identifier, "SVG link").flatten().as_deref(), Some("https://kvarz.example/t"));
    assert!(told(Category::HiddenContent, "SVG script").is_some());
}

#[test]
fn prefixes_and_flipped_bytes_are_refused_or_drawn() {
    let whole = drawing("<g fill=\"red\"><rect width=\"9\" height=\"3\"/><text y=\"3\">a</text></g>");
    for at in 0..whole.len() {
        assert!(!super::recognise(&whole.as_bytes()[..at]) || produced(&whole.as_bytes()[..at]).is_err(), "{at}");
        for flip in [0x01, 0x20, 0x80] {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] ^= flip;
            let _ = produced(&bytes);
        }
    }
}

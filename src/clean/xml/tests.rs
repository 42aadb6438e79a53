use super::verify::{Met, verify};
use super::*;
use crate::clean::memory::says;
use crate::clean::{Category, Finding, Findings, Reason, Refusal};

static NAMESPACES: &[Namespace] =
    &[Namespace { prefix: "d", uris: &["urn:d", "urn:d:strict"] }, Namespace { prefix: "e", uris: &["urn:e"] }];
static ELEMENTS: &[Element] = &[
    Element { name: "d:body", fate: Fate::Kept, children: &["d:p"], attributes: &[], text: Text::None },
    Element {
        name: "d:gone",
        fate: Fate::Dropped(Some(Category::Person)),
        children: &[],
        attributes: &[],
        text: Text::None,
    },
    Element {
        name: "d:p",
        fate: Fate::Kept,
        children: &["d:t", "e:size"],
        attributes: &[
            Attribute { name: "d:style", value: Value::Reference("style") },
            Attribute { name: "d:level", value: Value::Integer(0, 9) },
            Attribute { name: "d:name", value: Value::Content },
        ],
        text: Text::None,
    },
    Element { name: "d:t", fate: Fate::Kept, children: &[], attributes: &[], text: Text::Content },
    Element {
        name: "d:wrap",
        fate: Fate::Unwrapped(Some(Category::History)),
        children: &[],
        attributes: &[],
        text: Text::None,
    },
    Element {
        name: "e:size",
        fate: Fate::Kept,
        children: &[],
        attributes: &[],
        text: Text::Value(Value::Measure(&["mm", "pt"])),
    },
];
static GRAMMAR: Grammar = Grammar {
    root: "d:body",
    namespaces: NAMESPACES,
    elements: &[ELEMENTS],
    told: &[("d:rsid*", Category::Identifier)],
};

/// Numbers styles in the order they are met.
#[derive(Default)]
struct Styles(Vec<String>);

impl Hooks for Styles {
    fn reference(&mut self, kind: &'static str, value: &str, _: &mut Findings) -> Option<String> {
        assert_eq!(kind, "style");
        let at = self.0.iter().position(|known| known == value).unwrap_or_else(|| {
            self.0.push(value.to_owned());
            self.0.len() - 1
        });
        Some(format!("s{}", at + 1))
    }
}

fn filtered(part: &str) -> Result<(String, Vec<Finding>), Refusal> {
    let mut findings = Findings::default();
    let bytes = filter(part.as_bytes(), &GRAMMAR, "part", &mut Styles::default(), &mut findings)?;
    assert!(is_accepted(&String::from_utf8(bytes.clone()).unwrap()));
    let again = filter(&bytes, &GRAMMAR, "part", &mut Styles::default(), &mut Findings::default())?;
    assert_eq!(again, bytes, "changes when it is filtered again");
    Ok((String::from_utf8(bytes).unwrap(), findings.into_vec()))
}

fn is_accepted(part: &str) -> bool {
    verify(part.as_bytes(), &GRAMMAR, &mut |Met { value, .. }| value != "s9").is_ok()
}

fn reason(part: &str) -> Reason {
    filtered(part).unwrap_err().reason
}

const BEGIN: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<d:body xmlns:d=\"urn:d\" xmlns:e=\"urn:e\"";

#[test]
fn what_is_listed_stays_under_one_prefix_and_in_one_form() {
    let part = "<?xml version='1.0'?>\n<!-- by Anna --><x:body xmlns:x='urn:d:strict' xmlns='urn:e' x:any='1'>\n \
        <x:p x:name='a&#34;b' x:level='07' x:style='Annas style' x:rsidR='00AB'><?do it?><x:t>x &lt;&#x41;<![CDATA[&]]></x:t>\
        <size>3mm</size><size>wide</size></x:p></x:body>";
    let (clean, findings) = filtered(part).unwrap();
    assert_eq!(
        clean,
        format!(
            "{BEGIN}><d:p d:style=\"s1\" d:level=\"7\" d:name=\"a&quot;b\"><d:t>x &lt;A&amp;</d:t><e:size>3mm</e:size><e:size/></d:p></d:body>"
        )
    );
    let told: Vec<&str> = findings.iter().map(|finding| finding.place.as_str()).collect();
    assert_eq!(told, ["part, d:any", "part, d:rsidR", "part, e:size", "part, comments and instructions"]);
}

#[test]
fn what_is_not_listed_goes_with_all_it_holds_and_is_told() {
    let part = "<d:body xmlns:d='urn:d' xmlns:z='urn:z'><d:gone><d:p/></d:gone><z:p><d:p/></z:p><d:p><d:wrap>lost<d:t>kept</d:t>\
        <d:p/></d:wrap></d:p><d:t>misplaced</d:t></d:body>";
    let (clean, findings) = filtered(part).unwrap();
    assert_eq!(clean, format!("{BEGIN}><d:p><d:t>kept</d:t></d:p></d:body>"));
    let told: Vec<&str> = findings.iter().map(|finding| finding.place.as_str()).collect();
    assert_eq!(told, ["part, d:gone", "part, {urn:z}p", "part, d:wrap", "part, d:p", "part, d:t"]);
}

#[test]
fn words_lose_what_nobody_sees_and_keep_what_spells() {
    let part = "<d:body xmlns:d='urn:d'><d:p d:name='a\u{200b}b'><d:t>по\u{200d}вестка\u{feff} می\u{200c}&#x62E;واهم\u{a0}\u{f0b7}</d:t></d:p></d:body>";
    let (clean, findings) = filtered(part).unwrap();
    assert!(clean.contains("d:name=\"ab\""));
    assert!(clean.contains("<d:t>повестка می\u{200c}خواهم\u{a0}\u{f0b7}</d:t>"), "{clean}");
    assert!(says(&findings, Category::Watermark, "U+200B zero width space"));
    assert!(says(&findings, Category::Watermark, "U+200D zero width joiner"));
}

#[test]
fn bombs_and_malformed_parts_are_refused() {
    let entity = "<!DOCTYPE d [<!ENTITY a 'aaaa'>]><d:body xmlns:d='urn:d'>&a;</d:body>";
    assert_eq!(reason(entity), Reason::NotUnderstood);
    assert_eq!(reason("<d:body xmlns:d='urn:d'>&a;</d:body>"), Reason::NotUnderstood);
    assert_eq!(reason("<d:body xmlns:d='urn:d'><d:p></d:body>"), Reason::Damaged);
    assert_eq!(reason("<d:body xmlns:d='urn:d'><q:p/></d:body>"), Reason::Damaged);
    assert_eq!(reason("<d:body xmlns:d='urn:d'/><d:body xmlns:d='urn:d'/>"), Reason::Damaged);
    assert_eq!(reason("<d:body xmlns:d='urn:d'>"), Reason::Truncated);
    assert_eq!(reason("<d:p xmlns:d='urn:d'/>"), Reason::NotUnderstood);
    for (inner, is_refused) in [(254, false), (255, false), (256, true)] {
        let part =
            format!("<d:body xmlns:d='urn:d'>{}{}</d:body>", "<d:wrap>".repeat(inner), "</d:wrap>".repeat(inner));
        assert_eq!(filtered(&part).is_err(), is_refused, "{inner}");
    }
    for (count, is_refused) in [(255, false), (256, false), (257, true)] {
        let attributes: String = (0..count).map(|n| format!(" a{n}=''")).collect();
        assert_eq!(filtered(&format!("<d:body xmlns:d='urn:d'{attributes}/>")).is_err(), is_refused, "{count}");
    }
}

#[test]
fn another_encoding_is_read_and_utf_8_written() {
    let part = "<d:body xmlns:d='urn:d'><d:p d:name='Приказ'/></d:body>";
    let mut bytes = vec![0xFF, 0xFE];
    part.encode_utf16().for_each(|unit| bytes.extend(unit.to_le_bytes()));
    let clean = filter(&bytes, &GRAMMAR, "part", &mut Styles::default(), &mut Findings::default()).unwrap();
    assert_eq!(String::from_utf8(clean).unwrap(), format!("{BEGIN}><d:p d:name=\"Приказ\"/></d:body>"));
}

#[test]
fn the_verifier_takes_one_form_and_no_other() {
    assert!(is_accepted(&format!("{BEGIN}><d:p d:style=\"s1\" d:level=\"7\"><d:t>a&amp;b</d:t></d:p></d:body>")));
    for inner in [
        "<d:p d:level=\"7\" d:style=\"s1\"/>",
        "<d:p d:style=\"s1\" d:style=\"s1\"/>",
        "<d:p  d:style=\"s1\"/>",
        "<d:p d:style='s1'/>",
        "<d:p></d:p>",
        "<d:p d:level=\"07\"/>",
        "<d:p d:level=\"10\"/>",
        "<d:p d:style=\"s9\"/>",
        "<d:p d:style=\"Anna's\"/>",
        "<d:p d:other=\"1\"/>",
        "<d:t>x</d:t>",
        "<d:p>x</d:p>",
        "<d:p> </d:p>",
        "<!-- x -->",
        "<?x?>",
        "<d:gone/>",
        "<d:wrap/>",
        "<d:p><d:t>a&b</d:t></d:p>",
        "<d:p><d:t>&#65;</d:t></d:p>",
        "<d:p><d:t>a>b</d:t></d:p>",
        "<d:p><d:t>a\u{200b}b</d:t></d:p>",
        "<d:p><d:t><![CDATA[x]]></d:t></d:p>",
        "<d:p/>\n",
        "<d:p><e:size>3 mm</e:size></d:p>",
        "<d:p><e:size>3cm</e:size></d:p>",
        "<d:p xmlns:d=\"urn:d\"/>",
        "<d:p><d:t/></d:p></d:body>",
        "<d:p",
    ] {
        assert!(!is_accepted(&format!("{BEGIN}>{inner}</d:body>")), "{inner}");
    }
    let whole = format!("{BEGIN}><d:p/></d:body>");
    for (other, what) in [
        (whole.replace("urn:e", "urn:z"), "namespace"),
        (whole.replace("<?xml", " <?xml"), "blank in front"),
        (format!("{whole}\n"), "line behind"),
        (whole.replace("?>\n", "?>"), "declaration"),
    ] {
        assert!(!is_accepted(&other), "{what}");
    }
    assert!(is_accepted(&whole));
}

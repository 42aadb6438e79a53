use std::io::{Cursor as Bytes, Read};

use super::package::Package;
use super::pictures;
use super::verify::{Kind, Layout, verify};
use super::write::{Content, Link, Part, write};
use crate::clean::container::zip::{Method, Writer};
use crate::clean::cursor::Cursor;
use crate::clean::xml::grammar::at;
use crate::clean::xml::{Element, Grammar, Namespace, Value};
use crate::clean::{Category, Findings, Plan, Reason, memory};

static NAMESPACES: &[Namespace] =
    &[Namespace { prefix: "d", uris: &["urn:d"] }, Namespace { prefix: "r", uris: &["urn:r"] }];
static ELEMENTS: &[Element] = &[
    Element::kept("d:body", &["d:picture"], &[]),
    Element::kept("d:picture", &[], &[at("r:id", Value::Reference("relationship"))]),
];
static GRAMMAR: Grammar = Grammar { root: "d:body", namespaces: NAMESPACES, elements: &[ELEMENTS], told: &[] };
static LAYOUT: Layout = Layout {
    kinds: &[
        Kind { relationship: "officeDocument", content_type: "t/main", name: "word/document.xml", grammar: &GRAMMAR },
        Kind { relationship: "header", content_type: "t/header", name: "word/header#.xml", grammar: &GRAMMAR },
    ],
    pictures: "word/media/",
};

fn xml(inner: &str) -> Vec<u8> {
    let declaration = super::write::DECLARATION;
    format!("{declaration}<d:body xmlns:d=\"urn:d\" xmlns:r=\"urn:r\">{inner}</d:body>").into_bytes()
}

fn parts() -> Vec<Part> {
    let (picture, format) = pictures::placeholder().unwrap();
    let link = |kind, target: &str| Link { kind, target: target.to_owned() };
    vec![
        Part {
            name: "word/document.xml".to_owned(),
            content: Content::Xml("t/main", xml("<d:picture r:id=\"rId2\"/>")),
            links: vec![link("header", "word/header1.xml"), link("image", "word/media/1.png")],
        },
        Part {
            name: "word/header1.xml".to_owned(),
            content: Content::Xml("t/header", xml("<d:picture r:id=\"rId1\"/>")),
            links: vec![link("image", "word/media/1.png")],
        },
        Part {
            name: "word/media/1.png".to_owned(),
            content: Content::Picture(format, picture.to_vec()),
            links: vec![],
        },
    ]
}

fn bytes(plan: &Plan) -> Vec<u8> {
    let mut bytes = Vec::new();
    plan.reader(&mut std::io::empty()).read_to_end(&mut bytes).unwrap();
    bytes
}

fn is_accepted(parts: &[Part]) -> bool {
    verify(&mut &bytes(&write(parts).unwrap())[..], &LAYOUT, &mut |_, _| true).is_ok()
}

#[test]
fn what_is_written_is_accepted_and_read_again() {
    assert!(is_accepted(&parts()));
    let bytes = bytes(&write(&parts()).unwrap());
    let mut reader = Bytes::new(&bytes[..]);
    let mut cursor = Cursor::new(&mut reader).unwrap();
    let package = Package::read(&mut cursor).unwrap();
    let main = package.main(&mut cursor).unwrap();
    assert_eq!(main, "word/document.xml");
    assert_eq!(package.content_type(&main), Some("t/main"));
    assert_eq!(package.content_type("word/media/1.png"), Some("image/png"));
    let relationships = package.relationships(&mut cursor, &main).unwrap();
    assert!(relationships[0].is("header") && relationships[1].is("image"));
    assert_eq!(relationships[0].part(), Some("word/header1.xml"));
    assert_eq!(relationships[1].id, "rId2");
    assert!(package.has("WORD/Header1.xml"));
}

#[test]
fn the_verifier_objects_to_whatever_is_not_listed_or_referred_to() {
    let (picture, format) = pictures::placeholder().unwrap();
    let changed = |change: &dyn Fn(&mut Vec<Part>)| {
        let mut parts = parts();
        change(&mut parts);
        is_accepted(&parts)
    };
    assert!(changed(&|_| {}));
    assert!(!changed(&|parts| parts[0].content = Content::Xml("t/other", xml("<d:picture/>"))), "type");
    assert!(!changed(&|parts| parts[0].content = Content::Xml("t/main", xml("<d:picture r:id=\"rId3\"/>"))), "id");
    assert!(!changed(&|parts| parts[1].name = "word/headerA.xml".to_owned()), "name");
    assert!(!changed(&|parts| parts[0].links[0].kind = "footer"), "relationship");
    assert!(!changed(&|parts| parts[0].links[0].target = "word/header2.xml".to_owned()), "target");
    assert!(!changed(&|parts| drop(parts.pop())), "missing picture");
    assert!(!changed(&|parts| parts[2].name = "word/media/01.png".to_owned()), "name of a picture");
    assert!(!changed(&|parts| parts[2].content = Content::Picture(format, [picture, &[0]].concat())), "trailer");
    assert!(
        !changed(&|parts| parts.push(Part {
            name: "word/media/2.png".to_owned(),
            content: Content::Picture(format, picture.to_vec()),
            links: vec![],
        })),
        "part that nothing refers to"
    );
}

#[test]
fn the_empty_picture_is_clean() {
    let (picture, format) = pictures::placeholder().unwrap();
    assert_eq!(memory::produced(picture).unwrap().0, picture);
    assert!(memory::verifies(format, picture));
}

#[test]
fn a_picture_that_no_cleaner_knows_is_replaced_and_told() {
    let mut reader = Bytes::new(&[]);
    let cursor = Cursor::new(&mut reader).unwrap();
    let mut findings = Findings::default();
    let mut emf = vec![0_u8; 100];
    emf[..4].copy_from_slice(&[1, 0, 0, 0]);
    emf[40..44].copy_from_slice(b" EMF");
    let (clean, format) = pictures::clean("word/media/image1.emf", &emf, &cursor, &mut findings).unwrap();
    assert_eq!((clean.as_slice(), format.extension), (pictures::placeholder().unwrap().0, "png"));
    let told = findings.into_vec();
    assert_eq!(told[0].place, "word/media/image1.emf, replaced by an empty picture");
    assert_eq!(told[0].category, Category::Unknown);
    let jpeg = memory::fixture("corrupt/bad-code.jpg");
    let refusal = pictures::clean("a.jpg", &jpeg, &cursor, &mut Findings::default()).unwrap_err();
    assert_eq!(refusal.inside, ["a.jpg"]);
}

#[test]
fn a_package_without_a_main_part_is_damaged() {
    let mut writer = Writer::default();
    writer.add("[Content_Types].xml", b"<Types/>", Method::Stored).unwrap();
    let bytes = bytes(&writer.finish().unwrap());
    let mut reader = Bytes::new(&bytes[..]);
    let mut cursor = Cursor::new(&mut reader).unwrap();
    let package = Package::read(&mut cursor).unwrap();
    assert_eq!(package.main(&mut cursor).unwrap_err().reason, Reason::Damaged);
}

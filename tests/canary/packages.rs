//! Packages of office documents with marks, made of fixtures: in every attribute, in place of all words that are no
//! content, and in elements, attributes, namespaces, comments and instructions that nobody knows, everywhere in every
//! part; in names of parts, in parts that belong to nothing, and in those that programs add.

#![expect(clippy::string_slice, reason = "fixtures are cut where their tags begin and end")]

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::archives::stored;
use super::{Canary, Marks};
use crate::harness::fixture;

/// What a format declares to be content: by element, attribute (empty for characters), and the tag that it stands in.
pub(crate) type IsContent = fn(&str, &str, &str) -> bool;

/// Parts with names and bytes.
pub(crate) type Parts = Vec<(String, Vec<u8>)>;

/// The parts of a fixture; pictures become small ones, so that thousands can be looked through.
pub(crate) fn parts(name: &str) -> Parts {
    let file = std::fs::read(fixture(&format!("dirty/{name}"))).unwrap();
    let small = std::fs::read(fixture("clean/one-pixel.jpg")).unwrap();
    let mut parts = Vec::new();
    let mut at = 0;
    while file[at..].starts_with(b"PK\x03\x04") {
        let half = |place: usize| usize::from(u16::from_le_bytes([file[at + place], file[at + place + 1]]));
        let packed = half(18) | half(20) << 16;
        let name = String::from_utf8(file[at + 30..at + 30 + half(26)].to_vec()).unwrap();
        let from = at + 30 + half(26) + half(28);
        let data = &file[from..from + packed];
        let mut bytes = Vec::new();
        match half(8) {
            0 => bytes.extend(data),
            _ => assert!(DeflateDecoder::new(data).read_to_end(&mut bytes).unwrap() > 0, "{name}"),
        }
        if bytes.starts_with(b"\xFF\xD8") {
            bytes.clone_from(&small);
        }
        parts.push((name, bytes));
        at = from + packed;
    }
    assert!(parts.len() > 4);
    parts
}

/// Every fixture with one mark.
pub(crate) fn canaries(names: &[&str], main: &str, is_content: IsContent) -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut canaries = Vec::new();
    for name in names {
        let parts = parts(name);
        for (index, (part, bytes)) in parts.iter().enumerate() {
            let Some(text) = markup(part, bytes) else {
                let mark = marks.text();
                let file = with(&parts, index, [b"words ", &mark[..]].concat());
                canaries.push(Canary { name: format!("other part: {name} {part}"), file, mark, twin: None });
                continue;
            };
            for change in changes(text, is_content) {
                let mark = marks.text();
                let changed = change.apply(text, std::str::from_utf8(&mark).unwrap());
                let file = with(&parts, index, changed.into_bytes());
                let place = format!("{}: {name} {part} at {}, {}", change.kind, change.from, change.what);
                canaries.push(Canary { name: place, file, mark, twin: None });
            }
        }
        canaries.extend(around(&parts, main, name, &mut marks));
    }
    canaries
}

fn markup<'b>(part: &str, bytes: &'b [u8]) -> Option<&'b str> {
    let is_markup = [".xml", ".rels", ".vml"].iter().any(|end| part.ends_with(end));
    std::str::from_utf8(bytes).ok().filter(|_| is_markup)
}

fn with(parts: &Parts, index: usize, bytes: Vec<u8>) -> Vec<u8> {
    let mut parts = parts.clone();
    parts[index].1 = bytes;
    stored(&parts)
}

/// A change to one part; `@` stands for the mark.
struct Change {
    kind: &'static str,
    from: usize,
    to: usize,
    instead: String,
    what: String,
}

impl Change {
    fn apply(&self, text: &str, mark: &str) -> String {
        format!("{}{}{}", &text[..self.from], self.instead.replace('@', mark), &text[self.to..])
    }
}

/// What may stand in an element that does not belong there.
const CHILDREN: [(&str, &str); 8] = [
    ("comment", "<!-- @ -->"),
    ("instruction", "<?@ @?>"),
    ("unknown element", "<own>@</own>"),
    ("unknown element named so", "<@/>"),
    ("element of an unknown namespace", "<q:own xmlns:q=\"urn:@\" q:a=\"@\">@</q:own>"),
    (
        "alternate content",
        "<mc:AlternateContent xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\"><mc:Choice \
         xmlns:q=\"urn:q\" Requires=\"q\"><q:own>@</q:own></mc:Choice></mc:AlternateContent>",
    ),
    ("list of extensions", "<extLst><ext uri=\"{@}\"><q:own xmlns:q=\"urn:q\">@</q:own></ext></extLst>"),
    ("characters", "@"),
];

const ATTRIBUTES: [(&str, &str); 4] = [
    ("unknown attribute", " own=\"@\""),
    ("attribute named so", " @=\"1\""),
    ("attribute of an unknown namespace", " xmlns:q=\"urn:q\" q:own=\"@\""),
    ("namespace that nothing uses", " xmlns:q=\"urn:@\""),
];

/// Every change to a part: by a scanner that knows just as much of XML as the fixtures ask for.
fn changes(text: &str, is_content: IsContent) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut at = text.find("?>").map_or(0, |end| end + 2);
    for (kind, child) in &CHILDREN[..2] {
        let what = "around the root".to_owned();
        changes.push(Change { kind, from: at, to: at, instead: (*child).to_owned(), what: what.clone() });
        changes.push(Change { kind, from: text.len(), to: text.len(), instead: (*child).to_owned(), what });
    }
    while let Some(begin) = text[at..].find('<').map(|offset| at + offset) {
        let end = begin + text[begin..].find('>').unwrap();
        let element = word(open.last());
        let parent = open.iter().rev().nth(1).copied().unwrap_or_default();
        if begin > at && !open.is_empty() && !is_content(element, "", parent) {
            let what = format!("characters of {element}");
            changes.push(Change {
                kind: "characters in place of others",
                from: at,
                to: begin,
                instead: "@".to_owned(),
                what,
            });
        }
        at = end + 1;
        let tag = &text[begin + 1..end];
        if tag.starts_with('/') {
            open.pop();
            continue;
        }
        if tag.starts_with(['!', '?']) {
            continue;
        }
        let is_empty = tag.ends_with('/');
        let tag = tag.trim_end_matches('/');
        let (name, parent) = (word(Some(&tag)), open.last().copied().unwrap_or_default());
        let behind_name = begin + 1 + name.len();
        for (kind, attribute) in ATTRIBUTES {
            let what = name.to_owned();
            changes.push(Change { kind, from: behind_name, to: behind_name, instead: attribute.to_owned(), what });
        }
        attributes(text, (behind_name, begin + 1 + tag.len()), name, is_content, &mut changes);
        for (kind, child) in CHILDREN {
            if kind == "characters" && is_content(name, "", parent) {
                continue;
            }
            let (from, to, instead) = match is_empty {
                true => (begin + 1 + tag.len(), end + 1, format!(">{child}</{name}>")),
                false => (end + 1, end + 1, child.to_owned()),
            };
            changes.push(Change { kind, from, to, instead, what: name.to_owned() });
        }
        if !is_empty {
            open.push(tag);
        }
    }
    changes
}

/// The name in a tag.
fn word<'t>(tag: Option<&&'t str>) -> &'t str {
    tag.and_then(|tag| tag.split_ascii_whitespace().next()).unwrap_or_default()
}

/// Changes to the values of attributes: another in its place, and more behind it.
fn attributes(
    text: &str,
    (mut at, end): (usize, usize),
    element: &str,
    is_content: IsContent,
    changes: &mut Vec<Change>,
) {
    while let Some(equals) = text[at..end].find("=\"").map(|offset| at + offset) {
        let name = text[at..equals].trim();
        let close = equals + 2 + text[equals + 2..end].find('"').unwrap();
        if !is_content(element, name, "") {
            let kind = if name.starts_with("xmlns") { "name of a namespace" } else { "value" };
            let what = format!("{name} of {element}");
            changes.push(Change { kind, from: equals + 2, to: close, instead: "@".to_owned(), what: what.clone() });
            changes.push(Change { kind, from: close, to: close, instead: " @".to_owned(), what });
        }
        at = close + 1;
    }
}

/// Parts that programs add, with the kinds of their types and relationships: `@` stands for the mark.
const ADDED: &[(&str, &str, &str)] = &[
    ("docProps/core2.xml", "application/vnd.openxmlformats-package.core-properties+xml", "metadata/core-properties"),
    (
        "docProps/app.xml",
        "application/vnd.openxmlformats-officedocument.extended-properties+xml",
        "extended-properties",
    ),
    ("docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml", "custom-properties"),
    ("docProps/thumbnail.jpeg", "image/jpeg", "metadata/thumbnail"),
    ("docProps/@.xml", "application/xml", "@"),
    ("customXml/item1.xml", "application/xml", "customXml"),
    (
        "customXml/itemProps1.xml",
        "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
        "customXmlProps",
    ),
    ("docMetadata/LabelInfo.xml", "application/vnd.ms-office.classificationlabels+xml", "classificationlabels"),
    (
        "_xmlsignatures/sig1.xml",
        "application/vnd.openxmlformats-package.digital-signature-xmlsignature+xml",
        "signature",
    ),
    ("_xmlsignatures/origin.sigs", "application/vnd.openxmlformats-package.digital-signature-origin", "origin"),
    ("own/embeddings/oleObject1.bin", "application/vnd.openxmlformats-officedocument.oleObject", "oleObject"),
    ("own/embeddings/sheet1.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "package"),
    ("own/activeX/activeX1.xml", "application/vnd.ms-office.activeX+xml", "control"),
    ("own/activeX/activeX1.bin", "application/vnd.ms-office.activeX", "activeXControlBinary"),
    ("own/vbaProject.bin", "application/vnd.ms-office.vbaProject", "vbaProject"),
    ("own/printerSettings/printerSettings1.bin", "application/octet-stream", "printerSettings"),
    ("own/fonts/font1.fntdata", "application/x-fontdata", "font"),
    ("own/media/own.png", "image/png", "image"),
    ("own/media/own.mp3", "audio/mpeg", "audio"),
    ("own/media/own.emf", "image/x-emf", "image"),
    ("own/persons/person.xml", "application/vnd.ms-excel.person+xml", "person"),
    ("own/ink/ink1.xml", "application/inkml+xml", "customXml"),
    ("[trash]/0000.dat", "application/octet-stream", "trash"),
    ("own/@", "application/@", "@"),
];

/// The package with parts that do not belong to it, and with more in its types and relationships.
fn around(parts: &Parts, main: &str, fixture: &str, marks: &mut Marks) -> Vec<Canary> {
    let mut canaries = Vec::new();
    let has = |name: &str| parts.iter().any(|(part, _)| part == name);
    for (name, content_type, kind) in ADDED.iter().filter(|(name, ..)| !has(name)) {
        for (place, of) in
            [("package", "_rels/.rels".to_owned()), ("main part", main.to_owned()), ("nothing", String::new())]
        {
            let mark = marks.text();
            let word = String::from_utf8(mark.clone()).unwrap();
            let fill = |text: &str| text.replace('@', &word);
            let mut parts = parts.clone();
            let (name, content_type, kind) = (fill(name), fill(content_type), fill(kind));
            for (part, bytes) in &mut parts {
                let mut text = String::from_utf8_lossy(bytes).into_owned();
                if part == "[Content_Types].xml" {
                    let entry = format!("<Override PartName=\"/{name}\" ContentType=\"{content_type}\"/></Types>");
                    text = text.replace("</Types>", &entry);
                } else if *part == of {
                    let start = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
                    let entry = format!(
                        "<Relationship Id=\"own\" Type=\"{start}/{kind}\" Target=\"/{name}\"/><Relationship Id=\"{word}\" \
                         Type=\"{start}/hyperlink\" Target=\"file:///C:/Users/{word}\" TargetMode=\"External\"/></Relationships>"
                    );
                    text = text.replace("</Relationships>", &entry);
                } else {
                    continue;
                }
                *bytes = text.into_bytes();
            }
            let content = match name.ends_with(".xml") {
                true => fill("<?xml version=\"1.0\"?><own xmlns=\"urn:@\" a=\"@\"><!--@--><b name=\"@\">@</b></own>")
                    .into_bytes(),
                false if name.ends_with(".xlsx") => stored(&[("docProps/core.xml".to_owned(), mark.clone())]),
                false => mark.clone(),
            };
            parts.push((name.clone(), content));
            let name = format!("added part: {name} of {place} in {fixture}");
            canaries.push(Canary { name, file: stored(&parts), mark, twin: None });
        }
    }
    canaries
}

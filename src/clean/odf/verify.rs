//! Accounts for every byte of a clean package: its members in their order, each part by its grammar, each picture by the
//! verifier of its format, every reference to something that is there. Written from the specification, not from the cleaner.

use std::collections::BTreeSet;
use std::io::Read;

use super::grammar::{CONTENT, MATH, SETTINGS, STYLES};
use super::values::is_number_of_part;
use super::{Kind, objects};
use crate::clean::container::zip::Method;
use crate::clean::container::zip::verify::Walk;
use crate::clean::produced::Produced;
use crate::clean::xml::grammar::Grammar;
use crate::clean::xml::verify as xml;
use crate::clean::{FORMATS, Unaccounted};
use crate::limits;

/// Reads a package to its end.
pub(super) fn verify(produced: &mut dyn Read, kind: Kind) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    let mut walk = Walk::new(&mut produced);
    let Some(first) = walk.next()? else { return wrong("mimetype") };
    let said = walk.bytes(u64::from(u8::MAX))?;
    if first.name != "mimetype" || first.method != Method::Stored || *said != kind.media_type().as_bytes() {
        return wrong("mimetype");
    }
    let Some(manifest) = walk.entry(limits::TEXT_BYTES_MAX)? else { return wrong("manifest") };
    if manifest.name != "META-INF/manifest.xml" {
        return wrong("manifest");
    }
    let mut package = Package { kind, seen: Vec::new(), links: BTreeSet::new() };
    let mut document = Names::default();
    let mut object = Names::default();
    while let Some(entry) = walk.entry(limits::MEMBER_BYTES_MAX)? {
        package.part(&entry.name, &entry.bytes, &mut document, &mut object)?;
    }
    document.check()?;
    object.check()?;
    package.check(&manifest.bytes)
}

fn wrong<T>(part: &'static str) -> Result<T, Unaccounted> {
    Err(Unaccounted::new(part, 0))
}

/// Names that parts which belong together give and use.
#[derive(Default)]
struct Names {
    given: BTreeSet<String>,
    used: BTreeSet<String>,
}

impl Names {
    fn check(&self) -> Result<(), Unaccounted> {
        if self.used.is_subset(&self.given) { Ok(()) } else { wrong("name of a style") }
    }
}

struct Package {
    kind: Kind,
    /// Members so far, with their media types.
    seen: Vec<(String, &'static str)>,
    /// Where links lead.
    links: BTreeSet<String>,
}

impl Package {
    fn part(&mut self, name: &str, bytes: &[u8], document: &mut Names, object: &mut Names) -> Result<(), Unaccounted> {
        let rank = |name: &str| match name {
            "content.xml" => 0,
            "styles.xml" => 1,
            "settings.xml" => 2,
            name if name.starts_with("Object ") => 3,
            _ => 4,
        };
        if self.seen.last().is_some_and(|(last, _)| rank(last) > rank(name)) || self.seen.is_empty() && rank(name) != 0
        {
            return wrong("order of parts");
        }
        let kind = self.kind;
        match name {
            "content.xml" => self.xml(bytes, &CONTENT, kind, document)?,
            "styles.xml" => self.xml(bytes, &STYLES, kind, document)?,
            "settings.xml" if kind == Kind::Text => xml::verify(bytes, &SETTINGS, &mut |_| false)?,
            _ => match (name.strip_prefix("Object "), name.strip_prefix("Pictures/")) {
                (Some(part), None) => return self.object(part, bytes, object),
                (None, Some(part)) => return self.picture(name, part, bytes),
                _ => return wrong("member"),
            },
        }
        self.seen.push((name.to_owned(), "text/xml"));
        Ok(())
    }

    fn object(&mut self, part: &str, bytes: &[u8], names: &mut Names) -> Result<(), Unaccounted> {
        let begun = self.seen.iter().filter(|(name, _)| name.starts_with("Object ") && name.ends_with('/')).count();
        match part.split_once('/') {
            Some((number, "content.xml")) if number == begun.saturating_add(1).to_string() => {
                names.check()?;
                *names = Names::default();
                let is_formula = bytes
                    .get(..200.min(bytes.len()))
                    .is_some_and(|head| memchr::memmem::find(head, b"<math").is_some());
                if is_formula {
                    xml::verify(bytes, &MATH, &mut |_| false)?;
                } else {
                    self.xml(bytes, &CONTENT, Kind::Chart, names)?;
                }
                self.seen.push((format!("Object {part}"), "text/xml"));
                let media_type = if is_formula { objects::FORMULA } else { objects::CHART };
                self.seen.push((format!("Object {number}/"), media_type));
                Ok(())
            }
            Some((number, "styles.xml")) if number == begun.to_string() => {
                self.xml(bytes, &STYLES, Kind::Chart, names)?;
                // The folder stands behind its parts in the manifest.
                let Some(folder) = self.seen.pop().filter(|(_, media_type)| *media_type == objects::CHART) else {
                    return wrong("part of an object");
                };
                self.seen.push((format!("Object {part}"), "text/xml"));
                self.seen.push(folder);
                Ok(())
            }
            _ => wrong("part of an object"),
        }
    }

    fn picture(&mut self, name: &str, part: &str, bytes: &[u8]) -> Result<(), Unaccounted> {
        let before = self.seen.iter().filter(|(name, _)| name.starts_with("Pictures/")).count();
        let Some((number, extension)) = part.split_once('.') else { return wrong("picture") };
        let format = FORMATS.iter().find(|format| format.extension == extension);
        let Some(format) = format.filter(|format| super::pictures::SHOWN.contains(&format.media_type)) else {
            return wrong("picture");
        };
        if !is_number_of_part(number) || number != before.saturating_add(1).to_string() {
            return wrong("picture");
        }
        let mut rest = bytes;
        (format.verify)(&mut rest)?;
        if !rest.is_empty() {
            return wrong("bytes behind a picture");
        }
        self.seen.push((name.to_owned(), format.media_type));
        Ok(())
    }

    /// A part by its grammar, and what in it has to agree with other parts.
    fn xml(
        &mut self,
        bytes: &[u8],
        grammar: &'static Grammar,
        kind: Kind,
        names: &mut Names,
    ) -> Result<(), Unaccounted> {
        xml::verify(bytes, grammar, &mut |met| {
            let gives = matches!(met.attribute, "style:name" | "draw:name" | "presentation:name");
            let set = match met.attribute {
                // Numbers of their own, which lists and sections need not share.
                "xml:id" | "text:continue-list" => return met.value.starts_with("list"),
                "text:name" => return met.value.starts_with("Section"),
                _ if gives => &mut names.given,
                _ => &mut names.used,
            };
            if !met.value.is_empty() {
                set.insert(met.value.to_owned());
            }
            true
        })?;
        let Ok(text) = std::str::from_utf8(bytes) else { return wrong("characters") };
        let mut body = None;
        // Within values and words there is no bracket.
        for tag in text.split('<').filter_map(|part| part.split_once('>')).map(|(tag, _)| tag) {
            let name = tag.split([' ', '/']).next().unwrap_or_default();
            if body == Some("office:body") {
                body = Some(name);
            } else if name == "office:body" {
                body = Some("office:body");
            }
            if let Some(link) = attribute(tag, "xlink:href")
                && name != "chart:chart"
            {
                self.links.insert(link.to_owned());
            }
            if let Some(table) = attribute(tag, "table:name").filter(|_| kind != Kind::Spreadsheet) {
                let number = table.strip_prefix("Table").is_some_and(is_number_of_part);
                if !number && table != "local-table" {
                    return wrong("name of a table");
                }
            }
        }
        let expected = std::ptr::eq(grammar, &raw const CONTENT).then(|| kind.body());
        if body == expected { Ok(()) } else { wrong("office:body") }
    }

    /// Whether links lead to all members and to nothing else, and the manifest lists them.
    fn check(&self, manifest: &[u8]) -> Result<(), Unaccounted> {
        let led: BTreeSet<&str> = self.links.iter().map(String::as_str).collect();
        let parts = self.seen.iter().filter(|(name, _)| name.starts_with("Pictures/") || name.ends_with('/'));
        let there: BTreeSet<&str> = parts.map(|(name, _)| name.trim_end_matches('/')).collect();
        if led != there {
            return wrong("links");
        }
        let entry = |path: &str, version: &str, media_type: &str| {
            format!(
                "<manifest:file-entry manifest:full-path=\"{path}\"{version} manifest:media-type=\"{media_type}\"/>\n"
            )
        };
        let mut expected = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest \
            xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\n"
            .to_owned();
        expected += &entry("/", " manifest:version=\"1.3\"", self.kind.media_type());
        for (name, media_type) in &self.seen {
            expected += &entry(name, "", media_type);
        }
        expected += "</manifest:manifest>\n";
        if manifest == expected.as_bytes() { Ok(()) } else { wrong("manifest") }
    }
}

/// The value of an attribute in a tag that the grammar has accepted.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag;
    loop {
        let (before, behind) = rest.split_once("=\"")?;
        let (value, behind) = behind.split_once('"')?;
        if before.rsplit(' ').next() == Some(name) {
            return Some(value);
        }
        rest = behind;
    }
}

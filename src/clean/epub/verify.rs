//! Accounts for every byte of a clean book: its members in their order, the package document line by line, each
//! document by its list, each style sheet by its own, each picture by the verifier of its format, and every link to
//! something that is there. Written from the specification, not from the cleaner.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::book::{DIRECTIONS, LAYOUT, PAGE};
use super::grammar::{NCX, XHTML};
use super::{CONTAINER, IDENTIFIER, MODIFIED, TITLE, css, picture_type};
use crate::clean::container::zip::Method;
use crate::clean::container::zip::verify::Walk;
use crate::clean::odf::pictures::SHOWN;
use crate::clean::produced::Produced;
use crate::clean::xml::{Value, verify as xml};
use crate::clean::{FORMATS, Unaccounted};
use crate::limits;

/// Reads a book to its end.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    let mut walk = Walk::new(&mut produced);
    let Some(first) = walk.next()? else { return wrong("mimetype") };
    let said = walk.bytes(u64::from(u8::MAX))?;
    if first.name != "mimetype" || first.method != Method::Stored || *said != b"application/epub+zip"[..] {
        return wrong("mimetype");
    }
    let container = walk.entry(limits::TEXT_BYTES_MAX)?;
    if !container.is_some_and(|entry| entry.name == "META-INF/container.xml" && *entry.bytes == *CONTAINER.as_bytes()) {
        return wrong("container");
    }
    let Some(package) = walk.entry(limits::TEXT_BYTES_MAX)?.filter(|entry| entry.name == "EPUB/package.opf") else {
        return wrong("package document");
    };
    let mut book = Book::default();
    while let Some(entry) = walk.entry(limits::MEMBER_BYTES_MAX)? {
        let Some(name) = entry.name.strip_prefix("EPUB/") else { return wrong("member") };
        book.member(name, &entry.bytes)?;
    }
    let Ok(text) = std::str::from_utf8(&package.bytes) else { return wrong("package document") };
    let cover = match book.package(text) {
        Some(cover) => cover,
        None => return wrong("package document"),
    };
    book.check(cover)
}

fn wrong<T>(part: &'static str) -> Result<T, Unaccounted> {
    Err(Unaccounted::new(part, 0))
}

#[derive(Default)]
struct Book {
    /// Members so far.
    members: Vec<String>,
    /// Where links lead.
    links: BTreeSet<String>,
    /// Identifiers of each document.
    ids: BTreeMap<String, BTreeSet<String>>,
    /// Classes that style sheets speak of.
    styled: BTreeSet<String>,
    classes: BTreeSet<String>,
}

/// Kinds of members in their order.
const KINDS: [(&str, &str); 3] = [("css", "css"), ("ch", "xhtml"), ("img", "")];

impl Book {
    fn member(&mut self, name: &str, bytes: &[u8]) -> Result<(), Unaccounted> {
        if name == "toc.ncx" {
            if !self.members.is_empty() {
                return wrong("order of members");
            }
            self.members.push(name.to_owned());
            return self.contents(bytes);
        }
        let Some((stem, extension)) = name.split_once('.') else { return wrong("member") };
        let kind = KINDS.iter().position(|(kind, known)| {
            stem.strip_prefix(kind).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
                && (known.is_empty() || extension == *known)
        });
        let Some((rank, (kind, _))) = kind.and_then(|rank| Some((rank, KINDS.get(rank)?))) else {
            return wrong("member");
        };
        // In the order of kinds, and without a gap.
        let is_late =
            |known: &String| KINDS.iter().skip(rank.saturating_add(1)).any(|(kind, _)| known.starts_with(kind));
        let before = self.members.iter().filter(|known| known.starts_with(kind)).count();
        if self.members.iter().any(is_late) || stem != format!("{kind}{:03}", before.saturating_add(1)) {
            return wrong("order of members");
        }
        self.members.push(name.to_owned());
        match *kind {
            "css" => {
                let names = std::str::from_utf8(bytes).ok().and_then(css::verify::names);
                let Some(names) = names else { return wrong("style sheet") };
                self.styled.extend(names);
                Ok(())
            }
            "ch" => self.document(name, before.saturating_add(1), bytes),
            _ => picture(extension, bytes),
        }
    }

    fn contents(&mut self, bytes: &[u8]) -> Result<(), Unaccounted> {
        let mut count = 0_usize;
        xml::verify(bytes, &NCX, &mut |met| {
            count = count.saturating_add(1);
            met.value == format!("n{count}")
        })?;
        let Ok(text) = std::str::from_utf8(bytes) else { return wrong("characters") };
        let title = format!("<docTitle><text>{TITLE}</text></docTitle>");
        if text.matches("<docTitle").count() != text.matches(&title).count() {
            return wrong("docTitle");
        }
        let orders = tags(text).filter_map(|tag| attribute(tag, "playOrder"));
        if !(1..=count).map(|number| number.to_string()).eq(orders.map(str::to_owned)) {
            return wrong("playOrder");
        }
        self.links.extend(tags(text).filter_map(|tag| attribute(tag, "src")).map(str::to_owned));
        Ok(())
    }

    fn document(&mut self, name: &str, number: usize, bytes: &[u8]) -> Result<(), Unaccounted> {
        let mut ids = BTreeSet::new();
        xml::verify(bytes, &XHTML, &mut |met| {
            ids.insert(met.value.to_owned());
            css::verify::is_numbered(met.value, 'i')
        })?;
        self.ids.insert(name.to_owned(), ids);
        let Ok(text) = std::str::from_utf8(bytes) else { return wrong("characters") };
        let title = format!("<title>{number}</title>");
        if text.matches("<title").count() != text.matches(&title).count() {
            return wrong("title");
        }
        for tag in tags(text) {
            self.classes
                .extend(attribute(tag, "class").into_iter().flat_map(|names| names.split(' ')).map(str::to_owned));
            let link = attribute(tag, "href").or(attribute(tag, "src"));
            self.links.extend(link.map(str::to_owned));
        }
        Ok(())
    }

    /// Whether links lead to what is there, and to every style sheet and picture.
    fn check(&self, cover: Option<String>) -> Result<(), Unaccounted> {
        let mut led: BTreeSet<&str> = cover.iter().map(String::as_str).collect();
        for link in &self.links {
            let (name, id) = link.split_once('#').map_or((link.as_str(), None), |(name, id)| (name, Some(id)));
            let has = |id: &str| self.ids.get(name).is_some_and(|ids| ids.contains(id));
            if id.is_some_and(|id| !has(id)) {
                return wrong("link");
            }
            led.insert(name);
        }
        let is_linked = |name: &str| name.starts_with("ch") || name == "toc.ncx" || led.contains(name);
        if led.iter().any(|name| !self.members.iter().any(|member| member == name))
            || !self.members.iter().all(|name| is_linked(name))
        {
            return wrong("links");
        }
        if self.classes.is_subset(&self.styled) { Ok(()) } else { wrong("class") }
    }

    /// The package document, line by line; the name of the cover, if there is one.
    fn package(&self, text: &str) -> Option<Option<String>> {
        let mut lines = Lines(text);
        lines.expect("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        let version = lines
            .between("<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"", "\" unique-identifier=\"id\">")?;
        let is_new = version == "3.0";
        if !is_new && version != "2.0" {
            return None;
        }
        lines.expect("<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">")?;
        lines.expect(&format!("<dc:identifier id=\"id\">{IDENTIFIER}</dc:identifier>"))?;
        lines.expect(&format!("<dc:title>{TITLE}</dc:title>"))?;
        let language = lines.between("<dc:language>", "</dc:language>")?;
        if Value::Language.canonical(language)? != language {
            return None;
        }
        if is_new {
            lines.expect(&format!("<meta property=\"dcterms:modified\">{MODIFIED}</meta>"))?;
            for (property, values) in LAYOUT {
                let value = lines.between(&format!("<meta property=\"{property}\">"), "</meta>");
                if value.is_some_and(|value| !values.contains(&value)) {
                    return None;
                }
            }
        }
        let cover = lines.between("<meta name=\"cover\" content=\"", "\"/>").map(str::to_owned);
        lines.expect("</metadata>")?;
        lines.expect("<manifest>")?;
        let (mut navs, mut cover_name) = (0_usize, None);
        for name in &self.members {
            let (stem, extension) = name.split_once('.')?;
            let media_type = match extension {
                "ncx" => "application/x-dtbncx+xml",
                "css" => "text/css",
                "xhtml" => "application/xhtml+xml",
                _ => picture_type(name),
            };
            let behind =
                lines.between(&format!("<item id=\"{stem}\" href=\"{name}\" media-type=\"{media_type}\""), "/>")?;
            let is_cover = cover.as_deref() == Some(stem) && name.starts_with("img");
            match behind {
                "" if !(is_cover && is_new) => {}
                " properties=\"nav\"" if extension == "xhtml" && is_new => navs = navs.saturating_add(1),
                " properties=\"cover-image\"" if is_cover && is_new => {}
                _ => return None,
            }
            if is_cover {
                cover_name = Some(name.clone());
            }
        }
        if navs != usize::from(is_new) || cover.is_some() != cover_name.is_some() {
            return None;
        }
        lines.expect("</manifest>")?;
        self.spine(&mut lines, is_new)?;
        lines.expect("</package>")?;
        lines.0.is_empty().then_some(cover_name)
    }

    fn spine(&self, lines: &mut Lines<'_>, is_new: bool) -> Option<()> {
        let has_contents = self.members.first().is_some_and(|name| name == "toc.ncx");
        let begin = if has_contents { "<spine toc=\"toc\"" } else { "<spine" };
        let direction = lines.between(begin, ">")?;
        if !direction.is_empty() {
            let value = direction.strip_prefix(" page-progression-direction=\"")?.strip_suffix('"')?;
            if !is_new || !DIRECTIONS.contains(&value) {
                return None;
            }
        }
        let mut seen = BTreeSet::new();
        while let Some(entry) = lines.between("<itemref idref=\"", "/>") {
            let (stem, rest) = entry.split_once('"')?;
            if !self.ids.contains_key(&format!("{stem}.xhtml")) || !seen.insert(stem.to_owned()) {
                return None;
            }
            let rest = rest.strip_prefix(" linear=\"no\"").unwrap_or(rest);
            if !rest.is_empty() {
                let words = rest.strip_prefix(" properties=\"")?.strip_suffix('"')?;
                let known: Vec<&str> =
                    PAGE.into_iter().filter(|name| words.split(' ').any(|word| word == *name)).collect();
                if !is_new || known.is_empty() || known.join(" ") != words {
                    return None;
                }
            }
        }
        lines.expect("</spine>")
    }
}

fn picture(extension: &str, bytes: &[u8]) -> Result<(), Unaccounted> {
    let format = FORMATS.iter().find(|format| format.extension == extension);
    let Some(format) = format.filter(|format| SHOWN.contains(&format.media_type)) else { return wrong("picture") };
    let mut rest = bytes;
    (format.verify)(&mut rest)?;
    if rest.is_empty() { Ok(()) } else { wrong("bytes behind a picture") }
}

/// Lines of a text that are still to be accounted for.
struct Lines<'t>(&'t str);

impl<'t> Lines<'t> {
    fn expect(&mut self, line: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(line)?.strip_prefix('\n')?;
        Some(())
    }

    /// What stands between these in the next line, which is passed over if it is of that kind.
    fn between(&mut self, begin: &str, end: &str) -> Option<&'t str> {
        let (line, rest) = self.0.split_once('\n')?;
        let inner = line.strip_prefix(begin)?.strip_suffix(end)?;
        self.0 = rest;
        Some(inner)
    }
}

/// Tags of a part that its grammar has accepted: within values and words there is no bracket.
fn tags(text: &str) -> impl Iterator<Item = &str> {
    text.split('<').filter_map(|part| part.split_once('>')).map(|(tag, _)| tag)
}

/// The value of an attribute in such a tag.
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

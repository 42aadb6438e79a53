//! EPUB books (EPUB 2.0.1 and 3.3): made anew member by member, by list. Never copies a member, and keeps nothing of
//! metadata but the language and what decides the layout.

mod book;
mod contents;
mod css;
mod grammar;
mod names;
mod pass;
mod shown;
mod survey;
#[cfg(test)]
mod tests;
mod told;
mod verify;

use std::collections::{BTreeMap, BTreeSet};

use super::container::zip::{Archive, MIMETYPE, Method, Writer};
use super::cursor::Cursor;
use super::odf::source::{Made, Members, Source};
use super::xml::filter::filter_with;
use super::xml::read::DocumentType;
use super::{Category, Draft, Findings, Format, Plan, Reason, Refusal, odf};
use crate::limits;
use book::Book;
use contents::Contents;
use grammar::{NCX, XHTML};
use names::{Names, member};
use pass::{Known, Pass, Pictures};
use survey::Survey;

/// The line in the table.
pub(crate) static FORMAT: Format = Format {
    media_type: "application/epub+zip",
    extension: "epub",
    aliases: &[],
    name: "EPUB book",
    recognise: |head| odf::is_of(head, &FORMAT),
    clean,
    verify: verify::verify,
};

/// What every book is called.
const TITLE: &str = "Untitled";
/// What identifies every book.
const IDENTIFIER: &str = "urn:uuid:00000000-0000-4000-8000-000000000000";
/// When every book was changed last.
const MODIFIED: &str = "1980-01-01T00:00:00Z";
/// The folder that everything is in.
const FOLDER: &str = "EPUB/";
/// The member that leads to the package document (EPUB 3.3, 4.2.6.3.1).
const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n\
    <rootfiles>\n<rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/>\n</rootfiles>\n\
    </container>\n";

/// Members of a book that has been made anew, by their new names.
#[derive(PartialEq, Eq)]
struct Package {
    opf: String,
    ncx: Option<Vec<u8>>,
    sheets: Vec<(String, Vec<u8>)>,
    documents: Vec<(String, Vec<u8>)>,
    pictures: Vec<(String, Vec<u8>)>,
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    let archive = Archive::read(cursor)?;
    archive.tell(&mut findings);
    told::check(&archive, cursor)?;
    let ratio = cursor.len().saturating_mul(limits::EPUB_TEXT_RATIO_MAX);
    let most = ratio.saturating_add(limits::EPUB_TEXT_BYTES_MIN).min(limits::EPUB_TEXT_BYTES_MAX);
    let (mut package, shown) = made(&mut Members { archive: &archive, cursor }, most, &mut findings)?;
    told::others(&archive, &shown, &mut findings);
    // What was referred to only from where it is gone now goes in the next round, so that nothing is left to go.
    for _ in 0..limits::EPUB_ROUNDS_MAX {
        let (next, _) = made(&mut Made(package.parts()), u64::MAX, &mut Findings::default())?;
        if next == package {
            package.tell_words(&mut findings)?;
            return Ok(Draft::new(package.write()?, findings));
        }
        package = next;
    }
    Err(Refusal::new(Reason::NotUnderstood, "documents that refer to one another", 0))
}

/// Makes a book anew from its members. Says which of them are shown.
fn made(source: &mut dyn Source, most: u64, findings: &mut Findings) -> Result<(Package, Vec<String>), Refusal> {
    let book = Book::read(source, findings)?;
    let mut names = Names::default();
    let survey = Survey::of(source, &book, most, &mut names)?;
    let (sheets, known_sheets) = sheets(&survey, &mut names, findings);
    for fragment in &survey.fragments {
        names.styled_id(fragment);
    }
    let ncx = match &book.ncx {
        Some(path) => source.part(path)?.map(|bytes| (path, bytes)),
        None => None,
    };
    if let Some((path, bytes)) = &ncx {
        number_entries(path, bytes, &mut names)?;
    }
    let known: Known = (1_usize..)
        .zip(&survey.documents)
        .map(|(number, (path, _))| (path.clone(), member("ch", number, "xhtml")))
        .collect();
    let mut pictures = Pictures::default();
    let cover = match &book.cover {
        Some(path) => pictures.take(path, source, findings)?,
        None => None,
    };
    let mut documents = Vec::new();
    for (number, (path, bytes)) in (1_usize..).zip(&survey.documents) {
        let mut pass = Pass {
            path,
            number,
            source: &mut *source,
            survey: &survey,
            names: &names,
            documents: &known,
            sheets: &known_sheets,
            pictures: &mut pictures,
            styles: 0,
        };
        let clean = filter_with(bytes, &XHTML, DocumentType::Html, path, &mut pass, findings)
            .map_err(|refusal| refusal.within(path))?;
        documents.push((member("ch", number, "xhtml"), clean));
    }
    let contents = match &ncx {
        Some((path, bytes)) => {
            let mut contents = Contents { path, survey: &survey, names: &names, documents: &known, count: 0 };
            Some(filter_with(bytes, &NCX, DocumentType::Html, "table of contents", &mut contents, findings)?)
        }
        None => None,
    };
    let mut shown = vec![MIMETYPE.to_owned(), "META-INF/container.xml".to_owned(), book.path.clone()];
    shown.extend(ncx.map(|(path, _)| path.clone()));
    shown.extend(known.keys().chain(known_sheets.keys()).cloned());
    shown.extend(pictures.known.iter().filter(|(_, new)| new.is_some()).map(|(path, _)| path.clone()));
    let mut package = Package { opf: String::new(), ncx: contents, sheets, documents, pictures: pictures.clean };
    package.opf = package.package_document(&book, &known, cover.as_deref());
    Ok((package, shown))
}

/// Style sheets anew, and their new names.
fn sheets(survey: &Survey, names: &mut Names, findings: &mut Findings) -> (Vec<(String, Vec<u8>)>, Known) {
    let (mut sheets, mut known) = (Vec::new(), Known::new());
    for (key, bytes) in &survey.sheets {
        let made = css::sheet(&String::from_utf8_lossy(bytes), names);
        let path = key.split('\0').next().unwrap_or_default();
        if made.is_cut {
            findings.removed(Category::Unknown, format!("{path}, rules that are not understood"));
        }
        if made.had_comments {
            findings.removed(Category::Comment, format!("{path}, comments"));
        }
        if !made.text.is_empty() {
            let name = member("css", sheets.len().saturating_add(1), "css");
            known.insert(key.clone(), name.clone());
            sheets.push((name, made.text.into_bytes()));
        }
    }
    (sheets, known)
}

/// Gives numbers to the places that a table of contents leads to.
fn number_entries(path: &str, bytes: &[u8], names: &mut Names) -> Result<(), Refusal> {
    let text = super::xml::read::decoded(bytes)?;
    let mut reader = super::xml::Reader::with(&text, NCX.namespaces, DocumentType::Html);
    loop {
        match reader.next()? {
            super::xml::Event::Start(raw) if raw.name == "content" => {
                let target = raw.attribute("src").and_then(|link| names::resolve(path, link));
                if let Some(fragment) = target.and_then(|target| target.fragment) {
                    names.styled_id(&fragment);
                }
            }
            super::xml::Event::Finish => return Ok(()),
            _ => {}
        }
    }
}

impl Package {
    /// All members but the first, by name.
    fn parts(&self) -> BTreeMap<String, Vec<u8>> {
        let mut parts = BTreeMap::new();
        parts.insert("META-INF/container.xml".to_owned(), CONTAINER.as_bytes().to_vec());
        parts.insert(format!("{FOLDER}package.opf"), self.opf.clone().into_bytes());
        parts.extend(self.ncx.clone().map(|bytes| (format!("{FOLDER}toc.ncx"), bytes)));
        let others = self.sheets.iter().chain(&self.documents).chain(&self.pictures);
        parts.extend(others.map(|(name, bytes)| (format!("{FOLDER}{name}"), bytes.clone())));
        parts
    }

    fn write(self) -> Result<Plan, Refusal> {
        let mut writer = Writer::default();
        writer.add(MIMETYPE, FORMAT.media_type.as_bytes(), Method::Stored)?;
        writer.add("META-INF/container.xml", CONTAINER.as_bytes(), Method::Deflated)?;
        writer.add(&format!("{FOLDER}package.opf"), self.opf.as_bytes(), Method::Deflated)?;
        if let Some(bytes) = &self.ncx {
            writer.add(&format!("{FOLDER}toc.ncx"), bytes, Method::Deflated)?;
        }
        for (name, bytes) in self.sheets.iter().chain(&self.documents) {
            writer.add(&format!("{FOLDER}{name}"), bytes, Method::Deflated)?;
        }
        for (name, bytes) in &self.pictures {
            writer.add(&format!("{FOLDER}{name}"), bytes, Method::Stored)?;
        }
        writer.finish()
    }

    /// The package document, line by line.
    fn package_document(&self, book: &Book, known: &Known, cover: Option<&str>) -> String {
        let nav = book.nav.as_ref().and_then(|path| known.get(path));
        let version = if nav.is_some() { "3.0" } else { "2.0" };
        let language = book.language.as_deref().unwrap_or("und");
        let mut text = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"{version}\" unique-identifier=\"id\">\n\
             <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
             <dc:identifier id=\"id\">{IDENTIFIER}</dc:identifier>\n<dc:title>{TITLE}</dc:title>\n\
             <dc:language>{language}</dc:language>\n"
        );
        if nav.is_some() {
            text += &format!("<meta property=\"dcterms:modified\">{MODIFIED}</meta>\n");
            for (property, value) in &book.layout {
                text += &format!("<meta property=\"{property}\">{value}</meta>\n");
            }
        }
        if let Some(cover) = cover {
            text += &format!("<meta name=\"cover\" content=\"{}\"/>\n", stem(cover));
        }
        text += "</metadata>\n<manifest>\n";
        let mut item = |name: &str, media_type: &str, property: Option<&str>| {
            let properties = property.map_or(String::new(), |property| format!(" properties=\"{property}\""));
            let id = stem(name);
            text += &format!("<item id=\"{id}\" href=\"{name}\" media-type=\"{media_type}\"{properties}/>\n");
        };
        if self.ncx.is_some() {
            item("toc.ncx", "application/x-dtbncx+xml", None);
        }
        for (name, _) in &self.sheets {
            item(name, "text/css", None);
        }
        for (name, _) in &self.documents {
            item(name, "application/xhtml+xml", (nav == Some(name)).then_some("nav"));
        }
        for (name, _) in &self.pictures {
            let is_cover = nav.is_some() && cover == Some(name);
            item(name, picture_type(name), is_cover.then_some("cover-image"));
        }
        let toc = if self.ncx.is_some() { " toc=\"toc\"" } else { "" };
        let direction = book.direction.filter(|_| nav.is_some());
        let direction =
            direction.map_or(String::new(), |direction| format!(" page-progression-direction=\"{direction}\""));
        text += &format!("</manifest>\n<spine{toc}{direction}>\n");
        for page in &book.spine {
            let Some(name) = known.get(&page.path) else { continue };
            let linear = if page.is_aside { " linear=\"no\"" } else { "" };
            let properties = match page.properties.as_slice() {
                [] => String::new(),
                _ if nav.is_none() => String::new(),
                properties => format!(" properties=\"{}\"", properties.join(" ")),
            };
            text += &format!("<itemref idref=\"{}\"{linear}{properties}/>\n", stem(name));
        }
        // What only links lead to has to be listed all the same.
        let in_spine: BTreeSet<&String> = book.spine.iter().filter_map(|page| known.get(&page.path)).collect();
        for (name, _) in self.documents.iter().filter(|(name, _)| !in_spine.contains(name) && nav != Some(name)) {
            text += &format!("<itemref idref=\"{}\" linear=\"no\"/>\n", stem(name));
        }
        text + "</spine>\n</package>\n"
    }
}

fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

/// The media type of a clean picture, by its extension.
fn picture_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "jpg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "bmp" => "image/bmp",
        "tif" => "image/tiff",
        _ => "image/png",
    }
}

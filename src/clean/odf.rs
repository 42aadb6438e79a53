//! OpenDocument texts, spreadsheets and presentations (OASIS OpenDocument 1.2 and 1.3): made anew part by part, by list.
//! Never copies a part, and keeps nothing of settings but what decides the layout.

mod fields;
mod grammar;
mod names;
mod objects;
mod pass;
pub(super) mod pictures;
mod shown;
pub(super) mod source;
mod survey;
#[cfg(test)]
mod tests;
mod told;
mod values;
mod verify;
mod words;

use super::container::zip::{Archive, MIMETYPE, Method, Writer};
use super::cursor::Cursor;
use super::xml::filter;
use super::{Draft, Findings, Format, Reason, Refusal};
use crate::limits;
use grammar::{CONTENT, SETTINGS, STYLES};
use names::Names;
use objects::{Object, Objects};
use pass::{Counts, Pass};
use pictures::Pictures;
use source::{Made, Members, Source};
use survey::Survey;

/// The lines in the table.
pub(crate) static TEXT: Format = Format {
    media_type: "application/vnd.oasis.opendocument.text",
    extension: "odt",
    aliases: &[],
    name: "OpenDocument text",
    recognise: |head| is_of(head, &TEXT),
    clean: |cursor| clean(cursor, Kind::Text),
    verify: |produced| verify::verify(produced, Kind::Text),
};
/// A spreadsheet.
pub(crate) static SPREADSHEET: Format = Format {
    media_type: "application/vnd.oasis.opendocument.spreadsheet",
    extension: "ods",
    aliases: &[],
    name: "OpenDocument spreadsheet",
    recognise: |head| is_of(head, &SPREADSHEET),
    clean: |cursor| clean(cursor, Kind::Spreadsheet),
    verify: |produced| verify::verify(produced, Kind::Spreadsheet),
};
/// A presentation.
pub(crate) static PRESENTATION: Format = Format {
    media_type: "application/vnd.oasis.opendocument.presentation",
    extension: "odp",
    aliases: &[],
    name: "OpenDocument presentation",
    recognise: |head| is_of(head, &PRESENTATION),
    clean: |cursor| clean(cursor, Kind::Presentation),
    verify: |produced| verify::verify(produced, Kind::Presentation),
};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Spreadsheet,
    Presentation,
    /// In another one.
    Chart,
}

impl Kind {
    fn media_type(self) -> &'static str {
        match self {
            Self::Text => TEXT.media_type,
            Self::Spreadsheet => SPREADSHEET.media_type,
            Self::Presentation => PRESENTATION.media_type,
            Self::Chart => objects::CHART,
        }
    }

    /// The element that the body holds.
    fn body(self) -> &'static str {
        match self {
            Self::Text => "office:text",
            Self::Spreadsheet => "office:spreadsheet",
            Self::Presentation => "office:presentation",
            Self::Chart => "office:chart",
        }
    }
}

/// Whether an archive begins with the member that says so (part 2, 3.3).
pub(super) fn is_of(head: &[u8], format: &Format) -> bool {
    let behind = head.get(30..).unwrap_or_default();
    let Some(behind) = behind.strip_prefix(MIMETYPE.as_bytes()) else { return false };
    // Some writers leave room for an extra field, which does not belong there.
    let extra =
        head.get(28..30).map_or(0, |len| len.iter().rev().fold(0, |sum: usize, byte| sum << 8 | usize::from(*byte)));
    let said = behind.get(extra..).unwrap_or_default();
    let behind = said.strip_prefix(format.media_type.as_bytes());
    head.starts_with(b"PK\x03\x04") && behind.is_some_and(|behind| !behind.starts_with(b"-"))
}

/// Parts of a document that has been made anew.
#[derive(PartialEq, Eq)]
struct Package {
    content: Vec<u8>,
    styles: Option<Vec<u8>>,
    settings: Option<Vec<u8>>,
    objects: Vec<Object>,
    pictures: Vec<(String, Vec<u8>)>,
}

fn clean(cursor: &mut Cursor<'_>, kind: Kind) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    let archive = Archive::read(cursor)?;
    archive.within_ratio(cursor)?;
    archive.tell(&mut findings);
    told::check(&archive, cursor, kind, &mut findings)?;
    let mut package = made(&mut Members { archive: &archive, cursor }, kind, &mut findings)?;
    // What was referred to only from where it is gone now goes in the next round, so that nothing is left to go.
    for _ in 0..limits::ODF_ROUNDS_MAX {
        let mut source = Made(package.parts());
        let next = made(&mut source, kind, &mut Findings::default())?;
        if next == package {
            package.tell_words(kind, &mut findings)?;
            return Ok(Draft::new(package.write(kind)?, findings));
        }
        package = next;
    }
    Err(Refusal::new(Reason::NotUnderstood, "styles that refer to one another", 0))
}

/// Makes a document anew from its parts.
fn made(source: &mut dyn Source, kind: Kind, findings: &mut Findings) -> Result<Package, Refusal> {
    let content = source.part("content.xml")?.ok_or(Refusal::new(Reason::Damaged, "content.xml", 0))?;
    let styles = source.part("styles.xml")?;
    let settings = source.part("settings.xml")?.filter(|_| kind == Kind::Text);
    let parts: Vec<&[u8]> =
        [Some(content.as_slice()), styles.as_deref().map(Vec::as_slice)].into_iter().flatten().collect();
    let survey = Survey::of(&parts)?;
    if survey.body.as_deref() != Some(kind.body()) {
        return Err(Refusal::new(Reason::NotUnderstood, "office:body", 0));
    }
    survey.tell(findings);
    let (mut names, mut pictures, mut objects) = (Names::default(), Pictures::default(), Objects::default());
    let mut filtered = |bytes: &[u8], place: &str, grammar, findings: &mut Findings| {
        let mut pass = Pass {
            kind,
            place,
            source: &mut *source,
            survey: &survey,
            names: &mut names,
            pictures: &mut pictures,
            objects: &mut objects,
            counts: Counts::default(),
        };
        filter(bytes, grammar, place, &mut pass, findings)
    };
    let content = filtered(&content, "content.xml", &CONTENT, findings)?;
    let styles = styles.map(|bytes| filtered(&bytes, "styles.xml", &STYLES, findings)).transpose()?;
    let settings = settings.map(|bytes| filtered(&bytes, "settings.xml", &SETTINGS, findings)).transpose()?;
    Ok(Package { content, styles, settings, objects: objects.clean, pictures: pictures.clean })
}

impl Package {
    /// Names and media types of all parts, in the order in which they are written.
    fn names(&self) -> Vec<(String, &'static str)> {
        let mut names = vec![("content.xml".to_owned(), "text/xml")];
        names.extend(self.styles.iter().map(|_| ("styles.xml".to_owned(), "text/xml")));
        names.extend(self.settings.iter().map(|_| ("settings.xml".to_owned(), "text/xml")));
        for (number, object) in (1_usize..).zip(&self.objects) {
            names.push((format!("Object {number}/content.xml"), "text/xml"));
            names.extend(object.styles.iter().map(|_| (format!("Object {number}/styles.xml"), "text/xml")));
            names.push((format!("Object {number}/"), object.media_type));
        }
        names.extend(self.pictures.iter().map(|(name, _)| (name.clone(), media_type(name))));
        names
    }

    /// All parts by name.
    fn parts(&self) -> std::collections::BTreeMap<String, Vec<u8>> {
        let mut parts = std::collections::BTreeMap::new();
        parts.insert("content.xml".to_owned(), self.content.clone());
        parts.extend(self.styles.clone().map(|bytes| ("styles.xml".to_owned(), bytes)));
        parts.extend(self.settings.clone().map(|bytes| ("settings.xml".to_owned(), bytes)));
        for (number, object) in (1_usize..).zip(&self.objects) {
            parts.insert(format!("Object {number}/content.xml"), object.content.clone());
            parts.extend(object.styles.clone().map(|bytes| (format!("Object {number}/styles.xml"), bytes)));
        }
        parts.extend(self.pictures.iter().cloned());
        parts
    }

    fn write(self, kind: Kind) -> Result<super::Plan, Refusal> {
        let mut writer = Writer::default();
        writer.add(MIMETYPE, kind.media_type().as_bytes(), Method::Stored)?;
        let names = self.names();
        writer.add(MANIFEST, manifest(kind.media_type(), &names).as_bytes(), Method::Deflated)?;
        let parts = self.parts();
        for (name, media_type) in names {
            let Some(bytes) = parts.get(&name) else { continue };
            let method = if media_type == "text/xml" { Method::Deflated } else { Method::Stored };
            writer.add(&name, bytes, method)?;
        }
        writer.finish()
    }
}

/// The member that lists all others (part 2, 4).
const MANIFEST: &str = "META-INF/manifest.xml";

fn manifest(media_type: &str, names: &[(String, &'static str)]) -> String {
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<manifest:manifest \
         xmlns:manifest=\"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0\" manifest:version=\"1.3\">\n\
         <manifest:file-entry manifest:full-path=\"/\" manifest:version=\"1.3\" manifest:media-type=\"{media_type}\"/>\n"
    );
    for (name, media_type) in names {
        text += &format!("<manifest:file-entry manifest:full-path=\"{name}\" manifest:media-type=\"{media_type}\"/>\n");
    }
    text + "</manifest:manifest>\n"
}

/// The media type of a clean picture, by its extension.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "jpg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "bmp" => "image/bmp",
        "tif" => "image/tiff",
        _ => "image/png",
    }
}

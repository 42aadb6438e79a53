//! Writes packages: types, relationships with ids from `rId1` in order, parts in the order given. Knows no part by name.

use std::collections::BTreeSet;

use super::relationships::relative;
use super::{
    CONTENT_TYPES, CONTENT_TYPES_URI, MAIN, RELATIONSHIPS_TYPE, RELATIONSHIPS_URI, TRANSITIONAL, pictures,
    relationships_part,
};
use crate::clean::container::zip::{Method, Writer};
use crate::clean::{Format, Plan, Refusal};

/// A part that is written.
#[derive(Debug)]
pub(crate) struct Part {
    /// Without a slash in front.
    pub(crate) name: String,
    pub(crate) content: Content,
    /// What it refers to; the first is `rId1`.
    pub(crate) links: Vec<Link>,
}

/// What a part is.
#[derive(Debug)]
pub(crate) enum Content {
    /// XML of this type.
    Xml(&'static str, Vec<u8>),
    /// A clean picture; its name ends with the extension of its format.
    Picture(&'static Format, Vec<u8>),
}

/// A relationship that is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Link {
    /// The last word of its type.
    pub(crate) kind: &'static str,
    /// The name of a part.
    pub(crate) target: String,
}

/// A package of these parts, the first of which is the main one.
///
/// # Errors
/// As for [`Writer::add`].
pub(crate) fn write(parts: &[Part]) -> Result<Plan, Refusal> {
    let mut writer = Writer::default();
    let listed = parts.iter().map(|part| match &part.content {
        Content::Xml(content_type, _) => (part.name.as_str(), Some(*content_type)),
        Content::Picture(..) => (part.name.as_str(), None),
    });
    writer.add(CONTENT_TYPES, content_types(&listed.collect::<Vec<_>>()).as_bytes(), Method::Deflated)?;
    let main = parts.first().map(|part| Link { kind: MAIN, target: part.name.clone() });
    link(&mut writer, "", main.as_slice())?;
    for part in parts {
        link(&mut writer, &part.name, &part.links)?;
        match &part.content {
            Content::Xml(_, bytes) => writer.add(&part.name, bytes, Method::Deflated)?,
            Content::Picture(format, bytes) => writer.add(&part.name, bytes, pictures::method(format))?,
        }
    }
    writer.finish()
}

fn link(writer: &mut Writer, part: &str, links: &[Link]) -> Result<(), Refusal> {
    match links {
        [] => Ok(()),
        links => writer.add(&relationships_part(part), relationships(part, links).as_bytes(), Method::Deflated),
    }
}

/// What [`CONTENT_TYPES`] says of these parts; pictures, which have no type here, are said by their extension.
pub(super) fn content_types(parts: &[(&str, Option<&str>)]) -> String {
    let mut text = format!("{DECLARATION}<Types xmlns=\"{CONTENT_TYPES_URI}\">");
    let of_pictures = parts.iter().filter(|(_, content_type)| content_type.is_none());
    let extensions: BTreeSet<&str> =
        of_pictures.filter_map(|(name, _)| name.rsplit_once('.').map(|(_, extension)| extension)).collect();
    for format in extensions.iter().filter_map(|extension| pictures::by_extension(extension)) {
        let (extension, media_type) = (format.extension, format.media_type);
        text.push_str(&format!("<Default Extension=\"{extension}\" ContentType=\"{media_type}\"/>"));
    }
    text.push_str(&format!("<Default Extension=\"rels\" ContentType=\"{RELATIONSHIPS_TYPE}\"/>"));
    for (name, content_type) in parts {
        if let Some(content_type) = content_type {
            text.push_str(&format!("<Override PartName=\"/{name}\" ContentType=\"{content_type}\"/>"));
        }
    }
    text.push_str("</Types>");
    text
}

/// The relationships part of `part`.
fn relationships(part: &str, links: &[Link]) -> String {
    let mut text = format!("{DECLARATION}<Relationships xmlns=\"{RELATIONSHIPS_URI}\">");
    for (index, link) in links.iter().enumerate() {
        let (number, kind, target) = (index.saturating_add(1), link.kind, relative(part, &link.target));
        text.push_str(&format!("<Relationship Id=\"rId{number}\" Type=\"{TRANSITIONAL}{kind}\" Target=\"{target}\"/>"));
    }
    text.push_str("</Relationships>");
    text
}

/// What both begin with.
pub(super) const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

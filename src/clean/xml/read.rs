//! Reads an XML part as events: names under one prefix for each namespace, references resolved, depth bounded. Refuses
//! what declares a document type; comments and instructions are passed over and counted.

use std::borrow::Cow;

use encoding_rs::{UTF_16BE, UTF_16LE};
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event as Quick};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::entities;
use super::grammar::Namespace;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// The text of a part: UTF-8 or UTF-16 by its first bytes.
///
/// # Errors
/// [`Reason::Damaged`] for malformed text.
pub(crate) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Refusal> {
    let malformed = || Refusal::new(Reason::Damaged, "XML characters", 0);
    let utf16 = match bytes {
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    };
    match utf16 {
        Some(encoding) => {
            let (text, had_errors) = encoding.decode_with_bom_removal(bytes);
            if had_errors { Err(malformed()) } else { Ok(text) }
        }
        None => {
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            Ok(Cow::Borrowed(std::str::from_utf8(bytes).map_err(|_| malformed())?))
        }
    }
}

/// Whether a document type may be declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DocumentType {
    /// It is refused.
    Refused,
    /// One without declarations of its own is passed over, as XHTML has it, and the named characters of HTML are known.
    Html,
}

/// An event. Names have the prefix of the table of namespaces; one of another namespace is its URI in braces and the
/// local name, as `{http://example.org}name`.
#[derive(Debug)]
pub(crate) enum Event {
    /// A start tag. Every one is followed by its end, also where the tag was an empty one.
    Start(Raw),
    /// The end of the element that was started last and has not ended.
    End,
    /// Characters; several may follow one another.
    Text(String),
    /// The end of the part.
    Finish,
}

/// An element as it is read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Raw {
    /// Its name.
    pub(crate) name: String,
    /// Its attributes, without declarations of namespaces.
    pub(crate) attributes: Vec<(String, String)>,
    /// Where its tag begins, in bytes of the text.
    pub(crate) at: u64,
}

impl Raw {
    /// Gives an attribute this value, whether it had one or not.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        match self.attributes.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.attributes.push((name.to_owned(), value.to_owned())),
        }
    }

    /// The value of an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Reads one part.
pub(crate) struct Reader<'a> {
    inner: NsReader<&'a [u8]>,
    namespaces: &'static [Namespace],
    document_type: DocumentType,
    depth: usize,
    ended: bool,
    roots: usize,
    /// An empty tag's end is still to come.
    pending_end: bool,
    passed_over: u64,
}

impl<'a> Reader<'a> {
    /// Starts at the first character of what [`decoded`] gave.
    pub(crate) fn new(text: &'a str, namespaces: &'static [Namespace]) -> Self {
        Self::with(text, namespaces, DocumentType::Refused)
    }

    /// With a word on document types.
    pub(crate) fn with(text: &'a str, namespaces: &'static [Namespace], document_type: DocumentType) -> Self {
        let mut inner = NsReader::from_str(text);
        inner.config_mut().check_end_names = true;
        inner.resolver_mut().set_max_namespace_bindings(limits::XML_NAMESPACES_MAX);
        Self { inner, namespaces, document_type, depth: 0, ended: false, roots: 0, pending_end: false, passed_over: 0 }
    }

    /// Offset in the text, in bytes.
    pub(crate) fn at(&self) -> u64 {
        self.inner.buffer_position()
    }

    /// Comments and instructions that were passed over up to here.
    pub(crate) fn passed_over(&self) -> u64 {
        self.passed_over
    }

    /// The next event.
    ///
    /// # Errors
    /// [`Reason::Damaged`] where it is not well-formed, [`Reason::NotUnderstood`] at a document type or an entity,
    /// [`Reason::TooLarge`] over the limits on depth, attributes and namespaces.
    pub(crate) fn next(&mut self) -> Result<Event, Refusal> {
        if std::mem::take(&mut self.pending_end) {
            return Ok(Event::End);
        }
        loop {
            let at = self.at();
            let damaged = || Refusal::new(Reason::Damaged, "XML", at);
            let event = self.inner.read_event().map_err(|_| damaged())?;
            match event {
                Quick::Start(start) => {
                    self.enter(at)?;
                    return self.element(&start, at).map(Event::Start);
                }
                Quick::Empty(start) => {
                    self.enter(at)?;
                    let raw = self.element(&start, at)?;
                    self.leave();
                    self.pending_end = true;
                    return Ok(Event::Start(raw));
                }
                Quick::End(_) => {
                    self.leave();
                    return Ok(Event::End);
                }
                Quick::Text(text) => {
                    let text = text.xml10_content();
                    if let Some(event) = self.text(&text, at)? {
                        return Ok(event);
                    }
                }
                Quick::CData(text) => {
                    let text = text.xml10_content();
                    if let Some(event) = self.text(&text, at)? {
                        return Ok(event);
                    }
                }
                Quick::GeneralRef(reference) => {
                    let resolved = match reference.resolve_char_ref().map_err(|_| damaged())? {
                        Some(c) => c.to_string(),
                        None => self.entity(&reference.xml10_content(), at)?,
                    };
                    if let Some(event) = self.text(&resolved, at)? {
                        return Ok(event);
                    }
                }
                Quick::DocType(declaration) => {
                    if self.document_type == DocumentType::Refused || declaration.contains('[') {
                        return Err(Refusal::new(Reason::NotUnderstood, "document type declaration", at));
                    }
                    self.passed_over = self.passed_over.saturating_add(1);
                }
                Quick::Comment(_) | Quick::PI(_) => self.passed_over = self.passed_over.saturating_add(1),
                Quick::Decl(_) => {}
                Quick::Eof if self.depth == 0 && self.roots == 1 => {
                    self.ended = true;
                    return Ok(Event::Finish);
                }
                Quick::Eof => return Err(Refusal::new(Reason::Truncated, "XML", at)),
            }
        }
    }

    fn enter(&mut self, at: u64) -> Result<(), Refusal> {
        if self.depth == 0 {
            self.roots = self.roots.saturating_add(1);
            if self.roots > 1 {
                return Err(Refusal::new(Reason::Damaged, "XML", at));
            }
        }
        self.depth = self.depth.saturating_add(1);
        if self.depth > limits::XML_DEPTH_MAX {
            return Err(Refusal::new(Reason::TooLarge, "depth of XML", at));
        }
        Ok(())
    }

    fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    /// Characters; none where they stand outside of the root and are blank.
    fn text(&self, text: &str, at: u64) -> Result<Option<Event>, Refusal> {
        if self.depth > 0 {
            return Ok(Some(Event::Text(text.to_owned())));
        }
        match text.trim_matches([' ', '\t', '\r', '\n', '\u{feff}']).is_empty() {
            true => Ok(None),
            false => Err(Refusal::new(Reason::Damaged, "XML", at)),
        }
    }

    fn entity(&self, name: &str, at: u64) -> Result<String, Refusal> {
        let known = match self.document_type {
            DocumentType::Refused => resolve_xml_entity(name),
            DocumentType::Html => resolve_xml_entity(name).or_else(|| entities::html(name)),
        };
        known.map(str::to_owned).ok_or(Refusal::new(Reason::NotUnderstood, "entity", at))
    }

    fn element(&self, start: &BytesStart<'_>, at: u64) -> Result<Raw, Refusal> {
        let damaged = || Refusal::new(Reason::Damaged, "XML", at);
        let resolver = self.inner.resolver();
        let (namespace, local) = resolver.resolve_element(start.name());
        let name = self.named(&namespace, local.as_ref()).ok_or_else(damaged)?;
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|_| damaged())?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            if attributes.len() >= limits::XML_ATTRIBUTES_MAX {
                return Err(Refusal::new(Reason::TooLarge, "attributes of an element", at));
            }
            let name = match attribute.key.prefix() {
                None => attribute.key.as_ref().to_owned(),
                Some(_) => {
                    let (namespace, local) = resolver.resolve_attribute(attribute.key);
                    self.named(&namespace, local.as_ref()).ok_or_else(damaged)?
                }
            };
            let resolve = |name: &str| match self.document_type {
                DocumentType::Refused => resolve_xml_entity(name),
                DocumentType::Html => resolve_xml_entity(name).or_else(|| entities::html(name)),
            };
            let value = attribute.normalized_value_with(quick_xml::XmlVersion::Explicit1_0, 1, resolve);
            attributes.push((name, value.map_err(|_| damaged())?.into_owned()));
        }
        Ok(Raw { name, attributes, at })
    }

    /// A name under the prefix of its namespace; none if its own prefix is not declared.
    fn named(&self, namespace: &ResolveResult<'_>, local: &str) -> Option<String> {
        let uri = match namespace {
            ResolveResult::Unbound => "",
            ResolveResult::Bound(namespace) => namespace.as_ref(),
            ResolveResult::Unknown(_) => return None,
        };
        let prefix = match self.namespaces.iter().find(|namespace| namespace.uris.contains(&uri)) {
            Some(namespace) => Some(namespace.prefix),
            None if uri == "http://www.w3.org/XML/1998/namespace" => Some("xml"),
            None => None,
        };
        Some(match prefix {
            Some("") => local.to_owned(),
            Some(prefix) => format!("{prefix}:{local}"),
            None if uri.is_empty() => local.to_owned(),
            None => format!("{{{uri}}}{local}"),
        })
    }
}

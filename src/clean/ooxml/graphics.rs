//! What drawings, slides and charts refer to: pictures and charts, each cleaned once and named by number. Copies none.

use std::collections::{BTreeMap, BTreeSet};

use super::chart;
use super::package::Package;
use super::pictures;
use super::relationships::Relationship;
use super::write::{Content, Link, Part};
use crate::clean::cursor::Cursor;
use crate::clean::usual_fonts::is_usual;
use crate::clean::xml::{Decision, Hooks, Raw, Writer};
use crate::clean::{Category, Findings, Refusal};
use crate::limits;

/// Pictures and charts of a document.
pub(crate) struct Media<'a, 'c> {
    pub(crate) package: &'a Package,
    pub(crate) cursor: &'a mut Cursor<'c>,
    /// The folder of the document, with a slash: `xl/`.
    folder: &'static str,
    /// Names in the original, and in what is written.
    pictures: BTreeMap<String, String>,
    charts: BTreeMap<String, String>,
    parts: Vec<Part>,
    /// Names of fonts, but for those that a theme has for scripts.
    pub(crate) fonts: BTreeSet<String>,
}

impl<'a, 'c> Media<'a, 'c> {
    pub(crate) fn new(package: &'a Package, cursor: &'a mut Cursor<'c>, folder: &'static str) -> Self {
        let (pictures, charts) = (BTreeMap::new(), BTreeMap::new());
        Self { package, cursor, folder, pictures, charts, parts: Vec::new(), fonts: BTreeSet::new() }
    }

    /// What has been written.
    pub(crate) fn into_parts(self) -> Vec<Part> {
        self.parts
    }

    /// Names of parts that were read.
    pub(crate) fn read(&self) -> impl Iterator<Item = &str> {
        self.pictures.keys().chain(self.charts.keys()).map(String::as_str)
    }

    /// Says which fonts not everyone has.
    pub(crate) fn tell_fonts(&self, findings: &mut Findings) {
        // Those that a theme names are called by their place in it.
        let own = self.fonts.iter().filter(|font| !font.is_empty() && !font.starts_with('+') && !is_usual(font));
        for font in own.take(limits::FONT_NAMES_TOLD_MAX) {
            findings.remains(Category::Identifier, "name of a font", font);
        }
    }

    /// The name of the clean picture for the part `source`, or of the empty one if there is no such part.
    pub(crate) fn picture(&mut self, source: &str, findings: &mut Findings) -> Result<String, Refusal> {
        let source = if self.package.has(source) { source } else { "" };
        if let Some(name) = self.pictures.get(source) {
            return Ok(name.clone());
        }
        let (bytes, format) = match source {
            source if !source.is_empty() => {
                let bytes = self.package.bytes(self.cursor, source)?;
                pictures::clean(source, &bytes, self.cursor, findings)?
            }
            _ => {
                let (bytes, format) = pictures::placeholder()?;
                (bytes.to_vec(), format)
            }
        };
        let number = self.pictures.len().saturating_add(1);
        let name = format!("{}media/{number}.{}", self.folder, format.extension);
        self.pictures.insert(source.to_owned(), name.clone());
        self.parts.push(Part { name: name.clone(), content: Content::Picture(format, bytes), links: Vec::new() });
        Ok(name)
    }

    /// The name of the clean chart for the part `source`.
    pub(crate) fn chart(&mut self, source: &str, findings: &mut Findings) -> Result<String, Refusal> {
        if let Some(name) = self.charts.get(source) {
            return Ok(name.clone());
        }
        let number = self.charts.len().saturating_add(1);
        let name = format!("{}charts/chart{number}.xml", self.folder);
        self.charts.insert(source.to_owned(), name.clone());
        let part = chart::clean(source, name.clone(), self, findings)?;
        self.parts.push(part);
        Ok(name)
    }
}

/// Hooks of one drawing or slide.
pub(crate) struct Graphics<'m, 'a, 'c> {
    pub(crate) media: &'m mut Media<'a, 'c>,
    /// By id.
    relationships: BTreeMap<String, Relationship>,
    /// The prefix of shapes here, with a colon; those of a diagram become such.
    prefix: &'static str,
    /// What is referred to.
    links: Vec<Link>,
    /// Where each of them stands.
    places: BTreeMap<Link, usize>,
    shapes: u64,
    is_in_diagram: bool,
    is_in_time: bool,
    failed: Option<Refusal>,
}

impl<'m, 'a, 'c> Graphics<'m, 'a, 'c> {
    /// Of the part `source`.
    ///
    /// # Errors
    /// As for [`Package::relationships`].
    pub(crate) fn new(media: &'m mut Media<'a, 'c>, source: &str, prefix: &'static str) -> Result<Self, Refusal> {
        let relationships = media.package.relationships(media.cursor, source)?;
        Ok(Self {
            media,
            relationships: relationships.into_iter().map(|known| (known.id.clone(), known)).collect(),
            prefix,
            links: Vec::new(),
            places: BTreeMap::new(),
            shapes: 0,
            is_in_diagram: false,
            is_in_time: false,
            failed: None,
        })
    }

    /// The relationship of this name.
    pub(crate) fn relationship(&self, id: &str) -> Option<&Relationship> {
        self.relationships.get(id)
    }

    /// The part that a relationship of this kind leads to.
    pub(crate) fn target(&self, kind: &str, id: &str) -> Option<String> {
        let found = self.relationship(id).filter(|relationship| relationship.is(kind));
        found.and_then(Relationship::part).map(str::to_owned)
    }

    /// The name of a relationship to `target`.
    pub(crate) fn link(&mut self, kind: &'static str, target: String) -> String {
        let link = Link { kind, target };
        let number = *self.places.entry(link).or_insert_with_key(|link| {
            self.links.push(link.clone());
            self.links.len()
        });
        format!("rId{number}")
    }

    /// The links, unless something that is referred to was refused.
    pub(crate) fn finish(self) -> Result<Vec<Link>, Refusal> {
        match self.failed {
            Some(refusal) => Err(refusal),
            None => Ok(self.links),
        }
    }

    fn made(&mut self, kind: &'static str, made: Result<String, Refusal>) -> Option<String> {
        match made {
            Ok(target) => Some(self.link(kind, target)),
            Err(refusal) => {
                self.failed.get_or_insert(refusal);
                None
            }
        }
    }
}

/// Markup compatibility (ISO/IEC 29500-3): what is left of a choice stands in its place.
const COMPATIBILITY: &str = "{http://schemas.openxmlformats.org/markup-compatibility/2006}";
/// The shapes of a diagram (MS-ODRAWXML, 2.6).
const DIAGRAM: &str = "{http://schemas.microsoft.com/office/drawing/2008/diagram}";

impl Hooks for Graphics<'_, '_, '_> {
    fn start(
        &mut self,
        raw: &mut Raw,
        _: &'static str,
        writer: &mut Writer,
        _: &mut Findings,
    ) -> Result<Decision, Refusal> {
        if raw.name.starts_with(COMPATIBILITY) {
            return Ok(Decision::Unwrapped);
        }
        if let Some(local) = raw.name.strip_prefix(DIAGRAM) {
            match local {
                "drawing" => self.is_in_diagram = true,
                "spTree" => {}
                "nvGrpSpPr" | "grpSpPr" | "txXfrm" => return Ok(Decision::Dropped),
                _ => {
                    raw.name = format!("{}{local}", self.prefix);
                    return Ok(Decision::AsListed);
                }
            }
            return Ok(Decision::Unwrapped);
        }
        match raw.name.as_str() {
            "a:latin" | "a:ea" | "a:cs" | "a:sym" | "a:buFont" => {
                if let Some(font) = raw.attribute("typeface").filter(|font| !self.media.fonts.contains(*font)) {
                    self.media.fonts.insert(font.to_owned());
                }
            }
            "a:fld" => self.is_in_time = raw.attribute("type").is_some_and(|kind| kind.starts_with("datetime")),
            "a:t" if self.is_in_time => {
                writer.empty("a:t", &[]);
                return Ok(Decision::Replaced);
            }
            _ => {}
        }
        Ok(Decision::AsListed)
    }

    fn end(&mut self, name: &str, writer: &mut Writer, _: &mut Findings) -> Result<(), Refusal> {
        match name {
            // Shapes of a slide say whether they are placeholders; those of a diagram do not.
            "p:nvSpPr" if self.is_in_diagram => writer.empty("p:nvPr", &[]),
            "a:fld" => self.is_in_time = false,
            name if name.strip_prefix(DIAGRAM) == Some("drawing") => self.is_in_diagram = false,
            _ => {}
        }
        Ok(())
    }

    fn reference(&mut self, kind: &'static str, value: &str, findings: &mut Findings) -> Option<String> {
        match kind {
            "shape" => {
                self.shapes = self.shapes.saturating_add(1);
                Some(self.shapes.to_string())
            }
            // Its pictures are not those of the drawing that it stands in.
            _ if self.is_in_diagram => None,
            "picture" => {
                let source = self.target("image", value).unwrap_or_default();
                let made = self.media.picture(&source, findings);
                self.made("image", made)
            }
            "chart" => {
                let source = self.target("chart", value)?;
                let made = self.media.chart(&source, findings);
                self.made("chart", made)
            }
            _ => None,
        }
    }
}

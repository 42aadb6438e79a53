//! What happens to each element while a part is filtered: styles renamed, fields and links to their words, pictures
//! cleaned, hidden sheets and slides left out. Decides nothing that the grammar decides.

use std::collections::BTreeMap;

use super::Kind;
use super::fields::{self, INDEXES};
use super::grammar::{CONTENT, LAYOUT, LAYOUT_SET};
use super::names::{Names, display_name};
use super::objects::{self, Objects};
use super::pictures::Pictures;
use super::source::Source;
use super::survey::{Survey, definition};
use super::values::{CELLS, CONDITION};
use crate::clean::usual_fonts::is_usual;
use crate::clean::xml::{Decision, Hooks, Raw, Writer};
use crate::clean::{Category, Findings, Refusal};

/// One part on its way.
pub(super) struct Pass<'a> {
    pub(super) kind: Kind,
    pub(super) place: &'a str,
    pub(super) source: &'a mut dyn Source,
    pub(super) survey: &'a Survey,
    pub(super) names: &'a mut Names,
    pub(super) pictures: &'a mut Pictures,
    pub(super) objects: &'a mut Objects,
    pub(super) counts: Counts,
}

/// What is numbered in one part.
#[derive(Default)]
pub(super) struct Counts {
    lists: BTreeMap<String, usize>,
    sections: usize,
    tables: usize,
    /// Frames that are open, outermost first.
    frames: Vec<Frame>,
}

/// A frame, which shows the first of its contents that can be shown.
#[derive(Default)]
struct Frame {
    is_filled: bool,
    /// There was something that could not be shown.
    is_wanting: bool,
}

impl Hooks for Pass<'_> {
    fn start(
        &mut self,
        raw: &mut Raw,
        parent: &'static str,
        writer: &mut Writer,
        findings: &mut Findings,
    ) -> Result<Decision, Refusal> {
        let _ = writer;
        self.attributes(raw, findings);
        if raw.name == "text:list-style" && parent == "style:graphic-properties" {
            // It is the style's own, and nothing refers to it.
            raw.attributes.retain(|(name, _)| name != "style:name");
        }
        if definition(raw).is_some_and(|name| !self.survey.is_used(name)) {
            return Ok(Decision::Dropped);
        }
        if let Some(category) = fields::shown(&raw.name) {
            return Ok(self.field(raw, category, findings));
        }
        Ok(match raw.name.as_str() {
            "text:a" | "draw:a" => self.link(raw, findings),
            name if name == "text:section" || INDEXES.contains(&name) => self.section(raw, findings),
            "table:table" => self.table(raw, parent, findings),
            "draw:page" => self.page(raw, findings),
            "draw:frame" => {
                if CONTENT.element(parent).is_some_and(|parent| parent.holds("draw:frame")) {
                    self.counts.frames.push(Frame::default());
                }
                Decision::AsListed
            }
            "draw:text-box" => self.shows(),
            "draw:image" => self.image(raw, findings)?,
            "draw:object" => self.object(raw, findings)?,
            "draw:object-ole" | "draw:plugin" | "draw:applet" | "draw:floating-frame" => {
                self.misses();
                Decision::AsListed
            }
            "draw:fill-image" | "style:background-image" | "text:list-level-style-image" => {
                self.picture_of_style(raw, findings)?;
                Decision::AsListed
            }
            "style:map"
                if raw.attribute("style:condition").is_none_or(|value| CONDITION.canonical(value).is_none()) =>
            {
                Decision::Dropped
            }
            "style:style" => {
                self.style(raw);
                Decision::AsListed
            }
            "presentation:date-time-decl" if raw.attribute("presentation:source") != Some("fixed") => Decision::Dropped,
            "config:config-item-set" if raw.attribute("config:name") != Some(LAYOUT_SET) => Decision::Dropped,
            "config:config-item" => {
                let is_layout = raw.attribute("config:name").is_some_and(|name| LAYOUT.contains(&name));
                if is_layout && raw.attribute("config:type") == Some("boolean") {
                    Decision::AsListed
                } else {
                    Decision::Dropped
                }
            }
            _ => Decision::AsListed,
        })
    }

    fn end(&mut self, name: &str, writer: &mut Writer, _: &mut Findings) -> Result<(), Refusal> {
        if name == "draw:frame"
            && let Some(frame) = self.counts.frames.pop()
            && frame.is_wanting
            && !frame.is_filled
        {
            let empty = self.pictures.empty();
            let link = [
                ("xlink:href", empty.as_str()),
                ("xlink:type", "simple"),
                ("xlink:show", "embed"),
                ("xlink:actuate", "onLoad"),
            ];
            writer.empty("draw:image", &link);
        }
        Ok(())
    }

    fn reference(&mut self, kind: &'static str, value: &str, _: &mut Findings) -> Option<String> {
        match kind {
            // No name means no style, which is something else than no attribute.
            "style" if value.is_empty() => Some(String::new()),
            "style" => self.survey.is_used(value).then(|| self.names.renamed(value)),
            "list" => {
                let next = self.counts.lists.len().saturating_add(1);
                let number = *self.counts.lists.entry(value.to_owned()).or_insert(next);
                Some(format!("list{number}"))
            }
            "section" => Some(value.to_owned()),
            _ => None,
        }
    }
}

impl Pass<'_> {
    /// Takes out what needs no word, and says what attributes give away.
    fn attributes(&self, raw: &mut Raw, findings: &mut Findings) {
        for (name, value) in &raw.attributes {
            match name.as_str() {
                "svg:font-family" | "fo:font-family" | "style:font-family-asian" | "style:font-family-complex"
                    if !is_usual(value) =>
                {
                    findings.remains(Category::Identifier, "font name", value);
                }
                "table:visibility" if value != "visible" => {
                    findings.remains(Category::HiddenContent, format!("{}, hidden rows or columns", self.place), "");
                }
                "text:display" if value == "none" && raw.name == "style:text-properties" => {
                    findings.remains(Category::HiddenContent, format!("{}, hidden text", self.place), "");
                }
                "table:formula" => findings.removed(Category::HiddenContent, format!("{}, table:formula", self.place)),
                _ => {}
            }
        }
        raw.attributes.retain(|(name, value)| match name.as_str() {
            "table:formula" => false,
            "table:cell-range-address" | "chart:values-cell-range-address" | "chart:label-cell-address" => {
                CELLS.canonical(value).is_some() && objects::is_shown(value, &self.survey.sheets)
            }
            name => !SILENT.iter().any(|silent| match silent.strip_suffix('*') {
                Some(start) => name.starts_with(start),
                None => name == *silent,
            }),
        });
    }

    /// A field becomes the words that it shows.
    fn field(&self, raw: &mut Raw, category: Option<Category>, findings: &mut Findings) -> Decision {
        if raw.attribute("text:display") == Some("none") {
            findings.removed(Category::HiddenContent, format!("{}, {}", self.place, raw.name));
            return Decision::Dropped;
        }
        if let Some(category) = category {
            findings.remains(category, format!("{}, words of {}", self.place, raw.name), "");
        }
        raw.attributes.clear();
        raw.name = "text:span".to_owned();
        Decision::AsListed
    }

    /// The words of a link stay, where it leads goes.
    fn link(&self, raw: &mut Raw, findings: &mut Findings) -> Decision {
        if let Some(target) = raw.attribute("xlink:href").filter(|target| !target.starts_with('#')) {
            findings.removed_value(Category::Identifier, format!("{}, link", self.place), target);
        }
        if raw.name == "draw:a" {
            return Decision::Unwrapped;
        }
        raw.attributes.retain(|(name, _)| name == "text:style-name");
        raw.name = "text:span".to_owned();
        Decision::AsListed
    }

    fn section(&mut self, raw: &mut Raw, findings: &mut Findings) -> Decision {
        let is_hidden = raw.attribute("text:display").is_some_and(|display| display != "true");
        if is_hidden {
            findings.remains(Category::HiddenContent, format!("{}, hidden section", self.place), "");
        }
        self.counts.sections = self.counts.sections.saturating_add(1);
        raw.attributes.retain(|(name, _)| name == "text:style-name");
        raw.attributes.push(("text:name".to_owned(), format!("Section{}", self.counts.sections)));
        if is_hidden {
            raw.attributes.push(("text:display".to_owned(), "none".to_owned()));
        }
        raw.name = "text:section".to_owned();
        Decision::AsListed
    }

    fn table(&mut self, raw: &mut Raw, parent: &'static str, findings: &mut Findings) -> Decision {
        let style = raw.attribute("table:style-name").unwrap_or_default();
        if parent == "office:spreadsheet" {
            if self.survey.is_hidden(style) {
                let name = raw.attribute("table:name").unwrap_or_default();
                findings.removed_value(Category::HiddenContent, format!("{}, hidden sheet", self.place), name);
                return Decision::Dropped;
            }
            return Decision::AsListed;
        }
        self.counts.tables = self.counts.tables.saturating_add(1);
        let name = match self.kind {
            Kind::Chart => "local-table".to_owned(),
            _ => format!("Table{}", self.counts.tables),
        };
        if let Some((_, value)) = raw.attributes.iter_mut().find(|(name, _)| name == "table:name") {
            *value = name;
        }
        if parent == "draw:frame" { self.shows() } else { Decision::AsListed }
    }

    fn page(&self, raw: &Raw, findings: &mut Findings) -> Decision {
        if raw.attribute("draw:style-name").is_some_and(|style| self.survey.is_hidden(style)) {
            findings.removed(Category::HiddenContent, format!("{}, hidden slide", self.place));
            return Decision::Dropped;
        }
        Decision::AsListed
    }

    /// Something that fills the frame it stands in, if nothing has before.
    fn shows(&mut self) -> Decision {
        match self.counts.frames.last_mut() {
            Some(frame) if frame.is_filled => Decision::Dropped,
            Some(frame) => {
                frame.is_filled = true;
                Decision::AsListed
            }
            None => Decision::AsListed,
        }
    }

    /// Something in a frame that cannot be shown.
    fn misses(&mut self) {
        if let Some(frame) = self.counts.frames.last_mut() {
            frame.is_wanting = true;
        }
    }

    fn image(&mut self, raw: &mut Raw, findings: &mut Findings) -> Result<Decision, Refusal> {
        if self.counts.frames.last().is_none_or(|frame| frame.is_filled) {
            return Ok(Decision::Dropped);
        }
        match self.picture(raw, findings)? {
            Some(new) => {
                link_to(raw, &new);
                Ok(self.shows())
            }
            None => {
                self.misses();
                Ok(Decision::Dropped)
            }
        }
    }

    fn object(&mut self, raw: &mut Raw, findings: &mut Findings) -> Result<Decision, Refusal> {
        let is_filled = self.counts.frames.last().is_none_or(|frame| frame.is_filled);
        if is_filled || self.kind == Kind::Chart {
            return Ok(Decision::Dropped);
        }
        let link = raw.attribute("xlink:href").unwrap_or_default().to_owned();
        match self.objects.take(&link, &mut *self.source, self.survey, findings)? {
            Some(new) => {
                link_to(raw, &new);
                Ok(self.shows())
            }
            None => {
                findings.removed(Category::HiddenContent, format!("{}, draw:object", self.place));
                self.misses();
                Ok(Decision::Replaced)
            }
        }
    }

    /// A style cannot do without its picture: what cannot be shown is an empty one.
    fn picture_of_style(&mut self, raw: &mut Raw, findings: &mut Findings) -> Result<(), Refusal> {
        if raw.attribute("xlink:href").is_some_and(|link| !link.is_empty()) {
            let new = match self.picture(raw, findings)? {
                Some(new) => new,
                None if self.kind == Kind::Chart => {
                    raw.attributes.retain(|(name, _)| !name.starts_with("xlink:"));
                    return Ok(());
                }
                None => self.pictures.empty(),
            };
            link_to(raw, &new);
        } else {
            raw.attributes.retain(|(name, _)| !name.starts_with("xlink:"));
        }
        Ok(())
    }

    /// The new name of a linked picture. Pictures of other files are told and not fetched.
    fn picture(&mut self, raw: &Raw, findings: &mut Findings) -> Result<Option<String>, Refusal> {
        let Some(link) = raw.attribute("xlink:href").filter(|_| self.kind != Kind::Chart) else { return Ok(None) };
        let new = self.pictures.take(link, &mut *self.source, findings)?;
        if new.is_none() {
            findings.removed_value(Category::HiddenContent, format!("{}, picture", self.place), link);
        }
        Ok(new)
    }

    /// Gives a style the name that programs show, where they act on it.
    fn style(&mut self, raw: &mut Raw) {
        let name = raw.attribute("style:name").unwrap_or_default().to_owned();
        let shown = raw.attribute("style:display-name").unwrap_or(&name).to_owned();
        let is_presentation = raw.attribute("style:family") == Some("presentation");
        let role = self.survey.role(&shown).filter(|_| is_presentation);
        let display = match role {
            Some((master, role)) => Some(format!("{}-{role}", self.names.renamed(master))),
            None => display_name(&self.names.renamed(&name)).map(str::to_owned),
        };
        raw.attributes.retain(|(name, _)| name != "style:display-name");
        if let Some(display) = display {
            raw.attributes.push(("style:display-name".to_owned(), display));
        }
    }
}

/// Makes the link of an element lead to a part of the clean package.
fn link_to(raw: &mut Raw, name: &str) {
    raw.attributes.retain(|(name, _)| !name.starts_with("xlink:"));
    let link = [("xlink:href", name), ("xlink:type", "simple"), ("xlink:show", "embed"), ("xlink:actuate", "onLoad")];
    raw.attributes.extend(link.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

/// Attributes that say nothing which a person would want to know of: switches of programs, and what is said twice.
const SILENT: &[&str] = &[
    "calcext:*",
    "chart:column-mapping",
    "chart:row-mapping",
    "draw:class-names",
    "draw:display-name",
    "draw:notify-on-update-of-ranges",
    "loext:color-lum-*",
    "loext:fill-theme-color",
    "loext:linked-style-name",
    "loext:mime-type",
    "draw:mime-type",
    "loext:theme-color",
    "number:title",
    "presentation:presentation-page-layout-name",
    "style:auto-update",
    "style:cell-protect",
    "style:editable",
    "style:print-content",
    "style:protect",
    "table:end-*",
    "table:protected",
    "table:structure-protected",
    "text:use-soft-page-breaks",
    "text:visited-style-name",
    "xml:space",
];

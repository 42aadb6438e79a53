//! What becomes of fields, links, alternatives, pictures and names while a part is filtered. Translates by list and by
//! order only, so that nothing of an old name is left.

use std::collections::BTreeSet;

use super::fields::{self, Fate, Fields};
use super::shared::Shared;
use crate::clean::ooxml::graphics::Graphics;
use crate::clean::ooxml::relationships::Target;
use crate::clean::xml::{Decision, Hooks, Raw, Writer};
use crate::clean::{Category, Findings, Reason, Refusal};

/// One part on its way through the filter.
pub(super) struct Part<'s, 'm, 'a, 'c> {
    pub(super) shared: &'s mut Shared,
    /// What it refers to.
    pub(super) graphics: Graphics<'m, 'a, 'c>,
    pub(super) fields: Fields,
    /// Fields that are open: whether their result has begun.
    open: Vec<bool>,
    /// Alternatives that are open: whether one has been chosen.
    alternatives: Vec<bool>,
    /// Why the run that is open is not seen.
    unseen: Option<&'static str>,
    /// A style that is open is the n-th.
    styles: usize,
    /// It is nobody's but this document's.
    is_own_style: bool,
    /// Names that styles have already.
    named: BTreeSet<String>,
}

/// Alternatives (ECMA-376-3, 10.2.1).
const COMPATIBILITY: &str = "{http://schemas.openxmlformats.org/markup-compatibility/2006}";
/// What a run may hold that is shown, and so is not to come out of a field's instruction.
const SHOWN: [&str; 9] = ["w:t", "w:tab", "w:br", "w:cr", "w:sym", "w:drawing", "w:pict", "w:object", "w:ruby"];
/// What a graphic may be (ECMA-376-1, 20.1.2.2.17).
const GRAPHICS: [&str; 7] = [
    "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "http://purl.oclc.org/ooxml/drawingml/picture",
    "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "http://purl.oclc.org/ooxml/drawingml/chart",
    "http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "http://schemas.microsoft.com/office/word/2010/wordprocessingGroup",
];

impl<'s, 'm, 'a, 'c> Part<'s, 'm, 'a, 'c> {
    pub(super) fn new(shared: &'s mut Shared, graphics: Graphics<'m, 'a, 'c>, fields: Fields) -> Self {
        Self {
            shared,
            graphics,
            fields,
            open: Vec::new(),
            alternatives: Vec::new(),
            unseen: None,
            styles: 0,
            is_own_style: false,
            named: BTreeSet::new(),
        }
    }

    fn alternative(&mut self, name: &str, raw: &Raw) -> Decision {
        match (name, self.alternatives.last_mut()) {
            ("AlternateContent", _) => {
                self.alternatives.push(false);
                Decision::Unwrapped
            }
            ("Choice", Some(chosen))
                if !*chosen && matches!(raw.attribute("Requires"), Some("wps" | "wpg" | "wps wpg")) =>
            {
                *chosen = true;
                Decision::Unwrapped
            }
            ("Fallback", Some(chosen)) if !*chosen => {
                *chosen = true;
                Decision::Unwrapped
            }
            _ => Decision::Dropped,
        }
    }

    fn field(&mut self, raw: &Raw, writer: &mut Writer) -> Decision {
        let fate = self.fields.fate(raw.at).cloned();
        if raw.name == "w:fldChar" && fate.is_some() {
            match raw.attribute("w:fldCharType") {
                Some("begin") => self.open.push(false),
                Some("separate") => self.open.iter_mut().last().into_iter().for_each(|result| *result = true),
                _ => drop(self.open.pop()),
            }
        }
        match fate {
            Some(Fate::Kept) => Decision::AsListed,
            Some(Fate::Instruction(instruction)) => {
                writer.start("w:instrText");
                writer.attribute("xml:space", "preserve");
                writer.text(instruction);
                writer.end();
                Decision::Replaced
            }
            Some(Fate::Replaced(text)) => {
                writer.start("w:t");
                writer.text(&text);
                writer.end();
                Decision::Replaced
            }
            Some(Fate::Dropped) | None => Decision::Replaced,
        }
    }

    /// Which runs are not seen.
    fn look(&mut self, raw: &Raw, parent: &str) {
        if raw.name == "w:r" {
            self.unseen = None;
        }
        if parent != "w:rPr" {
            return;
        }
        let val = raw.attribute("w:val");
        match raw.name.as_str() {
            "w:vanish" if !matches!(val, Some("0" | "false" | "off")) => self.unseen = Some("hidden text"),
            "w:color" if val.is_some_and(|val| val.eq_ignore_ascii_case("FFFFFF")) => {
                self.unseen = Some("white text");
            }
            "w:sz" if val.and_then(|val| val.parse().ok()).is_some_and(|size: u32| size <= 3) => {
                self.unseen = Some("tiny text");
            }
            "w:rFonts" => {
                for (name, value) in &raw.attributes {
                    if matches!(name.as_str(), "w:ascii" | "w:hAnsi" | "w:eastAsia" | "w:cs") {
                        self.graphics.media.fonts.insert(value.clone());
                    }
                }
            }
            _ => {}
        }
    }

    /// Whether a reference to a style or list leads somewhere; an element without its value is not understood.
    fn leads(&mut self, raw: &Raw, findings: &mut Findings) -> Option<bool> {
        let kind = match raw.name.as_str() {
            "w:pStyle" | "w:rStyle" | "w:tblStyle" | "w:basedOn" | "w:next" | "w:link" | "w:numStyleLink"
            | "w:styleLink" => "style",
            "w:numId" => "num",
            _ => return None,
        };
        Some(self.reference(kind, raw.attribute("w:val").unwrap_or_default(), findings).is_some())
    }

    /// An empty picture in place of a graphic that is not understood.
    fn placeholder(&mut self, writer: &mut Writer, findings: &mut Findings) {
        let id = self.graphics.reference("picture", "", findings).unwrap_or_default();
        let shape = self.shared.next_shape();
        writer.start("a:graphicData");
        writer.attribute("uri", GRAPHICS.first().copied().unwrap_or_default());
        writer.start("pic:pic");
        writer.start("pic:nvPicPr");
        writer.empty("pic:cNvPr", &[("id", shape.as_str()), ("name", "")]);
        writer.empty("pic:cNvPicPr", &[]);
        writer.end();
        writer.start("pic:blipFill");
        writer.empty("a:blip", &[("r:embed", id.as_str())]);
        writer.start("a:stretch");
        writer.empty("a:fillRect", &[]);
        writer.end();
        writer.end();
        writer.start("pic:spPr");
        writer.start("a:prstGeom");
        writer.attribute("prst", "rect");
        writer.empty("a:avLst", &[]);
        writer.end();
        writer.end();
        writer.end();
        writer.end();
    }

    fn tell(&mut self, raw: &Raw, findings: &mut Findings) {
        match raw.name.as_str() {
            "w:hyperlink" | "a:hlinkClick" => {
                let target = raw.attribute("r:id").and_then(|id| self.graphics.relationship(id));
                if let Some(Target::External(address)) = target.map(|link| &link.target) {
                    findings.removed_value(Category::HiddenContent, "address of a link", address);
                }
            }
            "w:ins" | "w:del" | "w:moveTo" | "w:moveFrom" | "w:rPrChange" | "w:pPrChange" | "w:tblPrChange"
            | "w:sectPrChange" => {
                for (attribute, category) in [("w:author", Category::Person), ("w:date", Category::Time)] {
                    if let Some(value) = raw.attribute(attribute) {
                        findings.removed_value(category, "tracked change", value);
                    }
                }
            }
            "w:bookmarkStart" => {
                if let Some(name) = raw.attribute("w:name").filter(|name| !name.starts_with('_')) {
                    findings.removed_value(Category::Identifier, "bookmark", name);
                }
            }
            _ => {}
        }
    }
}

impl Hooks for Part<'_, '_, '_, '_> {
    fn start(
        &mut self,
        raw: &mut Raw,
        parent: &'static str,
        writer: &mut Writer,
        findings: &mut Findings,
    ) -> Result<Decision, Refusal> {
        if let Some(name) = raw.name.strip_prefix(COMPATIBILITY) {
            let name = name.to_owned();
            return Ok(self.alternative(&name, raw));
        }
        self.look(raw, parent);
        self.tell(raw, findings);
        if self.open.contains(&false) && SHOWN.contains(&raw.name.as_str()) {
            return Ok(Decision::Dropped);
        }
        if self.leads(raw, findings) == Some(false) {
            return Ok(Decision::Dropped);
        }
        match raw.name.as_str() {
            "w:altChunk" | "w:subDoc" => {
                Err(Refusal::new(Reason::NotUnderstood, "document inside of the document", raw.at))
            }
            "w:fldChar" | "w:instrText" => Ok(self.field(raw, writer)),
            "w:fldSimple" => {
                let said = raw.attribute("w:instr").unwrap_or_default();
                if fields::instruction(said).is_some() {
                    return Ok(Decision::AsListed);
                }
                findings.removed_value(Category::HiddenContent, "field", said);
                Ok(Decision::Unwrapped)
            }
            "w:style" => {
                self.styles = self.styles.saturating_add(1);
                self.is_own_style =
                    raw.attribute("w:customStyle").is_some_and(|own| !matches!(own, "0" | "false" | "off"));
                Ok(Decision::AsListed)
            }
            "w:name" if parent == "w:style" => {
                let old = raw.attribute("w:val").unwrap_or_default();
                let known = super::names::style(old);
                let known = known.filter(|name| !name.starts_with('s') || !name.bytes().any(|b| b.is_ascii_digit()));
                // Programs take `title` for another style than `Title`, where it is somebody's own or there are both.
                let known = known.filter(|name| {
                    let is_free = !self.named.contains(name) && !self.is_own_style;
                    self.named.insert(name.clone());
                    is_free || name == old
                });
                let name = known.unwrap_or_else(|| format!("s{}", self.styles));
                if raw.attribute("w:val").is_some_and(|old| !old.eq_ignore_ascii_case(&name)) {
                    findings.removed_value(
                        Category::Identifier,
                        "name of a style",
                        raw.attribute("w:val").unwrap_or_default(),
                    );
                }
                raw.set("w:val", &name);
                Ok(Decision::AsListed)
            }
            "a:graphicData" if !raw.attribute("uri").is_some_and(|uri| GRAPHICS.contains(&uri)) => {
                let kind = raw.attribute("uri").and_then(|uri| uri.rsplit('/').next()).unwrap_or_default();
                findings.removed_value(Category::Unknown, "drawing, replaced by an empty picture", kind);
                self.placeholder(writer, findings);
                Ok(Decision::Replaced)
            }
            "a:blip" if raw.attribute("r:embed").is_none() => {
                raw.set("r:embed", "");
                Ok(Decision::AsListed)
            }
            "a:cNvPr" | "wp:docPr" | "pic:cNvPr" | "wps:cNvPr" | "wpg:cNvPr" => {
                raw.set("id", "0");
                raw.set("name", "");
                Ok(Decision::AsListed)
            }
            _ => self.graphics.start(raw, parent, writer, findings),
        }
    }

    fn end(&mut self, name: &str, writer: &mut Writer, findings: &mut Findings) -> Result<(), Refusal> {
        match name {
            "w:r" => self.unseen = None,
            "w:p" | "a:p" => self.shared.end_paragraph(),
            name if name.strip_prefix(COMPATIBILITY) == Some("AlternateContent") => drop(self.alternatives.pop()),
            _ => {}
        }
        self.graphics.end(name, writer, findings)
    }

    fn reference(&mut self, kind: &'static str, value: &str, findings: &mut Findings) -> Option<String> {
        match kind {
            "shape" => Some(self.shared.next_shape()),
            "picture" => {
                if let Some(Target::External(address)) = self.graphics.relationship(value).map(|link| &link.target) {
                    let place = "picture elsewhere, replaced by an empty one";
                    findings.removed_value(Category::HiddenContent, place, address);
                }
                self.graphics.reference(kind, value, findings)
            }
            "chart" => self.graphics.reference(kind, value, findings),
            "part" => {
                let kind = if self.graphics.relationship(value)?.is("header") { "header" } else { "footer" };
                let source = self.graphics.target(kind, value).filter(|name| self.graphics.media.package.has(name))?;
                let target = self.shared.story(kind, &source);
                Some(self.graphics.link(kind, target))
            }
            kind => self.shared.translated(kind, value),
        }
    }

    fn text(&mut self, name: &'static str, text: &str) {
        self.shared.words(name, text, self.unseen);
    }
}

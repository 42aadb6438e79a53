//! What happens to each element of a document while it is filtered: links, classes and identifiers by their new names,
//! pictures cleaned, style sheets taken out. Decides nothing that the grammar decides.

use std::collections::BTreeMap;

use super::css;
use super::grammar::{known_types, viewport};
use super::names::{Names, member, resolve};
use super::survey::{Survey, is_sheet, style_key};
use crate::clean::odf::source::Source;
use crate::clean::xml::{Decision, Hooks, Raw, Writer};
use crate::clean::{Category, Findings, Refusal};

/// Names of drawings in documents.
const DRAWING: &str = "{http://www.w3.org/2000/svg}";
const LINK: &str = "{http://www.w3.org/1999/xlink}href";

/// New names of documents and style sheets by their old ones.
pub(super) type Known = BTreeMap<String, String>;

/// One document on its way.
pub(super) struct Pass<'a> {
    pub(super) path: &'a str,
    pub(super) number: usize,
    pub(super) source: &'a mut dyn Source,
    pub(super) survey: &'a Survey,
    pub(super) names: &'a Names,
    pub(super) documents: &'a Known,
    pub(super) sheets: &'a Known,
    pub(super) pictures: &'a mut Pictures,
    /// Style sheets within this document so far.
    pub(super) styles: usize,
}

/// Clean pictures, in the order in which they were met.
#[derive(Default)]
pub(super) struct Pictures {
    /// New names by old ones; none for what cannot be shown.
    pub(super) known: BTreeMap<String, Option<String>>,
    /// New names and clean bytes.
    pub(super) clean: Vec<(String, Vec<u8>)>,
}

impl Pictures {
    /// The new name of the picture of that name.
    pub(super) fn take(
        &mut self,
        path: &str,
        source: &mut dyn Source,
        findings: &mut Findings,
    ) -> Result<Option<String>, Refusal> {
        if let Some(known) = self.known.get(path) {
            return Ok(known.clone());
        }
        let new = source.picture(path, findings)?.map(|(bytes, extension)| {
            let name = member("img", self.clean.len().saturating_add(1), extension);
            self.clean.push((name.clone(), bytes));
            name
        });
        self.known.insert(path.to_owned(), new.clone());
        Ok(new)
    }
}

/// Where a link leads in the clean book.
pub(super) fn new_link(base: &str, link: &str, documents: &Known, survey: &Survey, names: &Names) -> Option<String> {
    let target = resolve(base, link)?;
    let name = documents.get(&target.path)?;
    let fragment = target.fragment.filter(|id| survey.has(&target.path, id)).and_then(|id| names.id(&id));
    Some(match fragment {
        Some(id) => format!("{name}#{id}"),
        None => name.clone(),
    })
}

impl Hooks for Pass<'_> {
    fn start(
        &mut self,
        raw: &mut Raw,
        parent: &'static str,
        writer: &mut Writer,
        findings: &mut Findings,
    ) -> Result<Decision, Refusal> {
        rename(raw);
        let is_in_head = parent == "head";
        match raw.name.as_str() {
            "title" if is_in_head => {
                let number = self.number.to_string();
                writer.start("title");
                writer.text(&number);
                writer.end();
                return Ok(Decision::Replaced);
            }
            "meta" if is_in_head => return Ok(self.meta(raw, writer, findings)),
            "link" if is_in_head => return Ok(self.link(raw, writer, findings)),
            "style" if is_in_head => {
                self.styles = self.styles.saturating_add(1);
                if let Some(name) = self.sheets.get(&style_key(self.path, self.styles)) {
                    writer.empty("link", &[("rel", "stylesheet"), ("href", name)]);
                }
                return Ok(Decision::Replaced);
            }
            "html" | "title" | "meta" | "link" | "style" => return Ok(self.misplaced(raw, findings)),
            "head" | "body" if parent != "html" => return Ok(self.misplaced(raw, findings)),
            _ => {}
        }
        if let Some(name) = raw.name.strip_prefix(DRAWING) {
            match name {
                "svg" | "g" => return Ok(Decision::Unwrapped),
                "image" => image(raw),
                _ => {}
            }
        }
        if raw.name != "head" {
            self.attributes(raw, findings);
        }
        match raw.name.as_str() {
            "img" => self.picture(raw, findings),
            "a" => {
                self.anchor(raw, findings);
                Ok(Decision::AsListed)
            }
            _ => Ok(Decision::AsListed),
        }
    }

    fn reference(&mut self, _: &'static str, value: &str, _: &mut Findings) -> Option<String> {
        self.names.id(value)
    }
}

impl Pass<'_> {
    fn misplaced(&self, raw: &Raw, findings: &mut Findings) -> Decision {
        findings.removed(Category::HiddenContent, format!("{}, {} where it does not belong", self.path, raw.name));
        Decision::Replaced
    }

    fn meta(&self, raw: &Raw, writer: &mut Writer, findings: &mut Findings) -> Decision {
        let name = raw.attribute("name").or(raw.attribute("property")).unwrap_or_default().to_ascii_lowercase();
        let content = raw.attribute("content").unwrap_or_default();
        if name == "viewport"
            && let Some(size) = viewport(content)
        {
            writer.empty("meta", &[("name", "viewport"), ("content", &size)]);
        } else {
            let is_type = raw.attribute("http-equiv").is_some_and(|name| name.eq_ignore_ascii_case("content-type"));
            let category = if name == "generator" { Category::Software } else { Category::Comment };
            if !is_type && !content.is_empty() {
                findings.removed_value(category, format!("{}, meta", self.path), content);
            }
        }
        Decision::Replaced
    }

    fn link(&self, raw: &Raw, writer: &mut Writer, findings: &mut Findings) -> Decision {
        let link = raw.attribute("href").unwrap_or_default();
        let target = resolve(self.path, link).filter(|_| is_sheet(raw));
        match target.and_then(|target| self.sheets.get(&target.path)) {
            Some(name) => writer.empty("link", &[("rel", "stylesheet"), ("href", name)]),
            None => findings.removed_value(Category::Identifier, format!("{}, link", self.path), link),
        }
        Decision::Replaced
    }

    /// Attributes that elements of all kinds have.
    fn attributes(&self, raw: &mut Raw, findings: &mut Findings) {
        let is_nav = raw.name == "nav";
        let mut kept = Vec::new();
        for (name, value) in std::mem::take(&mut raw.attributes) {
            let new = match name.as_str() {
                "class" => self.names.classes(&value),
                "epub:type" => {
                    let known = known_types(&value);
                    if known.split(' ').count() < value.split_ascii_whitespace().count() || known.is_empty() {
                        findings.removed(Category::Unknown, format!("{}, epub:type", self.path));
                    }
                    known
                }
                "style" => {
                    let (made, is_cut) = css::style(&value);
                    if is_cut {
                        findings.removed(Category::Unknown, format!("{}, style", self.path));
                    }
                    made
                }
                "hidden" if is_nav => {
                    kept.push((name, String::new()));
                    continue;
                }
                "xml:space" | "shape" => continue,
                "alt" if value.trim().is_empty() => continue,
                _ => {
                    kept.push((name, value));
                    continue;
                }
            };
            if !new.is_empty() {
                kept.push((name, new));
            }
        }
        raw.attributes = kept;
    }

    fn anchor(&self, raw: &mut Raw, findings: &mut Findings) {
        if raw.attribute("id").is_none()
            && let Some((name, _)) = raw.attributes.iter_mut().find(|(name, _)| name == "name")
        {
            "id".clone_into(name);
        }
        let Some(link) = raw.attribute("href").map(str::to_owned) else { return };
        raw.attributes.retain(|(name, _)| name != "href" && name != "target" && name != "rel");
        match new_link(self.path, &link, self.documents, self.survey, self.names) {
            Some(new) => raw.attributes.push(("href".to_owned(), new)),
            None => findings.removed_value(Category::Identifier, format!("{}, link", self.path), &link),
        }
    }

    /// A picture that is in the book; others are told and not fetched.
    fn picture(&mut self, raw: &mut Raw, findings: &mut Findings) -> Result<Decision, Refusal> {
        let link = raw.attribute("src").unwrap_or_default().to_owned();
        if let Some(alt) = raw.attribute("alt") {
            findings.removed_value(Category::Comment, format!("{}, alt", self.path), alt);
        }
        let new = match resolve(self.path, &link) {
            Some(target) => self.pictures.take(&target.path, &mut *self.source, findings)?,
            None => None,
        };
        let Some(new) = new else {
            findings.removed_value(Category::HiddenContent, format!("{}, picture", self.path), &link);
            return Ok(Decision::Replaced);
        };
        raw.attributes.retain(|(name, _)| name != "src" && name != "alt");
        raw.attributes.extend([("src".to_owned(), new), ("alt".to_owned(), String::new())]);
        Ok(Decision::AsListed)
    }
}

/// Elements that had their day become what is shown for them.
fn rename(raw: &mut Raw) {
    if !raw.name.starts_with('{') && raw.name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        raw.name.make_ascii_lowercase();
    }
    let new = match raw.name.as_str() {
        "acronym" => "abbr",
        "dir" | "menu" => "ul",
        "font" | "label" | "data" | "nobr" => "span",
        "center" | "form" | "fieldset" | "noscript" => "div",
        "strike" => "s",
        _ => return,
    };
    if raw.name == "center" {
        raw.attributes.push(("align".to_owned(), "center".to_owned()));
    }
    new.clone_into(&mut raw.name);
}

/// A picture that stands alone in a drawing, as on covers, is shown without the drawing.
fn image(raw: &mut Raw) {
    let link = raw.attribute(LINK).or(raw.attribute("href")).unwrap_or_default().to_owned();
    raw.attributes = vec![("src".to_owned(), link), ("style".to_owned(), "max-height:100%;max-width:100%".to_owned())];
    "img".clone_into(&mut raw.name);
}

//! What has to be known of a document before its first element is written: which styles there are and which are used,
//! and which sheets and slides are hidden. Changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::grammar::{CONTENT, NAMESPACES};
use super::names;
use super::values::PRESENTATION_ROLES;
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Event, Raw, Reader, Value};
use crate::clean::{Category, Findings, Refusal};

/// What was seen in `content.xml` and `styles.xml` together.
#[derive(Default)]
pub(super) struct Survey {
    /// Names of styles and the like, each with those that it refers to.
    defined: BTreeMap<String, BTreeSet<String>>,
    /// Names that are referred to from elsewhere.
    roots: BTreeSet<String>,
    /// Those of `defined` that take part in what is shown.
    used: BTreeSet<String>,
    /// Names of styles of sheets that are not shown.
    hidden_tables: BTreeSet<String>,
    /// Names of styles of slides that are not shown.
    hidden_pages: BTreeSet<String>,
    /// Names of master pages, by what they are shown as.
    masters: BTreeMap<String, String>,
    /// Names of sheets that are shown.
    pub(super) sheets: BTreeSet<String>,
    /// Whether a slide has notes with words in them.
    has_notes: bool,
    /// Whether something moves.
    has_animations: bool,
    /// The element that the body holds.
    pub(super) body: Option<String>,
    /// People and times of comments and of changes that were tracked.
    people: BTreeSet<(Category, &'static str, String)>,
    has_changes: bool,
}

impl Survey {
    /// Reads the parts.
    pub(super) fn of(parts: &[&[u8]]) -> Result<Self, Refusal> {
        let mut survey = Self::default();
        for part in parts {
            survey.read(part)?;
        }
        survey.follow();
        Ok(survey)
    }

    /// Whether a style of that name is there and takes part.
    pub(super) fn is_used(&self, name: &str) -> bool {
        self.used.contains(name)
    }

    /// Whether a table or a slide with this style is not shown.
    pub(super) fn is_hidden(&self, style: &str) -> bool {
        self.hidden_tables.contains(style) || self.hidden_pages.contains(style)
    }

    /// The master page and the role of a presentation's style.
    pub(super) fn role<'n>(&self, shown_name: &'n str) -> Option<(&str, &'n str)> {
        let (master, role) = shown_name.rsplit_once('-')?;
        let master = self.masters.get(master)?;
        PRESENTATION_ROLES.contains(&role).then_some((master.as_str(), role))
    }

    fn read(&mut self, part: &[u8]) -> Result<(), Refusal> {
        let text = decoded(part)?;
        let mut reader = Reader::new(&text, NAMESPACES);
        let mut reading = Reading::default();
        loop {
            match reader.next()? {
                Event::Start(raw) => {
                    self.start(&raw, &mut reading);
                    reading.open.push(raw.name);
                }
                Event::End => {
                    reading.open.pop();
                    if reading.open.len() <= reading.defining_depth {
                        reading.defining = None;
                    }
                }
                Event::Text(words) => {
                    self.words(&words, &reading);
                    let in_notes = reading.open.iter().any(|name| name == "presentation:notes")
                        && reading.open.iter().any(|name| name == "draw:page");
                    let is_field = reading.open.last().is_some_and(|name| {
                        matches!(
                            name.as_str(),
                            "text:page-number"
                                | "presentation:header"
                                | "presentation:footer"
                                | "presentation:date-time"
                        )
                    });
                    self.has_notes |= in_notes && !is_field && !words.trim().is_empty();
                }
                Event::Finish => return Ok(()),
            }
        }
    }

    /// Says what has no place in the clean document.
    pub(super) fn tell(&self, findings: &mut Findings) {
        for (category, place, value) in &self.people {
            findings.removed_value(*category, *place, value);
        }
        if self.has_changes {
            findings.removed(Category::History, "tracked changes");
        }
        if self.has_notes {
            findings.removed(Category::Comment, "notes of slides");
        }
        if self.has_animations {
            findings.removed(Category::Unknown, "animations");
        }
    }

    /// People and times, where they say who commented or changed.
    fn words(&mut self, words: &str, reading: &Reading) {
        let is_in = |names: &[&str]| reading.open.iter().any(|open| names.contains(&open.as_str()));
        let place = match () {
            () if is_in(&["office:annotation", "officeooo:annotation"]) => "comment",
            () if is_in(&["text:tracked-changes", "table:tracked-changes"]) => "tracked change",
            () => return,
        };
        let category = match reading.open.last().map_or("", String::as_str) {
            "dc:creator" | "meta:creator-initials" | "loext:sender-initials" => Category::Person,
            "dc:date" | "meta:date-string" => Category::Time,
            _ if place == "comment" => Category::Comment,
            _ => return,
        };
        if self.people.len() < PEOPLE_MAX {
            self.people.insert((category, place, words.to_owned()));
        }
    }

    fn start(&mut self, raw: &Raw, reading: &mut Reading) {
        self.has_changes |= raw.name == "text:changed-region" || raw.name == "table:tracked-changes";
        if self.body.is_none() && reading.open.last().is_some_and(|name| name == "office:body") {
            self.body = Some(raw.name.clone());
        }
        self.has_animations |= raw.name.starts_with("anim:");
        if raw.name == "style:style" || raw.name == "style:master-page" {
            reading.style = raw.attribute("style:name").unwrap_or_default().to_owned();
        }
        if raw.attribute("table:display") == Some("false") && raw.name == "style:table-properties" {
            self.hidden_tables.insert(reading.style.clone());
        }
        if raw.attribute("presentation:visibility") == Some("hidden") {
            self.hidden_pages.insert(reading.style.clone());
        }
        if raw.name == "table:table" && reading.open.last().is_some_and(|name| name == "office:spreadsheet") {
            let style = raw.attribute("table:style-name").unwrap_or_default();
            if !self.hidden_tables.contains(style) {
                self.sheets.extend(raw.attribute("table:name").map(str::to_owned));
            }
        }
        let listed = CONTENT.element(&raw.name);
        let references = |attribute: &str| {
            listed.is_none_or(|element| element.attributes.is_empty()) && attribute == "text:style-name"
                || listed.is_some_and(|element| {
                    let same = |known: &&crate::clean::xml::Attribute| known.name == attribute;
                    let known = element.attributes.iter().find(same);
                    known.is_some_and(|known| matches!(known.value, Value::Reference("style")))
                })
        };
        if reading.defining.is_none()
            && let Some(name) = definition(raw)
        {
            self.define(raw, name);
            reading.defining = Some(name.to_owned());
            reading.defining_depth = reading.open.len();
        }
        for (attribute, value) in &raw.attributes {
            if references(attribute) && !is_definition(attribute) {
                match &reading.defining {
                    Some(name) => self.defined.entry(name.clone()).or_default().insert(value.clone()),
                    None => self.roots.insert(value.clone()),
                };
            }
        }
    }

    fn define(&mut self, raw: &Raw, name: &str) {
        let is_first_master = raw.name == "style:master-page" && self.masters.is_empty();
        self.defined.entry(name.to_owned()).or_default();
        if names::is_implicit(name) || is_first_master || raw.name == "text:outline-style" {
            self.roots.insert(name.to_owned());
        }
        if raw.name == "style:master-page" {
            let shown = raw.attribute("style:display-name").unwrap_or(name);
            self.masters.insert(shown.to_owned(), name.to_owned());
            self.masters.insert(name.to_owned(), name.to_owned());
        }
        if raw.attribute("style:family") == Some("presentation") {
            let shown = raw.attribute("style:display-name").unwrap_or(name);
            // Master pages stand behind the styles, so that whether there is such a one is asked later.
            if let Some((master, _)) = shown.rsplit_once('-') {
                self.defined.entry(format!("-{master}")).or_default().insert(name.to_owned());
            }
        }
    }

    /// All that is reached from what is shown.
    fn follow(&mut self) {
        let mut open: Vec<String> = self.roots.iter().cloned().collect();
        while let Some(name) = open.pop() {
            let Some(further) = self.defined.get(&name) else { continue };
            if !self.used.insert(name.clone()) {
                continue;
            }
            open.extend(further.iter().cloned());
            // A master page takes its presentation's styles along.
            let shown = self.masters.iter().filter(|(_, master)| **master == name);
            open.extend(shown.map(|(shown, _)| format!("-{shown}")));
        }
    }
}

/// People, times and words of comments that are told.
const PEOPLE_MAX: usize = 200;

/// Where in a part the survey is.
#[derive(Default)]
struct Reading {
    open: Vec<String>,
    /// The last style that began.
    style: String,
    /// The outermost element with a name to refer to that is open.
    defining: Option<String>,
    defining_depth: usize,
}

/// Whether an attribute gives a name that others refer to.
fn is_definition(attribute: &str) -> bool {
    matches!(attribute, "style:name" | "draw:name" | "presentation:name")
}

/// The name that an element gives, where it is one that others refer to.
pub(super) fn definition(raw: &Raw) -> Option<&str> {
    let attribute = match raw.name.as_str() {
        "draw:fill-image" | "draw:gradient" | "draw:hatch" | "draw:marker" | "draw:opacity" | "draw:stroke-dash"
        | "svg:linearGradient" | "svg:radialGradient" => "draw:name",
        "presentation:date-time-decl" | "presentation:footer-decl" | "presentation:header-decl" => "presentation:name",
        "style:font-face" | "style:style" | "style:page-layout" | "style:master-page" | "text:list-style"
        | "text:outline-style" => "style:name",
        name if name.starts_with("number:") && name.ends_with("-style") => "style:name",
        _ => return None,
    };
    raw.attribute(attribute)
}

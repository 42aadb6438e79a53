//! Slides, and the layouts, masters and themes that they are made of (ISO/IEC 29500-1, 19.3), each filtered by list.
//! What no slide is made of goes.

use std::collections::BTreeSet;

use super::grammar::{SHAPES, SLIDE, SLIDE_LAYOUT, SLIDE_MASTER};
use crate::clean::ooxml::drawing::{self, THEME};
use crate::clean::ooxml::graphics::{Graphics, Media};
use crate::clean::ooxml::relationships::Relationship;
use crate::clean::ooxml::survey::{Group, settled};
use crate::clean::ooxml::{
    diagram,
    write::{Content, Part},
};
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Decision, Event, Grammar, Hooks, Raw, Reader, Writer, filter};
use crate::clean::{Category, Findings, Reason, Refusal};

/// What is shown, by the names of parts in the original.
#[derive(Default)]
pub(super) struct Deck {
    /// Slides, and the index of the layout of each.
    slides: Vec<(String, usize)>,
    /// Layouts, and the index of the master of each.
    layouts: Vec<(String, usize)>,
    /// Masters, and their themes.
    masters: Vec<(String, String)>,
}

/// The least number of a slide, and of a master or layout (19.7.13, 19.7.14).
const SLIDE_ID: u32 = 256;
const MASTER_ID: u32 = 0x8000_0000;

impl Deck {
    /// Of these slides. What of them is read goes into `read`.
    pub(super) fn of(
        listed: &[String],
        media: &mut Media<'_, '_>,
        read: &mut BTreeSet<String>,
        findings: &mut Findings,
    ) -> Result<Self, Refusal> {
        let mut deck = Self::default();
        for source in listed.iter().filter(|source| media.package.has(source)).cloned().collect::<Vec<_>>() {
            read.insert(source.to_ascii_lowercase());
            if is_hidden(&source, media)? {
                findings.removed(Category::HiddenContent, format!("{source}, hidden slide"));
                continue;
            }
            let layout = target(&source, "slideLayout", media)?;
            read.insert(layout.to_ascii_lowercase());
            let index = match deck.layouts.iter().position(|(known, _)| *known == layout) {
                Some(index) => index,
                None => {
                    let master = deck.master(&layout, media, read)?;
                    deck.layouts.push((layout, master));
                    deck.layouts.len().saturating_sub(1)
                }
            };
            deck.slides.push((source, index));
        }
        match deck.slides.is_empty() {
            true => Err(Refusal::new(Reason::NotUnderstood, "presentation without a slide that is shown", 0)),
            false => Ok(deck),
        }
    }

    /// The index of a layout's master.
    fn master(
        &mut self,
        layout: &str,
        media: &mut Media<'_, '_>,
        read: &mut BTreeSet<String>,
    ) -> Result<usize, Refusal> {
        let master = target(layout, "slideMaster", media)?;
        if let Some(index) = self.masters.iter().position(|(known, _)| *known == master) {
            return Ok(index);
        }
        let theme = target(&master, "theme", media)?;
        read.extend([&master, &theme].map(|name| name.to_ascii_lowercase()));
        self.masters.push((master, theme));
        Ok(self.masters.len().saturating_sub(1))
    }

    /// The names of what is written.
    pub(super) fn slides(&self) -> impl Iterator<Item = String> {
        (1..=self.slides.len()).map(|number| format!("ppt/slides/slide{number}.xml"))
    }

    pub(super) fn masters(&self) -> impl Iterator<Item = String> {
        (0..self.masters.len()).map(master_name)
    }

    pub(super) fn slide_ids(&self) -> Vec<u32> {
        (SLIDE_ID..).take(self.slides.len()).collect()
    }

    pub(super) fn master_ids(&self) -> Vec<u32> {
        (MASTER_ID..).take(self.masters.len()).collect()
    }

    /// The numbers of layouts follow those of masters.
    fn layout_id(&self, layout: usize) -> u32 {
        let number = u32::try_from(self.masters.len().saturating_add(layout)).unwrap_or(u32::MAX);
        MASTER_ID.saturating_add(number)
    }

    /// Slides, layouts, masters and themes, in this order.
    pub(super) fn clean(
        &self,
        media: &mut Media<'_, '_>,
        parts: &mut Vec<Part>,
        findings: &mut Findings,
    ) -> Result<(), Refusal> {
        for ((source, layout), name) in self.slides.iter().zip(self.slides()) {
            let links = [("slideLayout", layout_name(*layout))];
            parts.push(part(source, name, (&SLIDE, super::SLIDE), (&links, &[]), media, findings)?);
        }
        for (index, (source, master)) in self.layouts.iter().enumerate() {
            let links = [("slideMaster", master_name(*master))];
            let kind = (&SLIDE_LAYOUT, super::SLIDE_LAYOUT);
            parts.push(part(source, layout_name(index), kind, (&links, &[]), media, findings)?);
        }
        for (index, (source, _)) in self.masters.iter().enumerate() {
            let own = self.layouts.iter().enumerate().filter(|(_, (_, master))| *master == index);
            let own: Vec<usize> = own.map(|(layout, _)| layout).collect();
            let mut links: Vec<(&'static str, String)> =
                own.iter().map(|layout| ("slideLayout", layout_name(*layout))).collect();
            links.push(("theme", theme_name(index)));
            let ids: Vec<u32> = own.iter().map(|layout| self.layout_id(*layout)).collect();
            let kind = (&SLIDE_MASTER, super::SLIDE_MASTER);
            parts.push(part(source, master_name(index), kind, (&links, &ids), media, findings)?);
        }
        for (index, (_, source)) in self.masters.iter().enumerate() {
            let bytes = media.package.bytes(media.cursor, source)?;
            let mut graphics = Graphics::new(media, source, "a:")?;
            let clean = filter(&bytes, &THEME, source, &mut graphics, findings)?;
            let content = Content::Xml(drawing::THEME_TYPE, clean);
            parts.push(Part { name: theme_name(index), content, links: graphics.finish()? });
        }
        Ok(())
    }
}

fn layout_name(index: usize) -> String {
    format!("ppt/slideLayouts/slideLayout{}.xml", index.saturating_add(1))
}

fn master_name(index: usize) -> String {
    format!("ppt/slideMasters/slideMaster{}.xml", index.saturating_add(1))
}

fn theme_name(index: usize) -> String {
    format!("ppt/theme/theme{}.xml", index.saturating_add(1))
}

/// The part that `source` is made of.
fn target(source: &str, kind: &'static str, media: &mut Media<'_, '_>) -> Result<String, Refusal> {
    let relationships = media.package.relationships(media.cursor, source)?;
    let found = relationships.iter().find(|known| known.is(kind)).and_then(Relationship::part);
    match found.filter(|name| media.package.has(name)) {
        Some(name) => Ok(name.to_owned()),
        None => Err(Refusal::new(Reason::Damaged, "layout, master or theme of a slide", 0)),
    }
}

fn is_hidden(source: &str, media: &mut Media<'_, '_>) -> Result<bool, Refusal> {
    let bytes = media.package.bytes(media.cursor, source)?;
    let text = decoded(&bytes)?;
    let mut reader = Reader::new(&text, SLIDE.namespaces);
    Ok(matches!(reader.next()?, Event::Start(raw) if matches!(raw.attribute("show"), Some("0" | "false"))))
}

/// Groups of shapes.
const GROUP: Group = Group { namespace: SHAPES, description: "<g:nvPr/>" };

/// A slide, layout or master with these links, the first of which are to layouts of these numbers.
fn part(
    source: &str,
    name: String,
    (grammar, content_type): (&'static Grammar, &'static str),
    (links, layouts): (&[(&'static str, String)], &[u32]),
    media: &mut Media<'_, '_>,
    findings: &mut Findings,
) -> Result<Part, Refusal> {
    let bytes = media.package.bytes(media.cursor, source)?;
    let text = decoded(&bytes)?;
    let mut shapes = |data: &str| diagram::shapes(source, data, media);
    let text = settled(&text, source, &GROUP, &mut shapes, findings)?;
    let mut graphics = Graphics::new(media, source, "p:")?;
    for (kind, target) in links {
        graphics.link(kind, target.clone());
    }
    let mut hooks = Layouts { graphics, layouts };
    let clean = filter(text.as_bytes(), grammar, source, &mut hooks, findings)?;
    Ok(Part { name, content: Content::Xml(content_type, clean), links: hooks.graphics.finish()? })
}

/// Hooks of slides and of what they are made of.
struct Layouts<'h, 'm, 'a, 'c> {
    graphics: Graphics<'m, 'a, 'c>,
    /// Numbers of a master's layouts.
    layouts: &'h [u32],
}

impl Hooks for Layouts<'_, '_, '_, '_> {
    fn start(
        &mut self,
        raw: &mut Raw,
        parent: &'static str,
        writer: &mut Writer,
        findings: &mut Findings,
    ) -> Result<Decision, Refusal> {
        if raw.name == "p:sldLayoutIdLst" {
            writer.start("p:sldLayoutIdLst");
            for (id, number) in self.layouts.iter().zip(1_u32..) {
                writer.empty("p:sldLayoutId", &[("id", &id.to_string()), ("r:id", &format!("rId{number}"))]);
            }
            writer.end();
            return Ok(Decision::Replaced);
        }
        self.graphics.start(raw, parent, writer, findings)
    }

    fn end(&mut self, name: &str, writer: &mut Writer, findings: &mut Findings) -> Result<(), Refusal> {
        self.graphics.end(name, writer, findings)
    }

    fn reference(&mut self, kind: &'static str, value: &str, findings: &mut Findings) -> Option<String> {
        self.graphics.reference(kind, value, findings)
    }
}

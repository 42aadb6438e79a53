//! The presentation part (ISO/IEC 29500-1, 19.2): which slides there are, in order, their size, and how text looks that
//! says nothing of its own look.

use super::grammar::PRESENTATION;
use super::slides::Deck;
use crate::clean::ooxml::graphics::Media;
use crate::clean::ooxml::write::{Content, Link, Part};
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Decision, Event, Hooks, Raw, Reader, Writer, filter};
use crate::clean::{Findings, Reason, Refusal};
use crate::limits;

/// The parts that are its slides, in order, each once.
pub(super) fn slides(main: &str, media: &mut Media<'_, '_>) -> Result<Vec<String>, Refusal> {
    let relationships = media.package.relationships(media.cursor, main)?;
    let bytes = media.package.bytes(media.cursor, main)?;
    let text = decoded(&bytes)?;
    let mut reader = Reader::new(&text, PRESENTATION.namespaces);
    let mut listed: Vec<String> = Vec::new();
    let mut is_list = false;
    loop {
        match reader.next()? {
            Event::Start(raw) if raw.name == "p:sldIdLst" => is_list = true,
            Event::Start(raw) if is_list && raw.name == "p:sldId" => {
                let of_id = |known: &&_| raw.attribute("r:id") == Some(id(known));
                let found = relationships.iter().find(of_id).filter(|known| known.is("slide"));
                if let Some(name) = found.and_then(|known| known.part())
                    && !listed.iter().any(|known| known == name)
                {
                    listed.push(name.to_owned());
                    if listed.len() > limits::SHEETS_MAX {
                        return Err(Refusal::new(Reason::TooLarge, "slides", 0));
                    }
                }
            }
            Event::Finish => return Ok(listed),
            Event::Start(_) | Event::End | Event::Text(_) => {}
        }
    }
}

fn id(relationship: &crate::clean::ooxml::relationships::Relationship) -> &str {
    &relationship.id
}

/// The part for these slides and masters.
pub(super) fn clean(
    main: &str,
    deck: &Deck,
    media: &mut Media<'_, '_>,
    findings: &mut Findings,
) -> Result<Part, Refusal> {
    let bytes = media.package.bytes(media.cursor, main)?;
    let mut lists = Lists { deck, is_written: false };
    let clean = filter(&bytes, &PRESENTATION, main, &mut lists, findings)?;
    if !lists.is_written {
        return Err(Refusal::new(Reason::Damaged, "presentation", 0));
    }
    let masters = deck.masters().map(|name| Link { kind: "slideMaster", target: name });
    let slides = deck.slides().map(|name| Link { kind: "slide", target: name });
    Ok(Part {
        name: "ppt/presentation.xml".to_owned(),
        content: Content::Xml(super::PRESENTATION, clean),
        links: masters.chain(slides).collect(),
    })
}

/// Lists of masters and slides, written anew before whatever else stands there.
struct Lists<'d> {
    deck: &'d Deck,
    is_written: bool,
}

impl Hooks for Lists<'_> {
    fn start(
        &mut self,
        raw: &mut Raw,
        parent: &'static str,
        writer: &mut Writer,
        _: &mut Findings,
    ) -> Result<Decision, Refusal> {
        if parent == PRESENTATION.root && !self.is_written {
            self.is_written = true;
            let mut link = 0_usize;
            let mut list = |list: &'static str, element: &'static str, ids: Vec<u32>, writer: &mut Writer| {
                writer.start(list);
                for id in ids {
                    link = link.saturating_add(1);
                    writer.empty(element, &[("id", &id.to_string()), ("r:id", &format!("rId{link}"))]);
                }
                writer.end();
            };
            list("p:sldMasterIdLst", "p:sldMasterId", self.deck.master_ids(), writer);
            list("p:sldIdLst", "p:sldId", self.deck.slide_ids(), writer);
        }
        Ok(match raw.name.as_str() {
            "p:sldMasterIdLst" | "p:sldIdLst" => Decision::Replaced,
            _ => Decision::AsListed,
        })
    }
}

//! Takes a document apart and puts a clean one together: first all names that parts refer to one another by, then part
//! by part. Emits nothing that was not filtered or cleaned.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use super::LAYOUT;
use super::drawings;
use super::fields;
use super::hooks::Part as PartHooks;
use super::shared::Shared;
use super::tables::NAMESPACES;
use crate::clean::cursor::Cursor;
use crate::clean::ooxml::graphics::{Graphics, Media};
use crate::clean::ooxml::package::Package;
use crate::clean::ooxml::relationships::Relationship;
use crate::clean::ooxml::told;
use crate::clean::ooxml::verify::Kind;
use crate::clean::ooxml::write::{Content, Part, write};
use crate::clean::shown::Words;
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Event, Reader, filter};
use crate::clean::{Category, Draft, Findings, Reason, Refusal};

/// Drafts the clean document.
pub(super) fn draft(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let package = Package::read(cursor)?;
    let main = package.main(cursor)?;
    let relationships = package.relationships(cursor, &main)?;
    refuse_programs(&package)?;
    let kept = BTreeSet::from([main.to_ascii_lowercase()]);
    let media = Media::new(&package, cursor, "word/");
    let mut build = Build { media, shared: Shared::default(), findings: Findings::default(), kept };
    let fixed = build.fixed(&relationships);
    build.number(&fixed)?;
    let parts = build.parts(&main, &relationships, &fixed)?;
    build.finish(parts)
}

/// Programs are refused by name; what they do to the document nobody knows.
fn refuse_programs(package: &Package) -> Result<(), Refusal> {
    match package.names().any(|name| name.to_ascii_lowercase().ends_with("vbaproject.bin")) {
        true => Err(Refusal::new(Reason::NotUnderstood, "macros", 0)),
        false => Ok(()),
    }
}

struct Build<'a, 'c> {
    media: Media<'a, 'c>,
    shared: Shared,
    findings: Findings,
    /// Old names of the parts that are kept, in small letters.
    kept: BTreeSet<String>,
}

/// A part of which there is one, and where it stands in the original.
type Fixed = (&'static Kind, String);

impl Build<'_, '_> {
    /// Parts of which there is one each, in the order of the layout.
    fn fixed(&self, relationships: &[Relationship]) -> Vec<Fixed> {
        let kinds = LAYOUT.kinds.iter().skip(1).filter(|kind| !kind.name.contains('#'));
        let fixed = kinds.filter_map(|kind| {
            let link = relationships.iter().find(|link| link.is(kind.relationship))?;
            let source = link.part().filter(|name| self.media.package.has(name))?;
            Some((kind, source.to_owned()))
        });
        fixed.collect()
    }

    /// Gives new names to styles, lists and notes, in the order in which they are declared.
    fn number(&mut self, fixed: &[Fixed]) -> Result<(), Refusal> {
        for (kind, source) in fixed {
            let declared: &[(&str, &str, &'static str, &str, u32)] = match kind.relationship {
                "styles" => &[("w:style", "w:styleId", "style", "s", 1)],
                "numbering" => {
                    &[("w:num", "w:numId", "num", "", 1), ("w:abstractNum", "w:abstractNumId", "abstract", "", 0)]
                }
                "footnotes" => &[("w:footnote", "w:id", "footnote", "", 0)],
                "endnotes" => &[("w:endnote", "w:id", "endnote", "", 0)],
                _ => continue,
            };
            let bytes = self.bytes(source)?;
            let text = decoded(&bytes).map_err(|refusal| refusal.within(source))?;
            let mut reader = Reader::new(&text, NAMESPACES);
            let mut next: Vec<u32> = declared.iter().map(|(.., first)| *first).collect();
            loop {
                match reader.next().map_err(|refusal| refusal.within(source))? {
                    Event::Start(raw) => {
                        for ((element, attribute, kind, letter, _), next) in declared.iter().zip(&mut next) {
                            if let Some(old) = raw.attribute(attribute).filter(|_| raw.name == *element) {
                                self.shared.name(kind, old, format!("{letter}{next}"));
                                *next = next.saturating_add(1);
                            }
                        }
                    }
                    Event::Finish => break,
                    Event::End | Event::Text(_) => {}
                }
            }
        }
        Ok(())
    }

    /// All parts but pictures and charts, in the order of the layout.
    fn parts(&mut self, main: &str, relationships: &[Relationship], fixed: &[Fixed]) -> Result<Vec<Part>, Refusal> {
        let Some(kind) = LAYOUT.kinds.first() else { return Ok(Vec::new()) };
        self.tell_comments(relationships)?;
        let links: Vec<_> = fixed.iter().map(|(kind, _)| (kind.relationship, kind.name)).collect();
        let mut parts = vec![self.part(kind, kind.name.to_owned(), main, &links)?];
        let mut behind = Vec::new();
        let mut done = 0_usize;
        while let Some(story) = self.shared.stories.get(done) {
            let (word, source, name) = (story.kind, story.source.clone(), story.name.clone());
            done = done.saturating_add(1);
            let Some(kind) = LAYOUT.kinds.iter().find(|kind| kind.relationship == word) else { continue };
            behind.push(self.part(kind, name, &source, &[])?);
        }
        for (kind, source) in fixed {
            parts.push(self.part(kind, kind.name.to_owned(), source, &[])?);
        }
        behind.sort_by_key(|part: &Part| part.name.contains("/footer"));
        parts.extend(behind);
        Ok(parts)
    }

    /// The part `source`, called `name`, which refers to these others in any case.
    fn part(
        &mut self,
        kind: &'static Kind,
        name: String,
        source: &str,
        links: &[(&'static str, &'static str)],
    ) -> Result<Part, Refusal> {
        self.kept.insert(source.to_ascii_lowercase());
        let bytes = self.bytes(source)?;
        let within = |refusal: Refusal| refusal.within(source);
        let text = decoded(&bytes).map_err(within)?;
        let mut graphics = Graphics::new(&mut self.media, source, "a:")?;
        for (kind, target) in links {
            graphics.link(kind, (*target).to_owned());
        }
        let text = drawings::settled(&text, source, &mut graphics, &mut self.findings).map_err(within)?;
        let mut fields = fields::survey(&text, kind.grammar.namespaces).map_err(within)?;
        for instruction in std::mem::take(&mut fields.told) {
            self.findings.removed_value(Category::HiddenContent, "field", &instruction);
        }
        let mut hooks = PartHooks::new(&mut self.shared, graphics, fields);
        let clean = filter(text.as_bytes(), kind.grammar, source, &mut hooks, &mut self.findings).map_err(within)?;
        Ok(Part { name, content: Content::Xml(kind.content_type, clean), links: hooks.graphics.finish()? })
    }

    fn bytes(&mut self, name: &str) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        self.media.package.bytes(self.media.cursor, name)
    }

    /// Tells what comments say and who wrote them.
    fn tell_comments(&mut self, relationships: &[Relationship]) -> Result<(), Refusal> {
        for name in relationships.iter().filter(|link| link.word() == "comments").filter_map(Relationship::part) {
            if !self.media.package.has(name) {
                continue;
            }
            let bytes = self.bytes(name)?;
            self.kept.insert(name.to_ascii_lowercase());
            if comments(name, &bytes, &mut self.findings).is_err() {
                self.findings.removed(Category::Comment, name);
            }
        }
        Ok(())
    }

    fn finish(self, mut parts: Vec<Part>) -> Result<Draft, Refusal> {
        let Self { media, shared, mut findings, mut kept } = self;
        shared.tell(&mut findings);
        media.tell_fonts(&mut findings);
        kept.extend(media.read().map(str::to_ascii_lowercase));
        told::tell(media.package, media.cursor, &kept, &mut findings)?;
        let media = media.into_parts();
        let mut words = Words::new();
        words.look(None, &shared.words);
        told::see(&media, &mut words)?;
        words.tell(&mut findings);
        parts.extend(media);
        Ok(Draft::new(write(&parts)?, findings))
    }
}

fn comments(place: &str, bytes: &[u8], findings: &mut Findings) -> Result<(), Refusal> {
    let text = decoded(bytes)?;
    let mut reader = Reader::new(&text, NAMESPACES);
    let mut words = String::new();
    loop {
        match reader.next()? {
            Event::Start(raw) if raw.name == "w:comment" => {
                if !words.is_empty() {
                    findings.removed_value(Category::Comment, place, &words);
                    words.clear();
                }
                for (attribute, category) in
                    [("w:author", Category::Person), ("w:initials", Category::Person), ("w:date", Category::Time)]
                {
                    let said = raw.attribute(attribute).unwrap_or_default();
                    if !said.is_empty() {
                        findings.removed_value(category, place, said);
                    }
                }
            }
            Event::Text(text) => words.push_str(&text),
            Event::Finish => break,
            Event::Start(_) | Event::End => {}
        }
    }
    findings.removed_value(Category::Comment, place, &words);
    Ok(())
}

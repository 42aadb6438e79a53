//! Shared strings (ISO/IEC 29500-1, 18.4): those that cells of seen sheets use, in the order of use.

use super::grammar::STRINGS;
use std::collections::BTreeSet;

use crate::clean::xml::filter::filter;
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Decision, Event, Hooks, Raw, Reader, Writer};
use crate::clean::{Category, Findings, Refusal};

/// The strings of a workbook, and which of them are used.
#[derive(Default)]
pub(super) struct Strings {
    text: String,
    /// Where each stands in the text.
    listed: Vec<(usize, usize)>,
    /// What each is called in what is written.
    numbers: Vec<Option<usize>>,
    used: Vec<usize>,
}

impl Strings {
    /// Reads where they are; none, if there is no such part.
    pub(super) fn read(bytes: Option<&[u8]>) -> Result<Self, Refusal> {
        let Some(bytes) = bytes else { return Ok(Self::default()) };
        let text = decoded(bytes)?.into_owned();
        let mut reader = Reader::new(&text, STRINGS.namespaces);
        let mut listed = Vec::new();
        let mut depth = 0_usize;
        let mut begin = 0;
        loop {
            let from = offset(reader.at());
            match reader.next()? {
                Event::Start(_) => {
                    depth = depth.saturating_add(1);
                    if depth == 2 {
                        begin = from;
                    }
                }
                Event::End => {
                    if depth == 2 {
                        listed.push((begin, offset(reader.at())));
                    }
                    depth = depth.saturating_sub(1);
                }
                Event::Text(_) => {}
                Event::Finish => break,
            }
        }
        let numbers = vec![None; listed.len()];
        Ok(Self { text, listed, numbers, used: Vec::new() })
    }

    /// The number of a string from now on.
    pub(super) fn used(&mut self, index: usize) -> Option<usize> {
        let number = self.numbers.get_mut(index)?;
        Some(*number.get_or_insert_with(|| {
            self.used.push(index);
            self.used.len().saturating_sub(1)
        }))
    }

    /// The part with those that are used; none, if there are none.
    pub(super) fn clean(
        &self,
        place: &str,
        fonts: &mut BTreeSet<String>,
        findings: &mut Findings,
    ) -> Result<Option<Vec<u8>>, Refusal> {
        let (Some((first, _)), Some((_, last)), false) =
            (self.listed.first(), self.listed.last(), self.used.is_empty())
        else {
            return Ok(None);
        };
        if self.used.len() < self.listed.len() {
            findings.removed(Category::HiddenContent, format!("{place}, strings that no cell shows"));
        }
        let mut text = self.text.get(..*first).unwrap_or_default().to_owned();
        for (from, to) in self.used.iter().filter_map(|index| self.listed.get(*index)) {
            text.push_str(self.text.get(*from..*to).unwrap_or_default());
        }
        text.push_str(self.text.get(*last..).unwrap_or_default());
        filter(text.as_bytes(), &STRINGS, place, &mut Fonts(fonts), findings).map(Some)
    }
}

/// Notes the fonts of runs.
struct Fonts<'f>(&'f mut BTreeSet<String>);

impl Hooks for Fonts<'_> {
    fn start(&mut self, raw: &mut Raw, _: &'static str, _: &mut Writer, _: &mut Findings) -> Result<Decision, Refusal> {
        note_font(raw, self.0);
        Ok(Decision::AsListed)
    }
}

/// Notes the font that an element names, if it does (18.4.5, 18.8.29).
pub(super) fn note_font(raw: &Raw, fonts: &mut BTreeSet<String>) {
    if matches!(raw.name.as_str(), "rFont" | "name")
        && let Some(font) = raw.attribute("val").filter(|font| !fonts.contains(*font))
    {
        fonts.insert(font.to_owned());
    }
}

pub(super) fn offset(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

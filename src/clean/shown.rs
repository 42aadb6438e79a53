//! What a reader sees of clean parts, line by line, and where it stands: for whoever looks for what words give away.
//! Judges nothing and changes nothing; what it does not understand it passes over.

use super::xml::read::decoded;
use super::xml::{Event, Namespace, Raw, Reader};
use super::{Findings, Refusal};
use crate::limits;
use crate::words::Scanner;

/// How the words of a kind of part are read.
pub(super) struct Reading {
    pub(super) namespaces: &'static [Namespace],
    /// Elements that are a line each.
    pub(super) lines: &'static [&'static str],
    /// Elements that hold words; none, if every character in a line is one.
    pub(super) words: &'static [&'static str],
    /// What is read for an element: a blank, a tab, a break.
    pub(super) signs: &'static [(&'static str, char)],
    pub(super) inner: Inner,
}

/// What a line within a line is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    /// One of its own; the outer goes on behind it.
    Apart,
    /// One that ends the outer, which begins anew behind it.
    Between,
    /// A part of the outer, behind a tab.
    Joined,
}

/// The words of one file, up to so many bytes.
pub(super) struct Words {
    scanner: Scanner,
    room: usize,
}

impl Words {
    pub(super) fn new() -> Self {
        Self { scanner: Scanner::default(), room: limits::TEXT_LOOKED_AT_MAX }
    }

    /// Looks at a piece of text, which stands at a place; none, if lines are counted.
    pub(super) fn look(&mut self, place: Option<&str>, text: &str) {
        let fits = (0..=text.len().min(self.room)).rev().find(|at| text.is_char_boundary(*at));
        let text = fits.and_then(|fits| text.get(..fits)).unwrap_or_default();
        self.room = self.room.saturating_sub(text.len().max(1));
        match place {
            Some(place) => self.scanner.piece(place, text),
            None => self.scanner.lines(text),
        }
    }

    /// Whether there is room for more.
    pub(super) fn has_room(&self) -> bool {
        self.room > 0
    }

    /// Looks at a clean part. `place` is asked at each start of an element, and says where what follows stands; none is
    /// where it stood before.
    ///
    /// # Errors
    /// As for [`Reader::next`].
    pub(super) fn part(
        &mut self,
        bytes: &[u8],
        reading: &Reading,
        first: Option<&str>,
        place: &mut dyn FnMut(&Raw) -> Option<String>,
    ) -> Result<(), Refusal> {
        let text = decoded(bytes)?;
        let mut reader = Reader::new(&text, reading.namespaces);
        let mut part =
            Part { words: self, reading, place: first.map(str::to_owned), open: Vec::new(), lines: Vec::new() };
        while part.words.has_room() {
            match reader.next()? {
                Event::Start(raw) => {
                    if let Some(place) = place(&raw) {
                        part.place = Some(place);
                    }
                    part.start(&raw);
                }
                Event::Text(text) => part.text(&text),
                Event::End => part.end(),
                Event::Finish => break,
            }
        }
        Ok(())
    }

    /// Says what was seen.
    pub(super) fn tell(&self, findings: &mut Findings) {
        self.scanner.tell(findings);
    }
}

struct Part<'w> {
    words: &'w mut Words,
    reading: &'w Reading,
    place: Option<String>,
    /// Elements that are open: whether each is a line, and whether it holds words.
    open: Vec<(bool, bool)>,
    /// Lines that are open, the innermost last.
    lines: Vec<String>,
}

impl Part<'_> {
    fn start(&mut self, raw: &Raw) {
        let name = raw.name.as_str();
        if let (Some((_, sign)), Some(line)) =
            (self.reading.signs.iter().find(|(known, _)| *known == name), self.lines.last_mut())
        {
            line.push(*sign);
        }
        let mut is_line = self.reading.lines.contains(&name);
        if is_line {
            match (self.reading.inner, self.lines.last_mut()) {
                (Inner::Joined, Some(outer)) => {
                    if !outer.is_empty() {
                        outer.push('\t');
                    }
                    is_line = false;
                }
                (Inner::Between, Some(outer)) => {
                    let line = std::mem::take(outer);
                    self.look(&line);
                    self.lines.push(String::new());
                }
                _ => self.lines.push(String::new()),
            }
        }
        self.open.push((is_line, self.reading.words.is_empty() || self.reading.words.contains(&name)));
    }

    fn text(&mut self, text: &str) {
        let is_seen = self.open.last().is_some_and(|(_, is_words)| *is_words);
        if let Some(line) = self.lines.last_mut().filter(|_| is_seen) {
            // Line ends in a part are blanks to a reader.
            line.extend(text.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }));
        }
    }

    fn end(&mut self) {
        if let Some((true, _)) = self.open.pop()
            && let Some(line) = self.lines.pop()
        {
            self.look(&line);
        }
    }

    fn look(&mut self, line: &str) {
        // An empty paragraph is a line, too.
        let is_counted = self.place.is_none() && line.is_empty();
        self.words.look(self.place.as_deref(), if is_counted { "\n" } else { line });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn reading(inner: Inner) -> Reading {
        Reading { namespaces: &[], lines: &["row", "p"], words: &[], signs: &[("br", ' ')], inner }
    }

    fn said(inner: Inner, text: &str) -> Vec<(String, String)> {
        let (mut words, mut findings) = (Words::new(), Findings::default());
        let place = &mut |raw: &Raw| (raw.name == "row").then(|| "row".to_owned());
        words.part(text.as_bytes(), &reading(inner), None, place).unwrap();
        words.tell(&mut findings);
        findings.into_vec().into_iter().map(|own| (own.place, own.value.unwrap_or_default())).collect()
    }

    #[test]
    fn a_line_within_a_line_is_apart_or_between_or_a_part_of_it() {
        let text = "<all><p>Тел. +7 916 <p>ссылка</p>555-12-34</p></all>";
        let phone = |place: &str| vec![(format!("{place}, phone number"), "+7 916 555-12-34".to_owned())];
        assert_eq!(said(Inner::Apart, text), phone("line 2"));
        assert!(said(Inner::Between, text).iter().all(|(_, value)| value != "+7 916 555-12-34"));
        let cells = "<all><p/><row><p>Тел.</p><p>+7 916<br/>555-\n12-34</p></row></all>";
        assert!(said(Inner::Joined, &cells.replace("-\n", "-")) == phone("row"));
    }

    #[test]
    fn no_more_is_looked_at_than_there_is_room_for() {
        for (blanks, is_seen) in [(limits::TEXT_LOOKED_AT_MAX - 32, true), (limits::TEXT_LOOKED_AT_MAX, false)] {
            let (mut words, mut findings) = (Words::new(), Findings::default());
            words.look(Some("page 1"), &" ".repeat(blanks));
            words.look(None, "Тел. +7 916 555-12-34");
            words.tell(&mut findings);
            assert_eq!(findings.is_empty(), !is_seen);
        }
    }
}

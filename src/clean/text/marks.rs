//! Counts what the normaliser takes out, by kind, and says it in findings. Never holds the text itself.

use std::collections::BTreeMap;

use crate::clean::{Category, Findings};

/// A kind of thing that was taken out or made plain. Characters of one class are one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Mark {
    Character(char),
    Tags,
    VariationSelectors,
    PrivateUse,
    Unassigned,
    TrailingBlanks,
    LastLines,
    Composition,
}

/// How often each kind was met, and on which lines.
#[derive(Default)]
pub(super) struct Marks {
    tallies: BTreeMap<Mark, Tally>,
}

#[derive(Default)]
struct Tally {
    count: u64,
    /// The first lines it is on.
    lines: Vec<u64>,
    /// Lines beyond those.
    more: u64,
    last: u64,
}

impl Marks {
    /// Counts `mark` once more, on `line` (from 1, never falling).
    pub(super) fn note(&mut self, mark: Mark, line: u64) {
        self.note_many(mark, line, 1);
    }

    pub(super) fn note_many(&mut self, mark: Mark, line: u64, count: u64) {
        let tally = self.tallies.entry(mark).or_default();
        tally.count = tally.count.saturating_add(count);
        if tally.last == line {
            return;
        }
        tally.last = line;
        if tally.lines.len() < LINES_SHOWN { tally.lines.push(line) } else { tally.more = tally.more.saturating_add(1) }
    }

    /// One finding for each kind.
    pub(super) fn tell(&self, findings: &mut Findings) {
        for (mark, tally) in &self.tallies {
            let value = format!("{} ×{}", mark.name(), tally.count);
            findings.removed_value(mark.category(), tally.place(), &value);
        }
    }

    /// One finding for each kind, where lines are not counted.
    pub(super) fn tell_in(&self, place: &str, findings: &mut Findings) {
        for mark in self.tallies.keys() {
            findings.removed_value(mark.category(), place, &mark.name());
        }
    }
}

/// Lines that a finding names.
const LINES_SHOWN: usize = 5;

impl Tally {
    fn place(&self) -> String {
        let lines: Vec<String> = self.lines.iter().map(u64::to_string).collect();
        let word = if lines.len() == 1 { "line" } else { "lines" };
        let more = if self.more == 0 { String::new() } else { format!(" and {} more", self.more) };
        format!("{word} {}{more}", lines.join(", "))
    }
}

impl Mark {
    /// The kind that `c` is taken out as, where it is not a letter, mark, number, punctuation or symbol.
    pub(super) fn of(c: char) -> Self {
        match c {
            '\u{fe00}'..='\u{fe0f}' | '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{e0100}'..='\u{e01ef}' => {
                Self::VariationSelectors
            }
            '\u{e0000}'..='\u{e0fff}' => Self::Tags,
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Self::PrivateUse,
            _ => Self::Character(c),
        }
    }

    pub(super) fn category(self) -> Category {
        match self {
            Self::Character(
                '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}',
            ) => Category::HiddenContent,
            _ => Category::Watermark,
        }
    }

    pub(super) fn name(self) -> String {
        match self {
            Self::Character(c) => format!("U+{:04X} {}", u32::from(c), character_name(c)),
            Self::Tags => "tag characters".to_owned(),
            Self::VariationSelectors => "variation selectors".to_owned(),
            Self::PrivateUse => "private-use characters".to_owned(),
            Self::Unassigned => "unassigned characters".to_owned(),
            Self::TrailingBlanks => "blanks at the end of a line".to_owned(),
            Self::LastLines => "empty lines at the end".to_owned(),
            Self::Composition => "unusual composition".to_owned(),
        }
    }
}

fn character_name(c: char) -> &'static str {
    match c {
        '\u{b}' => "line tabulation",
        '\u{c}' => "form feed",
        '\u{85}' => "next line",
        '\u{a0}' => "no-break space",
        '\u{ad}' => "soft hyphen",
        '\u{34f}' => "combining grapheme joiner",
        '\u{61c}' => "Arabic letter mark",
        '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' => "Hangul filler",
        '\u{180e}' => "Mongolian vowel separator",
        '\u{2000}' | '\u{2002}' => "en space",
        '\u{2001}' | '\u{2003}' => "em space",
        '\u{2007}' => "figure space",
        '\u{2008}' => "punctuation space",
        '\u{2009}' => "thin space",
        '\u{200a}' => "hair space",
        '\u{200b}' => "zero width space",
        '\u{200c}' => "zero width non-joiner",
        '\u{200d}' => "zero width joiner",
        '\u{200e}' => "left-to-right mark",
        '\u{200f}' => "right-to-left mark",
        '\u{2028}' => "line separator",
        '\u{2029}' => "paragraph separator",
        '\u{202a}' | '\u{202b}' => "embedding of a direction",
        '\u{202c}' | '\u{2069}' => "end of a direction",
        '\u{202d}' | '\u{202e}' => "override of the direction",
        '\u{202f}' => "narrow no-break space",
        '\u{2060}' => "word joiner",
        '\u{2061}'..='\u{2064}' => "invisible operator",
        '\u{2066}'..='\u{2068}' => "isolation of a direction",
        '\u{2800}' => "Braille blank",
        '\u{3000}' => "ideographic space",
        '\u{feff}' => "byte-order mark",
        '\u{fffc}' => "object replacement character",
        '\u{1680}' | '\u{2004}'..='\u{2006}' | '\u{205f}' => "odd space",
        _ => "invisible character",
    }
}

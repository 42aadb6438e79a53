//! A pattern, where it may stand and how what it finds is judged. Knows no kind by name.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use super::Kind;
use super::fold::folded;
use crate::limits;

/// Parts of the words that announce a name or a call sign: one walk over a line instead of one for each rule.
static ANNOUNCES: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("(?i)позывн|позивн|пазыўн|call|зовут|завуць|клічуць|зват|звут|звуть|name|имя|ім'я|імя|фио|ф\\.и|піб|прізв|фамил|اسم|نام")
        .ok()
});

/// What a line must have for a rule to be tried on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Needs {
    /// At least so many digits.
    Digits(u32),
    /// At least so many digits, and one of these, in lower case.
    DigitsAnd(u32, &'static [&'static str]),
    /// An `@`.
    At,
    /// A `/`.
    Slash,
    /// Two colons.
    Colons,
    /// A word that announces a name.
    Announced,
    /// One of these.
    OneOf(&'static [&'static str]),
}

/// A folded line, and what it has.
pub(super) struct Line<'a> {
    pub(super) text: Cow<'a, str>,
    digits: u32,
    colons: u32,
    at: bool,
    slash: bool,
    announced: bool,
    lower: OnceCell<String>,
}

impl<'a> Line<'a> {
    /// `None` if there is nothing on it.
    pub(super) fn of(line: &'a str) -> Option<Self> {
        let text = folded(line);
        let (mut digits, mut colons, mut at, mut slash) = (0_u32, 0_u32, false, false);
        for byte in text.bytes() {
            match byte {
                b'0'..=b'9' => digits = digits.saturating_add(1),
                b':' | b'-' => colons = colons.saturating_add(1),
                b'@' => at = true,
                b'/' => slash = true,
                _ => {}
            }
        }
        let announced = ANNOUNCES.as_ref().is_some_and(|words| words.is_match(&text));
        (text.len() > 1).then_some(Self { text, digits, colons, at, slash, announced, lower: OnceCell::new() })
    }

    pub(super) fn may_have(&self, needs: Needs) -> bool {
        match needs {
            Needs::Digits(count) => self.digits >= count,
            Needs::DigitsAnd(count, words) => {
                self.digits >= count && {
                    let lower = self.lower.get_or_init(|| self.text.to_lowercase());
                    words.iter().any(|word| lower.contains(word))
                }
            }
            Needs::At => self.at,
            Needs::Slash => self.slash,
            Needs::Colons => self.colons >= 2,
            Needs::Announced => self.announced,
            Needs::OneOf(words) => words.iter().any(|word| self.text.contains(word)),
        }
    }
}

/// A candidate where it stands.
pub(super) struct Found<'a> {
    /// What the pattern matched, or its group `v`.
    pub(super) value: &'a str,
    /// What stands on the line in front of it, and behind.
    pub(super) before: &'a str,
    pub(super) after: &'a str,
}

impl Found<'_> {
    /// Its digits.
    pub(super) fn digits(&self) -> String {
        self.value.chars().filter(char::is_ascii_digit).collect()
    }

    /// The last characters in front of it, in lower case.
    pub(super) fn context(&self) -> String {
        let from = self.before.char_indices().rev().nth(CONTEXT_CHARS).map_or(0, |(at, _)| at);
        self.before.get(from..).unwrap_or_default().to_lowercase()
    }

    /// Whether one of `words`, in lower case, stands among the last characters in front of it.
    pub(super) fn is_after(&self, words: &[&str]) -> bool {
        let context = self.context();
        words.iter().any(|word| context.contains(word))
    }
}

/// Characters in front of a candidate in which a word for it is looked for.
const CONTEXT_CHARS: usize = 40;

/// Bytes of a candidate that are its value; `None` if it is none.
type Check = fn(&Found<'_>) -> Option<usize>;

/// How one kind is written.
pub(super) struct Rule {
    pub(super) kind: Kind,
    pub(super) needs: Needs,
    source: Cow<'static, str>,
    compiled: OnceLock<Option<Regex>>,
    check: Check,
}

impl Rule {
    pub(super) fn new(kind: Kind, needs: Needs, pattern: impl Into<Cow<'static, str>>, check: Check) -> Self {
        Self { kind, needs, source: pattern.into(), compiled: OnceLock::new(), check }
    }

    /// The pattern, compiled when a line first needs it: all of them together take longer than most files.
    /// `None` if it is none, which a test rules out.
    pub(super) fn pattern(&self) -> Option<&Regex> {
        self.compiled.get_or_init(|| Regex::new(&self.source).ok()).as_ref()
    }

    /// What the rule sees on a line. `taken` holds what no rule may see again, ends by starts.
    pub(super) fn sightings<'l>(
        &self,
        line: &'l Line<'_>,
        taken: &mut BTreeMap<usize, usize>,
    ) -> Vec<(usize, &'l str)> {
        let text: &str = &line.text;
        let mut seen = Vec::new();
        let Some(pattern) = self.pattern() else { return seen };
        let mut from = 0;
        while let Some(captures) = pattern.captures_at(text, from) {
            let Some(whole) = captures.get(0) else { break };
            let found = captures.name("v").unwrap_or(whole);
            from = whole.end().max(whole.start().saturating_add(1));
            while !text.is_char_boundary(from) {
                from = from.saturating_add(1);
            }
            let (before, rest) = text.split_at_checked(found.start()).unwrap_or_default();
            let (value, after) = rest.split_at_checked(found.len()).unwrap_or_default();
            if before.ends_with(is_of_word) {
                continue;
            }
            let Some(len) = (self.check)(&Found { value, before, after }) else { continue };
            let Some((value, _)) = value.split_at_checked(len) else { continue };
            let behind = rest.get(len..).unwrap_or_default();
            let end = found.start().saturating_add(len);
            let is_whole = !behind.starts_with(is_of_word);
            let is_free = taken.range(..end).next_back().is_none_or(|(_, taken)| *taken <= found.start());
            if is_whole && is_free {
                taken.insert(found.start(), end);
                seen.push((found.start(), value.trim()));
                from = from.min(end.max(whole.start().saturating_add(1)));
            }
            if from > text.len() || seen.len() >= limits::SIGHTINGS_MAX {
                break;
            }
        }
        seen
    }
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Takes what the pattern found as it is.
pub(super) fn all(found: &Found<'_>) -> Option<usize> {
    Some(found.value.len())
}

/// Takes it if so.
pub(super) fn all_if(found: &Found<'_>, is_so: bool) -> Option<usize> {
    is_so.then_some(found.value.len())
}

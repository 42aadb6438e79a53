//! What the words of a text give away: numbers, names and places that lead to a person. Advisory: never changes a
//! text, and never blocks one.
//!
//! A rule is a pattern that finds a candidate, and a check that judges it: a checksum where its issuer has one,
//! ranges where there are any, and otherwise the words in front of it.

mod checksums;
mod fold;
mod identity;
mod net;
mod people;
mod phones;
mod places;
mod rule;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::clean::{Category, Findings};
use crate::limits;
use rule::{Line, Rule};

/// A thing that leads to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "their names say it, and `name` says it in words")]
pub enum Kind {
    Phone,
    Email,
    Handle,
    Link,
    Name,
    CallSign,
    Passport,
    IdNumber,
    Inn,
    Snils,
    Ogrn,
    Card,
    Iban,
    ServiceNumber,
    Unit,
    Plate,
    Coordinates,
    Imei,
    Mac,
    Ip,
    Moment,
}

impl Kind {
    /// As a finding names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone number",
            Self::Email => "e-mail address",
            Self::Handle => "account name",
            Self::Link => "link to an account",
            Self::Name => "name",
            Self::CallSign => "call sign",
            Self::Passport => "passport number",
            Self::IdNumber => "identity number",
            Self::Inn => "tax number (INN)",
            Self::Snils => "insurance number (SNILS)",
            Self::Ogrn => "registration number (OGRN)",
            Self::Card => "bank card",
            Self::Iban => "bank account (IBAN)",
            Self::ServiceNumber => "service number",
            Self::Unit => "military unit",
            Self::Plate => "vehicle plate",
            Self::Coordinates => "coordinates",
            Self::Imei => "IMEI of a phone",
            Self::Mac => "MAC address",
            Self::Ip => "IP address",
            Self::Moment => "date and time",
        }
    }

    /// What it reveals.
    #[must_use]
    pub fn category(self) -> Category {
        match self {
            Self::Coordinates => Category::Location,
            Self::Imei | Self::Mac | Self::Ip => Category::Device,
            Self::Moment => Category::Time,
            _ => Category::Person,
        }
    }
}

/// Something that was seen.
#[derive(Clone, PartialEq, Eq)]
pub struct Sighting {
    /// The line it stands on, from 1.
    pub line: u64,
    /// What it is.
    pub kind: Kind,
    /// What it says, with plain digits and signs.
    pub value: String,
    /// What that reveals.
    pub category: Category,
}

/// Everything in `text` that gives a person away, line by line; at most [`limits::SIGHTINGS_MAX`].
#[must_use]
pub fn scan(text: &str) -> Vec<Sighting> {
    let mut scanner = Scanner::default();
    scanner.lines(text);
    scanner.seen.into_iter().map(|(sighting, _)| sighting).collect()
}

/// Says what gives a person away in `text`, as things that remain.
pub fn tell(text: &str, findings: &mut Findings) {
    let mut scanner = Scanner::default();
    scanner.lines(text);
    scanner.tell(findings);
}

/// Scans a text that comes in pieces, such as pages or paragraphs.
#[derive(Default)]
pub struct Scanner {
    /// With the place, in words.
    seen: Vec<(Sighting, String)>,
    line: u64,
}

impl Scanner {
    /// Scans the lines of `text`, which are counted on from those before.
    pub fn lines(&mut self, text: &str) {
        for line in text.lines() {
            self.line = self.line.saturating_add(1);
            self.look(line, None);
        }
    }

    /// Scans a piece that has a name of its own, such as `page 3`. Its lines are counted, too, but not told.
    pub fn piece(&mut self, place: &str, text: &str) {
        for line in text.lines() {
            self.line = self.line.saturating_add(1);
            self.look(line, Some(place));
        }
    }

    /// Says what was seen, each value once for its kind and with the places where it stands; of each kind no more
    /// than [`limits::SIGHTINGS_TOLD_MAX`], since a log has a moment on each line.
    pub fn tell(&self, findings: &mut Findings) {
        let mut places: BTreeMap<(Kind, &str), Vec<&str>> = BTreeMap::new();
        let mut order: BTreeMap<Kind, Vec<&str>> = BTreeMap::new();
        for (sighting, place) in &self.seen {
            let places = places.entry((sighting.kind, &sighting.value)).or_insert_with(|| {
                order.entry(sighting.kind).or_default().push(&sighting.value);
                Vec::new()
            });
            if places.len() <= PLACES_SHOWN && places.last() != Some(&place.as_str()) {
                places.push(place);
            }
        }
        for (kind, values) in order {
            let more = values.len().saturating_sub(limits::SIGHTINGS_TOLD_MAX);
            for value in values.into_iter().take(limits::SIGHTINGS_TOLD_MAX) {
                let at = places.get(&(kind, value)).map(Vec::as_slice).unwrap_or_default();
                findings.remains(kind.category(), format!("{}, {}", in_words(at), kind.name()), value);
            }
            if more > 0 {
                findings.remains(kind.category(), format!("elsewhere, {}", kind.name()), &format!("{more} more"));
            }
        }
    }

    fn look(&mut self, line: &str, place: Option<&str>) {
        if self.seen.len() >= limits::SIGHTINGS_MAX {
            return;
        }
        let Some(line) = Line::of(line) else { return };
        // Rules take turns; what they see is told in the order it stands.
        let mut taken = BTreeMap::new();
        let mut seen = Vec::new();
        for rule in rules().filter(|rule| line.may_have(rule.needs)) {
            seen.extend(rule.sightings(&line, &mut taken).into_iter().map(|(start, value)| (start, rule.kind, value)));
        }
        seen.sort_by_key(|(start, ..)| *start);
        for (_, kind, value) in seen.into_iter().take(limits::SIGHTINGS_MAX.saturating_sub(self.seen.len())) {
            let place = place.map_or_else(|| format!("line {}", self.line), ToOwned::to_owned);
            let (line, value, category) = (self.line, value.to_owned(), kind.category());
            self.seen.push((Sighting { line, kind, value, category }, place));
        }
    }
}

/// `line 3`, `lines 3, 7`, `page 2, page 5`.
fn in_words(places: &[&str]) -> String {
    let shown: Vec<&str> = places.iter().take(PLACES_SHOWN).copied().collect();
    let lines: Option<Vec<&str>> = shown.iter().map(|place| place.strip_prefix("line ")).collect();
    let words = match lines {
        Some(lines) if lines.len() > 1 => format!("lines {}", lines.join(", ")),
        _ => shown.join(", "),
    };
    if places.len() > PLACES_SHOWN { format!("{words} and more") } else { words }
}

/// Places that a finding names.
const PLACES_SHOWN: usize = 5;

/// All rules. What an earlier one takes, no later one sees.
fn rules() -> impl Iterator<Item = &'static Rule> {
    let families: [&'static [Rule]; 5] =
        [net::rules(), identity::rules(), places::rules(), people::rules(), phones::rules()];
    families.into_iter().flatten()
}

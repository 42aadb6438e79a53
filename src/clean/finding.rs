//! What a file gives away, in categories. Values are cut to a length here; escaping them is the terminal's task.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits;

/// What a finding reveals. The words are part of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Where: coordinates, place names.
    Location,
    /// With what: maker, model, serial number, lens.
    Device,
    /// When.
    Time,
    /// By whom: names, accounts, copyright.
    Person,
    /// Which programs touched it.
    Software,
    /// A smaller picture of it, perhaps from before an edit.
    Thumbnail,
    /// Free text.
    Comment,
    /// What was done to it before.
    History,
    /// Bytes that are not shown: trailers, gaps, further pictures, a video behind a photo.
    HiddenContent,
    /// Marks that tell one copy from another.
    Watermark,
    /// Serial or unique numbers of the file itself.
    Identifier,
    /// Not understood, and so not kept; also a word of a later version.
    #[serde(other)]
    Unknown,
}

/// Whether what was found is gone from the clean copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// Not in the clean copy.
    Removed,
    /// Still there, because it is content: the source decides.
    Remains,
}

/// One thing that a file gives away.
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it reveals.
    pub category: Category,
    /// Where it stands, in the format's own words: `Exif GPSLatitude`, `after EOI`.
    pub place: String,
    /// What it says, where that is short and readable.
    pub value: Option<String>,
    /// Whether it is gone.
    pub fate: Fate,
}

impl fmt::Debug for Finding {
    /// Without its value, which is what must not get into a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Finding({:?}, {:?}, {:?})", self.category, self.place, self.fate)
    }
}

/// The categories of what was taken out, sorted, each once.
#[must_use]
pub fn removed_categories(findings: &[Finding]) -> Vec<Category> {
    let removed = findings.iter().filter(|finding| finding.fate == Fate::Removed);
    removed.map(|finding| finding.category).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Findings as a cleaner collects them: without repetition, bounded by [`limits::FINDINGS_MAX`].
#[derive(Default)]
pub struct Findings {
    list: Vec<Finding>,
    seen: BTreeSet<(Category, String, Option<String>)>,
    over: bool,
}

impl fmt::Debug for Findings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.list).finish()
    }
}

impl Findings {
    /// Something removed, without a value worth showing.
    pub fn removed(&mut self, category: Category, place: impl Into<String>) {
        self.push(category, place.into(), None, Fate::Removed);
    }

    /// Something removed, with what it said.
    pub fn removed_value(&mut self, category: Category, place: impl Into<String>, value: &str) {
        self.push(category, place.into(), shortened(value), Fate::Removed);
    }

    /// Something that stays, because taking it out would falsify the content.
    pub fn remains(&mut self, category: Category, place: impl Into<String>, value: &str) {
        self.push(category, place.into(), shortened(value), Fate::Remains);
    }

    /// Adds one.
    pub(crate) fn add(&mut self, finding: Finding) {
        self.push(finding.category, finding.place, finding.value, finding.fate);
    }

    /// Adds all of `other`.
    pub fn append(&mut self, other: Self) {
        other.into_vec().into_iter().for_each(|finding| self.add(finding));
    }

    /// Adds all of `other`, which was found in a file called `name` inside of this one.
    pub(crate) fn append_within(&mut self, name: &str, other: Self) {
        for finding in other.into_vec() {
            self.push(finding.category, format!("{name}: {}", finding.place), finding.value, finding.fate);
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The findings, in the order they were met.
    #[must_use]
    pub fn into_vec(self) -> Vec<Finding> {
        self.list
    }

    fn push(&mut self, category: Category, place: String, value: Option<String>, fate: Fate) {
        if self.list.len() >= limits::FINDINGS_MAX {
            if !self.over {
                self.over = true;
                self.list.push(Finding {
                    category: Category::Unknown,
                    place: "more than can be listed".to_owned(),
                    value: None,
                    fate,
                });
            }
            return;
        }
        if self.seen.insert((category, place.clone(), value.clone())) {
            self.list.push(Finding { category, place, value, fate });
        }
    }
}

fn shortened(value: &str) -> Option<String> {
    let trimmed = value.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if trimmed.is_empty() {
        return None;
    }
    let mut short: String = trimmed.chars().take(limits::VALUE_CHARS_MAX).collect();
    if short.len() < trimmed.len() {
        short.push('…');
    }
    Some(short)
}

//! What the parts of one document have in common while it is cleaned: translated names, headers, words. Reads no part
//! itself.

use std::collections::BTreeMap;

use crate::clean::{Category, Findings};
use crate::limits;

/// Of one document.
#[derive(Default)]
pub(super) struct Shared {
    /// By kind and old name.
    names: BTreeMap<(&'static str, String), String>,
    /// Headers and footers that are referred to.
    pub(super) stories: Vec<Story>,
    /// Their new names by kind and old name.
    story_names: BTreeMap<(&'static str, String), String>,
    /// How many there are of each kind.
    counts: BTreeMap<&'static str, usize>,
    shapes: u32,
    /// Excerpts of what is not seen, by why.
    unseen: BTreeMap<&'static str, String>,
    /// All that a reader sees, a paragraph a line.
    pub(super) words: String,
}

/// A header or footer.
pub(super) struct Story {
    pub(super) kind: &'static str,
    pub(super) source: String,
    pub(super) name: String,
}

impl Shared {
    /// Gives `old` the new name.
    pub(super) fn name(&mut self, kind: &'static str, old: &str, new: String) {
        self.names.entry((kind, old.to_owned())).or_insert(new);
    }

    /// The new name.
    pub(super) fn translated(&self, kind: &'static str, old: &str) -> Option<String> {
        if kind == "num" && old == "0" {
            return Some("0".to_owned());
        }
        self.names.get(&(kind, old.to_owned())).cloned()
    }

    /// The new name of a header or footer.
    pub(super) fn story(&mut self, kind: &'static str, source: &str) -> String {
        let key = (kind, source.to_owned());
        if let Some(known) = self.story_names.get(&key) {
            return known.clone();
        }
        let number = self.counts.entry(kind).or_default();
        *number = number.saturating_add(1);
        let name = format!("word/{kind}{number}.xml");
        self.story_names.insert(key, name.clone());
        self.stories.push(Story { kind, source: source.to_owned(), name: name.clone() });
        name
    }

    pub(super) fn next_shape(&mut self) -> String {
        self.shapes = self.shapes.saturating_add(1);
        self.shapes.to_string()
    }

    pub(super) fn words(&mut self, name: &str, text: &str, unseen: Option<&'static str>) {
        if !matches!(name, "w:t" | "m:t" | "a:t") {
            return;
        }
        self.words.push_str(text);
        if let Some(why) = unseen {
            let excerpt = self.unseen.entry(why).or_default();
            if excerpt.len() < limits::VALUE_CHARS_MAX {
                excerpt.push_str(text);
            }
        }
    }

    pub(super) fn end_paragraph(&mut self) {
        self.words.push('\n');
    }

    /// Tells what stays and may say more than one thinks.
    pub(super) fn tell(&self, findings: &mut Findings) {
        for (why, excerpt) in self.unseen.iter().filter(|(_, excerpt)| !excerpt.trim().is_empty()) {
            findings.remains(Category::HiddenContent, *why, excerpt);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stories_have_one_name_each_however_many_there_are() {
        let mut shared = Shared::default();
        for number in 0..200_000 {
            let source = format!("word/{number}.xml");
            for _ in 0..2 {
                let kind = if number % 2 == 0 { "header" } else { "footer" };
                let name = format!("word/{kind}{}.xml", number / 2 + 1);
                assert_eq!(shared.story(kind, &source), name);
            }
        }
        assert_eq!(shared.stories.len(), 200_000);
    }
}

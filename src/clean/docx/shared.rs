//! What the parts of one document have in common while it is cleaned: translated names, pictures, headers, words. Reads
//! no part itself.

use std::collections::{BTreeMap, BTreeSet};

use super::names;
use crate::clean::{Category, Findings, Format};
use crate::{limits, words};

/// Of one document.
#[derive(Default)]
pub(super) struct Shared {
    /// By kind and old name.
    names: BTreeMap<(&'static str, String), String>,
    /// Clean pictures by the part that they were, and their new names once they are used. The empty name is that of the
    /// empty picture.
    pictures: BTreeMap<String, Picture>,
    used: usize,
    /// Headers and footers that are referred to.
    pub(super) stories: Vec<Story>,
    /// Their new names by kind and old name.
    story_names: BTreeMap<(&'static str, String), String>,
    /// How many there are of each kind.
    counts: BTreeMap<&'static str, usize>,
    /// Parts that there are.
    pub(super) parts: BTreeSet<String>,
    shapes: u32,
    pub(super) fonts: BTreeSet<String>,
    /// Excerpts of what is not seen, by why.
    unseen: BTreeMap<&'static str, String>,
    /// All that a reader sees, a paragraph a line.
    pub(super) words: String,
}

/// A clean picture.
pub(super) struct Picture {
    pub(super) bytes: Vec<u8>,
    pub(super) format: &'static Format,
    /// Its number, once it is used.
    pub(super) number: Option<usize>,
}

impl Picture {
    fn name(&self, number: usize) -> String {
        format!("word/media/{number}.{}", self.format.extension)
    }
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

    /// Whether a picture was cleaned already.
    pub(super) fn has_picture(&self, source: &str) -> bool {
        self.pictures.contains_key(source)
    }

    pub(super) fn add_picture(&mut self, source: &str, bytes: Vec<u8>, format: &'static Format) {
        self.pictures.insert(source.to_owned(), Picture { bytes, format, number: None });
    }

    /// The new name of a picture, or of the empty one.
    pub(super) fn picture(&mut self, source: &str) -> String {
        let source = if self.pictures.contains_key(source) { source } else { "" };
        let Some(picture) = self.pictures.get_mut(source) else { return String::new() };
        let number = *picture.number.get_or_insert_with(|| {
            self.used = self.used.saturating_add(1);
            self.used
        });
        picture.name(number)
    }

    /// The name of the empty picture.
    pub(super) fn placeholder(&mut self) -> String {
        self.picture("")
    }

    /// The pictures that are used, with their old and new names, in order.
    pub(super) fn into_pictures(self) -> Vec<(String, String, Picture)> {
        let used = self.pictures.into_iter().filter_map(|(source, picture)| {
            let name = picture.name(picture.number?);
            Some((source, name, picture))
        });
        let mut used: Vec<_> = used.collect();
        used.sort_by_key(|(_, _, picture)| picture.number);
        used
    }

    /// The new name of a header or footer, if there is such a part.
    pub(super) fn story(&mut self, kind: &'static str, source: &str) -> Option<String> {
        if !self.parts.contains(&source.to_ascii_lowercase()) {
            return None;
        }
        let key = (kind, source.to_owned());
        if let Some(known) = self.story_names.get(&key) {
            return Some(known.clone());
        }
        let number = self.counts.entry(kind).or_default();
        *number = number.saturating_add(1);
        let name = format!("word/{kind}{number}.xml");
        self.story_names.insert(key, name.clone());
        self.stories.push(Story { kind, source: source.to_owned(), name: name.clone() });
        Some(name)
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
        for font in self.fonts.iter().filter(|font| !names::is_known_font(font)) {
            findings.remains(Category::Identifier, "name of a font", font);
        }
        words::tell(&self.words, findings);
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
            shared.parts.insert(source.clone());
            for _ in 0..2 {
                let kind = if number % 2 == 0 { "header" } else { "footer" };
                let name = format!("word/{kind}{}.xml", number / 2 + 1);
                assert_eq!(shared.story(kind, &source), Some(name));
            }
        }
        assert_eq!(shared.stories.len(), 200_000);
    }
}

//! Glyph names: which of them say no more than what the glyph is, and what the others are called instead.

use std::collections::{BTreeMap, BTreeSet};

/// Names of the Adobe Glyph List and its lists for Zapf Dingbats, TeX, CFF's standard strings and Macintosh, sorted.
static LIST: &str = include_str!("names.txt");

/// Suffixes that say which of several forms of a character a glyph is.
const FORMS: &[&[u8]] = &[
    b"alt",
    b"beg",
    b"cap",
    b"caps",
    b"case",
    b"display",
    b"dnom",
    b"dotless",
    b"end",
    b"fina",
    b"fitted",
    b"inferior",
    b"init",
    b"isol",
    b"lf",
    b"liga",
    b"lnum",
    b"locl",
    b"ltr",
    b"medi",
    b"numr",
    b"oldstyle",
    b"onum",
    b"osf",
    b"pnum",
    b"rtl",
    b"sc",
    b"small",
    b"smcp",
    b"ss",
    b"st",
    b"subs",
    b"superior",
    b"sups",
    b"swash",
    b"tab",
    b"taboldstyle",
    b"text",
    b"tf",
    b"tnum",
    b"tosf",
    b"var",
    b"vert",
];

/// Words before a number by which programs that make subsets count glyphs.
const COUNTED: &[&[u8]] = &[b"CID", b"Char", b"Gly", b"afii", b"char", b"cid", b"gid", b"glyph", b"index"];

/// Bytes of the longest name that can be a plain one: a ligature of several parts.
const NAME_BYTES_MAX: usize = 63;

/// Whether `name` is of a known list, a code or a number, perhaps with the suffix of a form, or several of these joined
/// by underscores (Adobe Glyph List Specification, section 2).
pub(crate) fn plain(name: &[u8]) -> bool {
    if name.len() > NAME_BYTES_MAX {
        return false;
    }
    if simple(name) {
        return true;
    }
    let mut pieces = name.split(|byte| *byte == b'.');
    let Some(stem) = pieces.next().filter(|stem| !stem.is_empty()) else { return false };
    simple_or_joined(stem) && pieces.all(form)
}

fn simple_or_joined(stem: &[u8]) -> bool {
    simple(stem) || stem.split(|byte| *byte == b'_').all(simple)
}

/// `alt`, `sc2`, `01`.
fn form(suffix: &[u8]) -> bool {
    let digits = suffix.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let word = suffix.get(..suffix.len().saturating_sub(digits)).unwrap_or_default();
    digits <= 3 && !suffix.is_empty() && (word.len() <= 1 || FORMS.binary_search(&word).is_ok())
}

fn simple(name: &[u8]) -> bool {
    listed(name) || coded(name) || counted(name)
}

fn listed(name: &[u8]) -> bool {
    // Sorted lines: found by halving. `names.txt` is checked by a test.
    static LINES: std::sync::LazyLock<Vec<&'static [u8]>> =
        std::sync::LazyLock::new(|| LIST.lines().map(str::as_bytes).collect());
    LINES.binary_search(&name).is_ok()
}

/// `uni0416`, `u1F600`.
fn coded(name: &[u8]) -> bool {
    let hex = |digits: &[u8]| digits.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    if let Some(digits) = name.strip_prefix(b"uni") {
        return matches!(digits.len(), 4 | 8 | 12 | 16) && hex(digits);
    }
    name.strip_prefix(b"u").is_some_and(|digits| (4..=6).contains(&digits.len()) && hex(digits))
}

/// `g17`, `C0065`, `glyph12`, `cid_34`, and single letters and digits.
fn counted(name: &[u8]) -> bool {
    let digits = name.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let word = name.get(..name.len().saturating_sub(digits)).unwrap_or_default();
    let joined = word.strip_suffix(b"_").unwrap_or(word);
    match (word, digits) {
        ([letter], 0..=5) => letter.is_ascii_alphabetic(),
        ([first, second], 1..=5) => first.is_ascii_alphabetic() && second.is_ascii_alphabetic(),
        ([], digits) => digits == 1,
        (_, digits) => (1..=5).contains(&digits) && COUNTED.binary_search(&joined).is_ok(),
    }
}

/// Gives names that are not plain others, one by one.
#[derive(Default)]
pub(super) struct Renaming {
    taken: BTreeSet<Vec<u8>>,
    renamed: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Renaming {
    /// `all`: every name that the font has.
    pub(super) fn new<'n>(all: impl Iterator<Item = &'n [u8]>) -> Self {
        Self { taken: all.filter(|name| plain(name)).map(<[u8]>::to_vec).collect(), renamed: BTreeMap::new() }
    }

    /// What the glyph of this number is called from now on.
    pub(super) fn name(&mut self, glyph: usize, name: &[u8]) -> Vec<u8> {
        if plain(name) {
            return name.to_vec();
        }
        if let Some(renamed) = self.renamed.get(name) {
            return renamed.clone();
        }
        let mut new = format!("g{glyph}").into_bytes();
        let mut further = 1u32;
        while self.taken.contains(&new) && further < 1_000 {
            new = format!("g{glyph}.{further}").into_bytes();
            further = further.saturating_add(1);
        }
        self.taken.insert(new.clone());
        self.renamed.insert(name.to_vec(), new.clone());
        new
    }

    /// What was renamed.
    pub(super) fn into_map(self) -> BTreeMap<Vec<u8>, Vec<u8>> {
        self.renamed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(LIST.lines().map(str::as_bytes).is_sorted());
        assert!(FORMS.is_sorted() && COUNTED.is_sorted());
    }

    #[test]
    fn a_name_is_plain_if_it_says_what_the_glyph_is_and_no_more() {
        for name in ["A", ".notdef", "Aacute", "uni0416", "u1F600", "f_f_i", "a.sc", "one.oldstyle", "g17", "C0065"] {
            assert!(plain(name.as_bytes()), "{name}");
        }
        for name in ["", "alice", "A.alice", "uniXYZW", "MargotHellwig", "g1234567", "a_alice", "_", ".", "A."] {
            assert!(!plain(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn other_names_become_numbers_that_no_glyph_has() {
        let mut renaming = Renaming::new([b"g2".as_slice(), b"alice"].into_iter());
        assert_eq!(renaming.name(1, b"g2"), b"g2");
        assert_eq!(renaming.name(2, b"alice"), b"g2.1");
        assert_eq!(renaming.name(9, b"alice"), b"g2.1");
        assert_eq!(renaming.into_map().len(), 1);
        assert!(plain(b"g2.1"));
    }
}

//! Which names may stand in a bundle. A name is one path component that every file system takes as it is
//! and that looks like what it is.

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};

use crate::limits;
use crate::testimony::{ATTACHMENTS, STATEMENT};

/// Whether `c` may stand in a name: visible, of no meaning to a shell's or file system's path, of no
/// effect on the characters around it.
#[must_use]
pub fn is_safe_char(c: char) -> bool {
    if matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') {
        return false;
    }
    // What most names and listings are made of need not be looked up.
    if c.is_ascii() {
        return !c.is_ascii_control();
    }
    // Default-ignorable letters and marks (fillers, joiners, variation selectors) are letters to Unicode.
    let ignorable = matches!(u32::from(c),
        0x034F | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x3164 | 0xFE00..=0xFE0F | 0xFFA0
        | 0xE0100..=0xE01EF | 0x2800);
    !ignorable
        && match c.general_category() {
            GeneralCategory::SpaceSeparator => c == ' ',
            GeneralCategory::Control
            | GeneralCategory::Format
            | GeneralCategory::Surrogate
            | GeneralCategory::PrivateUse
            | GeneralCategory::Unassigned
            | GeneralCategory::LineSeparator
            | GeneralCategory::ParagraphSeparator => false,
            _ => true,
        }
}

/// Whether `name` is a safe single component: not empty, at most [`limits::NAME_BYTES_MAX`] bytes, safe
/// characters only, no leading dot, dash or blank, no trailing dot or blank, no reserved device name.
#[must_use]
pub fn is_safe_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= limits::NAME_BYTES_MAX
        && name.chars().all(is_safe_char)
        && !name.starts_with(['.', '-', ' '])
        && !name.ends_with(['.', ' '])
        && !is_reserved(name)
}

/// Whether `name` may stand in a bundle behind the manifest.
pub(super) fn is_item(name: &str) -> bool {
    name == STATEMENT || name.strip_prefix(ATTACHMENTS).is_some_and(is_safe_name)
}

/// Two names with the same key are one file on some file system: NFKC, case and normalisation folded.
#[must_use]
pub fn name_key(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).nfkc().collect()
}

/// Device names of Windows, with or without an extension ("Naming Files, Paths, and Namespaces").
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_uppercase();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|n| matches!(n, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³"))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$" | "CLOCK$")
        || numbered("COM")
        || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_in_every_script_are_safe() {
        for name in ["01.jpg", "приказ № 12.pdf", "наказ.docx", "شكوى.txt", "order (copy).png", "a.b.c.txt", "100%.txt"]
        {
            assert!(is_safe_name(name), "{name}");
        }
    }

    #[test]
    fn names_that_lie_escape_or_upset_a_file_system_are_not_safe() {
        let names = [
            "",
            ".",
            "..",
            ".hidden",
            "-rf",
            " a",
            "a ",
            "a.",
            "a/b",
            "a\\b",
            "C:",
            "a\0b",
            "a\nb",
            "a\u{202E}gpj.exe",
            "a\u{200B}b",
            "a\u{2066}b",
            "\u{FEFF}a",
            "a\u{FE0F}",
            "a\u{3164}",
            "con",
            "NUL.txt",
            "com1.jpg",
            "LPT\u{b9}",
            "aux .txt",
            "conin$",
            "a|b",
            "a?b",
            "a\u{a0}b",
            "\u{E000}",
        ];
        for name in names {
            assert!(!is_safe_name(name), "{name:?}");
        }
    }

    #[test]
    fn a_name_of_the_longest_length_is_safe_and_one_byte_more_is_not() {
        for (len, safe) in [(99, true), (100, true), (101, false)] {
            assert_eq!(is_safe_name(&"a".repeat(len)), safe);
        }
    }

    #[test]
    fn names_that_one_file_system_takes_for_the_same_share_a_key() {
        assert_eq!(name_key("A.JPG"), name_key("a.jpg"));
        assert_eq!(name_key("e\u{301}.txt"), name_key("\u{e9}.txt"));
        assert_eq!(name_key("ﬁ.txt"), name_key("fi.txt"));
        assert_ne!(name_key("01.jpg"), name_key("02.jpg"));
    }
}

//! What archives have in common: which of their members are kept, how these are called, and how they are verified.
//! Knows no archive format.

use std::collections::BTreeSet;
use std::io::Read;

use super::{Category, FORMATS, Findings, Format, MemberNames, Unaccounted, gzip, tar, zip};
use crate::bundle::{is_safe_char, is_safe_name, name_key};
use crate::limits;

/// What a member is, as far as archives tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    File,
    Folder,
    /// A link, a device, a pipe.
    Special,
}

/// Whether a member is a file to be cleaned. What is not is told.
pub(super) fn is_wanted(name: &str, kind: Kind, len: u64, findings: &mut Findings) -> bool {
    let (category, place) = match kind {
        Kind::Folder => (Category::Comment, "folder inside"),
        Kind::Special => (Category::HiddenContent, "link or device inside"),
        Kind::File if is_of_the_system(name) => (Category::HiddenContent, "file of the system inside"),
        Kind::File if len == 0 => (Category::HiddenContent, "empty file inside"),
        Kind::File => return true,
    };
    findings.removed_value(category, place, name);
    false
}

/// Whether macOS or Windows has put it there by itself, to remember how a folder is shown or where a file came from.
fn is_of_the_system(name: &str) -> bool {
    let mut parts = name.split(['/', '\\']);
    let last = parts.next_back().unwrap_or_default();
    let known = [".DS_Store", ".localized", "Thumbs.db", "ehthumbs.db", "desktop.ini"];
    last.starts_with("._")
        || known.iter().any(|known| known.eq_ignore_ascii_case(last))
        || parts.any(|part| matches!(part, "__MACOSX" | ".Trashes" | ".Spotlight-V100" | ".fseventsd"))
}

/// Names of members, each once.
pub(super) struct Names {
    names: MemberNames,
    width: usize,
    index: usize,
    taken: BTreeSet<String>,
}

impl Names {
    /// For `count` members.
    pub(super) fn new(names: MemberNames, count: usize) -> Self {
        Self { names, width: count.to_string().len().max(3), index: 0, taken: BTreeSet::new() }
    }

    /// The name of the next member: a number, unless names are kept. What the original one said is told.
    pub(super) fn next(&mut self, original: &str, extension: &str, findings: &mut Findings) -> String {
        self.index = self.index.saturating_add(1);
        let number = format!("{:0width$}", self.index, width = self.width);
        let kept = match self.names {
            MemberNames::Neutral => None,
            MemberNames::Kept => kept(original, extension),
        };
        let again = kept.as_ref().and_then(|(folder, stem)| {
            let name = format!("{stem}-{number}.{extension}");
            is_safe_name(&name).then(|| format!("{folder}{name}"))
        });
        let kept = kept.map(|(folder, stem)| format!("{folder}{stem}.{extension}"));
        let neutral = std::iter::once(format!("{number}.{extension}"));
        let others = (1_u32..).map(|n| format!("{number}-{n}.{extension}"));
        let name =
            kept.into_iter().chain(again).chain(neutral).chain(others).find(|name| self.taken.insert(name_key(name)));
        let name = name.unwrap_or_default();
        if name != original {
            findings.removed_value(Category::Comment, "name of a file inside", original);
        }
        if self.names == MemberNames::Kept && !name.starts_with(&number) {
            findings.remains(Category::Comment, "name of a file inside", &name);
        }
        name
    }
}

/// Bytes of a path that is kept, which ZIP and ustar can both hold.
const PATH_BYTES_MAX: usize = 100;

/// A path as it may stay: its folders, with a slash behind each, and its name without an extension.
fn kept(original: &str, extension: &str) -> Option<(String, String)> {
    let mut parts = original.split(['/', '\\']);
    let name = parts.next_back()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| if stem.is_empty() { name } else { stem });
    let stem = safe_part(stem);
    let folders: Vec<String> = parts.map(safe_part).filter(|part| is_safe_name(part)).collect();
    let folder: String = folders.iter().map(|part| format!("{part}/")).collect();
    let fits = folder.len().saturating_add(stem.len()).saturating_add(extension.len()) < PATH_BYTES_MAX;
    (fits && is_safe_name(&format!("{stem}.{extension}"))).then_some((folder, stem))
}

fn safe_part(part: &str) -> String {
    let safe: String = part.chars().filter(|&c| is_safe_char(c)).collect();
    safe.trim_matches([' ', '.']).to_owned()
}

/// Whether a produced name is one that [`Names`] may give.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= PATH_BYTES_MAX && name.split('/').all(is_safe_name)
}

/// Verifies a member of an archive that stands `depth` deep in others, as what its name says that it is.
pub(super) fn verify(name: &str, content: &mut dyn Read, depth: usize) -> Result<(), Unaccounted> {
    let wrong = Unaccounted::new("member", 0);
    let inner = depth.checked_add(1).filter(|&inner| inner <= limits::NESTING_MAX);
    let (Some(format), Some(inner)) = (format(name).filter(|_| is_name(name)), inner) else { return Err(wrong) };
    match format.media_type {
        "application/zip" => zip::verify_at(content, inner),
        "application/x-tar" => tar::verify_at(content, inner),
        "application/gzip" => gzip::verify_at(content, inner),
        _ => (format.verify)(content),
    }
}

/// The format that a produced name tells by its end.
fn format(name: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| name.strip_suffix(format.extension).is_some_and(|stem| stem.ends_with('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(names: MemberNames, originals: &[&str]) -> Vec<String> {
        let mut findings = Findings::default();
        let mut names = Names::new(names, originals.len());
        originals.iter().map(|original| names.next(original, "jpg", &mut findings)).collect()
    }

    #[test]
    fn members_are_numbered_unless_names_are_kept() {
        let originals =
            ["DCIM/ivan/IMG_1.JPG", "dcim\\ivan\\img_1.jpeg", "../../etc/passwd", "con.txt", "a\u{202E}b", "."];
        assert_eq!(
            named(MemberNames::Neutral, &originals),
            ["001.jpg", "002.jpg", "003.jpg", "004.jpg", "005.jpg", "006.jpg"]
        );
        let kept = named(MemberNames::Kept, &originals);
        assert_eq!(
            kept,
            ["DCIM/ivan/IMG_1.jpg", "dcim/ivan/img_1-002.jpg", "etc/passwd.jpg", "004.jpg", "ab.jpg", "006.jpg"]
        );
        assert!(kept.iter().all(|name| is_name(name)));
        let again: Vec<&str> = kept.iter().map(String::as_str).collect();
        assert_eq!(named(MemberNames::Kept, &again), kept);
        let long = "a/".repeat(60);
        assert_eq!(named(MemberNames::Kept, &[&long, &format!("{long}b.jpg")]), ["001.jpg", "002.jpg"]);
    }

    #[test]
    fn what_systems_leave_in_archives_is_told_from_files() {
        let mut findings = Findings::default();
        for name in ["__MACOSX/._a.jpg", "a/.DS_Store", "THUMBS.DB", "b/desktop.ini", "._a"] {
            assert!(!is_wanted(name, Kind::File, 1, &mut findings), "{name}");
        }
        assert!(!is_wanted("a", Kind::File, 0, &mut findings));
        assert!(!is_wanted("a", Kind::Special, 1, &mut findings));
        assert!(!is_wanted("a/", Kind::Folder, 0, &mut findings));
        assert_eq!(findings.into_vec().len(), 8);
        assert!(is_wanted("a.DS_Store.txt", Kind::File, 1, &mut Findings::default()));
    }
}

//! Character maps of a clean file: the same words around lines of codes, and nothing else.

use crate::clean::pdf::names;

const HEAD: &[&str] = &[
    "/CIDInit /ProcSet findresource begin",
    "12 dict begin",
    "begincmap",
    "/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def",
    "/CMapName /M def",
    "/CMapType 2 def",
];
const TAIL: &[&str] = &["endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"];

/// Whether `data` map codes to text.
pub(super) fn is_of_text(data: &[u8]) -> bool {
    lines(data).is_some_and(|lines| sections(&lines, &["codespacerange", "bfchar", "bfrange"]))
}

/// Whether `data` map codes to glyphs.
pub(super) fn is_of_glyphs(data: &[u8]) -> bool {
    let Some(lines) = lines(data) else { return false };
    let lines = match lines.split_first() {
        Some((first, rest)) if first.ends_with(" usecmap") => {
            let name = first.strip_prefix('/').and_then(|first| first.strip_suffix(" usecmap"));
            if name.is_none_or(|name| names::predefined_map(name.as_bytes()).is_none()) {
                return false;
            }
            rest
        }
        _ => lines.as_slice(),
    };
    match lines.split_first() {
        Some((&("/WMode 0 def" | "/WMode 1 def"), rest)) => {
            sections(rest, &["codespacerange", "cidrange", "notdefrange"])
        }
        _ => false,
    }
}

/// The lines between the words that are always the same.
fn lines(data: &[u8]) -> Option<Vec<&str>> {
    let text = std::str::from_utf8(data).ok()?.strip_suffix('\n')?;
    let lines: Vec<&str> = text.split('\n').collect();
    let lines = lines.strip_prefix(HEAD)?.strip_suffix(TAIL)?;
    Some(lines.to_vec())
}

fn sections(lines: &[&str], kinds: &[&str]) -> bool {
    let mut rest = lines;
    while let Some((first, behind)) = rest.split_first() {
        let Some((count, kind)) = first.split_once(" begin") else { return false };
        let Some(count) = count.parse::<usize>().ok().filter(|count| (1..=100).contains(count)) else { return false };
        let Some((inside, behind)) = behind.split_at_checked(count) else { return false };
        let Some((end, behind)) = behind.split_first() else { return false };
        if !kinds.contains(&kind)
            || end.strip_prefix("end") != Some(kind)
            || !inside.iter().all(|line| fits(line, kind))
        {
            return false;
        }
        rest = behind;
    }
    true
}

fn fits(line: &str, kind: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    match (kind, words.as_slice()) {
        ("codespacerange", [from, to]) => is_code(from) && is_code(to),
        ("cidrange" | "notdefrange", [from, to, first]) => {
            is_code(from) && is_code(to) && first.parse::<i64>().is_ok_and(|number| number.to_string() == **first)
        }
        ("bfchar", [code, text]) => is_code(code) && is_text(text),
        ("bfrange", [from, to, text]) if is_text(text) => is_code(from) && is_code(to),
        ("bfrange", [from, to, texts @ ..]) => {
            let list = texts.join(" ");
            let list = list.strip_prefix('[').and_then(|list| list.strip_suffix(']'));
            let all = list.is_some_and(|list| list.is_empty() || list.split(' ').all(is_text));
            is_code(from) && is_code(to) && all
        }
        _ => false,
    }
}

fn is_code(word: &str) -> bool {
    is_text(word) && (4..=10).contains(&word.len())
}

fn is_text(word: &str) -> bool {
    let digits = word.strip_prefix('<').and_then(|word| word.strip_suffix('>'));
    digits.is_some_and(|digits| {
        digits.len() % 2 == 0 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'))
    })
}

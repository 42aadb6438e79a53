//! Every fixture against its twin: a dirty one becomes its clean one byte for byte, a clean one stays, a corrupt one is refused.

use std::path::Path;

use deponent::clean::FORMATS;

use crate::harness::{deponent, fixture, fixtures, folder, name_of, names};

/// Cleans one file as a person would; the name and bytes of the copy.
fn check(path: &Path) -> (String, Vec<u8>) {
    let dir = folder();
    deponent().args(["clean", "-o"]).arg(dir.path()).arg(path).run().exits(0);
    let made = names(dir.path());
    assert_eq!(made.len(), 1, "{}", path.display());
    (made[0].clone(), std::fs::read(dir.path().join(&made[0])).unwrap())
}

#[test]
fn every_dirty_file_becomes_exactly_its_clean_one() {
    for dirty in fixtures("dirty") {
        let (_, copy) = check(&dirty);
        let expected = std::fs::read(fixture(&format!("clean/{}", clean_name(&name_of(&dirty))))).unwrap();
        assert!(copy == expected, "{} is cleaned to something else: run tests/fixtures/make --clean", dirty.display());
    }
    let expected: Vec<String> = names(&fixture("dirty")).iter().map(|name| clean_name(name)).collect();
    assert_eq!(expected, names(&fixture("clean")));
}

/// A drawing becomes a picture, and says so in its name.
fn clean_name(dirty: &str) -> String {
    if dirty.ends_with(".svg") { format!("{dirty}.png") } else { dirty.to_owned() }
}

#[test]
fn cleaning_a_clean_file_changes_nothing_and_finds_nothing() {
    for clean in fixtures("clean") {
        let (_, copy) = check(&clean);
        assert!(copy == std::fs::read(&clean).unwrap(), "{}", clean.display());
        let listing = deponent().args(["inspect", "--json"]).arg(&clean).run().exits(0).json();
        let file = &listing["files"][0];
        // A name cannot be clean or dirty here, and what remains is content.
        let found: Vec<_> = file["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["remains"] != true && finding["where"] != "file name")
            .collect();
        assert!(found.is_empty(), "{}: {found:?}", clean.display());
        assert_eq!(file["status"], "clean", "{}", clean.display());
    }
}

#[test]
fn every_corrupt_file_is_refused_and_leaves_nothing() {
    for corrupt in fixtures("corrupt") {
        let dir = folder();
        let outcome = deponent().args(["clean", "-o"]).arg(dir.path()).arg(&corrupt).run();
        assert_eq!(outcome.code, Some(3), "{}: {}", corrupt.display(), outcome.stderr);
        assert!(outcome.stderr.contains("cannot be cleaned: "), "{}: {}", corrupt.display(), outcome.stderr);
        assert!(outcome.stderr.contains("hint: "), "{}: {}", corrupt.display(), outcome.stderr);
        assert!(names(dir.path()).is_empty(), "{}", corrupt.display());
    }
}

#[test]
fn every_prefix_of_a_small_file_is_refused_or_clean_and_never_crashes() {
    for name in ["one-pixel.jpg", "one-pixel.png", "note.3gp"] {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        for len in 0..whole.len() {
            let prefix = crate::canary::Memory::new(whole[..len].to_vec());
            assert!(deponent::clean::clean(&prefix).is_err(), "{name} cut to {len} bytes is accepted");
        }
    }
}

#[test]
fn every_format_of_the_table_has_dirty_clean_and_corrupt_fixtures() {
    assert!(!FORMATS.is_empty());
    for format in FORMATS {
        for folder in ["dirty", "clean", "corrupt"] {
            let suffix = format!(".{}", format.extension);
            let is_of_it =
                |name: &str| name.strip_suffix(".png").unwrap_or(name).ends_with(&suffix) || name.ends_with(&suffix);
            let count = fixtures(folder).iter().filter(|path| is_of_it(&name_of(path))).count();
            assert!(count >= 5, "{}: {count} fixtures in {folder}", format.name);
        }
    }
}

#[test]
fn the_statement_is_clean_as_it_is() {
    let (name, copy) = check(&fixture("statement.txt"));
    assert_eq!(name, "01.txt");
    assert!(copy == std::fs::read(fixture("statement.txt")).unwrap());
}

#[test]
fn one_statement_in_many_encodings_is_one_text() {
    let plain = std::fs::read_to_string(fixture("statement.txt")).unwrap();
    for name in ["1251", "utf16", "utf16-be", "crlf", "decomposed"] {
        let (_, copy) = check(&fixture(&format!("dirty/statement-{name}.txt")));
        assert!(copy == plain.as_bytes(), "{name}");
    }
    // KOI8-R has no such quotation marks.
    let (_, copy) = check(&fixture("dirty/statement-koi8-r.txt"));
    assert!(copy == plain.replace(['«', '»'], "\"").as_bytes());
}

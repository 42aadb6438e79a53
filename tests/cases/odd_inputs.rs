//! Paths that are not what they seem: every one is answered at once, and none leaves a file behind.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::harness::{Outcome, deponent, fixture, folder, names, tool};

/// Longer than anything here takes, even on a slow machine, and shorter than a wait for a FIFO's writer.
const AT_ONCE: Duration = Duration::from_secs(10);

/// Cleans one path, insists on the code and a sentence, and that there is no copy.
fn check(path: &Path, code: i32, sentence: &str) {
    let dir = folder();
    let begun = Instant::now();
    let outcome = clean_into(dir.path(), path).exits(code).says(sentence);
    assert!(begun.elapsed() < AT_ONCE, "{}", path.display());
    assert!(names(dir.path()).is_empty());
    assert!(!has_control(&outcome.stderr), "{:?}", outcome.stderr);
}

fn clean_into(out: &Path, path: &Path) -> Outcome {
    deponent().args(["clean", "-o"]).arg(out).arg("--").arg(path).run()
}

fn has_control(text: &str) -> bool {
    text.chars().any(|c| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
}

fn file_in(dir: &Path, name: &str, bytes: &[u8]) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

#[test]
fn an_empty_file_is_refused() {
    let dir = folder();
    check(&file_in(dir.path(), "empty.jpg", b""), 3, "cannot be cleaned: it is empty");
}

#[test]
fn a_folder_is_not_a_file() {
    let dir = folder();
    check(dir.path(), 1, "it is a folder");
}

#[test]
fn a_fifo_does_not_make_us_wait() {
    let dir = folder();
    let fifo = dir.path().join("photo.jpg");
    tool("mkfifo").arg(&fifo).run().exits(0);
    check(&fifo, 1, "it is not a regular file");
}

#[test]
fn devices_are_not_read() {
    check(Path::new("/dev/zero"), 1, "it is not a regular file");
    check(Path::new("/dev/null"), 1, "it is not a regular file");
}

#[test]
fn a_link_to_a_photo_is_followed_and_the_photo_is_left_alone() {
    let dir = folder();
    let link = dir.path().join("link.jpg");
    let photo = file_in(dir.path(), "photo.jpg", &std::fs::read(fixture("dirty/rgb.jpg")).unwrap());
    std::os::unix::fs::symlink("photo.jpg", &link).unwrap();
    let out = dir.path().join("out");
    clean_into(&out, &link).exits(0);
    assert!(
        std::fs::read(out.join("01.jpg")).unwrap() == std::fs::read(fixture("clean/rgb.jpg")).unwrap(),
        "the copy of a link is the clean photo"
    );
    assert!(std::fs::read(&photo).unwrap() == std::fs::read(fixture("dirty/rgb.jpg")).unwrap());
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
}

#[test]
fn a_link_to_nothing_is_not_there() {
    let dir = folder();
    let link = dir.path().join("link.jpg");
    std::os::unix::fs::symlink("nowhere.jpg", &link).unwrap();
    check(&link, 1, "there is no such file");
    let round = dir.path().join("round.jpg");
    std::os::unix::fs::symlink("round.jpg", &round).unwrap();
    check(&round, 1, "round.jpg");
}

#[test]
fn a_file_that_may_not_be_read_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let dir = folder();
    let path = file_in(dir.path(), "photo.jpg", &std::fs::read(fixture("dirty/rgb.jpg")).unwrap());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&path).is_err() {
        check(&path, 1, "you may not read or write it");
        return;
    }
    // Root may read anything, and so becomes nobody for this.
    let program = dir.path().join("deponent");
    std::fs::copy(env!("CARGO_BIN_EXE_deponent"), &program).unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let run = tool("setpriv").args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    run.arg(&program).arg("inspect").arg(&path).run().exits(1).says("you may not read or write it");
}

#[test]
fn ten_sparse_gigabytes_are_refused_at_once() {
    let dir = folder();
    let heads: [(&str, &[u8]); 4] = [
        ("zeros", b""),
        ("photo.jpg", &std::fs::read(fixture("clean/rgb.jpg")).unwrap()[..600]),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde"),
        ("text.txt", "Здравствуйте. Меня зовут Павел.\n".as_bytes()),
    ];
    for (name, head) in heads {
        let path = file_in(dir.path(), name, head);
        std::fs::File::options().write(true).open(&path).unwrap().set_len(10 << 30).unwrap();
        check(&path, 3, "cannot be cleaned");
    }
}

#[test]
fn a_name_with_control_and_direction_characters_is_shown_harmless() {
    let dir = folder();
    let name = "photo\u{1b}]0;x\u{7}\u{202e}gpj.\n\u{2066}exe.jpg";
    let bad = file_in(dir.path(), name, b"\xff\xd8\xff\xd9");
    let outcome = clean_into(&dir.path().join("out"), &bad).exits(3).says("photo");
    assert!(!has_control(&outcome.stderr), "{:?}", outcome.stderr);
    assert_eq!(outcome.stderr.lines().count(), 2, "{:?}", outcome.stderr);
    std::fs::copy(fixture("dirty/rgb.jpg"), &bad).unwrap();
    let outcome = deponent().arg("inspect").arg(&bad).run().exits(0);
    assert!(!has_control(&outcome.text()), "{:?}", outcome.text());
    // JSON escapes control characters itself; the name must come back whole.
    let listing = deponent().args(["inspect", "--json"]).arg(&bad).run().exits(0).json();
    assert_eq!(listing["files"][0]["file"].as_str().unwrap(), bad.to_str().unwrap());
    let kept = dir.path().join("kept");
    deponent().args(["clean", "--keep-names", "-o"]).arg(&kept).arg(&bad).run().exits(0);
    let copies = names(&kept);
    assert!(copies.len() == 1 && !has_control(&copies[0]) && !copies[0].contains('\n'), "{copies:?}");
}

#[test]
fn a_finding_with_control_characters_is_shown_harmless() {
    let dir = folder();
    let clean = std::fs::read(fixture("clean/rgb.jpg")).unwrap();
    let words = "\u{1b}[2Jred \u{202e}drow".as_bytes();
    let length = u16::try_from(words.len() + 2).unwrap().to_be_bytes();
    let dirty = [&clean[..2], b"\xff\xfe", &length, words, &clean[2..]].concat();
    let path = file_in(dir.path(), "said.jpg", &dirty);
    let table = deponent().arg("inspect").arg(&path).run().exits(0).text();
    assert!(table.contains("words inside") && table.contains("red"), "{table:?}");
    assert!(!has_control(&table), "{table:?}");
}

#[test]
fn a_name_that_is_no_unicode_is_no_obstacle() {
    use std::os::unix::ffi::OsStrExt;
    let dir = folder();
    let path = dir.path().join(std::ffi::OsStr::from_bytes(b"photo-\xff\xfe.jpg"));
    std::fs::copy(fixture("dirty/rgb.jpg"), &path).unwrap();
    let out = dir.path().join("out");
    clean_into(&out, &path).exits(0);
    assert_eq!(names(&out), ["01.jpg"]);
}

#[test]
fn a_name_like_a_flag_is_a_name_after_two_dashes() {
    let dir = folder();
    std::fs::copy(fixture("dirty/rgb.jpg"), dir.path().join("--json")).unwrap();
    deponent().args(["clean", "-o", "out", "--", "--json"]).cwd(dir.path()).run().exits(0);
    assert_eq!(names(&dir.path().join("out")), ["01.jpg"]);
}

#[test]
fn many_kinds_that_cannot_be_cleaned_are_refused_by_name() {
    let dir = folder();
    let kinds: [(&str, &[u8]); 5] = [
        ("a.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("a.zip", b"PK\x03\x04\x14\0\0\0\x08\0"),
        ("a.gif", b"GIF89a\x01\0\x01\0\0\0\0;"),
        ("a.svgz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03"),
        ("a.html", b"<!doctype html><p>x"),
    ];
    for (name, head) in kinds {
        check(&file_in(dir.path(), name, head), 3, "cannot be cleaned");
    }
}

#[test]
fn each_type_that_is_refused_comes_with_its_own_way_out() {
    let dir = folder();
    let kinds: [(&str, &[u8], &str); 10] = [
        ("page.html", b"<!doctype html><p>x", "hint: print it to PDF from the browser"),
        ("letter.eml", b"From: a@example.org\nSubject: x\n\nwords\n", "hint: paste its words into the statement"),
        ("contract.rtf", b"{\\rtf1\\ansi words}", "hint: open it and save it as DOCX or ODT"),
        ("all.7z", b"7z\xbc\xaf\x27\x1c\0\x04", "hint: unpack it"),
        ("photo.raf", b"FUJIFILMCCD-RAW 0201\0\0\0\0", "hint: export it as JPEG"),
        ("drawing.psd", b"8BPS\0\x01\0\0\0\0\0\0", "hint: open it and save it as PNG or JPEG"),
        ("film.flv", b"FLV\x01\x05\0\0\0\x09", "hint: convert it to MP4"),
        ("tool", b"\x7fELF\x02\x01\x01\0", "hint: leave it out"),
        ("messages.db", b"SQLite format 3\0", "hint: take screenshots"),
        ("key.pem", b"-----BEGIN PRIVATE KEY-----\nAAAA\n", "hint: leave it out if it is a key"),
    ];
    for (name, bytes, hint) in kinds {
        check(&file_in(dir.path(), name, bytes), 3, hint);
    }
}

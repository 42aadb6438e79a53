//! Other programs judge clean archives: whether they open them, and find nothing in their headers.

use std::path::PathBuf;

use crate::harness::{fixtures, name_of, tool};
use crate::traces::Traces;

/// What stands in the dirty archives and must be gone; names of members are gone too.
const PLANTED: &[&str] =
    &["KVZ7Q20418", "Melnyk", "melnyk", "Slobidske", "commander", "2026", "staff", "IMG_", "MACOSX", "DS_Store"];

fn clean(extension: &str) -> Vec<PathBuf> {
    let files: Vec<_> = fixtures("clean").into_iter().filter(|path| name_of(path).ends_with(extension)).collect();
    assert!(files.len() >= 5);
    files
}

#[test]
fn info_zip_finds_only_constants_in_the_headers_of_clean_archives() {
    for path in clean(".zip") {
        tool("unzip").arg("-tq").arg(&path).run().exits(0);
        let listing = tool("zipinfo").arg("-v").arg(&path).run().exits(0).stdout;
        let lines = String::from_utf8_lossy(&listing).into_owned();
        let count = lines.matches("Central directory entry #").count();
        assert!(count > 0);
        for line in [
            "file system or operating system of origin:      MS-DOS, OS/2 or NT FAT",
            "version of encoding software:                   2.0",
            "file last modified on (DOS date/time):          1980 Jan 1 00:00:00",
            "length of extra field:                          0 bytes",
            "length of file comment:                         0 characters",
            "MS-DOS file attributes (00 hex):                none",
            "non-MSDOS external file attributes:             000000 hex",
        ] {
            assert_eq!(lines.matches(line).count(), count, "{}: {line}\n{lines}", path.display());
        }
        assert!(lines.contains("There is no zipfile comment."), "{}", path.display());
    }
}

#[test]
fn tar_and_gzip_find_only_constants_in_the_headers_of_clean_archives() {
    for (extension, flags) in [(".tar", "tvf"), (".tar.gz", "tvzf")] {
        for path in clean(extension) {
            let listing = tool("tar").env("TZ", "UTC").args([flags, path.to_str().unwrap(), "--numeric-owner"]).run();
            let listing = String::from_utf8_lossy(&listing.exits(0).stdout).into_owned();
            for line in listing.lines() {
                assert!(line.starts_with("-rw-r--r-- 0/0 "), "{}: {line}", path.display());
                assert!(line.contains(" 1970-01-01 00:00 00"), "{}: {line}", path.display());
            }
            assert!(listing.lines().count() > 0, "{}", path.display());
        }
    }
    for path in clean(".tar.gz") {
        tool("gzip").arg("-t").arg(&path).run().exits(0);
        assert_eq!(std::fs::read(&path).unwrap()[..10], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]);
    }
}

#[test]
fn nothing_planted_is_left_in_clean_archives() {
    for extension in [".zip", ".tar", ".tar.gz"] {
        for path in clean(extension) {
            let dir = crate::harness::folder();
            let mut bytes = vec![std::fs::read(&path).unwrap()];
            let unpacked = match extension {
                ".zip" => tool("unzip").arg("-p").arg(&path).run(),
                _ => tool("tar").args(["xOf", path.to_str().unwrap()]).cwd(dir.path()).run(),
            };
            bytes.push(unpacked.exits(0).stdout.to_vec());
            for bytes in bytes {
                let traces = Traces::of(&bytes);
                for planted in PLANTED {
                    assert_eq!(traces.find(planted.as_bytes()), None, "{}: {planted}", path.display());
                }
            }
        }
    }
}

//! `deponent clean`: what it writes, what it leaves, how it names.

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::harness::{Outcome, deponent, fixture, folder, names};

/// Cleans these fixtures into `out`.
fn check(out: &Path, options: &[&str], dirty: &[&str]) -> Outcome {
    deponent().arg("clean").args(options).arg("-o").arg(out).args(dirty.iter().map(|name| fixture(name))).run()
}

#[test]
fn names_are_neutral_unless_they_are_to_be_kept() {
    let dir = folder();
    let files = ["dirty/IMG_20260914_183042.jpg", "dirty/palette.png", "dirty/persian.txt"];
    check(&dir.path().join("neutral"), &[], &files).exits(0);
    check(&dir.path().join("kept"), &["--keep-names"], &files).exits(0);
    assert_eq!(names(&dir.path().join("neutral")), ["01.jpg", "02.png", "03.txt"]);
    assert_eq!(names(&dir.path().join("kept")), ["IMG_20260914_183042.jpg", "palette.png", "persian.txt"]);
}

#[test]
fn what_is_refused_is_named_and_the_others_are_written() {
    let dir = folder();
    let out = dir.path().join("out");
    let outcome = check(&out, &[], &["dirty/palette.png", "corrupt/cut-in-scan.jpg", "dirty/rgb.jpg"]).exits(3);
    let outcome = outcome.says("cut-in-scan.jpg: cannot be cleaned: truncated").says("hint: ");
    assert!(!outcome.stderr.contains("palette.png"), "{}", outcome.stderr);
    // A number keeps its place, so that names tell what is missing.
    assert_eq!(names(&out), ["01.png", "03.jpg"]);
}

#[test]
fn the_listing_says_where_each_copy_is() {
    let dir = folder();
    let out = dir.path().join("out");
    let outcome = check(&out, &["--json"], &["dirty/palette.png", "corrupt/bad-crc.png", "clean/rgb.jpg"]).exits(3);
    let listing = outcome.json();
    let files = listing["files"].as_array().unwrap();
    let statuses: Vec<&str> = files.iter().map(|file| file["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["cleaned", "refused", "clean"]);
    assert_eq!(files[0]["output"].as_str().unwrap(), out.join("01.png").to_str().unwrap());
    assert!(files[1].get("output").is_none());
    assert!(files[1]["reason"].is_string());
    assert_eq!(files[2]["findings"].as_array().unwrap().len(), 0);
}

#[test]
fn nothing_is_overwritten() {
    let dir = folder();
    let out = dir.path().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::write(out.join("01.jpg"), "mine").unwrap();
    check(&out, &[], &["dirty/rgb.jpg", "dirty/palette.png"]).exits(1).says("nothing is overwritten");
    assert_eq!(names(&out), ["01.jpg", "02.png"]);
    assert_eq!(std::fs::read(out.join("01.jpg")).unwrap(), b"mine");
}

#[test]
fn one_name_twice_makes_two_copies() {
    let dir = folder();
    let (a, b, out) = (dir.path().join("a"), dir.path().join("b"), dir.path().join("out"));
    for (folder, picture) in [(&a, "dirty/rgb.jpg"), (&b, "dirty/444.jpg")] {
        std::fs::create_dir(folder).unwrap();
        std::fs::copy(fixture(picture), folder.join("photo.jpg")).unwrap();
    }
    let pair = [a.join("photo.jpg"), b.join("photo.jpg")];
    deponent().args(["clean", "--keep-names", "-o"]).arg(&out).args(&pair).run().exits(0);
    assert_eq!(names(&out).len(), 2);
    assert!(names(&out).contains(&"photo.jpg".to_owned()));
}

#[test]
fn a_name_that_claims_another_type_is_told_and_mended() {
    let dir = folder();
    let out = dir.path().join("out");
    let wrong = dir.path().join("order.png");
    std::fs::copy(fixture("clean/rgb.jpg"), &wrong).unwrap();
    let listing =
        deponent().args(["clean", "--json", "--keep-names", "-o"]).arg(&out).arg(&wrong).run().exits(0).json();
    let finding = &listing["files"][0]["findings"][0];
    assert_eq!(finding["where"], "file name");
    assert!(finding["value"].as_str().unwrap().contains(".png"), "{listing}");
    assert_eq!(names(&out), ["order.jpg"]);
    for (name, other) in [("photo.JPEG", "clean/rgb.jpg"), ("note.md", "clean/persian.txt"), ("none", "clean/rgb.jpg")]
    {
        let right = dir.path().join(name);
        std::fs::copy(fixture(other), &right).unwrap();
        let listing = deponent().args(["inspect", "--json"]).arg(&right).run().exits(0).json();
        assert_eq!(listing["files"][0]["status"], "clean", "{listing}");
    }
}

#[test]
fn copies_carry_neither_the_times_nor_the_mode_of_the_original() {
    let dir = folder();
    let original = dir.path().join("photo.jpg");
    std::fs::copy(fixture("dirty/rgb.jpg"), &original).unwrap();
    let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    std::fs::File::options().write(true).open(&original).unwrap().set_modified(long_ago).unwrap();
    let out = dir.path().join("out");
    deponent().args(["clean", "-o"]).arg(&out).arg(&original).run().exits(0);
    let copy = std::fs::metadata(out.join("01.jpg")).unwrap();
    assert_ne!(copy.modified().unwrap(), long_ago);
    assert_eq!(copy.mode() & 0o777, 0o600);
}

#[test]
fn the_same_file_gives_the_same_copy_under_any_name_time_and_locale() {
    let dir = folder();
    let mut copies = Vec::new();
    for (number, name) in ["a.jpg", "б.jpeg", "without"].into_iter().enumerate() {
        let original = dir.path().join(name);
        std::fs::copy(fixture("dirty/IMG_20260914_183042.jpg"), &original).unwrap();
        let out = dir.path().join(number.to_string());
        deponent().args(["clean", "-o"]).arg(&out).arg(&original).run().exits(0);
        copies.push(std::fs::read(out.join("01.jpg")).unwrap());
    }
    assert!(copies[0] == copies[1] && copies[1] == copies[2]);
}

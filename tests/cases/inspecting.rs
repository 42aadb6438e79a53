//! `deponent inspect`: what it finds, and how it says so.

use serde_json::Value;

use crate::harness::{deponent, fixture, folder, names};

const UPRIGHT: &str = "dirty/IMG_20260914_183042.jpg";
const TURNED: &str = "dirty/PXL_20260321_061512345.MP.jpg";
const SCREENSHOT: &str = "dirty/Screenshot_20260914-183501.png";

/// Insists that `inspect --json` finds in a fixture each of these: category and a part of the value.
fn check(name: &str, expected: &[(&str, &str)]) {
    let listing = deponent().args(["inspect", "--json"]).arg(fixture(name)).run().exits(0).json();
    let file = &listing["files"][0];
    assert_eq!(file["status"], "cleaned");
    let findings = file["findings"].as_array().unwrap();
    for (category, part) in expected {
        let met = findings.iter().any(|finding| {
            finding["category"] == *category && finding["value"].as_str().unwrap_or_default().contains(part)
        });
        assert!(met, "{name}: no {category} {part:?} in {findings:#?}");
    }
}

#[test]
fn a_photo_of_a_phone_gives_away_place_time_owner_and_serial_number() {
    check(
        UPRIGHT,
        &[
            ("location", "50.004217, 36.235806"),
            ("location", "137.4"),
            ("location", "Слобідське"),
            ("location", "Slobidske"),
            ("device", "Kvarz N7"),
            ("device", "KVZ7Q20418"),
            ("device", "LNS-0077341"),
            ("time", "2026:09:14 18:30:42"),
            ("time", "+03:00"),
            ("time", "15:30:39"),
            ("person", "Мельник Остап"),
            ("person", "Melnyk Ostap"),
            ("software", "KvarzOS 14.2.1-0931"),
            ("software", "Kvarz Gallery 9.1"),
            ("thumbnail", ""),
            ("comment", "біля криниці"),
            ("comment", "переслано"),
            ("identifier", "9f2c41d07be84a55a1c3e6f0d2b47788"),
            ("identifier", "xmp.did:5b1f7a0c-77aa-4e61-9a3e-0c2d18f4b9e1"),
        ],
    );
}

#[test]
fn a_turned_photo_gives_away_the_video_behind_it() {
    check(
        TURNED,
        &[
            ("location", "47.218734, 39.701255"),
            ("device", "R5CT31NL0882"),
            ("device", "NL-440 wide"),
            ("time", "2026:03:21 06:15:12"),
            ("person", "Д. Ворожейкина"),
            ("software", "NL440XXU3BWC2"),
            ("thumbnail", ""),
            ("hidden-content", "video"),
        ],
    );
}

#[test]
fn a_screenshot_gives_away_phone_time_and_words() {
    check(
        SCREENSHOT,
        &[
            ("device", "Kvarz N7"),
            ("device", "KVZ7Q20418"),
            ("time", "2026-09-14 18:35:01"),
            ("person", "Melnyk Ostap"),
            ("software", "Kvarz Markup 3.1"),
            ("comment", "company commander"),
            ("comment", "листування з ротним"),
        ],
    );
}

#[test]
fn a_text_gives_away_the_marks_in_it() {
    check("dirty/statement-marked.txt", &[("watermark", "zero width space"), ("watermark", "tag characters")]);
}

#[test]
fn a_text_gives_away_what_its_words_say_and_nothing_of_it_is_changed() {
    const TEXT: &str = "Меня зовут Остап Мельник, мой телефон +380 67 555 12 34.\n\
        Служил: в/ч 12345, позывной «Барс». Яма здесь: 50.004217, 36.235806\n";
    let dir = folder();
    let path = dir.path().join("слова.txt");
    std::fs::write(&path, TEXT).unwrap();
    let listing = deponent().args(["inspect", "--json"]).arg(&path).run().exits(0).json();
    let file = &listing["files"][0];
    assert_eq!(file["status"], "clean");
    let findings = file["findings"].as_array().unwrap();
    let expected = [
        ("person", "line 1, phone number", "+380 67 555 12 34"),
        ("person", "line 1, name", "Остап Мельник"),
        ("person", "line 2, call sign", "«Барс»"),
        ("person", "line 2, military unit", "в/ч 12345"),
        ("location", "line 2, coordinates", "50.004217, 36.235806"),
    ];
    for (category, place, value) in expected {
        let met = findings.iter().any(|finding| {
            finding["category"] == category
                && finding["where"] == place
                && finding["value"] == value
                && finding["remains"] == true
        });
        assert!(met, "no {place} {value} in {findings:#?}");
    }
    assert_eq!(findings.len(), expected.len(), "{findings:#?}");
    let table = deponent().arg("inspect").arg(&path).run().exits(0).text();
    assert!(table.contains("    +380 67 555 12 34 (line 1, phone number)\n"), "{table}");
    let out = dir.path().join("out");
    let cleaned = deponent().args(["clean", "-o"]).args([&out, &path]).run().exits(0).text();
    assert!(cleaned.contains("    в/ч 12345 (line 2, military unit)\n"), "{cleaned}");
    assert_eq!(std::fs::read_to_string(out.join("01.txt")).unwrap(), TEXT);
}

#[test]
fn the_listing_has_the_shape_of_the_contract() {
    const CATEGORIES: &[&str] = &[
        "location",
        "device",
        "time",
        "person",
        "software",
        "thumbnail",
        "comment",
        "history",
        "hidden-content",
        "watermark",
        "identifier",
        "unknown",
    ];
    let corrupt = fixture("corrupt/bad-zlib.png");
    let listing = deponent()
        .args(["inspect", "--json"])
        .args([fixture(UPRIGHT), fixture("clean/one-pixel.png"), corrupt])
        .run()
        .exits(3)
        .json();
    assert_eq!(listing.as_object().unwrap().keys().collect::<Vec<_>>(), ["files"]);
    let files = listing["files"].as_array().unwrap();
    let statuses: Vec<&str> = files.iter().map(|file| file["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["cleaned", "clean", "refused"]);
    let types: Vec<&str> = files.iter().map(|file| file["media_type"].as_str().unwrap()).collect();
    assert_eq!(types, ["image/jpeg", "image/png", "image/png"]);
    assert!(files[2]["reason"].as_str().unwrap().contains("zlib"), "{listing}");
    assert!(files[0].get("reason").is_none());
    for finding in files[0]["findings"].as_array().unwrap() {
        assert!(CATEGORIES.contains(&finding["category"].as_str().unwrap()), "{finding}");
        assert!(finding["where"].is_string());
        assert!(matches!(finding.get("value"), None | Some(Value::String(_))));
    }
}

#[test]
fn the_table_is_for_people() {
    let table = deponent().arg("inspect").arg(fixture(UPRIGHT)).run().exits(0).text();
    let mut lines = table.lines();
    assert!(lines.next().unwrap().ends_with("IMG_20260914_183042.jpg (image/jpeg)"), "{table}");
    // What matters most comes first: what it tells, and then in which field.
    assert_eq!(lines.next().unwrap(), "  where it was made");
    assert_eq!(lines.next().unwrap(), "    50.004217, 36.235806 (Exif GPS)");
    assert!(table.contains("  with which device\n"), "{table}");
    assert!(table.contains("    KVZ7Q20418 (Exif BodySerialNumber)\n"), "{table}");
    // What several fields say is told once.
    let moment = "    2026:09:14 18:30:42 (Exif DateTime, Exif DateTimeOriginal, Exif DateTimeDigitized)\n";
    assert!(table.contains(moment), "{table}");
    assert!(!table.chars().any(|c| c.is_control() && c != '\n'), "{table:?}");
    let table = deponent().arg("inspect").arg(fixture("clean/one-pixel.jpg")).run().exits(0).text();
    assert!(table.ends_with("\n  nothing found to take out; what it shows or says may still identify\n"), "{table}");
}

#[test]
fn looking_changes_nothing() {
    let dir = folder();
    let copy = dir.path().join("photo.jpg");
    std::fs::copy(fixture(UPRIGHT), &copy).unwrap();
    deponent().arg("inspect").arg(&copy).cwd(dir.path()).run().exits(0);
    assert_eq!(names(dir.path()), ["photo.jpg"]);
    assert!(std::fs::read(&copy).unwrap() == std::fs::read(fixture(UPRIGHT)).unwrap());
}

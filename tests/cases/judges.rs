//! Other programs judge the clean fixtures: what exiftool still lists, whether the pixels are the same.

use std::path::Path;

use serde_json::Value;

use crate::harness::{clean_with, dirty_twin, fixture, fixtures, folder, name_of, tool};
use crate::traces::Traces;

/// What `exiftool -a -G1 -s -ee -u` may list on a clean file: a group, and in it these tags or all (`*`).
/// `scripts/check-corpus` goes by the same list.
const ALLOWED: &str = include_str!("../allowed-tags");

/// What stands in the dirty pictures and must be gone. No picture shows a letter.
const PLANTED: &[&str] = &[
    "KVZ7Q20418",
    "Kvarz",
    "KVRZ",
    "N7-B",
    "NVMD",
    "Nordlys",
    "NORDLYS",
    "NL-440",
    "NL440",
    "R5CT31NL0882",
    "LNS-0077341",
    "356938035643809",
    "9f2c41d07be84a55a1c3e6f0d2b47788",
    "5b1f7a0c",
    "nl:docid",
    "Мельник",
    "Остапа",
    "Ворожейкина",
    "Melnyk",
    "Slobidske",
    "Слобідське",
    "криниці",
    "ротним",
    "commander",
    "2026:0",
    "2026-0",
    "50.0042",
    "ftyp",
    "moov",
    "MPF",
    "xmp",
    "http",
    "8D1F4C7A0B3E5D6F",
    "behind the end",
    "after the picture",
    "licence 4471",
    "unused",
    "suggested",
    "prVt",
    "Author",
    "exif:",
    "KVZ tag",
    "sefd",
    "R5CT31NL0882 SEFH",
    "the commander",
    "libavif",
    "x265",
    "x264",
    "hdrgainmap",
    "portraiteffectsmatte",
    "Melnyk Ostap",
    "Melnyk's",
    "telemetry",
    "Slobidske 12",
    "VoiceMemos",
    "8db42d694ccc4187",
    "KV9.02",
    "GPS5",
    "DVNM",
    "camm",
    "mebx",
    "com.apple",
    "com.android",
    "evening.prj",
    "iTunSMPB",
    "udta",
    "SEQ_PLAY",
    "091e20e",
    "kvarz.example",
    "Private",
    "jbrd",
    "brob",
    "LAME3.",
    "Lavf",
    "Xiph",
    "libopus",
    "libFLAC",
    "recorder",
    "Recorder",
    "ancillary ",
    "between frames",
    "between pages",
    "testimony",
];

#[test]
fn exiftool_lists_only_what_is_allowed() {
    // It knows nothing of tar, and frames of sound without a container have no place for a tag that it knows.
    let unknown = [".aac", ".amr", ".awb", ".tar"];
    let is_known =
        |path: &std::path::PathBuf| !is_text(path) && !unknown.iter().any(|end| name_of(path).ends_with(end));
    let clean: Vec<_> = fixtures("clean").into_iter().filter(is_known).collect();
    let listing = tool("exiftool").args(["-j", "-a", "-G1", "-s", "-ee", "-u"]).args(&clean).run().exits(0).json();
    let files = listing.as_array().unwrap();
    assert_eq!(files.len(), clean.len());
    for file in files {
        let tags = file.as_object().unwrap();
        // Documents are archives to it, and it may know only how such begin.
        let is_of_file = |tag: &str, value: &Value| {
            tag != "SourceFile" && value != "Install Archive::Zip to decode compressed ZIP information"
        };
        for (tag, value) in tags.iter().filter(|(tag, value)| is_of_file(tag, value)) {
            let (group, name) = tag.split_once(':').unwrap();
            assert!(is_allowed(group, name), "{}: {tag} = {value}", tags["SourceFile"]);
        }
    }
}

#[test]
fn nothing_that_was_planted_is_left_even_compressed() {
    let mut met = 0;
    for clean in fixtures("clean").iter().filter(|path| !is_text(path)) {
        let (after, before) = (Traces::of(&std::fs::read(clean).unwrap()), dirty_twin(clean));
        let before = Traces::of(&std::fs::read(before).unwrap());
        let is_looked_for = |trace: &&&str| match **trace {
            "ftyp" | "moov" => !is_of_boxes(clean),
            // Namespaces of XML.
            "http" => !is_package(clean),
            // Within frames of MP3, which other containers keep as they are.
            "LAME3." => clean.extension().is_some_and(|own| own == "mp3"),
            _ => true,
        };
        for trace in PLANTED.iter().filter(is_looked_for) {
            assert_eq!(after.find(trace.as_bytes()), None, "{trace} is in {}", clean.display());
            met += usize::from(before.find(trace.as_bytes()).is_some());
        }
    }
    // Or the fixtures would have lost what they are for.
    assert!(met >= 130, "{met}");
}

#[test]
fn jpeg_pixels_are_the_same_to_a_decoder() {
    for clean in clean_with("jpg", 10) {
        let decoded = |path: &Path| tool("djpeg").arg("-pnm").arg(path).run();
        // 2 is a warning, of which a dirty file may have one.
        let (after, before) = (decoded(&clean).exits(0), decoded(&dirty_twin(&clean)));
        assert!(matches!(before.code, Some(0 | 2)), "{}", clean.display());
        assert!(after.stdout.len() > 10 && after.stdout == before.stdout, "{}", clean.display());
        assert!(after.stderr.is_empty(), "{}: {}", clean.display(), after.stderr);
        assert!(std::fs::read(&clean).unwrap().ends_with(&[0xFF, 0xD9]), "{}", clean.display());
    }
}

#[test]
fn pixels_frames_and_delays_are_the_same_to_pillow() {
    let script = folder();
    let path = script.path().join("frames.py");
    std::fs::write(&path, FRAMES).unwrap();
    let pictures = clean_with("png", 10).into_iter().chain(clean_with("jpg", 10));
    for clean in pictures.filter(|clean| !was_drawn(clean)) {
        let frames = |picture: &Path| tool("/usr/bin/python3").arg(&path).arg(picture).run().exits(0).text();
        let (after, before) = (frames(&clean), frames(&dirty_twin(&clean)));
        assert!(after.lines().count() >= 2, "{after}");
        assert_eq!(after, before, "{}", clean.display());
    }
}

/// Prints mode, size and orientation, then a digest and the delay of every frame.
const FRAMES: &str = "
import hashlib, sys
from PIL import Image
with Image.open(sys.argv[1]) as image:
    print(image.mode, image.size, image.getexif().get(0x0112, 1))
    for number in range(getattr(image, 'n_frames', 1)):
        image.seek(number)
        pixels = image.convert('RGBA') if image.mode == 'P' else image
        print(hashlib.sha256(pixels.tobytes()).hexdigest(), image.info.get('duration'), image.info.get('loop'))
";

#[test]
fn pngcheck_finds_nothing_wrong() {
    for clean in clean_with("png", 10) {
        let outcome = tool("pngcheck").arg("-q").arg(&clean).run();
        assert_eq!(outcome.code, Some(0), "{}: {}", clean.display(), outcome.text());
    }
}

#[test]
fn a_turned_photo_stays_turned() {
    for name in ["PXL_20260321_061512345.MP.jpg", "rotated.png"] {
        let listing =
            tool("exiftool").args(["-j", "-n", "-Orientation"]).arg(fixture(&format!("clean/{name}"))).run().exits(0);
        assert_eq!(listing.json()[0]["Orientation"], Value::from(6), "{name}");
    }
}

fn is_allowed(group: &str, name: &str) -> bool {
    let lines = ALLOWED.lines().filter_map(|line| line.split_once(": "));
    lines.filter(|(known, _)| *known == group).any(|(_, names)| names.split(' ').any(|own| own == name || own == "*"))
}

fn was_drawn(clean: &Path) -> bool {
    name_of(clean).ends_with(".svg.png")
}

/// Files of these formats are made of boxes that are called so.
fn is_of_boxes(path: &Path) -> bool {
    let boxes = ["mp4", "mov", "m4a", "3gp", "heic", "heif", "avif"];
    path.extension().is_some_and(|extension| boxes.iter().any(|own| extension == *own))
}

/// Files of these formats are packages of XML.
fn is_package(path: &Path) -> bool {
    let packages = ["docx", "pptx", "xlsx", "odt", "ods", "odp", "epub"];
    path.extension().is_some_and(|extension| packages.iter().any(|own| extension == *own))
}

fn is_text(path: &Path) -> bool {
    let texts = ["txt", "csv", "tsv", "md", "json", "srt", "log"];
    path.extension().is_some_and(|extension| texts.iter().any(|own| extension == *own))
}

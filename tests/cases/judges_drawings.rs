//! Other programs judge clean JPEG XL pictures and what drawings become: libjxl, librsvg, Pillow.

use std::path::{Path, PathBuf};

use crate::harness::{dirty_twin, fixture, fixtures, folder, name_of, peer_path, tool};

fn with_suffix(suffix: &str) -> Vec<PathBuf> {
    let found: Vec<PathBuf> = fixtures("clean").into_iter().filter(|path| name_of(path).ends_with(suffix)).collect();
    assert!(found.len() >= 7, "{suffix}");
    found
}

/// Size and a digest of every frame, with its delay, or how far two pictures are apart.
const PIXELS: &str = "
import hashlib, sys
from PIL import Image
with Image.open(sys.argv[1]) as image:
    print(image.size, image.mode)
    for number in range(getattr(image, 'n_frames', 1)):
        image.seek(number)
        print(hashlib.sha256(image.tobytes()).hexdigest(), image.info.get('duration'), image.info.get('loop'))
";

fn python(script: &str, arguments: &[&Path]) -> String {
    let python = peer_path("python/bin/python");
    tool(python.to_str().unwrap()).args(["-c", script]).args(arguments).run().exits(0).text()
}

#[test]
fn jpeg_xl_pixels_are_the_same_to_libjxl() {
    let dir = folder();
    let decoded = |path: &Path, name: &str| {
        let picture = dir.path().join(name);
        tool("djxl").arg(path).arg(&picture).run().exits(0);
        python(PIXELS, &[&picture])
    };
    for clean in with_suffix(".jxl") {
        let after = decoded(&clean, "after.png");
        assert!(after.lines().count() >= 2, "{after}");
        assert_eq!(after, decoded(&dirty_twin(&clean), "before.png"), "{}", clean.display());
    }
}

#[test]
fn no_clean_jpeg_xl_rebuilds_the_jpeg_that_it_was_made_from() {
    let dir = folder();
    let rebuilt = |name: &str| {
        let out = dir.path().join("rebuilt.jpg");
        let run = tool("djxl").arg(fixture(name)).arg(&out).run().exits(0);
        (run.stderr, std::fs::read(out).unwrap())
    };
    let (_, before) = rebuilt("dirty/from-jpeg.jxl");
    assert!(before == std::fs::read(fixture("dirty/rgb.jpg")).unwrap());
    let (said, after) = rebuilt("clean/from-jpeg.jxl");
    assert!(said.contains("could not decode losslessly to JPEG"), "{said}");
    assert!(after != before);
}

#[test]
fn every_clean_jpeg_xl_is_a_naked_codestream_that_says_nothing_of_itself() {
    for clean in with_suffix(".jxl") {
        assert!(std::fs::read(&clean).unwrap().starts_with(&[0xFF, 0x0A]), "{}", clean.display());
        let said = tool("jxlinfo").arg("-v").arg(&clean).run().exits(0).text();
        for word in ["box", "Preview", "name", "Exif", "XML", "JPEG bitstream reconstruction"] {
            assert!(!said.contains(word), "{}: {said}", clean.display());
        }
    }
}

#[test]
fn drawings_look_as_librsvg_draws_them() {
    let dir = folder();
    // Words are drawn in another font, and fonts differ from machine to machine.
    for clean in with_suffix(".svg.png").into_iter().filter(|clean| !name_of(clean).starts_with("words")) {
        let theirs = dir.path().join("theirs.png");
        let dirty = dirty_twin(&clean);
        tool("rsvg-convert")
            .args(["--background-color=white", "-w", "1024", "-o"])
            .arg(&theirs)
            .arg(&dirty)
            .run()
            .exits(0);
        let told = python(APART, &[&clean, &theirs]);
        let (apart, width) = told.trim().split_once(' ').unwrap();
        assert!(apart.parse::<f64>().unwrap() < 5.0, "{}: {told}", clean.display());
        assert_eq!(width, "1024", "{}", clean.display());
    }
}

/// Mean difference of samples once both are small, and the width of the first.
const APART: &str = "
import sys
from PIL import Image, ImageChops, ImageStat
ours, theirs = (Image.open(path).convert('RGB') for path in sys.argv[1:3])
size = (ours.width // 4, max(1, ours.height // 4))
difference = ImageChops.difference(ours.resize(size, Image.BOX), theirs.resize(size, Image.BOX))
print(round(sum(ImageStat.Stat(difference).mean) / 3, 2), ours.width)
";

#[test]
fn words_are_drawn_and_letters_that_no_font_has_are_boxes() {
    let dir = folder();
    let drawn = |name: &str, words: &str| {
        let (source, out) = (dir.path().join(format!("{name}.svg")), dir.path().join(name));
        let text = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"200\" height=\"30\"><text x=\"5\" y=\"20\">{words}</text></svg>"
        );
        std::fs::write(&source, text).unwrap();
        crate::harness::deponent().args(["clean", "-o"]).arg(&out).arg(&source).run().exits(0);
        python(DARK, &[&out.join("01.png")]).trim().parse::<u32>().unwrap()
    };
    let none = drawn("none", " ");
    assert_eq!(none, 0);
    for (name, words) in [
        ("latin", "Depot"),
        ("cyrillic", "Склад"),
        ("persian", "برگردم"),
        ("han", "中文"),
        ("emoji", "😀"),
        ("georgian", "საწყობი"),
    ] {
        assert!(drawn(name, words) > 200, "{name}");
    }
}

/// How many pixels are dark.
const DARK: &str = "
import sys
from PIL import Image
print(sum(Image.open(sys.argv[1]).convert('L').histogram()[:128]))
";

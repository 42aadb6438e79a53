//! Other programs judge the clean GIF, BMP and TIFF fixtures: whether pixels, frames and times are the same, and
//! whether the tools of these formats find anything wrong. And every cut or flipped fixture is refused or clean.

use std::path::{Path, PathBuf};

use crate::canary::Memory;
use crate::harness::{fixture, fixtures, folder, name_of, tool};

/// Of each fixture mode, size and orientation, then a digest of every frame's pixels and, where there are several, its
/// time. What is transparent in a GIF has no colour; pages that say they are smaller versions of others do not count.
const FRAMES: &str = "
import hashlib, sys
from PIL import Image
for path in sys.argv[1:]:
    with Image.open(path) as image:
        count = getattr(image, 'n_frames', 1)
        print(image.mode, image.size, image.getexif().get(0x0112, 1) if image.format == 'TIFF' else 1)
        for number in range(count):
            image.seek(number)
            if image.format == 'TIFF' and number and image.tag_v2.get(254, 0) & 1:
                continue
            image.load()
            pixels = image.convert('RGBA') if image.mode == 'P' or 'transparency' in image.info else image
            if image.format == 'GIF' and pixels.mode == 'RGBA':
                pixels = Image.composite(pixels, Image.new('RGBA', pixels.size), pixels)
            digest = hashlib.sha256(pixels.tobytes()).hexdigest()
            print(pixels.mode, pixels.size, digest, image.info.get('duration') or 0 if count > 1 and image.format == 'GIF' else '')
    print(path.rsplit('/', 1)[1])
";

/// The same loop by another name, which Pillow does not know; and one that Pillow finds too short.
const NOT_COMPARED: &[&str] = &["too-few-pixels.gif"];

fn rasters(kind: &str) -> Vec<PathBuf> {
    let of =
        |path: &PathBuf| ["gif", "bmp", "tif"].iter().any(|own| path.extension().is_some_and(|found| found == *own));
    let found: Vec<_> = fixtures(kind).into_iter().filter(of).collect();
    assert!(found.len() >= 20, "{kind}: {}", found.len());
    found
}

fn with(extension: &str) -> Vec<PathBuf> {
    rasters("clean").into_iter().filter(|path| path.extension().is_some_and(|own| own == extension)).collect()
}

#[test]
fn pixels_frames_and_delays_of_rasters_are_the_same_to_pillow() {
    let script = folder();
    let path = script.path().join("frames.py");
    std::fs::write(&path, FRAMES).unwrap();
    let compared = |path: &PathBuf| !NOT_COMPARED.contains(&name_of(path).as_str());
    let clean: Vec<_> = rasters("clean").into_iter().filter(compared).collect();
    let dirty: Vec<_> = clean.iter().map(|path| fixture(&format!("dirty/{}", name_of(path)))).collect();
    let frames = |files: &[PathBuf]| tool("/usr/bin/python3").arg(&path).args(files).run().exits(0).text();
    let (after, before) = (frames(&clean), frames(&dirty));
    assert!(after.lines().count() > 3 * clean.len() - 10, "{after}");
    assert_eq!(after, before);
}

#[test]
fn gifsicle_finds_nothing_wrong_and_nothing_to_say() {
    for clean in with("gif") {
        let outcome = tool("gifsicle").arg("--info").arg("--extension-info").arg(&clean).run();
        let text = outcome.text();
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{}", clean.display());
        for word in ["comment", "extension", "XMP"] {
            // The first line has the name of the file.
            assert!(text.lines().skip(1).all(|line| !line.contains(word)), "{}: {text}", clean.display());
        }
    }
}

#[test]
fn libtiff_finds_nothing_wrong() {
    for clean in with("tif") {
        let outcome = tool("tiffinfo").arg("-D").arg(&clean).run();
        assert_eq!((outcome.code, outcome.stderr.as_str()), (Some(0), ""), "{}", clean.display());
    }
}

#[test]
fn bitmaps_are_read_by_ffmpeg_to_the_same_pixels() {
    for clean in with("bmp") {
        let hash = |path: &Path| {
            let read = tool("ffmpeg")
                .args(["-v", "error", "-i"])
                .arg(path)
                .args(["-pix_fmt", "rgba", "-f", "streamhash", "-"])
                .run();
            (read.code, read.text())
        };
        let (after, before) = (hash(&clean), hash(&fixture(&format!("dirty/{}", name_of(&clean)))));
        // It knows fewer headers than there are.
        if before.0 == Some(0) && name_of(&clean) != "hidden.bmp" {
            assert_eq!(after, before, "{}", clean.display());
        }
    }
}

#[test]
fn cut_and_flipped_rasters_are_refused_or_clean() {
    let mut accepted = 0;
    for path in rasters("dirty").into_iter().chain(rasters("clean")).chain(rasters("corrupt")) {
        let whole = std::fs::read(&path).unwrap();
        let step = (whole.len() / 20).max(1);
        let cut = (0..whole.len()).step_by(step).map(|len| whole[..len].to_vec());
        let flipped = (0..whole.len()).step_by(step.div_ceil(2)).map(|at| {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            flipped
        });
        for file in cut.chain(flipped) {
            match deponent::clean::clean(&Memory::new(file)) {
                Ok(_) => accepted += 1,
                Err(refusal) => {
                    let unaccounted = refusal.reason == deponent::clean::Reason::Unaccounted;
                    assert!(!unaccounted, "{}: {refusal:?}", path.display());
                }
            }
        }
    }
    assert!(accepted > 500, "{accepted}");
}

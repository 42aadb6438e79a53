//! Other programs judge the clean HEIC, HEIF and AVIF fixtures: what is decoded, and how long each picture is shown.

use std::path::{Path, PathBuf};

use crate::harness::{fixture, fixtures, folder, name_of, peer_path, tool};

#[test]
fn pixels_of_heif_are_the_same_to_pillow() {
    let script = folder();
    let path = script.path().join("frames.py");
    std::fs::write(&path, FRAMES).unwrap();
    let python = peer_path("python/bin/python");
    let frames = |picture: &Path| tool(python.to_str().unwrap()).arg(&path).arg(picture).run();
    let mut compared = 0;
    for clean in clean(&["heic", "heif", "avif"]) {
        let (after, before) = (frames(&clean), frames(&dirty(&clean)));
        // Some have in their dirty form what Pillow's decoders do not read, or at all a codec that they have not.
        if before.code == Some(0) {
            assert!(after.text().lines().count() >= 2, "{}", clean.display());
            assert_eq!(after.text(), before.text(), "{}", clean.display());
            compared += 1;
        }
    }
    assert!(compared >= 20, "{compared}");
}

/// Prints mode and size, then a digest and the delay of every frame; of HEIF only the primary picture, since others
/// are gone.
const FRAMES: &str = "
import hashlib, sys
from PIL import Image
import pillow_heif
pillow_heif.register_heif_opener()
kind = 'AVIF' if b'avif' in open(sys.argv[1], 'rb').read(48) else 'HEIF'
with Image.open(sys.argv[1], formats=[kind]) as image:
    print(image.mode, image.size)
    for number in range(image.n_frames) if kind == 'AVIF' else [image.tell()]:
        image.seek(number)
        image.load()
        print(hashlib.sha256(image.tobytes()).hexdigest(), image.info.get('duration'), image.info.get('loop'))
";

#[test]
fn pictures_of_sequences_are_the_same_to_ffmpeg() {
    for name in ["sequence.heif", "sequence-of-avc.heif", "animated.avif", "animated-alpha.avif"] {
        let hashes = |folder: &str| {
            let path = fixture(&format!("{folder}/{name}"));
            let command =
                ["-v", "error", "-xerror", "-i", path.to_str().unwrap(), "-map", "0:v:0", "-f", "framehash", "-"];
            let text = tool("ffmpeg").args(command).run().exits(0).text();
            // The digest of each frame; its times are in units of the track.
            text.lines()
                .filter(|line| !line.starts_with('#'))
                .map(|line| line.rsplit(',').next().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        assert!(hashes("clean").len() >= 3, "{name}");
        assert_eq!(hashes("clean"), hashes("dirty"), "{name}");
    }
}

#[test]
fn times_of_sequences_are_the_same_to_ffprobe() {
    for name in ["sequence.heif", "sequence-of-avc.heif", "animated.avif", "animated-alpha.avif"] {
        let times = |folder: &str| {
            let path = fixture(&format!("{folder}/{name}"));
            let shown = [
                "-v",
                "error",
                "-select_streams",
                "v:0",
                "-show_entries",
                "packet=pts_time,duration_time,flags",
                "-of",
                "csv",
            ];
            tool("ffprobe").args(shown).arg(path).run().exits(0).text()
        };
        assert_eq!(times("clean"), times("dirty"), "{name}");
    }
}

#[test]
fn one_picture_is_left_to_libheif() {
    let dir = folder();
    let picture = |name: &str| {
        let path = dir.path().join("picture.png");
        tool("heif-convert").arg(fixture(name)).arg(&path).run().exits(0);
        std::fs::read(&path).ok()
    };
    let clean = picture("clean/two-codecs.heif").unwrap();
    assert!(clean.len() > 1_000);
    for name in ["clean/IMG_0419.heic", "clean/alpha.heic", "clean/general-brand.avif"] {
        assert!(picture(name).is_some(), "{name}");
    }
}

fn clean(extensions: &[&str]) -> Vec<PathBuf> {
    let has = |path: &PathBuf| path.extension().is_some_and(|own| extensions.iter().any(|extension| own == *extension));
    fixtures("clean").into_iter().filter(has).collect()
}

fn dirty(clean: &Path) -> PathBuf {
    fixture(&format!("dirty/{}", name_of(clean)))
}

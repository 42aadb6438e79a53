//! Other programs judge clean WebP, WAV, AIFF and AVI: whether pictures, frames, samples and streams are the same.

use std::path::{Path, PathBuf};

use crate::harness::{clean_with, dirty_twin, folder, name_of, tool};
use crate::traces::Traces;

/// What stands in the dirty files and must be gone.
const PLANTED: &[&str] = &[
    "KVZ7Q20418",
    "KVZ7Q204",
    "Kvarz",
    "KVRZ",
    "KVARZ",
    "KVZx",
    "Melnyk",
    "Slobidske",
    "2026-0",
    "2026:0",
    "2026",
    "50.0042",
    "commander",
    "ротного",
    "xmp",
    "behind",
    "slack",
    "LIST\u{4}",
    "INFO",
    "JUNK",
    "bext",
    "iXML",
    "id3 ",
    "ID3",
    "TPE1",
    "IDIT",
    "strn",
    "strd",
    "nctg",
    "tail",
    "frmt",
    "XMP",
    "Lavf",
    "little endian",
    "Mu-law",
    "APPL",
    "ANNO",
    "COMT",
    "MARK",
    "cue ",
    "adtl",
    "PAD ",
    "ds64",
    "dmlh",
    "AVIX",
    "rec ",
    "txts",
    "ICCPd",
];

#[test]
fn nothing_that_was_planted_in_a_chunk_is_left() {
    let mut met = 0;
    for clean in all() {
        let after = Traces::of(&std::fs::read(&clean).unwrap());
        let before = Traces::of(&std::fs::read(dirty_twin(&clean)).unwrap());
        for trace in PLANTED {
            assert_eq!(after.find(trace.as_bytes()), None, "{trace} is in {}", clean.display());
            met += usize::from(before.find(trace.as_bytes()).is_some());
        }
    }
    // Or the fixtures would have lost what they are for.
    assert!(met >= 200, "{met}");
}

#[test]
fn frames_of_webp_are_the_same_to_pillow() {
    let script = folder();
    let path = script.path().join("frames.py");
    std::fs::write(&path, FRAMES).unwrap();
    for clean in clean_with("webp", 10) {
        let frames = |picture: &Path| tool("/usr/bin/python3").arg(&path).arg(picture).run().exits(0).text();
        let (after, before) = (frames(&clean), frames(&dirty_twin(&clean)));
        assert!(after.lines().count() >= 2, "{after}");
        // A simple file that is not extended has no orientation, though some readers find one behind the picture.
        assert_eq!(after, before, "{}", clean.display());
    }
}

/// Prints mode, size and orientation, then a digest and the time of every frame.
const FRAMES: &str = "
import hashlib, sys
from PIL import Image
with Image.open(sys.argv[1]) as image:
    print(image.mode, image.size, image.getexif().get(0x0112, 1))
    for number in range(getattr(image, 'n_frames', 1)):
        image.seek(number)
        image.load()
        print(hashlib.sha256(image.tobytes()).hexdigest(), image.info.get('duration'), image.info.get('timestamp'))
    print(image.info.get('loop'), image.info.get('background'))
";

#[test]
fn webpinfo_finds_nothing_wrong() {
    for clean in clean_with("webp", 10) {
        let outcome = tool("webpinfo").arg("-quiet").arg(&clean).run();
        let text = outcome.text();
        assert!(!text.contains("Error") && !text.contains("Warning"), "{}: {text}", clean.display());
    }
}

#[test]
fn sound_and_moving_pictures_are_the_same_to_ffmpeg() {
    for extension in ["wav", "aiff", "avi"] {
        for clean in clean_with(extension, 10) {
            if name_of(&clean) == "empty.wav" {
                continue;
            }
            let hashes = |file: &Path| {
                let streams = ["-map", "0:V?", "-map", "0:a?", "-f", "streamhash", "-"];
                tool("ffmpeg").args(["-v", "quiet", "-i"]).arg(file).args(streams).run().exits(0).text()
            };
            // What the format says is behind the sound, ffmpeg plays.
            let plays_more =
                ["24.aiff", "offset.aiff", "interrupted.wav", "streamed.wav"].contains(&name_of(&clean).as_str());
            let (after, before) = (hashes(&clean), hashes(&dirty_twin(&clean)));
            assert!(after.lines().count() >= 1, "{}: {after}", clean.display());
            assert!(plays_more || after == before, "{}: {before} became {after}", clean.display());
        }
    }
}

#[test]
fn sound_is_the_same_to_sox() {
    for extension in ["wav", "aiff"] {
        for clean in clean_with(extension, 10) {
            // sox knows none of these.
            let name = name_of(&clean);
            if ["empty.wav", "long.wav", "ima4.aiff", "mulaw.aiff", "float.aiff", "interrupted.wav"]
                .contains(&name.as_str())
            {
                continue;
            }
            let samples = |file: &Path| tool("sox").arg(file).args(["-t", "s32", "-"]).run();
            let (after, before) = (samples(&clean).exits(0), samples(&dirty_twin(&clean)));
            assert!(!after.stdout.is_empty(), "{name}");
            // Of a recording that did not end sox also plays what stands behind it.
            assert!(before.stdout.starts_with(&after.stdout), "{name}");
        }
    }
}

fn all() -> Vec<PathBuf> {
    ["webp", "wav", "aiff", "avi"].iter().flat_map(|extension| clean_with(extension, 10)).collect()
}

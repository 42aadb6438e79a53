//! Other programs judge the clean sound fixtures: what ffmpeg decodes, what flac, ogginfo and opusinfo say.

use std::path::{Path, PathBuf};

use crate::harness::{clean_with, fixture, name_of, tool};

/// What ffmpeg makes of the dirty one is not what it makes of the clean one, and why.
const DIFFERENT: &[(&str, &str)] = &[
    ("between.mp3", "ffmpeg takes bytes between frames for a part of them"),
    ("cut.mp3", "ffmpeg decodes the half of a frame at the end, which is dropped"),
];

#[test]
fn sound_is_the_same_to_ffmpeg() {
    for extension in ["mp3", "flac", "ogg", "opus"] {
        for clean in clean_with(extension, 6) {
            let dirty = fixture(&format!("dirty/{}", name_of(&clean)));
            let (after, before) = (decoded(&clean), decoded(&dirty));
            assert!(after.contains("SHA256="), "{}: {after}", clean.display());
            let is_known = DIFFERENT.iter().any(|(name, _)| *name == name_of(&clean));
            assert_eq!(after == before, !is_known, "{}", clean.display());
        }
    }
}

#[test]
fn packets_and_their_times_are_the_same_to_ffprobe() {
    // Ogg's other fixtures are joined or cut from longer ones, and MP3's frames are cleared where nobody hears.
    for name in [
        "voice.ogg",
        "pages.ogg",
        "accompanied.ogg",
        "clipped.ogg",
        "flac.ogg",
        "behind.ogg",
        "voice.opus",
        "padded.opus",
        "constant.opus",
        "surround.opus",
        "lost.opus",
        "between.opus",
        "memo.flac",
        "deep.flac",
        "unsigned.flac",
    ] {
        let packets = |path: PathBuf| {
            let shown =
                ["-v", "error", "-select_streams", "a", "-show_entries", "packet=pts,duration,size", "-of", "csv"];
            tool("ffprobe").args(shown).arg(path).run().exits(0).text().replace("side_data,", "")
        };
        let (after, before) = (packets(fixture(&format!("clean/{name}"))), packets(fixture(&format!("dirty/{name}"))));
        assert!(after.lines().count() > 3, "{name}: {after}");
        assert_eq!(after, before, "{name}");
    }
}

#[test]
fn flac_accepts_its_files_and_their_signatures() {
    for clean in clean_with("flac", 6) {
        tool("flac").args(["-t", "-s", "-w"]).arg(&clean).run().exits(0);
        let signature = |path: &Path| tool("metaflac").arg("--show-md5sum").arg(path).run().exits(0).text();
        let after = signature(&clean);
        // Recorders that never went back to sign leave zeros.
        if name_of(&clean) != "unsigned.flac" {
            assert_eq!(after, signature(&fixture(&format!("dirty/{}", name_of(&clean)))), "{}", clean.display());
        }
        assert!(!after.starts_with("000000"), "{}", clean.display());
    }
}

#[test]
fn ogginfo_and_opusinfo_find_nothing_wrong() {
    for (program, extension) in [("ogginfo", "ogg"), ("opusinfo", "opus")] {
        for clean in clean_with(extension, 6) {
            let outcome = tool(program).arg(&clean).run();
            // Where a page was lost, there is a gap, which it tells.
            let warned = outcome.text().to_lowercase().contains("warning");
            assert_eq!(warned, name_of(&clean) == "lost.opus", "{}: {}", clean.display(), outcome.text());
            assert!(outcome.text().to_lowercase().contains("logical stream"), "{}", clean.display());
        }
    }
}

/// A digest of what ffmpeg decodes.
fn decoded(path: &Path) -> String {
    tool("ffmpeg").args(["-v", "error", "-i"]).arg(path).args(["-map", "0:a", "-f", "streamhash", "-"]).run().text()
}

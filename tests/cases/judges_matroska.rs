//! Other programs judge clean Matroska and WebM: what ffmpeg decodes, what its packets say, what mkvmerge has to complain of.

use std::path::{Path, PathBuf};

use crate::canary::cleaned;
use crate::harness::{dirty_twin, fixture, fixtures, name_of, tool};

/// Those in which coded pictures lose what is not picture, so that their packets are others.
const OTHER_PACKETS: &[&str] = &["VID_20260914_183042.mkv", "broadcast.mkv", "late.mkv", "remuxed.mkv"];

fn clean_ones() -> Vec<PathBuf> {
    let is_ours = |path: &PathBuf| {
        path.extension().is_some_and(|extension| ["mkv", "mka", "webm"].iter().any(|ours| extension == *ours))
    };
    let found: Vec<_> = fixtures("clean").into_iter().filter(is_ours).collect();
    assert!(found.len() >= 20);
    found
}

/// A digest of each stream of pictures and sound.
fn hashes(path: &Path, how: &[&str]) -> String {
    let maps = ["-map", "0:V?", "-map", "0:a?"];
    let run = tool("ffmpeg").args(["-v", "error", "-i"]).arg(path).args(maps).args(how).args(["-f", "streamhash", "-"]);
    let hashes = run.run().exits(0).text();
    assert!(hashes.contains("SHA256="), "{}", path.display());
    hashes.lines().filter(|line| line.contains("SHA256=")).collect::<Vec<_>>().join("\n")
}

#[test]
fn matroska_decodes_to_the_same_pictures_and_sound() {
    for clean in clean_ones() {
        let dirty = dirty_twin(&clean);
        assert_eq!(hashes(&clean, &[]), hashes(&dirty, &[]), "{}", clean.display());
        if !OTHER_PACKETS.contains(&&*name_of(&clean)) {
            assert_eq!(hashes(&clean, &["-c", "copy"]), hashes(&dirty, &["-c", "copy"]), "{}", clean.display());
        }
    }
}

#[test]
fn packets_of_matroska_have_the_same_times_durations_and_flags() {
    for clean in clean_ones() {
        let packets = |path: &Path| {
            let shown = "packet=codec_type,pts,dts,duration,size,flags";
            let run = tool("ffprobe").args(["-v", "error", "-show_entries", shown, "-of", "csv=p=0"]).arg(path);
            let text = run.run().exits(0).text();
            let mut kinds = [Vec::new(), Vec::new()];
            for line in text.lines() {
                if let Some(rest) = line.strip_prefix("video,") {
                    kinds[0].push(rest.to_owned());
                } else if let Some(rest) = line.strip_prefix("audio,") {
                    kinds[1].push(rest.to_owned());
                }
            }
            kinds
        };
        let (after, before) = (packets(&clean), packets(&dirty_twin(&clean)));
        // It begins in 2026, and the clean one at zero.
        if name_of(&clean) == "late.mkv" {
            assert_eq!(after[0].len(), before[0].len());
            assert!(after[0][0].starts_with("0,"), "{}", after[0][0]);
            continue;
        }
        assert!(after.iter().map(Vec::len).sum::<usize>() > 0, "{}", clean.display());
        assert_eq!(after, before, "{}", clean.display());
    }
}

#[test]
fn mkvmerge_reads_clean_matroska_without_a_warning() {
    for clean in clean_ones() {
        let told = tool("mkvmerge").arg("-J").arg(&clean).run().exits(0).json();
        assert_eq!(told["warnings"].as_array().map(Vec::len), Some(0), "{}: {told}", clean.display());
        assert_eq!(told["errors"].as_array().map(Vec::len), Some(0), "{}: {told}", clean.display());
        assert_eq!(told["container"]["supported"], true, "{}", clean.display());
        assert!(told["attachments"].as_array().is_some_and(Vec::is_empty), "{}", clean.display());
        assert!(told["global_tags"].as_array().is_some_and(Vec::is_empty), "{}", clean.display());
    }
}

#[test]
fn a_player_can_still_seek() {
    for name in ["VID_20260914_183042.mkv", "live.webm"] {
        let clean = fixture(&format!("clean/{name}"));
        let frame = ["-frames:v", "1", "-f", "framehash", "-"];
        let from = |path: &Path, how: &[&str]| {
            let run =
                tool("ffmpeg").args(["-v", "error"]).args(how).arg("-i").arg(path).args(["-map", "0:V"]).args(frame);
            run.run().exits(0).text().lines().last().unwrap().rsplit(',').next().unwrap().to_owned()
        };
        let (sought, first) = (from(&clean, &["-ss", "0.55"]), from(&clean, &[]));
        assert_ne!(sought, first, "{name}");
        assert_eq!(sought, from(&dirty_twin(&clean), &["-ss", "0.55"]), "{name}");
    }
}

#[test]
fn a_sphere_a_screen_and_a_crop_are_still_told() {
    let told = |name: &str| {
        let run = tool("ffprobe").args(["-v", "error", "-show_streams", "-of", "json"]);
        run.arg(fixture(&format!("clean/{name}"))).run().exits(0).json()["streams"][0].clone()
    };
    let sphere = told("sphere.mkv").to_string();
    assert!(sphere.contains("equirectangular") && sphere.contains("Stereo 3D"), "{sphere}");
    let screen = told("screen.mkv");
    assert_eq!(screen["color_transfer"], "smpte2084");
    assert!(screen.to_string().contains("17/25"), "{screen}");
}

#[test]
fn every_prefix_of_matroska_is_refused_or_clean_and_never_crashes() {
    for name in ["live.webm", "voice.webm", "groups.mkv", "laced.mka"] {
        let dirty = std::fs::read(fixture(&format!("dirty/{name}"))).unwrap();
        // Heads and Tracks to the byte, frames in strides.
        for len in (0..dirty.len()).filter(|len| *len < 700 || len % 37 == 0) {
            if let Ok(clean) = cleaned(dirty[..len].to_vec()) {
                assert_eq!(name, "live.webm", "cut to {len} bytes {name} is accepted");
                assert_eq!(cleaned(clean.clone()).unwrap(), clean);
            }
        }
    }
}

#[test]
fn every_flipped_bit_of_matroska_is_refused_or_clean_and_never_crashes() {
    for name in ["VID_20260914_183042.mkv", "alpha.webm", "stripped.mka"] {
        let clean = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        for at in (0..clean.len()).filter(|at| *at < 600 || at % 29 == 0) {
            let mut flipped = clean.clone();
            flipped[at] ^= 1 << (at % 8);
            if let Ok(once) = cleaned(flipped) {
                assert_eq!(cleaned(once.clone()).unwrap(), once, "{name}, bit of byte {at}");
            }
        }
    }
}

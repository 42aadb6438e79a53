//! Other programs judge the clean films: whether pictures, sound and their times are the same, and that no date is left.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::harness::{dirty_twin, fixture, fixtures, tool};

const EXTENSIONS: [&str; 4] = ["mp4", "mov", "m4a", "3gp"];

#[test]
fn what_is_seen_and_heard_is_the_same_to_ffmpeg() {
    for clean in films() {
        let decoded = |film: &Path| {
            let maps = ["-map", "0:V?", "-map", "0:a?", "-f", "streamhash", "-"];
            tool("ffmpeg").args(["-v", "error", "-i"]).arg(film).args(maps).run().exits(0).text()
        };
        let after = decoded(&clean);
        assert!(after.contains("SHA256="), "{}: {after}", clean.display());
        assert_eq!(after, decoded(&dirty_twin(&clean)), "{}", clean.display());
    }
}

#[test]
fn every_packet_has_its_time_and_its_size() {
    for clean in films() {
        let (after, mut before) = (packets(&clean), packets(&dirty_twin(&clean)));
        // A cover picture is a stream to ffmpeg.
        before.retain(|(stream, ..)| after.iter().any(|(own, ..)| own == stream));
        assert!(!after.is_empty());
        assert_eq!(after, before, "{}", clean.display());
    }
}

/// Stream, decoding and presentation time, whether it needs no other.
type Packet = (u64, Option<i64>, Option<i64>, bool);

/// Of each packet of picture and sound: the stream, decoding and presentation time from the first packet of its
/// stream in microseconds, and whether others need it.
fn packets(film: &Path) -> Vec<Packet> {
    let shown = ["-v", "error", "-show_packets", "-of", "json"];
    let listing = tool("ffprobe").args(shown).arg(film).run().exits(0).json();
    let mut begins = std::collections::BTreeMap::new();
    let mut packets = Vec::new();
    for packet in listing["packets"].as_array().unwrap() {
        let stream = packet["stream_index"].as_u64().unwrap();
        if stream > 1 || !matches!(packet["codec_type"].as_str(), Some("video" | "audio")) {
            continue;
        }
        let time = |name: &str| {
            let seconds: f64 = packet[name].as_str()?.parse().unwrap();
            Some((seconds * 1e6).round() as i64)
        };
        let first = begins.entry(stream).or_insert_with(|| time("dts_time")).unwrap_or(0);
        let is_key = packet["flags"].as_str().unwrap().starts_with('K');
        let later = |name| time(name).map(|time| time - first);
        packets.push((stream, later("dts_time"), later("pts_time"), is_key));
    }
    packets.sort_unstable();
    packets
}

#[test]
fn no_date_no_place_and_no_name_is_left_in_a_film() {
    let films = films();
    let listing = tool("exiftool").args(["-j", "-a", "-G1", "-s", "-ee", "-u"]).args(&films).run().exits(0).json();
    let mut dates = 0;
    for film in listing.as_array().unwrap() {
        for (tag, value) in film.as_object().unwrap() {
            let own = !tag.starts_with("System:") && !tag.starts_with("File:");
            if own && tag.ends_with("Date") {
                assert_eq!(value, &Value::from("0000:00:00 00:00:00"), "{}: {tag}", film["SourceFile"]);
                dates += 1;
            }
            assert!(!tag.contains("GPS") && !tag.starts_with("UserData:") && !tag.starts_with("Keys:"), "{tag}");
        }
    }
    assert!(dates >= 6 * films.len(), "{dates}");
}

#[test]
fn a_film_held_upright_stays_upright() {
    let listing =
        tool("exiftool").args(["-j", "-n", "-Rotation"]).arg(fixture("clean/phone.mp4")).run().exits(0).json();
    assert_eq!(listing[0]["Rotation"], Value::from(90));
}

fn films() -> Vec<PathBuf> {
    let is_film = |path: &PathBuf| path.extension().is_some_and(|own| EXTENSIONS.iter().any(|known| own == *known));
    let found: Vec<_> = fixtures("clean").into_iter().filter(is_film).collect();
    assert!(found.len() >= 20);
    found
}

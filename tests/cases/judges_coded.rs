//! ffmpeg judges the coded streams that the tests of `src/clean/codec` compare with: cleaned, they decode to the same
//! pictures and sound.

use std::fs;
use std::path::Path;

use crate::harness::{fixtures, folder, name_of, tool};

/// Hash of the decoded pictures or sound.
fn decoded(format: &str, path: &Path) -> String {
    let input = ["-v", "error", "-f", format, "-i"];
    let outcome = tool("ffmpeg").args(input).arg(path).args(["-f", "streamhash", "-"]).run().exits(0);
    let hash = outcome.text();
    // The second is the hash of nothing.
    assert!(hash.contains("SHA256=") && !hash.contains("SHA256=e3b0c44298fc1c14"), "{}", path.display());
    hash
}

#[test]
fn cleaned_streams_decode_to_the_same() {
    let mut judged = 0;
    for dirty in fixtures("coded/dirty") {
        let extension = dirty.extension().and_then(|extension| extension.to_str()).unwrap_or("");
        let format = match extension {
            "h264" | "hevc" | "obu" | "m4v" | "mjpeg" => extension,
            "m1v" | "m2v" => "mpegvideo",
            _ => continue,
        };
        let clean = dirty.parent().unwrap().with_file_name("clean").join(name_of(&dirty));
        assert_eq!(decoded(format, &dirty), decoded(format, &clean), "{}", dirty.display());
        judged += 1;
    }
    assert_eq!(judged, 11);
}

#[test]
fn cleaned_frames_of_sound_decode_to_the_same() {
    for (name, format) in [
        ("memo.aac", "aac"),
        ("program.aac", "aac"),
        ("marked.aac", "aac"),
        ("between.aac", "aac"),
        ("cut.aac", "aac"),
        ("voice.amr", "amr"),
        ("behind.amr", "amr"),
        ("padded.amr", "amr"),
        ("padded.awb", "amr"),
    ] {
        let [dirty, clean] = ["dirty", "clean"].map(|which| crate::harness::fixture(&format!("{which}/{name}")));
        assert_eq!(decoded(format, &dirty), decoded(format, &clean), "{name}");
    }
}

#[test]
fn a_cleaned_aac_frame_decodes_to_the_same() {
    let dir = folder();
    let hashes = ["dirty", "clean"].map(|which| {
        let frame = fs::read(crate::harness::fixture(&format!("coded/{which}/signed.aac"))).unwrap();
        // ADTS: MPEG-4 LC, 44,100 Hz, one channel, no CRC. Twice, since the first frame alone gives nothing out.
        let len = u16::try_from(frame.len() + 7).unwrap();
        let [high, low] = (len << 3).to_be_bytes();
        let header = [0xFF, 0xF1, 0x50, 0x40 | (high >> 6), (high << 2) | (low >> 6), (low << 2) | 0x1F, 0xFC];
        let path = dir.path().join(which);
        fs::write(&path, [&header[..], &frame, &header, &frame].concat()).unwrap();
        decoded("aac", &path)
    });
    assert_eq!(hashes[0], hashes[1]);
}

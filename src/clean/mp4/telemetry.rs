//! Reads the first samples of tracks that go, to say what they give away: positions, devices, words. Never fails.

use crate::clean::container::bmff::Boxes;
use crate::clean::metadata::{legible, quicktime};
use crate::clean::{Category, Findings};

/// Tells what a sample says. Whether that is enough of the track.
pub(super) fn tell_sample(kind: [u8; 4], sample: &[u8], findings: &mut Findings) -> bool {
    match &kind {
        b"gpmd" => quicktime::gpmf(sample, findings),
        b"camm" => camera_motion(sample, findings),
        b"mebx" => {
            metadata_sample(sample, findings);
            true
        }
        b"tx3g" | b"text" | b"sbtl" => {
            let text = sample
                .split_first_chunk::<2>()
                .map_or(&[][..], |(len, rest)| rest.get(..usize::from(u16::from_be_bytes(*len))).unwrap_or(rest));
            findings.removed_value(Category::Comment, "first words of a text track", &legible::text(text));
            !text.is_empty()
        }
        b"tmcd" => {
            if let Some(frame) = sample.first_chunk::<4>() {
                let told = format!("frame {}", u32::from_be_bytes(*frame));
                findings.removed_value(Category::Time, "time code of the first frame", &told);
            }
            true
        }
        _ => true,
    }
}

/// Google's Camera Motion Metadata: type 5 is a position, type 6 one with its time.
fn camera_motion(sample: &[u8], findings: &mut Findings) -> bool {
    let Some(([_, _, low, high], rest)) = sample.split_first_chunk::<4>() else { return false };
    let double = |at: usize| {
        let bytes: [u8; 8] = rest.get(at..at.saturating_add(8))?.try_into().ok()?;
        Some(f64::from_le_bytes(bytes))
    };
    let position = match u16::from_le_bytes([*low, *high]) {
        5 => double(0).zip(double(8)),
        6 => double(12).zip(double(20)),
        _ => return false,
    };
    if let Some((latitude, longitude)) = position {
        findings.removed_value(Category::Location, "camm, first position", &format!("{latitude:.6}, {longitude:.6}"));
    }
    true
}

/// The keys of a `mebx` sample description (QuickTime, Timed Metadata Media).
pub(super) fn tell_keys(description: &[u8], findings: &mut Findings) {
    // Version, count; then the entry: size, type, reserved, reference.
    let Some(inner) = description.get(24..) else { return };
    for keys in Boxes::new(inner, 0).map_while(Result::ok).filter(|boxed| boxed.kind == *b"keys") {
        for key in Boxes::new(keys.body, 0).map_while(Result::ok).take(KEYS_MAX) {
            for declared in Boxes::new(key.body, 0).map_while(Result::ok).filter(|boxed| boxed.kind == *b"keyd") {
                let name = legible::text(declared.body.get(4..).unwrap_or_default());
                let (category, words) = quicktime::key(&name);
                findings.removed(category, format!("timed metadata: {words}"));
            }
        }
    }
}

const KEYS_MAX: usize = 64;

/// A `mebx` sample: a box for each value, with a number for a key. A position is told by its form.
fn metadata_sample(sample: &[u8], findings: &mut Findings) {
    for value in Boxes::new(sample, 0).map_while(Result::ok).take(KEYS_MAX) {
        if let Ok(text) = std::str::from_utf8(value.body)
            && let Some(position) = quicktime::iso6709(text)
        {
            findings.removed_value(Category::Location, "timed metadata, first position", &position);
        }
    }
}

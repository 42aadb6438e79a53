//! What the GPS directory of an Exif block says (Exif 3.0, section 4.6.6). Reads no other directory.

use super::say;
use super::tags::{self, Meaning};
use crate::clean::metadata::ifd::{Directory, Entry, Order};
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings};

/// Tells coordinates as one decimal pair, then altitude, time, and the rest one by one.
pub(super) fn findings(directory: &Directory<'_>, order: Order, findings: &mut Findings) {
    let find = |tag: u16| directory.entries.iter().find(|entry| entry.tag == tag);
    for (place, tags) in [("Exif GPS", [1, 2, 3, 4]), ("Exif GPSDestination", [0x13, 0x14, 0x15, 0x16])] {
        let [north, latitude, east, longitude] = tags.map(find);
        if latitude.is_some() || longitude.is_some() {
            let pair = degrees(latitude, north).zip(degrees(longitude, east));
            let value = pair.map(|(latitude, longitude)| format!("{latitude:.6}, {longitude:.6}"));
            findings.removed_value(Category::Location, place, &value.unwrap_or_default());
        }
    }
    if let Some(entry) = find(6) {
        // Reference 1 and 3: below the sea, or below the ellipsoid.
        let below =
            find(5).and_then(|entry| entry.number(0)).is_some_and(|reference| reference == 1.0 || reference == 3.0);
        let metres = entry.number(0).map(|height| format!("{:.1} m", if below { -height } else { height }));
        findings.removed_value(Category::Location, "Exif GPSAltitude", &metres.unwrap_or_default());
    }
    let (date, clock) = (find(0x1D), find(7));
    if date.is_some() || clock.is_some() {
        findings.removed_value(Category::Time, "Exif GPS time", &time(date, clock));
    }
    let mut unknown = false;
    for entry in &directory.entries {
        match tags::gps_meaning(entry.tag) {
            Meaning::Says(category, name, show) => say(findings, category, name, show, entry, order),
            Meaning::Structure => {}
            _ => unknown = true,
        }
    }
    if unknown {
        findings.removed(Category::Location, "Exif GPS, further tags");
    }
}

/// Degrees, minutes and seconds as one number; south and west are negative.
fn degrees(entry: Option<&Entry<'_>>, reference: Option<&Entry<'_>>) -> Option<f64> {
    let entry = entry?;
    let part = |index| entry.number(index).unwrap_or(0.0);
    let sum = entry.number(0)? + part(1) / 60.0 + part(2) / 3600.0;
    let negative = reference
        .and_then(|reference| reference.value)
        .and_then(<[u8]>::first)
        .is_some_and(|letter| matches!(letter, b'S' | b's' | b'W' | b'w'));
    Some(if negative { -sum } else { sum })
}

fn time(date: Option<&Entry<'_>>, clock: Option<&Entry<'_>>) -> String {
    let date = date.and_then(|entry| entry.value).map(legible::text).unwrap_or_default();
    let parts = clock.and_then(|entry| Some((entry.number(0)?, entry.number(1)?, entry.number(2)?)));
    match parts {
        Some((hours, minutes, seconds)) => {
            let seconds = format!("{seconds:06.3}");
            let seconds = seconds.trim_end_matches('0').trim_end_matches('.');
            format!("{date} {hours:02}:{minutes:02}:{seconds:0>2} UTC")
        }
        None => date,
    }
}

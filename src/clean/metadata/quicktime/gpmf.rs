//! GoPro's telemetry (GPMF): the first position, its time, and the device. Reads only, and never fails.

use crate::clean::metadata::legible;
use crate::clean::{Category, Findings};

/// Items that are looked at in one block.
const ITEMS_MAX: usize = 4096;

/// Tells what a block says. Whether a position was in it.
pub(crate) fn gpmf(block: &[u8], findings: &mut Findings) -> bool {
    let mut rest = block;
    let mut scales = Vec::new();
    let mut has_position = false;
    for _ in 0..ITEMS_MAX {
        let Some((head, after)) = rest.split_first_chunk::<8>() else { break };
        let [a, b, c, d, kind, size, high, low] = *head;
        if kind == 0 {
            // A box of others, which follow.
            rest = after;
            continue;
        }
        let len = usize::from(size).saturating_mul(usize::from(u16::from_be_bytes([high, low])));
        let Some((value, _)) = after.split_at_checked(len) else { break };
        match &[a, b, c, d] {
            b"DVNM" => findings.removed_value(Category::Device, "GPMF device", &legible::text(value)),
            b"DVID" | b"MINF" | b"FMWR" | b"CASN" | b"MUID" | b"GUMI" => {
                let (category, place) = match &[a, b, c, d] {
                    b"CASN" => (Category::Device, "GPMF serial number of the camera"),
                    b"MINF" => (Category::Device, "GPMF model"),
                    b"FMWR" => (Category::Software, "GPMF firmware"),
                    b"DVID" => (Category::Device, "GPMF device number"),
                    _ => (Category::Identifier, "GPMF media number"),
                };
                let told = if kind == b'c' { legible::text(value) } else { hexadecimal(value) };
                findings.removed_value(category, place, &told);
            }
            b"GPSU" => findings.removed_value(Category::Time, "GPMF time by satellite", &time(&legible::text(value))),
            b"SCAL" => scales = longs(value),
            b"GPS5" | b"GPS9" => {
                has_position = true;
                let numbers = longs(value);
                let degree = |index: usize| {
                    let scale = scales.get(index).or(scales.first()).copied().filter(|&scale| scale != 0)?;
                    Some(f64::from(*numbers.get(index)?) / f64::from(scale))
                };
                let told = degree(0).zip(degree(1)).map(|(lat, long)| format!("{lat:.6}, {long:.6}"));
                findings.removed_value(Category::Location, "GPMF first position", &told.unwrap_or_default());
                break;
            }
            _ => {}
        }
        let padded = len.checked_next_multiple_of(4).unwrap_or(usize::MAX);
        rest = after.get(padded..).unwrap_or_default();
    }
    has_position
}

fn longs(value: &[u8]) -> Vec<i32> {
    value.as_chunks::<4>().0.iter().take(16).copied().map(i32::from_be_bytes).collect()
}

fn hexadecimal(value: &[u8]) -> String {
    value.iter().take(32).map(|byte| format!("{byte:02x}")).collect()
}

/// `260914183042.000` as a date.
fn time(text: &str) -> String {
    let part = |from: usize, to: usize| text.get(from..to);
    let parts = (part(0, 2), part(2, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 12));
    match parts {
        (Some(year), Some(month), Some(day), Some(hour), Some(minute), Some(second)) => {
            format!("20{year}-{month}-{day} {hour}:{minute}:{second} UTC")
        }
        _ => text.to_owned(),
    }
}

//! Raw pictures of cameras, which are TIFF by their beginning: named, so that they can be refused. Reads no sample.

use super::directory::{Dialect, Entry};
use super::tag;
use crate::clean::cursor::Cursor;
use crate::clean::{Reason, Refusal, Unsupported};
use crate::limits;

const SUB_IFDS: u16 = 330;
/// DNGVersion (DNG 1.7).
const DNG_VERSION: u16 = 0xC612;
/// Photometric interpretations of a sensor: colour filter array, and linear raw.
const SENSOR: [u64; 2] = [32_803, 34_892];
/// Compressions that only cameras write: Sony, Samsung, Nikon, Kodak, Pentax, Epson and the lossy one of DNG.
const CAMERA: [u64; 10] = [32_767, 32_769, 32_770, 32_867, 34_713, 34_892, 65_000, 65_535, 262, 7_410];

/// Refuses what a camera's sensor has written.
pub(super) fn refuse(cursor: &mut Cursor<'_>, dialect: Dialect, directories: &[Vec<Entry>]) -> Result<(), Refusal> {
    let raw = |name: &str| Err(Refusal::new(Reason::NotSupported(Unsupported::camera_raw(name)), "", 0));
    cursor.go_to(8.min(cursor.len()), "header")?;
    if !dialect.big && cursor.remaining() >= 2 && cursor.array("header")? == *b"CR" {
        return raw("Canon camera raw (CR2)");
    }
    let first = directories.first().map(Vec::as_slice).unwrap_or_default();
    if first.iter().any(|entry| entry.tag == DNG_VERSION) {
        return raw("Digital Negative (DNG)");
    }
    let main = Kind::of(cursor, dialect, first);
    let mut entries = limits::IFD_ENTRIES_MAX;
    let mut kinds: Vec<Kind> = directories.iter().map(|directory| Kind::of(cursor, dialect, directory)).collect();
    for entry in first.iter().filter(|entry| entry.tag == SUB_IFDS) {
        let offsets = u64::try_from(limits::IFDS_MAX).unwrap_or(u64::MAX);
        for at in dialect.numbers(cursor, *entry, offsets).unwrap_or_default() {
            // One that cannot be read is no picture either.
            if let Ok((sub, _)) = dialect.directory(cursor, at, &mut entries) {
                let kind = Kind::of(cursor, dialect, &sub);
                if kind.pixels > main.pixels {
                    return raw("camera raw");
                }
                kinds.push(kind);
            }
        }
    }
    if kinds.iter().any(|kind| kind.sensor) { raw("camera raw") } else { Ok(()) }
}

/// What tells a raw picture.
struct Kind {
    pixels: u64,
    sensor: bool,
}

impl Kind {
    fn of(cursor: &mut Cursor<'_>, dialect: Dialect, entries: &[Entry]) -> Self {
        let mut number = |tag: u16| {
            let entry = entries.iter().find(|entry| entry.tag == tag)?;
            dialect.numbers(cursor, *entry, 1).ok()?.first().copied()
        };
        let (width, height) = (number(tag::IMAGE_WIDTH), number(tag::IMAGE_LENGTH));
        Self {
            pixels: width.unwrap_or(0).saturating_mul(height.unwrap_or(0)),
            sensor: number(tag::PHOTOMETRIC).is_some_and(|photometric| SENSOR.contains(&photometric))
                || number(tag::COMPRESSION).is_some_and(|compression| CAMERA.contains(&compression)),
        }
    }
}

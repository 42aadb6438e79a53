//! Writes what was drawn as PNG, always in the same way, and has it cleaned as any other. Chooses nothing by the picture.

use std::io;

use crc32fast::Hasher;
use miniz_oxide::deflate::compress_to_vec_zlib;
use tiny_skia::Pixmap;

use crate::clean::cursor::Cursor;
use crate::clean::{Draft, Plan, Refusal, png};

/// The plan of a clean PNG that shows `picture`, which is opaque.
pub(super) fn draft(picture: &Pixmap) -> Result<Draft, Refusal> {
    let encoded = encoded(picture);
    let mut reader = io::Cursor::new(encoded.as_slice());
    let draft = (png::FORMAT.clean)(&mut Cursor::new(&mut reader)?)?;
    let mut bytes = Vec::with_capacity(encoded.len().saturating_add(1024));
    io::Read::read_to_end(&mut draft.plan.reader(&mut reader), &mut bytes).map_err(Refusal::unreadable)?;
    let mut plan = Plan::default();
    plan.bytes(&bytes)?;
    Ok(Draft { plan, ..draft })
}

/// Eight bits each of red, green and blue (PNG 3rd edition, 11.2).
fn encoded(picture: &Pixmap) -> Vec<u8> {
    let mut file = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n'];
    let sides = [picture.width().to_be_bytes(), picture.height().to_be_bytes()].concat();
    chunk(&mut file, *b"IHDR", &[sides.as_slice(), &[8, 2, 0, 0, 0]].concat());
    chunk(&mut file, *b"IDAT", &stream(picture));
    chunk(&mut file, *b"IEND", &[]);
    file
}

/// Rows as differences from the one above (filter 2), which suits areas of one colour.
fn stream(picture: &Pixmap) -> Vec<u8> {
    let line = usize::try_from(picture.width()).unwrap_or(0).saturating_mul(4).max(4);
    let mut rows = Vec::new();
    let mut above = vec![0_u8; line];
    let mut row = Vec::new();
    for pixels in picture.data().chunks_exact(line) {
        row.clear();
        row.push(2);
        for (pixel, above) in pixels.as_chunks::<4>().0.iter().zip(above.as_chunks::<4>().0) {
            let [red, green, blue, _] = *pixel;
            row.extend([red, green, blue].iter().zip(above).map(|(now, before)| now.wrapping_sub(*before)));
        }
        rows.extend_from_slice(&row);
        above.copy_from_slice(pixels);
    }
    // Not through `flate2`, which compresses otherwise where another crate chooses another backend for it.
    compress_to_vec_zlib(&rows, 6)
}

fn chunk(to: &mut Vec<u8>, kind: [u8; 4], data: &[u8]) {
    let mut crc = Hasher::new();
    crc.update(&kind);
    crc.update(data);
    to.extend(u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    to.extend(kind);
    to.extend_from_slice(data);
    to.extend(crc.finalize().to_be_bytes());
}

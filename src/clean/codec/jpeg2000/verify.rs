//! The second walker of JPEG 2000 pictures: every box and every marker segment that a clean picture has, in order.

use super::boxes::{COLOURS, START, channels_len, image_header, palette_len};
use super::{Size, needed, picture_size};
use crate::clean::Unaccounted;
use crate::clean::produced::Produced;

/// Accounts for every byte of a clean picture; coded data are what tile-parts say that they hold.
pub(crate) fn verify(bytes: &[u8]) -> Result<(), Unaccounted> {
    let mut reader = bytes;
    let mut picture = Produced::new(&mut reader);
    if bytes.starts_with(&[0xFF, 0x4F]) {
        codestream(&mut picture)?;
        return picture.end("bytes behind the codestream");
    }
    picture.expect(START, "JP2 signature")?;
    let header_len = box_len(&mut picture, *b"jp2h", "JP2 header box")?;
    let header = picture.bytes(header_len)?;
    let len = box_len(&mut picture, *b"jp2c", "codestream box")?;
    let start = picture.at();
    let size = codestream(&mut picture)?;
    let read = picture.at().saturating_sub(start);
    if usize::try_from(read) != Ok(len) {
        return picture.wrong("codestream box");
    }
    picture.end("bytes behind the codestream")?;
    let mut header = header.as_slice();
    let mut header = Produced::new(&mut header);
    boxes(&mut header, &size)?;
    header.end("JP2 header box")
}

/// Bytes that the next box holds, which is of this kind.
fn box_len(picture: &mut Produced<'_>, kind: [u8; 4], part: &'static str) -> Result<usize, Unaccounted> {
    let len = u32::from_be_bytes(picture.array()?);
    picture.expect(&kind, part)?;
    match usize::try_from(len).ok().and_then(|len| len.checked_sub(8)) {
        Some(len) => Ok(len),
        None => picture.wrong(part),
    }
}

fn boxes(header: &mut Produced<'_>, size: &Size) -> Result<(), Unaccounted> {
    let expected = image_header(size);
    let len = box_len(header, *b"ihdr", "ihdr")?;
    if len != expected.len() {
        return header.wrong("ihdr");
    }
    header.expect(&expected, "ihdr")?;
    let mut before = 0usize;
    let mut colour = false;
    while !header.buffered()?.is_empty() {
        let len = u32::from_be_bytes(header.array()?);
        let kind: [u8; 4] = header.array()?;
        let content = header.bytes(usize::try_from(len).unwrap_or(0).saturating_sub(8))?;
        let (place, right) = match &kind {
            b"bpcc" => (1, expected.get(10) == Some(&255) && content == size.depths),
            b"colr" => {
                colour = true;
                let space = content.strip_prefix(&[1, 0, 0]).and_then(|space| space.try_into().ok());
                (2, space.is_some_and(|space| COLOURS.contains(&u32::from_be_bytes(space))))
            }
            b"pclr" => (3, palette_len(&content) == Some(content.len())),
            b"cmap" => (4, before == 3 && content.len() % 4 == 0),
            b"cdef" => (5, before != 3 && channels_len(&content) == Some(content.len())),
            _ => return header.wrong("box"),
        };
        if !right || place <= before {
            return header.wrong("box");
        }
        before = place;
    }
    if colour && before != 3 { Ok(()) } else { header.wrong("colr") }
}

fn codestream(picture: &mut Produced<'_>) -> Result<Size, Unaccounted> {
    picture.expect(&[0xFF, 0x4F, 0xFF, 0x51], "SIZ")?;
    let segment = segment(picture)?;
    let Some((size, _)) = picture_size(&segment).filter(|(_, kept)| kept.len() == segment.len()) else {
        return picture.wrong("SIZ");
    };
    let mut marker = header(picture, 0x60, size.depths.len())?;
    if marker != 0x90 {
        return picture.wrong("SOT");
    }
    while marker == 0x90 {
        let start = picture.at().saturating_sub(2);
        picture.expect(&[0, 10], "SOT")?;
        let _tile: [u8; 2] = picture.array()?;
        let len = u32::from_be_bytes(picture.array()?);
        let _parts: [u8; 2] = picture.array()?;
        if header(picture, 0x61, size.depths.len())? != 0x93 {
            return picture.wrong("SOD");
        }
        let Some(data) = start.saturating_add(u64::from(len)).checked_sub(picture.at()) else {
            return picture.wrong("Psot");
        };
        picture.skip(data)?;
        marker = marker_byte(picture)?;
    }
    if marker == 0xD9 { Ok(size) } else { picture.wrong("EOC") }
}

/// The second byte of a marker.
fn marker_byte(picture: &mut Produced<'_>) -> Result<u8, Unaccounted> {
    picture.expect(&[0xFF], "marker")?;
    picture.byte()
}

fn segment(picture: &mut Produced<'_>) -> Result<Vec<u8>, Unaccounted> {
    let len = usize::from(u16::from_be_bytes(picture.array()?));
    picture.bytes(len.saturating_sub(2))
}

/// Segments up to a marker that has none of these; `packed` is that of packet headers.
fn header(picture: &mut Produced<'_>, packed: u8, components: usize) -> Result<u8, Unaccounted> {
    loop {
        let marker = marker_byte(picture)?;
        match marker {
            0x52 | 0x53 | 0x5C | 0x5D | 0x5E | 0x5F => {}
            0x60 | 0x61 if marker == packed => {}
            0x90 | 0x93 | 0xD9 => return Ok(marker),
            _ => return picture.wrong("marker"),
        }
        let segment = segment(picture)?;
        if needed(u16::from_be_bytes([0xFF, marker]), &segment, components) != Some(segment.len()) {
            return picture.wrong("marker segment");
        }
    }
}

//! The boxes of a JP2 file (ITU-T T.800, annex I): what says how components become colours. Never keeps another one.

use super::Size;

/// The signature box, and a file type box that says JP2 and nothing more.
pub(super) const START: &[u8] = b"\0\0\0\x0CjP  \r\n\x87\n\0\0\0\x14ftypjp2 \0\0\0\0jp2 ";
/// Enumerated colour spaces that are kept: CMYK, sRGB, grey, sYCC.
pub(super) const COLOURS: [u32; 4] = [12, 16, 17, 18];

/// What of a file is read.
pub(super) struct Found<'a> {
    pub(super) codestream: &'a [u8],
    colour: Option<u32>,
    palette: Option<&'a [u8]>,
    mapping: Option<&'a [u8]>,
    channels: Option<&'a [u8]>,
}

/// Boxes one behind the other: type and content.
fn boxes(mut rest: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    std::iter::from_fn(move || {
        let (head, behind) = rest.split_first_chunk::<8>()?;
        let [a, b, c, d, kind @ ..] = *head;
        let (content, after) = match u32::from_be_bytes([a, b, c, d]) {
            0 => (behind, &[][..]),
            1 => {
                let (len, behind) = behind.split_first_chunk::<8>()?;
                let len = usize::try_from(u64::from_be_bytes(*len)).ok()?.checked_sub(16)?;
                behind.split_at_checked(len).unwrap_or((behind, &[]))
            }
            len => {
                let len = usize::try_from(len).ok()?.checked_sub(8)?;
                behind.split_at_checked(len).unwrap_or((behind, &[]))
            }
        };
        rest = after;
        Some((kind, content))
    })
}

/// Reads a file.
pub(super) fn read(bytes: &[u8]) -> Option<Found<'_>> {
    let mut found = Found { codestream: &[], colour: None, palette: None, mapping: None, channels: None };
    for (kind, content) in boxes(bytes) {
        match &kind {
            b"jp2h" => boxes(content).for_each(|(kind, content)| found.header(kind, content)),
            b"jp2c" if found.codestream.is_empty() => found.codestream = content,
            _ => {}
        }
    }
    (!found.codestream.is_empty()).then_some(found)
}

impl<'a> Found<'a> {
    fn header(&mut self, kind: [u8; 4], content: &'a [u8]) {
        match &kind {
            b"colr" if self.colour.is_none() => {
                // METH 1; a profile is replaced by the space that has as many components.
                if let [1, _, _, a, b, c, d, ..] = *content {
                    let colour = u32::from_be_bytes([a, b, c, d]);
                    self.colour = COLOURS.contains(&colour).then_some(colour);
                }
            }
            b"pclr" if self.palette.is_none() => self.palette = palette_len(content).and_then(|len| content.get(..len)),
            b"cmap" if self.mapping.is_none() => self.mapping = content.get(..content.len() & !3),
            b"cdef" if self.channels.is_none() => {
                self.channels = channels_len(content).and_then(|len| content.get(..len));
            }
            _ => {}
        }
    }
}

/// Bytes of a palette by its own fields (I.5.3.4).
pub(super) fn palette_len(content: &[u8]) -> Option<usize> {
    let [a, b, columns, depths @ ..] = content else { return None };
    let entries = usize::from(u16::from_be_bytes([*a, *b]));
    let depths = depths.get(..usize::from(*columns))?;
    let row = depths
        .iter()
        .fold(0usize, |sum, depth| sum.saturating_add(usize::from((depth & 0x7F).saturating_add(1).div_ceil(8))));
    entries.checked_mul(row)?.checked_add(depths.len())?.checked_add(3)
}

/// Bytes of the channel definitions by their number (I.5.3.6).
pub(super) fn channels_len(content: &[u8]) -> Option<usize> {
    let count = u16::from_be_bytes(*content.first_chunk::<2>()?);
    usize::from(count).checked_mul(6)?.checked_add(2)
}

/// Channels that are colour: of a palette all that are mapped, without those that are opacity.
fn colour_channels(found: &Found<'_>, size: &Size) -> usize {
    let all = found.palette.and(found.mapping).map_or(size.depths.len(), |mapping| mapping.len() / 4);
    let definitions = found.channels.and_then(|channels| channels.get(2..)).unwrap_or_default();
    let opacity = definitions.chunks(6).filter(|channel| channel.get(2..4) != Some(&[0, 0])).count();
    all.saturating_sub(opacity)
}

/// The whole file.
pub(super) fn written(found: &Found<'_>, size: &Size, codestream: &[u8]) -> Vec<u8> {
    let mut header = Vec::new();
    append(&mut header, *b"ihdr", &image_header(size));
    if !uniform(size) {
        append(&mut header, *b"bpcc", &size.depths);
    }
    let colour = found.colour.unwrap_or(match colour_channels(found, size) {
        0..=2 => 17,
        4 => 12,
        _ => 16,
    });
    append(&mut header, *b"colr", &[&[1, 0, 0][..], &colour.to_be_bytes()].concat());
    if let (Some(palette), Some(mapping)) = (found.palette, found.mapping) {
        append(&mut header, *b"pclr", palette);
        append(&mut header, *b"cmap", mapping);
    }
    if let Some(channels) = found.channels {
        append(&mut header, *b"cdef", channels);
    }
    let mut made = START.to_vec();
    append(&mut made, *b"jp2h", &header);
    append(&mut made, *b"jp2c", codestream);
    made
}

fn uniform(size: &Size) -> bool {
    size.depths.iter().all(|depth| size.depths.first() == Some(depth))
}

/// `ihdr`, as SIZ has it (I.5.3.1).
pub(super) fn image_header(size: &Size) -> Vec<u8> {
    let mut made = Vec::new();
    made.extend(size.height.to_be_bytes());
    made.extend(size.width.to_be_bytes());
    made.extend(u16::try_from(size.depths.len()).unwrap_or(u16::MAX).to_be_bytes());
    made.push(if uniform(size) { size.depths.first().copied().unwrap_or(7) } else { 255 });
    made.extend([7, 0, 0]);
    made
}

fn append(made: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    made.extend(u32::try_from(content.len().saturating_add(8)).unwrap_or(0).to_be_bytes());
    made.extend(kind);
    made.extend(content);
}

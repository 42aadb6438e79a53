//! JPEG 2000 pictures (ITU-T T.800) as PDF files embed them: marker segments and boxes by list, coded data unchanged.
//! Never keeps a comment, a profile, a pointer that only hurries readers, or a box that no reader needs.

mod boxes;
mod verify;

use crate::clean::{Reason, Refusal};

pub(crate) use verify::verify;

/// Start of codestream.
const SOC: u16 = 0xFF4F;
/// Image and tile size.
const SIZ: u16 = 0xFF51;
/// Coding style, default and of one component.
const COD: u16 = 0xFF52;
const COC: u16 = 0xFF53;
/// Quantisation, default and of one component.
const QCD: u16 = 0xFF5C;
const QCC: u16 = 0xFF5D;
/// Region of interest.
const RGN: u16 = 0xFF5E;
/// Progression order change.
const POC: u16 = 0xFF5F;
/// Packed packet headers, in the main header and in that of a tile-part.
const PPM: u16 = 0xFF60;
const PPT: u16 = 0xFF61;
/// Lengths, registration, comment: dropped.
const DROPPED: [u16; 5] = [0xFF55, 0xFF57, 0xFF58, 0xFF63, 0xFF64];
/// Start of tile-part, start of data, end of codestream.
const SOT: u16 = 0xFF90;
const SOD: u16 = 0xFF93;
const EOC: u16 = 0xFFD9;

/// What SIZ says of the picture.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Size {
    width: u32,
    height: u32,
    /// Ssiz of each component.
    depths: Vec<u8>,
}

/// Rebuilds a picture, with or without boxes around the codestream.
pub(crate) fn clean(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    if bytes.starts_with(&SOC.to_be_bytes()) {
        return codestream(bytes).map(|(_, codestream)| codestream);
    }
    let found = boxes::read(bytes).ok_or(damaged("JP2 boxes"))?;
    let (size, codestream) = codestream(found.codestream)?;
    Ok(boxes::written(&found, &size, &codestream))
}

/// Width, height and number of components of a clean picture.
pub(crate) fn size(clean: &[u8]) -> Option<(u32, u32, usize)> {
    let start = memchr::memmem::find(clean, &[SOC, SIZ].map(u16::to_be_bytes).concat())?;
    let segment = Segments { rest: clean.get(start.checked_add(4)?..)? }.segment()?;
    let (size, _) = picture_size(segment)?;
    Some((size.width, size.height, size.depths.len()))
}

fn damaged(part: &'static str) -> Refusal {
    Refusal::new(Reason::Damaged, part, 0)
}

/// Bytes from front to back.
struct Segments<'a> {
    rest: &'a [u8],
}

impl<'a> Segments<'a> {
    fn marker(&mut self) -> Option<u16> {
        let (marker, rest) = self.rest.split_first_chunk::<2>()?;
        self.rest = rest;
        Some(u16::from_be_bytes(*marker))
    }

    /// What a marker segment holds behind its length.
    fn segment(&mut self) -> Option<&'a [u8]> {
        let (len, _) = self.rest.split_first_chunk::<2>()?;
        let (segment, rest) = self.rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
        self.rest = rest;
        segment.get(2..)
    }
}

/// A codestream with what is needed to decode it.
fn codestream(bytes: &[u8]) -> Result<(Size, Vec<u8>), Refusal> {
    let mut from = Segments { rest: bytes };
    let mut made = SOC.to_be_bytes().to_vec();
    if (from.marker(), from.marker()) != (Some(SOC), Some(SIZ)) {
        return Err(damaged("SIZ"));
    }
    let size = from.segment().ok_or(damaged("SIZ"))?;
    let (size, kept) = picture_size(size).ok_or(damaged("SIZ"))?;
    append(&mut made, SIZ, kept);
    let components = size.depths.len();
    let main = [COD, COC, QCD, QCC, RGN, POC, PPM];
    let mut marker = header(&mut from, &mut made, &main, components)?;
    if marker != SOT {
        return Err(damaged("SOT"));
    }
    while marker == SOT {
        let Some(start) = from.segment().filter(|start| start.len() == 8) else { return Err(damaged("SOT")) };
        // Psot counts from the marker on.
        let said = start.get(2..6).and_then(|len| len.try_into().ok()).map_or(0, u32::from_be_bytes);
        let before = from.rest.len();
        let mut kept = Vec::new();
        let tile = [COD, COC, QCD, QCC, RGN, POC, PPT];
        if header(&mut from, &mut kept, &tile, components)? != SOD {
            return Err(damaged("SOD"));
        }
        let passed = before.saturating_sub(from.rest.len()).saturating_add(12);
        let len = match usize::try_from(said) {
            Ok(0) | Err(_) => from.rest.len(),
            Ok(said) => said.checked_sub(passed).ok_or(damaged("Psot"))?,
        };
        // A picture that is cut off shows what is there.
        let (data, rest) = from.rest.split_at_checked(len).unwrap_or((from.rest, &[]));
        from.rest = rest;
        let data = if rest.is_empty() { data.strip_suffix(&EOC.to_be_bytes()).unwrap_or(data) } else { data };
        let len = kept.len().saturating_add(data.len()).saturating_add(14);
        made.extend(SOT.to_be_bytes());
        made.extend([0, 10]);
        made.extend(start.get(..2).unwrap_or_default());
        made.extend(u32::try_from(len).map_err(|_| damaged("Psot"))?.to_be_bytes());
        made.extend(start.get(6..).unwrap_or_default());
        made.extend(kept);
        made.extend(SOD.to_be_bytes());
        made.extend(data);
        marker = from.marker().unwrap_or(EOC);
    }
    made.extend(EOC.to_be_bytes());
    Ok((size, made))
}

/// Width, height and depths, and the segment without what follows the last component (A.5.1).
fn picture_size(segment: &[u8]) -> Option<(Size, &[u8])> {
    let number = |at: usize| Some(u32::from_be_bytes(segment.get(at..at.checked_add(4)?)?.try_into().ok()?));
    let components = usize::from(u16::from_be_bytes(segment.get(34..36)?.try_into().ok()?));
    let kept = segment.get(..components.checked_mul(3)?.checked_add(36)?)?;
    let depths: Vec<u8> = kept.get(36..)?.chunks(3).filter_map(|component| component.first().copied()).collect();
    let (width, height) = (number(2)?.checked_sub(number(10)?)?, number(6)?.checked_sub(number(14)?)?);
    (width > 0 && height > 0 && !depths.is_empty()).then_some((Size { width, height, depths }, kept))
}

/// Keeps the segments of a header that are on the list; the marker that ends it.
fn header(from: &mut Segments<'_>, made: &mut Vec<u8>, list: &[u16], components: usize) -> Result<u16, Refusal> {
    loop {
        let marker = from.marker().ok_or(damaged("header"))?;
        if matches!(marker, SOT | SOD | EOC) {
            return Ok(marker);
        }
        if !list.contains(&marker) && !DROPPED.contains(&marker) {
            return Err(Refusal::new(Reason::NotUnderstood, "marker", 0));
        }
        let segment = from.segment().ok_or(damaged("marker segment"))?;
        if list.contains(&marker) {
            let len = needed(marker, segment, components).ok_or(damaged("marker segment"))?;
            append(made, marker, segment.get(..len).ok_or(damaged("marker segment"))?);
        }
    }
}

/// Bytes of a segment behind its length that its own fields call for (A.6).
fn needed(marker: u16, segment: &[u8], components: usize) -> Option<usize> {
    let index = if components < 257 { 1usize } else { 2 };
    let precincts = |style: u8, levels: u8| if style & 1 == 1 { usize::from(levels).saturating_add(1) } else { 0 };
    match marker {
        COD => precincts(*segment.first()?, *segment.get(5)?).checked_add(10),
        COC => {
            let (style, levels) = (*segment.get(index)?, *segment.get(index.checked_add(1)?)?);
            precincts(style, levels).checked_add(index)?.checked_add(6)
        }
        QCD | QCC => {
            let at = if marker == QCC { index } else { 0 };
            let bands = segment.len().checked_sub(at.checked_add(1)?)?;
            let bytes = match segment.get(at)? & 31 {
                0 => bands.min(97),
                1 => 2,
                2 => (bands & !1).min(194),
                _ => return None,
            };
            bytes.checked_add(at)?.checked_add(1)
        }
        RGN => index.checked_add(2),
        POC => {
            let entry = index.checked_mul(2)?.checked_add(5)?;
            segment.len().checked_div(entry)?.checked_mul(entry).filter(|len| *len > 0)
        }
        _ => Some(segment.len()),
    }
}

fn append(made: &mut Vec<u8>, marker: u16, segment: &[u8]) {
    made.extend(marker.to_be_bytes());
    made.extend(u16::try_from(segment.len().saturating_add(2)).unwrap_or(u16::MAX).to_be_bytes());
    made.extend(segment);
}

#[cfg(test)]
mod tests;

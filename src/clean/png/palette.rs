//! Palette and transparency, down to the entries that pixels use. Never keeps one that no pixel shows.

use super::rows::{Colour, Shape, Watch};
use crate::clean::{Category, Findings};

/// The palette (PNG 3rd edition, 11.2.2) where `data` can be one: 1 to 256 entries of three bytes.
pub(super) fn palette(data: &[u8]) -> Option<Vec<u8>> {
    let (entries, rest) = data.as_chunks::<3>();
    (rest.is_empty() && (1..=256).contains(&entries.len())).then(|| data.to_vec())
}

/// The transparency (PNG 3rd edition, 11.3.1.1) where `data` can be one for a picture of that shape.
pub(super) fn transparency(
    data: &[u8],
    shape: Shape,
    palette: Option<&[u8]>,
    findings: &mut Findings,
) -> Option<Vec<u8>> {
    let samples = match shape.colour {
        Colour::Palette => {
            let entries = palette?.as_chunks::<3>().0.len();
            return (1..=entries).contains(&data.len()).then(|| data.to_vec());
        }
        Colour::Grey => 1,
        Colour::Rgb => 3,
        Colour::GreyAlpha | Colour::Rgba => return None,
    };
    let (values, rest) = data.as_chunks::<2>();
    if values.len() != samples || !rest.is_empty() {
        return None;
    }
    // Decoders use as many low bits as a sample has.
    let mask = u16::MAX.checked_shr(16_u32.saturating_sub(u32::from(shape.depth))).unwrap_or(u16::MAX);
    let masked: Vec<u8> = values.iter().flat_map(|&value| (u16::from_be_bytes(value) & mask).to_be_bytes()).collect();
    if masked != data {
        findings.removed(Category::HiddenContent, "tRNS unused bits");
    }
    Some(masked)
}

/// What to look for in the pixels, to tell which of these entries are used.
pub(super) fn watch(shape: Shape, transparency: Option<&[u8]>) -> Watch {
    match (shape.colour, transparency) {
        (Colour::Palette, _) => Watch::samples(),
        (Colour::Grey, Some(_)) if shape.depth <= 8 => Watch::samples(),
        (Colour::Grey | Colour::Rgb, Some(key)) if shape.depth == 16 => {
            Watch::Pixel { bytes: key.to_vec(), seen: false }
        }
        (Colour::Rgb, Some(key)) => {
            let low = key.as_chunks::<2>().0.iter().map(|&[_, low]| low).collect();
            Watch::Pixel { bytes: low, seen: false }
        }
        _ => Watch::Nothing,
    }
}

/// Whether a pixel has the colour that is transparent; for grey and RGB.
pub(super) fn is_key_used(transparency: &[u8], watch: &Watch) -> bool {
    match watch {
        Watch::Pixel { seen, .. } => *seen,
        Watch::Samples(_) => transparency.last().is_some_and(|&value| watch.met(usize::from(value))),
        Watch::Nothing => false,
    }
}

/// A palette and its alpha values.
pub(super) struct Entries {
    /// Three bytes an entry, up to the last that is used.
    pub(super) colours: Vec<u8>,
    /// A byte an entry, up to the last that is not opaque; `None` if there is none.
    pub(super) alphas: Option<Vec<u8>>,
}

/// Blanks the entries that no pixel uses and cuts those at the end. `None` if a pixel uses one that is not there.
pub(super) fn used(colours: &[u8], alphas: Option<&[u8]>, watch: &Watch, findings: &mut Findings) -> Option<Entries> {
    let (entries, _) = colours.as_chunks::<3>();
    if (entries.len()..256).any(|index| watch.met(index)) {
        return None;
    }
    let count = (0..entries.len()).rfind(|&index| watch.met(index))?.saturating_add(1);
    let alpha_of = |index: usize| alphas.and_then(|alphas| alphas.get(index)).copied().unwrap_or(u8::MAX);
    let mut kept = Vec::with_capacity(count);
    let mut opacity = Vec::with_capacity(count);
    let mut blanked = false;
    for (index, &entry) in entries.iter().enumerate() {
        if watch.met(index) {
            kept.push(entry);
            opacity.push(alpha_of(index));
            continue;
        }
        blanked |= entry != [0; 3] || !matches!(alpha_of(index), 0 | u8::MAX);
        if index < count {
            kept.push([0; 3]);
            opacity.push(u8::MAX);
        }
    }
    if blanked {
        findings.removed(Category::HiddenContent, "unused palette entries");
    }
    let opaque_from = opacity.iter().rposition(|&alpha| alpha != u8::MAX).map_or(0, |last| last.saturating_add(1));
    opacity.truncate(opaque_from);
    let alphas = (!opacity.is_empty()).then_some(opacity);
    Some(Entries { colours: kept.into_flattened(), alphas })
}

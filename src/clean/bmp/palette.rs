//! The palette of a bitmap, down to the colours that pixels use. Knows no pixel.

use super::header::Header;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};

/// More are an error, of which the count could be anything.
const COLOURS_MAX: u32 = 65_536;

/// Colours in the order of their bytes: blue, green, red.
pub(super) struct Palette {
    colours: Vec<[u8; 3]>,
    bits: u16,
}

impl Palette {
    /// Reads the palette that indices go by; of one that none go by, says that it is there.
    pub(super) fn read(
        cursor: &mut Cursor<'_>,
        header: &Header,
        findings: &mut Findings,
    ) -> Result<Option<Self>, Refusal> {
        let at = cursor.at();
        if header.bits > 8 {
            // A suggestion for screens of few colours. It goes with the gap.
            return Ok(None);
        }
        if header.colours > COLOURS_MAX {
            return Err(Refusal::new(Reason::Damaged, "number of colours", at));
        }
        let mut count = usize::try_from(header.colours).unwrap_or(usize::MAX);
        // OS/2 bitmaps do not say how many there are, but where pixels begin.
        if header.pixels_at > header.end {
            let room = usize::try_from(header.pixels_at.saturating_sub(header.end)).unwrap_or(usize::MAX);
            count = count.min(room.checked_div(header.colour_bytes).unwrap_or(0));
        }
        let bytes = cursor.bytes(count.saturating_mul(header.colour_bytes), "palette")?;
        let all = 1_usize.wrapping_shl(header.bits.into());
        let mut colours: Vec<[u8; 3]> = Vec::new();
        let mut hidden = false;
        for entry in bytes.chunks_exact(header.colour_bytes) {
            let Some((colour, reserved)) = entry.split_first_chunk::<3>() else { continue };
            hidden |= reserved.iter().any(|&byte| byte != 0);
            colours.push(*colour);
        }
        if colours.len() > all {
            findings.removed(Category::HiddenContent, "BMP palette, further colours");
            colours.truncate(all);
        }
        if hidden {
            findings.removed(Category::HiddenContent, "BMP palette, reserved bytes");
        }
        Ok(Some(Self { colours, bits: header.bits }))
    }

    /// All colours that indices can have, four bytes each; those that no pixel uses are black. A palette that is
    /// nothing but a grey ramp stays one, since programs take such pictures for grey ones. `None` where a pixel
    /// has none.
    pub(super) fn canonical(&self, used: &[bool; 256]) -> Option<Vec<u8>> {
        if used.iter().skip(self.colours.len()).any(|&used| used) {
            return None;
        }
        let ramp = ramp(self.bits);
        let is_ramp = self.colours.iter().zip(&ramp).all(|(colour, &grey)| *colour == [grey; 3]);
        let mut bytes = Vec::with_capacity(ramp.len().saturating_mul(4));
        for (index, &grey) in ramp.iter().enumerate() {
            let filling = if is_ramp { [grey; 3] } else { [0; 3] };
            let colour = self.colours.get(index).filter(|_| used.get(index) == Some(&true)).unwrap_or(&filling);
            bytes.extend_from_slice(colour);
            bytes.push(0);
        }
        Some(bytes)
    }
}

/// The greys of a picture without colours: black and white, or each the number of its index.
pub(super) fn ramp(bits: u16) -> Vec<u8> {
    match bits {
        1 => vec![0, 255],
        _ => (0..=u8::MAX).take(1_usize.wrapping_shl(bits.into())).collect(),
    }
}

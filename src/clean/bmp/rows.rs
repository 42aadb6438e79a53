//! Pixels that are not compressed: which bits of a row are shown, and which indices occur. Keeps no row.

use super::header::{Encoding, Header};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};

/// Drafts the rows with zeros for what is not shown, and enters the indices that pixels have in `used`.
pub(super) fn pixels(
    cursor: &mut Cursor<'_>,
    header: &Header,
    used: &mut [bool; 256],
    findings: &mut Findings,
) -> Result<Plan, Refusal> {
    let (stride, content) = header.row_bytes();
    let begin = cursor.at();
    let all = stride.saturating_mul(u64::from(header.height));
    let padding = stride.saturating_sub(content);
    // The last row's padding is often missing.
    if all.saturating_sub(padding) > cursor.remaining() {
        return Err(Refusal::new(Reason::Truncated, "pixels", begin));
    }
    let mut rows = Rows { plan: Plan::default(), shown: header.shown(), hidden: 0, padded: false };
    let indexed = header.encoding == Encoding::Indexed;
    let in_last = u32::try_from(u64::from(header.width).saturating_mul(header.bits.into()) % 8).unwrap_or(0);
    let last_mask = if in_last == 0 { 0xFF } else { !0xFF_u8.wrapping_shr(in_last) };
    let mut met = [false; 256];
    let mut met_last = [false; 256];
    for _ in 0..header.height {
        let at = cursor.at();
        let there = usize::try_from(stride.min(cursor.remaining())).unwrap_or(usize::MAX);
        let row = cursor.bytes(there, "pixels")?;
        let content = usize::try_from(content).unwrap_or(usize::MAX);
        let (shown, behind) = row.split_at_checked(content).unwrap_or((&row, &[]));
        let (&last, before) = shown.split_last().unwrap_or((&0, &[]));
        if indexed {
            for &byte in before {
                if let Some(met) = met.get_mut(usize::from(byte)) {
                    *met = true;
                }
            }
            if let Some(met) = met_last.get_mut(usize::from(last & last_mask)) {
                *met = true;
            }
        }
        rows.row(at, shown, last_mask, behind, usize::try_from(padding).unwrap_or(0))?;
    }
    if indexed {
        let in_byte = u32::from(8_u16.checked_div(header.bits).unwrap_or(1));
        enter(&met, in_byte, in_byte, used);
        let pixels = if in_last == 0 { in_byte } else { in_last.checked_div(header.bits.into()).unwrap_or(1) };
        enter(&met_last, pixels, in_byte, used);
    }
    rows.tell(findings);
    Ok(rows.plan)
}

struct Rows {
    plan: Plan,
    shown: [u8; 4],
    /// Bits that were there and are not shown.
    hidden: u32,
    padded: bool,
}

impl Rows {
    /// A row of `content`, of whose last byte only the bits of `last_mask` are pixels, and of what stood `behind` it.
    fn row(&mut self, at: u64, content: &[u8], last_mask: u8, behind: &[u8], padding: usize) -> Result<(), Refusal> {
        if self.shown != [0xFF; 4] {
            let (quads, rest) = content.as_chunks::<4>();
            let hidden = !u32::from_le_bytes(self.shown);
            self.hidden |= quads.iter().fold(0, |all, quad| all | u32::from_le_bytes(*quad)) & hidden;
            let mut last = [0; 4];
            last.iter_mut().zip(rest).for_each(|(to, byte)| *to = *byte);
            self.hidden |= u32::from_le_bytes(last) & hidden;
        }
        let len = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
        let is_padded = behind.len() != padding || behind.iter().any(|&byte| byte != 0);
        let (&last, before) = content.split_last().unwrap_or((&0, &[]));
        let is_partial = last & !last_mask != 0;
        self.padded |= is_partial || behind.iter().any(|&byte| byte != 0);
        let whole = if is_partial { before.len() } else { content.len() };
        let kept = if is_partial || is_padded { whole } else { whole.saturating_add(padding) };
        if self.shown == [0xFF; 4] {
            self.plan.copy(at, len(kept))?;
        } else {
            self.plan.masked(at, len(kept), self.shown)?;
        }
        if is_partial {
            self.plan.bytes(&[last & last_mask])?;
        }
        if is_partial || is_padded {
            // Three bytes at most: no memory to speak of.
            self.plan.bytes([0; 3].get(..padding).unwrap_or_default())?;
        }
        Ok(())
    }

    fn tell(&self, findings: &mut Findings) {
        if self.padded {
            findings.removed(Category::HiddenContent, "BMP padding of rows");
        }
        if self.hidden != 0 {
            findings.removed(Category::HiddenContent, "BMP bits of pixels that are not shown");
        }
    }
}

/// Enters the first `pixels` indices of each byte that was met, of which a byte has `in_byte`.
fn enter(met: &[bool; 256], pixels: u32, in_byte: u32, used: &mut [bool; 256]) {
    let bits = 8_u32.checked_div(in_byte).unwrap_or(8);
    let mask = 0xFF_u8.wrapping_shr(8_u32.saturating_sub(bits));
    for (byte, _) in (0..=u8::MAX).zip(met).filter(|(_, met)| **met) {
        for pixel in 1..=pixels {
            let index = byte.wrapping_shr(8_u32.saturating_sub(bits.saturating_mul(pixel))) & mask;
            if let Some(used) = used.get_mut(usize::from(index)) {
                *used = true;
            }
        }
    }
}

//! The transparency of a VP8 picture (RFC 9649, 2.7.1.2), down to what is decoded. Makes no pixels.

use super::vp8l;
use super::walk::{Budget, Fault, Trimmed};

/// Walks the body of an `ALPH` chunk for a picture of this size.
pub(super) fn walk(data: &[u8], width: u32, height: u32, budget: &mut Budget) -> Result<Trimmed, Fault> {
    let &[header, ..] = data else { return Err(Fault::truncated("ALPH")) };
    // Two reserved bits, preprocessing 0 or 1, one of four filters, raw or lossless: decoders know no other.
    let (preprocessing, compression) = (header >> 4, header & 3);
    if preprocessing > 1 || compression > 1 {
        return Err(Fault::not_understood("ALPH"));
    }
    let mut trimmed = Trimmed::default();
    if compression == 1 {
        let (needed, mask) = vp8l::walk_alpha(data, width, height, budget)?;
        trimmed.masked(data, 0, needed, mask);
        return Ok(trimmed);
    }
    budget.pixels(width, height)?;
    let pixels = usize::try_from(u64::from(width).saturating_mul(height.into())).unwrap_or(usize::MAX);
    if data.len().saturating_sub(1) < pixels {
        return Err(Fault::truncated("ALPH"));
    }
    trimmed.copy(0, pixels.saturating_add(1));
    Ok(trimmed)
}

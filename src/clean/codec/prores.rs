//! ProRes frames: overwrites the creator, which only names a program, and what is behind the frame.
//! Never changes a length and never reads a picture.
//!
//! Source: SMPTE RDD 36:2022, 5.1.

use super::nal;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};

/// The creator that Apple's own encoder writes.
const CREATOR: &[u8] = b"apl0";

/// Plans a sample: a frame, or the two fields of one in one frame.
pub(super) fn sample(
    cursor: &mut Cursor<'_>,
    len: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let end = nal::end(cursor, len)?;
    let at = cursor.at();
    let damaged = Refusal::new(Reason::Damaged, "ProRes frame header", at);
    if len < 28 {
        return Err(damaged);
    }
    let (size, kind, header_len, version) = (
        u64::from(cursor.be32("ProRes frame header")?),
        cursor.array::<4>("ProRes frame header")?,
        u64::from(cursor.be16("ProRes frame header")?),
        cursor.be16("ProRes frame header")?,
    );
    if kind != *b"icpf" || size > len || header_len.saturating_add(8) > size || version > 1 {
        return Err(damaged);
    }
    let creator = cursor.array::<4>("ProRes frame header")?;
    if creator != CREATOR {
        findings.removed_value(Category::Software, "ProRes creator", &legible::text(&creator));
    }
    let rest = cursor.array::<12>("ProRes frame header")?;
    let [.., flags] = rest;
    let matrices = u64::from(flags & 3).count_ones();
    let known = u64::from(matrices).saturating_mul(64).saturating_add(20);
    if header_len < known {
        return Err(damaged);
    }
    plan.copy(at, 12)?;
    plan.bytes_or_copy(CREATOR, &creator, at.saturating_add(12))?;
    plan.copy(at.saturating_add(16), known.saturating_sub(8))?;
    // What the header has beyond its fields.
    let fields_end = at.saturating_add(8).saturating_add(known);
    let header_end = at.saturating_add(8).saturating_add(header_len);
    zeros(cursor, fields_end, header_end, plan, findings)?;
    let frame_end = at.saturating_add(size);
    plan.copy(header_end, frame_end.saturating_sub(header_end))?;
    zeros(cursor, frame_end, end, plan, findings)?;
    cursor.go_to(end, "sample")
}

/// Zeros in the place of what stands between two offsets.
fn zeros(
    cursor: &mut Cursor<'_>,
    from: u64,
    until: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    cursor.go_to(from, "ProRes frame")?;
    let mut is_zero = true;
    while cursor.at() < until && is_zero {
        is_zero = cursor.byte("ProRes frame")? == 0;
    }
    if !is_zero {
        findings.removed(Category::HiddenContent, "behind a ProRes header or frame");
    }
    let len = until.saturating_sub(from);
    if is_zero { plan.copy(from, len) } else { plan.fill(0, len) }
}

//! The strips or tiles of a page, walked and drafted one behind the other. Writes no tag.

use super::coded::{self, Walk};
use super::layout::{Compression, Layout, Piece};
use super::page::Page;
use crate::clean::cursor::Cursor;
use crate::clean::jpeg::part;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// Strips as they will stand in the clean file.
pub(super) struct Strips {
    pub(super) plan: Plan,
    /// Bytes of each.
    pub(super) counts: Vec<u32>,
    /// Indices that samples have, where there is a palette.
    pub(super) used: [bool; 256],
    /// Of a JPEG in YCbCr, as its frames say.
    pub(super) subsampling: (u16, u16),
    /// Bytes of the original that the page says are its own.
    pub(super) referred: u64,
}

/// What strips of all pages may take together, so that no byte is used again and again.
pub(super) struct Budget {
    bytes: u64,
    inflated: u64,
}

impl Budget {
    pub(super) fn new(file_len: u64) -> Self {
        Self::of(file_len, limits::TIFF_INFLATED_BYTES_MAX)
    }

    /// So many bytes of the file, and so many inflated ones.
    pub(super) fn of(bytes: u64, inflated: u64) -> Self {
        Self { bytes, inflated }
    }
}

/// Drafts the strips of a page.
pub(super) fn draft(
    cursor: &mut Cursor<'_>,
    page: &Page,
    budget: &mut Budget,
    findings: &mut Findings,
) -> Result<Strips, Refusal> {
    let layout = &page.layout;
    let has_palette = layout.photometric == 3;
    let mut strips = Strips {
        plan: Plan::default(),
        counts: Vec::new(),
        used: [false; 256],
        subsampling: layout.subsampling,
        referred: 0,
    };
    let mut counts = page.counts.iter().copied();
    for (number, &at) in (0_u64..).zip(&page.offsets) {
        let piece = layout.piece(number);
        let room = cursor.len().saturating_sub(at);
        let declared = counts.next().filter(|&count| count > 0).unwrap_or(room);
        strips.referred = strips.referred.saturating_add(declared);
        // Samples that are not compressed need no count, and some programs write a wrong one.
        let exact = layout.bytes(piece, piece.rows);
        let limit = if layout.compression == Compression::None { exact } else { declared };
        let limit = limit.min(room);
        if at == 0 || limit == 0 {
            return Err(Refusal::new(Reason::Truncated, "strip or tile", page.at));
        }
        let before = strips.plan.len();
        cursor.go_to(at, "strip or tile")?;
        let taken = if layout.compression == Compression::Jpeg {
            jpeg(cursor, page, (number, piece), limit, &mut strips, findings)?
        } else {
            let mut walk = Walk::new(layout, piece, has_palette && layout.predictor == 1);
            let taken = walked(cursor, layout, at, limit, &mut walk, &mut strips.plan)?;
            budget.inflated = budget.inflated.checked_sub(walk.inflated()).ok_or(Refusal::new(
                Reason::TooLarge,
                "inflated bytes",
                at,
            ))?;
            if has_palette {
                let indices = coded::indices(walk.met(), layout.bits);
                strips.used.iter_mut().zip(indices).for_each(|(used, met)| *used |= met);
            }
            if walk.is_overfull() {
                findings.remains(Category::HiddenContent, "TIFF rows below the page", "");
            }
            taken
        };
        if declared > taken && !page.counts.is_empty() {
            findings.removed(Category::HiddenContent, "TIFF bytes behind the samples of a strip");
        }
        budget.bytes = budget.bytes.checked_sub(taken).ok_or(Refusal::new(
            Reason::Damaged,
            "strips that share their bytes",
            at,
        ))?;
        let len = strips.plan.len().saturating_sub(before);
        strips.counts.push(u32::try_from(len).map_err(|_| Refusal::new(Reason::TooLarge, "length", at))?);
    }
    Ok(strips)
}

/// Walks a strip from the cursor, and drafts what of it matters. Bytes of the original that it took.
fn walked(
    cursor: &mut Cursor<'_>,
    layout: &Layout,
    at: u64,
    limit: u64,
    walk: &mut Walk,
    plan: &mut Plan,
) -> Result<u64, Refusal> {
    let limit = if layout.compression.is_fax() { limit.min(limits::TIFF_FAX_BYTES_MAX) } else { limit };
    let mut left = limit;
    let damaged = |part| Refusal::new(Reason::Damaged, part, at);
    while left > 0 && !walk.has_ended() {
        let buffered = cursor.buffered()?;
        let here = buffered.get(..buffered.len().min(usize::try_from(left).unwrap_or(usize::MAX))).unwrap_or_default();
        if here.is_empty() {
            break;
        }
        let used = walk.feed(here).map_err(damaged)?;
        if used == 0 {
            break;
        }
        cursor.consume(used);
        left = left.saturating_sub(u64::try_from(used).unwrap_or(u64::MAX));
    }
    walk.finish().map_err(damaged)?;
    let (kept, tail) = (walk.kept(), walk.tail());
    plan.copy(at, kept)?;
    cursor.go_to(at.saturating_add(kept), "strip or tile")?;
    let there = tail.len().min(usize::try_from(limit.saturating_sub(kept).min(cursor.remaining())).unwrap_or(0));
    let original = cursor.bytes(there, "strip or tile")?;
    plan.bytes_or_copy(&tail, &original, at.saturating_add(kept))?;
    Ok(kept.saturating_add(u64::try_from(there).unwrap_or(0)))
}

/// A strip that is a JPEG.
fn jpeg(
    cursor: &mut Cursor<'_>,
    page: &Page,
    (number, piece): (u64, Piece),
    limit: u64,
    strips: &mut Strips,
    findings: &mut Findings,
) -> Result<u64, Refusal> {
    let at = cursor.at();
    let shape = part::clean(cursor, &page.tables, &mut strips.plan, findings)?;
    let taken = cursor.at().saturating_sub(at);
    if taken > limit {
        return Err(Refusal::new(Reason::Truncated, "strip or tile", at));
    }
    let Some(subsampling) = agrees(&page.layout, piece, &shape) else {
        return Err(Refusal::new(Reason::Damaged, "JPEG of another size than its strip", at));
    };
    if number > 0 && subsampling != strips.subsampling {
        return Err(Refusal::new(Reason::Damaged, "JPEGs of different sampling", at));
    }
    strips.subsampling = subsampling;
    if shape.height > piece.rows {
        findings.remains(Category::HiddenContent, "TIFF rows below the page", "");
    }
    Ok(taken)
}

/// How chroma is sampled in a JPEG, if it is what a page's strip must be: 1 and 1 for colours without chroma.
pub(super) fn agrees(layout: &Layout, piece: Piece, shape: &part::Shape) -> Option<(u16, u16)> {
    let is_size = shape.width == piece.width && (piece.rows..=piece.rows_max).contains(&shape.height);
    let is_kind = shape.precision == layout.bits && shape.sampling.len() == usize::from(piece.samples);
    let &(across, down) = shape.sampling.first()?;
    let is_ycbcr = layout.photometric == 6 && !layout.planar;
    let others = shape.sampling.iter().skip(1).all(|&factors| factors == (1, 1));
    let subsampling = if is_ycbcr { (across.into(), down.into()) } else { (1, 1) };
    let is_kind = is_kind && [subsampling.0, subsampling.1].iter().all(|factor| matches!(factor, 1 | 2 | 4));
    (is_size && is_kind && (!is_ycbcr || others)).then_some(subsampling)
}

//! Walks a VP8 key frame to the last bit that decoders read (RFC 6386), in each of its partitions. Makes no pixels.
//!
//! A partition says how long it is, or ends with the chunk; where its data end, only decoding tells. What is behind
//! that, and the bits that are left in the last byte, could hold anything.

mod bools;
mod residuals;
mod tables;

use self::bools::Bools;
use self::residuals::residuals;
use self::tables::TokenProbabilities;
use super::walk::{Budget, Fault, Trimmed};

/// What a walk has found.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) width: u32,
    pub(super) height: u32,
    /// The frame as it is written.
    pub(super) trimmed: Trimmed,
}

/// Walks the frame in `data`.
pub(super) fn walk(data: &[u8], budget: &mut Budget) -> Result<Walked, Fault> {
    let tag = Tag::read(data)?;
    budget.pixels(tag.width.into(), tag.height.into())?;
    let first_end = HEADER_BYTES.checked_add(tag.first_len).ok_or(Fault::damaged("VP8 first partition size"))?;
    let first = data.get(HEADER_BYTES..first_end).ok_or(Fault::truncated("VP8 first partition"))?;
    let mut bools = Bools::new(first);
    let header = Header::read(&mut bools)?;
    let partitions = partitions(data, first_end, header.partitions)?;
    let mut tokens: Vec<_> =
        partitions.iter().map(|part| Bools::new(data.get(part.clone()).unwrap_or_default())).collect();
    Picture::new(&tag, header).macroblocks(&mut bools, &mut tokens, budget)?;
    Ok(Walked {
        width: tag.width.into(),
        height: tag.height.into(),
        trimmed: trimmed(data, &tag, &bools, &partitions, &tokens)?,
    })
}

/// Writes the frame with what its partitions need.
fn trimmed(
    data: &[u8],
    tag: &Tag,
    first: &Bools<'_>,
    partitions: &[std::ops::Range<usize>],
    tokens: &[Bools<'_>],
) -> Result<Trimmed, Fault> {
    let mut trimmed = Trimmed::default();
    trimmed.bytes(data, 0, tag.bytes(first.needed()).ok_or(Fault::damaged("VP8 first partition size"))?);
    trimmed.masked(data, HEADER_BYTES, first.needed(), first.mask());
    let sizes: Vec<u8> = tokens
        .split_last()
        .into_iter()
        .flat_map(|(_, others)| others)
        .map(|part| u32::try_from(part.needed()).ok().filter(|&size| size < 1 << 24))
        .map(|size| size.map(u32::to_le_bytes))
        .collect::<Option<Vec<_>>>()
        .ok_or(Fault::damaged("VP8 partition size"))?
        .iter()
        .flat_map(|[a, b, c, _]| [*a, *b, *c])
        .collect();
    trimmed.bytes(data, HEADER_BYTES.saturating_add(tag.first_len), sizes);
    for (range, part) in partitions.iter().zip(tokens) {
        trimmed.masked(data, range.start, part.needed(), part.mask());
    }
    Ok(trimmed)
}

/// Where the token partitions lie: sizes of three bytes for all but the last, which has the rest (RFC 6386, 9.5).
fn partitions(data: &[u8], at: usize, count: usize) -> Result<Vec<std::ops::Range<usize>>, Fault> {
    let sizes_len = count.saturating_sub(1).saturating_mul(3);
    let truncated = Fault::truncated("VP8 partition");
    let sizes = data.get(at..).and_then(|rest| rest.get(..sizes_len)).ok_or(truncated.clone())?;
    let mut start = at.saturating_add(sizes_len);
    let mut ranges = Vec::with_capacity(count);
    for &[a, b, c] in sizes.as_chunks::<3>().0 {
        let size = usize::try_from(u32::from_le_bytes([a, b, c, 0])).unwrap_or(usize::MAX);
        let end = start.checked_add(size).filter(|&end| end <= data.len()).ok_or(truncated.clone())?;
        ranges.push(start..end);
        start = end;
    }
    ranges.push(start..data.len());
    // Decoders insist on a byte in each, also where no row of the picture is in it.
    if ranges.iter().any(std::ops::Range::is_empty) { Err(truncated) } else { Ok(ranges) }
}

/// What stands before the first partition (RFC 6386, 9.1).
struct Tag {
    version: u8,
    first_len: usize,
    width: u16,
    height: u16,
}

const HEADER_BYTES: usize = 10;
/// Width and height in 14 bits; the others ask a viewer to scale, and none does.
const SIDE_MASK: u16 = 0x3FFF;

impl Tag {
    fn read(data: &[u8]) -> Result<Self, Fault> {
        let header = data.first_chunk::<HEADER_BYTES>().ok_or(Fault::truncated("VP8 frame header"))?;
        let [a, b, c, start @ .., w0, w1, h0, h1] = *header;
        let bits = u32::from_le_bytes([a, b, c, 0]);
        // In a WebP file every frame is a key frame that is shown.
        if bits & 1 != 0 || bits & 0x10 == 0 || start != [0x9D, 0x01, 0x2A] {
            return Err(Fault::damaged("VP8 frame header"));
        }
        let version = (a >> 1) & 7;
        if version > 3 {
            return Err(Fault::not_understood("VP8 version"));
        }
        let first_len = usize::try_from(bits >> 5).unwrap_or(usize::MAX);
        let (width, height) = (u16::from_le_bytes([w0, w1]) & SIDE_MASK, u16::from_le_bytes([h0, h1]) & SIDE_MASK);
        if width == 0 || height == 0 {
            return Err(Fault::damaged("VP8 size"));
        }
        Ok(Self { version, first_len, width, height })
    }

    /// The same, without scaling, and with a first partition of `first_len` bytes.
    fn bytes(&self, first_len: usize) -> Option<Vec<u8>> {
        let len = u32::try_from(first_len).ok().filter(|&len| len < 1 << 19)?;
        let [a, b, c, _] = ((len << 5) | 0x10 | (u32::from(self.version) << 1)).to_le_bytes();
        let ([w0, w1], [h0, h1]) = (self.width.to_le_bytes(), self.height.to_le_bytes());
        Some(vec![a, b, c, 0x9D, 0x01, 0x2A, w0, w1, h0, h1])
    }
}

/// What the beginning of the first partition says, as far as it tells how to go on.
struct Header {
    /// Probabilities of segment numbers, where each macroblock has one.
    segments: Option<[u8; 3]>,
    partitions: usize,
    tokens: Box<TokenProbabilities>,
    /// Probability that a macroblock has coefficients, where some may have none.
    not_skipped: Option<u8>,
}

impl Header {
    /// RFC 6386, 9.2 to 9.11 and 19.2.
    fn read(bools: &mut Bools<'_>) -> Result<Self, Fault> {
        bools.literal(2); // colour space, clamping
        let segments = if bools.flag() { segments(bools) } else { None };
        bools.literal(10); // filter type, level, sharpness
        if bools.flag() && bools.flag() {
            (0..8).for_each(|_| bools.optional(7));
        }
        let partitions = 1_usize.checked_shl(bools.literal(2)).unwrap_or(1);
        bools.literal(7); // quantiser
        (0..5).for_each(|_| bools.optional(5));
        bools.flag(); // whether probabilities are kept for a next frame
        let mut tokens = Box::new(tables::TOKENS);
        let all = tokens.as_flattened_mut().as_flattened_mut().as_flattened_mut();
        let updates = tables::TOKEN_UPDATES.as_flattened().as_flattened().as_flattened();
        for (probability, &update) in all.iter_mut().zip(updates) {
            if bools.get(update) {
                *probability = bools.byte();
            }
        }
        let not_skipped = if bools.flag() { Some(bools.byte()) } else { None };
        if bools.is_starved() {
            Err(Fault::truncated("VP8 first partition"))
        } else {
            Ok(Self { segments, partitions, tokens, not_skipped })
        }
    }
}

/// RFC 6386, 9.3.
fn segments(bools: &mut Bools<'_>) -> Option<[u8; 3]> {
    let (has_map, has_values) = (bools.flag(), bools.flag());
    if has_values {
        bools.flag(); // absolute or delta
        (0..4).for_each(|_| bools.optional(8));
        (0..4).for_each(|_| bools.optional(7));
    }
    has_map.then(|| [(); 3].map(|()| if bools.flag() { bools.byte() } else { 255 }))
}

/// The macroblocks above, or to the left.
#[derive(Clone, Copy, Default)]
struct Neighbour {
    /// Modes of the four subblocks at the edge.
    modes: [u8; 4],
    /// Whether blocks at the edge have coefficients: four of Y, two of U, two of V.
    filled: [bool; 8],
    /// The same of Y2, of the last macroblock that had one.
    filled_y2: bool,
}

struct Picture {
    header: Header,
    columns: usize,
    rows: usize,
    above: Vec<Neighbour>,
}

impl Picture {
    fn new(tag: &Tag, header: Header) -> Self {
        let [columns, rows] = [tag.width, tag.height].map(|side| usize::from(side.div_ceil(16)));
        Self { header, columns, rows, above: vec![Neighbour::default(); columns] }
    }

    fn macroblocks(
        &mut self,
        first: &mut Bools<'_>,
        tokens: &mut [Bools<'_>],
        budget: &mut Budget,
    ) -> Result<(), Fault> {
        for row in 0..self.rows {
            let part = row.checked_rem(self.header.partitions).unwrap_or(0);
            let Some(tokens) = tokens.get_mut(part) else { return Err(Fault::damaged("VP8 partition")) };
            let mut left = Neighbour::default();
            let mut count = 0;
            for above in self.above.iter_mut().take(self.columns) {
                let (has_y2, is_skipped) = modes(first, &self.header, above, &mut left);
                if is_skipped {
                    (above.filled, left.filled) = ([false; 8], [false; 8]);
                    if has_y2 {
                        (above.filled_y2, left.filled_y2) = (false, false);
                    }
                } else {
                    count = residuals(tokens, &self.header.tokens, has_y2, above, &mut left).saturating_add(count);
                }
            }
            budget.tokens(count)?;
            if first.is_starved() {
                return Err(Fault::truncated("VP8 first partition"));
            }
            if tokens.is_starved() {
                return Err(Fault::truncated("VP8 partition"));
            }
        }
        Ok(())
    }
}

/// The header of a macroblock (RFC 6386, 11.2 to 11.4, 19.3): whether it has a Y2 block, and no coefficients at all.
fn modes(bools: &mut Bools<'_>, header: &Header, above: &mut Neighbour, left: &mut Neighbour) -> (bool, bool) {
    if let Some([root, low, high]) = header.segments {
        let branch = if bools.get(root) { high } else { low };
        bools.get(branch);
    }
    let is_skipped = header.not_skipped.is_some_and(|probability| bools.get(probability));
    let has_y2 = bools.get(145);
    if has_y2 {
        // TM_PRED or H_PRED, V_PRED or DC_PRED, as the modes of subblocks that are like them.
        let mode = if bools.get(156) {
            if bools.get(128) { 1 } else { 3 }
        } else if bools.get(163) {
            2
        } else {
            0
        };
        (above.modes, left.modes) = ([mode; 4], [mode; 4]);
    } else {
        for left in &mut left.modes {
            for above in &mut above.modes {
                let by_above = tables::SUBBLOCK_MODES.get(usize::from(*above));
                let Some(probabilities) = by_above.and_then(|table| table.get(usize::from(*left))) else { continue };
                *above = subblock_mode(bools, probabilities);
                *left = *above;
            }
        }
    }
    // DC_PRED, V_PRED, or one of H_PRED and TM_PRED.
    if bools.get(142) && bools.get(114) {
        bools.get(183);
    }
    (has_y2, is_skipped)
}

/// B_DC_PRED, B_TM_PRED, B_VE_PRED, B_HE_PRED, B_LD_PRED, B_RD_PRED, B_VR_PRED, B_VL_PRED, B_HD_PRED, B_HU_PRED are
/// 0 to 9 (RFC 6386, 8.1 and 11.2).
fn subblock_mode(bools: &mut Bools<'_>, probabilities: &[u8; 9]) -> u8 {
    let [dc, tm, ve, side, he, rd, ld, vl, hd] = *probabilities;
    if !bools.get(dc) {
        0
    } else if !bools.get(tm) {
        1
    } else if !bools.get(ve) {
        2
    } else if !bools.get(side) {
        if !bools.get(he) {
            3
        } else if !bools.get(rd) {
            5
        } else {
            6
        }
    } else if !bools.get(ld) {
        4
    } else if !bools.get(vl) {
        7
    } else if !bools.get(hd) {
        8
    } else {
        9
    }
}

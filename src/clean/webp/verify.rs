//! Reads a produced WebP and accounts for every byte, by a grammar of its own. Shares with the cleaner only the walk
//! over coded pictures, of which nothing may be left over.
//!
//! `RIFF WEBP (VP8X ICCP? (ANIM ANMF+ | (ALPH VP8 | VP8 | VP8L)) EXIF? | VP8 | VP8L)`

use std::io::Read;

use super::walk::{Budget, Trimmed};
use super::{alpha, vp8, vp8l};
use crate::clean::Unaccounted;
use crate::clean::metadata::{exif, icc};
use crate::clean::produced::Produced;
use crate::limits;

/// Bytes of a chunk that is not picture data: a canonical profile has less.
const SMALL_BYTES_MAX: u32 = 64 * 1024;

/// Accounts for every byte up to the end of `produced`.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut walker = Walker { produced: Produced::new(produced), head: None, end: 0, budget: Budget::new() };
    walker.produced.expect(b"RIFF", "RIFF")?;
    let size = u32::from_le_bytes(walker.produced.array()?);
    walker.end = u64::from(size).saturating_add(8);
    walker.produced.expect(b"WEBP", "WEBP")?;
    walker.advance()?;
    match walker.small(*b"VP8X")? {
        Some(header) => extended(&mut walker, &header)?,
        None => {
            // A lossless picture may be transparent without saying so in a header.
            let picture = still(&mut walker)?;
            if picture.has_alpha_chunk {
                return walker.produced.wrong("ALPH");
            }
        }
    }
    if walker.head.is_some() || walker.produced.at() != walker.end {
        return walker.produced.wrong("RIFF size");
    }
    walker.produced.end("after the RIFF chunk")
}

/// What follows VP8X, which must be needed and say just what there is.
fn extended(walker: &mut Walker<'_>, header: &[u8]) -> Result<(), Unaccounted> {
    let &[flags, 0, 0, 0, w0, w1, w2, h0, h1, h2] = header else { return walker.produced.wrong("VP8X") };
    let canvas = [[w0, w1, w2, 0], [h0, h1, h2, 0]].map(|side| u64::from(u32::from_le_bytes(side)).saturating_add(1));
    if canvas.into_iter().fold(1, u64::saturating_mul) > limits::PICTURE_PIXELS_MAX {
        return walker.produced.wrong("VP8X");
    }
    let profile = walker.small(*b"ICCP")?;
    if profile.as_ref().is_some_and(|profile| profile.get(16..20) != Some(b"RGB ") || !icc::is_canonical(profile)) {
        return walker.produced.wrong("ICCP");
    }
    let (is_animated, needs, has_alpha) = match walker.small(*b"ANIM")? {
        Some(control) => {
            if control.len() != 6 {
                return walker.produced.wrong("ANIM");
            }
            frames(walker, canvas)?;
            // That there is transparency is for an animation to say.
            (true, true, flags & 0x10 != 0)
        }
        None => {
            let picture = still(walker)?;
            if picture.size != canvas {
                return walker.produced.wrong("VP8X");
            }
            (false, picture.has_alpha_chunk, picture.has_alpha)
        }
    };
    let orientation = walker.small(*b"EXIF")?;
    if orientation.as_ref().is_some_and(|block| !(2..=8).any(|turn| exif::canonical(turn) == block.as_slice())) {
        return walker.produced.wrong("EXIF");
    }
    let bits = [(profile.is_some(), 0x20), (has_alpha, 0x10), (orientation.is_some(), 0x08), (is_animated, 0x02)];
    let expected: u8 = bits.iter().filter(|(is_set, _)| *is_set).fold(0, |all, (_, bit)| all | bit);
    if flags != expected || !(needs || profile.is_some() || orientation.is_some()) {
        return walker.produced.wrong("VP8X");
    }
    Ok(())
}

/// ANMF chunks, one at least.
fn frames(walker: &mut Walker<'_>, canvas: [u64; 2]) -> Result<(), Unaccounted> {
    let mut count: u64 = 0;
    while let Some((kind, size)) = walker.head {
        if kind != *b"ANMF" {
            break;
        }
        let end = walker.produced.at().saturating_add(size.into());
        let [x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, _, _, _, flags] = walker.produced.array()?;
        let [x, y, width, height] = [[x0, x1, x2, 0], [y0, y1, y2, 0], [w0, w1, w2, 0], [h0, h1, h2, 0]]
            .map(|number| u64::from(u32::from_le_bytes(number)));
        let size = [width, height].map(|side| side.saturating_add(1));
        let [right, bottom] = [(x, width), (y, height)].map(|(half, side)| half.saturating_mul(2).saturating_add(side));
        let [across, down] = canvas;
        walker.advance()?;
        let picture = still(walker)?;
        // The head of the next chunk has been read, where there is one.
        let at = walker.produced.at().saturating_sub(if walker.head.is_some() { 8 } else { 0 });
        if flags > 3 || right >= across || bottom >= down || picture.size != size || at != end {
            return walker.produced.wrong("ANMF");
        }
        count = count.saturating_add(1);
    }
    if count == 0 { walker.produced.wrong("ANMF") } else { Ok(()) }
}

struct Still {
    size: [u64; 2],
    has_alpha: bool,
    has_alpha_chunk: bool,
}

/// The chunks of one picture.
fn still(walker: &mut Walker<'_>) -> Result<Still, Unaccounted> {
    let alpha = walker.coded(*b"ALPH")?;
    if let Some(data) = walker.coded(*b"VP8 ")? {
        let at = walker.produced.at();
        let walked = vp8::walk(&data, &mut walker.budget).map_err(|fault| fault.unaccounted(at))?;
        walker.all_of(&walked.trimmed, &data, "VP8")?;
        if let Some(data) = &alpha {
            let trimmed = alpha::walk(data, walked.width, walked.height, &mut walker.budget)
                .map_err(|fault| fault.unaccounted(at))?;
            walker.all_of(&trimmed, data, "ALPH")?;
        }
        let size = [walked.width, walked.height].map(u64::from);
        return Ok(Still { size, has_alpha: alpha.is_some(), has_alpha_chunk: alpha.is_some() });
    }
    let Some(data) = walker.coded(*b"VP8L")?.filter(|_| alpha.is_none()) else {
        return walker.produced.wrong("VP8 or VP8L");
    };
    let at = walker.produced.at();
    let walked = vp8l::walk(&data, &mut walker.budget).map_err(|fault| fault.unaccounted(at))?;
    walker.all_of(&walked.trimmed, &data, "VP8L")?;
    let size = [walked.width, walked.height].map(u64::from);
    Ok(Still { size, has_alpha: walked.has_alpha, has_alpha_chunk: false })
}

/// The bytes, and the head of the chunk that comes next; none at the end.
struct Walker<'a> {
    produced: Produced<'a>,
    head: Option<([u8; 4], u32)>,
    end: u64,
    budget: Budget,
}

impl Walker<'_> {
    /// Reads the next head.
    fn advance(&mut self) -> Result<(), Unaccounted> {
        self.head = match self.end.checked_sub(self.produced.at()) {
            None => return self.produced.wrong("RIFF size"),
            Some(0) => None,
            Some(_) => Some((self.produced.array()?, u32::from_le_bytes(self.produced.array()?))),
        };
        Ok(())
    }

    /// The body of the next chunk, if that is of type `kind`; then the chunk behind it is next.
    fn body(&mut self, kind: [u8; 4], len_max: u32) -> Result<Option<Vec<u8>>, Unaccounted> {
        let Some((next, len)) = self.head else { return Ok(None) };
        if next != kind {
            return Ok(None);
        }
        if len > len_max {
            return self.produced.wrong("chunk size");
        }
        let body = self.produced.bytes(usize::try_from(len).unwrap_or(usize::MAX))?;
        if len % 2 == 1 {
            self.produced.expect(&[0], "chunk padding")?;
        }
        self.advance()?;
        Ok(Some(body))
    }

    fn small(&mut self, kind: [u8; 4]) -> Result<Option<Vec<u8>>, Unaccounted> {
        self.body(kind, SMALL_BYTES_MAX)
    }

    fn coded(&mut self, kind: [u8; 4]) -> Result<Option<Vec<u8>>, Unaccounted> {
        self.body(kind, u32::try_from(limits::WEBP_PICTURE_BYTES_MAX).unwrap_or(u32::MAX))
    }

    fn all_of(&self, trimmed: &Trimmed, data: &[u8], part: &'static str) -> Result<(), Unaccounted> {
        if trimmed.is_all_of(data) { Ok(()) } else { self.produced.wrong(part) }
    }
}

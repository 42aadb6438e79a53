//! Reads a WebP once, chunk by chunk, and keeps what a clean one is made of. Never writes.

use super::picture::{Parts, Picture};
use super::walk::Budget;
use crate::clean::container::riff::{self, Chunk, Order};
use crate::clean::cursor::Cursor;
use crate::clean::metadata::{exif, icc, xmp};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What a clean WebP is made of.
pub(super) struct Kept {
    pub(super) findings: Findings,
    pub(super) canvas: Canvas,
    pub(super) profile: Option<Vec<u8>>,
    /// 2 to 8.
    pub(super) orientation: Option<u8>,
    pub(super) shown: Shown,
}

/// The size of what is shown, and for animations whether they say that they are transparent.
#[derive(Clone, Copy)]
pub(super) struct Canvas {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) has_alpha: bool,
}

pub(super) enum Shown {
    Still(Picture),
    Animation {
        /// ANIM: background colour and number of plays.
        control: [u8; 6],
        frames: Vec<Frame>,
    },
}

/// A frame of an animation.
pub(super) struct Frame {
    /// Place, size, duration, flags, as they are written.
    pub(super) header: [u8; 16],
    pub(super) picture: Picture,
}

impl Frame {
    /// Bytes of its ANMF chunk behind the header of that.
    pub(super) fn len(&self) -> u64 {
        self.picture.len().saturating_add(16)
    }
}

/// VP8X (RFC 9649, 2.7).
#[derive(Clone, Copy)]
struct Extended {
    flags: u8,
    width: u32,
    height: u32,
}

#[derive(Default)]
struct Survey {
    findings: Findings,
    extended: Option<Extended>,
    profile: Option<Vec<u8>>,
    has_profile: bool,
    /// What the first EXIF chunk says, if there was one.
    orientation: Option<Option<u8>>,
    parts: Parts,
    control: Option<[u8; 6]>,
    frames: Vec<Frame>,
}

/// Where a chunk of metadata stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In an extended file, where it counts.
    Outside,
    /// In a frame, or in a simple file.
    Elsewhere,
}

/// Reads all of it.
pub(super) fn survey(cursor: &mut Cursor<'_>) -> Result<Kept, Refusal> {
    let header: [u8; 12] = cursor.array("RIFF header")?;
    let [b'R', b'I', b'F', b'F', s0, s1, s2, s3, b'W', b'E', b'B', b'P'] = header else {
        return Err(damaged("RIFF header", 0));
    };
    let end = u64::from(u32::from_le_bytes([s0, s1, s2, s3])).saturating_add(8);
    if end > cursor.len() {
        return Err(Refusal::new(Reason::Truncated, "RIFF chunk", 0));
    }
    let mut survey = Survey::default();
    let mut budget = Budget::new();
    let mut count = 0_usize;
    while let Some(chunk) = riff::next(cursor, end, Order::Little)? {
        count = count.saturating_add(1);
        if count > limits::CHUNKS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of chunks", chunk.at));
        }
        survey.chunk(cursor, chunk.whole("chunk")?, count == 1, &mut budget)?;
        pad(cursor, &chunk, end, &mut survey.findings)?;
    }
    if cursor.at() < end {
        survey.findings.removed(Category::HiddenContent, "bytes behind the last chunk");
    }
    if end < cursor.len() {
        survey.findings.removed(Category::HiddenContent, "bytes behind the RIFF chunk");
    }
    survey.finish(cursor, &mut budget)
}

/// Goes to the end of a chunk, over its padding.
fn pad(cursor: &mut Cursor<'_>, chunk: &Chunk, end: u64, findings: &mut Findings) -> Result<(), Refusal> {
    let body_end = chunk.body_at.saturating_add(chunk.len);
    cursor.go_to(body_end, "chunk")?;
    if chunk.end() > body_end && chunk.end() <= end && cursor.byte("chunk padding")? != 0 {
        findings.removed(Category::HiddenContent, "chunk padding");
    }
    Ok(())
}

impl Survey {
    fn chunk(
        &mut self,
        cursor: &mut Cursor<'_>,
        chunk: Chunk,
        is_first: bool,
        budget: &mut Budget,
    ) -> Result<(), Refusal> {
        if is_first && !matches!(&chunk.kind, b"VP8X" | b"VP8 " | b"VP8L") {
            return Err(damaged("VP8X, VP8 or VP8L missing", chunk.at));
        }
        let is_animated = self.extended.is_some_and(|extended| extended.flags & super::FLAG_ANIMATION != 0);
        match &chunk.kind {
            b"VP8X" if is_first => self.extended(cursor, chunk)?,
            b"VP8X" => return Err(damaged("VP8X twice", chunk.at)),
            b"ANIM" if is_animated && self.control.is_some() => return Err(damaged("ANIM twice", chunk.at)),
            b"ANIM" if is_animated => {
                let body = cursor.array::<6>("ANIM")?;
                if chunk.len < 6 {
                    return Err(damaged("ANIM", chunk.at));
                }
                if chunk.len > 6 {
                    self.findings.removed(Category::HiddenContent, "ANIM beyond its fields");
                }
                self.control = Some(body);
            }
            b"ANMF" if is_animated => self.frame(cursor, chunk, budget)?,
            b"ANIM" | b"ANMF" => self.findings.removed(Category::HiddenContent, chunk.name()),
            b"VP8 " | b"VP8L" | b"ALPH" if is_animated => {
                self.findings.removed(Category::HiddenContent, format!("{} beside the animation", chunk.name()));
            }
            b"ALPH" if self.extended.is_none() => self.findings.removed(Category::HiddenContent, "ALPH"),
            _ if self.parts.take(chunk, &mut self.findings)? => {}
            _ if self.extended.is_some() => self.metadata(cursor, chunk, Place::Outside)?,
            _ => self.metadata(cursor, chunk, Place::Elsewhere)?,
        }
        Ok(())
    }

    fn extended(&mut self, cursor: &mut Cursor<'_>, chunk: Chunk) -> Result<(), Refusal> {
        if chunk.len < 10 {
            return Err(damaged("VP8X", chunk.at));
        }
        let [flags, r0, r1, r2, w0, w1, w2, h0, h1, h2] = cursor.array("VP8X")?;
        if chunk.len > 10 || flags & 0xC1 != 0 || [r0, r1, r2] != [0; 3] {
            self.findings.removed(Category::HiddenContent, "VP8X beyond its fields");
        }
        let [width, height] = [[w0, w1, w2, 0], [h0, h1, h2, 0]].map(|side| u32::from_le_bytes(side).saturating_add(1));
        if u64::from(width).saturating_mul(height.into()) > limits::PICTURE_PIXELS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "canvas", chunk.at));
        }
        self.extended = Some(Extended { flags, width, height });
        Ok(())
    }

    /// ANMF (RFC 9649, 2.7.1.1).
    fn frame(&mut self, cursor: &mut Cursor<'_>, chunk: Chunk, budget: &mut Budget) -> Result<(), Refusal> {
        let end = chunk.body_at.saturating_add(chunk.len);
        let Some(canvas) = self.extended.filter(|_| self.control.is_some() && chunk.len >= 16) else {
            return Err(damaged("ANMF", chunk.at));
        };
        let mut header: [u8; 16] = cursor.array("ANMF")?;
        let [x0, x1, x2, y0, y1, y2, w0, w1, w2, h0, h1, h2, .., flags] = &mut header;
        let [x, y] = [[*x0, *x1, *x2, 0], [*y0, *y1, *y2, 0]].map(|half| u32::from_le_bytes(half).saturating_mul(2));
        let [width, height] =
            [[*w0, *w1, *w2, 0], [*h0, *h1, *h2, 0]].map(|side| u32::from_le_bytes(side).saturating_add(1));
        if *flags & !3 != 0 {
            self.findings.removed(Category::HiddenContent, "ANMF reserved bits");
            *flags &= 3;
        }
        let mut parts = Parts::default();
        while let Some(inner) = riff::next(cursor, end, Order::Little)? {
            let inner = inner.whole("ANMF")?;
            if !parts.take(inner, &mut self.findings)? {
                self.metadata(cursor, inner, Place::Elsewhere)?;
            }
            pad(cursor, &inner, end, &mut self.findings)?;
        }
        if cursor.at() < end {
            self.findings.removed(Category::HiddenContent, "bytes behind the last chunk of a frame");
        }
        let picture = parts.walk(cursor, chunk.at, budget, &mut self.findings)?;
        let is_inside = x.saturating_add(width) <= canvas.width && y.saturating_add(height) <= canvas.height;
        if !is_inside || (picture.width, picture.height) != (width, height) {
            return Err(damaged("ANMF size", chunk.at));
        }
        self.frames.push(Frame { header, picture });
        Ok(())
    }

    /// A chunk that is not kept, or not as it is.
    fn metadata(&mut self, cursor: &mut Cursor<'_>, chunk: Chunk, place: Place) -> Result<(), Refusal> {
        let findings = &mut self.findings;
        let Some(body) = chunk.body(cursor, limits::METADATA_BYTES_MAX)? else {
            findings.removed(Category::Unknown, format!("{}, too long to be read", chunk.name()));
            return Ok(());
        };
        match &chunk.kind {
            b"EXIF" => {
                let read = exif::read(&body);
                findings.append(read.findings);
                let orientation = read.orientation.filter(|orientation| (2..=8).contains(orientation));
                match (place, self.orientation) {
                    (Place::Outside, None) => self.orientation = Some(orientation),
                    // Viewers disagree on which counts.
                    (Place::Outside, Some(first)) if first != orientation => {
                        return Err(damaged("EXIF twice", chunk.at));
                    }
                    _ => findings.removed(Category::HiddenContent, "EXIF twice, or where none can be"),
                }
            }
            b"ICCP" if place == Place::Outside => {
                if self.has_profile {
                    return Err(damaged("ICCP twice", chunk.at));
                }
                // Pictures are always RGB, and decoders ignore a profile for anything else.
                let is_rgb = body.get(16..20) == Some(b"RGB ");
                self.profile = icc::canonical(&body, findings).filter(|_| is_rgb);
                self.has_profile = true;
            }
            b"ICCP" => findings.append(icc::findings(&body)),
            b"XMP " | b"XMP\0" => findings.append(xmp::findings(&body)),
            // C2PA 2.1, A.3: the whole story of the picture, signed.
            b"C2PA" => findings.removed(Category::History, "C2PA"),
            _ => findings.removed(Category::Unknown, format!("chunk {}", chunk.name())),
        }
        Ok(())
    }

    fn finish(mut self, cursor: &mut Cursor<'_>, budget: &mut Budget) -> Result<Kept, Refusal> {
        let (canvas, shown) = match self.extended {
            Some(extended) if extended.flags & super::FLAG_ANIMATION != 0 => {
                let Some(control) = self.control.filter(|_| !self.frames.is_empty()) else {
                    return Err(damaged("ANIM or ANMF missing", 0));
                };
                let has_alpha = extended.flags & super::FLAG_ALPHA != 0;
                let canvas = Canvas { width: extended.width, height: extended.height, has_alpha };
                (canvas, Shown::Animation { control, frames: self.frames })
            }
            extended => {
                let picture = self.parts.walk(cursor, 0, budget, &mut self.findings)?;
                let (width, height) = (picture.width, picture.height);
                if extended.is_some_and(|canvas| (canvas.width, canvas.height) != (width, height)) {
                    return Err(damaged("VP8X canvas size", 12));
                }
                (Canvas { width, height, has_alpha: false }, Shown::Still(picture))
            }
        };
        Ok(Kept {
            findings: self.findings,
            canvas,
            profile: self.profile,
            orientation: self.orientation.flatten(),
            shown,
        })
    }
}

fn damaged(part: &'static str, at: u64) -> Refusal {
    Refusal::new(Reason::Damaged, part, at)
}

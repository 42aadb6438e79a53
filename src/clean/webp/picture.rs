//! One coded picture of a WebP file as the cleaner finds it: its chunks, walked. Knows no frames and no canvas.

use super::walk::{Budget, Fault, Trimmed};
use super::{alpha, size, vp8, vp8l};
use crate::clean::container::riff::Chunk;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// A picture that was walked to its end.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) width: u32,
    pub(super) height: u32,
    image: Part,
    alpha: Option<Part>,
    /// Of a lossless one.
    has_alpha: bool,
}

/// A chunk as it is written.
#[derive(Debug)]
struct Part {
    kind: [u8; 4],
    /// Where its body stands in the original.
    at: u64,
    trimmed: Trimmed,
}

impl Part {
    fn len(&self) -> u64 {
        let len = self.trimmed.len();
        len.saturating_add(len & 1).saturating_add(8)
    }

    fn write(&self, plan: &mut Plan) -> Result<(), Refusal> {
        plan.bytes(&self.kind)?;
        plan.bytes(&size(self.trimmed.len())?)?;
        self.trimmed.write(plan, self.at)?;
        plan.fill(0, self.trimmed.len() & 1)
    }
}

impl Picture {
    /// Bytes of its chunks.
    pub(super) fn len(&self) -> u64 {
        self.image.len().saturating_add(self.alpha.as_ref().map_or(0, Part::len))
    }

    /// Whether it is transparent anywhere.
    pub(super) fn has_alpha(&self) -> bool {
        self.has_alpha || self.alpha.is_some()
    }

    pub(super) fn has_alpha_chunk(&self) -> bool {
        self.alpha.is_some()
    }

    /// Appends its chunks.
    pub(super) fn write(&self, plan: &mut Plan) -> Result<(), Refusal> {
        if let Some(alpha) = &self.alpha {
            alpha.write(plan)?;
        }
        self.image.write(plan)
    }
}

/// The chunks a picture could be made of, in the order they were met.
#[derive(Debug, Default)]
pub(super) struct Parts {
    image: Option<Chunk>,
    alpha: Option<Chunk>,
}

impl Parts {
    /// Takes a chunk if it is of a picture. Whether it was.
    pub(super) fn take(&mut self, chunk: Chunk, findings: &mut Findings) -> Result<bool, Refusal> {
        match (&chunk.kind, self.image, self.alpha) {
            (b"VP8 " | b"VP8L", None, _) => self.image = Some(chunk),
            (b"ALPH", None, None) => self.alpha = Some(chunk),
            // Decoders disagree on which counts.
            (b"ALPH", None, Some(_)) => return Err(Refusal::new(Reason::Damaged, "ALPH twice", chunk.at)),
            (b"VP8 " | b"VP8L" | b"ALPH", Some(_), _) => {
                findings.removed(Category::HiddenContent, format!("{} behind the picture", chunk.name()));
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Walks the picture. `at` is for the refusal where there is none.
    pub(super) fn walk(
        self,
        cursor: &mut Cursor<'_>,
        at: u64,
        budget: &mut Budget,
        findings: &mut Findings,
    ) -> Result<Picture, Refusal> {
        let Some(image) = self.image else { return Err(Refusal::new(Reason::Damaged, "VP8 or VP8L missing", at)) };
        let data = body(cursor, image)?;
        let is_lossless = image.kind == *b"VP8L";
        let (width, height, trimmed, has_alpha) = if is_lossless {
            let walked = vp8l::walk(&data, budget).map_err(|fault| fault.refusal(image.at))?;
            (walked.width, walked.height, walked.trimmed, walked.has_alpha)
        } else {
            let walked = vp8::walk(&data, budget).map_err(|fault| fault.refusal(image.at))?;
            (walked.width, walked.height, walked.trimmed, false)
        };
        let image = part(image, &data, trimmed, findings);
        drop(data);
        let alpha = match self.alpha {
            Some(_) if is_lossless => {
                findings.removed(Category::HiddenContent, "ALPH of a lossless picture");
                None
            }
            Some(chunk) => {
                let data = body(cursor, chunk)?;
                let trimmed =
                    alpha::walk(&data, width, height, budget).map_err(|fault: Fault| fault.refusal(chunk.at))?;
                Some(part(chunk, &data, trimmed, findings))
            }
            None => None,
        };
        Ok(Picture { width, height, image, alpha, has_alpha })
    }
}

fn body(cursor: &mut Cursor<'_>, chunk: Chunk) -> Result<Vec<u8>, Refusal> {
    let len_max = usize::try_from(limits::WEBP_PICTURE_BYTES_MAX).unwrap_or(usize::MAX);
    chunk.body(cursor, len_max)?.ok_or(Refusal::new(Reason::TooLarge, "coded picture", chunk.at))
}

/// More than this behind a picture is no encoder's last bits.
const FLUSHED_BYTES: u64 = 16;

fn part(chunk: Chunk, data: &[u8], trimmed: Trimmed, findings: &mut Findings) -> Part {
    if chunk.len.saturating_sub(trimmed.len()) > FLUSHED_BYTES {
        findings.removed(Category::HiddenContent, format!("{} behind the picture's data", chunk.name()));
    } else if !trimmed.is_all_of(data) {
        findings.removed(Category::Software, format!("{} unused bits", chunk.name()));
    }
    Part { kind: chunk.kind, at: chunk.body_at, trimmed }
}

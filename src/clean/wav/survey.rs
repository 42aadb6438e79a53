//! Reads a WAV once, chunk by chunk, and finds where the sound lies. Never writes.

use super::dropped;
use crate::clean::container::riff::{self, Chunk, Order};
use crate::clean::cursor::Cursor;
use crate::clean::wave::WaveFormat;
use crate::clean::{Category, Findings, Reason, Refusal};

/// What a clean WAV is made of.
pub(super) struct Kept {
    pub(super) findings: Findings,
    pub(super) format: WaveFormat,
    /// Where the sound begins.
    pub(super) at: u64,
    /// Its bytes.
    pub(super) len: u64,
    /// Samples of each channel.
    pub(super) samples: u64,
}

/// Sizes from here on are of programs that did not know how long a recording would be.
const UNKNOWN_FROM: u32 = 0x7FFF_0000;

#[derive(Default)]
struct Survey {
    findings: Findings,
    /// The size of the sound by ds64.
    long: Option<u64>,
    format: Option<WaveFormat>,
    /// What `fact` chunks say, of which the first that can be right counts.
    facts: Vec<u64>,
    sound: Option<(u64, u64)>,
}

/// Reads all of it.
pub(super) fn survey(cursor: &mut Cursor<'_>) -> Result<Kept, Refusal> {
    match cursor.array("RIFF header")? {
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'A', b'V', b'E'] => {}
        [b'R', b'F', b'6', b'4', _, _, _, _, b'W', b'A', b'V', b'E']
        | [b'B', b'W', b'6', b'4', _, _, _, _, b'W', b'A', b'V', b'E'] => {}
        [b'R', b'I', b'F', b'X', ..] => return Err(Refusal::new(Reason::NotUnderstood, "RIFX", 0)),
        _ => return Err(damaged("RIFF header", 0)),
    }
    let mut survey = Survey::default();
    riff::each(cursor, Order::Little, |cursor, chunk| survey.chunk(cursor, chunk))?;
    if cursor.remaining() > 0 {
        survey.findings.removed(Category::HiddenContent, "bytes behind the last chunk");
    }
    survey.finish()
}

impl Survey {
    /// Reads one chunk. Whether another may follow.
    fn chunk(&mut self, cursor: &mut Cursor<'_>, chunk: Chunk) -> Result<bool, Refusal> {
        if chunk.kind == *b"data" && self.sound.is_none() {
            return self.data(cursor, chunk);
        }
        if chunk.kind == *b"data" {
            // Some players go on there, others do not.
            return Err(damaged("data twice", chunk.at));
        }
        if self.sound.is_some() && (!chunk.is_named() || !chunk.is_whole()) {
            cursor.go_to(chunk.at, "chunk")?;
            return Ok(false);
        }
        let chunk = chunk.whole("chunk")?;
        match &chunk.kind {
            b"fmt " if self.format.is_some() => return Err(damaged("fmt twice", chunk.at)),
            b"fmt " => {
                let body = self.body(cursor, chunk)?;
                let format = WaveFormat::read(&body, chunk.at)?;
                let written = format.bytes();
                if written.get(..16) != body.get(..16) || written.len() < body.len() {
                    self.findings.removed(Category::Software, "fmt fields that decoders do not use");
                }
                self.format = Some(format);
            }
            b"ds64" if self.long.is_none() && self.format.is_none() => {
                let body = self.body(cursor, chunk)?;
                let Some((_, rest)) = body.split_first_chunk::<8>() else { return Err(damaged("ds64", chunk.at)) };
                let Some((size, _)) = rest.split_first_chunk::<8>() else { return Err(damaged("ds64", chunk.at)) };
                self.long = Some(u64::from_le_bytes(*size));
                if body.len() > 28 || body.get(24..).is_some_and(|table| table.iter().any(|&byte| byte != 0)) {
                    self.findings.removed(Category::HiddenContent, "ds64 table");
                }
            }
            b"fact" => {
                let body = self.body(cursor, chunk)?;
                self.facts.extend(body.first_chunk().map(|samples| u64::from(u32::from_le_bytes(*samples))));
                if body.len() > 4 {
                    self.findings.removed(Category::HiddenContent, "fact beyond its field");
                }
            }
            _ => dropped::chunk(cursor, chunk, &mut self.findings)?,
        }
        let body_end = chunk.body_at.saturating_add(chunk.len);
        cursor.go_to(body_end, "chunk")?;
        if chunk.end() > body_end && cursor.remaining() > 0 && cursor.byte("chunk padding")? != 0 {
            self.findings.removed(Category::HiddenContent, "chunk padding");
        }
        Ok(true)
    }

    fn body(&mut self, cursor: &mut Cursor<'_>, chunk: Chunk) -> Result<Vec<u8>, Refusal> {
        // Nothing that matters is longer; tables of ds64 and extensions of fmt are not.
        chunk.body(cursor, usize::from(u16::MAX))?.ok_or(damaged("chunk", chunk.at))
    }

    /// Finds the sound.
    fn data(&mut self, cursor: &mut Cursor<'_>, chunk: Chunk) -> Result<bool, Refusal> {
        if self.format.is_none() {
            return Err(damaged("fmt missing", chunk.at));
        }
        let there = cursor.len().saturating_sub(chunk.body_at);
        let long = self.long.filter(|_| chunk.size == u32::MAX);
        let len = match long {
            Some(long) if long > 0 && long <= there => long,
            Some(long) if long > 0 && long < u64::MAX >> 1 => {
                return Err(Refusal::new(Reason::Truncated, "data", chunk.at));
            }
            None if chunk.size > 0 && chunk.is_whole() => chunk.len,
            None if chunk.size > 0 && chunk.size < UNKNOWN_FROM => {
                return Err(Refusal::new(Reason::Truncated, "data", chunk.at));
            }
            _ => there.saturating_sub(chunks_at_the_end(cursor, chunk.body_at)?),
        };
        self.sound = Some((chunk.body_at, len));
        let end = chunk.body_at.saturating_add(len);
        cursor.go_to(end, "data")?;
        if len & 1 == 1 && cursor.remaining() > 0 && cursor.byte("data padding")? != 0 {
            self.findings.removed(Category::HiddenContent, "data padding");
        }
        Ok(true)
    }

    fn finish(mut self) -> Result<Kept, Refusal> {
        let Some(format) = self.format else { return Err(damaged("fmt missing", 0)) };
        let Some((at, there)) = self.sound else { return Err(damaged("data missing", 0)) };
        let (len, most) = format.whole(there);
        if len < there {
            self.findings.removed(Category::HiddenContent, "data behind the last whole sample");
        }
        // A last block of ADPCM may have more samples than the sound.
        let least = most.saturating_sub(u64::from(format.samples_a_block()).saturating_sub(1));
        let samples = self.facts.into_iter().find(|fact| (least..=most).contains(fact)).unwrap_or(most);
        Ok(Kept { findings: self.findings, format, at, len, samples })
    }
}

/// Bytes at the end of a file that are looked at for chunks behind sound of unknown length.
const TAIL_BYTES_MAX: u64 = 1 << 20;

/// How many bytes at the end of the file, but not before `from`, are chunks that end with it.
fn chunks_at_the_end(cursor: &mut Cursor<'_>, from: u64) -> Result<u64, Refusal> {
    let start = cursor.len().saturating_sub(TAIL_BYTES_MAX).max(from);
    cursor.go_to(start, "data")?;
    let tail = cursor.bytes(usize::try_from(cursor.remaining()).unwrap_or(0), "data")?;
    // From the end: a chunk is one if what follows it is, or the end.
    let mut ends = vec![false; tail.len()];
    let mut first = tail.len();
    for (at, window) in tail.windows(8).enumerate().rev() {
        let &[a, b, c, d, s0, s1, s2, s3] = window else { continue };
        if !riff::is_name([a, b, c, d]) {
            continue;
        }
        let size = usize::try_from(u32::from_le_bytes([s0, s1, s2, s3])).unwrap_or(usize::MAX);
        let Some(end) = at.checked_add(8).and_then(|body| body.checked_add(size)) else { continue };
        let padded = end.saturating_add(size & 1);
        if end == tail.len() || padded == tail.len() || ends.get(padded) == Some(&true) {
            if let Some(mark) = ends.get_mut(at) {
                *mark = true;
            }
            first = at;
        }
    }
    Ok(u64::try_from(tail.len().saturating_sub(first)).unwrap_or(0))
}

fn damaged(part: &'static str, at: u64) -> Refusal {
    Refusal::new(Reason::Damaged, part, at)
}

//! Chunks of a PNG as they are read and written: length, type, data, CRC-32. Never judges what they mean.

use crc32fast::Hasher;

use crate::clean::cursor::Cursor;
use crate::clean::{Plan, Reason, Refusal};
use crate::limits;

/// Length of a chunk's data, at most (PNG 3rd edition, 5.3).
const LENGTH_MAX: u32 = 0x7FFF_FFFF;

/// A chunk's head; the cursor stands at its data.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chunk {
    /// Four ASCII letters.
    pub(super) kind: [u8; 4],
    /// Bytes of data.
    pub(super) len: u32,
    /// Offset of the length field.
    pub(super) at: u64,
}

/// A chunk's data, where it was small enough to be read.
pub(super) struct Body {
    /// Empty where the chunk was longer than was asked for.
    pub(super) bytes: Vec<u8>,
    /// Whether `bytes` are all of the data and its CRC-32 is right.
    pub(super) is_sound: bool,
}

impl Chunk {
    /// Reads the next chunk's head.
    pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Self, Refusal> {
        let at = cursor.at();
        let len = cursor.be32("chunk length")?;
        let kind = cursor.array("chunk type")?;
        if len > LENGTH_MAX {
            return Err(Refusal::new(Reason::Damaged, "chunk length", at));
        }
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            return Err(Refusal::new(Reason::Damaged, "chunk type", at));
        }
        if u64::from(len).saturating_add(4) > cursor.remaining() {
            return Err(Refusal::new(Reason::Truncated, "chunk", at));
        }
        Ok(Self { kind, len, at })
    }

    /// Whether a decoder must understand it (PNG 3rd edition, 5.4).
    pub(super) fn is_critical(&self) -> bool {
        let [first, ..] = self.kind;
        first.is_ascii_uppercase()
    }

    /// Reads the data, passing over it where it is longer than `len_max` bytes, and the CRC-32.
    pub(super) fn body(&self, cursor: &mut Cursor<'_>, len_max: usize) -> Result<Body, Refusal> {
        let len = usize::try_from(self.len).unwrap_or(usize::MAX);
        if len > len_max {
            cursor.skip(u64::from(self.len).saturating_add(4), "chunk")?;
            return Ok(Body { bytes: Vec::new(), is_sound: false });
        }
        let bytes = cursor.bytes(len, "chunk")?;
        let is_sound = cursor.be32("chunk CRC")? == crc(self.kind, &bytes);
        Ok(Body { bytes, is_sound })
    }

    /// Reads data that must be exactly `N` bytes with a right CRC-32.
    pub(super) fn exact<const N: usize>(
        &self,
        cursor: &mut Cursor<'_>,
        part: &'static str,
    ) -> Result<[u8; N], Refusal> {
        let body = self.body(cursor, N)?;
        match <[u8; N]>::try_from(body.bytes) {
            Ok(bytes) if body.is_sound => Ok(bytes),
            _ => Err(Refusal::new(Reason::Damaged, part, self.at)),
        }
    }

    /// Passes the data through `take` in portions, each with its offset, then checks the CRC-32.
    /// The first `skip` bytes, which the caller has read already, are `head`.
    pub(super) fn stream(
        &self,
        cursor: &mut Cursor<'_>,
        head: &[u8],
        mut take: impl FnMut(u64, &[u8]) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut hasher = Hasher::new();
        hasher.update(&self.kind);
        hasher.update(head);
        let mut left = usize::try_from(self.len).unwrap_or(usize::MAX).saturating_sub(head.len());
        while left > 0 {
            let at = cursor.at();
            let buffered = cursor.buffered()?;
            let part = buffered.get(..left.min(buffered.len())).unwrap_or_default();
            if part.is_empty() {
                return Err(Refusal::new(Reason::Truncated, "chunk", at));
            }
            hasher.update(part);
            take(at, part)?;
            let n = part.len();
            cursor.consume(n);
            left = left.saturating_sub(n);
        }
        if cursor.be32("chunk CRC")? != hasher.finalize() {
            return Err(Refusal::new(Reason::Damaged, "chunk CRC", self.at));
        }
        Ok(())
    }
}

/// The type as text.
pub(super) fn name(kind: [u8; 4]) -> String {
    kind.iter().copied().map(char::from).collect()
}

/// Appends a chunk that holds `data` to `plan`.
pub(super) fn write(plan: &mut Plan, kind: [u8; 4], data: &[u8]) -> Result<(), Refusal> {
    let len = u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes();
    plan.bytes(&[&len, &kind, data, &crc(kind, data).to_be_bytes()].concat())
}

/// Bytes of an ancillary chunk that are read, for what it says.
pub(super) const BODY_BYTES_MAX: usize = limits::METADATA_BYTES_MAX;

fn crc(kind: [u8; 4], data: &[u8]) -> u32 {
    let mut hasher = Hasher::new();
    hasher.update(&kind);
    hasher.update(data);
    hasher.finalize()
}

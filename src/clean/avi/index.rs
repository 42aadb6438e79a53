//! Which chunks an AVI's own indices call key frames. They are believed in nothing else.

use super::header::{Header, Layout, Range};
use crate::clean::container::riff::{self, Order};
use crate::clean::cursor::Cursor;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// Offsets of chunks in the file, sorted, and whether each is a key frame.
#[derive(Default)]
pub(super) struct Flags {
    known: Vec<(u64, bool)>,
}

impl Flags {
    /// Reads `idx1` and the standard indices among the chunks, where a stream has frames that need others.
    pub(super) fn read(cursor: &mut Cursor<'_>, layout: &Layout, header: &Header) -> Result<Self, Refusal> {
        let mut flags = Self::default();
        if header.streams.iter().all(super::Stream::is_intra) {
            return Ok(flags);
        }
        if let (Some(idx1), Some(movi)) = (layout.idx1, layout.movi.first()) {
            flags.old(cursor, idx1, *movi)?;
        }
        for movi in &layout.movi {
            flags.standard(cursor, *movi)?;
        }
        flags.known.sort_unstable();
        Ok(flags)
    }

    /// Whether the chunk whose header is at this offset is a key frame; `None` where no index says.
    pub(super) fn is_key(&self, at: u64) -> Option<bool> {
        let found = self.known.binary_search_by_key(&at, |(offset, _)| *offset).ok()?;
        self.known.get(found).map(|(_, is_key)| *is_key)
    }

    /// AVIOLDINDEX: type, flags, offset, size.
    fn old(&mut self, cursor: &mut Cursor<'_>, idx1: Range, movi: Range) -> Result<(), Refusal> {
        let count = self.room(idx1.len / 16, idx1.at)?;
        let from_type = movi.at.saturating_sub(4);
        cursor.go_to(idx1.at, "idx1")?;
        let mut base = None;
        for _ in 0..count {
            let entry: [u8; 16] = cursor.array("idx1")?;
            let [_, _, _, _, f0, f1, f2, f3, o0, o1, o2, o3, ..] = entry;
            let offset = u64::from(u32::from_le_bytes([o0, o1, o2, o3]));
            // From the word `movi`, but some programs count from the beginning of the file.
            let base = *base.get_or_insert(if offset >= movi.at { 0 } else { from_type });
            let is_key = u32::from_le_bytes([f0, f1, f2, f3]) & 0x10 != 0;
            self.known.push((base.saturating_add(offset), is_key));
        }
        Ok(())
    }

    /// AVISTDINDEX chunks, `ix##` (OpenDML, 3.0).
    fn standard(&mut self, cursor: &mut Cursor<'_>, movi: Range) -> Result<(), Refusal> {
        let end = movi.at.saturating_add(movi.len);
        cursor.go_to(movi.at, "movi")?;
        while let Some(chunk) = riff::next(cursor, end, Order::Little)? {
            if matches!(chunk.kind, [b'i', b'x', _, _]) && chunk.is_whole() && chunk.len >= 24 {
                let [w0, w1, kind, what, n0, n1, n2, n3, _, _, _, _, base @ .., _, _, _, _] =
                    cursor.array::<24>("ix")?;
                let count = u64::from(u32::from_le_bytes([n0, n1, n2, n3])).min(chunk.len.saturating_sub(24) / 8);
                let is_standard = u16::from_le_bytes([w0, w1]) == 2 && kind == 0 && what == 1;
                for _ in 0..(if is_standard { self.room(count, chunk.at)? } else { 0 }) {
                    let offset = u64::from_le_bytes(base).saturating_add(cursor.le32("ix")?.into());
                    let is_key = cursor.le32("ix")? >> 31 == 0;
                    self.known.push((offset.saturating_sub(8), is_key));
                }
            }
            let is_list = chunk.kind == *b"LIST" && chunk.len >= 4;
            cursor.go_to(if is_list { chunk.body_at.saturating_add(4) } else { chunk.end().min(end) }, "movi")?;
        }
        Ok(())
    }

    fn room(&self, count: u64, at: u64) -> Result<u64, Refusal> {
        let all = u64::try_from(self.known.len()).unwrap_or(u64::MAX).saturating_add(count);
        // Both kinds of index may be there, and name chunks that are not kept.
        let most = u64::try_from(limits::AVI_CHUNKS_MAX).unwrap_or(u64::MAX).saturating_mul(3);
        if all > most { Err(Refusal::new(Reason::TooLarge, "number of index entries", at)) } else { Ok(count) }
    }
}

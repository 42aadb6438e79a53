//! A picture whose data are being read: its zlib stream is walked as the chunks come. Makes no pixel.

use super::super::chunk::Chunk;
use super::super::image::{Fault, Walk};
use super::super::rows::Watch;
use super::super::stream::Stream;
use super::damaged;
use crate::clean::Refusal;
use crate::clean::cursor::Cursor;

/// A picture whose data are being read.
pub(super) struct Picture {
    pub(super) at: u64,
    pub(super) walk: Walk,
    pub(super) stream: Stream,
}

impl Picture {
    /// Takes a chunk's data, of which `head` has been read already and is not the picture's. Returns
    /// whether there were bytes after the end of the zlib stream.
    pub(super) fn take(
        &mut self,
        chunk: &Chunk,
        cursor: &mut Cursor<'_>,
        head: &[u8],
        watch: &mut Watch,
    ) -> Result<bool, Refusal> {
        let mut slack = false;
        chunk.stream(cursor, head, |at, data| {
            let used = self.walk.feed(data, watch).map_err(|fault: Fault| damaged(fault.part(), at))?;
            slack |= used < data.len();
            self.stream.take(at, data.get(..used).unwrap_or_default())
        })?;
        Ok(slack)
    }

    /// Insists that the picture is whole. Returns its data, and the sequence number after them.
    pub(super) fn end(mut self) -> Result<(Stream, u32), Refusal> {
        if !self.walk.has_ended() {
            return Err(damaged("zlib stream without an end", self.at));
        }
        let next = self.stream.finish();
        Ok((self.stream, next))
    }
}

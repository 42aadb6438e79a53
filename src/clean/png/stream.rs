//! A picture's zlib data as ranges of the original, cut anew into chunks of one size. Holds no data itself.

use crc32fast::Hasher;

use crate::clean::{Plan, Reason, Refusal};
use crate::limits;

/// Which chunks carry the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    /// IDAT.
    Idat,
    /// fdAT, with the sequence number of the first.
    Fdat(u32),
}

/// The zlib data of one picture, with the CRC-32 of every chunk that will carry it.
#[derive(Debug)]
pub(super) struct Stream {
    carrier: Carrier,
    /// Offset and length of ranges that do not touch.
    ranges: Vec<(u64, u64)>,
    crcs: Vec<u32>,
    open: Hasher,
    open_bytes: u64,
    len: u64,
}

impl Stream {
    pub(super) fn new(carrier: Carrier) -> Self {
        Self { carrier, ranges: Vec::new(), crcs: Vec::new(), open: Hasher::new(), open_bytes: 0, len: 0 }
    }

    /// Appends `data`, which stands in the original from offset `at`.
    pub(super) fn take(&mut self, at: u64, mut data: &[u8]) -> Result<(), Refusal> {
        let len = u64::try_from(data.len()).unwrap_or(u64::MAX);
        if len == 0 {
            return Ok(());
        }
        let count = self.ranges.len();
        match self.ranges.last_mut() {
            Some((last_at, last_len)) if last_at.saturating_add(*last_len) == at => {
                *last_len = last_len.saturating_add(len);
            }
            _ if count >= limits::PIECES_MAX => {
                return Err(Refusal::new(Reason::TooLarge, "number of chunks", at));
            }
            _ => self.ranges.push((at, len)),
        }
        self.len = self.len.saturating_add(len);
        while !data.is_empty() {
            if self.open_bytes == 0 {
                self.open = self.opened();
            }
            let room = usize::try_from(limits::PNG_CHUNK_BYTES.saturating_sub(self.open_bytes)).unwrap_or(usize::MAX);
            let (part, rest) = data.split_at_checked(room).unwrap_or((data, &[]));
            self.open.update(part);
            self.open_bytes = self.open_bytes.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
            if self.open_bytes >= limits::PNG_CHUNK_BYTES {
                self.end_chunk();
            }
            data = rest;
        }
        Ok(())
    }

    /// Ends the data. Returns the sequence number after its chunks, which is 0 for IDAT.
    pub(super) fn finish(&mut self) -> u32 {
        if self.open_bytes > 0 {
            self.end_chunk();
        }
        match self.carrier {
            Carrier::Idat => 0,
            Carrier::Fdat(first) => first.saturating_add(self.chunks()),
        }
    }

    /// Appends the chunks to `plan`.
    pub(super) fn write(&self, plan: &mut Plan) -> Result<(), Refusal> {
        let mut left = self.len;
        let mut ranges = self.ranges.iter().copied();
        let mut range = (0, 0);
        let mut sequence = match self.carrier {
            Carrier::Idat => 0,
            Carrier::Fdat(first) => first,
        };
        for crc in &self.crcs {
            let mut size = left.min(limits::PNG_CHUNK_BYTES);
            left = left.saturating_sub(size);
            let mut head = Vec::with_capacity(12);
            let prefix = match self.carrier {
                Carrier::Idat => 0,
                Carrier::Fdat(_) => 4,
            };
            head.extend_from_slice(&u32::try_from(size.saturating_add(prefix)).unwrap_or(u32::MAX).to_be_bytes());
            head.extend_from_slice(&prologue(self.carrier, sequence));
            plan.bytes(&head)?;
            while size > 0 {
                if range.1 == 0 {
                    // There is always one: the sizes are those of the ranges.
                    let Some(next) = ranges.next() else { break };
                    range = next;
                }
                let n = size.min(range.1);
                plan.copy(range.0, n)?;
                range = (range.0.saturating_add(n), range.1.saturating_sub(n));
                size = size.saturating_sub(n);
            }
            plan.bytes(&crc.to_be_bytes())?;
            sequence = sequence.saturating_add(1);
        }
        Ok(())
    }

    fn chunks(&self) -> u32 {
        u32::try_from(self.crcs.len()).unwrap_or(u32::MAX)
    }

    fn opened(&self) -> Hasher {
        let sequence = match self.carrier {
            Carrier::Idat => 0,
            Carrier::Fdat(first) => first.saturating_add(self.chunks()),
        };
        let mut hasher = Hasher::new();
        hasher.update(&prologue(self.carrier, sequence));
        hasher
    }

    fn end_chunk(&mut self) {
        self.crcs.push(std::mem::take(&mut self.open).finalize());
        self.open_bytes = 0;
    }
}

/// What stands between a chunk's length and its zlib data: the type, and the number where it has one.
fn prologue(carrier: Carrier, sequence: u32) -> Vec<u8> {
    match carrier {
        Carrier::Idat => b"IDAT".to_vec(),
        Carrier::Fdat(_) => [*b"fdAT", sequence.to_be_bytes()].concat(),
    }
}

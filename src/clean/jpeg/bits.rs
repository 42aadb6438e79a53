//! The bits of entropy-coded data, and where in the file they stand. Knows no code's meaning.

use super::huffman::Table;
use crate::limits::GAP_BYTES_MAX;

/// Where entropy-coded bytes come from: the original, or the result under verification.
pub(super) trait Source {
    /// What a failure becomes.
    type Error;
    /// Bytes that can be had now, reading more if there are none; empty at the end.
    fn buffered(&mut self) -> Result<&[u8], Self::Error>;
    /// Passes over `len` bytes of what [`Source::buffered`] returned.
    fn consume(&mut self, len: usize);
    /// Offset of the next byte.
    fn at(&self) -> u64;
    /// The data contradicts itself.
    fn damaged(part: &'static str, at: u64) -> Self::Error;
    /// The data ends too early.
    fn truncated(part: &'static str, at: u64) -> Self::Error;
}

/// The bytes between two markers.
#[derive(Debug)]
pub(super) struct Interval {
    /// Offset of the first byte.
    pub(super) at: u64,
    /// Bytes from there that are kept as they are.
    pub(super) len: u64,
    /// The last byte, where its padding was not all ones: how it must be instead.
    pub(super) last: Option<u8>,
    /// Whether there are further bytes before the next marker.
    pub(super) slack: bool,
    /// Offset of the restart marker that follows; none after the last interval.
    pub(super) restart: Option<u64>,
}

/// Why a walk stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// No code begins with these bits.
    Code,
    /// A code leads past the end of its block, its band or its interval.
    Range,
    /// A marker, or the end, comes before the last code.
    Starved,
    /// No marker comes within [`GAP_BYTES_MAX`] bytes after the last code, which ends at this offset.
    Lost(u64),
    /// The source failed; the error is kept aside.
    Source,
}

/// The bits of an interval, freed of the zeros stuffed behind every `FF`.
pub(super) struct Bits<'s, S: Source> {
    pub(super) source: &'s mut S,
    buffer: Vec<u8>,
    /// How many `FF` there are in it.
    stuffed: usize,
    /// Offset in the file of the first byte of `buffer`, and of the interval.
    base: u64,
    begin: u64,
    register: Register,
    /// An `FF` has been read and not what follows it.
    pending: bool,
    /// The marker that ends the interval has been met, or the end of the file.
    met: Option<End>,
    failed: Option<S::Error>,
}

/// The bits at hand. Loops keep a copy of their own, since it then stays in the processor's registers.
#[derive(Clone, Copy, Default)]
pub(super) struct Register {
    /// The next bits from the top; at least `count` of them are valid.
    bits: u64,
    count: u32,
    /// Place in the buffer of the first byte that is not counted here.
    next: usize,
}

impl Register {
    /// The same with 56 bits or more, from [`Bits::unread`]; none where that is not at hand.
    #[inline(always)]
    pub(super) fn refilled(self, unread: &[u8]) -> Option<Self> {
        let word = unread.get(self.next..)?.first_chunk::<8>()?;
        // Whole bytes are counted; the rest of the word stands below them and is merely set again next time.
        let bytes = 63_u32.wrapping_sub(self.count) / 8;
        Some(Self {
            bits: self.bits | u64::from_be_bytes(*word).wrapping_shr(self.count),
            count: self.count.wrapping_add(bytes.wrapping_mul(8)),
            next: self.next.wrapping_add(usize::try_from(bytes).unwrap_or(0)),
        })
    }

    /// Bit of the buffer that comes next.
    pub(super) fn at(self) -> usize {
        self.next.wrapping_mul(8).wrapping_sub(usize::try_from(self.count).unwrap_or(0))
    }

    /// The same before another bit of the buffer.
    pub(super) fn moved(self, unread: &[u8], at: usize) -> Self {
        let (next, taken) = (at / 8, u32::try_from(at % 8).unwrap_or(0));
        match unread.get(next) {
            _ if at == self.at() => self,
            Some(&byte) if taken > 0 => {
                let bits = u64::from(byte).wrapping_shl(taken.wrapping_add(56));
                Self { bits, count: 8_u32.wrapping_sub(taken), next: next.wrapping_add(1) }
            }
            _ => Self { bits: 0, count: 0, next },
        }
    }

    /// The next bits from the top.
    #[inline(always)]
    pub(super) fn bits(self) -> u64 {
        self.bits
    }

    /// The same when `taken` of its bits, no more than it has, are gone and `bits` is left.
    #[inline(always)]
    pub(super) fn after(self, bits: u64, taken: u32) -> Self {
        Self { bits, count: self.count.wrapping_sub(taken), next: self.next }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Marker,
    File,
}

impl<'s, S: Source> Bits<'s, S> {
    pub(super) fn new(source: &'s mut S) -> Self {
        let (base, buffer) = (source.at(), Vec::with_capacity(BUFFER_BYTES));
        let register = Register::default();
        Self { source, buffer, stuffed: 0, base, begin: base, register, pending: false, met: None, failed: None }
    }

    /// Starts at the source's next byte.
    pub(super) fn begin(&mut self) {
        self.base = self.source.at();
        self.begin = self.base;
        self.buffer.clear();
        self.stuffed = 0;
        self.register = Register::default();
        self.pending = false;
        self.met = None;
    }

    /// A copy of the bits at hand, for a loop.
    #[inline]
    pub(super) fn register(&self) -> Register {
        self.register
    }

    /// Takes over what a loop has left.
    #[inline]
    pub(super) fn resume(&mut self, register: Register) {
        self.register = register;
    }

    /// Takes the next code and the bits that follow it, as many as the symbol's lower half says; the symbol.
    #[inline(always)]
    pub(super) fn coefficient(&mut self, now: &mut Register, table: &Table) -> Result<u8, Fault> {
        self.refill(now)?;
        let (length, symbol) = table.decode(now.bits);
        if length == 0 {
            return Err(self.fail(*now, if now.count < 16 { Fault::Starved } else { Fault::Code }));
        }
        self.take(now, length.wrapping_add(u32::from(symbol % 16)))?;
        Ok(symbol)
    }

    /// Takes the next code of a block's coefficient `k`, and says which coefficient comes next; 64 is the end.
    #[inline(always)]
    pub(super) fn symbol(&mut self, now: &mut Register, (dc, ac): (&Table, &Table), k: u32) -> Result<u32, Fault> {
        if k == 0 {
            self.coefficient(now, dc)?;
            return Ok(1);
        }
        let symbol = self.coefficient(now, ac)?;
        coefficient_after(symbol, k).ok_or_else(|| self.fail(*now, Fault::Range))
    }

    /// What [`Register::refilled`] reads.
    #[inline]
    pub(super) fn unread(&self) -> &[u8] {
        &self.buffer
    }

    /// Takes any number of bits.
    pub(super) fn skip_many(&mut self, now: &mut Register, mut len: u64) -> Result<(), Fault> {
        while len > 0 {
            self.refill(now)?;
            let part = u32::try_from(len).unwrap_or(32).min(32);
            self.take(now, part)?;
            len = len.wrapping_sub(u64::from(part));
        }
        Ok(())
    }

    /// The number of blocks of an end-of-band run of class `run` below 15, which takes as many bits.
    pub(super) fn end_of_band(&mut self, now: &mut Register, run: u32) -> Result<u32, Fault> {
        self.refill(now)?;
        let more = now.bits.checked_shr(64_u32.wrapping_sub(run)).unwrap_or(0);
        self.take(now, run)?;
        Ok(1_u32.wrapping_shl(run).wrapping_add(u32::try_from(more).unwrap_or(0)))
    }

    /// The fault at the place where a loop is now.
    #[cold]
    pub(super) fn fail(&mut self, now: Register, fault: Fault) -> Fault {
        self.register = now;
        fault
    }

    /// Takes up to 32 bits that a refill has provided.
    #[inline(always)]
    fn take(&mut self, now: &mut Register, len: u32) -> Result<(), Fault> {
        let Some(count) = now.count.checked_sub(len) else { return Err(self.fail(*now, Fault::Starved)) };
        now.count = count;
        now.bits = now.bits.wrapping_shl(len);
        Ok(())
    }

    /// Sees to it that there are 32 bits, if the interval has them.
    #[inline(always)]
    fn refill(&mut self, now: &mut Register) -> Result<(), Fault> {
        if now.count >= 32 {
            return Ok(());
        }
        *now = match now.refilled(&self.buffer) {
            Some(full) => full,
            None => self.refill_slowly(*now)?,
        };
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn refill_slowly(&mut self, now: Register) -> Result<Register, Fault> {
        self.register = now;
        if self.met.is_none() {
            self.fetch()?;
        }
        let now = &mut self.register;
        while now.count <= 56
            && let Some(&byte) = self.buffer.get(now.next)
        {
            now.bits |= u64::from(byte).wrapping_shl(56_u32.wrapping_sub(now.count));
            now.count = now.count.wrapping_add(8);
            now.next = now.next.wrapping_add(1);
        }
        Ok(*now)
    }

    /// Fills the buffer up to a marker, keeping the last bytes that were read.
    fn fetch(&mut self) -> Result<(), Fault> {
        let passed = self.register.next.saturating_sub(KEPT_BYTES);
        self.base = self.offset(passed);
        self.stuffed = self.stuffed_from(passed);
        self.buffer.drain(..passed);
        self.register.next = self.register.next.wrapping_sub(passed);
        while self.met.is_none() && self.buffer.len() < BUFFER_BYTES {
            let bytes = match self.source.buffered() {
                Ok(bytes) => bytes,
                Err(error) => {
                    self.failed = Some(error);
                    return Err(Fault::Source);
                }
            };
            if bytes.is_empty() {
                self.met = Some(End::File);
                break;
            }
            let mut rest = bytes;
            while let Some((&byte, behind)) = rest.split_first()
                && self.buffer.len() < BUFFER_BYTES
            {
                if self.pending {
                    self.pending = false;
                    if byte != 0 {
                        self.met = Some(End::Marker);
                        break;
                    }
                    self.buffer.push(0xFF);
                    self.stuffed = self.stuffed.wrapping_add(1);
                    rest = behind;
                    continue;
                }
                let room = BUFFER_BYTES.wrapping_sub(self.buffer.len());
                let (plain, behind) = rest.split_at(plain_len(rest.get(..room).unwrap_or(rest)));
                self.buffer.extend_from_slice(plain);
                rest = behind;
                if let Some((0xFF, behind)) = rest.split_first() {
                    self.pending = true;
                    rest = behind;
                }
            }
            let passed = bytes.len().wrapping_sub(rest.len());
            self.source.consume(passed);
        }
        Ok(())
    }

    /// Offset in the file of the byte at `place` of the buffer: each `FF` before it took two.
    fn offset(&self, place: usize) -> u64 {
        let stuffed = self.stuffed.wrapping_sub(self.stuffed_from(place));
        self.base.saturating_add(u64::try_from(place.saturating_add(stuffed)).unwrap_or(u64::MAX))
    }

    /// How many `FF` there are from `place` of the buffer on; places that are asked for are near its end.
    fn stuffed_from(&self, place: usize) -> usize {
        self.buffer.get(place..).unwrap_or_default().iter().filter(|&&byte| byte == 0xFF).count()
    }

    /// Ends the interval at the last bit taken, and passes over what else there is before the marker.
    pub(super) fn end(&mut self) -> Result<Interval, Fault> {
        let unread = usize::try_from(self.register.count / 8).unwrap_or(0);
        let end = self.register.next.saturating_sub(unread);
        let until = self.offset(end);
        let last_at = end.saturating_sub(1);
        let byte = self.buffer.get(last_at).copied().unwrap_or(0xFF);
        let padded = byte | !u8::MAX.wrapping_shl(self.register.count % 8);
        let last = (padded != byte).then_some(padded);
        let kept = if last.is_some() { self.offset(last_at) } else { until };
        let interval =
            Interval { at: self.begin, len: kept.saturating_sub(self.begin), last, slack: false, restart: None };
        let mut slack = end < self.buffer.len();
        while self.met.is_none() {
            self.register.next = self.buffer.len();
            let before = self.register.next.min(KEPT_BYTES);
            self.fetch()?;
            slack |= self.buffer.len() > before;
            if self.met.is_none() && self.source.at().saturating_sub(until) > GAP_BYTES_MAX {
                return Err(Fault::Lost(until));
            }
        }
        if self.met == Some(End::File) {
            return Err(Fault::Starved);
        }
        Ok(Interval { slack, ..interval })
    }

    /// What a fault becomes outside.
    pub(super) fn error(&mut self, fault: Fault) -> S::Error {
        let at = self.offset(self.register.next.saturating_sub(usize::try_from(self.register.count / 8).unwrap_or(0)));
        match (fault, self.failed.take()) {
            (_, Some(error)) => error,
            (Fault::Starved, _) if self.met == Some(End::File) => S::truncated("entropy-coded data", at),
            (Fault::Starved, _) => S::damaged("entropy-coded data too short", at),
            (Fault::Lost(from), _) => S::damaged("no marker", from),
            (Fault::Range, _) => S::damaged("coefficient out of range", at),
            (Fault::Code | Fault::Source, _) => S::damaged("Huffman code", at),
        }
    }
}

/// The coefficient that comes after the AC code `symbol` at coefficient `k` (T.81 F.1.2.2), or 64 at the end of the
/// block; none where it leads beyond.
#[inline(always)]
pub(super) fn coefficient_after(symbol: u8, k: u32) -> Option<u32> {
    if symbol == 0 {
        return Some(64);
    }
    // A run of 16 zeros (F0) counts 15 and its own "coefficient", and is not the last of a block.
    let k = k.wrapping_add(u32::from(symbol / 16)).wrapping_add(1);
    (k < 64 || k == 64 && !symbol.is_multiple_of(16)).then_some(k)
}

/// Bytes before the first `FF`.
fn plain_len(bytes: &[u8]) -> usize {
    let (chunks, _) = bytes.as_chunks::<16>();
    // The comparison of a whole chunk takes a few instructions, which a search byte by byte never does.
    let chunks = chunks.iter().take_while(|chunk| !chunk.iter().fold(false, |any, &byte| any | (byte == 0xFF)));
    let passed = chunks.count().wrapping_mul(16);
    let rest = bytes.get(passed..).unwrap_or_default();
    passed.wrapping_add(rest.iter().position(|&byte| byte == 0xFF).unwrap_or(rest.len()))
}

/// Bytes that are unstuffed at a time.
const BUFFER_BYTES: usize = 32 * 1024;
/// Bytes kept when the buffer is filled again: more than the bit register may have taken unread.
const KEPT_BYTES: usize = 16;

//! Finds what lies between the coded sound of one frame and that of the next, and clears it. The rooms of all frames
//! one behind the other are one reservoir of bytes (ISO/IEC 11172-3, 2.4.3.4 and annex C.1.5.4.2.2): sound may begin
//! in the room of an earlier frame, but never ends in a later one.

use std::collections::VecDeque;

use super::side::Side;

/// A frame that may still change.
struct Held {
    /// Offset in the original.
    at: u64,
    original: Vec<u8>,
    bytes: Vec<u8>,
    /// Offset of its room.
    main: usize,
    /// Where its room begins in the reservoir.
    room: i64,
}

impl Held {
    fn room_end(&self) -> i64 {
        let len = self.bytes.len().saturating_sub(self.main);
        self.room.saturating_add(i64::try_from(len).unwrap_or(i64::MAX))
    }
}

/// A frame that will not change any more.
pub(super) struct Settled {
    /// Offset in the original.
    pub(super) at: u64,
    pub(super) original: Vec<u8>,
    pub(super) bytes: Vec<u8>,
}

/// The frames whose ends are not known yet.
#[derive(Default)]
pub(super) struct Reservoir {
    held: VecDeque<Held>,
    /// Where the next frame's room begins.
    room: i64,
    /// Where coded sound ends so far, in bits.
    used: i64,
    /// The beginning of the first ancillary data that were met.
    pub(super) ancillary: Vec<u8>,
}

/// Bytes of ancillary data that are remembered, to be told.
const REMEMBERED_BYTES: usize = 256;

impl Reservoir {
    /// A frame of which header and side information are settled; `original` is what it was.
    pub(super) fn push(&mut self, at: u64, original: Vec<u8>, bytes: Vec<u8>, main: usize, side: Side) {
        let begin = self.room.saturating_sub(i64::try_from(side.begin).unwrap_or(i64::MAX));
        self.clear_until(begin);
        let bits = i64::try_from(side.bits).unwrap_or(i64::MAX);
        let held = Held { at, original, bytes, main, room: self.room };
        self.room = held.room_end();
        // What a frame claims of the next one's room is not its own.
        let end = begin.saturating_mul(8).saturating_add(bits).min(self.room.saturating_mul(8));
        self.used = self.used.max(end);
        self.held.push_back(held);
    }

    /// A frame that nothing more will be cleared in: coded sound ends, or what was behind it, beyond its room.
    pub(super) fn settled(&mut self) -> Option<Settled> {
        let next = self.held.front()?;
        if next.room_end() > self.used.div_euclid(8) { None } else { self.pop() }
    }

    /// Ends the stream; then [`Reservoir::pop`] gives what is held.
    pub(super) fn end(&mut self) {
        self.clear_until(self.room);
    }

    /// The next frame, as it is.
    pub(super) fn pop(&mut self) -> Option<Settled> {
        let Held { at, original, bytes, .. } = self.held.pop_front()?;
        Some(Settled { at, original, bytes })
    }

    /// Clears from the end of coded sound to where the next begins.
    fn clear_until(&mut self, begin: i64) {
        let (from, spare) = (self.used.div_euclid(8), self.used.rem_euclid(8));
        for held in self.held.iter_mut().filter(|held| held.room < begin && held.room_end() > from) {
            let room = held.room;
            for (byte, at) in held.bytes.iter_mut().skip(held.main).zip(room..) {
                if at < from || at >= begin || *byte == 0 {
                    continue;
                }
                // The last byte of sound may be used in part.
                let kept =
                    if at == from { !0xFF_u8.checked_shr(u32::try_from(spare).unwrap_or(0)).unwrap_or(0) } else { 0 };
                if *byte & !kept != 0 && self.ancillary.len() < REMEMBERED_BYTES && at > from {
                    self.ancillary.push(*byte);
                }
                *byte &= kept;
            }
        }
    }
}

//! Fields of a coded header, one after the other, as a verifier reads them: a first fault is remembered, and what
//! comes after it is zeros. Accepts nothing of itself; the reader asks at the end.

use crate::clean::codec::bits::Bits;

/// Fields still to be read.
pub(super) struct Fields<'a> {
    bits: Bits<'a>,
    sound: bool,
}

impl<'a> Fields<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bits: Bits::new(bytes), sound: true }
    }

    /// What `vui_parameters` say of the display, with which they begin (H.264 E.1.1, H.265 E.2.1).
    pub(super) fn display(&mut self) {
        if self.flag() && self.u(8) == 255 {
            self.any(32);
        }
        if self.flag() {
            self.any(1);
        }
        if self.flag() {
            self.any(4);
            if self.flag() {
                self.any(24);
            }
        }
        if self.flag() {
            self.ues(2, 5);
        }
    }

    /// u(n)
    pub(super) fn u(&mut self, count: u32) -> u64 {
        let value = self.bits.take(count).filter(|_| self.sound);
        self.sound &= value.is_some();
        value.unwrap_or(0)
    }

    /// u(1)
    pub(super) fn flag(&mut self) -> bool {
        self.u(1) == 1
    }

    /// As many bits, whatever they are.
    pub(super) fn any(&mut self, count: u64) {
        self.sound &= usize::try_from(count).is_ok_and(|count| self.bits.skip(count).is_some());
    }

    /// As many zeros.
    pub(super) fn zeros(&mut self, count: u32) {
        self.sound &= (0..count).all(|_| self.bits.bit() == Some(false));
    }

    /// ue(v), up to `max`
    pub(super) fn ue(&mut self, max: u32) -> u32 {
        let value = self.bits.ue().filter(|&value| self.sound && value <= max);
        self.sound &= value.is_some();
        value.unwrap_or(0)
    }

    /// As many ue(v).
    pub(super) fn ues(&mut self, count: u32, max: u32) {
        for _ in 0..count {
            if !self.sound {
                return;
            }
            self.ue(max);
        }
    }

    /// se(v)
    pub(super) fn se(&mut self) -> i64 {
        let value = self.bits.se().filter(|_| self.sound);
        self.sound &= value.is_some();
        value.unwrap_or(0)
    }

    /// As many se(v).
    pub(super) fn ses(&mut self, count: u32) {
        for _ in 0..count {
            if !self.sound {
                return;
            }
            self.se();
        }
    }

    /// Insists.
    pub(super) fn holds(&mut self, condition: bool) {
        self.sound &= condition;
    }

    /// Whether there was no fault so far.
    pub(super) fn sound(&self) -> bool {
        self.sound
    }

    pub(super) fn left(&self) -> u64 {
        u64::try_from(self.bits.left()).unwrap_or(u64::MAX)
    }

    /// Zeros up to the next byte.
    pub(super) fn align(&mut self) {
        self.sound &= self.bits.align() == Some(0);
    }

    /// Whether there was no fault and all was read but the stop bit and zeros of its byte.
    pub(super) fn close(mut self) -> bool {
        self.sound && self.bits.stops()
    }

    /// Whether there was no fault and all was read but zeros of the last byte.
    pub(super) fn close_with_zeros(mut self) -> bool {
        self.sound && self.bits.left() < 8 && self.bits.are_zeros()
    }

    /// Whether there was no fault and all was read, to a whole byte or with a one and zeros.
    pub(super) fn close_payload(mut self) -> bool {
        self.sound && (self.bits.left() == 0 || (self.bits.left() < 8 && self.bits.stops()))
    }
}

//! How much painting a page takes and how much memory, told before it is begun, and what is given up for too much of
//! either. Draws nothing.

use std::any::Any;
use std::collections::BTreeMap;
use std::panic::resume_unwind;

use hayro::kurbo::Rect;

use super::absent::Absent;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// A page's painting, counted.
pub(super) struct Effort {
    /// Pixels of plain colour that are as much work.
    spent: f64,
    /// Bytes that are held while the page is drawn.
    held: f64,
    /// Points and sizes of outlines of glyphs, by what tells them apart.
    pub(super) glyphs: BTreeMap<u128, (f64, Rect)>,
    pub(super) absent: Absent,
}

impl Effort {
    pub(super) fn new(absent: Absent) -> Self {
        Self { spent: 0.0, held: 0.0, glyphs: BTreeMap::new(), absent }
    }

    /// What was counted of this page; the next begins anew.
    pub(super) fn next_page(&mut self) -> f64 {
        self.held = 0.0;
        std::mem::replace(&mut self.spent, 0.0)
    }

    /// Counts work, and gives the page up when it is too much.
    pub(super) fn spend(&mut self, pixels: f64) {
        self.spent += pixels;
        if self.spent.is_nan() || self.spent > limits::FLAT_EFFORT_MAX {
            give_up(Refusal::new(Reason::NotFlattened, "too much work to draw a page", 0));
        }
    }

    /// Counts memory likewise; what is negative is given back.
    pub(super) fn hold(&mut self, bytes: f64) {
        self.held += bytes;
        if self.held.is_nan() || self.held > limits::FLAT_HELD_BYTES_MAX {
            give_up(Refusal::new(Reason::NotFlattened, "too much memory to draw a page", 0));
        }
    }
}

/// Leaves a foreign loop that cannot be told to stop; [`thrown`] finds the refusal again. No more than that: nothing is
/// printed, as for a panic.
pub(super) fn give_up(refusal: Refusal) -> ! {
    resume_unwind(Box::new(refusal))
}

/// The refusal that was given up with, if what was caught is one.
pub(super) fn thrown(caught: &(dyn Any + Send)) -> Option<Refusal> {
    caught.downcast_ref::<Refusal>().cloned()
}

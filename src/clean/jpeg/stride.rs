//! Steps over several codes of a sequential scan with one look-up. Decides nothing: what is odd in any way is left to the careful walk.
//!
//! A walk needs to know how long codes are, and not what coefficients they make. So a table by the next
//! [`WIDTH`] bits can say how far all the codes lead that lie whole in those bits.

mod entries;

use std::{cell::Cell, hint::select_unpredictable};

use self::entries::{ENTRIES, HARD, LAST, LAST_SHIFT, MET, PASSED, PASSED_SHIFT, TAKEN, WIDTH};
use super::{
    bits::{Bits, Fault, Register, Source},
    huffman::Table,
};

/// Blocks of a scan from which on it pays to make the tables.
const BLOCKS_MIN: u64 = 6000;
/// Pairs of tables in a scan: one for each component at most.
const PAIRS_MAX: usize = 4;
/// Places for the blocks of an MCU, of which there are ten at most (T.81 B.2.3).
const RING: usize = 16;

// A block of an MCU, from its low bits: the number of the next one; where in the entries those for its
// rest begin; and where those for the beginning of the next block do.
const NEXT: u32 = 0xF;
const PART: u32 = 7 << WIDTH;
const THEN_SHIFT: u32 = 16;

/// The look-ups for the blocks of an MCU.
pub(super) struct Strides<'t> {
    /// DC and AC tables, those that differ.
    pairs: Vec<(&'t Table, &'t Table)>,
    /// For each block of an MCU, which of them it has.
    order: Vec<usize>,
    /// For each pair two parts: for the beginning of a block, with AC codes that follow; and for its rest.
    entries: Box<Entries>,
    ring: [u32; RING],
}

type Entries = [Cell<u16>; PAIRS_MAX * 2 * ENTRIES];

/// Where a walk stands.
#[derive(Clone, Copy)]
struct Place {
    /// Blocks to come, with this one.
    left: u64,
    /// This block's number in its MCU.
    block: u32,
    /// The next coefficient of this block.
    k: u32,
}

impl<'t> Strides<'t> {
    /// Makes the look-ups for scans so long that it pays. `mcu` has the tables of each block of an MCU.
    pub(super) fn new(mcu: &[(&'t Table, &'t Table)], mcus: u64) -> Option<Self> {
        let blocks = mcus.saturating_mul(u64::try_from(mcu.len()).unwrap_or(0));
        if blocks < BLOCKS_MIN { None } else { Self::of(mcu) }
    }

    fn of(mcu: &[(&'t Table, &'t Table)]) -> Option<Self> {
        let (mut pairs, mut order) = (Vec::new(), Vec::new());
        for &(dc, ac) in mcu {
            let same = |&(one, other): &(&Table, &Table)| std::ptr::eq(one, dc) && std::ptr::eq(other, ac);
            let pair = pairs.iter().position(same).unwrap_or(pairs.len());
            if pair == pairs.len() {
                pairs.push((dc, ac));
            }
            order.push(pair);
        }
        if pairs.len() > PAIRS_MAX || order.len() > RING {
            return None;
        }
        let ring = ring(&order)?;
        let entries: Box<[Cell<u16>]> = vec![Cell::new(HARD); PAIRS_MAX * 2 * ENTRIES].into_boxed_slice();
        let strides = Self { pairs, order, entries: entries.try_into().ok()?, ring };
        for (&(dc, ac), cells) in strides.pairs.iter().zip(strides.entries.chunks_exact(2 * ENTRIES)) {
            if dc.is_fixed() && ac.is_fixed() {
                cells.iter().zip(entries::remembered(dc, ac).iter()).for_each(|(cell, &entry)| cell.set(entry));
            } else {
                cells.iter().zip(entries::both_parts(dc, ac)).for_each(|(cell, entry)| cell.set(entry));
            }
        }
        Some(strides)
    }

    /// Tells the tables which of their codes were met.
    pub(super) fn finish(&self) {
        for (&(dc, ac), cells) in self.pairs.iter().zip(self.entries.chunks_exact(2 * ENTRIES)) {
            if dc.is_fixed() && ac.is_fixed() {
                continue;
            }
            for (dc, cells) in [Some(dc), None].into_iter().zip(cells.chunks_exact(ENTRIES)) {
                for (index, _) in (0..).zip(cells).filter(|(_, cell)| cell.get() & MET != 0) {
                    entries::entry(dc, ac, index, &mut |table, symbol| table.meet(symbol));
                }
            }
        }
    }

    /// Walks `mcus` MCUs.
    pub(super) fn walk<S: Source>(&self, bits: &mut Bits<'_, S>, mcus: u64) -> Result<(), Fault> {
        let left = mcus.saturating_mul(u64::try_from(self.order.len()).unwrap_or(0));
        let mut place = Place { left, block: 0, k: 0 };
        let mut now = bits.register();
        while place.left > 0 {
            (now, place) = self.run(bits.unread(), now, place);
            let block = usize::try_from(place.block).unwrap_or(0);
            let tables = self.order.get(block).and_then(|&pair| self.pairs.get(pair)).ok_or(Fault::Range)?;
            place.k = bits.symbol(&mut now, *tables, place.k)?;
            if place.k == 64 {
                let block = self.ring.get(block).map_or(0, |block| block & NEXT);
                place = Place { left: place.left.wrapping_sub(1), block, k: 0 };
            }
        }
        bits.resume(now);
        Ok(())
    }

    /// Goes as far as nothing is odd and there are bits and blocks enough.
    fn run(&self, unread: &[u8], mut now: Register, mut place: Place) -> (Register, Place) {
        let block = usize::try_from(place.block).ok().and_then(|block| self.ring.get(block));
        let Some(here) = block.map(|block| block & PART) else { return (now, place) };
        // Where the entries for a block's rest begin, less one part.
        let part = if place.k == 0 { here.wrapping_sub(1 << WIDTH) } else { here };
        let mut state = State { bits: 0, part, block: place.block, k: place.k, ks: 0, sum: 0 };
        // Three steps end three blocks at most.
        while place.left > 3
            && let Some(full) = now.refilled(unread)
        {
            let before = State { bits: full.bits(), ks: 0, sum: 0, ..state };
            state = before;
            let met = [self.step(&mut state), self.step(&mut state), self.step(&mut state)];
            let odd = state.is_odd();
            if odd {
                state = self.up_to_the_odd(before);
            } else {
                for index in met {
                    self.meet(index);
                }
            }
            now = full.after(state.bits, state.sum & u32::from(TAKEN));
            place.left = place.left.wrapping_sub(u64::from(state.sum >> LAST_SHIFT));
            if odd {
                break;
            }
        }
        (now, Place { left: place.left, block: state.block & NEXT, k: state.k })
    }

    /// Of steps of which one is odd, those before it.
    #[cold]
    fn up_to_the_odd(&self, mut state: State) -> State {
        loop {
            let before = state;
            let index = self.step(&mut state);
            if state.is_odd() {
                return before;
            }
            self.meet(index);
        }
    }

    /// One look-up. Without a branch, since where a block ends is what no processor can foretell.
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "8 parts of 12 bits, and 4 bits: as many as there are")]
    fn step(&self, state: &mut State) -> usize {
        let index = usize::try_from(state.bits >> (64 - WIDTH) | u64::from(state.part & PART)).unwrap_or(0);
        let entry = self.entries[index].get();
        let block = self.ring[usize::try_from(state.block & NEXT).unwrap_or(0)];
        state.bits = state.bits.wrapping_shl(u32::from(entry));
        state.sum = state.sum.wrapping_add(u32::from(entry & (TAKEN | LAST)));
        let k = state.k.wrapping_add(u32::from(entry >> PASSED_SHIFT & PASSED));
        state.ks |= k;
        let last = entry & LAST != 0;
        state.part = select_unpredictable(last, block >> THEN_SHIFT, block);
        state.block = select_unpredictable(last, block, state.block);
        state.k = select_unpredictable(last, 0, k);
        index
    }

    #[inline(always)]
    fn meet(&self, index: usize) {
        if let Some(cell) = self.entries.get(index) {
            cell.set(cell.get() | MET);
        }
    }
}

/// What the loop has in its hands.
#[derive(Clone, Copy)]
struct State {
    bits: u64,
    /// Where the entries for what comes next begin, among other bits.
    part: u32,
    /// The block's number, among other bits.
    block: u32,
    k: u32,
    /// Every `k` there was, one over the other.
    ks: u32,
    /// Bits taken, and above [`LAST_SHIFT`] blocks ended.
    sum: u32,
}

impl State {
    /// Whether there was a step beyond the last coefficient but one; [`HARD`] entries lead there.
    #[inline(always)]
    fn is_odd(self) -> bool {
        self.ks & 64 != 0
    }
}

fn ring(order: &[usize]) -> Option<[u32; RING]> {
    let mut ring = [0; RING];
    for (i, block) in ring.iter_mut().enumerate().take(order.len()) {
        let next = i.wrapping_add(1).checked_rem(order.len())?;
        let begin = |i: usize| u32::try_from(*order.get(i)?).ok()?.checked_shl(WIDTH.wrapping_add(1));
        let rest = begin(i)? | 1 << WIDTH;
        *block = u32::try_from(next).ok()? | rest | begin(next)?.wrapping_shl(THEN_SHIFT);
    }
    Some(ring)
}

#[cfg(test)]
mod tests;

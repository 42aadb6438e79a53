//! Steps over several codes of a sequential scan with one look-up. Decides nothing: where a code means nothing, or bits
//! are wanting, the careful walk goes on.
//!
//! A walk needs to know how long codes are, and not what coefficients they make. So a table by the next
//! [`entries::WIDTH`] bits can say how far all the codes lead that lie whole in those bits.

mod ahead;
mod chain;
mod entries;

use std::cell::Cell;

use self::ahead::Log;
use self::chain::{Chain, Place};
use self::entries::{ENTRIES, HARD, MET};
use super::{
    bits::{Bits, Fault, Source},
    huffman::Table,
};

/// Blocks of a scan from which on it pays to make the tables. Inputs of the fuzzer are small.
const BLOCKS_MIN: u64 = if cfg!(fuzzing) { 64 } else { 6000 };
/// Pairs of tables in a scan: one for each component at most.
const PAIRS_MAX: usize = 4;
/// Cells of which those that were met are looked at together.
const CELLS: usize = 64;
/// Places for the blocks of an MCU, of which there are ten at most (T.81 B.2.3).
const RING: usize = 16;

/// The look-ups for the blocks of an MCU.
pub(super) struct Strides<'t> {
    /// DC and AC tables, those that differ.
    pairs: Vec<(&'t Table, &'t Table)>,
    /// Blocks of an MCU.
    blocks: u64,
    /// For each of them, or for all at once, which tables it has.
    order: Vec<usize>,
    /// For each pair two parts: for the beginning of a block, with AC codes that follow; and for its rest.
    entries: Box<Entries>,
    /// For each block of an MCU, where the next one begins.
    ring: [Place; RING],
    /// Where the first one does.
    first: Place,
    /// Whether it is to be remembered what was met.
    marked: bool,
}

type Entries = [Cell<u16>; PAIRS_MAX * 2 * ENTRIES];

impl<'t> Strides<'t> {
    /// Makes the look-ups for scans so long that it pays. `mcu` has the tables of each block of an MCU.
    pub(super) fn new(mcu: &[(&'t Table, &'t Table)], mcus: u64) -> Option<Self> {
        let blocks = mcus.saturating_mul(u64::try_from(mcu.len()).unwrap_or(0));
        if blocks < BLOCKS_MIN { None } else { Self::of(mcu) }
    }

    fn of(mcu: &[(&'t Table, &'t Table)]) -> Option<Self> {
        let blocks = u64::try_from(mcu.len()).ok()?;
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
        // Where all are coded alike, there is no telling them apart, nor any need.
        if pairs.len() == 1 {
            order.truncate(1);
        }
        let ring = ring(&order)?;
        let first = Place::beginning(0, *order.first()?)?;
        let marked = !pairs.iter().all(is_fixed);
        let entries: Box<[Cell<u16>]> = vec![Cell::new(HARD); PAIRS_MAX * 2 * ENTRIES].into_boxed_slice();
        let strides = Self { pairs, blocks, order, entries: entries.try_into().ok()?, ring, first, marked };
        for (pair @ &(dc, ac), cells) in strides.pairs.iter().zip(strides.entries.chunks_exact(2 * ENTRIES)) {
            if is_fixed(pair) {
                cells.iter().zip(entries::remembered(dc, ac).iter()).for_each(|(cell, &entry)| cell.set(entry));
            } else {
                cells.iter().zip(entries::both_parts(dc, ac)).for_each(|(cell, entry)| cell.set(entry));
            }
        }
        Some(strides)
    }

    /// Tells the tables which of their codes were met.
    pub(super) fn finish(&self) {
        for (pair @ &(dc, ac), cells) in self.pairs.iter().zip(self.entries.chunks_exact(2 * ENTRIES)) {
            if is_fixed(pair) {
                continue;
            }
            // From the last cell on, since rare codes are long and begin with ones.
            for (number, cells) in cells.as_chunks::<CELLS>().0.iter().enumerate().rev() {
                if dc.is_met() && ac.is_met() {
                    break;
                }
                for (index, _) in (number.wrapping_mul(CELLS)..).zip(cells).filter(|(_, cell)| cell.get() & MET != 0) {
                    let dc = (index < ENTRIES).then_some(dc);
                    entries::entry(dc, ac, entries::bits(index | ENTRIES), &mut |table, symbol| table.meet(symbol));
                }
            }
        }
    }

    /// Walks `mcus` MCUs.
    pub(super) fn walk<S: Source>(&self, bits: &mut Bits<'_, S>, mcus: u64) -> Result<(), Fault> {
        let mut left = mcus.saturating_mul(self.blocks);
        let mut place = self.first;
        let mut now = bits.register();
        let mut log = Log::default();
        while left > 0 {
            let chain = self.run(bits.unread(), Chain::new(now.at(), place), left, &mut log);
            now = now.moved(bits.unread(), chain.at);
            (left, place) = (left.wrapping_sub(u64::from(chain.ended)), chain.place);
            let tables = self.order.get(place.block()).and_then(|&pair| self.pairs.get(pair)).ok_or(Fault::Range)?;
            let k = bits.symbol(&mut now, *tables, place.k())?;
            let (behind, ended) = self.after(place, k).ok_or(Fault::Range)?;
            (left, place) = (left.wrapping_sub(u64::from(ended)), behind);
        }
        bits.resume(now);
        Ok(())
    }

    /// Goes as far as there are bits and blocks enough, and codes that mean something.
    fn run(&self, unread: &[u8], chain: Chain, left: u64, log: &mut Log) -> Chain {
        if self.marked {
            self.run_with::<true>(unread, chain, left, log)
        } else {
            self.run_with::<false>(unread, chain, left, log)
        }
    }

    fn run_with<const MARKED: bool>(&self, unread: &[u8], mut chain: Chain, left: u64, log: &mut Log) -> Chain {
        loop {
            match self.side_by_side::<MARKED>(unread, chain, left, log) {
                Ok(further) => chain = further,
                Err(further) => return self.alone::<MARKED>(unread, further, left, usize::MAX),
            }
        }
    }
}

/// Whether nobody need remember what was met of a pair.
fn is_fixed((dc, ac): &(&Table, &Table)) -> bool {
    dc.is_fixed() && ac.is_fixed()
}

/// For each block of an MCU, where the one behind it begins.
fn ring(order: &[usize]) -> Option<[Place; RING]> {
    let first = Place::beginning(0, *order.first()?)?;
    let mut ring = [first; RING];
    for ((i, &pair), place) in order.iter().enumerate().skip(1).zip(&mut ring) {
        *place = Place::beginning(i, pair)?;
    }
    Some(ring)
}

#[cfg(test)]
mod tests;

//! One walk by look-ups, over the bits that are at hand. Does not know where the scan ends.

use std::hint::select_unpredictable;

use super::Strides;
use super::entries::{LAST, LAST_SHIFT, MET, PASSED, PASSED_SHIFT, STEP_BITS_MAX, TAKEN, WIDTH};
use crate::clean::jpeg::bits::coefficient_after;

/// Steps of a leap.
const STEPS: u32 = 3;
/// Bits that it takes at most: fewer than there are to have from eight bytes, whatever bit of them is the first.
const LEAP_BITS_MAX: usize = 54;
const _: () = assert!(STEPS * STEP_BITS_MAX == 54);

/// Where a walk stands.
#[derive(Clone, Copy)]
pub(super) struct Chain {
    /// Bit of the buffer that comes next.
    pub(super) at: usize,
    pub(super) place: Place,
    /// Blocks that it has ended.
    pub(super) ended: u32,
}

/// What comes next in an MCU: from the low bits the number of its block, where the entries for it begin, and its
/// coefficient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(u32);

impl Place {
    const BLOCK: u32 = 0xF;
    /// Which part of the entries: eight of them.
    const PART: u32 = 7 << WIDTH;
    /// The second part of a pair is for what is not the beginning of a block.
    const REST: u32 = 1 << WIDTH;
    const K_SHIFT: u32 = 16;
    /// This far leads no step but an odd one: to the end of a block without the code for that, or beyond.
    const ODD: u32 = 64 << Self::K_SHIFT;

    /// The beginning of a block with tables of a `pair`.
    pub(super) fn beginning(block: usize, pair: usize) -> Option<Self> {
        let place = u32::try_from(block).ok()? | u32::try_from(pair).ok()?.checked_shl(WIDTH.wrapping_add(1))?;
        (place & !(Self::BLOCK | Self::PART) == 0).then_some(Self(place))
    }

    #[inline(always)]
    pub(super) fn block(self) -> usize {
        usize::try_from(self.0 & Self::BLOCK).unwrap_or(0)
    }

    /// The next coefficient.
    pub(super) fn k(self) -> u32 {
        self.0 >> Self::K_SHIFT
    }

    /// The same block, `passed` coefficients further.
    #[inline(always)]
    fn further(self, passed: u32) -> Self {
        Self((self.0 | Self::REST).wrapping_add(passed.wrapping_shl(Self::K_SHIFT)))
    }

    /// The same block's coefficient `k`, which is not the first.
    pub(super) fn with(self, k: u32) -> Self {
        Self(self.0 & (Self::BLOCK | Self::PART)).further(k)
    }
}

/// What was met on the way: in sixteen bits each, from the low ones, the numbers of three entries.
///
/// In one number and not in three, since a processor cannot read together what it has just written apart.
#[derive(Clone, Copy)]
pub(super) struct Met(u64);

impl Met {
    /// In place of an entry: there was none.
    const NONE: u64 = 0xFFFF;
    /// In place of an entry: the symbol of a code, with the number of its pair of tables and [`Self::OF_DC`].
    const CODE: u64 = 1 << 15;
    const OF_DC: u64 = 1 << 10;
    const NOTHING: Self = Self(u64::MAX);

    /// The same with an entry in place `place`, where there was none.
    fn and(self, one: u64, place: u32) -> Self {
        Self(self.0 & (one | u64::MAX << 16).rotate_left(place.wrapping_mul(16)))
    }
}

/// What a leap has in its hands.
#[derive(Clone, Copy)]
struct Leap {
    bits: u64,
    place: Place,
    /// Every place there was, one over the other.
    places: u32,
    /// Bits taken, and above [`LAST_SHIFT`] blocks ended.
    sum: u32,
}

impl Leap {
    #[inline(always)]
    fn new(bits: u64, place: Place) -> Self {
        Self { bits, place, places: 0, sum: 0 }
    }

    /// Whether there was a step beyond the last coefficient but one; [`super::entries::HARD`] entries lead there.
    #[inline(always)]
    fn is_odd(&self) -> bool {
        self.places & Place::ODD != 0
    }

    /// Where it leads from `chain`.
    #[inline(always)]
    fn end(&self, chain: Chain) -> Chain {
        let taken = usize::try_from(self.sum & u32::from(LAST - 1)).unwrap_or(0);
        let ended = chain.ended.wrapping_add(self.sum >> LAST_SHIFT);
        Chain { at: chain.at.wrapping_add(taken), place: self.place, ended }
    }
}

impl Chain {
    pub(super) fn new(at: usize, place: Place) -> Self {
        Self { at, place, ended: 0 }
    }

    /// The next bits from the top, enough for a leap; none where those are not at hand.
    #[inline(always)]
    pub(super) fn bits(&self, unread: &[u8]) -> Option<u64> {
        let word = unread.get(self.at / 8..)?.first_chunk::<8>()?;
        Some(u64::from_be_bytes(*word) << (self.at % 8))
    }

    /// Leaps that lead no further than to the last of `left` blocks: each step may end one.
    #[inline(always)]
    pub(super) fn leaps_within(&self, left: u64) -> usize {
        let before = left.saturating_sub(u64::from(self.ended)).saturating_sub(1);
        usize::try_from(before.checked_div(u64::from(STEPS)).unwrap_or(0)).unwrap_or(usize::MAX)
    }

    /// Leaps that lead no further than to the bit `until`.
    #[inline(always)]
    pub(super) fn leaps_before(&self, until: usize) -> usize {
        until.saturating_sub(self.at) / LEAP_BITS_MAX
    }
}

impl Strides<'_> {
    /// Three steps over `bits` from a chain: where they lead, what was met, and whether one of them is odd, in which
    /// case the rest means nothing.
    #[inline(always)]
    fn leap(&self, bits: u64, chain: Chain) -> (Chain, Met, bool) {
        let mut leap = Leap::new(bits, chain.place);
        let met = self.step(&mut leap) | self.step(&mut leap) << 16 | self.step(&mut leap) << 32;
        (leap.end(chain), Met(met), leap.is_odd())
    }

    /// The steps before an odd one, and the code that makes it odd; none where there is neither, for want of bits or
    /// of such a code.
    #[cold]
    #[inline(never)]
    pub(super) fn careful_leap(&self, unread: &[u8], chain: Chain) -> Option<(Chain, Met)> {
        let mut leap = Leap::new(chain.bits(unread)?, chain.place);
        let (mut met, mut steps) = (Met::NOTHING, 0);
        while steps < STEPS - 1 {
            let before = leap;
            let entry = self.step(&mut leap);
            if leap.is_odd() {
                leap = before;
                break;
            }
            met = met.and(entry, steps);
            steps = steps.wrapping_add(1);
        }
        let further = leap.end(chain);
        match self.code(unread, further) {
            Some((last, code)) => Some((last, met.and(code, steps))),
            None => (steps > 0).then_some((further, met)),
        }
    }

    /// A single step, or a single code where it is odd; none where there are too few bits or no such code.
    pub(super) fn short_leap(&self, unread: &[u8], chain: Chain) -> Option<(Chain, Met)> {
        let mut leap = Leap::new(chain.bits(unread)?, chain.place);
        let entry = self.step(&mut leap);
        let (further, met) = if leap.is_odd() { self.code(unread, chain)? } else { (leap.end(chain), entry) };
        Some((further, Met::NOTHING.and(met, 0)))
    }

    /// A single code.
    fn code(&self, unread: &[u8], chain: Chain) -> Option<(Chain, u64)> {
        let bits = chain.bits(unread)?;
        let (block, k) = (chain.place.block(), chain.place.k());
        let &pair = self.order.get(block)?;
        let &(dc, ac) = self.pairs.get(pair)?;
        let (length, symbol) = if k == 0 { dc.find(bits) } else { ac.find(bits) };
        if length == 0 {
            return None;
        }
        let of_dc = if k == 0 { Met::OF_DC } else { 0 };
        let met = Met::CODE | of_dc | u64::try_from(pair).ok()? << 8 | u64::from(symbol);
        let taken = usize::try_from(length.wrapping_add(u32::from(symbol % 16))).ok()?;
        let (place, ended) = self.after(chain.place, if k == 0 { 1 } else { coefficient_after(symbol, k)? })?;
        Some((Chain { at: chain.at.wrapping_add(taken), place, ended: chain.ended.wrapping_add(ended) }, met))
    }

    /// Where coefficient `k` of the block of `place` is, or the beginning of the next block; and how many it ends.
    pub(super) fn after(&self, place: Place, k: u32) -> Option<(Place, u32)> {
        if k < 64 { Some((place.with(k), 0)) } else { Some((*self.ring.get(place.block())?, 1)) }
    }

    /// One look-up. Without a branch, since where a block ends is what no processor can foretell.
    #[inline(always)]
    #[expect(clippy::indexing_slicing, reason = "8 parts of 12 bits, and 4 bits: as many as there are")]
    fn step(&self, leap: &mut Leap) -> u64 {
        let index = leap.bits >> (64 - WIDTH) | u64::from(leap.place.0 & Place::PART);
        let entry = self.entries[usize::try_from(index).unwrap_or(0)].get();
        let next = self.ring[leap.place.block()];
        leap.bits = leap.bits.wrapping_shl(u32::from(entry));
        leap.sum = leap.sum.wrapping_add(u32::from(entry & (TAKEN | LAST)));
        let further = leap.place.further(u32::from(entry >> PASSED_SHIFT & PASSED));
        leap.places |= further.0;
        leap.place = select_unpredictable(entry & LAST != 0, next, further);
        index
    }

    /// A leap, or with care what comes of one that is odd; none where it can go no further.
    #[inline(always)]
    pub(super) fn any_leap(&self, unread: &[u8], chain: Chain) -> Option<(Chain, Met)> {
        let (further, met, odd) = self.leap(chain.bits(unread)?, chain);
        if odd { self.careful_leap(unread, chain) } else { Some((further, met)) }
    }

    /// Goes as far as there are bits, and codes that mean something; but not beyond the bit `until`, nor beyond the
    /// last of `left` blocks.
    pub(super) fn alone<const MARKED: bool>(&self, unread: &[u8], mut chain: Chain, left: u64, until: usize) -> Chain {
        while chain.leaps_within(left) > 0
            && chain.leaps_before(until) > 0
            && let Some((further, met)) = self.any_leap(unread, chain)
        {
            chain = further;
            if MARKED {
                self.meet(met);
            }
        }
        chain
    }

    /// Remembers what was met.
    #[inline(always)]
    pub(super) fn meet(&self, Met(met): Met) {
        self.meet_one(met & 0xFFFF);
        self.meet_one(met >> 16 & 0xFFFF);
        self.meet_one(met >> 32 & 0xFFFF);
    }

    #[inline(always)]
    fn meet_one(&self, entry: u64) {
        match usize::try_from(entry).ok().and_then(|place| self.entries.get(place)) {
            Some(cell) => cell.set(cell.get() | MET),
            None => self.meet_code(entry),
        }
    }

    #[cold]
    fn meet_code(&self, code: u64) {
        let pair = usize::try_from(code >> 8 & 3).unwrap_or(0);
        if let (Some((dc, ac)), [symbol, ..]) = (self.pairs.get(pair).filter(|_| code != Met::NONE), code.to_le_bytes())
        {
            let table = if code & Met::OF_DC == 0 { ac } else { dc };
            table.meet(symbol);
        }
    }
}

//! What a look-up says of the next bits: how far all the codes lead that lie whole in them. Walks nothing.

use std::sync::{Arc, Mutex, PoisonError};

use crate::clean::jpeg::huffman::{Definition, Table};

/// Bits looked up at once.
pub(super) const WIDTH: u32 = 12;
pub(super) const ENTRIES: usize = 1 << WIDTH;
/// Bits that one step takes at most, so that three of them find enough in a full register.
pub(super) const STEP_BITS_MAX: u32 = 18;

// An entry, from its low bits: bits to take, coefficients to pass, and two flags.
pub(super) const TAKEN: u16 = 0x3F;
pub(super) const PASSED_SHIFT: u32 = 6;
pub(super) const PASSED: u16 = 0x7F;
/// It ends the block.
pub(super) const LAST: u16 = 1 << LAST_SHIFT;
pub(super) const LAST_SHIFT: u32 = 13;
/// The walk has been here.
pub(super) const MET: u16 = 1 << 15;
/// What holds no code, since not even the first can be followed here: it leads beyond any block.
pub(super) const HARD: u16 = 64 << PASSED_SHIFT;

/// The entries of a pair of tables: for the beginning of a block, and for its rest.
pub(super) fn both_parts(dc: &Table, ac: &Table) -> Vec<u16> {
    // Also for fewer bits than are looked up: where a code leaves some, the entry for those says how it goes on.
    // A one stands before the bits of each number, so that those of all lengths have a place of their own.
    let mut rest = vec![HARD; 2 * ENTRIES];
    for number in 2..2 * ENTRIES {
        let entry = extended(None, ac, number, &rest);
        rest.get_mut(number).into_iter().for_each(|place| *place = entry);
    }
    let beginning = (ENTRIES..2 * ENTRIES).map(|number| extended(Some(dc), ac, number, &rest));
    beginning.chain(rest.get(ENTRIES..).unwrap_or_default().iter().copied()).collect()
}

/// Of a number, the bits that stand behind its first one, from the top, and how many those are.
pub(super) fn bits(number: usize) -> (u64, u32) {
    let width = number.ilog2();
    (u64::try_from(number).unwrap_or(0).wrapping_shl(64_u32.wrapping_sub(width)), width)
}

/// What [`entry`] says, from the first code and the entry for the bits that it leaves.
fn extended(dc: Option<&Table>, ac: &Table, number: usize, rest: &[u16]) -> u16 {
    let (bits, width) = bits(number);
    let (length, symbol) = dc.unwrap_or(ac).find(bits);
    let len = length.wrapping_add(u32::from(symbol % 16));
    if length == 0 || length > width || len > STEP_BITS_MAX {
        return HARD;
    }
    let taken = u16::try_from(len).unwrap_or(0);
    if dc.is_none() && symbol == 0 {
        return taken | LAST;
    }
    let passed = if dc.is_some() { 1 } else { u16::from(symbol / 16).wrapping_add(1) };
    let alone = taken | passed.wrapping_shl(PASSED_SHIFT);
    let one = 1_usize.wrapping_shl(width.saturating_sub(len));
    let more = rest.get(number & one.wrapping_sub(1) | one).copied().unwrap_or(HARD);
    if more == HARD {
        return alone;
    }
    // Neither half can overflow: at most 18 and 18 bits, 63 and 16 coefficients.
    let both = alone.wrapping_add(more);
    let in_bounds = u32::from(both & TAKEN) <= STEP_BITS_MAX && both >> PASSED_SHIFT & PASSED < 64;
    if in_bounds { both } else { entry(dc, ac, (bits, width), &mut |_, _| {}) }
}

/// The same for tables of T.81 annex K, which are in most photos: made once for all of them.
pub(super) fn remembered(dc: &Table, ac: &Table) -> Arc<[u16]> {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let known = made.iter().find(|made| (&made.dc, &made.ac) == (dc.definition(), ac.definition()));
    if let Some(made) = known {
        return Arc::clone(&made.entries);
    }
    let entries: Arc<[u16]> = both_parts(dc, ac).into();
    made.push(Made { dc: dc.definition().clone(), ac: ac.definition().clone(), entries: Arc::clone(&entries) });
    entries
}

struct Made {
    dc: Definition,
    ac: Definition,
    entries: Arc<[u16]>,
}

/// There are four such tables, and so at most sixteen pairs.
static MADE: Mutex<Vec<Made>> = Mutex::new(Vec::new());

/// The entry for `width` bits at the top of `bits`; each of its symbols goes to `tell`.
pub(super) fn entry<'t>(
    dc: Option<&'t Table>,
    ac: &'t Table,
    (mut bits, width): (u64, u32),
    tell: &mut impl FnMut(&'t Table, u8),
) -> u16 {
    let (mut taken, mut passed, mut last) = (0_u32, 0_u32, 0);
    let mut first = dc;
    while last == 0 {
        let table = first.unwrap_or(ac);
        let (length, symbol) = table.find(bits);
        let len = length.wrapping_add(u32::from(symbol % 16));
        // The code must lie in the bits that are known; what follows it need not.
        if length == 0 || taken.wrapping_add(length) > width || taken.wrapping_add(len) > STEP_BITS_MAX {
            break;
        }
        if first.is_none() && symbol == 0 {
            last = LAST;
        } else {
            let more = if first.is_some() { 1 } else { u32::from(symbol / 16).wrapping_add(1) };
            if passed.wrapping_add(more) > 63 {
                break;
            }
            passed = passed.wrapping_add(more);
        }
        taken = taken.wrapping_add(len);
        bits = bits.wrapping_shl(len);
        first = None;
        tell(table, symbol);
    }
    match u16::try_from(taken | passed.wrapping_shl(PASSED_SHIFT)) {
        Ok(entry) if taken > 0 => entry | last,
        _ => HARD,
    }
}

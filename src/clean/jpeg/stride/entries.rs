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
pub(super) fn both_parts(dc: &Table, ac: &Table) -> impl Iterator<Item = u16> {
    let indices = || 0..1_u64.wrapping_shl(WIDTH);
    let beginning = indices().map(|index| entry(Some(dc), ac, index, &mut |_, _| {}));
    beginning.chain(indices().map(|index| entry(None, ac, index, &mut |_, _| {})))
}

/// The same for tables of T.81 annex K, which are in most photos: made once for all of them.
pub(super) fn remembered(dc: &Table, ac: &Table) -> Arc<[u16]> {
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let known = made.iter().find(|made| (&made.dc, &made.ac) == (dc.definition(), ac.definition()));
    if let Some(made) = known {
        return Arc::clone(&made.entries);
    }
    let entries: Arc<[u16]> = both_parts(dc, ac).collect();
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

/// The entry for the bits `index`; each of its symbols goes to `tell`.
#[inline]
pub(super) fn entry<'t>(dc: Option<&'t Table>, ac: &'t Table, index: u64, tell: &mut impl FnMut(&'t Table, u8)) -> u16 {
    let mut bits = index.wrapping_shl(64 - WIDTH);
    let (mut taken, mut passed, mut last) = (0_u32, 0_u32, 0);
    let mut first = dc;
    while last == 0 {
        let table = first.unwrap_or(ac);
        let (length, symbol) = table.find(bits);
        let len = length.wrapping_add(u32::from(symbol % 16));
        // The code must lie in the bits that are known; what follows it need not.
        if length == 0 || taken.wrapping_add(length) > WIDTH || taken.wrapping_add(len) > STEP_BITS_MAX {
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

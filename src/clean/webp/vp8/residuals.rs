//! The tokens of a macroblock's coefficients (RFC 6386, 13). Makes no coefficient.

use super::Neighbour;
use super::bools::Bools;
use super::tables::TokenProbabilities;

/// Types of blocks (RFC 6386, 13.3).
const Y_AFTER_Y2: usize = 0;
const Y2: usize = 1;
const CHROMA: usize = 2;
const Y_WITH_DC: usize = 3;

/// The coefficients of a macroblock (RFC 6386, 13). How many tokens those were.
pub(super) fn residuals(
    bools: &mut Bools<'_>,
    tokens: &TokenProbabilities,
    has_y2: bool,
    above: &mut Neighbour,
    left: &mut Neighbour,
) -> u64 {
    let mut count: u64 = 0;
    let mut block = |kind: usize, above: &mut bool, left: &mut bool| {
        let first = usize::from(kind == Y_AFTER_Y2);
        let context = usize::from(*above).saturating_add(usize::from(*left));
        let Some(bands) = tokens.get(kind) else { return };
        let end = coefficients(bools, bands, context, first);
        (*above, *left) = (end > first, end > first);
        count = count.saturating_add(u64::try_from(end).unwrap_or(0)).saturating_add(1);
    };
    let luma = if has_y2 {
        block(Y2, &mut above.filled_y2, &mut left.filled_y2);
        Y_AFTER_Y2
    } else {
        Y_WITH_DC
    };
    let [a0, a1, a2, a3, au0, au1, av0, av1] = &mut above.filled;
    let [l0, l1, l2, l3, lu0, lu1, lv0, lv1] = &mut left.filled;
    for left in [l0, l1, l2, l3] {
        for above in [&mut *a0, &mut *a1, &mut *a2, &mut *a3] {
            block(luma, above, left);
        }
    }
    for (columns, rows) in [([au0, au1], [lu0, lu1]), ([av0, av1], [lv0, lv1])] {
        let [first, second] = columns;
        for left in rows {
            block(CHROMA, first, left);
            block(CHROMA, second, left);
        }
    }
    count
}

/// The band of each coefficient (RFC 6386, 13.3).
const BANDS: [usize; 16] = [0, 1, 2, 3, 6, 4, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7];

/// The tokens of a block from coefficient `first` on. The coefficient at which it ends.
fn coefficients(bools: &mut Bools<'_>, bands: &[[[u8; 11]; 3]; 8], mut context: usize, first: usize) -> usize {
    // After a zero the block cannot end.
    let mut may_end = true;
    for (at, &band) in BANDS.iter().enumerate().skip(first) {
        let Some(node) = bands.get(band).and_then(|contexts| contexts.get(context)) else { return at };
        let [end, zero, one, ..] = *node;
        if may_end && !bools.get(end) {
            return at;
        }
        may_end = bools.get(zero);
        context = match may_end {
            false => 0,
            true if !bools.get(one) => 1,
            true => {
                large(bools, node);
                2
            }
        };
        if may_end {
            bools.get(128); // sign
        }
    }
    BANDS.len()
}

/// Extra bits of DCT_CAT1 to DCT_CAT6 (RFC 6386, 13.2).
const EXTRA: [&[u8]; 6] = [
    &[159],
    &[165, 145],
    &[173, 148, 140],
    &[176, 155, 140, 135],
    &[180, 157, 141, 134, 130],
    &[254, 254, 243, 230, 196, 177, 153, 140, 133, 130, 129],
];

/// A value of 2 and more.
fn large(bools: &mut Bools<'_>, node: &[u8; 11]) {
    let [_, _, _, low, two, three, high, mid, top, third, fifth] = *node;
    let category = if !bools.get(low) {
        if bools.get(two) {
            bools.get(three);
        }
        return;
    } else if !bools.get(high) {
        usize::from(bools.get(mid))
    } else if !bools.get(top) {
        usize::from(bools.get(third)).saturating_add(2)
    } else {
        usize::from(bools.get(fifth)).saturating_add(4)
    };
    for &probability in EXTRA.get(category).copied().unwrap_or_default() {
        bools.get(probability);
    }
}

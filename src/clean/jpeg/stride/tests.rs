//! Steps over several codes lead where code by code leads: to the same bit, with the same symbols met, or to the same error.

use super::entries::{STEP_BITS_MAX, entry};
use super::*;
use crate::clean::jpeg::{
    entropy,
    huffman::{Alphabet, Class, Definition},
    noise::{Noise, Portions},
};

fn table(class: Class, counts: &[u8], symbols: &[u8]) -> Table {
    let mut sixteen = [0; 16];
    sixteen[..counts.len()].copy_from_slice(counts);
    let definition = Definition { counts: sixteen, symbols: symbols.to_vec() };
    Table::new(definition, Alphabet { class, progressive: false, precision: 8 }).unwrap()
}

/// Pairs of tables: with short codes and long ones, few bits behind them and many.
fn pairs() -> [[Table; 2]; 4] {
    let dc = |counts: &[u8], symbols: &[u8]| table(Class::Dc, counts, symbols);
    let ac = |counts: &[u8], symbols: &[u8]| table(Class::Ac, counts, symbols);
    let long: Vec<u8> = [0x00, 0x01, 0x02, 0x11, 0xF0, 0x03, 0x21, 0x0A, 0x31, 0x12, 0x41, 0x51, 0x61].to_vec();
    [
        [dc(&[0, 2, 2, 2], &[0, 1, 2, 3, 4, 11]), ac(&[1, 1, 0, 4], &[0x00, 0x01, 0x02, 0x11, 0xF0, 0x21])],
        [dc(&[2], &[0, 1]), ac(&[0, 3, 1, 1, 0, 4], &[0x01, 0x00, 0x11, 0x02, 0x31, 0x03, 0x0A, 0x9A, 0xF0])],
        [dc(&[1, 1, 1, 1], &[5, 6, 0, 9]), ac(&[1; 13], &long)],
        [dc(&[1], &[0]), ac(&[0, 0, 8], &[0x01, 0x02, 0x11, 0x03, 0x04, 0x21, 0x31, 0x05])],
    ]
}

/// What a walk comes to, and which symbols it met.
fn outcome(bytes: &[u8], order: &[usize], mcus: u64, strides: bool) -> (String, Vec<Definition>) {
    let pairs = pairs();
    let mcu: Vec<(&Table, &Table)> = order.iter().map(|&pair| (&pairs[pair][0], &pairs[pair][1])).collect();
    let mut source = Portions::new(bytes);
    let mut bits = Bits::new(&mut source);
    bits.begin();
    let strides = strides.then(|| Strides::of(&mcu).unwrap());
    let walked = match &strides {
        Some(strides) => strides.walk(&mut bits, mcus),
        None => entropy::sequential(&mut bits, &mcu, mcus),
    };
    let told = match walked.and_then(|()| bits.end()) {
        Ok(interval) => format!("{interval:?}"),
        Err(fault) => return (bits.error(fault), Vec::new()),
    };
    if let Some(strides) = strides {
        strides.finish();
    }
    (told, pairs.iter().flatten().map(Table::canonical).collect())
}

#[test]
fn steps_over_several_codes_lead_where_code_by_code_leads() {
    let (mut walked, mut failed) = (0, 0);
    for seed in 1..1500_u64 {
        let mut noise = Noise(seed);
        let bytes = noise.entropy(6000);
        let order: Vec<usize> =
            (0..1 + seed % 6).map(|i| if seed % 3 == 0 { noise.below(4) } else { usize::from(i > 3) }).collect();
        for mcus in [1, 2, 50, 400, 3000] {
            let expected = outcome(&bytes, &order, mcus, false);
            assert_eq!(outcome(&bytes, &order, mcus, true), expected, "seed {seed}, {mcus} MCUs");
            if expected.1.is_empty() { failed += 1 } else { walked += 1 }
        }
    }
    assert!(walked > 500 && failed > 500, "{walked} walked, {failed} failed");
}

#[test]
fn a_step_takes_no_more_than_a_third_of_a_register() {
    for [dc, ac] in &pairs() {
        for index in 0..1 << WIDTH {
            for first in [Some(dc), None] {
                let entry = entry(first, ac, index, &mut |_, _| {});
                assert!(u32::from(entry & TAKEN) <= STEP_BITS_MAX && entry & MET == 0);
                assert_eq!(entry == HARD, entry & TAKEN == 0);
            }
        }
    }
}

#[test]
fn short_scans_make_no_table() {
    let [[dc, ac], ..] = pairs();
    let mcu = [(&dc, &ac); 3];
    for (mcus, made) in [(BLOCKS_MIN / 3 - 1, false), (BLOCKS_MIN / 3, true), (BLOCKS_MIN / 3 + 1, true)] {
        assert_eq!(Strides::new(&mcu, mcus).is_some(), made);
    }
}

//! Steps over several codes lead where code by code leads: to the same bit, with the same symbols met, or to the same error.

use super::entries::{STEP_BITS_MAX, TAKEN, entry};
use super::*;
use crate::clean::jpeg::{
    bits::coefficient_after,
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

/// The code of each symbol, and its length.
fn codes(table: &Table) -> Vec<(u8, u64, u32)> {
    let definition = table.definition();
    let mut symbols = definition.symbols.iter();
    let (mut code, mut codes) = (0, Vec::new());
    for (length, &count) in (1..).zip(&definition.counts) {
        for _ in 0..count {
            codes.push((*symbols.next().unwrap(), code, length));
            code += 1;
        }
        code <<= 1;
    }
    codes
}

/// Blocks with coefficients of any kind; the later a symbol stands in its table, the rarer it is, and some are not
/// met at all. Stuffed, with the marker behind them.
fn coded(noise: &mut Noise, order: &[usize], mcus: u64) -> Vec<u8> {
    let mut pairs = pairs().map(|tables| tables.map(|table| codes(&table)));
    let unmet = u8::try_from(noise.below(7)).unwrap();
    for codes in pairs.as_flattened_mut() {
        codes.retain(|&(symbol, ..)| symbol < 2 || symbol % 7 != unmet);
    }
    let (mut bits, mut count, mut bytes) = (0_u64, 0, Vec::new());
    let mut put = |value: u64, length: u32| {
        bits = bits << length | value;
        count += length;
        while count >= 8 {
            count -= 8;
            let byte = u8::try_from(bits >> count & 0xFF).unwrap();
            bytes.push(byte);
            if byte == 0xFF {
                bytes.push(0);
            }
        }
    };
    for _ in 0..mcus {
        for &pair in order {
            let [dc, ac] = &pairs[pair];
            let mut k = 0;
            while k < 64 {
                let codes = if k == 0 { dc } else { ac };
                let below = noise.below(codes.len() as u64) as u64;
                let (symbol, code, length) = codes[noise.below(below + 1)];
                let next = if k == 0 { Some(1) } else { coefficient_after(symbol, k) };
                if let Some(next) = next {
                    put(code, length);
                    let more = u32::from(symbol % 16);
                    put(noise.next() & ((1 << more) - 1), more);
                    k = next;
                }
            }
        }
    }
    put(0x7F, 7);
    bytes.extend_from_slice(&[0xFF, 0xD9]);
    bytes
}

#[test]
fn long_scans_are_walked_alike_whole_and_damaged() {
    let mut failed = 0;
    for seed in 1..40_u64 {
        let mut noise = Noise(seed);
        let order: Vec<usize> =
            (0..1 + seed % 6).map(|i| if seed % 3 == 0 { noise.below(4) } else { usize::from(i > 3) }).collect();
        let mcus = 80_000 / order.len() as u64;
        let mut bytes = coded(&mut noise, &order, mcus);
        assert!(bytes.len() > 64 * 1024, "{} bytes of data", bytes.len());
        let expected = outcome(&bytes, &order, mcus, false);
        assert!(!expected.1.is_empty(), "seed {seed}: {}", expected.0);
        assert_eq!(outcome(&bytes, &order, mcus, true), expected, "seed {seed}");
        for less in [1, 100, mcus / 2] {
            assert_eq!(outcome(&bytes, &order, mcus - less, true), outcome(&bytes, &order, mcus - less, false));
        }
        for _ in 0..10 {
            let at = noise.below(bytes.len() as u64 - 2);
            bytes[at] = u8::try_from(noise.below(255)).unwrap();
            let expected = outcome(&bytes, &order, mcus, false);
            assert_eq!(outcome(&bytes, &order, mcus, true), expected, "seed {seed}, damaged at {at}");
            failed += usize::from(expected.1.is_empty());
        }
    }
    assert!(failed > 100, "{failed} failed");
}

#[test]
fn two_walks_meet() {
    let pairs = pairs();
    for pair in [0, 1] {
        let mut noise = Noise(7);
        let mcu = [(&pairs[pair][0], &pairs[pair][1]); 3];
        let bytes = coded(&mut noise, &[pair; 3], 20_000);
        let bytes: Vec<u8> = bytes
            .iter()
            .zip([0].iter().chain(&bytes))
            .filter(|pair| *pair != (&0, &0xFF))
            .map(|pair| *pair.0)
            .collect();
        let strides = Strides::of(&mcu).unwrap();
        let mut log = Log::default();
        let begin = Chain::new(0, strides.first);
        let met = strides.side_by_side::<true>(&bytes, begin, 60_000, &mut log);
        assert!(met.is_ok_and(|chain| chain.at / 8 > bytes.len() * 3 / 4), "pair {pair}");
        // The blocks end before the two could meet.
        let alone = strides.side_by_side::<true>(&bytes, begin, 3000, &mut log);
        assert!(alone.is_err_and(|chain| chain.ended < 3000), "pair {pair}");
    }
}

#[test]
fn entries_are_what_code_by_code_makes() {
    for [dc, ac] in &pairs() {
        let both = entries::both_parts(dc, ac);
        for (number, &made) in (ENTRIES..).zip(both.iter().take(ENTRIES)) {
            assert_eq!(made, entry(Some(dc), ac, entries::bits(number), &mut |_, _| {}), "{number:b}");
        }
        for (number, &made) in (ENTRIES..).zip(both.iter().skip(ENTRIES)) {
            assert_eq!(made, entry(None, ac, entries::bits(number), &mut |_, _| {}), "{number:b}");
        }
        for entry in both {
            assert!(u32::from(entry & TAKEN) <= STEP_BITS_MAX && entry & MET == 0);
            assert_eq!(entry == HARD, entry & TAKEN == 0);
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

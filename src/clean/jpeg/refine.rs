//! Walks the scans that give one more bit of AC coefficients (T.81 G.1.2.3). Keeps no more of a coefficient than whether it is zero.

use std::hint::select_unpredictable;

use super::{
    bits::{Bits, Fault, Register, Source},
    huffman::Table,
};

/// Walks `blocks` of a band, from its first to its last coefficient. In the word of each block bit `k`
/// stands for coefficient `k`, set where that is not zero.
pub(super) fn ac_refine<S: Source>(
    bits: &mut Bits<'_, S>,
    table: &Table,
    (first, last): (u32, u32),
    blocks: &mut [u64],
) -> Result<(), Fault> {
    let mut now = bits.register();
    let mut place = Place { block: 0, k: first };
    while place.block < blocks.len() {
        (now, place) = run(bits.unread(), now, table, (first, last), blocks, place);
        let Some(block) = blocks.get_mut(place.block) else { break };
        match code(bits, &mut now, table, block, (place.k, last))? {
            Step::Next(k) if k <= last => place.k = k,
            Step::Next(_) => place = Place { block: place.block.wrapping_add(1), k: first },
            Step::End(ended) => {
                end(bits, &mut now, (first, last), blocks, place, ended)?;
                place = Place { block: place.block.wrapping_add(ended), k: first };
            }
        }
    }
    bits.resume(now);
    Ok(())
}

/// Where a walk stands: at which coefficient of which block.
#[derive(Clone, Copy)]
struct Place {
    block: usize,
    k: u32,
}

/// What a code leads to.
enum Step {
    /// The next coefficient.
    Next(u32),
    /// The end of the band, in so many blocks.
    End(usize),
}

/// Takes one code and what belongs to it, except for an end of band the bits of the blocks that it ends.
fn code<S: Source>(
    bits: &mut Bits<'_, S>,
    now: &mut Register,
    table: &Table,
    block: &mut u64,
    (k, last): (u32, u32),
) -> Result<Step, Fault> {
    // Whatever becomes nonzero now has magnitude 1 and a sign bit.
    let symbol = bits.coefficient(now, table)?;
    let (run, size) = (u32::from(symbol / 16), symbol % 16);
    if size > 1 {
        return Err(bits.fail(*now, Fault::Code));
    }
    if size == 0 && run < 15 {
        return Ok(Step::End(usize::try_from(bits.end_of_band(now, run)?).unwrap_or(usize::MAX)));
    }
    // Zeros are counted by the run; what is nonzero already takes a correction bit each.
    let zeros = without_lowest(!*block & between(k, last), run);
    if zeros == 0 {
        return Err(bits.fail(*now, Fault::Range));
    }
    let at = zeros.trailing_zeros();
    bits.skip_many(now, u64::from((*block & between(k, at)).count_ones()))?;
    if size != 0 {
        *block |= 1_u64.wrapping_shl(at);
    }
    Ok(Step::Next(at.wrapping_add(1)))
}

/// Takes what the end of a band in `ended` blocks leaves to be taken: a bit for all that is not zero already.
fn end<S: Source>(
    bits: &mut Bits<'_, S>,
    now: &mut Register,
    (first, last): (u32, u32),
    blocks: &[u64],
    Place { block, mut k }: Place,
    ended: usize,
) -> Result<(), Fault> {
    let blocks = blocks.get(block..).unwrap_or_default();
    for block in blocks.iter().take(ended) {
        let known = block & between(k, last);
        if known != 0 {
            bits.skip_many(now, u64::from(known.count_ones()))?;
        }
        k = first;
    }
    if ended > blocks.len() { Err(bits.fail(*now, Fault::Range)) } else { Ok(()) }
}

/// Goes as far as nothing is odd and there are bits and blocks enough. Where a block ends and how long a
/// run is cannot be foretold, so that there are choices here instead of branches.
fn run(
    unread: &[u8],
    mut now: Register,
    table: &Table,
    (first, last): (u32, u32),
    blocks: &mut [u64],
    mut place: Place,
) -> (Register, Place) {
    let band = between(first, last);
    let Some(&here) = blocks.get(place.block) else { return (now, place) };
    // Zeros from here on, and how many others there are.
    let rest = between(place.k, last);
    let (mut zeros, mut others) = (!here & rest, (here & rest).count_ones());
    while let Some(full) = now.refilled(unread)
        && let Some([block, next, ..]) = blocks.get_mut(place.block..)
    {
        let (length, symbol) = table.find(full.bits());
        let (run, size) = (u32::from(symbol / 16), u32::from(symbol % 16));
        let ends = symbol == 0;
        let left = without_lowest(zeros, run);
        let at = left.trailing_zeros();
        // From here to there are the zeros of the run, and else what takes a correction bit.
        let corrections = select_unpredictable(ends, others, at.wrapping_sub(place.k).wrapping_sub(run));
        let len = length.wrapping_add(size).wrapping_add(corrections);
        // An end of band in several blocks, what is no symbol here, too many bits, too long a run.
        let odd = (size != 1) & !ends & (symbol != 0xF0) | (length == 0) | (len > 56) | (left == 0) & !ends;
        if odd {
            break;
        }
        table.meet(symbol);
        *block |= u64::from(size).wrapping_shl(at);
        now = full.after(full.bits().wrapping_shl(len), len);
        let ends = ends | (at >= last);
        place.block = place.block.wrapping_add(usize::from(ends));
        place.k = select_unpredictable(ends, first, at.wrapping_add(1));
        zeros = select_unpredictable(ends, !*next & band, less(left));
        others = select_unpredictable(ends, (*next & band).count_ones(), others.wrapping_sub(corrections));
    }
    (now, place)
}

/// A word without its `n` lowest bits that are set.
#[inline(always)]
fn without_lowest(word: u64, n: u32) -> u64 {
    // Most runs are short: so all of them at once, and then a choice.
    let (one, two) = (less(word), less(less(word)));
    let three = less(two);
    let odd = n & 1 != 0;
    let (few, more) = (select_unpredictable(odd, one, word), select_unpredictable(odd, three, two));
    let mut word = select_unpredictable(n & 2 != 0, more, few);
    for _ in 0..n / 4 {
        word = less(less(less(less(word))));
    }
    word
}

#[inline(always)]
fn less(word: u64) -> u64 {
    word & word.wrapping_sub(1)
}

/// A word with the bits from `first` to `last`, both at most 63; none where `first` is behind `last`.
fn between(first: u32, last: u32) -> u64 {
    if first > last {
        return 0;
    }
    u64::MAX.wrapping_shl(first) & u64::MAX.wrapping_shr(63_u32.wrapping_sub(last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::jpeg::{
        huffman::{Alphabet, Class, Definition},
        noise::{Noise, Portions},
    };

    fn table(counts: &[u8], symbols: &[u8]) -> Table {
        let mut sixteen = [0; 16];
        sixteen[..counts.len()].copy_from_slice(counts);
        let definition = Definition { counts: sixteen, symbols: symbols.to_vec() };
        Table::new(definition, Alphabet { class: Class::Ac, progressive: true, precision: 8 }).unwrap()
    }

    /// The same walk as the standard draws it, coefficient by coefficient.
    fn by_the_book(
        bits: &mut Bits<'_, Portions<'_>>,
        table: &Table,
        (first, last): (u32, u32),
        blocks: &mut [u64],
    ) -> Result<(), Fault> {
        let mut now = bits.register();
        let mut ended = 0;
        for block in blocks {
            let mut k = first;
            while k <= last && ended == 0 {
                let symbol = bits.coefficient(&mut now, table)?;
                let (mut run, size) = (symbol / 16, symbol % 16);
                if size > 1 {
                    return Err(bits.fail(now, Fault::Code));
                }
                if size == 0 && run < 15 {
                    ended = bits.end_of_band(&mut now, u32::from(run))?;
                    break;
                }
                let known = *block;
                let zeros = (k..=last).filter(|k| known >> k & 1 == 0).count();
                if zeros <= usize::from(run) {
                    return Err(bits.fail(now, Fault::Range));
                }
                let mut corrections = 0;
                while known >> k & 1 != 0 || run > 0 {
                    match known >> k & 1 {
                        0 => run -= 1,
                        _ => corrections += 1,
                    }
                    k += 1;
                }
                bits.skip_many(&mut now, corrections)?;
                *block |= u64::from(size) << k;
                k += 1;
            }
            if ended > 0 {
                let corrections = (k..=last).filter(|k| *block >> k & 1 != 0).count();
                bits.skip_many(&mut now, u64::try_from(corrections).unwrap())?;
                ended -= 1;
            }
        }
        bits.resume(now);
        if ended == 0 { Ok(()) } else { Err(Fault::Range) }
    }

    #[test]
    fn a_refinement_leads_where_the_book_leads() {
        let tables = || {
            [
                table(&[0, 2, 2, 2, 2], &[0x01, 0x00, 0x11, 0x21, 0x31, 0x51, 0x61, 0x41]),
                table(&[1, 0, 0, 6, 4], &[0x00, 0x01, 0x11, 0x91, 0xF0, 0x51, 0x61, 0x20, 0x30, 0x02, 0x71]),
                table(
                    &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 8],
                    &[1, 17, 33, 49, 65, 0, 81, 0xF1, 0x10, 97, 0xF0, 2, 0x20, 0x30, 0x40, 0x50],
                ),
            ]
        };
        let (mut walked, mut failed) = (0, 0);
        for seed in 1..4000_u64 {
            let mut noise = Noise(seed);
            let bytes = noise.entropy(3000);
            let band = [(1, 63), (1, 5), (6, 63), (9, 9), (63, 63)][noise.below(5)];
            let density = noise.below(3);
            let blocks = 1 + noise.below(if seed % 4 == 0 { 600 } else { 12 });
            let known: Vec<u64> = (0..blocks)
                .map(|_| {
                    (0..density).fold(u64::MAX, |word, _| word & noise.next()) & if density == 0 { 0 } else { u64::MAX }
                })
                .collect();
            let which = noise.below(3);
            let outcome = |book: bool| {
                let (tables, mut blocks) = (tables(), known.clone());
                let table = &tables[which];
                let mut source = Portions::new(&bytes);
                let mut bits = Bits::new(&mut source);
                bits.begin();
                let walked = match book {
                    true => by_the_book(&mut bits, table, band, &mut blocks),
                    false => ac_refine(&mut bits, table, band, &mut blocks),
                };
                match walked.and_then(|()| bits.end()) {
                    Ok(interval) => Ok((format!("{interval:?}"), blocks, table.canonical())),
                    Err(fault) => Err(bits.error(fault)),
                }
            };
            let expected = outcome(true);
            assert_eq!(outcome(false), expected, "seed {seed}");
            if expected.is_ok() { walked += 1 } else { failed += 1 }
        }
        assert!(walked > 300 && failed > 300, "{walked} walked, {failed} failed");
    }
}

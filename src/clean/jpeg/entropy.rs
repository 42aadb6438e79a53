//! Walks the Huffman codes of a scan to its very last bit, and says where that is. Makes no pixel and writes nothing.
//!
//! Only so is it known which bytes a decoder looks at: whatever stands between the last code of an
//! interval and the next marker is not picture, though it may look like it.

use super::{
    bits::{Bits, Fault, Interval, Source},
    huffman::Table,
    refine::ac_refine,
    stride::Strides,
};

/// How a scan's blocks are coded, with all that is needed to follow them.
pub(super) enum Walk<'t> {
    /// Whole blocks; DC and AC table of each block of an MCU.
    Sequential(Vec<(&'t Table, &'t Table)>),
    /// DC table of each block of an MCU.
    DcFirst(Vec<&'t Table>),
    /// Number of blocks of an MCU.
    DcRefine(u32),
    /// The band from the first to the last coefficient. `nonzero` has a word for each block, in which bit
    /// `k` stands for coefficient `k`.
    AcFirst { table: &'t Table, band: (u32, u32), nonzero: &'t mut [u64] },
    /// As for the first scan.
    AcRefine { table: &'t Table, band: (u32, u32), nonzero: &'t mut [u64] },
}

/// Walks a scan of `mcus` MCUs with a restart marker after every `restart` of them (0: none), and hands
/// every interval to `sink`. Leaves `source` behind the `FF` of the marker that follows the scan.
pub(super) fn walk<S: Source>(
    source: &mut S,
    mut walk: Walk<'_>,
    (mcus, restart): (u64, u16),
    sink: &mut dyn FnMut(Interval) -> Result<(), S::Error>,
) -> Result<(), S::Error> {
    let step = if restart == 0 { mcus } else { u64::from(restart) };
    let strides = match &walk {
        Walk::Sequential(blocks) => Strides::new(blocks, mcus),
        _ => None,
    };
    let mut bits = Bits::new(source);
    let mut done = 0_u64;
    let mut number = 0_u8;
    while done < mcus {
        let count = step.min(mcus.saturating_sub(done));
        bits.begin();
        let walked = match &mut walk {
            Walk::Sequential(blocks) => match &strides {
                Some(strides) => strides.walk(&mut bits, count),
                None => sequential(&mut bits, blocks, count),
            },
            Walk::DcFirst(blocks) => dc_first(&mut bits, blocks, count),
            Walk::DcRefine(blocks) => dc_refine(&mut bits, count.saturating_mul(u64::from(*blocks))),
            Walk::AcFirst { table, band, nonzero } => {
                part(nonzero, done, count).and_then(|blocks| ac_first(&mut bits, table, *band, blocks))
            }
            Walk::AcRefine { table, band, nonzero } => {
                part(nonzero, done, count).and_then(|blocks| ac_refine(&mut bits, table, *band, blocks))
            }
        };
        let mut interval = match walked.and_then(|()| bits.end()) {
            Ok(interval) => interval,
            Err(fault) => return Err(bits.error(fault)),
        };
        done = done.saturating_add(count);
        if done < mcus {
            let (at, filled) = restart_marker(bits.source, number)?;
            interval.slack |= filled;
            interval.restart = Some(at);
            number = number.wrapping_add(1) % 8;
        }
        sink(interval)?;
    }
    if let Some(strides) = strides {
        strides.finish();
    }
    Ok(())
}

/// Reads the second byte of a restart marker and says where the marker begins, and whether fill bytes came before.
fn restart_marker<S: Source>(source: &mut S, number: u8) -> Result<(u64, bool), S::Error> {
    let mut filled = false;
    loop {
        let at = source.at();
        let Some(&byte) = source.buffered()?.first() else { return Err(S::truncated("RST", at)) };
        source.consume(1);
        match byte {
            0xFF => filled = true,
            _ if byte == 0xD0 | number => return Ok((at.saturating_sub(1), filled)),
            _ => return Err(S::damaged("RST", at)),
        }
    }
}

pub(super) fn sequential<S: Source>(
    bits: &mut Bits<'_, S>,
    blocks: &[(&Table, &Table)],
    mcus: u64,
) -> Result<(), Fault> {
    let mut now = bits.register();
    for _ in 0..mcus {
        for &tables in blocks {
            let mut k = 0;
            while k < 64 {
                k = bits.symbol(&mut now, tables, k)?;
            }
        }
    }
    bits.resume(now);
    Ok(())
}

fn dc_first<S: Source>(bits: &mut Bits<'_, S>, blocks: &[&Table], mcus: u64) -> Result<(), Fault> {
    let mut now = bits.register();
    for _ in 0..mcus {
        for dc in blocks {
            bits.coefficient(&mut now, dc)?;
        }
    }
    bits.resume(now);
    Ok(())
}

/// A bit for each block.
fn dc_refine<S: Source>(bits: &mut Bits<'_, S>, blocks: u64) -> Result<(), Fault> {
    let mut now = bits.register();
    bits.skip_many(&mut now, blocks)?;
    bits.resume(now);
    Ok(())
}

/// T.81 G.1.2.2.
fn ac_first<S: Source>(
    bits: &mut Bits<'_, S>,
    table: &Table,
    (first, last): (u32, u32),
    blocks: &mut [u64],
) -> Result<(), Fault> {
    let mut now = bits.register();
    let mut blocks = blocks.iter_mut();
    while let Some(block) = blocks.next() {
        let mut k = first;
        while k <= last {
            let symbol = bits.coefficient(&mut now, table)?;
            let (run, size) = (u32::from(symbol / 16), symbol % 16);
            if size == 0 && run < 15 {
                // An end-of-band run: this block and as many more have nothing further.
                let more = usize::try_from(bits.end_of_band(&mut now, run)?).unwrap_or(usize::MAX).wrapping_sub(1);
                if more > blocks.len() {
                    return Err(bits.fail(now, Fault::Range));
                }
                if let Some(skipped) = more.checked_sub(1) {
                    blocks.nth(skipped);
                }
                break;
            }
            k = k.wrapping_add(run);
            if k > last || size == 0 && k == last {
                return Err(bits.fail(now, Fault::Range));
            }
            if size != 0 {
                *block |= 1_u64.wrapping_shl(k);
            }
            k = k.wrapping_add(1);
        }
    }
    bits.resume(now);
    Ok(())
}

/// The words of `count` blocks from block `done`.
fn part(nonzero: &mut [u64], done: u64, count: u64) -> Result<&mut [u64], Fault> {
    let from = usize::try_from(done).map_err(|_| Fault::Range)?;
    let to = usize::try_from(done.saturating_add(count)).map_err(|_| Fault::Range)?;
    nonzero.get_mut(from..to).ok_or(Fault::Range)
}

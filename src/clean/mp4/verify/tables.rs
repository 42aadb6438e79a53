//! The sample tables of a clean file: `stts ctts? stss? stps? stsc stsz (stco | co64)`, each in its one spelling.
//! Held as they stand, since they may be long.

use super::Chunk;
use super::bytes::Bytes;
use super::entry::Description;
use crate::clean::Unaccounted;
use crate::limits;

/// The tables of a track.
pub(super) struct Tables<'a> {
    durations: &'a [[u8; 8]],
    is_shifted: bool,
    groups: &'a [[u8; 12]],
    sizes: Sizes<'a>,
    offsets: Offsets<'a>,
    descriptions: usize,
}

enum Sizes<'a> {
    Same(u32, u32),
    Each(&'a [[u8; 4]]),
}

enum Offsets<'a> {
    Short(&'a [[u8; 4]]),
    Long(&'a [[u8; 8]]),
}

impl<'a> Tables<'a> {
    /// Accounts for the tables behind `stsd`.
    pub(super) fn read(stbl: &mut Bytes<'a>, descriptions: &[Description]) -> Result<Self, Unaccounted> {
        let durations = runs(stbl.boxed(*b"stts", "stts")?, &[0], "stts")?;
        let shifts = match stbl.optional(*b"ctts")? {
            Some(ctts) => {
                let mut ahead = ctts;
                let [version, ..] = ahead.array::<4>()?;
                let runs = runs(ctts, &[0, 1], "ctts")?;
                let has = |wanted: fn(i32) -> bool| runs.iter().any(|run| wanted(second(*run).cast_signed()));
                stbl.insist(has(|offset| offset != 0) && (version == 1) == has(|offset| offset < 0), "ctts")?;
                Some(runs)
            }
            None => None,
        };
        let sync = stbl.optional(*b"stss")?.map(|stss| numbers(stss, "stss")).transpose()?;
        let partial = stbl.optional(*b"stps")?.map(|stps| numbers(stps, "stps")).transpose()?;
        let groups = entries::<12>(stbl.boxed(*b"stsc", "stsc")?, &[0], "stsc")?;
        let sizes = sizes(stbl.boxed(*b"stsz", "stsz")?)?;
        let offsets = match stbl.optional(*b"co64")? {
            Some(co64) => Offsets::Long(entries(co64, &[0], "co64")?),
            None => Offsets::Short(entries(stbl.boxed(*b"stco", "stco")?, &[0], "stco")?),
        };
        let tables =
            Self { durations, is_shifted: shifts.is_some(), groups, sizes, offsets, descriptions: descriptions.len() };
        let count = tables.count();
        stbl.insist(count > 0 && samples(durations) == u64::from(count), "stts")?;
        stbl.insist(durations.iter().all(|run| second(*run) <= i32::MAX.cast_unsigned()), "stts")?;
        stbl.insist(shifts.is_none_or(|runs| samples(runs) == u64::from(count)), "ctts")?;
        let is_within = |list: &[[u8; 4]]| list.last().is_none_or(|last| u32::from_be_bytes(*last) <= count);
        // All of them is what no table means.
        stbl.insist(sync.is_none_or(|list| is_within(list) && u32::try_from(list.len()) != Ok(count)), "stss")?;
        let is_partial = |list: &[[u8; 4]]| sync.is_some() && !list.is_empty() && is_within(list);
        stbl.insist(partial.is_none_or(is_partial), "stps")?;
        stbl.insist(tables.is_packed(descriptions), "stsz")?;
        Ok(tables)
    }

    fn count(&self) -> u32 {
        match self.sizes {
            Sizes::Same(_, count) => count,
            Sizes::Each(list) => u32::try_from(list.len()).unwrap_or(u32::MAX),
        }
    }

    /// Bytes of a sample, counted from 0.
    pub(super) fn size(&self, sample: u32) -> u32 {
        match self.sizes {
            Sizes::Same(size, _) => size,
            Sizes::Each(list) => {
                let size = usize::try_from(sample).ok().and_then(|index| list.get(index));
                size.map_or(0, |size| u32::from_be_bytes(*size))
            }
        }
    }

    /// Whether presentation times differ from decoding times.
    pub(super) fn is_shifted(&self) -> bool {
        self.is_shifted
    }

    /// In the track's unit.
    pub(super) fn duration(&self) -> u64 {
        self.durations
            .iter()
            .fold(0, |sum, run| sum.saturating_add(u64::from(first(*run)).saturating_mul(second(*run).into())))
    }

    /// Sound that counts moments has samples of the size that its description says.
    fn is_packed(&self, descriptions: &[Description]) -> bool {
        let mut packings = descriptions.iter().map(|description| description.packing);
        let packing = packings.next().flatten().filter(|first| packings.all(|other| other == Some(*first)));
        match (packing, &self.sizes, self.durations) {
            (Some((bytes, moments)), Sizes::Same(size, _), [run]) if second(*run) == 1 => {
                *size == bytes && moments == 1
            }
            _ => true,
        }
    }

    /// Appends the chunks of this track, number `track`. `None` where `stsc` and the others do not agree, or are
    /// not in their one spelling.
    pub(super) fn chunks(&self, track: usize, chunks: &mut Vec<Chunk>) -> Option<()> {
        let count = match self.offsets {
            Offsets::Short(list) => list.len(),
            Offsets::Long(list) => list.len(),
        };
        if chunks.len().checked_add(count)? > limits::PIECES_MAX.saturating_mul(2) {
            return None;
        }
        let (mut next, mut groups) = (0_u32, self.groups.iter().copied().map(group).peekable());
        let (mut in_chunk, mut description, mut farthest) = (0, 0, 0);
        let mut used = vec![false; self.descriptions];
        for index in 0..count {
            let number = u32::try_from(index).ok()?.checked_add(1)?;
            if let Some([_, samples, own]) = groups.next_if(|[first, ..]| *first == number) {
                if (in_chunk, description) == (samples, own) || samples == 0 {
                    return None;
                }
                (in_chunk, description) = (samples, own);
                *used.get_mut(usize::try_from(own).ok()?.checked_sub(1)?)? = true;
            } else if number == 1 {
                return None;
            }
            let at = match self.offsets {
                Offsets::Short(list) => u64::from(u32::from_be_bytes(*list.get(index)?)),
                Offsets::Long(list) => u64::from_be_bytes(*list.get(index)?),
            };
            farthest = at.max(farthest);
            let end = next.checked_add(in_chunk).filter(|&end| end <= self.count())?;
            let len = match self.sizes {
                Sizes::Same(size, _) => u64::from(size).checked_mul(in_chunk.into())?,
                Sizes::Each(_) => (next..end).map(|sample| u64::from(self.size(sample))).sum(),
            };
            if in_chunk > 1 && len > limits::MP4_CHUNK_BYTES_MAX {
                return None;
            }
            let description = usize::try_from(description).ok()?.checked_sub(1)?;
            chunks.push(Chunk { at, len, track, first: next, count: in_chunk, description });
            next = end;
        }
        let is_long = matches!(self.offsets, Offsets::Long(_));
        let is_whole = next == self.count() && groups.next().is_none() && used.iter().all(|&used| used);
        (is_whole && is_long == (farthest > u64::from(u32::MAX))).then_some(())
    }
}

fn first([a, b, c, d, ..]: [u8; 8]) -> u32 {
    u32::from_be_bytes([a, b, c, d])
}

fn second([.., a, b, c, d]: [u8; 8]) -> u32 {
    u32::from_be_bytes([a, b, c, d])
}

fn group([a, b, c, d, e, f, g, h, i, j, k, l]: [u8; 12]) -> [u32; 3] {
    [[a, b, c, d], [e, f, g, h], [i, j, k, l]].map(u32::from_be_bytes)
}

fn samples(runs: &[[u8; 8]]) -> u64 {
    runs.iter().map(|run| u64::from(first(*run))).sum()
}

/// A full box of one of these versions: a count, and so many entries.
fn entries<'a, const N: usize>(
    mut table: Bytes<'a>,
    versions: &[u8],
    part: &'static str,
) -> Result<&'a [[u8; N]], Unaccounted> {
    let [version, flags @ ..] = table.array::<4>()?;
    table.insist(versions.contains(&version) && flags == [0; 3], part)?;
    let count = usize::try_from(table.u32()?).unwrap_or(usize::MAX);
    let (entries, rest) = table.rest().as_chunks::<N>();
    table.insist(rest.is_empty() && entries.len() == count, part)?;
    Ok(entries)
}

/// Runs, none of which is empty or like the one before.
fn runs<'a>(table: Bytes<'a>, versions: &[u8], part: &'static str) -> Result<&'a [[u8; 8]], Unaccounted> {
    let runs = entries::<8>(table, versions, part)?;
    let differ = runs.windows(2).all(|pair| match pair {
        [one, next] => second(*one) != second(*next),
        _ => false,
    });
    table.insist(differ && runs.iter().all(|run| first(*run) > 0), part)?;
    Ok(runs)
}

/// Numbers of samples from 1, ascending.
fn numbers<'a>(table: Bytes<'a>, part: &'static str) -> Result<&'a [[u8; 4]], Unaccounted> {
    let numbers = entries::<4>(table, &[0], part)?;
    let ascend = numbers.windows(2).all(|pair| match pair {
        [one, next] => u32::from_be_bytes(*one) < u32::from_be_bytes(*next),
        _ => false,
    });
    table.insist(ascend && numbers.first().is_none_or(|first| *first != [0; 4]), part)?;
    Ok(numbers)
}

/// 8.7.3: one size, or a list of which not all are the same.
fn sizes(mut stsz: Bytes<'_>) -> Result<Sizes<'_>, Unaccounted> {
    stsz.expect(&[0; 4], "stsz")?;
    let (size, count) = (stsz.u32()?, stsz.u32()?);
    let (list, rest) = stsz.rest().as_chunks::<4>();
    stsz.insist(rest.is_empty(), "stsz")?;
    if size > 0 {
        stsz.insist(list.is_empty(), "stsz")?;
        return Ok(Sizes::Same(size, count));
    }
    let is_same = |first: &[u8; 4]| *first != [0; 4] && list.iter().all(|size| size == first);
    let is_right = usize::try_from(count) == Ok(list.len()) && !list.first().is_some_and(is_same);
    stsz.insist(is_right, "stsz")?;
    Ok(Sizes::Each(list))
}

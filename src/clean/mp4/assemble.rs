//! Puts the tables of a track together: which samples there are, where they lie, how long each is shown. Reads no
//! byte of the file.

use super::edits::{self, Edit};
use super::entry::{Entry, Packing};
use super::matrix::Turn;
use super::runs::Runs;
use super::tables::{Sizes, Tables};
use crate::clean::{Reason, Refusal};

/// A track that stays, or one that goes and whose samples are only counted.
#[derive(Debug)]
pub(super) struct Track {
    /// Where its box begins.
    pub(super) at: u64,
    pub(super) id: u32,
    pub(super) handler: [u8; 4],
    pub(super) is_enabled: bool,
    pub(super) group: u16,
    /// In 16.16.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) turn: Turn,
    pub(super) timescale: u32,
    pub(super) edits: Vec<Edit>,
    pub(super) entries: Vec<Entry>,
    pub(super) samples: Samples,
    /// Decoding time of the first sample, where a fragment says so.
    pub(super) begins: u64,
    /// Decoding time behind the last sample, once a fragment asked for it.
    pub(super) clock: Option<u64>,
}

impl Track {
    pub(super) fn is_video(&self) -> bool {
        self.handler == *b"vide"
    }

    /// Its duration, in its own unit.
    pub(super) fn duration(&self) -> u64 {
        let durations = self.samples.durations.list();
        durations
            .iter()
            .fold(0, |sum, &(count, delta)| sum.saturating_add(u64::from(count).saturating_mul(delta.into())))
    }

    /// The edit list as it is written, in a movie of this timescale.
    pub(super) fn settled_edits(&self, movie: u32) -> Vec<Edit> {
        let shifted = !self.samples.offsets.list().is_empty();
        edits::settled(self.edits.clone(), self.duration(), self.timescale, movie, shifted)
    }
}

/// The samples of a track.
#[derive(Debug, Default)]
pub(super) struct Samples {
    pub(super) durations: Runs<u32>,
    /// From decoding to presentation; empty where there is none.
    pub(super) offsets: Runs<i32>,
    /// Numbers of samples that need no other, counted from 1; `None` for all.
    pub(super) sync: Option<Vec<u32>>,
    /// QuickTime's partial sync samples.
    pub(super) partial: Option<Vec<u32>>,
    pub(super) sizes: Sizes,
    pub(super) segments: Vec<Segment>,
}

/// Samples one behind the other in the file, with one description.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Segment {
    pub(super) at: u64,
    pub(super) len: u64,
    /// Number of the first, counted from 0.
    pub(super) first: u32,
    pub(super) count: u32,
    /// Index of the description.
    pub(super) entry: u32,
}

impl Segment {
    pub(super) fn end(&self) -> u64 {
        self.at.saturating_add(self.len)
    }
}

/// Appends a segment; one that continues the last joins it. `left` is how many more there may be.
pub(super) fn append(segments: &mut Vec<Segment>, next: Segment, left: &mut usize) -> Result<(), Refusal> {
    if next.count == 0 {
        return Ok(());
    }
    if let Some(last) = segments.last_mut()
        && last.len > 0
        && next.len > 0
        && last.entry == next.entry
        && last.end() == next.at
        && let Some(count) = last.count.checked_add(next.count)
    {
        (last.count, last.len) = (count, last.len.saturating_add(next.len));
        return Ok(());
    }
    *left = left.checked_sub(1).ok_or(Refusal::new(Reason::TooLarge, "number of chunks", next.at))?;
    segments.push(next);
    Ok(())
}

/// Puts tables together. `at` is where the track begins; `packing` that of its samples, where all are alike;
/// `left` how many more segments there may be.
pub(super) fn assemble(
    tables: Tables,
    packing: Option<Packing>,
    at: u64,
    left: &mut usize,
) -> Result<Samples, Refusal> {
    let mut tables = tables;
    let mut sizes = tables.sizes.take().unwrap_or_default();
    sizes.merge();
    let unit = packing.and_then(|packing| recount(packing, &sizes, &mut tables.durations));
    if let (Some(packing), Sizes::Constant { size, count }) = (unit, &mut sizes) {
        *size = packing.bytes;
        *count = count.checked_div(packing.moments).unwrap_or(0);
    }
    let groups = tables.groups.take().unwrap_or_default();
    let chunks = tables.chunks.take().unwrap_or_default();
    let segments = segments(&groups, &chunks, &sizes, unit.map_or(1, |packing| packing.moments), at, left)?;
    let count = segments.iter().fold(0_u32, |sum, segment| sum.saturating_add(segment.count));
    sizes.truncate(count);
    let mut durations = tables.durations;
    match durations.last() {
        Some(last) => durations.resize(count, last),
        None if count == 0 => {}
        None => return Err(Refusal::new(Reason::Damaged, "stts", at)),
    }
    let mut offsets = tables.offsets;
    offsets.resize(count, 0);
    if offsets.list().iter().all(|(_, offset)| *offset == 0) {
        offsets = Runs::new();
    }
    let within = |numbers: Vec<u32>| {
        let mut numbers = numbers;
        numbers.retain(|number| (1..=count).contains(number));
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    };
    let sync = tables.sync.map(within).filter(|sync| u32::try_from(sync.len()) != Ok(count));
    let partial = tables.partial.map(within).filter(|partial| sync.is_some() && !partial.is_empty());
    Ok(Samples { durations, offsets, sync, partial, sizes, segments })
}

/// Whether the tables count moments of sound rather than packets, as QuickTime's do for sound that is not
/// compressed or to a fixed rate: then `stsz` says little, and the description says the size.
fn recount(packing: Packing, sizes: &Sizes, durations: &mut Runs<u32>) -> Option<Packing> {
    let Sizes::Constant { .. } = sizes else { return None };
    let &[(count, 1)] = durations.list() else { return None };
    if packing.moments > 1 {
        let mut packets = Runs::new();
        packets.push(count.checked_div(packing.moments)?, packing.moments);
        *durations = packets;
    }
    Some(packing)
}

/// Follows `stsc` over the chunks (8.7.4). `moments` is how many of what the tables count make a sample.
fn segments(
    groups: &[[u32; 3]],
    chunks: &[u64],
    sizes: &Sizes,
    moments: u32,
    at: u64,
    left: &mut usize,
) -> Result<Vec<Segment>, Refusal> {
    let damaged = Refusal::new(Reason::Damaged, "stsc", at);
    let mut segments = Vec::new();
    let (mut next_group, mut in_chunk, mut entry) = (groups.iter().peekable(), 0, 0);
    let mut first: u32 = 0;
    for (index, &chunk_at) in chunks.iter().enumerate() {
        let number = u32::try_from(index).unwrap_or(u32::MAX).saturating_add(1);
        if let Some(&[_, count, description]) = next_group.next_if(|[first_chunk, ..]| *first_chunk == number) {
            entry = description.checked_sub(1).ok_or(damaged.clone())?;
            in_chunk = count.checked_div(moments).ok_or(damaged.clone())?;
            if in_chunk.checked_mul(moments) != Some(count) {
                return Err(damaged);
            }
        } else if number == 1 || next_group.peek().is_some_and(|[first_chunk, ..]| *first_chunk < number) {
            return Err(damaged);
        }
        // More than there are samples: the rest of the tables means nothing.
        let count = in_chunk.min(sizes.count().saturating_sub(first));
        let len = sizes.sum(first, count);
        append(&mut segments, Segment { at: chunk_at, len, first, count, entry }, left)?;
        first = first.saturating_add(count);
    }
    Ok(segments)
}

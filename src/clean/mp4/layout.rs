//! Where samples lie in the clean file: one behind the other, in the order of the original. Reads no byte.

use super::assemble::{Segment, Track};
use crate::clean::{Reason, Refusal};
use crate::limits;

/// The order of the samples.
#[derive(Debug)]
pub(super) struct Layout {
    /// What is copied, with the index of its track.
    pub(super) order: Vec<(u32, Segment)>,
    /// For each track its chunks, in the order of its samples. Offsets are from the first byte of media data.
    pub(super) chunks: Vec<Vec<Chunk>>,
    /// Bytes of media data.
    pub(super) len: u64,
}

/// Samples of a track that lie together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) at: u64,
    pub(super) first: u32,
    pub(super) count: u32,
    pub(super) entry: u32,
}

/// Lays out the samples of `tracks`, which lie in a file of `file_len` bytes.
pub(super) fn lay(tracks: &[Track], file_len: u64) -> Result<Layout, Refusal> {
    let mut order: Vec<(u32, Segment)> =
        Vec::with_capacity(tracks.iter().map(|track| track.samples.segments.len()).sum());
    for (index, track) in (0_u32..).zip(tracks) {
        order.extend(track.samples.segments.iter().map(|&segment| (index, segment)));
    }
    // Samples without a byte come first, since they lie nowhere.
    order.sort_unstable_by_key(|&(index, segment)| {
        (segment.len > 0, if segment.len > 0 { segment.at } else { 0 }, index, segment.first)
    });
    let mut layout = Layout { order, chunks: tracks.iter().map(|_| Vec::new()).collect(), len: 0 };
    let mut open = None;
    for &(index, segment) in &layout.order {
        let Some((track, chunks)) =
            usize::try_from(index).ok().and_then(|i| tracks.get(i).zip(layout.chunks.get_mut(i)))
        else {
            continue;
        };
        open = Some(split(track, (index, segment), layout.len, open, chunks));
        layout.len = layout.len.saturating_add(segment.len);
        // Samples may share bytes, but not so that the file grows.
        if layout.len > file_len {
            return Err(Refusal::new(Reason::Damaged, "samples that overlap", segment.at));
        }
    }
    for chunks in &mut layout.chunks {
        chunks.sort_unstable_by_key(|chunk| chunk.first);
    }
    Ok(layout)
}

/// The chunk that was written last, which the next segment may continue.
struct Open {
    track: u32,
    chunk: Chunk,
    /// Its bytes.
    filled: u64,
}

/// Appends the chunks of a segment that lies at `at`: each as long as [`limits::MP4_CHUNK_BYTES_MAX`] allows.
fn split(
    track: &Track,
    (index, segment): (u32, Segment),
    at: u64,
    open: Option<Open>,
    chunks: &mut Vec<Chunk>,
) -> Open {
    let continues = |open: &Open| {
        let next = open.chunk.first.saturating_add(open.chunk.count);
        (open.track, next, open.chunk.entry) == (index, segment.first, segment.entry)
    };
    let new = |at, first| Open { track: index, chunk: Chunk { at, first, count: 0, entry: segment.entry }, filled: 0 };
    let mut open = match open.filter(continues) {
        Some(open) => {
            chunks.pop();
            open
        }
        None => new(at, segment.first),
    };
    let end = segment.first.saturating_add(segment.count);
    let (mut next, mut at) = (segment.first, at);
    loop {
        let room = limits::MP4_CHUNK_BYTES_MAX.saturating_sub(open.filled);
        let mut taken = fitting(track, next, end, room);
        if taken == 0 && open.chunk.count == 0 {
            taken = 1;
        }
        let bytes = track.samples.sizes.sum(next, taken);
        open.chunk.count = open.chunk.count.saturating_add(taken);
        open.filled = open.filled.saturating_add(bytes);
        (next, at) = (next.saturating_add(taken), at.saturating_add(bytes));
        chunks.push(open.chunk);
        if next >= end {
            return open;
        }
        open = new(at, next);
    }
}

/// How many samples from `first` have no more than `room` bytes together.
fn fitting(track: &Track, first: u32, end: u32, room: u64) -> u32 {
    if let super::tables::Sizes::Constant { size, .. } = track.samples.sizes {
        let fits = room.checked_div(size.into()).unwrap_or(u64::MAX);
        return u32::try_from(fits).unwrap_or(u32::MAX).min(end.saturating_sub(first));
    }
    let mut left = room;
    let mut count: u32 = 0;
    for sample in first..end {
        match left.checked_sub(track.samples.sizes.of(sample).into()) {
            Some(rest) => left = rest,
            None => break,
        }
        count = count.saturating_add(1);
    }
    count
}

//! Writes the sample tables of a track (ISO/IEC 14496-12, 8.5 to 8.7).

use super::super::assemble::Samples;
use super::super::layout::Chunk;
use super::super::runs::Runs;
use super::super::tables::Sizes;
use super::{Shown, Writer};
use crate::clean::Refusal;

impl Writer {
    /// 8.5 to 8.7
    pub(super) fn tables(&mut self, shown: &Shown<'_>) -> Result<(), Refusal> {
        let Shown { track, chunks, begins, wide, .. } = shown;
        let Samples { durations, offsets, sync, partial, sizes, .. } = &track.samples;
        self.boxed(*b"stsd", |writer| {
            writer.full(0, 0);
            writer.u32(u32::try_from(track.entries.len()).unwrap_or(0));
            for entry in &track.entries {
                writer.bytes(&entry.bytes);
            }
            Ok(())
        })?;
        self.runs(*b"stts", 0, durations, u32::to_be_bytes)?;
        if !offsets.list().is_empty() {
            let version = u8::from(offsets.list().iter().any(|(_, offset)| *offset < 0));
            self.runs(*b"ctts", version, offsets, i32::to_be_bytes)?;
        }
        for (kind, numbers) in [(*b"stss", sync), (*b"stps", partial)] {
            if let Some(numbers) = numbers {
                self.table(kind, numbers.iter().map(|number| number.to_be_bytes()))?;
            }
        }
        self.boxed(*b"stsc", |writer| {
            writer.groups(chunks);
            Ok(())
        })?;
        self.boxed(*b"stsz", |writer| {
            writer.sizes(sizes);
            Ok(())
        })?;
        let offsets = chunks.iter().map(|chunk| chunk.at.saturating_add(*begins));
        if *wide {
            self.table(*b"co64", offsets.map(u64::to_be_bytes))
        } else {
            self.table(*b"stco", offsets.map(|at| u32::try_from(at).unwrap_or(u32::MAX).to_be_bytes()))
        }
    }

    fn runs<T: Copy + Eq>(
        &mut self,
        kind: [u8; 4],
        version: u8,
        runs: &Runs<T>,
        to_bytes: impl Fn(T) -> [u8; 4],
    ) -> Result<(), Refusal> {
        self.boxed(kind, |writer| {
            writer.full(version, 0);
            writer.u32(u32::try_from(runs.list().len()).unwrap_or(u32::MAX));
            for &(count, value) in runs.list() {
                writer.u32(count);
                writer.bytes(&to_bytes(value));
            }
            Ok(())
        })
    }

    fn table<const N: usize>(
        &mut self,
        kind: [u8; 4],
        entries: impl ExactSizeIterator<Item = [u8; N]>,
    ) -> Result<(), Refusal> {
        self.boxed(kind, |writer| {
            writer.full(0, 0);
            writer.u32(u32::try_from(entries.len()).unwrap_or(u32::MAX));
            for entry in entries {
                writer.bytes(&entry);
            }
            Ok(())
        })
    }

    /// 8.7.4: a new group where samples in a chunk, or their description, change.
    fn groups(&mut self, chunks: &[Chunk]) {
        let mut groups: Vec<[u32; 3]> = Vec::new();
        for (number, chunk) in (1_u32..).zip(chunks) {
            let description = chunk.entry.saturating_add(1);
            if groups.last().is_none_or(|[_, count, last]| (*count, *last) != (chunk.count, description)) {
                groups.push([number, chunk.count, description]);
            }
        }
        self.full(0, 0);
        self.u32(u32::try_from(groups.len()).unwrap_or(u32::MAX));
        for number in groups.into_iter().flatten() {
            self.u32(number);
        }
    }

    /// 8.7.3: one size, where all are the same.
    fn sizes(&mut self, sizes: &Sizes) {
        self.full(0, 0);
        match sizes {
            Sizes::Constant { size, count } => {
                self.u32(*size);
                self.u32(*count);
            }
            Sizes::Each(each) => {
                self.u32(0);
                self.u32(sizes.count());
                for size in each {
                    self.u32(*size);
                }
            }
        }
    }
}

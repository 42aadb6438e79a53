//! Writes `trak` in one form. Knows nothing of the track that it was read from.

use super::{Plays, Track, Turn};
use crate::clean::heif::location::Range;
use crate::clean::heif::sequence::tables::Run;
use crate::clean::heif::write::boxed;

impl Track {
    /// `trak`, whose samples lie one behind the other from `data_at`.
    pub(in crate::clean::heif::sequence) fn to_bytes(
        &self,
        id: u32,
        references: &[u8],
        data_at: u64,
        is_wide: bool,
    ) -> Vec<u8> {
        let (timescale, duration) = (self.timescale.to_be_bytes(), self.duration().to_be_bytes());
        let size = [self.width, self.height].map(|side| side.saturating_mul(0x1_0000).to_be_bytes()).concat();
        let shown = self.shown().to_be_bytes();
        let tkhd = [
            [1, 0, 0, 1].as_slice(),
            &[0; 16],
            &id.to_be_bytes(),
            &[0; 4],
            &shown,
            &[0; 16],
            &matrix(self.turn, self.width, self.height),
            &size,
        ];
        let edts = self.edit.map_or(Vec::new(), |edit| {
            let flags = [1, 0, 0, u8::from(edit.plays != Plays::Once)];
            let from = u64::from(edit.from).to_be_bytes();
            let entry = [flags, 1u32.to_be_bytes()].concat();
            boxed(*b"edts", &[&boxed(*b"elst", &[&entry, &self.duration().to_be_bytes(), &from, &[0, 1, 0, 0]])])
        });
        // No dates; the language is "und".
        let mdhd = [[1, 0, 0, 0].as_slice(), &[0; 16], &timescale, &duration, &[0x55, 0xC4, 0, 0]];
        let hdlr = [[0; 8].as_slice(), &self.handler, &[0; 13]];
        let vmhd = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        let dref = [[0, 0, 0, 0, 0, 0, 0, 1].as_slice(), &boxed(*b"url ", &[&[0, 0, 0, 1]])];
        let minf = [
            boxed(*b"vmhd", &[&vmhd]),
            boxed(*b"dinf", &[&boxed(*b"dref", &dref)]),
            boxed(*b"stbl", &[&self.tables(data_at, is_wide)]),
        ];
        let mdia = [boxed(*b"mdhd", &mdhd), boxed(*b"hdlr", &hdlr), boxed(*b"minf", &[&minf.concat()])];
        boxed(*b"trak", &[&boxed(*b"tkhd", &tkhd), &edts, references, &boxed(*b"mdia", &[&mdia.concat()])])
    }

    fn tables(&self, data_at: u64, is_wide: bool) -> Vec<u8> {
        let count = u32::try_from(self.samples.len()).unwrap_or(u32::MAX).to_be_bytes();
        let mut bytes = boxed(*b"stsd", &[&[0, 0, 0, 0, 0, 0, 0, 1], &self.entry.to_bytes()]);
        bytes.extend(boxed(*b"stts", &[&[0; 4], &written_runs(&self.times)]));
        if !self.offsets.is_empty() {
            let has_negative = self.offsets.iter().any(|(_, offset)| offset.cast_signed() < 0);
            bytes.extend(boxed(*b"ctts", &[&[u8::from(has_negative), 0, 0, 0], &written_runs(&self.offsets)]));
        }
        // A table only where a sample needs another.
        if self.sync.len() < self.samples.len() {
            let numbers = self.sync.iter().flat_map(|number| number.to_be_bytes()).collect::<Vec<u8>>();
            let count = u32::try_from(self.sync.len()).unwrap_or(u32::MAX).to_be_bytes();
            bytes.extend(boxed(*b"stss", &[&[0; 4], &count, &numbers]));
        }
        bytes.extend(boxed(*b"stsc", &[&[0, 0, 0, 0, 0, 0, 0, 1], &[0, 0, 0, 1], &count, &[0, 0, 0, 1]]));
        let size = |sample: &Range| u32::try_from(sample.len).unwrap_or(u32::MAX).to_be_bytes();
        let first = self.samples.first().map(|sample| sample.len).unwrap_or_default();
        if self.samples.iter().all(|sample| sample.len == first) {
            let size = self.samples.first().map(size).unwrap_or_default();
            bytes.extend(boxed(*b"stsz", &[&[0; 4], &size, &count]));
        } else {
            let sizes: Vec<u8> = self.samples.iter().flat_map(size).collect();
            bytes.extend(boxed(*b"stsz", &[&[0; 8], &count, &sizes]));
        }
        let one = [0, 0, 0, 0, 0, 0, 0, 1];
        bytes.extend(match u32::try_from(data_at) {
            Ok(at) if !is_wide => boxed(*b"stco", &[&one, &at.to_be_bytes()]),
            _ => boxed(*b"co64", &[&one, &data_at.to_be_bytes()]),
        });
        bytes
    }
}

fn written_runs(runs: &[Run<u32>]) -> Vec<u8> {
    let count = u32::try_from(runs.len()).unwrap_or(u32::MAX).to_be_bytes();
    let runs = runs.iter().flat_map(|(len, value)| [len.to_be_bytes(), value.to_be_bytes()].concat());
    count.into_iter().chain(runs).collect()
}

/// The matrix of a turn, which moves the picture back to where x and y are positive.
fn matrix([a, b, c, d]: Turn, width: u32, height: u32) -> Vec<u8> {
    let fixed = |unit: i8| i32::from(unit).wrapping_mul(0x0001_0000).to_be_bytes();
    let shift = |by_width: i8, by_height: i8| {
        let width = if by_width < 0 { width } else { 0 };
        let height = if by_height < 0 { height } else { 0 };
        width.saturating_add(height).saturating_mul(0x0001_0000).to_be_bytes()
    };
    let last = 0x4000_0000u32.to_be_bytes();
    [fixed(a), fixed(b), [0; 4], fixed(c), fixed(d), [0; 4], shift(a, c), shift(b, d), last].concat()
}

//! Reads the sample tables of a track (ISO/IEC 14496-12, 8.6 and 8.7) as they stand. Judges only what cannot be read.

use super::runs::Runs;
use super::survey::Context;
use crate::clean::container::bmff::BoxHeader;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Reason, Refusal};

/// The sample tables (8.6, 8.7), as they stand.
#[derive(Debug, Default)]
pub(super) struct Tables {
    pub(super) durations: Runs<u32>,
    pub(super) offsets: Runs<i32>,
    pub(super) sync: Option<Vec<u32>>,
    pub(super) partial: Option<Vec<u32>>,
    pub(super) sizes: Option<Sizes>,
    /// First chunk, samples in each, sample description.
    pub(super) groups: Option<Vec<[u32; 3]>>,
    pub(super) chunks: Option<Vec<u64>>,
}

/// Bytes of each sample.
#[derive(Debug)]
pub(super) enum Sizes {
    Constant { size: u32, count: u32 },
    Each(Vec<u32>),
}

impl Default for Sizes {
    fn default() -> Self {
        Self::Each(Vec::new())
    }
}

impl Sizes {
    /// Appends one. The caller has counted it, and the others too if they have had one size so far.
    pub(super) fn push(&mut self, next: u32) {
        if let Self::Constant { size, count } = self {
            if *size == next {
                *count = count.saturating_add(1);
                return;
            }
            *self = Self::Each(vec![*size; usize::try_from(*count).unwrap_or(0)]);
        }
        match self {
            Self::Each(sizes) if sizes.is_empty() && next > 0 => *self = Self::Constant { size: next, count: 1 },
            Self::Each(sizes) => sizes.push(next),
            Self::Constant { .. } => {}
        }
    }

    pub(super) fn count(&self) -> u32 {
        match self {
            Self::Constant { count, .. } => *count,
            Self::Each(sizes) => u32::try_from(sizes.len()).unwrap_or(u32::MAX),
        }
    }

    pub(super) fn of(&self, sample: u32) -> u32 {
        match self {
            Self::Constant { size, .. } => *size,
            Self::Each(sizes) => usize::try_from(sample).ok().and_then(|index| sizes.get(index)).copied().unwrap_or(0),
        }
    }

    /// Bytes of `count` samples from `first`.
    pub(super) fn sum(&self, first: u32, count: u32) -> u64 {
        match self {
            Self::Constant { size, .. } => u64::from(*size).saturating_mul(count.into()),
            Self::Each(sizes) => {
                let first = usize::try_from(first).unwrap_or(usize::MAX);
                let end = first.saturating_add(usize::try_from(count).unwrap_or(usize::MAX));
                sizes.get(first..end).unwrap_or_default().iter().map(|&size| u64::from(size)).sum()
            }
        }
    }

    /// One size, where all are the same.
    pub(super) fn merge(&mut self) {
        if let Self::Each(sizes) = self
            && let Some(&first) = sizes.first()
            && first > 0
            && sizes.iter().all(|&size| size == first)
        {
            *self = Self::Constant { size: first, count: self.count() };
        }
    }

    pub(super) fn truncate(&mut self, samples: u32) {
        match self {
            Self::Constant { count, .. } => *count = samples.min(*count),
            Self::Each(sizes) => sizes.truncate(usize::try_from(samples).unwrap_or(usize::MAX)),
        }
    }
}

impl Tables {
    /// Reads one table.
    pub(super) fn read(
        &mut self,
        header: &BoxHeader,
        cursor: &mut Cursor<'_>,
        context: &mut Context,
    ) -> Result<(), Refusal> {
        cursor.go_to(header.body_at, "sample table")?;
        let part = table_name(header.kind);
        let damaged = Refusal::new(Reason::Damaged, part, header.at);
        if header.body_len < 8 {
            return Err(damaged);
        }
        cursor.skip(4, part)?;
        let mut table = Table { header, part, damaged };
        match &header.kind {
            b"stts" => {
                for _ in 0..table.count(cursor, context, 8)? {
                    let (count, delta) = (cursor.be32(part)?, cursor.be32(part)?);
                    if delta > i32::MAX.cast_unsigned() {
                        return Err(table.damaged);
                    }
                    self.durations.push(count, delta);
                }
            }
            b"ctts" => {
                for _ in 0..table.count(cursor, context, 8)? {
                    // Signed in version 1, and by QuickTime in version 0 too.
                    let (count, offset) = (cursor.be32(part)?, cursor.be32(part)?.cast_signed());
                    self.offsets.push(count, offset);
                }
            }
            b"stss" => self.sync = Some(table.numbers(cursor, context)?),
            b"stps" => self.partial = Some(table.numbers(cursor, context)?),
            b"stsc" => {
                let mut groups = Vec::new();
                for _ in 0..table.count(cursor, context, 12)? {
                    groups.push([cursor.be32(part)?, cursor.be32(part)?, cursor.be32(part)?]);
                }
                self.groups = Some(groups);
            }
            b"stsz" => self.sizes = Some(table.sizes(cursor, context)?),
            b"stz2" => self.sizes = Some(table.compact_sizes(cursor, context)?),
            b"stco" | b"co64" if self.chunks.is_some() => return Err(table.damaged),
            b"stco" => self.chunks = Some(table.numbers(cursor, context)?.into_iter().map(u64::from).collect()),
            _ => {
                let count = table.count(cursor, context, 8)?;
                let mut chunks = Vec::new();
                for _ in 0..count {
                    chunks.push(cursor.be64(part)?);
                }
                self.chunks = Some(chunks);
            }
        }
        if cursor.at() < header.end() {
            context.findings.removed(Category::HiddenContent, format!("bytes behind the table in {part}"));
        }
        Ok(())
    }
}

/// A table that is being read.
struct Table<'a> {
    header: &'a BoxHeader,
    part: &'static str,
    damaged: Refusal,
}

impl Table<'_> {
    /// The number of entries of `size` bytes, which are all there.
    fn count(&mut self, cursor: &mut Cursor<'_>, context: &mut Context, size: u64) -> Result<u32, Refusal> {
        let count = cursor.be32(self.part)?;
        let left = self.header.end().saturating_sub(cursor.at());
        if u64::from(count).saturating_mul(size) > left {
            return Err(self.damaged.clone());
        }
        context.take_entries(count.into(), self.header.at)?;
        Ok(count)
    }

    fn numbers(&mut self, cursor: &mut Cursor<'_>, context: &mut Context) -> Result<Vec<u32>, Refusal> {
        let count = self.count(cursor, context, 4)?;
        let mut numbers = Vec::new();
        for _ in 0..count {
            numbers.push(cursor.be32(self.part)?);
        }
        Ok(numbers)
    }

    /// 8.7.3.2
    fn sizes(&mut self, cursor: &mut Cursor<'_>, context: &mut Context) -> Result<Sizes, Refusal> {
        match cursor.be32(self.part)? {
            0 => Ok(Sizes::Each(self.numbers(cursor, context)?)),
            size => Ok(Sizes::Constant { size, count: cursor.be32(self.part)? }),
        }
    }

    /// 8.7.3.3
    fn compact_sizes(&mut self, cursor: &mut Cursor<'_>, context: &mut Context) -> Result<Sizes, Refusal> {
        let bits = cursor.be32(self.part)? & 0xFF;
        let count = cursor.be32(self.part)?;
        let bytes = match bits {
            4 => u64::from(count).div_ceil(2),
            8 => count.into(),
            16 => u64::from(count).saturating_mul(2),
            _ => return Err(self.damaged.clone()),
        };
        if bytes > self.header.end().saturating_sub(cursor.at()) {
            return Err(self.damaged.clone());
        }
        context.take_entries(count.into(), self.header.at)?;
        let mut sizes = Vec::new();
        let mut pair = 0;
        for index in 0..count {
            let size = match bits {
                4 if index % 2 == 0 => {
                    pair = cursor.byte(self.part)?;
                    pair >> 4
                }
                4 => pair & 0x0F,
                8 => cursor.byte(self.part)?,
                _ => {
                    sizes.push(cursor.be16(self.part)?.into());
                    continue;
                }
            };
            sizes.push(size.into());
        }
        Ok(Sizes::Each(sizes))
    }
}

fn table_name(kind: [u8; 4]) -> &'static str {
    match &kind {
        b"stts" => "stts",
        b"ctts" => "ctts",
        b"stss" => "stss",
        b"stps" => "stps",
        b"stsc" => "stsc",
        b"stsz" => "stsz",
        b"stz2" => "stz2",
        b"stco" => "stco",
        _ => "co64",
    }
}

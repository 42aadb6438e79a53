//! A page as its structural tags describe it. Reads no strip and no other tag.

use super::directory::{Dialect, Entry};
use super::layout::{Compression, Layout};
use super::tag;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::icc;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// Bytes of JPEGTables, at most.
const TABLES_BYTES_MAX: u64 = 1 << 16;

/// A page.
pub(super) struct Page {
    /// Offset of its first entry, for refusals.
    pub(super) at: u64,
    pub(super) layout: Layout,
    /// It is a transparency mask for another page (NewSubfileType 4).
    pub(super) mask: bool,
    /// 2 to 8.
    pub(super) orientation: Option<u16>,
    /// Of a fax, how many rows stand for as many columns: 1 for 2, or 2 for 1.
    pub(super) aspect: Option<[u32; 2]>,
    /// Red, green and blue of all indices.
    pub(super) palette: Vec<u16>,
    pub(super) ink_set: Option<u16>,
    pub(super) extra_samples: Vec<u16>,
    /// Empty where all samples are whole numbers without a sign.
    pub(super) sample_format: Vec<u16>,
    /// In parts of 10,000; none where they are the usual ones.
    pub(super) coefficients: Option<[u32; 3]>,
    pub(super) reference: Option<[u32; 6]>,
    /// A canonical ICC profile.
    pub(super) profile: Option<Vec<u8>>,
    /// A JPEG stream of tables, or nothing.
    pub(super) tables: Vec<u8>,
    pub(super) offsets: Vec<u64>,
    /// As long as `offsets`, or empty.
    pub(super) counts: Vec<u64>,
}

impl Page {
    /// Reads a page's tags.
    pub(super) fn read(
        cursor: &mut Cursor<'_>,
        dialect: Dialect,
        entries: &[Entry],
        findings: &mut Findings,
    ) -> Result<Self, Refusal> {
        let at = entries.first().map_or(0, |entry| entry.entry_at);
        let mut tags = Tags { cursor, dialect, entries, at };
        let layout = tags.layout()?;
        layout.check().map_err(|(reason, part)| Refusal::new(reason, part, at))?;
        let pieces = layout.pieces();
        if pieces > limits::TIFF_STRIPS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of strips or tiles", at));
        }
        let (offsets, counts) = match layout.tile {
            Some(_) => (tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS),
            None => (tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS),
        };
        let offsets = tags.pieces(offsets, pieces)?.ok_or(Refusal::new(Reason::Damaged, "StripOffsets", at))?;
        let counts = tags.pieces(counts, pieces)?.unwrap_or_default();
        let orientation = tags.number(tag::ORIENTATION)?.and_then(|value| u16::try_from(value).ok());
        let is_ycbcr = layout.photometric == 6 && layout.compression != Compression::Jpeg;
        let tables = match tags.find(tag::JPEG_TABLES)? {
            Some(entry) if layout.compression == Compression::Jpeg => {
                tags.dialect.value(tags.cursor, entry, TABLES_BYTES_MAX)?
            }
            _ => Vec::new(),
        };
        let page = Self {
            at,
            mask: tags.number(tag::NEW_SUBFILE_TYPE)?.unwrap_or(0) & 4 != 0,
            orientation: orientation.filter(|orientation| (2..=8).contains(orientation)),
            aspect: tags.aspect(findings)?,
            palette: tags.palette(&layout)?,
            ink_set: if layout.photometric == 5 { tags.ink_set()? } else { None },
            extra_samples: tags.extra_samples(&layout)?,
            sample_format: tags.sample_format(&layout)?,
            coefficients: if is_ycbcr { tags.coefficients()? } else { None },
            reference: if is_ycbcr { tags.reference()? } else { None },
            profile: tags.profile(findings)?,
            tables,
            offsets,
            counts,
            layout,
        };
        if page.extra_samples.contains(&0) {
            let place = "TIFF samples beyond the colours, which nobody shows";
            findings.remains(Category::HiddenContent, place, "");
        }
        Ok(page)
    }
}

/// Whether a page is a smaller version of another one (NewSubfileType, bit 0; SubfileType 2).
pub(super) fn is_reduced(cursor: &mut Cursor<'_>, dialect: Dialect, entries: &[Entry]) -> Result<bool, Refusal> {
    let mut tags = Tags { cursor, dialect, entries, at: 0 };
    let new = tags.number(tag::NEW_SUBFILE_TYPE)?;
    let old = tags.number(tag::SUBFILE_TYPE)?;
    Ok(new.is_some_and(|kind| kind & 1 == 1) || new.is_none() && old == Some(2))
}

/// Width and height in words.
pub(super) fn size(cursor: &mut Cursor<'_>, dialect: Dialect, entries: &[Entry]) -> Result<String, Refusal> {
    let mut tags = Tags { cursor, dialect, entries, at: 0 };
    let (width, height) = (tags.number(tag::IMAGE_WIDTH)?, tags.number(tag::IMAGE_LENGTH)?);
    Ok(format!("{} × {}", width.unwrap_or(0), height.unwrap_or(0)))
}

/// Bytes that a page's strips or tiles have, as it says.
pub(super) fn declared(cursor: &mut Cursor<'_>, dialect: Dialect, entries: &[Entry]) -> Result<u64, Refusal> {
    let mut sum = 0_u64;
    for entry in entries.iter().filter(|entry| matches!(entry.tag, tag::STRIP_BYTE_COUNTS | tag::TILE_BYTE_COUNTS)) {
        let counts = dialect.numbers(cursor, *entry, limits::TIFF_STRIPS_MAX)?;
        sum = counts.into_iter().fold(sum, u64::saturating_add);
    }
    Ok(sum)
}

/// The entries of one directory.
struct Tags<'t, 'c> {
    cursor: &'t mut Cursor<'c>,
    dialect: Dialect,
    entries: &'t [Entry],
    at: u64,
}

impl Tags<'_, '_> {
    /// The entry of a tag, which may stand there once.
    fn find(&self, tag: u16) -> Result<Option<Entry>, Refusal> {
        let mut found = self.entries.iter().filter(|entry| entry.tag == tag);
        match (found.next(), found.next()) {
            (_, Some(twice)) => Err(Refusal::new(Reason::Damaged, "tag that stands there twice", twice.entry_at)),
            (found, None) => Ok(found.copied()),
        }
    }

    fn numbers(&mut self, tag: u16, max: u64) -> Result<Option<Vec<u64>>, Refusal> {
        self.find(tag)?.map(|entry| self.dialect.numbers(self.cursor, entry, max)).transpose()
    }

    /// The first of a tag's numbers.
    fn number(&mut self, tag: u16) -> Result<Option<u64>, Refusal> {
        Ok(self.numbers(tag, limits::TIFF_SAMPLES_MAX.into())?.and_then(|numbers| numbers.first().copied()))
    }

    /// The same of a tag that cannot be beyond `T`.
    fn small<T: TryFrom<u64>>(&mut self, tag: u16, otherwise: T) -> Result<T, Refusal> {
        match self.number(tag)? {
            Some(number) => T::try_from(number).map_err(|_| self.damaged("value of a tag")),
            None => Ok(otherwise),
        }
    }

    fn damaged(&self, part: &'static str) -> Refusal {
        Refusal::new(Reason::Damaged, part, self.at)
    }

    fn layout(&mut self) -> Result<Layout, Refusal> {
        let compression = Compression::new(self.number(tag::COMPRESSION)?.unwrap_or(1))
            .map_err(|(reason, part)| Refusal::new(reason, part, self.at))?;
        let (width, height) = (self.small(tag::IMAGE_WIDTH, 0_u32)?, self.small(tag::IMAGE_LENGTH, 0_u32)?);
        let samples: u16 = self.small(tag::SAMPLES_PER_PIXEL, 1)?;
        let bits = self.numbers(tag::BITS_PER_SAMPLE, limits::TIFF_SAMPLES_MAX.into())?.unwrap_or(vec![1]);
        // One number may stand for all samples.
        let all = bits.iter().take(samples.into()).all(|bits_here| bits.first() == Some(bits_here));
        let bits = bits.first().copied().filter(|_| all).and_then(|bits| u16::try_from(bits).ok());
        let photometric = self.small(tag::PHOTOMETRIC, 0_u16)?;
        let tile_width = self.number(tag::TILE_WIDTH)?;
        let tile = if tile_width.is_some() || self.find(tag::TILE_OFFSETS)?.is_some() {
            Some((self.small(tag::TILE_WIDTH, 0)?, self.small(tag::TILE_LENGTH, 0)?))
        } else {
            None
        };
        let rows_per_strip = self.number(tag::ROWS_PER_STRIP)?.unwrap_or(u64::MAX).min(height.into());
        let subsampling = match self.numbers(tag::YCBCR_SUBSAMPLING, 2)?.as_deref() {
            // A JPEG says it itself, and programs go by that.
            _ if photometric != 6 || compression == Compression::Jpeg => (1, 1),
            None => (2, 2),
            Some(&[across, down]) => (u16::try_from(across).unwrap_or(0), u16::try_from(down).unwrap_or(0)),
            Some(_) => return Err(self.damaged("YCbCrSubSampling")),
        };
        let options = match compression {
            Compression::Group3 => self.small(tag::T4_OPTIONS, 0)?,
            Compression::Group4 => self.small(tag::T6_OPTIONS, 0)?,
            _ => 0,
        };
        Ok(Layout {
            width,
            height,
            bits: bits.ok_or_else(|| self.damaged("BitsPerSample"))?,
            samples,
            compression,
            photometric,
            reversed: compression != Compression::Jpeg && self.number(tag::FILL_ORDER)? == Some(2),
            planar: samples > 1 && self.number(tag::PLANAR_CONFIGURATION)? == Some(2),
            tile,
            rows_per_strip: u32::try_from(rows_per_strip).unwrap_or(u32::MAX),
            subsampling,
            predictor: if compression.predicts() { self.small(tag::PREDICTOR, 1)? } else { 1 },
            fax_options: options,
        })
    }

    /// Offsets or byte counts, one for each strip. Further ones belong to nothing.
    fn pieces(&mut self, tag: u16, pieces: u64) -> Result<Option<Vec<u64>>, Refusal> {
        let Some(mut numbers) = self.numbers(tag, limits::TIFF_STRIPS_MAX)? else { return Ok(None) };
        let pieces = usize::try_from(pieces).unwrap_or(usize::MAX);
        if numbers.len() < pieces {
            return Err(self.damaged("number of strips or tiles"));
        }
        numbers.truncate(pieces);
        Ok(Some(numbers))
    }

    fn palette(&mut self, layout: &Layout) -> Result<Vec<u16>, Refusal> {
        if layout.photometric != 3 {
            return Ok(Vec::new());
        }
        let len = 3_usize.wrapping_shl(layout.bits.into());
        let numbers = self.numbers(tag::COLOR_MAP, 3 << 16)?.unwrap_or_default();
        if numbers.len() < len {
            return Err(self.damaged("ColorMap"));
        }
        Ok(numbers.into_iter().take(len).map(|number| u16::try_from(number).unwrap_or(0)).collect())
    }

    /// 2: inks that are not CMYK.
    fn ink_set(&mut self) -> Result<Option<u16>, Refusal> {
        Ok(self.number(tag::INK_SET)?.filter(|&set| set == 2).map(|_| 2))
    }

    fn extra_samples(&mut self, layout: &Layout) -> Result<Vec<u16>, Refusal> {
        let numbers = self.numbers(tag::EXTRA_SAMPLES, limits::TIFF_SAMPLES_MAX.into())?.unwrap_or_default();
        if numbers.len() >= layout.samples.into() || numbers.iter().any(|&kind| kind > 2) {
            return Err(self.damaged("ExtraSamples"));
        }
        Ok(numbers.into_iter().map(|kind| u16::try_from(kind).unwrap_or(0)).collect())
    }

    fn sample_format(&mut self, layout: &Layout) -> Result<Vec<u16>, Refusal> {
        let numbers = self.numbers(tag::SAMPLE_FORMAT, limits::TIFF_SAMPLES_MAX.into())?.unwrap_or_default();
        let formats: Vec<u16> = numbers.into_iter().filter_map(|format| u16::try_from(format).ok()).collect();
        let first = formats.first().copied().unwrap_or(1);
        // One that differs from the others is more than any program reads; 4 is as good as none.
        if formats.iter().take(layout.samples.into()).any(|&format| format != first) || !(1..=6).contains(&first) {
            return Err(self.damaged("SampleFormat"));
        }
        let said = !matches!(first, 1 | 4);
        Ok(if said { vec![first; layout.samples.into()] } else { Vec::new() })
    }

    /// Fractions of a tag, in parts of `parts`.
    fn fractions<const N: usize>(&mut self, tag: u16, parts: u64) -> Result<Option<[u32; N]>, Refusal> {
        let Some(entry) = self.find(tag)? else { return Ok(None) };
        let mut all = [0; N];
        if entry.kind != 5 || entry.count < u64::try_from(N).unwrap_or(u64::MAX) {
            return Err(self.damaged("fraction"));
        }
        let bytes = self.dialect.value(self.cursor, entry, 8 * 6)?;
        for (part, raw) in all.iter_mut().zip(bytes.chunks_exact(8)) {
            let number = |at| self.dialect.order.u32(raw, at).map(u64::from);
            let (over, under) = (number(0).unwrap_or(0), number(4).filter(|&under| under > 0));
            let under = under.ok_or_else(|| self.damaged("fraction"))?;
            let rounded = over.saturating_mul(parts).saturating_add(under / 2).checked_div(under);
            *part = u32::try_from(rounded.unwrap_or(0)).map_err(|_| self.damaged("fraction"))?;
        }
        Ok(Some(all))
    }

    /// What is left of the resolution: nothing but pixels that are twice as high as wide, or the other way round.
    fn aspect(&mut self, findings: &mut Findings) -> Result<Option<[u32; 2]>, Refusal> {
        let unit = self.find(tag::RESOLUTION_UNIT)?;
        let (Some(x), Some(y)) = (self.find(tag::X_RESOLUTION)?, self.find(tag::Y_RESOLUTION)?) else {
            if unit.is_some() || self.find(tag::X_RESOLUTION)?.is_some() || self.find(tag::Y_RESOLUTION)?.is_some() {
                findings.removed(Category::Device, "TIFF resolution");
            }
            return Ok(None);
        };
        // What nobody can read says nothing about pixels.
        let mut parts = |entry: Entry| {
            if entry.kind != 5 || entry.count != 1 {
                return None;
            }
            let raw = self.dialect.value(self.cursor, entry, 8).ok()?;
            Some((self.dialect.order.u32(&raw, 0)?, self.dialect.order.u32(&raw, 4)?))
        };
        let (x, y) = (parts(x), parts(y));
        let unit = unit.and_then(|unit| self.dialect.numbers(self.cursor, unit, 1).ok());
        for canonical in [[2, 1], [1, 2]] {
            let [across, down] = canonical;
            if (x, y) == (Some((across, 1)), Some((down, 1))) && unit.as_deref() == Some(&[1]) {
                return Ok(Some(canonical));
            }
        }
        let number = |part: Option<(u32, u32)>| part.map_or(0.0, |(over, under)| f64::from(over) / f64::from(under));
        let (x, y) = (number(x), number(y));
        findings.removed_value(Category::Device, "TIFF resolution", &format!("{x:.1} × {y:.1}"));
        Ok(match x / y {
            ratio if (1.5..3.0).contains(&ratio) => Some([2, 1]),
            ratio if (1.0 / 3.0..1.0 / 1.5).contains(&ratio) => Some([1, 2]),
            _ => None,
        })
    }

    /// YCbCrCoefficients where they are not those of Rec. 601.
    fn coefficients(&mut self) -> Result<Option<[u32; 3]>, Refusal> {
        let found = self.fractions(tag::YCBCR_COEFFICIENTS, 10_000)?;
        if found.is_some_and(|[r, g, b]| r.max(g).max(b) > 10_000 || g == 0) {
            return Err(self.damaged("YCbCrCoefficients"));
        }
        Ok(found.filter(|found| *found != [2990, 5870, 1140]))
    }

    fn reference(&mut self) -> Result<Option<[u32; 6]>, Refusal> {
        let found = self.fractions(tag::REFERENCE_BLACK_WHITE, 1)?;
        if found.is_some_and(|found: [u32; 6]| found.iter().any(|&level| level > 65_535)) {
            return Err(self.damaged("ReferenceBlackWhite"));
        }
        Ok(found)
    }

    fn profile(&mut self, findings: &mut Findings) -> Result<Option<Vec<u8>>, Refusal> {
        let Some(entry) = self.find(tag::ICC_PROFILE)? else { return Ok(None) };
        if entry.len > u64::try_from(limits::METADATA_BYTES_MAX).unwrap_or(u64::MAX) {
            findings.removed(Category::Unknown, "ICC profile (too large)");
            return Ok(None);
        }
        let profile = self.dialect.value(self.cursor, entry, entry.len)?;
        Ok(icc::canonical(&profile, findings))
    }
}

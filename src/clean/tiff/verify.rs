//! Reads a produced TIFF to its end and accounts for every byte: directories in the order of their pages, each tag in
//! its one spelling, each strip to its last code. Shares with the cleaner the layout of pages and the walk over strips,
//! and neither its reading of tags nor its writing.

mod tags;

use std::io::{self, Read};

use self::tags::Tags;
use super::coded::{self, Walk};
use super::layout::{Compression, Layout};
use super::strips;
use crate::clean::Unaccounted;
use crate::clean::jpeg::part;
use crate::clean::metadata::ifd::Order;
use crate::clean::produced::Produced;
use crate::limits;

/// Reads to the end of `produced`, which must be just what the cleaner makes.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut input = Produced::new(produced);
    let order = match input.array()? {
        [b'I', b'I', 42, 0, 8, 0, 0, 0] => Order::Little,
        [b'M', b'M', 0, 42, 0, 0, 0, 8] => Order::Big,
        _ => return input.wrong("header"),
    };
    let mut strips = 0_u64;
    for _ in 0..limits::TIFF_PAGES_MAX {
        let tags = Tags::read(&mut input, order)?;
        let page = Page::new(&tags).or_else(|part| input.wrong(part))?;
        strips = strips.saturating_add(page.layout.pieces());
        if strips > limits::TIFF_STRIPS_MAX {
            return input.wrong("number of strips or tiles");
        }
        page.strips(&mut input)?;
        if tags.next == 0 {
            return input.end("bytes after the last page");
        }
        if input.at() % 2 == 1 && input.byte()? != 0 {
            return input.wrong("byte before a directory");
        }
        if u64::from(tags.next) != input.at() {
            return input.wrong("offset of the next directory");
        }
    }
    input.wrong("number of pages")
}

/// What a directory says of its strips.
struct Page {
    layout: Layout,
    palette: Option<Vec<u32>>,
    offsets: Vec<u32>,
    counts: Vec<u32>,
}

impl Page {
    /// Judges all tags: those that must be there, those that may, their values.
    fn new(tags: &Tags) -> Result<Self, &'static str> {
        let layout = layout(tags)?;
        layout.check().map_err(|(_, part)| part)?;
        details(tags, &layout)?;
        let (offsets, counts) = if layout.tile.is_some() { (324, 325) } else { (273, 279) };
        let pieces = usize::try_from(layout.pieces()).unwrap_or(usize::MAX);
        let list = |tag| tags.numbers(tag, 4, pieces).ok_or("offsets and byte counts");
        let palette = if layout.photometric == 3 {
            let len = 3_usize.wrapping_shl(layout.bits.into());
            Some(tags.numbers(320, 3, len).ok_or("ColorMap")?)
        } else {
            None
        };
        let page = Self { palette, offsets: list(offsets)?, counts: list(counts)?, layout };
        // Whatever was not asked for has no place.
        if tags.all_taken() { Ok(page) } else { Err("tag out of place") }
    }

    /// Accounts for the strips, each right behind the one before.
    fn strips(&self, input: &mut Produced<'_>) -> Result<(), Unaccounted> {
        let layout = &self.layout;
        let mut used = [false; 256];
        let mut sampling = None;
        for ((number, &at), &count) in (0_u64..).zip(&self.offsets).zip(&self.counts) {
            if u64::from(at) != input.at() {
                return input.wrong("offset of a strip");
            }
            let piece = layout.piece(number);
            let mut strip = Strip { input, left: count.into(), failed: None };
            if layout.compression == Compression::Jpeg {
                let verified = part::verify(&mut strip);
                let (left, failed) = (strip.left, strip.failed.take());
                let shape = match failed {
                    Some(error) => return Err(error),
                    None => verified?,
                };
                let found = strips::agrees(layout, piece, &shape);
                if left != 0 || found.is_none() || sampling.is_some() && sampling != found {
                    return input.wrong("JPEG of another size than its strip");
                }
                sampling = found;
                continue;
            }
            if layout.compression.is_fax() && u64::from(count) > limits::TIFF_FAX_BYTES_MAX {
                return input.wrong("fax of too many bytes");
            }
            let mut walk = Walk::new(layout, piece, self.palette.is_some() && layout.predictor == 1);
            walked(&mut strip, &mut walk)?;
            if self.palette.is_some() {
                let met = coded::indices(walk.met(), layout.bits);
                used.iter_mut().zip(met).for_each(|(used, met)| *used |= met);
            }
        }
        let ycbcr_jpeg = layout.compression == Compression::Jpeg && layout.photometric == 6;
        if ycbcr_jpeg && sampling != Some(layout.subsampling) {
            return input.wrong("YCbCrSubSampling");
        }
        if let Some(palette) = &self.palette {
            let of_plane = palette.len() / 3;
            let is_black = |plane: &[u32]| plane.iter().zip(&used).all(|(&value, &used)| used || value == 0);
            if !palette.chunks(of_plane.max(1)).all(is_black) {
                return input.wrong("ColorMap");
            }
        }
        Ok(())
    }
}

/// Accounts for a strip: what is kept, then just the tail.
fn walked(strip: &mut Strip<'_, '_>, walk: &mut Walk) -> Result<(), Unaccounted> {
    let all = strip.left;
    let mut behind = Vec::new();
    // The last bytes, since those of the tail may be taken already.
    let mut recent: Vec<u8> = Vec::new();
    while strip.left > 0 {
        let here = usize::try_from(strip.left).unwrap_or(usize::MAX);
        let buffered = strip.input.buffered()?;
        let here = buffered.get(..here.min(buffered.len())).unwrap_or_default();
        if here.is_empty() {
            return strip.input.wrong("end");
        }
        let used = walk.feed(here).map_err(|part| Unaccounted::new(part, 0))?;
        let (taken, rest) = here.split_at_checked(used).unwrap_or((here, &[]));
        recent.extend_from_slice(taken.get(taken.len().saturating_sub(TAIL_BYTES_MAX)..).unwrap_or_default());
        recent.drain(..recent.len().saturating_sub(TAIL_BYTES_MAX));
        behind.extend_from_slice(rest);
        let len = here.len();
        strip.input.consume(len);
        strip.left = strip.left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
        if behind.len() > TAIL_BYTES_MAX {
            return strip.input.wrong("bytes behind the samples of a strip");
        }
    }
    if let Err(part) = walk.finish() {
        return strip.input.wrong(part);
    }
    let end = [recent, behind].concat();
    let tail = walk.tail();
    let length = walk.kept().saturating_add(u64::try_from(tail.len()).unwrap_or(u64::MAX));
    if length != all || !end.ends_with(&tail) {
        return strip.input.wrong("end of a strip");
    }
    Ok(())
}

/// Bytes of the longest tail: four of a fax, since its last code may begin in one of its own.
const TAIL_BYTES_MAX: usize = 4;

/// The layout that tags spell out, each number in its one form.
fn layout(tags: &Tags) -> Result<Layout, &'static str> {
    let long = |tag| tags.one(tag, 4);
    let (width, height) = (long(256).ok_or("ImageWidth")?, long(257).ok_or("ImageLength")?);
    let samples = tags.one(277, 3).and_then(|samples| u16::try_from(samples).ok()).ok_or("SamplesPerPixel")?;
    let bits = tags.numbers(258, 3, samples.into()).ok_or("BitsPerSample")?;
    let first = bits.first().copied().filter(|first| bits.iter().all(|bits| bits == first));
    let compression = tags.one(259, 3).filter(|&number| number != 32_946).map(|number| Compression::new(number.into()));
    let Some(Ok(compression)) = compression else { return Err("Compression") };
    let photometric = tags.one(262, 3).and_then(|number| u16::try_from(number).ok());
    let tile = match (long(322), long(323)) {
        (Some(width), Some(length)) => Some((width, length)),
        (None, None) => None,
        _ => return Err("TileWidth or TileLength"),
    };
    let rows_per_strip = match (long(278), tile) {
        (Some(rows), None) if (1..=height).contains(&rows) => rows,
        (None, Some(_)) => height,
        _ => return Err("RowsPerStrip"),
    };
    let photometric = photometric.ok_or("PhotometricInterpretation")?;
    let subsampling = match tags.numbers(530, 3, 2).as_deref() {
        Some(&[across, down]) if photometric == 6 => {
            (u16::try_from(across).unwrap_or(0), u16::try_from(down).unwrap_or(0))
        }
        None if photometric != 6 => (1, 1),
        _ => return Err("YCbCrSubSampling"),
    };
    // Present where it is not what readers take for granted.
    let flag = |tag| match tags.one(tag, 3) {
        Some(2) => Ok(true),
        None => Ok(false),
        Some(_) => Err("FillOrder or PlanarConfiguration"),
    };
    let predictor = match tags.one(317, 3) {
        Some(predictor @ 2..=3) if compression.predicts() => u16::try_from(predictor).unwrap_or(0),
        None => 1,
        Some(_) => return Err("Predictor"),
    };
    let fax_options = match compression {
        Compression::Group3 => long(292),
        Compression::Group4 => long(293),
        _ => None,
    };
    if fax_options == Some(0) {
        return Err("fax options");
    }
    let layout = Layout {
        width,
        height,
        bits: first.and_then(|bits| u16::try_from(bits).ok()).ok_or("BitsPerSample")?,
        samples,
        compression,
        photometric,
        reversed: flag(266)?,
        planar: flag(284)?,
        tile,
        rows_per_strip,
        subsampling,
        predictor,
        fax_options: fax_options.unwrap_or(0),
    };
    let in_vain = layout.reversed && compression == Compression::Jpeg || layout.planar && samples == 1;
    if in_vain { Err("FillOrder or PlanarConfiguration") } else { Ok(layout) }
}

/// The tags that a page may have besides.
fn details(tags: &Tags, layout: &Layout) -> Result<(), &'static str> {
    let is_jpeg = layout.compression == Compression::Jpeg;
    if !matches!((tags.one(254, 4), is_jpeg), (Some(4), _) | (Some(0), true) | (None, false)) {
        return Err("NewSubfileType");
    }
    if tags.one(274, 3).is_some_and(|orientation| !(2..=8).contains(&orientation)) {
        return Err("Orientation");
    }
    let ratio = |tag| tags.fractions(tag);
    match (ratio(282).as_deref(), ratio(283).as_deref(), tags.one(296, 3)) {
        (None, None, None) => {}
        (Some([(2, 1)]), Some([(1, 1)]), Some(1)) | (Some([(1, 1)]), Some([(2, 1)]), Some(1)) => {}
        _ => return Err("XResolution or YResolution"),
    }
    if tags.one(332, 3).is_some_and(|set| set != 2 || layout.photometric != 5) {
        return Err("InkSet");
    }
    if let Some(extra) = tags.list(338, 3)
        && (extra.len() >= layout.samples.into() || extra.iter().any(|&kind| kind > 2))
    {
        return Err("ExtraSamples");
    }
    if let Some(formats) = tags.list(339, 3) {
        let first = formats.first().copied().unwrap_or(0);
        if formats.len() != usize::from(layout.samples)
            || !matches!(first, 2 | 3 | 5 | 6)
            || formats.iter().any(|&format| format != first)
        {
            return Err("SampleFormat");
        }
    }
    let converts = layout.photometric == 6 && layout.compression != Compression::Jpeg;
    if let Some(all) = tags.fractions(529) {
        let sound = all.iter().all(|&(over, under)| under == 10_000 && over <= 10_000);
        if !converts || all.len() != 3 || !sound || all.iter().map(|part| part.0).eq([2990, 5870, 1140]) {
            return Err("YCbCrCoefficients");
        }
    }
    if let Some(all) = tags.fractions(532)
        && (!converts || all.len() != 6 || all.iter().any(|&(over, under)| under != 1 || over > 65_535))
    {
        return Err("ReferenceBlackWhite");
    }
    if tags.profile().is_some_and(|is_canonical| !is_canonical) {
        return Err("ICC profile");
    }
    Ok(())
}

/// The bytes of one strip. Keeps the error of what it reads from.
struct Strip<'i, 'p> {
    input: &'i mut Produced<'p>,
    left: u64,
    failed: Option<Unaccounted>,
}

impl Read for Strip<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = buf.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let buffered = match self.input.buffered() {
            Ok(buffered) => buffered,
            Err(error) => {
                self.failed = Some(error);
                return Err(io::ErrorKind::Other.into());
            }
        };
        let here = buffered.get(..most.min(buffered.len())).unwrap_or_default();
        let n = here.len();
        if let Some(to) = buf.get_mut(..n) {
            to.copy_from_slice(here);
        }
        self.input.consume(n);
        self.left = self.left.saturating_sub(u64::try_from(n).unwrap_or(u64::MAX));
        Ok(n)
    }
}

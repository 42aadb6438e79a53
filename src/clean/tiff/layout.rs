//! How the samples of a page are laid out in strips or tiles (TIFF 6.0, sections 3, 8 and 15). Reads no byte.

use crate::clean::Reason;
use crate::limits;

/// Why a layout is not accepted; the caller adds the offset.
pub(super) type Wrong = (Reason, &'static str);

/// How strips are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compression {
    /// 1.
    None,
    /// 2: rows of run lengths, each from a whole byte (TIFF 6.0, section 10).
    Rle,
    /// 3: ITU-T T.4.
    Group3,
    /// 4: ITU-T T.6.
    Group4,
    /// 5.
    Lzw,
    /// 7: TIFF Technical Note 2.
    Jpeg,
    /// 8: zlib streams; 32946 in older files.
    Deflate,
    /// 32773.
    PackBits,
}

impl Compression {
    /// From the tag's value.
    pub(super) fn new(number: u64) -> Result<Self, Wrong> {
        Ok(match number {
            1 => Self::None,
            2 => Self::Rle,
            3 => Self::Group3,
            4 => Self::Group4,
            5 => Self::Lzw,
            7 => Self::Jpeg,
            8 | 32_946 => Self::Deflate,
            32_773 => Self::PackBits,
            _ => return Err((Reason::NotUnderstood, unknown(number))),
        })
    }

    /// The tag's value.
    pub(super) fn number(self) -> u16 {
        match self {
            Self::None => 1,
            Self::Rle => 2,
            Self::Group3 => 3,
            Self::Group4 => 4,
            Self::Lzw => 5,
            Self::Jpeg => 7,
            Self::Deflate => 8,
            Self::PackBits => 32_773,
        }
    }

    pub(super) fn is_fax(self) -> bool {
        matches!(self, Self::Rle | Self::Group3 | Self::Group4)
    }

    /// Whether Predictor means something (TIFF 6.0, section 14; Adobe Photoshop TIFF Technical Notes).
    pub(super) fn predicts(self) -> bool {
        matches!(self, Self::Lzw | Self::Deflate)
    }
}

/// Compressions that are known and not read.
fn unknown(number: u64) -> &'static str {
    match number {
        6 => "old-style JPEG compression",
        9 | 10 | 34_661 => "JBIG compression",
        32_766 => "NeXT compression",
        32_771 => "CCITT RLE word-aligned compression",
        32_809 => "ThunderScan compression",
        33_003 | 33_005 | 34_712 => "JPEG 2000 compression",
        34_676 | 34_677 => "SGILog compression",
        34_887 => "LERC compression",
        34_925 => "LZMA compression",
        34_933 | 50_001 => "WebP compression",
        50_000 => "Zstandard compression",
        50_002 | 52_546 => "JPEG XL compression",
        _ => "unknown compression",
    }
}

/// How a page's samples are cut and coded.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) width: u32,
    pub(super) height: u32,
    /// Bits of every sample.
    pub(super) bits: u16,
    /// Samples of a pixel.
    pub(super) samples: u16,
    pub(super) compression: Compression,
    pub(super) photometric: u16,
    /// FillOrder 2: the first pixel is in the lowest bit.
    pub(super) reversed: bool,
    /// PlanarConfiguration 2: a plane for each sample.
    pub(super) planar: bool,
    /// Width and length of a tile, or `None` for strips.
    pub(super) tile: Option<(u32, u32)>,
    /// No more than there are.
    pub(super) rows_per_strip: u32,
    /// YCbCrSubSampling, 1 and 1 where it means nothing.
    pub(super) subsampling: (u16, u16),
    pub(super) predictor: u16,
    /// T4Options or T6Options.
    pub(super) fax_options: u32,
}

/// A strip or tile.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) width: u32,
    /// Rows that belong to the page, and rows that a strip before it has.
    pub(super) rows: u32,
    pub(super) rows_max: u32,
    /// Samples of a pixel in it.
    pub(super) samples: u16,
}

impl Layout {
    /// Whether it can be, and is within bounds.
    pub(super) fn check(&self) -> Result<(), Wrong> {
        let damaged = |part| Err((Reason::Damaged, part));
        let unknown = |part| Err((Reason::NotUnderstood, part));
        let sides = 1..=limits::PICTURE_SIDE_MAX;
        if self.width == 0 || self.height == 0 {
            return damaged("ImageWidth or ImageLength");
        }
        let pixels = u64::from(self.width).saturating_mul(u64::from(self.height));
        if !sides.contains(&self.width) || !sides.contains(&self.height) || pixels > limits::PICTURE_PIXELS_MAX {
            return Err((Reason::TooLarge, "number of pixels"));
        }
        if !(1..=64).contains(&self.bits) {
            return damaged("BitsPerSample");
        }
        if !(1..=limits::TIFF_SAMPLES_MAX).contains(&self.samples) {
            return Err((Reason::TooLarge, "SamplesPerPixel"));
        }
        let least = match self.photometric {
            0 | 1 | 3 | 4 => 1,
            2 | 6 | 8 | 9 | 10 => {
                if self.photometric == 2 || self.photometric == 6 {
                    3
                } else {
                    1
                }
            }
            5 => 1,
            _ => return unknown("PhotometricInterpretation"),
        };
        if self.samples < least {
            return damaged("SamplesPerPixel");
        }
        if self.photometric == 3 && (!matches!(self.bits, 1 | 2 | 4 | 8) || self.compression == Compression::Jpeg) {
            return unknown("palette of such samples");
        }
        if self.compression.is_fax()
            && (self.bits != 1 || self.samples != 1 || self.tile.is_some() && self.rows_per_strip == 0)
        {
            return damaged("fax of such samples");
        }
        if self.compression.is_fax() && self.fax_options & !0b101 != 0 {
            return unknown("uncompressed mode of a fax");
        }
        if let Some((width, length)) = self.tile
            && (!sides.contains(&width) || !sides.contains(&length))
        {
            return damaged("TileWidth or TileLength");
        }
        if self.rows_per_strip == 0 || !matches!(self.predictor, 1..=3) {
            return damaged("RowsPerStrip or Predictor");
        }
        self.check_subsampling()
    }

    fn check_subsampling(&self) -> Result<(), Wrong> {
        let (across, down) = self.subsampling;
        if ![across, down].iter().all(|factor| matches!(factor, 1 | 2 | 4)) {
            return Err((Reason::Damaged, "YCbCrSubSampling"));
        }
        if self.subsampling != (1, 1)
            && self.compression != Compression::Jpeg
            && (self.photometric != 6 || self.bits != 8 || self.planar || self.samples != 3)
        {
            return Err((Reason::NotUnderstood, "YCbCrSubSampling of such samples"));
        }
        Ok(())
    }

    /// Number of strips or tiles.
    pub(super) fn pieces(&self) -> u64 {
        let planes = if self.planar { u64::from(self.samples) } else { 1 };
        self.pieces_of_plane().saturating_mul(planes)
    }

    fn pieces_of_plane(&self) -> u64 {
        let cut = |len: u32, by: u32| u64::from(len.div_ceil(by.max(1)));
        match self.tile {
            Some((width, length)) => cut(self.width, width).saturating_mul(cut(self.height, length)),
            None => cut(self.height, self.rows_per_strip),
        }
    }

    /// Strip or tile `number`, from 0.
    pub(super) fn piece(&self, number: u64) -> Piece {
        let samples = if self.planar { 1 } else { self.samples };
        if let Some((width, rows)) = self.tile {
            return Piece { width, rows, rows_max: rows, samples };
        }
        let rows_max = self.rows_per_strip;
        let in_plane = number.checked_rem(self.pieces_of_plane()).unwrap_or(0);
        let above = u32::try_from(in_plane).unwrap_or(u32::MAX).saturating_mul(rows_max);
        Piece { width: self.width, rows: self.height.saturating_sub(above).min(rows_max), rows_max, samples }
    }

    /// Bytes of so many rows of a strip or tile, as they are before compression.
    pub(super) fn bytes(&self, piece: Piece, rows: u32) -> u64 {
        let (width, rows) = (u64::from(piece.width), u64::from(rows));
        let (across, down) = (u64::from(self.subsampling.0).max(1), u64::from(self.subsampling.1).max(1));
        if (across, down) != (1, 1) && self.compression != Compression::Jpeg {
            // So many luma samples and two of chroma for each group of pixels (TIFF 6.0, section 21).
            let groups = width.div_ceil(across).saturating_mul(rows.div_ceil(down));
            return groups.saturating_mul(across.saturating_mul(down).saturating_add(2));
        }
        let bits = width.saturating_mul(piece.samples.into()).saturating_mul(self.bits.into());
        bits.div_ceil(8).saturating_mul(rows)
    }
}

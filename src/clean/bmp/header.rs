//! The headers of a bitmap, all versions in and three out. Reads no colour and no pixel.

use crate::clean::cursor::Cursor;
use crate::clean::metadata::{icc, legible};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// Bytes of BITMAPFILEHEADER.
const FILE_HEADER_BYTES: u64 = 14;
/// Bytes of BITMAPCOREHEADER.
const CORE_BYTES: u32 = 12;
/// Bytes of OS/2's BITMAPINFOHEADER2, whole.
const OS2_BYTES: u32 = 64;
/// Bytes of BITMAPV4HEADER and BITMAPV5HEADER.
const V4_BYTES: u32 = 108;
const V5_BYTES: u32 = 124;
/// Masks of 16 and 24 or 32 bits where there are none in the file.
const MASKS_16: [u32; 4] = [0x7C00, 0x03E0, 0x001F, 0];
const MASKS_32: [u32; 4] = [0x00FF_0000, 0x0000_FF00, 0x0000_00FF, 0];

/// Whether some version has a header of so many bytes.
pub(super) fn is_size(bytes: u32) -> bool {
    matches!(bytes, CORE_BYTES | 16 | 40 | 52 | 56 | OS2_BYTES | V4_BYTES | V5_BYTES)
}

/// How pixels are coded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Indices of 1, 2, 4 or 8 bits.
    Indexed,
    /// Runs of indices of four bits (BI_RLE4).
    Rle4,
    /// Runs of indices of eight bits (BI_RLE8).
    Rle8,
    /// Blue, green and red, in 16, 24 or 32 bits.
    Rgb,
    /// Masks of red, green, blue and alpha in 16 or 32 bits.
    Fields([u32; 4]),
}

/// What a bitmap's headers say of its pixels.
#[derive(Debug)]
pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    /// The first row is the uppermost one.
    pub(super) top_down: bool,
    pub(super) bits: u16,
    pub(super) encoding: Encoding,
    /// Colours in the file's palette, and bytes of each.
    pub(super) colours: u32,
    pub(super) colour_bytes: usize,
    /// Where the file header says that pixels begin; where the headers and their masks end.
    pub(super) pixels_at: u64,
    pub(super) end: u64,
}

impl Header {
    /// Reads the headers and masks; the cursor stands at the palette then.
    pub(super) fn read(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Self, Refusal> {
        cursor.skip(6, "file header")?;
        let reserved: [u8; 4] = cursor.array("file header")?;
        if reserved != [0; 4] {
            findings.removed_value(Category::Unknown, "BMP reserved fields", &legible::text(&reserved));
        }
        let pixels_at = u64::from(cursor.le32("file header")?);
        let size = cursor.le32("header")?;
        if !is_size(size) {
            return Err(Refusal::new(Reason::NotUnderstood, "header size", FILE_HEADER_BYTES));
        }
        cursor.go_to(FILE_HEADER_BYTES, "header")?;
        let fields = Fields(cursor.bytes(usize::try_from(size).unwrap_or(0), "header")?);
        let damaged = |part| Refusal::new(Reason::Damaged, part, FILE_HEADER_BYTES);
        let (width, height, bits) = if size == CORE_BYTES {
            (fields.u16(4).into(), u32::from(fields.u16(6)).cast_signed(), fields.u16(10))
        } else {
            (fields.u32(4), fields.u32(8).cast_signed(), fields.u16(14))
        };
        let sides = 1..=limits::PICTURE_SIDE_MAX;
        let (top_down, height) = (height < 0, height.unsigned_abs());
        if width == 0 || height == 0 || width > i32::MAX.unsigned_abs() {
            return Err(damaged("width or height"));
        }
        let pixels = u64::from(width).saturating_mul(u64::from(height));
        if !sides.contains(&width) || !sides.contains(&height) || pixels > limits::PICTURE_PIXELS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of pixels", FILE_HEADER_BYTES));
        }
        let encoding = fields.encoding(size, bits, top_down, cursor)?;
        let colours = if size == CORE_BYTES { 0 } else { fields.u32(32) };
        let header = Self {
            width,
            height,
            top_down,
            bits,
            encoding,
            colours: if colours == 0 && bits <= 8 { 1_u32.wrapping_shl(bits.into()) } else { colours },
            colour_bytes: if size == CORE_BYTES { 3 } else { 4 },
            pixels_at,
            end: cursor.at(),
        };
        fields.tell(size, cursor, findings)?;
        cursor.go_to(header.end, "palette")?;
        Ok(header)
    }

    /// Bytes of a row in the file, and those of them that hold pixels.
    pub(super) fn row_bytes(&self) -> (u64, u64) {
        let bits = u64::from(self.width).saturating_mul(u64::from(self.bits));
        (bits.div_ceil(32).saturating_mul(4), bits.div_ceil(8))
    }

    /// Which bits of any four bytes are shown.
    pub(super) fn shown(&self) -> [u8; 4] {
        let masks = match (self.encoding, self.bits) {
            (Encoding::Fields(masks), _) => masks,
            (Encoding::Rgb, 16) => MASKS_16,
            (Encoding::Rgb, 32) => MASKS_32,
            _ => return [0xFF; 4],
        };
        let shown = masks.iter().fold(0, |all, mask| all | mask);
        if self.bits == 16 { (shown | shown.wrapping_shl(16)).to_le_bytes() } else { shown.to_le_bytes() }
    }

    /// File header, the smallest header that can say it, masks and palette, for `len` bytes of pixels.
    pub(super) fn to_bytes(&self, palette: &[u8], len: u64) -> Result<Vec<u8>, Refusal> {
        let too_large = Refusal::new(Reason::TooLarge, "length", 0);
        let has_alpha = matches!(self.encoding, Encoding::Fields([.., alpha]) if alpha != 0);
        let size: u32 = if has_alpha { V4_BYTES } else { 40 };
        let compression: u32 = match self.encoding {
            Encoding::Indexed | Encoding::Rgb => 0,
            Encoding::Rle8 => 1,
            Encoding::Rle4 => 2,
            Encoding::Fields(_) => 3,
        };
        let len = u32::try_from(len).map_err(|_| too_large.clone())?;
        let height = if self.top_down { self.height.wrapping_neg() } else { self.height };
        let mut info = Vec::new();
        info.extend_from_slice(&[size, self.width, height].map(u32::to_le_bytes).concat());
        info.extend_from_slice(&[1, self.bits].map(u16::to_le_bytes).concat());
        info.extend_from_slice(&[compression, len, 0, 0, 0, 0].map(u32::to_le_bytes).concat());
        if let Encoding::Fields([red, green, blue, alpha]) = self.encoding {
            info.extend_from_slice(&[red, green, blue].map(u32::to_le_bytes).concat());
            if has_alpha {
                info.extend_from_slice(&[alpha, LCS_SRGB].map(u32::to_le_bytes).concat());
                // End points and gammas, which sRGB has by itself.
                info.extend_from_slice(&[0; 48]);
            }
        }
        info.extend_from_slice(palette);
        let offset = u32::try_from(info.len()).unwrap_or(u32::MAX).saturating_add(14);
        let total = offset.checked_add(len).ok_or(too_large)?;
        Ok([b"BM".as_slice(), &[total, 0, offset].map(u32::to_le_bytes).concat(), &info].concat())
    }
}

/// `sRGB` as a number.
const LCS_SRGB: u32 = 0x7352_4742;
/// `MBED` and `LINK`.
const PROFILE_EMBEDDED: u32 = 0x4D42_4544;
const PROFILE_LINKED: u32 = 0x4C49_4E4B;

/// A header's bytes. What lies beyond the end of a short one is 0.
struct Fields(Vec<u8>);

impl Fields {
    fn u16(&self, at: usize) -> u16 {
        self.0.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u16::from_le_bytes(*bytes))
    }

    fn u32(&self, at: usize) -> u32 {
        self.0.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    /// Reads the masks that stand behind a short header.
    fn encoding(&self, size: u32, bits: u16, top_down: bool, cursor: &mut Cursor<'_>) -> Result<Encoding, Refusal> {
        let refuse = |reason, part| Err(Refusal::new(reason, part, FILE_HEADER_BYTES));
        let compression = if size == CORE_BYTES { 0 } else { self.u32(16) };
        match (compression, bits) {
            (0, 1 | 2 | 4 | 8) => Ok(Encoding::Indexed),
            (0, 16 | 24 | 32) => Ok(Encoding::Rgb),
            (1, 8) | (2, 4) if top_down => refuse(Reason::Damaged, "run lengths from the top"),
            (1, 8) => Ok(Encoding::Rle8),
            (2, 4) => Ok(Encoding::Rle4),
            (3, _) if size == OS2_BYTES => refuse(Reason::NotUnderstood, "Huffman coding"),
            (4, _) if size == OS2_BYTES => refuse(Reason::NotUnderstood, "RLE24"),
            (3 | 6, 16 | 24 | 32) => {
                let alpha = compression == 6 || size >= 56;
                let mut masks = [0; 4];
                for (mask, at) in masks.iter_mut().zip([40, 44, 48, 52]).take(if alpha { 4 } else { 3 }) {
                    *mask = if size < 52 { cursor.le32("masks")? } else { self.u32(at) };
                }
                fields(masks, bits).map_or_else(|| refuse(Reason::NotUnderstood, "masks"), Ok)
            }
            (4, _) => refuse(Reason::NotUnderstood, "BI_JPEG"),
            (5, _) => refuse(Reason::NotUnderstood, "BI_PNG"),
            _ => refuse(Reason::NotUnderstood, "compression or bits of a pixel"),
        }
    }

    /// Says what the header holds beyond the pixels.
    fn tell(&self, size: u32, cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<(), Refusal> {
        let (x, y) = (self.u32(24), self.u32(28));
        if size > CORE_BYTES && (x, y) != (0, 0) {
            findings.removed_value(Category::Device, "BMP pixels per metre", &format!("{x} × {y}"));
        }
        if size == OS2_BYTES && self.0.get(40..).is_some_and(|rest| rest.iter().any(|&byte| byte != 0)) {
            findings.removed_value(
                Category::Identifier,
                "BMP OS/2 fields",
                &legible::text(self.0.get(60..).unwrap_or_default()),
            );
        }
        if !matches!(size, V4_BYTES | V5_BYTES) {
            return Ok(());
        }
        if self.u32(56) == 0 && self.0.get(60..108).is_some_and(|points| points.iter().any(|&byte| byte != 0)) {
            findings.removed(Category::Device, "BMP colours of a device");
        }
        if size == V5_BYTES && matches!(self.u32(56), PROFILE_EMBEDDED | PROFILE_LINKED) {
            let at = FILE_HEADER_BYTES.saturating_add(u64::from(self.u32(112)));
            let len = usize::try_from(self.u32(116)).unwrap_or(usize::MAX).min(limits::METADATA_BYTES_MAX);
            if at.saturating_add(u64::try_from(len).unwrap_or(u64::MAX)) > cursor.len() {
                findings.removed(Category::Unknown, "BMP ICC profile (damaged)");
                return Ok(());
            }
            cursor.go_to(at, "ICC profile")?;
            let profile = cursor.bytes(len, "ICC profile")?;
            if self.u32(56) == PROFILE_EMBEDDED {
                findings.append(icc::findings(&profile));
            } else {
                // The path of a file on the computer that wrote this one.
                findings.removed_value(Category::Person, "BMP path of an ICC profile", &legible::text(&profile));
            }
        }
        Ok(())
    }
}

/// Bit fields that are in one piece each and do not overlap; the usual ones are no bit fields at all.
fn fields(masks: [u32; 4], bits: u16) -> Option<Encoding> {
    let all = if bits == 16 { 0xFFFF } else { u32::MAX };
    let mut seen = 0;
    for (mask, may_lack) in masks.into_iter().zip([false, false, false, true]) {
        let run = mask.checked_shr(mask.trailing_zeros()).unwrap_or(0);
        if mask == 0 && !may_lack || run & run.wrapping_add(1) != 0 || mask & seen != 0 || mask & !all != 0 {
            return None;
        }
        seen |= mask;
    }
    match (bits, masks) {
        (16, MASKS_16) | (24 | 32, MASKS_32) => Some(Encoding::Rgb),
        (24, _) => None,
        _ => Some(Encoding::Fields(masks)),
    }
}

//! Brands: what kind of file `ftyp` says it is (ISO/IEC 23008-12, 10; AVIF 1.1, 6), and what a clean file says.

use crate::clean::Reason;
use crate::clean::Refusal;
use crate::clean::container::bmff::BoxHeader;
use crate::clean::cursor::Cursor;

/// Whose cleaner a file is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// Coded by HEVC.
    Heic,
    /// Coded by AV1.
    Avif,
    /// Coded by AVC, or by several, or not said.
    Heif,
}

/// What `ftyp` says.
#[derive(Debug)]
pub(super) struct Brands {
    major: [u8; 4],
}

/// Compatible brands that are looked at; files have up to a dozen.
const COMPATIBLE_MAX: usize = 32;

impl Brands {
    /// Reads `ftyp`, at whose body `cursor` stands.
    pub(super) fn read(cursor: &mut Cursor<'_>, header: &BoxHeader) -> Result<Self, Refusal> {
        if header.kind != *b"ftyp" || header.body_len < 8 {
            return Err(Refusal::new(Reason::Damaged, "ftyp", header.at));
        }
        Ok(Self { major: cursor.array("ftyp")? })
    }

    /// Whether readers show the track and not the item.
    pub(super) fn is_sequence(&self) -> bool {
        is_sequence(self.major)
    }
}

/// The family of a file that begins with `head`, if it is a HEIF file at all.
pub(super) fn family(head: &[u8]) -> Option<Family> {
    let (size, rest) = head.split_first_chunk::<4>()?;
    let rest = rest.strip_prefix(b"ftyp")?;
    let (major, rest) = rest.split_first_chunk::<4>()?;
    let len = usize::try_from(u32::from_be_bytes(*size)).ok()?.checked_sub(16)?;
    let compatible = rest.get(4..)?;
    let compatible = compatible.get(..len).unwrap_or(compatible).as_chunks::<4>().0;
    let compatible = compatible.get(..COMPATIBLE_MAX).unwrap_or(compatible);
    match known(*major) {
        Some(Some(family)) => Some(family),
        // A general brand: what else it is compatible with tells.
        Some(None) => Some(compatible.iter().find_map(|brand| known(*brand).flatten()).unwrap_or(Family::Heif)),
        None if is_of_video(*major) => None,
        None if compatible.contains(b"mif1") || compatible.contains(b"msf1") => {
            Some(compatible.iter().find_map(|brand| known(*brand).flatten()).unwrap_or(Family::Heif))
        }
        None => None,
    }
}

/// A brand of HEIF, and of which family.
fn known(brand: [u8; 4]) -> Option<Option<Family>> {
    match &brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"hevm" | b"hevs" => Some(Some(Family::Heic)),
        b"avif" | b"avis" => Some(Some(Family::Avif)),
        b"avci" | b"avcs" => Some(Some(Family::Heif)),
        b"mif1" | b"mif2" | b"msf1" | b"miaf" => Some(None),
        _ => None,
    }
}

/// Videos may say that a reader of pictures can read their cover.
fn is_of_video(brand: [u8; 4]) -> bool {
    brand.starts_with(b"iso")
        || brand.starts_with(b"mp4")
        || brand.starts_with(b"3g")
        || brand.starts_with(b"M4")
        || matches!(&brand, b"qt  " | b"avc1" | b"dash" | b"crx " | b"jxl " | b"jp2 ")
}

fn is_sequence(brand: [u8; 4]) -> bool {
    matches!(&brand, b"avis" | b"msf1" | b"hevc" | b"hevx" | b"hevm" | b"hevs" | b"avcs")
}

/// The body of `ftyp` for pictures of these kinds of coded items, and the family of the file.
pub(super) fn written(coded: &[[u8; 4]], is_sequence: bool) -> (Family, Vec<u8>) {
    let all = |kind: &[u8; 4]| coded.iter().all(|coded| coded == kind);
    let (family, brands): (_, &[u8]) = match is_sequence {
        false if all(b"hvc1") => (Family::Heic, b"heic\0\0\0\0mif1heic"),
        false if all(b"av01") => (Family::Avif, b"avif\0\0\0\0avifmif1miaf"),
        false if all(b"avc1") => (Family::Heif, b"avci\0\0\0\0mif1avci"),
        false => (Family::Heif, b"mif1\0\0\0\0mif1"),
        true if all(b"hvc1") => (Family::Heic, b"hevc\0\0\0\0msf1hevcmif1heiciso8"),
        true if all(b"av01") => (Family::Avif, b"avis\0\0\0\0avifavismsf1mif1miafiso8"),
        true => (Family::Heif, b"msf1\0\0\0\0msf1mif1iso8"),
    };
    (family, brands.to_vec())
}

//! Which of the family a file is, by its brands (ISO/IEC 14496-12, 4.3), and the one `ftyp` that each gets.
//! Never takes a file of pictures (HEIF, JPEG 2000, raw).

/// A member of the family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Mp4,
    QuickTime,
    M4a,
    ThreeGp,
}

impl Kind {
    /// What it becomes: MP4 is told apart by whether there are pictures.
    pub(super) fn of(self, has_video: bool) -> Self {
        match self {
            Self::Mp4 | Self::M4a if has_video => Self::Mp4,
            Self::Mp4 | Self::M4a => Self::M4a,
            other => other,
        }
    }

    /// The whole `ftyp` box: major brand, minor version, compatible brands.
    pub(super) fn file_type(self) -> &'static [u8] {
        match self {
            Self::Mp4 => b"\0\0\0\x1Cftypisom\0\0\x02\0isomiso4mp42",
            Self::QuickTime => b"\0\0\0\x14ftypqt  \0\0\x02\0qt  ",
            Self::M4a => b"\0\0\0\x1CftypM4A \0\0\x02\0M4A isommp42",
            Self::ThreeGp => b"\0\0\0\x1Cftyp3gp6\0\0\x01\x003gp6isomiso4",
        }
    }
}

/// What the first bytes of a file say, `None` if it is none of the family.
pub(super) fn recognise(head: &[u8]) -> Option<Kind> {
    let (size, kind) = first_box(head)?;
    if kind != *b"ftyp" {
        return is_old_quicktime(head, size, kind).then_some(Kind::QuickTime);
    }
    let len = usize::try_from(size).unwrap_or(usize::MAX).min(head.len());
    let (brands, _) = head.get(8..len)?.as_chunks::<4>();
    let (major, rest) = brands.split_first()?;
    let compatible = rest.get(1..).unwrap_or_default();
    if FOREIGN.contains(&major) {
        return None;
    }
    of_brand(*major).or_else(|| compatible.iter().find_map(|brand| of_brand(*brand)))
}

fn of_brand(brand: [u8; 4]) -> Option<Kind> {
    match &brand {
        b"qt  " => Some(Kind::QuickTime),
        b"M4A " | b"M4B " | b"M4P " => Some(Kind::M4a),
        [b'3', b'g', b'2' | b'e' | b'f' | b'g' | b'h' | b'm' | b'p' | b'r' | b's' | b't', _] => Some(Kind::ThreeGp),
        _ => MP4.contains(&&brand).then_some(Kind::Mp4),
    }
}

/// Files from before `ftyp` was invented begin with `moov`, or with what may stand before it.
fn is_old_quicktime(head: &[u8], size: u64, kind: [u8; 4]) -> bool {
    let second = |at: u64| {
        let rest = usize::try_from(at).ok().and_then(|at| head.get(at..)).unwrap_or_default();
        first_box(rest).map(|(_, kind)| kind)
    };
    match &kind {
        b"moov" => size > 8 && second(8).is_some_and(|kind| matches!(&kind, b"mvhd" | b"cmov" | b"rmra")),
        b"mdat" => size == 0 || size > 8,
        b"wide" => size == 8 && second(8) == Some(*b"mdat"),
        b"free" | b"skip" | b"pnot" => {
            size >= 8
                && second(size).is_some_and(|kind| {
                    matches!(&kind, b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"PICT" | b"pict" | b"ftyp")
                })
        }
        _ => false,
    }
}

fn first_box(head: &[u8]) -> Option<(u64, [u8; 4])> {
    let (size, rest) = head.split_first_chunk::<4>()?;
    let (kind, rest) = rest.split_first_chunk::<4>()?;
    let size = match u32::from_be_bytes(*size) {
        1 => u64::from_be_bytes(*rest.first_chunk::<8>()?),
        size => size.into(),
    };
    Some((size, *kind))
}

/// Brands at the MP4 Registration Authority (mp4ra.org) and of cameras, of files of pictures and sound.
const MP4: &[&[u8; 4]] = &[
    b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"iso7", b"iso8", b"iso9", b"isoa", b"isob", b"isoc",
    b"mp41", b"mp42", b"mp71", b"avc1", b"av01", b"hvc1", b"hev1", b"dash", b"msdh", b"msix", b"cmfc", b"cmf2",
    b"cmff", b"M4V ", b"M4VH", b"M4VP", b"mmp4", b"MSNV", b"XAVC", b"f4v ", b"F4V ", b"NDSC", b"NDSH", b"NDSM",
    b"NDSP", b"NDSS", b"NDXC", b"NDXH", b"NDXM", b"NDXP", b"NDXS", b"ndsc", b"CAEP", b"caqv", b"pana", b"LCAG",
    b"nvr1", b"niko", b"kddi", b"KDDI", b"mqt ", b"SDV ", b"JVC ", b"opf2", b"piff", b"emsg", b"dsms",
];

/// Files of other formats on the same boxes: HEIF and AVIF (ISO/IEC 23008-12), JPEG 2000, JPEG XL, Canon raw.
const FOREIGN: &[&[u8; 4]] = &[
    b"mif1", b"mif2", b"mif3", b"msf1", b"miaf", b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm",
    b"hevs", b"avif", b"avis", b"avio", b"avci", b"avcs", b"vvic", b"vvis", b"j2ki", b"j2is", b"jpeg", b"jpgs",
    b"jp2 ", b"jph ", b"jpx ", b"jpm ", b"mjp2", b"mj2s", b"jxl ", b"crx ",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brands_tell_the_family_apart_and_pictures_are_not_taken() {
        let of = |brands: &[u8]| {
            let size = u32::try_from(brands.len() + 12).unwrap().to_be_bytes();
            recognise(&[&size, b"ftyp".as_slice(), &brands[..4], &[0; 4], &brands[4..]].concat())
        };
        assert_eq!(of(b"isom"), Some(Kind::Mp4));
        assert_eq!(of(b"qt  qt  "), Some(Kind::QuickTime));
        assert_eq!(of(b"M4A mp42isom"), Some(Kind::M4a));
        assert_eq!(of(b"3gp5isom"), Some(Kind::ThreeGp));
        assert_eq!(of(b"????isom"), Some(Kind::Mp4));
        for foreign in [b"heicmif1isom", b"avismsf1iso8", b"mif1heicisom", b"crx crx isom", b"jp2 jp2 isom"] {
            assert_eq!(of(foreign), None);
        }
        assert_eq!(of(b"????zzzz"), None);
    }

    #[test]
    fn old_quicktime_begins_without_a_brand() {
        assert_eq!(recognise(b"\0\0\x01\0moov\0\0\0\x6Cmvhd"), Some(Kind::QuickTime));
        assert_eq!(recognise(b"\0\0\0\x08wide\0\0\x01\0mdat"), Some(Kind::QuickTime));
        assert_eq!(recognise(b"\0\0\x01\0mdat"), Some(Kind::QuickTime));
        assert_eq!(recognise(b"\0\0\0\x08free\0\0\x01\0moov"), Some(Kind::QuickTime));
        assert_eq!(recognise(b"free lunch for all of us"), None);
        assert_eq!(recognise(b"\0\0\x01\0moov\0\0\0\x6Cabcd"), None);
    }
}

//! Reads APPn and COM segments: says what they give away, and takes out of them the few numbers that a decoder needs. Keeps no byte of theirs.

use crate::{
    clean::metadata::{exif, iptc, xmp},
    clean::{Category, Findings},
    limits,
};

/// Identifiers of segments that are merely named: APPn, beginning, what it reveals, name.
const KNOWN: &[(u8, &[u8], Category, &str)] = &[
    (0, b"JFXX\0", Category::Thumbnail, "JFXX"),
    (0, b"AVI1", Category::Software, "AVI1"),
    (1, b"http://ns.adobe.com/", Category::Unknown, "Adobe namespace"),
    (2, b"MPF\0", Category::HiddenContent, "MPF"),
    (2, b"FPXR\0", Category::HiddenContent, "FlashPix"),
    (2, b"urn:iso:std:iso:ts:21496", Category::HiddenContent, "gain map"),
    (3, b"Meta\0", Category::Device, "Meta"),
    (6, b"GoPro\0", Category::Location, "GoPro"),
    (10, b"UNICODE\0", Category::Comment, "UNICODE"),
    (11, b"JP", Category::History, "JUMBF"),
    (11, b"HDR_RI", Category::HiddenContent, "HDR"),
    (12, b"Ducky", Category::Software, "Ducky"),
];

const EXIF: &[u8] = b"Exif\0";
const XMP: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const EXTENDED_XMP: &[u8] = b"http://ns.adobe.com/xmp/extension/\0";
const PHOTOSHOP: &[u8] = b"Photoshop 3.0\0";
const ICC: &[u8] = b"ICC_PROFILE\0";

/// What the segments of one file say.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    /// Whether a JFIF segment stands before the first scan, which settles how libjpeg reads the colours.
    pub(super) jfif: bool,
    /// Transform of the last Adobe segment before the first scan.
    pub(super) adobe: Option<u8>,
    /// Outer: whether there was an Exif segment. Inner: the orientation that the first one gives.
    orientation: Option<Option<u8>>,
    icc: Vec<(u8, u8, Vec<u8>)>,
    photoshop: Vec<u8>,
    extended_xmp: Vec<([u8; 32], u32, Vec<u8>)>,
    /// Bytes kept for the end.
    gathered: usize,
    scanned: bool,
}

impl Metadata {
    /// Says that the first scan has begun: what follows settles nothing any more.
    pub(super) fn scan_begins(&mut self) {
        self.scanned = true;
    }

    /// The orientation, where it is not the upright one.
    pub(super) fn orientation(&self) -> Option<u8> {
        self.orientation.flatten().filter(|orientation| (2..=8).contains(orientation))
    }

    /// The payload of an APPn segment.
    pub(super) fn app(&mut self, n: u8, payload: &[u8], findings: &mut Findings) {
        match n {
            0 if payload.starts_with(b"JFIF\0") => self.jfif(payload, findings),
            1 if payload.starts_with(EXIF) => {
                let read = exif::read(payload.get(6..).unwrap_or_default());
                findings.append(read.findings);
                self.orientation.get_or_insert(read.orientation);
            }
            1 if payload.starts_with(EXTENDED_XMP) => self.extended_xmp(payload, findings),
            2 if payload.starts_with(ICC) => self.icc(payload, findings),
            13 if payload.starts_with(PHOTOSHOP) => {
                let resources = payload.get(PHOTOSHOP.len()..).unwrap_or_default();
                if self.gather(resources.len()) {
                    self.photoshop.extend_from_slice(resources);
                } else {
                    findings.removed(Category::Unknown, "APP13 Photoshop");
                }
            }
            14 if payload.starts_with(b"Adobe") && payload.len() >= 12 => self.adobe(payload, findings),
            1 => match payload.strip_prefix(XMP) {
                Some(packet) => findings.append(xmp::findings(packet)),
                None => named(n, payload, findings),
            },
            _ => named(n, payload, findings),
        }
    }

    /// The payload of a COM segment.
    pub(super) fn comment(payload: &[u8], findings: &mut Findings) {
        findings.removed_value(Category::Comment, "COM", &String::from_utf8_lossy(payload));
    }

    /// Says what could only be read as a whole, and puts together the ICC profile if it is there in full.
    pub(super) fn finish(&mut self, findings: &mut Findings) -> Option<Vec<u8>> {
        if !self.photoshop.is_empty() {
            findings.append(iptc::findings(&self.photoshop));
        }
        self.extended_xmp.sort_by_key(|piece| (piece.0, piece.1));
        for packet in self.extended_xmp.chunk_by(|a, b| a.0 == b.0) {
            let packet: Vec<u8> = packet.iter().flat_map(|(_, _, bytes)| bytes).copied().collect();
            findings.append(xmp::findings(&packet));
        }
        if self.icc.is_empty() {
            return None;
        }
        self.icc.sort_by_key(|&(number, _, _)| number);
        let count = self.icc.len();
        let whole = (1_u8..=255)
            .zip(&self.icc)
            .all(|(expected, &(number, of, _))| number == expected && usize::from(of) == count);
        if !whole || count > 255 {
            findings.removed(Category::Unknown, "ICC profile in pieces that do not fit");
            return None;
        }
        Some(self.icc.iter().flat_map(|(_, _, bytes)| bytes).copied().collect())
    }

    fn jfif(&mut self, payload: &[u8], findings: &mut Findings) {
        let Some(&[width, height]) = payload.get(12..14).and_then(<[u8]>::first_chunk::<2>) else {
            // Too short to count: libjpeg passes over it too.
            return findings.removed(Category::Unknown, "APP0 JFIF");
        };
        self.jfif |= !self.scanned;
        let thumbnail = usize::from(width).saturating_mul(usize::from(height)).saturating_mul(3);
        if thumbnail > 0 {
            findings.removed(Category::Thumbnail, "JFIF thumbnail");
        }
        if payload.len() > thumbnail.saturating_add(14) {
            findings.removed(Category::HiddenContent, "JFIF, after its fields");
        }
    }

    fn adobe(&mut self, payload: &[u8], findings: &mut Findings) {
        if !self.scanned {
            self.adobe = payload.get(11).copied();
        }
        if payload.len() > 12 {
            findings.removed(Category::HiddenContent, "Adobe, after its fields");
        }
    }

    fn icc(&mut self, payload: &[u8], findings: &mut Findings) {
        match payload.get(ICC.len()..) {
            Some([number, of, bytes @ ..]) if self.gather(bytes.len()) => self.icc.push((*number, *of, bytes.to_vec())),
            _ => findings.removed(Category::Unknown, "APP2 ICC_PROFILE"),
        }
    }

    fn extended_xmp(&mut self, payload: &[u8], findings: &mut Findings) {
        let body = payload.get(EXTENDED_XMP.len()..).unwrap_or_default();
        let parts = body.split_first_chunk::<32>().and_then(|(guid, rest)| {
            let (_, rest) = rest.split_first_chunk::<4>()?;
            let (offset, bytes) = rest.split_first_chunk::<4>()?;
            Some((*guid, u32::from_be_bytes(*offset), bytes))
        });
        match parts {
            Some((guid, offset, bytes)) if self.gather(bytes.len()) => {
                self.extended_xmp.push((guid, offset, bytes.to_vec()));
            }
            _ => findings.removed(Category::Unknown, "APP1 extended XMP"),
        }
    }

    /// Whether that many more bytes may be kept for the end.
    fn gather(&mut self, len: usize) -> bool {
        let sum = self.gathered.saturating_add(len);
        let fits = sum <= limits::METADATA_BYTES_MAX;
        if fits {
            self.gathered = sum;
        }
        fits
    }
}

fn named(n: u8, payload: &[u8], findings: &mut Findings) {
    if let Some((_, _, category, name)) = KNOWN.iter().find(|known| known.0 == n && payload.starts_with(known.1)) {
        return findings.removed(*category, format!("APP{n} {name}"));
    }
    let name: String =
        payload.iter().take(32).map_while(|&byte| byte.is_ascii_graphic().then_some(char::from(byte))).collect();
    findings.removed_value(Category::Unknown, format!("APP{n}"), &name);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(n: u8, payload: &[u8], category: Category, place: &str) {
        let mut findings = Findings::default();
        Metadata::default().app(n, payload, &mut findings);
        let list = findings.into_vec();
        assert_eq!((list[0].category, list[0].place.as_str()), (category, place));
    }

    #[test]
    fn segments_are_named_by_what_they_reveal() {
        check(0, b"JFXX\0\x13", Category::Thumbnail, "APP0 JFXX");
        check(2, b"MPF\0II", Category::HiddenContent, "APP2 MPF");
        check(11, b"JP\0\x01", Category::History, "APP11 JUMBF");
        check(7, b"whatever", Category::Unknown, "APP7");
        check(14, b"Adobe", Category::Unknown, "APP14");
    }

    #[test]
    fn what_stands_behind_known_fields_is_told() {
        check(0, b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01abc", Category::Thumbnail, "JFIF thumbnail");
        check(0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0x", Category::HiddenContent, "JFIF, after its fields");
        check(14, b"Adobe\0\x64\0\0\0\0\x01x", Category::HiddenContent, "Adobe, after its fields");
    }

    #[test]
    fn only_what_comes_before_the_first_scan_settles_the_colours() {
        let mut metadata = Metadata::default();
        let mut findings = Findings::default();
        metadata.app(14, b"Adobe\0\x64\0\0\0\0\x01", &mut findings);
        metadata.app(14, b"Adobe\0\x64\0\0\0\0\x02", &mut findings);
        metadata.scan_begins();
        metadata.app(14, b"Adobe\0\x64\0\0\0\0\x00", &mut findings);
        metadata.app(0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0", &mut findings);
        assert_eq!((metadata.adobe, metadata.jfif), (Some(2), false));
    }

    #[test]
    fn icc_pieces_are_put_in_order_and_must_be_complete() {
        let put = |pieces: &[&[u8]]| {
            let (mut metadata, mut findings) = (Metadata::default(), Findings::default());
            for piece in pieces {
                metadata.app(2, &[ICC, piece].concat(), &mut findings);
            }
            (metadata.finish(&mut findings), findings.into_vec().len())
        };
        assert_eq!(put(&[b"\x02\x02cd", b"\x01\x02ab"]), (Some(b"abcd".to_vec()), 0));
        assert_eq!(put(&[b"\x02\x02cd"]), (None, 1));
        assert_eq!(put(&[b"\x01\x02ab", b"\x01\x02ab"]), (None, 1));
    }

    #[test]
    fn gathered_bytes_have_a_limit() {
        let mut metadata = Metadata::default();
        assert!(metadata.gather(limits::METADATA_BYTES_MAX - 1));
        assert!(metadata.gather(1));
        assert!(!metadata.gather(1));
    }
}

//! What Photoshop image resources and the IPTC-IIM datasets in them give away. Reads only; nothing of them is ever kept.
//!
//! Sources: Adobe Photoshop File Formats Specification, "Image Resources Section"; IPTC-NAA Information
//! Interchange Model 4.2. Text is read as UTF-8 where it is UTF-8, else as Latin-1, whatever dataset 1:90
//! declares: programs that write UTF-8 often forget to declare it.

use std::collections::BTreeSet;

use super::ifd::Order;
use super::{exif, legible, xmp};
use crate::clean::{Category, Findings};

const IPTC_IIM: u16 = 0x0404;
const EXIF: [u16; 2] = [0x0422, 0x0423];
const XMP: u16 = 0x0424;
const DATASET_MARKER: u8 = 0x1C;
/// Numbers of unknown resources or datasets that are listed.
const LISTED_MAX: usize = 40;

/// What Photoshop image resources (the bytes after `Photoshop 3.0\0`) with IPTC-IIM in them say. Never
/// fails; there is always at least one finding.
pub(crate) fn findings(resources: &[u8]) -> Findings {
    let mut findings = Findings::default();
    let mut unknown = BTreeSet::new();
    let mut rest = resources;
    while let Some((resource, after)) = Resource::split(rest) {
        if !resource.name.is_empty() {
            findings.removed_value(Category::Comment, "Photoshop resource name", &legible::text(resource.name));
        }
        resource.tell(&mut findings, &mut unknown);
        rest = after;
    }
    list(&mut findings, "Photoshop further resources", &unknown);
    if rest.iter().any(|&byte| byte != 0) {
        findings.removed(Category::Unknown, "Photoshop (damaged)");
    }
    if findings.is_empty() {
        findings.removed(Category::Unknown, "Photoshop, technical data only");
    }
    findings
}

/// What bare IPTC-IIM datasets say, as they stand in TIFF tag 33723. Never fails; there is always at least
/// one finding.
pub(crate) fn datasets(iim: &[u8]) -> Findings {
    // Some programs declare them as LONGs, and others then turn the bytes of each.
    let turned: Vec<u8>;
    let mut rest = iim;
    if iim.first() != Some(&DATASET_MARKER) && iim.get(3) == Some(&DATASET_MARKER) {
        turned = iim.chunks_exact(4).flat_map(|long| long.iter().rev().copied()).collect();
        rest = &turned;
    }
    let mut findings = Findings::default();
    let mut unknown = BTreeSet::new();
    let mut damaged = false;
    while !rest.is_empty() {
        if let Some((dataset, after)) = Dataset::split(rest) {
            dataset.tell(&mut findings, &mut unknown);
            rest = after;
            continue;
        }
        // Padding, or strange bytes after which datasets may go on.
        let next = rest.iter().skip(1).position(|&byte| byte == DATASET_MARKER);
        let (strange, after) = rest.split_at(next.map_or(rest.len(), |next| next.saturating_add(1)));
        damaged |= strange.iter().any(|&byte| byte != 0);
        rest = after;
    }
    list(&mut findings, "IPTC further datasets", &unknown);
    if damaged {
        findings.removed(Category::Unknown, "IPTC (damaged)");
    }
    if findings.is_empty() {
        findings.removed(Category::Unknown, "IPTC, technical data only");
    }
    findings
}

struct Resource<'a> {
    id: u16,
    name: &'a [u8],
    content: &'a [u8],
}

impl<'a> Resource<'a> {
    /// The first resource of `bytes`, and what follows it.
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (signature, rest) = bytes.split_first_chunk::<4>()?;
        if !matches!(signature, b"8BIM" | b"8B64" | b"AgHg" | b"PHUT" | b"DCSR" | b"MeSa") {
            return None;
        }
        let (id, rest) = rest.split_first_chunk()?;
        let (&name_len, rest) = rest.split_first()?;
        let (name, rest) = rest.split_at_checked(usize::from(name_len))?;
        // The length byte and the name together are padded to even, and so is the content.
        let rest = if name_len % 2 == 0 { rest.get(1..)? } else { rest };
        let (len, rest) = rest.split_first_chunk()?;
        let len = usize::try_from(u32::from_be_bytes(*len)).ok()?;
        let (content, rest) = rest.split_at_checked(len)?;
        let rest = if len % 2 == 0 { rest } else { rest.get(1..).unwrap_or_default() };
        Some((Self { id: u16::from_be_bytes(*id), name, content }, rest))
    }

    fn tell(&self, findings: &mut Findings, unknown: &mut BTreeSet<String>) {
        let id = self.id;
        if id == IPTC_IIM {
            if !self.content.is_empty() {
                findings.append(datasets(self.content));
            }
        } else if EXIF.contains(&id) {
            findings.append(exif::read_nested(self.content).findings);
        } else if id == XMP {
            findings.append(xmp::findings(self.content));
        } else if let Some((_, category, name)) = RESOURCES.iter().find(|(ids, ..)| ids.contains(&id)) {
            findings.removed_value(*category, format!("Photoshop {name}"), &self.value());
        } else if !STRUCTURE.contains(&id) && unknown.len() < LISTED_MAX {
            unknown.insert(format!("0x{id:04X}"));
        }
    }

    /// The text of those few resources that are one.
    fn value(&self) -> String {
        match self.id {
            0x03F0 => legible::text(self.content.get(1..).unwrap_or_default()),
            0x040B | 0x03E9 | 0x03EA => legible::text(self.content),
            // Version, flag, then two counted UTF-16 strings: the programs that wrote and read it.
            0x0421 => {
                let strings = self.content.get(5..).unwrap_or_default();
                let len = strings.first_chunk().map_or(0, |len| u32::from_be_bytes(*len));
                let len = usize::try_from(len).ok().and_then(|len| len.checked_mul(2)).unwrap_or(0);
                let writer = strings.get(4..).and_then(|text| text.get(..len)).unwrap_or_default();
                legible::utf16(writer, Order::Big)
            }
            _ => String::new(),
        }
    }
}

const RESOURCES: &[(std::ops::RangeInclusive<u16>, Category, &str)] = &[
    (0x0409..=0x0409, Category::Thumbnail, "thumbnail"),
    (0x040C..=0x040C, Category::Thumbnail, "thumbnail"),
    (0x03E9..=0x03EA, Category::Device, "print settings"),
    (0x043A..=0x043B, Category::Device, "print settings"),
    (0x03F0..=0x03F0, Category::Comment, "caption"),
    (0x040A..=0x040A, Category::Person, "copyright flag"),
    (0x040B..=0x040B, Category::Comment, "URL"),
    (0x041E..=0x041E, Category::Comment, "URL list"),
    (0x041A..=0x041A, Category::Comment, "slices"),
    (0x0421..=0x0421, Category::Software, "version"),
    (0x0406..=0x0406, Category::Software, "JPEG quality"),
    (0x0425..=0x0425, Category::Identifier, "IPTC digest"),
    (0x03FD..=0x03FD, Category::HiddenContent, "alternate pictures"),
    (0x07D0..=0x0BB7, Category::HiddenContent, "paths"),
    (0x0414..=0x0414, Category::History, "number of layers made so far"),
    (0x0435..=0x0435, Category::History, "layers"),
    (0x03F8..=0x03F8, Category::Device, "print settings"),
];

/// Resolution, halftones, guides, ICC profile (which pictures carry elsewhere too), flags.
const STRUCTURE: &[u16] = &[
    0x03E8, 0x03EB, 0x03ED, 0x03EE, 0x03EF, 0x03F1, 0x03F2, 0x03F3, 0x03F4, 0x03F5, 0x03F6, 0x03F7, 0x03F9, 0x03FA,
    0x03FB, 0x03FC, 0x03FE, 0x03FF, 0x0400, 0x0401, 0x0402, 0x0403, 0x0405, 0x0408, 0x040D, 0x040F, 0x0410, 0x0411,
    0x0415, 0x0416, 0x0417, 0x0419, 0x0426, 0x0428, 0x0430, 0x0433, 0x2710,
];

struct Dataset<'a> {
    record: u8,
    number: u8,
    content: &'a [u8],
}

impl<'a> Dataset<'a> {
    /// The first dataset of `bytes`, and what follows it (IIM 4.2, section 1.5).
    fn split(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&[marker, record, number], rest) = bytes.split_first_chunk()?;
        if marker != DATASET_MARKER {
            return None;
        }
        let (short, mut rest) = rest.split_first_chunk()?;
        let short = u16::from_be_bytes(*short);
        let mut len = usize::from(short & 0x7FFF);
        if short & 0x8000 != 0 {
            // An extended dataset: that was the length of its length.
            let (digits, after) = rest.split_at_checked(len).filter(|(digits, _)| digits.len() <= 4)?;
            len = digits.iter().try_fold(0usize, |len, &digit| len.checked_mul(256)?.checked_add(digit.into()))?;
            rest = after;
        }
        let (content, rest) = rest.split_at_checked(len)?;
        Some((Self { record, number, content }, rest))
    }

    fn tell(&self, findings: &mut Findings, unknown: &mut BTreeSet<String>) {
        let key = (self.record, self.number);
        if let Some((_, category, name)) = DATASETS.iter().find(|(known, ..)| *known == key) {
            let value = if *category == Category::Thumbnail { String::new() } else { legible::text(self.content) };
            if *category == Category::Thumbnail || !value.is_empty() {
                findings.removed_value(*category, format!("IPTC {name}"), &value);
            }
        } else if !matches!(key, (1, 0 | 20 | 22 | 60 | 90 | 120 | 122) | (2, 0 | 10 | 75 | 130 | 131 | 200 | 201))
            && unknown.len() < LISTED_MAX
        {
            unknown.insert(format!("{}:{:02}", self.record, self.number));
        }
    }
}

fn list(findings: &mut Findings, place: &str, unknown: &BTreeSet<String>) {
    if !unknown.is_empty() {
        let listed: Vec<_> = unknown.iter().map(String::as_str).collect();
        findings.removed_value(Category::Unknown, place, &listed.join(" "));
    }
}

const DATASETS: &[((u8, u8), Category, &str)] = &[
    ((1, 5), Category::Person, "Destination"),
    ((1, 30), Category::Person, "ServiceIdentifier"),
    ((1, 40), Category::Identifier, "EnvelopeNumber"),
    ((1, 50), Category::Identifier, "ProductID"),
    ((1, 70), Category::Time, "DateSent"),
    ((1, 80), Category::Time, "TimeSent"),
    ((1, 100), Category::Identifier, "UniqueObjectName"),
    ((2, 5), Category::Comment, "ObjectName"),
    ((2, 7), Category::Comment, "EditStatus"),
    ((2, 12), Category::Comment, "SubjectReference"),
    ((2, 15), Category::Comment, "Category"),
    ((2, 20), Category::Comment, "SupplementalCategories"),
    ((2, 22), Category::Identifier, "FixtureIdentifier"),
    ((2, 25), Category::Comment, "Keywords"),
    ((2, 26), Category::Location, "ContentLocationCode"),
    ((2, 27), Category::Location, "ContentLocationName"),
    ((2, 30), Category::Time, "ReleaseDate"),
    ((2, 35), Category::Time, "ReleaseTime"),
    ((2, 37), Category::Time, "ExpirationDate"),
    ((2, 38), Category::Time, "ExpirationTime"),
    ((2, 40), Category::Comment, "SpecialInstructions"),
    ((2, 45), Category::Identifier, "ReferenceService"),
    ((2, 47), Category::Time, "ReferenceDate"),
    ((2, 50), Category::Identifier, "ReferenceNumber"),
    ((2, 55), Category::Time, "DateCreated"),
    ((2, 60), Category::Time, "TimeCreated"),
    ((2, 62), Category::Time, "DigitalCreationDate"),
    ((2, 63), Category::Time, "DigitalCreationTime"),
    ((2, 65), Category::Software, "OriginatingProgram"),
    ((2, 70), Category::Software, "ProgramVersion"),
    ((2, 80), Category::Person, "By-line"),
    ((2, 85), Category::Person, "By-lineTitle"),
    ((2, 90), Category::Location, "City"),
    ((2, 92), Category::Location, "Sub-location"),
    ((2, 95), Category::Location, "Province-State"),
    ((2, 100), Category::Location, "CountryCode"),
    ((2, 101), Category::Location, "Country"),
    ((2, 103), Category::Identifier, "OriginalTransmissionReference"),
    ((2, 105), Category::Comment, "Headline"),
    ((2, 110), Category::Person, "Credit"),
    ((2, 115), Category::Person, "Source"),
    ((2, 116), Category::Person, "CopyrightNotice"),
    ((2, 118), Category::Person, "Contact"),
    ((2, 120), Category::Comment, "Caption"),
    ((2, 121), Category::Comment, "LocalCaption"),
    ((2, 122), Category::Person, "Writer"),
    ((2, 135), Category::Comment, "LanguageIdentifier"),
    ((2, 184), Category::Identifier, "JobID"),
    ((2, 185), Category::Identifier, "MasterDocumentID"),
    ((2, 186), Category::Identifier, "ShortDocumentID"),
    ((2, 187), Category::Identifier, "UniqueDocumentID"),
    ((2, 188), Category::Person, "OwnerID"),
    ((2, 125), Category::Thumbnail, "RasterizedCaption"),
    ((2, 202), Category::Thumbnail, "ObjectPreview"),
    ((2, 230), Category::Comment, "DocumentNotes"),
    ((2, 231), Category::History, "DocumentHistory"),
    ((2, 232), Category::Device, "ExifCameraInfo"),
    ((2, 255), Category::Comment, "CatalogSets"),
];

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::*;

    fn resource(id: u16, name: &[u8], content: &[u8]) -> Vec<u8> {
        let mut bytes = b"8BIM".to_vec();
        bytes.extend(id.to_be_bytes());
        bytes.push(u8::try_from(name.len()).unwrap());
        bytes.extend(name);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend(content);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes
    }

    fn dataset(record: u8, number: u8, content: &[u8]) -> Vec<u8> {
        let mut bytes = vec![DATASET_MARKER, record, number];
        bytes.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
        bytes.extend(content);
        bytes
    }

    fn check(findings: Findings, category: Category, place: &str, value: Option<&str>) {
        let findings = findings.into_vec();
        let found = findings.iter().any(|finding| {
            (finding.category, finding.place.as_str(), finding.value.as_deref()) == (category, place, value)
        });
        assert!(found, "{place} {value:?} not in {findings:#?}");
    }

    #[test]
    fn datasets_are_told_with_their_values() {
        let iim = [
            dataset(1, 90, b"\x1B%G"),
            dataset(2, 80, "Олена".as_bytes()),
            dataset(2, 90, b"K\xF6ln"),
            dataset(2, 55, b"20240501"),
            dataset(2, 120, b"at the gate"),
            dataset(2, 77, b"?"),
        ]
        .concat();
        let told = || findings(&[resource(0x03ED, b"", &[0; 16]), resource(IPTC_IIM, b"", &iim)].concat());
        check(told(), Category::Person, "IPTC By-line", Some("Олена"));
        check(told(), Category::Location, "IPTC City", Some("Köln"));
        check(told(), Category::Time, "IPTC DateCreated", Some("20240501"));
        check(told(), Category::Comment, "IPTC Caption", Some("at the gate"));
        check(told(), Category::Unknown, "IPTC further datasets", Some("2:77"));
    }

    #[test]
    fn an_extended_dataset_is_read() {
        let iim = b"\x1C\x02\x78\x80\x04\0\0\0\x02hi\x1C\x02\x50\0\x01A";
        check(datasets(iim), Category::Comment, "IPTC Caption", Some("hi"));
        check(datasets(iim), Category::Person, "IPTC By-line", Some("A"));
    }

    #[test]
    fn turned_longs_are_turned_back() {
        let mut iim = dataset(2, 80, b"Olena X");
        iim.chunks_exact_mut(4).for_each(<[u8]>::reverse);
        check(datasets(&iim), Category::Person, "IPTC By-line", Some("Olena X"));
    }

    #[test]
    fn other_resources_are_told() {
        check(findings(&resource(0x040C, b"", b"JPEG")), Category::Thumbnail, "Photoshop thumbnail", None);
        check(findings(&resource(0x040B, b"", b"http://x")), Category::Comment, "Photoshop URL", Some("http://x"));
        check(findings(&resource(0x03ED, b"Mark", b"")), Category::Comment, "Photoshop resource name", Some("Mark"));
        check(findings(&resource(0x0999, b"", b"")), Category::HiddenContent, "Photoshop paths", None);
        check(findings(&resource(0x7777, b"", b"M")), Category::Unknown, "Photoshop further resources", Some("0x7777"));
        let version = b"\0\0\0\x01\x01\0\0\0\x02\0P\0S\0\0\0\0\0\0\0\x01";
        check(findings(&resource(0x0421, b"", version)), Category::Software, "Photoshop version", Some("PS"));
    }

    #[test]
    fn exif_and_xmp_inside_are_read() {
        let exif = b"II*\0\x08\0\0\0\x01\0\x3B\x01\x02\0\x04\0\0\0Ann\0\0\0\0\0";
        check(findings(&resource(0x0422, b"", exif)), Category::Person, "Exif Artist", Some("Ann"));
        let xmp = br#"<rdf:Description photoshop:City="Lviv"/>"#;
        check(findings(&resource(XMP, b"", xmp)), Category::Location, "XMP photoshop:City", Some("Lviv"));
    }

    #[test]
    fn damage_is_told_beside_what_is_whole() {
        let mut bytes = resource(0x040C, b"", b"JPEG");
        bytes.extend(b"8BIM\x04\x04\0\0\0\0\xFF\xFF");
        check(findings(&bytes), Category::Thumbnail, "Photoshop thumbnail", None);
        check(findings(&bytes), Category::Unknown, "Photoshop (damaged)", None);
    }

    #[test]
    fn datasets_after_strange_bytes_are_read() {
        let iim =
            [b"8BIM\x04\x04".to_vec(), dataset(2, 80, b"Olena"), b"\0?".to_vec(), dataset(2, 90, b"Lviv")].concat();
        check(datasets(&iim), Category::Person, "IPTC By-line", Some("Olena"));
        check(datasets(&iim), Category::Location, "IPTC City", Some("Lviv"));
        check(datasets(&iim), Category::Unknown, "IPTC (damaged)", None);
        let padded = [dataset(2, 80, b"Olena"), vec![0; 5]].concat();
        assert_eq!(datasets(&padded).into_vec().len(), 1);
    }

    #[test]
    fn there_is_always_a_finding() {
        for bytes in [b"".as_slice(), b"\0", b"?", &resource(0x03ED, b"", &[0; 16]), &resource(IPTC_IIM, b"", b"")] {
            assert!(!findings(bytes).is_empty(), "{bytes:?}");
            assert!(!datasets(bytes).is_empty(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            assert!(!findings(&bytes).is_empty());
            assert!(!findings(&resource(IPTC_IIM, b"", &bytes)).is_empty());
            assert!(!datasets(&[b"\x1C\x02".as_slice(), &bytes].concat()).is_empty());
        }
    }
}

//! What the words beside sound and moving pictures in RIFF files give away: `LIST INFO`, `LIST adtl`, `bext`, `iXML`.
//! Reads only; nothing of them is ever kept.
//!
//! Sources: Multimedia Programming Interface and Data Specifications 1.0, chapter 2; EBU Tech 3285 (bext); iXML 3.0.

use super::legible;
use crate::clean::container::riff::{self, Order};
use crate::clean::{Category, Findings};

/// What a `LIST` chunk says; `list` is its body with its type. There is always at least one finding.
pub(crate) fn list(list: &[u8]) -> Findings {
    let mut findings = Findings::default();
    match list.split_first_chunk::<4>() {
        Some((b"INFO", tags)) => {
            riff::chunks(tags, Order::Little).for_each(|(kind, body)| tag(kind, body, &mut findings))
        }
        Some((b"adtl", labels)) => {
            for (kind, body) in riff::chunks(labels, Order::Little) {
                let text = match &kind {
                    b"labl" | b"note" => body.get(4..),
                    b"ltxt" => body.get(20..),
                    _ => None,
                };
                findings.removed_value(
                    Category::Comment,
                    format!("adtl {}", riff::name(kind)),
                    &legible::text(text.unwrap_or_default()),
                );
            }
        }
        Some((kind, _)) => findings.removed(Category::Unknown, format!("LIST {}", riff::name(*kind))),
        None => {}
    }
    if findings.is_empty() {
        findings.removed(Category::Unknown, "LIST");
    }
    findings
}

/// One tag of `INFO`.
pub(crate) fn tag(kind: [u8; 4], body: &[u8], findings: &mut Findings) {
    let known = TAGS.iter().find(|(id, ..)| id.eq_ignore_ascii_case(&kind));
    let (category, place) = match known {
        Some((_, category, name)) => (*category, format!("INFO {} ({name})", riff::name(kind))),
        None => (Category::Comment, format!("INFO {}", riff::name(kind))),
    };
    findings.removed_value(category, place, &legible::text(body));
}

/// The tags of the specification, and those of cameras, Exif audio and common programs.
const TAGS: &[(&[u8; 4], Category, &str)] = &[
    (b"IARL", Category::Location, "archival location"),
    (b"IART", Category::Person, "artist"),
    (b"ICMS", Category::Person, "commissioned by"),
    (b"ICMT", Category::Comment, "comment"),
    (b"ICOP", Category::Person, "copyright"),
    (b"ICNT", Category::Location, "country"),
    (b"ICRD", Category::Time, "date"),
    (b"ICRP", Category::History, "cropped"),
    (b"IDIM", Category::Device, "dimensions"),
    (b"IDIT", Category::Time, "date and time"),
    (b"IDPI", Category::Device, "dots an inch"),
    (b"IENG", Category::Person, "engineer"),
    (b"IGNR", Category::Comment, "genre"),
    (b"IKEY", Category::Comment, "keywords"),
    (b"ILGT", Category::Device, "lightness"),
    (b"ILNG", Category::Comment, "language"),
    (b"IMED", Category::Device, "medium"),
    (b"INAM", Category::Comment, "name"),
    (b"IPLT", Category::Device, "palette"),
    (b"IPRD", Category::Comment, "product"),
    (b"IPRT", Category::Comment, "part"),
    (b"ISBJ", Category::Comment, "subject"),
    (b"ISFT", Category::Software, "software"),
    (b"ISHP", Category::History, "sharpness"),
    (b"ISMP", Category::Time, "time code"),
    (b"ISRC", Category::Person, "source"),
    (b"ISRF", Category::Device, "source form"),
    (b"ITCH", Category::Person, "technician"),
    (b"ITRK", Category::Comment, "track"),
    (b"IBSU", Category::Comment, "base URL"),
    (b"ICAS", Category::Comment, "audio stream"),
    (b"ICDS", Category::Person, "costume designer"),
    (b"ICNM", Category::Person, "cinematographer"),
    (b"IDST", Category::Person, "distributor"),
    (b"IEDT", Category::Person, "editor"),
    (b"IENC", Category::Person, "encoded by"),
    (b"ILOC", Category::Location, "location"),
    (b"IMUS", Category::Person, "music by"),
    (b"IPRO", Category::Person, "produced by"),
    (b"ISTD", Category::Person, "production studio"),
    (b"ISTR", Category::Person, "starring"),
    (b"ITOC", Category::Comment, "contents"),
    (b"IWEB", Category::Comment, "web address"),
    (b"IWRI", Category::Person, "written by"),
    (b"TAPE", Category::Comment, "tape"),
    (b"TCOD", Category::Time, "start time code"),
    (b"LOCA", Category::Location, "location"),
    (b"COMM", Category::Comment, "comments"),
    (b"DTIM", Category::Time, "date and time"),
    // Exif 3.0, 5.6.3: sound of cameras.
    (b"ecor", Category::Device, "maker"),
    (b"emdl", Category::Device, "model"),
    (b"emnt", Category::Device, "maker note"),
    (b"erel", Category::Identifier, "related image"),
    (b"etim", Category::Time, "time of recording"),
    (b"eucm", Category::Comment, "comment"),
    (b"ever", Category::Software, "Exif version"),
];

/// What a `bext` chunk says (EBU Tech 3285, 2.3).
pub(crate) fn bext(body: &[u8]) -> Findings {
    let mut findings = Findings::default();
    let field = |from: usize, len: usize| {
        let end = from.saturating_add(len).min(body.len());
        legible::text(body.get(from..end).unwrap_or_default())
    };
    let mut say = |category, name: &str, value: String| {
        if !value.is_empty() {
            findings.removed_value(category, format!("bext {name}"), &value);
        }
    };
    say(Category::Comment, "Description", field(0, 256));
    say(Category::Person, "Originator", field(256, 32));
    say(Category::Identifier, "OriginatorReference", field(288, 32));
    say(Category::Time, "OriginationDate", format!("{} {}", field(320, 10), field(330, 8)).trim().to_owned());
    if let Some(samples) = body.get(338..346).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok())
        && samples != [0; 8]
    {
        say(Category::Time, "TimeReference", format!("{} samples since midnight", u64::from_le_bytes(samples)));
    }
    if let Some(umid) = body.get(348..412).filter(|umid| umid.iter().any(|&byte| byte != 0)) {
        let hex: String = umid.iter().map(|byte| format!("{byte:02X}")).collect();
        say(Category::Identifier, "UMID", hex.trim_end_matches('0').to_owned());
    }
    say(Category::History, "CodingHistory", field(602, body.len()));
    if findings.is_empty() {
        findings.removed(Category::Software, "bext");
    }
    findings
}

/// What an `iXML` chunk says. There is always at least one finding.
pub(crate) fn ixml(body: &[u8]) -> Findings {
    let mut findings = Findings::default();
    let text = String::from_utf8_lossy(body);
    // Elements with nothing but text in them: `<NAME>text</`.
    let mut rest = text.as_ref();
    while let Some((_, after)) = rest.split_once('<') {
        let Some((name, after)) = after.split_once('>') else { break };
        rest = after;
        let Some((value, end)) = after.split_once('<') else { break };
        if !end.starts_with('/') || value.trim().is_empty() || name.starts_with('/') {
            continue;
        }
        if let Some((_, category)) = ELEMENTS.iter().find(|(known, _)| *known == name) {
            findings.removed_value(*category, format!("iXML {name}"), value);
        }
    }
    if findings.is_empty() {
        findings.removed(Category::Unknown, "iXML");
    }
    findings
}

/// Those that say something of a person, a place, a device or a day.
const ELEMENTS: &[(&str, Category)] = &[
    ("PROJECT", Category::Comment),
    ("SCENE", Category::Comment),
    ("TAKE", Category::Comment),
    ("TAPE", Category::Comment),
    ("NOTE", Category::Comment),
    ("UBITS", Category::Identifier),
    ("FILE_UID", Category::Identifier),
    ("FAMILY_UID", Category::Identifier),
    ("FAMILY_NAME", Category::Comment),
    ("NAME", Category::Comment),
    ("CURRENT_FILENAME", Category::Identifier),
    ("ORIGINAL_FILENAME", Category::Identifier),
    ("PARENT_FILENAME", Category::Identifier),
    ("PARENT_UID", Category::Identifier),
    ("LOCATION_NAME", Category::Location),
    ("LOCATION_GPS", Category::Location),
    ("LOCATION_ALTITUDE", Category::Location),
    ("LOCATION_TYPE", Category::Location),
    ("LOCATION_TIME", Category::Time),
    ("FILE_CREATION_DATE", Category::Time),
    ("TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", Category::Time),
    ("BWF_DESCRIPTION", Category::Comment),
    ("BWF_ORIGINATOR", Category::Person),
    ("BWF_ORIGINATOR_REFERENCE", Category::Identifier),
    ("BWF_ORIGINATION_DATE", Category::Time),
    ("BWF_ORIGINATION_TIME", Category::Time),
    ("BWF_UMID", Category::Identifier),
    ("BWF_CODING_HISTORY", Category::History),
    ("AUDIO_RECORDER_MANUFACTURER", Category::Device),
    ("AUDIO_RECORDER_MODEL", Category::Device),
    ("AUDIO_RECORDER_SERIAL_NUMBER", Category::Device),
    ("AUDIO_RECORDER_FIRMWARE", Category::Device),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn told(findings: Findings) -> Vec<(Category, String, Option<String>)> {
        findings.into_vec().into_iter().map(|one| (one.category, one.place, one.value)).collect()
    }

    #[test]
    fn tags_are_told_by_their_meaning() {
        let list = list(b"INFOIART\x05\0\0\0Olena\0ISFT\x03\0\0\0abc\0IXYZ\x02\0\0\0hi");
        assert_eq!(
            told(list),
            [
                (Category::Person, "INFO IART (artist)".to_owned(), Some("Olena".to_owned())),
                (Category::Software, "INFO ISFT (software)".to_owned(), Some("abc".to_owned())),
                (Category::Comment, "INFO IXYZ".to_owned(), Some("hi".to_owned())),
            ]
        );
    }

    #[test]
    fn the_date_of_a_broadcast_wave_is_one_value() {
        let mut body = vec![0; 602];
        body[256..260].copy_from_slice(b"Zoom");
        body[320..338].copy_from_slice(b"2026-09-1418:30:42");
        body[338] = 7;
        body.extend(b"A=PCM");
        assert_eq!(
            told(bext(&body)),
            [
                (Category::Person, "bext Originator".to_owned(), Some("Zoom".to_owned())),
                (Category::Time, "bext OriginationDate".to_owned(), Some("2026-09-14 18:30:42".to_owned())),
                (Category::Time, "bext TimeReference".to_owned(), Some("7 samples since midnight".to_owned())),
                (Category::History, "bext CodingHistory".to_owned(), Some("A=PCM".to_owned())),
            ]
        );
    }

    #[test]
    fn ixml_is_told_by_its_elements() {
        let body =
            b"<BWFXML><PROJECT>Front</PROJECT><LOCATION><LOCATION_GPS>50.1, 36.2</LOCATION_GPS></LOCATION></BWFXML>";
        assert_eq!(
            told(ixml(body)),
            [
                (Category::Comment, "iXML PROJECT".to_owned(), Some("Front".to_owned())),
                (Category::Location, "iXML LOCATION_GPS".to_owned(), Some("50.1, 36.2".to_owned())),
            ]
        );
    }
}

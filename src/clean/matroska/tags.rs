//! What Tags give away (RFC 9559, 5.1.8, and the Matroska tag registry): names and values of SimpleTags, sorted by
//! what they reveal.

use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Refusal};

const TAG: u32 = 0x7373;
const SIMPLE_TAG: u32 = 0x67C8;
const TAG_NAME: u32 = 0x45A3;
const TAG_STRING: u32 = 0x4487;
const TAG_BINARY: u32 = 0x4485;
/// SimpleTags are read in one another no deeper than people write them: a country, in it a city, in it a street.
const DEPTH_MAX: usize = 5;

/// Says what a Tags element gives away.
pub(super) fn findings(cursor: &mut Cursor<'_>, tags: &Element, findings: &mut Findings) -> Result<(), Refusal> {
    let mut children = Children::of(tags);
    while let Some(tag) = children.next(cursor)? {
        if tag.id != TAG {
            super::dropped::element(cursor, &tag, "Tags", findings)?;
            continue;
        }
        let mut simple_tags = Children::of(&tag);
        while let Some(simple) = simple_tags.next(cursor)? {
            if simple.id == SIMPLE_TAG {
                simple_tag(cursor, &simple, DEPTH_MAX, findings)?;
            }
        }
    }
    Ok(())
}

/// One SimpleTag and those in it, `depth` deep.
fn simple_tag(cursor: &mut Cursor<'_>, tag: &Element, depth: usize, findings: &mut Findings) -> Result<(), Refusal> {
    let (mut name, mut value) = (String::new(), String::new());
    let mut children = Children::of(tag);
    while let Some(child) = children.next(cursor)? {
        match child.id {
            TAG_NAME => name = ebml::text(cursor, &child)?,
            TAG_STRING => value = ebml::text(cursor, &child)?,
            TAG_BINARY => value = format!("{} bytes", child.body_len),
            SIMPLE_TAG => match depth.checked_sub(1) {
                Some(depth) => simple_tag(cursor, &child, depth, findings)?,
                None => findings.removed(Category::HiddenContent, "SimpleTag, in many others"),
            },
            _ => {}
        }
    }
    let shown: String = name.chars().take(60).collect();
    findings.removed_value(category(&name), format!("SimpleTag {shown}"), &value);
    Ok(())
}

/// What a tag of this name reveals.
fn category(name: &str) -> Category {
    let name = name.to_uppercase();
    let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if says(&["LOCATION", "GPS", "LATITUDE", "LONGITUDE", "COUNTRY", "CITY", "ADDRESS", "ISO6709"]) {
        Category::Location
    } else if says(&["DATE", "_TIME", "YEAR", "TIMECODE", "CREATED"]) {
        Category::Time
    } else if says(&["COM.ANDROID.VERSION", "SOFTWARE", "ENCODER", "ENCODING", "HANDLER", "BRAND", "MUXER", "VENDOR"]) {
        Category::Software
    } else if says(&["COM.ANDROID", "COM.APPLE", "MAKE", "MODEL", "DEVICE", "CAMERA", "LENS", "SERIAL", "FIRMWARE"]) {
        Category::Device
    } else if says(&["_STATISTICS", "BPS", "NUMBER_OF_", "DURATION", "SOURCE", "ORIGINAL", "REPLAYGAIN"]) {
        Category::History
    } else if says(&PERSONS) {
        Category::Person
    } else if says(&["UID", "UUID", "IMDB", "TMDB", "TVDB", "ISRC", "MCDI", "ISBN", "BARCODE", "CATALOG", "_ID"]) {
        Category::Identifier
    } else {
        Category::Comment
    }
}

/// Words in names of tags that hold names of people.
const PERSONS: [&str; 21] = [
    "ARTIST",
    "PERFORMER",
    "AUTHOR",
    "DIRECTOR",
    "PRODUCER",
    "COMPOSER",
    "LYRICIST",
    "WRITTEN_BY",
    "ACTOR",
    "COPYRIGHT",
    "ENCODED_BY",
    "PUBLISHER",
    "LABEL",
    "OWNER",
    "EMAIL",
    "PHONE",
    "_BY",
    "CREDITS",
    "CONDUCTOR",
    "EDITOR",
    "USER",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tags_are_sorted_by_what_they_reveal() {
        for (name, expected) in [
            ("ENCODER", Category::Software),
            ("com.android.version", Category::Software),
            ("com.android.manufacturer", Category::Device),
            ("DATE_RECORDED", Category::Time),
            ("_STATISTICS_WRITING_DATE_UTC", Category::Time),
            ("creation_time", Category::Time),
            ("RECORDING_LOCATION", Category::Location),
            ("com.apple.quicktime.location.ISO6709", Category::Location),
            ("ARTIST", Category::Person),
            ("BPS", Category::History),
            ("ISRC", Category::Identifier),
            ("COMMENT", Category::Comment),
        ] {
            assert_eq!(category(name), expected, "{name}");
        }
    }
}

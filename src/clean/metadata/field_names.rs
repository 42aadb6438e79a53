//! What a field that is called by a word reveals: ARTIST, Encoded-by, creation_time. For containers whose fields
//! have spoken names and no registry that anyone keeps to. Knows nothing of where a field stood.

use crate::clean::Category;

/// The category of a field of this name, whatever its case and punctuation.
pub(crate) fn category(name: &str) -> Category {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    if let Some((_, category)) = WHOLE.iter().find(|(whole, _)| *whole == plain) {
        return *category;
    }
    PARTS.iter().find(|(part, _)| plain.contains(part)).map_or(Category::Comment, |(_, category)| *category)
}

/// Names that say something else than what [`PARTS`] would make of them.
const WHOLE: &[(&str, Category)] = &[
    ("albumartistsortorder", Category::Person),
    ("itunnorm", Category::Software),
    ("itunsmpb", Category::Software),
    ("itunescddb1", Category::Identifier),
    ("itunpgap", Category::Software),
    ("compatiblebrands", Category::Software),
    ("majorbrand", Category::Software),
    ("minorversion", Category::Software),
    ("recordinglocation", Category::Location),
    ("source", Category::Device),
    ("sourcemedia", Category::Device),
    ("year", Category::Time),
    ("by", Category::Person),
    ("from", Category::Person),
    ("tool", Category::Software),
];

/// Parts of names, the more telling first.
const PARTS: &[(&str, Category)] = &[
    ("location", Category::Location),
    ("latitude", Category::Location),
    ("longitude", Category::Location),
    ("altitude", Category::Location),
    ("gps", Category::Location),
    ("geo", Category::Location),
    ("country", Category::Location),
    ("city", Category::Location),
    ("venue", Category::Location),
    ("place", Category::Location),
    ("address", Category::Location),
    ("xyz", Category::Location),
    ("picture", Category::Thumbnail),
    ("coverart", Category::Thumbnail),
    ("thumbnail", Category::Thumbnail),
    ("serial", Category::Identifier),
    ("uuid", Category::Identifier),
    ("guid", Category::Identifier),
    ("umid", Category::Identifier),
    ("isrc", Category::Identifier),
    ("barcode", Category::Identifier),
    ("catalog", Category::Identifier),
    ("musicbrainz", Category::Identifier),
    ("acoustid", Category::Identifier),
    ("fingerprint", Category::Identifier),
    ("discid", Category::Identifier),
    ("cddb", Category::Identifier),
    ("ean", Category::Identifier),
    ("upc", Category::Identifier),
    ("encodedby", Category::Person),
    ("encoder", Category::Software),
    ("encoding", Category::Software),
    ("encodedusing", Category::Software),
    ("software", Category::Software),
    ("writingapp", Category::Software),
    ("writinglib", Category::Software),
    ("muxing", Category::Software),
    ("handler", Category::Software),
    ("replaygain", Category::Software),
    ("r128", Category::Software),
    ("mp3gain", Category::Software),
    ("accurate", Category::Software),
    ("version", Category::Software),
    ("manufacturer", Category::Device),
    ("device", Category::Device),
    ("model", Category::Device),
    ("make", Category::Device),
    ("camera", Category::Device),
    ("recorder", Category::Device),
    ("microphone", Category::Device),
    ("mediatype", Category::Device),
    ("hardware", Category::Device),
    ("android", Category::Device),
    ("date", Category::Time),
    ("time", Category::Time),
    ("year", Category::Time),
    ("artist", Category::Person),
    ("author", Category::Person),
    ("performer", Category::Person),
    ("composer", Category::Person),
    ("conductor", Category::Person),
    ("lyricist", Category::Person),
    ("writer", Category::Person),
    ("arranger", Category::Person),
    ("remixer", Category::Person),
    ("engineer", Category::Person),
    ("producer", Category::Person),
    ("director", Category::Person),
    ("ensemble", Category::Person),
    ("publisher", Category::Person),
    ("label", Category::Person),
    ("organization", Category::Person),
    ("copyright", Category::Person),
    ("license", Category::Person),
    ("contact", Category::Person),
    ("owner", Category::Person),
    ("person", Category::Person),
    ("user", Category::Person),
    ("email", Category::Person),
    ("account", Category::Person),
    ("history", Category::History),
    ("playcount", Category::History),
    ("original", Category::History),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_read_whatever_its_case_and_punctuation() {
        for (name, expected) in [
            ("ARTIST", Category::Person),
            ("Encoded By", Category::Person),
            ("encoder", Category::Software),
            ("creation_time", Category::Time),
            ("com.android.version", Category::Software),
            ("GEO_LOCATION", Category::Location),
            ("METADATA_BLOCK_PICTURE", Category::Thumbnail),
            ("MUSICBRAINZ_ARTISTID", Category::Identifier),
            ("iTunNORM", Category::Software),
            ("TITLE", Category::Comment),
            ("", Category::Comment),
        ] {
            assert_eq!(category(name), expected, "{name}");
        }
    }
}

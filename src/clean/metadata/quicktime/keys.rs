//! What metadata keys, list items and user data mean. Reads no file.

use crate::clean::Category;

/// What an item says.
pub(super) struct Says {
    pub(super) category: Category,
    /// In words, behind its type; may be empty.
    pub(super) words: &'static str,
}

/// A key of `keys`, such as `com.apple.quicktime.make`: what it says, and how it is called.
pub(crate) fn key(name: &str) -> (Category, String) {
    if name.ends_with("content.identifier") {
        return (Category::Identifier, format!("{name} (pairs a Live Photo with its film)"));
    }
    (category_of(name), name.to_owned())
}

/// What a name of one's own choosing seems to say.
pub(super) fn category_of(name: &str) -> Category {
    let lower = name.to_lowercase();
    // Whose key it is says nothing: `com.apple.quicktime.`, `com.android.`.
    let own = ["com.apple.quicktime.", "com.apple.", "com.android.", "com.samsung.", "com."];
    let lower = own.iter().find_map(|own| lower.strip_prefix(own)).unwrap_or(&lower);
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["location", "gps", "latitude", "longitude", "xyz"]) {
        Category::Location
    } else if says(&["make", "model", "camera", "lens", "device", "serial", "manufacturer", "capture.fps"]) {
        Category::Device
    } else if says(&["date", "time", "year"]) {
        Category::Time
    } else if says(&["author", "artist", "owner", "copyright", "producer", "director", "user", "face", "person"]) {
        Category::Person
    } else if says(&["software", "encod", "tool", "version", "itunsmpb", "itunnorm"]) {
        Category::Software
    } else if says(&["identifier", "uuid", "guid", "montage", "isrc", "_id", "cddb"]) {
        Category::Identifier
    } else if says(&["comment", "description", "title", "keyword", "displayname", "information"]) {
        Category::Comment
    } else {
        Category::Unknown
    }
}

/// An item of `ilst` or of user data, by its type.
pub(super) fn item(kind: [u8; 4]) -> Says {
    let (category, words) = match &kind {
        b"\xA9xyz" => (Category::Location, " location"),
        b"loci" => (Category::Location, " location"),
        b"\xA9day" | b"\xA9TIM" | b"yrrc" | b"date" | b"\xA9grp" | b"purd" => (Category::Time, " date"),
        b"\xA9ed1" | b"\xA9ed2" | b"\xA9ed3" | b"\xA9ed4" => (Category::History, " edited"),
        b"\xA9mak" | b"manu" | b"\xA9mal" => (Category::Device, " make"),
        b"\xA9mod" | b"modl" => (Category::Device, " model"),
        b"CAME" => (Category::Device, " serial number of the camera"),
        b"LENS" | b"\xA9lnt" => (Category::Device, " lens"),
        b"FIRM" | b"FOV\0" => (Category::Software, " firmware"),
        b"MUID" | b"GUMI" | b"HMMT" | b"BCID" | b"mshr" => (Category::Identifier, " of the maker"),
        b"SETT" | b"AMBA" | b"smta" | b"saut" | b"smrd" | b"SDLN" | b"slmt" => (Category::Device, " of the maker"),
        b"auth" | b"\xA9aut" | b"\xA9ART" | b"\xA9art" | b"aART" | b"perf" | b"\xA9prf" => {
            (Category::Person, " author")
        }
        b"\xA9dir" | b"\xA9prd" | b"\xA9wrt" | b"\xA9com" | b"\xA9own" | b"ownr" | b"apID" => {
            (Category::Person, " name")
        }
        b"cprt" | b"\xA9cpy" => (Category::Person, " copyright"),
        b"\xA9swr" | b"\xA9too" | b"\xA9enc" | b"\xA9req" | b"\xA9fmt" | b"\xA9src" => {
            (Category::Software, " software")
        }
        b"titl" | b"\xA9nam" | b"name" | b"\xA9alb" | b"albm" | b"tvsh" => (Category::Comment, " title"),
        b"\xA9cmt" | b"dscp" | b"desc" | b"ldes" | b"\xA9des" | b"\xA9inf" | b"kywd" | b"keyw" | b"\xA9key"
        | b"clsf" => (Category::Comment, " words"),
        b"\xA9lyr" => (Category::Comment, " lyrics"),
        b"gnre" | b"\xA9gen" | b"rtng" | b"stik" | b"trkn" | b"disk" | b"tmpo" | b"cpil" | b"pgap" | b"hdvd" => {
            (Category::Comment, "")
        }
        b"covr" | b"thmb" | b"THMB" | b"SNAL" => (Category::Thumbnail, " picture"),
        b"cnID" | b"atID" | b"plID" | b"geID" | b"sfID" | b"cmID" | b"akID" | b"xid " => {
            (Category::Identifier, " of a shop")
        }
        b"chpl" => (Category::Comment, " chapters"),
        b"Xtra" => (Category::Unknown, " (Microsoft)"),
        _ => (Category::Unknown, ""),
    };
    Says { category, words }
}

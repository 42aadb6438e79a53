//! Which books are refused before they are read, and what the members give away that nobody is shown. Reads none of
//! them but the list of what is encrypted.

use std::collections::BTreeSet;

use super::FORMAT;
use crate::clean::container::zip::{Archive, MIMETYPE};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// Refuses what is of another kind, and what is encrypted (EPUB 3.3, 4.2.6.3.2). Fonts that are only scrambled are not.
pub(super) fn check(archive: &Archive, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
    let said = match archive.member(MIMETYPE) {
        Some(member) => String::from_utf8_lossy(&archive.bytes(cursor, member, 128)?).trim().to_owned(),
        None => String::new(),
    };
    if said != FORMAT.media_type {
        return Err(Refusal::new(Reason::NotUnderstood, "mimetype", 0));
    }
    let Some(member) = archive.member("META-INF/encryption.xml") else { return Ok(()) };
    let bytes = archive.bytes(cursor, member, limits::TEXT_BYTES_MAX)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut algorithms = text.split("Algorithm").skip(1).map(|part| part.split(['"', '\'']).nth(1).unwrap_or_default());
    let is_readable = text.contains("encryption");
    if is_readable && algorithms.all(|algorithm| SCRAMBLED.contains(&algorithm)) {
        return Ok(());
    }
    Err(Refusal::new(Reason::Encrypted, "META-INF/encryption.xml", member.at))
}

/// Ways to make the beginning of a font unreadable, which need no key (EPUB 3.3, 4.4; Adobe).
const SCRAMBLED: [&str; 2] = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

/// Says which members are in no place that is shown.
pub(super) fn others(archive: &Archive, shown: &[String], findings: &mut Findings) {
    let shown: BTreeSet<&str> = shown.iter().map(|path| path.split('\0').next().unwrap_or_default()).collect();
    for member in archive.members().iter().filter(|member| !shown.contains(member.name.as_str())) {
        let lower = member.name.to_ascii_lowercase();
        let (category, place) = match lower.rsplit_once('.').map_or("", |(_, extension)| extension) {
            _ if member.is_folder() => (Category::Comment, "folder inside"),
            "ttf" | "otf" | "woff" | "woff2" => (Category::HiddenContent, "embedded font"),
            "mp3" | "m4a" | "mp4" | "m4v" | "ogg" | "webm" => (Category::HiddenContent, "sound or film"),
            "js" => (Category::HiddenContent, "script"),
            _ if lower == "meta-inf/com.apple.ibooks.display-options.xml" => (Category::Software, "display options"),
            _ if lower.ends_with("calibre_bookmarks.txt") => (Category::History, "bookmarks"),
            _ if lower.starts_with("meta-inf/") => (Category::Identifier, "other members of META-INF"),
            _ => (Category::Unknown, "other members"),
        };
        findings.removed_value(category, place, &member.name);
    }
}

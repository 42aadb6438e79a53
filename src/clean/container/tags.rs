//! Tags that stand before, between and behind the frames of sound: ID3, APE, Lyrics3. Tells what they say and passes
//! over them; keeps none.

use crate::clean::cursor::Cursor;
use crate::clean::metadata::{id3, trailers};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// Bytes of a Lyrics3 block in which its end is looked for.
const LYRICS_BYTES_MAX: usize = 16 * 1024;

/// Passes over all tags one behind the other, from where `cursor` stands.
///
/// # Errors
/// [`Reason::TooLarge`] for more than [`limits::SOUND_TAGS_MAX`].
pub(crate) fn pass_all(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<(), Refusal> {
    for _ in 0..=limits::SOUND_TAGS_MAX {
        if !pass(cursor, findings)? {
            return Ok(());
        }
    }
    Err(Refusal::new(Reason::TooLarge, "number of tags", cursor.at()))
}

/// If a tag begins where `cursor` stands, tells what it says and goes behind it. Whether one did.
pub(crate) fn pass(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<bool, Refusal> {
    let at = cursor.at();
    let Some(tag) = tag(cursor)? else {
        cursor.go_to(at, "tag")?;
        return Ok(false);
    };
    cursor.go_to(at, "tag")?;
    // What is too long to be read is passed over all the same.
    let read = usize::try_from(tag.len).unwrap_or(usize::MAX).min(limits::METADATA_BYTES_MAX);
    let read = read.min(usize::try_from(cursor.remaining()).unwrap_or(usize::MAX));
    let block = cursor.bytes(read, "tag")?;
    findings.append(match tag.kind {
        Kind::Id3v2 => id3::findings(&block),
        Kind::Id3v1 => trailers::id3v1(&block),
        Kind::Id3v1Extension => trailers::id3v1_extension(&block),
        Kind::Ape { skipped } => trailers::ape(block.get(skipped..).unwrap_or_default()),
        Kind::Lyrics3 => trailers::lyrics3(&block),
    });
    cursor.go_to(at.saturating_add(tag.len).min(cursor.len()), "tag")?;
    Ok(true)
}

/// Passes over everything up to the end of the file, all of which stands behind the sound, and tells of it.
pub(crate) fn pass_rest(cursor: &mut Cursor<'_>, place: &str, findings: &mut Findings) -> Result<(), Refusal> {
    pass_all(cursor, findings)?;
    if cursor.remaining() == 0 {
        return Ok(());
    }
    findings.removed(Category::HiddenContent, place);
    // The oldest tag stands at the very end, whatever is before it.
    let from_end = u64::try_from(trailers::ID3V1_BYTES).unwrap_or(u64::MAX);
    if let Some(at) = cursor.len().checked_sub(from_end).filter(|&at| at > cursor.at()) {
        cursor.go_to(at, "tag")?;
        pass(cursor, findings)?;
    }
    cursor.go_to(cursor.len(), "tag")
}

struct Tag {
    kind: Kind,
    len: u64,
}

enum Kind {
    Id3v2,
    Id3v1,
    Id3v1Extension,
    /// Bytes of the header before the items.
    Ape {
        skipped: usize,
    },
    Lyrics3,
}

/// The tag that begins here; leaves the cursor anywhere.
fn tag(cursor: &mut Cursor<'_>) -> Result<Option<Tag>, Refusal> {
    let at = cursor.at();
    let left = cursor.remaining();
    let is_here = |beginning: &[u8], cursor: &mut Cursor<'_>| -> Result<bool, Refusal> {
        let len = u64::try_from(beginning.len()).unwrap_or(u64::MAX);
        let found = left >= len && cursor.bytes(beginning.len(), "tag")? == beginning;
        cursor.go_to(at, "tag")?;
        Ok(found)
    };
    if left >= 10 && is_here(b"ID3", cursor)? {
        let len = id3::tag_len(cursor.array("tag")?);
        return Ok(len.map(|len| Tag { kind: Kind::Id3v2, len }));
    }
    let extension = u64::try_from(trailers::ID3V1_EXTENSION_BYTES).unwrap_or(u64::MAX);
    if left >= extension && is_here(b"TAG+", cursor)? {
        return Ok(Some(Tag { kind: Kind::Id3v1Extension, len: extension }));
    }
    // It has nothing to tell it by but three letters and its place.
    let id3v1 = u64::try_from(trailers::ID3V1_BYTES).unwrap_or(u64::MAX);
    if left >= id3v1 && is_here(b"TAG", cursor)? {
        return Ok(Some(Tag { kind: Kind::Id3v1, len: id3v1 }));
    }
    let header = u64::try_from(trailers::APE_HEADER_BYTES).unwrap_or(u64::MAX);
    if left >= header && is_here(b"APETAGEX", cursor)? {
        let tag = trailers::ape_len(cursor.array("tag")?).map(|(len, is_header)| {
            // A footer alone is that of items which nobody told from garbage.
            let len = if is_header { len.saturating_add(header) } else { header };
            Tag { kind: Kind::Ape { skipped: trailers::APE_HEADER_BYTES }, len }
        });
        return Ok(tag.filter(|tag| tag.len <= left));
    }
    if is_here(b"LYRICSBEGIN", cursor)? {
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(LYRICS_BYTES_MAX);
        let len = trailers::lyrics3_len(&cursor.bytes(len, "tag")?);
        let len = len.and_then(|len| u64::try_from(len).ok());
        return Ok(len.map(|len| Tag { kind: Kind::Lyrics3, len }));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], at_after: u64, expected: &[&str]) {
        let mut reader = std::io::Cursor::new(bytes.to_vec());
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let mut findings = Findings::default();
        while pass(&mut cursor, &mut findings).unwrap() {}
        assert_eq!(cursor.at(), at_after);
        let places: Vec<_> = findings.into_vec().into_iter().map(|finding| finding.place).collect();
        assert_eq!(places, expected);
    }

    #[test]
    fn tags_one_behind_the_other_are_passed() {
        let id3 = b"ID3\x03\0\0\0\0\0\x11TPE1\0\0\0\x05\0\0\0Kira\0\0";
        let mut id3v1 = b"TAGat the gate".to_vec();
        id3v1.resize(128, 0);
        let mut ape = b"APETAGEX\xD0\x07\0\0\x0E\0\0\0\x01\0\0\0\0\0\0\xA0\0\0\0\0\0\0\0\0".to_vec();
        ape.extend(b"\x04\0\0\0\0\0\0\0X\0Kira");
        let lyrics = b"LYRICSBEGINEAR00004Kira000023LYRICS200";
        let all = [id3.as_slice(), &ape, lyrics, &id3v1, b"sound"].concat();
        let end = u64::try_from(all.len() - 5).unwrap();
        check(&all, end, &["ID3 TPE1 artist", "APE X", "Lyrics3 artist", "ID3v1 title"]);
    }

    #[test]
    fn tags_are_limited() {
        for (count, is_accepted) in
            [(limits::SOUND_TAGS_MAX - 1, true), (limits::SOUND_TAGS_MAX, true), (limits::SOUND_TAGS_MAX + 1, false)]
        {
            let mut reader = std::io::Cursor::new(b"ID3\x03\0\0\0\0\0\0".repeat(count));
            let passed = pass_all(&mut Cursor::new(&mut reader).unwrap(), &mut Findings::default());
            assert_eq!(passed.is_ok(), is_accepted, "{count}");
        }
    }

    #[test]
    fn what_is_no_tag_stays_and_a_tag_that_is_cut_is_passed_to_the_end() {
        check(b"\xFF\xFB\x90\x64 sound", 0, &[]);
        check(b"TAG and nothing else", 0, &[]);
        check(b"LYRICSBEGIN without an end", 0, &[]);
        check(b"ID3\x03\0\0\0\0\x0F\x11TPE1\0\0\0\x05\0\0\0Kira", 25, &["ID3 TPE1 artist"]);
    }
}

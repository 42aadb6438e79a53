//! What elements that are not kept give away. Knows no element that is kept.

use super::{attachments, chapters, id, tags};
use crate::clean::container::ebml::{self, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Refusal};

/// Says what an element gives away that may stand in any other (RFC 8794, 11.3), or that nobody knows.
pub(super) fn element(
    cursor: &mut Cursor<'_>,
    element: &Element,
    parent: &'static str,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    match element.id {
        id::VOID if is_blank(cursor, element)? => findings.removed(Category::Software, "Void"),
        id::VOID => findings.removed_value(Category::HiddenContent, "Void", &legible(cursor, element)?),
        id::CRC_32 => findings.removed(Category::Software, "CRC-32"),
        number => {
            let value = legible(cursor, element)?;
            findings.removed_value(Category::Unknown, format!("element {number:X} in {parent}"), &value);
        }
    }
    Ok(())
}

/// Says what a child of the Segment gives away.
pub(super) fn of_segment(cursor: &mut Cursor<'_>, found: &Element, findings: &mut Findings) -> Result<(), Refusal> {
    match found.id {
        id::SEEK_HEAD => findings.removed(Category::Software, "SeekHead"),
        id::TAGS => tags::findings(cursor, found, findings)?,
        id::CHAPTERS => chapters::findings(cursor, found, findings)?,
        id::ATTACHMENTS => attachments::findings(cursor, found, findings)?,
        id::INFO => findings.removed(Category::History, "another Info"),
        _ => element(cursor, found, "Segment", findings)?,
    }
    Ok(())
}

/// Says what a child of a TrackEntry gives away.
pub(super) fn of_track(cursor: &mut Cursor<'_>, found: &Element, findings: &mut Findings) -> Result<(), Refusal> {
    let (category, name) = match found.id {
        // Given by default, or of no meaning where there is one track of a kind.
        id::FLAG_DEFAULT | id::FLAG_LACING | id::FLAG_FORCED => {
            (Category::Software, "FlagDefault, FlagForced, FlagLacing")
        }
        id::MIN_CACHE | id::MAX_CACHE => (Category::Software, "MinCache, MaxCache"),
        id::DEFAULT_DECODED_FIELD_DURATION => (Category::Software, "DefaultDecodedFieldDuration"),
        // Kept in its own way where it means the alpha channel.
        id::MAX_BLOCK_ADDITION_ID => return Ok(()),
        id::BLOCK_ADDITION_MAPPING => (Category::HiddenContent, "BlockAdditionMapping"),
        id::CODEC_DECODE_ALL => (Category::Software, "CodecDecodeAll"),
        id::ATTACHMENT_LINK => (Category::Identifier, "AttachmentLink"),
        id::TRICK_TRACK_UID | id::TRICK_TRACK_SEGMENT_UID => {
            (Category::Identifier, "TrickTrackUID, TrickTrackSegmentUID")
        }
        0xC4 | 0xC6 | 0xC7 => (Category::Software, "TrickTrackFlag, TrickMasterTrackUID"),
        0x6FAB | 0x6624 => (Category::History, "TrackOverlay, TrackTranslate"),
        0x55AB..=0x55AF => (Category::Comment, "FlagHearingImpaired, FlagVisualImpaired, FlagOriginal, FlagCommentary"),
        id::CODEC_NAME | id::CODEC_SETTINGS => {
            findings.removed_value(Category::Software, "TrackEntry CodecName", &ebml::text(cursor, found)?);
            return Ok(());
        }
        id::CODEC_INFO_URL | id::CODEC_DOWNLOAD_URL => {
            findings.removed_value(Category::Software, "TrackEntry CodecInfoURL", &ebml::text(cursor, found)?);
            return Ok(());
        }
        _ => return element(cursor, found, "TrackEntry", findings),
    };
    findings.removed(category, format!("TrackEntry {name}"));
    Ok(())
}

/// What can be read of it, if all of it can.
fn legible(cursor: &mut Cursor<'_>, element: &Element) -> Result<String, Refusal> {
    let text = ebml::text(cursor, element)?;
    let is_legible = text.chars().all(|c| !c.is_control() && (c.is_ascii() || c.is_alphanumeric()));
    Ok(if is_legible { text } else { String::new() })
}

/// Whether it holds zeros only.
fn is_blank(cursor: &mut Cursor<'_>, element: &Element) -> Result<bool, Refusal> {
    let mut is_blank = true;
    while is_blank && cursor.at() < element.end() {
        let left = usize::try_from(element.end().saturating_sub(cursor.at())).unwrap_or(usize::MAX);
        let buffered = cursor.buffered()?;
        let part = buffered.get(..left.min(buffered.len())).unwrap_or_default();
        if part.is_empty() {
            break;
        }
        is_blank = part.iter().all(|&byte| byte == 0);
        let len = part.len();
        cursor.consume(len);
    }
    cursor.go_to(element.body_at, "Void")?;
    Ok(is_blank)
}

//! Says what is left behind: boxes, tracks, trailers, and bytes that no sample refers to. Keeps nothing.

use super::assemble::{Samples, Segment, Track};
use super::track::Raw;
use super::{entry, telemetry, walk};
use crate::clean::container::bmff::BoxHeader;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::{legible, quicktime};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// Names a box that goes, in the box `parent`; `""` for the file.
pub(super) fn name_box(
    parent: &str,
    header: &BoxHeader,
    cursor: &mut Cursor<'_>,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let space = if parent.is_empty() { "" } else { " " };
    let place = format!("{parent}{space}{}", entry::name(header.kind));
    match &header.kind {
        b"free" | b"skip" | b"wide" => {
            let told = walk::beginning(cursor, header, limits::MP4_TOLD_BYTES_MAX)?;
            let is_all = u64::try_from(told.len()) == Ok(header.body_len);
            if !is_all || told.iter().any(|&byte| byte != 0) {
                let text = printable(&told).unwrap_or(format!("{} bytes", header.body_len));
                findings.removed_value(Category::HiddenContent, place, &text);
            }
        }
        b"meta" => {
            let body = walk::beginning(cursor, header, limits::METADATA_BYTES_MAX)?;
            quicktime::meta(&body, header.body_at, findings);
        }
        b"uuid" => {
            let body = walk::beginning(cursor, header, limits::METADATA_BYTES_MAX)?;
            quicktime::unique(&body, findings);
        }
        b"XMP_" => {
            let body = walk::beginning(cursor, header, limits::METADATA_BYTES_MAX)?;
            findings.append(crate::clean::metadata::xmp::findings(&body));
        }
        b"iods" => findings.removed(Category::Unknown, "iods, MPEG-4 object descriptor"),
        b"emsg" => findings.removed(Category::Comment, "emsg, event message"),
        b"prft" => findings.removed(Category::Time, "prft, time of recording"),
        b"pssh" => findings.removed(Category::Identifier, "pssh, protection system"),
        b"pnot" | b"PICT" | b"pict" => findings.removed(Category::Thumbnail, format!("{place}, preview")),
        b"thum" | b"thmb" => findings.removed(Category::Thumbnail, place),
        b"jumb" => findings.removed(Category::History, "JUMBF (C2PA)"),
        _ => findings.removed(Category::Unknown, place),
    }
    Ok(())
}

/// Bytes as text, if they are nothing else.
fn printable(bytes: &[u8]) -> Option<String> {
    let text = bytes.split(|&byte| byte == 0).find(|part| !part.is_empty())?;
    let is_text = text.len() > 3
        && std::str::from_utf8(legible::shown(text))
            .is_ok_and(|text| text.chars().all(|letter| !letter.is_control() || letter.is_whitespace()));
    is_text.then(|| legible::text(text))
}

/// What stands behind the last box, from `at` to the end.
pub(super) fn name_trailer(cursor: &mut Cursor<'_>, at: u64, findings: &mut Findings) -> Result<(), Refusal> {
    let len = cursor.len().saturating_sub(at);
    let tail_len = len.min(64);
    cursor.go_to(cursor.len().saturating_sub(tail_len), "trailer")?;
    let tail = cursor.bytes(usize::try_from(tail_len).unwrap_or(0), "trailer")?;
    let told = format!("{len} bytes");
    if tail.ends_with(b"8db42d694ccc418790edff439fe026bf") {
        findings.removed_value(Category::Device, "Insta360 trailer (serial number, motion, position)", &told);
    } else if tail.ends_with(b"SEFT") {
        findings.removed_value(Category::Device, "Samsung trailer (SEFT)", &told);
    } else {
        findings.removed_value(Category::HiddenContent, "behind the last box", &told);
    }
    Ok(())
}

/// Names a track that goes.
pub(super) fn name_track(raw: &Raw, is_chapter: bool, findings: &mut Findings) {
    let count = raw.tables.sizes.as_ref().map_or(0, super::tables::Sizes::count);
    let description = raw.descriptions.as_ref().map(|(body, _)| body.as_slice());
    let kind = description_kind(description);
    let (category, words) = match (&raw.handler, &kind) {
        (_, b"gpmd") => (Category::Location, "GoPro telemetry (GPMF: position, motion, device)"),
        (_, b"camm") => (Category::Location, "camera motion (camm: position)"),
        (_, b"mebx") => (Category::Unknown, "timed metadata (mebx)"),
        (_, b"mett" | b"metx" | b"urim") => (Category::Unknown, "timed metadata"),
        (_, b"rtmd") => (Category::Device, "Sony telemetry (rtmd)"),
        (_, b"fdsc") => (Category::Device, "GoPro file description"),
        (_, b"CTMD") => (Category::Device, "Canon telemetry"),
        (_, b"djmd" | b"dbgi") => (Category::Location, "DJI telemetry"),
        (b"tmcd", _) | (_, b"tmcd") => (Category::Time, "time code"),
        (b"vide", _) if is_chapter => (Category::Thumbnail, "pictures of chapters"),
        _ if is_chapter => (Category::Comment, "chapters"),
        (b"text" | b"sbtl" | b"subt" | b"subp" | b"clcp", _) => (Category::Comment, "subtitles or captions"),
        (b"hint", _) => (Category::Unknown, "streaming hints"),
        (b"odsm" | b"sdsm" | b"ocsm" | b"mjsm" | b"m7sm" | b"ipsm", _) => (Category::Unknown, "MPEG-4 scene"),
        (b"pict", _) => (Category::Thumbnail, "pictures"),
        (b"auxv", _) => (Category::HiddenContent, "auxiliary video, such as depth"),
        _ => (Category::Unknown, "of a kind that is not kept"),
    };
    let handler = entry::name(raw.handler);
    let told = format!("{count} samples");
    let shown = if handler.is_empty() { "track".to_owned() } else { format!("track {handler}") };
    findings.removed_value(category, format!("{shown}: {words}"), &told);
    if kind == *b"mebx"
        && let Some(description) = description
    {
        telemetry::tell_keys(description, findings);
    }
}

/// Type of the first sample description in the body of `stsd`.
fn description_kind(body: Option<&[u8]>) -> [u8; 4] {
    body.and_then(|body| body.get(12..16)?.try_into().ok()).unwrap_or_default()
}

/// What tells how the samples of a track that goes are to be read: its sample description, or its handler.
pub(super) fn telling(handler: [u8; 4], description: Option<&[u8]>) -> [u8; 4] {
    let kind = description_kind(description);
    if matches!(&kind, b"gpmd" | b"camm" | b"mebx" | b"tx3g" | b"text" | b"sbtl" | b"djmd") { kind } else { handler }
}

/// Tells what the first samples of a track that goes say, where that can be read.
pub(super) fn tell_track(track: &Track, cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<(), Refusal> {
    let Samples { sizes, segments, .. } = &track.samples;
    let mut budget = limits::MP4_TOLD_BYTES_MAX;
    for &Segment { at, first, count, .. } in segments.iter().take(TOLD_SEGMENTS_MAX) {
        let mut at = at;
        for sample in (first..first.saturating_add(count)).take(TOLD_SAMPLES_MAX) {
            let len = usize::try_from(sizes.of(sample)).unwrap_or(usize::MAX);
            if len > budget || at > cursor.len() || u64::from(sizes.of(sample)) > cursor.len().saturating_sub(at) {
                return Ok(());
            }
            budget = budget.saturating_sub(len);
            cursor.go_to(at, "sample")?;
            let bytes = cursor.bytes(len, "sample")?;
            if telemetry::tell_sample(track.handler, &bytes, findings) {
                return Ok(());
            }
            at = at.saturating_add(sizes.of(sample).into());
        }
    }
    Ok(())
}

const TOLD_SEGMENTS_MAX: usize = 32;
const TOLD_SAMPLES_MAX: usize = 200;

/// Takes out sample descriptions that no sample has, and numbers the others anew.
pub(super) fn drop_unused_entries(track: &mut Track, findings: &mut Findings) -> Result<(), Refusal> {
    let used = |index: usize| track.samples.segments.iter().any(|segment| usize::try_from(segment.entry) == Ok(index));
    let are_used: Vec<bool> = (0..track.entries.len()).map(used).collect();
    let mut numbers = Vec::new();
    let mut next: u32 = 0;
    for &is_used in &are_used {
        numbers.push(next);
        next = next.saturating_add(u32::from(is_used));
    }
    if are_used.contains(&false) {
        findings.removed(Category::HiddenContent, "sample description that no sample has");
    }
    let mut flags = are_used.iter();
    track.entries.retain(|_| flags.next() == Some(&true));
    for segment in &mut track.samples.segments {
        let number = usize::try_from(segment.entry).ok().and_then(|index| numbers.get(index));
        segment.entry = *number.ok_or(Refusal::new(Reason::Damaged, "sample description index", track.at))?;
    }
    Ok(())
}

/// Tells when it was made and changed, as `mvhd`, `tkhd` and `mdhd` say.
pub(super) fn tell_times([made, changed]: [u64; 2], findings: &mut Findings) {
    for (time, place) in [(made, "creation time"), (changed, "modification time")] {
        if time > 0 {
            let told = quicktime::date(time).unwrap_or_default();
            findings.removed_value(Category::Time, place, &told);
        }
    }
}

/// Tells a language (ISO/IEC 14496-12, 8.4.2.3; QuickTime, Language Code Values).
pub(super) fn tell_language(code: u16, findings: &mut Findings) {
    let letter = |shift: u32| {
        let bits = code.checked_shr(shift).unwrap_or(0) & 0x1F;
        u8::try_from(bits).ok().and_then(|bits| bits.checked_add(0x60)).map_or('?', char::from)
    };
    let told = match code {
        // English on a Macintosh is what there is without a choice; und; unspecified.
        0 | 0x55C4 | 0x7FFF => return,
        1..0x400 => match MAC_LANGUAGES.iter().find(|(known, _)| *known == code) {
            Some((_, name)) => (*name).to_owned(),
            None => format!("Macintosh language {code}"),
        },
        _ => [letter(10), letter(5), letter(0)].into_iter().collect(),
    };
    findings.removed_value(Category::Person, "mdhd language", &told);
}

const MAC_LANGUAGES: &[(u16, &str)] = &[
    (1, "French"),
    (2, "German"),
    (12, "Arabic"),
    (25, "Polish"),
    (31, "Persian"),
    (32, "Russian"),
    (45, "Ukrainian"),
    (46, "Belarusian"),
    (51, "Armenian"),
    (52, "Georgian"),
];

/// The media data boxes of a file.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// First byte and length, in the order of the file.
    boxes: Vec<(u64, u64)>,
}

impl Coverage {
    pub(super) fn add(&mut self, at: u64, len: u64) -> Result<(), Refusal> {
        if self.boxes.len() >= limits::PIECES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of mdat boxes", at));
        }
        self.boxes.push((at, len));
        Ok(())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.boxes.is_empty()
    }

    /// Whether `len` bytes at `at` lie in one of them.
    pub(super) fn holds(&self, at: u64, len: u64) -> bool {
        let index = self.boxes.partition_point(|(begins, _)| *begins <= at);
        let before = index.checked_sub(1).and_then(|index| self.boxes.get(index));
        before.is_some_and(|&(begins, size)| at.saturating_add(len) <= begins.saturating_add(size))
    }

    /// How many of their bytes are in none of `ranges` (first byte, first byte behind).
    pub(super) fn bytes_unused(&self, ranges: impl Iterator<Item = (u64, u64)>) -> u64 {
        let mut ranges: Vec<_> = ranges.filter(|(at, end)| at < end).collect();
        ranges.sort_unstable();
        let mut unused = 0_u64;
        let mut ranges = ranges.into_iter().peekable();
        for &(at, len) in &self.boxes {
            let end = at.saturating_add(len);
            let mut next = at;
            while next < end {
                match ranges.peek().copied() {
                    Some((_, behind)) if behind <= next => {
                        ranges.next();
                    }
                    Some((begins, behind)) if begins < end => {
                        unused = unused.saturating_add(begins.saturating_sub(next));
                        next = behind;
                    }
                    _ => {
                        unused = unused.saturating_add(end.saturating_sub(next));
                        next = end;
                    }
                }
            }
        }
        unused
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_no_sample_has_are_counted_once() {
        let mut coverage = Coverage::default();
        coverage.add(100, 50).unwrap();
        coverage.add(200, 50).unwrap();
        let unused = |ranges: &[(u64, u64)]| coverage.bytes_unused(ranges.iter().copied());
        assert_eq!(unused(&[]), 100);
        assert_eq!(unused(&[(100, 150), (200, 250)]), 0);
        assert_eq!(unused(&[(110, 120), (115, 130), (90, 105), (240, 300), (260, 270)]), 5 + 20 + 40);
        assert!(
            coverage.holds(100, 50) && !coverage.holds(100, 51) && !coverage.holds(99, 1) && coverage.holds(249, 1)
        );
    }

    #[test]
    fn languages_are_told_but_for_none() {
        let told = |code: u16| {
            let mut findings = Findings::default();
            tell_language(code, &mut findings);
            findings.into_vec().first().and_then(|finding| finding.value.clone())
        };
        assert_eq!(told(0x55C4), None);
        assert_eq!(told(0), None);
        assert_eq!(told(0x4AB3).as_deref(), Some("rus"));
        assert_eq!(told(45).as_deref(), Some("Ukrainian"));
    }
}

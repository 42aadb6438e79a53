//! What the parts of a HEIF file that are not kept give away. Decides nothing, and never fails for what they say.

use std::collections::BTreeSet;

use super::choose;
use super::fields::Fields;
use super::gather;
use super::location::{self, Range};
use super::meta::{Entry, Meta};
use super::picture::Picture;
use super::sequence::Movie;
use super::survey::Survey;
use crate::clean::container::bmff::BoxHeader;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::{exif, legible, xmp};
use crate::clean::{Category, Findings, Refusal};
use crate::limits;

/// Bytes of a box that nobody needs which are looked at.
const LOOK_BYTES_MAX: usize = 64 * 1024;
/// Pieces of a metadata block that is read; every one may cost a jump in the file.
const PIECES_MAX: usize = 64;

/// Says that a name was there, if it was.
pub(super) fn name(category: Category, place: &str, name: &[u8], findings: &mut Findings) {
    let text = legible::text(name);
    if !text.is_empty() {
        findings.removed_value(category, format!("{place} name"), &text);
    } else if name.iter().any(|&byte| byte != 0) {
        findings.removed(Category::Unknown, format!("{place} name"));
    }
}

/// A box that has no place in `parent`.
pub(super) fn unknown_box(parent: &str, kind: [u8; 4], body: &[u8], findings: &mut Findings) {
    let is_padding = matches!(&kind, b"free" | b"skip" | b"wide");
    if !is_padding {
        findings.removed(Category::Unknown, format!("{parent} box {}", four(kind)));
    } else if body.iter().any(|&byte| byte != 0) {
        findings.removed_value(Category::HiddenContent, format!("{parent} {}", four(kind)), &printable(body));
    }
}

/// A box of `meta` that a clean one does not have.
pub(super) fn box_of_meta(
    cursor: &mut Cursor<'_>,
    header: &BoxHeader,
    budget: &mut usize,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    match &header.kind {
        // Where the data are: in this file, or the picture is refused.
        b"dinf" => {}
        b"grpl" => findings.removed(Category::HiddenContent, "grpl, pictures that belong together"),
        _ => unknown_box("meta", header.kind, &body(cursor, header, budget)?, findings),
    }
    Ok(())
}

/// A box of the file that a clean one does not have.
pub(super) fn top_box(
    cursor: &mut Cursor<'_>,
    header: &BoxHeader,
    budget: &mut usize,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let kind = four(header.kind);
    match &header.kind {
        b"mpvd" => {
            findings.removed_value(Category::HiddenContent, "mpvd, a video behind the photo", &bytes(header.body_len))
        }
        b"moov" | b"moof" => {
            findings.removed(Category::HiddenContent, format!("{kind}, moving pictures behind the photo"))
        }
        b"meta" => findings.removed(Category::HiddenContent, "second meta"),
        b"uuid" => uuid(&body(cursor, header, budget)?, findings),
        // Samsung's: what the camera did, and when.
        b"sefd" => {
            let text = printable(&body(cursor, header, budget)?);
            findings.removed_value(Category::Time, "sefd, Samsung's trailer", &text);
        }
        b"udta" | b"mpvi" => findings.removed(Category::Unknown, format!("box {kind}")),
        _ => {
            let seen = body(cursor, header, budget)?;
            let is_seen_whole = u64::try_from(seen.len()) == Ok(header.body_len);
            unknown_box("top-level", header.kind, &seen, findings);
            if !is_seen_whole && matches!(&header.kind, b"free" | b"skip" | b"wide") {
                findings.removed_value(Category::HiddenContent, format!("top-level {kind}"), &bytes(header.body_len));
            }
        }
    }
    Ok(())
}

/// All that the file has beside what is kept.
pub(super) fn dropped(
    survey: &Survey,
    picture: Option<&Picture>,
    movie: Option<&Movie>,
    cursor: &mut Cursor<'_>,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let mut known: Vec<Range> = movie.map_or(Vec::new(), Movie::ranges);
    if let Some(meta) = &survey.meta {
        let kept: BTreeSet<u32> =
            picture.iter().flat_map(|picture| &picture.items).map(|item| item.chosen.id).collect();
        items(meta, &kept, cursor, findings)?;
        meta.properties.iter().for_each(|raw| property(raw.kind, &raw.body, findings));
        for &id in meta.locations.keys().filter(|id| meta.items.contains_key(id)) {
            known.extend(location::ranges(meta, id).unwrap_or_default());
        }
    }
    let holders = survey.data.iter().copied().chain(survey.meta.iter().filter_map(|meta| meta.idat));
    let unused = unused(holders.collect(), known);
    if unused > 0 {
        findings.removed_value(Category::HiddenContent, "data of no item", &bytes(unused));
    }
    Ok(())
}

fn items(meta: &Meta, kept: &BTreeSet<u32>, cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<(), Refusal> {
    let mut relations = Relations::default();
    for reference in &meta.references {
        match &reference.kind {
            b"thmb" => drop(relations.thumbnails.insert(reference.from)),
            b"auxl" => drop(relations.auxiliary.insert(reference.from)),
            b"dimg" => relations.inputs.extend(reference.to()),
            _ => {}
        }
    }
    let mut budget = limits::METADATA_BYTES_MAX;
    for (&id, entry) in &meta.items {
        name(Category::Comment, "infe item", &entry.name, findings);
        if !kept.contains(&id) {
            item(meta, id, entry, &relations, cursor, &mut budget, findings)?;
        }
    }
    Ok(())
}

/// What items are to each other.
#[derive(Default)]
struct Relations {
    thumbnails: BTreeSet<u32>,
    auxiliary: BTreeSet<u32>,
    inputs: BTreeSet<u32>,
}

fn item(
    meta: &Meta,
    id: u32,
    entry: &Entry,
    relations: &Relations,
    cursor: &mut Cursor<'_>,
    budget: &mut usize,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let content_type = legible::text(&entry.content_type);
    match &entry.kind {
        b"Exif" => return exif_item(&data(meta, id, cursor, budget)?, findings),
        b"mime" if content_type == "application/rdf+xml" => {
            findings.append(xmp::findings(&data(meta, id, cursor, budget)?));
            return Ok(());
        }
        b"mime" => findings.removed_value(Category::Unknown, "mime item", &content_type),
        b"uri " => findings.removed_value(Category::Unknown, "uri item", &content_type),
        b"tmap" => findings.removed(Category::HiddenContent, "gain map: the HDR look is lost"),
        _ if relations.thumbnails.contains(&id) => findings.removed(Category::Thumbnail, "thmb thumbnail"),
        _ if relations.auxiliary.contains(&id) => {
            let kind = choose::auxiliary_type(meta, id).unwrap_or_default();
            findings.removed_value(Category::HiddenContent, auxiliary(kind), &legible::text(kind));
        }
        b"hvc1" | b"hev1" | b"av01" | b"avc1" | b"jpeg" | b"j2k1" | b"unci" | b"vvc1" | b"grid" | b"iovl" | b"iden" => {
            // What another hidden picture is made of goes without saying.
            if !relations.inputs.contains(&id) {
                findings.removed_value(Category::HiddenContent, "further picture", &size(meta, id).unwrap_or_default());
            }
        }
        kind => findings.removed(Category::Unknown, format!("item {}", four(*kind))),
    }
    Ok(())
}

/// In words, what an auxiliary picture is.
fn auxiliary(kind: &[u8]) -> &'static str {
    let text = String::from_utf8_lossy(kind).to_lowercase();
    if text.contains("gainmap") {
        "gain map: the HDR look is lost"
    } else if text.ends_with("auxid:2") || text.contains("depth") || text.contains("disparity") {
        "portrait depth map"
    } else if text.contains("matte") || text.contains("segmentation") {
        "portrait matte"
    } else if text.ends_with("auxid:1") || text.contains("alpha") {
        "second alpha picture"
    } else {
        "auxiliary picture"
    }
}

/// Width and height, of one that is not kept.
fn size(meta: &Meta, id: u32) -> Option<String> {
    let associations = meta.associations.get(&id)?.iter();
    let mut properties = associations.filter_map(|association| meta.properties.get(association.index));
    let mut fields = Fields::new(properties.find(|raw| raw.kind == *b"ispe")?.body.get(4..)?);
    Some(format!("{} x {}", fields.u32()?, fields.u32()?))
}

/// `Exif` (ISO/IEC 23008-12, A.2.1): where in the block the TIFF header is, and the block.
fn exif_item(data: &[u8], findings: &mut Findings) -> Result<(), Refusal> {
    let mut fields = Fields::new(data);
    let offset = usize::try_from(fields.u32().unwrap_or_default()).unwrap_or(usize::MAX);
    let read = exif::read(fields.rest().get(offset..).unwrap_or_else(|| fields.rest()));
    if read.findings.is_empty() && read.orientation.is_none_or(|orientation| orientation == 1) {
        findings.removed(Category::Unknown, "Exif, technical tags only");
    }
    findings.append(read.findings);
    if let Some(orientation @ 2..=8) = read.orientation {
        // ISO/IEC 23008-12, A.2.1: readers go by irot and imir.
        let place = "Exif Orientation: a viewer that goes by it, and not by irot, will show the picture turned";
        findings.removed_value(Category::Software, place, &orientation.to_string());
    }
    Ok(())
}

/// The bytes of an item, as far as they are looked at.
fn data(meta: &Meta, id: u32, cursor: &mut Cursor<'_>, budget: &mut usize) -> Result<Vec<u8>, Refusal> {
    let ranges = location::ranges(meta, id).unwrap_or_default();
    let len = usize::try_from(gather::total(&ranges)).unwrap_or(usize::MAX);
    let Some(rest) = budget.checked_sub(len).filter(|_| ranges.len() <= PIECES_MAX) else { return Ok(Vec::new()) };
    *budget = rest;
    Ok(gather::joined(&ranges, u64::MAX, cursor)?.to_vec())
}

/// A property, whoever has it.
fn property(kind: [u8; 4], body: &[u8], findings: &mut Findings) {
    match &kind {
        b"ispe" | b"pixi" | b"hvcC" | b"av1C" | b"avcC" | b"colr" | b"clli" | b"mdcv" | b"amve" | b"pasp" | b"auxC"
        | b"a1op" | b"lsel" | b"a1lx" | b"clap" | b"irot" | b"imir" => {}
        b"udes" => findings.removed_value(Category::Comment, "udes", &legible::text(body.get(4..).unwrap_or_default())),
        b"altt" => findings.removed_value(Category::Comment, "altt", &legible::text(body.get(4..).unwrap_or_default())),
        b"crtt" => findings.removed_value(Category::Time, "crtt creation time", &time(body).unwrap_or_default()),
        b"mdft" => findings.removed_value(Category::Time, "mdft modification time", &time(body).unwrap_or_default()),
        b"cmin" | b"cmex" | b"wipp" | b"cclv" | b"reve" | b"ndwt" | b"rloc" => {
            findings.removed(Category::Device, format!("property {}", four(kind)));
        }
        b"uuid" => uuid(body, findings),
        _ => unknown_box("ipco", kind, body, findings),
    }
}

/// Microseconds since 1904 (ISO/IEC 23008-12, 6.5.18), as a date.
fn time(body: &[u8]) -> Option<String> {
    let seconds = Fields::new(body.get(4..)?).u64()?.checked_div(1_000_000)?;
    let (days, rest) = (seconds.checked_div(86_400)?, seconds.checked_rem(86_400)?);
    // Days from 0000-03-01 to 1904-01-01, so that leap days end years (Hinnant, "chrono-compatible algorithms").
    let days = days.checked_add(695_361)?;
    let (era, day) = (days.checked_div(146_097)?, days.checked_rem(146_097)?);
    let leaps =
        day.checked_div(1_460)?.checked_add(day.checked_div(146_096)?)?.checked_sub(day.checked_div(36_524)?)?;
    let year = day.checked_sub(leaps)?.checked_div(365)?;
    let first = year.checked_mul(365)?.checked_add(year.checked_div(4)?)?.checked_sub(year.checked_div(100)?)?;
    let day = day.checked_sub(first)?;
    let month = day.checked_mul(5)?.checked_add(2)?.checked_div(153)?;
    let day = day.checked_sub(month.checked_mul(153)?.checked_add(2)?.checked_div(5)?)?.checked_add(1)?;
    let month = if month < 10 { month.checked_add(3)? } else { month.checked_sub(9)? };
    let year = era.checked_mul(400)?.checked_add(year)?.checked_add(u64::from(month <= 2))?;
    let (hour, minute) = (rest.checked_div(3_600)?, rest.checked_div(60)?.checked_rem(60)?);
    Some(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{:02}", rest.checked_rem(60)?))
}

/// A box of a kind that its first 16 bytes tell.
fn uuid(body: &[u8], findings: &mut Findings) {
    let (kind, rest) = body.split_at_checked(16).unwrap_or((body, &[]));
    let hex: String = kind.iter().map(|byte| format!("{byte:02x}")).collect();
    match hex.as_str() {
        // C2PA 2.1, A.4: the whole story of the picture, signed.
        "d8fec3d61b0e483c92975828877ec481" => findings.removed(Category::History, "uuid (C2PA)"),
        "be7acfcb97a942e89c71999491e3afac" => findings.append(xmp::findings(rest)),
        _ => findings.removed_value(Category::Unknown, "uuid", &hex),
    }
}

/// As much of the body as is looked at.
fn body(cursor: &mut Cursor<'_>, header: &BoxHeader, budget: &mut usize) -> Result<Vec<u8>, Refusal> {
    let max = if header.kind == *b"uuid" { limits::METADATA_BYTES_MAX } else { LOOK_BYTES_MAX };
    let len = usize::try_from(header.body_len).unwrap_or(usize::MAX).min(max).min(*budget);
    *budget = budget.saturating_sub(len);
    cursor.go_to(header.body_at, "box")?;
    cursor.bytes(len, "box")
}

/// How many bytes of `holders` are in none of `known`.
fn unused(mut holders: Vec<Range>, mut known: Vec<Range>) -> u64 {
    holders.sort_unstable();
    known.sort_unstable();
    let mut known = known.into_iter().peekable();
    let mut unused = 0u64;
    for holder in holders {
        let mut at = holder.at;
        while let Some(range) = known.peek().copied().filter(|range| range.at < holder.end()) {
            unused = unused.saturating_add(range.at.saturating_sub(at));
            at = at.max(range.end());
            if range.end() > holder.end() {
                break;
            }
            known.next();
        }
        unused = unused.saturating_add(holder.end().saturating_sub(at));
    }
    unused
}

fn bytes(len: u64) -> String {
    format!("{len} bytes")
}

/// The letters of a type of box; what is none as a dot.
pub(super) fn four(kind: [u8; 4]) -> String {
    kind.iter().map(|&byte| if byte.is_ascii_graphic() { char::from(byte) } else { '.' }).collect()
}

/// Runs of readable characters.
fn printable(body: &[u8]) -> String {
    let is_text = |byte: &u8| byte.is_ascii_graphic() || *byte == b' ';
    let runs = legible::shown(body).split(|byte| !is_text(byte)).filter(|run| run.len() >= 4);
    let runs: Vec<String> = runs.map(|run| run.iter().copied().map(char::from).collect()).collect();
    runs.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microseconds_since_1904_are_a_date() {
        let date = |seconds: u64| time(&[[0; 4].as_slice(), &(seconds * 1_000_000).to_be_bytes()].concat());
        assert_eq!(date(0).as_deref(), Some("1904-01-01 00:00:00"));
        assert_eq!(date(2_082_844_800).as_deref(), Some("1970-01-01 00:00:00"));
        assert_eq!(date(2_082_844_800 + 951_782_399).as_deref(), Some("2000-02-28 23:59:59"));
        assert_eq!(date(2_082_844_800 + 951_868_799).as_deref(), Some("2000-02-29 23:59:59"));
        assert_eq!(time(b"short"), None);
    }

    #[test]
    fn bytes_of_nothing_are_counted_once() {
        let at = |at, len| Range { at, len };
        assert_eq!(unused(vec![at(10, 10)], Vec::new()), 10);
        assert_eq!(unused(vec![at(10, 10)], vec![at(0, 100)]), 0);
        assert_eq!(unused(vec![at(10, 10)], vec![at(12, 2), at(12, 4), at(18, 9)]), 4);
        assert_eq!(unused(vec![at(10, 10), at(30, 10)], vec![at(15, 20)]), 10);
        assert_eq!(unused(vec![at(30, 10), at(10, 10)], vec![at(0, 5), at(50, 5)]), 20);
    }
}

//! Writes a HEIF file in the one form that `verify` accepts: `ftyp`, `meta`, `moov` where pictures move, and `mdat`
//! with the items in order, then the samples. Writes only what was understood.

use std::collections::BTreeMap;

use super::gather;
use super::location::Range;
use super::picture::{Content, Item, Picture};
use super::sequence::Movie;
use crate::clean::codec::Codec;
use crate::clean::cursor::Cursor;
use crate::clean::{Findings, Plan, Reason, Refusal};

/// A whole box.
pub(super) fn boxed(kind: [u8; 4], parts: &[&[u8]]) -> Vec<u8> {
    let len = parts.iter().fold(8usize, |len, part| len.saturating_add(part.len()));
    let len = u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes();
    let mut bytes = [len, kind].concat();
    parts.iter().for_each(|part| bytes.extend_from_slice(part));
    bytes
}

/// The plan of the whole file. `brands` is the body of `ftyp`.
pub(super) fn file(
    brands: &[u8],
    picture: Option<&Picture>,
    movie: Option<&Movie>,
    cursor: &mut Cursor<'_>,
    findings: &mut Findings,
) -> Result<Plan, Refusal> {
    let ftyp = boxed(*b"ftyp", &[brands]);
    let layout = picture.map(|picture| Layout::of(picture, cursor.len())).transpose()?;
    let items_len = layout.as_ref().map_or(0, |layout| layout.len);
    let data_len = items_len.saturating_add(movie.map_or(0, Movie::data_len));
    let mdat = media_data(data_len);
    // Every field has a fixed size, so that the first try has the length of the last.
    let meta = |data_at| match (picture, &layout) {
        (Some(picture), Some(layout)) => meta(picture, layout, data_at),
        _ => Some(Vec::new()),
    };
    let too_large = Refusal::new(Reason::TooLarge, "length", 0);
    let is_wide = data_len >= u64::from(u32::MAX / 2);
    let moov = |data_at: u64| movie.map_or(Vec::new(), |movie| movie.to_bytes(data_at, is_wide));
    let head = [ftyp.len(), meta(0).ok_or(too_large.clone())?.len(), moov(0).len(), mdat.len()];
    let data_at = head.iter().fold(0u64, |at, len| at.saturating_add(u64::try_from(*len).unwrap_or(u64::MAX)));

    let mut plan = Plan::default();
    plan.bytes(&ftyp)?;
    plan.bytes(&meta(data_at).ok_or(too_large)?)?;
    plan.bytes(&moov(data_at.saturating_add(items_len)))?;
    plan.bytes(&mdat)?;
    for (codec, ranges) in layout.iter().flat_map(|layout| &layout.order) {
        gather::coded(*codec, ranges, cursor, &mut plan, findings)?;
    }
    if let Some(movie) = movie {
        movie.plan_samples(cursor, &mut plan, findings)?;
    }
    Ok(plan)
}

/// The head of `mdat`.
fn media_data(len: u64) -> Vec<u8> {
    match u32::try_from(len.saturating_add(8)) {
        Ok(len) => [len.to_be_bytes(), *b"mdat"].concat(),
        Err(_) => [&[0, 0, 0, 1], b"mdat".as_slice(), &len.saturating_add(16).to_be_bytes()].concat(),
    }
}

/// Where the coded items will lie.
struct Layout {
    /// What is written, each once.
    order: Vec<(Codec, Vec<Range>)>,
    /// Offset in the data and length of each item; of one that is coded.
    places: Vec<Option<(u64, u64)>>,
    len: u64,
}

impl Layout {
    fn of(picture: &Picture, file_len: u64) -> Result<Self, Refusal> {
        let mut layout = Self { order: Vec::new(), places: Vec::new(), len: 0 };
        let mut known: BTreeMap<&[Range], (u64, Codec)> = BTreeMap::new();
        for item in &picture.items {
            let Content::Coded(codec, ranges) = &item.content else {
                layout.places.push(None);
                continue;
            };
            let (at, own) = (layout.len, gather::total(ranges));
            let (at, known_as) = *known.entry(ranges.as_slice()).or_insert((at, *codec));
            if known_as != *codec {
                return Err(Refusal::new(Reason::NotUnderstood, "data of two codecs", 0));
            }
            if at == layout.len {
                layout.order.push((*codec, ranges.clone()));
                layout.len = layout.len.saturating_add(own);
            }
            layout.places.push(Some((at, own)));
        }
        // Items that overlap in part would let a small file grow without bound.
        if layout.len > file_len {
            return Err(Refusal::new(Reason::Damaged, "items overlap", 0));
        }
        Ok(layout)
    }
}

/// `meta` and all in it. `None` if an offset does not fit.
fn meta(picture: &Picture, layout: &Layout, data_at: u64) -> Option<Vec<u8>> {
    let items = picture.items.as_slice();
    let handler = [[0; 4], [0; 4], *b"pict"].concat();
    let descriptors: Vec<u8> = items.iter().flat_map(descriptor).copied().collect();
    Some(boxed(
        *b"meta",
        &[
            &[0; 4],
            &boxed(*b"hdlr", &[&handler, &[0; 13]]),
            &boxed(*b"pitm", &[&[0, 0, 0, 0, 0, 1]]),
            &entries(items)?,
            &references(items)?,
            &boxed(*b"iprp", &[&boxed(*b"ipco", &[&picture.properties.concat()]), &associations(picture)?]),
            &if descriptors.is_empty() { Vec::new() } else { boxed(*b"idat", &[&descriptors]) },
            &locations(items, layout, data_at)?,
        ],
    ))
}

fn descriptor(item: &Item) -> &[u8] {
    match &item.content {
        Content::Derived(bytes) => bytes,
        Content::Coded(..) | Content::Nothing => &[],
    }
}

/// The number of the item at `place` of the list.
fn number(place: usize) -> Option<[u8; 2]> {
    u16::try_from(place.checked_add(1)?).ok().map(u16::to_be_bytes)
}

/// `iinf`. All but the first are hidden, so that no viewer shows them as pictures of their own.
fn entries(items: &[Item]) -> Option<Vec<u8>> {
    let count = u16::try_from(items.len()).ok()?.to_be_bytes();
    let mut bytes = [&[0; 4], count.as_slice()].concat();
    for (place, item) in items.iter().enumerate() {
        let is_hidden = u8::from(place > 0);
        bytes.extend(boxed(*b"infe", &[&[2, 0, 0, is_hidden], &number(place)?, &[0, 0], &item.kind, &[0]]));
    }
    Some(boxed(*b"iinf", &[&bytes]))
}

/// `iref`, if there is any, by the number of the item that refers.
fn references(items: &[Item]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for (place, item) in items.iter().enumerate() {
        if !item.chosen.inputs.is_empty() {
            let count = u16::try_from(item.chosen.inputs.len()).ok()?.to_be_bytes();
            let inputs = item.chosen.inputs.iter().map(|&input| number(input)).collect::<Option<Vec<_>>>()?;
            bytes.extend(boxed(*b"dimg", &[&number(place)?, &count, &inputs.concat()]));
        }
        if let Some(master) = item.chosen.alpha_of {
            bytes.extend(boxed(*b"auxl", &[&number(place)?, &[0, 1], &number(master)?]));
            if item.chosen.is_premultiplied {
                bytes.extend(boxed(*b"prem", &[&number(master)?, &[0, 1], &number(place)?]));
            }
        }
    }
    Some(if bytes.is_empty() { Vec::new() } else { boxed(*b"iref", &[&[0; 4], &bytes]) })
}

/// `ipma`, with places of 15 bits where 7 are too few.
fn associations(picture: &Picture) -> Option<Vec<u8>> {
    let is_wide = picture.properties.len() > 127;
    let count = u32::try_from(picture.items.len()).ok()?.to_be_bytes();
    let mut bytes = [&[0, 0, 0, u8::from(is_wide)], count.as_slice()].concat();
    for (place, item) in picture.items.iter().enumerate() {
        bytes.extend(number(place)?);
        bytes.push(u8::try_from(item.associations.len()).ok()?);
        for &(property, is_essential) in &item.associations {
            let index = u16::try_from(property.checked_add(1)?).ok().filter(|index| *index < 0x8000)?;
            if is_wide {
                bytes.extend((index | if is_essential { 0x8000 } else { 0 }).to_be_bytes());
            } else {
                bytes.push(u8::try_from(index).ok()? | if is_essential { 0x80 } else { 0 });
            }
        }
    }
    Some(boxed(*b"ipma", &[&bytes]))
}

/// `iloc` of version 1: data of coded items in `mdat`, descriptors in `idat`; `iden` has neither.
fn locations(items: &[Item], layout: &Layout, data_at: u64) -> Option<Vec<u8>> {
    let placed = items.iter().filter(|item| !matches!(item.content, Content::Nothing)).count();
    let mut bytes = [&[1, 0, 0, 0, 0x44, 0], u16::try_from(placed).ok()?.to_be_bytes().as_slice()].concat();
    let mut described = 0u64;
    for (place, item) in items.iter().enumerate() {
        let (method, at, len) = match (&item.content, layout.places.get(place)) {
            (Content::Coded(..), Some(&Some((at, len)))) => (0, data_at.checked_add(at)?, len),
            (Content::Derived(descriptor), _) => {
                let at = described;
                let len = u64::try_from(descriptor.len()).ok()?;
                described = described.checked_add(len)?;
                (1, at, len)
            }
            _ => continue,
        };
        let [at, len] = [u32::try_from(at).ok()?, u32::try_from(len).ok()?].map(u32::to_be_bytes);
        bytes.extend([&number(place)?, [0, method].as_slice(), &[0, 0, 0, 1], &at, &len].concat());
    }
    Some(boxed(*b"iloc", &[&bytes]))
}

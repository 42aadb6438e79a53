//! The `meta` box of a produced file: every byte of it.

use std::collections::{BTreeMap, BTreeSet};

use super::Coded;
use super::derived;
use super::links::{self, Links};
use super::part::Part;
use super::property::{self, Meaning, Property, TRANSFORMATION};
use crate::clean::codec::Codec;
use crate::limits;

/// What `meta` says of `mdat`.
#[derive(Debug)]
pub(super) struct Still {
    /// Types of the coded items.
    pub(super) kinds: Vec<[u8; 4]>,
    /// Coded bytes, in their order.
    pub(super) data: Vec<Coded>,
    /// Offset of the first of them in the file.
    pub(super) data_at: u64,
}

/// What an item is known to be, once all of `meta` has been read.
struct Item {
    kind: [u8; 4],
    links: Links,
    size: (u32, u32),
    is_transformed: bool,
    codec: Option<Codec>,
    layers: u64,
}

impl Still {
    /// Accounts for the body of `meta`; names the part that is not as it must be.
    pub(super) fn read(body: &[u8]) -> Result<Self, &'static str> {
        let mut part = Part::new(body);
        part.zeros(4).ok_or("meta")?;
        handler(&mut part).ok_or("hdlr")?;
        part.just(&[0, 0, 0, 14, b'p', b'i', b't', b'm', 0, 0, 0, 0, 0, 1]).ok_or("pitm")?;
        let kinds = entries(&mut part).ok_or("iinf")?;
        let iref = part.optional(b"iref").ok_or("iref")?;
        let links = links::read(iref, &kinds).ok_or("iref")?;
        let mut iprp = part.boxed(b"iprp").ok_or("iprp")?;
        let properties = properties(iprp.boxed(b"ipco").ok_or("ipco")?).ok_or("ipco")?;
        let items = items(iprp.boxed(b"ipma").ok_or("ipma")?, &properties, kinds, links).ok_or("ipma")?;
        iprp.end().ok_or("iprp")?;
        let idat = part.optional(b"idat").ok_or("idat")?;
        let derived = descriptors(idat, &items).ok_or("idat")?;
        let still = Self::locate(part.boxed(b"iloc").ok_or("iloc")?, &items, &derived).ok_or("iloc")?;
        part.end().ok_or("meta")?;
        Ok(still)
    }

    /// `iloc`: coded items one behind the other, unless one is where another is too; descriptors likewise in `idat`.
    fn locate(mut part: Part<'_>, items: &[Item], derived: &[(u32, u32)]) -> Option<Self> {
        let placed = items.iter().filter(|item| item.kind != *b"iden").count();
        part.just(&[1, 0, 0, 0, 0x44, 0])?;
        (usize::from(part.u16()?) == placed).then_some(())?;
        let mut known: BTreeMap<u32, (u32, Codec)> = BTreeMap::new();
        let (mut data, mut kinds, mut data_at, mut next) = (Vec::new(), Vec::new(), None, None);
        let mut derived = derived.iter();
        for (number, item) in (1u16..).zip(items).filter(|(_, item)| item.kind != *b"iden") {
            part.just(&number.to_be_bytes())?;
            let method = part.u16()?;
            part.just(&[0, 0, 0, 1])?;
            let (at, len) = (part.u32()?, part.u32()?);
            let Some(codec) = item.codec else {
                (method == 1 && derived.next() == Some(&(at, len))).then_some(())?;
                continue;
            };
            kinds.push(item.kind);
            (method == 0 && len > 0 && item.layers < len.into()).then_some(())?;
            if next.is_none_or(|next| next == at) {
                data_at = data_at.or(Some(at));
                data.push(Coded { codec, len: len.into() });
                known.insert(at, (len, codec));
                next = Some(at.checked_add(len)?);
            } else {
                (known.get(&at) == Some(&(len, codec))).then_some(())?;
            }
        }
        part.end()?;
        Some(Self { kinds, data, data_at: data_at?.into() })
    }
}

/// `hdlr`, without a name.
fn handler(part: &mut Part<'_>) -> Option<()> {
    let mut body = part.boxed(b"hdlr")?;
    body.zeros(8)?;
    body.just(b"pict")?;
    body.zeros(13)?;
    body.end()
}

/// `iinf`: the types of the items. All but the first are hidden; none has a name.
fn entries(part: &mut Part<'_>) -> Option<Vec<[u8; 4]>> {
    let mut body = part.boxed(b"iinf")?;
    body.zeros(4)?;
    let count = body.u16()?;
    (1..=limits::HEIF_ITEMS_MAX).contains(&count.into()).then_some(())?;
    let mut kinds = Vec::new();
    for number in 1..=count {
        let mut infe = body.boxed(b"infe")?;
        infe.just(&[2, 0, 0, u8::from(number > 1)])?;
        infe.just(&number.to_be_bytes())?;
        infe.zeros(2)?;
        let kind = infe.array()?;
        infe.zeros(1)?;
        infe.end()?;
        matches!(&kind, b"hvc1" | b"av01" | b"avc1" | b"grid" | b"iovl" | b"iden").then(|| kinds.push(kind))?;
    }
    body.end()?;
    Some(kinds)
}

/// `ipco`: properties, no two the same.
fn properties(mut part: Part<'_>) -> Option<Vec<Property>> {
    let mut properties = Vec::new();
    let mut seen = BTreeSet::new();
    while !part.is_empty() {
        let before = part.all();
        let property = property::read(&mut part)?;
        let whole = before.get(..before.len().checked_sub(part.all().len())?)?;
        (seen.insert(whole) && properties.len() < limits::HEIF_PROPERTIES_MAX).then_some(())?;
        properties.push(property);
    }
    Some(properties)
}

/// `ipma`: for each item its properties, in order, each first named in its turn.
fn items(mut part: Part<'_>, properties: &[Property], kinds: Vec<[u8; 4]>, links: Vec<Links>) -> Option<Vec<Item>> {
    let is_wide = properties.len() > 127;
    part.just(&[0, 0, 0, u8::from(is_wide)])?;
    (usize::try_from(part.u32()?) == Ok(kinds.len())).then_some(())?;
    let mut items: Vec<Item> = Vec::new();
    let mut next = 0usize;
    for ((number, kind), links) in (1u16..).zip(kinds).zip(links) {
        part.just(&number.to_be_bytes())?;
        let mut own = Vec::new();
        for _ in 0..part.u8()? {
            let (is_essential, index) = if is_wide {
                let value = part.u16()?;
                (value >> 15 == 1, value & 0x7FFF)
            } else {
                let value = part.u8()?;
                (value >> 7 == 1, u16::from(value & 0x7F))
            };
            let index = usize::from(index).checked_sub(1)?;
            let property = properties.get(index)?;
            (index <= next && property.is_essential == is_essential).then_some(())?;
            if index == next {
                next = next.checked_add(1)?;
            }
            own.push(property);
        }
        items.push(item(kind, links, &own)?);
    }
    part.end()?;
    (next == properties.len()).then_some(items)
}

/// What the properties of one item say, and whether they may be its.
fn item(kind: [u8; 4], links: Links, own: &[&Property]) -> Option<Item> {
    let mut item = Item { kind, links, size: (0, 0), is_transformed: false, codec: None, layers: 0 };
    let is_coded = !matches!(&kind, b"grid" | b"iovl" | b"iden");
    let mut is_alpha = false;
    let mut seen = BTreeSet::new();
    let mut last = 0;
    for property in own {
        let is_after = property.rank > last || (property.rank == TRANSFORMATION && last == TRANSFORMATION);
        (is_after && seen.insert((property.rank, property.kind))).then_some(())?;
        last = property.rank;
        match property.meaning {
            Meaning::Extent(width, height) => item.size = (width, height),
            Meaning::Config(codec, of) => item.codec = (of == kind).then_some(codec),
            Meaning::Alpha => is_alpha = true,
            Meaning::Layers(total) => item.layers = total,
            Meaning::Transformation => item.is_transformed = true,
            Meaning::OfCoding | Meaning::Nothing => {}
        }
        let is_of_coding = matches!(property.rank, 3 | 11 | 12 | 13);
        (is_coded || !is_of_coding).then_some(())?;
    }
    let is_valid = item.size != (0, 0) && item.codec.is_some() == is_coded && is_alpha == item.links.alpha_of.is_some();
    is_valid.then_some(item)
}

/// `idat`: the descriptors of derived items, one behind the other; where each is.
fn descriptors(idat: Option<Part<'_>>, items: &[Item]) -> Option<Vec<(u32, u32)>> {
    let is_described = |item: &&Item| matches!(&item.kind, b"grid" | b"iovl");
    // It is there if it is needed.
    (idat.is_some() == items.iter().any(|item| is_described(&item))).then_some(())?;
    let Some(mut part) = idat else { return Some(Vec::new()) };
    let mut places = Vec::new();
    let mut at = 0u32;
    for item in items.iter().filter(is_described) {
        let before = part.all().len();
        let inputs = item.links.inputs.len();
        if item.kind == *b"grid" {
            let grid = derived::grid(&mut part, inputs)?;
            let mut tiles = item.links.inputs.iter().map(|&input| items.get(input));
            let first = tiles.next()??;
            let are_alike = tiles.all(|tile| {
                tile.is_some_and(|tile| tile.size == first.size && tile.is_transformed == first.is_transformed)
            });
            (are_alike && (first.is_transformed || grid.is_filled(first.size))).then_some(())?;
        } else {
            derived::overlay(&mut part, inputs)?;
        }
        let len = u32::try_from(before.checked_sub(part.all().len())?).ok()?;
        places.push((at, len));
        at = at.checked_add(len)?;
    }
    part.end()?;
    Some(places)
}

//! The still picture as it will be written: its items in order, each with the properties and the bytes that it needs.
//! Fails where an item lacks what a decoder needs. Writes nothing.

use std::collections::BTreeMap;

use super::choose::{self, Chosen};
use super::derived::{self, Derivation};
use super::gather;
use super::location::{self, Range};
use super::meta::Meta;
use super::property::{self, Kind, Outcome, Property};
use crate::clean::codec::Codec;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};

/// The picture.
#[derive(Debug)]
pub(super) struct Picture {
    /// Item number 1 and those that follow.
    pub(super) items: Vec<Item>,
    /// Whole boxes, each once, in the order of their first use.
    pub(super) properties: Vec<Vec<u8>>,
}

/// An item.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) chosen: Chosen,
    pub(super) kind: [u8; 4],
    /// Places in [`Picture::properties`], and whether a reader must know the property.
    pub(super) associations: Vec<(usize, bool)>,
    pub(super) content: Content,
    size: (u32, u32),
    is_transformed: bool,
}

/// What an item is made of.
#[derive(Debug)]
pub(super) enum Content {
    Coded(Codec, Vec<Range>),
    Derived(Vec<u8>),
    /// `iden` is its input.
    Nothing,
}

impl Picture {
    /// Puts together what the picture needs.
    pub(super) fn read(meta: &Meta, cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Self, Refusal> {
        let mut workshop = Workshop { meta, rebuilt: BTreeMap::new(), places: BTreeMap::new(), properties: Vec::new() };
        let mut items = Vec::new();
        for chosen in choose::choose(meta)? {
            items.push(workshop.item(chosen, cursor, findings)?);
        }
        for item in &items {
            check_tiles(item, &items, meta)?;
        }
        Ok(Self { items, properties: workshop.properties })
    }
}

struct Workshop<'a> {
    meta: &'a Meta,
    /// Properties of the original that have been rebuilt, by their place there.
    rebuilt: BTreeMap<usize, Outcome>,
    /// Where each property stands that will be written.
    places: BTreeMap<Vec<u8>, usize>,
    properties: Vec<Vec<u8>>,
}

impl Workshop<'_> {
    fn item(&mut self, chosen: Chosen, cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Item, Refusal> {
        let at = self.meta.at;
        let damaged = |part| Refusal::new(Reason::Damaged, part, at);
        let kind = self.meta.items.get(&chosen.id).map(|entry| entry.kind).ok_or(damaged("item missing"))?;
        let properties = self.properties_of(&chosen, kind, findings)?;
        let size = properties.iter().find_map(|property| property.size).ok_or(damaged("ispe missing"))?;
        let codec = properties.iter().find_map(|property| property.codec);
        let ranges = location::ranges(self.meta, chosen.id)?;
        let content = match &kind {
            b"grid" | b"iovl" => {
                Content::Derived(self.descriptor(&chosen, kind, &ranges, cursor, findings)?.to_bytes())
            }
            b"iden" if chosen.inputs.len() == 1 => Content::Nothing,
            b"iden" => return Err(damaged("iden")),
            _ => {
                let (codec, item) = codec.ok_or(damaged("configuration missing"))?;
                if item != kind {
                    return Err(damaged("configuration of another codec"));
                }
                if ranges.is_empty() {
                    return Err(damaged("item without data"));
                }
                check_layers(&properties, &ranges).ok_or(damaged("a1lx"))?;
                Content::Coded(codec, ranges)
            }
        };
        let is_transformed = properties.iter().any(|property| property.kind.is_transformation());
        let associations = properties.into_iter().map(|property| {
            let is_essential = property.kind.is_essential();
            (self.place(property.boxed), is_essential)
        });
        Ok(Item { associations: associations.collect(), chosen, kind, content, size, is_transformed })
    }

    /// What the item keeps of its properties, in the order in which it will have them.
    fn properties_of(
        &mut self,
        chosen: &Chosen,
        item: [u8; 4],
        findings: &mut Findings,
    ) -> Result<Vec<Property>, Refusal> {
        let is_coded = !matches!(&item, b"grid" | b"iovl" | b"iden");
        let mut kept: Vec<Property> = Vec::new();
        for association in self.meta.associations.get(&chosen.id).into_iter().flatten() {
            let damaged = Refusal::new(Reason::Damaged, "ipma", self.meta.at);
            let raw = self.meta.properties.get(association.index).ok_or(damaged)?;
            let outcome = match self.rebuilt.get(&association.index) {
                Some(outcome) => outcome,
                None => self.rebuilt.entry(association.index).or_insert(property::rebuild(raw, findings)?),
            };
            let property = match outcome {
                Outcome::Kept(property) => property,
                Outcome::Dropped => continue,
                Outcome::Unknown if association.is_essential => {
                    return Err(Refusal::new(Reason::NotUnderstood, "essential property", raw.at));
                }
                Outcome::Unknown => continue,
            };
            let is_of_coding =
                matches!(property.kind, Kind::Config | Kind::OperatingPoint | Kind::Layer | Kind::LayerSizes);
            if (property.kind == Kind::Alpha && chosen.alpha_of.is_none()) || (is_of_coding && !is_coded) {
                continue;
            }
            match kept.iter().find(|other| other.kind == property.kind) {
                None => kept.push(property.clone()),
                // Told twice, but the same.
                Some(other) if other.boxed == property.boxed && !property.kind.is_transformation() => {}
                Some(_) => return Err(Refusal::new(Reason::NotUnderstood, "property twice", raw.at)),
            }
        }
        kept.sort_by_key(|property| property.kind.min(Kind::Aperture));
        Ok(kept)
    }

    fn place(&mut self, boxed: Vec<u8>) -> usize {
        let properties = &mut self.properties;
        *self.places.entry(boxed).or_insert_with_key(|boxed| {
            properties.push(boxed.clone());
            properties.len().saturating_sub(1)
        })
    }

    fn descriptor(
        &self,
        chosen: &Chosen,
        kind: [u8; 4],
        ranges: &[Range],
        cursor: &mut Cursor<'_>,
        findings: &mut Findings,
    ) -> Result<Derivation, Refusal> {
        let at = ranges.first().map_or(self.meta.at, |range| range.at);
        let max = derived::descriptor_bytes_max(chosen.inputs.len());
        let part = if kind == *b"grid" { "grid" } else { "iovl" };
        let bytes = gather::joined(ranges, max, cursor)?;
        let derivation =
            derived::read(kind, &bytes, chosen.inputs.len()).ok_or(Refusal::new(Reason::Damaged, part, at))?;
        if !derivation.is_within_limits() {
            return Err(Refusal::new(Reason::TooLarge, part, at));
        }
        if !derivation.has_all_in_sight() {
            return Err(Refusal::new(Reason::NotUnderstood, "iovl place", at));
        }
        if kind == *b"iovl" {
            findings.remains(
                Category::HiddenContent,
                "iovl",
                "pictures lie on each other: what is covered stays in the file",
            );
        }
        Ok(derivation)
    }
}

/// The tiles of a grid are of one size, and every one of them is seen.
fn check_tiles(item: &Item, items: &[Item], meta: &Meta) -> Result<(), Refusal> {
    let damaged = Refusal::new(Reason::Damaged, "grid tiles", meta.at);
    let (b"grid", Content::Derived(bytes)) = (&item.kind, &item.content) else { return Ok(()) };
    let derivation = derived::read(item.kind, bytes, item.chosen.inputs.len()).ok_or(damaged.clone())?;
    let mut tiles = item.chosen.inputs.iter().filter_map(|&input| items.get(input));
    let Some(first) = tiles.next() else { return Err(damaged) };
    let is_even = tiles.all(|tile| tile.size == first.size && tile.is_transformed == first.is_transformed);
    // A turned tile has another size than it says.
    let is_filled = first.is_transformed || derivation.is_filled_by(first.size);
    if is_even && is_filled { Ok(()) } else { Err(damaged) }
}

/// The layers that `a1lx` tells of lie in the item.
fn check_layers(properties: &[Property], ranges: &[Range]) -> Option<()> {
    let Some(sizes) = properties.iter().find(|property| property.kind == Kind::LayerSizes) else { return Some(()) };
    let len = ranges.iter().fold(0u64, |total, range| total.saturating_add(range.len));
    let mut fields = super::fields::Fields::new(sizes.boxed.get(8..)?);
    let is_wide = fields.u8()? == 1;
    let mut total = 0u64;
    for _ in 0..3 {
        total = total.saturating_add(fields.id(is_wide)?.into());
    }
    (total < len).then_some(())
}

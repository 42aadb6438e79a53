//! Which items make up the picture: the primary one, what it is derived from, and what is its alpha. Everything else
//! is hidden content. Puts them in the one order in which they are written: that of their first mention.

use std::collections::{BTreeMap, BTreeSet};

use super::meta::{Meta, Reference};
use super::property;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// An item that is kept. Its place in the list is its number in the clean file, less one.
#[derive(Debug)]
pub(super) struct Chosen {
    /// Its number in the original.
    pub(super) id: u32,
    /// What it is derived from, as places in the list, all behind its own.
    pub(super) inputs: Vec<usize>,
    /// Whose alpha it is.
    pub(super) alpha_of: Option<usize>,
    /// Whether the colours of that one are multiplied by it already.
    pub(super) is_premultiplied: bool,
    /// Steps of derivation above it.
    depth: usize,
}

/// The items that are kept, the primary one first.
pub(super) fn choose(meta: &Meta) -> Result<Vec<Chosen>, Refusal> {
    let primary = meta.primary.ok_or(Refusal::new(Reason::Damaged, "pitm missing", meta.at))?;
    let mut choice = Choice { meta, list: Vec::new(), places: BTreeMap::new() };
    choice.add(primary, None, 0)?;
    let links = Links::of(meta);
    let mut place = 0;
    while let Some(item) = choice.list.get(place) {
        let (id, depth, is_alpha) = (item.id, item.depth, item.alpha_of.is_some());
        if links.coded_by.contains(&id) {
            return Err(Refusal::new(Reason::NotUnderstood, "predictively coded item", meta.at));
        }
        let kind = meta.items.get(&id).map(|entry| entry.kind).unwrap_or_default();
        if matches!(&kind, b"grid" | b"iovl" | b"iden") {
            let inputs = links.inputs(meta, id)?;
            let mut places = Vec::with_capacity(inputs.len());
            for &input in inputs {
                places.push(choice.input(input, place)?);
            }
            if let Some(item) = choice.list.get_mut(place) {
                item.inputs = places;
            }
        }
        if !is_alpha && let Some(alpha) = links.alpha(meta, id)? {
            if choice.places.contains_key(&alpha) {
                return Err(Refusal::new(Reason::NotUnderstood, "alpha of two pictures", meta.at));
            }
            let at = choice.add(alpha, Some(place), depth)?;
            if let Some(item) = choice.list.get_mut(at) {
                item.is_premultiplied = links.premultiplied.contains(&(id, alpha));
            }
        }
        place = place.saturating_add(1);
    }
    choice.check_depth()?;
    Ok(choice.list)
}

struct Choice<'a> {
    meta: &'a Meta,
    list: Vec<Chosen>,
    places: BTreeMap<u32, usize>,
}

impl Choice<'_> {
    /// Appends an item; its place.
    fn add(&mut self, id: u32, alpha_of: Option<usize>, depth: usize) -> Result<usize, Refusal> {
        let at = self.meta.at;
        let entry = self.meta.items.get(&id).ok_or(Refusal::new(Reason::Damaged, "item missing", at))?;
        if entry.is_protected {
            return Err(Refusal::new(Reason::NotUnderstood, "protected item", at));
        }
        if let Some(part) = unsupported(entry.kind) {
            return Err(Refusal::new(Reason::NotUnderstood, part, at));
        }
        if self.list.len() >= limits::HEIF_ITEMS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of items", at));
        }
        let place = self.list.len();
        self.list.push(Chosen { id, inputs: Vec::new(), alpha_of, is_premultiplied: false, depth });
        self.places.insert(id, place);
        Ok(place)
    }

    /// Inputs stand behind what is made of them, so that once through the list is enough.
    fn check_depth(&mut self) -> Result<(), Refusal> {
        for place in 0..self.list.len() {
            let Some(item) = self.list.get(place) else { break };
            let (depth, inputs) = (item.depth, item.inputs.clone());
            if depth > limits::HEIF_DEPTH_MAX {
                return Err(Refusal::new(Reason::TooLarge, "steps of derivation", self.meta.at));
            }
            for input in inputs {
                if let Some(input) = self.list.get_mut(input) {
                    input.depth = input.depth.max(depth.saturating_add(1));
                }
            }
        }
        Ok(())
    }

    /// The place of an item that the one at `from` is derived from.
    fn input(&mut self, id: u32, from: usize) -> Result<usize, Refusal> {
        match self.places.get(&id) {
            // What comes later is no loop.
            Some(&place) if place > from => Ok(place),
            Some(_) => Err(Refusal::new(Reason::NotUnderstood, "derivation of an item", self.meta.at)),
            None => self.add(id, None, 0),
        }
    }
}

/// References, by what they are looked up by.
struct Links<'a> {
    derived: BTreeMap<u32, Vec<&'a Reference>>,
    auxiliary: BTreeMap<u32, Vec<u32>>,
    premultiplied: BTreeSet<(u32, u32)>,
    /// Items that cannot be decoded without another.
    coded_by: BTreeSet<u32>,
}

impl<'a> Links<'a> {
    fn of(meta: &'a Meta) -> Self {
        let mut links = Self {
            derived: BTreeMap::new(),
            auxiliary: BTreeMap::new(),
            premultiplied: BTreeSet::new(),
            coded_by: BTreeSet::new(),
        };
        for reference in &meta.references {
            match &reference.kind {
                b"dimg" => links.derived.entry(reference.from).or_default().push(reference),
                b"auxl" => {
                    for &master in reference.to() {
                        links.auxiliary.entry(master).or_default().push(reference.from);
                    }
                }
                b"pred" | b"exbl" | b"tbas" => drop(links.coded_by.insert(reference.from)),
                b"prem" => links.premultiplied.extend(reference.to().iter().map(|&alpha| (reference.from, alpha))),
                _ => {}
            }
        }
        links
    }

    fn inputs(&self, meta: &Meta, id: u32) -> Result<&'a [u32], Refusal> {
        match self.derived.get(&id).map(Vec::as_slice) {
            Some([reference]) if !reference.to().is_empty() => Ok(reference.to()),
            _ => Err(Refusal::new(Reason::Damaged, "dimg", meta.at)),
        }
    }

    fn alpha(&self, meta: &Meta, id: u32) -> Result<Option<u32>, Refusal> {
        let auxiliary = self.auxiliary.get(&id).into_iter().flatten().copied();
        let mut alphas = auxiliary.filter(|&item| is_alpha(meta, item));
        let alpha = alphas.next();
        // Decoders disagree on which of two is meant.
        if alphas.any(|other| Some(other) != alpha) {
            return Err(Refusal::new(Reason::NotUnderstood, "two alphas", meta.at));
        }
        Ok(alpha)
    }
}

/// Whether an item says that it is the alpha of another.
pub(super) fn is_alpha(meta: &Meta, id: u32) -> bool {
    auxiliary_type(meta, id).and_then(property::Alpha::of).is_some()
}

/// `aux_type` of an auxiliary picture (ISO/IEC 23008-12, 6.5.8).
pub(super) fn auxiliary_type(meta: &Meta, id: u32) -> Option<&[u8]> {
    let associations = meta.associations.get(&id)?.iter();
    let properties = associations.filter_map(|association| meta.properties.get(association.index));
    let body = properties.into_iter().find(|property| property.kind == *b"auxC").map(|property| &property.body)?;
    Some(super::fields::Fields::new(body.get(4..)?).text())
}

/// Why an item of this type cannot be part of a clean picture.
fn unsupported(kind: [u8; 4]) -> Option<&'static str> {
    match &kind {
        b"hvc1" | b"av01" | b"avc1" | b"grid" | b"iovl" | b"iden" => None,
        b"jpeg" => Some("jpeg item"),
        b"j2k1" => Some("j2k1 item"),
        b"unci" => Some("unci item"),
        b"vvc1" => Some("vvc1 item"),
        b"lhv1" => Some("lhv1 item"),
        b"tmap" => Some("tmap item"),
        _ => Some("item type"),
    }
}

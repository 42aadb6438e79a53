//! Reads a `meta` box (ISO/IEC 14496-12, 8.11; ISO/IEC 23008-12, 9): which items there are, where, of what kind and
//! with what properties. Judges none of them and never reads their data.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::Fields;
use super::location::{self, Location, Range};
use super::told;
use crate::clean::container::bmff::{self, BoxHeader, Boxed, Boxes};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What a `meta` box says.
#[derive(Debug)]
pub(super) struct Meta {
    /// Offset of the box.
    pub(super) at: u64,
    pub(super) file_len: u64,
    pub(super) primary: Option<u32>,
    pub(super) items: BTreeMap<u32, Entry>,
    pub(super) locations: BTreeMap<u32, Location>,
    pub(super) references: Vec<Reference>,
    /// What items are cut out of, by their numbers (construction method 2).
    pub(super) cut_out_of: BTreeMap<u32, Vec<u32>>,
    /// The boxes of `ipco`; an association names one by its place, from 1.
    pub(super) properties: Vec<Raw>,
    /// Associations of each item, in the order in which they apply.
    pub(super) associations: BTreeMap<u32, Vec<Association>>,
    pub(super) idat: Option<Range>,
}

/// An entry of `iinf`.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) kind: [u8; 4],
    pub(super) is_protected: bool,
    pub(super) name: Vec<u8>,
    /// Of a `mime` item.
    pub(super) content_type: Vec<u8>,
}

/// An entry of `iref`.
#[derive(Debug)]
pub(super) struct Reference {
    pub(super) kind: [u8; 4],
    pub(super) from: u32,
    to: Vec<u32>,
}

impl Reference {
    pub(super) fn to(&self) -> &[u32] {
        &self.to
    }
}

/// A property as it was found.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) kind: [u8; 4],
    pub(super) at: u64,
    pub(super) body: Vec<u8>,
}

/// That an item has a property.
#[derive(Clone, Copy, Debug)]
pub(super) struct Association {
    /// Its place in `ipco`, from 0.
    pub(super) index: usize,
    pub(super) is_essential: bool,
}

impl Meta {
    /// Reads the box, at whose body `cursor` stands, and stops behind it.
    pub(super) fn read(cursor: &mut Cursor<'_>, header: BoxHeader, findings: &mut Findings) -> Result<Self, Refusal> {
        let mut meta = Self {
            at: header.at,
            file_len: cursor.len(),
            primary: None,
            items: BTreeMap::new(),
            locations: BTreeMap::new(),
            references: Vec::new(),
            cut_out_of: BTreeMap::new(),
            properties: Vec::new(),
            associations: BTreeMap::new(),
            idat: None,
        };
        if header.body_len < 4 || cursor.be32("meta")? != 0 {
            return Err(Refusal::new(Reason::Damaged, "meta", header.at));
        }
        let mut seen = BTreeSet::new();
        let mut budget = limits::HEIF_META_BYTES_MAX;
        while let Some(child) = bmff::next(cursor, header.end())? {
            let is_ours = matches!(&child.kind, b"hdlr" | b"pitm" | b"iinf" | b"iloc" | b"iref" | b"iprp" | b"idat");
            if is_ours && !seen.insert(child.kind) {
                return Err(Refusal::new(Reason::Damaged, "box twice in meta", child.at));
            }
            if child.kind == *b"idat" {
                meta.idat = Some(Range { at: child.body_at, len: child.body_len });
            } else if is_ours {
                let len = usize::try_from(child.body_len).unwrap_or(usize::MAX);
                budget = budget.checked_sub(len).ok_or(Refusal::new(Reason::TooLarge, "meta", child.at))?;
                let body = cursor.bytes(len, "meta")?;
                meta.take(&child, &body, findings)?;
            } else {
                told::box_of_meta(cursor, &child, &mut budget, findings)?;
            }
            cursor.go_to(child.end(), "meta")?;
        }
        if !seen.contains(b"hdlr") {
            return Err(Refusal::new(Reason::Damaged, "hdlr missing", header.at));
        }
        Ok(meta)
    }

    fn take(&mut self, header: &BoxHeader, body: &[u8], findings: &mut Findings) -> Result<(), Refusal> {
        let damaged = |part| Refusal::new(Reason::Damaged, part, header.at);
        match &header.kind {
            b"hdlr" => match handler(body).ok_or(damaged("hdlr"))? {
                (b"pict", name) => told::name(Category::Software, "hdlr", name, findings),
                _ => return Err(Refusal::new(Reason::NotUnderstood, "hdlr", header.at)),
            },
            b"pitm" => self.primary = Some(primary(body).ok_or(damaged("pitm"))?),
            b"iinf" => self.entries(body, header)?,
            b"iloc" => self.locations = location::read(body).ok_or(damaged("iloc"))?,
            b"iref" => self.references(body, header)?,
            b"iprp" => {
                for boxed in Boxes::new(body, header.body_at) {
                    let boxed = boxed?;
                    match &boxed.kind {
                        b"ipco" => self.properties(&boxed)?,
                        b"ipma" => self.associate(boxed.body).ok_or(damaged("ipma"))?,
                        _ => told::unknown_box("iprp", boxed.kind, boxed.body, findings),
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn entries(&mut self, body: &[u8], header: &BoxHeader) -> Result<(), Refusal> {
        let damaged = |at| Refusal::new(Reason::Damaged, "iinf", at);
        let mut fields = Fields::new(body);
        let (version, _) = fields.full().ok_or(damaged(header.at))?;
        let count = fields.id(version != 0).ok_or(damaged(header.at))?;
        let skipped = body.len().saturating_sub(fields.rest().len());
        let at = header.body_at.saturating_add(u64::try_from(skipped).unwrap_or(0));
        let mut boxes = Boxes::new(fields.rest(), at);
        for _ in 0..count {
            let boxed = boxes.next().ok_or(damaged(header.at))??;
            if boxed.kind != *b"infe" {
                return Err(damaged(boxed.body_at));
            }
            if self.items.len() >= limits::HEIF_ENTRIES_MAX {
                return Err(Refusal::new(Reason::TooLarge, "iinf", boxed.body_at));
            }
            let (id, entry) = entry(boxed.body).ok_or(damaged(boxed.body_at))?;
            if self.items.insert(id, entry).is_some() {
                return Err(Refusal::new(Reason::Damaged, "infe twice", boxed.body_at));
            }
        }
        Ok(())
    }

    fn references(&mut self, body: &[u8], header: &BoxHeader) -> Result<(), Refusal> {
        let damaged = |at| Refusal::new(Reason::Damaged, "iref", at);
        let (version, _) = Fields::new(body).full().ok_or(damaged(header.at))?;
        let rest = body.get(4..).unwrap_or_default();
        for boxed in Boxes::new(rest, header.body_at.saturating_add(4)) {
            let boxed = boxed?;
            if self.references.len().saturating_add(self.cut_out_of.len()) >= limits::HEIF_ENTRIES_MAX {
                return Err(Refusal::new(Reason::TooLarge, "iref", boxed.body_at));
            }
            let reference = reference(&boxed, version != 0).ok_or(damaged(boxed.body_at))?;
            if reference.kind == *b"iloc" {
                self.cut_out_of.insert(reference.from, reference.to);
            } else {
                self.references.push(reference);
            }
        }
        Ok(())
    }

    fn properties(&mut self, ipco: &Boxed<'_>) -> Result<(), Refusal> {
        if !self.properties.is_empty() {
            return Err(Refusal::new(Reason::Damaged, "ipco twice", ipco.body_at));
        }
        for boxed in ipco.children(0).into_iter().flatten() {
            let boxed = boxed?;
            if self.properties.len() >= limits::HEIF_PROPERTIES_MAX {
                return Err(Refusal::new(Reason::TooLarge, "ipco", boxed.body_at));
            }
            self.properties.push(Raw { kind: boxed.kind, at: boxed.body_at, body: boxed.body.to_vec() });
        }
        Ok(())
    }

    /// `ipma` (ISO/IEC 23008-12, 9.3.2).
    fn associate(&mut self, body: &[u8]) -> Option<()> {
        let mut fields = Fields::new(body);
        let (version, flags) = fields.full()?;
        let is_wide = flags & 1 == 1;
        for _ in 0..fields.u32()? {
            let id = fields.id(version != 0)?;
            let count = fields.u8()?;
            if self.associations.len() >= limits::HEIF_ENTRIES_MAX {
                return None;
            }
            let associations = self.associations.entry(id).or_default();
            for _ in 0..count {
                let (is_essential, index) = if is_wide {
                    let value = fields.u16()?;
                    (value & 0x8000 != 0, value & 0x7FFF)
                } else {
                    let value = fields.u8()?;
                    (value & 0x80 != 0, u16::from(value & 0x7F))
                };
                // 0 is no property.
                if let Some(index) = index.checked_sub(1) {
                    associations.push(Association { index: index.into(), is_essential });
                }
            }
        }
        Some(())
    }
}

/// Handler type and name (ISO/IEC 14496-12, 8.4.3).
fn handler(body: &[u8]) -> Option<(&[u8; 4], &[u8])> {
    let (kind, rest) = body.get(8..)?.split_first_chunk::<4>()?;
    Some((kind, rest.get(12..).unwrap_or_default()))
}

fn primary(body: &[u8]) -> Option<u32> {
    let mut fields = Fields::new(body);
    let (version, _) = fields.full()?;
    fields.id(version != 0)
}

/// `infe` (ISO/IEC 14496-12, 8.11.6). Versions 0 and 1 have no type of item: they are files.
fn entry(body: &[u8]) -> Option<(u32, Entry)> {
    let mut fields = Fields::new(body);
    let (version, _) = fields.full()?;
    let id = fields.id(version >= 3)?;
    let protection = fields.u16()?;
    let kind = if version >= 2 { fields.array()? } else { *b"mime" };
    let name = fields.text().to_vec();
    let content_type = if matches!(&kind, b"mime" | b"uri ") { fields.text().to_vec() } else { Vec::new() };
    Some((id, Entry { kind, is_protected: protection != 0, name, content_type }))
}

/// An entry of `iref` (ISO/IEC 14496-12, 8.11.12).
fn reference(boxed: &Boxed<'_>, is_wide: bool) -> Option<Reference> {
    let mut fields = Fields::new(boxed.body);
    let from = fields.id(is_wide)?;
    let count = fields.u16()?;
    let to = (0..count).map(|_| fields.id(is_wide)).collect::<Option<_>>()?;
    Some(Reference { kind: boxed.kind, from, to })
}

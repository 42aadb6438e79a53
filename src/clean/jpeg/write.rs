//! Writes a JPEG anew from what was understood of it. Has a maker for each element that may stand in it, and for no other.
//!
//! The order is fixed: SOI, JFIF, orientation, ICC, Adobe, DQT, SOF; for each scan DQT and DHT where they
//! change, DRI where it changes, SOS and data; EOI.

use super::{
    entropy::Walk,
    frame::{Band, Coding, Frame},
    huffman::{Definition, Table},
    tables::huffman_slot,
};
use crate::clean::metadata::exif;
use crate::clean::{Plan, Refusal};

/// A picture, understood.
pub(super) struct Picture {
    pub(super) jfif: bool,
    /// Transform of the Adobe segment.
    pub(super) adobe: Option<u8>,
    /// 2 to 8.
    pub(super) orientation: Option<u8>,
    /// A canonical ICC profile.
    pub(super) profile: Option<Vec<u8>>,
    pub(super) frame: Frame,
    /// Huffman tables that scans use; those know by now what was met in them.
    pub(super) tables: Vec<Table>,
    pub(super) scans: Vec<Scan>,
}

/// A scan, understood.
pub(super) struct Scan {
    /// Quantisation tables, by slot, of the components that have their first scan here: decoders keep
    /// for each component the one that stands in its slot at that time.
    pub(super) quantisation: Vec<(u8, [u16; 64])>,
    pub(super) components: Vec<Selected>,
    pub(super) band: Band,
    /// MCUs between restart markers, or 0.
    pub(super) restart: u16,
    pub(super) mcus: u64,
    pub(super) chunks: Vec<Chunk>,
}

/// A component of a scan: its place in the frame, and the tables that it is coded with.
pub(super) struct Selected {
    pub(super) component: usize,
    pub(super) dc: Option<TableRef>,
    pub(super) ac: Option<TableRef>,
}

/// A Huffman table: the id of its slot, and its place in the list of tables.
#[derive(Clone, Copy)]
pub(super) struct TableRef {
    pub(super) id: u8,
    pub(super) place: usize,
}

/// Entropy-coded data in the clean file.
pub(super) enum Chunk {
    /// Bytes of the original.
    Copy { at: u64, len: u64 },
    /// The last byte of an interval, padded with ones.
    Last(u8),
}

/// Appends bytes of the original.
pub(super) fn copy(chunks: &mut Vec<Chunk>, at: u64, len: u64) {
    if len == 0 {
        return;
    }
    if let Some(Chunk::Copy { at: last_at, len: last_len }) = chunks.last_mut()
        && last_at.checked_add(*last_len) == Some(at)
        && let Some(joined) = last_len.checked_add(len)
    {
        *last_len = joined;
        return;
    }
    chunks.push(Chunk::Copy { at, len });
}

/// How to walk the data of `scan`, with `blocks` of each component in an MCU.
pub(super) fn walk_of<'t>(
    scan: &Scan,
    coding: Coding,
    blocks: &[u32],
    tables: &'t [Table],
    nonzero: &'t mut [u64],
) -> Option<Walk<'t>> {
    let table = |table: Option<TableRef>| tables.get(table?.place);
    let band = (u32::from(scan.band.ss), u32::from(scan.band.se));
    let each = || scan.components.iter().zip(blocks);
    let repeated = |n: u32| usize::try_from(n).unwrap_or(0);
    Some(match coding {
        Coding::Sequential => {
            let mut list = Vec::new();
            for (component, &n) in each() {
                list.extend(std::iter::repeat_n((table(component.dc)?, table(component.ac)?), repeated(n)));
            }
            Walk::Sequential(list)
        }
        Coding::DcFirst => {
            let mut list = Vec::new();
            for (component, &n) in each() {
                list.extend(std::iter::repeat_n(table(component.dc)?, repeated(n)));
            }
            Walk::DcFirst(list)
        }
        Coding::DcRefine => Walk::DcRefine(blocks.iter().fold(0, |sum: u32, &n| sum.saturating_add(n))),
        Coding::AcFirst => Walk::AcFirst { table: table(scan.components.first()?.ac)?, band, nonzero },
        Coding::AcRefine => Walk::AcRefine { table: table(scan.components.first()?.ac)?, band, nonzero },
    })
}

/// The plan of the clean file.
pub(super) fn plan(picture: &Picture) -> Result<Plan, Refusal> {
    let mut plan = Plan::default();
    let mut head = vec![0xFF, 0xD8];
    if picture.jfif {
        segment(&mut head, 0xE0, &[b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"]);
    }
    if let Some(orientation) = picture.orientation {
        segment(&mut head, 0xE1, &[b"Exif\0\0", &exif::canonical(orientation)]);
    }
    if let Some(profile) = &picture.profile {
        icc(&mut head, profile);
    }
    if let Some(transform) = picture.adobe {
        let transform = known_transform(transform, picture.frame.components.len());
        segment(&mut head, 0xEE, &[b"Adobe\0\x64\0\0\0\0", &[transform]]);
    }
    let mut quantisation = first_quantisation(&picture.scans);
    for (id, table) in (0..).zip(&quantisation) {
        if let Some(table) = table {
            dqt(&mut head, id, table);
        }
    }
    sof(&mut head, &picture.frame);
    plan.bytes(&head)?;

    let ids = picture.frame.canonical_ids();
    let canonical: Vec<Definition> = picture.tables.iter().map(Table::canonical).collect();
    let mut huffman = [const { None }; 8];
    let mut restart = 0;
    for scan in &picture.scans {
        let mut head = Vec::new();
        quantisation_changes(&mut head, &mut quantisation, scan);
        huffman_changes(&mut head, &mut huffman, scan, &canonical);
        restart_change(&mut head, &mut restart, scan);
        sos(&mut head, scan, &ids);
        plan.bytes(&head)?;
        for chunk in &scan.chunks {
            match *chunk {
                Chunk::Copy { at, len } => plan.copy(at, len)?,
                Chunk::Last(0xFF) => plan.bytes(&[0xFF, 0x00])?,
                Chunk::Last(byte) => plan.bytes(&[byte])?,
            }
        }
    }
    plan.bytes(&[0xFF, 0xD9])?;
    Ok(plan)
}

/// A marker, the length and the payload, which is below 64 KiB by construction.
fn segment(to: &mut Vec<u8>, code: u8, payload: &[&[u8]]) {
    let len = payload.iter().fold(2_usize, |sum, part| sum.saturating_add(part.len()));
    to.extend_from_slice(&[0xFF, code]);
    to.extend_from_slice(&u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes());
    for part in payload {
        to.extend_from_slice(part);
    }
}

/// Bytes of a profile that fit into one segment (ICC.1:2022 annex B.4).
const ICC_PIECE_BYTES: usize = 65_519;

fn icc(to: &mut Vec<u8>, profile: &[u8]) {
    let pieces = profile.chunks(ICC_PIECE_BYTES);
    let count = u8::try_from(pieces.len()).unwrap_or(u8::MAX);
    for (number, piece) in (1_u8..=255).zip(pieces) {
        segment(to, 0xE2, &[b"ICC_PROFILE\0", &[number, count], piece]);
    }
}

/// The transform, or what libjpeg takes an unknown one for.
fn known_transform(transform: u8, components: usize) -> u8 {
    match (transform, components) {
        (0..=2, _) => transform,
        (_, 3) => 1,
        (_, 4) => 2,
        _ => 0,
    }
}

/// Quantisation tables as they stand before the frame: of each slot the one that is used first.
fn first_quantisation(scans: &[Scan]) -> [Option<[u16; 64]>; 4] {
    let mut first = [None; 4];
    for (id, table) in scans.iter().flat_map(|scan| &scan.quantisation) {
        if let Some(slot) = first.get_mut(usize::from(*id)) {
            slot.get_or_insert(*table);
        }
    }
    first
}

/// Bytes a value where all of them fit, else two.
fn dqt(to: &mut Vec<u8>, id: u8, table: &[u16; 64]) {
    let narrow: Result<Vec<u8>, _> = table.iter().map(|&value| u8::try_from(value)).collect();
    match narrow {
        Ok(values) => segment(to, 0xDB, &[&[id], &values]),
        Err(_) => segment(to, 0xDB, &[&[id | 0x10], &table.map(u16::to_be_bytes).concat()]),
    }
}

fn sof(to: &mut Vec<u8>, frame: &Frame) {
    let mut components = Vec::new();
    for (component, id) in frame.components.iter().zip(frame.canonical_ids()) {
        components.extend_from_slice(&[id, component.h.wrapping_shl(4) | component.v, component.tq]);
    }
    let count = u8::try_from(frame.components.len()).unwrap_or(u8::MAX);
    let (height, width) = (frame.height.to_be_bytes(), frame.width.to_be_bytes());
    segment(to, frame.sof, &[&[frame.precision], &height, &width, &[count], &components]);
}

fn quantisation_changes(to: &mut Vec<u8>, now: &mut [Option<[u16; 64]>; 4], scan: &Scan) {
    for (id, now) in (0_u8..).zip(now) {
        if let Some((_, table)) = scan.quantisation.iter().find(|(slot, _)| *slot == id)
            && now.as_ref() != Some(table)
        {
            dqt(to, id, table);
            *now = Some(*table);
        }
    }
}

fn huffman_changes(to: &mut Vec<u8>, now: &mut [Option<Definition>; 8], scan: &Scan, canonical: &[Definition]) {
    let dc = scan.components.iter().filter_map(|component| Some((0_u8, component.dc?)));
    let ac = scan.components.iter().filter_map(|component| Some((1_u8, component.ac?)));
    let mut used: Vec<(u8, TableRef)> = dc.chain(ac).collect();
    used.sort_by_key(|&(class, table)| (class, table.id));
    for (class, table) in used {
        let slot = now.get_mut(huffman_slot(class, table.id));
        if let (Some(slot), Some(definition)) = (slot, canonical.get(table.place))
            && slot.as_ref() != Some(definition)
        {
            segment(to, 0xC4, &[&[class.wrapping_shl(4) | table.id], &definition.counts, &definition.symbols]);
            *slot = Some(definition.clone());
        }
    }
}

/// DRI where restart markers come at another distance than before, or where they would but do not.
fn restart_change(to: &mut Vec<u8>, now: &mut u16, scan: &Scan) {
    let restarts = |interval: u16| interval != 0 && u64::from(interval) < scan.mcus;
    let wanted = if restarts(scan.restart) {
        scan.restart
    } else if restarts(*now) {
        0
    } else {
        return;
    };
    if wanted != *now {
        segment(to, 0xDD, &[&wanted.to_be_bytes()]);
        *now = wanted;
    }
}

fn sos(to: &mut Vec<u8>, scan: &Scan, ids: &[u8]) {
    let mut payload = vec![u8::try_from(scan.components.len()).unwrap_or(u8::MAX)];
    for selected in &scan.components {
        let id = |table: Option<TableRef>| table.map_or(0, |table| table.id);
        payload.push(ids.get(selected.component).copied().unwrap_or(0));
        payload.push(id(selected.dc).wrapping_shl(4) | id(selected.ac));
    }
    let Band { ss, se, ah, al } = scan.band;
    segment(to, 0xDA, &[&payload, &[ss, se, ah.wrapping_shl(4) | al]]);
}

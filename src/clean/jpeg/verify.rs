//! Reads a produced JPEG to its end and accounts for every byte. Shares the walk of the codes with the cleaner, and neither its parser nor its writer.
//!
//! It is strict where the cleaner is lenient: one order, one spelling, nothing that is not used.

mod input;

use std::io::Read;

use self::input::{Input, Result};
use super::{
    bits::Source,
    entropy::{self, Walk},
    frame::{Band, Coding, Coverage, Frame},
    huffman::{Alphabet, Class, Definition, Table},
};
use crate::{
    clean::Unaccounted,
    clean::metadata::{exif, icc},
    limits,
};

/// Reads to the end of `produced`, which must be just what the writer makes.
pub(super) fn verify(produced: &mut dyn Read) -> Result<()> {
    let mut input = Input::new(produced);
    soi(&mut input)?;
    let code = metadata(&mut input)?;
    picture(&mut input, code).map(drop)
}

/// As [`verify`], of a picture that is a part of another file and has no metadata of its own. The frame.
pub(super) fn verify_part(produced: &mut dyn Read) -> Result<Frame> {
    let mut input = Input::new(produced);
    soi(&mut input)?;
    let code = input.marker()?;
    picture(&mut input, code)
}

fn soi(input: &mut Input<'_>) -> Result<()> {
    if (input.byte()?, input.byte()?) == (0xFF, 0xD8) { Ok(()) } else { input.wrong("SOI") }
}

/// Tables, frame and scans from marker `code` to the end.
fn picture(input: &mut Input<'_>, mut code: u8) -> Result<Frame> {
    let mut picture = Picture::read(input, &mut code)?;
    for _ in 0..=limits::SCANS_MAX {
        if code == 0xD9 {
            picture.end(input)?;
            return if input.buffered()?.is_empty() { Ok(picture.frame) } else { input.wrong("bytes after EOI") };
        }
        picture.scan(input, code)?;
        // The walk has read the FF.
        code = input.byte()?;
    }
    input.wrong("number of scans")
}

/// Reads the segments that say how pixels are to be shown, and the marker after them.
fn metadata(input: &mut Input<'_>) -> Result<u8> {
    let mut code = input.marker()?;
    if code == 0xE0 {
        if input.payload()? != b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0" {
            return input.wrong("JFIF");
        }
        code = input.marker()?;
    }
    if code == 0xE1 {
        let payload = input.payload()?;
        let block = payload.strip_prefix(b"Exif\0\0").unwrap_or_default();
        if !(2..=8).any(|orientation| block == exif::canonical(orientation)) {
            return input.wrong("orientation");
        }
        code = input.marker()?;
    }
    if code == 0xE2 {
        code = profile(input)?;
    }
    if code == 0xEE {
        let payload = input.payload()?;
        if !matches!(payload.strip_prefix(b"Adobe\0\x64\0\0\0\0"), Some([0..=2])) {
            return input.wrong("Adobe");
        }
        code = input.marker()?;
    }
    Ok(code)
}

/// Reads the pieces of an ICC profile, all but the last as long as can be, and the marker after them.
fn profile(input: &mut Input<'_>) -> Result<u8> {
    let mut profile = Vec::new();
    for expected in 1_u8..=255 {
        let payload = input.payload()?;
        let Some([number, of, piece @ ..]) = payload.strip_prefix(b"ICC_PROFILE\0") else {
            return input.wrong("ICC profile");
        };
        let last = *of == expected;
        if *number != expected || *of < expected || piece.is_empty() || !last && piece.len() != 65_519 {
            return input.wrong("ICC profile");
        }
        profile.extend_from_slice(piece);
        let code = input.marker()?;
        match (last, code) {
            (true, _) if icc::is_canonical(&profile) => return Ok(code),
            (false, 0xE2) => {}
            _ => return input.wrong("ICC profile"),
        }
    }
    input.wrong("ICC profile")
}

/// The frame, and tables as they stand.
struct Picture {
    frame: Frame,
    ids: Vec<u8>,
    coverage: Coverage,
    /// Values, and whether a component has taken them.
    quantisation: [Option<([u16; 64], bool)>; 4],
    /// Tables, DC before AC, and whether a scan has selected them.
    huffman: [Option<(Table, bool)>; 8],
    restart: u16,
    nonzero: [Vec<u64>; 4],
}

impl Picture {
    /// Reads the first quantisation tables and the frame header, and the marker after it.
    fn read(input: &mut Input<'_>, code: &mut u8) -> Result<Self> {
        let mut quantisation = [None; 4];
        let mut lowest = 0;
        while *code == 0xDB {
            let (id, values) = dqt(input)?;
            match quantisation.get_mut(id) {
                Some(slot) if id >= lowest => *slot = Some((values, false)),
                _ => return input.wrong("order of DQT"),
            }
            lowest = id.saturating_add(1);
            *code = input.marker()?;
        }
        let payload = input.payload()?;
        let Some((&[precision, h1, h2, w1, w2, count], rest)) = payload.split_first_chunk::<6>() else {
            return input.wrong("SOF");
        };
        let (components, odd) = rest.as_chunks::<3>();
        if !matches!(code, 0xC0..=0xC2) || components.len() != usize::from(count) || !odd.is_empty() {
            return input.wrong("SOF");
        }
        let components: Vec<_> = components.iter().map(|&[id, hv, tq]| (id, hv >> 4, hv & 15, tq)).collect();
        let size = (u16::from_be_bytes([h1, h2]), u16::from_be_bytes([w1, w2]));
        let frame = match Frame::new(*code, precision, size, &components) {
            Ok(frame) => frame,
            Err((_, part)) => return input.wrong(part),
        };
        let ids = frame.canonical_ids();
        if !components.iter().map(|component| component.0).eq(ids.iter().copied()) {
            return input.wrong("SOF component id");
        }
        *code = input.marker()?;
        let coverage = Coverage::new(&frame);
        let huffman = Default::default();
        Ok(Self { frame, ids, coverage, quantisation, huffman, restart: 0, nonzero: Default::default() })
    }

    /// Reads the tables that change, the scan header and the data.
    fn scan(&mut self, input: &mut Input<'_>, mut code: u8) -> Result<()> {
        let changed = self.quantisation_changes(input, &mut code)?;
        self.huffman_changes(input, &mut code)?;
        let before = self.restart;
        if code == 0xDD {
            let payload = input.payload()?;
            let Ok(interval) = <[u8; 2]>::try_from(payload) else { return input.wrong("DRI") };
            self.restart = u16::from_be_bytes(interval);
            code = input.marker()?;
            if self.restart == before {
                return input.wrong("DRI without change");
            }
        }
        if code != 0xDA {
            return input.wrong("marker out of place");
        }
        let (components, band, coding, selectors) = self.sos(input, &changed)?;
        let Ok((mcus, blocks)) = self.frame.shape(&components) else { return input.wrong("blocks of an MCU") };
        let restarts = |interval: u16| interval != 0 && u64::from(interval) < mcus;
        if self.restart != before && !restarts(self.restart) && (self.restart != 0 || !restarts(before)) {
            return input.wrong("DRI without effect");
        }
        self.select(input, coding, &selectors)?;
        self.data(input, (&components, &blocks, mcus), band, coding, &selectors)
    }

    /// Which slots get another quantisation table.
    fn quantisation_changes(&mut self, input: &mut Input<'_>, code: &mut u8) -> Result<Vec<usize>> {
        let mut changed = Vec::new();
        while *code == 0xDB {
            let (id, values) = dqt(input)?;
            let in_order = changed.last().is_none_or(|&last| last < id);
            match self.quantisation.get_mut(id) {
                Some(Some((before, true))) if in_order && *before != values => {}
                _ => return input.wrong("DQT without need"),
            }
            if let Some(slot) = self.quantisation.get_mut(id) {
                *slot = Some((values, false));
            }
            changed.push(id);
            *code = input.marker()?;
        }
        Ok(changed)
    }

    fn huffman_changes(&mut self, input: &mut Input<'_>, code: &mut u8) -> Result<()> {
        let mut lowest = 0;
        while *code == 0xC4 {
            let payload = input.payload()?;
            let Some((&[head @ (0..=3 | 0x10..=0x13), ref counts @ ..], symbols)) = payload.split_first_chunk::<17>()
            else {
                return input.wrong("DHT");
            };
            let definition = Definition { counts: *counts, symbols: symbols.to_vec() };
            let (class, place) = match head {
                0..=3 => (Class::Dc, usize::from(head)),
                _ => (Class::Ac, usize::from(head & 3).saturating_add(4)),
            };
            let alphabet = Alphabet { class, progressive: self.frame.progressive(), precision: self.frame.precision };
            let table = match Table::new(definition, alphabet) {
                Ok(table) => table,
                Err(part) => return input.wrong(part),
            };
            let Some(slot) = self.huffman.get_mut(place).filter(|_| place >= lowest) else {
                return input.wrong("order of DHT");
            };
            if let Some((before, _)) = slot.replace((table, false)) {
                spent(&before, input)?;
                if slot.as_ref().is_some_and(|(table, _)| table.definition() == before.definition()) {
                    return input.wrong("DHT without change");
                }
            }
            lowest = place.saturating_add(1);
            *code = input.marker()?;
        }
        Ok(())
    }

    /// Reads the scan header: components, band, coding, and the ids of each component's tables.
    #[expect(clippy::type_complexity, reason = "the four parts of one header, used once")]
    fn sos(
        &mut self,
        input: &mut Input<'_>,
        changed: &[usize],
    ) -> Result<(Vec<usize>, Band, Coding, Vec<(usize, usize)>)> {
        let payload = input.payload()?;
        let Some(([count, pairs @ ..], &[ss, se, bits])) = payload.split_last_chunk::<3>() else {
            return input.wrong("SOS");
        };
        let (pairs, odd) = pairs.as_chunks::<2>();
        if pairs.len() != usize::from(*count) || pairs.is_empty() || !odd.is_empty() {
            return input.wrong("SOS");
        }
        let (mut components, mut selectors) = (Vec::new(), Vec::new());
        for [id, tables] in pairs {
            let place = self.ids.iter().position(|known| known == id);
            let Some(place) = place.filter(|&place| components.last().is_none_or(|&last| last < place)) else {
                return input.wrong("SOS component");
            };
            components.push(place);
            selectors.push((usize::from(tables >> 4), usize::from(tables & 15)));
        }
        let band = Band { ss, se, ah: bits >> 4, al: bits & 15 };
        if !self.frame.progressive() && band != Band::WHOLE {
            return input.wrong("SOS band");
        }
        for &component in components.iter().filter(|&&component| !self.coverage.seen(component)) {
            let tq = self.frame.components.get(component).map_or(4, |component| usize::from(component.tq));
            match self.quantisation.get_mut(tq) {
                Some(Some((_, used))) => *used = true,
                _ => return input.wrong("SOS without its DQT"),
            }
        }
        if changed.iter().any(|&id| !matches!(self.quantisation.get(id), Some(Some((_, true))))) {
            return input.wrong("DQT without use");
        }
        match self.coverage.enter(&components, band) {
            Ok(coding) => Ok((components, band, coding, selectors)),
            Err((_, part)) => input.wrong(part),
        }
    }

    /// Marks the tables that the scan selects. No other may have been defined since the last scan.
    fn select(&mut self, input: &Input<'_>, coding: Coding, selectors: &[(usize, usize)]) -> Result<()> {
        let (dc, ac) = coding.selects();
        for &(dc_id, ac_id) in selectors {
            for (selects, id, place) in [(dc, dc_id, dc_id), (ac, ac_id, ac_id.saturating_add(4))] {
                match (selects, self.huffman.get_mut(place)) {
                    (true, Some(Some((_, used)))) if id <= 3 => *used = true,
                    (false, _) if id == 0 => {}
                    _ => return input.wrong("SOS tables"),
                }
            }
        }
        let unused = self.huffman.iter().flatten().any(|(_, used)| !used);
        if unused { input.wrong("DHT without use") } else { Ok(()) }
    }

    fn data(
        &mut self,
        input: &mut Input<'_>,
        (components, blocks, mcus): (&[usize], &[u32], u64),
        band: Band,
        coding: Coding,
        selectors: &[(usize, usize)],
    ) -> Result<()> {
        let alone = components.first().copied().unwrap_or(0);
        let held: usize = self.nonzero.iter().map(Vec::len).sum();
        let Some(nonzero) = self.nonzero.get_mut(alone) else { return input.wrong("SOS component") };
        if matches!(coding, Coding::AcFirst | Coding::AcRefine) && nonzero.is_empty() {
            let words = usize::try_from(mcus).unwrap_or(usize::MAX);
            let bytes = u64::try_from(held.saturating_add(words).saturating_mul(8)).unwrap_or(u64::MAX);
            if bytes > limits::PROGRESSIVE_BYTES_MAX {
                return input.wrong("number of progressive blocks");
            }
            *nonzero = vec![0; words];
        }
        let Some(walk) = walk_of(&self.huffman, nonzero, blocks, band, coding, selectors) else {
            return input.wrong("SOS tables");
        };
        entropy::walk(input, walk, (mcus, self.restart), &mut |interval| {
            // Nothing behind the last code, and padding of ones.
            if interval.slack || interval.last.is_some() {
                return Err(Unaccounted::new("bytes behind a scan", interval.at.saturating_add(interval.len)));
            }
            Ok(())
        })
    }

    /// Whether all has come that must, and nothing has come in vain.
    fn end(&self, input: &Input<'_>) -> Result<()> {
        if !self.coverage.complete() {
            return input.wrong("component without a scan");
        }
        if self.quantisation.iter().flatten().any(|(_, used)| !used) {
            return input.wrong("DQT without use");
        }
        self.huffman.iter().flatten().try_for_each(|(table, _)| spent(table, input))
    }
}

/// Whether a table, after its last use, holds nothing but what was used and the fixed filling.
fn spent(table: &Table, input: &Input<'_>) -> Result<()> {
    if table.canonical() == *table.definition() { Ok(()) } else { input.wrong("DHT with unused codes") }
}

/// One table, in the narrowest form.
fn dqt(input: &mut Input<'_>) -> Result<(usize, [u16; 64])> {
    let payload = input.payload()?;
    let mut values = [0_u16; 64];
    match payload.split_first() {
        Some((&id @ 0..=3, bytes)) if bytes.len() == 64 => {
            for (value, &byte) in values.iter_mut().zip(bytes) {
                *value = u16::from(byte);
            }
            Ok((usize::from(id), values))
        }
        Some((&id @ 0x10..=0x13, bytes)) if bytes.len() == 128 && bytes.iter().step_by(2).any(|&high| high != 0) => {
            for (value, &pair) in values.iter_mut().zip(bytes.as_chunks::<2>().0) {
                *value = u16::from_be_bytes(pair);
            }
            Ok((usize::from(id & 3), values))
        }
        _ => input.wrong("DQT"),
    }
}

fn walk_of<'t>(
    huffman: &'t [Option<(Table, bool)>; 8],
    nonzero: &'t mut [u64],
    blocks: &[u32],
    band: Band,
    coding: Coding,
    selectors: &[(usize, usize)],
) -> Option<Walk<'t>> {
    let table = |place: usize| huffman.get(place)?.as_ref().map(|(table, _)| table);
    let dc = |i: usize| table(selectors.get(i)?.0);
    let ac = |i: usize| table(selectors.get(i)?.1.checked_add(4)?);
    // The index of its component, for each block of an MCU.
    let order: Vec<usize> = (0..).zip(blocks).flat_map(|(i, &n)| (0..n).map(move |_| i)).collect();
    let band = (u32::from(band.ss), u32::from(band.se));
    Some(match coding {
        Coding::Sequential => Walk::Sequential(order.iter().map(|&i| Some((dc(i)?, ac(i)?))).collect::<Option<_>>()?),
        Coding::DcFirst => Walk::DcFirst(order.iter().map(|&i| dc(i)).collect::<Option<_>>()?),
        Coding::DcRefine => Walk::DcRefine(u32::try_from(order.len()).ok()?),
        Coding::AcFirst => Walk::AcFirst { table: ac(0)?, band, nonzero },
        Coding::AcRefine => Walk::AcRefine { table: ac(0)?, band, nonzero },
    })
}

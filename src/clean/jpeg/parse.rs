//! Reads a JPEG segment by segment, as decoders do, and gathers what a picture is made of. Writes nothing.

use super::{
    bits::Interval,
    entropy,
    frame::{Band, Coding, Coverage, Frame, Wrong},
    huffman::{Alphabet, Class, Table},
    metadata::Metadata,
    tables::Tables,
    trailer,
    write::{self, Chunk, Picture, Scan},
};
use crate::{
    clean::metadata::icc,
    clean::{Category, Draft, Findings, Reason, Refusal, cursor::Cursor},
    limits,
};

/// Who walks the codes of a scan to find where they end.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Walking {
    /// The cleaner does, and so knows what else stands there.
    Cleaner,
    /// The verifier alone, which must do it anyway: where tables and coded data look as most encoders write
    /// them, it is assumed that nothing else stands there.
    Verifier,
}

/// What has been read so far.
pub(super) struct Parse {
    walking: Walking,
    /// Whether a scan was taken on that assumption.
    assumed: bool,
    findings: Findings,
    metadata: Metadata,
    frame: Option<(Frame, Coverage)>,
    tables: Tables,
    restart: u16,
    scans: Vec<Scan>,
    nonzero: [Vec<u64>; 4],
    nonzero_bytes: u64,
    chunks: usize,
    /// The walk that ended last has read the `FF` of the next marker.
    marked: bool,
}

impl Parse {
    pub(super) fn new(walking: Walking) -> Self {
        Self {
            walking,
            assumed: false,
            findings: Findings::default(),
            metadata: Metadata::default(),
            frame: None,
            tables: Tables::default(),
            restart: 0,
            scans: Vec::new(),
            nonzero: Default::default(),
            nonzero_bytes: 0,
            chunks: 0,
            marked: false,
        }
    }

    /// Passes over whatever is no marker, as decoders do, and reads the second byte of the next one.
    pub(super) fn marker(&mut self, cursor: &mut Cursor<'_>) -> Result<u8, Refusal> {
        let mut marked = std::mem::take(&mut self.marked);
        let (mut fill, mut gap) = (false, false);
        let begin = cursor.at();
        loop {
            if cursor.at().saturating_sub(begin) > limits::GAP_BYTES_MAX {
                return Err(Refusal::new(Reason::Damaged, "no marker", begin));
            }
            match (cursor.byte("marker")?, marked) {
                (0xFF, false) => marked = true,
                (0xFF, true) => fill = true,
                (0x00, true) => (marked, gap) = (false, true),
                (code, true) => {
                    if fill {
                        self.findings.removed(Category::HiddenContent, "fill bytes before a marker");
                    }
                    if gap {
                        self.findings.removed(Category::HiddenContent, "between segments");
                    }
                    return Ok(code);
                }
                (_, false) => gap = true,
            }
        }
    }

    pub(super) fn segment(&mut self, code: u8, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        let at = cursor.at().saturating_sub(2);
        let refuse = |reason, part| Err(Refusal::new(reason, part, at));
        let payload = match code {
            // These have no payload. A restart marker outside a scan, and TEM, mean nothing.
            0x01 | 0xD0..=0xD7 => {
                self.findings.removed(Category::HiddenContent, "marker without meaning");
                return Ok(());
            }
            0xD8 => return refuse(Reason::Damaged, "second SOI"),
            0xC3 => return refuse(Reason::NotUnderstood, "lossless frame"),
            0xC5..=0xC7 | 0xDE | 0xDF => return refuse(Reason::NotUnderstood, "hierarchical frame"),
            0xC9..=0xCF => return refuse(Reason::NotUnderstood, "arithmetic coding"),
            0xC8 | 0xF0..=0xFD => return refuse(Reason::NotUnderstood, "JPG extension"),
            0xDC => return refuse(Reason::NotUnderstood, "DNL"),
            0x02..=0xBF => return refuse(Reason::NotUnderstood, "reserved marker"),
            _ => payload(cursor)?,
        };
        let wrong = |(reason, part): Wrong| Refusal::new(reason, part, at);
        match code {
            0xC0..=0xC2 => self.sof(code, &payload).map_err(wrong),
            0xC4 => self.tables.dht(&payload, &mut self.findings).map_err(wrong),
            0xDB => self.tables.dqt(&payload, &mut self.findings).map_err(wrong),
            0xDD => self.dri(&payload).map_err(wrong),
            0xDA => {
                let (components, coding) = self.sos(&payload).map_err(wrong)?;
                self.data(&components, coding, cursor)
            }
            0xE0..=0xEF => {
                self.metadata.app(code & 0x0F, &payload, &mut self.findings);
                Ok(())
            }
            _ => {
                Metadata::comment(&payload, &mut self.findings);
                Ok(())
            }
        }
    }

    /// T.81 B.2.4.4.
    fn dri(&mut self, payload: &[u8]) -> Result<(), Wrong> {
        let interval: [u8; 2] = payload.try_into().map_err(|_| (Reason::Damaged, "DRI"))?;
        self.restart = u16::from_be_bytes(interval);
        Ok(())
    }

    /// T.81 B.2.2.
    fn sof(&mut self, sof: u8, payload: &[u8]) -> Result<(), Wrong> {
        let wrong = (Reason::Damaged, "SOF");
        if self.frame.is_some() {
            return Err((Reason::Damaged, "second SOF"));
        }
        let (&[precision, h1, h2, w1, w2, count], rest) = payload.split_first_chunk::<6>().ok_or(wrong.clone())?;
        let (components, tail) = rest.as_chunks::<3>();
        if components.len() != usize::from(count) || !tail.is_empty() {
            return Err(wrong);
        }
        let components: Vec<_> = components.iter().map(|&[id, hv, tq]| (id, hv / 16, hv % 16, tq)).collect();
        let size = (u16::from_be_bytes([h1, h2]), u16::from_be_bytes([w1, w2]));
        let frame = Frame::new(sof, precision, size, &components)?;
        let coverage = Coverage::new(&frame);
        self.frame = Some((frame, coverage));
        Ok(())
    }

    /// T.81 B.2.3. Says which components the scan holds, and what it codes; enters it in the list.
    fn sos(&mut self, payload: &[u8]) -> Result<(Vec<usize>, Coding), Wrong> {
        let wrong = (Reason::Damaged, "SOS");
        self.metadata.scan_begins();
        let (frame, coverage) = self.frame.as_mut().ok_or((Reason::Damaged, "SOS before SOF"))?;
        if self.scans.len() >= limits::SCANS_MAX {
            return Err((Reason::TooLarge, "number of scans"));
        }
        let Some(([count, selected @ ..], &[ss, se, bits])) = payload.split_last_chunk::<3>() else {
            return Err(wrong);
        };
        let (selected, odd) = selected.as_chunks::<2>();
        if selected.len() != usize::from(*count) || selected.is_empty() || !odd.is_empty() {
            return Err(wrong);
        }
        let mut components = Vec::new();
        for &[id, _] in selected {
            let component = frame.components.iter().position(|component| component.id == id).ok_or(wrong.clone())?;
            // In the frame's order, and so none twice (T.81 B.2.3).
            if components.last().is_some_and(|&last| last >= component) {
                return Err(wrong);
            }
            components.push(component);
        }
        let first: Vec<usize> = components.iter().copied().filter(|&component| !coverage.seen(component)).collect();
        let band = Band { ss, se, ah: bits / 16, al: bits % 16 };
        let coding = coverage.enter(&components, band)?;
        let band = if frame.progressive() { band } else { Band::WHOLE };

        let mut quantisation = Vec::new();
        for component in first {
            let tq = frame.components.get(component).map_or(0, |component| component.tq);
            quantisation.push((tq, self.tables.quantise(tq)?));
        }
        let alphabet = |class| Alphabet { class, progressive: frame.progressive(), precision: frame.precision };
        let (dc, ac) = coding.selects();
        let (dc, ac) = (dc.then(|| alphabet(Class::Dc)), ac.then(|| alphabet(Class::Ac)));
        let mut scan =
            Scan { quantisation, components: Vec::new(), band, restart: self.restart, mcus: 0, chunks: Vec::new() };
        for (&component, &[_, slots]) in components.iter().zip(selected) {
            let dc = dc.map(|alphabet| self.tables.select(alphabet, slots / 16)).transpose()?;
            let ac = ac.map(|alphabet| self.tables.select(alphabet, slots % 16)).transpose()?;
            scan.components.push(write::Selected { component, dc, ac });
        }
        self.scans.push(scan);
        Ok((components, coding))
    }

    /// Walks the data of the scan entered last.
    fn data(&mut self, components: &[usize], coding: Coding, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        let at = cursor.at();
        let wrong = |(reason, part): Wrong| Refusal::new(reason, part, at);
        let missing = || Refusal::new(Reason::Damaged, "SOS", at);
        let (frame, _) = self.frame.as_ref().ok_or_else(missing)?;
        let scan = self.scans.last_mut().ok_or_else(missing)?;
        let (mcus, blocks) = frame.shape(components).map_err(wrong)?;
        scan.mcus = mcus;
        let tables = scan.components.iter().flat_map(|selected| [selected.dc, selected.ac]).flatten();
        let tables = tables.filter_map(|table| self.tables.list.get(table.place));
        if self.walking == Walking::Verifier
            && coding == Coding::Sequential
            && tables.clone().all(Table::is_likely_used)
        {
            let count = blocks.iter().map(|&blocks| u64::from(blocks)).sum::<u64>().saturating_mul(mcus);
            let end = skim(cursor, count.saturating_mul(BLOCK_BYTES_MAX))?;
            tables.for_each(Table::meet_all);
            write::copy(&mut scan.chunks, at, end.saturating_sub(at));
            (self.marked, self.assumed) = (true, true);
            return Ok(());
        }
        let alone = components.first().copied().unwrap_or(0);
        let nonzero = self.nonzero.get_mut(alone).ok_or_else(missing)?;
        if matches!(coding, Coding::AcFirst | Coding::AcRefine) && nonzero.is_empty() {
            self.nonzero_bytes = self.nonzero_bytes.saturating_add(mcus.saturating_mul(8));
            let words = usize::try_from(mcus).ok().filter(|_| self.nonzero_bytes <= limits::PROGRESSIVE_BYTES_MAX);
            *nonzero = vec![0; words.ok_or(Refusal::new(Reason::TooLarge, "number of progressive blocks", at))?];
        }
        let walk = write::walk_of(scan, coding, &blocks, &self.tables.list, nonzero).ok_or_else(missing)?;
        let (chunks, findings, total) = (&mut scan.chunks, &mut self.findings, &mut self.chunks);
        entropy::walk(cursor, walk, (mcus, scan.restart), &mut |interval| keep(&interval, chunks, findings, total))?;
        self.marked = true;
        Ok(())
    }

    /// Reads a stream of tables alone, which others of the file go by (T.81 B.5). `at` is where it stands.
    pub(super) fn abbreviated(&mut self, stream: &[u8], at: u64) -> Result<(), Refusal> {
        let wrong = |(reason, part): Wrong| Refusal::new(reason, part, at);
        let damaged = || Refusal::new(Reason::Damaged, "JPEGTables", at);
        let mut rest = stream.strip_prefix(&[0xFF, 0xD8]).ok_or_else(damaged)?;
        loop {
            let (&[first, code], behind) = rest.split_first_chunk::<2>().ok_or_else(damaged)?;
            if first != 0xFF {
                return Err(damaged());
            }
            if code == 0xD9 {
                return Ok(());
            }
            let (&len, behind) = behind.split_first_chunk::<2>().ok_or_else(damaged)?;
            let len = usize::from(u16::from_be_bytes(len)).checked_sub(2).ok_or_else(damaged)?;
            let (payload, behind) = behind.split_at_checked(len).ok_or_else(damaged)?;
            match code {
                0xC4 => self.tables.dht(payload, &mut self.findings).map_err(wrong)?,
                0xDB => self.tables.dqt(payload, &mut self.findings).map_err(wrong)?,
                0xDD => self.dri(payload).map_err(wrong)?,
                0xE0..=0xEF => self.metadata.app(code & 0x0F, payload, &mut self.findings),
                0xFE => Metadata::comment(payload, &mut self.findings),
                _ => return Err(damaged()),
            }
            rest = behind;
        }
    }

    /// The draft, and whether it assumes something.
    pub(super) fn finish(self, cursor: &mut Cursor<'_>) -> Result<(Draft, bool), Refusal> {
        let assumed = self.assumed;
        let (picture, mut findings) = self.picture(cursor.at().saturating_sub(2))?;
        trailer::findings(cursor, &mut findings)?;
        Ok((Draft::new(write::plan(&picture)?, findings), assumed))
    }

    /// What was understood, and what goes. EOI is at `at`.
    pub(super) fn picture(mut self, at: u64) -> Result<(Picture, Findings), Refusal> {
        let Some((frame, coverage)) = self.frame else {
            return Err(Refusal::new(Reason::Damaged, "EOI before SOF", at));
        };
        if !coverage.complete() {
            return Err(Refusal::new(Reason::Damaged, "component without a scan", at));
        }
        self.tables.finish(&mut self.findings);
        let profile = self.metadata.finish(&mut self.findings);
        let profile = profile.and_then(|profile| icc::canonical(&profile, &mut self.findings));
        let picture = Picture {
            jfif: self.metadata.jfif,
            adobe: self.metadata.adobe,
            orientation: self.metadata.orientation(),
            profile,
            frame,
            tables: self.tables.list,
            scans: self.scans,
        };
        Ok((picture, self.findings))
    }
}

/// The payload of a segment, by its length.
fn payload(cursor: &mut Cursor<'_>) -> Result<Vec<u8>, Refusal> {
    let at = cursor.at();
    let len = cursor.be16("segment length")?;
    let len = len.checked_sub(2).ok_or(Refusal::new(Reason::Damaged, "segment length", at))?;
    cursor.bytes(usize::from(len), "segment")
}

/// Bytes of a block, each of whose 64 codes has at most 16 bits, and 16 more: twice, since any byte may be stuffed;
/// and a restart marker.
const BLOCK_BYTES_MAX: u64 = 64 * 4 * 2 + 2;

/// Passes over coded data and restart markers (T.81 B.1.1.5) and the `FF` of the marker behind them; where that
/// begins. Fill bytes count as data, for the verifier to find; but there are no more than `len` bytes.
fn skim(cursor: &mut Cursor<'_>, len: u64) -> Result<u64, Refusal> {
    let begin = cursor.at();
    loop {
        if cursor.at().saturating_sub(begin) > len {
            return Err(Refusal::new(Reason::Damaged, "entropy-coded data", cursor.at()));
        }
        let buffered = cursor.buffered()?;
        let passed = memchr::memchr(0xFF, buffered).unwrap_or(buffered.len());
        cursor.consume(passed);
        let at = cursor.at();
        let [mark, code] = cursor.array("entropy-coded data")?;
        match (mark, code) {
            (0xFF, 0x00 | 0xD0..=0xD7) => {}
            (0xFF, 0x01..=0xFE) => {
                cursor.go_to(at.saturating_add(1), "marker")?;
                return Ok(at);
            }
            // The buffer ended, or the second byte is itself the first of a marker.
            _ => cursor.go_to(at.saturating_add(1), "marker")?,
        }
    }
}

/// Notes what of an interval goes into the clean file.
fn keep(
    interval: &Interval,
    chunks: &mut Vec<Chunk>,
    findings: &mut Findings,
    total: &mut usize,
) -> Result<(), Refusal> {
    if interval.slack {
        findings.removed(Category::HiddenContent, "after the last code of a scan or restart interval");
    }
    let before = chunks.len();
    write::copy(chunks, interval.at, interval.len);
    chunks.extend(interval.last.map(Chunk::Last));
    if let Some(at) = interval.restart {
        write::copy(chunks, at, 2);
    }
    *total = total.saturating_add(chunks.len()).saturating_sub(before);
    if *total > limits::SCAN_PIECES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "pieces of entropy-coded data", interval.at));
    }
    Ok(())
}

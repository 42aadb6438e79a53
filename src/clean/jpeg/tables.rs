//! Quantisation and Huffman tables as a decoder has them at any time, and which of them are ever used. Reads no other segment.

use super::{
    frame::Wrong,
    huffman::{Alphabet, Class, Definition, Table},
    write::TableRef,
};
use crate::clean::{Category, Findings, Reason};

/// The tables of one file.
#[derive(Default)]
pub(super) struct Tables {
    /// What stands in each slot now, and whether a scan has used it.
    quantisation: [Option<([u16; 64], bool)>; 4],
    huffman: [Option<(Definition, bool)>; 8],
    /// The places in `list` of those that scans used last, by slot.
    in_force: [Option<usize>; 8],
    /// Huffman tables that scans use.
    pub(super) list: Vec<Table>,
}

impl Tables {
    /// Reads a DQT segment (T.81 B.2.4.1).
    pub(super) fn dqt(&mut self, mut payload: &[u8], findings: &mut Findings) -> Result<(), Wrong> {
        let wrong = (Reason::Damaged, "DQT");
        while let Some((&head, rest)) = payload.split_first() {
            let mut values = [0; 64];
            payload = match head / 16 {
                0 => {
                    let (bytes, rest) = rest.split_first_chunk::<64>().ok_or(wrong.clone())?;
                    values = bytes.map(u16::from);
                    rest
                }
                1 => {
                    let (bytes, rest) = rest.split_first_chunk::<128>().ok_or(wrong.clone())?;
                    for (value, pair) in values.iter_mut().zip(bytes.as_chunks::<2>().0) {
                        *value = u16::from_be_bytes(*pair);
                    }
                    rest
                }
                _ => return Err(wrong),
            };
            let slot = self.quantisation.get_mut(usize::from(head % 16)).ok_or(wrong.clone())?;
            match slot {
                Some((same, _)) if *same == values => {}
                _ => note_unused(slot.replace((values, false)), "DQT", findings),
            }
        }
        Ok(())
    }

    /// Reads a DHT segment (T.81 B.2.4.2).
    pub(super) fn dht(&mut self, mut payload: &[u8], findings: &mut Findings) -> Result<(), Wrong> {
        let wrong = (Reason::Damaged, "DHT");
        while let Some((&head, rest)) = payload.split_first() {
            let (&counts, rest) = rest.split_first_chunk::<16>().ok_or(wrong.clone())?;
            let total = counts.iter().map(|&count| usize::from(count)).sum();
            let (symbols, rest) = rest.split_at_checked(total).ok_or(wrong.clone())?;
            payload = rest;
            let definition = Definition { counts, symbols: symbols.to_vec() };
            if head & 0b1110_1100 != 0 || total > 256 {
                return Err(wrong);
            }
            let slot = self.huffman.get_mut(huffman_slot(head / 16, head % 16)).ok_or(wrong.clone())?;
            match slot {
                Some((same, _)) if *same == definition => {}
                _ => note_unused(slot.replace((definition, false)), "DHT", findings),
            }
        }
        Ok(())
    }

    /// What the quantisation slot `tq` holds now.
    pub(super) fn quantise(&mut self, tq: u8) -> Result<[u16; 64], Wrong> {
        let slot = self.quantisation.get_mut(usize::from(tq)).and_then(Option::as_mut);
        let (values, used) = slot.ok_or((Reason::Damaged, "SOS without its DQT"))?;
        *used = true;
        Ok(*values)
    }

    /// The place in `list` of what slot `id` holds now.
    pub(super) fn select(&mut self, alphabet: Alphabet, id: u8) -> Result<TableRef, Wrong> {
        let missing = (Reason::Damaged, "SOS without its DHT");
        if id > 3 {
            return Err(missing);
        }
        let slot = huffman_slot(u8::from(alphabet.class == Class::Ac), id);
        let (definition, used) = self.huffman.get_mut(slot).and_then(Option::as_mut).ok_or(missing.clone())?;
        *used = true;
        let in_force = self.in_force.get_mut(slot).ok_or(missing)?;
        let same = in_force.filter(|&place| self.list.get(place).is_some_and(|table| table.definition() == definition));
        let place = match same {
            Some(place) => place,
            None => {
                let table = Table::new(definition.clone(), alphabet).map_err(|part| (Reason::Damaged, part))?;
                self.list.push(table);
                self.list.len().saturating_sub(1)
            }
        };
        *in_force = Some(place);
        Ok(TableRef { id, place })
    }

    /// Says which tables no scan has used, at the end.
    pub(super) fn finish(&mut self, findings: &mut Findings) {
        for unused in self.quantisation.iter_mut() {
            note_unused(unused.take(), "DQT", findings);
        }
        for unused in self.huffman.iter_mut() {
            note_unused(unused.take(), "DHT", findings);
        }
    }
}

/// Place of a Huffman table among eight: DC before AC.
pub(super) fn huffman_slot(class: u8, id: u8) -> usize {
    usize::from(class).saturating_mul(4).saturating_add(usize::from(id))
}

/// Says that a table goes which no scan used.
fn note_unused<T>(table: Option<(T, bool)>, name: &str, findings: &mut Findings) {
    if let Some((_, false)) = table {
        findings.removed(Category::HiddenContent, format!("unused {name}"));
    }
}

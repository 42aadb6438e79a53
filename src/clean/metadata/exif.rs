//! What an Exif block gives away, and the one that may stand in its place (Exif 3.0, CIPA DC-008-2023; TIFF 6.0).
//! Never fails and never follows an offset out of the block: what is damaged is itself a finding.

mod gps;
mod maker;
mod tags;
mod words;

use std::collections::{BTreeSet, VecDeque};

use self::tags::{Block, Meaning, Room, Show};
use super::ifd::{Directory, Entry, Order, Walk};
use super::{icc, iptc, legible, xmp};
use crate::clean::{Category, Findings};

/// What an Exif block says.
#[derive(Debug, Default)]
pub(crate) struct Exif {
    /// How the picture is to be turned, 1 to 8 (tag 0x0112), if the block says so.
    pub(crate) orientation: Option<u8>,
    /// What it gives away. Empty for a [`canonical`] block, never empty for any other.
    pub(crate) findings: Findings,
}

/// Reads a TIFF-structured Exif block (without the `Exif\0\0` prefix, which is passed over if it is there).
/// Never fails.
pub(crate) fn read(tiff: &[u8]) -> Exif {
    read_as(tiff, Embedded::Read)
}

/// As [`read`], but blocks of another kind inside are named and not read: that is how nesting ends.
pub(super) fn read_nested(tiff: &[u8]) -> Exif {
    read_as(tiff, Embedded::Name)
}

/// The canonical one-entry Exif block (TIFF header, one IFD with Orientation), without the prefix. 26 bytes.
pub(crate) fn canonical(orientation: u8) -> [u8; 26] {
    [b'I', b'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Embedded {
    Read,
    Name,
}

fn read_as(tiff: &[u8], embedded: Embedded) -> Exif {
    if let Some(orientation) = (1..=8).find(|&orientation| tiff == canonical(orientation)) {
        return Exif { orientation: Some(orientation), findings: Findings::default() };
    }
    let tiff = tiff.strip_prefix(b"Exif\0\0").unwrap_or(tiff);
    let Some((walk, first)) = Walk::start(tiff) else {
        let mut exif = Exif::default();
        exif.findings.removed(Category::Unknown, "Exif (damaged)");
        return exif;
    };
    let mut reading = Reading::new(walk, embedded);
    reading.directories(first);
    reading.finish()
}

/// One block while it is read.
struct Reading<'a> {
    walk: Walk<'a>,
    embedded: Embedded,
    exif: Exif,
    make: Option<String>,
    pending: VecDeque<(u32, Room)>,
    /// Blocks of another kind that were read: one of each, or a table of entries that all point to the same
    /// megabytes would be read a thousand times.
    read: BTreeSet<Block>,
    settings: bool,
    damaged: bool,
    unknown: BTreeSet<u16>,
    maker_note: Option<(&'a [u8], u32)>,
}

impl<'a> Reading<'a> {
    fn new(walk: Walk<'a>, embedded: Embedded) -> Self {
        Self {
            walk,
            embedded,
            exif: Exif::default(),
            make: None,
            pending: VecDeque::new(),
            read: BTreeSet::new(),
            settings: false,
            damaged: false,
            unknown: BTreeSet::new(),
            maker_note: None,
        }
    }

    fn directories(&mut self, first: u32) {
        self.pending.push_back((first, Room::Image));
        let mut is_first = true;
        while let Some((at, room)) = self.pending.pop_front() {
            let Some(directory) = self.walk.directory(at) else {
                self.damaged = true;
                continue;
            };
            self.damaged |= !directory.whole;
            match room {
                Room::Gps => {
                    self.damaged |= directory.entries.iter().any(|entry| entry.value.is_none());
                    gps::findings(&directory, self.walk.order(), &mut self.exif.findings);
                }
                Room::Image => self.picture(&directory, is_first),
                Room::SubImage => self.smaller(&directory, "Exif preview"),
                Room::Exif | Room::Interop => {}
            }
            if room != Room::Gps {
                directory.entries.iter().for_each(|entry| self.entry(entry, room));
            }
            is_first = false;
        }
    }

    /// A directory of the chain: the picture itself, then smaller ones.
    fn picture(&mut self, directory: &Directory<'a>, is_first: bool) {
        match directory.next {
            Some(0) => {}
            Some(next) => self.pending.push_back((next, Room::Image)),
            None => self.damaged = true,
        }
        if is_first {
            self.exif.orientation = directory.entries.iter().find_map(orientation);
            let make = directory.entries.iter().find(|entry| entry.tag == tags::MAKE);
            self.make = make.and_then(|entry| entry.value).map(legible::text);
        } else {
            self.smaller(directory, "Exif thumbnail");
        }
    }

    /// A directory that has pixels of its own: JPEGInterchangeFormat or StripOffsets or TileOffsets.
    fn smaller(&mut self, directory: &Directory<'a>, place: &str) {
        if directory.entries.iter().any(|entry| matches!(entry.tag, 0x0201 | 0x0111 | 0x0144)) {
            self.exif.findings.removed(Category::Thumbnail, place);
        }
    }

    fn entry(&mut self, entry: &Entry<'a>, room: Room) {
        let meaning = if room == Room::Interop { Meaning::Structure } else { tags::meaning(entry.tag) };
        if meaning == Meaning::Structure {
            return;
        }
        let Some(value) = entry.value else {
            self.damaged = true;
            if let Meaning::Says(category, name, _) = meaning {
                self.exif.findings.removed(category, format!("Exif {name}"));
            }
            return;
        };
        match meaning {
            Meaning::Says(category, name, show) => {
                say(&mut self.exif.findings, category, name, show, entry, self.walk.order());
            }
            Meaning::Setting => self.settings = true,
            Meaning::Structure => {}
            Meaning::Directory(room) => {
                let count = usize::try_from(entry.count).unwrap_or(usize::MAX);
                let offsets = (0..count.min(crate::limits::IFDS_MAX)).map_while(|index| entry.unsigned(index));
                self.pending.extend(offsets.filter(|&at| at != 0).map(|at| (at, room)));
            }
            Meaning::Embedded(block) => self.block(block, value),
            Meaning::MakerNote => self.maker_note = Some((value, entry.at)),
            Meaning::Unknown => {
                self.unknown.insert(entry.tag);
            }
        }
    }

    fn block(&mut self, block: Block, value: &[u8]) {
        let findings = &mut self.exif.findings;
        if !self.read.insert(block) {
            return;
        }
        if self.embedded == Embedded::Name {
            findings.removed(Category::Unknown, "Exif, further metadata inside");
            return;
        }
        match block {
            Block::Xmp => findings.append(xmp::findings(value)),
            Block::Iptc => findings.append(iptc::datasets(value)),
            Block::Photoshop => findings.append(iptc::findings(value)),
            Block::Icc => findings.append(icc::findings(value)),
        }
    }

    fn finish(self) -> Exif {
        let mut exif = self.exif;
        let findings = &mut exif.findings;
        if let Some((note, at)) = self.maker_note {
            let make = self.make.unwrap_or_default();
            let maker = words::maker(note).unwrap_or(&make);
            findings.removed_value(Category::Device, "Exif maker note", maker);
            maker::findings((note, at), self.walk.bytes(), self.walk.order(), &make, findings);
        }
        if self.settings {
            findings.removed(Category::Device, "Exif camera settings");
        }
        if !self.unknown.is_empty() {
            let tags: Vec<_> = self.unknown.iter().map(|tag| format!("0x{tag:04X}")).collect();
            findings.removed_value(Category::Unknown, "Exif further tags", &tags.join(" "));
        }
        if self.damaged {
            findings.removed(Category::Unknown, "Exif (damaged)");
        }
        if findings.is_empty() {
            findings.removed(Category::Unknown, "Exif, technical tags only");
        }
        exif
    }
}

/// Puts one entry's value into words. An empty text says nothing.
fn say(findings: &mut Findings, category: Category, name: &str, show: Show, entry: &Entry<'_>, order: Order) {
    let value = entry.value.unwrap_or_default();
    let said = match show {
        Show::Text => legible::text(value),
        Show::Wide => words::wide(value),
        Show::Coded => words::coded(value, order),
        Show::Numbers => words::numbers(entry),
        Show::Hex => words::hex(value),
        Show::Nothing => String::new(),
    };
    if show == Show::Nothing || !said.is_empty() {
        findings.removed_value(category, format!("Exif {name}"), &said);
    }
}

/// A valid Orientation: one SHORT from 1 to 8.
fn orientation(entry: &Entry<'_>) -> Option<u8> {
    if entry.tag != tags::ORIENTATION || entry.kind != 3 || entry.count != 1 {
        return None;
    }
    u8::try_from(entry.unsigned(0)?).ok().filter(|orientation| (1..=8).contains(orientation))
}

#[cfg(test)]
mod tests;

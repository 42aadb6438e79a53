//! What headers of an archive give away: gathered while they are read, told in few findings however many members there
//! are. Keeps no more than a few values of each.

use std::collections::BTreeSet;

use super::directory::fields;
use super::write;
use crate::clean::{Category, Findings};

/// Values that are remembered of each kind.
const VALUES_MAX: usize = 8;

/// What was seen.
#[derive(Default)]
pub(super) struct Told {
    made_by: BTreeSet<u16>,
    /// First and last time, as numbers that sort: date, then time.
    times: Option<(u32, u32)>,
    has_attributes: bool,
    comments: BTreeSet<String>,
    extras: BTreeSet<u16>,
    gap: u64,
    trailer: u64,
}

impl Told {
    pub(super) fn made_by(&mut self, version: u16) {
        if version != write::VERSION {
            self.made_by.insert(version >> 8);
        }
    }

    pub(super) fn time(&mut self, date: u16, time: u16) {
        let when = u32::from(date) << 16 | u32::from(time);
        if when != u32::from(write::DATE) << 16 && when != 0 {
            let (first, last) = self.times.unwrap_or((when, when));
            self.times = Some((first.min(when), last.max(when)));
        }
    }

    pub(super) fn attributes(&mut self, internal: u16, external: u32) {
        self.has_attributes |= internal != 0 || external != 0;
    }

    pub(super) fn extra(&mut self, extra: &[u8]) {
        for (id, _) in fields(extra) {
            if self.extras.len() < VALUES_MAX {
                self.extras.insert(id);
            }
        }
    }

    pub(super) fn comment(&mut self, comment: &[u8]) {
        if !comment.is_empty() && self.comments.len() < VALUES_MAX {
            self.comments.insert(String::from_utf8_lossy(comment).into_owned());
        }
    }

    pub(super) fn gap(&mut self, len: u64) {
        self.gap = self.gap.saturating_add(len);
    }

    pub(super) fn trailer(&mut self, len: u64) {
        self.trailer = len;
    }

    pub(super) fn tell(&self, findings: &mut Findings) {
        for &system in &self.made_by {
            findings.removed_value(Category::Software, "ZIP version made by", system_name(system));
        }
        if let Some((first, last)) = self.times {
            let mut say = |when| findings.removed_value(Category::Time, "ZIP modification time", &said(when));
            say(first);
            if last != first {
                say(last);
            }
        }
        if self.has_attributes {
            findings.removed(Category::Software, "ZIP file attributes");
        }
        for comment in &self.comments {
            findings.removed_value(Category::Comment, "ZIP comment", comment);
        }
        for &id in &self.extras {
            let (category, place) = extra_field(id);
            findings.removed(category, place);
        }
        for (len, place) in [(self.gap, "ZIP, between members"), (self.trailer, "ZIP, after the end")] {
            if len > 0 {
                findings.removed(Category::HiddenContent, place);
            }
        }
    }
}

/// Systems by number (APPNOTE.TXT 4.4.2.2).
fn system_name(system: u16) -> &'static str {
    match system {
        0 => "MS-DOS, Windows",
        3 => "Unix",
        7 => "Macintosh",
        10 => "Windows NTFS",
        14 => "VFAT",
        19 => "macOS",
        _ => "another system",
    }
}

/// What an extra field reveals (APPNOTE.TXT 4.5.2 and 4.6, Info-ZIP's `proginfo/extrafld.txt`).
fn extra_field(id: u16) -> (Category, &'static str) {
    match id {
        0x0001 => (Category::Software, "ZIP extra field: zip64"),
        0x000A | 0x5455 => (Category::Time, "ZIP extra field: times"),
        0x000D | 0x5855 => (Category::Time, "ZIP extra field: times and owner"),
        0x7855 | 0x7875 => (Category::Person, "ZIP extra field: owner"),
        0x6375 => (Category::Comment, "ZIP extra field: comment"),
        0x7075 => (Category::Identifier, "ZIP extra field: name"),
        0x0014..=0x0017 => (Category::Person, "ZIP extra field: certificate"),
        0x4453 => (Category::Person, "ZIP extra field: access rights"),
        0xA220 => (Category::Software, "ZIP extra field: room to grow"),
        0xCAFE => (Category::Software, "ZIP extra field: Java"),
        _ => (Category::Unknown, "ZIP extra field"),
    }
}

/// MS-DOS date and time (4.4.6), as they stand, without a zone.
fn said(when: u32) -> String {
    let bits = |from: u32, count: u32| {
        when.checked_shr(from).unwrap_or(0) & (1_u32.checked_shl(count).unwrap_or(0).wrapping_sub(1))
    };
    let year = bits(25, 7).saturating_add(1980);
    let second = bits(0, 5).saturating_mul(2);
    format!("{year:04}-{:02}-{:02} {:02}:{:02}:{second:02}", bits(21, 4), bits(16, 5), bits(11, 5), bits(5, 6))
}

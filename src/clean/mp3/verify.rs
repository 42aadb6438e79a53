//! Reads a produced MP3 and accounts for every byte, by a grammar of its own. Shares with the cleaner only the
//! reading of headers and side information, and repairs nothing.
//!
//! `tag-frame? frame+`; whatever is not coded sound is zero.

use std::io::Read;

use super::header::Header;
use super::side::{Layout, Side};
use crate::clean::Unaccounted;
use crate::clean::checksum::lame_crc16;
use crate::clean::produced::Produced;

/// Bytes of rooms that are remembered: sound begins at most 511 bytes back, in frames of at most 1,441 bytes.
const WINDOW_BYTES: usize = 4_096;

/// Accounts for every byte up to the end of `produced`.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    let mut walk = Walk::default();
    let (header, frame) = frame(&mut produced)?;
    let tag = tag(&frame, header);
    if let Some(tag) = &tag {
        walk.offset = u64::try_from(frame.len()).unwrap_or(0);
        walk.targets = tag.targets();
    } else {
        walk.frame(&mut produced, header, &frame)?;
    }
    while !produced.buffered()?.is_empty() {
        let (header, frame) = self::frame(&mut produced)?;
        walk.frame(&mut produced, header, &frame)?;
    }
    walk.blank_until(&mut produced, walk.room)?;
    let Some(first) = walk.first else { return produced.wrong("frame") };
    match tag {
        Some(tag) if !tag.is_right(header, &frame, first, &walk) => produced.wrong("tag frame"),
        _ => Ok(()),
    }
}

fn frame(produced: &mut Produced<'_>) -> Result<(Header, Vec<u8>), Unaccounted> {
    let head: [u8; 4] = produced.array()?;
    let Some(header) = Header::read(head) else { return produced.wrong("frame header") };
    let rest = produced.bytes(header.len().saturating_sub(4))?;
    Ok((header, [head.as_slice(), &rest].concat()))
}

/// What the tag frame says.
struct Tag {
    is_constant: bool,
    frames: u64,
    bytes: u64,
    entries: Vec<u8>,
    /// Where the tag begins in the frame.
    at: usize,
}

/// The tag in a frame; whether it is as it should be shows at the end.
fn tag(frame: &[u8], header: Header) -> Option<Tag> {
    let at = Layout::of(header).main;
    let tag = frame.get(at..)?;
    let is_constant = tag.starts_with(b"Info");
    if !is_constant && !tag.starts_with(b"Xing") {
        return None;
    }
    let number = |from: usize| Some(u64::from(u32::from_be_bytes(*tag.get(from..)?.first_chunk()?)));
    Some(Tag { is_constant, frames: number(8)?, bytes: number(12)?, entries: tag.get(16..116)?.to_vec(), at })
}

impl Tag {
    /// The numbers of the frames that the table of contents points to.
    fn targets(&self) -> Vec<u64> {
        // Of long files every other frame is a target, or every fourth, or eighth.
        let mut every = 1_u64;
        while self.frames > every.saturating_mul(4_096) {
            every = every.saturating_mul(2);
        }
        let exact = (0..100_u64).map(|entry| entry.saturating_mul(self.frames) / 100);
        exact.map(|frame| frame.saturating_sub(frame.checked_rem(every).unwrap_or(0))).collect()
    }

    fn is_right(&self, header: Header, frame: &[u8], first: Header, walk: &Walk) -> bool {
        let (head, tag) = frame.split_at_checked(self.at).unwrap_or_default();
        let is_head = tag_head(walk.head, self.at.saturating_add(156)).is_some_and(|head| frame.starts_with(&head))
            && header.belongs_to(first)
            && head.iter().skip(4).all(|&byte| byte == 0);
        let entries: Vec<u8> = walk
            .offsets
            .iter()
            .map(|offset| {
                offset
                    .saturating_mul(256)
                    .checked_div(walk.offset)
                    .and_then(|part| u8::try_from(part).ok())
                    .unwrap_or(255)
            })
            .collect();
        let (Some(lame), Some(rest)) = (tag.get(120..154), tag.get(154..)) else { return false };
        let is_lame = match lame.split_first_chunk::<4>() {
            Some((b"LAME", fields)) => {
                let checksum = lame_crc16(frame.get(..self.at.saturating_add(154)).unwrap_or_default());
                fields.iter().enumerate().all(|(at, &byte)| byte == 0 || (17..20).contains(&at))
                    && rest.starts_with(&checksum.to_be_bytes())
            }
            _ => lame.iter().all(|&byte| byte == 0) && rest.starts_with(&[0, 0]),
        };
        is_head
            && is_lame
            && self.is_constant != walk.varies
            && tag.get(4..8) == Some(&[0, 0, 0, 15])
            && self.frames == walk.frames.min(u32::MAX.into())
            && self.bytes == walk.offset.min(u32::MAX.into())
            && self.entries == entries
            && tag.get(116..120) == Some(&[0; 4])
            && rest.iter().skip(2).all(|&byte| byte == 0)
    }
}

/// Whether a header claims nothing and has the emphasis of the first: private and copyright bits not set, the
/// original bit set, an extension of the mode only in joint stereo (ISO/IEC 11172-3, 2.4.2.3).
fn is_plain([_, _, rates, mode]: [u8; 4], [_, _, _, first]: [u8; 4]) -> bool {
    rates & 1 == 0 && mode & 0b1100 == 0b0100 && (mode >> 6 == 1 || mode & 0b11_0000 == 0) && mode & 3 == first & 3
}

/// The header of a tag frame before a frame with this one: the least bit rate at which so many bytes fit.
fn tag_head([sync, kind, rates, mode]: [u8; 4], bytes: usize) -> Option<[u8; 4]> {
    let channels = if mode >> 6 == 3 { 0b1100_0000 } else { 0 };
    let head = |bitrate: u8| [sync, kind | 1, (bitrate << 4) | (rates & 0b1100), channels | 0b100 | (mode & 3)];
    (1..=14).map(head).find(|&head| Header::read(head).is_some_and(|header| header.len() >= bytes))
}

/// The frames so far.
#[derive(Default)]
struct Walk {
    /// The header of the first.
    head: [u8; 4],
    first: Option<Header>,
    varies: bool,
    frames: u64,
    /// Bytes of the file.
    offset: u64,
    /// Numbers of the frames whose offsets are asked for, and those offsets.
    targets: Vec<u64>,
    offsets: Vec<u64>,
    /// The last bytes of the rooms, and where the next room begins.
    window: Vec<u8>,
    room: i64,
    /// Where coded sound ends so far, in bits.
    used: i64,
}

impl Walk {
    fn frame(&mut self, produced: &mut Produced<'_>, header: Header, frame: &[u8]) -> Result<(), Unaccounted> {
        let first = *self.first.get_or_insert(header);
        let layout = Layout::of(header);
        let Some(Side { begin, bits }) = layout.read(frame) else { return produced.wrong("side information") };
        let head = frame.first_chunk().copied().unwrap_or_default();
        if self.frames == 0 {
            self.head = head;
        }
        if !header.belongs_to(first) || !is_plain(head, self.head) || layout.private(frame) != Some(0) {
            return produced.wrong("frame header");
        }
        if header.is_protected && frame.get(4..6) != Some(&layout.checksum(frame).to_be_bytes()) {
            return produced.wrong("checksum of a frame");
        }
        while self.targets.get(self.offsets.len()) == Some(&self.frames) {
            self.offsets.push(self.offset);
        }
        self.varies |= header.kilobits() != first.kilobits();
        self.frames = self.frames.saturating_add(1);
        self.offset = self.offset.saturating_add(u64::try_from(frame.len()).unwrap_or(0));
        let begin = self.room.saturating_sub(i64::try_from(begin).unwrap_or(0));
        self.blank_until(produced, begin)?;
        let room = frame.get(layout.main..).unwrap_or_default();
        self.window.extend_from_slice(room);
        self.room = self.room.saturating_add(i64::try_from(room.len()).unwrap_or(0));
        let end = begin.saturating_mul(8).saturating_add(i64::try_from(bits).unwrap_or(0));
        self.used = self.used.max(end.min(self.room.saturating_mul(8)));
        let old = self.window.len().saturating_sub(WINDOW_BYTES);
        self.window.drain(..old);
        Ok(())
    }

    /// Insists that nothing but zeros is between the end of sound and where the next begins.
    fn blank_until(&self, produced: &mut Produced<'_>, begin: i64) -> Result<(), Unaccounted> {
        let window_at = self.room.saturating_sub(i64::try_from(self.window.len()).unwrap_or(0));
        let (from, spare) = (self.used.div_euclid(8), self.used.rem_euclid(8));
        let place = |at: i64| usize::try_from(at.saturating_sub(window_at)).unwrap_or(0);
        let blank = self.window.get(place(from)..place(begin)).unwrap_or_default();
        // The last byte of sound may be used in part.
        let unused = 0xFF_u8.checked_shr(u32::try_from(spare).unwrap_or(0)).unwrap_or(0);
        let (first, others) = blank.split_first().unwrap_or((&0, &[]));
        if first & unused != 0 || others.iter().any(|&byte| byte != 0) {
            return produced.wrong("ancillary data");
        }
        Ok(())
    }
}

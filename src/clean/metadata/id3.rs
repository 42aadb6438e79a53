//! What an ID3v2 tag gives away, in versions 2.2, 2.3 and 2.4. Reads only; nothing of it is ever kept.
//!
//! Sources: ID3 tag version 2.4.0, Main Structure and Native Frames; ID3 tag version 2.3.0; ID3 tag version 2;
//! ID3v2 Chapter Frame Addendum. Sizes that should be synchsafe and are not, as iTunes wrote them, are read too.

mod frames;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::ZlibDecoder;

use super::ifd::Order;
use super::{field_names, legible, xmp};
use crate::clean::{Category, Findings};
use frames::Layout;

/// Bytes of a tag's header, and of its footer.
pub(crate) const HEADER_BYTES: usize = 10;
/// Versions and revisions that may come.
const VERSION_MAX: u8 = 15;
/// Frames of one tag that are read.
const FRAMES_MAX: usize = 4_096;
/// Frames in frames: a chapter holds a title, and nothing holds a chapter but a tag.
const DEPTH_MAX: u8 = 2;
/// Unknown frames that are listed.
const LISTED_MAX: usize = 40;
/// Bytes that are inflated of a compressed frame.
const INFLATED_BYTES_MAX: u64 = 64 * 1024;

/// Length in bytes of the tag that begins with `head`, its header and footer counted. `None` if no tag does
/// (version 2.4.0, 3.1).
pub(crate) fn tag_len(head: [u8; HEADER_BYTES]) -> Option<u64> {
    let [b'I', b'D', b'3', major, revision, flags, size @ ..] = head else { return None };
    // There is no version above 4 yet; bytes of text are never that of a version.
    if major > VERSION_MAX || revision > VERSION_MAX || size.iter().any(|&byte| byte >= 0x80) {
        return None;
    }
    let footer = if major == 4 && flags & 0x10 != 0 { 10 } else { 0 };
    u64::from(synchsafe(size)).checked_add(10)?.checked_add(footer)
}

/// What a whole tag says, from its `ID3` on. Never fails; there is always at least one finding.
pub(crate) fn findings(block: &[u8]) -> Findings {
    let mut findings = Findings::default();
    let Some((head, body)) = block.split_first_chunk::<HEADER_BYTES>() else {
        findings.removed(Category::Unknown, "ID3 (damaged)");
        return findings;
    };
    let [_, _, _, major, _, flags, size @ ..] = *head;
    let len = usize::try_from(synchsafe(size)).unwrap_or(usize::MAX);
    let mut body = Cow::Borrowed(body.get(..len).unwrap_or(body));
    if !(2..=4).contains(&major) || (major == 2 && flags & 0x40 != 0) {
        findings.removed_value(Category::Unknown, "ID3", &format!("version 2.{major}"));
        return findings;
    }
    if major < 4 && flags & 0x80 != 0 {
        body = Cow::Owned(without_unsynchronisation(&body));
    }
    let mut reading = Reading { major, unsynchronised: flags & 0x80 != 0, left: FRAMES_MAX, unknown: BTreeSet::new() };
    let extended = if major > 2 && flags & 0x40 != 0 { reading.extended_header_len(&body) } else { 0 };
    reading.frames(body.get(extended..).unwrap_or_default(), 0, &mut findings);
    if !reading.unknown.is_empty() {
        let listed: Vec<_> = reading.unknown.iter().map(String::as_str).collect();
        findings.removed_value(Category::Unknown, "ID3 further frames", &listed.join(" "));
    }
    if findings.is_empty() {
        findings.removed(Category::Software, "ID3, technical data only");
    }
    findings
}

/// Seven bits a byte (version 2.4.0, 6.2).
fn synchsafe(size: [u8; 4]) -> u32 {
    size.iter().fold(0, |value, &byte| (value << 7) | u32::from(byte & 0x7F))
}

/// Takes out the zeros that were put behind FF (version 2.4.0, 6.1).
fn without_unsynchronisation(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(bytes.len());
    let mut after_ff = false;
    for &byte in bytes {
        if !(after_ff && byte == 0) {
            plain.push(byte);
        }
        after_ff = byte == 0xFF;
    }
    plain
}

struct Reading {
    major: u8,
    unsynchronised: bool,
    left: usize,
    unknown: BTreeSet<String>,
}

/// A frame, its flags undone.
struct Frame<'a> {
    id: &'a [u8],
    body: Cow<'a, [u8]>,
    /// Where its body cannot be read.
    closed: Option<&'static str>,
}

impl Reading {
    /// Version 2.3 does not count the four bytes of the size, version 2.4 does.
    fn extended_header_len(&self, body: &[u8]) -> usize {
        let Some(size) = body.first_chunk::<4>() else { return 0 };
        let len = if self.major == 3 { u32::from_be_bytes(*size).saturating_add(4) } else { synchsafe(*size) };
        usize::try_from(len).unwrap_or(usize::MAX)
    }

    fn frames(&mut self, mut rest: &[u8], depth: u8, findings: &mut Findings) {
        while let Some(&first) = rest.first() {
            if first == 0 {
                if rest.iter().any(|&byte| byte != 0) {
                    findings.removed(Category::HiddenContent, "ID3 padding");
                }
                return;
            }
            let Some((frame, after)) = self.split(rest).filter(|_| self.left > 0) else {
                findings.removed(Category::Unknown, "ID3 (damaged)");
                return;
            };
            self.left = self.left.saturating_sub(1);
            self.tell(&frame, depth, findings);
            rest = after;
        }
    }

    /// The first frame of `rest`, and what follows it.
    fn split<'a>(&self, rest: &'a [u8]) -> Option<(Frame<'a>, &'a [u8])> {
        if self.major == 2 {
            let (id, after) = rest.split_at_checked(3).filter(|(id, _)| is_id(id))?;
            let (&[a, b, c], after) = after.split_first_chunk()?;
            let len = usize::try_from(u32::from_be_bytes([0, a, b, c])).ok()?;
            let (body, after) = after.split_at_checked(len)?;
            return Some((Frame { id, body: Cow::Borrowed(body), closed: None }, after));
        }
        let (id, after) = rest.split_at_checked(4).filter(|(id, _)| is_id(id))?;
        let (size, after) = after.split_first_chunk::<4>()?;
        let (&[_, flags], after) = after.split_first_chunk()?;
        let plain = usize::try_from(u32::from_be_bytes(*size)).ok()?;
        let len = match usize::try_from(synchsafe(*size)).ok()? {
            safe if self.major == 4 && (safe == plain || goes_on(after, safe) || !goes_on(after, plain)) => safe,
            _ => plain,
        };
        let (body, after) = after.split_at_checked(len)?;
        Some((self.opened(id, body, flags), after))
    }

    /// Undoes what the flags of a frame say (version 2.4.0, 4.1; version 2.3.0, 3.3.1).
    fn opened<'a>(&self, id: &'a [u8], body: &'a [u8], flags: u8) -> Frame<'a> {
        let (grouped, compressed, encrypted, unsynchronised, counted) = if self.major == 3 {
            (flags & 0x20 != 0, flags & 0x80 != 0, flags & 0x40 != 0, false, flags & 0x80 != 0)
        } else {
            let unsynchronised = self.unsynchronised || flags & 0x02 != 0;
            (flags & 0x40 != 0, flags & 0x08 != 0, flags & 0x04 != 0, unsynchronised, flags & 0x01 != 0)
        };
        let skipped = [(grouped, 1_usize), (encrypted, 1), (counted, 4)];
        let skipped: usize = skipped.iter().filter(|(is_there, _)| *is_there).map(|(_, len)| len).sum();
        let mut body = Cow::Borrowed(body.get(skipped..).unwrap_or_default());
        if encrypted {
            return Frame { id, body, closed: Some("encrypted") };
        }
        if unsynchronised {
            body = Cow::Owned(without_unsynchronisation(&body));
        }
        if compressed {
            let mut inflated = Vec::new();
            let done = ZlibDecoder::new(&*body).take(INFLATED_BYTES_MAX).read_to_end(&mut inflated);
            if done.is_err() && inflated.is_empty() {
                return Frame { id, body, closed: Some("compressed") };
            }
            body = Cow::Owned(inflated);
        }
        Frame { id, body, closed: None }
    }

    fn tell(&mut self, frame: &Frame<'_>, depth: u8, findings: &mut Findings) {
        let id = String::from_utf8_lossy(frame.id);
        let body: &[u8] = &frame.body;
        let Some((category, layout, meaning)) = frames::frame(frame.id) else {
            match frame.id.first() {
                Some(b'T') if frame.closed.is_none() => {
                    findings.removed_value(Category::Comment, format!("ID3 {id}"), &Texts::of(body).all());
                }
                Some(b'W') if frame.closed.is_none() => {
                    findings.removed_value(Category::Comment, format!("ID3 {id}"), &legible::text(body));
                }
                _ if self.unknown.len() < LISTED_MAX => {
                    self.unknown.insert(id.into_owned());
                }
                _ => {}
            }
            return;
        };
        let place = format!("ID3 {id} {meaning}");
        if let Some(how) = frame.closed {
            findings.removed_value(category, place, how);
            return;
        }
        match layout {
            Layout::Technical => {}
            Layout::Bytes => findings.removed(category, place),
            Layout::Chapter | Layout::Contents => self.chapter(body, layout, depth, &place, findings),
            _ => words(body, self.major, category, layout, place, findings),
        }
    }

    /// A chapter or a table of contents, whose title is a frame (Chapter Frame Addendum, 3.1 and 3.2).
    fn chapter(&mut self, body: &[u8], layout: Layout, depth: u8, place: &str, findings: &mut Findings) {
        let (id, mut rest) = latin(body);
        findings.removed_value(Category::Comment, place, &legible::text(id));
        let skipped = if layout == Layout::Chapter {
            Some(16)
        } else {
            let count = rest.get(1).copied().unwrap_or(0);
            rest = rest.get(2..).unwrap_or_default();
            for _ in 0..count {
                rest = latin(rest).1;
            }
            Some(0)
        };
        if depth < DEPTH_MAX
            && let Some(inner) = skipped.and_then(|skipped| rest.get(skipped..))
        {
            self.frames(inner, depth.saturating_add(1), findings);
        }
    }
}

/// Frames that hold words.
fn words(body: &[u8], major: u8, category: Category, layout: Layout, place: String, findings: &mut Findings) {
    let texts = Texts::of(body);
    match layout {
        Layout::Text => {
            let text = texts.all();
            if !text.is_empty() {
                findings.removed_value(category, place, &text);
            }
        }
        Layout::NamedText => {
            let (name, value) = texts.first();
            let name = texts.read(name);
            findings.removed_value(field_names::category(&name), format!("{place} {name}"), &texts.read(value));
        }
        Layout::NamedUrl => {
            let (name, url) = texts.first();
            findings.removed_value(category, format!("{place} {}", texts.read(name)), &legible::text(url));
        }
        Layout::Comment | Layout::Terms => {
            let texts = Texts { rest: texts.rest.get(3..).unwrap_or_default(), ..texts };
            if layout == Layout::Terms {
                findings.removed_value(category, place, &texts.all());
                return;
            }
            let (name, value) = texts.first();
            let name = texts.read(name);
            let category = if name.is_empty() { category } else { field_names::category(&name) };
            findings.removed_value(category, format!("{place} {name}").trim_end(), &texts.read(value));
        }
        Layout::Picture => picture(&texts, major, place, findings),
        Layout::Object => {
            let (kind, rest) = latin(texts.rest);
            let texts = Texts { rest, ..texts };
            let (name, rest) = texts.first();
            let (description, _) = Texts { rest, ..texts }.first();
            let said: Vec<String> = [legible::text(kind), texts.read(name), texts.read(description)].into();
            let said: Vec<String> = said.into_iter().filter(|word| !word.is_empty()).collect();
            findings.removed_value(category, place, &said.join("; "));
        }
        Layout::Owned => {
            let (owner, content) = latin(body);
            if owner == b"XMP" {
                findings.append(xmp::findings(content));
                return;
            }
            let legible = content.iter().all(|byte| (0x20..0x7F).contains(byte));
            let content = if legible { legible::text(content) } else { String::new() };
            findings.removed_value(category, place, format!("{} {content}", legible::text(owner)).trim());
        }
        Layout::Popularity => findings.removed_value(category, place, &legible::text(latin(body).0)),
        _ => findings.removed_value(category, place, &legible::text(body)),
    }
}

/// The picture itself is named; what is said of it is told.
fn picture(texts: &Texts<'_>, major: u8, place: String, findings: &mut Findings) {
    let (kind, rest) =
        if major == 2 { texts.rest.split_at_checked(3).unwrap_or((texts.rest, &[])) } else { latin(texts.rest) };
    let described = Texts { rest: rest.get(1..).unwrap_or_default(), ..*texts };
    let description = texts.read(described.first().0);
    if !description.is_empty() {
        findings.removed_value(Category::Comment, format!("{place} description"), &description);
    }
    findings.removed_value(Category::Thumbnail, place, &legible::text(kind));
}

/// Text in the encoding that the first byte names (version 2.4.0, 4).
#[derive(Clone, Copy)]
struct Texts<'a> {
    encoding: u8,
    rest: &'a [u8],
}

impl<'a> Texts<'a> {
    fn of(body: &'a [u8]) -> Self {
        match body.split_first() {
            Some((&encoding @ 0..=3, rest)) => Self { encoding, rest },
            // Some programs forget it.
            _ => Self { encoding: 3, rest: body },
        }
    }

    /// Up to the first terminator, and what follows it.
    fn first(&self) -> (&'a [u8], &'a [u8]) {
        if !matches!(self.encoding, 1 | 2) {
            return latin(self.rest);
        }
        let end = self.rest.chunks_exact(2).position(|unit| unit == [0, 0]).map(|units| units.saturating_mul(2));
        let (text, rest) = self.rest.split_at_checked(end.unwrap_or(self.rest.len())).unwrap_or_default();
        (text, rest.get(2..).unwrap_or_default())
    }

    fn read(&self, text: &[u8]) -> String {
        match (self.encoding, text) {
            (1, [0xFF, 0xFE, text @ ..]) => legible::utf16(text, Order::Little),
            (1 | 2, [0xFE, 0xFF, text @ ..]) => legible::utf16(text, Order::Big),
            (1, text) => legible::utf16(text, Order::Little),
            (2, text) => legible::utf16(text, Order::Big),
            (_, text) => legible::text(text),
        }
    }

    /// All strings, joined.
    fn all(&self) -> String {
        let mut texts = *self;
        let mut read = Vec::new();
        while !texts.rest.is_empty() && read.len() < LISTED_MAX {
            let (text, rest) = texts.first();
            read.push(self.read(text));
            texts.rest = rest;
        }
        read.retain(|text| !text.is_empty());
        read.join("; ")
    }
}

/// Up to the first NUL, and what follows it.
fn latin(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    let (text, rest) = bytes.split_at_checked(end).unwrap_or_default();
    (text, rest.get(1..).unwrap_or_default())
}

fn is_id(id: &[u8]) -> bool {
    id.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b' ')
        && id.first().is_some_and(u8::is_ascii_uppercase)
}

/// Whether behind `len` bytes there is another frame, padding, or the end.
fn goes_on(after: &[u8], len: usize) -> bool {
    match after.get(len..) {
        Some([]) => true,
        Some(next) => next.first() == Some(&0) || next.get(..4).is_some_and(is_id),
        None => false,
    }
}

#[cfg(test)]
mod tests;

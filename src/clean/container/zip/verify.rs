//! Walks a produced archive from its first byte to its last and accounts for each: local headers with constant fields,
//! members, and a directory that repeats them. Written from APPNOTE.TXT, not from the writer, of which it shares only
//! how bytes are deflated.

use std::collections::BTreeSet;
use std::io::{self, Read};

use zeroize::Zeroizing;

use super::Method;
use super::write::deflated;
use crate::clean::Unaccounted;
use crate::clean::produced::Produced;
use crate::limits;

/// An archive under verification. After each [`Walk::next`] come the bytes of that member; after the last, nothing.
pub(crate) struct Walk<'p, 'r> {
    produced: &'p mut Produced<'r>,
    listed: Vec<Head>,
    names: BTreeSet<String>,
    /// Whether the bytes of the last member are still to come.
    open: bool,
}

/// What the local header of a member says.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) method: Method,
    /// Bytes of the member.
    pub(crate) len: u64,
    stored_len: u64,
    crc: u32,
    at: u64,
}

/// A member and its bytes.
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) bytes: Zeroizing<Vec<u8>>,
}

impl<'p, 'r> Walk<'p, 'r> {
    /// Starts at the first byte.
    pub(crate) fn new(produced: &'p mut Produced<'r>) -> Self {
        Self { produced, listed: Vec::new(), names: BTreeSet::new(), open: false }
    }

    /// The next member with its bytes, of which there may be `max`; `None` once the archive has ended soundly.
    pub(crate) fn entry(&mut self, max: u64) -> Result<Option<Entry>, Unaccounted> {
        match self.next()? {
            Some(Head { name, .. }) => Ok(Some(Entry { name, bytes: self.bytes(max)? })),
            None => Ok(None),
        }
    }

    /// The next member; `None` once the archive has ended soundly. The bytes of the last one must have been taken.
    pub(crate) fn next(&mut self) -> Result<Option<Head>, Unaccounted> {
        if self.open {
            return self.produced.wrong("member that was not looked at");
        }
        let at = self.produced.at();
        match &self.produced.array()? {
            b"PK\x03\x04" => {}
            b"PK\x01\x02" if !self.listed.is_empty() => return self.directory(at).map(|()| None),
            _ => return self.produced.wrong("signature"),
        }
        let head = self.local(at)?;
        if self.listed.len() >= limits::ZIP_MEMBERS_MAX || !self.names.insert(head.name.clone()) {
            return self.produced.wrong("member");
        }
        self.listed.push(head.clone());
        self.open = true;
        Ok(Some(head))
    }

    /// The bytes of the member that [`Walk::next`] gave, if there are not more than `max`.
    pub(crate) fn bytes(&mut self, max: u64) -> Result<Zeroizing<Vec<u8>>, Unaccounted> {
        let Some(head) = self.listed.last().filter(|head| self.open && head.len <= max.min(limits::MEMBER_BYTES_MAX))
        else {
            return self.produced.wrong("length of a member");
        };
        let (method, crc) = (head.method, head.crc);
        let (stored_len, len) = (length(head.stored_len), length(head.len));
        let stored = Zeroizing::new(self.produced.bytes(stored_len)?);
        let bytes = match method {
            Method::Stored => stored,
            Method::Deflated => {
                let inflated = miniz_oxide::inflate::decompress_to_vec_with_limit(&stored, len).map(Zeroizing::new);
                // Of all the ways to deflate these bytes only one is known, so that the choice says nothing.
                match inflated {
                    Ok(bytes) if bytes.len() == len && deflated(&bytes).is_some_and(|same| same == stored) => bytes,
                    _ => return self.produced.wrong("deflated member"),
                }
            }
        };
        self.open = false;
        if crc32fast::hash(&bytes) == crc { Ok(bytes) } else { self.produced.wrong("CRC-32") }
    }

    /// Hands the stored bytes of the member that [`Walk::next`] gave to `verify`, which must read to their end. They
    /// take no memory.
    pub(crate) fn stream(
        &mut self,
        verify: &mut dyn FnMut(&mut dyn Read) -> Result<(), Unaccounted>,
    ) -> Result<(), Unaccounted> {
        let Some(head) = self.listed.last().filter(|head| self.open && head.method == Method::Stored) else {
            return self.produced.wrong("stored member");
        };
        let crc = head.crc;
        let mut member = Streamed { produced: self.produced, left: head.len, crc: crc32fast::Hasher::new() };
        verify(&mut member)?;
        let Streamed { left, crc: sum, .. } = member;
        self.open = false;
        if left == 0 && sum.finalize() == crc { Ok(()) } else { self.produced.wrong("CRC-32") }
    }

    /// A local header behind its signature (4.3.7).
    fn local(&mut self, at: u64) -> Result<Head, Unaccounted> {
        let version = u16::from_le_bytes(self.produced.array()?);
        let flags = u16::from_le_bytes(self.produced.array()?);
        let method = match &self.produced.array()? {
            b"\0\0" => Method::Stored,
            b"\x08\0" => Method::Deflated,
            _ => return self.produced.wrong("compression method"),
        };
        self.produced.expect(&TIME_AND_DATE, "last modification time and date")?;
        let crc = u32::from_le_bytes(self.produced.array()?);
        let stored = u32::from_le_bytes(self.produced.array()?);
        let len = u32::from_le_bytes(self.produced.array()?);
        let name_len = u16::from_le_bytes(self.produced.array()?);
        let extra_len = u16::from_le_bytes(self.produced.array()?);
        let name = String::from_utf8(self.produced.bytes(name_len.into())?);
        let Some(name) = name.ok().filter(|name| is_plain(name)) else { return self.produced.wrong("file name") };
        if flags != if name.is_ascii() { 0 } else { 0x0800 } {
            return self.produced.wrong("general purpose bit flag");
        }
        let (stored_len, len) = match (version, extra_len, stored, len) {
            (20, 0, stored, len) if stored.max(len) < u32::MAX => (stored.into(), len.into()),
            (45, 20, u32::MAX, u32::MAX) => {
                self.produced.expect(&[1, 0, 16, 0], "zip64 extra field")?;
                let len = u64::from_le_bytes(self.produced.array()?);
                let stored_len = u64::from_le_bytes(self.produced.array()?);
                if stored_len.max(len) < u32::MAX.into() {
                    return self.produced.wrong("zip64 extra field");
                }
                (stored_len, len)
            }
            _ => return self.produced.wrong("version, sizes or extra field"),
        };
        let fits = match method {
            Method::Stored => stored_len == len,
            Method::Deflated => stored_len < len,
        };
        if fits { Ok(Head { name, method, len, stored_len, crc, at }) } else { self.produced.wrong("sizes") }
    }

    /// The directory, behind its first signature, and the records that end the archive; then nothing.
    fn directory(&mut self, start: u64) -> Result<(), Unaccounted> {
        let mut signature: &[u8] = &[];
        for head in std::mem::take(&mut self.listed) {
            self.produced.expect(signature, "central directory header")?;
            self.produced.expect(&repeated(&head), "central directory header")?;
            signature = b"PK\x01\x02";
            self.listed.push(head);
        }
        let end = self.produced.at();
        let count = u64::try_from(self.listed.len()).unwrap_or(u64::MAX);
        let len = end.saturating_sub(start);
        if count >= 0xFFFF || start.max(len) >= u32::MAX.into() {
            self.produced.expect(b"PK\x06\x06\x2C\0\0\0\0\0\0\0\x2D\0\x2D\0\0\0\0\0\0\0\0\0", "zip64 end record")?;
            for field in [count, count, len, start] {
                self.produced.expect(&field.to_le_bytes(), "zip64 end record")?;
            }
            self.produced.expect(b"PK\x06\x07\0\0\0\0", "zip64 locator")?;
            self.produced.expect(&end.to_le_bytes(), "zip64 locator")?;
            self.produced.expect(&[1, 0, 0, 0], "zip64 locator")?;
        }
        let count = u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes();
        self.produced.expect(b"PK\x05\x06\0\0\0\0", "end record")?;
        self.produced.expect(&[count, count].concat(), "end record")?;
        self.produced.expect(&low32(len), "end record")?;
        self.produced.expect(&low32(start), "end record")?;
        self.produced.expect(&[0, 0], "end record")?;
        self.produced.end("bytes after the end")
    }
}

/// 0 o'clock on 1980-01-01.
const TIME_AND_DATE: [u8; 4] = [0, 0, 0x21, 0];

/// What the directory must say of a member, behind the signature (4.3.12).
fn repeated(head: &Head) -> Vec<u8> {
    let long = head.len.max(head.stored_len) >= u32::MAX.into();
    let mut extra = Vec::new();
    if long {
        extra.extend([head.len.to_le_bytes(), head.stored_len.to_le_bytes()].concat());
    }
    if head.at >= u32::MAX.into() {
        extra.extend(head.at.to_le_bytes());
    }
    if !extra.is_empty() {
        let len = u8::try_from(extra.len()).unwrap_or(u8::MAX);
        extra.splice(..0, [1, 0, len, 0]);
    }
    let mut header = vec![20, 0, if extra.is_empty() { 20 } else { 45 }, 0];
    header.extend(if head.name.is_ascii() { [0, 0] } else { [0, 8] });
    header.extend(if head.method == Method::Stored { [0, 0] } else { [8, 0] });
    header.extend(TIME_AND_DATE);
    header.extend(head.crc.to_le_bytes());
    let sizes = if long { [u64::MAX; 2] } else { [head.stored_len, head.len] };
    sizes.into_iter().for_each(|size| header.extend(low32(size)));
    header.extend(u16::try_from(head.name.len()).unwrap_or(u16::MAX).to_le_bytes());
    header.extend(u16::try_from(extra.len()).unwrap_or(u16::MAX).to_le_bytes());
    header.extend([0; 10]);
    header.extend(low32(head.at));
    header.extend(head.name.as_bytes());
    header.extend(extra);
    header
}

/// Four bytes, all ones if that is not enough.
fn low32(value: u64) -> [u8; 4] {
    u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes()
}

fn length(len: u64) -> usize {
    usize::try_from(len).unwrap_or(usize::MAX)
}

/// Whether a name is the path of a file: components that are not empty and lead nowhere else.
fn is_plain(name: &str) -> bool {
    let odd = |c: char| c.is_control() || c == '\\';
    name.len() <= limits::ZIP_NAME_BYTES_MAX
        && !name.contains(odd)
        && name.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Stored bytes of a member on their way.
struct Streamed<'s, 'r> {
    produced: &'s mut Produced<'r>,
    left: u64,
    crc: crc32fast::Hasher,
}

impl Read for Streamed<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let len = buf.len().min(length(self.left));
        if len == 0 {
            return Ok(0);
        }
        // What is missing is a fault in the result; the caller's words are lost, but not that it failed.
        let missing = |_| io::Error::from(io::ErrorKind::UnexpectedEof);
        let buffered = self.produced.buffered().map_err(missing)?;
        let len = len.min(buffered.len());
        let (Some(to), Some(from)) = (buf.get_mut(..len), buffered.get(..len)) else { return Ok(0) };
        to.copy_from_slice(from);
        self.crc.update(to);
        self.produced.consume(len);
        self.left = self.left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
        Ok(len)
    }
}

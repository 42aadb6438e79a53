//! ZIP archives (APPNOTE.TXT 6.3.10), read strictly: one central directory, and local headers that say the same.
//! Knows nothing of what members mean, and never gives out a byte whose length and sum are not as listed.
//!
//! [`Writer`] makes archives whose headers say nothing but what is needed; [`verify`] walks them from front to back.

mod directory;
mod inflate;
mod local;
mod name;
#[cfg(test)]
mod tests;
mod told;
pub(crate) mod verify;
mod write;

use zeroize::Zeroizing;

use crate::clean::cursor::Cursor;
use crate::clean::{Findings, Reason, Refusal};
use crate::limits;
use told::Told;

pub(crate) use write::{Writer, deflated};

/// How a member's bytes stand in the archive (APPNOTE.TXT 4.4.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// As they are.
    Stored,
    /// Deflated (RFC 1951).
    Deflated,
}

/// A member, of which directory and local header say the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Member {
    /// As it is written, with slashes.
    pub(crate) name: String,
    /// Offset of its bytes as they are stored.
    pub(crate) at: u64,
    /// Bytes that they take there.
    pub(crate) stored_len: u64,
    /// Bytes that it is.
    pub(crate) len: u64,
    /// CRC-32 of these.
    pub(crate) crc: u32,
    pub(crate) method: Method,
    /// What kind of file it is on a Unix system, where the archive says that.
    unix_kind: Option<u16>,
}

impl Member {
    /// Whether it only names a folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.name.ends_with(['/', '\\']) || self.unix_kind == Some(0o04)
    }

    /// Whether it is neither a regular file nor a folder: a link, a device, a pipe.
    pub(crate) fn is_special(&self) -> bool {
        self.unix_kind.is_some_and(|kind| !matches!(kind, 0 | 0o04 | 0o10))
    }
}

/// An archive's members, and what stands around them.
pub(crate) struct Archive {
    members: Vec<Member>,
    told: Told,
}

impl Archive {
    /// Reads the directory of the whole file under `cursor`, and the local header of each member.
    ///
    /// # Errors
    /// A [`Refusal`] where the two differ, members overlap or share a name, one is encrypted or packed by another
    /// method than deflate, the archive is one of several disks, or there is too much of it.
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Self, Refusal> {
        let mut told = Told::default();
        let listed = directory::read(cursor, &mut told)?;
        let members = local::members(cursor, listed, &mut told)?;
        Ok(Self { members, told })
    }

    /// The members, in the order of the directory.
    pub(crate) fn members(&self) -> &[Member] {
        &self.members
    }

    /// The member of just this name.
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        self.members.iter().find(|member| member.name == name)
    }

    /// Says what the archive itself gives away, besides the names and bytes of its members.
    pub(crate) fn tell(&self, findings: &mut Findings) {
        self.told.tell(findings);
    }

    /// Refuses an archive whose members come to more than those of any document of that length do.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] over [`limits::DOCUMENT_INFLATED_BYTES_MIN`] and [`limits::DOCUMENT_INFLATED_RATIO_MAX`].
    pub(crate) fn within_ratio(&self, cursor: &Cursor<'_>) -> Result<(), Refusal> {
        let most = cursor.len().saturating_mul(limits::DOCUMENT_INFLATED_RATIO_MAX);
        let most = most.saturating_add(limits::DOCUMENT_INFLATED_BYTES_MIN);
        let all = self.members.iter().fold(0_u64, |sum, member| sum.saturating_add(member.len));
        if all > most { Err(Refusal::new(Reason::TooLarge, "bytes of all members", 0)) } else { Ok(()) }
    }

    /// Whether what is stored of a member as it is has its sum; for what is not taken out of the archive.
    pub(crate) fn check(&self, cursor: &mut Cursor<'_>, member: &Member) -> Result<(), Refusal> {
        let damaged = Err(Refusal::new(Reason::Damaged, "CRC-32", member.at));
        if member.stored_len != member.len {
            return damaged;
        }
        cursor.go_to(member.at, "member")?;
        let (mut sum, mut left) = (crc32fast::Hasher::new(), member.len);
        while left > 0 {
            let data = cursor.buffered()?;
            let data = data.get(..usize::try_from(left).unwrap_or(usize::MAX).min(data.len())).unwrap_or_default();
            sum.update(data);
            let len = data.len();
            if len == 0 {
                return damaged;
            }
            cursor.consume(len);
            left = left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
        }
        if sum.finalize() == member.crc { Ok(()) } else { damaged }
    }

    /// The bytes of a member, if they are not more than `max`.
    ///
    /// # Errors
    /// A [`Refusal`] if they are more, or than the file may come to with all its members; if they are not as many as
    /// listed, have another sum, or if more is stored than they need.
    pub(crate) fn bytes(
        &self,
        cursor: &mut Cursor<'_>,
        member: &Member,
        max: u64,
    ) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        if member.len > max.min(limits::MEMBER_BYTES_MAX) {
            return Err(Refusal::new(Reason::TooLarge, "member", member.at));
        }
        cursor.nesting().take(member.len, member.at)?;
        let bytes = match member.method {
            Method::Stored => inflate::stored(cursor, member)?,
            Method::Deflated => inflate::inflated(cursor, member)?,
        };
        match crc32fast::hash(&bytes) == member.crc {
            true => Ok(bytes),
            false => Err(Refusal::new(Reason::Damaged, "CRC-32", member.at)),
        }
    }
}

/// The name of the member that says what the archive is.
pub(crate) const MIMETYPE: &str = "mimetype";

/// Signature of a local file header (APPNOTE.TXT 4.3.7).
const LOCAL: [u8; 4] = *b"PK\x03\x04";
/// Signature of a data descriptor (4.3.9.3).
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";
/// Signature of a central directory header (4.3.12).
const CENTRAL: [u8; 4] = *b"PK\x01\x02";
/// Signature of the end of central directory record (4.3.16).
const END: [u8; 4] = *b"PK\x05\x06";
/// Signature of the zip64 end of central directory record (4.3.14).
const END64: [u8; 4] = *b"PK\x06\x06";
/// Signature of the zip64 end of central directory locator (4.3.15).
const LOCATOR64: [u8; 4] = *b"PK\x06\x07";

/// Bits of the general purpose flags (4.4.4).
mod flag {
    pub(super) const ENCRYPTED: u16 = 1;
    /// Sum and sizes stand behind the bytes.
    pub(super) const DESCRIPTOR: u16 = 1 << 3;
    pub(super) const PATCHED: u16 = 1 << 5;
    pub(super) const STRONGLY_ENCRYPTED: u16 = 1 << 6;
    pub(super) const UTF_8: u16 = 1 << 11;
    /// The directory is encrypted, and headers are masked.
    pub(super) const MASKED: u16 = 1 << 13;
}

/// The method of these flags and this number, if it can be read.
fn method(flags: u16, number: u16, at: u64) -> Result<Method, Refusal> {
    if flags & (flag::ENCRYPTED | flag::STRONGLY_ENCRYPTED | flag::MASKED) != 0 {
        return Err(Refusal::new(Reason::Encrypted, "member", at));
    }
    match number {
        _ if flags & flag::PATCHED != 0 => Err(Refusal::new(Reason::NotUnderstood, "patched data", at)),
        0 => Ok(Method::Stored),
        8 => Ok(Method::Deflated),
        _ => Err(Refusal::new(Reason::NotUnderstood, "compression method", at)),
    }
}

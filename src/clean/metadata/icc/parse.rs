//! The header and the tag table of an ICC profile (ICC.1:2022, section 7). Never follows an offset out of it.

use super::curve::{Samples, Source};
use crate::limits;

const HEADER_BYTES: usize = 128;

/// A profile taken apart, not interpreted.
#[derive(Debug)]
pub(super) struct Profile<'a> {
    /// The 128 bytes at its start.
    pub(super) header: &'a [u8; HEADER_BYTES],
    /// Device class, such as `mntr`.
    pub(super) class: [u8; 4],
    /// Colour space, such as `RGB `.
    pub(super) space: [u8; 4],
    /// Profile connection space, `XYZ ` or `Lab `.
    pub(super) connection: [u8; 4],
    /// Signatures and contents; contents that lie outside the profile are empty.
    pub(super) tags: Vec<([u8; 4], &'a [u8])>,
    /// Bytes after the end that its header declares.
    pub(super) trailer: &'a [u8],
}

impl<'a> Profile<'a> {
    /// `None` if it is no profile, ends early or has more than [`limits::PROFILE_TAGS_MAX`] tags.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let size = usize::try_from(u32::from_be_bytes(*bytes.first_chunk()?)).ok()?;
        let (bytes, trailer) = bytes.split_at_checked(size)?;
        let (header, rest) = bytes.split_first_chunk::<HEADER_BYTES>()?;
        let field = |at: usize| header.get(at..).and_then(<[u8]>::first_chunk).copied();
        if field(36)? != *b"acsp" {
            return None;
        }
        let (count, rest) = rest.split_first_chunk()?;
        let count = usize::try_from(u32::from_be_bytes(*count)).ok()?;
        if count > limits::PROFILE_TAGS_MAX {
            return None;
        }
        let table = rest.get(..count.checked_mul(12)?)?.as_chunks::<12>().0;
        let tags = table.iter().map(|&[a, b, c, d, o0, o1, o2, o3, s0, s1, s2, s3]| {
            let at = u32::from_be_bytes([o0, o1, o2, o3]);
            let len = u32::from_be_bytes([s0, s1, s2, s3]);
            ([a, b, c, d], within(bytes, at, len).unwrap_or_default())
        });
        let tags = tags.collect();
        Some(Self { header, class: field(12)?, space: field(16)?, connection: field(20)?, tags, trailer })
    }

    /// The content of a tag.
    pub(super) fn tag(&self, signature: [u8; 4]) -> Option<&'a [u8]> {
        self.tags.iter().find(|(known, _)| *known == signature).map(|(_, content)| *content)
    }

    /// The three numbers of an XYZ tag, in 1/65536.
    pub(super) fn xyz(&self, signature: [u8; 4]) -> Option<[i32; 3]> {
        let numbers = self.tag(signature)?.strip_prefix(b"XYZ \0\0\0\0")?.get(..12)?;
        let [x, y, z] = numbers.as_chunks::<4>().0 else { return None };
        Some([x, y, z].map(|number| i32::from_be_bytes(*number)))
    }

    /// The curves of three tags, if they are usable. Most profiles have one for all.
    pub(super) fn curves(&self, signatures: [[u8; 4]; 3]) -> Option<[Samples; 3]> {
        let [red, green, blue] = signatures;
        let of_red = self.curve(red)?;
        let like_red = |signature| match self.tag(signature) == self.tag(red) {
            true => Some(of_red.clone()),
            false => self.curve(signature),
        };
        Some([of_red.clone(), like_red(green)?, like_red(blue)?])
    }

    /// The curve of a tag, if it is usable.
    pub(super) fn curve(&self, signature: [u8; 4]) -> Option<Samples> {
        Source::parse(self.tag(signature)?)?.samples()
    }
}

fn within(bytes: &[u8], at: u32, len: u32) -> Option<&[u8]> {
    let at = usize::try_from(at).ok()?;
    bytes.get(at..at.checked_add(usize::try_from(len).ok()?)?)
}

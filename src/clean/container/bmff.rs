//! Boxes of the ISO base media file format (ISO/IEC 14496-12, 4.2), in a file and in memory.
//! Never gives a box that does not lie wholly in what holds it.

use crate::clean::cursor::Cursor;
use crate::clean::{Reason, Refusal};

/// Where a box lies. Offsets are in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BoxHeader {
    /// Its type, such as `moov`.
    pub(crate) kind: [u8; 4],
    /// The first byte of its header.
    pub(crate) at: u64,
    /// The first byte behind its header.
    pub(crate) body_at: u64,
    /// Bytes behind its header.
    pub(crate) body_len: u64,
}

impl BoxHeader {
    /// The first byte behind the box.
    pub(crate) fn end(&self) -> u64 {
        self.body_at.saturating_add(self.body_len)
    }
}

/// Reads the header of the box that begins where `cursor` stands, in something that ends at `end`, and stops at
/// its body. `None` at `end`. A size of 0 means up to `end`.
///
/// # Errors
/// [`Reason::Truncated`] where a header or a box goes beyond `end`; [`Reason::Damaged`] for a box that is shorter
/// than its header.
pub(crate) fn next(cursor: &mut Cursor<'_>, end: u64) -> Result<Option<BoxHeader>, Refusal> {
    match claimed(cursor, end)? {
        Some(header) if header.end() > end => Err(Refusal::new(Reason::Truncated, "box", header.at)),
        header => Ok(header),
    }
}

/// As [`next`], but gives a box that goes beyond `end` as well, with the length that it claims.
///
/// # Errors
/// As for [`next`].
pub(crate) fn claimed(cursor: &mut Cursor<'_>, end: u64) -> Result<Option<BoxHeader>, Refusal> {
    let at = cursor.at();
    let left = end.saturating_sub(at);
    if left == 0 {
        return Ok(None);
    }
    if left < 8 {
        return Err(Refusal::new(Reason::Truncated, "box header", at));
    }
    let (size, kind): (u32, [u8; 4]) = (cursor.be32("box header")?, cursor.array("box header")?);
    let (size, header_len) = match size {
        0 => (left, 8),
        1 if left < 16 => return Err(Refusal::new(Reason::Truncated, "box header", at)),
        1 => (cursor.be64("box header")?, 16),
        size => (size.into(), 8),
    };
    let Some(body_len) = size.checked_sub(header_len) else {
        return Err(Refusal::new(Reason::Damaged, "box size", at));
    };
    Ok(Some(BoxHeader { kind, at, body_at: at.saturating_add(header_len), body_len }))
}

/// Boxes one behind the other in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Boxes<'a> {
    rest: &'a [u8],
    at: u64,
}

/// A box in memory.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Boxed<'a> {
    /// Its type, such as `trak`.
    pub(crate) kind: [u8; 4],
    /// What stands behind its header.
    pub(crate) body: &'a [u8],
    /// Offset of the body in the file.
    pub(crate) body_at: u64,
}

impl<'a> Boxed<'a> {
    /// The boxes in its body, behind `skipped` bytes that are no boxes. `None` if there are fewer.
    pub(crate) fn children(&self, skipped: usize) -> Option<Boxes<'a>> {
        let rest = self.body.get(skipped..)?;
        Some(Boxes::new(rest, self.body_at.saturating_add(u64::try_from(skipped).unwrap_or(u64::MAX))))
    }
}

impl<'a> Boxes<'a> {
    /// The boxes in `bytes`, which stand at offset `at` of the file.
    pub(crate) fn new(bytes: &'a [u8], at: u64) -> Self {
        Self { rest: bytes, at }
    }

    /// What has not been given yet.
    pub(crate) fn left(&self) -> &'a [u8] {
        self.rest
    }

    fn take(&mut self) -> Result<Option<Boxed<'a>>, Refusal> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let truncated = Refusal::new(Reason::Truncated, "box", self.at);
        let (size, rest) = self.rest.split_first_chunk::<4>().ok_or(truncated.clone())?;
        let (kind, rest) = rest.split_first_chunk::<4>().ok_or(truncated.clone())?;
        let (size, header_len, rest) = match u32::from_be_bytes(*size) {
            0 => (self.rest.len(), 8, rest),
            1 => {
                let (size, rest) = rest.split_first_chunk::<8>().ok_or(truncated.clone())?;
                (usize::try_from(u64::from_be_bytes(*size)).unwrap_or(usize::MAX), 16, rest)
            }
            size => (usize::try_from(size).unwrap_or(usize::MAX), 8, rest),
        };
        let Some(body_len) = size.checked_sub(header_len) else {
            return Err(Refusal::new(Reason::Damaged, "box size", self.at));
        };
        let (body, rest) = rest.split_at_checked(body_len).ok_or(truncated)?;
        let boxed =
            Boxed { kind: *kind, body, body_at: self.at.saturating_add(u64::try_from(header_len).unwrap_or(0)) };
        (self.rest, self.at) = (rest, self.at.saturating_add(u64::try_from(size).unwrap_or(u64::MAX)));
        Ok(Some(boxed))
    }
}

impl<'a> Iterator for Boxes<'a> {
    type Item = Result<Boxed<'a>, Refusal>;

    /// The next box; after an error there is none.
    fn next(&mut self) -> Option<Self::Item> {
        let taken = self.take();
        if taken.is_err() {
            self.rest = &[];
        }
        taken.transpose()
    }
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    /// The boxes, by both readers, which must agree: type, offset of the body, length of the body.
    fn check(bytes: &[u8]) -> Result<Vec<([u8; 4], u64, u64)>, Reason> {
        let mut reader = io::Cursor::new(bytes.to_vec());
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let mut in_file = Ok(Vec::new());
        loop {
            match next(&mut cursor, u64::try_from(bytes.len()).unwrap()) {
                Ok(None) => break,
                Ok(Some(header)) => {
                    cursor.go_to(header.end(), "box").unwrap();
                    in_file.as_mut().unwrap().push((header.kind, header.body_at, header.body_len));
                }
                Err(refusal) => {
                    in_file = Err(refusal.reason);
                    break;
                }
            }
        }
        let in_memory: Result<Vec<_>, _> = Boxes::new(bytes, 0)
            .map(|boxed| boxed.map(|boxed| (boxed.kind, boxed.body_at, u64::try_from(boxed.body.len()).unwrap())))
            .collect();
        assert_eq!(in_file, in_memory.map_err(|refusal| refusal.reason));
        in_file
    }

    #[test]
    fn sizes_have_three_forms() {
        assert_eq!(
            check(b"\0\0\0\x0Aftypab\0\0\0\x01free\0\0\0\0\0\0\0\x11c\0\0\0\0mdatdef"),
            Ok(vec![(*b"ftyp", 8, 2), (*b"free", 26, 1), (*b"mdat", 35, 3)])
        );
    }

    #[test]
    fn a_box_lies_wholly_in_what_holds_it() {
        assert_eq!(check(b"\0\0\0\x09mdat"), Err(Reason::Truncated));
        assert_eq!(check(b"\0\0\0\x08md"), Err(Reason::Truncated));
        assert_eq!(check(b"\0\0\0\x01mdat\0\0\0\0"), Err(Reason::Truncated));
        assert_eq!(check(b"\0\0\0\x01mdat\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"), Err(Reason::Truncated));
        assert_eq!(check(b"\0\0\0\x07mdat"), Err(Reason::Damaged));
        assert_eq!(check(b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x0F"), Err(Reason::Damaged));
    }
}

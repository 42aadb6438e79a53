//! The EBML head (RFC 8794, 11.2): which kind of document follows, and whether this reader can follow it.

use super::{dropped, id};
use crate::clean::container::ebml::{self, Children};
use crate::clean::cursor::Cursor;
use crate::clean::{Findings, Reason, Refusal};

/// The kinds of documents that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DocType {
    Matroska,
    WebM,
}

impl DocType {
    fn of(name: &[u8]) -> Option<Self> {
        let len = name.iter().position(|&byte| byte == 0).unwrap_or(name.len());
        match name.get(..len)? {
            b"matroska" => Some(Self::Matroska),
            b"webm" => Some(Self::WebM),
            _ => None,
        }
    }

    /// The head, as it is written: DocTypeVersion is that of the newest elements that are ever kept, and a reader of
    /// version 2 can follow.
    pub(super) fn to_bytes(self) -> &'static [u8] {
        match self {
            Self::Matroska => {
                b"\x1A\x45\xDF\xA3\xA3\x42\x86\x81\x01\x42\xF7\x81\x01\x42\xF2\x81\x04\x42\xF3\x81\x08\
                  \x42\x82\x88matroska\x42\x87\x81\x04\x42\x85\x81\x02"
            }
            Self::WebM => {
                b"\x1A\x45\xDF\xA3\x9F\x42\x86\x81\x01\x42\xF7\x81\x01\x42\xF2\x81\x04\x42\xF3\x81\x08\
                  \x42\x82\x84webm\x42\x87\x81\x04\x42\x85\x81\x02"
            }
        }
    }

    /// What the beginning of a file says; reads no further than the head's DocType.
    pub(super) fn sniff(head: &[u8]) -> Option<Self> {
        let mut rest = sized(head.strip_prefix(&id::EBML.to_be_bytes())?)?.1;
        while !rest.is_empty() {
            let id_len = usize::try_from(rest.first()?.leading_zeros()).ok()?.saturating_add(1);
            let (id, after) = rest.split_at_checked(id_len)?;
            let (len, after) = sized(after)?;
            let (body, after) = after.split_at_checked(len)?;
            if id == [0x42, 0x82] {
                return Self::of(body);
            }
            rest = after;
        }
        None
    }

    /// Reads the head, with which a file begins.
    pub(super) fn read(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Self, Refusal> {
        let end = cursor.len();
        let head = ebml::next(cursor, end)?.filter(|head| head.id == id::EBML && head.is_sized);
        let head = head.ok_or(Refusal::new(Reason::Damaged, "EBML", 0))?;
        let mut doc_type = None;
        let mut children = Children::of(&head);
        while let Some(child) = children.next(cursor)? {
            let (part, max) = match child.id {
                id::DOC_TYPE => {
                    doc_type = Self::of(&ebml::bytes(cursor, &child, 64, "DocType")?);
                    continue;
                }
                id::EBML_READ_VERSION => ("EBMLReadVersion", 1),
                id::EBML_MAX_ID_LENGTH => ("EBMLMaxIDLength", 4),
                id::EBML_MAX_SIZE_LENGTH => ("EBMLMaxSizeLength", 8),
                // RFC 9559 describes 4; 5 is for what is not kept here anyway.
                id::DOC_TYPE_READ_VERSION => ("DocTypeReadVersion", 5),
                id::EBML_VERSION | id::DOC_TYPE_VERSION => continue,
                _ => {
                    dropped::element(cursor, &child, "EBML", findings)?;
                    continue;
                }
            };
            if ebml::uint(cursor, &child, part)?.unwrap_or(0) > max {
                return Err(Refusal::new(Reason::NotUnderstood, part, child.at));
            }
        }
        cursor.go_to(head.end(), "EBML")?;
        doc_type.ok_or(Refusal::new(Reason::NotUnderstood, "DocType", head.at))
    }
}

/// A size and what stands behind it.
fn sized(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let len = usize::try_from(bytes.first()?.leading_zeros()).ok()?.saturating_add(1);
    let (size, rest) = bytes.split_at_checked(len).filter(|_| len <= 8)?;
    let marked = size.iter().fold(0_u64, |value, &byte| (value << 8) | u64::from(byte));
    let marker = 1_u64.checked_shl(u32::try_from(len).ok()?.saturating_mul(7))?;
    Some((usize::try_from(marked ^ marker).ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_told_by_its_head_however_that_is_spelled() {
        for doc_type in [DocType::Matroska, DocType::WebM] {
            assert_eq!(DocType::sniff(doc_type.to_bytes()), Some(doc_type));
            for len in 0..doc_type.to_bytes().len() - 8 {
                assert_eq!(DocType::sniff(&doc_type.to_bytes()[..len]), None);
            }
        }
        let long = b"\x1A\x45\xDF\xA3\x01\0\0\0\0\0\0\x10\xEC\x40\x02ab\x42\x82\x40\x06webm\0\0";
        assert_eq!(DocType::sniff(long), Some(DocType::WebM));
        assert_eq!(DocType::sniff(b"\x1A\x45\xDF\xA3\x88\x42\x82\x85kvarz"), None);
        assert_eq!(DocType::sniff(b"RIFF"), None);
    }
}

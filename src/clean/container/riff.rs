//! Chunks of RIFF files (Multimedia Programming Interface and Data Specifications 1.0) and of the older IFF (EA IFF 85),
//! in a file and in memory. Never gives a byte that does not lie in what holds the chunk; judges no chunk.

use crate::clean::cursor::Cursor;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// The order of the bytes in a size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    /// RIFF.
    Little,
    /// IFF: AIFF.
    Big,
}

impl Order {
    fn u32(self, bytes: [u8; 4]) -> u32 {
        match self {
            Self::Little => u32::from_le_bytes(bytes),
            Self::Big => u32::from_be_bytes(bytes),
        }
    }
}

/// Where a chunk lies. Offsets are in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    /// Its type, such as `fmt `.
    pub(crate) kind: [u8; 4],
    /// The first byte of its header.
    pub(crate) at: u64,
    /// The first byte behind its header.
    pub(crate) body_at: u64,
    /// Bytes that it says to have behind its header.
    pub(crate) size: u32,
    /// Bytes of those that are there.
    pub(crate) len: u64,
}

impl Chunk {
    /// The first byte behind the chunk, and behind the byte that makes an odd one even.
    pub(crate) fn end(&self) -> u64 {
        self.body_at.saturating_add(self.len).saturating_add(self.len & 1)
    }

    /// Whether all that it says to have is there.
    pub(crate) fn is_whole(&self) -> bool {
        self.len == u64::from(self.size)
    }

    /// Insists that it is whole.
    pub(crate) fn whole(self, part: &'static str) -> Result<Self, Refusal> {
        if self.is_whole() { Ok(self) } else { Err(Refusal::new(Reason::Truncated, part, self.at)) }
    }

    /// Reads its body where that is no longer than `len_max`. Only what is there.
    pub(crate) fn body(&self, cursor: &mut Cursor<'_>, len_max: usize) -> Result<Option<Vec<u8>>, Refusal> {
        cursor.go_to(self.body_at, "chunk")?;
        match usize::try_from(self.len) {
            Ok(len) if len <= len_max => cursor.bytes(len, "chunk").map(Some),
            _ => Ok(None),
        }
    }

    /// Its type as text.
    pub(crate) fn name(&self) -> String {
        name(self.kind)
    }

    /// Whether its type could be one: printable, and not blank.
    pub(crate) fn is_named(&self) -> bool {
        is_name(self.kind)
    }
}

/// A type as text.
pub(crate) fn name(kind: [u8; 4]) -> String {
    let text: String = kind.iter().copied().map(char::from).collect();
    text.trim_end_matches([' ', '\0']).to_owned()
}

/// Whether this could be the type of a chunk: letters, with blanks or zeros at the end.
pub(crate) fn is_name(kind: [u8; 4]) -> bool {
    kind.iter().all(|byte| (b' '..=b'~').contains(byte) || *byte == 0xA9 || *byte == 0)
        && kind.iter().any(u8::is_ascii_alphanumeric)
}

/// Reads the header of the chunk that begins where `cursor` stands, in something that ends at `end`. `None` where
/// there is no room for one.
pub(crate) fn next(cursor: &mut Cursor<'_>, end: u64, order: Order) -> Result<Option<Chunk>, Refusal> {
    let at = cursor.at();
    let end = end.min(cursor.len());
    let body_at = at.saturating_add(8);
    let Some(room) = end.checked_sub(body_at) else { return Ok(None) };
    let kind = cursor.array("chunk header")?;
    let size = order.u32(cursor.array("chunk header")?);
    Ok(Some(Chunk { kind, at, body_at, size, len: u64::from(size).min(room) }))
}

/// Hands the chunks from here to the end of the file to `chunk`, which says whether another may follow. Goes by no
/// size of what holds them, which is wrong too often.
pub(crate) fn each(
    cursor: &mut Cursor<'_>,
    order: Order,
    mut chunk: impl FnMut(&mut Cursor<'_>, Chunk) -> Result<bool, Refusal>,
) -> Result<(), Refusal> {
    let mut count = 0_usize;
    while let Some(next) = next(cursor, u64::MAX, order)? {
        count = count.saturating_add(1);
        if count > limits::CHUNKS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of chunks", next.at));
        }
        if !chunk(cursor, next)? {
            break;
        }
    }
    Ok(())
}

/// The chunks that stand one behind the other in `bytes`: type, and as much of the body as is there.
pub(crate) fn chunks(bytes: &[u8], order: Order) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (kind, after) = rest.split_first_chunk::<4>()?;
        let (size, after) = after.split_first_chunk::<4>()?;
        let size = usize::try_from(order.u32(*size)).unwrap_or(usize::MAX);
        let (body, after) = after.split_at_checked(size).unwrap_or((after, &[]));
        rest = if size & 1 == 1 { after.get(1..).unwrap_or_default() } else { after };
        Some((*kind, body))
    })
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn all(bytes: &[u8], order: Order) -> Vec<(String, u64, bool)> {
        let mut reader = io::Cursor::new(bytes.to_vec());
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let mut list = Vec::new();
        while let Some(chunk) = next(&mut cursor, u64::MAX, order).unwrap() {
            list.push((chunk.name(), chunk.len, chunk.is_whole()));
            cursor.go_to(chunk.end().min(cursor.len()), "chunk").unwrap();
        }
        list
    }

    #[test]
    fn an_odd_chunk_is_followed_by_a_byte_of_padding() {
        let expected = [("fmt".to_owned(), 1, true), ("data".to_owned(), 2, true)];
        assert_eq!(all(b"fmt \x01\0\0\0x\0data\x02\0\0\0ab", Order::Little), expected);
        assert_eq!(all(b"fmt \0\0\0\x01x\0data\0\0\0\x02ab", Order::Big), expected);
        let in_memory: Vec<_> = chunks(b"fmt \x01\0\0\0x\0data\x02\0\0\0ab", Order::Little).collect();
        assert_eq!(in_memory, [(*b"fmt ", b"x".as_slice()), (*b"data", b"ab")]);
    }

    #[test]
    fn a_chunk_never_has_more_than_there_is() {
        assert_eq!(all(b"data\xFF\xFF\xFF\xFFabc", Order::Little), [("data".to_owned(), 3, false)]);
        assert_eq!(chunks(b"data\xFF\xFF\xFF\xFFabc", Order::Little).count(), 1);
        assert_eq!(all(b"data\x01\0\0", Order::Little), []);
    }

    #[test]
    fn what_is_not_printable_is_no_name() {
        assert!(is_name(*b"id3\0") && is_name(*b"\xA9too") && is_name(*b"fmt "));
        assert!(!is_name([0; 4]) && !is_name(*b"da\x01a") && !is_name(*b"    "));
    }
}

//! Inflates the small zlib streams inside chunks, up to a bound. Never for pictures.

use crate::clean::codec::zlib::{Inflate, Then};

/// What came out of a zlib stream.
pub(super) struct Inflated {
    /// At most the bytes that were asked for.
    pub(super) bytes: Vec<u8>,
    /// Whether the stream ended soundly within the bound, exactly where its data end.
    pub(super) is_exact: bool,
}

/// Inflates `data` into at most `bytes_max` bytes. Damage ends it early.
pub(super) fn inflated(data: &[u8], bytes_max: usize) -> Inflated {
    let mut inflate = Inflate::new();
    let (mut bytes, mut used): (Vec<u8>, usize) = (Vec::new(), 0);
    loop {
        let portion = inflate.next(data.get(used..).unwrap_or_default());
        used = used.saturating_add(portion.taken);
        let room = bytes_max.saturating_sub(bytes.len());
        let fits = portion.made.len() <= room;
        bytes.extend_from_slice(portion.made.get(..room).unwrap_or(portion.made));
        match portion.then {
            Then::End => return Inflated { is_exact: used == data.len() && fits, bytes },
            Then::More if fits && (portion.taken > 0 || !portion.made.is_empty()) => {}
            Then::More | Then::Damage => return Inflated { bytes, is_exact: false },
        }
    }
}

//! Inflates the small zlib streams inside chunks, up to a bound. Never for pictures.

use flate2::{Decompress, FlushDecompress, Status};

/// What came out of a zlib stream.
pub(super) struct Inflated {
    /// At most the bytes that were asked for.
    pub(super) bytes: Vec<u8>,
    /// Whether the stream ended soundly within the bound, exactly where its data end.
    pub(super) is_exact: bool,
}

/// Inflates `data` into at most `bytes_max` bytes. Damage ends it early.
pub(super) fn inflated(data: &[u8], bytes_max: usize) -> Inflated {
    let mut inflate = Decompress::new(true);
    let mut bytes: Vec<u8> = Vec::new();
    let mut window = [0; 8 * 1024];
    loop {
        let (before_in, before_out) = (inflate.total_in(), inflate.total_out());
        let rest = usize::try_from(before_in).ok().and_then(|used| data.get(used..)).unwrap_or_default();
        let status = inflate.decompress(rest, &mut window, FlushDecompress::None);
        let made = usize::try_from(inflate.total_out().saturating_sub(before_out)).unwrap_or(usize::MAX);
        let room = bytes_max.saturating_sub(bytes.len());
        bytes.extend_from_slice(window.get(..made.min(room)).unwrap_or_default());
        match status {
            Ok(Status::StreamEnd) => {
                let ends_with_data = usize::try_from(inflate.total_in()) == Ok(data.len());
                return Inflated { is_exact: ends_with_data && made <= room, bytes };
            }
            Ok(_) if made <= room && (made > 0 || inflate.total_in() > before_in) => {}
            _ => return Inflated { bytes, is_exact: false },
        }
    }
}

//! Walks the zlib stream of one PNG picture to its exact end, in bounded memory. Never keeps what it inflates.

use super::rows::{Misfit, Rows, Shape, Watch};
use crate::clean::codec::zlib::{Inflate, Then};

/// Why a zlib stream is not the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Not zlib without a preset dictionary, not deflate, or another Adler-32 (RFC 1950, RFC 1951).
    Zlib,
    /// Not the scanlines of the picture.
    Rows(Misfit),
}

impl Fault {
    /// The part of the format, for a refusal.
    pub(super) fn part(self) -> &'static str {
        match self {
            Self::Zlib => "zlib stream",
            Self::Rows(Misfit::TooMany) => "scanlines: too many",
            Self::Rows(Misfit::TooFew) => "scanlines: too few",
            Self::Rows(Misfit::Filter) => "scanlines: filter type",
        }
    }
}

/// One picture on its way: zlib data in, scanlines checked.
pub(super) struct Walk {
    inflate: Inflate,
    rows: Rows,
    ended: bool,
}

impl Walk {
    /// Starts at the first byte of a zlib stream.
    pub(super) fn new(shape: Shape) -> Self {
        Self { inflate: Inflate::new(), rows: Rows::new(shape), ended: false }
    }

    /// Takes the next `data` in order. Returns how many bytes of it belong to the stream: all, or
    /// those up to its end.
    pub(super) fn feed(&mut self, data: &[u8], watch: &mut Watch) -> Result<usize, Fault> {
        let mut used: usize = 0;
        while !self.ended {
            let portion = self.inflate.next(data.get(used..).unwrap_or_default());
            if portion.then == Then::Damage {
                return Err(Fault::Zlib);
            }
            used = used.saturating_add(portion.taken);
            self.rows.push(portion.made, watch).map_err(Fault::Rows)?;
            if portion.then == Then::End {
                self.rows.finish().map_err(Fault::Rows)?;
                self.ended = true;
            } else if portion.taken == 0 && portion.made.is_empty() {
                break;
            }
        }
        Ok(used)
    }

    /// Whether the stream has ended, with all scanlines.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }
}

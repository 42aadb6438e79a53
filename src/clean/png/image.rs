//! Walks the zlib stream of one PNG picture to its exact end, in bounded memory. Never keeps what it inflates.

use flate2::{Decompress, FlushDecompress, Status};

use super::rows::{Misfit, Rows, Shape, Watch};

/// Bytes inflated at a time.
const WINDOW: usize = 32 * 1024;

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
    inflate: Decompress,
    window: Vec<u8>,
    rows: Rows,
    ended: bool,
}

impl Walk {
    /// Starts at the first byte of a zlib stream.
    pub(super) fn new(shape: Shape) -> Self {
        Self { inflate: Decompress::new(true), window: vec![0; WINDOW], rows: Rows::new(shape), ended: false }
    }

    /// Takes the next `data` in order. Returns how many bytes of it belong to the stream: all, or
    /// those up to its end.
    pub(super) fn feed(&mut self, data: &[u8], watch: &mut Watch) -> Result<usize, Fault> {
        let mut used: usize = 0;
        while !self.ended {
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let rest = data.get(used..).unwrap_or_default();
            let status =
                self.inflate.decompress(rest, &mut self.window, FlushDecompress::None).map_err(|_| Fault::Zlib)?;
            let eaten = difference(self.inflate.total_in(), before_in);
            let made = difference(self.inflate.total_out(), before_out);
            used = used.saturating_add(eaten);
            self.rows.push(self.window.get(..made).unwrap_or_default(), watch).map_err(Fault::Rows)?;
            if status == Status::StreamEnd {
                self.rows.finish().map_err(Fault::Rows)?;
                self.ended = true;
            } else if eaten == 0 && made == 0 {
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

fn difference(now: u64, before: u64) -> usize {
    usize::try_from(now.saturating_sub(before)).unwrap_or(usize::MAX)
}

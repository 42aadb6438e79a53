//! zlib streams (RFC 1950), inflated portion by portion in the place where they are looked at. Keeps no more than what
//! they may refer back to.

use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};

/// As far as a stream may refer back (RFC 1951, section 2).
const WINDOW_BYTES: usize = 32 * 1024;

/// A stream on its way.
pub(crate) struct Inflate {
    state: Box<DecompressorOxide>,
    flags: u32,
    /// The bytes made last, in a ring.
    window: Vec<u8>,
    /// Where in it the next one goes.
    at: usize,
}

/// What became of some data.
pub(crate) struct Portion<'a> {
    /// Bytes of the data that belong to the stream and are done with.
    pub(crate) taken: usize,
    /// What they were inflated to.
    pub(crate) made: &'a [u8],
    /// How the stream goes on.
    pub(crate) then: Then,
}

/// How a stream goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// With the data that are left, or with more.
    More,
    /// Not at all: it ends soundly.
    End,
    /// It is not zlib without a preset dictionary, not deflate, or has another Adler-32.
    Damage,
}

impl Inflate {
    pub(crate) fn new() -> Self {
        const FLAGS: u32 = inflate_flags::TINFL_FLAG_PARSE_ZLIB_HEADER | inflate_flags::TINFL_FLAG_COMPUTE_ADLER32;
        Self { flags: FLAGS, ..Self::raw() }
    }

    /// A stream of deflate (RFC 1951) with nothing around it.
    pub(crate) fn raw() -> Self {
        Self { state: Box::default(), flags: 0, window: vec![0; WINDOW_BYTES], at: 0 }
    }

    /// Inflates some of `data`; all that can be where nothing is taken and made. Not to be called after the end.
    pub(crate) fn next(&mut self, data: &[u8]) -> Portion<'_> {
        let flags = self.flags | inflate_flags::TINFL_FLAG_HAS_MORE_INPUT;
        let (status, taken, len) = decompress(&mut self.state, data, &mut self.window, self.at, flags);
        let end = self.at.saturating_add(len);
        let made = self.window.get(self.at..end).unwrap_or_default();
        self.at = end % WINDOW_BYTES;
        let then = match status {
            TINFLStatus::Done => Then::End,
            TINFLStatus::NeedsMoreInput | TINFLStatus::HasMoreOutput => Then::More,
            _ => Then::Damage,
        };
        Portion { taken, made, then }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::memory::zlib;

    /// What `data` is inflated to, given in portions, how it ends, and how much of it was taken.
    fn inflated(data: &[u8], portion: usize) -> (Vec<u8>, Then, usize) {
        let (mut inflate, mut bytes, mut used) = (Inflate::new(), Vec::new(), 0);
        let mut given = 0;
        loop {
            let Portion { taken, made, then } = inflate.next(&data[used..given]);
            bytes.extend_from_slice(made);
            used += taken;
            if then != Then::More {
                return (bytes, then, used);
            }
            if taken == 0 && made.is_empty() {
                if given == data.len() {
                    return (bytes, then, used);
                }
                given = data.len().min(given + portion);
            }
        }
    }

    #[test]
    fn what_is_inflated_is_what_was_coded() {
        // Longer than the window, with matches that reach across its end.
        let bytes: Vec<u8> = (0..300_000_u32).map(|i| (i / 3 % 97 * (i >> 15)).to_le_bytes()[0]).collect();
        let mut data = zlib(&bytes);
        let len = data.len();
        data.extend_from_slice(b"behind");
        for portion in [1, 7, 4096, 1 << 20] {
            assert_eq!(inflated(&data, portion), (bytes.clone(), Then::End, len), "in portions of {portion}");
        }
    }

    #[test]
    fn damage_is_told_from_an_end_that_has_not_come() {
        let data = zlib(b"a stream, a stream, a stream");
        let cut = inflated(&data[..data.len() - 1], 64);
        assert_eq!((cut.0.as_slice(), cut.1), (b"a stream, a stream, a stream".as_slice(), Then::More));
        let mut other_sum = data.clone();
        *other_sum.last_mut().unwrap() ^= 1;
        assert_eq!(inflated(&other_sum, 64).1, Then::Damage);
        let mut with_dictionary = data;
        with_dictionary[1] = 0xBB;
        assert_eq!(inflated(&with_dictionary, 64).1, Then::Damage);
    }
}

//! Why a file was refused. Holds no byte and no name of the file, only names of files inside of it; the sentences are in
//! `cli`.

use std::io;

use super::Unsupported;
use crate::limits;

/// Why a file cannot be cleaned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nothing in it.
    Empty,
    /// Not a known type of file.
    Unknown,
    /// A known type for which there is no cleaner.
    NotSupported(Unsupported),
    /// A text in an encoding that could not be told with confidence.
    Encoding,
    /// It ends before its own structure says so.
    Truncated,
    /// Its structure contradicts itself or its specification.
    Damaged,
    /// Allowed by its specification, but not understood here.
    NotUnderstood,
    /// Protected by a password.
    Encrypted,
    /// A picture that was to be made anew and cannot be; `part` says what it is.
    NotReshot,
    /// Pages that were to become pictures and cannot; `part` says what is in the way.
    NotFlattened,
    /// Over a limit.
    TooLarge,
    /// The second walker could not account for a byte of the cleaned result.
    Unaccounted,
    /// It could not be read.
    Unreadable(io::ErrorKind),
}

/// A refusal: the reason, the part of the file and the offset in bytes; and whose part, if it is of a file inside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Why.
    pub reason: Reason,
    /// The part of the format, in the specification's words; may be empty.
    pub part: &'static str,
    /// Offset in the original, or in the result where the reason is [`Reason::Unaccounted`].
    pub at: u64,
    /// Names of the files inside one another that lead to the one that was refused, outermost first; empty if that is
    /// the file itself. They come from outside: the terminal escapes them.
    pub inside: Vec<String>,
}

impl Refusal {
    pub(crate) fn new(reason: Reason, part: &'static str, at: u64) -> Self {
        Self { reason, part, at, inside: Vec::new() }
    }

    /// The same of a file called `name` inside of this one.
    pub(crate) fn within(mut self, name: &str) -> Self {
        self.inside.insert(0, name.chars().take(limits::VALUE_CHARS_MAX).collect());
        self
    }

    #[expect(clippy::needless_pass_by_value, reason = "the shape map_err wants")]
    pub(crate) fn unreadable(error: io::Error) -> Self {
        Self::new(Reason::Unreadable(error.kind()), "", 0)
    }
}

/// What a verifier could not account for. It also carries read errors, so that a file that vanishes
/// while it is verified is not called damaged.
#[derive(Debug)]
pub struct Unaccounted {
    part: &'static str,
    at: u64,
    io: Option<io::ErrorKind>,
}

impl Unaccounted {
    pub(crate) fn new(part: &'static str, at: u64) -> Self {
        Self { part, at, io: None }
    }
}

impl From<io::Error> for Unaccounted {
    fn from(error: io::Error) -> Self {
        Self { part: "", at: 0, io: Some(error.kind()) }
    }
}

impl From<Unaccounted> for Refusal {
    fn from(unaccounted: Unaccounted) -> Self {
        match unaccounted.io {
            // A verifier that runs out of bytes has found a fault in the result, not in the disk.
            None | Some(io::ErrorKind::UnexpectedEof) => {
                Self::new(Reason::Unaccounted, unaccounted.part, unaccounted.at)
            }
            Some(kind) => Self::new(Reason::Unreadable(kind), unaccounted.part, unaccounted.at),
        }
    }
}

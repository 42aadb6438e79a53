//! Opens an age file. Plaintext that comes out before the end is not authentic yet: the caller keeps it
//! from sight until [`open`] has returned.

#![expect(clippy::disallowed_types, reason = "opening needs an identity")]

use std::io::{self, BufReader, Read, Write};
use std::num::NonZeroUsize;

use super::armor::{self, ArmorError};
use super::header::Header;
use super::identity::Identities;
use super::payload;

/// Bytes read ahead for header and armor.
const BUFFER_BYTES: usize = 64 * 1024;

/// Why a file was not opened.
#[derive(Debug)]
pub enum OpenError {
    /// Not an age file, or not one of version 1.
    NotSealed,
    /// It begins as an age file, but its header is malformed or beyond all measure.
    Header,
    /// Its header is not authentic.
    HeaderMac,
    /// Its armor is damaged.
    Armor,
    /// Protected by a passphrase instead of sealed to a key.
    Passphrase,
    /// A passphrase that asks for more work than is granted.
    TooMuchWork,
    /// Sealed to other keys.
    NotForTheseKeys,
    /// A key that is kept elsewhere could not be used; the error is its keeper's own.
    Keeper(io::Error),
    /// What is inside is cut, altered or damaged.
    Payload,
    /// More than [`crate::limits::PLAINTEXT_BYTES_MAX`] bytes.
    TooLarge,
    /// It could not be read.
    Read(io::Error),
    /// The plaintext could not be written.
    Write(io::Error),
}

impl OpenError {
    /// Tells a fault of the file from one of the disk. An end that comes too early is `fault`.
    pub(super) fn reading(error: io::Error, fault: Self) -> Self {
        if error.get_ref().is_some_and(|inner| inner.is::<ArmorError>()) {
            return Self::Armor;
        }
        match error.kind() {
            io::ErrorKind::UnexpectedEof => fault,
            _ => Self::Read(error),
        }
    }
}

/// Opens `input`, binary or armored, on as many threads as there are `workers`, and writes the plaintext to
/// `output`. How many bytes that were. Both are used on the caller's thread alone; memory does not grow
/// with the length.
///
/// # Errors
/// [`OpenError`]; what was written to `output` before is then not to be used.
pub fn open(
    identities: &Identities,
    workers: NonZeroUsize,
    input: impl Read,
    output: &mut impl Write,
) -> Result<u64, OpenError> {
    let input = BufReader::with_capacity(BUFFER_BYTES, input);
    let mut input = armor::Reader::new(input).map_err(|error| OpenError::reading(error, OpenError::NotSealed))?;
    let header = Header::read(&mut input)?;
    if header.is_for_passphrase() {
        return Err(OpenError::Passphrase);
    }
    let key = header.unlock(identities.iter())?;
    payload::open(&key, workers, input, output)
}

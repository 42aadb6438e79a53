//! Opens an age file. Plaintext that comes out before the end is not authentic yet: the caller keeps it
//! from sight until [`open`] has returned.

#![expect(clippy::disallowed_types, reason = "opening needs an identity")]

use std::io::{self, BufReader, Read, Write};

use age::armor::ArmoredReader;
use age::{DecryptError, Decryptor};
use zeroize::Zeroizing;

use super::header::read_bounded;
use super::identity::Identities;
use crate::limits::PLAINTEXT_BYTES_MAX;

/// Why a file was not opened.
#[derive(Debug)]
pub enum OpenError {
    /// Not an age file, or a header beyond all measure.
    NotSealed,
    /// Protected by a passphrase instead of sealed to a key.
    Passphrase,
    /// Sealed to other keys.
    NotForTheseKeys,
    /// Cut, altered or damaged.
    NotAuthentic,
    /// More than [`PLAINTEXT_BYTES_MAX`] bytes.
    TooLarge,
    /// It could not be read.
    Read(io::Error),
    /// The plaintext could not be written.
    Write(io::Error),
}

/// Opens `input`, binary or armored, and writes the plaintext to `output`. How many bytes that were.
///
/// # Errors
/// [`OpenError`]; what was written to `output` before is then not to be used.
pub fn open(identities: &Identities, input: impl Read, output: &mut impl Write) -> Result<u64, OpenError> {
    let mut input = BufReader::new(ArmoredReader::new(BufReader::new(input)));
    let header = read_bounded(&mut input).map_err(|error| reading(error, OpenError::NotSealed))?;
    let decryptor = Decryptor::new_buffered(header.chain(input)).map_err(|error| match error {
        DecryptError::Io(error) => reading(error, OpenError::NotAuthentic),
        _ => OpenError::NotSealed,
    })?;
    if decryptor.is_scrypt() {
        return Err(OpenError::Passphrase);
    }
    let mut plaintext = decryptor.decrypt(identities.iter()).map_err(|error| match error {
        DecryptError::NoMatchingKeys => OpenError::NotForTheseKeys,
        DecryptError::Io(error) => reading(error, OpenError::NotAuthentic),
        _ => OpenError::NotAuthentic,
    })?;
    let mut buf = Zeroizing::new(vec![0; 64 * 1024]);
    let mut len = 0u64;
    loop {
        let n = match plaintext.read(&mut buf) {
            Ok(0) => return Ok(len),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(reading(error, OpenError::NotAuthentic)),
        };
        len = len.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        if len > PLAINTEXT_BYTES_MAX {
            return Err(OpenError::TooLarge);
        }
        output.write_all(buf.get(..n).unwrap_or_default()).map_err(OpenError::Write)?;
    }
}

/// Tells a fault of the file from one of the disk: the age crate reports both as [`io::Error`].
fn reading(error: io::Error, fault: OpenError) -> OpenError {
    match error.kind() {
        io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof | io::ErrorKind::Other => fault,
        _ => OpenError::Read(error),
    }
}

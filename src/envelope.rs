//! The age file around a bundle. Knows nothing of what is inside.
//!
//! The format is C2SP `age.md` (age-encryption.org/v1). Recipients and identities are the age crate's;
//! header and payload are written here, because the age crate adds a random grease stanza to every file:
//! that would mark the file as its own and blur its length.

mod header;
pub mod identity;
mod opening;
mod payload;
mod recipient;

use std::io::{self, Read, Write};

use age::armor::{ArmoredWriter, Format};

pub use opening::{OpenError, open};
pub use recipient::{RecipientError, Recipients, key_lines};

/// What a sealed file looks like outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The age file itself.
    Binary,
    /// ASCII armor around it (C2SP `age.md`, "ASCII armor"), for places that take only text.
    Armored,
}

/// Why sealing failed.
#[derive(Debug)]
pub enum SealError {
    /// The system gave no random bytes.
    NoRandomness,
    /// A recipient could not be used.
    Recipient,
    /// The plaintext could not be read.
    Read(io::Error),
    /// The sealed file could not be written.
    Write(io::Error),
}

/// Seals all of `plaintext` to `recipients` and writes an age file to `output`, which is given back.
/// Memory does not grow with the length.
///
/// # Errors
/// [`SealError`]; what was written to `output` before is then worthless and to be thrown away.
pub fn seal<W: Write>(recipients: &Recipients, form: Form, plaintext: impl Read, output: W) -> Result<W, SealError> {
    let format = match form {
        Form::Binary => Format::Binary,
        Form::Armored => Format::AsciiArmor,
    };
    let mut output = ArmoredWriter::wrap_output(output, format).map_err(SealError::Write)?;
    let (head, key) = header::seal(recipients)?;
    output.write_all(&head).map_err(SealError::Write)?;
    payload::seal(&key, plaintext, &mut output)?;
    output.finish().map_err(SealError::Write)
}

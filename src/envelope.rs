//! The age file around a bundle. Knows nothing of what is inside.
//!
//! The format is C2SP `age.md` (age-encryption.org/v1). X25519 and passphrases are the age crate's, and
//! every kind of key goes through its traits. Header, payload and armor are written and read here: that
//! crate adds a random grease stanza to every file, which would mark the file as its own and blur its
//! length, and reads headers and lines of armor without bounds.

mod armor;
#[cfg(fuzzing)]
pub mod fuzzing;
mod header;
pub(crate) mod hybrid;
pub mod identity;
mod opening;
mod payload;
mod recipient;
mod secret;
pub(crate) mod stanza;
#[cfg(test)]
mod vectors;

use std::io::{self, Read, Write};
use std::num::NonZeroUsize;

use age_core::format::{FileKey, Stanza};

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
    /// The cipher failed, which it does not for any length that is accepted.
    Cipher,
    /// The plaintext could not be read.
    Read(io::Error),
    /// The sealed file could not be written.
    Write(io::Error),
}

/// Seals all of `plaintext` to `recipients` on as many threads as there are `workers`, and writes an age
/// file to `output`, which is given back. Both are used on the caller's thread alone; memory does not grow
/// with the length.
///
/// # Errors
/// [`SealError`]; what was written to `output` before is then worthless and to be thrown away.
pub fn seal<W: Write>(
    recipients: &Recipients,
    form: Form,
    workers: NonZeroUsize,
    plaintext: impl Read,
    output: W,
) -> Result<W, SealError> {
    seal_wrapped(|file_key| recipients.wrap(file_key), form, workers, plaintext, output)
}

/// Seals to whatever `wrap` makes stanzas for.
fn seal_wrapped<W: Write>(
    wrap: impl FnOnce(&FileKey) -> Result<Vec<Stanza>, SealError>,
    form: Form,
    workers: NonZeroUsize,
    plaintext: impl Read,
    mut output: W,
) -> Result<W, SealError> {
    let sealed = |output: &mut dyn Write| {
        let (head, key) = header::seal(wrap)?;
        output.write_all(&head).map_err(SealError::Write)?;
        payload::seal(&key, workers, plaintext, output)
    };
    match form {
        Form::Binary => sealed(&mut output).map(|()| output),
        Form::Armored => {
            let mut armored = armor::Writer::new(output);
            sealed(&mut armored)?;
            armored.finish().map_err(SealError::Write)
        }
    }
}

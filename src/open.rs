//! The desk's pipeline, read top to bottom: decrypt all of it out of sight, authenticate to the last byte,
//! check every byte of what came out, and only then say what is in it.

#![expect(clippy::disallowed_types, reason = "opening needs the organisation's identity")]

use std::io::{Read, Seek, SeekFrom, Write};
use std::num::NonZeroUsize;

use crate::bundle::{self, Contents, Odd};
use crate::envelope::identity::Identities;
use crate::envelope::{self, OpenError};

/// An authentic sealed file's content.
#[derive(Debug)]
pub enum Opened {
    /// A bundle in which every byte is accounted for.
    Contents(Contents),
    /// Authentic, but not a bundle as the format wants it. Nothing of it is to be extracted.
    Odd(Odd),
}

/// Opens `sealed` into `scratch`, an empty place that nobody else sees, on as many threads as there are
/// `workers`, and checks what came out.
///
/// # Errors
/// [`OpenError`]; `scratch` then holds bytes that are not authentic, and is to be thrown away.
pub fn open<S: Read + Write + Seek>(
    identities: &Identities,
    workers: NonZeroUsize,
    sealed: impl Read,
    scratch: &mut S,
) -> Result<Opened, OpenError> {
    envelope::open(identities, workers, sealed, scratch)?;
    scratch.flush().map_err(OpenError::Write)?;
    scratch.seek(SeekFrom::Start(0)).map_err(OpenError::Read)?;
    match bundle::read(scratch) {
        Ok(contents) => Ok(Opened::Contents(contents)),
        Err(Odd::Io(error)) => Err(OpenError::Read(error)),
        Err(odd) => Ok(Opened::Odd(odd)),
    }
}

//! Files in memory, for the tests of cleaners.

use std::io::{self, Cursor, Read};

use super::{Finding, Original, Reader, Refusal, clean};

/// A file in memory.
pub(super) struct Memory(pub(super) Vec<u8>);

impl Original for Memory {
    fn open(&self) -> io::Result<Box<dyn Reader>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }
}

/// Cleans through the engine, so that the verifier has accepted what comes back.
pub(super) fn produced(bytes: &[u8]) -> Result<(Vec<u8>, Vec<Finding>), Refusal> {
    let original = Memory(bytes.to_vec());
    let cleaned = clean(&original)?;
    let mut produced = Vec::new();
    cleaned.content(&original).unwrap().read_to_end(&mut produced).unwrap();
    Ok((produced, cleaned.findings().to_vec()))
}

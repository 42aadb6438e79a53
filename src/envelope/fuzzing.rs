//! What the fuzz targets call (`fuzz/`), and nothing else does: inner parts of the envelope, as they are.
//! Compiled only for fuzzing. What must hold is said in the targets.

use std::io::{self, BufReader, Read, Write};
use std::num::NonZeroUsize;

use zeroize::Zeroizing;

use super::header::Header;
use super::secret::Key;
use super::{armor, payload};

/// Reads a header and the payload's nonce from the front of `input`. What was understood, written again, and
/// the bytes that the MAC is taken to cover; none if it is refused.
pub fn header_again(input: &mut &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let header = Header::read(input).ok()?;
    let (again, authenticated) = header.again();
    Some((again, authenticated.to_owned()))
}

/// Seals a payload.
pub fn seal_payload(key: [u8; 32], workers: NonZeroUsize, plaintext: &[u8]) -> Option<Vec<u8>> {
    let mut sealed = Vec::new();
    payload::seal(&boxed(key), workers, plaintext, &mut sealed).ok()?;
    Some(sealed)
}

/// Opens a payload: what came out, and whether that is all of it and authentic.
pub fn open_payload(key: [u8; 32], workers: NonZeroUsize, sealed: &[u8]) -> (Vec<u8>, bool) {
    let mut plaintext = Vec::new();
    let opened = payload::open(&boxed(key), workers, sealed, &mut plaintext);
    let all = opened.is_ok_and(|len| usize::try_from(len) == Ok(plaintext.len()));
    (plaintext, all)
}

/// Puts armor on, in pieces of at most this many bytes.
///
/// # Errors
/// None: memory takes everything.
pub fn armored(bytes: &[u8], piece: NonZeroUsize) -> io::Result<Vec<u8>> {
    let mut writer = armor::Writer::new(Vec::new());
    for piece in bytes.chunks(piece.get()) {
        writer.write_all(piece)?;
    }
    writer.finish()
}

/// Takes armor off, seeing at most this many bytes at once.
///
/// # Errors
/// If it is damaged.
pub fn dearmored(text: &[u8], seen: NonZeroUsize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    armor::Reader::new(BufReader::with_capacity(seen.get(), text))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn boxed(key: [u8; 32]) -> Key {
    Box::new(Zeroizing::new(key))
}

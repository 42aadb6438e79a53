//! The payload of an age file: STREAM over ChaCha20-Poly1305 (C2SP `age.md`, "Payload"), written.

use std::io::{self, Read, Write};

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use super::SealError;
use super::header::Key;

/// Bytes of plaintext in every chunk but the last.
const CHUNK_BYTES: usize = 64 * 1024;

/// Whether a chunk is the last.
#[derive(Clone, Copy)]
enum Last {
    No,
    Yes,
}

/// Seals all of `plaintext` in chunks. Holds two chunks, since the last one must be known to be the last.
pub(super) fn seal(key: &Key, mut plaintext: impl Read, output: &mut impl Write) -> Result<(), SealError> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, &key[..]).map_err(|_| SealError::NoRandomness)?;
    let key = LessSafeKey::new(key);
    let mut chunk = Zeroizing::new(vec![0; CHUNK_BYTES]);
    let mut following = Zeroizing::new(vec![0; CHUNK_BYTES]);
    let mut len = fill(&mut plaintext, &mut chunk).map_err(SealError::Read)?;
    for counter in 0u64.. {
        let following_len = match len {
            CHUNK_BYTES => fill(&mut plaintext, &mut following).map_err(SealError::Read)?,
            _ => 0,
        };
        let last = if following_len == 0 { Last::Yes } else { Last::No };
        let bytes = chunk.get_mut(..len).unwrap_or_default();
        let tag = key
            .seal_in_place_separate_tag(nonce(counter, last), Aad::empty(), bytes)
            .map_err(|_| SealError::NoRandomness)?;
        output.write_all(bytes).and_then(|()| output.write_all(tag.as_ref())).map_err(SealError::Write)?;
        if matches!(last, Last::Yes) {
            break;
        }
        std::mem::swap(&mut chunk, &mut following);
        len = following_len;
    }
    Ok(())
}

/// Eleven bytes of big-endian counter and the last-chunk flag. The key is used for one file only, so that
/// a counter never repeats under it.
fn nonce(counter: u64, last: Last) -> Nonce {
    let mut nonce = [0; NONCE_LEN];
    let (_, tail) = nonce.split_at_mut(3);
    let (number, flag) = tail.split_at_mut(8);
    number.copy_from_slice(&counter.to_be_bytes());
    flag.copy_from_slice(&[u8::from(matches!(last, Last::Yes))]);
    Nonce::assume_unique_for_key(nonce)
}

/// Reads until `buf` is full or the input ends.
fn fill(input: &mut impl Read, buf: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0usize;
    while let Some(rest) = buf.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(n) => filled = filled.saturating_add(n),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

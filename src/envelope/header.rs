//! The age header: written without a maker's mark, and bounded before anyone parses one from outside.

use std::io::{self, BufRead, Read};

use age_core::format::FileKey;
use age_core::secrecy::ExposeSecret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::{Recipients, SealError};
use crate::limits::{HEADER_BYTES_MAX, HEADER_LINES_MAX, HEADER_STANZAS_MAX};

const VERSION_LINE: &str = "age-encryption.org/v1";
/// Columns of a stanza's body (C2SP `age.md`, "Recipient stanza").
const BODY_COLUMNS: usize = 64;
const NONCE_BYTES: usize = 16;

/// A key of 32 bytes, wiped when dropped.
pub(super) type Key = Zeroizing<[u8; 32]>;

/// Header and payload nonce for a fresh file key, and the payload key.
pub(super) fn seal(recipients: &Recipients) -> Result<(Vec<u8>, Key), SealError> {
    let random = SystemRandom::new();
    let file_key = FileKey::try_init_with_mut(|key| random.fill(key)).map_err(|_| SealError::NoRandomness)?;
    let mut nonce = [0; NONCE_BYTES];
    random.fill(&mut nonce).map_err(|_| SealError::NoRandomness)?;

    let mut text = format!("{VERSION_LINE}\n");
    for stanza in recipients.wrap(&file_key)? {
        text.push_str("-> ");
        text.push_str(&stanza.tag);
        for argument in &stanza.args {
            text.push(' ');
            text.push_str(argument);
        }
        text.push('\n');
        push_body(&mut text, &stanza.body);
    }
    text.push_str("---");
    let mac_key = derive(&file_key, &[], b"header")?;
    let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &mac_key[..]), text.as_bytes());
    text.push(' ');
    BASE64_STANDARD_NO_PAD.encode_string(mac, &mut text);
    text.push('\n');

    let mut head = text.into_bytes();
    head.extend_from_slice(&nonce);
    Ok((head, derive(&file_key, &nonce, b"payload")?))
}

/// Body lines of 64 columns; the last is shorter, so it is empty where the body fills its lines.
fn push_body(text: &mut String, body: &[u8]) {
    let encoded = BASE64_STANDARD_NO_PAD.encode(body);
    let mut column = 0;
    for c in encoded.chars() {
        text.push(c);
        column = if column == BODY_COLUMNS.saturating_sub(1) { 0 } else { column.saturating_add(1) };
        if column == 0 {
            text.push('\n');
        }
    }
    text.push('\n');
}

/// HKDF-SHA256 (RFC 5869) of the file key, as C2SP `age.md` uses it for header MAC and payload.
fn derive(file_key: &FileKey, salt: &[u8], info: &[u8]) -> Result<Key, SealError> {
    struct Bytes32;
    impl KeyType for Bytes32 {
        fn len(&self) -> usize {
            32
        }
    }
    let mut key = Zeroizing::new([0; 32]);
    Salt::new(HKDF_SHA256, salt)
        .extract(file_key.expose_secret())
        .expand(&[info], Bytes32)
        .and_then(|okm| okm.fill(&mut key[..]))
        .map_err(|_| SealError::NoRandomness)?;
    Ok(key)
}

/// Reads the lines of a header up to its MAC, within bounds. The age crate's parser is quadratic in the
/// length of what it is given, so nothing longer reaches it.
///
/// # Errors
/// [`io::ErrorKind::InvalidData`] if it is not an age v1 header or not within the bounds.
pub(super) fn read_bounded(input: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut header = Vec::new();
    let (mut lines, mut stanzas) = (0usize, 0usize);
    loop {
        let begin = header.len();
        let room = HEADER_BYTES_MAX.saturating_sub(begin);
        let room = u64::try_from(room).unwrap_or(u64::MAX);
        input.by_ref().take(room).read_until(b'\n', &mut header)?;
        let line = header.get(begin..).unwrap_or_default();
        let first = begin == 0;
        lines = lines.saturating_add(1);
        stanzas = stanzas.saturating_add(usize::from(line.starts_with(b"-> ")));
        let ended = line.last() == Some(&b'\n');
        let expected = !first || line.strip_suffix(b"\n") == Some(VERSION_LINE.as_bytes());
        if !ended || !expected || lines > HEADER_LINES_MAX || stanzas > HEADER_STANZAS_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if line.starts_with(b"---") {
            return Ok(header);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(stanzas: usize, lines_each: usize, columns: usize) -> Vec<u8> {
        let mut text = format!("{VERSION_LINE}\n");
        for _ in 0..stanzas {
            text.push_str("-> X\n");
            for _ in 0..lines_each {
                text.push_str(&"A".repeat(columns));
                text.push('\n');
            }
        }
        text.push_str("--- AAAA\n");
        text.into_bytes()
    }

    fn check(header: &[u8]) -> bool {
        read_bounded(&mut &*header).is_ok_and(|read| read == header)
    }

    #[test]
    fn stanzas_are_bounded() {
        for (stanzas, accepted) in
            [(HEADER_STANZAS_MAX - 1, true), (HEADER_STANZAS_MAX, true), (HEADER_STANZAS_MAX + 1, false)]
        {
            assert_eq!(check(&header(stanzas, 1, 4)), accepted);
        }
    }

    #[test]
    fn lines_are_bounded() {
        // The version line, the stanza's own and the MAC make three.
        for (lines, accepted) in [(HEADER_LINES_MAX - 1, true), (HEADER_LINES_MAX, true), (HEADER_LINES_MAX + 1, false)]
        {
            assert_eq!(check(&header(1, lines - 3, 4)), accepted);
        }
    }

    #[test]
    fn bytes_are_bounded() {
        let rest = header(1, 1, 0).len();
        for (len, accepted) in [(HEADER_BYTES_MAX - 1, true), (HEADER_BYTES_MAX, true), (HEADER_BYTES_MAX + 1, false)] {
            assert_eq!(check(&header(1, 1, len - rest)), accepted);
        }
    }

    #[test]
    fn what_is_not_a_header_is_refused_at_once() {
        for other in [
            &b""[..],
            b"\n",
            b"age-encryption.org/v2\n--- A\n",
            b"age-encryption.org/v1\r\n--- A\n",
            b"\x89PNG\r\n\x1a\n",
        ] {
            assert!(read_bounded(&mut &*other).is_err());
        }
    }

    #[test]
    fn a_body_that_fills_its_lines_ends_with_an_empty_one() {
        let bodies = [0, 1, 32, 47, 48, 49, 96].map(|len| {
            let mut text = String::new();
            push_body(&mut text, &vec![0; len]);
            text.lines().map(str::len).collect::<Vec<_>>()
        });
        assert_eq!(bodies, [vec![0], vec![2], vec![43], vec![63], vec![64, 0], vec![64, 2], vec![64, 64, 0]]);
    }
}

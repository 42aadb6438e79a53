//! The age header (C2SP `age.md`, "Header"): written without a maker's mark, and read within bounds, in one
//! pass, accepting only what the format's grammar has.

use std::io::BufRead;

use age::DecryptError;
use age_core::format::{FileKey, Stanza};
use age_core::secrecy::ExposeSecret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::secret::{self, Key};
use super::stanza::{self, Lines, LinesError};
use super::{OpenError, SealError};
use crate::limits::{HEADER_BYTES_MAX, HEADER_LINES_MAX, HEADER_STANZAS_MAX};

const VERSION_LINE: &str = "age-encryption.org/v1";
const MAC_PREFIX: &str = "---";
const MAC_BYTES: usize = 32;
const NONCE_BYTES: usize = 16;
const SCRYPT_TAG: &str = "scrypt";

/// Header and payload nonce for a fresh file key, and the payload key. `wrap` makes the stanzas.
pub(super) fn seal(wrap: impl FnOnce(&FileKey) -> Result<Vec<Stanza>, SealError>) -> Result<(Vec<u8>, Key), SealError> {
    secret::on_clean_stack(|| {
        let random = SystemRandom::new();
        let file_key = FileKey::try_init_with_mut(|key| random.fill(key)).map_err(|_| SealError::NoRandomness)?;
        let mut nonce = [0; NONCE_BYTES];
        random.fill(&mut nonce).map_err(|_| SealError::NoRandomness)?;

        let mut text = format!("{VERSION_LINE}\n");
        for stanza in wrap(&file_key)? {
            stanza::push(&mut text, &stanza);
        }
        text.push_str(MAC_PREFIX);
        let mac_key = mac_key(&file_key).map_err(|_| SealError::Cipher)?;
        let mac = hmac::sign(&mac_key, text.as_bytes());
        text.push(' ');
        BASE64_STANDARD_NO_PAD.encode_string(mac, &mut text);
        text.push('\n');

        let mut head = text.into_bytes();
        head.extend_from_slice(&nonce);
        let key = derive(&file_key, &nonce, b"payload").map_err(|_| SealError::Cipher)?;
        Ok((head, key))
    })
}

/// A header from outside. Nothing in it is authentic before [`Header::unlock`].
pub(super) struct Header {
    stanzas: Vec<Stanza>,
    /// Everything up to `---`.
    authenticated: Vec<u8>,
    mac: [u8; MAC_BYTES],
    nonce: [u8; NONCE_BYTES],
}

impl Header {
    /// Reads a header and the payload's nonce.
    ///
    /// # Errors
    /// [`OpenError::NotSealed`] if it does not begin as an age file, [`OpenError::Header`] if it goes on
    /// as none or beyond the bounds, [`OpenError::Read`].
    pub(super) fn read(mut input: impl BufRead) -> Result<Self, OpenError> {
        let mut lines = Lines::new(&mut input, HEADER_LINES_MAX, HEADER_BYTES_MAX);
        match lines.next() {
            Ok(VERSION_LINE) => {}
            Ok(_) | Err(LinesError::Malformed) => return Err(OpenError::NotSealed),
            Err(error) => return Err(error.into()),
        }
        let mut stanzas = Vec::new();
        let mac = loop {
            let line = lines.next()?;
            if let Some(mac) = line.strip_prefix(MAC_PREFIX) {
                break mac.to_owned();
            }
            let arguments = stanza::arguments(line).ok_or(OpenError::Header)?.to_owned();
            if stanzas.len() >= HEADER_STANZAS_MAX {
                return Err(OpenError::Header);
            }
            stanzas.push(lines.stanza(&arguments)?);
        };
        // A passphrase must be alone, or others could have sealed what it seems to vouch for.
        if stanzas.is_empty() || stanzas.len() > 1 && stanzas.iter().any(|stanza| stanza.tag == SCRYPT_TAG) {
            return Err(OpenError::Header);
        }
        let (mut authenticated, input) = lines.into_parts();
        authenticated.truncate(authenticated.len().saturating_sub(mac.len().saturating_add(1)));
        let mac = mac.strip_prefix(' ').and_then(|mac| BASE64_STANDARD_NO_PAD.decode(mac).ok());
        let mac = mac.and_then(|mac| mac.try_into().ok()).ok_or(OpenError::Header)?;
        let mut nonce = [0; NONCE_BYTES];
        input.read_exact(&mut nonce).map_err(|error| OpenError::reading(error, OpenError::Header))?;
        Ok(Self { stanzas, authenticated, mac, nonce })
    }

    /// Whether a passphrase opens it, instead of a key.
    pub(super) fn is_for_passphrase(&self) -> bool {
        self.stanzas.iter().any(|stanza| stanza.tag == SCRYPT_TAG)
    }

    /// The payload key, from the first identity that one of the stanzas is for.
    ///
    /// # Errors
    /// [`OpenError::NotForTheseKeys`], [`OpenError::Keeper`], [`OpenError::Header`] if a stanza is not as its
    /// type wants it, or [`OpenError::HeaderMac`].
    pub(super) fn unlock<'i>(
        &self,
        identities: impl IntoIterator<Item = &'i dyn age::Identity>,
    ) -> Result<Key, OpenError> {
        secret::on_clean_stack(|| {
            let mut failure = None;
            let unwrapped =
                identities.into_iter().find_map(|identity| match identity.unwrap_stanzas(&self.stanzas)? {
                    // Only a key that is kept elsewhere fails like this, and one that is not at hand today is no
                    // reason not to try the next.
                    Err(DecryptError::Io(error)) => {
                        failure.get_or_insert(error);
                        None
                    }
                    result => Some(result),
                });
            let none = failure.map_or(OpenError::NotForTheseKeys, OpenError::Keeper);
            let file_key = unwrapped.ok_or(none)?.map_err(|error| match error {
                DecryptError::ExcessiveWork { .. } => OpenError::TooMuchWork,
                DecryptError::DecryptionFailed | DecryptError::KeyDecryptionFailed => OpenError::NotForTheseKeys,
                _ => OpenError::Header,
            })?;
            mac_key(&file_key)
                .and_then(|key| hmac::verify(&key, &self.authenticated, &self.mac))
                .and_then(|()| derive(&file_key, &self.nonce, b"payload"))
                .map_err(|_| OpenError::HeaderMac)
        })
    }
}

#[cfg(fuzzing)]
impl Header {
    /// What was understood, written again; and what the MAC is taken to cover.
    pub(super) fn again(&self) -> (Vec<u8>, &[u8]) {
        let mut text = format!("{VERSION_LINE}\n");
        for stanza in &self.stanzas {
            stanza::push(&mut text, stanza);
        }
        text.push_str(MAC_PREFIX);
        text.push(' ');
        BASE64_STANDARD_NO_PAD.encode_string(self.mac, &mut text);
        text.push('\n');
        let mut head = text.into_bytes();
        head.extend_from_slice(&self.nonce);
        (head, &self.authenticated)
    }
}

impl From<LinesError> for OpenError {
    fn from(error: LinesError) -> Self {
        match error {
            LinesError::Malformed => Self::Header,
            LinesError::Io(error) => Self::reading(error, Self::Header),
        }
    }
}

fn mac_key(file_key: &FileKey) -> Result<hmac::Key, Unspecified> {
    derive(file_key, &[], b"header").map(|key| hmac::Key::new(hmac::HMAC_SHA256, &key[..]))
}

/// HKDF-SHA256 (RFC 5869) of the file key, as C2SP `age.md` uses it for header MAC and payload.
fn derive(file_key: &FileKey, salt: &[u8], info: &[u8]) -> Result<Key, Unspecified> {
    struct Bytes32;
    impl KeyType for Bytes32 {
        fn len(&self) -> usize {
            32
        }
    }
    let mut key = Box::new(Zeroizing::new([0; 32]));
    Salt::new(HKDF_SHA256, salt).extract(file_key.expose_secret()).expand(&[info], Bytes32)?.fill(&mut key[..])?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(stanzas: usize, lines_each: usize, columns: usize) -> Vec<u8> {
        let mut text = format!("{VERSION_LINE}\n");
        for _ in 0..stanzas {
            text.push_str("-> X\n");
            for _ in 1..lines_each {
                text.push_str(&"A".repeat(64));
                text.push('\n');
            }
            text.push_str(&"A".repeat(columns));
            text.push('\n');
        }
        text.push_str(&format!("--- {}\n", BASE64_STANDARD_NO_PAD.encode([0; MAC_BYTES])));
        text.into_bytes()
    }

    fn check(header: &[u8]) -> bool {
        let with_nonce = [header, &[0; NONCE_BYTES]].concat();
        Header::read(&with_nonce[..]).is_ok_and(|read| header.starts_with(&read.authenticated))
    }

    #[test]
    fn stanzas_are_bounded() {
        for (stanzas, accepted) in [(0, false), (1, true), (HEADER_STANZAS_MAX, true), (HEADER_STANZAS_MAX + 1, false)]
        {
            assert_eq!(check(&header(stanzas, 1, 4)), accepted, "{stanzas}");
        }
    }

    #[test]
    fn lines_are_bounded() {
        // The version line, the stanza's own and the MAC make three.
        for (lines, accepted) in [(HEADER_LINES_MAX - 1, true), (HEADER_LINES_MAX, true), (HEADER_LINES_MAX + 1, false)]
        {
            assert_eq!(check(&header(1, lines - 3, 4)), accepted, "{lines}");
        }
    }

    #[test]
    fn bytes_are_bounded() {
        let bare = header(1, 1, 4).len();
        for (len, accepted) in [(HEADER_BYTES_MAX - 1, true), (HEADER_BYTES_MAX, true), (HEADER_BYTES_MAX + 1, false)] {
            let argument = format!("-> X {}\n", "a".repeat(len - bare - 1));
            let text = String::from_utf8(header(1, 1, 4)).unwrap().replacen("-> X\n", &argument, 1);
            assert_eq!(text.len(), len);
            assert_eq!(check(text.as_bytes()), accepted, "{len}");
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
            assert!(matches!(Header::read(other), Err(OpenError::NotSealed)));
        }
    }

    #[test]
    fn a_passphrase_is_alone_or_refused() {
        let text = String::from_utf8(header(1, 1, 4)).unwrap().replace("-> X", "-> scrypt");
        assert!(check(text.as_bytes()));
        let text = String::from_utf8(header(2, 1, 4)).unwrap().replacen("-> X", "-> scrypt", 1);
        assert!(!check(text.as_bytes()));
    }

    #[test]
    fn a_hostile_header_is_read_no_further_than_the_bounds() {
        for line in ["-> x A\n\n", "-> x\n\n", "-> ", "\n"] {
            let text = format!("{VERSION_LINE}\n{}", line.repeat(300_000 / line.len()));
            let mut rest = text.as_bytes();
            assert!(matches!(Header::read(&mut rest), Err(OpenError::Header)));
            assert!(text.len() - rest.len() <= HEADER_BYTES_MAX);
        }
    }
}

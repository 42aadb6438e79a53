//! HPKE's base mode for one message (RFC 9180, sections 5.1 and 6.1), with HKDF-SHA256 and
//! ChaCha20-Poly1305: what follows the KEM.

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::error::Unspecified;
use ring::hmac::{self, HMAC_SHA256};

/// Bytes that sealing adds.
pub(super) const TAG_BYTES: usize = 16;

const MODE_BASE: u8 = 0;
const KDF_HKDF_SHA256: u16 = 1;
const AEAD_CHACHA20_POLY1305: u16 = 3;

/// Seals `message` in place and appends the tag.
///
/// # Errors
/// If the cipher fails, which it does not for messages of this size.
pub(super) fn seal(kem: u16, shared_secret: &[u8; 32], info: &[u8], message: &mut Vec<u8>) -> Result<(), Unspecified> {
    let schedule = Schedule::new(kem, shared_secret, info);
    schedule.cipher()?.seal_in_place_append_tag(schedule.nonce()?, Aad::empty(), message)
}

/// Opens `message` in place; the plaintext in front of the tag.
///
/// # Errors
/// If it was not sealed with this secret.
// Under its own name in the desk's program, by which its absence from the source's can be seen.
#[inline(never)]
pub(super) fn open<'m>(
    kem: u16,
    shared_secret: &[u8; 32],
    info: &[u8],
    message: &'m mut [u8],
) -> Result<&'m [u8], Unspecified> {
    let schedule = Schedule::new(kem, shared_secret, info);
    schedule.cipher()?.open_in_place(schedule.nonce()?, Aad::empty(), message).map(|plain| &*plain)
}

/// The key schedule. A message is the first under its key, so the nonce is the base nonce.
struct Schedule {
    key: hmac::Tag,
    base_nonce: hmac::Tag,
}

impl Schedule {
    fn new(kem: u16, shared_secret: &[u8; 32], info: &[u8]) -> Self {
        let suite = Suite::new(kem);
        let psk_id_hash = suite.labeled_extract(&[], b"psk_id_hash", &[]);
        let info_hash = suite.labeled_extract(&[], b"info_hash", info);
        let context = [&[MODE_BASE], psk_id_hash.as_ref(), info_hash.as_ref()].concat();
        let secret = suite.labeled_extract(shared_secret, b"secret", &[]);
        let secret = hmac::Key::new(HMAC_SHA256, secret.as_ref());
        Self {
            key: suite.labeled_expand(&secret, b"key", &context, 32),
            base_nonce: suite.labeled_expand(&secret, b"base_nonce", &context, 12),
        }
    }

    fn cipher(&self) -> Result<LessSafeKey, Unspecified> {
        UnboundKey::new(&CHACHA20_POLY1305, self.key.as_ref()).map(LessSafeKey::new)
    }

    fn nonce(&self) -> Result<Nonce, Unspecified> {
        Nonce::try_assume_unique_for_key(self.base_nonce.as_ref().get(..NONCE_LEN).unwrap_or_default())
    }
}

/// `"HPKE" || kem_id || kdf_id || aead_id`.
struct Suite([u8; 10]);

impl Suite {
    fn new(kem: u16) -> Self {
        let mut id = *b"HPKE\0\0\0\0\0\0";
        let numbers = [kem, KDF_HKDF_SHA256, AEAD_CHACHA20_POLY1305];
        for (to, from) in id.iter_mut().skip(4).zip(numbers.into_iter().flat_map(u16::to_be_bytes)) {
            *to = from;
        }
        Self(id)
    }

    /// `LabeledExtract`: HKDF-Extract is HMAC with the salt for its key (RFC 5869, section 2.2).
    fn labeled_extract(&self, salt: &[u8], label: &[u8], ikm: &[u8]) -> hmac::Tag {
        mac(&hmac::Key::new(HMAC_SHA256, salt), &[b"HPKE-v1", &self.0, label, ikm])
    }

    /// `LabeledExpand` to at most 32 bytes: the first block of HKDF-Expand (RFC 5869, section 2.3). What is
    /// wanted are its first `len` bytes.
    fn labeled_expand(&self, prk: &hmac::Key, label: &[u8], info: &[u8], len: u16) -> hmac::Tag {
        mac(prk, &[&len.to_be_bytes(), b"HPKE-v1", &self.0, label, info, &[1]])
    }
}

fn mac(key: &hmac::Key, parts: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    for part in parts {
        context.update(part);
    }
    context.sign()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).unwrap());
        pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
    }

    /// RFC 9180, appendix A.2.1: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, ChaCha20-Poly1305, base mode.
    #[test]
    fn the_key_schedule_is_that_of_the_rfc() {
        let shared_secret = bytes("0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7");
        let schedule = Schedule::new(0x0020, &shared_secret.try_into().unwrap(), b"Ode on a Grecian Urn");
        let key = bytes("ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91");
        assert_eq!(schedule.key.as_ref(), key);
        assert_eq!(schedule.base_nonce.as_ref()[..12], bytes("5c4d98150661b848853b547f"));
    }

    #[test]
    fn what_is_sealed_opens_only_with_the_same_secret_info_and_kem() {
        let mut sealed = b"message".to_vec();
        seal(1, &[7; 32], b"info", &mut sealed).unwrap();
        assert_eq!(sealed.len(), 7 + TAG_BYTES);
        assert_eq!(open(1, &[7; 32], b"info", &mut sealed.clone()).unwrap(), b"message");
        assert!(open(2, &[7; 32], b"info", &mut sealed.clone()).is_err());
        assert!(open(1, &[8; 32], b"info", &mut sealed.clone()).is_err());
        assert!(open(1, &[7; 32], b"other", &mut sealed.clone()).is_err());
    }
}

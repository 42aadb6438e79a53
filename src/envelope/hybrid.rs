//! `mlkem768x25519`: recipients and identities that stay safe if either ML-KEM-768 or X25519 does.
//!
//! C2SP `age.md`, "The mlkem768x25519 recipient type": HPKE in base mode (RFC 9180) over the KEM X-Wing
//! (draft-connolly-cfrg-xwing-kem), HKDF-SHA256 and ChaCha20-Poly1305, with no associated data.

#![expect(clippy::disallowed_types, reason = "where it is defined; the age crate's trait has a HashSet")]

mod hpke;
mod xwing;

use std::fmt;
use std::str::FromStr;

use age::{DecryptError, EncryptError};
use age_core::format::{FILE_KEY_BYTES, FileKey, Stanza};
use age_core::primitives::{bech32_decode, bech32_encode};
use age_core::secrecy::ExposeSecret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use bech32::Hrp;
use ring::rand::{SecureRandom, SystemRandom};
use zeroize::Zeroizing;

use super::secret;

/// Type of the stanza, its first argument (C2SP `age.md`).
pub(super) const STANZA_TAG: &str = "mlkem768x25519";
/// A label that keeps these recipients from being mixed with classic ones (C2SP `age.md`).
const LABEL: &str = "postquantum";
const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const RECIPIENT_HRP: Hrp = Hrp::parse_unchecked("age1pq");
const BODY_BYTES: usize = FILE_KEY_BYTES + hpke::TAG_BYTES;

/// A public key, `age1pq1…`: 1,216 bytes, 1,959 characters.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Recipient(Box<xwing::PublicKey>);

/// A secret key: the seed of 32 bytes that everything else is derived from when it is needed.
pub(crate) struct Identity(Box<Zeroizing<[u8; xwing::SEED_BYTES]>>);

/// It is not a recipient: mistyped, not in the field's range (FIPS 203, section 7.2), or of low order.
#[derive(Debug)]
pub(crate) struct NotARecipient;

impl Identity {
    /// Makes a new one.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub(super) fn generate() -> Result<Self, ring::error::Unspecified> {
        let mut identity = Self::zeroed();
        SystemRandom::new().fill(&mut identity.0[..])?;
        Ok(identity)
    }

    /// The identity with this seed; none if it has not 32 bytes.
    pub(super) fn from_seed(seed: &[u8]) -> Option<Self> {
        let mut identity = Self::zeroed();
        if seed.len() != xwing::SEED_BYTES {
            return None;
        }
        identity.0.copy_from_slice(seed);
        Some(identity)
    }

    fn zeroed() -> Self {
        Self(Box::new(Zeroizing::new([0; xwing::SEED_BYTES])))
    }

    pub(super) fn seed(&self) -> &[u8] {
        &self.0[..]
    }

    pub(super) fn to_recipient(&self) -> Recipient {
        secret::on_clean_stack(|| Recipient(Box::new(xwing::public_key(&self.0))))
    }

    fn open(&self, encapsulation: &[u8; xwing::ENCAPSULATION_BYTES], body: &[u8]) -> Result<FileKey, OpenError> {
        let shared = xwing::decapsulate(&self.0, encapsulation).map_err(|xwing::LowOrder| OpenError::LowOrder)?;
        let mut opened = Zeroizing::new([0; BODY_BYTES]);
        opened.copy_from_slice(body);
        let plain = hpke::open(xwing::KEM_ID, &shared, INFO, &mut opened[..]).map_err(|_| OpenError::NotForThisKey)?;
        FileKey::try_init_with_mut(|key| {
            (plain.len() == key.len()).then(|| key.copy_from_slice(plain)).ok_or(OpenError::NotForThisKey)
        })
    }
}

enum OpenError {
    LowOrder,
    NotForThisKey,
}

impl age::Identity for Identity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        if stanza.tag != STANZA_TAG {
            return None;
        }
        let malformed = || Some(Err(DecryptError::InvalidHeader));
        let [argument] = &stanza.args[..] else { return malformed() };
        let Ok(encapsulation) = BASE64_STANDARD_NO_PAD.decode(argument) else { return malformed() };
        let Ok(encapsulation) = <&[u8; xwing::ENCAPSULATION_BYTES]>::try_from(&encapsulation[..]) else {
            return malformed();
        };
        // Checked before it is decrypted, so that one stanza cannot be made for many keys.
        if stanza.body.len() != BODY_BYTES {
            return malformed();
        }
        match secret::on_clean_stack(|| self.open(encapsulation, &stanza.body)) {
            Ok(key) => Some(Ok(key)),
            Err(OpenError::LowOrder) => malformed(),
            Err(OpenError::NotForThisKey) => None,
        }
    }
}

impl Recipient {
    fn wrap(&self, file_key: &FileKey) -> Result<Stanza, ring::error::Unspecified> {
        let mut randomness = Zeroizing::new([0; xwing::RANDOMNESS_BYTES]);
        SystemRandom::new().fill(&mut randomness[..])?;
        let (encapsulation, shared) =
            xwing::encapsulate(&self.0, &randomness).map_err(|xwing::LowOrder| ring::error::Unspecified)?;
        let mut body = Vec::with_capacity(BODY_BYTES);
        body.extend_from_slice(file_key.expose_secret());
        hpke::seal(xwing::KEM_ID, &shared, INFO, &mut body)?;
        let argument = BASE64_STANDARD_NO_PAD.encode(&encapsulation[..]);
        Ok(Stanza { tag: STANZA_TAG.to_owned(), args: vec![argument], body })
    }
}

type Labels = std::collections::HashSet<String>;

impl age::Recipient for Recipient {
    fn wrap_file_key(&self, file_key: &FileKey) -> Result<(Vec<Stanza>, Labels), EncryptError> {
        let stanza = secret::on_clean_stack(|| self.wrap(file_key))
            .map_err(|_| EncryptError::Io(std::io::ErrorKind::Other.into()))?;
        Ok((vec![stanza], Labels::from([LABEL.to_owned()])))
    }
}

impl FromStr for Recipient {
    type Err = NotARecipient;

    fn from_str(text: &str) -> Result<Self, NotARecipient> {
        bech32_decode(
            text,
            |_| NotARecipient,
            |hrp| (hrp == RECIPIENT_HRP).then_some(()).ok_or(NotARecipient),
            |_, bytes| {
                let key = xwing::PublicKey::parse(&bytes.collect::<Vec<u8>>()).ok_or(NotARecipient)?;
                Ok(Self(Box::new(key)))
            },
        )
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&bech32_encode(RECIPIENT_HRP, &self.0.to_bytes()[..]))
    }
}

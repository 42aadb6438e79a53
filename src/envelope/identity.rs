//! Identities: the organisation's secret keys, made and read. Only the desk's modules use this one; the
//! lint wall (`clippy.toml`) keeps these types out of everything else.

#![expect(clippy::disallowed_types, reason = "the one room where identities are handled")]

use std::io;
use std::num::NonZeroUsize;
use std::str::FromStr;

use age::secrecy::{ExposeSecret, SecretString};
use age::{scrypt, x25519};
use age_core::format::FileKey;
use age_core::primitives::{bech32_decode, bech32_encode};
use bech32::Hrp;
use zeroize::{Zeroize, Zeroizing};

use super::header::Header;
use super::{Form, OpenError, SealError, armor, hybrid, payload, seal_wrapped, secret};
use crate::limits::{IDENTITY_LAYERS_MAX, KEY_FILE_BYTES_MAX, SCRYPT_LOG_N_MAX};

const HYBRID_HRP: Hrp = Hrp::parse_unchecked("AGE-SECRET-KEY-PQ-");
const PLUGIN_PREFIX: &str = "AGE-PLUGIN-";

/// A secret key of any kind, behind the age crate's trait.
pub type Opener = Box<dyn age::Identity + Send + Sync>;

/// Secret keys, tried in order: first those that are here, then those that a plugin keeps.
pub struct Identities {
    keys: Vec<Opener>,
    plugins: Vec<Opener>,
}

/// Who can be asked while identity files are read.
pub trait Keeper {
    /// The passphrase of the file; none if nobody answers.
    fn passphrase(&self) -> Option<SecretString>;

    /// A secret key that the plugin of this name keeps, from its line `AGE-PLUGIN-NAME-1…`; none if there is
    /// no such plugin.
    fn plugin(&self, name: &str, identity: &str) -> Option<Opener>;
}

/// Nobody to ask: what is protected, or kept elsewhere, stays closed.
pub struct Nobody;

impl Keeper for Nobody {
    fn passphrase(&self) -> Option<SecretString> {
        None
    }

    fn plugin(&self, _name: &str, _identity: &str) -> Option<Opener> {
        None
    }
}

/// Why an identity file cannot be used.
#[derive(Debug)]
pub enum IdentityError {
    /// No identity in it.
    Empty,
    /// This line, from 1, is not an identity.
    Line(usize),
    /// This line is a recipient: the public half, which opens nothing.
    Recipient(usize),
    /// `AGE-PLUGIN-…` of a plugin that is not there.
    Plugin(usize),
    /// It is encrypted to a key that is not among these.
    NotForTheseKeys,
    /// It is encrypted, and a key that is kept elsewhere could not be used; the error is its keeper's own.
    Keeper(io::Error),
    /// Encrypted, and no passphrase was given.
    NeedsPassphrase,
    /// The passphrase is not the right one.
    WrongPassphrase,
    /// It asks for more work than [`SCRYPT_LOG_N_MAX`].
    TooMuchWork,
    /// Damaged.
    Damaged,
}

/// Which kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `mlkem768x25519`: `age1pq1…`.
    Hybrid,
    /// `X25519`: `age1…`.
    X25519,
}

/// A passphrase to protect an identity file, or none on purpose.
pub enum Protection {
    /// As `age -p` protects a file.
    Passphrase(SecretString),
    /// The identity stands in the file as it is.
    None,
}

impl Identities {
    /// None yet.
    #[must_use]
    pub fn none() -> Self {
        Self { keys: Vec::new(), plugins: Vec::new() }
    }

    /// Adds the identities of a file: `AGE-SECRET-KEY-PQ-1…`, `AGE-SECRET-KEY-1…` and `AGE-PLUGIN-…` lines
    /// with comments, or such a file inside an age file, protected by a passphrase, which is then asked for,
    /// or sealed to one of the identities that are here already, or both.
    ///
    /// # Errors
    /// [`IdentityError`], and nothing is added.
    pub fn add_file(&mut self, file: &[u8], keeper: &dyn Keeper) -> Result<(), IdentityError> {
        let mut decrypted: Option<Zeroizing<Vec<u8>>> = None;
        for _ in 0..IDENTITY_LAYERS_MAX {
            let layer = decrypted.as_ref().map_or(file, |bytes| &bytes[..]);
            if !is_encrypted(layer) {
                break;
            }
            decrypted = Some(self.decrypt(layer, keeper)?);
        }
        let mut added = parse(decrypted.as_ref().map_or(file, |bytes| &bytes[..]), keeper)?;
        self.keys.append(&mut added.keys);
        self.plugins.append(&mut added.plugins);
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &dyn age::Identity> {
        self.keys.iter().chain(&self.plugins).map(|identity| -> &dyn age::Identity { &**identity })
    }

    /// The identity file inside an age file.
    fn decrypt(&self, file: &[u8], keeper: &dyn Keeper) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
        let mut input = armor::Reader::new(file).map_err(|_| IdentityError::Damaged)?;
        let header = Header::read(&mut input).map_err(|_| IdentityError::Damaged)?;
        let key = if header.is_for_passphrase() {
            let mut key = scrypt::Identity::new(keeper.passphrase().ok_or(IdentityError::NeedsPassphrase)?);
            key.set_max_work_factor(SCRYPT_LOG_N_MAX);
            header.unlock(std::iter::once::<&dyn age::Identity>(&key))
        } else {
            header.unlock(self.iter())
        };
        let key = key.map_err(|error| match error {
            OpenError::NotForTheseKeys if header.is_for_passphrase() => IdentityError::WrongPassphrase,
            OpenError::NotForTheseKeys => IdentityError::NotForTheseKeys,
            OpenError::Keeper(error) => IdentityError::Keeper(error),
            OpenError::TooMuchWork => IdentityError::TooMuchWork,
            _ => IdentityError::Damaged,
        })?;
        // Sized once: growing would leave copies of the secret behind.
        let capacity = file.len().min(usize::try_from(KEY_FILE_BYTES_MAX).unwrap_or(usize::MAX));
        let mut identity = Zeroizing::new(Vec::with_capacity(capacity));
        payload::open(&key, NonZeroUsize::MIN, input, &mut *identity).map_err(|_| IdentityError::Damaged)?;
        Ok(identity)
    }
}

/// A new identity.
pub struct NewIdentity {
    /// Its public half, `age1pq1…` or `age1…`.
    pub recipient: String,
    /// The identity file to keep: text, without a date or a program's name.
    pub file: Zeroizing<Vec<u8>>,
}

/// Makes an identity.
///
/// # Errors
/// [`SealError`] if the system gives no random bytes; otherwise it does not fail.
pub fn generate(kind: Kind, protection: Protection) -> Result<NewIdentity, SealError> {
    let (recipient, secret) = secret::on_clean_stack(|| match kind {
        Kind::Hybrid => {
            let identity = hybrid::Identity::generate().map_err(|_| SealError::NoRandomness)?;
            Ok((identity.to_recipient().to_string(), hybrid_line(&identity)))
        }
        Kind::X25519 => {
            let identity = x25519::Identity::generate();
            Ok((identity.to_public().to_string(), identity.to_string()))
        }
    })?;
    let mut file = Zeroizing::new(Vec::with_capacity(KEY_LINES_BYTES));
    for part in ["# public key: ", &recipient, "\n", secret.expose_secret(), "\n"] {
        file.extend_from_slice(part.as_bytes());
    }
    let file = match protection {
        Protection::None => file,
        Protection::Passphrase(passphrase) => encrypt(&file, passphrase)?,
    };
    Ok(NewIdentity { recipient, file })
}

/// More than any identity file that is made here, so that it is not moved while it grows.
const KEY_LINES_BYTES: usize = 4096;

/// `AGE-SECRET-KEY-PQ-1…`: the seed in Bech32, in capitals.
fn hybrid_line(identity: &hybrid::Identity) -> SecretString {
    let mut line = bech32_encode(HYBRID_HRP, identity.seed());
    line.make_ascii_uppercase();
    // Without room to spare, so that it is not moved.
    let secret = SecretString::from(line.as_str());
    line.zeroize();
    secret
}

fn is_encrypted(file: &[u8]) -> bool {
    file.starts_with(b"age-encryption.org/") || file.trim_ascii_start().starts_with(b"-----BEGIN AGE")
}

fn parse(file: &[u8], keeper: &dyn Keeper) -> Result<Identities, IdentityError> {
    let text = std::str::from_utf8(file).map_err(|_| IdentityError::Damaged)?;
    let mut identities = Identities::none();
    for (number, line) in super::recipient::key_lines(text) {
        let starts = |prefix: &str| line.get(..prefix.len()).is_some_and(|s| s.eq_ignore_ascii_case(prefix));
        if starts(PLUGIN_PREFIX) {
            let name = plugin_name(line).ok_or(IdentityError::Line(number))?;
            identities.plugins.push(keeper.plugin(&name, line).ok_or(IdentityError::Plugin(number))?);
            continue;
        }
        let key = secret::on_clean_stack(|| -> Option<Opener> {
            if starts("AGE-SECRET-KEY-PQ-") {
                return hybrid_key(line).map(|key| -> Opener { Box::new(key) });
            }
            x25519::Identity::from_str(line).ok().map(|key| -> Opener { Box::new(key) })
        });
        match key {
            Some(key) => identities.keys.push(key),
            None if starts("age1") => return Err(IdentityError::Recipient(number)),
            None => return Err(IdentityError::Line(number)),
        }
    }
    if identities.iter().next().is_none() {
        return Err(IdentityError::Empty);
    }
    Ok(identities)
}

fn hybrid_key(line: &str) -> Option<hybrid::Identity> {
    bech32_decode(
        line,
        |_| (),
        |hrp| (hrp == HYBRID_HRP).then_some(()).ok_or(()),
        |_, bytes| {
            let mut seed = Zeroizing::new(Vec::with_capacity(bytes.len()));
            seed.extend(bytes);
            hybrid::Identity::from_seed(&seed).ok_or(())
        },
    )
    .ok()
}

/// `NAME`, in small letters, of a well-formed `AGE-PLUGIN-NAME-1…` (C2SP `age-plugin.md`).
fn plugin_name(line: &str) -> Option<String> {
    let hrp = bech32_decode(line, |_| (), |_| Ok(()), |hrp, _| Ok(hrp.to_string().to_ascii_lowercase())).ok()?;
    let name = hrp.strip_prefix("age-plugin-")?.strip_suffix('-')?;
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.' | '_');
    (!name.is_empty() && name.chars().all(safe)).then(|| name.to_owned())
}

/// As `age -p` protects a file, in armor.
fn encrypt(file: &[u8], passphrase: SecretString) -> Result<Zeroizing<Vec<u8>>, SealError> {
    let recipient = scrypt::Recipient::new(passphrase);
    let wrap = |file_key: &FileKey| {
        let wrapped = age::Recipient::wrap_file_key(&recipient, file_key).map_err(|_| SealError::Recipient)?;
        Ok(wrapped.0)
    };
    seal_wrapped(wrap, Form::Armored, NonZeroUsize::MIN, file, Vec::new()).map(Zeroizing::new)
}

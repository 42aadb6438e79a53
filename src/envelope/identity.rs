//! Identities: the organisation's secret keys, made and read. Only the desk's modules use this one; the
//! lint wall (`clippy.toml`) keeps these types out of everything else.

#![expect(clippy::disallowed_types, reason = "the one room where identities are handled")]

use std::io::{Read, Write};
use std::str::FromStr;

use age::armor::{ArmoredReader, ArmoredWriter, Format};
use age::secrecy::{ExposeSecret, SecretString};
use age::{Decryptor, Encryptor, scrypt, x25519};
use zeroize::Zeroizing;

use super::header::read_bounded;
use crate::limits::{KEY_FILE_BYTES_MAX, SCRYPT_LOG_N_MAX};

/// Secret keys, tried in order.
pub struct Identities(Vec<x25519::Identity>);

/// Why an identity file cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdentityError {
    /// No identity in it.
    Empty,
    /// This line, from 1, is not an identity.
    Line(usize),
    /// This line is a recipient: the public half, which opens nothing.
    Recipient(usize),
    /// `AGE-SECRET-KEY-PQ-…`, which this version cannot use.
    PostQuantum(usize),
    /// `AGE-PLUGIN-…`, which this version cannot use.
    Plugin(usize),
    /// It is encrypted, but not with a passphrase.
    NotPassphrase,
    /// Encrypted, and no passphrase was given.
    NeedsPassphrase,
    /// The passphrase is not the right one.
    WrongPassphrase,
    /// It asks for more work than [`SCRYPT_LOG_N_MAX`].
    TooMuchWork,
    /// Damaged.
    Damaged,
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
        Self(Vec::new())
    }

    /// Adds the identities of a file: `AGE-SECRET-KEY-1…` lines with comments, or such a file inside an age
    /// file protected by a passphrase, which is then asked for.
    ///
    /// # Errors
    /// [`IdentityError`], and nothing is added.
    pub fn add_file(
        &mut self,
        file: &[u8],
        passphrase: impl FnOnce() -> Option<SecretString>,
    ) -> Result<(), IdentityError> {
        let encrypted =
            file.starts_with(b"age-encryption.org/") || file.trim_ascii_start().starts_with(b"-----BEGIN AGE");
        let added = if encrypted { parse(&decrypt(file, passphrase)?)? } else { parse(file)? };
        self.0.extend(added);
        Ok(())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &dyn age::Identity> {
        self.0.iter().map(|identity| -> &dyn age::Identity { identity })
    }
}

/// A new identity.
pub struct NewIdentity {
    /// Its public half, `age1…`.
    pub recipient: String,
    /// The identity file to keep: text, without a date or a program's name.
    pub file: Zeroizing<Vec<u8>>,
}

/// Makes an X25519 identity.
///
/// # Errors
/// [`IdentityError::Damaged`] if it cannot be written to memory, which does not happen.
pub fn generate(protection: Protection) -> Result<NewIdentity, IdentityError> {
    let identity = x25519::Identity::generate();
    let recipient = identity.to_public().to_string();
    let secret = identity.to_string();
    let mut file = Zeroizing::new(Vec::with_capacity(512));
    file.extend_from_slice(b"# public key: ");
    file.extend_from_slice(recipient.as_bytes());
    file.push(b'\n');
    file.extend_from_slice(secret.expose_secret().as_bytes());
    file.push(b'\n');
    let file = match protection {
        Protection::None => file,
        Protection::Passphrase(passphrase) => encrypt(&file, passphrase).map_err(|_| IdentityError::Damaged)?,
    };
    Ok(NewIdentity { recipient, file })
}

fn parse(file: &[u8]) -> Result<Vec<x25519::Identity>, IdentityError> {
    let text = std::str::from_utf8(file).map_err(|_| IdentityError::Damaged)?;
    let mut identities = Vec::new();
    for (number, line) in super::recipient::key_lines(text) {
        let upper_starts = |prefix: &str| line.get(..prefix.len()).is_some_and(|s| s.eq_ignore_ascii_case(prefix));
        let identity = match x25519::Identity::from_str(line) {
            Ok(identity) => identity,
            Err(_) if upper_starts("AGE-SECRET-KEY-PQ-") => return Err(IdentityError::PostQuantum(number)),
            Err(_) if upper_starts("AGE-PLUGIN-") => return Err(IdentityError::Plugin(number)),
            Err(_) if upper_starts("age1") => return Err(IdentityError::Recipient(number)),
            Err(_) => return Err(IdentityError::Line(number)),
        };
        identities.push(identity);
    }
    if identities.is_empty() {
        return Err(IdentityError::Empty);
    }
    Ok(identities)
}

fn decrypt(
    file: &[u8],
    passphrase: impl FnOnce() -> Option<SecretString>,
) -> Result<Zeroizing<Vec<u8>>, IdentityError> {
    let mut input = std::io::BufReader::new(ArmoredReader::new(file));
    let header = read_bounded(&mut input).map_err(|_| IdentityError::Damaged)?;
    let decryptor = Decryptor::new_buffered(header.chain(input)).map_err(|_| IdentityError::Damaged)?;
    if !decryptor.is_scrypt() {
        return Err(IdentityError::NotPassphrase);
    }
    let mut key = scrypt::Identity::new(passphrase().ok_or(IdentityError::NeedsPassphrase)?);
    key.set_max_work_factor(SCRYPT_LOG_N_MAX);
    let plain = decryptor.decrypt(std::iter::once::<&dyn age::Identity>(&key)).map_err(|error| match error {
        age::DecryptError::ExcessiveWork { .. } => IdentityError::TooMuchWork,
        age::DecryptError::DecryptionFailed | age::DecryptError::KeyDecryptionFailed => IdentityError::WrongPassphrase,
        _ => IdentityError::Damaged,
    })?;
    // Sized once: growing would leave copies of the secret behind.
    let capacity = file.len().min(usize::try_from(KEY_FILE_BYTES_MAX).unwrap_or(usize::MAX));
    let mut identity = Zeroizing::new(Vec::with_capacity(capacity));
    plain.take(KEY_FILE_BYTES_MAX).read_to_end(&mut identity).map_err(|_| IdentityError::Damaged)?;
    Ok(identity)
}

fn encrypt(file: &[u8], passphrase: SecretString) -> std::io::Result<Zeroizing<Vec<u8>>> {
    let armored = ArmoredWriter::wrap_output(Vec::new(), Format::AsciiArmor)?;
    let mut writer = Encryptor::with_user_passphrase(passphrase).wrap_output(armored)?;
    writer.write_all(file)?;
    Ok(Zeroizing::new(writer.finish()?.finish()?))
}

//! The organisation's commands.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the desk makes and holds the organisation's identities, and looks into its inbox"
)]

pub mod decrypt;
pub mod keygen;
pub mod open;

use std::path::{Path, PathBuf};

use age::secrecy::SecretString;

use super::{Exit, Terminal, sentences};
use crate::envelope::identity::{Identities, IdentityError, Keeper, Opener};
use crate::{files, limits};

/// Reads identity files, asking for passphrases where they are protected. One that is sealed to another may
/// stand before or after it.
fn identities(terminal: &Terminal, paths: &[PathBuf]) -> Result<Identities, Exit> {
    let mut identities = Identities::none();
    let mut locked: Vec<&PathBuf> = paths.iter().collect();
    loop {
        let mut still_locked = Vec::new();
        for path in &locked {
            let file = files::open(path)
                .and_then(|file| files::read_bounded(file, limits::KEY_FILE_BYTES_MAX))
                .map_err(|error| sentences::io_error(terminal, path, &error))?;
            match identities.add_file(&file, &AtTerminal { terminal, path }) {
                Ok(()) => {}
                Err(IdentityError::NotForTheseKeys) => still_locked.push(*path),
                Err(error) => return Err(sentences::identity_error(terminal, path, error)),
            }
        }
        match still_locked.first() {
            None => return Ok(identities),
            Some(path) if still_locked.len() == locked.len() => {
                return Err(sentences::identity_error(terminal, path, IdentityError::NotForTheseKeys));
            }
            Some(_) => locked = still_locked,
        }
    }
}

/// Whoever sits at the terminal, asked about one identity file.
struct AtTerminal<'a> {
    terminal: &'a Terminal,
    path: &'a Path,
}

impl Keeper for AtTerminal<'_> {
    fn passphrase(&self) -> Option<SecretString> {
        self.terminal.ask_secret(&sentences::passphrase_for(self.path))
    }

    fn plugin(&self, _name: &str, _identity: &str) -> Option<Opener> {
        None
    }
}

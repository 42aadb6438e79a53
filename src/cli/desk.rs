//! The organisation's commands.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the desk makes and holds the organisation's identities, and looks into its inbox"
)]

pub mod decrypt;
pub mod keygen;
pub mod open;

use std::path::PathBuf;

use super::{Exit, Terminal, sentences};
use crate::envelope::identity::Identities;
use crate::{files, limits};

/// Reads identity files, asking for passphrases where they are protected.
fn identities(terminal: &Terminal, paths: &[PathBuf]) -> Result<Identities, Exit> {
    let mut identities = Identities::none();
    for path in paths {
        let file = files::open(path)
            .and_then(|file| files::read_bounded(file, limits::KEY_FILE_BYTES_MAX))
            .map_err(|error| sentences::io_error(terminal, path, &error))?;
        let ask = || terminal.ask_secret(&sentences::passphrase_for(path));
        identities.add_file(&file, ask).map_err(|error| sentences::identity_error(terminal, path, error))?;
    }
    Ok(identities)
}

//! `deponent-desk keygen`: makes an identity, prints its recipient.

use std::io::Write;
use std::path::Path;

use crate::cli::{Exit, Terminal, sentences};
use crate::envelope::identity::{self, Kind, Protection};
use crate::files::NewFile;

/// Whether the identity file asks for a passphrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passphrase {
    /// It is asked for now, and whenever the identity is used.
    Ask,
    /// None: whoever has the file has the key.
    None,
}

/// Runs the command.
pub fn run(terminal: &Terminal, kind: Kind, passphrase: Passphrase, output: &Path) -> Exit {
    made(terminal, kind, passphrase, output).unwrap_or_else(|exit| exit)
}

fn made(terminal: &Terminal, kind: Kind, passphrase: Passphrase, output: &Path) -> Result<Exit, Exit> {
    let io_error = |error| sentences::io_error(terminal, output, &error);
    let mut file = NewFile::create(output).map_err(io_error)?;
    let protection = match passphrase {
        Passphrase::None => Protection::None,
        Passphrase::Ask => Protection::Passphrase(
            terminal.ask_new_passphrase().map_err(|error| sentences::passphrase_error(terminal, error))?,
        ),
    };
    let identity =
        identity::generate(kind, protection).map_err(|error| sentences::keygen_error(terminal, output, &error))?;
    file.write_all(&identity.file).map_err(io_error)?;
    file.commit().map_err(io_error)?;
    terminal.print(&format!("{}\n", identity.recipient)).map_err(|error| sentences::stdout_error(terminal, &error))?;
    Ok(Exit::Done)
}

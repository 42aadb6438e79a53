//! The organisation's program: keys, opening.

mod args;

use std::process::ExitCode;

use clap::Parser;
use deponent::cli::desk::{self, Keys};
use deponent::cli::{self, Exit, Terminal};

use args::{Args, Command};

fn main() -> ExitCode {
    cli::start("deponent-desk", run)
}

fn run(terminal: &Terminal) -> Exit {
    match Args::parse().command {
        Command::Keygen(keygen) => desk::keygen::run(terminal, keygen.kind(), keygen.passphrase(), &keygen.output),
        Command::Open(open) => {
            let keys = Keys { identities: &open.keys.identities, plugins: &open.keys.plugins };
            desk::open::run(terminal, open.listing(), &keys, &open.output, &open.sealed)
        }
        Command::Decrypt(decrypt) => {
            let keys = Keys { identities: &decrypt.keys.identities, plugins: &decrypt.keys.plugins };
            desk::decrypt::run(terminal, &keys, decrypt.output.as_deref(), decrypt.file.as_deref())
        }
    }
}

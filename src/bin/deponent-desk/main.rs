//! The organisation's program: keys, opening.

mod args;

use std::process::ExitCode;

use clap::Parser;
use deponent::cli::{self, Exit, Terminal, desk};

use args::{Args, Command};

fn main() -> ExitCode {
    cli::start("deponent-desk", run)
}

fn run(terminal: &Terminal) -> Exit {
    match Args::parse().command {
        Command::Keygen(keygen) => desk::keygen::run(terminal, keygen.kind(), keygen.passphrase(), &keygen.output),
        Command::Open(open) => desk::open::run(terminal, open.listing(), &open.identities, &open.output, &open.sealed),
        Command::Decrypt(decrypt) => {
            desk::decrypt::run(terminal, &decrypt.identities, decrypt.output.as_deref(), decrypt.file.as_deref())
        }
    }
}

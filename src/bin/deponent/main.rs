//! The source's program: look, clean, seal.

mod args;

use std::process::ExitCode;

use clap::Parser;
use deponent::cli::{self, Exit, Terminal, source};

use args::{Args, Command};

fn main() -> ExitCode {
    cli::start("deponent", run)
}

fn run(terminal: &Terminal) -> Exit {
    match Args::parse().command {
        Command::Inspect(inspect) => source::inspect::run(terminal, inspect.listing.into(), &inspect.files),
        Command::Clean(clean) => source::clean::run(
            terminal,
            clean.listing.into(),
            clean.names.into(),
            clean.pictures.into(),
            clean.pages.into(),
            &clean.output,
            &clean.files,
        ),
        Command::Seal(seal) => source::seal::run(terminal, &seal.into()),
    }
}

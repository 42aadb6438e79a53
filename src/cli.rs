//! The two programs' common ground: how they start, talk and end. Everything a person reads is in
//! [`sentences`]; only this room and `files` touch the world outside.

pub mod desk;
mod harden;
mod progress;
mod report;
pub mod sentences;
pub mod source;
mod terminal;

use std::num::NonZeroUsize;
use std::process::ExitCode;

pub use terminal::Terminal;

/// How a program ends. Part of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything was done.
    Done,
    /// Something failed.
    Failed,
    /// The command line makes no sense. clap says so itself with the same number.
    Usage,
    /// Something cannot be cleaned or is not to be trusted.
    Refused,
    /// Not for this key, or not authentic.
    NotForUs,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Refused => 3,
            Exit::NotForUs => 4,
        })
    }
}

/// Runs a program: protects its memory first, before an argument is read.
pub fn start(program: &'static str, run: impl FnOnce(&Terminal) -> Exit) -> ExitCode {
    harden::protect_memory();
    run(&Terminal::new(program)).into()
}

/// How many threads to work on: one for each core.
fn workers() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Whether a listing is for people or machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listing {
    /// A table.
    Table,
    /// One JSON object.
    Json,
}

//! `deponent inspect`: what each file would give away. Changes nothing.

use std::ops::ControlFlow;
use std::path::PathBuf;

use crate::clean;
use crate::cli::progress::{Progress, count};
use crate::cli::report::Report;
use crate::cli::{Exit, Listing, Terminal, sentences, workers};
use crate::files::OnDisk;
use crate::parallel;

/// Runs the command.
pub fn run(terminal: &Terminal, listing: Listing, paths: &[PathBuf]) -> Exit {
    let mut report = Report::new();
    let mut exit = Exit::Done;
    let mut progress = Progress::new(sentences::LOOKING);
    let mut done = 0usize;
    let look = |path| {
        let original = OnDisk(PathBuf::clone(path));
        let cleaned = clean::clean(&original);
        (path, original, cleaned)
    };
    parallel::in_order(workers(), paths.iter().collect(), look, |(path, original, cleaned)| {
        match cleaned {
            Ok(cleaned) => report.cleaned(path, cleaned.original_type(), cleaned.findings(), None),
            Err(refusal) => {
                report.refused(path, &original, sentences::refusal(&refusal));
                exit = exit.max(sentences::refused(terminal, path, &refusal));
            }
        }
        done = done.saturating_add(1);
        progress.at(count(done), count(paths.len()));
        ControlFlow::Continue(())
    });
    drop(progress);
    print(terminal, listing, &report).unwrap_or(exit)
}

/// Prints a report; the exit code if it could not be.
pub(super) fn print(terminal: &Terminal, listing: Listing, report: &Report) -> Option<Exit> {
    terminal.print(&report.listed(listing)).err().map(|error| sentences::stdout_error(terminal, &error))
}

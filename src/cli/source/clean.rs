//! `deponent clean`: clean copies. Writes what it could clean, names what it refused.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use super::inspect::print;
use crate::clean::{self, CopyError, MemberNames, Options, Pages, Pictures, Written};
use crate::cli::progress::{Progress, count};
use crate::cli::report::Report;
use crate::cli::{Exit, Listing, Terminal, sentences, workers};
use crate::files::{self, NewFile, OnDisk};
use crate::parallel;
use crate::testimony::Names;

/// Whether files keep their names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// `01.jpg`, `02.png`.
    Neutral,
    /// As they are, with the extension of the detected type.
    Kept,
}

impl Naming {
    /// What is asked for of a file and all that is in it.
    pub(super) fn options(self, pictures: Pictures, pages: Pages) -> Options {
        let names = match self {
            Self::Neutral => MemberNames::Neutral,
            Self::Kept => MemberNames::Kept,
        };
        Options { pictures, pages, names }
    }

    /// The name to keep for a file, if names are kept.
    pub(super) fn of(self, path: &Path) -> Option<String> {
        match self {
            Self::Neutral => None,
            Self::Kept => path.file_name().map(|name| name.to_string_lossy().into_owned()),
        }
    }
}

/// Runs the command.
pub fn run(
    terminal: &Terminal,
    listing: Listing,
    naming: Naming,
    pictures: Pictures,
    pages: Pages,
    folder: &Path,
    paths: &[PathBuf],
) -> Exit {
    if let Err(error) = files::make_folder(folder) {
        return sentences::io_error(terminal, folder, &error);
    }
    let mut report = Report::new();
    let mut names = Names::new(paths.len());
    let mut progress = Progress::new(sentences::CLEANING);
    let options = naming.options(pictures, pages);
    let mut exit = Exit::Done;
    let mut index = 0usize;
    let copy = |path| {
        let original = OnDisk(PathBuf::clone(path));
        let copied = copy(&original, options, folder);
        (path, original, copied)
    };
    // Cleaned side by side; named, and written out to the disk, in order and meanwhile. One more than there
    // are cores, since this thread waits for the disk.
    parallel::in_order(workers().saturating_add(1), paths.iter().collect(), copy, |(path, original, copied)| {
        let named = copied.and_then(|(written, file)| {
            let name = names.next(index, naming.of(path).as_deref(), written.format.extension);
            let output = folder.join(name);
            // Large copies go to the disk while others are cleaned; small ones all at once at the end.
            let file = if written.len < LARGE_BYTES_MIN { file.synced_later() } else { file };
            match file.commit_as(&output) {
                Ok(()) => Ok((written, output)),
                Err(error) => Err((output, CopyError::Output(error))),
            }
        });
        match named {
            Ok((written, output)) => {
                report.cleaned(path, written.original.media_type, &written.findings, Some(&output));
            }
            Err((_, CopyError::Refused(refusal))) => {
                report.refused(path, &original, sentences::refusal(&refusal));
                exit = exit.max(sentences::refused(terminal, path, &refusal));
            }
            Err((output, CopyError::Output(error))) => {
                report.refused(path, &original, sentences::io_kind(error.kind()));
                exit = exit.max(sentences::io_error(terminal, &output, &error));
            }
        }
        index = index.saturating_add(1);
        progress.at(count(index), count(paths.len()));
        ControlFlow::Continue(())
    });
    if let Err(error) = files::sync_file_system(folder) {
        exit = exit.max(sentences::io_error(terminal, folder, &error));
    }
    drop(progress);
    print(terminal, listing, &report).unwrap_or(exit)
}

/// From this length on a copy is written out by itself.
const LARGE_BYTES_MIN: u64 = 1 << 20;

/// Cleans a file into a new one without a name yet. With an error comes the path to blame for it where that
/// is the output's.
fn copy(original: &OnDisk, options: Options, folder: &Path) -> Result<(Written, NewFile), (PathBuf, CopyError)> {
    let blame = |error| (folder.to_owned(), error);
    let mut file = NewFile::create_in(folder).map_err(|error| blame(CopyError::Output(error)))?;
    let written = clean::clean_to(original, options, &mut file).map_err(blame)?;
    Ok((written, file))
}

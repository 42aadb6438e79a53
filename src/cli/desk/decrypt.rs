//! `deponent-desk decrypt`: any age file, like `age -d`. A file that it writes appears only once all of it
//! is authentic.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::Keys;
use crate::cli::{Exit, Terminal, sentences, terminal, workers};
use crate::envelope;
use crate::files::{self, NewFile};

/// Runs the command. `input` and `output` may be `-`, or absent for the same.
pub fn run(terminal: &Terminal, keys: &Keys<'_>, output: Option<&Path>, input: Option<&Path>) -> Exit {
    decrypted(terminal, keys, output, input).unwrap_or_else(|exit| exit)
}

fn decrypted(terminal: &Terminal, keys: &Keys<'_>, output: Option<&Path>, input: Option<&Path>) -> Result<Exit, Exit> {
    if output.is_none() && terminal::stdout_is_terminal() {
        terminal.error(
            "what is inside does not go to a terminal unasked",
            Some("name a file with -o, or show it anyway with '-o -'"),
        );
        return Err(Exit::Usage);
    }
    let identities = keys.read(terminal)?;
    let stdin = Path::new("-");
    let input = input.unwrap_or(stdin);
    let sealed: Sealed = if input == stdin {
        Sealed::Stdin(io::stdin().lock())
    } else {
        Sealed::File(files::open(input).map_err(|error| sentences::io_error(terminal, input, &error))?)
    };
    let failed = |error: &envelope::OpenError| {
        let (what, hint, exit) = sentences::open_error(error);
        terminal.error(&format!("{}: {what}", sentences::shown(input)), hint);
        exit
    };
    match output.filter(|path| *path != Path::new("-")) {
        None => {
            let mut out = io::stdout().lock();
            envelope::open(&identities, workers(), sealed, &mut out).map_err(|error| failed(&error))?;
            io::Write::flush(&mut out).map_err(|error| sentences::stdout_error(terminal, &error))?;
        }
        Some(path) => {
            let io_error = |error| sentences::io_error(terminal, path, &error);
            let mut file = NewFile::create(path).map_err(io_error)?;
            envelope::open(&identities, workers(), sealed, &mut file).map_err(|error| failed(&error))?;
            file.commit().map_err(io_error)?;
        }
    }
    Ok(Exit::Done)
}

enum Sealed {
    File(File),
    Stdin(io::StdinLock<'static>),
}

impl Read for Sealed {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buf),
            Self::Stdin(stdin) => stdin.read(buf),
        }
    }
}

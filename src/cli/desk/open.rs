//! `deponent-desk open`: sealed files, or folders of them, into cases. One bad file never stops the rest.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Keys;
use crate::cli::progress::{Progress, count};
use crate::cli::terminal::visible;
use crate::cli::{Exit, Listing, Terminal, sentences, workers};
use crate::desk::cases::{CaseStore, ReceiveError, Received};
use crate::envelope::OpenError;
use crate::files;
use crate::testimony::Manifest;

/// Runs the command.
pub fn run(terminal: &Terminal, listing: Listing, keys: &Keys<'_>, cases: &Path, inputs: &[PathBuf]) -> Exit {
    opened(terminal, listing, keys, cases, inputs).unwrap_or_else(|exit| exit)
}

fn opened(
    terminal: &Terminal,
    listing: Listing,
    keys: &Keys<'_>,
    cases: &Path,
    inputs: &[PathBuf],
) -> Result<Exit, Exit> {
    let identities = keys.read(terminal)?;
    let mut exit = Exit::Done;
    let mut sealed = Vec::new();
    for input in inputs {
        if let Err((path, error)) = gather(input, &mut sealed) {
            exit = exit.max(sentences::io_error(terminal, &path, &error));
        }
    }
    let store = CaseStore::open(cases).map_err(|error| sentences::store_error(terminal, cases, &error))?;
    let mut outcomes = Vec::with_capacity(sealed.len());
    let mut progress = Progress::new(sentences::OPENING);
    for (index, path) in sealed.iter().enumerate() {
        progress.at(count(index), count(sealed.len()));
        let received = files::open(path)
            .map_err(ReceiveError::Read)
            .and_then(|mut file| store.receive(&identities, workers(), &mut file));
        let (outcome, its_exit) = Outcome::new(path, &store, received);
        exit = exit.max(its_exit);
        outcomes.push(outcome);
    }
    drop(progress);
    let text = match listing {
        Listing::Table => outcomes.iter().filter_map(Outcome::line).collect(),
        Listing::Json => {
            let mut json = serde_json::to_string_pretty(&Outcomes { files: &outcomes }).unwrap_or_default();
            json.push('\n');
            json
        }
    };
    terminal.print(&text).map_err(|error| sentences::stdout_error(terminal, &error))?;
    for outcome in outcomes.iter().filter(|outcome| outcome.status.is_trouble()) {
        let reason = outcome.reason.as_deref().unwrap_or_default();
        terminal.error(&format!("{}: {reason}", visible(&outcome.file)), outcome.hint);
    }
    terminal.say(&totals(&outcomes));
    Ok(exit)
}

/// The regular files at or below `path`, in the order of their names. Links inside a folder are not followed.
fn gather(path: &Path, sealed: &mut Vec<PathBuf>) -> Result<(), (PathBuf, io::Error)> {
    let blame = |error| (path.to_owned(), error);
    if !fs::metadata(path).map_err(blame)?.is_dir() {
        sealed.push(path.to_owned());
        return Ok(());
    }
    // A stack instead of recursion: the depth is a stranger's choice.
    let mut folders = vec![path.to_owned()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let blame = |error| (folder.clone(), error);
        for entry in fs::read_dir(&folder).map_err(blame)? {
            let entry = entry.map_err(blame)?;
            let kind = entry.file_type().map_err(blame)?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    sealed.append(&mut found);
    Ok(())
}

#[derive(Serialize)]
struct Outcomes<'a> {
    files: &'a [Outcome],
}

/// What became of one sealed file.
#[derive(Serialize)]
struct Outcome {
    file: String,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manifest: Option<Manifest>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip)]
    hint: Option<&'static str>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Status {
    Opened,
    AlreadyThere,
    Quarantined,
    NotForTheseKeys,
    NotAuthentic,
    NotSealed,
    Failed,
}

impl Outcome {
    fn new(path: &Path, store: &CaseStore, received: Result<Received, ReceiveError>) -> (Self, Exit) {
        let mut outcome = Self {
            file: path.to_string_lossy().into_owned(),
            status: Status::Opened,
            case: None,
            manifest: None,
            reason: None,
            hint: None,
        };
        let mut exit = Exit::Done;
        match received {
            Ok(Received::New { id, manifest }) => {
                outcome.case = Some(store.folder_of(&id).to_string_lossy().into_owned());
                outcome.manifest = Some(manifest);
            }
            Ok(Received::Known { id }) => {
                outcome.status = Status::AlreadyThere;
                outcome.case = Some(store.folder_of(&id).to_string_lossy().into_owned());
            }
            Ok(Received::Quarantined { id, odd }) => {
                outcome.status = Status::Quarantined;
                outcome.case = Some(store.folder_of(&id).to_string_lossy().into_owned());
                outcome.reason = Some(sentences::odd(&odd));
                outcome.hint = Some(sentences::QUARANTINE_HINT);
                exit = Exit::Refused;
            }
            Err(error) => {
                let (reason, hint, its_exit) = sentences::receive_error(&error);
                outcome.status = Status::of(&error);
                outcome.reason = Some(reason);
                outcome.hint = hint;
                exit = its_exit;
            }
        }
        (outcome, exit)
    }

    /// Its lines in the table, if there is a case of it; else it is told on standard error.
    fn line(&self) -> Option<String> {
        let word = self.status.word()?;
        let case = self.case.as_deref().map(visible).unwrap_or_default();
        let mut line = format!("{}: {word} -> {case}", visible(&self.file));
        if let Some(reason) = &self.reason {
            line.push_str(": ");
            line.push_str(reason);
        }
        line.push('\n');
        for item in self.manifest.iter().flat_map(|manifest| &manifest.items) {
            let note = if item.as_is { sentences::UNCLEANED } else { "" };
            line.push_str(&format!(
                "  {} ({}, {} bytes){note}\n",
                visible(&item.name),
                visible(&item.media_type),
                item.bytes
            ));
        }
        Some(line)
    }
}

impl Status {
    fn of(error: &ReceiveError) -> Self {
        match error {
            ReceiveError::Open(OpenError::NotForTheseKeys | OpenError::Passphrase) => Self::NotForTheseKeys,
            ReceiveError::Open(OpenError::Header | OpenError::HeaderMac | OpenError::Armor | OpenError::Payload) => {
                Self::NotAuthentic
            }
            ReceiveError::Open(OpenError::NotSealed) => Self::NotSealed,
            _ => Self::Failed,
        }
    }

    fn is_trouble(self) -> bool {
        !matches!(self, Self::Opened | Self::AlreadyThere)
    }

    fn word(self) -> Option<&'static str> {
        match self {
            Self::Opened => Some(sentences::OPENED),
            Self::AlreadyThere => Some(sentences::ALREADY_THERE),
            Self::Quarantined => Some(sentences::IN_QUARANTINE),
            Self::NotForTheseKeys | Self::NotAuthentic | Self::NotSealed | Self::Failed => None,
        }
    }
}

fn totals(outcomes: &[Outcome]) -> String {
    let of = |wanted: &[Status]| outcomes.iter().filter(|outcome| wanted.contains(&outcome.status)).count();
    sentences::open_totals(
        of(&[Status::Opened]),
        of(&[Status::AlreadyThere]),
        of(&[Status::Quarantined]),
        of(&[Status::NotForTheseKeys]),
        of(&[Status::NotAuthentic, Status::NotSealed]),
        of(&[Status::Failed]),
    )
}

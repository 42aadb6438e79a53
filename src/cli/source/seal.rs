//! `deponent seal`: cleans, seals, writes one file. Seals nothing if anything was refused.

use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::clean::Naming;
use crate::clean::{Fate, Finding, MemberNames, Options, Pages, Pictures};
use crate::cli::progress::{Progress, count};
use crate::cli::terminal::{self, visible};
use crate::cli::{Exit, Terminal, report, sentences, workers};
use crate::envelope::{Form, Recipients, key_lines};
use crate::files::{self, NewFile, OnDisk};
use crate::limits;
use crate::seal::{self, Failure, Given, Part, Prepared, Treatment};

/// What the source asked for.
#[derive(Debug)]
pub struct Request {
    /// `-r`: recipients.
    pub recipients: Vec<String>,
    /// `-R`: files of recipients.
    pub recipient_files: Vec<PathBuf>,
    /// `-m`: the statement's file, or `-`.
    pub statement: Option<PathBuf>,
    /// `-o`: where to write, or `-`; a neutral new name if absent.
    pub output: Option<PathBuf>,
    /// Files to clean.
    pub files: Vec<PathBuf>,
    /// `--as-is`: files to take as they are.
    pub as_is: Vec<PathBuf>,
    /// `--keep-names`.
    pub naming: Naming,
    /// `--reshoot`.
    pub pictures: Pictures,
    /// `--flatten`.
    pub pages: Pages,
    /// `--armor`.
    pub form: Form,
}

/// Runs the command.
pub fn run(terminal: &Terminal, request: &Request) -> Exit {
    sealed(terminal, request).unwrap_or_else(|exit| exit)
}

fn sealed(terminal: &Terminal, request: &Request) -> Result<Exit, Exit> {
    let recipients = recipients(terminal, request)?;
    let output = Output::choose(terminal, request)?;
    let statement = statement(terminal, request)?;
    let paths = paths(request);
    let prepared = prepare(terminal, request, statement.as_deref().map(Vec::as_slice), &paths)?;
    drop(statement);
    let path = output.path().to_owned();
    let failed = |failure: &Failure| sentences::seal_failure(terminal, failure, &path, path_of(&paths));
    let mut progress = Progress::new(sentences::SEALING);
    let total = prepared.padded_len();
    let watch = |done: u64| progress.at(done, total);
    match output {
        Output::Stdout => {
            let stdout = io::stdout().lock();
            let mut stdout = prepared
                .seal(&recipients, request.form, workers(), watch, stdout)
                .map_err(|failure| failed(&failure))?;
            io::Write::flush(&mut stdout).map_err(|error| sentences::stdout_error(terminal, &error))?;
        }
        Output::File(file, path) => {
            let file =
                prepared.seal(&recipients, request.form, workers(), watch, file).map_err(|failure| failed(&failure))?;
            file.commit().map_err(|error| sentences::io_error(terminal, &path, &error))?;
            drop(progress);
            terminal.say(&format!("sealed: {}", sentences::shown(&path)));
        }
    }
    Ok(Exit::Done)
}

/// Where the sealed file goes. A file is begun before any work is done, so that it fails now if at all.
enum Output {
    Stdout,
    File(NewFile, PathBuf),
}

impl Output {
    fn choose(terminal: &Terminal, request: &Request) -> Result<Self, Exit> {
        match request.output.as_deref() {
            Some(path) if path == Path::new("-") => {
                if terminal::stdout_is_terminal() && request.form == Form::Binary {
                    terminal.error(
                        "a sealed file does not belong on a terminal",
                        Some("name a file with -o, or add --armor"),
                    );
                    return Err(Exit::Usage);
                }
                Ok(Self::Stdout)
            }
            Some(path) => Self::file(terminal, path.to_owned()),
            None => {
                let name = files::random_name().map_err(|error| sentences::stdout_error(terminal, &error))?;
                Self::file(terminal, PathBuf::from(format!("{name}.age")))
            }
        }
    }

    fn file(terminal: &Terminal, path: PathBuf) -> Result<Self, Exit> {
        let file = NewFile::create(&path).map_err(|error| sentences::io_error(terminal, &path, &error))?;
        Ok(Self::File(file, path))
    }

    fn path(&self) -> &Path {
        match self {
            Self::Stdout => Path::new("-"),
            Self::File(_, path) => path,
        }
    }
}

fn recipients(terminal: &Terminal, request: &Request) -> Result<Recipients, Exit> {
    let mut recipients = request.recipients.clone();
    let mut origins: Vec<String> = recipients.iter().map(|_| "-r".to_owned()).collect();
    for path in &request.recipient_files {
        let bytes = read_small(path, limits::KEY_FILE_BYTES_MAX)
            .map_err(|error| sentences::io_error(terminal, path, &error))?;
        for (number, line) in key_lines(&String::from_utf8_lossy(&bytes)) {
            recipients.push(line.to_owned());
            origins.push(format!("{}: line {number}", sentences::shown(path)));
        }
    }
    Recipients::parse(&recipients).map_err(|(index, error)| {
        let origin = origins.get(index).map_or("-r", String::as_str);
        sentences::recipient_error(terminal, origin, error)
    })
}

fn statement(terminal: &Terminal, request: &Request) -> Result<Option<Zeroizing<Vec<u8>>>, Exit> {
    let Some(path) = &request.statement else { return Ok(None) };
    let from_stdin = path == Path::new("-");
    if from_stdin && request.recipient_files.iter().any(|file| file == path) {
        terminal.error("-m and -R cannot both read standard input", Some("put one of them into a file"));
        return Err(Exit::Usage);
    }
    if from_stdin && terminal::stdin_is_terminal() {
        terminal.say(sentences::TYPE_STATEMENT);
    }
    match read_small(path, limits::TEXT_BYTES_MAX) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) => Err(sentences::statement_error(terminal, path, &error)),
    }
}

fn read_small(path: &Path, max: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    if path == Path::new("-") {
        files::read_bounded(io::stdin().lock(), max)
    } else {
        files::read_bounded(files::open(path)?, max)
    }
}

/// Every file once, in the order given, those to be taken as they are last unless they are named twice.
fn paths(request: &Request) -> Vec<(PathBuf, Treatment)> {
    let cleaned = Treatment::Clean(request.naming.options(request.pictures, request.pages));
    let treatment = |path: &PathBuf| if request.as_is.contains(path) { Treatment::AsIs } else { cleaned };
    let mut paths: Vec<(PathBuf, Treatment)> =
        request.files.iter().map(|path| (path.clone(), treatment(path))).collect();
    for path in &request.as_is {
        if !request.files.contains(path) {
            paths.push((path.clone(), Treatment::AsIs));
        }
    }
    paths
}

fn prepare(
    terminal: &Terminal,
    request: &Request,
    statement: Option<&[u8]>,
    paths: &[(PathBuf, Treatment)],
) -> Result<Prepared, Exit> {
    let given = paths.iter().map(|(path, treatment)| Given {
        original: Box::new(OnDisk(path.clone())),
        treatment: *treatment,
        kept_name: request.naming.of(path),
    });
    let mut progress = Progress::new(sentences::CLEANING);
    let mut told = Vec::new();
    let total = count(paths.len());
    let prepared = seal::prepare(statement, given.collect(), workers(), |part| match part {
        Part::Statement(statement) => tell(sentences::STATEMENT, CLEAN, statement.findings(), &mut told),
        Part::File(index, cleaned) => {
            progress.at(count(index), total);
            let treatment = if cleaned.is_as_is() { Treatment::AsIs } else { CLEAN };
            tell(&sentences::shown(&path_of(paths)(index)), treatment, cleaned.findings(), &mut told);
        }
    });
    drop(progress);
    told.iter().for_each(|line| terminal.say(line));
    prepared.map_err(|failure| sentences::seal_failure(terminal, &failure, Path::new("-"), path_of(paths)))
}

const CLEAN: Treatment =
    Treatment::Clean(Options { pictures: Pictures::Kept, pages: Pages::Kept, names: MemberNames::Neutral });

/// What a source is told of one part: what went, and what stays.
fn tell(name: &str, treatment: Treatment, findings: &[Finding], told: &mut Vec<String>) {
    told.push(match (treatment, report::summary(findings)) {
        (Treatment::AsIs, _) => format!("{name}: {}", sentences::SENT_AS_IS),
        (Treatment::Clean(_), summary) if summary.is_empty() => format!("{name}: {}", sentences::NOTHING_FOUND),
        (Treatment::Clean(_), summary) => format!("{name}: {} {summary}", sentences::REMOVED),
    });
    for finding in findings.iter().filter(|finding| finding.fate == Fate::Remains) {
        let value = finding.value.as_deref().map(visible).unwrap_or_default();
        told.push(format!("{name}: {}: {} {value}", sentences::STAYS, visible(&finding.place)));
    }
}

/// Which path an attachment's index means.
fn path_of(paths: &[(PathBuf, Treatment)]) -> impl Fn(usize) -> PathBuf {
    |index| paths.get(index).map(|(path, _)| path.clone()).unwrap_or_default()
}

//! Secret keys that another program keeps, such as hardware keys (C2SP `age-plugin.md`): finds that program,
//! starts it, and ends it. The age crate's own client is not used: told to by the environment, it prints file
//! keys, and it starts programs from wherever the program happens to stand.

mod conversation;

use std::error::Error;
use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::slice;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use age::DecryptError;
use age::secrecy::{ExposeSecret, SecretString};
use age_core::format::{FileKey, Stanza};
use rustix::fs::{Access, access};
use zeroize::Zeroizing;

use conversation::WipedReader;

const PROGRAM_PREFIX: &str = "age-plugin-";
/// How long a plugin may take to end after it has said that it is done, in steps that double: two seconds.
const PAUSES_MS: [u64; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/// Whom a plugin may speak to. `plugin` is its name; what it says comes from outside.
pub trait Person: Send + Sync {
    /// Shows what a plugin has to say.
    fn show(&self, plugin: &str, message: &str);

    /// The answer to a question, typed unseen; none if nobody answers.
    fn ask_secret(&self, plugin: &str, question: &str) -> Option<SecretString>;

    /// The answer to a question; none if nobody answers.
    fn ask(&self, plugin: &str, question: &str) -> Option<Zeroizing<String>>;

    /// One of two, in the plugin's words; none if nobody answers.
    fn choose(&self, plugin: &str, question: &str, yes: &str, no: Option<&str>) -> Option<Choice>;
}

/// What a person chose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// What the plugin proposes.
    Yes,
    /// The other.
    No,
}

/// A secret key that a plugin keeps. The plugin runs once for each file.
pub struct PluginKey {
    /// As the identity says it, in small letters.
    name: String,
    program: PathBuf,
    /// `AGE-PLUGIN-NAME-1…`; for some plugins this is the secret itself.
    identity: SecretString,
    person: Arc<dyn Person>,
}

/// A plugin that gave no answer.
#[derive(Debug)]
pub struct PluginError {
    /// Its name.
    pub name: String,
    /// What happened.
    pub fault: Fault,
}

/// Why a plugin gave no answer.
#[derive(Debug)]
pub enum Fault {
    /// It could not be started.
    NotStarted(io::ErrorKind),
    /// It ended in the middle: it crashed, or it cannot open files.
    Ended,
    /// What it said is not the protocol, or more than is listened to.
    Protocol,
    /// It could not use the key, and says why in words of its own.
    Said(String),
}

impl PluginKey {
    /// The key that `identity` stands for, kept by `program`. Nothing is started yet.
    #[must_use]
    pub fn new(name: &str, program: PathBuf, identity: &str, person: Arc<dyn Person>) -> Self {
        Self { name: name.to_owned(), program, identity: SecretString::from(identity), person }
    }

    fn unwrap(&self, stanzas: &[Stanza]) -> Result<Option<FileKey>, Fault> {
        let (plugin, mut to_plugin, from_plugin) = Running::start(&self.program)?;
        let mut from_plugin = WipedReader::new(from_plugin);
        let asked = (self.name.as_str(), &*self.person);
        let answer =
            conversation::unwrap(asked, self.identity.expose_secret(), stanzas, &mut from_plugin, &mut to_plugin);
        drop((to_plugin, from_plugin));
        if matches!(answer, Ok(_) | Err(Fault::Said(_))) {
            plugin.ends();
        }
        answer
    }
}

impl age::Identity for PluginKey {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<FileKey, DecryptError>> {
        self.unwrap_stanzas(slice::from_ref(stanza))
    }

    fn unwrap_stanzas(&self, stanzas: &[Stanza]) -> Option<Result<FileKey, DecryptError>> {
        let failed = |fault| DecryptError::Io(io::Error::other(PluginError { name: self.name.clone(), fault }));
        self.unwrap(stanzas).map_err(failed).transpose()
    }
}

impl fmt::Display for PluginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What a person reads is made elsewhere, from the fields.
        write!(f, "{PROGRAM_PREFIX}{} failed", self.name)
    }
}

impl Error for PluginError {}

/// Where plugins are looked for.
pub struct Programs {
    given: Vec<PathBuf>,
    folders: Vec<PathBuf>,
}

impl Programs {
    /// Looks among the programs in `given` first, then in the folders of `path`, as `PATH` has them. Only
    /// absolute ones: what a relative one is depends on where the program happens to stand.
    ///
    /// # Errors
    /// The first in `given` that is relative, or whose name is not `age-plugin-NAME`.
    pub fn new(given: &[PathBuf], path: &OsStr) -> Result<Self, PathBuf> {
        match given.iter().find(|program| !is_named_as_plugin(program)) {
            Some(other) => Err(other.clone()),
            None => {
                let folders = std::env::split_paths(path).filter(|folder| folder.is_absolute()).collect();
                Ok(Self { given: given.to_vec(), folders })
            }
        }
    }

    /// The program that keeps keys of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<PathBuf> {
        let program = format!("{PROGRAM_PREFIX}{name}");
        let given = self.given.iter().find(|given| given.file_name() == Some(OsStr::new(&program)));
        given.cloned().or_else(|| self.folders.iter().map(|folder| folder.join(&program)).find(|path| can_run(path)))
    }
}

fn is_named_as_plugin(program: &Path) -> bool {
    let name = program.file_name().and_then(OsStr::to_str).and_then(|name| name.strip_prefix(PROGRAM_PREFIX));
    program.is_absolute() && name.is_some_and(|name| !name.is_empty())
}

fn can_run(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.is_file()) && access(path, Access::EXEC_OK).is_ok()
}

/// A plugin that runs. Dropped, it is killed: it never outlives a conversation that went wrong.
struct Running(Child);

impl Running {
    #[expect(clippy::disallowed_methods, reason = "the one program that is started, at the desk only")]
    fn start(program: &Path) -> Result<(Self, ChildStdin, ChildStdout), Fault> {
        let mut command = Command::new(program);
        command.arg("--age-plugin=identity-v1").current_dir("/");
        // What is for a person comes as a message; what plugins print besides may hold anything.
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().map_err(|error| Fault::NotStarted(error.kind()))?;
        let pipes = (child.stdin.take(), child.stdout.take());
        let running = Self(child);
        match pipes {
            (Some(to_plugin), Some(from_plugin)) => Ok((running, to_plugin, from_plugin)),
            _ => Err(Fault::Ended),
        }
    }

    /// Lets it put away what it holds, a card or a lock, before it is gone.
    fn ends(mut self) {
        for pause in PAUSES_MS {
            match self.0.try_wait() {
                Ok(None) => thread::sleep(Duration::from_millis(pause)),
                _ => return,
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Both fail only where it is gone already.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;
    use crate::files::NewFile;

    /// A folder with a program of this name and mode.
    fn folder_with(name: &str, mode: u32) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join(name);
        NewFile::create(&program).and_then(NewFile::commit).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(mode)).unwrap();
        folder
    }

    fn found(given: &[PathBuf], folders: &[&Path], name: &str) -> Option<PathBuf> {
        let path = std::env::join_paths(folders).unwrap();
        Programs::new(given, &path).ok().unwrap().find(name)
    }

    #[test]
    fn the_first_that_can_run_is_taken_and_links_are_followed() {
        let plain = folder_with("age-plugin-x", 0o600);
        let first = folder_with("age-plugin-x", 0o700);
        let second = folder_with("age-plugin-x", 0o700);
        let folders = [plain.path(), first.path(), second.path()];
        assert_eq!(found(&[], &folders, "x"), Some(first.path().join("age-plugin-x")));
        assert_eq!(found(&[], &folders, "y"), None);
        assert_eq!(found(&[], &folders[..1], "x"), None);
        symlink(first.path().join("age-plugin-x"), plain.path().join("age-plugin-y")).unwrap();
        assert_eq!(found(&[], &folders, "y"), Some(plain.path().join("age-plugin-y")));
        fs::DirBuilder::new().create(plain.path().join("age-plugin-z")).unwrap();
        assert_eq!(found(&[], &folders, "z"), None);
    }

    #[test]
    fn what_is_given_comes_before_what_is_in_a_folder() {
        let folder = folder_with("age-plugin-x", 0o700);
        let given = PathBuf::from("/elsewhere/age-plugin-x");
        assert_eq!(found(slice::from_ref(&given), &[folder.path()], "x"), Some(given.clone()));
        assert_eq!(found(&[given], &[folder.path()], "elsewhere"), None);
    }

    #[test]
    fn relative_and_empty_folders_are_not_looked_into() {
        let folder = folder_with("age-plugin-x", 0o700);
        // From here to there, so that the program would be found.
        let up = std::path::absolute(".").unwrap().components().skip(1).map(|_| "..").collect::<PathBuf>();
        let relative = up.join(folder.path().strip_prefix("/").unwrap());
        assert!(can_run(&relative.join("age-plugin-x")));
        assert_eq!(found(&[], &[&relative, Path::new(""), Path::new(".")], "x"), None);
        assert!(found(&[], &[&relative, folder.path()], "x").is_some());
    }

    #[test]
    fn only_an_absolute_path_with_the_name_of_a_plugin_can_be_given() {
        for (given, accepted) in [
            ("/usr/bin/age-plugin-x", true),
            ("age-plugin-x", false),
            ("./age-plugin-x", false),
            ("/usr/bin/age-plugin-", false),
            ("/usr/bin/x", false),
            ("/usr/bin/age-plugin-x/..", false),
            ("", false),
        ] {
            assert_eq!(Programs::new(&[PathBuf::from(given)], OsStr::new("")).is_ok(), accepted, "{given}");
        }
    }
}

//! How a test runs our programs and others.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// An empty folder of the test's own, gone when it ends.
pub(crate) fn folder() -> TempDir {
    tempfile::Builder::new().prefix("deponent-test-").tempdir().unwrap()
}

/// A fixture made by `tests/fixtures/make`.
pub(crate) fn fixture(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    assert!(path.exists(), "{} is missing: run tests/fixtures/make", path.display());
    path
}

/// The fixtures in one folder, by name.
pub(crate) fn fixtures(folder: &str) -> Vec<PathBuf> {
    let folder = fixture(folder);
    names(&folder).into_iter().map(|name| folder.join(name)).collect()
}

/// The last part of a path.
pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// The source's program.
pub(crate) fn deponent() -> Run {
    Run::new(env!("CARGO_BIN_EXE_deponent"))
}

/// The organisation's program.
pub(crate) fn desk() -> Run {
    Run::new(env!("CARGO_BIN_EXE_deponent-desk"))
}

/// Another program, which `scripts/setup` installs.
pub(crate) fn tool(name: &str) -> Run {
    Run::new(name)
}

/// Go's age, as `scripts/peers` has installed it: `age` or `age-keygen`.
pub(crate) fn peer(name: &str) -> Run {
    let path = peer_path(&format!("bin/{name}"));
    Run::new(path.to_str().unwrap())
}

/// A file that `scripts/peers` has installed.
pub(crate) fn peer_path(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers").join(name);
    assert!(path.exists(), "{} is missing: run scripts/setup", path.display());
    path
}

/// A run of a program, described and then done.
pub(crate) struct Run {
    command: Command,
    stdin: Vec<u8>,
}

impl Run {
    fn new(program: &str) -> Self {
        let mut command = Command::new(program);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, stdin: Vec::new() }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn cwd(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn stdin(mut self, bytes: &[u8]) -> Self {
        self.stdin = bytes.to_vec();
        self
    }

    /// Runs it to its end.
    pub(crate) fn run(mut self) -> Outcome {
        let program = self.command.get_program().to_owned();
        let mut child = self
            .command
            .spawn()
            .unwrap_or_else(|error| panic!("{} cannot be started ({error}): run scripts/setup", program.display()));
        let mut stdin = child.stdin.take().unwrap();
        let bytes = std::mem::take(&mut self.stdin);
        // A program that does not read its input closes the pipe; that is no failure of the test.
        let feeder = std::thread::spawn(move || drop(stdin.write_all(&bytes)));
        let output = child.wait_with_output().unwrap();
        feeder.join().unwrap();
        Outcome::new(output)
    }

    /// Starts it and leaves it running.
    pub(crate) fn spawn(mut self) -> std::process::Child {
        self.command.stdin(Stdio::null()).spawn().unwrap()
    }
}

/// What a program left behind.
pub(crate) struct Outcome {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Outcome {
    fn new(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: output.stdout,
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Insists on an exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "standard output: {}\nstandard error: {}", self.text(), self.stderr);
        self
    }

    /// Insists that standard error holds `text`.
    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Self {
        assert!(self.stderr.contains(text), "{text:?} is not in: {}", self.stderr);
        self
    }

    /// Standard output as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.stdout).unwrap()
    }
}

/// An organisation with a key of the default kind, in `folder`: identity file and recipient.
pub(crate) fn organisation(folder: &Path) -> (PathBuf, String) {
    keygen(folder, &[])
}

/// The same with a key that every age can use.
pub(crate) fn organisation_x25519(folder: &Path) -> (PathBuf, String) {
    keygen(folder, &["--x25519"])
}

fn keygen(folder: &Path, kind: &[&str]) -> (PathBuf, String) {
    let identity = folder.join("organisation.key");
    let made = desk().arg("keygen").args(kind).arg("--no-passphrase").arg("-o").arg(&identity).run().exits(0);
    (identity, made.text().trim().to_owned())
}

/// The names in a folder, sorted; hidden ones too.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Whether `needle` stands anywhere in `bytes`.
pub(crate) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

/// The clean fixtures of an extension, of which there are so many at least.
pub(crate) fn clean_with(extension: &str, least: usize) -> Vec<PathBuf> {
    let found: Vec<_> =
        fixtures("clean").into_iter().filter(|path| path.extension().is_some_and(|own| own == extension)).collect();
    assert!(found.len() >= least, "{extension}");
    found
}

/// What a clean fixture was made from.
pub(crate) fn dirty_twin(clean: &Path) -> PathBuf {
    let name = name_of(clean);
    // What a drawing became.
    let dirty = name.strip_suffix(".png").filter(|name| name.ends_with(".svg")).unwrap_or(&name);
    fixture(&format!("dirty/{dirty}"))
}

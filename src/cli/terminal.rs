//! What goes to the terminal. Standard output is for what was asked for; everything else goes to standard
//! error. Names and values that came from outside are escaped before they reach either.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use age::secrecy::SecretString;
use rustix::fs::{Mode, OFlags};
use zeroize::Zeroizing;

use super::sentences;
use crate::bundle;

/// The terminal of one program.
#[derive(Clone)]
pub struct Terminal {
    program: &'static str,
}

impl Terminal {
    pub(super) fn new(program: &'static str) -> Self {
        Self { program }
    }

    /// Says what happened, and a hint where there is one.
    pub(super) fn error(&self, what: &str, hint: Option<&str>) {
        self.say(&format!("{}: {what}", self.program));
        if let Some(hint) = hint {
            self.say(&format!("hint: {hint}"));
        }
    }

    /// A line of talk.
    #[expect(clippy::unused_self, reason = "talk belongs to a terminal; only who holds one may talk")]
    pub(super) fn say(&self, line: &str) {
        clear_line();
        // If nobody listens there is nobody to tell.
        drop(writeln!(io::stderr().lock(), "{line}"));
    }

    /// What was asked for.
    ///
    /// # Errors
    /// If standard output is closed or full.
    #[expect(clippy::unused_self, reason = "as above")]
    pub(super) fn print(&self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        out.flush()
    }

    /// Asks for a secret without showing it; `None` if there is no terminal to ask at or it was left empty.
    #[expect(clippy::unused_self, reason = "as above")]
    pub(super) fn ask_secret(&self, prompt: &str) -> Option<SecretString> {
        let _question = Question::begin();
        let answer = Zeroizing::new(rpassword::prompt_password(prompt).ok()?);
        (!answer.is_empty()).then(|| SecretString::from(answer.as_str()))
    }

    /// Asks for a line, at the terminal itself, since standard input may be a sealed file; `None` if there is
    /// no terminal to ask at, or its end was typed.
    #[expect(clippy::unused_self, reason = "as above")]
    pub(super) fn ask(&self, prompt: &str) -> Option<Zeroizing<String>> {
        let _question = Question::begin();
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let mut tty = File::from(rustix::fs::open("/dev/tty", flags, Mode::empty()).ok()?);
        tty.write_all(prompt.as_bytes()).ok()?;
        let mut answer = Zeroizing::new(String::with_capacity(LINE_BYTES_MAX));
        let limit = u64::try_from(LINE_BYTES_MAX).unwrap_or(u64::MAX);
        BufReader::new(tty.take(limit)).read_line(&mut answer).ok()?;
        let line = answer.trim_end_matches(['\n', '\r']).len();
        let ended = line == answer.len();
        answer.truncate(line);
        (!ended).then_some(answer)
    }

    /// Asks for a new passphrase, twice.
    pub(super) fn ask_new_passphrase(&self) -> Result<SecretString, sentences::PassphraseError> {
        use age::secrecy::ExposeSecret;
        let first = self.ask_secret(sentences::NEW_PASSPHRASE).ok_or(sentences::PassphraseError::None)?;
        let second = self.ask_secret(sentences::NEW_PASSPHRASE_AGAIN).ok_or(sentences::PassphraseError::None)?;
        if first.expose_secret() != second.expose_secret() {
            return Err(sentences::PassphraseError::Differ);
        }
        Ok(first)
    }
}

/// Bytes of a line that is typed; a terminal passes on no longer ones.
const LINE_BYTES_MAX: usize = 4096;

/// Whether a question waits for its answer.
static ASKING: AtomicBool = AtomicBool::new(false);

/// A question on the terminal. Until it is dropped no progress is shown, which would cover it.
struct Question;

impl Question {
    fn begin() -> Self {
        ASKING.store(true, Ordering::SeqCst);
        clear_line();
        Self
    }
}

impl Drop for Question {
    fn drop(&mut self) {
        ASKING.store(false, Ordering::SeqCst);
    }
}

/// Whether a line of progress stands on the terminal. Changed only while standard error is held.
static LINE_SHOWN: AtomicBool = AtomicBool::new(false);

/// Shows a line of progress in place of the last one.
pub(super) fn show_line(line: &str) {
    let mut err = io::stderr().lock();
    if ASKING.load(Ordering::SeqCst) {
        return;
    }
    LINE_SHOWN.store(true, Ordering::Relaxed);
    drop(write!(err, "\r{line}\x1b[K").and_then(|()| err.flush()));
}

/// Takes the line of progress away, if there is one.
pub(super) fn clear_line() {
    let mut err = io::stderr().lock();
    if LINE_SHOWN.swap(false, Ordering::Relaxed) {
        drop(err.write_all(b"\r\x1b[K").and_then(|()| err.flush()));
    }
}

/// Whether standard output is a terminal.
pub(super) fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// Whether standard error is a terminal, and so shows progress.
pub(super) fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether standard input is a terminal.
pub(super) fn stdin_is_terminal() -> bool {
    io::stdin().is_terminal()
}

/// A name or value from outside, harmless to a terminal: what would not be seen, or would change what is
/// seen around it, is escaped.
pub(super) fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        if bundle::is_safe_char(c) || matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|') {
            visible.push(c);
        } else {
            visible.extend(c.escape_unicode());
        }
    }
    visible
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_escaped() {
        assert_eq!(visible("a\u{1b}[31mb\n\u{202e}c\u{200b}"), "a\\u{1b}[31mb\\u{a}\\u{202e}c\\u{200b}");
        assert_eq!(visible("/tmp/приказ № 1.jpg"), "/tmp/приказ № 1.jpg");
    }
}

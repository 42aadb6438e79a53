//! A real terminal, for what only happens at one.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::harness::{folder, tool};

/// A terminal (tmux) with a shell of its own server, ended when dropped.
pub(crate) struct Screen {
    socket: PathBuf,
    _dir: tempfile::TempDir,
}

impl Screen {
    pub(crate) fn new(cwd: &Path) -> Self {
        let dir = folder();
        let socket = dir.path().join("tmux");
        let screen = Self { socket, _dir: dir };
        screen.tmux(&[
            "-f",
            "/dev/null",
            "-u",
            "new-session",
            "-d",
            "-x",
            "150",
            "-y",
            "50",
            "-c",
            cwd.to_str().unwrap(),
            "sh",
        ]);
        screen
    }

    pub(crate) fn tmux(&self, args: &[&str]) -> String {
        tool("tmux").arg("-S").arg(&self.socket).args(args).run().exits(0).text()
    }

    pub(crate) fn types(&self, line: &str) -> &Self {
        self.tmux(&["send-keys", "-l", line]);
        self.tmux(&["send-keys", "Enter"]);
        self
    }

    /// Waits until what is typed is no longer shown: a program does that only after it has asked.
    pub(crate) fn hides(&self) -> &Self {
        let tty = self.tmux(&["display-message", "-p", "#{pane_tty}"]);
        let end = Instant::now() + Duration::from_secs(60);
        while !tool("stty").args(["-a", "-F", tty.trim()]).run().exits(0).text().contains(" -echo ") {
            assert!(Instant::now() < end, "what is typed is still shown");
            std::thread::sleep(Duration::from_millis(10));
        }
        self
    }

    /// Waits for `text` to stand on the screen; what the screen then shows.
    pub(crate) fn shows(&self, text: &str) -> String {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let screen = self.tmux(&["capture-pane", "-p", "-S", "-"]);
            if screen.contains(text) {
                return screen;
            }
            assert!(Instant::now() < end, "{text:?} never came: {screen}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        tool("tmux").arg("-S").arg(&self.socket).arg("kill-server").run();
    }
}

/// A command that says its exit code, without the words that it says standing in the typed line.
pub(crate) fn exits(command: &str) -> String {
    format!("{command}; echo 'exit='$?")
}

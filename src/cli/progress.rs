//! Progress on standard error, for work that lasts, where a person watches.

#![expect(clippy::disallowed_methods, reason = "progress is told by the clock, and only on a terminal")]

use std::io::{self, Write};
use std::time::{Duration, Instant};

use super::terminal;

const PATIENCE: Duration = Duration::from_millis(700);
const INTERVAL: Duration = Duration::from_millis(150);

/// A line that says how far the work is. Silent where standard error is not a terminal.
pub(super) struct Progress {
    what: &'static str,
    shown: bool,
    watched: bool,
    next: Instant,
}

impl Progress {
    pub(super) fn new(what: &'static str) -> Self {
        let now = Instant::now();
        Self {
            what,
            shown: false,
            watched: terminal::stderr_is_terminal(),
            next: now.checked_add(PATIENCE).unwrap_or(now),
        }
    }

    /// `done` of `total`, in whatever unit.
    pub(super) fn at(&mut self, done: u64, total: u64) {
        let now = Instant::now();
        if !self.watched || now < self.next {
            return;
        }
        let percent = done.saturating_mul(100).checked_div(total).unwrap_or(100).min(100);
        self.next = now.checked_add(INTERVAL).unwrap_or(now);
        self.shown = true;
        let mut err = io::stderr().lock();
        drop(write!(err, "\r{}: {percent:3} %\x1b[K", self.what).and_then(|()| err.flush()));
    }
}

/// A number of files, as progress counts.
pub(super) fn count(files: usize) -> u64 {
    u64::try_from(files).unwrap_or(u64::MAX)
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let mut err = io::stderr().lock();
            drop(err.write_all(b"\r\x1b[K").and_then(|()| err.flush()));
        }
    }
}

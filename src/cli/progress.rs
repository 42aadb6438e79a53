//! Progress on standard error, for work that lasts, where a person watches.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::terminal;

/// Work that is done sooner is not spoken of.
const PATIENCE: Duration = Duration::from_millis(700);
const INTERVAL: Duration = Duration::from_millis(150);

/// A line that says how far the work is, from a thread of its own, so that it also comes while one large
/// file is worked on. Silent where standard error is not a terminal.
pub(super) struct Progress {
    state: Arc<State>,
    speaker: Option<(Sender<()>, JoinHandle<()>)>,
}

#[derive(Default)]
struct State {
    done: AtomicU64,
    total: AtomicU64,
}

impl Progress {
    pub(super) fn new(what: &'static str) -> Self {
        let state = Arc::new(State::default());
        let speaker = terminal::stderr_is_terminal().then(|| {
            let (stop, stopped) = channel();
            let state = Arc::clone(&state);
            let speak = move || {
                let mut wait = PATIENCE;
                // Ends when the sender is dropped.
                while stopped.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
                    wait = INTERVAL;
                    say(what, &state);
                }
                terminal::clear_line();
            };
            (stop, std::thread::spawn(speak))
        });
        Self { state, speaker }
    }

    /// `done` of `total`, in whatever unit.
    pub(super) fn at(&mut self, done: u64, total: u64) {
        self.state.done.store(done, Ordering::Relaxed);
        self.state.total.store(total, Ordering::Relaxed);
    }
}

fn say(what: &str, state: &State) {
    let (done, total) = (state.done.load(Ordering::Relaxed), state.total.load(Ordering::Relaxed));
    let percent = done.saturating_mul(100).checked_div(total).unwrap_or(0).min(100);
    terminal::show_line(&format!("{what}: {percent:3} %"));
}

/// A number of files, as progress counts.
pub(super) fn count(files: usize) -> u64 {
    u64::try_from(files).unwrap_or(u64::MAX)
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.speaker.take() {
            drop(stop);
            // The line is gone before anything else is said.
            drop(thread.join());
        }
    }
}

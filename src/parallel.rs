//! The same work on many items, on as many threads as the caller grants, with the results in the items'
//! order. Knows nothing of the work.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Results that may wait for an earlier one, a worker.
const AHEAD_MAX: usize = 8;

/// Does `work` on every item and hands the results to `sink` on the caller's own thread, in the items'
/// order and as soon as they are there. Workers are at most a few items ahead, so memory does not grow with
/// the number of items. With one worker no thread is started, as in a browser.
pub fn in_order<T: Send, R: Send>(
    workers: NonZeroUsize,
    items: Vec<T>,
    work: impl Fn(T) -> R + Sync,
    mut sink: impl FnMut(R) -> ControlFlow<()>,
) {
    let (count, threads) = (items.len(), workers.get().min(items.len()));
    if threads <= 1 {
        for item in items {
            if sink(work(item)).is_break() {
                return;
            }
        }
        return;
    }
    let line = Line {
        state: Mutex::new(State {
            items: items.into_iter(),
            done: BTreeMap::new(),
            given: 0,
            taken: 0,
            stopped: false,
        }),
        changed: Condvar::new(),
        ahead: threads.saturating_mul(AHEAD_MAX),
    };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let _stop = StopOnPanic(&line);
                while let Some((index, item)) = line.next() {
                    let result = work(item);
                    line.finish(index, result);
                }
            });
        }
        let _stop = StopOnPanic(&line);
        for index in 0..count {
            // Nothing comes where a worker has panicked; the scope then passes that on.
            let Some(result) = line.take(index) else { break };
            if sink(result).is_break() {
                line.stop();
                break;
            }
        }
    });
}

/// What the threads share.
struct Line<T, R> {
    state: Mutex<State<T, R>>,
    changed: Condvar,
    ahead: usize,
}

struct State<T, R> {
    items: std::vec::IntoIter<T>,
    done: BTreeMap<usize, R>,
    /// How many items have been given to workers, and how many results have been handed on.
    given: usize,
    taken: usize,
    stopped: bool,
}

impl<T, R> Line<T, R> {
    /// The next item, once it is not too far ahead; none after the last, or if all shall stop.
    fn next(&self) -> Option<(usize, T)> {
        let mut state = self.held();
        while !state.stopped && state.given >= state.taken.saturating_add(self.ahead) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.stopped {
            return None;
        }
        let index = state.given;
        let item = state.items.next()?;
        state.given = index.saturating_add(1);
        Some((index, item))
    }

    fn finish(&self, index: usize, result: R) {
        self.held().done.insert(index, result);
        self.changed.notify_all();
    }

    /// The result of an item, once it is there; none if all shall stop.
    fn take(&self, index: usize) -> Option<R> {
        let mut state = self.held();
        loop {
            if let Some(result) = state.done.remove(&index) {
                state.taken = index.saturating_add(1);
                self.changed.notify_all();
                return Some(result);
            }
            if state.stopped {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn stop(&self) {
        self.held().stopped = true;
        self.changed.notify_all();
    }

    fn held(&self) -> MutexGuard<'_, State<T, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets the others stop where one thread panics; they would wait for it for ever.
struct StopOnPanic<'l, T, R>(&'l Line<T, R>);

impl<T, R> Drop for StopOnPanic<'_, T, R> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;

    fn workers(count: usize) -> NonZeroUsize {
        NonZeroUsize::new(count).unwrap()
    }

    #[test]
    fn results_come_in_the_order_of_the_items_whatever_the_number_of_workers() {
        let expected: Vec<u64> = (0..500).map(|n| n * n).collect();
        for count in [1, 2, 3, 8, 1000] {
            let mut results = Vec::new();
            let slow_first = |n: u64| {
                std::thread::sleep(Duration::from_micros(500 - n));
                n * n
            };
            in_order(workers(count), (0..500).collect(), slow_first, |result| {
                results.push(result);
                ControlFlow::Continue(())
            });
            assert_eq!(results, expected);
        }
    }

    #[test]
    fn no_item_gives_no_result() {
        in_order(workers(2), Vec::<u8>::new(), |n| n, |_| panic!("there is nothing"));
    }

    #[test]
    fn workers_do_not_run_far_ahead_of_a_slow_sink() {
        let begun = AtomicUsize::new(0);
        let mut taken = 0;
        in_order(
            workers(2),
            (0..200).collect(),
            |_: u32| begun.fetch_add(1, Ordering::SeqCst),
            |_| {
                std::thread::sleep(Duration::from_micros(200));
                taken += 1;
                assert!(begun.load(Ordering::SeqCst) <= taken + 2 * AHEAD_MAX + 2);
                ControlFlow::Continue(())
            },
        );
        assert_eq!(taken, 200);
    }

    #[test]
    fn a_sink_that_breaks_stops_the_work() {
        let begun = AtomicUsize::new(0);
        let mut taken = 0;
        in_order(
            workers(4),
            (0..10_000).collect(),
            |_: u32| begun.fetch_add(1, Ordering::SeqCst),
            |_| {
                taken += 1;
                if taken == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        assert_eq!(taken, 5);
        assert!(begun.load(Ordering::SeqCst) < 100);
    }

    #[test]
    #[should_panic(expected = "a scoped thread panicked")]
    fn a_worker_that_panics_ends_everything() {
        in_order(workers(2), (0..100).collect(), |n: u32| assert_ne!(n, 7), |()| ControlFlow::Continue(()));
    }
}

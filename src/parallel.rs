//! The same work on many items, on as many threads as the caller grants, with the results in the items'
//! order. Knows nothing of the work.

use std::collections::{BTreeMap, VecDeque};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::Builder;

/// Results that may wait for an earlier one, a worker.
const AHEAD_MAX: NonZeroUsize = NonZeroUsize::new(8).unwrap();

/// Does `work` on every item and hands the results to `sink` in the items' order, until `sink` breaks off.
/// Otherwise as [`stream_in_order`].
pub fn in_order<T: Send, R: Send>(
    workers: NonZeroUsize,
    items: Vec<T>,
    work: impl Fn(T) -> R + Sync,
    mut sink: impl FnMut(R) -> ControlFlow<()>,
) {
    let mut items = items.into_iter();
    let ahead = workers.saturating_mul(AHEAD_MAX);
    let source = || Ok(items.next());
    // Whether it was broken off, the sink knows.
    let _: Result<(), ()> = stream_in_order(workers, ahead, source, work, |result| match sink(result) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(()),
    });
}

/// Takes items from `source`, does `work` on each, and hands the results to `sink` in the items' order.
///
/// `source` and `sink` are called on the caller's own thread, which also does `work` whenever there is
/// nothing to take or to hand on. At most `ahead` items are taken before the first of their results is
/// handed on, so memory does not grow with the number of items. Other threads are started only when a
/// second item is waiting, and it does without them where there are none, as in a browser.
///
/// # Errors
/// The first error of `source` or `sink`. What has been begun is finished, and its results are dropped.
pub fn stream_in_order<T: Send, R: Send, E>(
    workers: NonZeroUsize,
    ahead: NonZeroUsize,
    mut source: impl FnMut() -> Result<Option<T>, E>,
    work: impl Fn(T) -> R + Sync,
    mut sink: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let line = Line::new();
    std::thread::scope(|scope| {
        let _close = CloseOnDrop(&line);
        let serve = || {
            let _close = CloseOnDrop(&line);
            while let Some((index, item)) = line.next() {
                line.finish(index, work(item));
            }
        };
        let (mut given, mut handed_on, mut helpers, mut ended) = (0usize, 0usize, 1, false);
        loop {
            while let Some(result) = line.finished(handed_on) {
                handed_on = handed_on.saturating_add(1);
                sink(result)?;
            }
            let waiting = given.saturating_sub(handed_on);
            if !ended && waiting < ahead.get() {
                match source()? {
                    None => ended = true,
                    Some(item) => {
                        line.give(given, item);
                        given = given.saturating_add(1);
                        if waiting > 0 && helpers < workers.get() && Builder::new().spawn_scoped(scope, serve).is_ok() {
                            helpers = helpers.saturating_add(1);
                        }
                    }
                }
            } else if waiting == 0 {
                return Ok(());
            } else if let Some((index, item)) = line.help() {
                line.finish(index, work(item));
            } else if !line.wait_for(handed_on) {
                // A worker has panicked; the scope passes that on.
                return Ok(());
            }
        }
    })
}

/// What the threads share.
struct Line<T, R> {
    state: Mutex<State<T, R>>,
    changed: Condvar,
}

struct State<T, R> {
    items: VecDeque<(usize, T)>,
    done: BTreeMap<usize, R>,
    closed: bool,
}

impl<T, R> Line<T, R> {
    fn new() -> Self {
        let state = State { items: VecDeque::new(), done: BTreeMap::new(), closed: false };
        Self { state: Mutex::new(state), changed: Condvar::new() }
    }

    fn give(&self, index: usize, item: T) {
        self.held().items.push_back((index, item));
        self.changed.notify_all();
    }

    /// The next item, once there is one; none if there will be no more.
    fn next(&self) -> Option<(usize, T)> {
        let mut state = self.held();
        while !state.closed && state.items.is_empty() {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if state.closed { None } else { state.items.pop_front() }
    }

    /// The next item, if there is one now.
    fn help(&self) -> Option<(usize, T)> {
        self.held().items.pop_front()
    }

    fn finish(&self, index: usize, result: R) {
        self.held().done.insert(index, result);
        self.changed.notify_all();
    }

    /// The result of an item, if it is there now.
    fn finished(&self, index: usize) -> Option<R> {
        self.held().done.remove(&index)
    }

    /// Waits until the result of an item is there; false if it never will be.
    fn wait_for(&self, index: usize) -> bool {
        let mut state = self.held();
        while !state.closed && !state.done.contains_key(&index) {
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        !state.closed
    }

    fn close(&self) {
        self.held().closed = true;
        self.changed.notify_all();
    }

    fn held(&self) -> MutexGuard<'_, State<T, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets all others go when a thread is done. A worker that has not panicked is done only when all are let
/// go; for one that has, the others would wait for ever.
struct CloseOnDrop<'l, T, R>(&'l Line<T, R>);

impl<T, R> Drop for CloseOnDrop<'_, T, R> {
    fn drop(&mut self) {
        self.0.close();
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
                assert!(begun.load(Ordering::SeqCst) <= taken + 2 * AHEAD_MAX.get());
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
    fn a_worker_that_panics_ends_everything() {
        for unlucky in [0, 1, 7, 99] {
            let run = || {
                in_order(workers(2), (0..100).collect(), |n| assert_ne!(n, unlucky), |()| ControlFlow::Continue(()));
            };
            assert!(std::panic::catch_unwind(run).is_err());
        }
    }

    #[test]
    fn a_stream_ends_with_the_first_error_of_its_source_or_sink() {
        for count in [1, 2, 8] {
            let mut next = 0;
            let mut source = || {
                next += 1;
                if next == 50 { Err("source") } else { Ok(Some(next)) }
            };
            let mut sum = 0;
            let error = stream_in_order(
                workers(count),
                workers(4),
                &mut source,
                |n| n,
                |n| {
                    sum += n;
                    Ok(())
                },
            );
            assert_eq!(error, Err("source"));
            assert!((46 * 45 / 2..=49 * 50 / 2).contains(&sum), "{sum}");
            let error = stream_in_order(workers(count), workers(4), || Ok(Some(1)), |n| n, |_| Err("sink"));
            assert_eq!(error, Err("sink"));
        }
    }

    #[test]
    fn one_item_starts_no_thread() {
        let caller = std::thread::current().id();
        in_order(
            workers(8),
            vec![()],
            |()| std::thread::current().id(),
            |worker| {
                assert_eq!(worker, caller);
                ControlFlow::Continue(())
            },
        );
    }
}

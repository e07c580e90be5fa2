//! What has happened to the submissions that run here, for clients that watch them.
//!
//! ```text
//!  executor's threads --Observer--> log of the attempt <--since(position)-- one task per client
//! ```
//!
//! Whoever runs a submission appends to one log and wakes whoever reads; readers take from it at their own pace, so that a
//! slow one slows nothing and costs no buffer. A log lives as long as its run, and as long as somebody reads it. There are no
//! more of them than workers and connections. It is in memory: what is told of a finished submission is its result. What runs
//! on another node is told by [`crate::fleet`].

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use executor::{Observer, Step};
use model::{CompileReport, ExecId, InputReport};
use serde::{Deserialize, Serialize};
use store::Lease;
use tokio::sync::Notify;

/// Something that has happened. In JSON it is what nodes tell each other, and so what a node of another version may read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// A worker has begun.
    Started,
    /// The compiler has ended.
    Compiled(CompileReport),
    /// The input with this index has ended.
    Ran(usize, Box<InputReport>),
}

/// How much somebody has read: so many events of the attempt with this fencing number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    /// The attempt; 0 is none.
    pub attempt: i64,
    /// How many of its events.
    pub read: usize,
}

/// All logs.
#[derive(Debug, Default)]
pub struct Events(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    /// Nobody is to watch any more: the server stops.
    closed: bool,
    /// Each with the number of those who write or read it.
    logs: HashMap<ExecId, (Arc<Log>, usize)>,
}

#[derive(Debug, Default)]
struct Log {
    attempt: Mutex<Attempt>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Attempt {
    number: i64,
    runs: bool,
    events: Vec<Arc<Event>>,
}

impl Events {
    /// An attempt begins; it ends when the guard is dropped, and should have been finished in the store by then.
    pub fn running(self: &Arc<Self>, lease: Lease) -> Running {
        let shared = self.share(lease.id);
        *lock(&shared.log.attempt) =
            Attempt { number: lease.fence, runs: true, events: vec![Arc::new(Event::Started)] };
        shared.log.changed.notify_waiters();
        Running { shared, attempt: lease.fence }
    }

    /// Begins to watch.
    pub fn watch(self: &Arc<Self>, id: ExecId) -> Watcher {
        Watcher(self.share(id))
    }

    /// Something happened to it that is in the store alone.
    pub fn changed(&self, id: ExecId) {
        if let Some((log, _)) = lock(&self.0).logs.get(&id) {
            log.changed.notify_waiters();
        }
    }

    /// Any of them may have missed something.
    pub fn look(&self) {
        lock(&self.0).logs.values().for_each(|(log, _)| log.changed.notify_waiters());
    }

    /// Lets everybody go, and nobody watch any more.
    pub fn close(&self) {
        let mut state = lock(&self.0);
        state.closed = true;
        state.logs.values().for_each(|(log, _)| log.changed.notify_waiters());
    }

    fn share(self: &Arc<Self>, id: ExecId) -> Shared {
        let mut state = lock(&self.0);
        let (log, count) = state.logs.entry(id).or_default();
        *count += 1;
        Shared { events: self.clone(), id, log: log.clone() }
    }
}

/// The part that a writer or reader has in a log.
#[derive(Debug)]
struct Shared {
    events: Arc<Events>,
    id: ExecId,
    log: Arc<Log>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        let mut state = lock(&self.events.0);
        if let Some((_, count)) = state.logs.get_mut(&self.id) {
            *count -= 1;
            if *count == 0 {
                state.logs.remove(&self.id);
            }
        }
    }
}

/// An attempt that runs.
#[derive(Debug)]
pub struct Running {
    shared: Shared,
    attempt: i64,
}

impl Running {
    /// Takes down what the executor tells.
    pub fn observer(&self) -> Observer {
        let (log, number) = (self.shared.log.clone(), self.attempt);
        Observer::new(move |step| {
            let event = match step {
                Step::Compiled(report) => Event::Compiled(report.clone()),
                Step::Ran { index, report } => Event::Ran(index, Box::new(report.clone())),
            };
            let mut attempt = lock(&log.attempt);
            // Whoever lost the lease may go on for a moment.
            if attempt.number == number {
                attempt.events.push(Arc::new(event));
            }
            drop(attempt);
            log.changed.notify_waiters();
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut attempt = lock(&self.shared.log.attempt);
        // The next one may have begun already.
        attempt.runs &= attempt.number != self.attempt;
        drop(attempt);
        self.shared.log.changed.notify_waiters();
    }
}

/// Somebody who watches.
#[derive(Debug)]
pub struct Watcher(Shared);

impl Watcher {
    /// What has happened since, each with the position behind it, and whether it runs here. An attempt other than that of
    /// the position is told from its beginning, unless it has ended here and there was a later one elsewhere.
    pub fn since(&self, position: Position) -> (Vec<(Position, Arc<Event>)>, bool) {
        let attempt = lock(&self.0.log.attempt);
        if !attempt.runs && attempt.number < position.attempt {
            return (Vec::new(), false);
        }
        let read = if attempt.number == position.attempt { position.read } else { 0 };
        let behind = |index: usize| Position { attempt: attempt.number, read: index + 1 };
        let new = attempt.events.iter().enumerate().skip(read);
        (new.map(|(index, event)| (behind(index), event.clone())).collect(), attempt.runs)
    }

    /// Returns when there may be something new since this was called, or nobody is to watch any more.
    pub fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.0.log.changed.notified()
    }

    /// How many write or read this log.
    pub fn sharers(&self) -> usize {
        lock(&self.0.events.0).logs.get(&self.0.id).map_or(0, |(_, count)| *count)
    }

    /// Is nobody to watch any more?
    pub fn is_closed(&self) -> bool {
        lock(&self.0.events.0).closed
    }
}

/// Nothing that holds one of these locks can leave what it protects half changed.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ran(index: usize) -> InputReport {
        executor::fake::answered(&index.to_string(), "")
    }

    fn lease(fence: i64) -> Lease {
        Lease { id: ExecId::from_bytes([7; 16]), fence }
    }

    /// The positions of what is told since then.
    fn told(watcher: &Watcher, attempt: i64, read: usize) -> Vec<(i64, usize)> {
        let (events, _) = watcher.since(Position { attempt, read });
        events.into_iter().map(|(position, _)| (position.attempt, position.read)).collect()
    }

    #[test]
    fn each_reader_goes_on_where_it_was_and_another_attempt_begins_anew() {
        let events = Arc::new(Events::default());
        let early = events.watch(lease(1).id);
        assert_eq!(early.since(Position::default()), (Vec::new(), false));
        let running = events.running(lease(1));
        let observer = running.observer();
        for index in 0..2 {
            observer.tell(Step::Ran { index, report: &ran(index) });
        }
        let late = events.watch(lease(1).id);
        for watcher in [&early, &late] {
            assert_eq!(told(watcher, 0, 0), [(1, 1), (1, 2), (1, 3)]);
            assert_eq!(told(watcher, 1, 2), [(1, 3)]);
            assert_eq!(told(watcher, 1, 99), []);
            assert!(watcher.since(Position::default()).1);
        }
        drop(running);
        assert_eq!((told(&early, 1, 2), early.since(Position::default()).1), (vec![(1, 3)], false));
        let old = events.running(lease(2));
        let new = events.running(lease(3));
        old.observer().tell(Step::Ran { index: 0, report: &ran(0) });
        drop(old);
        assert_eq!((told(&early, 1, 2), early.since(Position::default()).1), (vec![(3, 1)], true));
        drop(new);
    }

    #[test]
    fn a_log_that_nobody_writes_or_reads_is_gone() {
        let events = Arc::new(Events::default());
        let running = events.running(lease(1));
        let watcher = events.watch(lease(1).id);
        drop(running);
        assert_eq!(lock(&events.0).logs.len(), 1);
        drop(watcher);
        assert_eq!(lock(&events.0).logs.len(), 0);
    }
}

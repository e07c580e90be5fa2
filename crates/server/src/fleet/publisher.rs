//! Tells other nodes what happens to what runs here, as long as somebody there watches.
//!
//! A task for each watched run reads its log ([`crate::events`]) like any client and adds it to the store, from the start of
//! the attempt. It ends with the run. Runs that nobody watches cost nothing.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use model::ExecId;
use store::{Fleet, Lease, StoreError};
use tokio::time::sleep;

use crate::events::{Event, Events, Position, Watcher};

/// Between a claim and its worker's [`Publisher::running`] passes less time than so many notices take.
const MOST_EARLY: usize = 256;
/// From one transaction of a run to its next, so that quick inputs share them.
const PAUSE: Duration = Duration::from_millis(50);
/// From a transaction that failed to the next.
const AGAIN: Duration = Duration::from_secs(1);
/// Bytes that are published in one transaction, if more than one event is.
const MOST_BYTES: usize = 1 << 20;

/// Publishes what is watched of what runs here.
pub struct Publisher {
    fleet: Arc<dyn Fleet>,
    events: Arc<Events>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    running: HashMap<ExecId, Run>,
    /// Is watched and did not run here, or not yet.
    early: VecDeque<ExecId>,
}

#[derive(Debug)]
struct Run {
    lease: Lease,
    published: bool,
}

impl Publisher {
    /// Of these events to that fleet.
    pub fn new(fleet: Arc<dyn Fleet>, events: Arc<Events>) -> Arc<Self> {
        Arc::new(Self { fleet, events, state: Mutex::default() })
    }

    /// An attempt whose log has begun runs until the guard is dropped.
    pub fn running(self: &Arc<Self>, lease: Lease) -> Published {
        let mut state = self.state();
        let early = state.early.iter().position(|early| *early == lease.id);
        let published = early.and_then(|index| state.early.remove(index)).is_some();
        state.running.insert(lease.id, Run { lease, published });
        drop(state);
        if published {
            self.begin(lease);
        }
        Published { publisher: self.clone(), lease }
    }

    /// Somebody watches this one.
    pub fn watched(self: &Arc<Self>, id: ExecId) {
        let mut state = self.state();
        let Some(run) = state.running.get_mut(&id) else {
            if state.early.len() == MOST_EARLY {
                state.early.pop_front();
            }
            return state.early.push_back(id);
        };
        if !std::mem::replace(&mut run.published, true) {
            let lease = run.lease;
            drop(state);
            self.begin(lease);
        }
    }

    /// Somebody may watch any of them.
    pub fn all_watched(self: &Arc<Self>) {
        let ids: Vec<ExecId> = self.state().running.keys().copied().collect();
        ids.into_iter().for_each(|id| self.watched(id));
    }

    fn begin(self: &Arc<Self>, lease: Lease) {
        let (publisher, watcher) = (self.clone(), self.events.watch(lease.id));
        tokio::spawn(async move { publisher.publish(lease, &watcher).await });
    }

    async fn publish(&self, lease: Lease, watcher: &Watcher) {
        let mut position = Position { attempt: lease.fence, read: 0 };
        loop {
            // Listening before looking: what comes in between is not missed.
            let mut changed = std::pin::pin!(watcher.changed());
            changed.as_mut().enable();
            let (new, runs) = watcher.since(position);
            // A later attempt of this node's has a task of its own.
            let new = new.into_iter().filter(|(behind, _)| behind.attempt == lease.fence);
            let (read, events) = first_of(new);
            if !events.is_empty() {
                match self.add(lease, position.read, &events).await {
                    Ok(()) => position.read = read,
                    Err(error) => {
                        tracing::warn!(exec_id = %lease.id, error = %error, "events can not be told to other nodes yet");
                        sleep(AGAIN).await;
                    }
                }
                if !self.runs(lease) {
                    return;
                }
                // There may be more than were taken.
                sleep(PAUSE).await;
                continue;
            }
            if !runs || !self.runs(lease) || watcher.is_closed() {
                return;
            }
            changed.await;
        }
    }

    async fn add(&self, lease: Lease, first: usize, events: &[Vec<u8>]) -> Result<(), StoreError> {
        self.fleet.publish(lease, u32::try_from(first).unwrap_or(u32::MAX), events).await
    }

    fn runs(&self, lease: Lease) -> bool {
        self.state().running.get(&lease.id).is_some_and(|run| run.lease == lease)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds this lock can leave it half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// As many as fit into one transaction, as they are published, and how many are read with them.
fn first_of(new: impl Iterator<Item = (Position, Arc<Event>)>) -> (usize, Vec<Vec<u8>>) {
    let (mut read, mut bytes, mut events) = (0, 0, Vec::new());
    for (behind, event) in new {
        // Our own types have no map with keys that are no text, which is all that could fail.
        let event = serde_json::to_vec(&*event).unwrap_or_default();
        bytes += event.len();
        if !events.is_empty() && bytes > MOST_BYTES {
            break;
        }
        read = behind.read;
        events.push(event);
    }
    (read, events)
}

/// An attempt that runs and may be watched.
pub struct Published {
    publisher: Arc<Publisher>,
    lease: Lease,
}

impl Drop for Published {
    fn drop(&mut self) {
        let mut state = self.publisher.state();
        if state.running.get(&self.lease.id).is_some_and(|run| run.lease == self.lease) {
            state.running.remove(&self.lease.id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_has_what_fits_and_one_at_the_least() {
        let event = |bytes: usize| {
            let report = executor::fake::answered(&"x".repeat(bytes), "");
            Arc::new(Event::Ran(0, Box::new(report)))
        };
        let take = |sizes: &[usize]| {
            let all = sizes.iter().enumerate();
            let (read, events) =
                first_of(all.map(|(index, bytes)| (Position { attempt: 1, read: index + 1 }, event(*bytes))));
            assert_eq!(read, events.len());
            read
        };
        assert_eq!(take(&[]), 0);
        assert_eq!(take(&[1, 2, 3]), 3);
        assert_eq!(take(&[MOST_BYTES * 2, 1]), 1);
        assert_eq!(take(&[MOST_BYTES / 2, MOST_BYTES / 4, MOST_BYTES / 2]), 2);
    }
}

//! The bound of the queue.
//!
//! Asking the store how much waits costs more than accepting a submission, so the answer is
//! remembered: what waited then plus what was accepted since is never less than what waits now, as
//! far as this node accepts. Only when that estimate reaches the bound is the store asked again. With
//! several nodes the bound holds for each node's part.

use store::{Store, StoreError};
use tokio::sync::Mutex;

/// Counts what may be waiting.
#[derive(Debug)]
pub struct Backlog {
    most: u64,
    /// No more than this many wait; unknown before the first question.
    estimate: Mutex<Option<u64>>,
}

impl Backlog {
    /// At most this many submissions wait.
    pub fn new(most: u64) -> Self {
        Self { most, estimate: Mutex::new(None) }
    }

    /// How many may wait.
    pub fn most(&self) -> u64 {
        self.most
    }

    /// Makes room for one more, if there is any.
    ///
    /// # Errors
    /// The store's, when it had to be asked.
    pub async fn admit(&self, store: &dyn Store) -> Result<bool, StoreError> {
        self.admit_all(store, 1).await
    }

    /// Makes room for so many more, or for none of them.
    ///
    /// # Errors
    /// The store's, when it had to be asked.
    pub async fn admit_all(&self, store: &dyn Store, more: u64) -> Result<bool, StoreError> {
        let mut estimate = self.estimate.lock().await;
        let mut waiting = estimate.unwrap_or(self.most);
        if waiting.saturating_add(more) > self.most {
            waiting = store.totals().await?.queued;
        }
        let with_more = waiting.saturating_add(more);
        let room = with_more <= self.most;
        *estimate = Some(if room { with_more } else { waiting });
        Ok(room)
    }
}

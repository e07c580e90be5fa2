//! The bound of the queue, and the part of it that a key can have.
//!
//! **A key may have as many waiting as there are places left**, where there are several keys. So one that floods the queue
//! gets half of it, two that do get a third each, and so on: each leaves as much as it has. Nobody has to choose a number,
//! and where there is one key it may have all.
//!
//! Asking the store how much waits costs more than accepting a submission, so the answer is remembered: what waited then
//! plus what was accepted since is never less than what waits now, as far as this node accepts. Only when that
//! estimate reaches the bound, or half of it where keys share it, is the store asked again. With several nodes the bound
//! holds for each node's part.

use store::{Store, StoreError, Waiting};
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

    /// Makes room for so many more of this owner, or for none of them; `shared` says whether other keys want some, too.
    ///
    /// # Errors
    /// The store's, when it had to be asked.
    pub async fn admit(&self, store: &dyn Store, owner: &str, more: u64, shared: bool) -> Result<bool, StoreError> {
        let mut estimate = self.estimate.lock().await;
        // Below it there is room for this owner, whatever of it all is its own.
        let undoubted = if shared { self.most / 2 } else { self.most };
        if let Some(waiting) = *estimate
            && waiting.saturating_add(more) <= undoubted
        {
            *estimate = Some(waiting + more);
            return Ok(true);
        }
        let Waiting { all, own } = store.waiting(owner).await?;
        let taken = if shared { own } else { 0 };
        let room = taken.saturating_add(more) <= self.most.saturating_sub(all);
        *estimate = Some(if room { all + more } else { all });
        Ok(room)
    }
}

//! The bound of the queue, and the part of it that a key can have.
//!
//! **A key may have as many waiting as there are places left**, where there are several keys. So one that floods the queue
//! gets half of it, two that do get a third each, and so on: each leaves as much as it has. Nobody has to choose a number,
//! and where there is one key it may have all.
//!
//! **The bound is exact.** Whoever is let in holds a [`Place`] until the store has taken, or refused, what it is for, so that
//! nothing is on its way uncounted, however many come at once. What is on its way may be in the store already and
//! is then counted twice; before anybody is refused for that, it is waited for. What has run and goes back into the queue asks
//! nobody.
//!
//! Asking the store how much waits costs more than accepting a submission, so the answer is remembered: what waited then
//! plus what was let in since is never less than what waits now, as far as this node accepts. Only when that
//! estimate reaches the bound, or half of it where keys share it, is the store asked again. With several nodes the bound
//! holds for each node's part.

use std::future::Future;

use store::{Store, StoreError, Waiting};
use tokio::sync::watch;
use tokio::task::JoinError;

use crate::turns::Turns;

/// Counts what may be waiting.
#[derive(Debug)]
pub struct Backlog {
    most: u64,
    /// No more than this many wait; unknown before the first question. Whose turn it is is the only one to let anybody in.
    estimate: Turns<Option<u64>>,
    /// How many are on their way into the store.
    on_the_way: watch::Sender<u64>,
}

impl Backlog {
    /// At most this many submissions wait.
    pub fn new(most: u64) -> Self {
        Self { most, estimate: Turns::new(None), on_the_way: watch::Sender::new(0) }
    }

    /// How many may wait.
    pub fn most(&self) -> u64 {
        self.most
    }

    /// Makes room for so many more of this owner, or for none of them; `shared` says whether other keys want some, too.
    ///
    /// # Errors
    /// The store's, when it had to be asked.
    pub async fn admit(
        &self,
        store: &dyn Store,
        owner: &str,
        more: u64,
        shared: bool,
    ) -> Result<Option<Place>, StoreError> {
        if more == 0 {
            return Ok(Some(self.place(0)));
        }
        let mut estimate = self.estimate.next().await?;
        // Below it there is room for this owner, whatever of it all is its own.
        let undoubted = if shared { self.most / 2 } else { self.most };
        if let Some(waiting) = *estimate
            && waiting.saturating_add(more) <= undoubted
        {
            *estimate = Some(waiting + more);
            return Ok(Some(self.place(more)));
        }
        loop {
            // Before the store is asked: what arrives in between is in both numbers, and in neither is nothing.
            let on_the_way = *self.on_the_way.borrow();
            let Waiting { all, own } = estimate.heard(store.waiting(owner).await)?;
            let has_room = |all: u64, own: u64| {
                let taken = if shared { own } else { 0 };
                taken.saturating_add(more) <= self.most.saturating_sub(all)
            };
            let all_at_most = all.saturating_add(on_the_way);
            // Whose it is that is on its way is not known; at the worst it is all this owner's.
            if has_room(all_at_most, own.saturating_add(on_the_way)) {
                *estimate = Some(all_at_most + more);
                return Ok(Some(self.place(more)));
            }
            if on_the_way == 0 || !has_room(all, own) {
                *estimate = Some(all_at_most);
                return Ok(None);
            }
            // Nobody is let in meanwhile, and what is on its way arrives with the store's next commits. The sender is here.
            let _ = self.on_the_way.subscribe().wait_for(|count| *count == 0).await;
        }
    }

    fn place(&self, count: u64) -> Place {
        self.on_the_way.send_modify(|all| *all += count);
        Place { on_the_way: self.on_the_way.clone(), count }
    }
}

/// Room for what is on its way into the store. Dropped, it is given back: by then the store counts what came of it.
#[derive(Debug)]
#[must_use]
pub struct Place {
    on_the_way: watch::Sender<u64>,
    count: u64,
}

impl Place {
    /// Holds the place for as long as this takes, also where nobody waits for it any more: what a client that went away has
    /// sent may already be in the hands of the store.
    ///
    /// # Errors
    /// It panicked, or the runtime ends.
    pub async fn hold<T: Send + 'static>(
        self,
        accepting: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, JoinError> {
        let held = async move {
            let outcome = accepting.await;
            drop(self);
            outcome
        };
        tokio::spawn(tracing::Instrument::in_current_span(held)).await
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.on_the_way.send_modify(|all| *all -= self.count);
    }
}

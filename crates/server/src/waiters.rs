//! Clients that wait for a result instead of asking again and again.
//!
//! Who waits listens first and looks into the store then, so that a result which comes in between is not missed. What is
//! told here is only that it is worth looking again. There are no more listeners than open connections.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::ExecId;
use tokio::sync::Notify;

/// All of them.
#[derive(Debug, Default)]
pub struct Waiters {
    state: Mutex<State>,
    /// Whoever sends callbacks.
    courier: Arc<Notify>,
}

#[derive(Debug, Default)]
struct State {
    /// Nobody is to wait any more: the server stops.
    closed: bool,
    waiting: HashMap<ExecId, (Arc<Notify>, usize)>,
}

impl Waiters {
    /// Begins to listen for the end of this submission.
    pub fn listen(&self, id: ExecId) -> Listener<'_> {
        let mut state = self.state();
        let (told, count) = state.waiting.entry(id).or_default();
        *count += 1;
        Listener { waiters: self, id, told: Arc::clone(told) }
    }

    /// Notified with each submission that becomes final: it may have a callback.
    pub fn courier(&self) -> Arc<Notify> {
        Arc::clone(&self.courier)
    }

    /// Tells whoever listens that it is final.
    pub fn finished(&self, id: ExecId) {
        self.courier.notify_one();
        if let Some((told, _)) = self.state().waiting.get(&id) {
            told.notify_waiters();
        }
    }

    /// Tells everybody that it is worth looking: something may have been missed.
    pub fn look(&self) {
        self.courier.notify_one();
        self.state().waiting.values().for_each(|(told, _)| told.notify_waiters());
    }

    /// Lets everybody go, and nobody wait any more.
    pub fn close(&self) {
        let mut state = self.state();
        state.closed = true;
        state.waiting.values().for_each(|(told, _)| told.notify_waiters());
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds this lock can leave it half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One client that listens.
#[derive(Debug)]
pub struct Listener<'a> {
    waiters: &'a Waiters,
    id: ExecId,
    told: Arc<Notify>,
}

impl Listener<'_> {
    /// Looks with `look`, and again each time there is something new, until it finds something. `None` when nobody is
    /// to wait any more.
    ///
    /// # Errors
    /// Those of `look`.
    pub async fn find<T, E, F>(&self, mut look: impl FnMut() -> F) -> Result<Option<T>, E>
    where
        F: Future<Output = Result<Option<T>, E>>,
    {
        loop {
            let mut told = std::pin::pin!(self.told.notified());
            told.as_mut().enable();
            if let Some(found) = look().await? {
                return Ok(Some(found));
            }
            if self.waiters.state().closed {
                return Ok(None);
            }
            told.await;
        }
    }
}

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        let mut state = self.waiters.state();
        if let Some((_, count)) = state.waiting.get_mut(&self.id) {
            *count -= 1;
            if *count == 0 {
                state.waiting.remove(&self.id);
            }
        }
    }
}

//! Stopping at once what this process runs, when its owner asks for it.
//!
//! The wish itself is in the store, where whoever runs the submission finds it with the next heartbeat, in whatever process
//! that is. Here it is only passed on sooner: to the worker that holds the submission, or to the one that has just
//! claimed it and is about to say so.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use executor::Cancel;
use model::ExecId;

/// Between a claim and its worker's [`Cancels::running`] passes less time than so many cancellations take.
const MOST_EARLY: usize = 64;

/// What runs here, and how to stop it.
#[derive(Debug, Default)]
pub struct Cancels(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    running: HashMap<ExecId, Cancel>,
    /// Was to be stopped and did not run here, or not yet.
    early: VecDeque<ExecId>,
}

impl Cancels {
    /// From now until the guard is dropped, `asked` of the guard hears of [`Cancels::ask`].
    pub fn running(&self, id: ExecId) -> Running<'_> {
        let mut state = self.state();
        let asked = Cancel::default();
        if let Some(index) = state.early.iter().position(|early| *early == id) {
            state.early.remove(index);
            asked.cancel();
        }
        state.running.insert(id, asked.clone());
        Running { cancels: self, id, asked }
    }

    /// Stops it, if it runs here.
    pub fn ask(&self, id: ExecId) {
        let mut state = self.state();
        if let Some(asked) = state.running.get(&id) {
            return asked.cancel();
        }
        if state.early.len() == MOST_EARLY {
            state.early.pop_front();
        }
        state.early.push_back(id);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that holds this lock can leave it half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A submission that runs.
#[derive(Debug)]
pub struct Running<'a> {
    cancels: &'a Cancels,
    id: ExecId,
    /// Hears of the wish.
    pub asked: Cancel,
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.cancels.state().running.remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> ExecId {
        ExecId::from_bytes([number; 16])
    }

    #[test]
    fn what_runs_is_asked_and_nothing_else() {
        let cancels = Cancels::default();
        let (first, second) = (cancels.running(id(1)), cancels.running(id(2)));
        cancels.ask(id(1));
        assert!(first.asked.is_cancelled() && !second.asked.is_cancelled());
        drop(first);
        assert!(!cancels.running(id(1)).asked.is_cancelled(), "the wish was for the run before");
    }

    #[test]
    fn who_asks_between_the_claim_and_the_run_is_heard() {
        let cancels = Cancels::default();
        cancels.ask(id(1));
        cancels.ask(id(2));
        assert!(cancels.running(id(2)).asked.is_cancelled());
        assert!(!cancels.running(id(3)).asked.is_cancelled());
        for number in 10..10 + MOST_EARLY as u8 {
            cancels.ask(id(number));
        }
        assert_eq!(cancels.state().early.len(), MOST_EARLY);
        assert!(!cancels.running(id(1)).asked.is_cancelled(), "the oldest is forgotten");
    }
}

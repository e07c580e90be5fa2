//! One engine: how many submissions it runs, and the session that they go through.
//!
//! An engine has as many permits as it may run submissions at the same time; each comes with a number, and so with a user id
//! that no other submission has meanwhile. A session pins all that it ever touched in the engine, so after some submissions, or
//! some time, the next one opens another; what still runs keeps the old one until it is done, and whoever is the last drops it.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};

use super::failure::Failure;
use super::session::{Opener, Session};
use crate::EngineStatus;

/// The longest wait between two tries to open a session.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// When sessions are opened, and with what.
#[derive(Clone)]
pub struct SessionRules {
    /// Who starts the command `dagger`.
    pub opener: Opener,
    /// How long it may take to say where it listens.
    pub patience: Duration,
    /// After so many submissions there is another session.
    pub jobs: u64,
    /// And after this time.
    pub age: Duration,
}

/// An engine.
pub struct Engine {
    /// Where it is, as `_EXPERIMENTAL_DAGGER_RUNNER_HOST` says it.
    pub host: String,
    rules: SessionRules,
    /// How many permits there are.
    all: usize,
    permits: Arc<Semaphore>,
    free: Arc<Mutex<Vec<u32>>>,
    changed: Arc<Notify>,
    state: Mutex<State>,
    /// Held by who opens a session.
    opening: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    session: Option<Arc<Session>>,
    /// Why there is none.
    failure: Option<Failure>,
    /// How long after that nobody tries again, and from when on.
    pause: Duration,
    until: Option<Instant>,
    /// How many were opened, since the start.
    opened: u64,
}

/// The right to run one submission on an engine, with a number that nobody else has there meanwhile.
pub struct Permit {
    /// From 0 on.
    pub slot: u32,
    free: Arc<Mutex<Vec<u32>>>,
    permit: Option<OwnedSemaphorePermit>,
    changed: Arc<Notify>,
}

impl Drop for Permit {
    fn drop(&mut self) {
        // In this order: there is a number for whoever has a permit, and a permit for whoever is woken.
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(self.slot);
        drop(self.permit.take());
        self.changed.notify_waiters();
    }
}

impl Engine {
    /// One with so many permits, without a session.
    /// `changed` is told when a permit is free again.
    pub fn new(host: String, permits: u32, rules: SessionRules, changed: Arc<Notify>) -> Self {
        let free = Arc::new(Mutex::new((0..permits).rev().collect()));
        Self {
            host,
            rules,
            all: permits as usize,
            permits: Arc::new(Semaphore::new(permits as usize)),
            free,
            changed,
            state: Mutex::default(),
            opening: tokio::sync::Mutex::default(),
        }
    }

    /// A permit, if one is free.
    pub fn try_permit(&self) -> Option<Permit> {
        let permit = Arc::clone(&self.permits).try_acquire_owned().ok()?;
        let slot = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        let (free, changed) = (Arc::clone(&self.free), Arc::clone(&self.changed));
        Some(Permit { slot, free, permit: Some(permit), changed })
    }

    /// How many are free.
    pub fn free(&self) -> usize {
        self.permits.available_permits()
    }

    /// Is there a session, so that a submission may be sent here?
    pub fn is_open(&self) -> bool {
        self.state().session.is_some()
    }

    /// May it be tried to open one now?
    pub fn may_try(&self) -> bool {
        self.state().until.is_none_or(|until| Instant::now() >= until)
    }

    /// The session: that there is, or another if it has had its time.
    ///
    /// # Errors
    /// When none can be opened.
    pub async fn session(&self) -> Result<Arc<Session>, Failure> {
        if let Some(session) = self.fresh_session() {
            return Ok(session);
        }
        let _alone = self.opening.lock().await;
        if let Some(session) = self.fresh_session() {
            return Ok(session);
        }
        let opened = Session::open(&self.rules.opener, &self.host, self.rules.patience).await;
        let mut state = self.state();
        match opened {
            Ok(session) => {
                let session = Arc::new(session);
                tracing::info!(engine = self.host, version = session.version, "a session is open");
                let opened = state.opened + 1;
                *state = State { session: Some(Arc::clone(&session)), opened, ..State::default() };
                Ok(session)
            }
            Err(failure) => {
                tracing::warn!(engine = self.host, error = %failure, "no session can be opened");
                state.fail(failure.clone());
                Err(failure)
            }
        }
    }

    /// The session is of no use any more, if it is still this one.
    pub fn give_up(&self, session: &Arc<Session>, failure: &Failure) {
        let mut state = self.state();
        if state.session.as_ref().is_some_and(|current| Arc::ptr_eq(current, session)) {
            tracing::warn!(engine = self.host, error = %failure, "the session is given up");
            // It could be opened, and so whoever comes next may try at once.
            (state.session, state.failure) = (None, Some(failure.clone()));
        }
    }

    /// Ends the session.
    pub fn close(&self) {
        self.state().session = None;
    }

    /// How it stands.
    pub fn status(&self) -> EngineStatus {
        let state = self.state();
        let version = match (&state.session, &state.failure) {
            (Some(session), _) => Ok(session.version.clone()),
            (None, Some(failure)) => Err(failure.to_string()),
            (None, None) => Err("no session was opened yet".to_owned()),
        };
        EngineStatus { host: self.host.clone(), version, permits: self.all, free: self.free(), sessions: state.opened }
    }

    fn fresh_session(&self) -> Option<Arc<Session>> {
        let session = self.state().session.clone()?;
        let has_had_its_time = session.jobs() >= self.rules.jobs || session.opened.elapsed() >= self.rules.age;
        (!has_had_its_time).then_some(session)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn fail(&mut self, failure: Failure) {
        self.pause = (self.pause * 2).clamp(Duration::from_millis(500), LONGEST_PAUSE);
        self.until = Some(Instant::now() + self.pause);
        (self.session, self.failure) = (None, Some(failure));
    }
}

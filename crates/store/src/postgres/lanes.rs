//! Group commit: what several callers of this node want at the same time is done with one transaction.
//!
//! A commit costs a flush of the database's disk and a few ways there and back, however much is in it; and the lock under which
//! PostgreSQL sends notices makes commits of all nodes go one after the other. So each kind of change has a task that takes
//! everything that waits for it, has it done together, and only then answers. While that goes on, the next group gathers by
//! itself. What is done is none of this module's business.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout};

use super::database::{Database, PATIENCE, is_of_data};
use crate::StoreError;

/// What may wait; whoever comes later waits for a place.
const MAX_WAITING: usize = 256;
/// What is done together at the most.
const MAX_GROUP: usize = 128;
/// Bytes after which a group is closed.
const MAX_BYTES: usize = 16 * 1024 * 1024;
/// What somebody is told who has waited for others for as long as one may wait.
const TOO_LONG: &str = "the database is too slow, or away";

/// A change that can be made together with others of its kind.
#[async_trait]
pub(super) trait Grouped: Sized + Send + Sync + 'static {
    /// What its caller learns once it is committed.
    type Output: Send + 'static;
    /// What is being done, for error messages.
    const CONTEXT: &'static str;

    /// About how long it is, in bytes.
    fn length(&self) -> usize {
        0
    }

    /// Makes these changes, and gives for each what came of it, in their order. One that fails by itself fails alone.
    async fn together(database: &Database, group: Vec<Self>) -> Vec<Result<Self::Output, StoreError>>;
}

/// The way to the task of a kind of change. When it is dropped, the task finishes what waits and ends.
pub(super) struct Lane<C: Grouped> {
    jobs: mpsc::Sender<Job<C>>,
    /// How long somebody waits for a place.
    in_line: Duration,
}

struct Job<C: Grouped> {
    change: C,
    since: Instant,
    caller: oneshot::Sender<Result<C::Output, StoreError>>,
}

impl<C: Grouped> Lane<C> {
    /// For work, which waits as long as [`PATIENCE`] allows.
    pub(super) fn start(database: Arc<Database>) -> Self {
        Self::with(database, None)
    }

    /// For what is asked for in requests, each of which is answered within the time of the database for these.
    pub(super) fn for_requests(database: Arc<Database>) -> Self {
        let patience = database.patience();
        Self::with(database, Some(patience))
    }

    fn with(database: Arc<Database>, patience: Option<Duration>) -> Self {
        let (jobs, waiting) = mpsc::channel(MAX_WAITING);
        tokio::spawn(run(database, patience, waiting));
        Self { jobs, in_line: patience.unwrap_or(PATIENCE) }
    }

    /// Has the change committed; returns when it is on disk.
    pub(super) async fn write(&self, change: C) -> Result<C::Output, StoreError> {
        let (caller, answer) = oneshot::channel();
        let job = Job { change, since: Instant::now(), caller };
        match timeout(self.in_line, self.jobs.send(job)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return Err(StoreError::new(C::CONTEXT, "the store is closed")),
            Err(_) => return Err(StoreError::new(C::CONTEXT, TOO_LONG)),
        }
        answer.await.map_err(|_| StoreError::new(C::CONTEXT, "the writer has stopped"))?
    }
}

async fn run<C: Grouped>(database: Arc<Database>, patience: Option<Duration>, mut waiting: mpsc::Receiver<Job<C>>) {
    // A group has what is left of the time of its first, and that has to be enough for an attempt.
    let most_waiting = patience.map_or(PATIENCE, |patience| patience / 4 * 3);
    let mut jobs = Vec::with_capacity(MAX_GROUP);
    while let Some(first) = waiting.recv().await {
        let mut bytes = first.change.length();
        jobs.push(first);
        while jobs.len() < MAX_GROUP && bytes < MAX_BYTES {
            let Ok(job) = waiting.try_recv() else { break };
            bytes += job.change.length();
            jobs.push(job);
        }
        let (mut group, mut callers) = (Vec::with_capacity(jobs.len()), Vec::with_capacity(jobs.len()));
        let mut oldest = Instant::now();
        for Job { change, since, caller } in jobs.drain(..) {
            // While the database is away every group fails after some time, and those behind it do not wait for all of these.
            if since.elapsed() > most_waiting {
                let _ = caller.send(Err(StoreError::new(C::CONTEXT, TOO_LONG)));
            } else {
                oldest = oldest.min(since);
                group.push(change);
                callers.push(caller);
            }
        }
        if group.is_empty() {
            continue;
        }
        let answers = match patience {
            Some(patience) => C::together(&database.until(oldest + patience), group).await,
            None => C::together(&database, group).await,
        };
        for (caller, answer) in callers.into_iter().zip(answers) {
            // A caller that has gone away does not want to know.
            let _ = caller.send(answer);
        }
    }
}

/// What comes of a group that failed: where one of them may have been the reason, each is made alone.
pub(super) async fn after_failure<C: Grouped>(
    database: &Database,
    group: Vec<C>,
    error: StoreError,
) -> Vec<Result<C::Output, StoreError>> {
    if group.len() == 1 {
        return vec![Err(error)];
    }
    if !is_of_data(&error.source) {
        let reason = error.source.to_string();
        return group.iter().map(|_| Err(StoreError::new(C::CONTEXT, reason.clone()))).collect();
    }
    let mut answers = Vec::with_capacity(group.len());
    for one in group {
        answers.extend(C::together(database, vec![one]).await);
    }
    answers
}

/// Whether each of these is the first of its name.
pub(super) fn are_first<K: Eq + Hash>(names: impl Iterator<Item = K>) -> Vec<bool> {
    let mut seen = HashSet::new();
    names.map(|name| seen.insert(name)).collect()
}

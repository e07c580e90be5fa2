//! Group commit: what several callers of this node want at the same time is done with one transaction.
//!
//! A commit costs a flush of the database's disk and a few ways there and back, however much is in it; and the lock under which
//! PostgreSQL sends notices makes commits of all nodes go one after the other. So each kind of change has a task that takes
//! everything that waits for it, has it done together, and only then answers. While that goes on, the next group gathers by
//! itself. What is done is none of this module's business.

use std::collections::HashSet;
use std::hash::Hash;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{mpsc, oneshot};

use super::database::{Database, is_of_data};
use crate::StoreError;

/// What may wait; whoever comes later waits for a place.
const MAX_WAITING: usize = 256;
/// What is done together at the most.
const MAX_GROUP: usize = 128;
/// Bytes after which a group is closed.
const MAX_BYTES: usize = 16 * 1024 * 1024;

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
}

struct Job<C: Grouped> {
    change: C,
    caller: oneshot::Sender<Result<C::Output, StoreError>>,
}

impl<C: Grouped> Lane<C> {
    pub(super) fn start(database: Arc<Database>) -> Self {
        let (jobs, waiting) = mpsc::channel(MAX_WAITING);
        tokio::spawn(run(database, waiting));
        Self { jobs }
    }

    /// Has the change committed; returns when it is on disk.
    pub(super) async fn write(&self, change: C) -> Result<C::Output, StoreError> {
        let stopped = |_| StoreError::new(C::CONTEXT, "the writer has stopped");
        let (caller, answer) = oneshot::channel();
        self.jobs.send(Job { change, caller }).await.map_err(|_| StoreError::new(C::CONTEXT, "the store is closed"))?;
        answer.await.map_err(stopped)?
    }
}

async fn run<C: Grouped>(database: Arc<Database>, mut waiting: mpsc::Receiver<Job<C>>) {
    while let Some(first) = waiting.recv().await {
        let mut bytes = first.change.length();
        let (mut group, mut callers) = (vec![first.change], vec![first.caller]);
        while group.len() < MAX_GROUP && bytes < MAX_BYTES {
            let Ok(Job { change, caller }) = waiting.try_recv() else { break };
            bytes += change.length();
            group.push(change);
            callers.push(caller);
        }
        let answers = C::together(&database, group).await;
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

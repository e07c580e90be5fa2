//! Group commit: the one task that writes.
//!
//! Making a transaction durable costs one flush of the disk, however much is in it. So the writer
//! takes everything that waits in its channel, up to [`MAX_BATCH`], commits it in one transaction,
//! and only then answers the callers. While the disk flushes, the next batch gathers by itself.
//!
//! Each change runs in a savepoint: one that fails is undone alone, and its neighbours are
//! committed. If the transaction as a whole fails, all its callers get the error, and nothing has
//! changed. What the changes are is none of this module's business.

use std::fs::File;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use async_trait::async_trait;
use sqlx::{Connection, Executor, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::rows::Failure;
use crate::StoreError;

/// Changes that may wait; whoever comes later waits for a place.
const MAX_WAITING: usize = 256;
/// Changes in one transaction. Bounds how long the first of them waits for the last.
const MAX_BATCH: usize = 128;

/// As in [`super::open`], in milliseconds.
const BUSY_TIMEOUT: &str = "PRAGMA busy_timeout = 5000";

/// One operation that writes.
#[async_trait]
pub(super) trait Change: Send + Sync + 'static {
    /// What its caller learns once it is committed.
    type Output: Send + 'static;
    /// What is being done, for error messages.
    const CONTEXT: &'static str;
    /// Must it be on disk before its caller learns of it? What need not is written like all else, and flushed with the next
    /// that must; if the machine loses power before that, it was never done.
    const DURABLE: bool = true;
    /// Is the write-ahead log to be emptied after its batch?
    const EMPTIES_LOG: bool = false;

    /// Writes, inside the transaction of a batch.
    async fn apply(&self, connection: &mut SqliteConnection) -> Result<Self::Output, Failure>;
}

/// The way to the writer task.
pub(super) struct Writer {
    /// None once closed. When it is dropped, the task finishes what waits and ends.
    running: Mutex<Option<Running>>,
    failing: Arc<AtomicBool>,
}

struct Running {
    jobs: mpsc::Sender<Box<dyn Job>>,
    task: JoinHandle<Result<(), sqlx::Error>>,
}

impl Writer {
    /// Starts the task. `lock`, if this process has it, is let go when the connection is closed.
    pub(super) fn start(connection: SqliteConnection, lock: Option<File>) -> Self {
        let (jobs, waiting) = mpsc::channel(MAX_WAITING);
        let failing = Arc::new(AtomicBool::new(false));
        let task = tokio::spawn(run(connection, waiting, lock, Arc::clone(&failing)));
        Self { running: Mutex::new(Some(Running { jobs, task })), failing }
    }

    /// Has something failed since a change was last made durable?
    pub(super) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Has the change committed; returns when it is on disk.
    pub(super) async fn write<C: Change>(&self, change: C) -> Result<C::Output, StoreError> {
        let closed = || StoreError::new(C::CONTEXT, "the store is closed");
        let jobs = self.running().as_ref().map(|running| running.jobs.clone()).ok_or_else(closed)?;
        let (caller, answer) = oneshot::channel();
        jobs.send(Box::new(Pending { change, outcome: None, caller })).await.map_err(|_| closed())?;
        drop(jobs);
        answer.await.map_err(|_| StoreError::new(C::CONTEXT, "the writer has stopped"))?
    }

    /// Lets the task finish what waits, and waits for its end.
    pub(super) async fn close(&self) -> Result<(), StoreError> {
        let Some(Running { jobs, task }) = self.running().take() else { return Ok(()) };
        drop(jobs);
        let closed = task.await.map_err(|error| StoreError::new("closing the store", error))?;
        closed.map_err(|error| StoreError::new("closing the store", error))
    }

    fn running(&self) -> MutexGuard<'_, Option<Running>> {
        // Nothing that holds this lock can leave it half changed.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why a whole batch was not committed.
#[derive(Debug, thiserror::Error)]
enum BatchError {
    #[error(transparent)]
    Sqlite(#[from] sqlx::Error),
    #[error("SQLite ended the transaction when a change in it failed: {0}")]
    Ended(String),
}

/// A [`Change`] and whoever waits for it, whatever its output.
#[async_trait]
trait Job: Send {
    /// Runs the change and keeps its outcome; the error here is only its text.
    async fn apply(&mut self, connection: &mut SqliteConnection) -> Result<(), String>;

    /// Must it be on disk before its caller learns of it?
    fn is_durable(&self) -> bool;

    /// Is the write-ahead log to be emptied?
    fn empties_log(&self) -> bool;

    /// Was the change tried, and did it fail by itself?
    fn has_failed(&self) -> bool;

    /// Tells the caller how it went, once it is known whether the batch was committed.
    fn answer(self: Box<Self>, committed: Result<(), Arc<BatchError>>);
}

struct Pending<C: Change> {
    change: C,
    outcome: Option<Result<C::Output, StoreError>>,
    caller: oneshot::Sender<Result<C::Output, StoreError>>,
}

#[async_trait]
impl<C: Change> Job for Pending<C> {
    async fn apply(&mut self, connection: &mut SqliteConnection) -> Result<(), String> {
        let outcome = self.change.apply(connection).await.map_err(|source| StoreError::new(C::CONTEXT, source));
        self.outcome.insert(outcome).as_ref().map(drop).map_err(ToString::to_string)
    }

    fn is_durable(&self) -> bool {
        C::DURABLE
    }

    fn empties_log(&self) -> bool {
        C::EMPTIES_LOG
    }

    fn has_failed(&self) -> bool {
        matches!(self.outcome, Some(Err(_)))
    }

    fn answer(self: Box<Self>, committed: Result<(), Arc<BatchError>>) {
        let answer = match (self.outcome, committed) {
            (Some(Err(own)), _) => Err(own),
            (_, Err(error)) => Err(StoreError::new(C::CONTEXT, error)),
            (Some(Ok(output)), Ok(())) => Ok(output),
            (None, Ok(())) => Err(StoreError::new(C::CONTEXT, "the change was not tried")),
        };
        // A caller that has gone away does not want to know.
        let _ = self.caller.send(answer);
    }
}

/// The task: until every sender is gone, takes what waits and commits it.
async fn run(
    mut connection: SqliteConnection,
    mut waiting: mpsc::Receiver<Box<dyn Job>>,
    lock: Option<File>,
    failing: Arc<AtomicBool>,
) -> Result<(), sqlx::Error> {
    let mut batch = Vec::with_capacity(MAX_BATCH);
    let (mut commits, mut changes) = (0_u64, 0_u64);
    while waiting.recv_many(&mut batch, MAX_BATCH).await > 0 {
        let started = Instant::now();
        let committed = commit(&mut connection, &mut batch).await.map_err(Arc::new);
        if committed.is_err() || batch.iter().any(|job| job.has_failed()) {
            failing.store(true, Ordering::Relaxed);
        } else if batch.iter().any(|job| job.is_durable()) {
            failing.store(false, Ordering::Relaxed);
        }
        commits += 1;
        changes += batch.len() as u64;
        match &committed {
            Ok(()) => {
                let duration_us = started.elapsed().as_micros();
                tracing::debug!(batch = batch.len(), duration_us, commits, changes, "the store committed a batch");
            }
            Err(error) => {
                tracing::error!(%error, batch = batch.len(), "the store could not commit; nothing was changed");
                roll_back(&mut connection).await;
            }
        }
        if batch.iter().any(|job| job.empties_log()) {
            empty_log(&mut connection).await;
        }
        for job in batch.drain(..) {
            job.answer(committed.clone());
        }
    }
    let closed = connection.close().await;
    drop(lock);
    closed
}

/// All changes of the batch that succeed, in one transaction.
///
/// The statements are spelled out, because sqlx's `Transaction` keeps a depth of its own, which stays
/// wrong for good once SQLite has rolled back by itself (full disk, I/O error).
async fn commit(connection: &mut SqliteConnection, batch: &mut [Box<dyn Job>]) -> Result<(), BatchError> {
    // Said every time, so that no batch depends on how the one before it ended. Without the flush a transaction is still
    // whole or not there (sqlite.org/pragma.html, synchronous, in WAL mode).
    let begin = if batch.iter().any(|job| job.is_durable()) {
        "PRAGMA synchronous = FULL; BEGIN IMMEDIATE"
    } else {
        "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE"
    };
    connection.execute(begin).await?;
    if let [job] = batch {
        // It has no neighbours, so that the transaction is the savepoint.
        return match job.apply(connection).await {
            Ok(()) => Ok(execute(connection, "COMMIT").await?),
            Err(reason) => Ok(connection.execute("ROLLBACK").await.map(drop).map_err(|_| BatchError::Ended(reason))?),
        };
    }
    for job in batch {
        apply_alone(connection, job.as_mut()).await?;
    }
    Ok(execute(connection, "COMMIT").await?)
}

/// What is said in each batch, compiled once.
async fn execute(connection: &mut SqliteConnection, statement: &'static str) -> Result<(), sqlx::Error> {
    sqlx::query(statement).execute(connection).await.map(drop)
}

/// Fails only if the transaction is lost as a whole: then the savepoint is gone too.
async fn apply_alone(connection: &mut SqliteConnection, job: &mut dyn Job) -> Result<(), BatchError> {
    execute(connection, "SAVEPOINT change").await?;
    if let Err(reason) = job.apply(connection).await {
        connection.execute("ROLLBACK TO change").await.map_err(|_| BatchError::Ended(reason))?;
    }
    Ok(execute(connection, "RELEASE change").await?)
}

async fn roll_back(connection: &mut SqliteConnection) {
    if let Err(error) = connection.execute("ROLLBACK").await {
        tracing::debug!(%error, "nothing to roll back: SQLite had done it");
    }
}

/// Outside of transactions. Readers are waited for shortly; everybody else waits meanwhile.
async fn empty_log(connection: &mut SqliteConnection) {
    let emptied: Result<(i64, i64, i64), sqlx::Error> = async {
        connection.execute("PRAGMA busy_timeout = 200").await?;
        let emptied = sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await;
        connection.execute(BUSY_TIMEOUT).await?;
        emptied
    }
    .await;
    match emptied {
        Ok((0, ..)) => {}
        Ok(_) => tracing::info!("the write-ahead log could not be emptied now, because somebody reads"),
        Err(error) => tracing::warn!(%error, "the write-ahead log could not be emptied"),
    }
}

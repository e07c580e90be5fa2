//! Transactions that end: with an answer, or with an error within a bounded time. For whoever asks in a request and waits that is
//! short ([`Database::for_request`]), and when it is over nothing is committed any more: only what was being committed in that
//! moment may be there all the same.
//!
//! ```text
//!  BEGIN, number of the transaction -> the change -> COMMIT --answered--> done
//!    ^                                   |               \--connection lost--> look the number up --committed--> done
//!    +------ serialization failure, deadlock, lost connection -----------------------/ aborted
//! ```
//!
//! A connection that is not known to be at rest is closed and not given back, whoever stops waiting for it, so that nobody
//! gets one in the middle of somebody else's transaction.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use sqlx::pool::PoolConnection;
use sqlx::{Executor, PgConnection, PgPool, Postgres, Row};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use crate::StoreError;
use crate::columns::Failure;

/// How long each step of an attempt may take, how long after the first attempt there is another, and how long somebody waits for
/// others before that; where no request waits for it.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);
/// Between two attempts, at first; it doubles.
const PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// One operation that writes, in a transaction of its own.
#[async_trait]
pub(super) trait Change: Send + Sync {
    /// What its caller learns once it is committed.
    type Output: Send;
    /// What is being done, for error messages.
    const CONTEXT: &'static str;

    /// Writes. It may be called again, when everything it did was undone.
    async fn apply(&self, connection: &mut PgConnection) -> Result<Self::Output, Failure>;

    /// Is it there? Asked where the answer to COMMIT was lost and the transaction is said to be committed: after a crash of the
    /// database, the number of one that was never on disk may be another's.
    async fn is_there(&self, _connection: &mut PgConnection, _output: &Self::Output) -> Result<bool, Failure> {
        Ok(true)
    }
}

/// The way to the database. Clones are the same way.
#[derive(Clone)]
pub(super) struct Database {
    pool: PgPool,
    /// How long a request waits.
    patience: Duration,
    /// When whoever asks stops waiting, if ever.
    until: Option<Instant>,
    /// The last change failed.
    failing: Arc<AtomicBool>,
}

/// What is to be done about an error.
enum Trouble {
    /// Nothing was changed, and it may go better next time.
    Again(Failure),
    /// It would be the same again, or nobody knows.
    Final(Failure),
}

impl Database {
    pub(super) fn new(pool: PgPool, patience: Duration) -> Self {
        Self { pool, patience, until: None, failing: Arc::default() }
    }

    pub(super) fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// How long a request waits.
    pub(super) fn patience(&self) -> Duration {
        self.patience
    }

    /// The same for what is asked for in a request, beginning now.
    pub(super) fn for_request(&self) -> Self {
        self.until(Instant::now() + self.patience)
    }

    /// The same for somebody who waits until then.
    pub(super) fn until(&self, until: Instant) -> Self {
        Self { until: Some(until), ..self.clone() }
    }

    /// Did the last change fail?
    pub(super) fn is_failing(&self) -> bool {
        self.failing.load(Ordering::Relaxed)
    }

    /// Has the change committed; returns when it is on disk, and what it answered.
    pub(super) async fn write<C: Change>(&self, change: &C) -> Result<C::Output, StoreError> {
        let (last_begins, mut pause) = (self.until.unwrap_or(Instant::now() + PATIENCE), PAUSE);
        loop {
            match self.attempt(change).await {
                Ok(output) => {
                    self.failing.store(false, Ordering::Relaxed);
                    return Ok(output);
                }
                Err(Trouble::Again(error)) if Instant::now() + pause < last_begins => {
                    tracing::warn!(%error, context = C::CONTEXT, "the store could not be written, and tries again");
                    sleep(pause).await;
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(Trouble::Again(error) | Trouble::Final(error)) => {
                    self.failing.store(true, Ordering::Relaxed);
                    tracing::error!(%error, context = C::CONTEXT, "the store could not be written");
                    return Err(StoreError::new(C::CONTEXT, error));
                }
            }
        }
    }

    async fn attempt<C: Change>(&self, change: &C) -> Result<C::Output, Trouble> {
        let mut held = self.acquire().await.map_err(trouble)?;
        let (number, output) = match self.within(begin_and_apply(held.connection(), change)).await {
            Ok(applied) => applied,
            Err(error) => {
                // One that is good for nothing any more is closed, so that the next attempt gets another.
                if is_lost(&error) || self.is_over() {
                    drop(held);
                } else {
                    held.roll_back().await;
                }
                return Err(trouble(error));
            }
        };
        match self.within(async { Ok(held.connection().execute("COMMIT").await?) }).await {
            Ok(_) => {
                held.give_back();
                Ok(output)
            }
            Err(error) if is_refused(&error) => Err(trouble(error)),
            Err(error) => {
                drop(held);
                tracing::warn!(%error, number, context = C::CONTEXT, "the answer to a commit was lost; it is looked up");
                self.look_up(change, &number, output).await
            }
        }
    }

    /// What became of the transaction with this number?
    async fn look_up<C: Change>(&self, change: &C, number: &str, output: C::Output) -> Result<C::Output, Trouble> {
        let started = Instant::now();
        let mut pause = PAUSE;
        loop {
            let error = match self.outcome(change, number, &output).await {
                Ok(Some(true)) => return Ok(output),
                Ok(Some(false)) => return Err(Trouble::Again("the connection was lost before the commit".into())),
                Ok(None) => "the commit is not decided yet".into(),
                Err(error) => error,
            };
            if started.elapsed() > PATIENCE || self.is_over() {
                return Err(Trouble::Final(error));
            }
            sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// Was it committed? None while that is open.
    async fn outcome<C: Change>(&self, change: &C, number: &str, output: &C::Output) -> Result<Option<bool>, Failure> {
        let mut held = self.acquire().await?;
        let connection = held.connection();
        let outcome = self
            .within(async {
                let (status,): (Option<String>,) =
                    sqlx::query_as("SELECT pg_xact_status($1::xid8)").bind(number).fetch_one(&mut *connection).await?;
                Ok(match status.as_deref() {
                    Some("committed") => Some(change.is_there(connection, output).await?),
                    Some("aborted") => Some(false),
                    _ => None,
                })
            })
            .await?;
        held.give_back();
        Ok(outcome)
    }

    /// A connection, for whoever gives it back.
    pub(super) async fn acquire(&self) -> Result<Held, Failure> {
        self.within(async { Ok(Held(Some(self.pool.acquire().await?))) }).await
    }

    /// Has one step answered in time, or gives an error: while somebody waits, or in [`PATIENCE`].
    pub(super) async fn within<T>(&self, answer: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
        let until = self.until.unwrap_or(Instant::now() + PATIENCE);
        timeout_at(until, answer).await.map_err(|_| "the database did not answer in time")?
    }

    /// Does nobody wait any more?
    fn is_over(&self) -> bool {
        self.until.is_some_and(|until| until <= Instant::now())
    }
}

/// Begins, and gives the number of the transaction and what the change answered.
async fn begin_and_apply<C: Change>(connection: &mut PgConnection, change: &C) -> Result<(String, C::Output), Failure> {
    // Both in one message.
    let row = sqlx::raw_sql("BEGIN; SELECT pg_current_xact_id()::text").fetch_one(&mut *connection).await?;
    Ok((row.try_get(0)?, change.apply(connection).await?))
}

/// A connection of the pool. Dropped, it is closed.
pub(super) struct Held(Option<PoolConnection<Postgres>>);

impl Held {
    pub(super) fn connection(&mut self) -> &mut PgConnection {
        self.0.as_deref_mut().expect("it is taken only by those who take the whole")
    }

    /// It is at rest: others may have it.
    pub(super) fn give_back(mut self) {
        drop(self.0.take());
    }

    /// Ends the transaction that is going on, if that can be done quickly.
    async fn roll_back(mut self) {
        if let Ok(Ok(_)) = timeout(PATIENCE / 10, self.connection().execute("ROLLBACK")).await {
            self.give_back();
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(connection.detach());
        }
    }
}

/// Is it worth another attempt? Only for what has changed nothing.
fn trouble(error: Failure) -> Trouble {
    if is_conflict(&error) || is_lost(&error) { Trouble::Again(error) } else { Trouble::Final(error) }
}

/// Two transactions were in each other's way, and this one was undone.
pub(super) fn is_conflict(error: &Failure) -> bool {
    // serialization_failure and deadlock_detected
    matches!(code(error).as_deref(), Some("40001" | "40P01"))
}

/// The database itself said that the commit did not happen.
fn is_refused(error: &Failure) -> bool {
    code(error).is_some_and(|code| !code.starts_with("57P") && !code.starts_with("08"))
}

/// The connection is gone, was not to be had, or leads to a database that takes no changes.
fn is_lost(error: &Failure) -> bool {
    if let Some(code) = code(error) {
        // connection exceptions, a server that stops or starts, and read_only_sql_transaction: what was the primary, or a copy of it
        return code.starts_with("08") || code.starts_with("57P") || code == "25006";
    }
    matches!(
        sqlx_error(error),
        Some(sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed)
    )
}

/// Something about what was to be written is the reason, and not the state of the database.
pub(super) fn is_of_data(error: &Failure) -> bool {
    // data exceptions, constraints, limits, and what a trigger raises
    code(error).is_some_and(|code| ["22", "23", "54", "P0"].iter().any(|class| code.starts_with(class)))
}

/// What PostgreSQL calls an error.
fn code(error: &Failure) -> Option<String> {
    Some(sqlx_error(error)?.as_database_error()?.code()?.into_owned())
}

fn sqlx_error(error: &Failure) -> Option<&sqlx::Error> {
    let mut error: &(dyn Error + 'static) = error.as_ref();
    loop {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        error = error.source()?;
    }
}

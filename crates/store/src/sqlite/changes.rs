//! What is written: one type per operation of [`crate::Store`], each a few statements inside the
//! transaction of a batch. Times are read here and not by the caller, who may have waited.

use std::time::Duration;

use async_trait::async_trait;
use model::{ExecId, Report, Submission};
use sqlx::SqliteConnection;

use super::rows::{Failure, LeaseClock, micros, now_utc};
use super::usage;
use super::writer::Change;
use crate::columns::cpu_time;
use crate::queue::class;
use crate::{Extended, Lease, LeaseUse, StoreError};

/// What the totals need to know of a report, and the report itself.
pub(super) struct Final {
    body: Vec<u8>,
    verdict: &'static str,
    execution_time: i64,
    runs: i64,
    cpu_time: i64,
}

impl Final {
    pub(super) fn new(report: &Report) -> Result<Self, serde_json::Error> {
        let (verdict, execution_time) = (report.verdict.name(), micros(report.execution_time()));
        let (runs, cpu_time) = (i64::try_from(report.inputs.len()).unwrap_or(i64::MAX), cpu_time(report));
        Ok(Self { body: serde_json::to_vec(report)?, verdict, execution_time, runs, cpu_time })
    }

    /// Stores the report of the submission at `place`, counts it, and drops the code, which is not needed any more.
    pub(super) async fn record(
        &self,
        connection: &mut SqliteConnection,
        place: i64,
        language: &str,
    ) -> Result<(), Failure> {
        let now = now_utc()?;
        // All in one: each query on its own goes to SQLite's thread and back.
        sqlx::query(concat!(
            "DELETE FROM payloads WHERE place = ?;
             INSERT INTO reports (place, body, finished_at) VALUES (?, ?, ?);
             INSERT INTO verdict_totals VALUES (?, 1) ON CONFLICT (verdict) DO UPDATE SET finished = finished + 1;
             INSERT INTO language_totals VALUES (?, 1) ON CONFLICT (language) DO UPDATE SET finished = finished + 1;
             UPDATE time_totals SET last_execution = ?, max_execution_time = max(max_execution_time, ?),
             sum_execution_time = sum_execution_time + ?;",
            usage::count!(),
        ))
        .bind(place)
        .bind(place)
        .bind(self.body.as_slice())
        .bind(now)
        .bind(self.verdict)
        .bind(language)
        .bind(now)
        .bind(self.execution_time)
        .bind(self.execution_time)
        .bind(usage::day(now))
        .bind(self.verdict)
        .bind(self.runs)
        .bind(self.cpu_time)
        .bind(place)
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// The row of a new submission.
struct NewRow {
    id: ExecId,
    owner: String,
    language: String,
    class: i64,
    student: Option<String>,
    callback_url: Option<String>,
    no_store: bool,
}

impl NewRow {
    fn new(submission: &Submission) -> Self {
        let Submission { id, owner, language, priority, student, callback_url, no_store, .. } = submission;
        let (owner, language, student) = (owner.clone(), language.clone(), student.clone());
        let (class, callback_url, no_store) = (class(*priority), callback_url.clone(), *no_store);
        Self { id: *id, owner, language, class, student, callback_url, no_store }
    }

    /// Adds the row at the end of the queue and returns its place.
    async fn insert(&self, connection: &mut SqliteConnection, state: &str) -> Result<i64, Failure> {
        let (place,) = sqlx::query_as(
            "INSERT INTO submissions (id, owner, language, class, student, callback_url, no_store, state, submitted_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING place",
        )
        .bind(self.id.as_bytes().as_slice())
        .bind(self.owner.as_str())
        .bind(self.language.as_str())
        .bind(self.class)
        .bind(self.student.as_deref())
        .bind(self.callback_url.as_deref())
        .bind(self.no_store)
        .bind(state)
        .bind(now_utc()?)
        .fetch_one(connection)
        .await?;
        Ok(place)
    }
}

/// See [`crate::Store::submit`].
pub(super) struct Submit {
    row: NewRow,
    payload: Vec<u8>,
}

impl Submit {
    pub(super) fn new(submission: &Submission) -> Result<Self, StoreError> {
        let payload = serde_json::to_vec(submission).map_err(|error| StoreError::new(Self::CONTEXT, error))?;
        Ok(Self { row: NewRow::new(submission), payload })
    }
}

#[async_trait]
impl Change for Submit {
    type Output = ();
    const CONTEXT: &'static str = "accepting a submission";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        let NewRow { id, owner, language, class, student, callback_url, no_store } = &self.row;
        sqlx::query(
            "INSERT INTO submissions (id, owner, language, class, student, callback_url, no_store, state, submitted_at)
             VALUES (?, ?, ?, ?, ?, ?, ?, 'queued', ?);
             INSERT INTO payloads (place, body) VALUES (last_insert_rowid(), ?)",
        )
        .bind(id.as_bytes().as_slice())
        .bind(owner.as_str())
        .bind(language.as_str())
        .bind(*class)
        .bind(student.as_deref())
        .bind(callback_url.as_deref())
        .bind(*no_store)
        .bind(now_utc()?)
        .bind(self.payload.as_slice())
        .execute(connection)
        .await?;
        Ok(())
    }
}

/// See [`crate::Store::submit_finished`].
pub(super) struct SubmitFinished {
    row: NewRow,
    report: Final,
}

impl SubmitFinished {
    pub(super) fn new(submission: &Submission, report: &Report) -> Result<Self, StoreError> {
        let report = Final::new(report).map_err(|error| StoreError::new(Self::CONTEXT, error))?;
        Ok(Self { row: NewRow::new(submission), report })
    }
}

#[async_trait]
impl Change for SubmitFinished {
    type Output = ();
    const CONTEXT: &'static str = "accepting a finished submission";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        let place = self.row.insert(connection, "done").await?;
        self.report.record(connection, place, &self.row.language).await
    }
}

/// See [`crate::Store::extend`].
pub(super) struct Extend {
    pub(super) lease: Lease,
    pub(super) length: Duration,
    pub(super) clock: LeaseClock,
}

#[async_trait]
impl Change for Extend {
    type Output = Extended;
    const CONTEXT: &'static str = "extending a lease";
    // A lease is worth nothing after a restart.
    const DURABLE: bool = false;

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<Extended, Failure> {
        let extended: Option<(bool,)> = sqlx::query_as(
            "UPDATE submissions SET lease_until = ? WHERE id = ? AND fence = ? AND state = 'running'
             RETURNING cancel_asked",
        )
        .bind(self.clock.after(self.length))
        .bind(self.lease.id.as_bytes().as_slice())
        .bind(self.lease.fence)
        .fetch_optional(connection)
        .await?;
        Ok(match extended {
            None => Extended::Superseded,
            Some((false,)) => Extended::Done,
            Some((true,)) => Extended::CancelAsked,
        })
    }
}

/// See [`crate::Store::finish`].
pub(super) struct Finish {
    lease: Lease,
    report: Final,
}

impl Finish {
    pub(super) fn new(lease: Lease, report: &Report) -> Result<Self, StoreError> {
        let report = Final::new(report).map_err(|error| StoreError::new(Self::CONTEXT, error))?;
        Ok(Self { lease, report })
    }
}

#[async_trait]
impl Change for Finish {
    type Output = LeaseUse;
    const CONTEXT: &'static str = "recording a report";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<LeaseUse, Failure> {
        let finished: Option<(i64, String)> = sqlx::query_as(
            "UPDATE submissions SET state = 'done', lease_until = NULL
             WHERE id = ? AND fence = ? AND state = 'running' RETURNING place, language",
        )
        .bind(self.lease.id.as_bytes().as_slice())
        .bind(self.lease.fence)
        .fetch_optional(&mut *connection)
        .await?;
        let Some((place, language)) = finished else { return Ok(LeaseUse::Superseded) };
        self.report.record(connection, place, &language).await?;
        Ok(LeaseUse::Done)
    }
}

/// See [`crate::Store::release`].
pub(super) struct Release {
    pub(super) lease: Lease,
}

#[async_trait]
impl Change for Release {
    type Output = LeaseUse;
    const CONTEXT: &'static str = "releasing a submission";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<LeaseUse, Failure> {
        let released = sqlx::query(
            "UPDATE submissions SET state = 'queued', lease_until = NULL
             WHERE id = ? AND fence = ? AND state = 'running'",
        )
        .bind(self.lease.id.as_bytes().as_slice())
        .bind(self.lease.fence)
        .execute(connection)
        .await?;
        Ok(lease_use(released.rows_affected()))
    }
}

/// See [`crate::Store::recover`].
pub(super) struct Recover;

#[async_trait]
impl Change for Recover {
    type Output = u64;
    const CONTEXT: &'static str = "giving back what was claimed";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<u64, Failure> {
        let recovered =
            sqlx::query("UPDATE submissions SET state = 'queued', lease_until = NULL WHERE state = 'running'")
                .execute(connection)
                .await?;
        Ok(recovered.rows_affected())
    }
}

/// See [`crate::Store::writable`].
pub(super) struct TryToWrite;

#[async_trait]
impl Change for TryToWrite {
    type Output = ();
    const CONTEXT: &'static str = "trying to write";

    async fn apply(&self, connection: &mut SqliteConnection) -> Result<(), Failure> {
        // Leaves nothing, and is written all the same; an update to the same value would not be.
        sqlx::raw_sql("CREATE TABLE trial (x); DROP TABLE trial").execute(connection).await?;
        Ok(())
    }
}

fn lease_use(rows: u64) -> LeaseUse {
    if rows == 0 { LeaseUse::Superseded } else { LeaseUse::Done }
}

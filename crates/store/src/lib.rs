//! The durable queue, the results and the counters: one thing, so that "accepted" has one meaning.
//!
//! ```text
//!            submit                claim (fence + 1)             finish (fence matches)
//!  client ----------->  queued  ----------------->  running  ------------------------->  done
//!                          ^                           |
//!                          +---------------------------+
//!                            release, or the lease ran out
//! ```
//!
//! A claim is a lease with a fencing number. A worker whose lease was lost holds an old number, and
//! its report is refused: a result is written once and never changes. Totals change in the same
//! transaction as the result they count.
//!
//! Cancelling takes a way of its own to `done` for what is queued; what runs is only marked, and whoever runs it, in this
//! process or another, is told with the next heartbeat and finishes it.

#![forbid(unsafe_code)]

mod callbacks;
mod columns;
mod copy;
mod fleet;
mod history;
mod key_change;
mod keys;
mod once;
mod postgres;
mod queue;
mod sqlite;

use std::time::Duration;

use async_trait::async_trait;
use model::{ExecId, Report, Submission, Verdict};
use time::OffsetDateTime;

pub use self::callbacks::{
    Attempt, CALLBACK_SECRET_BYTES, CallbackSecret, CallbackSecrets, CallbackState, CallbackStatus, CallbackStore,
    DueCallback, Tried,
};
pub use self::copy::{Copied, copy};
pub use self::fleet::{Fleet, KnownNode, Node, NodeLanguage, Notice, Published, WATCHED};
pub use self::history::{
    Happened, HistoryStore, Levels, MOST_RECENT, RecentSubmission, Resolution, Spent, Stretch, UsedLately,
};
pub use self::key_change::{KeyChange, LimitsChange};
pub use self::keys::{
    Added, KeptSecret, KeyLimits, KeyName, KeyRecord, KeyStore, MOST_KEYS, NewKey, OwnerUsage, Scope, Scopes,
    SecretDigest, Used,
};
pub use self::once::{Accepted, Earlier, Once, Submissions};
pub use self::postgres::address::{ClientCertificate, DatabaseAddress};
pub use self::postgres::{PostgresStore, REQUEST_PATIENCE};
pub use self::sqlite::{SqliteKeys, SqliteStore};

/// A claimed submission. Whoever holds it must finish or release it, or lose it when the lease ends.
#[derive(Debug, Clone)]
pub struct Claim {
    /// What is to be run.
    pub submission: Submission,
    /// Proves that this claim is the latest.
    pub lease: Lease,
    /// When it was accepted.
    pub submitted_at: OffsetDateTime,
    /// How often it was claimed, this time included; 1 is the first.
    pub attempt: u32,
    /// Its owner has asked to cancel it during an earlier attempt: it is to be finished and not run.
    pub cancel_asked: bool,
}

/// The right to report on a submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// Which submission.
    pub id: ExecId,
    /// The fencing number; grows with every claim.
    pub fence: i64,
}

/// What became of an attempt to use a [`Lease`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeaseUse {
    /// It was valid and has been used.
    Done,
    /// Somebody else has claimed the submission since, or finished it; nothing was changed.
    Superseded,
}

/// What became of an attempt to extend a [`Lease`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extended {
    /// It lasts.
    Done,
    /// It lasts, and the owner wants the submission cancelled: whoever holds it is to stop and report.
    CancelAsked,
    /// See [`LeaseUse::Superseded`].
    Superseded,
}

/// What became of the wish to cancel a submission.
#[derive(Debug, Clone, PartialEq)]
pub enum Cancelled {
    /// It waited, and is final now: the submission, and the report that nothing of it was run.
    Ended(Box<(Submission, Report)>),
    /// It runs, and whoever runs it learns of the wish with the next [`Store::extend`].
    Asked,
    /// It was final already, and its result is gone. The totals still count it.
    Deleted,
}

/// What became of the wish to erase what belongs to a student.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Erased {
    /// What waited, with the report that nothing of it was run. It is deleted.
    pub ended: Vec<(Submission, Report)>,
    /// How many were deleted, those that waited included.
    pub deleted: u64,
    /// What runs and was marked now.
    pub asked: Vec<ExecId>,
    /// How many run, marked now or before.
    pub running: u64,
    /// There may be more: it is to be called again.
    pub more: bool,
}

/// What is known of a submission.
#[derive(Debug, Clone, PartialEq)]
pub enum Status {
    /// Accepted; waiting or running.
    Pending,
    /// Final.
    Done(Box<Report>),
}

/// A submission of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchMember {
    /// Which.
    pub id: ExecId,
    /// How far it is.
    pub state: MemberState,
}

/// How far a submission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberState {
    /// It waits.
    Queued,
    /// A worker has it.
    Running,
    /// It has its final report.
    Done,
}

/// What [`Store::clean`] has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Names that were deleted.
    pub keys: u64,
    /// Results that were deleted.
    pub results: u64,
    /// Units of storage that were given back.
    pub pages: u64,
}

/// How many submissions wait for a worker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Of every owner.
    pub all: u64,
    /// Of the one that was asked for.
    pub own: u64,
}

/// Counters since the store was made. They survive a restart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Totals {
    /// Accepted and not finished, waiting ones included.
    pub in_progress: u64,
    /// Of those, waiting for a worker.
    pub queued: u64,
    /// Finished, by verdict; verdicts that never occurred are absent.
    pub by_verdict: Vec<(Verdict, u64)>,
    /// Finished, by language id.
    pub by_language: Vec<(String, u64)>,
    /// When the last one finished.
    pub last_execution: Option<OffsetDateTime>,
    /// The longest [`Report::execution_time`].
    pub max_execution_time: Duration,
    /// The sum of all [`Report::execution_time`]s.
    pub sum_execution_time: Duration,
}

/// The durable queue, shared by everything that accepts and everything that runs.
#[async_trait]
pub trait Store: Send + Sync {
    /// Accepts a submission. When this returns `Ok` it is on disk and will be finished.
    async fn submit(&self, submission: &Submission) -> Result<(), StoreError>;

    /// Accepts a submission that is already final (one without inputs).
    async fn submit_finished(&self, submission: &Submission, report: &Report) -> Result<(), StoreError>;

    /// Accepts all of these under the name of this batch, or none; those with a report are final already. Within a batch
    /// they are accepted in this order.
    async fn submit_batch(&self, batch: ExecId, members: &[(Submission, Option<Report>)]) -> Result<(), StoreError>;

    /// Accepts these unless something was accepted under this name before, even by a call that came a moment ago and is
    /// not answered yet. The name and what is accepted under it are on disk together, or neither is.
    async fn submit_once(&self, once: &Once, submissions: Submissions<'_>) -> Result<Accepted, StoreError>;

    /// What this owner had accepted under this name, while that is kept.
    async fn submitted_once(&self, owner: &str, key: &str) -> Result<Option<Earlier>, StoreError>;

    /// Deletes a little of what has had its time: results that were there for longer than this, by the host's clock, and
    /// names under which something was accepted and that are not kept any more. What is deleted is still counted in the
    /// totals. To be called until nothing is cleaned; a call holds others up for milliseconds.
    async fn clean(&self, results_kept: Duration) -> Result<Cleaned, StoreError>;

    /// Hands out the submission whose turn it is, under a lease of this length, if there is one. Of one owner that is
    /// what was accepted first; owners of a class take turns, and so do the classes ([`model::Priority`]), the urgent
    /// ones more often, none of them never. What was claimed and lost comes before.
    /// A caller that stops waiting for the answer may leave a claim behind, which ends with its lease.
    async fn claim(&self, lease: Duration) -> Result<Option<Claim>, StoreError>;

    /// Makes the lease last this long from now.
    async fn extend(&self, lease: Lease, length: Duration) -> Result<Extended, StoreError>;

    /// Records the final report and counts it.
    async fn finish(&self, lease: Lease, report: &Report) -> Result<LeaseUse, StoreError>;

    /// Gives the submission back to the queue, in its old place.
    async fn release(&self, lease: Lease) -> Result<LeaseUse, StoreError>;

    /// Cancels a submission of this owner, or deletes its result if it has one; `None` if there is no such id or it is
    /// another's. However this and [`Store::finish`] meet, there is one report at the most.
    async fn cancel(&self, owner: &str, id: ExecId) -> Result<Option<Cancelled>, StoreError>;

    /// Deletes a few of this owner's submissions with this [`Submission::student`], those first that were accepted first:
    /// what waits is made final, as by [`Store::cancel`], and deleted like what is done; what runs is marked, and to be
    /// deleted by a later call. To be called until there are no more.
    async fn erase(&self, owner: &str, student: &str) -> Result<Erased, StoreError>;

    /// Gives back everything that is claimed. Only for a store with one node, at its start, when no
    /// worker can be alive. Returns how many there were.
    async fn recover(&self) -> Result<u64, StoreError>;

    /// What is known of a submission of this owner; `None` if there is no such id or it is another's. A report that is
    /// [`Submission::no_store`] is deleted a minute after it was asked for here, or told by a callback, for the first time, and
    /// an hour after it came if it never is; to be precise, by [`Store::clean`] then.
    async fn status(&self, owner: &str, id: ExecId) -> Result<Option<Status>, StoreError>;

    /// The place in the queue of a submission of this owner: 1 is next, 0 runs. It is what would come true if nothing
    /// else were accepted, released or cancelled; after a cancellation it may be further back than that. `None` if it is finished or there is none.
    async fn place(&self, owner: &str, id: ExecId) -> Result<Option<u64>, StoreError>;

    /// What became of the submissions of a batch of this owner, in their order, without those that were deleted; none if there
    /// is no such batch or it is another's.
    async fn batch(&self, owner: &str, batch: ExecId) -> Result<Vec<BatchMember>, StoreError>;

    /// How much waits, of this owner and of all.
    async fn waiting(&self, owner: &str) -> Result<Waiting, StoreError>;

    /// Can something be accepted? Asks the disk only when the last that was to be written could not be.
    async fn writable(&self) -> Result<(), StoreError>;

    /// The counters.
    async fn totals(&self) -> Result<Totals, StoreError>;
}

/// The store failed. For the operator; a client learns only that the service is unavailable.
#[derive(Debug, thiserror::Error)]
#[error("{context}: {source}")]
pub struct StoreError {
    /// What was being done.
    pub context: &'static str,
    /// Why it failed.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl StoreError {
    fn new(context: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { context, source: source.into() }
    }
}

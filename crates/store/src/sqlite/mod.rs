//! The store of a single node: one SQLite file, owned by one process.
//!
//! ```text
//!  submit, claim, finish, ...  --bounded channel-->  writer task  --one transaction per batch-->  file
//!  status, totals              --small pool of read-only connections----------------------------> file
//! ```
//!
//! - [`open`]: the file, its lock, the checks without which it is not safe to write.
//! - [`writer`]: group commit; knows nothing of what is written.
//! - [`changes`]: what is written, one type per operation of [`Store`].
//! - [`claim`], [`cancel`]: of what is written, the claims and their opposite; [`crate::queue`] says whose turn it is.
//! - [`erase`]: what belongs to a student.
//! - [`batch`]: several submissions at once, written and read; [`once`]: those of a request that may be repeated.
//! - [`reads`]: what is read; [`place`]: where in the queue something stands.
//! - [`clean`]: deletes what has expired; [`passing`]: what was not to stay.
//! - [`callbacks`]: who is to be told of results.
//! - [`keys`], [`key_change`], [`usage`]: API keys, and what their owners used.
//! - [`history`]: what happened when, for those who run the server.
//! - [`beside`]: the keys alone, for a process beside the one that owns the file.
//! - [`source`]: the file, for whoever copies it elsewhere.
//! - [`rows`]: values as columns, and the clock of the leases.
//!
//! The queue is not for several processes on one file: a lock file refuses the second, and leases are
//! measured on the first one's monotonic clock.

mod batch;
mod beside;
mod callbacks;
mod cancel;
mod changes;
mod claim;
mod clean;
mod erase;
mod history;
mod key_change;
mod keys;
mod once;
mod open;
mod passing;
mod place;
mod reads;
mod rows;
mod source;
mod usage;
mod writer;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use model::{ExecId, Report, Submission};
use sqlx::SqlitePool;
use time::OffsetDateTime;

use self::batch::SubmitBatch;
pub use self::beside::SqliteKeys;
use self::cancel::Cancelling;
use self::changes::{Extend, Finish, Recover, Release, Submit, SubmitFinished, TryToWrite};
use self::claim::Claiming;
use self::clean::{Clean, EmptyLog};
use self::erase::Erasing;
use self::history::AddHistory;
use self::key_change::ChangeKey;
use self::keys::{AddKey, RevokeKey, RotateKey};
use self::once::SubmitOnce;
use self::passing::Fetched;
use self::rows::LeaseClock;
pub(crate) use self::source::Source;
use self::writer::Writer;
use crate::history::{HistoryStore, RecentSubmission, Resolution, Stretch, UsedLately};
use crate::keys::{Added, KeyName, KeyRecord, KeyStore, NewKey, OwnerUsage, SecretDigest};
use crate::{
    Accepted, BatchMember, Cancelled, Claim, Cleaned, Earlier, Erased, Extended, KeyChange, Lease, LeaseUse, Once,
    Status, Store, StoreError, Submissions, Totals, Waiting,
};

/// A [`Store`] in one SQLite file.
pub struct SqliteStore {
    writer: Writer,
    /// Read-only connections. Closed before the writer, whose connection, as the last one, then
    /// moves what is in the write-ahead log into the file.
    readers: SqlitePool,
    clock: LeaseClock,
    /// Something was deleted, and is still in the write-ahead log.
    has_traces: AtomicBool,
}

impl SqliteStore {
    /// Opens the store at `path`, or makes it (readable by this user only) if there is none. Its
    /// folder must exist. Must be called within a tokio runtime.
    ///
    /// Leases of an earlier process are over: its clock is gone, and so are its workers.
    ///
    /// # Errors
    /// [`StoreError`] if the file can not be created, is open in another process, is not a
    /// database, has a newer schema than this program, or if SQLite does not promise durability
    /// (version, journal mode, `synchronous`). A file that is refused is not changed.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let opened = open::open(path).await.map_err(|source| StoreError::new("opening the store", source))?;
        let writer = Writer::start(opened.connection, Some(opened.lock));
        Ok(Self::new(writer, opened.readers))
    }

    fn new(writer: Writer, readers: SqlitePool) -> Self {
        // The process before this one may have deleted something just before its end.
        let has_traces = AtomicBool::new(true);
        Self { writer, readers, clock: LeaseClock::start(), has_traces }
    }

    /// Finishes what has been asked for so far, then closes the file. Whatever is asked for later
    /// fails. Dropping the store instead loses nothing, but the file stays open for a moment.
    ///
    /// # Errors
    /// [`StoreError`] if SQLite could not close the file; everything acknowledged is on disk even so.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.readers.close().await;
        self.writer.close().await
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn submit(&self, submission: &Submission) -> Result<(), StoreError> {
        self.writer.write(Submit::new(submission)?).await
    }

    async fn submit_finished(&self, submission: &Submission, report: &Report) -> Result<(), StoreError> {
        self.writer.write(SubmitFinished::new(submission, report)?).await
    }

    async fn submit_batch(&self, batch: ExecId, members: &[(Submission, Option<Report>)]) -> Result<(), StoreError> {
        self.writer.write(SubmitBatch::new(batch, members)?).await
    }

    async fn submit_once(&self, once: &Once, submissions: Submissions<'_>) -> Result<Accepted, StoreError> {
        self.writer.write(SubmitOnce::new(once, submissions)?).await
    }

    async fn submitted_once(&self, owner: &str, key: &str) -> Result<Option<Earlier>, StoreError> {
        let found = once::find(&self.readers, owner, key).await;
        found.map_err(|source| StoreError::new("looking for an idempotency key", source))
    }

    async fn clean(&self, results_kept: Duration) -> Result<Cleaned, StoreError> {
        let cleaned = self.writer.write(Clean { results_kept }).await?;
        if cleaned.results > 0 {
            self.has_traces.store(true, Ordering::Relaxed);
        } else if self.has_traces.swap(false, Ordering::Relaxed) {
            self.writer.write(EmptyLog).await?;
        }
        Ok(cleaned)
    }

    async fn claim(&self, lease: Duration) -> Result<Option<Claim>, StoreError> {
        self.writer.write(Claiming { length: lease, clock: self.clock }).await
    }

    async fn extend(&self, lease: Lease, length: Duration) -> Result<Extended, StoreError> {
        self.writer.write(Extend { lease, length, clock: self.clock }).await
    }

    async fn finish(&self, lease: Lease, report: &Report) -> Result<LeaseUse, StoreError> {
        self.writer.write(Finish::new(lease, report)?).await
    }

    async fn release(&self, lease: Lease) -> Result<LeaseUse, StoreError> {
        self.writer.write(Release { lease }).await
    }

    async fn cancel(&self, owner: &str, id: ExecId) -> Result<Option<Cancelled>, StoreError> {
        self.has_traces.store(true, Ordering::Relaxed);
        self.writer.write(Cancelling { owner: owner.to_owned(), id }).await
    }

    async fn erase(&self, owner: &str, student: &str) -> Result<Erased, StoreError> {
        self.has_traces.store(true, Ordering::Relaxed);
        self.writer.write(Erasing { owner: owner.to_owned(), student: student.to_owned() }).await
    }

    async fn recover(&self) -> Result<u64, StoreError> {
        self.writer.write(Recover).await
    }

    async fn status(&self, owner: &str, id: ExecId) -> Result<Option<Status>, StoreError> {
        let read = reads::status(&self.readers, owner, id).await;
        let (status, passing) = read.map_err(|source| StoreError::new("reading a result", source))?;
        if let Some(place) = passing {
            self.writer.write(Fetched { place }).await?;
        }
        Ok(status)
    }

    async fn place(&self, owner: &str, id: ExecId) -> Result<Option<u64>, StoreError> {
        place::of(&self.readers, owner, id).await.map_err(|source| StoreError::new("reading a place", source))
    }

    async fn batch(&self, owner: &str, batch: ExecId) -> Result<Vec<BatchMember>, StoreError> {
        batch::members(&self.readers, owner, batch).await.map_err(|source| StoreError::new("reading a batch", source))
    }

    async fn waiting(&self, owner: &str) -> Result<Waiting, StoreError> {
        reads::waiting(&self.readers, owner).await.map_err(|source| StoreError::new("counting what waits", source))
    }

    async fn writable(&self) -> Result<(), StoreError> {
        if self.writer.is_failing() { self.writer.write(TryToWrite).await } else { Ok(()) }
    }

    async fn totals(&self) -> Result<Totals, StoreError> {
        reads::totals(&self.readers).await.map_err(|source| StoreError::new("reading the totals", source))
    }
}

#[async_trait]
impl KeyStore for SqliteStore {
    async fn add_key(&self, key: &NewKey) -> Result<Added, StoreError> {
        self.writer.write(AddKey(key.clone())).await
    }

    async fn rotate_key(&self, name: &str, secret: &SecretDigest, overlap: Duration) -> Result<bool, StoreError> {
        // What is no name is no key's name.
        let Some(name) = KeyName::parse(name) else { return Ok(false) };
        self.writer.write(RotateKey { name, secret: secret.clone(), overlap }).await
    }

    async fn change_key(&self, name: &str, change: &KeyChange) -> Result<bool, StoreError> {
        let Some(name) = KeyName::parse(name) else { return Ok(false) };
        self.writer.write(ChangeKey { name, change: *change }).await
    }

    async fn revoke_key(&self, name: &str) -> Result<bool, StoreError> {
        let Some(name) = KeyName::parse(name) else { return Ok(false) };
        self.writer.write(RevokeKey(name)).await
    }

    async fn keys(&self) -> Result<Vec<KeyRecord>, StoreError> {
        keys::all(&self.readers).await.map_err(|source| StoreError::new("reading the keys", source))
    }

    async fn key_changes(&self) -> Result<i64, StoreError> {
        let number = keys::changes(&self.readers).await;
        number.map_err(|source| StoreError::new("asking whether the keys have changed", source))
    }

    async fn usage(&self, owner: &str) -> Result<OwnerUsage, StoreError> {
        let used = usage::of_owner(&self.readers, owner).await;
        used.map_err(|source| StoreError::new("reading what an owner used", source))
    }

    async fn cpu_time_today(&self, owner: &str) -> Result<Duration, StoreError> {
        let used = usage::cpu_time_today(&self.readers, owner).await;
        used.map_err(|source| StoreError::new("reading the CPU time of a day", source))
    }
}

#[async_trait]
impl HistoryStore for SqliteStore {
    async fn add_history(&self, stretches: &[Stretch], finished: &[RecentSubmission]) -> Result<(), StoreError> {
        self.writer.write(AddHistory::new(stretches, finished)?).await
    }

    async fn history(
        &self,
        resolution: Resolution,
        from: OffsetDateTime,
        until: OffsetDateTime,
        step: Duration,
    ) -> Result<Vec<Stretch>, StoreError> {
        let found = history::reads::between(&self.readers, resolution, from, until, step).await;
        found.map_err(|source| StoreError::new("reading the history", source))
    }

    async fn recent(&self, most: u32) -> Result<Vec<RecentSubmission>, StoreError> {
        let found = history::reads::recent(&self.readers, most).await;
        found.map_err(|source| StoreError::new("reading which submissions finished last", source))
    }

    async fn used_lately(&self, owners: &[&str]) -> Result<BTreeMap<String, UsedLately>, StoreError> {
        let used = history::reads::used_lately(&self.readers, owners).await;
        used.map_err(|source| StoreError::new("reading what owners used lately", source))
    }
}

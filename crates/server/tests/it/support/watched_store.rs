//! The real store, with an eye on its calls and a way to make them fail.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use model::{ExecId, Report, Submission};
use server::commands::serve::DATABASE;
use store::{
    Accepted, BatchMember, CallbackStore, Cancelled, Claim, Cleaned, Earlier, Erased, Extended, HistoryStore, KeyStore,
    Lease, LeaseUse, Once, SqliteStore, Status, Store, StoreError, Submissions, Totals, Waiting,
};
use tokio::sync::watch;

use super::soon;

/// The real store, watched.
pub struct WatchedStore {
    inner: Arc<SqliteStore>,
    /// Every report the store has been offered, and what it said.
    finishes: watch::Sender<Vec<(ExecId, LeaseUse)>>,
    /// How often a place was told.
    places: watch::Sender<usize>,
    /// How often a lease was extended.
    extensions: watch::Sender<usize>,
    /// What was cleaned since the store was opened.
    cleaned: watch::Sender<Cleaned>,
    /// How many calls of each kind still have to fail.
    pub failures: Failures,
}

#[derive(Default)]
pub struct Failures {
    pub submit: AtomicU32,
    pub finish: AtomicU32,
    pub status: AtomicU32,
    pub totals: AtomicU32,
    pub clean: AtomicU32,
}

impl WatchedStore {
    pub async fn open(folder: &Path) -> Arc<Self> {
        let inner = SqliteStore::open(&folder.join(DATABASE)).await.expect("the store opens");
        let inner = Arc::new(inner);
        let (finishes, extensions) = (watch::Sender::new(Vec::new()), watch::Sender::new(0));
        let (places, cleaned) = (watch::Sender::new(0), watch::Sender::default());
        Arc::new(Self { inner, finishes, places, extensions, cleaned, failures: Failures::default() })
    }

    /// The keys in it, which are not watched.
    pub fn keys(&self) -> Arc<dyn KeyStore> {
        self.inner.clone()
    }

    /// The history in it, which is not watched.
    pub fn history(&self) -> Arc<dyn HistoryStore> {
        self.inner.clone()
    }

    /// The callbacks in it, which are not watched.
    pub fn callbacks(&self) -> Arc<dyn CallbackStore> {
        self.inner.clone()
    }

    pub async fn close(&self) {
        self.inner.close().await.expect("the store closes");
    }

    /// Reports that were accepted, by submission.
    pub fn accepted(&self) -> BTreeMap<ExecId, usize> {
        let mut counts = BTreeMap::new();
        for (id, _) in self.finishes.borrow().iter().filter(|(_, result)| *result == LeaseUse::Done) {
            *counts.entry(*id).or_insert(0) += 1;
        }
        counts
    }

    /// Returns when that many reports have been offered.
    pub async fn offered(&self, reports: usize) {
        let mut seen = self.finishes.subscribe();
        soon(seen.wait_for(|all| all.len() >= reports)).await.expect("the store is alive");
    }

    /// Returns when leases have been extended that many times from now.
    pub async fn extended(&self, times: usize) {
        let mut seen = self.extensions.subscribe();
        let goal = *seen.borrow() + times;
        soon(seen.wait_for(|count| *count >= goal)).await.expect("the store is alive");
    }

    /// Returns when places have been told that many times since the store was opened.
    pub async fn placed(&self, times: usize) {
        let mut seen = self.places.subscribe();
        soon(seen.wait_for(|count| *count >= times)).await.expect("the store is alive");
    }

    /// Returns when that many expired names and results were deleted since the store was opened.
    pub async fn cleaned(&self, keys: u64, results: u64) {
        let mut seen = self.cleaned.subscribe();
        soon(seen.wait_for(|all| all.keys >= keys && all.results >= results)).await.expect("the store is alive");
    }

    /// Returns when that submission has its result.
    pub async fn finished(&self, id: ExecId) {
        let mut seen = self.finishes.subscribe();
        soon(seen.wait_for(|all| all.contains(&(id, LeaseUse::Done)))).await.expect("the store is alive");
    }

    /// The final report.
    pub async fn report(&self, id: ExecId) -> Report {
        match self.inner.status("default", id).await.expect("the store works") {
            Some(Status::Done(report)) => *report,
            other => panic!("{id} should be done, but is {other:?}"),
        }
    }
}

fn fail_if_told(left: &AtomicU32) -> Result<(), StoreError> {
    match left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) {
        Ok(_) => Err(StoreError { context: "test", source: "/secret/path: no space left on device".into() }),
        Err(_) => Ok(()),
    }
}

#[async_trait]
impl Store for WatchedStore {
    async fn submit(&self, submission: &Submission) -> Result<(), StoreError> {
        fail_if_told(&self.failures.submit)?;
        self.inner.submit(submission).await
    }

    async fn submit_finished(&self, submission: &Submission, report: &Report) -> Result<(), StoreError> {
        self.inner.submit_finished(submission, report).await
    }

    async fn submit_batch(&self, batch: ExecId, members: &[(Submission, Option<Report>)]) -> Result<(), StoreError> {
        fail_if_told(&self.failures.submit)?;
        self.inner.submit_batch(batch, members).await
    }

    async fn submit_once(&self, once: &Once, submissions: Submissions<'_>) -> Result<Accepted, StoreError> {
        fail_if_told(&self.failures.submit)?;
        self.inner.submit_once(once, submissions).await
    }

    async fn submitted_once(&self, owner: &str, key: &str) -> Result<Option<Earlier>, StoreError> {
        self.inner.submitted_once(owner, key).await
    }

    async fn clean(&self, results_kept: Duration) -> Result<Cleaned, StoreError> {
        fail_if_told(&self.failures.clean)?;
        let cleaned = self.inner.clean(results_kept).await?;
        self.cleaned.send_modify(|all| {
            all.keys += cleaned.keys;
            all.results += cleaned.results;
        });
        Ok(cleaned)
    }

    async fn batch(&self, owner: &str, batch: ExecId) -> Result<Vec<BatchMember>, StoreError> {
        self.inner.batch(owner, batch).await
    }

    async fn claim(&self, lease: Duration) -> Result<Option<Claim>, StoreError> {
        self.inner.claim(lease).await
    }

    async fn extend(&self, lease: Lease, length: Duration) -> Result<Extended, StoreError> {
        let result = self.inner.extend(lease, length).await;
        self.extensions.send_modify(|count| *count += 1);
        result
    }

    async fn finish(&self, lease: Lease, report: &Report) -> Result<LeaseUse, StoreError> {
        fail_if_told(&self.failures.finish)?;
        let result = self.inner.finish(lease, report).await?;
        self.finishes.send_modify(|all| all.push((lease.id, result)));
        Ok(result)
    }

    async fn release(&self, lease: Lease) -> Result<LeaseUse, StoreError> {
        self.inner.release(lease).await
    }

    async fn cancel(&self, owner: &str, id: ExecId) -> Result<Option<Cancelled>, StoreError> {
        let result = self.inner.cancel(owner, id).await?;
        if matches!(result, Some(Cancelled::Ended(_))) {
            self.finishes.send_modify(|all| all.push((id, LeaseUse::Done)));
        }
        Ok(result)
    }

    async fn erase(&self, owner: &str, student: &str) -> Result<Erased, StoreError> {
        self.inner.erase(owner, student).await
    }

    async fn recover(&self) -> Result<u64, StoreError> {
        self.inner.recover().await
    }

    async fn status(&self, owner: &str, id: ExecId) -> Result<Option<Status>, StoreError> {
        fail_if_told(&self.failures.status)?;
        self.inner.status(owner, id).await
    }

    async fn place(&self, owner: &str, id: ExecId) -> Result<Option<u64>, StoreError> {
        let place = self.inner.place(owner, id).await;
        self.places.send_modify(|count| *count += 1);
        place
    }

    async fn waiting(&self, owner: &str) -> Result<Waiting, StoreError> {
        self.inner.waiting(owner).await
    }

    async fn writable(&self) -> Result<(), StoreError> {
        self.inner.writable().await
    }

    async fn totals(&self) -> Result<Totals, StoreError> {
        fail_if_told(&self.failures.totals)?;
        self.inner.totals().await
    }
}

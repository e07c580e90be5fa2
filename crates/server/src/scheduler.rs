//! Takes submissions out of the store and has them executed.
//!
//! ```text
//!             wake                    claim (lease)               execute
//!  POST /run ------>  worker 1..N  <----------------  store     ----------->  executor
//!                        |   ^                          ^                        |
//!                        |   +--- report or error ------|------------------------+
//!                        +------- finish / release -----+
//! ```
//!
//! **A worker** claims one submission, executes it, finishes it, and looks for the next. When there is
//! none it sleeps until it is woken; a slow poll is the net for what another node accepted and for
//! leases that ran out.
//!
//! **The lease** is extended by a heartbeat while the executor works. If the store says that it was
//! superseded, the run is stopped and its report dropped: somebody else's counts. A report that comes too
//! late is refused by the store anyway, so a result is written once, whatever happens here.
//!
//! **A cancellation** by the owner is a mark in the store, which the heartbeat brings, and in the process that runs the
//! submission a word in its ear ([`Cancels`]). The run is stopped, and its report says what was finished and what was not;
//! where there is none in time, nothing was. What was marked and not finished is finished by whoever claims it next.
//!
//! **A failure of ours** (an error, a panic, or a report that blames the platform) is logged, waited out
//! and released, so that it is tried again; after [`Timing::attempts`] the submission ends as
//! `internal_error`. The same happens to a submission that was claimed [`Timing::claims`] times without
//! ever coming back, because each time the server died with it.
//!
//! **A broken wall** stops the workers before they claim anything: what was accepted keeps its attempts and waits,
//! where an executor that refused it would use them up and end it as `internal_error`. What runs already is
//! finished; it began behind a wall that held.
//!
//! **Stopping** is a point in time until which running submissions may finish; then they are cancelled
//! and released for the next start.
//!
//! This module does not know what a box is and judges nothing: verdicts come with the report.

mod lease;
mod stop;

use std::sync::Arc;
use std::time::Duration;

use executor::Executor;
use futures_util::future::join_all;
use model::{Fault, Phases, Report, Submission};
use store::{Claim, LeaseUse, Store, StoreError};
use time::OffsetDateTime;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use crate::cancels::{Cancels, Running};
use crate::events::Events;
use crate::execution_log::{ExecutionLog, Line};
use crate::fleet::Publisher;
use crate::metrics::observed::Observed;
use crate::throughput::Throughput;
use crate::traces::Traces;
use crate::waiters::Waiters;
use lease::{Asked, Ended};
pub use stop::{Stop, Stopper, stopper};

/// How long things take and how often they are tried.
#[derive(Debug, Clone)]
pub struct Timing {
    /// How long a claim holds without a heartbeat.
    pub lease: Duration,
    /// How often it is extended.
    pub heartbeat: Duration,
    /// How often a worker looks for work that nobody announced.
    pub poll: Duration,
    /// The wait after the first failure; it doubles with each.
    pub backoff: Duration,
    /// How long a run may take to end after it was asked to.
    pub abandon: Duration,
    /// How often a submission is tried when the platform fails.
    pub attempts: u32,
    /// How often it is claimed at all.
    pub claims: u32,
}

impl Timing {
    /// Those of a node whose claims last this long.
    pub fn with_lease(lease: Duration) -> Self {
        Self { lease, heartbeat: lease / 3, ..Self::default() }
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(30),
            heartbeat: Duration::from_secs(10),
            poll: Duration::from_secs(1),
            backoff: Duration::from_millis(500),
            abandon: Duration::from_secs(5),
            attempts: 3,
            claims: 10,
        }
    }
}

/// The longest wait between two attempts to write a report.
const MOST_BACKOFF: Duration = Duration::from_secs(5);

/// What the workers share.
pub struct Scheduler {
    /// Where work comes from and reports go.
    pub store: Arc<dyn Store>,
    /// Runs submissions.
    pub executor: Arc<dyn Executor>,
    /// Notified when something was submitted.
    pub wake: Arc<Notify>,
    /// Told when something is final.
    pub waiters: Arc<Waiters>,
    /// Told of each step of what runs.
    pub events: Arc<Events>,
    /// Says when the owner of what runs wants it stopped.
    pub cancels: Arc<Cancels>,
    /// Told how long each took.
    pub throughput: Arc<Throughput>,
    /// One line per finished submission.
    pub log: ExecutionLog,
    /// What is counted of it.
    pub observed: Arc<Observed>,
    /// Takes down what happens, for whoever collects it.
    pub traces: Arc<Traces>,
    /// Tells other nodes what happens, if there are any.
    pub publisher: Option<Arc<Publisher>>,
    /// How long, how often.
    pub timing: Timing,
}

impl Scheduler {
    /// Runs that many workers until `stop` is asked for and each has finished or released its submission.
    pub async fn run(self: Arc<Self>, workers: usize, stop: Stop) {
        let worker = |_| tokio::spawn(self.clone().work(stop.clone()));
        for ended in join_all((0..workers).map(worker)).await {
            if let Err(error) = ended {
                tracing::error!(error = %error, "a worker died");
            }
        }
    }

    async fn work(self: Arc<Self>, stop: Stop) {
        let mut store_works = true;
        while !stop.asked() {
            // Listening before looking: what is submitted in between is not missed.
            let mut woken = std::pin::pin!(self.wake.notified());
            woken.as_mut().enable();
            if self.executor.ready().is_err() {
                // The reason is logged where it is found. Nobody says when it is gone, so it is asked for again.
                tokio::select! {
                    () = sleep(self.timing.poll) => {}
                    () = stop.clone().wait() => {}
                }
                continue;
            }
            match self.store.claim(self.timing.lease).await {
                Ok(Some(claim)) => {
                    store_works = true;
                    if self.publisher.is_some() {
                        // One notice of the fleet wakes one worker, and there may be more than one submission behind it.
                        self.wake.notify_one();
                    }
                    self.handle(claim, &stop).await;
                }
                Ok(None) => {
                    store_works = true;
                    tokio::select! {
                        () = woken => {}
                        () = sleep(self.timing.poll) => {}
                        () = stop.clone().wait() => {}
                    }
                }
                Err(error) => {
                    if std::mem::take(&mut store_works) {
                        tracing::error!(error = %error, "no work can be fetched until the store works again");
                    }
                    tokio::select! {
                        () = sleep(self.timing.poll) => {}
                        () = stop.clone().wait() => {}
                    }
                }
            }
        }
    }

    /// One claim, to its end.
    async fn handle(&self, claim: Claim, stop: &Stop) {
        let queue = waited(claim.submitted_at);
        if claim.attempt > self.timing.claims {
            tracing::error!(exec_id = %claim.lease.id, attempt = claim.attempt, "given up: no attempt ever came back");
            return self.finish(&claim, failure(&claim.submission, queue), stop).await;
        }
        let running = self.cancels.running(claim.lease.id);
        if claim.cancel_asked {
            return self.finish(&claim, cancelled(&claim.submission, queue), stop).await;
        }
        // Dropped at the end, when the report is in the store.
        let watched = self.events.running(claim.lease);
        let _published = self.publisher.as_ref().map(|publisher| publisher.running(claim.lease));
        let attempt = self.traces.attempt(&claim);
        let start = Instant::now();
        let ended = self.execute(&claim, &running, attempt.observed(watched.observer()), stop).await;
        attempt.ended(ended.for_traces());
        match ended {
            Ended::Reported(report) if blames_platform(&report) => {
                let last = claim.attempt >= self.timing.attempts;
                let cause = "the report blames the platform";
                tracing::error!(exec_id = %claim.lease.id, attempt = claim.attempt, last, cause, "an execution failed");
                self.retry_or(report, &claim, &running, queue, stop).await;
            }
            Ended::Reported(report) => {
                self.throughput.finished(start.elapsed());
                self.finish(&claim, with_queue(report, queue), stop).await;
            }
            Ended::Failed(cause) => {
                let last = claim.attempt >= self.timing.attempts;
                tracing::error!(exec_id = %claim.lease.id, attempt = claim.attempt, last, cause, "an execution failed");
                self.retry_or(failure(&claim.submission, queue), &claim, &running, queue, stop).await;
            }
            Ended::Cancelled(report) => self.finish(&claim, with_queue(report, queue), stop).await,
            Ended::Stopped => self.release(&claim).await,
            Ended::Superseded => {
                tracing::warn!(exec_id = %claim.lease.id, "a lease was lost; the report is dropped");
            }
        }
    }

    /// Gives the submission back after a while, or ends it with `report` when it was tried often enough.
    async fn retry_or(&self, report: Report, claim: &Claim, running: &Running<'_>, queue: Duration, stop: &Stop) {
        if claim.attempt >= self.timing.attempts {
            return self.finish(claim, with_queue(report, queue), stop).await;
        }
        let wait = self.timing.backoff * 2_u32.saturating_pow(claim.attempt - 1);
        let asked = tokio::select! {
            () = sleep(wait) => None,
            () = stop.clone().wait() => None,
            () = running.asked.cancelled() => Some(Asked::Cancelled),
            asked = self.keep(claim.lease) => Some(asked),
        };
        match asked {
            Some(Asked::Cancelled) => self.finish(claim, cancelled(&claim.submission, queue), stop).await,
            Some(Asked::Superseded | Asked::Stopped) => {}
            None => self.release(claim).await,
        }
    }

    async fn release(&self, claim: &Claim) {
        match self.store.release(claim.lease).await {
            // Another worker may be idle, and this one may be about to stop.
            Ok(_) => self.wake.notify_one(),
            Err(error) => {
                let meaning = "a submission is tried again only when its lease has run out";
                tracing::error!(exec_id = %claim.lease.id, error = %error, "{meaning}");
            }
        }
    }

    /// Writes the report, however long the store takes to work again; only the end of the server gives
    /// up, and then the submission is run again at the next start.
    async fn finish(&self, claim: &Claim, report: Report, stop: &Stop) {
        let mut wait = self.timing.backoff;
        let mut complain = true;
        loop {
            match self.store.finish(claim.lease, &report).await {
                Ok(LeaseUse::Done) => {
                    self.observed.finished(&claim.submission, &report);
                    self.waiters.finished(claim.lease.id);
                    return self.log.write(&Line::new(&claim.submission, &report));
                }
                Ok(LeaseUse::Superseded) => {
                    tracing::warn!(exec_id = %claim.lease.id, "a report came after the lease was lost and is dropped");
                    return;
                }
                Err(error) => self.complain(claim, &error, std::mem::take(&mut complain)),
            }
            tokio::select! {
                () = sleep(wait) => wait = (wait * 2).min(MOST_BACKOFF),
                () = stop.clone().deadline() => return,
            }
        }
    }

    fn complain(&self, claim: &Claim, error: &StoreError, first: bool) {
        if first {
            tracing::error!(exec_id = %claim.lease.id, error = %error, "a report can not be stored yet");
        }
    }
}

fn failure(submission: &Submission, queue: Duration) -> Report {
    Report::platform_failure(submission, Phases { queue, ..Phases::default() })
}

fn cancelled(submission: &Submission, queue: Duration) -> Report {
    Report::cancelled(submission, Phases { queue, ..Phases::default() })
}

fn with_queue(mut report: Report, queue: Duration) -> Report {
    report.phases.queue = queue;
    report
}

fn blames_platform(report: &Report) -> bool {
    report.inputs.iter().any(|input| input.fault == Some(Fault::Platform))
}

/// Since then, by the wall clock; nothing if the clock was set back.
fn waited(since: OffsetDateTime) -> Duration {
    (OffsetDateTime::now_utc() - since).try_into().unwrap_or_default()
}

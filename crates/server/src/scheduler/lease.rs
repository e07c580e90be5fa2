//! Executes one claimed submission while its lease is kept, and stops it when it is lost.

use std::panic::AssertUnwindSafe;

use executor::{Cancel, ExecutorError, Observer};
use futures_util::FutureExt;
use model::{Phases, Report, Verdict};
use store::{Claim, Extended, Lease};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::{Scheduler, Stop, blames_platform};
use crate::cancels::Running;
use crate::traces::AttemptEnd;

/// How an execution ended, as far as the queue is concerned.
pub(super) enum Ended {
    /// There is a report.
    Reported(Report),
    /// We failed; the cause is for the operator.
    Failed(String),
    /// Its owner has stopped it; this is what had finished by then.
    Cancelled(Report),
    /// The server stops; somebody else shall run it.
    Stopped,
    /// Somebody else has it already.
    Superseded,
}

impl Ended {
    /// What is told of it to whoever collects traces.
    pub(super) fn for_traces(&self) -> AttemptEnd {
        match self {
            Self::Reported(report) | Self::Cancelled(report) => AttemptEnd::Reported(report.verdict),
            Self::Failed(_) => AttemptEnd::Failed,
            Self::Stopped => AttemptEnd::Stopped,
            Self::Superseded => AttemptEnd::Superseded,
        }
    }
}

/// Why a run was asked to end.
pub(super) enum Asked {
    Cancelled,
    Superseded,
    Stopped,
}

impl Scheduler {
    pub(super) async fn execute(&self, claim: &Claim, running: &Running<'_>, observer: Observer, stop: &Stop) -> Ended {
        let cancel = Cancel::default();
        // A panic ends this submission's attempt, not the worker.
        let mut run = std::pin::pin!(
            AssertUnwindSafe(self.executor.execute_observed(&claim.submission, &cancel, &observer)).catch_unwind()
        );
        let asked = tokio::select! {
            result = &mut run => return ended(result),
            () = running.asked.cancelled() => Asked::Cancelled,
            asked = self.keep(claim.lease) => asked,
            () = stop.clone().deadline() => Asked::Stopped,
        };
        cancel.cancel();
        let result = timeout(self.timing.abandon, run).await;
        match (asked, result) {
            (Asked::Cancelled, Ok(Ok(Ok(report)))) if !blames_platform(&report) => Ended::Cancelled(report),
            (Asked::Cancelled, _) => Ended::Cancelled(Report::cancelled(&claim.submission, Phases::default())),
            (Asked::Superseded, _) => Ended::Superseded,
            // It finished by itself just before it was asked.
            (Asked::Stopped, Ok(Ok(Ok(report)))) if !was_cancelled(&report) => Ended::Reported(report),
            (Asked::Stopped, _) => Ended::Stopped,
        }
    }

    /// Extends the lease again and again. Returns when it is lost, or the submission is to be cancelled.
    pub(super) async fn keep(&self, lease: Lease) -> Asked {
        let mut beat = interval_at(Instant::now() + self.timing.heartbeat, self.timing.heartbeat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            match self.store.extend(lease, self.timing.lease).await {
                Ok(Extended::Done) => {}
                Ok(Extended::CancelAsked) => return Asked::Cancelled,
                Ok(Extended::Superseded) => return Asked::Superseded,
                Err(error) => tracing::warn!(exec_id = %lease.id, error = %error, "a lease could not be extended"),
            }
        }
    }
}

fn ended(result: std::thread::Result<Result<Report, ExecutorError>>) -> Ended {
    match result {
        Ok(Ok(report)) => Ended::Reported(report),
        Ok(Err(error)) => Ended::Failed(error.to_string()),
        Err(_) => Ended::Failed("the executor panicked".to_owned()),
    }
}

fn was_cancelled(report: &Report) -> bool {
    report.inputs.iter().any(|input| input.verdict == Verdict::Cancelled)
}

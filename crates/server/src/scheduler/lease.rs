//! Executes one claimed submission while its lease is kept, and stops it when it is lost.

use std::panic::AssertUnwindSafe;

use executor::{Cancel, ExecutorError};
use futures_util::FutureExt;
use model::{Report, Verdict};
use store::{Claim, Lease, LeaseUse};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::{Scheduler, Stop};

/// How an execution ended, as far as the queue is concerned.
pub(super) enum Ended {
    /// There is a report.
    Reported(Report),
    /// We failed; the cause is for the operator.
    Failed(String),
    /// The server stops; somebody else shall run it.
    Stopped,
    /// Somebody else has it already.
    Superseded,
}

/// Why a run was asked to end.
enum Asked {
    Superseded,
    Stopped,
}

impl Scheduler {
    pub(super) async fn execute(&self, claim: &Claim, stop: &Stop) -> Ended {
        let cancel = Cancel::default();
        // A panic ends this submission's attempt, not the worker.
        let mut run =
            std::pin::pin!(AssertUnwindSafe(self.executor.execute(&claim.submission, &cancel)).catch_unwind());
        let asked = tokio::select! {
            result = &mut run => return ended(result),
            () = self.keep(claim.lease) => Asked::Superseded,
            () = stop.clone().deadline() => Asked::Stopped,
        };
        cancel.cancel();
        let result = timeout(self.timing.abandon, run).await;
        match (asked, result) {
            (Asked::Superseded, _) => Ended::Superseded,
            // It finished by itself just before it was asked.
            (Asked::Stopped, Ok(Ok(Ok(report)))) if !was_cancelled(&report) => Ended::Reported(report),
            (Asked::Stopped, _) => Ended::Stopped,
        }
    }

    /// Extends the lease again and again. Returns when it is lost.
    pub(super) async fn keep(&self, lease: Lease) {
        let mut beat = interval_at(Instant::now() + self.timing.heartbeat, self.timing.heartbeat);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            match self.store.extend(lease, self.timing.lease).await {
                Ok(LeaseUse::Done) => {}
                Ok(LeaseUse::Superseded) => return,
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

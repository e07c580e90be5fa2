//! The workers: everything accepted ends once, whatever fails in between.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use executor::Executor;
use executor::fake::{FakeExecutor, answered, failed};
use model::{InputReport, Phases, Report, Verdict};
use server::execution_log::{ExecutionLog, LogGuard};
use server::scheduler::{Scheduler, Stopper, Timing, stopper};
use server::throughput::Throughput;
use store::{LeaseUse, Status, Store};
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::support::{WatchedStore, quick, soon, submission};

/// Workers over a real store.
struct Bench {
    store: Arc<WatchedStore>,
    executor: FakeExecutor,
    wake: Arc<Notify>,
    stopper: Stopper,
    workers: JoinHandle<()>,
    folder: TempDir,
    _log: LogGuard,
}

impl Bench {
    async fn start(executor: FakeExecutor, timing: Timing) -> Self {
        let folder = TempDir::new().unwrap();
        let store = WatchedStore::open(folder.path()).await;
        let (log, guard) = ExecutionLog::open(folder.path()).unwrap();
        let wake = Arc::new(Notify::new());
        let shared: Arc<dyn Executor> = Arc::new(executor.clone());
        let (waiters, events, cancels, observed) = (Arc::default(), Arc::default(), Arc::default(), Arc::default());
        let scheduler = Scheduler {
            store: store.clone(),
            executor: shared,
            wake: wake.clone(),
            waiters,
            events,
            cancels,
            throughput: Arc::new(Throughput::new(2)),
            log,
            observed,
            traces: Arc::default(),
            publisher: None,
            timing,
        };
        let (stopper, stop) = stopper();
        let workers = tokio::spawn(Arc::new(scheduler).run(2, stop));
        Self { store, executor, wake, stopper, workers, folder, _log: guard }
    }

    async fn submit(&self, inputs: &[&str]) -> model::ExecId {
        let submission = submission(inputs);
        self.store.submit(&submission).await.unwrap();
        self.wake.notify_one();
        submission.id
    }

    /// Ends the workers; the store lives on in its folder.
    async fn stop(self, deadline: Instant) -> (Arc<WatchedStore>, TempDir) {
        self.stopper.stop(deadline);
        soon(self.workers).await.expect("the workers end");
        (self.store, self.folder)
    }
}

fn now() -> Instant {
    Instant::now()
}

fn far() -> Instant {
    Instant::now() + Duration::from_secs(600)
}

#[tokio::test]
async fn a_failure_of_the_platform_is_tried_again_and_then_forgotten() {
    let bench = Bench::start(FakeExecutor::echoing().failing(2), quick()).await;
    let id = bench.submit(&["4"]).await;
    bench.store.finished(id).await;
    assert_eq!(bench.executor.executions()[&id], 3);
    let (store, _folder) = bench.stop(now()).await;
    let report = store.report(id).await;
    assert_eq!((report.verdict, report.inputs[0].output.as_str()), (Verdict::Ok, "4"));
    assert_eq!(store.totals().await.unwrap().by_verdict, [(Verdict::Ok, 1)]);
}

#[tokio::test]
async fn after_three_attempts_it_ends_as_an_internal_error() {
    let bench = Bench::start(FakeExecutor::echoing().failing(u32::MAX), quick()).await;
    let id = bench.submit(&["4", "4"]).await;
    bench.store.finished(id).await;
    assert_eq!(bench.executor.executions()[&id], 3);
    let report = bench.store.report(id).await;
    let verdicts: Vec<_> = report.inputs.iter().map(|input| input.verdict).collect();
    assert_eq!((report.verdict, verdicts), (Verdict::InternalError, vec![Verdict::InternalError; 2]));
}

#[tokio::test]
async fn a_report_that_blames_the_platform_is_tried_again_and_kept_if_it_stays() {
    let attempts = AtomicU32::new(0);
    let executor = FakeExecutor::scripted(move |_, input| match input {
        "once" if attempts.fetch_add(1, Ordering::SeqCst) == 0 => failed(input, Verdict::InternalError, "ours"),
        "always" => failed(input, Verdict::InternalError, "ours"),
        _ => answered(input, input),
    });
    let bench = Bench::start(executor, quick()).await;
    let once = bench.submit(&["4", "once"]).await;
    let always = bench.submit(&["4", "always"]).await;
    bench.store.finished(once).await;
    bench.store.finished(always).await;

    assert_eq!(bench.executor.executions()[&once], 2);
    assert_eq!(bench.store.report(once).await.verdict, Verdict::Ok);
    assert_eq!(bench.executor.executions()[&always], 3);
    let report = bench.store.report(always).await;
    let kept = |input: &InputReport| (input.verdict, input.output.clone());
    assert_eq!(kept(&report.inputs[0]), (Verdict::Ok, "4".to_owned()));
    assert_eq!(kept(&report.inputs[1]), (Verdict::InternalError, String::new()));
}

#[tokio::test]
async fn a_panic_of_the_executor_costs_an_attempt_and_no_worker() {
    let panics = AtomicU32::new(0);
    let executor = FakeExecutor::scripted(move |_, input| {
        assert!(panics.fetch_add(1, Ordering::SeqCst) >= 2, "told to panic");
        answered(input, input)
    });
    let bench = Bench::start(executor, quick()).await;
    let id = bench.submit(&["4"]).await;
    bench.store.finished(id).await;
    assert_eq!(bench.store.report(id).await.verdict, Verdict::Ok);
    for _ in 0..5 {
        let next = bench.submit(&["5"]).await;
        bench.store.finished(next).await;
    }
}

#[tokio::test]
async fn fifty_accepted_submissions_all_finish_after_a_crash_and_none_twice() {
    let folder = TempDir::new().unwrap();
    let store = WatchedStore::open(folder.path()).await;
    let submissions: Vec<_> = (0..50).map(|i| submission(&[&i.to_string()])).collect();
    for submission in &submissions {
        store.submit(submission).await.unwrap();
    }
    // A server that dies with five of them in its hands, one of which it has finished.
    let mut claims = Vec::new();
    for _ in 0..5 {
        claims.push(store.claim(Duration::from_secs(3600)).await.unwrap().expect("work"));
    }
    let first = &claims[0];
    let report = Report::new(vec![answered(&first.submission.inputs[0], "before the crash")], Phases::default());
    assert_eq!(store.finish(first.lease, &report).await.unwrap(), LeaseUse::Done);
    store.close().await;
    drop(store);

    let store = WatchedStore::open(folder.path()).await;
    store.recover().await.unwrap();
    let (log, _guard) = ExecutionLog::open(&folder.path().join("logs")).unwrap();
    let executor = FakeExecutor::echoing();
    let scheduler = Arc::new(Scheduler {
        store: store.clone(),
        executor: Arc::new(executor.clone()),
        wake: Arc::new(Notify::new()),
        waiters: Arc::default(),
        events: Arc::default(),
        cancels: Arc::default(),
        throughput: Arc::new(Throughput::new(1)),
        log,
        observed: Arc::default(),
        traces: Arc::default(),
        publisher: None,
        timing: quick(),
    });
    let (stopper, stop) = stopper();
    let workers = tokio::spawn(scheduler.run(4, stop));
    store.offered(49).await;
    stopper.stop(far());
    soon(workers).await.unwrap();

    assert_eq!(store.report(first.lease.id).await, report, "a result never changes");
    assert_eq!(store.accepted().values().copied().collect::<Vec<_>>(), [1; 49]);
    assert_eq!(executor.executions().values().copied().collect::<Vec<_>>(), [1; 49]);
    for submission in &submissions {
        store.report(submission.id).await;
    }
    let totals = store.totals().await.unwrap();
    assert_eq!((totals.in_progress, totals.by_verdict), (0, vec![(Verdict::Ok, 50)]));
}

#[tokio::test]
async fn a_worker_that_lost_its_lease_stops_the_run_and_drops_its_report() {
    let bench = Bench::start(FakeExecutor::echoing().gated(), quick()).await;
    let id = bench.submit(&["4"]).await;
    soon(bench.executor.begun(1)).await;
    // Another node takes it over. The bench's second worker may do so first, and then loses it as well.
    let claim = soon(async {
        loop {
            bench.store.recover().await.unwrap();
            if let Some(claim) = bench.store.claim(Duration::from_secs(3600)).await.unwrap() {
                return claim;
            }
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert_eq!(claim.lease.id, id);

    // The gate stays closed: the worker gets out of the run only because it is cancelled.
    let (store, _folder) = bench.stop(far()).await;
    assert_eq!(store.status("default", id).await.unwrap(), Some(Status::Pending));
    let report = Report::new(vec![answered("4", "theirs")], Phases::default());
    assert_eq!(store.finish(claim.lease, &report).await.unwrap(), LeaseUse::Done);
    assert_eq!(store.report(id).await, report);
    assert_eq!(store.accepted()[&id], 1);
}

#[tokio::test]
async fn the_lease_is_kept_for_as_long_as_the_run_takes() {
    // A run that takes longer than its lease would last without the heartbeats.
    let timing = Timing { lease: Duration::from_millis(600), heartbeat: Duration::from_millis(20), ..quick() };
    let bench = Bench::start(FakeExecutor::echoing().gated(), timing).await;
    let id = bench.submit(&["4"]).await;
    soon(bench.executor.begun(1)).await;
    let before = Instant::now();
    bench.store.extended(40).await;
    assert!(before.elapsed() > Duration::from_millis(600), "the lease has been extended beyond its first end");
    assert!(bench.store.claim(Duration::from_secs(60)).await.unwrap().is_none());
    bench.executor.let_through(1);
    bench.store.finished(id).await;
    assert_eq!(bench.executor.executions()[&id], 1);
}

#[tokio::test]
async fn stopping_lets_running_submissions_finish() {
    let bench = Bench::start(FakeExecutor::echoing().gated(), quick()).await;
    let running = bench.submit(&["4"]).await;
    soon(bench.executor.begun(1)).await;
    let executor = bench.executor.clone();
    let stopping = tokio::spawn(bench.stop(far()));
    executor.let_through(1);
    let (store, _folder) = soon(stopping).await.unwrap();
    assert_eq!(store.report(running).await.verdict, Verdict::Ok);
}

#[tokio::test]
async fn what_does_not_finish_before_the_deadline_is_given_back_and_not_called_cancelled() {
    let bench = Bench::start(FakeExecutor::echoing().gated(), quick()).await;
    let id = bench.submit(&["4"]).await;
    soon(bench.executor.begun(1)).await;
    let (store, _folder) = bench.stop(now()).await;
    assert_eq!(store.status("default", id).await.unwrap(), Some(Status::Pending));
    // Given back: it can be claimed at once, although its lease would still hold.
    let claim = store.claim(Duration::from_secs(60)).await.unwrap().expect("it waits again");
    assert_eq!((claim.lease.id, claim.attempt), (id, 2));
}

#[tokio::test]
async fn a_report_is_offered_again_until_the_store_takes_it() {
    let bench = Bench::start(FakeExecutor::echoing(), quick()).await;
    bench.store.failures.finish.store(3, Ordering::SeqCst);
    let id = bench.submit(&["4"]).await;
    bench.store.finished(id).await;
    assert_eq!(bench.store.failures.finish.load(Ordering::SeqCst), 0);
    assert_eq!(bench.executor.executions()[&id], 1);
}

#[tokio::test]
async fn a_submission_that_never_came_back_is_not_tried_for_ever() {
    let bench = Bench::start(FakeExecutor::echoing(), Timing { claims: 0, ..quick() }).await;
    let id = bench.submit(&["4"]).await;
    bench.store.finished(id).await;
    assert_eq!(bench.store.report(id).await.verdict, Verdict::InternalError);
    assert!(bench.executor.executions().is_empty());
}

#[tokio::test]
async fn work_that_nobody_announced_is_found() {
    let bench = Bench::start(FakeExecutor::echoing(), quick()).await;
    let unannounced = submission(&["4"]);
    bench.store.submit(&unannounced).await.unwrap();
    bench.store.finished(unannounced.id).await;
}

#[tokio::test]
async fn announced_work_does_not_wait_for_the_poll() {
    let timing = Timing { poll: Duration::from_secs(3600), ..quick() };
    let bench = Bench::start(FakeExecutor::echoing(), timing).await;
    // Submitted together, so that several announcements fall on the same moment.
    for _ in 0..20 {
        let ids = futures_util::future::join_all((0..5).map(|_| bench.submit(&["4"]))).await;
        for id in ids {
            bench.store.finished(id).await;
        }
    }
}

#[tokio::test]
async fn the_wait_in_the_queue_is_part_of_the_report_and_not_of_the_execution_time() {
    let bench = Bench::start(FakeExecutor::echoing().gated(), quick()).await;
    // Both workers are busy, so that the third has to wait.
    let busy = [bench.submit(&["1"]).await, bench.submit(&["2"]).await];
    soon(bench.executor.begun(2)).await;
    let id = bench.submit(&["3"]).await;
    let before = Instant::now();
    bench.store.extended(10).await;
    let waited = before.elapsed();
    bench.executor.let_through(3);
    for id in busy.into_iter().chain([id]) {
        bench.store.finished(id).await;
    }
    let report = bench.store.report(id).await;
    assert!(waited > Duration::from_millis(20) && report.phases.queue >= waited, "{:?}", report.phases.queue);
    assert_eq!(report.execution_time(), Duration::from_millis(3));
}

#[tokio::test]
async fn a_run_that_does_not_stop_when_it_is_cancelled_is_given_up_and_its_report_is_not_taken() {
    let timing = Timing { abandon: Duration::from_millis(20), ..quick() };
    let bench = Bench::start(FakeExecutor::echoing().gated().deaf(), timing).await;
    let id = bench.submit(&["4"]).await;
    bench.executor.begun(1).await;
    bench.store.cancel("default", id).await.unwrap();
    bench.store.finished(id).await;
    bench.executor.let_through(1);
    let (store, _folder) = bench.stop(now()).await;
    assert_eq!(store.report(id).await.verdict, Verdict::Cancelled);
    assert_eq!(store.accepted()[&id], 1);
}

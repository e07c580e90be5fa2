//! C-35: a submission that takes its worker with it each time, on the queue that nodes share: it is set aside after so many claims
//! as a fault of ours, and what others sent is run meanwhile.
//!
//! A node is a runtime of its own here. When it is dropped all that it did ends where it stands, as at a kill.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use executor::fake::FakeExecutor;
use executor::{
    AheadStatus, Cancel, CompileCacheStatus, Executor, ExecutorError, LanguageStatus, Observer, WallStatus,
};
use model::{ExecId, Report, Submission, Verdict};
use server::execution_log::ExecutionLog;
use server::scheduler::{Scheduler, Timing, stopper};
use server::throughput::Throughput;
use store::{PostgresStore, Status, Store};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::Notify;

use crate::support::{quick, soon, submission};

const POISON: &str = "poison";

/// Answers like the fake, and never for poison.
struct Poisoned {
    fake: FakeExecutor,
    taken: Arc<Notify>,
    times: Arc<AtomicU32>,
}

#[async_trait]
impl Executor for Poisoned {
    async fn run(
        &self,
        submission: &Submission,
        cancel: &Cancel,
        observer: &Observer,
    ) -> Result<Report, ExecutorError> {
        if submission.inputs == [POISON] {
            self.times.fetch_add(1, Ordering::SeqCst);
            self.taken.notify_one();
            std::future::pending::<()>().await;
        }
        self.fake.run(submission, cancel, observer).await
    }

    fn ready(&self) -> Result<(), String> {
        self.fake.ready()
    }

    fn wall(&self) -> WallStatus {
        self.fake.wall()
    }

    fn compile_cache(&self) -> CompileCacheStatus {
        self.fake.compile_cache()
    }

    fn boxes_ahead(&self) -> AheadStatus {
        self.fake.boxes_ahead()
    }

    fn language(&self, id: &str) -> LanguageStatus {
        self.fake.language(id)
    }
}

/// A worker with two places that is killed when this is dropped.
struct Node {
    runtime: Option<Runtime>,
    taken: Arc<Notify>,
    _folder: TempDir,
}

impl Node {
    fn start(database: &str, times: &Arc<AtomicU32>, timing: &Timing) -> Self {
        let folder = TempDir::new().unwrap();
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let taken = Arc::new(Notify::new());
        let executor = Poisoned { fake: FakeExecutor::echoing(), taken: taken.clone(), times: times.clone() };
        let (handle, address) = (runtime.handle().clone(), database.to_owned());
        // On a thread, since a runtime waits for nothing within another one.
        let connecting = std::thread::spawn(move || handle.block_on(PostgresStore::connect(&address, None)));
        let store = connecting.join().unwrap().unwrap();
        let (timing, path) = (timing.clone(), folder.path().to_owned());
        runtime.spawn(async move {
            let (log, _guard) = ExecutionLog::open(&path).unwrap();
            let scheduler = Scheduler {
                store: Arc::new(store),
                executor: Arc::new(executor),
                wake: Arc::default(),
                waiters: Arc::default(),
                events: Arc::default(),
                cancels: Arc::default(),
                throughput: Arc::new(Throughput::new(2)),
                log,
                observed: Arc::default(),
                traces: Arc::default(),
                publisher: None,
                timing,
            };
            let (_stopper, stop) = stopper();
            Arc::new(scheduler).run(2, stop).await;
        });
        Self { runtime: Some(runtime), taken, _folder: folder }
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.runtime.take().expect("it was there").shutdown_background();
    }
}

async fn verdict(store: &PostgresStore, id: ExecId) -> Option<Verdict> {
    match store.status("default", id).await.unwrap().expect("it was accepted") {
        Status::Done(report) => Some(report.verdict),
        Status::Pending => None,
    }
}

#[tokio::test]
async fn what_kills_each_worker_that_takes_it_is_set_aside_and_others_are_run_meanwhile() {
    let database = testdb::database().await;
    let store = PostgresStore::connect(&database, None).await.unwrap();
    let timing = Timing { lease: Duration::from_millis(300), heartbeat: Duration::from_millis(50), ..quick() };
    let times = Arc::new(AtomicU32::new(0));
    let poison = submission(&[POISON]);
    store.submit(&poison).await.unwrap();
    let mut others = 0;
    for kill in 0..timing.claims {
        let node = Node::start(&database, &times, &timing);
        soon(node.taken.notified()).await;
        // One that came behind it is run by the other place, while it is being run.
        let other = submission(&["4"]);
        store.submit(&other).await.unwrap();
        soon(async { while verdict(&store, other.id).await.is_none() {} }).await;
        others += 1;
        assert_eq!((times.load(Ordering::SeqCst), verdict(&store, poison.id).await), (kill + 1, None));
    }
    let _last = Node::start(&database, &times, &timing);
    soon(async { while verdict(&store, poison.id).await.is_none() {} }).await;
    assert_eq!(verdict(&store, poison.id).await, Some(Verdict::InternalError), "never the student's fault");
    assert_eq!(times.load(Ordering::SeqCst), timing.claims, "nobody ran it again");
    let mut totals = store.totals().await.unwrap();
    totals.by_verdict.sort();
    assert_eq!(totals.in_progress, 0);
    let mut expected = vec![(Verdict::Ok, others), (Verdict::InternalError, 1)];
    expected.sort();
    assert_eq!(totals.by_verdict, expected);
}

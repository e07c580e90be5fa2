//! What one database can do: submissions are accepted, claimed and finished for as long as asked, and nothing is run.
//!
//! ```text
//!  ceiling ADDRESS [--seconds N] [--nodes N] [--in-flight N] [--owners N]
//! ```
//!
//! ADDRESS is `postgres://…`, or the path of a file for SQLite. Each node has a handle of its own, and so its own connections
//! and group commits; as many tasks of it submit as claim, and so many submissions are in flight in all. Prints one line of
//! JSON: how many were finished, and how many a second while all of it went on. bench/fleet/database puts it beside pgbench.

#![forbid(unsafe_code)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use model::{ExecId, InputReport, Judgement, Mode, Phases, Report, Submission, Verdict};
use store::{LeaseUse, PostgresStore, SqliteStore, Store};
use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use uuid::Uuid;

type Failure = Box<dyn std::error::Error + Send + Sync>;

const LEASE: Duration = Duration::from_secs(30);
/// Bytes of code, and of what each input prints; as `request_kib` and `result_kib` of bench/fleet/constants.toml have it.
const CODE: usize = 2000;
const OUTPUT: usize = 500;
const INPUTS: usize = 5;

struct Options {
    address: String,
    seconds: u64,
    nodes: usize,
    in_flight: usize,
    /// They take turns in the queue.
    owners: u64,
}

/// What all tasks share.
struct Work {
    /// A permit for each submission that may be in flight.
    room: Arc<Semaphore>,
    /// Something was submitted.
    queued: Notify,
    stop: AtomicBool,
    submitted: AtomicU64,
    finished: AtomicU64,
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let options = options(std::env::args().skip(1))?;
    let work = Arc::new(Work {
        room: Arc::new(Semaphore::new(options.in_flight)),
        queued: Notify::new(),
        stop: AtomicBool::new(false),
        submitted: AtomicU64::new(0),
        finished: AtomicU64::new(0),
    });
    let mut tasks = JoinSet::new();
    let lanes = (options.in_flight / options.nodes / 2).max(1);
    for store in nodes(&options).await? {
        for _ in 0..lanes {
            tasks.spawn(submit(store.clone(), work.clone(), options.owners));
            tasks.spawn(claim_and_finish(store.clone(), work.clone()));
        }
    }
    let begin = Instant::now();
    let mut end = Box::pin(tokio::time::sleep(Duration::from_secs(options.seconds)));
    let per_second = loop {
        tokio::select! {
            () = &mut end => break work.finished.load(Ordering::Relaxed) as f64 / begin.elapsed().as_secs_f64(),
            // Before the end, only an error ends one.
            Some(task) = tasks.join_next() => task??,
        }
    };
    work.stop.store(true, Ordering::Relaxed);
    while let Some(task) = tasks.join_next().await {
        task??;
    }
    println!(r#"{{"finished": {}, "per_second": {per_second:.1}}}"#, work.finished.load(Ordering::Relaxed));
    Ok(())
}

fn options(mut words: impl Iterator<Item = String>) -> Result<Options, Failure> {
    let mut options =
        Options { address: words.next().ok_or("which database?")?, seconds: 10, nodes: 4, in_flight: 256, owners: 20 };
    while let Some(word) = words.next() {
        let number = words.next().ok_or_else(|| format!("{word} needs a number"))?;
        match word.as_str() {
            "--seconds" => options.seconds = number.parse()?,
            "--nodes" => options.nodes = number.parse()?,
            "--in-flight" => options.in_flight = number.parse()?,
            "--owners" => options.owners = number.parse()?,
            _ => return Err(format!("there is no {word}").into()),
        }
    }
    if options.nodes == 0 || options.in_flight == 0 || options.owners == 0 {
        return Err("--nodes, --in-flight and --owners have to be at least 1".into());
    }
    Ok(options)
}

/// A handle for each node. SQLite has one node.
async fn nodes(options: &Options) -> Result<Vec<Arc<dyn Store>>, Failure> {
    if !options.address.starts_with("postgres") {
        return Ok(vec![Arc::new(SqliteStore::open(options.address.as_ref()).await?)]);
    }
    let mut nodes: Vec<Arc<dyn Store>> = Vec::new();
    for _ in 0..options.nodes {
        nodes.push(Arc::new(PostgresStore::connect(&options.address, None).await?));
    }
    Ok(nodes)
}

async fn submit(store: Arc<dyn Store>, work: Arc<Work>, owners: u64) -> Result<(), Failure> {
    while !work.stop.load(Ordering::Relaxed) {
        // Given back by whoever finishes it.
        work.room.acquire().await?.forget();
        if work.stop.load(Ordering::Relaxed) {
            break;
        }
        let number = work.submitted.fetch_add(1, Ordering::Relaxed);
        store.submit(&submission(number, owners)).await?;
        work.queued.notify_one();
    }
    // For the workers, who look whether all is done.
    work.queued.notify_waiters();
    Ok(())
}

async fn claim_and_finish(store: Arc<dyn Store>, work: Arc<Work>) -> Result<(), Failure> {
    loop {
        let queued = work.queued.notified();
        let Some(claim) = store.claim(LEASE).await? else {
            if work.stop.load(Ordering::Relaxed) {
                let all = work.submitted.load(Ordering::Relaxed);
                if work.finished.load(Ordering::Relaxed) == all {
                    work.queued.notify_waiters();
                    return Ok(());
                }
            }
            // Another may have claimed what this was told of; a second later it looks again.
            let _ = tokio::time::timeout(Duration::from_secs(1), queued).await;
            continue;
        };
        if store.finish(claim.lease, &report()).await? != LeaseUse::Done {
            return Err("a lease that lasts was not accepted".into());
        }
        work.finished.fetch_add(1, Ordering::Relaxed);
        work.room.add_permits(1);
    }
}

fn submission(number: u64, owners: u64) -> Submission {
    let inputs = (0..INPUTS).map(|input| input.to_string()).collect();
    let (owner, code) = (format!("school-{}", number % owners), "#".repeat(CODE));
    Submission::plain(ExecId::new(Uuid::new_v4()), &owner, "python", Mode::Function, &code, inputs)
}

fn report() -> Report {
    let judgement = || Judgement { verdict: Verdict::Ok, error: None };
    let input = |number: usize| {
        let mut report = InputReport::not_run(number.to_string(), judgement());
        report.output = "x".repeat(OUTPUT);
        report
    };
    Report::new((0..INPUTS).map(input).collect(), Phases::default())
}

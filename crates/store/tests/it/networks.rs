//! A network between nodes and their database that is divided, slow, loses messages or forgets connections: whoever asks in a request
//! is answered in time, what was refused is not there later, and nothing is there twice.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use model::Verdict;
use sqlx::{Connection, Executor, PgConnection};
use store::{Accepted, LeaseUse, Once, PostgresStore, Store, StoreError, Submissions};
use testdb::{Direction, Way};

use crate::samples::{HOUR, OWNER, claimed, done, ok, status, submission, submitted};

/// How long a request waits here.
const PATIENCE: Duration = Duration::from_secs(1);
/// What it may take beyond that to say so, on a machine that is busy.
const SLACK: Duration = Duration::from_secs(3);

/// A store whose way to the database can fail, and another one with a way of its own.
async fn two() -> (Way, PostgresStore, PostgresStore) {
    let database = testdb::database().await;
    let (way, address) = Way::to_database(&database);
    let near = PostgresStore::connect_with(&address, None, PATIENCE).await.unwrap();
    (way, near, PostgresStore::connect(&database, None).await.unwrap())
}

/// Asks for a lot at once, as requests do, all of which fails in time.
async fn all_fail_in_time(store: &PostgresStore) {
    let fresh: Vec<_> = (0..40).map(|_| submission()).collect();
    let asked = Instant::now();
    let submits = async { join_all(fresh.iter().map(|one| store.submit(one))).await };
    let reads = async { join_all(fresh.iter().map(|one| store.status(OWNER, one.id))).await };
    let cancels = async { join_all(fresh.iter().map(|one| store.cancel(OWNER, one.id))).await };
    let (submits, reads, cancels) = tokio::join!(submits, reads, cancels);
    let took = asked.elapsed();
    assert!(submits.iter().all(Result::is_err) && reads.iter().all(Result::is_err));
    assert!(cancels.iter().all(Result::is_err));
    assert!(took < PATIENCE + SLACK, "{took:?}");
    let asked = Instant::now();
    store.writable().await.expect_err("and it says so");
    assert!(asked.elapsed() < PATIENCE + SLACK, "{:?}", asked.elapsed());
}

/// The first answer that is none of a failure.
async fn again<T>(ask: impl AsyncFn() -> Result<T, StoreError>) -> T {
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        match ask().await {
            Ok(answer) => return answer,
            Err(error) => assert!(Instant::now() < deadline, "{error}"),
        }
    }
}

#[tokio::test]
async fn whoever_asks_is_answered_in_time_when_nothing_comes_through_in_one_direction() {
    for direction in [Direction::There, Direction::Back] {
        let (way, near, far) = two().await;
        let waits = submitted(&near).await;
        way.hold(direction);
        all_fail_in_time(&near).await;
        assert_eq!(claimed(&far).await.submission, waits, "others go on meanwhile");
        way.let_go();
        let next = submission();
        again(async || near.submit(&next).await).await;
        // Of what was refused nothing comes later: it was closed before it was committed.
        let mut accepted = vec![next.id];
        while let Some(claim) = far.claim(HOUR).await.unwrap() {
            accepted.retain(|id| *id != claim.lease.id);
            assert!(claim.submission == next, "{direction:?}: a submission that was refused is there");
        }
        assert!(accepted.is_empty());
    }
}

#[tokio::test]
async fn whoever_asks_a_database_that_is_slow_is_answered_in_time() {
    let (way, near, far) = two().await;
    submitted(&near).await;
    way.delay(Duration::from_millis(2500));
    all_fail_in_time(&near).await;
    way.delay(Duration::ZERO);
    let next = submission();
    again(async || near.submit(&next).await).await;
    assert_eq!(far.totals().await.unwrap().queued, 2, "what was refused is not there");
}

/// Others hold what each connection of the pool waits for.
#[tokio::test]
async fn whoever_asks_is_answered_in_time_when_all_connections_are_taken() {
    let database = testdb::database().await;
    let store = PostgresStore::connect_with(&database, None, PATIENCE).await.unwrap();
    submitted(&store).await;
    let mut other = PgConnection::connect(&database).await.unwrap();
    other.execute("BEGIN; LOCK TABLE submissions, queue, payloads IN ACCESS EXCLUSIVE MODE").await.unwrap();
    all_fail_in_time(&store).await;
    other.execute("ROLLBACK").await.unwrap();
    store.writable().await.unwrap();
    submitted(&store).await;
    assert_eq!(store.totals().await.unwrap().queued, 2, "what was refused is not there");
}

/// As when a machine loses its power, or a firewall its memory: the other side never says that it is gone.
#[tokio::test]
async fn a_database_that_is_gone_without_a_word_is_found_again() {
    const CONNECTIONS: i64 = 10;
    // Asked without pause, this would leave the connections no time to be made.
    const WAIT: &str = "SELECT count(*) FROM pg_sleep(0.05), pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let database = testdb::database().await;
    let (way, address) = Way::to_database(&database);
    let near = PostgresStore::connect_with(&address, None, 4 * PATIENCE).await.unwrap();
    let known = submitted(&near).await;
    let mut other = PgConnection::connect(&database).await.unwrap();
    let mut are_all_silent = false;
    // On a machine that is busy not all connections are made in time; the next time more of them are there.
    for _ in 0..5 {
        other.execute("BEGIN; LOCK TABLE submissions IN ACCESS EXCLUSIVE MODE").await.unwrap();
        let asking = join_all((0..20).map(|_| near.status(OWNER, known.id)));
        let waiting = async {
            while number(&mut other, WAIT).await < CONNECTIONS {}
            way.silence();
            are_all_silent = true;
            std::future::pending::<()>().await;
        };
        tokio::select! {
            answers = asking => assert!(answers.iter().all(Result::is_err)),
            () = waiting => {}
        }
        other.execute("ROLLBACK").await.unwrap();
        if are_all_silent {
            break;
        }
    }
    assert!(are_all_silent, "{CONNECTIONS} connections are never used at the same time");
    let started = Instant::now();
    let answers = join_all((0..20).map(|_| again(async || near.status(OWNER, known.id).await))).await;
    assert!(answers.iter().all(Option::is_some));
    assert!(started.elapsed() < 4 * PATIENCE + SLACK, "{:?}", started.elapsed());
}

/// The number that the database answers.
async fn number(connection: &mut PgConnection, question: &'static str) -> i64 {
    let (number,) = sqlx::query_as(question).fetch_one(connection).await.unwrap();
    number
}

#[tokio::test]
async fn a_report_whose_answer_does_not_come_is_written_once_and_nobody_runs_it_again() {
    let (way, near, far) = two().await;
    let submission = submitted(&far).await;
    let claim = near.claim(Duration::ZERO).await.unwrap().expect("it waits");
    way.hold_back_after(b"COMMIT");
    let report = ok();
    let finishing = near.finish(claim.lease, &report);
    let looking = async {
        let deadline = Instant::now() + Duration::from_secs(8);
        while status(&far, &submission).await != done(&report) {
            assert!(Instant::now() < deadline, "it is committed");
        }
        assert!(way.is_held(Direction::Back), "and who wrote it does not know");
        assert!(far.claim(HOUR).await.unwrap().is_none(), "its lease is over, and nobody else gets it");
        way.let_go();
    };
    let (finished, ()) = tokio::join!(finishing, looking);
    assert_eq!(finished.unwrap(), LeaseUse::Done);
    assert_eq!(far.finish(claim.lease, &report).await.unwrap(), LeaseUse::Superseded, "nor is it written again");
    assert_eq!(far.totals().await.unwrap().by_verdict, [(Verdict::Ok, 1)]);
}

/// One message to the database of ten ends its connection, before or after it has arrived, and each takes its time. `make chaos-fleet` has the same with two seconds and whole nodes.
#[tokio::test]
async fn a_way_that_is_slow_and_loses_messages_makes_nothing_twice() {
    const ALL: usize = 16;
    let database = testdb::database().await;
    let (way, address) = Way::to_database(&database);
    let node = || PostgresStore::connect_with(&address, None, Duration::from_secs(10));
    let nodes = [node().await.unwrap(), node().await.unwrap()];
    way.delay(Duration::from_millis(10));
    way.lose(10, 20_260_101);

    // Each is sent to both nodes, under its key, until both say that they have it.
    let accept = async |number: usize| {
        let (one, once) =
            (submission(), Once { owner: OWNER.to_owned(), key: number.to_string(), request: [7; 32], kept: HOUR });
        let copies = nodes.each_ref().map(|node| {
            let (one, once) = (&one, &once);
            again(async move || node.submit_once(once, Submissions::Single(one, None)).await)
        });
        let answers = join_all(copies).await;
        let now = answers.iter().filter(|answer| **answer == Accepted::Now).count();
        assert!(now <= 1, "{answers:?}");
        one
    };
    let accepted = join_all((0..ALL).map(accept)).await;
    let work = async |node: &PostgresStore| {
        let mut finished = 0;
        while again(async || node.totals().await).await.in_progress > 0 {
            let Some(claim) = again(async || node.claim(Duration::from_secs(3)).await).await else { continue };
            let used = again(async || node.finish(claim.lease, &ok()).await).await;
            finished += usize::from(used == LeaseUse::Done);
        }
        finished
    };
    let finished: usize = join_all(nodes.iter().map(work)).await.into_iter().sum();
    assert!(finished <= ALL, "{finished} reports were taken");

    let whole = PostgresStore::connect(&database, None).await.unwrap();
    for submission in &accepted {
        assert_eq!(status(&whole, submission).await, done(&ok()));
    }
    let totals = whole.totals().await.unwrap();
    assert_eq!((totals.in_progress, totals.by_verdict), (0, vec![(Verdict::Ok, ALL as u64)]));
}

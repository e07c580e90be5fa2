//! The contract for PostgreSQL, and what several nodes on one database must agree on: each has a [`PostgresStore`] of its own.

use std::collections::HashSet;
use std::ops::Deref;
use std::time::{Duration, Instant};

use futures_util::future::{join, join_all};
use model::{ExecId, Submission};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use store::{Accepted, Earlier, Extended, Fleet, LeaseUse, Once, PostgresStore, Status, Store, Submissions};

use crate::samples::{HOUR, OWNER, claimed, claimed_and_expired, done, ok, status, submission, submitted};

crate::contract::contract!(Scratch::open);

/// A store in a database of its own.
pub struct Scratch {
    store: PostgresStore,
    address: String,
}

impl Scratch {
    async fn open() -> Self {
        Self::at(testdb::database().await).await
    }

    /// The first node of the database at this address.
    pub async fn at(address: String) -> Self {
        Self { store: PostgresStore::connect(&address, None).await.unwrap(), address }
    }

    /// Another node, which claims these languages.
    async fn another(&self, languages: Option<&[&str]>) -> PostgresStore {
        let languages = languages.map(|all| all.iter().map(|&language| language.to_owned()).collect());
        PostgresStore::connect(&self.address, languages).await.unwrap()
    }

    /// Where the database is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Changes the database behind the store's back.
    pub async fn tamper(&self, sql: &str) {
        let mut connection = PgConnection::connect(&self.address).await.unwrap();
        connection.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
        connection.close().await.unwrap();
    }

    pub async fn number(&self, sql: &'static str) -> i64 {
        let mut connection = PgConnection::connect(&self.address).await.unwrap();
        let (number,) = sqlx::query_as(sql).fetch_one(&mut connection).await.unwrap();
        connection.close().await.unwrap();
        number
    }
}

impl Deref for Scratch {
    type Target = PostgresStore;

    fn deref(&self) -> &PostgresStore {
        &self.store
    }
}

fn of(owner: &str, language: &str) -> Submission {
    Submission { owner: owner.to_owned(), language: language.to_owned(), ..submission() }
}

/// Claims until nothing waits, several at once as idle workers do.
async fn claim_all(store: &PostgresStore) -> Vec<ExecId> {
    let mut claims = Vec::new();
    loop {
        let claimed = join_all((0..4).map(|_| store.claim(HOUR))).await;
        let before = claims.len();
        claims.extend(claimed.into_iter().filter_map(|claim| Some(claim.unwrap()?.submission.id)));
        if claims.len() == before {
            return claims;
        }
    }
}

#[tokio::test]
async fn what_two_nodes_accept_is_claimed_exactly_once() {
    let first = Scratch::open().await;
    let second = first.another(None).await;
    let submissions: Vec<_> = (0..200).map(|_| submission()).collect();
    let accept = |(number, submission): (usize, &Submission)| {
        let (node, submission) = (if number % 2 == 0 { &first.store } else { &second }, submission.clone());
        async move { node.submit(&submission).await }
    };
    for answer in join_all(submissions.iter().enumerate().map(accept)).await {
        answer.unwrap();
    }
    assert_eq!(second.waiting(OWNER).await.unwrap().all, 200);
    let (mine, theirs) = join(claim_all(&first), claim_all(&second)).await;
    let all: HashSet<_> = mine.iter().chain(&theirs).copied().collect();
    assert_eq!((mine.len() + theirs.len(), all.len()), (200, 200), "{} and {}", mine.len(), theirs.len());
    assert_eq!(all, submissions.iter().map(|submission| submission.id).collect());
    assert_eq!((first.waiting(OWNER).await.unwrap().all, first.totals().await.unwrap().in_progress), (0, 200));
}

#[tokio::test]
async fn of_copies_on_different_nodes_one_is_accepted() {
    let first = Scratch::open().await;
    let second = first.another(None).await;
    for round in 0..10 {
        let once = Once { owner: OWNER.to_owned(), key: round.to_string(), request: [7; 32], kept: HOUR };
        let copies: Vec<_> = (0..8).map(|_| submission()).collect();
        let accept = |(number, copy)| {
            let (node, once) = (if number % 2 == 0 { &first.store } else { &second }, once.clone());
            async move { node.submit_once(&once, Submissions::Single(copy, None)).await.unwrap() }
        };
        let answers = join_all(copies.iter().enumerate().map(accept)).await;
        let accepted: Vec<_> =
            copies.iter().zip(&answers).filter(|(_, answer)| **answer == Accepted::Now).map(|(copy, _)| copy).collect();
        let [accepted] = accepted[..] else { panic!("not one of them: {answers:?}") };
        let before = Earlier { request: [7; 32], batch: None, submissions: vec![accepted.id] };
        let others = answers.iter().filter(|answer| **answer != Accepted::Now);
        assert!(others.into_iter().all(|answer| *answer == Accepted::Before(before.clone())), "{answers:?}");
        assert_eq!(first.totals().await.unwrap().queued, round + 1);
    }
}

#[tokio::test]
async fn a_lease_that_ran_out_is_another_nodes_and_its_old_holder_has_no_say() {
    let first = Scratch::open().await;
    let second = first.another(None).await;
    let submission = submitted(&*first).await;
    let old = claimed_and_expired(&*first).await;
    let new = claimed(&second).await;
    assert_eq!((new.submission.id, new.attempt), (submission.id, 2));
    assert_eq!(first.extend(old.lease, HOUR).await.unwrap(), Extended::Superseded);
    assert_eq!(first.release(old.lease).await.unwrap(), LeaseUse::Superseded);
    let (late, right) = join(first.finish(old.lease, &ok()), second.finish(new.lease, &ok())).await;
    assert_eq!((late.unwrap(), right.unwrap()), (LeaseUse::Superseded, LeaseUse::Done));
    assert_eq!(status(&*first, &submission).await, done(&ok()), "whoever is asked");
    assert_eq!(status(&second, &submission).await, done(&ok()));
    assert_eq!(first.totals().await.unwrap().by_verdict.iter().map(|(_, count)| count).sum::<u64>(), 1);
}

#[tokio::test]
async fn of_three_nodes_two_take_over_fifty_that_the_third_was_running() {
    const RUNNING: usize = 50;
    let lease = Duration::from_secs(1);
    let first = Scratch::open().await;
    let others = [first.another(None).await, first.another(None).await];
    let submissions: Vec<_> = (0..RUNNING).map(|_| submission()).collect();
    for answer in join_all(submissions.iter().map(|one| first.submit(one))).await {
        answer.unwrap();
    }
    let claims = join_all((0..RUNNING).map(|_| first.claim(lease))).await;
    let lost: Vec<_> = claims.into_iter().map(|claim| claim.unwrap().expect("it waits").lease).collect();
    // It is gone, or says nothing any more.
    let started = Instant::now();
    let take = async |node: &PostgresStore| {
        while node.totals().await.unwrap().in_progress > 0 {
            if let Some(claim) = node.claim(HOUR).await.unwrap() {
                assert_eq!(node.finish(claim.lease, &ok()).await.unwrap(), LeaseUse::Done);
            }
        }
    };
    join(take(&others[0]), take(&others[1])).await;
    assert!(started.elapsed() < lease + Duration::from_secs(10), "{:?}", started.elapsed());
    for (submission, lease) in submissions.iter().zip(lost) {
        assert_eq!(first.finish(lease, &ok()).await.unwrap(), LeaseUse::Superseded, "it comes back, and is late");
        assert_eq!(status(&*first, submission).await, done(&ok()));
    }
    let finished: u64 = first.totals().await.unwrap().by_verdict.iter().map(|(_, count)| count).sum();
    assert_eq!(finished, RUNNING as u64);
}

#[tokio::test]
async fn owners_take_turns_whichever_node_claims() {
    let first = Scratch::open().await;
    let second = first.another(None).await;
    for owner in ["a", "a", "a", "a", "b", "c", "c"] {
        first.submit(&of(owner, "python")).await.unwrap();
    }
    let mut order = Vec::new();
    for number in 0..7 {
        let node = if number % 2 == 0 { &first.store } else { &second };
        order.push(claimed(node).await.submission.owner);
    }
    assert_eq!(order, ["a", "b", "c", "a", "c", "a", "a"]);
}

#[tokio::test]
async fn a_node_claims_its_languages_alone_also_of_what_was_lost() {
    let all = Scratch::open().await;
    let python = all.another(Some(&["python", "bash"])).await;
    let nothing = all.another(Some(&[])).await;
    let mut rust = Vec::new();
    for _ in 0..3 {
        rust.push(of("a", "rust"));
        all.submit(rust.last().unwrap()).await.unwrap();
    }
    let [first, second] = [of("a", "python"), of("b", "bash")];
    all.submit(&first).await.unwrap();
    all.submit(&second).await.unwrap();
    assert!(nothing.claim(HOUR).await.unwrap().is_none());
    // Those behind what it can not run do not wait for that.
    assert_eq!([claimed(&python).await, claimed(&python).await].map(|claim| claim.submission), [first, second]);
    assert!(python.claim(HOUR).await.unwrap().is_none());
    let lost = claimed_and_expired(&*all).await;
    assert_eq!(lost.submission, rust[0]);
    assert!(python.claim(HOUR).await.unwrap().is_none(), "what was lost is in rust");
    for expected in rust {
        assert_eq!(claimed(&*all).await.submission, expected);
    }
}

#[tokio::test]
async fn what_a_node_can_not_run_any_more_is_left_to_others() {
    let node = Scratch::open().await;
    let broken = node.another(Some(&["python", "bash"])).await;
    let [first, second] = [of("a", "python"), of("a", "bash")];
    for submission in [&first, &second] {
        node.submit(submission).await.unwrap();
    }
    broken.claim_only(vec!["bash".to_owned()]);
    assert_eq!(claimed(&broken).await.submission, second);
    assert!(broken.claim(HOUR).await.unwrap().is_none());
    broken.claim_only(vec!["bash".to_owned(), "python".to_owned()]);
    assert_eq!(claimed(&broken).await.submission, first, "it can run it again");
}

#[tokio::test]
async fn a_key_runs_no_more_than_it_may_on_all_nodes_together() {
    let first = Scratch::open().await;
    let second = first.another(None).await;
    first
        .tamper("INSERT INTO api_keys VALUES ('limited', true, true, false, NULL, NULL, 3, NULL, 0, NULL, NULL)")
        .await;
    for _ in 0..10 {
        first.submit(&of("limited", "python")).await.unwrap();
    }
    let claims = || join(join_all((0..4).map(|_| first.claim(HOUR))), join_all((0..4).map(|_| second.claim(HOUR))));
    let (mine, theirs) = claims().await;
    let running: Vec<_> = mine.into_iter().chain(theirs).filter_map(|claim| claim.unwrap()).collect();
    assert_eq!(running.len(), 3);
    second.finish(running[0].lease, &ok()).await.unwrap();
    let (mine, theirs) = claims().await;
    assert_eq!(mine.into_iter().chain(theirs).filter_map(|claim| claim.unwrap()).count(), 1);
}

#[tokio::test]
async fn nodes_that_start_at_once_on_an_empty_database_all_start() {
    let address = testdb::database().await;
    let nodes = join_all((0..4).map(|_| PostgresStore::connect(&address, None))).await;
    let nodes: Vec<_> = nodes.into_iter().map(|node| node.unwrap()).collect();
    let submission = submitted(&nodes[0]).await;
    assert_eq!(status(&nodes[3], &submission).await, Some(Status::Pending));
}

/// A rolling upgrade: the newer version has migrated, and this one starts again or is still there.
#[tokio::test]
async fn a_newer_schema_is_taken_unless_it_says_that_this_program_is_too_old() {
    let scratch = Scratch::open().await;
    scratch.tamper("INSERT INTO _sqlx_migrations VALUES (9999, 'from the future', now(), true, '\\x00', 0)").await;
    let submission = submitted(&scratch.another(None).await).await;
    assert_eq!(status(&*scratch, &submission).await, Some(Status::Pending));

    scratch.tamper("UPDATE schema_needs SET known = 9999").await;
    let error = PostgresStore::connect(&scratch.address, None).await.err().expect("it is too old").to_string();
    assert!(error.contains("schema version 9999 and needs a program that knows 9999"), "{error}");
    assert_eq!(status(&*scratch, &submission).await, Some(Status::Pending), "who is there goes on");
}

/// How many rows of results and of the queue a claim looks at, beside 200,000 results and 3,000 that wait.
#[tokio::test]
async fn a_claim_does_not_walk_through_what_is_done_or_waits() {
    let scratch = Scratch::open().await;
    // As the store has it, without its triggers, which would take their time.
    scratch
        .tamper(
            "SET session_replication_role = replica;
             INSERT INTO submissions (id, owner, language, submitted_at)
             SELECT gen_random_uuid(), 'school-a', 'python', 0 FROM generate_series(1, 200000);
             INSERT INTO reports SELECT place, '{}', 0 FROM submissions;
             SET session_replication_role = origin;
             WITH fresh AS (
                 INSERT INTO submissions (id, owner, language, submitted_at)
                 SELECT gen_random_uuid(), convert_to('school-' || number % 10, 'UTF8'), 'python', 0 FROM generate_series(1, 3000) AS number
                 RETURNING *),
             bodies AS (INSERT INTO payloads SELECT place, '{}' FROM fresh)
             INSERT INTO queue (place, id, owner, language, class) SELECT place, id, owner, language, class FROM fresh",
        )
        .await;
    for analyzed in [false, true] {
        if analyzed {
            scratch.tamper("ANALYZE").await;
        }
        let mut connection = PgConnection::connect(&scratch.address).await.unwrap();
        connection.execute("BEGIN").await.unwrap();
        let claimed: Vec<(i64,)> = sqlx::query_as("SELECT place FROM claim(4, 1000000, NULL, '0001000100010002')")
            .fetch_all(&mut connection)
            .await
            .unwrap();
        let (walked, looked_up): (i64, i64) = sqlx::query_as(
            "SELECT sum(seq_tup_read)::bigint, sum(idx_tup_fetch)::bigint FROM pg_stat_xact_user_tables
             WHERE relname IN ('submissions', 'reports', 'payloads', 'queue')",
        )
        .fetch_one(&mut connection)
        .await
        .unwrap();
        connection.execute("ROLLBACK").await.unwrap();
        connection.close().await.unwrap();
        assert_eq!(claimed.len(), 4);
        // Ten owners are looked at for each of four claims, and a few rows for what is claimed.
        assert_eq!(walked, 0);
        assert!((1..200).contains(&looked_up), "{looked_up}");
    }
}

/// Somebody cancels what is next, and its node hangs: others claim what comes behind it.
#[tokio::test]
async fn a_claim_does_not_wait_for_what_is_locked() {
    let scratch = Scratch::open().await;
    let locked = submitted(&*scratch).await;
    let next = submitted(&*scratch).await;
    let mut other = PgConnection::connect(&scratch.address).await.unwrap();
    other.execute("BEGIN").await.unwrap();
    sqlx::query("SELECT 1 FROM queue WHERE id = $1 FOR UPDATE")
        .bind(uuid::Uuid::from_bytes(*locked.id.as_bytes()))
        .fetch_one(&mut other)
        .await
        .unwrap();
    let claim = tokio::time::timeout(Duration::from_secs(4), scratch.claim(HOUR)).await.expect("it does not wait");
    assert_eq!(claim.unwrap().map(|claim| claim.submission), Some(next));
    other.execute("ROLLBACK").await.unwrap();
    other.close().await.unwrap();
    assert_eq!(claimed(&*scratch).await.submission, locked);
}

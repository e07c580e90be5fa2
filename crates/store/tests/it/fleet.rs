//! What several nodes share beside the queue: two handles on one database, each as a node has it.

use std::collections::HashSet;
use std::time::Duration;

use futures_util::future::join_all;
use model::{ExecId, Submission};
use sqlx::Executor;
use store::{Fleet, Lease, LeaseUse, Node, NodeLanguage, Notice, PostgresStore, Published, Store};
use time::OffsetDateTime;
use tokio::time::timeout;

use crate::both::{Postgres, Scratch};
use crate::samples::{HOUR, OWNER, claimed, claimed_and_expired, odd_texts, ok, submission, submitted};

/// For what is to come at once, if it comes at all.
const AT_ONCE: Duration = Duration::from_secs(10);

/// Two nodes.
async fn two() -> (Postgres, PostgresStore) {
    let scratch = Postgres::empty().await;
    let other = scratch.another().await;
    (scratch, other)
}

/// Fetches notices until there is one that `is` this.
async fn hears(node: &dyn Fleet, expected: Notice) {
    let heard = async {
        let mut others = Vec::new();
        loop {
            match node.notice().await {
                notice if notice == expected => break,
                other => others.push(other),
            }
            assert!(others.len() < 10_000, "{others:?}");
        }
    };
    timeout(AT_ONCE, heard).await.unwrap_or_else(|_| panic!("{expected:?} does not come"));
}

/// What is heard until the answer to a question of ours.
async fn heard_so_far(scratch: &Postgres, node: &dyn Fleet) -> Vec<Notice> {
    scratch.tamper("SELECT pg_notify('code_runner', 'finished 00000000-0000-0000-0000-000000000000')").await;
    let last = Notice::Finished(ExecId::from_bytes([0; 16]));
    let mut heard = Vec::new();
    loop {
        match timeout(AT_ONCE, node.notice()).await.expect("the last one comes") {
            notice if notice == last => return heard,
            notice => heard.push(notice),
        }
    }
}

fn node(name: &str) -> Node {
    Node {
        name: name.to_owned(),
        version: "1.2.3".to_owned(),
        languages: vec![
            NodeLanguage { id: "python".to_owned(), runtime: Some("Python 3.13.1".to_owned()) },
            NodeLanguage { id: "c".to_owned(), runtime: None },
        ],
        workers: 4,
        draining: false,
    }
}

#[tokio::test]
async fn what_happens_on_one_node_is_heard_on_the_other() {
    let (here, there) = two().await;
    assert_eq!(there.notice().await, Notice::Missed, "there was a time before it listened");
    let store = here.store();
    let (ran, asked) = (submitted(store).await, submission());
    hears(&there, Notice::Queued).await;
    let claim = claimed(store).await;
    store.submit(&asked).await.unwrap();
    let other = claimed(store).await;
    store.cancel(OWNER, asked.id).await.unwrap();
    hears(&there, Notice::CancelAsked(asked.id)).await;
    for (claim, submission) in [(claim, ran), (other, asked)] {
        store.finish(claim.lease, &ok()).await.unwrap();
        hears(&there, Notice::Finished(submission.id)).await;
    }
    let cancelled = submitted(store).await;
    store.cancel(OWNER, cancelled.id).await.unwrap();
    hears(&there, Notice::Finished(cancelled.id)).await;
}

#[tokio::test]
async fn a_connection_that_was_lost_is_told_when_it_is_there_again() {
    let (here, there) = two().await;
    assert_eq!(there.notice().await, Notice::Missed);
    for _ in 0..2 {
        here.tamper(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'code-runner notices'",
        )
        .await;
        hears(&there, Notice::Missed).await;
        submitted(here.store()).await;
        hears(&there, Notice::Queued).await;
    }
}

#[tokio::test]
async fn a_notice_of_a_later_version_is_passed_over() {
    let (here, there) = two().await;
    assert_eq!(there.notice().await, Notice::Missed);
    for odd in [
        "SELECT pg_notify('code_runner', '')",
        "SELECT pg_notify('code_runner', 'queued 1')",
        "SELECT pg_notify('code_runner', 'finished 1')",
        "SELECT pg_notify('code_runner', 'sung 00000000-0000-0000-0000-000000000000')",
    ] {
        here.tamper(odd).await;
    }
    assert_eq!(heard_so_far(&here, &there).await, []);
}

#[tokio::test]
async fn nodes_know_each_other_until_their_lease_ends_or_they_leave() {
    let (here, there) = two().await;
    let here: &dyn Fleet = here.node();
    assert_eq!(here.nodes().await.unwrap(), []);
    let (api, mut worker) = (Node { workers: 0, languages: Vec::new(), ..node("a") }, node("w"));
    let before = OffsetDateTime::now_utc() - Duration::from_millis(1);
    there.announce(&worker, HOUR).await.unwrap();
    here.announce(&api, HOUR).await.unwrap();
    let after = OffsetDateTime::now_utc();
    let known = here.nodes().await.unwrap();
    assert_eq!(known, there.nodes().await.unwrap());
    assert_eq!(known.iter().map(|known| &known.node).collect::<Vec<_>>(), [&api, &worker]);
    for known in &known {
        assert!((before..=after).contains(&known.started_at) && known.started_at == known.seen_at, "{known:?}");
    }

    worker.draining = true;
    worker.languages[0].runtime = Some(odd_texts().concat());
    worker.version = "é \"'\\".to_owned();
    there.announce(&worker, HOUR).await.unwrap();
    let again = here.nodes().await.unwrap();
    assert_eq!((&again[1].node, again[1].started_at), (&worker, known[1].started_at));
    assert!(again[1].seen_at > known[1].seen_at);

    there.announce(&worker, Duration::ZERO).await.unwrap();
    assert_eq!(here.nodes().await.unwrap(), known[..1], "its lease is over");
    here.leave("a").await.unwrap();
    here.leave("nobody").await.unwrap();
    assert_eq!(there.nodes().await.unwrap(), []);
}

#[tokio::test]
async fn what_is_left_of_a_node_that_is_long_gone_is_deleted() {
    let (here, _) = two().await;
    let fleet = here.node();
    fleet.announce(&node("gone"), Duration::ZERO).await.unwrap();
    here.tamper("UPDATE nodes SET lease_until = lease_until - 86400000000").await;
    fleet.announce(&node("there"), HOUR).await.unwrap();
    assert_eq!(here.number("SELECT count(*) FROM nodes").await, 1);
}

#[tokio::test]
async fn a_minutes_worth_of_requests_is_given_out_once_whatever_node_they_come_to() {
    let (here, there) = two().await;
    let here = here.node();
    let nodes: [&dyn Fleet; 2] = [here, &there];
    // A token comes back every twelve seconds.
    let taken = join_all((0..60).map(|number| nodes[number % 2].take_request(OWNER, 5))).await;
    let mut left: Vec<_> = taken.iter().filter_map(|taken| taken.as_ref().unwrap().ok()).collect();
    left.sort_unstable();
    assert_eq!(left, [0, 1, 2, 3, 4]);
    for wait in taken.into_iter().filter_map(|taken| taken.unwrap().err()) {
        assert!(Duration::from_secs(2) < wait && wait <= Duration::from_secs(12), "{wait:?}");
    }
    assert_eq!(there.take_request("school-b", 5).await.unwrap(), Ok(4), "another owner has a bucket of its own");
}

#[tokio::test]
async fn a_refusal_costs_nothing_and_what_it_says_is_true() {
    let (here, _) = two().await;
    let fleet = here.node();
    // One comes back every fifteen milliseconds, and the bucket is nearly empty.
    const PER_MINUTE: u32 = 4000;
    fleet.take_request(OWNER, PER_MINUTE).await.unwrap().unwrap();
    here.tamper("UPDATE request_buckets SET full_at = micros() + 59900000").await;
    let refused = async {
        loop {
            if let Err(wait) = fleet.take_request(OWNER, PER_MINUTE).await.unwrap() {
                break wait;
            }
        }
    };
    let wait = timeout(AT_ONCE, refused).await.expect("the bucket gets empty");
    assert!(!wait.is_zero() && wait <= Duration::from_millis(15), "{wait:?}");
    tokio::time::sleep(wait).await;
    fleet.take_request(OWNER, PER_MINUTE).await.unwrap().expect("the wait was told");

    // Ten seconds until the next, however often it is asked for.
    here.tamper("UPDATE request_buckets SET full_at = micros() + 60000000").await;
    for _ in 0..50 {
        let wait = fleet.take_request(OWNER, 6).await.unwrap().unwrap_err();
        assert!(wait <= Duration::from_secs(10), "{wait:?}");
    }
    here.tamper("UPDATE request_buckets SET full_at = full_at - 10000000").await;
    assert_eq!(fleet.take_request(OWNER, 6).await.unwrap(), Ok(0));
    here.tamper("UPDATE request_buckets SET full_at = full_at - 600000000").await;
    assert_eq!(fleet.take_request(OWNER, 6).await.unwrap(), Ok(5), "a pause fills the bucket, and no more");
}

#[tokio::test]
async fn a_limit_that_is_higher_than_any_clock_is_fine_is_no_limit_and_one_of_nothing_is_one() {
    let (here, _) = two().await;
    let fleet = here.node();
    for _ in 0..3 {
        assert!(fleet.take_request(OWNER, u32::MAX).await.unwrap().is_ok());
    }
    assert_eq!(fleet.take_request("b", 0).await.unwrap(), Ok(0));
    assert!(fleet.take_request("b", 0).await.unwrap().is_err());
}

#[tokio::test]
async fn who_runs_what_is_watched_is_told_at_once_or_right_after_the_claim() {
    let (here, there) = two().await;
    let (watching, running) = (here.node(), &there);
    assert_eq!(running.notice().await, Notice::Missed);
    let one = submitted(here.store()).await;
    claimed(running).await;
    watching.watch(one.id).await.unwrap();
    hears(running, Notice::Watched(one.id)).await;

    let other = submitted(here.store()).await;
    watching.watch(other.id).await.unwrap();
    hears(running, Notice::Watched(other.id)).await;
    claimed(running).await;
    hears(running, Notice::Watched(other.id)).await;

    let silent = submitted(here.store()).await;
    claimed(running).await;
    let heard = heard_so_far(&here, running).await;
    assert!(!heard.contains(&Notice::Watched(silent.id)), "{heard:?}");
}

#[tokio::test]
async fn who_begins_to_listen_later_knows_who_watches() {
    let (here, there) = two().await;
    let watched = submitted(here.store()).await;
    here.node().watch(watched.id).await.unwrap();
    assert_eq!(there.notice().await, Notice::Missed);
    claimed(&there).await;
    hears(&there, Notice::Watched(watched.id)).await;
}

#[tokio::test]
async fn watching_ends_and_leaves_nothing() {
    let (here, there) = two().await;
    let (waits, done) = (submitted(here.store()).await, submission());
    here.store().submit_finished(&done, &ok()).await.unwrap();
    for id in [waits.id, done.id, submission().id] {
        here.node().watch(id).await.unwrap();
    }
    assert_eq!(here.number("SELECT count(*) FROM watched").await, 1, "what will not run needs no watching");
    here.tamper("UPDATE watched SET watched_until = micros() - 1").await;
    assert_eq!(there.notice().await, Notice::Missed);
    claimed(&there).await;
    let heard = heard_so_far(&here, &there).await;
    assert_eq!(heard, [], "nobody watches any more");
    let next = submitted(here.store()).await;
    here.node().watch(next.id).await.unwrap();
    assert_eq!(here.number("SELECT count(*) FROM watched").await, 1, "the one before is deleted");
}

/// Published events of this attempt, from this index on.
fn events(attempt: i64, first: u32, events: &[&[u8]]) -> Vec<Published> {
    let numbered = (first..).zip(events);
    numbered.map(|(index, event)| Published { attempt, index, event: event.to_vec() }).collect()
}

fn of(texts: &[&[u8]]) -> Vec<Vec<u8>> {
    texts.iter().map(|text| text.to_vec()).collect()
}

#[tokio::test]
async fn what_is_published_is_read_on_the_other_node_from_where_it_left_off() {
    let (here, there) = two().await;
    let submission = submitted(here.store()).await;
    let id = submission.id;
    let lease = claimed(&there).await.lease;
    assert_eq!(here.node().notice().await, Notice::Missed);
    assert_eq!(here.node().published(id, lease.fence, 0).await.unwrap(), []);

    there.publish(lease, 0, &of(&[b"one", b"t\0wo\xFF"])).await.unwrap();
    hears(here.node(), Notice::Published(id)).await;
    let all = events(lease.fence, 0, &[b"one", b"t\0wo\xFF", b"", b"four"]);
    assert_eq!(here.node().published(id, lease.fence, 0).await.unwrap(), all[..2]);
    // Some of it again, as after a failure whose outcome nobody knew.
    there.publish(lease, 1, &of(&[b"not this", b"", b"four"])).await.unwrap();
    hears(here.node(), Notice::Published(id)).await;
    assert_eq!(here.node().published(id, lease.fence, 2).await.unwrap(), all[2..]);
    assert_eq!(here.node().published(id, lease.fence, 4).await.unwrap(), []);
    assert_eq!(here.node().published(id, 0, 4).await.unwrap(), all, "of another attempt it has seen nothing");

    there.publish(lease, 0, &of(&[b"one"])).await.unwrap();
    there.publish(lease, 4, &[]).await.unwrap();
    assert_eq!(heard_so_far(&here, here.node()).await, [], "nothing was new");
}

#[tokio::test]
async fn an_attempt_that_is_not_the_last_is_not_read_and_has_no_say() {
    let (here, there) = two().await;
    let id = submitted(here.store()).await.id;
    let old = claimed_and_expired(&there).await.lease;
    there.publish(old, 0, &of(&[b"old", b"old"])).await.unwrap();
    let new = claimed(here.store()).await.lease;
    assert_eq!(here.node().published(id, old.fence, 0).await.unwrap(), [], "the last attempt has said nothing");
    there.publish(old, 2, &of(&[b"late"])).await.unwrap();
    here.node().publish(new, 0, &of(&[b"new"])).await.unwrap();
    let last = events(new.fence, 0, &[b"new"]);
    for (attempt, index, expected) in [(old.fence, 2, &last[..]), (new.fence, 0, &last), (new.fence, 1, &[])] {
        assert_eq!(there.published(id, attempt, index).await.unwrap(), expected);
    }
    assert_eq!(here.number("SELECT count(*) FROM published").await, 1, "those of the former attempt are deleted");
    let unknown = Lease { id: submission().id, fence: 1 };
    there.publish(unknown, 0, &of(&[b"of nobody"])).await.unwrap();
    assert_eq!(here.number("SELECT count(*) FROM published").await, 1);
}

#[tokio::test]
async fn nothing_stays_of_what_was_published_when_a_submission_ends() {
    let (here, there) = two().await;
    let mut leases = Vec::new();
    for _ in 0..2 {
        let submission = Submission { student: Some("s1".to_owned()), ..submission() };
        here.store().submit(&submission).await.unwrap();
        let lease = claimed(&there).await.lease;
        there.publish(lease, 0, &of(&[b"one", b"two"])).await.unwrap();
        leases.push(lease);
    }
    assert_eq!(here.number("SELECT count(*) FROM published").await, 4);
    // Also where both come at the same moment, whichever is first.
    let (report, third) = (ok(), of(&[b"three"]));
    for lease in &leases {
        let (finished, published) =
            tokio::join!(here.store().finish(*lease, &report), there.publish(*lease, 2, &third));
        assert_eq!((finished.unwrap(), published.unwrap()), (LeaseUse::Done, ()));
    }
    there.publish(leases[0], 3, &of(&[b"late"])).await.unwrap();
    assert_eq!(here.number("SELECT count(*) FROM published").await, 0);

    // What was given back, and ends without being claimed again.
    let cancelled = submitted(here.store()).await;
    let lease = claimed(&there).await.lease;
    there.publish(lease, 0, &of(&[b"one"])).await.unwrap();
    there.release(lease).await.unwrap();
    here.store().cancel(OWNER, cancelled.id).await.unwrap();
    assert_eq!(here.number("SELECT count(*) FROM published").await, 0);
}

#[tokio::test]
async fn an_event_that_comes_while_a_submission_ends_waits_and_is_left_out() {
    let (here, there) = two().await;
    submitted(here.store()).await;
    let lease = claimed(&there).await.lease;
    there.publish(lease, 0, &of(&[b"one"])).await.unwrap();
    // A report that is not committed yet.
    let mut ending = here.connection().await;
    ending
        .execute(
            "BEGIN; WITH ended AS (DELETE FROM queue RETURNING place)
             INSERT INTO reports (place, body, finished_at) SELECT place, '{}', micros() FROM ended",
        )
        .await
        .unwrap();
    let late = of(&[b"two"]);
    let commit = async {
        const WAITS: &str = "SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock'";
        while here.number(WAITS).await == 0 {}
        ending.execute("COMMIT").await.unwrap();
    };
    let both = async { tokio::join!(there.publish(lease, 1, &late), commit) };
    timeout(AT_ONCE, both).await.expect("the event waits for the report").0.unwrap();
    assert_eq!(here.number("SELECT count(*) FROM published").await, 0);
}

#[tokio::test]
async fn many_events_of_many_submissions_are_each_kept_once() {
    let (here, there) = two().await;
    let mut leases = Vec::new();
    for _ in 0..8 {
        submitted(here.store()).await;
        leases.push(claimed(&there).await.lease);
    }
    // Both handles say all of it, in pieces that overlap.
    let piece = |first: u32| (first..first + 4).map(|index| index.to_be_bytes().to_vec()).collect::<Vec<_>>();
    let said = leases.iter().flat_map(|lease| {
        let (here, there, piece) = (here.node(), &there, &piece);
        (0..16).step_by(2).map(move |first| async move {
            let node: &dyn Fleet = if first % 4 == 0 { here } else { there };
            node.publish(*lease, first, &piece(first)).await.unwrap();
        })
    });
    join_all(said).await;
    for lease in leases {
        let all = there.published(lease.id, lease.fence, 0).await.unwrap();
        let indices: HashSet<_> = all.iter().map(|event| event.index).collect();
        assert_eq!((all.len(), indices), (18, (0..18).collect()));
        assert!(
            all.iter().all(|event| event.event == event.index.to_be_bytes())
                && all.is_sorted_by_key(|event| event.index)
        );
    }
}

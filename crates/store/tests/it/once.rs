//! A request under an idempotency key is accepted once: copies of it, also at the same time, find what the first did, and
//! the key is as durable as what was accepted under it.

use std::time::Duration;

use futures_util::future::join_all;
use model::{ExecId, Submission};
use store::{Accepted, Earlier, MemberState, Once, Status, Submissions};
use uuid::Uuid;

use crate::both::{Everything, Scratch, on_both_stores};
use crate::samples::{HOUR, OWNER, claimed, done, ok, status, submission};

on_both_stores! {
    a_copy_finds_what_the_first_did_and_changes_nothing
    keys_are_told_apart_byte_for_byte_and_by_their_owner
    of_copies_in_one_transaction_the_first_is_accepted
    what_is_final_at_once_is_counted_once
    a_batch_is_remembered_with_its_submissions_in_their_order
    an_expired_key_may_be_used_again
    expired_keys_are_deleted_a_few_at_a_time_and_no_others
    a_key_survives_a_restart
    a_key_under_which_nothing_could_be_accepted_is_not_used
}

/// This key of [`OWNER`], for an hour.
fn once(key: &str) -> Once {
    Once { owner: OWNER.to_owned(), key: key.to_owned(), request: [7; 32], kept: HOUR }
}

/// One that has expired by the time it is written.
fn expired(key: &str) -> Once {
    Once { kept: Duration::ZERO, ..once(key) }
}

async fn submit(store: &dyn Everything, once: &Once, submission: &Submission) -> Accepted {
    store.submit_once(once, Submissions::Single(submission, None)).await.unwrap()
}

fn before(submission: &Submission) -> Accepted {
    Accepted::Before(Earlier { request: [7; 32], batch: None, submissions: vec![submission.id] })
}

/// Nothing can be written.
async fn refuse<S: Scratch>(scratch: &S) {
    scratch.tamper(S::REFUSES).await;
}

/// As before.
async fn accept<S: Scratch>(scratch: &S) {
    scratch.tamper(S::ACCEPTS).await;
}

async fn waiting(store: &dyn Everything) -> u64 {
    store.totals().await.unwrap().queued
}

async fn a_copy_finds_what_the_first_did_and_changes_nothing(scratch: impl Scratch) {
    let store = scratch.store();
    let (first, copy) = (submission(), submission());
    assert_eq!(store.submitted_once(OWNER, "a").await.unwrap(), None);
    assert_eq!(submit(store, &once("a"), &first).await, Accepted::Now);

    // Another request under the key is for whoever asks to tell.
    for other in [once("a"), Once { request: [8; 32], ..once("a") }, expired("a")] {
        assert_eq!(submit(store, &other, &copy).await, before(&first));
    }
    assert_eq!(store.submitted_once(OWNER, "a").await.unwrap().map(Accepted::Before), Some(before(&first)));
    assert_eq!((waiting(store).await, status(store, &copy).await), (1, None));
    assert_eq!(claimed(store).await.submission, first);
}

async fn keys_are_told_apart_byte_for_byte_and_by_their_owner(scratch: impl Scratch) {
    let store = scratch.store();
    let others = ["a", "A", "a ", "", "%61", "á"].map(once);
    let theirs = Once { owner: "school-b".to_owned(), ..once("a") };
    for once in others.into_iter().chain([theirs]) {
        assert_eq!(submit(store, &once, &submission()).await, Accepted::Now, "{once:?}");
    }
    assert_eq!(waiting(store).await, 7);
    assert_eq!(store.submitted_once("school-c", "a").await.unwrap(), None);
}

/// The tests run on one thread, where all of a `join_all` is in the channel before the writer runs: one transaction.
async fn of_copies_in_one_transaction_the_first_is_accepted(scratch: impl Scratch) {
    let store = scratch.store();
    let copies: Vec<Submission> = (0..10).map(|_| submission()).collect();
    let once = once("a");
    let answers = join_all(copies.iter().map(|copy| submit(store, &once, copy))).await;
    let (first, rest) = answers.split_first().unwrap();
    assert_eq!(*first, Accepted::Now);
    assert!(rest.iter().all(|answer| *answer == before(&copies[0])), "{rest:?}");
    assert_eq!(waiting(store).await, 1);
}

async fn what_is_final_at_once_is_counted_once(scratch: impl Scratch) {
    let store = scratch.store();
    let (first, report) = (submission(), ok());
    for expected in [Accepted::Now, before(&first)] {
        let answer = store.submit_once(&once("a"), Submissions::Single(&first, Some(&report))).await.unwrap();
        assert_eq!(answer, expected);
    }
    assert_eq!(status(store, &first).await, done(&report));
    assert_eq!(store.totals().await.unwrap().by_verdict, [(report.verdict, 1)]);
}

async fn a_batch_is_remembered_with_its_submissions_in_their_order(scratch: impl Scratch) {
    let store = scratch.store();
    let (batch, members) = (ExecId::new(Uuid::new_v4()), [(submission(), None), (submission(), Some(ok()))]);
    let ids: Vec<ExecId> = members.iter().map(|(submission, _)| submission.id).collect();
    let submissions = Submissions::Batch(batch, &members);
    assert_eq!(store.submit_once(&once("a"), submissions).await.unwrap(), Accepted::Now);

    let earlier = Earlier { request: [7; 32], batch: Some(batch), submissions: ids.clone() };
    assert_eq!(store.submit_once(&once("a"), submissions).await.unwrap(), Accepted::Before(earlier.clone()));
    let states: Vec<_> =
        store.batch(OWNER, batch).await.unwrap().iter().map(|member| (member.id, member.state)).collect();
    assert_eq!(states, [(ids[0], MemberState::Queued), (ids[1], MemberState::Done)]);

    // Also when one of them was deleted.
    store.cancel(OWNER, ids[1]).await.unwrap();
    assert_eq!(store.submitted_once(OWNER, "a").await.unwrap(), Some(earlier));
}

async fn an_expired_key_may_be_used_again(scratch: impl Scratch) {
    let store = scratch.store();
    let second = submission();
    assert_eq!(submit(store, &expired("a"), &submission()).await, Accepted::Now);
    assert_eq!(store.submitted_once(OWNER, "a").await.unwrap(), None);
    assert_eq!(submit(store, &once("a"), &second).await, Accepted::Now);
    assert_eq!(submit(store, &once("a"), &submission()).await, before(&second));
    assert_eq!(waiting(store).await, 2);
}

async fn expired_keys_are_deleted_a_few_at_a_time_and_no_others(scratch: impl Scratch) {
    let store = scratch.store();
    let kept = submission();
    submit(store, &once("kept"), &kept).await;
    for number in 0..450 {
        submit(store, &expired(&number.to_string()), &submission()).await;
    }
    let mut deleted = Vec::new();
    for _ in 0..4 {
        deleted.push(store.clean(HOUR).await.unwrap().keys);
    }
    assert_eq!(deleted, [200, 200, 50, 0]);
    assert_eq!(scratch.number("SELECT count(*) FROM idempotency_keys").await, 1);
    assert_eq!((submit(store, &once("kept"), &submission()).await, waiting(store).await), (before(&kept), 451));
}

async fn a_key_survives_a_restart(scratch: impl Scratch) {
    let store = scratch.store();
    let first = submission();
    submit(store, &once("a"), &first).await;
    let scratch = scratch.restarted().await;
    let store = scratch.store();
    assert_eq!(submit(store, &once("a"), &submission()).await, before(&first));
    assert_eq!(status(store, &first).await, Some(Status::Pending));
}

async fn a_key_under_which_nothing_could_be_accepted_is_not_used(scratch: impl Scratch) {
    let store = scratch.store();
    refuse(&scratch).await;
    // Alone in its transaction, and with neighbours.
    for copies in [1, 3] {
        let first = submission();
        let once = once("a");
        let refused = join_all((0..copies).map(|_| store.submit_once(&once, Submissions::Single(&first, None)))).await;
        assert!(refused.iter().all(|answer| answer.as_ref().is_err_and(|error| error.to_string().contains("no room"))));
        assert_eq!(store.submitted_once(OWNER, "a").await.unwrap(), None, "{copies}");
    }
    accept(&scratch).await;
    assert_eq!(submit(store, &once("a"), &submission()).await, Accepted::Now);
}

//! A key that may have so many submissions running has no more, and delays nobody.

use model::{Priority, Submission};
use store::{Added, KeyChange, KeyLimits, KeyName, LimitsChange, NewKey, Scopes, SecretDigest};

use crate::both::{Everything, Scratch, on_both_stores};
use crate::samples::{HOUR, claimed, claimed_and_expired, ok, submission};

on_both_stores! {
    who_runs_as_much_as_it_may_is_passed_over_in_every_class
    what_is_released_or_lost_or_recovered_makes_room
    a_key_without_a_limit_has_none
    a_raised_limit_lets_go_what_was_held_and_a_lowered_one_holds_what_waits
    a_limit_that_is_changed_holds_nobody_else
}

/// Of whoever has a limit.
const LIMITED: &str = "limited";

/// Has [`LIMITED`] be allowed two running.
async fn limited_to_two(store: &dyn Everything) {
    let key = NewKey {
        name: KeyName::parse(LIMITED).unwrap(),
        scopes: Scopes { run: true, read: true, admin: false },
        limits: KeyLimits { running: Some(2), ..KeyLimits::default() },
        expires_at: None,
        secret: SecretDigest { digest: [7; 32], public_part: "of a test".to_owned() },
    };
    assert_eq!(store.add_key(&key).await.unwrap(), Added::Done);
}

async fn submitted(store: &dyn Everything, owner: &str, priority: Priority) -> Submission {
    let submission = Submission { owner: owner.to_owned(), priority, ..submission() };
    store.submit(&submission).await.unwrap();
    submission
}

async fn nothing_is_next(store: &dyn Everything) {
    assert_eq!(store.claim(HOUR).await.unwrap().map(|claim| claim.submission.owner), None);
}

async fn who_runs_as_much_as_it_may_is_passed_over_in_every_class(scratch: impl Scratch) {
    let store = scratch.store();
    limited_to_two(store).await;
    for _ in 0..3 {
        submitted(store, LIMITED, Priority::Normal).await;
    }
    let first = claimed(store).await;
    claimed(store).await;
    nothing_is_next(store).await;
    // A class in which it had nothing before, and one that comes before those of others.
    let exam = submitted(store, LIMITED, Priority::Exam).await;
    let mut others = vec![submitted(store, "other", Priority::Normal).await.id];
    others.push(submitted(store, "other", Priority::Batch).await.id);
    for other in others {
        assert_eq!(claimed(store).await.submission.id, other);
    }
    nothing_is_next(store).await;

    store.finish(first.lease, &ok()).await.unwrap();
    assert_eq!(claimed(store).await.submission.id, exam.id);
    nothing_is_next(store).await;
    assert_eq!(store.totals().await.unwrap().queued, 1);
}

async fn what_is_released_or_lost_or_recovered_makes_room(scratch: impl Scratch) {
    let store = scratch.store();
    limited_to_two(store).await;
    let mut all = Vec::new();
    for _ in 0..3 {
        all.push(submitted(store, LIMITED, Priority::Normal).await.id);
    }
    let released = claimed(store).await;
    let lost = claimed_and_expired(store).await;
    // What was lost runs again and counts once.
    let again = claimed(store).await;
    assert_eq!((again.submission.id, again.attempt), (lost.submission.id, 2));
    nothing_is_next(store).await;
    store.release(released.lease).await.unwrap();
    assert_eq!(claimed(store).await.submission.id, all[0]);
    nothing_is_next(store).await;

    let scratch = scratch.restarted().await;
    let store = scratch.store();
    assert_eq!(store.recover().await.unwrap(), 2);
    assert_eq!([claimed(store).await, claimed(store).await].map(|claim| claim.submission.id), [all[0], all[1]]);
    nothing_is_next(store).await;
}

async fn a_key_without_a_limit_has_none(scratch: impl Scratch) {
    let store = scratch.store();
    limited_to_two(store).await;
    for _ in 0..5 {
        submitted(store, "other", Priority::Normal).await;
    }
    for _ in 0..5 {
        assert_eq!(claimed(store).await.submission.owner, "other");
    }
}

/// Gives [`LIMITED`] another limit, or none.
async fn limit(store: &dyn Everything, running: Option<u32>) {
    let limits = LimitsChange { running: Some(running), ..LimitsChange::default() };
    let change = KeyChange { limits, ..KeyChange::default() };
    assert!(store.change_key(LIMITED, &change).await.unwrap());
}

async fn a_raised_limit_lets_go_what_was_held_and_a_lowered_one_holds_what_waits(scratch: impl Scratch) {
    let store = scratch.store();
    limited_to_two(store).await;
    let mut all = Vec::new();
    for priority in [Priority::Normal, Priority::Normal, Priority::Exam, Priority::Batch, Priority::Normal] {
        all.push(submitted(store, LIMITED, priority).await.id);
    }
    // The exam is first.
    let running = [claimed(store).await, claimed(store).await];
    nothing_is_next(store).await;

    limit(store, Some(3)).await;
    claimed(store).await;
    nothing_is_next(store).await;

    // Lower than what runs: that goes on, and nothing is next until less than the limit runs.
    limit(store, Some(1)).await;
    for claim in running {
        store.finish(claim.lease, &ok()).await.unwrap();
        nothing_is_next(store).await;
    }

    limit(store, None).await;
    let rest = [claimed(store).await, claimed(store).await].map(|claim| claim.submission.id);
    assert!(rest.iter().all(|id| all.contains(id)));
    nothing_is_next(store).await;

    // And one where there was none, while three run.
    submitted(store, LIMITED, Priority::Normal).await;
    limit(store, Some(3)).await;
    nothing_is_next(store).await;
    limit(store, Some(4)).await;
    claimed(store).await;
}

async fn a_limit_that_is_changed_holds_nobody_else(scratch: impl Scratch) {
    let store = scratch.store();
    limited_to_two(store).await;
    submitted(store, LIMITED, Priority::Normal).await;
    submitted(store, LIMITED, Priority::Normal).await;
    let other = submitted(store, "other", Priority::Normal).await;
    claimed(store).await;
    limit(store, Some(1)).await;
    assert_eq!(claimed(store).await.submission.id, other.id);
    nothing_is_next(store).await;
}

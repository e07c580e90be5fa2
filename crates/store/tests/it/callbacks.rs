//! Whom to tell of a result is kept with the result, and what came of telling.

use std::time::Duration;

use model::Submission;
use store::{Attempt, CallbackSecret, CallbackState, DueCallback, KeyName, LeaseUse, Tried};

use crate::both::{Everything, Scratch, on_both_stores};
use crate::samples::{HOUR, OWNER, claimed, ok, submission};

on_both_stores! {
    however_a_submission_ends_its_callback_is_there_and_what_has_none_has_none
    a_claim_that_says_nothing_comes_back_and_an_old_one_has_no_say
    what_fails_waits_until_it_is_dead_and_can_be_asked_for_again
    an_owner_that_is_busy_is_passed_over_and_the_longest_wait_comes_first
    a_callback_goes_with_its_result
    the_callback_of_another_owner_is_not_there
    callbacks_and_tries_outlast_a_restart
    a_report_that_is_refused_leaves_no_callback
    the_first_secret_stays_and_a_rotated_one_is_used_beside_the_next
}

const URL: &str = "https://lms.school.example/results";

fn of(owner: &str) -> Submission {
    Submission { callback_url: Some(URL.to_owned()), owner: owner.to_owned(), ..submission() }
}

/// A submission of this owner that has its result.
async fn finished(store: &dyn Everything, owner: &str) -> Submission {
    let submission = of(owner);
    store.submit(&submission).await.unwrap();
    store.finish(claimed(store).await.lease, &ok()).await.unwrap();
    submission
}

async fn due(store: &dyn Everything) -> Option<DueCallback> {
    store.claim_callback(&[], HOUR).await.unwrap()
}

async fn state(store: &dyn Everything, submission: &Submission) -> Option<(CallbackState, u32)> {
    let status = store.callback(&submission.owner, submission.id).await.unwrap()?;
    assert_eq!(status.next_try_at.is_some(), status.state == CallbackState::Waiting);
    Some((status.state, status.tries))
}

fn failed(again: Option<Duration>) -> Tried {
    Tried::Failed { reason: "it answered 500".to_owned(), again }
}

async fn however_a_submission_ends_its_callback_is_there_and_what_has_none_has_none(scratch: impl Scratch) {
    let store = scratch.store();
    let (ran, at_once, cancelled) = (of(OWNER), of(OWNER), of(OWNER));
    store.submit(&ran).await.unwrap();
    assert_eq!((due(store).await, state(store, &ran).await), (None, None), "there is no result yet");
    store.finish(claimed(store).await.lease, &ok()).await.unwrap();
    store.submit_finished(&at_once, &ok()).await.unwrap();
    store.submit(&cancelled).await.unwrap();
    store.cancel(OWNER, cancelled.id).await.unwrap();
    let silent = submission();
    store.submit_finished(&silent, &ok()).await.unwrap();
    assert_eq!(state(store, &silent).await, None);

    for expected in [&ran, &at_once, &cancelled] {
        let found = due(store).await.expect("one for each");
        assert_eq!(
            (found.attempt.id, found.url.as_str(), found.tries),
            (expected.id, URL, 1),
            "in the order of results"
        );
        assert_eq!(found.owner, OWNER);
    }
    assert_eq!(due(store).await, None, "each is claimed");
}

async fn a_claim_that_says_nothing_comes_back_and_an_old_one_has_no_say(scratch: impl Scratch) {
    let store = scratch.store();
    let submission = finished(store, OWNER).await;
    let first = store.claim_callback(&[], Duration::ZERO).await.unwrap().expect("it is due");
    let second = due(store).await.expect("the first claim is over");
    assert_eq!((first.tries, second.tries, second.report), (1, 2, ok()));
    assert!(!store.callback_tried(first.attempt, failed(None)).await.unwrap());
    assert_eq!(state(store, &submission).await, Some((CallbackState::Waiting, 2)));
    assert!(store.callback_tried(second.attempt, Tried::Delivered).await.unwrap());
    assert_eq!(state(store, &submission).await, Some((CallbackState::Delivered, 2)));
    assert_eq!(due(store).await, None);
}

async fn what_fails_waits_until_it_is_dead_and_can_be_asked_for_again(scratch: impl Scratch) {
    let store = scratch.store();
    let submission = finished(store, OWNER).await;
    let claim = due(store).await.unwrap();
    store.callback_tried(claim.attempt, failed(Some(Duration::ZERO))).await.unwrap();
    let claim = due(store).await.expect("at once");
    store.callback_tried(claim.attempt, failed(Some(HOUR))).await.unwrap();
    assert_eq!(due(store).await, None, "not for an hour");
    assert_eq!(state(store, &submission).await, Some((CallbackState::Waiting, 2)));

    assert!(store.redeliver(OWNER, submission.id).await.unwrap());
    let again = due(store).await.expect("it was asked for");
    assert_eq!(again.tries, 1, "from the start");
    store.callback_tried(again.attempt, failed(None)).await.unwrap();
    let status = store.callback(OWNER, submission.id).await.unwrap().unwrap();
    assert_eq!((status.state, status.last_error.as_deref()), (CallbackState::Dead, Some("it answered 500")));
    assert_eq!(due(store).await, None);

    assert!(store.redeliver(OWNER, submission.id).await.unwrap());
    let late = due(store).await.unwrap();
    store.redeliver(OWNER, submission.id).await.unwrap();
    assert!(!store.callback_tried(late.attempt, failed(None)).await.unwrap(), "it was asked for anew meanwhile");
    assert!(due(store).await.is_some());
}

async fn an_owner_that_is_busy_is_passed_over_and_the_longest_wait_comes_first(scratch: impl Scratch) {
    let store = scratch.store();
    let (a, b, c) = (finished(store, "a").await, finished(store, "b").await, finished(store, "c").await);
    finished(store, "a").await;
    let claim = async |busy: &[&str]| {
        let busy: Vec<String> = busy.iter().map(|owner| (*owner).to_owned()).collect();
        store.claim_callback(&busy, HOUR).await.unwrap().map(|due| due.attempt.id)
    };
    assert_eq!(claim(&["a", "c"]).await, Some(b.id));
    assert_eq!(claim(&["a", "b", "c"]).await, None);
    assert_eq!(claim(&[]).await, Some(a.id));
    assert_eq!(claim(&["a", "it's \"quoted\""]).await, Some(c.id));
    assert_eq!(claim(&["a"]).await, None);
}

async fn a_callback_goes_with_its_result(scratch: impl Scratch) {
    let store = scratch.store();
    let (deleted, expired, erased) = (finished(store, OWNER).await, finished(store, OWNER).await, of(OWNER));
    let claim = due(store).await.unwrap();
    assert_eq!(claim.attempt.id, deleted.id);
    store.cancel(OWNER, deleted.id).await.unwrap();
    assert!(!store.callback_tried(claim.attempt, failed(Some(Duration::ZERO))).await.unwrap());
    store.submit(&Submission { student: Some("s1".to_owned()), ..erased.clone() }).await.unwrap();
    store.erase(OWNER, "s1").await.unwrap();
    while store.clean(Duration::ZERO).await.unwrap().results > 0 {}
    for submission in [deleted, expired, erased] {
        assert_eq!(state(store, &submission).await, None);
        assert!(!store.redeliver(OWNER, submission.id).await.unwrap());
    }
    assert_eq!(due(store).await, None);
}

async fn the_callback_of_another_owner_is_not_there(scratch: impl Scratch) {
    let store = scratch.store();
    let submission = finished(store, OWNER).await;
    assert_eq!(store.callback("school-b", submission.id).await.unwrap(), None);
    assert!(!store.redeliver("school-b", submission.id).await.unwrap());
    assert_eq!(state(store, &submission).await, Some((CallbackState::Waiting, 0)));
}

async fn callbacks_and_tries_outlast_a_restart(scratch: impl Scratch) {
    let store = scratch.store();
    let submission = finished(store, OWNER).await;
    let claim = due(store).await.unwrap();
    store.callback_tried(claim.attempt, failed(Some(Duration::ZERO))).await.unwrap();
    let secrets = store.callback_secrets(OWNER, CallbackSecret([1; 32])).await.unwrap();
    let scratch = scratch.restarted().await;
    let store = scratch.store();
    let again = due(store).await.expect("it waits");
    assert_eq!((again.attempt, again.tries), (Attempt { id: submission.id, fence: 2 }, 2));
    assert_eq!(store.callback_secrets(OWNER, CallbackSecret([9; 32])).await.unwrap(), secrets);
}

async fn a_report_that_is_refused_leaves_no_callback(scratch: impl Scratch) {
    let store = scratch.store();
    store.submit(&of(OWNER)).await.unwrap();
    let late = store.claim(Duration::ZERO).await.unwrap().unwrap();
    let claim = claimed(store).await;
    assert_eq!(store.finish(late.lease, &ok()).await.unwrap(), LeaseUse::Superseded);
    assert_eq!(due(store).await, None);
    store.finish(claim.lease, &ok()).await.unwrap();
    assert!(due(store).await.is_some());
}

async fn the_first_secret_stays_and_a_rotated_one_is_used_beside_the_next(scratch: impl Scratch) {
    let store = scratch.store();
    let [one, two, three] = [1, 2, 3].map(|byte| CallbackSecret([byte; 32]));
    let owner = KeyName::parse(OWNER).unwrap();
    let owner = owner.as_str();
    assert_eq!(store.callback_secrets(owner, one.clone()).await.unwrap().current, one);
    let known = store.callback_secrets(owner, two.clone()).await.unwrap();
    assert_eq!((known.current, known.previous), (one.clone(), None));

    let rotated = store.rotate_callback_secret(owner, two.clone(), HOUR).await.unwrap();
    assert_eq!((&rotated.current, rotated.previous.as_ref().map(|(secret, _)| secret)), (&two, Some(&one)));
    assert_eq!(store.callback_secrets(owner, three.clone()).await.unwrap(), rotated);
    let at_once = store.rotate_callback_secret(owner, three.clone(), Duration::ZERO).await.unwrap();
    assert_eq!((at_once.current, at_once.previous), (three.clone(), None));
    let other = store.rotate_callback_secret("school-b", one.clone(), HOUR).await.unwrap();
    assert_eq!((other.current, other.previous), (one, None), "there was none before");
    assert!(!format!("{three:?}").contains('3'));
}

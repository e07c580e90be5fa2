//! What is not to stay is deleted soon after somebody had it, and leaves nothing in any file.

use std::time::Duration;

use model::{InputReport, Report, Submission};
use store::{Cleaned, Store, Tried};

use crate::both::{Scratch, Sqlite, on_both_stores};
use crate::samples::{HOUR, OWNER, claimed, done, ok, status, submission, submitted};

on_both_stores! {
    a_result_that_was_fetched_stays_for_a_minute_and_is_not_kept_by_being_fetched_again
    a_callback_that_was_taken_counts_like_being_fetched
}

const CODE: &str = "0e8d-this-is-the-code";
const INPUT: &str = "51c7-this-is-the-input";
const OUTPUT: &str = "b94a-this-is-the-output";

/// `repeat` times as long as it need be.
fn passing(repeat: usize) -> (Submission, Report) {
    let submission =
        Submission { no_store: true, code: CODE.repeat(repeat), inputs: vec![INPUT.repeat(repeat)], ..submission() };
    let mut report = ok();
    let InputReport { input, output, .. } = &mut report.inputs[0];
    (*input, *output) = (INPUT.repeat(repeat), OUTPUT.repeat(repeat));
    (submission, report)
}

/// Makes so many seconds pass for what does not stay.
macro_rules! later {
    ($scratch:expr, $seconds:literal) => {
        $scratch.tamper(concat!("UPDATE passing_reports SET delete_at = delete_at - ", $seconds, "000000")).await
    };
}

async fn clean(store: &dyn Store) -> u64 {
    let mut results = 0;
    loop {
        match store.clean(1000 * HOUR).await.unwrap() {
            cleaned if cleaned == Cleaned::default() => return results,
            cleaned => results += cleaned.results,
        }
    }
}

/// Which of the words are in which files.
fn found(scratch: &Sqlite) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(scratch.folder()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for word in [CODE, INPUT, OUTPUT] {
            if bytes.windows(word.len()).any(|part| part == word.as_bytes()) {
                found.push((path.file_name().unwrap().to_string_lossy().into_owned(), word));
            }
        }
    }
    found
}

#[tokio::test]
async fn nothing_is_left_in_any_file_of_what_was_not_to_stay() {
    for repeat in [1, 2000] {
        let scratch = Sqlite::empty().await;
        let store = scratch.store();
        let others = [submitted(store).await, submitted(store).await];
        for _ in &others {
            store.finish(claimed(store).await.lease, &ok()).await.unwrap();
        }
        let (submission, report) = passing(repeat);
        store.submit(&submission).await.unwrap();
        assert!(found(&scratch).iter().any(|(_, word)| *word == CODE), "while it waits it is on disk");
        store.finish(claimed(store).await.lease, &report).await.unwrap();
        assert_eq!(status(store, &submission).await, done(&report));
        assert!(found(&scratch).iter().any(|(_, word)| *word == OUTPUT), "until it was fetched it is on disk");
        later!(scratch, 7200);
        assert_eq!(clean(store).await, 1);
        assert_eq!(status(store, &submission).await, None);
        assert_eq!(found(&scratch), []);
        for other in &others {
            assert_eq!(status(store, other).await, done(&ok()), "what is to stay does");
        }
    }
}

async fn a_result_that_was_fetched_stays_for_a_minute_and_is_not_kept_by_being_fetched_again(scratch: impl Scratch) {
    let store = scratch.store();
    let (submission, report) = passing(1);
    store.submit(&submission).await.unwrap();
    assert!(status(store, &submission).await.is_some(), "that is no result");
    store.finish(claimed(store).await.lease, &report).await.unwrap();
    later!(scratch, 3590);
    assert_eq!(clean(store).await, 0, "nobody had it, and there are seconds left");
    later!(scratch, 10);
    assert_eq!(clean(store).await, 1, "nobody had it for an hour");

    let (submission, report) = passing(1);
    store.submit_finished(&submission, &report).await.unwrap();
    assert!(store.status("school-b", submission.id).await.unwrap().is_none());
    later!(scratch, 70);
    assert_eq!(clean(store).await, 0, "it is not there for others, and so they had nothing");
    for _ in 0..2 {
        assert_eq!(status(store, &submission).await, done(&report));
        later!(scratch, 25);
        assert_eq!(clean(store).await, 0, "it was fetched seconds ago");
    }
    assert_eq!(status(store, &submission).await, done(&report));
    later!(scratch, 11);
    assert_eq!(clean(store).await, 1);
    assert_eq!(status(store, &submission).await, None);
}

async fn a_callback_that_was_taken_counts_like_being_fetched(scratch: impl Scratch) {
    let store = scratch.store();
    let (submission, report) = passing(1);
    let submission = Submission { callback_url: Some("https://lms.school.example".to_owned()), ..submission };
    store.submit_finished(&submission, &report).await.unwrap();
    let due = store.claim_callback(&[], Duration::ZERO).await.unwrap().unwrap();
    let failed = Tried::Failed { reason: "it answered 500".to_owned(), again: Some(Duration::ZERO) };
    store.callback_tried(due.attempt, failed).await.unwrap();
    later!(scratch, 61);
    assert_eq!(clean(store).await, 0, "nobody has it");
    let due = store.claim_callback(&[], HOUR).await.unwrap().unwrap();
    store.callback_tried(due.attempt, Tried::Delivered).await.unwrap();
    later!(scratch, 61);
    assert_eq!(clean(store).await, 1);
    assert!(store.callback(OWNER, submission.id).await.unwrap().is_none());

    // What was fetched before is not kept longer by it.
    let (submission, report) = passing(1);
    let submission = Submission { callback_url: Some("https://lms.school.example".to_owned()), ..submission };
    store.submit_finished(&submission, &report).await.unwrap();
    status(store, &submission).await;
    later!(scratch, 40);
    let due = store.claim_callback(&[], HOUR).await.unwrap().unwrap();
    store.callback_tried(due.attempt, Tried::Delivered).await.unwrap();
    later!(scratch, 21);
    assert_eq!(clean(store).await, 1);
}

#[tokio::test]
async fn what_its_owner_deletes_is_overwritten_as_well() {
    let scratch = Sqlite::empty().await;
    let store = scratch.store();
    let (submission, report) = passing(500);
    let submission = Submission { no_store: false, ..submission };
    store.submit_finished(&submission, &report).await.unwrap();
    assert_ne!(found(&scratch), []);
    store.cancel(OWNER, submission.id).await.unwrap();
    clean(store).await;
    assert_eq!(found(&scratch), []);
}

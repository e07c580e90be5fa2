//! What is not to stay is deleted soon after somebody had it, and leaves nothing in any file.

use std::time::Duration;

use model::{InputReport, Report, Submission};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor};
use store::{CallbackStore, Cleaned, SqliteStore, Store, Tried};
use tempfile::TempDir;

use crate::samples::{HOUR, OWNER, claimed, done, ok, status, submission, submitted};

const CODE: &str = "0e8d-this-is-the-code";
const INPUT: &str = "51c7-this-is-the-input";
const OUTPUT: &str = "b94a-this-is-the-output";

async fn empty() -> (TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("store.db")).await.unwrap();
    (folder, store)
}

/// `repeat` times as long as it need be.
fn passing(repeat: usize) -> (Submission, Report) {
    let submission =
        Submission { no_store: true, code: CODE.repeat(repeat), inputs: vec![INPUT.repeat(repeat)], ..submission() };
    let mut report = ok();
    let InputReport { input, output, .. } = &mut report.inputs[0];
    (*input, *output) = (INPUT.repeat(repeat), OUTPUT.repeat(repeat));
    (submission, report)
}

/// Makes time pass for what does not stay.
async fn later(folder: &TempDir, by: Duration) {
    let path = folder.path().join("store.db");
    let mut connection = SqliteConnectOptions::new().filename(path).connect().await.unwrap();
    let sql = sqlx::query("UPDATE passing_reports SET delete_at = delete_at - ?").bind(by.as_micros() as i64);
    connection.execute(sql).await.unwrap();
    connection.close().await.unwrap();
}

async fn clean(store: &SqliteStore) -> u64 {
    let mut results = 0;
    loop {
        match store.clean(1000 * HOUR).await.unwrap() {
            cleaned if cleaned == Cleaned::default() => return results,
            cleaned => results += cleaned.results,
        }
    }
}

/// Which of the words are in which files.
fn found(folder: &TempDir) -> Vec<(String, &'static str)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
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
        let (folder, store) = empty().await;
        let others = [submitted(&store).await, submitted(&store).await];
        for _ in &others {
            store.finish(claimed(&store).await.lease, &ok()).await.unwrap();
        }
        let (submission, report) = passing(repeat);
        store.submit(&submission).await.unwrap();
        assert!(found(&folder).iter().any(|(_, word)| *word == CODE), "while it waits it is on disk");
        store.finish(claimed(&store).await.lease, &report).await.unwrap();
        assert_eq!(status(&store, &submission).await, done(&report));
        assert!(found(&folder).iter().any(|(_, word)| *word == OUTPUT), "until it was fetched it is on disk");
        later(&folder, 2 * HOUR).await;
        assert_eq!(clean(&store).await, 1);
        assert_eq!(status(&store, &submission).await, None);
        assert_eq!(found(&folder), []);
        for other in &others {
            assert_eq!(status(&store, other).await, done(&ok()), "what is to stay does");
        }
    }
}

#[tokio::test]
async fn a_result_that_was_fetched_stays_for_a_minute_and_is_not_kept_by_being_fetched_again() {
    let (folder, store) = empty().await;
    let (submission, report) = passing(1);
    store.submit(&submission).await.unwrap();
    assert!(status(&store, &submission).await.is_some(), "that is no result");
    store.finish(claimed(&store).await.lease, &report).await.unwrap();
    later(&folder, Duration::from_secs(3590)).await;
    assert_eq!(clean(&store).await, 0, "nobody had it, and there are seconds left");
    later(&folder, Duration::from_secs(10)).await;
    assert_eq!(clean(&store).await, 1, "nobody had it for an hour");

    let (submission, report) = passing(1);
    store.submit_finished(&submission, &report).await.unwrap();
    assert!(store.status("school-b", submission.id).await.unwrap().is_none());
    later(&folder, Duration::from_secs(70)).await;
    assert_eq!(clean(&store).await, 0, "it is not there for others, and so they had nothing");
    for _ in 0..2 {
        assert_eq!(status(&store, &submission).await, done(&report));
        later(&folder, Duration::from_secs(25)).await;
        assert_eq!(clean(&store).await, 0, "it was fetched seconds ago");
    }
    assert_eq!(status(&store, &submission).await, done(&report));
    later(&folder, Duration::from_secs(11)).await;
    assert_eq!(clean(&store).await, 1);
    assert_eq!(status(&store, &submission).await, None);
}

#[tokio::test]
async fn a_callback_that_was_taken_counts_like_being_fetched() {
    let (folder, store) = empty().await;
    let (submission, report) = passing(1);
    let submission = Submission { callback_url: Some("https://lms.school.example".to_owned()), ..submission };
    store.submit_finished(&submission, &report).await.unwrap();
    let due = store.claim_callback(&[], Duration::ZERO).await.unwrap().unwrap();
    let failed = Tried::Failed { reason: "it answered 500".to_owned(), again: Some(Duration::ZERO) };
    store.callback_tried(due.attempt, failed).await.unwrap();
    later(&folder, Duration::from_secs(61)).await;
    assert_eq!(clean(&store).await, 0, "nobody has it");
    let due = store.claim_callback(&[], HOUR).await.unwrap().unwrap();
    store.callback_tried(due.attempt, Tried::Delivered).await.unwrap();
    later(&folder, Duration::from_secs(61)).await;
    assert_eq!(clean(&store).await, 1);
    assert!(store.callback(OWNER, submission.id).await.unwrap().is_none());

    // What was fetched before is not kept longer by it.
    let (submission, report) = passing(1);
    let submission = Submission { callback_url: Some("https://lms.school.example".to_owned()), ..submission };
    store.submit_finished(&submission, &report).await.unwrap();
    status(&store, &submission).await;
    later(&folder, Duration::from_secs(40)).await;
    let due = store.claim_callback(&[], HOUR).await.unwrap().unwrap();
    store.callback_tried(due.attempt, Tried::Delivered).await.unwrap();
    later(&folder, Duration::from_secs(21)).await;
    assert_eq!(clean(&store).await, 1);
}

#[tokio::test]
async fn what_its_owner_deletes_is_overwritten_as_well() {
    let (folder, store) = empty().await;
    let (submission, report) = passing(500);
    let submission = Submission { no_store: false, ..submission };
    store.submit_finished(&submission, &report).await.unwrap();
    assert_ne!(found(&folder), []);
    store.cancel(OWNER, submission.id).await.unwrap();
    clean(&store).await;
    assert_eq!(found(&folder), []);
}

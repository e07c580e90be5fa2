//! Results are deleted when they have had their time, a little at once, and the file does not grow for ever.

use std::time::Duration;

use model::{ExecId, InputReport, Report, Submission};
use store::{Cleaned, KeyLimits, KeyName, MemberState, NewKey, Scopes, SecretDigest, Status, Store};
use uuid::Uuid;

use crate::both::{Scratch, Sqlite, on_both_stores};
use crate::samples::{HOUR, OWNER, claimed, done, ok, status, submission, submitted};

on_both_stores! {
    a_result_is_there_until_its_time_is_up_and_counted_for_ever
    every_way_to_a_result_has_its_time
    results_of_a_key_with_days_of_its_own_go_after_these_and_no_sooner_for_being_fetched
}

const PAGES: &str = "SELECT page_count * 4096 FROM pragma_page_count";

/// A report of so many bytes of output.
fn long(bytes: usize) -> Report {
    let mut report = ok();
    let InputReport { output, .. } = &mut report.inputs[0];
    *output = "x".repeat(bytes);
    report
}

async fn finish(store: &dyn Store, report: &Report) {
    submitted(store).await;
    store.finish(claimed(store).await.lease, report).await.unwrap();
}

/// Cleans until there is nothing to clean, and gives each step.
async fn clean(store: &dyn Store, kept: Duration) -> Vec<Cleaned> {
    let mut steps = Vec::new();
    loop {
        match store.clean(kept).await.unwrap() {
            cleaned if cleaned == Cleaned::default() => return steps,
            cleaned => steps.push(cleaned),
        }
    }
}

async fn a_result_is_there_until_its_time_is_up_and_counted_for_ever(scratch: impl Scratch) {
    let store = scratch.store();
    let old = submitted(store).await;
    store.finish(claimed(store).await.lease, &ok()).await.unwrap();
    scratch.tamper("UPDATE reports SET finished_at = finished_at - 7200000000").await;
    let young = submitted(store).await;
    store.finish(claimed(store).await.lease, &ok()).await.unwrap();
    let (running, waiting) = (submitted(store).await, submitted(store).await);
    let claim = claimed(store).await;
    let totals = store.totals().await.unwrap();

    assert_eq!(clean(store, 3 * HOUR).await, []);
    assert_eq!(status(store, &old).await, done(&ok()));
    assert_eq!(clean(store, HOUR).await, [Cleaned { results: 1, ..Cleaned::default() }]);
    assert_eq!((status(store, &old).await, status(store, &young).await), (None, done(&ok())));
    assert_eq!(clean(store, Duration::ZERO).await, [Cleaned { results: 1, ..Cleaned::default() }]);
    assert_eq!(status(store, &young).await, None);

    // What has no result is not touched, however long it takes.
    for submission in [&running, &waiting] {
        assert_eq!(status(store, submission).await, Some(Status::Pending));
    }
    assert_eq!(store.totals().await.unwrap(), totals);
    store.finish(claim.lease, &ok()).await.unwrap();
    assert_eq!(status(store, &running).await, done(&ok()));
    assert_eq!(scratch.number("SELECT count(*) FROM submissions").await, 2);
}

async fn every_way_to_a_result_has_its_time(scratch: impl Scratch) {
    let store = scratch.store();
    let [cancelled, finished, batched] = [submission(), submission(), submission()];
    store.submit(&cancelled).await.unwrap();
    store.cancel(OWNER, cancelled.id).await.unwrap();
    store.submit_finished(&finished, &ok()).await.unwrap();
    let batch = ExecId::new(Uuid::new_v4());
    let waits = submission();
    store.submit_batch(batch, &[(batched.clone(), Some(ok())), (waits.clone(), None)]).await.unwrap();

    assert_eq!(clean(store, HOUR).await, [], "all were done just now");
    assert_eq!(clean(store, Duration::ZERO).await, [Cleaned { results: 3, ..Cleaned::default() }]);
    for submission in [cancelled, finished, batched] {
        assert_eq!(status(store, &submission).await, None);
    }
    let left: Vec<_> =
        store.batch(OWNER, batch).await.unwrap().iter().map(|member| (member.id, member.state)).collect();
    assert_eq!(left, [(waits.id, MemberState::Queued)]);
}

#[tokio::test]
async fn little_is_deleted_at_once_by_rows_and_by_bytes() {
    let scratch = Sqlite::empty().await;
    let store = scratch.store();
    for _ in 0..250 {
        store.submit_finished(&submission(), &ok()).await.unwrap();
    }
    for megabytes in [3, 2, 1, 9, 1] {
        finish(store, &long(megabytes << 20)).await;
    }
    let results: Vec<u64> = clean(store, Duration::ZERO).await.iter().map(|step| step.results).collect();
    // The 50 that are left are small; 2 and 1 MiB fit into 4, 9 goes alone.
    let expected = [200, 51, 2, 1, 1];
    assert_eq!(results[..5], expected, "{results:?}");
    assert!(results[5..].iter().all(|results| *results == 0), "then pages are given back: {results:?}");
}

/// What is deleted leaves no more than a quarter of the file free, or a megabyte, and so the file grows no more.
#[tokio::test]
async fn the_file_does_not_grow_for_ever() {
    let scratch = Sqlite::empty().await;
    let store = scratch.store();
    let mut peaks = Vec::new();
    for _ in 0..4 {
        for _ in 0..40 {
            finish(store, &long(256 * 1024)).await;
        }
        peaks.push(scratch.number(PAGES).await);
        clean(store, Duration::ZERO).await;
        let left = scratch.number(PAGES).await;
        assert!(left < 2 << 20, "{left} bytes are left of {peaks:?}");
    }
    assert!(peaks[0] > 10 << 20 && peaks[3] < peaks[0] + (1 << 20), "{peaks:?}");
    let scratch = scratch.restarted().await;
    let size = std::fs::metadata(scratch.folder().join("store.db")).unwrap().len();
    assert!(size < 2 << 20, "{size}");
}

#[tokio::test]
async fn a_file_that_could_only_grow_is_written_anew() {
    let scratch = Sqlite::empty().await;
    let store = scratch.store();
    let waiting = submitted(store).await;
    scratch.tamper("PRAGMA auto_vacuum = NONE; VACUUM").await;
    assert_eq!(scratch.number("PRAGMA auto_vacuum").await, 0);

    let scratch = scratch.restarted().await;
    let store = scratch.store();
    assert_eq!(scratch.number("PRAGMA auto_vacuum").await, 2);
    assert_eq!(claimed(store).await.submission, waiting);
}

async fn results_of_a_key_with_days_of_its_own_go_after_these_and_no_sooner_for_being_fetched(scratch: impl Scratch) {
    let store = scratch.store();
    let secret = SecretDigest { digest: [7; 32], public_part: "cr_00000000".to_owned() };
    let limits = KeyLimits { result_days: Some(2), ..KeyLimits::default() };
    let (name, scopes) = (KeyName::parse("school-b").unwrap(), Scopes::ALL);
    store.add_key(&NewKey { name, scopes, limits, expires_at: None, secret }).await.unwrap();
    let theirs = Submission { owner: "school-b".to_owned(), ..submission() };
    let passing = Submission { no_store: true, ..Submission { id: submission().id, ..theirs.clone() } };
    let ours = submission();
    for submission in [&theirs, &passing, &ours] {
        store.submit_finished(submission, &ok()).await.unwrap();
    }
    let kept = 24 * HOUR * 30;
    scratch.tamper("UPDATE passing_reports SET delete_at = delete_at - 7200000000").await;
    assert_eq!(clean(store, kept).await, [Cleaned { results: 1, ..Cleaned::default() }], "what was not to stay");
    assert_eq!(status(store, &passing).await, None);
    assert_eq!(status(store, &theirs).await, done(&ok()));
    scratch.tamper("UPDATE passing_reports SET delete_at = delete_at - 162000000000").await;
    assert_eq!(clean(store, kept).await, [], "there is an hour left");
    assert_eq!(status(store, &theirs).await, done(&ok()));
    scratch.tamper("UPDATE passing_reports SET delete_at = delete_at - 3600000000").await;
    assert_eq!(clean(store, kept).await, [Cleaned { results: 1, ..Cleaned::default() }]);
    assert_eq!((status(store, &theirs).await, status(store, &ours).await), (None, done(&ok())));
}

//! What has had its time is deleted while the server serves: results, and idempotency keys.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use executor::fake::FakeExecutor;
use serde_json::Value;
use server::housekeeping::{self, Rules};
use server::scheduler::stopper;
use store::{Accepted, Once, Store, Submissions};
use tempfile::TempDir;

use crate::serve::Server;
use crate::support::{TestApp, WatchedStore, problem, soon, submission};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Uses up this many keys, which have expired by then.
async fn expire(store: &WatchedStore, keys: usize) {
    for number in 0..keys {
        let submission = submission(&["x"]);
        let once =
            Once { owner: submission.owner.clone(), key: number.to_string(), request: [0; 32], kept: Duration::ZERO };
        let accepted = store.submit_once(&once, Submissions::Single(&submission, None)).await.unwrap();
        assert_eq!(accepted, Accepted::Now);
    }
}

/// Cleans without a pause until so many keys and results were deleted.
async fn clean(store: &Arc<WatchedStore>, results_kept: Duration, keys: u64, results: u64) {
    let (stopper, stop) = stopper();
    let rules = Rules { results_kept, pause: Duration::from_millis(1) };
    let cleaning = tokio::spawn(housekeeping::run(store.clone(), rules, stop));
    store.cleaned(keys, results).await;
    drop(stopper);
    soon(cleaning).await.expect("it ends when it is asked to");
}

#[tokio::test]
async fn it_goes_on_until_all_is_deleted_also_after_the_store_has_failed() {
    let folder = TempDir::new().unwrap();
    let store = WatchedStore::open(folder.path()).await;
    // More than are deleted at once.
    expire(&store, 450).await;
    store.failures.clean.store(2, Ordering::SeqCst);
    clean(&store, DAY, 450, 0).await;
}

/// B-070
#[tokio::test]
async fn a_result_is_the_same_each_time_until_its_days_are_over_and_then_404() {
    let app = TestApp::with(FakeExecutor::echoing(), &[]).await;
    let old = app.submit("", &["old"]).await;
    app.store.finished(old).await;
    let path = format!("/result/{old}");
    let first = app.get(&path).await;
    first.assert_status_ok();
    assert_eq!(app.get(&path).await.text(), first.text());
    app.tamper("UPDATE reports SET finished_at = finished_at - 86400 * 1000000").await;
    let young = app.submit("", &["young"]).await;
    app.store.finished(young).await;
    assert_eq!(app.get(&path).await.text(), first.text());
    let totals: Value = app.get("/metrics").await.json();

    clean(&app.store, DAY, 0, 1).await;
    problem(&app.get(&path).await, 404);
    problem(&app.get(&format!("{path}?wait=30")).await, 404);
    problem(&app.get(&format!("{path}/events")).await, 404);
    app.get(&format!("/result/{young}")).await.assert_status_ok();
    assert_eq!(app.get("/metrics").await.json::<Value>(), totals);
}

#[tokio::test]
async fn a_server_deletes_what_is_older_than_its_setting_says() {
    let folder = TempDir::new().unwrap();
    let app = TestApp::in_folder(Arc::new(folder), FakeExecutor::echoing(), &[]).await;
    let report = model::Report::new(Vec::new(), model::Phases::default());
    let [kept, old] = [submission(&[]), submission(&[])];
    app.store.submit_finished(&old, &report).await.unwrap();
    app.tamper("UPDATE reports SET finished_at = finished_at - 2 * 86400 * 1000000 - 60 * 1000000").await;
    app.store.submit_finished(&kept, &report).await.unwrap();
    app.tamper("UPDATE reports SET finished_at = finished_at - 86400 * 1000000").await;
    expire(&app.store, 1).await;
    let folder = Arc::into_inner(app.end().await).expect("nobody else has it");

    let store = WatchedStore::open(folder.path()).await;
    let server = Server::on(folder, store, FakeExecutor::echoing(), &[("result_days", "2")]);
    server.store.cleaned(1, 1).await;
    assert_eq!(server.store.status("default", old.id).await.unwrap(), None);
    assert!(server.store.status("default", kept.id).await.unwrap().is_some());
    server.stop().await;
}

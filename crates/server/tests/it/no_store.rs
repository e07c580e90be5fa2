//! Results that go sooner than others: those of `no_store`, of which nothing is kept for the next time, and those of keys with
//! days of their own.

use std::time::Duration;

use executor::fake::FakeExecutor;
use serde_json::{Value, json};
use server::housekeeping::{self, Rules};
use server::scheduler::stopper;
use store::Store;

use crate::support::{TestApp, id_of, problem, soon};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Cleans until one result was deleted.
async fn one_is_deleted(app: &TestApp) {
    let (stopper, stop) = stopper();
    let rules = Rules { results_kept: DAY, pause: Duration::from_millis(1) };
    let cleaning = tokio::spawn(housekeeping::run(app.store.clone(), rules, stop));
    app.store.cleaned(0, 1).await;
    drop(stopper);
    soon(cleaning).await.expect("it ends when it is asked to");
}

#[tokio::test]
async fn the_result_is_there_for_whoever_asks_again_at_once_and_then_404() {
    let app = TestApp::echoing().await;
    let kept = app.submit("", &["4"]).await;
    app.store.finished(kept).await;
    let sent = app.post(&json!({"code": "", "inputs": ["4"], "no_store": true})).await;
    let id = id_of(&sent);
    app.store.finished(id).await;
    let path = format!("/result/{id}");
    let first = app.get(&path).await;
    first.assert_status_ok();
    assert_eq!(app.get(&path).await.text(), first.text());
    app.tamper("UPDATE passing_reports SET delete_at = delete_at - 61 * 1000000").await;
    one_is_deleted(&app).await;
    problem(&app.get(&path).await, 404);
    problem(&app.get(&format!("{path}/events")).await, 404);
    app.get(&format!("/result/{kept}")).await.assert_status_ok();
    let totals: Value = app.get("/metrics").await.json();
    assert_eq!(totals["total_executions"], 2, "it is still counted");
}

#[tokio::test]
async fn nothing_that_was_compiled_is_kept_of_it() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let toy = json!({"code": "", "inputs": ["4"], "language": "toy", "mode": "program", "compile_cache": true});
    for (no_store, expected) in [(json!(true), false), (json!(false), true), (Value::Null, true)] {
        let mut body = toy.clone();
        body["no_store"] = no_store;
        app.post(&body).await.assert_status(axum::http::StatusCode::ACCEPTED);
        let claim = app.store.claim(DAY).await.unwrap().expect("it waits");
        assert_eq!((claim.submission.compile_cache, claim.submission.no_store), (expected, !expected), "{body}");
    }
    let wrong = app.post(&json!({"code": "", "inputs": [], "no_store": "yes"})).await;
    let said = problem(&wrong, 422);
    assert_eq!((&said["code"], &said["field"]), (&"wrong_type".into(), &"no_store".into()));
}

#[tokio::test]
async fn a_key_with_days_of_its_own_keeps_its_results_for_these() {
    let app = TestApp::echoing().await;
    let key = app.key(json!({"name": "a", "limits": {"result_days": 1}})).await;
    let id = id_of(&app.run_as(&key).await);
    app.store.finished(id).await;
    let path = format!("/result/{id}");
    app.get_as(&path, &key).await.assert_status_ok();
    app.tamper("UPDATE passing_reports SET delete_at = delete_at - 86400 * 1000000").await;
    one_is_deleted(&app).await;
    problem(&app.get_as(&path, &key).await, 404);
}

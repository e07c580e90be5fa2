//! `GET /health` tells the truth.

use std::sync::atomic::Ordering;

use executor::fake::FakeExecutor;
use serde_json::{Value, json};

use crate::support::{TestApp, problem, soon};

#[tokio::test]
async fn ready() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    app.submit("", &["4"]).await;
    let response = app.http.get("/health").await;
    response.assert_status_ok();
    let wall_test = json!({"at": "1970-01-01T00:00:00Z", "duration_ms": 0.0});
    let expected = json!({
        "status": "ok", "version": env!("CARGO_PKG_VERSION"), "queued": 1, "boxes_ahead": {"wanted": 0, "waiting": 0},
        "wall_test": wall_test,
    });
    assert_eq!(response.json::<Value>(), expected);
}

#[tokio::test]
async fn the_sandbox_is_not_ready() {
    let app = TestApp::echoing().await;
    app.executor.set_not_ready(Some("the launcher has ended"));
    let response = app.http.get("/health").await;
    let body = problem(&response, 503);
    assert_eq!(body["code"], "not_ready");
    assert_eq!(body["detail"], "not ready to run code: the launcher has ended");

    app.executor.set_not_ready(None);
    app.http.get("/health").await.assert_status_ok();
}

#[tokio::test]
async fn while_the_wall_is_broken_nothing_is_accepted_and_what_waits_is_not_run() {
    let mut app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let waits = app.submit("", &["4"]).await;
    let reason = "the wall is broken, says probe `calls`: flock reaches the kernel, and it worked";
    app.executor.set_not_ready(Some(reason));
    app.start_workers();
    let refused = app.post(&json!({"code": "", "inputs": ["5"]})).await;
    assert_eq!(refused.header("retry-after"), "5");
    for answer in [refused, app.http.get("/health").await] {
        let body = problem(&answer, 503);
        assert_eq!(body["code"], "not_ready");
        assert_eq!(body["detail"], format!("not ready to run code: {reason}"));
    }
    // Both workers have looked more than once, and left alone what waits.
    soon(app.executor.asked(6)).await;
    assert_eq!(app.executor.executions().len(), 0);

    app.executor.set_not_ready(None);
    app.store.finished(waits).await;
    assert_eq!(app.executor.executions()[&waits], 1);
    assert_eq!(app.store.report(waits).await.verdict, model::Verdict::Ok);
}

#[tokio::test]
async fn the_store_can_not_be_reached() {
    let app = TestApp::echoing().await;
    app.store.failures.totals.store(1, Ordering::SeqCst);
    let body = problem(&app.http.get("/health").await, 503);
    assert_eq!(body["code"], "store_unavailable");
    app.http.get("/health").await.assert_status_ok();
}

//! `GET /health` tells the truth.

use std::sync::atomic::Ordering;

use executor::fake::FakeExecutor;
use serde_json::{Value, json};

use crate::support::{TestApp, problem};

#[tokio::test]
async fn ready() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    app.submit("", &["4"]).await;
    let response = app.http.get("/health").await;
    response.assert_status_ok();
    let expected = json!({"status": "ok", "version": env!("CARGO_PKG_VERSION"), "queued": 1});
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
async fn the_store_can_not_be_reached() {
    let app = TestApp::echoing().await;
    app.store.failures.totals.store(1, Ordering::SeqCst);
    let body = problem(&app.http.get("/health").await, 503);
    assert_eq!(body["code"], "store_unavailable");
    app.http.get("/health").await.assert_status_ok();
}

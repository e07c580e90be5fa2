//! `DELETE /result/{exec_id}`: what waits, what runs, and what is done.

use axum::http::StatusCode;
use axum_test::TestResponse;
use executor::fake::{FakeExecutor, answered};
use model::{ExecId, Verdict};
use serde_json::{Value, json};
use store::{LeaseUse, Store};

use crate::support::{KEY, OTHER_KEY, TestApp, problem, soon};

async fn delete(app: &TestApp, id: ExecId) -> TestResponse {
    app.http.delete(&format!("/result/{id}")).add_header("x-api-key", KEY).await
}

#[tokio::test]
async fn what_waits_is_final_at_once_and_can_be_deleted_then() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let id = app.submit("", &["4", "x"]).await;
    let path = format!("/result/{id}");
    // Who waits for it is told.
    let wait = format!("{path}?wait=30");
    let (waited, cancelled) = tokio::join!(app.get(&wait), delete(&app, id));
    cancelled.assert_status(StatusCode::NO_CONTENT);
    waited.assert_status_ok();
    let result: Value = waited.json();
    assert_eq!(result["verdict"], "cancelled");
    for run in result["results"].as_array().expect("a list") {
        assert_eq!((&run["verdict"], &run["fault"]), (&json!("cancelled"), &json!(null)));
    }

    delete(&app, id).await.assert_status(StatusCode::NO_CONTENT);
    problem(&app.get(&path).await, 404);
    problem(&delete(&app, id).await, 404);
    let metrics: Value = app.get("/metrics").await.json();
    assert_eq!((&metrics["errors"], &metrics["in_progress"]), (&json!({"cancelled": 1}), &json!(0)));
    // Each execution is logged, those that never began too.
    let folder = app.end().await;
    let log = std::fs::read_dir(folder.path().join("logs")).unwrap().next().expect("a log").unwrap();
    let log = std::fs::read_to_string(log.path()).unwrap();
    assert!(log.contains(&id.to_string()) && log.contains(r#""verdict":"cancelled""#), "{log}");
}

#[tokio::test]
async fn what_runs_is_stopped_at_once_and_keeps_what_had_finished() {
    let (begun, mut first_input) = tokio::sync::mpsc::unbounded_channel();
    let executor = FakeExecutor::stepping(move |_, input| {
        begun.send(input.to_owned()).expect("the test listens");
        answered(input, input)
    });
    let app = TestApp::with(executor, &[]).await;
    let id = app.submit("", &["done", "never"]).await;
    app.executor.let_through(1);
    assert_eq!(soon(first_input.recv()).await.as_deref(), Some("done"));

    let stopping = delete(&app, id).await;
    stopping.assert_status(StatusCode::ACCEPTED);
    assert_eq!(stopping.json::<Value>(), json!({"status": "cancelling"}));
    app.store.finished(id).await;
    let result: Value = app.get(&format!("/result/{id}")).await.json();
    let verdicts: Vec<_> = result["results"].as_array().expect("a list").iter().map(|run| &run["verdict"]).collect();
    assert_eq!((json!(verdicts), &result["verdict"]), (json!(["ok", "cancelled"]), &json!("cancelled")));
    assert_eq!(app.store.accepted()[&id], 1);
}

#[tokio::test]
async fn the_mark_of_another_process_is_noticed_at_the_heartbeat() {
    let app = TestApp::with(FakeExecutor::echoing().gated(), &[]).await;
    let id = app.submit("", &["4"]).await;
    soon(app.executor.begun(1)).await;
    app.store.cancel("default", id).await.unwrap();
    app.store.finished(id).await;
    assert_eq!(app.store.report(id).await.verdict, Verdict::Cancelled);
}

#[tokio::test]
async fn what_was_marked_and_given_back_is_finished_and_not_run() {
    let mut app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let id = app.submit("", &["4"]).await;
    let claim = app.store.claim(std::time::Duration::from_secs(3600)).await.unwrap().expect("it waits");
    delete(&app, id).await.assert_status(StatusCode::ACCEPTED);
    assert_eq!(app.store.release(claim.lease).await.unwrap(), LeaseUse::Done);
    app.start_workers();
    app.store.finished(id).await;
    assert_eq!(app.store.report(id).await.verdict, Verdict::Cancelled);
    assert!(app.executor.executions().is_empty());
}

#[tokio::test]
async fn a_submission_that_fails_again_and_again_can_be_cancelled_in_between() {
    let app = TestApp::with(FakeExecutor::echoing().gated().failing(u32::MAX), &[]).await;
    let id = app.submit("", &["4"]).await;
    soon(app.executor.begun(1)).await;
    delete(&app, id).await.assert_status(StatusCode::ACCEPTED);
    app.store.finished(id).await;
    assert_eq!(app.store.report(id).await.verdict, Verdict::Cancelled, "and not internal_error");
}

#[tokio::test]
async fn unknown_malformed_and_foreign_ids_are_answered_alike_and_nothing_happens() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let id = app.submit("", &["4"]).await;
    let foreign = app.http.delete(&format!("/result/{id}")).add_header("x-api-key", OTHER_KEY).await;
    let expected = problem(&foreign, 404);
    for unknown in ["00000000-0000-4000-8000-000000000000", "x", "%ff", &id.to_string().to_uppercase()] {
        let response = app.http.delete(&format!("/result/{unknown}")).add_header("x-api-key", KEY).await;
        assert_eq!(problem(&response, 404), expected, "{unknown}");
    }
    problem(&app.http.delete(&format!("/result/{id}")).await, 401);
    app.get(&format!("/result/{id}")).await.assert_status(StatusCode::ACCEPTED);
}

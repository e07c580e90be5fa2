//! `Idempotency-Key`: a request that is sent again is the submission it was, and only that.

use std::sync::atomic::Ordering;

use axum::http::{HeaderValue, StatusCode};
use axum_test::{TestRequest, TestResponse};
use executor::fake::FakeExecutor;
use futures_util::future::join_all;
use serde_json::{Value, json};

use crate::support::{KEY, OTHER_KEY, TestApp, id_of, problem, soon};

const NAME: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

/// A request of the first API key to this address, under this key.
fn under(app: &TestApp, key: &str, address: &str, body: &Value) -> TestRequest {
    let request = app.http.post(address).add_header("x-api-key", KEY).json(body);
    request.add_header("idempotency-key", HeaderValue::from_bytes(key.as_bytes()).expect("a header value"))
}

fn body() -> Value {
    json!({"code": "return input_str", "inputs": ["a", "b"]})
}

async fn numbers(app: &TestApp) -> (Value, Value) {
    let totals: Value = app.get("/metrics").await.json();
    (totals["in_progress"].clone(), totals["total_executions"].clone())
}

fn assert_reused(response: &TestResponse) {
    let problem = problem(response, 422);
    let said = (&problem["code"], &problem["field"]);
    assert_eq!(said, (&json!("idempotency_key_reused"), &json!("idempotency-key")), "{problem}");
}

/// B-052
#[tokio::test]
async fn ten_copies_at_once_are_one_submission_before_while_and_after_it_runs() {
    let app = TestApp::with(FakeExecutor::echoing().gated(), &[]).await;
    let copies = join_all((0..10).map(|_| async { under(&app, NAME, "/run", &body()).await })).await;
    let id = id_of(&copies[0]);
    for copy in &copies {
        copy.assert_status(StatusCode::ACCEPTED);
        assert_eq!((id_of(copy), copy.header("location")), (id, format!("/result/{id}").parse().unwrap()));
    }
    soon(app.executor.begun(1)).await;
    assert_eq!(numbers(&app).await, (json!(1), json!(0)));

    // While it runs, also with the other spelling of the key. Another body is another request.
    let quoted = format!("\"{NAME}\"");
    for key in [NAME, &quoted] {
        let copy = under(&app, key, "/run", &body()).await;
        copy.assert_status(StatusCode::ACCEPTED);
        assert_eq!(id_of(&copy), id);
    }
    assert_reused(&under(&app, NAME, "/run", &json!({"code": "return input_str", "inputs": ["a"]})).await);
    let spaced = format!(" {}", body());
    let other = under(&app, NAME, "/run", &body()).bytes(spaced.into()).content_type("application/json").await;
    assert_reused(&other);

    app.executor.let_through(1);
    app.store.finished(id).await;
    let result = app.get(&format!("/result/{id}")).await;
    let copy = under(&app, NAME, "/run", &body()).add_header("prefer", "wait=30").await;
    copy.assert_status_ok();
    assert_eq!(copy.text(), result.text());
    assert_eq!((numbers(&app).await, app.store.accepted().len()), ((json!(0), json!(1)), 1));
}

#[tokio::test]
async fn copies_of_a_batch_are_one_batch() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let batch = json!({"submissions": [body(), {"code": "", "inputs": []}, body()]});
    let copies = join_all((0..10).map(|_| async { under(&app, NAME, "/run/batch", &batch).await })).await;
    let first: Value = copies[0].json();
    assert_eq!(first["exec_ids"].as_array().map(Vec::len), Some(3));
    for copy in &copies {
        copy.assert_status(StatusCode::ACCEPTED);
        assert_eq!(copy.json::<Value>(), first);
        assert_eq!(copy.header("location"), copies[0].header("location"));
    }
    assert_eq!(numbers(&app).await, (json!(2), json!(1)));
    assert_reused(&under(&app, NAME, "/run/batch", &json!({"submissions": [body()]})).await);
    // The same bytes are another request at another address.
    assert_reused(&under(&app, NAME, "/run", &batch).await);
}

#[tokio::test]
async fn what_is_final_at_once_is_one_submission_as_well() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let empty = json!({"code": "", "inputs": []});
    let copies = join_all((0..5).map(|_| async { id_of(&under(&app, NAME, "/run", &empty).await) })).await;
    assert!(copies.iter().all(|id| *id == copies[0]), "{copies:?}");
    assert_eq!(numbers(&app).await, (json!(0), json!(1)));
    let folder = app.end().await;
    let logged: usize = std::fs::read_dir(folder.path().join("logs"))
        .unwrap()
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap().lines().count())
        .sum();
    assert_eq!(logged, 1);
}

#[tokio::test]
async fn without_a_key_and_under_other_keys_each_request_is_a_submission() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let mut ids = vec![
        id_of(&app.post(&body()).await),
        id_of(&app.post(&body()).await),
        id_of(&under(&app, NAME, "/run", &body()).await),
        id_of(&under(&app, &NAME.to_uppercase(), "/run", &body()).await),
    ];
    let theirs = app.http.post("/run").add_header("x-api-key", OTHER_KEY).add_header("idempotency-key", NAME);
    ids.push(id_of(&theirs.json(&json!({"code": "another", "inputs": ["x"]})).await));
    ids.sort();
    ids.dedup();
    assert_eq!((ids.len(), numbers(&app).await), (5, (json!(5), json!(0))));
}

#[tokio::test]
async fn what_is_no_key_is_refused_before_anything_is_accepted() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let long = "x".repeat(256);
    for address in ["/run", "/run/batch"] {
        for key in ["", "\"\"", "a b", "\"a", "a\"b", "a\\b", "\u{e9}", &long] {
            let problem = problem(&under(&app, key, address, &body()).await, 400);
            let said = (&problem["code"], &problem["field"]);
            assert_eq!(said, (&json!("invalid_idempotency_key"), &json!("idempotency-key")), "{key}: {problem}");
            let detail = problem["detail"].as_str().expect("a sentence");
            assert!(detail.contains("idempotency-key") && detail.contains("1 to 255 visible ASCII"), "{detail}");
        }
        let twice = under(&app, "a", address, &body()).add_header("idempotency-key", "a").await;
        assert_eq!(problem(&twice, 400)["detail"], "`idempotency-key` is there twice; send one");
    }
    assert_eq!(numbers(&app).await, (json!(0), json!(0)));
}

#[tokio::test]
async fn a_refused_request_leaves_its_key_unused() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    problem(&under(&app, NAME, "/run", &json!({"code": ""})).await, 422);
    app.store.failures.submit.store(1, Ordering::SeqCst);
    assert_eq!(problem(&under(&app, NAME, "/run", &body()).await, 503)["code"], "store_unavailable");
    under(&app, NAME, "/run", &body()).await.assert_status(StatusCode::ACCEPTED);
    assert_eq!(numbers(&app).await, (json!(1), json!(0)));
}

#[tokio::test]
async fn a_copy_needs_no_place_in_a_full_queue() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[("max_queued", "1")]).await;
    app.revoke("other").await;
    let copies = join_all((0..10).map(|_| async { under(&app, NAME, "/run", &body()).await })).await;
    let id = id_of(&copies[0]);
    assert!(copies.iter().all(|copy| copy.status_code() == 202 && id_of(copy) == id));
    assert_eq!(problem(&under(&app, "another", "/run", &body()).await, 503)["code"], "queue_full");
    assert_eq!(id_of(&under(&app, NAME, "/run", &body()).await), id);
    assert_eq!(numbers(&app).await, (json!(1), json!(0)));
}

#[tokio::test]
async fn a_copy_after_a_restart_or_after_the_result_was_deleted_is_no_new_submission() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let id = id_of(&under(&app, NAME, "/run", &body()).await);
    let folder = app.end().await;

    let app = TestApp::in_folder(folder, FakeExecutor::echoing(), &[]).await;
    assert_eq!(id_of(&under(&app, NAME, "/run", &body()).await), id);
    let path = format!("/result/{id}");
    for _ in 0..2 {
        // It waited, and was then done.
        let deleted = app.http.delete(&path).add_header("x-api-key", KEY).await;
        deleted.assert_status(StatusCode::NO_CONTENT);
    }
    for prefer in ["wait=0", "wait=1"] {
        let copy = under(&app, NAME, "/run", &body()).add_header("prefer", prefer).await;
        copy.assert_status(StatusCode::ACCEPTED);
        assert_eq!(copy.json::<Value>(), json!({"exec_id": id.to_string(), "status": "started"}));
    }
    problem(&app.get(&path).await, 404);
    assert_eq!(numbers(&app).await, (json!(0), json!(1)));
}

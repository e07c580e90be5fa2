//! `POST /run/batch` and `GET /batch/{batch_id}`: all or none, and how far they are.

use std::sync::atomic::Ordering;

use axum::http::StatusCode;
use axum_test::TestResponse;
use executor::fake::FakeExecutor;
use model::ExecId;
use serde_json::{Value, json};

use crate::support::{KEY, OTHER_KEY, TestApp, problem, soon};

async fn post(app: &TestApp, body: &Value) -> TestResponse {
    app.http.post("/run/batch").add_header("x-api-key", KEY).json(body).await
}

fn one(inputs: &[&str]) -> Value {
    json!({"code": "", "inputs": inputs})
}

async fn queued(app: &TestApp) -> Value {
    let health: Value = app.http.get("/health").await.json();
    health["queued"].clone()
}

#[tokio::test]
async fn all_are_accepted_and_one_address_says_how_far_they_are() {
    let app = TestApp::with(FakeExecutor::echoing().gated(), &[]).await;
    let response = post(&app, &json!({"submissions": [one(&["a"]), one(&[]), one(&["b"]), one(&["c"])]})).await;
    response.assert_status(StatusCode::ACCEPTED);
    let started: Value = response.json();
    assert_eq!(started["status"], "started");
    let address = format!("/batch/{}", started["batch_id"].as_str().expect("an id"));
    assert_eq!(response.header("location"), address);
    let ids: Vec<ExecId> = started["exec_ids"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|id| id.as_str().unwrap().parse().unwrap())
        .collect();

    // Both workers were woken.
    soon(app.executor.begun(2)).await;
    let state: Value = app.get(&address).await.json();
    let told: Vec<_> = state["submissions"].as_array().expect("a list").iter().collect();
    let expected: Vec<_> = ids
        .iter()
        .zip(["running", "done", "running", "queued"])
        .map(|(id, status)| json!({"exec_id": id.to_string(), "status": status}))
        .collect();
    assert_eq!((&state["status"], &state["done"], told), (&json!("pending"), &json!(1), expected.iter().collect()));

    app.executor.let_through(3);
    for index in [0, 2, 3] {
        app.store.finished(ids[index]).await;
    }
    let state: Value = app.get(&address).await.json();
    assert_eq!((&state["status"], &state["done"]), (&json!("done"), &json!(4)));
    let text = app.get("/metrics").add_header("accept", "text/plain").await.text();
    let counted = r#"code_runner_verdicts_total{language="python",verdict="ok"} 4"#;
    assert!(text.lines().any(|line| line == counted), "the one without inputs counts as well: {text}");
    let result: Value = app.get(&format!("/result/{}", ids[3])).await.json();
    assert_eq!(result["output"]["c"]["output"], "c");

    for id in &ids {
        let path = format!("/result/{id}");
        app.http.delete(&path).add_header("x-api-key", KEY).await.assert_status(StatusCode::NO_CONTENT);
    }
    problem(&app.get(&address).await, 404);
}

#[tokio::test]
async fn one_that_is_wrong_refuses_all_and_is_named() {
    let flags = [("max_input_bytes", "4"), ("max_code_bytes", "4"), ("max_body_bytes", "20000")];
    let app = TestApp::idle(FakeExecutor::echoing(), &flags).await;
    let good = one(&["x"]);
    let many: Vec<_> = (0..101).map(|_| one(&[])).collect();
    // The body, and the code and field of the refusal.
    let cases = [
        (json!({"submissions": [good, {"code": "", "inputs": ["x", 1]}]}), "wrong_type", "submissions[1].inputs[1]"),
        (json!({"submissions": [good, {"code": ""}]}), "missing_field", "submissions[1].inputs"),
        (json!({"submissions": [good, {"code": "", "inputs": [], "x": 1}]}), "unknown_field", "submissions[1].x"),
        (json!({"submissions": [good, one(&["12345"])]}), "too_long", "submissions[1].inputs[0]"),
        (
            json!({"submissions": [{"code": "", "inputs": [], "language": "none"}, good]}),
            "unknown_language",
            "submissions[0].language",
        ),
        (json!({"submissions": [good, 1]}), "wrong_type", "submissions[1]"),
        (json!({"submissions": {}}), "wrong_type", "submissions"),
        (json!({"submissions": []}), "out_of_range", "submissions"),
        (json!({"submissions": many}), "too_long", "submissions"),
        (json!({"submissions": [good], "priority": "exam"}), "unknown_field", "priority"),
        (json!({}), "missing_field", "submissions"),
    ];
    for (body, code, field) in cases {
        let refused = problem(&post(&app, &body).await, 422);
        assert_eq!((&refused["code"], &refused["field"]), (&json!(code), &json!(field)), "{refused}");
        let detail = refused["detail"].as_str().expect("a text");
        assert!(detail.contains(field.split('.').next_back().expect("a name")), "{detail}");
    }
    assert_eq!(problem(&post(&app, &json!([])).await, 400)["code"], "malformed_body");
    assert_eq!(
        problem(&post(&app, &json!({"submissions": ["x".repeat(20_000)]})).await, 413)["code"],
        "body_too_large"
    );
    assert_eq!(queued(&app).await, 0);
}

#[tokio::test]
async fn a_batch_for_which_there_is_no_room_is_refused_as_a_whole() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[("max_queued", "3")]).await;
    app.revoke("other").await;
    app.submit("", &["x"]).await;
    let three = json!({"submissions": [one(&["a"]), one(&["b"]), one(&["c"])]});
    let refused = post(&app, &three).await;
    assert_eq!(problem(&refused, 503)["code"], "queue_full");
    assert_eq!((refused.header("retry-after"), queued(&app).await), ("5".parse().unwrap(), json!(1)));

    let two = json!({"submissions": [one(&["a"]), one(&["b"])]});
    app.store.failures.submit.store(1, Ordering::SeqCst);
    assert_eq!(problem(&post(&app, &two).await, 503)["code"], "store_unavailable");
    assert_eq!(queued(&app).await, 1);
    post(&app, &two).await.assert_status(StatusCode::ACCEPTED);
    assert_eq!(queued(&app).await, 3);
}

#[tokio::test]
async fn unknown_malformed_and_foreign_batches_are_answered_alike() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let started: Value = post(&app, &json!({"submissions": [one(&["x"])]})).await.json();
    let batch = started["batch_id"].as_str().expect("an id");
    let path = format!("/batch/{batch}");
    let expected = problem(&app.http.get(&path).add_header("x-api-key", OTHER_KEY).await, 404);
    let exec_id = started["exec_ids"][0].as_str().expect("an id");
    for unknown in ["00000000-0000-4000-8000-000000000000", exec_id, "x", "%ff", &batch.to_uppercase()] {
        assert_eq!(problem(&app.get(&format!("/batch/{unknown}")).await, 404), expected, "{unknown}");
    }
    problem(&app.http.get(&path).await, 401);
    problem(&app.http.post("/run/batch").json(&json!({})).await, 401);
}

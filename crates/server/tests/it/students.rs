//! `student` in a request, and `DELETE /students/{tag}`.

use axum::http::StatusCode;
use axum_test::TestResponse;
use executor::fake::FakeExecutor;
use model::ExecId;
use serde_json::{Value, json};

use crate::support::{KEY, OTHER_KEY, TestApp, id_of, problem, soon};

async fn submit(app: &TestApp, key: &str, student: &str) -> ExecId {
    let body = json!({"code": "", "inputs": ["x"], "student": student});
    let response = app.http.post("/run").add_header("x-api-key", key).json(&body).await;
    response.assert_status(StatusCode::ACCEPTED);
    id_of(&response)
}

async fn erase(app: &TestApp, key: &str, tag: &str) -> TestResponse {
    app.http.delete(&format!("/students/{tag}")).add_header("x-api-key", key).await
}

fn erased(deleted: u64) -> Value {
    json!({"status": "erased", "deleted": deleted, "running": 0})
}

#[tokio::test]
async fn all_of_a_students_is_erased_and_what_runs_is_stopped_first() {
    let app = TestApp::with(FakeExecutor::echoing().gated(), &[]).await;
    let running = submit(&app, KEY, "s-1").await;
    soon(app.executor.begun(1)).await;
    let theirs = submit(&app, OTHER_KEY, "s-1").await;
    soon(app.executor.begun(2)).await;
    let mut waiting = Vec::new();
    for _ in 0..30 {
        waiting.push(submit(&app, KEY, "s-1").await);
    }
    let other = submit(&app, KEY, "s-2").await;

    // Who waits for a result that will not come is told.
    let wait = format!("/result/{}?wait=30", waiting[29]);
    let (waited, first) = tokio::join!(app.get(&wait), erase(&app, KEY, "s-1"));
    problem(&waited, 404);
    first.assert_status(StatusCode::ACCEPTED);
    assert_eq!(first.json::<Value>(), json!({"status": "erasing", "deleted": 30, "running": 1}));
    for id in &waiting {
        problem(&app.get(&format!("/result/{id}")).await, 404);
    }

    app.store.finished(running).await;
    let result: Value = app.get(&format!("/result/{running}")).await.json();
    assert_eq!(result["verdict"], "cancelled");
    let second = erase(&app, KEY, "s-1").await;
    second.assert_status_ok();
    assert_eq!(second.json::<Value>(), erased(1));
    problem(&app.get(&format!("/result/{running}")).await, 404);

    // Of another key, and of another student, everything is left.
    app.executor.let_through(2);
    app.store.finished(theirs).await;
    app.store.finished(other).await;
    let path = format!("/result/{theirs}");
    app.http.get(&path).add_header("x-api-key", OTHER_KEY).await.assert_status_ok();
    app.get(&format!("/result/{other}")).await.assert_status_ok();
    let metrics: Value = app.get("/metrics").await.json();
    assert_eq!((&metrics["errors"], &metrics["in_progress"]), (&json!({"cancelled": 31}), &json!(0)));
    // Each execution is logged, and none with its student.
    let folder = app.end().await;
    let log = std::fs::read_dir(folder.path().join("logs")).unwrap().next().expect("a log").unwrap();
    let log = std::fs::read_to_string(log.path()).unwrap();
    assert_eq!((log.lines().count(), log.contains("s-1")), (33, false), "{log}");
}

#[tokio::test]
async fn a_student_of_whom_there_is_nothing_is_answered_like_one_of_whom_there_was() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    submit(&app, OTHER_KEY, "s-1").await;
    for tag in ["s-1", "s-2"] {
        assert_eq!(erase(&app, KEY, tag).await.json::<Value>(), erased(0));
    }
    assert_eq!(erase(&app, OTHER_KEY, "s-1").await.json::<Value>(), erased(1));
}

#[tokio::test]
async fn students_of_a_batch_are_those_of_its_submissions() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let one = |student: &str, inputs: &[&str]| json!({"code": "", "inputs": inputs, "student": student});
    let body = json!({"submissions": [one("a", &["x"]), one("b", &["x"]), one("a", &[])]});
    let batch: Value = app.http.post("/run/batch").add_header("x-api-key", KEY).json(&body).await.json();
    assert_eq!(erase(&app, KEY, "a").await.json::<Value>(), erased(2));
    let path = format!("/batch/{}", batch["batch_id"].as_str().expect("an id"));
    let left: Value = app.get(&path).await.json();
    assert_eq!(left["submissions"], json!([{"exec_id": batch["exec_ids"][1], "status": "queued"}]));
}

#[tokio::test]
async fn a_bad_name_is_refused_in_a_body_and_in_an_address() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let long = "x".repeat(65);
    for name in ["", "-a", ".a", "a b", "a@b.example", "a/b", "\u{e9}", "a\u{0}", &long] {
        let body = json!({"code": "", "inputs": [], "student": name});
        let refused = problem(&app.post(&body).await, 422);
        assert_eq!((&refused["code"], &refused["field"]), (&json!("invalid_value"), &json!("student")), "{name}");
        assert!(refused["detail"].as_str().unwrap().starts_with("`student` must be 1 to 64 letters"), "{refused}");
    }
    let wrong_type = problem(&app.post(&json!({"code": "", "inputs": [], "student": 7})).await, 422);
    assert_eq!((&wrong_type["code"], &wrong_type["field"]), (&json!("wrong_type"), &json!("student")));
    for tag in ["-a", ".a", "a%20b", "a%40b.example", "%ff", "a%00", "a%2fb", &long] {
        let refused = problem(&erase(&app, KEY, tag).await, 422);
        assert_eq!((&refused["code"], &refused["field"]), (&json!("invalid_value"), &json!("tag")), "{tag}");
    }
    let longest = "x".repeat(64);
    for good in ["0", "A.b_c-9", &longest] {
        submit(&app, KEY, good).await;
        assert_eq!(erase(&app, KEY, good).await.json::<Value>(), erased(1), "{good}");
    }
}

//! Waiting: whose turn it is, what is told of it, and clients that wait for the result of their `POST /run`.

use std::sync::{Arc, Mutex};

use axum::http::StatusCode;
use executor::fake::{FakeExecutor, answered};
use serde_json::{Value, json};

use crate::support::{KEY, OTHER_KEY, TestApp, id_of, problem, soon};

/// Submits with this key and class, and gives the answer.
async fn submit(app: &TestApp, key: &str, code: &str, priority: &str) -> Value {
    let body = json!({"code": code, "inputs": ["x"], "priority": priority});
    let response = app.http.post("/run").add_header("x-api-key", key).json(&body).await;
    response.assert_status(StatusCode::ACCEPTED);
    response.json()
}

/// B-051
#[tokio::test]
async fn a_flood_of_one_key_does_not_delay_another_keys_single_submission() {
    let order = Arc::new(Mutex::new(Vec::new()));
    let executor = FakeExecutor::scripted({
        let order = order.clone();
        move |submission, input| {
            order.lock().unwrap().push(submission.code.clone());
            answered(input, input)
        }
    });
    let mut app = TestApp::idle(executor.gated(), &[]).await;
    for _ in 0..20 {
        submit(&app, KEY, "flood", "normal").await;
    }
    let single = submit(&app, OTHER_KEY, "single", "normal").await;
    let exam = submit(&app, KEY, "exam", "exam").await;
    assert_eq!((&single["queue_position"], &exam["queue_position"]), (&json!(2), &json!(1)), "{single} {exam}");
    app.start_workers();
    app.executor.let_through(22);
    soon(app.executor.begun(22)).await;
    app.end().await;
    // Two workers take at the same time, so that neighbours may change places.
    let order = order.lock().unwrap();
    let place = |code: &str| order.iter().position(|run| run == code).expect("it ran");
    assert!(place("exam") <= 1 && place("single") <= 3, "{order:?}");
}

#[tokio::test]
async fn a_place_counts_down_and_the_time_is_told_once_something_was_measured() {
    let mut app = TestApp::idle(FakeExecutor::echoing().gated(), &[]).await;
    let mut ids = Vec::new();
    for place in 1..=4 {
        let answer = submit(&app, KEY, "", "normal").await;
        assert_eq!((&answer["queue_position"], answer.get("eta_ms")), (&json!(place), None), "{answer}");
        ids.push(answer["exec_id"].as_str().expect("an id").to_owned());
    }
    app.start_workers();
    soon(app.executor.begun(2)).await;
    for (id, place) in ids.iter().zip([0, 0, 1, 2]) {
        let pending: Value = app.get(&format!("/result/{id}")).await.json();
        assert_eq!(pending, json!({"status": "pending", "queue_position": place}), "{id}");
    }
    app.executor.let_through(1);
    soon(app.executor.begun(3)).await;
    let pending: Value = app.get(&format!("/result/{}", ids[3])).await.json();
    assert_eq!(pending["queue_position"], 1);
    let eta = pending["eta_ms"].as_u64().expect("one is done");
    assert!(eta >= 10 && eta.to_string().trim_end_matches('0').len() == 1, "{eta}");
    app.executor.let_through(3);
}

#[tokio::test]
async fn who_is_refused_is_told_how_long_the_queue_takes() {
    let mut app = TestApp::idle(FakeExecutor::echoing().gated(), &[("max_queued", "1")]).await;
    let first = submit(&app, KEY, "", "normal").await;
    let first = first["exec_id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
    let refused = app.post(&json!({"code": "", "inputs": ["x"]})).await;
    assert_eq!(
        (&problem(&refused, 503)["code"], refused.header("retry-after")),
        (&json!("queue_full"), "5".parse().unwrap())
    );
    // Now it is known that submissions take much less than a second.
    app.start_workers();
    app.executor.let_through(1);
    app.store.finished(first).await;
    let mut refused = None;
    for _ in 0..4 {
        let response = app.post(&json!({"code": "", "inputs": ["x"]})).await;
        refused = refused.or((response.status_code() == 503).then_some(response));
    }
    let refused = refused.expect("two run, one waits, and the fourth is one too many");
    assert_eq!(refused.header("retry-after"), "1");
    app.executor.let_through(3);
}

#[tokio::test]
async fn who_prefers_to_wait_is_answered_with_the_result() {
    let app = TestApp::with(FakeExecutor::echoing().gated(), &[]).await;
    let body = json!({"code": "", "inputs": ["4"]});
    let request = app.post(&body).add_header("prefer", "respond-async, wait=20");
    let (answer, ()) = tokio::join!(request, async {
        soon(app.executor.begun(1)).await;
        app.executor.let_through(1);
    });
    answer.assert_status_ok();
    assert_eq!(answer.header("preference-applied"), "wait=20");
    let location = answer.header("location");
    let kept = app.get(location.to_str().expect("text")).await;
    assert_eq!(answer.text(), kept.text());
    assert_eq!(answer.json::<Value>()["output"]["4"]["output"], "4");
}

#[tokio::test]
async fn who_prefers_to_wait_is_told_when_the_time_is_up() {
    let app = TestApp::with(FakeExecutor::echoing().gated(), &[]).await;
    for wait in ["wait=0", "wait=1"] {
        let answer = app.post(&json!({"code": "", "inputs": ["4"]})).add_header("prefer", wait).await;
        answer.assert_status(StatusCode::ACCEPTED);
        assert_eq!(answer.header("preference-applied"), wait);
        assert_eq!(answer.header("location"), format!("/result/{}", id_of(&answer)));
    }
    let answer = app.post(&json!({"code": "", "inputs": ["4"]})).add_header("prefer", "wait=soon").await;
    answer.assert_status(StatusCode::ACCEPTED);
    assert!(answer.maybe_header("preference-applied").is_none());
    app.executor.let_through(3);
}

//! `PATCH /keys/{name}`: what becomes of a key that is in use, and of what waits for it.

use axum::http::Method;
use axum::http::StatusCode;
use axum_test::TestResponse;
use executor::fake::FakeExecutor;
use serde_json::{Value, json};

use crate::support::{KEY, OTHER_KEY, TestApp, id_of, problem, soon};

async fn patch(app: &TestApp, name: &str, body: &Value) -> TestResponse {
    app.as_key(Method::PATCH, &format!("/keys/{name}"), KEY).json(body).await
}

async fn changed(app: &TestApp, name: &str, body: Value) -> Value {
    let response = patch(app, name, &body).await;
    assert_eq!(response.status_code(), 200, "{body}: {}", response.text());
    response.json()
}

#[tokio::test]
async fn a_change_applies_to_the_next_request_and_leaves_the_rest_as_it_was() {
    let app = TestApp::echoing().await;
    let made = json!({"name": "a", "limits": {"requests_per_minute": 3, "cpu_seconds_per_day": 9}});
    let key = app.key(made).await;
    let id = id_of(&app.run_as(&key).await);
    app.store.finished(id).await;
    app.get_as("/usage", &key).await.assert_status_ok();
    app.get_as("/usage", &key).await.assert_status_ok();
    problem(&app.get_as("/usage", &key).await, 429);

    let seen = changed(&app, "a", json!({"limits": {"requests_per_minute": null}})).await;
    let limits = json!({"requests_per_minute": null, "cpu_seconds_per_day": 9, "running": null, "result_days": null});
    assert_eq!(seen["limits"], limits);
    let seen = changed(&app, "a", json!({"limits": {"result_days": 7}})).await;
    assert_eq!((&seen["limits"]["result_days"], &seen["limits"]["cpu_seconds_per_day"]), (&json!(7), &json!(9)));
    assert_eq!((&seen["scopes"], &seen["expires_at"]), (&json!(["run", "read"]), &Value::Null));
    // Its secret and its submissions are what they were.
    app.get_as(&format!("/result/{id}"), &key).await.assert_status_ok();

    changed(&app, "a", json!({"scopes": ["run"]})).await;
    problem(&app.get_as(&format!("/result/{id}"), &key).await, 403);
    app.run_as(&key).await.assert_status(StatusCode::ACCEPTED);
    changed(&app, "a", json!({"scopes": ["read", "admin"]})).await;
    problem(&app.run_as(&key).await, 403);
    app.get_as("/keys", &key).await.assert_status_ok();

    let seen = changed(&app, "a", json!({"expires_at": "2999-01-01T02:00:00+02:00"})).await;
    assert_eq!(seen["expires_at"], "2999-01-01T00:00:00Z");
    let same = changed(&app, "a", json!({})).await;
    assert_eq!(same, seen);
    assert_eq!(changed(&app, "a", json!({"expires_at": null})).await["expires_at"], Value::Null);
}

#[tokio::test]
async fn a_queue_that_is_held_is_let_go_by_a_raised_limit() {
    let mut app = TestApp::idle(FakeExecutor::echoing().gated(), &[]).await;
    let key = app.key(json!({"name": "a", "limits": {"running": 1}})).await;
    let ids = [id_of(&app.run_as(&key).await), id_of(&app.run_as(&key).await)];
    app.start_workers();
    soon(app.executor.begun(1)).await;
    // The second worker is idle, takes what another key sends, and leaves alone what is held.
    let other = id_of(&app.run_as(OTHER_KEY).await);
    soon(app.executor.begun(2)).await;
    assert_eq!(app.executor.executions().get(&ids[1]), None);
    app.executor.let_through(2);
    app.store.finished(other).await;
    soon(app.executor.begun(3)).await;
    app.executor.let_through(1);
    app.store.finished(ids[1]).await;

    let held = [id_of(&app.run_as(&key).await), id_of(&app.run_as(&key).await)];
    soon(app.executor.begun(4)).await;
    changed(&app, "a", json!({"limits": {"running": 2}})).await;
    soon(app.executor.begun(5)).await;
    app.executor.let_through(2);
    for id in held {
        app.store.finished(id).await;
    }
}

#[tokio::test]
async fn a_bad_change_is_told_what_is_allowed_and_changes_nothing() {
    let app = TestApp::echoing().await;
    app.key(json!({"name": "a", "limits": {"running": 5}})).await;
    let before = app.get_as("/keys", KEY).await.text();
    let cases = [
        (json!({"name": "b"}), "unknown_field", "name"),
        (json!({"owner": "b"}), "unknown_field", "owner"),
        (json!({"scopes": null}), "wrong_type", "scopes"),
        (json!({"scopes": []}), "invalid_value", "scopes"),
        (json!({"scopes": ["read", "root"]}), "invalid_value", "scopes[1]"),
        (json!({"limits": null}), "wrong_type", "limits"),
        (json!({"limits": {"running": 0}}), "out_of_range", "limits.running"),
        (json!({"limits": {"running": 1.5}}), "out_of_range", "limits.running"),
        (json!({"limits": {"running": "5"}}), "wrong_type", "limits.running"),
        (json!({"limits": {"requests_per_minute": 1_000_001}}), "out_of_range", "limits.requests_per_minute"),
        (json!({"limits": {"cpu_seconds_per_day": -1}}), "out_of_range", "limits.cpu_seconds_per_day"),
        (json!({"limits": {"tea": 1}}), "unknown_field", "limits.tea"),
        (json!({"scopes": ["admin"], "expires_at": "tomorrow"}), "invalid_value", "expires_at"),
        (json!({"expires_at": "2001-01-01T00:00:00Z"}), "invalid_value", "expires_at"),
        (json!({"expires_at": 1}), "wrong_type", "expires_at"),
    ];
    for (body, code, field) in cases {
        let said = problem(&patch(&app, "a", &body).await, 422);
        assert_eq!((&said["code"], &said["field"]), (&code.into(), &field.into()), "{body}");
    }
    for text in ["", "[]", "{", r#"{"scopes":["run"],"scopes":["admin"]}"#] {
        let request = app.as_key(Method::PATCH, "/keys/a", KEY).bytes(text.into());
        problem(&request.add_header("content-type", "application/json").await, 400);
    }
    problem(&app.as_key(Method::PATCH, "/keys/a", KEY).await, 415);
    let change = json!({"scopes": ["admin"]});
    assert_eq!(problem(&patch(&app, "default", &change).await, 409)["code"], "fixed_key");
    for nobody in ["nobody", "%00", "A", "..%2fa"] {
        problem(&patch(&app, nobody, &change).await, 404);
    }
    problem(&app.as_key(Method::PATCH, "/keys/a", OTHER_KEY).json(&change).await, 403);
    assert_eq!(app.get_as("/keys", KEY).await.text(), before);
    app.revoke("a").await;
    problem(&patch(&app, "a", &change).await, 404);
}

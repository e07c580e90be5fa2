//! How much each key may use, and what it is told of it.

use axum::http::StatusCode;
use executor::fake::FakeExecutor;
use serde_json::{Value, json};

use crate::support::{KEY, OTHER_KEY, TestApp, id_of, problem, retry_after, soon};

#[tokio::test]
async fn requests_beyond_those_of_a_minute_are_told_when_to_come_again() {
    let app = TestApp::echoing().await;
    let key = app.key(json!({"name": "a", "limits": {"requests_per_minute": 3}})).await;
    for (sent, path) in ["/languages", "/keys", "/usage"].into_iter().enumerate() {
        let response = app.get_as(path, &key).await;
        assert_ne!(response.status_code(), 429, "{sent}");
    }
    let refused = app.get_as("/usage", &key).await;
    let body = problem(&refused, 429);
    assert_eq!(body["code"], "rate_limited");
    assert!((1..=20).contains(&retry_after(&refused)), "{}", retry_after(&refused));
    problem(&app.run_as(&key).await, 429);
    // Nobody else is.
    app.get_as("/usage", OTHER_KEY).await.assert_status_ok();
    let seen: Value = app.get_as("/keys/a/usage", KEY).await.json();
    assert_eq!((&seen["left"]["requests"], &seen["limits"]["requests_per_minute"]), (&0.into(), &3.into()));
}

#[tokio::test]
async fn cpu_time_of_a_day_is_counted_and_ends_what_is_accepted() {
    let mut app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let key = app.key(json!({"name": "a", "limits": {"cpu_seconds_per_day": 10}})).await;
    let id = id_of(&app.run_as(&key).await);
    app.start_workers();
    app.store.finished(id).await;
    app.tamper("UPDATE usage_by_day SET cpu_time = 9999999").await;
    let usage: Value = app.get_as("/usage", &key).await.json();
    assert_eq!(usage["today"]["cpu_seconds"], 9.999_999);
    assert_eq!(usage["left"]["cpu_seconds"], 0.000_001);
    app.run_as(&key).await.assert_status(StatusCode::ACCEPTED);

    app.tamper("UPDATE usage_by_day SET cpu_time = 10000000 WHERE owner = 'a'").await;
    let refused = app.run_as(&key).await;
    assert_eq!(problem(&refused, 429)["code"], "rate_limited");
    let now = time::OffsetDateTime::now_utc();
    let left = 86_400 - (now.unix_timestamp() % 86_400) as u64;
    assert!(retry_after(&refused).abs_diff(left) <= 30 || left > 86_370, "{} of {left}", retry_after(&refused));
    app.get_as(&format!("/result/{id}"), &key).await.assert_status_ok();
    app.run_as(KEY).await.assert_status(StatusCode::ACCEPTED);

    // The next day.
    app.tamper("UPDATE usage_by_day SET day = day - 1").await;
    app.run_as(&key).await.assert_status(StatusCode::ACCEPTED);
}

#[tokio::test]
async fn usage_counts_submissions_runs_and_verdicts_of_the_key_alone() {
    let app = TestApp::echoing().await;
    let key = app.key(json!({"name": "a"})).await;
    for owner in [key.as_str(), key.as_str(), KEY] {
        let id = id_of(&app.run_as(owner).await);
        app.store.finished(id).await;
    }
    let usage: Value = app.get_as("/usage", &key).await.json();
    assert_eq!(usage["name"], "a");
    for part in ["today", "total"] {
        let used = &usage[part];
        assert_eq!((&used["submissions"], &used["runs"]), (&2.into(), &4.into()), "{usage}");
        assert_eq!(used["verdicts"], json!({"ok": 2}));
    }
    assert_eq!(
        usage["limits"],
        json!({"requests_per_minute": null, "cpu_seconds_per_day": null, "running": null, "result_days": null})
    );
    assert_eq!(usage["left"], json!({"requests": null, "cpu_seconds": null}));
    assert_eq!(app.get_as("/keys/a/usage", KEY).await.json::<Value>(), usage);
    problem(&app.get_as("/keys/nobody/usage", KEY).await, 404);
    app.get_as("/keys/default/usage", KEY).await.assert_status_ok();
}

#[tokio::test]
async fn no_more_run_at_once_than_the_key_may_and_others_go_on() {
    let mut app = TestApp::idle(FakeExecutor::echoing().gated(), &[]).await;
    let key = app.key(json!({"name": "a", "limits": {"running": 1}})).await;
    let mut ids = vec![id_of(&app.run_as(&key).await), id_of(&app.run_as(&key).await)];
    app.start_workers();
    soon(app.executor.begun(1)).await;
    ids.push(id_of(&app.run_as(KEY).await));
    soon(app.executor.begun(2)).await;
    let mut places = Vec::new();
    for (id, owner) in ids.iter().zip([key.as_str(), key.as_str(), KEY]) {
        places.push(app.get_as(&format!("/result/{id}"), owner).await.json::<Value>()["queue_position"].clone());
    }
    assert_eq!(places, [json!(0), json!(1), json!(0)], "both workers are used, and the key's second one waits");
    app.executor.let_through(3);
    for id in ids {
        app.store.finished(id).await;
    }
}

#[tokio::test]
async fn a_key_that_floods_the_queue_leaves_places_for_others() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[("max_queued", "8")]).await;
    let flood = async |key: &str| {
        let mut accepted = 0;
        while app.run_as(key).await.status_code() == StatusCode::ACCEPTED {
            accepted += 1;
        }
        accepted
    };
    assert_eq!(flood(KEY).await, 4, "half");
    let refused = app.run_as(KEY).await;
    assert_eq!((&problem(&refused, 503)["code"], retry_after(&refused)), (&json!("queue_full"), 5));
    assert_eq!(flood(OTHER_KEY).await, 2, "half of what was left");
    let third = app.key(json!({"name": "a"})).await;
    assert_eq!(flood(&third).await, 1);
    let fourth = app.key(json!({"name": "b"})).await;
    assert_eq!(flood(&fourth).await, 1);
    let fifth = app.key(json!({"name": "c"})).await;
    assert_eq!(flood(&fifth).await, 0, "all eight wait");
}

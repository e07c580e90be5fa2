//! `GET /health` tells the truth.

use std::sync::atomic::Ordering;

use executor::fake::FakeExecutor;
use executor::{Elsewhere, EngineStatus, Weaker};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::serve::{Server, read_to_end, status};
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
async fn what_is_weaker_elsewhere_is_said() {
    let app = TestApp::echoing().await;
    let engine = |host: &str, version: Result<&str, &str>| EngineStatus {
        host: host.to_owned(),
        version: version.map(str::to_owned).map_err(str::to_owned),
        permits: 4,
        free: 3,
        sessions: 1,
    };
    app.executor.set_elsewhere(Elsewhere {
        languages: vec!["python".to_owned()],
        engines: vec![engine("unix:///a", Ok("v0.21.9")), engine("unix:///b", Err("no session: it is not there"))],
        weaker: vec![Weaker { name: "network", there: "refused by a filter" }],
    });
    let expected = json!({
        "languages": ["python"],
        "engines": [
            {"address": "unix:///a", "version": "v0.21.9", "permits": 4, "free": 3},
            {"address": "unix:///b", "version": null, "error": "no session: it is not there", "permits": 4, "free": 3},
        ],
        "weaker": [{"name": "network", "there": "refused by a filter"}],
    });
    assert_eq!(app.http.get("/health").await.json::<Value>()["dagger"], expected);
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
    for path in ["/health", "/health/ready"] {
        app.store.failures.totals.store(1, Ordering::SeqCst);
        let body = problem(&app.http.get(path).await, 503);
        assert_eq!(body["code"], "store_unavailable");
        app.http.get(path).await.assert_status_ok();
    }
}

#[tokio::test]
async fn a_server_that_is_not_ready_is_alive() {
    let app = TestApp::echoing().await;
    let ready = async || app.http.get("/health/ready").await;
    assert_eq!(ready().await.json::<Value>(), json!({"status": "ok"}));
    let reasons: [(&dyn Fn(bool), &str); 2] = [
        (&|is| app.executor.set_not_ready(is.then_some("the wall is broken")), "the wall is broken"),
        (&|is| app.draining.store(is, Ordering::SeqCst), "the server has been told to stop"),
    ];
    for (make, reason) in reasons {
        make(true);
        let answer = ready().await;
        assert_eq!(answer.header("retry-after"), "5");
        assert_eq!(problem(&answer, 503)["detail"], format!("not ready to run code: {reason}"));
        let text = app.get("/metrics").add_header("accept", "text/plain").await.text();
        assert!(text.contains("code_runner_ready 0\n"), "{text}");
        let alive = app.http.get("/health/live").await;
        alive.assert_status_ok();
        assert_eq!(alive.json::<Value>(), json!({"status": "ok"}));
        make(false);
        ready().await.assert_status_ok();
    }
    // Not even the store is asked.
    app.store.failures.totals.store(1, Ordering::SeqCst);
    app.http.get("/health/live").await.assert_status_ok();
    problem(&ready().await, 503);
}

/// First whoever sends requests here is told, and answered as before; only then is the listener closed.
#[tokio::test]
async fn a_server_that_is_told_to_stop_says_so_before_it_refuses_connections() {
    let server = Server::start(FakeExecutor::echoing(), &[("drain_notice_ms", "3000")]).await;
    let ask = |path: &str| format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").into_bytes();
    assert_eq!(status(&server.talk(&ask("/health/ready")).await), "200");
    let address = server.address;
    let stopping = tokio::spawn(server.stop());
    // New connections, all of them.
    let mut answered = Vec::new();
    while let Ok(mut stream) = TcpStream::connect(address).await {
        let _ = stream.write_all(&ask(if answered.len() % 2 == 0 { "/health/ready" } else { "/health/live" })).await;
        let answer = read_to_end(&mut stream).await;
        if answer.is_empty() {
            // It was waiting when the listener was closed.
            break;
        }
        answered.push(status(&answer).to_owned());
    }
    soon(stopping).await.expect("no panic");
    let (ready, alive): (Vec<_>, Vec<_>) = answered.iter().enumerate().partition(|(index, _)| index % 2 == 0);
    assert!(ready.iter().skip(1).all(|(_, status)| *status == "503") && ready.len() > 1, "{answered:?}");
    assert!(alive.iter().all(|(_, status)| *status == "200") && !alive.is_empty(), "{answered:?}");
}

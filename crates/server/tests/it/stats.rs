//! `GET /stats` and what is below it: what those who run a server see of it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum_test::TestResponse;
use executor::fake::{FakeExecutor, answered, failed};
use model::{Phases, Verdict};
use serde_json::{Value, json};
use store::{Resolution, Store};
use tempfile::TempDir;
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};

use crate::serve::Server;
use crate::support::{KEY, OTHER_KEY, TestApp, WatchedStore, problem, soon, submission};

const PATHS: [&str; 4] = ["/stats", "/stats/history", "/stats/submissions", "/stats/keys"];

/// Takes 30 ms for anything.
fn executor() -> FakeExecutor {
    let phases = Phases { run: Duration::from_millis(30), ..Phases::default() };
    FakeExecutor::scripted(|_, input| match input {
        "late" => failed(input, Verdict::TimeLimit, "the program used more than 1 s of CPU time"),
        _ => answered(input, "secret-output"),
    })
    .taking(phases)
}

async fn get(app: &TestApp, path: &str) -> Value {
    let response = app.get(path).await;
    response.assert_status_ok();
    response.json()
}

/// Asks until the answer is as it is to be: it may be a second old, and what is counted is counted after its result is there.
async fn until(app: &TestApp, path: &str, is_as_it_is_to_be: impl Fn(&Value) -> bool) -> Value {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let answer = get(app, path).await;
        if is_as_it_is_to_be(&answer) {
            return answer;
        }
        assert!(Instant::now() < deadline, "{path} should have changed: {answer}");
        sleep(Duration::from_millis(20)).await;
    }
}

fn is_near(value: &Value, exact: f64) -> bool {
    value.as_f64().is_some_and(|value| (value - exact).abs() <= exact * 0.05 + 0.1)
}

#[tokio::test]
async fn an_overview_says_what_waits_runs_and_works() {
    let app = TestApp::idle(executor(), &[("max_queued", "77")]).await;
    app.submit("", &["4"]).await;
    let overview = get(&app, "/stats").await;
    let told = ["status", "version", "workers", "running", "queued", "max_queued", "finished", "log_lines_lost"];
    let told: Vec<&Value> = told.iter().map(|field| &overview[field]).collect();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(json!(told), json!(["ok", version, 2, 0, 1, 77, 0, 0]));
    assert!(overview["server_memory_bytes"].as_u64().is_some_and(|bytes| bytes > 1 << 20), "{overview}");
    assert_eq!(overview["boxes"], json!({"in_use": 0, "waiting": 0, "wanted": 0}));
    let ids: Vec<&str> =
        overview["languages"].as_array().unwrap().iter().filter_map(|language| language["id"].as_str()).collect();
    assert_eq!(ids, ["python", "shell", "toy"]);
    assert!(!overview.to_string().contains("limits"), "what can be read elsewhere is not repeated");

    app.draining.store(true, Ordering::Relaxed);
    assert_eq!(get(&app, "/stats").await["status"], "stopping");
}

#[tokio::test]
async fn a_server_that_is_not_ready_says_so_and_still_answers() {
    let app = TestApp::idle(executor(), &[]).await;
    app.executor.set_not_ready(Some("a hole was found"));
    let overview = get(&app, "/stats").await;
    assert_eq!(overview["status"], "not_ready");
    assert!(overview["reason"].as_str().is_some_and(|reason| reason.contains("a hole was found")), "{overview}");
}

#[tokio::test]
async fn what_finishes_is_in_the_history_and_in_no_stretch_twice() {
    let app = TestApp::with(executor(), &[]).await;
    let empty = get(&app, "/stats/history").await;
    assert_eq!(empty["total"]["finished"], 0);
    assert_eq!(empty["total"]["execution_ms"], Value::Null);
    assert_eq!(empty["percentile_error"], 0.05);

    for input in ["a", "b", "late"] {
        app.run(&json!({"code": "", "inputs": [input]})).await;
    }
    app.run(&json!({"code": "", "inputs": ["a"], "language": "shell", "mode": "program"})).await;
    app.submit("", &[]).await;
    for (range, step, stretches) in [("15m", 10, 90), ("24h", 300, 288)] {
        let path = format!("/stats/history?range={range}");
        let history = until(&app, &path, |history| history["total"]["finished"] == 5).await;
        assert_eq!(history["step_seconds"], step);
        let told = history["stretches"].as_array().unwrap();
        assert_eq!(told.len(), stretches);
        let finished: u64 = told.iter().filter_map(|stretch| stretch["finished"].as_u64()).sum();
        assert_eq!(finished, 5, "{history}");
        let total = &history["total"];
        assert_eq!(total["languages"], json!({"python": {"ok": 3, "time_limit": 1}, "shell": {"ok": 1}}));
        assert_eq!(total["verdicts"], json!({"ok": 4, "time_limit": 1}));
        for percentile in ["p50", "p95", "p99"] {
            assert!(is_near(&total["execution_ms"][percentile], 30.0), "{total}");
            assert!(total["queue_ms"][percentile].as_f64().is_some_and(|ms| ms >= 0.0), "{total}");
        }
        let times = told.iter().map(|stretch| stretch["at"].as_str().unwrap().parse_time());
        assert!(times.collect::<Vec<_>>().windows(2).all(|two| two[1] - two[0] == step * Duration::from_secs(1)));
    }
}

trait ParseTime {
    fn parse_time(&self) -> OffsetDateTime;
}

impl ParseTime for str {
    fn parse_time(&self) -> OffsetDateTime {
        OffsetDateTime::parse(self, &time::format_description::well_known::Rfc3339).expect("an RFC 3339 time")
    }
}

#[tokio::test]
async fn cancelled_submissions_count_and_have_no_times() {
    let app = TestApp::idle(executor(), &[]).await;
    let id = app.submit("", &["x"]).await;
    app.http.delete(&format!("/result/{id}")).add_header("x-api-key", KEY).await.assert_status(204.try_into().unwrap());
    let history = until(&app, "/stats/history", |history| history["total"]["finished"] == 1).await;
    assert_eq!(history["total"]["verdicts"], json!({"cancelled": 1}));
    assert_eq!(history["total"]["execution_ms"], Value::Null);
}

#[tokio::test]
async fn the_queue_and_the_memory_that_were_seen_are_told() {
    let app = TestApp::idle(executor(), &[]).await;
    for _ in 0..3 {
        app.submit("", &["x"]).await;
    }
    get(&app, "/stats").await;
    let history = until(&app, "/stats/history", |history| history["total"]["queued"] == 3).await;
    assert_eq!(history["total"]["running"], 0);
    assert!(history["total"]["server_memory_bytes"].as_u64().is_some_and(|bytes| bytes > 1 << 20), "{history}");
    let seen = |stretch: &&Value| !stretch["queued"].is_null();
    assert!(history["stretches"].as_array().unwrap().iter().filter(seen).count() <= 4, "the others were not looked at");
}

#[tokio::test]
async fn the_last_submissions_are_listed_without_what_was_sent_or_answered() {
    let app = TestApp::with(executor(), &[]).await;
    let secret = |extra: Value| {
        let mut body = json!({"code": "secret-code", "inputs": ["secret-input", "2"], "student": "secret-student"});
        body.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        body
    };
    app.run(&secret(json!({}))).await;
    app.run(&secret(json!({"no_store": true}))).await;
    app.run(&secret(json!({"language": "shell", "mode": "program"}))).await;
    let listed = until(&app, "/stats/submissions", |list| list["submissions"].as_array().unwrap().len() == 2).await;
    let last = &listed["submissions"][0];
    let told: Vec<&Value> =
        ["key", "language", "mode", "inputs", "verdict"].iter().map(|field| &last[*field]).collect();
    assert_eq!(json!(told), json!(["default", "shell", "program", 2, "ok"]));
    assert_eq!(last["execution_ms"], 30.0);
    assert_eq!(get(&app, "/stats/submissions?limit=1").await["submissions"].as_array().unwrap().len(), 1);
    for path in PATHS {
        let text = app.get(path).await.text();
        assert!(!text.contains("secret-"), "{path}: {text}");
    }

    let id = last["exec_id"].as_str().unwrap();
    app.http.delete(&format!("/result/{id}")).add_header("x-api-key", KEY).await;
    let left = get(&app, "/stats/submissions").await;
    assert_eq!(left["submissions"].as_array().unwrap().len(), 1, "what is deleted is gone at once");
}

#[tokio::test]
async fn keys_are_listed_with_what_they_used() {
    let app = TestApp::with(executor(), &[]).await;
    let body = json!({"code": "", "inputs": ["1", "late"]});
    let accepted = app.http.post("/run").add_header("x-api-key", OTHER_KEY).json(&body).await;
    app.store.finished(crate::support::id_of(&accepted)).await;
    let keys = get(&app, "/stats/keys").await;
    let keys = keys["keys"].as_array().unwrap();
    let names: Vec<&Value> = keys.iter().map(|key| &key["key"]["name"]).collect();
    assert_eq!(json!(names), json!(["default", "other"]));
    assert_eq!(keys[0]["today"]["submissions"], 0);
    assert_eq!(keys[1]["today"]["verdicts"], json!({"time_limit": 1}));
    assert_eq!((&keys[1]["month"]["runs"], &keys[1]["today"]["runs"]), (&json!(2), &json!(2)));

    // One that was revoked is listed for as long as it has used something lately.
    app.http.delete("/keys/other").add_header("x-api-key", KEY).await.assert_status_ok();
    assert_eq!(get(&app, "/stats/keys").await["keys"][1]["key"]["state"], "revoked");
    app.tamper("UPDATE usage_by_day SET day = day - 30").await;
    assert_eq!(get(&app, "/stats/keys").await["keys"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn only_keys_that_may_manage_keys_see_them() {
    let app = TestApp::with(executor(), &[]).await;
    let as_other = async |path: &str| -> TestResponse { app.http.get(path).add_header("x-api-key", OTHER_KEY).await };
    for path in PATHS {
        let refused = problem(&as_other(path).await, 403);
        assert!(refused["detail"].as_str().unwrap().contains("`admin`"), "{refused}");
        problem(&app.http.get(path).await, 401);
    }
}

/// B-073
#[tokio::test]
async fn what_can_not_be_asked_for_is_refused_by_name() {
    let app = TestApp::with(executor(), &[]).await;
    for (path, code, field) in [
        ("/stats/history?range=1h", "invalid_value", "range"),
        ("/stats/history?range=", "invalid_value", "range"),
        ("/stats/history?range=15M", "invalid_value", "range"),
        ("/stats/history?range=15m&range=24h", "invalid_value", "range"),
        ("/stats/submissions?limit=0", "out_of_range", "limit"),
        ("/stats/submissions?limit=201", "out_of_range", "limit"),
        ("/stats/submissions?limit=-1", "wrong_type", "limit"),
        ("/stats/submissions?limit=1e2", "wrong_type", "limit"),
        ("/stats/submissions?limit=99999999999999999999", "wrong_type", "limit"),
        ("/stats/submissions?limit=", "wrong_type", "limit"),
    ] {
        let refused = problem(&app.get(path).await, 422);
        assert_eq!((&refused["code"], &refused["field"]), (&json!(code), &json!(field)), "{path}");
    }
}

#[tokio::test]
async fn a_server_that_is_stopped_loses_nothing_and_one_that_comes_after_goes_on() {
    let mut folder = TempDir::new().unwrap();
    for round in 1..=2 {
        let store = WatchedStore::open(folder.path()).await;
        let server = Server::on(folder, store, executor(), &[]);
        let submission = submission(&["a"]);
        server.store.submit(&submission).await.unwrap();
        server.store.finished(submission.id).await;
        let (left, store) = server.stop().await;
        let now = OffsetDateTime::now_utc();
        let hour = Duration::from_secs(3600);
        let known = store.history().history(Resolution::Coarse, now - hour, now + hour, hour).await.unwrap();
        let finished: u64 = known.iter().flat_map(|stretch| stretch.happened.finished.values()).sum();
        assert_eq!(finished, round);
        assert!(known.iter().any(|stretch| stretch.happened.levels.running.is_some()), "it looked");
        store.close().await;
        drop(store);
        folder = left;
    }
}

#[tokio::test]
async fn what_can_not_be_written_is_kept_and_written_later() {
    use server::history::memory::Memory;
    use server::history::{History, Recorder};

    let folder = TempDir::new().unwrap();
    let store = WatchedStore::open(folder.path()).await;
    let submission = submission(&["x"]);
    let report = model::Report::new(Vec::new(), Phases::default());
    store.submit_finished(&submission, &report).await.unwrap();
    let recorder = Arc::new(Recorder::default());
    recorder.finished(&submission, &report);

    let closed = WatchedStore::open(TempDir::new().unwrap().path()).await;
    closed.close().await;
    let broken = History::new(recorder.clone(), closed.history(), store.clone(), Memory::of_this_process());
    for _ in 0..2 {
        broken.write().await.expect_err("the store is closed");
        broken.refresh().await;
    }
    recorder.finished(&submission, &report);
    let mended = History::new(recorder, store.history(), store.clone(), Memory::of_this_process());
    soon(mended.write()).await.unwrap();
    let now = OffsetDateTime::now_utc();
    let hour = Duration::from_secs(3600);
    let known = store.history().history(Resolution::Fine, now - hour, now + hour, hour).await.unwrap();
    assert_eq!(known.iter().flat_map(|stretch| stretch.happened.finished.values()).sum::<u64>(), 2);
    assert_eq!(store.history().recent(9).await.unwrap().len(), 1);
}

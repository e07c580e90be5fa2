//! `GET /result/{exec_id}/events`: what is told, in which order, and how a client goes on where it was cut off.

use axum::http::StatusCode;
use axum_test::TestResponse;
use executor::fake::{FakeExecutor, answered, failed};
use model::{CompileReport, ExecId, Verdict};
use serde_json::{Value, json};

use crate::support::{KEY, OTHER_KEY, TestApp, problem, soon};

/// An event: its id, its name and its data.
type Told = (String, String, Value);

async fn watch(app: &TestApp, id: ExecId, last: &str) -> TestResponse {
    let request = app.get(&format!("/result/{id}/events"));
    soon(async { if last.is_empty() { request.await } else { request.add_header("last-event-id", last).await } }).await
}

fn told(response: &TestResponse) -> Vec<Told> {
    response.assert_status_ok();
    assert_eq!(response.header("content-type"), "text/event-stream");
    let text = response.text();
    let field = |event: &str, name: &str| {
        let line = event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.unwrap_or_else(|| panic!("{name} is missing in {event}")).to_owned()
    };
    let events = text.split("\n\n").filter(|event| !event.is_empty() && !event.starts_with(':'));
    events
        .map(|event| {
            let data = serde_json::from_str(&field(event, "data")).expect("JSON");
            (field(event, "id"), field(event, "event"), data)
        })
        .collect()
}

fn names(events: &[Told]) -> Vec<(&str, &str)> {
    events.iter().map(|(id, name, _)| (id.as_str(), name.as_str())).collect()
}

#[tokio::test]
async fn everything_is_told_from_the_queue_to_the_result() {
    let compile = CompileReport {
        output: "fine".to_owned(),
        truncated: false,
        exit_code: Some(0),
        cpu_time: Default::default(),
        wall_time: Default::default(),
        memory_kib: 1,
        cached: false,
    };
    let executor = FakeExecutor::stepping(|_, input| match input {
        "x" => failed(input, Verdict::RuntimeError, "ValueError"),
        _ => answered(input, "16"),
    });
    let app = TestApp::idle(executor.compiling(compile, Vec::new()), &[]).await;
    let id = app.submit("", &["4", "x"]).await;
    let (response, ()) = tokio::join!(watch(&app, id, ""), async {
        // Its place was told before it begins: once to whoever sent it, and once to whoever watches.
        app.store.placed(2).await;
        app.start_workers_meanwhile();
        app.executor.let_through(2);
    });
    let events = told(&response);
    let expected = [
        ("0-0", "queued"),
        ("1-1", "started"),
        ("1-2", "compiled"),
        ("1-3", "input"),
        ("1-4", "input"),
        ("done", "done"),
    ];
    assert_eq!(names(&events), expected);
    assert_eq!((&events[0].2, &events[1].2), (&json!({"queue_position": 1}), &json!({})));
    assert_eq!(events[2].2["output"], "fine");
    let result: Value = app.get(&format!("/result/{id}")).await.json();
    for (index, (_, _, told)) in events[3..5].iter().enumerate() {
        assert_eq!((&told["index"], &told["result"]), (&json!(index), &result["results"][index]));
    }
    assert_eq!(events[5].2, result);
}

#[tokio::test]
async fn who_was_cut_off_goes_on_without_loss_or_repetition() {
    let app = TestApp::with(FakeExecutor::stepping(|_, input| answered(input, input)), &[]).await;
    let id = app.submit("", &["a", "b", "c"]).await;
    soon(app.executor.begun(1)).await;
    let (from_the_start, further, nonsense, ()) =
        tokio::join!(watch(&app, id, ""), watch(&app, id, "1-2"), watch(&app, id, "1-x"), async {
            // Its worker, the three, and who asks here.
            while app.events.watch(id).sharers() < 5 {
                tokio::task::yield_now().await;
            }
            app.executor.let_through(3);
        });
    let all = told(&from_the_start);
    let expected = [("1-1", "started"), ("1-2", "input"), ("1-3", "input"), ("1-4", "input"), ("done", "done")];
    assert_eq!(names(&all), expected);
    assert_eq!(told(&further), all[2..]);
    assert_eq!(told(&nonsense), all);

    // It is done now: its result has everything.
    for last in ["", "1-2", "0-0"] {
        assert_eq!(told(&watch(&app, id, last).await), all[4..], "{last}");
    }
    watch(&app, id, "done").await.assert_status(StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn an_attempt_that_failed_is_followed_by_another_start() {
    let app = TestApp::idle(FakeExecutor::echoing().failing(1), &[]).await;
    let id = app.submit("", &["a"]).await;
    let (response, ()) = tokio::join!(watch(&app, id, ""), async {
        app.store.placed(2).await;
        app.start_workers_meanwhile();
    });
    let events = told(&response);
    let names = names(&events);
    // Whoever reads slowly sees the second attempt alone.
    assert_eq!(
        (names[0], names[names.len() - 3..].to_vec()),
        (("0-0", "queued"), vec![("2-1", "started"), ("2-2", "input"), ("done", "done")])
    );
}

#[tokio::test]
async fn who_watches_what_is_cancelled_is_told_at_once() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let id = app.submit("", &["a"]).await;
    let (response, ()) = tokio::join!(watch(&app, id, ""), async {
        app.store.placed(2).await;
        let path = format!("/result/{id}");
        app.http.delete(&path).add_header("x-api-key", KEY).await.assert_status(StatusCode::NO_CONTENT);
    });
    let events = told(&response);
    assert_eq!(names(&events), [("0-0", "queued"), ("done", "done")]);
    assert_eq!(events[1].2["verdict"], "cancelled");
}

#[tokio::test]
async fn the_stream_ends_when_the_server_stops() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let id = app.submit("", &["a"]).await;
    let (response, ()) = tokio::join!(watch(&app, id, ""), async {
        app.store.placed(2).await;
        app.events.close();
    });
    assert_eq!(names(&told(&response)), [("0-0", "queued")]);
    assert_eq!(names(&told(&watch(&app, id, "").await)), [("0-0", "queued")], "nor does one begin");
}

#[tokio::test]
async fn unknown_malformed_and_foreign_ids_are_answered_alike() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let id = app.submit("", &["4"]).await;
    let path = format!("/result/{id}/events");
    let expected = problem(&app.http.get(&path).add_header("x-api-key", OTHER_KEY).await, 404);
    for unknown in ["00000000-0000-4000-8000-000000000000", "x", "%ff"] {
        assert_eq!(problem(&app.get(&format!("/result/{unknown}/events")).await, 404), expected, "{unknown}");
    }
    problem(&app.http.get(&path).await, 401);
}

//! `POST /run`: what is accepted.

use std::fs;

use axum::http::StatusCode;
use executor::fake::{FakeExecutor, answered, failed};
use model::Verdict;
use serde_json::{Value, json};

use crate::support::{TestApp, id_of, problem};

#[tokio::test]
async fn a_submission_is_accepted_and_its_result_is_at_the_location() {
    let app = TestApp::echoing().await;
    let response = app.post(&json!({"code": "return input_str", "inputs": ["4"]})).await;

    response.assert_status(StatusCode::ACCEPTED);
    let id = id_of(&response);
    let answer: Value = response.json();
    assert_eq!((&answer["exec_id"], &answer["status"]), (&json!(id.to_string()), &json!("started")));
    let location = response.header("location");
    let location = location.to_str().expect("text");
    assert_eq!(location, format!("/result/{id}"));

    app.store.finished(id).await;
    app.get(location).await.assert_status_ok();
}

/// B-029
#[tokio::test]
async fn without_inputs_the_result_is_there_at_once_and_nothing_is_executed() {
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let id = app.submit("", &[]).await;

    let result = app.get(&format!("/result/{id}")).await;
    result.assert_status_ok();
    let result: Value = result.json();
    assert_eq!(result["status"], "done");
    assert_eq!(result["output"], json!({}));
    assert_eq!(result["results"], json!([]));
    assert_eq!(result["verdict"], "ok");
    assert!(app.executor.executions().is_empty());
}

#[tokio::test]
async fn every_field_reaches_the_executor() {
    let executor = FakeExecutor::scripted(|submission, input| {
        let limits = &submission.limits;
        let seen = format!(
            "{} {} {} {:?} {:?} {} {} {} {} {}",
            submission.owner,
            submission.language,
            submission.mode.name(),
            limits.cpu_time,
            limits.wall_time,
            limits.memory_kib,
            limits.processes,
            limits.output_bytes,
            limits.file_bytes,
            limits.open_files,
        );
        answered(input, &seen)
    });
    let app = TestApp::with(executor, &[]).await;
    let limits = json!({
        "cpu_time_ms": 2000, "wall_time_ms": 2.5e3, "memory_kib": 4096, "processes": 1.0, "output_bytes": 1,
        "file_bytes": 4096,
    });
    let body = json!({"code": "", "inputs": ["x"], "language": "py", "mode": "program", "limits": limits});
    let result = app.run(&body).await;
    assert_eq!(result["output"]["x"]["output"], "default python program 2s 2.5s 4096 1 1 4096 256");

    // `null` is the same as leaving an optional field out.
    let body = json!({"code": "", "inputs": ["x"], "language": null, "mode": null, "limits": {"processes": null}});
    let result = app.run(&body).await;
    let most = "default python function 10s 20s 524288 64 1048576 67108864 256";
    assert_eq!(result["output"]["x"]["output"], most);
}

/// B-025, B-026, B-033, B-034, and the key of an input that is `__proto__` or markup (B-066).
#[tokio::test]
async fn code_and_inputs_arrive_and_return_exactly() {
    let executor = FakeExecutor::scripted(|submission, input| answered(input, &format!("{}{input}", submission.code)));
    let app = TestApp::with(executor, &[]).await;
    let controls: String = ('\0'..' ').chain(['\u{7f}', '\u{85}', '\u{2028}', '\u{feff}', '\u{ffff}', '😀']).collect();
    let inputs = [
        "",
        " ",
        "\n",
        "a",
        "a\n",
        "a\r\n",
        "A",
        "null",
        "output",
        "error",
        "__proto__",
        "é",
        "e\u{301}",
        "<b>",
        &controls,
    ];
    let result = app.run(&json!({"code": "\u{0}code", "inputs": inputs})).await;

    let output = result["output"].as_object().expect("an object");
    assert_eq!(output.len(), inputs.len());
    for input in inputs {
        assert_eq!(output[input]["output"], format!("\u{0}code{input}"), "{input:?}");
    }
}

/// B-017, B-028, B-031, B-032
#[tokio::test]
async fn sizes_at_the_bound_are_accepted() {
    let flags = [("max_code_bytes", "10"), ("max_input_bytes", "4"), ("max_inputs", "3"), ("max_body_bytes", "1024")];
    let app = TestApp::with(FakeExecutor::echoing(), &flags).await;
    let result = app.run(&json!({"code": "0123456789", "inputs": ["aaaa", "éé", ""]})).await;
    assert_eq!(result["results"].as_array().expect("a list").len(), 3);

    let mut body = br#"{"code":"","inputs":["a"]}"#.to_vec();
    body.resize(1024, b' ');
    let response = app.post_bytes("application/json; charset=UTF-8", body).await;
    response.assert_status(StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_large_body_is_accepted() {
    let app = TestApp::echoing().await;
    let large = "x".repeat(3 * 1024 * 1024);
    let result = app.run(&json!({"code": "", "inputs": [large]})).await;
    assert_eq!(result["results"][0]["output"].as_str().map(str::len), Some(large.len()));
}

/// B-050
#[tokio::test]
async fn a_full_queue_refuses_until_there_is_room_again() {
    let mut app = TestApp::idle(FakeExecutor::echoing(), &[("max_queued", "2")]).await;
    app.revoke("other").await;
    let body = json!({"code": "", "inputs": ["x"]});
    let first = app.submit("", &["x"]).await;
    let second = app.submit("", &["x"]).await;

    let refused = app.post(&body).await;
    assert_eq!(problem(&refused, 503)["code"], "queue_full");
    assert_eq!(refused.header("retry-after"), "5");
    // What is finished at once does not wait and is not refused.
    app.submit("", &[]).await;

    app.start_workers();
    app.store.finished(first).await;
    app.store.finished(second).await;
    app.post(&body).await.assert_status(StatusCode::ACCEPTED);
}

/// B-069
#[tokio::test]
async fn a_store_that_fails_is_503_without_its_reason_and_nothing_is_accepted() {
    let app = TestApp::echoing().await;
    app.store.failures.submit.store(1, std::sync::atomic::Ordering::SeqCst);
    let response = app.post(&json!({"code": "", "inputs": ["x"]})).await;
    let body = problem(&response, 503);
    assert_eq!(body["code"], "store_unavailable");
    assert!(!response.text().contains("secret/path"), "{body}");
    let totals: Value = app.get("/metrics").await.json();
    assert_eq!(totals["in_progress"], 0);

    app.run(&json!({"code": "", "inputs": ["x"]})).await;
}

/// B-067
#[tokio::test]
async fn each_finished_submission_is_one_log_line_of_exactly_six_fields() {
    let executor = FakeExecutor::scripted(|_, input| match input {
        "bad" => failed(input, Verdict::RuntimeError, "ValueError: secret-input"),
        _ => answered(input, "secret-output"),
    });
    let app = TestApp::with(executor, &[]).await;
    let good = app.submit("secret-code", &["secret-input"]).await;
    app.store.finished(good).await;
    let bad = app.submit("secret-code", &["x", "bad"]).await;
    app.store.finished(bad).await;
    let empty = app.submit("secret-code", &[]).await;
    let today = time::OffsetDateTime::now_utc().date();
    let folder = app.end().await;

    let files: Vec<_> = fs::read_dir(folder.path().join("logs")).expect("the folder").map(Result::unwrap).collect();
    let tomorrow = today.next_day().expect("there is one");
    let names = [today, tomorrow].map(|date| format!("{date}.log"));
    assert!(!files.is_empty());
    let mut lines = Vec::new();
    for file in files {
        let name = file.file_name().into_string().expect("text");
        assert!(names.contains(&name), "{name}");
        let text = fs::read_to_string(file.path()).expect("readable");
        assert!(!text.contains("secret") && !text.contains(crate::support::KEY), "{text}");
        lines.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).expect("a JSON line")));
    }
    assert_eq!(lines.len(), 3);
    let expected =
        [(good, "completed", "ok", 3.0), (bad, "failed", "runtime_error", 3.0), (empty, "completed", "ok", 0.0)];
    for (id, status, verdict, duration) in expected {
        let line = lines.iter().find(|line| line["exec_id"] == id.to_string()).expect("a line of each");
        let fields: Vec<&str> = line.as_object().expect("an object").keys().map(String::as_str).collect();
        // serde_json keeps names in alphabetical order or as written; the set is what counts.
        let mut sorted = fields.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, ["duration_ms", "exec_id", "language", "status", "timestamp", "verdict"]);
        assert_eq!(line["language"], "python");
        assert_eq!(line["status"], status);
        assert_eq!(line["verdict"], verdict);
        assert_eq!(line["duration_ms"], duration);
        let timestamp = line["timestamp"].as_str().expect("text");
        let format = &time::format_description::well_known::Rfc3339;
        time::OffsetDateTime::parse(timestamp, format).expect("an RFC 3339 time");
    }
}

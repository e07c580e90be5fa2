//! `GET /result/{exec_id}`: pending, done, and nobody else's business.

use std::time::Duration;

use axum::http::StatusCode;
use executor::fake::{FakeExecutor, answered, failed};
use model::{CompileReport, Diagnostic, Fault, InputReport, Phases, Severity, Verdict};
use serde_json::{Value, json};

use crate::support::{OTHER_KEY, TestApp, id_of, problem};

/// B-070
#[tokio::test]
async fn pending_until_done_and_then_always_the_same() {
    let app = TestApp::with(FakeExecutor::echoing().gated(), &[]).await;
    let id = app.submit("", &["4"]).await;
    let path = format!("/result/{id}");

    let waiting = app.get(&path).await;
    waiting.assert_status(StatusCode::ACCEPTED);
    assert_eq!(waiting.json::<Value>()["status"], "pending");
    app.executor.begun(1).await;
    app.get(&path).await.assert_status(StatusCode::ACCEPTED);

    app.executor.let_through(1);
    app.store.finished(id).await;
    let first = app.get(&path).await;
    first.assert_status_ok();
    assert_eq!(first.text(), app.get(&path).await.text());
}

#[tokio::test]
async fn who_waits_is_answered_when_it_is_done() {
    let app = TestApp::with(FakeExecutor::echoing().gated(), &[]).await;
    let id = app.submit("", &["4"]).await;
    app.executor.begun(1).await;
    let path = format!("/result/{id}?wait=30");
    let (answer, ()) = tokio::join!(app.get(&path), async { app.executor.let_through(1) });
    answer.assert_status_ok();
    // It is there already.
    assert_eq!(answer.text(), app.get(&path).await.text());
}

#[tokio::test]
async fn a_wait_ends_when_its_time_is_up() {
    let app = TestApp::with(FakeExecutor::echoing().gated(), &[]).await;
    let id = app.submit("", &["4"]).await;
    app.executor.begun(1).await;
    let answer = app.get(&format!("/result/{id}?wait=1")).await;
    answer.assert_status(StatusCode::ACCEPTED);
    assert_eq!(answer.json::<Value>(), json!({"status": "pending", "queue_position": 0}));
    app.executor.let_through(1);
}

/// B-073
#[tokio::test]
async fn nobody_waits_for_what_is_not_theirs_or_for_ever() {
    let app = TestApp::with(FakeExecutor::echoing().gated(), &[]).await;
    let id = app.submit("", &["4"]).await;
    app.executor.begun(1).await;
    let path = format!("/result/{id}?wait=30");
    app.http.get(&path).add_header("x-api-key", OTHER_KEY).await.assert_status(StatusCode::NOT_FOUND);
    for (wait, code) in [("31", "out_of_range"), ("x", "wrong_type"), ("-1", "wrong_type"), ("1.5", "wrong_type")] {
        let problem = problem(&app.get(&format!("/result/{id}?wait={wait}")).await, 422);
        assert_eq!((&problem["code"], &problem["field"]), (&json!(code), &json!("wait")), "{wait}");
    }
    app.executor.let_through(1);
}

fn diagnostic(line: usize, column: Option<usize>, severity: Severity) -> Diagnostic {
    Diagnostic { line, column, severity, message: "unused".to_owned() }
}

#[tokio::test]
async fn the_whole_result_has_the_documented_form() {
    let executor = FakeExecutor::scripted(|_, input| match input {
        "4" => InputReport { stdout: Some("hello\n".to_owned()), ..answered(input, "16") },
        "killed" => InputReport {
            signal: Some(9),
            exit_code: None,
            stderr: Some("oops".to_owned()),
            truncated: true,
            diagnostics: vec![diagnostic(7, None, Severity::Error)],
            ..failed(input, Verdict::MemoryLimit, "the program used more than 128 MiB of memory")
        },
        _ => failed(input, Verdict::RuntimeError, "ValueError: invalid literal"),
    });
    let phases = Phases {
        queue: Duration::ZERO,
        provision: Duration::from_micros(1500),
        compile: Duration::from_millis(100),
        run: Duration::from_micros(40_250),
    };
    let compile = CompileReport {
        output: "code.toy:3:5: warning: unused\n".to_owned(),
        truncated: false,
        exit_code: Some(0),
        cpu_time: Duration::from_micros(90_500),
        wall_time: Duration::from_millis(99),
        memory_kib: 2048,
        cached: true,
    };
    let executor = executor.taking(phases).compiling(compile, vec![diagnostic(3, Some(5), Severity::Warning)]);
    let app = TestApp::with(executor, &[]).await;
    let mut result = app.run(&json!({"code": "", "inputs": ["4", "x", "killed"]})).await;

    // The wait depends on the machine; that it is a time does not.
    let queue = result["phases"]["queue"].take();
    assert!(queue.as_f64().is_some_and(|ms| (0.0..60_000.0).contains(&ms)), "{queue}");
    let expected = json!({
        "status": "done",
        "output": {
            "4": {"output": "16"},
            "x": {"output": "", "error": "ValueError: invalid literal"},
            "killed": {"output": "", "error": "the program used more than 128 MiB of memory"},
        },
        "execution_time": 0.14175,
        "verdict": "runtime_error",
        "results": [
            {
                "input": "4", "output": "16", "stdout": "hello\n", "verdict": "ok", "fault": null, "exit_code": 0,
                "signal": null, "cpu_time_ms": 1.5, "wall_time_ms": 2.25, "memory_kib": 4096, "truncated": false,
                "diagnostics": [],
            },
            {
                "input": "x", "output": "", "error": "ValueError: invalid literal", "verdict": "runtime_error",
                "fault": "student", "exit_code": 1, "signal": null, "cpu_time_ms": 0.0, "wall_time_ms": 0.0,
                "memory_kib": 0, "truncated": false, "diagnostics": [],
            },
            {
                "input": "killed", "output": "", "stderr": "oops",
                "error": "the program used more than 128 MiB of memory", "verdict": "memory_limit", "fault": "limit",
                "exit_code": null, "signal": 9, "cpu_time_ms": 0.0, "wall_time_ms": 0.0, "memory_kib": 0,
                "truncated": true, "diagnostics": [{"line": 7, "severity": "error", "message": "unused"}],
            },
        ],
        "phases": {"queue": null, "provision": 1.5, "compile": 100.0, "run": 40.25},
        "compile": {
            "output": "code.toy:3:5: warning: unused\n", "truncated": false, "exit_code": 0, "cpu_time_ms": 90.5,
            "wall_time_ms": 99.0, "memory_kib": 2048, "cached": true,
        },
        "diagnostics": [{"line": 3, "column": 5, "severity": "warning", "message": "unused"}],
    });
    assert_eq!(result, expected);
}

/// B-030
#[tokio::test]
async fn of_a_duplicate_the_first_run_is_in_the_map_and_every_run_is_in_the_list() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let executor = FakeExecutor::scripted(move |_, input| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        answered(input, &format!("run {number}"))
    });
    let app = TestApp::with(executor, &[]).await;
    let response = app.post(&json!({"code": "", "inputs": ["b", "a", "b", "", "a", "b"]})).await;
    let id = id_of(&response);
    app.store.finished(id).await;
    let response = app.get(&format!("/result/{id}")).await;
    let result: Value = response.json();

    let output = json!({"b": {"output": "run 0"}, "a": {"output": "run 1"}, "": {"output": "run 3"}});
    assert_eq!(result["output"], output);
    let runs = result["results"].as_array().expect("a list").iter();
    let runs: Vec<_> = runs.map(|run| (run["input"].as_str().unwrap(), run["output"].as_str().unwrap())).collect();
    assert_eq!(runs, [("b", "run 0"), ("a", "run 1"), ("b", "run 2"), ("", "run 3"), ("a", "run 4"), ("b", "run 5")]);
    // The order of first appearance, which a parsed map would not show.
    let text = response.text();
    let (b, a) = (text.find(r#""b":{"output""#).expect("b"), text.find(r#""a":{"output""#).expect("a"));
    assert!(b < a, "{text}");
}

/// B-030
#[tokio::test]
async fn a_thousand_inputs_lose_none_of_those_that_are_equal() {
    let app = TestApp::echoing().await;
    let equal = vec!["x".to_owned(); 1000];
    let mut last: Vec<String> = (0..999).map(|number| number.to_string()).collect();
    last.push("0".to_owned());
    for (inputs, distinct) in [(equal, 1), (last, 999)] {
        let result = app.run(&json!({"code": "", "inputs": inputs})).await;
        let (output, results) =
            (result["output"].as_object().expect("a map"), result["results"].as_array().expect("a list"));
        assert_eq!((output.len(), results.len()), (distinct, 1000));
        for (run, input) in results.iter().zip(&inputs) {
            assert_eq!((run["input"].as_str(), run["output"].as_str()), (Some(&**input), Some(&**input)));
            assert_eq!(output[input]["output"], **input);
        }
    }
}

/// B-045, B-046
#[tokio::test]
async fn unknown_malformed_and_foreign_ids_are_answered_alike() {
    let app = TestApp::echoing().await;
    let id = app.submit("", &["4"]).await;
    app.store.finished(id).await;
    let foreign = app.http.get(&format!("/result/{id}")).add_header("x-api-key", OTHER_KEY).await;
    let expected = problem(&foreign, 404);

    let upper = id.to_string().to_uppercase();
    let simple = id.to_string().replace('-', "");
    let long = "a".repeat(10_000);
    let unknown = "00000000-0000-4000-8000-000000000000";
    for id in [unknown, &upper, &simple, &long, "x", "%00", "%ff", "%27", "caf%C3%A9", "%7B%7D"] {
        let response = app.get(&format!("/result/{id}")).await;
        assert_eq!(problem(&response, 404), expected, "{id}");
    }
}

#[tokio::test]
async fn a_failure_of_ours_is_never_the_students() {
    // More failures than attempts.
    let app = TestApp::with(FakeExecutor::echoing().failing(3), &[]).await;
    let result = app.run(&json!({"code": "", "inputs": ["4", "x"]})).await;
    assert_eq!(result["verdict"], "internal_error");
    for run in result["results"].as_array().expect("a list") {
        assert_eq!(run["fault"], serde_json::to_value(Fault::Platform).unwrap());
        let error = run["error"].as_str().expect("a sentence");
        assert!(error.contains("the code is not at fault"), "{error}");
    }
}

#[tokio::test]
async fn a_store_that_fails_is_503_and_the_result_is_still_there() {
    let app = TestApp::echoing().await;
    let id = app.submit("", &["4"]).await;
    app.store.finished(id).await;
    app.store.failures.status.store(1, std::sync::atomic::Ordering::SeqCst);
    let path = format!("/result/{id}");
    assert_eq!(problem(&app.get(&path).await, 503)["code"], "store_unavailable");
    app.get(&path).await.assert_status_ok();
}

//! `GET /metrics`, as JSON and as text.

use std::time::Duration;

use executor::fake::{FakeExecutor, answered, failed};
use model::{Phases, Verdict};
use serde_json::{Value, json};
use server::metrics::{Format, preferred};

use crate::support::TestApp;

fn executor() -> FakeExecutor {
    let phases = Phases { run: Duration::from_millis(250), ..Phases::default() };
    FakeExecutor::scripted(|_, input| match input {
        "late" => failed(input, Verdict::TimeLimit, "the program used more than 1 s of CPU time"),
        _ => answered(input, "secret-output"),
    })
    .taking(phases)
}

#[tokio::test]
async fn counters_count_and_survive_a_restart() {
    let app = TestApp::with(executor(), &[]).await;
    let empty: Value = app.get("/metrics").await.json();
    let nothing = json!({
        "in_progress": 0, "total_executions": 0, "successful_executions": 0, "failed_executions": 0,
        "executions_by_language": {}, "errors": {}, "last_execution": null, "max_execution_time": 0.0,
        "avg_execution_time": 0.0,
    });
    assert_eq!(empty, nothing);

    app.run(&json!({"code": "", "inputs": ["4"]})).await;
    app.run(&json!({"code": "", "inputs": ["4"], "language": "shell", "mode": "program"})).await;
    app.run(&json!({"code": "", "inputs": ["late"]})).await;
    app.submit("", &[]).await;
    let before: Value = app.get("/metrics").await.json();
    let folder = app.end().await;

    let app = TestApp::in_folder(folder, executor(), &[]).await;
    let mut after: Value = app.get("/metrics").await.json();
    assert_eq!(after, before);
    let last = after["last_execution"].take();
    let last = last.as_str().expect("a time");
    time::OffsetDateTime::parse(last, &time::format_description::well_known::Rfc3339).expect("an RFC 3339 time");
    let expected = json!({
        "in_progress": 0, "total_executions": 4, "successful_executions": 3, "failed_executions": 1,
        "executions_by_language": {"python": 3, "shell": 1}, "errors": {"time_limit": 1}, "last_execution": null,
        "max_execution_time": 0.25, "avg_execution_time": 0.1875,
    });
    assert_eq!(after, expected);

    app.submit("", &["4"]).await;
    let waiting: Value = app.get("/metrics").await.json();
    assert_eq!(waiting["in_progress"], 1);
}

/// B-064
#[tokio::test]
async fn the_text_has_the_same_numbers_and_nothing_of_a_submission() {
    let app = TestApp::with(executor(), &[]).await;
    let id = app.submit("secret-code", &["secret-input"]).await;
    app.store.finished(id).await;
    app.run(&json!({"code": "", "inputs": ["late"]})).await;

    for (accept, kind) in
        [("application/openmetrics-text", "application/openmetrics-text"), ("text/plain", "text/plain")]
    {
        let response = app.get("/metrics").add_header("accept", accept).await;
        assert!(response.header("content-type").to_str().unwrap().starts_with(kind));
        let text = response.text();
        for line in [
            r#"code_runner_executions_total{verdict="ok"} 1"#,
            r#"code_runner_executions_total{verdict="time_limit"} 1"#,
            r#"code_runner_executions_total{verdict="internal_error"} 0"#,
            r#"code_runner_language_executions_total{language="python"} 2"#,
            "code_runner_execution_seconds_total 0.5",
            "code_runner_longest_execution_seconds 0.25",
            "code_runner_in_progress 0",
            "code_runner_queued 0",
            "code_runner_compile_cache_hits_total 3",
            "code_runner_compile_cache_misses_total 2",
            "code_runner_compile_cache_bytes 4096",
            "code_runner_boxes_ahead_wanted 0",
            "code_runner_boxes_ahead_waiting 0",
            "code_runner_warm_starts_total 0",
            "code_runner_cold_starts_total 0",
            "code_runner_boxes_in_use 0",
            "code_runner_boxes_ahead_misses_total 0",
            r#"code_runner_submissions{state="queued"} 0"#,
            r#"code_runner_submissions{state="running"} 0"#,
            "code_runner_ready 1",
            "code_runner_log_lines_lost_total 0",
            r#"code_runner_verdicts_total{language="python",verdict="ok"} 1"#,
            r#"code_runner_verdicts_total{language="python",verdict="time_limit"} 1"#,
            r#"code_runner_phase_seconds_count{phase="queue",class="normal"} 2"#,
            r#"code_runner_phase_seconds_sum{phase="run",class="normal"} 0.5"#,
            r#"code_runner_phase_seconds_bucket{le="0.1",phase="run",class="normal"} 0"#,
            r#"code_runner_phase_seconds_bucket{le="0.25",phase="run",class="normal"} 2"#,
            r#"code_runner_phase_seconds_count{phase="provision",class="normal"} 2"#,
            r#"code_runner_http_answers_total{route="/run",status="2xx"} 2"#,
            r#"code_runner_http_answer_seconds_count{route="/run"} 2"#,
        ] {
            assert!(text.lines().any(|have| have == line), "{line} is not in\n{text}");
        }
        assert!(text.ends_with("# EOF\n"));
        assert!(!text.contains(r#"class="exam""#), "none was submitted");
        assert!(!text.contains("secret") && !text.contains(&id.to_string()));
        assert!(!text.contains(r#"phase="compile""#), "nothing was compiled");
        let metrics = text.lines().filter(|line| !line.starts_with('#'));
        let described = |name: &str| text.contains(&format!("# HELP {name} "));
        for line in metrics {
            let name = line.split(['{', ' ']).next().unwrap();
            let ends = ["_total", "_bucket", "_sum", "_count"];
            let family = ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
            assert!(described(name) || described(family), "{name} has no sentence");
        }
    }
}

/// B-064: 10,000 odd languages, addresses and methods.
#[tokio::test]
async fn nothing_that_a_client_makes_up_becomes_a_label() {
    let app = TestApp::with(executor(), &[]).await;
    let series = async || {
        let text = app.get("/metrics").add_header("accept", "text/plain").await.text();
        let names = text.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.rsplit_once(' '));
        names.map(|(series, _)| series.to_owned()).collect::<std::collections::BTreeSet<_>>()
    };
    let odd = async |number: usize| {
        let body = json!({"code": "", "inputs": ["4"], "language": format!("odd{number}")});
        assert_eq!(app.post(&body).await.status_code(), 422);
        let method = axum::http::Method::from_bytes(format!("ODD{number}").as_bytes()).unwrap();
        let paths =
            [format!("/odd{number}"), format!("/result/odd{number}?wait={number}"), format!("/swagger/odd{number}")];
        for path in paths {
            app.get(&path).await;
            app.http.method(method.clone(), &path).await;
        }
    };
    app.run(&json!({"code": "", "inputs": ["4"]})).await;
    odd(0).await;
    let before = (series().await, series().await).1;
    for number in 1..1430 {
        odd(number).await;
    }
    assert_eq!(series().await, before);
    assert!(before.iter().any(|series| series.contains(r#"route="none",status="4xx""#)), "{before:?}");
    assert!(!before.iter().any(|series| series.contains("odd")), "{before:?}");
}

/// B-064
#[tokio::test]
async fn metrics_need_a_key_in_every_form() {
    let app = TestApp::echoing().await;
    for accept in ["application/json", "text/plain", "application/openmetrics-text"] {
        let refused = app.http.get("/metrics").add_header("accept", accept).await;
        crate::support::problem(&refused, 401);
    }
}

#[test]
fn the_form_follows_the_accept_header() {
    let prometheus = "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,\
                      text/plain;version=0.0.4;q=0.3,*/*;q=0.2";
    let cases = [
        ("", Format::Json),
        ("*/*", Format::Json),
        ("application/json", Format::Json),
        ("application/json, text/plain, */*", Format::Json),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Format::Json),
        ("image/png", Format::Json),
        ("text/plain", Format::Plain),
        ("TEXT/PLAIN; charset=utf-8", Format::Plain),
        ("application/openmetrics-text; version=1.0.0", Format::OpenMetrics),
        (prometheus, Format::OpenMetrics),
        ("application/json;q=0.1, application/openmetrics-text;q=0.9", Format::OpenMetrics),
        ("application/openmetrics-text;q=0, application/json;q=0.1", Format::Json),
        ("application/openmetrics-text;q=x", Format::Json),
    ];
    for (accept, format) in cases {
        assert_eq!(preferred(accept), format, "{accept}");
    }
}

#[tokio::test]
async fn who_asks_to_wait_is_counted_and_not_taken_for_slow() {
    let app = TestApp::echoing().await;
    let body = json!({"code": "", "inputs": ["4"]});
    app.post(&body).add_header("prefer", "wait=20").await.assert_status_ok();
    let id = app.submit("", &["x"]).await;
    app.get(&format!("/result/{id}?wait=20")).await.assert_status_ok();
    let text = app.get("/metrics").add_header("accept", "application/openmetrics-text").await.text();
    for line in [
        r#"code_runner_http_answers_total{route="/run",status="2xx"} 2"#,
        r#"code_runner_http_answer_seconds_count{route="/run"} 1"#,
        r#"code_runner_http_answers_total{route="/result/{exec_id}",status="2xx"} 1"#,
    ] {
        assert!(text.lines().any(|have| have == line), "{line} is not in\n{text}");
    }
    assert!(!text.contains(r#"answer_seconds_count{route="/result/{exec_id}"}"#), "{text}");
}

//! Spans, as a collector sees them. In builds with the feature `otel`: `make test-otel`.

use std::time::Duration;

use executor::fake::{FakeExecutor, answered, failed};
use model::{CompileReport, Verdict};
use serde_json::{Value, json};
use store::Store;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::time::Instant;

use crate::logs::Captured;
use crate::serve::{Server, status};
use crate::support::collector::{Collector, Span};
use crate::support::{KEY, WatchedStore, soon, submission};

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// A request with these further lines in its head.
fn request(line: &str, lines: &str, body: &str) -> Vec<u8> {
    format!(
        "{line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nx-api-key: {KEY}\r\n{lines}\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn compiled() -> CompileReport {
    CompileReport {
        output: "secret-warning".to_owned(),
        truncated: false,
        exit_code: Some(0),
        cpu_time: Duration::from_millis(2),
        wall_time: Duration::from_millis(3),
        memory_kib: 100,
        cached: false,
    }
}

fn executor() -> FakeExecutor {
    FakeExecutor::scripted(|_, input| match input {
        "secret-bad" => failed(input, Verdict::RuntimeError, "secret-error"),
        _ => answered(input, "secret-output"),
    })
    .compiling(compiled(), Vec::new())
}

/// The spans of this name.
fn named<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

fn only<'a>(spans: &'a [Span], name: &str) -> &'a Span {
    let [only] = named(spans, name)[..] else { panic!("one span {name} in {spans:#?}") };
    only
}

fn attribute<'a>(span: &'a Span, name: &str) -> Option<&'a str> {
    span.attributes.get(name).map(String::as_str)
}

#[tokio::test]
async fn a_collector_sees_the_request_the_wait_the_compiler_and_each_run_in_the_callers_trace() {
    let collector = Collector::start().await;
    let server = Server::start(executor(), &[("otlp_endpoint", &collector.endpoint)]).await;
    let body =
        json!({"code": "secret-code", "inputs": ["secret-good", "secret-bad"], "language": "toy", "mode": "program"});
    let lines = format!(
        "traceparent: 00-{TRACE}-{CALLER}-01\r\ntracestate: a=secret-state\r\nprefer: wait=20\r\nx-request-id: secret-name\r\n"
    );
    let answer = server.talk(&request("POST /run?secret=secret", &lines, &body.to_string())).await;
    assert_eq!(status(&answer), "200", "{answer}");
    let head = answer.to_ascii_lowercase();
    let id =
        head.split("location: /result/").nth(1).and_then(|rest| rest.split("\r\n").next()).expect("an id").to_owned();
    let wrong = server.talk(&request("GET /result/secret-id", "", "")).await;
    assert_eq!(status(&wrong), "404");
    server.stop().await;

    let spans = collector.spans();
    let post = only(&spans, "POST /run");
    assert_eq!((post.trace.as_str(), post.parent.as_str(), post.kind), (TRACE, CALLER, 2), "{post:?}");
    assert_eq!(attribute(post, "http.request.method"), Some("POST"));
    assert_eq!(attribute(post, "http.route"), Some("/run"));
    assert_eq!(attribute(post, "http.response.status_code"), Some("200"));
    assert_eq!(attribute(post, "code_runner.exec_id"), Some(&*id));

    let (queue, attempt) = (only(&spans, "queue"), only(&spans, "submission"));
    for span in [queue, attempt] {
        assert_eq!((span.trace.as_str(), &span.parent), (TRACE, &post.id), "{span:?}");
        assert_eq!(attribute(span, "code_runner.exec_id"), Some(&*id));
        assert_eq!(attribute(span, "code_runner.language"), Some("toy"));
        assert_eq!(attribute(span, "code_runner.class"), Some("normal"));
    }
    assert!(post.begin <= queue.begin && queue.begin <= queue.end && queue.end <= attempt.end, "{spans:#?}");
    assert_eq!(attribute(attempt, "code_runner.verdict"), Some("runtime_error"));
    assert_eq!(attempt.status, 0, "a program that fails is no error of ours");

    let compile = only(&spans, "compile");
    assert_eq!((compile.trace.as_str(), &compile.parent), (TRACE, &attempt.id));
    assert_eq!(compile.end - compile.begin, 3_000_000);
    let runs = named(&spans, "run");
    let seen: Vec<_> = runs
        .iter()
        .map(|run| (attribute(run, "code_runner.input").unwrap(), attribute(run, "code_runner.verdict").unwrap()))
        .collect();
    assert_eq!(seen, [("0", "ok"), ("1", "runtime_error")]);
    assert!(runs.iter().all(|run| run.trace == TRACE && run.parent == attempt.id && run.begin <= run.end), "{runs:?}");

    // The other request has a trace of its own, and an address without what was in it.
    let get = only(&spans, "GET /result/{exec_id}");
    assert!(get.trace != TRACE && get.trace.len() == 32 && get.parent.is_empty(), "{get:?}");

    assert_eq!(collector.resource("service.name").as_deref(), Some("code-runner"));
    for (head, body) in collector.requests() {
        assert!(head.starts_with("post /otlp/v1/traces http/1.1\r\n"), "{head}");
        assert!(head.contains("content-type: application/x-protobuf"), "{head}");
        for secret in ["secret", KEY] {
            let is_there = body.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!is_there, "{secret} is in {}", String::from_utf8_lossy(&body));
        }
    }
}

#[tokio::test]
async fn what_a_caller_says_of_its_trace_is_taken_if_it_is_well_formed_and_said_once() {
    let collector = Collector::start().await;
    let server = Server::start(executor(), &[("otlp_endpoint", &collector.endpoint)]).await;
    let long = "a".repeat(10_000);
    let good = format!("00-{TRACE}-{CALLER}-01");
    let foreign = [
        format!("traceparent: 00-{}-{CALLER}-01\r\n", "0".repeat(32)),
        format!("traceparent: 00-{TRACE}-{}-01\r\n", "0".repeat(16)),
        format!("traceparent: 00-{}-{CALLER}-01\r\n", TRACE.replace('4', "g")),
        format!("traceparent: ff-{TRACE}-{CALLER}-01\r\n"),
        format!("traceparent: {long}\r\n"),
        format!("traceparent: {good}\r\ntraceparent: {good}\r\n"),
        "traceparent: \r\n".to_owned(),
        "tracestate: a=b\r\n".to_owned(),
    ];
    for lines in &foreign {
        assert_eq!(status(&server.talk(&request("GET /health/live", lines, "")).await), "200", "{lines}");
    }
    assert_eq!(
        status(&server.talk(&request("GET /health/ready", &format!("traceparent: {good}\r\n"), "")).await),
        "200"
    );
    // A caller that does not record its own trace is not recorded here either, and what it sends is run.
    let unsampled = format!("traceparent: 00-{}-{CALLER}-00\r\nprefer: wait=20\r\n", TRACE.replace('4', "5"));
    let answer = server.talk(&request("POST /run", &unsampled, r#"{"code":"","inputs":["1"]}"#)).await;
    assert_eq!(status(&answer), "200");
    server.stop().await;
    let spans = collector.spans();
    let own = named(&spans, "GET /health/live");
    assert_eq!(own.len(), foreign.len(), "{spans:#?}");
    assert!(own.iter().all(|span| span.trace != TRACE && span.parent.is_empty()), "{own:#?}");
    assert_eq!(only(&spans, "GET /health/ready").trace, TRACE);
    assert_eq!(spans.len(), foreign.len() + 1, "{spans:#?}");
}

#[tokio::test]
async fn what_an_earlier_start_accepted_and_what_failed_has_a_trace_of_its_own() {
    let collector = Collector::start().await;
    let folder = TempDir::new().unwrap();
    let store = WatchedStore::open(folder.path()).await;
    let left = submission(&["1"]);
    store.submit(&left).await.unwrap();
    let executor = FakeExecutor::echoing().failing(1);
    let server = Server::on(folder, store, executor, &[("otlp_endpoint", &collector.endpoint)]);
    server.store.finished(left.id).await;
    server.stop().await;
    let spans = collector.spans();
    let attempts = named(&spans, "submission");
    let said: Vec<_> = attempts
        .iter()
        .map(|span| {
            let of = |name: &str| attribute(span, name).unwrap();
            (of("code_runner.attempt"), of("code_runner.verdict"), span.status)
        })
        .collect();
    assert_eq!(said, [("1", "failed", 2), ("2", "ok", 0)]);
    for span in attempts.into_iter().chain([only(&spans, "queue")]) {
        assert_eq!(attribute(span, "code_runner.exec_id"), Some(&*left.id.to_string()));
        assert!(span.parent.is_empty(), "{span:?}");
    }
}

#[tokio::test]
async fn members_of_a_batch_are_in_the_trace_of_their_request() {
    let collector = Collector::start().await;
    let server = Server::start(FakeExecutor::echoing(), &[("otlp_endpoint", &collector.endpoint)]).await;
    let one = json!({"code": "", "inputs": ["1"]});
    let answer = server.talk(&request("POST /run/batch", "", &json!({"submissions": [one, one]}).to_string())).await;
    let body: Value = serde_json::from_str(answer.split("\r\n\r\n").nth(1).expect("a body")).expect("JSON");
    for id in body["exec_ids"].as_array().expect("ids") {
        server.store.finished(id.as_str().unwrap().parse().unwrap()).await;
    }
    server.stop().await;
    let spans = collector.spans();
    let post = only(&spans, "POST /run/batch");
    let attempts = named(&spans, "submission");
    assert_eq!(attempts.len(), 2);
    assert!(attempts.iter().all(|span| span.trace == post.trace && span.parent == post.id), "{spans:#?}");
}

#[tokio::test]
async fn a_collector_that_is_away_costs_nothing_but_its_spans() {
    let (log, _guard) = Captured::at("info");
    // Nobody listens there any more.
    let away = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let server = Server::start(executor(), &[("otlp_endpoint", &format!("http://{away}"))]).await;
    let answer = server.talk(&request("POST /run", "prefer: wait=20\r\n", r#"{"code":"","inputs":["1"]}"#)).await;
    assert_eq!(status(&answer), "200", "{answer}");
    let begin = Instant::now();
    soon(server.stop()).await;
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    assert!(log.text().contains("spans are sent to a collector"), "{}", log.text());
}

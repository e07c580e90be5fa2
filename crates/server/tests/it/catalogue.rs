//! The catalogue of bad requests: `docs/bad-input.md` has a row for each of its numbers, and every test a row names is there.
//! Beside it the tests of numbers that no other page is about: B-044, B-047, B-069, B-071.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use axum::http::Method;
use axum_test::{TestRequest, TestResponse};
use executor::LanguageStatus;
use executor::fake::FakeExecutor;
use serde_json::{Value, json};
use server::secrets::digest;
use server::validate::Rules;
use server::wire::RunRequest;

use crate::support::{KEY, TestApp, config, languages, problem};

/// The numbers there are.
const NUMBERS: std::ops::RangeInclusive<usize> = 1..=76;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What stands between backticks and has `::` in it: a file of tests, and a function in it.
fn named_tests(row: &str) -> Vec<(&str, &str)> {
    row.split('`').skip(1).step_by(2).filter_map(|words| words.split_once("::")).collect()
}

#[test]
fn the_page_has_every_number_and_every_test_it_names_exists() {
    let page = fs::read_to_string(repository().join("docs/bad-input.md")).expect("the page is there");
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| B-")).collect();
    let numbers: Vec<String> = rows.iter().map(|row| row[2..7].to_owned()).collect();
    let expected: Vec<String> = NUMBERS.map(|number| format!("B-{number:03}")).collect();
    assert_eq!(numbers, expected);
    let mut tests = BTreeSet::new();
    for row in &rows {
        let named = named_tests(row);
        assert!(!named.is_empty() || row.contains("does not apply:"), "no test and no reason: {row}");
        for (file, function) in named {
            let path = repository().join("crates").join(file);
            let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}, which {row} names: {error}"));
            assert!(source.contains(&format!("fn {function}(")), "{file} has no {function}, which {row} names");
            tests.insert((file, function));
        }
    }
    let without = rows.iter().filter(|row| named_tests(row).is_empty()).count();
    println!("{} numbers, {} tests, {without} numbers that do not apply", rows.len(), tests.len());
}

/// B-044: what is compared are digests, in constant time (`keyring.rs`); so it can not matter how much of a key was guessed.
#[test]
fn keys_that_are_almost_right_have_digests_that_are_not() {
    let right = digest(KEY.as_bytes());
    for same in 0..KEY.len() {
        let mut guess = KEY.as_bytes().to_vec();
        guess[same] ^= 1;
        let common = digest(&guess).iter().zip(right).take_while(|(a, b)| **a == *b).count();
        assert!(common <= 2, "{same} bytes of the key are right, and {common} of its digest");
    }
}

/// B-047
#[test]
fn ids_are_random_in_122_bits_and_in_no_order() {
    const IDS: usize = 100_000;
    let rules = Rules::new(&config(&[]), languages()).expect("python is there");
    let id = || {
        let request = RunRequest::from_json(br#"{"code":"","inputs":[]}"#, 10).expect("a request");
        let id = rules.submission(request, "default").expect("it is allowed").id;
        u128::from_str_radix(&id.to_string().replace('-', ""), 16).expect("hexadecimal digits")
    };
    let ids: Vec<u128> = (0..IDS).map(|_| id()).collect();
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), IDS, "each is another one");
    // Of so many coins, less than one in a million falls further from the middle than 5 standard deviations.
    let deviation = 5.0 * (IDS as f64).sqrt() / 2.0;
    let is_fair = |heads: usize| (heads as f64 - IDS as f64 / 2.0).abs() < deviation;
    let fair = (0..128).filter(|bit| is_fair(ids.iter().filter(|id| **id >> bit & 1 == 1).count())).count();
    assert_eq!(fair, 122, "six bits say which kind of id it is");
    assert!(is_fair(ids.windows(2).filter(|pair| pair[0] < pair[1]).count()), "they follow an order");
}

/// Requests that are refused, by the class of the error.
async fn refused(app: &TestApp) -> Vec<(&'static str, TestResponse)> {
    let run = |body: Value| app.post(&body);
    let with = |field: &str, value: Value| {
        let mut body = json!({"code": "", "inputs": ["x"], "language": "toy", "mode": "program"});
        body[field] = value;
        run(body)
    };
    let keys = |method: Method, path: &str, body: Value| app.as_key(method, path, KEY).json(&body);
    let file = |name: &str, encoding: &str| json!([{"name": name, "content": "?", "encoding": encoding}]);
    let limited = app.key(json!({"name": "limited", "limits": {"requests_per_minute": 1}})).await;
    let lesser = app.key(json!({"name": "lesser", "scopes": ["read"]})).await;
    app.get_as("/usage", &limited).await.assert_status_ok();
    let requests: Vec<(&str, TestRequest)> = vec![
        ("unauthorized", app.http.get("/metrics")),
        ("forbidden", app.as_key(Method::GET, "/keys", &lesser)),
        ("bad_host", app.get("/health").add_header("host", "a b")),
        ("wrong_host", app.get("/health").add_header("host", "evil.example")),
        ("not_found", app.get("/result/x")),
        ("method_not_allowed", app.as_key(Method::PUT, "/run", KEY)),
        ("name_taken", keys(Method::POST, "/keys", json!({"name": "lesser"}))),
        ("fixed_key", keys(Method::PATCH, "/keys/default", json!({}))),
        ("body_too_large", run(json!({"code": "x".repeat(3000), "inputs": []}))),
        ("unsupported_media_type", app.http.post("/run").add_header("x-api-key", KEY).text("{}")),
        ("malformed_body", run(json!([]))),
        ("missing_field", run(json!({}))),
        ("unknown_field", with("x", json!(1))),
        ("wrong_type", with("code", json!(1))),
        ("out_of_range", with("limits", json!({"processes": 0}))),
        ("too_long", with("code", json!("x".repeat(1001)))),
        ("unknown_language", with("language", json!("../../etc/passwd"))),
        ("unsupported_mode", with("mode", json!("function"))),
        ("unknown_priority", with("priority", json!("now"))),
        ("invalid_file_name", with("files", file("../x", "utf8"))),
        ("invalid_encoding", with("files", file("x", "base64"))),
        ("invalid_option", with("args", json!(["\0"]))),
        ("invalid_value", keys(Method::POST, "/keys", json!({"name": "A"}))),
        ("rate_limited", app.as_key(Method::GET, "/usage", &limited)),
        ("language_unavailable", run(json!({"code": "", "inputs": [], "language": "shell", "mode": "program"}))),
    ];
    let mut answers = Vec::new();
    for (code, request) in requests {
        answers.push((code, request.await));
    }
    let body = json!({"code": "", "inputs": ["x"]});
    app.store.failures.submit.store(1, std::sync::atomic::Ordering::SeqCst);
    answers.push(("store_unavailable", run(body.clone()).await));
    let named = |body: &Value, key: &str| run(body.clone()).add_header("idempotency-key", key);
    answers.push(("invalid_idempotency_key", named(&body, "a b").await));
    named(&body, "/usr/x").await.assert_status(axum::http::StatusCode::ACCEPTED);
    answers.push(("idempotency_key_reused", named(&json!({"code": "", "inputs": ["y"]}), "/usr/x").await));
    answers.push(("queue_full", run(body.clone()).await));
    app.executor.set_not_ready(Some("the launcher does not answer"));
    answers.push(("not_ready", run(body).await));
    answers
}

/// B-069: each class of error there is. What a store, a language and a key are made to say here has a path in it.
#[tokio::test]
async fn no_error_shows_anything_of_the_host_the_program_or_the_database() {
    let flags =
        [("max_code_bytes", "1000"), ("max_input_bytes", "1000"), ("max_body_bytes", "2000"), ("max_queued", "1")];
    let app = TestApp::idle(FakeExecutor::echoing(), &flags).await;
    let result = Err("/usr/bin/sh: Permission denied (os error 13)".to_owned());
    app.executor
        .set_language("shell", LanguageStatus::Tested { result, at: SystemTime::UNIX_EPOCH, took: Default::default() });
    let mut seen = BTreeMap::new();
    for (code, answer) in refused(&app).await {
        let document = problem(&answer, answer.status_code().as_u16());
        assert_eq!(document["code"], code, "{document}");
        let text = answer.text();
        let hidden = [
            "/usr",
            "/opt",
            "/root",
            "/home",
            "/tmp",
            "/etc",
            "/secret",
            "data/",
            ".rs",
            ".sqlite",
            "os error",
            "SELECT",
            "INSERT",
            "UPDATE",
            "sqlx",
            "SQLite",
            "panicked",
            "axum",
            "hyper",
            "serde",
            "rustc",
            "stack",
            env!("CARGO_PKG_VERSION"),
        ];
        for word in hidden {
            assert!(!text.contains(word), "{code} shows {word}: {text}");
        }
        assert!(answer.maybe_header("server").is_none() && answer.maybe_header("x-powered-by").is_none(), "{code}");
        seen.insert(code, answer.status_code());
    }
    let document = serde_json::to_value(server::routes::document()).unwrap();
    let all = document["components"]["schemas"]["Code"]["enum"].as_array().expect("the classes").clone();
    let mut missing: Vec<&str> = all.iter().filter_map(Value::as_str).filter(|code| !seen.contains_key(code)).collect();
    missing.sort_unstable();
    // Ten thousand keys, a body that does not come, and a panic: `serve.rs` and `pages.rs` have the last two.
    assert_eq!(missing, ["internal_error", "request_timeout", "too_many_keys"]);
    println!("{} classes of errors", seen.len());
}

/// B-071: the host's clock is set by a day between `POST` and the run.
#[tokio::test]
async fn a_clock_that_is_set_loses_no_result_and_makes_no_time_negative() {
    for (change, waited) in [
        ("UPDATE submissions SET submitted_at = submitted_at + 86400000000", 0.0..60_000.0),
        ("UPDATE submissions SET submitted_at = submitted_at - 86400000000", 86_400_000.0..86_460_000.0),
    ] {
        let mut app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
        let id = app.submit("", &["4"]).await;
        app.tamper(change).await;
        let pending: Value = app.get(&format!("/result/{id}")).await.json();
        assert_eq!(pending["queue_position"], 1, "{pending}");
        app.start_workers();
        app.store.finished(id).await;
        let result: Value = app.get(&format!("/result/{id}")).await.json();
        assert_eq!(result["output"]["4"]["output"], "4", "{result}");
        let queue = result["phases"]["queue"].as_f64().expect("milliseconds");
        assert!(waited.contains(&queue), "{change}: {queue}");
        // What a program took is told by a clock that nobody sets.
        let time = result["execution_time"].as_f64().expect("seconds");
        assert!((0.0..60.0).contains(&time), "{change}: {time}");
        let metrics: Value = app.get("/metrics").await.json();
        assert_eq!((&metrics["total_executions"], &metrics["in_progress"]), (&json!(1), &json!(0)));
    }
}

//! `GET /languages`, and what becomes of submissions in a language that can not be used.

use std::time::{Duration, SystemTime};

use axum::http::Method;
use executor::LanguageStatus;
use executor::fake::FakeExecutor;
use model::Submission;
use serde_json::{Value, json};

use crate::logs::Captured;
use crate::support::{KEY, OTHER_KEY, TestApp, problem};

fn broken() -> LanguageStatus {
    let result = Err("version_command ended with Status(127): no compiler".to_owned());
    LanguageStatus::Tested { result, at: SystemTime::UNIX_EPOCH, took: Duration::from_millis(3) }
}

async fn language(app: &TestApp, id: &str) -> Value {
    let list: Value = app.get("/languages").await.json();
    let languages = list["languages"].as_array().expect("a list");
    languages.iter().find(|language| language["id"] == id).cloned().expect("is listed")
}

#[tokio::test]
async fn every_language_is_listed_with_limits_and_its_last_self_test() {
    let app = TestApp::echoing().await;
    let list: Value = app.get("/languages").await.json();
    assert_eq!(list["default"], "python");
    let ids: Vec<&str> =
        list["languages"].as_array().expect("a list").iter().filter_map(|l| l["id"].as_str()).collect();
    assert_eq!(ids, ["python", "shell", "toy"]);

    let python = language(&app, "python").await;
    assert_eq!(python["aliases"], json!(["py"]));
    assert_eq!(python["modes"], json!(["function", "program"]));
    assert_eq!((&python["available"], &python["compiled"]), (&json!(true), &json!(false)));
    assert_eq!(python["version"], "fake 1.0");
    assert_eq!(python["self_test"], json!({"passed": true, "at": "1970-01-01T00:00:00Z", "duration_ms": 0.0}));
    assert_eq!(python["limits"]["default"], python["limits"]["maximum"]);

    let toy = language(&app, "toy").await;
    assert_eq!(toy["compiled"], true);
    assert_eq!(toy["limits"]["default"]["memory_kib"], 65536);
    assert_eq!(toy["limits"]["maximum"]["memory_kib"], 524_288);
    // More than the operator's maximum is the operator's maximum.
    assert_eq!(toy["limits"]["default"]["wall_time_ms"], 20_000);
    assert!(toy.get("packages").is_none(), "{toy}");
}

#[tokio::test]
async fn a_language_that_is_not_installed_says_which_packages_bring_it() {
    let app = TestApp::echoing().await;
    app.executor.set_language("toy", LanguageStatus::NotInstalled { missing: "/usr/bin/toyc".to_owned() });
    let toy = language(&app, "toy").await;
    assert_eq!((&toy["available"], &toy["version"], &toy["self_test"]), (&json!(false), &Value::Null, &Value::Null));
    assert_eq!(toy["packages"], json!(["toy-compiler", "npm:toy@1.2.3"]));
    assert_eq!(toy["reason"], "it is not installed");
    assert!(toy["cause"].as_str().is_some_and(|cause| cause.contains("/usr/bin/toyc")), "{toy}");
}

/// What a host says of a broken language: the operator reads it, in the log and with a key for managing keys, and no client.
#[tokio::test]
async fn why_a_language_can_not_be_used_is_told_to_the_operator_alone() {
    let raw = "/opt/toy/bin/toyc: No such file or directory (os error 2)";
    let failed = |cause: &str| LanguageStatus::Tested {
        result: Err(cause.to_owned()),
        at: SystemTime::UNIX_EPOCH,
        took: Duration::from_millis(3),
    };
    let app = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let (log, _guard) = Captured::at("info");
    let body = json!({"code": "", "inputs": ["a"], "language": "toy", "mode": "program"});
    let cases = [
        (failed(raw), "its self-test failed"),
        (LanguageStatus::NotInstalled { missing: "/opt/toy/bin/toyc".to_owned() }, "it is not installed"),
    ];
    for (refusals, (status, reason)) in cases.into_iter().enumerate() {
        app.executor.set_language("toy", status);
        let batch = json!({"submissions": [body]});
        let answers = [
            problem(&app.post(&body).await, 503),
            problem(&app.as_key(Method::POST, "/run/batch", OTHER_KEY).json(&batch).await, 503),
        ];
        for answer in answers {
            assert_eq!(
                (&answer["code"], &answer["title"]),
                (&json!("language_unavailable"), &json!("Service Unavailable"))
            );
            let detail = answer["detail"].as_str().expect("a sentence");
            assert!(detail.contains("`toy` can not be used on this server for now"), "{detail}");
            assert!(!answer.to_string().contains("/opt") && !detail.contains("os error"), "{answer}");
        }
        let [for_admins, for_others] = [KEY, OTHER_KEY].map(|key| app.get_as("/languages", key));
        let toy = |list: Value| list["languages"][2].clone();
        let (for_admins, for_others) = (toy(for_admins.await.json()), toy(for_others.await.json()));
        assert_eq!((&for_admins["reason"], &for_others["reason"]), (&json!(reason), &json!(reason)));
        assert!(for_admins["cause"].as_str().is_some_and(|cause| cause.contains("/opt/toy/bin/toyc")), "{for_admins}");
        assert!(!for_others.to_string().contains("/opt"), "{for_others}");
        let lines = log.text().lines().filter(|line| line.contains("was refused") && line.contains("/opt/toy")).count();
        assert_eq!(lines, 2 * (refusals + 1), "{}", log.text());
    }
}

#[tokio::test]
async fn a_broken_language_is_503_for_itself_alone() {
    let app = TestApp::echoing().await;
    app.executor.set_language("shell", broken());
    let submission = |language: &str| json!({"code": "", "inputs": ["a"], "language": language, "mode": "program"});
    let refused = app.post(&submission("shell")).await;
    let answer = problem(&refused, 503);
    assert_eq!((&answer["code"], &answer["field"]), (&json!("language_unavailable"), &json!("language")));
    assert_eq!(refused.header("retry-after"), "60");
    assert_eq!(language(&app, "shell").await["self_test"]["passed"], false);
    for other in ["python", "toy"] {
        assert_eq!(app.run(&submission(other)).await["verdict"], "ok", "{other}");
    }
    // Nothing was accepted that can not be run.
    let metrics: Value = app.get("/metrics").await.json();
    assert_eq!((&metrics["total_executions"], &metrics["in_progress"]), (&json!(2), &json!(0)));
}

#[tokio::test]
async fn what_a_request_does_not_ask_for_is_the_languages_default() {
    let limits = |submission: &model::Submission| {
        format!("{} {}", submission.limits.memory_kib, submission.limits.wall_time.as_millis())
    };
    let app = TestApp::with(
        FakeExecutor::scripted(move |submission, input| executor::fake::answered(input, &limits(submission))),
        &[],
    )
    .await;
    let run = async |asked: Value| {
        let body = json!({"code": "", "inputs": ["a"], "language": "toy", "mode": "program", "limits": asked});
        app.run(&body).await["results"][0]["output"].clone()
    };
    assert_eq!(run(json!({})).await, "65536 20000");
    assert_eq!(run(json!({"memory_kib": 300_000})).await, "300000 20000");
    assert_eq!(run(json!({"wall_time_ms": 5000})).await, "65536 5000");
}

#[tokio::test]
async fn files_options_and_arguments_reach_the_executor_as_sent() {
    let seen = |submission: &Submission| {
        let files: Vec<String> =
            submission.files.iter().map(|file| format!("{}={:?}", file.name, file.content)).collect();
        let Submission { compile_options, args, compile_cache, .. } = submission;
        format!("{files:?} {compile_options:?} {args:?} {compile_cache}")
    };
    let executor = FakeExecutor::scripted(move |submission, input| executor::fake::answered(input, &seen(submission)));
    let app = TestApp::with(executor, &[]).await;
    let mut body = json!({
        "code": "", "inputs": ["a"], "language": "toy", "mode": "program",
        "files": [
            {"name": "a.txt", "content": "é"},
            {"name": "A.txt", "content": "AP8=", "encoding": "base64"},
            {"name": "empty", "content": "", "encoding": "utf8"},
        ],
        "compile_options": ["-O2", "--name=a b"],
        "args": ["", "-x"],
    });
    let output = app.run(&body).await["results"][0]["output"].clone();
    let files = r#"["a.txt=[195, 169]", "A.txt=[0, 255]", "empty=[]"]"#;
    assert_eq!(output, format!(r#"{files} ["-O2", "--name=a b"] ["", "-x"] true"#));
    body["compile_cache"] = json!(false);
    let output = app.run(&body).await["results"][0]["output"].clone();
    assert_eq!(output, format!(r#"{files} ["-O2", "--name=a b"] ["", "-x"] false"#));
}

/// B-038, B-039
#[tokio::test]
async fn files_with_names_that_could_do_harm_are_refused() {
    let app = TestApp::echoing().await;
    let (long, deep) = ("a".repeat(65), "a/".repeat(200) + "a");
    let names = [
        &deep,
        "кот.txt",
        "e\u{301}.txt",
        "",
        ".",
        "..",
        "../x",
        "/x",
        "a/../../x",
        "a/b",
        "a\\b",
        "a\0b",
        "a\nb",
        "-o",
        "@x",
        ".hidden",
        "x/",
        "é",
        "a b",
        "ａ",
        "\u{202e}txt",
        "code.toy",
        "start.toy",
        "program",
        &long,
    ];
    for name in names {
        let files = json!([{"name": "ok.txt", "content": ""}, {"name": name, "content": ""}]);
        let body = json!({"code": "", "inputs": ["a"], "language": "toy", "mode": "program", "files": files});
        let answer = problem(&app.post(&body).await, 422);
        assert_eq!(
            (&answer["code"], &answer["field"]),
            (&json!("invalid_file_name"), &json!("files[1].name")),
            "{name:?}"
        );
    }
}

/// B-039
#[tokio::test]
async fn files_options_and_arguments_that_make_no_sense_are_refused() {
    let app = TestApp::echoing().await;
    let file = |name: &str| json!({"name": name, "content": ""});
    let many: Vec<Value> = (0..33).map(|number| file(&format!("f{number}"))).collect();
    let words = vec!["x"; 65];
    let long = vec!["x".repeat(4000); 5];
    let cases = [
        ("toy", json!({"files": {}}), "wrong_type", "files"),
        ("toy", json!({"files": ["a"]}), "wrong_type", "files[0]"),
        ("toy", json!({"files": [{"content": ""}]}), "missing_field", "files[0].name"),
        ("toy", json!({"files": [{"name": "a"}]}), "missing_field", "files[0].content"),
        ("toy", json!({"files": [{"name": "a", "content": 1}]}), "wrong_type", "files[0].content"),
        ("toy", json!({"files": [{"name": "a", "content": "", "mode": 1}]}), "unknown_field", "files[0].mode"),
        ("toy", json!({"files": [file("a"), file("b"), file("a")]}), "invalid_file_name", "files[2].name"),
        (
            "toy",
            json!({"files": [{"name": "a", "content": "", "encoding": "hex"}]}),
            "invalid_encoding",
            "files[0].encoding",
        ),
        (
            "toy",
            json!({"files": [{"name": "a", "content": "A", "encoding": "base64"}]}),
            "invalid_encoding",
            "files[0].content",
        ),
        ("toy", json!({"files": many}), "too_long", "files"),
        ("toy", json!({"args": "x"}), "wrong_type", "args"),
        ("toy", json!({"args": [1]}), "wrong_type", "args[0]"),
        ("toy", json!({"args": words}), "too_long", "args"),
        ("toy", json!({"args": long}), "too_long", "args"),
        ("toy", json!({"args": ["a", "b\0"]}), "invalid_option", "args[1]"),
        ("toy", json!({"compile_cache": "no"}), "wrong_type", "compile_cache"),
        ("toy", json!({"compile_cache": 0}), "wrong_type", "compile_cache"),
        ("toy", json!({"compile_options": ["\0"]}), "invalid_option", "compile_options[0]"),
        ("shell", json!({"compile_options": ["-O2"]}), "invalid_option", "compile_options"),
        ("python", json!({"mode": "function", "args": ["x"]}), "invalid_option", "args"),
    ];
    for (language, fields, code, field) in cases {
        let mut body = json!({"code": "", "inputs": ["a"], "language": language, "mode": "program"});
        for (name, value) in fields.as_object().expect("an object") {
            body[name] = value.clone();
        }
        let answer = problem(&app.post(&body).await, 422);
        assert_eq!((&answer["code"], &answer["field"]), (&json!(code), &json!(field)), "{fields}");
    }
}

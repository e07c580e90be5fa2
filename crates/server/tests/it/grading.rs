//! Tests in a request: what is taken, what is refused, and what is told of them and to whom.

use executor::fake::{FakeExecutor, answered, failed};
use model::{InputReport, Submission, Verdict};
use serde_json::{Value, json};

use crate::support::{TestApp, id_of, problem, soon};

fn with_tests(tests: Value) -> Value {
    json!({"code": "x", "tests": tests})
}

#[tokio::test]
async fn each_test_has_its_verdict_and_its_points() {
    let app = TestApp::echoing().await;
    let result = app
        .run(&json!({
            "code": "return input_str",
            "checker": "tokens",
            "tests": [
                {"input": "a b", "expected": " a\tb\n", "name": "words", "points": 2.5},
                {"input": "a b", "expected": " a\tb\n", "checker": "exact", "points": 0.1},
                {"input": "3.14", "expected": "3.141", "checker": {"type": "float", "absolute": 0.01, "relative": 0}},
                {"input": "3.14", "expected": r"\d\.\d+", "checker": "regex", "hidden": true},
            ],
        }))
        .await;
    assert_eq!(result["verdict"], "wrong_answer");
    assert_eq!(result["summary"], json!({"passed": 3, "total": 4, "points": 4.5, "of": 4.6}));
    let tests: Vec<&Value> = (0..4).map(|index| &result["results"][index]["test"]).collect();
    assert_eq!(tests[0], &json!({"name": "words", "hidden": false, "passed": true, "points": 2.5, "of": 2.5}));
    assert_eq!(tests[1], &json!({"hidden": false, "passed": false, "points": 0.0, "of": 0.1}));
    assert_eq!(tests[3], &json!({"hidden": true, "passed": true, "points": 1.0, "of": 1.0}));
    let wrong = &result["results"][1];
    assert_eq!(
        (&wrong["verdict"], &wrong["fault"], &wrong["error"]),
        (&json!("wrong_answer"), &json!("student"), &json!("line 1 of the output is not what is expected"))
    );
    // Of the same input twice the first run is in the map.
    assert_eq!(result["output"], json!({"a b": {"output": "a b"}, "3.14": {"output": "3.14"}}));
    let plain = app.run(&json!({"code": "x", "inputs": ["a"]})).await;
    assert_eq!((plain.get("summary"), plain["results"][0].get("test")), (None, None));
}

#[tokio::test]
async fn what_did_not_run_has_no_points() {
    let executor = FakeExecutor::scripted(|_, input| match input {
        "x" => failed(input, Verdict::RuntimeError, "ValueError"),
        _ => answered(input, input),
    });
    let app = TestApp::with(executor, &[]).await;
    let tests = json!([{"input": "x", "expected": ""}, {"input": "y", "expected": "y"}]);
    let result = app.run(&with_tests(tests.clone())).await;
    assert_eq!(result["summary"], json!({"passed": 1, "total": 2, "points": 1.0, "of": 2.0}));
    assert_eq!((&result["verdict"], &result["results"][0]["error"]), (&json!("runtime_error"), &json!("ValueError")));

    let gives_up = TestApp::with(FakeExecutor::echoing().failing(99), &[]).await;
    let result = gives_up.run(&with_tests(tests.clone())).await;
    assert_eq!((&result["verdict"], &result["summary"]["points"]), (&json!("internal_error"), &json!(0.0)));

    let waits = TestApp::idle(FakeExecutor::echoing(), &[]).await;
    let id = id_of(&waits.post(&with_tests(tests)).await);
    waits
        .http
        .delete(&format!("/result/{id}"))
        .add_header("x-api-key", crate::support::KEY)
        .await
        .assert_status_success();
    let result: Value = waits.get(&format!("/result/{id}")).await.json();
    assert_eq!((&result["verdict"], &result["summary"]["total"]), (&json!("cancelled"), &json!(2)));
}

/// The checker of these tests: says by its code what it finds in its files, as a program would.
fn as_checker(submission: &Submission) -> Option<InputReport> {
    let text = |name: &str| {
        let file = submission.files.iter().find(|file| file.name == name)?;
        String::from_utf8(file.content.clone()).ok()
    };
    let (input, expected, output) = (text("input.txt")?, text("expected.txt")?, text("output.txt")?);
    assert_eq!((submission.language.as_str(), submission.inputs.as_slice()), ("shell", &[String::new()][..]));
    Some(match submission.code.as_str() {
        "says what it sees" => answered("", &format!("{input}/{expected}/{output}")),
        "score" => InputReport { output: "score 0.5\nalmost".to_owned(), ..failed("", Verdict::RuntimeError, "") },
        _ => failed("", Verdict::TimeLimit, "the program ran for longer than 1 s"),
    })
}

fn program(code: &str) -> Value {
    json!({"type": "program", "language": "shell", "code": code})
}

#[tokio::test]
async fn a_program_is_asked_in_a_submission_of_its_own() {
    let executor = FakeExecutor::scripted(|submission, input| {
        as_checker(submission).unwrap_or_else(|| {
            assert!(submission.files.is_empty() && !format!("{:?}", submission.inputs).contains("secret"));
            if input == "bad" { failed(input, Verdict::RuntimeError, "no") } else { answered(input, "out") }
        })
    });
    let app = TestApp::with(executor.clone(), &[]).await;
    let result = app
        .run(&json!({
            "code": "x",
            "checker": program("says what it sees"),
            "tests": [
                {"input": "in", "expected": "secret"},
                {"input": "in"},
                {"input": "bad", "expected": "secret"},
                {"input": "in", "points": 3, "checker": program("score")},
                {"input": "in", "expected": "out", "checker": "exact"},
            ],
        }))
        .await;
    assert_eq!(result["summary"], json!({"passed": 3, "total": 5, "points": 4.5, "of": 7.0}));
    let message = |index: usize| &result["results"][index]["test"]["message"];
    assert_eq!((message(0), message(1)), (&json!("in/secret/out"), &json!("in//out")));
    assert_eq!((message(2), message(3), message(4)), (&Value::Null, &json!("almost"), &Value::Null));
    // Who ran badly is not checked: the code and three checkers.
    assert_eq!(executor.executions().values().sum::<usize>(), 4);
}

#[tokio::test]
async fn a_checker_that_does_not_work_is_not_the_students_fault() {
    let executor =
        FakeExecutor::scripted(|submission, input| as_checker(submission).unwrap_or_else(|| answered(input, "out")));
    let app = TestApp::with(executor, &[]).await;
    let tests = json!([{"input": "1", "checker": program("hangs")}, {"input": "2", "expected": "out"}]);
    let result = app.run(&with_tests(tests)).await;
    let broken = &result["results"][0];
    assert_eq!((&broken["verdict"], &broken["fault"]), (&json!("internal_error"), &json!("platform")));
    assert_eq!(broken["error"], "the test's checker did not work: the program ran for longer than 1 s");
    assert_eq!(result["results"][1]["verdict"], "ok", "the others have theirs");
}

#[tokio::test]
async fn a_student_sees_nothing_of_hidden_tests() {
    let executor = FakeExecutor::scripted(|_, input| match input {
        "secret-3" => InputReport {
            stderr: Some("secret".to_owned()),
            ..failed(input, Verdict::RuntimeError, "ValueError: secret")
        },
        _ => InputReport { stdout: Some(input.to_owned()), ..answered(input, input) },
    });
    let app = TestApp::idle(executor, &[]).await;
    let tests = json!([
        {"input": "open", "expected": "open"},
        {"input": "secret-2", "expected": "secret-2", "hidden": true, "name": "large", "points": 5},
        {"input": "secret-3", "expected": "secret", "hidden": true},
    ]);
    let id = id_of(&app.post(&with_tests(tests)).await);
    let path = format!("/result/{id}");
    let events = async |view: &str| soon(async { app.get(&format!("{path}/events?view={view}")).await }).await.text();
    let (told, ()) = tokio::join!(events("student"), async {
        // Once for whoever sent it, and once for whoever watches.
        app.store.placed(2).await;
        app.start_workers_meanwhile();
    });
    assert_eq!(told.matches("event: input").count(), 3, "{told}");
    let result = app.get(&format!("{path}?view=student")).await.text();
    for text in [&told, &result] {
        assert!(!text.contains("secret"), "{text}");
    }
    let result: Value = serde_json::from_str(&result).expect("JSON");
    assert_eq!(result["output"], json!({"open": {"output": "open"}}));
    assert_eq!(result["summary"], json!({"passed": 2, "total": 3, "points": 6.0, "of": 7.0}));
    let hidden = &result["results"][1];
    assert_eq!((&hidden["input"], &hidden["output"], hidden.get("stdout")), (&json!(""), &json!(""), None));
    assert_eq!(hidden["test"], json!({"name": "large", "hidden": true, "passed": true, "points": 5.0, "of": 5.0}));
    // Whoever sent it sees everything.
    for text in
        [app.get(&path).await.text(), app.get(&format!("{path}?view=owner")).await.text(), events("owner").await]
    {
        assert!(text.contains("secret-2") && text.contains("ValueError: secret"), "{text}");
    }
    for path in
        [format!("{path}?view=teacher"), format!("{path}/events?view="), format!("{path}?view=owner&view=owner")]
    {
        let problem = problem(&app.get(&path).await, 422);
        assert_eq!((&problem["code"], &problem["field"]), (&json!("invalid_value"), &json!("view")), "{path}");
    }
}

#[tokio::test]
async fn live_events_have_the_verdict_of_the_result() {
    let executor =
        FakeExecutor::scripted(|submission, input| as_checker(submission).unwrap_or_else(|| answered(input, "out")));
    let app = TestApp::idle(executor, &[]).await;
    let tests = json!([
        {"input": "1", "checker": program("score")},
        {"input": "2", "expected": "in"},
        {"input": "3", "checker": program("says what it sees")},
    ]);
    let id = id_of(&app.post(&with_tests(tests)).await);
    let watch = async { soon(async { app.get(&format!("/result/{id}/events")).await }).await.text() };
    let (told, ()) = tokio::join!(watch, async {
        // Once for whoever sent it, and once for whoever watches.
        app.store.placed(2).await;
        app.start_workers_meanwhile();
    });
    let result: Value = app.get(&format!("/result/{id}")).await.json();
    let events = told.split("\n\n").filter(|event| event.contains("event: input"));
    let data = events.map(|event| {
        let data = event.lines().find_map(|line| line.strip_prefix("data: ")).expect("data");
        serde_json::from_str::<Value>(data).expect("JSON")
    });
    let mut seen: Vec<Value> = data.collect();
    assert_eq!(seen[0]["index"], 1, "what needs no program is there first");
    seen.sort_by_key(|event| event["index"].as_u64());
    for (index, event) in seen.iter().enumerate() {
        assert_eq!(event["result"], result["results"][index]);
    }
    assert_eq!(seen.len(), 3, "{told}");
}

#[tokio::test]
async fn what_makes_no_sense_is_refused_by_its_field() {
    let flags = [("max_code_bytes", "1000"), ("max_input_bytes", "100"), ("max_inputs", "10")];
    let app = TestApp::idle(FakeExecutor::echoing(), &flags).await;
    let test = |more: &str| format!(r#"{{"code":"","tests":[{{"input":"a","expected":"b"{more}}}]}}"#);
    let checker = |checker: &str| test(&format!(r#","checker":{checker}"#));
    let long = "x".repeat(101);
    let code = "x".repeat(1001);
    // A body, the code of its refusal and the field.
    let cases: Vec<(String, &str, &str)> = vec![
        (r#"{"code":"","inputs":[],"tests":[]}"#.into(), "invalid_value", "tests"),
        (r#"{"code":"","inputs":["a"],"checker":"exact"}"#.into(), "invalid_value", "checker"),
        (r#"{"code":"","tests":{}}"#.into(), "wrong_type", "tests"),
        (r#"{"code":"","tests":null}"#.into(), "missing_field", "inputs"),
        (r#"{"code":"","tests":["a"]}"#.into(), "wrong_type", "tests[0]"),
        (r#"{"code":"","tests":[{"expected":"b"}]}"#.into(), "missing_field", "tests[0].input"),
        (r#"{"code":"","tests":[{"input":1}]}"#.into(), "wrong_type", "tests[0].input"),
        (r#"{"code":"","tests":[{"input":"a"}]}"#.into(), "missing_field", "tests[0].expected"),
        (r#"{"code":"","checker":"exat","tests":[]}"#.into(), "invalid_value", "checker"),
        (r#"{"code":"","checker":7,"tests":[]}"#.into(), "wrong_type", "checker"),
        (
            format!(r#"{{"code":"","tests":[{}]}}"#, [r#"{"input":"","expected":""}"#; 11].join(",")),
            "too_long",
            "tests",
        ),
        (test(r#","weight":1"#), "unknown_field", "tests[0].weight"),
        (test(r#","points":-1"#), "out_of_range", "tests[0].points"),
        (test(r#","points":0.0001"#), "out_of_range", "tests[0].points"),
        (test(r#","points":1e400"#), "out_of_range", "tests[0].points"),
        (test(r#","points":"1""#), "wrong_type", "tests[0].points"),
        (test(r#","hidden":1"#), "wrong_type", "tests[0].hidden"),
        (test(r#","name":"a\nb""#), "invalid_value", "tests[0].name"),
        (test(&format!(r#","name":"{long}""#)), "too_long", "tests[0].name"),
        (format!(r#"{{"code":"","tests":[{{"input":"{long}","expected":""}}]}}"#), "too_long", "tests[0].input"),
        (format!(r#"{{"code":"","tests":[{{"input":"","expected":"{long}"}}]}}"#), "too_long", "tests[0].expected"),
        (checker("1"), "wrong_type", "tests[0].checker"),
        (checker(r#""program""#), "invalid_value", "tests[0].checker"),
        (checker("{}"), "missing_field", "tests[0].checker.type"),
        (checker(r#"{"type":"fuzzy"}"#), "invalid_value", "tests[0].checker.type"),
        (checker(r#"{"type":"exact","ignore_case":true}"#), "unknown_field", "tests[0].checker.ignore_case"),
        (checker(r#"{"type":"tokens","ignore_case":"yes"}"#), "wrong_type", "tests[0].checker.ignore_case"),
        (checker(r#"{"type":"float","absolute":-1}"#), "out_of_range", "tests[0].checker.absolute"),
        (checker(r#"{"type":"float","relative":1e999}"#), "out_of_range", "tests[0].checker.relative"),
        (checker(r#"{"type":"program","code":""}"#), "missing_field", "tests[0].checker.language"),
        (checker(r#"{"type":"program","language":"shell"}"#), "missing_field", "tests[0].checker.code"),
        (
            checker(r#"{"type":"program","language":"cobol","code":""}"#),
            "unknown_language",
            "tests[0].checker.language",
        ),
        (
            checker(&format!(r#"{{"type":"program","language":"shell","code":"{code}"}}"#)),
            "too_long",
            "tests[0].checker.code",
        ),
        (
            r#"{"code":"","tests":[{"input":"","expected":"("}],"checker":"regex"}"#.into(),
            "invalid_value",
            "tests[0].expected",
        ),
        (
            r#"{"code":"","checker":{"type":"program","language":"","code":""},"tests":[]}"#.into(),
            "unknown_language",
            "checker.language",
        ),
    ];
    for (body, code, field) in cases {
        let refused = problem(&app.post_bytes("application/json", body.clone()).await, 422);
        assert_eq!((&refused["code"], &refused["field"]), (&json!(code), &json!(field)), "{body}: {refused}");
        let detail = refused["detail"].as_str().expect("a sentence");
        assert!(detail.contains(field) && detail.len() < 700, "{detail}");
    }
    let fine =
        json!({"code": "", "tests": [{"input": "a", "expected": "b", "name": null, "points": null, "checker": null}]});
    app.post(&fine).await.assert_status(axum::http::StatusCode::ACCEPTED);
}

#[tokio::test]
async fn a_checker_in_a_language_that_does_not_work_is_refused() {
    let executor = FakeExecutor::echoing();
    let missing = executor::LanguageStatus::NotInstalled { missing: "/usr/bin/toyc".to_owned() };
    executor.set_language("toy", missing);
    let app = TestApp::idle(executor, &[]).await;
    let toy = json!({"type": "program", "language": "toy", "code": ""});
    let refused = problem(&app.post(&with_tests(json!([{"input": "", "checker": toy}]))).await, 503);
    assert_eq!(refused["code"], "language_unavailable");
}

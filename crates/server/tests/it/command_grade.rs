//! `code-runner grade`: submissions and tests in, forms and an exit code out; what has not changed is not run again.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use executor::fake::{FakeExecutor, answered, failed};
use model::Verdict;
use serde_json::{Value, json};
use server::commands::grade::{GradeArgs, run_with};
use tempfile::TempDir;

use crate::support::{config, languages};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: GradeArgs,
}

const TESTS: &str = r#"
title = "Doubles"
[[test]]
name = "small"
input = "2"
expected = "4"
[[test]]
name = "big"
input = "100"
expected = "200"
points = 2.5
hidden = true
"#;

/// A folder of submissions, and tests beside it.
struct Course(TempDir);

impl Course {
    fn new(submissions: &[(&str, &str)]) -> Self {
        let course = Self(TempDir::new().expect("a folder"));
        fs::create_dir(course.path("all")).expect("can be made");
        fs::write(course.path("tests.toml"), TESTS).expect("can be written");
        for (name, code) in submissions {
            course.hand_in(name, code);
        }
        course
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn hand_in(&self, name: &str, code: &str) {
        let path = self.path("all").join(name);
        fs::create_dir_all(path.parent().expect("has one")).expect("can be made");
        fs::write(path, code).expect("can be written");
    }

    /// The exit code, and the JSON.
    async fn grade(&self, executor: &FakeExecutor, words: &[&str]) -> (u8, Value) {
        let json = self.path("out.json");
        let code = self.command(executor, &[&["--json", text(&json)], words].concat()).await;
        let result = fs::read(&json).map_or(Value::Null, |bytes| serde_json::from_slice(&bytes).expect("JSON"));
        let codes = (0..=3).find(|number| ExitCode::from(*number) == code);
        (codes.expect("is one of four"), result)
    }

    async fn command(&self, executor: &FakeExecutor, words: &[&str]) -> ExitCode {
        let (all, tests) = (self.path("all"), self.path("tests.toml"));
        let line = [&["grade", text(&all), "--tests", text(&tests)], words].concat();
        let args = Line::try_parse_from(line).expect("the words are a command line").args;
        run_with(args, None, &config(&[]), languages(), executor).await
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("is text")
}

/// Runs `double`, `one` (which always answers 4), `crash`, and nothing else.
fn calculator() -> FakeExecutor {
    FakeExecutor::scripted(|submission, input| match submission.code.trim() {
        "double" => answered(input, &(input.parse::<u32>().unwrap_or_default() * 2).to_string()),
        "one" => answered(input, "4"),
        "crash" => failed(input, Verdict::RuntimeError, "it crashed"),
        other => panic!("{other}"),
    })
}

fn rows<'a>(result: &'a Value, field: &str) -> Vec<(&'a str, &'a Value)> {
    let rows = result["submissions"].as_array().expect("a list");
    rows.iter().map(|row| (row["student"].as_str().expect("a name"), &row[field])).collect()
}

#[tokio::test]
async fn every_submission_has_a_row_with_its_points_or_with_a_reason() {
    let course = Course::new(&[("ada.py", "double"), ("ben.py", "one"), ("cleo.sh", "crash"), ("dora.docx", "double")]);
    course.hand_in(".DS_Store", "");
    let (code, result) = course.grade(&calculator(), &[]).await;
    assert_eq!(code, 3, "{result}");
    assert_eq!(
        rows(&result, "points"),
        [("ada", &json!(3.5)), ("ben", &json!(1)), ("cleo", &json!(0)), ("dora", &Value::Null)]
    );
    assert_eq!(
        rows(&result, "verdict"),
        [
            ("ada", &json!("ok")),
            ("ben", &json!("wrong_answer")),
            ("cleo", &json!("runtime_error")),
            ("dora", &Value::Null)
        ]
    );
    let reason = &result["submissions"][3]["reason"];
    assert_eq!(reason, "has the extension `.docx`, which is that of no language here");
    let big = &result["submissions"][1]["tests"][1];
    assert_eq!((&big["name"], &big["hidden"], &big["passed"]), (&json!("big"), &json!(true), &json!(false)));
    assert_eq!(result["summary"]["average_percent"], 42.86);
}

#[tokio::test]
async fn the_exit_code_is_for_continuous_integration() {
    let course = Course::new(&[("ada.py", "double")]);
    assert_eq!(course.grade(&calculator(), &[]).await.0, 0);
    course.hand_in("ben.py", "one");
    assert_eq!(course.grade(&calculator(), &[]).await.0, 1);
    // One of three and a half points.
    assert_eq!(course.grade(&calculator(), &["--fail-under", "28.5"]).await.0, 0);
    assert_eq!(course.grade(&calculator(), &["--fail-under", "29"]).await.0, 1);
}

#[tokio::test]
async fn a_second_run_repeats_what_has_changed_and_nothing_else() {
    let course =
        Course::new(&[("ada.py", "double"), ("ben.py", "one"), ("cleo/main.py", "one"), ("cleo/data.txt", "1")]);
    let again = async |words: &[&str]| {
        let executor = calculator();
        let (_, result) = course.grade(&executor, words).await;
        (executor.executions().len(), result)
    };
    let (first, fresh) = again(&[]).await;
    let (second, known) = again(&[]).await;
    assert_eq!((first, second), (3, 0));
    assert_eq!((&fresh["summary"]["from_cache"], &known["summary"]["from_cache"]), (&json!(0), &json!(3)));
    assert_eq!(rows(&fresh, "tests"), rows(&known, "tests"));

    course.hand_in("ben.py", "double");
    let (ran, changed) = again(&[]).await;
    assert_eq!((ran, rows(&changed, "points")[1].1), (1, &json!(3.5)));
    course.hand_in("cleo/data.txt", "2");
    assert_eq!(again(&[]).await.0, 1);
    assert_eq!(again(&["--no-cache"]).await.0, 3);
    let elsewhere = course.path("cache.json");
    assert_eq!(again(&["--cache", text(&elsewhere)]).await.0, 3);
    assert_eq!(again(&["--cache", text(&elsewhere)]).await.0, 0);

    fs::write(course.path("tests.toml"), TESTS.replace("200", "4")).expect("can be written");
    assert_eq!(again(&[]).await.0, 3, "the tests are others");
    fs::write(course.path("tests.toml"), TESTS).expect("can be written");
    assert_eq!(again(&[]).await.0, 0, "what was known of these is known");
    assert!(course.path(".code-runner-grade.json").is_file(), "it is beside the submissions");
}

#[tokio::test]
async fn our_failures_are_tried_again_are_no_zero_and_are_not_kept() {
    let course = Course::new(&[("ada.py", "double")]);
    let (code, result) = course.grade(&calculator().failing(2), &[]).await;
    assert_eq!((code, rows(&result, "points")), (0, vec![("ada", &json!(3.5))]));

    let course = Course::new(&[("ada.py", "double")]);
    let (code, result) = course.grade(&calculator().failing(3), &[]).await;
    assert_eq!((code, rows(&result, "status")), (3, vec![("ada", &json!("not_graded"))]));
    assert_eq!(rows(&result, "points"), [("ada", &Value::Null)]);
    let executor = calculator();
    assert_eq!(course.grade(&executor, &[]).await.0, 0);
    assert_eq!(executor.executions().len(), 1);
}

#[tokio::test]
async fn what_can_not_be_used_is_said_before_anything_runs() {
    let course = Course::new(&[("ada.py", "double")]);
    let executor = calculator();
    let refused = async |tests: &str, words: &[&str]| {
        fs::write(course.path("tests.toml"), tests).expect("can be written");
        course.grade(&executor, words).await.0
    };
    for tests in
        ["title = ", "", "language = \"cobol\"\n[[test]]\ninput=\"\"\nexpected=\"\"", &format!("{TESTS}titel = 1")]
    {
        assert_eq!(refused(tests, &[]).await, 2, "{tests}");
    }
    // What only the server's own checks know.
    assert_eq!(refused(&format!("limits = {{ cpu_time_ms = 999_999_999 }}\n{TESTS}"), &[]).await, 2);
    assert_eq!(refused(&TESTS.replace("expected = \"4\"", "expected = \"(\"\nchecker = \"regex\""), &[]).await, 2);
    assert_eq!(refused(TESTS, &["--csv", "/nonexistent/out.csv"]).await, 2);
    assert_eq!(refused(TESTS, &["--csv", "-", "--junit", "-"]).await, 2);
    fs::remove_file(course.path("all/ada.py")).expect("is there");
    assert_eq!(refused(TESTS, &[]).await, 2, "there is no submission");
    assert!(executor.executions().is_empty());
    for words in [&["--fail-under", "101"][..], &["--jobs", "0"], &["--key-file", "x"], &["--cache", "x", "--no-cache"]]
    {
        assert!(Line::try_parse_from([&["grade", "all", "--tests", "t"], words].concat()).is_err(), "{words:?}");
    }
}

#[tokio::test]
async fn files_are_written_in_every_form_and_are_no_submissions() {
    let course = Course::new(&[("ada.py", "double")]);
    let path = |name: &str| course.path("all").join(name);
    let (csv, junit) = (path("out.csv"), path("out.xml"));
    for _ in 0..2 {
        let (code, result) = course.grade(&calculator(), &["--csv", text(&csv), "--junit", text(&junit)]).await;
        assert_eq!((code, result["submissions"].as_array().map(Vec::len)), (0, Some(1)));
    }
    let csv = fs::read_to_string(csv).expect("was written");
    assert!(csv.contains("\r\nada,ada.py,python,graded,ok,3.5,3.5,100.00,2,2,,,"), "{csv}");
    let junit = fs::read_to_string(junit).expect("was written");
    assert!(junit.contains("<testsuite name=\"ada\" tests=\"2\" failures=\"0\""), "{junit}");
}

//! `code-runner run`: arguments in, table or JSON and an exit code out.

use std::process::ExitCode;

use clap::Parser;
use executor::Executor;
use executor::fake::{FakeExecutor, answered, failed};
use model::{InputReport, Phases, Report, Verdict};
use serde_json::Value;
use server::commands::run::{RunArgs, exit_code, run_with, shown};
use server::config::Config;

use crate::support::{config, languages};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: RunArgs,
}

async fn run(config: &Config, executor: &dyn Executor, words: &[&str]) -> ExitCode {
    let line = Line::try_parse_from([&["run"], words].concat()).expect("the words are a command line");
    run_with(line.args, config, languages(), executor).await
}

/// Answers with everything that reached it.
fn revealing() -> FakeExecutor {
    FakeExecutor::scripted(|submission, input| {
        let seen = format!("{}|{}|{}|{:?}", submission.mode.name(), submission.code, input, submission.limits.cpu_time);
        assert!(
            ["function|c|4|10s", "program|from file|-1|1s", "program|from file|in file\n|1s", "function|c||10s"]
                .contains(&&*seen),
            "{seen}"
        );
        answered(input, &seen)
    })
}

fn report(inputs: Vec<InputReport>) -> Report {
    Report::new(inputs, Phases::default())
}

#[tokio::test]
async fn arguments_become_a_submission() {
    let folder = tempfile::TempDir::new().unwrap();
    let (code, input) = (folder.path().join("code.py"), folder.path().join("input"));
    std::fs::write(&code, "from file").unwrap();
    std::fs::write(&input, "in file\n").unwrap();
    let (code, input) = (code.to_str().unwrap(), input.to_str().unwrap());

    let executor = revealing();
    assert_eq!(run(&config(&[]), &executor, &["--input", "4", "c"]).await, ExitCode::SUCCESS);
    assert_eq!(run(&config(&[]), &executor, &["c"]).await, ExitCode::SUCCESS);
    let words = ["--file", code, "--mode", "program", "--input", "-1", "--input-file", input, "--cpu-time-ms", "1000"];
    assert_eq!(run(&config(&[]), &executor, &words).await, ExitCode::SUCCESS);
    assert_eq!(executor.executions().len(), 3);
}

#[tokio::test]
async fn what_can_not_be_run_is_a_usage_error_and_nothing_runs() {
    let executor = FakeExecutor::echoing();
    let usage = ExitCode::from(2);
    assert_eq!(run(&config(&[]), &executor, &["--cpu-time-ms", "10001", "c"]).await, usage);
    assert_eq!(run(&config(&[]), &executor, &["--file", "/nonexistent/code.py"]).await, usage);
    assert_eq!(run(&config(&[("language", "cobol")]), &executor, &["c"]).await, usage);
    assert_eq!(run(&config(&[("language", "shell")]), &executor, &["c"]).await, usage);
    assert!(Line::try_parse_from(["run"]).is_err());
    assert!(Line::try_parse_from(["run", "--mode", "script", "c"]).is_err());
    assert!(Line::try_parse_from(["run", "--file", "f", "c"]).is_err());
    assert!(executor.executions().is_empty());
}

#[tokio::test]
async fn the_exit_code_tells_whose_fault_it_is() {
    let wrong = FakeExecutor::scripted(|_, input| failed(input, Verdict::RuntimeError, "no"));
    assert_eq!(run(&config(&[]), &wrong, &["c"]).await, ExitCode::from(1));
    let broken = FakeExecutor::echoing().failing(1);
    assert_eq!(run(&config(&[]), &broken, &["c"]).await, ExitCode::from(3));

    assert_eq!(exit_code(&report(vec![])), 0);
    let ours = failed("b", Verdict::InternalError, "ours");
    assert_eq!(exit_code(&report(vec![failed("a", Verdict::TimeLimit, "late"), ours])), 3);
}

#[test]
fn the_table_shows_each_run_and_can_not_steer_the_terminal() {
    let inputs = vec![
        answered("4", "16"),
        failed("x", Verdict::RuntimeError, "ValueError: no number"),
        answered("evil", "\u{1b}[2J\u{9b}31m\r\u{202e}two\nlines"),
    ];
    let text = shown(report(inputs), false).unwrap();
    for part in ["input", "verdict", "time ms", "memory KiB", "16", "ok", "runtime_error", "ValueError", "2.2", "4096"]
    {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
    assert!(text.contains(r"\u{1b}[2J") && text.contains("two") && text.contains("lines"), "{text}");
    assert!(!text.contains(|c: char| (c.is_control() && c != '\n') || c == '\u{202e}'), "{text:?}");
}

#[test]
fn json_is_that_of_the_api() {
    let text = shown(report(vec![answered("4", "16"), answered("4", "17")]), true).unwrap();
    let value: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(value["status"], "done");
    assert_eq!(value["output"]["4"]["output"], "16");
    assert_eq!(value["results"][1]["output"], "17");
}

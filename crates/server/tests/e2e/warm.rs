//! Boxes are made before there is something to run in them, unless the operator wants none to be.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::server::{KEY, Server, command, languages, output};

/// One run in Python, the default language.
fn square() -> Value {
    json!({"code": "print(int(input()) ** 2)", "mode": "program", "inputs": ["4"]})
}

#[test]
fn boxes_of_the_default_language_wait_after_the_start_and_are_used() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start(folder.path());
    let ahead = server.filled();
    assert!(ahead["waiting"].as_u64().is_some_and(|boxes| boxes > 0), "{ahead}");
    assert_eq!(server.starts(), (0, 0), "nothing was submitted");

    let result = server.run(&square());
    assert_eq!(result["output"]["4"], json!({"output": "16\n"}), "{result}");
    assert_eq!(server.starts(), (1, 0));
    // What was used is made again.
    assert_eq!(server.filled(), ahead);
    server.stop();
}

#[test]
fn where_starts_are_strict_boxes_wait_and_programs_do_not() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut strict = command(folder.path());
    strict.env("API_TOKEN", KEY).env("CODE_RUNNER_START", "strict");
    let server = Server::start_with(folder.path(), &mut strict, KEY.to_owned());
    let ahead = server.filled();
    assert!(ahead["waiting"].as_u64().is_some_and(|boxes| boxes > 0), "{ahead}");

    let result = server.run(&square());
    assert_eq!(result["output"]["4"], json!({"output": "16\n"}), "{result}");
    assert_eq!(server.starts(), (0, 1));
    assert_eq!(server.filled(), ahead);
    server.stop();
}

#[test]
fn where_no_boxes_are_wanted_ahead_none_waits() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut none_ahead = command(folder.path());
    none_ahead.env("API_TOKEN", KEY).env("CODE_RUNNER_AHEAD", "0");
    let server = Server::start_with(folder.path(), &mut none_ahead, KEY.to_owned());
    let none = json!({"wanted": 0, "waiting": 0});
    assert_eq!(server.get("/health").1["boxes_ahead"], none);

    let result = server.run(&square());
    assert_eq!(result["output"]["4"], json!({"output": "16\n"}), "{result}");
    assert_eq!(server.get("/health").1["boxes_ahead"], none);
    server.stop();
}

/// What `doctor` says of templates with these programs.
fn templates(runner: &Path, start: &str) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let mut doctor = Command::new(env!("CARGO_BIN_EXE_code-runner"));
    doctor.arg("doctor").current_dir(folder.path()).env_clear().env("CODE_RUNNER_LANGUAGES_DIR", languages());
    doctor.env("CODE_RUNNER_RUNNER", runner).env("CODE_RUNNER_START", start);
    let said = String::from_utf8(output(&mut doctor).stdout).expect("text");
    let row = said.lines().find(|line| line.starts_with("│ templates "));
    row.unwrap_or_else(|| panic!("no row in {said}")).to_owned()
}

#[test]
fn without_the_library_of_templates_the_server_says_so_and_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let built = Path::new(env!("CARGO_BIN_EXE_code-runner"));
    for name in ["code-runner-runner", "code-runner-probe"] {
        std::fs::copy(built.with_file_name(name), folder.path().join(name)).expect("is built");
    }
    let runner = folder.path().join("code-runner-runner");
    let mut without = command(folder.path());
    without.env("API_TOKEN", KEY).env("CODE_RUNNER_RUNNER", &runner);
    let server = Server::start_with(folder.path(), &mut without, KEY.to_owned());
    let warnings = server.said.iter().filter(|line| line.contains("code-runner-zygote.so")).count();
    assert_eq!(warnings, 1, "{:#?}", server.said);
    server.filled();
    let result = server.run(&square());
    assert_eq!(result["output"]["4"], json!({"output": "16\n"}), "{result}");
    assert_eq!(server.starts(), (0, 1), "the box waited, and its program did not");
    server.stop();

    assert!(templates(&runner, "warm").contains("absent, not required"));
    assert!(templates(&runner, "strict").contains("CODE_RUNNER_START says so"));
    assert!(templates(&built.with_file_name("code-runner-runner"), "warm").contains("present"));
}
